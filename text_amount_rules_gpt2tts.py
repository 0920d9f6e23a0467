"""Amounts: units, lengths of time, fractions, scores and large numbers, "5 km/h", "2h 14m", "3/4 cup", "10M users"."""

import re

from . import text_tables_gpt2tts as tables
from .text_date_rules_gpt2tts import spell_duration
from .text_money_rules_gpt2tts import spell_scale, with_decimal_point
from .text_numbers_gpt2tts import (
    make_ordinal,
    make_plural,
    ordinal_to_words,
    spell_count,
    spell_decimal,
    spell_hundredths,
    spell_integer,
    spell_number,
)
from .text_rules_gpt2tts import (
    AMOUNT,
    DETERMINERS,
    NOT_WITHIN,
    NUMBER,
    any_of,
    is_attributive,
    is_noun,
    make_rules,
    sentence_stop,
    text_after,
    text_before,
    word_after,
    word_before,
    written_stop,
)
from .text_tables_gpt2tts import UNITS

_UNIT = any_of(UNITS)
_PER = any_of([*UNITS, "s", "day", "week", "month", "year", "night", "hour", "minute", "second", "person", "serving"])
_PRESSURE = re.compile(r"(?i)\b(?:pressure|barometer|low|high|storm|hurricane|cyclone|typhoon|hPa|central)\b")
_PER_UNIT = any_of(unit for unit in UNITS if len(unit) > 1 and not unit.isupper() and unit != "au")  # "as per au pair"
_POWERS = {"2": "square ", "3": "cubic "}
_LETTERED = frozenset(
    ["figure", "fig", "table", "section", "category", "part", "step", "exhibit", "item"]
)  # "Figure 4B"


def _aged(match: re.Match) -> str:
    """An age, "a 4 yr old", "3 yr olds", but "he is 4 years old"."""
    noun = word_after(match)
    is_before_noun = is_noun(noun) and "yrs" not in match[0]  # not "trees 50 yrs old fell"
    singular = match[2] or match[1] == "1" or is_before_noun or DETERMINERS.search(word_before(match))
    return f"{spell_integer(match[1])} year{'' if singular else 's'} old{match[2]}"


def _from_to(match: re.Match) -> str:
    """Two amounts with their units, "225 m - 434 m", but not "20 g - 5 g", which subtracts."""
    first, space, unit, last, last_unit = match.groups()
    if unit != last_unit:
        return f"{first}{space}{unit}, "
    return f"{first}-" if float(first.replace(",", "")) < float(last.replace(",", "")) else match[0]


def _scaled(match: re.Match) -> str:
    """A letter for millions or billions: 10M users, but not apartment 4B."""
    noun, words = word_after(match), f"{spell_decimal(match[1])}{spell_scale(match[2])}"
    if len(match[2]) == 2:
        return words
    if re.search(r"\w-$", text_before(match, 2)):  # "K2-18b"
        return match[0]
    if word_before(match).lower() in _LETTERED:
        return match[0]
    if is_noun(noun):
        is_counted = noun.endswith("s") or noun in tables.COUNTED or DETERMINERS.search(word_before(match))
        is_counted = is_counted or re.match(
            r" [a-z]+ (?:tokens|users|customers|subscribers|downloads|parameters)\b", text_after(match)
        )
    else:
        is_counted = "." in match[1] or (match[2] == "M" and not noun[:1].isupper())
    return words if is_counted else match[0]


def _unit_name(unit: str, singular: bool) -> str:
    one, _, several = UNITS.get(unit, unit if len(unit) > 1 else "second").partition(",")
    if singular or several:
        return one if singular else several
    name, per, rest = one.partition(" per ")
    name, of, matter = name.partition(" of ")
    if not name.endswith("hertz"):
        name = name.replace("foot", "feet") if name.endswith("foot") else make_plural(name)
    return name + of + matter + per + rest


def _unit(match: re.Match) -> str:
    amount, hyphen, unit, per, power, dot = match.groups()
    singular = amount == "1" or hyphen == "-" or is_attributive(match, bare=unit not in tables.SUBSTANCE_UNITS)
    name, power = _unit_name(unit, singular), power[-1] if power else ""
    if per:
        name += f" per {_POWERS.get(power, '') if per != 's' else ''}{_unit_name(per, True)}"
        name += {"2": " squared", "3": " cubed"}.get(power, "") if per == "s" else ""
    else:
        name = _POWERS.get(power, "") + name
    stop = sentence_stop(match, before_names=unit in tables.UNITS_BEFORE_NAMES) if dot else ""
    return f"{spell_decimal(amount)} {name}".lstrip() + stop


def _rate(match: re.Match) -> str:
    """What there is of a thing in a second or a unit, "tokens/s", but not a name and the plural of "organ/s"."""
    thing, unit, power = match.groups()
    if unit == "s" and not thing.endswith("s") and thing not in UNITS and not text_before(match)[-2:-1].isdigit():
        return f"{thing}s"
    if thing[0].isupper() and unit[0].isupper() and thing not in UNITS:  # "Toit/J Fourie", but "Cost/kg"
        return match[0]
    return f"{thing} per {_POWERS.get(power or '', '')}{_unit_name(unit, True)}"


def _duration(match: re.Match) -> str:
    return spell_duration(*match.groups()) + written_stop(match)


def _degrees(match: re.Match) -> str:
    amount, scale = match[1], f" {tables.TEMPERATURES[match[2]]}" if match[2] else ""
    singular = amount == "1" or is_attributive(match, bare=not scale)
    return f"{spell_decimal(amount)} degree{'' if singular else 's'}{scale}"


