# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Words that the G2P package misreads: names, accents, and words that their neighbours tell."""

import pytest

from gpt2tts import phonemes_gpt2tts
from gpt2tts.phonemes_gpt2tts import EnglishPhonemizer, check_phonemes
from gpt2tts.pronunciations_gpt2tts import accented_pronunciations, known_pronunciations, to_british

pytest.importorskip("hibari")


@pytest.fixture(scope="module")
def american() -> EnglishPhonemizer:
    return EnglishPhonemizer()


@pytest.fixture(scope="module")
def british() -> EnglishPhonemizer:
    return EnglishPhonemizer(british=True)


def words_of(phonemizer: EnglishPhonemizer, text: str) -> dict[str, str]:
    return {segment.text: segment.phonemes for segment in phonemizer(text) if segment.is_word}


@pytest.mark.parametrize("is_british", [False, True])
def test_all_are_words_in_the_alphabet_and_have_one_main_stress(is_british):
    known = {**known_pronunciations(is_british), **accented_pronunciations(is_british)}
    assert len(known) > 1000
    for word, phonemes in known.items():
        assert phonemes_gpt2tts._WORD.fullmatch(word)
        assert word == word.lower()
        assert check_phonemes(phonemes, "table", word) == phonemes
        if " " not in phonemes and any(vowel in phonemes for vowel in "aeiouæɑɒɔɛɜAIOWYQ"):
            assert phonemes.count("ˈ") == 1, word
        # a stress mark stands before a vowel
        assert all(phonemes[i + 1] in "AIOWYQaæɑɒɔəɛɜɪiʊuʌ" for i, mark in enumerate(phonemes) if mark in "ˈˌ"), word


@pytest.mark.parametrize(
    ("american_said", "british_said"),
    [
        ("ʃˈɔn", "ʃˈɔːn"),
        ("ɡˈɑːndi", "ɡˈɑːndi"),
        ("dˈɑnᵊld", "dˈɒnᵊld"),
        ("bˈAtOvən", "bˈAtQvən"),
        ("hɜɹnˈændɛz", "hɜːnˈandɛz"),
        ("ˈubəɹ", "ˈuːbə"),
        ("kˈæməɹən", "kˈaməɹən"),
        ("mɔɹˈin", "mɔːɹˈiːn"),
        ("ʃəpˈiɹO", "ʃəpˈɪəɹQ"),
        ("dəvˈɑTəɹ", "dəvˈɒtə"),
        ("mˈɪɹɹəɹ", "mˈɪɹə"),
        ("fˈɑɹɹəst", "fˈɒɹəst"),
        ("hˈɜɹɹi", "hˈʌɹi"),
    ],
)
def test_british_has_no_r_but_before_vowels(american_said, british_said):
    assert to_british(american_said) == british_said


def test_names_and_brands(american, british):
    text = "Sean, Chloe and Michelle's friend José took an Uber from Nguyen's to IKEA in Edinburgh."
    said = words_of(american, text)
    assert (said["Sean"], said["Chloe"], said["Michelle's"], said["Jose"]) == ("ʃˈɔn", "klˈOi", "mɪʃˈɛlz", "hOzˈA")
    assert (said["Uber"], said["Nguyen's"]) == ("ˈubəɹ", "wˈɪnz")
    assert words_of(british, text)["Chloe"] == "klˈQi"


def test_common_names(american, british):
    text = "Sullivan, Ellis, Arnold, Douglas and Fitzgerald took two tours of Los Angeles with Dorothy Murray."
    said = words_of(american, text)
    assert (said["Sullivan"], said["Ellis"], said["Arnold"]) == ("sˈʌlɪvən", "ˈɛlɪs", "ˈɑɹnəld")
    assert (said["Fitzgerald"], said["tours"], said["Angeles"]) == ("fɪtsʤˈɛɹəld", "tˈʊɹz", "ˈænʤələs")
    assert (said["Dorothy"], said["Murray"]) == ("dˈɔɹəθi", "mˈɜɹi")
    said = words_of(british, text)
    assert (said["Dorothy"], said["Murray"]) == ("dˈɒɹəθi", "mˈʌɹi")


