"""
The source-filter vocoder: pulses at the pitch and noise, filtered so that their mel spectrum is the one asked for. One
pass in closed form, no weights.
"""

import functools
import math

import torch
import torchaudio
from huggingface_hub.dataclasses import strict
from torch import nn
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.utils.type_validators import interval, positive_int_field

from .vocoder_gpt2tts import GPT2TTSFrames, GPT2TTSVocoder

LOWEST_PITCH = 20.0  # Hz; a lower one is raised to it
MAGNITUDE_FLOOR = 1e-5  # of mel magnitudes before the logarithm


@strict
class GPT2TTSSourceFilterVocoderConfig(PreTrainedConfig):
    r"""
    Configuration of a [`GPT2TTSSourceFilterVocoder`].

    n_mels (`int`, *optional*, defaults to 80):
        Number of mel bins of the input.
    sampling_rate (`int`, *optional*, defaults to 22050):
        Sampling rate of the waveform in Hz.
    n_fft (`int`, *optional*, defaults to 1024):
        Size of the Fourier transform and of its Hann window in samples: an even number of hops, four at least.
    hop_length (`int`, *optional*, defaults to 256):
        Number of samples a frame becomes.
    f_min (`float`, *optional*, defaults to 0.0):
        Lowest frequency of the mel filters in Hz.
    f_max (`float`, *optional*, defaults to 8000.0):
        Highest frequency of the mel filters in Hz.
    harmonic_cutoff (`float`, *optional*, defaults to 4500.0):
        Frequency in Hz at which voiced sound is half pulses and half noise; below it pulses, above it noise.
    harmonic_slope (`float`, *optional*, defaults to 600.0):
        Width of that transition in Hz: the scale of a sigmoid.
    noise_level (`float`, *optional*, defaults to 0.35):
        Magnitude of the noise between the pulses, where 1 is as loud as they are.
    noise_seed (`int`, *optional*, defaults to 0):
        Seed of the noise. Equal input and seed give equal speech.
    """

    model_type = "gpt2tts_source_filter"

    n_mels: int = positive_int_field(default=80)
    sampling_rate: int = positive_int_field(default=22050)
    n_fft: int = positive_int_field(default=1024)
    hop_length: int = positive_int_field(default=256)
    f_min: float = interval(min=0.0)(default=0.0)
    f_max: float = interval(min=0.0)(default=8000.0)
    harmonic_cutoff: float = interval(min=0.0)(default=4500.0)
    harmonic_slope: float = interval(min=1.0)(default=600.0)
    noise_level: float = interval(min=0.0)(default=0.35)
    noise_seed: int = interval(min=0)(default=0)
    voicing_centre: float = 0.5
    voicing_width: float = 0.05
    cutoff_by_voicing: float = 0.0
    phase: str = "zero"
    gain_interp: str = "linear"
    sum_noise: bool = False
    dispersion: float = 0.0
    passes: int = 1

    def validate_architecture(self):
        """Check the fields against each other."""
        if self.n_fft % (2 * self.hop_length) or self.n_fft < 4 * self.hop_length:
            raise ValueError(
                f"`n_fft` ({self.n_fft}) must be an even multiple of `hop_length` ({self.hop_length}), four at least."
            )


