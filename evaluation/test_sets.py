"""What is spoken and in whose voice: texts or transcribed recordings, and for each speaker the clips that show the voice."""

import os
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import soundfile

from ..data.speech_datasets import load_speech_dataset, split_by_text, spoken_text
from ..data.transcripts import numbered_lines, read_text
from ..files import list_files
from ..recordings import AUDIO_SUFFIXES

AudioSource = str | dict

_REFERENCE_SECONDS = (3.0, 10.0)  # a clip of this length shows the voice
NUM_ENROLMENT_CLIPS = 5  # of a speaker, at most


@dataclass(frozen=True)
class TestItem:
    """
    One sentence to speak.

    Args:
        id (`str`): Unique, safe as a file name.
        group (`str`): What the report sums up together.
        text (`str`): The sentence.
        speaker (`str`, *optional*): Whose voice is wanted.
        recording (`str` or `dict`, *optional*): The sentence spoken by that speaker, as `read_audio` takes it.
    """

    __test__ = False  # not a test class of pytest

    id: str
    group: str
    text: str
    speaker: str | None = None
    recording: AudioSource | None = None


@dataclass
class TestSet:
    """
    Sentences and voices.

    Args:
        items (`list[TestItem]`): What to speak.
        enrolment (`dict[str, list]`):
            For each speaker clips that are not among the items; the first is the reference that the model hears.
    """

    __test__ = False

    items: list[TestItem]
    enrolment: dict[str, list[AudioSource]] = field(default_factory=dict)


def load_texts(path: str | os.PathLike) -> list[TestItem]:
    """
    Read a file of lines `id|group|text` (UTF-8, no header; empty lines are skipped).

    Raises:
        ValueError: If the file is not UTF-8, a line has another form, an id comes twice, or there is no line.
    """
    items: dict[str, TestItem] = {}
    for number, line in numbered_lines(read_text(Path(path))):
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"{path}, line {number}: expected `id|group|text`, got {line!r}.")
        if parts[0] != _file_name(parts[0]):
            raise ValueError(f"{path}, line {number}: the id {parts[0]!r} has to be usable as a file name.")
        if parts[0] in items:
            raise ValueError(f"{path}, line {number}: the id {parts[0]!r} is there already.")
        items[parts[0]] = TestItem(*parts)
    if not items:
        raise ValueError(f"{path} has no line `id|group|text`.")
    return list(items.values())


