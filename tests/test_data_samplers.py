"""Tests of the batch sampler."""

import numpy as np
import pytest

from gpt2tts.data.samplers import LengthBucketBatchSampler


@pytest.fixture(scope="module")
def lengths():
    generator = np.random.default_rng(0)
    return generator.integers(5, 120, 700), generator.integers(10, 250, 700)


def make(lengths, **kwargs) -> LengthBucketBatchSampler:
    return LengthBucketBatchSampler(*lengths, **{"max_positions_per_batch": 4000, "extra_positions": 8, **kwargs})


def rows_of(batches) -> list[int]:
    return [draw.row for batch in batches for draw in batch]


def test_every_row_once_and_within_the_budget(lengths):
    sampler = make(lengths)
    batches = list(sampler)
    assert sorted(rows_of(batches)) == list(range(700))
    assert len(batches) == len(sampler)
    for batch in batches:
        rows = [draw.row for draw in batch]
        assert len(rows) * (8 + lengths[0][rows].max() + lengths[1][rows].max()) <= 4000


def test_rows_of_like_length_are_together(lengths):
    def padding(sampler) -> float:
        rows = [[draw.row for draw in batch] for batch in sampler]
        padded = sum(len(batch) * (8 + sum(each[batch].max() for each in lengths)) for batch in rows)
        return 1 - (8 * 700 + sum(map(np.sum, lengths))) / padded

    assert padding(make(lengths)) < 0.35
    assert padding(make(lengths)) < padding(make(lengths, jitter=100.0)) - 0.05


def test_epochs_repeat_under_the_seed_and_differ(lengths):
    first, again, other = make(lengths, seed=1), make(lengths, seed=1), make(lengths, seed=2)
    assert first.global_batches(5) == again.global_batches(5)
    assert first.global_batches(5) != other.global_batches(5)
    groups = [{frozenset(draw.row for draw in batch) for batch in first.global_batches(epoch)} for epoch in (0, 1)]
    assert len(groups[0] & groups[1]) < 0.2 * len(groups[0])


def test_starts_in_the_middle_of_an_epoch(lengths):
    sampler = make(lengths)
    sampler.start_epoch(2)
    whole = list(sampler)
    sampler.start_epoch(2, first_batch=7)
    assert list(sampler) == whole[7:]
    assert len(sampler) == len(whole) - 7


@pytest.mark.parametrize("num_processes", [2, 3])
def test_processes_share_the_global_batches_of_one(lengths, num_processes):
    whole = list(make(lengths))
    shares = [list(make(lengths, num_processes=num_processes, process_index=i)) for i in range(num_processes)]
    assert {len(share) for share in shares} == {len(whole)}
    for batch, *parts in zip(whole, *shares, strict=True):
        assert all(parts)
        assert sorted(batch) == sorted(draw for part in parts for draw in part)


def test_few_rows_leave_no_process_without_one():
    for num_rows in range(3, 40):
        lengths = np.full(num_rows, 10), np.full(num_rows, 40)
        for process in range(3):
            sampler = make(lengths, max_positions_per_batch=360, num_processes=3, process_index=process)
            assert all(map(len, sampler)), num_rows


def test_an_epoch_in_which_no_row_would_be_drawn_has_one_for_each_process():
    lengths = np.full(5, 10), np.full(5, 40)
    for process in range(3):
        shares = {"num_processes": 3, "process_index": process}
        batches = list(make(lengths, max_positions_per_batch=360, weights=[1e-9] * 5, **shares))
        assert batches
        assert all(map(len, batches))


def test_weights(lengths):
    weights = np.ones(700)
    weights[:100], weights[100:300] = 2.0, 0.25
    sampler = make(lengths, weights=weights)
    counts = np.zeros(700)
    for epoch in range(20):
        batches = sampler.global_batches(epoch)
        np.add.at(counts, rows_of(batches), 1)
        assert len({draw for batch in batches for draw in batch}) == sum(map(len, batches))
    assert (counts[:100] == 40).all()
    assert (counts[300:] == 20).all()
    assert 0.2 < counts[100:300].mean() / 20 < 0.3


def test_budget_too_small_for_a_row(lengths):
    with pytest.raises(ValueError, match="max_positions_per_batch"):
        make(lengths, max_positions_per_batch=300)
    with pytest.raises(ValueError, match="8 process"):
        make(lengths, num_processes=8)


def test_no_rows():
    with pytest.raises(ValueError, match="must be a row"):
        make(([], []))
