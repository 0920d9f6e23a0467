"""
Vocoders: log-mel spectrogram to waveform, chosen by a reference (see `load_vocoder`). The call that all share, and
Griffin-Lim; HiFi-GAN and the source-filter vocoder have files of their own.
"""

import itertools
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import torchaudio
from huggingface_hub.dataclasses import strict
from safetensors import SafetensorError
from torch import nn
from transformers import PreTrainedConfig, SpeechT5HifiGanConfig
from transformers.utils import cached_file
from transformers.utils.type_validators import interval, positive_int_field

from .files import split_revision
from .frames_gpt2tts import FINE_FACTOR, GPT2TTSFrames, stream_frames
from .source_filter_gpt2tts import DEFAULTS, SOURCE_FILTER

GRIFFIN_LIM = "griffin-lim"
# what `load_vocoder` can read
MODEL_TYPES = ("gpt2tts_source_filter", "gpt2tts_hifigan", SpeechT5HifiGanConfig.model_type)


@strict
class GPT2TTSMelConfig(PreTrainedConfig):
    r"""
    What a vocoder that computes with the mel filters has to know of them.

    n_mels (`int`, *optional*, defaults to 80):
        Number of mel bins of the input.
    sampling_rate (`int`, *optional*, defaults to 22050):
        Sampling rate of the waveform in Hz.
    n_fft (`int`, *optional*, defaults to 1024):
        Size of the Fourier transform and of its Hann window in samples.
    hop_length (`int`, *optional*, defaults to 256):
        Number of samples a frame becomes.
    f_min (`float`, *optional*, defaults to 0.0):
        Lowest frequency of the mel filters in Hz.
    f_max (`float`, *optional*, defaults to 8000.0):
        Highest frequency of the mel filters in Hz.
    """

    n_mels: int = positive_int_field(default=DEFAULTS["n_mels"])
    sampling_rate: int = positive_int_field(default=DEFAULTS["sampling_rate"])
    n_fft: int = positive_int_field(default=DEFAULTS["n_fft"])
    hop_length: int = positive_int_field(default=DEFAULTS["hop_length"])
    f_min: float | int = interval(min=0.0)(default=DEFAULTS["f_min"])
    f_max: float | int = interval(min=0.0)(default=DEFAULTS["f_max"])

    def validate_architecture(self):
        """Check the fields against each other."""
        if not self.f_min < self.f_max <= self.sampling_rate / 2:
            raise ValueError(
                f"`f_max` ({self.f_max} Hz) must lie above `f_min` ({self.f_min} Hz) and not above half of "
                f"`sampling_rate` ({self.sampling_rate} Hz), beyond which there is no sound."
            )


@strict
class GPT2TTSGriffinLimConfig(GPT2TTSMelConfig):
    r"""
    Configuration of a [`GPT2TTSGriffinLim`]: the mel analysis to invert, see [`GPT2TTSMelConfig`], and how hard to try.

    num_iterations (`int`, *optional*, defaults to 60):
        Number of iterations.
    momentum (`float`, *optional*, defaults to 0.99):
        Momentum of the fast variant (Perraudin and others, 2013); 0 is the original algorithm.
    """

    model_type = "gpt2tts_griffin_lim"

    num_iterations: int = positive_int_field(default=60)
    momentum: float | int = interval(min=0.0, max=0.999)(default=0.99)


