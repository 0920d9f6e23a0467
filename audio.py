"""Audio files: reading any format, resampling, and writing or encoding chunk by chunk."""

import functools
import io
import logging
import math
import os
import struct
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .files import replace_file

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

STANDARD_OUTPUT = "-"
MAX_RESAMPLING_FACTOR = 4410  # the filters grow with the rates divided by their greatest common divisor
MAX_RESAMPLED = 2**22  # samples that filters read at once, with repeats; bounds the memory
UNKNOWN_SIZE = 0xFFFFFFFF  # what the header of a WAV stream says of its length


@dataclass(frozen=True)
class AudioFormat:
    """
    A format that speech is written in.

    Attributes:
        media_type (`str`): Its name in HTTP.
        container, subtype (`str`, *optional*):
            libsndfile's names of it; `None` for bare samples, and for AAC, which it does not know.
        sampling_rates (`tuple[int, ...]`): The rates in Hz that it has, ascending; none where it has all.
    """

    media_type: str
    container: str | None
    subtype: str | None
    sampling_rates: tuple[int, ...] = ()

    def nearest_rate(self, sampling_rate: int) -> int:
        """The lowest of its rates that keeps all of a waveform of `sampling_rate` Hz, else its highest."""
        if not self.sampling_rates:
            return sampling_rate
        return next((rate for rate in self.sampling_rates if rate >= sampling_rate), self.sampling_rates[-1])


MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
# by name, which is the ending of a file; "pcm" is what OpenAI's API calls 16-bit samples at 24 kHz
AUDIO_FORMATS = {
    "wav": AudioFormat("audio/wav", "WAV", "PCM_16"),
    "flac": AudioFormat("audio/flac", "FLAC", "PCM_16"),
    "ogg": AudioFormat("audio/ogg", "OGG", "VORBIS"),
    "opus": AudioFormat("audio/ogg; codecs=opus", "OGG", "OPUS", (8000, 12000, 16000, 24000, 48000)),
    "mp3": AudioFormat("audio/mpeg", "MP3", "MPEG_LAYER_III", MP3_RATES),
    "aac": AudioFormat("audio/aac", None, None),
    "pcm": AudioFormat("audio/pcm", None, None, (24000,)),
}
FILE_ENDINGS = tuple(f".{name}" for name, audio_format in AUDIO_FORMATS.items() if audio_format.container)


def import_soundfile() -> ModuleType:
    """
    The package `soundfile`, which a checkpoint can do without as long as no audio file is read or written.

    Raises:
        ImportError: If it is not installed.
    """
    try:
        import soundfile
    except ImportError as error:
        raise ImportError("Audio files need the package `soundfile`: pip install soundfile") from error
    return soundfile


def read_audio(
    source: str | os.PathLike | bytes | Mapping,
    sampling_rate: int | None = None,
    *,
    max_seconds: float | None = None,
    use_ffmpeg: bool = True,
) -> tuple[np.ndarray, int]:
    """
    Reads an audio file, mixes its channels to mono and resamples it where asked. The content says what format it is, not
    the name: wav, flac, ogg, opus, mp3 and whatever else libsndfile knows; with the package `av` also m4a, mp4, webm
    and what else FFmpeg knows. Warns of a file that ends before its header says.

    Args:
        source (`str`, `os.PathLike`, `bytes` or a mapping):
            Path of the file, its content, or an undecoded `datasets` audio value (`{"path": ..., "bytes": ...}`).
        sampling_rate (`int`, *optional*):
            Rate in Hz to resample to. Defaults to the file's own rate.
        max_seconds (`float`, *optional*):
            How much is read from the beginning, in seconds. Defaults to all.
        use_ffmpeg (`bool`, *optional*, defaults to `True`):
            Whether FFmpeg tries what libsndfile cannot decode.

    Returns:
        `tuple[np.ndarray, int]`: the waveform, float32 of shape `(samples,)` with full scale 1, and its rate in Hz.

    Raises:
        `FileNotFoundError`: `source` is a path with no file.
        `ValueError`: the content is no audio that can be decoded or resampled, or `source` is an empty mapping.
    """
    if isinstance(source, Mapping):
        content, path = source.get("bytes"), source.get("path")
        if content is None and path is None:
            raise ValueError("`source` has neither `bytes` nor a `path`: pass one of them.")
        source = path if content is None else content
    if isinstance(source, bytes):
        name = f"{len(source)} bytes of audio"
    else:
        source = name = os.fspath(source)  # type: ignore[arg-type]
        if not os.path.isfile(source):
            raise FileNotFoundError(f"There is no audio file at {name!r}.")
        if not os.path.getsize(source):
            raise ValueError(f"{name} is an empty file.")

    def opened() -> str | io.BytesIO:
        return io.BytesIO(source) if isinstance(source, bytes) else source

    soundfile = import_soundfile()
    try:
        waveform, rate = _decode_by_libsndfile(soundfile, opened(), name, max_seconds)
    except soundfile.SoundFileError as error:
        detail = getattr(error, "error_string", str(error))  # without the address of an object
        reason = f"{name} cannot be decoded by libsndfile ({detail})"
        if not use_ffmpeg:
            raise ValueError(f"{reason}: convert it to wav, flac, mp3 or ogg.") from error
        waveform, rate = _decode_by_ffmpeg(opened(), reason, max_seconds)
    if sampling_rate is not None and sampling_rate != rate:
        waveform = resample(waveform, rate, sampling_rate)
        rate = sampling_rate
    return waveform, rate


