"""A piece of speech as the synthesizers return it, and consecutive pieces as one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .timestamps import Word, shift_words


@dataclass(frozen=True, eq=False)
class SpeechChunk:
    """
    A piece of speech, in the order of the text.

    Attributes:
        text (`str`): What is spoken, normalised.
        waveform (`np.ndarray` of shape `(samples,)`):
            float32 waveform, full scale 1, with the pause that follows. Joined end to end the chunks are the speech.
        sampling_rate (`int`): Its rate in Hz.
        stopped (`bool`): Whether the model ended the speech by itself, not at the frame limit.
        progress (`float`): Share of the whole text spoken after this chunk, up to 1.
        spectrogram (`np.ndarray` of shape `(frames, n_mels)`):
            Log-mel frames as the model made them, with the silence that is cut where parts meet.
        pitch (`np.ndarray` of shape `(frames,)`): Pitch in Hz, 0 where the speech is unvoiced.
        text_positions (`np.ndarray` of shape `(groups,)`):
            Place in the text, in tokens, that each group speaks; at another pace a group lasts as much longer.
        words (`tuple[Word, ...]`): The words, and when they begin and end in the waveform, in seconds.
        model_seconds, vocoder_seconds (`float`): How long it took to make; its share of the batch.
    """

    text: str
    waveform: np.ndarray
    sampling_rate: int
    stopped: bool
    progress: float
    spectrogram: np.ndarray
    pitch: np.ndarray
    text_positions: np.ndarray
    words: tuple[Word, ...]
    model_seconds: float
    vocoder_seconds: float


def join_chunks(chunks: Sequence[SpeechChunk]) -> SpeechChunk:
    """Consecutive chunks as one; its reading positions go on from one to the next."""
    if len(chunks) == 1:
        return chunks[0]
    rate = chunks[0].sampling_rate
    seconds = np.cumsum([0.0, *(len(chunk.waveform) / rate for chunk in chunks)])
    tokens = np.cumsum([0.0, *(chunk.text_positions[-1] + 1 for chunk in chunks)])
    return SpeechChunk(
        text=" ".join(chunk.text for chunk in chunks),
        waveform=np.concatenate([chunk.waveform for chunk in chunks]),
        sampling_rate=rate,
        stopped=all(chunk.stopped for chunk in chunks),
        progress=chunks[-1].progress,
        spectrogram=np.concatenate([chunk.spectrogram for chunk in chunks]),
        pitch=np.concatenate([chunk.pitch for chunk in chunks]),
        text_positions=np.concatenate(
            [chunk.text_positions + offset for chunk, offset in zip(chunks, tokens, strict=False)]
        ),
        words=tuple(
            word
            for chunk, offset in zip(chunks, seconds, strict=False)
            for word in shift_words(chunk.words, float(offset))
        ),
        model_seconds=sum(chunk.model_seconds for chunk in chunks),
        vocoder_seconds=sum(chunk.vocoder_seconds for chunk in chunks),
    )
