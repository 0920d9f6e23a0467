"""From dataset arguments to training and validation rows: what the training script calls."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasets
import numpy as np
from datasets import Dataset
from transformers import PreTrainedConfig, PreTrainedTokenizerBase, ProcessorMixin
from transformers.utils import logging

from .collation import Augmentation, TrainingRows
from .features import FEATURE_COLUMNS, BadRowReport, FeatureSettings, compute_features, feature_files
from .frames import label_size
from .speech_datasets import BadRow, DatasetSpec, SpeechDataset, check_speakers, load_speech_dataset, split_by_text

if TYPE_CHECKING:
    from ..evaluation.speaker_encoders import SpeakerEncoder

logger = logging.get_logger(__name__)

REFERENCE_SECONDS = (1.5, 6.0)

# rows at the beginning of each stream that stand for it in validation, statistics and voices
STREAM_HEAD = 512


@dataclass
class SpeechData:
    """
    Features of a mix of datasets, split into training and validation.

    Args:
        train (`Dataset`): Training features, see [`compute_features`] for the columns.
        validation (`Dataset`): Validation features; no text of theirs is in `train`.
        weights (`np.ndarray` of shape `(len(train),)`): How often each training row is drawn in an epoch.
        report ([`BadRowReport`]): Rows that were skipped.
        seconds (`float`): Length of the training speech.
        validation_share (`float`): Share of the texts that is kept for validation, as it came out.
        streams (`list[SpeechDataset]`): The datasets, where they are read as streams; the features are of their beginning.
    """

    train: Dataset
    validation: Dataset
    weights: np.ndarray
    report: BadRowReport
    seconds: float
    validation_share: float
    streams: list[SpeechDataset]

    @property
    def speakers(self) -> list[str]:
        """Speakers of the training rows, sorted."""
        return sorted(set(self.train["speaker"][:]))

    def training_rows(
        self,
        config: PreTrainedConfig,
        tokenizer: PreTrainedTokenizerBase,
        *,
        augmentation: Augmentation | None = None,
        seed: int = 0,
    ) -> TrainingRows:
        """Training rows for the model of `config`."""
        return TrainingRows(
            self.train,
            tokenizer,
            reduction_factor=config.reduction_factor,
            n_mels=config.n_mels,
            reference_frames=reference_frames(config),
            weights=self.weights,
            augmentation=augmentation,
            max_tokens=config.max_text_positions,
            seed=seed,
        )

    def validation_rows(
        self, config: PreTrainedConfig, tokenizer: PreTrainedTokenizerBase, *, seed: int = 0
    ) -> TrainingRows:
        """Validation rows, their references taken from the training rows."""
        return TrainingRows(
            self.validation,
            tokenizer,
            reduction_factor=config.reduction_factor,
            n_mels=config.n_mels,
            references=self.train,
            reference_frames=reference_frames(config),
            seed=seed,
        )


@dataclass
class _Mix:
    """Features of datasets as they are put together, the weights of their rows, and what was left out."""

    settings: FeatureSettings
    parts: list[Dataset] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    speakers: dict[str, str] = field(default_factory=dict)  # with the name of a dataset that has them
    streams: list[SpeechDataset] = field(default_factory=list)
    report: BadRowReport = field(default_factory=BadRowReport)

    def add_features(self, features: Dataset, spec: DatasetSpec) -> None:
        """Adds features that were made before."""
        features, long_rows = _leave_out_long(features, self.settings, spec.name)
        if long_rows:
            earlier = self.report.num_rows.get(spec.name, 0)
            self.report.num_rows[spec.name] = earlier + len(features) + len(long_rows)
            self.report.rows += long_rows
        self._add(features, spec.weight)
        self.speakers.update(dict.fromkeys(set(features["speaker"][:]), spec.name))

    def add_dataset(self, dataset: SpeechDataset, processor: ProcessorMixin, **options: Any) -> None:
        """Computes the features of a dataset; `options` are those of [`compute_features`]."""
        if dataset.name in self.report.num_rows:
            raise ValueError(
                f"Two datasets are named {dataset.name!r}: rename a folder, or pass it once with a weight."
            )
        if len(dataset.rows) == 0 and not dataset.missing:
            logger.warning(f"No row of dataset {dataset.name!r} passes the filters on speakers and files.")
            return
        if len(dataset.rows) == 0:  # the filters leave rows whose file is missing
            self.report.num_rows[dataset.name] = len(dataset.missing)
            self.report.rows += dataset.missing
            return
        features, lost = compute_features(dataset, processor, self.settings, **options)
        self.report.num_rows.update(lost.num_rows)
        self.report.rows += lost.rows
        for speaker in set(features["speaker"][:]):
            if self.speakers.setdefault(speaker, dataset.name) != dataset.name:
                logger.warning(
                    f"Speaker {speaker!r} is in datasets {self.speakers[speaker]!r} and {dataset.name!r}, and is "
                    "taken for one voice."
                )
        self._add(features, dataset.weight)

    def _add(self, features: Dataset, weight: float) -> None:
        self.parts.append(features)
        self.weights += [weight] * len(features)


def prepare_speech_data(
    specs: Sequence[str | os.PathLike | DatasetSpec],
    processor: ProcessorMixin,
    config: PreTrainedConfig,
    *,
    streaming: bool = False,
    speakers: Sequence[str] | None = None,
    exclude_speakers: Sequence[str] = (),
    exclude_files: Sequence[str] = (),
    british_speakers: Sequence[str] = (),
    speaker_balance: float = 0.0,
    validation_share: float = 0.02,
    max_validation_rows: int | None = None,
    num_proc: int | None = None,
    cache_dir: str | os.PathLike | None = None,
    speaker_encoder: "SpeakerEncoder | None" = None,
    max_bad_share: float = 0.1,
    report_path: str | os.PathLike | None = None,
) -> SpeechData:
    """
    Loads datasets, computes their features (or finds them in the cache) and splits them. With several processes call
    it under `accelerator.main_process_first()`: the first one computes, the others read.

    Missing audio files have an allowance of their own, since an LJSpeech folder with only some of its chapters is
    ordinary; `max_bad_share` counts the other causes, among the rows whose file is there.

    Args:
        specs (`Sequence`):
            The datasets, `SOURCE[:SPEAKER,...][=WEIGHT]`; see [`load_speech_dataset`]. A folder of Arrow
            files with features is taken as it is.
        processor (`GPT2TTSProcessor`):
            Text normalisation, tokenizer and feature extractor.
        config (`GPT2TTSConfig`):
            Gives the longest text and target.
        streaming (`bool`, *optional*, defaults to `False`):
            Whether to read the datasets as streams, and to compute features of their first rows alone.
        speakers (`Sequence[str]`, *optional*):
            Speakers to keep, in all datasets; one that is in none of them is an error.
        exclude_speakers (`Sequence[str]`, *optional*):
            Speakers to leave out.
        exclude_files (`Sequence[str]`, *optional*):
            Patterns of file names without folder and suffix to leave out, such as `"LJ050-*"`.
        british_speakers (`Sequence[str]`, *optional*):
            Speakers whose texts are read as British phonemes.
        speaker_balance (`float`, *optional*, defaults to 0.0):
            0 draws rows as often as the datasets hold them, 1 each speaker for as long as any other; between them a
            speaker with a share `s` of the speech is drawn `s ** (1 - speaker_balance)` as often.
        validation_share (`float`, *optional*, defaults to 0.02):
            Share of the texts kept for validation.
        max_validation_rows (`int`, *optional*):
            Use at most this many rows for validation, evenly spaced among them.
        num_proc (`int`, *optional*):
            Worker processes for the features.
        cache_dir (`str` or `os.PathLike`, *optional*):
            Folder of the features. Defaults to `gpt2tts` in the cache of `datasets`.
        speaker_encoder (`SpeakerEncoder`, *optional*):
            Adds speaker embeddings.
        max_bad_share (`float`, *optional*, defaults to 0.1):
            A dataset that loses more of the rows whose file is there is an error.
        report_path (`str` or `os.PathLike`, *optional*):
            JSON-lines file to list the skipped rows in.

    Raises:
        `ValueError`: a dataset lost too many rows, or none is left for training.
    """
    if not specs:
        raise ValueError("`specs` is empty: pass at least one dataset.")
    settings = FeatureSettings(
        max_tokens=config.max_text_positions,
        max_frames=config.max_mel_positions * config.reduction_factor,
        british_speakers=tuple(british_speakers),
    )
    chosen = {"speakers": speakers, "exclude_speakers": exclude_speakers, "exclude_files": exclude_files}
    mix = _Mix(settings)
    for spec in map(DatasetSpec.parse, specs):
        features = read_features(spec, **chosen)
        if features is None:
            dataset = load_speech_dataset(spec, streaming=streaming, **chosen)
            if streaming:
                mix.streams.append(dataset)
                dataset = dataset.head(STREAM_HEAD)
            mix.add_dataset(
                dataset, processor, cache_dir=cache_dir, num_proc=num_proc, speaker_encoder=speaker_encoder
            )
        elif streaming:
            raise ValueError(f"{spec.source} holds features, which are no stream: leave `streaming` out for them.")
        else:
            _check_frames(features, config.n_mels, spec.source)
            mix.add_features(features, spec)
    report = mix.report
    if report_path is not None:
        report.save(report_path)
    logger.info(f"{report}" + (f", listed in {report_path}" if report_path is not None else ""))
    report.check(max_bad_share=max_bad_share)
    unknown = sorted(set(speakers or ()) - set(mix.speakers))
    if unknown and not streaming:  # they may come later in a stream
        raise ValueError(f"`speakers` names {', '.join(unknown)}, and the datasets have no usable row of theirs.")
    if sum(map(len, mix.parts)) == 0:
        raise ValueError("No row is left to train on: check the datasets and the filters on speakers and files.")

    features = datasets.concatenate_datasets(mix.parts) if len(mix.parts) > 1 else mix.parts[0]
    training, validation, validation_share = split_by_text(features["text"][:], validation_share)
    if not training:
        raise ValueError(f"`validation_share` {validation_share:g} leaves no row to train on: lower it, or add data.")
    validation = _with_references(features, training, validation)
    if max_validation_rows is not None and len(validation) > max_validation_rows:
        validation = [validation[i] for i in np.linspace(0, len(validation) - 1, max_validation_rows).astype(int)]
    train = features.select(training)
    return SpeechData(
        train=train,
        validation=features.select(validation),
        weights=balance_speakers(np.asarray(mix.weights)[training], train, speaker_balance),
        report=report,
        seconds=float(np.sum(train["num_frames"][:])) / config.frame_rate,
        validation_share=validation_share,
        streams=mix.streams,
    )


def read_features(
    spec: DatasetSpec,
    *,
    speakers: Sequence[str] | None = None,
    exclude_speakers: Sequence[str] = (),
    exclude_files: Sequence[str] = (),
) -> Dataset | None:
    """
    The features in the folder of `spec`, of the speakers and files asked for; `None` if it holds no features.

    Raises:
        ValueError: If `spec` names a speaker that is not there.
    """
    files = feature_files(spec.source)
    if not files:
        return None
    features = datasets.concatenate_datasets([Dataset.from_file(str(path)) for path in files])
    columns = set(FEATURE_COLUMNS) - {"cause", "detail"}
    if not columns <= set(features.column_names):
        return None
    features = features.select_columns(sorted(columns))
    names = np.asarray(features["speaker"][:])
    check_speakers(spec, names)
    kept = ~np.isin(names, list(exclude_speakers))
    for chosen in (speakers, spec.speakers):
        kept &= np.isin(names, list(chosen)) if chosen else True
    if exclude_files:
        stems = [Path(file).stem for file in features["file"][:]]
        kept &= [not any(fnmatchcase(stem, pattern) for pattern in exclude_files) for stem in stems]
    return features if kept.all() else features.select(np.flatnonzero(kept))


def _check_frames(features: Dataset, n_mels: int, source: str) -> None:
    """Refuses features of other frames: of another number of mel bins, or made before there were fine spectra."""
    if not len(features):
        return
    row, expected = features[0], label_size(n_mels)
    if len(row["labels"]) != expected * row["num_frames"]:
        raise ValueError(
            f"{source} holds features with {len(row['labels']) / max(row['num_frames'], 1):g} values in a frame, and {expected} are "
            "expected: they are of another version or another number of mel bins. Make them again by `recipes/corpus.py`."
        )


def _leave_out_long(features: Dataset, settings: FeatureSettings, name: str) -> tuple[Dataset, list[BadRow]]:
    """Features that fit the model, and the rows that do not: those of a folder may have been made for a larger one."""
    num_tokens, num_frames = (np.asarray(features[column][:]) for column in ("num_tokens", "num_frames"))
    is_long = (num_tokens > settings.max_tokens) | (num_frames > settings.max_frames)
    if not is_long.any():
        return features, []
    limits = f"at most {settings.max_tokens} and {settings.max_frames} fit"
    lost = [
        BadRow(
            "too_long",
            row["file"],
            row["text"],
            row["speaker"],
            name,
            f"{tokens} text tokens, {frames} frames, {limits}",
        )
        for row, tokens, frames in zip(
            features.select_columns(["file", "text", "speaker"]).select(np.flatnonzero(is_long)),
            num_tokens[is_long],
            num_frames[is_long],
            strict=True,
        )
    ]
    return features.select(np.flatnonzero(~is_long)), lost


def balance_speakers(weights: np.ndarray, features: Dataset, balance: float) -> np.ndarray:
    """Weights of rows `(num_rows,)` with those of speakers who speak for long lowered, their mean as it was."""
    if balance == 0:
        return weights
    names, speaker = np.unique(np.asarray(features["speaker"][:]), return_inverse=True)
    amounts = np.bincount(speaker, weights * np.asarray(features["num_frames"][:]), len(names))
    balanced = weights * (amounts**-balance)[speaker]
    return balanced * weights.sum() / balanced.sum()


def reference_frames(config: PreTrainedConfig) -> tuple[int, int]:
    """Shortest and longest reference crop in frames: 1.5 to 6 seconds, and no more than the model takes."""
    shortest, longest = (round(seconds * config.sampling_rate / config.hop_length) for seconds in REFERENCE_SECONDS)
    longest = min(longest, config.max_reference_frames)
    return min(shortest, longest), longest


def _with_references(features: Dataset, training: list[int], validation: list[int]) -> list[int]:
    """Drops validation rows whose speaker has no training row to take a reference from."""
    speakers = features["speaker"][:]
    known = {speakers[row] for row in training}
    kept = [row for row in validation if speakers[row] in known]
    if len(kept) < len(validation):
        logger.warning_once(
            f"{len(validation) - len(kept)} validation rows have a speaker with no training row: left out."
        )
    return kept
