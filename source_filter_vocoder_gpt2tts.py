"""
The source-filter vocoder: pulses at the pitch, and noise, filtered so that their mel spectrum is the one asked for. One
pass in closed form ([`source_filter_gpt2tts`]), no weights; a small network can correct it.
"""

import functools
import math

import torch
from huggingface_hub.dataclasses import strict
from torch import nn
from transformers import PreTrainedModel
from transformers import initialization as init
from transformers.utils.type_validators import interval, positive_int_field

from .frames_gpt2tts import GPT2TTSFrames
from .source_filter_gpt2tts import (
    DEFAULTS,
    MelGeometry,
    NumpySourceFilter,
    count_cycles,
    geometry_settings,
    limit_pitch,
    make_waveform,
    mel_geometry,
    speak_frames,
)
from .vocoder_gpt2tts import GPT2TTSMelConfig, GPT2TTSVocoder

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
    noise_level (`float`, *optional*, defaults to 0.15):
        Magnitude of the noise among the pulses, where 1 is as loud as they are. A frame without pulses has the
        loudness asked for whatever this is.
    voicing_threshold (`float`, *optional*, defaults to 0.4):
        Voicing at which a frame is half pulses and half noise. Below a half, since what is predicted is a mean of what
        may be.
    voicing_width (`float`, *optional*, defaults to 0.02):
        Width of that transition: the scale of a sigmoid. A wide one makes breathy speech of uncertain voicing.
    noise_seed (`int`, *optional*, defaults to 0):
        Seed of the noise. Equal input and seed give equal speech.
    gain_smoothing (`float`, *optional*, defaults to 60.0):
        Deviation in Hz of the window by which the gains of mel bins above some 800 Hz are smoothed; 0: each bin gets what it
        lacks, and no harmonic is left where the mels show none.
    contrast (`float`, *optional*, defaults to 1.0):
        By how much of their distance from the mean of their neighbours log-mels above 1 kHz move away from it: predicted
        formants are flatter than those of speech. 0: mels are taken as they are.
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

    harmonic_cutoff: float | int = interval(min=0.0)(default=DEFAULTS["harmonic_cutoff"])
    harmonic_slope: float | int = interval(min=1.0)(default=DEFAULTS["harmonic_slope"])
    noise_level: float | int = interval(min=0.0)(default=DEFAULTS["noise_level"])
    voicing_threshold: float | int = interval(min=0.0, max=1.0)(default=DEFAULTS["voicing_threshold"])
    voicing_width: float | int = interval(min=1e-3, max=1.0)(default=DEFAULTS["voicing_width"])
    noise_seed: int = interval(min=0)(default=DEFAULTS["noise_seed"])
    gain_smoothing: float | int = interval(min=0.0)(default=DEFAULTS["gain_smoothing"])
    contrast: float | int = interval(min=0.0)(default=DEFAULTS["contrast"])
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
def _geometry(device: torch.device, *settings: float) -> MelGeometry:
    with torch.inference_mode(False), torch.device("cpu"):
        return MelGeometry(*(torch.from_numpy(value).to(device) for value in mel_geometry(*settings)))


def _needs_gradients(frames: GPT2TTSFrames) -> bool:
    return torch.is_grad_enabled() and any(values is not None and values.requires_grad for values in frames)


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

    See [`GPT2TTSVocoder.forward`] for the call. Deterministic, and differentiable in spectrogram, pitch and voicing. Where there
    are fine spectra they are what is spoken, in half windows; a network reads the spectrogram.
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
        return count_cycles(limit_pitch(pitch, self.config), self.config, phase)[:, -1]

    def vocode(
        self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Frames without padding to waveform `(batch, frames * hop_length)`, see [`GPT2TTSVocoder.vocode`]."""
        config, (spectrogram, pitch, voicing, _) = self.config, frames
        if self.training:  # the noise is not to be learnt by heart
            first_frame = int(torch.randint(2**20, ()))
        if self.residual is None and spectrogram.device.type == "cpu" and not _needs_gradients(frames):
            # as fast, and the very samples that speaking without PyTorch gives
            arrays = frames.apply(lambda values, _: values.numpy())
            start = None if phase is None else phase.numpy()
            return torch.from_numpy(NumpySourceFilter(config)(arrays, first_frame=first_frame, phase=start))
        device = spectrogram.device
        geometry_of = functools.partial(_geometry, device)
        if self.residual is None:
            with torch.autocast(device.type, enabled=False):
                return speak_frames(frames, config, geometry_of, first_frame=first_frame, phase=phase)
        corrections = self.residual(spectrogram, limit_pitch(pitch, config), voicing)
        geometry = geometry_of(*geometry_settings(config))
        # the residual may run in half precision, the transforms need full
        with torch.autocast(device.type, enabled=False):
            return make_waveform(
                frames, config, geometry, first_frame=first_frame, phase=phase, corrections=corrections
            )


__all__ = ["GPT2TTSSourceFilterResidual", "GPT2TTSSourceFilterVocoder", "GPT2TTSSourceFilterVocoderConfig"]
