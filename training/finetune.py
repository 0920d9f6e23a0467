"""
A voice of one's own on top of a checkpoint, in minutes: by `train_accelerate.py` and `recipes/finetune.yaml`.

What is trained is the whole model (`full`) or an adapter of low rank beside it (`adapter`). A whole checkpoint comes out.
"""

import dataclasses
import hashlib
import json
import os
import shutil
import time
from pathlib import Path

import torch
import yaml
from transformers.utils import logging

from ..adapters import EMBEDDED, import_peft, load_adapted_model
from ..audio import read_audio
from ..configuration_gpt2tts import GPT2TTSConfig
from ..data.prepare import prepare_speech_data, read_features
from ..data.speech_datasets import DatasetSpec, load_speech_dataset
from ..data.transcripts import TABLE_SUFFIXES
from ..files import PARTIAL_PREFIX, is_adapter
from ..folders import make_folder, replace_folder
from ..matched_voices_gpt2tts import voice_name
from ..modeling_gpt2tts import GPT2TTSForTextToSpeech
from ..preparation.prepare import prepare_recordings
from ..processing_gpt2tts import GPT2TTSProcessor
from ..publishing.checkpoint_files import check_replaceable
from ..publishing.export import export
from ..publishing.model_card import describe_whole
from ..recordings import RECORDING_SUFFIXES, choose_clips, clip_seconds, is_recording
from ..synthesis import EMBEDDED_CHECKPOINT, Synthesizer
from ..voice_matching import encode_recordings
from .rehearsal import join_texts, shuffle_words, speak_rehearsal
from .tracking import read_metrics
from .weights import move_weights

logger = logging.get_logger(__name__)

RECIPE = Path(__file__).parents[1] / "recipes" / "finetune.yaml"
METHODS = ("full", "adapter")
# of the recipe's arguments, those that differ
METHOD_ARGUMENTS: dict[str, dict] = {
    "full": {
        # all but the conditioning encoder, the resampler, and the voice of no reference
        "trainable": [
            *(f"model.{part}" for part in ("text_convs", "prenet", "style_proj", "position_proj", "gpt2")),
            *("model.start_embedding", "model.kind_embeddings", "mel_head", "step_head", "postnet"),
        ]
    },
    "adapter": {"lora_rank": 16, "optimizer": "adamw", "learning_rate": 1e-3},
}
# rehearsal: minutes that are trained on for each minute of recordings, and at most; how many there are to choose from at
# least, or a voice would say a sentence or two
REHEARSAL_SHARE, MAX_REHEARSAL_MINUTES, MIN_REHEARSAL_MINUTES = 1.0, 8.0, 6.0
# of the budget, minutes for the last validation and the export; training has half of the budget in any case
CLOSING_MINUTES = 0.75
# arguments of the training script that its data depend on
DATA_ARGUMENTS = ("british_speakers", "cache_dir", "num_proc", "validation_share", "max_bad_share")
SOURCE_FILE = "source.txt"
REHEARSAL = "rehearsal"  # folder of what the checkpoint has spoken itself
# the last weights are taken unless the best ones were understood so much better (characters)
CER_TOLERANCE = 0.02
STRENGTH = 0.8
# where nothing else is asked for: the method and the minutes of work for recordings below so many seconds
DEFAULTS = ((60.0, "adapter", 3.0), (300.0, "adapter", 5.0), (float("inf"), "full", 20.0))


