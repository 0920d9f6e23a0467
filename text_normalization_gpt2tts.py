r"""
English text as written to English text as spoken, by rules and without a dictionary; the words are in
[`text_tables_gpt2tts`].

The result holds letters, spaces, apostrophes, hyphens and the marks `. , ; : ! ? ... " ( )`: digits, symbols and
abbreviations are spelt out, accents are folded to ASCII. The conventions are American: "one hundred five" without
"and", month before day in `3/4/2026`, kilometers. Initialisms are letters with spaces between them, "F B I".
"""

import functools
import html
import itertools
import logging
import re
import unicodedata
from collections import Counter

from . import text_tables_gpt2tts as tables
from .text_abbreviation_rules_gpt2tts import ABBREVIATION_RULES
from .text_address_rules_gpt2tts import ADDRESS_RULES
from .text_amount_rules_gpt2tts import AMOUNT_RULES
from .text_citation_rules_gpt2tts import CITATION_RULES
from .text_code_rules_gpt2tts import CODE_RULES
from .text_date_rules_gpt2tts import DATE_RULES
from .text_letter_rules_gpt2tts import LETTER_RULES
from .text_markup_rules_gpt2tts import MARKUP_RULES
from .text_math_rules_gpt2tts import MATH_RULES, read_tex
from .text_money_rules_gpt2tts import MONEY_RULES
from .text_number_rules_gpt2tts import NUMBER_RULES
from .text_numbers_gpt2tts import roman_value
from .text_pair_rules_gpt2tts import PAIR_RULES
from .text_place_rules_gpt2tts import PLACE_RULES
from .text_roman_rules_gpt2tts import ROMAN_RULES
from .text_rules_gpt2tts import LINE_STOP, Rule, any_of, apply_rules, make_rules, needs_digit
from .text_sentences_gpt2tts import join_wrapped_lines
from .text_symbol_rules_gpt2tts import PUNCTUATION_RULES, SYMBOL_RULES
from .text_tables_gpt2tts import COMPARISONS, CURRENCIES

logger = logging.getLogger(__name__)


# --- characters -------------------------------------------------------------------------------------------------------

_CHARACTERS = str.maketrans(tables.CHARACTERS)
_PUNCTUATION = set(".,;:!?'\"()-\u2013\u2014&@#+=%\u00b0/*<>~_\\|^?\u00d7" + LINE_STOP) | set(COMPARISONS)
_PUNCTUATION |= {symbol for symbol in CURRENCIES if len(symbol) == 1} | {"\u00a2"}
# [word](/phonemes/), with the ending 's or without
PRONUNCIATION = re.compile(r"\[([^\[\]]+)\]\(/([^()]*?)/\)('[sS]\b)?")
_HIDDEN = "\ua48c"  # stands for an inline pronunciation: a letter that is in no English text
_FIRST_NUMBER = 0xF0000  # before it a character for private use tells which, until the markup is left out

_OTHER_WORD = re.compile(r"(?:(?![a-zA-Z0-9_\ua48c\s])[\w\u0300-\u036f])+")


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _PUNCTUATION:
        return character
    if category in ("Mn", "Me", "Cf", "Sk"):
        return ""
    if category[0] == "N":
        value = unicodedata.numeric(character, 0.5)
        return str(int(value)) if category == "Nd" else f" {int(value)} " if value.is_integer() else " "
    return character if character.isalnum() or category[0] == "M" else " "


def _fold(text: str) -> str:
    """Accents, ligatures and typographic marks to ASCII; symbols without a reading to spaces."""
    # "2" before a one-character half is two and a half, not 21/2
    text = re.sub("(?<=[0-9])(?=[\u00bc-\u00be\u2150-\u215e])", " ", text)
    text = re.sub(
        r"(?<=[\w)|\]])\s\u2212\s(?=[\w(|\u221a])|(?<=[A-Za-z)])\u2212(?=[\w(])|(?<=[\w)])\u2212(?=[A-Za-z(\u0370-\u03ff])",
        " minus ",
        text,
    )
    # charges of ions, mass numbers
    text = re.sub(
        r"(?<![A-Za-z])([A-Z])([a-z])(?=[\u00b2\u00b3\u2074]?[\u207a\u207b])", lambda m: f"{m[1]} {m[2].upper()}", text
    )
    text = re.sub(
        r"(?<=[A-Za-z)\d\u2080-\u2089])([\u00b2\u00b3\u2074]?)([\u207a\u207b])(?![\u2070\u00b9\u00b2\u00b3\u2074-\u2079])",
        lambda m: f" {unicodedata.normalize('NFKD', m[1])} {'plus' if m[2] == chr(0x207A) else 'minus'} ",
        text,
    )
    text = re.sub(
        r"(?<!\S)[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+(?=[A-Z][a-z]?\b)",
        lambda m: unicodedata.normalize("NFKD", m[0]) + "-",
        text,
    )
    text = re.sub(r"(?<=\d)\s?\u00c5(?!\w)", " angstroms", text)
    text = re.sub(r"\s[\u00b7\u2022]\s", ", ", text)
    text = re.sub("[\u207a\u207b]?[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u207f]+", r"^\g<0>", text)
    text = re.sub(r"(?<=[0-9])\s?([kmM]?)[\u03a9\u2126]", r" \1ohm", text).translate(_CHARACTERS)
    text = unicodedata.normalize("NFKD", text).replace("\u2044", "/").translate(_CHARACTERS)
    return unicodedata.normalize("NFC", "".join(map(_fold_character, text)))


