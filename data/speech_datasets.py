"""
Loading of transcribed speech from the Hub, LJSpeech folders, `metadata.csv` folders and audio folders into one form.

Every loader gives the columns `audio` (`{"path", "bytes"}`, not decoded), `text`, `speaker`, `dataset` and `file`.
A speaker's name is global: the same name in two datasets is one voice.
"""

import csv
import fnmatch
import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import datasets
from datasets import Audio, Dataset, Features, IterableDataset, Value
from transformers.utils import logging

logger = logging.get_logger(__name__)

COLUMNS = Features(
    {
        # as `Audio(decode=False)` stores it, whose encoding asks for torchcodec
        "audio": {"bytes": Value("binary"), "path": Value("string")},
        "text": Value("string"),
        "speaker": Value("string"),
        "dataset": Value("string"),
        "file": Value("string"),
    }
)
# the first one present is taken: a transcript with numbers and abbreviations written out is the better target
TEXT_COLUMNS = ("normalized_text", "text_normalized", "text", "transcription", "transcript", "sentence")
SPEAKER_COLUMNS = ("speaker", "speaker_id", "speaker_name", "client_id")
FILE_COLUMNS = ("file", "id", "path")


@dataclass
class BadRow:
    """
    A row that cannot be trained on.

    Args:
        cause (`str`): One word for the kind of fault, one of `features.CAUSES`.
        file (`str`): The audio file, as the dataset names it.
        text (`str`): The transcript.
        speaker (`str`): The speaker.
        dataset (`str`): Name of the dataset.
        detail (`str`): What exactly was found.
    """

    cause: str
    file: str
    text: str
    speaker: str
    dataset: str
    detail: str = ""


@dataclass
class DatasetSpec:
    """
    One dataset of a mix, on the command line `SOURCE[:SPEAKER,...][=WEIGHT]`.

    Args:
        source (`str`):
            Hub id or local folder.
        speakers (`tuple[str, ...]`, *optional*, defaults to `()`):
            Speakers to keep; none means all.
        weight (`float`, *optional*, defaults to 1.0):
            How often each row is drawn in an epoch: 1 once, 2 twice, 0.5 every second epoch on average.
    """

    source: str
    speakers: tuple[str, ...] = ()
    weight: float = 1.0

    @classmethod
    def parse(cls, spec: "str | os.PathLike | DatasetSpec") -> "DatasetSpec":
        """Reads `SOURCE[:SPEAKER,...][=WEIGHT]`. A folder whose whole path is `spec` is taken as it is."""
        if isinstance(spec, cls):
            return spec
        spec = os.fspath(spec)
        if os.path.isdir(spec):
            return cls(spec)
        source, weight = spec, 1.0
        if "=" in source:
            source, _, number = source.rpartition("=")
            try:
                weight = float(number)
            except ValueError:
                raise ValueError(
                    f"The weight in {spec!r} is not a number: write SOURCE=WEIGHT, such as data=0.5."
                ) from None
            if not 0 < weight < float("inf"):
                raise ValueError(f"The weight in {spec!r} must be above 0: leave the dataset out to drop it.")
        speakers: tuple[str, ...] = ()
        head, colon, names = source.rpartition(":")
        # "C:\speech" has a colon too
        if colon and not os.path.isdir(source) and not re.search(r"[/\\]", names):
            source, speakers = head, tuple(name.strip() for name in names.split(",") if name.strip())
        return cls(source, speakers, weight)

    @property
    def name(self) -> str:
        """Last part of the source: the folder's name, or the Hub id."""
        path = Path(self.source)
        return path.resolve().name if path.is_dir() else self.source


