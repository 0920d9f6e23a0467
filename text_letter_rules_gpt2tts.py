"""Capitals read as letters: initialisms such as "BBC" and "U.S.", initials of names."""

import re

from . import text_tables_gpt2tts as tables
from .text_rules_gpt2tts import make_rules, set_apart, text_after, text_before, word_before, written_stop

_PRONOUNCEABLE = re.compile(rf"(?:{tables.ONSET}{tables.VOWEL}{tables.CODA})+(?:ED|ES|LE|E)?")


def _is_spelled(letters: str) -> bool:
    """Whether capitals are read letter by letter: those that cannot be a word, and those known to be none."""
    if letters in tables.UNSPELLED or letters in tables.WORDS:
        return False
    begins_with_vowel = len(letters) == 2 or (len(letters) == 3 and letters[0] in "AEIOU")
    return begins_with_vowel or letters in tables.SPELLED or not _PRONOUNCEABLE.fullmatch(letters)


def _initialism(match: re.Match) -> str:
    letters, plural = match[1], match[2]
    if not _is_spelled(letters):
        return match[0]
    if len(letters) < 4 and _PRONOUNCEABLE.fullmatch(letters):
        # "LET US GO"
        before = re.search(r"\b([A-Z]{2,})\s$", text_before(match, 30))
        after = re.match(r"\s([A-Z]{2,})\b", text_after(match))
        if any(found and not _is_spelled(found[1]) for found in (before, after)):
            return match[0]
    return " ".join(letters) + ("'s" if plural else "")


def _letters(match: re.Match) -> str:
    return set_apart(match, " ".join(match[0].replace(".", "").upper())) + written_stop(match)


_SPECIES = re.compile(r"[a-z]{3,}(?:us|um|is|ae|li|ii|ans|ens|ata|ana)")  # "E. coli"


def _initial(match: re.Match) -> str:
    """Drops the full stop after initials ("J. R. Smith") and leaves it at sentence ends ("to plan B. Then")."""
    before = text_before(match, 30)
    is_name = re.search(r"(?:^|[\s\"'(])[A-Z][\w'-]*\.?\s$|(?:^|[.!?][\"')]*\s)[\"'(]*$", before)
    is_name = is_name or re.match(r"\s[A-Z]\.\s[A-Z]", text_after(match))
    is_name = is_name or word_before(match) in tables.NOT_NOUNS or _SPECIES.fullmatch(match[2])
    # "the BBC. Next", by now "B B C.", and "plan A. Next"
    is_end = re.search(rf"\b(?:{tables.LABELS}|[A-Z])\s$", before)
    names = match[2] in tables.IMPERATIVES and re.search(r"[a-z.,] [A-Z][\w'-]*\s$", before)  # "Stephen J. Fry"
    starts = match[2] in tables.STARTERS and not names and not text_after(match).startswith(f" {match[2]}. ")
    return match[1] if is_name and not is_end and not starts else match[0]


def _who(match: re.Match) -> str:
    """The organisation, unless all is in capitals, or somebody is asked for."""
    around = re.search(r"\b([A-Z]{2,})\s$", text_before(match, 30)) or re.match(r"\s([A-Z]{2,})\b", text_after(match))
    is_question = re.match(r"[^.!?]*\?", match.string[match.end() :])
    return match[0] if around or is_question else "W H O"


LETTER_RULES = make_rules(
    (r"\bA[-\u2013]Z\b", "A to Z"),
    (r"(?<=[Tt]he )WHO\b", "W H O"),
    (r"\bWHO\b(?!')", _who),
    (
        r"(?<=\bTHE )US\b|\bUS(?= (?:ARMY|NAVY|TROOPS|GOVERNMENT|SENATE|OPEN|DOLLARS?|CITIZENS?|STORES|ECONOMY|PRESIDENT|ELECTIONS?|STOCKS|SUPREME COURT|CONGRESS|MILITARY|AIR FORCE|BORDER|SANCTIONS|TARIFFS|INFLATION|TREASURY|CONSTITUTION)\b)",
        "U S",
    ),
    (r"\bIT(?= (?:DEPARTMENT|TEAM|MANAGER|STAFF|SUPPORT)\b)", "I T"),
    # a postscript, but not the initials of "P.S. Rao wrote"
    (
        r"(?:^|(?<=[.!?\u2027]\s))(P\.)?P\.S\.(?=\s[\"']?[A-Z])(?!\s[A-Z][a-z]+(?:'s\b|,|\s(?:and|is|was|has|had|said|says|wrote|of)\b))",
        lambda m: "P P S," if m[1] else "P S,",
    ),
    (r"\b((?:[A-Z]\.){2,})s\b", lambda m: " ".join(m[1].replace(".", "")) + "'s"),
    (r"\b(?:[A-Za-z]\.){2,}|\b(?:[A-Za-z]\.)+[A-Z]\b(?!')", _letters),
    (r"\b([A-HJ-Z])\.(?=\s([A-Za-z]\w*))", _initial),
    (r"(?<![A-Za-z]')\b([A-Z]{2,6})(s)?\b(?!'[A-Z])", _initialism),
)
