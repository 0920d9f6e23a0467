"""Vocoders: log-mel spectrogram to waveform, chosen by a reference (see `load_vocoder`)."""

import functools
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
import torchaudio
from huggingface_hub.dataclasses import strict
from torch import nn
from torch.nn.utils import parametrizations, parametrize
from transformers import PreTrainedConfig, PreTrainedModel, SpeechT5HifiGan, SpeechT5HifiGanConfig
from transformers import initialization as init
from transformers.utils import cached_file
from transformers.utils.type_validators import interval, positive_int_field

GRIFFIN_LIM = "griffin-lim"
LIMITER_KNEE = 0.8  # below it samples stay as they are
REFINEMENT_MOMENTUM = 0.99


@strict
class GPT2TTSHifiGanConfig(SpeechT5HifiGanConfig):
    r"""
    Configuration of a [`GPT2TTSHifiGan`]. The defaults are HiFi-GAN V1 as SpeechBrain trains it on LJSpeech. The other
    fields are those of [`~transformers.SpeechT5HifiGanConfig`].

    sampling_rate (`int`, *optional*, defaults to 22050):
        Sampling rate of the waveform in Hz.
    upsample_rates (`list[int]`, *optional*, defaults to `(8, 8, 2, 2)`):
        Stride of each upsampling layer. Their product is the hop length in samples.
    resblock_type (`int`, *optional*, defaults to 1):
        1: a dilated and a plain convolution for each dilation (HiFi-GAN V1 and V2). 2: the dilated ones alone (V3).
    padding_mode (`str`, *optional*, defaults to `"reflect"`):
        What the convolutions see beyond the edges: `"reflect"` as in SpeechBrain, `"zeros"` as in transformers.
    inference_padding (`int`, *optional*, defaults to 5):
        Number of frames by which the spectrogram is repeated at each end before vocoding. What they produce is cut
        off again, so that `n` frames always give `n * hop_length` samples. SpeechBrain's `inference` leaves it on.
    """

    model_type = "gpt2tts_hifigan"
    attribute_map = {"n_mels": "model_in_dim"}  # noqa: RUF012

    sampling_rate: int = positive_int_field(default=22050)
    upsample_rates: list[int] | tuple[int, ...] = (8, 8, 2, 2)
    upsample_kernel_sizes: list[int] | tuple[int, ...] = (16, 16, 4, 4)
    normalize_before: bool = False
    resblock_type: Literal[1, 2] = 1
    padding_mode: Literal["reflect", "zeros"] = "reflect"
    inference_padding: int = interval(min=0)(default=5)

    @property
    def hop_length(self) -> int:
        """Number of samples a frame becomes."""
        return math.prod(self.upsample_rates)

    def validate_architecture(self):
        """Check the fields against each other."""
        if len(self.upsample_rates) != len(self.upsample_kernel_sizes):
            raise ValueError(
                f"`upsample_rates` ({self.upsample_rates}) and `upsample_kernel_sizes` ({self.upsample_kernel_sizes}) "
                "must have the same length."
            )
        if len(self.resblock_kernel_sizes) != len(self.resblock_dilation_sizes):
            raise ValueError(
                f"`resblock_kernel_sizes` ({self.resblock_kernel_sizes}) and `resblock_dilation_sizes` "
                f"({self.resblock_dilation_sizes}) must have the same length."
            )
        if any((k - u) % 2 or k < u for u, k in zip(self.upsample_rates, self.upsample_kernel_sizes, strict=True)):
            raise ValueError(
                f"Each of `upsample_kernel_sizes` ({self.upsample_kernel_sizes}) must exceed its rate in "
                f"`upsample_rates` ({self.upsample_rates}) by an even number; otherwise the waveform has no whole "
                "number of samples a frame."
            )


