"""
Features of a speech dataset: words with their phonemes and durations, frames and speaker embeddings, computed once by
`datasets.map`, cached on disk under a fingerprint of everything they depend on, and memory-mapped from there.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasets
import numpy as np
import pyarrow as pa
import torch
from datasets import Dataset, Features, List, Value
from datasets.fingerprint import Hasher
from transformers import ProcessorMixin
from transformers.utils import logging

from ..audio import check_resampling, read_audio
from ..files import PARTIAL_PREFIX, replace_file
from ..phonemes_gpt2tts import Segment
from .alignment import align_recording, compile_librosa
from .frames import TrimmedClip, fit_durations, speech_frames, trim_clip
from .speech_datasets import BadRow, SpeechDataset

if TYPE_CHECKING:
    from ..evaluation.speaker_encoders import SpeakerEncoder

logger = logging.get_logger(__name__)

# raise it when the code below gives other features from the same settings: cached ones are then computed again
FEATURES_VERSION = 4

MAX_MISSING_SHARE = 0.99  # of the rows of a dataset may lack their file: some chapters of LJSpeech are one
STATISTICS_ROWS = 2000  # that statistics are computed from

FEATURE_COLUMNS = Features(
    {
        # a sentence in pieces, words and what is between them: as written, as spoken, and how many frames each symbol of
        # what is spoken lasts, the silence before and after included
        "words": List(Value("string")),
        "phonemes": List(Value("string")),
        "durations": List(Value("float16")),
        # frames x (bins, those of the fine spectra, log-pitch, voicing), flattened; half precision is 0.004 nepers off at
        # most, far below what a model resolves
        "labels": List(Value("float16")),
        "num_tokens": Value("int32"),
        "num_frames": Value("int32"),
        "text": Value("string"),
        "speaker": Value("string"),
        "dataset": Value("string"),
        "file": Value("string"),
        "cause": Value("string"),
        "detail": Value("string"),
    }
)


@dataclass
class FeatureSettings:
    """
    What the features of a row depend on besides the processor, and which rows are usable.

    Args:
        max_tokens (`int`):
            Longest text in tokens, usually `config.max_text_positions`.
        max_frames (`int`):
            Longest target in frames, usually `config.max_mel_positions * config.reduction_factor`.
        british_speakers (`Sequence[str]`, *optional*):
            Speakers whose texts are read as British phonemes.
        min_characters_per_second (`float`, *optional*, defaults to 3.0):
            Rows slower than this (after trimming) have a transcript that does not match. Clips under a second are
            not judged.
        max_characters_per_second (`float`, *optional*, defaults to 35.0):
            Rows faster than this have a transcript that does not match.
    """

    max_tokens: int
    max_frames: int
    british_speakers: Sequence[str] = ()
    min_characters_per_second: float = 3.0
    max_characters_per_second: float = 35.0


@dataclass
class BadRowReport:
    """
    The rows a dataset lost.

    Args:
        num_rows (`dict[str, int]`): Rows of each dataset, lost ones included.
        rows (`list[BadRow]`): The lost rows.
    """

    num_rows: dict[str, int] = field(default_factory=dict)
    rows: list[BadRow] = field(default_factory=list)

    @property
    def causes(self) -> dict[str, int]:
        """Number of lost rows for each cause."""
        return dict(Counter(row.cause for row in self.rows))

    def save(self, path: str | os.PathLike) -> None:
        """Writes one JSON object a line: cause, file, text, speaker, dataset, detail."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(vars(row), ensure_ascii=False) + "\n" for row in self.rows)

    def check(self, *, max_bad_share: float) -> None:
        """
        Raises `ValueError` where a dataset lost more than `MAX_MISSING_SHARE` of its rows to missing files, or more
        than `max_bad_share` of the rows whose file is there to other causes.
        """
        for name, total in self.num_rows.items():
            lost = Counter(row.cause for row in self.rows if row.dataset == name)
            missing = lost.pop("missing_file", 0)
            bad = sum(lost.values())
            present = total - missing
            if missing > MAX_MISSING_SHARE * total:
                raise ValueError(
                    f"{missing} of {total} audio files of dataset {name!r} are missing: check its path "
                    f"({MAX_MISSING_SHARE:.0%} may be)."
                )
            if bad > max_bad_share * present or bad == present:
                raise ValueError(
                    f"{bad} of {present} rows of dataset {name!r} cannot be used ({_format_counts(lost)}): mend the "
                    f"dataset, widen the limits, or raise `max_bad_share` ({max_bad_share:g})."
                )

    def __str__(self) -> str:
        total = sum(self.num_rows.values())
        return f"{len(self.rows)} of {total} rows skipped ({_format_counts(self.causes) or 'none'})"


