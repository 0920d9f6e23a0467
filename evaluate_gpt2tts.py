"""
Measure speech: what is understood of it, whose voice it is, how it sounds, how it fails and how fast it is made.

    python evaluate_gpt2tts.py --model runs/ljspeech/best --texts texts/test.txt --references voices/ --output report
    python evaluate_gpt2tts.py --model runs/ljspeech/best --dataset LJSpeech-1.1 --limit 30 --output report
    python evaluate_gpt2tts.py --dataset LJSpeech-1.1 --limit 30 --copy_synthesis griffin-lim --wavs piper=piper_wavs

The output folder holds `report.md`, `report.json`, `plots/`, `index.html` to listen to, and `audio/SYSTEM/ID.wav`. Clips
and measurements that are finished are kept: the same command goes on where it was broken off.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import soundfile
from tqdm import tqdm
from transformers import HfArgumentParser
from transformers.utils import logging

from gpt2tts.evaluation.clips import SAMPLING_RATE, ClipStore, MeasureCache, read_clip
from gpt2tts.evaluation.error_rates import normalizer_description
from gpt2tts.evaluation.listening_page import write_listening_page
from gpt2tts.evaluation.measures import Measurers, enrol_speakers, measure_system, similarity_bounds
from gpt2tts.evaluation.mos import load_mos_predictor
from gpt2tts.evaluation.plots import draw_plots
from gpt2tts.evaluation.recognizers import load_recognizer
from gpt2tts.evaluation.report import Report, to_markdown, write_report
from gpt2tts.evaluation.speaker_encoders import load_speaker_encoder
from gpt2tts.evaluation.systems import (
    collect_readings,
    load_voices,
    store_copy_synthesis,
    store_folder,
    store_recordings,
    store_synthesis,
    time_to_first_audio,
)
from gpt2tts.evaluation.test_sets import (
    NUM_ENROLMENT_CLIPS,
    TestItem,
    TestSet,
    build_dataset_set,
    build_text_set,
    load_references,
)
from gpt2tts.evaluation.utils import default_device, import_optional, package_version
from gpt2tts.folders import make_folder
from gpt2tts.synthesis import Synthesizer
from gpt2tts.vocoder_gpt2tts import GPT2TTSVocoder, load_vocoder

logger = logging.get_logger("gpt2tts.evaluate")

SYSTEM, RECORDINGS, REFERENCES = "GPT2TTS", "recordings", "references"  # and their folders
NUM_EXAMPLES = 3  # sentences whose spectrograms, pitch and reading positions are drawn

Loaded = TypeVar("Loaded")


@dataclass
class EvaluationArguments:
    """Arguments of the evaluation script."""

    # what is spoken
    texts: str | None = field(
        default=None, metadata={"help": "File of lines `id|group|text`, such as texts/test.txt."}
    )
    dataset: list[str] = field(
        default_factory=list,
        metadata={
            "help": "Recorded sentences in place of texts: folders or Hub ids, as in training (SOURCE[:SPEAKER,...])."
        },
    )
    limit: int | None = field(
        default=None, metadata={"help": "So many sentences of each group of the texts, or of each dataset."}
    )
    validation_share: float | None = field(
        default=None,
        metadata={"help": "Of the datasets, only the sentences that training with this share held back."},
    )

    # who speaks
    model: str | None = field(default=None, metadata={"help": "Checkpoint folder or Hub id."})
    vocoder: str | None = field(default=None, metadata={"help": "Vocoder in place of the checkpoint's own."})
    engine: str | None = field(
        default=None, metadata={"help": "What runs the acoustic model, 'onnx' or 'torch'. Default: the faster one."}
    )
    references: str | None = field(
        default=None,
        metadata={
            "help": "Folder of clips that show the voices, SPEAKER.wav or SPEAKER/*.wav; dealt out to the texts."
        },
    )
    reference_clips: int = field(
        default=1, metadata={"help": "How many of a speaker's clips, five at most, the voice is matched to."}
    )
    voices: list[str] = field(
        default_factory=list, metadata={"help": "With --texts: which of the references or of the checkpoint's voices."}
    )
    every_voice: bool = field(
        default=False, metadata={"help": "With --texts: each sentence in each voice, not dealt out to them."}
    )
    letters: bool = field(
        default=False,
        metadata={"help": "Speak once more with words read as letters, as the system 'GPT2TTS letters'."},
    )
    wavs: list[str] = field(
        default_factory=list, metadata={"help": "Other systems, NAME=FOLDER with FOLDER/ID.wav for each sentence."}
    )
    copy_synthesis: list[str] = field(
        default_factory=list,
        metadata={"help": "Vocoders to put the recordings through; the model's own is always among them."},
    )

    # how it is measured
    recognizer: str = field(
        default="auto", metadata={"help": "faster-whisper, whisper, whisper-small, a folder, a Hub id, or none."}
    )
    speaker_encoder: str = field(default="auto", metadata={"help": "resemblyzer, ecapa, a folder, a Hub id, or none."})
    mos: list[str] = field(
        default_factory=lambda: ["auto"], metadata={"help": "dnsmos, utmos, a folder of UTMOS, or none."}
    )
    distances: bool = field(default=True, metadata={"help": "Compare with the recordings (MCD, F0, voicing)."})

    output: str = field(default="report", metadata={"help": "Folder of the report."})
    batch_size: int = field(default=8, metadata={"help": "Sentences synthesised at a time."})
    seed: int = field(default=0, metadata={"help": "Seed of the draw of sentences and of the synthesis."})
    device: str | None = field(
        default=None, metadata={"help": "Where models run. Default: the GPU where there is one."}
    )


def load_test_set(args: EvaluationArguments) -> TestSet:
    """The sentences and voices that the arguments name."""
    if (args.texts is None) == (not args.dataset):
        raise ValueError("Pass either --texts FILE or --dataset FOLDER.")
    if args.limit is not None and args.limit < 1:
        raise ValueError(f"--limit has to be positive, got {args.limit}.")
    for name in ("reference_clips", "batch_size"):
        if getattr(args, name) < 1:
            raise ValueError(f"--{name} has to be positive, got {getattr(args, name)}.")
    if args.reference_clips > NUM_ENROLMENT_CLIPS:
        raise ValueError(f"--reference_clips has to be at most {NUM_ENROLMENT_CLIPS}, got {args.reference_clips}.")
    if args.engine not in (None, "onnx", "torch"):
        raise ValueError(f"--engine has to be 'onnx' or 'torch', got {args.engine!r}.")
    if not 0 <= args.seed < 2**64:
        raise ValueError(f"--seed has to be between 0 and 2**64 - 1, got {args.seed}.")
    references = load_references(args.references) if args.references else {}
    if args.dataset:
        return build_dataset_set(
            args.dataset,
            references=references,
            limit=args.limit,
            validation_share=args.validation_share,
            seed=args.seed,
        )
    speakers = args.voices or list(references)
    return build_text_set(
        args.texts, speakers=speakers, enrolment=references, limit=args.limit, every_voice=args.every_voice
    )


def load_measurers(args: EvaluationArguments, report: Report) -> Measurers:
    """What measures; what cannot be loaded is noted in the report with the way to get it."""

    def attempt(kind: str, name: str, load: Callable[[], Loaded]) -> Loaded | None:
        if name == "none":
            return None
        try:
            return load()
        except (ImportError, OSError, RuntimeError) as error:
            reason = " ".join(str(error).split())
            report.left_out[kind] = reason if name in reason else f"{name}: {reason}"
            logger.warning("%s left out: %s", kind, report.left_out[kind])
            return None

    def recognizer() -> Any:
        import_optional("jiwer", "jiwer", "An error rate")
        return load_recognizer(args.recognizer, device=args.device)

    measurers = Measurers(distances=False)
    measurers.recognizer = attempt("CER and WER", args.recognizer, recognizer)
    if measurers.recognizer:
        report.used["CER and WER"] = (
            f"{measurers.recognizer.name} ({measurers.recognizer.version}, jiwer {package_version('jiwer')}, "
            f"{normalizer_description()})"
        )
    measurers.speaker_encoder = attempt(
        "SECS", args.speaker_encoder, lambda: load_speaker_encoder(args.speaker_encoder, device=args.device)
    )
    if measurers.speaker_encoder:
        report.used["SECS"] = f"{measurers.speaker_encoder.name} ({measurers.speaker_encoder.version})"
    for name in args.mos:
        predictor = attempt(f"MOS ({name})", name, lambda name=name: load_mos_predictor(name, device=args.device))
        if predictor:
            measurers.mos_predictors.append(predictor)
            report.used[f"MOS ({name})"] = f"{predictor.name} ({predictor.version})"
    librosa = "yes" if args.distances else "none"
    if attempt("MCD, F0 and voicing", librosa, lambda: import_optional("librosa", "librosa", "Distances and F0")):
        measurers.distances = True
        report.used["MCD, F0 and voicing"] = f"DTW and pYIN of librosa {package_version('librosa')}"
    return measurers


def note_unused(report: Report) -> None:
    """Say of each measure that had nothing to measure what it lacked."""
    if "SECS" in report.used and all(row.similarities is None for row in report.rows):
        report.left_out["SECS"] = "no clips show the voices; pass --references FOLDER."
    if "MCD, F0 and voicing" in report.used and all(row.distances is None for row in report.rows):
        report.left_out["MCD, F0 and voicing"] = (
            "nothing stands beside a recording; pass --dataset in place of --texts."
        )
    for kind in report.left_out:
        report.used.pop(kind, None)


def leave_out_unspeakable(items: list[TestItem], synthesizer: Synthesizer, report: Report) -> list[TestItem]:
    """The items that have something to speak; the others are noted in the report."""
    reasons = {}
    for item in items:
        try:
            synthesizer.processor.split_text(item.text)
        except ValueError as error:
            reasons[item.id] = " ".join(str(error).split())
    if reasons:
        first = ", ".join(list(reasons)[:10]) + ", ..." * (len(reasons) > 10)
        report.left_out[f"{len(reasons)} of {len(items)} sentences"] = f"{first}: {next(iter(reasons.values()))}"
        logger.warning("%d of %d sentences left out: %s", len(reasons), len(items), reasons)
    return [item for item in items if item.id not in reasons]


def choose_examples(items: list[TestItem]) -> list[TestItem]:
    """A few sentences of middle length, of different groups where there are."""
    middle = sorted(items, key=lambda item: abs(len(item.text) - 70))
    groups = {item.group: item for item in reversed(middle)}
    chosen = [item for item in middle if groups[item.group] is item]
    chosen += [item for item in middle if item not in chosen]
    return chosen[:NUM_EXAMPLES]


def folder_name(system: str) -> str:
    """A system's name as the name of a folder."""
    return re.sub(r"[^\w.-]+", "-", system).strip("-.")


