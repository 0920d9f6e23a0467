"""
Transcripts of a local folder: tables with or without a header, JSON lines, Parquet, or a text file beside each clip.
"""

import csv
import json
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet
from transformers.utils import logging

from ..files import list_files
from ..recordings import RECORDING_SUFFIXES, is_second_microphone

logger = logging.get_logger(__name__)

# folders beside a table whose clips it names without them
AUDIO_FOLDERS = ("wavs", "wav", "clips", "audio")
TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet")
DELIMITERS = ("|", "\t", ",", ";")
# of a transcript beside a clip, the best first
TEXT_SUFFIXES = (".normalized.txt", ".txt", ".lab")
CHAPTER_SUFFIX = ".trans.txt"  # LibriSpeech's, of all clips of a folder: lines `ID TEXT`
MICROPHONE = "_mic1"  # which VCTK's clips say, and not their texts
OTHER_SPLITS = {"train", "test", "validation", "valid", "val", "dev", "eval"}

# The first one present is taken: a transcript with numbers and abbreviations written out is the better target.
COLUMN_NAMES = {
    "file": ("file_name", "file", "filename", "audio_file", "audio_path", "audio", "path", "wav", "id"),
    "text": ("normalized_text", "text_normalized", "text", "transcription", "transcript", "sentence"),
    "speaker": ("speaker", "speaker_id", "speaker_name", "client_id"),
}


class Entry(NamedTuple):
    """
    One clip of a table.

    Args:
        file (`str`): Its audio file, relative to the folder of the dataset.
        speaker (`str`): Who speaks; empty if the table does not say.
        text (`str`): What is said.
    """

    file: str
    speaker: str
    text: str


def read_transcripts(
    folder: Path, name: str, *, split: str = "train", columns: Mapping[str, str] | None = None
) -> tuple[Path, list[Entry]] | None:
    """
    Reads what a folder holds of transcripts, in its folder named `split` where it has one.

    Args:
        folder (`Path`): The folder, or one table.
        name (`str`): Name of the dataset, the speaker where none is named.
        split (`str`, *optional*, defaults to `"train"`): Part to read where the folder has parts.
        columns (`Mapping[str, str]`, *optional*): Names of the columns `file`, `text` and `speaker` of a table.

    Returns:
        `tuple[Path, list[Entry]]`: the folder that files are relative to, and the clips; `None` if there is neither a
        table nor a text beside a clip.

    Raises:
        ValueError: If a table cannot be understood; says which line, and what is expected.
    """
    root, tables = _find_tables(folder, split)
    entries = []
    for table in tables:
        inner = table.parent.relative_to(root)
        # a folder for each speaker, each with a table
        speaker = inner.name if len(tables) > 1 and inner.name else name
        locate = _locator(table.parent)
        for file, who, text in _read_table(table, columns or {}):
            entries.append(Entry((inner / locate(file)).as_posix(), who or speaker, text))
        if not entries:
            raise ValueError(f"{table} has no rows.")
    if not tables:
        entries = _read_pairs(root, name)
    return (root, entries) if entries else None


def _find_tables(folder: Path, split: str) -> tuple[Path, list[Path]]:
    """The folder of the dataset and its tables."""
    if folder.is_file():
        return folder.parent, [folder]
    part = folder / split
    stems = ("metadata", f"metadata_{split}", split)
    for base in (folder, part):
        for stem in stems if base == folder else stems[:1]:
            for suffix in TABLE_SUFFIXES:
                # `train.parquet` holds the audio itself
                if (base / f"{stem}{suffix}").is_file() and (stem != split or suffix != ".parquet"):
                    return base, [base / f"{stem}{suffix}"]
    root = part if part.is_dir() else folder
    names = {f"metadata{suffix}" for suffix in TABLE_SUFFIXES}
    nested = [path for path in list_files(root) if path.name in names]
    return root, [path for path in nested if not _is_of_other_split(path.relative_to(root), split)]


def _is_of_other_split(path: Path, split: str) -> bool:
    return len(path.parts) > 1 and path.parts[0] in OTHER_SPLITS - {split}


def _read_table(table: Path, columns: Mapping[str, str]) -> list[Entry]:
    if table.suffix == ".parquet":
        return _pick_columns(pyarrow.parquet.read_table(table).to_pylist(), table, columns)
    lines = numbered_lines(read_text(table))
    if table.suffix == ".jsonl":
        return _pick_columns([_parse_json(line, number, table) for number, line in lines], table, columns)
    if not lines:
        return []
    delimiter = _header_delimiter(lines[0][1], columns)
    if delimiter is None:
        return _read_plain_table(lines, table)
    return _pick_columns(parse_rows(lines, delimiter, table, columns), table, columns)


