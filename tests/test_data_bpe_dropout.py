"""Tests of BPE dropout."""

import json

import numpy as np
import pytest

from gpt2tts.data.bpe_dropout import BpeDropout
from gpt2tts.processing_gpt2tts import build_bpe_tokenizer, build_byte_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    """GPT-2's tokenizer with a handful of merges."""
    folder = tmp_path_factory.mktemp("bpe")
    merges = ["t h", "th e", "i n", "in g", "Ġ the", "a t", "s at"]
    byte_tokens = list(build_byte_tokenizer().get_vocab())
    tokens = [token for token in byte_tokens if not token.startswith("<") or len(token) == 1]
    tokens += [merge.replace(" ", "") for merge in merges] + ["<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    return build_bpe_tokenizer(folder / "vocab.json", folder / "merges.txt")


TEXT = "the thing sat in the singing hat"


def test_hardly_any_dropout_tokenises_as_the_tokenizer(tokenizer):
    ids = BpeDropout(tokenizer, 1e-12)(TEXT, np.random.default_rng(0))
    assert ids.tolist() == tokenizer(TEXT)["input_ids"]


def test_text_is_kept_and_cut_in_many_ways(tokenizer):
    dropout = BpeDropout(tokenizer, 0.5)
    cuts = {tuple(dropout(TEXT, np.random.default_rng(seed)).tolist()) for seed in range(20)}
    assert len(cuts) > 10
    assert {tokenizer.decode(cut[:-1]) for cut in cuts} == {TEXT}
    assert {cut[-1] for cut in cuts} == {tokenizer.eos_token_id}


def test_repeats_under_a_seed(tokenizer):
    first, again = (BpeDropout(tokenizer, 0.5)(TEXT, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_a_tokenizer_without_merges_is_an_error():
    with pytest.raises(ValueError, match="no merges"):
        BpeDropout(build_byte_tokenizer(), 0.1)