@functools.lru_cache(maxsize=4)
def _mel_geometry(
    n_fft: int, f_min: float, f_max: float, n_mels: int, sampling_rate: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """The mel filters `(bins, n_mels)`, and linear interpolation `(n_mels, bins)` between their centres."""
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


def white_noise(start: int, samples: int, seed: int, device: torch.device) -> torch.Tensor:
    """
    Samples `start` to `start + samples` of an endless white noise of deviation 1 (uniform), float32 `(samples,)`.

    Each is a hash of its place (the finaliser of MurmurHash3), so that a stream hears what one pass hears.
    """
    low = 0xFFFFFFFF
    state = (torch.arange(start, start + samples, device=device) + 0x9E3779B9 * (seed + 1)) & low
    state = ((state ^ (state >> 16)) * 0x85EBCA6B) & low
    state = ((state ^ (state >> 13)) * 0xC2B2AE35) & low
    state = state ^ (state >> 16)
    return (state.float() / 2**31 - 1.0) * math.sqrt(3.0)


class GPT2TTSSourceFilterVocoder(GPT2TTSVocoder, PreTrainedModel):
    """
    Pulses and noise, filtered to the mel asked for.

    See [`GPT2TTSVocoder.forward`] for the call. Deterministic and differentiable in spectrogram, pitch and voicing.
    """

    config: GPT2TTSSourceFilterVocoderConfig
    main_input_name = "spectrogram"
    requires_pitch = True

    def __init__(self, config: GPT2TTSSourceFilterVocoderConfig):
        super().__init__(config)
        # knows where the vocoder is: there need be no weights
        self.register_buffer("window", torch.empty(0), persistent=False)
        self.post_init()

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return self.window.device

    @property
    def dtype(self) -> torch.dtype:
        """What it computes in: the transforms need full precision."""
        return torch.float32

    @property
    def context_frames(self) -> int:
        """Number of frames on each side that a frame's samples depend on."""
        return self.config.n_fft // self.config.hop_length

    def next_phase(self, pitch: torch.Tensor, phase: torch.Tensor | None) -> torch.Tensor:
        """Phase `(batch,)` in cycles at the last frame of `pitch` `(batch, frames)`, from that at the first."""
        return _cycles(self._limit(pitch), self.config)[:, -1] + (0.0 if phase is None else phase)

    def _limit(self, pitch: torch.Tensor) -> torch.Tensor:
        return pitch.clamp(LOWEST_PITCH, self.config.sampling_rate / 4)

    def vocode(self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: torch.Tensor | None = None) -> torch.Tensor:
        """Frames without padding to waveform `(batch, frames * hop_length)`, see [`GPT2TTSVocoder.vocode`]."""
        config = self.config
        spectrogram = frames.spectrogram.float()
        num_frames, device = spectrogram.shape[1], spectrogram.device
        window = torch.hann_window(config.n_fft, device=device)
        reach = config.n_fft // 2 // config.hop_length  # hops from the centre of a window to its edge
        samples = (num_frames - 1) * config.hop_length + config.n_fft
        pulses = self._pulses(self._limit(frames.pitch), phase, reach)
        noise = white_noise(first_frame * config.hop_length - config.n_fft // 2, samples, config.noise_seed, device)

        def analyse(waveform: torch.Tensor) -> torch.Tensor:
            return torch.fft.rfft(waveform.unfold(-1, config.n_fft, config.hop_length) * window)

        frequencies = torch.fft.rfftfreq(config.n_fft, 1 / config.sampling_rate, device=device)
        v = frames.voicing[..., None]
        voiced = torch.sigmoid((v - config.voicing_centre) / config.voicing_width)
        cutoff = config.harmonic_cutoff + config.cutoff_by_voicing * (v - 1.0)
        harmonic = voiced * torch.sigmoid((cutoff - frequencies) / config.harmonic_slope)
        noisy = (1.0 - harmonic.square()).clamp(min=1e-6).sqrt() * config.noise_level
        filters, interpolation = _mel_geometry(
            config.n_fft, config.f_min, config.f_max, config.n_mels, config.sampling_rate, device
        )
        E = analyse(pulses) * (harmonic / config.hop_length)
        if config.dispersion:
            E = E * torch.polar(torch.ones_like(frequencies), -config.dispersion * 2 * torch.pi * (frequencies / 11025) ** 2)
        spectrum = E + analyse(noise) * (noisy / window.square().sum().sqrt())
        for p in range(config.passes):
            magnitude = spectrum.abs() @ filters
            gain = spectrogram - magnitude.clamp(min=MAGNITUDE_FLOOR).log()
            log_gain = gain @ interpolation
            spectrum = spectrum * log_gain.exp()
        if config.phase == "minimum":
            env = (spectrogram.clamp(min=-9) @ interpolation)
            spectrum = spectrum * _minimum_phase(env, config.n_fft)
        pieces = torch.fft.irfft(spectrum, n=config.n_fft) * window
        waveform = _overlap_add(pieces, reach, config.hop_length)
        weight = _overlap_add(window.square().expand(1, num_frames, -1), reach, config.hop_length)
        return waveform / weight

    def _pulses(self, pitch, phase, reach):
        config = self.config
        pitch = torch.cat((pitch[:, :1].expand(-1, reach), pitch, pitch[:, -1:].expand(-1, reach)), dim=1)
        cycles = _cycles(pitch, config)
        cycles = cycles - cycles[:, reach : reach + 1]
        if phase is not None:
            cycles = cycles + phase[:, None]
        cycles = (cycles - cycles.detach().floor()).float()
        within = torch.arange(config.hop_length, device=pitch.device) / config.hop_length
        here, there = pitch[:, :-1, None], pitch[:, 1:, None]
        scale = config.hop_length / config.sampling_rate
        fundamental = here + (there - here) * within
        cycles = cycles[:, :-1, None] + scale * within * (here + (there - here) * within / 2)
        harmonics = (config.sampling_rate / 2 / fundamental.detach()).floor()
        half = torch.pi * (cycles - cycles.detach().round())
        near = half.abs() < 1e-4
        safe = torch.where(near, torch.ones_like(half), half)
        pulses = torch.sin((2 * harmonics + 1) * safe) / (2 * torch.sin(safe)) - 0.5
        return torch.where(near, harmonics, pulses).flatten(1)


def _minimum_phase(log_magnitude, n_fft):
    cepstrum = torch.fft.irfft(log_magnitude, n=n_fft)
    fold = torch.zeros(n_fft, device=cepstrum.device)
    fold[0] = 0
    fold[1 : n_fft // 2] = 2.0
    fold[n_fft // 2] = 1.0
    phase = torch.fft.rfft(cepstrum * fold).imag
    return torch.polar(torch.ones_like(phase), phase)


def _cycles(pitch: torch.Tensor, config) -> torch.Tensor:
    pitch = pitch.double()
    steps = (pitch[:, 1:] + pitch[:, :-1]) * (config.hop_length / config.sampling_rate / 2)
    return nn.functional.pad(steps.cumsum(dim=1), (1, 0))


def _overlap_add(pieces: torch.Tensor, reach: int, hop_length: int) -> torch.Tensor:
    num_frames = pieces.shape[1]
    hops = pieces.unflatten(-1, (2 * reach, hop_length))
    total = sum(
        nn.functional.pad(hops[:, :, i], (0, 0, i, 2 * reach - 1 - i)) for i in range(2 * reach)
    )
    return total[:, reach : reach + num_frames].flatten(1)


__all__ = ["GPT2TTSSourceFilterVocoder", "GPT2TTSSourceFilterVocoderConfig"]
