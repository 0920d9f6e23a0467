"""
Loading of transcribed speech from the Hub and from local folders into one form.

Every loader gives the columns `audio` (`{"path", "bytes"}`, not decoded), `text`, `speaker`, `dataset` and `file`.
A speaker's name is global: the same name in two datasets is one voice.
"""

import fnmatch
import glob
import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import datasets
from datasets import Audio, ClassLabel, Dataset, Features, IterableDataset, Value
from transformers.utils import logging

from ..phonemes_gpt2tts import strip_pronunciations
from ..text_normalization_gpt2tts import normalize_english_text
from .hub import load_hub_dataset
from .transcripts import COLUMN_NAMES, Entry, read_transcripts

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
FILE_COLUMNS = ("file", "id", "path")
# pieces of a local dataset that is streamed, a multiple of most numbers of processes
MAX_STREAM_SHARDS = 64
# what may stand behind the `?` of a source
OPTIONS = ("config", "split", "revision", "audio", "file", "text", "speaker")
PLACES = ("config", "split", "revision")  # the options that name no column


@dataclass
class BadRow:
    """
    A row that cannot be trained on.

    Args:
        cause (`str`): One word for the kind of fault, such as `missing_file`.
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
    One dataset of a mix, on the command line `SOURCE[?OPTION=VALUE&...][:SPEAKER,...][=WEIGHT]`.

    Args:
        source (`str`):
            Hub id, local folder or table of a local folder.
        speakers (`tuple[str, ...]`, *optional*, defaults to `()`):
            Speakers to keep; none means all.
        weight (`float`, *optional*, defaults to 1.0):
            How often each row is drawn in an epoch: 1 once, 2 twice, 0.5 every second epoch on average.
        options (`Mapping[str, str]`, *optional*):
            `config` and `split` of a dataset with several, the `revision` of one of the Hub, and the names of its columns `audio`, `file`, `text` and
            `speaker` where they are others than usual.
    """

    source: str
    speakers: tuple[str, ...] = ()
    weight: float = 1.0
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, spec: "str | os.PathLike | DatasetSpec") -> "DatasetSpec":
        """
        Reads `SOURCE[?OPTION=VALUE&...][:SPEAKER,...][=WEIGHT]`. What exists under the whole of `spec` is taken as it is.
        """
        if isinstance(spec, cls):
            return spec
        spec = os.fspath(spec)
        if os.path.exists(spec):
            return cls(spec)
        source, weight, options = spec, 1.0, {}
        match = re.fullmatch(r"([^?]+)\?(\w+=[^&:=]+(?:&\w+=[^&:=]+)*)(.*)", spec)
        if match:
            source, options = match[1] + match[3], dict(pair.split("=") for pair in match[2].split("&"))
        unknown = sorted(set(options) - set(OPTIONS))
        if unknown or (not match and "?" in spec):
            raise ValueError(
                f"{spec!r} has {f'the option {unknown[0]!r}' if unknown else 'options that cannot be read'}: write "
                f"SOURCE?OPTION=VALUE&OPTION=VALUE with options out of {', '.join(OPTIONS)}."
            )
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
        if colon and not os.path.exists(source) and not re.search(r"[/\\]", names):
            source, speakers = head, tuple(name.strip() for name in names.split(",") if name.strip())
        return cls(source, speakers, weight, options)

    @property
    def name(self) -> str:
        """The folder's name, or the Hub id."""
        path = Path(self.source)
        path = path.parent if path.is_file() else path
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

    def head(self, num_rows: int) -> "SpeechDataset":
        """The first rows of a stream, as a whole dataset."""
        rows = Dataset.from_list(list(self.rows.take(num_rows)), features=COLUMNS)
        return SpeechDataset(self.name, rows, self.weight)


