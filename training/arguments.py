"""Arguments of the training scripts: those that both have, and reading them: command line over YAML file over defaults."""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from transformers import HfArgumentParser

from ..data.speech_datasets import OPTIONS

# what an argument must be at least and at most, where it is given
_AT_LEAST_ONE = (
    *("max_train_steps", "checkpointing_steps", "keep_checkpoints", "validation_steps", "logging_steps"),
    *("gradient_accumulation_steps", "batch_size", "pad_to_multiple_of"),
)
_NOT_NEGATIVE = (
    *("learning_rate", "discriminator_learning_rate", "weight_decay", "warmup_steps", "lora_rank", "num_workers"),
    *("checkpointing_minutes", "validation_minutes", "validation_sentences", "validation_voices", "seed"),
)
_SHARES = ("min_lr_ratio", "ema_decay", "max_bad_share", "speaker_balance", "adversarial_start")
LIMITS = {
    **dict.fromkeys(_AT_LEAST_ONE, (1, math.inf)),
    **dict.fromkeys(_NOT_NEGATIVE, (0, math.inf)),
    **dict.fromkeys(_SHARES, (0, 1)),
    "segment_frames": (8, math.inf),  # what the windows and strides of all discriminators need
}
POSITIVE = ("max_train_minutes", "num_train_epochs", "max_grad_norm")


@dataclass
class DataArguments:
    """Which speech to train on."""

    _argument_group_name = "data"

    dataset: list[str] = field(
        default_factory=list,
        metadata={
            "help": "One or more of SOURCE[?OPTION=VALUE&...][:SPEAKER,...][=WEIGHT]: a Hub id, an LJSpeech folder, a folder "
            f"with metadata.csv of file|speaker|text, or an audiofolder. Options: {', '.join(OPTIONS)}."
        },
    )
    speakers: list[str] | None = field(default=None, metadata={"help": "Train on these speakers only."})
    exclude_speakers: list[str] = field(default_factory=list, metadata={"help": "Speakers to leave out."})
    exclude_files: list[str] = field(
        default_factory=list, metadata={"help": "Patterns of file names to leave out, as in 'LJ050-*'."}
    )
    validation_share: float = field(default=0.02, metadata={"help": "Share of the texts kept for validation."})
    max_bad_share: float = field(
        default=0.1, metadata={"help": "A dataset that loses more of its rows (missing files apart) is an error."}
    )
    cache_dir: str | None = field(
        default=None, metadata={"help": "Folder of what is computed of the clips. Default: that of `datasets`."}
    )
    num_proc: int = field(default=os.cpu_count() or 1, metadata={"help": "Processes that compute it."})
    num_workers: int = field(default=0, metadata={"help": "Worker processes of each data loader."})

    def __post_init__(self):
        if not self.dataset:
            raise ValueError("`dataset` is empty: pass --dataset with a Hub id or a folder")

    def of_preparation(self) -> dict[str, Any]:
        """What the data of an acoustic model and of a vocoder are prepared with alike, by name."""
        names = {field.name for field in dataclasses.fields(DataArguments)} - {"dataset", "num_workers"}
        return {name: getattr(self, name) for name in names}


@dataclass
class OptimizationArguments:
    """How long to train, and how."""

    _argument_group_name = "budget and optimisation"

    max_train_steps: int | None = field(default=None, metadata={"help": "Budget in optimiser steps."})
    max_train_minutes: float | None = field(default=None, metadata={"help": "Budget in minutes."})
    mixed_precision: str = field(
        default="auto",
        metadata={"help": "bf16 (on CPU too), fp16 or no; auto: bf16 where the device is faster with it, else no."},
    )
    learning_rate: float = field(default=1e-3, metadata={"help": "Peak learning rate."})
    weight_decay: float = field(default=0.01, metadata={"help": "Weight decay of matrices and kernels."})
    warmup_steps: int = field(default=300, metadata={"help": "Steps of linear warm-up."})
    min_lr_ratio: float = field(
        default=0.05,
        metadata={"help": "Floor of the cosine schedule over the budget, as a share of the peak; 1: constant."},
    )
    ema_decay: float = field(
        default=0.999, metadata={"help": "Decay of the averaged weights that are validated and saved; 0: off."}
    )
    seed: int = field(default=0, metadata={"help": "Seed of weights, batches, dropout and draws."})


@dataclass
class OutputArguments:
    """What the run leaves, and when."""

    _argument_group_name = "output"

    output_dir: str = field(default="runs/gpt2tts", metadata={"help": "Folder for everything that the run leaves."})
    overwrite_output_dir: bool = field(
        default=False,
        metadata={
            "help": "Delete the checkpoints and the log of an earlier run in that folder, once the new one begins."
        },
    )
    resume_from_checkpoint: str | None = field(
        default=None, metadata={"help": "'latest' (starts anew if there is none) or a checkpoint folder."}
    )
    checkpointing_steps: int | None = field(default=None, metadata={"help": "Steps between checkpoints."})
    checkpointing_minutes: float | None = field(
        default=None, metadata={"help": "Minutes between checkpoints (10 if no steps are given)."}
    )
    keep_checkpoints: int = field(default=2, metadata={"help": "Checkpoints to keep."})
    validation_steps: int | None = field(default=None, metadata={"help": "Steps between validations."})
    validation_minutes: float | None = field(
        default=None, metadata={"help": "Minutes between validations (10 if no steps are given)."}
    )
    logging_steps: int = field(default=10, metadata={"help": "Steps between lines of the log."})
    report_to: str = field(
        default="tensorboard", metadata={"help": "tensorboard, another tracker of Accelerate, or none."}
    )


