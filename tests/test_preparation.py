"""Preparation of raw recordings: what is kept, what not and why, and that a killed run goes on."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gpt2tts.audio import read_audio, resample_waveforms
from gpt2tts.data.speech_datasets import load_speech_dataset
from gpt2tts.evaluation.clips import trim_edges
from gpt2tts.evaluation.mos import DnsMosPredictor
from gpt2tts.evaluation.recognizers import Recognizer, Transcript
from gpt2tts.evaluation.speaker_encoders import ResemblyzerEncoder
from gpt2tts.preparation.clips import SAMPLING_RATE, Clip, Listeners, is_clipped, measure_loudness
from gpt2tts.preparation.prepare import Limits, judge, prepare_recordings
from gpt2tts.preparation.segmentation import MARGIN, Splitter, list_recordings, make_readable, read_blocks

pytest.importorskip("silero_vad", reason="needs pip install silero-vad")
pytest.importorskip("pyloudnorm", reason="needs pip install pyloudnorm")

CLIPS = Path(__file__).parent / "fixtures" / "speech"
TEXTS = dict(line.split("|")[::2] for line in (CLIPS / "metadata.csv").read_text("utf-8").splitlines())  # file to text
RATE = 24000


def envelope(waveform: np.ndarray, rate: int) -> np.ndarray:
    """Shape of the loudness of a clip, silence at its ends apart: tells sentences from each other."""
    trimmed = trim_edges(resample_waveforms([waveform], rate, SAMPLING_RATE)[0])
    levels = np.array([np.sqrt((part**2).mean()) for part in np.array_split(trimmed, 50)])
    return (levels - levels.mean()) / levels.std()


class FakeRecognizer(Recognizer):
    """Hears a clip as that of the known sentences whose loudness goes most alike."""

    name, version = "fake", "1"

    def __init__(self, envelopes: dict[str, np.ndarray]):
        self.envelopes = envelopes
        self.num_calls = 0

    def _transcribe(self, waveform: np.ndarray) -> str:
        self.num_calls += 1
        heard = envelope(waveform, 16000)
        return max(self.envelopes, key=lambda text: float(self.envelopes[text] @ heard))

    def recognize(self, waveforms, sampling_rate):
        return [Transcript(text, 0.9) for text in self.transcribe(waveforms, sampling_rate)]


def speech(speaker: str, number: int) -> tuple[np.ndarray, str]:
    """A fixture of a speaker, the shortest first, between thirds of a second of silence, and its text."""
    path = sorted((CLIPS / speaker).glob("*.opus"), key=lambda path: path.stat().st_size)[number]
    waveform = read_audio(path, RATE)[0]
    pause = np.zeros(RATE // 3, np.float32)
    return np.concatenate([pause, waveform, pause]), TEXTS[f"{speaker}/{path.name}"]


def known_sentences() -> dict[str, np.ndarray]:
    return {text: envelope(waveform, RATE) for waveform, text in (speech("af_heart", number) for number in range(8))}


def room(seconds: float, level: float = 1e-4, seed: int = 0) -> np.ndarray:
    return level * np.random.default_rng(seed).standard_normal(round(seconds * RATE)).astype(np.float32)


@pytest.fixture(scope="module")
def listeners(resemblyzer) -> Listeners:
    pytest.importorskip("speechmos", reason="needs pip install speechmos")
    return Listeners(FakeRecognizer(known_sentences()), ResemblyzerEncoder(device="cpu"), DnsMosPredictor())


@pytest.fixture(scope="module")
def recordings(tmp_path_factory) -> Path:
    """
    A long recording with three good sentences and a second speaker in it, and recordings with a fault each.
    """
    folder = tmp_path_factory.mktemp("recordings")
    (folder / "part one").mkdir()
    pieces = [room(1.0)]
    for number in range(3):
        pieces += [speech("af_heart", number)[0], room(1.0)]
    pieces += [speech("am_michael", 3)[0], room(1.0)]
    soundfile.write(folder / "part one" / "long.flac", np.concatenate(pieces), RATE)
    loud = np.clip(30 * speech("af_heart", 3)[0], -0.5, 0.5)
    soundfile.write(folder / "clipped.wav", loud, RATE)
    noisy, text = speech("af_heart", 4)
    soundfile.write(folder / "noisy.wav", noisy + room(len(noisy) / RATE, 0.05), RATE)
    for name, number, written in (("right", 5, None), ("wrong", 6, "Something else was written down here entirely.")):
        waveform, text = speech("af_heart", number)
        soundfile.write(folder / f"{name}.wav", waveform, RATE)
        (folder / f"{name}.txt").write_text(written or text, encoding="utf-8")
    soundfile.write(folder / "silence.wav", room(2.0), RATE)
    (folder / "broken.wav").write_bytes(b"no audio")
    return folder


@pytest.fixture(scope="module")
def prepared(recordings, listeners, tmp_path_factory):
    out = tmp_path_factory.mktemp("prepared")
    return out, prepare_recordings(recordings, out, listeners=listeners)


def reasons(report, source: str) -> list[str]:
    return [reason.split(":")[0] for clip in report.clips if clip.source == source for reason in clip.reasons]


def test_what_would_harm_is_left_out_with_its_reason(prepared):
    _, report = prepared
    assert "clipping" in reasons(report, "clipped.wav")
    assert "noise or music" in reasons(report, "noisy.wav")
    assert reasons(report, "wrong.wav") == ["another text"]
    assert reasons(report, "right.wav") == []
    assert "another voice" in reasons(report, "part one/long.flac")
    assert not [clip for clip in report.clips if clip.source == "silence.wav"]
    assert list(report.unreadable) == ["broken.wav"]
    kept = [clip for clip in report.kept if clip.source == "part one/long.flac"]
    assert [clip.start for clip in kept] == pytest.approx([1.33, 4.34, 7.55], abs=0.25)
    assert [clip.text for clip in kept] == [speech("af_heart", number)[1] for number in range(3)]


def test_the_training_set_is_one_of_ljspeechs_form(prepared):
    out, report = prepared
    dataset = load_speech_dataset(out)
    assert len(dataset.rows) == len(report.kept)
    assert dataset.missing == []
    for row in dataset.rows:
        info = soundfile.info(row["audio"]["path"])
        assert (info.samplerate, info.channels, info.subtype) == (SAMPLING_RATE, 1, "PCM_16")
        waveform = read_audio(row["audio"]["path"])[0]
        assert measure_loudness(waveform) == pytest.approx(-23, abs=1.5) or np.abs(waveform).max() > 0.88
    given = next(clip for clip in report.clips if clip.source == "right.wav")
    assert f"{given.id}|{given.text}|{given.text}\n" in (out / "metadata.csv").read_text("utf-8")


def test_report_and_page_show_every_clip(prepared):
    out, report = prepared
    content = json.loads((out / "report.json").read_text("utf-8"))
    assert [clip["id"] for clip in content["clips"]] == [clip.id for clip in report.clips]
    assert content["reasons"]["another text"] == 1
    assert "another text" in (out / "report.md").read_text("utf-8")
    page = (out / "index.html").read_text("utf-8")
    assert page.count("<audio ") == page.count("<textarea ") == len(report.clips)
    assert page.count(" checked>") == len(report.kept)


def test_other_limits_measure_nothing_again(prepared, recordings, listeners):
    out, report = prepared
    before = listeners.recognizer.num_calls
    strict = prepare_recordings(recordings, out, listeners=listeners, limits=Limits(min_mos=6.0))
    assert strict.kept == []
    assert len(prepare_recordings(recordings, out, listeners=listeners).kept) == len(report.kept)
    assert listeners.recognizer.num_calls == before
    with pytest.raises(FileExistsError, match="prepared otherwise"):
        prepare_recordings(recordings, out, listeners=listeners, max_seconds=5.0)


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_preparation as tests
from gpt2tts.evaluation.clips import trim_edges
from gpt2tts.evaluation.mos import DnsMosPredictor
from gpt2tts.evaluation.speaker_encoders import ResemblyzerEncoder
from gpt2tts.preparation.clips import Listeners
from gpt2tts.preparation.prepare import prepare_recordings

class Dying(tests.FakeRecognizer):
    def _transcribe(self, waveform):
        if self.num_calls == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._transcribe(waveform)

listeners = Listeners(Dying(tests.known_sentences()), ResemblyzerEncoder(device="cpu"), DnsMosPredictor())
prepare_recordings({folder!r}, {out!r}, listeners=listeners)
"""