@dataclass
class SpeechDataset:
    """
    A loaded dataset.

    Args:
        name (`str`):
            Name of the dataset.
        rows (`Dataset` or `IterableDataset`):
            Rows with the columns `audio`, `text`, `speaker`, `dataset`, `file`.
        weight (`float`):
            Weight of the dataset in the mix, see [`DatasetSpec`].
        missing (`list[BadRow]`):
            Rows of a local folder's metadata whose audio file is not there; they are not in `rows`.
    """

    name: str
    rows: Dataset | IterableDataset
    weight: float = 1.0
    missing: list[BadRow] = field(default_factory=list)


def load_speech_dataset(
    spec: str | os.PathLike | DatasetSpec,
    *,
    split: str = "train",
    speakers: Sequence[str] | None = None,
    exclude_speakers: Sequence[str] = (),
    exclude_files: Sequence[str] = (),
    streaming: bool = False,
) -> SpeechDataset:
    """
    Loads transcribed speech. The source is, in the order tried, a local folder with metadata in one of the forms

    - LJSpeech 1.1: `metadata.csv` of `id|text|normalised text`, audio at `wavs/ID.wav` (told by the `wavs` folder),
    - `metadata.csv` of `file|speaker|text` or `file|text` without a header, `file` relative to the folder,
    - an `audiofolder`: `metadata.csv` with a header or `metadata.jsonl`, with `file_name`, a column of transcripts
      and maybe one of speakers; in the folder itself or in its folder named `split`,

    another local folder that `datasets` can load, or the id of a dataset on the Hub. A dataset that names no speakers
    has one, with the name of the dataset.

    Args:
        spec (`str`, `os.PathLike` or [`DatasetSpec`]):
            The source, as text `SOURCE[:SPEAKER,...][=WEIGHT]`.
        split (`str`, *optional*, defaults to `"train"`):
            Split to load, for sources that have splits.
        speakers (`Sequence[str]`, *optional*):
            Speakers to keep, should the dataset have them. Those that `spec` names must be there.
        exclude_speakers (`Sequence[str]`, *optional*):
            Speakers to leave out.
        exclude_files (`Sequence[str]`, *optional*):
            Patterns (`fnmatch`) of file names without folder and suffix to leave out, such as `"LJ050-*"`.
        streaming (`bool`, *optional*, defaults to `False`):
            Whether to give an `IterableDataset` that reads rows as they are needed.

    Raises:
        `FileNotFoundError`: the source is a path with no folder.
        `ValueError`: the metadata cannot be understood, or no row is left.
    """
    spec = DatasetSpec.parse(spec)
    folder = Path(spec.source)
    missing: list[BadRow] = []
    candidates = (base / name for base in (folder, folder / split) for name in ("metadata.csv", "metadata.jsonl"))
    metadata = next((path for path in candidates if path.is_file()), None)
    if metadata is not None:
        # not by the builder of `audiofolder`, which asks for torchcodec
        rows, missing = _load_metadata_folder(metadata, spec.name)
        if streaming:
            rows = rows.to_iterable_dataset()
    elif not folder.is_dir() and (folder.is_absolute() or spec.source.startswith(".") or spec.source.count("/") > 1):
        raise FileNotFoundError(
            f"There is no folder {spec.source!r}: pass a dataset folder or the id of a Hub dataset."
        )
    else:
        rows = datasets.load_dataset(spec.source, split=split, streaming=streaming)
        rows = _unify_columns(rows, spec.name)

    def is_wanted(speaker: str, file: str) -> bool:
        is_named = (not spec.speakers or speaker in spec.speakers) and (speakers is None or speaker in speakers)
        is_excluded = any(fnmatch.fnmatchcase(Path(file).stem, pattern) for pattern in exclude_files)
        return is_named and not is_excluded and speaker not in exclude_speakers

    if isinstance(rows, IterableDataset):
        rows = rows.filter(is_wanted, input_columns=["speaker", "file"])
    else:
        names = rows["speaker"][:]
        unknown = sorted(set(spec.speakers) - set(names) - {row.speaker for row in missing})
        if unknown:
            raise ValueError(
                f"Dataset {spec.name!r} has no speaker {', '.join(unknown)}: its speakers are "
                f"{', '.join(sorted(set(names))[:50])}."
            )
        wanted = [row for row, pair in enumerate(zip(names, rows["file"][:], strict=True)) if is_wanted(*pair)]
        rows = rows if len(wanted) == len(rows) else rows.select(wanted)
    missing = [row for row in missing if is_wanted(row.speaker, row.file)]
    return SpeechDataset(spec.name, rows, spec.weight, missing)


