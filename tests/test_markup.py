# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Pauses and SSML in a text: how they are read, and how they sound."""

import numpy as np
import pytest
import torch

from gpt2tts.base_synthesizer import SILENCE_LEVEL
from gpt2tts.markup import UNDERSTOOD, Span, parse_markup
from gpt2tts.speech_parts import WORD_PAUSE
from gpt2tts.synthesis import Synthesizer
from gpt2tts.text_normalization_gpt2tts import normalize_english_text
from gpt2tts.vocoder_gpt2tts import load_vocoder


def test_pauses_are_exact_and_add_up():
    assert parse_markup("[pause 2s] Hi [pause 500ms]<break time='1s'/>. Bye.") == [
        Span("", pause=2.0),
        Span(" Hi ", pause=1.5),
        Span(". Bye."),
    ]
    assert parse_markup("One [pause 40s][pause 40s] two")[0].pause == 60.0  # no more than one may be
    weak, strong = (parse_markup(f"a<break strength='{strength}'/>b")[0].pause for strength in ("weak", "strong"))
    assert 0 < weak < parse_markup("a<break/>b")[0].pause == parse_markup("a[pause]b")[0].pause < strong


def test_prosody_multiplies_and_adds():
    slow = "<prosody rate='slow' pitch='+2st'>very <prosody rate='50%' pitch='x-low'>slow</prosody></prosody>"
    assert parse_markup(f"So {slow}, <prosody rate='+20%' pitch='-50%'>fast</prosody>.") == [
        Span("So "),
        Span("very ", 0.8, 2.0),
        Span("slow, ", 0.4, -4.0),  # a mark belongs to the word before it
        Span("fast.", 1.2, -12.0),
    ]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("A <sub alias='World Wide Web'>WWW</sub> page", "A World Wide Web page"),
        ("say-as <say-as interpret-as='characters'>aB-7</say-as>", "say-as [A](/ˈA/) B dash seven"),
        ("in <say-as interpret-as='digits'>1984</say-as>", "in one nine eight four"),
        ("a <phoneme alphabet='ipa' ph='təˈmeɪtoʊ'>tomato</phoneme>", "a [tomato](/təˈmAtO/)"),
        ("a <phoneme ph='ˈdʒɜːrni'>journey</phoneme>", "a [journey](/ˈʤɜːɹni/)"),
        ("<phoneme ph='/əˈklɒk/'>o'clock</phoneme>", "[o'clock](/əˈklɒk/)"),
        ("a <phoneme ph='p&#x26A;&#x2C8;kɑn'>pecan</phoneme>", "a [pecan](/pɪˈkɑn/)"),
        ("a <SUB alias='World Wide Web'>WWW</SUB> page", "a World Wide Web page"),
        ("<speak><p><s>One</s><s>Two!</s></p><p>Three</p></speak>", "One. Two! Three."),
        ("<?xml version='1.0'?><!-- no --><speak version='1.1' xml:lang='en'>One &amp; two</speak>", "One and two"),
        ("<!-- <break/> -->One", "One"),
        ("a < b and c > d", "a is less than b and c is greater than d"),
        # of HTML and unknown markup the text alone
        ("<b>One</b> H<sub>2</sub>O <mark>two</mark> <img src=x.png alt='no'/>", "One H two O two"),
        ("<p class='x'>One<br>Two<input disabled> three", "One. Two three"),
    ],
)
def test_what_is_said(written, spoken):
    (span,) = parse_markup(written)
    assert (span.rate, span.pitch, span.pause) == (1.0, 0.0, None)
    assert normalize_english_text(span.text) == spoken


def test_tags_that_are_no_marks_stay_in_the_text():
    assert parse_markup("<b>One</b> [pause 1s]two") == [Span("<b>One</b> ", pause=1.0), Span("two")]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("<voice name='x'>Hi</voice>", r"<voice name='x'> is not understood.*<break time"),
        ("<emphasis>Hi</emphasis>", r"<emphasis> is not understood"),
        ("<amazon:effect name='whispered'>Hi</amazon:effect>", "<amazon:effect"),
        ("<speak>Hi <audio src='x.wav'/></speak>", "<audio src='x.wav'/> is not understood"),
        ("<prosody volume='loud'>Hi</prosody>", r"'volume' of <prosody volume='loud'>"),
        ("<prosody rate='brisk'>Hi</prosody>", "rate of <prosody rate='brisk'> must be.*x-slow"),
        ("<prosody pitch='120Hz'>Hi</prosody>", "pitch of .* must be"),
        ("<break time='long'/>Hi", "time of <break time='long'/>"),
        ("<break strength='huge'/>Hi", "strength of .* must be one of none"),
        ("[pause 2 minutes] Hi", r"\[pause 2 minutes\].*\[pause 1.5s\]"),
        ("[pause 3600s] Hi", "at most 60 s"),
        ("<say-as interpret-as='date'>1/2</say-as>", "must be one of characters, digits"),
        ("<sub alias='x'>Hi <sub alias='y'>there</sub></sub>", "stands within another"),
        ("Call <say-as interpret-as='digits'>19<break/>84</say-as>", "<break/> stands within another"),
        ("See <sub alias='x'>W[pause]W</sub>", r"\[pause\] stands within another"),
        ("See <sub alias='x'>W<prosody rate='slow'>W</prosody></sub>", "stands within another"),
        ("<phoneme alphabet='x-sampa' ph='t'>Hi</phoneme>", "must be 'ipa'"),
        ("<phoneme ph='ʘ'>Hi</phoneme>", "ʘ"),
        ("<phoneme>Hi</phoneme>", "needs the attribute 'ph'"),
        ("<phoneme ph='h'/>", "holds no word"),
        ("<prosody rate='slow'>Hi", "<prosody> is not closed"),
        ("Hi</prosody>", "</prosody> closes no element"),
        ("<speak><prosody>Hi</speak>", "</prosody> is due"),
    ],
)
def test_what_is_not_understood_is_named(written, named):
    with pytest.raises(ValueError, match=named):
        parse_markup(written)


