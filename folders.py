"""Folders that are whole or absent."""

import os
import shutil
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
