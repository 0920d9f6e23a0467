"""Abbreviations, and spellings of chat: "Dr. Smith", "approx.", "R&D", "btw", "soooo"."""

import re

from . import text_tables_gpt2tts as tables
from .text_rules_gpt2tts import NUMBER_WORDS, any_of, make_rules, sentence_stop, text_before, word_before, written_stop


def _shorten(match: re.Match) -> str:
    """A word without the letters that draw it out: "soooo", "YESSS"."""
    twice = re.sub(r"(?i)(([a-z])\2)\2+", r"\1", match[0])
    once = re.sub(r"(?i)([a-z])\1{2,}", r"\1", match[0])
    # these letters are never twice in a word, and no consonant is at its beginning or most at its end
    reduced = re.sub(
        r"(?i)([ahijkquvwxy])\1{2,}|([bcdghjkmnpqrtvwxy])\2{2,}$|^([b-df-hj-np-tv-z])\3{2,}",
        lambda m: m[0][0],
        match[0],
    )
    for word in (twice, once, re.sub(r"([a-z])\1{2,}", r"\1", reduced)):
        if word.lower() in tables.DRAWN_OUT:
            return word
    is_word = re.search("(?i)[aeiouy]", reduced) and len(set(reduced.lower())) > 1 and not match[0].isupper()
    return reduced if is_word and not re.match("[IVXLCDM]{2}|(?i:[ivxlcdm])+$", match[0]) else match[0]


def _because(match: re.Match) -> str:
    """The word that chat writes "bc", not "in 300 bc"."""
    is_year = re.search(rf"(?i)(?:\d|\b(?:{NUMBER_WORDS}|hundred|thousand|century)) $", text_before(match, 12))
    return match[0] if is_year else "because "


def _dosage(match: re.Match) -> str:
    return f"{match[1]} {'by mouth ' if match[2] else ''}{tables.IN_CONTEXT[match[3]]} a day"


# before the noun and the adjective "wont", which are rare
_BEFORE_WONT = re.compile("is|are|was|were|be|been|as|his|her|its|my|our|your|their|the|a|by|than|usual|.*'s|")


def _without_apostrophe(match: re.Match) -> str:
    before = word_before(match).lower()
    return match[0] if _BEFORE_WONT.fullmatch(before) else f"{match[1][:3]}'{match[1][3:]}"


_PERIOD = r"(?:\.(?!\s*$)|(?=\.\s*$))"  # an abbreviation's full stop; at the end of the text it stays

