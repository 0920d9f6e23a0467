# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""
Words whose pronunciation their neighbours tell: "a lead pipe", "bass guitar", "your resume", "in Nice". The rules are over
words and go where the G2P packages, which go by parts of speech, are likely to err.
"""

import functools
import re
from collections.abc import Iterator

from .pronunciations_gpt2tts import add_s, say
from .text_rules_gpt2tts import NUMBER_WORDS
from .text_tables_gpt2tts import MONTHS, parse_table

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
# a noun in the plural, as a word that ends in s most often is
_PLURAL_NOUN = (
    r"(?:(?!(?:\w*(?:ss|us|is)|as|has|was|does|its|yes|news|sports|sales|arms|always|needs|wants|sets|wins|gives|makes|takes|"
    r"holds|paris|texas|wales|athens|brussels|james|charles) )\w{3,}s|people|men|women|children|police)"
)
# what tells that the rest of a sentence is about the past
_PAST = r"[^.!?]* (?:was|were|did|had|then|last|ago|in a|yesterday|that (?:year|summer|week|day)|\w{3,}(?<!e)ed)\b"
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
increase=ɪnkɹˈis; indent=ɪndˈɛnt; intern=ɪntˈɜɹn; intimate=ˈɪntəmˌAt; intrigue=ɪntɹˈiɡ; legitimate=ləʤˈɪTəmˌAt;
pervert=pəɹvˈɜɹt; project=pɹəʤˈɛkt; protest=pɹətˈɛst; rebel=ɹəbˈɛl|ɹɪbˈɛl; record=ɹəkˈɔɹd|ɹɪkˈɔːd;
recount=ɹəkˈWnt|ɹɪkˈWnt; relapse=ɹəlˈæps|ɹɪlˈaps; subject=səbʤˈɛkt; transfer=tɹænsfˈɜɹ|tɹɑːnsfˈɜː;
transplant=tɹænsplˈænt|tɹɑːnsplˈɑːnt; transport=tɹænspˈɔɹt|tɹɑːnspˈɔːt
""")
# of these the ones that need no object, and the ones that are never verbs for the packages
_INTRANSITIVE = frozenset(
    {"close", "conflict", "contract", "contrast", "convict", "ferment", "fragment", "graduate", "increase", "relapse"}
)
_NEVER_VERBS = frozenset({"annex", "combat", "entrance", "export", "impact"})
# verbs after nouns in the plural, of which the packages make one noun with them: "Ships transport oil"
_AFTER_PLURALS = _NEVER_VERBS | {"pervert", "record", "subject", "transfer", "transplant", "transport"}
_OBJECT = (
    rf"(?:{_SELF}|{_POSSESSIVE}|it|them|him|us|me|everyone|everything|one another|each other|the(?! (?:most|next|other|day|night|more)\b)|an?|you|this|these|those|"
    r"all (?:the|of|\w+s)|every|each|any|such|how|what|people|half|more|less|hundreds|thousands|millions)"
)
# a word in -s that is likely a plural, not "this", "business" or "status"
_PLURAL = (
    r"(?!(?:was|has|does|goes|news|arms|sports|goods|funds|always|sometimes|besides|perhaps|whereas|texas|james|charles|gas)\b)"
    r"(?:\w{2,}[^\W_siu]s|people|men|women|children|police|half)"
)
_CLAUSE = rf"(?:{_START}|(?<=[,;] )|\b(?:and|but|when|if|as|because|while|where|how|since|although|though|than|until|whether|why) )"
_NO_NOUN = r"(?!(?:of|for|in|on|and|or|to|than)\b)"
_SINGULAR = rf"\b(?:{_POSSESSIVE}|the|this|that|an?|every|each|\w+'s)(?: {_NO_NOUN}\w+)? {_NO_NOUN}\w*[^\W_s]"
# "the contracts the firm won", "the documents you can read", "the exports this year"
_RELATIVE = (
    r"(?:(?:the (?:\w+ )?\w+|it|you) (?:\w+ed|made|makes|won|had|has|have|sold|sent|bought|got|found|saw|kept|is|was|wants|needs|"
    r"uses|likes|knows|relies|can|could|will|would|(?<!in )may|might)|(?:this|each|every) \w+ (?:are|were|have|had)|"
    r"(?:this|that|each|every|the whole|all) (?:year|month|week|day|night|morning|spring|summer|autumn|fall|winter|season|quarter|decade))\b"
)
_ADJECTIVE_IN_LY = (
    r"(?:daily|weekly|monthly|quarterly|yearly|hourly|nightly|early|only|family|likely|costly|deadly|elderly)"
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
        rf"(?<!keep )(?<!hold )(?<!kept )(?<!held )(?<!draw )(?<!drew )(?<!pull )(?<!pulled )(?<!bring )(?<!brought )(?<!put )"
        rf"(?<!have )(?<!had )(?<!want )(?<!wants )(?<!wanted )(?:{_CLAUSE}|\b(?:{_POSSESSIVE}|the|these|those|two|three|many|most|some|few|"
        rf"all|both|other|only) ){_PLURAL}{_ADVERB} (VERB)(?= (?:as|in(?! age)|at(?! hand)|on|when|(?<!contract )with|for|after|during|"
        r"before|over|until|from|into|under|without|about|between|and|again|one|due|\w+ly|early|late|lower|higher|ten)\b|"
        r"[.,;!?]|$)",
        _INTRANSITIVE,
    ),
    (
        rf"(?:{_CLAUSE}|\b(?:these|those|many|most|some|few|all|other|such) ){_PLURAL}(?: that)?{_ADVERB} (VERB)"
        r"(?= (?!(?:of|and|or|is|was|are|were|to|in|on|for|from|at|by|with|the)\b)\w)",
        _AFTER_PLURALS,
    ),
)
_THIRD_PERSON_RULES = (
    (rf"\b(?:he|she|who|it|everyone|everybody|nobody|no one|someone|somebody){_ADVERB} (VERB)\b", _VERBS.keys()),
    (rf"{_SINGULAR} (VERB)(?= {_OBJECT}\b)(?! {_RELATIVE})", _VERBS.keys()),
    (
        rf"{_START}(?!(?:{_POSSESSIVE}|the|an?|these|those|all|some|many|most|such|two|few|no|more|other|from|by|with|at)\b)"
        rf"{_NO_NOUN}\w+ (VERB)(?= {_OBJECT}\b)(?! {_RELATIVE})",
        _VERBS.keys(),
    ),
    (
        rf"\b(?:that|which|(?<!imports )and|or|then|also|(?!{_ADJECTIVE_IN_LY} )\w+ly) (VERB)(?= {_OBJECT}\b)(?! {_RELATIVE})",
        _VERBS.keys(),
    ),
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
    "axes": (
        r"\b(?:swords?|spears?|daggers?|knives|hammers?|weapons?|neolithic|bronze|flint|chop\w*|trees?|firewood|lumber\w*|blades?|"
        r"shields?|shovels?|saws|adzes?|arrowheads?|warriors?|vikings?|logs?)\b",
        r"\b(?:graphs?|plot\w*|axis|coordinates?|rotat\w*|symmetry|planes?|major|minor|vertical|horizontal|optical|x and y)\b",
        r"\b(axes)\b(?! of\b)",
        "ˈæksᵻz",
    ),
    "lead": (
        r"\b(?:pipes?|paints?|toxic|poison\w*|zinc|copper|tin|mercury|arsenic|cadmium|bullets?|solder|mines?|mined|smelt\w*|melt\w*|"
        r"molten|metals?|ores?|pewters?|antimony|alloys?|oxid\w+|pellets|gold|blood|roofs?|toys|soil|alchem\w*|harmed|radiation|rays|petrol|gasoline|ammunition|water|batter(?:y|ies)|"
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
    "a": (
        # of mathematics
        (
            rf"\b(a)(?= (?:squared|cubed|equals)\b| (?:plus|minus|times|over) (?:[b-z]|{NUMBER_WORDS})\b(?!['-]))",
            "ˈA",
        ),
        (
            rf"\b(?:{NUMBER_WORDS}|plus|minus|over|times|equals) (a)(?=[.,;?]|$| (?:[b-hj-z]|plus|minus|over|times|equals|squared)\b(?!'))",
            "ˈA",
        ),
    ),
    "ab": ((r"\b(ab) (?:initio|ovo|urbe)\b", "ˈæb"),),
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
    "apis": ((r"\b(apis) (?:mellifera|cerana|dorsata|florea|bulls?)\b", "ˈApɪs"),),
    "bass": (
        (
            r"\b(?:sea|striped|largemouth|smallmouth|fish(?:es|ed|ing)? for) (bass)\b(?! (?:guitar|player|drum|lines?))",
            "bˈæs",
        ),
        (r"\b(bass)\b", "bˈAs"),
    ),
    "blessed": (
        (rf"{_START}(blessed)(?= (?:is|are|be)\b)", "blˈɛsᵻd"),
        (
            r"\b(blessed)(?= (?:day|event|virgin|sacrament|mother|are|be|relief|silence)\b)",
            "blˈɛsᵻd",
        ),
        (r"\b(?:the|of the) (blessed)(?=[.,;:!?]|$| (?:in|who|of|is|are)\b)", "blˈɛsᵻd"),
        (
            r"\b(?:an?|the|of|every|no|whole|that|this|your|her|his|my|our|those|these|most|thrice|thou|ye) (blessed)(?= (?:things?|rest|lot|ones?|saints?|peace|memory|lord|savio[u]?r|jesus|name|hope|words?|moment|sleep|state|land|isles?|sun|spirit|trinity|child|assurance|martyrs?|company|place|night|week|minute|morning|mary|change|lady|angels?|apostles?|cross|candles?|truth|gift|sight|sound|release|thing|realm|souls?|dead|city|man|woman|feet)\b)",
            "blˈɛsᵻd",
        ),
    ),
    "consummate": (
        (
            r"\b(?:an?|the|with|of|as|more|most|such|in|(?<!to )(?:his|her|its|their|my|\w+'s)) (consummate)(?= (?!(?:the|their|a|his|her|it|this|that|our|an)\b)\w)",
            "kˈɑnsəmət|kˈɒnsjʊmət",
        ),
        (rf"{_START}(consummate)(?= (?:skill|art\w*|actors?|professional\w*|love|ease)\b)", "kˈɑnsəmət|kˈɒnsjʊmət"),
    ),
    "bow": (
        (
            r"\b(bow)(?= of (?:the|a|his|her|our|their) (?:ship|boat|vessel|ferry|canoe|yacht|barge|kayak|destroyer|submarine)\b)",
            "bˈW",
        ),
        (r"\b(bow)(?= wow\b)", "bˈW"),
        (
            r"\b(?:bulbous|clipper) (bow)\b|\b(bow)(?= (?:thrusters?|guns?|doors?|ramps?|waves?|chasers?|section)\b)",
            "bˈW",
        ),
        (r"\b(?:made|makes?|making) (?:his|her|their|a) (bow)\b(?! (?:tie|with|from|of|out|and arrow))", "bˈW"),
        (r"\b(?:ship's|boat's|vessel's|final) (bow)\b(?! tie)", "bˈW"),
        (
            r"\b(?:low|deep|stiff|formal|mock|polite|courtly|sweeping|graceful|curt|respectful|theatrical|solemn|gallant|slight|exaggerated|mocking) (bow)\b(?! (?:tie|and arrow|window))",
            "bˈW",
        ),
        (
            r"\b(?:gave|gives?|giving) (?:him |her |them |me |us )?(?:an?|his|her) (?:stiff |awkward |low |polite |formal |mock )?(?:little |small |quick |short |half )?(bow)\b(?! (?:tie|with|for|and arrow))",
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
            r"\band (close)(?= (?:one|your|my|his|her|its|their|our|both|the) (?:\w+ )?(?:eyes?|mouth|doors?|lid|window|gates?|curtains|book|shop)\b)",
            "klˈOz",
        ),
        (
            r"\bthe (close)(?= of (?:business|play|trading|day|escrow|bidding|polls|the (?:\w+ )?(?:day|year|century|war|season|meeting|market|game|session)))",
            "klˈOz",
        ),
        (
            rf"{_START}(close)(?= (?:immediately|permanently|quickly|gently|firmly|securely|carefully|slowly)\b(?!,))",
            "klˈOz",
        ),
        (
            r"\b(?!(?:as|was|has|this|less|across|always|its|his|gets|comes|stays|remains|draws|feels|seems|looks|keeps|holds|sits|stands|lies|lives|works|moves|pulls|edges|inches|perhaps|thus|gas|boss|pass|class|address|business|species|series|news|plus|\w+ss|\w+us) )\w{3,}s (close)(?= (?:higher|lower|down|up|mixed|early|due|until)\b| (?:on|at|for) (?!hand|to\b|occasion)| in (?:\w+ )?at\b| (?:january|february|march|april|may|june|july|august|september|october|november|december|sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b)",
            "klˈOz",
        ),
        (
            rf"\b(?:do|does|did|will|would) (?:the|this|that|these|{_POSSESSIVE}) (?:\w+ )?\w+ (close)(?= (?:on|at(?! hand)|early|late|for|during|over)\b)",
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
    "conflict": (
        (r"\b(?:these|those|they) (conflict)(?= with\b)", "kənflˈɪkt"),
        (r"\b(?:when|if|where) (?:the two|they|these|\w+s) (conflict)(?=[,.;]| with\b)", "kənflˈɪkt"),
    ),
    "conflicts": (
        (
            r"\b(?:it|this|that|which|time|date|meeting|schedule|data|evidence|theory|account|statement|version|story) (conflicts)(?= with)",
            "kənflˈɪkts",
        ),
    ),
    "content": (
        (
            r"\b(?:sound(?:s|ed)?|grew|remain(?:s|ed)?|stay(?:s|ed)?) (?:quite |perfectly |very )?(content)(?=[.,;!?]|$| (?:with|to|in|as|and)\b)",
            "kəntˈɛnt",
        ),
        (
            r"\b(content)(?= (?:creat(?:ors?|ion)|market(?:ing|ers?)|manage(?:ment|rs?)|strateg(?:y|ists?)|writ(?:ers?|ing)|warnings?|moderat(?:ion|ors?)|delivery|types?|polic(?:y|ies)|filters?|providers?)\b)",
            "kˈɑntɛnt|kˈɒntɛnt",
        ),
        (
            r"\b(?:happy|warm|full|fed|safe|calm|peaceful|sleepy|relaxed|comfortable|healthy|satisfied|quiet|drowsy) and (content)\b(?! (?:creator|on|of|from))",
            "kəntˈɛnt",
        ),
        (rf"{_START}(content)(?= with (?:\w+ )?\w+, )", "kəntˈɛnt"),
        (
            rf"\b{_AFTER_BE} (?:(?:you|they|we|he|she|i) )?(content)(?= (?:with|to|in|at|just|as|enough|for now)\b|[.,;!?]|$)",
            "kəntˈɛnt",
        ),
        (rf"(?<!the )\b(content)(?= {_SELF}\b)", "kəntˈɛnt"),
        (
            r"\b(?:made|makes?|making|keep|keeps|kept|leave|left) (?:him|her|me|us|them|you) (content)\b(?! (?:for|on|that|about|creator))",
            "kəntˈɛnt",
        ),
        (
            r"\b(?:am|is|are|was|were|be|been|seems?|seemed|felt|feels?|looks?|looked|\w+'(?:m|re)) (?:quite|perfectly|so|very|well|more than|fully|entirely|not|never|always|almost|less|long) (content)\b",
            "kəntˈɛnt",
        ),
        (
            r"\b(?:lived(?: there| here)?|lay|lie|lies|sat|died|die|slept|sleep|sighed|smiled|purred|(?:went|came|goes|returned|headed) (?:away|home|to bed)),? (content)(?=[.,;!?]|$| (?:in|with|to|and|at|on|by|beside|for)\b)",
            "kəntˈɛnt",
        ),
        (
            r"\b(?:a|perfectly|quite|very) (content)(?= (?:man|woman|child|baby|cat|life|smile|sigh|and happy)\b)",
            "kəntˈɛnt",
        ),
    ),
    "dove": (
        (
            r"\b(?:dove|i|he|she|they|we|who|it|and|then|\w+ly) (dove)(?= (?:in|into|off|under|down|deep|through|headfirst|over|beneath|straight|for|behind)\b)",
            "dˈOv",
        ),
        (
            r"\b(dove)(?= (?:to|for) (?:his|her|my|their|the|its) (?:left|right|ground|floor|bottom|ball|cover)\b)",
            "dˈOv",
        ),
    ),
    "faut": ((r"\bil (faut)\b", "fˈO"),),
    "insert": (
        (
            rf"{_START}(insert)(?= (?:the|an?|your|coins?|cards?|key|one|it|this|dis[ck]|batteries|text|image|table|link|here)\b)",
            "ɪnsˈɜɹt",
        ),
    ),
    "convict": ((r"\b(?:votes?|needed|enough|required|voted|failed|decision|evidence) to (convict)\b", "kənvˈɪkt"),),
    "conduct": (
        (r"\b(conduct)(?= disorders?\b)", "kˈɑndˌʌkt"),
        (
            r"\b(?:police|officers|agents|officials|troops|researchers|scientists|teams|we|they) (conduct)(?= (?:raids|searches|an?|business)\b)",
            "kəndˈʌkt",
        ),
        (
            r"(?<!of )(?<!of-)(?<!the )(?<!his )(?<!her )(?<!their )(?<!your )(?<!our )(?<!my )(?<!its )(?<!this )(?<!that )(?<!such )(?<!poor )"
            r"(?<!bad )(?<!good )(?<!al )(?<!orderly )(?<!dent )(?<!safe )(?<!market )(?<!research )(?<!and )(?<!employee )"
            r"\b(conduct)(?= (?:(?:field|annual|regular|further) )?(?:research|surveys?|interviews?|experiments?|studies|tests|exercises|investigations?|trials)\b)",
            "kəndˈʌkt",
        ),
        (r"\b(conduct)(?= (?:heat|electricity|electric\w*|impulses|current)\b)", "kəndˈʌkt"),
    ),
    "inter": ((r"\b(inter) (?:alia|alios|vivos|se)\b", "ˈɪntəɹ"),),
    "mole": ((r"\b(mole) (?:poblano|negro|verde|rojo|sauce)\b", "mˈOlA"),),
    "parte": ((r"\bex (parte)\b", "pˈɑɹti"),),
    "produce": (
        (r"\b(?:grows?|produces|produced|our|their|local|fresh|garden) (produce)(?=[.,;!?]|$)", "pɹˈOdˌus|pɹˈɒdjˌuːs"),
        (
            r"\b(?:sells?|sold|fresh|local|organic|farm|seasonal) (produce)(?=[.,;!?]|$| (?:at|in|from|market)\b)"
            r"|\b(produce)(?= (?:section|aisle|department|stand)\b)",
            "pɹˈOdˌus|pɹˈɒdjˌuːs",
        ),
    ),
    "sow": (
        (
            rf"{_START}(sow)(?= (?:oats|wheat|barley|rye|carrots|beans|peas|lettuce|spinach|radishes|basil|grass|some|your|a few|every)\b)",
            "sˈO",
        ),
        (rf"\b(?:ye|you|we|they|i|{_PLURAL_NOUN}) (sow)\b", "sˈO"),
        (rf"{_START}(sow)(?= (?:thinly|indoors|outdoors|directly|in|from|at|under|(?:the )?seeds?)\b)", "sˈO"),
    ),
    "wind": (
        (r"\b(?:does|do|did|will|would) (?:(?:the|this|that) \w+|it|he|she|they|we|you) (wind)(?= up\b)", "wˈInd"),
        (r"\b(?:trails|roads|paths|rivers|streets|stairs|streams|canals|lanes)(?: that)? (wind)\b", "wˈInd"),
        (r"(?<!the )(?<!\ba )\b(wind)(?= (?:up (?:at|in|with|\w+ing)|down(?! (?:from|the)\b))\b)", "wˈInd"),
        (r"\b(wind)(?= (?:energy|power|turbines?|farms?)\b)", "wˈɪnd"),
    ),
    "permits": (
        (
            r"\b(?:work|building|parking|these|all|of|gun|fishing|camping|residence) (permits)\b(?! (?:an?|the|you|us|them|him|her) )",
            "pˈɜɹmɪts",
        ),
        (r"\b(?:time|weather|space|budget|health|law) (permits)(?=[.,;!?]|$)", "pəɹmˈɪts"),
    ),
    "contracts": (
        (
            r"\b(?:muscle|heart|pupil|metal|economy|uterus|gas) (contracts)\b(?! (?:with|were|are|is|was|have|had|for|to|signed|worth)\b)",
            "kəntɹˈækts",
        ),
    ),
    "record": (
        (
            r"\b(?:press|hit|tap|click|pressed|pressing|hitting) (record)(?=[.,;!?]|$| (?:to|and|on|when|before|at|then)\b)",
            "ɹəkˈɔɹd|ɹɪkˈɔːd",
        ),
        (rf"{_START}(record)(?= (?:calls|videos?|audio)\b)", "ɹəkˈɔɹd|ɹɪkˈɔːd"),
    ),
    "house": (
        (
            r"\b(?:built|used|designed|needed|intended|adapted|erected|converted|able|enough|space|facilities) to (house)(?= (?!(?:to|music|churches|standards|work|rules|arrest|parties|prices|fans|sit|hunt|swap|train)\b)\w)",
            "hˈWz",
        ),
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
        (r"\b(?:symptoms|negotiations|events|matters|things|talks) (progress)(?=[.,;]|$)", "pɹəɡɹˈɛs"),
        (rf"\bas (?:\w+ )*?{_PLURAL_NOUN} (progress)(?=[,.;]|$)", "pɹəɡɹˈɛs"),
        (rf"{_START}(progress)(?= to (?:the next|a|level)\b)", "pɹəɡɹˈɛs"),
        (
            rf"\b(?:do|does|did|will|would|can|could|should) (?:the|this|that|{_POSSESSIVE}) (?!slow)\w+ (progress)(?=\?| (?:to|from|across|well)\b)",
            "pɹəɡɹˈɛs",
        ),
        (r"\b(?:saw|see|watch(?:ed)?) (?:me|him|us|them|it|you|the \w+) (progress)\b(?! (?:is|was|of)\b)", "pɹəɡɹˈɛs"),
    ),
    "rebels": (
        (
            r"\b(?:mind|heart|body|soul|spirit|stomach|conscience|hero) (rebels)(?= (?:against|at|and)\b|[.,;])",
            "ɹəbˈɛlz|ɹɪbˈɛlz",
        ),
    ),
    "rebel": ((rf"{_START}(rebel)(?= against\b)", "ɹəbˈɛl"),),
    "converse": (
        (
            r"(?<!the )(?<!no )(?<!a )(?<!much )(?<!its )(?<!this )(?<!that )(?<!held )(?<!hold )(?<!lively )(?<!bought )(?<!wears )(?<!wear )(?<!wore )(?<!wearing )(?<!his )(?<!her )\b(converse)(?= (?:with|about|in (?:\w+ish|\w+ese|french|german|italian|latin|private|whispers))\b)",
            "kənvˈɜɹs",
        ),
        (
            r"\b(?:the two|they|we|can|could|(?:sit|meet|eat|drink|walk|relax|mingle) and) (converse)(?=[.,;!?]|$| (?:in|on|for|while|as)\b)",
            "kənvˈɜɹs",
        ),
    ),
    "blanche": ((r"\bcarte (blanche)\b", "blˈɑːnʃ"),),
    "voyage": ((r"\bbon (voyage)\b", "vwɑːjˈɑːʒ"),),
    "combine": ((r"\b(combine)(?= harvesters?\b)", "kˈɑmbˌIn"),),
    "refund": ((rf"{_START}(refund)(?= (?:{_POSSESSIVE}|me|him|us|the|all)\b)", "ɹəfˈʌnd|ɹɪfˈʌnd"),),
    "digest": ((rf"{_START}(digest)(?= (?:the|this|that|your|it)\b)", "dIʤˈɛst"),),
    "chi": ((r"\btai (chi)\b", "ʧˈi"),),
    "mein": ((r"\b(?:lo|chow) (mein)\b", "mˈAn"),),
    "decrease": (
        (
            r"(?<!the )\b(?:sales|prices|costs|levels|rates|profits|numbers|temperatures|values) (decrease)(?=[.,;!?]|$| (?:as|when|with|in|by|if|over)\b)",
            "dəkɹˈis|diːkɹˈiːs",
        ),
    ),
    "increase": ((rf"{_START}(increase)(?= in\b)", "ˈɪnkɹˌis"),),
    "increases": (
        (
            r"\b(?:(?<!such )(?<!well )(?<!known )(?<!seen )(?<!same )(?<!bed )(?<!big )as|where|until|while) "
            r"(?!(?:for|with|to|of|well|many|much|big|large|regards|those|these|an?|far|last|the (?:next|last|recent|latest))\b)(?:the |its |their )?(?:\w+ (?:of )?){1,3}(increases)(?=[.,;]|$)",
            "ɪnkɹˈisᵻz",
        ),
        (
            rf"(?:{_SINGULAR}|\bof the \w+)(?<!price)(?<!tax)(?<!wage)(?<!pay)(?<!rate)(?<!rent)(?<!salary)(?<!recent)(?<!sharp) "
            r"(increases)(?= (?:as|with|when)\b)",
            "ɪnkɹˈisᵻz",
        ),
    ),
    "frequent": ((r"(?<!are )(?<!were )\b(?:i|we|they|you) (frequent)\b", "fɹikwˈɛnt"),),
    "desert": (
        (
            r"\b(?:dare|dared|never|not|don't|won't|would|could|will|to|or|they) (desert)(?= (?:me|us|him|her|them|you|his|their|your|my|our)\b)",
            "dəzˈɜɹt|dɪzˈɜːt",
        ),
        (r"\bwho (desert)(?= (?:will|are|must|face|their|his|the|him|her|in)\b)", "dəzˈɜɹt|dɪzˈɜːt"),
    ),
    "bases": (
        (
            r"\b(?:legal|theoretical|scientific|factual|moral|ethical|philosophical|statutory|ideological) (bases)\b",
            "bˈAsˌiz",
        ),
    ),
    "laminate": (
        (
            r"\b(laminate)(?= (?:floor(?:s|ing)?|worktops?|counter\w*|sheets?|boards?|surfaces?|finish\w*)\b)",
            "lˈæmənət",
        ),
    ),
    "aggregate": ((r"(?<=\()(aggregate)\b", "ˈæɡɹəɡət"),),
    "pain": ((r"\b(pain)(?= au chocolat\b)", "pˈæn"),),
    "contents": ((rf"\b(contents)(?= {_SELF}\b)", "kəntˈɛnts"),),
    "present": (
        # of years, "2013-present"
        (
            rf"(?:(?:teen|twenty|thousand) (?:(?:{NUMBER_WORDS})(?:-\w+)?|oh \w+|hundred)|two thousand|{'|'.join(MONTHS).lower()}) to (present)(?=[.,;:)]|$)",
            "pɹˈɛzᵊnt",
        ),
        (
            rf"\b{_PLURAL_NOUN} (present)(?= (?:\w+ )?(?:difficulties|problems|challenges|obstacles|opportunities|risks|dangers|features)\b)",
            "pɹəzˈɛnt",
        ),
        (
            r"\b(?:patients|cases|infants|women|men) (?:\w+ly |often |may )?(present)(?= (?:late|early|with)\b)",
            "pɹəzˈɛnt",
        ),
        (r"\b(present)(?= arms\b)", "pɹəzˈɛnt"),
        (r"\b(?:every|any|no|some)(?:one|body) (present)\b(?! (?:the|an?|your|arms)\b)", "pɹˈɛzᵊnt"),
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
            r"\b(?:oil|water|curds?|whey|cream|the (?:two|three) layers) and (?:oil|water|whey|vinegar|fat) (separate)(?=[.,;!?]|$)",
            "sˈɛpəɹˌAt",
        ),
        (rf"\b(?:{_PLURAL_NOUN}|feet) (separate)(?= (?:the|us|them|him|her|me|it|\w+ from)\b)", "sˈɛpəɹˌAt"),
        (
            r"\b(?:(?:do|can|could|should|would|will) (?:you|we|they|i)|couples|parents) (separate)\b(?! (?:but|and|from)\b)",
            "sˈɛpəɹˌAt",
        ),
        (r"\b(separate)(?= (?:quickly|easily|cleanly|into)\b)", "sˈɛpəɹˌAt"),
    ),
    "alternate": (
        (rf"\b{_PLURAL} (alternate)(?= (?:as|in|on|weekly|every)\b)", "ˈɔltəɹnˌAt"),
        (r"(?<!the )(?<!an )\b(alternate)(?= (?:with|between)\b)", "ˈɔltəɹnˌAt"),
    ),
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
        (r"\b(?:to|did|would|not|might|could) (intimate)(?= (?:it|this)\b)", "ˈɪntəmˌAt"),
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
        (r"\bthe (does)(?= (?:are|have|give|feed|graze|live|stay|and stags|and bucks)\b)", "dˈOz"),
        (
            r"\b(?:two|three|four|five|several|many|some|young) (does)(?= (?:and|with) (?:an? |two |three |their |the )?(?:bucks?|fawns?|stags?)\b)",
            "dˈOz",
        ),
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
    "upset": (
        (rf"{_START}(upset)(?= (?:and|by|with|about|at|that)\b)", "ˌʌpsˈɛt"),
        (
            r"\b(?:stomach|gastrointestinal|digestive|major|massive|biggest|huge|startling|stunning) (upset)\b|\b(?:in|by) an (upset)\b|\ban (upset)(?=[.;]| (?:win|victory|loss|by)\b)|"
            r"\bthe (upset)(?= (?:stunned|sent|came|ended)\b)",
            "ˈʌpsˌɛt",
        ),
    ),
    "implant": (
        (
            r"\b(?:an?|the|dental|breast|hip|cochlear|brain|chip|spinal|kidney|her|his) (implant)\b(?! (?:the|them|it)\b)"
            r"|(?<!to )(?<!they )(?<!we )(?<!can )(?<!will )(?<!could )(?<!s )\b(implant)(?= (?:surgery|dentistry|technolog\w+|research|types|surfaces?|procedures?|removal)\b)",
            "ˈɪmplˌænt",
        ),
    ),
    "reject": (
        (r"\b(?:a|the|factory) (reject)(?=[.,;]|$| (?:pile|bin|shop|from)\b)", "ɹˈiʤˌɛkt"),
        (rf"\b(reject)(?= (?:{_POSSESSIVE}|the|an?|any|all|calls|claims|plans|pay|new)\b)", "ɹəʤˈɛkt|ɹɪʤˈɛkt"),
    ),
    "slough": ((r"\b(slough)(?= (?:off|their|its|the)\b)", "slˈʌf"),),
    "number": (
        (
            r"\b(?:grow|grows|grew|got|felt|feels?) (number)(?= (?:in|with|by|from|as|every|each)\b)|\bthe more\b[^.!?]*, the (number)(?= (?:it|he|she|they|i|you|my \w+) (?:gets?|got|becomes?|grew|felt|feels?)\b)",
            "nˈʌməɹ|nˈʌmə",
        ),
        (
            r"\b(?:grew|growing|grow|felt|feels?|getting|ever) (number)(?= (?:with|and number|by|than)\b|[.,;]|$)",
            "nˈʌməɹ",
        ),
    ),
    "delegate": (
        (rf"{_START}(delegate)(?= (?:tasks?|work|authority|responsibilit\w+|it|what|whenever)\b)", "dˈɛləɡˌAt"),
    ),
    "elaborate": ((rf"{_START}(elaborate)(?=[,.!]| (?:on|upon|please)\b)", "əlˈæbəɹˌAt"),),
    "terrible": ((r"\benfant (terrible)\b", "tɛɹˈiblə"),),
    "grace": ((r"\bcoup de (grace)\b", "ɡɹˈɑːs"),),
    "riche": ((r"\bnouveau (riche)\b", "ɹˈiʃ"),),
    "affect": (
        (
            r"\b(?:flat|blunted|blunt|positive|negative|normal|of|the|his|her) (affect)(?=[.,;]|$| (?:and|or|was|is)\b)",
            "ˈæfˌɛkt",
        ),
    ),
    "conserve": (
        (
            r"\b(?:\w+berry|fruit|plum|fig|apricot|peach|rhubarb|an?|the|of) (conserve)\b(?! (?:water|energy))",
            "kˈɑnsəɹv|kˈɒnsɜːv",
        ),
    ),
    "initiate": ((r"\b(?:an?|the|new|every|each|young) (initiate)\b", "ɪnˈɪʃiət"),),
    "isolate": ((r"\b(?:an?|the|each|this|bacterial|clinical|viral|virus|language) (isolate)\b", "ˈIsələt"),),
    "vie": ((r"\bla (vie)\b", "vˈi"),),
    "cos": (
        (
            r"\b(cos)(?= (?:i|you|he|she|it|we|they|i'm|you're|it's|he's|she's|we're|they're|that's|there's)\b)",
            "kˈʌz|kˈɒz",
        ),
    ),
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
            r"\b(?:the|an) (invalid)(?= (?:in (?:the|his|her) \w+ (?!is|was|are|were)\w+|was carried|coughed|lay|rose|smiled|asked|murmured)\b)",
            "ˈɪnvəlɪd",
        ),
        (
            r"\b(?:an|the|his|her|chronic|helpless|poor|permanent|confirmed) (invalid)"
            r"(?=[.,;!?]|$| (?:for|who|since|until|wife|husband|son|mother)\b)",
            "ˈɪnvəlɪd",
        ),
        (
            r"\b(?:an|the|his|her|poor|helpless|confirmed|old|young|our|my|fellow) (invalid)(?=[.;!?]|$| (?:lay|slept|sighed|sat|took|looked|smiled|chairs?|all|mother|sister|brother|father|aunt|uncle|lady|from|had|on|could|himself|herself|was (?:carried|wheeled|lying|resting|asleep|better|worse|able|helped|moved|sitting))\b)(?<!declared invalid)",
            "ˈɪnvəlɪd",
        ),
    ),
    "lead": (
        (r"\b(?:solder|line|seal|weight|poison|alloy)ed with (lead)\b", "lˈɛd"),
        (r"\b(?:graphite|steel|plastic|aluminum|aluminium|lithium)\b[^.!?]{0,20}\bnot (lead)(?=[.,;!?]|$)", "lˈɛd"),
        (
            r"\b(?:petrol|gasoline|fuel|paint|solder|glass|ink)\b (?:has|contains|with) no (lead)\b(?! (?:time|singer|actor))",
            "lˈɛd",
        ),
        (r"\bswing(?:s|ing)? the (lead)\b", "lˈɛd"),
        (
            r"\b(?:exposed to|contaminated with|poisoned by|full of|filled with|soil for|tested for|leach(?:es|ed|ing)?|remov(?:e|es|ed|ing)|bans? on) (lead)\b(?! (?:by|the|singers?|roles?|actors?|to|investigators?|times?|generation))",
            "lˈɛd",
        ),
        (
            r"\b(lead)(?=[ -](?:service lines?|ammunition|pipes|plumbing|lined|glazed|laced|tainted)\b)",
            "lˈɛd",
        ),
        (r"\bpencils? (?:has|have|had|contains?) no (lead)\b", "lˈɛd"),
        (
            rf"{_START}(lead)(?= (?:can|may|could) (?:harm|damage|cause|build)\b|, (?:tin|zinc|copper|iron|mercury|arsenic)\b)",
            "lˈɛd",
        ),
        (r"\b(?:covered|lined|clad|encased|coated|made) (?:in|with|of|from) (lead)\b(?! (?:by|roles?))", "lˈɛd"),
        (r"\b(?:stripp(?:ed|ing) of|thefts? of|st(?:eal(?:s|ing)?|ole|olen)) (lead)\b(?! (?:roles?|singer))", "lˈɛd"),
        (r"\bwork(?:s|ed|ing)? with (lead)(?=[.,;!?]|$)", "lˈɛd"),
        (
            r"\b(?:like|heavy as|lumps? of|tons? of|ounces? of|pounds? of|sheets? of|amounts? of|concentrations? of|(?:positive|tested|testing) for) (lead)(?=[.,;!?]|$| (?:in|and|had|were|was|fell|by|after)\b)",
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
        (r"\b(lead)(?= content(?:[.,;]|$| (?:of|in|is|was|by|above|below|exceed\w*)\b))", "lˈɛd"),
        (r"\bget the (lead)(?= out\b)", "lˈɛd"),
        (
            r"\b(?:(?:free|compounds|deposits|production|isotopes|veins|ores|tonn?e?s) of|red|white|molten|scrap|metallic) (lead)"
            r"(?= (?:as|is|was|are|and|has|in(?! the (?:race|game|match|polls))|pigments?|enriched|or)\b|[.,;]|$)",
            "lˈɛd",
        ),
        (
            r"(?<!his )(?<!her )(?<!my )(?<!our )(?<!new )(?<!their )(?<!its )\b(lead)(?= (?:pellets?|pigments?|compounds?(?! (?:the|this|that|his|her|their|its)\b)|isotopes?|shielding|nitrate|carbonate|ions?|atoms?|is (?:\w+ )?(?:soft|extracted|a (?:\w+ )?(?:metal|element|neurotoxin)))\b)",
            "lˈɛd",
        ),
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
        (r"\b(lead)(?= (?:of|in) (?:\w+ ){0,2}(?:pencils?|pipes|paint|water|soil|toys)\b)", "lˈɛd"),
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
    "jean": (
        (
            r"\b(jean)(?= (?:valjean|cocteau|renoir|sibelius|piaget|reno|monnet|moulin|genet|anouilh|racine|dujardin|baudrillard|calvin|tinguely|nouvel|giraud)\b)",
            "ʒˈɑn|ʒˈɒn",
        ),
        (
            r"\b(jean)(?=[- ](?:paul|luc|claude|pierre|jacques|marc|michel|francois|baptiste|philippe|yves)\b|"
            r"-(?:louis|christophe|sebastien|dominique|rene|noel|marie|georges|bernard|charles)\b)",
            "ʒˈɑn|ʒˈɒn",
        ),
    ),
    "liege": (
        (
            r"\b(?:my|our|his|her|their|your|thy|good|dread|sovereign|gracious|royal) (liege)\b(?! (?:and|or) brussels)|\b(liege)(?= (?:lords?|m[ae]n|sovereign)\b)",
            "lˈiʤ",
        ),
    ),
    "lima": ((r"\b(lima)(?= beans?)", "lˈImə"),),
    "live": (
        (r"\b(live)(?=-(?:stream|blog|tweet|broadcast|fire|action)\w*)", "lˈIv"),
        (rf"{_START}(live)(?=, (?:laugh|love|learn|breathe|eat|work)\b)", "lˈɪv"),
        (
            r"\b(?:caught|captured|catch|filmed|saw|seen|shown)(?: (?:it|them|him|her|this|that))? (live)(?= on (?:camera|film|tape|video|screen|radio)\b)",
            "lˈIv",
        ),
        (r"\b(?:birth to|bears?|bore) (live)(?= (?:young|babies|offspring|pups)\b)", "lˈIv"),
        (
            r"\b(?:cover|watch|perform|play|broadcast|show|stream|hear|catch)(?:e?s|ed|ing)? (?:\w+ ){1,4}(?:songs?|events?|games?|match(?:es)?|concerts?|"
            r"shows?|tracks?|albums?|debates?) (live)(?=[.,;!?]|$| on (?:the )?(?:radio|tv|t v|television|air|b b c|stage)\b)",
            "lˈIv",
        ),
        (
            r"\b(?:air(?:s|ed|ing)?|listen(?:s|ed|ing)?|taped|televised|(?:come|comes|coming) to you|(?:seen|see|saw|hear|heard|watch) (?:them|him|her|this band|the band|that band)) (live)\b(?! (?:in (?:peace|fear|poverty|harmony)|with|there|here|long|longer|together|alone))",
            "lˈIv",
        ),
        (
            r"\b(?:joins?|joining|joined) (?:us|me) (live)\b|\bare (?:we|you|they) (live)(?=[.,!?])|\bis (?:it|(?:this|that|the) \w+) (live)(?=\?)",
            "lˈIv",
        ),
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
            rf"{_START}(live)(?= (?:your|like|(?:each|every) day|in (?:the (?:moment|present|now)|peace|harmony)|simply|well|long|free|as|fully|boldly|quietly|happily|humbly|generously|for today)\b(?!-| on (?:air|tv|stage)))",
            "lˈɪv",
        ),
        (
            r"\b(?:the|an?|of|with|sells?|selling|sold|some|on|by|for|use[ds]?|using|eats?|ate|import\w*|buys?|bought|catch|caught|as|from|no|any|all|"
            r"fresh|raw|ship\w*|transport\w*|only|two|three|feed|fed|fired?|firing) (live)(?= (?:chickens?|toads?|fish|bait|animals?|prey|birds?|lobsters?|crabs?|insects?|mice|rats|scallops?|cattle|pigs?|"
            r"sheep|oysters?|eels?|worms?|crickets?|ammunition|rounds|wires?)\b)",
            "lˈIv",
        ),
        (
            # "why would a queen live so", but not "did the band play live"
            r"\b(?:do|does|did|can|could|will|would|shall|should|may|might|must) (?:(?:(?:the|an?|my|your|his|her|its|our|their|this|that|these|"
            r"those|any|some|no|poor) (?:\w+ )?)(?!(?:be|play|go|sing|air|perform|stream|broadcast|come|appear|record|see|show|run|watch)\b)[a-z]+|"
            r"i|we|you|they|he|she|people|anyone|anybody|everyone|someone) (live)"
            r"(?=[.,;:!?]|$| (?:in|at|with|without|there|here|by|near|under|alone|together|nearby|far|like|through|among|so|and|or|as|forever)\b)",
            "lˈɪv",
        ),
        (
            r"\b(live)(?= (?:happily|solitarily|peacefully|comfortably)\b)|\b(?:they|we|who|to|that|people|can|both|all|two) (live)(?= (?:abroad|nearby|apart)\b)",
            "lˈɪv",
        ),
        (r"\b(?:let|lets|letting) (?:(?:it|him|her|them|me|us|others|people) )?(live)(?=[.,;!?]|$)", "lˈɪv"),
    ),
    "minute": (
        (r"\b(?:however|no matter how) (minute)(?=[.,;!?]|$)", "mInˈut|mInjˈuːt"),
        (
            r"\b(?:species|genus|genera|family) of (minute)\b|\b(minute)(?= (?:sea|marine|freshwater|fossil) (?:snails?|slugs?|shells?|fish|animals?|creatures?|organisms?|crustaceans?|mollus[ck]s?|worms?|algae|plants?|insects?)\b)",
            "mInˈut|mInjˈuːt",
        ),
        (
            r"\b(?:so|too|very|quite|rather|(?!only|nearly|early)\w+ly|is|are|was|were|be|seems?|seemed|looked) (minute)"
            r"(?=[.,;!?]|$| (?:that|to|and|or|but|enough|compared)\b)",
            "mInˈut|mInjˈuːt",
        ),
        (
            r"(?<!last )(?<!-)\b(minute)(?= (?:detail|amount|quantit|trace|particle|difference|fragment|fraction|variation|speck|grain|"
            r"organism|crystal|creature|insect|dose|care\b|search|account|inspection|examination|attention|scrutiny|observation|"
            r"knowledge|description|investigation|accuracy|precision|portion|proportion))",
            "mInˈut|mInjˈuːt",
        ),
        # "a minute shift in", but "a minute later in"
        (
            r"\b(?:an?|even) (minute)(?= (?!in\b|later?|longer|earl|mov|pass|every|went|or\b|and\b|of\b|by\b|for\b|to\b|walk|drive|silence|before|"
            r"after|until|left|with|more|less|when|if\b|at\b|on\b|the\b|that\b|he\b|she\b|it\b|they|there|is\b|was\b|out|away|hand)"
            r"\w+ (?:of|in|on|from|between|can|could|may|is|was)\b)",
            "mInˈut|mInjˈuːt",
        ),
        (
            r"\b(?:even|with|of|through|under|by|these|those|some|many|such|into|lays?|lay|contain\w*|detect\w*) (minute)"
            r"(?= (?:(?!he|she|it|they|the)\w+ ){0,2}?(?!his|its|this|was|has|hands|is\b|as\b)\w{3,}s\b)",
            "mInˈut|mInjˈuːt",
        ),
    ),
    "moderate": (
        (r"\b(?:low|mild|light|slight) (?:to|or) (moderate)\b", "mˈɑdəɹət"),
        (r"\b(?:i|we|they|you|who)(?: often| usually| also)? (moderate)\b(?! to\b)", "mˈɑdəɹˌAt"),
    ),
    "object": (
        (rf"{_START}{_PLURAL_NOUN} (object)(?=[.,;!?]|$)", "əbʤˈɛkt"),
        (rf"\b{_BEFORE_VERB} (object)\b(?!-)", "əbʤˈɛkt"),
        (
            rf"\b(?:{_PLURAL_NOUN}|people|also|still|strongly) (object)(?= (?:to (?!be\b|behold|have)|that|because|when|if|strongly)\b)",
            "əbʤˈɛkt",
        ),
        (
            r"\b(?:people|many|most|some|others|few|those|to) (object)(?= (?:to (?!be\b|behold|have)|when|that|strongly|if)\b|[.,;!?]|$)",
            "əbʤˈɛkt",
        ),
        (
            r"\b(?:should|would|will|could|did|does|do|if) (?:anyone|anybody|everyone|nobody|\w+ \w+) (object)(?=[,?]| to\b)",
            "əbʤˈɛkt",
        ),
    ),
    "objects": (
        (r"\b(?:he|she|who|no one|nobody|everyone) (objects)\b", "əbʤˈɛkts"),
        (
            r"\b(?:anyone|anybody|someone|somebody|it|mother|father|wife|husband|king|state|church|union|company|government|committee|\w+er) (objects)(?= (?:to|that)\b|[.,;])(?<!\bother objects)(?<!these objects)",
            "əbʤˈɛkts",
        ),
    ),
    "polish": ((rf"{_START}(polish)(?= (?:up|off|the|it|each|them|until|with|{_POSSESSIVE})\b)", "pˈɑlɪʃ"),),
    "presents": (
        (
            r"\b(?:birthday|christmas|xmas|wedding|wrapped|wrap(?:ping)?|the|these|those|his|her|my|your|our|their|some|many|of|two|"
            r"three|more|no|any|open(?:ed|ing)?|buy(?:ing)?|bought|gave|give|giving|loves?|loved|with|and) (presents)\b(?! (?:an?|the|as) )",
            "pɹˈɛzᵊnts",
        ),
    ),
    "project": (
        (r"\b(?:let's|lets|let us) (project)\b(?! (?:manag\w+|lead|team|plan))", "pɹəʤˈɛkt"),
        (
            r"\b(?:analysts|economists|officials|experts|forecasters|scientists|researchers|models|estimates) (project)(?= (?:that|growth|sales|revenue|(?:costs|prices) (?:will|to))\b)",
            "pɹəʤˈɛkt",
        ),
        (rf"\b{_BEFORE_VERB} (project)\b(?! (?:manage|lead|team|plan|director|work))", "pɹəʤˈɛkt"),
        (r"\b(?:to|and|then|please) (project)(?= (?:that|images?|power|strength|confidence|growth)\b)", "pɹəʤˈɛkt"),
        (rf"\b{_PLURAL_NOUN} (project)(?= (?:over|from|beyond|out|into|above|outwards?)\b)", "pɹəʤˈɛkt"),
    ),
    "projects": (
        (
            r"\b(?:company|bank|government|firm|agency|report|now) (projects)(?= (?:an?|the|that|growth|sales|revenue)\b)",
            "pɹəʤˈɛkts",
        ),
        (r"\b(projects)(?= (?:images?|light|pictures|confidence|its|onto|outwards?)\b)", "pɹəʤˈɛkts"),
    ),
    "read": (
        (
            r"\b(?:number of|many|most|of|all) (?:readers|people|users|viewers|visitors|customers|students) who (read)(?= (?:on|in|online|at least|for|books|more|less)\b)",
            "ɹˈid",
        ),
        (
            rf"{_START}(?!open(?:ed)\b)(?:open|take|get|find|pick up|unfold|print) (?:the|this|that|your|it) ?\w*, (read) it\b",
            "ɹˈid",
        ),
        (
            r"\b(?:he|she|they|i|we|[a-z]+) (?:open|unfold|unroll|pick|receiv|grabb|snatch|unseal)ed (?:up )?(?:the|a|his|her|my|their) \w+, (read)(?= (?:it|the|a|his|her|my|their|out|aloud)\b)",
            "ɹˈɛd",
        ),
        (r"\bif (?:\w+ )?\w+'d (read)\b(?=[^.!?]* (?:would|could|might)\b|[^.!?]*'d\b)", "ɹˈɛd"),
        (r"\b(?:when|while|as) i was\b[^.!?]*, i (read)\b", "ɹˈɛd"),
        (
            r"\b(?:shirt|hat|cap|mug|tattoo|display|screen|plaque|tag|badge|placard|ticket|notice|board) (read)(?=,? \")",
            "ɹˈɛd",
        ),
        (
            rf"{_START}(?:have|take|go|make|watch|listen|eat|drink|call|try|play|get|write|sit|relax|(?:you|we|they) can)\b[^.!?]*, (read)(?= (?:an?|the|your|some) \w+,? or \w)",
            "ɹˈid",
        ),
        (r"\blet (?:me|us|him|her|them) (?:just|first|now|quickly) (read)\b", "ɹˈid"),
        (
            r"\b(?:bit|an?|the|or|write|sequential|random|disk) (read)(?= (?:bus|access|heads?|speeds?|operations?|errors?|permissions?)\b)",
            "ɹˈid",
        ),
        # but "the notes suggest that he read it"
        (
            r"\b(?:suggested (?:that )?(?:i|you|we|they)|(?:recommend|recommend(?:s|ed)|propos(?:es?|ed)|demanded) (?:that )?(?:i|you|we|they|he|she|everyone|students|people)) (read)\b",
            "ɹˈid",
        ),
        (
            r"\b(?:have|has|had|having|haven't|hasn't|hadn't|\w+'ve)(?: (?:not|never|ever|all|both|just|also|only|even|since|already|\w+ly|you|they|we|he|she|i|(?:any|every|no|some)(?:one|body))){0,3} (read)\b",
            "ɹˈɛd",
        ),
        (r"\b\w+'d (?:never|already|just) (read)\b", "ɹˈɛd"),
        (r"\b(?:who|he|she|it|(?:no|every|any|some)(?:body|one))'s (?:already |never |just )?(read)\b", "ɹˈɛd"),
        (rf"{_START}(?:the|an?|his|her|their) (?:\w+ )?\w+, (read)(?= (?:out|aloud)\b)", "ɹˈɛd"),
        (
            r"\b\w+'d (read)(?=[^.!?]* (?:before|somewhere|so (?:much|many|often)\b[^.!?]* (?:that|was|were|felt))\b)",
            "ɹˈɛd",
        ),
        (r"\bwhy (?:not )?(read)\b", "ɹˈid"),
        (r"\b(read)(?= (?:in part|as follows)\b)|(?<=\w )(read)(?=:(?: |$))", "ɹˈɛd"),
        (
            r"(?<!\blet )(?<!\bmake )(?<!\bmakes )(?<!\bmade )(?<!\bhave )(?<!\bshould )(?<!\bdoes )(?<!\bdo )(?<!\bdid )(?<!\bwill )(?<!\bwould )(?<!\bcan )"
            r"\b(?:(?:the|an?|his|her|its|their|this|that|each|one|my|your) (?:\w+ )?(?:signs?|notes?|letter|labels?|headlines?|banners?|message|inscription|card|sticker|caption|posters?)|it|which)"
            r" (read)(?=,? \")|(?<=,\" )(read)\b",
            "ɹˈɛd",
        ),
        (
            r"\b(read)(?= by (?:millions|thousands|many|few|all|every\w*|nobody|children|people|police|the (?:author|public|judge|clerk|teacher|priest)|an? \w+)\b)",
            "ɹˈɛd",
        ),
        (r"\b(?:widely|well) (read)\b", "ɹˈɛd"),
        (r"\bmark(?:ed|s|ing)?(?: \w+){1,2} as (read)\b", "ɹˈɛd"),
        (
            r"\b(?:everything|anything|what|all|while|whatever|that) you (read)\b(?![^.!?]* (?:yesterday|was|were|surprised)\b)",
            "ɹˈid",
        ),
        (r"\b(?:if|before|when|once|unless|until|whenever|as) you (read)\b", "ɹˈid"),
        (
            r"\b(?:did|does|do|can|could|will|would|should|let|help(?:ed)?|heard?|watch(?:ed)?|made?|make|saw) (?:the|an?|my|your|his|her|our|their) \w+ (read)\b",
            "ɹˈid",
        ),
        # habits
        (
            rf"\b(?:i|we|they|you|half of \w+|millions|{_PEOPLE}|{_PLURAL_NOUN})(?: often| usually| always| rarely| sometimes| never| still)? (read)\b"
            r"(?=[^.!?]* (?:every|each|daily|nowadays|these days|twice a|\w+ \w+ a (?:day|week|month|year|term)|a lot|for (?:fun|pleasure)|too much|and write)\b)"
            rf"(?!{_PAST})",
            "ɹˈid",
        ),
        (
            rf"\b(?:{_PEOPLE}|{_PLURAL_NOUN}|half of \w+) (read)\b(?=[^.!?]* (?:online|today|on (?:the|their) (?:phones?|train|bus)|at least|faster|fewer|less|more|before (?:they|you|we) (?:buy|book|sign|vote|decide))\b)(?!{_PAST})",
            "ɹˈid",
        ),
        (
            rf"\b(?:{_PEOPLE}|those|anyone|everyone|all|others) who (?:actually |still |really |regularly )?(read)(?= (?:do|are|tend|have|often|much|little|only|fast|slowly|books|novels|fiction|poetry|well|widely|for pleasure|my|these|it)\b)",
            "ɹˈid",
        ),
        (
            rf"\b(?:{_PEOPLE}|machines|computers) (read)(?= (?:poetry|fiction|newspapers|novels|the barcodes?)\b)",
            "ɹˈid",
        ),
        (
            r"\b(?:i|we|they|you|people) (?:rarely|seldom|usually|generally|still|hardly ever) (read)\b(?![^.!?]* (?:was|were|did|then|had)\b)",
            "ɹˈid",
        ),
        (
            r"\b(?:i|we|they|you) (?:always|often|sometimes|never) (read)(?= (?:before|in (?:the )?(?:bed|bath|church|silence)|(?:novels|books|fiction|poetry|newspapers|reviews|that|of|how|about|my mind)|the (?:papers|news|paper|(?:fine|small) print|comments|instructions))\b)(?![^.!?]* (?:was|were|had)\b)",
            "ɹˈid",
        ),
        (
            r"\bwe (read)(?=[^.!?]* in (?:the )?(?:gospel|bible|book of|scriptures?|genesis|exodus|psalms?|matthew|mark|luke|john|acts|koran|quran)\b)",
            "ɹˈid",
        ),
        (
            r"\bin (?:the )?(?:\w+ of )?(?:gospel|bible|scriptures?|genesis|exodus|psalms?|matthew|mark|luke|john|acts|history|holy writ)(?: of \w+)?,? we (read)\b",
            "ɹˈid",
        ),
        (
            r"\b(?:when|whenever|as|if) we (read)(?= (?:an?|such|poetry|fiction|novels|books|in scripture|aloud)\b)",
            "ɹˈid",
        ),
        (
            r"(?:^|[.,;!?] |\b(?:and|but|as|when|while|then|because) )(?:the|an?|my|his|her|our|their) (?:\w+ )?(?:father|mother|dad|mum|mom|grandmother|grandfather|teacher|priest|judge|"
            r"king|queen|doctor|officer|man|woman|boy|girl|brother|sister|son|daughter|wife|husband|clerk|sign|letter|note|message) (read)\b",
            "ɹˈɛd",
        ),
        (
            r"\b(?:read|\w{2,}ed|sat|took|got|found|said|put|tore|broke|wrote|went|came) "
            r"(?:(?!(?:to|will|would|can|could|should|must)\b)[\w,']+ ){0,6}and then (read)\b",
            "ɹˈɛd",
        ),
        # "He opened it and read", "She leant over and read"
        (
            r"\b(?:(?!\w*eed\b)\w{2,}ed|sat|lay|stood|went|took|came|got|found|said|bent|rose|knelt|drew|held|put|tore|broke|spread|caught|threw|leant|began)"
            r"(?: (?!(?:to|and|would|could|can|should|may|might|must|will|let)\b)[\w']+){0,4},? and (read)\b",
            "ɹˈɛd",
        ),
    ),
    "re": ((r"\b(re)(?=: )", "ɹˈi"),),
    "resume": (
        (
            rf"\b(?:an?|the|no|one|each|every|another|{_POSSESSIVE}|cover letter and|of|(?!let|it|that)\w{{3,}}'s|send|submit|updated?|attached|polished|professional|strong|great|good|"
            r"impressive|academic|online|blank|video|one-page|email|mail|upload) (resume)\b(?! (?:the|play|work|button)\b)",
            "ɹˈɛzəmA",
        ),
        (rf"{_START}(resume)(?=: | tips\b| writing\b| examples?\b| templates?\b)", "ɹˈɛzəmA"),
    ),
    "resumes": (
        (
            rf"\b(?:{_POSSESSIVE}|the|these|of|many|fake|good|polished|updated?|applicants'?|cover letters and|send|submit(?:ted|ting)?|review(?:ed|ing)?|read) (resumes)\b",
            "ɹˈɛzəmAz",
        ),
        (rf"{_START}(resumes)(?= (?:should|must|can|are|were|with|and)\b)", "ɹˈɛzəmAz"),
    ),
    "row": (
        (r"\b(?:there's|there has|there had) been an? (row)\b(?! of\b)", "ɹˈW"),
        (r"\b(?:was|were|be|been|is|are) an? (row)(?= (?:among|amongst|between|about|over|with)\b)", "ɹˈW"),
        (r"\b(?:we|they|you|i|to|can|could|will|would|must|he'll|we'll|let's) (row)(?= over\b)", "ɹˈO"),
        (r"\bamid (?:an? |the )?(?:[\w'-]+ ){0,2}(row)\b(?! of\b)", "ɹˈW"),
        (r"\b(row)(?= (?:deepen|escalat|intensifi|overshadow|engulf)\w*| divides (?!by|into))", "ɹˈW"),
        (
            r"\b(?:had|has|have|having|started|starting|sparked|caused|after|amid|into|(?:involved|embroiled|caught up|locked|middle) (?:in|of)) an? (?:\w+ )?(row)(?= (?:with (?!\d|two|three|four)|about|over|between|last|this|that|because)\b|[.,;!?]|$)",
            "ɹˈW",
        ),
        (
            r"\b(?:diplomatic|public|family|trade|race|transfer|fishing|planning|brexit|expenses|parking|funding|immigration|visa|bullying|racism|sewage|flaming|terrible|almighty|unholy|growing|stand-up|violent|blazing|furious|bitter|huge|political|heated|"
            r"dreadful|awful|frightful|domestic|tremendous|infernal|such a|what a|kick(?:s|ed|ing)? up an?(?: \w+)?|(?:stop|hear|heard|hearing) (?:that|this|the|an?)) (row)\b(?! (?:of|houses?|boats?)\b)",
            "ɹˈW",
        ),
        (
            r"\b(row)(?= (?:over (?!by|there|here)|about|between the two|rumbles|(?:has |had )?(?:erupt|broken? out)|(?:was )?going on|is brewing)\w*\b)(?! about (?:half|a |two|three))",
            "ɹˈW",
        ),
    ),
    "tear": (
        (
            r"\b(?:dress|shirts?|jeans|coat|jacket|skirt|trousers|pants|sleeve|sofa|sail|tent) (?:has|had|have) an? (?:\w+ )?(tear)\b",
            "tˈɛɹ",
        ),
        (
            r"\b(?:ligament|muscle|tendon|cartilage|fabric)\b[^.!?]* (?:small|partial|complete|minor|big|large) (tear)\b",
            "tˈɛɹ",
        ),
        (
            r"\b(?:to|i|we|they|you|will|would|always) (tear)(?= up(?:[.,;!?]|$| (?:at|when|every time|whenever|a (?:little|bit)|just)\b))",
            "tˈɪɹ",
        ),
        (r"\beyes (?:\w+ ){0,3}(tear)(?= up\b)", "tˈɪɹ"),
        (r"\b(tear)(?= gas\b)", "tˈɪɹ"),
        (r"\bon a (tear)(?=[.,;!?]|$| (?:lately|recently|since|this)\b)", "tˈɛɹ"),
        (
            r"\b(?:acl|a c l|ligament|muscle|meniscus|tendon|cuff|labral|retinal|triceps|hamstring|(?:mend|repair|patch|suffer)(?:s|ed|ing)?|showed)"
            r"(?: the| an?)?(?: small| partial)? (tear)\b",
            "tˈɛɹ",
        ),
        (rf"{_START}(tear)(?= (?:along|here|off|open|up|down|out|it|the|apart|strips|into)\b)", "tˈɛɹ"),
        (
            r"\bwear and (tear)\b|\b(?:heard|hear|felt|feel) (?:the|my|his|her|their) (?:\w+s|fabric|cloth|shirt|dress|skirt|muscle|ligament|tendon|calf) (tear)\b",
            "tˈɛɹ",
        ),
        (r"\b(?:partial|thickness|labrum|achilles|calf|groin|u c l|m c l) (tear)\b", "tˈɛɹ"),
        (r"\b(tear)(?= (?:sheets?|strength|resist\w*|patterns?)\b)", "tˈɛɹ"),
        (
            rf"\b(tear)(?= (?:apart|{_SELF}|(?:in|through) (?:the|an?|{_POSSESSIVE}))\b)(?! in \w+ (?:\w+ )?(?:eye|voice))",
            "tˈɛɹ",
        ),
        (
            r"\b(tear)(?= of (?:the|his|her|a) (?:\w+ ){0,2}(?:[aum] c l|acl|ligament|labrum|muscle|tendon|meniscus|retina)\b)",
            "tˈɛɹ",
        ),
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
        (r"\b(?:muscle|ligament|acl|tendon|meniscus|cuff|labral|hamstring|patch(?: any| the)?) (tears)\b", "tˈɛɹz"),
        (
            r"\b(tears)(?= (?:through|easily|if|in (?:two|half|(?:the |an? |his |her )?(?:fabric|tent|sails?|net|muscles?|curtains?|cloth)))\b)",
            "tˈɛɹz",
        ),
        (r"\b(?:dog|bear|wolf|lion|cat|wind|he|she|it) (tears)(?= at\b)", "tˈɛɹz"),
        (
            r"\b(tears)(?= (?:in|to|of) (?:the|an?|his|her|my|their|its) (?:\w+ ){0,2}(?:ligaments?|tendons?|muscles?|cuff|retina|meniscus|cartilage|"
            r"fabric|sails?|tents?|curtains?|canvas|lining)\b)",
            "tˈɛɹz",
        ),
    ),
    "permit": ((r"\b(?:weather|time|conditions|circumstances|funds|resources) (permit)(?=[.,;!?]|$)", "pəɹmˈɪt"),),
    "refuse": (
        (r"\b(refuse)(?= to (?!the\b|an?\b))", "ɹəfjˈuz|ɹɪfjˈuːz"),
        (
            r"\b(?:household|domestic|garden|kitchen|collect(?:s|ed|ing)?|dump(?:ed|ing)?|burn(?:s|ed|ing)?) (refuse)\b",
            "ɹˈɛfjus",
        ),
        (
            r"(?<!they )(?<!we )(?<!you )(?<!to )(?<!who )\b(refuse)(?= (?:collections?|collectors?|bins?|dumps?|trucks?|tips?|heaps?|lorr\w+|sacks?|bags?|disposal)\b)",
            "ɹˈɛfjus",
        ),
    ),
    "contract": (
        (
            r"\b(?:muscles|pupils|metals|vessels|arteries|fibers|fibres|lungs|ventricles) (contract)\b(?! (?:disputes?|law|work))",
            "kəntɹˈækt",
        ),
        (r"\b(?:expands?|expand when heated) (?:and|or) (contract)\b", "kəntɹˈækt"),
    ),
    "graduate": (
        (
            r"\b(graduate)(?= (?:schools?|students?|studies|degrees?|programs?|programmes?|courses?|work|diplomas?|trainees?|schemes?)\b)",
            "ɡɹˈæʤuət",
        ),
    ),
    # the other is "for my sake", "for the sake of"
    "sake": (
        (
            r"\b(?:some|more|chilled|warmed|served|serve|pour(?:ed)?|order(?:ed)?|rice|dry) (sake)(?=[.,;!?]|$| (?:with|and|in|for|from)\b)",
            "sˈɑːki",
        ),
        (r"(?:^|[.!?] )(?:(?!\bfor\b)[^.!?])*\b(sake)\b(?! of\b)", "sˈɑːki"),
        (
            r"\b(?:cups?|bottles?|glass(?:es)?|flasks?|hot|warm|cold|sushi|drink(?:ing)?|drank|sip(?:ped|ping)?)(?: of| and)? (sake)\b",
            "sˈɑːki",
        ),
    ),
    "diffuse": (
        (
            r"\b(diffuse)(?= (?:light|lighting|reflection|glow|pain|large|damage)(?: (?:from|is|was|in|and|of|that)\b|[.,;]|$))(?<!to diffuse)(?<!will diffuse)(?<!can diffuse)(?<!helps diffuse)",
            "dəfjˈus|dɪfjˈuːs",
        ),
        (r"\b(?:(?:an?|the|more|is|are|was|very|too|so)|\w+ and (?=\w+(?:[.,;]|$))) ?(diffuse)\b", "dəfjˈus|dɪfjˈuːs"),
        (
            r"\b(?:of|with|by|for|small|large|special|faint|bright|dark|soft|pale|cool|warm|broad|wide|dim|other|some|no),? (diffuse)(?= (?!(?:into|through|throughout|across|out|from|to|over|in|the|an?|and|or|by|at|outward|this|that|these|those|their|its|his|her|it|them|faster|more|slowly|rapidly|tensions?)\b)\w)",
            "dəfjˈus|dɪfjˈuːs",
        ),
    ),
    "moped": (
        (r"\b(?:an?|the|my|his|her|by) (moped)\b", "mˈOpˌɛd"),
        (
            r"(?<!\bi )(?<!\bhe )(?<!\bshe )(?<!\bwe )(?<!they )(?<!who )(?<!and )(?<!just )(?<!has )(?<!had )(?<!have )\b(moped)\b"
            r"(?! (?:around|about|all|for|until|through|over|in (?:his|her|silence|bed)|while|after|when|as)\b)",
            "mˈOpˌɛd",
        ),
    ),
    "lives": (
        (r"\b(?:black|white|blue|all) (lives)(?= matter)", "lˈIvz"),
        (r"\b(?:how|where|as|if|when|since) one (lives)\b", "lˈɪvz"),
        (r"\b(lives)(?= and (?:breathes|dies)\b)", "lˈɪvz"),
        (
            r"\b(?:their|our|your|his|her|my|\w+s'|\w+'s) (?:every ?day|sex|love|private) (lives)\b(?! (?:on|in|here|there|at|with|within|forever|beyond)\b)",
            "lˈIvz",
        ),
        (
            rf"{_START}(?:the|an?|this) (?:\w+ )?(?!(?:{_POSSESSIVE}|the|many|rural|hard|short|better|good|bad|best|poor|rich|lost|former|quiet|busy|"
            r"long|peaceful|simple|happy|thousand|million|hundred|dozen|few|whole|inner|outer|student|village|city|actual|brief|sad|save|cost|took|lost|whose|put|ruin|improve|change|transform|touch|rebuild|claim|risk|destroy|lead|most|some|both|all|no|new|old|past|human|private|public|inner|"
            r"working|secret|double|love|social|\w+less|innocent|precious|real|ordinary|normal|daily|parallel|separate|civilian|american|british|family|\w+s|\w+ly|of|\w+ed|\w+ing|other|young|modern|two|three|more)\b)\w+ (lives)"
            r"(?= (?:in|near|on|with (?:his|her|its|their|a))\b)",
            "lˈɪvz",
        ),
    ),
    "winds": (
        (
            r"\b(?:sustained|strong|high|gusty|light|westerly|northerly|southerly|easterly|trade|storm|surface|hurricane-force|gale-force) (winds)\b",
            "wˈɪndz",
        ),
        (rf"\b{_WAY} (winds)(?= (?:{_ALONG}|(?:up|down)hill|slowly|gently|lazily|north|south|east|west)\b)", "wˈIndz"),
    ),
    "wound": (
        (
            r"\b(?:had|has|have|'d|'ve) (?:\w+ly )?(wound)(?= (?:it|his|her|the|up|down|around|round|its|their|my|itself)\b)",
            "wˈWnd",
        ),
        (r"\b(?:tightly|all|too|so) (wound)(?= up\b|[.,;!?]|$)", "wˈWnd"),
        (
            rf"\b(?:{_WAY}|{_TRAIN}|ivy|vines?|snakes?|smoke|ribbon) (wound)(?= (?:\w+ly )?(?:{_ALONG}|itself|their|on|(?:up|down)hill)\b)",
            "wˈWnd",
        ),
        (
            r"\b(?:evening|day|party|meeting|year|war|night|conversation|summer|campaign) (wound)(?= (?:down|up|on)\b)",
            "wˈWnd",
        ),
        (rf"\b(?:{_PLURAL_NOUN}|cloth|rope|tape|thread|wire|hair|or) (wound)(?= (?:a?round|onto)\b)", "wˈWnd"),
        (r"(?<!\ba )(?<!the )\b(wound)(?= up \w+ing\b)", "wˈWnd"),
        (r"\b(?:has|have|had) (?:i|you|he|she|it|we|they) (wound)\b", "wˈWnd"),
        (
            rf"(?<!\bthe )(?<!\ba )(?<!\bthis )(?<!\bhis )(?<!\bher )\b(wound)(?= about {_POSSESSIVE[:-1]}|thy|the)\b)",
            "wˈWnd",
        ),
        (
            r"\b(?:is|are|was|were|been|be|being|coils?|springs?|strings?|cables?|ropes?|custom) (wound)(?= (?:on|onto|for|around|round|into|in a)\b)",
            "wˈWnd",
        ),
    ),
    "deserts": ((r"\bjust (deserts)\b", "dəzˈɜɹts"),),
    "recount": ((r"\b(recount)(?= (?:(?!of\b)\w+ ){0,3}(?:votes?|ballots|money|cash|stock)\b)", "ɹikˈWnt"),),
    "convert": ((rf"{_START}(convert)(?= (?!(?:to|from|who|is|was)\b)[a-z\d])", "kənvˈɜɹt"),),
    "converts": (
        (
            r"\b(converts)(?= (?:the|an?|its|his|her|their|it|them|carbon|heat|energy|power|light|sunlight|water|sugar|starch|"
            r"glucose|text|speech|sound|files?|data|units|electricity)\b)",
            "kənvˈɜɹts",
        ),
    ),
    "transfer": ((r"(?:^|[.!?,;:] |\bthen )(transfer)(?= (?:\w+ )?(?:to|into|onto)\b)", "tɹænsfˈɜɹ|tɹɑːnsfˈɜː"),),
    "axes": (
        (
            r"\b(?:with|their|his|battle|ice|stone|hand|sharp|carr(?:y|ied|ying)|swung|swing(?:ing)?|wield(?:ed|ing)|and) (axes)\b(?! of\b)",
            "ˈæksᵻz",
        ),
        (
            r"\b(?:threw|bought|carried|grabbed|stole|sold|found|owns?|swung|kept|dropped|borrowed) (?:two|three) (axes)\b(?! of\b)"
            r"|\b(?:two|three) (axes)(?= (?:in the (?:shed|barn|garage|truck|trunk|museum)|hung|lay|leaned|leant|(?:were|are) (?:stolen|sharp))\b)",
            "ˈæksᵻz",
        ),
        (r"\b(axes)(?= (?:jobs?|hundreds|thousands|plans?|staff|the|its)\b)", "ˈæksᵻz"),
    ),
    "putting": (
        (r"\b(putting)(?= (?:greens?|surface|stroke|practice|contest)\b)", "pˈʌTɪŋ"),
        (
            r"\b(?:his|her|my|their|poor|good) (putting)(?=[.,;!?]|$| (?:was|is|has|let|improved|failed|stroke|game|wins|all|for)\b)",
            "pˈʌTɪŋ",
        ),
    ),
    "job": ((r"\b(job)(?= (?:answered|said unto)\b)", "ʤˈOb"),),
    "protest": (
        (
            r"\bto (?!(?:early|only|daily|weekly|monthly|nightly|yearly|family|largely|mostly|july)\b)\w+ly (protest)\b(?! (?:march\w*|votes?|rall\w+)\b)",
            "pɹətˈɛst",
        ),
        (
            rf"\b(?:{_BEFORE_VERB}|to|doth|{_PLURAL_NOUN}|people|women|men) (protest)\b(?! (?:march\w*|movements?|groups?|songs?|votes?|rall\w+|camps?|leaders?|"
            r"organi\w+|letters?|music|turn\w*|is|was|has|will|grows|continues|begins)\b)",
            "pɹətˈɛst",
        ),
        (rf"{_START}(protest)(?= (?:all|as|if) (?:you|he|she|they)\b)", "pɹətˈɛst"),
    ),
    "rows": (
        (r"\b(?:having|blazing|furious|bitter|heated|family|terrible|flaming) (rows)\b(?! of\b)", "ɹˈWz"),
        (rf"(?:{_START}(rows)(?= over\b)|\b(rows)(?= about\b))", "ɹˈWz"),
    ),
    "used": (
        (
            r"\b(?:gets?|got|getting) (?:[\w']+ ){1,3}(used)(?= to (?:people|it|this|that|these|those|the|an?|his|her|their|your|my|our|us|being|him|them|"
            r"(?!bring\b|\w{0,2}[slw]ing\b|string\b|spring\b)\w{2,}ing)\b)|\b(?:al)?though (used)(?= to \w+ing\b)",
            "jˈust",
        ),
        (
            r"\b(?:is|are|am|was|were) (?:you|he|she|they|we|i|it|the \w+) (used)(?= to (?:\w{2,}ing|it|this|that|the|such)\b)",
            "jˈust",
        ),
        (
            r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )(?<!\bbeen )(?<!\bbeing )\b(used)"
            r"(?= to (?:be|have|live|love|like|think|say|know|believe|want|smoke|bark|flood|play|work|cost)\b)",
            "jˈust",
        ),
        (r"\b(?:kids|children|town|city|village|place|street|river) (used)(?= to \w)", "jˈust"),
        (
            r"\b(?:gun|knife|weapon|van|vehicle|truck|rope|hammer|money|funds|plastic|materials?|words?|terms?|phrases?|methods?|process|tools?|tactics|"
            r"techniques?|images?|data|software|chemicals|drones?|equipment|technology|steam|machine) (used)(?= to \w)",
            "jˈuzd",
        ),
        (
            r"\b(?:gets?|got|getting|gotten|becomes?|became|becoming|grow|grew|grown|growing) (?:\w+ly |so |quite |very |more |all )?(used)(?= to\b)",
            "jˈust",
        ),
        (
            r"\b(?:am|is|are|was|were|been|being|\w+'(?:m|s|re)|not|\w+n't|never|so|more|well|longer) (?:\w+ly |so |quite |well )?(used)"
            r"(?= to(?:[.,;!?]|$| (?:(?!bring|sing|string|swing|cling|fling|sting|ring|spring)\w{2,}ing|it|this(?! day)|that|these|those|him|her|them|us|me|you|my|your|his|its|our|their|"
            r"people|such|hard|cold|hot|life|the(?! full| max| utmost| limit)|an?(?! large| great| certain| limited))\b))",
            "jˈust",
        ),
        (
            r"\b(?:it|he|she|they|we|i|you|who|there) (used)(?= (?:not|often|always|sometimes|never|generally|also|only) to \w)",
            "jˈust",
        ),
    ),
    "mouth": (
        (
            r"(?<!his )(?<!her )(?<!my )(?<!your )(?<!the )\b(mouth)(?= (?:the (?:words?|lyrics|same)|something|obscenities|platitudes|a (?:silent|word|prayer|thank))\b)",
            "mˈWð",
        ),
    ),
    "orient": ((rf"{_START}(orient)(?= (?:the|your|yourself)\b)", "ˈɔɹiˌɛnt"),),
    "pasty": ((r"\b(pasty)(?= (?:recipes?|varieties|factory|shops?|company|makers?|fillings?)\b)", "pˈæsti"),),
    "perfect": ((r"\bnext to (perfect)\b", "pˈɜɹfəkt"),),
    "predicate": ((r"\b(predicate)(?= (?:logic|calculus)\b)", "pɹˈɛdəkət"),),
    "excuse": (
        (
            r"(?<!\ban )(?<!the )(?<!no )\b(excuse)(?= (?:me|us|my (?:french|language|english|ignorance|mess)(?! \w+ \w+ed))\b)",
            "ɪkskjˈuz",
        ),
    ),
    "primer": (
        (
            r"\b(?:an?|this|the) (?:\w+ )?(primer)(?= (?:on|for (?!metal|wood|the|paint)|to|of|in|about)\b)",
            "pɹˈɪməɹ|pɹˈImə",
        ),
    ),
    "proceeds": (
        (
            r"\b(?:trial|case|merger|deal|project|process|plan|work|investigation|hearing|matter|game|story|construction) (proceeds)"
            r"(?= (?:on|in|at|with|by|without|as|apace|according)\b|[,.;])",
            "pɹəsˈidz",
        ),
    ),
    "protests": ((r"[,!?][\"”] (protests)\b", "pɹətˈɛsts"),),
    "purport": ((r"(?<!the )(?<!its )(?<!his )\b(purport)(?= to (?!me|him|her|us|them|you)\w)", "pəɹpˈɔɹt"),),
    "recoil": (
        (
            r"\b(?:made?|makes|saw|see|watch(?:ed)?|felt) (?:me|him|her|us|them|it|you|the \w+) (recoil)\b(?! (?:is|was|of)\b)",
            "ɹəkˈYl|ɹɪkˈYl",
        ),
    ),
    "routed": (
        (
            r"\b(?:army|troops|forces|rebels|enemy|invaders) (?:was |were |had been )?(routed)\b(?! (?:through|via|to)\b)",
            "ɹˈWTᵻd",
        ),
    ),
    "rowed": ((r"\b(rowed)(?= (?:\w+ly )?(?:about|over (?:money|who|what))\b)", "ɹˈWd"),),
    "rowing": (
        (r"\b(rowing)(?= (?:again |constantly |loudly |all \w+ )?(?:about|over)\b)", "ɹˈWɪŋ"),
        (r"\b(?:always|constantly|forever) (rowing)(?=[.,;!?]|$)", "ɹˈWɪŋ"),
    ),
    "segment": ((r"\b(?:we|they|you|i|to|can|could|will|would|should|must) (segment)\b", "sˈɛɡmˌɛnt"),),
    "subject": ((r"\b(subject)(?= to\b)", "sˈʌbʤɛkt"),),
    "subordinate": ((r"\b(subordinate)(?= to\b)", "səbˈɔɹdənət"),),
    "suspect": (
        (r"\b(?:looks?|looked|seems?|seemed|highly|rather) (suspect)\b(?! (?:the|that|him|her)\b)", "sˈʌspˌɛkt"),
    ),
    "tearing": (
        (
            r"\b(?:i'm|he's|she's|they're|you're|we're|am|was|were|started|not) (tearing)(?= up(?:[.,;!?]|$| (?:at|just|again|a (?:little|bit))\b))",
            "tˈɪɹɪŋ",
        ),
        (r"\beyes (?:\w+ ){0,3}(tearing)(?= up\b|[.,])", "tˈɪɹɪŋ"),
    ),
    "use": (
        (r"\bput(?:s|ting)? (?:\w+ ){0,3}to (?:\w+ )?(use)\b", "jˈus"),
        (rf"{_START}(use)(?= (?!(?:cases?|by|of|is|was|in|for|at|and|or|tax|value)\b)\w)", "jˈuz"),
    ),
    "extract": (
        (
            r"\b(?:vanilla|almond|malt|yeast|lemon|orange|peppermint|(?<!the )(?<!this )(?<!that )plant|herbal|root|leaf|seed) (extract)\b",
            "ˈɛkstɹˌækt",
        ),
    ),
    "associate": (
        (
            r"\b(associate)(?= (?:professor|editor|director|degree|dean|member|producer|justice|attorney|partner|fellow)\b)"
            r"|\b(?:the|of|two|three|four|five|our|their|its|and|as|by|with|from|are|were|several) (associate)"
            r"(?= (?:professors|editors|directors|degrees|deans|members|producers|justices|attorneys|partners|fellows)\b)",
            "əsˈOsiət",
        ),
    ),
    "export": (
        (
            rf"{_START}(export)(?= (?:data|files?|images?|tables?|reports?|contacts|settings|results) (?:to|into|from|as)\b)",
            "ɛkspˈɔɹt",
        ),
    ),
    "uses": ((r"\b(?:new|other|many|better|different) (uses)\b", "jˈusᵻz"),),
    "sewer": (
        (r"\b(?:seamstress|tailor|quilter|knitter|weaver) and an? (sewer)\b", "sˈOəɹ|sˈQə"),
        (
            r"\b(?:home|keen|skilled|novice|beginner|beginning|experienced|avid|fine|quilter and|am an?|as an?) (sewer)(?=[.,;!?]|$| (?:who|and|of|i)\b)",
            "sˈOəɹ|sˈQə",
        ),
    ),
    "deliberate": (
        (
            rf"{_START}(deliberate)(?= (?:acts?|attempts?|attacks?|choices?|practice|lies|mistakes?|misuse|errors?|fouls?|efforts?|decisions?|steps?|policy|provocation|sabotage)\b)",
            "dəlˈɪbəɹət|dɪlˈɪbəɹət",
        ),
    ),
    "defect": (
        (
            r"\b(?:to|would|could|will|did|not|made (?:him|her|them)|let (?:him|her|them)|they|who) (defect)(?=[.,;!?]|$| (?:to|from|and|because|when|after|in)\b)",
            "dəfˈɛkt|dɪfˈɛkt",
        ),
    ),
    "tout": ((r"\b(tout)(?= (?:de suite|court|le monde)\b)", "tˈut"),),
    "en": (
        (
            r"\b(en)(?= (?:sc[eè]ne|croute|passant|masse|bloc|plein air|papillote|famille|pointe)\b)",
            "ˈɑn|ˈɒn",
        ),
    ),
    "es": ((r"\bcasa (es)(?= su\b)", "ˌɛs"),),
    "verts": ((r"\bharicots (verts)\b", "vˈɛɹ"),),
    "haricots": ((r"\b(haricots)(?= verts\b)", "ˌæɹɪkˈO"),),
    "scene": ((r"\bmise en (scene)\b", "sˈɛn"),),
}
# names, which have a capital
_NAMES = {
    "Abe": (r"(?:(?<=Shinzo )|(?<=Prime Minister ))(Abe)\b", "ˈɑːbA"),
    "Ngo": (r"\b(Ngo)\b", "əŋɡˈO"),
    "Terre": (r"(?<=Cinque )(Terre)\b", "tˈɛɹA"),
    "Verde": (r"(?<=Mesa )(Verde)\b", "vˈɜɹdi"),
    "Cana": (r"(?<=Punta )(Cana)\b", "kˈɑːnə"),
    "Bondi": (r"(Bondi)(?= (?:Beach|Junction)\b)", "bˈɑndI"),
    "Fe": (r"(?<=Santa )(Fe)\b", "fˈA"),
    "Haute": (r"(?<=Terre )(Haute)\b", "hˈOt"),
    "Havre": (r"(?<=Le )(Havre)\b", "hˈɑːvɹə"),
    "Laurent": (r"(Saint)(?= Laurent\b)", "sˌæn"),
    "Paso": (r"(?<=El )(Paso)\b", "pˈæsO"),
    "Plaid": (r"(Plaid)(?= Cymru\b)", "plˈId"),
    "Salaam": (r"(?<=Dar )(es)(?= Salaam\b)", "ˌɛs"),
    "Slough": (
        r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=of )|(?<=via )|(?<=at )|(?<=and ))(?=Slough(?:[.,;!?]|$| [a-z]))|(?=Slough (?:is (?:a town|in |west of)|Town|Council|Borough|Station)\b))(Slough)\b",
        "slˈW",
    ),
    "Wear": (r"(?:(?<=River )|(?<=Tyne and ))(Wear)\b", "wˈɪɹ"),
    "Berkeley": (r"(Berkeley)(?= Square\b)", "bˈɑːɹkli"),
    "Mall": (r"(?<=Pall )(Mall)\b", "mˈæl"),
    "Keynes": (r"(?<=Milton )(Keynes)\b", "kˈinz"),
    "Manger": (r"(?<=Pret a )(Manger)\b", "mˈɑnʒA"),
    "Louis": (r"(?<=Saint )(Louis)\b(?! (?:the|of)\b)", "lˈuɪs"),
    "Real": (r"(Real)(?= (?:Madrid|Sociedad|Betis|Zaragoza|Valladolid|Oviedo|Mallorca)\b)", "ɹAˈɑːl|ɹAˈal"),
    "Ralph": (r"(Ralph)(?= (?:Fiennes|Vaughan Williams)\b)", "ɹˈAf"),
    "Jan": (
        r"(Jan)(?= (?:[Vv]an|Vermeer|Steen|Hus|Oblak|Smuts|Matejko|Palach|Ullrich|Brueghel|Vertonghen|Sobieski)\b)",
        "jˈɑn|jˈan",
    ),
    "Chien": (r"(?<=Prairie du )(Chien)\b", "ʃˈin"),
    "Die": (r"(Die)(?= (?:Walk[uü]re|Zauberfl[oö]te|Fledermaus|Meistersinger|Zeit|Welt|Linke)\b)", "dˈi"),
    "Job": (
        (
            r"(?:(?:^|(?<=\s))(?:as|of|from|to|test|tested|like|with|that|and)) (Job)"
            r"(?=[.,;:!?']|$| (?:teaches|tells|was|is|had|said|answered|did|who|and|in)\b)"
            rf"|\b(Job)(?= (?:{NUMBER_WORDS})(?:-\w+)? (?:{NUMBER_WORDS})\b)"
        ),
        "ʤˈOb",
    ),
    "Moines": (r"(?=Des Moines\b)(Des)\b", "də"),
    # not of a headline, "How God Blessed America"
    "Blessed": (r"\b(?:of|to|for|with|by|from|and|the|our|after|when|as) (Blessed)(?= [A-Z])", "blˈɛsᵻd"),
    "Nestle": (
        r"(Nestle)(?=,| (?:sells?|makes?|owns?|says|said|plans|has|had|is|was|will|would|could|bought|sold|announced|reported|shares|products|chocolate|to|and)\b)"
        r"|\b[a-z]+ (Nestle)\b(?! (?:In|Into|Under|Between|Down|Up|Among)\b)",
        "nˈɛslA",
    ),
    "Rouge": (r"(?=Baton Rouge\b)(Baton)\b", "bˈætᵊn"),
    "Croix": (r"(?<=Saint )(Croix)\b", "kɹˈY"),
    "Mobile": (
        (
            r"(?<!\bto )(?<!\bin )(?<!from )(?<!near )(?<!\bof )(?<!into )(?<!in downtown )\b(Mobile)\b(?!,? (?:Alabama|Bay|County)|, (?:Ala|A L))"
        ),
        "mˈObᵊl|mˈQbIl",
    ),
    "Rodeo": (r"(Rodeo)(?= Drive\b)", "ɹOdˈAO"),
    "Nice": (
        (
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=[Nn]ear )|(?<=via )|(?<=visited )|(?<=visit )|(?<=leaving )|(?<=left )|"
            r"(?<=city of ))(?!Nice (?:to|and|try|work|job))|(?<=from )|(?=Nice(?:, France| [Aa]irport| is an? (?:\w+ )?(?:city|resort|port)\b| (?:to|and) (?:Cannes|Monaco|Paris))\b))(Nice)\b"
        ),
        "nˈis",
    ),
    "Reading": (
        (
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=of )|(?<=towards )|(?<=via )|(?<=at )|(?<=for )|(?<=against )|(?<=between ))"
            r"(?=Reading(?:[.,;!?]|$| (?!comprehension|skills|lessons|scores|tests|teach)[a-z]))(?!Reading and (?:Math|Writing))|"
            r"(?<=[Ll]ondon and )|(?<=[Cc]alling at: )|(?=Reading is (?:an? (?:large |\w+ )?(?:town|city)|in Berkshire|west of)\b)|(?=Reading, (?:England|Berkshire|Pennsylvania|U K)\b)|(?=Reading (?:beat|drew|boss|fans|striker|midfielder|defender|goalkeeper|manager|lost (?:\w+ )?to|F ?C|University|Railroad|Festival|Station|Borough|Council|Gaol|Abbey)\b))(Reading)\b"
        ),
        "ɹˈɛdɪŋ",
    ),
}


