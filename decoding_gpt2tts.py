"""
The decoding loop in NumPy, whatever makes the groups: reading positions, ends, budgets, what is drawn, and frames. Needs
neither PyTorch nor transformers.
"""

import logging
import math
import numbers
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from .frames_gpt2tts import (
    FINE_FACTOR,
    GPT2TTSFrames,
    change_pace,
    interpolate_fine,
    paced_lengths,
    split_frames,
    spread_fine,
    stream_pace,
)
from .matched_voices_gpt2tts import change_frames

logger = logging.getLogger(__name__)

SETTING_RANGES = {
    "prenet_dropout": (0, 1),
    "max_frames_per_token": (0, math.inf),
    "speed": (0.5, 2.0),
    "pitch_shift": (-12.0, 12.0),  # semitones
}
# A text of a few letters may need more than its share of frames (breath, a drawn-out vowel, the silence around it).
MIN_FRAME_BUDGET = 160
# Shares of what a text is allotted by `max_frames_per_token`: from the first one on its reading is moved on where it falls
# behind, evenly, so that its last token is reached at the second. Else a sound may be drawn out for seconds.
MOVED_ON_FROM, MOVED_ON_TO = 0.25, 0.9
# Frames after which a reading moves on to the next token, 0.8 s: no phoneme of the synthetic speech that was trained on takes
# longer. Or so many times what is allotted to a token, where tokens are longer than phonemes.
LONGEST_TOKEN, LONGEST_TOKEN_SHARE = 70, 4.375
# Each group is the likeliest given those before it, so that where two meet the spectrum jumps more than within them, a dozen
# times a second: it sounds rough. Shares of the jump that are taken back in the frames before a seam and after it, nearest first.
SEAM_SHARES = (0.25, 0.1)


