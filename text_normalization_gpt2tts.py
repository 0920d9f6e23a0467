r"""
English text as written to English text as spoken, by rules and without a dictionary.

The result holds letters, spaces, apostrophes, hyphens and the marks `. , ; : ! ? ... " ( )`: digits, symbols and
abbreviations are spelt out, accents are folded to ASCII, and letters of other scripts stay. The conventions are American:
"one hundred five" without "and", month before day in `3/4/2026`, kilometers.
"""

import re
import unicodedata
from collections.abc import Callable

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ("", "thousand", "million", "billion", "trillion")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_MAX_DIGITS = 15  # longer numbers are read digit by digit


def number_to_words(number: int) -> str:
    """Cardinal number in American words: 1205 is "one thousand two hundred five"."""
    if number < 0:
        return f"minus {number_to_words(-number)}"
    if number >= 10**_MAX_DIGITS:
        return _digits(str(number))
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{_ONES[number // 100]} hundred" + (f" {number_to_words(number % 100)}" if number % 100 else "")
    words = []
    for scale in _SCALES:
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
        "hundred" if rest == 0 else f"oh {_ONES[rest]}" if rest < 10 else number_to_words(rest)
    )


def _ordinal(words: str) -> str:
    last = re.split(r"[ -]", words)[-1]
    head = words.removesuffix(last)
    if last in _ORDINALS:
        return head + _ORDINALS[last]
    return head + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def _plural(words: str) -> str:
    return words[:-1] + "ies" if words.endswith("y") else words + ("es" if words.endswith("x") else "s")


def _digits(text: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in text)


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


def _plain_number(text: str) -> str:
    """A bare integer in running text: four digits up to 2099 are read as a year."""
    if "," not in text and len(text) == 4 and 1010 <= int(text) <= 2099:
        return year_to_words(int(text))
    return _digits(text) if "," not in text and len(text) >= 10 else _integer(text)


# --- characters -------------------------------------------------------------------------------------------------------

_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u00b4`\u2032\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2033\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2043\u2212", "-"),
        "\u2012": "\u2013",
        **dict.fromkeys("\u2014\u2015\u2e3a\u2e3b", "\u2014"),
        **dict.fromkeys("[{\u3010\u300c", "("),
        **dict.fromkeys("]}\u3011\u300d", ")"),
        "\u00b2": " squared",
        "\u00b3": " cubed",
        "\u00d7": " times ",
        "\u00f7": " divided by ",
        "\u00b1": " plus or minus ",
        "\u2116": " No. ",
        "\u00a7": " section ",
        "\u00b5": "u",
        "\u2122": "",  # trade mark
        "\u3002": ". ",
        "\u3001": ", ",
        "\u00df": "ss",
        "\u1e9e": "SS",
        "\u00e6": "ae",
        "\u00c6": "Ae",
        "\u0153": "oe",
        "\u0152": "Oe",
        "\u00f8": "o",
        "\u00d8": "O",
        "\u0142": "l",
        "\u0141": "L",
        "\u0111": "d",
        "\u0110": "D",
        "\u00f0": "d",
        "\u00d0": "D",
        "\u00fe": "th",
        "\u00de": "Th",
        "\u0131": "i",
    }
)
_PUNCTUATION = set(".,;:!?'\"()-\u2013\u2014&@#+=%$\u00a3\u20ac\u00a5\u00a2\u00b0/*<>~_\\|^")


def _fold_character(character: str) -> str:
    if character in _PUNCTUATION:
        return character
    if character.isspace():
        return "\n" if character in "\n\r\u2028\u2029\x0b\x0c" else " "
    if "\u0300" <= character <= "\u036f" or unicodedata.category(character) == "Cf":
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return character if character.isalnum() or unicodedata.category(character)[0] == "M" else " "


def _fold(text: str) -> str:
    """Accents, ligatures and typographic marks to ASCII; symbols without a reading to spaces."""
    # "2" before a one-character half is two and a half, not 21/2
    text = re.sub("(?<=[0-9])(?=[\u00bc-\u00be\u2150-\u215e])", " ", text.replace("\r\n", "\n").translate(_CHARACTERS))
    text = unicodedata.normalize("NFKD", text).replace("\u2044", "/").translate(_CHARACTERS)
    return unicodedata.normalize("NFC", "".join(map(_fold_character, text)))


# --- sentence ends ----------------------------------------------------------------------------------------------------

_STARTERS = set(
    [
        "A",
        "After",
        "All",
        "Although",
        "An",
        "And",
        "As",
        "At",
        "Both",
        "But",
        "By",
        "Did",
        "Do",
        "Does",
        "Each",
        "Even",
        "Every",
        "Finally",
        "For",
        "From",
        "He",
        "Her",
        "Here",
        "His",
        "How",
        "However",
        "I",
        "If",
        "In",
        "Is",
        "It",
        "Its",
        "Later",
        "Many",
        "Meanwhile",
        "More",
        "Most",
        "My",
        "No",
        "None",
        "Not",
        "Now",
        "Of",
        "On",
        "Once",
        "One",
        "Only",
        "Or",
        "Our",
        "She",
        "Since",
        "So",
        "Some",
        "Soon",
        "Still",
        "Such",
        "That",
        "The",
        "Their",
        "Then",
        "There",
        "These",
        "They",
        "This",
        "Those",
        "Though",
        "Thus",
        "To",
        "Today",
        "Two",
        "Under",
        "Until",
        "Was",
        "We",
        "Were",
        "What",
        "When",
        "Where",
        "While",
        "Who",
        "Why",
        "With",
        "Yes",
        "Yet",
        "You",
        "Your",
    ]
)
_FOLLOWING = re.compile(r"[\"')]*(?:\s*$|\s+[\"'(]*([A-Z][A-Za-z]*))")


def _stop(match: re.Match) -> str:
    """The full stop of an abbreviation, where it also ends the sentence."""
    following = _FOLLOWING.match(match.string, match.end(), match.end() + 40)
    return "." if following and (following[1] is None or following[1] in _STARTERS) else ""


# --- addresses --------------------------------------------------------------------------------------------------------

_SPOKEN_SYMBOLS = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "@": "at",
    ":": "colon",
    "+": "plus",
    "=": "equals",
    "&": "and",
    "#": "hash",
    "%": "percent",
}


def _address(match: re.Match) -> str:
    address = re.sub(r"^[a-z]+://", "", match[0], flags=re.IGNORECASE)
    body = address.rstrip(".,;:!?&@#+=%*~|^$-")
    tail = address[len(body) :]  # the sentence's own punctuation
    body = body.rstrip("/").replace("www.", "W W W dot ")
    return re.sub(r"[^\w\s]|_", lambda m: f" {_SPOKEN_SYMBOLS.get(m[0], '')} ", body) + tail


_DOMAINS = r"com|org|net|edu|gov|io|(?:ac|co|org|gov)\.uk|ai|dev|info"
_HOST = r"(?<![\w.@-])(?:[A-Za-z0-9-]+\.)+"

# --- abbreviations ----------------------------------------------------------------------------------------------------

_TITLES = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Messrs": "Messieurs",
    "Dr": "Doctor",
    "Drs": "Doctors",
    "Prof": "Professor",
    "Capt": "Captain",
    "Gen": "General",
    "Lt": "Lieutenant",
    "Col": "Colonel",
    "Maj": "Major",
    "Sgt": "Sergeant",
    "Cpl": "Corporal",
    "Cmdr": "Commander",
    "Adm": "Admiral",
    "Rev": "Reverend",
    "Hon": "Honorable",
    "Gov": "Governor",
    "Sen": "Senator",
    "Rep": "Representative",
    "Pres": "President",
    "Supt": "Superintendent",
    "Mt": "Mount",
    "Ft": "Fort",
}
_ABBREVIATIONS = {
    "e.g.": "for example",
    "i.e.": "that is",
    "etc.": "et cetera",
    "vs.": "versus",
    "viz.": "namely",
    "cf.": "compare",
    "approx.": "approximately",
    "a.k.a.": "also known as",
    "Jr.": "Junior",
    "Sr.": "Senior",
    "Esq.": "Esquire",
    "Ph.D.": "P H D",
    "Inc.": "Incorporated",
    "Co.": "Company",
    "Corp.": "Corporation",
    "Ltd.": "Limited",
    "Bros.": "Brothers",
    "Dept.": "Department",
    "Univ.": "University",
    "Assn.": "Association",
    "Ave.": "Avenue",
    "Blvd.": "Boulevard",
    "Rd.": "Road",
    "Tues.": "Tuesday",
    "Wed.": "Wednesday",
    "Thurs.": "Thursday",
}
_BEFORE_NUMBER = {  # "No." is also an answer and "p." an initial: only before a number
    "no": "number",
    "nos": "numbers",
    "vol": "volume",
    "vols": "volumes",
    "ch": "chapter",
    "chap": "chapter",
    "p": "page",
    "pp": "pages",
    "fig": "figure",
    "figs": "figures",
    "sec": "section",
    "art": "article",
    "c": "circa",
    "ca": "circa",
}
_SPELLED = set(  # read letter by letter although they have vowels
    [
        "ABC",
        "AI",
        "API",
        "ATM",
        "BA",
        "CEO",
        "CIA",
        "CIO",
        "CPU",
        "DIY",
        "DNA",
        "EU",
        "EV",
        "FAQ",
        "FBI",
        "GPU",
        "HIV",
        "IBM",
        "ID",
        "IPO",
        "IQ",
        "IRS",
        "MA",
        "NBA",
        "NYC",
        "OK",
        "RNA",
        "UAE",
        "UFO",
        "UHF",
        "UI",
        "UK",
        "UN",
        "UPI",
        "URL",
        "US",
        "USA",
        "USB",
        "USSR",
        "UV",
        "VIP",
    ]
)
_UNSPELLED = {"BRR", "DR", "HMM", "JR", "MR", "MRS", "MS", "NTH", "PST", "SHH", "SR", "ST", "TSK"}


def _like(written: str, spoken: str) -> str:
    """`spoken`, with a capital where `written` has one."""
    return spoken[0].upper() + spoken[1:] if written[0].isupper() else spoken


def _abbreviation(match: re.Match) -> str:
    written = match[0]
    spoken = _ABBREVIATIONS.get(written) or _ABBREVIATIONS[written.lower()]
    return _like(written, spoken) + _stop(match)


def _before_number(match: re.Match) -> str:
    return _like(match[1], _BEFORE_NUMBER[match[1].lower()]) + " "


def _saint_or_street(match: re.Match) -> str:
    name = match[1]
    return "Saint" if name and name not in _STARTERS else "Street" + _stop(match)


def _letters(match: re.Match) -> str:
    return " ".join(match[0].replace(".", "").upper()) + (_stop(match) if match[0].endswith(".") else "")


_PREVIOUS_WORD = re.compile(r"([\w']+)\s$")
_NEXT_WORD = re.compile(r"\s([\w']+)")


def _initial(match: re.Match) -> str:
    """Drops the full stop after initials ("J. R. Smith") and leaves it at sentence ends ("to plan B. Then")."""
    before = match.string[max(0, match.start() - 30) : match.start()]
    is_name = re.search(r"(?:^|[\s\"'(])[A-Z][\w'-]*\.?\s$|(?:^|[.!?][\"')]*\s)[\"'(]*$", before)
    return match[1] if is_name and match[2] not in _STARTERS else match[0]


def _is_spelled(letters: str) -> bool:
    return letters in _SPELLED or (letters not in _UNSPELLED and not re.search("[AEIOUY]", letters))


def _is_shouted(word: re.Match | None) -> bool:
    return word is not None and len(word[1]) > 1 and word[1].isupper() and not _is_spelled(word[1])


def _initialism(match: re.Match) -> str:
    letters, plural = match[1], match[2]
    spelled = _is_spelled(letters)
    if letters in _SPELLED:
        # "LET US GO"
        before = _PREVIOUS_WORD.search(match.string, max(0, match.start() - 30), match.start())
        spelled = not _is_shouted(before) and not _is_shouted(_NEXT_WORD.match(match.string, match.end()))
    return " ".join(letters) + ("'s" if plural else "") if spelled else match[0]


# --- Roman numerals ---------------------------------------------------------------------------------------------------

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = re.compile(r"(?=.)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_LETTERS = r"([IVX]+|[IVXLC]{2,}|[ivx]{2,})"
_NUMBERED = (
    "Chapter|Book|Part|Volume|Act|Scene|Section|Article|Canto|Psalm|Appendix|Figure|Table|Plate|Phase|Stage|Class|Type|"
    "Level|Title|War|Bowl|Number|Chapters|Books|Parts|Volumes|Sections"
)
_RULERS = (
    "Adrian|Albert|Alexander|Alfonso|Alfred|Anne|Artaxerxes|Baldwin|Benedict|Boniface|Carl|Carlos|Casimir|Catherine|"
    "Charles|Christian|Clement|Conrad|Constantine|Darius|David|Edmund|Edward|Elizabeth|Eric|Ferdinand|Francis|Frederick|"
    "George|Gregory|Gustav|Gustavus|Haakon|Harold|Henry|Innocent|Isabella|Ivan|James|John|Joseph|Juan|Julius|Leo|Leopold|"
    "Louis|Magnus|Margaret|Maria|Mary|Maximilian|Michael|Napoleon|Nicholas|Olaf|Oscar|Otto|Paul|Pedro|Peter|Philip|Pius|"
    "Ptolemy|Rameses|Ramses|Richard|Robert|Rudolf|Rudolph|Sigismund|Sixtus|Stephen|Theodore|Umberto|Urban|Victor|Wilhelm|"
    "William|Xerxes|Emmanuel"
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
    is_pronoun = numeral == "I" and (keyword[0].islower() or re.match(r" [a-z]", match.string[match.end() :][:2]))
    if value is None or (is_pronoun and keyword not in ("Chapter", "Act", "Scene", "Volume", "Section")):
        return match[0]
    return f"{keyword}{space}{number_to_words(value)}"


_AFTER_RULER = re.compile(r"'s\b|\s*(?:$|[.,;:!?)\"-])|\s(?:of|was|and|had|is|in|died|ruled|to)\b")


def _ruler(match: re.Match) -> str:
    name, numeral = match.groups()
    value = _roman(numeral)
    # "Elizabeth I was", but not "Mary I love"
    if value is None or (numeral == "I" and not _AFTER_RULER.match(match.string, match.end())):
        return match[0]
    return f"{name} the {ordinal_to_words(value).title()}"


def _sequel(match: re.Match) -> str:
    value = _roman(match[2])
    return match[0] if value is None else f"{match[1]} {number_to_words(value)}"


# --- dates and times --------------------------------------------------------------------------------------------------

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH_BY_PREFIX = {month[:3]: month for month in _MONTHS}
_MONTH = "(" + "|".join(rf"{month[:3]}(?:{month[3:]}|t?\.?)" for month in _MONTHS) + r")(?![a-z])"


def _is_day(day: str) -> bool:
    return 1 <= int(day) <= 31


def _month_day(match: re.Match) -> str:
    month, day, last_day, year = match[1], match[2], match[3], match[4]
    if not _is_day(day) or (last_day and not _is_day(last_day)):
        return match[0]
    words = f"{_MONTH_BY_PREFIX[month[:3]]} {ordinal_to_words(int(day))}"
    words += f" to {ordinal_to_words(int(last_day))}" if last_day else ""
    return words + (f", {year_to_words(int(year))}" if year else "")


def _day_month(match: re.Match) -> str:
    the, day, month, year = match.groups()
    if not _is_day(day):
        return match[0]
    words = f"{the or 'the '}{ordinal_to_words(int(day))} of {_MONTH_BY_PREFIX[month[:3]]}"
    return words + (f", {year_to_words(int(year))}" if year else "")


def _numeric_date(year: str, month: str, day: str, written: str) -> str:
    if int(month) > 12:
        month, day = day, month
    if not 1 <= int(month) <= 12 or not _is_day(day):
        return written
    return f"{_MONTHS[int(month) - 1]} {ordinal_to_words(int(day))}, {year_to_words(int(year))}"


def _time(match: re.Match) -> str:
    hour, minute, second, half = int(match[1]), int(match[2]), match[3], match[4]
    if hour > 24 or minute > 59:
        words = " to ".join(_integer(group) for group in (match[1], match[2], second) if group)
    elif minute:
        words = f"{number_to_words(hour)} {'oh ' if minute < 10 else ''}{number_to_words(minute)}"
    elif half or second:
        words = number_to_words(hour)
    else:
        words = f"{number_to_words(hour)} " + ("o'clock" if 1 <= hour <= 12 else "hundred")
    if second and hour <= 24 and minute <= 59:
        words += f" and {number_to_words(int(second))} second{'' if int(second) == 1 else 's'}"
    return words + (f" {half.upper()} M{_half_day_stop(match)}" if half else "")


def _hour(match: re.Match) -> str:
    return f"{_integer(match[1])} {match[2].upper()} M{_half_day_stop(match)}"


def _half_day_stop(match: re.Match) -> str:
    return _stop(match) if match[0].endswith(".") else ""


# --- amounts ----------------------------------------------------------------------------------------------------------

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_NOT_WITHIN = r"(?<![\w.,])"
_CURRENCIES = {  # symbol: one, several, one hundredth, several hundredths
    "$": ("dollar", "dollars", "cent", "cents"),
    "\u00a3": ("pound", "pounds", "penny", "pence"),
    "\u20ac": ("euro", "euros", "cent", "cents"),
    "\u00a5": ("yen", "yen", "sen", "sen"),
}
_SCALE_WORDS = {"k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "tn": "trillion"}
_SCALE = r"(?:\s?(hundred|thousand|million|billion|trillion|k|mn?|bn?|tn)\b)?"


def _scale(word: str | None) -> str:
    return f" {_SCALE_WORDS.get(word.lower(), word.lower())}" if word else ""


def _money(sign: str | None, symbol: str, amount: str, scale: str | None) -> str:
    one, several, cent, cents = _CURRENCIES[symbol]
    minus = "minus " if sign else ""
    whole, _, places = amount.replace(",", "").partition(".")
    if scale or len(places) not in (0, 2):
        return f"{minus}{_decimal(amount)}{_scale(scale)} {several}"
    parts = []
    if whole.strip("0") or not places.strip("0"):
        parts.append(f"{_integer(whole or '0')} {one if whole == '1' else several}")
    if places.strip("0"):
        parts.append(f"{number_to_words(int(places))} {cent if places == '01' else cents}")
    return minus + " and ".join(parts)


_UNITS = {  # one, several
    "km/h": "kilometer per hour",
    "kph": "kilometer per hour",
    "mph": "mile per hour",
    "m/s": "meter per second",
    "km": "kilometer",
    "cm": "centimeter",
    "mm": "millimeter",
    "m": "meter",
    "ft": "foot",
    "yd": "yard",
    "yds": "yard",
    "mi": "mile",
    "kg": "kilogram",
    "mg": "milligram",
    "g": "gram",
    "lb": "pound",
    "lbs": "pound",
    "oz": "ounce",
    "ml": "milliliter",
    "mL": "milliliter",
    "l": "liter",
    "L": "liter",
    "hr": "hour",
    "hrs": "hour",
    "min": "minute",
    "mins": "minute",
    "sec": "second",
    "secs": "second",
    "ms": "millisecond",
    "Hz": "hertz",
    "kHz": "kilohertz",
    "MHz": "megahertz",
    "GHz": "gigahertz",
    "KB": "kilobyte",
    "kB": "kilobyte",
    "MB": "megabyte",
    "GB": "gigabyte",
    "TB": "terabyte",
    "W": "watt",
    "kW": "kilowatt",
    "MW": "megawatt",
    "V": "volt",
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))


def _unit(match: re.Match) -> str:
    amount, unit, power, dot = match[1], _UNITS[match[2]], match[3], match[4]
    name, per, rest = unit.partition(" per ")
    if amount != "1" and not name.endswith("hertz"):
        name = "feet" if name == "foot" else name + "s"
    power = {None: "", "2": "square ", " squared": "square ", "3": "cubic ", " cubed": "cubic "}[power]
    return f"{_decimal(amount)} {power}{name}{per}{rest}" + (_stop(match) if dot else "")


def _degrees(match: re.Match) -> str:
    amount, scale = match[1], {"C": " Celsius", "F": " Fahrenheit", None: ""}[match[2]]
    return f"{_decimal(amount)} degree{'' if amount == '1' else 's'}{scale}"


def _fraction(match: re.Match) -> str:
    whole, numerator, denominator = match[1], match[2], match[3]
    if (numerator, denominator) in (("9", "11"), ("24", "7")) and not whole:
        return f"{_integer(numerator)} {_integer(denominator)}"
    top, bottom = int(numerator), int(denominator)
    if not 0 < top < bottom or bottom > 100:
        return f"{f'{_integer(whole)} ' if whole else ''}{_integer(numerator)} over {_integer(denominator)}"
    name = {2: "half", 4: "quarter"}.get(bottom) or ordinal_to_words(bottom)
    if top > 1:
        name = "halves" if bottom == 2 else name + "s"
    if whole:
        return f"{_integer(whole)} and {'a' if top == 1 else number_to_words(top)} {name}"
    return f"{number_to_words(top)} {name}"


def _plural_number(match: re.Match) -> str:
    return _plural(_plain_number(match[1]))


def _groups(match: re.Match) -> str:
    """Digit groups such as telephone numbers, digit by digit with a pause between groups."""
    return ", ".join(_digits(group) for group in re.findall(r"\d+", match[0]))


def _spaced(match: re.Match, words: str) -> str:
    """Words in the place of a number, apart from letters beside it."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return (" " if before.isalnum() else "") + words + (" " if after.isalnum() else "")


def _code(match: re.Match) -> str:
    """Digits after letters, as in "C2766" and "A380": short ones as a number."""
    groups = [_digits(group) if len(group) > 3 else _integer(group) for group in match[0].split(".")]
    return _spaced(match, " point ".join(groups))


def _range(match: re.Match) -> str:
    return f"{_bare(match[1])} to {_bare(match[2])}"


def _bare(text: str) -> str:
    return _decimal(text) if "." in text else _plain_number(text)


def _number(match: re.Match) -> str:
    return _spaced(match, _bare(match[1]))


# --- rules ------------------------------------------------------------------------------------------------------------

_NUMBER_WORDS = "|".join([*_ONES, *_TENS])
_PERIOD = r"(?:\.(?!\s*$)|(?=\.\s*$))"  # an abbreviation's full stop; at the end of the text it stays

Replacement = str | Callable[[re.Match], str]


def _rules(*rules: tuple[str, Replacement]) -> list[tuple[re.Pattern, Replacement]]:
    return [(re.compile(pattern), replacement) for pattern, replacement in rules]


_ADDRESS_RULES = _rules(
    (r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", _address),
    (r"\b[Hh]ttps?://[^\s\"'()<>]+", _address),
    (rf"{_HOST}(?:{_DOMAINS})\b(?![.@]?\w)(?:/[^\s\"'()<>]*)?", _address),
    # a blank line after text without an end mark is a pause
    (r"(?<=[^\W_])[ ]*\n\s*\n\s*", ". "),
    (r"\s+", " "),
)
_ABBREVIATION_RULES = _rules(
    (r"&c\.", "etc."),
    (r"\betc\b(?!\.)", "et cetera"),
    (r"\bw/o\b", "without"),
    (r"\bw/(?=\s)", "with"),
    (r"\bSt\.(?=\s([A-Z]\w*)|)", _saint_or_street),
    (r"\bSt(?=\s[A-Z][a-z])", "Saint"),
    (r"(?<=[a-z]\s)St\b(?![.'])", "Street"),
    (r"(\b[A-Z][\w']*\s)\bDr\.(?=\s*(?:$|[,;:!?)\"]))", lambda m: f"{m[1]}Drive{_stop(m)}"),
    (rf"\b({'|'.join(_TITLES)}){_PERIOD}", lambda m: _TITLES[m[1]]),
    (r"\b(Mr|Mrs|Ms|Dr|Prof)(?=\s[A-Z])", lambda m: _TITLES[m[1]]),
    (
        rf"(?<![\w.])(?:{'|'.join(re.escape(written) for written in _ABBREVIATIONS)}|E\.g\.|I\.e\.|Etc\.|Viz\.|Approx\.)",
        _abbreviation,
    ),
    (r"\bvs\b", "versus"),
    (r"\bPhD(s?)\b", lambda m: "P H D" + ("'s" if m[1] else "")),
    # "R&D"
    (r"\b([A-Z]{1,3})&([A-Z]{1,3})\b", lambda m: f"{' '.join(m[1])} and {' '.join(m[2])}"),
    (
        rf"\b({'|'.join([*_BEFORE_NUMBER, *(word.title() for word in _BEFORE_NUMBER if len(word) > 1)])})\.\s?(?=\d|[IVX]{{2,}}\b)",
        _before_number,
    ),
    (r"\b(Vol|Ch|Chap|Fig|Sec|Art)\.\s(?=[IVX]\b)", _before_number),
)
_NAME_RULES = _rules(
    (rf"\b({_NUMBERED}|{_NUMBERED.lower()})(\s){_ROMAN_LETTERS}\b(?!\s[A-Z]\b|\.[A-Z])", _numbered),
    # the full stop in "George III. was" is an old spelling
    (rf"\b({_RULERS})\s([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])(?:\.(?=,|\s[a-z]))?", _ruler),
    (r"\b([A-Z][a-z]+)\s(?=[IVX]*(?:II|IV|VI|IX|XI|XV))([IVX]+)\b(?!\s[A-Z]\b|\.[A-Z])", _sequel),
)
_DATE_RULES = _rules(
    # "9 a.m.-5 p.m.", "9:00-17:30"
    (r"(?i)(?<=\d)(\s?[ap]\.?m\.?)\s?[-\u2013]\s?(?=\d)|(:\d\d)\s?[-\u2013]\s?(?=\d+:\d\d)", r"\1\2 to "),
    (r"\b(\d{4})-(\d{2})-(\d{2})\b", lambda m: _numeric_date(m[1], m[2], m[3], m[0])),
    (r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", lambda m: _numeric_date(m[3], m[1], m[2], m[0])),
    (
        rf"\b{_MONTH}\s(\d{{1,2}})(?:st|nd|rd|th)?(?:\s?[-\u2013]\s?(\d{{1,2}})(?:st|nd|rd|th)?)?\b(?![:\d])"
        r"(?:,?\s(\d{4})\b(?!,\d))?",
        _month_day,
    ),
    (rf"\b([Tt]he\s)?(\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH}(?:,?\s(\d{{4}})\b)?", _day_month),
    (rf"\b{_MONTH}(?=\s\d{{4}}\b)", lambda m: _MONTH_BY_PREFIX[m[1][:3]]),
    (r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AaPp])\.?\s?[Mm]\b\.?|\b)", _time),
    (r"\b(\d{1,2})\s?([AaPp])\.?\s?[Mm]\b\.?", _hour),
    (r"\b(\d+):(\d+)\b", lambda m: f"{_integer(m[1])} to {_integer(m[2])}"),
    (rf"\b({_NUMBER_WORDS}):({_NUMBER_WORDS})\b", r"\1 \2"),
)
_AMOUNT_RULES = _rules(
    (
        rf"([$\u00a3\u20ac\u00a5]){_NUMBER}\s?[-\u2013]\s?\1?{_NUMBER}{_SCALE}",
        lambda m: f" {_decimal(m[2])} to {_money(None, m[1], m[3], m[4])} ",
    ),
    (
        rf"(?i)(?:(?<!\w)(-))?([$\u00a3\u20ac\u00a5])\s?{_NUMBER}{_SCALE}",
        lambda m: f" {_money(m[1], m[2], m[3], m[4])} ",
    ),
    (
        rf"(?i){_NOT_WITHIN}{_NUMBER}{_SCALE}\s?([$\u00a3\u20ac\u00a5])",
        lambda m: f" {_money(None, m[3], m[1], m[2])} ",
    ),
    (rf"{_NOT_WITHIN}{_NUMBER}\s?\u00a2", lambda m: f"{_decimal(m[1])} cent{'' if m[1] == '1' else 's'}"),
    (r"(?<=[a-z]) /\s?(?=[A-Za-z])", " per "),
    (r"(?<![\w)$-])-(?=\.?\d)", "minus "),
    (rf"{_NOT_WITHIN}{_NUMBER}\s?[-\u2013]\s?(?={_NUMBER}\s?%)", lambda m: f"{_decimal(m[1])} to "),
    (rf"{_NOT_WITHIN}{_NUMBER}\s?%", lambda m: f"{_decimal(m[1])} percent"),
    (rf"{_NOT_WITHIN}{_NUMBER}\s?\u00b0(?:\s?([CF])\b)?", _degrees),
    (r"(?<![\w.])(\d)'\s?(\d{1,2})\"", lambda m: f"{_integer(m[1])} feet {_integer(m[2])} inches"),
    (rf"{_NOT_WITHIN}{_NUMBER}\s?({_UNIT})(2|3| squared| cubed)?(?![\w/'])(\.)?", _unit),
    (rf"{_NOT_WITHIN}{_NUMBER}\s?[kK]\b", lambda m: f"{_decimal(m[1])} thousand"),
    (rf"{_NOT_WITHIN}{_NUMBER}\s?bn\b", lambda m: f"{_decimal(m[1])} billion"),
    (r"(?<![\w./])(?:(\d+)\s)?(\d{1,3})/(\d{1,3})(?![\w/])", _fraction),
    (r"(?<!\w)'?(\d{3}0|\d0)'s\b", _plural_number),
    (r"(?<![\w.,])'?(\d+)s\b", _plural_number),
    (r"(?<!\w)'(?=\d\d\b)", ""),
    (r"\b(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th|ST|ND|RD|TH)\b", lambda m: _ordinal(_integer(m[1]))),
)
_NUMBER_RULES = _rules(
    (r"(?<![\w.,-])(?:\+\d{1,3}[\s-])?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b", _groups),
    (r"(?<![\w.,-])\d{3}-\d{4}\b(?!-)", _groups),
    (r"(?<![\w.,-])\d+(?:-\d+){2,}\b", _groups),
    (r"(?<![\w.,-])\d{4}(?:\s\d{4}){2,}\b", _groups),
    (r"\b\d+(?:\.\d+){2,}\b", lambda m: " point ".join(_integer(group) for group in m[0].split("."))),
    (r"#\s?(?=\d)", " number "),
    (r"~\s?(?=\d)", " about "),
    (rf"{_NOT_WITHIN}{_NUMBER}(?:\s?\u2013\s?|-){_NUMBER}\b(?![,.]?\d)", _range),
    (r"(?<=\d)\s?\*\s?(?=\d)", " times "),
    (r"(?<=\d)\s?<\s?(?=\d)", " is less than "),
    (r"(?<=\d)\s?>\s?(?=\d)", " is greater than "),
    (r"(?<=[A-Za-z])-(?=\d)", " "),
    (r"(?<=[^\W\d_])\d+(?:\.\d+)*", _code),
    (_NUMBER, _number),
)
_SYMBOL_RULES = _rules(
    (r"([=#+*_~&@])\1{2,}", " "),
    (r"&", " and "),
    (r"@", " at "),
    (r"#(?=\w)", " hashtag "),
    (r"\+", " plus "),
    (r"=+", " equals "),
    (r"%", " percent "),
    (r"\u00b0", " degrees "),
    (r"[#$\u00a3\u20ac\u00a5\u00a2*/<>~_\\|^]+", " "),
)
_LETTER_RULES = _rules(
    (r"\b(?:[A-Za-z]\.){2,}|\b(?:[A-Za-z]\.)+[A-Z]\b(?!')", _letters),
    (r"\b([A-HJ-Z])\.(?=\s([A-Z]\w*))", _initial),
    (r"\b([A-Z]{2,5})(s)?\b", _initialism),
)
_PUNCTUATION_RULES = _rules(
    (r"\.(?:\s?\.)+", "\u2026"),
    (r"(?<=\w)\u2013(?=\w)", "-"),
    (r"\s*(?:[\u2013\u2014]|--)[\s\u2013\u2014-]*|\s+-\s+", ", "),
    (r"(?<!\w)-+|-+(?!\w)", " "),
    (r"\"\"|\(\s*\)", " "),
    # "node.js", "end.Next"
    (r"(?<=[^\W_])\.(?=[a-z])", " dot "),
    (r"([,;:!?\u2026)])(?=[\"(]?\w)|(?<=\w)(\.)(?=\w)", r"\1\2 "),
    (r"\s+", " "),
    (r"\s(?=[,;:.!?\u2026)])|(?<=\()\s", ""),
    # of several marks the strongest stays, else the last: "Bart., the"
    (
        r"[,;:.!?\u2026](?:\s?[,;:.!?\u2026])+",
        lambda m: next((mark for mark in "?!\u2026" if mark in m[0]), m[0][-1]),
    ),
    (r"^[,;:.!?\u2026)\s]+|\s+$", ""),
    (r"\u2026", "..."),
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
    units, common abbreviations, Roman numerals after words like "Chapter" and after rulers' names, symbols and simple
    addresses. Accents are folded to ASCII, curly quotes become straight, dashes commas, and a blank line a full stop.

    Initialisms without vowels and a list of others are spelt letter by letter ("BBC" is "B B C", "U.S." "U S"); the rest
    are left to be read as words ("NASA"). Letters of other scripts stay as they are.

    Args:
        text (`str`): Any string.

    Returns:
        `str`: The text as spoken, without digits. It has a letter if `text` has a letter or digit, and normalising it
        again changes nothing.

    Example:

    ```python
    >>> normalize_english_text("Dr. Smith paid $3.50 on May 5, 1905.")
    'Doctor Smith paid three dollars and fifty cents on May fifth, nineteen oh five.'
    ```
    """
    spoken = _fold(text)
    for _ in range(_MAX_PASSES):
        previous = spoken
        for pattern, replacement in _ALL_RULES:
            spoken = pattern.sub(replacement, spoken)
        if spoken == previous:
            break
    if not any(map(str.isalnum, spoken)) and any(map(str.isalnum, text)):
        return " ".join(text.split())
    return spoken


__all__ = ["normalize_english_text", "number_to_words", "ordinal_to_words", "year_to_words"]
