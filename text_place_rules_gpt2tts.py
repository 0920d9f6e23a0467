"""Places: states, counties and parties, streets, roads, rooms and the compass, "Austin, TX", "St. Mary's St.", "Route 9W"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import spell_digits, spell_integer
from .text_rules_gpt2tts import any_of, make_rules, sentence_stop, text_after, text_before

# of a politician, "R-Texas", "D-N.Y.", "(R-TX)"
_PLACES = {
    **tables.STATES,
    **tables.STATE_ABBREVIATIONS,
    **{state: state for state in tables.STATES.values()},
    "N.Y": "New York",
    "N.J": "New Jersey",
    "N.C": "North Carolina",
    "S.C": "South Carolina",
    "N.M": "New Mexico",
    "N.H": "New Hampshire",
    "R.I": "Rhode Island",
    "W.Va": "West Virginia",
}
_COUNTY = any_of(tables.COUNTIES_LIKE_WORDS)


def _direction(letters: str) -> str:
    """Letters of the compass in words, "NE" is "northeast"."""
    return "".join(tables.DIRECTIONS[letter] for letter in letters)


def _saint_or_street(match: re.Match) -> str:
    if re.match(r" [A-Z][a-z]+ (?:Street|Avenue|St|Ave|Blvd|Rd|Dr|Ln)\b", text_after(match)):
        return "Saint"
    is_saint = match[1] and match[1] not in tables.STARTERS and not re.fullmatch("[NS]?[EW]?", match[1])
    is_saint = is_saint and not _STREET_BEFORE.search(text_before(match, 40))
    return "Saint" if is_saint else "Street" + sentence_stop(match)


_STREET_BEFORE = re.compile(
    r"(?:\b(?:Wall|Main|High|Market|Bond|Fleet)|\b(?:[Oo]n|[Aa]long|[Oo]ff) [A-Z]\w+(?<!Mount)|\b\d+(?:st|nd|rd|th)|\b\d+ [A-Z]\w+) $"
)
_YEAR_BEFORE = re.compile(r"\b(?i:in|since|until|after|before) (?:1\d|20)\d\d $")  # "in 1921 W. Holt"
_COMPANY_BEFORE = re.compile(r"(?:\b[A-Z][\w']*|&) $")  # "the Guinness Co. Dublin plant"
_PLACE_BEFORE = re.compile(r"\b([A-Z][\w.'-]*), $")


def _state(match: re.Match) -> str:
    """A state after a place and a comma: "Austin, TX", but not "Yeah, OK"."""
    place = _PLACE_BEFORE.search(text_before(match, 30))
    return tables.STATES.get(match[0], match[0]) if place and place[1] not in tables.NO_PLACES else match[0]


PLACE_RULES = make_rules(
    (r"\bSt st\b", "stockinette stitch"),
    (
        # two houses, "27/37 High Street"
        r"(?<![\w./,-])(\d{2,4})/(\d{2,4}) (?=(?:St\.? )?[A-Z][\w']+ (?:[A-Z][\w']+ )?(?:Road|Street|Avenue|Lane|Close|Drive|Place|Terrace|Rd|St|Ave)\b)",
        r"\1-\2 ",
    ),
    # a letter after the number of a house is no article, those of a postcode are no units: "27a Mill Lane, EC2R 8AU"
    (
        r"(?<![\w./,-])(\d{1,3})[aA] (?=(?:St\.? )?[A-Z][\w']+ (?:[A-Z][\w']+ )?(?:Road|Street|Avenue|Lane|Close|Drive|Place|Terrace|Gardens|Hill|Rd|St|Ave)\b)",
        r"\1 A, ",
    ),
    (r"\b([A-Z]{1,2}\d[A-Z\d]? \d)(?![GTP]B|FT|LB)([ABD-HJLNP-UW-Z])([ABD-HJLNP-UW-Z])\b", r"\1 \2 \3"),
    (r"(?<!\w)([Nn])r\.? (?=[A-Z][a-z])", r"\1ear "),
    (r"(?<=[a-z] )Jn(?=[,.;)]|$)|(?<=\bM\d )Jn(?= \d)|(?<=\bM\d\d )Jn(?= \d)", "Junction"),
    (r"\b(St|Ft|Mt|Inc|Ltd)\.(?=[A-Z][a-z])", r"\1. "),
    (
        r"\b([Oo]n|[Aa]t|[Nn]ear|[Ff]rom) (\d{1,3}(?:st|nd|rd|th)) St\b(?![.']| [A-Z][a-z]+'s\b| (?:Andrew|George|James|John|Louis|Mark|Mary|Michael|Patrick|Paul|Peter)s?\b)",
        r"\1 \2 Street",
    ),  # no saint
    (
        r"\b((?i:routes?|rte\.?|highway|hwy\.?|gate|seat|room|exit|flat|apartment|apt\.?|suite|platform|form|flight|row|bus|train|pier|dock) "
        r"|[A-Z]{3,4} (?=\d{3}[A-Z]))(\d{1,3})([A-Z])\b(?=(?<![WV])|(?<!\d{3}\w))",
        r"\1\2 \3",  # "Route 9W" is no power
    ),
    (
        rf"(?<=, )({_COUNTY})\b|\b({_COUNTY})(?= (?:Police|Council)\b)",
        lambda m: tables.COUNTIES_LIKE_WORDS[m[1] or m[2]],
    ),
    (
        rf"(?<=[a-z],\s)({any_of(tables.STATE_ABBREVIATIONS)})\.(?=,|\s|$)",
        lambda m: tables.STATE_ABBREVIATIONS[m[1]] + sentence_stop(m),
    ),
    (
        rf"(?:(?<=, )|(?<=\())([RDI])-({any_of(_PLACES)})\.?(?=[,)])",
        lambda m: f"{tables.PARTIES[m[1]]} of {_PLACES[m[2]]}",
    ),
    (
        r"\b((?:moving|winds?|heading|headed|blowing|bearing|from|from the|to the|turn(?:ing|ed)?|mph) )SSE\b",  # else of servers
        r"\1south-southeast",
    ),
    (r"(?<=\) )([NS][EW]|[NSEW])(?= of\b)", lambda m: _direction(m[1])),
    (
        r"\b(?:(N)(N[EW])|(S)(SW|SE(?= of\b))|(E)([NS]E)|(W)([NS]W))\b",
        lambda m: "-".join(_direction(letters) for letters in m.groups() if letters),
    ),
    (
        r"\b([NS][EW])(?= (?:corner|side|quadrant|coast|part|suburbs?|(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][a-z]+) (?:St|Ave|Blvd|Rd)\b))",
        lambda m: _direction(m[1]) if text_after(m)[1:2].islower() else _direction(m[1]).capitalize(),
    ),
    (r"(?<=\bfrom the )([NS][EW])\b", lambda m: _direction(m[1])),
    (
        r"\b([Tt]urn|[Kk]eep|[Bb]ear|, )( ?)([LR])(?= (?:on|onto|at|@) )",
        lambda m: f"{m[1]}{m[2]}{tables.RUNWAYS[m[3]]}",
    ),
    (
        r"\bPt\. (?=[A-Z][a-z])|(?<=[a-z] )Pt\.(?=[,;)]|\s*$| [a-z])",
        lambda m: "Point " if m[0].endswith(" ") else "Point",
    ),
    (
        r"\b([NSEW])\. (?=(?:St\. [A-Z][a-z]+ (?:St|Ave|Blvd|Rd|Dr|Ln)\b)|(?:Korea|Carolina|Dakota|Virginia|Africa|America|Ireland|Yorkshire|London|Sudan|Vietnam|Europe|Germany|Prussia|Berlin|Yemen|Timor|Pakistan|Bengal|Asia|Wales|Sussex|Devon|Hartlepool)\b|[A-Z][a-z]+ (?:St|Ave|Blvd|Rd|Dr|Ln)\b)",
        lambda m: _direction(m[1]).capitalize() + " ",
    ),
    (
        r"\b(Calif|Ariz|Colo|Conn|Mich|Minn|Okla|Tenn|Fla|Ark|Nev|Wis|Wyo|Mont)\.(?= (?:[a-z]|Gov|Sen|Rep|Attorney|State))",
        lambda m: tables.STATE_ABBREVIATIONS[m[1]],
    ),
    (r"\bSte\.?(?= [A-Z][a-z]+)(?<!\d Ste)", "Saint"),
    (
        r"\bI-(\d{1,3})([NSEW])\b",  # a name, no amount
        lambda m: f"I {spell_digits(m[1], 'oh') if re.fullmatch('[1-9]0[1-9]', m[1]) else spell_integer(m[1])} {m[2]}",
    ),
    # "Hwy. 12 W. to town", "US-101 N", "Hwy 17 NB"
    (
        r"\b((?:I-|US-|SR[ -]|Interstate |Highway |Hwy\.? |Route |Rte?\.? )\d{1,3}) ([NSEW])B?\b(?![\w']|\.\w|-\d)(?:\.(?= [a-z]))?(?<!\dB)(?<! B)",
        lambda m: f"{m[1]} {_direction(m[2])}{'bound' if 'B' in m[0][len(m[1]) :] else ''}",
    ),
    (
        r"\b([NSEW])B (?=(?:I-|US[ -]|SR[ -]|Hwy|Rte|Highway|Route)\.? ?\d)|(?<=\b[Oo]n )([NSEW])B (?=\d{1,3}\b)",
        lambda m: f"{_direction(m[1] or m[2])}bound ",
    ),
    (r"\bCo\.? Rd\.?(?= [A-Z\d])", "County Road"),
    (r"\b(I|U\.S\.|US|Highway|Route|Interstate)[- ]([1-9]0[1-9])\b", r"\1 {2:oh}"),
    (
        r"\b([Hh]ead(?:ing|ed)?|[Tt]urn(?:ing)?|[Gg]o(?:ing)?|[Dd]rive|[Tt]ravel(?:ing|led)?|moving) ([NS][EW])\b",
        lambda m: f"{m[1]} {_direction(m[2])}",
    ),
    (
        r"(?<=\d )((?:[NSEW]\.? )?[A-Z]{3,} )(ST|AVE|RD|BLVD|LN|DR|CT)\b\.?(?=$|[,;)]| [A-Z#\d])",
        lambda m: m[1] + tables.STREETS[m[2].title()],
    ),
    (
        r"(?<=\d )((?:[NSEW]\.? )?(?:[A-Z][a-z]+ ){1,2})(Ln|Ct|Cir|Pl|Ter|Trl|Rd)\b(?!\.|')",
        lambda m: m[1] + tables.STREETS[m[2]],
    ),
    (
        rf"\bCo\.?(?= {any_of(tables.COUNTIES)}\b)",
        lambda m: m[0] if _COMPANY_BEFORE.search(text_before(m, 30)) else "County",
    ),
    (
        r"(?:(?<=\d )|(?<=\b[Oo]nto )|(?<=\b[Oo]n ))([NS][EW]|[NSEW])\.?(?= (?:\d{1,3}(?:st|nd|rd|th)\b|[A-Z][A-Za-z]+ (?:St|Ave|Blvd|Rd|Dr|Ln|Street|Avenue|Road|Drive)\b))",
        lambda m: _direction(m[1]).capitalize(),
    ),
    (
        r"(?<=\d )([NSEW])(?:\.(?= (?!Ct\b)[A-Z][a-z])|(?= [A-Z][a-z]+,))",
        lambda m: (
            m[0] if sentence_stop(m) or _YEAR_BEFORE.search(text_before(m, 15)) else _direction(m[1]).capitalize()
        ),
    ),
    (
        r"(\b[Ww]inds?:?(?: from the| out of the)? |(?<=\d )mph )(?:([NS][EW]|[NSEW])|([NESW])([NS][EW]))\b(?! of)",
        lambda m: m[1] + "-".join(_direction(letters) for letters in m.groups()[1:] if letters),
    ),
    (r"\b([NS][EW]|[NSEW])(?= winds?\b)", lambda m: _direction(m[1]).capitalize()),
    (r"(?<=[a-z\d]) Dr(?=, [A-Z]|\s[A-Z][a-z]+,? [A-Z]{2}\b)", " Drive"),
    (
        r"(?:(?<=miles )|(?<=mi\. )|(?<=km ))(?:[NS][EW]|[NSEW])(?= of\b)",
        lambda m: _direction(m[0]),
    ),
    (r"\b([AM]\d{1,3})\(M\)", r"\1 M"),  # of a motorway
    (r"\bNY(?=, NY\b)", "New York"),
    (r"\bSR-(?=\d)", "S R "),
    (r"(?<=[a-z],\s)(?!MD)[A-Z]{2}(?=[,.;:]|$|\s[A-Z]\d[A-Z]\b)", _state),
    (r"(?<=[a-z],\s)(?:TX|CA|FL|NY|NJ|IL|GA|AZ|NC|TN|MN|WI|KY|NV|UT|KS)(?= [a-z])", _state),
    (r"\bNYC (\d{5})\b", "N Y C {1:oh}"),
    (r"\b[A-Z]{2}(?=\s\d{5}\b)", lambda m: tables.STATES.get(m[0], m[0])),
    (r"\bSt\.(?=\s([A-Z]\w*)|)", _saint_or_street),
    (r"\bSt(?=\s[A-Z][a-z])", "Saint"),
    (r"(?<=[a-z\d]\s)St\b(?![.'])(?<!\d St)|(?<=\d )St\b(?=\s*$|[,;)]| (?:&|and|to|at|near)\b)", "Street"),
    (r"(?<=[a-z] )Rd\b(?![.'\d])", "Road"),
    (r"(\b[A-Z][\w']*\s)\bDr\.(?=\s*(?:$|[,;:!?)\"\u2027]))", lambda m: f"{m[1]}Drive{sentence_stop(m)}"),
    (r"(\b\d+\s(?:[NSEW]\.?\s)?[A-Z]\w*\s|\bon [A-Z]\w*\s)Dr\.?(?=\s[a-z]|\s*$)", r"\1Drive"),
    (r"(?:(?<=Street )|(?<=Avenue ))[NS][EW]\b", lambda m: _direction(m[0]).capitalize()),
    (
        r"(?<=\d\s)([NSEW])\.?(?=\s[A-Z][a-z]+\s(?:Street|Avenue|Boulevard|Road|Drive|Lane|St|Ave|Blvd|Rd|Dr|Ln)\b)|\b([NSEW])(?:\.(?=\s\d+(?:st|nd|rd|th)\b)|(?=\s\d+(?:st|nd|rd|th) (?:St|Ave)))",
        lambda m: _direction(m[1] or m[2]).capitalize(),
    ),
    (
        r"\b((?:I-|US-|S R |(?:CA|TX|FL|NY|WA|OR|NJ|PA|OH|GA|NC|VA|AZ|CO|UT|NV)-|Interstate |Highway |Hwy |Route )\d{1,3}) ([NSEW])\b(?![\w.]\w)",
        lambda m: f"{m[1]} {_direction(m[2])}",
    ),
    (r"\b(Unit|Flat|Apt|Shop) (\d+)/(\d+) (?=[A-Z])", r"\1 {2:integer} {3:integer} "),
)
