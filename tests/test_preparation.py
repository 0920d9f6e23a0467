"""Preparation of raw recordings: what is kept, what not and why, and that a killed run goes on."""

import dataclasses
import html
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from gpt2tts.audio import read_audio, resample_waveforms
from gpt2tts.data.speech_datasets import load_speech_dataset
from gpt2tts.evaluation.clips import trim_edges
from gpt2tts.evaluation.mos import DnsMosPredictor
from gpt2tts.evaluation.recognizers import Recognizer, Transcript
from gpt2tts.evaluation.speaker_encoders import ResemblyzerEncoder
from gpt2tts.preparation import prepare
from gpt2tts.preparation.clips import (
    SAMPLING_RATE,
    Clip,
    DamagedRecordingError,
    Job,
    Listeners,
    is_clipped,
    make_clip,
    measure_loudness,
)
from gpt2tts.preparation.prepare import Limits, find_clips, judge, prepare_recordings, prepare_speakers
from gpt2tts.preparation.report import PreparationReport, write_report
from gpt2tts.preparation.review_page import write_review_page
from gpt2tts.preparation.segmentation import (
    MARGIN,
    Splitter,
    Stretch,
    make_readable,
    read_blocks,
    read_stretch,
)
from gpt2tts.recordings import list_recordings

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


