"""
Features of synthetic speech for training: the texts of `corpus_texts.py`, spoken by a voice that knows when it says what.

    python recipes/corpus_texts.py --ljspeech LJSpeech-1.1/metadata.csv --wordnet /usr/share/wordnet --out texts.jsonl
    python recipes/corpus.py hibari --texts texts.jsonl --out corpus/heart
    python recipes/corpus.py kokoro --texts texts.jsonl --out corpus/kokoro --model kokoro.onnx --voices voices

Each output folder is a dataset for `train_accelerate.py --dataset`. A run that was stopped goes on where it was.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
import typer
from datasets import Dataset
from tqdm.auto import tqdm

from gpt2tts.data.features import FEATURE_COLUMNS, list_array
from gpt2tts.data.frames import synthetic_features
from gpt2tts.data.hibari import SyntheticSpeech, hibari_voice
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor

logger = logging.getLogger("gpt2tts.corpus")
app = typer.Typer(add_completion=False, help=__doc__, rich_markup_mode=None)

ROWS_PER_FILE = 500
MAX_SYMBOLS = 390
MAX_SECONDS = 22.0

# a text with its identifier, who speaks it and how: `speak(phonemes, seed)`
Speaker = Callable[[str, int], SyntheticSpeech]


def read_texts(path: Path) -> list[dict]:
    """The lines of a file of texts that are short enough to be spoken in one go."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    return [row for row in rows if len("".join(part[1] for part in row["us"])) <= MAX_SYMBOLS]


def feature_rows(
    rows: list[dict], accent: str, speaker: str, dataset: str, speak: Speaker, extractor: GPT2TTSFeatureExtractor
) -> Iterator[dict]:
    """The features of texts spoken by one speaker."""
    for row in rows:
        segments = row[accent]
        symbols = "".join(part[1] for part in segments)
        speech = speak(symbols, int.from_bytes(row["id"].encode()[-6:], "big"))
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
            "speaker": speaker,
            "dataset": dataset,
            "file": f"{speaker}/{row['id']}",
        }


def write_rows(rows: list[dict], path: Path) -> float:
    """Writes an Arrow file of features, whole or not at all. Returns its hours of speech."""
    import pyarrow as pa

    columns = {key: [row[key] for row in rows] for key in rows[0]}
    columns["durations"] = list_array(columns["durations"], np.float16)
    columns["labels"] = list_array(columns["labels"], np.float16)
    schema = pa.schema([field for field in FEATURE_COLUMNS.arrow_schema if field.name in columns])
    table = pa.table({name: columns[name] for name in schema.names}, schema=schema)
    partial_path = path.with_suffix(".partial")
    with pa.OSFile(str(partial_path), "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
        writer.write_table(table)
    os.replace(partial_path, path)
    return sum(columns["num_frames"]) * 256 / 22050 / 3600


def _speak_file_with_hibari(rows: list[dict], path: Path) -> float:
    torch.set_num_threads(1)
    voice = hibari_voice()

    def speak(symbols: str, seed: int) -> SyntheticSpeech:
        return voice(symbols, seed=seed)

    return write_rows(list(feature_rows(rows, "us", "heart", path.parent.name, speak, GPT2TTSFeatureExtractor())), path)


@app.command()
def hibari(
    texts: Path = typer.Option(..., help="File of corpus_texts.py."),
    out: Path = typer.Option(..., help="Folder of the features."),
    hours: float = typer.Option(1000.0, help="Stop after about as many hours of speech."),
    num_proc: int = typer.Option(os.cpu_count() or 1, help="Processes."),
):
    """The voice `heart` of hibari-tts, some hundred times faster than real time on one core."""
    run_files(read_texts(texts), out, _speak_file_with_hibari, num_proc, hours)


def run_files(rows: list[dict], out: Path, speak_file: Callable[[list[dict], Path], float], num_proc: int, hours: float):
    """Speaks texts file by file in a pool of processes; files that are there are kept."""
    out.mkdir(parents=True, exist_ok=True)
    parts = [rows[start : start + ROWS_PER_FILE] for start in range(0, len(rows), ROWS_PER_FILE)]
    spoken = 0.0
    with ProcessPoolExecutor(num_proc, mp_context=get_context("spawn")) as pool:
        waiting = []
        for number, part in enumerate(parts):
            path = out / f"features-{number:05d}.arrow"
            if path.exists():
                spoken += sum(Dataset.from_file(str(path))["num_frames"]) * 256 / 22050 / 3600
            else:
                waiting.append(partial(pool.submit, speak_file, part, path))
        bar = tqdm(total=len(parts), initial=len(parts) - len(waiting), unit="file")
        running = [submit() for submit in waiting[:num_proc]]
        rest = iter(waiting[num_proc:])
        while running:
            spoken += running.pop(0).result()
            bar.update()
            bar.set_postfix_str(f"{spoken:.1f} hours")
            if spoken < hours and (submit := next(rest, None)) is not None:
                running.append(submit())


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    app()
