"""
Matching a voice to recordings. What the conditioning encoder makes of a clip brings the model near a voice it was not
trained on, and no nearer. So the model is made to hear itself: it speaks a few sentences, and what it is given moves by
what its own sound lacks, until that is as the recordings are. What then still differs in the mean and the covariance of the
frames is changed after the model.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers.utils import logging

from .frames_gpt2tts import GPT2TTSFrames, interpolate_fine
from .matched_voices_gpt2tts import change_frames, join_voice
from .pitch import VOICED, track_pitch
from .vocoder_gpt2tts import SOURCE_FILTER, load_vocoder

logger = logging.get_logger(__name__)

# with every sound of English, most of them several times
SENTENCES = (
    "The birch canoe slid on the smooth planks, and the boy was there when the sun rose.",
    "Please call Stella and ask her to bring these things from the store.",
    "He lay prone and hardly moved a limb for a full hour or more.",
)
ROUNDS = 6  # of speaking and moving
# Shares of what is lacking by which a round moves. Of a change of pitch in what the encoder hears the model takes up a third
# to two thirds.
LATENT_STEP, PITCH_STEP = 0.5, 1.5
# Of the natural logarithm: two semitones, by which the recordings are moved up and down to see what the encoder hears of it.
PITCH_PROBE = 0.12
MAX_PITCH_CHANGE = 1.0

LOUD = 4.0  # frames whose mean log-mel is at most so far below that of the loudest
MIN_LOUD_FRAMES, MIN_VOICED_FRAMES = 80, 20  # less tells nothing of a voice
MAX_SHIFT = 2.0  # of a log-mel
PEAK = 0.5  # of the sound of a matched voice, whatever the level of the recordings
SMOOTHING = np.array([0.25, 0.5, 0.25])  # over mel bins
# Seconds of speech tell little of a covariance: it is taken to have been seen in so many frames of the model's own besides, and
# is shrunk by such a share towards one that is the same in all directions.
PRIOR_FRAMES, SHRINKAGE = 150, 0.3


def match_voice(
    model: Any,
    processor: Any,
    recordings: Sequence[tuple[np.ndarray, int]],
    *,
    names: Sequence[str] | None = None,
    engine: str | None = None,
) -> torch.Tensor:
    """
    The voice of recordings of one speaker: the mean of what the encoder makes of them, matched to them. Takes seconds.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): In eval mode.
        processor ([`GPT2TTSProcessor`]): Its processor.
        recordings (sequence of `tuple[np.ndarray, int]`):
            Clips and their rates in Hz, mono or stereo as the processor takes them.
        names (`Sequence[str]`, *optional*): What warnings call them.
        engine (`str`, *optional*): What speaks, see [`~GPT2TTSForTextToSpeech.generate`].

    Returns:
        `torch.Tensor` of shape `(num_style_latents + rows, hidden_size)`, a matched voice, see [`join_voice`]. Style latents
        alone, `(num_style_latents, hidden_size)`, where the recordings are too short for more, or the model does not speak.
    """
    with torch.inference_mode():
        names = ["`audio`"] * len(recordings) if names is None else names
        clips = [_Clip(model, processor, *recording, name) for recording, name in zip(recordings, names, strict=True)]
        latents = _mean_latents(model, clips)
        target = _Heard(clips)
        if len(target.loud) < MIN_LOUD_FRAMES:
            logger.info("A voice is not matched: there is too little speech in the recordings.")
            return latents
        mels = {name: getattr(model.config, name) for name in ("sampling_rate", "hop_length", "n_mels")}
        try:
            vocoder = load_vocoder(SOURCE_FILTER, **mels)
        except ValueError as error:  # of other mels
            logger.info("A voice is not matched: %s", error)
            return latents
        matched = _close_in(model, processor, vocoder, clips, latents, target, engine)
        return latents if matched is None else matched


def encode_recordings(model: Any, processor: Any, recordings: Sequence[tuple[np.ndarray, int]]) -> torch.Tensor:
    """
    The mean of what the encoder makes of recordings, `(num_style_latents, hidden_size)`. For the arguments see
    [`match_voice`].
    """
    inputs = [processor(audio=waveform, sampling_rate=rate).to(model.device) for waveform, rate in recordings]
    with torch.inference_mode():
        return torch.cat(
            [model.get_style_latents(each["reference_features"], each["reference_mask"]) for each in inputs]
        ).mean(0)


def _close_in(
    model: Any,
    processor: Any,
    vocoder: Any,
    clips: "list[_Clip]",
    latents: torch.Tensor,
    target: "_Heard",
    engine: str | None,
) -> torch.Tensor | None:
    """The matched voice, or `None` where the model does not speak."""
    per_pitch = torch.zeros_like(latents)
    if target.log_pitch is not None:
        per_pitch = _change_with_pitch(model, processor, vocoder, clips)
    given, pitch_change = latents, 0.0
    for _ in range(ROUNDS):
        spoken = _speak(model, processor, given, engine)
        if spoken is None:
            return None
        heard = [_hear(frames, vocoder, processor)[0] for frames in spoken]
        log_pitch = _Heard(heard).log_pitch
        if target.log_pitch is not None and log_pitch is not None:
            wanted = pitch_change + PITCH_STEP * (target.log_pitch - log_pitch)
            pitch_change = float(np.clip(wanted, -MAX_PITCH_CHANGE, MAX_PITCH_CHANGE))
        given = given + LATENT_STEP * (latents + pitch_change * per_pitch - _mean_latents(model, heard))
    spoken = _speak(model, processor, given, engine)
    if spoken is None:
        return None
    made = _Heard([_hear(frames, vocoder, processor)[0] for frames in spoken]).loud
    if len(made) < MIN_LOUD_FRAMES:
        return None
    transform, shift = _match_frames(made, target.loud)
    like = [torch.from_numpy(values).to(given) for values in (transform, shift)]
    changed = [each._replace(spectrogram=change_frames(each.spectrogram, *like)) for each in spoken]
    if model.refiner is not None:  # as the voice will be spoken
        size = (-1, model.config.reduction_factor)
        changed = [
            each._replace(fine_spectrogram=interpolate_fine(each.spectrogram.unflatten(1, size)).flatten(1, 2))
            for each in changed
        ]
    peak = max(_hear(frames, vocoder, processor)[1] for frames in changed)
    voice = join_voice(given.float().cpu().numpy(), transform, shift + np.log(PEAK / peak))
    return torch.from_numpy(voice).to(given)


def _change_with_pitch(model: Any, processor: Any, vocoder: Any, clips: "list[_Clip]") -> torch.Tensor:
    """How the latents of clips change with the logarithm of their pitch, `(num_style_latents, hidden_size)`."""
    num_frames = model.config.max_reference_frames
    up, down = (
        _mean_latents(model, [_hear(clip.shifted(num_frames, change), vocoder, processor)[0] for clip in clips])
        for change in (PITCH_PROBE, -PITCH_PROBE)
    )
    return (up - down) / (2 * PITCH_PROBE)


def _match_frames(made: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Transform `(n_mels, n_mels)` and shift `(n_mels,)`, see [`join_voice`], by which frames `(N, n_mels)` get the mean, but for
    its level, and the covariance of others with the least change: the optimal transport between two normal distributions.
    """
    size = made.shape[1]
    mean = made.mean(0)
    lacking = np.convolve(np.pad(wanted.mean(0) - mean, 1, mode="edge"), SMOOTHING, "valid")
    shift = np.clip(lacking - lacking.mean(), -MAX_SHIFT, MAX_SHIFT)
    of_made, of_wanted = (np.cov(values.astype(np.float64).T) for values in (made, wanted))
    of_wanted = (len(wanted) * of_wanted + PRIOR_FRAMES * of_made) / (len(wanted) + PRIOR_FRAMES)
    of_made, of_wanted = (
        values + SHRINKAGE * np.trace(values) / size * np.eye(size) for values in (of_made, of_wanted)
    )
    root = _square_root(of_made)
    inverse = np.linalg.inv(root)
    transform = inverse @ _square_root(root @ of_wanted @ root) @ inverse - np.eye(size)
    return transform, shift - mean @ transform


