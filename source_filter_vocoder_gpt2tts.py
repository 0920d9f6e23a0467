"""
The source-filter vocoder: pulses at the pitch, and noise, filtered so that their mel spectrum is the one asked for. One
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
    """

    model_type = "gpt2tts_source_filter"

    n_mels: int = positive_int_field(default=80)
    sampling_rate: int = positive_int_field(default=22050)
    n_fft: int = positive_int_field(default=1024)
    hop_length: int = positive_int_field(default=256)
    f_min: float = interval(min=0.0)(default=0.0)
    f_max: float = interval(min=0.0)(default=8000.0)
    harmonic_cutoff: float = interval(min=0.0)(default=5500.0)
    harmonic_slope: float = interval(min=1.0)(default=600.0)
    noise_level: float = interval(min=0.0)(default=0.25)
    voicing_threshold: float = interval(min=0.0, max=1.0)(default=0.5)
    voicing_width: float = interval(min=1e-3, max=1.0)(default=0.02)
    noise_seed: int = interval(min=0)(default=0)

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
        # tells where the vocoder is, which no weight does; saved, because transformers loads no folder without weights
        self.register_buffer("device_marker", torch.zeros(1))
        self.post_init()

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return self.device_marker.device

    @property
    def dtype(self) -> torch.dtype:
        """What it computes in: the transforms need full precision."""
        return torch.float32

    @property
    def context_frames(self) -> int:
        """Number of frames on each side that a frame's samples depend on."""
        return self.config.n_fft // self.config.hop_length

    def next_phase(self, pitch: torch.Tensor | None, phase: torch.Tensor | None) -> torch.Tensor | None:
        """Phase `(batch,)` in cycles at the last frame of `pitch` `(batch, frames)` in Hz, from that at the first."""
        cycles = self._cycles(self._limit_pitch(pitch))[:, -1]
        return cycles if phase is None else cycles + phase

    def vocode(
        self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Frames without padding to waveform `(batch, frames * hop_length)`, see [`GPT2TTSVocoder.vocode`]."""
        config, spectrogram = self.config, frames.spectrogram
        num_frames, device = spectrogram.shape[1], spectrogram.device
        window = torch.hann_window(config.n_fft, device=device)
        half_window = config.n_fft // 2
        pulses = self._pulses(self._limit_pitch(frames.pitch), phase)
        noise = white_noise(
            first_frame * config.hop_length - half_window, pulses.shape[-1], seed=config.noise_seed, device=device
        )

        frequencies = torch.fft.rfftfreq(config.n_fft, 1 / config.sampling_rate, device=device)
        voiced = torch.sigmoid((frames.voicing[..., None] - config.voicing_threshold) / config.voicing_width)
        harmonic = voiced * torch.sigmoid((config.harmonic_cutoff - frequencies) / config.harmonic_slope)
        noisy = config.noise_level * (1.0 - harmonic.square()).clamp(min=1e-6).sqrt()
        # a pulse train of unit harmonics has 1 / period, noise of deviation 1 the window's energy
        spectrum = (harmonic / config.hop_length) * self._analyse(pulses, window)
        spectrum = spectrum + (noisy / window.square().sum().sqrt()) * self._analyse(noise, window)

        filters, interpolation = _mel_geometry(
            config.n_fft, config.f_min, config.f_max, config.n_mels, config.sampling_rate, device
        )
        missing = spectrogram - (spectrum.abs() @ filters).clamp(min=MAGNITUDE_FLOOR).log()
        phase_shift = _minimum_phase(spectrogram @ interpolation)
        spectrum = spectrum * torch.polar((missing @ interpolation).exp(), phase_shift)

        pieces = torch.fft.irfft(spectrum, n=config.n_fft) * window
        energy = self._overlap_add(window.square().expand(1, num_frames, -1))
        return self._overlap_add(pieces) / energy

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

    def _analyse(self, waveform: torch.Tensor, window: torch.Tensor) -> torch.Tensor:
        """Spectra `(..., frames, bins)` of every hop's window of `(..., samples)`."""
        return torch.fft.rfft(waveform.unfold(-1, self.config.n_fft, self.config.hop_length) * window)

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


__all__ = ["GPT2TTSSourceFilterVocoder", "GPT2TTSSourceFilterVocoderConfig"]
