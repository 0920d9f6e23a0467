"""Files that are whole or absent."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# of files and folders that are not complete yet, or no longer
PARTIAL_PREFIX = ".partial-"


@contextmanager
def replace_file(path: str | os.PathLike) -> Iterator[Path]:
    """
    A path to write a new file at. It takes the place of `path` when it is complete, and is removed on an error.

    Raises:
        OSError: If the file cannot be written. It names `path`.
    """
    path = Path(path)
    # of this process: another may be at the same file
    partial = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{path.name}")
    try:
        yield partial
        with open(partial, "rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        if error.filename == os.fspath(partial):
            error.filename = os.fspath(path)
        raise
    finally:
        partial.unlink(missing_ok=True)
