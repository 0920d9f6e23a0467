"""
Makes the checkpoint that a package or a repository embeds: weights in half precision, voices by name, vocoder.

    python -m gpt2tts.publishing.export runs/small/best pretrained --voice ann=ann.wav --default_voice ann
    python -m gpt2tts.publishing.export runs/more/best pretrained --averaged_with runs/small/best --voice ann=ann.wav

The weights are stored as float16 and loaded as float32: half the size, the same speed. In the repository itself the
source files that `trust_remote_code` reads become links to the package's own.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import yaml

from gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSProcessor, Synthesizer, load_vocoder
from gpt2tts.files import PARTIAL_PREFIX
from gpt2tts.folders import replace_folder
from gpt2tts.publishing.checkpoint_files import check_replaceable
from gpt2tts.training.weights import move_weights
from gpt2tts.vocoder_gpt2tts import GRIFFIN_LIM

# what the folder holds beside the model
KEPT = ("README.md", "__init__.py")
PACKAGE = Path(__file__).parents[1]


def export(
    source: str | Path,
    target: str | Path,
    *,
    voices: dict[str, str | Sequence[str]] | None = None,
    default_voice: str | None = None,
    vocoder: str | None = None,
    config_overrides: dict[str, Any] | None = None,
    averaged_with: Sequence[str | Path] = (),
) -> Path:
    """
    Writes the checkpoint `source` to `target` in half precision, in place of what was there.

    Args:
        source (`str` or `Path`): Folder or Hub id of a trained model.
        target (`str` or `Path`): Folder to write.
        voices (`dict[str, str | Sequence[str]]`, *optional*):
            Recordings by the name that their voice gets, of several the mean; or voices of the source or a blend of
            them, see [`~gpt2tts.Synthesizer.load_voice`].
        default_voice (`str`, *optional*): Voice that speaks where none is given. Defaults to the source's.
        vocoder (`str`, *optional*):
            Reference of the vocoder. A folder is copied into the checkpoint. Defaults to the source's.
        config_overrides (`dict[str, Any]`, *optional*):
            Fields of the configuration that weights do not depend on, such as `british_voices`.
        averaged_with (`Sequence[str | Path]`, *optional*):
            Folders or Hub ids of checkpoints that one was trained on from the other. What is written is the mean of all
            weights, which forgets less of the first than the last does (WiSE-FT, https://arxiv.org/abs/2109.01903).
            Voices that the source holds stay those of its own weights: make them anew of their recordings.

    Raises:
        ValueError: If `default_voice` is not among the voices, a field is unknown, or weights are of other sizes.
        FileExistsError: If `target` is a file, or holds something that is no checkpoint.
    """
    target = Path(target)
    check_replaceable(target, "target")
    if not isinstance(config_overrides or {}, dict):
        raise ValueError(
            f"`config_overrides` has to be a mapping, as in '{{british_voices: [emma]}}', got {config_overrides!r}."
        )
    model = GPT2TTSForTextToSpeech.from_pretrained(source, dtype=torch.float32)
    for count, other in enumerate(averaged_with, start=2):
        move_weights(model, other, 1 / count)
    for name, value in (config_overrides or {}).items():
        if name not in model.config.to_dict():
            raise ValueError(f"`config_overrides` has {name!r}, which is no field of the configuration.")
        setattr(model.config, name, value)
    processor = GPT2TTSProcessor.from_pretrained(source)
    synthesizer = Synthesizer(model, processor, load_vocoder(GRIFFIN_LIM))
    for name, paths in (voices or {}).items():
        model.add_voice(name, synthesizer.load_voice([paths] if isinstance(paths, str) else list(paths)))
    if default_voice is not None:
        model.get_voice(default_voice)
        model.config.default_voice = default_voice

    partial = target.with_name(f"{PARTIAL_PREFIX}{target.name}")
    shutil.rmtree(partial, ignore_errors=True)  # of an export that was killed
    embedded_vocoder = vocoder is not None and Path(vocoder).is_dir()
    model.config.vocoder = "vocoder" if embedded_vocoder else vocoder or model.config.vocoder
    # statistics by which every frame is scaled stay exact
    weights = {
        name: weight if name.endswith(("frame_mean", "frame_std")) else weight.half()
        for name, weight in model.state_dict().items()
    }
    model.save_pretrained(partial, state_dict=weights)
    if embedded_vocoder:
        # after the model, which brings the vocoder that its own folder had
        embedded = load_vocoder(vocoder)
        halves = {name: weight.half() for name, weight in embedded.state_dict().items()}
        embedded.save_pretrained(partial / "vocoder", state_dict=halves)
    processor.save_pretrained(partial)
    for name in KEPT:
        kept = next((folder / name for folder in (Path(source), target) if (folder / name).is_file()), None)
        if kept is not None:
            (partial / name).write_bytes(kept.read_bytes())
    if target.resolve().parent == PACKAGE:
        # beside the sources themselves: copies would only fall behind them
        for path in partial.glob("*.py"):
            if (PACKAGE / path.name).is_file() and path.name != "__init__.py":
                path.unlink()
                path.symlink_to(Path("..") / path.name)
    return replace_folder(partial, target)


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="folder or Hub id of a trained model")
    parser.add_argument("target", help="folder to write")
    parser.add_argument(
        "--voice",
        action="append",
        default=[],
        metavar="NAME=CLIP",
        help="add a voice; of several clips, their mean; or a blend, 'ann(2)+bob(1)'",
    )
    parser.add_argument("--default_voice", help="voice that speaks where none is given")
    parser.add_argument("--vocoder", help="reference of the vocoder; a folder is copied in")
    parser.add_argument(
        "--config_overrides", default="{}", help="fields of the configuration, as in '{british_voices: [emma]}'"
    )
    parser.add_argument(
        "--averaged_with",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help="checkpoints that the source was trained on from: write the mean of all weights",
    )
    args = parser.parse_args(argv)
    if any("=" not in voice for voice in args.voice):
        parser.error("--voice takes NAME=CLIP, as in --voice ann=ann.wav")
    voices = defaultdict(list)
    for voice in args.voice:
        name, clip = voice.split("=", 1)
        voices[name].append(clip)
    try:
        folder = export(
            args.source,
            args.target,
            voices=voices,
            default_voice=args.default_voice,
            vocoder=args.vocoder,
            config_overrides=yaml.safe_load(args.config_overrides),
            averaged_with=args.averaged_with,
        )
    except (OSError, ValueError, yaml.YAMLError) as error:
        parser.error(str(error))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
