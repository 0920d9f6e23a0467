"""
Train a vocoder with Accelerate: on one CPU, several, or GPUs; from scratch or from any vocoder that `load_vocoder` knows.

    accelerate launch train_vocoder.py --model speechbrain/tts-hifigan-ljspeech --dataset LJSpeech-1.1 \
        --output_dir runs/vocoder --max_train_minutes 120 --resume_from_checkpoint latest

fine-tunes HiFi-GAN; `--model source-filter` trains the residual network of the source-filter vocoder.
`--config recipes/vocoder_hifigan.yaml` reads arguments from a file; those on the command line win. The first part of the
budget trains the generator alone, on mel and STFT losses; from `--adversarial_start` on it plays against discriminators
too. With `--acoustic_model` it learns from the spectrograms that an acoustic model predicts. The output folder holds

    checkpoints/step-NNNNNNNN  whole training states, the last few
    best, final                folders for `load_vocoder`: the best by DNSMOS or else by the mel loss, and the last weights
    logs, metrics.jsonl        TensorBoard with audio, and the same numbers as text
"""

from __future__ import annotations

import copy
import logging
import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from datasets import Dataset
from torch import nn
from torch.utils.data import DataLoader

from gpt2tts.cli.errors import run_script
from gpt2tts.evaluation.mos import MosPredictor, load_mos_predictor
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.files import PARTIAL_PREFIX
from gpt2tts.folders import replace_folder
from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig
from gpt2tts.source_filter_vocoder_gpt2tts import GPT2TTSSourceFilterVocoder, GPT2TTSSourceFilterVocoderConfig
from gpt2tts.training.adversarial_losses import discriminator_loss, generator_losses
from gpt2tts.training.arguments import (
    DataArguments,
    OptimizationArguments,
    OutputArguments,
    parse_arguments,
    parse_overrides,
)
from gpt2tts.training.optimizers import LearningRateSchedule
from gpt2tts.training.run import TrainingRun
from gpt2tts.training.validation import load_listener, spread_over_speakers
from gpt2tts.training.vocoder_data import (
    MARGIN_FRAMES,
    SegmentDataset,
    add_predicted_spectrograms,
    clip_pitch,
    clip_spectrogram,
    clip_waveform,
    prepare_vocoder_data,
)
from gpt2tts.training.vocoder_discriminators import DISCRIMINATORS, build_discriminator
from gpt2tts.training.vocoder_losses import MultiResolutionSpectralLoss, limit_band
from gpt2tts.training.vocoder_validation import copy_synthesis
from gpt2tts.vocoder_gpt2tts import SOURCE_FILTER, GPT2TTSVocoder, load_vocoder

logger = logging.getLogger("gpt2tts.train")

PRESETS = {
    "v1": lambda **fields: GPT2TTSHifiGan(GPT2TTSHifiGanConfig(**fields)),  # as SpeechBrain's: 13.9M parameters
    SOURCE_FILTER: lambda **fields: GPT2TTSSourceFilterVocoder(  # with a residual network of 0.7M parameters
        GPT2TTSSourceFilterVocoderConfig(**{"num_residual_layers": 4, **fields})
    ),
}

MEL_WEIGHT = 15.0  # of the difference from the mel spectrogram of the recording
SPECTRAL_WEIGHT = 15.0  # of the multi-resolution mel and STFT losses
ADVERSARIAL_WEIGHT, FEATURE_WEIGHT = 8.0, 10.0  # of the mean adversarial and feature matching losses
DISCRIMINATOR_SAMPLES = 8192  # of each segment that the discriminators see
MAX_GRAD_NORM = 100.0  # of each network
GAIN_DB = 6.0  # by up to which segments are made louder or softer
RECORDED_SHARE = 0.25  # with an acoustic model, of the segments that come with their own spectrograms
VALIDATION_CLIPS, LOGGED_CLIPS = 24, 4  # of those held back, spread over the speakers


@dataclass
class ModelArguments:
    """What to train."""

    _argument_group_name = "model"

    model: str = field(
        default="v1",
        metadata={
            "help": f"Preset ({', '.join(PRESETS)}), or a vocoder to go on from: a folder or Hub id, SpeechBrain's too."
        },
    )
    model_overrides: str = field(
        default="{}", metadata={"help": "JSON or YAML of config fields to set, as in '{num_residual_layers: 2}'."}
    )
    discriminator: str = field(
        default="small",
        metadata={"help": f"{', '.join(DISCRIMINATORS)}: the first two for CPU cores, the last HiFi-GAN's own."},
    )
    adversarial_start: float = field(
        default=0.4, metadata={"help": "Share of the budget after which the discriminators join; 1: never."}
    )
    discriminator_learning_rate: float = field(
        default=5e-4, metadata={"help": "Peak learning rate of the discriminators, on the schedule of the generator."}
    )


