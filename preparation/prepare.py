"""Raw recordings, with or without transcripts, to a training set in LJSpeech's layout."""

import dataclasses
import hashlib
import json
import os
import re
import signal
import threading
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import soundfile
from huggingface_hub.utils.sha import sha_fileobj
from tqdm.auto import tqdm
from transformers.utils import logging

from ..data.alignment import compile_librosa
from ..data.transcripts import TEXT_SUFFIXES, read_text, read_transcript, read_transcripts
from ..evaluation.clips import fingerprint
from ..evaluation.error_rates import count_errors, normalize_english
from ..files import replace_file, short_name
from ..folders import make_folder
from ..recordings import is_recording, list_recordings
from .clips import Clip, DamagedRecordingError, Job, Listeners, cell_text, make_clip, make_clip_in_pool
from .report import PreparationReport, write_report
from .review_page import write_review_page
from .segmentation import DAMAGED, Splitter, Stretch, make_readable

logger = logging.get_logger(__name__)

WORK_FOLDER = ".work"
JOURNAL = "clips.jsonl"
WRITTEN = ("metadata.csv", "report.json", "report.md", "index.html")


@dataclasses.dataclass(frozen=True)
class Limits:
    """
    What a clip has to keep to. They can be changed afterwards: a second run measures nothing again.

    Args:
        min_seconds (`float`, *optional*, defaults to 1.0): Shortest clip.
        min_mos (`float`, *optional*, defaults to 2.5): Lowest rating by DNSMOS: noise and music lower it.
        min_confidence (`float`, *optional*, defaults to 0.6): How sure the recogniser has to be of what it heard.
        max_cer (`float`, *optional*, defaults to 0.2):
            Share of the characters of a given transcript that the recogniser may have heard otherwise.
        min_similarity (`float`, *optional*, defaults to 0.7): Cosine of the voice to that of most clips.
        max_characters_per_second (`float`, *optional*, defaults to 30.0): Fastest speech.
        min_characters_per_second (`float`, *optional*, defaults to 4.0): Slowest speech.
    """

    min_seconds: float = 1.0
    min_mos: float = 2.5
    min_confidence: float = 0.6
    max_cer: float = 0.2
    min_similarity: float = 0.7
    max_characters_per_second: float = 30.0
    min_characters_per_second: float = 4.0


def prepare_recordings(
    recordings: str | os.PathLike,
    out: str | os.PathLike,
    *,
    limits: Limits | None = None,
    max_seconds: float = 12.0,
    recognizer: str = "auto",
    speaker_encoder: str = "auto",
    listeners: Listeners | None = None,
    num_proc: int = 1,
) -> PreparationReport:
    """
    Cuts recordings at pauses into clips, transcribes them, makes them equally loud, and leaves out what would harm a
    training. A run that was broken off goes on where it was, and what was changed in `metadata.csv` by hand stays so.

    `out` holds `wavs/` and `metadata.csv` (`id|text|text`) as LJSpeech does, `report.json` and `report.md`, and
    `index.html`, a page to listen to the clips and correct their transcripts.

    Args:
        recordings (`str` or `os.PathLike`):
            A folder of recordings of any length and format, in folders as they are, or one recording. Transcripts, in a
            table or a text file beside each recording, are taken for those that are no longer than `max_seconds`; for one
            recording a text file.
        out (`str` or `os.PathLike`): The training set.
        limits ([`Limits`], *optional*): What a clip has to keep to.
        max_seconds (`float`, *optional*, defaults to 12.0): Longest clip.
        recognizer, speaker_encoder (`str`, *optional*, default to `"auto"`):
            See [`load_recognizer`] and [`load_speaker_encoder`].
        listeners ([`Listeners`], *optional*): In place of those, for one process.
        num_proc (`int`, *optional*, defaults to 1): Processes.

    Raises:
        FileNotFoundError, ValueError: If there is no folder, or no audio in it, or it is `out`.
        FileExistsError: If `out` was prepared from another folder or with another recogniser, or holds files of these names that
            are not of this.
        ImportError: If a package is missing; names it.
    """
    folders = {Path(out): Path(recordings)}
    (report,) = _prepare(folders, limits, max_seconds, recognizer, speaker_encoder, listeners, num_proc)
    return report


