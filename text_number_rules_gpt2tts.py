"""All other numbers: of telephones and accounts, ranges, products, powers, years and plain counts."""

import re

from . import text_tables_gpt2tts as tables
from .text_amount_rules_gpt2tts import spell_power
from .text_numbers_gpt2tts import (
    number_to_words,
    spell_decimal,
    spell_digits,
    spell_integer,
    spell_number,
    year_to_words,
)
from .text_rules_gpt2tts import AMOUNT, NUMBER, any_of, is_counted, make_rules, set_apart, text_before
from .text_tables_gpt2tts import ONES


def _scientific(match: re.Match) -> str:
    return f"{spell_decimal(match[1] or match[2])} times ten{spell_power(match[3].lstrip('+'))}"


def _groups(match: re.Match) -> str:
    """Digit groups such as telephone numbers, digit by digit with a pause between groups; words before them stay."""
    return ", ".join(spell_digits(group) for group in re.findall(r"\d+", match[match.lastindex or 0]))


def _vanity(match: re.Match) -> str:
    return f"one {spell_integer(match[1] + '00') if match[2] == '00' else spell_digits(match[1] + match[2])} "


def _code(match: re.Match) -> str:
    """Digits after letters, as in "C2766" and "A38": short ones as a number."""
    written = re.sub(r"^([1-9])0([1-9])$", r"\1 oh \2", match[0])
    if " oh " in written:
        return set_apart(match, re.sub(r"\d", lambda digit: ONES[int(digit[0])], written))
    if re.fullmatch("(?:19|20)[0-9]{2}", written) and re.search("[A-Z]{2}$", text_before(match, 2)):
        return set_apart(match, year_to_words(int(written)))
    groups = [spell_digits(group) if len(group) > 3 else spell_integer(group) for group in written.split(".")]
    return set_apart(match, " point ".join(groups))


def _season(match: re.Match) -> str:
    """A year and the next one, "2008-09", but not a month, "2021-05"."""
    year, following = int(match[1]), int(match[2])
    if (year + 1) % 100 != following:
        return match[0]
    return f"{year_to_words(year)} to {number_to_words(following) if following else year_to_words(year + 1)}"


def _number(match: re.Match) -> str:
    return set_apart(
        match, spell_decimal(match[1]) if len(match[1]) == 4 and is_counted(match) else spell_number(match[1])
    )


_STATE_END = any_of({name.split()[-1] for name in tables.STATES.values()})
_PRODUCT_END = re.compile(r"\s?(?:[=^.,;!?)]|$|(?:and|to the|squared|cubed)\b)")


def _product(match: re.Match) -> str:
    """3 x 4 as a product, "a 3 x 5 card" as two sides."""
    end = _PRODUCT_END.match(match.string, match.end() + len(match[3]))
    if re.search(r"(?i)\b(?:matri\w+|grids?|arrays?|boards?|kernels?)\b", match.string):
        end = None
    is_product = end and (
        end[0].strip() == "="
        or (
            len(match[1].partition(".")[0]) < 3
            and ("." not in match[1] or end[0].strip() in ("=", "to the", "^", "squared", "cubed"))
        )
    )
    return f"{match[1]} {'times' if is_product else 'by'} "


