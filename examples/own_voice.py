"""
A voice of your own, from a few recordings of one speaker: a file that loads at once, and speech in it.

    python examples/own_voice.py first.wav second.m4a --text "Good morning." --output me.wav

writes `me.safetensors` too, which `gpt2tts speak --voice me.safetensors` takes. Ask the speaker first.
"""

import argparse
from pathlib import Path

from gpt2tts import Synthesizer
from gpt2tts.audio import file_format
from gpt2tts.matched_voices_gpt2tts import write_voice


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+", help="3 to 6 seconds each; the voice is their mean")
    parser.add_argument("--text", default="This is the voice that I was given.")
    parser.add_argument("--output", type=Path, default=Path("me.wav"))
    parser.add_argument("--lean", help="a voice of the checkpoint to mix in by a third, which makes it clearer")
    parser.add_argument("--model", help="checkpoint; default: the embedded one")
    args = parser.parse_args(argv)
    try:
        file_format(args.output)
    except ValueError as error:
        parser.error(f"--output: {error}")

    synthesizer = Synthesizer.from_pretrained(args.model)
    # flaws of the recordings are logged: noise, clipping, too little speech
    voice = synthesizer.load_voice(args.recordings)
    if args.lean:
        voice = synthesizer.load_voice([voice, voice, args.lean])
    write_voice(args.output.with_suffix(".safetensors"), voice)
    waveform, _ = synthesizer.speak(args.text, voice, seed=0)
    synthesizer.processor.save_audio(waveform, args.output)


if __name__ == "__main__":
    main()
