"""What is said of clips that a voice cannot well be taken from."""

import logging
from pathlib import Path

import numpy as np
import pytest

from gpt2tts.audio import read_audio
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor

RATE = 22050
TIME = np.arange(5 * RATE) / RATE
RECORDINGS = sorted((Path(__file__).parent / "fixtures" / "speech").rglob("*.opus"))


@pytest.fixture
def flaws(caplog):
    """`flaws(waveform, rate)`: the warnings about a reference."""
    extractor = GPT2TTSFeatureExtractor()

    def find(waveform: np.ndarray, sampling_rate: int = RATE, trim: bool = True) -> str:
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            features = extractor(
                waveform.astype(np.float32), sampling_rate=sampling_rate, trim=trim, is_reference=True
            )
        assert np.isfinite(features["input_features"].numpy()).all()
        return caplog.text

    return find


def note(frequency: float, seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * frequency * k * time) / k for k in range(1, 8)) * np.exp(-2 * time)


def song() -> np.ndarray:
    """A melody over chords, half a second a note."""
    generator = np.random.default_rng(0)
    melody = np.concatenate([note(262 * 2 ** (step / 12), 0.5) for step in generator.choice([0, 2, 4, 5, 7, 9], 10)])
    chords = np.concatenate([sum(note(131 * 2 ** (n / 12), 1.0) for n in (key, key + 4, key + 7)) for key in range(5)])
    return 0.1 * (melody + chords)


def flute() -> np.ndarray:
    """A melody alone."""
    steps = np.random.default_rng(0).choice([0, 2, 4, 5, 7, 9, 11, 12], 10)
    return 0.1 * np.concatenate([note(262 * 2 ** (step / 12), 0.5) * np.exp(-3 * TIME[: RATE // 2]) for step in steps])


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_nothing_is_said_of_recordings(flaws, path):
    waveform, rate = read_audio(path)
    assert flaws(waveform, rate) == "" or len(waveform) < 1.5 * rate


@pytest.mark.parametrize(
    ("waveform", "kind"),
    [
        (0.1 * np.random.default_rng(0).normal(size=len(TIME)), "noise"),
        (0.3 * np.sin(2 * np.pi * 440 * TIME), "a tone"),
        (0.3 * np.sin(2 * np.pi * (100 * TIME + 80 * TIME**2)), "a tone"),
        (0.3 * (130 * TIME % 1 - 0.5), "a tone"),
        (song(), "music"),
        (flute(), "music"),
    ],
    ids=["noise", "tone", "sweep", "sawtooth", "song", "flute"],
)
def test_what_is_no_speaker_is_called_by_its_name(flaws, waveform, kind):
    assert f"`audio` sounds like {kind}" in flaws(waveform)


@pytest.fixture
def recording():
    return read_audio(max(RECORDINGS, key=lambda path: path.stat().st_size))


def test_how_it_was_recorded(flaws, recording):
    waveform, rate = recording
    peak = np.abs(waveform).max()
    assert "is clipped" in flaws(waveform.clip(-0.3 * peak, 0.3 * peak), rate)
    loudest = 2 * rate + np.abs(waveform[2 * rate : -2 * rate]).argmax()
    assert "ends in the middle of a sound" in flaws(waveform[: loudest + 10], rate)
    assert "begins in the middle of a sound" in flaws(waveform[loudest:], rate)
    assert "nothing above 4000 Hz" in flaws(read_audio(RECORDINGS[0], 8000)[0], 8000)
    middle = np.concatenate((np.zeros(rate), waveform[loudest : loudest + rate // 3], np.zeros(rate)))
    for trim in (True, False):
        assert "too little to know a voice by: pass 3 to 6 seconds" in flaws(middle, rate, trim)


def test_of_two_hours_a_minute_is_looked_at(flaws):
    waveform, rate = read_audio(RECORDINGS[0], 8000)
    long = np.tile(waveform, 1 + 7200 * rate // len(waveform))[: 7200 * rate]
    assert "is longer than 60 s" in flaws(long, rate)
    as_target, as_reference = (
        GPT2TTSFeatureExtractor()(long[: 70 * rate], sampling_rate=rate, is_reference=is_reference)["input_features"]
        for is_reference in (False, True)
    )
    assert as_target.shape[1] > 70 * 86
    assert as_reference.shape[1] == 1 + 60 * 22050 // 256


def test_targets_of_training_are_taken_as_they_are(caplog):
    extractor = GPT2TTSFeatureExtractor()
    with caplog.at_level(logging.WARNING):
        extractor(0.3 * np.sin(2 * np.pi * 440 * TIME), sampling_rate=RATE)
    assert not caplog.records
