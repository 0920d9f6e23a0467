"""Invented speakers: the frames of a recording as a speaker with a longer or shorter vocal tract would have made them."""

from functools import lru_cache

import numpy as np

from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor


@lru_cache(maxsize=4)
def _mel_scale(n_mels: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies in Hz and their place on the slaney mel scale, for interpolation, and the centres of the bins."""
    extractor = GPT2TTSFeatureExtractor()
    frequencies = np.linspace(0.0, 2 * extractor.f_max, 4096)
    linear = frequencies / (200 / 3)
    logarithmic = 15 + 27 * np.log(np.maximum(frequencies, 1.0) / 1000) / np.log(6.4)
    mels = np.where(frequencies < 1000, linear, logarithmic)
    edges = np.linspace(*np.interp([extractor.f_min, extractor.f_max], frequencies, mels), n_mels + 2)
    return np.stack([frequencies, mels]), np.interp(edges[1:-1], mels, frequencies)


def warp_frames(frames: np.ndarray, factor: float) -> np.ndarray:
    """
    Frames `(num_frames, n_mels + 2)` with every frequency divided by `factor`, the length of the invented vocal tract
    beside the real one: what was at `f` Hz is at `f / factor`, the pitch too.
    """
    n_mels = frames.shape[1] - 2
    (frequencies, mels), centres = _mel_scale(n_mels)
    bins = np.interp(centres, frequencies, mels)
    # for each bin the place, in bins, that its content comes from
    source = np.interp(np.interp(centres * factor, frequencies, mels), bins, np.arange(n_mels))
    low = source.astype(int)
    share = (source - low).astype(np.float32)
    mel = frames[:, :n_mels].astype(np.float32)
    warped = mel[:, low] + share * (mel[:, np.minimum(low + 1, n_mels - 1)] - mel[:, low])
    pitch = frames[:, n_mels : n_mels + 1].astype(np.float32) - np.log(factor)
    return np.concatenate([warped, pitch, frames[:, n_mels + 1 :]], axis=1).astype(np.float16)
