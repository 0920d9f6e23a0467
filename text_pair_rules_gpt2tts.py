"""
Two numbers that belong together before they are dates, fractions or products: counts of a whole ("Slide 3/17",
"12/15 passed"), ranges with spaces ("5 - 10 minutes"), sides ("1920\u00d71080"), odds.
"""

import re

from .text_numbers_gpt2tts import (
    make_plural,
    spell_digits,
    spell_hundredths,
    spell_integer,
    spell_number,
    spell_padded,
)
from .text_rules_gpt2tts import NUMBER_WORDS, is_attributive, make_rules, text_after, text_before, word_before
from .text_tables_gpt2tts import MONTHS, NUMBERED_NOUNS, ONES

_COUNTED_BEFORE = (
    r"(?i:questions?|slides?|tasks?|rounds?|sets?|reps?|laps?|videos?|photos?|images?|tracks?|weeks?|attempts?|levels?|steps?|pages?|"
    r"files?|tests?|retry|attempt|exercises?|problems?|modules?|lessons?|chapters?|episodes?|stages?|epochs?|quests?|items?|messages?|progress|"
    r"loading|downloading|uploading|installing|completed|passed|part|day|waves?|ammo|HP:?|MP:?|health|mana|lives|day|streak|goal|balance)"
)
_COUNTED_AFTER = (
    r"(?:completed?|done|passed|failed|finished|files|photos|questions|tests|images|songs|videos|items|messages|pages|tasks|"
    r"steps|packages|modules|episodes|users|trails|lifts|runs|seats|spots|rounds|XP|HP|MP|GB|MB|TB)\b"
)
_RANGED_AFTER = (
    r"(?:more |hours? |business |working |school )?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|people|persons|guests|"
    r"players|times|percent|cups?|words|pages|miles|degrees|points|servings|reps|sets|items|students|children|adults|questions|"
    r"sentences|paragraphs|characters|inches|feet|pounds|ounces|dollars|tablespoons|teaspoons|old)"
)


def _of(match: re.Match) -> str:
    before, part, whole = match[1], *(int(group.replace(",", "")) for group in match.groups()[1:3])
    ends = re.match(r"\s*(?:$|[.,;:!?)\]-])", match.string[match.end() :])
    if 0 < part < whole < 5 and not (ends if before.strip() else text_before(match, 3).endswith(": ")):
        return match[0]  # a fraction, "3/4 done"
    return f"{before}{spell_integer(str(part))} of {spell_integer(str(whole))}" if part <= whole else match[0]


def _rising(match: re.Match) -> str:
    first, last = match.groups()
    is_range = int(first) < int(last) and word_before(match).lower() not in NUMBERED_NOUNS
    return f"{spell_number(first)} to {spell_number(last)}" if is_range else match[0]


def _near(match: re.Match) -> str:
    """A range that is written otherwise, "20~30", "40 -50", but not "1 ~ 150 g"."""
    first, last = match.groups()
    if word_before(match).lower() in NUMBERED_NOUNS:  # "step 3- 4 eggs"
        return match[0]
    return f"{spell_number(first)} to " if float(first) < float(last) < 5 * float(first) else match[0]


def _result(match: re.Match) -> str:
    """The result of a match, "Real Madrid 2 - 1 Barcelona"."""
    is_label = word_before(match).lower() in NUMBERED_NOUNS
    return match[0] if is_label else f"{spell_integer(match[1])} to {spell_integer(match[2])}"


def _sides(match: re.Match) -> str:
    unit = "foot" if is_attributive(match) else "feet"
    return f"{spell_integer(match[1])} {unit} by {spell_integer(match[2])} {unit}"


def _repeated(match: re.Match) -> str:
    """The words alone of "thirty (30) days"."""
    return match[1] if spell_integer(match[2]) == match[1].lower() else match[0]


def _one_by_one(match: re.Match) -> str:
    """The numbers alone, "20/20 vision", "a 4-4-2 formation"."""
    return " ".join(map(spell_integer, re.findall(r"\d+", match[0])))


