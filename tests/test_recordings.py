"""Which recordings of a folder a voice is taken from."""

import numpy as np
import pytest
import soundfile

from gpt2tts.recordings import choose_clips, clip_seconds, list_recordings


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


def test_of_short_ones_the_longest_are_taken_in_their_order(tmp_path):
    paths = [write(tmp_path, seconds) for seconds in (2.0, 0.5, *[1.0] * 11)]
    (tmp_path / "no_audio.wav").write_bytes(b"nothing")
    assert choose(tmp_path) == [path for path in paths if path != paths[1]]


def test_a_folder_without_any_is_named(tmp_path):
    with pytest.raises(ValueError, match="holds no audio"):
        list_recordings(tmp_path)
    with pytest.raises(FileNotFoundError, match="no folder"):
        list_recordings(tmp_path / "missing")
