# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
r"""
How words are pronounced that the G2P packages misread: names, brands, words of other languages, and words whose
pronunciation their neighbours tell ("a lead pipe", "bass guitar", "your resume").

Pronunciations are written once for both accents: American, in the alphabet of `misaki`, where `ɑː` is the vowel of "spa",
which is British too, and `ɑ` that of "lot", which British English rounds; `ɹɹ` stands after a vowel that is short in
British English, as in "merry", "mirror", "forest" and "hurry". [`to_american`] and [`to_british`] make those of an accent; where
they differ by more, both are written, `american|british`.
"""

import functools
import re
from collections.abc import Iterator, Mapping

from .pronunciation_words_gpt2tts import ACCENTED, WORDS
from .text_tables_gpt2tts import parse_table

_VOWELS = "AIOWYQaæɑɒɔəɛɜɪiʊuʌᵊᵻ"
# vowels as they are before an r, which is heard before vowels only
_BEFORE_R = parse_table("ɜ=ɜː; ɑ=ɑː; ɑː=ɑː; ɔ=ɔː; ɛ=ɛː; ɪ=ɪə; i=ɪə; ʊ=ʊə; ə=ə")

_BEFORE_VERB = (
    r"(?:i|we|they|you|he|she|who|it|will|would|can|could|may|might|shall|should|must|cannot|not|"
    r"\w+n't|\w+'ll|always|never|often|strongly)"
)
_POSSESSIVE = r"(?:my|your|his|her|its|our|their)"
_AFTER_BE = r"(?:am|is|are|was|were|be|been|being|\w+'(?:m|s|re)|not|quite|perfectly|(?:feel|seem|look|remain|stay)(?:s|ed)?|felt)"
_START = r"(?:^|[.!?] )"
_WAY = r"(?:road|river|path|trail|track|street|lane|stream|stairs|staircase|line|queue|procession|route|highway|way|canal)"
_ALONG = (
    r"(?:through|around|along|up|down|between|past|across|its|into|over|back|away|out|among|by|round|to|toward|towards|"
    r"upwards?)"
)
_SHUTS = (
    r"(?:shops|stores|banks|doors?|gates?|offices|polls|markets|museums|restaurants|bars|pubs|applications|entries|ports|"
    r"curtains|eyes|eyelids|lids?|mouth|fingers)"
)
_LETTERS = re.compile("[a-z]+")
_ABOUT_FISH = re.compile(
    r"\b(?:fish\w*|caught|catch\w*|lake|river|hook\w*|bait|grill\w*|fillet\w*|pond|sea|striped|\w+mouth)\b"
)

_ABOUT_MUSIC = re.compile(
    r"\bbass (?:guitar|player|drum|line|clef|solo|riff|part|note|amp|boost|voice|singer)|\b(?:play(?:s|ed|ing)?|double|electric) bass\b"
)

