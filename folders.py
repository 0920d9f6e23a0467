"""Folders and files that are whole or absent."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# of folders that are not complete yet, or no longer
PARTIAL_PREFIX = ".partial-"


def replace_folder(new: str | os.PathLike, path: str | os.PathLike) -> Path:
    """Put the folder `new` in the place of `path`, which need not exist."""
    new, path = Path(new), Path(path)
    old = path.with_name(f"{PARTIAL_PREFIX}{path.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if path.exists():
        path.rename(old)
    new.rename(path)
    shutil.rmtree(old, ignore_errors=True)
    return path


@contextmanager
def replace_file(path: str | os.PathLike) -> Iterator[Path]:
    """A path to write a new file at. It takes the place of `path` when it is complete, and is removed on an error."""
    path = Path(path)
    # of this process: another may be at the same file
    partial = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{path.name}")
    try:
        yield partial
        with open(partial, "rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
