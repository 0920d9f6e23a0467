"""The model card of a trained checkpoint, filled in from `model_card.md`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huggingface_hub import EvalResult, ModelCard, ModelCardData
from transformers import PreTrainedModel
from transformers.utils import logging

from ..files import is_adapter

if TYPE_CHECKING:  # no package of the plain installation, and nothing but training needs it here
    from datasets import Dataset

logger = logging.get_logger(__name__)

TEMPLATE = Path(__file__).parents[1] / "model_card.md"

# the name that the evaluation gives to the model among the systems of its report
REPORTED_SYSTEM = "GPT2TTS"
# key of its summary: (type of the Hub, how the card calls it, factor, the kind of measure it was `used` with)
REPORTED_METRICS = {
    "cer": ("cer", "Character error rate (%)", 100.0, "CER and WER"),
    "wer": ("wer", "Word error rate (%)", 100.0, "CER and WER"),
    "speaker_similarity": ("secs", "Speaker similarity (SECS)", 1.0, "SECS"),
    "right_speaker": ("speaker_accuracy", "Right voice nearest (%)", 100.0, "SECS"),
}

# name of a metric of the validation: (type of the Hub, how the card calls it, factor)
METRICS = {
    "free_running_cer": ("cer", "Character error rate, free running (%)", 100.0),
    "teacher_forced_cer": ("cer", "Character error rate, teacher forced (%)", 100.0),
    "free_running_cer_texts": ("cer", "Character error rate, given texts (%)", 100.0),
    "stopped": ("stopped", "Sentences that ended by themselves (%)", 100.0),
    "stop_error_share": ("stop_error", "Difference in length to the recording (%)", 100.0),
    "position_loss": ("position_loss", "Reading position loss, teacher forced", 1.0),
    "spectrogram_loss": ("spectrogram_loss", "Spectrogram loss, teacher forced", 1.0),
    "loss": ("loss", "Loss, teacher forced", 1.0),
}


# how the example of the card loads a model
LOADING = """from transformers import AutoModel, AutoProcessor

processor = AutoProcessor.from_pretrained("{0}", trust_remote_code=True)
model = AutoModel.from_pretrained("{0}", trust_remote_code=True)"""
LOADING_ADAPTER = """from gpt2tts import GPT2TTSProcessor
from gpt2tts.adapters import load_adapted_model

processor = GPT2TTSProcessor.from_pretrained("{0}")
model = load_adapted_model("{0}")  # beside the weights of the checkpoint that its adapter_config.json names"""


def summarize_data(features: Dataset, frame_rate: float, *, is_beginning: bool = False) -> list[str]:
    """
    A line for each dataset: name, clips, speakers, minutes.

    Args:
        features (`Dataset`):
            Rows with `dataset`, `speaker` and `num_frames`.
        frame_rate (`float`):
            Mel frames a second.
        is_beginning (`bool`, *optional*, defaults to `False`):
            Whether the rows are but the beginning of streams.
    """
    rest = " at the beginning of a stream, of which there may be more" if is_beginning else ""
    amounts: dict[str, list] = {}
    columns = [features[column][:] for column in ("dataset", "speaker", "num_frames")]
    for name, speaker, frames in zip(*columns, strict=True):
        amount = amounts.setdefault(name, [0, set(), 0])
        amount[0] += 1
        amount[1].add(speaker)
        amount[2] += frames
    return [
        f"`{name}`: {clips} clips of {len(speakers)} speaker(s), {frames / frame_rate / 60:.1f} minutes{rest}"
        for name, (clips, speakers, frames) in amounts.items()
    ]


def write_model_card(
    folder: str | os.PathLike,
    model: PreTrainedModel,
    *,
    arguments: Mapping[str, Any],
    data_summary: Sequence[str] = (),
    metrics: Mapping[str, float] | None = None,
    training_summary: str = "",
    model_id: str | None = None,
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
        data_summary (`Sequence[str]`, *optional*):
            One line for each dataset: name, amount, licence.
        metrics (`Mapping[str, float]`, *optional*):
            Numbers of the validation, under the names in `METRICS`; others are left out.
        training_summary (`str`, *optional*):
            How long it was trained, on what.
        model_id (`str`, *optional*):
            Repository on the Hub; defaults to the folder's name.
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
        library_name="transformers",
        pipeline_tag="text-to-speech",
        tags=["gpt2tts", "text-to-speech", "voice-cloning", "custom_code"],
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
    # those of an adapter are put into the others
    num_parameters = sum(weight.numel() for name, weight in model.named_parameters() if "lora_" not in name)
    loading = LOADING_ADAPTER if is_adapter(folder) else LOADING
    card = ModelCard.from_template(
        card_data,
        template_path=str(TEMPLATE),
        model_name=model_name,
        model_id=model_id or model_name,
        loading=loading.format(model_id or model_name),
        config=config,
        num_parameters=f"{num_parameters / 1e6:.1f} million",
        voices=list(model.voices),
        max_seconds=round(config.max_mel_positions * config.reduction_factor / config.frame_rate, 1),
        reference_seconds=round(config.max_reference_frames / config.frame_rate, 1),
        training_data=list(data_summary),
        training_summary=training_summary,
        arguments=dict(arguments),
        metrics={METRICS[name][1]: f"{value:.3g}" for name, value in known.items()},
        recognizer=recognizer,
    )
    path = folder / "README.md"
    card.save(path)
    return path


def describe_whole(card_path: str | os.PathLike) -> Path:
    """
    Has the example of an adapter's model card load a whole checkpoint: for the card of one that the adapter was put into.

    Args:
        card_path (`str` or `os.PathLike`):
            The card, `README.md` of an adapter.

    Returns:
        `Path`: the card.
    """
    path = Path(card_path)
    pattern = re.escape(LOADING_ADAPTER).replace(re.escape("{0}"), '([^"]*)')
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, lambda match: LOADING.format(match[1]), text), encoding="utf-8")
    return path


