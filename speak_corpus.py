"""
Speak a whole dataset of texts, on as many processes and machines as Accelerate starts.

    accelerate launch speak_corpus.py --dataset texts.jsonl --text_column text --voices emma george --output corpus

The work is cut into shards of rows. Each process speaks its share of them and writes each in one piece: the same command
speaks what is missing after a kill, with another number of processes too. The output folder, which all machines share,
holds

    data/train-NNNNN-of-NNNNN.parquet   the speech (FLAC) with its text and voice, as `load_dataset` and the Hub read it
    failed/NNNNN.jsonl                  the texts that could not be spoken, and why
    README.md                           the dataset card, when all is done
    corpus.json                         what is spoken and how, so that another command does not go on with it
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import datasets
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import soundfile
import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list, parse_flag_from_env
from datasets import Audio, Dataset, Features, Value
from huggingface_hub import DatasetCard, DatasetCardData
from tqdm.auto import tqdm

from gpt2tts.cli.errors import run_script
from gpt2tts.data.hub import load_hub_dataset
from gpt2tts.data.speech_datasets import load_saved
from gpt2tts.data.transcripts import numbered_lines, parse_rows, read_text
from gpt2tts.decoding_gpt2tts import check_setting
from gpt2tts.files import PARTIAL_PREFIX, replace_file, split_revision
from gpt2tts.folders import make_folder
from gpt2tts.publishing.hub import push_folder
from gpt2tts.speech_chunks import SpeechChunk
from gpt2tts.synthesis import Synthesizer
from gpt2tts.training.arguments import parse_arguments

logger = logging.getLogger("gpt2tts.speak_corpus")

BUILDERS = {".txt": "text", ".json": "json", ".jsonl": "json", ".parquet": "parquet"}
DELIMITERS = {".csv": ",", ".tsv": "\t"}
SHARD_PATTERN = re.compile(r"train-(\d{5,})-of-(\d{5,})\.parquet")
ROW_GROUP_SIZE = 100  # rows of audio that the Hub's viewer reads at once
COLUMNS = {
    "text": Value("string"),
    # as it was spoken: numbers and abbreviations as words
    "normalized_text": Value("string"),
    "speaker": Value("string"),
    "row": Value("int64"),
    "seconds": Value("float32"),
    "stopped": Value("bool"),
}
CARD = """
# {name}

{hours:.1f} hours of speech by GPT2TTS, {rows} clips in {voices}. It is generated: label what is made with it as
such, and use a person's voice with their consent alone.

| column | |
| --- | --- |
| `audio` | FLAC, {sampling_rate} Hz, mono |
| `text`, `normalized_text` | what was to be spoken, and as it was, with numbers and abbreviations as words |
| `speaker` | the voice |
| `row` | number of the text in its source, from 0 |
| `seconds` | length of the clip |
| `stopped` | whether the model came to the end of the text; where not, the clip is cut by the frame budget |