@dataclass
class SegmentArguments(DataArguments):
    """Which speech to train on, and what is made of it."""

    acoustic_model: str | None = field(
        default=None,
        metadata={"help": "GPT2TTS folder or Hub id: train on the spectrograms it predicts of the clips."},
    )
    batch_size: int = field(default=16, metadata={"help": "Segments to a process and step."})
    segment_frames: int = field(default=64, metadata={"help": "Frames to a segment."})


@dataclass
class VocoderOutputArguments(OutputArguments):
    """What the run leaves, and when."""

    mos_predictor: str = field(
        default="auto", metadata={"help": "MOS predictor of validation: auto, none, or a name."}
    )


@dataclass
class VocoderTrainingArguments(ModelArguments, SegmentArguments, OptimizationArguments, VocoderOutputArguments):
    """Arguments of the vocoder training script."""

    def __post_init__(self):
        super().__post_init__()
        if self.max_train_steps is None and self.max_train_minutes is None:
            self.max_train_minutes = 60.0


def build_generator(args: VocoderTrainingArguments) -> GPT2TTSVocoder:
    """A new vocoder of a preset, or a trained one to go on from; HiFi-GAN with weight norm, as it is trained."""
    is_preset = args.model in PRESETS
    generator = PRESETS[args.model]() if is_preset else load_vocoder(args.model)
    overrides = parse_overrides(args.model_overrides, generator.config.to_dict())
    if overrides and is_preset:
        generator = PRESETS[args.model](**overrides)
    elif overrides:
        config = type(generator.config).from_dict({**generator.config.to_dict(), **overrides})
        changed = type(generator)(config)
        try:
            changed.load_state_dict(generator.state_dict())
        except RuntimeError as error:
            raise ValueError(f"`model_overrides` does not fit the weights of {args.model!r}: {error}") from error
        generator = changed
    generator.requires_grad_(True)
    if not any(True for _ in generator.parameters()):
        raise ValueError(f"`model`={args.model!r} has no weights to train")
    if isinstance(generator, GPT2TTSHifiGan):
        generator.apply_weight_norm()
    return generator


