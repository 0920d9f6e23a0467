"""Errors of the command line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn


class UsageError(Exception):
    """What was asked for cannot be done. The message is one sentence with the reason and the remedy."""


@contextmanager
def wrong_value() -> Iterator[None]:
    """The library's complaints about a value are usage errors here."""
    try:
        yield
    except (ValueError, FileNotFoundError, FileExistsError) as error:
        raise UsageError(str(error)) from error


@contextmanager
def packages_of(command: str, extra: str = "", group: str = "") -> Iterator[None]:
    """Imports for a command: where a package is missing, the error says which extra has it, and which group without PyTorch."""
    try:
        yield
    except ImportError as error:
        remedy = f"pip install -e '.[{extra}]'" if extra else "pip install -e ."
        without = f" (without PyTorch: pip install --group {group})" if group else ""
        raise UsageError(f"`{command}` needs more packages ({error}): {remedy} in the checkout{without}.") from error


def one_line(error: BaseException) -> str:
    """What an error says, without line breaks; its name where it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__


def run_script(main: Callable[[], int]) -> NoReturn:
    """
    Runs the `main` of a script. What is wrong with its arguments, files or packages is one line on standard error, and has a
    traceback with `--debug`, as of `gpt2tts`; anything else has one always.

    Raises:
        SystemExit: With what `main` returns, or 1.
    """
    debug = "--debug" in sys.argv
    sys.argv[1:] = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        sys.exit(main())
    except (ValueError, OSError, ImportError) as error:
        if debug:
            raise
        sys.exit(f"{Path(sys.argv[0]).name}: error: {one_line(error)}")