def _feet(match: re.Match) -> str:
    feet, inches = match[1], match[2]
    singular = feet == "1" or is_attributive(match, bare=not inches)
    if match[0].endswith("'") and re.search(r"(?<!\w)'", text_before(match)):
        return match[0]  # a closing quotation mark
    words = f"{spell_decimal(feet)} {'foot' if singular else 'feet'}"
    unit = "" if singular and feet != "1" else " inch" if inches == "1" else " inches"
    return words + (f" {spell_decimal(inches)}{unit}" if inches else "") + written_stop(match)


def _two_scales(match: re.Match) -> str:
    """A temperature on two scales, "350F/180C", "100 F (38 C)"."""
    first = f"{spell_integer(match[1])} degrees {tables.TEMPERATURES[match[2]]}"
    last = f"{spell_decimal(match[3])} degrees {tables.TEMPERATURES[match[4]]}"
    last += match[5] or ""
    if not match[0].endswith(")"):
        return f"{first}, {last}"
    return f"{first} ({last})" if " (" in match[0] else f"{first}, {last})"


def _caliber(match: re.Match) -> str:
    digits = match[2] or match[3]
    return spell_integer(digits) if len(digits) == 2 else f"{spell_integer(digits[0])} {spell_integer(digits[1:])}"


def _bedrooms(match: re.Match) -> str:
    words = f"{spell_integer(match[1])} bedroom" + (f", {spell_decimal(match[2])} bath" if match[2] else "")
    return words + (" apartment" if " apt" in match[0] else "")


def _fahrenheit(match: re.Match) -> str:
    """A temperature, "75F outside", but not the seat 22F."""
    value, before, after = int(match[1]), text_before(match, 40), match.string[match.end() + 1 : match.end() + 20]
    if (
        re.search(
            r"(?i)\b(?:seats?|seated|units?|size|rooms?|gate|row|apt|flat|bra|sat|lives?|lived|meet|go|number|no)\b",
            before,
        )
        or value < 20
        or re.match(r" [A-Z][a-z]", after)
    ):
        return match[0]
    is_sure = re.match(r" (?:outside|today|tonight|tomorrow|this|in the|at night)\b", after)
    is_sure = is_sure or re.search(
        r"(?i)\b(?:it's|highs?|lows?|near|around|about|reach\w*|hit|of|to|at|degrees|temperature:?)(?: of)? $", before
    )
    return f"{match[1]}\u00b0 " if value >= 60 or is_sure else match[0]


def _is_quoting(text: str) -> bool:
    """Whether a quotation is open at the end of a text: a mark after a digit outside of any stands for inches."""
    is_open = False
    for mark in re.finditer('"', text):
        is_open = not is_open and not text[max(mark.start() - 1, 0) : mark.start()].isdigit()
    return is_open


def _inches(match: re.Match) -> str:
    if _is_quoting(text_before(match)) or re.match(",? (?:said|says|added)\\b", text_after(match)):
        return match[0]  # a closing quotation mark
    singular = match[1] == "1" or is_attributive(match, bare=True)
    singular = singular or (DETERMINERS.search(word_before(match)) and re.match(r" [A-Z][a-z]", text_after(match)))
    noun = word_after(match)
    singular = singular or re.match(r" (?:Class|[A-Z]{3,})\b", text_after(match)) or "-in" in match[0]
    singular = singular or ('"' in match[0] and noun.endswith("s") and is_noun(noun) and noun not in tables.NO_PLURALS)
    return f"{spell_decimal(match[1])} inch{'' if singular else 'es'}"


_SCORE_BEFORE = re.compile(
    r"(?i)\b(?:scored|rated|rating:?|ranked|score(?: of|:)|rating of|verdict:|got|it|gets|gave|a(?: \w+)?) $"
)
_PART_BEFORE = re.compile(r"\b(?i:page|step|part|episode|slide|lesson|day) $")


def _slash(match: re.Match) -> str:
    """`3/4` as a fraction, with or without a whole number and a unit; `24/7` as a pair, `4/5 stars` as a score."""
    whole, top, bottom = (group and spell_integer(group) for group in match.groups()[:3])
    numbers = int(match[2]), int(match[3])
    unit = f" {_unit_name(match[4], singular=False)}" if match[4] else ""
    stop = written_stop(match)
    if not whole and (numbers in ((9, 11), (24, 7), (20, 20)) or sum(numbers) == 100 or word_after(match) == "time"):
        return f"{top} {bottom}{unit}{stop}"
    if not whole and (
        _PART_BEFORE.search(text_before(match))
        or (not unit and numbers[0] <= numbers[1] and text_before(match)[-1:] == "(" and text_after(match)[:1] == ")")
    ):
        return f"{top} of {bottom}"
    is_percent = numbers[1] == 100 and not unit and word_after(match) not in ("second", "inch", "mm")
    is_score = is_percent or (
        numbers[1] in (5, 10, 20, 25, 30, 40, 50, 60, 100) and _SCORE_BEFORE.search(text_before(match))
    )
    if not whole and (
        is_score or numbers[0] == numbers[1] or word_after(match) in ("stars", "star", "points", "rating")
    ):
        return f"{top} out of {bottom}{unit}{stop}"
    if not 0 < numbers[0] < numbers[1] <= 100:
        return f"{f'{whole} ' if whole else ''}{top} over {bottom}{unit}{stop}"
    name = {2: "half", 4: "quarter"}.get(numbers[1]) or ordinal_to_words(numbers[1])
    if numbers[0] > 1:
        name = "halves" if name == "half" else name + "s"
    if whole:
        one = "an" if name.startswith("e") else "a"
        return f"{whole} and {one if numbers[0] == 1 else top} {name}{unit}{stop}"
    unit = f" {_unit_name(match[4], singular=True)}" if match[4] else ""
    return f"{top} {name}{unit}{stop}"