@strict
class GPT2TTSVocosConfig(PreTrainedConfig):
    r"""
    Configuration of a [`GPT2TTSVocos`]. The defaults are the small vocoder: 1.9M parameters.

    n_mels (`int`, *optional*, defaults to 80):
        Number of mel bins of the input.
    sampling_rate (`int`, *optional*, defaults to 22050):
        Sampling rate of the waveform in Hz.
    n_fft (`int`, *optional*, defaults to 1024):
        Size of the inverse Fourier transform and of its Hann window in samples.
    hop_length (`int`, *optional*, defaults to 256):
        Number of samples a frame becomes.
    f_min (`float`, *optional*, defaults to 0.0):
        Lowest frequency of the mel filters in Hz.
    f_max (`float`, *optional*, defaults to 8000.0):
        Highest frequency of the mel filters in Hz.
    hidden_size (`int`, *optional*, defaults to 192):
        Number of channels of the trunk.
    intermediate_size (`int`, *optional*, defaults to 512):
        Number of channels inside a ConvNeXt block.
    num_hidden_layers (`int`, *optional*, defaults to 8):
        Number of ConvNeXt blocks.
    kernel_size (`int`, *optional*, defaults to 7):
        Number of frames each convolution spans (odd).
    num_refinements (`int`, *optional*, defaults to 4):
        Iterations of fast Griffin-Lim that start from the predicted waveform, its magnitudes scaled to the mel
        energies asked for. In eval mode only: training through them is worse than training without. Each costs about
        1 ms a second of speech.
    layer_norm_eps (`float`, *optional*, defaults to 1e-06):
        Epsilon of the layer normalisations.
    initializer_range (`float`, *optional*, defaults to 0.02):
        Standard deviation of the initial weights.
    """

    model_type = "gpt2tts_vocos"

    n_mels: int = positive_int_field(default=80)
    sampling_rate: int = positive_int_field(default=22050)
    n_fft: int = positive_int_field(default=1024)
    hop_length: int = positive_int_field(default=256)
    f_min: float = interval(min=0.0)(default=0.0)
    f_max: float = interval(min=0.0)(default=8000.0)
    hidden_size: int = positive_int_field(default=192)
    intermediate_size: int = positive_int_field(default=512)
    num_hidden_layers: int = positive_int_field(default=8)
    kernel_size: int = positive_int_field(default=7)
    num_refinements: int = interval(min=0)(default=4)
    layer_norm_eps: float = interval(min=0.0)(default=1e-6)
    initializer_range: float = interval(min=0.0, max=1.0)(default=0.02)

    def validate_architecture(self):
        """Check the fields against each other."""
        if self.kernel_size % 2 == 0:
            raise ValueError(f"`kernel_size` ({self.kernel_size}) must be odd, so that a frame has a middle.")
        # beyond half a window from the last frame's centre nothing would cover the waveform
        if self.n_fft % 2 or self.hop_length * 2 >= self.n_fft:
            raise ValueError(
                f"`n_fft` ({self.n_fft}) must be even and more than twice `hop_length` ({self.hop_length})."
            )


@strict
class GPT2TTSGriffinLimConfig(PreTrainedConfig):
    r"""
    Configuration of a [`GPT2TTSGriffinLim`]: the mel analysis to invert, and how hard to try.

    n_mels (`int`, *optional*, defaults to 80):
        Number of mel bins of the input.
    sampling_rate (`int`, *optional*, defaults to 22050):
        Sampling rate of the waveform in Hz.
    n_fft (`int`, *optional*, defaults to 1024):
        Size of the Fourier transform and of its Hann window in samples.
    hop_length (`int`, *optional*, defaults to 256):
        Number of samples between frames.
    f_min (`float`, *optional*, defaults to 0.0):
        Lowest frequency of the mel filters in Hz.
    f_max (`float`, *optional*, defaults to 8000.0):
        Highest frequency of the mel filters in Hz.
    num_iterations (`int`, *optional*, defaults to 60):
        Number of iterations.
    momentum (`float`, *optional*, defaults to 0.99):
        Momentum of the fast variant (Perraudin and others, 2013); 0 is the original algorithm.
    """

    model_type = "gpt2tts_griffin_lim"

    n_mels: int = positive_int_field(default=80)
    sampling_rate: int = positive_int_field(default=22050)
    n_fft: int = positive_int_field(default=1024)
    hop_length: int = positive_int_field(default=256)
    f_min: float = interval(min=0.0)(default=0.0)
    f_max: float = interval(min=0.0)(default=8000.0)
    num_iterations: int = positive_int_field(default=60)
    momentum: float = interval(min=0.0, max=0.999)(default=0.99)


