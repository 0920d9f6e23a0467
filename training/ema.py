"""Exponential moving average of the weights."""

from __future__ import annotations

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel


def build_ema(model: nn.Module, decay: float = 0.999) -> AveragedModel:
    """
    An averaged copy of `model`; its `module` is a model like any other.

    The decay warms up as `(1 + n) / (10 + n)` over the first updates `n`, so that the start of the training does not
    weigh on short runs. Call `update_parameters(model)` after each optimiser step.

    Args:
        model (`nn.Module`):
            The model, unwrapped, before `Accelerator.prepare`.
        decay (`float`, *optional*, defaults to 0.999):
            Share of the average that stays at each update, in (0, 1).

    Returns:
        `torch.optim.swa_utils.AveragedModel`: the average, on the device of the model, in evaluation mode.

    Raises:
        ValueError: if `decay` is not between 0 and 1.
    """
    if not 0 < decay < 1:
        raise ValueError(f"`ema_decay` must be between 0 and 1 (0 turns it off in the training script), got {decay}")

    @torch.no_grad()
    def update(averaged: list[torch.Tensor], current: list[torch.Tensor], n: torch.Tensor | int):
        weight = 1 - min(decay, (1 + int(n)) / (10 + int(n)))
        torch._foreach_lerp_(averaged, current, weight)

    # its weights keep `requires_grad`: autocast remembers the half-precision copies of such weights only
    return AveragedModel(model, multi_avg_fn=update).eval()
