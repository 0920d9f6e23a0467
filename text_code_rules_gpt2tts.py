"""Codes: versions, models, errors, commits, keys: "Python 3.10", "RTX 4090", "HTTP 404", "Ctrl+C", "card ending 4242"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import (
    make_plural,
    spell_decimal,
    spell_digits,
    spell_hundredths,
    spell_integer,
    spell_number,
)
from .text_rules_gpt2tts import any_of, make_rules, set_apart, text_before
from .text_tables_gpt2tts import ONES

_GAME = re.compile(
    r"\b(?:XP|MP|AC|DPS|NPC|[Hh]its?|[Bb]oss|[Dd]ragon|[Dd]amage|[Pp]otions?|[Hh]eal\w*|enem(?:y|ies)|[Aa]ttack|[Ll]v)\b"
)
_GENES = re.compile(r"(?i)\b(?:genom\w*|DNA|RNA|genes?|plasmids?|chromosom\w*|sequenc\w*|primers?)\b")


def _formula(match: re.Match) -> str:
    """A formula of chemistry, "NaCl", letter by letter: all its symbols are elements, and it is not a plural, "PCs"."""
    parts = re.findall(r"([A-Z][a-z]?)(\d*)", match[0])
    if (
        not all(symbol in tables.ELEMENTS for symbol, _ in parts)
        or match[0] in tables.NO_FORMULAS
        or match[0] in tables.UNITS
        or re.fullmatch("[A-Z]+s", match[0])
    ):
        return match[0]
    return " ".join(" ".join([*symbol.upper(), number and spell_integer(number)]).strip() for symbol, number in parts)


_MOVE = r"(?:[KQRBN][a-h]?[1-8]?x?[a-h][1-8]|[a-h](?:x[a-h])?[1-8]|O-O)"
_CHESS = re.compile(
    rf"(?<![\w.])\d{{1,3}}\.(?:\.\.|\u2026)?\s?{_MOVE}(?![\w.])|\b[KQRBN]x?[a-h][1-8]#|\b(?i:chess|checkmate|gambit|grandmaster)\b"
)


def _move(match: re.Match) -> str:
    """A move of chess, "12.Nxf3+": which one, the piece and the square it stood on, "takes", the square, what follows."""
    if not _CHESS.search(match.string):
        return match[0]
    number, castles, piece, before, takes, square, promoted, check = match.groups()
    if castles:
        words = ["castles", "queenside" if castles.count("O") > 2 else "kingside"]
    else:
        words = [tables.CHESSMEN.get(piece, "")]
        words += [ONES[int(c)] if c.isdigit() else c.upper() for c in before]
        words += ["takes" if takes else "", square[0].upper(), ONES[int(square[1])]]
        words += ["promotes to " + tables.CHESSMEN[promoted] if promoted else ""]
    words += [{"#": "mate", "": ""}.get(check or "", "check")]
    if number:
        follows = re.search(r"(?:[1-8]|O|=[QRBN])[+#!?]*\s$", text_before(match, 6))
        words.insert(0, f"{', ' if follows else ''}{spell_integer(number)},")
    return " ".join(filter(None, words))


_STITCH = re.compile(rf"(?<![\w.-]){any_of(tables.STITCHES)}(?![\w.'-])")


def _knit(match: re.Match) -> str:
    """A pattern for knitting or crochet, "k2tog, sl st, ch 1 (24 sts)"."""
    if not re.search(r"\bsts\b|\b[KkPp]\dtog\b", match[0]):
        return match[0]
    text = re.sub(r"\b([KkPp])(\d)tog\b", lambda m: f"{m[1].upper()} {spell_integer(m[2])} together", match[0])
    text = re.sub(r"(?<=\d )sts\b|\bsts\b(?!\. [A-Z])", "stitches", text)
    return _STITCH.sub(lambda m: tables.STITCHES[m[0]], text).replace("repeat from *", "repeat from star")


CODE_RULES = make_rules(
    (
        r"#((?:19|20)\d\d)(?=[A-Za-z]{3})",
        lambda m: f" hashtag {spell_integer(m[1][:2])} {spell_hundredths(m[1][2:])} ",
    ),
    (r"#(?=[A-Z]{2,4}-\d)", "number "),
    (
        r"#(\d+)(?!(?:st|nd|rd|th|s)\b)(?=[A-Za-z]{3})([A-Za-z]+)",
        lambda m: f" hashtag {m[1]} " + re.sub("(?<=[a-z])(?=[A-Z])", " ", m[2]),
    ),
    (
        r"\((\d{3})\) ?(\d{3})-([A-Z]{4})\b",
        lambda m: f"{spell_integer(m[1]) if m[1][1:] == '00' else spell_digits(m[1])}, {spell_digits(m[2])}, {m[3]}",
    ),
    (r"\bSKU: #?(\d{2,})-(\d{3,})(?=-|\b)", "S K U: {1:digits}, {2:digits}"),
    (
        r"\b(10|14|18|22|24)K(?= (?:gold|rose|white|yellow|plated|Gold|Magic)\b)|\b([48])K(?=\))",
        lambda m: f"{spell_integer(m[1] or m[2])} K",
    ),
    # chess and knitting
    (
        r"(?<![\w.-])(?:(\d{1,3})\.(?:\.\.|\u2026)?\s?)?(?:(O-O(?:-O)?)|([KQRBN]?)([a-h]?[1-8]?)(x?)([a-h][1-8])(?:=([QRBN]))?)"
        r"([+#]{0,2})(?:[!?]{1,2}(?= \S))?(?![\w-])",
        _move,
    ),
    (r"(?s)\A.*sts\b.*\Z", _knit),
    (r"(?s)\A.*\dtog\b.*\Z", _knit),
    # programs
    (r"(?<=\w)::(?=\w)", " colon colon "),
    (
        r"\b(Python|Ubuntu|iOS|Go|Java|[Vv]ersion|Django|Rust) ?(\d{1,2})\.([1-9]\d)(?!\d|\.\d)",
        r"\1 {2:integer} point {3:integer}",
    ),
    (
        r"\b((?:Python|Ubuntu|Java) \w+ point [a-z-]+/)(\d{1,2})\.([1-9]\d)(?!\d|\.\d)",
        r"\1{2:integer} point {3:integer}",
    ),
    (
        r"\b(Windows|iOS|Android|macOS|iPhone|Galaxy|Office|Java|Python) ([7-9]|\d\d)/([7-9]|\d\d)\b(?!/)",
        r"\1 {2:integer} and {3:integer}",
    ),
    (r"(?<![\w.])\.N(?:ET|et)\b", "dot net"),
    (r"\bASP\.NET\b", "A S P dot net"),
    (
        r"\b((?:HTTP|[Ee]rror|[Ss]tatus|(?!THE|AND|FOR|ALL|TOP)[A-Z]{2,4}|Econ|Bio|Chem|Psych|Spanish|French|English|History|Math|Physics) )"
        r"([1-9]0[1-9])\b(?!\s?[,.]?\d)",
        r"\1{2:oh}",
    ),
    (
        r"\b([1-5]0[1-9])(?= (?:Not Found|Unauthorized|Forbidden|Bad (?:Request|Gateway)|Service|Moved|Created|errors?\b))",
        "{1:oh}",
    ),
    (
        # of a commit, and in the form of a UUID
        r"\b(?:(?=[0-9a-f-]{0,35}\d)(?=[0-9a-f-]{0,35}[a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        r"|(?=[0-9a-f]{0,63}\d)(?=[0-9a-f]{0,63}[a-f])[0-9a-f]{7,64})\b",
        lambda m: ", ".join(
            " ".join(ONES[int(c)] if c.isdigit() else c.upper() for c in group) for group in m[0].split("-")
        ),
    ),
    (r"\b([A-Z]{2,5})-(\d{4})-(\d{3,})\b", "{1:letters}, {2:plain}, {3:digits}"),  # "CVE-2024-23225"
    (r"\b0[xX](?=[\dA-F]*\d)([\dA-Fa-f]+)\b", lambda m: "zero x " + " ".join(m[1])),
    (
        r"\b802\.(1[156]?|3)([a-z]{0,2})\b(?!\s?%|\s(?:k?m|mi|ft|kg|g|lb)\b)",
        lambda m: f"eight oh two point {spell_integer(m[1])} {' '.join(m[2].upper())}".strip(),
    ),
    (r"\b([A-Z])-(\d{6})\b", r"\1 {2:digits}"),  # to sign in
    (r"\b(404|50[0234]|403)s\b", lambda m: f"{spell_digits(m[1], 'oh').replace('five oh oh', 'five hundred')}s"),
    (r"(?<=[A-Za-z])~(?=\d)", " tilde "),  # "HEAD~3"
    (r"\b(reqs?|tok)(?=/(?:s|sec|min|h|hr|day)\b)", lambda m: "tokens" if m[0] == "tok" else "requests"),
    (r"\bK-(12|[5-8])\b(?![-.]?\d)", lambda m: f"K through {spell_integer(m[1])}"),  # of schools
    (r"\b([Cc]ount(?:ing)? by) (\d{1,2})s\b", lambda m: f"{m[1]} {make_plural(spell_integer(m[2]))}"),
    (
        r"(?<=[A-Z])#(?= is\b)|(?<=[a-z] )#(?= (?:is|was)\b)",
        lambda m: "number" if m.string[m.start() - 1] == " " else " number",
    ),
    (r"\bRx #?(\d{5,})\b", "R X {1:digits}"),
    (r"(?<![\w.])([+-]\d{1,4}) ?HP\b", r"\1 H P"),
    (r"\b(GDDR\d)X\b", r"\1 X"),
    (r"(?<=\d{3})X3D\b", " X three D"),
    (r"(?<=\d )HP\b", lambda m: "H P" if _GAME.search(m.string) else m[0]),
    (r"(?<=\d) ?bp\b", lambda m: " base pairs" if _GENES.search(m.string) else m[0]),
    (
        r"(?<![\w.])(\d+(?:\.\d+)?) ?(k?g|mg|mL|m?mol) (?!(?:PO|BID|TID|QID|QD)\b)(?=[A-Z][a-z]?\d?[A-Z][A-Za-z\d]*\b)",  # "5 g NaCl"
        lambda m: f"{spell_decimal(m[1])} {tables.UNITS[m[2]]}{'' if m[1] == '1' else 's'} ",
    ),
    (r"\b(?=[A-Z]\w*[a-z])(?:[A-Z][a-z]?\d{0,2}){2,8}(?![\w'-])", _formula),
    (r"\b(5|10)K(?= in \d{1,2}:\d\d)", "{1:integer} K"),
    # models
    (r"\bRAV(?=4\b)", "Rav "),
    (
        r"\bi([3579])-(\d{2})(\d{2,3})([A-Z]{0,2})\b",  # of Intel
        lambda m: f"i {m[1]} {m[2]} {spell_integer(m[3]) if m[3].strip('0') else 'hundred'} {' '.join(m[4])}".strip(),
    ),
    (
        r"\b(RTX|GTX|RX|Ryzen \d|Threadripper|Core) (\d\d)(\d\d)(X|Ti)?(?!\w)",
        lambda m: f"{m[1]} {spell_integer(m[2])} {spell_hundredths(m[3])}{f' {m[4]}' if m[4] else ''}",
    ),
    (r"(?<=\d)B-(?=parameter)", " billion "),
    (  # "Llama-2-70B", "GPT-4-32k"
        r"\b([A-Z][A-Za-z]{2,})-(\d{1,2}(?:\.\d)?)-(\d{1,3})([BMk])\b",
        lambda m: f"{m[1]} {spell_number(m[2])} {spell_integer(m[3])} {m[4].upper()}",
    ),
    # of aircraft: no unit, as the V of "F-16V"
    (r"\b(?!I-|US-|SR-|AC-|DC-|USB-|LED-)([A-Z][A-Za-z]{0,2})-(\d{1,3})([A-Z])\b", r"\1 {2:integer} \3"),
    (
        r"\bA3([1-8]0)(?:(s)\b|(?![\d.,]|[A-Z]))",  # of Airbus
        lambda m: set_apart(m, f"A three {make_plural(spell_integer(m[1])) if m[2] else spell_integer(m[1])}"),
    ),
    (r"\b([A-Z]{1,3})(\d{1,3})s\b", lambda m: f"{m[1]} {make_plural(spell_integer(m[2]))}"),  # "AK47s", "V8s"
    (
        r"\b(Boeing|Porsche|Peugeot|Cessna|Ferrari|Volvo|Saab|Fiat|Mazda|McLaren|Bf) (\d)(\d\d)(?!\d|[.,]\d)(?=[A-Z]{0,3}\b)",
        lambda m: set_apart(m, f"{m[1]} {spell_integer(m[2])} {spell_hundredths(m[3])}"),
    ),
    (r"\bF-([1-6]50)s?\b", lambda m: f"F {spell_integer(m[1][0])} fifty{'s' if m[0][-1] == 's' else ''}"),  # of Ford
    (r"\b(HD|HIP|TYC|KIC|TIC) (\d{4,})\b", r"\1 {2:digits}"),  # of stars
    (r"\b(\d)(\d\d)(?=p\b)", lambda m: f"{spell_integer(m[1])} {spell_hundredths(m[2])} "),  # of a video, or pence
    (
        r"(?<![\d$\u00a3\u20ac,.-])(?<!ages )\b7([0-8]7)-([1-9])00(?=(?:ER|LR|F|X)?\b)(?!-?\d)(?!-\d)",  # of Boeing, no telephone
        lambda m: set_apart(m, f"seven {spell_hundredths(m[1])} {spell_integer(m[2])} hundred"),
    ),
    (
        r"(?<![\d$\u00a3\u20ac,.-])(?:7(87|37)-(8|9|10)|7(77)-([89]))\b(?!-?\d)(?![.,]\d)",
        lambda m: f"seven {spell_integer(m[1] or m[3])} {spell_integer(m[2] or m[4])}",
    ),
    (r"#(\d{1,2})s\b", lambda m: f"number {make_plural(spell_integer(m[1]))}"),
    (r"\b7([0-8]7)s\b", lambda m: f"seven {make_plural(spell_integer(m[1]))}"),  # of Boeing
    (r"\b(\d{1,2})W-(?=\d\d\b)", "{1:integer} W "),  # of oil
    # cases and standards, "Case 22-506", "ISO 639-3"
    (
        r"\b((?:Case|Docket|Resolution|Ordinance)(?: No\.)? \d{1,4}|ISO(?:/IEC)? \d{3,5}(?=-\d\d?\b))-(?:(\d{3})|(\d{1,5}))\b(?!-)",
        lambda m: f"{m[1]} dash {spell_digits(m[2], 'oh') if m[2] else spell_number(m[3])}",
    ),
    # cards and accounts
    (r"\b([Ee]nding (?:in )?)(?!(?:19|20)\d\d\b)(\d{4})\b", r"\1{2:digits}"),
    (
        r"\b((?:[Cc]ard|[Aa]ccount|[Nn]umber|Visa|[Mm]aster[Cc]ard)[^.]{0,20} ending (?:in )?)(\d{4})\b",
        r"\1{2:digits}",
    ),
    (r"\b((?:Visa|Mastercard|Amex|[Cc]ard|[Aa]ccount|[Ee]nding) )\*+\s?(\d{4})\b", r"\1{2:digits}"),
    (r"\b(40[13])\s?\(([kb])\)", lambda m: f"{spell_digits(m[1], 'oh')} {m[2].upper()}"),
    (r"\b401 ?[kK](?=s?\b)", "four oh one K"),
    # keys
    (r"(?<=[Pp]ress )Win(?=\s?\+)", "Windows"),
    (r"(?<=[Dd]ial )\*(?=\d)|(?<=[Pp]ress )\*(?![*A-Za-z])", "star "),
    (r"(?<=[Pp]ress )#(?!\d)", "pound"),
    (r"\bC(?:trl|TRL)(?=\s?[+-])", "Control"),
    (r"\bCmd(?=\s?[+-])", "Command"),
    (r"(?<=[+-])(\s?)Del\b", r"\1Delete"),
    (r"(?<=\d)-(?=(?:alpha|beta|rc)[.-]?\d+\b)", " "),  # of a version
    (r"(?<=\d )rc[.-]?(?=\d+\b)", "R C "),
    (
        r"\b(?:[\dA-F]{2}:){5}[\dA-F]{2}\b",
        lambda m: ", ".join(" ".join(ONES[int(c)] if c.isdigit() else c for c in pair) for pair in m[0].split(":")),
    ),
    # titles
    (r"\bs0?(\d{1,2})e0?(\d{1,2})\b", "season {1:integer} episode {2:integer}"),
    (r"(?<!Season )(?<!Samsung )(?<!Galaxy )\bS0?(\d{1,2}) ?E0?(\d{1,2})\b", "Season {1:integer} Episode {2:integer}"),
    (r"\b[Hh]ashtag (?=#[A-Za-z])", ""),  # the sign says it
    (r"#([A-Za-z]{2,})((?:19|20)\d\d)\b", r" hashtag \1 \2"),
)