def save_generator(generator: GPT2TTSVocoder, folder: Path):
    """A folder for `load_vocoder`, put in its place when it is complete."""
    plain = type(generator)(copy.deepcopy(generator.config))
    # read weight by weight: torch cannot take weight norm off a copy without breaking the original
    weights = {}
    for name in plain.state_dict():
        module, _, leaf = name.rpartition(".")
        weights[name] = getattr(generator.get_submodule(module), leaf).detach().cpu()
    plain.load_state_dict(weights)
    partial = folder.with_name(f"{PARTIAL_PREFIX}{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)  # of a run that was killed
    plain.save_pretrained(partial)
    replace_folder(partial, folder)


def predict_spectrograms(args: VocoderTrainingArguments, device: torch.device, *clips: Dataset) -> Iterator[Dataset]:
    """The clips with what the acoustic model predicts of them."""
    from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
    from gpt2tts.processing_gpt2tts import GPT2TTSProcessor

    model = GPT2TTSForTextToSpeech.from_pretrained(args.acoustic_model)
    processor = GPT2TTSProcessor.from_pretrained(args.acoustic_model)
    for each in clips:
        yield add_predicted_spectrograms(each, model, processor, device=device, num_proc=args.num_proc)


class VocoderValidation:
    """Vocodes the clips held back, from the spectrograms that an acoustic model predicts of them where `is_predicted`."""

    def __init__(
        self,
        run: TrainingRun,
        clips: Dataset,
        feature_extractor: GPT2TTSFeatureExtractor,
        mos_predictor: MosPredictor | None,
        *,
        is_predicted: bool,
        requires_pitch: bool,
    ):
        self.run, self.feature_extractor, self.mos_predictor = run, feature_extractor, mos_predictor
        self.recordings = [clip_waveform(clip) for clip in clips]
        n_mels = feature_extractor.feature_size
        self.spectrograms = [clip_spectrogram(clip, n_mels) for clip in clips] if is_predicted else None
        self.pitches = [clip_pitch(clip) for clip in clips] if requires_pitch else None
        self.bands = clips["band"][:]
        self.names = [
            f"{speaker}/{Path(file).stem}" for speaker, file in zip(clips["speaker"][:], clips["file"][:], strict=True)
        ]

    def validate(self, model: GPT2TTSVocoder) -> dict[str, float]:
        """How the clips come back from their spectrograms, by the main process, with audio."""
        found: list[dict[str, float]] = [{}]
        if self.run.accelerator.is_main_process and self.recordings:
            result = copy_synthesis(
                model.eval(),
                self.recordings,
                self.feature_extractor,
                spectrograms=self.spectrograms,
                pitches=self.pitches,
                bands=self.bands,
                mos_predictor=self.mos_predictor,
            )
            found = [result.metrics]
            self.log_audio("speech", result.waveforms)
        return broadcast_object_list(found)[0]

    def log_audio(self, kind: str, waveforms: list) -> None:
        """Logs the first of the waveforms, one to a clip."""
        rate = self.feature_extractor.sampling_rate
        for name, waveform in list(zip(self.names, waveforms, strict=True))[:LOGGED_CLIPS]:
            self.run.tracker.log_audio(f"{kind}/{name}", waveform, self.run.budget.step, sampling_rate=rate)


def figure_of_merit(metrics: Mapping[str, float]) -> float:
    """What chooses the best vocoder: the MOS, or else the distance of the mel spectrograms."""
    return -metrics["mos"] if "mos" in metrics else metrics.get("mel", math.inf)


@dataclass
class AdversarialTraining:
    """A generator and a discriminator that play against each other, as prepared, with the optimisers of both in turn."""

    accelerator: Accelerator
    generator: nn.Module
    discriminator: nn.Module
    optimizers: Sequence[torch.optim.Optimizer]
    feature_extractor: GPT2TTSFeatureExtractor
    spectral_loss: MultiResolutionSpectralLoss

    def step(self, batch: Mapping[str, torch.Tensor], *, is_adversarial: bool) -> tuple[dict[str, torch.Tensor], Any]:
        """A step of the networks, of the discriminator where `is_adversarial`. Returns the losses and the gradient norm."""
        generated, recording = self._generate(batch)
        losses = {}
        if is_adversarial:
            real, fake = self._excerpts(recording, generated)
            losses["discriminator"] = discriminator_loss(self.discriminator(fake.detach()), self.discriminator(real))
            self._optimize(self.discriminator, self.optimizers[1], losses["discriminator"])
        distance = self.spectral_loss(generated, recording)
        log_mel = self.feature_extractor.log_mel
        losses["mel"] = nn.functional.l1_loss(log_mel(generated), log_mel(recording))
        losses["multi_mel"], losses["stft"] = distance.mel, distance.stft
        loss = MEL_WEIGHT * losses["mel"] + SPECTRAL_WEIGHT * distance.loss
        if is_adversarial:
            self.discriminator.requires_grad_(False)
            with torch.no_grad():
                real_judgement = self.discriminator(real)
            losses["adversarial"], losses["features"] = generator_losses(self.discriminator(fake), real_judgement)
            self.discriminator.requires_grad_(True)
            loss = loss + ADVERSARIAL_WEIGHT * losses["adversarial"] + FEATURE_WEIGHT * losses["features"]
        grad_norm = self._optimize(self.generator, self.optimizers[0], loss)
        return {"loss": loss, **losses}, grad_norm

    def _generate(self, batch: Mapping[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """What the generator makes of the segments, and the recordings, `(B, samples)` each, without their margins."""
        tracks = {name: batch[name] for name in ("pitch", "voicing") if name in batch}
        margin = MARGIN_FRAMES * self.feature_extractor.hop_length
        generated = self.generator(batch["spectrogram"], **tracks)[:, margin:-margin]
        # beyond its band a recording says nothing, so there the generated waveform is silenced too
        return tuple(
            limit_band(waveform, batch["band"], self.feature_extractor.sampling_rate)
            for waveform in (generated, batch["waveform"][:, margin:-margin])
        )

    def _excerpts(self, recording: torch.Tensor, generated: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What the discriminators see of both, `(B, 1, samples)`: the same place of each."""
        seen = min(DISCRIMINATOR_SAMPLES, recording.shape[1])
        start = int(torch.randint(recording.shape[1] - seen + 1, ()))
        return tuple(waveform[:, None, start : start + seen] for waveform in (recording, generated))

    def _optimize(self, network: nn.Module, optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> Any:
        """A step of one of them. Returns the norm of its gradients."""
        self.accelerator.backward(loss)
        grad_norm = self.accelerator.clip_grad_norm_(network.parameters(), MAX_GRAD_NORM)
        optimizer.step()
        optimizer.zero_grad()
        return grad_norm


def load_segments(args: VocoderTrainingArguments, run: TrainingRun, segments: SegmentDataset) -> DataLoader:
    """Batches of segments, from the step of the run on."""
    segments_a_step = args.batch_size * run.accelerator.num_processes
    return run.accelerator.prepare(
        DataLoader(
            segments,
            sampler=range(run.budget.step * segments_a_step, len(segments)),
            batch_size=args.batch_size,
            num_workers=args.num_workers,
            generator=torch.Generator(),  # to leave the global random state to the steps, as it was saved
        )
    )


def main(argv: list[str] | None = None) -> int:
    """Train. Returns the exit code: 0, or 143 (as a shell says of a SIGTERM) when it was told to stop."""
    args = parse_arguments(VocoderTrainingArguments, argv)
    run = TrainingRun(args)
    accelerator, budget = run.accelerator, run.budget

    # Models
    generator = build_generator(args)
    config, hop_length, requires_pitch = generator.config, generator.hop_length, generator.requires_pitch
    discriminator = build_discriminator(args.discriminator)
    feature_extractor = GPT2TTSFeatureExtractor(
        feature_size=config.n_mels, sampling_rate=config.sampling_rate, hop_length=hop_length
    )
    spectral_loss = MultiResolutionSpectralLoss(config.sampling_rate).to(accelerator.device)

    # the main process decodes, the others read its cache
    with accelerator.main_process_first():
        data = prepare_vocoder_data(
            args.dataset, feature_extractor, with_pitch=requires_pitch, **args.of_preparation()
        )
    validation_clips = data.validation.select(spread_over_speakers(data.validation["speaker"][:], VALIDATION_CLIPS))
    train_clips = data.train
    if args.acoustic_model is not None:
        train_clips, validation_clips = predict_spectrograms(args, accelerator.device, train_clips, validation_clips)
    segments = SegmentDataset(
        train_clips,
        segment_frames=args.segment_frames,
        feature_extractor=feature_extractor,
        gain_db=GAIN_DB,
        recorded_share=RECORDED_SHARE,
        seed=args.seed,
    )

    # Optimisers, schedules, average
    networks = {generator: args.learning_rate, discriminator: args.discriminator_learning_rate}
    optimizers = [
        torch.optim.AdamW(network.parameters(), lr=rate, betas=(0.8, 0.99), weight_decay=args.weight_decay)
        for network, rate in networks.items()
    ]
    run.average(generator)
    generator, discriminator = accelerator.prepare(generator, discriminator)
    optimizers = accelerator.prepare(*optimizers)
    schedules = [
        LearningRateSchedule(optimizer, budget, warmup_steps=args.warmup_steps, min_ratio=args.min_lr_ratio)
        for optimizer in optimizers
    ]

    validation = VocoderValidation(
        run,
        validation_clips,
        feature_extractor,
        load_listener(args.mos_predictor, load_mos_predictor, "MOS"),
        is_predicted=args.acoustic_model is not None,
        requires_pitch=requires_pitch,
    )
    training = AdversarialTraining(accelerator, generator, discriminator, optimizers, feature_extractor, spectral_loss)

    def save_model(name: str, model: GPT2TTSVocoder, metrics: Mapping[str, float]) -> None:
        if accelerator.is_main_process:
            save_generator(model, run.output_dir / name)

    run.begin(
        generator, schedules, validate=validation.validate, save_model=save_model, figure_of_merit=figure_of_merit
    )
    logger.info(
        f"{sum(p.numel() for p in generator.parameters()) / 1e6:.2f} million parameters, "
        f"{sum(p.numel() for p in discriminator.parameters()) / 1e6:.2f} million in the discriminators, "
        f"{data.seconds / 3600:.2f} hours in {len(train_clips)} clips, {len(data.validation)} clips held back, of which "
        f"{len(validation.recordings)} are vocoded in validation"
    )
    if budget.step == 0:
        validation.log_audio("recording", validation.recordings)
    seconds = args.batch_size * args.segment_frames * hop_length / config.sampling_rate
    generator.train()
    for batch in load_segments(args, run, segments):
        if run.ends:
            break
        is_adversarial = args.adversarial_start < 1 and budget.progress >= args.adversarial_start
        losses, grad_norm = training.step(batch, is_adversarial=is_adversarial)
        run.add(losses, weight=1.0, seconds=seconds)
        run.after_step(grad_norm=grad_norm)
    return run.finish()


if __name__ == "__main__":
    run_script(main)
