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
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.data_loader import prepare_data_loader
from accelerate.optimizer import AcceleratedOptimizer
from accelerate.utils import DistributedType, GradientAccumulationPlugin, TorchDynamoPlugin
from torch import nn
from torch.utils.data import DataLoader
from transformers import AutoTokenizer

from gpt2tts.adapters import add_adapter, save_adapter
from gpt2tts.cli.errors import run_script
from gpt2tts.configuration_gpt2tts import PRESETS, GPT2TTSConfig
from gpt2tts.data.collation import Augmentation, SpeechCollator, TrainingRows
from gpt2tts.data.features import compute_mel_statistics
from gpt2tts.data.prepare import SpeechData, prepare_speech_data
from gpt2tts.data.samplers import LengthBucketBatchSampler
from gpt2tts.data.streaming import StreamedBatches
from gpt2tts.evaluation.recognizers import Recognizer, load_recognizer
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.files import PARTIAL_PREFIX, is_adapter
from gpt2tts.folders import replace_folder
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.plots import mel_figure, positions_figure
from gpt2tts.processing_gpt2tts import GPT2TTSProcessor, build_bpe_tokenizer, build_byte_tokenizer
from gpt2tts.publishing.hub import create_repository, push_folder
from gpt2tts.publishing.model_card import summarize_data, write_model_card
from gpt2tts.training.arguments import (
    DataArguments,
    OptimizationArguments,
    OutputArguments,
    parse_arguments,
    parse_overrides,
)
from gpt2tts.training.attention import choose_attention
from gpt2tts.training.optimizers import LearningRateSchedule, build_optimizer
from gpt2tts.training.run import TrainingRun
from gpt2tts.training.validation import (
    LOSSES,
    SpeechPrompts,
    build_speech_prompts,
    evaluate_losses,
    evaluate_speech,
    figure_of_merit,
    load_listener,
)
from gpt2tts.training.weights import freeze_others
from gpt2tts.vocoder_gpt2tts import GPT2TTSVocoder

logger = logging.getLogger("gpt2tts.train")

# more would make the validations of large sets long without making them surer
MAX_VALIDATION_ROWS = 256

SPEAKER_CONSISTENCY_WEIGHT = 0.5


@dataclass
class ModelArguments:
    """What to train."""

    _argument_group_name = "model"

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
    speaker_encoder: str = field(
        default="none", metadata={"help": "none, resemblyzer, ecapa or a Hub id, for the speaker consistency loss."}
    )


@dataclass
class SpeechArguments(DataArguments):
    """Which speech to train on, and what is made of it."""

    streaming: bool = field(
        default=False, metadata={"help": "Read the datasets as streams, for sets that do not fit the disk."}
    )
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
    equalized_rows: float = field(
        default=0.0,
        metadata={"help": "Share of the clips recorded by another microphone: bands are louder or softer."},
    )
    noisy_references: float = field(
        default=0.0, metadata={"help": "Share of the references with the noise of a room."}
    )
    conditioning_dropout: float = field(
        default=0.0, metadata={"help": "Share of the clips without their reference; 1: references are not used."}
    )


@dataclass
class StepArguments(OptimizationArguments):
    """How long to train, and how."""

    num_train_epochs: float | None = field(default=None, metadata={"help": "Budget in epochs (20 if none is given)."})
    gradient_accumulation_steps: int = field(default=1, metadata={"help": "Batches to an optimiser step."})
    compile: bool = field(default=False, metadata={"help": "Compile the model with torch.compile."})
    optimizer: str = field(default="muon", metadata={"help": "muon (AdamW beside it) or adamw."})
    max_grad_norm: float = field(default=1.0, metadata={"help": "Gradient norm to clip at."})


@dataclass
class SpeechOutputArguments(OutputArguments):
    """What the run leaves, and when."""

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
    push_to_hub: bool = field(default=False, metadata={"help": "Upload each best folder and the final one."})
    hub_model_id: str | None = field(default=None, metadata={"help": "Repository, as in user/name."})
    hub_private_repo: bool = field(default=False, metadata={"help": "Create the repository as a private one."})


