"""
Matching a voice to recordings. What the conditioning encoder makes of a clip brings the model near a voice it was not
trained on, and no nearer. So the model is made to hear itself: it speaks a few sentences, and what it is given moves by
what its own sound lacks, until that is as the recordings are. What then still differs in the mean and the covariance of the
frames is changed after the model.
"""

import copy
import functools
import logging
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from .frames_gpt2tts import GPT2TTSFrames, interpolate_fine
from .matched_voices_gpt2tts import change_frames, join_voice
from .pitch import VOICED, track_pitch
from .source_filter_gpt2tts import DEFAULTS, NumpySourceFilter, geometry_settings, mel_geometry
from .speech_parts import SpeechPart, SpeechRequest

if TYPE_CHECKING:
    from .base_synthesizer import BaseSynthesizer

logger = logging.getLogger(__name__)

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
# By how much frames may get further apart in any direction: a stressed syllable that is louder and higher than all that was heard
# would be made several times as loud.
MAX_STRETCH = 1.5


def match_voice(
    synthesizer: "BaseSynthesizer",
    recordings: Sequence[tuple[np.ndarray, int]],
    *,
    names: Sequence[str] | None = None,
) -> np.ndarray:
    """
    The voice of recordings of one speaker: the mean of what the encoder makes of them, matched to them. Takes seconds.

    Args:
        synthesizer ([`Synthesizer`] or [`OnnxSynthesizer`]): What is to speak in it.
        recordings (sequence of `tuple[np.ndarray, int]`):
            Clips and their rates in Hz, mono or stereo as the processor takes them.
        names (`Sequence[str]`, *optional*): What warnings call them.

    Returns:
        `np.ndarray` of shape `(num_style_latents + rows, hidden_size)`, a matched voice, see [`join_voice`]. Style latents
        alone, `(num_style_latents, hidden_size)`, where the recordings are too short for more, or the model does not speak.
    """
    plain = copy.copy(synthesizer)  # a voice is the same whatever is spoken with
    plain.prenet_dropout = plain.max_frames_per_token = None
    names = ["`audio`"] * len(recordings) if names is None else names
    clips = [_record(plain, *recording, name) for recording, name in zip(recordings, names, strict=True)]
    latents = _mean_latents(plain, _mels(clips))
    target = _Heard(clips)
    if len(target.loud) < MIN_LOUD_FRAMES:
        logger.info("A voice is not matched: there is too little speech in the recordings.")
        return latents
    try:
        vocoder = _make_vocoder(plain.config)
    except ValueError as error:  # of other mels
        logger.info("A voice is not matched: %s", error)
        return latents
    matched = _close_in(plain, vocoder, clips, latents, target)
    return latents if matched is None else matched


def encode_recordings(synthesizer: "BaseSynthesizer", recordings: Sequence[tuple[np.ndarray, int]]) -> np.ndarray:
    """
    The mean of what the encoder makes of recordings, `(num_style_latents, hidden_size)`. For the arguments see
    [`match_voice`].
    """
    return _mean_latents(synthesizer, [_prepare(synthesizer, *recording)[1] for recording in recordings])


def _make_vocoder(config: Any) -> NumpySourceFilter:
    """
    The closed form for the mels of a model.

    Raises:
        ValueError: If it has none for them.
    """
    settings = SimpleNamespace(**DEFAULTS)
    for name in ("sampling_rate", "hop_length", "n_mels"):
        setattr(settings, name, getattr(config, name))
    if settings.n_fft % (2 * settings.hop_length) or settings.n_fft < 4 * settings.hop_length:
        raise ValueError(f"no window of {settings.n_fft} samples has hops of {settings.hop_length}")
    mel_geometry(*geometry_settings(settings))
    return NumpySourceFilter(settings)


def _close_in(
    synthesizer: "BaseSynthesizer",
    vocoder: NumpySourceFilter,
    clips: list[GPT2TTSFrames],
    latents: np.ndarray,
    target: "_Heard",
) -> np.ndarray | None:
    """The matched voice, or `None` where the model does not speak."""
    per_pitch = np.zeros_like(latents)
    if target.log_pitch is not None:
        per_pitch = _change_with_pitch(synthesizer, vocoder, clips)
    given, pitch_change = latents, 0.0
    for _ in range(ROUNDS):
        spoken = _speak(synthesizer, given)
        if spoken is None:
            return None
        heard = _hear(spoken, vocoder, synthesizer)
        log_pitch = _Heard(heard).log_pitch
        if target.log_pitch is not None and log_pitch is not None:
            wanted = pitch_change + PITCH_STEP * (target.log_pitch - log_pitch)
            pitch_change = float(np.clip(wanted, -MAX_PITCH_CHANGE, MAX_PITCH_CHANGE))
        given = given + LATENT_STEP * (latents + pitch_change * per_pitch - _mean_latents(synthesizer, _mels(heard)))
    spoken = _speak(synthesizer, given)
    if spoken is None:
        return None
    made = _Heard(_hear(spoken, vocoder, synthesizer)).loud
    if len(made) < MIN_LOUD_FRAMES:
        return None
    transform, shift = _match_frames(made, target.loud)
    like = [values.astype(np.float32) for values in (transform, shift)]
    changed = [each._replace(spectrogram=change_frames(each.spectrogram, *like)) for each in spoken]
    if spoken[0].fine_spectrogram is not None:  # as the voice will be spoken
        size = synthesizer.config.reduction_factor
        changed = [each._replace(fine_spectrogram=_interpolate(each.spectrogram, size)) for each in changed]
    peak = max(float(np.abs(vocoder(frames)).max()) for frames in changed)
    return join_voice(given, transform, shift + np.log(PEAK / peak))


