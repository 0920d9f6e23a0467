"""A built wheel is whole: it speaks from any folder, with no source tree beside it."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import soundfile

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The unpacked wheel, as it lies in `site-packages`."""
    if int(importlib.metadata.version("setuptools").partition(".")[0]) < 77:
        pytest.skip("building needs setuptools 77: pip install 'setuptools>=77,<82'")
    source, folder = tmp_path_factory.mktemp("source") / "tree", tmp_path_factory.mktemp("wheel")
    # setuptools writes beside the sources: of a copy, which has no links either
    ignored = shutil.ignore_patterns(".*", "build", "runs", "tests", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, source, ignore=ignored)
    build = ["-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "--no-index", "-w", folder, source]
    subprocess.run([sys.executable, *build], check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("gpt2tts-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_it_speaks_from_any_folder(installed, tmp_path):
    # -S -E: neither the editable install nor the environment; what it depends on stands on the path behind it
    dependencies = Path(soundfile.__file__).parent
    code = (
        f"import sys; sys.path[:0] = [{str(installed)!r}]; sys.path.append({str(dependencies)!r})\n"
        "import gpt2tts; assert gpt2tts.__file__.startswith(sys.path[0]), gpt2tts.__file__\n"
        "from gpt2tts.cli.main import main; main(['speak', 'Good morning.', '-o', 'speech.mp3', '--seed', '0', '-q'])"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        [sys.executable, "-S", "-E", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr[-4000:]
    assert 0.5 < soundfile.info(tmp_path / "speech.mp3").duration < 4.0


def test_it_is_whole_and_typed(installed):
    package = installed / "gpt2tts"
    assert (package / "py.typed").is_file()
    # what `gpt2tts finetune` reads
    assert (package / "recipes" / "finetune.yaml").is_file()
    sources = {path.name for path in (ROOT / "pretrained").glob("*.py")}
    assert {path.name for path in (package / "pretrained").glob("*.py")} == sources
    modules = {path.relative_to(ROOT) for path in ROOT.glob("[!.]*/*.py")} - {
        path.relative_to(ROOT)
        for name in ("tests", "benchmarks", "recipes", "examples", "build")
        for path in ROOT.glob(f"{name}/*.py")
    }
    assert sorted(str(path) for path in modules if not (package / path).is_file()) == []
