"""What a checkpoint holds beside the weights: named voices (`voices/NAME.safetensors`) and the vocoder."""

import os
import re
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers.utils import cached_file, logging

from .vocoder_gpt2tts import load_vocoder

logger = logging.get_logger(__name__)

VOICES_FOLDER = "voices"
STYLE_LATENTS_KEY = "style_latents"


class GPT2TTSCheckpointMixin:
    """
    What a checkpoint holds beside the network's weights, voices and vocoder: reads them when they are first needed,
    and writes them with `save_pretrained`.
    """

    # provided by the class that this is mixed into
    config: Any

    @property
    def voices(self) -> list[str]:
        """Names of the voices that `generate(voice=...)` knows, in alphabetical order."""
        folder = Path(self.config._name_or_path or "", VOICES_FOLDER)
        local = {path.stem for path in folder.glob("*.safetensors")} if self.config._name_or_path else set()
        return sorted(local | set(self.config.voices or []) | set(self._added_voices))

    @property
    def _added_voices(self) -> dict[str, torch.Tensor]:
        # not a submodule or buffer: voices are data of the checkpoint, not weights
        return self.__dict__.setdefault("_voice_latents", {})

    def get_voice(self, name: str) -> torch.Tensor:
        """
        Style latents of a voice of the checkpoint, `(num_style_latents, hidden_size)`.

        Raises:
            ValueError: If the checkpoint has no voice of that name, or it was made for another model.
        """
        if name not in self._added_voices:
            if name not in self.voices:
                known = ", ".join(self.voices) or "none"
                raise ValueError(
                    f"`voice` {name!r} is not among the voices of this checkpoint ({known}). Pass a reference clip "
                    "through the processor, or add it by `model.add_voice(name, style_latents)`."
                )
            path = cached_file(self.config._name_or_path, f"{VOICES_FOLDER}/{name}.safetensors")
            self.add_voice(name, read_voice(path))
        return self._added_voices[name]

    def add_voice(self, name: str, style_latents: torch.Tensor):
        """
        Keeps style latents under a name, to be used by `generate(voice=name)` and written by `save_pretrained`.

        Args:
            name (`str`): Letters, digits, `_` and `-`: it becomes a file name.
            style_latents (`torch.Tensor` of shape `(num_style_latents, hidden_size)`):
                A row of what `get_style_latents` returns.

        Raises:
            ValueError: If the name or the shape is not usable.
        """
        if not re.fullmatch(r"[\w-]+", name):
            raise ValueError(f"`name` may have letters, digits, '_' and '-' only, got {name!r}.")
        expected = (self.config.num_style_latents, self.config.hidden_size)
        if tuple(style_latents.shape) != expected:
            raise ValueError(
                f"`style_latents` of voice {name!r} must be (num_style_latents, hidden_size) = {expected}, got "
                f"{tuple(style_latents.shape)}: compute them by this model's `get_style_latents`."
            )
        self._added_voices[name] = style_latents.detach()

    def get_vocoder(self, reference: str | os.PathLike | None = None) -> torch.nn.Module:
        """
        The vocoder of a reference, by default `config.vocoder`; loaded once.

        Raises:
            ValueError: If neither the argument nor the configuration names one.
        """
        reference = reference or self.config.vocoder
        if reference is None:
            raise ValueError("This model names no vocoder: pass `vocoder`, for instance 'griffin-lim'.")
        loaded = self.__dict__.setdefault("_vocoders", {})
        if str(reference) not in loaded:
            loaded[str(reference)] = load_vocoder(reference, base_path=self.config._name_or_path or None)
        return loaded[str(reference)]

    def save_pretrained(self, save_directory: str | os.PathLike, **kwargs: Any):
        """
        Writes weights, configuration, source files, voices and an embedded vocoder, so that the folder works by itself
        with `trust_remote_code=True`. Takes the arguments of `PreTrainedModel.save_pretrained`.
        """
        if kwargs.get("is_main_process", True):
            self._save_voices(Path(save_directory))
            self._save_vocoder(Path(save_directory))
        self.config.auto_map = {
            **(getattr(self.config, "auto_map", None) or {}),
            "AutoModelForTextToWaveform": f"{type(self).__module__.split('.')[-1]}.{type(self).__name__}",
        }
        super().save_pretrained(save_directory, **kwargs)  # type: ignore[misc]

    def _save_voices(self, folder: Path):
        names = self.voices
        self.config.voices = names or None
        for name in names:
            (folder / VOICES_FOLDER).mkdir(parents=True, exist_ok=True)
            write_voice(folder / VOICES_FOLDER / f"{name}.safetensors", self.get_voice(name))

    def _save_vocoder(self, folder: Path):
        """Copies a vocoder that lies in a folder of this checkpoint; any other stays a reference."""
        reference, source = self.config.vocoder, self.config._name_or_path
        if not reference or not source or not (Path(source) / reference / "config.json").is_file():
            return
        if (Path(source) / reference).resolve() != (folder / reference).resolve():
            self.get_vocoder().save_pretrained(folder / reference)  # type: ignore[operator]


def read_voice(path: str | os.PathLike) -> torch.Tensor:
    """
    Style latents `(num_style_latents, hidden_size)` of a voice file.

    Raises:
        ValueError: If the file is not a voice.
    """
    tensors = load_file(str(path))
    if STYLE_LATENTS_KEY not in tensors:
        raise ValueError(f"{path} is not a voice: it has no tensor {STYLE_LATENTS_KEY!r}, only {sorted(tensors)}.")
    return tensors[STYLE_LATENTS_KEY]


def write_voice(path: str | os.PathLike, style_latents: torch.Tensor):
    """Writes style latents `(num_style_latents, hidden_size)` as a voice file."""
    save_file({STYLE_LATENTS_KEY: style_latents.detach().cpu().contiguous()}, str(path))