def test_a_killed_run_goes_on_where_it_was(listeners, tmp_path):
    folder, broken, whole = (tmp_path / name for name in ("recordings", "broken", "whole"))
    folder.mkdir()
    sentences = [part for number in range(2) for part in (speech("af_heart", number)[0], room(1.0))]
    soundfile.write(folder / "book.wav", np.concatenate(sentences), RATE)
    code = KILLED.format(tests=str(Path(__file__).parent), folder=str(folder), out=str(broken))
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == -9
    before = listeners.recognizer.num_calls
    report = prepare_recordings(folder, broken, listeners=listeners)
    assert listeners.recognizer.num_calls - before == 1
    assert report.clips == prepare_recordings(folder, whole, listeners=listeners).clips
    assert (broken / "metadata.csv").read_text("utf-8") == (whole / "metadata.csv").read_text("utf-8")


def test_speech_without_a_pause_is_cut(tmp_path):
    path = tmp_path / "long.wav"
    # two sentences, their pauses at the ends cut off
    waveform = np.concatenate([speech("af_heart", number)[0][RATE // 2 : -RATE // 2] for number in (8, 9, 10)])
    soundfile.write(path, waveform, RATE)
    pieces = list(Splitter(max_seconds=4.0).split(path))
    assert max(piece.seconds for piece in pieces) <= 4.0 + 2 * MARGIN
    assert sum(piece.seconds for piece in pieces) > 0.85 * len(waveform) / RATE
    assert all(first.end <= second.start + 1e-6 for first, second in pairwise(pieces))


def test_blocks_are_the_recording(tmp_path):
    waveform = 0.1 * np.random.default_rng(0).standard_normal((40 * 16000, 2)).astype(np.float32)
    soundfile.write(tmp_path / "stereo.wav", waveform, 16000, subtype="FLOAT")
    blocks = [block.numpy() for block in read_blocks(tmp_path / "stereo.wav")]
    assert max(map(len, blocks)) == 16 * 16000
    assert np.allclose(np.concatenate(blocks)[: len(waveform)], waveform.mean(1), atol=1e-6)


def test_what_a_phone_records_is_read(tmp_path):
    av = pytest.importorskip("av", reason="needs pip install av")
    waveform, _ = speech("af_heart", 0)
    path = tmp_path / "memo.m4a"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(waveform[None], format="fltp", layout="mono")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    assert list_recordings(tmp_path) == [path]
    readable = make_readable(path, tmp_path / "decoded")
    assert soundfile.info(readable).duration == pytest.approx(len(waveform) / RATE, abs=0.1)
    assert make_readable(path, tmp_path / "decoded") == readable


def test_clipping_is_seen_at_any_level():
    waveform, _ = speech("af_heart", 0)
    assert not is_clipped(waveform)
    assert is_clipped(0.3 * np.clip(20 * waveform, -0.9, 0.9))
    assert not is_clipped(np.zeros(1000, np.float32))


def test_doubtful_transcripts_and_odd_rates_are_left_out():
    def clip(**changes) -> Clip:
        values = {"id": "a", "source": "a.wav", "start": 0.0, "end": 3.0, "text": "Nobody was there at all that day."}
        values |= {"heard": values["text"], "is_given": False, "confidence": 0.9, "loudness": -20.0}
        return Clip(**{**values, "clipped": False, "mos": 3.0, "embedding": [1.0, 0.0], **changes})

    clips = [
        clip(),
        clip(confidence=0.3),
        clip(text="Oh."),
        clip(end=0.5, text="Nobody."),
        clip(text="...", confidence=0.9),
        clip(embedding=[0.0, 1.0]),
    ]
    judge(clips, Limits())
    found = [[reason.split(":")[0] for reason in clip.reasons] for clip in clips]
    expected = [[], ["doubtful transcript"], ["rate of speech"], ["short"], ["no words"], ["another voice"]]
    assert found == expected


def test_a_folder_without_audio_is_an_error(tmp_path, listeners):
    with pytest.raises(ValueError, match="holds no audio"):
        prepare_recordings(tmp_path, tmp_path / "out", listeners=listeners)
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        prepare_recordings(tmp_path / "none", tmp_path / "out", listeners=listeners)