def load_speech_dataset(
    spec: str | os.PathLike | DatasetSpec,
    *,
    speakers: Sequence[str] | None = None,
    exclude_speakers: Sequence[str] = (),
    exclude_files: Sequence[str] = (),
    streaming: bool = False,
) -> SpeechDataset:
    """
    Loads transcribed speech: a dataset of the Hub, or a local folder in one of these forms, in the order tried:

    - what `datasets` saved with `save_to_disk`;
    - a table: `metadata.csv`, `.tsv`, `.jsonl` or `.parquet`, also named `metadata_SPLIT` or `SPLIT`, in the folder, in
      the folder of its split, or one in each of its folders (then speakers of no name have the folder's). With a header
      its columns may be in any order; without one it is `file|text`, `file|speaker|text`, `file|text|speaker` or
      LJSpeech's `id|text|normalised text`. Files are relative to the table, or in `wavs`, `wav`, `clips` or `audio`
      beside it, with or without their suffix;
    - clips with a text file of the same name beside them, in a folder for each speaker or in one; VCTK, LibriSpeech and LibriTTS
      as they are unpacked;
    - anything else that `datasets` can load.

    A dataset that names no speakers has one, with the name of the dataset.

    Args:
        spec (`str`, `os.PathLike` or [`DatasetSpec`]):
            The source, as text `SOURCE[?OPTION=VALUE&...][:SPEAKER,...][=WEIGHT]`, such as
            `my/set?config=en&text=raw_text:ann=0.5`. Of several splits `train` is loaded, unless it names another.
        speakers (`Sequence[str]`, *optional*):
            Speakers to keep, should the dataset have them. Those that `spec` names must be there.
        exclude_speakers (`Sequence[str]`, *optional*):
            Speakers to leave out.
        exclude_files (`Sequence[str]`, *optional*):
            Patterns (`fnmatch`) of file names without folder and suffix to leave out, such as `"LJ050-*"`.
        streaming (`bool`, *optional*, defaults to `False`):
            Whether to give an `IterableDataset` that reads rows as they are needed.

    Raises:
        `FileNotFoundError`: the source is a path with no folder, or neither a folder nor a dataset of the Hub.
        `ValueError`: the source cannot be understood, or none of its audio files is there.
    """
    spec = DatasetSpec.parse(spec)
    folder = Path(spec.source)
    missing: list[BadRow] = []
    split = spec.options.get("split", "train")
    columns = {kind: name for kind, name in spec.options.items() if kind not in PLACES}
    # not by the builder of `audiofolder`, which asks for torchcodec
    saved = load_saved(folder, split)
    found = None
    if saved is None and folder.exists():
        found = read_transcripts(folder, spec.name, split=split, columns=columns)
    if found is not None:
        rows, missing = _load_entries(*found, spec.name)
    elif saved is not None:
        rows = _unify_columns(saved, spec.name, columns)
    elif not folder.is_dir() and (folder.is_absolute() or spec.source.startswith(".") or spec.source.count("/") > 1):
        raise FileNotFoundError(
            f"There is no folder {spec.source!r}: pass a dataset folder or the id of a Hub dataset."
        )
    else:
        rows = _unify_columns(_load_by_library(spec, split, streaming), spec.name, columns)
    if streaming and isinstance(rows, Dataset):
        # in pieces, which are drawn in any order and dealt out to processes
        rows = rows.to_iterable_dataset(num_shards=min(len(rows), MAX_STREAM_SHARDS))

    def is_wanted(speaker: str, file: str) -> bool:
        is_named = (not spec.speakers or speaker in spec.speakers) and (speakers is None or speaker in speakers)
        is_excluded = any(fnmatch.fnmatchcase(Path(file).stem, pattern) for pattern in exclude_files)
        return is_named and not is_excluded and speaker not in exclude_speakers

    if isinstance(rows, IterableDataset):
        rows = rows.filter(is_wanted, input_columns=["speaker", "file"])
    else:
        names = rows["speaker"][:]
        check_speakers(spec, [*names, *(row.speaker for row in missing)])
        wanted = [row for row, pair in enumerate(zip(names, rows["file"][:], strict=True)) if is_wanted(*pair)]
        rows = rows if len(wanted) == len(rows) else rows.select(wanted)
    missing = [row for row in missing if is_wanted(row.speaker, row.file)]
    return SpeechDataset(spec.name, rows, spec.weight, missing)


