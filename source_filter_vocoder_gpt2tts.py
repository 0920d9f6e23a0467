"""
The source-filter vocoder: pulses at the pitch, and noise, filtered so that their mel spectrum is the one asked for. One
pass in closed form, no weights; a small network can correct it.
"""

import functools
import math

import torch
import torchaudio
from huggingface_hub.dataclasses import strict
from torch import nn
from transformers import PreTrainedModel
from transformers import initialization as init
from transformers.utils.type_validators import interval, positive_int_field

from .vocoder_gpt2tts import GPT2TTSFrames, GPT2TTSMelConfig, GPT2TTSVocoder

LOWEST_PITCH = 20.0  # Hz; a lower one is raised to it
MAGNITUDE_FLOOR = 1e-5  # of mel magnitudes before the logarithm
# what the residual network scales its input by: typical of speech
SPECTROGRAM_MEAN, SPECTROGRAM_DEVIATION = -5.0, 2.5
PITCH_MEDIAN, LOG_PITCH_DEVIATION = 150.0, 0.35  # Hz, and of its natural logarithm


@strict
class GPT2TTSSourceFilterVocoderConfig(GPT2TTSMelConfig):
    r"""
    Configuration of a [`GPT2TTSSourceFilterVocoder`]: the mel filters, see [`GPT2TTSMelConfig`], with `n_fft` an even
    number of hops, four at least; and the source.

    harmonic_cutoff (`float`, *optional*, defaults to 5500.0):
        Frequency in Hz at which voiced sound is half pulses and half noise; below it pulses, above it noise.
    harmonic_slope (`float`, *optional*, defaults to 600.0):
        Width of that transition in Hz: the scale of a sigmoid.
    noise_level (`float`, *optional*, defaults to 0.25):
        Magnitude of the noise among the pulses, where 1 is as loud as they are. A frame without pulses has the
        loudness asked for whatever this is.
    voicing_threshold (`float`, *optional*, defaults to 0.5):
        Voicing at which a frame is half pulses and half noise.
    voicing_width (`float`, *optional*, defaults to 0.02):
        Width of that transition: the scale of a sigmoid. A wide one makes breathy speech of uncertain voicing.
    noise_seed (`int`, *optional*, defaults to 0):
        Seed of the noise. Equal input and seed give equal speech.
    num_residual_layers (`int`, *optional*, defaults to 0):
        Number of ConvNeXt blocks of the network that corrects pulses and noise ([`GPT2TTSSourceFilterResidual`]); 0:
        there is none.
    residual_hidden_size (`int`, *optional*, defaults to 192):
        Number of its channels.
    residual_intermediate_size (`int`, *optional*, defaults to 384):
        Number of channels inside a block.
    residual_kernel_size (`int`, *optional*, defaults to 3):
        Number of frames each convolution spans (odd).
    """

    model_type = "gpt2tts_source_filter"

    harmonic_cutoff: float | int = interval(min=0.0)(default=5500.0)
    harmonic_slope: float | int = interval(min=1.0)(default=600.0)
    noise_level: float | int = interval(min=0.0)(default=0.25)
    voicing_threshold: float | int = interval(min=0.0, max=1.0)(default=0.5)
    voicing_width: float | int = interval(min=1e-3, max=1.0)(default=0.02)
    noise_seed: int = interval(min=0)(default=0)
    num_residual_layers: int = interval(min=0)(default=0)
    residual_hidden_size: int = positive_int_field(default=192)
    residual_intermediate_size: int = positive_int_field(default=384)
    residual_kernel_size: int = positive_int_field(default=3)

    def validate_architecture(self):
        """Check the fields against each other."""
        super().validate_architecture()
        if self.n_fft % (2 * self.hop_length) or self.n_fft < 4 * self.hop_length:
            raise ValueError(
                f"`n_fft` ({self.n_fft}) must be an even multiple of `hop_length` ({self.hop_length}), four at least."
            )
        if self.residual_kernel_size % 2 == 0:
            raise ValueError(f"`residual_kernel_size` ({self.residual_kernel_size}) must be odd, to have a middle.")


