"""
Features of synthetic speech for training: the texts of `corpus_texts.py`, spoken by a voice that knows when it says what.

    python recipes/corpus_texts.py --ljspeech LJSpeech-1.1/metadata.csv --wordnet /usr/share/wordnet --out texts.jsonl
    python recipes/corpus.py hibari --texts texts.jsonl --out corpus/heart
    python recipes/corpus.py kokoro --texts texts.jsonl --out corpus/kokoro --model kokoro.onnx --voices voices
    python recipes/corpus.py clips --texts texts.jsonl --out clips --model kokoro.onnx --voices voices --invented 16

Each folder of features is a dataset for `train_accelerate.py --dataset`. A run that was stopped goes on where it was.
"""

import hashlib
import json
import logging
import math
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import torch
import typer
from datasets import Dataset
from huggingface_hub.utils.sha import sha_fileobj
from tqdm.auto import tqdm

from gpt2tts.data.features import write_features
from gpt2tts.data.frames import synthetic_features
from gpt2tts.data.hibari import SyntheticSpeech, hibari_voice
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.files import replace_file
from gpt2tts.training.mixed_precision import has_fast_bfloat16

sys.path.insert(0, str(Path(__file__).resolve().parent))
from kokoro_torch import KokoroTorch, blend, change_tract, style_for

logger = logging.getLogger("gpt2tts.corpus")
app = typer.Typer(add_completion=False, help=__doc__, rich_markup_mode=None)

ROWS_PER_FILE = 500
MAX_SYMBOLS = 390
MAX_SECONDS = 22.0
SECONDS_PER_FRAME = 1 / GPT2TTSFeatureExtractor().frame_rate
SECONDS_PER_TEXT = 4.0  # about

# texts at once on a GPU, and symbols with padding; on a CPU one text at a time is the fastest
KOKORO_BATCH, KOKORO_SYMBOLS = 24, 1500
TRACT_RANGE = (0.9, 1.12)  # of invented speakers: factors on every frequency


Texts = Annotated[Path, typer.Option(help="File of corpus_texts.py.")]
Model = Annotated[Path, typer.Option(help="Kokoro-82M as int8 ONNX file.")]
Voices = Annotated[Path, typer.Option(help="Folder of Kokoro's voices, NAME.bin or NAME.npy.")]