{failed} texts could not be spoken: the files in `failed/` say why.
"""


@dataclass
class CorpusArguments:
    """Arguments of the script."""

    dataset: str = field(
        metadata={"help": "Hub id (ID@REVISION pins a commit), folder of `save_to_disk`, or a .txt (a text a line), "
                  ".csv, .tsv, .jsonl or .parquet file."}
    )  # fmt: skip
    output: str = field(metadata={"help": "Folder of the spoken dataset, on a disk that all machines see."})
    text_column: str = field(default="text", metadata={"help": "Column of the texts."})
    config_name: str | None = field(default=None, metadata={"help": "Configuration of a dataset that has several."})
    split: str = field(default="train", metadata={"help": "Split to speak."})
    keep_columns: list[str] = field(default_factory=list, metadata={"help": "Columns of the source to carry over."})

    model: str | None = field(
        default=None, metadata={"help": "Checkpoint folder or Hub id (ID@REVISION). Default: the embedded one."}
    )
    voices: list[str] = field(
        default_factory=list,
        metadata={"help": "Voices, recordings or blends, dealt out to the rows. Default: the checkpoint's own."},
    )
    engine: str | None = field(
        default=None, metadata={"help": "What runs the acoustic model, 'onnx' or 'torch'. Default: the faster one."}
    )
    every_voice: bool = field(default=False, metadata={"help": "Speak each text in each voice."})
    speed: float = field(default=1.0, metadata={"help": "Factor on the pace, from 0.5 to 2."})
    seed: int = field(default=0, metadata={"help": "Seed; each row has its own, of this one and its number."})

    batch_size: int = field(default=8, metadata={"help": "Texts spoken at once."})
    rows_per_shard: int = field(default=500, metadata={"help": "Rows of a shard: what a kill loses at most."})
    overwrite_output: bool = field(default=False, metadata={"help": "Delete the shards of another command there."})

    push_to_hub: bool = field(default=False, metadata={"help": "Upload the folder as a dataset when all is spoken."})
    hub_dataset_id: str | None = field(default=None, metadata={"help": "Repository, as in user/name."})
    hub_private_repo: bool = field(default=False, metadata={"help": "Create the repository as a private one."})

    def __post_init__(self):
        for name in ("batch_size", "rows_per_shard"):
            if getattr(self, name) < 1:
                raise ValueError(f"`{name}` must be positive, got {getattr(self, name)}.")
        # what is wrong with every row is not to be told as the fault of each
        check_setting("speed", self.speed)
        if self.engine not in (None, "onnx", "torch"):
            raise ValueError(f"`engine` must be 'onnx' or 'torch', got {self.engine!r}.")
        if self.push_to_hub and not self.hub_dataset_id:
            raise ValueError("`push_to_hub` needs `hub_dataset_id`, as in --hub_dataset_id user/name.")


class Row(NamedTuple):
    """
    A clip to be made.

    Args:
        number (`int`): Its place in the spoken dataset.
        source (`int`): Row of the text in the source.
        text (`str`): What to speak.
        voice (`int`): Which of the voices speaks.
        seed (`int`): Of the seed of the command and its number.
    """

    number: int
    source: int
    text: str
    voice: int
    seed: int


@dataclass
class Corpus:
    """
    All that is to be spoken, and where it goes.

    Args:
        texts (`Dataset`): The source, its texts in the column `text_column`.
        voices (`dict[str, torch.Tensor]`): Style latents of the voices by name.
        british (`list[bool]`): Whether each of them reads British phonemes.
        args ([`CorpusArguments`]): The arguments.
    """

    texts: Dataset
    voices: dict[str, torch.Tensor]
    british: list[bool]
    args: CorpusArguments

    @property
    def num_rows(self) -> int:
        """Clips of the whole corpus."""
        return len(self.texts) * (len(self.voices) if self.args.every_voice else 1)

    @property
    def num_shards(self) -> int:
        """Shards of the whole corpus."""
        return -(-self.num_rows // self.args.rows_per_shard)

    @property
    def folder(self) -> Path:
        """Folder of the shards."""
        return Path(self.args.output) / "data"

    def shard_size(self, shard: int) -> int:
        """Rows of a shard."""
        return min(self.args.rows_per_shard, self.num_rows - shard * self.args.rows_per_shard)

    def rows(self, shard: int) -> list[Row]:
        """The rows of a shard."""
        first = shard * self.args.rows_per_shard
        numbers = range(first, first + self.shard_size(shard))
        texts_each = len(self.voices) if self.args.every_voice else 1
        begin, end = numbers[0] // texts_each, numbers[-1] // texts_each + 1
        texts = self.texts[begin:end][self.args.text_column]
        return [
            Row(
                number,
                number // texts_each,
                texts[number // texts_each - begin],
                number % len(self.voices),
                int(np.random.SeedSequence((self.args.seed, number)).generate_state(1)[0]),
            )
            for number in numbers
        ]

    def shard_path(self, shard: int) -> Path:
        """File of a shard."""
        return self.folder / f"train-{shard:05d}-of-{self.num_shards:05d}.parquet"

    def failed_path(self, shard: int) -> Path:
        """File of a shard's texts that could not be spoken."""
        return Path(self.args.output) / "failed" / f"{shard:05d}.jsonl"

    def finished(self) -> set[int]:
        """Shards that are there."""
        matches = (SHARD_PATTERN.fullmatch(path.name) for path in self.folder.glob("train-*.parquet"))
        return {int(match[1]) for match in matches if match}

    def description(self, synthesizer: Synthesizer) -> dict[str, Any]:
        """What the speech depends on, with digests of what has no name of its own: texts, weights and voices."""
        return {
            "rows": self.num_rows,
            "rows_per_shard": self.args.rows_per_shard,
            "texts": _digest(_text_bytes(self.texts, self.args.text_column)),
            "weights": _digest(map(_tensor_bytes, synthesizer.model.state_dict().values())),
            "voices": {name: _digest([_tensor_bytes(latents)]) for name, latents in self.voices.items()},
            "vocoder": str(synthesizer.vocoder.reference),
            "keep_columns": self.args.keep_columns,
            **{name: getattr(self.args, name) for name in ("text_column", "every_voice", "speed", "seed")},
            **({"engine": self.args.engine} if self.args.engine else {}),  # the default's may be another elsewhere
        }