def check_speakers(spec: DatasetSpec, names: Iterable[str]) -> None:
    """Raises a `ValueError` where `spec` names a speaker that is not among `names`, those of the dataset."""
    known = set(map(str, names))
    if unknown := sorted(set(spec.speakers) - known):
        raise ValueError(
            f"Dataset {spec.name!r} has no speaker {', '.join(unknown)}: its speakers are {', '.join(sorted(known)[:50])}."
        )


def spoken_text(text: str) -> str:
    """A transcript as features hold it: normalised, pronunciations that are given in it left out."""
    return normalize_english_text(strip_pronunciations(text))


def is_validation_text(text: str, share: float) -> bool:
    """
    Whether a text belongs to validation. It depends on nothing but the text's letters and digits, so that a sentence
    read by many speakers, in any dataset, is always on one side.

    Args:
        text (`str`): The transcript as [`spoken_text`] gives it: as written it would fall otherwise.
        share (`float`): Share of all texts that goes to validation, in [0, 1].
    """
    return _text_position(text) < share


def split_by_text(texts: Sequence[str], share: float) -> tuple[list[int], list[int], float]:
    """
    Splits rows into training and validation by [`is_validation_text`]: the one split of acoustic models and vocoders, so
    that a clip held back from one is held back from the other. Where the share is above 0 but no text falls under it (a
    small dataset), the text nearest to it is taken, as long as another remains for training.

    Args:
        texts (`Sequence[str]`): The transcripts as [`spoken_text`] gives them.
        share (`float`): Share of the texts that goes to validation, in [0, 1).

    Returns:
        `tuple[list[int], list[int], float]`: row indices of training and of validation, and the share as it came out.
    """
    if not 0 <= share < 1:
        raise ValueError(f"`validation_share` must be in [0, 1), got {share}.")
    positions = [_text_position(text) for text in texts]
    if share > 0 and len(set(positions)) > 1:
        share = max(share, min(positions) + 1e-12)
    training = [row for row, position in enumerate(positions) if position >= share]
    validation = [row for row, position in enumerate(positions) if position < share]
    return training, validation, share