class GPT2TTSVocoder(nn.Module):
    """
    The call that all vocoders share. A class adds `config`, `vocode` and `context_frames`.

    Attributes:
        reference (`str` or `None`): what `load_vocoder` was asked for.
    """

    config: Any
    device: Any
    dtype: Any
    reference: str | None = None

    @property
    def hop_length(self) -> int:
        """Number of samples a frame becomes."""
        return self.config.hop_length

    @property
    def context_frames(self) -> int | None:
        """Number of frames on each side that a frame's samples depend on, or `None` where it is all of them."""
        raise NotImplementedError

    def vocode(self, spectrogram: torch.Tensor) -> torch.Tensor:
        """Log-mel spectrogram `(batch, frames, n_mels)` without padding to waveform `(batch, frames * hop_length)`."""
        raise NotImplementedError

    def forward(self, spectrogram: torch.Tensor, lengths: torch.Tensor | Sequence[int] | None = None) -> torch.Tensor:
        """
        Turn log-mel spectrograms into waveforms.

        Args:
            spectrogram (`torch.Tensor` of shape `(batch, frames, n_mels)` or `(frames, n_mels)`):
                Natural-log mel magnitudes, right-padded. Half precision is raised to the vocoder's own.
            lengths (`torch.Tensor` or `Sequence[int]` of shape `(batch,)`, *optional*):
                Number of real frames of each row; all of them where left out. Each row comes out as if it were alone.

        Returns:
            `torch.Tensor` of shape `(batch, frames * hop_length)` or `(frames * hop_length,)`: float32 waveform, zero
            after each row's `length * hop_length` samples.

        Raises:
            ValueError: if the shape, the number of mel bins or the lengths do not fit.
        """
        if spectrogram.dim() == 2:
            return self(spectrogram[None], lengths)[0]
        n_mels = self.config.n_mels
        if spectrogram.dim() != 3 or spectrogram.shape[-1] != n_mels:
            raise ValueError(
                f"`spectrogram` must be (batch, frames, {n_mels}) or (frames, {n_mels}) for this vocoder, got "
                f"{tuple(spectrogram.shape)}. Pass time before bins, or choose a vocoder trained on as many mel bins."
            )
        batch_size, frames, _ = spectrogram.shape
        lengths = [frames] * batch_size if lengths is None else torch.as_tensor(lengths).flatten().tolist()
        if len(lengths) != batch_size or any(not 0 <= length <= frames for length in lengths):
            raise ValueError(
                f"`lengths` must hold one number of frames from 0 to {frames} for each of the {batch_size} rows, got "
                f"{lengths}."
            )
        spectrogram = spectrogram.to(self.device, self.dtype)
        if frames and set(lengths) == {frames}:
            return self.vocode(spectrogram).float()
        # What lies beyond the end must not leak in, and convolutions mirror the end itself: rows of one length together.
        waveform = torch.zeros(batch_size, frames * self.hop_length, device=self.device)
        for length in sorted(set(lengths) - {0}):
            rows = [row for row, row_length in enumerate(lengths) if row_length == length]
            waveform[rows, : length * self.hop_length] = self.vocode(spectrogram[rows, :length]).float()
        return waveform

    def stream(self, chunks: Iterable[torch.Tensor]) -> Iterator[torch.Tensor]:
        """
        Vocode a spectrogram that arrives in chunks.

        Samples are given out once `context_frames` further frames are there, so that the pieces joined equal one pass
        over the joined chunks, and half as many at least at a time, since each pass computes the context again. A vocoder without a finite context (Griffin-Lim) gives all at the end.

        Args:
            chunks (iterable of `torch.Tensor` of shape `(batch, frames, n_mels)` or `(frames, n_mels)`):
                Consecutive pieces of the log-mel spectrogram, each of any length.

        Yields:
            `torch.Tensor` of shape `(batch, samples)` or `(samples,)`: the next samples.
        """
        context, hop = self.context_frames, self.hop_length
        pending, start, done = None, 0, 0  # `pending` holds the frames from `start` on; those before `done` are spoken
        for chunk in chunks:
            pending = chunk if pending is None else torch.cat((pending, chunk), dim=-2)
            if context is None:
                continue
            ready = start + pending.shape[-2] - context
            if ready - done >= max(1, context // 2):
                with torch.inference_mode():
                    waveform = self(pending)
                yield waveform[..., (done - start) * hop : (ready - start) * hop]
                keep = max(ready - context, start)
                pending, start, done = pending[..., keep - start :, :], keep, ready
        if pending is not None and start + pending.shape[-2] > done:
            with torch.inference_mode():
                waveform = self(pending)
            yield waveform[..., (done - start) * hop :]


class GPT2TTSHifiGanPlainResidualBlock(nn.Module):
    """The residual block of HiFi-GAN V3: one dilated convolution a step."""

    def __init__(self, channels: int, kernel_size: int, dilation: Sequence[int], leaky_relu_slope: float):
        super().__init__()
        self.leaky_relu_slope = leaky_relu_slope
        self.convs = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel_size, dilation=d, padding=(kernel_size - 1) * d // 2)
            for d in dilation
        )

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        """`(batch, channels, time)` to the same."""
        for conv in self.convs:
            hidden_states = hidden_states + conv(nn.functional.leaky_relu(hidden_states, self.leaky_relu_slope))
        return hidden_states


