"""What a checkpoint holds beside the weights: named voices (`voices/NAME.safetensors`) and the vocoder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers.utils import cached_file, logging, resolve_revision

from .files import share, split_revision
from .matched_voices_gpt2tts import STYLE_LATENTS_KEY, check_voice_name, is_voice_shape, write_voice
from .vocoder_gpt2tts import GRIFFIN_LIM, SOURCE_FILTER, load_vocoder

logger = logging.get_logger(__name__)

VOICES_FOLDER = "voices"
# arguments of `from_pretrained` that say where and how files are found
HUB_ARGUMENTS = ("cache_dir", "force_download", "local_files_only", "proxies", "revision", "subfolder", "token")


class GPT2TTSCheckpointMixin:
    """
    What a checkpoint holds beside the network's weights, voices and vocoder: reads them with the weights, from the same
    folder or revision, and writes them with `save_pretrained`.
    """

    # provided by the class that this is mixed into
    config: Any

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | os.PathLike | None, *args: Any, **kwargs: Any):
        """
        Loads the weights, and the voices and the embedded vocoder beside them. Takes the arguments of
        `PreTrainedModel.from_pretrained`; a Hub id may pin its revision, `ID@REVISION`.
        """
        if pretrained_model_name_or_path is not None:
            pretrained_model_name_or_path, revision = split_revision(pretrained_model_name_or_path)
            kwargs |= revision
            # a branch may move meanwhile: all is read from the commit that it is at now, of which the cache is not checked again
            where = {name: kwargs[name] for name in ("cache_dir", "local_files_only", "token") if name in kwargs}
            commit = resolve_revision(pretrained_model_name_or_path, kwargs.get("revision"), **where)
            kwargs |= {} if commit is None else {"revision": commit}
        kwargs.setdefault("use_safetensors", True)  # weights beside them as a pickle are not looked at
        result = super().from_pretrained(pretrained_model_name_or_path, *args, **kwargs)  # type: ignore[misc]
        model = result[0] if isinstance(result, tuple) else result  # with `output_loading_info`
        if pretrained_model_name_or_path is not None:
            location = {name: kwargs[name] for name in HUB_ARGUMENTS if kwargs.get(name) is not None}
            model._read_checkpoint(os.fspath(pretrained_model_name_or_path), location)
        return result

    def _read_checkpoint(self, source: str, location: dict[str, Any]):
        subfolder = location.pop("subfolder", "")
        if os.path.isdir(source):
            source, location = os.path.abspath(source), {}
        self.__dict__["_checkpoint"] = _Checkpoint(source, subfolder, location)
        names = set(self.config.voices or [])
        names |= {path.stem for path in Path(source, subfolder, VOICES_FOLDER).glob("*.safetensors")}
        for name in sorted(names):
            path = self._source.fetch(f"{VOICES_FOLDER}/{name}.safetensors")
            if path is None:
                logger.warning(f"{source} names the voice {name!r} and holds no file of it: it is left out.")
                continue
            try:
                self.add_voice(name, read_voice(path))
            except ValueError as error:
                logger.warning(f"The voice {name!r} of {source} is left out: {error}")
        self.config.voices = sorted(self._added_voices) or None
        default = self.config.default_voice
        if default not in self._added_voices:
            if default is not None:
                logger.warning(
                    f"The default voice {default!r} is not among the voices of {source} ({', '.join(self.voices) or 'none'}): "
                    "where no voice is given, the learned one of no reference speaks."
                )
            self.config.default_voice = None
        reference = self.config.vocoder
        if reference and self._source.holds(reference, "config.json"):
            self.get_vocoder()
            self.__dict__["_embedded_vocoder"] = reference

    @property
    def _source(self) -> "_Checkpoint":
        # a model that was built from a checkpoint's configuration has not been through `from_pretrained`
        default = _Checkpoint(self.config._name_or_path or "", "", {})
        return self.__dict__.get("_checkpoint", default)

    @property
    def voices(self) -> list[str]:
        """Names of the voices that `generate(voice=...)` knows, in alphabetical order."""
        return sorted({*self._added_voices, *(self.config.voices or [])})

    @property
    def _added_voices(self) -> dict[str, torch.Tensor]:
        # not a submodule or buffer: voices are data of the checkpoint, not weights
        return self.__dict__.setdefault("_voice_latents", {})

    def get_voice(self, name: str) -> torch.Tensor:
        """
        A copy of the style latents of a voice of the checkpoint, `(num_style_latents, hidden_size)`; a matched voice has rows
        more, see [`join_voice`].

        Raises:
            ValueError: If the checkpoint has no voice of that name, or it was made for another model.
        """
        if name not in self._added_voices:
            path = self._source.fetch(f"{VOICES_FOLDER}/{name}.safetensors") if name in self.voices else None
            if path is None:
                known = ", ".join(self.voices) or "none"
                raise ValueError(
                    f"`voice` {name!r} is not among the voices of this checkpoint ({known}). Pass a reference clip "
                    "through the processor, or add it by `model.add_voice(name, style_latents)`."
                )
            self.add_voice(name, read_voice(path))
        return self._added_voices[name].clone()

    def add_voice(self, name: str, style_latents: torch.Tensor, *, default: bool = False):
        """
        Keeps a copy of style latents under a name, to be used by `generate(voice=name)` and written by `save_pretrained`.

        Args:
            name (`str`): Letters, digits, `_` and `-`: it becomes a file name.
            style_latents (`torch.Tensor` of shape `(num_style_latents, hidden_size)`):
                A row of what `get_style_latents` returns, or a matched voice, which has rows more.
            default (`bool`, *optional*, defaults to `False`):
                Whether it speaks from now on where no voice is given (`config.default_voice`).

        Raises:
            ValueError: If the name or the latents are not usable.
        """
        check_voice_name(name)
        if not is_voice_shape(style_latents.shape, self.config):
            expected = (self.config.num_style_latents, self.config.hidden_size)
            raise ValueError(
                f"`style_latents` of voice {name!r} must be (num_style_latents, hidden_size) = {expected}, got "
                f"{tuple(style_latents.shape)}: compute them by this model's `get_style_latents`."
            )
        if not style_latents.isfinite().all():
            raise ValueError(
                f"`style_latents` of voice {name!r} are not finite: compute them again from its recording."
            )
        with torch.inference_mode(False):  # `generate` may be the first to load it
            self._added_voices[name] = style_latents.detach().clone()
        if default:
            self.config.default_voice = name

    @torch.inference_mode(False)  # or no gradients would go through what `generate` is the first to load
    def get_vocoder(self, reference: str | os.PathLike | None = None) -> torch.nn.Module:
        """
        The vocoder of a reference, by default `config.vocoder`; loaded once.

        Raises:
            ValueError: If neither the argument nor the configuration names one.
        """
        reference = reference or self.config.vocoder
        if reference is None:
            raise ValueError("This model names no vocoder: pass `vocoder`, for instance 'griffin-lim'.")
        reference = os.fspath(reference)
        loaded = self.__dict__.setdefault("_vocoders", {})
        if reference not in loaded:
            config = self.config
            loaded[reference] = load_vocoder(
                **self._source.locate_vocoder(reference),
                sampling_rate=config.sampling_rate,
                hop_length=config.hop_length,
                n_mels=config.n_mels,
            )
            loaded[reference].reference = reference
        return loaded[reference]

    def save_pretrained(self, save_directory: str | os.PathLike, **kwargs: Any):
        """
        Writes weights, configuration, source files, voices and an embedded vocoder, so that the folder works by itself
        with `trust_remote_code=True`. Takes the arguments of `PreTrainedModel.save_pretrained`, of which
        `save_original_format` defaults to `False`: weights have the names of the modules, whatever those were that they came by.
        """
        # here, as it imports the model; that it is imported is also why its file is saved beside the model's
        from .pipeline_gpt2tts import custom_pipelines

        self.config.custom_pipelines = custom_pipelines()
        if kwargs.get("is_main_process", True):
            self._save_voices(Path(save_directory))
            self._save_vocoder(Path(save_directory))
        self.config.auto_map = {
            **(getattr(self.config, "auto_map", None) or {}),
            "AutoModelForTextToWaveform": f"{type(self).__module__.split('.')[-1]}.{type(self).__name__}",
        }
        kwargs.setdefault("save_original_format", False)
        super().save_pretrained(save_directory, **kwargs)  # type: ignore[misc]
        for weights in Path(save_directory).glob("*.safetensors"):
            share(weights)

    def _get_files_timestamps(self, working_dir: str | os.PathLike) -> dict[str, float]:
        # `save_pretrained(push_to_hub=True)` uploads what is younger than this; voices and vocoder are written before
        folders = {VOICES_FOLDER, *Path(self.config.vocoder or "").parts[:1]}
        stamps = super()._get_files_timestamps(working_dir)  # type: ignore[misc]
        return {name: stamp for name, stamp in stamps.items() if name not in folders}

    def _save_voices(self, folder: Path):
        names = self.voices
        self.config.voices = names or None
        for name in names:
            (folder / VOICES_FOLDER).mkdir(parents=True, exist_ok=True)
            write_voice(folder / VOICES_FOLDER / f"{name}.safetensors", self.get_voice(name))

    def _save_vocoder(self, folder: Path):
        """Copies a vocoder that lies in a folder of this checkpoint; any other stays a reference."""
        reference = self.config.vocoder
        is_embedded = reference is not None and (
            reference == self.__dict__.get("_embedded_vocoder") or self._source.holds(reference, "config.json")
        )
        if not is_embedded:
            return
        target = folder / reference
        # not over the very files that its weights may be mapped from
        if not (target.is_dir() and target.resolve() == self._source.folder(reference).resolve()):
            self.get_vocoder().save_pretrained(target)  # type: ignore[operator]


@dataclass
class _Checkpoint:
    """
    Where a checkpoint was read from.

    Args:
        source (`str`): Folder or Hub id; empty if there is none.
        subfolder (`str`): Folder below it, empty for none.
        location (`dict[str, Any]`): `revision` (as a commit), `token`, `cache_dir` and the like, for a Hub id.
    """

    source: str
    subfolder: str
    location: dict[str, Any]

    def folder(self, name: str) -> Path:
        """A folder of the checkpoint, if that is a local one."""
        return Path(self.source, self.subfolder, name)

    def fetch(self, filename: str) -> str | None:
        """Path of a file of the checkpoint, downloaded if need be; `None` where it has no such file."""
        if not self.source:
            return None
        if os.path.isdir(self.source) or os.path.isabs(self.source):
            path = self.folder(filename)
            return str(path) if path.is_file() else None
        return cached_file(
            self.source,
            filename,
            subfolder=self.subfolder,
            _raise_exceptions_for_missing_entries=False,
            _raise_exceptions_for_connection_errors=False,
            **self.location,
        )

    def holds(self, reference: str, filename: str) -> bool:
        """Whether a vocoder reference is a folder of the checkpoint, with a file of that name."""
        is_folder = reference not in (GRIFFIN_LIM, SOURCE_FILTER) and not os.path.isabs(reference)
        is_folder = is_folder and ".." not in Path(reference).parts
        return is_folder and self.fetch(f"{Path(reference).as_posix()}/{filename}") is not None

    def locate_vocoder(self, reference: str) -> dict[str, Any]:
        """Arguments of [`load_vocoder`] for a reference: a folder of the checkpoint if it has it, else another model."""
        if self.holds(reference, "config.json") or self.holds(reference, "hyperparams.yaml"):
            inner = (Path(self.subfolder) / reference).as_posix()
            return {"reference": inner, "base_path": self.source, **self.location}
        # the revision is this checkpoint's
        elsewhere = {name: value for name, value in self.location.items() if name != "revision"}
        return {"reference": reference, **elsewhere}


def read_voice(path: str | os.PathLike) -> torch.Tensor:
    """
    Style latents `(num_style_latents, hidden_size)` of a voice file, or a matched voice, which has rows more.

    Raises:
        ValueError: If the file is not a voice, or damaged.
    """
    try:
        tensors = load_file(str(path))
    except SafetensorError as error:
        raise ValueError(f"{path} cannot be read ({error}): copy it or export the voice again.") from error
    if STYLE_LATENTS_KEY not in tensors:
        raise ValueError(f"{path} is not a voice: it has no tensor {STYLE_LATENTS_KEY!r}, only {sorted(tensors)}.")
    # a copy: what `load_file` gives may be mapped from the file
    return tensors[STYLE_LATENTS_KEY].clone()