def _script(character: str) -> str:
    name = unicodedata.name(character, "UNKNOWN").split(" ")[0].split("-")[0]
    return tables.SCRIPTS.get(name, name.title())


def _greek_letter(match: re.Match) -> str:
    return f" {unicodedata.name(match[0]).split(' WITH ')[0].split()[-1].lower().replace('lamda', 'lambda')} "


def _only_latin(text: str) -> str:
    """Leaves out words in other scripts with a warning; refuses a text that is mostly not English."""
    text = re.sub("(?<![\u0370-\u03ff])[\u0391-\u03c9\u03d1\u03d5](?![\u0370-\u03ff])", _greek_letter, text)
    others = Counter(map(_script, "".join(_OTHER_WORD.findall(text))))
    del others["Latin"], others["Modifier"], others["Micro"]
    if sum(others.values()) >= max(1, sum(character.isascii() and character.isalpha() for character in text)):
        script = others.most_common(1)[0][0]
        raise ValueError(f"`text` has to be English, but most of its letters are {script}: {text.strip()[:40]!r}")

    def leave_out(match: re.Match) -> str:
        script = _script(match[0][0])
        if script not in others:
            return match[0]
        logger.warning(f"{match[0]!r} is left out: its letters are {script}, and only English is read")
        return " "

    return _OTHER_WORD.sub(leave_out, text)


# --- markup and lines -------------------------------------------------------------------------------------------------


def _unescape(match: re.Match) -> str:
    return html.unescape(match[0]).replace(_HIDDEN, " ")


_LINE_END = re.compile(r"[.,;:!?\u2026\u2014\u2013-][\"'\u201d\u2019)\]*_]*$")
_OPTION = re.compile(r"^\(?([A-Ha-h])[.)]\s+(?=\w)")  # "A. Paris", "b) London"
_ROMAN_ITEM = re.compile(r"^\(?([IVX]{1,5}|[ivx]{1,5})[.)]\s+(?=\w)")
# an abbreviation at the end of a line, whose full stop would be taken away: "123 Main St."
_ABBREVIATED = re.compile(
    rf"(?<![A-Za-z.])(?:{any_of([*tables.UNITS, *tables.MONTH_ABBREVIATIONS, *tables.STATE_ABBREVIATIONS, 'Dr', 'St'])}\."
    rf"|{any_of(tables.ABBREVIATIONS.keys() - tables.NEVER_LAST)}|[ap]\.m\.|(?:[A-Z]\.){{2,}})$"
)
# "IV. The End", "I. A SCANDAL IN BOHEMIA", "II."
_ROMAN_HEADING = re.compile(rf"^[^\w\"'(]*([IVX]{{1,6}})\s?\.(?=$|\s+[A-Z{_HIDDEN}])")


def _heading_number(match: re.Match) -> str:
    rest = match.string[match.end() :].strip()
    is_title = re.match(r"(?:The|An?|In|Of|On) [A-Z]", rest) or (rest.isupper() and not re.match(r"[B-Z]\b", rest))
    is_number = len(match[1]) > 1 or not rest or is_title  # but not "I. S A T"
    value = roman_value(match[1]) if is_number and len(rest) < 80 else None
    return f"{value}." if value else match[0]


def _lines(text: str) -> str:
    """Lines as one, each the end of a phrase."""
    text = text.replace(LINE_STOP, "")  # of a dictionary, "dic\u2027tion\u2027ar\u2027y"
    lines = [line for line in map(str.strip, text.split("\n")) if any(map(str.isalnum, line))]
    options = {option[1].upper() for option in map(_OPTION.match, lines) if option}
    if {"A", "B"} <= options:
        lines = [_OPTION.sub(lambda m: f"{m[1].upper()}: ", line) for line in lines]
    values = {item[1]: roman_value(item[1]) for item in map(_ROMAN_ITEM.match, lines) if item}
    if {1, 2} <= set(values.values()):
        lines = [_ROMAN_ITEM.sub(lambda m: f"{values[m[1]]}. " if values[m[1]] else m[0], line) for line in lines]
    lines = [re.sub(r"^([IVX]{1,6})$", r"\1.", line) for line in lines[:-1]] + lines[-1:]
    lines = [_ROMAN_HEADING.sub(_heading_number, line) for line in lines]
    ended = [
        line + LINE_STOP if _ABBREVIATED.search(line) else line if _LINE_END.search(line) else line + "."
        for line in lines[:-1]
    ]
    return " ".join(ended + lines[-1:]) if lines else text


