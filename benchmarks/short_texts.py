"""
Are words of one and two syllables said, and does the speech end? Are repeated words said as often as they are written?

    python benchmarks/short_texts.py --seeds 20

speaks each word with so many seeds, and each text of repeats, and lets the recogniser count: how often it hears the very word
(a homophone counts as another: single words are hard for it, so the same words by `hibari-tts` stand beside), how often the
speech ended by itself, and how many of the repeated words it heard.
"""

import argparse
import itertools

import numpy as np
import torch
from tqdm import tqdm

from gpt2tts import Synthesizer
from gpt2tts.data.hibari import hibari_voice
from gpt2tts.evaluation.error_rates import normalize_english
from gpt2tts.evaluation.recognizers import load_recognizer

WORDS = ("Stop!", "Yes.", "Seven.", "Friday.", "Birthday.", "Water.", "Tuesday.", "Hello!", "Coffee?", "Thanks.")
REPEATS = (
    ("No, no, no.", "no", 3),
    ("Very, very, very, very good.", "very", 4),
    ("Wait, wait, wait, wait, wait.", "wait", 5),
    ("Left, right, left, right, left, right.", "left", 3),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="Checkpoint folder or Hub id. Default: the embedded one.")
    parser.add_argument("--voice", help="Voice. Default: the checkpoint's.")
    parser.add_argument("--seeds", type=int, default=20, help="Seeds of each text.")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads.")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    synthesizer, recognizer = Synthesizer.from_pretrained(args.model), load_recognizer()

    def hear(waveforms: list[np.ndarray], sampling_rate: int, name: str) -> list[str]:
        heard = [recognizer.transcribe([waveform], sampling_rate)[0] for waveform in tqdm(waveforms, desc=name)]
        return list(map(normalize_english, heard))

    texts, seeds = zip(*itertools.product(WORDS, range(args.seeds)), strict=True)
    chunks = synthesizer.speak_batch(texts, args.voice, seeds)
    heard = hear([chunk.waveform for chunk in chunks], synthesizer.sampling_rate, "words")
    hits = [said == normalize_english(text) for text, said in zip(texts, heard, strict=True)]
    voice = hibari_voice()
    peer = [voice(synthesizer.processor.phonemize(word)).waveform for word in WORDS]
    of_peer = hear(peer, voice.sampling_rate, "words by hibari-tts")
    for index, word in enumerate(WORDS):
        mine = hits[index * args.seeds : (index + 1) * args.seeds]
        others = {said for text, said in zip(texts, heard, strict=True) if text == word} - {normalize_english(word)}
        print(
            f"{word:10} {sum(mine)} of {len(mine)}  hibari-tts: {of_peer[index]!r}  also heard: {sorted(others)[:4]}"
        )
    by_peer = np.mean([said == normalize_english(word) for said, word in zip(of_peer, WORDS, strict=True)])
    print(f"heard as written: {np.mean(hits):.1%} of {len(hits)}; by hibari-tts {by_peer:.1%} of {len(WORDS)}")
    print(f"ended by themselves: {sum(chunk.stopped for chunk in chunks)} of {len(chunks)}")

    texts, seeds = zip(*itertools.product(REPEATS, range(args.seeds)), strict=True)
    chunks = synthesizer.speak_batch([text for text, _, _ in texts], args.voice, seeds)
    heard = hear([chunk.waveform for chunk in chunks], synthesizer.sampling_rate, "repeats")
    right = [said.split().count(word) == count for (_, word, count), said in zip(texts, heard, strict=True)]
    print(
        f"repeated as often as written: {np.mean(right):.1%} of {len(right)}; ended by themselves: "
        f"{sum(chunk.stopped for chunk in chunks)}"
    )


if __name__ == "__main__":
    main()
