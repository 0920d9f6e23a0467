"""Roman numerals: "Chapter IV", "Henry VIII", "the XIX century", "(ii)"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import make_ordinal, number_to_words, ordinal_to_words, roman_value, spell_number
from .text_rules_gpt2tts import any_of, make_rules, text_after, text_before, word_before

_NUMBERED = any_of(f"{tables.NUMBERED}|{tables.NUMBERED.lower()}|{tables.NUMBERED.upper()}".split("|"))
_ROMAN_LETTERS = r"([IVX]+|[IVXLC]{2,}|[ivx]{2,})"
_AFTER_RULER = re.compile(
    r"'s\b|\s*(?:$|[.,;:!?)\"-])|\s(?:of|was|and|had|is|in|died|ruled|led|on \d|to|reigned|became|invaded|defeated)\b"
)


def _numbered(match: re.Match) -> str:
    keyword, space, numeral = match.groups()
    value = roman_value(numeral)
    # "the book I read", "the part I like"
    is_pronoun = numeral == "I" and (keyword[0].islower() or re.match(" (?!of)[a-z]", text_after(match)))
    if value is None or (is_pronoun and keyword not in tables.NEVER_BEFORE_I):
        return match[0]
    return f"{keyword}{space}{number_to_words(value)}"


def _ruler(match: re.Match) -> str:
    name, numeral = match.groups()
    value = roman_value(numeral)
    # "Elizabeth I was", but not "Mary I love"
    if value is None or (numeral == "I" and not _AFTER_RULER.match(match.string, match.end())):
        return match[0]
    return f"{name} the {ordinal_to_words(value).title()}"


def _roman_number(match: re.Match) -> str:
    value = roman_value(match[1])
    return match[0] if value is None else spell_number(str(value))


def _named_number(match: re.Match) -> str:
    """The numeral after a name: "Rocky IV", but not "an IV"."""
    name = word_before(match)
    return _roman_number(match) if name[:1].isupper() and name not in tables.STARTERS else match[0]


def _clause(match: re.Match) -> str:
    """The number of a clause, "(i) the price; (ii) the date", but not the variable of "(i)"."""
    is_listed = re.search(r"\((?:ii|two|four)\)", match.string)
    is_clause = is_listed or (
        len(match[1]) > 1 and re.search(r"(?:^|[,;:.]|\b(?:and|or|clause|section)) ?$", text_before(match, 12))
    )
    return f"({_roman_number(match)})" if is_clause else match[0]


ROMAN_RULES = make_rules(
    (r"(?<=\b[Gg]rade )I(?=[ -]listed\b)", "one"),
    (r"\bC(1\d|2[01])th\b", lambda m: f"{ordinal_to_words(int(m[1]))} century"),
    (
        r"\b(pages?) ([ivxl]{2,})\b",
        lambda m: f"{m[1]} {spell_number(str(roman_value(m[2])))}" if roman_value(m[2]) else m[0],
    ),
    (r"\bI\.\s([A-Z])\.(?=\s[A-Z][a-z])", r"I \1"),
    (rf"\b({_NUMBERED})(\s){_ROMAN_LETTERS}\b(?!\s[A-Z]\b|\.[A-Z])", _numbered),
    (
        rf"\b((?:{tables.RULERS}|Robert|Thomas|Walter|Samuel|Frank|Harry(?! Potter V)|Arthur|Howard|(?<!Burger )King(?! (?:Kong|Size|Street|Lear)\b)|Queen(?! Street\b)|Pope|Emperor(?! Penguin\b)|Sultan)\s"
        r"(?:[A-Z]\.\s|[A-Z][a-z]+\s)?[A-Z][a-z]+)\s(III?|IV|VI{1,3}|IX)\b",
        _ruler,
    ),
    # the full stop in "George III. was" is an old spelling
    (rf"\b({tables.RULERS})\s(?:the\s)?([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])(?:\.(?=,|\s[a-z]|'s))?", _ruler),
    # of a play, "KING HENRY VIII"
    (rf"(?<=\b(?:KING|POPE) )({tables.RULERS.upper()})\s(I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,3}}|XIV|XVI?)\b", _ruler),
    (
        r"(?<=[Tt]he )([XVI]+)(?= (?:Olympi(?:ad|cs?)|Paralympi|Winter Olymp|Summer Olymp|Asian Games|Commonwealth Games|(?:Airborne |Army )?Corps|Congress|Dynasty)\w*)",
        lambda m: make_ordinal(_roman_number(m)) if roman_value(m[1]) else m[0],
    ),
    (
        r"\b([XVI]{2,5})(?:(?:th|st)?(?=\s[Cc]entur)|(?:st|nd|rd|th)\b)",
        lambda m: make_ordinal(_roman_number(m)) if roman_value(m[1]) else m[0],
    ),
    (
        r"\bI\s?[-\u2013]\s?(III?|IV|VI{1,3}|IX)\b(?![-\u2013])",
        lambda m: f"one to {_roman_number(m)}",
    ),
    (r"\bI(?=(?:,| and| to)\s?II\b)", "one"),
    (r"(?<=[A-Za-z][A-Za-z]\s)(?=[IVX]*(?:II|IV|VI|IX|XI|XV))([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])", _named_number),
    (r"\b(M[MDCLXVI]{3,}|[DCLXVI]{5,}|[XVI]{4,}|XL[IVX]{1,4}|III?|VII|XII|XIV|XVI|XXI)\b", _roman_number),
    (
        r"(?<!\w)(?<!\b[a-z] )\((i|i{2,3}|iv|v|vi{1,3}|ix|x)\)",
        _clause,
    ),
)
