"""How well a vocoder gives recordings back from their spectrograms (copy-synthesis)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from transformers import SequenceFeatureExtractor

from ..pitch import track_pitch
from .vocoder_losses import MultiResolutionSpectralLoss, limit_band

if TYPE_CHECKING:
    from ..evaluation.mos import MosPredictor


@dataclass
class CopySynthesis:
    """
    Recordings and what a vocoder made of them.

    Args:
        waveforms (`list[np.ndarray]`): What the vocoder made, `(samples,)` each, as long as the recordings.
        metrics (`dict[str, float]`): `mel` (mean absolute difference of the re-analysed log-mel from the input),
            `spectral` (the training's spectral loss), and `mos` where there is a predictor.
    """

    waveforms: list[np.ndarray] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)


@torch.inference_mode()
def copy_synthesis(
    vocoder: nn.Module,
    recordings: Sequence[torch.Tensor],
    feature_extractor: SequenceFeatureExtractor,
    *,
    spectrograms: Sequence[torch.Tensor] | None = None,
    pitches: Sequence[dict[str, torch.Tensor]] | None = None,
    bands: Sequence[float] | None = None,
    mos_predictor: MosPredictor | None = None,
) -> CopySynthesis:
    """
    Vocodes the spectrograms of recordings and compares.

    Args:
        vocoder (`nn.Module`):
            As `load_vocoder` gives it.
        recordings (sequence of `torch.Tensor` of shape `(samples,)`):
            Clips at the vocoder's rate.
        feature_extractor (`GPT2TTSFeatureExtractor`):
            Makes the spectrograms.
        spectrograms (sequence of `torch.Tensor` of shape `(frames, n_mels)`, *optional*):
            Spectrograms to vocode in place of the recordings' own, such as predicted ones.
        pitches (sequence of `dict` with `pitch` and `voicing`, each `(frames,)`, *optional*):
            What a vocoder that requires it reads. Tracked in the recordings where left out.
        bands (sequence of `float`, *optional*):
            Upper ends of the recordings' bands in Hz.
        mos_predictor (`MosPredictor`, *optional*):
            Rates what comes out.
    """
    spectral_loss = MultiResolutionSpectralLoss(feature_extractor.sampling_rate)
    result = CopySynthesis()
    mel_differences, spectral_losses = [], []
    for index, recording in enumerate(recordings):
        target = feature_extractor.log_mel(recording)
        spectrogram = target if spectrograms is None else spectrograms[index]
        tracks: dict[str, torch.Tensor] = {}
        if vocoder.requires_pitch:
            if pitches is None:
                pitch, voicing = track_pitch(
                    recording.numpy(),
                    feature_extractor.sampling_rate,
                    len(spectrogram),
                    feature_extractor.hop_length,
                    feature_extractor.sampling_rate,
                )
                tracks = {"pitch": torch.from_numpy(pitch), "voicing": torch.from_numpy(voicing)}
            else:
                tracks = pitches[index]
                spectrogram = spectrogram[: len(tracks["pitch"])]
        waveform = vocoder(spectrogram, **tracks).cpu()
        waveform = nn.functional.pad(waveform, (0, max(0, len(recording) - len(waveform))))[: len(recording)]
        mel_differences.append((feature_extractor.log_mel(waveform) - target).abs().mean())
        band = torch.tensor([bands[index] if bands is not None else float("inf")])
        limited = limit_band(waveform[None], band, feature_extractor.sampling_rate)
        spectral_losses.append(spectral_loss(limited, recording[None]).loss)
        result.waveforms.append(waveform.numpy())
    result.metrics["mel"] = float(torch.stack(mel_differences).mean())
    result.metrics["spectral"] = float(torch.stack(spectral_losses).mean())
    if mos_predictor is not None:
        scores = mos_predictor.predict(result.waveforms, feature_extractor.sampling_rate)
        result.metrics["mos"] = float(np.nanmean(scores))
    return result
