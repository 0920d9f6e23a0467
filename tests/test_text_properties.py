"""Any string through markup, normalisation, phonemes and tokenizer; and the inputs that people send by mistake."""

import re

import pytest

from gpt2tts.markup import parse_markup
from gpt2tts.phonemes_gpt2tts import PHONEMES
from gpt2tts.speech_parts import MAX_PARAGRAPH
from gpt2tts.synthesis import Synthesizer
from gpt2tts.text_normalization_gpt2tts import normalize_english_text
from gpt2tts.text_sentences_gpt2tts import find_paragraphs, find_sentence_ends, join_wrapped_lines

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import strategies as st  # noqa: E402

PIECES = (
    "Dr. St. No. Vol. etc. U.S. J. Henry VIII I Part The 5 12 1905 1,234 3.5 $ \u00a3 \u20ac % \u00b0 - \u2014 ... . , : ! ' \" ( ) & @ # + "
    "= / < > * ` | \\ ~ ^ _ [ ] p.m. May km ft kg 1/2 12:30 US TV s th x \u00d7 \u221a \u2264 \u00e9 \u4f60 \U0001f600 \ufe0f \u200b \ud800 "
    "Mon Fri CEO a@b.c www.d.org C:\\x /etc/y e.g. 1e5 10^3 #1 (/a/) [a](/b/) <b> </b> <break/> <s> <prosody [pause"
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(max_codepoint=126, min_codepoint=9), max_size=60),
    st.lists(st.tuples(st.sampled_from(PIECES.split(" ")), st.sampled_from(["", " ", " ", "\n"])), max_size=12).map(
        lambda pairs: "".join(piece + space for piece, space in pairs)
    ),
)
REFUSALS = re.compile(
    r"nothing to speak|no valid Unicode|most of its letters are|`text`.*(?:<|\[pause|pronunciation)|tokens: split it"
)
bounded = hypothesis.settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
)


def outcome(function, *arguments):
    """What a function returns; or `None`, and why it refuses."""
    try:
        return function(*arguments), ""
    except ValueError as error:
        return None, str(error)


@bounded
@hypothesis.given(TEXTS)
def test_any_string_is_tokens_or_a_refusal_that_says_why(processor, text):
    spans, refusal = outcome(parse_markup, text)
    for span in spans or []:
        inputs, refusal = outcome(processor, span.text)
        ids = [] if inputs is None else inputs["input_ids"][0].tolist()
        assert refusal or len(ids) > 2
        assert all(4 <= token < 260 + len(PHONEMES) for token in ids[1:-1])
    assert not refusal or REFUSALS.search(refusal)


@bounded
@hypothesis.given(TEXTS)
def test_normalisation_is_idempotent_and_leaves_no_digit(text):
    spoken, refusal = outcome(normalize_english_text, text)
    if refusal:
        assert "most of its letters are" in refusal
    else:
        assert normalize_english_text(spoken) == spoken
        assert not re.search(r"[0-9]", re.sub(r"\[[^\[\]]+\]\(/[^()]*/\)", "", spoken))


@bounded
@hypothesis.given(TEXTS, st.integers(8, 60))
def test_split_text_loses_nothing_that_is_spoken(processor, text, max_tokens):
    chunks, refusal = outcome(processor.split_text, text, max_tokens)
    if refusal:
        assert REFUSALS.search(refusal)
    else:
        whole = processor.normalize_text(text)
        assert "".join(filter(str.isalnum, "".join(chunks))) == "".join(filter(str.isalnum, whole))
        assert all(chunk.strip() == chunk and any(map(str.isalnum, chunk)) for chunk in chunks)


@bounded
@hypothesis.given(TEXTS, st.integers(1, 30))
def test_paragraphs_and_joined_lines_keep_the_text(text, max_length):
    pieces = [text[start:end] for start, end in find_paragraphs(text, max_length)]
    assert "".join(pieces) == text
    assert all(pieces)
    assert "".join(join_wrapped_lines(text).split()) == "".join(text.split())


LONG = "It was a bright cold day in April and all of the clocks"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (f"{LONG}\nwere striking.", f"{LONG} were striking."),
        (f"{LONG}\r\nwere striking.", f"{LONG} were striking."),
        # a short line is a phrase of its own, as are headings, items and what follows a blank
        ("Dear Ann,\nthank you.", "Dear Ann,\nthank you."),
        (f"{LONG}.\n\nThen it rained.", f"{LONG}.\n\nThen it rained."),
        (f"# {LONG}\nIt was cold.", f"# {LONG}\nIt was cold."),
        (f"{LONG}\n# The next chapter", f"{LONG}\n# The next chapter"),
        (f"{LONG}:\n- one\n- two", f"{LONG}:\n- one\n- two"),
        (f"- {LONG}\n- and another", f"- {LONG}\n- and another"),
        (f"1. {LONG}\nIt was cold.", f"1. {LONG}\nIt was cold."),
        # an item goes on in small letters
        (f"- {LONG}\n  were striking.", f"- {LONG}   were striking."),
        # a word is parted at its hyphen, and a pause is not
        (f"{LONG} were thir-\nteen.", f"{LONG} were thir-teen."),
        (f"{LONG} of Anglo-\nAmerican make.", f"{LONG} of Anglo- American make."),
        (f"{LONG} struck -\nat last.", f"{LONG} struck - at last."),
    ],
)
def test_lines_are_joined_where_a_phrase_goes_on(text, joined):
    assert join_wrapped_lines(text) == joined


