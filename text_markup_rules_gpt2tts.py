"""Markdown, HTML, notes and menus: what is written, and what is left of it before anything is read."""

import re

from .text_rules_gpt2tts import make_rules
from .text_tables_gpt2tts import SYMBOL_NAMES

_ATTRIBUTE = r"\s+[\w:-]{1,30}(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+(?<!/)))?"
TAG = rf"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<attributes>(?:{_ATTRIBUTE})*)\s*(?P<empty>/?)>"
# comments, <?xml ...?> and <!DOCTYPE ...>
COMMENT = re.compile(r"(?s)<!--(?:(?!<!--).)*?-->|<[?!][A-Za-z][^<>]*>")
_HTML_NAMES = (
    "a|abbr|address|article|aside|audio|b|bdi|bdo|big|blockquote|body|br|button|caption|center|cite|code|col|dd|del|details|dfn|"
    "div|dl|dt|em|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|"
    "legend|li|link|main|map|mark|meta|nav|ol|option|p|param|picture|pre|q|rp|rt|ruby|s|samp|script|section|select|small|source|"
    "span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|"
    "var|video|wbr|speak|break|phoneme|prosody|emphasis|say-as|voice|w|lang"
)
_EMOJI = (
    "fire|smile|smiley|grin|tada|rocket|heart|hearts|thumbsup|thumbsdown|eyes|warning|bug|sparkles|x|joy|sob|thinking|wave|clap|"
    "pray|star|bulb|zap|memo|construction|lock|art|muscle|laughing|wink|cry|blush|sunglasses|skull|poop|books|book|gift|cake|"
    "beer|beers|pizza|coffee|dog|cat|sunny|snowflake|rainbow|boom|point_up|raised_hands|ok_hand|package|link|wrench"
)