def read_texts(path: Path) -> list[dict]:
    """The lines of a file of texts that are short enough to be spoken in one go, at least one."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    rows = [row for row in rows if len(symbols_of(row, "us")) <= MAX_SYMBOLS]
    if not rows:
        raise typer.BadParameter(f"{path} holds no text of at most {MAX_SYMBOLS} symbols: make it by corpus_texts.py.")
    return rows


def symbols_of(row: dict, accent: str) -> str:
    """The phonemes of a text in an accent, `us` or `gb`."""
    return "".join(part[1] for part in row[accent])


def feature_rows(
    rows: list[dict], texts: list[str], spoken: Iterator[SyntheticSpeech], speaker: "Speaker", dataset: str
) -> Iterator[dict]:
    """The features of texts spoken by one speaker."""
    extractor = GPT2TTSFeatureExtractor()
    for row, symbols, speech in zip(rows, texts, spoken, strict=True):
        segments = row[speaker.accent]
        if not 0.1 < len(speech.waveform) / speech.sampling_rate < MAX_SECONDS:
            continue
        labels, durations = synthetic_features(speech, symbols, extractor)
        yield {
            "words": [part[0] for part in segments],
            "phonemes": [part[1] for part in segments],
            "durations": durations,
            "labels": labels,
            "num_tokens": len(durations),
            "num_frames": len(labels),
            "text": "".join(part[0] for part in segments),
            "speaker": speaker.name,
            "dataset": dataset,
            "file": f"{speaker.name}/{row['id']}",
        }


def write_rows(rows: list[dict], path: Path) -> float:
    """Writes an Arrow file of features, whole or not at all. Returns its hours of speech."""
    write_features(rows, path)
    return sum(row["num_frames"] for row in rows) * SECONDS_PER_FRAME / 3600


@dataclass(frozen=True)
class Speaker:
    """
    A synthetic speaker.

    Args:
        name (`str`): Name of the speaker.
        accent (`str`): `us` or `gb`.
        weights (`dict[str, float]`): Weights of Kokoro's voices in its style, of either sign; none for the voice of hibari.
        tract (`float`): Factor on every frequency: 1.1 is a vocal tract about a tenth shorter.
    """

    name: str
    accent: str
    weights: dict[str, float]
    tract: float = 1.0


def invent_speakers(count: int, names: list[str], seed: int) -> list[Speaker]:
    """
    Speakers that are as unlike each other as the voices are: each drawn from the normal distribution that has the mean and
    the covariance of the voices' styles, and with another vocal tract. A blend with positive weights alone would lie nearer
    to the mean than any of them.
    """
    generator = np.random.default_rng(seed)
    speakers = []
    for number in range(count):
        accent = "gb" if generator.random() < 0.3 else "us"
        draws = generator.standard_normal(len(names)) / math.sqrt(len(names))
        shares = draws - draws.mean() + 1 / len(names)
        weights = {name: round(float(share), 4) for name, share in zip(names, shares, strict=True)}
        tract = round(float(np.exp(generator.uniform(*np.log(TRACT_RANGE)))), 3)
        speakers.append(Speaker(f"invented{number:04d}", accent, weights, tract))
    return speakers


def speak_with_hibari(texts: list[str], seeds: list[int]) -> Iterator[SyntheticSpeech]:
    """Texts in phonemes, spoken by the voice of hibari."""
    voice = hibari_voice()
    return (voice(text, seed=seed) for text, seed in zip(texts, seeds, strict=True))


@lru_cache(maxsize=1)
def _kokoro(model: str, device: str) -> KokoroTorch:
    return KokoroTorch(model, device)


def speak_with_kokoro(
    texts: list[str], seeds: list[int], speaker: Speaker, voices: dict[str, np.ndarray], model: str, device: str
) -> Iterator[SyntheticSpeech]:
    """Texts in phonemes, spoken by a blend of Kokoro's voices, those of like length at once."""
    kokoro = _kokoro(model, device)
    voice = blend(voices, speaker.weights)
    order = np.argsort([len(text) for text in texts], kind="stable")
    spoken: list[SyntheticSpeech | None] = [None] * len(texts)
    while len(order):
        # rows of like length, as many as the memory of a share of a GPU holds
        longest = np.array([len(texts[row]) for row in order[: 1 if device == "cpu" else KOKORO_BATCH]])
        count = max(1, int((longest * (np.arange(len(longest)) + 1) <= KOKORO_SYMBOLS).sum()))
        rows, order = order[:count], order[count:]
        styles = [style_for(voice, len(texts[row])) for row in rows]
        speeds = [1 / speaker.tract] * len(rows)
        known = [np.array([symbol in kokoro.vocab for symbol in texts[row]]) for row in rows]
        said = ["".join(np.array(list(texts[row]))[mask]) for row, mask in zip(rows, known, strict=True)]
        with torch.autocast("cpu", torch.bfloat16, enabled=device == "cpu" and has_fast_bfloat16("cpu")):
            clips = kokoro.synthesize_batch(said, styles, speeds, [seeds[row] for row in rows])
        for row, mask, clip in zip(rows, known, clips, strict=True):
            waveform, steps, pitch = change_tract(*clip, speaker.tract) if speaker.tract != 1.0 else clip
            durations = np.zeros(len(mask) + 2)  # what the network does not know lasts no time
            durations[np.flatnonzero(np.concatenate(([True], mask, [True])))] = steps
            peak = max(1e-3, float(np.abs(waveform).max()))
            spoken[row] = SyntheticSpeech(waveform * (0.8 / peak), 24000, durations, pitch, 80.0)
    return iter(spoken)


def speak_file(job: "Job") -> float:
    """Speaks the texts of a job and writes their features."""
    torch.set_num_threads(1)
    speaker = job.speaker
    texts = [symbols_of(row, speaker.accent) for row in job.rows]
    seeds = [int.from_bytes(hashlib.sha256(row["id"].encode()).digest()[:4], "big") for row in job.rows]
    if speaker.weights:
        speech = speak_with_kokoro(texts, seeds, speaker, job.voices, job.model, job.device)
    else:
        speech = speak_with_hibari(texts, seeds)
    return write_rows(list(feature_rows(job.rows, texts, speech, speaker, job.path.parent.name)), job.path)