class GPT2TTSHifiGan(GPT2TTSVocoder, SpeechT5HifiGan):
    """
    HiFi-GAN generator (https://arxiv.org/abs/2010.05646), able to hold SpeechBrain's and transformers' weights.

    See [`GPT2TTSVocoder.forward`] for the call.
    """

    config: GPT2TTSHifiGanConfig

    def __init__(self, config: GPT2TTSHifiGanConfig):
        super().__init__(config)
        if config.resblock_type == 2:
            self.resblocks = nn.ModuleList(
                GPT2TTSHifiGanPlainResidualBlock(
                    config.upsample_initial_channel // 2**stage, kernel_size, dilation, config.leaky_relu_slope
                )
                for stage in range(1, len(config.upsample_rates) + 1)
                for kernel_size, dilation in zip(
                    config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True
                )
            )
        for module in self.modules():
            if isinstance(module, nn.Conv1d):
                module.padding_mode = config.padding_mode
        self.post_init()

    @property
    def context_frames(self) -> int:
        """Number of frames on each side that a frame's samples depend on."""
        config = self.config
        convolutions = 2 if config.resblock_type == 1 else 1
        reach, rate = 3.0, 1  # in frames; the first convolution spans 7
        for upsample_rate, upsample_kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            reach += upsample_kernel / 2 / upsample_rate / rate
            rate *= upsample_rate
            reach += max(
                (kernel - 1) / 2 * (sum(dilation) + (convolutions - 1) * len(dilation)) / rate
                for kernel, dilation in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True)
            )
        return math.ceil(reach + 3 / rate) + 1

    def vocode(self, spectrogram: torch.Tensor) -> torch.Tensor:
        """Log-mel spectrogram `(batch, frames, n_mels)` without padding to waveform `(batch, frames * hop_length)`."""
        padding, samples = self.config.inference_padding, spectrogram.shape[1] * self.hop_length
        spectrogram = nn.functional.pad(spectrogram.mT, (padding, padding), mode="replicate").mT
        waveform = SpeechT5HifiGan.forward(self, spectrogram)
        return waveform[:, padding * self.hop_length :][:, :samples]

    def apply_weight_norm(self):
        """Split the weights of the convolutions into direction and length, as HiFi-GAN is trained."""
        for module in list(self.modules()):
            if isinstance(module, (nn.Conv1d, nn.ConvTranspose1d)):
                parametrizations.weight_norm(module)

    def remove_weight_norm(self):
        """Join them again, for saving and for inference."""
        for module in list(self.modules()):
            if parametrize.is_parametrized(module, "weight"):
                parametrize.remove_parametrizations(module, "weight")


