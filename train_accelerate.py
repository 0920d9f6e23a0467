"""
Train GPT2TTS with Accelerate: on one CPU, several, or GPUs; from scratch, from GPT-2's weights or from a checkpoint.

    accelerate launch train_accelerate.py --model small --dataset LJSpeech-1.1 --output_dir runs/ljspeech \
        --max_train_minutes 60 --resume_from_checkpoint latest

`--config recipes/tiny.yaml` reads arguments from a file; those on the command line win. The output folder holds

    checkpoints/step-NNNNNNNN  whole training states, the last few
    best, final                folders for `from_pretrained` and the Hub, each with its model card
    logs, metrics.jsonl        TensorBoard, and the same numbers as text
    curves.png                 losses and error rates so far
"""

from __future__ import annotations

import dataclasses
import logging
import math
import os
import shutil
import signal
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import yaml
from accelerate import Accelerator, PartialState
from accelerate.data_loader import prepare_data_loader
from accelerate.utils import DataLoaderConfiguration, DistributedType, TorchDynamoPlugin, parse_flag_from_env, set_seed
from datasets import Dataset, concatenate_datasets
from torch.utils.data import DataLoader
from tqdm.auto import tqdm
from transformers import AutoTokenizer

from gpt2tts.adapters import add_adapter, save_adapter
from gpt2tts.configuration_gpt2tts import PRESETS, GPT2TTSConfig
from gpt2tts.data.collation import Augmentation, SpeechCollator
from gpt2tts.data.features import BadRowReport, FeatureSettings, compute_features, compute_mel_statistics
from gpt2tts.data.prepare import SpeechData, prepare_speech_data
from gpt2tts.data.samplers import LengthBucketBatchSampler
from gpt2tts.data.speech_datasets import COLUMNS, SpeechDataset, is_validation_text, load_speech_dataset
from gpt2tts.data.speech_datasets import OPTIONS as DATASET_OPTIONS
from gpt2tts.data.streaming import StreamedBatches
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.folders import replace_folder
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.plots import mel_figure, positions_figure
from gpt2tts.processing_gpt2tts import GPT2TTSProcessor, build_bpe_tokenizer, build_byte_tokenizer
from gpt2tts.publishing.hub import push_folder
from gpt2tts.publishing.model_card import summarize_data, write_model_card
from gpt2tts.training.arguments import parse_arguments
from gpt2tts.training.checkpointing import prepare_output_dir, resolve_checkpoint, save_checkpoint
from gpt2tts.training.ema import build_ema
from gpt2tts.training.mixed_precision import choose_mixed_precision
from gpt2tts.training.optimizers import TrainingBudget, build_lr_scheduler, build_optimizer
from gpt2tts.training.past import PastSampling
from gpt2tts.training.progress import SavedFields, agree, is_due
from gpt2tts.training.tracking import Tracker
from gpt2tts.training.validation import (
    LOSSES,
    ValidationResult,
    build_speech_prompts,
    evaluate_losses,
    evaluate_speech,
    figure_of_merit,
)
from gpt2tts.training.weights import freeze_others
from gpt2tts.vocoder_gpt2tts import load_vocoder

logger = logging.getLogger("gpt2tts.train")

# more would make the validations of large sets long without making them surer
MAX_VALIDATION_ROWS = 256
# rows at the beginning of each stream that stand for it in validation
STREAM_HEAD = 512


