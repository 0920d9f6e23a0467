"""
How the rules of [`text_normalization_gpt2tts`] are written, and what they ask of the text around a match. A rule is a
pattern and what is said in its place; the rules of one kind lie in one module, `text_*_rules_gpt2tts.py`.
"""

import functools
import re
from collections.abc import Callable, Iterable

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import spell_decimal, spell_digits, spell_integer, spell_number
from .text_tables_gpt2tts import ONES

# of so many groups that a number is found in a time that grows with the length of the text only
NUMBER = r"(\d{1,2}(?:,\d{2}){1,12},\d{3}|\d{1,3}(?:,\d{3}){1,12}(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
NOT_WITHIN = r"(?<![\w.,])"
AMOUNT = NOT_WITHIN + NUMBER
LINE_STOP = "\u2027"  # the full stop of a line that ends with an abbreviation
NUMBER_WORDS = "|".join([*ONES, *tables.TENS])

_FOLLOWING = re.compile(r"[\"')]*(?:\s*$|\s+[\"'(]*([A-Z][A-Za-z]*))")
_WORD_BEFORE = re.compile(r"([\w'-]+)[\s(\"]*$")
_WORD_AFTER = re.compile(r"[\s-]([\w']+)")
_SINCE = re.compile(r"(?i)\b(?:since|from|until|till|\d{4} to|in|by) at least $")
_YEARS = re.compile(r"(?i)\b(?:the|both) (?:1\d|20)\d\d (?:and|or) $")  # "the 2001 and 2011 censuses"
DETERMINERS = re.compile(r"(?i)\b(?:an?|the|his|her|its|my|your|our|their|this|that|each|every|another|one|per)$")


def text_before(match: re.Match, length: int = 300) -> str:
    """What stands before a match."""
    return match.string[max(0, match.start() - length) : match.start()]


def text_after(match: re.Match) -> str:
    """What stands behind a match, 30 characters of it."""
    return match.string[match.end() : match.end() + 30]


def word_before(match: re.Match) -> str:
    """The word before a match, "" where there is none."""
    found = _WORD_BEFORE.search(match.string, max(0, match.start() - 30), match.start())
    return found[1] if found else ""


def word_after(match: re.Match) -> str:
    """The word behind a match, "" where there is none."""
    found = _WORD_AFTER.match(match.string, match.end(), match.end() + 30)
    return found[1] if found else ""


def sentence_stop(match: re.Match, *, before_names: bool = True) -> str:
    """
    The full stop of an abbreviation, where it also ends the sentence. A capital begins one only in a word that is known to,
    unless no names stand behind the abbreviation.
    """
    following = _FOLLOWING.match(match.string, match.end(), match.end() + 40)
    if following is None:
        return ""
    word = following[1]
    is_end = word is None or word in tables.STARTERS
    if not before_names:
        is_end = is_end or (word[1:].islower() and not word.startswith(tables.NEVER_FIRST))
    return "." if is_end else ""


def written_stop(match: re.Match) -> str:
    """The full stop that a match ends with, where it also ends the sentence."""
    if not match[0].endswith("."):
        return ""
    if re.search("(?i)[^.][ap]m\\.$", match[0]):  # "5 PM. Next" but "5 p.m. Monday"
        return "."
    return sentence_stop(match, before_names=re.search("(?i)\\b[ap]\\.\\s?m\\.$", match[0]) is None)


def is_noun(word: str) -> bool:
    """Whether a word may be a noun: small letters, and none of the words that are known to be no nouns."""
    return word.isalpha() and word.islower() and word not in tables.NOT_NOUNS and not word.endswith(("ly", "ed"))


def is_attributive(match: re.Match, bare: bool = False) -> bool:
    """Whether an amount stands before its noun, "a 5 km run", and is singular; `bare` if without article, "9 mm film"."""
    before, noun = word_before(match), word_after(match)
    if noun in tables.MEASURED_NOUNS:
        return True
    is_bare_noun = (
        bare
        and (is_noun(noun) or re.fullmatch("[A-Z]{3,}", noun))
        and noun not in tables.DIMENSIONS
        and not noun.endswith(("s", "ing"))
    )
    if is_bare_noun and before.lower() not in tables.NOT_NOUNS:
        return True
    return (is_noun(noun) or (len(noun) > 1 and noun.isupper())) and bool(DETERMINERS.search(before))