def _square_root(matrix: np.ndarray) -> np.ndarray:
    """That of a symmetric, positive matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


class _Clip:
    """A recording, or what the model has made, as the model hears it."""

    def __init__(self, model: Any, processor: Any, waveform: np.ndarray, sampling_rate: int, name: str = "`audio`"):
        extractor = processor.feature_extractor
        samples = extractor.prepare_waveform(waveform, sampling_rate, trim=True, is_reference=True, name=name)
        features = extractor.log_mel(samples)[None].to(model.device)
        try:
            pitch, voicing = track_pitch(
                samples.numpy(),
                extractor.sampling_rate,
                features.shape[1],
                extractor.hop_length,
                extractor.sampling_rate,
            )
        except ImportError as error:
            logger.warning_once(f"The pitch of a voice is not matched to its recordings: {error}")
            pitch, voicing = np.full(features.shape[1], 100, np.float32), np.zeros(features.shape[1], np.float32)
        self.frames = GPT2TTSFrames(
            features, *(torch.from_numpy(values)[None].to(features) for values in (pitch, voicing))
        )

    @classmethod
    def of(cls, frames: GPT2TTSFrames) -> "_Clip":
        """A clip of frames `(1, T, ...)`."""
        clip = cls.__new__(cls)
        clip.frames = frames
        return clip

    def latents(self, model: Any) -> torch.Tensor:
        """What the encoder makes of it, `(num_style_latents, hidden_size)`."""
        return model.get_style_latents(self.frames.spectrogram)[0]

    def shifted(self, num_frames: int, log_pitch: float) -> GPT2TTSFrames:
        """Its first frames at another pitch, with the formants where they are."""
        frames = self.frames.cut(0, num_frames)
        return frames._replace(pitch=frames.pitch * float(np.exp(log_pitch)))


class _Heard:
    """What is told of clips: their loud frames `(N, n_mels)`, and the median of the logarithm of their pitch in Hz."""

    def __init__(self, clips: Sequence[_Clip]):
        loud = []
        for clip in clips:
            spectrogram = clip.frames.spectrogram[0].float().cpu().numpy()
            level = spectrogram.mean(axis=-1)
            loud.append(spectrogram[level > np.percentile(level, 95) - LOUD])
        self.loud = np.concatenate(loud)
        pitch, voicing = (
            torch.cat([values[0].float().cpu() for values in row])
            for row in zip(*((clip.frames.pitch, clip.frames.voicing) for clip in clips), strict=True)
        )
        voiced = pitch[voicing > VOICED].numpy()
        self.log_pitch = float(np.median(np.log(voiced))) if len(voiced) >= MIN_VOICED_FRAMES else None


def _speak(model: Any, processor: Any, latents: torch.Tensor, engine: str | None) -> list[GPT2TTSFrames] | None:
    """What the sentences are in a voice, frames `(1, T, ...)` each, `None` if one of them did not end by itself."""
    parts = [part for sentence in SENTENCES for part in processor.split_text(sentence)]
    inputs = processor(text=parts).to(model.device)
    spoken = model.generate(**inputs, style_latents=latents[None], seed=0, output_waveform=False, engine=engine)
    if not spoken.stopped.all():
        logger.info("A voice is not matched: the model does not speak in it.")
        return None
    made = GPT2TTSFrames(spoken.spectrogram, spoken.pitch, spoken.voicing)  # no details of voices that are known
    return [
        made.apply(lambda values, _: values[row : row + 1]).cut(0, length)  # noqa: B023
        for row, length in enumerate(spoken.spectrogram_lengths.tolist())
    ]


def _hear(frames: GPT2TTSFrames, vocoder: Any, processor: Any) -> tuple[_Clip, float]:
    """A clip of the sound of frames `(1, T, ...)`, and its peak."""
    spectrogram, pitch, voicing, fine = frames.apply(lambda values, _: values.float().cpu())
    waveform = vocoder(spectrogram, pitch=pitch, voicing=voicing, fine_spectrogram=fine)[0]
    heard = processor.feature_extractor.log_mel(waveform)[None, : spectrogram.shape[1]]
    return _Clip.of(frames._replace(spectrogram=heard.to(frames.spectrogram))), float(waveform.abs().max())


def _mean_latents(model: Any, clips: Sequence[_Clip]) -> torch.Tensor:
    return torch.stack([clip.latents(model) for clip in clips]).mean(0)