def load_references(folder: str | os.PathLike) -> dict[str, list[AudioSource]]:
    """
    Clips of speakers from a folder: `SPEAKER/*.wav`, or `SPEAKER.wav` for one clip each.

    Returns:
        `dict[str, list[str]]`: Speaker to paths, sorted.

    Raises:
        ValueError: If there is no such folder, or it holds no audio.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"There is no folder {str(folder)!r} of references.")
    clips: dict[str, list[AudioSource]] = {}
    for path in list_files(folder):
        if path.suffix.lower() in AUDIO_SUFFIXES:
            speaker = path.stem if path.parent == folder else path.relative_to(folder).parts[0]
            clips.setdefault(_file_name(speaker), []).append(str(path))
    if not clips:
        raise ValueError(f"{folder} holds no audio; put reference clips there as SPEAKER.wav or SPEAKER/*.wav.")
    return {speaker: paths[:NUM_ENROLMENT_CLIPS] for speaker, paths in clips.items()}


def build_text_set(
    path: str | os.PathLike,
    *,
    speakers: Sequence[str] = (),
    enrolment: dict[str, list[AudioSource]] | None = None,
    limit: int | None = None,
    every_voice: bool = False,
) -> TestSet:
    """
    Sentences of a text file, dealt out to the speakers in turn within each group.

    Args:
        path (`str` or `os.PathLike`): File of `id|group|text`.
        speakers (sequence of `str`, *optional*): Whose voices speak; none leaves the voice to the model.
        enrolment (`dict`, *optional*): Clips of the speakers, see [`load_references`].
        limit (`int`, *optional*): Keep so many sentences of each group.
        every_voice (`bool`, *optional*, defaults to `False`):
            Each sentence once for each speaker instead, with the id `SENTENCE-SPEAKER`.
    """
    items, counts = [], dict[str, int]()
    for item in load_texts(path):
        count = counts.get(item.group, 0)
        if limit is not None and count >= limit:
            continue
        counts[item.group] = count + 1
        if every_voice and speakers:
            items += [TestItem(f"{item.id}-{speaker}", item.group, item.text, speaker) for speaker in speakers]
            continue
        speaker = speakers[count % len(speakers)] if speakers else None
        items.append(TestItem(item.id, item.group, item.text, speaker))
    return TestSet(items, dict(enrolment or {}))


def build_dataset_set(
    sources: Sequence[str],
    *,
    references: dict[str, list[AudioSource]] | None = None,
    limit: int | None = None,
    validation_share: float | None = None,
    seed: int = 0,
) -> TestSet:
    """
    Recorded sentences of datasets; other clips of the same speakers show the voices.

    Args:
        sources (sequence of `str`): What `load_speech_dataset` takes; each becomes a group.
        references (`dict`, *optional*): Clips that show a speaker's voice instead of clips of the dataset.
        limit (`int`, *optional*): Draw so many clips from each dataset, evenly over its speakers.
        validation_share (`float`, *optional*): Only sentences that training with this share held back.
        seed (`int`, *optional*, defaults to 0): Seed of the draw.

    Raises:
        ValueError: If nothing is left of a dataset.
    """

    items, enrolment = [], dict(references or {})
    for source in sources:
        dataset = load_speech_dataset(source)
        held_back: set[str] = set()
        if validation_share:  # as the training script, which takes one text of a small dataset at least
            texts = list(map(spoken_text, dataset.rows["text"][:]))
            held_back = {texts[row] for row in split_by_text(texts, validation_share)[1]}

        def is_held_back(row: dict, held_back: set[str] = held_back) -> bool:
            return bool(held_back) and spoken_text(row["text"]) in held_back

        by_speaker: dict[str, list[dict]] = {}
        for row in dataset.rows:
            by_speaker.setdefault(_file_name(row["speaker"]), []).append(row)
        drawn: list[list[TestItem]] = []
        for speaker in sorted(by_speaker):
            rows = by_speaker[speaker]
            random.Random(f"{seed} {speaker}").shuffle(rows)
            if speaker not in enrolment:
                # texts that the training script trains on cost no test sentence
                known = [row for row in rows if not is_held_back(row)]
                chosen = _choose_enrolment(known or rows)
                enrolment[speaker] = [_audio_source(row) for row in chosen]
                rows = [row for row in rows if row not in chosen]
            if validation_share is not None:
                rows = [row for row in rows if is_held_back(row)]
            drawn.append([_dataset_item(row, dataset.name, speaker) for row in rows])
        group = [row[place] for place in range(max(map(len, drawn))) for row in drawn if place < len(row)][:limit]
        if not group:
            raise ValueError(f"No sentence is left of the dataset {source!r}.")
        items += group
    if len({item.id for item in items}) < len(items):
        raise ValueError("Two datasets have clips of one name; evaluate them one at a time.")
    return TestSet(items, enrolment)


def _dataset_item(row: dict, dataset: str, speaker: str) -> TestItem:
    group = _file_name(Path(dataset).name)
    name = re.sub(r"^(wavs|audio)/", "", Path(row["file"]).with_suffix("").as_posix())
    return TestItem(f"{group}-{_file_name(name)}", group, row["text"], speaker, _audio_source(row))


def _audio_source(row: dict) -> AudioSource:
    return row["audio"]["path"] if row["audio"].get("bytes") is None else row["audio"]


def _choose_enrolment(rows: list[dict]) -> list[dict]:
    """The first clips of a good length; at least one, and never more than half of what there is."""
    count = max(1, min(NUM_ENROLMENT_CLIPS, len(rows) // 2))
    low, high = _REFERENCE_SECONDS
    suitable = []
    for row in rows:
        source = _audio_source(row)
        if isinstance(source, str) and not low <= soundfile.info(source).duration <= high:
            continue
        suitable.append(row)
        if len(suitable) == count:
            break
    return suitable or rows[:1]


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")
