"""Numbers, pictures and audio of a run, for TensorBoard and for a plain file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from accelerate import Accelerator

from ..plots import curves_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class MetricsFile:
    """
    One JSON object a line: `{"step": 10, "train/loss": 1.2, ...}`. A resumed run takes up the file where its
    checkpoint stands.

    Args:
        path (`str` or `os.PathLike`):
            The file.
        first_step (`int`, *optional*, defaults to 0):
            Lines of later steps than this are dropped when the file is opened.
    """

    def __init__(self, path: str | os.PathLike, first_step: int = 0):
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = [row for row in read_metrics(self.path) if row["step"] <= first_step] if first_step else []
        self.path.write_text("".join(json.dumps(row) + "\n" for row in kept))

    def log(self, values: Mapping[str, float], step: int):
        """Append the numbers of `step`."""
        with self.path.open("a") as file:
            file.write(json.dumps({"step": step, **values}) + "\n")


def read_metrics(path: str | os.PathLike) -> list[dict[str, float]]:
    """The lines of a [`MetricsFile`]; a last line cut short by a kill is left out."""
    rows = []
    if Path(path).is_file():
        for line in Path(path).read_text().splitlines():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                break
    return rows


class Tracker:
    """
    Logs to the trackers of an `Accelerator` and to `metrics.jsonl`, from the main process.

    Args:
        accelerator (`Accelerator`):
            With its trackers initialised, or with none.
        output_dir (`str` or `os.PathLike`):
            Folder of `metrics.jsonl`.
        first_step (`int`, *optional*, defaults to 0):
            Step of the checkpoint that the run resumes from.
    """

    def __init__(self, accelerator: Accelerator, output_dir: str | os.PathLike, first_step: int = 0):
        self.accelerator = accelerator
        self.file = (
            MetricsFile(Path(output_dir) / "metrics.jsonl", first_step) if accelerator.is_main_process else None
        )
        boards = [t for t in accelerator.trackers if t.name == "tensorboard"] if accelerator.is_main_process else []
        self.writer = boards[0].tracker if boards else None

    def log(self, values: Mapping[str, Any], step: int):
        """Numbers by name; tensors are accepted."""
        if self.file is not None and values:
            numbers = {name: float(value) for name, value in values.items()}
            self.accelerator.log(numbers, step=step)
            self.file.log(numbers, step)

    def log_figure(self, name: str, figure: Figure, step: int):
        """A `matplotlib` figure, for TensorBoard."""
        if self.writer is not None:
            self.writer.add_figure(name, figure, global_step=step)

    def draw_curves(self):
        """`curves.png` beside `metrics.jsonl`: how the run has gone, see [`~gpt2tts.plots.curves_figure`]."""
        if self.file is not None:
            curves_figure(read_metrics(self.file.path)).savefig(self.file.path.with_name("curves.png"))

    def log_audio(self, name: str, waveform: np.ndarray | torch.Tensor, step: int, *, sampling_rate: int):
        """A mono waveform `(samples,)` in [-1, 1], for TensorBoard."""
        if self.writer is not None:
            waveform = torch.as_tensor(waveform, dtype=torch.float32).clamp(-1, 1)
            self.writer.add_audio(name, waveform[None], global_step=step, sample_rate=sampling_rate)
