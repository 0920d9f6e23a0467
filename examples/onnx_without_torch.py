"""
Speaks without PyTorch and transformers, in less than a second from the shell: what a program on a small machine needs.

    python examples/onnx_without_torch.py pretrained "Good morning." speech.wav --voice emma

It needs `pip install --group speak` and `pip install --no-deps .` in a checkout; of a folder that `export_onnx.py` wrote, neither `onnx` nor `huggingface_hub`.
"""

import argparse

from gpt2tts import OnnxSynthesizer
from gpt2tts.audio import AudioWriter


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="a checkpoint, or what export_onnx.py wrote")
    parser.add_argument("text", help="text of any length")
    parser.add_argument("output", help="a .wav, .flac, .ogg, .opus or .mp3 file")
    parser.add_argument("--voice", help="name, blend or recording")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    synthesizer = OnnxSynthesizer.from_pretrained(args.folder)
    with AudioWriter(args.output, synthesizer.sampling_rate) as writer:
        for samples in synthesizer.stream_waveform(args.text, args.voice, seed=args.seed):
            writer.write(samples)


if __name__ == "__main__":
    main()
