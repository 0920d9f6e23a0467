"""Where a text can be cut: its paragraphs, its wrapped lines and its sentences."""

import re
from collections.abc import Iterator

from . import text_tables_gpt2tts as tables
from .text_tables_gpt2tts import MONTHS

_NEW_LINE = re.compile("\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]")
_HEADING = re.compile(r"\s*#{1,6}\s")
_ITEM = re.compile(r"\s*(?:[-*+\u2022\u2023\u25e6\u25aa]\s|\(?\w{1,3}[.)]\s|[>|])")
_WRAPPED_LENGTH = 50  # characters from which a line break wraps the text; after a shorter line it ends a phrase

PARAGRAPH_END = re.compile(r"\n[^\S\n]*(?:\n\s*)+")


def join_wrapped_lines(text: str) -> str:
    """The text with the lines joined that are one phrase: long ones, unless a list item, a heading or a blank follows."""
    pieces: list[str] = []
    previous = ""
    for line in _NEW_LINE.split(text):
        is_begun = bool(_HEADING.match(line) or _ITEM.match(line))
        goes_on = line.lstrip()[:1].islower() or not (_HEADING.match(previous) or _ITEM.match(previous))
        is_wrapped = len(previous.strip()) >= _WRAPPED_LENGTH and line.strip() and not is_begun and goes_on
        # a word is parted at its hyphen
        space = "" if re.search(r"[^\W\d_]-$", previous) and line[:1].islower() else " "
        pieces += [space if is_wrapped else "\n", line]
        previous = line
    return "".join(pieces[1:])


def find_paragraphs(text: str, max_length: int) -> Iterator[tuple[int, int]]:
    """
    Where the paragraphs of a text lie, each with the blank lines that end it.

    Args:
        text (`str`): Any text.
        max_length (`int`): Characters after which a paragraph is cut, at the last sentence end or space before.

    Yields:
        `tuple[int, int]`: Begin and end. Joined the slices are the text.
    """
    start = 0
    while start < len(text):
        match = PARAGRAPH_END.search(text, start, start + max_length)
        end = match.end() if match else min(start + max_length, len(text))
        if match is None and end < len(text):
            window = text[start:end]
            cuts = find_sentence_ends(window) or [found.end() for found in re.finditer(r"\s", window)]
            end = start + cuts[-1] if cuts else end
        yield start, end
        start = end


# after the marks, closing quotes (curly ones too) and brackets
_SENTENCE_END = re.compile("[.!?\u2026]+[\"'\u201d\u2019)\\]]*\\s+|\\n\\s*")
_TITLE = re.compile(rf"(?i:{'|'.join([*tables.TITLES, 'e.g', 'i.e', 'cf', 'viz', 'fig'])})|(?:[A-Z]\.)*[A-HJ-Z]")
_ABBREVIATION = re.compile(
    rf"(?i:{'|'.join(re.escape(word.rstrip('.')) for word in tables.ABBREVIATIONS)})|[A-Za-z](?:\.[A-Za-z])+"
    rf"|(?:{'|'.join(month[:3] for month in MONTHS)}|Sept)"
)


def find_sentence_ends(text: str) -> list[int]:
    """
    Where the sentences of a text end, behind the white space after them: at their marks and at new lines, but not at the
    full stops of titles, initials and abbreviations.
    """
    return [match.end() for match in _SENTENCE_END.finditer(text) if _ends_sentence(text, match)]


def _ends_sentence(text: str, match: re.Match) -> bool:
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    word = re.split(r"[^\w.]", text[max(0, match.start() - 20) : match.start()])[-1]
    following = text[match.end() : match.end() + 1]
    if _TITLE.fullmatch(word) or (word.lower() in tables.BEFORE_NUMBER and following.isdigit()):
        return False
    return not _ABBREVIATION.fullmatch(word) or following.isupper()
