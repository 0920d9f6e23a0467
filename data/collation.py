"""Training rows with their references, and padding them to the batches that the model's `forward` takes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from datasets import Dataset
from transformers import PreTrainedTokenizerBase

from ..phonemes_gpt2tts import PHONEMES, Segment
from ..processing_gpt2tts import phoneme_token
from .samplers import RowDraw
from .warping import add_noise, draw_gains, draw_warp, equalize_frames, warp_frames

# Deviations, in tokens, of the shifts of a row's places and of those of each group, and the token from which on they are
# whole: generation begins at the true place, and what it says first is blurred by shifts there.
ROW_SHIFT_STD, GROUP_SHIFT_STD, SHIFTED_FROM = 0.2, 0.1, 4

_PHONEME_TEXTS = {symbol: phoneme_token(symbol) for symbol in PHONEMES}


@dataclass(frozen=True)
class Augmentation:
    """
    What of a training row is drawn anew each time.

    Args:
        spelled_rows (`float`, *optional*, defaults to 0.0):
            Share of the rows whose words are all written as letters.
        spelled_words (`float`, *optional*, defaults to 0.0):
            Share of the words of the other rows that are.
        warped_rows (`float`, *optional*, defaults to 0.0):
            Share of the rows that another, invented speaker speaks: mel bins and pitch of the row and of its reference
            are moved by one factor.
        equalized_rows (`float`, *optional*, defaults to 0.0):
            Share of the rows that another microphone has recorded, and their references too.
        noisy_references (`float`, *optional*, defaults to 0.0):
            Share of the references that are recorded in a noisy room.
        conditioning_dropout (`float`, *optional*, defaults to 0.0):
            Share of the rows whose reference is not looked at.
        shifts_positions (`bool`, *optional*, defaults to `False`):
            Whether rows are read at other places than the true ones: moved as a whole, and at each group. From where it
            stands the model learns to move on to the next true place, and so to find its place again in speech.
    """

    spelled_rows: float = 0.0
    spelled_words: float = 0.0
    warped_rows: float = 0.0
    equalized_rows: float = 0.0
    noisy_references: float = 0.0
    conditioning_dropout: float = 0.0
    shifts_positions: bool = False

    def __post_init__(self):
        for name, share in vars(self).items():
            if not 0 <= share <= 1:
                raise ValueError(f"`{name}` must be between 0 and 1, got {share}")


class TrainingRows(torch.utils.data.Dataset):
    r"""
    Map-style dataset of features, each row with a reference: a random crop of another clip of its speaker. The target
    itself is its reference only where the speaker has no other clip. What is drawn depends on the seed and the
    [`RowDraw`] alone.

    An item is a dictionary of arrays, arguments of the model's `forward`: `input_ids` `(tokens,)`, `text_positions`
    `(groups + 1,)`, `labels` `(frames, values)`, `reference_features` `(reference frames, n_mels)`; by the augmentation
    `decoder_text_positions` `(groups,)` and `drop_style` `()`; and `speaker_embeddings` `(dim,)` where the features have
    it (of the target's clip; zeros where the row is warped or equalised).

    Args:
        features (`Dataset`):
            Rows of `prepare_speech_data`.
        tokenizer (`PreTrainedTokenizerBase`):
            That of the processor.
        reduction_factor (`int`, *optional*, defaults to 5):
            Frames of a group.
        n_mels (`int`, *optional*, defaults to 80):
            Number of mel bins.
        references (`Dataset`, *optional*):
            Rows to take references from. Defaults to `features`; for validation pass the training rows.
        reference_frames (`tuple[int, int]`, *optional*, defaults to `(129, 516)`):
            Shortest and longest crop in frames (1.5 and 6 s). The longest should not exceed
            `config.max_reference_frames`.
        weights (`Sequence[float]`, *optional*):
            Weight of each row for the sampler, kept here for it.
        augmentation ([`Augmentation`], *optional*):
            Defaults to none.
        max_tokens (`int`, *optional*):
            Longest text: a row whose spelling exceeds it keeps its phonemes.
        seed (`int`, *optional*, defaults to 0):
            Seed of references and crops.
    """

    def __init__(
        self,
        features: Dataset,
        tokenizer: PreTrainedTokenizerBase,
        *,
        reduction_factor: int = 5,
        n_mels: int = 80,
        references: Dataset | None = None,
        reference_frames: tuple[int, int] = (129, 516),
        weights: Sequence[float] | None = None,
        augmentation: Augmentation | None = None,
        max_tokens: int | None = None,
        seed: int = 0,
    ):
        if not 0 < reference_frames[0] <= reference_frames[1]:
            raise ValueError(f"`reference_frames` must be (shortest, longest), both above 0, got {reference_frames}.")
        self.n_mels = n_mels
        self.reference_frames = reference_frames
        self.seed = seed
        self.epoch = 0
        self.weights = weights
        self.num_tokens = np.asarray(features["num_tokens"][:])
        self.num_frames = np.asarray(features["num_frames"][:])
        self.speakers: list[str] = features["speaker"][:]
        self._is_own_pool = references is None
        references = features if references is None else references
        self._make = RowMaker(tokenizer, reduction_factor, n_mels, augmentation, max_tokens)
        self._words = features.select_columns(["words", "phonemes"])
        columns = ["durations", "labels", "speaker_embedding"]
        columns = [column for column in columns if column in features.column_names]
        self._features = features.select_columns(columns).with_format("numpy")
        self._references = references.select_columns(["labels"]).with_format("numpy")
        self._reference_lengths = np.asarray(references["num_frames"][:])
        self._reference_pools = self._pool_references(references)

    def __len__(self) -> int:
        return len(self._features)

    def set_epoch(self, epoch: int) -> None:
        """Sets the epoch of draws that are mere indices; `transformers.Trainer` calls it."""
        self.epoch = epoch

    def __getitem__(self, draw: RowDraw | int) -> dict[str, np.ndarray]:
        return self.__getitems__([draw])[0]

    # the DataLoader fetches a whole batch through this method where a dataset has it
    def __getitems__(self, draws: Sequence[RowDraw | int]) -> list[dict[str, np.ndarray]]:
        draws = [draw if isinstance(draw, RowDraw) else RowDraw(int(draw), self.epoch) for draw in draws]
        generators = [np.random.default_rng([self.seed, *draw]) for draw in draws]
        chosen = [self.choose_reference(draw.row, rng) for draw, rng in zip(draws, generators, strict=True)]
        rows = [draw.row for draw in draws]
        columns, words = self._features[rows], self._words.select(rows).to_list()
        references = self._references[chosen]["labels"]
        items = []
        for number, generator in enumerate(generators):
            reference = references[number].reshape(self._reference_lengths[chosen[number]], -1)
            items.append(
                self._make(
                    words[number]["words"],
                    words[number]["phonemes"],
                    columns["durations"][number],
                    columns["labels"][number].reshape(self.num_frames[rows[number]], -1),
                    crop(reference, self.reference_frames, generator),
                    generator,
                    columns["speaker_embedding"][number] if "speaker_embedding" in columns else None,
                )
            )
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


class RowMaker:
    """
    Makes an item of [`TrainingRows`] of a row's features and a reference.

    Args:
        tokenizer (`PreTrainedTokenizerBase`): That of the processor.
        reduction_factor (`int`): Frames of a group.
        n_mels (`int`): Number of mel bins.
        augmentation ([`Augmentation`], *optional*): Defaults to none.
        max_tokens (`int`, *optional*): Longest text: a row whose spelling exceeds it keeps its phonemes.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        reduction_factor: int,
        n_mels: int,
        augmentation: Augmentation | None = None,
        max_tokens: int | None = None,
    ):
        self.tokenizer = tokenizer
        self.reduction_factor = reduction_factor
        self.n_mels = n_mels
        self.augmentation = augmentation or Augmentation()
        self.max_tokens = max_tokens

    def __call__(
        self,
        words: Sequence[str],
        phonemes: Sequence[str],
        durations: np.ndarray,
        labels: np.ndarray,
        reference: np.ndarray,
        generator: np.random.Generator,
        speaker_embedding: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """
        The item of a row of `FEATURE_COLUMNS`, its `labels` and the `reference` `(frames, values)`, with what
        `generator` draws of it.
        """
        is_warped = generator.random() < self.augmentation.warped_rows
        is_equalized = generator.random() < self.augmentation.equalized_rows
        if is_warped:
            factor = draw_warp(generator)
            labels, reference = (warp_frames(frames, factor, self.n_mels) for frames in (labels, reference))
        if is_equalized:
            gains = draw_gains(self.n_mels, generator)
            labels, reference = equalize_frames(labels, gains), equalize_frames(reference, gains)
        if (is_warped or is_equalized) and speaker_embedding is not None:
            speaker_embedding = np.zeros_like(speaker_embedding)
        share = self.augmentation.spelled_words
        if generator.random() < self.augmentation.spelled_rows:
            share = 1.0
        segments = list(map(Segment, words, phonemes))
        spelled = generator.random(len(segments)) < share
        durations = np.asarray(durations, dtype=np.float64)
        item = encode_segments(segments, spelled, durations, self.tokenizer)
        if self.max_tokens is not None and len(item["input_ids"]) > self.max_tokens:
            item = encode_segments(segments, np.zeros(len(segments), bool), durations, self.tokenizer)
        places = group_positions(item.pop("token_ends"), len(labels), self.reduction_factor)
        heard = reference[:, : self.n_mels]
        if generator.random() < self.augmentation.noisy_references:
            heard = add_noise(heard, generator)
        item |= {"text_positions": places, "labels": labels, "reference_features": heard}
        if self.augmentation.shifts_positions:
            item["decoder_text_positions"] = shift_positions(places, generator)
        if self.augmentation.conditioning_dropout > 0:
            item["drop_style"] = np.array(generator.random() < self.augmentation.conditioning_dropout)
        if speaker_embedding is not None:
            item["speaker_embeddings"] = np.asarray(speaker_embedding, np.float32)
        return item


def crop(frames: np.ndarray, lengths: tuple[int, int], generator: np.random.Generator) -> np.ndarray:
    """A stretch of `(frames, values)` as long as drawn between two lengths, or all of a shorter clip."""
    length = int(generator.integers(lengths[0], lengths[1] + 1))
    if len(frames) <= length:
        return frames
    start = int(generator.integers(len(frames) - length + 1))
    return frames[start : start + length]


def encode_segments(
    segments: Sequence[Segment], spelled: Sequence[bool], durations: np.ndarray, tokenizer: PreTrainedTokenizerBase
) -> dict[str, np.ndarray]:
    """
    Token ids of a sentence and the frame at which each token ends.

    Args:
        segments (`Sequence[Segment]`): Words and what is between them.
        spelled (`Sequence[bool]`): Which of them are written as letters, which share the word's time evenly.
        durations (`np.ndarray` of shape `(num_symbols + 2,)`):
            Frames of the silence before, of each symbol of the segments' phonemes, and of the silence after.
        tokenizer (`PreTrainedTokenizerBase`): That of the processor.

    Returns:
        `dict[str, np.ndarray]`: `input_ids` `(num_tokens,)` and `token_ends` `(num_tokens,)`, float32.
    """
    pieces: list[str] = []
    ends = [0.0]  # of each character written, from the end of the silence before
    clock, symbol = 0.0, 1
    for segment, is_spelled in zip(segments, spelled, strict=True):
        count = len(segment.phonemes)
        times = durations[symbol : symbol + count]
        symbol += count
        if segment.has_phonemes and not is_spelled:
            for phoneme, time in zip(segment.phonemes, times, strict=True):
                piece = _PHONEME_TEXTS.get(phoneme, phoneme)
                pieces.append(piece)
                clock += time
                ends += [clock] * len(piece)
        else:
            pieces.append(segment.text)
            steps = (
                times if count == len(segment.text) else np.full(len(segment.text), times.sum() / len(segment.text))
            )
            ends += (clock + np.cumsum(steps)).tolist()
            clock = ends[-1]
    encoding = tokenizer("".join(pieces), add_special_tokens=False, return_offsets_mapping=True)
    token_ends = [ends[end] for _, end in encoding["offset_mapping"]]
    first = float(durations[0])
    return {
        "input_ids": np.array([tokenizer.bos_token_id, *encoding["input_ids"], tokenizer.eos_token_id]),
        "token_ends": np.array(
            [first, *(first + end for end in token_ends), first + clock + float(durations[-1])], np.float32
        ),
    }


def group_positions(token_ends: np.ndarray, num_frames: int, reduction_factor: int) -> np.ndarray:
    """
    Where in the text each group of frames is spoken, at its middle, and where the text ends: `(num_groups + 1,)`, in
    tokens. Token `i` lies around `i`, half a token to either side.
    """
    num_groups = -(-num_frames // reduction_factor)
    middles = (np.arange(num_groups) + 0.5) * reduction_factor
    bounds = np.concatenate(([0.0], token_ends))
    places = np.interp(middles, bounds, np.arange(len(bounds)) - 0.5)
    return np.append(places.clip(0, len(token_ends) - 1), len(token_ends)).astype(np.float32)


def shift_positions(text_positions: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """
    Places `(num_groups + 1,)` of [`group_positions`] to those that the model is told, `(num_groups,)`: moved by one shift of
    the row and by another at each group, less at the first tokens, and not before the text.
    """
    places = text_positions[:-1]
    shifts = ROW_SHIFT_STD * generator.standard_normal() + GROUP_SHIFT_STD * generator.standard_normal(len(places))
    return (places + shifts * (places / SHIFTED_FROM).clip(max=1)).astype(np.float32)


class SpeechCollator:
    """
    Pads items of [`TrainingRows`] to a batch for the model's `forward`, in `transformers.Trainer` or a loop of one's own.

    Args:
        pad_token_id (`int`):
            Token that fills up texts.
        reduction_factor (`int`):
            Frames of a group.
        mel_padding_value (`float`, *optional*, defaults to `log(1e-5)`):
            Value that fills up spectrograms, `feature_extractor.padding_value`.
        with_references (`bool`, *optional*, defaults to `True`):
            Whether batches have the references. Without, the model speaks in its learned voice of no reference.
        multiple (`int`, *optional*, defaults to 1):
            Texts are padded to a multiple of this many tokens, speech to one of this many groups and references to one
            of four times as many frames: few different shapes, for which kernels are chosen and compiled.
    """

    def __init__(
        self,
        pad_token_id: int,
        reduction_factor: int,
        *,
        mel_padding_value: float = float(np.log(1e-5)),
        with_references: bool = True,
        multiple: int = 1,
    ):
        self.pad_token_id = pad_token_id
        self.reduction_factor = reduction_factor
        self.mel_padding_value = mel_padding_value
        self.with_references = with_references
        self.multiple = multiple

    def __call__(self, items: Sequence[dict[str, np.ndarray]]) -> dict[str, torch.Tensor]:
        """
        Batch of items.

        Returns:
            `dict[str, torch.Tensor]`: `input_ids` and `attention_mask` (int64, `(batch, tokens)`), `labels` (float32,
            `(batch, frames, values)`) and `labels_mask` (bool, `(batch, frames)`), `text_positions` (float32,
            `(batch, groups + 1)`), `reference_features` (float32, `(batch, reference frames, n_mels)`) and
            `reference_mask` (bool), and where items have them `decoder_text_positions` (float32, `(batch, groups)`),
            `drop_style` (bool, `(batch,)`) and `speaker_embeddings` (float32, `(batch, dim)`). Masks are true for what is
            real; padding is on the right.
        """
        multiple, factor, silence = self.multiple, self.reduction_factor, self.mel_padding_value

        def pad(name: str, value: float, dtype: torch.dtype, unit: int) -> tuple[torch.Tensor, torch.Tensor]:
            return _pad([item[name] for item in items], value, dtype, multiple=unit)

        batch: dict[str, torch.Tensor] = {}
        batch["input_ids"], mask = pad("input_ids", self.pad_token_id, torch.int64, multiple)
        batch["attention_mask"] = mask.long()
        if self.with_references:
            batch["reference_features"], batch["reference_mask"] = pad(
                "reference_features", silence, torch.float32, 4 * multiple
            )
        batch["labels"], batch["labels_mask"] = pad("labels", silence, torch.float32, multiple * factor)
        num_groups = -(-batch["labels"].shape[1] // factor)
        for name, length in (("text_positions", num_groups + 1), ("decoder_text_positions", num_groups)):
            if name in items[0]:
                # beyond its last group a row stays at the end of its text
                rows = [np.pad(item[name], (0, length - len(item[name])), mode="edge") for item in items]
                batch[name] = torch.from_numpy(np.stack(rows))
        for name in ("drop_style", "speaker_embeddings"):
            if name in items[0] and self.with_references:
                batch[name] = torch.from_numpy(np.stack([item[name] for item in items]))
        return batch


def _pad(
    arrays: Sequence[np.ndarray], value: float, dtype: torch.dtype, *, multiple: int = 1
) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = torch.tensor([len(array) for array in arrays])
    longest = -(-int(lengths.max()) // multiple) * multiple
    padded = torch.full((len(arrays), longest, *arrays[0].shape[1:]), value, dtype=dtype)
    view = padded.numpy()
    for row, array in enumerate(arrays):
        view[row, : len(array)] = array
    return padded, torch.arange(longest) < lengths[:, None]
