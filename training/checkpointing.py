"""Checkpoints that are whole or absent, and the resumption from them."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from accelerate import Accelerator
from safetensors import SafetensorError
from transformers.utils import logging

from ..files import PARTIAL_PREFIX
from ..folders import make_folder, replace_folder

logger = logging.get_logger(__name__)

CHECKPOINT_PATTERN = re.compile(r"step-(\d{8,})")


def list_checkpoints(folder: str | os.PathLike) -> list[Path]:
    """The whole checkpoints in `folder`, oldest first; unfinished ones are left out."""
    folder = Path(folder)
    if not folder.is_dir():
        return []
    steps = ((CHECKPOINT_PATTERN.fullmatch(path.name), path) for path in folder.iterdir() if path.is_dir())
    return [path for _, path in sorted((int(match[1]), path) for match, path in steps if match)]


def prepare_output_dir(output_dir: str | os.PathLike, *, resumes: bool, overwrite: bool) -> Path:
    """
    The folder of a run, made where it is missing. What an earlier run left there is kept: [`clear_output_dir`] deletes it,
    once the new run is known to begin.

    Args:
        output_dir (`str` or `os.PathLike`): The folder.
        resumes (`bool`): Whether the run goes on from a checkpoint in that folder, if there is one.
        overwrite (`bool`): Whether the checkpoints and the log of an earlier run may give way.

    Raises:
        FileExistsError: If there is an earlier run, and neither is asked for.
        OSError: If the folder cannot be made.
    """
    output_dir = Path(output_dir)
    holds_run = (output_dir / "metrics.jsonl").is_file() or list_checkpoints(output_dir / "checkpoints")
    if holds_run and not resumes and not overwrite:
        raise FileExistsError(
            f"`output_dir` {str(output_dir)!r} holds an earlier run: go on with it by --resume_from_checkpoint latest, "
            "begin anew in its place by --overwrite_output_dir, or name another folder"
        )
    return make_folder(output_dir, "output_dir")


def clear_output_dir(output_dir: str | os.PathLike) -> None:
    """Deletes the checkpoints and the log of an earlier run."""
    checkpoints = Path(output_dir) / "checkpoints"
    for path in (*list_checkpoints(checkpoints), *checkpoints.glob(f"{PARTIAL_PREFIX}step-*")):
        shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):  # of others' files in it
        checkpoints.rmdir()
    (Path(output_dir) / "metrics.jsonl").unlink(missing_ok=True)


def resolve_checkpoint(reference: str, folder: str | os.PathLike) -> Path | None:
    """
    The checkpoint to resume from.

    Args:
        reference (`str`):
            `"latest"`, or the path of a checkpoint.
        folder (`str` or `os.PathLike`):
            Where `"latest"` looks.

    Returns:
        `Path`: the checkpoint; `None` if `"latest"` finds none, so that one command both starts and resumes.

    Raises:
        FileNotFoundError: if `reference` is a path with no whole checkpoint.
    """
    if reference == "latest":
        checkpoints = list_checkpoints(folder)
        return checkpoints[-1] if checkpoints else None
    path = Path(reference)
    if not CHECKPOINT_PATTERN.fullmatch(path.name) or not path.is_dir():
        raise FileNotFoundError(
            f"`resume_from_checkpoint`={reference!r} is no checkpoint folder (step-NNNNNNNN); "
            f"give one, or 'latest' for the newest in {folder}"
        )
    return path


def save_checkpoint(accelerator: Accelerator, folder: str | os.PathLike, step: int, *, keep: int = 2) -> Path:
    """
    Save the whole training state atomically: into a hidden folder, which is renamed when it is complete.

    Args:
        accelerator (`Accelerator`):
            Holds the prepared objects and those registered for checkpointing. Called on every process.
        folder (`str` or `os.PathLike`):
            Folder of the checkpoints.
        step (`int`):
            Optimiser step, for the name.
        keep (`int`, *optional*, defaults to 2):
            Checkpoints to keep; older ones are deleted once the new one is whole, and so are those of later steps, from
            before a run was taken back.

    Returns:
        `Path`: the checkpoint.

    Raises:
        OSError: If it cannot be written, as on a full disk. Earlier ones stay.
    """
    folder = Path(folder)
    path, partial = folder / f"step-{step:08d}", folder / f"{PARTIAL_PREFIX}step-{step:08d}"
    if accelerator.is_main_process:
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob(f"{PARTIAL_PREFIX}*"):
            shutil.rmtree(leftover)
        partial.mkdir()
    accelerator.wait_for_everyone()
    try:
        accelerator.save_state(str(partial))
    except (OSError, RuntimeError, SafetensorError) as error:  # torch says nothing of a full disk
        free = shutil.disk_usage(folder).free / 1e6
        if accelerator.is_main_process:
            shutil.rmtree(partial, ignore_errors=True)
        cause = (str(error) or repr(error)).splitlines()[0]
        raise OSError(
            f"the checkpoint of step {step} cannot be saved in {folder}, where {free:.0f} MB are free ({cause}): make room, or "
            "lower `keep_checkpoints`, and go on with --resume_from_checkpoint latest"
        ) from error
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        for file in partial.rglob("*"):
            _sync(file)
        replace_folder(partial, path)  # there is one where a resumed run passes the same step again
        _sync(folder)
        checkpoints = list_checkpoints(folder)
        place = checkpoints.index(path) + 1
        for old in (*checkpoints[: max(place - keep, 0)], *checkpoints[place:]):
            # renamed first: a deletion that is cut short must not leave half a checkpoint under a whole one's name
            doomed = old.rename(folder / f"{PARTIAL_PREFIX}{old.name}")
            shutil.rmtree(doomed)
    accelerator.wait_for_everyone()
    logger.info(f"saved {path}")
    return path


def _sync(path: Path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
