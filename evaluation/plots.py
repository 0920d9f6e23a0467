"""Pictures of a report, written as PNG files."""

import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from ..plots import draw_image, draw_positions, new_figure
from .clips import HOP_LENGTH, SAMPLING_RATE, ClipStore
from .distances import track_pitch
from .measures import Row
from .report import Report
from .systems import Reading
from .test_sets import TestItem

_LENGTH_EDGES = (0, 20, 50, 100, 150, 250, 10_000)  # letters
_HOP_SECONDS = HOP_LENGTH / SAMPLING_RATE


def draw_plots(
    report: Report,
    stores: dict[str, ClipStore],
    examples: Sequence[TestItem],
    folder: str | os.PathLike,
    *,
    readings: Sequence[Reading] = (),
    with_pitch: bool = True,
) -> list[str]:
    """
    Draw what the rows allow.

    Args:
        report ([`Report`]): What was measured.
        stores (`dict[str, ClipStore]`): System to its clips.
        examples (sequence of [`TestItem`]): Sentences whose spectrograms and pitch are drawn.
        folder (`str` or `os.PathLike`): Where the files go; created.
        readings (sequence of [`Reading`], *optional*): Reading positions to draw.
        with_pitch (`bool`, *optional*, defaults to `True`): Whether to draw F0; needs librosa.

    Returns:
        `list[str]`: Names of the files in the folder.

    Raises:
        ImportError: If matplotlib is missing.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = []

    def save(figure: Any, name: str) -> None:
        figure.savefig(folder / name, dpi=110)
        names.append(name)

    if any(row.cer is not None for row in report.rows):
        save(_draw_cer_by_length(new_figure(8, 4), report), "cer_by_length.png")
    if any(len(row.similarities or {}) > 1 and row.speaker for row in report.rows):
        save(_draw_similarities(report), "speaker_similarity.png")
    if readings:
        save(_draw_readings(new_figure(5 * len(readings), 4), readings), "reading.png")
    if examples:
        width, height = 5.5 * len(examples), 2.2 * len(stores)
        save(_draw_spectrograms(new_figure(width, height), stores, examples), "spectrograms.png")
        if with_pitch:
            save(_draw_pitch(new_figure(width, 3.5), stores, examples), "pitch.png")
    return names


def _draw_cer_by_length(figure: Any, report: Report) -> Any:
    axes = figure.subplots()
    width = 0.8 / len(report.systems)
    bins = list(itertools.pairwise(_LENGTH_EDGES))
    used = [(low, high) for low, high in bins if any(low < len(row.text) <= high for row in report.rows)]
    for index, system in enumerate(report.systems):
        rows = [row for row in report.select(system) if row.cer is not None]
        for place, (low, high) in enumerate(used):
            chosen = [row for row in rows if low < len(row.text) <= high]
            if chosen:
                rate = sum(row.character_errors for row in chosen) / max(sum(row.characters for row in chosen), 1)
                bar = axes.bar(place + index * width, 100 * rate, width, color=f"C{index}", label=system)
                axes.bar_label(bar, labels=[f"{100 * rate:.1f}"], fontsize=8)
    labels = dict(zip(axes.get_legend_handles_labels()[1], axes.get_legend_handles_labels()[0], strict=True))
    axes.legend(labels.values(), labels.keys(), fontsize=8)
    axes.set_xticks(np.arange(len(used)) + 0.4 - width / 2)
    axes.set_xticklabels([f"{low + 1} to {high}" if high < 10_000 else f"over {low}" for low, high in used])
    axes.set(xlabel="letters of the text", ylabel="character error rate in %", title="Character error rate by length")
    axes.margins(y=0.15)
    return figure


def _draw_similarities(report: Report) -> Any:
    def mean(rows: list[Row], name: str) -> float:
        values = [row.similarities[name] for row in rows if row.similarities]
        return float(np.mean(values)) if values else float("nan")

    systems = [
        system for system in report.systems if any(row.similarities and row.speaker for row in report.select(system))
    ]
    names = sorted({name for row in report.rows for name in row.similarities or {}})
    speakers = sorted({row.speaker for row in report.rows if row.similarities and row.speaker})
    cell = 0.7 if len(names) <= 10 else 0.3
    figure = new_figure(3 + (1 + cell * len(names)) * len(systems), 3 + cell * len(speakers))
    for index, (system, axes) in enumerate(
        zip(systems, figure.subplots(1, len(systems), squeeze=False)[0], strict=True)
    ):
        rows = report.select(system)
        table = np.array(
            [[mean([row for row in rows if row.speaker == who], name) for name in names] for who in speakers]
        )
        image = axes.imshow(table, vmin=0.3, vmax=1.0, cmap="viridis")
        if len(names) <= 10:
            for (y, x), value in np.ndenumerate(table):
                if np.isfinite(value):
                    axes.text(
                        x, y, f"{value:.2f}", ha="center", va="center", color="w" if value < 0.75 else "k", fontsize=8
                    )
        axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
        axes.set_yticks(range(len(speakers)), speakers if index == 0 else [""] * len(speakers), fontsize=8)
        axes.set_title(system, fontsize=10)
    figure.supxlabel("real voice", fontsize=9)
    figure.supylabel("voice asked for", fontsize=9)
    figure.colorbar(image, ax=figure.axes, label="cosine")
    return figure


def _draw_readings(figure: Any, readings: Sequence[Reading]) -> Any:
    for axes, reading in zip(figure.subplots(1, len(readings), squeeze=False)[0], readings, strict=True):
        draw_positions(axes, reading.text_positions)
        axes.set_title(_shorten(reading.item.text), fontsize=8)
    return figure


def _draw_spectrograms(figure: Any, stores: dict[str, ClipStore], examples: Sequence[TestItem]) -> Any:
    extractor = GPT2TTSFeatureExtractor()
    axes = figure.subplots(len(stores), len(examples), squeeze=False)
    for (row, column), axis in np.ndenumerate(axes):
        system, item = list(stores)[row], examples[column]
        clip = stores[system].load(item.id)
        if clip is not None and len(clip[0]) > 1024:
            log_mel = extractor.log_mel(torch.from_numpy(clip[0])).numpy()
            extent = (0, len(log_mel) * _HOP_SECONDS, 0, log_mel.shape[1])
            draw_image(axis, log_mel, interpolation="auto", extent=extent, vmin=-11.5, vmax=2, cmap="magma")
        axis.set_ylabel(system if column == 0 else None, fontsize=8)
        axis.set_title(_shorten(item.text) if row == 0 else None, fontsize=8)
        axis.tick_params(labelsize=7)
    figure.supxlabel("seconds", fontsize=8)
    return figure


def _draw_pitch(figure: Any, stores: dict[str, ClipStore], examples: Sequence[TestItem]) -> Any:
    for axis, item in zip(figure.subplots(1, len(examples), squeeze=False)[0], examples, strict=True):
        for index, (system, store) in enumerate(stores.items()):
            clip = store.load(item.id)
            if clip is not None and len(clip[0]) > 2048:
                pitch = track_pitch(clip[0], len(clip[0]) // HOP_LENGTH)
                axis.plot(np.arange(len(pitch)) * _HOP_SECONDS, pitch, label=system, color=f"C{index}", linewidth=1)
        axis.set(xlabel="seconds", ylabel="F0 in Hz", yscale="log")
        axis.set_yticks([75, 100, 150, 200, 300, 400], ["75", "100", "150", "200", "300", "400"], minor=False)
        axis.minorticks_off()
        axis.set_title(_shorten(item.text), fontsize=8)
        axis.legend(fontsize=7)
    return figure


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
