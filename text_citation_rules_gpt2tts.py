"""Where something is written: chapter and verse, law reports, acts and scenes, "1 Cor. 13:4", "410 U.S. 113", "sc. ii"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import number_to_words, ordinal_to_words, roman_value, spell_integer
from .text_rules_gpt2tts import any_of, make_rules, written_stop

_FEDERAL_RULES = {
    "Civ": "Civil Procedure",
    "Crim": "Criminal Procedure",
    "App": "Appellate Procedure",
    "Bankr": "Bankruptcy Procedure",
    "Evid": "Evidence",
}


def _journal(match: re.Match) -> str:
    """A scientific journal, "Phys. Rev. Lett.", of whose words the last is a noun."""
    words = [tables.JOURNAL_WORDS[word].split(",") for word in re.findall("[A-Za-z]+", match[0])]
    name = " ".join([*(forms[0] for forms in words[:-1]), words[-1][-1]])
    return name + written_stop(match)


CITATION_RULES = make_rules(
    (
        rf"\b(?:[JN]\. ?)*(?:(?:{any_of(word for word in tables.JOURNAL_WORDS if len(word) > 1)})\. ?(?:J\. ?)?){{2,6}}(?<! )",
        _journal,
    ),
    (r"\bCt\. App\.", "Court of Appeals"),
    (
        rf"\b({any_of(tables.BIBLE_ABBREVIATIONS)})\. ([ivxlc]+)\. (?=\d)",
        lambda m: f"{tables.BIBLE_ABBREVIATIONS[m[1]]} {roman_value(m[2]) or m[2]}:",
    ),
    (
        rf"\b({any_of(tables.BIBLE_ABBREVIATIONS)})\.? (?=\d+:\d)|\b(Ps)\. (?=\d)|(?<=\b[12] )(Cor|Thess|Tim)\.? (?=\d)",
        lambda m: tables.BIBLE_ABBREVIATIONS[m[1] or m[2] or m[3]] + " ",
    ),
    (
        r"\b(I{1,3}|[123]) (?=(?:Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John|Cor|Chron|Thess|Tim|Pet|Sam)\.? \d)",
        lambda m: ordinal_to_words(roman_value(m[1]) or int(m[1])).capitalize() + " ",
    ),
    (r"\bsc\. (?=[ivx\d])", "scene "),
    # but not "the scene i saw"
    (
        r"\b([Ss]cene) ([ivx]{2,}|[vx]|i(?=\s*(?:[.,;:)]|$)))(?!\w)",
        lambda m: f"{m[1]} {number_to_words(roman_value(m[2]) or 0)}" if roman_value(m[2]) else m[0],
    ),
    (
        r"\bFed\. R\. (Civ|Crim|App|Bankr|Evid)\.(?: P\.)?(?= \d)",
        lambda m: f"Federal Rule of {_FEDERAL_RULES[m[1]]}",
    ),
    (r"\bS\. Ct\.(?= \d)", "Supreme Court"),
    (r"\bL\. Ed\.(?: 2d)?(?= \d)", "Lawyers' Edition"),
    (
        r"\bF\.(?:[23]d|\d(?:th))(?= \d)",
        lambda m: f"F {'second' if '2' in m[0] else 'third' if '3' in m[0] else 'fourth'}",
    ),
    (r"(?<=\d(?:st|nd|rd|th) )Cir\.(?= \d)", "Circuit"),
    (r"(?<=\d(?:st|nd|rd|th) )ed\.", "edition"),
    (
        rf"\b({tables.BIBLE}) (\d+):(\d+)(?:[-\u2013](\d+))?(?:(ff?)|(?!\w))",
        lambda m: (
            f"{m[1]} {spell_integer(m[2])} {spell_integer(m[3])}"
            + (f" to {spell_integer(m[4])}" if m[4] else "")
            + (" and following" if m[5] else "")
        ),
    ),
    # chapter and verses: minutes have two digits
    (
        r"(?<![\d:])(\d{1,3}):(\d)[-\u2013](\d{1,2})\b(?!:|\s?[AaPp]\.?[Mm]\b)",
        "{1:integer} {2:integer} to {3:integer}",
    ),
)