# what only texts on cricket have: of baseball there are no second innings
_CRICKET = re.compile(
    r"(?i)\b(?:wickets?|wkts?|bats(?:man|men)|at stumps|before stumps|\d+ not out|\d+ all out|all out for|bowled (?:out|for)|"
    r"(?:first|second) innings|caught behind|last man out|\d+ overs|\d(?:st|nd|rd|th) over(?=:)|test match|ranji|T20|ODI|run chase)\b"
)
_FIGURES_BEFORE = re.compile(
    r"(?i)\b(?:took|takes|taking|taken|figures of|with|best(?: of)?|claimed|claiming|grabbed|bagged|returned|haul of|spell of) \(?$|\($"
)
_NO_SCORE_AFTER = re.compile(
    r" (?:overs|balls|runs|minutes|mins|hours|days|weeks|months|years|players|people|points|games|matches|met(?:er|re)s|feet|"
    r"yards|miles|percent|wickets|series|win|victory|defeat|lead)\b"
)


def _cricket_score(match: re.Match) -> str:
    """Runs and wickets, "234-6", and the wickets and runs of a bowler, "5-57"; what is no cricket stays."""
    first, last = int(match[1]), int(match[2])
    is_innings = first > 10 >= last
    is_bowling = 0 < first <= 10 < last and _FIGURES_BEFORE.search(text_before(match, 20))
    if "/" in match[0] and text_before(match, 1) == "(":
        is_bowling = None  # a date
    if not (is_innings or is_bowling) or _NO_SCORE_AFTER.match(text_after(match)):
        return match[0]
    if (
        word_before(match).lower() in NUMBERED_NOUNS
        or word_before(match).title() in MONTHS
        or not _CRICKET.search(match.string)
    ):
        return match[0]
    return f"{spell_integer(match[1])} for {spell_integer(match[2]) if last else 'no wicket'}"


def _not_out(match: re.Match) -> str:
    return f"{spell_integer(match[1])} not out" if _CRICKET.search(match.string) else match[0]


def _odds(match: re.Match) -> str:
    return f"{spell_integer(match[1])} to {spell_integer(match[2])}" if int(match[1]) > int(match[2]) else match[0]


