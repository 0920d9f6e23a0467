"""Addresses of the net and of files: "example.com/news", "a.b@c.org", "C:\\temp", "~/notes.txt", "192.168.0.1"."""

import re

from . import text_tables_gpt2tts as tables
from .text_numbers_gpt2tts import spell_digits, spell_integer
from .text_rules_gpt2tts import any_of, make_rules

_HOST = r"(?<![\w.@-])(?:[A-Za-z0-9-]+\.)+"
_PATH_CHARACTER = r"[^\s\"'()<>,;!?*|]"


def _address(match: re.Match) -> str:
    address = re.sub(r"^(?:[a-z]+://|mailto:)", "", match[0], flags=re.IGNORECASE)
    body = address.rstrip(".,;:!?&@#+=%*~|^$-")
    tail = address[len(body) :]  # the sentence's own punctuation
    body = body if body[0] in "/~" else body.rstrip("/")
    body = re.sub(r":\d+", lambda m: f" : {' '.join(m[0][1:])} ", body.replace("www.", "W W W dot "))
    body = re.sub(r"\.(?:COM|ORG)\b", lambda m: m[0].lower(), body)
    body = re.sub(r"\.([a-z]+\d?)$", lambda m: "." + _extension(m[1]), body)
    return re.sub(r"[^\w\s]|_", lambda m: f" {tables.ADDRESS_SYMBOLS.get(m[0], '')} ", body) + tail


def _extension(extension: str) -> str:
    is_word = extension not in tables.EXTENSIONS or extension in tables.EXTENSIONS_AS_WORDS
    return extension if is_word else " ".join(extension.upper())


def _identifier(match: re.Match) -> str:
    """A DOI, "10.1038/s41586-020-2649-2", digit by digit."""
    spoken = "ten " + " ".join(
        spell_digits(piece)
        if piece.isdigit()
        else tables.ADDRESS_SYMBOLS.get(piece, piece if len(piece) > 3 else " ".join(piece.upper()))
        for piece in re.findall(r"[A-Za-z]+|[\W\d_]", match[2])
    )
    return ("doi dot org slash " if "org" in match[1] else "D O I " if match[1] else "") + spoken


ADDRESS_RULES = make_rules(
    (
        r"((?:https?://)?(?:dx\.)?\bdoi\.org/|\b(?:DOI|doi): ?|(?<![\w./])(?=10\.\d+/\S*(?:[A-Za-z]|\d\D\d)))10(\.\d{4,9}/[\w.;:/-]*\w)",
        _identifier,
    ),
    (
        r"\b(arXiv): ?(\d{4})\.(\d{4,5})(?:v(\d{1,2}))?\b",
        lambda m: (
            f"{m[1]} {spell_digits(m[2])} dot {spell_digits(m[3])}"
            + (f" version {spell_integer(m[4])}" if m[4] else "")
        ),
    ),
    (
        r"(?<=[a-z] )/(?!(?:day|week|month|year|hour|minute|second|person|night|head|[a-z]{1,2})\b)(?=[a-z][\w-]*(?![\w/]))",
        "slash ",  # "the /login page"
    ),
    (r"(?<![\w.+-])(?:mailto:)?[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", _address),
    (r"\b[Hh]ttps?://(?=\d{1,3}(?:\.\d{1,3}){3}\b)", ""),
    (r"\b(?:(?:[Hh]ttps?|ftp|file)://|www\.(?=\w))[^\s\"'()<>]+", _address),
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
    (r"(?<![\w.])(?:[a-z]\w*\.){2,}[A-Z](?:[a-z]+[A-Z]\w*(?:\.\w+)?|\w*\.\w+)", lambda m: m[0].replace(".", " dot ")),
    (r"(?<=_\d{4})\.([A-Z][A-Z\d]{2})\b", " dot {1:letters}"),
    (r"(?<![\w-])((?:19|20)\d\d-\d\d-\d\d)_(?=[A-Za-z])", r"\1 "),
    (
        rf"(?<=[a-z\d_-])\.({any_of(name.upper() for name in tables.EXTENSIONS if len(name) > 2)})\b(?!\.?\w)",
        lambda m: f" dot {_extension(m[1].lower())}",
    ),
    (rf"(?<=[\w-])\.({any_of(tables.EXTENSIONS)})\b(?!\.?\w)", lambda m: f" dot {_extension(m[1])}"),
)
