"""What a vocoder is trained on: distances between spectra at several resolutions, and the band they are taken in."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torchaudio
from torch import nn

MEL_BINS = {64: 10, 128: 20, 256: 40, 512: 80, 1024: 128, 2048: 256}  # by the length of the window in samples
STFT_WINDOWS = (512, 1024, 2048)  # those that resolve harmonics
MAGNITUDE_FLOOR = 1e-4  # of mel and STFT magnitudes before the logarithm: what is fainter is not heard


@dataclass
class SpectralDistance:
    """
    Distance between waveforms, a scalar tensor each.

    Args:
        loss (`torch.Tensor`): Sum of the others.
        mel (`torch.Tensor`): Mean absolute difference of log-mel magnitudes, over all resolutions.
        stft (`torch.Tensor`): Spectral convergence and mean absolute difference of log magnitudes, over the
            resolutions that resolve harmonics.
    """

    loss: torch.Tensor
    mel: torch.Tensor
    stft: torch.Tensor


class MultiResolutionSpectralLoss(nn.Module):
    """
    Mel and STFT losses from one set of transforms: log-mel L1 at many window lengths (the multi-scale mel loss of
    https://arxiv.org/abs/2306.06546), and at the long windows spectral convergence plus log-magnitude L1 (Parallel
    WaveGAN, https://arxiv.org/abs/1910.11480). The short windows see where in a pitch period the energy lies, which is
    what a mel spectrogram leaves open.

    SpeechBrain's `MultiScaleSTFTLoss` asks torch for a form of the STFT that torch 2 no longer has.

    Args:
        sampling_rate (`int`): Of the waveforms, in Hz.
    """

    def __init__(self, sampling_rate: int):
        super().__init__()
        self.spectrograms = nn.ModuleList(
            torchaudio.transforms.Spectrogram(length, hop_length=length // 4, power=1.0) for length in MEL_BINS
        )
        self.mel_scales = nn.ModuleList(
            torchaudio.transforms.MelScale(bins, sampling_rate, n_stft=length // 2 + 1, mel_scale="slaney")
            for length, bins in MEL_BINS.items()
        )

    def forward(self, prediction: torch.Tensor, target: torch.Tensor) -> SpectralDistance:
        """Distance between float32 waveforms `(batch, samples)`; the gradient goes to the prediction."""
        mel, stft = [], []
        for spectrogram, mel_scale in zip(self.spectrograms, self.mel_scales, strict=True):
            magnitude = spectrogram(prediction)
            with torch.no_grad():
                target_magnitude = spectrogram(target)
                target_log_mel = _log(mel_scale(target_magnitude))
            mel.append((_log(mel_scale(magnitude)) - target_log_mel).abs().mean())
            if spectrogram.n_fft in STFT_WINDOWS:
                difference = torch.linalg.vector_norm(magnitude - target_magnitude)
                convergence = difference / torch.linalg.vector_norm(target_magnitude).clamp(min=1e-3)
                stft.append(convergence + (_log(magnitude) - _log(target_magnitude)).abs().mean())
        mel_loss, stft_loss = torch.stack(mel).mean(), torch.stack(stft).mean()
        return SpectralDistance(loss=mel_loss + stft_loss, mel=mel_loss, stft=stft_loss)


def _log(magnitude: torch.Tensor) -> torch.Tensor:
    return magnitude.clamp(min=MAGNITUDE_FLOOR).log()


def limit_band(waveform: torch.Tensor, highest_frequency: torch.Tensor, sampling_rate: int) -> torch.Tensor:
    """
    Silences what lies above each row's band, so that neither losses nor discriminators compare it: a recording made at
    16 kHz says nothing about the band above 8 kHz.

    Args:
        waveform (`torch.Tensor` of shape `(batch, samples)`):
            Waveforms, predicted or recorded.
        highest_frequency (`torch.Tensor` of shape `(batch,)`):
            Upper end of the band in Hz. Rows whose band reaches half the sampling rate stay as they are.
        sampling_rate (`int`):
            Of the waveforms, in Hz.

    Returns:
        `torch.Tensor` of shape `(batch, samples)`.
    """
    limited = highest_frequency < sampling_rate / 2
    if not limited.any():
        return waveform
    samples = waveform.shape[-1]
    frequencies = torch.fft.rfftfreq(samples, 1 / sampling_rate, device=waveform.device)
    # a slope of 400 Hz: a sharper one would ring
    gain = ((highest_frequency[limited, None] - frequencies) / 400).clamp(0, 1)
    output = waveform.clone()
    output[limited] = torch.fft.irfft(torch.fft.rfft(waveform[limited]) * gain, n=samples)
    return output
