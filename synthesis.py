"""Text of any length to speech: a checkpoint, its processor and its vocoder."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .base_synthesizer import BaseSynthesizer
from .decoding_gpt2tts import DecodedSpeech
from .files import ADAPTER_CONFIG, is_adapter
from .matched_voices_gpt2tts import stack_voices
from .speech_parts import SpeechPart

if TYPE_CHECKING:
    import torch

    from .modeling_gpt2tts import GPT2TTSForTextToSpeech
    from .processing_gpt2tts import GPT2TTSProcessor
    from .waveforms_gpt2tts import GPT2TTSWaveformMixin

EMBEDDED_CHECKPOINT = Path(__file__).parent / "pretrained"
_SETTINGS_FILES = ("config.json", ADAPTER_CONFIG, "onnx.json")  # of a model, an adapter, an export
HUB_ID = re.compile(r"[\w-][\w.-]*(?:/[\w.-]+)?(?:@[\w./-]+)?")


class Synthesizer(BaseSynthesizer):
    """
    Speaks text of any length.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): The acoustic model, on the device where it is to run.
        processor ([`GPT2TTSProcessor`]): Its processor.
        vocoder (`torch.nn.Module`): What [`load_vocoder`] returns, on the same device.
        lexicon (`Mapping[str, str]`, `str` or `os.PathLike`, *optional*):
            Pronunciations of words, on top of the processor's, or a file of them; see [`load_lexicon`].
        prenet_dropout (`float`, *optional*):
            How much the speech differs from seed to seed, 0 to 1. Defaults to the checkpoint's.
        max_frames_per_token (`float`, *optional*):
            Longest speech, in frames for each token of the text. Defaults to the checkpoint's.
        engine (`str`, *optional*):
            What runs the acoustic model, `"torch"` or `"onnx"`; see [`~GPT2TTSForTextToSpeech.generate`].

    Attributes:
        max_batch_size (`int`): Parts of a text that `stream` speaks at once, 8.

    Example:

    ```python
    >>> from gpt2tts import Synthesizer

    >>> synthesizer = Synthesizer.from_pretrained()
    >>> waveform, sampling_rate = synthesizer.speak("Good morning.", seed=0)
    ```
    """

    def __init__(
        self,
        model: "GPT2TTSForTextToSpeech",
        processor: "GPT2TTSProcessor",
        vocoder: "torch.nn.Module",
        *,
        lexicon: Mapping[str, str] | str | os.PathLike | None = None,
        engine: str | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
    ):
        from .generation_gpt2tts import ENGINES

        if engine not in (None, *ENGINES):
            raise ValueError(f"`engine` must be one of {', '.join(map(repr, ENGINES))}, got {engine!r}.")
        self.model = model.eval()
        self.engine = engine
        super().__init__(
            processor,
            vocoder,
            lexicon=lexicon,
            prenet_dropout=prenet_dropout,
            max_frames_per_token=max_frames_per_token,
        )

    @classmethod
    def from_pretrained(
        cls,
        checkpoint: str | os.PathLike | None = None,
        *,
        vocoder: str | os.PathLike | None = None,
        device: "torch.device | str | None" = None,
        lexicon: Mapping[str, str] | str | os.PathLike | None = None,
        engine: str | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
        **hub_kwargs,
    ) -> "Synthesizer":
        """
        Load a checkpoint and its vocoder.

        Args:
            checkpoint (`str` or `os.PathLike`, *optional*):
                Folder or Hub id, which may pin a revision as `ID@REVISION`, or the folder of an adapter (see
                [`load_adapted_model`]). Defaults to the embedded checkpoint.
            vocoder (`str` or `os.PathLike`, *optional*):
                Vocoder reference, see [`load_vocoder`]. Defaults to the one the checkpoint names.
            device (`torch.device` or `str`, *optional*):
                Where to run. Defaults to the GPU where there is one and `engine` is not `"onnx"`, else the CPU.
            lexicon (`Mapping[str, str]`, `str` or `os.PathLike`, *optional*):
                Pronunciations, see [`Synthesizer`].
            engine (`str`, *optional*):
                What runs the acoustic model, see [`Synthesizer`].
            prenet_dropout, max_frames_per_token (`float`, *optional*): See [`Synthesizer`].
            hub_kwargs:
                Passed to `from_pretrained` (`revision`, `cache_dir`, `token`, ...).

        Raises:
            FileNotFoundError: If there is no such folder, it holds no checkpoint, or none is given and the package holds none.
            OSError: If the checkpoint or the vocoder cannot be read or fetched.
            ValueError: If there is no such device or engine.
        """
        import torch

        from .adapters import load_adapted_model
        from .modeling_gpt2tts import GPT2TTSForTextToSpeech
        from .processing_gpt2tts import GPT2TTSProcessor

        checkpoint = find_checkpoint(checkpoint, hub_kwargs.get("subfolder") or "")
        if device is None:
            device = "cuda" if torch.cuda.is_available() and engine != "onnx" else "cpu"
        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError) as error:  # an unknown name, or a device that is not there
            raise ValueError(f"`device` {str(device)!r} cannot be used here: pass 'cpu', or leave it out.") from error
        try:
            if is_adapter(checkpoint):
                model = load_adapted_model(checkpoint, **hub_kwargs).to(device)
            else:
                model = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, **hub_kwargs).to(device)
        except OSError as error:
            if os.path.isdir(checkpoint):
                raise
            raise OSError(
                f"`checkpoint`: there is no folder {checkpoint!r}, and of that name nothing came from the Hub: {error}"
            ) from error
        processor = GPT2TTSProcessor.from_pretrained(checkpoint, **hub_kwargs)
        loaded = model.get_vocoder(vocoder or model.config.vocoder or "griffin-lim").to(device)
        return cls(
            model,
            processor,
            loaded,
            lexicon=lexicon,
            engine=engine,
            prenet_dropout=prenet_dropout,
            max_frames_per_token=max_frames_per_token,
        )

    @property
    def config(self) -> Any:
        """The model's configuration."""
        return self.model.config

    @property
    def waveforms(self) -> "GPT2TTSWaveformMixin":
        """What makes log-mels of recordings."""
        return self.processor.feature_extractor

    @property
    def voices(self) -> list[str]:
        """Names of the voices of the checkpoint."""
        return list(self.model.voices)

    @property
    def is_on_cpu(self) -> bool:  # type: ignore[override]
        """Whether the model runs on the CPU."""
        return self.model.device.type == "cpu"

    def _named_latents(self, name: str | None) -> "torch.Tensor":
        latents = self.model.model.null_style_latents if name is None else self.model.get_voice(name)
        return latents.detach().to(self.model.device)

    def _file_latents(self, path: str | os.PathLike) -> "torch.Tensor":
        from .checkpoint_gpt2tts import read_voice

        return self._own_latents(read_voice(path))

    def _keep_voice(self, name: str, latents: "torch.Tensor") -> None:
        self.model.add_voice(name, latents)

    def _own_latents(self, latents: Any) -> "torch.Tensor":
        import torch

        # a copy: what a caller does to it leaves the model's voices, and those kept of recordings, as they are
        with torch.inference_mode(False):
            return torch.as_tensor(latents).detach().to(self.model.device, self.model.dtype, copy=True)

    def _arguments(
        self, parts: Sequence[SpeechPart], ids: list[list[int]], speed: float, pitch_shift: float
    ) -> dict[str, Any]:
        """What `generate` and `stream` of the model are given."""
        import torch

        from .generation_gpt2tts import seeded_generator

        device = self.model.device
        padded, num_tokens = self._pad(ids)
        mask = np.arange(padded.shape[1]) < num_tokens[:, None]
        return {
            "input_ids": torch.from_numpy(padded).to(device),
            "attention_mask": torch.from_numpy(mask.astype(np.int64)).to(device),
            "style_latents": stack_voices([part.request.latents for part in parts]),
            # one a part, so that how parts are batched makes no difference
            "generator": [seeded_generator(part.request.seed, part.number) for part in parts],
            "prenet_dropout": self.prenet_dropout,
            "max_frames_per_token": self.max_frames_per_token,
            "speed": speed,
            "pitch_shift": pitch_shift,
            "engine": self.engine,
        }

    def encode_clip(self, spectrogram: np.ndarray) -> np.ndarray:
        """See [`~BaseSynthesizer.encode_clip`]."""
        import torch

        from .onnx_engine_gpt2tts import load_decoder

        spectrogram = spectrogram[: self.config.max_reference_frames]
        decoder = None if self.engine == "torch" else load_decoder(self.model, required=self.engine == "onnx")
        if decoder is not None:
            return decoder.encode(spectrogram)
        with torch.inference_mode():
            features = torch.from_numpy(spectrogram)[None].to(self.model.device)
            return self.model.get_style_latents(features)[0].float().cpu().numpy()

    def make_frames(
        self, parts: Sequence[SpeechPart], ids: list[list[int]], speed: float = 1.0, pitch_shift: float = 0.0
    ) -> DecodedSpeech:
        """See [`~BaseSynthesizer.make_frames`]."""
        output = self.model.generate(**self._arguments(parts, ids, speed, pitch_shift), output_waveform=False)
        names = [field.name for field in fields(DecodedSpeech) if output.get(field.name) is not None]
        return DecodedSpeech(**{name: output[name].cpu().numpy() for name in names})

    def _vocode(self, speech: DecodedSpeech) -> list[np.ndarray]:
        import torch

        with torch.inference_mode():
            frames = speech.frames.apply(lambda values, _: torch.from_numpy(values).to(self.model.device))
            lengths = speech.spectrogram_lengths.tolist()
            made = self.vocoder(
                frames.spectrogram,
                lengths,
                pitch=frames.pitch,
                voicing=frames.voicing,
                fine_spectrogram=frames.fine_spectrogram,
            )
            return self.processor.decode(made, [length * self.vocoder.hop_length for length in lengths])

    def _stream_sound(
        self, part: SpeechPart, ids: list[int], speed: float, pitch_shift: float
    ) -> Iterator[np.ndarray]:
        frames = self.model.stream(**self._arguments([part], [ids], speed, pitch_shift))
        for piece in self.vocoder.stream(frames):
            yield piece[0].float().cpu().numpy()