@dataclass
class TrainingArguments(ModelArguments, SpeechArguments, StepArguments, SpeechOutputArguments):
    """Arguments of the training script."""

    def __post_init__(self):
        super().__post_init__()
        for name, off in {"num_workers": 0, "speaker_encoder": "none", "speaker_balance": 0.0}.items():
            if self.streaming and getattr(self, name) != off:
                raise ValueError(f"`{name}` does not work with `streaming`: leave one of them out")
        if self.push_to_hub and not self.hub_model_id:
            raise ValueError("`push_to_hub` needs `hub_model_id`, as in --hub_model_id user/name")
        if is_adapter(self.model):
            raise ValueError(f"`model` {self.model!r} is an adapter: pass the checkpoint that it belongs to")
        if self.lora_rank:
            if self.trainable:
                raise ValueError("`lora_rank` trains an adapter alone: leave it or `trainable` out")
            if self.is_new:
                raise ValueError(
                    "`lora_rank` trains an adapter, which is of use only with the weights that it was trained beside: pass a "
                    f"checkpoint as `model`, got {self.model!r}"
                )
            if self.push_to_hub:
                raise ValueError(
                    "`push_to_hub` uploads whole checkpoints, and `lora_rank` leaves an adapter: `gpt2tts finetune` makes a "
                    "whole one of it, for `gpt2tts push`"
                )
        if not self.is_new and self.parsed_overrides():
            raise ValueError(f"`model_overrides` is for new models, and `model` {self.model!r} is a checkpoint")
        if self.max_train_steps is None and self.max_train_minutes is None and self.num_train_epochs is None:
            self.num_train_epochs = 20.0

    @property
    def is_new(self) -> bool:
        """Whether the model is a new one, and no checkpoint."""
        return self.model in PRESETS or self.model.startswith("gpt2:")

    def parsed_overrides(self) -> dict:
        """Config fields of `model_overrides`."""
        return parse_overrides(self.model_overrides, GPT2TTSConfig().to_dict())

    def differing(self) -> dict:
        """What shapes the model and is not at its default, for the model card: no folder of this machine."""
        of_this_machine = {f.name for f in dataclasses.fields(SpeechOutputArguments)} - {"vocoder"}
        of_this_machine |= {"dataset", "cache_dir", "num_proc", "num_workers"}
        defaults = {f.name: f.default for f in dataclasses.fields(self)}
        return {
            name: value
            for name, value in dataclasses.asdict(self).items()
            if name not in of_this_machine
            and not (name == "model" and Path(value).is_dir())
            and value not in (defaults[name], [])
            and value is not None
        }


def build_processor(args: TrainingArguments) -> GPT2TTSProcessor:
    """The checkpoint's processor, or a new one around the tokenizer that `tokenizer` names."""
    if not args.is_new and args.tokenizer is None:
        try:
            return GPT2TTSProcessor.from_pretrained(args.model)
        except OSError as error:
            if Path(args.model).is_dir():
                raise
            raise OSError(
                f"`model`: {args.model!r} is none of the presets ({', '.join(PRESETS)}) and no folder, and of that name nothing "
                f"came from the Hub: {error}"
            ) from error
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
        "speaker_consistency_loss_weight": SPEAKER_CONSISTENCY_WEIGHT if speaker_embedding_dim else None,
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
        **args.parsed_overrides(),
    }
    if args.model in PRESETS:
        return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset(args.model, **fields_of_new_model))
    if args.model.startswith("gpt2:"):
        source = args.model.removeprefix("gpt2:")
        sized_like_source = GPT2TTSForTextToSpeech.from_gpt2(source).config
        config = GPT2TTSConfig(**{**sized_like_source.to_dict(), **fields_of_new_model})
        return GPT2TTSForTextToSpeech.from_gpt2(source, config=config)
    model = GPT2TTSForTextToSpeech.from_pretrained(args.model, dtype=torch.float32, **fields)
    if len(tokenizer) != model.config.vocab_size:
        raise ValueError(
            f"`tokenizer` has {len(tokenizer)} entries, and `model` {args.model!r} was trained with {model.config.vocab_size}: "
            "leave `tokenizer` out to take the checkpoint's own"
        )
    return model


