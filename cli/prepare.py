"""The command `gpt2tts prepare`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from .errors import UsageError, packages_of, wrong_value


def prepare(
    recordings: Annotated[
        Path,
        typer.Argument(help="Folder of recordings of any length and format, maybe with transcripts; or one of them."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the training set.")],
    speakers: Annotated[
        bool, typer.Option("--speakers", help="Each folder in RECORDINGS is another speaker, of the folder's name.")
    ] = False,
    recognizer: Annotated[
        str,
        typer.Option(
            metavar="NAME|FOLDER|HUB_ID", help="What transcribes: faster-whisper, whisper, whisper-small, any Whisper."
        ),
    ] = "auto",
    speaker_encoder: Annotated[
        str, typer.Option(metavar="NAME|FOLDER|HUB_ID", help="What knows voices: resemblyzer, ecapa.")
    ] = "auto",
    max_seconds: Annotated[float, typer.Option(min=3.0, max=20.0, help="Longest clip.")] = 12.0,
    min_mos: Annotated[float, typer.Option(help="Lowest rating by DNSMOS, 1 to 5: noise and music lower it.")] = 2.5,
    min_confidence: Annotated[float, typer.Option(help="How sure the recogniser has to be, 0 to 1.")] = 0.6,
    max_cer: Annotated[float, typer.Option(help="Share of a given transcript that may be heard otherwise.")] = 0.2,
    min_similarity: Annotated[float, typer.Option(help="Cosine of the voice to that of most clips.")] = 0.7,
    num_proc: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
) -> None:
    """
    Make a training set of raw recordings: cut, transcribe, clean, report.

    \b
    Examples:
      gpt2tts prepare recordings --out my_voice
      gpt2tts prepare audiobook --out my_voice --recognizer whisper-small
      gpt2tts prepare recordings --out my_voice --min-mos 2.8      # measures nothing again
      gpt2tts prepare family --out voices --speakers               # family/NAME/*.wav
    """
    with packages_of("prepare", "prepare"):
        from ..preparation.prepare import Limits, prepare_recordings, prepare_speakers

    options = {
        "limits": Limits(
            min_mos=min_mos, min_confidence=min_confidence, max_cer=max_cer, min_similarity=min_similarity
        ),
        "max_seconds": max_seconds,
        "recognizer": recognizer,
        "speaker_encoder": speaker_encoder,
        "num_proc": num_proc,
    }
    with wrong_value():
        if speakers:
            reports = prepare_speakers(recordings, out, **options)
        else:
            reports = {"": prepare_recordings(recordings, out, **options)}
    for name, report in reports.items():
        typer.echo(f"{name}: {report}" if name else str(report))
    folder = out / "NAME" if speakers else out
    if not any(report.kept for report in reports.values()):
        raise UsageError(f"No clip can be trained on: see the reasons in {folder / 'report.md'}, and add recordings.")
    typer.echo(f"Listen and correct: {folder / 'index.html'}; all reasons: {folder / 'report.md'}")
