"""Waveform to log-mel spectrogram, in the form SpeechBrain's HiFi-GAN for LJSpeech was trained on."""

import copy
import functools
import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torchaudio
from transformers import BatchFeature, SequenceFeatureExtractor
from transformers.utils import PaddingStrategy, logging

from .audio import check_resampling
from .frames_gpt2tts import FINE_FACTOR, FINE_LEVEL
from .waveforms_gpt2tts import GPT2TTSWaveformMixin

logger = logging.get_logger(__name__)

Waveform = np.ndarray | torch.Tensor | Sequence[float]


@functools.lru_cache(maxsize=16)
def _mel_transform(
    sampling_rate: int,
    n_fft: int,
    win_length: int,
    hop_length: int,
    n_mels: int,
    f_min: float,
    f_max: float,
    device: torch.device,
    dtype: torch.dtype,
) -> torchaudio.transforms.MelSpectrogram:
    # a filterbank made under `inference_mode` could not be used with gradients later
    with torch.inference_mode(False), torch.device("cpu"):
        transform = torchaudio.transforms.MelSpectrogram(
            sample_rate=sampling_rate,
            n_fft=n_fft,
            win_length=win_length,
            hop_length=hop_length,
            n_mels=n_mels,
            f_min=f_min,
            f_max=f_max,
            power=1.0,
            norm="slaney",
            mel_scale="slaney",
        )
        return transform.to(device, dtype)