class TrainingBatches(NamedTuple):
    """
    What the loop and its validation read.

    Args:
        sampler ([`LengthBucketBatchSampler`] or [`StreamedBatches`]): Source of the training batches, which begins an epoch.
        train (`DataLoader`): Training batches.
        validation (`DataLoader`, *optional*): Batches of which validation takes the losses.
        prompts ([`SpeechPrompts`]): What validation speaks.
        max_text_tokens (`int`): Tokens of the longest text in training.
    """

    sampler: LengthBucketBatchSampler | StreamedBatches
    train: DataLoader
    validation: DataLoader | None
    prompts: SpeechPrompts
    max_text_tokens: int


def prepare_prompts(
    args: TrainingArguments,
    data: SpeechData,
    processor: GPT2TTSProcessor,
    config: GPT2TTSConfig,
    validation_rows: TrainingRows,
    collator: SpeechCollator,
) -> SpeechPrompts:
    """Sentences and voices of the validation rows, where there are none of the training rows, and the texts of the arguments."""

    def tokenize(text: str) -> np.ndarray:
        try:
            return processor(text=text)["input_ids"][0].numpy()
        except ValueError as error:
            raise ValueError(f"`validation_texts`: {error}") from error

    extra_texts = Path(args.validation_texts).read_text("utf-8-sig").splitlines() if args.validation_texts else []
    has_validation = len(validation_rows) > 0
    prompted = data.validation if has_validation else data.train
    return build_speech_prompts(
        # voices of clips as they are
        validation_rows if has_validation else data.training_rows(config, processor.tokenizer, seed=args.seed),
        prompted["text"][:],
        prompted["speaker"][:],
        collator,
        num_sentences=args.validation_sentences if has_validation else 0,
        num_voices=args.validation_voices,
        extra_texts=[text.strip() for text in extra_texts if text.strip()],
        tokenize=tokenize,
    )


def prepare_batches(
    args: TrainingArguments,
    data: SpeechData,
    processor: GPT2TTSProcessor,
    config: GPT2TTSConfig,
    accelerator: Accelerator,
) -> TrainingBatches:
    """Batches of the training and validation rows on the device of this process, and the sentences to be spoken."""
    augmentation = Augmentation(
        spelled_rows=args.spelled_rows,
        spelled_words=args.spelled_words,
        warped_rows=args.warped_rows,
        equalized_rows=args.equalized_rows,
        noisy_references=args.noisy_references,
        conditioning_dropout=args.conditioning_dropout,
        shifts_positions=True,
    )
    train_rows = data.training_rows(config, processor.tokenizer, augmentation=augmentation, seed=args.seed)
    validation_rows = data.validation_rows(config, processor.tokenizer, seed=args.seed)
    collator = SpeechCollator(
        processor.tokenizer.pad_token_id,
        config.reduction_factor,
        multiple=args.pad_to_multiple_of,
        mel_padding_value=processor.feature_extractor.padding_value,
        # several processes want a gradient for every weight, of the conditioning encoder too
        with_references=args.conditioning_dropout < 1 or accelerator.num_processes > 1,
    )
    batching = {
        "max_positions_per_batch": args.max_positions_per_batch,
        "num_processes": accelerator.num_processes,
        "process_index": accelerator.process_index,
        "seed": args.seed,
    }

    def load(**source) -> DataLoader:
        """Batches on the device; the source itself gives each process its share."""
        dataloader = DataLoader(
            **source,
            collate_fn=collator,
            num_workers=args.num_workers,
            persistent_workers=args.num_workers > 0,
            pin_memory=accelerator.device.type == "cuda",
        )
        return prepare_data_loader(
            dataloader,
            accelerator.device,
            num_processes=1,
            process_index=0,
            put_on_device=True,
            dispatch_batches=False,
        )

    if args.streaming:
        sampler = StreamedBatches(
            data.streams,
            processor,
            config,
            augmentation=augmentation,
            british_speakers=args.british_speakers,
            validation_share=data.validation_share,
            **batching,
        )
        train_dataloader = load(dataset=sampler, batch_size=None)
    else:
        sampler = LengthBucketBatchSampler.for_rows(train_rows, config, **batching)
        train_dataloader = load(dataset=train_rows, batch_sampler=sampler)

    validation_dataloader = None
    if len(validation_rows):
        in_order = LengthBucketBatchSampler.for_rows(validation_rows, config, shuffle=False, **batching)
        validation_dataloader = load(dataset=validation_rows, batch_sampler=in_order)
    prompts = prepare_prompts(args, data, processor, config, validation_rows, collator)
    return TrainingBatches(sampler, train_dataloader, validation_dataloader, prompts, int(train_rows.num_tokens.max()))