def load_texts(args: CorpusArguments) -> Dataset:
    """
    The rows to speak.

    Raises:
        ValueError: If the dataset lacks a column, or holds no row.
        FileNotFoundError: If there is none of that name, here or on the Hub.
    """
    path = Path(args.dataset)
    suffix = path.suffix.lower()
    if suffix in DELIMITERS and path.is_file():
        texts = _read_table(path, args.text_column)
    elif suffix in BUILDERS and path.is_file():
        # the other readers leave out a byte order mark by themselves
        options = {".txt": {"encoding": "utf-8-sig"}}.get(suffix, {})
        try:
            texts = datasets.load_dataset(BUILDERS[suffix], data_files=str(path), split="train", **options)
        except (datasets.exceptions.DatasetGenerationError, ValueError) as error:
            raise ValueError(
                f"{args.dataset} cannot be read as {suffix} ({error.__cause__ or error}): it has to be UTF-8, each text a string."
            ) from error
    elif (saved := load_saved(path, args.split)) is not None:
        texts = saved
    else:
        source, revision = split_revision(args.dataset)
        try:
            texts = load_hub_dataset(source, args.config_name, split=args.split, **revision)
        except OSError as error:
            if path.exists():
                raise
            raise FileNotFoundError(
                f"There is no file or folder {args.dataset!r}, and as a dataset of the Hub it cannot be loaded ({error}): "
                "check the path or the id."
            ) from error
    absent = [name for name in (args.text_column, *args.keep_columns) if name not in texts.column_names]
    if absent:
        raise ValueError(
            f"{args.dataset} has no column {absent[0]!r}, only {', '.join(texts.column_names)}: name the right one by "
            "`text_column` or `keep_columns`."
        )
    reserved = sorted(set(args.keep_columns) & {"audio", *COLUMNS})
    if reserved:
        raise ValueError(f"`keep_columns` has {reserved[0]!r}, a column of the speech: rename it in the source.")
    if not len(texts):
        raise ValueError(f"{args.dataset} has no row to speak.")
    # a recording of the source need not be decoded for its text
    return texts.select_columns(list(dict.fromkeys((args.text_column, *args.keep_columns))))


def _read_table(path: Path, text_column: str) -> Dataset:
    """A table, in which "None" and "1984" are texts as well; of the other columns those of whole numbers are such."""
    lines = numbered_lines(read_text(path))
    rows = parse_rows(lines, DELIMITERS[path.suffix.lower()], path) if lines else []
    columns: dict[str, list] = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    for name, cells in columns.items():
        if name != text_column and all(re.fullmatch("0|-?[1-9][0-9]{0,17}", cell) for cell in cells):
            columns[name] = list(map(int, cells))
    return Dataset.from_dict(columns)


def claim_output(output: Path, description: dict[str, Any], *, overwrite: bool) -> None:
    """
    Makes the output folder this command's own, and removes what an earlier process did not finish.

    Raises:
        FileExistsError: If it holds what another command spoke, and that is not to be deleted; or a dataset that is none of
            speech by this script.
    """
    record = output / "corpus.json"
    others = [path for path in (output / "README.md", *output.glob("data/train-*.parquet")) if path.is_file()]
    if others and not record.is_file():
        raise FileExistsError(
            f"`output` {str(output)!r} holds {others[0].name} of something else: name another folder."
        )
    if record.is_file() and (earlier := json.loads(record.read_text())) != description:
        differing = sorted(name for name in {*earlier, *description} if earlier.get(name) != description.get(name))
        if not overwrite:
            raise FileExistsError(
                f"`output` {str(output)!r} holds speech of other {', '.join(differing)}: name another folder, or delete "
                "what is there by --overwrite_output."
            )
        for path in (*output.glob("data/train-*.parquet"), *output.glob("failed/*.jsonl"), output / "README.md"):
            path.unlink(missing_ok=True)
    for path in output.glob(f"*/{PARTIAL_PREFIX}*"):
        path.unlink()
    make_folder(make_folder(output, "output") / "data", "output")
    with replace_file(record) as partial_file:
        partial_file.write_text(json.dumps(description, indent=2))