def prepare_speakers(
    recordings: str | os.PathLike,
    out: str | os.PathLike,
    *,
    limits: Limits | None = None,
    max_seconds: float = 12.0,
    recognizer: str = "auto",
    speaker_encoder: str = "auto",
    listeners: Listeners | None = None,
    num_proc: int = 1,
) -> dict[str, PreparationReport]:
    """
    Prepares the recordings of many speakers as [`prepare_recordings`] does: each folder of `recordings` is a speaker of its
    name, `out/NAME` the training set of that speaker, and `out` that of all of them.

    Args:
        recordings (`str` or `os.PathLike`): A folder with a folder of recordings for each speaker.
        out (`str` or `os.PathLike`): The training set.
        limits, max_seconds, recognizer, speaker_encoder, listeners, num_proc: As of [`prepare_recordings`].

    Returns:
        `dict[str, PreparationReport]`: what was kept of each speaker, and what not.

    Raises:
        FileNotFoundError, ValueError: If there is no folder, no folder in it, or no audio in one of those.
        FileExistsError, ImportError: As [`prepare_recordings`].
    """
    recordings, out = Path(recordings), Path(out)
    if not recordings.is_dir():
        raise FileNotFoundError(f"There is no folder {str(recordings)!r}.")
    names = [
        path.name
        for path in sorted(recordings.iterdir())
        if path.is_dir() and not path.name.startswith(".") and path.resolve() != out.resolve()
    ]
    if not names:
        raise ValueError(f"{str(recordings)!r} has no folders: it should hold one for each speaker.")
    folders = {out / name: recordings / name for name in names}
    reports = _prepare(folders, limits, max_seconds, recognizer, speaker_encoder, listeners, num_proc)
    return dict(zip(names, reports, strict=True))


def _prepare(
    folders: dict[Path, Path],
    limits: Limits | None,
    max_seconds: float,
    recognizer: str,
    speaker_encoder: str,
    listeners: Listeners | None,
    num_proc: int,
) -> list[PreparationReport]:
    """Training sets of the recordings that stand beside them in `folders`."""
    limits = limits or Limits()
    names = (
        listeners.recognizer.name if listeners else recognizer,
        listeners.speaker_encoder.name if listeners else speaker_encoder,
    )
    settings = {"max_seconds": max_seconds, "recognizer": names[0], "speaker_encoder": names[1]}
    training_sets = [TrainingSet(recordings, out, settings) for out, recordings in folders.items()]
    splitter = Splitter(max_seconds=max_seconds)
    jobs = ((training_set, job) for training_set in training_sets for job in training_set.find_jobs(splitter))
    done = sum(len(training_set.journal.clips) for training_set in training_sets)
    total = sum(len(training_set.paths) for training_set in training_sets)
    begun = {
        (training_set, clip.source) for training_set in training_sets for clip in training_set.journal.clips.values()
    }
    with tqdm(desc="Clips", unit="clip", initial=done) as bar:
        if num_proc > 1 and listeners is None:
            made = _in_pool(jobs, num_proc, names)
        else:
            made = _one_by_one(jobs, listeners or (lambda: Listeners.load(*names)))
        for training_set, clip in made:
            training_set.journal.add(clip)
            begun.add((training_set, clip.source))
            bar.set_postfix_str(f"recording {len(begun)} of {total}", refresh=False)
            bar.update()
    return [training_set.finish(limits) for training_set in training_sets]