def find_checkpoint(checkpoint: str | os.PathLike | None, subfolder: str = "") -> str:
    """
    A folder or Hub id, by default the embedded checkpoint; where a folder has it in a `subfolder`, that is looked into.

    Raises:
        FileNotFoundError: If there is no such folder, it holds no checkpoint, or none is given and the package holds none.
    """
    if checkpoint is None:
        checkpoint = EMBEDDED_CHECKPOINT
        if not (checkpoint / "config.json").is_file():
            raise FileNotFoundError(
                "This installation holds no embedded checkpoint: pass `checkpoint`, a folder or a Hub id."
            )
    checkpoint = os.fspath(checkpoint)
    if not os.path.isdir(checkpoint) and not HUB_ID.fullmatch(checkpoint):
        raise FileNotFoundError(
            f"`checkpoint`: there is no folder {checkpoint!r}, and an id on the Hub has the form USER/NAME."
        )
    folder = os.path.join(checkpoint, subfolder) if subfolder else checkpoint
    if os.path.isdir(checkpoint) and not any(os.path.isfile(os.path.join(folder, name)) for name in _SETTINGS_FILES):
        raise FileNotFoundError(
            f"`checkpoint`: the folder {folder!r} holds none (no config.json): pass the one that `save_pretrained` wrote."
        )
    return checkpoint