@dataclass
class TrainingArguments:
    """Arguments of the training script."""

    # model
    model: str = field(
        default="small",
        metadata={
            "help": f"Preset ({', '.join(PRESETS)}), checkpoint folder or Hub id to go on from, or 'gpt2:ID' for the "
            "weights of a GPT-2 model, as in gpt2:openai-community/gpt2."
        },
    )
    model_overrides: str = field(
        default="{}",
        metadata={"help": "JSON or YAML of config fields to set, as in '{prenet_dropout: 0.2}'. New models only."},
    )
    tokenizer: str | None = field(
        default=None,
        metadata={
            "help": "'byte' (256 bytes), 'bpe' (GPT-2's 50,257 entries, from the Hub), or a folder with vocab.json and "
            "merges.txt or with a saved tokenizer. Default: bytes, the checkpoint's own, or bpe where the preset "
            "or GPT-2 has its vocabulary."
        },
    )

    trainable: list[str] = field(
        default_factory=list, metadata={"help": "Train only weights whose names begin so, as in model.gpt2."}
    )
    lora_rank: int = field(
        default=0, metadata={"help": "Train an adapter of this rank beside the weights (needs peft); 0: the weights."}
    )

    # data
    dataset: list[str] = field(
        default_factory=list,
        metadata={
            "help": "One or more of SOURCE[?OPTION=VALUE&...][:SPEAKER,...][=WEIGHT]: a Hub id, an LJSpeech folder, a folder "
            f"with metadata.csv of file|speaker|text, or an audiofolder. Options: {', '.join(DATASET_OPTIONS)}."
        },
    )
    speakers: list[str] | None = field(default=None, metadata={"help": "Train on these speakers only."})
    exclude_speakers: list[str] = field(default_factory=list, metadata={"help": "Speakers to leave out."})
    exclude_files: list[str] = field(
        default_factory=list, metadata={"help": "Patterns of file names to leave out, as in 'LJ050-*'."}
    )
    validation_share: float = field(default=0.02, metadata={"help": "Share of the texts kept for validation."})
    streaming: bool = field(
        default=False, metadata={"help": "Read the datasets as streams, for sets that do not fit the disk."}
    )
    cache_dir: str | None = field(
        default=None, metadata={"help": "Folder of the computed features. Default: that of `datasets`."}
    )
    num_proc: int = field(default=os.cpu_count() or 1, metadata={"help": "Processes that compute features."})
    num_workers: int = field(default=0, metadata={"help": "Worker processes of each data loader."})
    max_positions_per_batch: int = field(
        default=8000,
        metadata={"help": "Budget of a global batch: (latents + text + mel groups) x clips, padding included."},
    )
    pad_to_multiple_of: int = field(
        default=1, metadata={"help": "Pad texts and speech to a multiple of this many positions: fewer shapes."}
    )
    speaker_balance: float = field(
        default=0.0, metadata={"help": "0: speakers are drawn as often as the data holds them; 1: all alike."}
    )
    british_speakers: list[str] = field(
        default_factory=list, metadata={"help": "Speakers whose texts are read as British phonemes."}
    )
    spelled_rows: float = field(default=0.1, metadata={"help": "Share of the texts read as letters, not phonemes."})
    spelled_words: float = field(default=0.1, metadata={"help": "Share of the words of the others that are."})
    warped_rows: float = field(
        default=0.0, metadata={"help": "Share of the clips spoken by an invented speaker: frequencies are moved."}
    )
    conditioning_dropout: float = field(
        default=0.0,
        metadata={"help": "Probability of a clip to be trained without its reference; 1: references are not used."},
    )
    max_bad_share: float = field(
        default=0.1, metadata={"help": "A dataset that loses more of its rows (missing files apart) is an error."}
    )

    # budget and optimisation
    max_train_steps: int | None = field(default=None, metadata={"help": "Budget in optimiser steps."})
    num_train_epochs: float | None = field(default=None, metadata={"help": "Budget in epochs (20 if none is given)."})
    max_train_minutes: float | None = field(default=None, metadata={"help": "Budget in minutes."})
    gradient_accumulation_steps: int = field(default=1, metadata={"help": "Batches to an optimiser step."})
    mixed_precision: str = field(
        default="auto",
        metadata={"help": "bf16 (on CPU too), fp16 or no; auto: bf16 where the device has it, else no."},
    )
    compile: bool = field(default=False, metadata={"help": "Compile the model with torch.compile."})
    optimizer: str = field(default="muon", metadata={"help": "muon (AdamW beside it) or adamw."})
    learning_rate: float = field(default=1e-3, metadata={"help": "Peak learning rate."})
    weight_decay: float = field(default=0.01, metadata={"help": "Weight decay of matrices and kernels."})
    warmup_steps: int = field(default=300, metadata={"help": "Steps of linear warm-up."})
    lr_scheduler: str = field(default="cosine", metadata={"help": "cosine or constant, over the budget."})
    min_lr_ratio: float = field(default=0.05, metadata={"help": "Floor of the schedule, as a share of the peak."})
    max_grad_norm: float = field(default=1.0, metadata={"help": "Gradient norm to clip at."})
    ema_decay: float = field(
        default=0.999, metadata={"help": "Decay of the averaged weights that are validated and saved; 0: off."}
    )
    seed: int = field(default=0, metadata={"help": "Seed of weights, batches, dropout and draws."})

    # losses and what the model is fed
    scheduled_sampling_max: float = field(
        default=0.0,
        metadata={"help": "Upper end of the share of past groups replaced by the model's own outputs; 0: off."},
    )
    scheduled_sampling_start: int = field(default=1000, metadata={"help": "Step at which this begins."})
    scheduled_sampling_ramp: int = field(default=1000, metadata={"help": "Steps over which the share rises from 0."})
    input_noise_std: float = field(
        default=0.0, metadata={"help": "Noise on the recorded past, in standard deviations of the frames; 0: off."}
    )
    speaker_encoder: str = field(
        default="none", metadata={"help": "none, resemblyzer, ecapa or a Hub id, for the speaker consistency loss."}
    )
    speaker_consistency_weight: float = field(
        default=0.5, metadata={"help": "Weight of that loss where there is a speaker encoder."}
    )
    adversarial_weight: float = field(
        default=0.0,
        metadata={"help": "Weight of what a discriminator says of the predicted spectrograms; 0: there is none."},
    )
    adversarial_start: int = field(
        default=0, metadata={"help": "Step at which it begins: best after the spectrograms have become clear."}
    )
    adversarial_frames: int = field(default=64, metadata={"help": "Frames of the stretch of each clip that it sees."})
    discriminator_learning_rate: float = field(
        default=5e-4, metadata={"help": "Constant learning rate of the discriminator."}
    )

    # output
    output_dir: str = field(default="runs/gpt2tts", metadata={"help": "Folder for everything that the run leaves."})
    overwrite_output_dir: bool = field(
        default=False, metadata={"help": "Delete the checkpoints and the log of an earlier run in that folder."}
    )
    checkpointing_steps: int | None = field(default=None, metadata={"help": "Steps between checkpoints."})
    checkpointing_minutes: float | None = field(
        default=None, metadata={"help": "Minutes between checkpoints (10 if no steps are given)."}
    )
    keep_checkpoints: int = field(default=2, metadata={"help": "Checkpoints to keep."})
    resume_from_checkpoint: str | None = field(
        default=None, metadata={"help": "'latest' (starts anew if there is none) or a checkpoint folder."}
    )
    validation_steps: int | None = field(default=None, metadata={"help": "Steps between validations."})
    validation_minutes: float | None = field(
        default=None, metadata={"help": "Minutes between validations (10 if no steps are given)."}
    )
    validation_sentences: int = field(
        default=16, metadata={"help": "Clips of the validation set that are also generated and recognised."}
    )
    validation_voices: int = field(
        default=4, metadata={"help": "Voices to log pictures and audio of, and to save with the model."}
    )
    validation_texts: str | None = field(
        default=None, metadata={"help": "File with a sentence a line, to be spoken by these voices too."}
    )
    recognizer: str = field(
        default="auto", metadata={"help": "Speech recogniser for the character error rate: auto, none, or a name."}
    )
    vocoder: str | None = field(
        default=None, metadata={"help": "Vocoder of validation and of a new model's config. Default: the config's."}
    )
    logging_steps: int = field(default=10, metadata={"help": "Steps between lines of the log."})
    report_to: str = field(
        default="tensorboard", metadata={"help": "tensorboard, another tracker of Accelerate, or none."}
    )
    push_to_hub: bool = field(default=False, metadata={"help": "Upload each best folder and the final one."})
    hub_model_id: str | None = field(default=None, metadata={"help": "Repository, as in user/name."})
    hub_private_repo: bool = field(default=False, metadata={"help": "Create the repository as a private one."})

    def __post_init__(self):
        if not self.dataset:
            raise ValueError("`dataset` is empty: pass --dataset with a Hub id or a folder")
        if self.streaming:
            for name, off in {
                "num_workers": 0,
                "speaker_encoder": "none",
            }.items():
                if getattr(self, name) != off:
                    raise ValueError(f"`{name}` does not work with `streaming`: leave one of them out")
        if self.push_to_hub and not self.hub_model_id:
            raise ValueError("`push_to_hub` needs `hub_model_id`, as in --hub_model_id user/name")
        if self.max_train_steps is None and self.max_train_minutes is None and self.num_train_epochs is None:
            self.num_train_epochs = 20.0
        if self.checkpointing_steps is None and self.checkpointing_minutes is None:
            self.checkpointing_minutes = 10.0
        if self.validation_steps is None and self.validation_minutes is None:
            self.validation_minutes = 10.0

    def differing(self) -> dict:
        """What shapes the model and is not at its default, for the model card: no folder of this machine."""
        local = (
            "dataset",
            "output_dir",
            "overwrite_output_dir",
            "cache_dir",
            "resume_from_checkpoint",
            "num_proc",
            "num_workers",
        )
        about = ("validation_", "checkpointing_", "keep_", "logging_", "report_", "push_", "hub_", "recognizer")
        defaults = {f.name: f.default for f in dataclasses.fields(self)}
        return {
            name: value
            for name, value in dataclasses.asdict(self).items()
            if name not in local
            and not (name == "model" and Path(value).is_dir())
            and not name.startswith(about)
            and value not in (defaults[name], [])
            and value is not None
        }


