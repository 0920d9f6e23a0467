"""Training rows with their references, and padding them to the batches that the model's `forward` takes."""

from collections.abc import Sequence

import numpy as np
import torch
from datasets import Dataset

from .bpe_dropout import BpeDropout
from .samplers import RowDraw


class TrainingRows(torch.utils.data.Dataset):
    r"""
    Map-style dataset of features, each row with a reference: a random crop of another clip of its speaker. The target
    itself is its reference only where the speaker has no other clip. What is drawn depends on the seed and the
    [`RowDraw`] alone.

    An item is a dictionary of arrays: `input_ids` `(tokens,)`, `labels` `(frames, n_mels)`, `reference_features`
    `(reference frames, n_mels)`, and `speaker_embedding` `(dim,)` where the features have it (of the target's clip).

    Args:
        features (`Dataset`):
            Rows of `prepare_speech_data`.
        n_mels (`int`, *optional*, defaults to 80):
            Number of mel bins.
        references (`Dataset`, *optional*):
            Rows to take references from. Defaults to `features`; for validation pass the training rows.
        reference_frames (`tuple[int, int]`, *optional*, defaults to `(129, 516)`):
            Shortest and longest crop in frames (1.5 and 6 s). The longest should not exceed
            `config.max_reference_frames`.
        weights (`Sequence[float]`, *optional*):
            Weight of each row for the sampler, kept here for it.
        bpe_dropout ([`BpeDropout`], *optional*):
            Tokenises the text anew, with merges dropped, each time a row is drawn.
        max_tokens (`int`, *optional*):
            Longest text for BPE dropout; a drawing that exceeds it keeps the row's own tokens.
        seed (`int`, *optional*, defaults to 0):
            Seed of references and crops.
    """

    def __init__(
        self,
        features: Dataset,
        *,
        n_mels: int = 80,
        references: Dataset | None = None,
        reference_frames: tuple[int, int] = (129, 516),
        weights: Sequence[float] | None = None,
        bpe_dropout: BpeDropout | None = None,
        max_tokens: int | None = None,
        seed: int = 0,
    ):
        if not 0 < reference_frames[0] <= reference_frames[1]:
            raise ValueError(f"`reference_frames` must be (shortest, longest), both above 0, got {reference_frames}.")
        self.n_mels = n_mels
        self.reference_frames = reference_frames
        self.bpe_dropout = bpe_dropout
        self.max_tokens = max_tokens
        self.seed = seed
        self.weights = weights
        self.num_tokens = np.asarray(features["num_tokens"][:])
        self.num_frames = np.asarray(features["num_frames"][:])
        self.speakers: list[str] = features["speaker"][:]
        self._is_own_pool = references is None
        references = features if references is None else references
        columns = ["input_ids", "labels", "speaker_embedding", *(["text"] if bpe_dropout is not None else [])]
        columns = [column for column in columns if column in features.column_names]
        self._features = features.select_columns(columns).with_format("numpy")
        self._references = references.select_columns(["labels"]).with_format("numpy")
        self._reference_pools = self._pool_references(references)

    def __len__(self) -> int:
        return len(self._features)

    def __getitem__(self, draw: RowDraw | int) -> dict[str, np.ndarray]:
        return self.__getitems__([draw])[0]

    # the DataLoader fetches a whole batch through this method where a dataset has it
    def __getitems__(self, draws: Sequence[RowDraw | int]) -> list[dict[str, np.ndarray]]:
        draws = [draw if isinstance(draw, RowDraw) else RowDraw(int(draw)) for draw in draws]
        generators = [np.random.default_rng([self.seed, *draw]) for draw in draws]
        chosen = [self.choose_reference(draw.row, rng) for draw, rng in zip(draws, generators, strict=True)]
        columns = self._features[[draw.row for draw in draws]]
        references = self._references[chosen]["labels"]
        items = []
        for number, generator in enumerate(generators):
            item = {
                "input_ids": columns["input_ids"][number],
                "labels": columns["labels"][number].reshape(-1, self.n_mels),
                "reference_features": self._crop(references[number].reshape(-1, self.n_mels), generator),
            }
            if "speaker_embedding" in columns:
                item["speaker_embedding"] = columns["speaker_embedding"][number]
            if self.bpe_dropout is not None:
                input_ids = self.bpe_dropout(str(columns["text"][number]), generator)
                if self.max_tokens is None or len(input_ids) <= self.max_tokens:
                    item["input_ids"] = input_ids
            items.append(item)
        return items

    def choose_reference(self, row: int, generator: np.random.Generator) -> int:
        """Index, in the rows of references, of the clip that row `row` takes its reference from."""
        pool = self._reference_pools.get(self.speakers[row])
        if pool is None:
            raise ValueError(
                f"Speaker {self.speakers[row]!r} has no clip among the references: pass `references` with one."
            )
        choice = pool[generator.integers(len(pool))]
        if self._is_own_pool and choice == row and len(pool) > 1:
            # one draw among the others: step over the target
            others = pool[pool != row]
            choice = others[generator.integers(len(others))]
        return int(choice)

    def _pool_references(self, references: Dataset) -> dict[str, np.ndarray]:
        """Rows of each speaker; those long enough for a crop where there are two, else all."""
        speakers = np.asarray(references["speaker"][:])
        is_long = np.asarray(references["num_frames"][:]) >= self.reference_frames[0]
        order = np.argsort(speakers, kind="stable")
        names, starts = np.unique(speakers[order], return_index=True)
        pools = {}
        for name, rows in zip(names, np.split(order, starts[1:]), strict=True):
            long_rows = rows[is_long[rows]]
            # with one long clip, that clip itself would have no other
            pools[str(name)] = long_rows if len(long_rows) > 1 else rows
        return pools

    def _crop(self, mel: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        shortest, longest = self.reference_frames
        length = int(generator.integers(shortest, longest + 1))
        if len(mel) <= length:
            return mel
        start = int(generator.integers(len(mel) - length + 1))
        return mel[start : start + length]


class SpeechCollator:
    """
    Pads items of [`TrainingRows`] to a batch for the model's `forward`.

    Args:
        pad_token_id (`int`):
            Token that fills up texts.
        mel_padding_value (`float`, *optional*, defaults to `log(1e-5)`):
            Value that fills up spectrograms, `feature_extractor.padding_value`.
        with_references (`bool`, *optional*, defaults to `True`):
            Whether batches have the references. Without, the model speaks in its learned voice of no reference.
    """

    def __init__(
        self, pad_token_id: int, *, mel_padding_value: float = float(np.log(1e-5)), with_references: bool = True
    ):
        self.pad_token_id = pad_token_id
        self.mel_padding_value = mel_padding_value
        self.with_references = with_references

    def __call__(self, items: Sequence[dict[str, np.ndarray]]) -> dict[str, torch.Tensor]:
        """
        Batch of items.

        Returns:
            `dict[str, torch.Tensor]`: `input_ids` and `attention_mask` (int64, `(batch, tokens)`), `labels` (float32,
            `(batch, frames, n_mels)`) and `labels_mask` (bool, `(batch, frames)`), `reference_features` (float32,
            `(batch, reference frames, n_mels)`) and `reference_mask` (bool), and `speaker_embeddings` (float32,
            `(batch, dim)`) where items have them. Masks are true for what is real; padding is on the right.
        """
        input_ids, attention_mask = _pad([item["input_ids"] for item in items], self.pad_token_id, torch.int64)
        batch = {"input_ids": input_ids, "attention_mask": attention_mask.long()}
        if self.with_references:
            batch["reference_features"], batch["reference_mask"] = _pad(
                [item["reference_features"] for item in items], self.mel_padding_value, torch.float32
            )
        batch["labels"], batch["labels_mask"] = _pad(
            [item["labels"] for item in items], self.mel_padding_value, torch.float32
        )
        if "speaker_embedding" in items[0]:
            embeddings = np.stack([item["speaker_embedding"] for item in items]).astype(np.float32)
            batch["speaker_embeddings"] = torch.from_numpy(embeddings)
        return batch


def _pad(arrays: Sequence[np.ndarray], value: float, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.tensor([len(array) for array in arrays])
    longest = int(lengths.max())
    padded = torch.full((len(arrays), longest, *arrays[0].shape[1:]), value, dtype=dtype)
    view = padded.numpy()
    for row, array in enumerate(arrays):
        view[row, : len(array)] = array
    return padded, torch.arange(longest) < lengths[:, None]