# of each word what stands around it (it is the last group) and how it is said there
_HOMOGRAPHS = {
    word: tuple((re.compile(pattern), phonemes) for pattern, phonemes in readings)
    for word, readings in {
        "abuse": (
            (
                rf"\b(?:{_BEFORE_VERB}|to|people|and|or) (abuse)(?= (?:drugs|alcohol|{_POSSESSIVE}|the|an?|him|her|them|it|this|"
                r"that|power|children|animals|others|substances|[a-z]+s)\b)",
                "əbjˈuz",
            ),
            (r"\b(?:who|not to|to) (abuse)\b", "əbjˈuz"),
        ),
        "aged": (
            (r"\b(?:of|for|to|with) the (aged)(?=[.,;!?]|$| and\b)", "ˈAʤᵻd"),
            (
                r"\b(?:an|the|his|her|their) (aged)(?= (?:man|woman|parents?|mother|father|relatives?|couple)\b)",
                "ˈAʤᵻd",
            ),
        ),
        "bass": ((r"\b(bass)\b", "bˈAs"),),
        "blessed": ((r"\b(blessed)(?= (?:day|event|virgin|sacrament|mother|are|be|relief|silence)\b)", "blˈɛsᵻd"),),
        "bow": (
            (
                r"\b(?:low|deep|stiff|formal|mock|polite|courtly|sweeping|graceful|curt|respectful|theatrical|solemn|gallant|slight|exaggerated) (bow)\b(?! (?:tie|and arrow|window))",
                "bˈW",
            ),
            (
                r"\b(?:gave|gives?|giving) (?:him |her |them |me |us )?(?:an?|his|her) (?:little |small |quick |short |half )?(bow)\b(?! (?:tie|and arrow))",
                "bˈW",
            ),
            (
                r"(?<!pulled )(?<!tugged )\b(?:at|across|off|over|near) the (?:port |starboard |ship's |boat's )?(bow)\b(?! (?:tie|string|window|and arrow))",
                "bˈW",
            ),
            (
                rf"\b(?:took|takes?|taking|taken) (?:an?|{_POSSESSIVE}|one last) (?:final |deep )?(bow)\b"
                r"(?! (?:and arrow|tie))",
                "bˈW",
            ),
            (r"\b(bow)(?= of (?:the|an?|his|her|our|their) (?:\w+ )?(?:ship|boat|vessel|canoe|yacht))", "bˈW"),
        ),
        "bowed": ((r"\b(bowed)\b(?! (?:leg|string|instrument))", "bˈWd"),),
        "close": (
            (
                rf"\b{_SHUTS} (close)(?= (?:at|on|for|behind|early|late|again|around|as|when|and|before|after|automatically|down|soon|today|tomorrow|slowly|tight|tightly|until)\b|[.,;!?]|$)",
                "klˈOz",
            ),
            (
                r"(?<!are )(?<!were )\b(?:we|they|you) (close)(?= (?:at|early|late|on|for|our|my|your|their|it|this|down|up)\b)",
                "klˈOz",
            ),
            (
                rf"{_START}(close)(?= (?:all|the|this|that|your|my|it|an?|account|accounts|window|windows|tab|tabs|app|menu|door|"
                r"file|button|down|up|out)\b)",
                "klˈOz",
            ),
            (r"\b(?:to|at|until|from) (?:the|a) (close)(?=[.,;!?]|$| (?:of|with|on|in|as|after|when)\b)", "klˈOz"),
        ),
        "conflict": (
            (
                r"\b(?:they|dates|times|schedules|would|could|may|might|will|can|\w+n't|do(?:es)? not) (conflict)\b",
                "kənflˈɪkt",
            ),
        ),
        "conflicts": ((r"\b(?:it|this|that|which|time|date|meeting|schedule) (conflicts)(?= with)", "kənflˈɪkts"),),
        "console": (
            (r"\b(console)(?= (?:him|her|them|me|us|the (?:child|widow|family|crying)|each other)\b)", "kənsˈOl"),
        ),
        "content": (
            (
                rf"\b{_AFTER_BE} (?:(?:you|they|we|he|she|i) )?(content)(?= (?:with|to|in|just)\b|[.,;!?]|$)",
                "kəntˈɛnt",
            ),
        ),
        "dove": (
            (
                r"(?<!\ba )(?<!\bthe )(?<!\bwhite )(?<!\bturtle )\b(dove)"
                r"(?= (?:into|in|off|down|under|deep|deeper|head|right|straight)\b)",
                "dˈOv",
            ),
        ),
        "invalid": (
            (
                r"\b(?:an|the|his|her|chronic|helpless|poor) (invalid)"
                r"(?=[.,;!?]|$| (?:for|who|since|wife|husband|son|mother)\b)",
                "ˈɪnvəlɪd",
            ),
        ),
        "lead": (
            (r"\b(?:covered|lined|clad|encased|coated|made) (?:in|with|of|from) (lead)\b(?! (?:by|roles?))", "lˈɛd"),
            (
                r"\b(?:like|heavy as|lumps? of|tons? of|ounces? of|pounds? of|sheets? of|amounts? of|concentrations? of|(?:positive|tested|testing) for) (lead)(?=[.,;!?]|$| (?:in|and|had|were|was)\b)",
                "lˈɛd",
            ),
            (
                r"\b(lead)(?=[ -](?:balloons?|shot|weights?|lining|crystal|glass|aprons?|coffins?|piping|roof|roofing|sheets?|ingots?|mines?|mining|smelt\w*|acetate|batter\w+|exposure|contamin\w+|toxicity|free)\b)",
                "lˈɛd",
            ),
            (
                r"\b(?:copper|zinc|tin|iron|silver|mercury|arsenic|cadmium|nickel)(?:,| and| or|, and|, or) (lead)\b(?! (?:to|the|singer))",
                "lˈɛd",
            ),
            (r"\b(lead)(?=,? (?:and|or) (?:mercury|arsenic|zinc|copper|cadmium|tin|silver|iron|asbestos)\b)", "lˈɛd"),
            (rf"{_START}(lead)(?= (?:is|was) (?:an?|the|used|toxic|found|heavy|soft|poisonous)\b)", "lˈɛd"),
            (r"\bpencil (lead)\b", "lˈɛd"),
            (
                r"\b(lead)(?=[ -](?:pipe|paint|poison|pencil|ore\b|bullet|solder|foil|oxide|contaminat|dust|acid|based\b))",
                "lˈɛd",
            ),
            (
                r"\b(lead)(?= (?:levels?|in (?:(?:drinking|tap|the) water|paint|petrol|gasoline)|is (?:toxic|a metal)))",
                "lˈɛd",
            ),
            (r"\b(?:exposure to|levels? of|mercury and|mercury,) (lead)\b", "lˈɛd"),
            (r"\b(?:made of|molten|contain(?:s|ed|ing)?|traces of) (lead)\b", "lˈɛd"),
        ),
        "learned": (
            (r"\b(?:my|our|your) (learned)(?= (?:friends?|colleagues?|counsel|brothers?)\b)", "lˈɜɹnᵻd"),
            (
                r"\b(?:the|a|his|her|most|very) (learned)"
                r"(?= (?:m[ae]n|woman|professor|judge|friend|society|scholar|gentleman|journal))",
                "lˈɜɹnᵻd",
            ),
        ),
        "lima": ((r"\b(lima)(?= beans?)", "lˈImə"),),
        "live": (
            (r"\b(?:joins?|joining|joined) (?:us|me) (live)\b", "lˈIv"),
            (r"\b(live)(?= stream(?:s|ed|ing)?\b)", "lˈIv"),
            (
                r"\b(?:watch(?:ed|ing)?|perform(?:s|ed|ing)?|play(?:s|ed|ing)?|stream(?:s|ed|ing)?|broadcast|record(?:ed|ing)?|"
                r"shown|aired?|sang|sing(?:s|ing)?|going|went|go|goes|are now|is now)(?: it)? (live)\b(?! (?:in|with|at|for) \w+ing\b)",
                "lˈIv",
            ),
            (rf"{_START}(live)(?= (?:from|music|on|stream|tv|updates|broadcast)\b)", "lˈIv"),
            (
                r"\b(live)(?= (?:on (?:air|tv|television|stage|the air)|streams?|music|broadcasts?|audience|concert|show|"
                r"coverage)\b)",
                "lˈIv",
            ),
        ),
        "minute": (
            (
                r"\b(?:so|too|very|incredibly|extremely|infinitely|differences are|amounts are) (minute)(?=[.,;!?]|$| that\b)",
                "mInˈut",
            ),
            (
                r"(?<!last )\b(minute)"
                r"(?= (?:detail|amount|quantit|trace|particle|difference|fragment|variation|speck|grain))",
                "mInˈut",
            ),
        ),
        "mobile": ((r"\b(mobile)(?=, ala)", "mObˈil"),),
        "moderate": (
            (rf"\b{_BEFORE_VERB} (moderate)\b(?! to)", "mˈɑdəɹˌAt"),
            (rf"{_START}(moderate)(?= (?:{_POSSESSIVE}|the)\b)", "mˈɑdəɹˌAt"),
        ),
        "object": (
            (r"\b(?:do|does|did) (?:anyone|anybody|you|they|he|she|we|i) (object)\b", "əbʤˈɛkt"),
            (rf"\b{_BEFORE_VERB} (object)\b(?!-)", "əbʤˈɛkt"),
            (r"\bto (object)(?= to\b|[.,;!?]|$)", "əbʤˈɛkt"),
        ),
        "objects": ((r"\b(?:he|she|who|no one|nobody|everyone) (objects)\b", "əbʤˈɛkts"),),
        "polish": ((rf"{_START}(polish)(?= (?:the|it|each|them|{_POSSESSIVE})\b)", "pˈɑlɪʃ"),),
        "presents": (
            (
                r"\b(?:birthday|christmas|wedding|wrapped|wrap(?:ping)?|the|these|those|his|her|my|your|our|their|some|many|of|two|"
                r"three|more|no|any|open(?:ed|ing)?|buy(?:ing)?|bought|gave|give|giving|with|and) (presents)\b(?! (?:an?|the|as) )",
                "pɹˈɛzᵊnts",
            ),
        ),
        "project": (
            (r"\bto (project)(?= (?:it|them|him|her|us|itself|themselves)\b)", "pɹəʤˈɛkt"),
            (rf"\b{_BEFORE_VERB} (project)\b(?! (?:manage|lead|team|plan|director|work))", "pɹəʤˈɛkt"),
            (rf"\bto (project)(?= (?:an?|the|that|{_POSSESSIVE}|images?|power|confidence|growth)\b)", "pɹəʤˈɛkt"),
        ),
        "projects": (
            (
                r"\b(?:company|bank|government|firm|agency|it|he|she|report|now) (projects)"
                r"(?= (?:an?|the|that|growth|sales|revenue)\b)",
                "pɹəʤˈɛkts",
            ),
        ),
        "read": (
            (
                r"\b(?:did|does|do|can|could|will|would|should|let|helped|help|hear|heard|watched|watch|made|make|saw) (?:the|an?|my|your|his|her|our|their) (?:\w+ )?(?:father|mother|teacher|priest|judge|man|woman|boy|girl|brother|sister|son|daughter|wife|husband|children|kids) (read)\b",
                "ɹˈid",
            ),
            (r"\b(?:if|before|when|once|unless|until|whenever|as) you (read)\b", "ɹˈid"),
            (
                r"\b(?:people|children|students|kids|those|men|women) who (read)(?= (?:do|are|tend|have|well|often|more|a lot|for)\b)",
                "ɹˈid",
            ),
            (
                r"\b(?:sat|lay|stood|went|took|came|got|found|(?!\w*eed\b)\w{2,}ed)(?: (?!to\b|and\b)\w+){0,4} and (read)\b",
                "ɹˈɛd",
            ),
            (
                r"\b(?:message|sign|note|letter|label|headline|caption|email|text|inscription|plaque|card|banner|poster|tweet|statement|notice|it|which|that) (read)(?=[:,] |:$)",
                "ɹˈɛd",
            ),
            (
                r"(?:^|[.,;!?] |\b(?:and|but|as|when|while|then|because) )(?:the|an?|my|his|her|our|their) (?:\w+ )?(?:father|mother|dad|mum|mom|grandmother|grandfather|teacher|priest|judge|"
                r"king|queen|doctor|officer|man|woman|boy|girl|brother|sister|son|daughter|wife|husband|clerk|sign|letter|note|message) (read)\b",
                "ɹˈɛd",
            ),
            (
                r"\b(?:have|has|had) (?:not )?(?:you|they|we|he|she|i|anyone|everyone)(?: ever| never| already| just)? "
                r"(read)\b",
                "ɹˈɛd",
            ),
            (
                r"\b(?:i|we|they|you|people|children)(?: often| usually| always| rarely| sometimes)? (read)"
                r"(?= (?:every|each|daily|for fun|a lot)\b)",
                "ɹˈid",
            ),
        ),
        "resume": (
            (r"\b(?:strong|great|good|impressive|academic|online|blank|video|one-page) (resume)\b", "ɹˈɛzəmA"),
            (r"\bthe (resume)(?= (?:is|was|shows|says|lists|should)\b)", "ɹˈɛzəmA"),
            (r"\b(resume)(?= (?:builder|template|writer|writing)\b)", "ɹˈɛzəmA"),
            (
                rf"\b(?:a|{_POSSESSIVE}|updated?|attached|send|submit|polished|professional) (resume)\b"
                r"(?! (?:of|the|play|work|button))",
                "ɹˈɛzəmA",
            ),
            (r"\b(resume)(?= (?:and|or) (?:a )?cover)", "ɹˈɛzəmA"),
        ),
        "resumes": (
            (
                r"\b(?:submit(?:ted|ting)?|review(?:ed|ing)?|read|applicants'?|job|stack of|send) (resumes)\b",
                "ɹˈɛzəmAz",
            ),
            (rf"\b(?:{_POSSESSIVE}|updated?|send|submit|polished|of|many|these) (resumes)\b", "ɹˈɛzəmAz"),
        ),
        "row": (
            (r"\b(?:we|they|you|i|to|can|could|will|would|must|he'll|we'll|let's) (row)(?= over\b)", "ɹˈO"),
            (
                r"\b(?:had|has|have|having|started|starting|sparked|caused|after|amid|into) an? (?:\w+ )?(row)(?= (?:with (?!\d|two|three|four)|about|over|between|last|this|that|because)\b|[.,;!?]|$)",
                "ɹˈW",
            ),
            (r"\b(?:the|an?|this|that) (row)(?= about\b)", "ɹˈW"),
            (
                r"\b(?:diplomatic|public|family|trade|race|flaming|terrible|almighty|unholy|growing|stand-up|violent) (row)\b(?! of\b)",
                "ɹˈW",
            ),
            (r"\b(row)(?= (?:over|erupt|broke out))", "ɹˈW"),
            (r"\b(?:blazing|furious|bitter|huge|political|heated) (row)\b", "ɹˈW"),
        ),
        "tear": (
            (r"\bon a (tear)(?=[.,;!?]|$| (?:lately|recently|since|this)\b)", "tˈɛɹ"),
            (
                r"\b(?:acl|ligament|muscle|meniscus|tendon|cuff|labral|a c l|small|partial|showed a) (tear)"
                r"(?=[.,;!?]|$| (?:in|of|to) (?:his|her|my|the|an?|your|their) (?!eyes?\b))",
                "tˈɛɹ",
            ),
            (rf"{_START}(tear)(?= (?:along|here|off|open|up|down|out|it|the|apart)\b)", "tˈɛɹ"),
            (r"\bwear and (tear)\b", "tˈɛɹ"),
            (rf"\b(tear)(?= (?:in|through) (?:the|an?|{_POSSESSIVE})\b)(?! in \w+ (?:\w+ )?eye)", "tˈɛɹ"),
        ),
        "dogged": (
            (r"\b(?:with|his|her|their|sheer|a|an|of) (dogged)(?= \w)", "dˈɔɡᵻd"),
            (
                r"\b(dogged)(?= (?:determination|persistence|pursuit|resistance|refusal|defen[cs]e|efforts?)\b)",
                "dˈɔɡᵻd",
            ),
        ),
        "beloved": ((r"\b(?:my|his|her|our|your|their|an?|the|most|dearly) (beloved)\b(?! (?:by|of)\b)", "bəlˈʌvᵻd"),),
        "supposed": ((r"\b(?:the|an?|his|her|their|its|this|any) (supposed)(?= (?!to\b)\w)", "səpˈOzᵻd"),),
        "tears": ((r"\b(?:muscle|ligament|acl|tendon|meniscus|cuff|labral|hamstring) (tears)\b", "tˈɛɹz"),),
        "permit": ((r"\b(?:weather|time|conditions|circumstances|funds|resources) (permit)(?=[.,;!?]|$)", "pəɹmˈɪt"),),
        "refuse": (
            (r"\b(?:household|domestic|garden|kitchen) (refuse)\b", "ɹˈɛfjus"),
            (
                r"(?<!they )(?<!we )(?<!you )(?<!to )\b(refuse)(?= (?:was|is|collect\w*|bins?|dumps?|tips?|heaps?|lorr\w+|sacks?|bags?|disposal)\b)",
                "ɹˈɛfjus",
            ),
        ),
        "contract": ((r"\b(?:muscles|pupils|vessels|arteries|metals|economies) (contract)\b", "kəntɹˈækt"),),
        "graduate": (
            (
                r"\b(graduate)(?= (?:schools?|students?|studies|degrees?|programs?|programmes?|courses?|work|diplomas?|trainees?|schemes?)\b)",
                "ɡɹˈæʤuət",
            ),
        ),
        "sake": (
            (
                r"\b(?:cups?|bottles?|glass(?:es)?|flasks?|hot|warm|cold|chilled|drink(?:ing)?|drank|sip(?:ped|ping)?)(?: of)? (sake)\b",
                "sˈɑːki",
            ),
        ),
        "diffuse": ((r"\b(?:an?|the|more|is|are|was|very|too|so) (diffuse)\b", "dəfjˈus"),),
        "frequent": (
            (
                rf"\b(?:{_BEFORE_VERB}|to|who|people) (frequent)(?= (?:the|this|these|such|it|bars|{_POSSESSIVE})\b)",
                "fɹikwˈɛnt",
            ),
        ),
        "moped": (
            (
                r"\b(?:an?|the|his|her|my|our|your|by|on|electric|old|stolen|two) (moped)\b(?! (?:around|about)\b)",
                "mˈOpɛd",
            ),
        ),
        "lives": ((r"\b(?:black|white|blue|all) (lives)(?= matter)", "lˈIvz"),),
        "winds": ((rf"\b{_WAY} (winds)(?= {_ALONG}\b)", "wˈIndz"),),
        "wound": (
            (rf"\b{_WAY} (wound)(?= {_ALONG}\b)", "wˈWnd"),
            (r"\b(?:tightly|all|too) (wound)(?= up\b|[.,;!?]|$)", "wˈWnd"),
        ),
        "deserts": ((r"\bjust (deserts)\b", "dəzˈɜɹts"),),
        "axes": (
            (
                r"\b(?:with|their|his|two|three|battle|ice|stone|hand|sharp|carr(?:y|ied|ying)|swung|swing(?:ing)?|wield(?:ed|ing)|and) (axes)\b(?! of\b)",
                "ˈæksᵻz",
            ),
            (r"\b(axes)(?= (?:jobs?|hundreds|thousands|plans?|staff|the|its)\b)", "ˈæksᵻz"),
        ),
        "putting": ((r"\b(putting)(?= (?:greens?|surface|stroke|practice|contest)\b)", "pˈʌTɪŋ"),),
        "job": ((r"\b(?:book|patience) of (job)\b(?! (?:tips|offers|listings))", "ʤˈOb"),),
        "protest": (
            (
                rf"\b(?:{_BEFORE_VERB}|to|workers|students|farmers|residents|people|thousands|hundreds) (protest)\b(?! (?:march\w*|movements?|groups?|songs?|votes?|rall\w+|camps?|leaders?|organi\w+|letters?|music)\b)",
                "pɹətˈɛst",
            ),
        ),
        "rows": ((r"\b(?:having|blazing|furious|bitter|heated|family|terrible|flaming) (rows)\b(?! of\b)", "ɹˈWz"),),
        "used": (
            (
                r"\b(?:gets?|got|getting|gotten|becomes?|became|becoming|grow|grew|grown|growing) (?:\w+ly |so |quite |very |more |all )?(used)(?= to\b)",
                "jˈust",
            ),
            (
                r"\b(?:am|is|are|was|were|been|being|\w+'(?:m|s|re)|not|\w+n't|never|so|more|well|longer) (?:\w+ly |so |quite )?(used)"
                r"(?= to(?:[.,;!?]|$| (?:(?!bring|sing|string|swing|cling|fling|sting|ring|spring)\w{2,}ing|it|this|that|these|those|him|her|them|us|me|you|my|your|his|its|our|their|"
                r"people|such|hard|cold|hot|life|the(?! full| max| utmost)|an?(?! large| great| certain| limited))\b))",
                "jˈust",
            ),
        ),
    }.items()
}
# a town, if it has a capital
_TOWNS = {
    "Nice": (
        re.compile(
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=via )|(?<=visited )|(?<=visit )|(?<=leaving )|(?<=left )|"
            r"(?<=city of ))|(?=Nice(?:, France| [Aa]irport)\b))(Nice)\b(?! (?:to|and|try|work|job))"
        ),
        "nˈis",
    ),
    "Reading": (
        re.compile(
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=of )|(?<=via ))(?=Reading(?:[.,;!?]|$))|(?<=[Ll]ondon and )|"
            r"(?=Reading (?:F ?C|Festival|Station|Borough|Council|Gaol|Abbey)\b))(Reading)\b"
        ),
        "ɹˈɛdɪŋ",
    ),
}


