# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""The list of training texts, from a dictionary and transcripts of a few lines."""

import hashlib
import json
import random
from collections import Counter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
pytest.importorskip("hibari", reason="needs `pip install hibari-tts`")


@pytest.fixture(scope="module")
def corpus(load_recipe):
    module = load_recipe("corpus_texts")
    for words in module.WORDS.values():
        del words[6:]  # each begins a sentence
    return module


NOUNS = {"kettle": 6, "spoon": 6, "dog": 5, "apple": 13, "stone": 17, "sailor": 18, "baker": 18}
VERBS, ADJECTIVES, ADVERBS = ["mend", "glue", "carry", "wait"], ["red", "happy"], ["slowly", "soon"]


@pytest.fixture(scope="module")
def wordnet(tmp_path_factory) -> Path:
    """Files in the format of WordNet's database."""
    folder = tmp_path_factory.mktemp("wordnet")
    licence = "  1 This is a licence\n"
    lines = {
        "noun": [
            f'0000000{n} {field:02d} n 01 {word} 0 000 | {word} meant; "the {word} was old"; "bring me a {word}[2]"'
            for n, (word, field) in enumerate(NOUNS.items())
        ],
        "verb": [
            f'0000010{n} 30 v 01 {word} 0 000 02 + 08 00 + 02 00 | to {word}; "did you {word} the kettle"; "{word}ing"'
            for n, word in enumerate(VERBS)
        ],
        "adj": [
            f'00000200 00 a 01 {word} 0 000 | {word}; "a {word} and rounded sort of stone!"' for word in ADJECTIVES
        ],
        "adv": [f'00000300 02 r 01 {word} 0 000 | {word}; "he spoke {word}"' for word in ADVERBS],
    }
    words = {"noun": [*NOUNS, "quay"], "verb": VERBS, "adj": ADJECTIVES, "adv": ADVERBS}
    for part, data in lines.items():
        (folder / f"data.{part}").write_text(licence + "\n".join(data) + "\n", encoding="latin-1")
        index = "".join(f"{word} {part[0]} 1 0 1 0 00000000\n" for word in words[part])
        (folder / f"index.{part}").write_text(licence + index, encoding="latin-1")
        (folder / f"{part}.exc").write_text("", encoding="latin-1")
    (folder / "noun.exc").write_text("geese goose\n", encoding="latin-1")
    (folder / "verb.exc").write_text("carried carry\n", encoding="latin-1")
    counts = [f"{word}%1:{field:02d}:00:: 1 {n + 2}" for n, (word, field) in enumerate(NOUNS.items())]
    counts += [f"{word}%2:30:00:: 1 5" for word in VERBS] + [f"{word}%3:00:00:: 1 4" for word in ADJECTIVES]
    counts += [f"{word}%4:02:00:: 1 3" for word in ADVERBS] + ["ice_cream%1:13:00:: 1 1"]
    (folder / "cntlist.rev").write_text("\n".join(counts) + "\n", encoding="latin-1")
    return folder


