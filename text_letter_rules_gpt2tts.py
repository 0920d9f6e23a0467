"""Capitals: initialisms such as "BBC" and "U.S.", initials of names, and Roman numerals, "Chapter IV" and "Henry VIII"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import make_ordinal, number_to_words, ordinal_to_words, roman_value, spell_number
from .text_rules_gpt2tts import make_rules, set_apart, text_after, text_before, word_before, written_stop

# --- initialisms ------------------------------------------------------------------------------------------------------

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


# --- Roman numerals ---------------------------------------------------------------------------------------------------

_NUMBERED = f"{tables.NUMBERED}|{tables.NUMBERED.lower()}|{tables.NUMBERED.upper()}"
_ROMAN_LETTERS = r"([IVX]+|[IVXLC]{2,}|[ivx]{2,})"
_AFTER_RULER = re.compile(
    r"'s\b|\s*(?:$|[.,;:!?)\"-])|\s(?:of|was|and|had|is|in|died|ruled|to|reigned|became|invaded|defeated)\b"
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


def _who(match: re.Match) -> str:
    """The organisation, unless all is in capitals, or somebody is asked for."""
    around = re.search(r"\b([A-Z]{2,})\s$", text_before(match, 30)) or re.match(r"\s([A-Z]{2,})\b", text_after(match))
    is_question = re.match(r"[^.!?]*\?", match.string[match.end() :])
    return match[0] if around or is_question else "W H O"


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


# --- rules ------------------------------------------------------------------------------------------------------------

NAME_RULES = make_rules(
    (
        r"\b(pages?) ([ivxl]{2,})\b",
        lambda m: f"{m[1]} {spell_number(str(roman_value(m[2])))}" if roman_value(m[2]) else m[0],
    ),
    (r"\bI\.\s([A-Z])\.(?=\s[A-Z][a-z])", r"I \1"),
    (rf"\b({_NUMBERED})(\s){_ROMAN_LETTERS}\b(?!\s[A-Z]\b|\.[A-Z])", _numbered),
    (
        rf"\b((?:{tables.RULERS}|Robert|Thomas|Walter|Samuel|Frank|Harry|Arthur|Howard)\s(?:[A-Z]\.\s|[A-Z][a-z]+\s)?"
        r"[A-Z][a-z]+)\s(II|III|IV)\b",
        _ruler,
    ),
    # the full stop in "George III. was" is an old spelling
    (rf"\b({tables.RULERS})\s(?:the\s)?([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])(?:\.(?=,|\s[a-z]|'s))?", _ruler),
    (
        r"\b([XVI]{2,5})(?:th|st)?(?=\s[Cc]entur)",
        lambda m: make_ordinal(_roman_number(m)) if roman_value(m[1]) else m[0],
    ),
    (r"\bI(?=(?:,| and| to|-|\u2013)\s?II\b)", "one"),
    (r"(?<=[A-Za-z][A-Za-z]\s)(?=[IVX]*(?:II|IV|VI|IX|XI|XV))([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])", _named_number),
    (r"\b(M[MDCLXVI]{3,}|[DCLXVI]{5,}|[XVI]{4,}|III?|VII|XII|XIV|XVI|XXI)\b", _roman_number),
    (r"(?<=[Tt]he )WHO\b", "W H O"),
    (r"\bWHO\b(?!')", _who),
    (
        r"(?<!\w)\((i|i{2,3}|iv|v|vi{1,3}|ix|x)\)",
        _clause,
    ),
)
LETTER_RULES = make_rules(
    (
        r"(?<=\bTHE )US\b|\bUS(?= (?:ARMY|NAVY|TROOPS|GOVERNMENT|SENATE|OPEN|DOLLARS?|CITIZENS?|STORES|ECONOMY|PRESIDENT)\b)",
        "U S",
    ),
    (r"\bIT(?= (?:DEPARTMENT|TEAM|MANAGER|STAFF|SUPPORT)\b)", "I T"),
    (r"\b((?:[A-Z]\.){2,})s\b", lambda m: " ".join(m[1].replace(".", "")) + "'s"),
    (r"\b(?:[A-Za-z]\.){2,}|\b(?:[A-Za-z]\.)+[A-Z]\b(?!')", _letters),
    (r"\b([A-HJ-Z])\.(?=\s([A-Za-z]\w*))", _initial),
    (r"(?<![A-Za-z]')\b([A-Z]{2,6})(s)?\b(?!'[A-Z])", _initialism),
)
