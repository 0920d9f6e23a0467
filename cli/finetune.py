"""The command `gpt2tts finetune`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from .errors import packages_of, wrong_value


def finetune(
    dataset: Annotated[
        str, typer.Argument(help="Recordings of one speaker: what `prepare` made, any dataset, or one recording.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the result.")],
    minutes: Annotated[
        float | None,
        typer.Option(help="Time for everything together. Default: 20, for less than 5 minutes of speech 5, than 1 3."),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            help="What is trained. full: the model; adapter: a LoRA, kept in OUT/adapter too. Default: full, for less than 5 "
            "minutes of speech adapter."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", metavar="FOLDER|HUB_ID", help="Checkpoint. Default: the embedded one."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the voice. Default: the dataset's speaker.")] = None,
    british: Annotated[bool, typer.Option("--british", help="The speaker's English is British.")] = False,
    old_data: Annotated[
        list[str] | None,
        typer.Option(help="Data that the checkpoint was trained on. Default: it speaks in its own voices instead."),
    ] = None,
    strength: Annotated[
        float, typer.Option(help="Share of what training changed: more is closer to the recordings, less is clearer.")
    ] = 0.8,
    num_proc: Annotated[int, typer.Option(min=1, help="Processes that compute features.")] = os.cpu_count() or 1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all that is drawn.")] = 0,
) -> None:
    """
    Train a voice of your own on top of a checkpoint. The same command goes on after a kill, and with another --strength it
    trains nothing again.

    \b
    Examples:
      gpt2tts finetune my_recording.wav --out me
      gpt2tts speak "Good morning." --model me
      gpt2tts finetune my_voice --out me --minutes 20
    """
    with packages_of("finetune", "prepare,adapter"):
        import accelerate  # noqa: F401
        import datasets  # noqa: F401
    from ..training.finetune import FineTuning
    from ..training.finetune import finetune as run

    with wrong_value():
        tuning = FineTuning(
            dataset, method, minutes, model, name, british, tuple(old_data or ()), strength=strength, seed=seed
        )
        result = run(tuning, out, num_proc=num_proc)
    if result is None:
        typer.echo("Stopped; the same command goes on.", err=True)
        raise typer.Exit(143)
    typer.echo(f'gpt2tts speak "Good morning." --model {result.path}')
