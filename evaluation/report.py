"""From rows to figures: what each system comes to, as JSON and as Markdown."""

import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .clips import to_json
from .error_rates import bootstrap_interval
from .failures import KINDS
from .measures import Row
from .utils import package_version

_PACKAGES = ("gpt2tts", "torch", "torchaudio", "transformers", "numpy", "librosa", "jiwer", "soundfile")


@dataclass
class Report:
    """
    Everything that a run found.

    Args:
        settings (`dict`): How it was called.
        used (`dict[str, str]`): Kind of measure to what measured it, with versions.
        left_out (`dict[str, str]`): Kind of measure to why it is missing and how to get it.
        rows (`list[Row]`): All clips of all systems.
        similarity_bounds (`dict`): `ceiling` and `floor` of the speaker similarity.
        time_to_first_audio (`dict[str, float]`): System to seconds.
    """

    settings: dict[str, Any]
    used: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    similarity_bounds: dict[str, float | None] = field(default_factory=dict)
    time_to_first_audio: dict[str, float] = field(default_factory=dict)

    @property
    def systems(self) -> list[str]:
        """Names of the systems in the order they were measured."""
        return list(dict.fromkeys(row.system for row in self.rows))

    @property
    def groups(self) -> list[str]:
        """Names of the groups of sentences."""
        return list(dict.fromkeys(row.group for row in self.rows))

    @property
    def speakers(self) -> list[str]:
        """Names of the speakers that were asked for."""
        return list(dict.fromkeys(row.speaker for row in self.rows if row.speaker is not None))

    def select(self, system: str, *, group: str | None = None, speaker: str | None = None) -> list[Row]:
        """Rows of a system, of one group or of all, of one speaker or of all."""
        rows = [row for row in self.rows if row.system == system]
        return [row for row in rows if group in (None, row.group) and speaker in (None, row.speaker)]


