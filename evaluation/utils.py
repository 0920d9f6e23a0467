"""Small helpers shared by the evaluation modules: optional packages, versions, waveforms at the rate a model wants."""

import importlib
import importlib.metadata
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import torch
import torchaudio


def import_optional(module: str, package: str, purpose: str) -> ModuleType:
    """
    Import a module that is not among the package's requirements.

    Args:
        module (`str`): Name to import, for example `"faster_whisper"`.
        package (`str`): What to give to pip.
        purpose (`str`): What needs it, the subject of the error message.

    Raises:
        ImportError: If it does not import, with the pip command.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f"{purpose} needs `{module}` ({error}): pip install {package}") from error


def package_version(package: str) -> str:
    """Installed version of a distribution, or `"not installed"`."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def default_device(device: str | torch.device | None = None) -> torch.device:
    """The given device, else the GPU where there is one, else the CPU."""
    if device is not None:
        return torch.device(device)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


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
        ValueError: If a clip is not one-dimensional or a rate is not positive.
    """
    if isinstance(waveforms, (np.ndarray, torch.Tensor)) and waveforms.ndim == 1:
        raise ValueError("`waveforms` has to be a list of clips; for one clip pass `[waveform]`.")
    if sampling_rate <= 0 or target_rate <= 0:
        raise ValueError(f"`sampling_rate` has to be positive, got {sampling_rate}.")
    resampled = []
    for index, waveform in enumerate(waveforms):
        waveform = torch.as_tensor(waveform).detach().to("cpu", torch.float32)
        if waveform.ndim != 1:
            raise ValueError(
                f"`waveforms[{index}]` has shape {tuple(waveform.shape)}; mix it down to mono, shape (samples,)."
            )
        waveform = torch.nan_to_num(waveform, nan=0.0, posinf=0.0, neginf=0.0)
        if sampling_rate != target_rate and waveform.numel():
            waveform = torchaudio.functional.resample(waveform, sampling_rate, target_rate)
        resampled.append(waveform.numpy())
    return resampled
