"""Recordings on disk: which files of a folder are some, and which of them tell most of a voice."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .audio import import_soundfile
from .files import list_files

logger = logging.getLogger(__name__)

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".opus", ".mp3")
# what libsndfile does not know and ffmpeg does, phones' voice memos above all
OTHER_SUFFIXES = (".m4a", ".mp4", ".aac", ".wma", ".amr", ".webm", ".mka", ".mkv", ".mov", ".aiff", ".aif")
RECORDING_SUFFIXES = (*AUDIO_SUFFIXES, *OTHER_SUFFIXES)

# of the clips that a voice is taken from: their seconds, and how many they are at most
CLIP_SECONDS = (3.0, 10.0)
MAX_CLIPS = 12


def is_recording(path: str | os.PathLike) -> bool:
    """Whether there is a file at `path` whose name is that of a recording."""
    path = Path(path)
    return path.suffix.lower() in RECORDING_SUFFIXES and path.is_file()


def is_second_microphone(path: Path) -> bool:
    """Whether a recording is what the second microphone of VCTK heard, `p225_001_mic2`, and that of the first is beside it."""
    return path.stem.endswith("_mic2") and path.with_stem(f"{path.stem[:-1]}1").is_file()


def list_recordings(folder: str | os.PathLike, *, without: str | os.PathLike | None = None) -> list[Path]:
    """
    The audio files below a folder, sorted; of VCTK's two microphones those of the first.

    Args:
        folder (`str` or `os.PathLike`): The folder.
        without (`str` or `os.PathLike`, *optional*): A folder in it whose files are left out.

    Raises:
        FileNotFoundError: If there is no folder.
        ValueError: If it holds no audio.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"There is no folder {str(folder)!r}: pass the folder of the recordings, or one of them."
        )
    paths = [path for path in list_files(folder) if is_recording(path) and not is_second_microphone(path)]
    if without is not None and Path(without).resolve().is_relative_to(folder.resolve()):
        paths = [path for path in paths if not path.resolve().is_relative_to(Path(without).resolve())]
    if not paths:
        known = ", ".join(RECORDING_SUFFIXES)
        raise ValueError(f"{folder} holds no audio: put recordings there ({known}).")
    return paths


def choose_clips(paths: Sequence[str | os.PathLike], seconds: Sequence[float]) -> list[str | os.PathLike]:
    """
    Of recordings of one speaker, of such lengths, up to twelve of 3 to 10 s, evenly spaced; where none is so long, the longest.
    """
    shortest, longest = CLIP_SECONDS
    suitable = [index for index, length in enumerate(seconds) if shortest <= length <= longest]
    if not suitable:
        suitable = sorted(np.argsort(seconds)[-MAX_CLIPS:].tolist())
    chosen = np.unique(np.linspace(0, len(suitable) - 1, min(MAX_CLIPS, len(suitable))).round().astype(int))
    return [paths[suitable[index]] for index in chosen]


def clip_seconds(path: str | os.PathLike) -> float:
    """Length of a recording by its header; 0 where libsndfile does not read it, with a warning where it should."""
    soundfile = import_soundfile()
    try:
        return soundfile.info(os.fspath(path)).duration
    except soundfile.SoundFileError as error:
        if Path(path).suffix.lower() in AUDIO_SUFFIXES:
            logger.warning("%s is left out: %s", path, error)
        return 0.0


__all__ = [
    "AUDIO_SUFFIXES",
    "OTHER_SUFFIXES",
    "RECORDING_SUFFIXES",
    "choose_clips",
    "clip_seconds",
    "is_recording",
    "is_second_microphone",
    "list_recordings",
]
