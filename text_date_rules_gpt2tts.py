"""Dates, weekdays and times of day: "on 3/4/2026", "Mon-Fri", "at 6:45 p.m."; races and ratios."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import (
    number_to_words,
    ordinal_to_words,
    spell_count,
    spell_digits,
    spell_hundredths,
    spell_integer,
    spell_padded,
    year_to_words,
)
from .text_rules_gpt2tts import (
    NUMBER_WORDS,
    any_of,
    make_rules,
    sentence_stop,
    text_after,
    text_before,
    word_before,
    written_stop,
)
from .text_tables_gpt2tts import MONTHS

_MONTH_BY_PREFIX = {month[:3]: month for month in MONTHS}
_MONTH = "(" + "|".join(rf"{month[:3]}(?:{month[3:]}|t?\.?)" for month in MONTHS) + r")(?![a-z])"
_ORDINAL_WORDS = f"(?:{'|'.join(ordinal_to_words(day).split('-')[0] for day in range(1, 32))})"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = "(" + "|".join(rf"{day[:3]}(?:{day[3:]}s?)?" for day in tables.WEEKDAYS) + r"|Tues|Weds|Wednes|Thur|Thurs)"
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


def _date_range(match: re.Match) -> str:
    """Two days, "7/4-7/11", or two fractions, "1/4-1/2 cup"."""
    parts = [(match[1], match[2]), (match[3], match[4])]
    written = [f"{top}/{bottom}" for top, bottom in parts]
    if all(int(top) < int(bottom) and bottom in ("2", "3", "4", "5", "8", "16") for top, bottom in parts):
        return " to ".join(written)
    return " to ".join(_numeric_date(None, *part, text) for part, text in zip(parts, written, strict=True))


def _weekdays(match: re.Match) -> str:
    words = _WEEKDAY_LIST.sub(lambda m: tables.WEEKDAY_BY_PREFIX[m[1][:3]] + "s" * m[1].endswith("ys"), match[0])
    return re.sub(r"\s?[/&]\s?", " and ", re.sub(r"\s?[-\u2013]\s?", " to ", words)) + written_stop(match)


_LASTING = re.compile(r"(?i)\b(?:in|lasted|took|takes|ran(?: for)?|clocked|timed at|time of|record of|after|within) $")


def spell_duration(*counts: str | None) -> str:
    """Hours, minutes and seconds as a length of time."""
    named = [(int(count), name) for count, name in zip(counts, ("hour", "minute", "second"), strict=True) if count]
    told = [part for part in named if part[0]] or named[-1:]
    return " ".join(spell_count(str(count), name) for count, name in told)


_TIMER = re.compile(r"(?i)(?:^|\(|\b(?:for|ETA|timer|duration|length|remaining|elapsed|left|in|of|is|time)[: ]*)$")
_CLOCK = re.compile(r"(?i)\b(?:time|elapsed|duration|length|runtime|remaining|ETA): $")
_RATIO = re.compile(r"(?i)\b(?:ratio|score|odds|mix|split|scale|verse|chapter|psalms?)\b[^.]*$")
_TO_ANOTHER_TIME = re.compile(r"\s?(?:to|[-\u2013])\s?\d{1,2}(?::\d\d)?\s?[AaPp]\.?[Mm]\b")


def _time(match: re.Match) -> str:
    hour, minute, second, half = int(match[1]), int(match[2]), match[3], match[4]
    if not (hour or minute or second or half):  # of a clock, or where a recording begins
        return (
            "midnight"
            if word_before(match).lower() in ("at", "until", "till", "from", "to", "by", "before")
            else "zero"
        )
    is_counted = 24 < hour < 60 and minute < 60 and not second and not half
    if is_counted and (
        _CLOCK.search(text_before(match, 30)) or (not minute and not _RATIO.search(text_before(match, 30)))
    ):
        return spell_duration("0", match[1], match[2])
    if second and match[1] == "00" and _TIMER.search(text_before(match, 30)):
        return spell_duration(*match.groups()[:3])
    if second and not half and not minute and 0 < hour < 10 and int(second) and len(match[1]) == 1:
        return spell_duration(match[1], match[2], second)
    if second and not half and minute < 60 and _LASTING.search(text_before(match, 30)):
        return spell_duration(match[1], match[2], second)
    if 24 < hour < 60 and minute < 60 and not second and _LASTING.search(text_before(match, 30)):
        words = f"{number_to_words(hour)} {'oh ' if minute < 10 else ''}{number_to_words(minute)}"
    elif hour > 24 or minute > 59:
        words = " to ".join(spell_integer(group) for group in (match[1], match[2], second) if group)
    elif minute:
        words = f"{number_to_words(hour)} {'oh ' if minute < 10 else ''}{number_to_words(minute)}"
    elif half or second or _TO_ANOTHER_TIME.match(text_after(match)):
        words = number_to_words(hour)
    else:
        words = f"{number_to_words(hour)} " + ("o'clock" if 1 <= hour <= 12 else "hundred")
    if second and int(second) and hour <= 24 and minute <= 59:
        words += f" and {spell_count(str(int(second)), 'second')}"
    return words + (f" {half.upper()} M{written_stop(match)}" if half else "")


def _month_or_name(match: re.Match) -> str:
    """A month's short name; "Thanks, Jan." is to a person."""
    stop = sentence_stop(match)
    if (
        match[1] == "Jan"
        and sentence_stop(match, before_names=False)
        and re.search(r"(?:[a-z],|\b(?:[Aa]sk|[Tt]ell|[Cc]all|[Mm]eet|with)) $", match.string[: match.start()])
    ):
        return match[0]
    return _MONTH_BY_PREFIX[match[1][:3]] + stop


