"""
Are words of one and two syllables said, and does the speech end? Are repeated words said as often as they are written?

    python benchmarks/short_texts.py --seeds 20

speaks each word with so many seeds, and each text of repeats, and lets the recogniser count: how often it hears the very word
(a homophone counts as another: single words are hard for it, so the same words by `hibari-tts` stand beside), how often the
speech ended by itself, and how many of the repeated words it heard. Broken off, it
goes on where it was: what was heard of each clip is kept.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from gpt2tts import Synthesizer
from gpt2tts.data.hibari import hibari_voice
from gpt2tts.evaluation.clips import MeasureCache, fingerprint
from gpt2tts.evaluation.error_rates import normalize_english
from gpt2tts.evaluation.recognizers import Recognizer, load_recognizer

WORDS = ("Stop!", "Yes.", "Seven.", "Friday.", "Birthday.", "Water.", "Tuesday.", "Hello!", "Coffee?", "Thanks.")
REPEATS = (
    ("No, no, no.", "no", 3),
    ("Very, very, very, very good.", "very", 4),
    ("Wait, wait, wait, wait, wait.", "wait", 5),
    ("Left, right, left, right, left, right.", "left", 3),
)


class Listener:
    """What a recogniser hears, each clip listened to once."""

    def __init__(self, recognizer: Recognizer, cache: MeasureCache):
        self.recognizer, self.cache = recognizer, cache

    def hear(self, waveform: np.ndarray, sampling_rate: int) -> str:
        """The words of a clip `(samples,)`, normalised."""
        key = f"heard {fingerprint(self.recognizer.name, self.recognizer.version, sampling_rate, waveform)}"
        return normalize_english(self.cache.get(key, lambda: self.recognizer.transcribe([waveform], sampling_rate)[0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="Checkpoint folder or Hub id. Default: the embedded one.")
    parser.add_argument("--voice", help="Voice. Default: the checkpoint's.")
    parser.add_argument("--seeds", type=int, default=20, help="Seeds of each text.")
    parser.add_argument("--words", nargs="*", default=WORDS, metavar="WORD", help="Words. Default: ten.")
    parser.add_argument("--no-repeats", action="store_true", help="Leave the texts of repeats out.")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads.")
    parser.add_argument(
        "--cache", type=Path, default=Path("runs/short_texts.jsonl"), help="Keeps what was heard. Default: %(default)s"
    )
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.cache.parent.mkdir(parents=True, exist_ok=True)
    synthesizer, voice = Synthesizer.from_pretrained(args.model), hibari_voice()
    listener = Listener(load_recognizer(), MeasureCache(args.cache))

    def hear(text: str) -> tuple[list[str], int, str]:
        """What is heard of a text with each seed, how many of these ended by themselves, and what is heard of hibari-tts."""
        chunks = synthesizer.speak_batch([text] * args.seeds, args.voice, list(range(args.seeds)))
        heard = [listener.hear(chunk.waveform, chunk.sampling_rate) for chunk in tqdm(chunks, desc=text, disable=None)]
        peer = voice(synthesizer.processor.phonemize(text)).waveform
        return heard, sum(chunk.stopped for chunk in chunks), listener.hear(peer, voice.sampling_rate)

    def report(texts, is_right) -> None:
        """A line for each text, and one for all."""
        hits, of_peer, ended = [], [], 0
        for text in texts:
            heard, stopped, peer = hear(text)
            mine = [is_right(text, said) for said in heard]
            others = Counter(said for said, right in zip(heard, mine, strict=True) if not right)
            hits += mine
            of_peer.append(is_right(text, peer))
            ended += stopped
            print(
                f"{text:38} {sum(mine)} of {len(mine)}, ended {stopped}; hibari-tts: {peer!r}; else heard: "
                f"{dict(others.most_common(4))}",
                flush=True,
            )
        print(
            f"right: {np.mean(hits):.1%} of {len(hits)}; ended by themselves: {ended} of {len(hits)}; "
            f"by hibari-tts right: {sum(of_peer)} of {len(of_peer)}",
            flush=True,
        )

    if args.words:
        report(args.words, lambda text, said: said == normalize_english(text))
    if not args.no_repeats:
        counts = {text: (word, count) for text, word, count in REPEATS}

        def is_counted(text: str, said: str) -> bool:
            word, count = counts[text]
            return said.split().count(word) == count

        report(counts, is_counted)


if __name__ == "__main__":
    main()
