"""Pictures of spectrograms, reading positions and training runs. They need matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage


def new_figure(width: float, height: float) -> Figure:
    """
    An empty figure, of no window system.

    Args:
        width (`float`): Width in inches.
        height (`float`): Height in inches.

    Raises:
        ImportError: If matplotlib is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(f"Drawing needs `matplotlib.figure` ({error}): pip install matplotlib") from error
    return Figure(figsize=(width, height), layout="constrained")


def draw_image(axes: Axes, image: np.ndarray, **kwargs: Any) -> AxesImage:
    """
    Draw a spectrogram: time to the right, frequency upwards.

    Args:
        axes (`matplotlib.axes.Axes`): Where.
        image (`np.ndarray` of shape `(time, height)`): Values.
        kwargs: Further arguments of `Axes.imshow`.
    """
    return axes.imshow(image.T, **{"origin": "lower", "aspect": "auto", "interpolation": "nearest", **kwargs})


def curves_figure(rows: list[dict[str, float]]) -> Figure:
    """
    Picture of a run of `train_accelerate.py`.

    Args:
        rows (`list[dict[str, float]]`):
            Lines of its `metrics.jsonl`, see [`~gpt2tts.training.tracking.read_metrics`].

    Returns:
        `matplotlib.figure.Figure`: spectrogram and position losses in training and validation, and the character error
        rates of teacher-forced and free-running speech, over the steps.
    """
    panels = {
        name.replace("_", " "): {part: f"{part}/{name}" for part in ("train", "validation")}
        for name in ("spectrogram_loss", "position_loss")
    }
    panels["character error rate"] = {
        "teacher-forced": "validation/teacher_forced_cer",
        "free-running": "validation/free_running_cer",
    }
    figure = new_figure(4 * len(panels), 3)
    for axes, (title, curves) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        for label, key in curves.items():
            points = [(row["step"], row[key]) for row in rows if key in row]
            if points:
                axes.plot(*zip(*points, strict=True), marker=None if label == "train" else "o", label=label)
        axes.set(title=title, xlabel="step", ylim=(0, None))
        if axes.lines:
            axes.legend()
    return figure


def draw_positions(axes: Axes, text_positions: np.ndarray) -> None:
    """Draw the place in the text, in tokens, of each group `(groups,)`."""
    axes.step(np.arange(len(text_positions)), text_positions, where="mid")
    axes.set(xlabel="group", ylabel="token")
    axes.grid(alpha=0.3)


def positions_figure(text_positions: np.ndarray, title: str = "") -> Figure:
    """
    How speech reads its text: the place in the text over time.

    Args:
        text_positions (`np.ndarray` of shape `(groups,)`): Places in tokens.
        title (`str`, *optional*): Shown above, cut to one line.
    """
    figure = new_figure(8, 4)
    axes = figure.add_subplot()
    draw_positions(axes, text_positions)
    axes.set_title(title[:100])
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
    panels = {"predicted": predicted} if target is None else {"predicted": predicted, "recording": target}
    figure = new_figure(10, 2.5 * len(panels))
    low, high = min(mel.min() for mel in panels.values()), max(mel.max() for mel in panels.values())
    for axes, (name, mel) in zip(
        figure.subplots(len(panels), 1, squeeze=False, sharex=True)[:, 0], panels.items(), strict=True
    ):
        draw_image(axes, mel, vmin=low, vmax=high)
        axes.set(ylabel="mel bin", title=name)
    axes.set(xlabel="frame")
    figure.suptitle(title[:100])
    return figure
