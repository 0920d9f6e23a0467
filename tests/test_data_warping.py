import math

import numpy as np
import pytest
import torch

from gpt2tts.data.warping import add_noise, draw_gains, draw_warp, equalize_frames, warp_frames
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor


def mel_of_a_tone(frequency):
    time = torch.arange(22050) / 22050
    return GPT2TTSFeatureExtractor().log_mel(0.5 * torch.sin(2 * math.pi * frequency * time))[20:30].numpy()


def frames_of_a_tone(frequency):
    mel = mel_of_a_tone(frequency)
    rest = [np.full((len(mel), 1), np.log(180.0)), np.linspace(0, 1, len(mel))[:, None]]
    return np.concatenate([mel, *rest], axis=1).astype(np.float16)


@pytest.mark.parametrize("factor", [0.85, 1.2])
@pytest.mark.parametrize("frequency", [600.0, 1500.0, 4000.0])
def test_what_was_at_f_is_at_f_over_the_factor(frequency, factor):
    frames = frames_of_a_tone(frequency)
    warped = warp_frames(frames, factor, 80)
    assert warped.dtype == np.float16
    assert warped.shape == frames.shape
    expected = mel_of_a_tone(frequency / factor)[5].argmax()
    assert abs(int(warped[5, :80].argmax()) - int(expected)) <= 1
    assert abs(int(frames[5, :80].argmax()) - int(expected)) > 1
    np.testing.assert_allclose(np.exp(warped[:, 80].astype(float)), 180 / factor, rtol=5e-3)
    np.testing.assert_array_equal(warped[:, 81], frames[:, 81])


def test_no_warping_changes_nothing():
    frames = frames_of_a_tone(1000.0)
    np.testing.assert_allclose(warp_frames(frames, 1.0, 80), frames, atol=0.01)


def test_between_bins_there_are_no_steps():
    frames = np.concatenate([np.tile(np.linspace(-8, 0, 80), (3, 1)), np.ones((3, 2))], axis=1).astype(np.float16)
    steps = np.diff(warp_frames(frames, 1.2, 80)[0, 5:60].astype(float))
    assert 0.5 * steps.mean() < steps.min() <= steps.max() < 1.5 * steps.mean()


def test_an_equalisation_is_heard_in_each_bin_and_leaves_silence_pitch_and_voicing():
    frames = frames_of_a_tone(1000.0)
    frames[:3, :80] = np.log(1e-5)
    gains = np.linspace(-1, 1, 80)
    equalized = equalize_frames(frames, gains)
    assert equalized.dtype == np.float16
    loud = frames[5, :80] > -9
    np.testing.assert_allclose((equalized - frames)[5, :80][loud], gains[loud], atol=0.02)
    np.testing.assert_array_equal(equalized[:3], frames[:3])
    np.testing.assert_array_equal(equalized[:, 80:], frames[:, 80:])
    assert equalized[:, :80].min() >= np.float16(np.log(1e-5))


def test_vocal_tracts_and_microphones_are_drawn():
    generator = np.random.default_rng(0)
    factors = np.array([draw_warp(generator) for _ in range(200)])
    assert 0.85 <= factors.min() < 0.9 < 1.1 < factors.max() <= 1.2
    gains = np.array([draw_gains(80, generator) for _ in range(200)])
    assert gains.shape == (200, 80)
    assert gains.std() == pytest.approx(0.53, abs=0.05)
    assert abs(np.diff(gains, axis=1)).max() < 0.3  # smooth
    assert abs(gains.mean(0)).max() < 0.2


def test_noise_fills_the_pauses_and_leaves_the_voice():
    mel = mel_of_a_tone(1000.0)
    mel[5:] = np.log(1e-5)
    rumbles, spreads = 0, []
    for seed in range(50):
        noisy = add_noise(mel, np.random.default_rng(seed))
        assert noisy.dtype == np.float16
        assert abs(noisy[:5] - mel[:5])[:, mel[0].argmax()].max() < 0.1
        assert (noisy[5:] > -11.4).all()
        # far below a voice, and another in each frame
        assert -10.8 < noisy[5:, 40:].astype(float).mean() < -5.2
        spreads.append(noisy[5:, 40:].astype(float).std(0).mean())
        rumbles += noisy[5:, :2].mean() > noisy[5:, 40:].mean() + 1
    assert 25 <= rumbles <= 40
    assert 0.2 < np.mean(spreads) < 0.4
