"""Words that are said in one of several ways, as their neighbours tell: `homograph_sentences.tsv` has sentences of each."""

import re
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from gpt2tts import cmudict_gpt2tts, homographs_gpt2tts
from gpt2tts.g2p_packages_gpt2tts import load_g2p
from gpt2tts.phonemes_gpt2tts import EnglishPhonemizer

pytest.importorskip("hibari")


def read_rows() -> list[tuple[str, str, str]]:
    lines = Path(__file__).with_name("homograph_sentences.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]


ROWS = read_rows()


@pytest.fixture(scope="module")
def phonemizer():
    """Without the dictionary of names, which knows "Fe" and "Paso" whatever stands before them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cmudict_gpt2tts, "_read_dictionary", lambda: b"")
        load_g2p.cache_clear()
        yield EnglishPhonemizer()
    load_g2p.cache_clear()


def read_word(phonemizer: EnglishPhonemizer, sentence: str, word: str) -> str:
    """How a word is said in a sentence; in several ways, one after the other, where it is there several times."""
    said = [segment.phonemes for segment in phonemizer(sentence) if segment.text == word]
    return " ".join(dict.fromkeys(said))


@pytest.mark.parametrize("word", sorted({word.lower() for _, word, _ in ROWS}))
def test_neighbours_tell_how_a_word_is_said(phonemizer, word):
    wrong = {}
    for sentence, written, phonemes in ROWS:
        if written.lower() == word:
            said = read_word(phonemizer, sentence, written)
            if said != phonemes:
                wrong[sentence] = said
    assert not wrong


def all_rules() -> dict[str, set[str]]:
    """Of every rule, shared pattern and verb the patterns that are looked for."""
    verbs = homographs_gpt2tts._verb_readings()
    rules = {
        verb: {pattern for word in (verb, third_person) for pattern, _ in verbs[word]}
        for verb, said in homographs_gpt2tts._VERBS.items()
        for third_person, _ in [homographs_gpt2tts._with_s(verb, said)]
    }
    for shared in (homographs_gpt2tts._VERB_RULES, homographs_gpt2tts._THIRD_PERSON_RULES):
        rules |= {rule: {rule.replace("VERB", word) for word in verbs} for rule, _ in shared}
    for readings in (*homographs_gpt2tts._HOMOGRAPHS.values(), homographs_gpt2tts._NAMES.values()):
        rules |= {pattern: {pattern} for pattern, _ in readings}
    return rules | {pattern: {pattern} for _, _, pattern, _ in homographs_gpt2tts._TOPICS.values()}


def test_every_rule_is_needed_by_a_row(phonemizer, monkeypatch):
    compiled = homographs_gpt2tts._compile
    left_out: set[str] = set()
    matched = defaultdict(set)  # rows by the patterns that are found in them

    def look(pattern: str) -> SimpleNamespace:
        def finditer(text: str) -> list[re.Match]:
            matches = [] if pattern in left_out else list(compiled(pattern).finditer(text))
            if matches and not left_out:
                matched[pattern].add(row)
            return matches

        return SimpleNamespace(search=compiled(pattern).search, finditer=finditer)

    monkeypatch.setattr(homographs_gpt2tts, "_compile", look)

    def is_right(row: tuple[str, str, str]) -> bool:
        sentence, written, phonemes = row
        return read_word(phonemizer, sentence, written) == phonemes

    for row in ROWS:
        assert is_right(row)
    idle = []
    for name, patterns in all_rules().items():
        left_out = patterns
        if all(is_right(row) for row in sorted(set().union(*(matched.get(pattern, ()) for pattern in patterns)))):
            idle.append(name)
    assert not idle, "\n".join(idle)