def spell_power(exponent: str) -> str:
    """What is said of an exponent: "3" is " cubed", "-6" " to the minus six"."""
    if exponent in ("2", "3"):
        return " squared" if exponent == "2" else " cubed"
    if not exponent.lstrip("+-").isdigit():
        return f" to the {exponent.replace('-', 'minus ')}"
    value = exponent.lstrip("+-")
    return f" to the {'minus ' + spell_integer(value) if exponent[0] == '-' else make_ordinal(spell_integer(value))}"


def _plural_number(match: re.Match) -> str:
    """Decades and plurals, "the 80s", "1000s of"; or seconds, "wait 30s"."""
    number, before, after = match[1].replace(",", ""), text_before(match, 30), text_after(match)
    if number in ("100", "1000"):
        return make_plural(spell_integer(number).removeprefix("one "))
    if "." in number:
        return f"{spell_decimal(number)} seconds"
    is_plural = "'" in match[0] or re.fullmatch(r"\d{2,}0", number) or re.search(tables.DECADE_BEFORE, before)
    is_plural = is_plural or re.match(r" of (?:thous|mill|bill)", after)
    if len(number) == 1:  # "two 6s", "1s and 0s"
        is_plural = (
            is_plural
            or re.search(r"(?i)\b(?:two|three|four|and|all|of|rugby|(?<!in )under) $", before)
            or re.match(r" and \ds", after)
        )
    is_seconds = re.search(tables.SECONDS_BEFORE, before) or re.match(tables.SECONDS_AFTER, after)
    if re.fullmatch(r"(?:1[5-9]|20)\d[1-9]", number) and not is_seconds:  # an apostrophe that was left out
        return f"{spell_number(number)}'s"
    if is_plural or (re.fullmatch("[2-9]0", number) and not is_seconds):
        return make_plural(spell_number(number))
    return f"{spell_number(number)} second{'' if number == '1' or is_attributive(match, bare=True) else 's'}"


