"""When a recording says each phoneme: it is laid beside a synthetic voice that says the same and knows."""

from contextlib import suppress

import numpy as np
import scipy.fft

from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from .frames import trim_synthetic
from .hibari import hibari_voice

# What of the cepstrum tells sounds from each other: its first coefficients, as large as they are, and the loudness.
NUM_CEPSTRA = 12
SLOPE_WEIGHT = 4.0  # a sound ends where they change
FLOOR = 5.0  # below the loud log-mels of a clip there is silence, or its room


def align_recording(symbols: str, log_mel: np.ndarray, extractor: GPT2TTSFeatureExtractor) -> np.ndarray:
    """
    Durations of the symbols of a recording, by dynamic time warping between it and synthetic speech of the same symbols.

    Args:
        symbols (`str`): Phonemes of misaki's alphabet, spaces and punctuation; at most 400.
        log_mel (`np.ndarray` of shape `(num_frames, n_mels)`): The trimmed recording, see [`trim_clip`].
        extractor (`GPT2TTSFeatureExtractor`): Made the log-mel.

    Returns:
        `np.ndarray` of shape `(len(symbols) + 2,)`: float32 frames, with those of the silence before and after.
    """
    import librosa  # brings numba, whose import takes seconds

    clip, durations = trim_synthetic(hibari_voice()(symbols), symbols, extractor)
    synthetic = extractor.log_mel(clip.waveform).numpy()
    _, path = librosa.sequence.dtw(cepstra(synthetic).T, cepstra(log_mel.astype(np.float32)).T, metric="euclidean")
    path = path[::-1]
    # the middle of what each synthetic frame is laid beside
    beside = np.array([path[path[:, 0] == frame, 1].mean() for frame in range(len(synthetic))])
    bounds = np.concatenate(([0.0], np.cumsum(durations)))
    places = np.interp(bounds, np.arange(len(beside)) + 0.5, beside + 0.5)
    places[0], places[-1] = 0.0, len(log_mel)
    return np.diff(np.maximum.accumulate(places)).astype(np.float32)


def compile_librosa() -> None:
    """
    Has librosa compile and keep its functions, where it is installed: before several processes do so at once, which mixes
    what they keep, and whoever loads that dies of a segmentation fault (https://github.com/numba/numba/issues/10128).
    """
    with suppress(ImportError):
        import librosa.core.pitch  # noqa: F401 - and what it imports: all that is compiled when it is imported


def cepstra(log_mel: np.ndarray) -> np.ndarray:
    """Loudness and cepstra of log-mels `(num_frames, n_mels)`, and their slopes: `(num_frames, 2 * NUM_CEPSTRA + 2)`."""
    audible = np.maximum(log_mel, np.quantile(log_mel, 0.95) - FLOOR)
    values = scipy.fft.dct(audible, axis=1, norm="ortho")[:, : NUM_CEPSTRA + 1]
    both = np.concatenate([values, SLOPE_WEIGHT * np.gradient(values, axis=0)], axis=1)
    return both - both.mean(0)