def test_british_of_its_own(british):
    said = words_of(british, "Maurice and Gerard eat pasta on the mobile.")
    assert (said["Gerard"], said["Maurice"]) == ("ʤˈɛɹɑːd", "mˈɒɹɪs")


def test_letters_left_out(american):
    said = words_of(american, "He look'd as they danc'd; thou know'st his 'eart and the d'Urbervilles. I'd say so.")
    assert (said["look'd"], said["danc'd"], said["know'st"]) == ("lˈʊkt", "dˈænst", "nˈOst")
    assert (said["eart"], said["d'Urbervilles"]) == ("ˈɑɹt", "dˈɜɹbəɹvˌɪlz")
    assert words_of(american, "The top o' the morning.")["o'"] == "ə"


def test_phrases_of_other_languages(american):
    said = words_of(american, "The coup de grâce for the nouveau riche.")
    assert (said["grace"], said["riche"]) == ("ɡɹˈɑs", "ɹˈiʃ")
    assert words_of(american, "With grace, my dear.")["grace"] == "ɡɹˈAs"
    said = words_of(american, "The coq au vin is à la carte.")
    assert (said["coq"], said["vin"], said["a"]) == ("kˈOk", "vˈæn", "ˌɑ")
    assert "".join(segment.phonemes for segment in american("Na na na, na.")) == "nˈɑ nˈɑ nˈɑ, nˈɑ."


def test_stammering(american):
    assert words_of(american, '"W-what?" he said.')["W"] == "wə"
    assert words_of(american, "An S-shaped road.").get("S") != "sə"


def test_parts_of_a_word_with_hyphens_are_known(american):
    assert words_of(american, "a Mercedes-Benz")["Benz"] == "bˈɛnz"


@pytest.mark.parametrize("end", ["", ".", "?", ",", '."', " rally."])
def test_no_part_of_a_word_with_hyphens_stays_letters(american, british, end):
    for phonemizer in (american, british):
        said = words_of(phonemizer, f"They are anti-Putin{end}")
        assert said["anti"] != "anti"
        assert said["Putin"] == words_of(phonemizer, "Putin")["Putin"]
    assert words_of(american, f"We met Smith-[Szabo](/sˈɑbO/){end}")["Smith"] == "smˈɪθ"
    assert words_of(american, f"A bow-wow{end}")["bow-wow"] == "bˈWwˌW"


def test_unless_is_not_said_like_and_less(american):
    assert words_of(american, "Not unless it rains.")["unless"] == "ˌʌnlˈɛs"


def test_wow_has_a_vowel_long_enough_not_to_be_heard_as_well(american, british):
    assert words_of(american, "Wow, what a view!")["Wow"] == "wˈɑW"
    assert words_of(british, "Wow, what a view!")["Wow"] == "wˈɑW"


def test_accents_tell_words_apart(american, british):
    said = words_of(american, "Please resume reading my résumé; a rose, some rosé and a cliché.")
    assert (said["resume"], said["résumé"]) == ("ɹəzˈum", "ɹˈɛzəmA")
    assert (said["rose"], said["rosé"], said["cliche"]) == ("ɹˈOz", "ɹOzˈA", "kliʃˈA")
    decomposed = "Read my re\u0301sume\u0301."
    assert words_of(american, decomposed)["résumé"] == "ɹˈɛzəmA"
    assert words_of(british, "Some pâté, please.")["pâté"] == "pɑːtˈA"


