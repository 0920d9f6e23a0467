"""The pitch of recordings: right in Hz and in time, defined in every frame."""

import math
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from gpt2tts import pitch as pitch_module
from gpt2tts.pitch import NO_PITCH, track_pitch

pytest.importorskip("swift_f0")


def tone(hz: float, seconds: float, rate: int = 22050) -> np.ndarray:
    time = torch.arange(round(seconds * rate)) / rate
    return sum(torch.sin(2 * math.pi * hz * k * time) / k for k in range(1, 12)).numpy() * 0.2


@pytest.mark.parametrize("rate", [22050, 16000, 44100])
@pytest.mark.parametrize("level", [1.0, 0.01])
def test_a_tone_has_its_pitch(rate, level):
    pitch, voicing = track_pitch(level * tone(180.0, 1.0, rate), rate, 87)
    assert pitch.shape == voicing.shape == (87,)
    assert pitch.dtype == voicing.dtype == np.float32
    np.testing.assert_allclose(pitch[5:-5], 180.0, rtol=0.01)
    assert (voicing[5:-5] > 0.5).all()


@pytest.mark.parametrize("hz", [65.0, 500.0])
def test_low_and_high_voices_are_tracked(hz):
    pitch, voicing = track_pitch(tone(hz, 1.0), 22050, 87)
    np.testing.assert_allclose(pitch[5:-5], hz, rtol=0.02)
    assert (voicing[5:-5] > 0.5).all()


def test_unvoiced_stretches_are_interpolated_in_time():
    silence = np.zeros(11025, np.float32)
    waveform = np.concatenate([silence, tone(100.0, 0.5), silence, tone(200.0, 0.5), silence])
    frames = 1 + len(waveform) // 256
    pitch, voicing = track_pitch(waveform, 22050, frames)
    times = np.arange(frames) * 256 / 22050
    for start in (0.5, 1.5):
        assert (voicing[(times > start + 0.06) & (times < start + 0.44)] > 0.5).all()
    for start, end in ((0, 0.4), (1.1, 1.4), (2.1, 2.5)):
        assert (voicing[(times > start) & (times < end)] < 0.5).all()
    np.testing.assert_allclose(pitch[times < 0.4], 100.0, rtol=0.03)
    np.testing.assert_allclose(pitch[times > 2.1], 200.0, rtol=0.03)
    assert np.interp(1.25, times, pitch) == pytest.approx(math.sqrt(100 * 200), rel=0.05)


def test_voiced_is_what_the_tracker_is_sure_of_by_half(monkeypatch):
    track = SimpleNamespace(
        timestamps=np.array([0.0, 0.1, 0.2, 0.3]),
        pitch_hz=np.array([90.0, 200.0, 400.0, 90.0]),
        confidence=np.array([0.4, 0.6, 0.5, 0.2]),
    )
    monkeypatch.setattr(pitch_module, "_detector", lambda: SimpleNamespace(detect=lambda *_: track))
    pitch, voicing = track_pitch(tone(100.0, 0.3, 16000), 16000, 7, hop_length=800, out_rate=16000)
    np.testing.assert_allclose(pitch, [200, 200, 200, math.sqrt(200 * 400), 400, 400, 400], rtol=1e-5)
    np.testing.assert_allclose(voicing, [0.4, 0.5, 0.6, 0.55, 0.5, 0.35, 0.2], rtol=1e-5)


def test_a_clip_without_voice_has_a_constant_pitch():
    noise = np.random.default_rng(0).standard_normal(22050).astype(np.float32) * 0.1
    for waveform in (np.zeros(22050, np.float32), noise, np.zeros(0, np.float32)):
        pitch, voicing = track_pitch(waveform, 22050, 87)
        assert (pitch == NO_PITCH).all()
        assert (voicing == 0).all()


def test_unusable_input_and_a_missing_package_are_named(monkeypatch):
    with pytest.raises(ValueError, match="`waveform`"):
        track_pitch(np.zeros((2, 100)), 22050, 1)
    with pytest.raises(ValueError, match=r"`waveform` must be \(samples,\) of finite numbers"):
        track_pitch(np.full(2205, np.nan), 22050, 9)
    pitch_module._detector.cache_clear()
    monkeypatch.setitem(sys.modules, "swift_f0", None)
    with pytest.raises(ImportError, match="pip install swift-f0"):
        track_pitch(tone(100.0, 0.2), 22050, 17)
