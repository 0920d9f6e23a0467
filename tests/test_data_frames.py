# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Trimming, durations, pitch: from speech to what the model learns of it."""

import numpy as np
import pytest
import torch

from gpt2tts.data.frames import LEAD_SECONDS, fit_durations, sample_pitch, synthetic_features, trim_clip
from gpt2tts.data.hibari import SyntheticSpeech
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.pitch import NO_PITCH

RATE = 22050
HOP = 256 / RATE  # a frame in seconds


@pytest.fixture(scope="module")
def extractor():
    return GPT2TTSFeatureExtractor()


def tone(seconds, frequency=200.0, rate=RATE):
    return 0.3 * torch.sin(2 * torch.pi * frequency * torch.arange(round(seconds * rate)) / rate)


def hum(seconds, frequency, rate):
    """A sound with overtones, which a tracker takes for a voice."""
    overtones = [tone(seconds, number * frequency, rate) / number for number in range(1, 9)]
    return torch.stack(overtones).sum(0) / 2


@pytest.mark.parametrize("before", [0.0, 0.1, 0.25, 1.0])
@pytest.mark.parametrize("after", [0.0, 0.6])
def test_a_clip_begins_and_ends_with_a_quarter_of_a_second(extractor, before, after):
    sound = tone(0.8)
    silence = [torch.zeros(round(seconds * RATE)) for seconds in (before, after)]
    clip = trim_clip(torch.cat([silence[0], sound, silence[1]]), extractor)
    assert LEAD_SECONDS == 0.25
    assert clip.seconds == pytest.approx(len(clip.waveform) / RATE)
    assert clip.seconds == pytest.approx(0.8 + 0.5, abs=2 * HOP)
    loud = torch.nonzero(clip.waveform.abs() > 0.01).flatten() / RATE
    assert loud[0] == pytest.approx(0.25, abs=HOP)
    assert clip.seconds - loud[-1] == pytest.approx(0.25, abs=HOP)
    # what it says of itself
    assert clip.onset == pytest.approx(0.25, abs=1e-4)
    assert clip.offset == pytest.approx(clip.seconds - 0.25, abs=1e-3)
    assert clip.start == pytest.approx(before - 0.25, abs=HOP)


def test_what_is_kept_of_a_clip_is_unchanged(extractor):
    sound = tone(0.5)
    whole = torch.cat([torch.zeros(RATE), sound, torch.zeros(RATE)])
    clip = trim_clip(whole, extractor)
    start = round(clip.start * RATE)
    torch.testing.assert_close(clip.waveform, whole[start : start + len(clip.waveform)])


@pytest.mark.parametrize("before", [0.0, 0.4])
def test_durations_are_fitted_to_the_clip(extractor, before):
    # silence, h, ˈ, I, silence; the clip is the sound with what silence there is
    clip = trim_clip(torch.cat([torch.zeros(round(before * RATE)), tone(0.6), torch.zeros(RATE)]), extractor)
    durations = np.array([before, 0.2, 0.1, 0.3, 1.0])
    frames = fit_durations(durations, "hˈI", clip, 1 / HOP)
    assert frames.dtype == np.float32
    assert frames.sum() == pytest.approx(clip.seconds / HOP, rel=1e-4)
    np.testing.assert_allclose(frames * HOP, [0.25, 0.2, 0.1, 0.3, 0.25], atol=1.5 * HOP)


def test_marks_at_the_ends_share_the_silence(extractor):
    clip = trim_clip(torch.cat([tone(0.6), torch.zeros(RATE)]), extractor)
    frames = fit_durations(np.array([0.0, 0.0, 0.6, 0.5, 0.5, 0.0]), '"I."', clip, 1 / HOP) * HOP
    assert frames.sum() == pytest.approx(clip.seconds, rel=1e-4)
    np.testing.assert_allclose(frames[:2], 0.125, atol=1e-3)
    assert frames[2] == pytest.approx(clip.offset - clip.onset, abs=1e-3)
    np.testing.assert_allclose(frames[3:], 0.25 / 3, atol=HOP)


def test_the_first_sound_begins_at_a_known_time_whatever_the_durations_say(extractor):
    clip = trim_clip(torch.cat([torch.zeros(round(0.3 * RATE)), tone(0.6), torch.zeros(RATE)]), extractor)
    for claimed in (0.0, 0.3, 0.7):
        frames = fit_durations(np.array([claimed, 0.3, 0.3, 1.0]), "hI", clip, 1 / HOP)
        assert frames[0] * HOP == pytest.approx(0.25, abs=1e-3)
        assert frames.min() >= 0
        assert frames.sum() * HOP == pytest.approx(clip.seconds, rel=1e-4)