def is_validation_text(text: str, share: float, *, seed: int = 0) -> bool:
    """
    Whether a text belongs to validation. It depends on nothing but the text's letters and digits, so that a sentence
    read by many speakers, in any dataset, is always on one side.

    Args:
        text (`str`): The transcript.
        share (`float`): Share of all texts that goes to validation, in [0, 1].
        seed (`int`, *optional*, defaults to 0): Another seed gives another split.
    """
    return _text_position(text, seed) < share


def split_by_text(texts: Sequence[str], share: float, *, seed: int = 0) -> tuple[list[int], list[int]]:
    """
    Splits rows into training and validation by [`is_validation_text`]. Where the share is above 0 but no text falls
    under it (a small dataset), the text nearest to it is taken, as long as another remains for training.

    Returns:
        `tuple[list[int], list[int]]`: row indices of training and of validation.
    """
    if not 0 <= share < 1:
        raise ValueError(f"`share` of validation must be in [0, 1), got {share}.")
    positions = [_text_position(text, seed) for text in texts]
    if share > 0 and len(set(positions)) > 1:
        share = max(share, min(positions) + 1e-12)
    training = [row for row, position in enumerate(positions) if position >= share]
    validation = [row for row, position in enumerate(positions) if position < share]
    return training, validation


def _text_position(text: str, seed: int) -> float:
    letters = re.sub(r"[\W_]+", " ", text.casefold()).strip()
    digest = hashlib.sha256(f"{seed}:{letters}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _load_metadata_folder(metadata: Path, name: str) -> tuple[Dataset, list[BadRow]]:
    entries = _read_metadata(metadata, name)
    if not entries:
        raise ValueError(f"{metadata} has no rows.")
    columns: dict[str, list] = {column: [] for column in COLUMNS}
    missing = []
    digest = hashlib.sha256()
    root = metadata.parent.resolve()
    for file, speaker, text in entries:
        path = os.path.join(root, file)
        try:
            status = os.stat(path)
        except OSError:
            missing.append(BadRow("missing_file", file, text, speaker, name, f"no file at {path}"))
            continue
        columns["audio"].append({"path": path, "bytes": None})
        for column, value in zip(("text", "speaker", "dataset", "file"), (text, speaker, name, file), strict=True):
            columns[column].append(value)
        digest.update(repr((path, status.st_size, status.st_mtime_ns, speaker, text)).encode())
    rows = Dataset.from_dict(columns, features=COLUMNS)
    # a file that changes in place must change what is cached for it
    rows._fingerprint = digest.hexdigest()[:16]
    return rows, missing


def _read_metadata(metadata: Path, name: str) -> list[tuple[str, str, str]]:
    """Reads a metadata file as `(file relative to its folder, speaker, text)`."""
    with open(metadata, encoding="utf-8-sig", newline="") as file:
        # `str.splitlines` would also split at characters that texts may hold
        content = re.split(r"\r?\n", file.read())
    lines = [(number, line) for number, line in enumerate(content, start=1) if line.strip()]
    if metadata.suffix == ".jsonl":
        return _name_columns([json.loads(line) for _, line in lines], metadata, name)
    if lines and re.match(r"file(_name)?[,|]", lines[0][1]):
        delimiter = "|" if "|" in lines[0][1] else ","
        return _name_columns(
            list(csv.DictReader((line + "\n" for _, line in lines), delimiter=delimiter)), metadata, name
        )
    is_ljspeech = (metadata.parent / "wavs").is_dir()
    entries = []
    for number, line in lines:
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) < 2:
            raise ValueError(
                f"Line {number} of {metadata} is {line[:80]!r}, and `file|speaker|text`, `file|text` or LJSpeech's "
                "`id|text|normalised text` is expected."
            )
        if is_ljspeech:
            entries.append((f"wavs/{parts[0]}.wav", name, parts[-1] or parts[1]))
        elif len(parts) == 2:
            entries.append((parts[0], name, parts[1]))
        else:
            entries.append((parts[0], parts[1] or name, parts[2]))
    return entries


