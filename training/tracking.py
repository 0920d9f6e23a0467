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
        """`curves.png` beside `metrics.jsonl`: how the run has gone, see [`curves_figure`]."""
        if self.file is not None:
            curves_figure(read_metrics(self.file.path)).savefig(self.file.path.with_name("curves.png"))

    def log_audio(self, name: str, waveform: np.ndarray | torch.Tensor, step: int, *, sampling_rate: int):
        """A mono waveform `(samples,)` in [-1, 1], for TensorBoard."""
        if self.writer is not None:
            waveform = torch.as_tensor(waveform, dtype=torch.float32).clamp(-1, 1)
            self.writer.add_audio(name, waveform[None], global_step=step, sample_rate=sampling_rate)


def curves_figure(rows: list[dict[str, float]]) -> Figure:
    """
    Picture of a run of `train_accelerate.py`.

    Args:
        rows (`list[dict[str, float]]`):
            Lines of its `metrics.jsonl`, see [`read_metrics`].

    Returns:
        `matplotlib.figure.Figure`: spectrogram, guided attention and stop losses in training and validation, and the
        character error rates of teacher-forced and free-running speech, over the steps.
    """
    from matplotlib.figure import Figure

    panels = {
        name.replace("_", " "): {part: f"{part}/{name}" for part in ("train", "validation")}
        for name in ("spectrogram_loss", "guided_attention_loss", "stop_loss")
    }
    panels["character error rate"] = {
        "teacher-forced": "validation/teacher_forced_cer",
        "free-running": "validation/free_running_cer",
    }
    figure = Figure(figsize=(4 * len(panels), 3), layout="constrained")
    for axes, (title, curves) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        for label, key in curves.items():
            points = [(row["step"], row[key]) for row in rows if key in row]
            if points:
                axes.plot(*zip(*points, strict=True), marker=None if label == "train" else "o", label=label)
        axes.set(title=title, xlabel="step", ylim=(0, None))
        if axes.lines:
            axes.legend()
    return figure


def alignment_figure(alignments: np.ndarray, title: str = "") -> Figure:
    """
    Picture of attention over the text.

    Args:
        alignments (`np.ndarray` of shape `(heads, groups, text)`):
            Attention of each mel group to each text token.
        title (`str`, *optional*, defaults to `""`):
            Title.

    Returns:
        `matplotlib.figure.Figure`: one panel a head, time to the right, text upwards.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.5 * len(alignments), 3.5), layout="constrained")
    for head, (axes, alignment) in enumerate(
        zip(figure.subplots(1, len(alignments), squeeze=False)[0], alignments, strict=True)
    ):
        axes.imshow(alignment.T, origin="lower", aspect="auto", interpolation="nearest", vmin=0)
        axes.set(xlabel="mel group", ylabel="text token", title=f"head {head}")
    figure.suptitle(title[:80])
    return figure


def mel_figure(predicted: np.ndarray, target: np.ndarray | None = None, title: str = "") -> Figure:
    """
    Picture of log-mel spectrograms, the prediction above the recording.

    Args:
        predicted (`np.ndarray` of shape `(frames, n_mels)`):
            Generated log-mel.
        target (`np.ndarray` of shape `(frames, n_mels)`, *optional*):
            The recording's.
        title (`str`, *optional*, defaults to `""`):
            Title.

    Returns:
        `matplotlib.figure.Figure`: panels with a common time axis and colour scale.
    """
    from matplotlib.figure import Figure

    panels = {"predicted": predicted} if target is None else {"predicted": predicted, "recording": target}
    figure = Figure(figsize=(10, 2.5 * len(panels)), layout="constrained")
    low, high = min(mel.min() for mel in panels.values()), max(mel.max() for mel in panels.values())
    for axes, (name, mel) in zip(
        figure.subplots(len(panels), 1, squeeze=False, sharex=True)[:, 0], panels.items(), strict=True
    ):
        axes.imshow(mel.T, origin="lower", aspect="auto", interpolation="nearest", vmin=low, vmax=high)
        axes.set(ylabel="mel bin", title=name)
    axes.set(xlabel="frame")
    figure.suptitle(title[:100])
    return figure
