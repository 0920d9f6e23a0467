# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Text to phonemes as a user meets it; the sentences are read by the bundled lexicons of `hibari-tts`, without network."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from gpt2tts import g2p_packages_gpt2tts
from gpt2tts.g2p_packages_gpt2tts import phonemizer_available
from gpt2tts.phonemes_gpt2tts import PHONEMES, EnglishPhonemizer, Segment, load_lexicon
from gpt2tts.text_normalization_gpt2tts import normalize_english_text

TEXTS = Path(__file__).parents[1] / "texts"


def spoken(segments: list[Segment]) -> str:
    return "".join(segment.phonemes for segment in segments)


@pytest.fixture(scope="module")
def american() -> EnglishPhonemizer:
    pytest.importorskip("hibari")
    return EnglishPhonemizer()


@pytest.fixture(scope="module")
def british() -> EnglishPhonemizer:
    pytest.importorskip("hibari")
    return EnglishPhonemizer(british=True)


def test_accents_differ(american, british):
    text = "The water was hot, and nobody asked."
    assert spoken(american(text)) == "ðə wˈɔTəɹ wʌz hˈɑt, ænd nˈObˌɑdi ˈæskt."
    assert spoken(british(text)) == "ðə wˈɔːtə wɒz hˈɒt, and nˈQbədi ˈɑːskt."


def test_words_and_marks_are_segments_of_their_own(american):
    segments = american('"Stop," he said, "or don\'t."')
    assert [segment.text for segment in segments if segment.is_word] == ["Stop", "he", "said", "or", "don't"]
    assert all(segment.has_phonemes for segment in segments if segment.is_word)
    for segment in segments:
        if not segment.is_word:
            assert segment.phonemes == segment.text
            assert len(segment.text) == 1


@pytest.mark.parametrize(
    ("text", "word", "phonemes"),
    [
        ('"Don\'t go."', "Don't", "dˈOnt"),
        ("the dogs' food", "dogs'", "dˈɔɡz"),
        ("It's his sister-in-law's.", "sister-in-law's", "sˈɪstəɹənlˌɔz"),
        ("a well-known man", "well-known", "wˌɛlnˈOn"),
        ("They'll come.", "They'll", "ðˌAl"),
        ("Where are you goin'?", "goin'", "ɡˈOən"),
        ("Take a plan, not a snorfle.", "snorfle", "snˈɔɹfᵊl"),
        ("A snorfle-maker left.", "snorfle-maker", "snˈɔɹfᵊlmˈAkəɹ"),
        ("The A P I is down.", "A", "ˈA"),
        ("A", "A", "ˈA"),
        ("A cat.", "A", "ɐ"),
        ("Shh! They sleep.", "Shh", "ʃ"),
        # the tokenizer parts them behind another apostrophe
        ("He sailed 'cross the sea and o'er the hill.", "o'er", "ˈOəɹ"),
        ("The apple fell.", "The", "ði"),
        ("The pear fell.", "The", "ðə"),
        # what is quoted begins a sentence of its own after a mark, but not within a phrase
        ('He said, "Use it now."', "Use", "jˈuz"),
        ('"Separate them," he said.', "Separate", "sˈɛpəɹˌAt"),
        ('She cried: "Refuse to go!" and left.', "Refuse", "ɹəfjˈuz"),
        ('They call it "degenerate art" there.', "degenerate", "dəʤˈɛnəɹət"),
        ('We praised its "use" of light.', "use", "jˈus"),
    ],
)
def test_words_in_context(american, text, word, phonemes):
    assert Segment(word, phonemes) in american(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The C F O of H P. Plan A. Next", "The C F O of H P. Plan A*. Next"),
        ("A P I calls of the U S A.", "A* P I calls of the U S A*."),
        ("A dog had vitamin A, and grade A beef.", "A dog had vitamin A*, and grade A* beef."),
        ("What is a? A, the first letter.", "What is a*? A*, the first letter."),
    ],
)
def test_the_letter_a_has_its_name_and_the_article_has_not(american, text, names):
    marked = "".join(segment.text + "*" * (segment.phonemes == "ˈA") for segment in american(text))
    assert marked == names


def test_numbers_are_spelt_out_first(american):
    segments = american("It costs $5.")
    assert "".join(segment.text for segment in segments) == "It costs five dollars."
    assert spoken(segments) == "ˌɪt kˈɔsts fˈIv dˈɑləɹz."