def _text_position(text: str) -> float:
    letters = re.sub(r"[\W_]+", " ", text.casefold()).strip()
    digest = hashlib.sha256(f"0:{letters}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def load_saved(folder: Path, split: str) -> Dataset | None:
    """
    What `save_to_disk` wrote, if that is what the folder holds.

    Raises:
        ValueError: If it has several splits and not this one; names those that there are.
    """
    if (folder / "dataset_dict.json").is_file():
        parts = datasets.load_from_disk(str(folder))
        if split not in parts:
            raise ValueError(
                f"{folder} has the splits {', '.join(parts)}, and no {split!r}: name one of them, in a source as "
                f"{folder}?split={next(iter(parts))}."
            )
        return parts[split]
    is_dataset = (folder / "state.json").is_file() and (folder / "dataset_info.json").is_file()
    return datasets.load_from_disk(str(folder)) if is_dataset else None


def _load_by_library(spec: DatasetSpec, split: str, streaming: bool) -> Dataset | IterableDataset:
    chosen = {name: spec.options[name] for name in ("config", "revision") if name in spec.options}
    folder = Path(spec.source)
    try:
        return load_hub_dataset(spec.source, split=split, streaming=streaming, **chosen)
    except Exception as error:
        if folder.is_dir():
            names = sorted(path.name for path in folder.iterdir())
            listing = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
            if glob.has_magic(str(folder.resolve())):
                raise ValueError(
                    f"{folder} holds {listing or 'nothing'}, and its path has one of *, ? and [, which `datasets` takes for a "
                    "pattern: rename the folder."
                ) from error
            raise ValueError(
                f"{folder} holds {listing or 'nothing'}, and a metadata.csv with `file_name` and `text`, or a text file "
                f"beside each clip, is expected ({(str(error) or repr(error)).splitlines()[0]})."
            ) from error
        if isinstance(error, (datasets.exceptions.DatasetNotFoundError, ConnectionError)):
            raise FileNotFoundError(
                f"There is no folder {spec.source!r}, and as a dataset of the Hub it cannot be loaded ({error}): check the "
                "path or the id."
            ) from error
        if isinstance(error, ValueError) and ("onfig" in str(error) or "split" in str(error)):
            raise ValueError(
                f"{error} Name it as in {spec.source}?config=CONFIG&split=SPLIT, each where there are several."
            ) from error
        raise


def _load_entries(root: Path, entries: Sequence[Entry], name: str) -> tuple[Dataset, list[BadRow]]:
    columns: dict[str, list] = {column: [] for column in COLUMNS}
    missing = []
    digest = hashlib.sha256()
    root = root.resolve()
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
    if len(missing) == len(entries):
        raise ValueError(
            f"None of the {len(entries)} audio files of dataset {name!r} is there, the first one is expected at "
            f"{os.path.join(root, missing[0].file)}: put them there, or correct the names in the table."
        )
    rows = Dataset.from_dict(columns, features=COLUMNS)
    # a file that changes in place must change what is cached for it
    rows._fingerprint = digest.hexdigest()[:16]
    return rows, missing


def _unify_columns(
    rows: Dataset | IterableDataset, name: str, columns: Mapping[str, str]
) -> Dataset | IterableDataset:
    """Gives a dataset of the `datasets` library the columns of `COLUMNS`, its audio not decoded."""
    if rows.features is None:
        rows = rows._resolve_features()
    features = rows.features
    absent = [f"{kind}={column}" for kind, column in columns.items() if column not in features]
    audio = columns.get("audio") or next((c for c, feature in features.items() if isinstance(feature, Audio)), None)
    text = columns.get("text") or next((column for column in COLUMN_NAMES["text"] if column in features), None)
    if audio is None or text is None or absent:
        raise ValueError(
            f"Dataset {name!r} has the columns {sorted(features)}, and an audio column and a column of transcripts "
            f"({', '.join(COLUMN_NAMES['text'])}) are needed{f', not {absent}' if absent else ''}: name them as in "
            "SOURCE?audio=COLUMN&text=COLUMN."
        )
    speaker = columns.get("speaker") or next((c for c in COLUMN_NAMES["speaker"] if c in features), None)
    named = (column for column in FILE_COLUMNS if column in features and column not in (audio, text))
    file = columns.get("file") or next(named, None)
    rows = rows.cast_column(audio, Audio(decode=False))

    if isinstance(rows, IterableDataset):

        def unify(batch: dict) -> dict:
            paths = [value["path"] for value in batch[audio]]
            texts, speakers = batch[text], _class_names(batch.get(speaker), features.get(speaker))
            return {"audio": batch[audio], **_small_columns(texts, speakers, batch.get(file, paths), name)}

        surplus = [column for column in features if column not in COLUMNS]
        return rows.map(unify, batched=True, remove_columns=surplus, features=COLUMNS)

    # the audio stays where it is, maybe gigabytes of it; only the small columns are made anew
    audio_column = rows.data.column(audio)
    paths = [
        path for chunk in audio_column.chunks for path in getattr(chunk, "storage", chunk).field("path").to_pylist()
    ]
    files = rows[file][:] if file else paths
    speakers = _class_names(rows[speaker][:], features[speaker]) if speaker else None
    small = Dataset.from_dict(
        _small_columns(rows[text][:], speakers, files, name),
        features=Features({column: feature for column, feature in COLUMNS.items() if column != "audio"}),
    )
    small._fingerprint = datasets.fingerprint.Hasher.hash([rows._fingerprint, name, text, speaker, file])
    rows = rows.select_columns([audio])
    return datasets.concatenate_datasets(
        [rows.rename_column(audio, "audio") if audio != "audio" else rows, small], axis=1
    )


def _class_names(speakers: Sequence | None, feature: Any) -> Sequence | None:
    """Speakers by name where the dataset has them by number; none has the number -1."""
    if speakers is None or not isinstance(feature, ClassLabel):
        return speakers
    return [None if who in (None, -1) else feature.int2str(who) for who in speakers]


def _small_columns(texts: Sequence, speakers: Sequence | None, files: Sequence, name: str) -> dict[str, list[str]]:
    return {
        "text": [text or "" for text in texts],
        "speaker": [name if who in (None, "") else str(who) for who in speakers or [None] * len(texts)],
        "dataset": [name] * len(texts),
        "file": [str(file or f"row {row}") for row, file in enumerate(files)],
    }