def _decode_by_libsndfile(
    soundfile: ModuleType, file: str | io.BytesIO, name: str, max_seconds: float | None
) -> tuple[np.ndarray, int]:
    with soundfile.SoundFile(file) as opened:
        rate = opened.samplerate
        wanted = opened.frames if max_seconds is None else min(opened.frames, math.ceil(max_seconds * rate))
        blocks, done = [np.zeros(0, dtype=np.float32)], 0
        # by the minute: the header of a stream does not know how long it is
        while done < wanted:
            block = opened.read(min(60 * rate, wanted - done), dtype="float32", always_2d=True).mean(axis=1)
            if not len(block):
                break
            blocks.append(block)
            done += len(block)
        # with no length in the header, MP3's is estimated and FLAC's is the largest number
        is_cut = done < 0.95 * wanted and wanted < 2**62
        # a WAV file is as long as its data; its header is only in the log
        is_cut |= "(should be" in opened.extra_info and f": {UNKNOWN_SIZE} (" not in opened.extra_info
    if is_cut:
        logger.warning(f"{name} ends before its header says it does: it may be a part of the file.")
    return np.concatenate(blocks), rate


def _decode_by_ffmpeg(file: str | io.BytesIO, reason: str, max_seconds: float | None) -> tuple[np.ndarray, int]:
    try:
        import av
    except ImportError as error:
        raise ValueError(
            f"{reason}. The package `av` reads m4a, mp4, webm and more: pip install av; or convert it to wav or flac."
        ) from error
    try:
        with av.open(file, mode="r") as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                raise ValueError(f"{reason}, and holds no sound.")
            rate, done = stream.rate, 0
            to_float = av.AudioResampler(format="fltp", layout=stream.layout, rate=rate)
            blocks = [np.zeros(0, dtype=np.float32)]
            for frame in container.decode(stream):
                blocks += [part.to_ndarray().mean(axis=0) for part in to_float.resample(frame)]
                done += frame.samples
                if max_seconds is not None and done >= max_seconds * rate:
                    break
    except av.FFmpegError as error:
        raise ValueError(f"{reason}, nor by FFmpeg ({error}): convert it to wav or flac.") from error
    waveform = np.concatenate(blocks)
    return waveform if max_seconds is None else waveform[: math.ceil(max_seconds * rate)], rate


def check_resampling(sampling_rate: int, target_rate: int) -> None:
    """Raises a `ValueError` where filters from one rate in Hz to another would take gigabytes."""
    if max(sampling_rate, target_rate) // math.gcd(sampling_rate, target_rate) > MAX_RESAMPLING_FACTOR:
        raise ValueError(
            f"`sampling_rate`={sampling_rate} has too small a common divisor with {target_rate} Hz to resample at reasonable "
            "cost: convert the audio to a usual rate (16000, 22050, 44100, 48000) first."
        )