def is_counted(match: re.Match) -> bool:
    """Whether a number that could be a year counts what follows, "1234 apples"."""
    before, noun = word_before(match).lower(), word_after(match)
    if _YEARS.search(text_before(match, 20)):
        return False
    if before in tables.COUNT_BEFORE and not _SINCE.search(text_before(match, 20)):
        return True
    plural = noun in tables.COUNTED or (noun.endswith("s") and is_noun(noun) and noun not in tables.NO_PLURALS)
    if noun in tables.COUNTED and noun != "species" and (before in ("a", "an") or before.title() in tables.MONTHS):
        return True  # "in May 1245 people came", but "the May 1953 floods"
    return plural and before not in tables.YEAR_BEFORE and not noun.endswith(("ss", "'s"))


def set_apart(match: re.Match, words: str) -> str:
    """Words in the place of a number, apart from letters beside it."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return (" " if before.isalnum() else "") + words + (" " if after.isalnum() else "")


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first; the first letter is looked at once for all words with it."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[:1], []).append(re.escape(word[1:]))
    parts = (
        re.escape(first) + (rest[0] if len(rest) == 1 else f"(?:{'|'.join(rest)})") for first, rest in rests.items()
    )
    return f"(?:{'|'.join(parts)})"


Replacement = str | Callable[[re.Match], str]
_READINGS: dict[str, Callable[[str], str]] = {
    "decimal": spell_decimal,
    "digits": spell_digits,
    "integer": spell_integer,
    "letters": " ".join,
    "oh": functools.partial(spell_digits, zero="oh"),
    "plain": spell_number,
}


class Rule:
    """
    A pattern and what is written in its place. It is compiled where a text first has a character that it needs: a sentence
    without digits needs less than a tenth of the rules.

    Args:
        pattern (`str`): A regular expression.
        replacement (`str` or `Callable`): As for `re.sub`.
    """

    def __init__(self, pattern: str, replacement: Replacement):
        self.pattern, self.replacement = pattern, replacement

    @functools.cached_property
    def regex(self) -> re.Pattern:
        """The pattern compiled."""
        return re.compile(self.pattern)

    def apply(self, text: str) -> str:
        """The text as the rule writes it."""
        return self.regex.sub(self.replacement, text)

    @functools.cached_property
    def needed(self) -> tuple[frozenset[str], ...]:
        """See [`needed_characters`]."""
        return needed_characters(self.pattern)


def apply_rules(rules: Iterable[Rule], text: str) -> str:
    """The text as the rules write it, one after the other."""
    characters = set(text)
    for rule in rules:
        if any(map(characters.isdisjoint, rule.needed)):
            continue
        written = rule.apply(text)
        if written != text:
            text, characters = written, set(written)
    return text


def make_rules(*rules: tuple[str, Replacement]) -> list[Rule]:
    """Rules of patterns and what is written: a function, or a text in which `{1:digits}` reads a group."""

    def replacement(written: Replacement) -> Replacement:
        if callable(written) or "{" not in written:
            return written
        return lambda m: re.sub(
            r"\{(\d):(\w+)\}", lambda part: _READINGS[part[2]](m[int(part[1])] or ""), m.expand(written)
        )

    return [Rule(pattern, replacement(written)) for pattern, written in rules]


# what stands for one character that is no digit, and for a part that may be missing
_CLASS = re.compile(r"\[\^?(?:\\.|[^\]\\])+\]|\\(?:u[0-9a-f]{4}|.)")
_OPTIONAL = re.compile(r"0(?:[*?]|\{0)")
_GROUP = re.compile(r"\((?:\?(<?!)|\?<?=|\?\w*:|\?P<\w+>)?([^()]*)\)")


# percent of English text, roughly, of what is not rare
_SHARES = dict(
    zip(
        " etaoinshrdlucmfwypvbgk",
        (18, 10, 7, 6, 6, 6, 6, 5, 5, 5, 3.5, 3, 2.5, 2, 2, 2, 2, 1.5, 1.5, 1, 1, 1, 0.5),
        strict=True,
    )
)
_SHARES |= {",": 1, ".": 1, "'": 0.3, "-": 0.3}
_LARGEST_RANGE = 256
_NEEDED = 3
# of what else is equal where the case is ignored
_SAME_LETTERS = {"i": "\u0130\u0131", "s": "\u017f", "k": "\u212a"}


def needed_characters(pattern: str) -> tuple[frozenset[str], ...]:
    """
    Sets of characters of each of which a text has one at least wherever the pattern is found in it: of what the pattern
    cannot do without, what is rarest in English. None where that cannot be told.
    """
    # what `re` itself reads patterns by; Python 3.10 has it elsewhere, and does without
    parser = getattr(re, "_parser", None)
    if parser is None:
        return ()
    tree = parser.parse(pattern)
    found = set(_needed(tree, bool(tree.state.flags & re.IGNORECASE)))
    return tuple(sorted(found, key=lambda characters: (_share(characters), sorted(characters)))[:_NEEDED])


def _share(characters: frozenset[str]) -> float:
    return sum(_SHARES.get(each, 0.02) for each in characters)


def _needed(tree: Iterable, ignores_case: bool) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    for operation, argument in tree:
        name = operation.name
        if name == "LITERAL":
            found.append(_in_any_case(chr(argument), ignores_case))
        elif name == "IN":
            found += _of_class(argument, ignores_case)
        elif name == "SUBPATTERN":
            _, added, removed, inner = argument
            found += _needed(inner, (ignores_case or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE)
        elif name == "BRANCH":
            parts = [_needed(part, ignores_case) for part in argument[1]]
            if all(parts):
                found.append(frozenset().union(*(min(part, key=_share) for part in parts)))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            found += _needed(argument[2], ignores_case) if argument[0] > 0 else []
        elif name == "ASSERT":
            found += _needed(argument[1], ignores_case)
        elif name == "ATOMIC_GROUP":
            found += _needed(argument, ignores_case)
    return found


def _in_any_case(character: str, ignores_case: bool) -> frozenset[str]:
    if not ignores_case:
        return frozenset(character)
    return frozenset((character, character.lower(), character.upper(), *_SAME_LETTERS.get(character.lower(), "")))


def _of_class(items: Iterable, ignores_case: bool) -> list[frozenset[str]]:
    characters: set[str] = set()
    for operation, argument in items:
        if operation.name == "LITERAL":
            characters |= _in_any_case(chr(argument), ignores_case)
        elif operation.name == "RANGE" and argument[1] - argument[0] < _LARGEST_RANGE:
            for place in range(argument[0], argument[1] + 1):
                characters |= _in_any_case(chr(place), ignores_case)
        else:  # what it is not, or a kind of characters
            return []
    return [frozenset(characters)]


def needs_digit(pattern: str) -> bool:
    """Whether a pattern is found in texts with a digit only: in each of its alternatives one has to be there."""

    def has_digit(alternatives: str) -> bool:
        return all("0" in _OPTIONAL.sub("", part) for part in alternatives.split("|"))

    pattern = _CLASS.sub(lambda m: "0" if m[0] == "\\d" or re.fullmatch(r"\[[\d-]+\]", m[0]) else "x", pattern)
    pattern = re.sub(r"(?<!\{)(?<!,)\d(?![\d,]*\})", "0", pattern)
    pattern = re.sub(r"\{[1-9]\d*(?:,\d*)?\}", "", pattern)
    while _GROUP.search(pattern):
        pattern = _GROUP.sub(lambda m: "0" if not m[1] and has_digit(m[2]) else "x", pattern)
    return has_digit(pattern)
