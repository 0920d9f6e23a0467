"""How far a synthesised clip is from the recording of the same sentence: spectrum, pitch, voicing, duration."""

from dataclasses import dataclass

import numpy as np
import scipy.fft
import torch

from ..audio import resample_waveforms
from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from .clips import HOP_LENGTH, SAMPLING_RATE, SPEECH_RANGE, speech_levels, trim_edges
from .utils import import_optional

_PITCH_RANGE = (60.0, 500.0)  # Hz, of speaking voices
_MIN_SECONDS = 0.1
_DYNAMIC_RANGE = 70 / 20 * np.log(10)  # 70 dB below the loudest bin


@dataclass(frozen=True)
class Distances:
    """
    Distances of a clip from its recording, both without the silence at their edges, frames aligned by DTW.

    Args:
        mel_cepstral_distortion (`float`): dB, over 13 coefficients without the energy.
        log_f0_rmse (`float`): Natural logarithm, over frames voiced in both; NaN where there are none.
        voicing_error (`float`): Share of aligned frames that are voiced in one and not in the other.
        duration_ratio (`float`): Seconds of the clip by seconds of the recording.
    """

    mel_cepstral_distortion: float
    log_f0_rmse: float
    voicing_error: float
    duration_ratio: float


def mel_cepstra(log_mel: np.ndarray) -> np.ndarray:
    """
    Mel-cepstral coefficients 1 to 13 of a log-mel spectrogram.

    They are scaled as coefficients of the cosine series of the log spectrum, so that [`mel_cepstral_distance`] is in dB.

    Args:
        log_mel (`np.ndarray` of shape `(frames, n_mels)`): Natural logarithm of mel magnitudes.

    Returns:
        `np.ndarray` of shape `(frames, 13)`.
    """
    cepstra = scipy.fft.dct(log_mel, type=2, norm="ortho", axis=1) * np.sqrt(2 / log_mel.shape[1])
    return cepstra[:, 1:14]


def mel_cepstral_distance(first: np.ndarray, second: np.ndarray, path: np.ndarray) -> float:
    """
    Mel-cepstral distortion in dB (Kubichek 1993) along an alignment.

    Args:
        first, second (`np.ndarray` of shape `(frames, coefficients)`): Cepstra of [`mel_cepstra`].
        path (`np.ndarray` of shape `(steps, 2)`): Pairs of frame numbers.

    Returns:
        `float`: Mean over the path.
    """
    difference = first[path[:, 0]] - second[path[:, 1]]
    return float(10 / np.log(10) * np.sqrt(2 * (difference**2).sum(1)).mean())


def track_pitch(waveform: np.ndarray, num_frames: int) -> np.ndarray:
    """
    F0 by librosa's pYIN (Mauch & Dixon 2014).

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): Mono at 22,050 Hz.
        num_frames (`int`): Length of the result; frames are 256 samples apart, as those of the mel.

    Returns:
        `np.ndarray` of shape `(num_frames,)`: Hz, NaN where unvoiced.
    """
    librosa = import_optional("librosa", "librosa", "The pitch tracker")
    # half the rate and coarser bins of pitch: four times as fast, and pitch errors of 0.2 semitones do not matter here
    (halved,) = resample_waveforms([waveform], SAMPLING_RATE, SAMPLING_RATE // 2)
    pitch, _, _ = librosa.pyin(
        halved,
        fmin=_PITCH_RANGE[0],
        fmax=_PITCH_RANGE[1],
        sr=SAMPLING_RATE // 2,
        frame_length=512,
        hop_length=HOP_LENGTH // 2,
        resolution=0.2,
    )
    frames, levels = np.full(num_frames, np.nan), speech_levels(waveform)[:num_frames]
    frames[: len(pitch)] = pitch[:num_frames]
    faint = levels < levels.max(initial=-120.0) - SPEECH_RANGE
    frames[: len(levels)][faint] = np.nan  # the hum of a room has a pitch, too
    return frames


def measure_distances(
    waveform: np.ndarray | torch.Tensor, recording: np.ndarray | torch.Tensor, sampling_rate: int
) -> Distances | None:
    """
    Compare a synthesised clip with the recording of its sentence.

    Args:
        waveform (`np.ndarray` or `torch.Tensor` of shape `(samples,)`): The clip.
        recording (`np.ndarray` or `torch.Tensor` of shape `(samples,)`): The recording.
        sampling_rate (`int`): Rate of both in Hz.

    Returns:
        [`Distances`], or `None` where one of the two is silent or shorter than 0.1 s.
    """
    librosa = import_optional("librosa", "librosa", "Distances from the recording")
    extractor = GPT2TTSFeatureExtractor()
    clips = []
    for clip in resample_waveforms([waveform, recording], sampling_rate, SAMPLING_RATE):
        if len(clip) < _MIN_SECONDS * SAMPLING_RATE or np.abs(clip).max() < 1e-4:
            return None
        clip = trim_edges(clip)
        if len(clip) < _MIN_SECONDS * SAMPLING_RATE:
            return None
        clips.append(clip)
    log_mels = [extractor.log_mel(torch.from_numpy(clip)).numpy() for clip in clips]
    # what is fainter is inaudible beside the rest, and depends on the noise of the room
    cepstra = [mel_cepstra(np.maximum(log_mel, log_mel.max() - _DYNAMIC_RANGE)) for log_mel in log_mels]
    _, path = librosa.sequence.dtw(cepstra[0].T, cepstra[1].T, metric="euclidean")
    first, second = (track_pitch(clip, len(frames)) for clip, frames in zip(clips, cepstra, strict=True))
    first, second = first[path[:, 0]], second[path[:, 1]]
    voiced = ~np.isnan(first), ~np.isnan(second)
    both = voiced[0] & voiced[1]
    log_ratio = np.log(first[both] / second[both])
    return Distances(
        mel_cepstral_distortion=mel_cepstral_distance(*cepstra, path),
        log_f0_rmse=float(np.sqrt((log_ratio**2).mean())) if both.any() else float("nan"),
        voicing_error=float((voiced[0] != voiced[1]).mean()),
        duration_ratio=len(clips[0]) / len(clips[1]),
    )