# words whose lexicon entries do not tell noun and verb: how each is said
_NOUN_AND_VERB = {
    "recount": ("ɹˈikˌWnt", "ɹəkˈWnt|ɹɪkˈWnt"),
    "transfer": ("tɹˈænsfəɹ|tɹˈɑːnsfəː", "tɹænsfˈɜɹ|tɹɑːnsfˈɜː"),
    "transfers": ("tɹˈænsfəɹz|tɹˈɑːnsfəːz", "tɹænsfˈɜɹz|tɹɑːnsfˈɜːz"),
}


def noun_and_verb_pronunciations(british: bool) -> dict[str, dict[str, str]]:
    """Entries for the lexicon of a G2P package: of words in small letters how they are said as verbs, and else."""
    return {
        word: {"DEFAULT": say(noun, british), "VERB": say(verb, british)}
        for word, (noun, verb) in _NOUN_AND_VERB.items()
    }


_compile = functools.cache(re.compile)  # most words are in no text


def _with_s(word: str, said: str) -> tuple[str, str]:
    """The third person of a verb, as written and as said."""
    sibilant = word.endswith(("s", "x", "ch", "sh"))
    # of an `american|british` pair each part in its accent
    endings = (add_s(part, british) for part, british in zip(said.split("|"), (False, True), strict=False))
    return word + ("es" if sibilant else "s"), "|".join(endings)


@functools.cache
def _verb_readings() -> dict[str, list[tuple[str, str]]]:
    """Of each verb and its form in -s the patterns it is looked for with, and how it is said."""
    readings = {}
    for verb, said in _VERBS.items():
        for rules, word, phonemes in ((_VERB_RULES, verb, said), (_THIRD_PERSON_RULES, *_with_s(verb, said))):
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
    readings += [(text, reading) for word, reading in _NAMES.items() if word in text]
    verbs = _verb_readings()
    readings += [(small, reading) for word in sorted(verbs.keys() & found) for reading in verbs[word]]
    for where, (pattern, phonemes) in readings:
        for match in _compile(pattern).finditer(where):
            yield *match.span(match.lastindex or 1), say(phonemes, british)


__all__ = ["find_homographs", "noun_and_verb_pronunciations"]