def speak_rows(synthesizer: Synthesizer, rows: Sequence[Row], corpus: Corpus) -> list[SpeechChunk | Exception]:
    """The speech of each row, or why there is none. Of a batch that fails the halves are tried, down to one text."""
    latents = list(corpus.voices.values())
    try:
        return list(
            synthesizer.speak_batch(
                [row.text for row in rows],
                [latents[row.voice] for row in rows],
                [row.seed for row in rows],
                british=[corpus.british[row.voice] for row in rows],
                speed=corpus.args.speed,
                batch_size=corpus.args.batch_size,
            )
        )
    except Exception as error:
        if len(rows) == 1:
            return [error]
    middle = len(rows) // 2
    return speak_rows(synthesizer, rows[:middle], corpus) + speak_rows(synthesizer, rows[middle:], corpus)


def speak_shard(
    synthesizer: Synthesizer, corpus: Corpus, shard: int, *, on_progress: Callable[[int], Any] = lambda _: None
) -> None:
    """
    Speaks a shard and writes it, whole or not at all.

    Args:
        synthesizer ([`Synthesizer`]): What speaks.
        corpus ([`Corpus`]): The work.
        shard (`int`): Number of the shard.
        on_progress (`Callable[[int], Any]`, *optional*): Called with the number of rows done since the last call.

    Raises:
        RuntimeError: If no text of the shard could be spoken and the texts are not to blame.
        OSError: If the shard cannot be written.
    """
    rows = corpus.rows(shard)
    # rows of a batch end at about the same time
    order = sorted(range(len(rows)), key=lambda index: len(str(rows[index].text or "")))
    spoken: dict[int, dict[str, Any]] = {}
    failures: list[tuple[Row, Exception]] = []
    for start in range(0, len(order), corpus.args.batch_size):
        indices = order[start : start + corpus.args.batch_size]
        for index, speech in zip(
            indices, speak_rows(synthesizer, [rows[index] for index in indices], corpus), strict=True
        ):
            if isinstance(speech, Exception):
                failures.append((rows[index], speech))
            else:
                spoken[index] = _encode(rows[index], speech, corpus)
        on_progress(len(indices))
    if not spoken and not all(isinstance(error, (ValueError, TypeError)) for _, error in failures):
        raise RuntimeError(f"Nothing of shard {shard} could be spoken: {failures[0][1]}") from failures[0][1]
    kept = corpus.texts.select_columns(corpus.args.keep_columns)
    table = _table([spoken[index] for index in sorted(spoken)], kept, synthesizer.sampling_rate)
    failed = corpus.failed_path(shard)
    failed.unlink(missing_ok=True)
    if failures:
        failed.parent.mkdir(exist_ok=True)
        with replace_file(failed) as partial_file, open(partial_file, "w", encoding="utf-8") as file:
            for row, error in sorted(failures, key=lambda failure: failure[0].number):
                record = {"row": row.source, "speaker": list(corpus.voices)[row.voice], "text": row.text}
                file.write(json.dumps({**record, "error": f"{type(error).__name__}: {error}"}) + "\n")
    # the last thing that is written: where it is, the shard is done
    with replace_file(corpus.shard_path(shard)) as partial_file:
        pyarrow.parquet.write_table(table, partial_file, row_group_size=ROW_GROUP_SIZE, write_page_index=True)


def _encode(row: Row, speech: SpeechChunk, corpus: Corpus) -> dict[str, Any]:
    file = io.BytesIO()
    waveform = np.clip(speech.waveform, -1.0, 1.0)
    soundfile.write(file, waveform, speech.sampling_rate, format="FLAC", subtype="PCM_16")
    return {
        "audio": {"bytes": file.getvalue(), "path": f"{row.number:08d}.flac"},
        "text": row.text,
        "normalized_text": speech.text,
        "speaker": list(corpus.voices)[row.voice],
        "row": row.source,
        "seconds": len(waveform) / speech.sampling_rate,
        "stopped": speech.stopped,
    }


def _table(spoken: Sequence[dict[str, Any]], kept: Dataset, sampling_rate: int) -> pa.Table:
    features = Features({"audio": Audio(sampling_rate=sampling_rate), **COLUMNS, **kept.features})
    columns: dict[str, Any] = {name: [row[name] for row in spoken] for name in ("audio", *COLUMNS)}
    if kept.column_names:
        columns.update(kept.select(columns["row"]).with_format("arrow")[:].to_pydict())
    # by pyarrow: `datasets` would decode and encode the audio
    return pa.table(columns, schema=features.arrow_schema)


