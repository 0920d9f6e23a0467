"""Frames of speech, between the acoustic model and the vocoder, of NumPy or of PyTorch. Neither is imported for the other."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

LOG_PITCH_RANGE = (math.log(40.0), math.log(1200.0))


def array_namespace(values: Any) -> Any:
    """`numpy` or `torch`, whichever `values` are of: what is called in both has the same name there."""
    if isinstance(values, np.ndarray):
        return np
    import torch

    return torch


class GPT2TTSFrames(NamedTuple):
    """
    Consecutive frames of speech, as a vocoder reads them. All may lack the batch dimension.

    Attributes:
        spectrogram (`torch.Tensor` or `np.ndarray` of shape `(batch, frames, n_mels)`): Natural-log mel magnitudes.
        pitch (`torch.Tensor` or `np.ndarray` of shape `(batch, frames)`, *optional*):
            In Hz, also through unvoiced stretches.
        voicing (`torch.Tensor` or `np.ndarray` of shape `(batch, frames)`, *optional*):
            From 0 (unvoiced) to 1 (voiced).
    """

    spectrogram: Any
    pitch: Any = None
    voicing: Any = None

    def join(self, other: "GPT2TTSFrames") -> "GPT2TTSFrames":
        """These frames and those that follow."""
        xp = array_namespace(self.spectrogram)
        pitch, voicing = (
            None if here is None or there is None else xp.concatenate((here, there), axis=-1)
            for here, there in zip(self[1:], other[1:], strict=True)
        )
        return GPT2TTSFrames(xp.concatenate((self.spectrogram, other.spectrogram), axis=-2), pitch, voicing)

    def cut(self, start: int = 0, stop: int | None = None) -> "GPT2TTSFrames":
        """Frames `start` to `stop`."""
        pitch, voicing = (None if value is None else value[..., start:stop] for value in self[1:])
        return GPT2TTSFrames(self.spectrogram[..., start:stop, :], pitch, voicing)


def split_frames(frames: Any) -> GPT2TTSFrames:
    """Frames `(..., frame_size)` to log-mels `(..., n_mels)`, pitch in Hz `(...)` and voicing from 0 to 1 `(...)`."""
    xp = array_namespace(frames)
    pitch = xp.exp(xp.clip(frames[..., -2], *LOG_PITCH_RANGE))
    return GPT2TTSFrames(frames[..., :-2], pitch, xp.clip(frames[..., -1], 0.0, 1.0))


def paced_lengths(lengths: Any, speed: float) -> Any:
    """How many frames so many become at a pace, `np.ndarray` of shape `(batch_size,)`."""
    return np.maximum(np.round(np.asarray(lengths) / speed), 1).astype(np.int64)


def change_pace(frames: GPT2TTSFrames, lengths: np.ndarray, speed: float) -> GPT2TTSFrames:
    """
    Frames `speed` times as fast, pitch as it is: each is read between the two around its place.

    Args:
        frames ([`GPT2TTSFrames`] of `np.ndarray`): A batch.
        lengths (`np.ndarray` of shape `(batch_size,)`): Frames of each row; nothing is read beyond them.
        speed (`float`): Factor on the pace.
    """
    if speed == 1:
        return frames
    count = int(paced_lengths(lengths, speed).max())
    rows = []
    for row, length in enumerate(lengths):
        own = GPT2TTSFrames(*(values[row : row + 1, :length] for values in frames))
        rows.append(_read_between(own, _places(0, count, speed)))
    return GPT2TTSFrames(*(np.concatenate(values) for values in zip(*rows, strict=True)))


def stream_pace(chunks: Iterable[GPT2TTSFrames], speed: float) -> Iterator[GPT2TTSFrames]:
    """The same of one row, of which the frames arrive in chunks: each is given out as soon as both around it are there."""
    if speed == 1:
        yield from chunks
        return
    pending: GPT2TTSFrames | None = None  # the frames from `start` on
    start = end = done = 0  # in frames as they arrive, and of the result
    for frames in chunks:
        pending = frames if pending is None else pending.join(frames)
        end += frames.spectrogram.shape[1]
        ready = math.floor((end - 0.5) / speed + 0.5)
        if ready > done:
            yield _read_between(pending, _places(done, ready, speed) - start)
            done = ready
        keep = min(max(math.floor(_places(done, done + 1, speed)[0]), start), end - 1)
        pending, start = pending.cut(keep - start), keep
    if pending is not None and done < (total := int(paced_lengths(end, speed))):
        yield _read_between(pending, _places(done, total, speed) - start)


def _places(first: int, stop: int, speed: float) -> np.ndarray:
    """Where frames `first` to `stop` at a pace lie among those that are read: the middle of each where the sound of it is."""
    return (np.arange(first, stop) + 0.5) * speed - 0.5


def _read_between(frames: GPT2TTSFrames, places: np.ndarray) -> GPT2TTSFrames:
    """What lies at places among the frames of one row, and at its ends beyond them."""
    last = frames.spectrogram.shape[1] - 1
    places = np.clip(places, 0, last)
    before = places.astype(np.int64)
    share = (places - before).astype(np.float32)
    after = np.minimum(before + 1, last)
    read = []
    for values in frames:
        here, there = values[:, before], values[:, after]
        read.append(here + (there - here) * share.reshape(-1, *(1,) * (here.ndim - 2)))
    return GPT2TTSFrames(*read)


def stream_frames(
    chunks: Iterable[GPT2TTSFrames],
    vocode: Callable[..., Any],
    next_phase: Callable[[Any, Any], Any],
    *,
    context: int | None,
    hop_length: int,
) -> Iterator[Any]:
    """
    Vocode frames that arrive in chunks, see [`GPT2TTSVocoder.stream`].

    Args:
        chunks (iterable of [`GPT2TTSFrames`]): Consecutive pieces, each of any length, with a batch dimension.
        vocode, next_phase (callables): See [`GPT2TTSVocoder.vocode`] and [`GPT2TTSVocoder.next_phase`].
        context (`int` or `None`):
            Number of frames on each side that a frame's samples depend on, or `None` where it is all of them.
        hop_length (`int`): Number of samples a frame becomes.

    Yields:
        `torch.Tensor` or `np.ndarray` of shape `(batch, samples)`: the next samples.
    """
    pending: GPT2TTSFrames | None = None  # the frames from `start` on, of which those before `done` are spoken
    start, done, phase = 0, 0, None
    for frames in chunks:
        pending = frames if pending is None else pending.join(frames)
        if context is None:
            continue
        ready = start + pending.spectrogram.shape[1] - context
        if ready - done >= max(1, context // 2):
            waveform = vocode(pending, first_frame=start, phase=phase)
            keep = max(ready - context, start)
            if pending.pitch is not None:
                phase = next_phase(pending.pitch[:, : keep - start + 1], phase)
            yield waveform[:, (done - start) * hop_length : (ready - start) * hop_length]
            pending, start, done = pending.cut(keep - start), keep, ready
    if pending is not None and start + pending.spectrogram.shape[1] > done:
        yield vocode(pending, first_frame=start, phase=phase)[:, (done - start) * hop_length :]


__all__ = [
    "GPT2TTSFrames",
    "array_namespace",
    "change_pace",
    "paced_lengths",
    "split_frames",
    "stream_frames",
    "stream_pace",
]
