"""The voices that requests may name: those of the checkpoint, blends of them, and uploaded ones. Never a path or a URL."""

import io
import logging
import math
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from ..audio import read_audio
from ..base_synthesizer import BaseSynthesizer, parse_blend
from ..matched_voices_gpt2tts import mean_voice, write_voice

logger = logging.getLogger(__name__)

MAX_UPLOAD_BYTES = 10 * 2**20
MAX_CLIP_SECONDS = 120.0
MAX_UPLOAD_SECONDS = 600.0  # of all recordings of a voice
MAX_RATE = 192_000
UNKNOWN_FRAMES = 2**62  # libsndfile says this of the length of a FLAC stream, or more
MAX_CLIP_VALUES = 48_000 * 2 * 120  # samples of all channels, which is what decoding takes memory for
MAX_UPLOADED_VOICES = 1000
MAX_BLEND_CHARACTERS = 1000
VOICE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class UnknownVoiceError(ValueError):
    """A request names a voice that is not in the catalog, or a blend of nothing."""


class VoiceCatalog:
    """
    The voices of a synthesizer by name.

    Args:
        synthesizer ([`Synthesizer`] or [`OnnxSynthesizer`]): What speaks. Uploaded voices are added to it.
        folder (`str` or `os.PathLike`, *optional*):
            Where uploaded voices are kept, `NAME.safetensors`; made if need be. Without one there are no uploads.

    Raises:
        OSError: If the folder cannot be made or read.
    """

    def __init__(self, synthesizer: BaseSynthesizer, folder: str | os.PathLike | None = None):
        self.synthesizer = synthesizer
        self.folder = None if folder is None else Path(folder)
        self.uploaded: dict[str, int] = {}  # name -> when, in seconds since 1970
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(self.folder.glob("*.safetensors")):
                self._load(path)

    def _load(self, path: Path) -> None:
        if not VOICE_NAME.fullmatch(path.stem) or path.stem in self.names:
            logger.warning(f"The voice file {path} is left out: its name is taken, or no name of a voice.")
            return
        try:
            self.synthesizer.add_voice(path.stem, path)
        except (ValueError, OSError) as error:
            logger.warning(f"The voice file {path} is left out: {error}")
            return
        self.uploaded[path.stem] = int(path.stat().st_mtime)

    @property
    def names(self) -> list[str]:
        """Names of all voices."""
        return self.synthesizer.voices

    def resolve(self, voice: str | None) -> dict[str, float]:
        """
        Names and weights of a voice or a blend, `"heart(2)+michael(1)"`; empty for the default.

        Raises:
            UnknownVoiceError: If a name is not in the catalog, be it a file or an address, it is too long, or the weights are all
                0 or not finite.
        """
        if voice is None or not voice.strip():
            return {}
        if len(voice) > MAX_BLEND_CHARACTERS:
            raise UnknownVoiceError(f"`voice` has {len(voice)} characters, at most {MAX_BLEND_CHARACTERS} are taken.")
        known = set(self.names)
        weights = {voice: 1.0} if voice in known else parse_blend(voice)
        if weights is None or not set(weights) <= known:
            names = ", ".join(self.names) or "none"
            raise UnknownVoiceError(
                f"There is no voice {voice[:80]!r}: choose one of {names}, or a blend 'A(2)+B(1)'."
            )
        if not 0 < sum(weights.values()) < math.inf:
            raise UnknownVoiceError(f"The weights of the voice {voice[:80]!r} are all 0 or too large: choose others.")
        return weights

    def load(self, weights: dict[str, float]) -> tuple[Any, bool]:
        """Style latents of what [`~VoiceCatalog.resolve`] gave, and whether it reads British phonemes."""
        if not weights:
            return self.synthesizer.load_voice(), self.synthesizer.is_british()
        voice = mean_voice([self.synthesizer.load_voice(name) for name in weights], list(weights.values()))
        british = sum(weight if self.synthesizer.is_british(name) else -weight for name, weight in weights.items())
        return voice, british > 0

    def listen(self, recordings: Sequence[bytes]) -> Iterator[Any]:
        """Style latents of uploaded recordings of one speaker, as the one item that the scheduler takes."""
        clips, seconds = [], 0.0
        for content in recordings:
            waveform, sampling_rate = decode_clip(content)
            clips.append((waveform, sampling_rate))
            seconds += len(waveform) / sampling_rate
            if seconds > MAX_UPLOAD_SECONDS:  # small files may decode to much memory
                raise ValueError(
                    f"The recordings are longer than {MAX_UPLOAD_SECONDS:.0f} s together: 3 to 6 seconds each are enough."
                )
        yield self.synthesizer.load_voice(clips)

    def check_new(self, name: str) -> None:
        """
        Whether a voice of that name may be uploaded.

        Raises:
            PermissionError: If uploads are off, or there are too many.
            FileExistsError: If there is a voice of that name.
            ValueError: If it is no name.
        """
        if self.folder is None:
            raise PermissionError("This server takes no voices: start it with --voices-folder FOLDER.")
        if not VOICE_NAME.fullmatch(name):
            raise ValueError(f"`name` takes up to 64 letters of a to z, digits, '_' and '-', got {name[:80]!r}.")
        if name in self.names:
            raise FileExistsError(f"There is a voice {name!r}: choose another name.")
        if len(self.uploaded) >= MAX_UPLOADED_VOICES:
            raise PermissionError(f"This server keeps {MAX_UPLOADED_VOICES} voices, and has them.")

    def add(self, name: str, latents: Any) -> None:
        """
        Keeps a voice under a name, in the folder too. Raises as [`~VoiceCatalog.check_new`].
        """
        self.check_new(name)
        assert self.folder is not None
        handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".partial")
        os.close(handle)
        try:
            write_voice(temporary, latents)
            path = self.folder / f"{name}.safetensors"
            if os.path.lexists(path):
                raise FileExistsError(f"There is a file of the voice {name!r} that is not used: choose another name.")
            self.synthesizer.add_voice(name, latents)  # raises where they do not fit
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        self.uploaded[name] = int(time.time())


