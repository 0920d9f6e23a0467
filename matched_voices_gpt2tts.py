"""
Voices as arrays and files: style latents, and, in rows below them, how the frames of a voice that was matched to recordings
are changed. Needs neither PyTorch nor transformers.
"""

import os
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .files import share

STYLE_LATENTS_KEY = "style_latents"


def num_match_rows(config: Any) -> int:
    """Rows that a matched voice has below its style latents: a matrix and a shift of mel bins."""
    return -(-(config.n_mels + 1) * config.n_mels // config.hidden_size)


def is_voice_shape(shape: Sequence[int], config: Any) -> bool:
    """Whether an array of this shape is a voice of a model, matched or not."""
    num_latents = config.num_style_latents
    return tuple(shape) in {(rows, config.hidden_size) for rows in (num_latents, num_latents + num_match_rows(config))}


def join_voice(style_latents: np.ndarray, transform: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """
    A matched voice.

    Args:
        style_latents (`np.ndarray` of shape `(num_style_latents, hidden_size)`): What the model reads.
        transform, shift (`np.ndarray` of shapes `(n_mels, n_mels)` and `(n_mels,)`):
            What [`change_frames`] does to the frames that the model makes: 0 changes nothing, and the mean of voices is that
            of their rows.
    """
    match = np.concatenate([transform.ravel(), shift])
    match = np.pad(match, (0, -len(match) % style_latents.shape[1])).reshape(-1, style_latents.shape[1])
    return np.concatenate([style_latents, match]).astype(np.float32)


def split_voices(voices: Any, config: Any) -> tuple[Any, Any]:
    """
    Voices `(batch_size, rows, hidden_size)` of NumPy or PyTorch to style latents
    `(batch_size, num_style_latents, hidden_size)`, and transform and shift, one below the other,
    `(batch_size, n_mels + 1, n_mels)`, `None` where they are not matched.
    """
    latents, match = voices[:, : config.num_style_latents], voices[:, config.num_style_latents :]
    if match.shape[1] == 0:
        return latents, None
    size = config.n_mels
    return latents, match.reshape(len(match), -1)[:, : (size + 1) * size].reshape(len(match), size + 1, size)


def change_frames(spectrogram: Any, transform: Any, shift: Any) -> Any:
    """
    Log-mels `(..., frames, n_mels)` of NumPy or PyTorch as a matched voice has them: see [`join_voice`] for the transform
    `(..., n_mels, n_mels)` and the shift, `(n_mels,)` or `(..., 1, n_mels)`.
    """
    return spectrogram + spectrogram @ transform + shift


def stack_voices(voices: Sequence[Any]) -> Any:
    """Voices of NumPy or PyTorch side by side, `(len(voices), rows, hidden_size)`: what is not matched gets rows of zeros."""
    rows = max(len(voice) for voice in voices)
    if isinstance(voices[0], np.ndarray):
        return np.stack([np.pad(voice, ((0, rows - len(voice)), (0, 0))) for voice in voices])
    import torch

    return torch.stack([torch.nn.functional.pad(voice, (0, 0, 0, rows - len(voice))) for voice in voices])


def mean_voice(voices: Sequence[Any], weights: Sequence[float]) -> Any:
    """The mean of voices of NumPy or PyTorch by weight, `(rows, hidden_size)`."""
    total = sum(weights)
    return sum(voice * (weight / total) for voice, weight in zip(stack_voices(voices), weights, strict=True))


def voice_name(text: str) -> str:
    """What a voice can be called after a speaker or a file: letters, digits, `_` and `-` stay, others become `_`."""
    return re.sub(r"[^\w-]+", "_", text)


def check_voice_name(name: str) -> None:
    """Raises a `ValueError` where a voice cannot be called so."""
    if not name or name != voice_name(name):
        raise ValueError(f"`name` may have letters, digits, '_' and '-' only, got {name!r}.")


def write_voice(path: str | os.PathLike, voice: Any) -> None:
    """
    Writes a voice of NumPy or PyTorch as a file `NAME.safetensors`, which [`~BaseSynthesizer.load_voice`] reads.

    Args:
        path (`str` or `os.PathLike`): The file.
        voice (`np.ndarray` or `torch.Tensor` of shape `(rows, hidden_size)`): The voice; written as float32.
    """
    from safetensors.numpy import save_file

    if not isinstance(voice, np.ndarray):
        voice = voice.detach().float().cpu().numpy()
    save_file({STYLE_LATENTS_KEY: np.ascontiguousarray(voice, np.float32)}, path)
    share(path)


__all__ = [
    "STYLE_LATENTS_KEY",
    "change_frames",
    "check_voice_name",
    "is_voice_shape",
    "join_voice",
    "mean_voice",
    "num_match_rows",
    "split_voices",
    "stack_voices",
    "voice_name",
    "write_voice",
]
