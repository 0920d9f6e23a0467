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


@pytest.mark.parametrize(
    ("word", "american_said", "british_said"),
    [
        ("Nemo", "nˈimO", "nˈiːmQ"),
        ("Sadie", "sˈAdi", "sˈAdi"),
        ("Aidan", "ˈAdən", "ˈAdən"),
        ("Niall", "nˈIəl", "nˈIəl"),
        ("Vasquez", "vˈæskɛz", "vˈaskɛz"),
        ("Rugrats", "ɹˈʌɡɹæts", "ɹˈʌɡɹats"),
        ("Evernote", "ˈɛvəɹnˌOt", "ˈɛvənˌQt"),
        ("Chorley", "ʧˈɔɹli", "ʧˈɔːli"),
        ("Guernica", "ɡwˈɛɹnɪkə", "ɡˈɜːnɪkə"),
    ],
)
def test_names_that_packages_and_the_names_dictionary_misread(american, british, word, american_said, british_said):
    assert words_of(american, f"It was {word}.")[word] == american_said
    assert words_of(british, f"It was {word}.")[word] == british_said


@pytest.mark.parametrize(
    ("word", "american_said", "british_said"),
    [
        ("photographs", "fˈOTəɡɹˌæfs", "fˈQtəɡɹɑːfs"),
        ("stomachs", "stˈʌməks", "stˈʌməks"),
        ("aches", "ˈAks", "ˈAks"),
        ("logos", "lˈOɡOz", "lˈQɡQz"),
        ("wanting", "wˈɑntɪŋ", "wˈɒntɪŋ"),
        ("athletic", "æθlˈɛTɪk", "aθlˈɛtɪk"),
        ("soles", "sˈOlz", "sˈQlz"),
        ("combs", "kˈOmz", "kˈQmz"),
        ("galloped", "ɡˈæləpt", "ɡˈaləpt"),
        ("asking", "ˈæskɪŋ", "ˈɑːskɪŋ"),
        ("laughing", "lˈæfɪŋ", "lˈɑːfɪŋ"),
        ("mastering", "mˈæstəɹɪŋ", "mˈɑːstəɹɪŋ"),
    ],
)
def test_endings_sound_as_those_of_the_words_they_are_on(american, british, word, american_said, british_said):
    assert words_of(american, f"They were {word}.")[word] == american_said
    assert words_of(british, f"They were {word}.")[word] == british_said


def test_british_of_its_own(british):
    said = words_of(british, "Maurice and Gerard eat pasta on the mobile.")
    assert (said["Gerard"], said["Maurice"]) == ("ʤˈɛɹɑːd", "mˈɒɹɪs")


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("webpage", "wˈɛbpˌAʤ"),
        ("laude", "lˈWdA"),
        ("Cuaron", "kwɑɹˈOn"),
        ("Kuo", "kwˈO"),
        ("Schenck", "skˈɛŋk"),
        ("Juventus", "juvˈɛntəs"),
        ("Moussaoui", "musˈWi"),
        ("Hyatt", "hˈIət"),
        ("Boerse", "bˈɜɹsə"),
        ("Almunia", "ælmˈuniə"),
        ("Jagermeister", "jˈAɡəɹmˌIstəɹ"),
        ("hijinks", "hˈIʤɪŋks"),
        ("gobbledegook", "ɡˈɑbᵊldiɡˌʊk"),
        ("mononymously", "mənˈɑnɪməsli"),
        ("subgenres", "sˈʌbʒˌɑnɹəz"),
        ("leitmotiv", "lˈItmOtˌif"),
        ("leitmotivs", "lˈItmOtˌifs"),
        ("noone", "nˈOwˌʌn"),
        ("oclock", "əklˈɑk"),
        ("cus", "kˈʌz"),
        ("ii", "tˈu"),
        ("iii", "θɹˈi"),
        ("vii", "sˈɛvən"),
        ("viii", "ˈAt"),
        ("xiv", "fˌɔɹtˈin"),
        ("ufc", "jˌu ˌɛf sˈi"),
        ("gmos", "ʤˌi ˌɛm ˈOz"),
        ("ncaa", "ˌɛn sˌi dˌʌbᵊl ˈA"),
        ("atleast", "ætlˈist"),
        ("gochujang", "ɡˌOʧuʤˈɑŋ"),
        ("huevos", "wˈAvOs"),
        ("ritonavir", "ɹɪtˈɑnəvɪɹ"),
        ("angioedema", "ˌænʤiOədˈimə"),
        ("Makemake", "mˌɑkAmˈɑkA"),
        ("bisphenol", "bɪsfˈinɔl"),
        ("grr", "ɡˈɜɹ"),
        ("liveth", "lˈɪvəθ"),
        ("Kardashians", "kɑɹdˈæʃiənz"),
        ("Zanele", "zənˈAlA"),
        ("Malgorzata", "mˌælɡəʒˈɑtə"),
        ("reupload", "ɹiˈʌplˌOd"),
        ("recaptcha", "ɹikˈæpʧə"),
        ("mahi-mahi", "mˌɑhimˈɑhi"),
        ("Messi's", "mˈɛsiz"),
        ("Moderna", "mədˈɜɹnə"),
        ("wouldve", "wˈʊdəv"),
        ("sous", "sˈu"),
        ("bolognese", "bˌOlənjˈAz"),
        ("Poilievre", "pwˌɑliˈɛv"),
    ],
)
def test_words_as_they_are_written_in_mails_and_news(american, word, phonemes):
    assert words_of(american, f"It was {word}, they wrote.")[word] == phonemes


