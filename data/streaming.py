"""Training batches from datasets that are read as a stream, for sets that do not fit the disk."""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence

import datasets
import numpy as np
import torch
from accelerate import PartialState
from accelerate.utils import reduce
from datasets.distributed import split_dataset_by_node
from transformers import PreTrainedConfig, ProcessorMixin
from transformers.utils import logging

from .collation import Augmentation, RowMaker, crop
from .features import FeatureMap, FeatureSettings
from .prepare import reference_frames
from .speech_datasets import SpeechDataset, is_validation_text

logger = logging.get_logger(__name__)


class StreamedBatches(torch.utils.data.IterableDataset):
    r"""
    Batches of clips of like length from streamed datasets. Features are computed as the rows come, bad rows are counted
    and skipped, and references come from the latest clips of the speaker (its first clip of an epoch only serves as
    reference). Each item is a batch: a list of rows as
    [`TrainingRows`] gives them, for

    ```python
    dataloader = DataLoader(StreamedBatches(...), batch_size=None, collate_fn=SpeechCollator(pad_token_id, reduction_factor))
    dataloader = accelerate.data_loader.prepare_data_loader(
        dataloader, accelerator.device, num_processes=1, process_index=0, put_on_device=True, dispatch_batches=False
    )
    ```

    Each process reads a share of the stream and makes batches of its own, so the loader must neither be sharded again
    nor dealt out by the main process (hence `num_processes=1` and `dispatch_batches=False` above). A share is of whole
    files where their number is a multiple of that of the processes; else each process passes over the rows of the
    others. An epoch ends on all processes when the first share does: of one source no clip comes twice, and what the
    longer shares have left comes in no batch of that epoch; of several sources the shorter ones begin again until the
    last has ended. The order depends on the seed, the epoch and the number of processes
    alone; a resumed run sets `start_epoch(epoch, first_batch=...)`, which reads and drops what came before.

    Args:
        streams (`Sequence[SpeechDataset]`):
            Datasets loaded with `streaming=True`. Their weights are the relative chances of a row to come from each.
        processor (`GPT2TTSProcessor`):
            Text normalisation, tokenizer and feature extractor.
        config (`GPT2TTSConfig`):
            Gives the longest text, target and reference, and the positions of a row.
        max_positions_per_batch (`int`):
            Budget of positions of a global batch, as in [`LengthBucketBatchSampler`].
        augmentation ([`Augmentation`], *optional*):
            Defaults to none.
        british_speakers (`Sequence[str]`, *optional*):
            Speakers whose texts are read as British phonemes.
        validation_share (`float`, *optional*, defaults to 0.0):
            Share of the texts that is left out of training, by [`is_validation_text`].
        buffer_size (`int`, *optional*, defaults to 512):
            Rows held to sort by length and cut into batches.
        references_per_speaker (`int`, *optional*, defaults to 8):
            Latest clips of each speaker held as references.
        num_processes (`int`, *optional*, defaults to 1):
            Number of processes.
        process_index (`int`, *optional*, defaults to 0):
            Number of this process.
        seed (`int`, *optional*, defaults to 0):
            Seed of all draws.

    Attributes:
        skipped (`Counter`): Rows skipped in this process so far, by cause.
    """

    def __init__(
        self,
        streams: Sequence[SpeechDataset],
        processor: ProcessorMixin,
        config: PreTrainedConfig,
        *,
        max_positions_per_batch: int,
        augmentation: Augmentation | None = None,
        british_speakers: Sequence[str] = (),
        validation_share: float = 0.0,
        buffer_size: int = 512,
        references_per_speaker: int = 8,
        num_processes: int = 1,
        process_index: int = 0,
        seed: int = 0,
    ):
        if not streams:
            raise ValueError("`streams` is empty: pass at least one dataset.")
        settings = FeatureSettings(
            config.max_text_positions, config.max_mel_positions * config.reduction_factor, tuple(british_speakers)
        )
        longest = config.num_style_latents + config.max_text_positions + config.max_mel_positions
        if longest * num_processes > max_positions_per_batch:
            raise ValueError(
                f"`max_positions_per_batch`={max_positions_per_batch} is too small: a row may take {longest} "
                f"positions, and each of {num_processes} process(es) needs one."
            )
        self.streams = list(streams)
        self.feature_map = FeatureMap(processor, settings)
        self.rows = RowMaker(
            processor.tokenizer, config.reduction_factor, config.n_mels, augmentation, config.max_text_positions
        )
        self.config = config
        self.max_positions_per_batch = max_positions_per_batch // num_processes  # of this process
        self.rows_at_least = self.max_positions_per_batch // longest
        self.validation_share = validation_share
        self.buffer_size = buffer_size
        self.references_per_speaker = references_per_speaker
        self.num_processes = num_processes
        self.process_index = process_index
        self.seed = seed
        self.epoch = 0
        self.first_batch = 0
        self.skipped: Counter[str] = Counter()

    def start_epoch(self, epoch: int, *, first_batch: int = 0) -> None:
        """Sets the epoch that the next iteration draws, and how many of its batches to drop."""
        self.epoch = epoch
        self.first_batch = first_batch

    def num_batches(self, epoch: int) -> float:
        """How many batches a stream has is known at its end: infinity."""
        return math.inf

    def __iter__(self) -> Iterator[list[dict[str, np.ndarray]]]:
        if torch.utils.data.get_worker_info() is not None:
            raise RuntimeError("`StreamedBatches` keeps state across rows: use `num_workers=0`.")
        generator = np.random.default_rng([self.seed, self.epoch, self.process_index])
        number = 0
        batches = self._batches(generator)
        while self._every_process_has(batch := next(batches, None)) and batch is not None:
            if number >= self.first_batch:
                yield batch
            number += 1
        if number == 0:
            raise ValueError(
                f"The stream gave no batch (rows skipped: {dict(self.skipped)}): check the datasets and their filters; a "
                "speaker needs at least two clips."
            )

    def _every_process_has(self, batch: list[dict] | None) -> bool:
        """Whether all processes have a batch: they step together."""
        has_batch = batch is not None
        if self.num_processes == 1 or not torch.distributed.is_initialized():
            return has_batch
        flag = torch.tensor(float(has_batch), device=PartialState().device)
        return int(reduce(flag, "sum")) == self.num_processes

    def _batches(self, generator: np.random.Generator) -> Iterator[list[dict]]:
        """Batches of the share of this process."""
        buffer: list[dict] = []
        for row in self._rows(generator):
            buffer.append(row)
            if len(buffer) == self.buffer_size:
                # one of the batches at a time: the rest stays to meet other rows
                batch, buffer = self._take_batch(buffer, generator)
                yield batch
        while buffer:
            batch, buffer = self._take_batch(buffer, generator)
            yield batch

    def _rows(self, generator: np.random.Generator) -> Iterator[dict]:
        """Rows of the mixed streams with their features and references."""
        weights = np.asarray([stream.weight for stream in self.streams])
        rows = [
            # the order of the files is drawn before they are dealt out, that of the rows after
            split_dataset_by_node(
                stream.rows.shuffle(seed=self.seed + self.epoch, buffer_size=self.buffer_size),
                rank=self.process_index,
                world_size=self.num_processes,
            )
            for stream in self.streams
        ]
        mixed = rows[0]
        if len(rows) > 1:
            mixed = datasets.interleave_datasets(
                rows,
                probabilities=list(weights / weights.sum()),
                seed=self.seed + self.epoch,
                stopping_strategy="all_exhausted",
            )
        recent: dict[str, deque[np.ndarray]] = defaultdict(lambda: deque(maxlen=self.references_per_speaker))
        shortest, longest = reference_frames(self.config)
        for row in mixed:
            features = self.feature_map.row(row["audio"], row["text"], row["speaker"])
            if features["cause"]:
                self.skipped[features["cause"]] += 1
                logger.warning_once(f"A row of the stream was skipped ({features['cause']}: {features['detail']}).")
                continue
            if self.validation_share and is_validation_text(features["text"], self.validation_share):
                continue
            labels = features["labels"]
            clips = recent[row["speaker"]]
            # of a source that has begun again the clip itself may be among them
            others = [other for other in clips if not np.array_equal(other, labels)]
            clips.append(labels)
            # the first clip of a speaker has no other yet: it serves as the reference of the next
            if not others:
                continue
            reference = others[int(generator.integers(len(others)))]
            reference = crop(reference, (shortest, longest), generator)
            yield self.rows(
                features["words"], features["phonemes"], features["durations"], labels, reference, generator
            )

    def _take_batch(self, buffer: list[dict], generator: np.random.Generator) -> tuple[list[dict], list[dict]]:
        """Takes rows of like length around a random row out of the buffer, as many as the budget holds."""
        buffer = sorted(buffer, key=self._positions)
        start = int(generator.integers(len(buffer)))
        # near the end of the order the batch would be cut short
        start = max(0, min(start, len(buffer) - self.rows_at_least))
        end, tokens, groups = start, 0, 0
        while end < len(buffer):
            tokens = max(tokens, len(buffer[end]["input_ids"]))
            groups = max(groups, -(-len(buffer[end]["labels"]) // self.config.reduction_factor))
            size = (end - start + 1) * (self.config.num_style_latents + tokens + groups)
            if size > self.max_positions_per_batch:
                break
            end += 1
        return buffer[start:end], buffer[:start] + buffer[end:]

    def _positions(self, row: dict) -> int:
        return len(row["input_ids"]) + -(-len(row["labels"]) // self.config.reduction_factor)