ABBREVIATION_RULES = make_rules(
    # the letters of chat, before they could be units: "50/50 tbh"
    (r"(?<!\b\d{4} )(?<=\d )(tbh|imo|imho|irl|lol|omg|idk)\b", lambda m: f", {' '.join(m[1].upper())}"),
    (r"\bw/end\b", "weekend"),
    (r"\b([Aa])nniv\.?(?!\w)", r"\1nniversary"),
    (r"\bReg\. (?=[$\u00a3\u20ac])", "Regular "),
    (r"\bpw(?=:)|(?<=[Ww]ifi )pw\b|(?<=[Ww]i-[Ff]i )pw\b", "password"),
    (
        r"(?<=[Nn]ew )cond\.|(?<=[Gg]ood )cond\.|(?<=[Gg]reat )cond\.|(?<=cellent )cond\.|(?<=[Mm]int )cond\.",
        lambda m: f"condition{sentence_stop(m)}",
    ),
    (r"\b([Oo])rig\. (?=(?:box|owner|packag|price|condition|parts))", r"\1riginal "),
    (r"\b([Ss])z\.? (?=[SMLX]{1,3}\b|\d)", r"\1ize "),
    (r"\b([Bb])att\. (?=health|life)", r"\1attery "),
    (r"(?<=\w/mo) x (?=\d)|(?<=\w/mo\.) x (?=\d)", " times "),
    (r"\b(Tbh|Idk|Imo|Ngl|Omg|Lol|Irl|Ikr|Smh|Fyi|Brb|Nvm)\b(?=,? (?:[a-z]|I\b))", lambda m: " ".join(m[1].upper())),
    (r"(?<=[a-z] )no\.(?=: ?#?\w)", "number"),
    (r"(?<=th )min\.(?!\w)|(?<=\dst )min\.|(?<=\dnd )min\.", lambda m: f"minute{sentence_stop(m)}"),
    (r"\bRd\.? (?=\d{1,2},? [Pp]ick)", "Round "),
    (r"(?<=\d )ov(?=\))", "overs"),
    (r"\bunch\.(?=\s*$|[,;)])", lambda m: f"unchanged{sentence_stop(m)}"),
    (r"\bDiv\. (?=yields?\b)", "Dividend "),
    (r"\b([Nn])et inc\.", r"\1et income"),
    (r"\bmi\. (?=markers?\b)", "mile "),
    (r"\bCal\. (?=[A-Z][a-z]+\. Code\b)", "California "),
    (r"\bCiv\. (?=Code\b)", "Civil "),
    (r"\bTx(?=:| plan\b)", "Treatment"),
    (r"\bq(\d{1,2}) ?min\b\.?", "every {1:integer} minutes"),
    (r"\bTr\. (?=\d{1,2}\b(?!,? \d))", "Track "),
    (r"(?<=becoming )([NS]?[EW]|[NS])\b(?!\.\w)", lambda m: "".join(tables.DIRECTIONS[letter] for letter in m[1])),
    (r"\b([Dd])ew pt\b\.?", r"\1ew point"),
    (r"\bTu?Th\b(?= \d)", "Tuesday Thursday"),
    # a letter three times
    (r"(?<![\w@#/.])(?=[A-Za-z]*?([A-Za-z])(?i:\1){2})[A-Za-z]+(?![\w@/]|\.\w)", _shorten),
    (
        # but not the surname, and not "im me"
        r"(?<![\w./@'-])[Ii]m(?=,? (?!(?:me|you|him|her|us|them|was|is|has|had|said|who|and|of)\b)(?:[a-z]|(?:SO|NOT|JUST|STILL|ALREADY)\b))",
        "I'm",
    ),
    (r"(?<=[a-z]{2} )n(?= (?:im|i'm|I'm|i|u|ur|gonna|then|its|it's|dont|don't|we|now)\b)", "and"),
    (r"\b(wont|WONT)(?= [A-Za-z])(?! (?:to|and|or|is|was|of|in|for|when|on|at|with|TO)\b)", _without_apostrophe),
    (r"\bSANTA (?=[A-Z]{2})([A-Z]+)\b", lambda m: f"Santa {m[1].title()}"),
    (r"\b([FfRr])/ship\b", lambda m: m[1] + ("riendship" if m[1] in "Ff" else "elationship")),
    (r"(?<=[a-rt-z])\((e?s)\)(?! ?[=<>+*/)])", r"\1"),  # "the file(s)"
    (r"(?<=[A-Za-z.!?,]{2}) <3+(?=\s*(?:$|[.!?,)]))", ""),  # a heart
    (r"(?<=\w) & Ors\b\.?", " and others"),
    (r"\b([A-Z][a-z]+|others) v (?=[A-Z][a-z]|[A-Z] [A-Z][a-z])", r"\1 versus "),
    (r"(?<!\b[Aa] )\b([Tt])emp\.", lambda m: f"{m[1]}emperature{sentence_stop(m)}"),
    (r"\bFig (?=\d)", "Figure "),
    (r"\bFIG(S?)\.? (?=\d)", lambda m: "Figures " if m[1] else "Figure "),
    (r"\bET AL\b", "et al"),
    (
        r"(?<![\w.'])s(s?)(?:\. (?=\d+[A-Z]?\(|\d+ (?:of|and)\b)| (?=\d+[A-Z]?(?:\(\d|,? of (?:the|that|this)\b)))",
        lambda m: "sections " if m[1] else "section ",
    ),
    (r"\bRt Hon\b", "Right Honourable"),
    (
        r"\bhon\. (?=(?:and (?:learned|gallant) )?(?:Members?|Friends?|Gentlem[ae]n|Lad(?:y|ies))\b)",
        "honourable ",
    ),
    (r"\bYr (?=\d)", "Year "),
    (rf"\b({any_of(tables.SHORT_COUNTIES)})\.(?= [a-z])", lambda m: tables.SHORT_COUNTIES[m[1]]),
    (
        r"\bNo(s?) (?=1[01](?:'s\b| (?:said|says|Downing|sources?|has|is|was|denie[sd]|insist(?:s|ed)|refuse[sd]|spokes\w+|aides?|staff|officials?)\b)|10 and 11\b)",
        lambda m: f"Number{m[1]} ",
    ),
    (r"(?<=[a-z,] )No (?=\d+\b(?! (?:times|people|men|women|years|buses|days|of)\b))", "number "),  # "the world No 1"
    (r"\bA\*(s?)(?!\w)", lambda m: f"A star{m[1]}"),
    # of a set it is a piece
    (r"(?<=\d)pc\b(?= (?:\w+ )?(?:set|sets|bucket|jigsaw|puzzle|suit|meal|box|kit|pack|bundle|nuggets)\b)", " piece"),
    (r"(?<=\d)pc\b(?= )", " percent"),
    (r"(?<=\d) est\.(?=\s*$|[,;)\u2027])", lambda m: f" estimated{sentence_stop(m)}"),
    (r"(?:(?<=\()|(?<=[,;] ))fl\. (?=c\. ?\d{3}|\d{4}|\d+th\b)|\(fl\. (?=\d)", lambda m: f"{m[0][:-4]}flourished "),
    (r"(?:(?<=\()|(?<=[,;] ))r\. (?=\d{3,4}\b)", "reigned "),
    (
        r"\b(\d*)([23])d(?= (?:of|day|degree(?! of freedom)|chapter|[Cc]ongress|[Rr]egiment|[Ii]nfantry|[Cc]avalry|[Cc]entury|[Ss]treet|St|Ave|[Ee]dition)\b)",
        lambda m: f"{m[1]}{m[2]}{'nd' if m[2] == '2' else 'rd'}",
    ),
    # as it was written: "August 3d"
    (
        rf"\b({'|'.join(tables.MONTHS)}) (\d?)([23])d\b(?! (?:print\w*|graphics|models?|movies?|films?|scan\w*|games?|technology|animation|effects)\b)",
        lambda m: f"{m[1]} {m[2]}{m[3]}{'nd' if m[3] == '2' else 'rd'}",
    ),
    (
        r"\b(Sgt|Lt|Fr|Capt|Col|Cpl|Maj|Mt|Ft|Gen|Pte)(?= (?!Xers|Zers|Alpha)[A-Z](?:[a-z]+|\. [A-Z]))(?<!\d Ft)",
        lambda m: tables.TITLES[m[1]],
    ),
    (r"\bRt\. (?=Hon\b)", "Right "),
    (r"\b(Wt|Ht)(?=:)", lambda m: tables.IN_CONTEXT[m[1]]),
    (
        r"(?:(?<=\d)|(?<=\d ))((?:mg )?tabs?|(?:mg )?caps?|tablets?|capsules?|pills?|puffs?|drops?|units|mg|ml|mL) (PO )?(BID|TID|QID|QD)\b",
        _dosage,
    ),
    (r"\b[Qq]\.?[Hh][Ss]\b\.?", lambda m: f"at bedtime{written_stop(m)}"),
    (r"\b([HD])x(?=:| of\b)", lambda m: "History" if m[1] == "H" else "Diagnosis"),
    (r"(?<=c/o )SOB\b|(?<=denies )SOB\b|(?<=with )SOB\b|\bSOB(?= (?:on exertion|at rest)\b)", "S O B"),
    (r"\bq(\d{1,2})h\b", "every {1:integer} hours"),
    (r"b\. (?<=\bwas b\. )(?=1\d{3}\b|20\d\d\b|a?bt\.|about\b|c?a?\. ?1)", "born "),
    # of a genealogy
    (r"(?:(?<=\()|(?<=[,;]\s))b\. (?=(?:abt|in|[A-Z][a-z]+,?)\.? 1[4-9]\d\d\b)", "born "),
    (
        r"([dm])\.(?<=[A-Za-z] [dm]\.)\s?(?=(?:in )?(?:1\d|20)\d\d\b|[12](?:st|nd)ly\b)|(?<=[a-z], )m\. (?=\(\d\) [A-Z])",
        lambda m: "died " if m[1] == "d" else "married ",
    ),
    (r"([sd])\. of (?=[A-Z])(?<=[a-z,;] [sd]\. of )", lambda m: f"{'son' if m[1] == 's' else 'daughter'} of "),
    (r"bur\. (?=at\b|in\b|\d)(?:(?<=and bur\. )|(?<=was bur\. )|(?<=[,;] bur\. ))", "buried "),
    # of a film
    (
        r"(?<![\w./])(INT|EXT)\.(?:/(INT|EXT)\.)?(?= [A-Z]{2})",
        lambda m: ", ".join("Interior" if side == "INT" else "Exterior" for side in m.groups() if side),
    ),
    (r"\b([ST])/Sgt\.(?= [A-Z])", lambda m: f"{'Staff' if m[1] == 'S' else 'Technical'} Sergeant"),
    (r"\(Ret\.\)", "(Retired)"),
    # of a museum
    (
        r"\b(H|W|D|L|Diam)\. (?=\d+(?:[.,]\d+)? ?(?:[cm]?m|in|ft)\b)",
        lambda m: {"H": "height", "W": "width", "D": "depth", "L": "length"}.get(m[1], "diameter") + " ",
    ),
    (r"\battrib\. (?=to\b)", "attributed "),
    # of a patient
    (
        r"[Pp](?<=\b[Pp])t\.? (?=(?:is|was|has|had|denie[sd]|reports|presents|presented|complains|complained|states)\b)",
        "Patient ",
    ),
    (
        r"(?<=\d y/o )([MF])\b(?: c/o\b)?",
        lambda m: ("male" if m[1] == "M" else "female") + (" complaining of" if "c/o" in m[0] else ""),
    ),
    (r"\bq(\d{1,2})[-\u2013](\d{1,2})h\b", "every {1:integer} to {2:integer} hours"),
    (r"(?:(?<=hours )|(?<=minutes )|(?<=daily )|(?<=day )|(?<=bedtime ))(?:prn|PRN)\b", "as needed"),
    (
        r"(?<![\w/])(Na|K|Cl|Mg|Ca|Cr|Hb|Hgb)(?=:? \d+(?:\.\d+)? ?(?:mmol|mEq|m?g)/d?L)",
        lambda m: tables.IN_CONTEXT[m[1]],
    ),
    (r"(neg|pos)\. (?=for\b)", lambda m: f"{m[1]}{'ative' if m[1] == 'neg' else 'itive'} "),
    (r"(?<![A-Z\d] )\bOR(?= ?= ?\d| (?:was |of )?\d\.\d)", "O R"),  # of odds
    # of advertisements
    (r"(?<=\d )bus\. (?=days?\b)", "business "),
    (r"sec\. dep\.", "security deposit"),
    (r"(?<=\d[ -])(bdrms?|spd)\b(?!\.)", lambda m: "speed" if m[1] == "spd" else f"bedroom{m[1][4:]}"),
    (r"(?<=\d{3} )sf\b(?! (?:novels?|stories|films?|books?)\b)", "square feet"),
    (r"\bPh\.? (?=\(?\d{3})", "Phone "),
    (r"\b([A-Z][a-z][A-Za-z]+|\d+(?:st|nd|rd|th)) Av\b\.?(?! [a-z])", lambda m: f"{m[1]} Avenue{written_stop(m)}"),
    (r"\bagg\.(?= \d|\))", "aggregate"),
    (r"\b([Nn])os\.?(?=: ?\d)", r"\1umbers"),
    (r"\bCat\.? (?=[1-5]\b)", "Category "),
    (r"n\.(?:(?<=\d n\.)|(?<=infra n\.)|(?<=supra n\.)) ?(?=\d)", "note "),
    (r"\bDoc\. (?=\d)", "Document "),
    (r"\bReg\. (?=[A-Z]\b)", "Regulation "),
    (
        r"avail\.(?<=[,;] avail\.)(?= \d| now\b| [A-Z])|(?<!to no )(?<!no )\bavail\.(?= (?:from|now|immediately)\b)",
        "available",
    ),
    (r"(?<=\d(?:st|nd|rd|th) )[Dd]yn\.", "Dynasty"),
    (r"\b[Dd]ec\. ?(?=[+-]\d)", "declination "),
    (r"\bmag\. (?=[+-]\.?\d)", "magnitude "),
    # of chat
    (
        r"(?:b4(?<=[a-z] b4)|^[Bb]4|(?<=[.!?] )[Bb]4)(?= (?:u|i|I|we|he|she|they|the|my|ur|class|bed|work|school|lunch|dinner|it|that|this|you|going|noon|midnight|\d)\b)",
        lambda m: f"{m[0][0]}efore",
    ),
    (r"rn(?<=[a-z] rn)(?=\s*(?:[?!.,]|$))", "right now"),
    (r"fr fr\b(?<=\bfr fr)", "for real for real"),
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
    (r"(?<=[%tkK\d]) p\.a\.", " per annum"),
    (r"(?<=\d )c\. (?=\(\d)", "cups "),
    (r"(?<=\d/\d )c\.(?=\))", "cup"),
    (r"(?<=[A-Z] )VS\.?(?= [A-Z])", "versus"),
    (r"\bNO\. (?=\d)", "Number "),
    (r"(?<=\()feat\. |(?<=[A-Za-z\"'),] )(?:feat|ft)\. (?=[A-Z])", "featuring "),
    (r"\bprod\. (?=by\b)", "produced "),
    (r"\b(Dep|Arr)\. (?=\d{1,2}[.:]\d\d)", lambda m: tables.IN_CONTEXT[m[1]] + " "),
    (r"\b(Ep|[Pp]t|Lvl|Vol|Ch)\b (?=\d)", lambda m: tables.BEFORE_NUMBER[m[1]] + " "),
    (r"\bRev\. (?=(?:up|down|growth|grew|rose|fell|declined|increased) |[$\u00a3\u20ac])", "Revenue "),
    (r"\b([Mm])kt(?:\. | )cap\b", r"\1arket cap"),
    (r"(?<=\d )sat\. (?=fats?\b)|(?<=g )sat\. (?=fats?\b)", "saturated "),
    (r"(?<=city)/hwy\b|(?<=\d )hwy(?=[.,;)]|\s*$)|\bhwy(?= \d)", lambda m: f"{' ' if m[0][0] == '/' else ''}highway"),
    (r"(?<=[Tt]urn )rt\.?(?= (?:on|onto|at)\b)|(?<=then )rt\.?(?= (?:on|onto|at)\b)", "right"),
    (
        r"\b(Sat|Sun|Fri|Mon|Wed|Thurs?|Tues?)\. (?=(?:[ap]\.m\.|morning|afternoon|evening|night)(?!\w))",
        lambda m: f"{tables.WEEKDAY_BY_PREFIX[m[1][:3]]} ",
    ),
    (r"\bRE:(?=\s)", "Re:"),
    (r"\bFWD?:(?=\s)", "Forward:"),
    (r"\bCol\. (?=[A-Z]\b(?!\.))", "Column "),
    (r"&c\.", "etc."),
    (r"\b([Ee]\.g|[Ii]\.e)(?=[,:;]|\s)", r"\1."),
    (r"(?<=[a-z.] )v\.(?= [A-Z])", "versus"),
    (r"(?<=\d(?:st|nd|rd|th) )[Ff]l\.(?=[)\s,]|$)", lambda m: f"floor{sentence_stop(m)}"),
    (r"(?<=\d(?:st|nd|rd|th) )cent\.(?=\s)", "century"),
    (r"(?<=\d )tab(s?)\.(?=\s(?:[a-z]|PO\b))", r"tablet\1"),
    (r"\b(Mrs?|Ms|Dr|Prof|St)\.(?=[A-Z])", r"\1. "),
    (r"\bw/\s?(?!(?:o|in|out|e|c)\b)(?=\w)|\bw/ (?=-\w)", "with "),
    (r"\bw/e\b(?! (?:\d|[A-Z][a-z]{2}))", "whatever"),
    (
        r"\bbc (?=(?:of|i|im|i'm|I|I'm|its?|it's|he|hes|he's|she|shes|she's|we|were|we're|they|theyre|they're|you|ur|my|the|this|that|there)\b)",
        _because,
    ),
    (r"\bb/[wt] (?=\d|the\b|you\b|us\b|them\b|[A-Z]|[a-z]+s\b)", "between "),
    (r"\bSec\. (?=[A-Z][a-z]{2})", "Secretary "),
    (r"\b([Aa]) med\. (?=[A-Za-z])", r"\1 medium "),
    (r"\bNo\. (?=[A-Z]{1,4}-?\d)", "Number "),
    (r"(?<=[a-z] )(?:def\. (?=[A-Z])|d\. (?=[A-Z][\w' -]{1,30} \d-\d))", "defeated "),
    (
        r" yr\b(?:(?<=\b[Aa] yr)|(?<=\b(?:[Oo]ne|[Pp]er) yr)|(?<=[Ll]ast yr)|(?<=[Tt]his yr|[Nn]ext yr)|(?<=very yr))(?!\.)",
        " year",
    ),
    (r"yrs\b(?<=[a-z] yrs)(?!\.)", "years"),
    (
        r"(?<=\d )(rebs?|asts?|blks?|stls?)\b(?:\.(?=,| (?:and|on|in|per|with|\d)\b)|(?!\.))",
        lambda m: tables.STATISTICS[m[1][:3]],
    ),
    (r"(?<=\d)/(sh|nt)\b\.?", lambda m: f" per {'share' if m[1] == 'sh' else 'night'}{written_stop(m)}"),
    (r"\b([Vv])it\. (?=[A-EK]\b)", r"\1itamin "),
    (r"\b([Ee])xp\.? (?=(?:0?\d|1[0-2])/(?:\d{4}|[0-3]?\d/\d))", r"\1xpires "),
    (r"\b([Cc])onf\.? ?(?=# ?\d|number\b)", r"\1onfirmation "),
    (r"\b([Pp])t\.? c/o\b", r"\1atient complains of"),
    (r"\bAdm\. (?=[$\u00a3\u20ac])", "Admission "),
    (r"(?<=(?:st|nd|rd|th) )wk\b|\bWk(?= \d)", lambda m: "Week" if m[0][0] == "W" else "week"),
    (r"\b([Dd])ir\. (?=by\b)", r"\1irected "),
    (r"\b([Rr])wy\.? (?=\d)", r"\1unway "),
    (r"(?<=[a-z] )nr\.? (?=[A-Z\d]|the\b|[a-z]{4})", "near "),
    (r"\bAdj\. (?=[A-Z])", "Adjusted "),
    (r"\bpop\. (?=(?:was|is|of|grew|fell|has|had)\b)", "population "),
    (r"\bMk\.? ?(?=\d|[IVX]+\b)", "Mark "),
    (r"((?:^|[.:;,(] ?)M(?:ax|in))\. (?=[a-z]|[A-Z]{2})", r"\1imum "),
    (r"(?<=[Bb]y )COB\b|(?<=[Bb]efore )COB\b", "C O B"),
    (r"\badmin\. (?=[a-z])", "administration "),
    (r"\bSOW(?=s\b)|(?<=[Tt]he )SOW\b|(?<=signed )SOW\b", "S O W"),
    (r"\bTL;DR\b", "T L D R"),
    (r"(?<=% )([wmqy])/\1\b", lambda m: "{0} over {0}".format(tables.PERIODS[m[1]])),
    (r"no\.(?:(?<=[a-z] no\.)(?= is [\d(+]| [A-Z\d-]*\d)|(?<=[A-Z] no\.)(?= [A-Z]{0,2} ?\d))", "number"),
    (r"\b([Hh]e|[Hh]is|[Hh]im)/(?=(?:she|hers?)\b)", r"\1 or "),
    (r"\bet al\.(?=\s[a-z(]|,)", "et al"),
    (rf"\b({'|'.join(tables.TITLES)}){_PERIOD}", lambda m: tables.TITLES[m[1]]),
    (
        r"(?<!\d )\b(mrs?|dr|prof|(?<!the )(?<!this )(?<!that )(?<!his )(?<!her )(?<!its )(?<!\ba )(?<!one )(?<!two )(?<!three )ms)\.(?=\s[a-z])",
        lambda m: tables.TITLES[m[1].title()].lower(),
    ),
    (r"\b(Mr|Mrs|Ms|Dr|Prof)(?=\s(?:[A-Z]|&|and\b))", lambda m: tables.TITLES[m[1]]),
    (r"(in|ex)cl(?<=[a-zA-Z.] [ie][nx]cl)(?=\.(?:\s*$|[,;)\u2027]))", r"\1cluded"),
    (r"\binc\.(?=\s(?:VAT|GST|[a-z]))", "including"),
    (r"\b([Rr])ef\. (?=[Nn]os?\.)", r"\1eference "),
    (
        r"\b([Ee])st\.(?=\s(?:(?!in (?:1\d{3}|20\d\d|\w+teen |two thousand|twenty (?:oh|ten|\w+teen|twenty))\b)[a-z]|[$\u00a3\u20ac]|\d{1,2}\b))",
        r"\1stimated",
    ),
    (
        rf"(?<![\w.]){any_of(tables.ABBREVIATIONS)}(?![a-z]{{4}})",  # not the name "arr.length"
        lambda m: (
            tables.ABBREVIATIONS[m[0]]
            + ("" if m[0] in tables.NEVER_LAST else sentence_stop(m, before_names=m[0] != "etc."))
        ),
    ),
    (
        r"(?:(?<=\()|(?<=[,;]\s))([bd]|m(?=\.\s?\d))\.\s?(?=\d{4}\b|c|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)",
        lambda m: {"b": "born ", "d": "died ", "m": "married "}[m[1]],
    ),
    (r"\blong\.(?=\s?-?\d+(?:\.\d+)?\s?\u00b0)", "longitude"),
    (
        # not in an address, whose path may begin with "/etc"
        rf"(?<![\w./&@'-])(?:(?<!slash )|(?=etc)){any_of(tables.WORDS_WITHOUT_STOP)}(?![\w./'#-]\w|[\w#]|\.\w| equals )(?!\.(?:\s[a-z]))",
        lambda m: tables.WORDS_WITHOUT_STOP[m[0]],
    ),
    (r"(?<=\d )(sq|cu|fl)\.\s(?=[a-z])", r"\1 "),
    # "R&D"
    (r"\b([A-Z]{1,3})&([A-Z]{1,3})(s?)\b", lambda m: " ".join(m[1]) + " and " + " ".join(m[2]) + (m[3] and "'s")),
    (
        rf"\b({any_of(tables.BEFORE_NUMBER)})\.\s?(?=[~\u2245(]?\d|[A-Z]\d|[IVX]{{2,}}\b|[ivxl]{{2,}}\b)",
        lambda m: tables.BEFORE_NUMBER[m[1]] + " ",
    ),
    (
        r"\b([Aa]pt|[Rr]m|Ste|Bldg|Rte)(?:\.(?=\s#)|(?=\s#?\d))|\b(Apt|Ste|Bldg|Rm)(?:\.|(?<=Bldg))(?=\s[A-Z]\b)",
        lambda m: tables.BEFORE_NUMBER[m[1] or m[2]],
    ),
    (r"\b(Vol|Ch|Chap|Fig|Sec|Art)\.\s(?=[IVX]\b)", lambda m: tables.BEFORE_NUMBER[m[1]] + " "),
)
