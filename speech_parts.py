"""A text of any length as the parts that the model speaks in one go, with the pauses after them."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .markup import Span
from .text_sentences_gpt2tts import PARAGRAPH_END, find_paragraphs, join_wrapped_lines

logger = logging.getLogger(__name__)

MAX_PARAGRAPH = 4_000  # characters; longer ones are spoken in pieces, so that neither memory nor the first wait grows
PARAGRAPH_PAUSE, SENTENCE_PAUSE, CLAUSE_PAUSE, WORD_PAUSE = 0.6, 0.3, 0.15, 0.06  # seconds
SENTENCE_MARKS, CLAUSE_MARKS, CLOSING_MARKS = ".!?\u2026", ",;:-\u2013\u2014", "\"')]\u2019\u201d"


@dataclass(frozen=True, eq=False)
class SpeechRequest:
    """A text, the voice that speaks it (see [`~BaseSynthesizer.load_voice`]), its seed, and its accent."""

    spans: list[Span]
    latents: Any  # as the model takes them
    seed: int
    british: bool


@dataclass(frozen=True)
class SpeechPart:
    """A part of a text that the model speaks in one go."""

    request: SpeechRequest
    text: str
    number: int  # from 0
    pause: float  # seconds of silence after it, where another part follows
    progress: float  # share of the text up to its end
    is_last: bool = False
    is_told: bool = False  # the pause is asked for: speed leaves it as it is
    lead: float = 0.0  # seconds of silence before it
    rate: float = 1.0  # factor on the speed
    pitch: float = 0.0  # semitones on top of the pitch shift


def plan_parts(request: SpeechRequest, processor: Any, normalize: bool | None) -> Iterator[SpeechPart]:
    """
    The parts of a text, the last one marked.

    Raises:
        ValueError: If nothing of it can be spoken.
    """
    last: SpeechPart | None = None
    refused: list[tuple[int, ValueError]] = []
    for part in _split(request, processor, normalize, refused):
        if last is not None:
            yield last
        last = part
    if last is None:
        if refused:
            raise max(refused, key=lambda paragraph: paragraph[0])[1]  # what is wrong with the longest
        raise ValueError("`text` holds nothing that can be spoken.")
    yield replace(last, is_last=True)


def _split(
    request: SpeechRequest, processor: Any, normalize: bool | None, refused: list[tuple[int, ValueError]]
) -> Iterator[SpeechPart]:
    """The parts of a text. Adds what is left out to `refused`: the length of a paragraph and the reason."""
    total = sum(len(span.text) for span in request.spans)
    number, done, lead = 0, 0, 0.0
    for span in request.spans:
        last: SpeechPart | None = None
        for chunk, pause, length in _split_span(span.text, processor, normalize, request.british, refused):
            if last is not None:
                yield last
            progress = (done + length) / total
            last = SpeechPart(request, chunk, number, pause, progress, lead=lead, rate=span.rate, pitch=span.pitch)
            number, lead = number + 1, 0.0
        done += len(span.text)
        if last is None:
            lead += span.pause or 0.0
        else:
            yield last if span.pause is None else replace(last, pause=span.pause, is_told=True)


def _split_span(
    text: str, processor: Any, normalize: bool | None, british: bool, refused: list[tuple[int, ValueError]]
) -> Iterator[tuple[str, float, float]]:
    """What the model speaks in one go, the pause after it, and the length of the text up to its end."""
    for start, end in find_paragraphs(text, MAX_PARAGRAPH):
        paragraph = text[start:end]
        if not paragraph.strip():
            continue
        try:
            chunks = processor.split_text(join_wrapped_lines(paragraph), normalize=normalize, british=british)
        except ValueError as error:  # a row of asterisks in a book, for instance
            logger.warning(f"A paragraph is left out: {error}")
            refused.append((len(paragraph), error))
            continue
        for index, chunk in enumerate(chunks, start=1):
            ends_paragraph = index == len(chunks) and PARAGRAPH_END.search(paragraph) is not None
            pause = PARAGRAPH_PAUSE if ends_paragraph else _pause_after(chunk)
            yield chunk, pause, start + (end - start) * index / len(chunks)


def _pause_after(chunk: str) -> float:
    mark = chunk.rstrip(CLOSING_MARKS)[-1:]
    if mark in SENTENCE_MARKS:
        return SENTENCE_PAUSE
    return CLAUSE_PAUSE if mark in CLAUSE_MARKS else WORD_PAUSE
