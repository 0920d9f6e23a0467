"""
What a voice of one's own is worth: a speaker that the checkpoint has never heard, by reference clips and after fine-tuning
on so many minutes of recordings, as an adapter and a full checkpoint.

    python benchmarks/finetune.py --recordings vctk_p239 --enrolled my_voices --british --output runs/finetune

Every twentieth recording is kept for references and never trained on. Speech of the test sentences is measured as
`evaluate_gpt2tts.py` does: CER (Whisper), SECS (Resemblyzer), DNSMOS, whether the speaker is the nearest of all that are
enrolled, and the CER of the checkpoint's own voices. A run goes on where it was broken off, and `--sizes`, `--methods` run
parts of it; the table always has all parts that are done.
"""

import argparse
import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
import yaml

from gpt2tts import Synthesizer
from gpt2tts.data.speech_datasets import load_speech_dataset
from gpt2tts.evaluation.clips import SAMPLING_RATE, ClipStore, MeasureCache, fingerprint
from gpt2tts.evaluation.measures import Measurers, Row, SpeakerProfile, enrol_speakers, measure_system
from gpt2tts.evaluation.mos import load_mos_predictor
from gpt2tts.evaluation.recognizers import load_recognizer
from gpt2tts.evaluation.speaker_encoders import load_speaker_encoder
from gpt2tts.evaluation.systems import Voices, load_voices, store_synthesis
from gpt2tts.evaluation.test_sets import TestItem, build_text_set, load_references
from gpt2tts.preparation.clips import fade
from gpt2tts.preparation.segmentation import Splitter, Stretch, read_stretch
from gpt2tts.training.finetune import METHODS, STRENGTH, FineTuning, finetune

TEXTS = Path(__file__).parents[1] / "texts" / "test.txt"
VOICE = "tuned"
EVERY_HELD_OUT = 20
NUM_REFERENCES = 5


@dataclass
class Result:
    """A line of the table; rates from 0 to 1."""

    cer: float
    secs: float
    dnsmos: float
    nearest: float
    old_cer: float
    minutes: float | None = None


def split_recordings(dataset: str, sizes: Sequence[float], output: Path) -> tuple[str, dict[float, Path]]:
    """Writes references, held out, and folders of the first so many minutes. Returns the speaker and the folders."""
    rows = load_speech_dataset(dataset).rows
    rows = rows.select(np.argsort(rows["file"][:]))
    (speaker,) = set(rows["speaker"][:])
    lines: dict[float, list[str]] = {size: [] for size in sizes}
    seconds, references, splitter = 0.0, [], Splitter()
    for number, row in enumerate(rows):
        # as `prepare` cuts them: what is before the first sound and after the last one would be taken for speech
        speech = list(splitter.find_speech(row["audio"]["path"]))
        if not speech:
            continue
        whole = Stretch(speech[0].start, speech[-1].end)
        waveform, rate = read_stretch(row["audio"]["path"], whole, SAMPLING_RATE)
        waveform = fade(waveform)
        if number % EVERY_HELD_OUT == 0:
            if len(waveform) > 1.5 * rate and len(references) < NUM_REFERENCES:
                references.append(waveform)
            continue
        seconds += len(waveform) / rate
        for size in sizes:
            if seconds <= 60 * size:
                path = output / "recordings" / f"{size:g}" / "wavs" / f"{number:04d}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    soundfile.write(path, waveform, rate)
                lines[size].append(f"{number:04d}|{row['text']}|{row['text']}\n")
        if seconds > 60 * max(sizes) and len(references) == NUM_REFERENCES:
            break
    folder = output / "references" / speaker
    folder.mkdir(parents=True, exist_ok=True)
    for number, waveform in enumerate(references):
        soundfile.write(folder / f"{number:02d}.wav", waveform, SAMPLING_RATE)
    for size, content in lines.items():
        (output / "recordings" / f"{size:g}" / "metadata.csv").write_text("".join(content), encoding="utf-8")
    return speaker, {size: output / "recordings" / f"{size:g}" for size in sizes}


@dataclass
class Bench:
    """What measures, and on what."""

    output: Path
    speaker: str
    items: list[TestItem]
    old_items: list[TestItem]
    british: bool
    measurers: Measurers
    profiles: dict[str, SpeakerProfile]
    cache: MeasureCache

    def measure(self, name: str, synthesizer: Synthesizer, latents: torch.Tensor) -> Result:
        """The line of one system that speaks in `latents`, and in its own voices."""
        mark = fingerprint(latents.float().cpu().numpy())
        voices = Voices({self.speaker: latents}, {self.speaker: mark}, {self.speaker: self.british})
        rows = self._speak(name, synthesizer, self.items, voices)
        names = sorted({item.speaker for item in self.old_items})
        old_rows = self._speak(f"{name}-old", synthesizer, self.old_items, load_voices(synthesizer, names, {}))
        return Result(
            cer=error_rate(rows),
            secs=float(np.mean([row.speaker_similarity for row in rows])),
            dnsmos=float(np.mean([next(iter(row.mos.values())) for row in rows])),
            nearest=float(np.mean([row.nearest_speaker == self.speaker for row in rows])),
            old_cer=error_rate(old_rows),
        )

    def _speak(self, name: str, synthesizer: Synthesizer, items: list[TestItem], voices: Voices) -> list[Row]:
        store = ClipStore(self.output / "audio" / name)
        store_synthesis(store, items, synthesizer, voices)
        return measure_system(name, store, items, self.measurers, self.cache, profiles=self.profiles)


