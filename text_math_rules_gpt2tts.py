r"""Formulas: TeX between dollars or in `\(...\)`, and what is written like "b^2 - 4ac", "n-1", "(a+b)/2", "2 * pi"."""

import re

from .text_rules_gpt2tts import make_rules
from .text_tables_gpt2tts import parse_table

_TEX = re.compile(
    r"\$\$(?P<block>[^$]+?)\$\$|\\\[(?P<display>.+?)\\\]|\\\((?P<inline>.+?)\\\)"
    # not the prices of "$5 and then $10"
    r"|(?<![\\$\w])\$(?P<dollars>(?=\S)[^$\n]{1,200}?(?<=\S))(?<!\\)\$(?![\d$A-Za-z])",
    re.DOTALL,
)
_IS_FORMULA = re.compile(r"[\\^_=<>+]|^[A-Za-z](?:\([A-Za-z]\))?'?$|^[A-Za-z]\(")
_FUNCTIONS = parse_table("sin=sine; cos=cosine; tan=tangent")
_GROUP = r"\s?\{((?:[^{}]|\{[^{}]*\})*)\}"
_SYMBOLS = parse_table(
    "pm=\u00b1; times=\u00d7; cdot=\u00d7; div=\u00f7; le=\u2264; leq=\u2264; ge=\u2265; geq=\u2265; ne=\u2260; neq=\u2260; "
    "approx=\u2248; infty=\u221e; to=\u2192; rightarrow=\u2192; Rightarrow=\u2192; leftarrow=\u2190; sum=\u2211; int=\u222b; "
    "partial=\u2202; nabla=\u2207; ldots=\u2026; dots=\u2026; cdots=\u2026; circ=\u00b0; degree=\u00b0; cup=\u222a; cap=\u2229; "
    "notin=\u2209; subset=\u2282; forall=\u2200; exists=\u2203; equiv=\u2261; propto=\u221d; in=\u2208; lim=limit; "
    "varepsilon=epsilon; varphi=phi; vartheta=theta"
)


def read_tex(text: str) -> str:
    """A text with its TeX formulas as plain ones: `$\\frac{1}{2}$` becomes "1 over 2"."""
    return _TEX.sub(_formula, text) if "$" in text or "\\" in text else text


def _formula(match: re.Match) -> str:
    body = next(filter(None, match.groups()))
    if match["dollars"] and not _IS_FORMULA.search(body):
        return match[0]
    return _plain(body) + (" " if match["block"] or match["display"] else "")


# two variables side by side, "mc^2"; not a word and no unit
_PRODUCT = re.compile(
    rf"\\(?:text\w*|math\w+|operatorname|begin|end|label|mbox){_GROUP}"
    r"|(?<![\\A-Za-z\d}])(?!(?:d[a-z]|ln|lg|if|or|is|to|in|of|at|we|by|so|as|an|on|be|cm|km|kg|mm|ml|nm|pm|ms)(?![A-Za-z]))([a-z])([a-z])(?![A-Za-z(])"
)


def _plain(tex: str) -> str:
    tex = _PRODUCT.sub(lambda m: f"{m[2]} {m[3]}" if m[2] else m[0], tex)
    tex = re.sub(r"\\(?:left|right|[Bb]igg?|displaystyle|limits|,|;|!|q?quad| )(?![A-Za-z])", " ", tex)
    tex = re.sub(r"\^\{?\\(?:circ|degree)\}?", "\u00b0", tex)
    tex = re.sub(
        r"\\(sum|int|prod)\s?_(?:\{([^{}]*)\}|(\w))\s?\^(?:\{([^{}]*)\}|(\w|\\infty))",
        lambda m: f" \\{m[1]} from {m[2] or m[3]} to {m[4] or m[5]} of ",
        tex,
    )
    for _ in range(4):  # of what stands within one another
        tex = re.sub(
            rf"\\(?:text|math(?:rm|bf|bb|cal)|boxed|operatorname|vec|bar|hat|overline|textbf){_GROUP}", r" \1 ", tex
        )
        tex = re.sub(rf"\\[dt]?frac{_GROUP}{_GROUP}", r" \1 over \2 ", tex)
        tex = re.sub(rf"\\sqrt\[3\]{_GROUP}", r" cube root of \1 ", tex)
        tex = re.sub(rf"\\sqrt(?:\[\w\])?{_GROUP}", r" square root of \1 ", tex)
    tex = re.sub(r"\\([A-Za-z]+)", lambda m: f" {_SYMBOLS.get(m[1], m[1])} ", tex)
    tex = tex.replace("\\\\", ", ").replace("&", " ").replace("\\", "")
    tex = re.sub(r"_\{([^{}]*)\}", r" \1 ", tex)
    tex = re.sub(
        r"\^\{([^{}]*)\}",
        lambda m: f"^{m[1].strip()}" if re.fullmatch(r"\s*[-+]?\w+\s*", m[1]) else f" to the {m[1]} ",
        tex,
    )
    return " ".join(re.sub(r"[{}]", "", tex).split())