@pytest.mark.parametrize(
    ("text", "american_said", "british_said"),
    [
        ("That'll do.", "ðæTəl", "ðatəl"),
        ("There'll be time.", "ðˈɛɹəl", "ðˈɛːɹəl"),
        ("Who'll help?", "hˌul", "hˌuːl"),
        ("Everyone'll come.", "ˈɛvɹiwənəl", "ˈɛvɹɪwʌnəl"),
        ("Where're they?", "wˌɛɹəɹ", "wˌɛːɹə"),
        ("There've been two.", "ðˈɛɹəv", "ðˈɛːɹəv"),
        ("Tom'd know.", "tˈɑmd", "tˈɒmd"),
        ("NASA'll know.", "nˈæsəl", "nˈasəl"),
        ("The UN'll know.", "ˈɛnəl", "ˈɛnəl"),
        ("They OK'd it.", "kˈAd", "kˈAd"),
        ("Pat'd know.", "pˈætᵻd", "pˈatɪd"),
        ("C'mon, Tim!", "kəmˈɑn", "kəmˈɒn"),
        ("It'll rain.", "ˈɪTᵊl", "ˈɪtᵊl"),
    ],
)
def test_verbs_drawn_together_with_the_word_before(american, british, text, american_said, british_said):
    for phonemizer, expected in ((american, american_said), (british, british_said)):
        (phonemes,) = [phonemes for word, phonemes in words_of(phonemizer, text).items() if "'" in word]
        assert phonemes == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The Kardashians' dog.", "ðə kɑɹdˈæʃiənz dˈɔɡ."),
        ("Of 'the Kardashians' alone.", "ˌʌv 'ðə kɑɹdˈæʃiənz' əlˈOn."),
    ],
)
def test_apostrophes_at_the_end_are_no_marks(american, text, said):
    assert "".join(segment.phonemes for segment in american(text)) == said


@pytest.mark.parametrize("written", ["'n'", "'n", "n'"])
def test_and_of_one_letter(american, written):
    said = "".join(segment.phonemes for segment in american(f"Rock {written} roll all night."))
    assert said.startswith("ɹˈɑk ən ɹˈOl")


def test_common_words(american, british):
    text = (
        "Our nephew Joshua, a kinder dude, saw the majority catch a derby: obstacles didn't impress Allen and Logan."
    )
    said = words_of(american, text)
    assert (said["majority"], said["catch"], said["derby"]) == ("məʤˈɔɹəTi", "kˈæʧ", "dˈɜɹbi")
    assert said["obstacles"] == "ˈɑbstəkᵊlz"
    said = words_of(british, text)
    assert (said["majority"], said["catch"], said["derby"]) == ("məʤˈɒɹɪti", "kˈaʧ", "dˈɑːbi")
    assert (said["nephew"], said["Joshua"], said["dude"]) == ("nˈɛfjuː", "ʤˈɒʃuːə", "dˈuːd")
    assert (said["kinder"], said["Allen"], said["Logan"]) == ("kˈIndə", "ˈalən", "lˈQɡən")
    assert words_of(british, "The PM's speech.")["M's"] == "ˈɛmz"


def test_verbs_in_a_list_are_no_nouns(american):
    said = words_of(
        american, "We isolate faults, incorporate feedback, conserve water, and nominate, mediate, augment."
    )
    assert (said["isolate"], said["incorporate"], said["conserve"]) == ("ˈIsəlˌAt", "ɪnkˈɔɹpəɹˌAt", "kənsˈɜɹv")
    assert (said["nominate"], said["mediate"], said["augment"]) == ("nˈɑmənˌAt", "mˈidiˌAt", "ɔɡmˈɛnt")


