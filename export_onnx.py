"""
Export a checkpoint for programs without PyTorch.

    python export_onnx.py --model pretrained --output onnx
    gpt2tts speak "Good morning." --model onnx

writes the graphs `prefix.onnx`, `step.onnx`, `encoder.onnx` and `refiner.onnx`, the tokenizer, voices, and `onnx.json`, all
settings. [`OnnxSynthesizer`] and the command line speak from it. PyTorch is needed for adapters, Hub ids, and weights in other types alone.
"""

import argparse
import sys
from pathlib import Path

from gpt2tts.onnx_synthesis import NotSpokenByGraphsError, export_files, export_onnx
from gpt2tts.synthesis import find_checkpoint


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="pretrained", help="Folder or Hub id of a checkpoint.")
    parser.add_argument("--output", default="onnx", type=Path, help="Folder to write.")
    args = parser.parse_args(argv)

    try:
        find_checkpoint(args.model)
        folder = export_files(args.model, args.output) if (Path(args.model) / "config.json").is_file() else None
        folder = folder or _export_by_torch(parser, args.model, args.output)
    except (NotSpokenByGraphsError, ImportError, OSError) as error:
        reason = str(error).replace("`checkpoint`", "--model").replace("`folder`", "--output")
        parser.exit(2, f"{parser.prog}: error: {reason}\n")
    for path in sorted(folder.glob("*.onnx")):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


def _export_by_torch(parser: argparse.ArgumentParser, name: str, output: Path) -> Path:
    import torch

    from gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSProcessor
    from gpt2tts.adapters import load_adapted_model
    from gpt2tts.files import is_adapter

    try:
        if is_adapter(name):
            model = load_adapted_model(name)
        else:
            model = GPT2TTSForTextToSpeech.from_pretrained(name, dtype=torch.float32)
        processor = GPT2TTSProcessor.from_pretrained(name)
    except (OSError, ValueError) as error:
        parser.exit(2, f"{parser.prog}: error: --model {name!r} cannot be loaded: {' '.join(str(error).split())}\n")
    return export_onnx(model, processor, output)


if __name__ == "__main__":
    sys.exit(main())
