"""The model card of a trained checkpoint, filled in from `model_card.md`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset
from huggingface_hub import EvalResult, ModelCard, ModelCardData
from transformers import PreTrainedModel

TEMPLATE = Path(__file__).parents[1] / "model_card.md"

# name of a metric of the validation: (type of the Hub, how the card calls it, factor)
METRICS = {
    "free_running_cer": ("cer", "Character error rate, free running (%)", 100.0),
    "teacher_forced_cer": ("cer", "Character error rate, teacher forced (%)", 100.0),
    "free_running_cer_texts": ("cer", "Character error rate, given texts (%)", 100.0),
    "stopped": ("stopped", "Sentences that ended by themselves (%)", 100.0),
    "stop_error_share": ("stop_error", "Difference in length to the recording (%)", 100.0),
    "focus": ("attention_focus", "Attention focus (0 to 1)", 1.0),
    "spectrogram_loss": ("spectrogram_loss", "Spectrogram loss, teacher forced", 1.0),
    "loss": ("loss", "Loss, teacher forced", 1.0),
}


def summarize_data(features: Dataset, frame_rate: float) -> list[str]:
    """
    A line for each dataset: name, clips, speakers, minutes.

    Args:
        features (`Dataset`):
            Rows with `dataset`, `speaker` and `num_frames`.
        frame_rate (`float`):
            Mel frames a second.
    """
    amounts: dict[str, list] = {}
    columns = [features[column][:] for column in ("dataset", "speaker", "num_frames")]
    for name, speaker, frames in zip(*columns, strict=True):
        amount = amounts.setdefault(name, [0, set(), 0])
        amount[0] += 1
        amount[1].add(speaker)
        amount[2] += frames
    return [
        f"`{name}`: {clips} clips of {len(speakers)} speaker(s), {frames / frame_rate / 60:.1f} minutes"
        for name, (clips, speakers, frames) in amounts.items()
    ]


def write_model_card(
    folder: str | os.PathLike,
    model: PreTrainedModel,
    *,
    arguments: Mapping[str, Any],
    datasets: Sequence[str] = (),
    data_summary: Sequence[str] = (),
    metrics: Mapping[str, float] | None = None,
    training_summary: str = "",
    model_id: str | None = None,
    license: str | None = None,
    recognizer: str | None = None,
) -> Path:
    """
    Write `README.md` into the folder of a saved model.

    Args:
        folder (`str` or `os.PathLike`):
            The folder.
        model (`PreTrainedModel`):
            The model, for its size, configuration and voices.
        arguments (`Mapping[str, Any]`):
            Arguments of the training.
        datasets (`Sequence[str]`, *optional*):
            Hub ids of the datasets, for the metadata; local folders do not belong there.
        data_summary (`Sequence[str]`, *optional*):
            One line for each dataset: name, amount, licence.
        metrics (`Mapping[str, float]`, *optional*):
            Numbers of the validation, under the names in `METRICS`; others are left out.
        training_summary (`str`, *optional*):
            How long it was trained, on what.
        model_id (`str`, *optional*):
            Repository on the Hub; defaults to the folder's name.
        license (`str`, *optional*):
            Licence of the weights as the Hub names it, as in `"apache-2.0"`.
        recognizer (`str`, *optional*):
            Recogniser behind the character error rates.

    Returns:
        `Path`: the card.
    """
    folder = Path(folder)
    config = model.config
    known = {name: metrics[name] * METRICS[name][2] for name in METRICS if name in (metrics or {})}
    model_name = (model_id or folder.resolve().name).split("/")[-1]
    card_data = ModelCardData(
        language="en",
        license=license,
        library_name="transformers",
        pipeline_tag="text-to-speech",
        tags=["gpt2tts", "text-to-speech", "voice-cloning", "custom_code"],
        datasets=list(datasets) or None,
        model_name=model_name if known else None,
        eval_results=[
            EvalResult(
                task_type="text-to-speech",
                dataset_type="held-out",
                dataset_name="held-out sentences of the training data",
                metric_type=METRICS[name][0],
                metric_name=METRICS[name][1],
                metric_value=round(value, 4),
            )
            for name, value in known.items()
        ]
        or None,
    )
    card = ModelCard.from_template(
        card_data,
        template_path=str(TEMPLATE),
        model_name=model_name,
        model_id=model_id or model_name,
        config=config,
        num_parameters=f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} million",
        voices=list(model.voices),
        max_seconds=round(config.max_mel_positions * config.reduction_factor / config.frame_rate, 1),
        reference_seconds=round(config.max_reference_frames / config.frame_rate, 1),
        training_data=list(data_summary) or list(datasets),
        training_summary=training_summary,
        arguments=dict(arguments),
        metrics={METRICS[name][1]: f"{value:.3g}" for name, value in known.items()},
        recognizer=recognizer,
    )
    path = folder / "README.md"
    card.save(path)
    return path
