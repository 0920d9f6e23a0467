"""Optimisers, the training budget and the learning-rate schedule that is stretched over it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from .mixed_precision import has_fast_bfloat16

OPTIMIZERS = ("adamw", "muon")
ADAM_BETAS = (0.9, 0.99)
MUON_MOMENTUM = 0.95
_BLOCKS = ".gpt2.h."  # in the names of the parameters of the GPT-2 blocks
NEWTON_SCHULZ_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
NEWTON_SCHULZ_STEPS = 5


class MuonAdamW(torch.optim.Optimizer):
    """
    Muon for the parameter groups marked `use_muon` and `torch.optim.AdamW` for the others, as one optimiser, so that
    schedulers, `Accelerator.prepare` and `save_state` see a single object with the usual state.

    Muon: https://kellerjordan.github.io/posts/muon; its update is scaled to the size of AdamW's
    (https://huggingface.co/papers/2502.16982), so both share one learning rate. `torch.optim.Muon` makes the same update,
    but in bfloat16 on every device, which on a CPU without it takes as long as the model's two passes.

    Args:
        params (`Iterable[dict]`):
            Parameter groups, each with the keys `use_muon` and `weight_decay`. A Muon group holds matrices only.
        lr (`float`):
            Learning rate of all groups.
    """

    def __init__(self, params: Iterable[dict[str, Any]], lr: float):
        # AdamW fills in its defaults; afterwards it only lends its `step`
        groups = [dict(group) for group in params]
        self._adamw = torch.optim.AdamW(
            [group for group in groups if not group["use_muon"]], lr, betas=ADAM_BETAS, fused=True
        )
        muon_groups = [{"lr": lr, "momentum": MUON_MOMENTUM, **group} for group in groups if group["use_muon"]]
        super().__init__(muon_groups + self._adamw.param_groups, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        """One update of all groups. Returns the closure's loss, if a closure is given."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        # linked at every step: `load_state_dict` and `Accelerator` replace these attributes
        self._adamw.state = self.state
        self._adamw.param_groups = [group for group in self.param_groups if not group["use_muon"]]
        self._adamw.step()
        for group in self.param_groups:
            for matrix in group["params"] if group["use_muon"] else ():
                if matrix.grad is not None:
                    self._step_muon(matrix, group)
        return loss

    def _step_muon(self, matrix: torch.Tensor, group: dict[str, Any]):
        state = self.state[matrix]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        average = state["momentum_buffer"]
        average.lerp_(matrix.grad, 1 - group["momentum"])
        update = orthogonalize(matrix.grad.lerp(average, group["momentum"]))
        # as large, in the mean square, as an update of AdamW
        scale = 0.2 * math.sqrt(max(matrix.shape))
        matrix.mul_(1 - group["lr"] * group["weight_decay"])
        matrix.add_(update.to(matrix.dtype), alpha=-group["lr"] * scale)


def orthogonalize(matrix: torch.Tensor) -> torch.Tensor:
    """
    The nearest matrix with orthogonal rows or columns, roughly: all singular values between 0.5 and 1.5, by five
    Newton-Schulz steps of the quintic polynomial of https://kellerjordan.github.io/posts/muon. In bfloat16 where
    that is fast, and else in float32.
    """
    a, b, c = NEWTON_SCHULZ_COEFFICIENTS
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    if has_fast_bfloat16(matrix.device.type):
        wide = wide.bfloat16()
    wide = wide / wide.norm().clamp(min=1e-7)  # no singular value above 1
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = wide @ wide.T
        wide = torch.addmm(wide, torch.addmm(gram, gram, gram, beta=b, alpha=c), wide, beta=a)
    return wide if matrix.shape[0] <= matrix.shape[1] else wide.T


def build_optimizer(
    model: nn.Module,
    name: str = "muon",
    *,
    learning_rate: float = 1e-3,
    weight_decay: float = 0.01,
) -> torch.optim.Optimizer:
    """
    Optimiser for a GPT2TTS model.

    Args:
        model (`nn.Module`):
            The model; parameters that require no gradient are left out.
        name (`str`, *optional*, defaults to `"muon"`):
            `"adamw"`, or `"muon"`: Muon for the matrices of the GPT-2 blocks, AdamW for everything else.
        learning_rate (`float`, *optional*, defaults to 1e-3):
            Peak learning rate of all groups.
        weight_decay (`float`, *optional*, defaults to 0.01):
            Decoupled weight decay of matrices and convolution kernels; biases, norms and embeddings get none.

    Returns:
        `torch.optim.Optimizer`: groups `muon` (with Muon), `decay` and `no_decay`, each with its `name`.

    Raises:
        ValueError: if `name` is unknown, or the model has no GPT-2 blocks for Muon.
    """
    if name not in OPTIMIZERS:
        raise ValueError(f"`optimizer` must be one of {', '.join(OPTIMIZERS)}, got {name!r}")
    embeddings = {id(m.weight) for m in model.modules() if isinstance(m, nn.Embedding)}
    groups: dict[str, list[nn.Parameter]] = {"muon": [], "decay": [], "no_decay": []}
    for parameter_name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if parameter.ndim < 2 or id(parameter) in embeddings:
            groups["no_decay"].append(parameter)
        elif name == "muon" and parameter.ndim == 2 and _BLOCKS in f".{parameter_name}":
            groups["muon"].append(parameter)
        else:
            groups["decay"].append(parameter)
    if name == "muon" and not groups["muon"]:
        raise ValueError("the model has no GPT-2 blocks for Muon: use `optimizer='adamw'`")

    param_groups = [
        {
            "params": parameters,
            "name": group,
            "use_muon": group == "muon",
            "weight_decay": 0.0 if group == "no_decay" else weight_decay,
        }
        for group, parameters in groups.items()
        if parameters
    ]
    if name == "muon":
        return MuonAdamW(param_groups, learning_rate)
    for group in param_groups:
        del group["use_muon"]
    return torch.optim.AdamW(param_groups, lr=learning_rate, betas=ADAM_BETAS, fused=True)


class TrainingBudget:
    """
    How much training there is, in optimiser steps, epochs or minutes, and how much of it is spent.

    Whatever is given first runs out ends the training. Time counts only while the object exists, so a resumed run
    goes on with the time its checkpoint had spent.

    Args:
        max_steps (`int`, *optional*):
            Optimiser steps.
        max_epochs (`float`, *optional*):
            Passes over the training set.
        max_minutes (`float`, *optional*):
            Wall-clock minutes of training, validation and checkpoints included.

    Attributes:
        step (`int`): optimiser steps done.
        epoch (`float`): passes done.
        seconds (`float`): seconds spent, as of the last [`~TrainingBudget.tick`].
    """

    def __init__(
        self, max_steps: int | None = None, max_epochs: float | None = None, *, max_minutes: float | None = None
    ):
        limits = {"max_steps": max_steps, "max_epochs": max_epochs, "max_minutes": max_minutes}
        for name, limit in limits.items():
            if limit is not None and limit <= 0:
                raise ValueError(f"`{name}` must be positive, got {limit}")
        if all(limit is None for limit in limits.values()):
            raise ValueError("give the training a budget: `max_steps`, `max_epochs` or `max_minutes`")
        self.max_steps, self.max_epochs, self.max_minutes = max_steps, max_epochs, max_minutes
        self.step, self.epoch, self.seconds = 0, 0.0, 0.0
        self._started_at = time.monotonic()

    def clock(self) -> float:
        """Seconds spent so far, on this process's clock."""
        return time.monotonic() - self._started_at

    def tick(self, seconds: float | None = None) -> float:
        """Set the time spent to `seconds` (one value for all processes), or to this process's clock."""
        self.seconds = self.clock() if seconds is None else seconds
        return self.seconds

    @property
    def progress(self) -> float:
        """The share of the budget that is spent, 0 to 1."""
        shares = (
            (self.step, self.max_steps),
            (self.epoch, self.max_epochs),
            (self.seconds, self.max_minutes and self.max_minutes * 60),
        )
        # a sum of fractions of an epoch may fall short of the whole by rounding
        return min(1.0, max(spent / limit for spent, limit in shares if limit) + 1e-9)

    @property
    def exhausted(self) -> bool:
        """Whether the budget is spent."""
        return self.progress >= 1.0

    @property
    def seconds_left(self) -> float | None:
        """Estimate of the seconds left at the present speed; `None` before the first step."""
        return self.seconds * (1 / self.progress - 1) if self.step and self.progress > 0 else None

    def state_dict(self) -> dict[str, float]:
        """What is spent."""
        return {"step": self.step, "epoch": self.epoch, "seconds": self.seconds}

    def load_state_dict(self, state: dict[str, float]):
        """Takes up what was spent; the clock goes on from there."""
        self.step, self.epoch, self.seconds = int(state["step"]), float(state["epoch"]), float(state["seconds"])
        self._started_at = time.monotonic() - self.seconds


class LearningRateSchedule:
    """
    Linear warm-up, then half a cosine over the budget, in whatever unit that is, from the peak to the floor.

    It has no state: where in the schedule a resumed run stands follows from its budget, and learning rate and weight decay
    are what the optimiser was made with, not what a checkpoint brings.

    Args:
        optimizer (`torch.optim.Optimizer`):
            As made or as prepared, before a checkpoint is loaded. The learning rates of its groups are the peaks.
        budget ([`TrainingBudget`]):
            How much of the training is done.
        warmup_steps (`int`, *optional*, defaults to 300):
            Steps of linear warm-up.
        min_ratio (`float`, *optional*, defaults to 0.05):
            The floor, as a share of the peak; with 1 the learning rate stays after the warm-up.
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        budget: TrainingBudget,
        *,
        warmup_steps: int = 300,
        min_ratio: float = 0.05,
    ):
        self.optimizer, self.budget = optimizer, budget
        self.warmup_steps, self.min_ratio = warmup_steps, min_ratio
        self._given = [(group["lr"], group["weight_decay"]) for group in optimizer.param_groups]
        self.step()

    @property
    def factor(self) -> float:
        """The learning rate as a share of its peak, in (0, 1]."""
        cosine = 0.5 * (1 + math.cos(math.pi * self.budget.progress))
        warmup = min(1.0, (self.budget.step + 1) / (self.warmup_steps + 1))
        return warmup * (self.min_ratio + (1 - self.min_ratio) * cosine)

    @property
    def learning_rate(self) -> float:
        """The present learning rate of the first group."""
        return self.optimizer.param_groups[0]["lr"]

    def step(self) -> None:
        """Sets learning rate and weight decay; call it after each optimiser step, when the budget is up to date."""
        for group, (peak, weight_decay) in zip(self.optimizer.param_groups, self._given, strict=True):
            group["lr"], group["weight_decay"] = peak * self.factor, weight_decay
