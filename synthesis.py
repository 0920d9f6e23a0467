"""Text of any length to speech: splitting, batching, voices, accents and pauses around a model, a processor and a vocoder."""

import abc
import difflib
import itertools
import logging
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .decoding_gpt2tts import DecodedSpeech, part_seed
from .markup import Span, parse_markup
from .phonemes_gpt2tts import load_lexicon, strip_pronunciations
from .text_normalization_gpt2tts import PARAGRAPH_END, find_paragraphs, join_wrapped_lines
from .text_processing_gpt2tts import write_segments
from .timestamps import Word, shift_words, word_times

if TYPE_CHECKING:
    import torch

    from .modeling_gpt2tts import GPT2TTSForTextToSpeech
    from .processing_gpt2tts import GPT2TTSProcessor

logger = logging.getLogger(__name__)

EMBEDDED_CHECKPOINT = Path(__file__).parent / "pretrained"

MAX_PARAGRAPH = 4_000  # characters; longer ones are spoken in pieces, so that neither memory nor the first wait grows
MAX_BATCH_SIZE = 8  # parts generated at once; bounds the memory
SPEED_RANGE = (0.5, 2.0)
PITCH_SHIFT_RANGE = (-12.0, 12.0)  # semitones
PARAGRAPH_PAUSE, SENTENCE_PAUSE, CLAUSE_PAUSE, WORD_PAUSE = 0.6, 0.3, 0.15, 0.06  # seconds
FADE = 0.005  # seconds at both ends of a part, against clicks where it meets a pause

# The model begins and ends each part with near silence. Where parts meet it is cut to `KEPT_SILENCE`, so that the pause is
# the one above: what stays below `SILENCE_LEVEL` of full scale, and no more than the model was taught.
MODEL_SILENCE, KEPT_SILENCE = 0.25, 0.03  # seconds
SILENCE_LEVEL = 0.01

SENTENCE_MARKS, CLAUSE_MARKS, CLOSING_MARKS = ".!?\u2026", ",;:-\u2013\u2014", "\"')]\u2019\u201d"
HUB_ID = re.compile(r"[\w-][\w.-]*(?:/[\w.-]+)?(?:@[\w./-]+)?")
WEIGHTED_VOICE = re.compile(r"\s*([\w-]+)(?:\s*\(\s*(\d+(?:\.\d+)?|\.\d+)\s*\))?\s*")

# a name, a blend of names, a file or its content, latents, a clip and its rate, or several of these, of which the voice is
# the mean
Voice: TypeAlias = "str | os.PathLike | bytes | torch.Tensor | np.ndarray | tuple[np.ndarray, int] | list | None"


@dataclass(frozen=True)
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
        text_positions (`np.ndarray` of shape `(groups,)`): Place in the text, in tokens, that each group speaks.
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


