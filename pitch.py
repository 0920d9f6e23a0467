"""The pitch of recordings, frame by frame, as the acoustic model learns it and the source-filter vocoder reads it."""

import functools
from typing import Any

import numpy as np

from .audio import resample

TRACKER_RATE = 16000  # Hz
PITCH_RANGE = (50.0, 600.0)  # Hz; speech of men, women and children
NO_PITCH = 120.0  # Hz, of a clip in which nothing is voiced
VOICED = 0.5  # confidence from which the tracker calls a frame voiced
TRACKER_PEAK = 0.5  # quieter clips are raised to it: the tracker does not normalise the level


@functools.lru_cache(maxsize=1)
def _detector() -> Any:
    try:
        from swift_f0 import SwiftF0
    except ImportError as error:
        raise ImportError("Tracking pitch needs the package swift-f0: `pip install swift-f0`.") from error
    return SwiftF0(threads=1, spin=False)


def track_pitch(
    waveform: np.ndarray, sampling_rate: int, num_frames: int, hop_length: int = 256, out_rate: int = 22050
) -> tuple[np.ndarray, np.ndarray]:
    """
    Track the pitch of a clip with SwiftF0 (https://arxiv.org/abs/2508.18440).

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): Mono, float, full scale 1.
        sampling_rate (`int`): Its rate in Hz.
        num_frames (`int`): Frames to give. Frame `i` is centred at `i * hop_length / out_rate` seconds.
        hop_length (`int`, *optional*, defaults to 256): Samples between frames, at `out_rate`.
        out_rate (`int`, *optional*, defaults to 22050): Rate in Hz that `hop_length` counts at.

    Returns:
        `tuple[np.ndarray, np.ndarray]`, float32 `(num_frames,)` each: the pitch in Hz, interpolated (linearly in its
        logarithm) through unvoiced stretches and constant before the first and after the last voiced frame; and the
        voicing, the tracker's confidence in [0, 1], voiced from 0.5 on. A clip with no voice has 120 Hz and voicing 0.

    Raises:
        ImportError: If `swift-f0` is not installed.
        ValueError: If the waveform is not mono and finite.
    """
    samples = np.asarray(waveform, dtype=np.float32)
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise ValueError(
            f"`waveform` must be (samples,) of finite numbers, got {samples.shape}: mix it to mono first."
        )
    peak = float(np.abs(samples).max(initial=0.0))
    unvoiced = np.full(num_frames, NO_PITCH, np.float32), np.zeros(num_frames, np.float32)
    if peak == 0.0 or num_frames == 0:
        return unvoiced
    samples = samples * max(1.0, TRACKER_PEAK / max(peak, 1e-3))
    samples = resample(samples, sampling_rate, TRACKER_RATE)
    if len(samples) == 0:
        return unvoiced
    track = _detector().detect(samples, TRACKER_RATE, *PITCH_RANGE)
    voiced = track.confidence >= VOICED
    if not voiced.any():
        return unvoiced
    times = np.arange(num_frames) * (hop_length / out_rate)
    log_pitch = np.interp(times, track.timestamps[voiced], np.log(track.pitch_hz[voiced]))
    voicing = np.interp(times, track.timestamps, track.confidence)
    return np.exp(log_pitch).astype(np.float32), voicing.clip(0.0, 1.0).astype(np.float32)
