"""Arguments of the training scripts: those that both have, and reading them: command line over YAML file over defaults."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from transformers import HfArgumentParser

from ..data.speech_datasets import OPTIONS

# arguments of which there is at least one, where they are given
COUNTS = (
    *("checkpointing_steps", "validation_steps", "logging_steps", "gradient_accumulation_steps"),
    *("batch_size", "segment_frames"),
)


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


@dataclass
class OptimizationArguments:
    """How long to train, and how."""

    _argument_group_name = "budget and optimisation"

    max_train_steps: int | None = field(default=None, metadata={"help": "Budget in optimiser steps."})
    max_train_minutes: float | None = field(default=None, metadata={"help": "Budget in minutes."})
    mixed_precision: str = field(
        default="auto",
        metadata={"help": "bf16 (on CPU too), fp16 or no; auto: bf16 where the device has it, else no."},
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
        default=False, metadata={"help": "Delete the checkpoints and the log of an earlier run in that folder."}
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


def _as_written(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_written(each) for each in value]
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value) if isinstance(value, float | int) and not isinstance(value, bool) else value


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
        ValueError: if the file has an unknown argument, a count is below 1, or the dataclass refuses a value.
    """
    groups = [base for base in arguments_class.__bases__ if dataclasses.is_dataclass(base)] or [arguments_class]
    parser = HfArgumentParser(groups, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--config", help="YAML file of arguments.")
    config = parser.parse_known_args(argv)[0].config
    if config is not None:
        values = yaml.safe_load(Path(config).read_text()) or {}
        unknown = sorted(set(values) - {f.name for f in dataclasses.fields(arguments_class)})
        if unknown:
            raise ValueError(f"`config`={config!r} has unknown arguments: {', '.join(unknown)}")
        for action in parser._actions:
            action.required = action.required and action.dest not in values
            # one name in place of a list of names: its letters are none
            if action.nargs in ("+", "*") and not isinstance(values.get(action.dest, []), list | None):
                values[action.dest] = [values[action.dest]]
        # numbers as text, so that "1e-3" (which YAML takes for a string) and lists of names go through the arguments' own types
        parser.set_defaults(**{name: _as_written(value) for name, value in values.items()})
    namespace = vars(parser.parse_args(argv))
    del namespace["config"]
    for name in COUNTS:
        if namespace.get(name) is not None and namespace[name] < 1:
            raise ValueError(f"`{name}` must be at least 1, got {namespace[name]}")
    return arguments_class(**namespace)