def _name_columns(rows: list[dict], metadata: Path, name: str) -> list[tuple[str, str, str]]:
    """`(file, speaker, text)` of rows with named columns."""
    if not rows:
        return []
    file, text, speaker = (
        next((column for column in columns if column in rows[0]), None)
        for columns in (("file_name", "file"), TEXT_COLUMNS, SPEAKER_COLUMNS)
    )
    if file is None or text is None:
        raise ValueError(
            f"{metadata} has the columns {sorted(rows[0])}, and `file_name` and a column of transcripts "
            f"({', '.join(TEXT_COLUMNS)}) are needed."
        )
    return [(row.get(file) or "", str(row.get(speaker) or name), row.get(text) or "") for row in rows]


def _unify_columns(rows: Dataset | IterableDataset, name: str) -> Dataset | IterableDataset:
    """Gives a dataset of the `datasets` library the columns of `COLUMNS`, its audio not decoded."""
    if rows.features is None:
        rows = rows._resolve_features()
    features = rows.features
    audio = next((column for column, feature in features.items() if isinstance(feature, Audio)), None)
    text = next((column for column in TEXT_COLUMNS if column in features), None)
    if audio is None or text is None:
        raise ValueError(
            f"Dataset {name!r} has the columns {sorted(features)}, and an audio column and a column of transcripts "
            f"({', '.join(TEXT_COLUMNS)}) are needed."
        )
    speaker = next((column for column in SPEAKER_COLUMNS if column in features), None)
    file = next((column for column in FILE_COLUMNS if column in features and column not in (audio, text)), None)
    rows = rows.cast_column(audio, Audio(decode=False))

    if isinstance(rows, IterableDataset):

        def unify(batch: dict) -> dict:
            paths = [value["path"] for value in batch[audio]]
            texts, speakers = batch[text], batch.get(speaker)
            return {"audio": batch[audio], **_small_columns(texts, speakers, batch.get(file, paths), name)}

        surplus = [column for column in features if column not in COLUMNS]
        return rows.map(unify, batched=True, remove_columns=surplus, features=COLUMNS)

    # the audio stays where it is, maybe gigabytes of it; only the small columns are made anew
    audio_column = rows.data.column(audio)
    paths = [
        path for chunk in audio_column.chunks for path in getattr(chunk, "storage", chunk).field("path").to_pylist()
    ]
    files = rows[file][:] if file else paths
    small = Dataset.from_dict(
        _small_columns(rows[text][:], rows[speaker][:] if speaker else None, files, name),
        features=Features({column: feature for column, feature in COLUMNS.items() if column != "audio"}),
    )
    small._fingerprint = datasets.fingerprint.Hasher.hash([rows._fingerprint, name, text, speaker, file])
    rows = rows.select_columns([audio])
    return datasets.concatenate_datasets(
        [rows.rename_column(audio, "audio") if audio != "audio" else rows, small], axis=1
    )


def _small_columns(texts: Sequence, speakers: Sequence | None, files: Sequence, name: str) -> dict[str, list[str]]:
    return {
        "text": [text or "" for text in texts],
        "speaker": [str(speaker) for speaker in speakers] if speakers is not None else [name] * len(texts),
        "dataset": [name] * len(texts),
        "file": [str(file or f"row {row}") for row, file in enumerate(files)],
    }
