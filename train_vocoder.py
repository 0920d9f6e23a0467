"""
Train a vocoder with Accelerate: on one CPU, several, or GPUs; from scratch or from any vocoder that `load_vocoder` knows.

    accelerate launch train_vocoder.py --model speechbrain/tts-hifigan-ljspeech --dataset LJSpeech-1.1 \
        --output_dir runs/vocoder --max_train_minutes 120 --resume_from_checkpoint latest

fine-tunes HiFi-GAN; `--model source-filter` trains the residual network of the source-filter vocoder.
`--config recipes/vocoder_hifigan.yaml` reads arguments from a file; those on the command line win. The first part of the
budget trains the generator alone, on mel and STFT losses; from `--adversarial_start` on it plays against discriminators
too. With `--acoustic_model` it learns from the spectrograms that an acoustic model predicts. The output folder holds

    checkpoints/step-NNNNNNNN  whole training states, the last few
    best, final                folders for `load_vocoder`: the best by `--best_metric`, and the last weights
    logs, metrics.jsonl        TensorBoard with audio, and the same numbers as text
"""

from __future__ import annotations

import copy
import dataclasses
import logging
import math
import os
import signal
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import torch
import yaml
from accelerate import Accelerator, PartialState
from accelerate.utils import parse_flag_from_env, set_seed
from torch import nn
from torch.utils.data import DataLoader
from tqdm.auto import tqdm

from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.folders import replace_folder
from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig
from gpt2tts.source_filter_vocoder_gpt2tts import GPT2TTSSourceFilterVocoder, GPT2TTSSourceFilterVocoderConfig
from gpt2tts.training.adversarial_losses import discriminator_loss, generator_losses
from gpt2tts.training.arguments import parse_arguments
from gpt2tts.training.checkpointing import prepare_output_dir, resolve_checkpoint, save_checkpoint
from gpt2tts.training.ema import build_ema
from gpt2tts.training.mixed_precision import choose_mixed_precision
from gpt2tts.training.optimizers import TrainingBudget, build_lr_scheduler
from gpt2tts.training.progress import SavedFields, agree
from gpt2tts.training.tracking import Tracker
from gpt2tts.training.validation import spread_over_speakers
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

logger = logging.getLogger("gpt2tts.train_vocoder")

PRESETS = {
    "v1": lambda **fields: GPT2TTSHifiGan(GPT2TTSHifiGanConfig(**fields)),  # as SpeechBrain's: 13.9M parameters
    SOURCE_FILTER: lambda **fields: GPT2TTSSourceFilterVocoder(  # with a residual network of 0.7M parameters
        GPT2TTSSourceFilterVocoderConfig(**{"num_residual_layers": 4, **fields})
    ),
}