def to_american(phonemes: str) -> str:
    """A pronunciation of this module in American English: no lengths, and vowels before an r are one."""
    return phonemes.replace("ː", "").replace("ɑɹɹ", "ɔɹ").replace("ɹɹ", "ɹ")


def to_british(phonemes: str) -> str:
    """A pronunciation of this module in British English: no r but before vowels, long vowels, `t` for flaps."""
    phonemes = phonemes.replace("T", "t").replace("ᵻ", "ɪ").replace("æ", "a").replace("O", "Q")
    phonemes = re.sub("ɑ(?!ː|ɹ(?!ɹ))", "ɒ", phonemes).replace("ɜɹɹ", "ʌɹɹ")
    phonemes = re.sub(
        f"(ɑː|[ɜɑɔɛɪiʊə])ɹ(?!ɹ)(?=([ˈˌ]*[{_VOWELS}])?)", lambda m: _BEFORE_R[m[1]] + ("ɹ" if m[2] else ""), phonemes
    ).replace("ɹɹ", "ɹ")
    return re.sub("(?:[ɔu]|(?<=[ˈˌ])i)(?!ː)", r"\g<0>ː", phonemes)


def _in_accent(words: Mapping[str, str], british: bool) -> dict[str, str]:
    pairs = {word: said.split("|") for word, said in words.items()}
    return {word: to_british(both[-1]) if british else to_american(both[0]) for word, both in pairs.items()}


@functools.cache
def known_pronunciations(british: bool) -> Mapping[str, str]:
    """Phonemes of words in small letters, whatever stands around them."""
    return _in_accent(WORDS, british)


@functools.cache
def accented_pronunciations(british: bool) -> Mapping[str, str]:
    """Phonemes of words in small letters that are other words without their accents, "résumé"."""
    return _in_accent(ACCENTED, british)


def find_homographs(text: str, british: bool) -> Iterator[tuple[int, int, str]]:
    """
    Words in a text whose pronunciation their neighbours tell, where the G2P packages are likely to miss it.

    Args:
        text (`str`): A normalised text.
        british (`bool`): Whether British pronunciations are wanted.

    Yields:
        `tuple[int, int, str]`: Begin and end of a word, and its phonemes.
    """
    small = text.lower()
    words = _HOMOGRAPHS.keys() & _LETTERS.findall(small)
    if "bass" in words and _ABOUT_FISH.search(small) and not _ABOUT_MUSIC.search(small):
        words.remove("bass")
    readings = [(small, reading) for word in sorted(words) for reading in _HOMOGRAPHS[word]]
    readings += [(text, reading) for word, reading in _TOWNS.items() if word in text]
    for where, (pattern, phonemes) in readings:
        for match in pattern.finditer(where):
            yield *match.span(1), to_british(phonemes) if british else to_american(phonemes)


__all__ = ["accented_pronunciations", "find_homographs", "known_pronunciations", "to_american", "to_british"]
