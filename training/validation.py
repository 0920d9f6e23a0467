"""
Validation by ear: teacher-forced loss says nothing about looping or babble, so the same sentences are also generated
freely, recognised, and compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import gather_object
from torch import nn
from torch.utils.data import DataLoader
from transformers.utils import ModelOutput, logging

from ..matched_voices_gpt2tts import voice_name

if TYPE_CHECKING:
    from ..evaluation.recognizers import Recognizer

Listener = TypeVar("Listener")

logger = logging.get_logger(__name__)

_GENERATION_INPUTS = ("attention_mask", "reference_features", "reference_mask")

LOSSES = (
    "loss",
    "spectrogram_loss",
    "spectrogram_before_postnet_loss",
    "position_loss",
    "speaker_consistency_loss",
)


def load_listener(name: str, load: Callable[[str], Listener], figures: str) -> Listener | None:
    """
    What validation listens by: what `load` makes of `name`, or `None` where that is `"none"`. Where it is `"auto"` and
    cannot be had, a warning says that there are no `figures`.
    """
    if name == "none":
        return None
    try:
        return load(name)
    except (ImportError, OSError, RuntimeError) as error:
        if name != "auto":
            raise
        logger.warning(f"no {figures}: {error}")
        return None


@dataclass
class ValidationSample:
    """
    One generated sentence.

    Args:
        text (`str`): The sentence.
        voice (`str`): Speaker of its reference clip.
        waveform (`np.ndarray` of shape `(samples,)`): Free-running speech.
        spectrogram (`np.ndarray` of shape `(frames, n_mels)`): Its log-mel.
        text_positions (`np.ndarray` of shape `(groups,)`, *optional*): Its reading position, in tokens.
        stopped (`bool`): Whether it ended by itself.
        target (`np.ndarray` of shape `(target_frames, n_mels)`, *optional*): The recording's log-mel.
        transcript (`str`, *optional*): What the recogniser heard.
        teacher_forced_transcript (`str`, *optional*): What it heard when the model was fed the recording.
    """

    text: str
    voice: str
    waveform: np.ndarray
    spectrogram: np.ndarray
    text_positions: np.ndarray | None = None
    stopped: bool = True
    target: np.ndarray | None = None
    transcript: str | None = None
    teacher_forced_transcript: str | None = None


@dataclass
class ValidationResult:
    """
    What a validation found.

    Args:
        metrics (`dict[str, float]`): Numbers by name.
        samples (`list[ValidationSample]`): The generated sentences.
    """

    metrics: dict[str, float] = field(default_factory=dict)
    samples: list[ValidationSample] = field(default_factory=list)


@torch.no_grad()
def evaluate_losses(model: nn.Module, dataloader: DataLoader, accelerator: Accelerator) -> dict[str, float]:
    """
    Teacher-forced losses on a validation set, each batch weighted by its frames.

    Args:
        model (`nn.Module`):
            The model; put into evaluation mode for the time being.
        dataloader (`DataLoader`):
            A prepared loader of its `forward` arguments.
        accelerator (`Accelerator`):
            Gathers over the processes.

    Returns:
        `dict[str, float]`: the losses by their names in the output.

    Raises:
        ValueError: if the loader is empty.
    """
    was_training = model.training
    model.eval()
    rows = []
    for batch in dataloader:
        with accelerator.autocast():
            output = model(**batch)
        losses = {name: output.get(name) for name in LOSSES}
        row = {name: float(loss) for name, loss in losses.items() if loss is not None}
        rows.append((float(batch["labels_mask"].sum()), row))
    model.train(was_training)
    # as objects: the processes may have different numbers of batches
    rows = gather_object(rows)
    if not rows:
        raise ValueError("the validation set has no batch; give it more clips (`validation_share`)")
    total = sum(frames for frames, _ in rows)
    return {name: sum(frames * row[name] for frames, row in rows) / total for name in rows[0][1]}


@torch.no_grad()
def evaluate_speech(
    model: nn.Module,
    batches: Sequence[Mapping[str, torch.Tensor]],
    texts: Sequence[Sequence[str]],
    voices: Sequence[Sequence[str]],
    *,
    accelerator: Accelerator,
    vocoder: Callable[..., torch.Tensor],
    recognizer: Recognizer | None = None,
    sampling_rate: int = 22050,
    frame_rate: float = 22050 / 256,
    seed: int = 0,
) -> ValidationResult:
    """
    Generate fixed sentences and measure them.

    Sentences with a recording (`labels` in the batch) are also rendered teacher-forced, so that the two character
    error rates stand side by side, and their length is compared with the recording's.

    Args:
        model (`nn.Module`):
            The unwrapped model or its average; put into evaluation mode for the time being.
        batches (`Sequence[Mapping[str, torch.Tensor]]`):
            Collated `forward` arguments, the same on every process; each process takes its share.
        texts (`Sequence[Sequence[str]]`):
            The sentences of each batch.
        voices (`Sequence[Sequence[str]]`):
            The speakers of each batch.
        accelerator (`Accelerator`):
            Splits the work over the processes and gathers the result.
        vocoder (`Callable`):
            `vocoder(spectrogram (B, F, n_mels), lengths (B,), pitch=(B, F), voicing=(B, F))` to waveforms `(B, samples)`.
        recognizer (`Recognizer`, *optional*):
            For the error rates.
        sampling_rate (`int`, *optional*, defaults to 22050):
            Rate of the waveforms, Hz.
        frame_rate (`float`, *optional*, defaults to 22050 / 256):
            Mel frames a second.
        seed (`int`, *optional*, defaults to 0):
            Seed of the generation, the same at every validation.

    Returns:
        [`ValidationResult`]: on every process; its samples are in the order of the batches.
    """
    was_training = model.training
    model.eval()
    samples: list[ValidationSample] = []
    for index in range(accelerator.process_index, len(batches), accelerator.num_processes):
        batch = {name: value.to(accelerator.device) for name, value in batches[index].items()}
        # only the model runs in mixed precision: vocoders and recognisers have their own
        with accelerator.autocast():
            output = model.generate(
                batch["input_ids"],
                **{name: batch[name] for name in _GENERATION_INPUTS if name in batch},
                seed=seed,
                output_waveform=False,
            )
            forced = model(**batch) if "labels" in batch and recognizer is not None else None
        waveforms = _vocode(vocoder, output, output.spectrogram_lengths)
        samples += _collect(output, waveforms, batch, texts[index], voices[index])
        if forced is not None:
            heard = recognizer.transcribe(_vocode(vocoder, forced, batch["labels_mask"].sum(1)), sampling_rate)
            for sample, transcript in zip(samples[-len(heard) :], heard, strict=True):
                sample.teacher_forced_transcript = transcript
    if recognizer is not None and samples:
        for sample, transcript in zip(
            samples, recognizer.transcribe([sample.waveform for sample in samples], sampling_rate), strict=True
        ):
            sample.transcript = transcript
    model.train(was_training)
    samples = gather_object(samples)
    return ValidationResult(speech_metrics(samples, frame_rate=frame_rate), samples)


def speech_metrics(samples: Sequence[ValidationSample], *, frame_rate: float = 22050 / 256) -> dict[str, float]:
    """
    The numbers of [`evaluate_speech`].

    Args:
        samples (`Sequence[ValidationSample]`):
            The generated sentences.
        frame_rate (`float`, *optional*, defaults to 22050 / 256):
            Mel frames a second.

    Returns:
        `dict[str, float]`: `stopped` (share that ended by itself), and where known `stop_error_seconds` and
        `stop_error_share` (mean absolute difference of the length to the recording's), `free_running_cer` and
        `teacher_forced_cer` (0 to 1, over all characters), and `free_running_cer_texts` for sentences without a
        recording.
    """
    metrics: dict[str, float] = {}
    if not samples:
        return metrics
    metrics["stopped"] = float(np.mean([sample.stopped for sample in samples]))
    recorded = [sample for sample in samples if sample.target is not None]
    if recorded:
        difference = np.array([abs(len(s.spectrogram) - len(s.target)) for s in recorded])
        metrics["stop_error_seconds"] = float(difference.mean() / frame_rate)
        metrics["stop_error_share"] = float(np.mean(difference / [len(s.target) for s in recorded]))

    def add_error_rate(name: str, pairs: list[tuple[str, str]]):
        if pairs:
            from ..evaluation.error_rates import character_error_rate

            metrics[name] = character_error_rate(*map(list, zip(*pairs, strict=True)))

    heard = [sample for sample in samples if sample.transcript is not None]
    add_error_rate("free_running_cer", [(s.text, s.transcript) for s in heard if s.target is not None])
    add_error_rate("free_running_cer_texts", [(s.text, s.transcript) for s in heard if s.target is None])
    add_error_rate(
        "teacher_forced_cer",
        [(s.text, s.teacher_forced_transcript) for s in samples if s.teacher_forced_transcript is not None],
    )
    return metrics


def figure_of_merit(metrics: Mapping[str, float]) -> float:
    """
    One number to choose the best checkpoint by, lower is better: the free-running character error rate where it was
    measured, else the validation loss.
    """
    for name in ("free_running_cer", "free_running_cer_texts", "loss"):
        if name in metrics and not math.isnan(metrics[name]):
            return metrics[name]
    return math.inf


def _vocode(vocoder: Callable[..., torch.Tensor], output: ModelOutput, lengths: torch.Tensor) -> list[np.ndarray]:
    tracks = {name: output.get(name) for name in ("pitch", "voicing", "fine_spectrogram")}
    tracks = {name: values.float() for name, values in tracks.items() if values is not None}
    speech = vocoder(output.spectrogram.float(), lengths, **tracks)
    # as a file would hold it: what has not learnt yet may be many times too loud
    waveforms = speech.float().clamp(-1, 1).cpu().numpy()
    samples_per_frame = waveforms.shape[1] // output.spectrogram.shape[1]
    return [waveform[: int(n) * samples_per_frame] for waveform, n in zip(waveforms, lengths, strict=True)]


def _collect(
    output: ModelOutput,
    waveforms: Sequence[np.ndarray],
    batch: Mapping[str, torch.Tensor],
    texts: Sequence[str],
    voices: Sequence[str],
) -> list[ValidationSample]:
    frames_per_group = output.spectrogram.shape[1] // output.text_positions.shape[1]
    samples = []
    for row, (text, voice) in enumerate(zip(texts, voices, strict=True)):
        frames = int(output.spectrogram_lengths[row])
        target = None
        if "labels" in batch:
            target = batch["labels"][row][batch["labels_mask"][row].bool()].float().cpu().numpy()
            target = target[:, : output.spectrogram.shape[2]]
        samples.append(
            ValidationSample(
                text=text,
                voice=voice,
                waveform=waveforms[row],
                spectrogram=output.spectrogram[row, :frames].float().cpu().numpy(),
                text_positions=output.text_positions[row, : frames // frames_per_group].float().cpu().numpy(),
                stopped=bool(output.stopped[row]),
                target=target,
            )
        )
    return samples


def spread_over_speakers(speakers: Sequence[str], count: int) -> list[int]:
    """Indices of `count` rows (all, if there are fewer), each speaker's first, then each one's second, and so on."""
    turn: dict[str, int] = {}
    order = []
    for row, speaker in enumerate(speakers):
        turn[speaker] = turn.get(speaker, -1) + 1
        order.append((turn[speaker], row))
    return [row for _, row in sorted(order)[:count]]


@dataclass
class SpeechPrompts:
    """
    The fixed sentences of the validation: clips of the validation set, and given texts in their voices.

    Args:
        batches (`list[dict[str, torch.Tensor]]`): Collated `forward` arguments; without `labels` for given texts.
        texts (`list[list[str]]`): The sentences of each batch.
        voices (`list[list[str]]`): The speakers of each batch.
        references (`dict[str, dict[str, torch.Tensor]]`):
            For each of the voices to save, `reference_features` and `reference_mask` of one clip.
    """

    batches: list[dict[str, torch.Tensor]] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    voices: list[list[str]] = field(default_factory=list)
    references: dict[str, dict[str, torch.Tensor]] = field(default_factory=dict)

    def shown(self, samples: Sequence[ValidationSample]) -> dict[str, ValidationSample]:
        """The samples to look at and listen to, by name: for each of the voices one recorded and every given text."""
        chosen: dict[str, ValidationSample] = {}
        for sample in samples:
            if sample.voice in self.references:
                kind = "recorded" if sample.target is not None else sample.text[:40]
                chosen.setdefault(f"{sample.voice}/{kind}", sample)
        return chosen


def build_speech_prompts(
    rows: Sequence[Mapping[str, np.ndarray]],
    texts: Sequence[str],
    speakers: Sequence[str],
    collate: Callable[[list], dict[str, torch.Tensor]],
    *,
    num_sentences: int = 16,
    num_voices: int = 4,
    extra_texts: Sequence[str] = (),
    tokenize: Callable[[str], Sequence[int]] | None = None,
    batch_size: int = 8,
) -> SpeechPrompts:
    """
    Choose and collate the fixed sentences.

    Args:
        rows (`Sequence`):
            Items of the validation set for `collate`, each with a reference.
        texts (`Sequence[str]`):
            Text of each row.
        speakers (`Sequence[str]`):
            Speaker of each row.
        collate (`Callable`):
            Makes a batch of rows.
        num_sentences (`int`, *optional*, defaults to 16):
            Rows to generate, spread over the speakers.
        num_voices (`int`, *optional*, defaults to 4):
            Voices that speak the given texts and are saved with the model.
        extra_texts (`Sequence[str]`, *optional*):
            Given texts.
        tokenize (`Callable`, *optional*):
            Given text to token ids; needed with `extra_texts`.
        batch_size (`int`, *optional*, defaults to 8):
            Sentences to a batch.

    Returns:
        [`SpeechPrompts`]
    """
    prompts = SpeechPrompts()
    speakers = [voice_name(speaker) for speaker in speakers]
    # rows of like length together: a batch is generated until its longest row ends
    chosen = sorted(spread_over_speakers(speakers, num_sentences), key=lambda row: len(texts[row]))
    cases = [(dict(rows[row]), texts[row], speakers[row], True) for row in chosen]
    first_rows: dict[str, int] = {}
    for row in spread_over_speakers(speakers, len(speakers)):
        first_rows.setdefault(speakers[row], row)
    for voice, row in list(first_rows.items())[:num_voices]:
        item = dict(rows[row])
        reference = collate([item])
        if "reference_features" in reference:  # a model trained without references has no voices
            prompts.references[voice] = {name: reference[name] for name in ("reference_features", "reference_mask")}
        for text in extra_texts:
            cases.append(({**item, "input_ids": np.asarray(tokenize(text))}, text, voice, False))
    for recorded in (True, False):
        group = [case for case in cases if case[3] is recorded]
        for start in range(0, len(group), batch_size):
            part = group[start : start + batch_size]
            batch = collate([case[0] for case in part])
            if not recorded:
                of_recording = ("labels", "labels_mask", "text_positions")
                batch = {name: value for name, value in batch.items() if name not in of_recording}
            prompts.batches.append(batch)
            prompts.texts.append([case[1] for case in part])
            prompts.voices.append([case[2] for case in part])
    return prompts
