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
def packages_of(command: str, extra: str) -> Iterator[None]:
    """Imports for a command: where a package is missing, the error says which extra has it."""
    try:
        yield
    except ImportError as error:
        raise UsageError(
            f"`{command}` needs more packages ({error}): pip install -e '.[{extra}]' in the checkout."
        ) from error