def build_processor(args: TrainingArguments) -> GPT2TTSProcessor:
    """The checkpoint's processor, or a new one around the tokenizer that `tokenizer` names."""
    is_checkpoint = args.model not in PRESETS and not args.model.startswith("gpt2:")
    if is_checkpoint and args.tokenizer is None:
        return GPT2TTSProcessor.from_pretrained(args.model)
    needs_bpe = args.model.startswith("gpt2:") or PRESETS.get(args.model, {}).get("vocab_size") == 50257
    name = args.tokenizer or ("bpe" if needs_bpe else "byte")
    if name == "byte":
        tokenizer = build_byte_tokenizer()
    elif name == "bpe":
        tokenizer = build_bpe_tokenizer()
    elif (Path(name) / "merges.txt").is_file() and not (Path(name) / "tokenizer.json").is_file():
        tokenizer = build_bpe_tokenizer(Path(name) / "vocab.json", Path(name) / "merges.txt")
    else:
        tokenizer = AutoTokenizer.from_pretrained(name)
    return GPT2TTSProcessor(GPT2TTSFeatureExtractor(), tokenizer)


def build_model(
    args: TrainingArguments, processor: GPT2TTSProcessor, speaker_embedding_dim: int | None
) -> GPT2TTSForTextToSpeech:
    """A new model, one around GPT-2's weights, or a checkpoint, with the loss weights of the arguments."""
    fields = {
        "speaker_consistency_loss_weight": args.speaker_consistency_weight if speaker_embedding_dim else None,
        "speaker_embedding_dim": speaker_embedding_dim,
        "vocoder": args.vocoder,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    tokenizer = processor.tokenizer
    fields_of_new_model = {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        **fields,
        **(yaml.safe_load(args.model_overrides) or {}),
    }
    if args.model in PRESETS:
        return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset(args.model, **fields_of_new_model))
    if args.model.startswith("gpt2:"):
        source = args.model.removeprefix("gpt2:")
        sized_like_source = GPT2TTSForTextToSpeech.from_gpt2(source).config
        config = GPT2TTSConfig(**{**sized_like_source.to_dict(), **fields_of_new_model})
        return GPT2TTSForTextToSpeech.from_gpt2(source, config=config)
    return GPT2TTSForTextToSpeech.from_pretrained(args.model, **fields)