def other_systems(args: EvaluationArguments) -> dict[str, str]:
    """Folders of the systems of `wavs` by their names, each of which has a folder of its own in the report."""
    pairs = [entry.split("=", 1) if "=" in entry else [Path(entry).name, entry] for entry in args.wavs]
    own = [REFERENCES, *[RECORDINGS] * bool(args.dataset), *[SYSTEM, f"{SYSTEM} letters"] * bool(args.model)]
    folders = [folder_name(name) for name in (*own, *(name for name, _ in pairs))]
    if len(set(folders)) < len(folders) or "" in folders:
        raise ValueError(
            "--wavs has two systems of one name, or one that the report has already "
            f"({', '.join(own)}): tell them apart by NAME=FOLDER, got {args.wavs}."
        )
    return dict(pairs)


def new_store(output: Path, system: str) -> ClipStore:
    """Where the clips of a system are."""
    return ClipStore(output / "audio" / folder_name(system))


def store_clips(
    items: list[TestItem], output: Path, vocoders: list[GPT2TTSVocoder] | None, others: dict[str, str]
) -> dict[str, ClipStore]:
    """The recordings, if there are `vocoders` to put them through, what those make of them, and the clips of other systems."""
    stores: dict[str, ClipStore] = {}
    if vocoders is not None:
        stores[RECORDINGS] = new_store(output, RECORDINGS)
        store_recordings(stores[RECORDINGS], items)
        for vocoder in vocoders:
            name = f"copy-synthesis {Path(vocoder.reference).name}"
            if name in stores:
                name = f"copy-synthesis {vocoder.reference}"
            stores[name] = new_store(output, name)
            store_copy_synthesis(stores[name], stores[RECORDINGS], items, vocoder)
    for name, folder in others.items():
        stores[name] = new_store(output, name)
        try:
            store_folder(stores[name], items, folder)
        except ValueError as error:
            raise ValueError(f"--wavs {name}: {error}") from error
    return stores