def decode_clip(content: bytes) -> tuple[np.ndarray, int]:
    """
    An uploaded recording, decoded in memory.

    Args:
        content (`bytes`): A file, at most 10 MiB.

    Returns:
        `tuple[np.ndarray, int]`: mono float32 waveform `(samples,)` and its rate in Hz.

    Raises:
        ValueError: If it is too large, too long (120 s), of an odd rate, or no audio that libsndfile can decode.
    """
    if len(content) > MAX_UPLOAD_BYTES:
        raise ValueError(f"The recording is larger than {MAX_UPLOAD_BYTES // 2**20} MiB: 3 to 6 seconds are enough.")
    try:
        info = soundfile.info(io.BytesIO(content))
    except soundfile.SoundFileError as error:
        raise ValueError(
            f"The recording cannot be decoded ({error.error_string}): send wav, flac, mp3 or ogg."
        ) from error
    limit = int(min(MAX_CLIP_SECONDS * info.samplerate, MAX_CLIP_VALUES / info.channels))
    is_stream = info.frames >= UNKNOWN_FRAMES  # whose end FFmpeg alone finds
    # a small file may hold hours, and its header need not say so
    if info.frames <= limit or is_stream:
        waveform, rate = read_audio(content, max_seconds=(limit + 1) / info.samplerate, use_ffmpeg=is_stream)
        # the filter from an odd rate, such as 44,099 Hz, to another takes gigabytes; all that are in use are multiples
        if rate % 25 or rate > MAX_RATE:
            raise ValueError(f"The recording has {rate} samples a second: convert it to 44100 or 48000.")
        if len(waveform) <= limit:
            return waveform, rate
    raise ValueError(f"The recording is longer than {MAX_CLIP_SECONDS:.0f} s: 3 to 6 seconds are enough.")