@dataclass
class VocoderTrainingArguments:
    """Arguments of the vocoder training script."""

    # model
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

    # data
    dataset: list[str] = field(
        default_factory=list,
        metadata={
            "help": "One or more of SOURCE[?OPTION=VALUE&...][:SPEAKER,...][=WEIGHT], as in train_accelerate.py."
        },
    )
    speakers: list[str] | None = field(default=None, metadata={"help": "Train on these speakers only."})
    exclude_speakers: list[str] = field(default_factory=list, metadata={"help": "Speakers to leave out."})
    exclude_files: list[str] = field(
        default_factory=list, metadata={"help": "Patterns of file names to leave out, as in 'LJ050-*'."}
    )
    validation_share: float = field(default=0.05, metadata={"help": "Share of each speaker's clips held out."})
    acoustic_model: str | None = field(
        default=None,
        metadata={"help": "GPT2TTS folder or Hub id: train on the spectrograms it predicts of the clips."},
    )
    recorded_share: float = field(
        default=0.25,
        metadata={"help": "With an acoustic model: share of the segments that come with their own spectrograms."},
    )
    cache_dir: str | None = field(
        default=None, metadata={"help": "Folder of the decoded audio. Default: that of `datasets`."}
    )
    num_proc: int = field(default=os.cpu_count() or 1, metadata={"help": "Processes that decode audio."})
    num_workers: int = field(default=0, metadata={"help": "Worker processes of the data loader."})
    batch_size: int = field(default=16, metadata={"help": "Segments to a process and step."})
    segment_frames: int = field(default=64, metadata={"help": "Frames to a segment."})
    gain_db: float = field(default=6.0, metadata={"help": "Segments are made louder or softer by up to this."})

    # budget and optimisation
    max_train_steps: int | None = field(default=None, metadata={"help": "Budget in steps."})
    max_train_minutes: float | None = field(
        default=None, metadata={"help": "Budget in minutes (60 if none is given)."}
    )
    adversarial_start: float = field(
        default=0.4, metadata={"help": "Share of the budget after which the discriminators join; 1: never."}
    )
    mixed_precision: str = field(
        default="auto",
        metadata={"help": "bf16 (on CPU too), fp16 or no; auto: bf16 where the device has it, else no."},
    )
    learning_rate: float = field(default=1e-3, metadata={"help": "Peak learning rate of the generator."})
    discriminator_learning_rate: float = field(
        default=5e-4, metadata={"help": "Peak learning rate of the discriminators; both follow one schedule."}
    )
    weight_decay: float = field(default=0.01, metadata={"help": "Weight decay."})
    warmup_steps: int = field(default=100, metadata={"help": "Steps of linear warm-up."})
    lr_scheduler: str = field(default="cosine", metadata={"help": "cosine, wsd or constant, over the budget."})
    min_lr_ratio: float = field(default=0.05, metadata={"help": "Floor of the schedule, as a share of the peak."})
    max_grad_norm: float = field(default=100.0, metadata={"help": "Gradient norm to clip at, for each network."})
    ema_decay: float = field(
        default=0.999, metadata={"help": "Decay of the averaged weights that are validated and saved; 0: off."}
    )
    seed: int = field(default=0, metadata={"help": "Seed of weights and segments."})

    # losses
    mel_weight: float = field(
        default=15.0, metadata={"help": "Weight of the difference from the mel spectrogram of the recording."}
    )
    spectral_weight: float = field(
        default=15.0, metadata={"help": "Weight of the multi-resolution mel and STFT losses."}
    )
    adversarial_weight: float = field(default=8.0, metadata={"help": "Weight of the mean adversarial loss."})
    feature_weight: float = field(default=10.0, metadata={"help": "Weight of the mean feature matching loss."})
    discriminator_samples: int = field(
        default=8192, metadata={"help": "Samples of each segment that the discriminators see."}
    )

    # output
    output_dir: str = field(default="runs/vocoder", metadata={"help": "Folder for everything that the run leaves."})
    overwrite_output_dir: bool = field(
        default=False, metadata={"help": "Delete the checkpoints and the log of an earlier run in that folder."}
    )
    checkpointing_minutes: float = field(default=10.0, metadata={"help": "Minutes between checkpoints."})
    keep_checkpoints: int = field(default=2, metadata={"help": "Checkpoints to keep."})
    resume_from_checkpoint: str | None = field(
        default=None, metadata={"help": "'latest' (starts anew if there is none) or a checkpoint folder."}
    )
    validation_minutes: float = field(default=10.0, metadata={"help": "Minutes between validations."})
    validation_clips: int = field(default=24, metadata={"help": "Held-out clips to vocode, spread over the speakers."})
    logged_clips: int = field(default=4, metadata={"help": "How many of them to log as audio."})
    mos_predictor: str = field(
        default="auto", metadata={"help": "MOS predictor of validation: auto, none, or a name."}
    )
    best_metric: str = field(
        default="auto",
        metadata={"help": "mos (highest), mel or spectral (lowest); auto: mos where there is a predictor, else mel."},
    )
    logging_steps: int = field(default=20, metadata={"help": "Steps between lines of the log."})
    report_to: str = field(
        default="tensorboard", metadata={"help": "tensorboard, another tracker of Accelerate, or none."}
    )

    def __post_init__(self):
        if not self.dataset:
            raise ValueError("`dataset` is empty: pass --dataset with a Hub id or a folder")
        if self.max_train_steps is None and self.max_train_minutes is None:
            self.max_train_minutes = 60.0
        if self.best_metric not in ("auto", "mos", "mel", "spectral"):
            raise ValueError(f"`best_metric` must be auto, mos, mel or spectral, got {self.best_metric!r}")
        if not 0 <= self.recorded_share <= 1:
            raise ValueError(f"`recorded_share` is a share, 0 to 1, got {self.recorded_share}")
        if not 0 <= self.adversarial_start <= 1:
            raise ValueError(f"`adversarial_start` is a share of the budget, 0 to 1, got {self.adversarial_start}")