@pytest.mark.parametrize(
    "sentences",
    [
        ["He left! ", "Who? ", "Nobody."],
        ['He said "no." ', "She (he) said (yes.) ", "Then."],
        ["Dr. Smith saw J. R. Brown. ", "See Fig. 2, e.g. here."],
        ["It was No. 5. ", "He said no. ", "Then yes."],
        ["They came at 5 p.m. on Sept. 3. ", "It was 6 p.m. ", "They left."],
        ["They met approx. ten men. ", "Wait... ", "what?"],
        ["Only I. ", "Then you."],
        ["One\n", "two\n\n  ", "three"],
    ],
)
def test_sentences_end_at_their_marks_and_not_at_abbreviations(sentences):
    text = "".join(sentences)
    starts = [0, *find_sentence_ends(text)]
    ends = [*starts[1:], len(text)] if starts[-1] < len(text) else starts[1:]
    assert [text[start:end] for start, end in zip(starts, ends, strict=False)] == sentences


def test_a_paragraph_that_is_too_long_is_cut_at_its_last_sentence_or_word():
    def paragraphs(text: str, max_length: int) -> list[str]:
        return [text[start:end] for start, end in find_paragraphs(text, max_length)]

    assert paragraphs("One two.\n \nThree.\nFour.", 100) == ["One two.\n \n", "Three.\nFour."]
    assert paragraphs("One. Two. Three four.", 12) == ["One. Two. ", "Three four."]
    assert paragraphs("one two three four", 12) == ["one two ", "three four"]
    assert paragraphs("a" * 10, 4) == ["aaaa", "aaaa", "aa"]
    assert paragraphs("One two.\n\nThree.", 6) == ["One ", "two.\n\n", "Three."]


# --- what people send by mistake --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`text` holds nothing to speak"),
        (" \t\n\u00a0\u200b", "`text` holds nothing to speak"),
        ("?!... -- ()", "`text` holds nothing to speak"),
        ("\U0001f600\u2764\ufe0f\U0001f468\u200d\U0001f469", "`text` holds nothing to speak"),
        ("\x00\x07\x1b\x7f", "`text` holds nothing to speak"),
        ("<b></b>", "`text` holds nothing to speak"),
        ("Hello \ud800 there", "`text` is no valid Unicode text .*: decode it as UTF-8 first"),
        ("\u0414\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c", "most of its letters are Cyrillic"),
        (
            "word " * 300,
            r"`text` has \d+ tokens, and the model reads at most 400: split it with `processor.split_text",
        ),
        ("word " * 2_000_000, r"`text` has 8,000,000 letters and digits, .* at most 400 tokens: split it with"),
    ],
)
def test_bad_text_is_refused_with_the_remedy(processor, text, message):
    with pytest.raises(ValueError, match=message):
        processor(text)


@pytest.mark.parametrize("text", ["Hel\x00lo the\x07re.", "\ufeffHello there.", "Hello \U0001f600 there."])
def test_what_cannot_be_spoken_is_left_out(processor, text):
    assert re.sub(r"\W+", "", processor.normalize_text(text)) == "Hellothere"


@pytest.fixture(scope="module")
def synthesizer(tiny_checkpoint) -> Synthesizer:
    return Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (
            "\u0414\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c.\n\n* * *\n\n\u041f\u0440\u0438\u0432\u0435\u0442.",
            "Cyrillic",
        ),
        (
            "Good day, \u0434\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c \u0442\u043e\u0432\u0430\u0440\u0438\u0449\u0438",
            "Cyrillic",
        ),
        ("<speak>\u4f60\u597d<break time='1s'/>\u4f60\u597d\u4e16\u754c</speak>", "Chinese"),
    ],
)
def test_the_script_that_cannot_be_read_is_named(synthesizer, text, script):
    with pytest.raises(ValueError, match=f"most of its letters are {script}"):
        synthesizer.speak(text)


def test_english_paragraphs_among_others_are_spoken(synthesizer, caplog):
    chunks = list(
        synthesizer.stream(
            "Hello.\n\n\u0414\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c.\n\nGoodbye.", seed=0
        )
    )
    assert " ".join(chunk.text for chunk in chunks) == "Hello. Goodbye."
    assert "most of its letters are Cyrillic" in caplog.text


@pytest.mark.parametrize("unit", ["It is 5 km. ", "a"])
def test_of_ten_megabytes_the_first_part_is_spoken_before_the_rest_is_read(synthesizer, monkeypatch, unit):
    split, read = synthesizer.processor.split_text, []
    monkeypatch.setattr(
        synthesizer.processor, "split_text", lambda text, **kwargs: read.append(len(text)) or split(text, **kwargs)
    )
    text = unit * (10_000_000 // len(unit))
    assert next(synthesizer.stream(text, seed=0)).progress < 0.01
    assert sum(read) <= MAX_PARAGRAPH
