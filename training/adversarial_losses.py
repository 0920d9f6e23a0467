"""Least-squares losses of generators and discriminators."""

from __future__ import annotations

import torch
from speechbrain.lobes.models.HifiGAN import MelganFeatureLoss, MSEDLoss, MSEGLoss
from torch import nn

LEAKY_RELU_SLOPE = 0.1

Judgement = tuple[list[torch.Tensor], list[list[torch.Tensor]]]


def judge(
    hidden_states: torch.Tensor, convs: nn.ModuleList, conv_post: nn.Module
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Scores `(batch, positions)` of one discriminator, and the features of each of its layers."""
    features = []
    for conv in convs:
        hidden_states = nn.functional.leaky_relu(conv(hidden_states), LEAKY_RELU_SLOPE)
        features.append(hidden_states)
    return conv_post(hidden_states).flatten(1), features


def discriminator_loss(fake: Judgement, real: Judgement) -> torch.Tensor:
    """Least-squares loss of the discriminators: 1 for recordings, 0 for the generator's. The mean over them."""
    loss = MSEDLoss()
    pairs = zip(fake[0], real[0], strict=True)
    return torch.stack([loss(score.float(), real_score.float())[0] for score, real_score in pairs]).mean()


def generator_losses(fake: Judgement, real: Judgement) -> tuple[torch.Tensor, torch.Tensor]:
    """
    Losses of the generator: how far the scores of its outputs are from 1, and how far their features are from those
    of the recordings. The means over the discriminators.
    """
    loss = MSEGLoss()
    adversarial = torch.stack([loss(score.float()) for score in fake[0]]).mean()
    fake_features = [[feature.float() for feature in features] for features in fake[1]]
    real_features = [[feature.detach().float() for feature in features] for features in real[1]]
    return adversarial, MelganFeatureLoss()(fake_features, real_features)
