"""Predicted mean opinion scores behind one interface. They rank systems roughly; they replace no listener."""

import abc
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from ..audio import resample_waveforms
from .utils import default_device, import_optional, package_version, weights_version

_SAMPLING_RATE = 16000  # Hz, of both predictors
_UTMOS_SOURCE = "tarepan/SpeechMOS:v1.2.0"


class MosPredictor(abc.ABC):
    """
    Predicts what listeners would say of a clip, from 1 (bad) to 5 (excellent).

    Attributes:
        name (`str`): What predicts, for a report.
        version (`str`): Versions of the packages behind it.
    """

    name: str
    version: str

    def predict(self, waveforms: Sequence[np.ndarray | torch.Tensor], sampling_rate: int) -> np.ndarray:
        """
        Rate clips.

        Args:
            waveforms (sequence of `np.ndarray` or `torch.Tensor`, each `(samples,)`): Mono clips.
            sampling_rate (`int`): Their rate in Hz.

        Returns:
            `np.ndarray` of shape `(clips,)`: float32; NaN for a clip below 0.1 s, which no predictor can rate.
        """
        waveforms = resample_waveforms(waveforms, sampling_rate, _SAMPLING_RATE)
        scores = [self._predict(clip) if len(clip) >= _SAMPLING_RATE // 10 else float("nan") for clip in waveforms]
        return np.asarray(scores, dtype=np.float32)

    @abc.abstractmethod
    def _predict(self, waveform: np.ndarray) -> float:
        """Score of one 16 kHz clip."""


class DnsMosPredictor(MosPredictor):
    """DNSMOS P.835 (Reddy et al. 2022), overall score, by `speechmos`: the network is inside the package."""

    def __init__(self):
        # its predictor calls librosa without requiring it
        import_optional("librosa", "librosa", "The MOS predictor 'dnsmos'")
        self.dnsmos = import_optional("speechmos.dnsmos", "speechmos", "The MOS predictor 'dnsmos'")
        self.name, self.version = "DNSMOS overall", f"speechmos {package_version('speechmos')}"

    def _predict(self, waveform: np.ndarray) -> float:
        # what leaves [-1, 1] is clipped by every sound card, and refused by speechmos
        return float(self.dnsmos.run(np.clip(waveform, -1.0, 1.0), _SAMPLING_RATE)["ovrl_mos"])


class UtmosPredictor(MosPredictor):
    """
    UTMOS (Saeki et al. 2022), the strong learner of the VoiceMOS challenge.

    Args:
        source (`str` or `os.PathLike`, *optional*, defaults to `"tarepan/SpeechMOS:v1.2.0"`):
            `torch.hub` repository with the entry point `utmos22_strong`, a folder of the same form (`hubconf.py`), or a
            TorchScript file that maps `(waveform (1, samples), rate)` to a score.
        device (`str` or `torch.device`, *optional*): Defaults to the GPU where there is one.

    Raises:
        RuntimeError: If the weights are not here and cannot be fetched.
    """

    def __init__(self, source: str | os.PathLike = _UTMOS_SOURCE, *, device: str | torch.device | None = None):
        source = os.fspath(source)
        self.device = default_device(device)
        try:
            if Path(source).is_file():
                self.model = torch.jit.load(source, map_location=self.device)
            else:
                local = _utmos_cache() if source == _UTMOS_SOURCE else Path(source)
                is_local = local is not None and local.is_dir()
                self.model = torch.hub.load(
                    str(local) if is_local else source,
                    "utmos22_strong",
                    source="local" if is_local else "github",
                    trust_repo=True,
                    verbose=False,
                )
        except Exception as error:  # torch.hub lets through whatever urllib and the repository's code raise
            raise RuntimeError(
                f"UTMOS could not be loaded from {source!r} ({type(error).__name__}: {error}): with a network its "
                f"weights come by torch.hub; without, pass a folder of {_UTMOS_SOURCE} or a TorchScript file."
            ) from error
        self.model = self.model.to(self.device).eval()
        self.name, self.version = "UTMOS", f"{source}, torch {torch.__version__}{weights_version(source)}"

    @torch.inference_mode()
    def _predict(self, waveform: np.ndarray) -> float:
        return float(self.model(torch.from_numpy(waveform)[None].to(self.device), _SAMPLING_RATE).squeeze())


def _utmos_cache() -> Path | None:
    """Where torch.hub keeps the repository, if it does."""
    folder = Path(torch.hub.get_dir()) / _UTMOS_SOURCE.replace("/", "_").replace(":", "_")
    return folder if (folder / "hubconf.py").is_file() else None


def load_mos_predictor(name: str | os.PathLike = "auto", *, device: str | torch.device | None = None) -> MosPredictor:
    """
    A MOS predictor by name.

    Args:
        name (`str` or `os.PathLike`, *optional*, defaults to `"auto"`):
            `"dnsmos"` (the network is inside the package `speechmos`), `"utmos"` (by torch.hub), or the folder or
            TorchScript file of a UTMOS. `"auto"` takes `"utmos"` where torch.hub has it already or speechmos is not
            installed, else `"dnsmos"`.
        device (`str` or `torch.device`, *optional*): Defaults to the GPU where there is one.

    Raises:
        ImportError: If its package is missing, with the pip command.
        RuntimeError: If its weights are not here and cannot be fetched.
    """
    name = os.fspath(name)
    if name == "auto":
        name = "dnsmos" if importlib.util.find_spec("speechmos") and _utmos_cache() is None else "utmos"
    if name == "dnsmos":
        return DnsMosPredictor()
    if name == "utmos":
        return UtmosPredictor(device=device)
    if not Path(name).exists():
        raise ValueError(
            f"A MOS predictor has to be 'auto', 'dnsmos', 'utmos', or a UTMOS folder or file; there is no {name!r}."
        )
    return UtmosPredictor(name, device=device)