class FeatureMap:
    """
    The function that `datasets.map` applies to batches of rows. A bad row keeps its place, with its cause and empty
    features.

    Args:
        processor (`GPT2TTSProcessor`): Text normalisation, tokenizer and feature extractor.
        settings ([`FeatureSettings`]): Limits.
        single_thread (`bool`, *optional*, defaults to `False`): Whether torch keeps to one thread; set in a pool.
    """

    def __init__(self, processor: ProcessorMixin, settings: FeatureSettings, *, single_thread: bool = False):
        self.processor = processor
        self.settings = settings
        self.single_thread = single_thread

    def __call__(self, batch: dict[str, list]) -> pa.Table:
        """Features of a batch of rows, with the columns of `FEATURE_COLUMNS`."""
        if self.single_thread and torch.get_num_threads() > 1:
            # OpenMP threads do not survive the fork of a pool
            torch.set_num_threads(1)
        rows = [self.row(*values) for values in zip(batch["audio"], batch["text"], batch["speaker"], strict=True)]
        columns: dict[str, Any] = {
            "words": [row["words"] for row in rows],
            "phonemes": [row["phonemes"] for row in rows],
            "durations": list_array([row["durations"] for row in rows], np.float16),
            "labels": list_array([row["labels"] for row in rows], np.float16),
            "num_tokens": [len(row["durations"]) for row in rows],
            "num_frames": [len(row["labels"]) for row in rows],
            "text": [row["text"] for row in rows],
            "speaker": batch["speaker"],
            "dataset": batch["dataset"],
            "file": batch["file"],
            "cause": [row["cause"] for row in rows],
            "detail": [row["detail"] for row in rows],
        }
        return pa.table(columns, schema=FEATURE_COLUMNS.arrow_schema)

    def row(self, audio: dict, text: str, speaker: str) -> dict[str, Any]:
        """Features of one row: `words`, `phonemes`, `durations`, `labels` (frames, values), `text`, `cause`, `detail`."""
        empty = {"words": [], "phonemes": [], "durations": np.zeros(0), "labels": np.zeros((0, 0))}
        try:
            segments = self.segment(text, speaker)
            labels, durations = self.speech(segments, self.read_clip(audio))
        except _BadRowError as error:
            return {**empty, "text": text, "cause": error.cause, "detail": str(error)}
        return {
            "words": [segment.text for segment in segments],
            "phonemes": [segment.phonemes for segment in segments],
            "durations": durations,
            "labels": labels,
            "text": "".join(segment.text for segment in segments),
            "cause": "",
            "detail": "",
        }

    def speech(self, segments: Sequence[Segment], clip: TrimmedClip) -> tuple[np.ndarray, np.ndarray]:
        """
        The frames of a clip, and how many of them each symbol of its sentence lasts.

        Raises:
            ValueError: If one does not fit the other, or the limits.
        """
        labels = self.frames(clip)
        symbols = "".join(segment.phonemes for segment in segments)
        self._check_lengths("".join(segment.text for segment in segments), symbols, labels)
        return labels, self.align(symbols, labels, clip)

    def segment(self, text: str, speaker: str) -> list[Segment]:
        """The normalised text in words and what is between them."""
        if not any(character.isalnum() for character in text):
            raise _BadRowError("empty_text", f"no letter or digit in {text!r}")
        try:
            segments = self.processor.segment(text, british=speaker in self.settings.british_speakers)
        except ValueError as error:
            raise _BadRowError("invalid_text", str(error)) from error
        if not any(segment.is_word for segment in segments):
            raise _BadRowError("empty_text", f"no letter or digit left of {text!r}")
        return segments

    def read_clip(self, audio: dict) -> TrimmedClip:
        """The trimmed clip."""
        extractor = self.processor.feature_extractor
        try:
            waveform, rate = read_audio(audio)
            check_resampling(rate, extractor.sampling_rate)
        except FileNotFoundError as error:
            raise _BadRowError("missing_file", str(error)) from error
        except ValueError as error:
            raise _BadRowError("undecodable", str(error)) from error
        if not np.isfinite(waveform).all():
            raise _BadRowError("not_finite", "the samples hold NaN or infinity")
        if waveform.size == 0 or np.abs(waveform - waveform.mean()).max() < extractor.silence_level:
            raise _BadRowError("silent", f"{len(waveform)} samples, none of them audible")
        clip = trim_clip(extractor.resample(torch.from_numpy(waveform).float(), rate), extractor)
        if clip.offset - clip.onset < extractor.min_duration:
            raise _BadRowError("too_short", f"{clip.offset - clip.onset:.3f} s of sound")
        return clip

    def frames(self, clip: TrimmedClip) -> np.ndarray:
        """Log-mel, fine spectra, log-pitch and voicing of the clip, float16 `(frames, label_size(n_mels))`."""
        return speech_frames(clip, self.processor.feature_extractor)

    def align(self, symbols: str, labels: np.ndarray, clip: TrimmedClip) -> np.ndarray:
        """How many frames each symbol lasts, the silence before and after included."""
        extractor = self.processor.feature_extractor
        durations = align_recording(symbols, labels[:, : extractor.feature_size], extractor)
        frame_rate = extractor.frame_rate
        whole = replace(clip, start=0.0)  # the durations are those of what is left of the clip
        return fit_durations(durations / frame_rate, symbols, whole, frame_rate)

    def _check_lengths(self, text: str, symbols: str, labels: np.ndarray) -> None:
        settings = self.settings
        num_tokens = len(symbols) + 2
        if num_tokens > settings.max_tokens:
            raise _BadRowError("too_long", f"{num_tokens} text tokens, at most {settings.max_tokens} fit")
        if len(labels) > settings.max_frames:
            raise _BadRowError("too_long", f"{len(labels)} frames, at most {settings.max_frames} fit")
        extractor = self.processor.feature_extractor
        seconds = len(labels) / extractor.frame_rate
        rate = len(text) / seconds
        slowest = settings.min_characters_per_second if seconds >= 1 else 0.0
        if not slowest <= rate <= settings.max_characters_per_second:
            raise _BadRowError("speaking_rate", f"{rate:.1f} characters a second")