NUMBER_RULES = make_rules(
    (r"(?:(?<=[Aa]gent )|(?<=Bond, )|(?<=Bond \()|(?<=Bond as )|(?<=as ))007\b", "double oh seven"),
    (r"\b[Nn]\u00b0\s?(?=\d)", "number "),
    (r"\b(?:[2-9]-1-1|9-8-8)(?![\w-])", lambda m: spell_digits(m[0].replace("-", ""))),  # of emergencies
    (r"(?<=[.!?:;] )(\d{1,2})\) (?=[A-Za-z])", "{1:integer}. "),
    (r"(?<![\w.,-])(\d{1,3})-(\d{1,2})-(\d)\b(?!-)", "{1:integer}, {2:integer} and {3:integer}"),  # won, lost, drawn
    (r"(?<=\D\d{3}[-. ]\d{4}),? x(\d{1,6})\b", " extension {1:digits}"),
    (r"(?<=\D\d{3}[-. ]\d{4}),? (?:ext|extension) ?(?=\d{1,6}\b)", " extension "),
    (r"(?<![\w.,-])(?=\+(?:\D{0,2}\d){7})\+\d{1,3}(?:[\s.-]?\(?\d{1,4}\)?){2,5}(?![\w-])", _groups),
    (r"(?<![\w.,-])1-(\d)(\d\d)-(\d{3})-(?=[A-Z]{4}\b)", lambda m: f"{_vanity(m).strip()}, {spell_digits(m[3])}, "),
    (r"(?<![\w.,-])1-(\d)(\d\d)-(?=[A-Z\d-]*[A-Z]{3})", _vanity),
    (r"(?<![\w.,-])\d{4}(?: \d{4}){3,}(?: \d{1,4})?\b", _groups),
    (r"(?<![\w.,-])[6-9]\d{4} \d{5}\b", _groups),
    (r"(?<=\w )#(?=:)", "number"),
    (r"(?<=\b[Nn]umber )((?:19|20)\d\d)-(\d{1,2})\b(?![-/])", "{1:plain}, {2:integer}"),
    (r"(?<=[a-z] )# (?=[A-Z]{0,4}-?\d)", "number "),
    (
        r"(?<=\b[Nn]umber )(\d{2,4})-(\d{3,})\b(?!-)",
        lambda m: (
            f"{spell_number(m[1]) if re.fullmatch('(?:19|20)[0-9]{2}', m[1]) else spell_digits(m[1])}, {spell_digits(m[2])}"
        ),
    ),
    (
        r"\b(?i:call|dial|phone|ring|text)\s\d{3,}(?:,?\sor\s\d{3})?\b(?![-.]\d|-|\s?\d)",
        lambda m: re.sub(r"\d+", lambda digits: spell_digits(digits[0]), m[0]),
    ),
    (r"(?<!Porsche )(?<![\w.,$-])(911)\b(?![-\d])", "{1:digits}"),
    (r"(?i)\b(called|calling|dialled|dialling|rang) (999|112)\b", r"\1 {2:digits}"),
    (r"\b(999)(?= (?:operator|emergency|calls?\b|in (?:the U\.?\s?K|Britain|England|an emergency)))", "{1:digits}"),
    (r"(?:(?<=\bFahrenheit) (?=451\b)|(?<=\bBlink)-(?=182\b))(\d)(\d\d)", " {1:integer} {2:integer}"),
    (r"(?<![\w.,-])(?:\+?\d{1,3}[\s.-])?\(?\d{3}(?:\)[\s.-]?|[\s.-])\d{3}[\s.-]\d{4}\b", _groups),
    (
        r"(?<![\w.,-])(?:0\d (?:\d{3} \d{4}|\d\d(?: \d\d){3})|1[38]00 \d{3} \d{3}|0[358]00 \d{3,4})\b(?![ -]?\d)",
        _groups,
    ),
    (r"(?<![\w.,-])0\d{2,4}(?:[\s-]\d{2,4}){2,4}\b|(?<![\w.,-])0\d{2,4}[\s-]\d{6,8}\b", _groups),
    (r"(?<![\w.,-])\d{3}-\d{4}\b(?!-)", _groups),
    (r"(?<![\w.,-])(\d{5})-(\d{4})\b(?!-)", "{1:oh}, {2:oh}"),
    (
        rf"\b((?:(?i:zip)(?: code)?(?: is)?:?|{_STATE_END}|D\.C\.|Beverly Hills),? )(\d{{5}})\b(?![-,.]?\d)",
        r"\1{2:oh}",
    ),
    (
        r"(?i)\b((?:pin|code|confirmation|(?:meeting|conference|webinar|event) id|password|passcode|otp|serial|extension|account|tracking|acct\.?|isbn|issn|sku|pmid|oclc)(?: is| number)?:? )"
        r"(\d{3,}(?:-\d+| \d{3,})*)\b",
        lambda m: m[1] + _groups(m),
    ),
    (r"(?<![\w.,-])\d+(?:-\d+){2,}(?:-X)?\b", _groups),
    (r"\(0\d{1,4}\)\s?\d{3,4}(?:[\s-]\d{3,4})+\b", _groups),
    (r"(?<![\w.,-])\d{4}(?:\s\d{4}){2,}\b", _groups),
    (
        r"(?<!ersion )(?<!uild )(?<!elease )(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3}){2,}\b(?!\.?\d)",
        lambda m: spell_integer(m[0].replace(".", "")),
    ),
    (r"\b\d+(?:\.\d+){2,}\b", lambda m: " point ".join(spell_integer(group) for group in m[0].split("."))),
    (r"(?<=\d)-(to|for|on|by|in)-(?=\d)", r" \1 "),
    (r"\b(24-7|50-50|20-20)\b", lambda m: " ".join(map(spell_integer, m[0].split("-")))),
    (
        r"(?<![\w.,+-])[1-9]\d{0,2}(?:[ ]\d{3}){2,}\b(?![ -]?\d)|(?<![\w.,+-])[1-9]\d{0,2} 000\b(?![ -]?\d)",
        lambda m: spell_integer(m[0].replace(" ", "")),
    ),
    (
        r"\b(\d{4})-(\d{4})\b(?=(?<=[3-9]\d{3})|(?<=2[1-9]\d\d))",
        lambda m: f"{spell_digits(m[1])}, {spell_digits(m[2])}",
    ),
    (r"\b((?:19|20)\d\d)[-\u2013](0\d)\b(?![-/]\d)", _season),
    (r"(?<=\d) / (?=\d+ =)", " divided by "),
    (r"(?i)\b(text [\"'\u201c]?[a-z]+[\"'\u201d]? to )(\d{5,6})\b", lambda m: m[1] + spell_digits(m[2])),
    (r"#(?=[A-Z]{1,3}-?\d[\d-]*\b)", " number "),
    (r"#\s?(\d{5,})\b", " number {1:digits}"),
    (r"#\s?(?=\d)", " number "),
    (r"(?<![\w.,])(?:(\d+(?:\.\d+)?)(?:e(?=[+-]?\d)|E(?=[+-]))|(\d+\.\d+)E)([+-]?\d+)\b", _scientific),
    (r"(?<=[\w)])\s?\^\s?([+-]?\w+)", lambda m: spell_power(m[1])),
    (r"\b([A-Z]{1,4})-(\d{1,3})-(\d{2,})\b", "{1:letters}, {2:plain}, {3:digits}"),
    (r"(?<![\w.,-])(\d{3,})-(0\d{2,})\b(?![-.,]?\d)", "{1:digits}, {2:digits}"),
    (r"(?<![\w.,-])(\d{2,3})-(\d{5,})\b(?![-.,]?\d)", "{1:digits}, {2:digits}"),  # of an order
    (rf"{AMOUNT}(?:\s?\u2013\s?|-){NUMBER}\b(?![,.]?\d)", "{1:plain} to {2:plain}"),
    (rf"{NUMBER}( [xX] |\s?\u00d7\s?)(?=({NUMBER}))", _product),
    (r"(?<=\d)([A-Z]{2,4})(?=\d)", lambda m: set_apart(m, " ".join(m[1]))),
    (r"(?<=\d)(?<![A-Z]\d)(?<![A-Z]\d\d)[xX](?=\d)", " by "),
    (r"(?<=\d)[xX]\b(?!\s?(?:[-+=^)]|minus|plus|equals|squared|cubed|to the))", " times"),
    (r"\s?\u00d7\s?", " times "),
    (r"(?<=\d)\s?\*\s?(?=\d)", " times "),
    (r"(?<=[A-Za-z])-(?=\d)|(?<=[A-Z]{2})(?=\d{1,3}(?:,\d{3})+\b)", " "),
    (r"(?<=[^\W\d_])\d+(?:\.\d+)*", _code),
    (NUMBER, _number),
)