def start_run(args: TrainingArguments) -> TrainingRun:
    """The run of the arguments, once what cannot work on these devices or with this account is refused."""
    run = TrainingRun(
        args,
        max_epochs=args.num_train_epochs,
        # counted through the ends of epochs, at which the streams of several processes would not agree
        gradient_accumulation_plugin=GradientAccumulationPlugin(
            num_steps=args.gradient_accumulation_steps, sync_with_dataloader=False
        ),
        dynamo_plugin=TorchDynamoPlugin(backend="inductor", dynamic=True) if args.compile else None,
    )
    if run.accelerator.device.type == "cuda":
        # its kernels are planned anew for every new shape, which takes longer than the step: 0.4 s against 0.1 s a step,
        # measured on an H100
        torch.backends.cuda.enable_cudnn_sdp(False)
    if run.accelerator.distributed_type == DistributedType.FSDP and (args.ema_decay > 0 or args.optimizer == "muon"):
        raise ValueError(
            "sharded weights can be neither averaged nor stepped by Muon: --ema_decay 0 --optimizer adamw"
        )

    if args.push_to_hub and run.accelerator.is_main_process:
        # a missing token shows here, and not at the first upload
        create_repository(args.hub_model_id, private=args.hub_private_repo)
    return run


@dataclass
class SpeechTraining:
    """A training by its three parts: the loop, the validation, and the folders that it leaves."""

    args: TrainingArguments
    run: TrainingRun
    processor: GPT2TTSProcessor
    config: GPT2TTSConfig
    data: SpeechData
    batches: TrainingBatches
    vocoder: GPT2TTSVocoder
    recognizer: Recognizer | None

    def train(self, model: nn.Module, optimizer: AcceleratedOptimizer) -> None:
        """Takes optimiser steps until the run ends. `model` and `optimizer` are as prepared."""
        args, run, config, batches = self.args, self.run, self.config, self.batches
        accelerator, position = run.accelerator, run.position
        model.train()
        # Accumulated batches count by their groups, of which it is known at the last one how many they are: until then the
        # losses are divided by a number that is the same for all of them.
        accumulates = args.gradient_accumulation_steps > 1
        window = torch.zeros((), device=accelerator.device)
        while not run.ends:
            batches.sampler.start_epoch(position.epoch, first_batch=position.batch)
            for batch in batches.train:
                with accelerator.accumulate(model):
                    # dropout depends on the place in the run alone, so that a resumed run repeats it
                    place = (args.seed, position.epoch, position.batch, accelerator.process_index)
                    torch.manual_seed(int(np.random.SeedSequence(place).generate_state(1)[0]))
                    # each process has a share of the batch: dividing by the mean number of groups makes the average of
                    # their gradients that of one process
                    frames = batch["labels_mask"].sum(1)
                    groups = accelerator.reduce((-(-frames // config.reduction_factor)).sum().float(), "mean")
                    divisor = float(args.max_positions_per_batch) if accumulates else groups
                    output = model(**batch, num_items_in_batch=divisor)
                    losses = {
                        name: output[name] * (divisor / groups) for name in LOSSES if output.get(name) is not None
                    }
                    accelerator.backward(output.loss)
                    window += groups
                    if accelerator.sync_gradients:
                        if accumulates:
                            factor = args.gradient_accumulation_steps * divisor / window
                            torch._foreach_mul_([p.grad for p in model.parameters() if p.grad is not None], factor)
                        window.zero_()
                        grad_norm = accelerator.clip_grad_norm_(model.parameters(), args.max_grad_norm)
                    optimizer.step()
                    optimizer.zero_grad()
                position.batch += 1
                run.add(losses, weight=groups, seconds=frames.sum() / config.frame_rate)
                if accelerator.sync_gradients:
                    epoch = position.epoch + position.batch / batches.sampler.num_batches(position.epoch)
                    run.after_step(epoch=epoch, grad_norm=grad_norm)
                    if run.ends:
                        break
            else:
                run.end_epoch()

    def validate(self, model: GPT2TTSForTextToSpeech) -> dict[str, float]:
        """Losses of the validation set, and how its sentences are spoken, with pictures and audio."""
        run, config, prompts = self.run, self.config, self.batches.prompts
        losses = evaluate_losses(model, self.batches.validation, run.accelerator) if self.batches.validation else {}
        result = evaluate_speech(
            model,
            prompts.batches,
            prompts.texts,
            prompts.voices,
            accelerator=run.accelerator,
            vocoder=self.vocoder,
            recognizer=self.recognizer,
            sampling_rate=config.sampling_rate,
            frame_rate=config.frame_rate,
            seed=self.args.seed,
        )
        for name, sample in prompts.shown(result.samples).items():
            title = sample.text if sample.transcript is None else f"{sample.text}\nheard: {sample.transcript}"
            pictures = {
                "positions": positions_figure(sample.text_positions, sample.text),
                "mel": mel_figure(sample.spectrogram, sample.target, title),
            }
            for kind, figure in pictures.items():
                run.tracker.log_figure(f"{kind}/{name}", figure, run.budget.step)
            run.tracker.log_audio(
                f"speech/{name}", sample.waveform, run.budget.step, sampling_rate=config.sampling_rate
            )
        return {**losses, **result.metrics}

    def save_model(self, name: str, model: GPT2TTSForTextToSpeech, metrics: Mapping[str, float]) -> None:
        """A folder for `from_pretrained` and the Hub, put in its place when it is complete."""
        if self.run.accelerator.is_main_process:
            self._add_voices(model)
            partial = self.run.output_dir / f"{PARTIAL_PREFIX}{name}"
            shutil.rmtree(partial, ignore_errors=True)
            if self.args.lora_rank:
                save_adapter(model, partial)
            else:
                model.save_pretrained(partial)
            self.processor.save_pretrained(partial)
            self._write_card(partial, model, metrics)
            folder = replace_folder(partial, self.run.output_dir / name)
            if self.args.push_to_hub:
                self._push(name, folder)
        self.run.accelerator.wait_for_everyone()

    def _add_voices(self, model: GPT2TTSForTextToSpeech) -> None:
        """The voices of validation, the first of which is what the model speaks in by default."""
        references = self.batches.prompts.references
        for voice, reference in references.items():
            reference = {key: value.to(self.run.accelerator.device) for key, value in reference.items()}
            with torch.no_grad():
                model.add_voice(voice, model.get_style_latents(**reference)[0])
        model.config.default_voice = next(iter(references), model.config.default_voice)

    def _write_card(self, folder: Path, model: GPT2TTSForTextToSpeech, metrics: Mapping[str, float]) -> None:
        args, data, accelerator, budget = self.args, self.data, self.run.accelerator, self.run.budget
        amount = "streams" if args.streaming else f"{data.seconds / 3600:.1f} hours"
        write_model_card(
            folder,
            model,
            arguments=args.differing(),
            data_summary=summarize_data(data.train, self.config.frame_rate, is_beginning=args.streaming),
            metrics=metrics,
            training_summary=f"{budget.step} steps, {budget.epoch:.1f} epochs of {amount}, in {budget.seconds / 60:.0f} minutes on "
            f"{accelerator.num_processes} x {accelerator.device.type}.",
            model_id=args.hub_model_id or self.run.output_dir.resolve().name,
            recognizer=self.recognizer.name if self.recognizer is not None else None,
        )

    def _push(self, name: str, folder: Path) -> None:
        try:
            push_folder(
                folder,
                self.args.hub_model_id,
                commit_message=f"{name.capitalize()} weights, step {self.run.budget.step}",
                private=self.args.hub_private_repo,
            )
        except Exception as error:
            if name == "final":
                raise
            # an hour without the network is not worth the training
            logger.warning(f"{folder} was not uploaded, and the training goes on: {error}")


def main(argv: list[str] | None = None) -> int:
    """Train. Returns the exit code: 0, or 143 (as a shell says of a SIGTERM) when it was told to stop."""
    args = parse_arguments(TrainingArguments, argv)
    run = start_run(args)
    accelerator = run.accelerator

    # Model
    processor = build_processor(args)
    speaker_encoder = None
    if args.speaker_encoder != "none":
        from gpt2tts.evaluation.speaker_encoders import load_speaker_encoder

        speaker_encoder = load_speaker_encoder(args.speaker_encoder)
    model = build_model(args, processor, speaker_encoder.embedding_dim if speaker_encoder is not None else None)
    choose_attention(model, accelerator.mixed_precision, accelerator.device.type)
    freeze_others(model, args.trainable)
    if args.lora_rank:
        add_adapter(model, args.lora_rank)
    config = model.config
    trained_text_tokens = 0 if args.is_new else processor.max_text_tokens or 0
    processor.max_text_tokens = config.max_text_positions

    # the main process computes the features, the others read its cache
    with accelerator.main_process_first():
        data = prepare_speech_data(
            args.dataset,
            processor,
            config,
            streaming=args.streaming,
            british_speakers=args.british_speakers,
            speaker_balance=args.speaker_balance,
            max_validation_rows=MAX_VALIDATION_ROWS,
            speaker_encoder=speaker_encoder,
            report_path=run.output_dir / "skipped.jsonl" if accelerator.is_main_process else None,
            **args.of_preparation(),
        )
    if args.is_new:
        model.model.set_mel_statistics(*compute_mel_statistics(data.train, config.n_mels))
    batches = prepare_batches(args, data, processor, config, accelerator)
    # what leaves this script splits longer texts: they would stand at positions that no training has reached
    processor.max_text_tokens = max(trained_text_tokens, batches.max_text_tokens)

    # Optimiser, schedule, average
    optimizer = build_optimizer(
        model, args.optimizer, learning_rate=args.learning_rate, weight_decay=args.weight_decay
    )
    run.average(model)
    model, optimizer = accelerator.prepare(model, optimizer)
    unwrapped = accelerator.unwrap_model(model, keep_torch_compile=False)
    schedule = LearningRateSchedule(optimizer, run.budget, warmup_steps=args.warmup_steps, min_ratio=args.min_lr_ratio)

    vocoder = unwrapped.get_vocoder(config.vocoder or "griffin-lim").to(accelerator.device)
    recognizer = load_listener(args.recognizer, load_recognizer, "character error rates")
    training = SpeechTraining(args, run, processor, config, data, batches, vocoder, recognizer)
    run.begin(
        model,
        [schedule],
        validate=training.validate,
        save_model=training.save_model,
        figure_of_merit=figure_of_merit,
    )
    logger.info(
        f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} million parameters; {data.seconds / 3600:.2f} hours"
        f"{' at the beginning of the streams' if args.streaming else ''}, {len(data.train)} clips of {len(data.speakers)} "
        f"speakers; {len(data.validation)} clips for validation"
    )
    training.train(model, optimizer)
    return run.finish()


if __name__ == "__main__":
    run_script(main)
