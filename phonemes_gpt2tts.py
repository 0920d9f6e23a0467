# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
r"""
English text as phonemes: words with their pronunciation in the alphabet of the package `misaki`, everything between
them as written.

A grapheme-to-phoneme package does the work: `hibari-tts` (lexicon, tagger and a model for unknown words inside the
wheel), or `misaki` where only that is installed. Both are imported on first use: a checkpoint that reads letters needs
neither.
"""

import functools
import importlib
import importlib.util
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .homographs_gpt2tts import find_homographs
from .pronunciations_gpt2tts import accented_pronunciations, known_pronunciations
from .text_normalization_gpt2tts import PRONUNCIATION, find_letters_a, normalize_english_text
from .text_tables_gpt2tts import PRONOUNS, parse_table

# What the G2P packages write in American or British English. Capitals are diphthongs (A "day", I "eye", O American "oh",
# Q British "oh", W "how", Y "boy") and T the flap of American "water"; ᵊ is a schwa that may be dropped, ᵻ the American
# vowel of "boxes".
PHONEMES: tuple[str, ...] = (*"AIOQTWYabdfhijklmnpstuvwzæðŋɐɑɒɔəɛɜɡɪɹɾʃʊʌʒʔʤʧθᵊᵻˈˌː",)

_ALPHABET = frozenset(PHONEMES)
_INSTALL = "`pip install hibari-tts`"

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# "W-what?", but not "S-shaped"
_STAMMER = re.compile(
    r"(?:(?<=[\"'(] )|(?<=[\"'(.,!?-])|(?<=[.,!?] )|^)([b-hj-z]|[tscw]h)(?=-(?:\1-)*\1\w)(?!-(?:shape|test|rated|day|class|clamp|series|section|curve))",
    re.IGNORECASE,
)
_ONSETS = parse_table("c=k; g=ɡ; j=ʤ; q=k; r=ɹ; y=j; x=z; th=ð; sh=ʃ; ch=ʧ; wh=w")
# "top o' the morning", "th' eternal hills"
_CLITIC = re.compile(r"(?<![\w'])(o|th|i|wi)'(?=\s\w)|(?<=\s)[Nn]'(?=\s[A-Z])", re.IGNORECASE)
_CLITICS = parse_table("o'=ə; th'=ð; i'=ɪ; wi'=wɪ; n'=ən")
_LETTER_Z = re.compile(r"(?<![\w'-])Z(?![\w'])")
# no article stands before a mark or the end
_LAST_A = re.compile(r"(?<![\w'-])[Aa](?=\s*(?:$|[.,;:!?)]))")
_LATIN = re.compile(r"[A-Za-z'.\- ]*")
# Yi syllables: letters for every tokenizer, in no English text
_FIRST_PLACEHOLDER, _PLACEHOLDER = 0xA000, re.compile("[\ua000-\ua48c]")
_AROUND_PLACEHOLDER = re.compile(r"[\ua000-\ua48c]|[^\W\ua000-\ua48c]+(?:'[^\W\ua000-\ua48c]+)*|\W")

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


class _Token(NamedTuple):
    """A token of a G2P package: a part of the text without spaces around it, and its phonemes."""

    text: str
    phonemes: str | None


class _Backend(NamedTuple):
    """A G2P package: what makes tokens of a text with pinned parts, and its lexicon."""

    phonemize: "Callable[[str, tuple[_Pin, ...]], list[_Token]]"
    lexicon: Any
    read_known: Callable[[str], str | None]  # a word in small letters, None where it would be guessed


class _Pin(NamedTuple):
    """A part of the text whose pronunciation is given: `[start, end)` in characters."""

    start: int
    end: int
    phonemes: str


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def phonemizer_available() -> bool:
    """Whether one of the packages that turn English text into phonemes is installed."""
    return _has_module("hibari") or _has_module("misaki")


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
        letter = chr(_FIRST_PLACEHOLDER + len(hidden) - 1)
        if not _PLACEHOLDER.fullmatch(letter):
            raise ValueError(f"`text` holds more than {len(hidden) - 1:,} pronunciations: split it, or use a lexicon.")
        return letter

    return PRONUNCIATION.sub(hide, _PLACEHOLDER.sub("", text)), hidden