def test_the_list_of_what_is_understood_is_true():
    for element in ("speak", "p", "s", "break", "sub", "phoneme", "say-as", "prosody"):
        assert f"<{element}" in UNDERSTOOD


# --- speech -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def synthesizer(tiny_checkpoint, monkeypatch) -> Synthesizer:
    """Every part is 0.25 s of silence, sound, and as much silence."""
    loaded = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    result = Synthesizer(loaded.model, loaded.processor, load_vocoder("source-filter"))

    def sound(num_samples: int) -> torch.Tensor:
        quiet = round(0.25 * result.sampling_rate)
        return torch.cat((torch.zeros(quiet), torch.full((num_samples - 2 * quiet,), 0.5), torch.zeros(quiet)))

    monkeypatch.setattr(
        result.vocoder,
        "forward",
        lambda spectrogram, lengths, **kwargs: torch.stack([sound(spectrogram.shape[1] * 256)] * len(lengths)),
    )
    monkeypatch.setattr(
        result.vocoder,
        "stream",
        lambda frames: iter(sound(sum(f.spectrogram.shape[1] for f in frames) * 256)[None].split(999, 1)),
    )
    return result


def find_silences(waveform: np.ndarray, rate: int) -> list[float]:
    """Seconds of each silence, those at both ends among them."""
    loud = np.flatnonzero(np.abs(waveform) > SILENCE_LEVEL)
    gaps = np.diff(loud)
    return [loud[0] / rate, *(gaps[gaps > 99] / rate), (len(waveform) - loud[-1]) / rate]


@pytest.mark.parametrize("speed", [1.0, 1.5])
def test_pauses_are_silence_of_that_length(synthesizer, speed):
    text = "[pause 1s] Good <prosody rate='1.2'>morning</prosody>. [pause 700ms] Bye. [pause 2s]"
    waveform, rate = synthesizer.speak(text, seed=0, speed=speed)
    silences = find_silences(waveform, rate)
    expected = [1.25, WORD_PAUSE if speed == 1 else None, 0.7, 2.25]
    for silence, seconds in zip(silences, expected, strict=True):
        assert seconds is None or silence == pytest.approx(seconds, abs=0.01)
    live = np.concatenate(list(synthesizer.stream_waveform(text, seed=0, speed=speed)))
    np.testing.assert_allclose(live, waveform, atol=1e-6)
    (speech,) = synthesizer.speak_batch([text], seeds=0, speed=speed)
    np.testing.assert_array_equal(speech.waveform, waveform)
    assert [word.text for word in speech.words] == ["Good", "morning", "Bye"]
    assert speech.words[0].start >= 1.0


def test_rate_and_pitch_reach_the_model_on_top_of_those_asked_for(synthesizer, monkeypatch):
    asked = []
    generate = synthesizer.model.generate

    def spy(**kwargs):
        asked.append((kwargs["speed"], kwargs["pitch_shift"]))
        return generate(**kwargs)

    monkeypatch.setattr(synthesizer.model, "generate", spy)
    text = "One. <prosody rate='0.8' pitch='+2st'>Two.</prosody> Three."
    (speech,) = synthesizer.speak_batch([text], seeds=0, speed=1.5, pitch_shift=1.0)
    assert sorted(asked) == [(pytest.approx(1.2), 3.0), (1.5, 1.0)]
    assert speech.text == "One. Two. Three."


def test_refusals_come_before_speech(synthesizer):
    with pytest.raises(ValueError, match=r"<prosody> in `text`: `speed` must lie between"):
        synthesizer.stream("<prosody rate='10%'>Hi</prosody>")
    with pytest.raises(ValueError, match="<voice> is not understood"):
        synthesizer.stream("<voice>Hi</voice>")
    with pytest.raises(ValueError, match="nothing to speak"):
        synthesizer.speak("[pause 1s]")
    pitchless = Synthesizer(synthesizer.model, synthesizer.processor, load_vocoder("griffin-lim"))
    with pytest.raises(ValueError, match=r"<prosody> in `text`: `pitch_shift` has no effect"):
        pitchless.speak("<prosody pitch='high'>Hi</prosody>")
