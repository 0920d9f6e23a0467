"""Where in a recording of any length there is speech, and where to cut it: read by blocks, in flat memory."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import soundfile
import torch

from ..audio import check_resampling
from ..evaluation.utils import import_optional
from ..files import replace_file, short_name

VAD_RATE = 16000  # Hz
VAD_WINDOW = 512  # samples that the detector looks at
BLOCK_SECONDS = 16  # a whole number of windows
MIN_PAUSE = 0.25  # seconds of silence that end a stretch of speech
MAX_PAUSE = 0.7  # seconds of silence inside a piece
MARGIN = 0.1  # seconds kept before and after it
DAMAGED = "-damaged.flac"
RUN_UP = 0.5  # seconds decoded before a piece: the first frames of MP3 after a jump lack what those before them hold
LONGEST_STRETCH = 60.0  # seconds after which speech without a pause is looked at more closely


@dataclass(frozen=True)
class Stretch:
    """A piece of a recording, in seconds from its beginning."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start


@dataclass
class Splitter:
    """
    Cuts recordings at pauses, with the voice activity detector Silero VAD.

    Args:
        max_seconds (`float`, *optional*, defaults to 12.0): Longest piece.

    Raises:
        ImportError: If `silero-vad` is not installed.
    """

    max_seconds: float = 12.0
    _detector: torch.nn.Module = field(init=False, repr=False)

    def __post_init__(self):
        threads = torch.get_num_threads()
        self._silero = import_optional("silero_vad", "silero-vad", "Cutting recordings at pauses")
        torch.set_num_threads(threads)  # its import sets it to one
        self._detector = self._silero.load_silero_vad()

    def split(self, path: str | os.PathLike) -> Iterator[Stretch]:
        """The pieces of a recording, in order, each with a margin of silence at both ends."""
        piece: Stretch | None = None
        for stretch in self.find_speech(path):
            if piece is None:
                piece = stretch
                continue
            pause = stretch.start - piece.end + 2 * MARGIN
            if stretch.end - piece.start <= self.max_seconds and pause <= MAX_PAUSE:
                piece = Stretch(piece.start, stretch.end)
            else:
                yield piece
                piece = stretch
        if piece is not None:
            yield piece

    @torch.inference_mode()
    def find_speech(self, path: str | os.PathLike) -> Iterator[Stretch]:
        """Stretches of speech between pauses, none longer than `max_seconds`, at most `MARGIN` of silence around each."""
        events = self._silero.VADIterator(
            self._detector,
            sampling_rate=VAD_RATE,
            min_silence_duration_ms=round(1000 * MIN_PAUSE),
            speech_pad_ms=0,
        )
        start: float | None = None
        last_end, place = 0.0, 0.0
        for block in read_blocks(path):
            for window in block.split(VAD_WINDOW):
                event = events(window) or {}
                place += VAD_WINDOW / VAD_RATE
                if "start" in event:
                    start = event["start"] / VAD_RATE
                if start is None:
                    continue
                end = event["end"] / VAD_RATE if "end" in event else None
                if end is None and place - start > LONGEST_STRETCH:
                    end = place
                    events.triggered, events.temp_end = False, 0
                if end is not None:
                    yield from self._bound(path, Stretch(max(last_end, start - MARGIN), end + MARGIN))
                    last_end, start = end + MARGIN, None
        if start is not None and place > start:
            yield from self._bound(path, Stretch(max(last_end, start - MARGIN), place))

    def _bound(self, path: str | os.PathLike, stretch: Stretch) -> Iterator[Stretch]:
        """A stretch, cut at its longest short pauses where it is too long."""
        if stretch.seconds <= self.max_seconds:
            yield stretch
            return
        waveform = torch.from_numpy(read_stretch(path, stretch, VAD_RATE)[0])
        for part in self._silero.get_speech_timestamps(
            waveform,
            self._detector,
            sampling_rate=VAD_RATE,
            max_speech_duration_s=self.max_seconds - 2 * MARGIN,
            min_silence_duration_ms=100,
            speech_pad_ms=30,
        ):
            yield Stretch(stretch.start + part["start"] / VAD_RATE, stretch.start + part["end"] / VAD_RATE)
        self._detector.reset_states()


