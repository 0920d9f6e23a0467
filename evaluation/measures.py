"""Every measure of every clip, as one row each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from tqdm import tqdm

from .clips import SAMPLING_RATE, ClipStore, MeasureCache, fingerprint, read_clip
from .distances import measure_distances
from .error_rates import count_errors
from .failures import find_failures
from .mos import MosPredictor
from .recognizers import Recognizer
from .speaker_encoders import SpeakerEncoder
from .test_sets import AudioSource, TestItem
from .utils import package_version

# to be raised when `measure_distances` gives another result, so that caches do not keep the old
_DISTANCES_VERSION = 1


@dataclass
class Row:
    """
    One clip of one system; a field is `None` where it was not measured.

    Args:
        system, id, group, text (`str`): What it is.
        speaker (`str`): Whose voice was wanted.
        seconds (`float`): Duration.
        stopped (`bool`): Whether the model ended by itself.
        mel_seconds, vocoder_seconds (`float`): What it took to make.
        transcript (`str`): What was recognised.
        character_errors, characters, word_errors, words (`int`): Edits, and length of the reference.
        speaker_similarity (`float`): Cosine to the speaker's reference clip.
        similarities (`dict[str, float]`): Cosine to each speaker's enrolment.
        mos (`dict[str, float]`): Predictor to score.
        distances (`dict[str, float]`): See [`~gpt2tts.evaluation.distances.Distances`].
        failures (`list[dict]`): `kind` and `detail` of each.
    """

    system: str
    id: str
    group: str
    text: str
    speaker: str | None
    seconds: float
    stopped: bool | None = None
    mel_seconds: float | None = None
    vocoder_seconds: float | None = None
    transcript: str | None = None
    character_errors: int | None = None
    characters: int | None = None
    word_errors: int | None = None
    words: int | None = None
    speaker_similarity: float | None = None
    similarities: dict[str, float] | None = None
    mos: dict[str, float] = field(default_factory=dict)
    distances: dict[str, float] | None = None
    failures: list[dict[str, str]] = field(default_factory=list)

    @property
    def cer(self) -> float | None:
        """Character error rate of the clip."""
        return None if self.character_errors is None else self.character_errors / max(self.characters or 0, 1)

    @property
    def nearest_speaker(self) -> str | None:
        """Whose voice it sounds most like."""
        return max(self.similarities, key=self.similarities.__getitem__) if self.similarities else None


@dataclass
class Measurers:
    """
    What measures; each may be missing.

    Args:
        recognizer ([`Recognizer`], *optional*): For error rates and loops in words.
        speaker_encoder ([`SpeakerEncoder`], *optional*): For speaker similarity.
        mos_predictors (`list[MosPredictor]`): For predicted opinion.
        distances (`bool`): Whether to compare with recordings; needs librosa.
    """

    recognizer: Recognizer | None = None
    speaker_encoder: SpeakerEncoder | None = None
    mos_predictors: list[MosPredictor] = field(default_factory=list)
    distances: bool = True


@dataclass
class SpeakerProfile:
    """
    What is known of a speaker's voice.

    Args:
        reference (`np.ndarray` of shape `(dim,)`): Embedding of the reference clip.
        clips (`np.ndarray` of shape `(clips, dim)`): Embeddings of all enrolment clips, the reference first.
    """

    reference: np.ndarray
    clips: np.ndarray

    @property
    def centroid(self) -> np.ndarray:
        """Mean direction of the enrolment `(dim,)`."""
        mean = self.clips.mean(0)
        return mean / np.linalg.norm(mean)


def embed_clip(encoder: SpeakerEncoder, waveform: np.ndarray, cache: MeasureCache) -> np.ndarray:
    """Speaker embedding `(dim,)` of a clip at 22,050 Hz."""
    key = f"embedding {fingerprint(encoder.name, encoder.version, waveform)}"
    values = cache.get(key, lambda: [round(float(x), 6) for x in encoder.embed([waveform], SAMPLING_RATE)[0]])
    return np.asarray(values, dtype=np.float32)


def enrol_speakers(
    encoder: SpeakerEncoder, enrolment: dict[str, list[AudioSource]], cache: MeasureCache
) -> dict[str, SpeakerProfile]:
    """Profiles of the speakers from their clips."""
    profiles = {}
    for speaker, sources in tqdm(enrolment.items(), desc="speakers", unit="speaker"):
        clips = np.stack([embed_clip(encoder, read_clip(source), cache) for source in sources])
        profiles[speaker] = SpeakerProfile(clips[0], clips)
    return profiles


def similarity_bounds(profiles: dict[str, SpeakerProfile]) -> dict[str, float | None]:
    """
    What the cosine of two real clips is: of the same speaker (`ceiling`) and of two (`floor`), a reference on one side.
    """
    same, other = [], []
    for speaker, profile in profiles.items():
        for name, clips in ((name, other_profile.clips) for name, other_profile in profiles.items()):
            similarities = (clips[1:] if name == speaker else clips) @ profile.reference
            (same if name == speaker else other).extend(similarities.tolist())
    return {
        "ceiling": float(np.mean(same)) if same else None,
        "floor": float(np.mean(other)) if other else None,
    }


def measure_system(
    system: str,
    store: ClipStore,
    items: Sequence[TestItem],
    measurers: Measurers,
    cache: MeasureCache,
    *,
    recordings: ClipStore | None = None,
    profiles: dict[str, SpeakerProfile] | None = None,
) -> list[Row]:
    """
    Measure the clips of one system.

    Args:
        system (`str`): Its name.
        store ([`ClipStore`]): Its clips.
        items (sequence of [`TestItem`]): The sentences; those without a clip are left out.
        measurers ([`Measurers`]): What measures.
        cache ([`MeasureCache`]): Where results are kept.
        recordings ([`ClipStore`], *optional*): Recordings to compare with; leave out for the recordings themselves.
        profiles (`dict[str, SpeakerProfile]`, *optional*): Voices to compare with.
    """
    rows = []
    for item in tqdm(items, desc=f"measuring {system}", unit="clip"):
        clip = store.load(item.id)
        if clip is None:
            continue
        waveform, info = clip
        recording = recordings.load(item.id) if recordings else None
        rows.append(_measure_clip(system, item, waveform, info, measurers, cache, recording, profiles or {}))
    return rows


def _measure_clip(
    system: str,
    item: TestItem,
    waveform: np.ndarray,
    info: dict,
    measurers: Measurers,
    cache: MeasureCache,
    recording: tuple[np.ndarray, dict] | None,
    profiles: dict[str, SpeakerProfile],
) -> Row:
    row = Row(system, item.id, item.group, item.text, item.speaker, len(waveform) / SAMPLING_RATE)
    row.stopped, row.mel_seconds, row.vocoder_seconds = (
        info.get(name) for name in ("stopped", "mel_seconds", "vocoder_seconds")
    )
    clip = fingerprint(waveform)

    if recognizer := measurers.recognizer:
        key = f"transcript {fingerprint(recognizer.name, recognizer.version)} {clip}"
        row.transcript = cache.get(key, lambda: recognizer.transcribe([waveform], SAMPLING_RATE)[0])
        characters = count_errors(item.text, row.transcript, "character")
        words = count_errors(item.text, row.transcript, "word")
        row.character_errors, row.characters = characters.errors, characters.length
        row.word_errors, row.words = words.errors, words.length

    if measurers.speaker_encoder and profiles:
        embedding = embed_clip(measurers.speaker_encoder, waveform, cache)
        row.similarities = {name: float(embedding @ profile.centroid) for name, profile in profiles.items()}
        if item.speaker in profiles:
            row.speaker_similarity = float(embedding @ profiles[item.speaker].reference)

    for predictor in measurers.mos_predictors:
        key = f"mos {fingerprint(predictor.name, predictor.version)} {clip}"
        score = cache.get(key, lambda predictor=predictor: float(predictor.predict([waveform], SAMPLING_RATE)[0]))
        row.mos[predictor.name] = score

    if recording is not None and measurers.distances:
        measured_by = fingerprint(_DISTANCES_VERSION, package_version("librosa"))
        key = f"distances {measured_by} {clip} {fingerprint(recording[0])}"
        row.distances = cache.get(key, lambda: _distances_dict(waveform, recording[0]))

    found = find_failures(
        item.text,
        waveform,
        SAMPLING_RATE,
        transcript=row.transcript,
        stopped=row.stopped,
        recording=None if recording is None else recording[0],
    )
    row.failures = [asdict(failure) for failure in found]
    return row


def _distances_dict(waveform: np.ndarray, recording: np.ndarray) -> dict[str, float] | None:
    distances = measure_distances(waveform, recording, SAMPLING_RATE)
    return None if distances is None else asdict(distances)