def show_pronunciations(text: str, hidden: Sequence[str]) -> str:
    """Inverse of [`hide_pronunciations`], also for a part of the text."""
    return _PLACEHOLDER.sub(lambda match: hidden[ord(match[0]) - _FIRST_PLACEHOLDER], text)


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
    if not os.path.isfile(path):
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
    for word in lexicon:
        if not _WORD.fullmatch(word):
            raise ValueError(f"`lexicon`: {word!r} is not one word of letters, apostrophes and hyphens")
    return {word.lower(): check_phonemes(phonemes, "lexicon", word) for word, phonemes in lexicon.items()}


def _possessive(phonemes: str, british: bool) -> str:
    last = phonemes[-1]
    if last in "szʃʒʤʧ":
        return phonemes + ("ɪz" if british else "ᵻz")
    return phonemes + ("s" if last in "ptkfθ" else "z")


# --- G2P packages -----------------------------------------------------------------------------------------------------


_ANY_VOWEL = "[AIOQWYaæɑɒɔəɛɜɪiʊuʌᵊᵻ]"


def _mend_guess(word: str, phonemes: str) -> str:
    """The guess of an unknown word, without double consonants and with one main stress, the last that was guessed."""
    if word.istitle():  # Bellingham, Ellis
        phonemes = re.sub("ˌ?æm$", "əm", phonemes) if word.endswith("ham") else phonemes
        phonemes = re.sub("[iIɪ]z$", "ɪs", phonemes) if word.endswith("is") else phonemes
        phonemes = phonemes.removesuffix("z") + "s" if phonemes.endswith("z") and word.endswith("us") else phonemes
    phonemes = re.sub(r"([bdfhklmnpstvwzðŋɡɹʃʒθʤʧˈˌ])\1", r"\1", phonemes)
    phonemes = re.sub("ə[əɜ]ɹ", "əɹ", phonemes)
    # of British English
    phonemes = re.sub("(?<![ɑɔɜɛəiuɒ])ː", "", phonemes).replace("ɒː", "ɔː").replace("iːə", "ɪə")
    phonemes = phonemes.replace("Aə", "ɛː") if re.search("air|are|aer", word.lower()) else phonemes
    *others, last = phonemes.split("ˈ")
    if others:
        return "ˌ".join(others) + "ˈ" + last
    if len(re.findall(_ANY_VOWEL, phonemes)) < 2:  # "de"
        return phonemes
    return re.sub("ˌ?([AIOQWYaæɑɒɛɜiuɔʊʌ])", r"ˈ\1", phonemes, count=1)


