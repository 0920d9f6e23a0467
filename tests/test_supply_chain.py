"""What is loaded is numbers, of the version that was asked for."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import transformers

from gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSProcessor, Synthesizer, vocoder_gpt2tts
from gpt2tts.evaluation.recognizers import load_recognizer
from gpt2tts.evaluation.speaker_encoders import load_speaker_encoder
from gpt2tts.files import split_revision
from gpt2tts.processing_gpt2tts import build_bpe_tokenizer
from gpt2tts.vocoder_gpt2tts import load_vocoder

ROOT = Path(__file__).parents[1]
# calls that may run what a file says, and where one is needed: files of others, which the user names
RUNS_FILES = {
    "torch.load": {"evaluation/speaker_encoders.py", "hifigan_vocoder_gpt2tts.py"},
    "torch.jit.load": {"evaluation/mos.py"},
    "pickle.load": set(),
    "pickle.loads": set(),
    "joblib.load": set(),
    "load_hyperpyyaml": set(),
    "eval": set(),
    "exec": set(),
}


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """`(file, name, call)` of every call of the package, the scripts, recipes and benchmarks."""
    found = []
    skipped = {"tests", "notebooks", "metrics", ".venv", "build"}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT)
        if name.parts[0] in skipped or any(part.startswith(".") for part in name.parts):
            continue
        if (path.parent / "config.json").exists():  # a checkpoint: copies of files that are looked at
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found.append((name.as_posix(), ast.unparse(node.func), node))
    return found


def test_no_file_is_run():
    found = {name: {file for file, called, _ in calls() if called == name} for name in RUNS_FILES}
    assert {name: files - RUNS_FILES[name] for name, files in found.items()} == {name: set() for name in RUNS_FILES}
    for file, called, node in calls():
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        if called == "torch.load":
            assert options.get("weights_only") == "True", file
        assert options.get("allow_pickle", "False") == "False", file
        # a Space, which runs on the Hub, runs the code of its author's own model
        assert options.get("trust_remote_code", "False") == "False" or file == "publishing/space/app.py", file
        if called == "yaml.load":  # of a class that only builds plain values
            assert file == "hifigan_vocoder_gpt2tts.py"


def test_checkpoints_are_safetensors(tiny_checkpoint):
    assert {path.suffix for path in tiny_checkpoint.rglob("*") if path.is_file()} <= {".safetensors", ".json", ".py"}
    assert not [path for path in (ROOT / "pretrained").rglob("*") if path.suffix in {".bin", ".pt", ".pth", ".ckpt"}]


def test_pinned_references(tmp_path):
    assert split_revision("user/name") == ("user/name", {})
    assert split_revision("user/name@a1b2c3") == ("user/name", {"revision": "a1b2c3"})
    (tmp_path / "run@home").mkdir()
    assert split_revision(tmp_path / "run@home") == (str(tmp_path / "run@home"), {})
    with pytest.raises(ValueError, match="ID@REVISION"):
        split_revision("user/name@")


def test_every_part_is_of_the_revision_that_was_asked_for(monkeypatch):
    asked = []

    def refuse(source, *args, **kwargs):
        asked.append((str(source), kwargs.get("revision")))
        raise OSError("there is no network")

    monkeypatch.setattr(transformers.PreTrainedModel, "from_pretrained", refuse)
    monkeypatch.setattr(transformers.ProcessorMixin, "from_pretrained", refuse)
    monkeypatch.setattr(vocoder_gpt2tts, "cached_file", refuse)
    for load in (
        GPT2TTSForTextToSpeech.from_pretrained,
        GPT2TTSForTextToSpeech.from_gpt2,
        GPT2TTSProcessor.from_pretrained,
        Synthesizer.from_pretrained,
        load_vocoder,
    ):
        with pytest.raises(OSError, match="there is no network"):
            load("user/name@a1b2c3")
    assert asked == [("user/name", "a1b2c3")] * 5


def test_what_is_fetched_by_default_is_of_one_commit(monkeypatch):
    asked = []

    def refuse(*args, **kwargs):
        asked.append((kwargs.get("model", args[0]), kwargs.get("revision", "")))
        raise OSError("there is no network")

    monkeypatch.setattr(transformers.PreTrainedModel, "from_pretrained", refuse)
    monkeypatch.setattr(transformers.PreTrainedTokenizerBase, "from_pretrained", refuse)
    loads = [GPT2TTSForTextToSpeech.from_gpt2, build_bpe_tokenizer]
    # where the name of a package is looked up when it is called
    monkeypatch.setitem(sys.modules, "transformers", SimpleNamespace(pipeline=refuse))
    loads += [partial(load_recognizer, "whisper"), partial(load_recognizer, "whisper-small")]
    repositories = ["openai-community/gpt2"] * 2 + ["openai/whisper-base.en", "openai/whisper-small.en"]
    if importlib.util.find_spec("speechbrain"):
        monkeypatch.setattr(
            importlib.import_module("speechbrain.inference.interfaces"),
            "fetch",
            lambda source, fetch_config, **kwargs: refuse(source, revision=fetch_config.revision),
        )
        loads.append(partial(load_speaker_encoder, "ecapa"))
        repositories.append("speechbrain/spkrec-ecapa-voxceleb")
    for load in loads:
        with pytest.raises(OSError, match="there is no network"):
            load()
    assert [name for name, _ in asked] == repositories
    assert all(re.fullmatch("[0-9a-f]{40}", revision) for _, revision in asked)


def test_weights_that_are_pickled_are_refused(tmp_path, tiny_checkpoint):
    """A checkpoint whose weights lie there as a pickle is not loaded, and the pickle is not run."""
    for path in tiny_checkpoint.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())

    class Trap:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "run",))

    torch.save({"model": Trap()}, tmp_path / "pytorch_model.bin")
    with pytest.raises((OSError, ValueError, RuntimeError)) as error:
        GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
    assert not (tmp_path / "run").exists(), error


def test_onnx_runtime_reports_to_nobody(tiny_checkpoint, tmp_path):
    """Its telemetry leaves a session file among the temporary ones before it connects."""
    pytest.importorskip("onnxruntime")
    code = "from gpt2tts import Synthesizer as S; S.from_pretrained(%r, device='cpu', engine='onnx').speak('Hi.')"
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    subprocess.run(
        [sys.executable, "-c", code % str(tiny_checkpoint)],
        env={**kept, "TMPDIR": str(tmp_path), "HF_ASSETS_CACHE": str(tmp_path / "assets")},
        check=True,
    )
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
