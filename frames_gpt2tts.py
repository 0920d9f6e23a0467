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


__all__ = ["GPT2TTSFrames", "array_namespace", "split_frames", "stream_frames"]
