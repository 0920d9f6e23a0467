"""Errors of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager


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
