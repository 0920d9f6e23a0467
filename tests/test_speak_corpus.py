"""A corpus is spoken once and whole, whatever number of processes begins it, dies and goes on with it."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import datasets
import numpy as np
import pyarrow.parquet
import pytest
import soundfile
import torch
from datasets import Audio

from gpt2tts import Synthesizer, speak_corpus
from gpt2tts.data.speech_datasets import load_speech_dataset

ROOT = Path(__file__).parents[1]
TEXTS = ["Good morning.", "Dr. No has 2 cats, and they are both of them asleep.", "***", "Yes.", "Good night."]


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps({"said": text, "id": f"t{n}"}) + "\n" for n, text in enumerate(TEXTS)))
    return path


def arguments(texts, output, checkpoint, *more):
    words = ["--dataset", texts, "--text_column", "said", "--model", checkpoint, "--output", output]
    return [str(word) for word in (*words, "--voices", "ann", "bob", "--rows_per_shard", 2, *more)]


@pytest.fixture
def speak(tiny_checkpoint, texts, monkeypatch):
    """`speak(output, *more)`: the script in this process, on one thread; returns the shards."""
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    threads, handler = torch.get_num_threads(), signal.getsignal(signal.SIGTERM)
    torch.set_num_threads(1)

    def run(output, *more):
        assert speak_corpus.main(arguments(texts, output, tiny_checkpoint, *more)) == 0
        return shards(output)

    yield run
    torch.set_num_threads(threads)
    signal.signal(signal.SIGTERM, handler)


def shards(output):
    return {path.name: path.read_bytes() for path in sorted((output / "data").glob("train-*.parquet"))}


def test_a_file_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    with pytest.raises(FileNotFoundError, match=r"no file or folder 'nowhere.jsonl'.*check the path or the id"):
        speak_corpus.main(["--dataset", "nowhere.jsonl", "--output", str(tmp_path)])


@pytest.mark.parametrize(
    ("name", "content"),
    [("texts.txt", "Caf\xe9.\n".encode("latin-1")), ("texts.jsonl", b'{"text": "a"}\n{"text')],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"{name} cannot be read as \{Path(name).suffix} \(.*it has to be UTF-8"):
        speak_corpus.load_texts(speak_corpus.CorpusArguments(dataset=str(tmp_path / name), output="out"))


def test_texts_of_a_split_and_of_windows_names(tmp_path):
    parts = {name: datasets.Dataset.from_dict({"text": [name]}) for name in ("train", "dev")}
    datasets.DatasetDict(parts).save_to_disk(tmp_path / "saved")
    (tmp_path / "TEXTS.TXT").write_text("One.\n", encoding="utf-8")

    def texts_of(source: str, **more) -> list[str]:
        arguments = speak_corpus.CorpusArguments(dataset=str(tmp_path / source), output="out", **more)
        return speak_corpus.load_texts(arguments)["text"][:]

    assert texts_of("saved") == ["train"]
    assert texts_of("saved", split="dev") == ["dev"]
    with pytest.raises(ValueError, match="has the splits train, dev, and no 'test': name one of them"):
        texts_of("saved", split="test")
    assert texts_of("TEXTS.TXT") == ["One."]


def test_tables_are_read_by_their_endings(tmp_path):
    for name, content in (("a.tsv", "text\tid\nOne, two.\t1\n"), ("a.csv", 'text,id\n"One, two.",1\n')):
        (tmp_path / name).write_text(content)
        arguments = speak_corpus.CorpusArguments(dataset=str(tmp_path / name), output="out", keep_columns=["id"])
        assert speak_corpus.load_texts(arguments)[0] == {"text": "One, two.", "id": 1}


def test_every_cell_of_a_table_is_a_text_and_no_row_is_lost(tmp_path):
    def texts_of(name: str, content: str) -> list[str]:
        (tmp_path / name).write_text(content)
        return speak_corpus.load_texts(speak_corpus.CorpusArguments(dataset=str(tmp_path / name), output="out"))[
            "text"
        ][:]

    assert texts_of("a.csv", "text\nNone\nNA\nnull\n1984\n") == ["None", "NA", "null", "1984"]
    assert texts_of("b.csv", "text\n1984\n2001\n") == ["1984", "2001"]
    assert texts_of("a.tsv", 'text\tid\n"One, he said.\t1\nTwo.\t2\n"Three."\t3\n') == [
        '"One, he said.',
        "Two.",
        "Three.",
    ]
    with pytest.raises(ValueError, match=r"Line 2 of .*c\.csv .*has 2 columns.*between quotes"):
        texts_of("c.csv", "text\nOne, two.\n")
    with pytest.raises(ValueError, match=r"d\.csv has no"):
        texts_of("d.csv", "")


class FakeSynthesizer:
    """Notes what it is asked to speak."""

    def __init__(self, weight: float = 0.0, vocoder: str = "griffin-lim"):
        self.asked = []
        self.model = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(self.model.weight, weight)
        torch.nn.init.zeros_(self.model.bias)
        self.vocoder = SimpleNamespace(reference=vocoder)

    def speak_batch(self, texts, voices, seeds, *, british, speed, batch_size):
        self.asked += zip(texts, [voice.item() for voice in voices], seeds, british, strict=True)
        self.speed = speed
        return [None] * len(texts)


def corpus_of(texts=("One.", "Two.", "Three."), voices=(0.0, 1.0), **settings):
    settings = {"rows_per_shard": 2, **settings}
    arguments = speak_corpus.CorpusArguments(dataset="texts.txt", output="out", **settings)
    rows = datasets.Dataset.from_dict({"text": texts, "id": texts})
    latents = {f"voice {number}": torch.tensor(value) for number, value in enumerate(voices)}
    return speak_corpus.Corpus(rows, latents, [number == 1 for number in range(len(voices))], arguments)


def test_each_row_has_its_voice_its_accent_and_a_seed_of_its_own():
    corpus, synthesizer = corpus_of(speed=1.5), FakeSynthesizer()
    for shard in range(corpus.num_shards):
        speak_corpus.speak_rows(synthesizer, corpus.rows(shard), corpus)
    texts, voices, seeds, british = zip(*synthesizer.asked, strict=True)
    assert (texts, voices, british) == (("One.", "Two.", "Three."), (0, 1, 0), (False, True, False))
    assert synthesizer.speed == 1.5
    assert len({*seeds, *(row.seed for shard in range(2) for row in corpus_of(seed=1).rows(shard))}) == 6


def test_a_corpus_is_told_by_all_that_its_speech_depends_on():
    plain = corpus_of().description(FakeSynthesizer())
    assert plain == corpus_of().description(FakeSynthesizer())
    changed = [
        corpus_of(texts=("One.", "Two.", "Four.")).description(FakeSynthesizer()),
        corpus_of(voices=(0.0, 2.0)).description(FakeSynthesizer()),
        corpus_of(every_voice=True).description(FakeSynthesizer()),
        corpus_of(rows_per_shard=3).description(FakeSynthesizer()),
        corpus_of(keep_columns=["id"]).description(FakeSynthesizer()),
        corpus_of(speed=1.1).description(FakeSynthesizer()),
        corpus_of(seed=1).description(FakeSynthesizer()),
        corpus_of(engine="torch").description(FakeSynthesizer()),
        corpus_of().description(FakeSynthesizer(weight=1.0)),
        corpus_of().description(FakeSynthesizer(vocoder="source-filter")),
    ]
    assert plain not in changed


def test_the_corpus_is_a_dataset(speak, tmp_path, tiny_checkpoint):
    assert len(speak(tmp_path / "out", "--keep_columns", "id")) == 3
    rows = datasets.load_dataset(str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache"))
    assert rows.features["audio"] == Audio(sampling_rate=22050)
    rows = rows.cast_column("audio", Audio(decode=False))
    assert [(row["row"], row["id"], row["speaker"], row["text"]) for row in rows] == [
        (0, "t0", "ann", TEXTS[0]),
        (1, "t1", "bob", TEXTS[1]),
        (3, "t3", "bob", TEXTS[3]),
        (4, "t4", "ann", TEXTS[4]),
    ]
    assert rows[1]["normalized_text"].startswith("Doctor No has two cats")
    waveform, rate = soundfile.read(io.BytesIO(rows[0]["audio"]["bytes"]))
    assert rows[0]["seconds"] == pytest.approx(len(waveform) / rate)
    seed = int(np.random.SeedSequence((0, 0)).generate_state(1)[0])
    alone, _ = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu").speak(TEXTS[0], "ann", seed=seed)
    assert np.corrcoef(waveform, alone)[0, 1] > 0.99  # another batch rounds in another way

    (failed,) = map(json.loads, (tmp_path / "out" / "failed" / "00001.jsonl").read_text().splitlines())
    assert (failed["row"], failed["text"], failed["error"][:10]) == (2, "***", "ValueError")
    assert "1 texts could not be spoken" in (tmp_path / "out" / "README.md").read_text()
    # what was spoken can be trained on
    assert load_speech_dataset(tmp_path / "out").rows["speaker"][:] == ["ann", "bob", "bob", "ann"]


def test_every_voice_speaks_every_text(speak, tmp_path):
    speak(tmp_path, "--every_voice", "--rows_per_shard", "3")
    table = pyarrow.parquet.read_table(tmp_path / "data", columns=["row", "speaker"]).to_pydict()
    spoken = sorted(zip(table["row"], table["speaker"], strict=True))
    assert spoken == [(row, voice) for row in (0, 1, 3, 4) for voice in ("ann", "bob")]


def test_blends_keep_their_names_and_numbers_are_noted_as_failed(speak, tmp_path):
    (tmp_path / "numbers.jsonl").write_text('{"said": 7}\n{"said": 2024}\n')
    assert speak(tmp_path / "numbers", "--dataset", str(tmp_path / "numbers.jsonl"))
    assert len((tmp_path / "numbers" / "failed" / "00000.jsonl").read_text().splitlines()) == 2
    blends = ("ann(2.5)+bob(1)", "ann(2.7)+bob(1)")
    speak(tmp_path / "blends", "--voices", *blends)
    assert set(pyarrow.parquet.read_table(tmp_path / "blends" / "data")["speaker"].to_pylist()) == set(blends)


def test_a_corpus_is_not_taken_for_another_of_its_name(speak, tmp_path):
    """By `datasets`, which keeps a copy of what it reads."""
    for place, voice in (("first", "ann"), ("second", "bob"), ("second", "ann")):
        output = tmp_path / place / "corpus"
        speak(output, "--voices", voice, "--overwrite_output")
        rows = datasets.load_dataset(str(output), cache_dir=str(tmp_path / "cache"))
        assert list(rows) == ["train"]
        assert set(rows["train"]["speaker"]) == {voice}


def test_a_text_file_of_windows_is_read_without_its_mark(speak, tmp_path):
    path = tmp_path / "texts.txt"
    path.write_bytes("\ufeffGood morning.\r\nYes.\r\n".encode())
    speak(tmp_path / "corpus", "--dataset", str(path), "--text_column", "text")
    table = pyarrow.parquet.read_table(tmp_path / "corpus" / "data")
    assert table["text"].to_pylist() == ["Good morning.", "Yes."]


def test_a_lost_worker_loses_nothing(speak, tmp_path, texts, tiny_checkpoint):
    """Of two processes one is killed; another number of processes goes on, and all is as one process makes it."""
    texts.write_text("".join(json.dumps({"said": f"This is number {n}."}) + "\n" for n in range(12)))
    one_each = ("--rows_per_shard", "1")
    whole = speak(tmp_path / "whole", *one_each)

    output = tmp_path / "broken"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    launcher = subprocess.Popen(
        [*command, str(ROOT / "speak_corpus.py"), *arguments(texts, output, tiny_checkpoint, *one_each)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 300
    # both processes have finished a shard
    while len({int(name[6:11]) % 2 for name in shards(output)}) < 2:
        assert time.monotonic() < deadline
        assert launcher.poll() is None
        time.sleep(0.02)
    children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)
    assert launcher.wait(timeout=300) != 0

    finished = {path: path.stat().st_mtime_ns for path in (output / "data").glob("train-*.parquet")}
    assert 2 <= len(finished) < 12
    (output / "data" / ".partial-1-train-00011-of-00012.parquet").write_bytes(b"PAR1")
    assert speak(output, *one_each) == whole
    assert all(path.stat().st_mtime_ns == written for path, written in finished.items())
    assert not list(output.rglob(".partial-*"))


def test_another_command_does_not_go_on(speak, tmp_path):
    first = speak(tmp_path)
    with pytest.raises(FileExistsError, match=r"other seed: .*--overwrite_output"):
        speak(tmp_path, "--seed", "1")
    assert shards(tmp_path) == first
    (tmp_path / "failed" / "00099.jsonl").write_text("{}\n")
    assert speak(tmp_path, "--seed", "1", "--overwrite_output") != first
    assert [path.name for path in (tmp_path / "failed").iterdir()] == ["00001.jsonl"]
    speak(tmp_path, "--engine", "torch", "--overwrite_output")
    with pytest.raises(FileExistsError, match=r"other engine: .*--overwrite_output"):
        speak(tmp_path)


@pytest.mark.parametrize("name", ["README.md", "data/train-00000-of-00001.parquet"])
def test_nothing_but_a_corpus_gives_way_to_a_corpus(speak, tmp_path, name):
    path = tmp_path / "corpus" / name
    path.parent.mkdir(parents=True)
    path.write_text("of the user")
    with pytest.raises(FileExistsError, match=f"holds {path.name} of something else: name another folder"):
        speak(tmp_path / "corpus", "--overwrite_output")
    assert [file.read_text() for file in (tmp_path / "corpus").rglob("*") if file.is_file()] == ["of the user"]


def test_a_full_disk_leaves_whole_shards(speak, tmp_path, monkeypatch):
    write = pyarrow.parquet.write_table

    def fill(table, path, **options):
        if "00001-of" in str(path):
            Path(path).write_bytes(b"PAR1")
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(table, path, **options)

    monkeypatch.setattr(pyarrow.parquet, "write_table", fill)
    with pytest.raises(OSError, match="No space left"):
        speak(tmp_path)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["train-00000-of-00003.parquet"]
    monkeypatch.setattr(pyarrow.parquet, "write_table", write)
    assert len(speak(tmp_path)) == 3


def test_a_broken_device_is_not_a_broken_text(speak, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("the device is gone")

    monkeypatch.setattr(Synthesizer, "_speak_parts", fail)
    with pytest.raises(RuntimeError, match="Nothing of shard 0 could be spoken: the device is gone"):
        speak(tmp_path)
    assert shards(tmp_path) == {}


def test_pushed_when_all_is_spoken(speak, tmp_path, monkeypatch):
    pushed = []
    monkeypatch.setattr(speak_corpus, "push_folder", lambda *args, **kwargs: pushed.append((args, kwargs)))
    assert len(speak(tmp_path, "--push_to_hub", "--hub_dataset_id", "me/voice", "--hub_private_repo")) == 3
    ((args, kwargs),) = pushed
    assert args == (str(tmp_path), "me/voice")
    assert (kwargs["repo_type"], kwargs["private"]) == ("dataset", True)
    assert "task_categories" in (tmp_path / "README.md").read_text()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--text_column", "nothing"], "no column 'nothing', only said, id"),
        (["--keep_columns", "speaker"], "speaker"),
        (["--voices", "ann", "ann"], "twice"),
        (["--rows_per_shard", "0"], "rows_per_shard"),
        (["--push_to_hub"], "hub_dataset_id"),
        (["--speed", "9"], "`speed` must lie between 0.5 and 2.0"),
        (["--engine", "gpu"], "`engine` must be 'onnx' or 'torch'"),
    ],
)
def test_bad_arguments_are_named(speak, tmp_path, more, message):
    with pytest.raises(ValueError, match=message):
        speak(tmp_path / "out", *more)
    assert not (tmp_path / "out").exists()
