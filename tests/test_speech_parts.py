# ruff: noqa: RUF001 - dashes and quotes are what is tested
"""A text as the parts that the model speaks in one go, and the pauses between them."""

import re

import pytest

from gpt2tts.markup import Span, parse_markup
from gpt2tts.speech_parts import (
    CLAUSE_PAUSE,
    MAX_PARAGRAPH,
    PARAGRAPH_PAUSE,
    SENTENCE_PAUSE,
    WORD_PAUSE,
    SpeechPart,
    SpeechRequest,
    plan_parts,
)


class Splitter:
    """A processor whose chunks are as they are marked: by `|`."""

    def __init__(self):
        self.asked: list[tuple] = []

    def split_text(self, text: str, *, normalize: bool | None, british: bool) -> list[str]:
        self.asked.append((text, normalize, british))
        if not re.search("[a-z]", text):
            raise ValueError(f"{text.strip()!r} is no text")
        return text.strip().split("|")


def plan(spans: list[Span] | str, splitter: Splitter | None = None, **settings) -> list[SpeechPart]:
    spans = [Span(spans)] if isinstance(spans, str) else spans
    request = SpeechRequest(spans, None, seed=0, british=settings.pop("british", False))
    return list(plan_parts(request, splitter or Splitter(), settings.pop("normalize", None)))


def test_parts_are_counted_and_the_last_is_marked():
    parts = plan([Span("one|two|"), Span("three"), Span("four|five")])
    assert [part.text for part in parts] == ["one", "two", "", "three", "four", "five"]
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5]
    assert [part.is_last for part in parts] == [False] * 5 + [True]
    progress = [part.progress for part in parts]
    assert progress == sorted(set(progress))
    assert progress[3] == pytest.approx(13 / 22)
    assert progress[-1] == 1


@pytest.mark.parametrize(
    ("chunk", "pause"),
    [
        *((f"so{mark}", SENTENCE_PAUSE) for mark in (".", "!", "?", "…", '."', ".'", ".)", ".]", ".’", ".”", '!")')),
        *((f"so{mark}", CLAUSE_PAUSE) for mark in (",", ";", ":", "-", "–", "—", ',"', ",”")),
        *((f"so{mark}", WORD_PAUSE) for mark in ("", '"', "%")),
    ],
)
def test_the_pause_follows_the_last_mark(chunk, pause):
    first, _ = plan(f"{chunk}|next.")
    assert first.pause == pause
    assert not first.is_told
    assert SENTENCE_PAUSE > CLAUSE_PAUSE > WORD_PAUSE


def test_paragraphs_end_with_a_longer_pause():
    parts = plan("one,|two,\n\nthree,|four,\n\n")
    assert [part.pause for part in parts] == [CLAUSE_PAUSE, PARAGRAPH_PAUSE] * 2
    assert PARAGRAPH_PAUSE > SENTENCE_PAUSE


def test_pauses_that_are_asked_for_take_the_place_of_others_and_add_up_before_the_text():
    first, second, third = plan(parse_markup("[pause 1s] ... [pause 2s] one,|two. [pause 3s] three."))
    assert [part.lead for part in (first, second, third)] == [3, 0, 0]
    (part,) = plan([Span("", pause=1.0), Span("***", pause=2.0), Span("one.")])
    assert part.lead == 3
    assert [(part.pause, part.is_told) for part in (first, second)] == [(CLAUSE_PAUSE, False), (3, True)]


def test_rate_and_pitch_are_those_of_the_span():
    parts = plan([Span("one|two", rate=0.8, pitch=2.0), Span("three")])
    assert [(part.rate, part.pitch) for part in parts] == [(0.8, 2), (0.8, 2), (1, 0)]


def test_long_paragraphs_are_read_in_pieces():
    splitter = Splitter()
    parts = plan("word " * 3000, splitter, normalize=False, british=True)
    assert len(parts) > 3
    assert all(len(text) <= MAX_PARAGRAPH <= 4000 for text, _, _ in splitter.asked)
    assert "".join(text for text, _, _ in splitter.asked).split() == ["word"] * 3000
    assert {asked[1:] for asked in splitter.asked} == {(False, True)}


def test_what_cannot_be_spoken_is_left_out_and_named_where_nothing_can(caplog):
    assert [part.text for part in plan("***\n\none.\n\n* *")] == ["one."]
    assert "A paragraph is left out: '***' is no text" in caplog.text
    with pytest.raises(ValueError, match=r"'\*\*\*\*\*' is no text"):
        plan("***\n\n*****\n\n**")
    with pytest.raises(ValueError, match="nothing that can be spoken"):
        plan(" \n\n ")
