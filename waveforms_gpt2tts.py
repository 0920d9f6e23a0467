"""Waveforms before they become frames, in NumPy: what is refused, and mono at one rate; log-mels of it without PyTorch."""

import logging
import math
import numbers
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .audio import resample
from .reference_clips_gpt2tts import MAX_SECONDS, recording_flaws, speech_flaws
from .source_filter_gpt2tts import hann_window, mel_geometry

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

MAX_PEAK = 2.0  # full scale is 1; a hot float recording may exceed it a little, integer samples do by far
# the fields of a [`GPT2TTSFeatureExtractor`] that are read here
WAVEFORM_FIELDS = (
    *("feature_size", "sampling_rate", "n_fft", "win_length", "hop_length", "f_min", "f_max", "mel_floor"),
    *("trim_level_db", "trim_margin", "min_duration", "silence_level"),
)


class GPT2TTSWaveformMixin:
    """What a [`GPT2TTSFeatureExtractor`] does with waveforms that needs no PyTorch; its fields are `WAVEFORM_FIELDS`."""

    feature_size: int
    sampling_rate: int
    n_fft: int
    win_length: int
    hop_length: int
    f_min: float
    f_max: float
    mel_floor: float
    trim_level_db: float
    trim_margin: float
    min_duration: float
    silence_level: float

    @property
    def frame_rate(self) -> float:
        """Mel frames in a second."""
        return self.sampling_rate / self.hop_length

    @staticmethod
    def _check_rate(sampling_rate: int) -> int:
        if isinstance(sampling_rate, bool) or not isinstance(sampling_rate, numbers.Integral) or sampling_rate <= 0:
            raise ValueError(
                f"`sampling_rate` must be a positive whole number of Hz (an `int`), got {sampling_rate!r}: pass the "
                "rate the audio was recorded with, such as 22050."
            )
        return int(sampling_rate)

    def trim_silence(self, waveform: Any) -> Any:
        """Cuts the silence at both ends of a mono `waveform` `(num_samples,)`, but for `trim_margin` seconds."""
        num_frames = waveform.shape[-1] // self.hop_length
        if num_frames < 2:
            return waveform
        frames = np.asarray(waveform[: num_frames * self.hop_length]).reshape(num_frames, self.hop_length)
        level = 10 * np.log10(np.maximum(np.square(frames).mean(-1), 1e-20))
        loud = np.flatnonzero(level > level.max() - self.trim_level_db)
        margin = round(self.trim_margin * self.sampling_rate)
        start = max(0, int(loud[0]) * self.hop_length - margin)
        return waveform[start : (int(loud[-1]) + 1) * self.hop_length + margin]

    def prepare_waveform(
        self,
        audio: "np.ndarray | torch.Tensor | Sequence[float]",
        sampling_rate: int | None = None,
        *,
        trim: bool = False,
        is_reference: bool = False,
        name: str = "`audio`",
    ) -> np.ndarray:
        """
        Checks one clip and returns what [`~GPT2TTSFeatureExtractor.__call__`] makes frames of: mono, float32, at
        `self.sampling_rate`, `(num_samples,)`. For the arguments and errors see there; `name` is what errors call the clip.
        """
        if isinstance(audio, (str, bytes, dict)):
            raise TypeError(
                f"{name} must be samples (array, tensor or list of floats), got `{type(audio).__name__}`: read the file "
                "first, for instance with `soundfile.read(path)`, and pass its samples and `sampling_rate`."
            )
        waveform = _to_array(audio, name)
        if not np.issubdtype(waveform.dtype, np.floating):
            raise ValueError(
                f"{name} has integer samples ({waveform.dtype}), and floats in [-1, 1] are expected: divide by the full "
                "scale of the format, such as `audio / 32768` for 16-bit audio."
            )
        waveform = waveform.astype(np.float32)
        if waveform.ndim == 2 and min(waveform.shape) in (1, 2) and max(waveform.shape) > 2:
            waveform = waveform.mean(0 if waveform.shape[0] <= 2 else 1)
        if waveform.ndim != 1:
            raise ValueError(
                f"{name} has shape {waveform.shape}, and one clip is `(samples,)`, `(channels, samples)` or "
                "`(samples, channels)` with at most 2 channels: mix other layouts to mono, and pass several clips as a "
                "list."
            )
        recorded_rate = self.sampling_rate if sampling_rate is None else self._check_rate(sampling_rate)
        if is_reference and len(waveform) > MAX_SECONDS * recorded_rate:
            logger.warning(
                f"{name} is longer than {MAX_SECONDS:.0f} s, and a voice is taken from the first seconds of "
                "a clip: cut out the best 3 to 6 seconds, or pass several such clips."
            )
            waveform = waveform[: round(MAX_SECONDS * recorded_rate)]
        if not np.isfinite(waveform).all():
            raise ValueError(f"{name} holds NaN or infinite samples: check how it was read or computed.")
        if waveform.size == 0:
            raise ValueError(f"{name} is empty: pass at least {self.min_duration} s of audio.")
        peak = float(np.abs(waveform).max())
        if peak > MAX_PEAK:
            raise ValueError(
                f"{name} reaches {peak:.4g}, and samples in [-1, 1] are expected: divide integer samples by the full "
                "scale of their format, such as 32768 for 16-bit audio."
            )
        if np.abs(waveform - waveform.mean()).max() < self.silence_level:
            raise ValueError(
                f"{name} is silent (no sample above {self.silence_level:g} of full scale): check the recording or its "
                "gain."
            )
        recorded = waveform
        if sampling_rate is not None:
            waveform = resample(waveform, recorded_rate, self.sampling_rate)
        if trim:
            waveform = self.trim_silence(waveform)
        min_samples = max(math.ceil(self.min_duration * self.sampling_rate), self.n_fft // 2 + 1)
        if len(waveform) < min_samples:
            raise ValueError(
                f"{name} is {len(waveform) / self.sampling_rate:.3f} s long{' after trimming' if trim else ''}, and "
                f"at least {min_samples / self.sampling_rate:.3f} s are needed: pass a longer clip."
            )
        if is_reference:
            flaws = speech_flaws(self.trim_silence(waveform), self.sampling_rate)
            for flaw in flaws or recording_flaws(recorded, recorded_rate):
                logger.warning(f"{name} {flaw}")
        return waveform

    def analyse(self, waveform: np.ndarray) -> np.ndarray:
        """
        Log-mels of a waveform `(num_samples,)` as [`~GPT2TTSFeatureExtractor.log_mel`] makes them, float32
        `(1 + num_samples // hop_length, feature_size)`, in NumPy.
        """
        geometry = mel_geometry(self.n_fft, self.f_min, self.f_max, self.feature_size, self.sampling_rate)
        missing = self.n_fft - self.win_length
        window = np.pad(hann_window(self.win_length), (missing // 2, missing - missing // 2))
        padded = np.pad(waveform.astype(np.float32), self.n_fft // 2, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.n_fft)[:: self.hop_length]
        mel = np.abs(np.fft.rfft(frames * window)) @ geometry.filters
        return np.log(np.maximum(mel, self.mel_floor)).astype(np.float32)


class GPT2TTSWaveforms(GPT2TTSWaveformMixin):
    """
    The part of a [`GPT2TTSFeatureExtractor`] that needs no PyTorch, by itself.

    Args:
        settings: Its fields `WAVEFORM_FIELDS`.
    """

    def __init__(self, **settings: Any):
        for name in WAVEFORM_FIELDS:
            setattr(self, name, settings[name])


def _to_array(audio: Any, name: str) -> np.ndarray:
    """Samples of a tensor, an array or a list as an array."""
    try:
        if hasattr(audio, "detach"):
            audio = audio.detach().cpu()
            return (audio.float() if audio.is_floating_point() else audio).numpy()
        array = np.array(audio)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be an array, a tensor or a list of floats, got {type(audio)}.") from error
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be an array, a tensor or a list of floats, got {type(audio)}.")
    return array


__all__ = ["WAVEFORM_FIELDS", "GPT2TTSWaveformMixin", "GPT2TTSWaveforms"]
