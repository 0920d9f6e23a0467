"""Small helpers shared by the evaluation modules: optional packages, their versions and those of weights, devices."""

import hashlib
import importlib
import importlib.metadata
import os
from pathlib import Path
from types import ModuleType

import torch

from ..files import list_files


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


def weights_version(source: str | os.PathLike) -> str:
    """
    `", weights DIGEST"` of a file or of the files in a folder, for the version of what is loaded from there: other weights
    may lie under the same name. Empty where there is none of that name, as of an id on the Hub.
    """
    path = Path(source)
    if not path.exists():
        return ""
    digest = hashlib.sha256()
    for file in list_files(path) if path.is_dir() else [path]:
        digest.update(f"{file.relative_to(path).as_posix()} {file.stat().st_size} ".encode())
        with open(file, "rb") as content:
            while block := content.read(2**20):
                digest.update(block)
    return f", weights {digest.hexdigest()[:8]}"


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
