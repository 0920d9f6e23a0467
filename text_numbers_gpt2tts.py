"""Numbers in words, as they are spoken in America: "one hundred five" without "and", years in pairs of digits."""

import re

from . import text_tables_gpt2tts as tables
from .text_tables_gpt2tts import ONES

_MAX_DIGITS = 21  # longer numbers are read digit by digit


def number_to_words(number: int) -> str:
    """Cardinal number in American words: 1205 is "one thousand two hundred five"."""
    if number < 0:
        return f"minus {number_to_words(-number)}"
    if number >= 10**_MAX_DIGITS:
        return spell_digits(str(number))
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
    return make_ordinal(number_to_words(number))


def year_to_words(year: int) -> str:
    """A year as it is spoken: 1905 is "nineteen oh five", 2000 "two thousand", 1900 "nineteen hundred"."""
    century, rest = divmod(year, 100)
    if not 10 <= century <= 99 or (century % 10 == 0 and rest < 10):
        return number_to_words(year)
    return f"{number_to_words(century)} " + (
        "hundred" if rest == 0 else f"oh {ONES[rest]}" if rest < 10 else number_to_words(rest)
    )


def make_ordinal(words: str) -> str:
    """The ordinal of a number in words."""
    last = re.split(r"[ -]", words)[-1]
    head = words.removesuffix(last)
    if last in tables.ORDINALS:
        return head + tables.ORDINALS[last]
    return head + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def make_plural(words: str) -> str:
    """The plural of a noun or a number in words, "sixties", "days", "inches"."""
    if re.search("[^aeiou]y$", words):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("x", "ch")) else "s")


def spell_digits(text: str, zero: str = "zero") -> str:
    """Digits one by one, zero as it is told: "007" is "zero zero seven"."""
    return " ".join(ONES[int(digit)] if digit != "0" else zero for digit in text)


def spell_integer(text: str) -> str:
    """Digits, perhaps with thousands commas, as a cardinal number; long runs and leading zeros digit by digit."""
    digits = text.replace(",", "")
    if len(digits) > _MAX_DIGITS or (len(digits) > 1 and digits[0] == "0"):
        return spell_digits(digits)
    return number_to_words(int(digits))


def spell_padded(text: str) -> str:
    """Digits as a cardinal number, those with a leading zero one by one: "05" is "oh five"."""
    return spell_digits(text, "oh") if text[0] == "0" else spell_integer(text)


def spell_hundredths(text: str) -> str:
    """The last two digits of a number that is read in pairs, "00" is "hundred", "05" "oh five"."""
    return "hundred" if text == "00" else spell_padded(text)


def spell_count(text: str, noun: str) -> str:
    """So many of a thing: "1" and "day" are "one day", "2" "two days"."""
    return f"{spell_decimal(text)} {noun if text == '1' else make_plural(noun)}"


def spell_decimal(text: str) -> str:
    """A number with or without decimal places: "3.14" is "three point one four", ".5" "point five"."""
    whole, _, places = text.partition(".")
    words = spell_integer(whole) if whole else ""
    return f"{words} point {spell_digits(places)}".strip() if places else words


def spell_number(text: str) -> str:
    """A number in running text: four digits up to 2099 are read as a year, long ones that are not round by digits."""
    if "." in text:
        return spell_decimal(text)
    if re.fullmatch(r"\d{4}", text) and 1010 <= int(text) <= 2099:
        return year_to_words(int(text))
    return (
        spell_digits(text)
        if len(text) >= 10 and "," not in text and not text.endswith("000000")
        else spell_integer(text)
    )


_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"(?=.)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def roman_value(numeral: str) -> int | None:
    """The value of a Roman numeral in capitals or small letters, None of what is none."""
    numeral = numeral.upper()
    if not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )
