# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
r"""
How words are pronounced that the G2P packages misread: names, brands, words of other languages, and words whose
pronunciation their neighbours tell ("a lead pipe", "bass guitar", "your resume").

Pronunciations are written once for both accents: American, in the alphabet of `misaki`, where `ɑː` is the vowel of "spa",
which is British too, and `ɑ` that of "lot", which British English rounds; `ɹɹ` stands after a vowel that is short in
British English, as in "merry", "mirror", "forest" and "hurry". [`to_american`] and [`to_british`] make those of an accent; where
they differ by more, both are written, `american|british`, the latter as British English is spoken.
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
        "blessed": (
            (rf"{_START}(blessed)(?= (?:is|are|be)\b)", "blˈɛsᵻd"),
            (r"\b(blessed)(?= (?:day|event|virgin|sacrament|mother|are|be|relief|silence)\b)", "blˈɛsᵻd"),
        ),
        "bow": (
            (r"\b(?:made|makes?|making) (?:his|her|their|a) (bow)\b(?! tie)", "bˈW"),
            (r"\bfrom (bow)(?= to stern)", "bˈW"),
            (r"\b(?:ship's|boat's|vessel's|final) (bow)\b(?! tie)", "bˈW"),
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
                r"\b(?!(?:as|was|has|this|less|across|always|its|his|gets|comes|stays|remains|draws|feels|seems|looks|keeps|holds|sits|stands|lies|lives|works|moves|pulls|edges|inches|perhaps|thus|gas|boss|pass|class|address|business|species|series|news|plus|\w+ss|\w+us) )\w{3,}s (close)(?= (?:higher|lower|down|up|mixed|early|due|until)\b| (?:on|at|for) (?!hand|to\b|occasion)| in (?:\w+ )?at\b| (?:january|february|march|april|may|june|july|august|september|october|november|december|sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b)",
                "klˈOz",
            ),
            (r"\bpolls (close)(?= in\b)", "klˈOz"),
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
            (r"\bhappy and (content)\b(?! (?:creator|on|of))", "kəntˈɛnt"),
            (rf"{_START}(content)(?= with (?:\w+ )?\w+, )", "kəntˈɛnt"),
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
        "insert": (
            (
                rf"{_START}(insert)(?= (?:the|an?|your|coins?|cards?|key|one|it|this|dis[ck]|batteries|text|image|table|link|here)\b)",
                "ɪnsˈɜɹt",
            ),
        ),
        "convict": (
            (r"\b(?:votes?|needed|enough|required|voted|failed|decision|evidence) to (convict)\b", "kənvˈɪkt"),
        ),
        "conduct": (
            (
                r"\b(?:police|officers|agents|officials|troops|researchers|scientists|teams|we|they) (conduct)(?= (?:raids|searches|tests|research|interviews|an?|studies|business)\b)",
                "kəndˈʌkt",
            ),
        ),
        "produce": (
            (
                r"\b(?:sells?|sold|fresh|local|organic|farm|seasonal) (produce)(?=[.,;!?]|$| (?:section|aisle|department|at|in|from|stand|market)\b)",
                "pɹˈOdˌus",
            ),
        ),
        "sow": ((r"\b(?:ye|you|we|they|i|farmers) (sow)\b", "sˈO"),),
        "wind": (
            (r"\b(?:does|do|did|will|would) (?:(?:the|this|that) \w+|it|he|she|they|we|you) (wind)(?= up\b)", "wˈInd"),
            (r"\b(?:trails|roads|paths|rivers|streets|stairs|streams) that (wind)\b", "wˈInd"),
        ),
        "permits": (
            (
                r"\b(?:work|building|parking|these|all|of|gun|fishing|camping|residence) (permits)\b(?! (?:an?|the|you|us|them|him|her) )",
                "pˈɜɹmɪts",
            ),
        ),
        "contracts": ((r"\b(?:muscle|heart|pupil|metal|economy|uterus|gas) (contracts)\b(?! with)", "kəntɹˈækts"),),
        "record": ((r"\b(?:cameras?|devices?|phones?|microphones?|sensors?) that (record)\b", "ɹəkˈɔɹd"),),
        "house": (
            (
                r"\b(?:that|which|to|can|will|would|could) (house)(?= (?:offices|inmates|students|horses|animals|people|families|refugees|up to|over|more than|about|the)\b)(?<!that house)|\bthat (house)(?= (?:offices|inmates|students|animals|people|families|refugees))",
                "hˈWz",
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
            (
                r"\b(?:exposed to|contaminated with|poisoned by|full of|filled with|soil for|tested for|leach(?:es|ed|ing)?|remov(?:e|es|ed|ing)|bans? on) (lead)\b(?! (?:by|the|singers?|roles?|actors?|to|investigators?|times?|generation))",
                "lˈɛd",
            ),
            (r"\b(lead)(?=[ -](?:service lines?|ammunition|pipes|plumbing|lined|glazed|laced|tainted)\b)", "lˈɛd"),
            (
                rf"{_START}(lead)(?= (?:can|may|could) (?:harm|damage|cause|build)\b|, (?:tin|zinc|copper|iron|mercury|arsenic)\b)",
                "lˈɛd",
            ),
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
            (
                r"\b(?:air(?:s|ed|ing)?|listen(?:s|ed|ing)?|taped|televised|(?:come|comes|coming) to you|(?:seen|see|saw|hear|heard|watch) (?:them|him|her|this band|the band|that band)) (live)\b(?! (?:in (?:peace|fear|poverty|harmony)|with|there|here|long|longer|together|alone))",
                "lˈIv",
            ),
            (rf"{_START}(live)(?= and let live)", "lˈɪv"),
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
        "mobile": (
            (
                rf"{_START}(mobile)(?= (?:users?|phones?|apps?|devices?|data|games?|carriers?|internet|banking|payments?|number)\b|:)",
                "mˈObᵊl|mˈQbIl",
            ),
            (r"\b(mobile)(?=, ala)", "mObˈil"),
        ),
        "moderate": (
            (rf"\b{_BEFORE_VERB} (moderate)\b(?! to)", "mˈɑdəɹˌAt"),
            (rf"{_START}(moderate)(?= (?:{_POSSESSIVE}|the)\b)", "mˈɑdəɹˌAt"),
        ),
        "object": (
            (r"\b(?!this |its )\w{3,}s (object)(?= (?:to (?!be|behold|have)|that\b))", "əbʤˈɛkt"),
            (r"\b(?:do|does|did) (?:anyone|anybody|you|they|he|she|we|i) (object)\b", "əbʤˈɛkt"),
            (rf"\b{_BEFORE_VERB} (object)\b(?!-)", "əbʤˈɛkt"),
            (r"\bto (object)(?= to\b|[.,;!?]|$)", "əbʤˈɛkt"),
        ),
        "objects": ((r"\b(?:he|she|who|no one|nobody|everyone) (objects)\b", "əbʤˈɛkts"),),
        "polish": (
            (rf"{_START}(polish)(?= up\b)", "pˈɑlɪʃ"),
            (rf"{_START}(polish)(?= (?:the|it|each|them|{_POSSESSIVE})\b)", "pˈɑlɪʃ"),
        ),
        "presents": (
            (
                r"\b(?:birthday|christmas|wedding|wrapped|wrap(?:ping)?|the|these|those|his|her|my|your|our|their|some|many|of|two|"
                r"three|more|no|any|open(?:ed|ing)?|buy(?:ing)?|bought|gave|give|giving|with|and) (presents)\b(?! (?:an?|the|as) )",
                "pɹˈɛzᵊnts",
            ),
        ),
        "project": (
            (
                r"\b(?:analysts|economists|officials|experts|forecasters|scientists|researchers|models|estimates) (project)(?= (?:that|an?|the|growth|sales|revenue|it|they|(?:costs|prices) (?:will|to))\b)",
                "pɹəʤˈɛkt",
            ),
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
                r"\b(?:have|has|had|having|haven't|hasn't|hadn't|\w+'ve)(?: (?:not|never|ever|all|both|just|also|only|even|since|already|\w+ly)){0,2} (read)\b",
                "ɹˈɛd",
            ),
            (r"\b\w+'d (?:never|already|just) (read)\b", "ɹˈɛd"),
            (
                r"\b(?:was|were|been|being|is|are) (?:\w+ly )?(read)(?= (?:his|her|their|aloud|out|by|to|as|in|at)\b|[.,;!?]|$)",
                "ɹˈɛd",
            ),
            (r"\b(read)(?= (?:in part|as follows)\b)", "ɹˈɛd"),
            (r"\bmark(?:ed|s|ing)?(?: \w+)? as (read)\b", "ɹˈɛd"),
            (r"\b(?:widely|well) (read)\b", "ɹˈɛd"),
            (r"\b(?:everything|anything|what|all|while|whatever|that) you (read)\b", "ɹˈid"),
            (r"\bi (read)(?= (?:the|a) (?:news|newspaper|paper|book|bible)\b[^.!?]* every\b)", "ɹˈid"),
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
        "re": ((r"\b(re)(?=: )", "ɹˈi"),),
        "resume": (
            (r"\b(?:cover letter and|email|mail|upload) (resume)\b", "ɹˈɛzəmA"),
            (rf"{_START}(resume)(?=: | tips\b| writing\b| examples?\b| templates?\b)", "ɹˈɛzəmA"),
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
            (r"\beyes (?:\w+ )?(tear)(?= up\b)", "tˈɪɹ"),
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
        "tears": (
            (r"\b(tears)(?= up (?:at|when|whenever|every|easily)\b)", "tˈɪɹz"),
            (r"\b(?:muscle|ligament|acl|tendon|meniscus|cuff|labral|hamstring) (tears)\b", "tˈɛɹz"),
        ),
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
        "winds": (
            (
                r"\b(?:sustained|strong|high|gusty|light|westerly|northerly|southerly|easterly|trade|hurricane-force|gale-force) (winds)\b",
                "wˈɪndz",
            ),
            (rf"\b{_WAY} (winds)(?= {_ALONG}\b)", "wˈIndz"),
        ),
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
        "job": (
            (r"\b(job)(?= (?:answered|said unto)\b)", "ʤˈOb"),
            (r"\b(?:book|patience) of (job)\b(?! (?:tips|offers|listings))", "ʤˈOb"),
        ),
        "protest": (
            (
                rf"\b(?:{_BEFORE_VERB}|to|workers|students|farmers|residents|people|thousands|hundreds) (protest)\b(?! (?:march\w*|movements?|groups?|songs?|votes?|rall\w+|camps?|leaders?|organi\w+|letters?|music)\b)",
                "pɹətˈɛst",
            ),
        ),
        "rows": ((r"\b(?:having|blazing|furious|bitter|heated|family|terrible|flaming) (rows)\b(?! of\b)", "ɹˈWz"),),
        "used": (
            (
                r"\b(?:gun|knife|weapon|car|van|vehicle|truck|rope|hammer) (used)(?= to (?:kill|rob|transport|carry|stab|shoot|steal|attack|commit|move|break|tow|haul)\b)",
                "jˈuzd",
            ),
            (
                r"\b(?:kids|children|street|town|river|city|village) (used)(?= to (?:be|have|flood|play|swim|live|go|run|come|sit|walk|ride)\b)",
                "jˈust",
            ),
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
    "Moines": (re.compile(r"(?=Des Moines\b)(Des)\b"), "də"),
    "Rouge": (re.compile(r"(?=Baton Rouge\b)(Baton)\b"), "bˈætᵊn"),
    "Croix": (re.compile(r"(?<=Saint )(Croix)\b"), "kɹˈY"),
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


def _say(said: str, british: bool) -> str:
    american, _, other = said.partition("|")
    return (other or to_british(american)) if british else to_american(american)


def _in_accent(words: Mapping[str, str], british: bool) -> dict[str, str]:
    return {word: _say(said, british) for word, said in words.items()}


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
            yield *match.span(match.lastindex or 1), _say(phonemes, british)


__all__ = ["accented_pronunciations", "find_homographs", "known_pronunciations", "to_american", "to_british"]
