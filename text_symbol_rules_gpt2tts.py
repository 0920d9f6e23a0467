"""Symbols as words, "Tom & Jerry", "x >= 5", "#tag", and at last what marks are left."""

import re

from .text_money_rules_gpt2tts import CURRENCY_SIGNS
from .text_rules_gpt2tts import LINE_STOP, NUMBER_WORDS, any_of, make_rules, text_before
from .text_tables_gpt2tts import COMPARISONS

_SIGNS_OF_ORDER = "".join(sign for sign in COMPARISONS if sign not in "<>")


def _apart(match: re.Match) -> str:
    """A quotation mark between two words, with the space that was left out."""
    return ' "' if text_before(match).count('"') % 2 == 0 else '" '


SYMBOL_RULES = make_rules(
    (r"\b([A-G])#(?=m\b|m7\b|maj|dim|7\b|min)", r"\1 sharp "),
    (r"#(?=[A-Za-z])(\w*[a-z][A-Z]\w*)", lambda m: " hashtag " + re.sub("(?<=[a-z])(?=[A-Z])", " ", m[1])),
    (r"(?<=[a-z])\s>\s(?=[A-Z][a-z])", ", "),  # of a menu, "File > Save"
    (
        r"\b((?i:file|edit|view|tools?|help|options|insert|format|windows?|menu|settings|preferences|bookmarks|history|image|filter|layer|"
        r"advanced|save as|export|import|print))\s?>\s?(?=[A-Za-z]{2})",
        r"\1, ",
    ),
    (r"([=#+*_~&@])\1{2,}", " "),
    (r"\s?(?<![-=])[-=]+>\s?", " to "),
    (r"<=", "\u2264"),
    (r">=", "\u2265"),
    (r"!=", "\u2260"),
    (
        r"\b((?i:in|at|of|by|for|with|to|only|just|was|were|are|be|has|have|had|took|takes?|costs?|weighs?|select|add|need|pay) )([<>\u2264\u2265\u2245]) ?(?=[\w.$])",
        lambda m: m[1] + COMPARISONS[m[2]][0].removeprefix("is ") + " ",
    ),
    (r"(?<=\b[Ii]s )([\w.,-]+) ([<>]) (?=[\w-])", lambda m: f"{m[1]} {COMPARISONS[m[2]][0].removeprefix('is ')} "),
    (
        rf"(?<=[\w)])\s?([{_SIGNS_OF_ORDER}])\s?|(?<=[\w)])(?:\s([<>])\s(?=[\w.-])|([<>])(?=\w))",
        lambda m: f" {COMPARISONS[m[1] or m[2] or m[3]][0]} ",
    ),
    (rf"^([<>{_SIGNS_OF_ORDER}])\s?(?=\w)", lambda m: f" {COMPARISONS[m[1]][1]} "),
    (rf"([<>{_SIGNS_OF_ORDER}])\s?(?=\d|{NUMBER_WORDS})", lambda m: f" {COMPARISONS[m[1]][1]} "),
    (rf"[{_SIGNS_OF_ORDER}]", lambda m: f" {COMPARISONS[m[0]][0]} "),
    (r"\+/-", " plus or minus "),
    (r"&+", " and "),
    (r"\s?\|\|\s?", " or "),
    (r"(?<=\w)\\(?=\w)", " backslash "),
    (r"-(?:(?<=\b[A-DO]-)|(?<=\b(?:AB|AA|BB)-)|(?<=\bBBB-))(?=$|[\s.,;!?])", " minus"),
    (r"@", " at "),
    (r"#(?=\w)", " hashtag "),
    (r"(?<=\w )#(?= \w)", "hash"),
    (r"\+", " plus "),
    (r"=+", " equals "),
    (r"%", " percent "),
    (r"\u00b0", " degrees "),
    (r"\u00b5", " mu "),
    (rf"(?:[#\u00a2*/<>~_\\|^]|{any_of(sign for sign in CURRENCY_SIGNS if not sign.isascii() or sign == '$')})+", " "),
)
PUNCTUATION_RULES = make_rules(
    (rf"([,;:.!?]?)\s?{LINE_STOP}", lambda m: m[1] or "."),
    (r"\.(?:\s?\.)+", "\u2026"),
    (r"(?<=\w)\u2013(?=\w)", "-"),
    (r"\s*(?:[\u2013\u2014]|--)[\s\u2013\u2014-]*|\s+-\s+", ", "),
    (r"(?<!\w)-+|-+(?!\w)", " "),
    (r"\"\"|\(\s*\)", " "),
    (r"(?<=\w)\"s\b(?=[^\"]*(?:\"[^\"]*\"[^\"]*)*$)", 's"'),  # the "um"s
    (r"(?<=\w)\"(?=(?:clock|m|re|ve|ll|t|d)\b)", "'"),  # two o"clock
    (r"(?<=\w)\"(?=\w)", _apart),
    (r"(?<=[)\"])\.(?=[A-Z])", ". "),
    # "node.js", "end.Next"
    (r"(?<=[^\W_])\.(?=[a-z])", " dot "),
    (r"(?<=\w)\((?=\w)", " ("),
    (r"([,;:!?\u2026)])(?=[\"(]?\w)|(?<=\w)(\.)(?=\w)", r"\1\2 "),
    (r"\s+", " "),
    (r"\s(?=[,;:.!?\u2026)])|(?<=\()\s", ""),
    # of several marks the strongest stays, else the last: "Bart., the"
    (r"[,;:.!?\u2026](?:\s?[,;:.!?\u2026])+", lambda m: next((mark for mark in "?!\u2026" if mark in m[0]), m[0][-1])),
    (r"^[,;:.!?\u2026)\s]+|\s+$", ""),
    (r"\u2026", "..."),
)