def _military_time(match: re.Match) -> str:
    return f"{spell_padded(match[1])} {spell_hundredths(match[2])} hours"


def _hour(match: re.Match) -> str:
    first = f"{spell_integer(match[1])} to " if match[1] else ""
    return f"{first}{spell_integer(match[2])} {match[3].upper()} M{written_stop(match)}"


_CAPITAL_MONTHS = "|".join(f"{month[:3]}(?:{month[3:]}|T)?".upper() for month in MONTHS if month != "April") + "|APRIL"
_SMALL_MONTHS = "|".join(f"{month[:3]}(?:{month[3:]}|t)?".lower() for month in MONTHS if month not in ("March", "May"))
_DAY_AFTER = r"\.?\s\d{1,2}(?:st|nd|rd|th)?\b(?![.:]\d|%| (?:people|men|women|officers|protesters|guests|cases|schools|workers|students|families|kids|guys|girls|boys|friends|points|others?|more|new(?! york)|seconds|minutes|weeks|months|years|miles|km|hours|days|times|percent|questions|players|places|of (?:us|them|you|the|these|those|my|your|our|his|her))\b)"
_CAPITAL_DAYS = r"(?:MON|TUES?|WED|THU(?:RS)?|FRI|SAT|SUN)"


def _slash_dates(match: re.Match) -> str:
    """Days written `3/5` where what stands beside them tells that they are no fractions."""
    return re.sub(r"(\d{1,2})/(\d{1,2})", lambda m: _numeric_date(None, m[1], m[2], m[0]), match[0])


_SHORT_DAYS = {"M": "Monday", "Tu": "Tuesday", "Th": "Thursday", "F": "Friday", "Sa": "Saturday", "Su": "Sunday"}
_DAYS_BEHIND = re.compile(r"\d{1,2}")


def _month_days(match: re.Match) -> str:
    """Days of one month, "May 5, 6 and 7", "Dec. 24 & 25"."""
    if not _is_day(*_DAYS_BEHIND.findall(match[2])):
        return match[0]
    days = _DAYS_BEHIND.sub(lambda m: ordinal_to_words(int(m[0])), match[2])
    return f"{_MONTH_BY_PREFIX[match[1][:3]]} {days.replace('&', 'and')}"


def _neighbouring_days(match: re.Match) -> str:
    """Two days that follow each other, "8/9 January", "July 4/5"."""
    before, first, last, after = match.groups()
    if int(last) != int(first) + 1 or not _is_day(first, last):
        return match[0]
    days = f"{ordinal_to_words(int(first))} and {ordinal_to_words(int(last))}"
    month = _MONTH_BY_PREFIX[(before or after)[:3]]
    return f"{month} {days}" if before else f"the {days} of {month}"