def test_all_texts_come_back_whole_and_in_the_alphabet(american, british):
    lines = [
        line.split("|", 2)[2]
        for name in ("test.txt", "validation.txt")
        for line in (TEXTS / name).read_text(encoding="utf-8").splitlines()
    ]
    clauses = [clause.strip() + "." for line in lines for clause in line.split(",") if clause.strip(' ."')]
    sentences = (lines + clauses)[:400]
    assert len(sentences) >= 200
    alphabet = {*PHONEMES, " "}
    for phonemizer in (american, british):
        for sentence in sentences:
            segments = phonemizer(sentence)
            assert "".join(segment.text for segment in segments) == normalize_english_text(sentence)
            for segment in segments:
                assert segment.text, sentence
                if segment.is_word:
                    assert segment.has_phonemes, (sentence, segment)
                    assert set(segment.phonemes) <= alphabet, (sentence, segment)
                else:
                    assert segment.phonemes == segment.text


def test_phonemes_are_those_of_the_package(american):
    from hibari.g2p import G2P

    g2p = G2P()
    for text in [
        "The ferry leaves the island shortly before the sun goes down.",
        "Could you read it? Yes; I read it!",
    ]:
        assert spoken(american(text)) == g2p(text)


@pytest.mark.parametrize("accent", ["american", "british"])
def test_pronunciation_in_the_text(accent, request):
    phonemizer = request.getfixturevalue(accent)
    segments = phonemizer("[hibari](/hˈɪbɑɹi/) and [New York](/nˈu jˈɔɹk/)'s [Xu](/ʃˈu/).")
    assert segments[0] == Segment("hibari", "hˈɪbɑɹi")
    assert segments[4] == Segment("New York's", "nˈu jˈɔɹks")
    assert segments[-2:] == [Segment("Xu", "ʃˈu"), Segment(".", ".")]
    assert "".join(segment.text for segment in segments) == "hibari and New York's Xu."


def test_lexicon_goes_before_the_package(tmp_path):
    pytest.importorskip("hibari")
    path = tmp_path / "words.tsv"
    path.write_text("# names\nSiobhan\tʃəvˈɔn\n\ngif\tʤˈɪf\nfish\tfˈɪʃ\n", encoding="utf-8")
    phonemizer = EnglishPhonemizer(lexicon=load_lexicon(path))
    segments = phonemizer("SIOBHAN's gif-file, the Fish's [gif](/ɡˈɪf/).")
    words = [segment for segment in segments if segment.is_word]
    assert words[:2] == [("SIOBHAN's", "ʃəvˈɔnz"), ("gif", "ʤˈɪf")]
    assert words[-2:] == [("Fish's", "fˈɪʃᵻz"), ("gif", "ɡˈɪf")]
    assert spoken(EnglishPhonemizer()("gif")) != "ʤˈɪf"


def test_words_without_phonemes_stay_letters(american):
    segments = american("Say Москва twice.", normalize=False)
    (letters,) = [segment for segment in segments if segment.is_word and not segment.has_phonemes]
    assert letters == Segment("Москва", "Москва")


@pytest.mark.parametrize("text", ["", " ", "...", "?!"])
def test_text_without_a_word(american, text):
    assert spoken(american(text)) == normalize_english_text(text)


def test_foreign_symbols_are_refused_with_the_name_of_the_argument(american):
    with pytest.raises(ValueError, match=r"`text`.*'Anna'.*'Ä'"):
        american("[Anna](/ˈÄnə/)")
    with pytest.raises(ValueError, match=r"`text`.*empty"):
        american("[Anna](/ˈ/)")
    with pytest.raises(ValueError, match=r"`lexicon`.*'anna'.*'!'"):
        EnglishPhonemizer(lexicon={"anna": "ˈɑnə!"})
    with pytest.raises(ValueError, match=r"`lexicon`.*'two words'"):
        EnglishPhonemizer(lexicon={"two words": "tˈu"})
    with pytest.raises(TypeError, match=r"`lexicon` maps words to phonemes.*'anna': None"):
        EnglishPhonemizer(lexicon={"anna": None})


@pytest.mark.parametrize(
    ("content", "message"),
    [("anna ˈænə", r"words\.tsv, line 1: no tab"), ("a\tˈA\n\nb\tbˈ%", r"words\.tsv, line 3: .*'%'")],
)
def test_a_bad_lexicon_is_refused_with_file_and_line(tmp_path, content, message):
    path = tmp_path / "words.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_lexicon(path)


