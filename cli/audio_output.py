"""Where speech goes while it is made: an audio file, or WAV on standard output."""

import struct
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

from ..processing_gpt2tts import AUDIO_FORMATS

STANDARD_OUTPUT = "-"


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