@dataclasses.dataclass(frozen=True)
class FineTuning:
    """
    What is fine-tuned to what.

    Args:
        dataset (`str`):
            The recordings of one speaker, as [`load_speech_dataset`] takes them; or the path of one recording, which
            [`prepare_recordings`] makes a dataset of.
        method (`str`, *optional*):
            `"full"` or `"adapter"`. Defaults to `"adapter"` for less than five minutes of recordings, else to `"full"`.
        minutes (`float`, *optional*):
            Budget of wall-clock time, of everything together. Defaults to 20; to 5 for less than five minutes of recordings,
            to 3 for less than one.
        model (`str`, *optional*):
            Checkpoint folder or Hub id. Defaults to the embedded checkpoint.
        name (`str`, *optional*):
            Name of the new voice. Defaults to the speaker's, or to that of the dataset.
        british (`bool`, *optional*, defaults to `False`):
            Whether the speaker's texts are read as British phonemes.
        old_data (`tuple[str, ...]`, *optional*):
            Datasets that the checkpoint was trained on, mixed in. Without any the checkpoint speaks in its own voices
            for that.
        rehearsal_minutes (`float`, *optional*):
            How much it speaks. Defaults to the length of the recordings, and at most 8.
        strength (`float`, *optional*, defaults to 0.8):
            How much of what training changed is kept, between 0 and 1: the result is so far on the straight line from the
            weights that it began with to the trained ones ([WiSE-FT](https://huggingface.co/papers/2109.01903)). More is
            closer to the recordings, less is clearer. The run is the same whatever it is.
        overrides (`dict`, *optional*):
            Arguments of `train_accelerate.py` in place of the recipe's.
        seed (`int`, *optional*, defaults to 0):
            Seed of everything that is drawn.

    Raises:
        ValueError: If the method is unknown, the budget is not positive, the strength is not between 0 and 1, or the name
            cannot be a voice's.
    """

    dataset: str
    method: str | None = None
    minutes: float | None = None
    model: str | None = None
    name: str | None = None
    british: bool = False
    old_data: tuple[str, ...] = ()
    rehearsal_minutes: float | None = None
    strength: float = STRENGTH
    overrides: dict = dataclasses.field(default_factory=dict)
    seed: int = 0

    def __post_init__(self):
        if self.method is not None and self.method not in METHODS:
            raise ValueError(f"`method` must be one of {', '.join(METHODS)}, got {self.method!r}.")
        if self.minutes is not None and not self.minutes > 0:
            raise ValueError(f"`minutes` must be above 0, got {self.minutes}.")
        if not 0 < self.strength <= 1:
            raise ValueError(f"`strength` must be above 0 and at most 1, got {self.strength}.")
        if self.name is not None and (not self.name or self.name != voice_name(self.name)):
            raise ValueError(f"`name` may have letters, digits, '_' and '-' only, got {self.name!r}.")

    @property
    def source(self) -> str:
        """Folder or Hub id of the checkpoint."""
        return str(EMBEDDED_CHECKPOINT) if self.model is None else self.model

    def settled(self, seconds: float) -> "FineTuning":
        """The same for so many seconds of recordings, with nothing left open."""
        _, method, minutes = next(row for row in DEFAULTS if seconds < row[0])
        return dataclasses.replace(self, method=self.method or method, minutes=self.minutes or minutes)


@dataclasses.dataclass
class Recordings:
    """The recordings of the new voice: `speaker` of the dataset, `files` and `texts` of its clips, and their `seconds`."""

    speaker: str
    files: list[str]
    texts: list[str]
    seconds: list[float]


@dataclasses.dataclass(frozen=True)
class FineTuned:
    """The result of a fine-tuning: `path` of the folder and the name of the new `voice`."""

    path: Path
    voice: str


