"""Reading audio files of any format libsndfile knows (wav, flac, ogg, opus, mp3...), resampling, writing by chunks."""

import io
import os
import struct
import sys
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
            self._file.write((waveform * 32767).round().astype("<i2").tobytes())
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
