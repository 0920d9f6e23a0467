"""Small helpers shared by the evaluation modules: optional packages, their versions, devices."""

import importlib
import importlib.metadata
from types import ModuleType

import torch


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
        try:
            return torch.device(device)
        except RuntimeError as error:
            raise ValueError(
                f"`device` {str(device)!r} is none of PyTorch: pass 'cpu', 'cuda' or 'cuda:1'."
            ) from error
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
