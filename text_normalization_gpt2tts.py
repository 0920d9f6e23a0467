r"""
English text as written to English text as spoken, by rules and without a dictionary; the words are in
[`text_tables_gpt2tts`].

The result holds letters, spaces, apostrophes, hyphens and the marks `. , ; : ! ? ... " ( )`: digits, symbols and
abbreviations are spelt out, accents are folded to ASCII. The conventions are American: "one hundred five" without
"and", month before day in `3/4/2026`, kilometers. Initialisms are letters with spaces between them, "F B I".
"""

import html
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from . import text_tables_gpt2tts as tables
from .text_tables_gpt2tts import COMPARISONS, CURRENCIES, MONTHS, ONES, UNITS

logger = logging.getLogger(__name__)

_MAX_DIGITS = 18  # longer numbers are read digit by digit


# --- numbers ----------------------------------------------------------------------------------------------------------


def number_to_words(number: int) -> str:
    """Cardinal number in American words: 1205 is "one thousand two hundred five"."""
    if number < 0:
        return f"minus {number_to_words(-number)}"
    if number >= 10**_MAX_DIGITS:
        return _digits(str(number))
    if number < 20:
        return ONES[number]
    if number < 100:
        return tables.TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{ONES[number // 100]} hundred" + (f" {number_to_words(number % 100)}" if number % 100 else "")
    words = []
    for scale in tables.SCALES:
        number, group = divmod(number, 1000)
        if group:
            words.append(f"{number_to_words(group)} {scale}".strip())
    return " ".join(reversed(words))


def ordinal_to_words(number: int) -> str:
    """Ordinal number in words: 21 is "twenty-first"."""
    return _ordinal(number_to_words(number))


def year_to_words(year: int) -> str:
    """A year as it is spoken: 1905 is "nineteen oh five", 2000 "two thousand", 1900 "nineteen hundred"."""
    century, rest = divmod(year, 100)
    if not 10 <= century <= 99 or (century % 10 == 0 and rest < 10):
        return number_to_words(year)
    return f"{number_to_words(century)} " + (
        "hundred" if rest == 0 else f"oh {ONES[rest]}" if rest < 10 else number_to_words(rest)
    )


def _ordinal(words: str) -> str:
    last = re.split(r"[ -]", words)[-1]
    head = words.removesuffix(last)
    if last in tables.ORDINALS:
        return head + tables.ORDINALS[last]
    return head + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def _plural(words: str) -> str:
    return words[:-1] + "ies" if words.endswith("y") else words + ("es" if words.endswith(("x", "ch")) else "s")


def _digits(text: str, zero: str = "zero") -> str:
    return " ".join(ONES[int(digit)] if digit != "0" else zero for digit in text)


def _integer(text: str) -> str:
    """Digits, perhaps with thousands commas, as a cardinal number; long runs and leading zeros digit by digit."""
    digits = text.replace(",", "")
    if len(digits) > _MAX_DIGITS or (len(digits) > 1 and digits[0] == "0"):
        return _digits(digits)
    return number_to_words(int(digits))


def _decimal(text: str) -> str:
    """A number with or without decimal places: "3.14" is "three point one four", ".5" "point five"."""
    whole, _, places = text.partition(".")
    words = _integer(whole) if whole else ""
    return f"{words} point {_digits(places)}".strip() if places else words


def _plain(text: str) -> str:
    """A number in running text: four digits up to 2099 are read as a year, long ones that are not round by digits."""
    if "." in text:
        return _decimal(text)
    if re.fullmatch(r"\d{4}", text) and 1010 <= int(text) <= 2099:
        return year_to_words(int(text))
    return _digits(text) if len(text) >= 10 and "," not in text and not text.endswith("000000") else _integer(text)


# --- context ----------------------------------------------------------------------------------------------------------

_FOLLOWING = re.compile(r"[\"')]*(?:\s*$|\s+[\"'(]*([A-Z][A-Za-z]*))")
_WORD_BEFORE = re.compile(r"([\w'-]+)[\s(\"]*$")
_WORD_AFTER = re.compile(r"[\s-]([\w']+)")
_DETERMINERS = re.compile(r"(?i)\b(?:an?|the|his|her|its|my|your|our|their|this|that|each|every|another|one|per)$")


def _left(match: re.Match, length: int = 300) -> str:
    return match.string[max(0, match.start() - length) : match.start()]


def _right(match: re.Match, length: int = 30) -> str:
    return match.string[match.end() : match.end() + length]


def _before(match: re.Match) -> str:
    found = _WORD_BEFORE.search(match.string, max(0, match.start() - 30), match.start())
    return found[1] if found else ""


def _after(match: re.Match) -> str:
    found = _WORD_AFTER.match(match.string, match.end(), match.end() + 30)
    return found[1] if found else ""


def _stop(match: re.Match) -> str:
    """The full stop of an abbreviation, where it also ends the sentence."""
    following = _FOLLOWING.match(match.string, match.end(), match.end() + 40)
    return "." if following and (following[1] is None or following[1] in tables.STARTERS) else ""


def _stop_if_written(match: re.Match) -> str:
    is_end = re.search("(?i)[^.][ap]m\\.$", match[0])  # "5 PM. Next" but "5 p.m. Monday"
    return "." if is_end else _stop(match) if match[0].endswith(".") else ""


def _is_noun(word: str) -> bool:
    return word.isalpha() and word.islower() and word not in tables.NOT_NOUNS and not word.endswith(("ly", "ed"))


def _is_attributive(match: re.Match, bare: bool = False) -> bool:
    """Whether an amount stands before its noun, "a 5 km run", and is singular; `bare` if without article, "9 mm film"."""
    before, noun = _before(match), _after(match)
    if noun in tables.MEASURED_NOUNS:
        return True
    is_bare_noun = (
        bare
        and (_is_noun(noun) or re.fullmatch("[A-Z]{3,}", noun))
        and noun not in tables.DIMENSIONS
        and not noun.endswith(("s", "ing"))
    )
    if is_bare_noun and before.lower() not in tables.NOT_NOUNS:
        return True
    return (_is_noun(noun) or (len(noun) > 1 and noun.isupper())) and bool(_DETERMINERS.search(before))


def _is_counted(match: re.Match) -> bool:
    """Whether a number that could be a year counts what follows, "1234 apples"."""
    before, noun = _before(match).lower(), _after(match)
    if before in tables.COUNT_BEFORE:
        return True
    plural = noun in tables.COUNTED or (noun.endswith("s") and _is_noun(noun) and noun not in tables.NO_PLURALS)
    return plural and before not in tables.YEAR_BEFORE and not noun.endswith(("ss", "'s"))


def _spaced(match: re.Match, words: str) -> str:
    """Words in the place of a number, apart from letters beside it."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return (" " if before.isalnum() else "") + words + (" " if after.isalnum() else "")


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


# --- characters -------------------------------------------------------------------------------------------------------

_CHARACTERS = str.maketrans(tables.CHARACTERS)
_PUNCTUATION = set(".,;:!?'\"()-\u2013\u2014&@#+=%\u00b0/*<>~_\\|^?\u00d7") | set(COMPARISONS)
_PUNCTUATION |= {symbol for symbol in CURRENCIES if len(symbol) == 1} | {"\u00a2"}
# [word](/phonemes/), with the ending 's or without
PRONUNCIATION = re.compile(r"\[([^\[\]]+)\]\(/([^()]*?)/\)('[sS]\b)?")
_HIDDEN = "\ua48c"  # stands for an inline pronunciation: a letter that is in no English text

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
    text = re.sub(r"(?<=\w)\s\u2212\s(?=\w)", " minus ", text)
    text = re.sub("[\u207a\u207b]?[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u207f]+", r"^\g<0>", text)
    text = re.sub(r"(?<=[0-9])\s?([kM]?)[\u03a9\u2126]", r" \1ohm", text).translate(_CHARACTERS)
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

_MARKUP = [(re.compile(pattern), replacement) for pattern, replacement in tables.MARKUP]


def _unescape(match: re.Match) -> str:
    return html.unescape(match[0]).replace(_HIDDEN, " ")


_LINE_END = re.compile(r"[.,;:!?\u2026\u2014\u2013-][\"'\u201d\u2019)\]*_]*$")
_NEW_LINE = re.compile("\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]")
_HEADING = re.compile(r"\s*#{1,6}\s")
_ITEM = re.compile(r"\s*(?:[-*+\u2022\u2023\u25e6\u25aa]\s|\(?\w{1,3}[.)]\s|[>|])")
_WRAPPED_LENGTH = 50  # characters from which a line break wraps the text; after a shorter line it ends a phrase

PARAGRAPH_END = re.compile(r"\n[^\S\n]*(?:\n\s*)+")


def join_wrapped_lines(text: str) -> str:
    """The text with the lines joined that are one phrase: long ones, unless a list item, a heading or a blank follows."""
    pieces: list[str] = []
    previous = ""
    for line in _NEW_LINE.split(text):
        is_begun = bool(_HEADING.match(line) or _ITEM.match(line))
        goes_on = line.lstrip()[:1].islower() or not (_HEADING.match(previous) or _ITEM.match(previous))
        is_wrapped = len(previous.strip()) >= _WRAPPED_LENGTH and line.strip() and not is_begun and goes_on
        # a word is parted at its hyphen
        space = "" if re.search(r"[^\W\d_]-$", previous) and line[:1].islower() else " "
        pieces += [space if is_wrapped else "\n", line]
        previous = line
    return "".join(pieces[1:])


def find_paragraphs(text: str, max_length: int) -> Iterator[tuple[int, int]]:
    """
    Where the paragraphs of a text lie, each with the blank lines that end it.

    Args:
        text (`str`): Any text.
        max_length (`int`): Characters after which a paragraph is cut, at the last sentence end or space before.

    Yields:
        `tuple[int, int]`: Begin and end. Joined the slices are the text.
    """
    start = 0
    while start < len(text):
        match = PARAGRAPH_END.search(text, start, start + max_length)
        end = match.end() if match else min(start + max_length, len(text))
        if match is None and end < len(text):
            window = text[start:end]
            cuts = find_sentence_ends(window) or [found.end() for found in re.finditer(r"\s", window)]
            end = start + cuts[-1] if cuts else end
        yield start, end
        start = end


def _lines(text: str) -> str:
    """Lines as one, each the end of a phrase."""
    lines = [line for line in map(str.strip, text.split("\n")) if any(map(str.isalnum, line))]
    ended = [line if _LINE_END.search(line) else line + "." for line in lines[:-1]]
    return " ".join(ended + lines[-1:]) if lines else text


# --- sentences --------------------------------------------------------------------------------------------------------

# after the marks, closing quotes (curly ones too) and brackets
_SENTENCE_END = re.compile("[.!?\u2026]+[\"'\u201d\u2019)\\]]*\\s+|\\n\\s*")
_TITLE = re.compile(rf"(?i:{'|'.join([*tables.TITLES, 'e.g', 'i.e', 'cf', 'viz', 'fig'])})|(?:[A-Z]\.)*[A-HJ-Z]")
_ABBREVIATION = re.compile(
    rf"(?i:{'|'.join(re.escape(word.rstrip('.')) for word in tables.ABBREVIATIONS)})|[A-Za-z](?:\.[A-Za-z])+"
    rf"|(?:{'|'.join(month[:3] for month in MONTHS)}|Sept)"
)


def find_sentence_ends(text: str) -> list[int]:
    """
    Where the sentences of a text end, behind the white space after them: at their marks and at new lines, but not at the
    full stops of titles, initials and abbreviations.
    """
    return [match.end() for match in _SENTENCE_END.finditer(text) if _ends_sentence(text, match)]


def _ends_sentence(text: str, match: re.Match) -> bool:
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    word = re.split(r"[^\w.]", text[max(0, match.start() - 20) : match.start()])[-1]
    following = text[match.end() : match.end() + 1]
    if _TITLE.fullmatch(word) or (word.lower() in tables.BEFORE_NUMBER and following.isdigit()):
        return False
    return not _ABBREVIATION.fullmatch(word) or following.isupper()


# --- addresses --------------------------------------------------------------------------------------------------------

_HOST = r"(?<![\w.@-])(?:[A-Za-z0-9-]+\.)+"
_PATH_CHARACTER = r"[^\s\"'()<>,;!?*|]"


def _address(match: re.Match) -> str:
    address = re.sub(r"^(?:[a-z]+://|mailto:)", "", match[0], flags=re.IGNORECASE)
    body = address.rstrip(".,;:!?&@#+=%*~|^$-")
    tail = address[len(body) :]  # the sentence's own punctuation
    body = body if body[0] in "/~" else body.rstrip("/")
    body = re.sub(r":\d+", lambda m: f" : {' '.join(m[0][1:])} ", body.replace("www.", "W W W dot "))
    body = re.sub(r"\.([a-z]+\d?)$", lambda m: "." + _extension(m[1]), body)
    return re.sub(r"[^\w\s]|_", lambda m: f" {tables.ADDRESS_SYMBOLS.get(m[0], '')} ", body) + tail


def _extension(extension: str) -> str:
    is_word = extension not in tables.EXTENSIONS or extension in tables.EXTENSIONS_AS_WORDS
    return extension if is_word else " ".join(extension.upper())


# --- abbreviations ----------------------------------------------------------------------------------------------------


_DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West"}


def _saint_or_street(match: re.Match) -> str:
    is_saint = match[1] and match[1] not in tables.STARTERS and not re.fullmatch("[NS]?[EW]?", match[1])
    return "Saint" if is_saint else "Street" + _stop(match)


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
        before = re.search(r"\b([A-Z]{2,})\s$", _left(match, 30))
        after = re.match(r"\s([A-Z]{2,})\b", _right(match))
        if any(found and not _is_spelled(found[1]) for found in (before, after)):
            return match[0]
    return " ".join(letters) + ("'s" if plural else "")


def _letters(match: re.Match) -> str:
    return _spaced(match, " ".join(match[0].replace(".", "").upper())) + _stop_if_written(match)


def _initial(match: re.Match) -> str:
    """Drops the full stop after initials ("J. R. Smith") and leaves it at sentence ends ("to plan B. Then")."""
    before = _left(match, 30)
    is_name = re.search(r"(?:^|[\s\"'(])[A-Z][\w'-]*\.?\s$|(?:^|[.!?][\"')]*\s)[\"'(]*$", before)
    is_name = is_name or re.match(r"\s[A-Z]\.\s[A-Z]", _right(match))
    is_name = is_name or _before(match) in tables.NOT_NOUNS
    # "the BBC. Next", by now "B B C.", and "plan A. Next"
    is_end = re.search(rf"\b(?:{tables.LABELS}|[A-Z])\s$", before)
    return match[1] if is_name and not is_end and match[2] not in tables.STARTERS else match[0]


# --- Roman numerals ---------------------------------------------------------------------------------------------------

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"(?=.)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMBERED = f"{tables.NUMBERED}|{tables.NUMBERED.lower()}|{tables.NUMBERED.upper()}"
_ROMAN_LETTERS = r"([IVX]+|[IVXLC]{2,}|[ivx]{2,})"
_AFTER_RULER = re.compile(
    r"'s\b|\s*(?:$|[.,;:!?)\"-])|\s(?:of|was|and|had|is|in|died|ruled|to|reigned|became|invaded|defeated)\b"
)


def _roman(numeral: str) -> int | None:
    numeral = numeral.upper()
    if not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _numbered(match: re.Match) -> str:
    keyword, space, numeral = match.groups()
    value = _roman(numeral)
    # "the book I read", "the part I like"
    is_pronoun = numeral == "I" and (keyword[0].islower() or re.match(" (?!of)[a-z]", _right(match)))
    if value is None or (is_pronoun and keyword not in tables.NEVER_BEFORE_I):
        return match[0]
    return f"{keyword}{space}{number_to_words(value)}"


def _ruler(match: re.Match) -> str:
    name, numeral = match.groups()
    value = _roman(numeral)
    # "Elizabeth I was", but not "Mary I love"
    if value is None or (numeral == "I" and not _AFTER_RULER.match(match.string, match.end())):
        return match[0]
    return f"{name} the {ordinal_to_words(value).title()}"


def _roman_number(match: re.Match) -> str:
    value = _roman(match[1])
    return match[0] if value is None else _plain(str(value))


def _named_number(match: re.Match) -> str:
    """The numeral after a name: "Rocky IV", but not "an IV"."""
    name = _before(match)
    return _roman_number(match) if name[:1].isupper() and name not in tables.STARTERS else match[0]


# --- dates and times --------------------------------------------------------------------------------------------------

_MONTH_BY_PREFIX = {month[:3]: month for month in MONTHS}
_MONTH = "(" + "|".join(rf"{month[:3]}(?:{month[3:]}|t?\.?)" for month in MONTHS) + r")(?![a-z])"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY_BY_PREFIX = {day[:3]: day for day in tables.WEEKDAYS}
_WEEKDAY = "(" + "|".join(rf"{day[:3]}(?:{day[3:]}s?)?" for day in tables.WEEKDAYS) + r"|Tues|Wednes|Thur|Thurs)"
_WEEKDAY_LIST = re.compile(rf"\b{_WEEKDAY}\b\.?")


def _is_day(*days: str | None) -> bool:
    return all(1 <= int(day) <= 31 for day in days if day)


def _year(written: str | None) -> str:
    return f", {year_to_words(int(written))}" if written else ""


def _whole_year(written: str) -> str:
    """With its century, where it has two digits."""
    return written if len(written) > 2 else ("20" if int(written) < 50 else "19") + written


def _month_day(match: re.Match) -> str:
    month, day, last_day, year = match.groups()
    if not _is_day(day, last_day):
        return match[0]
    words = f"{_MONTH_BY_PREFIX[month[:3]]} {ordinal_to_words(int(day))}"
    return words + (f" to {ordinal_to_words(int(last_day))}" if last_day else "") + _year(year)


def _day_month(match: re.Match) -> str:
    the, first, day, month, year = match.groups()
    if not _is_day(first, day):
        return match[0]
    words = f"{ordinal_to_words(int(first))} to the " if first else ""
    return f"{the or 'the '}{words}{ordinal_to_words(int(day))} of {_MONTH_BY_PREFIX[month[:3]]}{_year(year)}"


def _numeric_date(year: str | None, month: str, day: str, written: str) -> str:
    if int(month) > 12:
        month, day = day, month
    if not 1 <= int(month) <= 12 or not _is_day(day):
        return written
    year = year and _whole_year(year)
    return f"{MONTHS[int(month) - 1]} {ordinal_to_words(int(day))}{_year(year)}"


def _weekdays(match: re.Match) -> str:
    words = _WEEKDAY_LIST.sub(lambda m: _WEEKDAY_BY_PREFIX[m[1][:3]] + "s" * m[1].endswith("ys"), match[0])
    return re.sub(r"\s?[/&]\s?", " and ", re.sub(r"\s?[-\u2013]\s?", " to ", words)) + _stop_if_written(match)


_LASTING = re.compile(r"(?i)\b(?:in|lasted|took|takes|ran for|time of|record of|after|within) $")


def _count_times(*counts: str | None) -> str:
    """Hours, minutes and seconds as a length of time."""
    named = [(int(count), name) for count, name in zip(counts, ("hour", "minute", "second"), strict=True) if count]
    told = [part for part in named if part[0]] or named[-1:]
    return " ".join(f"{number_to_words(count)} {name}{'' if count == 1 else 's'}" for count, name in told)


_TO_ANOTHER_TIME = re.compile(r"\s?(?:to|[-\u2013])\s?\d{1,2}(?::\d\d)?\s?[AaPp]\.?[Mm]\b")


def _time(match: re.Match) -> str:
    hour, minute, second, half = int(match[1]), int(match[2]), match[3], match[4]
    if second and not half and minute < 60 and _LASTING.search(_left(match, 30)):
        return _count_times(match[1], match[2], second)
    if 24 < hour < 60 and minute < 60 and not second and _LASTING.search(_left(match, 30)):
        words = f"{number_to_words(hour)} {'oh ' if minute < 10 else ''}{number_to_words(minute)}"
    elif hour > 24 or minute > 59:
        words = " to ".join(_integer(group) for group in (match[1], match[2], second) if group)
    elif minute:
        words = f"{number_to_words(hour)} {'oh ' if minute < 10 else ''}{number_to_words(minute)}"
    elif half or second or _TO_ANOTHER_TIME.match(_right(match)):
        words = number_to_words(hour)
    else:
        words = f"{number_to_words(hour)} " + ("o'clock" if 1 <= hour <= 12 else "hundred")
    if second and hour <= 24 and minute <= 59:
        words += f" and {number_to_words(int(second))} second{'' if int(second) == 1 else 's'}"
    return words + (f" {half.upper()} M{_stop_if_written(match)}" if half else "")


def _military_time(match: re.Match) -> str:
    hour, minutes = (_digits(part, "oh") if part[0] == "0" else _integer(part) for part in match.groups())
    return f"{hour} {'hundred' if match[2] == '00' else minutes} hours"


def _hour(match: re.Match) -> str:
    first = f"{_integer(match[1])} to " if match[1] else ""
    return f"{first}{_integer(match[2])} {match[3].upper()} M{_stop_if_written(match)}"


# --- amounts ----------------------------------------------------------------------------------------------------------

_NUMBER = r"(\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_NOT_WITHIN = r"(?<![\w.,])"
_AMOUNT = _NOT_WITHIN + _NUMBER
_EURO = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d\d)?|\d+,\d\d)"
_SCALE = r"(?i:[\s-]?(hundred|thousand|million|billion|trillion|lakh|crore|k|m[mn]?|bn?|tn?)\b)?"
_SIGNS = sorted((name for name in CURRENCIES if not name.isalpha() or name == "Rs"), key=len, reverse=True)
_SIGN = _any(_SIGNS)
_CODE = _any(name for name in CURRENCIES if name.isalpha())
_ANY_CURRENCY = rf"(?:{_SIGN}|{_CODE}\b)"


def _scale(word: str | None) -> str:
    return f" {tables.SCALE_LETTERS.get(word.lower(), word.lower())}" if word else ""


def _money(amount: str, symbol: str, scale: str | None, singular: bool) -> str:
    one, several, cent, cents = CURRENCIES[symbol]
    whole, _, places = amount.replace(",", "").partition(".")
    if scale or len(places) not in (0, 2):
        return f"{_decimal(amount)}{_scale(scale)} {one if singular else several}"
    parts = []
    if whole.strip("0") or not places.strip("0"):
        parts.append(f"{_integer(whole or '0')} {one if whole == '1' or singular else several}")
    if places.strip("0"):
        parts.append(f"{number_to_words(int(places))} {cent if places == '01' or singular else cents}")
    return " and ".join(parts)


def _price(match: re.Match) -> str:
    """Currency before the number, in group 2, or behind it, in group 5; group 1 is the sign."""
    symbol = match[2] or match[5]
    before = match[0][: len(match[0]) - len(match[0].lstrip())]
    words = _money(match[3], symbol, match[4], bool(match[6]) or _is_attributive(match))
    tail = f" {match[6].replace('-', ' ').strip()}" if match[6] else " "
    return f" {before}{'minus ' if match[1] else ''}{words}{tail}"


def _european(match: re.Match) -> str:
    """1.234,50 as 1,234.50"""
    return match[0].replace(".", "\0").replace(",", ".").replace("\0", ",")


_UNIT = _any(UNITS)
_PER = _any([*UNITS, "s", "day", "week", "month", "year", "hour", "minute", "second", "person"])
_POWERS = {"2": "square ", "3": "cubic "}


def _scaled(match: re.Match) -> str:
    """A letter for millions or billions: 10M users, but not apartment 4B."""
    noun, words = _after(match), f"{_decimal(match[1])}{_scale(match[2])}"
    if _is_noun(noun):
        is_counted = noun.endswith("s") or noun in tables.COUNTED or _DETERMINERS.search(_before(match))
    else:
        is_counted = len(match[2]) == 2 or "." in match[1] or (match[2] == "M" and not noun[:1].isupper())
    return words if is_counted else match[0]


def _unit_name(unit: str, singular: bool) -> str:
    one, _, several = UNITS.get(unit, unit if len(unit) > 1 else "second").partition(",")
    if singular or several:
        return one if singular else several
    name, per, rest = one.partition(" per ")
    name, of, matter = name.partition(" of ")
    if not name.endswith("hertz"):
        name = name.replace("foot", "feet") if name.endswith("foot") else _plural(name)
    return name + of + matter + per + rest


def _unit(match: re.Match) -> str:
    amount, hyphen, unit, per, power, dot = match.groups()
    singular = amount == "1" or hyphen == "-" or _is_attributive(match, bare=unit not in tables.SUBSTANCE_UNITS)
    name, power = _unit_name(unit, singular), power[-1] if power else ""
    if per:
        name += f" per {_POWERS.get(power, '') if per != 's' else ''}{_unit_name(per, True)}"
        name += {"2": " squared", "3": " cubed"}.get(power, "") if per == "s" else ""
    else:
        name = _POWERS.get(power, "") + name
    return f"{_decimal(amount)} {name}".lstrip() + (_stop(match) if dot else "")


def _duration(match: re.Match) -> str:
    return _count_times(*match.groups()) + _stop_if_written(match)


def _degrees(match: re.Match) -> str:
    amount, scale = match[1], {"C": " Celsius", "F": " Fahrenheit", "K": " kelvin", None: ""}[match[2]]
    return f"{_decimal(amount)} degree{'' if amount == '1' or _is_attributive(match, bare=not scale) else 's'}{scale}"


def _feet(match: re.Match) -> str:
    feet, inches = match[1], match[2]
    singular = feet == "1" or _is_attributive(match, bare=not inches)
    if match[0].endswith("'") and re.search(r"(?<!\w)'", _left(match)):
        return match[0]  # a closing quotation mark
    words = f"{_integer(feet)} {'foot' if singular else 'feet'}"
    unit = "" if singular and feet != "1" else " inch" if inches == "1" else " inches"
    return words + (f" {_decimal(inches)}{unit}" if inches else "")


def _inches(match: re.Match) -> str:
    if _left(match).count('"') % 2:
        return match[0]  # a closing quotation mark
    return f"{_decimal(match[1])} inch{'' if match[1] == '1' or _is_attributive(match, bare=True) else 'es'}"


_SCORE_BEFORE = re.compile(r"(?i)\b(?:scored|rated|rating|ranked|score of|rating of|got|it|gets|gave|a) $")


def _slash(match: re.Match) -> str:
    """`3/4` as a fraction, with or without a whole number and a unit; `24/7` as a pair, `4/5 stars` as a score."""
    whole, top, bottom = (group and _integer(group) for group in match.groups()[:3])
    numbers = int(match[2]), int(match[3])
    unit = f" {_unit_name(match[4], singular=False)}" if match[4] else ""
    stop = _stop_if_written(match)
    if not whole and (numbers in ((9, 11), (24, 7), (20, 20)) or sum(numbers) == 100 or _after(match) == "time"):
        return f"{top} {bottom}{unit}{stop}"
    is_score = numbers[1] in (5, 10, 20, 25, 30, 40, 50, 60, 100) and _SCORE_BEFORE.search(_left(match))
    if not whole and (is_score or numbers[0] == numbers[1] or _after(match) in ("stars", "star", "points", "rating")):
        return f"{top} out of {bottom}{unit}{stop}"
    if not 0 < numbers[0] < numbers[1] <= 100:
        return f"{f'{whole} ' if whole else ''}{top} over {bottom}{unit}{stop}"
    name = {2: "half", 4: "quarter"}.get(numbers[1]) or ordinal_to_words(numbers[1])
    if numbers[0] > 1:
        name = "halves" if name == "half" else name + "s"
    if whole:
        return f"{whole} and {'a' if numbers[0] == 1 else top} {name}{unit}{stop}"
    unit = f" {_unit_name(match[4], singular=True)}" if match[4] else ""
    return f"{top} {name}{unit}{stop}"


def _power(exponent: str) -> str:
    if exponent in ("2", "3"):
        return " squared" if exponent == "2" else " cubed"
    if not exponent.lstrip("+-").isdigit():
        return f" to the {exponent.replace('-', 'minus ')}"
    value = exponent.lstrip("+-")
    return f" to the {'minus ' + _integer(value) if exponent[0] == '-' else _ordinal(_integer(value))}"


def _scientific(match: re.Match) -> str:
    return f"{_decimal(match[1])} times ten{_power(match[2].lstrip('+'))}"


def _plural_number(match: re.Match) -> str:
    """Decades and plurals, "the 80s", "1000s of"; or seconds, "wait 30s"."""
    number, before, after = match[1], _left(match, 30), _right(match)
    if number in ("100", "1000"):
        return _plural(_integer(number).removeprefix("one "))
    is_plural = "'" in match[0] or re.fullmatch(r"\d{2,}0", number) or re.search(tables.DECADE_BEFORE, before)
    is_plural = is_plural or re.match(r" of (?:thous|mill|bill)", after)
    is_seconds = re.search(tables.SECONDS_BEFORE, before) or re.match(tables.SECONDS_AFTER, after)
    if is_plural or (re.fullmatch("[2-9]0", number) and not is_seconds):
        return _plural(_plain(number))
    return f"{_plain(number)} second{'' if number == '1' or _is_attributive(match, bare=True) else 's'}"


# --- numbers in running text ------------------------------------------------------------------------------------------


def _groups(match: re.Match) -> str:
    """Digit groups such as telephone numbers, digit by digit with a pause between groups; words before them stay."""
    return ", ".join(_digits(group) for group in re.findall(r"\d+", match[match.lastindex or 0]))


def _vanity(match: re.Match) -> str:
    return f"one {_integer(match[1] + '00') if match[2] == '00' else _digits(match[1] + match[2])} "


def _code(match: re.Match) -> str:
    """Digits after letters, as in "C2766" and "A38": short ones as a number."""
    written = re.sub(r"^([1-9])0([1-9])$", r"\1 oh \2", match[0])
    if " oh " in written:
        return _spaced(match, re.sub(r"\d", lambda digit: ONES[int(digit[0])], written))
    groups = [_digits(group) if len(group) > 3 else _integer(group) for group in written.split(".")]
    return _spaced(match, " point ".join(groups))


def _season(match: re.Match) -> str:
    """A year and the next one, "2008-09", but not a month, "2021-05"."""
    year, following = int(match[1]), int(match[2])
    if (year + 1) % 100 != following:
        return match[0]
    return f"{year_to_words(year)} to {number_to_words(following) if following else year_to_words(year + 1)}"


def _number(match: re.Match) -> str:
    return _spaced(match, _decimal(match[1]) if len(match[1]) == 4 and _is_counted(match) else _plain(match[1]))


_STATE_END = _any({name.split()[-1] for name in tables.STATES.values()})
_PRODUCT_END = re.compile(r"\s?(?:[=^.,;!?)]|$|(?:and|to the|squared|cubed)\b)")


def _product(match: re.Match) -> str:
    """3 x 4 as a product, "a 3 x 5 card" as two sides."""
    end = _PRODUCT_END.match(match.string, match.end() + len(match[3]))
    is_product = (
        end and len(match[1].partition(".")[0]) < 3 and ("." not in match[1] or end[0].strip() in ("=", "to the"))
    )
    return f"{match[1]} {'times' if is_product else 'by'} "


_SIGNS_OF_ORDER = "".join(sign for sign in COMPARISONS if sign not in "<>")


# --- rules ------------------------------------------------------------------------------------------------------------

_NUMBER_WORDS = "|".join([*ONES, *tables.TENS])
_PERIOD = r"(?:\.(?!\s*$)|(?=\.\s*$))"  # an abbreviation's full stop; at the end of the text it stays

Replacement = str | Callable[[re.Match], str]
_READINGS = {"decimal": _decimal, "digits": _digits, "integer": _integer, "letters": " ".join, "plain": _plain}


def _rules(*rules: tuple[str, Replacement]) -> list[tuple[re.Pattern, Replacement]]:
    """Patterns and what is written: a function, or a text in which `{1:digits}` reads a group."""

    def replacement(written: Replacement) -> Replacement:
        if callable(written) or "{" not in written:
            return written
        return lambda m: re.sub(
            r"\{(\d):(\w+)\}", lambda part: _READINGS[part[2]](m[int(part[1])] or ""), m.expand(written)
        )

    return [(re.compile(pattern), replacement(written)) for pattern, written in rules]


_ADDRESS_RULES = _rules(
    (r"(?<![\w.+-])(?:mailto:)?[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", _address),
    (r"\b(?:[Hh]ttps?|ftp|file)://[^\s\"'()<>]+", _address),
    (r"\blocalhost(?::\d+)?(?:/[^\s\"'()<>]*)?", _address),
    (rf"{_HOST}(?:{tables.DOMAINS})\b(?![.@]?\w)(?::\d+)?(?:/[^\s\"'()<>]*)?", _address),
    (rf"(?<!\w)[A-Za-z]:\\{_PATH_CHARACTER}*|(?<!\S)(?:\\\\|\.\.?\\){_PATH_CHARACTER}+", _address),
    (r"(?<![\w.])\.(?=(?:env|git|bash|vim|npm|htaccess|profile)\w*)", "dot "),
    (rf"(?<![^\s(\"'])(?:(?:~|\.\.?)?/[\w.~-]+|~|\.\.?)/{_PATH_CHARACTER}*", _address),
    (r"(?<![\w/.])[\w-]+(?:/[\w-]+)+\.[a-z]{1,5}\d?\b", _address),
    (
        r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(:\d+)?(?![\w.]\w)",
        lambda m: " dot ".join(map(_digits, m[1].split("."))) + (f" colon {_digits(m[2][1:])}" if m[2] else ""),
    ),
    (rf"(?<=[\w-])\.({_any(tables.EXTENSIONS)})\b(?!\.?\w)", lambda m: f" dot {_extension(m[1])}"),
    (r"\s+", " "),
)
_ABBREVIATION_RULES = _rules(
    (r"&c\.", "etc."),
    (r"(?<=[a-z.] )v\.(?= [A-Z])", "versus"),
    (
        rf"\b({_any(tables.BIBLE_ABBREVIATIONS)})\.? (?=\d+:\d)|\b(Ps|(?:(?<=[12] )Cor))\. (?=\d)",
        lambda m: tables.BIBLE_ABBREVIATIONS[m[1] or m[2]] + " ",
    ),
    (
        r"\b([123]) (?=(?:Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John) \d)",
        lambda m: ordinal_to_words(int(m[1])).capitalize() + " ",
    ),
    (r"\b[Nn]\u00b0\s?(?=\d)", "number "),
    (r"(?<=\d(?:st|nd|rd|th) )fl\.(?=[)\s])", "floor"),
    (r"(?<=\d(?:st|nd|rd|th) )cent\.(?=\s)", "century"),
    (
        r"(?:(?<=miles )|(?<=mi\. )|(?<=km ))([NS]?)([EW]?)(?= of\b)",
        lambda m: (_DIRECTIONS.get(m[1], "") + _DIRECTIONS.get(m[2], "")).lower(),
    ),
    (r"\b([AM]\d{1,3})\(M\)", r"\1 M"),  # of a motorway
    (r"(?<=[Dd]ial )\*(?=\d)|(?<=[Pp]ress )\*", "star "),
    (r"(?<=[Pp]ress )#(?!\d)", "pound"),
    (r"(?<=\d )tab(s?)\.(?=\s)", r"tablet\1"),
    (r"\b(\d{1,2})W-(?=\d\d\b)", "{1:integer} W "),  # of oil
    (r"(?<=[=(] )-(?=[a-z]\b)", "minus "),
    (r"(?<=[A-Za-z])\+\+(?!\w)", " plus plus"),
    (r"(?<![\w.])\.N(?:ET|et)\b", "dot net"),
    (r"\bASP\.NET\b", "A S P dot net"),
    (r"\b(Mrs?|Ms|Dr|Prof|St)\.(?=[A-Z])", r"\1. "),
    (r"\bw/(?=\s)", "with"),
    (r"\bTL;DR\b", "T L D R"),
    (
        r"(?<=% )([wmqy])/\1\b",
        lambda m: "{0} over {0}".format({"w": "week", "m": "month", "q": "quarter", "y": "year"}[m[1]]),
    ),
    (r"\bCtrl(?=\s?[+-])", "Control"),
    (r"(?<=[+-])(\s?)Del\b", r"\1Delete"),
    (r"(?<=[a-z] )no\.(?= is [\d(+]| [A-Z\d-]*\d)", "number"),
    (r"\b40([13])\(([kb])\)", lambda m: f"four oh {ONES[int(m[1])]} {m[2].upper()}"),
    (r"\b(Q[1-4]|H[12]|FY)'(?=\d\d\b)", r"\1 '"),
    (r"\b([Hh]e|[Hh]is|[Hh]im)/(?=(?:she|hers?)\b)", r"\1 or "),
    (r"\b802\.(\d+)([a-z]{0,2})\b", lambda m: f"eight oh two point {m[1]} {' '.join(m[2].upper())}".strip()),
    (r"\bet al\.(?=\s[a-z(]|,)", "et al"),
    (r"(?<=[a-z],\s)(?!MD)([A-Z]{2})(?=[,.;:]|$)|\b([A-Z]{2})(?=\s\d{5}\b)", lambda m: tables.STATES.get(m[0], m[0])),
    (r"\bSt\.(?=\s([A-Z]\w*)|)", _saint_or_street),
    (r"\bSt(?=\s[A-Z][a-z])", "Saint"),
    (r"(?<=[a-z]\s)St\b(?![.'])", "Street"),
    (r"(\b[A-Z][\w']*\s)\bDr\.(?=\s*(?:$|[,;:!?)\"]))", lambda m: f"{m[1]}Drive{_stop(m)}"),
    (r"(\b\d+\s(?:[NSEW]\.?\s)?[A-Z]\w*\s|\bon [A-Z]\w*\s)Dr\.?(?=\s[a-z])", r"\1Drive"),
    (rf"\b({'|'.join(tables.TITLES)}){_PERIOD}", lambda m: tables.TITLES[m[1]]),
    (r"\b(Mr|Mrs|Ms|Dr|Prof)(?=\s(?:[A-Z]|&|and\b))", lambda m: tables.TITLES[m[1]]),
    (r"(?<=[a-z] )incl(?=\.(?:\s*$|[,;)]))", "included"),
    (r"\binc\.(?=\s(?:VAT|GST|[a-z]))", "including"),
    (r"\b([Ee])st\.(?=\s[a-z])", r"\1stimated"),
    (
        rf"(?<![\w.]){_any(tables.ABBREVIATIONS)}",
        lambda m: tables.ABBREVIATIONS[m[0]] + ("" if m[0] in tables.NEVER_LAST else _stop(m)),
    ),
    (r"(?:(?<=Street )|(?<=Avenue ))[NS][EW]\b", lambda m: _DIRECTIONS[m[0][0]] + _DIRECTIONS[m[0][1]].lower()),
    (r"(?:(?<=\()|(?<=[,;]\s))([bd])\.\s?(?=\d{4}\b|c)", lambda m: {"b": "born ", "d": "died "}[m[1]]),
    (r"(?<=[a-z] )d\.\s?(?=1\d{3}\b|20\d\d\b)", "died "),
    (r"\blong\.(?=\s?-?\d+(?:\.\d+)?\s?\u00b0)", "longitude"),
    (r"\bM\s?[-\u2013]\s?F\b", "Monday to Friday"),
    (
        rf"(?<![\w./&@'-]){_any(tables.WORDS_WITHOUT_STOP)}(?![\w./'#-]\w|[\w#]|\.\w)(?!\.(?:\s[a-z]))",
        lambda m: tables.WORDS_WITHOUT_STOP[m[0]],
    ),
    (
        r"(?<=\d\s)([NSEW])\.?(?=\s[A-Z][a-z]+\s(?:Street|Avenue|Boulevard|Road|Drive|Lane|St|Ave|Blvd|Rd|Dr|Ln)\b)|\b([NSEW])\.(?=\s\d+(?:st|nd|rd|th)\b)",
        lambda m: _DIRECTIONS[m[1] or m[2]],
    ),
    (r"(?<=\d )(sq|cu|fl)\.\s(?=[a-z])", r"\1 "),
    # "R&D"
    (r"\b([A-Z]{1,3})&([A-Z]{1,3})(s?)\b", lambda m: " ".join(m[1]) + " and " + " ".join(m[2]) + (m[3] and "'s")),
    (rf"\b({_any(tables.BEFORE_NUMBER)})\.\s?(?=\d|[IVX]{{2,}}\b)", lambda m: tables.BEFORE_NUMBER[m[1]] + " "),
    (
        r"\b([Aa]pt|[Rr]m|Ste|Bldg|Rte)(?:\.(?=\s#)|(?=\s#?\d))|\b(Apt|Ste|Bldg|Rm)\.(?=\s[A-Z]\b)",
        lambda m: tables.BEFORE_NUMBER[m[1] or m[2]],
    ),
    (r"\b(Vol|Ch|Chap|Fig|Sec|Art)\.\s(?=[IVX]\b)", lambda m: tables.BEFORE_NUMBER[m[1]] + " "),
)
_NAME_RULES = _rules(
    (rf"\b({_NUMBERED})(\s){_ROMAN_LETTERS}\b(?!\s[A-Z]\b|\.[A-Z])", _numbered),
    # the full stop in "George III. was" is an old spelling
    (rf"\b({tables.RULERS})\s(?:the\s)?([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])(?:\.(?=,|\s[a-z]))?", _ruler),
    (r"\b([XVI]{2,5})(?:th|st)?(?=\s[Cc]entur)", lambda m: _ordinal(_roman_number(m)) if _roman(m[1]) else m[0]),
    (r"\bI(?=(?:,| and| to|-|\u2013)\s?II\b)", "one"),
    (r"(?<=[A-Za-z][A-Za-z]\s)(?=[IVX]*(?:II|IV|VI|IX|XI|XV))([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])", _named_number),
    (r"\b(M[MDCLXVI]{3,}|[DCLXVI]{5,}|[XVI]{4,}|III?|VII|XII|XIV|XVI|XXI)\b", _roman_number),
    (r"(?<=[Tt]he )WHO\b", "W H O"),
)
_DATE_RULES = _rules(
    # "9 a.m.-5 p.m.", "9:00-17:30"
    (
        r"(?i)(?<=\d)(\s?[ap]\.?m\.?)\s?[-\u2013]\s?(?=\d|noon|midnight)|(:\d\d)\s?[-\u2013]\s?(?=\d+:\d\d)",
        r"\1\2 to ",
    ),
    (r"(?<![\w:.-])(\d{1,2})\s?[-\u2013]\s?(?=\d{1,2}:\d\d\s?[aApP]\.?[mM])", r"\1 to "),
    (
        r"\b(\d{4}-\d{2}-\d{2})T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|\+00:00)?(?!\w)",
        lambda m: f"{m[1]} at {m[2]}{' U T C' if m[4] else ''}",
    ),
    (r"(?:(?<=\d/\d\d)|(?<=/\d{4}))\s?[-\u2013]\s?(?=\d{1,2}/\d{1,2}/\d\d)", " to "),
    (r"\b(\d{4})[-/.](\d{2})[-/.](\d{2})\b", lambda m: _numeric_date(m[1], m[2], m[3], m[0])),
    (r"(?<![\w.])(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})\b(?!-)", lambda m: _numeric_date(m[4], m[1], m[3], m[0])),
    (r"(?<![\w.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b", lambda m: _numeric_date(m[3], m[2], m[1], m[0])),
    (r"(?<=\b[Oo]n )(\d{1,2})\.(\d{1,2})\.(\d\d)\b(?!\.\d)", lambda m: _numeric_date(m[3], m[2], m[1], m[0])),
    (
        r"\b([Oo]n|[Uu]ntil|[Ss]ince|[Dd]ue|[A-Z][a-z]+day,?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?,?)\s(\d{1,2})/(\d{1,2})\b(?!/)",
        lambda m: f"{m[1]} {_numeric_date(None, m[2], m[3], f'{m[2]}/{m[3]}')}",
    ),
    (r"(?<=\b[ECMP]T)\s?/\s?(?=\d{1,2}\b)", ", "),  # "7:05 ET/4:05 PT"
    # more parts than there are is no fraction
    (
        r"(?<=\bby )(\d{1,2})/(\d{1,2})\b(?![/.]?\d)",
        lambda m: _numeric_date(None, m[1], m[2], m[0]) if int(m[1]) > int(m[2]) else m[0],
    ),
    (
        rf"\b{_WEEKDAY}\b\.?(?:\s?[-\u2013/&]\s?{_WEEKDAY}\b\.?)+|\b{_WEEKDAY}\b\.?(?=,?\s(?:\d|{_MONTH}))"
        rf"|(?:(?<=\b[Oo]n\s)|(?<=\b[Ee]very\s)|(?<=\b[Cc]losed\s)|(?<=\b[Oo]pen\s)){_WEEKDAY}\b\.?"
        rf"|(?<![Tt]he\s)\b(?:Sat|Sun)\.(?=[,;)]|\s(?:and|or|at|from)\b|\s*$)|\b(?:Mon|Tues?|Wed|Thurs?|Thu|Fri)\b\.?",
        _weekdays,
    ),
    (rf"(?<=\d(?:st|nd|rd|th))\s?[-\u2013]\s?(?={_WEEKDAY}\b|[A-Z][a-z]+day\b)", " to "),
    (rf"\b{_MONTH}\s{_DAY}(?:\s?[-\u2013]\s?{_DAY})?\b(?![:\d])(?:,?\s(\d{{4}})\b(?!,\d))?", _month_day),
    (rf"\b([Tt]he\s)?(?:{_DAY}\s?[-\u2013]\s?)?{_DAY}(?:\sof)?[\s-]{_MONTH}(?:,?[\s-](\d{{4}})\b)?", _day_month),
    (
        rf"\b{_MONTH}\s?[-\u2013]\s?{_MONTH}(?!\s\d)",
        lambda m: f"{_MONTH_BY_PREFIX[m[1][:3]]} to {_MONTH_BY_PREFIX[m[2][:3]]}" + _stop_if_written(m),
    ),
    (rf"\b{_MONTH}\s?[-\u2013]\s?(?={_MONTH})", lambda m: f"{_MONTH_BY_PREFIX[m[1][:3]]} to "),
    (r"(?<=noon|ight)\s?[-\u2013]\s?(?=\d)", " to "),
    (rf"\b{_MONTH}\s'(\d\d)\b", lambda m: f"{_MONTH_BY_PREFIX[m[1][:3]]} {_whole_year(m[2])}"),
    (rf"\b{_MONTH}(?=\s\d{{4}}\b)", lambda m: _MONTH_BY_PREFIX[m[1][:3]]),
    (r"\b(Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec)\.", lambda m: _MONTH_BY_PREFIX[m[1][:3]] + _stop(m)),
    (r"(?<=\d\d:\d\d)(?::00)?Z\b", " Z"),
    (
        rf"\b({tables.BIBLE}) (\d+):(\d+)(?:[-\u2013](\d+))?\b",
        lambda m: f"{m[1]} {_integer(m[2])} {_integer(m[3])}" + (f" to {_integer(m[4])}" if m[4] else ""),
    ),
    (r"\b12:00(?=\s(?:noon|midnight)\b)", "twelve"),
    (
        r"(?<![\d.,:-])(0\d|(?:(?<=[Aa]t )|(?<=[Bb]y )|(?<=until )|(?<=[Ff]rom ))(?:1\d|2[0-3]))([0-5]\d) ?(?:hrs|hours)\b",
        _military_time,
    ),
    (r"(?<![\d:])(\d+):(\d{1,3}(?:,\d{3})+)\b", "{1:integer} to {2:integer}"),  # of a map
    # chapter and verses: minutes have two digits
    (
        r"(?<![\d:])(\d{1,3}):(\d)[-\u2013](\d{1,2})\b(?!:|\s?[AaPp]\.?[Mm]\b)",
        "{1:integer} {2:integer} to {3:integer}",
    ),
    (
        r"(?<![\d:.])(\d{1,2}):([0-5]\d)\.(\d{1,2})\b(?![:.]?\d)",  # of a race
        lambda m: (
            f"{_integer(m[1])} {_digits(m[2], 'oh') if m[2][0] == '0' else _integer(m[2])} point {_digits(m[3])}"
        ),
    ),
    (r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:\s?([AaPp])\.?\s?[Mm]\b\.?|\b)", _time),
    (r"\b(\d{1,2})\.([0-5]\d)()\s?([AaPp])\.?\s?[Mm]\b\.?", _time),
    (r"(?<![\w.])([01]?\d|2[0-3])\.([0-5]\d)()()(?=\s(?:GMT|UTC|BST|CES?T|EES?T|h|hrs)\b)", _time),
    (
        r"(?<=[Aa]t\s)([01]?\d|2[0-3])\.([0-5]\d)()()\b(?=[.,;!?]?(?:$|\s(?:on|in|and|sharp|to|o|we|he|she|they|it|the|every|each|[A-Z]))|[.,;!?]\s)",
        _time,
    ),
    (r"\b([01]?\d|2[0-3])h([0-5]\d)()()\b", _time),
    (r"\b(?:(\d{1,2})\s?[-\u2013]\s?)?(\d{1,2})\s?([AaPp])\.?\s?[Mm]\b\.?", _hour),
    (r"\b(\d+):(\d+)\b", "{1:integer} to {2:integer}"),
    (rf"\b({_NUMBER_WORDS}):({_NUMBER_WORDS})\b", r"\1 \2"),
)
_AMOUNT_RULES = _rules(
    (r"(?<=\d) deg\.? (?=[CF]\b)", "\u00b0 "),
    (r"\b(at|to|of) (\d{3}(?=[CF]\b)|\d\d(?=C\b))", "\\1 \\2\u00b0 "),  # "bake at 180C"
    (r"(?<![\w.])-\d{1,3}(?=[CF]\b)", "\\g<0>\u00b0 "),
    (r"\b(\d{2,3}\.\d) ?(?=F\b)", "\\1\u00b0 "),
    (r"(?<=\d\u00b0[CF])\s?/\s?(?=\d|gas)", ", "),
    (r"(?<=\d)[xX\u00d7](?=\d+(?:\.\d+)?[xX\u00d7]\d)", " by "),
    (r"\b[xX] (?=\d+ (?:days|weeks|months)\b)", "for "),
    (r"(?<=\d)-(?=\d+(?:\.\d+)?\s?=)", " minus "),
    (r"(?<=\d )N m\b", "Nm"),
    (
        r"(?<=\b[Rr]unway )(\d{1,2})([LRC])\b",
        lambda m: f"{_integer(m[1])} {dict(L='left', R='right', C='center')[m[2]]}",
    ),
    (r"(?<=\d[VW], )(\d+(?:\.\d+)?) ?A\b(?= [a-z])", "{1:decimal} amp"),
    (r"\b(\d+\.\d+) pp\b", "{1:decimal} percentage points"),
    (r"\b([1-9]\d00)K\b", "{1:integer} kelvin"),  # of light
    (r"(?<![\w.'])(\d{2,3})\+(\d{1,2})'", "{1:integer} plus {2:integer} minutes"),
    (r"~\s?(?=\.?\d)", " about "),
    (r"(?<=\d)\((?=[a-z]\))", " ("),  # of a paragraph, "4(b)"
    (r"(?<=\bI )<3\b", "love"),
    (
        rf"(?<=\d)\^([+-]?\d+)\s({_UNIT})(?![\w'/])",
        lambda m: f"{_power(m[1])} {_unit_name(m[2], singular=False)}",
    ),
    (r"\b(\d{1,2})\s?st\.?\s(?=\d{1,2}\s?lbs?\b)", "{1:integer} stone "),
    (r"\b(\d\d)ers\b", lambda m: _integer(m[1]).removesuffix("e") + "ers"),
    (
        r"(?<![\d.])((?:\d+ )?(?:\d+/)?\d+) ([cTt])\.(?=\s[a-z])",
        lambda m: f"{m[1]} {tables.SPOONS[m[2]]}{'' if re.fullmatch(r'1|[0-9]+/[0-9]+', m[1]) else 's'}",
    ),
    (r"\b401[kK]", "four oh one K"),
    (r"\b(\d{1,2})[kK](?=\s(?:gold|white|yellow|rose)\b)", "{1:integer} karat"),
    # 1.234,50 with a currency, 1,5 with a unit
    (r"(?<=\d)[,.][-\u2013](?!\w)", ""),
    (rf"~\s?(?={_SIGN}\s?\d)", "about "),
    (rf"[$](?={_NUMBER}\s?(?:USD|CAD|AUD|NZD|HKD|SGD|MXN)\b)", ""),
    (rf"(?:(?<=[$£€])|(?<=[$£€] )|(?<=EUR )){_EURO}\b(?![,.]?\d)", _european),
    (rf"{_NOT_WITHIN}{_EURO}(?=\s?(?:€|EUR\b))", _european),
    (rf"{_NOT_WITHIN}\d{{1,3}}(?:\.\d{{3}})*,\d{{1,2}}(?=\s?(?:{_UNIT}|%|°)(?!\w))", _european),
    (rf"(?<=\d)/(?={_SIGN}\d)", " or "),
    (rf"(?<=\d) ?[xX\u00d7] ?(?={_SIGN}\d)|(?<=[$£€]\d) [xX\u00d7] (?=\d)", " times "),
    (
        rf"(?<!\w)({_SIGN})\s?{_NUMBER}{_SCALE}\s?[-\u2013]\s?(?:\1\s?)?{_NUMBER}{_SCALE}",
        lambda m: f" {_decimal(m[2])}{_scale(m[3])} to {_money(m[4], m[1], m[5], _is_attributive(m))} ",
    ),
    (
        rf"(?:(?<!\w)(-))?((?<![A-Za-z]){_SIGN}|[$\u00a3]|\b{_CODE}(?=\s?\d))\s?{_NUMBER}{_SCALE}()(-(?:an?|per)-[a-z]+\b)?",
        _price,
    ),
    (rf"{_AMOUNT}\s?[-\u2013]\s?(?={_NUMBER}{_SCALE}\s?{_ANY_CURRENCY})", "{1:decimal} to "),
    (rf"{_NOT_WITHIN}(-)?(){_NUMBER}{_SCALE}\s?({_ANY_CURRENCY})(-(?:an?|per)-[a-z]+\b)?", _price),
    (rf"{_AMOUNT}\s?\u00a2", lambda m: f"{_decimal(m[1])} cent{'' if m[1] == '1' else 's'}"),
    (rf"(?<![\w/])()()((?=\w\w|m/s|W/m){_UNIT})/({_PER})(\^[23]|[23])?()(?![\w/])(?<!\d km/h)", _unit),
    (rf"(?<=\d )([a-z]+)/({_PER})(?![\w^])", lambda m: f"{m[1]} per {_unit_name(m[2], True)}"),
    (rf"(\bper [a-z]+)/({_PER})(?!\w)", lambda m: f"{m[1]} per {_unit_name(m[2], True)}"),
    (r"\bper (hr|min|sec|wk|mo|yr)\b(?!\.?\w)\.?", lambda m: f"per {_unit_name(m[1], True)}{_stop_if_written(m)}"),
    (r"(?<![\w./])(\d+\.\d+)/(4|5|10|100)(?:\.0)?\b(?![/.]?\w)", "{1:decimal} out of {2:integer}"),
    (rf"(?<=[a-z])\s?/\s?({_UNIT}|s)(?!\w)", lambda m: f" per {_unit_name(m[1], True)}"),
    (r"(?<=[a-z]) /(?=[A-Za-z])", " per "),
    (rf"(?<=\d) - (?={_NUMBER}\s?=)|(?<=\d[a-z]|\W[b-hj-z]) - (?=\d|[b-hj-z]\b)", " minus "),
    (r"(?<![\w)$%\u00b0-])-(?=\.?\d)", "minus "),
    (
        rf"{_AMOUNT}\s?(?:[%\u00b0]|{_UNIT})?\s?[-\u2013]\s?"
        rf"(?={_NUMBER}\s?(?:[%\u00b0]|{_UNIT}(?![\w'])))",
        "{1:decimal} to ",
    ),
    (r"(?<!\w)(\d{1,2})(['\"])\s?[-\u2013]\s?(?=\d{1,2}\2)", "{1:integer} to "),
    (rf"{_AMOUNT}\s?%", "{1:decimal} percent"),
    (r"(?<=\d[\s-]\d/)(\d{1,2})\"", r"\1 inches"),
    (r"(?<=\d/)(\d{1,2})[ -]in\.(?=\s[a-z])", r"\1 inch"),
    (r"(?<=\d/)(\d{1,2})\"", r"\1 inch"),
    (r"(?<=\d/)(\d{1,2})(?:rds?|ths?)\b", r"\1"),
    (rf"(?<![\w./])(?:(\d+)[\s-])?(\d{{1,3}})/(\d{{1,3}})(?![\w/])(?:\s({_UNIT}|s)\b\.?(?!\w))?", _slash),
    (
        r"(\d)\u00b0\s?(\d+)'\s?(?:(\d+(?:\.\d+)?)\"\s?)?(?=[NSEW]\b)",
        lambda m: f"{m[1]} degrees {m[2]} minutes " + (f"{m[3]} seconds " if m[3] else ""),
    ),
    (
        r"(?:(?<=\d)\u00b0\s?|(?<=minutes )|(?<=seconds ))([NSEW])\b",
        lambda m: (" degrees " if "\u00b0" in m[0] else "") + _DIRECTIONS[m[1]].lower(),
    ),
    (
        r"\b((?:I-|US-|Interstate |Highway |Hwy |Route )\d{1,3}) ([NSEW])\b(?![\w.]\w)",
        lambda m: f"{m[1]} {_DIRECTIONS[m[2]].lower()}",
    ),
    (rf"{_AMOUNT}\s?\u00b0(?:\s?([CFK])\b)?", _degrees),
    (r"(?<![\w.'])(\d)'\s?(\d{1,2}(?:\.\d)?)(?:\"|'')", _feet),
    (r"(?<![\w.'])(\d{1,2})\s?ft\.?\s(\d{1,2}(?:\.\d)?)\s?in\b\.?", _feet),
    (r"(?<![\w.'])([4-7])'(\d|1[01])\b(?!['\"])", "{1:integer} foot {2:integer}"),
    (r"(?<![\w.'])(\d{1,3})'()(?=\s(?:tall|long|wide|deep|high|by)\b|\s?[xX\u00d7]\s?\d)", _feet),
    (r"(?<![\w.'])(\d{1,2})'()(?=\s*$|[.,;])", _feet),
    (rf"{_AMOUNT}\"(?=\s?[xX\u00d7]\s?\d)", lambda m: f"{_decimal(m[1])} inch{'' if m[1] == '1' else 'es'}"),
    (rf"{_AMOUNT}(?:\"|'')", _inches),
    (
        rf"{_AMOUNT}(?:in\b|(?:-| )in(?=\.?\s*$|-(?!\d)|\s(?:long|wide|tall|thick|deep|x)\b)|[ -]?in\.(?=\s[a-z]|[,;)]))",
        _inches,
    ),
    (rf"{_AMOUNT}\s?[xX\u00d7]\s?(?={_NUMBER}\s?{_UNIT}\b)", "{1:decimal} by "),
    (
        rf"{_AMOUNT}\s?[Mm]\b(?=\s(?:{_any(tables.COUNTED)}|[a-z]+(?:ers|ads|ews|ars|ees|nts|ows|ikes|mes))\b)",
        "{1:decimal} million",
    ),
    (rf"{_AMOUNT}([kKMB])?\s?[-\u2013]\s?(?={_NUMBER}[kKMB]\b)", lambda m: f"{_decimal(m[1])}{_scale(m[2])} to "),
    (rf"{_AMOUNT}([MmBbTt]n|[MBb])\b", _scaled),
    (rf"{_AMOUNT}\s(mn|bn|tn)\b", _scaled),
    (r"(?<=\ba )(\d{1,2})K\b(?!\s?[-/\u2013])", "{1:integer} K"),
    (
        r"\b([2-8]|10|16)(?:K\b(?=\s(?:race|run|walk)|[.!?]|$)|[Kk]\b(?=\s(?:TV|video|monitor|display|screen|resolution|camera|footage)))",
        "{1:integer} K",
    ),
    (
        r"\b(half|quarters?|thirds?|eighths?|foot|feet|inch(?:es)?|meters?)\s?[xX\u00d7]\s(?=\d|t[ew]|\w+t(?:een|y))",
        r"\1 by ",
    ),
    (rf"(?<=\d)(\s?{_UNIT}) [xX\u00d7] (?=\d)", r"\1 by "),
    (r"\b(\d+)\s?h(?:rs?)?\s?(\d{1,2})\s?m(?:ins?)?(?:\s?(\d{1,2})\s?s(?:ecs?)?)?\b\.?(?!\w)", _duration),
    (r"\b()(\d+)\s?m(?:ins?)?\s?(\d{1,2})\s?s(?:ecs?)?\b\.?(?!\w)", _duration),
    (
        rf"{_AMOUNT}\+\s?({_UNIT})(?![\w/'&]|\.\w)(\.)?",
        lambda m: f"{_decimal(m[1])} plus {_unit_name(m[2], singular=False)}" + (_stop(m) if m[3] else ""),
    ),
    (rf"{_AMOUNT}( ?|-)({_UNIT})(?:/({_PER}))?(\^[23]|[23])?(?![\w/'&]|\.\w)(\.)?", _unit),
    (rf"{_AMOUNT}( )(s)()()(\.)?(?![\w'/])", _unit),
    (rf"{_AMOUNT} K\b(?! Street)", "{1:decimal} kelvin"),
    (rf"{_AMOUNT}\s?[kK]\b(?! Street)", "{1:decimal} thousand"),
    (r"(?<!\w)'00s\b", "two thousands"),
    (r"\b7([0-8]7)s\b", lambda m: f"seven {_plural(_integer(m[1]))}"),  # of Boeing
    (r"\b(\d{1,3})\s?(?:y/o|yo)\b", "{1:integer} year old"),
    (r"\b(\d{1,2})x(\d{1,2})s\b", lambda m: f"{_integer(m[1])} by {_plural(_integer(m[2]))}"),
    (r"(?<!\w)'?(\d{3}0|\d0)'s\b", _plural_number),
    (r"(?<![\w.,])'?(\d+(?:\.\d+)?)s\b", _plural_number),
    (r"(?<!\w)'0(\d)\b", lambda m: f"oh {ONES[int(m[1])]}"),
    (r"(?<!\w)'(?=\d\d\b)", ""),
    (r"(?<=\d(?:st|nd|rd|th))\s?[-\u2013]\s?(?=\d+(?:st|nd|rd|th))", " to "),
    (r"(?<=\d(?:st|nd|rd|th))[ -]c\.(?=\s?$|\s[a-z(]|[,;)])", lambda m: " century" + _stop(m)),
    (r"\b(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th|ST|ND|RD|TH)\b", lambda m: _ordinal(_integer(m[1]))),
    (rf"\b{_any(tables.LATE_ABBREVIATIONS)}", lambda m: tables.LATE_ABBREVIATIONS[m[0]] + _stop(m)),
)
_NUMBER_RULES = _rules(
    (r"(?<![\w.,-])\+\d{1,3}(?:[\s.-]?\(?\d{1,4}\)?){2,5}(?![\w-])", _groups),
    (r"(?<![\w.,-])1-(\d)(\d\d)-(?=[A-Z\d-]*[A-Z]{3})", _vanity),
    (
        r"\b(?i:call|dial|phone|ring|text)\s\d{3,}(?:,?\sor\s\d{3})?\b(?!-|\s?\d)",
        lambda m: re.sub(r"\d+", lambda digits: _digits(digits[0]), m[0]),
    ),
    (r"(?<!Porsche )(?<![\w.,$-])911\b(?![-\d])", "nine one one"),
    (r"(?<![\w.,-])(?:\+?\d{1,3}[\s.-])?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b", _groups),
    (r"(?<![\w.,-])0\d{2,4}(?:[\s-]\d{2,4}){2,4}\b|(?<![\w.,-])0\d{2,4}[\s-]\d{6,8}\b", _groups),
    (r"(?<![\w.,-])\d{3}-\d{4}\b(?!-)", _groups),
    (r"(?<![\w.,-])(\d{5})-(\d{4})\b(?!-)", lambda m: f"{_digits(m[1], 'oh')}, {_digits(m[2], 'oh')}"),
    (
        rf"\b((?:(?i:zip)(?: code)?:?|{_STATE_END}|D\.C\.),? )(\d{{5}})\b(?![-,.]?\d)",
        lambda m: m[1] + _digits(m[2], "oh"),
    ),
    (
        r"(?i)\b((?:pin|code|password|passcode|otp|serial|extension|account|acct\.?|isbn|issn|sku)(?: is| number)?:? )"
        r"(\d{3,}(?:-\d+)*)\b",
        lambda m: m[1] + _groups(m),
    ),
    (r"(?<![\w.,-])\d+(?:-\d+){2,}(?:-X)?\b", _groups),
    (r"\b([A-Z]{2,5})-(\d{4})-(\d{3,})\b", "{1:letters}, {2:plain}, {3:digits}"),  # "CVE-2024-23225"
    (r"\(0\d{2,4}\)\s?\d{3,4}(?:[\s-]\d{3,4})+\b", _groups),
    (r"\bA3([1-8]0)(?![\d.,]|[A-Z])", lambda m: _spaced(m, f"A three {_integer(m[1])}")),  # of Airbus
    (r"(?<![\w.,-])\d{4}(?:\s\d{4}){2,}\b", _groups),
    (r"\b\d+(?:\.\d+){2,}\b", lambda m: " point ".join(_integer(group) for group in m[0].split("."))),
    (r"(?<=\d)-(to|for|on|by|in)-(?=\d)", r" \1 "),
    (r"\b(24-7|50-50|20-20)\b", lambda m: " ".join(map(_integer, m[0].split("-")))),
    (
        r"(?<![\w.,+-])[1-9]\d{0,2}(?:[ ]\d{3}){2,}\b(?![ -]?\d)|(?<![\w.,+-])[1-9]\d{0,2} 000\b(?![ -]?\d)",
        lambda m: _integer(m[0].replace(" ", "")),
    ),
    (r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3}){2,}\b(?!\.?\d)", lambda m: _integer(m[0].replace(".", ""))),
    (r"\b(\d{4})-(\d{4})\b(?=(?<=[3-9]\d{3})|(?<=2[1-9]\d\d))", lambda m: f"{_digits(m[1])}, {_digits(m[2])}"),
    (r"\b((?:19|20)\d\d)[-\u2013](0\d)\b(?![-/]\d)", _season),
    (r"(?<=\d) / (?=\d+ =)", " divided by "),
    (r"(?i)\b(text [a-z]+ to )(\d{5,6})\b", lambda m: m[1] + _digits(m[2])),
    (r"\bFY\s?(\d{4})\b", "F Y {1:plain}"),
    (
        r"(?<=Boeing )(\d)(\d\d)\b|\b(\d)(\d\d)(?=p\b)",
        lambda m: " ".join(_integer(part) for part in m.groups() if part) + ("" if m[1] else " "),
    ),
    (r"#(?=[A-Z]{1,3}-?\d[\d-]*\b)", " number "),
    (r"#\s?(\d{5,})\b", " number {1:digits}"),
    (r"#\s?(?=\d)", " number "),
    (r"(?<![\w.,])(\d+(?:\.\d+)?)(?:e(?=[+-]?\d)|E(?=[+-]))([+-]?\d+)\b", _scientific),
    (r"(?<=[\w)])\s?\^\s?([+-]?\w+)", lambda m: _power(m[1])),
    (rf"{_AMOUNT}(?:\s?\u2013\s?|-){_NUMBER}\b(?![,.]?\d)", "{1:plain} to {2:plain}"),
    (rf"{_NUMBER}( [xX] |\s?\u00d7\s?)(?=({_NUMBER}))", _product),
    (r"\b0[xX](?=[\dA-F]*\d)([\dA-Fa-f]+)\b", lambda m: "zero x " + " ".join(m[1])),
    (r"(?<=\d)([A-Z]{2,4})(?=\d)", lambda m: _spaced(m, " ".join(m[1]))),
    (r"(?<=\d)[xX](?=\d)", " by "),
    (r"(?<=\d)[xX]\b(?!\s?(?:[-+=^)]|minus|plus|equals))", " times"),
    (r"\s?\u00d7\s?", " times "),
    (r"(?<=\d)\s?\*\s?(?=\d)", " times "),
    (r"(?<=[A-Za-z])-(?=\d)", " "),
    (r"(?<=[^\W\d_])\d+(?:\.\d+)*", _code),
    (_NUMBER, _number),
)
_SYMBOL_RULES = _rules(
    (r"#(?=[A-Za-z])(\w*[a-z][A-Z]\w*)", lambda m: " hashtag " + re.sub("(?<=[a-z])(?=[A-Z])", " ", m[1])),
    (r"(?<=[a-z])\s>\s(?=[A-Z][a-z])", ", "),  # of a menu, "File > Save"
    *tables.SYMBOLS,
    (
        r"\b((?i:in|at|of|by|for|with|to|only|just|was|were|are|be|has|have|had|took|takes?|costs?|weighs?) )([<>]) ?(?=[\w.])",
        lambda m: m[1] + COMPARISONS[m[2]][0].removeprefix("is ") + " ",
    ),
    (r"(?<=\b[Ii]s )([\w.,-]+) ([<>]) (?=[\w-])", lambda m: f"{m[1]} {COMPARISONS[m[2]][0].removeprefix('is ')} "),
    (
        rf"(?<=[\w)])\s?([{_SIGNS_OF_ORDER}])\s?|(?<=[\w)])(?:\s([<>])\s(?=[\w.-])|([<>])(?=\w))",
        lambda m: f" {COMPARISONS[m[1] or m[2] or m[3]][0]} ",
    ),
    (rf"([<>{_SIGNS_OF_ORDER}])\s?(?=\d|{_NUMBER_WORDS})", lambda m: f" {COMPARISONS[m[1]][1]} "),
    (rf"[{_SIGNS_OF_ORDER}]", lambda m: f" {COMPARISONS[m[0]][0]} "),
    *tables.MORE_SYMBOLS,
    (rf"(?:[#\u00a2*/<>~_\\|^]|{_any(sign for sign in _SIGNS if not sign.isascii() or sign == '$')})+", " "),
)
_LETTER_RULES = _rules(
    (r"\b((?:[A-Z]\.){2,})s\b", lambda m: " ".join(m[1].replace(".", "")) + "'s"),
    (r"\b(?:[A-Za-z]\.){2,}|\b(?:[A-Za-z]\.)+[A-Z]\b(?!')", _letters),
    (r"\b([A-HJ-Z])\.(?=\s([A-Za-z]\w*))", _initial),
    (r"(?<![A-Za-z]')\b([A-Z]{2,6})(s)?\b(?!'[A-Z])", _initialism),
)
_PUNCTUATION_RULES = _rules(
    *tables.PUNCTUATION,
    # of several marks the strongest stays, else the last: "Bart., the"
    (r"[,;:.!?\u2026](?:\s?[,;:.!?\u2026])+", lambda m: next((mark for mark in "?!\u2026" if mark in m[0]), m[0][-1])),
    *tables.LAST_PUNCTUATION,
)
_ALL_RULES = (
    _ADDRESS_RULES
    + _ABBREVIATION_RULES
    + _NAME_RULES
    + _DATE_RULES
    + _AMOUNT_RULES
    + _NUMBER_RULES
    + _SYMBOL_RULES
    + _LETTER_RULES
    + _PUNCTUATION_RULES
)

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
    text = text.replace(_HIDDEN, " ")
    given = PRONUNCIATION.finditer(text)
    spoken = join_wrapped_lines(PRONUNCIATION.sub(_HIDDEN, text))
    spoken = re.sub(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,10});", _unescape, spoken)
    for pattern, replacement in _MARKUP:
        spoken = pattern.sub(replacement, spoken)
    written = spoken
    spoken = _only_latin(_fold(_lines(spoken)))
    for _ in range(_MAX_PASSES):
        previous = spoken
        for pattern, replacement in _ALL_RULES:
            spoken = pattern.sub(replacement, spoken)
        if spoken == previous:
            break
    if not any(map(str.isalnum, spoken)) and any(map(str.isalnum, written)):
        spoken = " ".join(written.split())
    return re.sub(_HIDDEN, lambda _: next(given)[0], spoken)


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
        if is_in_letters or (not is_first and (following is None or following[1].islower())):
            positions.append(match.start())
    return positions


__all__ = [
    "PARAGRAPH_END",
    "PRONUNCIATION",
    "find_letters_a",
    "find_paragraphs",
    "find_sentence_ends",
    "join_wrapped_lines",
    "normalize_english_text",
    "number_to_words",
    "ordinal_to_words",
    "year_to_words",
]