def resample(waveform: np.ndarray, sampling_rate: int, target_rate: int) -> np.ndarray:
    """
    A float32 waveform `(samples,)` at another rate, by a windowed sinc; what `torchaudio.functional.resample` gives.

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): The waveform.
        sampling_rate, target_rate (`int`): Its rate and the wanted one in Hz.

    Raises:
        ValueError: If the rates have too small a common divisor.
    """
    if sampling_rate == target_rate or not len(waveform):
        return waveform
    check_resampling(sampling_rate, target_rate)
    divisor = math.gcd(sampling_rate, target_rate)
    # a block of so many samples becomes one of so many
    source, target = sampling_rate // divisor, target_rate // divisor
    filters = _sinc_filters(source, target)
    reach = (filters.shape[1] - source) // 2
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(waveform, (reach, reach + source)), filters.shape[1])
    windows = windows[::source]
    rows = max(1, MAX_RESAMPLED // filters.shape[1])
    blocks = [
        np.ascontiguousarray(windows[start : start + rows]) @ filters.T for start in range(0, len(windows), rows)
    ]
    return np.concatenate(blocks).reshape(-1)[: math.ceil(len(waveform) * target / source)]


@functools.lru_cache(maxsize=8)
def _sinc_filters(source: int, target: int) -> np.ndarray:
    """What each sample of a block is made by, of the block and what stands around it: `(target, taps)`."""
    zero_crossings, rolloff = 6, 0.99
    cutoff = rolloff * min(source, target)
    reach = math.ceil(zero_crossings * source / cutoff)
    taps, places = np.arange(-reach, reach + source) / source, np.arange(target)[:, None] / target
    distance = np.clip((taps - places) * cutoff, -zero_crossings, zero_crossings)
    window = np.cos(np.pi / 2 * distance / zero_crossings) ** 2  # Hann's
    return (np.sinc(distance) * window * cutoff / source).astype(np.float32)


def resample_waveforms(
    waveforms: "Sequence[np.ndarray | torch.Tensor]", sampling_rate: int, target_rate: int
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
    import torch

    from .waveforms_gpt2tts import MAX_PEAK

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
        resampled.append(resample(waveform.numpy(), sampling_rate, target_rate))
    return resampled


class StreamResampler:
    """
    Resamples a waveform that comes in pieces. The results joined are what one call of [`resample`] makes of the whole.

    Args:
        sampling_rate (`int`): Rate of what comes in, in Hz.
        target_rate (`int`): The wanted rate in Hz.

    Raises:
        ValueError: If the rates have too small a common divisor.
    """

    CONTEXT = 16  # samples of the lower rate that the filter reaches to either side, 7 and the rest of a block

    def __init__(self, sampling_rate: int, target_rate: int):
        check_resampling(sampling_rate, target_rate)
        divisor = math.gcd(sampling_rate, target_rate)
        # so many samples in make so many out, without a rest
        self._in, self._out = sampling_rate // divisor, target_rate // divisor
        self._rates = sampling_rate, target_rate
        self._context_blocks = math.ceil(self.CONTEXT / min(self._in, self._out))
        self._context = np.zeros(self._context_blocks * self._in, dtype=np.float32)
        self._waiting = self._context
        self._taken = self._given = 0

    def push(self, waveform: np.ndarray) -> np.ndarray:
        """Takes the next float32 samples `(samples,)` and returns those that are ready."""
        self._taken += len(waveform)
        if self._in == self._out:
            return waveform
        self._waiting = np.concatenate((self._waiting, waveform))
        num_blocks = len(self._waiting) // self._in - 2 * self._context_blocks
        if num_blocks <= 0:
            return waveform[:0]
        piece = self._waiting[: (num_blocks + 2 * self._context_blocks) * self._in]
        start = self._context_blocks * self._out
        ready = resample(piece, *self._rates)[start : start + num_blocks * self._out]
        self._waiting = self._waiting[num_blocks * self._in :]
        self._given += len(ready)
        return ready

    def finish(self) -> np.ndarray:
        """The last samples."""
        if self._in == self._out:
            return self._waiting[:0]
        total = math.ceil(self._taken * self._out / self._in)
        silence = np.zeros(len(self._context) + 2 * self._in, dtype=np.float32)
        left, taken = total - self._given, self._taken
        rest = self.push(silence)[:left]
        self._taken = taken
        return rest


class StreamEncoder:
    """
    Encodes speech chunk by chunk in memory, as it is sent over a network. Where a format wants the length in its header
    it says that it is unknown.

    Args:
        audio_format (`str`): One of `AUDIO_FORMATS`.
        sampling_rate (`int`): Rate of the speech in Hz. It is resampled where the format has no such rate.

    Attributes:
        media_type (`str`): The media type of the format.
        sampling_rate (`int`): Rate of what is encoded, in Hz.

    Raises:
        ValueError: If there is no such format, or it needs a package that is not installed: AAC needs `av`.

    Example:

    ```python
    >>> encoder = StreamEncoder("mp3", synthesizer.sampling_rate)
    >>> for waveform in synthesizer.stream_waveform("Good morning."):
    ...     socket.send(encoder.encode(waveform))
    >>> socket.send(encoder.finish())
    ```
    """

    def __init__(self, audio_format: str, sampling_rate: int):
        if audio_format not in AUDIO_FORMATS:
            raise ValueError(f"`audio_format` must be one of {', '.join(AUDIO_FORMATS)}, got {audio_format!r}.")
        self.media_type = AUDIO_FORMATS[audio_format].media_type
        self.sampling_rate = AUDIO_FORMATS[audio_format].nearest_rate(sampling_rate)
        # a stream may be given up in one thread while another encodes, which libsndfile does not survive
        self._lock = threading.Lock()
        self._is_closed = False
        self._resampler = StreamResampler(sampling_rate, self.sampling_rate)
        self._sent = _AppendOnlyFile()
        self._file: Any = None  # without one the samples themselves are sent
        if audio_format == "wav":
            self._sent.write(streaming_wav_header(self.sampling_rate))
        elif audio_format == "aac":
            self._file = _AacFile(self._sent, self.sampling_rate)
        elif audio_format != "pcm":
            self._file = _open_for_writing(self._sent, AUDIO_FORMATS[audio_format], self.sampling_rate)

    def encode(self, waveform: np.ndarray) -> bytes:
        """Takes the next float32 samples `(samples,)` and returns the bytes that are ready; what exceeds full scale is clipped."""
        with self._lock:
            if not self._is_closed:
                self._write(self._resampler.push(np.clip(waveform, -1.0, 1.0)))
            return self._sent.take()

    def finish(self) -> bytes:
        """The last bytes."""
        with self._lock:
            if not self._is_closed:
                self._write(self._resampler.finish())
        self.close()
        return self._sent.take()

    def close(self) -> None:
        """Frees the encoder, wherever the stream is; from then on nothing is encoded. Safe in any thread."""
        with self._lock:
            if self._file is not None and not self._is_closed:
                self._file.close()
            self._is_closed = True

    def _write(self, waveform: np.ndarray) -> None:
        if self._file is None:
            self._sent.write(to_pcm16(waveform))
        else:
            _write_by_the_second(self._file, waveform)


class AudioWriter(AbstractContextManager):
    """
    Writes speech chunk by chunk. A file is there when it is complete: where the block is left by an error or Ctrl-C, there is
    what was there before. Into a pipe or a device it is written as it comes.

    Args:
        path (`str` or `os.PathLike`):
            File, whose ending is the format: .wav, .flac, .ogg, .opus or .mp3; or `"-"` for 16-bit WAV on standard output.
        sampling_rate (`int`): Rate of the speech in Hz. It is resampled where the format has no such rate.

    Attributes:
        num_samples (`int`): Samples written so far, at the rate of the speech.

    Raises:
        ValueError: If the ending is none of these.
        OSError: While writing and at the end of the block, if the disk is full or the file cannot be written.
    """

    def __init__(self, path: str | os.PathLike, sampling_rate: int):
        self.path = os.fspath(path)
        self.sampling_rate = sampling_rate
        self.num_samples = 0
        self._file: Any = None
        self._output: _CheckedFile | None = None
        self._closing = ExitStack()
        if self.path != STANDARD_OUTPUT:
            self._format = file_format(self.path)
            self._resampler = StreamResampler(sampling_rate, self._format.nearest_rate(sampling_rate))

    def write(self, waveform: np.ndarray) -> None:
        """Appends a float32 waveform `(samples,)`; what exceeds full scale is clipped."""
        self.num_samples += len(waveform)
        if self.path == STANDARD_OUTPUT:
            self._file = self._file or StreamEncoder("wav", self.sampling_rate)
            sys.stdout.buffer.write(self._file.encode(waveform))
            sys.stdout.buffer.flush()
            return
        if self._file is None:
            self._open()
        with self._errors():
            _write_by_the_second(self._file, self._resampler.push(np.clip(waveform, -1.0, 1.0)))

    def _open(self) -> None:
        # what a link leads to is replaced, not the link
        target: Any = os.path.realpath(self.path)
        if os.path.isfile(target) or not os.path.exists(target):
            partial = self._closing.enter_context(replace_file(target))
            target = self._output = self._closing.enter_context(_CheckedFile(partial, self.path))
        with self._errors():
            self._file = _open_for_writing(target, self._format, self._format.nearest_rate(self.sampling_rate))
            self._closing.push(self._finish)

    def _finish(self, kind: type[BaseException] | None, *_: object) -> None:
        # those of what is given up are of no interest
        with self._errors() if kind is None else suppress(Exception):
            try:
                if kind is None:
                    _write_by_the_second(self._file, self._resampler.finish())
            finally:
                self._file.close()

    def _errors(self) -> AbstractContextManager:
        return nullcontext() if self._output is None else self._output.errors()

    def __exit__(self, *exception: Any) -> bool | None:
        return self._closing.__exit__(*exception)


def file_format(path: str | os.PathLike) -> AudioFormat:
    """
    The format that the ending of a file name means.

    Raises:
        ValueError: If it means none.
    """
    ending = Path(path).suffix.lower()
    if ending not in FILE_ENDINGS:
        raise ValueError(f"`path` must end in one of {', '.join(FILE_ENDINGS)}, got {Path(path).name!r}.")
    return AUDIO_FORMATS[ending[1:]]


def streaming_wav_header(sampling_rate: int) -> bytes:
    """Header of a mono 16-bit WAV stream whose length is not known yet: the sizes are the largest there are."""
    unknown = UNKNOWN_SIZE
    fields = (b"RIFF", unknown, b"WAVE", b"fmt ", 16, 1, 1, sampling_rate, 2 * sampling_rate, 2, 16, b"data", unknown)
    return struct.pack("<4sI4s4sIHHIIHH4sI", *fields)


def to_pcm16(waveform: np.ndarray) -> bytes:
    """A float waveform as signed 16-bit little-endian samples; what exceeds full scale is clipped."""
    return (np.clip(waveform, -1.0, 1.0) * 32767).round().astype("<i2").tobytes()


def _open_for_writing(file: str | io.RawIOBase, audio_format: AudioFormat, sampling_rate: int) -> Any:
    # MP3 at a constant rate: players tell the length of a stream, which has no table of its frames, by its size
    options = {"bitrate_mode": "CONSTANT", "compression_level": 0.5} if audio_format.container == "MP3" else {}
    return import_soundfile().SoundFile(
        file,
        "w",
        sampling_rate,
        channels=1,
        format=audio_format.container,
        subtype=audio_format.subtype,
        **options,
    )


def _write_by_the_second(file: Any, waveform: np.ndarray) -> None:
    # libsndfile's Vorbis encoder overflows its stack when it is given minutes of audio at once
    for start in range(0, len(waveform), file.samplerate):
        file.write(waveform[start : start + file.samplerate])


class _AacFile:
    """AAC in ADTS frames, with what this module uses of `soundfile.SoundFile`."""

    def __init__(self, file: io.RawIOBase, sampling_rate: int):
        try:
            import av
        except ImportError as error:
            raise ValueError("AAC needs the package `av`: pip install av; or choose mp3.") from error
        self.samplerate = sampling_rate
        self._av = av
        self._container = av.open(file, mode="w", format="adts")
        self._stream = self._container.add_stream("aac", rate=sampling_rate, layout="mono")

    def write(self, waveform: np.ndarray) -> None:
        frame = self._av.AudioFrame.from_ndarray(waveform[None].astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = self.samplerate
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()


class _CheckedFile(io.FileIO):
    """
    A file that libsndfile writes by calls of Python, which keep to themselves what goes wrong: libsndfile itself says
    "System error" of it, or nothing.
    """

    def __init__(self, path: str | os.PathLike, name: str):
        try:
            super().__init__(path, "w")
        except OSError as error:
            error.filename = name
            raise
        self._name = name
        self._error: BaseException | None = None

    def write(self, content: Any) -> int:
        done = 0
        try:
            content = memoryview(content)
            while done < len(content):
                done += super().write(content[done:]) or 0
        except OSError as error:
            self._error = self._error or OSError(error.errno, error.strerror, self._name)
        except BaseException as error:  # Ctrl-C
            self._error = self._error or error
        return done

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raises what went wrong in the block."""
        try:
            yield
        except Exception as error:
            raise self._error or error from None
        if self._error is not None:
            raise self._error


class _AppendOnlyFile(io.RawIOBase):
    """What is written, in order; later changes to it, such as the length in a header, are lost: it has been sent."""

    def __init__(self):
        self._position = self._end = 0
        self._ready = bytearray()

    def writable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._end}[whence] + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def write(self, content: Any) -> int:
        content = bytes(content)
        self._ready += content[max(0, self._end - self._position) :]
        self._position += len(content)
        self._end = max(self._end, self._position)
        return len(content)

    def take(self) -> bytes:
        """What has been written since the last call."""
        taken = bytes(self._ready)
        self._ready.clear()
        return taken
