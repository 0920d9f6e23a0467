"""Which recordings of a folder a voice is taken from."""

import numpy as np
import pytest
import soundfile

from gpt2tts.recordings import choose_clips, clip_seconds, is_recording, list_recordings


def write(folder, seconds):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(list(folder.iterdir())):03d}.wav"
    soundfile.write(path, np.zeros(round(8000 * seconds), np.float32), 8000)
    return path


def choose(folder):
    paths = list_recordings(folder)
    return choose_clips(paths, [clip_seconds(path) for path in paths])


def test_clips_of_a_good_length_are_taken_evenly(tmp_path):
    paths = [write(tmp_path / "wavs", seconds) for seconds in [1.0, 5.0, 12.0] * 20]
    (tmp_path / "metadata.csv").write_text("")
    chosen = choose(tmp_path)
    assert len(chosen) == 12
    assert {soundfile.info(path).duration for path in chosen} == {5.0}
    assert (chosen[0], chosen[-1]) == (paths[1], paths[-2])


def test_of_short_ones_the_longest_are_taken_in_their_order(tmp_path, caplog):
    paths = [write(tmp_path, seconds) for seconds in (2.0, 0.5, *[1.0] * 11)]
    (tmp_path / "no_audio.wav").write_bytes(b"nothing")
    (tmp_path / "memo.m4a").write_bytes(b"for FFmpeg")
    assert choose(tmp_path) == [path for path in paths if path != paths[1]]
    assert "no_audio.wav is left out" in caplog.text
    assert "memo.m4a" not in caplog.text  # which libsndfile need not know


def test_recordings_are_files_of_their_names(tmp_path, monkeypatch):
    write(tmp_path / "set.wav", 1.0)
    (tmp_path / "set.wav" / "000.wav").rename(tmp_path / "set.wav" / "TAKE.WAV")
    write(tmp_path / "set.wav" / "out", 1.0)
    assert not is_recording(tmp_path / "set.wav")
    assert len(list_recordings(tmp_path)) == 2
    monkeypatch.chdir(tmp_path)
    # whichever way the two folders are written
    for folder, without in ((tmp_path, "set.wav/out"), (".", tmp_path / "set.wav" / "out")):
        assert [path.name for path in list_recordings(folder, without=without)] == ["TAKE.WAV"]


def test_of_two_microphones_the_first_is_heard(tmp_path):
    names = ("p225_001_mic1.wav", "p225_001_mic2.wav", "p225_002_mic2.wav")
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in list_recordings(tmp_path)] == [names[0], names[2]]


def test_a_hidden_folder_may_be_asked_for_and_what_is_hidden_in_one_is_left_alone(tmp_path):
    paths = [write(tmp_path / ".cache" / name, 1.0) for name in ("set", "set/.work", "set/.partial-new")]
    assert list_recordings(tmp_path / ".cache" / "set") == paths[:1]


def test_a_folder_without_any_is_named(tmp_path):
    with pytest.raises(ValueError, match="holds no audio"):
        list_recordings(tmp_path)
    with pytest.raises(FileNotFoundError, match="no folder"):
        list_recordings(tmp_path / "missing")