def make_readable(path: Path, cache: Path) -> Path:
    """
    The recording itself where libsndfile reads it, else a copy in FLAC, decoded once by ffmpeg's libraries (`av`). What is
    damaged is silence in it; the name of such a copy ends in `DAMAGED`.

    Raises:
        ValueError: If neither can read it.
        ImportError: If it needs `av`, and that is not installed.
    """
    try:
        soundfile.info(str(path))
        return path
    except soundfile.SoundFileError as error:
        reason = str(error)
    av = import_optional("av", "av", f"Reading {path.name}")
    version = (str(path), path.stat().st_size, path.stat().st_mtime_ns)
    copy = cache / f"{short_name(path.stem)}-{hashlib.sha256(repr(version).encode()).hexdigest()[:8]}.flac"
    damaged = copy.with_name(f"{copy.stem}{DAMAGED}")
    for made in (copy, damaged):
        if made.is_file():
            return made
    cache.mkdir(parents=True, exist_ok=True)
    try:
        with av.open(str(path)) as container, replace_file(copy) as partial:
            rate, num_samples, damage = container.streams.audio[0].rate, 0, None
            with soundfile.SoundFile(partial, "w", rate, 1, "PCM_16", format="FLAC") as file:
                for samples, error in _decode(container, av):
                    file.write(samples)
                    damage = error or damage
                    num_samples += 0 if error else len(samples)
            if damage is not None and not num_samples:
                raise damage
    except (av.FFmpegError, IndexError) as error:
        raise ValueError(f"{path} cannot be decoded ({reason}; {error}): convert it to wav or flac.") from error
    return copy if damage is None else copy.rename(damaged)


def _decode(container: Any, av: ModuleType) -> Iterator[tuple[np.ndarray, Exception | None]]:
    """
    The first audio of a container packet by packet, mono, 16 bits. One that is damaged is silence, and comes with the error; one of the
    container itself is the last.
    """
    stream = container.streams.audio[0]
    resampler = av.AudioResampler("s16", "mono", stream.rate)
    packets = container.demux(stream)
    while True:
        packet = None
        try:
            if (packet := next(packets, None)) is None:
                return
            frames = packet.decode()
        except av.FFmpegError as error:
            seconds = 0 if packet is None else (packet.duration or 0) * (packet.time_base or 0)
            yield np.zeros(round(seconds * stream.rate), np.int16), error
            if packet is None:
                return
            continue
        pieces = [piece.to_ndarray().reshape(-1) for frame in frames for piece in resampler.resample(frame)]
        yield np.concatenate([np.zeros(0, np.int16), *pieces]), None


def read_blocks(path: str | os.PathLike) -> Iterator[torch.Tensor]:
    """
    A recording as mono blocks at 16 kHz, whole windows of the detector, the last one filled up with silence.

    Raises:
        ValueError: If its rate is such as 44,099 Hz, to resample from which would take gigabytes.
    """
    from torchaudio.functional import resample

    with soundfile.SoundFile(str(path)) as file:
        check_resampling(file.samplerate, VAD_RATE)
        for block in file.blocks(BLOCK_SECONDS * file.samplerate, dtype="float32", always_2d=True):
            # every block begins at a whole second: no sample is lost between them
            # a single NaN would leave the detector deaf to all that follows
            samples = torch.from_numpy(block.mean(axis=1)).nan_to_num(0.0, 0.0, 0.0)
            samples = resample(samples, file.samplerate, VAD_RATE)
            yield torch.nn.functional.pad(samples, (0, -len(samples) % VAD_WINDOW))


def read_stretch(
    path: str | os.PathLike, stretch: Stretch, sampling_rate: int | None = None
) -> tuple[np.ndarray, int]:
    """A piece of a recording, mono float32 `(samples,)`, and its rate in Hz: the one asked for, else the file's."""
    from torchaudio.functional import resample

    with soundfile.SoundFile(str(path)) as file:
        rate = file.samplerate
        start = min(round(stretch.start * rate), file.frames)
        run_up = min(start, round(RUN_UP * rate))
        file.seek(start - run_up)
        samples = file.read(run_up + round(stretch.seconds * rate), dtype="float32", always_2d=True)[run_up:].mean(
            axis=1
        )
    samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    if sampling_rate in (None, rate):
        return samples, rate
    return resample(torch.from_numpy(samples), rate, sampling_rate).numpy(), sampling_rate