class TrainingSet:
    """
    A training set in the making.

    Args:
        recordings (`Path`): A folder of recordings, or one of them.
        out (`Path`): The training set's folder.
        settings (`dict`): What its clips depend on besides.

    Raises:
        FileNotFoundError, ValueError, FileExistsError: See [`prepare_recordings`].
    """

    def __init__(self, recordings: Path, out: Path, settings: dict):
        if out.resolve() == recordings.resolve():
            raise ValueError("`out` must be another folder than that of the recordings.")
        if out.is_file():
            raise FileExistsError(f"`out` {str(out)!r} is a file: choose a folder.")
        if is_recording(recordings):
            self.folder, self.paths = recordings.parent, [recordings]
            self.texts = read_text_beside(recordings)
        else:
            self.folder, self.paths = recordings, list_recordings(recordings, without=out)
            self.texts = read_given_texts(recordings)
        self.out, self.work, self.wavs = out, out / WORK_FOLDER, out / "wavs"
        self.settings = {"folder": str(recordings.resolve()), **settings}
        if not (self.work / JOURNAL).is_file() and (others := [name for name in WRITTEN if (out / name).exists()]):
            raise FileExistsError(
                f"{str(out / others[0])!r} was not made by `prepare`: move it away, or choose another folder."
            )
        make_folder(self.wavs, "out")
        self.corrections = Corrections(out / "metadata.csv", self.work)
        self.journal = Journal(self.work / JOURNAL, self.settings)
        self.unreadable: dict[str, str] = {}
        self.found: set[str] = set()  # ids of all clips of the recordings as they are now

    def find_jobs(self, splitter: Splitter) -> Iterator[Job]:
        """The clips that are still to be made. Those that are done get the transcripts that are given now."""
        found = find_clips(
            self.folder,
            self.paths,
            self.texts,
            splitter,
            self.work / "decoded",
            self.unreadable,
            self.journal.names,
        )
        for job in found:
            self.found.add(job.id)
            clip = self.journal.clips.get(job.id)
            is_there = (self.wavs / f"{job.id}.wav").is_file()
            is_of_another = clip is not None and clip.digest not in (None, job.digest)  # the recording was replaced
            if clip is None or clip.end != round(job.stretch.end, 3) or is_of_another or not is_there:
                yield job
            elif clip.is_given or job.text is not None:
                clip.is_given = job.text is not None
                clip.text = cell_text(clip.heard if job.text is None else job.text)

    def finish(self, limits: Limits) -> PreparationReport:
        """Chooses among the clips, writes the table, the report and the page."""
        order = {path.relative_to(self.folder).as_posix(): place for place, path in enumerate(self.paths)}
        # what lies in no recording any longer is of one that has been replaced; of one that is gone the clips stay
        clips = [
            clip
            for clip in self.journal.clips.values()
            if clip.id in self.found or clip.source not in order or clip.source in self.unreadable
        ]
        clips.sort(key=lambda clip: (order.get(clip.source, 0), clip.start))
        judge(clips, limits)
        self.corrections.apply(self.journal.clips.values())
        self.corrections.write([clip for clip in clips if not clip.reasons])
        report = PreparationReport({**self.settings, **dataclasses.asdict(limits)}, clips, self.unreadable)
        write_report(report, self.out)
        write_review_page(report, self.out)
        return report


def find_clips(
    folder: Path,
    paths: list[Path],
    texts: dict[str, str],
    splitter: Splitter,
    cache: Path,
    unreadable: dict[str, str],
    names: dict[str, str],
) -> Iterator[Job]:
    """
    The clips of recordings one after another; those that cannot be read are noted in `unreadable`, and in `names` which
    recording the clips of a name are of.
    """
    for path in paths:
        source = path.relative_to(folder).as_posix()
        # folders and all: it may be longer than the name of a file can be
        name = short_name(re.sub(r"[^\w-]+", "_", Path(source).with_suffix("").as_posix()))
        if names.setdefault(name, source) != source:
            content = source.encode("utf-8", "surrogateescape")
            name += f"-{hashlib.sha256(content).hexdigest()[:6]}"
            names[name] = source
        try:
            readable = make_readable(path, cache)
            if readable != path and readable.name.endswith(DAMAGED):
                _note(source, ValueError("parts of it are damaged"), unreadable)
            pieces: Iterable[Stretch] = splitter.split(readable)
            given = texts.get(source)
            if given is not None:
                pieces = listed = list(pieces)
                whole = Stretch(listed[0].start, listed[-1].end) if listed else None
                if whole is None or whole.seconds > splitter.max_seconds + 1:
                    if whole is not None:
                        logger.warning(f"{source} is cut, and its clips are transcribed: its text is not used.")
                    given = None
                else:
                    pieces = [whole]
            with path.open("rb") as file:
                digest = sha_fileobj(file).hex()[:16]
            piece = None
            for piece in pieces:
                yield Job(f"{name}-{round(100 * piece.start):07d}", str(readable), source, piece, given, digest)
            if piece is None:
                logger.warning(f"{source} gives no clip: no speech is heard in it.")
        except (ValueError, OSError, soundfile.SoundFileError) as error:
            _note(source, error, unreadable)


def _note(source: str, error: Exception, unreadable: dict[str, str]) -> None:
    # the name of a file may hold bytes that are no UTF-8
    source, reason = (text.encode("utf-8", "replace").decode("utf-8") for text in (source, str(error)))
    unreadable.setdefault(source, reason)
    logger.warning(f"{source}, or a part of it, is left out: {reason}")


