"""Frozen speaker encoders behind one interface: a clip becomes one unit vector that tells who speaks."""

import abc
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
from torch import nn

from ..audio import resample_waveforms
from ..files import split_revision
from .utils import default_device, import_optional, package_version, weights_version

_SAMPLING_RATE = 16000  # Hz, of both encoders
_ECAPA_SOURCE = "speechbrain/spkrec-ecapa-voxceleb@0f99f2d0ebe89ac095bcc5903c4dd8f72b367286"


class SpeakerEncoder(abc.ABC):
    """
    Turns clips into speaker embeddings.

    Attributes:
        name (`str`): Kind and weights, for a report.
        version (`str`): Versions of the packages behind it.
        embedding_dim (`int`): Length of an embedding.
    """

    name: str
    version: str
    embedding_dim: int

    @torch.inference_mode()
    def embed(self, waveforms: Sequence[np.ndarray | torch.Tensor], sampling_rate: int) -> np.ndarray:
        """
        Embed clips.

        Args:
            waveforms (sequence of `np.ndarray` or `torch.Tensor`, each `(samples,)`): Mono clips.
            sampling_rate (`int`): Their rate in Hz.

        Returns:
            `np.ndarray` of shape `(clips, embedding_dim)`: float32 rows of length 1.
        """
        waveforms = resample_waveforms(waveforms, sampling_rate, _SAMPLING_RATE)
        if not waveforms:
            return np.zeros((0, self.embedding_dim), dtype=np.float32)
        embeddings = [F.normalize(self._embed(torch.from_numpy(waveform)), dim=-1) for waveform in waveforms]
        return torch.stack(embeddings).float().cpu().numpy()

    @abc.abstractmethod
    def _embed(self, waveform: torch.Tensor) -> torch.Tensor:
        """Embedding `(embedding_dim,)` of one 16 kHz clip `(samples,)`."""