def test_letters_left_out(american):
    said = words_of(american, "He look'd as they danc'd; thou know'st his 'eart and the d'Urbervilles. I'd say so.")
    assert (said["look'd"], said["danc'd"], said["know'st"]) == ("lˈʊkt", "dˈænst", "nˈOst")
    assert (said["eart"], said["d'Urbervilles"]) == ("ˈɑɹt", "dˈɜɹbəɹvˌɪlz")
    assert words_of(american, "The top o' the morning.")["o'"] == "ə"


def test_phrases_of_other_languages(american):
    said = words_of(american, "The coup de grâce for the nouveau riche.")
    assert (said["grace"], said["riche"]) == ("ɡɹˈɑs", "ɹˈiʃ")
    assert words_of(american, "With grace, my dear.")["grace"] == "ɡɹˈAs"
    said = words_of(american, "C'est la vie!")
    assert (said["C'est"], said["vie"]) == ("sˈA", "vˈi")
    said = words_of(american, "The coq au vin is à la carte.")
    assert (said["coq"], said["vin"], said["a"]) == ("kˈOk", "vˈæn", "ˌɑ")
    assert "".join(segment.phonemes for segment in american("Na na na, na.")) == "nˈɑ nˈɑ nˈɑ, nˈɑ."


def test_stammering(american):
    assert words_of(american, '"W-what?" he said.')["W"] == "wə"
    assert words_of(american, "An S-shaped road.").get("S") != "sə"
    for text, said in {
        "St-stop!": "stə",
        "Th-think!": "θə",
        "Th-that's him.": "ðə",
        "Wh-who?": "hə",
        "Wh-what?": "wə",
    }.items():
        assert words_of(american, text)[text.split("-")[0]] == said


def test_sounds_are_no_letters(american):
    said = words_of(american, "Mmph, hnng, ssssh, pssst, ssss, blegh, bwahaha, ahem.")
    assert (said["Mmph"], said["hnng"], said["ssssh"], said["pssst"], said["ssss"]) == ("ˈʌmf", "ˈʌŋ", "ʃ", "pst", "s")
    assert (said["blegh"], said["bwahaha"], said["ahem"]) == ("blˈɛ", "bwˌɑhɑhˈɑ", "əhˈɛm")


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


def test_accents_of_names_tell_how_they_are_said(american):
    said = words_of(american, "Čapek, Vondroušová, Tadić's, Škriniar, Çelik, Nestlé's frappé and [Čilić](/ʧˈilɪʧ/)'s")
    assert (said["Čapek"], said["Vondroušová"], said["Tadić's"]) == ("ʧˈæpɪk", "vˌɑndɹWʃˈOvə", "tˈædɪʧᵻz")
    assert (said["Škriniar"], said["Nestlé's"], said["frappé"]) == ("skɹˈɪnjəɹ", "nˈɛslAz", "fɹæpˈA")
    assert said["Čilić's"] == "ʧˈilɪʧᵻz"


def test_names_and_loanwords_are_known(american, british):
    text = (
        "Champs-Élysées, Camembert, Candide, mezze, LLaMA, Depakote, Garnier, read-only, Sun Tzu, who'd've, y'all'd've"
    )
    said = words_of(american, text)
    assert (said["Champs-Elysees"], said["Camembert"], said["Candide"]) == ("ʃˌɑnzAlizˈA", "kˈæməmbˌɛɹ", "kændˈid")
    assert (said["mezze"], said["LLaMA"], said["Depakote"], said["Garnier"]) == (
        "mˈɛzA",
        "lˈɑmə",
        "dˈɛpəkˌOt",
        "ɡˈɑɹniA",
    )
    assert (said["who'd've"], said["y'all'd've"]) == ("hˈudəv", "jˈɔldəv")
    said = words_of(british, text)
    assert (said["read-only"], said["Tzu"]) == ("ɹˈiːdˌQnli", "tsˈuː")


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


def test_what_a_user_gives_goes_before_all_of_it(american):
    own = EnglishPhonemizer(lexicon={"bass": "bˈʌs", "sean": "sˈin", "résumé": "ɹɛzˈum"})
    said = words_of(own, "Sean lost the bass and his résumé.")
    assert (said["Sean"], said["bass"], said["résumé"]) == ("sˈin", "bˈʌs", "ɹɛzˈum")
    assert words_of(american, "The [bass](/bˈʌs/) and the [résumé](/ɹɛzˈum/).")["bass"] == "bˈʌs"
    assert words_of(american, "The [bass](/bˈʌs/) and the [résumé](/ɹɛzˈum/).")["résumé"] == "ɹɛzˈum"
