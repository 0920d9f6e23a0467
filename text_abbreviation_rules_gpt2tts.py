"""Addresses of the net and of files, and abbreviations: "example.com/news", "Dr. Smith", "approx.", "R&D"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import ordinal_to_words, roman_value, spell_digits, spell_integer, year_to_words
from .text_rules_gpt2tts import any_of, make_rules, sentence_stop
from .text_tables_gpt2tts import ONES

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


def _shorten(match: re.Match) -> str:
    """A word without the letters that draw it out: "soooo", "YESSS"."""
    twice = re.sub(r"(?i)(([a-z])\2)\2+", r"\1", match[0])
    once = re.sub(r"(?i)([a-z])\1{2,}", r"\1", match[0])
    for word in (twice, once):
        if word.lower() in tables.DRAWN_OUT:
            return word
    return match[0]


def _dosage(match: re.Match) -> str:
    times = {"QD": "once", "BID": "twice", "TID": "three times", "QID": "four times"}[match[3]]
    return f"{match[1]} {'by mouth ' if match[2] else ''}{times} a day"


def _expiry(match: re.Match) -> str:
    month, last = int(match[2]), int(match[3])
    is_card = (
        (match[1][:3].lower() == "exp" and not match[1].lower().startswith("expire"))
        or "card" in match.string.lower()
        or "thru" in match[1]
    )
    word = "Expires" if match[1][:3].lower() == "exp" and match[1][:6].lower() != "expire" else match[1]
    if last <= 31 and not is_card:
        return f"{word} {tables.MONTHS[month - 1]} {ordinal_to_words(last)}"
    return f"{word} {tables.MONTHS[month - 1]} {year_to_words(2000 + int(match[3]))}"


_PERIOD = r"(?:\.(?!\s*$)|(?=\.\s*$))"  # an abbreviation's full stop; at the end of the text it stays

ADDRESS_RULES = make_rules(
    (
        r"(?<=[a-z] )/(?!(?:day|week|month|year|hour|minute|second|person|night|head|[a-z]{1,2})\b)(?=[a-z][\w-]*(?![\w/]))",
        "slash ",  # "the /login page"
    ),
    (r"(?<![\w.+-])(?:mailto:)?[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", _address),
    (r"\b[Hh]ttps?://(?=\d{1,3}(?:\.\d{1,3}){3}\b)", ""),
    (r"\b(?:[Hh]ttps?|ftp|file)://[^\s\"'()<>]+", _address),
    (r"\blocalhost(?::\d+)?(?:/[^\s\"'()<>]*)?", _address),
    (rf"{_HOST}(?:{tables.DOMAINS})\b(?![.@]?\w)(?::\d+)?(?:/[^\s\"'()<>]*)?", _address),
    (rf"(?<!\w)[A-Za-z]:\\{_PATH_CHARACTER}*|(?<!\S)(?:\\\\|\.\.?\\){_PATH_CHARACTER}+", _address),
    (r"(?<![\w.])\.(?=(?:env|git|bash|vim|npm|htaccess|profile)\w*)", "dot "),
    (rf"(?<![^\s(\"'])(?:(?:~|\.\.?)?/[\w.~-]+|~|\.\.?)/{_PATH_CHARACTER}*", _address),
    (r"(?<![\w/.-])[\w-]+(?:/[\w-]+)+\.[a-z]{1,5}\d?\b", _address),
    (
        r"(?<![\w.])((?:(?:1?\d?\d|2[0-4]\d|25[0-5])(?:\.|(?!\d))){4})(?<!\.)(:\d+)?(?![\w.]\w)",
        lambda m: (
            " dot ".join(map(spell_digits, m[1].split("."))) + (f" colon {spell_digits(m[2][1:])}" if m[2] else "")
        ),
    ),
    (rf"(?<=[\w-])\.({any_of(tables.EXTENSIONS)})\b(?!\.?\w)", lambda m: f" dot {_extension(m[1])}"),
    (r"(?<=\w)::(?=\w)", " colon colon "),
    (
        r"\b((?i:routes?|rte\.?|highway|hwy\.?|gate|seat|room|exit|flat|apartment|apt\.?|suite|platform|form|flight|row|bus|train|pier|dock) "
        r"|[A-Z]{3,4} (?=\d{3}[A-Z]))(\d{1,3})([A-Z])\b(?=(?<![WV])|(?<!\d{3}\w))",
        r"\1\2 \3",  # "Route 9W" is no power
    ),
    (r"\s+", " "),
)
ABBREVIATION_RULES = make_rules(
    (r"(?<![\w@#/.])(?=[A-Za-z]*?([A-Za-z])(?i:\1){2})[A-Za-z]+(?![\w@/]|\.\w)", _shorten),
    (
        r"(?<![\w./@'-])([Ii])m(?=,? (?:not|so|sorry|fine|gonna|just|very|really|the|an?|in|at|on|from|sure|here|glad|happy|sad|"
        r"tired|ok|okay|good|back|done|still|too|also|hungry|bored|your|always|never|afraid|ready|late|home|out|off|[a-z]+ing)\b)",
        "I'm",
    ),
    (r"\b([Ii]|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Yy]ou|[Tt]hey|[Tt]hat|[Tt]his) wont\b(?! to)", r"\1 won't"),
    (r"(?<=[a-rt-z])\((e?s)\)", r"\1"),  # "the file(s)"
    (r"(?<=[A-Za-z.!?,]{2}) <3+(?=\s*(?:$|[.!?,)]))", ""),
    (r"#([A-Za-z]{2,})((?:19|20)\d\d)\b", r" hashtag \1 \2"),
    (r"#(?=\d+-\d)", " number "),
    (
        r"\bi([3579])-(\d{2})(\d{2,3})([A-Z]{0,2})\b",  # of Intel
        lambda m: f"i {m[1]} {m[2]} {spell_integer(m[3]) if m[3].strip('0') else 'hundred'} {' '.join(m[4])}".strip(),
    ),
    (r"\b([A-Z][a-z]+) v (?=[A-Z][a-z])", r"\1 versus "),
    (r"(?<!\b[Aa] )\b([Tt])emp\.", lambda m: f"{m[1]}emperature{sentence_stop(m)}"),
    (r"\bFig (?=\d)", "Figure "),
    (r"\bRt Hon\b", "Right Honourable"),
    (
        r"\bNo(s?) (?=10 (?:and 11 )?(?:said|says|Downing|sources?|has|is|was)\b|10 and 11\b)",
        lambda m: f"Number{m[1]} ",
    ),
    (r"\bA\*(s?)(?!\w)", lambda m: f"A star{m[1]}"),
    (r"(?<=\d)pc\b(?= (?:\w+ )?(?:set|sets|bucket|jigsaw|puzzle|suit|meal|box|kit|pack|bundle|nuggets)\b)", " piece"),
    (r"(?<=\d)pc\b(?= )", " percent"),
    (r"(?<=\d) est\.(?=\s*$|[,;)\u2027])", lambda m: f" estimated{sentence_stop(m)}"),
    (r"\(fl\. (?=\d)", "(flourished "),
    (r"\(r\. (?=\d)", "(reigned "),
    (
        r"\b(\d*)([23])d(?= (?:of|day|[Rr]egiment|[Ii]nfantry|[Cc]avalry|[Cc]entury|[Ss]treet|St|Ave|[Ee]dition)\b)",
        lambda m: f"{m[1]}{m[2]}{'nd' if m[2] == '2' else 'rd'}",
    ),
    (
        r"\b(Sgt|Lt|Fr|Capt|Col|Cpl|Maj|Mt|Ft|Gen)(?= (?!Xers|Zers|Alpha)[A-Z][a-z]+)(?<!\d Ft)",
        lambda m: tables.TITLES[m[1]],
    ),
    (r"\bRt\. (?=Hon\b)", "Right "),
    (r"\b(Wt|Ht)(?=:)", lambda m: {"Wt": "Weight", "Ht": "Height"}[m[1]]),
    (r"\bRx(?=:)", "R X"),
    (r"(?<=\d )(tablets?|capsules?|pills?|puffs?|drops?|mg|ml|mL) (PO )?(BID|TID|QID|QD)\b", _dosage),
    (r"\bq(\d{1,2})h\b", "every {1:integer} hours"),
    (r"(?<=hours )prn\b|(?<=daily )prn\b|(?<=day )prn\b", "as needed"),
    (
        r"\b(I{1,3}) (?=(?:Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John|Cor|Chron|Thess|Tim|Pet|Sam)\.? \d)",
        lambda m: f"{('First', 'Second', 'Third')[len(m[1]) - 1]} ",
    ),
    (r"\bMt\.? (?=\d+:\d)", "Matthew "),
    (
        rf"\b({any_of(tables.BIBLE_ABBREVIATIONS)})\. ([ivxlc]+)\. (?=\d)",
        lambda m: f"{tables.BIBLE_ABBREVIATIONS[m[1]]} {roman_value(m[2]) or m[2]}:",
    ),
    (r"(?<=\d(?:st|nd|rd|th) )(inst|ult|prox)\.", lambda m: dict(inst="instant", ult="ultimo", prox="proximo")[m[1]]),
    (r"(?<=\bwas )b\. (?=1\d{3}\b|20\d\d\b)", "born "),
    (r"\bsc\. (?=[ivx\d])", "scene "),
    (r"\b(scene) ([ivx]+)\b", lambda m: f"{m[1]} {m[2].upper()}"),
    (r"\bS\. Ct\.(?= \d)", "Supreme Court"),
    (r"\bL\. Ed\.(?: 2d)?(?= \d)", "Lawyers' Edition"),
    (
        r"\bF\.(?:[23]d|\d(?:th))(?= \d)",
        lambda m: f"F {'second' if '2' in m[0] else 'third' if '3' in m[0] else 'fourth'}",
    ),
    (r"(?<=\d(?:st|nd|rd|th) )Cir\.(?= \d)", "Circuit"),
    (
        r"(?:(?<=is )|(?<=er )|(?<=eam )|(?<=n )|(?<=s )|(?<=y ))ERA(?= (?:was|is|of|at) \S*\d)|(?:(?<=[Hh]is )|(?<=[Hh]er )|(?<=career )|(?<=team ))ERA\b|(?<=\d )ERA\b|\bERA(?= of \d)",
        "E R A",
    ),
    # titles and abbreviations in capitals
    (
        r"\b(?:(MRS|DR(?! (?:IS|APT|AND|AT)\b)|PROF|SGT|CAPT|MR(?! (?:SCAN|IMAG|MACHINE|ANGIO)))\.?|(MS|REV|LT|GEN)\.)(?= [A-Z][A-Z])",
        lambda m: tables.TITLES[(m[1] or m[2]).title()],
    ),
    (r"\b(Mr\.?)/(?=Mrs\b)", r"\1 or "),
    (r"\bTs (?:&|and) Cs\b", "T's and C's"),
    (r"(?<=[%t]) p\.a\.", " per annum"),
    (
        r"([\u00a3$\u20ac]\d[\d,]*(?:\.\d\d)?) ?(pp|pw|pcm)\b",
        lambda m: f"{m[1]} per {dict(pp='person', pw='week', pcm='calendar month')[m[2]]}",
    ),
    (r"(?<=\d )c\. (?=\(\d)", "cups "),
    (r"(?<=[A-Z] )VS\.?(?= [A-Z])", "versus"),
    (r"\bNO\. (?=\d)", "Number "),
    (r"(?<=\()feat\. |(?<=[A-Za-z\"')] )(?:feat|ft)\. (?=[A-Z])", "featuring "),
    (r"\bprod\. (?=by\b)", "produced "),
    (r"\b(Dep|Arr)\. (?=\d{1,2}:\d\d)", lambda m: {"Dep": "Departing ", "Arr": "Arriving "}[m[1]]),
    (r"\b(Ep|[Pp]t|Lvl|Vol|Ch)\b (?=\d)", lambda m: tables.BEFORE_NUMBER[m[1]] + " "),
    (r"(?<!Season )(?<!Samsung )(?<!Galaxy )\bS(\d{1,2}) ?E(\d{1,2})\b", "Season {1:integer} Episode {2:integer}"),
    (r"\b(Exp\.?|EXP\.?|[Ee]xpires?|[Vv]alid (?:thru|through|until|to)):? (0[1-9]|1[0-2])/(\d\d)\b(?!/)", _expiry),
    (r"\b([A-G])#(?=m\b|m7\b|maj|dim|7\b|min)", r"\1 sharp "),
    (r"(?<=[Pp]ress )Win(?=\s?\+)", "Windows"),
    (r"\bRE:(?=\s)", "Re:"),
    (r"\bFWD?:(?=\s)", "Forward:"),
    (r"(?<=\d(?:st|nd|rd|th) )ed\.", "edition"),
    (r"\bCol\. (?=[A-Z]\b(?!\.))", "Column "),
    (r"\b(Q[1-4]|H[12])\s?[-\u2013]\s?(?=[QH][1-4]\b)", r"\1 to "),
    (r"(?<=\bBC|\bCE|CE)\s?[-\u2013]\s?(?=\d|AD)", " to "),
    (
        r"\b(Python|Ubuntu|iOS|Go|Java|[Vv]ersion|Django|Rust) ?(\d{1,2})\.([1-9]\d)(?![\d.])",
        r"\1 {2:integer} point {3:integer}",
    ),
    (r"\b([Ee]nding (?:in )?)(?!(?:19|20)\d\d\b)(\d{4})\b", r"\1{2:digits}"),
    (
        r"\b((?:[Cc]ard|[Aa]ccount|[Nn]umber|Visa|[Mm]aster[Cc]ard)[^.]{0,20} ending (?:in )?)(\d{4})\b",
        r"\1{2:digits}",
    ),
    (
        r"\b((?:HTTP|[Ee]rror|[Ss]tatus|(?!THE|AND|FOR|ALL|TOP)[A-Z]{2,4}|Econ|Bio|Chem|Psych|Spanish|French|English|History|Math|Physics) )"
        r"([1-9])0([1-9])\b(?!\s?[,.]?\d)",
        lambda m: f"{m[1]}{ONES[int(m[2])]} oh {ONES[int(m[3])]}",
    ),
    (
        r"\b([1-5])0([1-9])(?= (?:Not Found|Unauthorized|Forbidden|Bad (?:Request|Gateway)|Service|Moved|Created|errors?\b))",
        lambda m: f"{ONES[int(m[1])]} oh {ONES[int(m[2])]}",
    ),
    (
        # of a commit, and in the form of a UUID
        r"\b(?:(?=[0-9a-f-]{0,35}\d)(?=[0-9a-f-]{0,35}[a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        r"|(?=[0-9a-f]{0,63}\d)(?=[0-9a-f]{0,63}[a-f])[0-9a-f]{7,64})\b",
        lambda m: ", ".join(
            " ".join(ONES[int(c)] if c.isdigit() else c.upper() for c in group) for group in m[0].split("-")
        ),
    ),
    (r"&c\.", "etc."),
    (r"(?<=[a-z.] )v\.(?= [A-Z])", "versus"),
    (
        rf"\b({any_of(tables.BIBLE_ABBREVIATIONS)})\.? (?=\d+:\d)|\b(Ps|(?:(?<=[12] )Cor))\. (?=\d)",
        lambda m: tables.BIBLE_ABBREVIATIONS[m[1] or m[2]] + " ",
    ),
    (
        r"\b([123]) (?=(?:Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John) \d)",
        lambda m: ordinal_to_words(int(m[1])).capitalize() + " ",
    ),
    (r"\b[Nn]\u00b0\s?(?=\d)", "number "),
    (r"(?<=\d(?:st|nd|rd|th) )fl\.(?=[)\s]|$)", lambda m: f"floor{sentence_stop(m)}"),
    (r"(?<=\d(?:st|nd|rd|th) )cent\.(?=\s)", "century"),
    (r"(?<=[Dd]ial )\*(?=\d)|(?<=[Pp]ress )\*(?![*A-Za-z])", "star "),
    (r"(?<=[Pp]ress )#(?!\d)", "pound"),
    (r"(?<=\d )tab(s?)\.(?=\s(?:[a-z]|PO\b))", r"tablet\1"),
    (r"\b(\d{1,2})W-(?=\d\d\b)", "{1:integer} W "),  # of oil
    (r"(?<=[=(] )-(?=[a-z]\b)", "minus "),
    (r"(?<=[A-Za-z])\+\+(?!\w)", " plus plus"),
    (r"(?<![\w.])\.N(?:ET|et)\b", "dot net"),
    (r"\bASP\.NET\b", "A S P dot net"),
    (r"\b(Mrs?|Ms|Dr|Prof|St)\.(?=[A-Z])", r"\1. "),
    (r"\bw/\s?(?!(?:o|in|out|e|c)\b)(?=\w)", "with "),
    (r"\bTL;DR\b", "T L D R"),
    (
        r"(?<=% )([wmqy])/\1\b",
        lambda m: "{0} over {0}".format({"w": "week", "m": "month", "q": "quarter", "y": "year"}[m[1]]),
    ),
    (r"\bCtrl(?=\s?[+-])", "Control"),
    (r"\bCmd(?=\s?[+-])", "Command"),
    (r"(?<=[+-])(\s?)Del\b", r"\1Delete"),
    (r"(?<=[a-z] )no\.(?= is [\d(+]| [A-Z\d-]*\d)", "number"),
    (r"\b40([13])\(([kb])\)", lambda m: f"four oh {ONES[int(m[1])]} {m[2].upper()}"),
    (r"\b(Q[1-4]|H[12]|FY)'(?=\d\d\b)", r"\1 '"),
    (r"\b([Hh]e|[Hh]is|[Hh]im)/(?=(?:she|hers?)\b)", r"\1 or "),
    (r"\b802\.(\d+)([a-z]{0,2})\b", lambda m: f"eight oh two point {m[1]} {' '.join(m[2].upper())}".strip()),
    (r"\bet al\.(?=\s[a-z(]|,)", "et al"),
    (rf"\b({'|'.join(tables.TITLES)}){_PERIOD}", lambda m: tables.TITLES[m[1]]),
    (r"\b(Mr|Mrs|Ms|Dr|Prof)(?=\s(?:[A-Z]|&|and\b))", lambda m: tables.TITLES[m[1]]),
    (r"(?<=[a-z] )incl(?=\.(?:\s*$|[,;)\u2027]))", "included"),
    (r"\binc\.(?=\s(?:VAT|GST|[a-z]))", "including"),
    (r"\b([Ee])st\.(?=\s(?:[a-z]|[$\u00a3\u20ac]|\d{1,2}\b))", r"\1stimated"),
    (
        rf"(?<![\w.]){any_of(tables.ABBREVIATIONS)}",
        lambda m: (
            tables.ABBREVIATIONS[m[0]]
            + ("" if m[0] in tables.NEVER_LAST else sentence_stop(m, before_names=m[0] != "etc."))
        ),
    ),
    (
        r"(?:(?<=\()|(?<=[,;]\s))([bd])\.\s?(?=\d{4}\b|c|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)",
        lambda m: {"b": "born ", "d": "died "}[m[1]],
    ),
    (r"(?<=[a-z] )d\.\s?(?=1\d{3}\b|20\d\d\b)", "died "),
    (r"\blong\.(?=\s?-?\d+(?:\.\d+)?\s?\u00b0)", "longitude"),
    (r"\bM\s?[-\u2013]\s?F\b", "Monday to Friday"),
    (
        rf"(?<![\w./&@'-]){any_of(tables.WORDS_WITHOUT_STOP)}(?![\w./'#-]\w|[\w#]|\.\w)(?!\.(?:\s[a-z]))",
        lambda m: tables.WORDS_WITHOUT_STOP[m[0]],
    ),
    (r"(?<=\d )(sq|cu|fl)\.\s(?=[a-z])", r"\1 "),
    # "R&D"
    (r"\b([A-Z]{1,3})&([A-Z]{1,3})(s?)\b", lambda m: " ".join(m[1]) + " and " + " ".join(m[2]) + (m[3] and "'s")),
    (
        rf"\b({any_of(tables.BEFORE_NUMBER)})\.\s?(?=[~\u2245(]?\d|S\d|[IVX]{{2,}}\b|[ivxl]{{2,}}\b)",
        lambda m: tables.BEFORE_NUMBER[m[1]] + " ",
    ),
    (
        r"\b([Aa]pt|[Rr]m|Ste|Bldg|Rte)(?:\.(?=\s#)|(?=\s#?\d))|\b(Apt|Ste|Bldg|Rm)\.(?=\s[A-Z]\b)",
        lambda m: tables.BEFORE_NUMBER[m[1] or m[2]],
    ),
    (r"\b(Vol|Ch|Chap|Fig|Sec|Art)\.\s(?=[IVX]\b)", lambda m: tables.BEFORE_NUMBER[m[1]] + " "),
)