# --- rules ------------------------------------------------------------------------------------------------------------

# in the order in which they are applied
_RULES = [
    *ADDRESS_RULES,
    *make_rules((r"\s+", " ")),  # those below know single spaces
    *PLACE_RULES,
    *CITATION_RULES,
    *CODE_RULES,
    *ABBREVIATION_RULES,
    *ROMAN_RULES,
    *PAIR_RULES,
    *DATE_RULES,
    *MATH_RULES,
    *MONEY_RULES,
    *AMOUNT_RULES,
    *NUMBER_RULES,
    *SYMBOL_RULES,
    *LETTER_RULES,
    *PUNCTUATION_RULES,
]


@functools.cache
def _rules_without_digits() -> list[Rule]:
    """The rules for a text that has no digit: no rule writes one."""
    return [rule for rule in _RULES if not needs_digit(rule.pattern)]


_DIGIT = re.compile(r"\d")

_MAX_PASSES = 8  # what one rule writes may complete the pattern of an earlier one; real text settles in two passes


def normalize_english_text(text: str) -> str:
    r"""
    Spells out English text as it is spoken: numbers, ordinals, money, years, dates, times, percentages, fractions,
    units, common abbreviations, Roman numerals after words like "Chapter" and after rulers' names, formulas, symbols,
    telephone numbers, addresses and paths. Accents are folded to ASCII, curly quotes become straight, dashes commas;
    of Markdown and HTML only the text is read. A line that ends without a mark ends with a full stop, unless it is long
    and the next one goes on, see [`join_wrapped_lines`].

    Initialisms are spelt letter by letter ("BBC" is "B B C", "U.S." "U S"); those that can be said stay words ("NASA").
    Pronunciations given in the text, `[word](/phonemes/)`, stay as they are.

    Args:
        text (`str`): Any string.

    Returns:
        `str`: The text as spoken, without digits. It has a letter if `text`, markup left out, has a letter or digit;
        normalising it again changes nothing.

    Raises:
        ValueError: If most letters of the text belong to another script; the error names it. A few words in another
            script are left out with a warning.

    Example:

    ```python
    >>> normalize_english_text("Dr. Smith paid $3.50 on May 5, 1905.")
    'Doctor Smith paid three dollars and fifty cents on May fifth, nineteen oh five.'
    ```
    """
    text = read_tex(text.replace(_HIDDEN, " "))
    given = [match[0] for match in PRONUNCIATION.finditer(text)]
    numbers = itertools.count(_FIRST_NUMBER)
    spoken = join_wrapped_lines(PRONUNCIATION.sub(lambda _: chr(next(numbers)) + _HIDDEN, text))
    spoken = re.sub(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,10});", _unescape, spoken)
    spoken = apply_rules(MARKUP_RULES, spoken)
    left = iter([given[ord(number) - _FIRST_NUMBER] for number in re.findall(f"(.){_HIDDEN}", spoken)])
    written = spoken = re.sub(f".{_HIDDEN}", _HIDDEN, spoken)
    spoken = _only_latin(_fold(_lines(spoken)))
    # numbers that long take a time that grows with the square of their length
    spoken = re.sub(r"\d{41,}", lambda m: " ".join(m[0]), spoken)
    for _ in range(_MAX_PASSES):
        previous = spoken
        spoken = apply_rules(_RULES if _DIGIT.search(spoken) else _rules_without_digits(), spoken)
        if spoken == previous:
            break
    if not any(map(str.isalnum, spoken)):
        # of a fence that is the whole text what is given in it
        spoken = " ".join(written.split() if any(map(str.isalnum, written)) else given) or spoken
    return re.sub(_HIDDEN, lambda _: next(left), spoken)


def find_letters_a(text: str) -> list[int]:
    """
    Where a capital A in normalised text is the letter and not the article: "A M", "U S A", "grade A beef", "plan A.".

    Args:
        text (`str`): What [`normalize_english_text`] returned.

    Returns:
        `list[int]`: The positions of these letters, for a front-end that has to be told how they are pronounced.
    """
    positions = []
    for match in re.finditer(r"\bA\b(?!')", text):
        before, following = text[: match.start()], re.match(r"[ -]([A-Za-z]+)", text[match.end() :])
        is_first = re.search(r"(?:^|[.!?:])[\s\"'(]*$", before) is not None
        is_in_letters = re.search(r"\b[B-Z] $", before) or (following and re.fullmatch("[A-Z]", following[1]))
        is_label = text.startswith(":", match.end())
        if is_in_letters or is_label or (not is_first and (following is None or following[1].islower())):
            positions.append(match.start())
    return positions


__all__ = ["PRONUNCIATION", "find_letters_a", "normalize_english_text"]