def read_heads(
    streams: list[SpeechDataset],
    processor: GPT2TTSProcessor,
    config: GPT2TTSConfig,
    *,
    num_rows: int,
    validation_share: float,
    british_speakers: list[str],
    **computation,
) -> SpeechData:
    """Features of the first rows of each stream, split as the streams are, as if they were whole datasets."""
    settings = FeatureSettings(
        config.max_text_positions, config.max_mel_positions * config.reduction_factor, tuple(british_speakers)
    )
    heads, report = [], BadRowReport()
    for stream in streams:
        rows = Dataset.from_list(list(stream.rows.take(num_rows)), features=COLUMNS)
        features, lost = compute_features(
            SpeechDataset(stream.name, rows, stream.weight), processor, settings, **computation
        )
        heads.append(features)
        report.num_rows.update(lost.num_rows)
        report.rows += lost.rows
    features = concatenate_datasets(heads)
    held_out = np.array([is_validation_text(text, validation_share) for text in features["text"][:]])
    speakers = np.array(features["speaker"][:])
    train = features.select(np.flatnonzero(~held_out))
    validation = features.select(np.flatnonzero(held_out & np.isin(speakers, speakers[~held_out])))
    seconds = sum(train["num_frames"][:]) / config.frame_rate
    return SpeechData(train, validation, np.ones(len(train)), report, seconds)


@dataclass
class Position(SavedFields):
    """Where in the data a run stands, when it last saved and validated, and its best figure; saved with checkpoints."""

    epoch: int = 0
    batch: int = 0
    saved_at: float = 0.0
    validated_at: float = 0.0
    best: float = math.inf