@pytest.mark.parametrize(
    ("text", "word", "phonemes"),
    [
        ("He will lead the way.", "lead", "lˈid"),
        ("Old lead pipes are poisonous.", "lead", "lˈɛd"),
        ("The bass is too loud.", "bass", "bˈAs"),
        ("He caught a bass.", "bass", "bˈæs"),
        ("Not a bass guitar, but a double bass.", "bass", "bˈAs"),
        ("Send me your resume today.", "resume", "ɹˈɛzəmA"),
        ("We resume work on Monday.", "resume", "ɹəzˈum"),
        ("He was content with it.", "content", "kəntˈɛnt"),
        ("The content is new.", "content", "kˈɑntɛnt"),
        ("She explained it in minute detail.", "minute", "mInˈut"),
        ("Wait a minute.", "minute", "mˈɪnət"),
        ("Take a bow.", "bow", "bˈW"),
        ("A bow and arrow.", "bow", "bˈO"),
        ("It is only wear and tear.", "tear", "tˈɛɹ"),
        ("She had a tear in her eye.", "tear", "tˈɪɹ"),
        ("I strongly object to it.", "object", "əbʤˈɛkt"),
        ("The object is round.", "object", "ˈɑbʤəkt"),
        ("We project growth.", "project", "pɹəʤˈɛkt"),
        ("Talk to project managers.", "project", "pɹˈɑʤˌɛkt"),
        ("Food is due to conflict scarce.", "conflict", "kˈɑnflˌɪkt"),
        ("Have you read it?", "read", "ɹˈɛd"),
        ("I read every day.", "read", "ɹˈid"),
        ("They met in Nice.", "Nice", "nˈis"),
        ("It is nice.", "nice", "nˈIs"),
        ("She lives in Reading.", "Reading", "ɹˈɛdɪŋ"),
        ("Reading is fun.", "Reading", "ɹˈidɪŋ"),
        ("Polish the silver.", "Polish", "pˈɑlɪʃ"),
        ("Polish food is good.", "Polish", "pˈOlɪʃ"),
        ("Live from New York.", "Live", "lˈIv"),
        ("They live near us.", "live", "lˈɪv"),
        ("Watch live.", "live", "lˈIv"),
        ("Exposure to lead is bad.", "lead", "lˈɛd"),
        ("They lead in the polls.", "lead", "lˈid"),
        ("They abuse their power.", "abuse", "əbjˈuz"),
        ("It is an abuse of power.", "abuse", "əbjˈus"),
        ("Two Christmas presents.", "presents", "pɹˈɛzᵊnts"),
        ("He presents the show.", "presents", "pɹizˈɛnts"),
        ("Photosynthesis converts carbon dioxide into sugar.", "converts", "kənvˈɜɹts"),
        ("Many converts came to the church.", "converts", "kˈɑnvˌɜɹts"),
        ("The device projects images onto the wall.", "projects", "pɹəʤˈɛkts"),
        ("Two projects failed.", "projects", "pɹˈɑʤˌɛkts"),
        ("Do a survey and project the costs.", "project", "pɹəʤˈɛkt"),
        ("The data conflicts with the theory.", "conflicts", "kənflˈɪkts"),
        ("The storm subjects the coast to flooding.", "subjects", "səbʤˈɛkts"),
        ("Her best subjects are art and music.", "subjects", "sˈʌbʤɛkts"),
        ("The dog deserts its master.", "deserts", "dəzˈɜɹts"),
        ("The deserts of Asia.", "deserts", "dˈɛzəɹts"),
        ("Please hold while I transfer you to sales.", "transfer", "tɹænsfˈɜɹ"),
        ("Transfer the dough to a bowl.", "Transfer", "tɹænsfˈɜɹ"),
        ("The transfer takes two days.", "transfer", "tɹˈænsfəɹ"),
        ("Why are cats afraid of water?", "Why", "wˈI"),
        ("Why did you leave?", "Why", "wˌI"),
        ("Close window.", "Close", "klˈOz"),
        ("A close friend.", "close", "klˈOs"),
        ("The day drew to a close.", "close", "klˈOz"),
        ("A row over tax.", "row", "ɹˈW"),
        ("The front row.", "row", "ɹˈO"),
        ("An ACL tear.", "tear", "tˈɛɹ"),
        ("Invalid password.", "Invalid", "ɪnvˈælᵻd"),
        ("She got used to it.", "used", "jˈust"),
        ("It is used to make bread.", "used", "jˈuzd"),
        ("He opened the letter and read it.", "read", "ɹˈɛd"),
        ("When you read this, call me.", "read", "ɹˈid"),
        ("The shops close early.", "close", "klˈOz"),
        ("We row over to the island.", "row", "ɹˈO"),
        ("He made a low bow.", "bow", "bˈW"),
        ("I must protest.", "protest", "pɹətˈɛst"),
        ("A peaceful protest.", "protest", "pɹˈOtˌɛst"),
        ("The path wound between trees.", "wound", "wˈWnd"),
        ("The wound healed.", "wound", "wˈund"),
        ("The bass player caught a cold.", "bass", "bˈAs"),
        ("She studied at the University of Reading.", "Reading", "ɹˈɛdɪŋ"),
        ("A chronic invalid.", "invalid", "ˈɪnvəlɪd"),
        ("The bases in Iraq.", "bases", "bˈAsᵻz"),
        ("I have never read the book.", "read", "ɹˈɛd"),
        ("I have to read it.", "read", "ɹˈid"),
        ("Don't eat while you read.", "read", "ɹˈid"),
        ("Children exposed to lead may suffer.", "lead", "lˈɛd"),
        ("He took the lead from Smith.", "lead", "lˈid"),
        ("The game airs live on ESPN.", "live", "lˈIv"),
        ("He came to live with us.", "live", "lˈɪv"),
        ("Stocks close higher.", "close", "klˈOz"),
        ("He stays close at hand.", "close", "klˈOs"),
        ("Insert coin to continue.", "Insert", "ɪnsˈɜɹt"),
        ("The package insert.", "insert", "ˈɪnsˌɜɹt"),
        ("It would take 67 votes to convict.", "convict", "kənvˈɪkt"),
        ("The convict escaped.", "convict", "kˈɑnvˌɪkt"),
        ("Analysts project growth.", "project", "pɹəʤˈɛkt"),
        ("Critics object to the law.", "object", "əbʤˈɛkt"),
        ("A strange object to behold.", "object", "ˈɑbʤəkt"),
        ("Police conduct raids.", "conduct", "kəndˈʌkt"),
        ("The ship's bow struck the pier.", "bow", "bˈW"),
        ("He drew his bow.", "bow", "bˈO"),
        ("Kids used to play here.", "used", "jˈust"),
        ("The gun used to kill her was found.", "used", "jˈuzd"),
        ("Winds up to 130 mph.", "Winds", "wˈɪndz"),
        ("How does the story wind up?", "wind", "wˈInd"),
        ("Mobile users love it.", "Mobile", "mˈObᵊl"),
        ("Mobile, Alabama.", "Mobile", "mObˈil"),
        ("Des Moines, Iowa.", "Des", "də"),
        ("People who read poetry.", "read", "ɹˈid"),
        ("He bent down and read it.", "read", "ɹˈɛd"),
        ("The learned doctor came.", "learned", "lˈɜɹnᵻd"),
        ("I learned a lot.", "learned", "lˈɜɹnd"),
        ("They had to content themselves with it.", "content", "kəntˈɛnt"),
        ("Look at the content itself.", "content", "kˈɑntɛnt"),
        ("Metals conduct heat.", "conduct", "kəndˈʌkt"),
        ("A herd of does.", "does", "dˈOz"),
        ("The train wound slowly up the valley.", "wound", "wˈWnd"),
        ("Of blessed memory.", "blessed", "blˈɛsᵻd"),
        ("It will impact our sales.", "impact", "ɪmpˈækt"),
        ("The impact it had.", "impact", "ˈɪmpˌækt"),
    ],
)
def test_neighbours_tell_how_a_word_is_said(american, text, word, phonemes):
    assert words_of(american, text)[word] == phonemes


def test_what_a_user_gives_goes_before_all_of_it(american):
    own = EnglishPhonemizer(lexicon={"bass": "bˈʌs", "sean": "sˈin", "résumé": "ɹɛzˈum"})
    said = words_of(own, "Sean lost the bass and his résumé.")
    assert (said["Sean"], said["bass"], said["résumé"]) == ("sˈin", "bˈʌs", "ɹɛzˈum")
    assert words_of(american, "The [bass](/bˈʌs/) and the [résumé](/ɹɛzˈum/).")["bass"] == "bˈʌs"
    assert words_of(american, "The [bass](/bˈʌs/) and the [résumé](/ɹɛzˈum/).")["résumé"] == "ɹɛzˈum"