def parse_rows(
    lines: Sequence[tuple[int, str]], delimiter: str, table: Path, columns: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """
    Rows by column of a table with a header.

    Args:
        lines (sequence of `(int, str)`): What [`numbered_lines`] gives, the header first.
        delimiter (`str`): What parts fields; in a table parted by commas or semicolons quoted ones may go over several lines.
        table (`Path`): Its name for errors.
        columns (`Mapping[str, str]`, *optional*): As of [`read_transcripts`].

    Raises:
        ValueError: If a row has another number of fields than the header, or a quote stays open; says which line.
    """
    if delimiter in ",;":
        return _parse_quoted(lines, delimiter, table, columns or {})
    header = _parse_line(lines[0][1], delimiter)
    rows = []
    for number, line in lines[1:]:
        fields = _parse_line(line, delimiter)
        _check_width(fields, header, number, line, table)
        rows.append(dict(zip(header, fields, strict=True)))
    return rows


def numbered_lines(content: str) -> list[tuple[int, str]]:
    """The lines of a text that are not blank, with their numbers in the file, from 1 on."""
    # `str.splitlines` would also split at characters that texts may hold
    return [(number, line) for number, line in enumerate(re.split(r"\r\n?|\n", content), 1) if line.strip()]


def read_text(path: Path) -> str:
    """
    Content of a UTF-8 file.

    Raises:
        ValueError: If it has another encoding; names the line and the remedy.
    """
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content:
        number = 1 if content[:2] in (b"\xff\xfe", b"\xfe\xff") else content[: content.index(b"\0")].count(b"\n") + 1
        raise ValueError(
            f"Line {number} of {path} is not UTF-8, it looks like UTF-16: convert the file, for instance with "
            "`iconv -f UTF-16 -t UTF-8`."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise ValueError(
            f"Line {number} of {path} is not UTF-8 (byte 0x{content[error.start]:02x}), maybe Latin-1: convert the file, "
            "for instance with `iconv -f LATIN1 -t UTF-8`."
        ) from None


def read_transcript(path: Path) -> str:
    """What is said by a text file of one clip: its content, or the labels of an Audacity label track."""
    text = read_text(path).strip()
    labels = [re.fullmatch(r"\d+[.,]\d+\t\d+[.,]\d+(?:\t(.*))?", line) for _, line in numbered_lines(text)]
    return " ".join(label[1] or "" for label in labels if label).strip() if all(labels) else text


def _read_chapter(path: Path) -> dict[Path, str]:
    """Texts of LibriSpeech by the path of their clip without its suffix, not in capitals throughout."""
    rows = (line.strip().split(maxsplit=1) for _, line in numbered_lines(read_text(path)))
    texts = {path.parent / row[0]: row[1] for row in rows if len(row) > 1}
    return {clip: re.sub(r"\bi\b", "I", text.capitalize()) if text.isupper() else text for clip, text in texts.items()}


def _parse_json(line: str, number: int, table: Path) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"Line {number} of {table} is no JSON ({error}): write one object a line.") from error
    if not isinstance(row, dict):
        raise ValueError(f"Line {number} of {table} is {line[:80]!r}, and a JSON object is expected.")
    return row


def _header_delimiter(line: str, columns: Mapping[str, str]) -> str | None:
    """The delimiter of a line that names columns; `None` if it names none."""
    best: tuple[int, str | None] = (0, None)
    for delimiter in DELIMITERS:
        fields = {field.casefold() for field in _parse_line(line, delimiter)}
        known = [
            bool(fields & {*COLUMN_NAMES[kind], columns.get(kind, "").casefold()} - {""}) for kind in COLUMN_NAMES
        ]
        # `file_name` says by itself that it is no clip; `id` or `path` may be the name of one
        telling = {"file_name", "file", "audio_file", *(name.casefold() for name in columns.values())}
        is_header = (known[0] and known[1]) or (len(fields) > 1 and fields & telling)
        if is_header and sum(known) > best[0]:
            best = (sum(known), delimiter)
    return best[1]


def _parse_line(line: str, delimiter: str) -> list[str]:
    """Fields of one line; a quote that stays open within it is a letter like others."""
    if not _is_balanced(line):
        return [field.strip() for field in line.split(delimiter)]
    return [field.strip() for field in next(csv.reader([line], delimiter=delimiter))]


def _is_balanced(text: str) -> bool:
    return text.count('"') % 2 == 0


def _parse_quoted(
    lines: Sequence[tuple[int, str]], delimiter: str, table: Path, columns: Mapping[str, str]
) -> list[dict[str, str]]:
    """Rows of a table whose fields may go over several lines between quotes."""
    reader = csv.reader((line + "\n" for _, line in lines), delimiter=delimiter)
    header = [field.strip() for field in next(reader)]
    file = _find_column("file", header, columns)
    rows, start = [], reader.line_num
    for fields in reader:
        number, line = lines[start]
        inside = lines[start + 1 : reader.line_num]
        swallowed = [row for row in inside if _looks_like_row(row[1], header, file, delimiter)]
        is_open = not _is_balanced("".join(text for _, text in lines[start : reader.line_num]))
        if swallowed or (inside and is_open):
            raise ValueError(
                f'Line {number} of {table} opens a quote (") that swallows the {len(inside)} lines below it: write the '
                'quote twice ("") inside a quoted field, or remove it.'
            )
        start = reader.line_num
        _check_width(fields, header, number, line, table)
        rows.append(dict(zip(header, (field.strip() for field in fields), strict=True)))
    return rows


def _looks_like_row(line: str, header: Sequence[str], file: str | None, delimiter: str) -> bool:
    fields = _parse_line(line, delimiter)
    if file is None or len(fields) < len(header):
        return False
    return Path(fields[header.index(file)]).suffix.lower() in RECORDING_SUFFIXES


def _check_width(fields: Sequence[str], header: Sequence[str], number: int, line: str, table: Path) -> None:
    if len(fields) != len(header):
        raise ValueError(
            f"Line {number} of {table} is {line[:80]!r} and has {len(fields)} columns, and the header has {len(header)}: "
            "write a text that holds the delimiter between quotes."
        )


def _find_column(kind: str, header: Sequence[str], columns: Mapping[str, str]) -> str | None:
    if kind in columns:
        return columns[kind] if columns[kind] in header else None
    lowered = {name.casefold(): name for name in reversed(header)}
    return next((lowered[name] for name in COLUMN_NAMES[kind] if name in lowered), None)


def _pick_columns(rows: list[dict[str, Any]], table: Path, columns: Mapping[str, str]) -> list[Entry]:
    """File, speaker and text of rows with named columns."""
    if not rows:
        return []
    header = list(rows[0])
    file, text, speaker = (_find_column(kind, header, columns) for kind in ("file", "text", "speaker"))
    absent = [f"{kind}={columns[kind]}" for kind in COLUMN_NAMES if kind in columns and columns[kind] not in header]
    if file is None or text is None or absent:
        raise ValueError(
            f"{table} has the columns {sorted(header)}, and `file_name` and a column of transcripts "
            f"({', '.join(COLUMN_NAMES['text'])}) are needed{f', not {absent}' if absent else ''}: rename them, or name "
            "them as in SOURCE?file=COLUMN&text=COLUMN."
        )
    return [
        Entry(_as_text(row.get(file)), _as_text(row.get(speaker)) if speaker else "", _as_text(row.get(text)))
        for row in rows
    ]


def _as_text(value: Any) -> str:
    """A cell of JSON or Parquet, in which a speaker may be the number 0."""
    return "" if value is None else str(value)


def _read_plain_table(lines: Sequence[tuple[int, str]], table: Path) -> list[Entry]:
    """Rows of `file|text`, `file|speaker|text`, `file|text|speaker` or LJSpeech's `id|text|normalised text`."""
    delimiter = next((mark for mark in ("|", "\t") if mark in lines[0][1]), "|")
    widths = {line.count(delimiter) + 1 for _, line in lines}
    if len(widths) == 1 and max(widths) > 3:
        raise ValueError(
            f"{table} has {max(widths)} columns and no header: begin it with a line of their names, such as "
            f"{delimiter.join(('file_name', 'text', 'speaker'))!r}."
        )
    rows = []
    for number, line in lines:
        parts = [part.strip() for part in line.split(delimiter, 2)]
        if len(parts) < 2:
            raise ValueError(
                f"Line {number} of {table} is {line[:80]!r}, and `file|speaker|text`, `file|text`, LJSpeech's "
                "`id|text|normalised text` or a header with `file_name` and `text` is expected."
            )
        rows.append(parts)
    middle, last = ([row[column] for row in rows if len(row) == 3] for column in (1, 2))
    if _are_speakers(middle, last):
        speaker, text = 1, 2
    elif _are_speakers(last, middle):
        speaker, text = 2, 1
    elif (table.parent / "wavs").is_dir():
        return [Entry(row[0], "", row[-1] or row[1]) for row in rows]
    else:
        speaker, text = 1, 2
    return [Entry(row[0], row[speaker], row[text]) if len(row) == 3 else Entry(row[0], "", row[1]) for row in rows]


def _are_speakers(names: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether a column holds names of speakers and not another spelling of the texts beside it."""
    if not names or any(len(name) > 40 or len(name.split()) > 3 for name in names):
        return False
    words = [[set(re.findall(r"\w+", cell.casefold())) for cell in pair] for pair in zip(names, texts, strict=True)]
    shared = sum(bool(name & text) for name, text in words)
    return shared <= 0.2 * len(names) and sum(map(len, texts)) > 1.5 * sum(map(len, names))


def _locator(folder: Path) -> Callable[[str], str]:
    """Function that gives the file of a clip that a table names, maybe without its suffix or the folder of audio."""
    suffixes = ("", *RECORDING_SUFFIXES, *map(str.upper, RECORDING_SUFFIXES))
    patterns = [(inner, suffix) for inner in ("", *AUDIO_FOLDERS) for suffix in suffixes]

    def locate(file: str) -> str:
        # as Windows and macOS write what has another spelling elsewhere
        spellings = (file, file.replace("\\", "/"), *(unicodedata.normalize(form, file) for form in ("NFC", "NFD")))
        for name in dict.fromkeys(spellings):
            for place, (inner, suffix) in enumerate(patterns):
                found = os.path.join(inner, name + suffix) if inner else name + suffix
                if os.path.isfile(folder / found):
                    if place:  # most clips are found like the last one
                        patterns.insert(0, patterns.pop(place))
                    return found
        is_name = (folder / "wavs").is_dir() and Path(file).suffix.lower() not in RECORDING_SUFFIXES
        return f"wavs/{file}.wav" if is_name else file

    return locate


def _read_pairs(root: Path, name: str) -> list[Entry]:
    """Clips with a text file of the same name, beside them or in another folder."""
    files = list_files(root)
    clips = [path for path in files if path.suffix.lower() in RECORDING_SUFFIXES and not is_second_microphone(path)]
    texts: dict[str, list[Path]] = defaultdict(list)
    chapters: dict[Path, str] = {}
    for path in files:
        if path.name.lower().endswith(CHAPTER_SUFFIX):
            chapters |= _read_chapter(path)
        suffix = next((suffix for suffix in TEXT_SUFFIXES if path.name.lower().endswith(suffix)), None)
        if suffix is not None:
            texts[unicodedata.normalize("NFC", path.name[: -len(suffix)]) + suffix].append(path)
    pairs = []
    for clip in clips:
        stem = unicodedata.normalize("NFC", clip.stem)
        stems = dict.fromkeys((stem, stem.removesuffix(MICROPHONE)))
        found = [texts[stem + suffix] for stem in stems for suffix in TEXT_SUFFIXES if stem + suffix in texts]
        beside = [path for paths in found for path in paths if path.parent == clip.parent]
        alone = [paths[0] for paths in found if len(paths) == 1]
        if beside or alone:
            pairs.append((clip.relative_to(root), read_transcript((beside + alone)[0])))
        elif (text := chapters.get(clip.with_suffix(""))) is not None:
            pairs.append((clip.relative_to(root), text))
    if pairs and len(pairs) < len(clips):
        logger.warning(
            f"{len(clips) - len(pairs)} of {len(clips)} clips in {root} have no transcript: there is no text beside them."
        )
    # speakers have a folder each, maybe below one that all clips share
    shared = len(Path(os.path.commonpath([clip.parent for clip, _ in pairs])).parts) if pairs else 0
    entries = []
    for clip, text in pairs:
        inner = clip.parent.parts[shared:]
        # LibriSpeech and LibriTTS name theirs in each clip, maybe below folders of parts
        libri = re.match(r"(\d+)[-_](\d+)[-_]", clip.name)
        is_libri = libri is not None and clip.parent.parts[-2:] == libri.groups()
        entries.append(Entry(clip.as_posix(), libri[1] if is_libri else inner[0] if inner else name, text))
    return entries
