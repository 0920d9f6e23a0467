"""Discriminators of the adversarial stage: SpeechBrain's of HiFi-GAN, and smaller ones for two CPU cores."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from speechbrain.lobes.models.HifiGAN import HifiganDiscriminator
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from .adversarial_losses import Judgement, judge

DISCRIMINATORS = ("small", "medium", "full")
PERIODS = (2, 3, 5, 7, 11)  # of the multi-period discriminators, in samples
PERIOD_CHANNELS = (16, 32, 64, 128)  # output channels of their layers
RESOLUTION_LAYERS = 4  # of the multi-resolution ones, each of which halves the frequency axis


class PeriodDiscriminator(nn.Module):
    """
    Sees every `period`-th sample as a column, as HiFi-GAN's (https://arxiv.org/abs/2010.05646), with few channels.

    Args:
        period (`int`): Samples in a row.
    """

    def __init__(self, period: int):
        super().__init__()
        self.period = period
        self.convs = nn.ModuleList(
            weight_norm(nn.Conv2d(size_in, size_out, (5, 1), (3, 1), padding=(2, 0)))
            for size_in, size_out in pairwise((1, *PERIOD_CHANNELS))
        )
        self.conv_post = weight_norm(nn.Conv2d(PERIOD_CHANNELS[-1], 1, (3, 1), padding=(1, 0)))

    def forward(self, waveform: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Waveform `(batch, 1, samples)` to scores `(batch, positions)` and the features of each layer."""
        padding = -waveform.shape[-1] % self.period
        rows = nn.functional.pad(waveform, (0, padding), mode="reflect")
        return judge(rows.unflatten(-1, (-1, self.period)), self.convs, self.conv_post)


class ResolutionDiscriminator(nn.Module):
    """
    Sees the log-magnitude spectrogram at one resolution, as UnivNet's (https://arxiv.org/abs/2106.07889).

    Args:
        window_length (`int`): Hann window in samples; the hop is a quarter.
        channels (`int`): Channels of every layer.
    """

    def __init__(self, window_length: int, channels: int):
        super().__init__()
        self.window_length = window_length
        self.convs = nn.ModuleList(
            weight_norm(nn.Conv2d(channels if layer else 1, channels, (5, 3), (2, 1), padding=(2, 1)))
            for layer in range(RESOLUTION_LAYERS)
        )
        self.conv_post = weight_norm(nn.Conv2d(channels, 1, 3, padding=1))

    def forward(self, waveform: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Waveform `(batch, 1, samples)` to scores `(batch, positions)` and the features of each layer."""
        with torch.autocast(waveform.device.type, enabled=False):
            spectrum = torch.stft(
                waveform.float().squeeze(1),
                n_fft=self.window_length,
                hop_length=self.window_length // 4,
                window=torch.hann_window(self.window_length, device=waveform.device),
                return_complex=True,
            )
            magnitude = (spectrum.abs() + 1e-3).log()
        return judge(magnitude[:, None], self.convs, self.conv_post)


class SmallDiscriminator(nn.Module):
    """
    Multi-period and multi-resolution discriminators of 0.4M parameters together: about a hundredth of the work of
    HiFi-GAN's.

    Args:
        resolutions (`Sequence[tuple[int, int]]`): Window in samples and channels of each multi-resolution one.
    """

    def __init__(self, resolutions: Sequence[tuple[int, int]] = ((256, 16), (512, 16), (1024, 16))):
        super().__init__()
        self.discriminators = nn.ModuleList(
            [
                *map(PeriodDiscriminator, PERIODS),
                *(ResolutionDiscriminator(length, channels) for length, channels in resolutions),
            ]
        )

    def forward(self, waveform: torch.Tensor) -> Judgement:
        """Waveform `(batch, 1, samples)` to the scores and the features of each discriminator."""
        scores, features = zip(*(discriminator(waveform) for discriminator in self.discriminators), strict=True)
        return list(scores), list(features)


def build_discriminator(name: str) -> nn.Module:
    """
    A discriminator by name: `"small"` ([`SmallDiscriminator`]), `"medium"` (the same with more channels on long
    windows, which resolve harmonics) or `"full"` (SpeechBrain's `HifiganDiscriminator`).

    Both map a waveform `(batch, 1, samples)` to a list of scores and a list of lists of features.
    """
    if name not in DISCRIMINATORS:
        raise ValueError(f"`discriminator` must be one of {', '.join(DISCRIMINATORS)}, got {name!r}")
    if name == "medium":
        return SmallDiscriminator(resolutions=((512, 24), (1024, 32), (2048, 32)))
    return SmallDiscriminator() if name == "small" else HifiganDiscriminator()