class GroupMaker(Protocol):
    """A batch that is being spoken, by the modules of a model ([`TorchSpeech`]) or by graphs ([`OnnxSpeech`])."""

    def __call__(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """
        The places in the text of the next groups `(rows,)` to the groups, `(rows, group_size)`, normalised, after which the
        hidden states may follow that a refiner reads, `(rows, group_size + hidden_size)`; and how many tokens the reading
        position moves after them, `(rows,)`.
        """

    def keep(self, rows: np.ndarray) -> None:
        """Goes on with these rows of the last call alone, in this order."""


class Decoding:
    """
    The loop over the groups of a batch. A row whose reading position leaves its text ends, as does one that has used up
    its budget; the others go on without it. A reading that falls behind what its text is allotted, or stays at one token,
    is moved on.

    Args:
        num_tokens (`np.ndarray` of shape `(batch_size,)`): Tokens of each text.
        reduction_factor (`int`): Frames in a group.
        max_frames_per_token (`float`):
            Frames for each token in which a text should be read; one of a few tokens gets `MIN_FRAME_BUDGET`.
        max_groups (`int`): Upper bound of the groups of all rows.
        max_frames (`int`, *optional*): Budget of every row in frames. Defaults to those in which its text should be read.
        speed (`float`, *optional*, defaults to 1.0): Factor on the pace at which `max_frames` are counted.
        criteria (callable, *optional*):
            Called with the number of groups so far and the next reading positions, tells which rows end,
            `(batch_size,)`.

    Raises:
        ValueError: If `max_frames` is not positive.

    Attributes:
        budgets (`np.ndarray` of shape `(batch_size,)`): Groups that each row may have.
        longest_token (`int`): Groups in which a token but the last is read at the latest.
        lengths (`np.ndarray` of shape `(batch_size,)`): Groups of each row so far.
        stopped (`np.ndarray` of shape `(batch_size,)`): Whether a row has ended by itself.
        groups (`np.ndarray` of shape `(batch_size, num_groups, group_size)`):
            The groups so far, normalised, with what follows them.
        text_positions (`np.ndarray` of shape `(batch_size, num_groups)`):
            Place in the text that each group speaks; that of the end after each row's length.
    """

    def __init__(
        self,
        num_tokens: np.ndarray,
        reduction_factor: int,
        *,
        max_frames_per_token: float,
        max_groups: int,
        max_frames: int | None = None,
        speed: float = 1.0,
        criteria: Callable[[int, np.ndarray], np.ndarray] | None = None,
    ):
        self.criteria = criteria
        frames = np.maximum(num_tokens * max_frames_per_token, MIN_FRAME_BUDGET)
        allotted = np.ceil(frames / reduction_factor).astype(np.int64)
        budgets = allotted
        if max_frames is not None:
            if not 1 <= max_frames < math.inf:
                raise ValueError(f"`max_frames` must be a positive number, got {max_frames}.")
            budgets = np.full(len(allotted), math.ceil(max_frames / (reduction_factor / speed)))
        self.budgets = budgets = budgets.clip(1, max_groups)
        longest = max(LONGEST_TOKEN, LONGEST_TOKEN_SHARE * max_frames_per_token)
        self.longest_token = math.ceil(longest / reduction_factor)
        self.last_places = np.asarray(num_tokens - 1, np.float32)
        begin, end = (share * np.asarray(allotted, np.float32) for share in (MOVED_ON_FROM, MOVED_ON_TO))
        # where each reading is at least, after each number of groups
        moved_on = (np.arange(1, int(budgets.max()) + 1, dtype=np.float32)[:, None] - begin) / (end - begin)
        self._slowest = np.minimum(moved_on, 1.0) * self.last_places
        self.lengths = np.zeros(len(num_tokens), np.int64)
        self.stopped = np.zeros(len(num_tokens), bool)
        self._groups = np.zeros((len(num_tokens), 0, 0), np.float32)
        self._places = np.repeat(self.last_places[:, None], int(budgets.max()), axis=1)

    @property
    def groups(self) -> np.ndarray:  # noqa: D102 - see the class
        return self._groups[:, : self.lengths.max()]

    @property
    def text_positions(self) -> np.ndarray:  # noqa: D102 - see the class
        return self._places[:, : self.lengths.max()]

    def run(self, next_group: GroupMaker) -> Iterator[np.ndarray]:
        """Speaks, and yields each group of the rows that still run, `(rows, 1, group_size)`, normalised."""
        rows: Any = slice(None)  # as long as all run: indexing by numbers takes ten times as long
        # of the rows that run; the last token lies around `num_tokens - 1`, half a token to either side
        last_places, ends, slowest = self.last_places, self.last_places + np.float32(0.5), self._slowest
        position, budget = np.zeros(len(last_places), np.float32), self.budgets.min()
        positions = position.copy()  # of all rows
        for index in range(self._places.shape[1]):
            # padding is never read; the position itself goes on, so that small steps too leave the text
            place = np.minimum(position, last_places)
            group, step = next_group(place)
            if index == 0:  # of memory that is taken as it is used
                self._groups = np.zeros((*self._places.shape, group.shape[-1]), np.float32)
            self._groups[rows, index], self._places[rows, index] = group, place
            position = np.maximum(position + step, slowest[index])
            longest_ago = index - self.longest_token + 1
            if longest_ago >= 0:
                np.maximum(position, np.minimum(self._places[rows, longest_ago] + 1, last_places), out=position)
            ended = position >= ends
            if self.criteria is not None:
                positions[rows] = position
                ended |= self.criteria(index + 1, positions)[rows]
            some_ended = ended.any()
            if index + 1 == budget or some_ended:
                self.lengths[rows], self.stopped[rows] = index + 1, ended
            yield group[:, None]
            if index + 1 < budget and not some_ended:
                continue
            goes_on = ~ended & (self.budgets[rows] > index + 1)
            if not goes_on.any():
                self._warn_of_cuts()
                return
            kept = _close_up(goes_on)
            next_group.keep(kept)
            rows = np.arange(len(self.lengths))[rows][kept]
            position, last_places, ends, slowest = position[kept], last_places[kept], ends[kept], slowest[:, kept]
            budget = self.budgets[rows].min()

    def _warn_of_cuts(self) -> None:
        if not self.stopped.all():
            logger.warning(
                "%d of %d rows did not end by themselves and were cut at their frame budget (see `stopped`).",
                np.count_nonzero(~self.stopped),
                len(self.stopped),
            )


def _close_up(goes_on: np.ndarray) -> np.ndarray:
    """The rows that go on, in an order in which few change their place: the last ones fill the gaps."""
    kept = np.arange(np.count_nonzero(goes_on))
    kept[~goes_on[: len(kept)]] = len(kept) + np.flatnonzero(goes_on[len(kept) :])
    return kept


def check_setting(name: str, value: float) -> float:
    """
    `value`, if it can be that of a setting of `SETTING_RANGES`.

    Raises:
        ValueError, TypeError: If it cannot.
    """
    low, high = SETTING_RANGES[name]
    if not isinstance(value, numbers.Real):
        raise TypeError(f"`{name}` must be a number between {low} and {high}, got {value!r}.")
    if not low <= value <= high or math.isinf(value):
        bounds = f"lie between {low} and {high}" if high < math.inf else f"be a finite number, at least {low}"
        raise ValueError(f"`{name}` must {bounds}, got {value}.")
    return value


@dataclass
class FrameScale:
    """
    What makes frames of normalised groups.

    Args:
        frame_size (`int`): Values of a frame.
        reduction_factor (`int`): Frames in a group.
        denormalize (callable):
            Normalised frames `(..., frame_size)`, or their log-mels alone, of NumPy, to frames.
        silence_level (`float`): Log-mel value of digital silence.
        speed (`float`, *optional*, defaults to 1.0):
            Factor on the pace. Not one on the step of the reading position: a model that has learnt to find its place speaks
            as fast as before.
        pitch_factor (`float`, *optional*, defaults to 1.0): Factor on the pitch.
        match (`np.ndarray` of shape `(batch_size, n_mels + 1, n_mels)`, *optional*):
            Transform and shift of matched voices, see [`join_voice`].
        refine (callable, *optional*):
            Hidden states `(batch_size, num_groups, hidden_size)` and normalised groups to the normalised fine spectra of
            these, `(batch_size, num_groups, reduction_factor * FINE_FACTOR * n_mels)`, see [`GPT2TTSRefiner`].
    """

    frame_size: int
    reduction_factor: int
    denormalize: Callable[[np.ndarray], np.ndarray]
    silence_level: float
    speed: float = 1.0
    pitch_factor: float = 1.0
    match: np.ndarray | None = None
    refine: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None

    def of(self, speed: float, semitones: float, match: np.ndarray | None) -> "FrameScale":
        """The same at another pace and pitch, for voices that are matched so."""
        return replace(self, speed=speed, pitch_factor=2 ** (semitones / 12), match=match)

    def frame_lengths(self, lengths: np.ndarray) -> np.ndarray:
        """Groups of each row to frames, `(batch_size,)`."""
        return paced_lengths(lengths * self.reduction_factor, self.speed)

    def frames(self, groups: np.ndarray, lengths: np.ndarray) -> GPT2TTSFrames:
        """
        Normalised groups `(batch_size, num_groups, group_size)`, so many in each row, to frames, seams smoothed, at the pace
        asked for.
        """
        frames = self._split(groups)
        self._smooth(frames, lengths)
        return self._matched(change_pace(frames, lengths * self.reduction_factor, self.speed))

    def stream(self, groups: Iterable[np.ndarray]) -> Iterator[GPT2TTSFrames]:
        """
        The same of one row, as its groups `(1, 1, group_size)` are made: the frames before a seam wait for what follows it.
        """
        return map(self._matched, stream_pace(self._smoothed(groups), self.speed))

    def _smoothed(self, groups: Iterable[np.ndarray]) -> Iterator[GPT2TTSFrames]:
        size, reach = self.reduction_factor, _seam_reach(self.reduction_factor)
        last: GPT2TTSFrames | None = None
        for group in groups:
            frames = self._split(group)
            if last is None:
                yield frames.cut(0, size - reach)
            else:
                frames = last.join(frames)
                self._smooth(frames, np.array([2]))
                yield frames.cut(size - reach, 2 * size - reach)
            last = frames.cut(-size)
        if last is not None and reach:
            yield last.cut(size - reach)

    def _split(self, values: np.ndarray) -> GPT2TTSFrames:
        batch_size, group_size = len(values), self.frame_size * self.reduction_factor
        groups = values[..., :group_size]
        frames = split_frames(self.denormalize(groups.reshape(batch_size, -1, self.frame_size)))
        frames = frames._replace(pitch=frames.pitch * self.pitch_factor)
        if self.refine is None:
            return frames
        # the refiner knows the voices that it has learnt from, and makes others more like them
        is_matched = np.zeros(batch_size, bool) if self.match is None else (self.match != 0).any(axis=(1, 2))
        spectra = frames.spectrogram.reshape(batch_size, -1, self.reduction_factor, self.frame_size - 2)
        if is_matched.all():
            fine = interpolate_fine(spectra)
        else:
            told = self.refine(values[..., group_size:], groups)
            fine = self.denormalize(told.reshape(batch_size, -1, self.frame_size - 2)).reshape(*spectra.shape[:-1], -1)
            fine[is_matched] = interpolate_fine(spectra[is_matched])
        fine = fine.reshape(*frames.spectrogram.shape[:-1], -1)
        return frames._replace(fine_spectrogram=fine)

    def _smooth(self, frames: GPT2TTSFrames, lengths: np.ndarray) -> None:
        smooth_seams(frames.spectrogram, self.reduction_factor, lengths)
        if frames.fine_spectrogram is not None:
            smooth_seams(spread_fine(frames.fine_spectrogram), FINE_FACTOR * self.reduction_factor, lengths)

    def _matched(self, frames: GPT2TTSFrames) -> GPT2TTSFrames:
        if self.match is None:
            return frames
        transform, shift = self.match[:, :-1], self.match[:, -1:]
        fine = frames.fine_spectrogram
        if fine is not None:
            fine = change_frames(spread_fine(fine), transform, shift).reshape(fine.shape)
        spectrogram = change_frames(frames.spectrogram, transform, shift)
        return frames._replace(spectrogram=spectrogram, fine_spectrogram=fine)


def _seam_reach(reduction_factor: int) -> int:
    """Frames on each side of a seam that are smoothed."""
    return len(SEAM_SHARES) if reduction_factor >= 2 * len(SEAM_SHARES) else 0


def smooth_seams(spectrogram: np.ndarray, reduction_factor: int, lengths: np.ndarray) -> None:
    """
    Takes back a part of the jump where two groups meet, in place: what the slopes on both sides do not tell of it.

    Args:
        spectrogram (`np.ndarray` of shape `(batch_size, frames, n_mels)`): Log-mels, whole groups.
        reduction_factor (`int`): Frames in a group; in groups of fewer than four nothing is changed.
        lengths (`np.ndarray` of shape `(batch_size,)`): Groups of each row.
    """
    if not _seam_reach(reduction_factor):
        return
    groups = spectrogram.reshape(len(spectrogram), -1, reduction_factor, spectrogram.shape[-1])
    before, after = groups[:, :-1], groups[:, 1:]
    jump = after[:, :, 0] - before[:, :, -1]
    jump = jump - (before[:, :, -1] - before[:, :, -2] + after[:, :, 1] - after[:, :, 0]) / 2
    jump[np.arange(1, groups.shape[1]) >= lengths[:, None]] = 0.0
    for place, share in enumerate(SEAM_SHARES):
        before[:, :, -1 - place] += share * jump
        after[:, :, place] -= share * jump


@dataclass
class DecodedSpeech:
    """What a loop has made; for the fields see [`GPT2TTSGenerateOutput`]."""

    spectrogram: np.ndarray
    spectrogram_lengths: np.ndarray
    pitch: np.ndarray
    voicing: np.ndarray
    text_positions: np.ndarray
    stopped: np.ndarray
    fine_spectrogram: np.ndarray | None = None

    @classmethod
    def of(cls, decoding: Decoding, scale: FrameScale) -> "DecodedSpeech":
        """The whole utterances, with nothing after each row's end."""
        spectrogram, pitch, voicing, fine = scale.frames(decoding.groups, decoding.lengths)
        lengths = scale.frame_lengths(decoding.lengths)
        for row, length in enumerate(lengths):
            spectrogram[row, length:] = scale.silence_level
            voicing[row, length:] = 0.0
            if fine is not None:
                fine[row, length:] = scale.silence_level
        return cls(spectrogram, lengths, pitch, voicing, decoding.text_positions, decoding.stopped, fine)

    @property
    def frames(self) -> GPT2TTSFrames:
        """What a vocoder reads."""
        return GPT2TTSFrames(self.spectrogram, self.pitch, self.voicing, self.fine_spectrogram)

    @property
    def rows(self) -> list[GPT2TTSFrames]:
        """What a vocoder reads, each utterance by itself, as a batch of one."""
        return [self.frames.row(row, length) for row, length in enumerate(self.spectrogram_lengths.tolist())]


def part_seed(seed: int, part: int) -> int:
    """
    The seed of one part of what is spoken under a seed: unlike `seed + part`, no part of one seed draws as a part of another
    does.

    Raises:
        ValueError, TypeError: If the seed is negative, has more than 64 bits, or is no whole number.
    """
    if isinstance(seed, bool) or not isinstance(seed, numbers.Integral):
        raise TypeError(f"`seed` must be a whole number, got {seed!r}.")
    if not 0 <= seed < 2**64:
        raise ValueError(f"`seed` must be between 0 and 2**64 - 1, got {seed}.")
    # not as a pair: numbers of more than 32 bits take two places, and trailing zeros count for nothing
    state = np.random.SeedSequence(int(seed), spawn_key=(part,)).generate_state(1, np.uint64)[0]
    return int(state >> np.uint64(1))


class SeededUniform:
    """
    Draws what `torch.rand` draws on the CPU by `torch.Generator().manual_seed(seed)`, to the bit.

    Args:
        seed (`int`): Its seed.
    """

    def __init__(self, seed: int):
        self._state = np.random.RandomState(seed & 0xFFFFFFFF)  # PyTorch has the other bits for other engines

    def rand(self, *shape: int) -> np.ndarray:
        """Uniform numbers, at least 0 and below 1, float32."""
        drawn = self._state.randint(0, 2**32, shape, dtype=np.uint32)
        return (drawn & 0xFFFFFF).astype(np.float32) * np.float32(2**-24)


__all__ = [
    "SETTING_RANGES",
    "DecodedSpeech",
    "Decoding",
    "FrameScale",
    "GroupMaker",
    "SeededUniform",
    "check_setting",
    "part_seed",
    "smooth_seams",
]