def finetune(tuning: FineTuning, out: str | os.PathLike, *, num_proc: int | None = None) -> FineTuned | None:
    """
    Fine-tunes. What is needed on the way lies in the folder `OUT.run` beside `out`, and a run that was broken off goes on
    from there; it can be deleted afterwards.

    Args:
        tuning ([`FineTuning`]): What to what.
        out (`str` or `os.PathLike`): Folder of the result.
        num_proc (`int`, *optional*): Processes that compute features. Defaults to one for each core.

    Returns:
        [`FineTuned`]: `None` where a SIGTERM stopped the training.

    Raises:
        ValueError: If the dataset is not of one speaker, `out` is to be a file, or the checkpoint is an adapter.
        FileNotFoundError: If there is no such recording or folder, and it can be no Hub id.
        FileExistsError: If `OUT.run` is that of another fine-tuning, or what is at `out` is no result of one.
        ImportError: If a package is missing; names it.
    """
    # its import takes seconds
    from .. import train_accelerate

    started = time.monotonic()
    out = Path(out)
    if tuning.method == "adapter":
        import_peft()
    if is_adapter(tuning.source):
        raise ValueError(f"`model` {tuning.source!r} is an adapter: pass the checkpoint that it belongs to.")
    if out.suffix == ".safetensors":
        raise ValueError(
            f"`out` must be a folder, got {str(out)!r}: `gpt2tts export-voice` makes a voice file of recordings, in seconds."
        )
    for dataset in (tuning.dataset, *tuning.old_data):
        _check_source(dataset)
    run = out.with_name(f"{out.name}.run")
    _check_replaceable(out, tuning.dataset)
    if is_recording(tuning.dataset):
        tuning = dataclasses.replace(tuning, dataset=str(_prepare_recording(Path(tuning.dataset), run)))
    recordings = load_recordings(tuning.dataset)
    asked, tuning = tuning, tuning.settled(sum(recordings.seconds))
    if tuning.method == "adapter":
        import_peft()
    if tuning != asked:
        logger.warning(
            f"{sum(recordings.seconds):.0f} s of speech, {tuning.minutes:g} min of work, method {tuning.method!r} "
            "(`minutes` and `method` choose others)."
        )
    name = tuning.name or voice_name(recordings.speaker)
    _claim(run, tuning, recordings)

    synthesizer = Synthesizer.from_pretrained(tuning.source, vocoder="griffin-lim")
    start = _prepare_start(synthesizer, tuning, recordings, name, run)
    datasets = [tuning.dataset, *tuning.old_data]
    if not tuning.old_data:
        datasets += _rehearse(synthesizer, tuning, recordings, name, run)

    arguments = yaml.safe_load(RECIPE.read_text()) | METHOD_ARGUMENTS[tuning.method]
    arguments |= {"cache_dir": str(run / "features"), **tuning.overrides}
    # the model card has the name of this folder
    training = run / out.name
    arguments |= {"model": str(start), "dataset": datasets, "output_dir": str(training), "seed": tuning.seed}
    # an old voice of the same name is another speaker
    accents = [voice for voice in synthesizer.model.config.british_voices or [] if voice != recordings.speaker]
    arguments["british_speakers"] = [*accents, *([recordings.speaker] if tuning.british else [])]
    arguments["num_proc"] = num_proc or os.cpu_count() or 1
    arguments["resume_from_checkpoint"] = "latest"
    if "max_train_steps" not in arguments:
        # computed here so that it counts; the script finds it in the cache
        prepare_speech_data(
            datasets,
            synthesizer.processor,
            synthesizer.model.config,
            **{name: arguments[name] for name in DATA_ARGUMENTS if name in arguments},
        )
        arguments |= _share_time(run, tuning.minutes, (time.monotonic() - started) / 60)
    config = run / "arguments.yaml"
    config.write_text(yaml.safe_dump(arguments, sort_keys=False))
    if not (training / "final").is_dir() and train_accelerate.main(["--config", str(config)]):
        return None
    chosen = choose_weights(training)
    finish = _finish_full if tuning.method == "full" else _finish_adapter
    return FineTuned(finish(chosen, start, out, tuning.strength), name)


def _check_source(dataset: str) -> None:
    """Before anything is asked of the Hub: a name with a typing error is no id there."""
    source = DatasetSpec.parse(dataset).source
    if os.path.isfile(dataset) and not is_recording(dataset) and Path(dataset).suffix not in (*TABLE_SUFFIXES, ".txt"):
        raise ValueError(
            f"`dataset` {dataset!r} is a file and no recording: pass a recording, or the folder or table of a data set."
        )
    is_path = source.count("/") != 1 or Path(source).suffix.lower() in RECORDING_SUFFIXES
    if is_path and not os.path.exists(source) and not os.path.exists(dataset):
        raise FileNotFoundError(
            f"There is no folder or recording {source!r}: pass the path of one, or a Hub id of the form USER/NAME."
        )


def _prepare_recording(recording: Path, run: Path) -> Path:
    """A dataset of one recording, in the folder of the run."""
    folder = run / "recordings" / voice_name(recording.stem)
    report = prepare_recordings(recording, folder)
    if not report.kept:
        raise ValueError(
            f"Nothing of {str(recording)!r} can be trained on: pass a recording in which one person speaks clearly. {report}"
        )
    return folder


