"""Arguments of the training scripts: command line over YAML file over defaults."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

import yaml
from transformers import HfArgumentParser


def parse_arguments(arguments_class: type, argv: list[str] | None = None) -> Any:
    """
    Arguments from the command line and, under them, from the YAML file of `--config`.

    Args:
        arguments_class (`type`):
            Dataclass of the arguments.
        argv (`list[str]`, *optional*):
            Words of the command line; defaults to the process's.

    Returns:
        An instance of `arguments_class`.

    Raises:
        ValueError: if the file has an unknown argument, or the dataclass refuses a value.
    """
    parser = HfArgumentParser(arguments_class, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--config", help="YAML file of arguments.")
    config = parser.parse_known_args(argv)[0].config
    if config is not None:
        values = yaml.safe_load(Path(config).read_text()) or {}
        unknown = sorted(set(values) - {f.name for f in dataclasses.fields(arguments_class)})
        if unknown:
            raise ValueError(f"`config`={config!r} has unknown arguments: {', '.join(unknown)}")
        # as text, so that "1e-3" (which YAML takes for a string) and lists go through the arguments' own types
        parser.set_defaults(
            **{k: str(v) if isinstance(v, float | int) and not isinstance(v, bool) else v for k, v in values.items()}
        )
    namespace = vars(parser.parse_args(argv))
    del namespace["config"]
    return arguments_class(**namespace)
