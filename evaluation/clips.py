"""Clips and measurements on disk, so that a run that was broken off goes on where it was."""

import hashlib
import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from ..audio import read_audio

SAMPLING_RATE = 22050  # Hz: every system is kept, heard and measured at this rate
HOP_LENGTH = 256  # samples between frames, as those of the mel
SPEECH_RANGE = 40.0  # dB between the loudest frame and the faintest that counts as speech


class ClipStore:
    """
    The clips of one system: `FOLDER/ID.wav` (16 bit, mono, 22,050 Hz) and `FOLDER/ID.json`.

    A clip counts as finished when its JSON, written last, holds the fingerprint of what it was made from.

    Args:
        folder (`str` or `os.PathLike`): Where they lie; created.
    """

    def __init__(self, folder: str | os.PathLike):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, clip_id: str) -> Path:
        """Path of a clip's WAV file, whether it is there or not."""
        return self.folder / f"{clip_id}.wav"

    def is_finished(self, clip_id: str, fingerprint: str) -> bool:
        """Whether the clip is there and was made from the same."""
        try:
            info = json.loads(self._info_path(clip_id).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return info.get("fingerprint") == fingerprint and self.path(clip_id).is_file()

    def save(self, clip_id: str, waveform: np.ndarray, fingerprint: str, **info: Any) -> None:
        """Write a clip `(samples,)` and what is known of how it was made."""
        self._info_path(clip_id).unlink(missing_ok=True)
        soundfile.write(self.path(clip_id), np.clip(waveform, -1.0, 1.0), SAMPLING_RATE, subtype="PCM_16")
        content = {"fingerprint": fingerprint, "seconds": len(waveform) / SAMPLING_RATE, **info}
        temporary = self._info_path(clip_id).with_suffix(".tmp")
        temporary.write_text(json.dumps(content), encoding="utf-8")
        temporary.replace(self._info_path(clip_id))

    def load(self, clip_id: str) -> tuple[np.ndarray, dict[str, Any]] | None:
        """A finished clip `(samples,)` and what is known of it; `None` where there is none."""
        if not self._info_path(clip_id).is_file():
            return None
        waveform, _ = soundfile.read(self.path(clip_id), dtype="float32")
        return waveform, json.loads(self._info_path(clip_id).read_text(encoding="utf-8"))

    def discard(self, clip_id: str) -> None:
        """Forget a clip, if there is one."""
        self._info_path(clip_id).unlink(missing_ok=True)

    def _info_path(self, clip_id: str) -> Path:
        return self.folder / f"{clip_id}.json"


class MeasureCache:
    """
    Measurements by a key of what was measured, appended to a JSON-lines file as they are made.

    Args:
        path (`str` or `os.PathLike`): The file.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path)
        self._values: dict[str, Any] = {}
        self._ends_whole = True
        if self.path.is_file():
            content = self.path.read_text(encoding="utf-8")
            self._ends_whole = not content or content.endswith("\n")
            for line in content.splitlines():
                try:
                    key, value = json.loads(line)
                except ValueError:  # the last line of a run that was broken off
                    continue
                self._values[key] = value

    def get(self, key: str, measure: Callable[[], Any]) -> Any:
        """The value of a key, measured on first demand. Values are what JSON can hold."""
        if key not in self._values:
            value = measure()
            with self.path.open("a", encoding="utf-8") as file:
                # a line of its own, whatever a run that was broken off has left
                file.write(f"{'' if self._ends_whole else chr(10)}{json.dumps([key, value])}\n")
            self._ends_whole = True
            self._values[key] = value
        return self._values[key]


def fingerprint(*parts: Any) -> str:
    """Short hash of anything with a faithful `repr`; arrays count with all their samples."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def read_clip(source: str | os.PathLike | bytes | dict) -> np.ndarray:
    """Any audio as mono float32 `(samples,)` at 22,050 Hz."""
    return read_audio(source, SAMPLING_RATE)[0]


def speech_levels(waveform: np.ndarray) -> np.ndarray:
    """
    Level of each whole frame of 256 samples in dB, after pre-emphasis: the hum of a room is no speech.

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): At 22,050 Hz.

    Returns:
        `np.ndarray` of shape `(samples // 256,)`.
    """
    emphasized = np.append(waveform[:1], waveform[1:] - 0.97 * waveform[:-1]).astype(np.float64)
    frames = emphasized[: len(waveform) // HOP_LENGTH * HOP_LENGTH].reshape(-1, HOP_LENGTH)
    return 10 * np.log10((frames**2).mean(1) + 1e-12)


def trim_edges(waveform: np.ndarray) -> np.ndarray:
    """Cut what lies 40 dB below the loudest frame at both ends of a clip `(samples,)` at 22,050 Hz."""
    levels = speech_levels(waveform)
    loud = np.flatnonzero(levels > levels.max(initial=-120.0) - SPEECH_RANGE)
    return waveform[loud[0] * HOP_LENGTH : (loud[-1] + 1) * HOP_LENGTH] if len(loud) else waveform


def to_json(value: Any) -> Any:
    """The same with NaN and infinity as `None`, which JSON has no word for."""
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return value
