"""Adapters of low rank (LoRA, https://huggingface.co/papers/2106.09685) beside a model's weights, by `peft`."""

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from safetensors.torch import save_file

from .checkpoint_gpt2tts import VOICES_FOLDER, read_voice
from .files import ADAPTER_CONFIG
from .matched_voices_gpt2tts import write_voice
from .modeling_gpt2tts import GPT2TTSForTextToSpeech

WEIGHTS_FILE = "adapter_model.safetensors"  # as peft names it
EMBEDDED = "gpt2tts:embedded"  # the checkpoint of the package, wherever it is installed

# the matrices of the GPT-2 blocks, and the projections around them
TARGETS = r".*\.gpt2\.h\.\d+\..*\.(c_attn|c_proj|c_fc)|.*\.prenet\.layers\.\d+|.*\.(style_proj|position_proj)|mel_head"


def add_adapter(model: GPT2TTSForTextToSpeech, rank: int) -> None:
    """
    Puts an adapter into a model, which changes nothing yet, and freezes all other weights.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): The model.
        rank (`int`): Rank of the matrices.

    Raises:
        ImportError: If `peft` is not installed.
    """
    peft = import_peft()
    # the GPT-2 blocks hold their matrices transposed
    config = peft.LoraConfig(r=rank, lora_alpha=rank, target_modules=TARGETS, fan_in_fan_out=True)
    source = model.config._name_or_path
    # found from everywhere, unlike the path that was given
    config.base_model_name_or_path = str(Path(source).resolve()) if Path(source).is_dir() else source
    with _quiet():
        # `add_adapter` of transformers 5.24 wants peft 0.22, which there is not yet
        peft.inject_adapter_in_model(config, model)


def save_adapter(model: GPT2TTSForTextToSpeech, folder: str | os.PathLike) -> None:
    """
    Writes the adapter of a model, and the default voice, into a folder from which `peft.PeftModel.from_pretrained` and
    [`load_adapted_model`] read it.
    """
    peft, folder = import_peft(), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    weights = peft.get_peft_model_state_dict(model)
    save_file(
        {f"base_model.model.{name}": weight.cpu().contiguous() for name, weight in weights.items()},
        folder / WEIGHTS_FILE,
    )
    model.peft_config["default"].save_pretrained(folder)
    if model.config.default_voice is not None:
        (folder / VOICES_FOLDER).mkdir(exist_ok=True)
        path = folder / VOICES_FOLDER / f"{model.config.default_voice}.safetensors"
        write_voice(path, model.get_voice(model.config.default_voice))


def load_adapted_model(
    folder: str | os.PathLike, *, base: str | os.PathLike | None = None, **hub_kwargs: Any
) -> GPT2TTSForTextToSpeech:
    """
    The checkpoint that an adapter was trained on, with the adapter in its weights and the voice of the folder, which is
    its default, and British if the processor beside it is.

    Args:
        folder (`str` or `os.PathLike`): What [`save_adapter`] wrote.
        base (`str` or `os.PathLike`, *optional*): The checkpoint. Defaults to what the adapter names.
        hub_kwargs: Passed to `from_pretrained` of the checkpoint (`cache_dir`, `token`, ...).

    Raises:
        ImportError: If `peft` is not installed.
        OSError: If the checkpoint is not found where `base_model_name_or_path` of the adapter says.
    """
    folder = Path(folder)
    if base is None:
        base = json.loads((folder / ADAPTER_CONFIG).read_text(encoding="utf-8"))["base_model_name_or_path"]
    if base == EMBEDDED:
        base = Path(__file__).parent / "pretrained"
    model = GPT2TTSForTextToSpeech.from_pretrained(base, **hub_kwargs)
    with _quiet():
        model = import_peft().PeftModel.from_pretrained(model, str(folder)).merge_and_unload()
    settings = folder / "processor_config.json"
    is_british = settings.is_file() and json.loads(settings.read_text(encoding="utf-8")).get("british", False)
    for path in sorted((folder / VOICES_FOLDER).glob("*.safetensors")):
        model.add_voice(path.stem, read_voice(path), default=True)
        others = {*(model.config.british_voices or [])} - {path.stem}
        model.config.british_voices = sorted(others | ({path.stem} if is_british else set()))
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what peft says of each matrix, that it is stored transposed or not, and of names that transformers changed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="fan_in_fan_out")
        warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated")
        yield


def import_peft() -> ModuleType:
    """
    The package `peft`, which nothing but adapters needs.

    Raises:
        ImportError: If it is not installed.
    """
    try:
        import peft
    except ImportError as error:
        raise ImportError(f"An adapter needs the package peft ({error}): pip install peft") from error
    return peft