def parse_overrides(text: str, known: Collection[str]) -> dict[str, Any]:
    """
    Config fields of `model_overrides`.

    Args:
        text (`str`): JSON or YAML of a mapping; nothing is an empty one.
        known (`Collection[str]`): Names of the fields there are. A config takes others without a word.

    Raises:
        ValueError: If it is no mapping, or a field is unknown.
    """
    try:
        fields = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"`model_overrides`={text!r} cannot be read: {error}") from error
    if not isinstance(fields, dict):
        raise ValueError(f"`model_overrides` must be a mapping as in '{{prenet_dropout: 0.2}}', got {text!r}")
    unknown = [str(name) for name in fields if name not in known]
    if unknown:
        raise ValueError(f"`model_overrides` has fields that the config has not: {', '.join(unknown)}")
    return fields


def _read_config(path: str, parser: argparse.ArgumentParser) -> dict[str, Any]:
    """Arguments of a YAML file, as the command line would have them."""
    try:
        values = yaml.safe_load(Path(path).read_text("utf-8-sig")) or {}
    except OSError as error:
        raise type(error)(f"`config`={path!r} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ValueError(f"`config`={path!r} is no YAML: {error}") from error
    if not isinstance(values, dict):
        raise ValueError(f"`config`={path!r} must have an argument a line, as in learning_rate: 1e-3")
    actions = {action.dest: action for action in parser._actions if action.dest not in ("help", "config")}
    unknown = sorted(str(name) for name in values if name not in actions)
    if unknown:
        raise ValueError(f"`config`={path!r} has unknown arguments: {', '.join(unknown)}")
    return {name: _as_written(value, actions[name], path) for name, value in values.items()}


def _as_written(value: Any, action: argparse.Action, path: str) -> Any:
    """
    A value of a YAML file as words of a command line, so that it goes through the argument's own type: "1e-3", for one, is
    text to YAML.
    """
    place = f"`{action.dest}` in `config`={path!r}"
    if action.nargs in ("+", "*"):
        if value is None and action.default is None:
            return None
        # one name in place of a list of names: its letters are none
        return [_as_word(each, action, place) for each in (value if isinstance(value, list) else [value])]
    return None if value is None and action.default is None else _as_word(value, action, place)


def _as_word(value: Any, action: argparse.Action, place: str) -> str | bool:
    if value is None:
        raise ValueError(f"{place} is empty: give it a value, or leave the line out")
    if isinstance(value, list):
        raise ValueError(f"{place} takes one value, got {value}")
    if isinstance(value, bool) and action.type is str:
        raise ValueError(f"{place} is a word that YAML takes for {value}: put it in quotes, as in 'no'")
    if isinstance(value, dict):
        return json.dumps(value)
    return value if isinstance(value, bool) and action.type not in (int, float) else str(value)


def _check_limits(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value is None:
            continue
        if name in POSITIVE and not value > 0:
            raise ValueError(f"`{name}` must be above 0, got {value}")
        low, high = LIMITS.get(name, (None, None))
        if low is not None and not low <= value <= high:  # nor is a NaN
            bounds = f"at least {low}" if high == math.inf else f"between {low} and {high}"
            raise ValueError(f"`{name}` must be {bounds}, got {value}")


def parse_arguments(arguments_class: type, argv: list[str] | None = None) -> Any:
    """
    Arguments from the command line and, under them, from the YAML file of `--config`.

    Args:
        arguments_class (`type`):
            Dataclass of the arguments; its bases, where it has any, are the groups of `--help`.
        argv (`list[str]`, *optional*):
            Words of the command line; defaults to the process's.

    Returns:
        An instance of `arguments_class`.

    Raises:
        ValueError: if the file has an unknown argument or a value of another type, a number is out of its range, or the
            dataclass refuses a value.
    """
    groups = [base for base in arguments_class.__bases__ if dataclasses.is_dataclass(base)] or [arguments_class]
    parser = HfArgumentParser(groups, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--config", help="YAML file of arguments.")
    config = parser.parse_known_args(argv)[0].config
    if config is not None:
        values = _read_config(config, parser)
        for action in parser._actions:
            action.required = action.required and action.dest not in values
        parser.set_defaults(**values)
    namespace = vars(parser.parse_args(argv))
    del namespace["config"]
    _check_limits(namespace)
    return arguments_class(**namespace)
