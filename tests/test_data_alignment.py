# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
import numpy as np
import pytest
import torch
import torchaudio

from gpt2tts.data.alignment import align_recording
from gpt2tts.data.frames import synthetic_features
from gpt2tts.data.hibari import HibariVoice, hibari_voice
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor

PHONEMES = "ðə kwˈɪk bɹˈWn fˈɑks ʤˈʌmps ˈOvəɹ ðə lˈAzi dˈɔɡ."
FRAME = 256 / 22050


@pytest.fixture(scope="module", autouse=True)
def _packages():
    for name in ("hibari", "onnx", "librosa"):
        pytest.importorskip(name)


@pytest.fixture(scope="module")
def extractor():
    return GPT2TTSFeatureExtractor()


def test_the_synthetic_voice_says_when_it_speaks_and_how_high():
    speech = hibari_voice()(PHONEMES)
    assert len(speech.durations) == len(PHONEMES) + 2
    assert speech.durations.sum() == pytest.approx(len(speech.waveform) / speech.sampling_rate, abs=0.05)
    assert len(speech.pitch) / speech.pitch_rate == pytest.approx(speech.durations.sum(), abs=0.05)
    assert 120 < np.median(speech.pitch[speech.pitch > 50]) < 300
    # the same again, and half as long at twice the speed
    np.testing.assert_array_equal(hibari_voice()(PHONEMES).waveform, speech.waveform)
    assert hibari_voice()(PHONEMES, speed=2.0).durations.sum() == pytest.approx(speech.durations.sum() / 2, rel=0.15)
    # symbols of another alphabet take no time and move nothing
    with_unknown = hibari_voice()("☃" + PHONEMES)
    assert with_unknown.durations[1] == 0
    np.testing.assert_allclose(with_unknown.durations[2:], speech.durations[1:])


def test_the_voice_is_loaded_once():
    assert hibari_voice() is hibari_voice()
    assert isinstance(hibari_voice(), HibariVoice)


@pytest.mark.parametrize("change", ["noise", "room", "slower", "narrow", "quiet", "longer tract", "shorter tract"])
def test_a_recording_is_laid_beside_the_voice_that_knows(extractor, change):
    """The voice's own clip, changed so that no frame is as it was, has the times that the voice gave it."""
    speech = hibari_voice()(PHONEMES, seed=1, speed=1.0 if change in ("noise", "narrow") else 0.85)
    if change == "noise":
        speech.waveform = speech.waveform + np.random.default_rng(0).normal(0, 0.003, len(speech.waveform))
    if change == "narrow":
        narrow = torchaudio.functional.resample(torch.from_numpy(speech.waveform).float(), 24000, 11025)
        speech.waveform, speech.sampling_rate = narrow.numpy(), 11025
    speech.waveform = speech.waveform.astype(np.float32)
    frames, expected = synthetic_features(speech, PHONEMES, extractor)
    log_mel = frames[:, :80].astype(np.float32)
    if change.endswith("tract"):  # of another speaker
        bins = np.arange(80) * (0.82 if change == "longer tract" else 1.25)
        log_mel = np.stack([np.interp(bins, np.arange(80), frame) for frame in log_mel])
    if change == "quiet":
        log_mel = log_mel - 3
    if change == "room":  # noise 20 dB below the speech
        log_mel = np.logaddexp(log_mel, np.quantile(log_mel, 0.95) - 2.3)
    durations = align_recording(PHONEMES, log_mel, extractor)
    assert durations.shape == expected.shape
    assert durations.min() >= 0
    assert durations.sum() == pytest.approx(len(frames), abs=1e-3)
    bounds, true = np.cumsum(durations)[:-1] * FRAME, np.cumsum(expected)[:-1] * FRAME
    assert np.abs(bounds - true).mean() < 0.018
    assert np.quantile(np.abs(bounds - true), 0.9) < 0.02