class _BadRowError(ValueError):
    def __init__(self, cause: str, detail: str):
        super().__init__(detail)
        self.cause = cause


def compute_features(
    dataset: SpeechDataset,
    processor: ProcessorMixin,
    settings: FeatureSettings,
    *,
    cache_dir: str | os.PathLike | None = None,
    num_proc: int | None = None,
    speaker_encoder: "SpeakerEncoder | None" = None,
) -> tuple[Dataset, BadRowReport]:
    """
    Features of the usable rows of a dataset, read from the cache where they were computed before. With several
    processes call it under `accelerator.main_process_first()`.

    Args:
        dataset ([`SpeechDataset`]):
            The rows, not streamed.
        processor (`GPT2TTSProcessor`):
            Text normalisation, tokenizer and feature extractor.
        settings ([`FeatureSettings`]):
            Limits.
        cache_dir (`str` or `os.PathLike`, *optional*):
            Folder of the cache. Defaults to `gpt2tts` in the cache of `datasets`.
        num_proc (`int`, *optional*):
            Worker processes. Defaults to none.
        speaker_encoder (`SpeakerEncoder`, *optional*):
            Adds the column `speaker_embedding`, of each whole clip.

    Returns:
        `tuple[Dataset, BadRowReport]`: rows with the columns of `FEATURE_COLUMNS` (`labels` float16, flat, to be
        reshaped to `(num_frames, label_size(n_mels))`) and maybe `speaker_embedding`; and the rows that were lost.

    Raises:
        ValueError: If the features in the cache are damaged; says which to delete.
    """
    rows = dataset.rows
    num_proc = None if num_proc is None or num_proc <= 1 or len(rows) < 2 else min(num_proc, len(rows))
    cache_dir = Path(cache_dir or Path(datasets.config.HF_DATASETS_CACHE) / "gpt2tts")
    cache_dir.mkdir(parents=True, exist_ok=True)
    fingerprint = features_fingerprint(rows, processor, asdict(settings))
    if num_proc is not None and not any(cache_dir.glob(f"features-{fingerprint}*.arrow")):
        compile_librosa()
    try:
        features = rows.map(
            FeatureMap(processor, settings, single_thread=num_proc is not None),
            batched=True,
            batch_size=16,
            writer_batch_size=128,
            remove_columns=rows.column_names,
            features=FEATURE_COLUMNS,
            num_proc=num_proc,
            new_fingerprint=fingerprint,
            cache_file_name=str(cache_dir / f"features-{fingerprint}.arrow"),
            desc=f"Features of {dataset.name}",
        )
    except (OSError, pa.ArrowInvalid) as error:
        damaged = any(cache_dir.glob(f"features-{fingerprint}*.arrow")) and getattr(error, "errno", None) is None
        if not damaged:
            raise
        raise ValueError(
            f"The features of {dataset.name} in {cache_dir} cannot be read ({error}): delete features-{fingerprint}*.arrow there, "
            "and they are computed anew."
        ) from error
    causes = features["cause"][:]
    bad = [row for row, cause in enumerate(causes) if cause]
    report = BadRowReport({dataset.name: len(features) + len(dataset.missing)}, list(dataset.missing))
    for row in features.select_columns(["cause", "file", "text", "speaker", "dataset", "detail"]).select(bad):
        report.rows.append(BadRow(**row))
    features = features.remove_columns(["cause", "detail"])
    good = [row for row, cause in enumerate(causes) if not cause]
    if speaker_encoder is not None:
        embeddings = _compute_speaker_embeddings(
            rows, good, dataset.name, processor, speaker_encoder, cache_dir, num_proc
        )
        features = datasets.concatenate_datasets([features, embeddings], axis=1)
    return (features.select(good) if bad else features), report