@functools.lru_cache(maxsize=4)
def _mel_geometry(
    n_fft: int, f_min: float, f_max: float, n_mels: int, sampling_rate: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """
    The mel filters `(bins, n_mels)`, linear interpolation `(n_mels, bins)` between their centres, and the minimum phase
    `(n_mels, bins)` of what that gives: it is linear in the log-mels.
    """
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
        return filters.to(device), interpolation.to(device), _minimum_phase(interpolation).to(device)


def white_noise(start: int, samples: int, *, seed: int, device: torch.device) -> torch.Tensor:
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


class GPT2TTSSourceFilterBlock(nn.Module):
    """ConvNeXt block over time: a depthwise convolution, then two linear layers on each frame."""

    def __init__(self, config: GPT2TTSSourceFilterVocoderConfig):
        super().__init__()
        size, kernel_size = config.residual_hidden_size, config.residual_kernel_size
        self.depthwise_conv = nn.Conv1d(size, size, kernel_size, padding=kernel_size // 2, groups=size)
        self.layer_norm = nn.LayerNorm(size)
        self.up_proj = nn.Linear(size, config.residual_intermediate_size)
        self.down_proj = nn.Linear(config.residual_intermediate_size, size)

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        """`(batch, frames, hidden_size)` to the same."""
        hidden = self.layer_norm(self.depthwise_conv(hidden_states.mT).mT)
        return hidden_states + self.down_proj(nn.functional.gelu(self.up_proj(hidden)))


class GPT2TTSSourceFilterResidual(nn.Module):
    """
    What the closed form leaves open, frame by frame and mel bin by mel bin: the log magnitude of pulses and of noise
    before they are scaled to the mel together, that of both after it, and the phase of the pulses, at most half a turn.
    It starts as no correction.
    """

    def __init__(self, config: GPT2TTSSourceFilterVocoderConfig):
        super().__init__()
        size, kernel_size = config.residual_hidden_size, config.residual_kernel_size
        self.embed = nn.Conv1d(
            config.n_mels + 2, size, kernel_size, padding=kernel_size // 2, padding_mode="replicate"
        )
        self.layers = nn.ModuleList(GPT2TTSSourceFilterBlock(config) for _ in range(config.num_residual_layers))
        self.final_norm = nn.LayerNorm(size)
        self.head = nn.Linear(size, 4 * config.n_mels)

    def forward(
        self, spectrogram: torch.Tensor, pitch: torch.Tensor, voicing: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """
        Log-mel spectrogram `(batch, frames, n_mels)`, pitch in Hz and voicing `(batch, frames)` to log magnitudes of
        pulses, of noise and of both, and phase in radians: `(batch, frames, n_mels)` each.
        """
        spectrogram = (spectrogram - SPECTROGRAM_MEAN) / SPECTROGRAM_DEVIATION
        log_pitch = (pitch.log() - math.log(PITCH_MEDIAN)) / LOG_PITCH_DEVIATION
        inputs = torch.cat((spectrogram, torch.stack((log_pitch, 2 * voicing - 1), dim=-1)), dim=-1)
        hidden_states = self.embed(inputs.mT).mT
        for layer in self.layers:
            hidden_states = layer(hidden_states)
        pulses, noise, level, phase = self.head(self.final_norm(hidden_states)).float().chunk(4, dim=-1)
        return pulses, noise, level, torch.pi * phase.tanh()


class GPT2TTSSourceFilterVocoder(GPT2TTSVocoder, PreTrainedModel):
    """
    The source of voiced speech is a train of pulses, one a period, each with every harmonic at equal strength; that of
    unvoiced speech is noise. Both become spectra of overlapping windows; a window's spectrum is scaled to the mel bins
    asked for, and gets the phase that a resonance of that shape has (minimum phase, as the vocal tract nearly has).

    See [`GPT2TTSVocoder.forward`] for the call. Deterministic, and differentiable in spectrogram, pitch and voicing.
    """

    config: GPT2TTSSourceFilterVocoderConfig
    main_input_name = "spectrogram"
    requires_pitch = True

    def __init__(self, config: GPT2TTSSourceFilterVocoderConfig):
        super().__init__(config)
        self.residual = GPT2TTSSourceFilterResidual(config) if config.num_residual_layers else None
        # tells where the vocoder is also without weights; saved, because transformers loads no folder that has none
        self.register_buffer("device_marker", torch.zeros(1))
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module):
        super()._init_weights(module)
        if self.residual is not None and module is self.residual.head:
            init.zeros_(module.weight)
            init.zeros_(module.bias)

    @property
    def context_frames(self) -> int:
        """Number of frames on each side that a frame's samples depend on."""
        config = self.config
        layers = config.num_residual_layers
        residual = (layers + 1) * (config.residual_kernel_size // 2) if layers else 0
        return config.n_fft // config.hop_length + residual

    def next_phase(self, pitch: torch.Tensor | None, phase: torch.Tensor | None) -> torch.Tensor | None:
        """Phase `(batch,)` in cycles at the last frame of `pitch` `(batch, frames)` in Hz, from that at the first."""
        assert pitch is not None
        cycles = self._cycles(self._limit_pitch(pitch))[:, -1]
        return cycles if phase is None else cycles + phase

    def vocode(
        self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Frames without padding to waveform `(batch, frames * hop_length)`, see [`GPT2TTSVocoder.vocode`]."""
        spectrogram, pitch, voicing = frames
        assert pitch is not None
        assert voicing is not None
        pitch = self._limit_pitch(pitch)
        if self.training:  # the noise is not to be learnt by heart
            first_frame = int(torch.randint(2**20, ()))
        corrections = None if self.residual is None else self.residual(spectrogram, pitch, voicing)
        # the residual may run in half precision, the transforms need full
        with torch.autocast(spectrogram.device.type, enabled=False):
            pulses = self._pulses(pitch, phase)
            return self._shape(spectrogram, pulses, voicing, corrections, first_frame)

    def _shape(
        self,
        spectrogram: torch.Tensor,
        pulses: torch.Tensor,
        voicing: torch.Tensor,
        corrections: tuple[torch.Tensor, ...] | None,
        first_frame: int,
    ) -> torch.Tensor:
        """Mix pulses with noise and scale both to the spectrogram: the waveform `(batch, frames * hop_length)`."""
        config, device = self.config, spectrogram.device
        window = torch.hann_window(config.n_fft, device=device)
        first_sample = first_frame * config.hop_length - config.n_fft // 2
        noise = white_noise(first_sample, pulses.shape[-1], seed=config.noise_seed, device=device)
        voiced = torch.sigmoid((voicing[..., None] - config.voicing_threshold) / config.voicing_width)
        inputs = (spectrogram, self._windows(pulses), self._windows(noise[None]), voiced, *(corrections or ()))
        if device.type == "cpu":
            # what is made of one row stays in the processor's cache
            rows = zip(*(x.expand(len(spectrogram), *x.shape[1:]) for x in inputs), strict=True)
            pieces = torch.stack([self._shape_frames(window, *row) for row in rows])
        else:
            pieces = self._shape_frames(window, *inputs)
        energy = self._overlap_add(window.square().expand(1, spectrogram.shape[1], -1))
        return self._overlap_add(pieces) / energy

    def _shape_frames(
        self,
        window: torch.Tensor,
        spectrogram: torch.Tensor,
        pulses: torch.Tensor,
        noise: torch.Tensor,
        voiced: torch.Tensor,
        *corrections: torch.Tensor,
    ) -> torch.Tensor:
        """
        Each frame's part of the waveform, `(..., frames, n_fft)`, of log-mels `(..., frames, n_mels)`, what the window
        sees of pulses and noise `(..., frames, n_fft)`, and the share of pulses `(..., frames, 1)`.
        """
        config, device = self.config, spectrogram.device
        frequencies = torch.fft.rfftfreq(config.n_fft, 1 / config.sampling_rate, device=device)
        harmonic = voiced * torch.sigmoid((config.harmonic_cutoff - frequencies) / config.harmonic_slope)
        noisy = config.noise_level * (1.0 - harmonic.square()).clamp(min=1e-6).sqrt()
        filters, interpolation, phases = _mel_geometry(
            config.n_fft, config.f_min, config.f_max, config.n_mels, config.sampling_rate, device
        )
        # a pulse train of unit harmonics has 1 / period, noise of deviation 1 the window's energy
        pulse_spectrum = (harmonic / config.hop_length) * torch.fft.rfft(pulses * window)
        noise_spectrum = (noisy / window.square().sum().sqrt()) * torch.fft.rfft(noise * window)
        level: torch.Tensor | float = 0.0
        if corrections:
            pulse_level, noise_level, level, turn = (value @ interpolation for value in corrections)
            pulse_spectrum = pulse_spectrum * torch.polar(pulse_level.exp(), turn)
            noise_spectrum = noise_spectrum * noise_level.exp()
        spectrum = pulse_spectrum + noise_spectrum

        missing = spectrogram - (spectrum.abs() @ filters).clamp(min=MAGNITUDE_FLOOR).log()
        gain, phase = (missing @ interpolation + level).exp(), spectrogram @ phases
        # not `torch.polar`, which takes one number at a time
        spectrum = spectrum * torch.complex(gain * phase.cos(), gain * phase.sin())
        return torch.fft.irfft(spectrum, n=config.n_fft) * window

    def _limit_pitch(self, pitch: torch.Tensor) -> torch.Tensor:
        return pitch.clamp(LOWEST_PITCH, self.config.sampling_rate / 4)

    def _cycles(self, pitch: torch.Tensor) -> torch.Tensor:
        """Cycles `(batch, frames)` since the first frame, of a pitch linear between frames; in double precision."""
        config = self.config
        precise = torch.float32 if pitch.device.type == "mps" else torch.float64
        steps = (pitch[:, 1:] + pitch[:, :-1]).to(precise) * (config.hop_length / config.sampling_rate / 2)
        return nn.functional.pad(steps.cumsum(dim=1), (1, 0))

    def _pulses(self, pitch: torch.Tensor, phase: torch.Tensor | None) -> torch.Tensor:
        """
        Pulse train over all that the windows see: `(batch, samples)` from half a window before the first frame's
        centre, where `phase` holds, to half a window after the last one's. The pitch stays as it is at both ends.
        """
        config = self.config
        reach = config.n_fft // 2 // config.hop_length
        pitch = torch.cat((pitch[:, :1].expand(-1, reach), pitch, pitch[:, -1:].expand(-1, reach)), dim=1)
        cycles = self._cycles(pitch)
        cycles = cycles - cycles[:, reach : reach + 1]
        if phase is not None:
            cycles = cycles + phase[:, None]
        cycles = (cycles - cycles.detach().floor()).float()[:, :-1, None]
        within = torch.arange(config.hop_length, device=pitch.device) / config.hop_length
        here, rise = pitch[:, :-1, None], (pitch[:, 1:] - pitch[:, :-1])[..., None] * within
        cycles = cycles + (config.hop_length / config.sampling_rate) * within * (here + rise / 2)
        harmonics = (config.sampling_rate / 2 / (here + rise).detach()).floor()
        # the sum of cos(k t) for k = 1 to `harmonics`, t = 2 pi cycles, in closed form; at t = 0 its limit
        angle = torch.pi * (cycles - cycles.detach().round())
        is_peak = angle.abs() < 1e-4
        angle = torch.where(is_peak, 1.0, angle)
        pulses = torch.sin((2 * harmonics + 1) * angle) / (2 * torch.sin(angle)) - 0.5
        return torch.where(is_peak, harmonics, pulses).flatten(1)

    def _windows(self, waveform: torch.Tensor) -> torch.Tensor:
        """What every hop's window sees of `(..., samples)`: `(..., frames, n_fft)`, a view."""
        return waveform.unfold(-1, self.config.n_fft, self.config.hop_length)

    def _overlap_add(self, pieces: torch.Tensor) -> torch.Tensor:
        """Windows `(batch, frames, n_fft)` added up where they lie: `(batch, frames * hop_length)` from frame 0 on."""
        hop_length, (num_frames, n_fft) = self.config.hop_length, pieces.shape[1:]
        overlap = n_fft // hop_length
        hops = pieces.unflatten(-1, (overlap, hop_length))
        total = pieces.new_zeros(len(pieces), num_frames + overlap - 1, hop_length)
        for place in range(overlap):
            total = total + nn.functional.pad(hops[:, :, place], (0, 0, place, overlap - 1 - place))
        return total[:, overlap // 2 :][:, :num_frames].flatten(1)


def _minimum_phase(log_magnitude: torch.Tensor) -> torch.Tensor:
    """Phase in radians, `(..., bins)`, of the minimum-phase filter with these log magnitudes, by its cepstrum."""
    cepstrum = torch.fft.irfft(log_magnitude)
    half = cepstrum.shape[-1] // 2
    causal = torch.zeros(2 * half, device=cepstrum.device)
    causal[1:half] = 2.0
    return torch.fft.rfft(cepstrum * causal).imag


__all__ = ["GPT2TTSSourceFilterResidual", "GPT2TTSSourceFilterVocoder", "GPT2TTSSourceFilterVocoderConfig"]