class ResemblyzerEncoder(SpeakerEncoder):
    """
    The GE2E encoder (Wan et al. 2018) with the weights inside the package `resemblyzer`.

    Only the weights file is taken from the package: its code needs `webrtcvad`, which does not import beside new
    versions of setuptools. In place of its preprocessing, pauses are cut by level and all clips are made equally loud.
    Speech shorter than the encoder's window of 1.6 s is repeated until it fills it: the encoder has learnt from whole
    windows, and takes the silence that resemblyzer adds for part of the voice.

    Args:
        device (`str` or `torch.device`, *optional*): Defaults to the GPU where there is one.
    """

    embedding_dim = 256
    _window = 160  # frames of 10 ms in one partial utterance
    _step = 77  # frames between partial utterances: 1.3 a second, as resemblyzer
    _level = -20.0  # dBFS of every clip: its mel has no logarithm, so that loudness would count as voice

    def __init__(self, *, device: str | torch.device | None = None):
        spec = importlib.util.find_spec("resemblyzer")  # finds the folder, imports nothing
        path = Path(spec.origin).with_name("pretrained.pt") if spec and spec.origin else None
        if path is None or not path.is_file():
            raise ImportError("The speaker encoder 'resemblyzer' needs its weights: pip install --no-deps resemblyzer")
        self.name, self.version = "resemblyzer", f"resemblyzer {package_version('resemblyzer')}, own preprocessing 2"
        self.device = default_device(device)
        self.mel = torchaudio.transforms.MelSpectrogram(
            _SAMPLING_RATE,
            n_fft=400,
            hop_length=160,
            n_mels=40,
            norm="slaney",
            mel_scale="slaney",
            pad_mode="constant",
        ).to(self.device)
        self.lstm = nn.LSTM(40, 256, 3, batch_first=True)
        self.linear = nn.Linear(256, self.embedding_dim)
        self.network = nn.ModuleDict({"lstm": self.lstm, "linear": self.linear}).to(self.device).eval()
        weights = torch.load(path, map_location="cpu", weights_only=True)["model_state"]
        wanted = self.network.state_dict().keys()
        self.network.load_state_dict({name: weights[name] for name in wanted})
        self.network.requires_grad_(False)

    def _cut_pauses(self, waveform: torch.Tensor) -> torch.Tensor:
        """Drop what lies 40 dB below the loudest part for longer than about 0.2 s."""
        frame = _SAMPLING_RATE * 30 // 1000
        if len(waveform) < 4 * frame:
            return waveform
        frames = waveform[: len(waveform) // frame * frame].view(-1, frame)
        level = frames.square().mean(1)
        voiced = (level > level.max() * 1e-4).float()
        voiced = F.max_pool1d(voiced[None], kernel_size=7, stride=1, padding=3)[0] > 0
        return frames[voiced].flatten() if voiced.any() else waveform

    def _embed(self, waveform: torch.Tensor) -> torch.Tensor:
        waveform = self._cut_pauses(waveform.to(self.device))
        level = 10 * torch.log10(waveform.square().mean().clamp(min=1e-12))
        if level > -100:
            waveform = waveform * 10 ** ((self._level - level) / 20)
        window = self._window * 160
        if 0 < len(waveform) < window:
            waveform = waveform.repeat(-(-window // len(waveform)))[:window]
        # whole windows, the last one only if speech fills three quarters of it
        starts = list(range(0, max(len(waveform) // 160 - int(0.75 * self._window), 0) + 1, self._step))
        waveform = F.pad(waveform, (0, max((starts[-1] + self._window) * 160 - len(waveform), 0)))
        mel = self.mel(waveform).T
        windows = torch.stack([mel[start : start + self._window] for start in starts])
        _, (hidden, _) = self.lstm(windows)
        return F.normalize(torch.relu(self.linear(hidden[-1])), dim=-1).mean(0)


class EcapaEncoder(SpeakerEncoder):
    """
    ECAPA-TDNN (Desplanques et al. 2020) by SpeechBrain.

    Args:
        source (`str` or `os.PathLike`, *optional*, defaults to `"speechbrain/spkrec-ecapa-voxceleb"` at a commit):
            Hub id, maybe pinned as `ID@REVISION`, or a folder with `hyperparams.yaml` and its weights.
        device (`str` or `torch.device`, *optional*): Defaults to the GPU where there is one.
    """

    def __init__(self, source: str | os.PathLike = _ECAPA_SOURCE, *, device: str | torch.device | None = None):
        inference = import_optional("speechbrain.inference.classifiers", "speechbrain", "The speaker encoder 'ecapa'")
        fetching = import_optional("speechbrain.utils.fetching", "speechbrain", "The speaker encoder 'ecapa'")
        self.device = default_device(device)
        repository, revision = split_revision(source)
        self.model = inference.EncoderClassifier.from_hparams(
            repository,
            run_opts={"device": str(self.device)},
            local_strategy=fetching.LocalStrategy.NO_LINK,
            fetch_config=fetching.FetchConfig(**revision),
        )
        self.name = f"ecapa {Path(source).name if Path(source).is_dir() else source}"
        self.version = f"speechbrain {package_version('speechbrain')}{weights_version(repository)}"
        self.embedding_dim = self._embed(torch.zeros(_SAMPLING_RATE)).shape[-1]

    def _embed(self, waveform: torch.Tensor) -> torch.Tensor:
        if len(waveform) < _SAMPLING_RATE // 10:  # below the receptive field there is nothing to pool
            waveform = F.pad(waveform, (0, _SAMPLING_RATE // 10 - len(waveform)))
        return self.model.encode_batch(waveform[None])[0, 0]


def load_speaker_encoder(
    name: str | os.PathLike = "auto", *, device: str | torch.device | None = None
) -> SpeakerEncoder:
    """
    A speaker encoder by name.

    Args:
        name (`str` or `os.PathLike`, *optional*, defaults to `"auto"`):
            `"resemblyzer"` (weights inside the package, no download), `"ecapa"` (`speechbrain/spkrec-ecapa-voxceleb`),
            or the hub id, maybe `ID@REVISION`, or folder of a SpeechBrain encoder. `"auto"` takes `"resemblyzer"` where it is installed, else
            `"ecapa"`.
        device (`str` or `torch.device`, *optional*): Defaults to the GPU where there is one.

    Raises:
        ImportError: If its package is missing, with the pip command.
    """
    name = os.fspath(name)
    if name == "auto":
        name = "resemblyzer" if importlib.util.find_spec("resemblyzer") else "ecapa"
    if name == "resemblyzer":
        return ResemblyzerEncoder(device=device)
    return EcapaEncoder(_ECAPA_SOURCE if name == "ecapa" else name, device=device)
