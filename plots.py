"""Pictures of spectrograms, alignments and training runs. They need matplotlib."""

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
    Draw a spectrogram or an alignment: time to the right, frequency or text upwards.

    Args:
        axes (`matplotlib.axes.Axes`): Where.
        image (`np.ndarray` of shape `(time, height)`): Values.
        kwargs: Further arguments of `Axes.imshow`.
    """
    return axes.imshow(image.T, **{"origin": "lower", "aspect": "auto", "interpolation": "nearest", **kwargs})


def image_figure(image: np.ndarray, title: str, x_label: str, y_label: str) -> Figure:
    """Picture of one image `(time, height)`, see [`draw_image`]."""
    figure = new_figure(7, 2.5)
    axes = figure.subplots()
    draw_image(axes, image)
    axes.set(title=title, xlabel=x_label, ylabel=y_label)
    return figure


def curves_figure(rows: list[dict[str, float]]) -> Figure:
    """
    Picture of a run of `train_accelerate.py`.

    Args:
        rows (`list[dict[str, float]]`):
            Lines of its `metrics.jsonl`, see [`~gpt2tts.training.tracking.read_metrics`].

    Returns:
        `matplotlib.figure.Figure`: spectrogram, guided attention and stop losses in training and validation, and the
        character error rates of teacher-forced and free-running speech, over the steps.
    """
    panels = {
        name.replace("_", " "): {part: f"{part}/{name}" for part in ("train", "validation")}
        for name in ("spectrogram_loss", "guided_attention_loss", "stop_loss")
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
    figure = new_figure(4.5 * len(alignments), 3.5)
    for head, (axes, alignment) in enumerate(
        zip(figure.subplots(1, len(alignments), squeeze=False)[0], alignments, strict=True)
    ):
        draw_image(axes, alignment, vmin=0)
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
