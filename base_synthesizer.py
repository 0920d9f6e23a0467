"""What the synthesizers share, with PyTorch and without: voices, checks, batches, silence and pauses around a model."""

import abc
import difflib
import hashlib
import itertools
import logging
import math
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .audio import read_audio
from .decoding_gpt2tts import DecodedSpeech, check_setting, part_seed
from .markup import parse_markup
from .matched_voices_gpt2tts import check_voice_name, is_voice_shape, mean_voice
from .phonemes_gpt2tts import load_lexicon, strip_pronunciations
from .recordings import choose_clips, clip_seconds, list_recordings
from .reference_clips_gpt2tts import MAX_SECONDS
from .speech_chunks import SpeechChunk, join_chunks
from .speech_parts import SpeechPart, SpeechRequest, plan_parts
from .text_processing_gpt2tts import write_segments
from .timestamps import shift_words, word_times
from .waveforms_gpt2tts import GPT2TTSWaveformMixin

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

KEPT_VOICES = 16  # of recordings, which take seconds to match
MAX_BATCH_SIZE = 8  # parts generated at once; bounds the memory
INAUDIBLE = 1e-4  # of full scale; a recording that keeps below holds no speech
FADE = 0.005  # seconds at both ends of a part, against clicks where it meets a pause

# The model begins and ends each part with near silence. Where parts meet it is cut to `KEPT_SILENCE`, so that the pause is
# that of `speech_parts.py`: what stays below `SILENCE_LEVEL` of full scale, and no more than the model was taught.
MODEL_SILENCE, KEPT_SILENCE = 0.25, 0.03  # seconds
SILENCE_LEVEL = 0.01

WEIGHTED_VOICE = re.compile(r"\s*([\w-]+)(?:\s*\(\s*(\d+(?:\.\d+)?|\.\d+)\s*\))?\s*")

# a name, a blend of names, a file or its content, a folder of recordings, latents, a clip and its rate, or several of these,
# of which the voice is the mean
Voice: TypeAlias = "str | os.PathLike | bytes | torch.Tensor | np.ndarray | tuple[np.ndarray, int] | list | None"