@dataclass(frozen=True)
class Job:
    """The texts that one speaker speaks into one file of features."""

    rows: list[dict]
    speaker: Speaker
    path: Path
    voices: dict[str, np.ndarray] = field(default_factory=dict)
    model: str = ""
    device: str = "cpu"


@app.command()
def hibari(
    texts: Texts,
    out: Annotated[Path, typer.Option(help="Folder of the features.")],
    hours: Annotated[float, typer.Option(help="Stop after about as many hours of speech.")] = 1000.0,
    minutes: Annotated[float, typer.Option(help="Stop after about as many minutes of work.")] = 1e6,
    num_proc: Annotated[int, typer.Option(help="Processes.")] = os.cpu_count() or 1,
):
    """The voice `heart` of hibari-tts, some fifty times faster than real time on one core."""
    rows = read_texts(texts)
    claim_folder(out, texts=texts)
    speaker = Speaker("heart", "us", {})
    starts = range(0, len(rows), ROWS_PER_FILE)
    jobs = [
        Job(rows[start : start + ROWS_PER_FILE], speaker, out / f"features-{number:05d}.arrow")
        for number, start in enumerate(starts)
    ]
    run_jobs(jobs, num_proc, hours, minutes)


@app.command()
def kokoro(
    texts: Texts,
    out: Annotated[Path, typer.Option(help="Folder of the features.")],
    model: Model,
    voices: Voices,
    hours: Annotated[float, typer.Option(help="Hours of each voice.")] = 2.0,
    favourite: Annotated[str, typer.Option(help="Voice that speaks three times as long.")] = "af_heart",
    invented: Annotated[int, typer.Option(help="Invented speakers, as unlike each other as the voices.")] = 0,
    invented_hours: Annotated[float, typer.Option(help="Hours of each of them.")] = 0.1,
    device: Annotated[str, typer.Option(help="Device of the network.")] = "cuda"
    if torch.cuda.is_available()
    else "cpu",
    minutes: Annotated[float, typer.Option(help="Stop after about as many minutes of work.")] = 1e6,
    num_proc: Annotated[int, typer.Option(help="Processes, each with a network of its own.")] = 4,
    seed: Annotated[int, typer.Option(help="Seed of the invented speakers.")] = 0,
):
    """The voices of Kokoro-82M and invented speakers; some hours in a minute on one GPU."""
    arrays = read_voices(voices)
    speakers = [known_speaker(name) for name in arrays]
    goals = [(speaker, hours * (3 if speaker.name == favourite else 1)) for speaker in speakers]
    goals += [(speaker, invented_hours) for speaker in invent_speakers(invented, list(arrays), seed)]
    rows = read_texts(texts)
    claim_folder(out, texts=texts, model=model, voices=voices, seed=seed if invented else None)
    jobs: list[Job] = []
    first = 0
    for speaker, goal in goals:
        count = round(goal * 3600 / SECONDS_PER_TEXT)
        files = max(min(count, 1), round(count / ROWS_PER_FILE))
        for number in range(files):
            # a stretch of the texts for each file: every stretch is balanced
            chosen = [rows[(first + row) % len(rows)] for row in range(count // files)]
            first += len(chosen)
            path = out / f"features-{speaker.name}-{number:03d}.arrow"
            jobs.append(Job(chosen, speaker, path, arrays, str(model), device))
    # where time runs out every speaker has spoken
    jobs.sort(key=lambda job: job.path.stem[-3:])
    run_jobs(jobs, num_proc, math.inf, minutes)


@app.command()
def clips(
    texts: Texts,
    out: Annotated[Path, typer.Option(help="Folder of the clips, NAME/NUMBER.wav.")],
    model: Model,
    voices: Voices,
    name: Annotated[list[str] | None, typer.Option(help="A voice, several times for several.")] = None,
    invented: Annotated[int, typer.Option(help="Invented speakers.")] = 0,
    count: Annotated[int, typer.Option(help="Clips of each.")] = 6,
    seed: Annotated[int, typer.Option(help="Seed of the invented speakers: another than that of a corpus.")] = 777,
):
    """Clips of 3 to 6 seconds of voices and of invented speakers, to be cloned and to be recognised by."""
    arrays = read_voices(voices)
    if unknown := sorted(set(name or ()) - set(arrays)):
        raise typer.BadParameter(f"{unknown} are not among the voices in {voices}: {', '.join(arrays)}.")
    speakers = [known_speaker(voice) for voice in name or ()] + invent_speakers(invented, list(arrays), seed)
    # from the end: a corpus begins at the beginning
    rows = [row for row in reversed(read_texts(texts)) if 45 <= len(symbols_of(row, "us")) <= 85]
    for number, speaker in enumerate(tqdm(speakers, unit="speaker")):
        chosen = [symbols_of(row, speaker.accent) for row in rows[number * count :][:count]]
        spoken = speak_with_kokoro(chosen, list(range(len(chosen))), speaker, arrays, str(model), "cpu")
        for index, speech in enumerate(spoken):
            path = out / speaker.name / f"{index:02d}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, speech.waveform, speech.sampling_rate)


def claim_folder(out: Path, **made_of: Path | int | None) -> None:
    """
    Notes in `out/corpus.json` what its speech is made of, digests of files and folders and numbers as they are: what is there is
    kept, so it has to be of the same.

    Raises:
        typer.BadParameter: If it is of something else; says of what.
    """

    def describe(value: Path | int | None) -> str | int | None:
        if not isinstance(value, Path):
            return value
        if value.is_dir():
            voices = [(name, styles.tobytes()) for name, styles in sorted(read_voices(value).items())]
            return hashlib.sha256(repr(voices).encode()).hexdigest()
        if not value.is_file():
            raise typer.BadParameter(f"There is no file {value}.")
        with value.open("rb") as file:
            return sha_fileobj(file).hex()

    record = out / "corpus.json"
    description = {name: describe(value) for name, value in made_of.items()}
    if record.is_file():
        earlier = json.loads(record.read_text(encoding="utf-8"))
        pairs = {name: (earlier.get(name), description.get(name)) for name in {*earlier, *description}}
        # without invented speakers no seed was drawn with
        other = sorted(
            name for name, (was, now) in pairs.items() if was != now and (name != "seed" or None not in (was, now))
        )
        if other:
            raise typer.BadParameter(
                f"{out} holds speech of other {', '.join(other)}: delete it, or name another folder."
            )
        description |= {name: value for name, value in earlier.items() if description.get(name) is None}
    out.mkdir(parents=True, exist_ok=True)
    with replace_file(record) as partial:
        partial.write_text(json.dumps(description, indent=1), encoding="utf-8")


def known_speaker(voice: str) -> Speaker:
    """One of Kokoro's voices: those whose names begin with b are British."""
    return Speaker(voice, "gb" if voice[0] == "b" else "us", {voice: 1.0})


def read_voices(folder: Path) -> dict[str, np.ndarray]:
    """Styles of all of Kokoro's voices in a folder."""
    paths = [path for path in sorted(folder.glob("*")) if path.suffix in (".bin", ".npy")]
    if not paths:
        raise typer.BadParameter(f"There are no voices in {folder}: it takes files NAME.bin or NAME.npy.")
    return {path.stem: read_voice_file(path) for path in paths}


def read_voice_file(path: Path) -> np.ndarray:
    """Styles of one of Kokoro's voices, `(lengths, 1, 256)`."""
    values = np.load(path) if path.suffix == ".npy" else np.fromfile(path, "<f4")
    return values.reshape(-1, 1, 256).astype(np.float32)


def run_jobs(jobs: list[Job], num_proc: int, hours: float, minutes: float):
    """Speaks file by file in a pool of processes; files that are there are kept."""
    if not jobs:
        raise typer.BadParameter("there is nothing to speak: ask for more hours, or for invented speakers.")
    started, spoken = time.monotonic(), 0.0
    waiting = []
    for job in jobs:
        if job.path.exists():
            spoken += sum(Dataset.from_file(str(job.path))["num_frames"]) * SECONDS_PER_FRAME / 3600
        else:
            waiting.append(job)
    bar = tqdm(total=len(jobs), initial=len(jobs) - len(waiting), unit="file")
    rest = iter(waiting)
    with ProcessPoolExecutor(num_proc, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(speak_file, job) for job in islice(rest, num_proc)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                spoken += future.result()
                bar.update()
                bar.set_postfix_str(f"{spoken:.1f} hours")
                if spoken < hours and time.monotonic() - started < 60 * minutes:
                    running |= {pool.submit(speak_file, job) for job in islice(rest, 1)}
    bar.close()
    logger.info(f"{spoken:.1f} hours in {jobs[0].path.parent}")


if __name__ == "__main__":
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S"
    )
    app()