def _expiry(match: re.Match) -> str:
    """A month and its year, of a card, or its day, "Exp. 09/27", "expires 05/12"."""
    month, last = MONTHS[int(match[2]) - 1], int(match[3])
    is_short = match[1].lower().rstrip(".") == "exp"
    is_card = is_short or "card" in match.string.lower() or "thru" in match[1]
    is_day = last <= 31 and not is_card
    return f"{'Expires' if is_short else match[1]} {month} " + (
        ordinal_to_words(last) if is_day else year_to_words(2000 + last)
    )


DATE_RULES = make_rules(
    (r"(?:^|(?<=\n))(\d{1,2})\.(00|15|30|45)(?= [A-Z][a-z])", r"\1:\2"),  # of what is on television
    # in small letters, as it is typed
    (
        rf"\b(?:{_SMALL_MONTHS})\b(?={_DAY_AFTER}|\s\d{{4}}\b)|(?:(?<=\d )|(?<=\d(?:st|nd|rd|th) ))(?:{_SMALL_MONTHS})\b(?!\.? (?:places?|players|and (?:stop|round))\b)",
        lambda m: m[0].title(),
    ),
    (
        r"(?:(?<=on )|(?<=for )|(?<=by )|(?<=from )|(?<=\d to )|(?<=\d[a-z][a-z] to )|(?<=until )|(?<=before )|(?<=after )|(?<=the ))"
        rf"(?:march|may)(?={_DAY_AFTER})|\b(?:march|may)(?= \d{{1,2}},? (?:19|20)\d\d\b)|(?<=\d )(?:march|may)(?=,? (?:19|20)\d\d\b)",
        lambda m: m[0].title(),
    ),
    (
        rf"(?:\b[Tt]he )?(?:\b{_MONTH}\s(?=\d)|(?<![\w/.]))(\d{{1,2}})/(\d{{1,2}})\b(?![/.]?\d)(?(1)|\s{_MONTH})",
        _neighbouring_days,
    ),
    (rf"\b(\d{{1,2}}) (st|nd|rd|th)(?= (?:of\b|{_MONTH}|[Cc]entury\b))", r"\1\2"),
    (r"(?<=\d(?:st|nd|rd|th) )(inst|ult|prox)\.", lambda m: tables.IN_CONTEXT[m[1]]),
    (r"\b(Exp\.?|EXP\.?|[Ee]xpires?|[Vv]alid (?:thru|through|until|to)):? (0[1-9]|1[0-2])/(\d\d)\b(?!/)", _expiry),
    # before the initials of a name, which else is a unit
    (
        r"\b((?:[Ii]n|[Ss]ince|[Uu]ntil|[Aa]fter|[Bb]efore) (?:1\d|20)\d\d) (?!(?:B\. ?C|A\. ?D|C\. ?E|U\. ?[KNS]|[AP]\. ?M|D\. ?C|V\.[EJ]|L\.A|N\.Y)\.|A\. ?[A-Z][a-z]|[A-Z]\. "
        rf"{any_of(tables.STARTERS)}\b)((?:[A-Z]\. ?)+)(?=[A-Z][a-z])",
        lambda m: f"{m[1]}, {' '.join(re.findall('[A-Z]', m[2]))} ",
    ),
    (rf"\b{_MONTH}-(\d{{1,2}})-(?=\d{{4}}\b)", r"\1 \2, "),
    (r"\b(Q[1-4]|H[12])\s?[-\u2013]\s?(?=[QH][1-4]\b)", r"\1 to "),
    (r"(?<=\bBC|\bCE|CE)\s?[-\u2013]\s?(?=\d|AD)", " to "),
    (r"\b(Q[1-4]|H[12]|FY)'(?=\d\d\b)", r"\1 '"),
    (r"\bM\s?[-\u2013]\s?F\b", "Monday to Friday"),
    # else it is a rate of interest
    (r"\bAPR(?=\s\d{1,2},?\s\d{4}\b)|(?<=\b\d )APR(?=\s\d{4}\b)|(?<=\b\d\d )APR(?=\s\d{4}\b)", "Apr"),
    (
        r"(?<=[Tt]he )(\d{1,2})\.([0-5]\d)()()(?= (?:from|train|sleeper|express|bus|service|ferry)\b| (?:at|to) [A-Z])",
        _time,
    ),
    (
        r"(?<=[Tt]he )(0\d|2[1-3])([0-5]\d)(?= (?:train|sleeper|express|bus|service|ferry)\b| (?:from|to) [A-Z])",
        r"\1:\2",
    ),
    (
        rf"\b{_MONTH}\.?\s(\d{{1,2}}(?:,\s\d{{1,2}})*,?\s(?:and|&|or|to|through|until)\s\d{{1,2}})\b"
        r"(?![\d:/%]|,\d|\s?[ap]\.?m)(?=\s*(?:$|[.,;)!?])|\s(?:at|in|for|with|from|and|is|are|was|were|the|to|on|this|of|\d{4})\b)",
        _month_days,
    ),
    (
        rf"(?:(?<=\b[12]\d\d\d)|(?<=circa \d\d\d))\s?[-\u2013\u2014]\s?(?={_DAY}\s{_MONTH}|{_MONTH}\.?\s\d|circa\s\d)",
        " to ",
    ),
    (
        r"\b(UTC|GMT) ?([-+\u2013]|minus|plus) ?0?(\d{1,2}):00\b",
        lambda m: f"{' '.join(m[1])} {'plus' if m[2] in ('+', 'plus') else 'minus'} {number_to_words(int(m[3]))}",
    ),
    (
        r"(?<![\d:])(\d):(\d\d):(\d\d)\.(\d{2,3})\b",
        lambda m: f"{spell_duration(m[1], m[2], '')} {spell_integer(m[3])} point {spell_digits(m[4])} seconds",
    ),
    (
        r"\b([Ee]arly|[Ll]ate|[Mm]id)([- ])(Jan|Mar|Apr|Jun|Jul)\b\.?(?! \d)",
        lambda m: f"{m[1]}{m[2]}{_MONTH_BY_PREFIX[m[3]]}{written_stop(m)}",
    ),
    (r"(?:(?<=@ )|(?<=\b[Aa]t )|(?<=[Tt]hru )|(?<=[Uu]ntil ))(1[0-2]|[1-9])([ap])\b(?!\.?m)", r"\1 \2m"),
    (r"(?<![\w.,:$-])(1[0-2]|[1-9])[-\u2013](1[0-2]|[1-9])([ap])\b(?!\.?m)", r"\1 to \2 \3m"),
    (r"\b(M|Tu)-(Th|F|Sat?|Sun?)\b", lambda m: f"{_SHORT_DAYS[m[1]]} to {_SHORT_DAYS[m[2][:2]]}"),
    (r"\bMWF\b(?= \d)", "Monday Wednesday Friday"),
    # a month, not "the season of 2013-14"
    (
        r"(?<=in |by |of )(20(1[3-9]|[2-9]\d))-(0[1-9]|1[0-2])(?![\w/-]|\.\d)",
        lambda m: f"{tables.MONTHS[int(m[3]) - 1]} {m[1]}" if int(m[3]) <= int(m[2]) else m[0],
    ),
    (
        r"\b((?:Prep|Cook|Total|Rest|Chill|Bake|Active|Marinate)(?: ?[Tt]ime)?: ?(?:\d{1,2} ?h )?)(\d{1,3}) ?m\b",
        r"\1\2 min",
    ),
    (
        r"(?<![\d:])([1-9]|1[0-5]):00 (?=(?:to (?:go|play)|left(?=[.,;)]|\s*$| (?:in|on|to play)\b)|remaining|on the clock)\b)",
        "{1:integer} minutes ",
    ),
    (r"(?:(?<=that, )|(?<=[Rr]oger, )|(?<=[Rr]oger that, ))10-4\b(?!-)", "ten four"),
    # of a recording
    (
        r"(?<=[a-z] )0?(\d):(\d\d):(\d\d)(?=[\])])",
        lambda m: spell_duration(m[1], m[2], m[3]),
    ),
    # of a football match: "(Saka 12', 77')"
    (
        r"\((?:[A-Z][\w.' -]*? (?:\d{1,3}(?:\+\d{1,2})?'(?: \(?pen\.?\)?)?(?:, )?)+(?:[,;] )?){1,8}\)",
        lambda m: (
            re.sub(r"(\d)'", r"\1 minutes", m[0])
            if "+" in m[0] or re.search(r"\d-\d|\w to \w", text_before(m, 60))
            else m[0]
        ),
    ),
    (r"\bT/Th\b", "Tuesday Thursday"),
    (r"(?<=\d)\s?[-\u2013]\s?(?=noon\b|midnight\b)", " to "),
    (
        r"\b(Available|Avail\.) (?!24/7)\d{1,2}/\d{1,2}\b(?=[.,;)]|$)",
        lambda m: "Available" + _slash_dates(m)[len(m[1]) :],
    ),
    (
        rf"\b(?:{_CAPITAL_MONTHS})\b(?=\.?[\s-]\d{{1,2}}(?:ST|ND|RD|TH)?\b(?![.%]\d|\s(?!AT|AND|TO|IN|ON)[A-Z])|\.?\s\d{{4}}\b)|(?<=\d[\s-])(?:{_CAPITAL_MONTHS})\b",
        lambda m: m[0].title(),
    ),
    (
        rf"\b{_CAPITAL_DAYS}\.?(?:\s?[-\u2013/&]\s?{_CAPITAL_DAYS}\b\.?)+|(?<!THE )\b{_CAPITAL_DAYS}(?=,? \d{{1,2}}(?::\d\d)?\s?(?:[AaPp][Mm]|[-\u2013]))",
        lambda m: m[0].title(),
    ),
    (r"(?<![\w/.-])\d{1,2}/\d{1,2}(?=,? (?:at )?\d{1,2}(?::\d\d)?\s?[AaPp](?:\.?[Mm])?\b)", _slash_dates),
    (r"\b(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)(?:[a-z]*day)?\.?,? \(?\d{1,2}/\d{1,2}\b(?!/)", _slash_dates),
    (r"(?<![\w/.-])(?:0\d/[0-3]\d|1[0-2]/0[1-9])(?![\w/-]|\.\d)", _slash_dates),
    (r"\b[Ff]rom (?!\d/(?:[234568]|10)\b)\d{1,2}/\d{1,2} (?:to|through|until) \d{1,2}/\d{1,2}\b(?!/)", _slash_dates),
    (
        r"\b(?:[Dd]ate:|[Dd]eadline:?|[Dd]ue(?: by| on)?:?|week of|[Ww]eek ending|[Ee]nds|[Ss]tarts|[Ee]ffective|[Tt]hru|[Tt]ill|[Ss]hips(?: by)?|[Ee]xpires(?: on)?|[Rr]eminder:|[Uu]pdated|[Aa]s of|[Bb]efore|[Aa]fter) (?!9/11\b|24/7\b|50/50\b)\d{1,2}/\d{1,2}\b"
        r"(?!/|\.\d|\s(?:of|cups?|inch|miles?|price|the|tsp|tbsp|an?|hours?|minutes?|seconds?|days?|weeks?|months?|years?|through|full|past|time|way|done|empty|games|majority)\b)",
        _slash_dates,
    ),
    (r"(?<=\d{4})\s?[-\u2013]\s?(?=(?:[Pp]resent|now|[Tt]oday|[Cc]urrent)\b(?! [a-z]))", " to "),
    (rf"\b{_MONTH}/{_MONTH}(?!\w)", lambda m: " and ".join(_MONTH_BY_PREFIX[group[:3]] for group in m.groups())),
    (
        r"\b(\d{4}-\d{2}-\d{2}T\d\d:\d\d)(?::\d\d)?(?:\.\d+)?([+-])(\d\d):?00\b",
        lambda m: f"{m[1]} U T C {'plus' if m[2] == '+' else 'minus'} {number_to_words(int(m[3]))}",
    ),
    (r"\b(\d{1,2}:\d\d)\s?(?:hrs|h)\b(?<=00\s\w{3})|(?<=\b\d\d:00)h\b", r"\1 hours"),
    (r"^(1[1-9]|2[1-3])00 (?=hours\b(?! of))", "{1:integer} hundred "),
    (r"\b(\d{1,2}(?::\d\d)?)([ap])\s?[-\u2013]\s?(\d{1,2}(?::\d\d)?)([ap])\b", r"\1 \2m to \3 \4m"),
    (r"\b(\d{1,2}:\d\d)([apAP])\b(?!\.?m)", r"\1 \2m"),
    # "430am", but not "£500 pm", a month, and not "WOAI 1200 AM" of the radio
    (
        r"(?<![\d:.,$\u00a3\u20ac])(?<!adio )(?<!\b[WK][A-Z]{2} )(?<!\b[WK][A-Z]{3} )(1[0-2]|[1-9])([0-5]\d)\s?([AaPp]\.?[Mm])\b(?! I\b)",
        r"\1:\2 \3",
    ),
    (r"(?<=\d[ap]m [A-Z]T)/(?=\d)", ", "),
    (r"(?:^|(?<=[.;] ))(Sat|Sun)(?=: )", lambda m: tables.WEEKDAY_BY_PREFIX[m[1]]),
    (r"(?<=:[0-5]\d)[-\u2013](?=(?:1[0-2]|[1-9])\b(?![:.,]?\d|%|-))", " to "),
    (
        r"(?<=\bSee you )(Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun)\b|\b(Sat)\b\.?(?= morning| afternoon| evening| night)|(?<![Tt]he )\b(Sat|Sun)\b\.?(?=: ?\d|:? [Cc]losed)",
        lambda m: tables.WEEKDAY_BY_PREFIX[(m[1] or m[2] or m[3])[:3]],
    ),
    (r"\bM/W/F\b", "Monday Wednesday Friday"),
    (
        r"(?<![\d:])(\d:\d\d:\d\d)(?= (?:marathon|finish|half|race|record)\b)",
        lambda m: " ".join(map(spell_padded, m[1].split(":"))),
    ),
    (r"(?<![\d:])(\d{1,2}):(\d\d) min\b\.?", lambda m: f"{spell_integer(m[1])} {spell_integer(m[2])} minutes"),
    (r"(?<=\d)ish\b", " ish"),
    # "9 a.m.-5 p.m.", "9:00-17:30"
    (
        r"(?i)(?<=\d)(\s?[ap]\.?m\.?)\s?[-\u2013]\s?(?=\d|noon|midnight)|(:\d\d)\s?[-\u2013]\s?(?=\d+:\d\d|1?\d\s?[ap]\.?m\b)",
        r"\1\2 to ",
    ),
    (r"(?<![\w:.-])(\d{1,2})\s?[-\u2013]\s?(?=\d{1,2}:\d\d\s?[aApP]\.?[mM])", r"\1 to "),
    (
        r"\b(\d{4}-\d{2}-\d{2})T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|\+00:00)?(?!\w)",
        lambda m: f"{m[1]} at {m[2]}{' U T C' if m[4] else ''}",
    ),
    (
        # a stamp, "20260412"
        rf"(?<![\w.,/:$\u00a3\u20ac#+-])(?<!\d )((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\b(?![.,]?\d|[/:%-]|\s\d|\s{any_of(tables.COUNTED)}\b)",
        r"\1-\2-\3",
    ),
    (
        r"(?<![\w/.-])(0[1-9]|1[0-2])/((?:19|20)\d\d)\b(?![/-]\d)(?:\s?(?:[-\u2013]|to)\s?(0[1-9]|1[0-2])/((?:19|20)\d\d)\b)?",
        lambda m: " to ".join(
            f"{MONTHS[int(month) - 1]} {year_to_words(int(year))}"
            for month, year in (m.groups()[:2], m.groups()[2:])
            if month
        ),
    ),
    (r"\b(\d{1,2})\.([0-5]\d)\s?[-\u2013]\s?(?=\d{1,2}(?:\.[0-5]\d)?\s?[ap]\.?m)", "{1:integer} {2:integer} to "),
    (rf"(\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH})\s?[-\u2013]\s?(?=\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH})", r"\1 to "),
    (
        r"\b([Ss]ince|[Uu]ntil|[Ii]n|[Ll]ast|[Nn]ext|[Ee]arly|[Ll]ate|[Mm]id) (Feb|Aug|Sept|Oct|Nov|Dec)\b(?=[,;)]|\s(?:and|to|or|through)\b|\.?\s*$)",
        lambda m: f"{m[1]} {_MONTH_BY_PREFIX[m[2][:3]]}",
    ),
    (r"(?:(?<=\d/\d\d)|(?<=/\d{4}))\s?[-\u2013]\s?(?=\d{1,2}/\d{1,2}/\d\d)", " to "),
    (r"\b(\d{4})[-/.](\d{2})[-/.](\d{2})\b", lambda m: _numeric_date(m[1], m[2], m[3], m[0])),
    (r"(?<![\w.])(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})\b(?!-)", lambda m: _numeric_date(m[4], m[1], m[3], m[0])),
    (r"(?<![\w.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b", lambda m: _numeric_date(m[3], m[2], m[1], m[0])),
    (
        r"(?<=\b[Oo]n )(\d{1,2})\.(\d{1,2})\.(\d\d)\b(?!\.\d)"
        r"|(?<![\w.,$\u00a3\u20ac-])(1[3-9]|2\d|3[01])\.(0[1-9]|1[0-2])\.(\d\d)\b(?!\.?\d)",
        lambda m: _numeric_date(m[3] or m[6], m[2] or m[5], m[1] or m[4], m[0]),
    ),
    (
        r"\b([Oo]n|[Uu]ntil|[Ss]ince|[Dd]ue|[A-Z][a-z]+day,?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?,?)\s(\d{1,2})/(\d{1,2})\b(?!/)",
        lambda m: f"{m[1]} {_numeric_date(None, m[2], m[3], f'{m[2]}/{m[3]}')}",
    ),
    (r"(?<![\w/.-])(\d{1,2})/(\d{1,2})\s?[-\u2013]\s?(\d{1,2})/(\d{1,2})(?![\w/]|\.\d)", _date_range),
    # of what no recipe divides by
    (
        r"(?<![\w/.-])(\d{1,2})/(1[3-579]|2[1-36-9]|3[01])(?![\w/-]|\.\d|\s?=|\s(?:of|out|inch|mile|scale|s\b|sec))",
        lambda m: _numeric_date(None, m[1], m[2], m[0]),
    ),
    (r"(?<=\b[ECMP]T)\s?/\s?(?=\d{1,2}\b)", ", "),  # "7:05 ET/4:05 PT"
    # more parts than there are is no fraction
    (
        r"(?<=\bby )(\d{1,2})/(\d{1,2})\b(?![/.]?\d)",
        lambda m: _numeric_date(None, m[1], m[2], m[0]) if int(m[1]) > int(m[2]) else m[0],
    ),
    (
        rf"(?=[MTWFS])(?:\b{_WEEKDAY}\b\.?(?:\s?[-\u2013/&]\s?{_WEEKDAY}\b\.?)+|\b{_WEEKDAY}\b\.?(?=,?\s(?:\d|{_MONTH}))"
        rf"|(?:(?<=\b[Oo]n\s)|(?<=\b[Ee]very\s)|(?<=\b[Cc]losed\s)|(?<=\b[Oo]pen\s)){_WEEKDAY}\b\.?"
        rf"|(?<![Tt]he\s)(?<![Oo]ur\s)(?<!\b[Aa]\s)\b(?:Sat|Sun)\.(?=[,;)]|\s(?:and|or|at|from)\b|\s*$)|\b(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri)\b\.?)",
        _weekdays,
    ),
    (r"(?<=day )([AP])M\b(?!\s?[A-Z]{2})", r"\1 M"),  # "Tuesday AM"
    (
        rf"\b(\d{{1,2}}) {_MONTH} (\d{{1,3}}) (?=(?:BCE?|AD|CE)\b)",
        lambda m: f"the {ordinal_to_words(int(m[1]))} of {_MONTH_BY_PREFIX[m[2][:3]]}, {spell_integer(m[3])} ",
    ),
    (rf"(?<=\d(?:st|nd|rd|th))\s?[-\u2013]\s?(?={_WEEKDAY}\b|[A-Z][a-z]+day\b)", " to "),
    (
        rf"\b{_MONTH}\s{_DAY}(?:\s?[-\u2013]\s?{_DAY})?\b(?!:?\d|\.\d\d\s?[ap]\.?m)(?:,?\s(\d{{4}})\b(?!,\d))?",
        _month_day,
    ),
    (rf"\b([Tt]he\s)?(?:{_DAY}\s?[-\u2013]\s?)?{_DAY}(?:\sof)?[\s-]{_MONTH}(?:,?[\s-](\d{{4}})\b)?", _day_month),
    (
        rf"\b{_MONTH}\s?[-\u2013]\s?{_MONTH}(?!\.?\s\d)",
        lambda m: f"{_MONTH_BY_PREFIX[m[1][:3]]} to {_MONTH_BY_PREFIX[m[2][:3]]}" + written_stop(m),
    ),
    (rf"(?<=st|nd|rd|th)\s?[-\u2013]\s?(?={_MONTH} (?:\d|{_ORDINAL_WORDS}))", " to "),
    (rf"\b{_MONTH}\s?[-\u2013]\s?(?={_MONTH})", lambda m: f"{_MONTH_BY_PREFIX[m[1][:3]]} to "),
    (r"(?<=noon|ight)\s?[-\u2013]\s?(?=\d)", " to "),
    (rf"\b{_MONTH}\s'(\d\d)\b", lambda m: f"{_MONTH_BY_PREFIX[m[1][:3]]} {_whole_year(m[2])}"),
    (rf"\b{_MONTH}(?=\s\d{{4}}\b)", lambda m: _MONTH_BY_PREFIX[m[1][:3]]),
    (r"\b(Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec)\.", _month_or_name),
    (r"(?<=\d\d:\d\d)(?::00)?Z\b", " Z"),
    (r"\b12:00(?=\s(?:noon|midnight)\b)", "twelve"),
    (
        r"(?<![\d.,:-])(0\d|(?:(?<=[Aa]t )|(?<=[Bb]y )|(?<=until )|(?<=[Ff]rom ))(?:1\d|2[0-3]))([0-5]\d) ?(?:hrs|hours)\b",
        _military_time,
    ),
    (r"\b([Dd]eparts|[Aa]rrives|[Dd]eparting|[Aa]rriving)(?: at)? ([01]\d|2[0-3])([0-5]\d)\b(?![.,]?\d)", r"\1 \2:\3"),
    (
        r"(?<![\w.,/-])(0\d)([0-5]\d)[-\u2013]([012]\d)([0-5]\d)\b(?![-/.]?\d)",  # of opening
        lambda m: " to ".join(
            f"{spell_padded(hour)} {spell_hundredths(minute)}" for hour, minute in (m.groups()[:2], m.groups()[2:])
        ),
    ),
    (r"(?<=\b[Aa]t )(0\d)([0-5]\d)\b(?![.,]?\d|[ -]\d|\s?(?:hrs|hours|GMT|UTC|BST|CES?T|h)\b)", r"\1:\2"),
    (
        r"(?<![\d.,:-])([01]\d|2[0-3])([0-5]\d)(?=\s(?:GMT|UTC|BST|CES?T)\b)",
        lambda m: f"{spell_padded(m[1])} {spell_hundredths(m[2])}",
    ),
    (r"(?<![\d:])(\d+):(\d{1,3}(?:,\d{3})+)\b", "{1:integer} to {2:integer}"),  # of a map
    (
        r"(?<![\d:.])(\d{1,2}):([0-5]\d)\.(\d{1,3})\b(?![:.]?\d)",  # of a race
        lambda m: f"{spell_integer(m[1])} {spell_padded(m[2])} point {spell_digits(m[3])}",
    ),
    (r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:\s?([AaPp])\.?\s?[Mm]\b\.?|\b)", _time),
    (r"\b(\d{1,2})\.([0-5]\d)()\s?([AaPp])\.?\s?[Mm]\b\.?", _time),
    (r"(?<![\w.])([01]?\d|2[0-3])\.([0-5]\d)()()(?=\s(?:GMT|UTC|BST|CES?T|EES?T|h|hrs)\b)", _time),
    (r"(?<![\w.,$\u00a3\u20ac-])(0\d)\.([0-5]\d)()()\b(?!\.?\d|\s?%)", _time),
    (
        r"(?:(?<=[Aa]t\s)|(?<=[Uu]ntil\s)|(?<=arting\s)|(?<=riving\s))([01]?\d|2[0-3])\.([0-5]\d)()()\b(?=[.,;!?]?(?:$|\s(?:on|in|and|sharp|to|o|we|he|she|they|it|the|every|each|for \d|[A-Z](?!U\b)))|[.,;!?]\s)",
        _time,
    ),
    (r"\b([01]?\d|2[0-3])h([0-5]\d)()()\b", _time),
    (r"\b(?:(\d{1,2})\s?[-\u2013]\s?)?(\d{1,2})\s?([AaPp])\.?\s?[Mm]\b\.?", _hour),
    (r"(?<![\d:])(\d+):(\d+):(\d+)(?![\d:])", "{1:integer} to {2:integer} to {3:integer}"),
    (r"\b(\d+):(\d+)\b", "{1:integer} to {2:integer}"),
    (rf"\b({NUMBER_WORDS}):({NUMBER_WORDS})\b", r"\1 \2"),
)