def write_references(test_set: TestSet, output: Path) -> dict[str, str]:
    """A clip of each speaker for the page; returns their paths below `output`."""
    references = {}
    for speaker, clips in test_set.enrolment.items():
        path = output / "audio" / REFERENCES / f"{speaker}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, read_clip(clips[0]), SAMPLING_RATE, subtype="PCM_16")
        references[speaker] = path.relative_to(output).as_posix()
    return references


def main(argv: list[str] | None = None) -> int:
    """Evaluate; returns the exit status."""
    parser = HfArgumentParser(EvaluationArguments, description=__doc__.split("\n\n")[0].strip())

    def refuse(reason: object) -> NoReturn:
        parser.exit(2, f"{parser.prog}: error: {' '.join(str(reason).split())}\n")

    args, unknown = parser.parse_args_into_dataclasses(argv, return_remaining_strings=True)
    if unknown:
        refuse(f"unknown arguments: {' '.join(unknown)}")
    output = Path(args.output)

    # sentences, voices and what measures
    try:
        args.device = str(default_device(args.device))
        test_set = load_test_set(args)
        others = other_systems(args)
        synthesizer = None
        if args.model:
            synthesizer = Synthesizer.from_pretrained(
                args.model, vocoder=args.vocoder, device=args.device, engine=args.engine
            )
            speakers = list(dict.fromkeys(item.speaker for item in test_set.items))
            voices = load_voices(synthesizer, speakers, test_set.enrolment, num_clips=args.reference_clips)
        vocoders = [load_vocoder(name, base_path=args.model, device=args.device) for name in args.copy_synthesis]
    except (ValueError, OSError) as error:
        refuse(error)
    items = test_set.items
    has_recordings = any(item.recording is not None for item in items)
    if not (has_recordings or synthesizer or others):
        refuse("nothing speaks the texts: pass --model or --wavs NAME=FOLDER.")
    report = Report(settings=dataclasses.asdict(args))
    if synthesizer:
        items = leave_out_unspeakable(items, synthesizer, report)
        if not items:
            refuse("no sentence has anything to speak.")
    try:
        make_folder(output, "output")
        measurers = load_measurers(args, report)
    except (ValueError, OSError) as error:
        refuse(error)
    cache = MeasureCache(output / "measures.jsonl")

    # every system's clips
    if has_recordings and synthesizer and synthesizer.vocoder.reference not in args.copy_synthesis:
        vocoders.insert(0, synthesizer.vocoder)
    try:
        stores = store_clips(items, output, vocoders if has_recordings else None, others)
    except ValueError as error:
        refuse(error)
    readings = []
    examples = choose_examples(items)
    if synthesizer:
        speaking = {"batch_size": args.batch_size, "seed": args.seed}
        stores[SYSTEM] = new_store(output, SYSTEM)
        store_synthesis(stores[SYSTEM], items, synthesizer, voices, **speaking)
        if args.letters:
            store = stores[f"{SYSTEM} letters"] = new_store(output, f"{SYSTEM} letters")
            store_synthesis(store, items, synthesizer, voices, phonemes=False, **speaking)
        report.time_to_first_audio[SYSTEM] = time_to_first_audio(synthesizer, items, voices, seed=args.seed)
        readings = collect_readings(synthesizer, examples, voices, seed=args.seed)
        report.used["model"] = f"{args.model}, vocoder {synthesizer.vocoder.reference}, on {args.device}"

    # their measures
    profiles = None
    if measurers.speaker_encoder and test_set.enrolment:
        profiles = enrol_speakers(measurers.speaker_encoder, test_set.enrolment, cache)
        report.similarity_bounds = similarity_bounds(profiles)
    for system, store in stores.items():
        recordings = stores.get(RECORDINGS) if system != RECORDINGS else None
        report.rows += measure_system(system, store, items, measurers, cache, recordings=recordings, profiles=profiles)

    note_unused(report)

    # the report
    references = write_references(test_set, output)
    plots: list[str] = []
    try:
        names = draw_plots(
            report, stores, examples, output / "plots", readings=readings, with_pitch=measurers.distances
        )
        plots = [f"plots/{name}" for name in names]
    except ImportError as error:
        report.left_out["pictures"] = str(error)
        logger.warning("pictures left out: %s", error)
    content = write_report(report, output, plots)
    audio = {system: store.folder.relative_to(output).as_posix() for system, store in stores.items()}
    page = write_listening_page(
        report, content, audio, output, references=references, plots=plots, recordings=RECORDINGS
    )
    tqdm.write(to_markdown(content).split("\n## ")[0])
    tqdm.write(f"Report: {output / 'report.md'}, page: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