def _interpolate(spectrogram: np.ndarray, reduction_factor: int) -> np.ndarray:
    """Log-mels `(1, frames, n_mels)`, of whole groups, as fine spectra that tell no more."""
    fine = interpolate_fine(spectrogram.reshape(1, -1, reduction_factor, spectrogram.shape[-1]))
    return fine.reshape(1, -1, fine.shape[-1])


def _change_with_pitch(
    synthesizer: "BaseSynthesizer", vocoder: NumpySourceFilter, clips: list[GPT2TTSFrames]
) -> np.ndarray:
    """How the latents of clips change with the logarithm of their pitch, `(num_style_latents, hidden_size)`."""
    clips = [clip.cut(0, synthesizer.config.max_reference_frames) for clip in clips]
    latents = []
    for change in (PITCH_PROBE, -PITCH_PROBE):  # with the formants where they are
        moved = [clip._replace(pitch=clip.pitch * np.float32(np.exp(change))) for clip in clips]
        latents.append(_mean_latents(synthesizer, _mels(_hear(moved, vocoder, synthesizer))))
    return (latents[0] - latents[1]) / (2 * PITCH_PROBE)


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
    stretches, directions = np.linalg.eigh(inverse @ _square_root(root @ of_wanted @ root) @ inverse)
    transform = (directions * (np.minimum(stretches, MAX_STRETCH) - 1)) @ directions.T
    return transform, shift - mean @ transform


def _square_root(matrix: np.ndarray) -> np.ndarray:
    """That of a symmetric, positive matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def _prepare(
    synthesizer: "BaseSynthesizer", waveform: np.ndarray, sampling_rate: int, name: str = "`audio`"
) -> tuple[np.ndarray, np.ndarray]:
    """A recording as the model hears it: its samples, `(num_samples,)`, and its log-mels, `(frames, n_mels)`."""
    waveforms = synthesizer.waveforms
    samples = waveforms.prepare_waveform(waveform, sampling_rate, trim=True, is_reference=True, name=name)
    return samples, waveforms.analyse(samples)


def _record(
    synthesizer: "BaseSynthesizer", waveform: np.ndarray, sampling_rate: int, name: str = "`audio`"
) -> GPT2TTSFrames:
    """The frames `(1, T, ...)` of a recording."""
    samples, spectrogram = _prepare(synthesizer, waveform, sampling_rate, name)
    rate, hop_length = synthesizer.waveforms.sampling_rate, synthesizer.waveforms.hop_length
    try:
        pitch, voicing = track_pitch(samples, rate, len(spectrogram), hop_length, rate)
    except ImportError as error:
        _warn_once(f"The pitch of a voice is not matched to its recordings: {error}")
        pitch, voicing = np.full(len(spectrogram), 100, np.float32), np.zeros(len(spectrogram), np.float32)
    return GPT2TTSFrames(spectrogram[None], pitch[None], voicing[None])


class _Heard:
    """What is told of clips: their loud frames `(N, n_mels)`, and the median of the logarithm of their pitch in Hz."""

    def __init__(self, clips: Sequence[GPT2TTSFrames]):
        loud = []
        for clip in clips:
            spectrogram = clip.spectrogram[0]
            level = spectrogram.mean(axis=-1)
            loud.append(spectrogram[level > np.percentile(level, 95) - LOUD])
        self.loud = np.concatenate(loud)
        pitch, voicing = (
            np.concatenate([values[0] for values in row])
            for row in zip(*((clip.pitch, clip.voicing) for clip in clips), strict=True)
        )
        voiced = pitch[voicing > VOICED]
        self.log_pitch = float(np.median(np.log(voiced))) if len(voiced) >= MIN_VOICED_FRAMES else None


def _speak(synthesizer: "BaseSynthesizer", latents: np.ndarray) -> list[GPT2TTSFrames] | None:
    """What the sentences are in a voice, frames `(1, T, ...)` each, `None` if one of them did not end by itself."""
    processor = synthesizer.processor
    request = SpeechRequest([], synthesizer._own_latents(latents), seed=0, british=processor.british)
    texts = [part for sentence in SENTENCES for part in processor.split_text(sentence)]
    parts = [SpeechPart(request, text, number, pause=0.0, progress=1.0) for number, text in enumerate(texts)]
    spoken = synthesizer.make_frames(parts, [processor.encode(text)[0] for text in processor.write_texts(texts)])
    if not spoken.stopped.all():
        logger.info("A voice is not matched: the model does not speak in it.")
        return None
    return spoken.rows


def _hear(
    spoken: Sequence[GPT2TTSFrames], vocoder: NumpySourceFilter, synthesizer: "BaseSynthesizer"
) -> list[GPT2TTSFrames]:
    """What is heard of the sound of frames `(1, T, ...)`, without details, which are of voices that the model has learnt from."""
    heard = []
    for frames in spoken:
        frames = frames._replace(fine_spectrogram=None)
        spectrogram = synthesizer.waveforms.analyse(vocoder(frames)[0])[: frames.spectrogram.shape[1]]
        heard.append(frames._replace(spectrogram=spectrogram[None]))
    return heard


def _mels(clips: Sequence[GPT2TTSFrames]) -> list[np.ndarray]:
    return [clip.spectrogram[0] for clip in clips]


def _mean_latents(synthesizer: "BaseSynthesizer", spectrograms: Sequence[np.ndarray]) -> np.ndarray:
    return np.stack([synthesizer.encode_clip(spectrogram) for spectrogram in spectrograms]).mean(0)


@functools.cache
def _warn_once(message: str) -> None:
    logger.warning(message)