@functools.lru_cache(maxsize=4)
def _mel_filters(
    n_fft: int, f_min: float, f_max: float, n_mels: int, sampling_rate: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.inference_mode(False), torch.device("cpu"):
        filters = torchaudio.functional.melscale_fbanks(
            n_fft // 2 + 1, f_min, f_max, n_mels, sampling_rate, norm="slaney", mel_scale="slaney"
        )
        if (filters.sum(dim=0) == 0).any():
            raise ValueError(f"`n_fft` ({n_fft}) is too small for `n_mels` ({n_mels}): a mel filter spans no bin.")
        bins = torch.arange(len(filters), dtype=torch.float32)
        centres = (filters * bins[:, None]).sum(dim=0) / filters.sum(dim=0)
        right = torch.searchsorted(centres, bins).clamp(1, n_mels - 1)
        share = ((bins - centres[right - 1]) / (centres[right] - centres[right - 1])).clamp(0, 1)
        interpolation = torch.zeros(n_mels, len(filters))
        interpolation[right - 1, bins.long()] = 1 - share
        interpolation[right, bins.long()] = share
        return filters.to(device), interpolation.to(device)


def _mel_geometry(config: GPT2TTSVocosConfig, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """The mel filters `(bins, n_mels)`, and linear interpolation `(n_mels, bins)` between their centres."""
    return _mel_filters(config.n_fft, config.f_min, config.f_max, config.n_mels, config.sampling_rate, device)


def _limit_peaks(waveform: torch.Tensor) -> torch.Tensor:
    """Rounds off what comes near full scale, each sample by itself; where a file would cut it, it would crackle."""
    magnitude = waveform.abs()
    excess = (magnitude - LIMITER_KNEE).clamp(min=0.0) / (1.0 - LIMITER_KNEE)
    return waveform.sign() * (magnitude.clamp(max=LIMITER_KNEE) + (1.0 - LIMITER_KNEE) * excess.tanh())


class GPT2TTSVocosBlock(nn.Module):
    """ConvNeXt block over time: a depthwise convolution, then two linear layers on each frame."""

    def __init__(self, config: GPT2TTSVocosConfig):
        super().__init__()
        size, kernel_size = config.hidden_size, config.kernel_size
        self.depthwise_conv = nn.Conv1d(size, size, kernel_size, padding=kernel_size // 2, groups=size)
        self.layer_norm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.up_proj = nn.Linear(size, config.intermediate_size)
        self.down_proj = nn.Linear(config.intermediate_size, size)
        self.layer_scale = nn.Parameter(torch.empty(size))

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        """`(batch, frames, hidden_size)` to the same."""
        residual = hidden_states
        hidden_states = self.layer_norm(self.depthwise_conv(hidden_states.mT).mT)
        hidden_states = self.down_proj(nn.functional.gelu(self.up_proj(hidden_states)))
        return residual + self.layer_scale * hidden_states


class GPT2TTSVocos(GPT2TTSVocoder, PreTrainedModel):
    """
    Vocos (https://arxiv.org/abs/2306.00814): a ConvNeXt trunk at the frame rate predicts magnitude and phase of every
    bin, and an inverse short-time Fourier transform makes the samples. No layer runs at the sampling rate, so it is
    one to two orders of magnitude cheaper than HiFi-GAN on a CPU.

    The log magnitudes start from an interpolation of the log-mel bins (`magnitude_skip`), which the trunk corrects.

    See [`GPT2TTSVocoder.forward`] for the call.
    """

    config: GPT2TTSVocosConfig
    main_input_name = "spectrogram"

    def __init__(self, config: GPT2TTSVocosConfig):
        super().__init__(config)
        size, bins = config.hidden_size, config.n_fft // 2 + 1
        # mirrored frames at the edges: zeros would be loud in log-mel
        self.embed = nn.Conv1d(
            config.n_mels, size, config.kernel_size, padding=config.kernel_size // 2, padding_mode="replicate"
        )
        self.embed_norm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.layers = nn.ModuleList(GPT2TTSVocosBlock(config) for _ in range(config.num_hidden_layers))
        self.final_norm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.magnitude_skip = nn.Linear(config.n_mels, bins)
        self.magnitude_head = nn.Linear(size, bins)
        self.phase_head = nn.Linear(size, bins)
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module):
        super()._init_weights(module)
        if isinstance(module, GPT2TTSVocosBlock):
            init.constant_(module.layer_scale, 1 / self.config.num_hidden_layers)
        elif module is self.magnitude_skip and module.weight.device.type != "meta":
            filters, interpolation = _mel_geometry(self.config, torch.device("cpu"))
            init.copy_(module.weight, interpolation.T)
            init.copy_(module.bias, -(filters.sum(dim=0).log() @ interpolation))
        elif module is self.phase_head:
            # pulses in the middle of their window, where it is 1: with all phases 0 they would lie at its edge
            init.copy_(module.bias, torch.pi * (torch.arange(len(module.bias)) % 2))

    @property
    def context_frames(self) -> int:
        """Number of frames on each side that a frame's samples depend on."""
        config = self.config
        half_window = math.ceil(config.n_fft / 2 / config.hop_length)
        # analysis reaches one frame further to the left than to the right, synthesis the other way round
        window_reach = half_window + (2 * half_window - 1) * config.num_refinements
        return (config.num_hidden_layers + 1) * (config.kernel_size // 2) + window_reach

    def vocode(self, spectrogram: torch.Tensor) -> torch.Tensor:
        """Log-mel spectrogram `(batch, frames, n_mels)` without padding to waveform `(batch, frames * hop_length)`."""
        hidden_states = self.embed_norm(self.embed(spectrogram.mT).mT)
        for layer in self.layers:
            hidden_states = layer(hidden_states)
        hidden_states = self.final_norm(hidden_states)
        log_magnitude = self.magnitude_skip(spectrogram) + self.magnitude_head(hidden_states)
        phase = self.phase_head(hidden_states)
        # the transform needs float32; e^7 is beyond any bin of a full-scale waveform
        magnitude, phase = log_magnitude.float().clamp(max=7.0).exp(), phase.float()
        waveform = self._synthesise(torch.polar(magnitude, phase))
        previous = None
        for _ in range(0 if self.training else self.config.num_refinements):
            spectrum = self._analyse(waveform)
            if previous is None:
                magnitude = self._match_mel(spectrum.abs(), spectrogram.float())
            # a step beyond, along the last change: the fast Griffin-Lim algorithm
            ahead = spectrum if previous is None else spectrum + REFINEMENT_MOMENTUM * (spectrum - previous)
            waveform = self._synthesise(ahead * (magnitude / (ahead.abs() + 1e-9)))
            previous = spectrum
        return waveform if self.training else _limit_peaks(waveform)

    def _match_mel(self, magnitude: torch.Tensor, spectrogram: torch.Tensor) -> torch.Tensor:
        """Scale each bin of `magnitude` smoothly, so that the mel energies are those of `spectrogram`."""
        filters, interpolation = _mel_geometry(self.config, magnitude.device)
        for _ in range(2):  # neighbouring filters overlap: once is not quite enough
            excess = (magnitude @ filters).clamp(min=1e-5).log() - spectrogram
            magnitude = magnitude * (-excess @ interpolation).exp()
        return magnitude

    def _synthesise(self, spectrum: torch.Tensor) -> torch.Tensor:
        config = self.config
        return torch.istft(
            spectrum.mT,
            n_fft=config.n_fft,
            hop_length=config.hop_length,
            window=torch.hann_window(config.n_fft, device=spectrum.device),
            length=spectrum.shape[1] * config.hop_length,
        )

    def _analyse(self, waveform: torch.Tensor) -> torch.Tensor:
        config = self.config
        spectrum = torch.stft(
            waveform,
            n_fft=config.n_fft,
            hop_length=config.hop_length,
            window=torch.hann_window(config.n_fft, device=waveform.device),
            pad_mode="constant",
            return_complex=True,
        )
        return spectrum[..., :-1].mT


class GPT2TTSGriffinLim(GPT2TTSVocoder):
    """
    Griffin-Lim on the pseudo-inverse of the mel filters: no weights, the same waveform every time.

    See [`GPT2TTSVocoder.forward`] for the call. For other mel settings or more iterations, pass another
    [`GPT2TTSGriffinLimConfig`].
    """

    inverse_filters: torch.Tensor

    def __init__(self, config: GPT2TTSGriffinLimConfig | None = None):
        super().__init__()
        self.config = config = GPT2TTSGriffinLimConfig() if config is None else config
        filters = torchaudio.functional.melscale_fbanks(
            config.n_fft // 2 + 1,
            config.f_min,
            config.f_max,
            config.n_mels,
            config.sampling_rate,
            norm="slaney",
            mel_scale="slaney",
        )
        self.register_buffer("inverse_filters", torch.linalg.pinv(filters), persistent=False)

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return self.inverse_filters.device

    @property
    def dtype(self) -> torch.dtype:
        """What it computes in: the transforms need full precision."""
        return torch.float32

    @property
    def context_frames(self) -> None:
        """`None`: the iterations carry the phase across the whole clip."""
        return None

    def vocode(self, spectrogram: torch.Tensor) -> torch.Tensor:
        """Log-mel spectrogram `(batch, frames, n_mels)` without padding to waveform `(batch, frames * hop_length)`."""
        config = self.config
        magnitude = (spectrogram.exp() @ self.inverse_filters.float()).clamp(min=0.0).mT
        # n + 1 centred frames span n hops; each iteration mirrors half a window, which takes a third frame at least
        magnitude = nn.functional.pad(magnitude, (0, max(1, 4 - magnitude.shape[-1])), mode="replicate")
        waveform = torchaudio.functional.griffinlim(
            magnitude,
            window=torch.hann_window(config.n_fft, device=magnitude.device),
            n_fft=config.n_fft,
            hop_length=config.hop_length,
            win_length=config.n_fft,
            power=1.0,
            n_iter=config.num_iterations,
            momentum=config.momentum,
            length=None,
            rand_init=False,
        )
        return waveform[:, : spectrogram.shape[1] * config.hop_length]


def convert_speechbrain_generator(
    state_dict: Mapping[str, torch.Tensor],
    *,
    in_channels: int = 80,
    out_channels: int = 1,
    resblock_type: str | int = "1",
    resblock_dilation_sizes: Sequence[Sequence[int]] = ((1, 3, 5), (1, 3, 5), (1, 3, 5)),
    resblock_kernel_sizes: Sequence[int] = (3, 7, 11),
    upsample_kernel_sizes: Sequence[int] = (16, 16, 4, 4),
    upsample_initial_channel: int = 512,
    upsample_factors: Sequence[int] = (8, 8, 2, 2),
    inference_padding: int = 5,
    cond_channels: int = 0,
    conv_post_bias: bool = True,
    sampling_rate: int = 22050,
) -> GPT2TTSHifiGan:
    """
    Turn the weights of a SpeechBrain `HifiganGenerator` into a [`GPT2TTSHifiGan`], which `save_pretrained` stores as
    safetensors. For equal input the waveforms are equal, but for the `inference_padding` frames at both ends, which
    SpeechBrain's `inference` adds to the output and this model cuts off. SpeechBrain itself is not needed.

    Args:
        state_dict (`Mapping[str, torch.Tensor]`):
            `HifiganGenerator.state_dict()` or the content of `generator.ckpt`, with weight norm or without.
        sampling_rate (`int`, *optional*, defaults to 22050):
            Sampling rate of the waveform in Hz.
        **others:
            The arguments `HifiganGenerator` was made with.

    Returns:
        [`GPT2TTSHifiGan`] in eval mode.

    Raises:
        ValueError: if the generator has more than one output channel, speaker conditioning, or other weights.
    """
    if out_channels != 1 or cond_channels != 0:
        raise ValueError(
            "Only an unconditioned generator of mono waveforms can be converted, got "
            f"out_channels={out_channels} and cond_channels={cond_channels}."
        )
    config = GPT2TTSHifiGanConfig(
        model_in_dim=in_channels,
        sampling_rate=sampling_rate,
        upsample_initial_channel=upsample_initial_channel,
        upsample_rates=list(upsample_factors),
        upsample_kernel_sizes=list(upsample_kernel_sizes),
        resblock_kernel_sizes=list(resblock_kernel_sizes),
        resblock_dilation_sizes=[list(sizes) for sizes in resblock_dilation_sizes],
        resblock_type=2 if str(resblock_type) == "2" else 1,
        inference_padding=inference_padding,
    )
    model = GPT2TTSHifiGan(config)
    converted = {re.sub(r"^ups\.", "upsampler.", name).replace(".conv.", "."): state_dict[name] for name in state_dict}
    converted |= {"mean": model.mean, "scale": model.scale}
    if not conv_post_bias:
        converted["conv_post.bias"] = torch.zeros(1)
    # torch spells a normalised weight `weight_g` and `weight_v`, or `parametrizations.weight.original0` and `1`
    weight_norm = any(name.endswith(("weight_v", "weight.original1")) for name in converted)
    if weight_norm:
        model.apply_weight_norm()
    try:
        model.load_state_dict(converted)
    except RuntimeError as error:
        raise ValueError(f"The weights are not those of a `HifiganGenerator` with these arguments. {error}") from error
    if weight_norm:
        model.remove_weight_norm()
    return model.eval()


def _read_hyperparams(path: str) -> dict[str, Any]:
    """
    The plain values of a SpeechBrain `hyperparams.yaml`. Its tags would import and call whatever they name; here a
    reference is looked up, and the fields of an object are read as a dictionary with the name of its class.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def construct(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True) | {"class": tag}
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_multi_constructor("!", construct)
    with open(path, encoding="utf-8") as file:
        values = yaml.load(file, Loader)

    def resolve(value: Any) -> Any:
        while isinstance(value, str) and (match := re.fullmatch(r"<(\w+)>", value.strip())):
            value = values[match[1]]
        return value

    generator = resolve(values.get("generator"))
    if not isinstance(generator, dict) or not str(generator.get("class")).endswith(".HifiganGenerator"):
        raise ValueError(
            f"{path} describes no `HifiganGenerator` under `generator`. Only SpeechBrain's HiFi-GAN vocoders of mel "
            "spectrograms can be loaded."
        )
    arguments = {name: resolve(value) for name, value in generator.items() if name != "class"}
    return arguments | {"sampling_rate": values.get("sample_rate", 22050)}


def _load_speechbrain(hyperparams_file: str, weights_file: str) -> GPT2TTSHifiGan:
    arguments = _read_hyperparams(hyperparams_file)
    state_dict = torch.load(weights_file, map_location="cpu", weights_only=True)
    try:
        return convert_speechbrain_generator(state_dict, **arguments)
    except TypeError as error:
        raise ValueError(f"{hyperparams_file} has a generator argument this package does not know: {error}") from error


def _load_pretrained(source: str, config_dict: dict[str, Any], **kwargs) -> GPT2TTSVocos | GPT2TTSHifiGan:
    if config_dict["model_type"] == GPT2TTSVocosConfig.model_type:
        return GPT2TTSVocos.from_pretrained(source, config=GPT2TTSVocosConfig.from_dict(config_dict), **kwargs)
    if config_dict["model_type"] == SpeechT5HifiGanConfig.model_type:
        config_dict = SpeechT5HifiGanConfig.from_dict(config_dict).to_dict() | {
            "model_type": GPT2TTSHifiGanConfig.model_type,
            "padding_mode": "zeros",
            "inference_padding": 0,
        }
    return GPT2TTSHifiGan.from_pretrained(source, config=GPT2TTSHifiGanConfig.from_dict(config_dict), **kwargs)


def load_vocoder(
    reference: str | os.PathLike,
    *,
    base_path: str | os.PathLike | None = None,
    device: torch.device | str | None = None,
    sampling_rate: int | None = None,
    hop_length: int | None = None,
    n_mels: int | None = None,
    **hub_kwargs,
) -> GPT2TTSVocos | GPT2TTSHifiGan | GPT2TTSGriffinLim:
    """
    Load the vocoder that a reference names.

    Args:
        reference (`str` or `os.PathLike`):
            - `"griffin-lim"`: no weights, always there;
            - a folder or Hub id with `config.json` and `model.safetensors` of a [`GPT2TTSVocos`], a
              [`GPT2TTSHifiGan`] or a [`~transformers.SpeechT5HifiGan`];
            - a SpeechBrain HiFi-GAN source, e.g. `"speechbrain/tts-hifigan-ljspeech"`: a Hub id or folder with
              `hyperparams.yaml` and `generator.ckpt`, read without SpeechBrain and without running what they name.
        base_path (`str` or `os.PathLike`, *optional*):
            Checkpoint folder or Hub id in which the reference is looked up as a subfolder first (the embedded vocoder).
        device (`torch.device` or `str`, *optional*, defaults to the CPU):
            Where the vocoder runs.
        sampling_rate, hop_length, n_mels (`int`, *optional*):
            What the caller's spectrograms have: Hz, samples and bins. A vocoder with another value is refused.
        **hub_kwargs:
            Passed on to the Hub client: `revision`, `cache_dir`, `token`, `local_files_only`, `force_download`.

    Returns:
        A `torch.nn.Module` in eval mode with frozen weights, called as [`GPT2TTSVocoder.forward`] says.

    Raises:
        FileNotFoundError: if there is no such folder, or it holds no vocoder.
        OSError: if the reference is a Hub id that cannot be fetched.
        ValueError: if it is a model of another kind, or does not fit the caller's spectrograms.
    """
    reference = os.fspath(reference)
    vocoder = GPT2TTSGriffinLim() if reference == GRIFFIN_LIM else _load_weights(reference, base_path, hub_kwargs)
    config = vocoder.config
    wanted = {"sampling_rate": sampling_rate, "hop_length": hop_length, "n_mels": n_mels}
    for name, value in wanted.items():
        if value is not None and getattr(config, name) != value:
            raise ValueError(
                f"The vocoder {reference!r} has {name}={getattr(config, name)}, but the spectrograms have "
                f"{name}={value}. Choose a vocoder trained on the same mel settings, or {GRIFFIN_LIM!r}."
            )
    vocoder.reference = reference
    nn.Module.to(vocoder, torch.device(device or "cpu"))
    return vocoder.eval().requires_grad_(False)


def _load_weights(
    reference: str, base_path: str | os.PathLike | None, hub_kwargs: dict[str, Any]
) -> GPT2TTSVocos | GPT2TTSHifiGan:
    remedy = f"Pass the path of a vocoder folder, or {GRIFFIN_LIM!r}, which needs no weights."
    sources = [(reference, "")]
    if base_path is not None and not os.path.isabs(reference):
        sources.insert(0, (os.fspath(base_path), Path(reference).as_posix()))
    for source, subfolder in sources:
        folder = os.path.join(source, subfolder)
        if not os.path.isdir(folder) and (os.path.isdir(source) or not re.fullmatch(r"\w[\w.-]*/\w[\w.-]*", source)):
            continue  # neither a folder nor the form of a Hub id

        def fetch(filename: str, source: str = source, subfolder: str = subfolder) -> str | None:
            return cached_file(
                source,
                filename,
                subfolder=subfolder,
                _raise_exceptions_for_missing_entries=False,
                **hub_kwargs,
            )

        try:
            config_file = fetch("config.json")
            config_dict = json.loads(Path(config_file).read_text(encoding="utf-8")) if config_file else {}
            model_types = (
                GPT2TTSVocosConfig.model_type,
                GPT2TTSHifiGanConfig.model_type,
                SpeechT5HifiGanConfig.model_type,
            )
            if config_dict.get("model_type") in model_types:
                return _load_pretrained(source, config_dict, subfolder=subfolder, **hub_kwargs)
            hyperparams_file, weights_file = fetch("hyperparams.yaml"), fetch("generator.ckpt")
        except OSError as error:
            raise OSError(f"The vocoder {reference!r} could not be loaded: {error} {remedy}") from error
        if hyperparams_file and weights_file:
            return _load_speechbrain(hyperparams_file, weights_file)
        if os.path.isdir(folder) or source == reference:
            raise FileNotFoundError(
                f"{folder} holds no vocoder: neither a config.json with a model_type of {', '.join(model_types)}, nor "
                f"hyperparams.yaml and generator.ckpt. {remedy}"
            )
    raise FileNotFoundError(f"There is no vocoder {reference!r}: no such folder, and not a Hub id. {remedy}")


__all__ = [
    "GRIFFIN_LIM",
    "GPT2TTSGriffinLim",
    "GPT2TTSGriffinLimConfig",
    "GPT2TTSHifiGan",
    "GPT2TTSHifiGanConfig",
    "GPT2TTSVocoder",
    "GPT2TTSVocos",
    "GPT2TTSVocosConfig",
    "convert_speechbrain_generator",
    "load_vocoder",
]
