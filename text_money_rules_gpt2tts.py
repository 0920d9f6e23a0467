"""Money: "$3.50", "\u20ac5-10 million", "\u00a3500 pw", "1.234,50 EUR"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import number_to_words, spell_count, spell_decimal, spell_integer
from .text_rules_gpt2tts import (
    AMOUNT,
    DETERMINERS,
    NOT_WITHIN,
    NUMBER,
    any_of,
    is_attributive,
    make_rules,
    sentence_stop,
    word_before,
    written_stop,
)
from .text_tables_gpt2tts import CURRENCIES, UNITS

_EURO = r"(?!0\.)(?:\d{1,3}(?:\.\d{3})+(?:,\d\d)?|\d+,\d\d)"
_DECIMAL_DOLLARS = r"(?!\d+\.\d{3}\b(?!,\d\d|\.\d))"  # "$3.459 a gallon"
_SCALE = r"(?i:[\s-]?(hundred|thousand|million|billion|trillion|lakh|crore|mln|bln|k|m[mn]?|bn?|tn?)\b)?"
CURRENCY_SIGNS = sorted((name for name in CURRENCIES if not name.isalpha() or name == "Rs"), key=len, reverse=True)
CURRENCY_SIGN = any_of(CURRENCY_SIGNS)
_CURRENCY_CODE = any_of(name for name in CURRENCIES if name.isalpha())
_ANY_CURRENCY = rf"(?:{CURRENCY_SIGN}|{_CURRENCY_CODE}\b)"


def spell_scale(word: str | None) -> str:
    """The word of a scale behind a number: "bn" is " billion", None nothing."""
    return f" {tables.SCALE_LETTERS.get(word.lower(), word.lower())}" if word else ""


def _money(amount: str, symbol: str, scale: str | None, singular: bool) -> str:
    one, several, cent, cents = CURRENCIES[symbol]
    whole, _, places = amount.replace(",", "").partition(".")
    if scale or len(places) not in (0, 2) or not cent:
        return f"{spell_decimal(amount)}{spell_scale(scale)} {one if singular else several}"
    parts = []
    if whole.strip("0") or not places.strip("0"):
        parts.append(f"{spell_integer(whole or '0')} {one if whole == '1' or singular else several}")
    if places.strip("0"):
        parts.append(f"{number_to_words(int(places))} {cent if places == '01' or singular else cents}")
    return " and ".join(parts)


def _price(match: re.Match) -> str:
    """Currency before the number, in group 2, or behind it, in group 5; group 1 is the sign."""
    symbol = match[2] or match[5]
    before = match[0][: len(match[0]) - len(match[0].lstrip())]
    words = _money(match[3], symbol, match[4], bool(match[6]) or is_attributive(match))
    tail = f" {match[6].replace('-', ' ').strip()}" if match[6] else " "
    return f" {before}{'minus ' if match[1] else ''}{words}{tail}"


def _price_range(match: re.Match) -> str:
    symbol, first, scale, last, last_scale = match.groups()
    whole = first.removesuffix(".00")
    beginning = (
        spell_decimal(whole) + spell_scale(scale)
        if scale or last_scale or "." not in whole
        else _money(first, symbol, None, False)
    )
    return f" {beginning} to {_money(last, symbol, last_scale, is_attributive(match))} "


def with_decimal_point(match: re.Match) -> str:
    """European marks as American ones, 1.234,50 as 1,234.50."""
    return match[0].replace(".", "\0").replace(",", ".").replace("\0", ",")


MONEY_RULES = make_rules(
    (r"(?<!\w)\$(US|A|NZ)\s?(?=\d)", r"\1$"),  # as Australians write it
    (
        r"((?:\bRs\.?|\bINR|\u20b9)\s?\d[\d,]*(?:\.\d+)?)\s?(?:(L)|[Cc]r)\b\.?(?!\w)",
        lambda m: f"{m[1]} {'lakh' if m[2] else 'crore'}{sentence_stop(m) if m[0].endswith('.') else ''}",
    ),
    (r"(?<=\bin )\$(MM?|B|K)\b", lambda m: f"{spell_scale(m[1]).strip()}s of dollars"),
    (r"\$\((\d[\d,.]*)\) ?([BMKT]|bn|mn)?\b", lambda m: f"-${m[1]}{m[2] or ''}"),  # a loss
    (r"\bUS\$(?=[.,;!?)]|\s(?!\d)|$)", "U S dollars"),
    (
        rf"(?<!\w)([$\u00a3\u20ac])/({any_of(UNITS)}|[a-z]+)\b",
        lambda m: f"{CURRENCIES[m[1]][1]} per {UNITS.get(m[2], m[2]).partition(',')[0]}",
    ),
    (r"(?<=[$\u00a3\u20ac]\d) /(?=[a-z]{1,5}\b)|(?<=[$\u00a3\u20ac]\d\.\d\d) /(?=[a-z]{1,5}\b)", "/"),
    (
        r"([\u00a3$\u20ac]\d[\d,]*(?:\.\d\d)?) ?(pp|pw|pcm)\b",
        lambda m: f"{m[1]} per {tables.RENTS[m[2]]}",
    ),
    (r"(?<=\d)/(mo|hr|yr|wk|min|sec)\.(?= [a-z])", r"/\1"),
    (r"(?<=\d)\.?/(?=\d+(?:\.\d+)?\s?[MKk] tokens\b)", " per "),
    (
        r"\u00a3(\d+) (\d+)s\b\.?(?: (\d+)d\b\.?)?",  # before 1971
        lambda m: (
            f"{spell_count(m[1], 'pound')} {spell_count(m[2], 'shilling')}"
            + (f" {spell_integer(m[3])}pence" if m[3] else "")
            + written_stop(m)
        ),
    ),
    (
        r"(?<![\w.])(\d+)s\. (\d+)d\.?(?!\w)",
        lambda m: f"{spell_count(m[1], 'shilling')} {spell_integer(m[2])}pence",
    ),
    (r"(?<=\d) (lb|oz|kg)\.(?=$|[\s,;\u2027])(?<=[$\u00a3\u20ac]\d\.\d\d \w\w\.)", lambda m: f" a {UNITS[m[1]]}."),
    (rf"\b({_CURRENCY_CODE})/({_CURRENCY_CODE})\b(?=\s?\d|\s)", lambda m: " ".join(m[1] + m[2])),
    # 1.234,50 with a currency, 1,5 with a unit
    (r"(?<=\d)[,.][-\u2013](?!\w)", ""),
    (rf"~\s?(?={CURRENCY_SIGN}\s?\d)", "about "),
    (rf"[$](?={NUMBER}\s?(?:USD|CAD|AUD|NZD|HKD|SGD|MXN)\b)", ""),
    (
        rf"(?:(?<=€)|(?<=€ )|(?<=EUR )|(?:(?<=[$£])|(?<=[$£] )){_DECIMAL_DOLLARS}){_EURO}\b(?![,.]?\d)",
        with_decimal_point,
    ),
    (r"([$£€])-(?=\d)", r"-\1"),
    (
        r"(?<=[a-z] )([£€])(?=[.,;!?)]|\s(?!\d)|$)|(?<= or )\$(?=[.,;!)]|$)",
        lambda m: CURRENCIES[m[0]][0 if DETERMINERS.search(word_before(m)) else 1],
    ),
    (rf"{NOT_WITHIN}{_EURO}(?=\s?(?:€|EUR\b))", with_decimal_point),
    (rf"(?<=\d)/(?={CURRENCY_SIGN}\d)", " or "),
    (rf"(?<=\d) ?[xX\u00d7] ?(?={CURRENCY_SIGN}\d)|(?<=[$£€]\d) [xX\u00d7] (?=\d)", " times "),
    (
        rf"(?<!\w)({CURRENCY_SIGN})\s?{NUMBER}{_SCALE}\s?[-\u2013]\s?(?:\1\s?)?{NUMBER}{_SCALE}",
        _price_range,
    ),
    (
        rf"(?:(?<!\w)(-))?((?<![A-Za-z]){CURRENCY_SIGN}|[$\u00a3]|\b{_CURRENCY_CODE}(?=\s?\d))\s?{NUMBER}{_SCALE}()(-(?:an?|per)-[a-z]+\b)?",
        _price,
    ),
    (rf"{AMOUNT}\s?[-\u2013]\s?(?={NUMBER}{_SCALE}\s?{_ANY_CURRENCY})", "{1:decimal} to "),
    (rf"{NOT_WITHIN}(-)?(){NUMBER}{_SCALE}\s?({_ANY_CURRENCY})(-(?:an?|per)-[a-z]+\b)?", _price),
    (rf"{AMOUNT}\s?\u00a2", lambda m: spell_count(m[1], "cent")),
)
