"""
How soon speech is heard, and how fast it is made.

    python benchmarks/first_audio.py --threads 2

prints, for the sentences of `texts/validation.txt` with the model loaded: milliseconds from the call of
`Synthesizer.stream_waveform` to its first samples, the same for the whole sentence (`Synthesizer.speak`) and their
ratio, and how many seconds of speech one second makes. Medians; the first sentence warms up and does not count.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import torch

from gpt2tts import Synthesizer
from gpt2tts.evaluation.test_sets import load_texts
from gpt2tts.generation_gpt2tts import ENGINES

TEXTS = Path(__file__).parents[1] / "texts" / "validation.txt"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="Checkpoint folder or Hub id. Default: the embedded one.")
    parser.add_argument("--vocoder", help="Vocoder reference. Default: the checkpoint's.")
    parser.add_argument("--engine", choices=ENGINES, help="What runs the acoustic model. Default: the faster one.")
    parser.add_argument("--texts", default=TEXTS, help="File of id|group|text.")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads.")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    synthesizer = Synthesizer.from_pretrained(args.model, vocoder=args.vocoder, engine=args.engine)

    first, whole, speed = [], [], []
    for index, sentence in enumerate(load_texts(args.texts)):
        started = time.perf_counter()
        stream = synthesizer.stream_waveform(sentence.text, seed=0)
        next(stream)
        first_seconds = time.perf_counter() - started
        stream.close()
        started = time.perf_counter()
        waveform, rate = synthesizer.speak(sentence.text, seed=0)
        whole_seconds = time.perf_counter() - started
        if index > 0:
            first.append(1000 * first_seconds)
            whole.append(1000 * whole_seconds)
            speed.append(len(waveform) / rate / whole_seconds)
    result = {
        "first_audio_ms": statistics.median(first),
        "first_audio_ms_slowest": max(first),
        "whole_sentence_ms": statistics.median(whole),
        "ratio": statistics.median(a / b for a, b in zip(first, whole, strict=True)),
        "times_real_time": statistics.median(speed),
    }
    vocoder = type(synthesizer.vocoder).__name__
    print(f"{len(first)} sentences, {vocoder}, {synthesizer.model.device.type}, {args.threads} threads")
    print(f"   first audio: {result['first_audio_ms']:7.0f} ms, slowest {result['first_audio_ms_slowest']:.0f} ms")
    print(f"whole sentence: {result['whole_sentence_ms']:7.0f} ms")
    print(f"         ratio: {result['ratio']:7.2f}")
    print(f"         speed: {result['times_real_time']:7.1f} times real time")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
