"""Speakers that `recipes/corpus.py` invents."""

import json

import numpy as np
import pytest
import typer


@pytest.fixture(scope="module")
def corpus(load_recipe):
    return load_recipe("corpus")


@pytest.fixture(scope="module")
def voices():
    styles = np.random.default_rng(0).normal(size=(54, 3, 1, 256)).astype(np.float32)
    return {f"voice{number:02d}": style for number, style in enumerate(styles)}


def test_invented_speakers_differ_as_much_as_the_voices(corpus, voices):
    speakers = corpus.invent_speakers(200, list(voices), seed=0)
    invented = np.stack([corpus.blend(voices, speaker.weights) for speaker in speakers])
    known = np.stack(list(voices.values()))
    assert invented.shape == (200, 3, 1, 256)
    assert np.abs(invented.mean(0) - known.mean(0)).mean() < 0.15
    assert invented.std(0).mean() == pytest.approx(known.std(0).mean(), rel=0.1)


def test_invented_speakers_are_the_same_each_time_and_more_of_them_are_others(corpus, voices):
    names = list(voices)
    some, more = corpus.invent_speakers(3, names, seed=0), corpus.invent_speakers(5, names, seed=0)
    assert more[:3] == some
    assert len({speaker.name for speaker in more}) == 5
    assert corpus.invent_speakers(3, names, seed=1) != some


def test_a_speaker_that_speaks_no_hours_has_no_file(corpus, tmp_path, monkeypatch):
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"id": "1", "us": [["Yes.", "jas."]], "gb": [["Yes.", "jas."]]}\n' * 3, encoding="utf-8")
    (tmp_path / "voices").mkdir()
    for name in ("af_one", "bf_two"):
        np.zeros((3, 1, 256), "<f4").tofile(tmp_path / "voices" / f"{name}.bin")
    (tmp_path / "kokoro.onnx").write_bytes(b"a network")
    spoken = []
    monkeypatch.setattr(corpus, "run_jobs", lambda jobs, *_: spoken.extend(jobs))
    corpus.kokoro(
        texts,
        tmp_path / "out",
        tmp_path / "kokoro.onnx",
        tmp_path / "voices",
        hours=0,
        invented=2,
        invented_hours=0.002,
    )
    assert [(job.speaker.name, len(job.rows)) for job in spoken] == [("invented0000", 2), ("invented0001", 2)]


def test_clips_are_other_texts_than_a_corpus_begins_with(corpus, tmp_path, monkeypatch):
    texts = tmp_path / "texts.jsonl"
    rows = [
        {"id": str(number), "us": [["A", f"{number:050d}"]], "gb": [["A", f"{number:050d}"]]} for number in range(9)
    ]
    texts.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "voices").mkdir()
    for name in ("af_one", "bf_two"):
        np.zeros((3, 1, 256), "<f4").tofile(tmp_path / "voices" / f"{name}.bin")

    def speak(texts, seeds, speaker, voices, model, device):
        said.extend(int(text) for text in texts)
        return [corpus.SyntheticSpeech(np.full(2400, 0.1, np.float32), 24000, np.ones(1), np.ones(1), 80.0)] * len(
            texts
        )

    said: list[int] = []
    monkeypatch.setattr(corpus, "speak_with_kokoro", speak)
    arguments = texts, tmp_path / "out", tmp_path / "kokoro.onnx", tmp_path / "voices"
    corpus.clips(*arguments, name=["bf_two"], invented=1, count=2)
    assert said == [8, 7, 6, 5]
    written = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.wav"))
    assert written == ["bf_two/00.wav", "bf_two/01.wav", "invented0000/00.wav", "invented0000/01.wav"]
    (tmp_path / "none").mkdir()
    for folder in ("none", "missing"):
        with pytest.raises(typer.BadParameter, match="no voices"):
            corpus.read_voices(tmp_path / folder)
    with pytest.raises(typer.BadParameter, match=r"nobody.*af_one, bf_two"):
        corpus.clips(*arguments, name=["nobody"])


def test_what_is_spoken_is_not_taken_for_another_corpus(corpus, tmp_path, monkeypatch):
    texts, model = tmp_path / "texts.jsonl", tmp_path / "kokoro.onnx"
    row = '{"id": "1", "us": [["Yes.", "jas."]], "gb": [["Yes.", "jas."]]}\n'
    texts.write_text(row, encoding="utf-8")
    model.write_bytes(b"a network")
    (tmp_path / "voices").mkdir()
    for name in ("af_one", "bf_two"):
        np.zeros((3, 1, 256), "<f4").tofile(tmp_path / "voices" / f"{name}.bin")
    monkeypatch.setattr(corpus, "run_jobs", lambda *_: None)

    def speak(**more):
        corpus.kokoro(texts, tmp_path / "out", model, tmp_path / "voices", **more)

    speak(hours=1)
    speak(hours=2)  # more of the same
    speak(invented=2)
    speak(invented=4)
    speak()
    with pytest.raises(typer.BadParameter, match="speech of other seed: delete it, or name another folder"):
        speak(invented=2, seed=1)
    model.write_bytes(b"another")
    with pytest.raises(typer.BadParameter, match="speech of other model"):
        speak()
    model.write_bytes(b"a network")
    texts.write_text(2 * row, encoding="utf-8")
    with pytest.raises(typer.BadParameter, match="speech of other texts"):
        speak()
    with pytest.raises(typer.BadParameter, match="speech of other model, texts, voices"):
        corpus.hibari(texts, tmp_path / "out")


def test_nothing_to_speak_is_named(corpus, tmp_path):
    (tmp_path / "texts.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(typer.BadParameter, match=r"texts.jsonl holds no text of at most 390 symbols"):
        corpus.hibari(tmp_path / "texts.jsonl", tmp_path / "out")
    with pytest.raises(typer.BadParameter, match="nothing to speak"):
        corpus.run_jobs([], 1, 1.0, 1.0)