def describe_machine() -> dict[str, Any]:
    """What the speed was measured on, and the versions of the packages."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        models = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        processor = models[0] if models else processor
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "python": platform.python_version(),
        **{package: package_version(package) for package in _PACKAGES},
    }


def summarize(rows: Sequence[Row]) -> dict[str, Any]:
    """
    Figures of a set of clips; a measure that none of them has is absent. Rates are over the corpus, other figures means
    over clips; `_interval` is the 95% bootstrap interval over sentences.
    """
    summary: dict[str, Any] = {"clips": len(rows), "seconds": sum(row.seconds for row in rows)}

    def add_ratio(name: str, top: str, bottom: str, interval: bool = True) -> None:
        known = [row for row in rows if getattr(row, top) is not None]
        if not known:
            return
        tops = [getattr(row, top) for row in known]
        bottoms = [getattr(row, bottom) for row in known]
        summary[name] = sum(tops) / max(sum(bottoms), 1e-9)
        if interval:
            summary[f"{name}_interval"] = _sentence_interval(known, tops, bottoms)

    def add_mean(name: str, values: Iterable[float | None], of: Sequence[Row] = rows, interval: bool = True) -> None:
        known = [
            (row, value) for row, value in zip(of, values, strict=True) if value is not None and np.isfinite(value)
        ]
        if not known:
            return
        measured = [value for _, value in known]
        summary[name] = float(np.mean(measured))
        if interval:
            summary[f"{name}_interval"] = _sentence_interval([row for row, _ in known], measured, [1] * len(known))

    add_ratio("cer", "character_errors", "characters")
    add_ratio("wer", "word_errors", "words")
    add_mean("speaker_similarity", (row.speaker_similarity for row in rows))
    # with one speaker there is nobody to be mistaken for
    asked = [row for row in rows if row.speaker_similarity is not None and len(row.similarities or {}) > 1]
    add_mean("right_speaker", (float(row.nearest_speaker == row.speaker) for row in asked), asked)
    for name in dict.fromkeys(name for row in rows for name in row.mos):
        add_mean(f"mos {name}", (row.mos.get(name) for row in rows))
    for name in ("mel_cepstral_distortion", "log_f0_rmse", "voicing_error", "duration_ratio"):
        add_mean(name, (row.distances[name] if row.distances else None for row in rows), interval=False)
    for kind in KINDS:
        summary[kind] = sum(any(failure["kind"] == kind for failure in row.failures) for row in rows)
    summary["failed"] = sum(bool(row.failures) for row in rows)
    add_ratio("mel_real_time_factor", "mel_seconds", "seconds", interval=False)
    add_ratio("vocoder_real_time_factor", "vocoder_seconds", "seconds", interval=False)
    return summary


def _sentence_interval(
    rows: Sequence[Row], numerators: Sequence[float], denominators: Sequence[float]
) -> tuple[float, float]:
    """[`bootstrap_interval`] in which a sentence is drawn with all its voices: what is hard of it, is so in each."""
    sums: dict[str, tuple[float, float]] = {}
    for row, top, bottom in zip(rows, numerators, denominators, strict=True):
        before = sums.get(row.text, (0.0, 0.0))
        sums[row.text] = before[0] + top, before[1] + bottom
    return bootstrap_interval(*zip(*sums.values(), strict=True))


def to_dict(report: Report) -> dict[str, Any]:
    """The report as what JSON can hold."""
    systems = {}
    for system in report.systems:
        systems[system] = summarize(report.select(system))
        if system in report.time_to_first_audio:
            systems[system]["time_to_first_audio"] = report.time_to_first_audio[system]
        systems[system]["groups"] = {
            group: summarize(rows) for group in report.groups if (rows := report.select(system, group=group))
        }
        systems[system]["speakers"] = {
            name: summarize(rows) for name in report.speakers if (rows := report.select(system, speaker=name))
        }
    return to_json(
        {
            "settings": report.settings,
            "used": report.used,
            "left_out": report.left_out,
            "machine": describe_machine(),
            "similarity_bounds": report.similarity_bounds,
            "systems": systems,
            "rows": [asdict(row) for row in report.rows],
        }
    )


def _percent(summary: dict, name: str) -> str | None:
    if summary.get(name) is None:
        return None
    low, high = summary.get(f"{name}_interval") or (None, None)
    interval = f" ({low:.1%}\u2013{high:.1%})" if low is not None else ""
    return f"{summary[name]:.1%}{interval}"


def _number(digits: int, unit: str = "") -> Callable[[dict, str], str | None]:
    return lambda summary, name: f"{summary[name]:.{digits}f}{unit}" if summary.get(name) is not None else None


def _failures(summary: dict, name: str) -> str:
    kinds = ", ".join(f"{summary[kind]} {kind}" for kind in KINDS if summary[kind])
    return f"{summary[name]} of {summary['clips']}" + (f" ({kinds})" if kinds else "")


# heading, key of the summary, how to write it
_COLUMNS: list[tuple[str, str, Callable[[dict, str], str | None]]] = [
    ("clips", "clips", lambda summary, name: str(summary[name])),
    ("CER", "cer", _percent),
    ("WER", "wer", _percent),
    ("SECS", "speaker_similarity", _number(3)),
    ("right voice", "right_speaker", lambda summary, name: _percent({name: summary.get(name)}, name)),
    ("MCD", "mel_cepstral_distortion", _number(2, " dB")),
    ("log-F0 RMSE", "log_f0_rmse", _number(3)),
    ("voicing error", "voicing_error", _percent),
    ("duration", "duration_ratio", _number(2)),
    ("failures", "failed", _failures),
    ("RTF mel", "mel_real_time_factor", _number(3)),
    ("RTF vocoder", "vocoder_real_time_factor", _number(3)),
    ("first audio", "time_to_first_audio", _number(2, " s")),
]


def build_table(summaries: dict[str, dict[str, Any]], first: str = "system") -> tuple[list[str], list[list[str]]]:
    """
    A table of systems or groups.

    Args:
        summaries (`dict[str, dict]`): Name to what [`summarize`] gave.
        first (`str`, *optional*, defaults to `"system"`): Heading of the first column.

    Returns:
        `tuple[list[str], list[list[str]]]`: Headings and rows of cells; columns that nobody has are left out.
    """
    predictors = dict.fromkeys(
        name
        for summary in summaries.values()
        for name in summary
        if name.startswith("mos ") and "_interval" not in name
    )
    place = next(index for index, column in enumerate(_COLUMNS) if column[1] == "mel_cepstral_distortion")
    mos_columns = [(name.removeprefix("mos "), name, _number(2)) for name in predictors]
    columns = _COLUMNS[:place] + mos_columns + _COLUMNS[place:]
    columns = [
        column for column in columns if any(summary.get(column[1]) is not None for summary in summaries.values())
    ]
    cells = [
        [name, *(write(summary, key) or "\u2013" for _, key, write in columns)] for name, summary in summaries.items()
    ]
    return [first, *(heading for heading, _, _ in columns)], cells


def _markdown_table(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def to_markdown(content: dict[str, Any], plots: Sequence[str] = ()) -> str:
    """
    The report for a reader.

    Args:
        content (`dict`): What [`to_dict`] gave.
        plots (sequence of `str`, *optional*): Paths of pictures, relative to the report.
    """
    systems = content["systems"]
    parts = ["# Evaluation", "", _markdown_table(*build_table(systems)), ""]
    bounds = content["similarity_bounds"]
    if bounds.get("ceiling") is not None:
        line = f"Speaker similarity of real clips: {bounds['ceiling']:.3f} within a speaker (ceiling)"
        parts += [
            line + (f", {bounds['floor']:.3f} between speakers (floor)." if bounds.get("floor") is not None else "."),
            "",
        ]
    parts += [
        "CER and WER are over the whole corpus, with 95% bootstrap intervals over sentences. SECS is the cosine of the "
        "speaker embeddings of a clip and of the reference; right voice, how often the nearest speaker is the one asked "
        "for. MCD, log-F0 RMSE, voicing error and duration are against the recording. RTF is seconds of computing by "
        "seconds of audio, in batches; first audio, the median wait of a single call.",
        "",
    ]
    for system, summary in systems.items():
        tables = {"group": summary["groups"], "voice": summary["speakers"]}
        tables = {first: rows for first, rows in tables.items() if len(rows) > 1}
        if tables:
            parts += [f"## {system}", ""]
        for first, rows in tables.items():
            parts += [_markdown_table(*build_table(rows, first)), ""]
    failed = [row for row in content["rows"] if row["failures"]]
    if failed:
        parts += ["## Failures", ""]
        for row in failed:
            details = "; ".join(f"{failure['kind']}: {failure['detail']}" for failure in row["failures"])
            parts.append(f"- {row['system']}, `{row['id']}`: {details}")
        parts.append("")
    if plots:
        parts += ["## Pictures", "", *(f"![{Path(plot).stem.replace('_', ' ')}]({plot})" for plot in plots), ""]
    parts += ["## How it was measured", ""]
    parts += [f"- {kind}: {name}" for kind, name in content["used"].items()]
    parts += [f"- {kind}: left out. {reason}" for kind, reason in content["left_out"].items()]
    settings = ", ".join(
        f"{name} {value}" for name, value in content["settings"].items() if value is not None and value != []
    )
    machine = ", ".join(f"{name} {value}" for name, value in content["machine"].items() if value is not None)
    return "\n".join([*parts, f"- settings: {settings}", f"- machine and versions: {machine}", ""])


def write_report(report: Report, folder: str | os.PathLike, plots: Sequence[str] = ()) -> dict[str, Any]:
    """Write `report.json` and `report.md` into a folder and return the content of the former."""
    content, folder = to_dict(report), Path(folder)
    (folder / "report.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "report.md").write_text(to_markdown(content, plots), encoding="utf-8")
    return content