def test_pitch_goes_on_where_there_is_no_voice():
    pitch = np.array([0.0, 100.0, 100.0, 10.0, 10.0, 200.0, 0.0])
    curve = sample_pitch(pitch, 10.0, np.array([0.0, 0.1, 0.2, 0.35, 0.5, 0.6, 9.0]))
    np.testing.assert_allclose(np.exp(curve), [100, 100, 100, 100 * 2**0.5, 200, 200, 200], rtol=1e-6)


def test_a_low_voice_has_a_pitch_and_what_is_lower_has_none():
    curve = sample_pitch(np.array([40.0, 60.0, 40.0]), 10.0, np.arange(3) / 10)
    np.testing.assert_allclose(np.exp(curve), 60.0)


def test_a_clip_without_voice_has_some_pitch():
    curve = sample_pitch(np.zeros(5), 10.0, np.linspace(-1, 1, 7))
    np.testing.assert_allclose(np.exp(curve), NO_PITCH)  # as tracked in recordings


def test_marks_alone_have_the_whole_clip(extractor):
    clip = trim_clip(torch.cat([tone(0.6), torch.zeros(RATE)]), extractor)
    frames = fit_durations(np.array([0.1, 0.2, 0.2, 1.1]), "..", clip, 1 / HOP) * HOP
    assert frames.sum() == pytest.approx(clip.seconds, rel=1e-4)


def test_a_clip_may_be_shorter_than_a_frame(extractor):
    clip = trim_clip(tone(100 / RATE), extractor)
    assert clip.seconds == pytest.approx(0.5, abs=2 * HOP)
    assert clip.waveform.abs().max() > 0.1


def test_synthetic_speech_keeps_its_times_and_its_pitch(extractor):
    """A sound of 150 Hz and one of 300 Hz after half a second of silence, at another rate."""
    rate = 24000
    waveform = torch.cat([torch.zeros(rate // 2), hum(0.4, 150.0, rate), hum(0.3, 300.0, rate), torch.zeros(rate)])
    pitch = np.repeat([0.0, 150.0, 300.0, 0.0], [40, 32, 24, 80])
    speech = SyntheticSpeech(waveform.numpy(), rate, np.array([0.5, 0.4, 0.3, 1.0]), pitch, 80.0)
    frames, durations = synthetic_features(speech, "ab", extractor)
    assert frames.dtype == np.float16
    assert frames.shape == (pytest.approx(1.2 / HOP, abs=2), 242)
    assert durations.sum() == pytest.approx(len(frames), abs=1)
    np.testing.assert_allclose(durations * HOP, [0.25, 0.4, 0.3, 0.25], atol=2 * HOP)
    first, second = (round((0.25 + place) / HOP) for place in (0.2, 0.55))
    np.testing.assert_allclose(np.exp(frames[[first, second], -2].astype(float)), [150, 300], rtol=0.02)
    np.testing.assert_array_equal(frames[[3, first, second, -4], -1] > 0.5, [False, True, True, False])
    # the frames say so too: the pitch is where the mel's peak is
    assert frames[first, :80].argmax() < frames[second, :80].argmax()


def test_what_is_no_voice_is_unvoiced_although_the_pitch_of_a_synthetic_voice_goes_on(extractor):
    """A hiss between two sounds of 150 Hz."""
    rate = 24000
    hiss = 0.3 * torch.randn(round(0.3 * rate), generator=torch.Generator().manual_seed(0))
    waveform = torch.cat([hum(0.4, 150.0, rate), hiss, hum(0.4, 150.0, rate)])
    speech = SyntheticSpeech(waveform.numpy(), rate, np.array([0.0, 0.4, 0.3, 0.4, 0.0]), np.full(88, 150.0), 80.0)
    frames, _ = synthetic_features(speech, "asa", extractor)
    first, between, second = (frames[round((0.25 + place) / HOP)] for place in (0.2, 0.55, 0.9))
    np.testing.assert_allclose(np.exp(frames[:, -2].astype(float)), 150, rtol=0.02)
    assert min(first[-1], second[-1]) > 0.5 > 0.2 > between[-1]
