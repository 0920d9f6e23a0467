"""Files that are whole or absent, what is in a folder, caches of folders, and what folders of the Hub are called."""

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# of files and folders that are not complete yet, or no longer
PARTIAL_PREFIX = ".partial-"
ABANDONED_SECONDS = 24 * 3600.0  # after which nobody is at what is not complete
ADAPTER_CONFIG = "adapter_config.json"  # as peft names it
MAX_NAME_BYTES = 200  # of the 255 that file systems allow: what programs add has to fit, too


def list_files(folder: str | os.PathLike) -> list[Path]:
    """
    The files below a folder, sorted, without what programs keep there for themselves: whatever begins with a dot. Folders that
    links lead to are among it, each once.
    """
    files: list[Path] = []
    pending, seen = [os.fspath(folder)], set[str]()
    while pending:
        # does not follow links, which may lead in a circle: what is there by itself has the name that it has there
        for place, folders, names in os.walk(pending.pop(0)):
            real = os.path.realpath(place)
            folders[:] = sorted(name for name in folders if not name.startswith(".") and real not in seen)
            if real not in seen:
                files += [Path(place, name) for name in names if not name.startswith(".")]
            seen.add(real)
            pending += [path for name in folders if os.path.islink(path := os.path.join(place, name))]
    return sorted(filter(Path.is_file, files))


def is_adapter(folder: str | os.PathLike) -> bool:
    """Whether a folder holds an adapter and no model."""
    return (Path(folder) / ADAPTER_CONFIG).is_file() and not (Path(folder) / "config.json").is_file()


def share(path: str | os.PathLike) -> None:
    """Lets others read a file as far as the process does with all it writes: safetensors lets its owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(path, 0o666 & ~mask)


def short_name(name: str) -> str:
    """A file name of at most 200 bytes: a longer one is cut, and ends in a hash of the whole."""
    content = name.encode("utf-8", "surrogateescape")
    if len(content) <= MAX_NAME_BYTES:
        return name
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"{content[: MAX_NAME_BYTES - len(digest) - 1].decode('utf-8', 'ignore')}-{digest}"


@contextmanager
def replace_file(path: str | os.PathLike) -> Iterator[Path]:
    """
    A path to write a new file at. It takes the place of `path` when it is complete, and is removed on an error.

    Raises:
        OSError: If the file cannot be written. It names `path`.
    """
    path = Path(path)
    # of this thread: another, or another process, may be at the same file
    partial = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{threading.get_native_id()}-{short_name(path.name)}")
    try:
        yield partial
        with open(partial, "rb+") as file:  # Windows flushes only what is open for writing
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        if error.filename == os.fspath(partial):
            error.filename = os.fspath(path)
        raise
    finally:
        partial.unlink(missing_ok=True)


def clear_cache(cache: Path, key: str, num_kept: int) -> None:
    """Keeps the latest folders, `key` among them. One that another program is writing is left alone for a day."""
    ages = {}
    for other in cache.iterdir():
        with suppress(FileNotFoundError):  # another program clears, too
            ages[other] = time.time() - other.stat().st_mtime
    others = sorted(
        (path for path in ages if path.name != key and not path.name.startswith(PARTIAL_PREFIX)), key=ages.__getitem__
    )
    abandoned = [
        path for path, age in ages.items() if path.name.startswith(PARTIAL_PREFIX) and age > ABANDONED_SECONDS
    ]
    for path in others[num_kept - 1 :] + abandoned:
        shutil.rmtree(path, ignore_errors=True)


def split_revision(reference: str | os.PathLike) -> tuple[str, dict[str, str]]:
    """
    A reference to the Hub that may be pinned, `ID@REVISION`: the id, and `revision` as an argument of `from_pretrained`.
    What exists on disk under the whole of it is taken as it is.
    """
    reference = os.fspath(reference)
    source, mark, revision = reference.partition("@")
    if not mark or os.path.exists(reference):
        return reference, {}
    if not source or not revision:
        raise ValueError(
            f"{reference!r} has an empty part: a pinned reference is ID@REVISION, such as user/name@main."
        )
    return source, {"revision": revision}