def name_repository(card_path: str | os.PathLike, repo_id: str) -> Path:
    """
    Has the example of a model card load the model from a repository of the Hub: the card was written where there was none.

    Args:
        card_path (`str` or `os.PathLike`):
            The card, `README.md` of a checkpoint.
        repo_id (`str`):
            `"user/name"`.

    Returns:
        `Path`: the card.
    """
    path = Path(card_path)
    text = path.read_text(encoding="utf-8")
    named = re.sub(r'\b((?:AutoProcessor|AutoModel)\.from_pretrained\(")[^"]*', lambda match: match[1] + repo_id, text)
    if named != text:
        path.write_text(named, encoding="utf-8")
    return path


def add_report(card_path: str | os.PathLike, report_path: str | os.PathLike) -> Path:
    """
    Put the figures of an evaluation into a model card: into its metadata (`model-index`), for each group of sentences,
    and as a table in its section "Results". What stood in these two places is replaced. Figures of a checkpoint in another
    folder are taken with a warning: folders are moved.

    Args:
        card_path (`str` or `os.PathLike`):
            The card, `README.md` of a checkpoint.
        report_path (`str` or `os.PathLike`):
            `report.json` of `evaluate_gpt2tts.py`.

    Returns:
        `Path`: the card.

    Raises:
        ValueError: if the report is not one of the evaluation, measures no model, or has no figure.
    """
    try:
        report = json.loads(Path(report_path).read_text(encoding="utf-8"))
        systems, used, settings = report["systems"], report["used"], report["settings"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"`report`={os.fspath(report_path)!r} is no report.json of evaluate_gpt2tts.py") from error
    if REPORTED_SYSTEM not in systems:
        raise ValueError(f"`report`={os.fspath(report_path)!r} measures no model: evaluate with --model")
    measured, folder = settings.get("model"), Path(card_path).resolve().parent
    if measured is not None and Path(measured).resolve() != folder:
        logger.warning(f"The figures are of {measured!r}, and the card is that of {str(folder)!r}: are they the same?")
    summary = systems[REPORTED_SYSTEM]
    metrics = dict(REPORTED_METRICS)
    for name in summary:
        if name.startswith("mos ") and not name.endswith("_interval"):
            predictor = name.removeprefix("mos ")
            metrics[name] = (
                "mos",
                f"Predicted MOS, {predictor} (1 to 5)",
                1.0,
                # under the name that it was asked for by, which may be `auto`
                next(
                    (kind for kind, tool in used.items() if kind.startswith("MOS") and tool.startswith(predictor)), ""
                ),
            )
    # the groups of recordings are datasets
    dataset = Path(settings["texts"]).stem if settings.get("texts") else ", ".join(summary["groups"])

    groups = {"all": summary, **(summary["groups"] if len(summary["groups"]) > 1 else {})}
    results, rows = [], []
    for group, figures in groups.items():
        known = {name: round(figures[name] * metrics[name][2], 3) for name in metrics if figures.get(name) is not None}
        rows.append(
            [f"{group} ({figures['clips']})", *(f"{known[name]:g}" if name in known else "" for name in metrics)]
        )
        for name, value in known.items():
            metric_type, metric_name, _, kind = metrics[name]
            results.append(
                EvalResult(
                    task_type="text-to-speech",
                    dataset_type=dataset,
                    dataset_name=f"{dataset}: {figures['clips']} sentences, {group}",
                    dataset_config=group,
                    dataset_split="test",
                    metric_type=metric_type,
                    metric_name=f"{metric_name}; {used[kind]}" if kind in used else metric_name,
                    metric_value=value,
                )
            )
    if not results:
        raise ValueError(
            f"`report`={os.fspath(report_path)!r} has no figure: evaluate with a recogniser, or another measure"
        )
    shown = [name for name in metrics if any(figures.get(name) is not None for figures in groups.values())]
    columns = [index for index, name in enumerate(metrics, start=1) if name in shown]
    lines = [
        ["sentences", *(metrics[name][1] for name in shown)],
        ["---", *("---:" for _ in shown)],
        *([row[0], *(row[column] for column in columns)] for row in rows),
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    tools = "; ".join(f"{kind}: {tool}" for kind, tool in used.items())
    # of recordings it is known only where the evaluation kept to those that were held back
    is_held_back = settings.get("texts") or settings.get("validation_share")
    held_back = ", none of which was trained on" if is_held_back else ""
    section = f"## Results\n\nOf speech made from `{dataset}`{held_back} ({tools}).\n\n{table}\n"

    card = ModelCard.load(card_path)
    card.data.eval_results = results
    card.data.model_name = card.data.model_name or folder.name
    text = card.text.replace("\r\n", "\n")  # as Windows ends lines
    if re.search(r"^## Results$", text, flags=re.MULTILINE):
        card.text = re.sub(r"^## Results\n.*?(?=^## |\Z)", lambda _: f"{section}\n", text, flags=re.M | re.S)
    else:
        card.text = f"{text.rstrip()}\n\n{section}"
    card.save(card_path)
    return Path(card_path)
