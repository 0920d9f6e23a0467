"""What was kept of recordings, what not, and why."""

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .clips import Clip


@dataclass
class PreparationReport:
    """
    What a preparation found.

    Args:
        settings (`dict[str, Any]`): What it was done by.
        clips (`list[Clip]`): All clips, in the order of the recordings.
        unreadable (`dict[str, str]`): Recordings that could not be read, or not all of them, and why.
    """

    settings: dict[str, Any]
    clips: list[Clip]
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> list[Clip]:
        """The clips of the training set."""
        return [clip for clip in self.clips if not clip.reasons]

    @property
    def reasons(self) -> dict[str, int]:
        """How many clips were left out for each reason, the commonest first; a clip may have several."""
        return dict(Counter(reason.split(":")[0] for clip in self.clips for reason in clip.reasons).most_common())

    def __str__(self) -> str:
        minutes = sum(clip.seconds for clip in self.clips) / 60
        kept = sum(clip.seconds for clip in self.kept) / 60
        lines = [f"{kept:.1f} of {minutes:.1f} minutes of speech kept, {len(self.kept)} of {len(self.clips)} clips."]
        lines += [f"- {count} left out: {reason}" for reason, count in self.reasons.items()]
        lines += [
            f"- {source} could not be read, or not all of it: {error}" for source, error in self.unreadable.items()
        ]
        return "\n".join(lines)


def write_report(report: PreparationReport, folder: str | os.PathLike) -> None:
    """Writes `report.json`, with every clip, and `report.md`, to be read."""
    folder = Path(folder)
    clips = [asdict(clip) | {"seconds": round(clip.seconds, 3)} for clip in report.clips]
    for clip in clips:
        del clip["embedding"], clip["digest"]
    content = {
        "settings": report.settings,
        "kept_minutes": round(sum(clip.seconds for clip in report.kept) / 60, 3),
        "minutes": round(sum(clip.seconds for clip in report.clips) / 60, 3),
        "reasons": report.reasons,
        "unreadable": report.unreadable,
        "clips": clips,
    }
    (folder / "report.json").write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    lines = [
        "# Preparation",
        "",
        str(report),
        "",
        "| clip | seconds | left out for | text |",
        "| --- | ---: | --- | --- |",
    ]
    lines += [
        f"| {clip.id} | {clip.seconds:.1f} | {'; '.join(clip.reasons)} | {clip.text} |"
        for clip in report.clips
        if clip.reasons
    ]
    (folder / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