def read_given_texts(folder: Path) -> dict[str, str]:
    """The transcripts that came with the recordings, by file relative to the folder; of files elsewhere they are left out."""
    found = read_transcripts(folder, folder.name)
    if found is None:
        return {}
    root, entries = found
    # a table may name files by their whole paths
    paths = [Path(os.path.abspath(root / entry.file)) for entry in entries]
    top = Path(os.path.abspath(folder))
    return {
        path.relative_to(top).as_posix(): entry.text
        for path, entry in zip(paths, entries, strict=True)
        if path.is_relative_to(top)
    }


def read_text_beside(recording: Path) -> dict[str, str]:
    """The transcript in a text file of the recording's name, by the name of the recording, where there is one."""
    for suffix in TEXT_SUFFIXES:
        path = recording.with_name(recording.stem + suffix)
        if path.is_file():
            return {recording.name: read_transcript(path)}
    return {}


def judge(clips: list[Clip], limits: Limits) -> None:
    """Sets `similarity` and `reasons` of all clips."""
    voice = _common_voice(clips)
    for clip in clips:
        clip.similarity = round(float(np.dot(clip.embedding, voice)), 3) if voice is not None else None
        clip.reasons = list(_reasons(clip, limits))


def _common_voice(clips: list[Clip]) -> np.ndarray | None:
    """
    The direction of the voice of most clips: the median of all directions, each weighed by nothing, so that a minority of
    other speakers does not move it; then the mean of the half that is nearest to it.
    """
    if not clips:
        return None
    directions = np.array([clip.embedding for clip in clips])
    median = np.median(directions, axis=0)
    similar = directions @ median
    mean = directions[similar >= np.median(similar)].mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _reasons(clip: Clip, limits: Limits) -> Iterator[str]:
    if clip.seconds < limits.min_seconds:
        yield f"short: {clip.seconds:.1f} s"
    if clip.clipped:
        yield "clipping: the recording was driven into its limits"
    if not clip.mos >= limits.min_mos:
        yield f"noise or music: DNSMOS {clip.mos:.2f}"
    if clip.similarity is not None and clip.similarity < limits.min_similarity:
        yield f"another voice: cosine {clip.similarity:.2f}"
    if not normalize_english(clip.text):
        yield "no words"
        return
    if clip.is_given:
        rate = count_errors(clip.text, clip.heard).rate
        if rate > limits.max_cer:
            yield f"another text: {rate:.0%} of the characters were heard otherwise"
    elif clip.confidence < limits.min_confidence:
        yield f"doubtful transcript: confidence {clip.confidence:.2f}"
    rate = len(clip.text) / clip.seconds
    if not limits.min_characters_per_second <= rate <= limits.max_characters_per_second:
        yield f"rate of speech: {rate:.0f} characters a second"


class Journal:
    """
    The clips that are done, appended to a file of JSON lines as they are made; the first line has the settings.

    Args:
        path (`Path`): The file.
        settings (`dict`): What the clips depend on.

    Raises:
        FileExistsError: If the file is that of other settings.
    """

    def __init__(self, path: Path, settings: dict):
        self.path = path
        self.clips: dict[str, Clip] = {}
        settings = {"fingerprint": fingerprint(sorted(settings.items())), **settings}
        if path.is_file():
            lines = path.read_text(encoding="utf-8").split("\n")
            found = json.loads(lines[0])
            if found["fingerprint"] != settings["fingerprint"]:
                was = ", ".join(f"{key} {value}" for key, value in found.items() if settings.get(key) != value)
                raise FileExistsError(
                    f"{str(path.parents[1])!r} was prepared otherwise ({was}): delete it, or choose another folder."
                )
            for line in lines[1:]:
                try:
                    clip = Clip(**json.loads(line))
                except ValueError:  # the last line of a run that was killed
                    continue
                self.clips[clip.id] = clip
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = [settings, *map(dataclasses.asdict, self.clips.values())]
        with replace_file(path) as partial:
            partial.write_text("".join(json.dumps(row) + "\n" for row in whole), encoding="utf-8")

    @property
    def names(self) -> dict[str, str]:
        """By the name that the clips of a recording have, the recording."""
        return {clip.id.rpartition("-")[0]: clip.source for clip in self.clips.values()}

    def add(self, clip: Clip) -> None:
        """Notes a clip that is done."""
        self.clips[clip.id] = clip
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(dataclasses.asdict(clip)) + "\n")