PAIR_RULES = make_rules(
    (r"(?<![\w.,/-])(\d{2,3})[-/](\d) dec(?:l\b|lared\b|\b)\.?(?!\w)", "{1:integer} for {2:integer} declared"),
    (r"\.\.\.(?=\d)(?<=\d\.\.\.)", "... "),  # of a countdown
    (r"\b(\d\d)/(?=\d\d mpg\b)", "{1:integer}, "),  # in the city, and on the highway
    (r"\b(\d{1,2})/(\d{1,2})c\b(?!\.)", "{1:integer}, {2:integer} central"),
    (r"(?<=\b[Aa]t )(\d{1,3})/(\d{1,2})(?=\s*(?:$|[,;)]|\.(?!\d)|(?:and|to|with|for|by|but|favou?rite)\b))", _odds),
    (r"(?<![\w.,/-])(\d{1,3})[-\u2013/](\d{1,2}|1\d\d)\b(?![-\u2013/]|[.,:]\d|%|')", _cricket_score),
    (r"(?<![\w.,/*-])(\d{1,3})\*(?=$|[\s.,;)])(?!\s?\d)", _not_out),
    (r"(?<![\w.,/-])(\d{3})/(?=\d{3}-\d{4}\b)", r"\1-"),  # of a telephone
    (r"#(?=\d+-\d)", " number "),
    # of emergencies, before a unit: "call 999 in time"
    (
        r"\b((?i:call(?: the police on)?|ring|dial|phone) )(999|111|101|112|211|311|411|511|811)\b(?![-.]?\d|,?\sor\s\d)",
        r"\1{2:digits}",
    ),
    (r"(?i)(?<=\ba )(2):([12])\b(?= (?:from|in|degree|at|with|honours)|[.,;])", "{1:integer} {2:integer}"),
    (
        r"(?:(?<=[Tt]he )|(?<=men's )|(?<=eople )|(?<=dults )|(?<=0s and )|^)([Oo]ver|[Uu]nder) (\d\d)s\b|(?<=[A-Za-z] )(?<!\b[Ii]n )(?<![Tt]ook )(?<!Just )(Over|Under) (\d\d)s\b"
        r"|\b([Oo]ver|[Uu]nder) (\d\d)s(?= (?:can|get|go|swim|free|club|team|final|only|football|squad|side)\b)",
        lambda m: f"{m[1] or m[3] or m[5]} {make_plural(spell_integer(m[2] or m[4] or m[6]))}",
    ),
    (r"\b(1st|2nd|3rd|4th|First|Second) X(I|V)\b", lambda m: f"{m[1]} {'eleven' if m[2] == 'I' else 'fifteen'}"),
    (
        r"\b\d{1,2}-\d{1,2}-\d{1,2}(?:-\d{1,2})?(?= (?:\w+ )?(?:rule|technique|formation|method|fertilizer|diet|breathing|split|reps|system|ratio)\b)"
        r"|(?<=easy as )1-2-3|\b4-4-2\b(?!-)|\b4-3-3\b(?!-)|\b3-2-1(?=\u2026|\.\.\.)",
        _one_by_one,
    ),
    (r"\b9[-/]11\b(?= (?:attacks?|terror\w*|commission|memorial|victims|hijack\w*)\b)", _one_by_one),
    (
        r"(?<![\w./,])(\d)/(5|10) (?=(?:dentists|doctors|customers|users|patients|experts|parents|cats)\b)",
        "{1:integer} out of {2:integer} ",
    ),
    (r"\b(\d{1,2}) ?[xX\u00d7] ?(\d{1,2})[-\u2013](\d{1,2})\b", "{1:integer} by {2:integer} to {3:integer}"),
    (
        r"\b1[xX](?:/| a | per | )(?=day\b|week\b|month\b|year\b|daily\b|weekly\b)",
        lambda m: "once" + m[0][2:].replace("/", " a "),
    ),
    (r"(?<=[a-z] )(\d{1,2}) - (\d{1,2})(?= (?!(?:Tbsp|Tsp|Cups?|Lbs?|Oz|Kg|AM|PM|Am|Pm)\b)[A-Z][a-z])", _result),
    (r"(?<=\d)-of-(?=\d)", " of "),
    (r"(?<![\w.,])(\d{1,3}(?:\.\d)?) ?~ ?(?=(\d{1,3}(?:\.\d)?)(?!\.?\d))", _near),
    (r"(?<![\w.,/:-])(?<!= )(\d{1,4})(?: -|- )(?=(\d{1,4})\b(?!\s?[=.,:/-]\d|\s?=))", _near),
    (r"(?<![\w.,/-])(\d{1,3})[-\u2013](?=\d{1,3}(?:hours?|days?|weeks?|months?|years?)\b)", "{1:integer} to "),
    (
        r"(?<![\w.,/-])(\d{1,2})[-\u2013](?=\d{1,2}(?:\.\d)?(?:\"(?!\w)| in\b(?:\.(?=$|[,;]| of\b| [A-Z])| (?:wide|long|tall|deep|thick|of)\b(?! (?:use|margins|water|winter|games)))))",
        "{1:integer} to ",
    ),
    (rf"\b((?:(?i:{NUMBER_WORDS}))(?:-(?:{'|'.join(ONES[1:10])}))?(?: hundred)?) \((\d{{1,3}})\)", _repeated),
    (r"\b(Hours: )(\d{1,2}) - (\d{1,2})\b(?!:)", r"\1{2:integer} to {3:integer}"),
    (r"(?<=\d) \u2013 (?=\d+(?:\.\d+)?\s?=)", " minus "),
    (r"(?<![\w.])(\d{1,3}(?:\.\d+)?)[xX]?[-\u2013](?=\d{1,3}(?:\.\d+)?[xX](?!\w))", "{1:decimal} to "),
    (r"(?<=\d)[xX]/(day|week|month|year)\b", r" times a \1"),
    (
        r"\b20/\d{2,3}\b",
        lambda m: _one_by_one(m) if re.search(r"(?i)\b(?:vision|eyes?|eyesight|acuity)\b", m.string) else m[0],
    ),
    (r"(?<![\w.,/])(\d{1,3}(?:,\d{3})+) / (\d{1,3}(?:,\d{3})+)\b(?!\s?[=/])", r"\1 of \2"),
    (
        r"(?<![\w./-])((?:1[5-9]|20)\d\d)/(\d\d)\b(?![/.-]?\d)",
        lambda m: f"{spell_number(m[1])} to {spell_padded(m[2])}" if int(m[2]) == (int(m[1]) + 1) % 100 else m[0],
    ),
    (r"(?<=\d) : (?=\d)", " to "),
    (
        r"(?<![\w.])\.(\d)(\d\d)/\.(\d)(\d\d)/\.(\d)(\d\d)\b",
        lambda m: ", ".join(f"{spell_integer(m[i])} {spell_hundredths(m[i + 1])}" for i in (1, 3, 5)),
    ),  # of a batter
    (r"(?<![\w.:])(\d{1,2}):(\d{1,2})(?= (?:ratio|odds|scale|mix|split)\b)", "{1:integer} to {2:integer}"),
    (r"(?:(?<=\b[Aa] )|(?<=[Tt]he ))\d-\d-\d(?= (?!(?:win|record|draw|loss|mark|start|season)\b)[a-z])", _one_by_one),
    (
        r"(?<![\w.,-])\d{1,2}(?:-\d{1,2}){4,5}\b(?!-)",
        lambda m: ", ".join(map(spell_integer, m[0].split("-"))),
    ),  # of a lottery
    (
        r"(?<![\w.,-])(\d\d?)-\1-\1\b(?!-)|(?<=as in )([A-Z]\w+), (\d)-(\d)-(\d)\b",
        lambda m: _one_by_one(m) if m[1] else f"{m[2]}, {spell_digits(m[3] + m[4] + m[5])}",
    ),
    (r"(?<![\w.,-])(\d\d)-(\d\d)-(\d\d)(?= triple)", "{1:integer}, {2:integer} and {3:integer}"),
    (r"(?<=\d)\u2014(?=1\d{3}\b)(?<=\b1\d{3}\u2014)", " to "),
    (r"(?<=\d0s)\s?[-\u2013]\s?(?='?\d{1,3}0s)", " to "),
    (rf"\b({_COUNTED_BEFORE}:? )(\d{{1,4}})/(\d{{1,4}})\b(?!/|\.\d|\s?(?:cups?|mile|inch))", _of),
    (r"(?<![\w./,])()(\d{1,3}(?:,\d{3})+)/(\d{1,3}(?:,\d{3})+)\b(?!/|\.\d)", _of),
    (rf"(?<![\w./,])()(\d{{1,4}})/(\d{{1,4}}) (?={_COUNTED_AFTER})", lambda m: _of(m) + " "),
    (r"(?<=[(\[])()(\d{1,4})/(\d{1,4})(?=[)\]] [A-Z])(?<!\d{2}/\d{4})", _of),
    (
        r"(?<![\w./,])(?<!\d[ -])(\d{1,3})/(\d{1,3}) (?=(?:times|right|correct(?:ly)?|people)\b)",
        "{1:integer} out of {2:integer} ",
    ),
    (r"(?<![\w./,])(\d+\.\d+)/(\d+(?:\.\d+)?) (?=[GMT]B\b)", r"{1:decimal} of \2 "),
    (
        r"(?<![\w./,])(\d{1,3})/(\d{1,2}) (?=(?:odds|favou?rites?|shots?|outsiders?|underdogs?)\b)",
        "{1:integer} to {2:integer} ",
    ),
    (r"(?<![\w$\u00a3\u20ac.,])(\d{1,2})/(?=\$\d)", "{1:integer} for "),
    (
        r"\b([Bb]etween )(\d{1,4})\s?[-\u2013]\s?(?=\d{1,4}(?:%| |[.,;!?]?$|[.,;] )(?!\s?[=/]))",
        lambda m: f"{m[1]}{spell_number(m[2])} and ",
    ),
    (r"(?<![\w.,/:-])(\d{1,4}) - (\d{1,4})(?= " + _RANGED_AFTER + r"\b)", _rising),
    (
        r"\b([Aa]ge[sd]?|[Pp]ages?|[Cc]hapters?|[Ll]ines?|[Vv]erses|[Gg]rades|[Ll]evels|[Ll]essons|[Bb]etween|[Ww]on|[Ll]ost|[Ss]core (?:was|is|of)|[Ss]core:) "
        r"(\d{1,4}) - (\d{1,4})\b(?!\s?[=/:]|,\d)",
        r"\1 {2:integer} to {3:integer}",
    ),
    (
        r"\b([Ff]rom|[Aa]bout|[Aa]round|[Aa]pproximately|[Ss]erv(?:es|ings:)|[Mm]akes|(?:large|long|high|low|many|much) as) "
        r"(\d{1,4}) - (?=(\d{1,4})\b(?!\s?[=/:]|,\d))",
        # not "about 50 - 3 times more", but "from 9 - 5"
        lambda m: f"{m[1]} {spell_number(m[2])} to " if int(m[2]) < int(m[3]) or m[1] in ("From", "from") else m[0],
    ),
    (
        r"\b([Aa] )(\d{1,2}) - (\d{1,2}) (?=(?:win|loss|defeat|victory|draw|lead|record)\b)",
        r"\1{2:integer} to {3:integer} ",
    ),
    (r"(?<![\w.,/-])((?:1[5-9]|20)\d\d) - ((?:1[5-9]|20)\d\d)\b(?!\s?=)", _rising),
    (
        r"\b30-60-90\b|\b45-45-90\b|\b3-4-5(?= (?:right )?triangle)",
        _one_by_one,
    ),
    (r"(?<![\w.,/-])(\d{1,3}) ?- ?(\d{1,3})(?=F\b)", "{1:decimal} to \\2"),
    (r"(?<![\w.,/:-])(\d{1,2})[-\u2013](?=\d{1,2}:\d\d\b(?!:))", "{1:integer} to "),
    (
        r"(?<![\w.,])(\d+(?:\.\d+)?) [x\u00d7] (\d+(?:\.\d+)?) [x\u00d7] (?=\d)",
        "{1:decimal} by {2:decimal} by ",
    ),
    (r"(?<![\w.'])(\d{1,3})'\s?[xX\u00d7]\s?(\d{1,3})'(?![\w'])", _sides),
    (r"(?<![\d:.])(\d\.\d+):1\b(?!:)", "{1:decimal} to one"),
    (
        r"\b((?:19|20)?\d\d)/(\d\d)(?= (?:[Ss]eason|campaign|academic|school|tax|financial)\b)",
        # "the 09/10 season", but "a 50/50 tax split"
        lambda m: (
            f"{spell_number(m[1]) if m[1][2:] else spell_padded(m[1])} to {spell_padded(m[2])}"
            if m[1][2:] or int(m[2]) == (int(m[1]) + 1) % 100
            else m[0]
        ),
    ),
    (r"(?<=[Rr]unway )(\d\d)/(\d\d)\b", "{1:digits} {2:digits}"),
    (r"\b(\d{1,2}\d\d)\u00d7(\d{3,4})\b", lambda m: f"{spell_number(m[1])} by {spell_number(m[2])}"),
)
