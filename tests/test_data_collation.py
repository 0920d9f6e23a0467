# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Tokens with their times, reading positions, and what is drawn anew of a training row."""

import json

import numpy as np
import pytest
import torch
from datasets import Dataset, concatenate_datasets
from transformers import Trainer, TrainingArguments

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.data.collation import (
    Augmentation,
    SpeechCollator,
    TrainingRows,
    crop,
    encode_segments,
    group_positions,
    shift_positions,
)
from gpt2tts.data.samplers import RowDraw
from gpt2tts.data.warping import warp_frames
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.phonemes_gpt2tts import PHONEMES, Segment
from gpt2tts.processing_gpt2tts import build_bpe_tokenizer, build_byte_tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return build_byte_tokenizer()


@pytest.fixture(scope="module")
def bpe_tokenizer(tmp_path_factory):
    """GPT-2's tokenizer with a handful of merges."""
    folder = tmp_path_factory.mktemp("bpe")
    merges = ["t h", "th e", "Ġ the", "a t", "s at"]
    byte_tokens = list(build_byte_tokenizer().get_vocab())
    tokens = [token for token in byte_tokens if len(token) == 1]
    tokens += [merge.replace(" ", "") for merge in merges] + ["<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    return build_bpe_tokenizer(folder / "vocab.json", folder / "merges.txt")


# "Hi Zoë." with 4 frames of silence before and 6 after
SEGMENTS = [Segment("Hi", "hˈI"), Segment(" ", " "), Segment("Zoë", "zˈOi"), Segment(".", ".")]
DURATIONS = np.array([4, 2, 1, 5, 3, 4, 1, 2, 3, 2, 6], np.float64)


def encode(spelled, tokenizer):
    return encode_segments(SEGMENTS, spelled, DURATIONS, tokenizer)


def written(item, tokenizer):
    return [tokenizer.decode([token]).strip("⟨⟩") for token in item["input_ids"]]


def test_each_phoneme_is_a_token_with_its_own_time(tokenizer):
    item = encode([False] * 4, tokenizer)
    assert written(item, tokenizer) == ["<s>", *"hˈI", " ", *"zˈOi", ".", "</s>"]
    np.testing.assert_allclose(item["token_ends"], np.cumsum(DURATIONS))


def test_a_spelled_word_shares_its_time_evenly_among_its_letters(tokenizer):
    item = encode([True, False, False, False], tokenizer)
    assert written(item, tokenizer) == ["<s>", "h", "i", " ", *"zˈOi", ".", "</s>"]
    np.testing.assert_allclose(item["token_ends"][:4], [4, 8, 12, 15])
    np.testing.assert_allclose(item["token_ends"][3:], np.cumsum(DURATIONS)[4:])


def test_a_letter_of_two_bytes_ends_with_its_last(tokenizer):
    item = encode([False, False, True, False], tokenizer)
    assert len(item["input_ids"]) == 1 + 3 + 1 + 4 + 1 + 1
    ends = item["token_ends"][5:9]
    np.testing.assert_allclose(ends, 15 + np.array([10, 20, 30, 30]) / 3)


@pytest.mark.parametrize("spelled", [[False] * 4, [True] * 4, [True, False, False, False]])
@pytest.mark.parametrize("name", ["tokenizer", "bpe_tokenizer"])
def test_the_time_of_a_sentence_is_the_same_however_it_is_written(name, spelled, request):
    tokenizer = request.getfixturevalue(name)
    item = encode(spelled, tokenizer)
    ends = item["token_ends"]
    assert ends.dtype == np.float32
    assert len(ends) == len(item["input_ids"])
    assert ends[0] == 4
    assert ends[-1] == DURATIONS.sum()
    assert ends[-2] == DURATIONS.sum() - 6
    assert (np.diff(ends) >= 0).all()
    # the tokens are those of the processor
    assert item["input_ids"][0] == tokenizer.bos_token_id
    assert item["input_ids"][-1] == tokenizer.eos_token_id


def test_tokens_of_several_letters_last_as_long_as_their_letters(bpe_tokenizer):
    segments = [
        Segment("the", "the"),
        Segment(" ", " "),
        Segment("the", "ðə"),
        Segment(" ", " "),
        Segment("sat", "sat"),
    ]
    durations = np.array([1, 1, 1, 1, 2, 3, 3, 2, 1, 1, 1, 9], np.float64)
    item = encode_segments(segments, [True] * 5, durations, bpe_tokenizer)
    assert [bpe_tokenizer.decode([token]) for token in item["input_ids"]][1:-1] == ["the", " the", " ", "sat"]
    np.testing.assert_allclose(item["token_ends"], [1, 4, 12, 14, 17, 26])


def test_positions_are_where_the_middle_of_each_group_is():
    # tokens end at frames 8, 12 and 20; token i lies around i, half a token to either side
    positions = group_positions(np.array([8.0, 12.0, 20.0]), 20, 4)
    # groups' middles are frames 2, 6, 10, 14, 18
    expected = [0.0, 6 / 8 - 0.5, 1.0, 1.5 + 2 / 8, 2.0, 3.0]
    np.testing.assert_allclose(positions, expected)
    assert positions.dtype == np.float32


@pytest.mark.parametrize(("num_frames", "num_groups"), [(17, 5), (20, 5), (21, 6)])
def test_positions_cover_the_last_frames(num_frames, num_groups):
    positions = group_positions(np.array([8.0, 12.0, 20.0]), num_frames, 4)
    assert positions.shape == (num_groups + 1,)
    assert (np.diff(positions) >= 0).all()
    assert positions[-1] == 3
    assert positions[:-1].max() <= 2


def test_tokens_without_time_are_passed_at_once():
    positions = group_positions(np.array([4.0, 4.0, 4.0, 12.0]), 12, 4)
    np.testing.assert_allclose(positions, [0, 2.75, 3, 4])


def test_a_crop_is_a_stretch_of_the_clip():
    frames = np.arange(100)[:, None]
    lengths, starts = set(), set()
    for seed in range(200):
        stretch = crop(frames, (10, 20), np.random.default_rng(seed))[:, 0]
        np.testing.assert_array_equal(np.diff(stretch), 1)
        lengths.add(len(stretch))
        starts.add(int(stretch[0]))
    assert lengths == set(range(10, 21))
    assert len(starts) > 50
    np.testing.assert_array_equal(crop(frames[:7], (10, 20), np.random.default_rng(0)), frames[:7])


# --- what is drawn anew -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def features():
    """Two clips of one speaker, of a sentence of twelve words."""
    generator = np.random.default_rng(0)
    words, phonemes = [], []
    for _ in range(12):
        words += ["Zoe", " "]
        phonemes += ["zˈOi", " "]
    num_symbols = sum(map(len, phonemes))
    rows = {"words": [words] * 2, "phonemes": [phonemes] * 2, "durations": [[1.0] * (num_symbols + 2)] * 2}
    frames = generator.normal(-5, 2, (2, num_symbols + 2, 82)).astype(np.float16)
    frames[..., 80:] = [5.0, 1.0]
    return Dataset.from_dict(
        {
            **rows,
            "labels": frames.reshape(2, -1).tolist(),
            "num_tokens": [num_symbols + 2] * 2,
            "num_frames": [num_symbols + 2] * 2,
            "speaker": ["ann"] * 2,
        }
    )


def rows_of(features, tokenizer, seed=0, **kwargs):
    return TrainingRows(features, tokenizer, reference_frames=(10, 20), augmentation=Augmentation(**kwargs), seed=seed)


def spelled_words(item):
    """How many of the words are letters."""
    phonemes = np.asarray(item["input_ids"]) >= 260
    assert phonemes.sum() % 4 == 0
    assert len(PHONEMES) > 40
    return 12 - phonemes.sum() // 4


def same(first, second):
    return all(np.array_equal(first[name], second[name]) for name in first)


def test_augmentation_depends_on_the_seed_and_the_draw_alone(features, tokenizer):
    shares = {"spelled_rows": 0.3, "spelled_words": 0.3, "warped_rows": 0.5}
    rows, again, other = (rows_of(features, tokenizer, seed, **shares) for seed in (1, 1, 2))
    draws = [RowDraw(row, epoch, copy) for row in range(2) for epoch in range(4) for copy in range(2)]
    batch = rows.__getitems__(draws)
    assert all(same(item, again[draw]) for item, draw in zip(batch, draws, strict=True))
    assert not all(same(item, other[draw]) for item, draw in zip(batch, draws, strict=True))
    assert len({item["labels"].tobytes() for item in batch}) > 2


def test_a_share_of_the_words_and_of_the_rows_is_spelled(features, tokenizer):
    draws = [RowDraw(0, epoch) for epoch in range(200)]
    counts = np.array([spelled_words(item) for item in rows_of(features, tokenizer).__getitems__(draws)])
    assert (counts == 0).all()
    some = rows_of(features, tokenizer, spelled_words=0.25)
    counts = np.array([spelled_words(item) for item in some.__getitems__(draws)])
    assert counts.mean() / 12 == pytest.approx(0.25, abs=0.04)
    assert (counts == 12).sum() == 0
    whole = rows_of(features, tokenizer, spelled_rows=0.25)
    counts = np.array([spelled_words(item) for item in whole.__getitems__(draws)])
    assert set(counts) == {0, 12}
    assert (counts == 12).mean() == pytest.approx(0.25, abs=0.08)


def test_a_row_that_is_too_long_spelled_keeps_its_phonemes(tokenizer):
    text = "knighthood"
    frames = np.zeros((8, 82), np.float16).reshape(1, -1)
    features = Dataset.from_dict(
        {
            "words": [[text]],
            "phonemes": [["nˈIt"]],
            "durations": [[1.0] * 6],
            "labels": frames.tolist(),
            "num_tokens": [6],
            "num_frames": [8],
            "speaker": ["ann"],
        }
    )
    for max_tokens, expected in ((12, 12), (11, 6), (None, 12)):
        rows = TrainingRows(
            features,
            tokenizer,
            reference_frames=(2, 4),
            augmentation=Augmentation(spelled_rows=1.0),
            max_tokens=max_tokens,
        )
        assert len(rows[0]["input_ids"]) == expected


def test_a_row_and_its_reference_are_warped_alike(features, tokenizer):
    draws = [RowDraw(0, epoch) for epoch in range(60)]
    plain = rows_of(features, tokenizer).__getitems__(draws)
    warped = rows_of(features, tokenizer, warped_rows=1.0).__getitems__(draws)
    factors = []
    for before, after in zip(plain, warped, strict=True):
        assert before["labels"].shape == after["labels"].shape
        factors.append(np.exp(5.0 - float(after["labels"][0, 80])))
        assert not np.array_equal(before["labels"][:, :80], after["labels"][:, :80])
        heard = np.pad(before["reference_features"], ((0, 0), (0, 2)))
        expected = warp_frames(heard, factors[-1], 80)[:, :80]
        assert np.corrcoef(after["reference_features"].ravel(), expected.ravel())[0, 1] > 0.98
        assert (after["labels"][:, 81] == 1).all()
    assert min(factors) >= 0.84
    assert max(factors) <= 1.21
    assert np.std(factors) > 0.05
    some = rows_of(features, tokenizer, warped_rows=0.3).__getitems__(draws)
    assert np.mean([float(item["labels"][0, 80]) != 5.0 for item in some]) == pytest.approx(0.3, abs=0.2)


def test_a_share_of_the_rows_is_equalised_as_their_references_are(features, tokenizer):
    draws = [RowDraw(0, epoch) for epoch in range(40)]
    plain, equalized, some = (
        rows_of(features, tokenizer, equalized_rows=share).__getitems__(draws) for share in (0.0, 1.0, 0.5)
    )
    changed = []
    for before, after, maybe in zip(plain, equalized, some, strict=True):
        np.testing.assert_array_equal(before["labels"][:, 80:], after["labels"][:, 80:])
        # of a column of digital silence none is heard
        gains = np.median((after["labels"] - before["labels"])[:, :80].astype(float), axis=0)
        heard = np.median((after["reference_features"] - before["reference_features"]).astype(float), axis=0)
        assert gains.std() > 0.1
        np.testing.assert_allclose(heard, gains, atol=0.02)
        changed.append(not np.array_equal(before["labels"], maybe["labels"]))
    assert np.mean(changed) == pytest.approx(0.5, abs=0.25)


@pytest.mark.parametrize("change", ["warped_rows", "equalized_rows"])
def test_of_an_invented_speaker_no_embedding_is_known(features, tokenizer, change):
    features = features.add_column("speaker_embedding", [[1.0, 2.0]] * 2)
    plain, changed = (rows_of(features, tokenizer, **{change: share})[0] for share in (0.0, 1.0))
    assert plain["speaker_embeddings"].tolist() == [1.0, 2.0]
    assert changed["speaker_embeddings"].tolist() == [0.0, 0.0]


def test_a_share_of_the_references_is_noisy_and_what_is_said_is_not(features, tokenizer):
    draws = [RowDraw(0, epoch) for epoch in range(40)]
    plain, noisy = (rows_of(features, tokenizer, noisy_references=share).__getitems__(draws) for share in (0.0, 0.5))
    changed = []
    for before, after in zip(plain, noisy, strict=True):
        np.testing.assert_array_equal(before["labels"], after["labels"])
        changed.append(not np.array_equal(before["reference_features"], after["reference_features"]))
        assert (after["reference_features"] >= before["reference_features"] - 0.01).all()
    assert np.mean(changed) == pytest.approx(0.5, abs=0.25)


def test_places_are_the_true_ones_with_a_shift_of_the_row_and_one_of_each_group():
    places = 10 + np.arange(401.0)
    generator = np.random.default_rng(0)
    shifts = np.stack([shift_positions(places, generator) - places[:-1] for _ in range(300)])
    assert shifts.mean(1).std() == pytest.approx(0.2, rel=0.15)
    assert (shifts - shifts.mean(1, keepdims=True)).std() == pytest.approx(0.1, rel=0.05)


def test_speech_begins_at_the_first_token_and_is_shifted_less_at_the_next_ones():
    generator = np.random.default_rng(0)
    places = np.linspace(0, 4, 41)
    shifts = np.stack([shift_positions(places, generator) - places[:-1] for _ in range(2000)]).std(0)
    assert shifts[0] == 0
    assert shifts[20] == pytest.approx(0.5 * np.hypot(0.2, 0.1), rel=0.1)
    assert shift_positions(places, generator).min() >= 0


def test_a_share_of_the_rows_goes_without_its_reference(features, tokenizer):
    rows = rows_of(features, tokenizer, conditioning_dropout=0.25)
    items = rows.__getitems__([RowDraw(0, epoch) for epoch in range(200)])
    batch = SpeechCollator(0, 5)(items)
    assert batch["drop_style"].float().mean() == pytest.approx(0.25, abs=0.08)
    without = SpeechCollator(0, 5, with_references=False)(items)
    assert batch.keys() - without.keys() == {"reference_features", "reference_mask", "drop_style"}


def test_trainer_takes_rows_and_collator(features, tokenizer, tmp_path):
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocab_size=len(tokenizer)))
    before = model.mel_head.weight.detach().clone()
    rows = TrainingRows(
        features,
        tokenizer,
        reduction_factor=model.config.reduction_factor,
        augmentation=Augmentation(spelled_words=0.5, conditioning_dropout=0.5, shifts_positions=True),
    )
    arguments = TrainingArguments(
        output_dir=tmp_path,
        max_steps=2,
        per_device_train_batch_size=2,
        logging_steps=1,
        report_to="none",
        use_cpu=True,
        prediction_loss_only=True,
    )
    collator = SpeechCollator(tokenizer.pad_token_id, model.config.reduction_factor)
    trainer = Trainer(model, arguments, data_collator=collator, train_dataset=rows, eval_dataset=rows)
    trainer.train()
    losses = [row["loss"] for row in trainer.state.log_history if "loss" in row]
    assert len(losses) == 2
    assert all(0 < loss < 20 for loss in losses)
    assert not torch.equal(model.mel_head.weight, before)
    assert rows.epoch == 1  # the second epoch drew anew
    assert trainer.evaluate()["eval_loss"] > 0
    trainer.save_model(tmp_path / "saved")
    saved = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "saved")
    torch.testing.assert_close(saved.mel_head.weight, model.mel_head.weight)


def test_shares_are_checked():
    with pytest.raises(ValueError, match="`warped_rows` must be between 0 and 1"):
        Augmentation(warped_rows=1.5)


def test_reference_lengths_are_checked(features, tokenizer):
    with pytest.raises(ValueError, match="`reference_frames`"):
        TrainingRows(features, tokenizer, reference_frames=(20, 10))


def test_clips_too_short_for_a_crop_are_no_references_where_there_are_others(features, tokenizer):
    short = features.map(lambda row: {"labels": row["labels"][: 5 * 82], "num_frames": 5})
    rows = TrainingRows(
        features, tokenizer, references=concatenate_datasets([short, features]), reference_frames=(10, 20)
    )
    items = rows.__getitems__([RowDraw(0, epoch) for epoch in range(20)])
    assert min(len(item["reference_features"]) for item in items) >= 10


def test_a_speaker_without_references_is_named(features, tokenizer):
    others = features.map(lambda row: {"speaker": "bob"})
    rows = TrainingRows(features, tokenizer, references=others, reference_frames=(10, 20))
    with pytest.raises(ValueError, match=r"'ann'.*`references`"):
        rows[0]
