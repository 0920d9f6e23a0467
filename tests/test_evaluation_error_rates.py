import numpy as np
import pytest

from gpt2tts.evaluation.error_rates import (
    bootstrap_interval,
    character_error_rate,
    count_errors,
    mark_errors,
    normalize_english,
    word_error_rate,
)
from gpt2tts.evaluation.measures import Row, SpeakerProfile, similarity_bounds
from gpt2tts.evaluation.report import Report, summarize, to_dict, to_markdown

pytest.importorskip("jiwer")


def test_spelling_of_numbers_contractions_and_punctuation_does_not_count():
    said = "In nineteen sixty-three, Mr. Brown didn't pay twenty dollars!"
    assert normalize_english(said) == normalize_english("in 1963 mister brown did not pay $20")
    assert word_error_rate(said, "in 1963 mister brown did not pay $20") == 0


def test_rates_are_over_the_corpus_and_not_means_of_sentences():
    references, hypotheses = (
        ["yes", "the cat sat on the mat by the door"],
        ["no", "the cat sat on the mat by the door"],
    )
    assert word_error_rate(references, hypotheses) == pytest.approx(1 / 10)
    assert character_error_rate(["abcd", "efgh"], ["abcx", "efgh"]) == pytest.approx(1 / 8)


def test_insertions_take_the_rate_above_one():
    assert word_error_rate("stop", "stop and go and go") == 4


def test_empty_sides_are_counted():
    assert count_errors("", "two words", "word").errors == 2
    assert count_errors("two words", "", "word").rate == 1
    assert count_errors("...", "", "character").rate == 0


def test_texts_may_be_compared_as_they_are():
    assert count_errors("Yes!", "yes").errors == 0
    assert count_errors("Yes!", "yes", normalize=False).errors == 2


def test_unequal_lists_are_refused():
    with pytest.raises(ValueError, match="one length"):
        character_error_rate(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="empty"):
        character_error_rate([], [])


def test_bootstrap_interval_holds_the_rate_and_narrows_with_more_sentences():
    errors, lengths = [0, 1, 0, 3, 0, 0, 2, 0], [10] * 8
    low, high = bootstrap_interval(errors, lengths)
    assert low < 6 / 80 < high
    more_low, more_high = bootstrap_interval(errors * 20, lengths * 20)
    assert more_high - more_low < (high - low) / 2
    assert bootstrap_interval(errors, lengths) == (low, high)
    assert bootstrap_interval([1, 1, 1]) == (1, 1)


def test_the_interval_is_one_of_95_percent():
    low, high = bootstrap_interval([0, 1] * 200)
    assert (low + high) / 2 == pytest.approx(0.5, abs=0.01)
    assert high - low == pytest.approx(2 * 1.96 * 0.5 / 400**0.5, rel=0.1)


def test_a_measure_is_that_of_the_clips_that_have_it():
    def row(number: int, **measured) -> Row:
        return Row("GPT2TTS", f"s{number}", "plain", f"Sentence {number}.", "ann", 1.0, **measured)

    alone = {"speaker_similarity": 0.8, "similarities": {"ann": 0.8}}
    rows = [row(0, mos={"DNSMOS": 3.0}, **alone), row(1, mos={"DNSMOS": float("nan")}, **alone), row(2)]
    summary = summarize(rows)
    assert (summary["clips"], summary["mos DNSMOS"], summary["speaker_similarity"]) == (3, 3.0, 0.8)
    # nobody to be mistaken for
    assert not {"right_speaker", "cer", "mel_cepstral_distortion"} & summary.keys()
    others = [row(3, **{**alone, "similarities": {"ann": 0.8, "bob": by}}) for by in (0.7, 0.9)]
    assert summarize(others)["right_speaker"] == 0.5
    failures = [{"kind": "runaway", "detail": ""}, {"kind": "runaway", "detail": ""}]
    summary = summarize([row(4, failures=failures), row(5)])
    assert (summary["failed"], summary["runaway"]) == (1, 1)


def test_figures_are_shares_of_what_they_are_named_for():
    counts = {"character_errors": 1, "characters": 20, "word_errors": 1, "words": 4}
    row = Row("GPT2TTS", "s1", "plain", "A sentence.", "ann", 2.0, mel_seconds=0.1, vocoder_seconds=0.3, **counts)
    summary = summarize([row])
    factors = summary["mel_real_time_factor"], summary["vocoder_real_time_factor"]
    assert (summary["cer"], summary["wer"], *factors) == pytest.approx((0.05, 0.25, 0.05, 0.15))


