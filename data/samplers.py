"""Batches of clips of like length, cut by a budget of positions, the same under a seed on every process."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import torch
from transformers import PreTrainedConfig


class RowDraw(NamedTuple):
    """
    One drawing of a row: what the sampler hands to [`TrainingRows`]. It carries all that the row's random choices
    (reference, crop, spelling, warping) depend on, so that they agree between processes, workers and a resumed run.

    Args:
        row (`int`): Index of the row in the dataset.
        epoch (`int`): Epoch it is drawn in.
        copy (`int`): 0 for the first drawing of the row in the epoch, 1 for the second...
    """

    row: int
    epoch: int = 0
    copy: int = 0


class SizedRows(Protocol):
    """
    What a sampler needs to know of rows; [`~gpt2tts.data.collation.TrainingRows`] has it.

    Attributes:
        num_tokens (`np.ndarray` of shape `(rows,)`): Text tokens of each row.
        num_frames (`np.ndarray` of shape `(rows,)`): Mel frames of each row.
        weights (`Sequence[float]`, *optional*): How often each row is drawn in an epoch.
    """

    num_tokens: np.ndarray
    num_frames: np.ndarray
    weights: Sequence[float] | None


class LengthBucketBatchSampler(torch.utils.data.Sampler[list[RowDraw]]):
    r"""
    Batch sampler that puts rows of like length together and fills each batch up to a budget of positions. A batch of
    `n` rows takes `n * (extra_positions + longest text + most mel groups)` positions, padding included.

    The batches are *global*: with several processes each is dealt out row by row, and each process iterates over its share
    of every batch, so that `N` processes see the same global batches as one. The loader must not be sharded again:

    ```python
    sampler = LengthBucketBatchSampler.for_rows(
        rows,
        config,
        max_positions_per_batch=8000,
        num_processes=accelerator.num_processes,
        process_index=accelerator.process_index,
    )
    dataloader = DataLoader(rows, batch_sampler=sampler, collate_fn=collator)
    dataloader = accelerate.data_loader.prepare_data_loader(
        dataloader, accelerator.device, num_processes=1, process_index=0, put_on_device=True
    )
    for epoch in range(first_epoch, last_epoch):
        sampler.start_epoch(epoch, first_batch=batches_done if epoch == first_epoch else 0)
        for batch in dataloader: ...
    ```

    The shares of a batch have different numbers of rows and frames: weight each process's loss by its share of the
    frames for gradients equal to those of one process.

    Args:
        num_tokens (`Sequence[int]`):
            Text tokens of each row.
        num_groups (`Sequence[int]`):
            Mel groups (frames divided by the reduction factor, rounded up) of each row.
        max_positions_per_batch (`int`):
            Budget of positions of a global batch.
        extra_positions (`int`, *optional*, defaults to 0):
            Positions every row has besides, such as style latents.
        weights (`Sequence[float]`, *optional*):
            How often each row is drawn in an epoch; a fraction is drawn at random. Defaults to once.
        num_processes (`int`, *optional*, defaults to 1):
            Number of processes that share each batch.
        process_index (`int`, *optional*, defaults to 0):
            Number of this process.
        shuffle (`bool`, *optional*, defaults to `True`):
            Whether to draw new batches in a new order in each epoch. Without it: longest rows first.
        seed (`int`, *optional*, defaults to 0):
            Seed of the drawing.
        jitter (`float`, *optional*, defaults to 0.1):
            Relative noise on the lengths before rows are sorted, so that a row meets other rows in each epoch.

    Raises:
        `ValueError`: there are no rows, or the budget is too small: it must hold the longest row, and with several
        processes two rows of that length for each of them.
    """

    def __init__(
        self,
        num_tokens: Sequence[int],
        num_groups: Sequence[int],
        *,
        max_positions_per_batch: int,
        extra_positions: int = 0,
        weights: Sequence[float] | None = None,
        num_processes: int = 1,
        process_index: int = 0,
        shuffle: bool = True,
        seed: int = 0,
        jitter: float = 0.1,
    ):
        self.num_tokens = np.asarray(num_tokens, dtype=np.int64)
        self.num_groups = np.asarray(num_groups, dtype=np.int64)
        if len(self.num_tokens) == 0 or len(self.num_tokens) != len(self.num_groups):
            raise ValueError(
                f"`num_tokens` ({len(self.num_tokens)}) and `num_groups` ({len(self.num_groups)}) must have one entry "
                "for each row, and there must be a row: check that the datasets kept any."
            )
        self.lengths = self.num_tokens + self.num_groups + extra_positions
        longest = extra_positions + int(self.num_tokens.max() + self.num_groups.max())
        # two rows a process, so that the rest of an epoch can be evened out without an empty share
        needed = longest if num_processes == 1 else 2 * num_processes * longest
        if needed > max_positions_per_batch:
            raise ValueError(
                f"`max_positions_per_batch`={max_positions_per_batch} is too small: rows take up to {longest} positions, "
                f"and {num_processes} process(es) need {needed}. Raise it, drop long rows or use fewer processes."
            )
        self.weights = np.ones(len(self.lengths)) if weights is None else np.asarray(weights, dtype=np.float64)
        self.max_positions_per_batch = max_positions_per_batch
        self.extra_positions = extra_positions
        self.num_processes = num_processes
        self.process_index = process_index
        self.shuffle = shuffle
        self.seed = seed
        self.jitter = jitter if shuffle else 0.0
        self.epoch = 0
        self.first_batch = 0
        self._num_batches: dict[int, int] = {}

    # Not named `set_epoch`: Accelerate's data loaders call that on their own, with a count of theirs that starts at 0
    # again in a resumed run.
    def start_epoch(self, epoch: int, *, first_batch: int = 0) -> None:
        """
        Sets the epoch that the next iteration draws.

        Args:
            epoch (`int`): The epoch, from 0.
            first_batch (`int`, *optional*, defaults to 0): Global batches at its start to skip, for a resumed run.
        """
        self.epoch = epoch
        self.first_batch = first_batch

    def num_batches(self, epoch: int) -> int:
        """Number of global batches in an epoch."""
        if epoch not in self._num_batches:
            self._num_batches[epoch] = len(self.global_batches(epoch))
        return self._num_batches[epoch]

    def global_batches(self, epoch: int) -> list[list[RowDraw]]:
        """The global batches of an epoch, whatever the number of processes."""
        generator = np.random.default_rng([self.seed, epoch])
        rows, copies = self._draw_rows(generator)
        noise = 1 + self.jitter * generator.uniform(-1, 1, len(rows))
        order = np.argsort(-self.lengths[rows] * noise, kind="stable")
        batches = self._cut(rows[order])
        bounds = np.cumsum([0, *map(len, batches)])
        copies = copies[order]
        numbers = np.arange(len(batches))
        if self.shuffle:
            numbers = generator.permutation(len(batches))
        return [
            [
                RowDraw(int(row), epoch, int(copy))
                for row, copy in zip(batches[n], copies[bounds[n] : bounds[n + 1]], strict=True)
            ]
            for n in numbers
        ]

    @classmethod
    def for_rows(cls, rows: SizedRows, config: PreTrainedConfig, **kwargs) -> "LengthBucketBatchSampler":
        """
        Sampler for [`TrainingRows`] and the model of `config`; `kwargs` are the further arguments of the class.
        """
        return cls(
            rows.num_tokens,
            -(-rows.num_frames // config.reduction_factor),
            extra_positions=config.num_style_latents,
            weights=rows.weights,
            **kwargs,
        )

    def __len__(self) -> int:
        """Number of batches in the epoch set by [`~LengthBucketBatchSampler.start_epoch`]."""
        return max(0, self.num_batches(self.epoch) - self.first_batch)

    def __iter__(self) -> Iterator[list[RowDraw]]:
        for batch in self.global_batches(self.epoch)[self.first_batch :]:
            yield batch[self.process_index :: self.num_processes]

    def _draw_rows(self, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Rows of an epoch in the order of the dataset, and for each which copy of the row it is."""
        whole = np.floor(self.weights)
        counts = (whole + (generator.random(len(self.weights)) < self.weights - whole)).astype(np.int64)
        if counts.sum() < self.num_processes:
            counts[np.argmax(self.weights)] += self.num_processes
        rows = np.repeat(np.arange(len(counts)), counts)
        copies = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return rows, copies

    def _cut(self, rows: np.ndarray) -> list[np.ndarray]:
        """Cuts rows, longest first, into batches that fill the budget."""
        batches = []
        start = 0
        tokens = groups = 0
        for position, row in enumerate(rows):
            longest_text, most_groups = max(tokens, self.num_tokens[row]), max(groups, self.num_groups[row])
            size = (position - start + 1) * (self.extra_positions + longest_text + most_groups)
            if size > self.max_positions_per_batch and position > start:
                batches.append(rows[start:position])
                start, longest_text, most_groups = position, self.num_tokens[row], self.num_groups[row]
            tokens, groups = longest_text, most_groups
        batches.append(rows[start:])
        # rest of a few rows: even it out with its neighbour, so that every process has a row of every batch
        if len(batches) > 1 and len(batches[-1]) < len(batches[-2]) // 2:
            rest = np.concatenate(batches[-2:])
            batches[-2:] = [rest[: (len(rest) + 1) // 2], rest[(len(rest) + 1) // 2 :]]
        return batches