def load_recordings(dataset: str) -> Recordings:
    """
    The clips of a dataset of one speaker, without decoding them.

    Raises:
        ValueError: If there are several speakers, or the clips are not files.
    """
    try:
        rows = load_speech_dataset(dataset).rows
    except ValueError as error:
        if not Path(dataset).is_dir():
            raise
        raise ValueError(
            f"{error} `gpt2tts prepare {dataset} --out my_voice` makes a data set of bare recordings."
        ) from error
    speakers = sorted(set(rows["speaker"][:]))
    if len(speakers) != 1:
        raise ValueError(
            f"`dataset` {dataset!r} has {len(speakers)} speakers, and one voice is trained at a time: choose one as in "
            f"{DatasetSpec.parse(dataset).source}:{speakers[0] if speakers else 'NAME'}."
        )
    files = [audio["path"] for audio in rows["audio"][:]]
    if not all(file and Path(file).is_file() for file in files):
        raise ValueError(f"`dataset` {dataset!r} holds its audio inside: prepare a folder of audio files.")
    kept = [
        (file, text, seconds)
        for file, text, seconds in zip(files, rows["text"][:], map(clip_seconds, files), strict=True)
        if seconds
    ]
    if not kept:
        raise ValueError(f"No recording of `dataset` {dataset!r} can be decoded.")
    return Recordings(speakers[0], *map(list, zip(*kept, strict=True)))


def choose_weights(training: Path) -> Path:
    """
    Of a run's folders the last weights, unless the best ones were understood better by more than two points: the longer it
    trains, the more it sounds like the new voice, as long as it is understood.
    """
    rates = [
        row["validation/free_running_cer"]
        for row in read_metrics(training / "metrics.jsonl")
        if "validation/free_running_cer" in row
    ]
    is_worse = rates and rates[-1] > min(rates) + CER_TOLERANCE and (training / "best").is_dir()
    if is_worse:
        logger.warning(
            f"The last weights are heard with {rates[-1]:.1%} of wrong characters, the best ones with {min(rates):.1%}: "
            "these are taken."
        )
    return training / ("best" if is_worse else "final")


def _check_replaceable(out: Path, dataset: str) -> None:
    """What is at `out` gives way to the result: only an earlier result may."""
    source = Path(DatasetSpec.parse(dataset).source)
    if source.resolve().is_relative_to(out.resolve()):
        raise FileExistsError(
            f"`out` {str(out)!r} holds the recordings, and would be replaced: choose another folder."
        )
    check_replaceable(out, "out")


def _claim(run: Path, tuning: FineTuning, recordings: Recordings) -> None:
    """Makes the folder of the run, or goes on in it where it is that of the same fine-tuning."""
    free = {"minutes": None, "strength": None}
    settings = dataclasses.asdict(tuning) | free | {"clips": _digest(recordings.files, recordings.texts)}
    path = run / "finetuning.json"
    content = json.dumps(settings, indent=1, default=str)
    if path.is_file() and path.read_text(encoding="utf-8") != content:
        raise FileExistsError(
            f"{str(run)!r} is the folder of another fine-tuning: delete it, or choose another `out`."
        )
    make_folder(run, "out")
    path.write_text(content, encoding="utf-8")


def _share_time(run: Path, minutes: float, spent: float) -> dict[str, float]:
    """Minutes of training, decided when it first begins, and how often it validates."""
    path = run / "minutes.json"
    if not path.is_file():
        path.write_text(json.dumps(max(minutes - spent - CLOSING_MINUTES, minutes / 2)))
    training = json.loads(path.read_text())
    return {
        "max_train_minutes": training,
        "validation_minutes": max(training / 4, 2.0),
        "checkpointing_minutes": min(training / 4, 2.0),
    }


def _rehearse(synthesizer: Synthesizer, tuning: FineTuning, recordings: Recordings, name: str, run: Path) -> list[str]:
    """Datasets of what the checkpoint speaks in its own voices, and how often they are drawn."""
    minutes = spoken = tuning.rehearsal_minutes
    if minutes is None:
        minutes = min(REHEARSAL_SHARE * sum(recordings.seconds) / 60, MAX_REHEARSAL_MINUTES)
        spoken = max(minutes, MIN_REHEARSAL_MINUTES)
    voices = [voice for voice in synthesizer.voices if voice not in (name, recordings.speaker)]
    if not minutes or not voices:
        return []
    folder = run / REHEARSAL
    texts = [*recordings.texts, *shuffle_words(recordings.texts, tuning.seed)]
    texts += join_texts(texts, tuning.seed)
    speak_rehearsal(synthesizer, texts, folder, minutes=spoken, voices=voices, seed=tuning.seed)
    if not list(folder.glob("*.arrow")):
        return []
    frames = sum(read_features(DatasetSpec(str(folder)))["num_frames"][:])
    share = 60 * minutes * synthesizer.model.config.frame_rate / frames
    return [f"{folder}={min(share, 1.0):.4g}"]


