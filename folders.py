"""Making folders, and putting one in the place of another, as `replace_file` does with files."""

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

from .files import PARTIAL_PREFIX


def make_folder(path: str | os.PathLike, argument: str) -> Path:
    """
    Make a folder, and those above it, where they are missing.

    Raises:
        OSError: If it cannot be made or written in; names the `argument` that asked for it.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        reason = "a file has its name" if path.is_file() else error.strerror
        raise type(error)(
            f"`{argument}` {str(path)!r} cannot be written in ({reason}): choose another folder."
        ) from error
    return path


def replace_folder(new: str | os.PathLike, path: str | os.PathLike) -> Path:
    """Put the folder `new` in the place of `path`, which need not exist. At no moment is there none."""
    new, path = Path(new), Path(path)
    old = path.with_name(f"{PARTIAL_PREFIX}{path.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if not path.exists():
        new.rename(path)
    elif _exchange(new, path):
        shutil.rmtree(new, ignore_errors=True)
    else:
        path.rename(old)
        new.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    return path


def _exchange(first: Path, second: Path) -> bool:
    """Swaps two folders in one step. `False` where the system or the file system cannot."""
    at_working_directory, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    # elsewhere there is no such call, and on Windows not even `CDLL(None)`
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    return rename(at_working_directory, os.fsencode(first), at_working_directory, os.fsencode(second), exchange) == 0


__all__ = ["make_folder", "replace_folder"]