class GPT2TTSVocoder(nn.Module):
    """
    The call that all vocoders share. A class adds `config`, `vocode` and `context_frames`.

    Attributes:
        reference (`str` or `None`): what `load_vocoder` was asked for.
        requires_pitch (`bool`): whether it needs `pitch` and `voicing`; otherwise it ignores them.
    """

    config: Any
    reference: str | None = None
    requires_pitch: bool = False

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        return next(itertools.chain(self.parameters(), self.buffers())).device

    @property
    def dtype(self) -> torch.dtype:
        """What it computes in: the transforms need full precision."""
        return torch.float32

    @property
    def hop_length(self) -> int:
        """Number of samples a frame becomes."""
        return self.config.hop_length

    @property
    def context_frames(self) -> int | None:
        """Number of frames on each side that a frame's samples depend on, or `None` where it is all of them."""
        raise NotImplementedError

    def vocode(
        self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: torch.Tensor | None = None
    ) -> torch.Tensor:
        """
        Frames without padding to waveform.

        Args:
            frames ([`GPT2TTSFrames`]): With batch dimension; pitch and voicing are there where they are required.
            first_frame (`int`, *optional*, defaults to 0): Place of the first of them in the speech.
            phase (`torch.Tensor` of shape `(batch,)`, *optional*): What [`next_phase`] gave for that frame.

        Returns:
            `torch.Tensor` of shape `(batch, frames * hop_length)`.
        """
        raise NotImplementedError

    def next_phase(self, pitch: torch.Tensor | None, phase: torch.Tensor | None) -> torch.Tensor | None:
        """Phase `(batch,)` at the last frame of `pitch` `(batch, frames)`, from that at the first. `None`: has none."""
        return None

    def _prepare(
        self,
        spectrogram: torch.Tensor,
        pitch: torch.Tensor | None,
        voicing: torch.Tensor | None,
        fine_spectrogram: torch.Tensor | None,
    ) -> GPT2TTSFrames:
        """Check the input, and bring it to the vocoder's device and precision, with a batch dimension."""
        if spectrogram.dim() == 2:
            tracks = (pitch, voicing, fine_spectrogram)
            pitch, voicing, fine_spectrogram = (None if value is None else value[None] for value in tracks)
            spectrogram = spectrogram[None]
        n_mels = self.config.n_mels
        if spectrogram.dim() != 3 or spectrogram.shape[-1] != n_mels:
            raise ValueError(
                f"`spectrogram` must be (batch, frames, {n_mels}) or (frames, {n_mels}) for this vocoder, got "
                f"{tuple(spectrogram.shape)}. Pass time before bins, or choose a vocoder trained on as many mel bins."
            )
        spectrogram = spectrogram.to(self.device, self.dtype)
        if not self.requires_pitch:
            return GPT2TTSFrames(spectrogram)
        for name, value in (("pitch", pitch), ("voicing", voicing)):
            if value is None:
                raise ValueError(
                    f"`{name}` is missing, and this vocoder needs it: pass the `{name}` that `generate` returns or "
                    f"`track_pitch` finds in a recording, or choose a vocoder without pitch, such as {GRIFFIN_LIM!r}."
                )
            if value.shape != spectrogram.shape[:2]:
                raise ValueError(
                    f"`{name}` must hold one value for each frame, {tuple(spectrogram.shape[:2])}, got "
                    f"{tuple(value.shape)}."
                )
        if fine_spectrogram is not None:
            expected = (*spectrogram.shape[:2], FINE_FACTOR * n_mels)
            if fine_spectrogram.shape != expected:
                raise ValueError(
                    f"`fine_spectrogram` must hold {FINE_FACTOR} spectra for each frame, {expected}, got "
                    f"{tuple(fine_spectrogram.shape)}: pass what `generate` returns, or leave it out."
                )
        frames = GPT2TTSFrames(spectrogram, pitch, voicing, fine_spectrogram)
        return frames.apply(lambda values, _: values.to(self.device, torch.float32))

    def forward(
        self,
        spectrogram: torch.Tensor,
        lengths: torch.Tensor | Sequence[int] | None = None,
        *,
        pitch: torch.Tensor | None = None,
        voicing: torch.Tensor | None = None,
        fine_spectrogram: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """
        Turn log-mel spectrograms into waveforms.

        Args:
            spectrogram (`torch.Tensor` of shape `(batch, frames, n_mels)` or `(frames, n_mels)`):
                Natural-log mel magnitudes, right-padded. Half precision is raised to the vocoder's own.
            lengths (`torch.Tensor` or `Sequence[int]` of shape `(batch,)`, *optional*):
                Number of real frames of each row; all of them where left out. Each row comes out as if it were alone.
            pitch (`torch.Tensor` of shape `(batch, frames)` or `(frames,)`, *optional*):
                In Hz, interpolated through unvoiced stretches. Needed where `requires_pitch`, else ignored.
            voicing (`torch.Tensor` of shape `(batch, frames)` or `(frames,)`, *optional*):
                From 0 (unvoiced) to 1 (voiced). Needed where `requires_pitch`, else ignored.
            fine_spectrogram (`torch.Tensor` of shape `(batch, frames, 2 * n_mels)` or `(frames, 2 * n_mels)`, *optional*):
                The same at half the hop, see [`GPT2TTSFrames`]: bursts of consonants are clearer. Ignored but by the
                source-filter vocoder.

        Returns:
            `torch.Tensor` of shape `(batch, frames * hop_length)` or `(frames * hop_length,)`: float32 waveform, zero
            after each row's `length * hop_length` samples.

        Raises:
            ValueError: if the shape, the number of mel bins or the lengths do not fit, or the pitch is missing.
        """
        inputs = self._prepare(spectrogram, pitch, voicing, fine_spectrogram)
        batch_size, frames, _ = inputs.spectrogram.shape
        lengths = [frames] * batch_size if lengths is None else torch.as_tensor(lengths).flatten().tolist()
        if len(lengths) != batch_size or any(not 0 <= length <= frames for length in lengths):
            raise ValueError(
                f"`lengths` must hold one number of frames from 0 to {frames} for each of the {batch_size} rows, got "
                f"{lengths}."
            )
        if frames and set(lengths) == {frames}:
            waveform = self.vocode(inputs).float()
        else:
            # What lies beyond the end must not leak in, and the end is mirrored itself: rows of one length together.
            waveform = torch.zeros(batch_size, frames * self.hop_length, device=self.device)
            for length in sorted(set(lengths) - {0}):
                rows = [row for row, row_length in enumerate(lengths) if row_length == length]
                frames_of_rows = inputs.apply(lambda values, _: values[rows]).cut(0, length)  # noqa: B023
                waveform[rows, : length * self.hop_length] = self.vocode(frames_of_rows).float()
        return waveform[0] if spectrogram.dim() == 2 else waveform

    def stream(self, chunks: Iterable[GPT2TTSFrames | torch.Tensor]) -> Iterator[torch.Tensor]:
        """
        Vocode frames that arrive in chunks.

        Samples are given out once `context_frames` further frames are there, so that the pieces joined equal one pass
        over the joined chunks, and half as many at least at a time, since each pass computes the context again. A
        vocoder without a finite context (Griffin-Lim) gives all at the end.

        Args:
            chunks (iterable of [`GPT2TTSFrames`], or of spectrograms where no pitch is required):
                Consecutive pieces, each of any length, with a batch dimension or without.

        Yields:
            `torch.Tensor` of shape `(batch, samples)` or `(samples,)`: the next samples.
        """
        is_single = False

        def prepare(chunk: GPT2TTSFrames | torch.Tensor) -> GPT2TTSFrames:
            nonlocal is_single
            frames = chunk if isinstance(chunk, GPT2TTSFrames) else GPT2TTSFrames(chunk)
            is_single = frames.spectrogram.dim() == 2
            return self._prepare(*frames)

        pieces = stream_frames(
            map(prepare, chunks),
            torch.no_grad()(self.vocode),
            torch.no_grad()(self.next_phase),
            context=self.context_frames,
            hop_length=self.hop_length,
        )
        for waveform in pieces:
            yield waveform[0].float() if is_single else waveform.float()


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
    def context_frames(self) -> None:
        """`None`: the iterations carry the phase across the whole clip."""
        return None

    def vocode(
        self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Frames without padding to waveform `(batch, frames * hop_length)`, see [`GPT2TTSVocoder.vocode`]."""
        config, spectrogram = self.config, frames.spectrogram
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


def _load_pretrained(source: str, config_dict: dict[str, Any], **kwargs) -> GPT2TTSVocoder:
    # here, because their files build on this one
    from .hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig
    from .source_filter_vocoder_gpt2tts import GPT2TTSSourceFilterVocoder, GPT2TTSSourceFilterVocoderConfig

    if config_dict["model_type"] == GPT2TTSSourceFilterVocoderConfig.model_type:
        return GPT2TTSSourceFilterVocoder.from_pretrained(
            source, config=GPT2TTSSourceFilterVocoderConfig.from_dict(config_dict), **kwargs
        )
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
) -> GPT2TTSVocoder:
    """
    Load the vocoder that a reference names.

    Args:
        reference (`str` or `os.PathLike`):
            - `"griffin-lim"`: no weights, always there;
            - `"source-filter"`: the same of the source-filter vocoder, which needs the pitch;
            - a folder or Hub id with `config.json` and `model.safetensors` of a `GPT2TTSSourceFilterVocoder`, a
              `GPT2TTSHifiGan` or a [`~transformers.SpeechT5HifiGan`];
            - a SpeechBrain HiFi-GAN source, e.g. `"speechbrain/tts-hifigan-ljspeech"`: a Hub id or folder with
              `hyperparams.yaml` and `generator.ckpt`, read without SpeechBrain and without running what they name.

            A Hub id may pin a commit, tag or branch: `ID@REVISION`.
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
    if reference == GRIFFIN_LIM:
        vocoder: GPT2TTSVocoder = GPT2TTSGriffinLim()
    elif reference == SOURCE_FILTER:
        from .source_filter_vocoder_gpt2tts import GPT2TTSSourceFilterVocoder, GPT2TTSSourceFilterVocoderConfig

        vocoder = GPT2TTSSourceFilterVocoder(GPT2TTSSourceFilterVocoderConfig())
    else:
        source, revision = split_revision(reference)
        vocoder = _load_weights(source, base_path, {**hub_kwargs, **revision})
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


def _load_weights(reference: str, base_path: str | os.PathLike | None, hub_kwargs: dict[str, Any]) -> GPT2TTSVocoder:
    remedy = f"Pass the path of a vocoder folder, or {GRIFFIN_LIM!r}, which needs no weights."
    sources = [(reference, "")]
    if base_path is not None and not os.path.isabs(reference):
        sources.insert(0, (os.fspath(base_path), Path(reference).as_posix()))
    for source, subfolder in sources:
        folder = os.path.join(source, subfolder) if subfolder else source
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
            if config_dict.get("model_type") in MODEL_TYPES:
                return _load_pretrained(source, config_dict, subfolder=subfolder, **hub_kwargs)
            hyperparams_file, weights_file = fetch("hyperparams.yaml"), fetch("generator.ckpt")
        except (OSError, SafetensorError) as error:
            raise OSError(f"The vocoder {reference!r} could not be loaded: {error} {remedy}") from error
        if hyperparams_file and weights_file:
            from .hifigan_vocoder_gpt2tts import load_speechbrain_generator

            return load_speechbrain_generator(hyperparams_file, weights_file)
        if os.path.isdir(folder) or source == reference:
            raise FileNotFoundError(
                f"{folder} holds no vocoder: neither a config.json with a model_type of {', '.join(MODEL_TYPES)}, nor "
                f"hyperparams.yaml and generator.ckpt. {remedy}"
            )
    raise FileNotFoundError(f"There is no vocoder {reference!r}: no such folder, and not a Hub id. {remedy}")


__all__ = [
    "GRIFFIN_LIM",
    "SOURCE_FILTER",
    "GPT2TTSFrames",
    "GPT2TTSGriffinLim",
    "GPT2TTSGriffinLimConfig",
    "GPT2TTSMelConfig",
    "GPT2TTSVocoder",
    "load_vocoder",
]
