"""Frames of speech, between the acoustic model and the vocoder, of NumPy or of PyTorch. Neither is imported for the other."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

LOG_PITCH_RANGE = (math.log(40.0), math.log(1200.0))

# Fine spectra to a frame, of half its hop and half its window: what a burst of a consonant is told by.
SILENCE_LEVEL = math.log(1e-5)  # log-mel value of digital silence, the floor of the feature extractor
FINE_FACTOR = 2
# What their log-mels are raised by, so that those of noise are as those of whole windows: noise has a root of a half of the
# magnitude in half of a window, and a mel filter sums half as many bins there.
FINE_LEVEL = 1.5 * math.log(FINE_FACTOR)


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
        fine_spectrogram (`torch.Tensor` or `np.ndarray` of shape `(batch, frames, FINE_FACTOR * n_mels)`, *optional*):
            The same at half the hop, in half the window, two spectra to a frame: that at its middle, and that half-way to the
            next; raised by `FINE_LEVEL`.
    """

    spectrogram: Any
    pitch: Any = None
    voicing: Any = None
    fine_spectrogram: Any = None

    def join(self, other: "GPT2TTSFrames") -> "GPT2TTSFrames":
        """These frames and those that follow."""
        xp = array_namespace(self.spectrogram)
        return GPT2TTSFrames(
            *(
                None if here is None or there is None else xp.concatenate((here, there), axis=axis)
                for here, there, axis in zip(self, other, FRAME_AXES, strict=True)
            )
        )

    def cut(self, start: int = 0, stop: int | None = None) -> "GPT2TTSFrames":
        """Frames `start` to `stop`."""
        inside = slice(start, stop)
        return self.apply(lambda values, axis: values[..., inside, :] if axis == -2 else values[..., inside])

    def row(self, index: int, length: int) -> "GPT2TTSFrames":
        """The first `length` frames of one row of a batch, as a batch of one."""
        return self.apply(lambda values, _: values[index : index + 1]).cut(0, length)

    def apply(self, change: Callable[[Any, int], Any]) -> "GPT2TTSFrames":
        """What `change` makes of all that is there, given each with its axis of frames from the end: -1 or -2."""
        return GPT2TTSFrames(
            *(None if values is None else change(values, axis) for values, axis in zip(self, FRAME_AXES, strict=True))
        )


FRAME_AXES = (-2, -1, -1, -2)


def split_frames(frames: Any) -> GPT2TTSFrames:
    """Frames `(..., frame_size)` to log-mels `(..., n_mels)`, pitch in Hz `(...)` and voicing from 0 to 1 `(...)`."""
    xp = array_namespace(frames)
    pitch = xp.exp(xp.clip(frames[..., -2], *LOG_PITCH_RANGE))
    return GPT2TTSFrames(frames[..., :-2], pitch, xp.clip(frames[..., -1], 0.0, 1.0))


def spread_fine(fine_spectrogram: Any) -> Any:
    """Fine spectra `(batch, frames, FINE_FACTOR * n_mels)` one after the other, `(batch, FINE_FACTOR * frames, n_mels)`."""
    return fine_spectrogram.reshape(len(fine_spectrogram), -1, fine_spectrogram.shape[-1] // FINE_FACTOR)


def interpolate_fine(groups: Any) -> Any:
    """
    Log-mels of groups `(..., reduction_factor, n_mels)` as fine spectra that tell no more, `(..., reduction_factor, FINE_FACTOR *
    n_mels)`: between two frames of a group their mean, after its last one this one again.
    """
    xp = array_namespace(groups)
    following = xp.concatenate((groups[..., 1:, :], groups[..., -1:, :]), axis=-2)
    return xp.concatenate((groups, (groups + following) / FINE_FACTOR), axis=-1)


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
    rows = [_read_between(frames.row(row, length), 0, count, speed) for row, length in enumerate(lengths)]
    return GPT2TTSFrames(
        *(None if values[0] is None else np.concatenate(values) for values in zip(*rows, strict=True))
    )


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
        ready = math.floor((end - 0.5) / speed)  # the last fine spectrum of a frame lies half a frame after it
        if ready > done:
            yield _read_between(pending, done, ready, speed, start)
            done = ready
        keep = min(max(math.floor(_places(done, done + 1, speed)[0]), start), end - 1)
        pending, start = pending.cut(keep - start), keep
    if pending is not None and done < (total := int(paced_lengths(end, speed))):
        yield _read_between(pending, done, total, speed, start)


def _places(first: int, stop: int, speed: float, factor: int = 1) -> np.ndarray:
    """
    Where frames `first` to `stop` at a pace lie among those that are read: the middle of each where the sound of it is. With a
    `factor` the spectra of which there are so many to a frame, among their like.
    """
    return ((np.arange(factor * first, factor * stop) / factor + 0.5) * speed - 0.5) * factor


def _read_between(frames: GPT2TTSFrames, first: int, stop: int, speed: float, start: int = 0) -> GPT2TTSFrames:
    """Frames `first` to `stop` at a pace, of one row that holds those from `start` on; beyond its ends as they are."""

    def read(values: np.ndarray, factor: int) -> np.ndarray:
        last = values.shape[1] - 1
        places = np.clip(_places(first, stop, speed, factor) - factor * start, 0, last)
        before = places.astype(np.int64)
        share = (places - before).astype(np.float32)
        here, there = values[:, before], values[:, np.minimum(before + 1, last)]
        return here + (there - here) * share.reshape(-1, *(1,) * (here.ndim - 2))

    *coarse, fine = frames
    if fine is not None:
        size = fine.shape[-1]
        fine = read(spread_fine(fine), FINE_FACTOR).reshape(1, -1, size)
    return GPT2TTSFrames(*(None if values is None else read(values, 1) for values in coarse))._replace(
        fine_spectrogram=fine
    )


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
    "FINE_FACTOR",
    "FINE_LEVEL",
    "GPT2TTSFrames",
    "array_namespace",
    "change_pace",
    "interpolate_fine",
    "paced_lengths",
    "split_frames",
    "spread_fine",
    "stream_frames",
    "stream_pace",
]