class BaseSynthesizer(abc.ABC):
    """
    What all synthesizers share: the plan from a text of any length to the parts that a model speaks in one go, and from
    their sound to speech. Needs no PyTorch; a class adds the model.
    """

    max_batch_size = MAX_BATCH_SIZE
    is_on_cpu = True

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
        self._matched: dict[str, Any] = {}  # voices of recordings, by their content
        if lexicon is not None:
            self.add_lexicon(lexicon)

    @property
    @abc.abstractmethod
    def config(self) -> Any:
        """The fields of the model's configuration that speaking needs."""

    @property
    @abc.abstractmethod
    def waveforms(self) -> GPT2TTSWaveformMixin:
        """What makes log-mels of recordings."""

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
    def _keep_voice(self, name: str, latents: Any) -> None:
        """Has latents as the model takes them under a name."""

    @abc.abstractmethod
    def _own_latents(self, latents: Any) -> Any:
        """Latents as the model takes them."""

    @abc.abstractmethod
    def encode_clip(self, spectrogram: np.ndarray) -> np.ndarray:
        """
        Style latents of a clip alone: log-mels `(frames, n_mels)`, of which the first `config.max_reference_frames` are read,
        to `(num_style_latents, hidden_size)`.
        """

    @abc.abstractmethod
    def make_frames(
        self, parts: Sequence[SpeechPart], ids: list[list[int]], speed: float = 1.0, pitch_shift: float = 0.0
    ) -> DecodedSpeech:
        """Tokens of parts to frames."""

    @abc.abstractmethod
    def _vocode(self, speech: DecodedSpeech) -> list[np.ndarray]:
        """Frames to waveforms."""

    @abc.abstractmethod
    def _stream_sound(
        self, part: SpeechPart, ids: list[int], speed: float, pitch_shift: float
    ) -> Iterator[np.ndarray]:
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
        A voice as the model reads it. Load it once and pass the result as `voice` to speak often in it.

        A voice of recordings is matched to them, which takes seconds: see [`match_voice`].

        Args:
            voice (*optional*):
                Name of a voice of the checkpoint; a blend of them with weights, `"heart(2)+michael(1)"`; path of a
                recording of the speaker, of a folder of such, of which up to twelve are taken (see [`choose_clips`]), or of an
                exported voice (`.safetensors`); the content of a recording as `bytes`; a clip as
                `(array, sampling_rate)`; a voice loaded before, or what `get_style_latents` made of one clip; or a list of
                such, of which the voice is the mean; the recordings among them are of one speaker. Defaults to the
                checkpoint's default voice, and without one to what the model does with no reference.

        Returns:
            `torch.Tensor` of shape `(num_style_latents, hidden_size)`, with rows more if it is matched to recordings (see
            [`join_voice`]); without PyTorch `np.ndarray`, float32.

        Raises:
            ValueError: If there is no such voice or file, the file holds no voice of this model, or the folder no audio.
            TypeError: If `voice` is none of the above.
        """
        if voice is None:
            voice = self.config.default_voice
        weights = self._named_voices(voice)
        if voice is None:
            loaded: Any = self._named_latents(None)
        elif weights is not None:
            loaded = mean_voice([self._named_latents(name) for name in weights], list(weights.values()))
        elif isinstance(voice, list):
            if not voice:
                raise ValueError("`voice` is an empty list: pass at least one clip.")
            recordings: list[Any] = []
            voices: list[Any] = []
            for each in voice:
                found = self._find_recordings(each)
                if found is None:
                    voices.append(self.load_voice(each))
                else:
                    recordings += found
            shares = [1.0] * len(voices)
            if recordings:
                voices.append(self._recorded_voice(recordings))
                shares.append(len(recordings))
            loaded = mean_voice(voices, shares)
        elif (found := self._find_recordings(voice)) is not None:
            loaded = self._recorded_voice(found)
        elif hasattr(voice, "shape"):
            loaded = voice[0] if len(voice.shape) == 3 and len(voice) == 1 else voice  # type: ignore[index,arg-type,union-attr]
        else:
            loaded = self._file_latents(voice)  # type: ignore[arg-type]
        if len(loaded.shape) == 1:
            raise ValueError(
                f"`voice` is an array of shape {tuple(loaded.shape)}: pass a clip with its rate, `(array, sampling_rate)`."
            )
        if not is_voice_shape(loaded.shape, self.config):
            raise ValueError(
                f"`voice` holds latents of shape {tuple(loaded.shape)}, and this checkpoint takes "
                f"{(self.config.num_style_latents, self.config.hidden_size)}: export the voice again with this checkpoint."
            )
        if not math.isfinite(abs(loaded).max()):
            raise ValueError("`voice` holds values that are not finite: make it again from its recordings.")
        return self._own_latents(loaded)

    def add_voice(self, name: str, voice: Voice) -> None:
        """
        Keep a voice under a name as long as this synthesizer lives, among `voices`.

        Args:
            name (`str`): Letters, digits, `_` and `-`. A voice that has this name is replaced.
            voice: See [`~Synthesizer.load_voice`].

        Raises:
            ValueError, TypeError: If the name or the voice cannot be used.
        """
        check_voice_name(name)
        self._keep_voice(name, self.load_voice(voice))

    def _recorded_voice(self, recordings: list) -> Any:
        """The voice of recordings of one speaker: paths, bytes, or clips and their rates."""
        from .voice_matching import match_voice

        clips = [
            recording if isinstance(recording, tuple) else read_audio(recording, max_seconds=2 * MAX_SECONDS)
            for recording in recordings
        ]
        digest = hashlib.sha256()
        for waveform, sampling_rate in clips:
            digest.update(f"{sampling_rate} {np.shape(waveform)}".encode() + np.ascontiguousarray(waveform).tobytes())
        key = digest.hexdigest()
        voice = self._matched.pop(key, None)
        if voice is None:
            names = [
                os.fspath(recording) if isinstance(recording, (str, os.PathLike)) else "the recording"
                for recording in recordings
            ]
            voice = self._own_latents(match_voice(self, clips, names=names))
        self._matched[key] = voice  # the youngest is the last
        for old in list(self._matched)[:-KEPT_VOICES]:
            self._matched.pop(old, None)  # another thread may have been faster
        return voice

    def _find_recordings(self, voice: Voice) -> list | None:
        """
        The recordings of which a voice is to be taken; `None` for a name, a blend, a voice file, an array or a list.

        Raises:
            ValueError: If there is no such voice or file, or no audio in a folder.
            TypeError: If it can be no voice at all.
        """
        if isinstance(voice, tuple):
            if len(voice) != 2 or not np.isscalar(voice[1]) or isinstance(voice[1], str):
                raise TypeError("`voice` as a tuple must be a clip and its rate in Hz, `(array, sampling_rate)`.")
            return [voice]
        if isinstance(voice, bytes):
            return [voice]
        if (
            voice is None
            or isinstance(voice, list)
            or hasattr(voice, "shape")
            or self._named_voices(voice) is not None
        ):
            return None
        if not isinstance(voice, (str, os.PathLike)):
            raise TypeError(
                f"`voice` is of type `{type(voice).__name__}`: pass a name, a path, the bytes of a recording, a clip as "
                "`(array, sampling_rate)`, a voice that was loaded, or a list of these."
            )
        if os.path.isdir(voice):
            return _choose_heard_clips(list_recordings(voice), os.fspath(voice))
        if not os.path.isfile(voice):
            raise ValueError(self._unknown_voice(os.fspath(voice)))
        return None if Path(voice).suffix == ".safetensors" else [voice]

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
        meant = f" Did you mean {' or '.join(map(repr, close))}? Otherwise pass" if close else " Pass"
        if files := [part for part in unknown if part != voice and os.path.isfile(part)]:
            return (
                f"The voice {voice!r} blends names with a recording, {files[0]!r}, which has none: pass a list of voices "
                "(`--voice` several times), or make a named voice of the recording first (`gpt2tts export-voice`)."
            )
        return (
            f"There is no voice {' nor '.join(map(repr, filter(None, unknown))) or repr(voice)}.{meant} one of "
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
        if not 0 < sum(weights.values()) < math.inf:
            raise ValueError(
                f"The weights of the voice {os.fspath(voice)[:80]!r} are all 0 or too large: choose others."
            )
        return weights

    def is_british(self, voice: Voice = None) -> bool:
        """
        Whether a voice reads British phonemes: one of `config.british_voices`, or a blend or a list with more of them. Of
        recordings, voice files and arrays it is not known, and they do not count.
        """
        return self._british_share(self.config.default_voice if voice is None else voice) > 0

    def _british_share(self, voice: Voice) -> float:
        """From -1, of a voice that is not British, to 1; 0 where that is not known."""
        if isinstance(voice, list):
            return sum(map(self._british_share, voice))
        known = set(self.config.british_voices or [])
        weights = self._named_voices(voice) or {}
        british = sum(weight if name in known else -weight for name, weight in weights.items())
        return british / sum(weights.values()) if weights else 0.0

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
        parts = self._plan(text, voice, seed, british, normalize, speed, pitch_shift)
        chunks = self._stream(parts, speed, pitch_shift, phonemes)
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
        if not isinstance(texts, Collection):  # arrays and columns of tables are no sequences, and can be counted
            raise TypeError(f"`texts` must be a list of strings, got `{type(texts).__name__}`: pass `list(texts)`.")
        if batch_size < 1:
            raise ValueError(f"`batch_size` must be at least 1, got {batch_size}.")
        rows: list[SpeechRequest] = []
        loaded: dict[int, Any] = {}  # a voice of several texts once
        for text, voice, seed, row_british in zip(
            texts,
            _one_each("voices", voices, len(texts)),
            _one_each("seeds", seeds, len(texts)),
            _one_each("british", british, len(texts)),
            strict=True,
        ):
            request = self._check(text, voice, seed, row_british, loaded.get(id(voice)))
            loaded[id(voice)] = request.latents
            rows.append(request)
        self._check_sound(speed, pitch_shift, rows)
        plans = [list(plan_parts(request, self.processor, normalize)) for request in rows]
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
                Factor on the pace, from 0.5 to 2; the pitch stays.
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
        parts = self._plan(text, voice, seed, british, normalize, speed, pitch_shift)
        return self._stream(parts, speed, pitch_shift, phonemes)

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
        parts = self._plan(text, voice, seed, british, normalize, speed, pitch_shift)
        return self._stream_waveform(parts, speed, pitch_shift, phonemes)

    def _plan(
        self,
        text: str,
        voice: Voice,
        seed: int | None,
        british: bool | None,
        normalize: bool | None,
        speed: float,
        pitch_shift: float,
    ) -> Iterator[SpeechPart]:
        request = self._check(text, voice, seed, british)
        self._check_sound(speed, pitch_shift, [request])
        parts = plan_parts(request, self.processor, normalize)
        return itertools.chain([next(parts)], parts)  # what cannot be spoken is refused now

    def _check(
        self, text: str, voice: Voice, seed: int | None, british: bool | None, latents: Any = None
    ) -> SpeechRequest:
        if not isinstance(text, str):
            remedy = ": call `speak_batch` for several texts" if isinstance(text, (list, tuple)) else ""
            raise TypeError(f"`text` must be a string, got `{type(text).__name__}`{remedy}.")
        spans = parse_markup(text)
        if not any(character.isalnum() for span in spans for character in span.text):
            raise ValueError(f"`text` holds nothing to speak (no letter or digit): {text[:80]!r}.")
        seed = secrets.randbelow(2**32) if seed is None else seed
        part_seed(seed, 0)  # refuses what is no seed
        british = self.is_british(voice) if british is None else british
        return SpeechRequest(spans, self.load_voice(voice) if latents is None else latents, seed, british)

    def _check_sound(self, speed: float, pitch_shift: float, requests: Sequence[SpeechRequest]) -> None:
        self._check_speed_and_pitch(speed, pitch_shift)
        for rate, pitch in {(span.rate, span.pitch) for request in requests for span in request.spans} - {(1.0, 0.0)}:
            try:
                self._check_speed_and_pitch(speed * rate, pitch_shift + pitch)
            except ValueError as error:
                raise ValueError(f"<prosody> in `text`: {error}") from None

    def _check_speed_and_pitch(self, speed: float, pitch_shift: float) -> None:
        check_setting("speed", speed)
        check_setting("pitch_shift", pitch_shift)
        if pitch_shift and not getattr(self.vocoder, "requires_pitch", False):
            raise ValueError(
                f"`pitch_shift` has no effect with the vocoder {getattr(self.vocoder, 'reference', None)!r}, which reads "
                "no pitch: leave it out, or choose 'source-filter'."
            )

    def _stream_waveform(
        self, parts: Iterator[SpeechPart], speed: float, pitch_shift: float, phonemes: bool | None
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
        self, part: SpeechPart, speed: float, pitch_shift: float, phonemes: bool | None
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
        self, parts: Iterator[SpeechPart], speed: float, pitch_shift: float, phonemes: bool | None
    ) -> Iterator[SpeechChunk]:
        batch_size = 1  # the first part alone, to be heard soon; then twice as many each time
        while batch := list(itertools.islice(parts, batch_size)):
            yield from self._speak_parts(batch, speed, pitch_shift, phonemes)
            batch_size = min(2 * batch_size, self.max_batch_size)

    def _write(self, part: SpeechPart, phonemes: bool | None) -> "_Written":
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
        self, batch: Sequence[SpeechPart], speed: float, pitch_shift: float, phonemes: bool | None
    ) -> list[SpeechChunk]:
        """Speaks parts in their order, those of one rate and pitch together."""
        chunks: dict[SpeechPart, SpeechChunk] = {}
        for rate, pitch in dict.fromkeys((part.rate, part.pitch) for part in batch):
            alike = [part for part in batch if (part.rate, part.pitch) == (rate, pitch)]
            made = self._speak_alike(alike, speed * rate, pitch_shift + pitch, phonemes)
            chunks.update(zip(alike, made, strict=True))
        return [chunks[part] for part in batch]

    def _speak_alike(
        self, batch: Sequence[SpeechPart], speed: float, pitch_shift: float, phonemes: bool | None
    ) -> list[SpeechChunk]:
        """The one way from text to waveform, for parts of any texts and voices."""
        written = [self._write(part, phonemes) for part in batch]
        began = time.perf_counter()
        output = self.make_frames(batch, [text.ids for text in written], speed, pitch_shift)
        model_seconds, began = time.perf_counter() - began, time.perf_counter()
        waveforms = self._vocode(output)
        vocoder_seconds = time.perf_counter() - began
        lengths = output.spectrogram_lengths.tolist()
        factor, frame_rate = self.config.reduction_factor, self.config.frame_rate
        chunks = []
        for row, (part, text, waveform, length) in enumerate(zip(batch, written, waveforms, lengths, strict=True)):
            start = 0 if part.number == 0 else self._count_quiet(waveform, speed)
            waveform = waveform[start:]
            if not part.is_last:
                waveform = waveform[: len(waveform) - self._count_quiet(waveform[::-1], speed)]
            positions = output.text_positions[row, : round(length * speed / factor)]
            words = word_times(text.pieces, text.offsets, positions, factor / frame_rate / speed)
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

    def _pause(self, part: SpeechPart, speed: float) -> np.ndarray:
        if part.is_told:
            seconds = part.pause if part.is_last else max(part.pause - 2 * KEPT_SILENCE, 0.0)
        else:
            seconds = 0.0 if part.is_last else max(part.pause - 2 * KEPT_SILENCE, 0.0) / speed
        return np.zeros(round(seconds * self.sampling_rate), dtype=np.float32)


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


def _one_each(name: str, values, count: int) -> list:
    """What was given once for all texts, or as a list of one for each."""
    if name != "voices" and isinstance(values, (tuple, range)):  # a voice may be a tuple: a clip and its rate
        values = list(values)
    if not isinstance(values, list):
        return [values] * count
    if len(values) != count:
        raise ValueError(f"`{name}` has {len(values)} entries for {count} texts: pass one for all, or one a text.")
    return values


def _choose_heard_clips(paths: list[Path], folder: str) -> list:
    """Of the recordings in a folder those to take a voice from; one that cannot be decoded or is silent spoils no other."""
    lengths = {path: clip_seconds(path) for path in paths}
    while lengths:
        chosen = choose_clips(list(lengths), list(lengths.values()))
        silent = [path for path in chosen if not _is_heard(path)]
        if not silent:
            return chosen
        for path in silent:
            del lengths[Path(path)]
    raise ValueError(f"No recording in {folder!r} can be heard: put speech there.")


def _is_heard(path: str | os.PathLike) -> bool:
    """Whether there is sound in a recording; where not, a warning says so."""
    try:
        waveform, _ = read_audio(path, max_seconds=MAX_SECONDS)
    except ValueError as error:
        logger.warning("%s is left out: %s", path, error)
        return False
    is_heard = bool(len(waveform)) and bool(np.ptp(waveform) > 2 * INAUDIBLE)
    if not is_heard:
        logger.warning("%s is left out: it is silent", path)
    return is_heard


def _ramp(num_samples: int) -> np.ndarray:
    return np.linspace(0.0, 1.0, num_samples, dtype=np.float32)


def _fade(waveform: np.ndarray, num_samples: int) -> np.ndarray:
    num_samples = min(num_samples, len(waveform) // 2)
    faded = waveform.copy()
    faded[:num_samples] *= _ramp(num_samples)
    faded[len(faded) - num_samples :] *= _ramp(num_samples)[::-1]
    return faded
