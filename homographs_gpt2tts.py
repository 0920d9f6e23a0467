# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""
Words whose pronunciation their neighbours tell: "a lead pipe", "bass guitar", "your resume", "in Nice". The rules are over
words and go where the G2P packages, which go by parts of speech, are likely to err.
"""

import functools
import re
from collections.abc import Iterator

from .pronunciations_gpt2tts import say
from .text_tables_gpt2tts import parse_table

_BEFORE_VERB = (
    r"(?:i|we|they|you|he|she|who|it|will|would|can|could|may|might|shall|should|must|cannot|not|"
    r"\w+n't|\w+'ll|always|never|often|strongly)"
)
_POSSESSIVE = r"(?:my|your|his|her|its|our|their)"
_AFTER_BE = r"(?:am|is|are|was|were|be|been|being|\w+'(?:m|s|re)|not|quite|perfectly|(?:feel|seem|look|remain|stay)(?:s|ed)?|felt)"
_START = r"(?:^|(?<=[.!?:] )|(?<=[\"(“]))"
_WAY = r"(?:road|river|path|trail|track|street|lane|stream|stairs|staircase|line|queue|procession|route|highway|way|canal)"
_ALONG = (
    r"(?:through|around|along|up|down|between|past|across|its|into|over|back|away|out|among|by|round|to|toward|towards|"
    r"upwards?)"
)
_SHUTS = (
    r"(?:shops|stores|banks|doors?|gates?|offices|polls|markets|museums|restaurants|bars|pubs|applications|entries|ports|"
    r"curtains|eyes|eyelids|lids?|mouth|fingers)"
)
_SELF = r"(?:myself|yourself|thyself|himself|herself|itself|oneself|ourselves|yourselves|themselves)"
_PEOPLE = r"(?:people|men|women|students|pupils|children|kids|scholars|teachers|readers|adults|americans|teenagers|boys|girls|few|many|most)"
_END = r"(?=[.,;:!?]|$)"
_TRAIN = r"(?:train|procession|column|parade|line|convoy|caravan|cort[eè]ge|crowd|creek|brook|valley|queue|stairs|steps|road|roads|river|path|stream|way)"
_LETTERS = re.compile("[a-z]+")

# nouns and adjectives that are said otherwise where they are verbs
_VERBS = parse_table("""
abuse=əbjˈuz; affix=əfˈɪks; annex=ənˈɛks; appropriate=əpɹˈOpɹiˌAt; buffet=bˈʌfət|bˈʌfɪt; close=klˈOz; combat=kəmbˈæt;
compliment=kˈɑmpləmˌɛnt; compound=kəmpˈWnd; confine=kənfˈIn; conflict=kənflˈɪkt; console=kənsˈOl; contest=kəntˈɛst;
contract=kəntɹˈækt; contrast=kəntɹˈæst|kəntɹˈɑːst; convict=kənvˈɪkt; delegate=dˈɛləɡˌAt; desert=dəzˈɜɹt|dɪzˈɜːt;
discard=dəskˈɑɹd|dɪskˈɑːd; document=dˈɑkjəmˌɛnt; entrance=ɪntɹˈæns|ɪntɹˈɑːns; escort=ɪskˈɔɹt; export=ɛkspˈɔɹt;
ferment=fəɹmˈɛnt; fragment=fɹˈæɡmˌɛnt|fɹaɡmˈɛnt; frequent=fɹikwˈɛnt; graduate=ɡɹˈæʤʊˌAt; house=hˈWz; impact=ɪmpˈækt;
increase=ɪnkɹˈis; indent=ɪndˈɛnt; intern=ɪntˈɜɹn; intimate=ˈɪntəmˌAt; intrigue=ɪntɹˈiɡ; legitimate=ləʤˈɪTəmˌAt
""")
# of these the ones that need no object, and the ones that are never verbs for the G2P packages
_INTRANSITIVE = frozenset(
    {"close", "conflict", "contract", "contrast", "convict", "ferment", "fragment", "graduate", "increase"}
)
_NEVER_VERBS = frozenset({"annex", "combat", "entrance", "export", "impact"})
_OBJECT = (
    rf"(?:{_SELF}|{_POSSESSIVE}|it|them|him|us|me|everyone|everything|one another|each other|the(?! (?:most|next|other|day|night|more)\b)|an?|you|this|these|those|"
    r"all (?:the|of|\w+s)|every|each|any|such|how|what|people|half|more|less|hundreds|thousands|millions)"
)
# a word in -s that is likely a plural, not "this", "business" or "status"
_PLURAL = (
    r"(?!(?:was|has|does|goes|news|arms|always|sometimes|besides|perhaps|whereas|texas|james|charles|gas)\b)"
    r"(?:\w{2,}[^\W_siu]s|people|men|women|children|police|half)"
)
_CLAUSE = rf"(?:{_START}|(?<=[,;] )|\b(?:and|but|when|if|as|because|while|where|how|since|although|though|than|until|whether|why) )"
_NO_NOUN = r"(?!(?:of|for|in|on|and|or|to|than)\b)"
_SINGULAR = rf"\b(?:{_POSSESSIVE}|the|this|that|an?|every|each|\w+'s)(?: {_NO_NOUN}\w+)? {_NO_NOUN}\w*[^\W_s]"
# "the contracts the firm won", "the documents you can read"
_RELATIVE = (
    r"(?:the (?:\w+ )?\w+|it|you) (?:\w+ed|made|won|had|has|have|sold|sent|bought|got|is|was|wants|needs|uses|relies|can|could|"
    r"will|would|may|might)\b"
)
_AUXILIARY = r"(?:will|would|did|do|does|can|could|should|may|might|must)"
_ADVERB = r"(?: (?:also|never|often|always|still|only|rarely|\w+ly))?"
# what stands around one of the words, which is VERB in the pattern, and which words it is looked for
_VERB_RULES = (
    (
        rf"(?:{_START}|(?<=[,;] )|\b(?:{_BEFORE_VERB}|to|please|and|or|then|also|and \w+|{_PLURAL}(?: that)?) )"
        rf"(VERB)(?= {_OBJECT}\b)(?! {_RELATIVE})",
        _VERBS.keys(),
    ),
    (
        r"\b(?:will|would|can|could|(?<!in )may|might|must|should|shall|cannot|\w+n't|\w+'ll|(?:do|does|did) not|we|they|"
        r"you|i|who) (VERB)\b",
        _NEVER_VERBS,
    ),
    (
        r"(?<!exposed )(?<!due )(?<!subject )(?<!return )(?<!returned )(?<!related )(?<!prior )\bto (VERB)\b"
        r"(?! (?:and|or|of|in|is|was|are)\b)",
        _NEVER_VERBS,
    ),
    (
        rf"\b(?:{_AUXILIARY}|let|lets|make|makes|made|help|helps|helped|watch|watched|see|saw|hear|heard) (?:(?:{_POSSESSIVE}|the|an?|this|that|these|those) (?:\w+ )?\w+|him|her|it|them|us|me|"
        rf"this|that|he|she|we|they|you|i|anyone|people) (VERB)(?= {_OBJECT}\b)",
        _VERBS.keys(),
    ),
    (
        rf"\b(?:{_AUXILIARY} (?:{_POSSESSIVE}|the|this|that|these|those) (?:\w+ )?"
        rf"(?!live|stay|come|get|sit|stand|feel|be)\w+ (?=\w+\?)|let (?:{_POSSESSIVE}|the) \w+ )(VERB)(?=[.,;!?]|$)",
        _INTRANSITIVE,
    ),
    (
        rf"(?<!keep )(?<!hold )(?<!kept )(?<!held )(?:{_CLAUSE}|\b(?:{_POSSESSIVE}|the|these|those|two|three|many|most|some|few|"
        rf"all|both|other|only) ){_PLURAL}{_ADVERB} (VERB)(?= (?:as|in(?! age)|at(?! hand)|on|when|(?<!contract )with|for|after|"
        r"before|over|until|from|into|under|without|about|between|and|again|one|due|\w+ly|early|late|lower|higher|ten)\b|"
        r"[.,;!?]|$)",
        _INTRANSITIVE,
    ),
    (
        rf"(?:{_CLAUSE}|\b(?:these|those|many|most|some|few|all|other|such) ){_PLURAL}(?: that)?{_ADVERB} (VERB)"
        r"(?= (?!of|and|or|is|was|are|were|to|in|on|for|from|at|by|with|the)\w)",
        _NEVER_VERBS,
    ),
)
_VERB_S_RULES = (
    (rf"\b(?:he|she|who|it|everyone|everybody|nobody|no one|someone|somebody){_ADVERB} (VERB)\b", _VERBS.keys()),
    (rf"{_SINGULAR} (VERB)(?= {_OBJECT}\b)(?! {_RELATIVE})", _VERBS.keys()),
    (
        rf"{_START}(?!(?:these|those|all|some|many|most|such|two|few|no|more|other|from|by|with|at)\b){_NO_NOUN}\w+ (VERB)"
        rf"(?= {_OBJECT}\b)(?! {_RELATIVE})",
        _VERBS.keys(),
    ),
    (rf"\b(?:that|which|and|or|then|also|\w+ly) (VERB)(?= {_OBJECT}\b)(?! {_RELATIVE})", _VERBS.keys()),
    (
        rf"{_SINGULAR} (VERB)(?= (?:(?:as|when) (?:it|he|she)|sharply|starkly|markedly|strongly|slightly|slowly|quickly)\b)",
        _INTRANSITIVE,
    ),
)
_SHIPS = (
    r"\b(?:ships?|boats?|canoes?|yachts?|vessels?|captain|harbou?r|sailors?|sail(?:ed|ing|s)?|decks?|torpedo(?:es)?|waves?|anchor|"
    r"stern|starboard|crew|row(?:ed|ing)|oars?|steer\w*|shore\w*|barge|raft|kayak|sea|hull|mast|ferry|steamer|tanker)\b"
)
_NO_SHIPS = r"\b(?:arrows?|archers?|violin\w*|cell(?:o|ist)|fiddle\w*|ribbons?|hair)\b"
# words that are said otherwise in texts about something: what these are about, what they are not about, the word among its
# neighbours, and how it is said
_TOPICS = {
    "bass": (
        r"\b(?:fish\w*|caught|catch\w*|lake|river|hook\w*|bait|reel\w*|angl\w+|grill\w*|fillet\w*|fried|pond|sea|striped|\w+mouth|"
        r"pound|lemon|menu)\b",
        r"\bbass (?:guitar|player|drum|line|clef|solo|riff|part|note|amp|boost|voice|singer)|"
        r"\b(?:play(?:s|ed|ing)?|double|electric) bass\b",
        r"\b(bass)\b",
        "bˈæs",
    ),
    "bow": (
        _SHIPS,
        _NO_SHIPS,
        r"\b(?:the|her|its|our|their|from|starboard|port|\w+'s) (bow)\b(?! (?:tie|window|legs?|string))",
        "bˈW",
    ),
    "bows": (_SHIPS, _NO_SHIPS, r"\b(?:the|her|its|our|their|under|\w+'s) (bows)\b", "bˈWz"),
    "lead": (
        r"\b(?:pipes?|paints?|toxic|poison\w*|zinc|copper|tin|mercury|arsenic|cadmium|bullets?|solder|mines?|mined|smelt\w*|melt\w*|"
        r"molten|metals?|ore|gold|blood|roofs?|toys|soil|alchem\w*|harmed|radiation|rays|petrol|gasoline|ammunition|water|batter(?:y|ies)|"
        r"contaminat\w*|heavier|soft|weighs|\w*exposed|chemicals?)\b",
        r"\b(?:lead by|take the lead|the lead (?:role|singer))\b",
        r"(?:\b(?:(?:of|with|by|for|from|than|contain(?:s|ed|ing)?|found|use[ds]?|using|melt(?:s|ed|ing)?|remov(?:e|es|ed|ing)|"
        r"(?:exposed|exposure) to) (?=\w+(?:[.,;:!?]|$| (?:and|or|is|was|were|has|in|from|into|for|to make|can)\b))|(?:is|was|some|like|in) "
        rf"(?=\w+(?:[.,;:!?]|$| (?:so|in)\b)))|{_START}(?=\w+ (?:is|was|were|has|can|melts|poison\w*)\b))(lead)\b",
        "lˈɛd",
    ),
}

# of each word what stands around it (it is the last group) and how it is said there
_HOMOGRAPHS = {
    "abuse": (
        (
            rf"\b(?:{_BEFORE_VERB}|to|people|and|or) (abuse)(?= (?:drugs|alcohol|{_POSSESSIVE}|the|an?|him|her|them|it|this|"
            r"that|power|children|animals|others|substances|[a-z]+s)\b)",
            "əbjˈuz",
        ),
        (r"\b(?:who|not to|to) (abuse)\b", "əbjˈuz"),
    ),
    "aged": (
        (
            r"\b(?:an|the|his|her|their|my|our|your|poor|that|this) (aged)(?=[.,;!?]|$| (?!cheese|cheddar|gouda|parmesan|beef|steak|"
            r"meat|ham|wine|port|sherry|rum|whisk|bourbon|brandy|tequila|vinegar|balsamic|garlic|leather|wood|timber|casks?|look|"
            r"care|between|over|under|from|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|\w+teen|"
            r"\w+ty)\w)",
            "ˈAʤᵻd",
        ),
        (
            r"\b(?:sick|young|poor|infirm|disabled|weak|blind) and (?:the )?(aged)(?=[.,;]|$| (?:were|are|was|is|who)\b)",
            "ˈAʤᵻd",
        ),
    ),
    "bass": ((r"\b(bass)\b", "bˈAs"),),
    "blessed": (
        (rf"{_START}(blessed)(?= (?:is|are|be)\b)", "blˈɛsᵻd"),
        (r"\b(blessed)(?= (?:day|event|virgin|sacrament|mother|are|be|relief|silence)\b)", "blˈɛsᵻd"),
        (
            r"\b(?:an?|the|of|every|no|whole|that|this|your|her|his|my|our|those|these|most|thrice|thou|ye) (blessed)(?= (?:things?|rest|lot|ones?|saints?|peace|memory|lord|savio[u]?r|jesus|name|hope|words?|moment|sleep|state|land|isles?|sun|spirit|trinity|child|assurance|martyrs?|company|place|night|week|minute|morning|mary|change|lady|angels?|apostles?|cross|candles?|truth|gift|sight|sound|release|thing)\b)",
            "blˈɛsᵻd",
        ),
    ),
    "bow": (
        (r"\b(?:made|makes?|making) (?:his|her|their|a) (bow)\b(?! (?:tie|with|from|of|out|and arrow))", "bˈW"),
        (r"\b(?:ship's|boat's|vessel's|final) (bow)\b(?! tie)", "bˈW"),
        (
            r"\b(?:low|deep|stiff|formal|mock|polite|courtly|sweeping|graceful|curt|respectful|theatrical|solemn|gallant|slight|exaggerated|mocking) (bow)\b(?! (?:tie|and arrow|window))",
            "bˈW",
        ),
        (
            r"\b(?:gave|gives?|giving) (?:him |her |them |me |us )?(?:an?|his|her) (?:little |small |quick |short |half )?(bow)\b(?! (?:tie|with|for|and arrow))",
            "bˈW",
        ),
        (
            r"(?<!pulled )(?<!tugged )\b(?:at|across|off|over|near|through) the (?:port |starboard |ship's |boat's )?(bow)\b(?! (?:tie|string|window|and arrow))",
            "bˈW",
        ),
        (
            rf"\b(?:took|takes?|taking|taken) (?:an?|{_POSSESSIVE}|one last) (?:final |deep )?(bow)\b"
            r"(?! (?:and arrow|tie))",
            "bˈW",
        ),
        (
            r"\b(?:answered|replied|responded|departed|withdrew|left|retired|said|ended|finished|concluded|entered|greeted|welcomed|saluted|thanked)(?: \w+){0,3} with (?:an?|another) (?:\w+ )?(bow)\b(?! (?:and arrow|tie))",
            "bˈW",
        ),
        (
            r"(?:^|[.!?,;\"] )(?:and )?with (?:an?|another) (?:\w+ )?(bow)(?=,| and an? (?:smile|flourish|few|word|nod|laugh|wave)\b| (?:he|she) )",
            "bˈW",
        ),
        (r"\bwith an? (?:\w+ )?(bow)(?= to (?:his|her|the|my|their|us|them|me|him)\b)", "bˈW"),
        (
            r"\b(?:return|acknowledg|answer)(?:s|ed|ing|e)? (?:\w+ )?(?:his|her|their|my|the|its) (?:\w+ )?(bow)\b(?! and arrow)",
            "bˈW",
        ),
        (rf"{_START}(bow)(?= (?:down|before|low|deeply|thy|to|and(?! arrow))\b)", "bˈW"),
        (rf"\b{_PLURAL} (bow)(?= to\b)", "bˈW"),
        (r"\b(bow)(?= of (?:acknowledg\w+|thanks|greeting|respect|farewell|gratitude|assent)\b)", "bˈW"),
    ),
    "bowed": ((r"\b(bowed)\b(?! (?:leg|string|instrument))", "bˈWd"),),
    "close": (
        (
            r"\b(?!(?:as|was|has|this|less|across|always|its|his|gets|comes|stays|remains|draws|feels|seems|looks|keeps|holds|sits|stands|lies|lives|works|moves|pulls|edges|inches|perhaps|thus|gas|boss|pass|class|address|business|species|series|news|plus|\w+ss|\w+us) )\w{3,}s (close)(?= (?:higher|lower|down|up|mixed|early|due|until)\b| (?:on|at|for) (?!hand|to\b|occasion)| in (?:\w+ )?at\b| (?:january|february|march|april|may|june|july|august|september|october|november|december|sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b)",
            "klˈOz",
        ),
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
            r"file|button|down|up(?!,)|out)\b)",
            "klˈOz",
        ),
        (r"\b(?:to|at|until|from) (?:the|a) (close)(?=[.,;!?]|$| (?:of|with|on|in|as|after|when)\b)", "klˈOz"),
    ),
    "conflict": ((r"\b(?:when|if|where) (?:the two|they|these|\w+s) (conflict)(?=[,.;]| with\b)", "kənflˈɪkt"),),
    "conflicts": (
        (
            r"\b(?:it|this|that|which|time|date|meeting|schedule|data|evidence|theory|account|statement|version|story) (conflicts)(?= with)",
            "kənflˈɪkts",
        ),
    ),
    "content": (
        (
            r"\b(?:happy|warm|full|fed|safe|calm|peaceful|sleepy|relaxed|comfortable|healthy|satisfied|quiet|drowsy) and (content)\b(?! (?:creator|on|of|from))",
            "kəntˈɛnt",
        ),
        (rf"{_START}(content)(?= with (?:\w+ )?\w+, )", "kəntˈɛnt"),
        (
            rf"\b{_AFTER_BE} (?:(?:you|they|we|he|she|i) )?(content)(?= (?:with|to|in|at|just)\b|[.,;!?]|$)",
            "kəntˈɛnt",
        ),
        (rf"(?<!the )\b(content)(?= {_SELF}\b)", "kəntˈɛnt"),
        (
            r"\b(?:am|is|are|was|were|be|been|seems?|seemed|felt|feels?|looks?|looked) (?:quite|perfectly|so|very|well|more than|fully|entirely|not|never|always|almost|less|long) (content)\b",
            "kəntˈɛnt",
        ),
        (
            r"\b(?:lived(?: there| here)?|lay|lie|lies|sat|died|die|slept|sleep|sighed|smiled|purred|went away),? (content)(?=[.,;!?]|$| (?:in|with|to|and|at|on|by|beside|for)\b)",
            "kəntˈɛnt",
        ),
        (r"\ba (content)(?= (?:man|woman|child|baby|cat|life|smile|sigh|and happy)\b)", "kəntˈɛnt"),
    ),
    "dove": (
        (
            r"\b(dove)(?= (?:to|for) (?:his|her|my|their|the|its) (?:left|right|ground|floor|bottom|ball|cover)\b)",
            "dˈOv",
        ),
    ),
    "insert": (
        (
            rf"{_START}(insert)(?= (?:the|an?|your|coins?|cards?|key|one|it|this|dis[ck]|batteries|text|image|table|link|here)\b)",
            "ɪnsˈɜɹt",
        ),
    ),
    "convict": ((r"\b(?:votes?|needed|enough|required|voted|failed|decision|evidence) to (convict)\b", "kənvˈɪkt"),),
    "conduct": (
        (
            r"\b(?:police|officers|agents|officials|troops|researchers|scientists|teams|we|they) (conduct)(?= (?:raids|searches|tests|research|interviews|an?|studies|business)\b)",
            "kəndˈʌkt",
        ),
        (r"\b(conduct)(?= (?:heat|electricity|electric\w*|impulses|current)\b)", "kəndˈʌkt"),
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
    "contracts": (
        (
            r"\b(?:muscle|heart|pupil|metal|economy|uterus|gas) (contracts)\b(?! (?:with|were|are|is|was|have|had|for|to|signed|worth)\b)",
            "kəntɹˈækts",
        ),
    ),
    "record": (
        (r"\b(?:cameras?|devices?|phones?|microphones?|sensors?) that (record)\b", "ɹəkˈɔɹd"),
        (rf"{_START}(record)(?= (?:yourself|how|what|everything|it|them)\b)", "ɹəkˈɔɹd"),
    ),
    "house": (
        (r"\bhouse to (house)\b|\bto (house)(?= (?:number|one|two|three|four|ten|twelve)\b)", "hˈWs"),
        (
            r"\b(?:that|which|to|can|will|would|could) (house)(?= (?:offices|inmates|students|horses|animals|people|families|refugees|up to|over|more than|about|the)\b)(?<!that house)|\bthat (house)(?= (?:offices|inmates|students|animals|people|families|refugees))",
            "hˈWz",
        ),
        (
            r"\b(?:that|which|sheds|barns|rooms|buildings) (house)(?= (?:cattle|livestock|sheep|chickens|pigs|animals|inmates|collections)\b)",
            "hˈWz",
        ),
    ),
    "contrast": ((r"\bcompare and (contrast)\b", "kəntɹˈæst|kəntɹˈɑːst"),),
    "contrasts": (
        (rf"{_SINGULAR} (contrasts)(?= with\b)(?<!sharp contrasts)(?<!stark contrasts)", "kəntɹˈæsts|kəntɹˈɑːsts"),
    ),
    "exports": (
        (
            r"\b(?:country|nation|company|firm|island|region|farm|factory|plant|port|china|india|brazil) (exports)\b"
            r"(?! (?:were|are|is|was|have|had|rose|fell|grew|and|to|of)\b)",
            "ɛkspˈɔɹts",
        ),
    ),
    "imports": (
        (
            r"\b(?:country|nation|company|firm|island|region|farm|factory|plant|china|india|britain) (imports)\b"
            r"(?! (?:were|are|is|was|have|had|rose|fell|grew|and|to|of)\b)",
            "ɪmpˈɔɹts",
        ),
    ),
    "progress": (
        (r"\bas (?:the |this |these )?(?:\w+ )?(?!this |its )\w{2,}s (progress)(?=[,.;]|$)", "pɹəɡɹˈɛs"),
        (rf"{_START}(progress)(?= to (?:the next|a|level)\b)", "pɹəɡɹˈɛs"),
    ),
    "rebels": (
        (
            r"\b(?:he|she|it|who|everyone|nobody|mind|heart|body|soul|spirit) (rebels)(?= (?:against|at)\b|[.,;])",
            "ɹəbˈɛlz",
        ),
    ),
    "rebel": ((rf"{_START}(rebel)(?= against\b)", "ɹəbˈɛl"),),
    "converse": ((r"(?<!the )(?<!no )(?<!a )(?<!much )\b(converse)(?= with\b)", "kənvˈɜɹs"),),
    "increases": (
        (
            rf"(?:{_SINGULAR}|\bof the \w+)(?<!price)(?<!tax)(?<!wage)(?<!pay)(?<!rate)(?<!rent)(?<!salary)(?<!recent)(?<!sharp) "
            r"(increases)(?= (?:as|with|when)\b)",
            "ɪnkɹˈisᵻz",
        ),
    ),
    "contents": ((rf"\b(contents)(?= {_SELF}\b)", "kəntˈɛnts"),),
    "present": (
        (
            r"\b(?!this |its |his )\w{3,}s (present)(?= (?:\w+ )?(?:difficulties|problems|challenges|obstacles|opportunities|risks|dangers|features)\b)",
            "pɹəzˈɛnt",
        ),
        (r"\b(present)(?= arms\b)", "pɹəzˈɛnt"),
    ),
    "impact": (
        (
            r"\b(?:will|would|can|could|may|might|to|not|factors|policies that|changes that|which|costs|changes|directly|negatively|significantly|adversely|it) (impact)(?= (?:the|our|your|their|his|her|its|my|you|us|them|everyone|how|every|all|health|families|sales|people|both|many)\b)",
            "ɪmpˈækt",
        ),
    ),
    "impacts": (
        (
            r"\b(?:it|this|that|which|directly|negatively|also|really|change) (impacts)(?= (?:the|our|your|their|his|her|its|my|you|us|them|everyone|how|every|all|health|people|both|many|on)\b)(?<!impacts on)",
            "ɪmpˈækts",
        ),
    ),
    "separate": (
        (
            r"\b(?:miles|years|walls?|mountains|inches|feet|yards|doors|alps|meters|metres|kilometers|kilometres|generations|centuries|decades|days|hours|months|points|seconds|minutes|degrees|oceans|words) (separate)(?= (?:the|us|them|him|her|me|it|this|that|these|those|our|their|his|\w+ from)\b)",
            "sˈɛpəɹˌAt",
        ),
    ),
    "alternate": ((r"(?<!the )(?<!an )\b(alternate)(?= (?:with|between)\b)", "ˈɔltəɹnˌAt"),),
    "appropriate": (
        (
            r"\b(?:to|they|congress|lawmakers|would|could|can|will|may|not) (appropriate)(?= (?:the|funds|money|it|them|land|lands|another|others|some|what|his|her|their|for)\b)(?<!not appropriate for)(?! for)",
            "əpɹˈOpɹiˌAt",
        ),
    ),
    "approximate": (
        (
            r"\b(?:to|that|which|they|can|will|not|closely|figures|models|values|results|numbers|curves|methods|functions|conditions|\w+ly) (approximate)(?= (?:the|an?|to|reality|it|those|his|its|this|these|what|human)\b)",
            "əpɹˈɑksəmˌAt",
        ),
    ),
    "intimate": (
        (
            r"\b(?:to|did|would|not|they|might|could|dared|he|she|\w{3,}s) (intimate)(?= (?:that|as much|nothing|anything|to|his|her|their|my|the fact|something)\b)",
            "ˈɪntəmˌAt",
        ),
    ),
    "animate": (
        (
            r"(?<!to )\b(animate)(?= (?:and|or) inanimate\b| (?:beings?|objects?|nouns?|creatures?|nature|matter)\b)",
            "ˈænəmət",
        ),
    ),
    "bows": (
        (
            r"\b(?:take|took|taking|takes|taken|exchanged|low|deep|stiff|polite|profound) (?:(?:their|three|several|many|two|a few|his|her|final|low|deep) )?(bows)\b(?! and arrows)",
            "bˈWz",
        ),
    ),
    "does": (
        (r"\b(?:bucks|stags|harts|deer) (?:and|or) (does)\b", "dˈOz"),
        (r"\b(does)(?= (?:and|with) (?:their |the )?(?:fawns?|bucks?|stags?|young)\b)", "dˈOz"),
        (r"\b(?:herds? of|shoot|shot|hunt(?:ed|ing)?|kill(?:ed)?) (does)\b", "dˈOz"),
        (
            r"\b(?:two|three|four|several|the) (does)(?= (?:crossed|grazed|grazing|stood|were|ran|fed|bounded|leapt)\b)",
            "dˈOz",
        ),
    ),
    "crooked": (
        (
            r"\b(crooked)(?= (?:his|her|a|an|one|my|its|their) (?:\w+ )?(?:fingers?|arm|elbow|thumb|leg|hand)\b)",
            "kɹˈʊkt",
        ),
        (r"\b(?:finger|fingers|arm) (crooked)(?= (?:around|round|at|about)\b|[.,;]|$)", "kɹˈʊkt"),
    ),
    "intern": (
        (
            r"\b(?:to|they|government) (intern)(?= (?:aliens|prisoners|japanese|citizens|enemy|them|him|all|suspect\w*)\b)",
            "ɪntˈɜɹn",
        ),
    ),
    "upset": ((r"\bstomach (upset)\b", "ˈʌpsˌɛt"),),
    "implant": (
        (
            r"\b(?:an?|the|dental|breast|hip|cochlear|brain|chip|her|his) (implant)\b(?! (?:the|them|it)\b)",
            "ˈɪmplˌænt",
        ),
    ),
    "recount": ((r"\b(?:a|the|hand|vote|manual|full|second|florida) (recount)\b", "ɹˈikˌWnt"),),
    "reject": ((r"\b(?:a|the|factory) (reject)(?=[.,;]|$| (?:pile|bin|shop|from)\b)", "ɹˈiʤˌɛkt"),),
    "slough": ((r"\b(slough)(?= (?:off|their|its|the)\b)", "slˈʌf"),),
    "number": (
        (r"\b(?:grew|growing|grow|felt|getting|ever) (number)(?= (?:with|and number|by)\b|[.,;]|$)", "nˈʌməɹ"),
    ),
    "delegate": (
        (rf"{_START}(delegate)(?= (?:tasks?|work|authority|responsibilit\w+|it|what|whenever)\b)", "dˈɛləɡˌAt"),
    ),
    "elaborate": ((rf"{_START}(elaborate)(?=[,.!]| (?:on|upon|please)\b)", "əlˈæbəɹˌAt"),),
    "terrible": ((r"\benfant (terrible)\b", "tɛɹˈiblə"),),
    "grace": ((r"\bcoup de (grace)\b", "ɡɹˈɑːs"),),
    "riche": ((r"\bnouveau (riche)\b", "ɹˈiʃ"),),
    "oblige": ((r"\bnoblesse (oblige)\b", "Oblˈiʒ"),),
    "dame": ((r"\bgrande (dame)\b", "dˈɑːm"),),
    "piece": ((r"\b(piece)(?= de resistance)", "pjˈɛs"),),
    "resistance": ((r"\bpiece de (resistance)\b", "ɹəzˌistˈɑːns"),),
    "sine": ((r"\b(sine)(?= (?:qua|die)\b)", "sˈIni"),),
    "brute": ((r"\bet tu,? (brute)\b", "bɹˈutA"),),
    "mater": ((r"\balma (mater)\b", "mˈɑːTəɹ"),),
    "passant": ((r"\ben (passant)\b", "pæsˈɑːnt"),),
    # of "wˌI ɑɹ" the model makes "wire"
    "why": ((r"\b(why)(?= are\b)", "wˈI"),),
    "coq": ((r"\b(coq)(?= au vin\b)", "kˈOk"),),
    "vin": ((r"\bcoq au (vin)\b", "vˈæn"),),
    "la": ((r"\b(a)(?= la (?:carte|mode)\b)", "ˌɑː"),),
    "na": ((r"\b(na)(?=,? na\b)", "nˈɑː"), (r"(?:(?<=\bna )|(?<=\bna, ))(na)\b", "nˈɑː")),
    "je": ((r"\b(je)(?= ne\b)", "ʒə"),),
    "ne": ((r"\bje (ne)\b", "nə"),),
    "fin": ((r"\b(fin)(?= de siecle)", "fˈæn"),),
    "invalid": (
        (
            r"\b(?:an|the|his|her|chronic|helpless|poor) (invalid)"
            r"(?=[.,;!?]|$| (?:for|who|since|wife|husband|son|mother)\b)",
            "ˈɪnvəlɪd",
        ),
        (
            r"\b(?:an|the|his|her|poor|helpless|confirmed|old|young|our|my|fellow) (invalid)(?=[.;!?]|$| (?:lay|slept|sighed|sat|took|looked|smiled|chairs?|all|mother|sister|brother|father|aunt|uncle|lady|from|had|on|could|himself|herself|was (?:carried|wheeled|lying|resting|asleep|better|worse|able|helped|moved|sitting))\b)(?<!declared invalid)",
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
            r"\b(?:like|heavy as|lumps? of|tons? of|ounces? of|pounds? of|sheets? of|amounts? of|concentrations? of|(?:positive|tested|testing) for) (lead)(?=[.,;!?]|$| (?:in|and|had|were|was|fell)\b)",
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
        (r"\bpencil (lead)\b", "lˈɛd"),
        (r"\bget the (lead)(?= out\b)", "lˈɛd"),
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
        (
            r"\b(?:turn|change|transmute|convert|transform)(?:s|ed|ing)? (?:the |base )?(lead)(?= (?:in)?to gold\b)",
            "lˈɛd",
        ),
        (
            rf"\b(?:colou?r|heart|hearts|legs|feet|weight|roof|roofs|bullet|ball|balls|bar|bars|sky|seas?|sinker|coffin|statue|pipe|pipes|\bwas|were) of (lead){_END}",
            "lˈɛd",
        ),
        (
            r"\b(lead)(?= (?:soldiers|walls?|gr[ae]y|sinkers?|slugs?|type|seals?|figurines?|miniatures?|sheath\w*|flashing)\b)",
            "lˈɛd",
        ),
        (r"\bpencil's (lead)\b", "lˈɛd"),
        (r"\b(lead)(?= (?:of|in) (?:\w+ )?(?:pencils?|pipes|paint|water|soil|toys)\b)", "lˈɛd"),
    ),
    "learned": (
        (
            r"\b(?:the|a|his|her|most|very) (learned)"
            r"(?= (?:m[ae]n|woman|professor|judge|friend|society|scholar|gentleman|journal))",
            "lˈɜɹnᵻd",
        ),
        (
            r"\b(?:the|an?|his|her|their|our|most|very|so|such|more|these|those|of|two|other|this|that) (learned)(?= (?:m[ae]n|women|lady|ladies|doctors?|bishops?|authors?|gentlem[ae]n|treatises?|professions?|persons?|people|clerks?|serjeant|body|bodies|discourses?|works?|institutions?|divines?|fathers?|rabbis?|monks?|priests?|world|commentators?|editors?|writers?|critics?|historians?|physicians?|lawyers?|advocates?|conversation|debates?|articles?|essays?|papers?|dissertations?|academ\w+|classes|opinions?|(?:and|but) (?:pious|wise|eloquent|ingenious|excellent|able|judicious|noble|holy))\b)",
            "lˈɜɹnᵻd",
        ),
        (r"\b(?:wise|long|pious|eloquent|ingenious|able|grave|noble|sober) and (learned)\b", "lˈɜɹnᵻd"),
        (r"\b(?:the|among the|of the) (learned)(?=[.,;]|$| and the\b| (?:of|it|were|are|in|alone)\b)", "lˈɜɹnᵻd"),
        (r"\b(?:so|very|most|deeply|more) (learned)(?=[.,;]|$| (?:in|of|that|as|and)\b)", "lˈɜɹnᵻd"),
        (
            r"\b(?:is|was|are|were|be|been|m[ae]n|women|deeply|one|those|and|highly) (learned)(?= in the (?:law|laws|scriptures|classics)\b)",
            "lˈɜɹnᵻd",
        ),
        (r"\b(learned)(?= (?:men|doctors|scholars|societies|counsel|friends|books|journals)\b)", "lˈɜɹnᵻd"),
    ),
    "lima": ((r"\b(lima)(?= beans?)", "lˈImə"),),
    "live": (
        (
            r"\b(?:air(?:s|ed|ing)?|listen(?:s|ed|ing)?|taped|televised|(?:come|comes|coming) to you|(?:seen|see|saw|hear|heard|watch) (?:them|him|her|this band|the band|that band)) (live)\b(?! (?:in (?:peace|fear|poverty|harmony)|with|there|here|long|longer|together|alone))",
            "lˈIv",
        ),
        (r"\b(?:joins?|joining|joined) (?:us|me) (live)\b", "lˈIv"),
        (
            r"\b(?:watch(?:ed|ing)?|follow(?: \w+){0,2}|perform(?:s|ed|ing)?|play(?:s|ed|ing)?|stream(?:s|ed|ing)?|broadcast|record(?:ed|ing)?|"
            r"shown|aired?|sang|sing(?:s|ing)?|going|went|go|goes|are now|is now)(?: it)? (live)\b(?! (?:in|with|at|for) \w+ing\b)",
            "lˈIv",
        ),
        (rf"{_START}(live)(?= (?:from|music|on|stream|tv|updates|broadcast)\b)", "lˈIv"),
        (
            r"\b(live)(?= (?:on (?:air|tv|television|stage|the air)|streams?|music|broadcasts?|audience|concert|show|"
            r"coverage)\b)",
            "lˈIv",
        ),
        (
            rf"{_START}(live)(?= (?:simply|well|long|free|as|fully|boldly|quietly|happily|humbly|generously|for today)\b(?!-| on (?:air|tv|stage)))",
            "lˈɪv",
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
        (
            r"\b(?:an?|the|with|most|more|very|such|of|in|so|these|those|many|some|and|by|for|his|her|its|as|through|under) (minute)(?= (?:cracks?|care|accounts?|inspection|examinations?|attention|holes?|insects?|scrutiny|observations?|knowledge|descriptions?|study|search|investigations?|accuracy|precision|crystals?|organisms?|drops?|droplets?|pores?|cells?|scratch(?:es)?|portions?|fractions?|doses?|creatures?|animals?|plants?|spots?|points?|handwriting|directions|instructions|inquir\w+|particulars|analysis|shells?|proportions?|veins?|scales)\b)",
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
        (
            r"\b(?:people|many|most|some|others|few|those who|who) (object)(?= (?:to (?!be\b|behold|have)|when|that|strongly|if)\b|[.,;!?]|$)",
            "əbʤˈɛkt",
        ),
        (
            r"\b(?:should|would|will|could|did|does|do|if) (?:anyone|anybody|everyone|nobody|\w+ \w+) (object)(?=,| to\b)",
            "əbʤˈɛkt",
        ),
        (r"\b(?:should) (?:you|he|she|they|we|i|anyone) (object)\b", "əbʤˈɛkt"),
        (r"\b(?!this |its )\w{3,}s (object)(?= (?:strongly|vehemently|violently|loudly)\b)", "əbʤˈɛkt"),
    ),
    "objects": (
        (r"\b(?:he|she|who|no one|nobody|everyone) (objects)\b", "əbʤˈɛkts"),
        (
            r"\b(?:anyone|anybody|someone|somebody|it|mother|father|wife|husband|king|state|church|union|company|government|committee|\w+er) (objects)(?= (?:to|that)\b|[.,;])(?<!\bother objects)(?<!these objects)",
            "əbʤˈɛkts",
        ),
    ),
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
        (
            rf"\b(?:to|and|then|please) (project)(?= (?:an?|the|that|{_POSSESSIVE}|images?|power|confidence|growth)\b)",
            "pɹəʤˈɛkt",
        ),
        (
            r"\b(?!this |its |his )\w{3,}s (project)(?= (?:over|from|beyond|out|into|above|outwards?)\b)",
            "pɹəʤˈɛkt",
        ),
    ),
    "projects": (
        (
            r"\b(?:company|bank|government|firm|agency|it|he|she|report|now) (projects)"
            r"(?= (?:an?|the|that|growth|sales|revenue)\b)",
            "pɹəʤˈɛkts",
        ),
        (r"\b(projects)(?= (?:images?|light|pictures|confidence|its|onto|outwards?)\b)", "pɹəʤˈɛkts"),
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
        (
            r"\b(?:everything|anything|what|all|while|whatever|that) you (read)\b(?![^.!?]* (?:yesterday|was|were|surprised)\b)",
            "ɹˈid",
        ),
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
        (
            r"\b(?:those|people|anyone|everyone|children|men|women|students|others|all) who (read)(?= (?:much|widely|little|and write|only|fast|slowly|books|novels|fiction|poetry|for pleasure)\b)",
            "ɹˈid",
        ),
        (rf"\b{_PEOPLE} (read)(?= (?:less than|more than|poetry|fiction|newspapers)\b)", "ɹˈid"),
        (
            rf"\b{_PEOPLE} (read)\b(?=[^.!?]* (?:nowadays|these days|online|today|on their phones|for pleasure)\b)",
            "ɹˈid",
        ),
        (
            r"\b(?:i|we|they|you|people) (?:rarely|seldom|usually|generally|still|hardly ever) (read)\b(?![^.!?]* (?:was|were|did|then|had)\b)",
            "ɹˈid",
        ),
        (
            r"\b(?:i|we|they|you) (?:always|often|sometimes|never) (read)(?= (?:before|in (?:the )?(?:bed|bath|church|silence)|(?:novels|books|fiction|poetry|newspapers|that|of|how|about)|the (?:papers|news|paper|fine print|comments|instructions))\b)(?![^.!?]* (?:was|were|had)\b)",
            "ɹˈid",
        ),
        (
            r"\bwe (read)(?= (?:of \w+ in|that god|in (?:the )?(?:gospel|bible|book of|scriptures?|genesis|exodus|isaiah|psalms?|proverbs|matthew|mark|luke|john|acts|romans|old testament|new testament|first|second|epistle|koran|quran)|(?:in )?here that|how (?:god|jesus|the lord))\b)",
            "ɹˈid",
        ),
        (
            r"\bin (?:the )?(?:\w+ of )?(?:gospel|bible|scriptures?|genesis|exodus|isaiah|psalms?|matthew|mark|luke|john|acts|romans|history|holy writ) we (read)\b",
            "ɹˈid",
        ),
        (
            r"\b(?:when|whenever|as|if) we (read)(?= (?:an?|such|poetry|fiction|novels|books|in scripture|these words|aloud)\b)",
            "ɹˈid",
        ),
        (
            r"\b(?:said|cried|bent|rose|knelt|drew|held|put|tore|broke|spread|caught|threw|leant|began)(?: (?!to\b|and\b|c?would\b|could\b|can\b|should\b|may\b|might\b|must\b|will\b|let\b)\w+){0,4},? and (read)\b",
            "ɹˈɛd",
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
        (r"\b(?:such a|what a|kick(?:s|ed|ing)? up an?(?: \w+)?) (row)\b(?! of\b)", "ɹˈW"),
        (r"\b(?:stop|hear|heard|hearing) (?:that|this|the|an?|such a) (row)\b(?! of\b)", "ɹˈW"),
        (r"\b(row)(?= (?:going on|was going on|broke out)\b)", "ɹˈW"),
        (
            r"\b(?:dreadful|awful|frightful|fearful|deuce of a|jolly|domestic|frightful|tremendous|shocking|infernal) (row)\b(?! of\b)",
            "ɹˈW",
        ),
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
        (
            r"\b(dogged)(?= (?:determination|persistence|pursuit|resistance|refusal|defen[cs]e|efforts?)\b)",
            "dˈɔɡᵻd",
        ),
    ),
    "beloved": (
        (r"\b(?:my|his|her|our|your|their|the|dearly) (beloved)\b", "bəlˈʌvᵻd"),
        (
            r"(?<!is )(?<!was )(?<!are )(?<!were )(?<!be )\b(beloved)(?= (?!(?:by|of|in|for|as|and|to|among|throughout|across)\b)\w)",
            "bəlˈʌvᵻd",
        ),
    ),
    "absent": ((rf"(?:{_START}|[,;] )(absent)(?= (?:an?|any|the|some|such)\b)", "ˈæbsənt"),),
    "incarnate": ((r"(?<!to )\b(incarnate)\b(?! (?:the|an?|it|him|them|as)\b)", "ɪnkˈɑɹnət"),),
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
    "contract": ((r"\b(?:expands?|expand when heated) (?:and|or) (contract)\b", "kəntɹˈækt"),),
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
    "diffuse": (
        (r"\b(?:(?:an?|the|more|is|are|was|very|too|so)|\w+ and (?=\w+(?:[.,;]|$))) ?(diffuse)\b", "dəfjˈus"),
    ),
    "moped": (
        (
            r"\b(?:an?|the|his|her|my|our|your|by|on|electric|old|stolen|two) (moped)\b(?! (?:around|about)\b)",
            "mˈOpɛd",
        ),
    ),
    "lives": (
        (r"\b(?:black|white|blue|all) (lives)(?= matter)", "lˈIvz"),
        (r"\b(?:how|where|as|if|when|since) one (lives)\b", "lˈɪvz"),
    ),
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
        (rf"\b{_TRAIN} (wound)(?= (?:\w+ly )?(?:{_ALONG}|their|on)\b)", "wˈWnd"),
        (
            r"\b(?:evening|day|party|meeting|year|war|night|conversation|summer|campaign) (wound)(?= (?:down|up|on)\b)",
            "wˈWnd",
        ),
    ),
    "deserts": ((r"\bjust (deserts)\b", "dəzˈɜɹts"),),
    "subjects": (
        (
            r"\b(subjects)(?= (?:(?:the|an?|its|his|her|their|all|every) \w+|it|them|him|us|me|people|users) to\b)",
            "səbʤˈɛkts",
        ),
    ),
    "converts": (
        (
            r"\b(converts)(?= (?:the|an?|its|his|her|their|it|them|carbon|heat|energy|power|light|sunlight|water|sugar|starch|"
            r"glucose|text|speech|sound|files?|data|units|electricity)\b)",
            "kənvˈɜɹts",
        ),
    ),
    "transfer": (
        (
            rf"(?:\b(?:{_BEFORE_VERB}|to|please|and|then|or) |{_START})(transfer)"
            rf"(?= (?:the|an?|this|that|these|all|some|it|you|me|him|us|them|{_POSSESSIVE}|funds|money|files|data)\b)",
            "tɹænsfˈɜɹ",
        ),
    ),
    "axes": (
        (
            r"\b(?:with|their|his|two|three|battle|ice|stone|hand|sharp|carr(?:y|ied|ying)|swung|swing(?:ing)?|wield(?:ed|ing)|and) (axes)\b(?! of\b)",
            "ˈæksᵻz",
        ),
        (r"\b(axes)(?= (?:jobs?|hundreds|thousands|plans?|staff|the|its)\b)", "ˈæksᵻz"),
    ),
    "putting": (
        (r"\b(putting)(?= (?:greens?|surface|stroke|practice|contest)\b)", "pˈʌTɪŋ"),
        (
            r"\b(?:his|her|my|their|poor|good) (putting)(?= (?:was|is|has|let|improved|failed|stroke|game)\b)",
            "pˈʌTɪŋ",
        ),
    ),
    "job": ((r"\b(job)(?= (?:answered|said unto)\b)", "ʤˈOb"),),
    "protest": (
        (
            rf"\b(?:{_BEFORE_VERB}|to|workers|students|farmers|residents|people|thousands|hundreds) (protest)\b(?! (?:march\w*|movements?|groups?|songs?|votes?|rall\w+|camps?|leaders?|organi\w+|letters?|music)\b)",
            "pɹətˈɛst",
        ),
        (rf"{_START}(protest)(?= (?:all|as|if) (?:you|he|she|they)\b)", "pɹətˈɛst"),
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
        (
            r"\b(?:it|he|she|they|we|i|you|who|there) (used)(?= (?:not|often|always|sometimes|never|generally|also|only) to \w)",
            "jˈust",
        ),
        (r"\bdid(?:n't)? (?:you|he|she|it|they|we|i|there|the \w+) (used)(?= to\b)", "jˈust"),
        (r"\bwell (used)(?= to (?!\w+ effect)\w)", "jˈust"),
    ),
}
# a town, if it has a capital
_TOWNS = {
    "Berkeley": (r"(Berkeley)(?= Square\b)", "bˈɑːɹkli"),
    "Mall": (r"(?<=Pall )(Mall)\b", "mˈæl"),
    "Keynes": (r"(?<=Milton )(Keynes)\b", "kˈinz"),
    "Manger": (r"(?<=Pret a )(Manger)\b", "mˈɑnʒA"),
    "Job": (
        (
            r"(?:(?:^|(?<=\s))(?:as|of|from|to|test|tested|like|with|that|and)) (Job)"
            r"(?=[.,;:!?']|$| (?:teaches|tells|was|is|had|said|answered|did|who|and|in)\b)"
        ),
        "ʤˈOb",
    ),
    "Moines": (r"(?=Des Moines\b)(Des)\b", "də"),
    "Rouge": (r"(?=Baton Rouge\b)(Baton)\b", "bˈætᵊn"),
    "Croix": (r"(?<=Saint )(Croix)\b", "kɹˈY"),
    "Nice": (
        (
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=via )|(?<=visited )|(?<=visit )|(?<=leaving )|(?<=left )|"
            r"(?<=city of ))|(?=Nice(?:, France| [Aa]irport)\b))(Nice)\b(?! (?:to|and|try|work|job))"
        ),
        "nˈis",
    ),
    "Reading": (
        (
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=of )|(?<=via ))(?=Reading(?:[.,;!?]|$))|(?<=[Ll]ondon and )|"
            r"(?=Reading (?:F ?C|Festival|Station|Borough|Council|Gaol|Abbey)\b))(Reading)\b"
        ),
        "ɹˈɛdɪŋ",
    ),
}


_compile = functools.cache(re.compile)  # most words are in no text


def _with_s(word: str, said: str) -> tuple[str, str]:
    """The third person of a verb, as written and as said."""
    sibilant = word.endswith(("s", "x", "ch", "sh"))
    endings = {last: "ᵻz" for last in "szʃʒʤʧ"} | {last: "s" for last in "ptkfθ"}
    return word + ("es" if sibilant else "s"), "|".join(part + endings.get(part[-1], "z") for part in said.split("|"))


@functools.cache
def _verb_readings() -> dict[str, list[tuple[str, str]]]:
    """Of each verb and its form in -s the patterns it is looked for with, and how it is said."""
    readings = {}
    for verb, said in _VERBS.items():
        for rules, word, phonemes in ((_VERB_RULES, verb, said), (_VERB_S_RULES, *_with_s(verb, said))):
            readings[word] = [(rule.replace("VERB", word), phonemes) for rule, verbs in rules if verb in verbs]
    return readings


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
    found = set(_LETTERS.findall(small))
    words = _HOMOGRAPHS.keys() & found
    readings = [
        (small, (pattern, said))
        for word, (about, not_about, pattern, said) in _TOPICS.items()
        if word in found and _compile(about).search(small) and not _compile(not_about).search(small)
    ]
    readings += [(small, reading) for word in sorted(words) for reading in _HOMOGRAPHS[word]]
    readings += [(text, reading) for word, reading in _TOWNS.items() if word in text]
    verbs = _verb_readings()
    readings += [(small, reading) for word in sorted(verbs.keys() & found) for reading in verbs[word]]
    for where, (pattern, phonemes) in readings:
        for match in _compile(pattern).finditer(where):
            yield *match.span(match.lastindex or 1), say(phonemes, british)


__all__ = ["find_homographs"]
