"""A Space of the Hugging Face Hub: a page in the browser that speaks by a model of the Hub."""

import os
from importlib.metadata import requires
from pathlib import Path

from huggingface_hub import SpaceCard, SpaceCardData
from packaging.requirements import Requirement

APP = Path(__file__).parent / "space" / "app.py"
PYTHON_VERSION = "3.12"
CPU_PACKAGES = "--extra-index-url https://download.pytorch.org/whl/cpu"  # PyTorch without CUDA, a tenth of its size


def write_space(folder: str | os.PathLike, model_id: str) -> Path:
    """
    Writes the files of a Space: its card, its page and what that needs, which are the packages of this one. It reads the
    model from the Hub and needs no token, so that the model has to be public.

    Args:
        folder (`str` or `os.PathLike`):
            Where to write; made where it is missing. Files of these names are replaced.
        model_id (`str`):
            The model, `"user/name"`.

    Returns:
        `Path`: the folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    card_data = SpaceCardData(
        title=model_id.split("/")[-1],
        sdk="gradio",
        python_version=PYTHON_VERSION,
        app_file="app.py",
        models=[model_id],
        tags=["text-to-speech"],
    )
    card = SpaceCard(
        f"---\n{card_data.to_yaml()}\n---\n\nEnglish text to speech by [{model_id}](https://huggingface.co/{model_id}), in its "
        "voices or in that of a recording. Clone a voice only if its speaker has agreed to it.\n"
    )
    card.save(folder / "README.md")
    (folder / "requirements.txt").write_text("\n".join([CPU_PACKAGES, *requirements()]) + "\n", encoding="utf-8")
    app = APP.read_text(encoding="utf-8").replace('MODEL = "USER/NAME"', f'MODEL = "{model_id}"')
    (folder / "app.py").write_text(app, encoding="utf-8")
    return folder


def requirements() -> list[str]:
    """What this package needs, as lines of `requirements.txt`, with what reads names and what browsers record."""
    needed = map(Requirement, requires("gpt2tts") or [])
    return [
        f"{each.name}{each.specifier}"
        for each in needed
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("audio", "names"))
    ]
