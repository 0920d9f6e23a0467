"""Where a run stands, and what its processes agree on."""

from __future__ import annotations

import dataclasses
from typing import Any

import torch
from accelerate import Accelerator

from .optimizers import TrainingBudget


class SavedFields:
    """Base of a dataclass whose fields are saved and loaded with `Accelerator`'s checkpoints."""

    def state_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return dataclasses.asdict(self)

    def load_state_dict(self, state: dict[str, Any]):
        """Takes the fields from `state`."""
        for name, value in state.items():
            setattr(self, name, value)


def agree(accelerator: Accelerator, seconds: float, flag: bool) -> tuple[float, bool]:
    """The main process's clock, and whether `flag` is set on any process: the same on all of them."""
    if accelerator.num_processes == 1:
        return seconds, flag
    mine = torch.tensor([seconds if accelerator.is_main_process else 0.0, float(flag)], dtype=torch.float64)
    seconds, flags = accelerator.reduce(mine.to(accelerator.device), "sum").tolist()
    return seconds, flags > 0


def is_due(budget: TrainingBudget, every_steps: int | None, every_minutes: float | None, last_seconds: float) -> bool:
    """Whether something is to be done at this step, by its period in steps or minutes."""
    by_steps = every_steps is not None and budget.step % every_steps == 0
    return by_steps or (every_minutes is not None and budget.seconds - last_seconds >= 60 * every_minutes)
