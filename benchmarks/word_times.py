"""
Are words said when the timestamps say so?

    python benchmarks/word_times.py --sentences 50

speaks held-out sentences and compares the times of their words, which come from the reading position, with those that
Whisper finds in the sound (faster-whisper, cross-attention and dynamic time warping; good to some 50 ms itself). Words that
it heard otherwise are left out. Prints the median and the 90th percentile of the absolute differences of beginnings and ends.
"""

import argparse
import difflib
import json
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from gpt2tts import Synthesizer
from gpt2tts.audio import resample_waveforms
from gpt2tts.evaluation.recognizers import FasterWhisperRecognizer
from gpt2tts.evaluation.test_sets import load_texts
from gpt2tts.timestamps import Word

TEXTS = Path(__file__).parents[1] / "texts" / "test.txt"


def hear_words(recognizer: FasterWhisperRecognizer, waveform: np.ndarray, sampling_rate: int) -> list[Word]:
    (waveform,) = resample_waveforms([waveform], sampling_rate, 16000)
    segments, _ = recognizer.model.transcribe(waveform, language="en", temperature=0.0, word_timestamps=True)
    return [Word(word.word, word.start, word.end) for segment in segments for word in segment.words]


def letters(word: Word) -> str:
    return "".join(filter(str.isalnum, word.text.lower()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="Checkpoint folder or Hub id. Default: the embedded one.")
    parser.add_argument("--voice", help="Voice. Default: the checkpoint's.")
    parser.add_argument("--texts", default=TEXTS, help="File of id|group|text.")
    parser.add_argument("--group", default="plain", help="Group of the texts.")
    parser.add_argument("--sentences", type=int, default=50, help="How many of them.")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads.")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    synthesizer, recognizer = Synthesizer.from_pretrained(args.model), FasterWhisperRecognizer()
    sentences = [item.text for item in load_texts(args.texts) if item.group == args.group][: args.sentences]

    differences: dict[str, list[float]] = {"start": [], "end": []}
    num_words = 0
    for text in tqdm(sentences):
        (chunk,) = synthesizer.speak_batch([text], args.voice, 0)
        said, heard = chunk.words, hear_words(recognizer, chunk.waveform, chunk.sampling_rate)
        num_words += len(said)
        matcher = difflib.SequenceMatcher(None, list(map(letters, said)), list(map(letters, heard)), autojunk=False)
        for first, second, length in matcher.get_matching_blocks():
            for mine, theirs in zip(said[first : first + length], heard[second : second + length], strict=True):
                differences["start"].append(abs(mine.start - theirs.start))
                differences["end"].append(abs(mine.end - theirs.end))
    result: dict[str, float] = {"words": num_words, "compared": len(differences["start"])}
    for name, values in differences.items():
        result[f"{name}_median_ms"] = 1000 * float(np.median(values)) if values else float("nan")
        result[f"{name}_90_percent_ms"] = 1000 * float(np.percentile(values, 90)) if values else float("nan")
    for name, value in result.items():
        print(f"{name:>20}: {value:.0f}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