MATH_RULES = make_rules(
    (r"the (sum|integral) of(?= {1,2}from\b)", r"the \1"),
    (r"\bd([a-z])/d([xyztr])\b", lambda m: f"D {m[1].upper()} D {m[2].upper()}"),
    (r"(?<=\^\d)/(?=\d)", " over "),
    (r"(?<=\))\s?/\s?(?=\()", " over "),
    (r"(?<= [a-z] = )(\d{1,3})k\b", "{1:integer} k"),  # of a variable, no thousand
    (r"(?<=[=(] )-(?=[a-z]\b)", "minus "),
    (r"(?<=\^\d) - (?=\d{0,4}[a-z]\b)", " minus "),
    (r"\b(v|s|d|t|p|m|F|V|I|P) = ([a-zA-Z])/([a-z])\b", r"\1 = \2 over \3"),
    (r"\b(sin|cos|tan|log|ln)\((\w)\)/(?=\w)", r"\1 (\2) over "),
    (r"\b(sin|cos|tan)(?=\^|\s?\((?:\w|theta|alpha)\)| (?:theta|alpha|beta|phi|x|y)\b)", lambda m: _FUNCTIONS[m[1]]),
    (r"\bln ?\((\w)\)", r"natural log of \1"),
    (r"\bln ?(?=\(|[nxyzkrt]\b|\d)", "natural log of "),
    (r"\b([fgy])'(?=\()", r"\1 prime "),
    (
        r"\b(\d{1,2}|n)!(?= ?(?:[=/+*)]|divided by|minus|plus|times)| (?<=n! )[a-z])(?: ?/ ?)?|(?<=divided by )(\d{1,2})!",
        lambda m: f"{m[1] or m[2]} factorial" + (" over " if "/" in m[0] else ""),
    ),
    (r"(?<=\d)ac\b", " a c"),
    (
        r"(?:(?<=[=+(-] )|(?<=[=+(])|(?<=minus )|(?<=plus )|(?<=equals ))(\d{1,4})x\b(?! (?:as|faster|slower|more|larger|bigger|better|the)\b)",
        "{1:integer} x",
    ),
    (r"(?<=[\w)])\s?\^\s?\(", " to the ("),
    (r"(?:(?<=[(=,:] )|(?<=\()|^)-(?=\d?[a-z](?:\)|\s?[+\u00b1=^*/]))", "minus "),
    (r"\b([nxyzkijt])-(?=\d\b)", r"\1 minus "),
    (r"(?:(?<=^[b-hj-z])|(?<=\^\d)|(?<=[\u00b0 ][CF])) - (?=\d)", " minus "),
    (r"(?<=\^\d)-(?=\d)", " minus "),
    (r"((?<!\w)\([^()\n]{1,40}[-+\u00b1*][^()\n]{1,40}\))\s?/\s?(?=[\w(])", r"\1 over "),
    (r"\b(\d{1,9})/(?=[nxyzktr]\b)", "{1:integer} over "),
    (r"\b([nxyzkt])/(?=\d)", r"\1 over "),
    (r"(?:(?<=\d)|(?<=\b[a-z])|(?<=[\da-z]\)))\s\*\*?\s(?=\d|\(\d|\([a-z]\b|[a-z]\b|pi\b)", " times "),
    (r"(?<=\d)\*(?=[a-z(])|(?<=\))\*(?=[\w(])", " times "),
    (r"(?<=\d)\*\*(?=\d)", "^"),
    (r"(?<=\d)[xX](?=\d+\s?=)", " times "),
)