def _prepare_start(synthesizer: Synthesizer, tuning: FineTuning, recordings: Recordings, name: str, run: Path) -> Path:
    """
    A copy of the checkpoint with the new voice as its default one. What makes latents of clips is not trained, so that they
    stay what they are.
    """
    start = run / "start"
    if start.is_dir():
        return start
    model = GPT2TTSForTextToSpeech.from_pretrained(tuning.source)
    clips = [read_audio(path) for path in choose_clips(recordings.files, recordings.seconds)]
    latents = torch.from_numpy(encode_recordings(synthesizer, clips))
    model.add_voice(name, latents, default=True)
    british = [voice for voice in model.config.british_voices or [] if voice != name]
    model.config.british_voices = [*british, *([name] if tuning.british else [])]
    partial = run / f"{PARTIAL_PREFIX}start"
    shutil.rmtree(partial, ignore_errors=True)
    model.save_pretrained(partial)
    synthesizer.processor.save_pretrained(partial)
    (partial / SOURCE_FILE).write_text(_lasting_source(tuning), encoding="utf-8")
    return replace_folder(partial, start)


def _lasting_source(tuning: FineTuning) -> str:
    """Where an adapter says that its checkpoint is: wherever it is used, the embedded one or an id; else the whole path."""
    folder = Path(tuning.source).resolve()
    if folder == EMBEDDED_CHECKPOINT.resolve():
        return EMBEDDED
    return str(folder) if folder.is_dir() else tuning.source


def _finish_full(chosen: Path, start: Path, out: Path, strength: float) -> Path:
    """The whole checkpoint, part of the way from where the training began."""
    blended = chosen.with_name("blended")
    shutil.rmtree(blended, ignore_errors=True)
    shutil.copytree(chosen, blended)
    model = GPT2TTSForTextToSpeech.from_pretrained(chosen)
    move_weights(model, start, 1 - strength)
    model.save_pretrained(blended)
    _note_rates(blended, strength, start.with_name(REHEARSAL))
    return export(blended, out)


def _finish_adapter(chosen: Path, start: Path, out: Path, strength: float) -> Path:
    """
    The whole checkpoint with the adapter in its weights, and the adapter itself below it, with voice and processor; its base
    is the checkpoint that the training began at a copy of.
    """
    adapter, blended = chosen.with_name("adapter"), chosen.with_name("blended")
    for folder in (adapter, blended):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(chosen, adapter, ignore=shutil.ignore_patterns("*.py", "README.md"))
    path = adapter / "adapter_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["base_model_name_or_path"] = (start / SOURCE_FILE).read_text(encoding="utf-8")
    config["lora_alpha"] *= strength
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")
    processor, base = GPT2TTSProcessor.from_pretrained(start), GPT2TTSConfig.from_pretrained(start)
    processor.save_pretrained(blended)
    settings = adapter / "processor_config.json"
    accented = json.loads(settings.read_text(encoding="utf-8"))
    accented["british"] = base.default_voice in (base.british_voices or [])
    settings.write_text(json.dumps(accented, indent=2), encoding="utf-8")
    load_adapted_model(adapter, base=start).save_pretrained(blended)
    describe_whole(shutil.copyfile(chosen / "README.md", blended / "README.md"))
    _note_rates(blended, strength, start.with_name(REHEARSAL))
    export(blended, out)
    replace_folder(shutil.copytree(adapter, out / f"{PARTIAL_PREFIX}adapter", dirs_exist_ok=True), out / "adapter")
    return out


def _note_rates(folder: Path, strength: float, rehearsal: Path) -> None:
    """Says in the model card what its rates are of: the trained weights, and the sentences that validation drew."""
    card = folder / "README.md"
    note = f"Of what training changed, {strength:.0%} is in these weights; the rates below are of all of it"
    note += ", and of sentences many of which are shuffled words." if rehearsal.is_dir() else "."
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("## Training\n", f"## Training\n\n{note}\n", 1), encoding="utf-8")


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
