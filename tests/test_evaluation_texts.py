from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gpt2tts.evaluation.error_rates import normalize_english
from gpt2tts.evaluation.test_sets import build_dataset_set, build_text_set, load_references, load_texts

REPOSITORY = Path(__file__).parents[1]
TEST_TEXTS, VALIDATION_TEXTS = REPOSITORY / "texts" / "test.txt", REPOSITORY / "texts" / "validation.txt"
FIXTURE = Path(__file__).parent / "fixtures" / "speech"


def test_groups_are_what_they_are_called():
    items = load_texts(TEST_TEXTS)
    counts = Counter(item.group for item in items)
    assert set(counts) == {"plain", "short", "hard", "long", "everyday"}
    assert min(counts.values()) >= 25
    assert counts["short"] >= 40
    assert counts["everyday"] == 60
    for item in items:
        if item.group == "short":
            assert 1 <= len(item.text.split()) <= 3, item
        elif item.group == "long":
            assert len(item.text) > 250, item
    assert len({normalize_english(item.text) for item in items}) == len(items)
    assert len(load_texts(VALIDATION_TEXTS)) == 20


def test_no_sentence_is_in_a_training_text(shared_data):
    training = set()
    for metadata in sorted(shared_data.rglob("metadata.csv")):
        for line in metadata.read_text(encoding="utf-8").splitlines():
            name, *_, text = line.split("|")
            if not name.startswith("LJ050-"):
                training.add(normalize_english(text))
    for metadata in REPOSITORY.glob("tests/fixtures/**/metadata.csv"):
        training |= {normalize_english(line.split("|")[-1]) for line in metadata.read_text("utf-8").splitlines()}
    assert len(training) > 1000
    everything = f" {' | '.join(training)} "
    items = load_texts(TEST_TEXTS) + load_texts(VALIDATION_TEXTS)
    assert len({normalize_english(item.text) for item in items}) == len(items)
    for item in items:
        text = normalize_english(item.text)
        assert text not in training, item
        if len(text.split()) > 3:  # two words are in some longer sentence everywhere
            assert f" {text} " not in everything, item


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a|plain", "line 1"),
        ("a|plain|x\n\na|plain|y", "line 3.*already"),
        ("../a|plain|x", "file name"),
        ("\n", "no line"),
    ],
)
def test_a_bad_text_file_is_refused_with_its_line(tmp_path, content, message):
    path = tmp_path / "texts.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_texts(path)


def test_texts_of_windows_are_read_and_another_encoding_is_named(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_bytes("\ufeffa|plain|Good morning.\r\nb|plain|Caf\u00e9.\r\n".encode())
    assert [(item.id, item.text) for item in load_texts(path)] == [("a", "Good morning."), ("b", "Caf\u00e9.")]
    path.write_bytes(b"a|plain|Good morning.\nb|plain|Caf\xe9.\n")
    with pytest.raises(ValueError, match=r"Line 2 of .*texts\.txt is not UTF-8"):
        load_texts(path)


def test_texts_are_dealt_out_to_the_speakers():
    references = load_references(FIXTURE)
    assert set(references) == {"af_heart", "am_michael"}
    test_set = build_text_set(TEST_TEXTS, speakers=list(references), enrolment=references, limit=4)
    groups = ("plain", "short", "hard", "long", "everyday")
    assert Counter(item.group for item in test_set.items) == dict.fromkeys(groups, 4)
    assert Counter(item.speaker for item in test_set.items) == {"af_heart": 10, "am_michael": 10}


def test_the_reference_clips_of_a_speaker_are_few(tmp_path):
    for number in range(7):
        (tmp_path / "ann").mkdir(exist_ok=True)
        (tmp_path / "ann" / f"{number}.wav").touch()
    for name in ("bob.wav", "notes.txt"):
        (tmp_path / name).touch()
    references = load_references(tmp_path)
    assert {name: len(clips) for name, clips in references.items()} == {"ann": 5, "bob": 1}


def test_a_mark_that_is_no_new_line_ends_no_text(tmp_path):
    (tmp_path / "texts.txt").write_text("a|plain|Good\u2028morning.\nb|plain|Yes | no.\n", encoding="utf-8")
    assert [item.text for item in load_texts(tmp_path / "texts.txt")] == ["Good\u2028morning.", "Yes | no."]


def test_every_voice_speaks_each_text():
    test_set = build_text_set(TEST_TEXTS, speakers=["ann", "bob"], limit=2, every_voice=True)
    spoken = Counter((item.text, item.speaker) for item in test_set.items)
    assert len(spoken) == 20
    assert set(spoken.values()) == {1}
    assert len({item.id for item in test_set.items}) == 20


def test_a_dataset_gives_recordings_and_other_clips_as_references():
    test_set = build_dataset_set([str(FIXTURE)], limit=6)
    assert Counter(item.speaker for item in test_set.items) == {"af_heart": 3, "am_michael": 3}
    enrolled = {path for clips in test_set.enrolment.values() for path in clips}
    assert set(test_set.enrolment) == {"af_heart", "am_michael"}
    assert not enrolled & {item.recording for item in test_set.items}
    assert all(item.speaker in item.recording for item in test_set.items)
    again = build_dataset_set([str(FIXTURE)], limit=6)
    assert again == test_set
    assert build_dataset_set([str(FIXTURE)], limit=6, seed=1) != test_set


def test_validation_share_keeps_to_sentences_that_training_held_back():
    from gpt2tts.data.speech_datasets import is_validation_text, load_speech_dataset, spoken_text

    share = 0.5
    test_set = build_dataset_set([str(FIXTURE)], validation_share=share)
    assert test_set.items
    assert all(is_validation_text(spoken_text(item.text), share) for item in test_set.items)
    # none is lost to the clips that show the voices
    texts = load_speech_dataset(FIXTURE).rows["text"][:]
    assert len(test_set.items) == sum(is_validation_text(spoken_text(text), share) for text in texts)


def test_the_voice_is_shown_by_clips_of_a_good_length_and_never_by_more_than_half(tmp_path):
    (tmp_path / "mine").mkdir()
    lengths = [1.0, 12.0, *[4.0] * 14]
    for number, seconds in enumerate(lengths):
        soundfile.write(tmp_path / "mine" / f"{number}.wav", np.zeros(round(8000 * seconds)), 8000)
    for seed, (count, expected) in enumerate([(16, 5), (6, 3), *[(3, 1)] * 6]):
        rows = "".join(f"{number}.wav|Sentence {number} it is.\n" for number in range(count))
        (tmp_path / "mine" / "metadata.csv").write_text(rows)
        test_set = build_dataset_set([str(tmp_path / "mine")], seed=seed)
        (clips,) = test_set.enrolment.values()
        assert len(clips) == expected
        assert {soundfile.info(clip).duration for clip in clips} == {4.0}
        assert len(test_set.items) == count - expected


def test_two_datasets_with_clips_of_one_name_are_refused():
    with pytest.raises(ValueError, match="clips of one name"):
        build_dataset_set([str(FIXTURE), str(FIXTURE)])