def _digest(pieces: Iterator[bytes] | Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _text_bytes(texts: Dataset, column: str) -> Iterator[bytes]:
    for batch in texts.select_columns([column]).iter(batch_size=10_000):
        yield json.dumps(batch[column]).encode()


def _tensor_bytes(tensor: torch.Tensor) -> bytes:
    return tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes()


def write_card(corpus: Corpus, sampling_rate: int) -> Path:
    """Writes the dataset card of the finished corpus."""
    output = Path(corpus.args.output)
    tables = [pyarrow.parquet.read_table(corpus.shard_path(shard), columns=["seconds"]) for shard in corpus.finished()]
    seconds = np.concatenate([table["seconds"].to_numpy() for table in tables])
    failed = sum(len(path.read_text("utf-8").splitlines()) for path in output.glob("failed/*.jsonl"))
    # No `configs`: the shards are found by their names, and of a folder whose card lists files `datasets` keeps a copy under the
    # folder's name alone, and gives that of another such folder.
    data = DatasetCardData(
        language="en",
        task_categories=["text-to-speech", "automatic-speech-recognition"],
        tags=["synthetic", "gpt2tts"],
    )
    name = corpus.args.hub_dataset_id or output.resolve().name
    content = CARD.format(
        name=name.split("/")[-1],
        hours=seconds.sum() / 3600,
        rows=len(seconds),
        voices=f"the voice{'s' * (len(corpus.voices) > 1)} {', '.join(f'`{voice}`' for voice in corpus.voices)}",
        sampling_rate=sampling_rate,
        failed=failed or "No",
    )
    with replace_file(output / "README.md") as partial_file:
        DatasetCard(f"---\n{data.to_yaml()}\n---\n{content}").save(partial_file)
    logger.info(f"{len(seconds)} clips, {seconds.sum() / 3600:.2f} hours, {failed} failed: {output}")
    return output / "README.md"


def _voice_name(voice: str | None) -> str:
    """What a corpus calls a voice: of a file its name, whose ending a blend such as `"heart(2.5)+bob(1)"` has not."""
    if voice is None:
        return "default"
    return Path(voice).stem if Path(voice).is_file() else voice


def main(argv: list[str] | None = None) -> int:
    """Speak the corpus. Returns the exit code."""
    args = parse_arguments(CorpusArguments, argv)
    state = PartialState(cpu=parse_flag_from_env("ACCELERATE_USE_CPU"))
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    logger.setLevel(logging.INFO if state.is_main_process else logging.ERROR)
    # so that a file that is being written is removed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    with state.main_process_first():  # the first one downloads, the others read its cache
        texts = load_texts(args)
        synthesizer = Synthesizer.from_pretrained(args.model, device=state.device, engine=args.engine)
    names = args.voices or [synthesizer.model.config.default_voice]
    voices = {_voice_name(name): synthesizer.load_voice(name) for name in names}
    if len(voices) < len(names):
        raise ValueError(f"`voices` {', '.join(names)} has one name twice: leave one out, or rename its file.")
    corpus = Corpus(texts, voices, [synthesizer.is_british(name) for name in names], args)

    # The main process says what is left to do: another may look when a shard has been finished since
    agreed: list[Any] = [None]
    if state.is_main_process:
        try:
            claim_output(Path(args.output), corpus.description(synthesizer), overwrite=args.overwrite_output)
            agreed = [sorted(set(range(corpus.num_shards)) - corpus.finished())]
        except OSError as error:
            agreed = [error]
    (missing,) = broadcast_object_list(agreed)
    if isinstance(missing, OSError):
        raise missing

    def finished_rows() -> int:
        return sum(map(corpus.shard_size, corpus.finished()))

    logger.info(f"{corpus.num_rows} rows, {len(missing)} of {corpus.num_shards} shards left to speak")
    bar = tqdm(total=corpus.num_rows, initial=finished_rows(), unit="row", disable=not state.is_main_process)
    for shard in missing[state.process_index :: state.num_processes]:
        speak_shard(synthesizer, corpus, shard, on_progress=bar.update)
        if state.is_main_process:
            bar.n = finished_rows()  # those of all processes
            bar.refresh()
    while state.is_main_process and len(corpus.finished()) < corpus.num_shards:
        time.sleep(1)
        bar.n = finished_rows()
        bar.refresh()
    bar.close()
    if state.is_main_process:
        write_card(corpus, synthesizer.sampling_rate)
        if args.push_to_hub:
            push_folder(
                args.output,
                args.hub_dataset_id,
                repo_type="dataset",
                commit_message=f"Speak {corpus.num_rows} rows",
                private=args.hub_private_repo,
            )
    state.destroy_process_group()
    return 0


if __name__ == "__main__":
    run_script(main)