@pytest.fixture
def fresh_package():
    g2p_packages_gpt2tts.load_g2p.cache_clear()
    yield
    g2p_packages_gpt2tts.load_g2p.cache_clear()


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("CONTACT US, JOIN US NOW.", "kˈɑntækt ˌʌs, ʤˈYn ˌʌs nˈW."),
        ("IT WORKS.", "ɪt wˈɜɹks."),
        ("OH MY GOD, HE LOVES HER.", "ˈO mI ɡˈɑd, hi lˈʌvz hˌɜɹ."),
        ("DON'T, I'M FINE.", "dˈOnt, ˌIm fˈIn."),
        ("NASA, the KIA.", "nˈæsə, ðə kˌAˌIˈA."),
    ],
)
def test_words_in_capitals_are_words(american, text, phonemes):
    assert spoken(american(text)) == phonemes


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("McEwander and McGittle", "məkjˈuændəɹ ænd məɡˈɪTᵊl"),
        ("drivin' and changin'", "dɹˈIvɪn' ænd ʧˈAnʤɪn'"),
        ("Snortham", "snˈɔɹθəm"),
        ("Vlahovic and Petkovic's", "vlæhˈɑvɪʧ ænd pɛtkˈɑvɪʧɪz"),
        ("microspectrophotometrically", "mˌIkɹOspɛktɹˌOfOtOmˈɛtɹɪkli"),
        ("wx and vw", "dˌʌbᵊljuˈɛks ænd vˌidˈʌbᵊlju"),
        ("ustekinumab and tofacitinib", "ˌʌstɪkˈɪnumæb ænd tˌɑfəsˈɪtɪnɪb"),
    ],
)
def test_guesses_of_unknown_words_are_mended(american, text, phonemes):
    assert spoken(american(text)) == phonemes


def test_misaki_where_hibari_is_missing(monkeypatch, fresh_package):
    class FakeG2P:
        def __init__(self, *, trf, british, fallback, unk):
            self.lexicon = SimpleNamespace(golds={}, is_known=lambda word, tag: word in ("the", "cat"))

        def __call__(self, text):
            assert "[Xu](/ʃˈu/)" in text
            words = ["The", "cat", ",", "Xu", "!"]
            readings = ["ðə", "kˈæt", ",", "ʃˈu", "!"]
            tokens = [SimpleNamespace(text=word, phonemes=ps) for word, ps in zip(words, readings, strict=True)]
            return " ".join(readings), tokens

    english = ModuleType("misaki.en")
    english.G2P = FakeG2P
    monkeypatch.setitem(sys.modules, "misaki", ModuleType("misaki"))
    monkeypatch.setitem(sys.modules, "misaki.en", english)
    monkeypatch.setattr(g2p_packages_gpt2tts, "_has_module", lambda name: name == "misaki")
    assert phonemizer_available()
    assert spoken(EnglishPhonemizer()("The cat, [Xu](/ʃˈu/)!")) == "ðə kˈæt, ʃˈu!"


def test_without_a_package_the_error_says_what_to_install(monkeypatch, fresh_package):
    monkeypatch.setattr(g2p_packages_gpt2tts, "_has_module", lambda name: False)
    assert not phonemizer_available()
    with pytest.raises(ImportError, match="pip install hibari-tts"):
        EnglishPhonemizer()


def test_an_accent_by_name_is_refused():
    with pytest.raises(TypeError, match="`british` must be True or False, got 'american'"):
        EnglishPhonemizer("american")


def test_the_packages_are_imported_on_first_use_only():
    code = "import sys, gpt2tts.phonemes_gpt2tts; assert not {'hibari', 'misaki'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_lexicon_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "lexicon.tsv"
    path.write_bytes(b"caf\xe9\tk\xe6f")
    with pytest.raises(ValueError, match=r"lexicon\.tsv is no UTF-8 text"):
        load_lexicon(path)


def test_a_lexicon_of_windows_is_read_and_a_folder_is_none(tmp_path):
    (tmp_path / "words.tsv").write_bytes("\ufeffgif\tʤˈɪf\r\n".encode())
    assert load_lexicon(tmp_path / "words.tsv") == {"gif": "ʤˈɪf"}
    with pytest.raises(FileNotFoundError, match="`lexicon`: there is no file"):
        load_lexicon(tmp_path)


def test_a_lexicon_may_be_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "lexicon")
    writer = threading.Thread(target=(tmp_path / "lexicon").write_text, args=("tomato\ttəmˈɑtO\n",))
    writer.start()
    assert load_lexicon(tmp_path / "lexicon") == {"tomato": "təmˈɑtO"}
    writer.join()