AMOUNT_RULES = make_rules(
    (rf"{AMOUNT}\s?[lL]/100\s?km\b", "{1:decimal} liters per 100 km"),
    (rf"(?<![\w.,])(\d+(?:\.\d+)?)[eE]\+?(-?\d+)(?=\s?{_UNIT}\b)", "\\1\u00d710^\\2"),  # "9.11e-31 kg"
    (rf"({AMOUNT}\s?{_UNIT})/(\d\d?)\s?h(?:rs?|ours?)?\b", r"\1 per \3 hours"),  # "4g/24h"
    (
        rf"{AMOUNT}\s?pt(?= (?:fonts?|type|text|lettering|Arial|Calibri|Cambria|Courier|Garamond|Georgia|Helvetica|Times|Verdana)\b)",
        "{1:decimal} point",
    ),
    # of a tyre
    (
        r"\b([1-3]\d5)/(\d[05]) ?(Z?R) ?([12]\d)\b(?: (\d{2,3})([A-Z])\b)?",
        lambda m: (
            f"{spell_integer(m[1])}, {spell_integer(m[2])}, {m[3]} {spell_integer(m[4])}"
            + (f", {spell_integer(m[5])} {m[6]}" if m[5] else "")
        ),
    ),
    # no dash of a sentence, "from 5 million - 3 years ago"
    (
        rf"(?<=\d )(thousand|million|billion|trillion)\s?[-\u2013]\s?(?={NUMBER} (?:thousand|million|billion|trillion)\b)",
        r"\1 to ",
    ),
    (r"(?<![\w%])%(\d{1,3})\b(?![.,]?[\d%])", r"\1%"),  # "%10 off"
    (
        rf"{AMOUNT}(\s?)({_UNIT}) - (?={NUMBER}\s?({_UNIT})\b(?!\s=))",
        _from_to,
    ),
    (r"(?<![\w.,])(\d{1,3}(?:,\d{3})*)[ -]?yrs?[ -]old(s?)\b", _aged),
    (r"\b([Aa]) ~\s?(?=\d)", r"\1 roughly "),
    (
        rf"{AMOUNT}(M|B|bn|mn|[kK](?= mi\b| miles\b| km\b| ft\b)) ({any_of(unit for unit in UNITS if len(unit) > 1)}|miles|tons|gallons)\b(?:\.(?= [a-z]))?",
        lambda m: f"{spell_decimal(m[1])}{spell_scale(m[2])} {_unit_name(m[3], False) if m[3] in UNITS else m[3]}",
    ),
    (r"(?<![\w.,])(\d+\.\d+) t\b(?! [a-z]*(?:salt|pepper|sugar))", "{1:decimal} metric tons"),
    (
        r"\b(8[5-9]\d|9\d\d|10[0-8]\d) mb\b",
        lambda m: f"{spell_integer(m[1])} millibars" if _PRESSURE.search(m.string) else m[0],
    ),
    (r"\b([Ee]very) (\d{1,2})'(?!\w)", r"\1 {2:integer} minutes"),
    (r"(?<![\w.,])(\d{1,3},\d{3}(?:\.\d+)?)'(?!\w)", "{1:decimal} feet"),
    (r"(?<=\d)[xX\u00d7](?=\d+(?:\.\d+)?[ -]in(?:ch)?\b)", " by "),
    (r"\b(\d{1,3}) yrs?\.? (?=young\b)", "{1:integer} years "),
    (
        r"\b(1[89]|[2-9]\d)y(?=( old\b|[,;] [a-z])| (?:male|female|man|woman|lady|gentleman)\b)(?!.*=)",
        lambda m: f"{spell_integer(m[1])} year{'s' if m[2] else ' old'}",
    ),
    (r"\b(\d{1,2})-(?=\d{1,2}\s?yo\b)", "{1:integer} to "),
    (
        r"\b([345])g\b(?= (?:phones?|networks?|signal|service|connections?|data|speeds?|coverage|internet|mobile|modem|router)\b)",
        "{1:integer} G",
    ),
    (
        rf"(?<![\w.,/-])(?<!erves )(?<!akes )(?<!ages )(?<!page )(?<!apter )(?<!tep )(\d{{1,2}}) - (?=[1-7]/[2-8] (?:cups?|teaspoons?|tablespoons?|{_UNIT})\b(?! (?:servings?|portions?|bags?|bottles?|cans?|jars?|each|pieces?)\b))",
        r"\1 ",
    ),
    (r"(?<=\d/)(\d{1,2})in\b", r"\1 inch"),
    (r"(?<=\d) in/hr\b", " inches per hour"),
    (r"\b(\d{1,2})-(\d{1,2})' (?=[a-z])(?!\d)", "{1:integer} to {2:integer} feet "),
    (r"(?<=\d)-in\.(?= \d)", "-inch"),
    (rf"(?<=\d/)(\d)(?={_UNIT}\b)", r"\1 "),  # "1/2lb"
    (r"(?<=\d/)(\d{1,2})\s?%", r"\1 percent"),
    (r"(?<=\w) / (?=[A-Za-z])", ", "),
    (r"(?<=\d/\d)\s?[-\u2013]\s?(?=\d)(?!\d{1,2}/\d\d)", " to "),
    (r"(?<![\w/.,])(\d{1,2})\s?[-\u2013]\s?(?=\d{1,2} \d/\d)", "{1:integer} to "),
    (r"(?<=\d\")\s?[-\u2013]\s?(?=\d{1,2}(?:'\d|\"))", " to "),
    (r"(?<=\d\")[xX\u00d7](?=\d)|(?<=\d\") [xX\u00d7] (?=\d+\.\d+\")|(?<=\d')\s?[xX\u00d7]\s?(?=\d{1,3}')", " by "),
    (
        rf"(?<![\w.]){NUMBER} ?[xX\u00d7] ?{NUMBER}\"(?= (?:prints?|photos?|photographs?|frames?|posters?|pans?|tiles?|boxes)\b)",
        "{1:decimal} by {2:decimal} inch",
    ),
    (rf"(?<![\w.])({NUMBER}) [xX\u00d7] (?={NUMBER}\"(?!\w))", "{1:decimal} by "),
    (r"\b([Aa]n?|[Tt]he) (\d{1,2})-(\d{1,2}) in\. (?=[a-z])", r"\1 {2:integer} to {3:integer} inch "),
    (r"(?<![\w.])(\d{1,2})-(?=\d{1,2} in\. )", "{1:integer} to "),
    (r"\b(\d{2,3}) ?([CF])(?:\s?/\s?| \()(-?\d{1,3}) ?([CF])\b( fan\b)?\)?", _two_scales),
    (r"\bfan/gas (?=\d)", "fan, gas "),
    (r"(?:(?<=\d/\d)|(?<=\d/\d\d)) ?[xX\u00d7] ?(?=\d)(?![^=]{0,12}=)", " by "),
    (r"\b(\d\d)W ?[xX\u00d7] ?(\d\d)L\b", "{1:integer} waist by {2:integer} length"),  # of trousers
    (r"(?<=\d) ?m[lL]/min/(?=1\.73)", " milliliters per minute per "),
    (r"(?<=\d\.\d) y(?=[),;]|\.?$| (?:and|old)\b)", " years"),
    (
        r"\b((?!(?:Let|Given|For|If|Since|Where|When|And|Then|Variable|Vector|Input|Both|Only)\b)[A-Z][a-z]{2,}|[Rr]epeat(?:ed)?|oriented|A&O) x([2-9]|1\d)(?=\s*(?:[.,;!?)]|$))",
        r"\1 times {2:integer}",
    ),
    (r"(?<![\w./])(\d+(?: \d/\d{1,2})?) ?\u00d7 ?(?=\d+ \d/\d{1,2} ?in\b)", r"\1 by "),
    (r"(?<=\d \d/)(\d{1,2}) in\.(?=[,;)])", r"\1 inches"),
    (r"(?<=\d/)(\d{1,2}) in\.(?=[,;)])", r"\1 inch"),
    (
        r"(?<![\w.])(\d+\.\d+)\s?([NS]),?\s(\d+\.\d+)\s?([EW])\b",
        lambda m: f"{spell_decimal(m[1])} {tables.DIRECTIONS[m[2]]} {spell_decimal(m[3])} {tables.DIRECTIONS[m[4]]}",
    ),
    (
        r"\b(\d{1,3})\.(\d\d)(?=-cal)|(?<=\ba )\.(\d\d\d?)(?=-cal|\s(?:caliber|pistol|rifle|revolver|Colt|ACP|Magnum|round)\b)",
        _caliber,
    ),
    (
        r"(?:(?<=batted )|(?<=batting )|(?<=hit )|(?<=hitting )|(?<=average of )|(?<=a )|(?<=under )|(?<=above )|(?<=at ))\.([1-9])(\d\d)\b(?=[.,;]?\s|\.?$)",
        lambda m: f"{spell_integer(m[1])} {spell_hundredths(m[2])}",
    ),
    (r"(?<=\d) ?pct\b\.?", lambda m: f" percent{written_stop(m)}"),
    (
        r"(?<=\d)/sq ?(km|mi|ft|m)\b|(?<=\d)\s?/([kcm]?m|mi|ft)\^?([23])(?!\w)",
        lambda m: f" per {_POWERS[m[3] or '2']}{_unit_name(m[1] or m[2], True)}",
    ),
    (r"\bper sq\. ?(mi|km|ft|m|in)\b\.?", lambda m: f"per square {_unit_name(m[1], True)}{written_stop(m)}"),
    (rf"((?:{NUMBER})\s?(?:mg|mcg|g|units))/(?={NUMBER}\s?m[lL]\b)", r"\1 per "),
    (r"\b(\d)BR\b(?:/(\d(?:\.\d)?)BA\b)?(?: apt\.?)?", _bedrooms),
    (r"(?<=\d )(med|sm|lg)\. (?=[a-z])", lambda m: tables.IN_CONTEXT[m[1]] + " "),
    (r"(?<=min|sec)/side\b", " per side"),
    (r"(?<=city)/(?=\d+ (?:highway|hwy))", ", "),
    (r"\b(UTC|GMT)\s?[-\u2013]\s?(?=\d)", r"\1 minus "),
    (r"(?<![\w.,-])(?<!the )(\d{1,3})\s?[-\u2013]\s?(\d{1,3})\s?s\b(?!')", "{1:integer} to {2:integer} seconds"),
    (r"\b(\d{1,4})m(?= ago\b)", lambda m: spell_count(m[1], "minute")),
    (r"\b(\d{1,4})d(?= ago\b|\s?\d+h)", lambda m: spell_count(m[1], "day")),
    (r"(?<=\d) deg(?:rees?|\.)? (?=[CF]\b)|(?<=\d)o(?=[CF]\b)", "\u00b0 "),
    (r"(?<![\w.])(\d{2,3})(?=F\b(?!\d))", _fahrenheit),
    (
        r"(?<=[Tt]emperature: )(-?\d+(?:\.\d)?)\s?(?=[CF]\b)|(?<=\b[Tt]o )(\d{3}) (?=[CF]\b)|\b([2-4]\d[05]) (?=F for\b)",
        lambda m: f"{m[1] or m[2] or m[3]}\u00b0 ",
    ),
    (
        r"\b(reps|mins?|hrs|tokens|users|requests|calories|steps|words|hours|minutes|seconds|miles)/(side|night|mile|day|week|month|hour|set|leg|arm)\b"
        r"|(?<=:\d\d)/(mile)\b",
        lambda m: f"{m[1]} per {m[2]}" if m[1] else f" per {m[3]}",
    ),
    (r"\b(\d+)[ -]pt\b(?= (?:font|shot|type|text|bold|Times|TNR|Calibri|Arial|line|scale)\b)", "{1:integer} point"),
    (r"(?<=\d)/(?=(?:month|year|week|day|night|hour|person|minute|second|mile|kg|km|min|lb|ha)\b)", " per "),
    (
        rf"{AMOUNT} (hundred|thousand|million|billion|trillion) ({any_of(u for u in UNITS if len(u) > 1)}|m(?=\^?[23]))(\^?[23])?(?![\w/'])",
        lambda m: f"{spell_decimal(m[1])} {m[2]} {_POWERS.get((m[4] or '')[-1:], '')}{_unit_name(m[3], False)}",
    ),
    (r"\b(\d+)/(\d{2,4})s\b", lambda m: f"{spell_integer(m[1])} {make_ordinal(spell_integer(m[2]))} second"),
    (r"(?<=\b[Ss]ize )(\d)X(?!\w)", "{1:integer} X"),
    (r"\b(\d+(?:\.\d+)?)x(?= speed\b)", "{1:decimal} x"),
    (r"(?<!\d)([48])[Kk](?= (?:\d|\(\d))", "{1:integer} K"),
    (r"(\d+) sets? x (\d+)(?= reps)", "{1:integer} sets of {2:integer}"),
    (r"\b(\d+)x AA(A?) (?=batter)", lambda m: f"{spell_integer(m[1])} {'triple' if m[2] else 'double'} A "),
    (r"\b(\d+(?:\.\d+)?)V/(\d+(?:\.\d+)?)A\b", "{1:decimal} volts, {2:decimal} amps"),
    (r"(?<=wide|deep|high|long) [xX\u00d7] (?=\d|[\w -]+ inches)", " by "),
    (r"(?<=\()(\d\d)([MF])(?=\))", "{1:integer} \\2"),
    (r"\b(\d{1,3})[ -]?(?:y\.o\.|Y\.O\.)", "{1:integer} year old"),
    (r"\b(\d{1,2})([wy])(?= ago\b)", lambda m: spell_count(m[1], tables.PERIODS[m[2]])),
    (r"\bT-(?=\d+ (?:minutes|seconds|hours|days))", "T minus "),
    (r"\b(at|to|of) (\d{3}(?=[CF]\b)|\d\d(?=C\b))", "\\1 \\2\u00b0 "),  # "bake at 180C"
    (r"\b(hits?|reach(?:es|ed)?|above|below|under|over|barely) (\d{1,3})(?=[CF]\b)", "\\1 \\2\u00b0 "),
    (
        r"((?:\b(?:[Aa]t|[Tt]o|[Oo]r) |(?<=[cf][/ ]))\d{3}|(?<=\d)(?=\u00b0))\u00b0?\s?([cf])\b(?!')",  # of an oven
        lambda m: f"{m[1]}\u00b0{m[2].upper()}",
    ),
    (r"(?<![\w.])-\d{1,3}(?=[CF]\b)", "\\g<0>\u00b0 "),
    (r"\b([Pp]opulation (?:of )?)(\d+(?:\.\d+)?)m\b", "\\1{2:decimal} million"),
    (r"\b(\d{2,3}\.\d) ?(?=F\b)", "\\1\u00b0 "),
    (r"(?<=\d\u00b0[CF])\s?/\s?(?=\d|gas)", ", "),
    (r"(?<=\d)[xX\u00d7](?=\d+(?:\.\d+)?[xX\u00d7]\d)", " by "),
    (r"\b[xX] (?=\d+ (?:days|weeks|months)\b)", "for "),
    (r"\b(\d+\.\d)/(\d)(?=\s?GHz\b)", "{1:decimal} and \\2"),
    (r"(?<![\w.,'])(\d{3,4}|\d{1,4}\.\d)'()(?=[\s,.;)]|$)", _feet),
    (r"(?<=\d)-(?=\d+(?:\.\d+)?\s?=)", " minus "),
    (r"(?<=\d )N m\b", "Nm"),
    (r"(?<=\b[Rr]unway )(\d{1,2})([LRC])\b", lambda m: f"{spell_integer(m[1])} {tables.RUNWAYS[m[2]]}"),
    (r"(?<=\d[VW], )(\d+(?:\.\d+)?) ?A\b(?= [a-z])", "{1:decimal} amp"),
    (r"\b(\d+\.\d+) pp\b", "{1:decimal} percentage points"),
    (r"\b([1-9]\d00)K\b", "{1:integer} kelvin"),  # of light
    (r"(?<![\w.'])(\d{2,3})\+(\d{1,2})'", "{1:integer} plus {2:integer} minutes"),
    (r"~\s?(?=\.?\d)", " about "),
    (r"(?<=\bI )<3\b", "love"),
    (rf"(?<=\d)\^([+-]?\d+)/({_UNIT})(?![\w'/])", lambda m: f"{spell_power(m[1])} per {_unit_name(m[2], True)}"),
    (
        rf"(?<=\d)\^([+-]?\d+)\s({_UNIT})(?![\w'/])",
        lambda m: f"{spell_power(m[1])} {_unit_name(m[2], singular=False)}",
    ),
    (r"\b(\d{1,2})\s?st\.?\s(?=\d{1,2}\s?lbs?\b)", "{1:integer} stone "),
    (r"\b([2-9]|1\d|20)st\b", "{1:integer} stone"),  # no ordinal ends so
    (r"\b(\d\d)ers\b", lambda m: spell_integer(m[1]).removesuffix("e") + "ers"),
    (
        r"(?<![\d.])((?:\d+ )?(?:\d+/)?\d+) ?(?:(?<= )([cCTt])\.(?=\s[a-z])|([cCTt])(?= (?:flour|sugar|milk|water|butter|oil|olive|salt|pepper|"
        r"rice|oats|heavy|cream|cheese|honey|vanilla|cinnamon|soy|lemon|vinegar|chopped|minced|fresh|brown|"
        r"chicken|beef|vegetable|broth|stock|all-purpose|bread|powdered|granulated|shredded|grated|diced|sliced|packed|warm|cold|hot|"
        r"boiling|plain|sour|frozen|dried|unsalted|melted|maple|almond|coconut|kosher|sea|baking)\b))",
        lambda m: (
            m[0]
            if m[3] == "C"
            and (
                m[1] == "0"
                or int(re.split("[ /]", m[1])[0]) > 12
                or re.search(r"(?i)\b(?:at|to|category|size|item|part) $", text_before(m, 12))
            )
            else f"{m[1]} {tables.SPOONS[m[2] or m[3]]}{'' if re.fullmatch(r'1|[0-9]+/[0-9]+', m[1]) else 's'}"
        ),
    ),
    (r"\b(\d{1,2})[kK](?=\s(?:gold|white|yellow|rose)\b)", "{1:integer} karat"),
    (r"(?:^|(?<=[^\d\s] )|(?<=\())\u2013(?=\.?\d)", "minus "),
    (
        r"\b(\d{1,2})\s?[xX\u00d7]\s?(\d+(?:\.\d+)?)\s?(g|kg|mg|ml|mL|cl|l|L|oz)\b(?=\s[a-z])",
        r"\1 \2-\3",
    ),  # "2 x 400g tins"
    (rf"{NOT_WITHIN}((?:{NUMBER})\s?{_UNIT})/(?=(?:\sabout\s)?{NUMBER}\s?{_UNIT}(?!\w))", lambda m: f"{m[1]}, "),
    (rf"{NOT_WITHIN}\d{{1,3}}(?:\.\d{{3}})*,\d{{1,2}}(?=\s?(?:{_UNIT}|%|°)(?!\w))", with_decimal_point),
    (rf"(?<![\w/])()()((?=\w\w|m/s|W/m){_UNIT})/({_PER})(\^[23]|[23])?()(?![\w/])(?<!\d km/h)", _unit),
    (rf"(?<=\d )([a-z]+)/({_PER})(?![\w^])", lambda m: f"{m[1]} per {_unit_name(m[2], True)}"),
    (rf"(\bper [a-z]+)/({_PER})(?!\w)", lambda m: f"{m[1]} per {_unit_name(m[2], True)}"),
    (
        rf"\bper (hr|min|sec|wk|mo|yr|{_PER_UNIT}|m(?=\^?[23]))(\^?[23])?(?!\.?\w)\.?",
        lambda m: f"per {_POWERS.get((m[2] or '')[-1:], '')}{_unit_name(m[1], True)}{written_stop(m)}",
    ),
    (r"(?<![\w./])(\d+\.\d+)/(4|5|10|100)(?:\.0)?\b(?![/.]?\w)", "{1:decimal} out of {2:integer}"),
    (
        rf"{AMOUNT} ?([kcm]?m|ft)\^?([23])/({_PER})(?!\w)",  # of a river
        lambda m: f"{spell_decimal(m[1])} {_POWERS[m[3]]}{_unit_name(m[2], m[1] == '1')} per {_unit_name(m[4], True)}",
    ),
    (rf"(?<![A-Za-z])([A-Za-z]*[a-z])\s?/\s?({_UNIT}|s)(?:\^?([23]))?(?!\w)", _rate),
    (r"(?<=[a-z]) /(?=[A-Za-z])", " per "),
    (rf"(?<=\d) - (?={NUMBER}\s?=)|(?<=\d[a-z]|\W[b-hj-z]) - (?=\d|[b-hj-z]\b)", " minus "),
    (r"(?<![\w)$%\u00b0'\"-])-(?=\.?\d)", "minus "),
    (
        rf"{AMOUNT}\s?(?:[%\u00b0]|{_UNIT})?\s?[-\u2013]\s?"
        rf"(?={NUMBER}\s?(?:[%\u00b0]|{_UNIT}(?![\w'])))",
        "{1:decimal} to ",
    ),
    (r"(?<!\w)(\d{1,2})(['\"])\s?[-\u2013]\s?(?=\d{1,2}\2)", "{1:integer} to "),
    (rf"{AMOUNT}\s?%", "{1:decimal} percent"),
    (r"(?<=\d[\s-]\d/)(\d{1,2})\"", r"\1 inches"),
    (r"(?<=\d/)(\d{1,2})[ -]in\.(?=\s[a-z])", r"\1 inch"),
    (r"(?<=\d/)(\d{1,2})\"", lambda m: m[0] if _is_quoting(text_before(m)) else f"{m[1]} inch"),
    (r"(?<=\d/)(\d{1,2})(?:rds?|ths?|s)\b", r"\1"),
    (rf"(?<![\w./,])(?:(\d+)[\s-])?(\d{{1,3}})/(\d{{1,3}})(?![\w/])(?:\s({_UNIT}|s)\b\.?(?!\w))?", _slash),
    (
        r"(\d)\u00b0\s?(\d+)'\s?(?:(\d+(?:\.\d+)?)\"\s?)?(?=[NSEW]\b)",
        lambda m: f"{m[1]} degrees {m[2]} minutes " + (f"{m[3]} seconds " if m[3] else ""),
    ),
    (
        r"(\d)\u00b0\s?(\d{1,2})'(?!\w)(?:\s?(\d{1,2}(?:\.\d+)?)\"(?!\w))?",
        lambda m: f"{m[1]} degrees {m[2]} minutes" + (f" {m[3]} seconds" if m[3] else ""),
    ),
    (
        r"(?:(?<=\d)\u00b0\s?|(?<=minutes )|(?<=seconds ))([NSEW])\b",
        lambda m: (" degrees " if "\u00b0" in m[0] else "") + tables.DIRECTIONS[m[1]],
    ),
    (rf"{AMOUNT}\s?\u00b0(?:\s?([CFK])\b)?", _degrees),
    (
        r"(?<![\w.'])(\d{1,2})'(\d\d)\"\s?/\s?(km|mi|mile)\b",  # of a runner
        lambda m: f"{spell_integer(m[1])} minutes {spell_integer(m[2])} seconds per {_unit_name(m[3], True)}",
    ),
    (r"(?<![\w.'])(\d{1,2})'[\s-]?(\d{1,2}(?:\.\d)?)(?:\"|'')", _feet),
    (r"(?<![\w.'])(\d{1,2})\s?ft\.?\s(\d{1,2}(?:\.\d)?)\s?in\b\.?", _feet),
    (r"(?<![\w.'])([4-7])'(\d|1[01])\b(?!['\"])", "{1:integer} foot {2:integer}"),
    (r"(?<![\w.'])(\d{1,3})'()(?=\s(?:tall|long|wide|deep|high|by)\b|\s?[xX\u00d7]\s?\d)", _feet),
    (
        r"(?<![\w.'])(\d{1,3})'(?= (?:ceilings?|walls?|ladders?|poles?|boards?|beams?|boats?|tables?|trees?|fences?|cords?|cables?)\b)",
        "{1:integer} foot",
    ),
    (r"(?<=by )(\d{1,3})'(?!\w)", "{1:integer} feet"),
    (r"(?<![\w.'])(\d{1,2})'()(?=\s*$|[.,;])", _feet),
    (
        rf"{AMOUNT}\"\s?([WDHL])\b(?!')",
        lambda m: f"{spell_decimal(m[1])} inches {tables.SIDES[m[2]]}",
    ),
    (r"(?<=\d)''[sS]\b", "'s"),  # "her 30''s"
    (rf"{AMOUNT}(?:\"|'')", _inches),
    (
        rf"{AMOUNT}(?:in\b|(?:-| )in(?=\.?\s*$|[,;)]|-(?!\d)|\s(?:[=\u2245]\s|\(\d+(?:\.\d+)?\s?[cm]?m\b|(?:long|wide|tall|thick|deep(?! (?:winter|water))|x)\b))|[ -]?in\.(?=\s[a-z]|[,;)]))",
        _inches,
    ),
    (rf"{AMOUNT}\s?[xX\u00d7]\s?(?={NUMBER}\s?{_UNIT}\b)", "{1:decimal} by "),
    (
        rf"{AMOUNT}\s?[Mm]\b(?=\s(?:{any_of(tables.COUNTED)}|(?:[a-z]+\s)?{any_of(tables.MILLIONS)}|[a-z]+(?:ers|ads|ews|ars|ees|nts|ows|ikes|mes))\b)",
        "{1:decimal} million",
    ),
    (
        rf"{AMOUNT}([kKMB]|[bmt]n)?\s?[-\u2013]\s?(?={NUMBER}(?:[kKMB]|[bmt]n)\b)",
        lambda m: f"{spell_decimal(m[1])}{spell_scale(m[2])} to ",
    ),
    (rf"{AMOUNT}([MmBbTt]n|[MBb])\b(?!-\d|'s)", _scaled),
    (rf"{AMOUNT}\s(mn|bn|tn)\b", _scaled),
    # races and screens, whose K is no thousand
    (
        r"(?<=\b[Rr]un )(5|10)[kK]\b(?! (?!today|on\b|in\b|at\b|every|races?|this|and\b|with|for\b)[a-z])",
        "{1:integer} K",
    ),
    (
        r"\b(?:(?<=for a )(5|10)[kK](?=$|[.!?])|(5|10|15)[kK](?= (?:run|PR|PB|time|training|plan)\b))",
        lambda m: f"{spell_integer(m[1] or m[2])} K",
    ),
    (r"(?<=\ba )(\d{1,2})K\b(?!\s?[-/\u2013])", "{1:integer} K"),
    (
        r"(?:(?<=\b[Rr][au]n a )|(?<=unning a )|(?<=charity )|(?<=[Cc]ouch to )|(?<=irst ))(5|10)[kK]\b",
        "{1:integer} K",
    ),
    (r"\b(5|10)k\b(?=\s(?:race|course|fun run)\b)", "{1:integer} K"),
    (r"\b([48])K\b(?=@|\s(?:U?HD|HDR|Ultra|Smart|[OQ]?LED|Blu|at \d)|\s?@)", "{1:integer} K"),
    (
        r"\b([2-8]|10|16)(?:K\b(?=\s(?:race|run|walk)|[.!?]|$)|[Kk]\b(?=\s(?:TV|video|monitor|display|screen|resolution|camera|footage)))",
        "{1:integer} K",
    ),
    (
        r"\b(half|quarters?|thirds?|eighths?|foot|feet|inch(?:es)?|meters?)\s?[xX\u00d7]\s(?=\d|t[ew]|\w+t(?:een|y)|(?:one|two|three|four|five|six|seven|eight|nine) and )(?!\d+\s?=)",
        r"\1 by ",
    ),
    (rf"(?<=\d)(\s?{_UNIT}) [xX\u00d7] (?=\d)", r"\1 by "),
    (r"\b(\d+)\s?h(?:rs?)?\s?(\d{1,2})\s?m(?:ins?)?(?:\s?(\d{1,2})\s?s(?:ecs?)?)?\b\.?(?!\w)", _duration),
    (r"\b()(\d+)\s?m(?:ins?)?\s?(\d{1,2})\s?s(?:ecs?)?\b\.?(?!\w)", _duration),
    (
        rf"{AMOUNT}\+\s?({_UNIT})(?![\w/'&]|\.\w)(\.)?",
        lambda m: (
            f"{spell_decimal(m[1])} plus {_unit_name(m[2], singular=False)}" + (sentence_stop(m) if m[3] else "")
        ),
    ),
    (
        rf"(?<=\(){NUMBER}[ -]?(oz|ounces?|lb|g|ml|mL)\.?\)(?= (?:\w+ )?{any_of(tables.MEASURED_NOUNS)}\b)",
        lambda m: f"{spell_decimal(m[1])} {_unit_name(m[2], singular=True) if m[2] in UNITS else 'ounce'})",
    ),
    (
        rf"{AMOUNT}( ?|-)({_UNIT})(?:/({_PER}))?(\^[23]|[23])?(?![\w/'&]|\.\w| [A-Z] [A-Z]\b|(?: [A-Z])? double [A-Z]\b)(\.)?",
        _unit,
    ),
    (rf"{AMOUNT}( )(s)()()(\.)?(?![\w'/])", _unit),
    (rf"{AMOUNT} K\b(?! Street| through)", "{1:decimal} kelvin"),
    (rf"{AMOUNT}\s?[kK]\b(?! Street| through)", "{1:decimal} thousand"),
    (r"\b(\d{1,2})(?:st|nd|rd|th)ly\b", lambda m: make_ordinal(spell_integer(m[1])) + "ly"),
    (r"(?<!\w)'00s\b", "two thousands"),
    (r"\b(\d{1,3})\s?(?:y/o|yo|Y/O|YO)\b", "{1:integer} year old"),
    (r"\b(\d{1,2})x(\d{1,2})s\b", lambda m: f"{spell_integer(m[1])} by {make_plural(spell_integer(m[2]))}"),
    (r"(?<!\w)'?(\d{3}0|\d0)'s\b", _plural_number),
    (r"(?<![\w.,])'?(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)s\b", _plural_number),
    (r"(?<!\w)'(0\d)\b", "{1:oh}"),
    (r"(?<!\w)'(?=\d\d\b)", ""),
    (r"(?<=\d(?:st|nd|rd|th))\s?[-\u2013]\s?(?=\d+(?:st|nd|rd|th))", " to "),
    (r"(?<=\d(?:st|nd|rd|th))[ -]c\.(?= (?:BCE?|CE|AD)\b)", " century"),
    (r"(?<=\d(?:st|nd|rd|th))[ -]c\.(?=\s?$|\s[a-z(]|[,;)])", lambda m: " century" + sentence_stop(m)),
    (r"\b(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th|ST|ND|RD|TH|Nd|Rd|Th)\b", lambda m: make_ordinal(spell_integer(m[1]))),
    (rf"\b{any_of(tables.LATE_ABBREVIATIONS)}", lambda m: tables.LATE_ABBREVIATIONS[m[0]] + sentence_stop(m)),
)
