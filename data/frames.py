"""From speech to what the model learns of it: frames of log-mel, pitch and voicing, and how long each symbol lasts."""

from dataclasses import dataclass

import numpy as np
import torch

from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from ..frames_gpt2tts import FINE_FACTOR
from ..pitch import NO_PITCH, track_pitch
from .hibari import SyntheticSpeech

# silence before the first sound and after the last one, in seconds: always as much, so that a first sound begins at a
# known time
LEAD_SECONDS = 0.25

# below this a pitch in Hz is none
LOWEST_PITCH = 50.0


def label_size(n_mels: int) -> int:
    """Values of a frame of features: log-mels, those of the fine spectra, the logarithm of the pitch, and the voicing."""
    return (1 + FINE_FACTOR) * n_mels + 2


@dataclass
class TrimmedClip:
    """
    A clip with [`LEAD_SECONDS`] of silence at both ends.

    Args:
        waveform (`torch.Tensor` of shape `(num_samples,)`): Samples.
        seconds (`float`): Their duration.
        start (`float`): Time in the whole clip at which it begins, in seconds; negative where silence was added.
        onset, offset (`float`): When its first sound begins and its last one ends, in seconds.
    """

    waveform: torch.Tensor
    seconds: float
    start: float
    onset: float
    offset: float


def trim_clip(waveform: torch.Tensor, extractor: GPT2TTSFeatureExtractor) -> TrimmedClip:
    """Cuts or adds silence at both ends of a mono clip `(num_samples,)` at the extractor's rate, and takes its offset away."""
    hop, rate = extractor.hop_length, extractor.sampling_rate
    # of a sound card: beside it no silence is silent, and what is added begins with a click
    waveform = waveform - waveform.mean()
    num_frames = max(1, len(waveform) // hop)
    padded = torch.nn.functional.pad(waveform, (0, max(0, num_frames * hop - len(waveform))))
    level = padded[: num_frames * hop].view(num_frames, hop).square().mean(-1).clamp(min=1e-20).log10() * 10
    loud = torch.nonzero(level > level.max() - extractor.trim_level_db).flatten()
    first, last = int(loud[0]) * hop, (int(loud[-1]) + 1) * hop
    margin = round(LEAD_SECONDS * rate)
    before, after = margin - first, last + margin - len(padded)
    cut = padded[max(0, -before) : len(padded) - max(0, -after)]
    cut = torch.nn.functional.pad(cut, (max(0, before), max(0, after)))
    return TrimmedClip(cut, len(cut) / rate, -before / rate, margin / rate, (margin + last - first) / rate)


def fit_durations(durations: np.ndarray, symbols: str, clip: TrimmedClip, frame_rate: float) -> np.ndarray:
    """
    Durations of a whole clip's symbols, in seconds and with those of the silence before and after, to durations in the
    trimmed clip, in frames. The first spoken symbol begins with the first sound and the last one ends with the last
    sound; marks before and after them share the silence with the ends.

    Args:
        durations (`np.ndarray` of shape `(len(symbols) + 2,)`): Seconds.
        symbols (`str`): Phonemes, spaces and punctuation.
        clip ([`TrimmedClip`]): What is left of the clip.
        frame_rate (`float`): Frames a second.

    Returns:
        `np.ndarray` of shape `(len(symbols) + 2,)`: float32, frames, together those of the clip.
    """
    spoken = [index + 1 for index, symbol in enumerate(symbols) if symbol.isalpha()]
    first, last = (spoken[0], spoken[-1]) if spoken else (1, len(symbols))
    bounds = np.concatenate(([0.0], np.cumsum(durations))) - clip.start
    inner = np.clip(bounds[first : last + 2], clip.onset, clip.offset)
    inner[0], inner[-1] = clip.onset, clip.offset
    before = np.linspace(0.0, clip.onset, first + 1)[:-1]
    after = np.linspace(clip.offset, clip.seconds, len(durations) - last)[1:]
    return (np.diff(np.concatenate((before, inner, after))) * frame_rate).astype(np.float32)


def sample_pitch(pitch: np.ndarray, rate: float, times: np.ndarray) -> np.ndarray:
    """
    The pitch curve of a synthetic voice at given times, as the logarithm of the pitch in Hz `(len(times),)`, which goes on
    through stretches without one.
    """
    voiced = pitch > LOWEST_PITCH
    if not voiced.any():
        return np.full(len(times), np.log(NO_PITCH))
    return np.interp(times, np.flatnonzero(voiced) / rate, np.log(pitch[voiced]))


def speech_frames(
    clip: TrimmedClip, extractor: GPT2TTSFeatureExtractor, log_pitch: np.ndarray | None = None
) -> np.ndarray:
    """
    Frames `(num_frames, label_size(n_mels))`, float16, of a clip: log-mels, those of the fine spectra, the logarithm of the
    pitch in Hz, which is tracked where it is not given, `(num_frames,)`, and the voicing, tracked in the sound.
    """
    mel, fine = (analyse(clip.waveform).numpy() for analyse in (extractor.log_mel, extractor.fine_log_mel))
    rate = extractor.sampling_rate
    pitch, voicing = track_pitch(clip.waveform.numpy(), rate, len(mel), extractor.hop_length, rate)
    log_pitch = np.log(pitch) if log_pitch is None else log_pitch[: len(mel)]
    return np.concatenate([mel, fine, np.stack([log_pitch, voicing], axis=1)], axis=1).astype(np.float16)


def trim_synthetic(
    speech: SyntheticSpeech, symbols: str, extractor: GPT2TTSFeatureExtractor
) -> tuple[TrimmedClip, np.ndarray]:
    """What a synthetic voice said, trimmed, and the durations of its symbols there, `(len(symbols) + 2,)`, in frames."""
    clip = trim_clip(extractor.resample(torch.from_numpy(speech.waveform), speech.sampling_rate), extractor)
    return clip, fit_durations(speech.durations, symbols, clip, extractor.frame_rate)


def synthetic_features(
    speech: SyntheticSpeech, symbols: str, extractor: GPT2TTSFeatureExtractor
) -> tuple[np.ndarray, np.ndarray]:
    """
    Frames `(num_frames, label_size(n_mels))` and durations `(len(symbols) + 2,)` in frames of what a synthetic voice said.

    The pitch is the voice's own, the voicing is tracked as that of recordings is: a synthetic voice's pitch may go on through
    voiceless consonants, whose pulses it turns down instead.
    """
    clip, durations = trim_synthetic(speech, symbols, extractor)
    times = clip.start + np.arange(1 + len(clip.waveform) // extractor.hop_length) / extractor.frame_rate
    return speech_frames(clip, extractor, sample_pitch(speech.pitch, speech.pitch_rate, times)), durations
