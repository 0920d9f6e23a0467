"""Reading audio files of any format libsndfile knows: wav, flac, ogg, opus, mp3 and more."""

import io
import os
from collections.abc import Mapping

import numpy as np
import soundfile
import torch
import torchaudio


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
