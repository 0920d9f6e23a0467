# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""What goes to a machine without a network, and what comes back from it."""

import json
import shutil
import zipfile
from importlib import metadata
from pathlib import Path

import datasets
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.data.features import FEATURE_COLUMNS
from gpt2tts.data.prepare import read_features
from gpt2tts.data.speech_datasets import DatasetSpec

COLUMNS = datasets.Features(
    {name: column for name, column in FEATURE_COLUMNS.items() if name not in ("cause", "detail")}
)


@pytest.fixture(scope="module")
def offline(load_recipe):
    return load_recipe("offline")


@pytest.fixture
def call(offline):
    def run(*words, fails=False):
        result = CliRunner().invoke(offline.app, list(map(str, words)))
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.replace("│", " ").split())

    return run


def make_features(folder: Path, lengths=(40, 7, 90), seed=0) -> datasets.Dataset:
    """Rows of random frames in the range of log-mels, saved as two files."""
    generator = np.random.default_rng(seed)
    rows = {name: [] for name in COLUMNS}
    for number, length in enumerate(lengths):
        mel = generator.uniform(np.log(1e-5), 2.0, (length, 80))
        pitch = np.stack([generator.normal(5, 0.3, length), generator.uniform(0, 1, length)], axis=1)
        values = {
            "words": ["Stop", "!"],
            "phonemes": ["stˈɑp", "!"],
            "durations": [1.5, 2.25, length - 3.75],
            "labels": np.concatenate([mel, pitch], axis=1).astype(np.float16).reshape(-1),
            "num_tokens": 3,
            "num_frames": length,
            "text": "Stop!",
            "speaker": folder.name,
            "dataset": "set",
            "file": f"{folder.name}/{number}",
        }
        for name, value in values.items():
            rows[name].append(value)
    dataset = datasets.Dataset.from_dict(rows, features=COLUMNS)
    dataset.save_to_disk(folder, num_shards=2)
    return dataset


def test_all_goes_through_small_parts(tmp_path, call):
    texts, kokoro, voices = tmp_path / "texts.jsonl", tmp_path / "any.onnx", tmp_path / "voices"
    texts.write_text("".join(json.dumps({"id": str(n), "us": [["é", "e"]]}) + "\n" for n in range(500)))
    kokoro.write_bytes(np.random.default_rng(0).bytes(70_000))
    voices.mkdir()
    np.save(voices / "af_heart.npy", np.ones(3))
    originals = {name: make_features(tmp_path / name, seed=seed) for seed, name in enumerate(("ann", "bob"))}
    words = ["--texts", texts, "--kokoro", kokoro, "--voices", voices, "--no-wheels", "--size-mb", 0.03]
    call("pack", tmp_path / "parts", *words, "--features", tmp_path / "ann", "--features", tmp_path / "bob")

    parts = sorted((tmp_path / "parts").iterdir())
    assert len(parts) > 3
    assert max(part.stat().st_size for part in parts) <= 30_000
    out = tmp_path / "there"
    call("unpack", *reversed(parts), "--out", out)  # in any order

    assert sorted(path.name for path in out.iterdir()) == ["corpus", "kokoro.onnx", "texts.jsonl", "voices"]
    assert (out / "texts.jsonl").read_bytes() == texts.read_bytes()
    assert (out / "kokoro.onnx").read_bytes() == kokoro.read_bytes()
    assert np.load(out / "voices" / "af_heart.npy").tolist() == [1, 1, 1]
    for name, original in originals.items():
        features = read_features(DatasetSpec.parse(out / "corpus" / name))  # as the training reads it
        assert len(features) == len(original)
        for before, after in zip(original.with_format("numpy"), features.with_format("numpy"), strict=True):
            for column in set(COLUMNS) - {"labels"}:
                np.testing.assert_array_equal(before[column], after[column])
            wanted, found = (row["labels"].astype(np.float32).reshape(-1, 82) for row in (before, after))
            assert np.abs(wanted - found)[:, :80].max() < 0.055 / 2 + 0.005  # and half precision
            np.testing.assert_array_equal(wanted[:, 80:], found[:, 80:])


def test_features_travel_in_half_their_size(tmp_path, offline):
    make_features(tmp_path / "ann", lengths=(400, 500))
    offline.pack_features(tmp_path / "ann", tmp_path / "ann.arrow")
    before = sum(path.stat().st_size for path in (tmp_path / "ann").glob("*.arrow"))
    # this is noise; speech takes a third
    assert (tmp_path / "ann.arrow").stat().st_size < 0.53 * before