def main(argv: list[str] | None = None) -> int:
    """Train. Returns the exit code: 0, or 143 (as a shell says of a SIGTERM) when it was told to stop."""
    args = parse_arguments(TrainingArguments, argv)
    output_dir = Path(args.output_dir)
    # asked for here, before there is an accelerator: without its flag, processes on CPUs would not know of each other
    state = PartialState(cpu=parse_flag_from_env("ACCELERATE_USE_CPU"))
    accelerator = Accelerator(
        gradient_accumulation_steps=args.gradient_accumulation_steps,
        mixed_precision=choose_mixed_precision(args.mixed_precision, state.device.type),
        log_with=None if args.report_to == "none" else args.report_to,
        project_dir=output_dir,
        # the schedule follows the budget, which is the same on every process
        step_scheduler_with_optimizer=False,
        # the sampler itself deals out each global batch
        dataloader_config=DataLoaderConfiguration(even_batches=False),
        dynamo_plugin=TorchDynamoPlugin(backend="inductor", dynamic=True) if args.compile else None,
    )
    if accelerator.device.type == "cuda":
        # its kernels are planned anew for every new shape, which takes longer than the step: 0.4 s against 0.1 s a step,
        # measured on an H100
        torch.backends.cuda.enable_cudnn_sdp(False)
    is_main = accelerator.is_main_process
    is_fsdp = accelerator.distributed_type == DistributedType.FSDP
    if is_fsdp and (args.ema_decay > 0 or args.optimizer == "muon"):
        raise ValueError(
            "sharded weights can be neither averaged nor stepped by Muon: --ema_decay 0 --optimizer adamw"
        )
    if is_fsdp and args.adversarial_weight > 0:
        raise ValueError("sharded weights cannot play against a discriminator: --adversarial_weight 0")
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("gpt2tts").setLevel(logging.INFO if is_main else logging.ERROR)
    set_seed(args.seed)
    if is_main:
        prepare_output_dir(
            output_dir, resumes=args.resume_from_checkpoint is not None, overwrite=args.overwrite_output_dir
        )
        (output_dir / "arguments.yaml").write_text(yaml.safe_dump(dataclasses.asdict(args), sort_keys=False))

    # Model
    processor = build_processor(args)
    speaker_encoder = None
    if args.speaker_encoder != "none":
        from gpt2tts.evaluation.speaker_encoders import load_speaker_encoder

        speaker_encoder = load_speaker_encoder(args.speaker_encoder)
    model = build_model(args, processor, speaker_encoder.embedding_dim if speaker_encoder is not None else None)
    freeze_others(model, args.trainable)
    if args.lora_rank:
        add_adapter(model, args.lora_rank)
    config = model.config
    is_new = args.model in PRESETS or args.model.startswith("gpt2:")
    trained_text_tokens = 0 if is_new else processor.max_text_tokens or 0
    processor.max_text_tokens = config.max_text_positions

    # Data: the main process computes the features, the others read its cache. Of a stream, this is its beginning, for
    # the statistics, the validation and the voices
    selection = {
        "speakers": args.speakers,
        "exclude_speakers": args.exclude_speakers,
        "exclude_files": args.exclude_files,
    }
    computation = {"num_proc": args.num_proc, "cache_dir": args.cache_dir}
    with accelerator.main_process_first():
        if args.streaming:
            streams = [load_speech_dataset(spec, streaming=True, **selection) for spec in args.dataset]
            data = read_heads(
                streams,
                processor,
                config,
                num_rows=STREAM_HEAD,
                validation_share=args.validation_share,
                british_speakers=args.british_speakers,
                **computation,
            )
        else:
            data = prepare_speech_data(
                args.dataset,
                processor,
                config,
                validation_share=args.validation_share,
                max_validation_rows=MAX_VALIDATION_ROWS,
                speaker_encoder=speaker_encoder,
                max_bad_share=args.max_bad_share,
                british_speakers=args.british_speakers,
                speaker_balance=args.speaker_balance,
                report_path=output_dir / "skipped.jsonl" if is_main else None,
                **selection,
                **computation,
            )
    if is_new:
        statistics = compute_mel_statistics(data.train, config.n_mels)
        model.model.set_mel_statistics(statistics.global_mean, statistics.global_std)
    augmentation = Augmentation(args.spelled_rows, args.spelled_words, args.warped_rows)
    train_rows = data.training_rows(config, processor.tokenizer, augmentation=augmentation, seed=args.seed)
    collator = SpeechCollator(
        processor.tokenizer.pad_token_id,
        config.reduction_factor,
        multiple=args.pad_to_multiple_of,
        mel_padding_value=processor.feature_extractor.padding_value,
        # several processes want a gradient for every weight, of the conditioning encoder too
        with_references=args.conditioning_dropout < 1 or accelerator.num_processes > 1,
    )
    loading = {
        "collate_fn": collator,
        "num_workers": args.num_workers,
        "persistent_workers": args.num_workers > 0,
        "pin_memory": accelerator.device.type == "cuda",
    }
    batching = {"max_positions_per_batch": args.max_positions_per_batch, "seed": args.seed}
    if args.streaming:
        sampler = StreamedBatches(
            streams,
            processor,
            config,
            augmentation=augmentation,
            british_speakers=args.british_speakers,
            validation_share=args.validation_share,
            num_processes=accelerator.num_processes,
            process_index=accelerator.process_index,
            **batching,
        )
        # each process takes its share of the stream by itself
        train_dataloader = prepare_data_loader(
            DataLoader(sampler, batch_size=None, **loading),
            accelerator.device,
            num_processes=1,
            process_index=0,
            put_on_device=True,
        )
    else:
        sampler = LengthBucketBatchSampler.for_rows(
            train_rows,
            config,
            num_processes=accelerator.num_processes,
            **batching,
        )
        train_dataloader = accelerator.prepare(DataLoader(train_rows, batch_sampler=sampler, **loading))

    # Validation: losses on its clips, and some of them to be spoken and looked at
    validation_rows = (
        data.validation_rows(config, processor.tokenizer, seed=args.seed) if len(data.validation) else None
    )
    validation_dataloader = None
    if validation_rows is not None:
        validation_sampler = LengthBucketBatchSampler.for_rows(validation_rows, config, shuffle=False, **batching)
        validation_dataloader = DataLoader(validation_rows, batch_sampler=validation_sampler, **loading)
    extra_texts = Path(args.validation_texts).read_text().splitlines() if args.validation_texts else []
    prompted = data.train if validation_rows is None else data.validation
    prompts = build_speech_prompts(
        train_rows if validation_rows is None else validation_rows,
        prompted["text"][:],
        prompted["speaker"][:],
        collator,
        num_sentences=0 if validation_rows is None else args.validation_sentences,
        num_voices=args.validation_voices,
        extra_texts=[text.strip() for text in extra_texts if text.strip()],
        tokenize=lambda text: processor(text=text)["input_ids"][0].numpy(),
    )

    # what leaves this script splits longer texts: they would stand at positions that no training has reached
    processor.max_text_tokens = max(trained_text_tokens, int(train_rows.num_tokens.max()))

    # Optimiser, schedule, average
    budget = TrainingBudget(args.max_train_steps, args.num_train_epochs, max_minutes=args.max_train_minutes)
    optimizer = build_optimizer(
        model, args.optimizer, learning_rate=args.learning_rate, weight_decay=args.weight_decay
    )
    scheduler = build_lr_scheduler(
        optimizer,
        budget,
        schedule=args.lr_scheduler,
        warmup_steps=args.warmup_steps,
        min_ratio=args.min_lr_ratio,
    )
    ema = build_ema(model, args.ema_decay).to(accelerator.device) if args.ema_decay > 0 else None
    if ema is not None:
        ema.n_averaged = ema.n_averaged.cpu()  # read at each update, which would wait for the device
    model, optimizer, scheduler = accelerator.prepare(model, optimizer, scheduler)
    if validation_dataloader is not None:
        # sharded layers run on all processes at once, so there each of them evaluates every batch
        validation_dataloader = prepare_data_loader(
            validation_dataloader,
            accelerator.device,
            num_processes=1 if is_fsdp else accelerator.num_processes,
            process_index=0 if is_fsdp else accelerator.process_index,
            put_on_device=True,
            even_batches=False,
        )
    unwrapped = accelerator.unwrap_model(model, keep_torch_compile=False)
    adversary = None
    if args.adversarial_weight > 0:
        # brings SpeechBrain, whose import takes seconds
        from gpt2tts.training.mel_discriminator import MelAdversary

        adversary = MelAdversary(
            accelerator,
            config.n_mels,
            num_frames=args.adversarial_frames,
            learning_rate=args.discriminator_learning_rate,
            max_grad_norm=args.max_grad_norm,
        )

    # Resumption: model, optimiser, schedule, random state; then budget, position and average
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

    # Trackers, and what validation listens with
    if args.report_to != "none":
        board = {"tensorboard": {"purge_step": budget.step + 1}}
        accelerator.init_trackers("logs", init_kwargs=board)
    tracker = Tracker(accelerator, output_dir, budget.step)
    vocoder = load_vocoder(
        config.vocoder or "griffin-lim",
        base_path=args.model if Path(args.model).is_dir() else None,
        device=accelerator.device,
    )
    recognizer = None
    if args.recognizer != "none":
        from gpt2tts.evaluation.recognizers import load_recognizer

        try:
            recognizer = load_recognizer(args.recognizer)
        except (ImportError, OSError) as error:
            if args.recognizer != "auto":
                raise
            logger.warning(f"no character error rates: {error}")

    def validate() -> dict[str, float]:
        """Validate the averaged weights, log what was found, and keep them if they are the best so far."""
        started = time.monotonic()
        torch.manual_seed(args.seed)
        evaluated = unwrapped if ema is None else ema.module
        losses = {}
        if validation_dataloader is not None:
            losses = evaluate_losses(model if is_fsdp else evaluated, validation_dataloader, accelerator)
        result = ValidationResult()
        if not is_fsdp:
            result = evaluate_speech(
                evaluated,
                prompts.batches,
                prompts.texts,
                prompts.voices,
                accelerator=accelerator,
                vocoder=vocoder,
                recognizer=recognizer,
                sampling_rate=config.sampling_rate,
                frame_rate=config.frame_rate,
                seed=args.seed,
            )
        result.metrics = {**losses, **result.metrics}
        tracker.log({f"validation/{name}": value for name, value in result.metrics.items()}, budget.step)
        for name, sample in prompts.shown(result.samples).items():
            title = sample.text if sample.transcript is None else f"{sample.text}\nheard: {sample.transcript}"
            tracker.log_figure(f"positions/{name}", positions_figure(sample.text_positions, sample.text), budget.step)
            tracker.log_figure(f"mel/{name}", mel_figure(sample.spectrogram, sample.target, title), budget.step)
            tracker.log_audio(f"speech/{name}", sample.waveform, budget.step, sampling_rate=config.sampling_rate)
        tracker.draw_curves()
        figures = ", ".join(f"{name} {value:.4g}" for name, value in result.metrics.items())
        logger.info(f"validation at step {budget.step} ({time.monotonic() - started:.0f} s): {figures}")
        if figure_of_merit(result.metrics) < position.best:
            position.best = figure_of_merit(result.metrics)
            save_model("best", result.metrics)
        return result.metrics

    def save_model(name: str, metrics: dict[str, float]):
        """A folder for `from_pretrained` and the Hub, put in its place when it is complete."""
        state_dict = accelerator.get_state_dict(model) if ema is None else None
        if is_main:
            saved = unwrapped if ema is None else ema.module
            if not is_fsdp:  # there a single process cannot run the conditioning encoder
                for voice, reference in prompts.references.items():
                    reference = {key: value.to(accelerator.device) for key, value in reference.items()}
                    with torch.no_grad():
                        saved.add_voice(voice, saved.get_style_latents(**reference)[0])
                saved.config.default_voice = next(iter(prompts.references), saved.config.default_voice)
            partial = output_dir / f".partial-{name}"
            shutil.rmtree(partial, ignore_errors=True)
            if args.lora_rank:
                save_adapter(saved, partial)
            else:
                saved.save_pretrained(partial, state_dict=state_dict)
            processor.save_pretrained(partial)
            write_model_card(
                partial,
                saved,
                arguments=args.differing(),
                data_summary=summarize_data(data.train, config.frame_rate),
                metrics=metrics,
                training_summary=f"{budget.step} steps, {budget.epoch:.1f} epochs of {data.seconds / 3600:.1f} hours, in "
                f"{budget.seconds / 60:.0f} minutes on {accelerator.num_processes} x {accelerator.device.type}.",
                model_id=args.hub_model_id or output_dir.resolve().name,
                recognizer=recognizer.name if recognizer is not None else None,
            )
            folder = replace_folder(partial, output_dir / name)
            if args.push_to_hub:
                push_folder(
                    folder,
                    args.hub_model_id,
                    commit_message=f"{name.capitalize()} weights, step {budget.step}",
                    private=args.hub_private_repo,
                )
        accelerator.wait_for_everyone()

    # A SIGTERM is acted on between two steps
    terminated = False

    def terminate(*_):
        nonlocal terminated
        terminated = True

    signal.signal(signal.SIGTERM, terminate)

    # The loop
    sampling = PastSampling(
        max_probability=args.scheduled_sampling_max,
        start_step=args.scheduled_sampling_start,
        ramp_steps=args.scheduled_sampling_ramp,
        noise_std=args.input_noise_std,
    )
    amount = f"{data.seconds / 3600:.2f} hours, {len(data.train)} clips of {len(data.speakers)} speakers"
    amount = f"streams that begin with {amount}" if args.streaming else f"{amount}, {sampler.num_batches(0)} batches"
    parameters = sum(p.numel() for p in model.parameters()) / 1e6
    logger.info(f"{parameters:.1f} million parameters; {amount}; {len(data.validation)} clips for validation")
    bar = tqdm(total=100, disable=not is_main, bar_format="{percentage:3.0f}% |{bar:20}| {desc}")
    sums: dict[str, torch.Tensor] = defaultdict(lambda: torch.zeros((), device=accelerator.device))
    logged_at, metrics, validated_step, saved_step = budget.clock(), {}, -1, budget.step
    model.train()
    while not (budget.exhausted or terminated):
        sampler.start_epoch(position.epoch, first_batch=position.batch)
        # how many batches a stream has is known at its end
        num_batches = math.inf if args.streaming else sampler.num_batches(position.epoch)
        for batch in train_dataloader:
            with accelerator.accumulate(model):
                # dropout and draws depend on the place in the run alone, so that a resumed run repeats them
                place = (args.seed, position.epoch, position.batch, accelerator.process_index)
                torch.manual_seed(int(np.random.SeedSequence(place).generate_state(1)[0]))
                if args.conditioning_dropout > 0 and "reference_features" in batch:
                    rows = torch.rand(len(batch["input_ids"]), device=accelerator.device)
                    batch["drop_style"] = rows < args.conditioning_dropout
                # each process has a share of the batch: dividing by the mean number of groups makes the average of
                # their gradients that of one process
                groups = (-(-batch["labels_mask"].sum(1) // config.reduction_factor)).sum()
                mean_groups = accelerator.reduce(groups.float(), "mean")
                with accelerator.autocast():
                    past = sampling(
                        model if is_fsdp else unwrapped,
                        batch,
                        step=budget.step,
                        reduction_factor=config.reduction_factor,
                        frame_std=unwrapped.model.frame_std,
                    )
                output = model(**batch, **past, num_items_in_batch=mean_groups)
                loss = output.loss
                adversarial = {}
                if adversary is not None and budget.step >= args.adversarial_start:
                    normalize = unwrapped.model.normalize
                    adversarial = adversary(
                        normalize(output.spectrogram[:, : batch["labels"].shape[1]]),
                        normalize(batch["labels"][..., : config.n_mels]),
                        batch["labels_mask"],
                    )
                    loss = loss + args.adversarial_weight * adversarial["adversarial_loss"]
                accelerator.backward(loss)
                if accelerator.sync_gradients:
                    grad_norm = accelerator.clip_grad_norm_(model.parameters(), args.max_grad_norm)
                optimizer.step()
                optimizer.zero_grad()
            position.batch += 1
            with torch.no_grad():
                for name, value in {**{name: output.get(name) for name in LOSSES}, **adversarial}.items():
                    if value is not None:
                        sums[name] += value.detach().float() * mean_groups
                sums["groups"] += mean_groups
                sums["frames"] += batch["labels_mask"].sum()
            if not accelerator.sync_gradients:
                continue

            # After each optimiser step: budget, schedule, average
            budget.step += 1
            budget.epoch = position.epoch + position.batch / num_batches
            seconds, terminated = agree(accelerator, budget.clock(), terminated)
            budget.tick(seconds)
            scheduler.step()
            if ema is not None:
                ema.update_parameters(unwrapped)

            saves = is_due(budget, args.checkpointing_steps, args.checkpointing_minutes, position.saved_at)
            validates = is_due(budget, args.validation_steps, args.validation_minutes, position.validated_at)
            ends = budget.exhausted or terminated
            if budget.step % args.logging_steps == 0 or saves or ends:
                total = {name: float(value) for name, value in accelerator.reduce(dict(sums), "sum").items()}
                sums.clear()
                groups, frames = total.pop("groups"), total.pop("frames")
                losses = {name: value / groups for name, value in total.items()}
                if not math.isfinite(losses["loss"]):
                    raise FloatingPointError(
                        f"the loss is {losses['loss']} at step {budget.step}: resume from a checkpoint with a lower "
                        "`learning_rate` or `max_grad_norm`, or with `mixed_precision` no"
                    )
                seconds, logged_at = budget.clock() - logged_at, budget.clock()
                speed = frames / config.frame_rate / seconds
                tracker.log(
                    {
                        **{f"train/{name}": value for name, value in losses.items()},
                        "train/learning_rate": scheduler.get_last_lr()[0],
                        "train/grad_norm": grad_norm,
                        "train/epoch": budget.epoch,
                        "train/scheduled_sampling": sampling.probability(budget.step - 1),
                        "speed/audio_seconds_per_second": speed,
                        "speed/minutes": budget.seconds / 60,
                    },
                    budget.step,
                )
                left = bar.format_interval(budget.seconds_left or 0)
                bar.n = min(100, 100 * budget.progress)
                bar.set_description_str(
                    f"step {budget.step}, loss {losses['loss']:.3f}, {speed:.0f} s of audio a second, {left} left"
                )
            if validates and not ends:
                metrics, validated_step, position.validated_at = validate(), budget.step, budget.seconds
                logged_at = budget.clock()
            if saves or ends:
                position.saved_at, saved_step = budget.seconds, budget.step
                save_checkpoint(accelerator, checkpoint_dir, budget.step, keep=args.keep_checkpoints)
                logged_at = budget.clock()
            if ends:
                break
        else:
            position.epoch, position.batch = position.epoch + 1, 0
            budget.epoch = float(position.epoch)
    bar.close()
    if saved_step != budget.step:  # the end of a stream came unannounced
        save_checkpoint(accelerator, checkpoint_dir, budget.step, keep=args.keep_checkpoints)

    # Leave the averaged weights behind, with their validation
    if terminated and not budget.exhausted:
        logger.warning(f"stopped by SIGTERM after step {budget.step}; go on with --resume_from_checkpoint latest")
    else:
        if validated_step != budget.step:
            metrics = validate()
        save_model("final", metrics)
    accelerator.end_training()
    return 143 if terminated and not budget.exhausted else 0


if __name__ == "__main__":
    sys.exit(main())