@pytest.fixture(scope="module")
def ljspeech(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("ljspeech") / "metadata.csv"
    long = " ".join(["and so it went on, until nobody remembered how it began"] * 6)
    path.write_text(
        "LJ001-0001|In 1456 it began.|In fourteen fifty-six it began.\n"
        f"LJ001-0002|{long}|{long}\n"
        "LJ001-0003|He thought it shall not be so now.|He thought it shall not be so now.\n"
        "LJ050-0001|It shall not be so.|It shall not be so.\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def build(corpus, ljspeech, wordnet):
    def build(left_out=(), hashes=(), **arguments):
        arguments = {"ljspeech": ljspeech, "wordnet": wordnet, "templates": 120, "shorts": 60, **arguments}
        return corpus.build(left_out=corpus.LeftOut(left_out, hashes), **arguments)

    return build


@pytest.fixture(scope="module")
def built(build):
    return build()


def words(texts) -> set[str]:
    return {text.text.text for text in texts}


def test_all_sources_are_there(built):
    texts = words(built)
    assert {"In fourteen fifty-six it began.", "The kettle was old.", "Did you mend the kettle?"} <= texts
    assert "A red and rounded sort of stone!" in texts
    assert {text.text.kind for text in built} == {"ljspeech", "wordnet", "template", "short"}
    assert len({text.text.id for text in built}) == len(built)
    assert not any("[" in text or "licence" in text for text in texts)


def test_every_lemma_begins_a_sentence(built, corpus, wordnet):
    first = {text.text.text.split()[0].strip(",.!?").lower() for text in built if text.text.kind == "template"}
    vocabulary = corpus.Vocabulary(wordnet)
    assert {"kettle", "glue", "happy", "slowly"} <= set(vocabulary.lemmas)
    for lemma in vocabulary.lemmas:
        assert first & {lemma, vocabulary.plural(lemma)}, lemma


def test_segments_join_to_the_text(built):
    for text in built:
        assert set(text.segments) == {"us", "gb"}
        for segments in text.segments.values():
            assert "".join(segment.text for segment in segments) == text.text.text
            assert all(segment.has_phonemes for segment in segments if segment.is_word)
    row = json.loads(built[0].as_json())
    assert list(row) == ["id", "kind", "text", "us", "gb"]
    assert "".join(text for text, _ in row["gb"]) == row["text"]


def test_what_is_tested_on_is_left_out(build, built):
    assert {"The kettle was old.", "He spoke soon."} <= words(built)
    digest = hashlib.sha256(b"hespokesoon").hexdigest()[:8]
    texts = words(build(["the KETTLE was: old?", "In 14 56 it began.", "Sort of stone, a red and rounded"], [digest]))
    assert not texts & {"The kettle was old.", "He spoke soon."}
    assert "The spoon was old." in texts
    texts = words(build(["rounded sort of stone"]))  # inside a longer text too
    assert not any("rounded" in text for text in texts)


def test_the_repository_leaves_out_its_test_texts_and_a_chapter(corpus, ljspeech):
    left_out = corpus.load_left_out(REPOSITORY, ljspeech)
    for name in ("test.txt", "validation.txt"):
        for line in (REPOSITORY / "texts" / name).read_text(encoding="utf-8").splitlines():
            assert line.split("|", 2)[2] in left_out
    assert "It shall not be so." in left_out
    assert "Rice is often served in round bowls." in left_out
    assert "Nobody has written this sentence before." not in left_out


def test_the_same_seed_gives_the_same_list(build, built):
    again = build()
    assert [text.as_json() for text in again] == [text.as_json() for text in built]
    assert [text.text for text in build(seed=1)] != [text.text for text in built]


def test_long_texts_are_dropped(built, corpus):
    assert not any("nobody remembered" in text for text in words(built))
    for text in built:
        for segments in text.segments.values():
            spoken = "".join(segment.phonemes for segment in segments)
            assert len(spoken) <= corpus.LONGEST_SYMBOLS
            assert corpus.estimated_seconds(spoken) <= corpus.LONGEST_SECONDS


def test_short_texts_have_their_share(built, corpus):
    counts = Counter(text.text.kind for text in built)
    assert counts["short"] / len(built) == pytest.approx(corpus.SHORT_SHARE, abs=0.03)


def test_a_beginning_of_the_list_covers_the_pairs_of_sounds(built, corpus):
    def pairs(texts) -> set[str]:
        return {pair for text in texts for pair in corpus.diphones(text.segments["us"])}

    count = len(built) // 3
    at_random = sum(len(pairs(random.Random(seed).sample(built, count))) for seed in range(5)) / 5
    assert len(pairs(built[:count])) > 1.05 * at_random


def test_pairs_include_the_ends_and_ignore_stress(corpus):
    segments = [
        corpus.Segment("Two", "tˈu"),
        corpus.Segment(",", ","),
        corpus.Segment(" ", " "),
        corpus.Segment("bar", "bˈɑː"),
    ]
    assert corpus.diphones(segments) == ["#t", "tu", "u#", "#b", "bɑː", "ɑː#"]


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("a red stone", "A red stone."),
        ("why did he go", "Why did he go?"),
        ("when he left, we slept", "When he left, we slept."),
        ("Stop it!", "Stop it!"),
        ("is it far", "Is it far?"),
        ("`no,' he said", "'no,' he said."),
    ],
)
def test_fragments_become_sentences(corpus, fragment, sentence):
    assert corpus.as_sentence(fragment) == sentence


def test_a_bad_line_of_the_transcripts_is_named(corpus, tmp_path):
    path = tmp_path / "metadata.csv"
    path.write_text("LJ001-0001|a|a\nLJ001-0002|b\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"metadata\.csv, line 2"):
        corpus.ljspeech_texts(path)