def test_corrections_hold_against_other_limits(prepared, recordings, listeners, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(prepared[0], out)
    prepare_recordings(recordings, out, listeners=listeners)
    lines = (out / "metadata.csv").read_text("utf-8").splitlines(keepends=True)
    corrected, removed, *others = (line.split("|")[0] for line in lines)
    added = next(clip.id for clip in prepared[1].clips if clip.source == "wrong.wav")
    # of the first row one of two texts alone
    lines = [f"{corrected}|As it was said.|{lines[0].split('|')[2]}", *lines[2:], f"{added}|As it was written.\n"]
    (out / "metadata.csv").write_text("".join(lines), encoding="utf-8")
    by_hand = {corrected: "As it was said.", added: "As it was written."}
    for limits, kept in ((Limits(min_mos=6.0), {*by_hand}), (Limits(), {*by_hand, *others})):
        report = prepare_recordings(recordings, out, listeners=listeners, limits=limits)
        texts = {clip.id: clip.text for clip in report.kept}
        assert set(texts) == kept
        assert by_hand.items() <= texts.items()
        rows = [line.split("|") for line in (out / "metadata.csv").read_text("utf-8").splitlines()]
        assert {name: text for name, text, _ in rows} == texts
        assert next(clip for clip in report.clips if clip.id == removed).reasons == ["taken out by hand"]
    for line, message in (("one, two\n", "expected ID"), ("other|One.|One.\n", "no clip")):
        (out / "metadata.csv").write_text("".join(lines) + line, encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            prepare_recordings(recordings, out, listeners=listeners)


@pytest.mark.parametrize("name", ["metadata.csv", "report.json", "report.md", "index.html"])
def test_a_table_or_page_of_others_is_not_replaced(recordings, listeners, tmp_path, name):
    (tmp_path / name).write_text("LJ001-0001|Mine.|Mine.\n")
    with pytest.raises(FileExistsError, match="not made by `prepare`"):
        prepare_recordings(recordings, tmp_path, listeners=listeners)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "LJ001-0001|Mine.|Mine.\n"}


def test_a_clip_whose_file_is_gone_is_made_anew(listeners, tmp_path):
    (tmp_path / "recordings").mkdir()
    soundfile.write(tmp_path / "recordings" / "a.wav", speech("af_heart", 0)[0], RATE)
    for _ in range(2):
        (clip,) = prepare_recordings(tmp_path / "recordings", tmp_path / "out", listeners=listeners).clips
        path = tmp_path / "out" / "wavs" / f"{clip.id}.wav"
        assert soundfile.info(path).duration == pytest.approx(clip.seconds, abs=0.01)
        path.unlink()


def test_a_damaged_recording_ends_nothing(listeners, tmp_path):
    folder = tmp_path / "recordings"
    folder.mkdir()
    sentences = [part for number in range(3) for part in (speech("af_heart", number)[0], room(1.0))]
    soundfile.write(folder / "cut.flac", np.concatenate(sentences), RATE)
    content = (folder / "cut.flac").read_bytes()
    (folder / "cut.flac").write_bytes(content[: len(content) // 2])
    soundfile.write(folder / "whole.wav", np.concatenate(sentences[:1]), RATE)
    # into the folder itself: what was made there is no recording
    for _ in range(2):
        report = prepare_recordings(folder, folder / "out", listeners=listeners)
        assert list(report.unreadable) == ["cut.flac"]
        assert [clip.text for clip in report.clips if clip.source == "whole.wav"] == [speech("af_heart", 0)[1]]
        assert {clip.source for clip in report.clips} <= {"cut.flac", "whole.wav"}
    with pytest.raises(ValueError, match="another folder"):
        prepare_recordings(folder, folder, listeners=listeners)


def test_a_damaged_piece_ends_no_pool(monkeypatch):
    def make(job, *common):
        if job.id == "b":
            raise DamagedRecordingError("at 1.0 s: lost sync")
        return {"id": job.id}

    monkeypatch.setattr(prepare, "ProcessPoolExecutor", lambda num, mp_context: ThreadPoolExecutor(num))
    monkeypatch.setattr(prepare, "make_clip_in_pool", make)
    monkeypatch.setattr(prepare, "Clip", SimpleNamespace)
    jobs = [Job(name, "x.flac", "x.flac", Stretch(1.0, 2.0)) for name in "abcdefgh"]
    training_set = SimpleNamespace(wavs="", unreadable={})
    made = list(prepare._in_pool(((training_set, job) for job in jobs), 2, ("", "")))
    assert sorted(clip.id for _, clip in made) == list("acdefgh")
    assert all(owner is training_set for owner, _ in made)
    assert training_set.unreadable == {"x.flac": "at 1.0 s: lost sync"}


def test_librosa_is_compiled_before_processes_do_so_at_once(monkeypatch):
    monkeypatch.delitem(sys.modules, "librosa.core.pitch", raising=False)
    assert list(prepare._in_pool(iter(()), 2, ("", ""))) == []
    assert "librosa.core.pitch" in sys.modules


def test_an_end_before_the_last_piece_leaves_the_rest_undone(tmp_path, monkeypatch):
    # a picklable stand-in for making a clip
    monkeypatch.setattr(prepare, "make_clip_in_pool", runpy.run_path)
    monkeypatch.setattr(prepare, "Clip", SimpleNamespace)
    jobs = [tmp_path / f"{number}.py" for number in range(20)]
    for job in jobs:
        job.write_text("import time; time.sleep(0.2); open(__file__ + '.done', 'w').close(); globals().clear()")
    clips = prepare._in_pool(((SimpleNamespace(wavs="job"), str(job)) for job in jobs), 4, ({},))
    next(clips)
    clips.close()
    done = len(list(tmp_path.glob("*.done")))
    time.sleep(1.0)
    assert len(list(tmp_path.glob("*.done"))) == done


def test_every_recording_has_names_of_its_own(tmp_path):
    names = ("a b.wav", "a_b.flac", "a_b.wav")
    for name in names:
        soundfile.write(tmp_path / name, room(1.0), RATE)
    paths = [tmp_path / name for name in names]
    splitter = SimpleNamespace(split=lambda path: [Stretch(0.0, 1.0)], max_seconds=12.0)

    def ids(**known):
        return [job.id for job in find_clips(tmp_path, paths, {}, splitter, tmp_path, {}, known)]

    assert len(set(ids())) == 3
    # one that was prepared before others came keeps its name
    assert ids(a_b="a_b.wav")[2] == ids()[0] == "a_b-0000000"


def test_names_that_are_too_long_for_files_are_cut(listeners, tmp_path):
    recordings = tmp_path / "recordings"
    (recordings / ("a" * 200)).mkdir(parents=True)
    for name in (f"{'a' * 200}/{'b' * 100}.wav", f"{'a' * 200}/{'b' * 101}.wav", f"{'я' * 120}.wav"):
        soundfile.write(recordings / name, speech("af_heart", 0)[0], RATE)
    for _ in range(2):
        report = prepare_recordings(recordings, tmp_path / "out", listeners=listeners)
        assert len(report.kept) == 3
        assert not report.unreadable
        wavs = {path.stem for path in (tmp_path / "out" / "wavs").iterdir()}
        assert wavs == {clip.id for clip in report.clips}


def test_names_that_are_not_utf8_are_reported(listeners, tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    for name in (b"caf\xe9.wav", b"plain.wav"):
        soundfile.write(os.fsencode(recordings) + b"/" + name, speech("af_heart", 0)[0], RATE, format="WAV")
    out = tmp_path / "out"
    report = prepare_recordings(recordings, out, listeners=listeners)
    assert len(report.kept) == 1
    assert "caf?.wav could not be read" in str(report)
    assert "caf?.wav could not be read" in (out / "report.md").read_text("utf-8")
    assert json.loads((out / "report.json").read_text("utf-8"))["unreadable"].keys() == {"caf?.wav"}
    assert "plain.wav" in (out / "index.html").read_text("utf-8")


def test_a_table_may_name_whole_paths(listeners, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("recordings").mkdir()
    waveform, text = speech("af_heart", 0)
    for path in (Path("recordings/here.wav"), Path("elsewhere.wav")):
        soundfile.write(path, waveform, RATE)
    rows = [f"{path.resolve()}|{text}\n" for path in (Path("recordings/here.wav"), Path("elsewhere.wav"))]
    Path("recordings/metadata.csv").write_text("".join(rows), "utf-8")
    (clip,) = prepare_recordings("recordings", "out", listeners=listeners).clips
    assert (clip.source, clip.is_given, clip.text) == ("here.wav", True, text)


def test_a_correction_that_is_not_utf8_is_named(prepared, recordings, listeners, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(prepared[0], out)
    with (out / "metadata.csv").open("ab") as table:
        table.write(b"right-0000000|caf\xe9|caf\xe9\n")
    with pytest.raises(ValueError, match=r"metadata\.csv is not UTF-8"):
        prepare_recordings(recordings, out, listeners=listeners)


def test_a_rate_that_takes_gigabytes_is_refused(tmp_path):
    soundfile.write(tmp_path / "odd.wav", room(1.0), 44099)
    with pytest.raises(ValueError, match="44099"):
        next(read_blocks(tmp_path / "odd.wav"))


def test_what_was_typed_is_not_for_other_clips(prepared, tmp_path):
    report = prepared[1]

    def key(clips):
        page = write_review_page(dataclasses.replace(report, clips=clips), tmp_path).read_text("utf-8")
        return page.partition("data-key=")[2].partition(">")[0]

    first, *others = report.clips
    assert key(report.clips) == key([dataclasses.replace(first, text="Another text."), *others])
    assert key(report.clips) != key([dataclasses.replace(first, end=first.end + 1), *others])


def test_the_page_shows_texts_as_they_are_and_what_was_heard(tmp_path):
    values = {"source": "<a>.wav", "start": 0.0, "end": 2.0, "confidence": 1.0, "loudness": -23.0, "clipped": False}
    values |= {"mos": 3.0, "embedding": [1.0], "text": "</textarea> & so on."}
    clips = [
        Clip(id="a-0", heard="<b>", is_given=True, reasons=["another text: <b>", "short: 0.1 s"], **values),
        Clip(id="a-1", heard=values["text"], is_given=True, **values),
        Clip(id="a-2", heard="<b>", is_given=False, **values),
    ]
    page = write_review_page(PreparationReport({}, clips), tmp_path).read_text("utf-8")
    _, *articles = page.split("<article ")
    assert [article.partition(">")[0] for article in articles] == ["id='a-0' data-out", "id='a-1'", "id='a-2'"]
    assert [" checked>" in article for article in articles] == [False, True, True]
    assert ["heard: &lt;b&gt;" in article for article in articles] == [True, False, False]
    assert all(f"src='wavs/a-{number}.wav'" in article for number, article in enumerate(articles))
    assert all(f">{html.escape(values['text'])}</textarea>" in article for article in articles)
    assert "another text: &lt;b&gt;; short: 0.1 s" in articles[0]
    assert "<b>" not in page
    assert "<a>" not in page


def test_pieces_go_over_short_pauses_and_are_no_longer_than_asked_for(monkeypatch):
    splitter = Splitter(max_seconds=10.0)
    # each with a tenth of a second of silence at both ends
    speech = [(0.0, 3.0), (3.4, 5.0), (5.6, 7.0), (7.3, 15.5), (15.7, 17.5)]
    monkeypatch.setattr(splitter, "find_speech", lambda path: (Stretch(*times) for times in speech))
    assert [(piece.start, piece.end) for piece in splitter.split("a.wav")] == [
        (0.0, 5.0),
        (5.6, 15.5),
        (15.7, 17.5),
    ]


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
    (tmp_path / f"._{path.name}").write_bytes(b"\0\5\26\7")  # what macOS puts beside it
    assert list_recordings(tmp_path) == [path]
    readable = make_readable(path, tmp_path / "decoded")
    assert soundfile.info(readable).duration == pytest.approx(len(waveform) / RATE, abs=0.1)
    assert make_readable(path, tmp_path / "decoded") == readable
    os.utime(path, (1, 1))  # another recording of that name
    assert make_readable(path, tmp_path / "decoded") != readable


def test_what_a_phone_recorded_is_read_around_its_damage(listeners, tmp_path):
    av = pytest.importorskip("av", reason="needs pip install av")
    (tmp_path / "recordings").mkdir()
    path = tmp_path / "recordings" / "memo.m4a"
    parts = [part for number in (0, 1) for part in (room(1.0), speech("af_heart", number)[0])]
    waveform = np.concatenate(parts)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(waveform[None], format="fltp", layout="mono")
        frame.sample_rate = RATE
        packets = [*stream.encode(frame), *stream.encode(None)]
        container.mux(packets)
    sizes = [packet.size for packet in packets]
    content = bytearray(path.read_bytes())
    # the first second, which is before all that is said
    damage = content.index(b"mdat") + 4 + sum(sizes[:12])
    content[damage : damage + 40] = np.random.default_rng(0).bytes(40)
    path.write_bytes(content)
    for _ in range(2):
        report = prepare_recordings(path.parent, tmp_path / "out", listeners=listeners)
        assert [clip.text for clip in report.clips] == [speech("af_heart", number)[1] for number in (0, 1)]
        assert "memo.m4a could not be read, or not all of it: parts of it are damaged" in str(report)
    path.write_bytes(content[:40] + bytes(len(content) - 40))
    with pytest.raises(ValueError, match="cannot be decoded"):
        make_readable(path, tmp_path / "decoded")


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
        clip(end=1.05),
        clip(mos=float("nan")),
    ]
    judge(clips, Limits())
    found = [[reason.split(":")[0] for reason in clip.reasons] for clip in clips]
    expected = [[], ["doubtful transcript"], ["rate of speech"], ["short"], ["no words"], ["another voice"]]
    assert found == [*expected, ["rate of speech"], ["noise or music"]]


def test_the_text_of_a_recording_that_is_cut_is_not_used(tmp_path, caplog):
    soundfile.write(tmp_path / "a.wav", room(1.0), RATE)

    def jobs(*pieces: tuple[float, float]) -> list[Job]:
        splitter = SimpleNamespace(split=lambda path: [Stretch(*piece) for piece in pieces], max_seconds=12.0)
        return list(find_clips(tmp_path, [tmp_path / "a.wav"], {"a.wav": "One. Two."}, splitter, tmp_path, {}, {}))

    (whole,) = jobs((0.5, 4.0), (5.0, 12.9))
    assert (whole.stretch, whole.text) == (Stretch(0.5, 12.9), "One. Two.")
    assert not caplog.text
    assert [job.text for job in jobs((0.0, 8.0), (9.0, 14.0))] == [None, None]
    assert "a.wav is cut, and its clips are transcribed: its text is not used" in caplog.text


class Deaf:
    """Listens to clips, and hears one sentence in one voice."""

    name = "deaf"

    def recognize(self, waveforms, sampling_rate):
        return [Transcript("Nobody was there at all that day.", 0.9)] * len(waveforms)

    def embed(self, waveforms, sampling_rate):
        return np.ones((len(waveforms), 1), np.float32)

    def predict(self, waveforms, sampling_rate):
        return np.full(len(waveforms), 3.0)


DEAF = Listeners(Deaf(), Deaf(), Deaf())


def test_clips_of_recordings_that_are_gone_stay_in_order(tmp_path):
    (tmp_path / "mine").mkdir()
    waveform, _ = speech("af_heart", 0)

    def sources() -> list[str]:
        report = prepare_recordings(tmp_path / "mine", tmp_path / "out", listeners=DEAF)
        assert [line.split("-")[0] for line in (tmp_path / "out" / "metadata.csv").read_text().splitlines()] == [
            clip.id.split("-")[0] for clip in report.kept
        ]
        return [clip.source for clip in report.clips]

    for name in ("b.wav", "a.wav"):
        soundfile.write(tmp_path / "mine" / name, waveform, RATE)
        found = sources()
    assert found == ["a.wav", "b.wav"]
    (tmp_path / "mine" / "a.wav").unlink()
    assert sorted(sources()) == ["a.wav", "b.wav"]


def test_a_clip_is_as_loud_as_others_without_being_clipped(tmp_path):
    waveform = room(2.0, 0.01) + 0.02  # the offset of a sound card
    waveform[RATE] = 0.5  # somebody has touched the microphone
    soundfile.write(tmp_path / "a.wav", waveform, RATE, subtype="FLOAT")
    (tmp_path / "wavs").mkdir()
    job = Job("a", str(tmp_path / "a.wav"), "a.wav", Stretch(0.0, 2.0), "One | two\n three.")
    clip = make_clip(job, DEAF, tmp_path / "wavs")
    assert clip.text == "One two three."  # as a cell of the table
    written = soundfile.read(tmp_path / "wavs" / "a.wav")[0]
    assert np.abs(written).max() == pytest.approx(0.89, abs=0.01)
    assert abs(written.mean()) < 0.005
    plain = resample_waveforms([waveform - 0.02], RATE, SAMPLING_RATE)[0]
    inner = slice(2000, -2000)
    assert np.corrcoef(written[inner], plain[inner])[0, 1] > 0.999
    for edge in (written[:20], written[-20:]):
        assert np.abs(edge).max() < 0.2 * np.abs(written[2000:4000]).max()  # it begins and ends gently


@pytest.mark.parametrize("scale", [8.0, 32768.0])
def test_floats_above_full_scale_are_as_loud_as_others(tmp_path, scale):
    clips = []
    for name, gain in (("plain", 1.0), ("loud", scale)):
        soundfile.write(tmp_path / f"{name}.wav", gain * room(1.0, 0.1), RATE, subtype="FLOAT")
        make_clip(Job(f"{name}-clip", str(tmp_path / f"{name}.wav"), name, Stretch(0.0, 1.0)), DEAF, tmp_path)
        clips.append(soundfile.read(tmp_path / f"{name}-clip.wav")[0])
    np.testing.assert_allclose(*clips, atol=2e-4)


@pytest.mark.parametrize("samples", [room(0.2, 0.01), room(0.2, 1e-4 / 2), np.zeros(RATE // 5)])
def test_a_short_or_silent_clip_is_no_error(tmp_path, samples):
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    clip = make_clip(Job("b", str(tmp_path / "a.wav"), "a.wav", Stretch(0.0, 0.2)), DEAF, tmp_path)
    assert clip.seconds == pytest.approx(0.2)
    written, rate = soundfile.read(tmp_path / "b.wav")
    assert len(written) / rate == pytest.approx(0.2, abs=0.01)
    assert bool(np.abs(written).max() > 0.1) is bool(
        np.abs(samples).max() > 0.001
    )  # what nobody hears is made no louder


def test_the_report_sums_up_what_was_kept_and_why_the_rest_was_not(tmp_path):
    values = {"source": "a.wav", "text": "One.", "heard": "One.", "is_given": False, "confidence": 1.0}
    values |= {"loudness": -23.0, "clipped": False, "mos": 3.0, "embedding": [1.0]}
    all_reasons = ([], ["no words", "short: 0.1 s"], ["short: 0.2 s"])
    clips = [
        Clip(id=f"a-{number}", start=0.0, end=60.0, reasons=reasons, **values)
        for number, reasons in enumerate(all_reasons)
    ]
    report = PreparationReport({}, clips)
    assert str(report).splitlines() == [
        "1.0 of 3.0 minutes of speech kept, 1 of 3 clips.",
        "- 2 left out: short",
        "- 1 left out: no words",
    ]
    write_report(report, tmp_path)
    content = json.loads((tmp_path / "report.json").read_text())
    assert (content["kept_minutes"], content["minutes"]) == (1.0, 3.0)
    table = (tmp_path / "report.md").read_text()
    assert [f"| a-{number} |" in table for number in range(3)] == [False, True, True]


def test_one_recording_is_enough(recordings, listeners, tmp_path):
    report = prepare_recordings(recordings / "right.wav", tmp_path / "right", listeners=listeners)
    (clip,) = report.kept
    assert clip.source == "right.wav"
    assert clip.text == (recordings / "right.txt").read_text()
    # a recording of the same folder is another training set
    with pytest.raises(FileExistsError):
        prepare_recordings(recordings / "wrong.wav", tmp_path / "right", listeners=listeners)
    assert not prepare_recordings(recordings / "wrong.wav", tmp_path / "wrong", listeners=listeners).kept


def test_a_transcript_that_is_corrected_at_its_source_is_taken(listeners, tmp_path):
    waveform, text = speech("af_heart", 0)
    (tmp_path / "mine").mkdir()
    soundfile.write(tmp_path / "mine" / "a.wav", waveform, RATE)

    def prepared_texts(given: str | None) -> list[str]:
        if given is None:
            (tmp_path / "mine" / "a.txt").unlink()
        else:
            (tmp_path / "mine" / "a.txt").write_text(given, encoding="utf-8")
        prepare_recordings(tmp_path / "mine", tmp_path / "out", listeners=listeners)
        return [line.split("|")[1] for line in (tmp_path / "out" / "metadata.csv").read_text("utf-8").splitlines()]

    assert prepared_texts("Nothing of this is said in it, at all.") == []
    heard = listeners.recognizer.num_calls
    assert prepared_texts(f"{text}!") == [f"{text}!"]
    assert prepared_texts(None) == [text]
    assert listeners.recognizer.num_calls == heard  # it was heard already


def test_a_recording_that_is_replaced_is_heard_anew(listeners, tmp_path):
    (tmp_path / "mine").mkdir()
    texts = []
    for number in (0, 1):
        waveform, text = speech("af_heart", number)
        soundfile.write(tmp_path / "mine" / "a.wav", np.concatenate([room(0.5 * number), waveform]), RATE)
        report = prepare_recordings(tmp_path / "mine", tmp_path / "out", listeners=listeners)
        texts.append(([clip.text for clip in report.clips], text))
    for heard, said in texts:
        assert heard == [said]


def test_a_recording_that_is_cleaned_is_heard_anew(listeners, tmp_path):
    """Its clips lie where those of the noisy one lay."""
    (tmp_path / "mine").mkdir()
    waveform, _ = speech("af_heart", 0)
    noise = room(len(waveform) / RATE, 0.02)[: len(waveform)]
    reports = []
    for level in (1, 0, 0):
        soundfile.write(tmp_path / "mine" / "a.wav", waveform + level * noise, RATE)
        reports.append(prepare_recordings(tmp_path / "mine", tmp_path / "out", listeners=listeners))
        heard = listeners.recognizer.num_calls
    assert [report.clips[0].end for report in reports] == [reports[0].clips[0].end] * 3
    assert reports[1].clips[0].mos > reports[0].clips[0].mos
    assert reports[2].clips == reports[1].clips
    assert listeners.recognizer.num_calls == heard  # the same one, written again, is not heard a third time


def test_a_piece_of_an_mp3_is_that_of_the_whole(tmp_path):
    sentences = [speech(speaker, number)[0] for speaker in ("af_heart", "am_michael") for number in range(8)]
    soundfile.write(tmp_path / "book.mp3", np.concatenate(sentences), RATE)
    whole = soundfile.read(tmp_path / "book.mp3", dtype="float32")[0]
    for start in np.arange(0.0, len(whole) / RATE - 0.3, 0.15):
        piece = read_stretch(tmp_path / "book.mp3", Stretch(start, start + 0.25))[0]
        place = round(start * RATE)
        np.testing.assert_allclose(piece, whole[place : place + len(piece)], atol=1e-3)


def test_a_sample_that_is_no_number_hides_nothing(tmp_path):
    waveform, _ = speech("af_heart", 0)
    pieces = np.concatenate([waveform, room(3.0), waveform])
    pieces[len(waveform) + RATE] = np.nan
    soundfile.write(tmp_path / "a.wav", pieces, RATE, subtype="FLOAT")
    first, second = Splitter().split(tmp_path / "a.wav")
    assert second.start - first.start == pytest.approx(len(waveform) / RATE + 3.0, abs=0.1)


def test_the_offset_of_a_sound_card_is_no_noise(listeners, tmp_path):
    (tmp_path / "mine").mkdir()
    waveform, _ = speech("af_heart", 0)
    for name, offset in (("plain.wav", 0.0), ("offset.wav", 0.1)):
        soundfile.write(tmp_path / "mine" / name, 0.5 * waveform + offset, RATE)
    offset, plain = prepare_recordings(tmp_path / "mine", tmp_path / "out", listeners=listeners).clips
    assert offset.source == "offset.wav"
    assert offset.mos == pytest.approx(plain.mos, abs=0.2)


def test_a_text_beside_a_phones_recording_is_taken_and_what_has_none_is_not_left_out(listeners, tmp_path, caplog):
    (tmp_path / "mine").mkdir()
    waveform, text = speech("af_heart", 0)
    for name in ("memo.aiff", "other.wav"):
        soundfile.write(tmp_path / "mine" / name, waveform, RATE)
    soundfile.write(tmp_path / "mine" / "silence.wav", np.zeros(RATE), RATE)
    (tmp_path / "mine" / "memo.txt").write_text(f"{text}!", encoding="utf-8")
    report = prepare_recordings(tmp_path / "mine", tmp_path / "out", listeners=listeners)
    assert [(clip.source, clip.text, clip.is_given) for clip in report.kept] == [
        ("memo.aiff", f"{text}!", True),
        ("other.wav", text, False),
    ]
    assert "left out" not in caplog.text
    assert "silence.wav gives no clip: no speech is heard in it." in caplog.text


def test_each_folder_is_a_speaker(listeners, tmp_path, capsys):
    folder, out = tmp_path / "recordings", tmp_path / "recordings" / "prepared"
    for speaker, number in (("af_heart", 0), ("af_heart", 1), ("am_michael", 3), ("am_michael", 4)):
        (folder / speaker).mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / speaker / f"{number}.wav", speech(speaker, number)[0], RATE)
    # into a folder among theirs: it is no speaker
    for _ in range(2):
        reports = prepare_speakers(folder, out, listeners=listeners)
        # each is judged by its own voice: none of the two is another's
        assert {name: len(report.kept) for name, report in reports.items()} == {"af_heart": 2, "am_michael": 2}
    assert "recording 4 of 4" in capsys.readouterr().err
    data = load_speech_dataset(out)
    assert sorted(row["speaker"] for row in data.rows) == ["af_heart", "af_heart", "am_michael", "am_michael"]
    assert not data.missing  # what the work folders hold is none of it
    assert (out / "am_michael" / "index.html").is_file()
    with pytest.raises(ValueError, match="has no folders"):
        prepare_speakers(folder / "af_heart", tmp_path / "none", listeners=listeners)
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        prepare_speakers(tmp_path / "nowhere", tmp_path / "none", listeners=listeners)


def test_a_folder_without_audio_is_an_error(tmp_path, listeners):
    with pytest.raises(ValueError, match="holds no audio"):
        prepare_recordings(tmp_path, tmp_path / "out", listeners=listeners)
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        prepare_recordings(tmp_path / "none", tmp_path / "out", listeners=listeners)
    (tmp_path / "a.wav").touch()
    with pytest.raises(FileExistsError, match=r"`out` .* is a file: choose a folder"):
        prepare_recordings(tmp_path, tmp_path / "a.wav", listeners=listeners)


def test_the_processes_leave_an_interrupt_to_the_command():
    # the terminal sends it to all of them, and each would print where it was
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # `nohup` and `&` leave it ignored
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            with prepare.ignore_interrupts():
                started = pool.submit(signal.getsignal, signal.SIGINT)
            assert started.result() == signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, handler)