class Corrections:
    """
    What was changed in a `metadata.csv` by hand since it was written: texts, and which clips are in it. It holds against
    all limits, in this run and in those to come.

    Args:
        path (`Path`): The file.
        work (`Path`): Folder for a copy of it, and for the changes so far.

    Raises:
        FileExistsError: If the file is there without a copy: it was not made by this.
    """

    def __init__(self, path: Path, work: Path):
        self.path, self.copy, self.store = path, work / path.name, work / "corrections.json"
        self.changes: dict[str, str | None] = {}  # text by id; `None` of a clip that was taken out
        if self.store.is_file():
            self.changes = json.loads(self.store.read_text(encoding="utf-8"))
        if not path.is_file():
            return
        if not self.copy.is_file():
            raise FileExistsError(f"{str(path)!r} was not made by `prepare`: move it away, or choose another folder.")
        written, found = _read_rows(self.copy), _read_rows(path)
        for name in written.keys() | found.keys():
            if name not in found:
                self.changes[name] = None
            elif found[name] != written.get(name):
                before = set(written.get(name, ()))
                # one of the two texts may have been changed
                self.changes[name] = next((text for text in found[name] if text not in before), found[name][-1])

    def apply(self, clips: Collection[Clip]) -> None:
        """
        Sets `text` and `reasons` of the clips that were changed.

        Raises:
            ValueError: If there is no such clip.
        """
        if unknown := self.changes.keys() - {clip.id for clip in clips}:
            raise ValueError(f"{str(self.path)!r} names {min(unknown)!r}, which is no clip: mend it, or delete it.")
        for clip in clips:
            if clip.id in self.changes:
                text = self.changes[clip.id]
                clip.text = " ".join(text.split()) if text else clip.text
                clip.reasons = [] if text else ["taken out by hand"]

    def write(self, kept: list[Clip]) -> None:
        """Writes the file, the copy and the changes."""
        with replace_file(self.store) as partial:
            partial.write_text(json.dumps(self.changes, indent=1, sort_keys=True), encoding="utf-8")
        content = "".join(f"{clip.id}|{clip.text}|{clip.text}\n" for clip in kept)
        for path in (self.path, self.copy):
            with replace_file(path) as partial:
                partial.write_text(content, encoding="utf-8")


def _read_rows(path: Path) -> dict[str, list[str]]:
    """The texts of a table `id|text|text` by id."""
    rows: dict[str, list[str]] = {}
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        name, *texts = map(str.strip, line.split("|"))
        if texts:
            rows[name] = texts
        elif name:
            raise ValueError(f"{path}, line {number}: expected ID|TEXT|TEXT, got {line[:80]!r}.")
    return rows


def _one_by_one(jobs: Iterable[tuple[TrainingSet, Job]], listeners) -> Iterator[tuple[TrainingSet, Clip]]:
    for training_set, job in jobs:
        if callable(listeners):  # loaded when there is something to hear
            listeners = listeners()
        try:
            clip = make_clip(job, listeners, training_set.wavs)
        except DamagedRecordingError as error:
            _note(job.source, error, training_set.unreadable)
            continue
        yield training_set, clip


def _in_pool(
    jobs: Iterator[tuple[TrainingSet, Job]], num_proc: int, names: tuple[str, str]
) -> Iterator[tuple[TrainingSet, Clip]]:
    """Clips as processes finish them; no more are waiting than keeps the processes busy."""
    compile_librosa()
    with ExitStack() as at_end:
        pool = ProcessPoolExecutor(num_proc, mp_context=get_context("spawn"))
        # also where an error or Ctrl-C ends it: what is under way is written before the folder is another's
        at_end.callback(pool.shutdown, cancel_futures=True)
        running = {}

        def submit(count: int) -> None:
            for training_set, job in islice(jobs, count):
                with ignore_interrupts():
                    future = pool.submit(make_clip_in_pool, job, *names, str(training_set.wavs))
                running[future] = training_set, job

        submit(2 * num_proc)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                training_set, job = running.pop(future)
                submit(1)
                try:
                    clip = Clip(**future.result())
                except DamagedRecordingError as error:
                    _note(job.source, error, training_set.unreadable)
                    continue
                yield training_set, clip


@contextmanager
def ignore_interrupts() -> Iterator[None]:
    """Processes that are started within leave Ctrl-C to the one that starts them, rather than print where they were."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