def features_fingerprint(rows: Dataset, processor: ProcessorMixin, settings: Mapping[str, Any]) -> str:
    """
    Name of the features in the cache. It depends on the rows, the feature extractor's configuration, the tokenizer, the
    settings, and what text normalisation makes of a sample of the rows, so that editing a comment computes nothing
    again while another treatment of the text does.
    """
    sample = rows.select(np.linspace(0, len(rows) - 1, min(len(rows), 200)).astype(int)) if len(rows) else rows
    texts, british = [], settings.get("british_speakers", ())
    for text, speaker in zip(sample["text"][:], sample["speaker"][:], strict=True):
        try:
            segments = processor.segment(text, british=speaker in british)
            texts.append("".join(segment.phonemes for segment in segments))
        except ValueError as error:
            texts.append(str(error))
    state = [
        FEATURES_VERSION,
        rows._fingerprint,
        processor.feature_extractor.to_dict(),
        texts,
        settings,
    ]
    return Hasher.hash_bytes(json.dumps(state, sort_keys=True, default=str).encode())


def _compute_speaker_embeddings(
    rows: Dataset,
    good: list[int],
    name: str,
    processor: ProcessorMixin,
    encoder: "SpeakerEncoder",
    cache_dir: Path,
    num_proc: int | None,
) -> Dataset:
    """Unit-norm embeddings (bad rows: zeros), in a cache of their own so that another encoder costs no mels."""
    fingerprint = Hasher.hash([FEATURES_VERSION, rows._fingerprint, good, encoder.name, encoder.version])
    sampling_rate = processor.feature_extractor.sampling_rate
    is_good = np.zeros(len(rows), dtype=bool)
    is_good[good] = True
    if torch.device(getattr(encoder, "device", "cpu")).type != "cpu":
        num_proc = None  # an accelerator cannot be used from a forked pool

    def embed(batch: dict[str, list], indices: list[int]) -> dict[str, Any]:
        if num_proc is not None:
            torch.set_num_threads(1)
        usable = [number for number, row in enumerate(indices) if is_good[row]]
        waveforms = [read_audio(batch["audio"][number], sampling_rate)[0] for number in usable]
        embeddings = np.zeros((len(indices), encoder.embedding_dim), dtype=np.float32)
        embeddings[usable] = encoder.embed(waveforms, sampling_rate)
        return {"speaker_embedding": embeddings}

    return rows.map(
        embed,
        with_indices=True,
        batched=True,
        batch_size=16,
        remove_columns=rows.column_names,
        features=Features({"speaker_embedding": List(Value("float32"))}),
        num_proc=num_proc,
        new_fingerprint=fingerprint,
        cache_file_name=str(cache_dir / f"speakers-{fingerprint}.arrow"),
        desc=f"Speaker embeddings of {name}",
    )


