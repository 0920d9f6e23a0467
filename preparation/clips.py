"""A piece of a recording to a clip: cut, made as loud as the others, heard and measured."""

import os
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from ..audio import resample_waveforms
from ..evaluation.mos import MosPredictor, load_mos_predictor
from ..evaluation.recognizers import Recognizer, load_recognizer
from ..evaluation.speaker_encoders import SpeakerEncoder, load_speaker_encoder
from ..evaluation.utils import import_optional
from ..files import replace_file
from .segmentation import Stretch, read_stretch

SAMPLING_RATE = 22050  # Hz, as LJSpeech
LOUDNESS = -23.0  # LUFS, EBU R 128
FADE = 0.03  # seconds at both ends: the noise of a room is not to begin like a sound
LOUDEST_PEAK = 0.89  # of full scale, -1 dB
MIN_SECONDS_OF_LOUDNESS = 0.4  # the block that BS.1770 measures


class DamagedRecordingError(ValueError):
    """A piece of a recording cannot be read; others of it may."""


@dataclass(frozen=True)
class Job:
    """
    A clip to be made.

    Args:
        id (`str`): Its name.
        path (`str`): The recording, as it can be read.
        source (`str`): Its name for the report.
        stretch (`Stretch`): Which piece of it.
        text (`str`, *optional*): The transcript that came with the recording.
        digest (`str`, *optional*): Of the content of the recording.
    """

    id: str
    path: str
    source: str
    stretch: Stretch
    text: str | None = None
    digest: str | None = None


@dataclass
class Clip:
    """
    What was found of a clip.

    Args:
        id, source (`str`): Its name and its recording's.
        start, end (`float`): Where in the recording it lies, in seconds.
        text (`str`): The transcript that it is to be trained with: the one that came with it, else what was heard.
        heard (`str`): What the recogniser wrote down.
        is_given (`bool`): Whether the transcript came with the recording.
        confidence (`float`): How sure the recogniser is, 0 to 1.
        loudness (`float`): In LUFS, as recorded.
        clipped (`bool`): Whether the recording was driven into its limits.
        mos (`float`): Predicted rating of the sound by DNSMOS, 1 to 5; noise and music lower it.
        embedding (`list[float]`): Direction of the voice.
        similarity (`float`, *optional*): Cosine to the voice of most clips.
        reasons (`list[str]`): Why it is left out; none, and it is kept.
        digest (`str`, *optional*): Of the content of its recording; a version of before did not note it.
    """

    id: str
    source: str
    start: float
    end: float
    text: str
    heard: str
    is_given: bool
    confidence: float
    loudness: float
    clipped: bool
    mos: float
    embedding: list[float]
    similarity: float | None = None
    reasons: list[str] = field(default_factory=list)
    digest: str | None = None

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start


@dataclass
class Listeners:
    """What listens to clips: a recogniser, a speaker encoder and a predictor of ratings."""

    recognizer: Recognizer
    speaker_encoder: SpeakerEncoder
    mos_predictor: MosPredictor

    @classmethod
    def load(cls, recognizer: str = "auto", speaker_encoder: str = "auto") -> "Listeners":
        """
        By name, see [`load_recognizer`] and [`load_speaker_encoder`].

        Raises:
            ImportError: If a package is missing; names it.
        """
        return cls(load_recognizer(recognizer), load_speaker_encoder(speaker_encoder), load_mos_predictor("dnsmos"))


def cell_text(text: str) -> str:
    """A transcript as it can stand in a table whose cells are parted by `|`."""
    return " ".join(text.replace("|", " ").split())


def make_clip(job: Job, listeners: Listeners, folder: str | os.PathLike) -> Clip:
    """
    Writes `folder/ID.wav` (16 bit, mono, 22,050 Hz, -23 LUFS) and gives what was found of it.

    Raises:
        DamagedRecordingError: If the recording is damaged there.
    """
    try:
        recorded, rate = read_stretch(job.path, job.stretch)
        recorded = recorded / max(1.0, float(np.abs(recorded).max(initial=0.0)))  # floats may exceed full scale
        waveform = resample_waveforms([recorded], rate, SAMPLING_RATE)[0]
        waveform = fade(waveform - waveform.mean())  # DNSMOS takes the offset of a sound card for noise
    except (ValueError, soundfile.SoundFileError) as error:
        raise DamagedRecordingError(f"at {job.stretch.start:.1f} s: {error}") from error
    loudness = measure_loudness(waveform)
    gain = 10 ** ((LOUDNESS - loudness) / 20) if np.isfinite(loudness) else 1.0
    waveform = waveform * min(gain, LOUDEST_PEAK / max(float(np.abs(waveform).max(initial=0.0)), 1e-6))
    transcript = listeners.recognizer.recognize([waveform], SAMPLING_RATE)[0]
    embedding = listeners.speaker_encoder.embed([waveform], SAMPLING_RATE)[0]
    with replace_file(Path(folder) / f"{job.id}.wav") as partial:
        soundfile.write(partial, waveform, SAMPLING_RATE, subtype="PCM_16", format="WAV")
    return Clip(
        id=job.id,
        source=job.source,
        start=round(job.stretch.start, 3),
        end=round(job.stretch.end, 3),
        text=cell_text(transcript.text if job.text is None else job.text),
        heard=transcript.text,
        is_given=job.text is not None,
        confidence=round(transcript.confidence, 3),
        loudness=round(float(loudness), 1),
        clipped=is_clipped(recorded),
        mos=round(float(listeners.mos_predictor.predict([waveform], SAMPLING_RATE)[0]), 2),
        embedding=[round(float(value), 4) for value in embedding],
        digest=job.digest,
    )


def fade(waveform: np.ndarray) -> np.ndarray:
    """A clip `(samples,)` at 22,050 Hz that begins and ends gently."""
    ramp = np.linspace(0, 1, min(round(FADE * SAMPLING_RATE), len(waveform)), dtype=np.float32)
    faded = waveform.copy()
    faded[: len(ramp)] *= ramp
    faded[len(faded) - len(ramp) :] *= ramp[::-1]
    return faded


def measure_loudness(waveform: np.ndarray) -> float:
    """Integrated loudness (ITU-R BS.1770) of a clip `(samples,)` at 22,050 Hz in LUFS; minus infinity of silence."""
    pyloudnorm = import_optional("pyloudnorm", "pyloudnorm", "Measuring loudness")
    least = round(MIN_SECONDS_OF_LOUDNESS * SAMPLING_RATE) + 1
    padded = np.pad(waveform, (0, max(0, least - len(waveform))))
    return float(pyloudnorm.Meter(SAMPLING_RATE).integrated_loudness(padded))


def is_clipped(waveform: np.ndarray) -> bool:
    """
    Whether a clip `(samples,)`, at the rate it was recorded with, was cut off at its limits: three or more samples in a
    row at its largest value, more than once in 10,000. It may have been made quieter since.
    """
    at_limit = np.abs(waveform) >= 0.999 * np.abs(waveform).max(initial=1e-3)
    runs = at_limit[2:] & at_limit[1:-1] & at_limit[:-2]
    return bool(len(runs)) and float(runs.mean()) > 1e-4


@cache
def _listeners_of_process(recognizer: str, speaker_encoder: str) -> Listeners:
    return Listeners.load(recognizer, speaker_encoder)


def make_clip_in_pool(job: Job, recognizer: str, speaker_encoder: str, folder: str) -> dict[str, Any]:
    """[`make_clip`] in a process of a pool, whose listeners are loaded once."""
    return asdict(make_clip(job, _listeners_of_process(recognizer, speaker_encoder), folder))
