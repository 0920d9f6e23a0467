"""Reading audio files of any format libsndfile knows (wav, flac, ogg, opus, mp3...), resampling, writing and encoding by chunks."""

import contextlib
import io
import math
import os
import queue
import shutil
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import torch
import torchaudio

from .feature_extraction_gpt2tts import MAX_PEAK
from .processing_gpt2tts import AUDIO_FORMATS

STANDARD_OUTPUT = "-"


def read_audio(
    source: str | os.PathLike | bytes | Mapping, sampling_rate: int | None = None
) -> tuple[np.ndarray, int]:
    """
    Reads an audio file, mixes its channels to mono and resamples it where asked.

    Args:
        source (`str`, `os.PathLike`, `bytes` or a mapping):
            Path of the file, its content, or an undecoded `datasets` audio value (`{"path": ..., "bytes": ...}`).
        sampling_rate (`int`, *optional*):
            Rate in Hz to resample to. Defaults to the file's own rate.

    Returns:
        `tuple[np.ndarray, int]`: the waveform, float32 of shape `(samples,)` with full scale 1, and its rate in Hz.

    Raises:
        `FileNotFoundError`: `source` is a path with no file.
        `ValueError`: the content is no audio that libsndfile can decode, or `source` is an empty mapping.
    """
    if isinstance(source, Mapping):
        content, path = source.get("bytes"), source.get("path")
        if content is None and path is None:
            raise ValueError("`source` has neither `bytes` nor a `path`: pass one of them.")
        source = path if content is None else content
    if isinstance(source, bytes):
        name, file = f"{len(source)} bytes of audio", io.BytesIO(source)
    else:
        name = file = os.fspath(source)
        if not os.path.isfile(name):
            raise FileNotFoundError(f"There is no audio file at {name!r}.")
    try:
        waveform, rate = soundfile.read(file, dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise ValueError(f"{name} cannot be decoded by libsndfile ({error}): convert it to wav or flac.") from error
    waveform = waveform.mean(axis=1)
    if sampling_rate is not None and sampling_rate != rate:
        waveform = torchaudio.functional.resample(torch.from_numpy(waveform), rate, sampling_rate).numpy()
        rate = sampling_rate
    return waveform, rate


def resample_waveforms(
    waveforms: Sequence[np.ndarray | torch.Tensor], sampling_rate: int, target_rate: int
) -> list[np.ndarray]:
    """
    Mono float32 waveforms at the rate a model wants.

    Args:
        waveforms (sequence of `np.ndarray` or `torch.Tensor`, each of shape `(samples,)`): The clips.
        sampling_rate (`int`): Their rate in Hz.
        target_rate (`int`): The wanted rate in Hz.

    Returns:
        `list[np.ndarray]`: float32, each `(samples,)`; non-finite samples become 0.

    Raises:
        ValueError: If a clip is not one-dimensional or holds integer samples, or a rate is not positive.
    """
    if isinstance(waveforms, (np.ndarray, torch.Tensor)) and waveforms.ndim == 1:
        raise ValueError("`waveforms` has to be a list of clips; for one clip pass `[waveform]`.")
    if sampling_rate <= 0 or target_rate <= 0:
        raise ValueError(f"`sampling_rate` has to be positive, got {sampling_rate}.")
    resampled = []
    for index, waveform in enumerate(waveforms):
        waveform = torch.as_tensor(waveform).detach()
        is_integer = not waveform.is_floating_point() and waveform.numel() > 0
        waveform = torch.nan_to_num(waveform.to("cpu", torch.float32), nan=0.0, posinf=0.0, neginf=0.0)
        if is_integer or (waveform.numel() and waveform.abs().max() > MAX_PEAK):
            raise ValueError(
                f"`waveforms[{index}]` has integer samples, and floats in [-1, 1] are expected: divide by the full scale "
                "of the format, such as `audio / 32768` for 16-bit audio."
            )
        if waveform.ndim != 1:
            raise ValueError(
                f"`waveforms[{index}]` has shape {tuple(waveform.shape)}; mix it down to mono, shape (samples,)."
            )
        if sampling_rate != target_rate and waveform.numel():
            waveform = torchaudio.functional.resample(waveform, sampling_rate, target_rate)
        resampled.append(waveform.numpy())
    return resampled


class AudioWriter(AbstractContextManager):
    """
    Writes speech chunk by chunk. The file appears with the first chunk.

    Args:
        path (`str`): File ending in .wav, .flac or .ogg, or `"-"` for 16-bit WAV on standard output.
        sampling_rate (`int`): Rate of the speech in Hz.

    Attributes:
        num_samples (`int`): Samples written so far.
    """

    def __init__(self, path: str, sampling_rate: int):
        self.path = path
        self.sampling_rate = sampling_rate
        self.num_samples = 0
        self._file: soundfile.SoundFile | BinaryIO | None = None

    def write(self, waveform: np.ndarray) -> None:
        """Appends a float32 waveform `(samples,)`; what exceeds full scale is clipped."""
        waveform = np.clip(waveform, -1.0, 1.0)
        if self.path == STANDARD_OUTPUT:
            if self._file is None:
                self._file = sys.stdout.buffer
                self._file.write(streaming_wav_header(self.sampling_rate))
            self._file.write(to_pcm16(waveform))
            self._file.flush()
        else:
            if self._file is None:
                subtype = AUDIO_FORMATS[Path(self.path).suffix.lower()]
                self._file = soundfile.SoundFile(self.path, "w", self.sampling_rate, channels=1, subtype=subtype)
            # libsndfile's Vorbis encoder overflows its stack when it is given minutes of audio at once
            for start in range(0, len(waveform), self.sampling_rate):
                self._file.write(waveform[start : start + self.sampling_rate])
        self.num_samples += len(waveform)

    def __exit__(self, *exception: object) -> None:
        if isinstance(self._file, soundfile.SoundFile):
            self._file.close()


def streaming_wav_header(sampling_rate: int) -> bytes:
    """Header of a mono 16-bit WAV stream whose length is not known yet: the sizes are the largest there are."""
    unknown = 0xFFFFFFFF
    fields = (b"RIFF", unknown, b"WAVE", b"fmt ", 16, 1, 1, sampling_rate, 2 * sampling_rate, 2, 16, b"data", unknown)
    return struct.pack("<4sI4s4sIHHIIHH4sI", *fields)


# of the formats that OpenAI's speech endpoint has: media type, libsndfile's format and subtype, and the rate in Hz where the
# format has its own: Opus knows no 22050 Hz, and clients of that endpoint play bare samples at 24 kHz
STREAM_FORMATS = {
    "wav": ("audio/wav", None, None, None),
    "pcm": ("audio/pcm", None, None, 24_000),
    "mp3": ("audio/mpeg", "MP3", "MPEG_LAYER_III", None),
    "flac": ("audio/flac", "FLAC", "PCM_16", None),
    "opus": ("audio/ogg; codecs=opus", "OGG", "OPUS", 24_000),
    "aac": ("audio/aac", None, None, None),
}


class StreamEncoder:
    """
    Encodes speech in memory, chunk by chunk, so that it can be sent while it is made.

    Args:
        name (`str`): One of `STREAM_FORMATS`; `"aac"` is encoded by the program `ffmpeg`.
        sampling_rate (`int`): Rate of the speech in Hz.

    Raises:
        ValueError: If there is no such format, or `ffmpeg` is needed and not installed.
    """

    def __init__(self, name: str, sampling_rate: int):
        if name not in STREAM_FORMATS:
            raise ValueError(f"`name` must be one of {', '.join(STREAM_FORMATS)}, got {name!r}.")
        self.name = name
        self.media_type, container, subtype, own_rate = STREAM_FORMATS[name]
        self.sampling_rate = own_rate or sampling_rate
        # a stream may be given up in one thread while another encodes, which libsndfile does not survive
        self._lock = threading.Lock()
        self._is_closed = False
        self._resampler = StreamResampler(sampling_rate, self.sampling_rate)
        self._sink = _ForwardSink()
        self._file: soundfile.SoundFile | _FFmpegEncoder | None = None
        if name == "wav":
            self._sink.write(streaming_wav_header(self.sampling_rate))
        elif name == "aac":
            self._file = _FFmpegEncoder(self._sink, self.sampling_rate, ("-c:a", "aac", "-f", "adts"))
        elif container is not None:
            # without a header, which would come at the end, the duration of an mp3 is told from its bit rate
            mode = {"bitrate_mode": "CONSTANT", "compression_level": 0.6} if name == "mp3" else {}  # 64 kbit/s
            self._file = soundfile.SoundFile(
                self._sink, "w", self.sampling_rate, channels=1, subtype=subtype, format=container, **mode
            )

    def encode(self, waveform: np.ndarray) -> bytes:
        """What the stream goes on with after a float32 waveform `(samples,)`; empty while the format gathers a frame."""
        with self._lock:
            if not self._is_closed:
                self._write(self._resampler(waveform))
            return self._sink.take()

    def finish(self) -> bytes:
        """The end of the stream. Frees the encoder."""
        with self._lock:
            if not self._is_closed:
                self._write(self._resampler(np.zeros(0, dtype=np.float32), last=True))
        self.close()
        return self._sink.take()

    def close(self) -> None:
        """Frees the encoder, wherever the stream is; from then on nothing is encoded. Safe in any thread."""
        with self._lock:
            if self._file is not None and not self._is_closed:
                self._file.close()
            self._is_closed = True

    def _write(self, waveform: np.ndarray) -> None:
        waveform = np.clip(waveform, -1.0, 1.0)
        if isinstance(self._file, soundfile.SoundFile):
            # by the second: libsndfile's encoders keep what they are given at once on the stack
            for start in range(0, len(waveform), self.sampling_rate):
                self._file.write(waveform[start : start + self.sampling_rate])
        else:
            (self._file or self._sink).write(to_pcm16(waveform))


def to_pcm16(waveform: np.ndarray) -> bytes:
    """A float waveform as signed 16-bit little-endian samples; what exceeds full scale is clipped."""
    return (np.clip(waveform, -1.0, 1.0) * 32767).round().astype("<i2").tobytes()


class StreamResampler:
    """
    Resamples a waveform `(samples,)` chunk by chunk. Joined, the results are what resampling it whole gives.

    Args:
        sampling_rate, target_rate (`int`): Rates in Hz.
    """

    _REACH = 64  # samples to either side that the filter looks at, at ratios of up to 10

    def __init__(self, sampling_rate: int, target_rate: int):
        self.sampling_rate, self.target_rate = sampling_rate, target_rate
        common = math.gcd(sampling_rate, target_rate)
        self._step, self._target_step = sampling_rate // common, target_rate // common
        self._context = math.ceil(self._REACH / self._step) * self._step
        self._held = np.zeros(self._context, dtype=np.float32)

    def __call__(self, waveform: np.ndarray, last: bool = False) -> np.ndarray:
        """The next samples, in whole steps of the ratio; `last` gives those that were held back."""
        if self.sampling_rate == self.target_rate:
            return waveform
        end = np.zeros(self._context + self._step - 1 if last else 0, dtype=np.float32)
        self._held = np.concatenate((self._held, waveform, end))
        steps = (len(self._held) - 2 * self._context) // self._step
        if steps <= 0:
            return np.zeros(0, dtype=np.float32)
        size = steps * self._step
        block = torch.from_numpy(self._held[: size + 2 * self._context])
        resampled = torchaudio.functional.resample(block, self.sampling_rate, self.target_rate).numpy()
        self._held = self._held[size:]
        start = self._context // self._step * self._target_step
        return resampled[start : start + steps * self._target_step]


class _ForwardSink(io.RawIOBase):
    """A file in memory that keeps only what has not been taken. What goes back to mend the header is too late, and lost."""

    def __init__(self) -> None:
        self._fresh = bytearray()
        self._taken = self._position = 0

    def write(self, content) -> int:
        content = bytes(content)
        offset = self._position - self._taken
        if offset >= 0:
            self._fresh[offset : offset + len(content)] = content
        self._position += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._taken + len(self._fresh)}
        self._position = base[whence] + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer) -> int:
        return 0

    def take(self) -> bytes:
        content = bytes(self._fresh)
        self._taken += len(content)
        self._fresh.clear()
        return content


class _FFmpegEncoder:
    """The program `ffmpeg` between pipes: 16-bit samples in, what it makes of them into a sink."""

    def __init__(self, sink: _ForwardSink, sampling_rate: int, arguments: Sequence[str]):
        program = shutil.which("ffmpeg")
        if program is None:
            raise ValueError("This format is encoded by ffmpeg, which is not installed: install it, or choose mp3.")
        source = ("-f", "s16le", "-ar", str(sampling_rate), "-ac", "1", "-i", "pipe:0")
        self._process = subprocess.Popen(
            [program, "-hide_banner", "-loglevel", "error", *source, *arguments, "pipe:1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._sink = sink
        self._made: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while content := self._process.stdout.read1():
            self._made.put(content)

    def write(self, samples: bytes) -> None:
        self._process.stdin.write(samples)
        self._process.stdin.flush()
        self._collect()

    def close(self) -> None:
        # a process that has died is reported by what it made, not by its pipe
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._reader.join()
        self._process.stdout.close()
        self._process.wait()
        self._collect()

    def _collect(self) -> None:
        while not self._made.empty():
            self._sink.write(self._made.get())