def test_each_figure_stands_under_its_heading():
    def row(system, **measured):
        return Row(system, "s1", "plain", "A sentence.", "ann", 2.0, **measured)

    counts = {"character_errors": 1, "characters": 20, "word_errors": 1, "words": 4}
    alike = {"speaker_similarity": 0.8, "similarities": {"ann": 0.8, "bob": 0.7}, "mos": {"DNSMOS": 3.0}}
    names = ("mel_cepstral_distortion", "log_f0_rmse", "voicing_error", "duration_ratio")
    far = {"distances": dict(zip(names, (5.0, 0.25, 0.125, 1.5), strict=True))}
    failures = [{"kind": "loop", "detail": '"a|b" twice'}]
    times = {"mel_seconds": 0.1, "vocoder_seconds": 0.3}
    rows = [row("GPT2TTS", **counts, **alike, **far, **times, failures=failures), row("other|one")]
    report = Report(
        {"model": "mine"}, {"SECS": "ecapa"}, {"MOS": "pip install it"}, rows, {"ceiling": 0.9, "floor": 0.2}
    )
    report.time_to_first_audio["GPT2TTS"] = 0.5
    text = to_markdown(to_dict(report))
    head, _, model, other = (line.strip("| ").split(" | ") for line in text.split("\n")[2:6])
    assert dict(zip(head, model, strict=True)) == {
        "system": "GPT2TTS",
        "clips": "1",
        "CER": "5.0% (5.0%\u20135.0%)",
        "WER": "25.0% (25.0%\u201325.0%)",
        "SECS": "0.800",
        "right voice": "100.0%",
        "DNSMOS": "3.00",
        "MCD": "5.00 dB",
        "log-F0 RMSE": "0.250",
        "voicing error": "12.5%",
        "duration": "1.50",
        "failures": "1 of 1 (1 loop)",
        "RTF mel": "0.050",
        "RTF vocoder": "0.150",
        "first audio": "0.50 s",
    }
    assert other == ["other\\|one", "1", *["\u2013"] * 9, "0 of 1", *["\u2013"] * 3]
    assert "0.900 within a speaker (ceiling), 0.200 between speakers (floor)." in text
    assert text.split("## Failures\n\n")[1].startswith('- GPT2TTS, `s1`: loop: "a|b" twice\n\n## How')
    assert "\n- SECS: ecapa\n- MOS: left out. pip install it\n- settings: model mine\n" in text
    assert "## GPT2TTS" not in text  # one group and one voice are the whole


def test_the_bounds_of_similarity_are_those_of_other_clips():
    def profile(*clips) -> SpeakerProfile:
        return SpeakerProfile(np.array(clips[0]), np.array(clips))

    ann = profile([1.0, 0.0], [0.6, 0.8])
    bob = profile([0.0, 1.0])
    assert similarity_bounds({"ann": ann, "bob": bob}) == {
        "ceiling": 0.6,
        "floor": pytest.approx((0.0 + 0.0 + 0.8) / 3),
    }
    assert similarity_bounds({"bob": bob}) == {"ceiling": None, "floor": None}


def test_more_voices_are_not_more_sentences():
    """The interval of a report is over sentences, also where each is spoken in every voice."""

    def interval(num_voices: int) -> tuple[float, float]:
        rows = [
            Row("GPT2TTS", f"{sentence}-{voice}", "plain", f"Sentence {sentence}.", str(voice), 1.0,
                character_errors=errors, characters=10, mos={"DNSMOS": 3.0 + errors})
            for sentence, errors in enumerate([0, 1, 0, 3, 0, 0, 2, 0])
            for voice in range(num_voices)
        ]  # fmt: skip
        summary = summarize(rows)
        assert summary["cer"] == 6 / 80
        assert summary["mos DNSMOS"] == 3.75
        return summary["cer_interval"], summary["mos DNSMOS_interval"]

    assert interval(12) == interval(1)


def test_errors_are_marked_in_reading_order():
    spans = mark_errors("the cat sat on the mat", "the dog sat the mat again")
    assert spans == [
        ("equal", "the"),
        ("substitute", "dog"),
        ("equal", "sat"),
        ("delete", "on"),
        ("equal", "the mat"),
        ("insert", "again"),
    ]
    assert mark_errors("all lost", "") == [("delete", "all lost")]
    assert mark_errors("...", "out of nothing") == [("insert", "out of nothing")]