def error_rate(rows: Sequence[Row]) -> float:
    """Character errors by characters."""
    return sum(row.character_errors or 0 for row in rows) / max(1, sum(row.characters or 0 for row in rows))


def place(name: str) -> tuple[int, float]:
    """Where the line of that name stands in the table: by method and minutes, behind that of the reference clips."""
    method, _, size = name.partition(", ")
    return (METHODS.index(method), float(size.removesuffix(" min"))) if size else (-1, 0.0)


def to_markdown(results: dict[str, Result]) -> str:
    """The table."""
    lines = [
        "| | minutes of work | CER | SECS | nearest | DNSMOS | CER of the old voices |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, result in results.items():
        minutes = "" if result.minutes is None else f"{result.minutes:.0f}"
        lines.append(
            f"| {name} | {minutes} | {result.cer:.1%} | {result.secs:.3f} | {result.nearest:.0%} | {result.dnsmos:.2f} "
            f"| {result.old_cer:.1%} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", required=True, help="Dataset of the speaker.")
    parser.add_argument("--enrolled", required=True, help="Clips of other speakers, SPEAKER/*.wav.")
    parser.add_argument("--british", action="store_true", help="The speaker's English is British.")
    parser.add_argument("--sizes", type=float, nargs="+", default=[2, 5, 10], help="Minutes of recordings.")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument(
        "--minutes",
        type=float,
        nargs="+",
        default=[20.0],
        help="Budget of an adapter and of full fine-tuning: one, or one for each size.",
    )
    parser.add_argument("--strength", type=float, default=STRENGTH, help="Share of what training changed.")
    parser.add_argument("--model", help="Checkpoint. Default: the embedded one.")
    parser.add_argument("--limit", type=int, default=8, help="Sentences of each group of the test set.")
    parser.add_argument("--old_limit", type=int, default=1, help="Of each group in each of the checkpoint's voices.")
    parser.add_argument("--num_proc", type=int, default=2, help="Processes that compute features.")
    parser.add_argument(
        "--overrides",
        default="{}",
        help="Arguments of the training in place of the recipe's: '{learning_rate: 5e-5}'.",
    )
    parser.add_argument("--output", type=Path, default=Path("runs/finetune"))
    args = parser.parse_args()
    if len(args.minutes) not in (1, len(args.sizes)):
        parser.error(f"--minutes takes one number, or one for each of the {len(args.sizes)} sizes.")

    speaker, folders = split_recordings(args.recordings, args.sizes, args.output)
    cache = MeasureCache(args.output / "measures.jsonl")
    encoder = load_speaker_encoder("resemblyzer")
    enrolment = {**load_references(args.enrolled), **load_references(args.output / "references")}
    base = Synthesizer.from_pretrained(args.model)
    bench = Bench(
        args.output,
        speaker,
        build_text_set(TEXTS, speakers=[speaker], limit=args.limit).items,
        build_text_set(TEXTS, speakers=base.voices, limit=args.old_limit, every_voice=True).items,
        args.british,
        Measurers(load_recognizer(), encoder, [load_mos_predictor("dnsmos")], distances=False),
        enrol_speakers(encoder, enrolment, cache),
        cache,
    )
    path = args.output / "results.json"
    results = {name: Result(**row) for name, row in json.loads(path.read_text()).items()} if path.is_file() else {}

    def note(name: str, result: Result) -> None:
        results[name] = result
        ordered = sorted(results, key=place)
        path.write_text(json.dumps({row: asdict(results[row]) for row in ordered}, indent=1))
        table = to_markdown({row: results[row] for row in ordered})
        (args.output / "table.md").write_text(table + "\n")
        print(table, flush=True)

    clips = load_voices(base, [speaker], enrolment, num_clips=NUM_REFERENCES).latents[speaker]
    note("reference clips", bench.measure("before", base, clips))
    for method in args.methods:
        for size, minutes in zip(args.sizes, itertools.cycle(args.minutes)):
            out = args.output / f"{method}-{size:g}"
            overrides = yaml.safe_load(args.overrides)
            tuning = FineTuning(
                str(folders[size]),
                method,
                minutes,
                args.model,
                VOICE,
                args.british,
                strength=args.strength,
                overrides=overrides,
            )
            if finetune(tuning, out, num_proc=args.num_proc) is None:
                return
            synthesizer = Synthesizer.from_pretrained(out)
            result = bench.measure(f"{method}-{size:g}", synthesizer, synthesizer.load_voice(VOICE))
            result.minutes = minutes
            note(f"{method}, {size:g} min", result)


if __name__ == "__main__":
    main()