def compute_mel_statistics(features: Dataset, n_mels: int) -> tuple[float, float]:
    """
    Mean and standard deviation of the log-mels of a dataset of features, over all bins, for the model's normalisation.

    Args:
        features (`Dataset`): Rows of [`compute_features`], of which up to `STATISTICS_ROWS`, evenly spaced, are used.
        n_mels (`int`): Number of mel bins.
    """
    if len(features) == 0:
        raise ValueError("`features` has no rows: statistics need some.")
    chosen = np.unique(np.linspace(0, len(features) - 1, min(STATISTICS_ROWS, len(features))).astype(int))
    rows = features.select_columns(["labels", "num_frames"]).with_format("numpy")
    total, squares, num_frames = np.zeros(n_mels), np.zeros(n_mels), 0
    for start in range(0, len(chosen), 64):
        batch = rows[chosen[start : start + 64]]
        for labels, length in zip(batch["labels"], batch["num_frames"], strict=True):
            mel = labels.reshape(length, -1)[:, :n_mels].astype(np.float32)
            total += mel.sum(axis=0, dtype=np.float64)
            squares += np.square(mel).sum(axis=0, dtype=np.float64)
            num_frames += len(mel)
    mean = float((total / num_frames).mean())
    return mean, float(np.sqrt(max((squares / num_frames).mean() - mean**2, 0)))


def feature_files(folder: str | os.PathLike) -> list[Path]:
    """
    The Arrow files of a folder of features, in order, without the caches that `datasets` may have left beside them and what
    is not complete.
    """
    others = ("cache-", PARTIAL_PREFIX)
    return sorted(path for path in Path(folder).glob("*.arrow") if not path.name.startswith(others))


def write_features(rows: Sequence[Mapping[str, Any]], path: str | os.PathLike) -> None:
    """
    Writes rows of features as an Arrow file, whole or not at all. A folder of such files is a dataset, see
    `read_features` in `data/prepare.py`.

    Args:
        rows (`Sequence[Mapping[str, Any]]`): At least one, with the columns of `FEATURE_COLUMNS` up to `file`.
        path (`str` or `os.PathLike`): Ends in `.arrow`.
    """
    columns: dict[str, Any] = {key: [row[key] for row in rows] for key in rows[0]}
    for name in ("durations", "labels"):
        columns[name] = list_array(columns[name], np.float16)
    schema = pa.schema([field for field in FEATURE_COLUMNS.arrow_schema if field.name in columns])
    table = pa.table({name: columns[name] for name in schema.names}, schema=schema)
    with (
        replace_file(path) as partial,
        pa.OSFile(str(partial), "wb") as sink,
        pa.ipc.new_stream(sink, schema) as writer,
    ):
        writer.write_table(table)


def list_array(arrays: Sequence[np.ndarray], dtype: type) -> pa.ListArray:
    """A column of lists of numbers."""
    flat = np.concatenate([np.asarray(array, dtype=dtype).reshape(-1) for array in arrays])
    offsets = np.cumsum([0, *(array.size for array in arrays)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat))


def _format_counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{cause} {count}" for cause, count in sorted(counts.items(), key=lambda item: -item[1]))
