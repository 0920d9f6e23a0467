# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""
Marks in a text that say how it is spoken: `[pause 1.5s]`, and a part of SSML 1.1. They become [`Span`]s, which
[`Synthesizer`] speaks one after the other.
"""

import html
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from .phonemes_gpt2tts import check_phonemes
from .text_markup_rules_gpt2tts import COMMENT, TAG
from .text_tables_gpt2tts import ADDRESS_SYMBOLS, ONES

BREAKS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.2}  # seconds
RATES = {"x-slow": 0.6, "slow": 0.8, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.6}  # factors
PITCHES = {"x-low": -6.0, "low": -3.0, "medium": 0.0, "default": 0.0, "high": 3.0, "x-high": 6.0}  # semitones
MAX_PAUSE = 60.0  # seconds

UNDERSTOOD = (
    "[pause 1.5s], <speak>, <p>, <s>, <break time strength>, <sub alias>, <phoneme alphabet='ipa' ph>, "
    "<say-as interpret-as='characters|digits'>, <prosody rate pitch>"
)
# Elements of SSML that are refused. Those that HTML has too are refused within <speak> alone: text is full of them.
_REFUSED = frozenset(("desc", "emphasis", "lang", "lexicon", "lookup", "metadata", "token", "voice", "w"))
_ATTRIBUTES: dict[str, set[str]] = {
    "break": {"time", "strength"},
    "sub": {"alias"},
    "phoneme": {"alphabet", "ph"},
    "say-as": {"interpret-as"},
    "prosody": {"rate", "pitch"},
    "p": set(),
    "s": set(),
}

_MARK = re.compile(rf"(?P<tag>{TAG})|(?P<pause>\[pause(?:\s+[\d.+-][^\[\]\n]*)?\])")
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>=]+(?<!/))))?")
_TIME = re.compile(r"\+?(\d+(?:\.\d+)?|\.\d+)\s?(ms|s)")
_PERCENT = re.compile(r"([+-]?)(\d+(?:\.\d+)?)%")
_SEMITONES = re.compile(r"([+-]?\d+(?:\.\d+)?)\s?st")

# IPA that misaki's alphabet writes in one letter, or otherwise
_FROM_IPA = {
    "oʊ": "O", "əʊ": "Q", "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ", "ɚ": "əɹ", "ɝ": "ɜɹ",
    "iː": "i", "uː": "u", "e": "ɛ", "o": "ɔ", "r": "ɹ", "g": "ɡ", "ɫ": "l", "x": "k", "ʍ": "w", "ɵ": "ʊ", "ɨ": "ɪ",
    "'": "ˈ", ".": "", "|": "", "\u0361": "", "\u035c": "", "\u203f": "", "ʰ": "", "\u0329": "", "\u032f": "",
}  # fmt: skip
_IPA = re.compile("|".join(map(re.escape, sorted(_FROM_IPA, key=len, reverse=True))))


@dataclass(frozen=True)
class Span:
    """
    A part of a text that is spoken in one manner.

    Attributes:
        text (`str`): What is spoken; pronunciations stand in it as `[word](/phonemes/)`. Empty before a first pause.
        rate (`float`): Factor on the speed.
        pitch (`float`): Semitones by which the voice is higher.
        pause (`float`, *optional*): Seconds of silence after it. `None` leaves them to how the text ends.
    """

    text: str
    rate: float = 1.0
    pitch: float = 0.0
    pause: float | None = None


def parse_markup(text: str) -> list[Span]:
    """
    Reads the marks of a text. Tags that are no part of SSML are left in it: normalisation leaves them out of speech.

    Args:
        text (`str`): Plain text or SSML. `a < b` is text in either.

    Returns:
        `list[Span]`: In order. Text without marks is one span, unchanged.

    Raises:
        ValueError: For an element or attribute of SSML that is not understood, a value that cannot be used, and an
            element that is not closed or was not opened. The error names it, and what is understood.

    Example:

    ```python
    >>> parse_markup("Wait. [pause 1.5s] Now.")
    [Span(text='Wait. ', rate=1.0, pitch=0.0, pause=1.5), Span(text=' Now.', rate=1.0, pitch=0.0, pause=None)]
    ```
    """
    if "<" not in text and "[pause" not in text:
        return [Span(text)]
    return _Parser().parse(COMMENT.sub("", text))


class _Parser:
    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.written: list[str] = []  # pieces of the span that is being read
        # elements that must be closed, with the rate and pitch in them
        self.opened: list[tuple[str, float, float]] = []
        # what is made of the text within <sub>, <phoneme> or <say-as>, and the pieces before it
        self.rewrite: Callable[[str], str] | None = None
        self.outer: list[str] = []
        self.within_speak = False
        self.small = ""  # all of the text, in small letters

    @property
    def rate(self) -> float:
        return self.opened[-1][1] if self.opened else 1.0

    @property
    def pitch(self) -> float:
        return self.opened[-1][2] if self.opened else 0.0

    def parse(self, text: str) -> list[Span]:
        position = 0
        self.small = text.lower()
        for mark in _MARK.finditer(text):
            self.add(text[position : mark.start()])
            position = mark.end()
            if mark["pause"]:
                self.check_outside(mark["pause"])
                self.end_span(_seconds(mark["pause"][6:-1].strip() or "400ms", mark["pause"]))
            elif mark["close"]:
                self.close(mark["name"].lower(), mark["tag"])
            else:
                self.open(mark["name"].lower(), mark["attributes"], bool(mark["empty"]), mark["tag"])
        self.add(text[position:])
        if self.opened:
            raise ValueError(f"`text`: <{self.opened[-1][0]}> is not closed: add </{self.opened[-1][0]}>.")
        self.end_span()
        return self.spans

    def closes(self, name: str) -> bool:
        """Whether an element of that name is closed: `<token>` alone is a word to be filled in."""
        return f"</{name}>" in self.small

    def add(self, text: str) -> None:
        self.written.append(text)

    def check_outside(self, tag: str) -> None:
        """Refuses what stands within <sub>, <phoneme> or <say-as>, which hold words alone."""
        if self.rewrite is not None:
            raise ValueError(f"`text`: {tag} stands within another element that says how words are spoken: part them.")

    def end_span(self, pause: float | None = None) -> None:
        """Closes the span that was read; what has no letter or digit belongs to the one before."""
        text = "".join(self.written)
        self.written = []
        if any(map(str.isalnum, text)):
            self.spans.append(Span(text, self.rate, self.pitch, pause))
        elif not self.spans:
            if pause is not None:
                self.spans.append(Span("", pause=pause))
        else:
            last = self.spans[-1]
            # a pause given stands between the two
            tail = text if last.text and last.pause is None else ""
            both = None if last.pause is pause is None else min((last.pause or 0.0) + (pause or 0.0), MAX_PAUSE)
            self.spans[-1] = Span(last.text + tail, last.rate, last.pitch, both)

    def open(self, name: str, attributes: str, is_empty: bool, tag: str) -> None:
        values = {key.lower(): html.unescape("".join(value)) for key, *value in _ATTRIBUTE.findall(attributes)}
        if name == "speak":
            self.within_speak = True
            if not is_empty:
                self.opened.append((name, self.rate, self.pitch))
            return
        if name == "sub" and "alias" not in values and not self.within_speak:
            name = "sub of HTML"
        if name not in _ATTRIBUTES:
            if self.within_speak or (name in _REFUSED and (attributes or self.closes(name))) or ":" in name:
                raise ValueError(f"`text`: {tag} is not understood. Understood are {UNDERSTOOD}.")
            self.add(tag)
            return
        unknown = sorted(set(values) - _ATTRIBUTES[name])
        if unknown and (self.within_speak or name not in ("p", "s")):
            raise ValueError(
                f"`text`: the attribute {unknown[0]!r} of {tag} is not understood. Understood are {UNDERSTOOD}."
            )
        if name in ("p", "s"):
            self.end_sentence(name)
            return
        self.check_outside(tag)
        if name == "break":
            self.end_span(_break(values, tag))
        elif name == "prosody":
            if not is_empty:
                self.end_span()
                rate = self.rate * _rate(values.get("rate", "medium"), tag)
                self.opened.append((name, rate, self.pitch + _pitch(values.get("pitch", "medium"), tag)))
        else:
            if is_empty:
                raise ValueError(f"`text`: {tag} holds no word: write <{name} ...>word</{name}>.")
            self.rewrite = _rewriter(name, values, tag)
            self.opened.append((name, self.rate, self.pitch))
            self.outer, self.written = self.written, []

    def close(self, name: str, tag: str) -> None:
        if name in ("p", "s"):
            self.end_sentence(name)
            return
        if name == "break" or (name not in _ATTRIBUTES and name != "speak"):
            self.add(tag)
            return
        if not self.opened or self.opened[-1][0] != name:
            if name == "sub" and not self.within_speak:
                self.add(tag)
                return
            expected = f"</{self.opened[-1][0]}> is due" if self.opened else "nothing is open"
            raise ValueError(f"`text`: {tag} closes no element, {expected}.")
        if name == "prosody":
            self.end_span()
        elif self.rewrite is not None:
            self.written = [*self.outer, self.rewrite("".join(self.written))]
            self.rewrite = None
        self.opened.pop()

    def end_sentence(self, name: str) -> None:
        """The beginning or end of a paragraph or sentence: what was read so far ends with a mark."""
        spoken = "".join(self.written).rstrip()
        if spoken[-1:].isalnum():
            self.written = [spoken, "."]
        self.add("\n\n" if name == "p" else "\n")


def _seconds(written: str, mark: str) -> float:
    match = _TIME.fullmatch(written)
    seconds = float(match[1]) / (1000 if match[2] == "ms" else 1) if match else math.inf
    if seconds > MAX_PAUSE:
        raise ValueError(
            f"`text`: the time of {mark} is not understood: write [pause 1.5s] or <break time='500ms'/>, at most "
            f"{MAX_PAUSE:g} s."
        )
    return seconds


def _named(table: dict[str, float], written: str, name: str, tag: str, otherwise: str) -> float:
    if written not in table:
        raise ValueError(f"`text`: the {name} of {tag} must be {otherwise}one of {', '.join(table)}, got {written!r}.")
    return table[written]


def _break(values: dict[str, str], tag: str) -> float:
    if "time" in values:
        return _seconds(values["time"].strip(), tag)
    return _named(BREAKS, values.get("strength", "medium"), "strength", tag, "")


def _rate(written: str, tag: str) -> float:
    percent = _PERCENT.fullmatch(written)
    if percent:
        rate = float(percent[2]) / 100
        return {"": rate, "+": 1 + rate, "-": 1 - rate}[percent[1]]
    if re.fullmatch(r"\d+(\.\d+)?", written):
        return float(written)
    return _named(RATES, written, "rate", tag, "a factor such as 0.8 or 80%, or ")


def _pitch(written: str, tag: str) -> float:
    semitones, percent = _SEMITONES.fullmatch(written), _PERCENT.fullmatch(written)
    if semitones:
        return float(semitones[1])
    factor = 1 + float(percent[1] + percent[2]) / 100 if percent and percent[1] else 0.0
    if factor > 0:
        return 12 * math.log2(factor)
    return _named(PITCHES, written, "pitch", tag, "a change such as +2st or -10%, or ")


def _rewriter(name: str, values: dict[str, str], tag: str) -> Callable[[str], str]:
    """The function that writes the text within <sub>, <phoneme> or <say-as> as it is to be spoken."""
    for required in sorted({"sub": {"alias"}, "phoneme": {"ph"}, "say-as": {"interpret-as"}}[name] - set(values)):
        raise ValueError(f"`text`: {tag} needs the attribute {required!r}.")
    if name == "sub":
        return lambda _: values["alias"]
    if name == "say-as":
        readings = {"characters": _characters, "digits": _digits}
        reading = readings.get(values["interpret-as"])
        if reading is None:
            raise ValueError(f"`text`: 'interpret-as' of {tag} must be one of {', '.join(readings)}.")
        return reading
    if values.get("alphabet", "ipa") != "ipa":
        raise ValueError(f"`text`: 'alphabet' of {tag} must be 'ipa'.")
    phonemes = _IPA.sub(lambda match: _FROM_IPA[match[0]], values["ph"].strip().strip("/[]"))

    def pronounced(word: str) -> str:
        word = " ".join(re.sub(r"[\[\]()]", "", html.unescape(word)).split())
        if not any(map(str.isalnum, word)):
            raise ValueError(f"`text`: {tag} holds no word: write <phoneme ...>word</phoneme>.")
        return f"[{word}](/{check_phonemes(phonemes, 'text', word)}/)"

    return pronounced


def _characters(text: str) -> str:
    # a lone A would be the article
    names = {"A": "[A](/ˈA/)"} | {str(digit): ONES[digit] for digit in range(10)} | ADDRESS_SYMBOLS
    return " ".join(names.get(character, character) for character in html.unescape(text).upper() if character.strip())


def _digits(text: str) -> str:
    return " ".join(ONES[int(character)] if character in "0123456789" else character for character in text)


__all__ = ["Span", "parse_markup"]