def build_generator(args: VocoderTrainingArguments) -> GPT2TTSVocoder:
    """A new vocoder of a preset, or a trained one to go on from; HiFi-GAN with weight norm, as it is trained."""
    overrides = yaml.safe_load(args.model_overrides) or {}
    if args.model in PRESETS:
        generator = PRESETS[args.model](**overrides)
    else:
        generator = load_vocoder(args.model).requires_grad_(True)
        for name, value in overrides.items():
            setattr(generator.config, name, value)
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
    partial = folder.with_name(f".partial-{folder.name}")
    plain.save_pretrained(partial)
    replace_folder(partial, folder)


@dataclass
class Position(SavedFields):
    """
    Draws made, whether the discriminators have joined, when the run last saved and validated, and its best figure;
    saved with checkpoints.
    """

    draws: int = 0
    is_adversarial: bool = False
    saved_at: float = 0.0
    validated_at: float = 0.0
    best: float = math.inf


def main(argv: list[str] | None = None) -> int:
    """Train. Returns the exit code: 0, or 143 (as a shell says of a SIGTERM) when it was told to stop."""
    args = parse_arguments(VocoderTrainingArguments, argv)
    output_dir = Path(args.output_dir)
    # asked for here, before there is an accelerator: without its flag, processes on CPUs would not know of each other
    state = PartialState(cpu=parse_flag_from_env("ACCELERATE_USE_CPU"))
    accelerator = Accelerator(
        mixed_precision=choose_mixed_precision(args.mixed_precision, state.device.type),
        log_with=None if args.report_to == "none" else args.report_to,
        project_dir=output_dir,
        # the schedule follows the budget, which is the same on every process
        step_scheduler_with_optimizer=False,
    )
    is_main = accelerator.is_main_process
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("gpt2tts").setLevel(logging.INFO if is_main else logging.ERROR)
    set_seed(args.seed)
    if is_main:
        prepare_output_dir(
            output_dir, resumes=args.resume_from_checkpoint is not None, overwrite=args.overwrite_output_dir
        )
        (output_dir / "arguments.yaml").write_text(yaml.safe_dump(dataclasses.asdict(args), sort_keys=False))

    # Models
    generator = build_generator(args)
    config, hop_length, requires_pitch = generator.config, generator.hop_length, generator.requires_pitch
    discriminator = build_discriminator(args.discriminator)
    feature_extractor = GPT2TTSFeatureExtractor(
        feature_size=config.n_mels, sampling_rate=config.sampling_rate, hop_length=hop_length
    )
    spectral_loss = MultiResolutionSpectralLoss(config.sampling_rate).to(accelerator.device)

    # Data: the main process decodes, the others read its cache
    with accelerator.main_process_first():
        data = prepare_vocoder_data(
            args.dataset,
            feature_extractor,
            speakers=args.speakers,
            exclude_speakers=args.exclude_speakers,
            exclude_files=args.exclude_files,
            validation_share=args.validation_share,
            with_pitch=requires_pitch,
            num_proc=args.num_proc,
            cache_dir=args.cache_dir,
        )
    validation_clips = data.validation.select(
        spread_over_speakers(data.validation["speaker"][:], args.validation_clips)
    )
    train_clips = data.train
    if args.acoustic_model is not None:
        from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
        from gpt2tts.processing_gpt2tts import GPT2TTSProcessor

        acoustic_model = GPT2TTSForTextToSpeech.from_pretrained(args.acoustic_model)
        processor = GPT2TTSProcessor.from_pretrained(args.acoustic_model)
        train_clips, validation_clips = (
            add_predicted_spectrograms(
                clips, acoustic_model, processor, device=accelerator.device, num_proc=args.num_proc
            )
            for clips in (train_clips, validation_clips)
        )
        del acoustic_model
    segments = SegmentDataset(
        train_clips,
        segment_frames=args.segment_frames,
        feature_extractor=feature_extractor,
        gain_db=args.gain_db,
        recorded_share=args.recorded_share,
        seed=args.seed,
    )

    # Optimisers, schedules, average
    budget = TrainingBudget(args.max_train_steps, max_minutes=args.max_train_minutes)
    optimizers, schedulers = [], []
    for network, learning_rate in (
        (generator, args.learning_rate),
        (discriminator, args.discriminator_learning_rate),
    ):
        optimizer = torch.optim.AdamW(
            network.parameters(), lr=learning_rate, betas=(0.8, 0.99), weight_decay=args.weight_decay
        )
        optimizers.append(optimizer)
        schedulers.append(
            build_lr_scheduler(
                optimizer,
                budget,
                schedule=args.lr_scheduler,
                warmup_steps=args.warmup_steps,
                min_ratio=args.min_lr_ratio,
            )
        )
    ema = build_ema(generator, args.ema_decay).to(accelerator.device) if args.ema_decay > 0 else None
    generator, discriminator = accelerator.prepare(generator, discriminator)
    optimizers, schedulers = accelerator.prepare(*optimizers), accelerator.prepare(*schedulers)

    # Resumption: networks, optimisers, schedules, random state; then budget, position and average
    position = Position()
    for stateful in (budget, position, ema):
        if stateful is not None:
            accelerator.register_for_checkpointing(stateful)
    checkpoint_dir = output_dir / "checkpoints"
    if args.resume_from_checkpoint is not None:
        checkpoint = resolve_checkpoint(args.resume_from_checkpoint, checkpoint_dir)
        if checkpoint is not None:
            accelerator.load_state(str(checkpoint))
        logger.info(
            f"resumed from {checkpoint}" if checkpoint else f"no checkpoint in {checkpoint_dir}: starting anew"
        )
    dataloader = accelerator.prepare(
        DataLoader(
            segments,
            sampler=range(position.draws, len(segments)),
            batch_size=args.batch_size,
            num_workers=args.num_workers,
            generator=torch.Generator(),  # to leave the global random state to the steps, as it was saved
        )
    )

    # Trackers, and what validation listens with
    if args.report_to != "none":
        accelerator.init_trackers("logs", init_kwargs={"tensorboard": {"purge_step": budget.step + 1}})
    tracker = Tracker(accelerator, output_dir, budget.step)
    mos_predictor = None
    if args.mos_predictor != "none":
        from gpt2tts.evaluation.mos import load_mos_predictor

        try:
            mos_predictor = load_mos_predictor(args.mos_predictor)
        except (ImportError, RuntimeError) as error:
            if args.mos_predictor != "auto":
                raise
            logger.warning(f"no MOS: {error}")
    best_metric = args.best_metric
    if best_metric == "auto":
        best_metric = "mos" if mos_predictor is not None else "mel"
    recordings = [clip_waveform(clip) for clip in validation_clips]
    spectrograms = None
    if args.acoustic_model is not None:
        spectrograms = [clip_spectrogram(clip, config.n_mels) for clip in validation_clips]
    pitches = [clip_pitch(clip) for clip in validation_clips] if requires_pitch else None
    clip_names = [
        f"{speaker}/{Path(file).stem}"
        for speaker, file in zip(validation_clips["speaker"][:], validation_clips["file"][:], strict=True)
    ]

    def validate():
        """Validate the averaged weights, log what was found, and keep them if they are the best so far."""
        if not is_main:
            return
        started = time.monotonic()
        evaluated = (accelerator.unwrap_model(generator) if ema is None else ema.module).eval()
        result = copy_synthesis(
            evaluated,
            recordings,
            feature_extractor,
            spectrograms=spectrograms,
            pitches=pitches,
            bands=validation_clips["band"][:],
            mos_predictor=mos_predictor,
        )
        tracker.log({f"validation/{name}": value for name, value in result.metrics.items()}, budget.step)
        for name, waveform in list(zip(clip_names, result.waveforms, strict=True))[: args.logged_clips]:
            tracker.log_audio(f"speech/{name}", waveform, budget.step, sampling_rate=config.sampling_rate)
        figures = ", ".join(f"{name} {value:.4g}" for name, value in result.metrics.items())
        logger.info(f"validation at step {budget.step} ({time.monotonic() - started:.0f} s): {figures}")
        figure = -result.metrics["mos"] if best_metric == "mos" else result.metrics[best_metric]
        if figure < position.best:
            position.best = figure
            save_generator(evaluated, output_dir / "best")
        generator.train()

    # A SIGTERM is acted on between two steps
    terminated = False

    def terminate(*_):
        nonlocal terminated
        terminated = True

    signal.signal(signal.SIGTERM, terminate)

    # The loop
    logger.info(
        f"{sum(p.numel() for p in generator.parameters()) / 1e6:.2f} million parameters, "
        f"{sum(p.numel() for p in discriminator.parameters()) / 1e6:.2f} million in the discriminators, "
        f"{data.seconds / 3600:.2f} hours in {len(train_clips)} clips, {len(data.validation)} clips held out, of which "
        f"{len(recordings)} are vocoded in validation"
    )
    if budget.step == 0:
        for name, recording in list(zip(clip_names, recordings, strict=True))[: args.logged_clips]:
            tracker.log_audio(f"recording/{name}", recording, 0, sampling_rate=config.sampling_rate)
    bar = tqdm(total=100, disable=not is_main, bar_format="{percentage:3.0f}% |{bar:20}| {desc}")
    sums: dict[str, torch.Tensor] = defaultdict(lambda: torch.zeros((), device=accelerator.device))
    logged_at, logged_step, validated_step = budget.clock(), budget.step, -1
    margin = MARGIN_FRAMES * hop_length
    generator.train()
    for batch in dataloader:
        recording, band = batch["waveform"], batch["band"]
        tracks = {name: batch[name] for name in ("pitch", "voicing") if name in batch}
        generated = generator(batch["spectrogram"], **tracks)[:, margin:-margin]
        recording = recording[:, margin:-margin]
        # beyond its band a recording says nothing, so there the generated waveform is silenced too
        generated, recording = (
            limit_band(waveform, band, config.sampling_rate) for waveform in (generated, recording)
        )

        losses = {}
        if position.is_adversarial:
            seen = min(args.discriminator_samples, recording.shape[1])
            start = int(torch.randint(recording.shape[1] - seen + 1, ()))
            real, fake = (waveform[:, None, start : start + seen] for waveform in (recording, generated))
            losses["discriminator"] = discriminator_loss(discriminator(fake.detach()), discriminator(real))
            accelerator.backward(losses["discriminator"])
            accelerator.clip_grad_norm_(discriminator.parameters(), args.max_grad_norm)
            optimizers[1].step()
            optimizers[1].zero_grad()

        distance = spectral_loss(generated, recording)
        losses["mel"] = nn.functional.l1_loss(
            feature_extractor.log_mel(generated), feature_extractor.log_mel(recording)
        )
        losses["multi_mel"], losses["stft"] = distance.mel, distance.stft
        loss = args.mel_weight * losses["mel"] + args.spectral_weight * distance.loss
        if position.is_adversarial:
            discriminator.requires_grad_(False)
            with torch.no_grad():
                real_judgement = discriminator(real)
            losses["adversarial"], losses["features"] = generator_losses(discriminator(fake), real_judgement)
            discriminator.requires_grad_(True)
            loss = loss + args.adversarial_weight * losses["adversarial"] + args.feature_weight * losses["features"]
        accelerator.backward(loss)
        grad_norm = accelerator.clip_grad_norm_(generator.parameters(), args.max_grad_norm)
        optimizers[0].step()
        optimizers[0].zero_grad()
        for name, value in {"loss": loss, **losses}.items():
            sums[name] += value.detach()

        # After each step: budget, schedules, average
        budget.step += 1
        position.draws += args.batch_size * accelerator.num_processes
        seconds, terminated = agree(accelerator, budget.clock(), terminated)
        budget.tick(seconds)
        for scheduler in schedulers if position.is_adversarial else schedulers[:1]:
            scheduler.step()
        if ema is not None:
            ema.update_parameters(accelerator.unwrap_model(generator))

        ends = budget.exhausted or terminated
        if budget.step % args.logging_steps == 0 or ends:
            steps = budget.step - logged_step
            total = {name: float(value) / steps for name, value in accelerator.reduce(dict(sums), "mean").items()}
            sums.clear()
            if not math.isfinite(total["loss"]):
                raise FloatingPointError(
                    f"the loss is {total['loss']} at step {budget.step}: resume from a checkpoint with a lower "
                    "`learning_rate` or `max_grad_norm`, or with `mixed_precision` no"
                )
            speed = steps / (budget.clock() - logged_at)
            logged_at, logged_step = budget.clock(), budget.step
            tracker.log(
                {
                    **{f"train/{name}": value for name, value in total.items()},
                    "train/learning_rate": schedulers[0].get_last_lr()[0],
                    "train/grad_norm": grad_norm,
                    "speed/steps_per_second": speed,
                    "speed/minutes": budget.seconds / 60,
                },
                budget.step,
            )
            bar.n = min(100, 100 * budget.progress)
            bar.set_description_str(
                f"step {budget.step}, mel {total['mel']:.3f}, stft {total['stft']:.3f}, {speed:.1f} steps a second, "
                f"{bar.format_interval(budget.seconds_left or 0)} left"
            )
        if not position.is_adversarial and budget.progress >= args.adversarial_start and not ends:
            position.is_adversarial = True
            logger.info(f"the discriminators join after step {budget.step}")
        if budget.seconds - position.validated_at >= 60 * args.validation_minutes and not ends:
            validate()
            validated_step, position.validated_at = budget.step, budget.seconds
            logged_at = budget.clock()
        if budget.seconds - position.saved_at >= 60 * args.checkpointing_minutes or ends:
            position.saved_at = budget.seconds
            save_checkpoint(accelerator, checkpoint_dir, budget.step, keep=args.keep_checkpoints)
            logged_at = budget.clock()
        if ends:
            break
    bar.close()

    if terminated and not budget.exhausted:
        logger.warning(f"stopped by SIGTERM after step {budget.step}; go on with --resume_from_checkpoint latest")
    else:
        if validated_step != budget.step:
            validate()
        if is_main:
            save_generator(accelerator.unwrap_model(generator) if ema is None else ema.module, output_dir / "final")
    accelerator.end_training()
    return 143 if terminated and not budget.exhausted else 0


if __name__ == "__main__":
    sys.exit(main())