class GPT2TTSFeatureExtractor(GPT2TTSWaveformMixin, SequenceFeatureExtractor):
    r"""
    Extracts log-mel spectrograms: magnitude (power 1) of a centred STFT with a Hann window, slaney mel filters with
    slaney norm, natural logarithm clamped from below. With the defaults this equals `mel_spectrogram` of
    `speechbrain.lobes.models.HifiGAN` in the settings of `speechbrain/tts-hifigan-ljspeech`, so that vocoder takes the
    features without conversion. They are not mean/variance normalised: the model does that with its stored statistics.

    Args:
        feature_size (`int`, *optional*, defaults to 80):
            Number of mel bins.
        sampling_rate (`int`, *optional*, defaults to 22050):
            Sampling rate of the features in Hz; audio of another rate is resampled to it.
        padding_value (`float`, *optional*):
            Value of padded frames. Defaults to digital silence, `log(mel_floor)`.
        n_fft (`int`, *optional*, defaults to 1024):
            Size of the Fourier transform in samples.
        win_length (`int`, *optional*, defaults to 1024):
            Length of the window in samples.
        hop_length (`int`, *optional*, defaults to 256):
            Samples between two frames: `num_samples` samples give `1 + num_samples // hop_length` frames.
        f_min (`float`, *optional*, defaults to 0.0):
            Lowest frequency of the mel filters in Hz.
        f_max (`float`, *optional*, defaults to 8000.0):
            Highest frequency of the mel filters in Hz.
        mel_floor (`float`, *optional*, defaults to 1e-5):
            Lower bound of the mel magnitudes before the logarithm.
        trim (`bool`, *optional*, defaults to `False`):
            Whether to cut the silence at both ends of each waveform.
        trim_level_db (`float`, *optional*, defaults to 40.0):
            Level below the loudest frame, in dB, under which `trim` takes a frame for silence.
        trim_margin (`float`, *optional*, defaults to 0.05):
            Silence that `trim` leaves at each end, in seconds.
        min_duration (`float`, *optional*, defaults to 0.1):
            Shortest audio accepted, in seconds (after trimming).
        silence_level (`float`, *optional*, defaults to 1e-4):
            Audio whose peak (around its mean, full scale 1) stays below this is rejected as silent.
    """

    model_input_names = ["input_features", "attention_mask"]  # noqa: RUF012 (as in transformers)
    # `save_pretrained` writes this file and its entry in `auto_map` beside the configuration
    _auto_class = "AutoFeatureExtractor"

    def __init__(
        self,
        feature_size: int = 80,
        sampling_rate: int = 22050,
        padding_value: float | None = None,
        n_fft: int = 1024,
        win_length: int = 1024,
        hop_length: int = 256,
        f_min: float = 0.0,
        f_max: float = 8000.0,
        mel_floor: float = 1e-5,
        trim: bool = False,
        trim_level_db: float = 40.0,
        trim_margin: float = 0.05,
        min_duration: float = 0.1,
        silence_level: float = 1e-4,
        **kwargs,
    ):
        padding_value = math.log(mel_floor) if padding_value is None else padding_value
        super().__init__(feature_size=feature_size, sampling_rate=sampling_rate, padding_value=padding_value, **kwargs)
        self.n_fft = n_fft
        self.win_length = win_length
        self.hop_length = hop_length
        self.f_min = f_min
        self.f_max = f_max
        self.mel_floor = mel_floor
        self.trim = trim
        self.trim_level_db = trim_level_db
        self.trim_margin = trim_margin
        self.min_duration = min_duration
        self.silence_level = silence_level

    def log_mel(self, waveform: torch.Tensor) -> torch.Tensor:
        r"""
        Log-mel spectrogram of waveforms at `self.sampling_rate`. Differentiable, and computed on the waveform's device,
        in float32 also under autocast (float64 stays float64).

        Args:
            waveform (`torch.Tensor` of shape `(..., num_samples)`):
                Samples in [-1, 1]; more than `n_fft // 2` of them.

        Returns:
            `torch.Tensor` of shape `(..., 1 + num_samples // hop_length, feature_size)`.
        """
        if waveform.shape[-1] <= self.n_fft // 2:
            raise ValueError(
                f"`waveform` has {waveform.shape[-1]} samples, and the centred STFT needs more than {self.n_fft // 2}: "
                "pass longer audio, with the samples in the last dimension."
            )
        dtype = torch.float64 if waveform.dtype == torch.float64 else torch.float32
        transform = _mel_transform(
            self.sampling_rate,
            self.n_fft,
            self.win_length,
            self.hop_length,
            self.feature_size,
            self.f_min,
            self.f_max,
            waveform.device,
            dtype,
        )
        with torch.autocast(waveform.device.type, enabled=False):
            mel = transform(waveform.to(dtype))
            return mel.clamp(min=self.mel_floor).log().transpose(-1, -2)

    def fine_log_mel(self, waveform: torch.Tensor) -> torch.Tensor:
        """
        Log-mels of waveforms `(..., num_samples)` at half the hop, in half the window, as a refiner learns them: `FINE_FACTOR`
        to a frame of [`~GPT2TTSFeatureExtractor.log_mel`], `(..., num_frames, FINE_FACTOR * feature_size)`, see [`GPT2TTSFrames`].
        """
        fine = copy.copy(self)
        for name in ("n_fft", "win_length", "hop_length"):
            setattr(fine, name, getattr(self, name) // FINE_FACTOR)
        fine.mel_floor = self.mel_floor * math.exp(-FINE_LEVEL)  # digital silence is what it is in a frame
        spectra = fine.log_mel(waveform) + FINE_LEVEL
        missing = FINE_FACTOR * (1 + waveform.shape[-1] // self.hop_length) - spectra.shape[-2]
        spectra = torch.cat((spectra, *[spectra[..., -1:, :]] * missing), dim=-2)
        return spectra.unflatten(-2, (-1, FINE_FACTOR)).flatten(-2)

    def resample(self, waveform: torch.Tensor, sampling_rate: int) -> torch.Tensor:
        """Resamples `waveform` `(..., num_samples)` from `sampling_rate` (Hz) to `self.sampling_rate`."""
        sampling_rate = self._check_rate(sampling_rate)
        check_resampling(sampling_rate, self.sampling_rate)
        return torchaudio.functional.resample(waveform, sampling_rate, self.sampling_rate)

    def __call__(
        self,
        audio: Waveform | Sequence[Waveform],
        *,
        sampling_rate: int | None = None,
        trim: bool | None = None,
        is_reference: bool = False,
        padding: bool | str | PaddingStrategy = True,
        max_length: int | None = None,
        truncation: bool = True,
        pad_to_multiple_of: int | None = None,
        return_attention_mask: bool | None = None,
        return_tensors: str | None = "pt",
    ) -> BatchFeature:
        r"""
        Extracts the log-mel spectrograms of one clip or a list of clips.

        Args:
            audio (`np.ndarray`, `torch.Tensor`, `list[float]`, or a list of them):
                Samples as floats in [-1, 1]: one clip `(samples,)`, a batch of clips `(batch_size, samples)`, or a list
                of clips. A clip of a list may also be `(channels, samples)` with at most 2 channels, which are
                averaged, and any clip `(samples, channels)`, as `soundfile.read` returns it.
            sampling_rate (`int`, *optional*):
                Sampling rate of `audio` in Hz; audio of another rate than `self.sampling_rate` is resampled. Without
                it, `audio` is taken to have `self.sampling_rate`.
            trim (`bool`, *optional*):
                Whether to cut the silence at both ends. Defaults to `self.trim`.
            is_reference (`bool`, *optional*, defaults to `False`):
                Whether a voice is to be taken from the clips. What does not sound like one speaker, or is clipped, cut or
                very short, is warned of; no more than a minute of a clip is looked at.
            padding (`bool`, `str` or [`~utils.PaddingStrategy`], *optional*, defaults to `True`):
                Padding of the batch on the right, see [`~SequenceFeatureExtractor.pad`].
            max_length (`int`, *optional*):
                Longest spectrogram in frames. Longer ones are cropped to their first `max_length` frames.
            truncation (`bool`, *optional*, defaults to `True`):
                Whether `max_length` crops; otherwise it is only the length of `padding="max_length"`.
            pad_to_multiple_of (`int`, *optional*):
                Pad to a multiple of this many frames.
            return_attention_mask (`bool`, *optional*):
                Whether to return the mask. Defaults to `self.return_attention_mask` (`True`).
            return_tensors (`str`, *optional*, defaults to `"pt"`):
                `"pt"`, `"np"` or `None` for lists.

        Returns:
            [`BatchFeature`] with `input_features` (float32, `(batch_size, num_frames, feature_size)`) and
            `attention_mask` (int64, `(batch_size, num_frames)`, 1 for real frames).

        Raises:
            `TypeError`, `ValueError`: for audio that is no waveform, silent, too short, not finite, out of range or of
            integers, and for a sampling rate that is none.
        """
        trim = self.trim if trim is None else trim
        if sampling_rate is None:
            logger.warning_once(
                f"No `sampling_rate` was given to {type(self).__name__}: the audio is taken to be sampled at "
                f"{self.sampling_rate} Hz. Pass `sampling_rate` to have it resampled."
            )
        # a list of numbers is one clip, a list of anything else several; so are the rows of an array, but for the layout
        # `(samples, channels)`
        if isinstance(audio, (np.ndarray, torch.Tensor)):
            is_batch = audio.ndim == 2 and (audio.shape[1] > 2 or audio.shape[0] <= 2)
        else:
            is_batch = isinstance(audio, (list, tuple)) and not (audio and isinstance(audio[0], numbers.Number))
        clips: list[Any] = list(audio) if is_batch else [audio]
        if not clips:
            raise ValueError("`audio` holds no clip: pass at least one.")

        features = []
        for index, clip in enumerate(clips):
            name = f"`audio[{index}]`" if is_batch else "`audio`"
            with torch.no_grad():
                waveform = self.prepare_waveform(clip, sampling_rate, trim=trim, is_reference=is_reference, name=name)
                features.append(self.log_mel(torch.from_numpy(waveform)).numpy())
        batch = self.pad(
            BatchFeature({"input_features": features}),
            padding=padding,
            max_length=max_length,
            truncation=truncation and max_length is not None,
            pad_to_multiple_of=pad_to_multiple_of,
            return_attention_mask=return_attention_mask,
            return_tensors=return_tensors,
        )
        if return_tensors == "pt" and "attention_mask" in batch:
            batch["attention_mask"] = batch["attention_mask"].long()
        return batch


__all__ = ["GPT2TTSFeatureExtractor"]
