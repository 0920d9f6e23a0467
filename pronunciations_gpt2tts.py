# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
r"""
How words are pronounced that the G2P packages misread, in both accents.

Pronunciations are written once for both accents: American, in the alphabet of `misaki`, where `ɑː` is the vowel of "spa",
which is British too, and `ɑ` that of "lot", which British English rounds; `ɹɹ` stands after a vowel that is short in
British English, as in "merry", "mirror", "forest" and "hurry". [`to_american`] and [`to_british`] make those of an accent; where
they differ by more, both are written, `american|british`, the latter as British English is spoken.
"""

import functools
import re
from collections.abc import Mapping

from .pronunciation_words_gpt2tts import ACCENTED, WORDS
from .text_tables_gpt2tts import parse_table

_VOWELS = "AIOWYQaæɑɒɔəɛɜɪiʊuʌᵊᵻ"
# vowels as they are before an r, which is heard before vowels only
_BEFORE_R = parse_table("ɜ=ɜː; ɑ=ɑː; ɑː=ɑː; ɔ=ɔː; ɛ=ɛː; ɪ=ɪə; i=ɪə; ʊ=ʊə; ə=ə")


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


def say(said: str, british: bool) -> str:
    """A pronunciation of this module, or an `american|british` pair, in one of the accents."""
    american, _, other = said.partition("|")
    return (other or to_british(american)) if british else to_american(american)


def add_s(phonemes: str, british: bool) -> str:
    """The pronunciation of a word with the ending of "John's", "cats" and "houses"."""
    last = phonemes[-1]
    if last in "szʃʒʤʧ":
        return phonemes + ("ɪz" if british else "ᵻz")
    return phonemes + ("s" if last in "ptkfθ" else "z")


def _in_accent(words: Mapping[str, str], british: bool) -> dict[str, str]:
    return {word: say(said, british) for word, said in words.items()}


@functools.cache
def known_pronunciations(british: bool) -> Mapping[str, str]:
    """Phonemes of words in small letters, whatever stands around them."""
    return _in_accent(WORDS, british)


@functools.cache
def accented_pronunciations(british: bool) -> Mapping[str, str]:
    """Phonemes of words in small letters that are other words without their accents, "résumé"."""
    return _in_accent(ACCENTED, british)


__all__ = ["accented_pronunciations", "add_s", "known_pronunciations", "say", "to_american", "to_british"]