def test_a_missing_part_is_named(tmp_path, call):
    kokoro = tmp_path / "kokoro.onnx"
    kokoro.write_bytes(bytes(50_000))
    call("pack", tmp_path / "parts", "--no-wheels", "--kokoro", kokoro, "--size-mb", 0.02)
    parts = sorted((tmp_path / "parts").iterdir())
    assert "part 2 is missing" in call("unpack", *parts[:1], *parts[2:], "--out", tmp_path / "there", fails=True)
    assert "is no part" in call("unpack", kokoro, "--out", tmp_path / "there", fails=True)


def test_what_cannot_be_packed_is_refused(tmp_path, call):
    for folder in ("a/ann", "b/ann"):
        make_features(tmp_path / folder, lengths=(5, 6))
    words = ["--features", tmp_path / "a" / "ann", "--features", tmp_path / "b" / "ann"]
    assert "have one name" in call("pack", tmp_path / "parts", "--no-wheels", *words, fails=True)
    (tmp_path / "empty").mkdir()
    words = ["--features", tmp_path / "empty"]
    assert "no Arrow file" in call("pack", tmp_path / "parts", "--no-wheels", *words, fails=True)
    assert "is not empty" in call("pack", tmp_path, "--no-wheels", fails=True)


def test_wheels_are_of_the_versions_here_and_of_that_python(tmp_path, offline, call, monkeypatch):
    commands = []

    def download(command, check):
        commands.append(command)
        with zipfile.ZipFile(
            Path(command[command.index("--dest") + 1]) / "tiny_thing-1.0-py3-none-any.whl", "w"
        ) as wheel:
            wheel.writestr("tiny_thing.py", "answer = 42\n")
            about = "tiny_thing-1.0.dist-info/"
            wheel.writestr(about + "METADATA", "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n")
            wheel.writestr(about + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(about + "RECORD", "")

    with monkeypatch.context() as patch:
        patch.setattr(offline.subprocess, "run", download)
        call("pack", tmp_path / "parts", "--python", "3.13", "--wheel", "tokenizers", "--wheel", "datasets")
    (command,) = commands
    assert command[-2:] == [f"{name}=={metadata.version(name)}" for name in ("tokenizers", "datasets")]
    assert command[command.index("--python-version") + 1] == "3.13"
    assert "--only-binary=:all:" in command

    call("unpack", *(tmp_path / "parts").iterdir(), "--out", tmp_path / "there")  # by pip, which needs no network
    assert (tmp_path / "there" / "site" / "tiny_thing.py").read_text() == "answer = 42\n"


def test_weights_come_back_in_small_files(tmp_path, tiny_checkpoint, call):
    run = shutil.copytree(tiny_checkpoint, tmp_path / "run")
    (run / "vocoder").mkdir()
    shutil.copy(run / "model.safetensors", run / "vocoder")
    call("collect", run, tmp_path / "out", "--size-mb", 0.4)
    files = sorted((tmp_path / "out").glob("weights-*.safetensors"))
    assert len(files) > 1
    assert max(file.stat().st_size for file in files) <= 400_000
    # beside them is the rest of the checkpoint, its vocoder with it
    kept = {path.relative_to(run) for path in run.rglob("*")} - {Path("model.safetensors")}
    assert kept < {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*")}

    call("join", *files, tmp_path / "out" / "model.safetensors")
    half = load_file(tmp_path / "out" / "model.safetensors")
    assert {weight.dtype for name, weight in half.items() if "frame_" not in name} == {torch.float16}
    assert half["model.normalizer.frame_std"].dtype == torch.float32
    before, after = (
        GPT2TTSForTextToSpeech.from_pretrained(folder, dtype=torch.float32) for folder in (run, tmp_path / "out")
    )
    assert list(after.voices) == list(before.voices)
    for name, weight in before.state_dict().items():
        torch.testing.assert_close(after.state_dict()[name], weight, atol=1e-6, rtol=1e-3)

    assert "alone has" in call("collect", run, tmp_path / "none", "--size-mb", 0.01, fails=True)
    assert "another file has too" in call("join", files[0], files[0], tmp_path / "x", fails=True)