def _hibari_backend(british: bool) -> _Backend:
    module = importlib.import_module("hibari.g2p")
    token_class = importlib.import_module("hibari.g2p.token").Tok
    g2p = module.G2P(british=british)

    def phonemize(text: str, pins: tuple[_Pin, ...]) -> list[_Token]:
        # a pinned part is one letter for the tokenizer, whatever it holds
        pieces, end = [], 0
        for index, pin in enumerate(pins):
            pieces += [text[end : pin.start], chr(_FIRST_PLACEHOLDER + index)]
            end = pin.end
        pairs = []
        for original, space in g2p.tokenizer("".join([*pieces, text[end:]])):
            # at the end of a sentence the tokenizer does not part "anti-Putin."
            parts = _AROUND_PLACEHOLDER.findall(original) if _PLACEHOLDER.search(original) else [original]
            pairs += [(part, "") for part in parts[:-1]] + [(parts[-1], space)]
        pinned = {chr(_FIRST_PLACEHOLDER + index): pin for index, pin in enumerate(pins)}
        words = [text[pinned[word].start : pinned[word].end] if word in pinned else word for word, _ in pairs]
        tags = g2p.tagger(words) if words else []
        tokens = []
        after_space = True
        for (original, space), word, tag in zip(pairs, words, tags, strict=True):
            if original in pinned:
                phonemes = pinned[original].phonemes
            elif word in ("'", "-"):
                # within a word it belongs to the word, else it is a mark
                phonemes = word if after_space or (word == "'" and tag != "POS") else None
            else:
                # straight quotes and brackets would become part of the word beside them, which no lexicon knows
                phonemes = None if any(map(str.isalnum, word)) else word
            tokens.append(token_class(word, tag, space, phonemes=phonemes))
            after_space = bool(space)
        return [_Token(token.text, read(token)) for token in g2p.phonemize_tokens(tokens)]

    def read(token: Any) -> str | None:
        parts = [part for part in token.text.split("-") if part]
        if token.rating == 2 and len(parts) > 1:  # one unknown part, and the whole word was guessed
            return "".join(word.phonemes or "" for part in parts for word in phonemize(part, ()))
        if token.rating == 2:
            scottish = re.fullmatch("Ma?c([A-Z][a-z]{2,})", token.text)
            if scottish:
                rest = "".join(word.phonemes or "" for word in phonemize(scottish[1], ()))
                rest = re.sub("^ʤ", "ɡ", rest) if scottish[1][0] == "G" else rest
                return ("mə" if rest.startswith(("k", "ɡ")) else "mək") + rest
            if re.fullmatch("[a-z]{2,}in", token.text):  # drivin'
                (whole,) = g2p.phonemize_tokens([token_class(f"{token.text}g", "VBG", "")])
                if whole.rating != 2 and whole.phonemes.endswith("ɪŋ"):
                    return whole.phonemes.removesuffix("ŋ") + "n"
            return _mend_guess(token.text, token.phonemes or "")
        return token.phonemes

    def read_known(word: str) -> str | None:
        (token,) = g2p.phonemize_tokens([token_class(word, "NN", "")])
        return token.phonemes if token.rating not in (None, 2) else None

    return _Backend(phonemize, g2p.lexicon, read_known)


def _misaki_backend(british: bool) -> _Backend:
    english = importlib.import_module("misaki.en")
    try:
        fallback = importlib.import_module("misaki.espeak").EspeakFallback(british=british)
    except (ImportError, RuntimeError):
        fallback = None  # unknown words stay letters
    g2p = english.G2P(trf=False, british=british, fallback=fallback, unk="")

    def phonemize(text: str, pins: tuple[_Pin, ...]) -> list[_Token]:
        pieces, end = [], 0
        for pin in pins:
            pieces += [text[end : pin.start], f"[{text[pin.start : pin.end]}](/{pin.phonemes}/)"]
            end = pin.end
        _, tokens = g2p("".join([*pieces, text[end:]]))
        return [_Token(token.text, token.phonemes) for token in tokens]

    return _Backend(phonemize, g2p.lexicon, lambda word: None)


