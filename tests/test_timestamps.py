"""When words are said, and subtitles of them."""

import json

import numpy as np
import pytest

from gpt2tts.data.collation import group_positions
from gpt2tts.timestamps import Cue, Word, shift_words, word_times, write_subtitles

CUES = [
    Cue("Good day.", [Word("Good", 0.25, 0.5), Word("day", 0.5, 61.0625)]),
    Cue("...", []),
    Cue("Bye!", [Word("Bye", 3661.5, 3662.0)]),
]


def test_words_are_where_the_durations_of_training_put_them():
    random = np.random.default_rng(0)
    pieces = [("Hello", "HELLO"), (",", ","), (" ", " "), ("you", "U"), (" ", " "), ("there", "THERE"), (".", ".")]
    written = "".join(piece for _, piece in pieces)
    durations = np.concatenate(([21.5], random.uniform(3, 12, len(written)), [21.5]))  # frames of each token
    ends = np.cumsum(durations)
    positions = group_positions(ends, int(ends[-1]), 5)[:-1]
    offsets = [(0, 0), *((index, index + 1) for index in range(len(written))), (0, 0)]
    words = word_times(pieces, offsets, positions, 5 * 0.01)
    assert [word.text for word in words] == ["Hello", "you", "there"]
    bounds = [(1, 5), (8, 8), (10, 14)]  # first and last token of each
    for word, (first, last) in zip(words, bounds, strict=True):
        assert word.start == pytest.approx(0.01 * ends[first - 1], abs=0.03)
        assert word.end == pytest.approx(0.01 * ends[last], abs=0.03)
    # of which the tokenizer is given nothing
    assert word_times([*pieces, ("Hm", "")], offsets, positions, 5 * 0.01) == words


def test_shifted_words_stay_within_the_speech():
    assert shift_words([Word("a", 0.1, 0.4)], -0.2, 1.0) == (Word("a", 0.0, 0.2),)
    assert shift_words([Word("a", 0.1, 0.4)], -0.5, 1.0) == (Word("a", 0.0, 0.0),)
    assert shift_words([Word("a", 0.8, 1.4)], 0.0, 1.0) == (Word("a", 0.8, 1.0),)


def test_subtitles(tmp_path):
    for suffix in ("srt", "vtt", "json"):
        write_subtitles(tmp_path / f"a.{suffix}", CUES)
    assert (tmp_path / "a.srt").read_text("utf-8") == (
        "1\n00:00:00,250 --> 00:01:01,062\nGood day.\n\n2\n01:01:01,500 --> 01:01:02,000\nBye!\n"
    )
    assert (tmp_path / "a.vtt").read_text("utf-8") == (
        "WEBVTT\n\n00:00:00.250 --> 00:01:01.062\n<00:00:00.250>Good <00:00:00.500>day.\n\n"
        "01:01:01.500 --> 01:01:02.000\n<01:01:01.500>Bye!\n"
    )
    write_subtitles(tmp_path / "b.vtt", [Cue("R&D's <3", [Word("R&D's", 0.0, 0.5), Word("<3", 0.5, 1.0)])])
    assert "R&amp;D's <00:00:00.500>&lt;3" in (tmp_path / "b.vtt").read_text("utf-8")
    # a word that fits no subtitle
    write_subtitles(tmp_path / "l.srt", [Cue(f"{90 * 'o'} dear", [Word(90 * "o", 0.0, 2.0), Word("dear", 2.0, 3.0)])])
    assert (tmp_path / "l.srt").read_text("utf-8").count("-->") == 2
    # one that comes again, and one that is not in the text
    write_subtitles(tmp_path / "r.vtt", [Cue("No, No 2.", [Word(each, 0.0, 0.5) for each in ("No", "No", "two")])])
    timed = "<00:00:00.000>"
    assert f"{timed}No, {timed}No{timed} 2.\n" in (tmp_path / "r.vtt").read_text("utf-8")
    # endings in capitals, and letters as they are
    write_subtitles(tmp_path / "E.JSON", [Cue("Café", [Word("Café", 0.0, 0.5)])])
    assert '"text": "Café"' in (tmp_path / "E.JSON").read_text("utf-8")
    text = (
        "It was a long sentence, with many words in it, and nobody knew where it would end; but it did end, at last."
    )
    words = [Word(word.strip(",;."), 0.5 * number, 0.5 * number + 0.4) for number, word in enumerate(text.split())]
    write_subtitles(tmp_path / "c.srt", [Cue(text, words)])
    blocks = (tmp_path / "c.srt").read_text("utf-8").strip().split("\n\n")
    assert [block.split("\n")[2:] for block in blocks] == [
        ["It was a long sentence, with many words in", "it,"],
        ["and nobody knew where it would end; but it", "did end, at last."],
    ]
    assert blocks[1].split("\n")[1] == "00:00:05,000 --> 00:00:11,400"
    text = 'Somebody cried, "It was a long sentence with many words in it." But nobody knew where it would end.'
    words = [Word(word.strip(',."'), 0.5 * number, 0.5 * number + 0.4) for number, word in enumerate(text.split())]
    write_subtitles(tmp_path / "q.srt", [Cue(text, words)])
    first, second = (tmp_path / "q.srt").read_text("utf-8").strip().split("\n\n")
    assert first.endswith('in it."')
    assert second.endswith("\nBut nobody knew where it would end.")
    # 84 characters, which no cut between words parts into two lines of 42
    text = "Next is the one that arrived first, counted as later by as many seconds as it has it."
    words = [Word(word.strip(",."), 0.5 * number, 0.5 * number + 0.4) for number, word in enumerate(text.split())]
    write_subtitles(tmp_path / "d.srt", [Cue(text, words)])
    blocks = (tmp_path / "d.srt").read_text("utf-8").strip().split("\n\n")
    lines = [block.split("\n")[2:] for block in blocks]
    assert all(len(block) <= 2 for block in lines)
    assert " ".join(line for block in lines for line in block) == text
    first, second = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert first["words"][1] == {"text": "day", "start": 0.5, "end": 61.0625}
    assert (second["start"], second["end"]) == (3661.5, 3662.0)
    with pytest.raises(ValueError, match=r"must end in one of .srt, .vtt, .json, got 'a.txt'"):
        write_subtitles(tmp_path / "a.txt", CUES)
