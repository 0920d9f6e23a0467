"""When each word is said, from the reading position, and subtitles of it."""

import html
import itertools
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .files import replace_file

SUBTITLE_FORMATS = (".srt", ".vtt", ".json")
LINE_CHARACTERS = 42  # of a subtitle, which has two lines at most


class Word(NamedTuple):
    """
    A spoken word.

    Attributes:
        text (`str`): The word, normalised.
        start, end (`float`): When it begins and ends, in seconds.
    """

    text: str
    start: float
    end: float


class Cue(NamedTuple):
    """
    What a subtitle shows at once.

    Attributes:
        text (`str`): A sentence or a few.
        words (`Sequence[Word]`): Its words; it is shown from the first to the last.
    """

    text: str
    words: Sequence[Word]


def word_times(
    pieces: Sequence[tuple[str, str]],
    token_offsets: Sequence[tuple[int, int]],
    text_positions: np.ndarray,
    group_seconds: float,
) -> list[Word]:
    """
    When each word of a text is spoken.

    Token `i` lies around the reading position `i`, half a token to either side, and each group of frames is at its
    position at its middle; between two groups the reading is taken to be even.

    Args:
        pieces (sequence of `(text, written)`):
            The words and what is between them, in order, and how the tokenizer was given each.
        token_offsets (sequence of `(start, end)`):
            Of each token, its characters in what the tokenizer was given; empty for those of the beginning and end.
        text_positions (`np.ndarray` of shape `(groups,)`): Place in the text that each group speaks, in tokens.
        group_seconds (`float`): Duration of a group.
    """
    starts = np.array([start for start, _ in token_offsets])
    is_text = np.array([end > start for start, end in token_offsets])
    middles = (np.arange(len(text_positions)) + 0.5) * group_seconds
    words, end = [], 0
    for text, written in pieces:
        start, end = end, end + len(written)
        tokens = np.flatnonzero(is_text & (starts >= start) & (starts < end))
        if len(tokens) and any(map(str.isalnum, text)):
            begins, ends = np.interp([tokens[0] - 0.5, tokens[-1] + 0.5], text_positions, middles)
            words.append(Word(text, float(begins), float(ends)))
    return words


def shift_words(words: Sequence[Word], seconds: float, duration: float = float("inf")) -> tuple[Word, ...]:
    """Words later by `seconds`, kept between 0 and `duration`."""
    return tuple(
        Word(text, min(max(start + seconds, 0.0), duration), min(max(end + seconds, 0.0), duration))
        for text, start, end in words
    )


def write_subtitles(path: str | Path, cues: Sequence[Cue]) -> None:
    """
    Writes subtitles: SubRip (`.srt`), WebVTT with the time of each word (`.vtt`), or JSON (`.json`): a list of
    `{"text", "start", "end", "words": [{"text", "start", "end"}]}`.

    Raises:
        ValueError: If the path ends otherwise.
    """
    suffix = Path(path).suffix.lower()
    cues = [cue for cue in cues if cue.words]
    if suffix == ".srt":
        blocks = [
            f"{number}\n{_clock(cue.words[0].start, ',')} --> {_clock(cue.words[-1].end, ',')}\n"
            f"{textwrap.fill(cue.text, LINE_CHARACTERS)}\n"
            for number, cue in enumerate(itertools.chain.from_iterable(map(_split_cue, cues)), start=1)
        ]
        content = "\n".join(blocks)
    elif suffix == ".vtt":
        blocks = ["WEBVTT\n"]
        for cue in itertools.chain.from_iterable(map(_split_cue, cues)):
            timed = "".join(
                f"<{_clock(word.start, '.')}>{html.escape(written, quote=False)}"
                for word, written in zip(cue.words, _written_words(cue), strict=True)
            ).rstrip()
            blocks.append(f"{_clock(cue.words[0].start, '.')} --> {_clock(cue.words[-1].end, '.')}\n{timed}\n")
        content = "\n".join(blocks)
    elif suffix == ".json":
        rows = [
            {
                "text": cue.text,
                "start": cue.words[0].start,
                "end": cue.words[-1].end,
                "words": [word._asdict() for word in cue.words],
            }
            for cue in cues
        ]
        content = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    else:
        raise ValueError(f"`path` must end in one of {', '.join(SUBTITLE_FORMATS)}, got {Path(path).name!r}.")
    with replace_file(path) as partial:
        partial.write_text(content, encoding="utf-8")


def _written_words(cue: Cue) -> list[str]:
    """The text of a cue cut before each of its words but the first."""
    starts, end = [], 0
    for word in cue.words:
        starts.append(max(cue.text.find(word.text, end), end))
        end = starts[-1] + len(word.text)
    return [cue.text[start:stop] for start, stop in itertools.pairwise([0, *starts[1:], len(cue.text)])]


def _fits(text: str) -> bool:
    """Whether a text takes two lines at most, cut between words."""
    return len(textwrap.wrap(text.strip(), LINE_CHARACTERS)) <= 2


def _split_cue(cue: Cue) -> Iterator[Cue]:
    """Cues of two lines at most, that end with a clause where they can."""
    text, rest = "", cue.text
    words: list[Word] = []
    for word, written in zip(cue.words, _written_words(cue), strict=True):
        is_clause = len(text) > LINE_CHARACTERS and re.search(r"[.!?;:,][\"')]*\s*$", text)
        if words and (not _fits(text + written) or (is_clause and not _fits(rest))):
            yield Cue(text.strip(), words)
            text, rest, words = "", rest[len(text) :], []
        text, words = text + written, [*words, word]
    yield Cue(text.strip(), words)


def _clock(seconds: float, mark: str) -> str:
    milliseconds = round(1000 * seconds)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}{mark}{milliseconds % 1000:03}"