@functools.cache
def _load_backend(british: bool) -> _Backend:
    """The first package there is. Loading takes half a second, so once."""
    if _has_module("hibari"):
        backend = _hibari_backend(british)
    elif _has_module("misaki"):
        backend = _misaki_backend(british)
    else:
        raise ImportError(f"Phonemes need a grapheme-to-phoneme package: {_INSTALL}")
    # a text is read once to see how long it is, and once to be spoken
    return backend._replace(phonemize=functools.lru_cache(maxsize=64)(backend.phonemize))


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

    Example:

    ```python
    >>> phonemizer = EnglishPhonemizer()
    >>> "".join(segment.phonemes for segment in phonemizer("Ask [Siobhan](/ʃəvˈɔn/), please."))
    'ˈæsk ʃəvˈɔn, plˈiz.'
    ```
    """

    def __init__(self, british: bool = False, lexicon: Mapping[str, str] | None = None):
        self.british = british
        self.lexicon = _check_lexicon(lexicon or {})
        self._known = {**known_pronunciations(british), **self.lexicon}
        _load_backend(british)

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
        backend = _load_backend(self.british)
        small = _lower_words(text, backend.lexicon)
        for token in backend.phonemize(small, tuple(pins)):
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

    def _pin_inline(self, text: str, normalize: bool) -> tuple[str, list[_Pin]]:
        """The normalised text with `[word](/phonemes/)` replaced by its words, and where these are."""
        text = self._pin_accented(text)
        text = _PLACEHOLDER.sub("", normalize_english_text(text) if normalize else text)
        pins: list[_Pin] = []
        pieces: list[str] = []
        length = end = 0
        for match in PRONUNCIATION.finditer(text):
            word, possessive = match[1].strip(), match[3] or ""
            phonemes = check_phonemes(match[2], "text", word)
            pieces += [text[end : match.start()], word + possessive]
            length += sum(map(len, pieces[-2:]))
            end = match.end()
            phonemes = _possessive(phonemes, self.british) if possessive else phonemes
            pins.append(_Pin(length - len(pieces[-1]), length, phonemes))
        return "".join([*pieces, text[end:]]), pins

    def _pin_accented(self, text: str) -> str:
        """The text with pronunciations of the words that would be others without their accents, "résumé"."""
        if text.isascii():
            return text
        known = {**accented_pronunciations(self.british), **self.lexicon}

        def pin(match: re.Match) -> str:
            word = match[0].lower()
            return match[0] if word.isascii() or word not in known else f"[{match[0]}](/{known[word]}/)"

        return re.sub(rf"{PRONUNCIATION.pattern}|{_WORD.pattern}", pin, unicodedata.normalize("NFC", text))

    def _pin_known(self, text: str, pins: list[_Pin]) -> list[_Pin]:
        """What is known of words in the text, and the letter A, where the pronunciation is not given already."""
        letters = {*find_letters_a(text), *(match.start() for match in _LAST_A.finditer(text))}
        candidates = [_Pin(start, start + 1, "ˈA") for start in sorted(letters)]
        for match in _STAMMER.finditer(text):
            onset = match[1].lower()
            candidates.append(_Pin(match.start(), match.end(), _ONSETS.get(onset, onset) + "ə"))
        if self.british:
            candidates += [_Pin(*match.span(), "zˈɛd") for match in _LETTER_Z.finditer(text)]
        candidates += [_Pin(*match.span(), _CLITICS[match[0].lower()]) for match in _CLITIC.finditer(text)]
        candidates += [
            _Pin(start, end, phonemes)
            for start, end, phonemes in find_homographs(text, self.british)
            if text[start:end].lower() not in self.lexicon
        ]
        found: list[_Pin] = []
        for pin in candidates:
            if not any(pin.start < other.end and other.start < pin.end for other in pins + found):
                found.append(pin)
        for match in _WORD.finditer(text):
            if any(match.start() < pin.end and pin.start < match.end() for pin in pins + found):
                continue
            phonemes = self._look_up(match[0]) or self._read_elided(match)
            if phonemes is not None:
                found.append(_Pin(match.start(), match.end(), phonemes))
                continue
            for part in re.finditer(r"[^-]{3,}", match[0]):
                phonemes = self._look_up(part[0])
                if phonemes is not None:
                    found.append(_Pin(match.start() + part.start(), match.start() + part.end(), phonemes))
        return found

    def _read_elided(self, match: re.Match) -> str | None:
        """Words without the letters that an apostrophe stands for: "look'd", "know'st", "'eart", "d'Urbervilles"."""
        word, read_known = match[0].lower(), _load_backend(self.british).read_known
        stem, _, ending = word.rpartition("'")
        if ending == "d" and len(stem) > 1 and stem not in PRONOUNS and not self._is_contracted(match):
            return read_known(f"{stem}ed")
        if ending == "st" and stem:
            said = self._look_up(stem) or read_known(stem)
            return said and said + ("ɪst" if said.endswith("i") else "st")
        if stem == "d" and len(ending) > 2:
            rest = self._look_up(ending) or "".join(
                token.phonemes or "" for token in _load_backend(self.british).phonemize(ending.capitalize(), ())
            )
            return rest and f"d{rest}"
        if re.fullmatch(r"\s?'", match.string[max(0, match.start() - 2) : match.start()]) and word != "em":
            whole = read_known(f"h{word}")
            if whole and whole[0] == "h" and (word in ("im", "ave", "ouse") or read_known(word) is None):
                return whole[1:]
        return None

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
        return _possessive(self._known[stem], self.british) if stem != word and stem in self._known else None


__all__ = [
    "PHONEMES",
    "EnglishPhonemizer",
    "Segment",
    "check_phonemes",
    "hide_pronunciations",
    "load_lexicon",
    "phonemizer_available",
    "show_pronunciations",
    "strip_pronunciations",
]
