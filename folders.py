"""Putting a folder in the place of another, as `replace_file` does with files."""

import ctypes
import os
import shutil
import sys
from pathlib import Path

from .files import PARTIAL_PREFIX


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


__all__ = ["replace_folder"]