class BaseSynthesizer(abc.ABC):
    """
    What all synthesizers share: the plan from a text of any length to the parts that a model speaks in one go, and from
    their sound to speech. Needs no PyTorch; a class adds the model.
    """

    max_batch_size = MAX_BATCH_SIZE

    def __init__(
        self,
        processor: Any,  # a [`GPT2TTSTextMixin`]
        vocoder: Any,
        *,
        lexicon: Mapping[str, str] | str | os.PathLike | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
    ):
        self.processor = processor
        self.vocoder = vocoder
        self.prenet_dropout = prenet_dropout
        self.max_frames_per_token = max_frames_per_token
        if lexicon is not None:
            self.add_lexicon(lexicon)

    @property
    @abc.abstractmethod
    def config(self) -> Any:
        """The fields of the model's configuration that speaking needs."""

    @property
    @abc.abstractmethod
    def voices(self) -> list[str]:
        """Names of the voices of the checkpoint."""

    @abc.abstractmethod
    def _named_latents(self, name: str | None) -> Any:
        """Style latents of a voice of the checkpoint; without a name those of no reference."""

    @abc.abstractmethod
    def _file_latents(self, path: str | os.PathLike) -> Any:
        """Style latents of an exported voice."""

    @abc.abstractmethod
    def _recording_latents(self, recording: Any) -> Any:
        """Style latents of a path, of bytes, or of a clip and its rate."""

    @abc.abstractmethod
    def _own_latents(self, latents: Any) -> Any:
        """Latents as the model takes them."""

    @abc.abstractmethod
    def _make_sound(
        self, parts: "Sequence[_Part]", ids: list[list[int]], speed: float, pitch_shift: float
    ) -> tuple[DecodedSpeech, list[np.ndarray], float, float]:
        """Tokens of parts to frames and waveforms, and the seconds that the model and the vocoder took."""

    @abc.abstractmethod
    def _stream_sound(self, part: "_Part", ids: list[int], speed: float, pitch_shift: float) -> Iterator[np.ndarray]:
        """Tokens of a part to its waveform, piece by piece."""

    def _pad(self, ids: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        """Tokens of texts side by side, right-padded, `(batch_size, length)`, and how many each has, `(batch_size,)`."""
        num_tokens = [len(row) for row in ids]
        self.processor.check_num_tokens(num_tokens)
        padded = np.zeros((len(ids), max(num_tokens)), np.int64)
        for row, tokens in zip(padded, ids, strict=True):
            row[: len(tokens)] = tokens
        return padded, np.array(num_tokens)

    def add_lexicon(self, lexicon: Mapping[str, str] | str | os.PathLike) -> None:
        """
        Pronounce words as a lexicon says: phonemes of each word, or a file of lines `word<tab>phonemes`.

        Raises:
            ValueError, OSError: If the file cannot be read, or a pronunciation has symbols that are no phonemes.
        """
        words = lexicon if isinstance(lexicon, Mapping) else load_lexicon(lexicon)
        self.processor.lexicon = {**self.processor.lexicon, **words}

    @property
    def sampling_rate(self) -> int:
        """Sampling rate of the speech in Hz."""
        return self.config.sampling_rate

    def load_voice(self, voice: Voice = None) -> Any:
        """
        Style latents of a voice. Load a voice once and pass the result as `voice` to speak often in it.

        Args:
            voice (*optional*):
                Name of a voice of the checkpoint; a blend of them with weights, `"heart(2)+michael(1)"`; path of a
                recording of the speaker or of an exported voice (`.safetensors`); the content of a recording as
                `bytes`; a clip as `(array, sampling_rate)`; latents loaded before; or a list of such, of which the voice
                is the mean. Defaults to the checkpoint's default voice, and without one to what the model does with no
                reference.

        Returns:
            `torch.Tensor` of shape `(num_style_latents, hidden_size)`; without PyTorch `np.ndarray`, float32.

        Raises:
            ValueError: If there is no such voice or file, or the file holds no voice of this model.
            TypeError: If `voice` is none of the above.
        """
        if voice is None:
            voice = self.config.default_voice
        weights = self._named_voices(voice)
        if voice is None:
            latents = self._named_latents(None)
        elif weights is not None:
            total = sum(weights.values())
            latents = sum(self._named_latents(name) * (weight / total) for name, weight in weights.items())
        elif isinstance(voice, list):
            if not voice:
                raise ValueError("`voice` is an empty list: pass at least one clip.")
            latents = sum(self.load_voice(clip) for clip in voice) / len(voice)
        elif isinstance(voice, tuple):
            if len(voice) != 2 or not np.isscalar(voice[1]):
                raise TypeError("`voice` as a tuple must be a clip and its rate in Hz, `(array, sampling_rate)`.")
            latents = self._recording_latents(voice)
        elif isinstance(voice, bytes):
            latents = self._recording_latents(voice)
        elif hasattr(voice, "shape"):
            latents = voice
        elif not isinstance(voice, (str, os.PathLike)):
            raise TypeError(
                f"`voice` is of type `{type(voice).__name__}`: pass a name, a path, the bytes of a recording, a clip as "
                "`(array, sampling_rate)`, latents, or a list of these."
            )
        elif not os.path.isfile(voice):
            raise ValueError(self._unknown_voice(os.fspath(voice)))
        elif Path(voice).suffix == ".safetensors":
            latents = self._file_latents(voice)
        else:
            latents = self._recording_latents(voice)
        shape = (self.config.num_style_latents, self.config.hidden_size)
        if tuple(latents.shape) != shape:
            raise ValueError(
                f"`voice` holds latents of shape {tuple(latents.shape)}, and this checkpoint takes {shape}: export the "
                "voice again with this checkpoint."
            )
        return self._own_latents(latents)

    def _unknown_voice(self, voice: str) -> str:
        """What is wrong with a name that is no voice, no blend and no file, and what may have been meant."""
        if not self.voices:
            return f"There is no recording {voice!r}, and this checkpoint has no named voices: pass the path of one."
        unknown = [
            part
            for part in (re.sub(r"\(.*?\)", "", part).strip() for part in voice.split("+"))
            if part not in self.voices
        ]
        close = [
            match for part in unknown for match in difflib.get_close_matches(part.lower(), self.voices, cutoff=0.5)
        ]
        meant = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
        return (
            f"There is no voice {' nor '.join(map(repr, unknown)) or repr(voice)}.{meant} Otherwise pass one of "
            f"{', '.join(self.voices)}, a blend such as 'A(2)+B(1)', or the path of a recording."
        )

    def _named_voices(self, voice: Voice) -> dict[str, float] | None:
        """Voices of the checkpoint that a name or a blend of names means, with their weights; `None` for other voices."""
        if not isinstance(voice, (str, os.PathLike)):
            return None
        if os.fspath(voice) in self.voices:
            return {os.fspath(voice): 1.0}
        weights = parse_blend(os.fspath(voice))
        if weights is None or os.path.isfile(voice) or not set(weights) <= set(self.voices):
            return None
        if not sum(weights.values()):
            raise ValueError(f"The weights of the voice {os.fspath(voice)!r} are all 0: raise one.")
        return weights

    def is_british(self, voice: Voice = None) -> bool:
        """Whether a voice reads British phonemes: one of `config.british_voices`, or a blend with more of them."""
        known = set(self.config.british_voices or [])
        weights = self._named_voices(self.config.default_voice if voice is None else voice) or {}
        return sum(weight if name in known else -weight for name, weight in weights.items()) > 0

    def speak(
        self,
        text: str,
        voice: Voice = None,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        british: bool | None = None,
        phonemes: bool | None = None,
        normalize: bool | None = None,
    ) -> tuple[np.ndarray, int]:
        """
        Speak `text`, all at once; see [`~Synthesizer.stream`] for the arguments and for text of book length, and
        [`~Synthesizer.speak_batch`] for several texts.

        Returns:
            `tuple[np.ndarray, int]`: the waveform, float32 of shape `(samples,)` with full scale 1, and its rate in Hz.
        """
        chunks = self.stream(
            text,
            voice,
            seed=seed,
            speed=speed,
            pitch_shift=pitch_shift,
            british=british,
            phonemes=phonemes,
            normalize=normalize,
        )
        return np.concatenate([chunk.waveform for chunk in chunks]), self.sampling_rate

    def speak_batch(
        self,
        texts: Sequence[str],
        voices: Voice = None,
        seeds: Sequence[int | None] | int | None = None,
        *,
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        british: bool | Sequence[bool] | None = None,
        phonemes: bool | None = None,
        normalize: bool | None = None,
        batch_size: int = MAX_BATCH_SIZE,
    ) -> list[SpeechChunk]:
        """
        Speak several texts, parts of them together. Each sounds as [`~Synthesizer.speak`] would speak it alone.

        Args:
            texts (`Sequence[str]`): What to speak.
            voices (*optional*):
                One voice, or a list of one for each text; see [`~Synthesizer.load_voice`].
            seeds (`Sequence[int]` or `int`, *optional*): One seed, or one for each text.
            speed, pitch_shift, phonemes, normalize (*optional*): See [`~Synthesizer.stream`].
            british (`bool` or `Sequence[bool]`, *optional*): See [`~Synthesizer.stream`]; one, or one for each text.
            batch_size (`int`, *optional*, defaults to 8): Parts spoken at once.

        Returns:
            `list[SpeechChunk]`: The speech of each text, in one piece.

        Raises:
            ValueError, TypeError: As [`~Synthesizer.stream`], and where there is not one value for each text.
        """
        if isinstance(texts, str):
            raise TypeError("`texts` must be a list of strings: pass `[text]`, or call `speak`.")
        rows = [
            self._check(text, voice, seed, row_british)
            for text, voice, seed, row_british in zip(
                texts,
                _one_each("voices", voices, len(texts)),
                _one_each("seeds", seeds, len(texts)),
                _one_each("british", british, len(texts)),
                strict=True,
            )
        ]
        self._check_sound(speed, pitch_shift, rows)
        plans = [list(self._plan(request, normalize)) for request in rows]
        # rows of a batch end at about the same time
        parts = sorted(
            ((row, part) for row, plan in enumerate(plans) for part in plan), key=lambda item: len(item[1].text)
        )
        made: list[dict[int, SpeechChunk]] = [{} for _ in texts]
        for start in range(0, len(parts), batch_size):
            batch = parts[start : start + batch_size]
            chunks = self._speak_parts([part for _, part in batch], speed, pitch_shift, phonemes)
            for (row, part), chunk in zip(batch, chunks, strict=True):
                made[row][part.number] = chunk
        return [join_chunks([chunks[number] for number in sorted(chunks)]) for chunks in made]

    def stream(
        self,
        text: str,
        voice: Voice = None,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        british: bool | None = None,
        phonemes: bool | None = None,
        normalize: bool | None = None,
    ) -> Iterator[SpeechChunk]:
        """
        Speak `text` piece by piece, in memory that does not grow with its length.

        Args:
            text (`str`):
                Text of any length. Blank lines part paragraphs. Pauses and SSML in it are obeyed, see [`parse_markup`].
            voice (*optional*):
                See [`~Synthesizer.load_voice`].
            seed (`int`, *optional*):
                Makes the speech repeatable: the same text, voice and seed give the same waveform.
            speed (`float`, *optional*, defaults to 1.0):
                How fast the text is read, from 0.5 to 2; the pitch stays.
            pitch_shift (`float`, *optional*, defaults to 0.0):
                Semitones by which the voice is higher, from -12 to 12. Needs a vocoder that reads the pitch.
            british (`bool`, *optional*):
                Whether words are pronounced as in British rather than American English. Defaults to what the voice
                speaks (`config.british_voices`).
            phonemes (`bool`, *optional*):
                Whether words are read as phonemes rather than as letters. Defaults to the processor's.
            normalize (`bool`, *optional*):
                Whether numbers, abbreviations and so on are spelt out. Defaults to the processor's.

        Yields:
            [`SpeechChunk`]: a sentence or several short ones, the first as soon as it is made.

        Raises:
            ValueError, TypeError: If there is nothing to speak, or an argument cannot be used. Raised by the call itself,
                before the first chunk is asked for.
        """
        request = self._check(text, voice, seed, british)
        self._check_sound(speed, pitch_shift, [request])
        return self._stream(self._plan(request, normalize), speed, pitch_shift, phonemes)

    def stream_waveform(
        self,
        text: str,
        voice: Voice = None,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        british: bool | None = None,
        phonemes: bool | None = None,
        normalize: bool | None = None,
    ) -> Iterator[np.ndarray]:
        """
        Speak `text` with as little delay as the vocoder allows: where its context is finite, the first sentence is heard
        while it is being made. For the arguments and errors see [`~Synthesizer.stream`].

        Yields:
            `np.ndarray` of shape `(samples,)`: the next samples, float32. Joined they are what
            [`~Synthesizer.speak`] returns.
        """
        request = self._check(text, voice, seed, british)
        self._check_sound(speed, pitch_shift, [request])
        return self._stream_waveform(self._plan(request, normalize), speed, pitch_shift, phonemes)

    def _check(self, text: str, voice: Voice, seed: int | None, british: bool | None) -> "_Request":
        if not isinstance(text, str):
            remedy = ": call `speak_batch` for several texts" if isinstance(text, (list, tuple)) else ""
            raise TypeError(f"`text` must be a string, got `{type(text).__name__}`{remedy}.")
        spans = parse_markup(text)
        if not any(character.isalnum() for span in spans for character in span.text):
            raise ValueError(f"`text` holds nothing to speak (no letter or digit): {text[:80]!r}.")
        seed = secrets.randbelow(2**32) if seed is None else seed
        part_seed(seed, 0)  # refuses what is no seed
        british = self.is_british(voice) if british is None else british
        return _Request(spans, self.load_voice(voice), seed, british)

    def _check_sound(self, speed: float, pitch_shift: float, requests: Sequence["_Request"]) -> None:
        self._check_speed_and_pitch(speed, pitch_shift)
        for rate, pitch in {(span.rate, span.pitch) for request in requests for span in request.spans} - {(1.0, 0.0)}:
            try:
                self._check_speed_and_pitch(speed * rate, pitch_shift + pitch)
            except ValueError as error:
                raise ValueError(f"<prosody> in `text`: {error}") from None

    def _check_speed_and_pitch(self, speed: float, pitch_shift: float) -> None:
        for name, value, (low, high) in (
            ("speed", speed, SPEED_RANGE),
            ("pitch_shift", pitch_shift, PITCH_SHIFT_RANGE),
        ):
            if not low <= value <= high:
                raise ValueError(f"`{name}` must lie between {low} and {high}, got {value}.")
        if pitch_shift and not getattr(self.vocoder, "requires_pitch", False):
            raise ValueError(
                f"`pitch_shift` has no effect with the vocoder {getattr(self.vocoder, 'reference', None)!r}, which reads "
                "no pitch: leave it out, or choose 'source-filter'."
            )

    def _stream_waveform(
        self, parts: Iterator["_Part"], speed: float, pitch_shift: float, phonemes: bool | None
    ) -> Iterator[np.ndarray]:
        # vocoders without a finite context want whole sentences
        if self.vocoder.context_frames is not None:
            first = next(parts, None)
            if first is not None:
                if first.lead:
                    yield np.zeros(round(first.lead * self.sampling_rate), dtype=np.float32)
                yield from self._speak_live(first, speed * first.rate, pitch_shift + first.pitch, phonemes)
                if first.is_last:
                    return
        for chunk in self._stream(parts, speed, pitch_shift, phonemes):
            yield chunk.waveform

    def _speak_live(
        self, part: "_Part", speed: float, pitch_shift: float, phonemes: bool | None
    ) -> Iterator[np.ndarray]:
        """The waveform of the first part, piece by piece, and its pause."""
        written = self._write(part, phonemes)
        fade = round(FADE * self.sampling_rate)
        held = np.zeros(0, dtype=np.float32)  # what may turn out to be the end, to be cut and faded
        spoken = False
        for piece in self._stream_sound(part, written.ids, speed, pitch_shift):
            held = np.concatenate((held, piece))
            ready = len(held) - fade
            if not part.is_last:
                ready -= self._count_quiet(held[::-1], speed) + round(KEPT_SILENCE * self.sampling_rate)
            if ready > fade:
                if not spoken:
                    held[:fade] *= _ramp(fade)
                spoken = True
                yield held[:ready]
                held = held[ready:]
        if not part.is_last:
            held = held[: len(held) - self._count_quiet(held[::-1], speed)]
        if spoken:
            held[-fade:] *= _ramp(fade)[::-1]
        else:
            held = _fade(held, fade)
        yield np.concatenate((held, self._pause(part, speed)))

    def _stream(
        self, parts: Iterator["_Part"], speed: float, pitch_shift: float, phonemes: bool | None
    ) -> Iterator[SpeechChunk]:
        batch_size = 1  # the first part alone, to be heard soon; then twice as many each time
        while batch := list(itertools.islice(parts, batch_size)):
            yield from self._speak_parts(batch, speed, pitch_shift, phonemes)
            batch_size = min(2 * batch_size, self.max_batch_size)

    def _plan(self, request: "_Request", normalize: bool | None) -> Iterator["_Part"]:
        """The parts of a text, the last one marked."""
        last: _Part | None = None
        refused: list[tuple[int, ValueError]] = []
        for part in self._split(request, normalize, refused):
            if last is not None:
                yield last
            last = part
        if last is None:
            if refused:
                raise max(refused, key=lambda paragraph: paragraph[0])[1]  # what is wrong with the longest
            raise ValueError("`text` holds nothing that can be spoken.")
        yield replace(last, is_last=True)

    def _split(
        self, request: "_Request", normalize: bool | None, refused: list[tuple[int, ValueError]]
    ) -> Iterator["_Part"]:
        """The parts of a text. Adds what is left out to `refused`: the length of a paragraph and the reason."""
        total = max(sum(len(span.text) for span in request.spans), 1)
        number, done, lead = 0, 0, 0.0
        for span in request.spans:
            last: _Part | None = None
            for chunk, pause, length in self._split_span(span.text, normalize, request.british, refused):
                if last is not None:
                    yield last
                progress = min((done + length) / total, 1.0)
                last = _Part(request, chunk, number, pause, progress, lead=lead, rate=span.rate, pitch=span.pitch)
                number, lead = number + 1, 0.0
            done += len(span.text)
            if last is None:
                lead += span.pause or 0.0
            else:
                yield last if span.pause is None else replace(last, pause=span.pause, is_told=True)

    def _split_span(
        self, text: str, normalize: bool | None, british: bool, refused: list[tuple[int, ValueError]]
    ) -> Iterator[tuple[str, float, float]]:
        """What the model speaks in one go, the pause after it, and the length of the text up to its end."""
        for start, end in find_paragraphs(text, MAX_PARAGRAPH):
            paragraph = text[start:end]
            if not paragraph.strip():
                continue
            try:
                chunks = self.processor.split_text(join_wrapped_lines(paragraph), normalize=normalize, british=british)
            except ValueError as error:  # a row of asterisks in a book, for instance
                logger.warning(f"A paragraph is left out: {error}")
                refused.append((len(paragraph), error))
                continue
            for index, chunk in enumerate(chunks, start=1):
                ends_paragraph = index == len(chunks) and PARAGRAPH_END.search(paragraph) is not None
                pause = PARAGRAPH_PAUSE if ends_paragraph else _pause_after(chunk)
                yield chunk, pause, start + (end - start) * index / len(chunks)

    def _write(self, part: "_Part", phonemes: bool | None) -> "_Written":
        """What the tokenizer reads of a part."""
        limit = self.processor.max_text_tokens
        if self.processor.reads_phonemes(phonemes):
            segments = self.processor.segment(part.text, british=part.request.british, normalize=False)
            pieces = [(segment.text, write_segments([segment])) for segment in segments]
            ids, offsets = self.processor.encode("".join(written for _, written in pieces))
            # parts are split by their letters, of which there may be fewer: "WWW"
            if limit is None or len(ids) <= limit:
                return _Written(pieces, ids, offsets)
        text = strip_pronunciations(part.text)
        pieces = [(word, word) for word in re.findall(r"[\w'\u2019]+|[^\w'\u2019]", text)]
        return _Written(pieces, *self.processor.encode(text))

    def _speak_parts(
        self, batch: Sequence["_Part"], speed: float, pitch_shift: float, phonemes: bool | None
    ) -> list[SpeechChunk]:
        """Speaks parts in their order, those of one rate and pitch together."""
        chunks: dict[_Part, SpeechChunk] = {}
        for rate, pitch in dict.fromkeys((part.rate, part.pitch) for part in batch):
            alike = [part for part in batch if (part.rate, part.pitch) == (rate, pitch)]
            made = self._speak_alike(alike, speed * rate, pitch_shift + pitch, phonemes)
            chunks.update(zip(alike, made, strict=True))
        return [chunks[part] for part in batch]

    def _speak_alike(
        self, batch: Sequence["_Part"], speed: float, pitch_shift: float, phonemes: bool | None
    ) -> list[SpeechChunk]:
        """The one way from text to waveform, for parts of any texts and voices."""
        written = [self._write(part, phonemes) for part in batch]
        output, waveforms, model_seconds, vocoder_seconds = self._make_sound(
            batch, [text.ids for text in written], speed, pitch_shift
        )
        lengths = output.spectrogram_lengths.tolist()
        factor, frame_rate = self.config.reduction_factor, self.config.frame_rate
        chunks = []
        for row, (part, text, waveform, length) in enumerate(zip(batch, written, waveforms, lengths, strict=True)):
            start = 0 if part.number == 0 else self._count_quiet(waveform, speed)
            waveform = waveform[start:]
            if not part.is_last:
                waveform = waveform[: len(waveform) - self._count_quiet(waveform[::-1], speed)]
            positions = output.text_positions[row, : length // factor]
            words = word_times(text.pieces, text.offsets, positions, factor / frame_rate)
            pitch = output.pitch[row, :length] * (output.voicing[row, :length] > 0.5)
            share = length / max(sum(lengths), 1)
            chunks.append(
                SpeechChunk(
                    text="".join(piece for piece, _ in text.pieces),
                    waveform=np.concatenate(
                        (
                            np.zeros(round(part.lead * self.sampling_rate), dtype=np.float32),
                            _fade(waveform, round(FADE * self.sampling_rate)),
                            self._pause(part, speed),
                        )
                    ),
                    sampling_rate=self.sampling_rate,
                    stopped=bool(output.stopped[row]),
                    progress=part.progress,
                    spectrogram=output.spectrogram[row, :length],
                    pitch=pitch,
                    text_positions=positions,
                    words=shift_words(
                        shift_words(words, -start / self.sampling_rate, len(waveform) / self.sampling_rate), part.lead
                    ),
                    model_seconds=model_seconds * share,
                    vocoder_seconds=vocoder_seconds * share,
                )
            )
        return chunks

    def _count_quiet(self, waveform: np.ndarray, speed: float) -> int:
        """Samples of the model's silence at the beginning that are cut where parts meet."""
        longest = waveform[: round(MODEL_SILENCE / min(speed, 1.0) * self.sampling_rate)]
        loud = np.flatnonzero(np.abs(longest) > SILENCE_LEVEL)
        quiet = int(loud[0]) if len(loud) else len(longest)
        return max(0, quiet - round(KEPT_SILENCE * self.sampling_rate))

    def _pause(self, part: "_Part", speed: float) -> np.ndarray:
        if part.is_told:
            seconds = part.pause if part.is_last else max(part.pause - 2 * KEPT_SILENCE, 0.0)
        else:
            seconds = 0.0 if part.is_last else max(part.pause - 2 * KEPT_SILENCE, 0.0) / speed
        return np.zeros(round(seconds * self.sampling_rate), dtype=np.float32)


class Synthesizer(BaseSynthesizer):
    """
    Speaks text of any length.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): The acoustic model, on the device where it is to run.
        processor ([`GPT2TTSProcessor`]): Its processor.
        vocoder (`torch.nn.Module`): What [`load_vocoder`] returns, on the same device.
        lexicon (`Mapping[str, str]`, `str` or `os.PathLike`, *optional*):
            Pronunciations of words, on top of the processor's, or a file of them; see [`load_lexicon`].
        prenet_dropout (`float`, *optional*):
            How much the speech differs from seed to seed, 0 to 1. Defaults to the checkpoint's.
        max_frames_per_token (`float`, *optional*):
            Longest speech, in frames for each token of the text. Defaults to the checkpoint's.
        engine (`str`, *optional*):
            What runs the acoustic model, `"torch"` or `"onnx"`; see [`~GPT2TTSForTextToSpeech.generate`].

    Attributes:
        max_batch_size (`int`): Parts of a text that `stream` speaks at once, 8.

    Example:

    ```python
    >>> from gpt2tts import Synthesizer

    >>> synthesizer = Synthesizer.from_pretrained()
    >>> waveform, sampling_rate = synthesizer.speak("Good morning.", seed=0)
    ```
    """

    def __init__(
        self,
        model: "GPT2TTSForTextToSpeech",
        processor: "GPT2TTSProcessor",
        vocoder: "torch.nn.Module",
        *,
        lexicon: Mapping[str, str] | str | os.PathLike | None = None,
        engine: str | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
    ):
        self.model = model.eval()
        self.engine = engine
        super().__init__(
            processor,
            vocoder,
            lexicon=lexicon,
            prenet_dropout=prenet_dropout,
            max_frames_per_token=max_frames_per_token,
        )

    @classmethod
    def from_pretrained(
        cls,
        checkpoint: str | os.PathLike | None = None,
        *,
        vocoder: str | os.PathLike | None = None,
        device: "torch.device | str | None" = None,
        lexicon: Mapping[str, str] | str | os.PathLike | None = None,
        engine: str | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
        **hub_kwargs,
    ) -> "Synthesizer":
        """
        Load a checkpoint and its vocoder.

        Args:
            checkpoint (`str` or `os.PathLike`, *optional*):
                Folder or Hub id, which may pin a revision as `ID@REVISION`, or the folder of an adapter (see
                [`load_adapted_model`]). Defaults to the embedded checkpoint.
            vocoder (`str` or `os.PathLike`, *optional*):
                Vocoder reference, see [`load_vocoder`]. Defaults to the one the checkpoint names.
            device (`torch.device` or `str`, *optional*):
                Where to run. Defaults to the GPU where there is one, else the CPU.
            lexicon (`Mapping[str, str]`, `str` or `os.PathLike`, *optional*):
                Pronunciations, see [`Synthesizer`].
            engine (`str`, *optional*):
                What runs the acoustic model, see [`Synthesizer`].
            prenet_dropout, max_frames_per_token (`float`, *optional*): See [`Synthesizer`].
            hub_kwargs:
                Passed to `from_pretrained` (`revision`, `cache_dir`, `token`, ...).

        Raises:
            FileNotFoundError: If there is no such folder, or no checkpoint is given and the package holds none.
            OSError: If the checkpoint or the vocoder cannot be read or fetched.
        """
        import torch

        from .adapters import is_adapter, load_adapted_model
        from .modeling_gpt2tts import GPT2TTSForTextToSpeech
        from .processing_gpt2tts import GPT2TTSProcessor

        checkpoint = find_checkpoint(checkpoint)
        if device is None:
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if is_adapter(checkpoint):
            model = load_adapted_model(checkpoint, **hub_kwargs).to(device)
        else:
            model = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, **hub_kwargs).to(device)
        processor = GPT2TTSProcessor.from_pretrained(checkpoint, **hub_kwargs)
        loaded = model.get_vocoder(vocoder or model.config.vocoder or "griffin-lim").to(device)
        return cls(
            model,
            processor,
            loaded,
            lexicon=lexicon,
            engine=engine,
            prenet_dropout=prenet_dropout,
            max_frames_per_token=max_frames_per_token,
        )

    @property
    def config(self) -> Any:
        """The model's configuration."""
        return self.model.config

    @property
    def voices(self) -> list[str]:
        """Names of the voices of the checkpoint."""
        return list(self.model.voices)

    def _named_latents(self, name: str | None) -> "torch.Tensor":
        latents = self.model.model.null_style_latents if name is None else self.model.get_voice(name)
        return latents.detach().to(self.model.device)

    def _file_latents(self, path: str | os.PathLike) -> "torch.Tensor":
        from .checkpoint_gpt2tts import read_voice

        return self._own_latents(read_voice(path))

    def _recording_latents(self, recording: Any) -> "torch.Tensor":
        import torch

        from .audio import read_audio
        from .reference_clips_gpt2tts import MAX_SECONDS

        if not isinstance(recording, tuple):
            recording = read_audio(recording, max_seconds=2 * MAX_SECONDS)
        waveform, sampling_rate = recording
        inputs = self.processor(audio=waveform, sampling_rate=sampling_rate).to(self.model.device)
        with torch.inference_mode():
            return self.model.get_style_latents(inputs["reference_features"], inputs["reference_mask"])[0]

    def _own_latents(self, latents: Any) -> "torch.Tensor":
        import torch

        return torch.as_tensor(latents).to(self.model.device, self.model.dtype)

    def _arguments(
        self, parts: "Sequence[_Part]", ids: list[list[int]], speed: float, pitch_shift: float
    ) -> dict[str, Any]:
        """What `generate` and `stream` of the model are given."""
        import torch

        from .generation_gpt2tts import seeded_generator

        device = self.model.device
        padded, num_tokens = self._pad(ids)
        mask = np.arange(padded.shape[1]) < num_tokens[:, None]
        return {
            "input_ids": torch.from_numpy(padded).to(device),
            "attention_mask": torch.from_numpy(mask.astype(np.int64)).to(device),
            "style_latents": torch.stack([part.request.latents for part in parts]),
            # one a part, so that how parts are batched makes no difference
            "generator": [seeded_generator(part.request.seed, part.number) for part in parts],
            "prenet_dropout": self.prenet_dropout,
            "max_frames_per_token": self.max_frames_per_token,
            "speed": speed,
            "pitch_shift": pitch_shift,
            "engine": self.engine,
        }

    def _make_sound(
        self, parts: "Sequence[_Part]", ids: list[list[int]], speed: float, pitch_shift: float
    ) -> tuple[DecodedSpeech, list[np.ndarray], float, float]:
        import torch

        arguments = self._arguments(parts, ids, speed, pitch_shift)
        began = time.perf_counter()
        with torch.inference_mode():
            output = self.model.generate(**arguments, output_waveform=False)
            lengths = output.spectrogram_lengths.tolist()  # waits for the device
            model_seconds, began = time.perf_counter() - began, time.perf_counter()
            made = self.vocoder(output.spectrogram, lengths, pitch=output.pitch, voicing=output.voicing)
            waveforms = self.processor.decode(made, [length * self.vocoder.hop_length for length in lengths])
        speech = DecodedSpeech(**{field.name: output[field.name].cpu().numpy() for field in fields(DecodedSpeech)})
        return speech, waveforms, model_seconds, time.perf_counter() - began

    def _stream_sound(self, part: "_Part", ids: list[int], speed: float, pitch_shift: float) -> Iterator[np.ndarray]:
        frames = self.model.stream(**self._arguments([part], [ids], speed, pitch_shift))
        for piece in self.vocoder.stream(frames):
            yield piece[0].float().cpu().numpy()


def find_checkpoint(checkpoint: str | os.PathLike | None) -> str:
    """
    A folder or Hub id, by default the embedded checkpoint.

    Raises:
        FileNotFoundError: If there is no such folder, or no checkpoint is given and the package holds none.
    """
    if checkpoint is None:
        checkpoint = EMBEDDED_CHECKPOINT
        if not (checkpoint / "config.json").is_file():
            raise FileNotFoundError(
                "This installation holds no embedded checkpoint: pass `checkpoint`, a folder or a Hub id."
            )
    checkpoint = os.fspath(checkpoint)
    if not os.path.isdir(checkpoint) and not HUB_ID.fullmatch(checkpoint):
        raise FileNotFoundError(
            f"`checkpoint`: there is no folder {checkpoint!r}, and an id on the Hub has the form USER/NAME."
        )
    return checkpoint


@dataclass(frozen=True, eq=False)
class _Request:
    """A text, the voice that speaks it `(num_style_latents, hidden_size)`, its seed, and its accent."""

    spans: list[Span]
    latents: Any  # as the model takes them
    seed: int
    british: bool


@dataclass(frozen=True)
class _Part:
    """A part of a text that the model speaks in one go."""

    request: _Request
    text: str
    number: int  # from 0
    pause: float  # seconds of silence after it, where another part follows
    progress: float  # share of the text up to its end
    is_last: bool = False
    is_told: bool = False  # the pause is asked for: speed leaves it as it is
    lead: float = 0.0  # seconds of silence before it
    rate: float = 1.0  # factor on the speed
    pitch: float = 0.0  # semitones on top of the pitch shift


@dataclass(frozen=True)
class _Written:
    """What the tokenizer reads of a part."""

    pieces: list[tuple[str, str]]  # the words and what is between them, and how each of these is written
    ids: list[int]
    offsets: list[tuple[int, int]]  # of the tokens in what is written


def parse_blend(voice: str) -> dict[str, float] | None:
    """Names and weights of a blend, `"heart(2)+michael(1)"`, or of one name; `None` for what has not that form."""
    matches = [WEIGHTED_VOICE.fullmatch(part) for part in voice.split("+")]
    weights: dict[str, float] = {}
    for match in matches:
        if match is None:
            return None
        weights[match[1]] = weights.get(match[1], 0.0) + float(match[2] or 1.0)
    return weights


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


def _one_each(name: str, values, count: int) -> list:
    """What was given once for all texts, or as a list of one for each."""
    if name != "voices" and isinstance(values, (tuple, range)):  # a voice may be a tuple: a clip and its rate
        values = list(values)
    if not isinstance(values, list):
        return [values] * count
    if len(values) != count:
        raise ValueError(f"`{name}` has {len(values)} entries for {count} texts: pass one for all, or one a text.")
    return values


def _pause_after(chunk: str) -> float:
    mark = chunk.rstrip(CLOSING_MARKS)[-1:]
    if mark in SENTENCE_MARKS:
        return SENTENCE_PAUSE
    return CLAUSE_PAUSE if mark in CLAUSE_MARKS else WORD_PAUSE


def _ramp(num_samples: int) -> np.ndarray:
    return np.linspace(0.0, 1.0, num_samples, dtype=np.float32)


def _fade(waveform: np.ndarray, num_samples: int) -> np.ndarray:
    num_samples = min(num_samples, len(waveform) // 2)
    faded = waveform.copy()
    faded[:num_samples] *= _ramp(num_samples)
    faded[len(faded) - num_samples :] *= _ramp(num_samples)[::-1]
    return faded
