"""
A book chapter: what does it cost, is every part of it spoken once, and does the memory stay flat?

    python benchmarks/long_text.py --seconds 5 50 500 5000

speaks, in one process, that many seconds of speech of a longer and longer text, and prints how long each took and the
peak memory up to then.

    python benchmarks/long_text.py --words 5000

speaks the held-out sentences again and again, up to that many words, in one call, writes the speech to a file, and lets
the recogniser hear the file part by part. It prints the character error rate of the whole, the parts whose transcript is
nearer to another part's text than to their own (lost or doubled ones would be), and the growth of the process's peak
memory from the first tenth of the text to its end.
"""

import argparse
import json
import resource
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import soundfile
import torch
from tqdm import tqdm

from gpt2tts import Synthesizer
from gpt2tts.evaluation.error_rates import character_error_rate
from gpt2tts.evaluation.recognizers import load_recognizer
from gpt2tts.evaluation.test_sets import load_texts

TEXTS = Path(__file__).parents[1] / "texts" / "test.txt"


def peak_memory() -> float:
    """Largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def build_chapter(path: str | Path, num_words: int) -> list[str]:
    """Sentences of a file, over and over, of so many words together."""
    sentences = [item.text for item in load_texts(path) if item.group in ("plain", "long")]
    chapter: list[str] = []
    words = 0
    while words < num_words:
        chapter.append(sentences[len(chapter) % len(sentences)])
        words += len(chapter[-1].split())
    return chapter


def print_cost(synthesizer: Synthesizer, texts: str | Path, lengths: list[float]):
    """Speaks texts of several lengths, in seconds of speech, and prints what each took."""
    synthesizer.speak("Once, so that everything is loaded.")
    print("| speech | took | times real time | peak memory |\n| ---: | ---: | ---: | ---: |")
    for length in sorted(lengths):
        text = "\n\n".join(build_chapter(texts, round(5 * length)))  # nobody speaks five words a second
        spoken, started = 0.0, time.perf_counter()
        for chunk in synthesizer.stream(text, seed=0):
            spoken += len(chunk.waveform) / synthesizer.sampling_rate
            if spoken >= length:
                break
        took = time.perf_counter() - started
        print(f"| {spoken:.0f} s | {took:.2f} s | {spoken / took:.1f} | {peak_memory():.0f} MB |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="Checkpoint folder or Hub id. Default: the embedded one.")
    parser.add_argument("--texts", default=TEXTS, help="File of id|group|text.")
    parser.add_argument("--words", type=int, default=5000, help="Length of the chapter.")
    parser.add_argument("--seconds", type=float, nargs="+", help="Lengths of speech to take the cost of, instead.")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads.")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    synthesizer = Synthesizer.from_pretrained(args.model)
    if args.seconds:
        print_cost(synthesizer, args.texts, args.seconds)
        return

    chapter = build_chapter(args.texts, args.words)
    words = sum(len(sentence.split()) for sentence in chapter)
    text = "\n\n".join(chapter)
    started = time.perf_counter()
    parts, begins, early = [], [0], None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "chapter.wav")
        with soundfile.SoundFile(path, "w", synthesizer.sampling_rate, channels=1) as file, tqdm(total=100) as bar:
            for chunk in synthesizer.stream(text, seed=0):
                file.write(chunk.waveform)
                parts.append(chunk.text)
                begins.append(begins[-1] + len(chunk.waveform))
                bar.update(100 * chunk.progress - bar.n)
                if early is None and chunk.progress > 0.1:
                    early = peak_memory()
        peak = peak_memory()
        seconds = time.perf_counter() - started

        recognizer = load_recognizer()
        heard = []
        with soundfile.SoundFile(path) as file:
            for begin, end in tqdm(list(pairwise(begins))):
                file.seek(begin)
                heard += recognizer.transcribe([file.read(end - begin, dtype="float32")], synthesizer.sampling_rate)
    spoken = " ".join(" ".join(parts).split())
    expected = " ".join(" ".join(synthesizer.processor.normalize_text(sentence) for sentence in chapter).split())
    misplaced = [
        index
        for index, transcript in enumerate(heard)
        if any(
            character_error_rate([parts[other]], [transcript]) < character_error_rate([parts[index]], [transcript])
            for other in (index - 1, index + 1)
            if 0 <= other < len(parts) and parts[other] != parts[index]
        )
    ]
    result = {
        "words": words,
        "parts": len(parts),
        "text_complete": spoken == expected,
        "cer": character_error_rate(parts, heard),
        "misplaced_parts": len(misplaced),
        "audio_minutes": begins[-1] / synthesizer.sampling_rate / 60,
        "times_real_time": begins[-1] / synthesizer.sampling_rate / seconds,
        "peak_memory_mb": peak,
        "growth_mb": peak - early,
    }
    for name, value in result.items():
        print(f"{name:>16}: {value:.3g}" if isinstance(value, float) else f"{name:>16}: {value}")
    for index in misplaced:
        print(f"  part {index}: {parts[index]!r}\n   heard: {heard[index]!r}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
