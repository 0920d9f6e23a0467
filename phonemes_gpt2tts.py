# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
r"""
English text as phonemes: words with their pronunciation in the alphabet of the package `misaki`, everything between
them as written.

A grapheme-to-phoneme package does most of the work (`g2p_packages_gpt2tts.py`). What is known better goes before it:
pronunciations in the text and in a lexicon, names and other words, homographs.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .g2p_packages_gpt2tts import FIRST_PLACEHOLDER, PLACEHOLDER, Pin, load_g2p
from .homographs_gpt2tts import find_homographs
from .pronunciations_gpt2tts import accented_pronunciations, add_s, known_pronunciations
from .text_normalization_gpt2tts import PRONUNCIATION, find_letters_a, normalize_english_text
from .text_tables_gpt2tts import PRONOUNS, parse_table

# What the G2P packages write in American or British English. Capitals are diphthongs (A "day", I "eye", O American "oh",
# Q British "oh", W "how", Y "boy") and T the flap of American "water"; ᵊ is a schwa that may be dropped, ᵻ the American
# vowel of "boxes".
PHONEMES: tuple[str, ...] = (*"AIOQTWYabdfhijklmnpstuvwzæðŋɐɑɒɔəɛɜɡɪɹɾʃʊʌʒʔʤʧθᵊᵻˈˌː",)

_ALPHABET = frozenset(PHONEMES)

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# "W-what?", "it's n-not", but not "S-shaped"
_STAMMER = re.compile(
    r"(?:(?<=[\"'(] )|(?<=[\"'(.,!?-])|(?<=[.,!?] )|(?<=[a-z] )(?-i:(?=[a-z]))|^)([b-hj-z]|[tscw]h|[bcdfgpt]r|[bcfgps]l|s[cklmnptw]|tw)(?=-(?:\1-)*\1\w)"
    r"(?!-(?:shape|test|rated|day|class|clamp|series|section|curve|boy|girl|tub|plot))",
    re.IGNORECASE,
)
_ONSETS = parse_table("c=k; g=ɡ; j=ʤ; q=k; r=ɹ; y=j; x=z; th=ð; sh=ʃ; ch=ʧ; wh=w")
# "th-think" and "wh-who", but "th-that" and "wh-what"
_OTHER_ONSETS = (
    (
        "θ",
        re.compile(
            r"th-(?:th-)*th(?!e\b|is\b|at|en\b|ey|ere|ese\b|ose\b|eir|em\b|an\b|ough\b|us\b|ou\b|ee\b|y\b)",
            re.IGNORECASE,
        ),
    ),
    ("h", re.compile(r"wh-(?:wh-)*who(?:\b|le|m|se)", re.IGNORECASE)),
)
# "top o' the morning", "th' eternal hills", "rock 'n' roll"
_CLITIC = re.compile(
    r"(?<![\w'])(?:o|th|i|wi)'(?=\s\w)|(?<=\w )(?:'n'?|n')(?= \w)|(?<=rock )n(?= roll)|(?<=\w)'n'(?=\w)", re.IGNORECASE
)
_CLITICS = parse_table("o'=ə; th'=ð; i'=ɪ; wi'=wɪ; n'=ən; 'n'=ən; 'n=ən; n=ən")
# "that'll", "there've": what is said after a word, and after one that ends in a vowel
_CONTRACTED = {"ll": ("əl", "l"), "ve": ("əv", "v"), "re": ("əɹ", "əɹ"), "d": ("d", "d")}
# how English would write letters of Slavic, Turkish and Romanian names
_RESPELLED = str.maketrans(parse_table("š=sh; č=ch; ć=ch; ž=zh; ş=sh; ș=sh; ț=ts; ţ=ts; ı=i"))
_LETTER_Z = re.compile(r"(?<![\w'-])Z(?![\w'])")
# no article stands before a mark or the end
_LAST_A = re.compile(r"(?<![\w'-])[Aa](?=\s*(?:$|[.,;:!?)]))")
_LATIN = re.compile(r"[A-Za-z'.\- ]*")
# British weak forms whose phonemes are the very letters.
_WRITTEN_AS_SPOKEN = frozenset({"am", "an", "and", "at", "had"})


class Segment(NamedTuple):
    """
    A piece of a sentence: a word, or one character between words.

    Args:
        text (`str`): The piece as written.
        phonemes (`str`):
            Its pronunciation, symbols of [`PHONEMES`] and perhaps a space where one written word is spoken as two. Where
            none is known, and for spaces and punctuation, the same as `text`.
    """

    text: str
    phonemes: str

    @property
    def is_word(self) -> bool:
        """Whether the piece is spoken: it has a letter or a digit."""
        return any(map(str.isalnum, self.text))

    @property
    def has_phonemes(self) -> bool:
        """Whether the piece is a word whose pronunciation is known: `phonemes` are sounds, not letters."""
        return self.is_word and (self.phonemes != self.text or self.text in _WRITTEN_AS_SPOKEN)


def check_phonemes(phonemes: str, name: str, word: str) -> str:
    """
    Returns `phonemes`, spaces at the ends removed, if all its symbols are in the alphabet.

    Args:
        phonemes (`str`): A pronunciation.
        name (`str`): The argument it came in, named in the error.
        word (`str`): The word it is of, named in the error.
    """
    phonemes = " ".join(phonemes.split())
    unknown = "".join(dict.fromkeys(symbol for symbol in phonemes if symbol != " " and symbol not in _ALPHABET))
    if unknown:
        raise ValueError(
            f"`{name}`: the pronunciation /{phonemes}/ of {word!r} has {unknown!r}, which the alphabet has not. Use the "
            f"symbols {''.join(PHONEMES)}"
        )
    if not any(symbol.isalpha() for symbol in phonemes.translate({ord(mark): None for mark in "ˈˌː"})):
        raise ValueError(f"`{name}`: the pronunciation of {word!r} is empty")
    return phonemes


def hide_pronunciations(text: str) -> tuple[str, list[str]]:
    """
    The text with each `[word](/phonemes/)` replaced by one letter, and what was replaced: at most 1,165 of them.
    [`show_pronunciations`] puts it back.
    """
    hidden: list[str] = []

    def hide(match: re.Match) -> str:
        hidden.append(match[0])
        letter = chr(FIRST_PLACEHOLDER + len(hidden) - 1)
        if not PLACEHOLDER.fullmatch(letter):
            raise ValueError(f"`text` holds more than {len(hidden) - 1:,} pronunciations: split it, or use a lexicon.")
        return letter

    return PRONUNCIATION.sub(hide, PLACEHOLDER.sub("", text)), hidden


def show_pronunciations(text: str, hidden: Sequence[str]) -> str:
    """Inverse of [`hide_pronunciations`], also for a part of the text."""
    return PLACEHOLDER.sub(lambda match: hidden[ord(match[0]) - FIRST_PLACEHOLDER], text)


def strip_pronunciations(text: str) -> str:
    """The text with the words alone of its pronunciations `[word](/phonemes/)`."""
    return PRONUNCIATION.sub(lambda match: match[1].strip() + (match[3] or ""), text)


def load_lexicon(path: str | os.PathLike) -> dict[str, str]:
    """
    Reads pronunciations from a file of lines `word<tab>phonemes`; empty lines and lines that begin with `#` are skipped.

    Args:
        path (`str` or `os.PathLike`): A UTF-8 text file.

    Returns:
        `dict[str, str]`: Phonemes of each word, in lower case.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is no UTF-8 text or a line of it is wrong; it names file and line.
    """
    if not os.path.exists(path) or os.path.isdir(path):  # a pipe is as good as a file
        raise FileNotFoundError(
            f"`lexicon`: there is no file {os.fspath(path)!r}: pass one with lines of a word, a tab and its phonemes."
        )
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{os.fspath(path)} is no UTF-8 text: save it as such.") from error
    lexicon: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            word, tab, phonemes = line.partition("\t")
            if not tab:
                raise ValueError("no tab between word and phonemes")
            lexicon.update(_check_lexicon({word.strip(): phonemes}))
        except ValueError as error:
            raise ValueError(f"{os.fspath(path)}, line {number}: {error}") from None
    return lexicon


def _check_lexicon(lexicon: Mapping[str, str]) -> dict[str, str]:
    for word, phonemes in lexicon.items():
        if not isinstance(word, str) or not isinstance(phonemes, str):
            raise TypeError(f"`lexicon` maps words to phonemes, both strings, got {word!r}: {phonemes!r}.")
        if not _WORD.fullmatch(word):
            raise ValueError(f"`lexicon`: {word!r} is not one word of letters, apostrophes and hyphens")
    return {word.lower(): check_phonemes(phonemes, "lexicon", word) for word, phonemes in lexicon.items()}


def _lower_words(text: str, lexicon: Any) -> str:
    """
    The text with words that are all in capitals in small letters, which the packages would spell ("CONTACT US"):
    a normalised text has spaces between the letters of initialisms. Acronyms of the lexicon stay, "NASA".
    """

    def lower(match: re.Match) -> str:
        word = match[0]
        is_word = len(word) > 3 or "'" in word or lexicon.is_known(word.lower(), None)
        return word if isinstance(lexicon.golds.get(word), str) or not is_word else word.lower()

    return re.sub(r"\b(?:[A-Z]+'[A-Z]{1,2}|[A-Z]{2,})\b", lower, text)


# --- text to segments -------------------------------------------------------------------------------------------------


def _fold_accents(word: str) -> str:
    return "".join(filter(str.isascii, unicodedata.normalize("NFKD", word)))


def _spoken(text: str, phonemes: str | None) -> str:
    """The phonemes of a word cleaned of punctuation and rare symbols; its letters if nothing is left."""
    if not phonemes or not _LATIN.fullmatch(text):  # of other scripts the packages guess sounds of Latin letters
        return text
    phonemes = "".join(symbol for symbol in phonemes if symbol == " " or symbol in _ALPHABET)
    phonemes = re.sub("ˌ+(?=ˈ)", "", " ".join(phonemes.split()))
    return phonemes if any(symbol.isalpha() and symbol not in "ˈˌː" for symbol in phonemes) else text


def _token_segments(text: str, phonemes: str | None) -> Iterable[Segment]:
    """A token as the marks before it, a word and the marks after it."""
    letters = [index for index, character in enumerate(text) if character.isalnum()]
    if not letters:
        yield from (Segment(character, character) for character in text)
        return
    start, end = letters[0], letters[-1] + 1
    if phonemes and text[:start] == "'":  # 'em
        start = 0
    if phonemes and text[end : end + 1] == "'":  # dogs', goin'
        end += 1
    word = text[start:end]
    yield from (Segment(character, character) for character in text[:start])
    yield Segment(word, _spoken(word, phonemes))
    yield from (Segment(character, character) for character in text[end:])


class EnglishPhonemizer:
    r"""
    Turns English text into words with phonemes.

    A pronunciation may be given in the text, `[hibari](/hˈɪbɑɹi/)`, or for every text in a lexicon; an ending `'s` is
    added to either.

    Args:
        british (`bool`, *optional*, defaults to `False`): British instead of American pronunciations.
        lexicon (`Mapping[str, str]`, *optional*):
            Phonemes of words (see [`PHONEMES`]) that go before those of the G2P package. Upper and lower case are the
            same.

    Raises:
        TypeError: If `british` is no bool.

    Example:

    ```python
    >>> phonemizer = EnglishPhonemizer()
    >>> "".join(segment.phonemes for segment in phonemizer("Ask [Siobhan](/ʃəvˈɔn/), please."))
    'ˈæsk ʃəvˈɔn, plˈiz.'
    ```
    """

    def __init__(self, british: bool = False, lexicon: Mapping[str, str] | None = None):
        if british not in (True, False):  # "american" would be true
            raise TypeError(f"`british` must be True or False, got {british!r}.")
        self.british = british
        self.lexicon = _check_lexicon(lexicon or {})
        known = known_pronunciations(british)
        self._known = {**known, **self.lexicon} if self.lexicon else known
        load_g2p(british)

    def __call__(self, text: str, *, normalize: bool = True) -> list[Segment]:
        """
        Splits a text into words with phonemes and what is between them.

        Args:
            text (`str`): Any text.
            normalize (`bool`, *optional*, defaults to `True`):
                Whether to spell out numbers and symbols first, see
                [`~text_normalization_gpt2tts.normalize_english_text`].

        Returns:
            `list[Segment]`: In order; their texts joined are the normalised text without the pronunciations given in
            it, their phonemes joined the phonemized sentence.
        """
        text, pins = self._pin_inline(text, normalize)
        pins = sorted(pins + self._pin_known(text, pins))
        segments: list[Segment] = []
        position = 0

        def advance(end: int, phonemes: str | None = None) -> None:
            nonlocal position
            if end > position:
                segments.extend(_token_segments(text[position:end], phonemes))
                position = end

        waiting = list(pins)
        package = load_g2p(self.british)
        small = _lower_words(text, package.lexicon)
        for token in package.phonemize(small, tuple(pins)):
            start = small.find(token.text, position) if token.text else -1
            while waiting and (start < 0 or waiting[0].start <= start):
                pin = waiting.pop(0)
                advance(pin.start)
                segments.append(Segment(text[pin.start : pin.end], pin.phonemes))
                position = pin.end
                start = max(start, position) if token.text else -1
            if start < 0 or not small.startswith(token.text, start):
                continue  # a pinned token
            advance(start)
            advance(start + len(token.text), token.phonemes)
        for pin in waiting:
            advance(pin.start)
            segments.append(Segment(text[pin.start : pin.end], pin.phonemes))
            position = pin.end
        advance(len(text))
        return segments

    def _pin_inline(self, text: str, normalize: bool) -> tuple[str, list[Pin]]:
        """The normalised text with `[word](/phonemes/)` replaced by its words, and where these are."""
        text = self._pin_accented(text)
        text = PLACEHOLDER.sub("", normalize_english_text(text) if normalize else text)
        pins: list[Pin] = []
        pieces: list[str] = []
        length = end = 0
        for match in PRONUNCIATION.finditer(text):
            word, possessive = match[1].strip(), match[3] or ""
            phonemes = check_phonemes(match[2], "text", word)
            pieces += [text[end : match.start()], word + possessive]
            length += sum(map(len, pieces[-2:]))
            end = match.end()
            phonemes = add_s(phonemes, self.british) if possessive else phonemes
            pins.append(Pin(length - len(pieces[-1]), length, phonemes))
        return "".join([*pieces, text[end:]]), pins

    def _pin_accented(self, text: str) -> str:
        """The text with pronunciations of the words that would be others without their accents, "résumé"."""
        if text.isascii():
            return text
        known = {**accented_pronunciations(self.british), **self.lexicon}

        def pin(match: re.Match) -> str:
            if match[0].isascii() or match[1]:
                return match[0]
            word = match[0].removesuffix("'s")
            said = known.get(word.lower()) or self._read_respelled(word.lower())
            return f"[{word}](/{said}/){match[0][len(word) :]}" if said else match[0]

        return re.sub(rf"{PRONUNCIATION.pattern}|{_WORD.pattern}", pin, unicodedata.normalize("NFC", text))

    def _pin_known(self, text: str, pins: list[Pin]) -> list[Pin]:
        """What is known of words in the text, and the letter A, where the pronunciation is not given already."""
        letters = {*find_letters_a(text), *(match.start() for match in _LAST_A.finditer(text))}
        candidates = [Pin(start, start + 1, "ˈA") for start in sorted(letters)]
        for match in _STAMMER.finditer(text):
            onset = match[1].lower()
            said = _ONSETS.get(onset) or "".join(_ONSETS.get(letter, letter) for letter in onset)
            said = next((other for other, words in _OTHER_ONSETS if words.match(text, match.start())), said)
            candidates.append(Pin(match.start(), match.end(), said + "ə"))
        if self.british:
            candidates += [Pin(*match.span(), "zˈɛd") for match in _LETTER_Z.finditer(text)]
        candidates += [Pin(*match.span(), _CLITICS[match[0].lower()]) for match in _CLITIC.finditer(text)]
        candidates += [
            Pin(start, end, phonemes)
            for start, end, phonemes in find_homographs(text, self.british)
            if text[start:end].lower() not in self.lexicon
        ]
        found: list[Pin] = []
        for pin in candidates:
            if not any(pin.start < other.end and other.start < pin.end for other in pins + found):
                found.append(pin)
        for match in _WORD.finditer(text):
            if any(match.start() < pin.end and pin.start < match.end() for pin in pins + found):
                continue
            phonemes = self._look_up(match[0]) or self._read_elided(match)
            if phonemes is not None:
                found.append(Pin(match.start(), match.end() + self._has_apostrophe(match), phonemes))
                continue
            for part in re.finditer(r"[^-]{3,}", match[0]):
                phonemes = self._look_up(part[0])
                if phonemes is not None:
                    found.append(Pin(match.start() + part.start(), match.start() + part.end(), phonemes))
        return found

    def _read_elided(self, match: re.Match) -> str | None:
        """Words without the letters that an apostrophe stands for: "that'll", "look'd", "know'st", "'eart"."""
        word, read_known = match[0].lower(), load_g2p(self.british).read_known
        stem, _, ending = word.rpartition("'")
        is_past = ending == "d" and len(stem) > 1 and stem not in PRONOUNS and not self._is_contracted(match)
        if is_past and (past := read_known(f"{stem}ed")):
            return past
        if ending in _CONTRACTED and stem.isalpha() and read_known(word) is None:
            said = self._look_up(stem) or read_known(stem) or self._read_name(stem)
            return said and self._contract(stem, said, ending)
        if ending == "st" and stem:
            said = self._look_up(stem) or read_known(stem)
            return said and said + ("ɪst" if said.endswith("i") else "st")
        if stem == "d" and len(ending) > 2:
            rest = self._look_up(ending) or self._read_name(ending)
            return rest and f"d{rest}"
        if re.fullmatch(r"\s?'", match.string[max(0, match.start() - 2) : match.start()]) and word != "em":
            whole = read_known(f"h{word}")
            if whole and whole[0] == "h" and (word in ("im", "ave", "ouse") or read_known(word) is None):
                return whole[1:]
        return None

    def _read_respelled(self, word: str) -> str | None:
        """A name with letters such as š that is not known without their accents."""
        respelled = re.sub("^š(?![aeiouy])", "s", word).translate(_RESPELLED)
        plain = _fold_accents(word)
        if respelled == word or self._look_up(plain) or load_g2p(self.british).read_known(plain):
            return None
        said = self._read_name(_fold_accents(respelled))
        return said.removesuffix("k") + "ʧ" if word[-1] in "ćč" and said.endswith("k") else said

    def _read_name(self, word: str) -> str:
        """What the package says of a word in small letters that may be a name."""
        return "".join(token.phonemes or "" for token in load_g2p(self.british).phonemize(word.capitalize(), ()))

    def _contract(self, stem: str, said: str, ending: str) -> str:
        """The pronunciation of a word and of "'ll", "'ve", "'re" or "'d" behind it."""
        if ending == "d" and said[-1] in "tdT":
            return said + ("ɪd" if self.british else "ᵻd")
        after_consonant, after_vowel = _CONTRACTED[ending]
        if self.british and ending != "d" and stem.endswith(("r", "re")) and said[-1] in "ɜɑɔɛəː":
            said += "ɹ"  # "there'll"
        is_vowel = said[-1] in "AIOQWYiuəː"
        if not self.british and ending != "d" and re.search("[AIOWYæɑɔəɛɜɪiʊuʌ]t$", said):
            said = said[:-1] + "T"  # as in "it'll"
        said += after_vowel if is_vowel else after_consonant
        return said.removesuffix("ɹ") if self.british else said

    @staticmethod
    def _has_apostrophe(match: re.Match) -> bool:
        """Whether a word ends in an apostrophe, "the Obamas' dog", that is no mark of a quotation."""
        is_quoted = re.search(r"(?<!\w)'\w[^\"]*$", match.string[: match.end()])
        return match[0].endswith("s") and match.string[match.end() :].startswith("'") and not is_quoted

    @staticmethod
    def _is_contracted(match: re.Match) -> bool:
        """Whether 'd is "had" or "would" after a name or a noun: "Tom'd come", "the dog'd bark"."""
        before = match.string[max(0, match.start() - 8) : match.start()]
        return (
            match[0][0].isupper()
            or re.search(r"(?i)\b(?:the|an?|my|your|his|her|our|their|this|that|every)\s+$", before) is not None
        )

    def _look_up(self, word: str) -> str | None:
        word = word.lower()
        if word in self._known:
            return self._known[word]
        stem = word.removesuffix("'s")
        return add_s(self._known[stem], self.british) if stem != word and stem in self._known else None


__all__ = [
    "PHONEMES",
    "EnglishPhonemizer",
    "Segment",
    "check_phonemes",
    "hide_pronunciations",
    "load_lexicon",
    "show_pronunciations",
    "strip_pronunciations",
]
