"""The package as a whole: import, Auto classes, Makefile, and what the README promises."""

import re
import shutil
import subprocess
import sys
import textwrap
from importlib.metadata import entry_points, requires
from pathlib import Path

import pytest
import soundfile

import gpt2tts

ROOT = Path(__file__).parents[1]


def run_python(code: str, *arguments: object) -> str:
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr[-4000:]
    return result.stdout.strip()


def test_import_is_light():
    heavy = run_python("import gpt2tts, sys; print(sorted({'torch', 'transformers', 'numpy'} & set(sys.modules)))")
    assert heavy == "[]"


def test_every_public_name_is_there():
    assert all(getattr(gpt2tts, name).__name__ == name for name in gpt2tts.__all__)
    assert set(gpt2tts.__all__) <= set(dir(gpt2tts))
    assert re.fullmatch(r"\d+\.\d+\.\d+", gpt2tts.__version__)
    with pytest.raises(AttributeError, match="GPT3TTS"):
        gpt2tts.GPT3TTS  # noqa: B018


def test_auto_classes_need_no_remote_code_beside_the_package(tiny_checkpoint):
    modules = run_python(
        """
        import sys
        import gpt2tts
        gpt2tts.GPT2TTSForTextToSpeech
        from transformers import (
            AutoConfig, AutoFeatureExtractor, AutoModel, AutoModelForTextToWaveform, AutoProcessor
        )
        for auto in (AutoConfig, AutoModel, AutoModelForTextToWaveform, AutoProcessor, AutoFeatureExtractor):
            print(type(auto.from_pretrained(sys.argv[1])).__module__)
        """,
        tiny_checkpoint,
    )
    model = "gpt2tts.modeling_gpt2tts"
    assert modules.split() == [
        "gpt2tts.configuration_gpt2tts",
        model,
        model,
        "gpt2tts.processing_gpt2tts",
        "gpt2tts.feature_extraction_gpt2tts",
    ]


def test_command_is_installed():
    (command,) = entry_points(group="console_scripts", name="gpt2tts")
    assert callable(command.load())


def test_dependencies_are_bounded():
    unbounded = [
        requirement
        for requirement in requires("gpt2tts")
        if not re.search(r"<|==", requirement.partition(";")[0]) and not requirement.startswith("gpt2tts")
    ]
    assert unbounded == []


def test_groups_without_pytorch_have_the_bounds_of_the_others():
    tomllib = pytest.importorskip("tomllib")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    others = set(project["project"]["dependencies"])
    others.update(*project["project"]["optional-dependencies"].values())
    names = {re.split("[<>=]", requirement)[0] for requirement in others}
    for group in project["dependency-groups"].values():
        listed = [requirement for requirement in group if isinstance(requirement, str)]
        assert not {"torch", "torchaudio", "transformers"} & {re.split("[<>=]", each)[0] for each in listed}
        assert [each for each in listed if each not in others and re.split("[<>=]", each)[0] in names] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_speak_light_installs_no_pytorch(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    command = ["make", "-n", "speak", f"VENV={tmp_path}", "LIGHT=1"]
    planned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "--group speak" in planned
    assert "[names]" not in planned


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("voice", ["", "my voice.wav"])
def test_make_speak_hands_on_any_text(tmp_path, voice):
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    command = venv / "bin" / "gpt2tts"
    command.write_text('#!/bin/sh\nfor argument in "$@"; do echo "<$argument>"; done\n')
    command.chmod(0o755)
    (venv / ".installed").touch()
    text = """It's "quoted" `here`; and -- $HOME too"""
    result = subprocess.run(
        ["make", "-s", "speak", f"VENV={venv}", "OUT=a b.wav", f"VOICE={voice}", f"TEXT={text}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    options = ["<--voice>", f"<{voice}>"] if voice else []
    assert result.stdout.splitlines() == ["<speak>", "<--output>", "<a b.wav>", *options, "<-->", f"<{text}>"]


def markdown_files() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_links_of_the_documentation_lead_somewhere():
    broken = []
    for file in markdown_files():
        for target, heading in re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", file.read_text("utf-8")):
            there = file.parent / target if target else file
            if re.match(r"[a-z]+:", target) or (there.exists() and (not heading or heading in anchors(there))):
                continue
            broken.append(f"{file.relative_to(ROOT)}: {target}#{heading}")
    assert broken == []


def anchors(file: Path) -> set[str]:
    """The names by which GitHub and the Hub link to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_rows_of_tables_have_as_many_cells_as_the_head():
    # what is more is not shown
    wrong = []
    for file in markdown_files():
        cells = None
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            found = len(re.findall(r"(?<!\\)\|", line)) if line.lstrip().startswith("|") else None
            if None not in (cells, found) and cells != found:
                wrong.append(f"{file.relative_to(ROOT)}:{number}")
            cells = found if cells is None or found is None else cells
    assert wrong == []


def python_snippets() -> list:
    return [
        pytest.param(code, id=f"{file.name}-{number}")
        for file in markdown_files()
        for number, code in enumerate(re.findall(r"```python\n(.*?)```", file.read_text("utf-8"), flags=re.DOTALL), 1)
    ]


@pytest.mark.parametrize("code", python_snippets())
def test_snippets_of_the_documentation_run(code, tiny_checkpoint, tmp_path, monkeypatch, make_speech):
    from gpt2tts import synthesis

    # the tiny model stands in for the embedded checkpoint
    shutil.copytree(tiny_checkpoint, tmp_path / "pretrained")
    (tmp_path / "metrics").symlink_to(ROOT / "metrics")
    (tmp_path / "my_recordings").symlink_to(ROOT / "tests" / "fixtures" / "speech")
    for name in ("my_recording.wav", "speech.wav"):
        soundfile.write(tmp_path / name, make_speech(seconds=2.0).numpy(), 22050)
    (tmp_path / "book.txt").write_text("It was a dark night. The wind blew.\n\nNobody was there.")
    monkeypatch.setattr(synthesis, "EMBEDDED_CHECKPOINT", tmp_path / "pretrained")
    monkeypatch.chdir(tmp_path)
    try:
        exec(compile(code, "<snippet>", "exec"), {})
    except ImportError as error:
        if error.name is not None and error.name.startswith("gpt2tts"):
            raise
        pytest.skip(f"a package of an extra is missing: {error}")
    for path in tmp_path.glob("*.wav"):
        assert soundfile.info(path).frames > 0


@pytest.mark.parametrize("name", ["README.md", "docs/troubleshooting.md"])
def test_commands_of_the_documentation_exist(name):
    text = (ROOT / name).read_text("utf-8")
    help_text = run_python("from gpt2tts.cli.main import main; main(['--help'])")
    for command in set(re.findall(r"(?:^|`|\| |&& )gpt2tts ([a-z][a-z-]+) ", text, re.MULTILINE)):
        assert f"\n  {command} " in help_text, f"{name} names `gpt2tts {command}`"
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"(?:^|`)make (?:[A-Z]+=\S+ )*([a-z]+)", text, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{name} names `make {target}`"
