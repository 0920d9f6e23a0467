"""The frames of a recording as another vocal tract, another microphone or another room would have made them."""

from functools import lru_cache

import numpy as np

from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from ..source_filter_gpt2tts import hertz_to_mel

# Lengths of an invented vocal tract beside the real one: frames of another rate of sound than the dataset's.
WARP_RANGE = (0.85, 1.2)

# Deviations, in nats, of the cosines of half a period, one, one and a half ... over the bins that make an equalisation: in
# the mean 4 to 5 dB a bin.
GAIN_STDS = (0.5, 0.4, 0.3, 0.2, 0.15, 0.1)

RUMBLE_SHARE = 0.7
NOISE_STD = 0.35  # of a bin from frame to frame, in nats


@lru_cache(maxsize=4)
def _mel_scale(n_mels: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies in Hz and their place on the slaney mel scale, for interpolation, and the centres of the bins."""
    extractor = GPT2TTSFeatureExtractor()
    frequencies = np.linspace(0.0, 2 * extractor.f_max, 4096)
    mels = hertz_to_mel(frequencies)
    edges = np.linspace(*np.interp([extractor.f_min, extractor.f_max], frequencies, mels), n_mels + 2)
    return np.stack([frequencies, mels]), np.interp(edges[1:-1], mels, frequencies)


def warp_frames(frames: np.ndarray, factor: float, n_mels: int) -> np.ndarray:
    """
    Frames `(num_frames, label_size(n_mels))`, or without fine spectra, with every frequency divided by `factor`, the length of the invented vocal tract
    beside the real one: what was at `f` Hz is at `f / factor`, the pitch too.
    """
    (frequencies, mels), centres = _mel_scale(n_mels)
    bins = np.interp(centres, frequencies, mels)
    # for each bin the place, in bins, that its content comes from
    source = np.interp(np.interp(centres * factor, frequencies, mels), bins, np.arange(n_mels))
    low = source.astype(int)
    share = (source - low).astype(np.float32)
    mel = frames[:, :-2].reshape(len(frames), -1, n_mels).astype(np.float32)
    warped = mel[..., low] + share * (mel[..., np.minimum(low + 1, n_mels - 1)] - mel[..., low])
    pitch = frames[:, -2:-1].astype(np.float32) - np.log(factor)
    return np.concatenate([warped.reshape(len(frames), -1), pitch, frames[:, -1:]], axis=1).astype(np.float16)


def draw_warp(generator: np.random.Generator) -> float:
    """A factor for [`warp_frames`]."""
    return float(np.exp(generator.uniform(*np.log(WARP_RANGE))))


def equalize_frames(frames: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """
    Frames `(num_frames, label_size(n_mels))`, or without fine spectra, with gains `(n_mels,)`, in nats, on their bins. Digital silence stays silent.

    A conditioning encoder that has heard each speaker with one microphone knows them by it.
    """
    n_mels = len(gains)
    floor = np.float32(np.float16(np.log(1e-5)))
    mel = frames[:, :-2].reshape(len(frames), -1, n_mels).astype(np.float32)
    mel = np.where(mel > floor, np.maximum(mel + gains, floor), mel)
    return np.concatenate([mel.reshape(len(frames), -1), frames[:, -2:]], axis=1).astype(np.float16)


def draw_gains(n_mels: int, generator: np.random.Generator) -> np.ndarray:
    """A smooth curve of gains `(n_mels,)` for [`equalize_frames`]."""
    cosines = np.cos(np.arange(1, len(GAIN_STDS) + 1)[:, None] * np.pi * np.arange(n_mels) / (n_mels - 1))
    return (generator.standard_normal(len(GAIN_STDS)) * GAIN_STDS) @ cosines


def add_noise(mel: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """
    Log-mel frames `(num_frames, n_mels)` with the noise of a room, most often a rumble: energy that stays below the voice,
    in the bins where low voices have their pitch and high ones nothing.
    """
    bins = np.arange(mel.shape[1])
    cosines = np.cos(np.arange(1, 4)[:, None] * np.pi * bins / len(bins))
    level = generator.uniform(-10, -6) + 0.3 * generator.standard_normal(3) @ cosines
    if generator.random() < RUMBLE_SHARE:
        level = level + generator.uniform(1, 7) * np.exp(-np.square(bins / generator.uniform(1, 6)))
    noise = level.astype(np.float32) + NOISE_STD * generator.standard_normal(mel.shape, dtype=np.float32)
    return np.logaddexp(mel.astype(np.float32), noise).astype(np.float16)
