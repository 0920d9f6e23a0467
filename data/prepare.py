"""From dataset arguments to training and validation rows: what the training script calls."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import datasets
import numpy as np
from datasets import Dataset
from transformers import PreTrainedConfig, ProcessorMixin
from transformers.utils import logging

from .bpe_dropout import BpeDropout
from .collation import TrainingRows
from .features import BadRowReport, FeatureSettings, compute_features
from .speech_datasets import DatasetSpec, load_speech_dataset, split_by_text

if TYPE_CHECKING:
    from .speaker_embedding import SpeakerEncoder

logger = logging.get_logger(__name__)

REFERENCE_SECONDS = (1.5, 6.0)


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
    """

    train: Dataset
    validation: Dataset
    weights: np.ndarray
    report: BadRowReport
    seconds: float

    @property
    def speakers(self) -> list[str]:
        """Speakers of the training rows, sorted."""
        return sorted(set(self.train["speaker"][:]))

    def training_rows(
        self,
        config: PreTrainedConfig,
        *,
        processor: ProcessorMixin | None = None,
        bpe_dropout: float = 0.0,
        seed: int = 0,
    ) -> TrainingRows:
        """Training rows for the model of `config`; BPE dropout needs the `processor`."""
        if bpe_dropout and processor is None:
            raise ValueError("`bpe_dropout` needs the `processor`, whose tokenizer it uses.")
        return TrainingRows(
            self.train,
            n_mels=config.n_mels,
            reference_frames=reference_frames(config),
            weights=self.weights,
            bpe_dropout=BpeDropout(processor.tokenizer, bpe_dropout) if bpe_dropout else None,
            max_tokens=config.max_text_positions,
            seed=seed,
        )

    def validation_rows(self, config: PreTrainedConfig, *, seed: int = 0) -> TrainingRows:
        """Validation rows, their references taken from the training rows."""
        return TrainingRows(
            self.validation,
            n_mels=config.n_mels,
            references=self.train,
            reference_frames=reference_frames(config),
            seed=seed,
        )


def prepare_speech_data(
    specs: Sequence[str | os.PathLike | DatasetSpec],
    processor: ProcessorMixin,
    config: PreTrainedConfig,
    *,
    split: str = "train",
    speakers: Sequence[str] | None = None,
    exclude_speakers: Sequence[str] = (),
    exclude_files: Sequence[str] = (),
    validation_share: float = 0.02,
    max_validation_rows: int | None = None,
    num_proc: int | None = None,
    cache_dir: str | os.PathLike | None = None,
    speaker_encoder: "SpeakerEncoder | None" = None,
    max_bad_share: float = 0.1,
    max_missing_share: float = 0.99,
    report_path: str | os.PathLike | None = None,
) -> SpeechData:
    """
    Loads datasets, computes their features (or finds them in the cache) and splits them. With several processes call
    it under `accelerator.main_process_first()`: the first one computes, the others read.

    Missing audio files have an allowance of their own, since an LJSpeech folder with only some of its chapters is
    ordinary; `max_bad_share` counts the other causes, among the rows whose file is there.

    Args:
        specs (`Sequence`):
            The datasets, `SOURCE[:SPEAKER,...][=WEIGHT]`; see [`load_speech_dataset`].
        processor (`GPT2TTSProcessor`):
            Text normalisation, tokenizer and feature extractor.
        config (`GPT2TTSConfig`):
            Gives the longest text and target.
        split (`str`, *optional*, defaults to `"train"`):
            Split to load of datasets with splits.
        speakers (`Sequence[str]`, *optional*):
            Speakers to keep, in all datasets; one that is in none of them is an error.
        exclude_speakers (`Sequence[str]`, *optional*):
            Speakers to leave out.
        exclude_files (`Sequence[str]`, *optional*):
            Patterns of file names without folder and suffix to leave out, such as `"LJ050-*"`.
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
        max_missing_share (`float`, *optional*, defaults to 0.99):
            A dataset of which more audio files are missing is an error.
        report_path (`str` or `os.PathLike`, *optional*):
            JSON-lines file to list the skipped rows in.

    Raises:
        `ValueError`: a dataset lost too many rows, or none is left for training.
    """
    if not specs:
        raise ValueError("`specs` is empty: pass at least one dataset.")
    settings = FeatureSettings(
        max_tokens=config.max_text_positions, max_frames=config.max_mel_positions * config.reduction_factor
    )
    report = BadRowReport()
    parts, weights, known_speakers = [], [], {}
    for spec in specs:
        dataset = load_speech_dataset(
            spec, split=split, speakers=speakers, exclude_speakers=exclude_speakers, exclude_files=exclude_files
        )
        if dataset.name in report.num_rows:
            raise ValueError(
                f"Two datasets are named {dataset.name!r}: rename a folder, or pass it once with a weight."
            )
        if len(dataset.rows) == 0 and not dataset.missing:
            logger.warning(f"No row of dataset {dataset.name!r} passes the filters on speakers and files.")
            continue
        if len(dataset.rows) == 0:  # the filters leave rows whose file is missing
            report.num_rows[dataset.name] = len(dataset.missing)
            report.rows += dataset.missing
            continue
        features, lost = compute_features(
            dataset, processor, settings, cache_dir=cache_dir, num_proc=num_proc, speaker_encoder=speaker_encoder
        )
        report.num_rows.update(lost.num_rows)
        report.rows += lost.rows
        for speaker in set(features["speaker"][:]):
            if known_speakers.setdefault(speaker, dataset.name) != dataset.name:
                logger.warning(
                    f"Speaker {speaker!r} is in datasets {known_speakers[speaker]!r} and {dataset.name!r}, and is "
                    "taken for one voice."
                )
        parts.append(features)
        weights += [dataset.weight] * len(features)
    if report_path is not None:
        report.save(report_path)
    logger.info(f"{report}" + (f", listed in {report_path}" if report_path is not None else ""))
    report.check(max_bad_share=max_bad_share, max_missing_share=max_missing_share)
    unknown = sorted(set(speakers or ()) - set(known_speakers))
    if unknown:
        raise ValueError(f"`speakers` names {', '.join(unknown)}, and the datasets have no usable row of theirs.")
    if not parts or sum(map(len, parts)) == 0:
        raise ValueError("No row is left to train on: check the datasets and the filters on speakers and files.")

    features = datasets.concatenate_datasets(parts) if len(parts) > 1 else parts[0]
    training, validation = split_by_text(features["text"][:], validation_share)
    validation = _with_references(features, training, validation)
    if max_validation_rows is not None and len(validation) > max_validation_rows:
        validation = [validation[i] for i in np.linspace(0, len(validation) - 1, max_validation_rows).astype(int)]
    train = features.select(training)
    return SpeechData(
        train=train,
        validation=features.select(validation),
        weights=np.asarray(weights)[training],
        report=report,
        seconds=float(np.sum(train["num_frames"][:])) * config.hop_length / config.sampling_rate,
    )


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
        logger.warning(f"{len(validation) - len(kept)} validation rows have a speaker with no training row: left out.")
    return kept