MARKUP_RULES = make_rules(
    (r"(?<!opyright )(?<!opyright: )\u00a9\s?(?=\d{4})", "copyright "),
    (r"\u00a7\u00a7\s?", "sections "),
    # of notes
    (
        r"(?<=[A-Za-z]{4})[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+(?=[\s.,;]|$)|(?<=[.,;!?\"\u201d])[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+",
        "",
    ),
    (r"([.?!][\"\u201d])\s?[\u2014\u2013]+\s?(?=[\"\u201c])", r"\1 "),
    (r"(?<=\b[A-Z])\u2014{2,}", ""),
    (r"(?<!\w)\*([A-Za-z]+)\*(?=[a-z])", r"\1"),
    # pronunciations of an encyclopedia
    (
        r"\s?\((?:[A-Z][a-z]+: ?)?[/\[][^()\n]*[\u02c8\u02cc\u0259\u026a\u028a\u025b\u0254\u0283\u0292\u03b8\u0281\u0251\u0252\u028c][^()\n]*\)",
        "",
    ),
    (
        r"(?<=\w)\s/(?=[^/\n]*[\u02c8\u02cc\u0259\u026a\u028a\u025b\u0254\u0283\u0292\u03b8\u0251\u0252\u028c\u02d0])[^/\n]{1,40}/(?!\))",
        "",
    ),
    (r"(?<=[a-z,] )_{3,}|(?<![\w_])_{3,}(?= [a-z])", "blank"),
    (r"(?m)^[ \t]*(?:[\u2192\u279c\u2794\u25b6\u27a4\u25ba\u2713\u2714][ \t]+)", ""),
    (r"(?<=\|)[ \t]*[\u2705\u2713\u2714\u2611]\ufe0f?[ \t]*(?=\|)", " yes "),
    (r"(?<=\|)[ \t]*[\u274c\u2717\u2718\u2716]\ufe0f?[ \t]*(?=\|)", " no "),
    (r"(?<=`)--(?=[A-Za-z])|(?<=[a-z`] )--(?=[a-z][\w-]*(?:[ =.,`]|$)(?!-))", " dash dash "),
    (
        r"(?<=`)-(?=[A-Za-z]\b)|(?<=[a-z] )-(?=[a-zA-Z](?: |`|$))|(?:(?<=\bls )|(?<=\brm )|(?<=\bcp )|(?<=\btar )|(?<=\bgrep )|(?<=\bgit )|(?<=commit )|(?<=\bwith )|(?<=\bflag )|(?<=option ))-(?=[a-zA-Z]{2,3}(?: |`|$))",
        " dash ",
    ),
    (r"\b(SELECT|select) \*", r"\1 star"),
    (r"(?m)^(\d)\ufe0f?\u20e3\s*", r"\1. "),
    (r"(?<=\w) (-|\*|\+)= (?=\w)", lambda m: {"-": " minus", "*": " times", "+": " plus"}[m[1]] + " equals "),
    (r"(?<=\w) ===? (?=[\w'\"])", " equals "),
    (r"(?<=\w) !== (?=[\w'\"])", " != "),
    (r"(?m)^([^\u00ab\u2039\n]*\w)\s[\u00bb\u203a][ \t]*$", r"\1"),  # of a link, "Read more \u00bb"
    # what a player of a role does: "*sighs* Fine."
    (
        r"(?m)(?:^|(?<=[.!?\"\u201d] ))\*(?!(?:is|was|has|does|his|this|its|as|us|always|yes|sometimes)\b)([a-z]+s(?: [^*\n]+)?)\*(?= [\"\u201cA-Z])",
        r"\1.",
    ),
    (r"(?<=[A-Za-z)])~(\d{1,2})~", r"\1"),  # below the line
    (r"\*\(\*+\)", "*"),  # of a wine, "**(*)"
    (r"\(\*\)", "(star)"),
    (r"\^\{([^{}\n]{1,20})\}", r"^\1"),
    (r"(?<!\S)[:;]-?[()DPpOo/|*](?!\S)", ""),
    (r"(?<=\bI )[\u2665\u2764]\ufe0f?(?= ?\w)", "love"),
    (r"(?<=\d)\s?[\u2605\u2b50]\ufe0f?(?=\s[a-z])|(?<=\b1)\s?[\u2605\u2b50]\ufe0f?(?!\s?[\u2605\u2b50])", " star"),
    (r"(?<=\d)\s?[\u2605\u2b50]\ufe0f?(?!\s?[\u2605\u2b50])", " stars"),
    (
        r"(?<!\d)(?<!\d )(?:[\u2605\u2b50]\ufe0f?){2,}\u2606*( [a-z])?",
        lambda m: f"{m[0].count(chr(0x2605)) + m[0].count(chr(0x2B50))} star{m[1] or 's'}",
    ),
    (r"[\u25b2\u2b06]\ufe0f?\s?(?=\d)", "up "),
    (r"[\u25bc\u2b07]\ufe0f?\s?(?=\d)", "down "),
    # of menus, but not the steps of "A \u2192 B"
    (
        r"(?m)^.*\u2192.*\u2192.*$",
        lambda m: re.sub(r"(?<=[\w)+])(?<!\b[A-Z])\s\u2192\s(?=[\w(])(?![A-Z]\b)", ", ", m[0]),
    ),
    (r"\b(\d+)s \u2192 (\d+)s\b", r"\1 to \2 seconds"),
    (r"\u00ab\s?([^\u00ab\u00bb\n]+?)\s?\u00bb", r'"\1"'),
    (r"(?<=\w)\s[\u203a\u00bb]\s(?=\w)", ", "),
    (
        r"(?<![\w|])\|([a-z]|(?=[^|\n]*[a-z]\b)[\w ()+\u2212^-]{3,20})\|(?= ?[=<>\u2264\u2265+-])",
        r"the absolute value of \1",
    ),
    (r"\bP\((\w)\|(\w)\)", r"P(\1 given \2)"),
    (r"\s?(?<![A-Za-z])M\u2609", " solar masses"),
    (r"#(?= key\b)", "pound"),  # of a telephone
    # of a card, of which the last digits are told
    (r"(?<=[a-z] )(?:[\u2022\u25cf]{2,}|\*{3,}|[xX]{4,})[ -]?(?=\d{4}\b)", "ending in "),
    # notes of an encyclopedia
    (r"(?:(?<=[A-Za-z]{3})|(?<=[.,;!?)\"]))\[[a-h]\](?=[\s.,;]|$)", ""),
    (r"\[(?:citation needed|clarification needed|(?:note|nb) \d+|who\?|when\?)\]", ""),
    (r"(?<=[A-Z]) \u22a5 (?=[A-Z])", " is perpendicular to "),
    (r"(?<=[A-Z]) [\u2225\u2016] (?=[A-Z])", " is parallel to "),
    (r"\u25b3(?=[A-Z]{3}\b)", "triangle "),
    (r"(?<=[A-Z]{3})\u2013(?=[A-Z]{3}\b)", " to "),
    (r"(?<!\w)\u2318\s?", "Command "),
    (r"\u21e7\s?", "Shift "),
    (r"\u2325\s?", "Option "),
    (r"~~(?=\S)([^~\n]{1,300}?)(?<=\S)~~", r"\1"),
    (r"(?<![=\w])==(?=[^\s=])(?=[^=\n]*[^\W\d_])([^=\n]{1,200}?)(?<=[^\s=])==(?![=\w])", r"\1"),
    (
        r"(?m)^[ \t]*>[ \t]*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n[ \t]*>[ \t]*)?",
        lambda m: f"{m[1].capitalize()}: ",
    ),
    (rf"(?<![\w:]):(?:[+-]1|100|{_EMOJI}|[a-z]+(?:_[a-z]+)+):(?![\w:`])", ""),
    (
        r"(?m)^(?:\d+\n)?(?:\d\d:)?\d\d:\d\d[,.]\d{3} --> (?:\d\d:)?\d\d:\d\d[,.]\d{3}(?:[ \t]+[a-z]+:\S+)*[ \t]*",
        "",
    ),  # of subtitles
    (COMMENT.pattern, ""),
    (r"<((?:https?://|mailto:)?[^\s<>@]*[@/.][^\s<>]*\.[^\s<>]+)>", r"\1"),
    (r"`<(/?)([\w-]+)(?:\s[^`<>]*)?>`", lambda m: ("slash " if m[1] else "") + m[2]),
    (rf"\s?<break(?:{_ATTRIBUTE})*\s*/?>\s?|\[pause(?:\s[\d.]+\s?m?s)?\]", ", "),
    (rf"(?i)</?(?:p|br|li|ul|ol|h[1-6]|div|tr)\b(?:{_ATTRIBUTE})*\s*/?>", "\n"),
    # a name to be filled in: "git checkout <branch>"
    (rf"(?<![\w<])<(?!(?i:{_HTML_NAMES})>)([A-Za-z][\w-]*)>(?!(?s:.{{0,1000}}?)</\1>)", r"\1"),
    (TAG, ""),
    (r"\[!\[([^\[\]\n]*)\]\([^()\n]*\)\]\([^()\n]*\)", r"\1"),
    (r"!?\[([^\[\]\n]*)\]\((?:[^()\s\n]|\([^()\s]*\))*(?:\s\"[^\"\n]*\")?\)", r"\1"),
    (r"(?m)^[^\S\n]*(?:```[^`\n]*|~~~.*)$", ""),
    (
        r"(?m)^[ \t]*(?:#{1,6}[ \t]+|(?:>[ \t]?)+(?![ \t]?[\d=])|"
        r"[-*+\u2022\u2023\u25e6\u25aa][ \t]+(?:\[[ xX]\][ \t]+)?)",
        "",
    ),
    (r"(?m)^[ \t]*\||\|[ \t]*$", ""),
    (r"[ \t]+\|[ \t]+", ", "),
    (r"(?m)^[ \t]*(\d{1,2})[.)][ \t]+(?=\S)", r"\1. "),
    (
        r"(?<!\S)`([^\w\s`]{1,3})`(?![\w`(\[])|(?:(?<=[Tt]he )|(?<=\b[Aa] ))([$/\\;:.,#&@*+=~|^-])(?= (?:key|sign|symbol|character|operator)\b)",
        lambda m: SYMBOL_NAMES.get(m[1]) or " ".join(SYMBOL_NAMES.get(sign, sign) for sign in m[1] or m[2]),
    ),
    (r"(`{1,20})([^`\n]+)\1", r"\2"),
    # references to notes
    (r"(?m)^\[\^[^\]\n]+\]:[ \t]*|(?<=[\w.,;!?)\]\"\u201d])\[\^?[1-9]\d{0,2}\](?!\s?[=.(]\w)", ""),
    (r"(?<=[^\W\d_])-\n(?=[a-z])", "-"),
)
