"""Text of any length to speech: splitting, batching, voices, pauses and speed around a model, a processor and a vocoder."""

import itertools
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence
from transformers.utils import logging

# from the package, which registers the Auto classes: the processor loads its parts by them
from . import GPT2TTSForTextToSpeech, GPT2TTSProcessor
from .audio import read_audio
from .checkpoint_gpt2tts import read_voice

logger = logging.get_logger(__name__)

EMBEDDED_CHECKPOINT = Path(__file__).parent / "pretrained"

MAX_BATCH_SIZE = 8  # chunks generated at once; bounds the memory
SPEED_RANGE = (0.5, 2.0)  # beyond it the stretched mel no longer sounds like speech
PARAGRAPH_PAUSE, SENTENCE_PAUSE, CLAUSE_PAUSE, WORD_PAUSE = 0.6, 0.3, 0.15, 0.03  # seconds
FADE = 0.005  # seconds at both ends of a chunk, against clicks where it meets a pause

PARAGRAPH_END = re.compile(r"\n[^\S\n]*(?:\n\s*)+")
# The line break after a long line wraps the text, the one after a short line ends a heading or a verse.
LINE_WRAP = re.compile(r"(?<=[^\n]{50})[^\S\n]*\n[^\S\n]*(?=\S)")
SENTENCE_MARKS, CLAUSE_MARKS, CLOSING_MARKS = ".!?\u2026", ",;:-\u2013\u2014", "\"')]\u2019\u201d"


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
        spectrogram (`np.ndarray` of shape `(frames, n_mels)`): Log-mel frames of the speech.
        alignments (`np.ndarray` of shape `(heads, groups, tokens)`, *optional*):
            Attention of the aligned heads to the text, where asked for.
    """

    text: str
    waveform: np.ndarray
    sampling_rate: int
    stopped: bool
    progress: float
    spectrogram: np.ndarray
    alignments: np.ndarray | None = None


class Synthesizer:
    """
    Speaks text of any length.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): The acoustic model, on the device where it is to run.
        processor ([`GPT2TTSProcessor`]): Its processor.
        vocoder (`torch.nn.Module`): What [`load_vocoder`] returns, on the same device.

    Example:

    ```python
    >>> from gpt2tts import Synthesizer

    >>> synthesizer = Synthesizer.from_pretrained()
    >>> waveform, sampling_rate = synthesizer.speak("Good morning.", seed=0)
    ```
    """

    def __init__(self, model: GPT2TTSForTextToSpeech, processor: GPT2TTSProcessor, vocoder: torch.nn.Module):
        self.model = model.eval()
        self.processor = processor
        self.vocoder = vocoder

    @classmethod
    def from_pretrained(
        cls,
        checkpoint: str | os.PathLike | None = None,
        *,
        vocoder: str | os.PathLike | None = None,
        device: torch.device | str | None = None,
        **hub_kwargs,
    ) -> "Synthesizer":
        """
        Load a checkpoint and its vocoder.

        Args:
            checkpoint (`str` or `os.PathLike`, *optional*):
                Folder or Hub id. Defaults to the checkpoint embedded in the package.
            vocoder (`str` or `os.PathLike`, *optional*):
                Vocoder reference, see [`load_vocoder`]. Defaults to the one the checkpoint names.
            device (`torch.device` or `str`, *optional*):
                Where to run. Defaults to the GPU where there is one, else the CPU.
            hub_kwargs:
                Passed to `from_pretrained` (`revision`, `cache_dir`, `token`, ...).

        Raises:
            FileNotFoundError: If no checkpoint is given and the package holds none.
            OSError: If the checkpoint or the vocoder cannot be read or fetched.
        """
        if checkpoint is None:
            checkpoint = EMBEDDED_CHECKPOINT
            if not (checkpoint / "config.json").is_file():
                raise FileNotFoundError(
                    "This installation holds no embedded checkpoint: pass `checkpoint`, a folder or a Hub id."
                )
        checkpoint = os.fspath(checkpoint)
        if device is None:
            device = "cuda" if torch.cuda.is_available() else "cpu"
        model = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, **hub_kwargs).to(device)
        processor = GPT2TTSProcessor.from_pretrained(checkpoint, **hub_kwargs)
        loaded = model.get_vocoder(vocoder or model.config.vocoder or "griffin-lim").to(device)
        return cls(model, processor, loaded)

    @property
    def sampling_rate(self) -> int:
        """Sampling rate of the speech in Hz."""
        return self.model.config.sampling_rate

    @property
    def voices(self) -> list[str]:
        """Names of the voices of the checkpoint."""
        return list(self.model.voices)

    @torch.inference_mode()
    def load_voice(self, voice: str | os.PathLike | torch.Tensor | None = None) -> torch.Tensor:
        """
        Style latents of a voice. Load a voice once and pass the result as `voice` to speak often in it.

        Args:
            voice (`str`, `os.PathLike` or `torch.Tensor`, *optional*):
                Name of a voice of the checkpoint, path of a recording of the speaker, path of an exported voice
                (`.safetensors`), or latents loaded before. Defaults to the checkpoint's default voice, and without one to what the model
                does with no reference.

        Returns:
            `torch.Tensor` of shape `(num_style_latents, hidden_size)`.

        Raises:
            ValueError: If there is no such voice or file, or the file holds no voice of this model.
        """
        shape = (self.model.config.num_style_latents, self.model.config.hidden_size)
        if voice is None:
            voice = self.model.config.default_voice or self.model.model.null_style_latents
        if isinstance(voice, torch.Tensor):
            latents = voice
        elif os.fspath(voice) in self.voices:
            latents = self.model.get_voice(os.fspath(voice))
        elif not os.path.isfile(voice):
            names = ", ".join(self.voices)
            choice = f"one of {names}, or the path of a recording" if names else "the path of a recording"
            raise ValueError(f"There is no voice {os.fspath(voice)!r}: pass {choice}.")
        elif Path(voice).suffix == ".safetensors":
            latents = read_voice(voice)
        else:
            waveform, rate = read_audio(voice)
            inputs = self.processor(audio=waveform, sampling_rate=rate).to(self.model.device)
            latents = self.model.get_style_latents(inputs["reference_features"], inputs["reference_mask"])[0]
        if latents.shape != shape:
            raise ValueError(
                f"`voice` holds latents of shape {tuple(latents.shape)}, and this checkpoint takes {shape}: export the "
                "voice again with this checkpoint."
            )
        return latents.to(self.model.device, self.model.dtype)

    def speak(
        self,
        text: str,
        voice: str | os.PathLike | torch.Tensor | None = None,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        normalize: bool | None = None,
    ) -> tuple[np.ndarray, int]:
        """
        Speak `text`, all at once; see [`~Synthesizer.stream`] for the arguments and for text of book length.

        Returns:
            `tuple[np.ndarray, int]`: the waveform, float32 of shape `(samples,)` with full scale 1, and its rate in Hz.
        """
        chunks = self.stream(text, voice, seed=seed, speed=speed, normalize=normalize)
        return np.concatenate([chunk.waveform for chunk in chunks]), self.sampling_rate

    def stream(
        self,
        text: str,
        voice: str | os.PathLike | torch.Tensor | None = None,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        normalize: bool | None = None,
        output_alignments: bool = False,
    ) -> Iterator[SpeechChunk]:
        """
        Speak `text` piece by piece, in memory that does not grow with its length.

        Args:
            text (`str`):
                Text of any length. Blank lines part paragraphs.
            voice (`str`, `os.PathLike` or `torch.Tensor`, *optional*):
                See [`~Synthesizer.load_voice`].
            seed (`int`, *optional*):
                Makes the speech repeatable: the same text, voice and seed give the same waveform.
            speed (`float`, *optional*, defaults to 1.0):
                Rate of speech from 0.5 to 2; the pitch stays.
            normalize (`bool`, *optional*):
                Whether numbers, abbreviations and so on are spelt out. Defaults to the processor's.
            output_alignments (`bool`, *optional*, defaults to `False`):
                Whether chunks hold the attention to the text.

        Yields:
            [`SpeechChunk`]: a sentence or several short ones, the first as soon as it is made.

        Raises:
            ValueError: If there is nothing to speak, or `voice` or `speed` cannot be used. Raised by the call itself,
                before the first chunk is asked for.
        """
        settings = self._check(text, voice, seed=seed, speed=speed)
        return self._stream(self._plan(text, normalize), **settings, output_alignments=output_alignments)

    def stream_waveform(
        self,
        text: str,
        voice: str | os.PathLike | torch.Tensor | None = None,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        normalize: bool | None = None,
    ) -> Iterator[np.ndarray]:
        """
        Speak `text` with as little delay as the vocoder allows: where its context is finite, the first sentence is heard
        while it is being made. For the arguments and errors see [`~Synthesizer.stream`].

        Yields:
            `np.ndarray` of shape `(samples,)`: the next samples, float32. Joined they are what
            [`~Synthesizer.speak`] returns, unless that spoke the first sentence again (`config.max_attempts`): what is
            heard while it is made cannot be.
        """
        settings = self._check(text, voice, seed=seed, speed=speed)
        return self._stream_waveform(self._plan(text, normalize), **settings)

    def _check(
        self, text: str, voice: str | os.PathLike | torch.Tensor | None, *, seed: int | None, speed: float
    ) -> dict:
        low, high = SPEED_RANGE
        if not low <= speed <= high:
            raise ValueError(f"`speed` must lie between {low} and {high}, got {speed}.")
        if not any(character.isalnum() for character in text):
            raise ValueError(f"`text` holds nothing to speak (no letter or digit): {text[:80]!r}.")
        seed = secrets.randbelow(2**32) if seed is None else seed
        return {"latents": self.load_voice(voice), "seed": seed, "speed": speed}

    def _stream_waveform(
        self, parts: Iterator["_Part"], latents: torch.Tensor, seed: int, speed: float
    ) -> Iterator[np.ndarray]:
        # stretching in time and vocoders without a finite context want whole sentences
        if speed == 1.0 and self.vocoder.context_frames is not None and (first := next(parts, None)) is not None:
            second = next(parts, None)
            parts = itertools.chain([] if second is None else [second], parts)
            yield from self._speak_live(first, latents, seed, pause=0.0 if second is None else first.pause)
            if second is None:
                return
        for chunk in self._stream(parts, latents, seed, speed, output_alignments=False):
            yield chunk.waveform

    @torch.inference_mode()
    def _speak_live(self, part: "_Part", latents: torch.Tensor, seed: int, pause: float) -> Iterator[np.ndarray]:
        """The waveform of a part, piece by piece, and its pause."""
        inputs = self.processor(text=part.text, normalize=False).to(self.model.device)
        mel = self.model.stream(
            **inputs, style_latents=latents, generator=[torch.Generator().manual_seed(seed + part.number)]
        )
        fade = round(FADE * self.sampling_rate)
        ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
        held = np.zeros(0, dtype=np.float32)  # what may turn out to be the end, to be faded
        spoken = False
        for piece in self.vocoder.stream(mel):
            held = np.concatenate((held, piece[0].float().cpu().numpy()))
            if len(held) > 2 * fade:
                ready, held = held[:-fade], held[-fade:]
                if not spoken:
                    ready = np.concatenate((ready[:fade] * ramp, ready[fade:]))
                spoken = True
                yield ready
        silence = np.zeros(round(pause * self.sampling_rate), dtype=np.float32)
        yield np.concatenate((held * ramp[::-1][-len(held) :] if spoken else _fade(held, fade), silence))

    def _stream(
        self, parts: Iterator["_Part"], latents: torch.Tensor, seed: int, speed: float, output_alignments: bool
    ) -> Iterator[SpeechChunk]:
        voice = {"style_latents": latents, "seed": seed, "speed": speed, "output_alignments": output_alignments}
        batch: list[_Part] = []
        batch_size = 1  # the first chunk alone, to be heard soon; then twice as many each time
        spoken = False
        for part in parts:
            if len(batch) == batch_size:
                yield from self._speak_batch(batch, **voice)
                batch, batch_size, spoken = [], min(2 * batch_size, MAX_BATCH_SIZE), True
            batch.append(part)
        if batch:
            batch[-1] = replace(batch[-1], pause=0.0)
            yield from self._speak_batch(batch, **voice)
        elif not spoken:
            raise ValueError("`text` holds nothing that can be spoken.")

    def _plan(self, text: str, normalize: bool | None) -> Iterator["_Part"]:
        start, number = 0, 0
        while start < len(text):
            match = PARAGRAPH_END.search(text, start)
            end, following = match.span() if match else (len(text), len(text))
            paragraph = LINE_WRAP.sub(" ", text[start:end])
            begin, start = start, following
            if not paragraph.strip():
                continue
            try:
                chunks = self.processor.split_text(paragraph, normalize=normalize)
            except ValueError as error:  # a row of asterisks in a book, for instance
                logger.warning(f"A paragraph is left out: {error}")
                continue
            for index, chunk in enumerate(chunks, start=1):
                pause = PARAGRAPH_PAUSE if index == len(chunks) else _pause_after(chunk)
                progress = (begin + (following - begin) * index / len(chunks)) / len(text)
                yield _Part(chunk, number, pause, progress)
                number += 1

    @torch.inference_mode()
    def _speak_batch(
        self,
        batch: Sequence["_Part"],
        *,
        style_latents: torch.Tensor,
        seed: int,
        speed: float,
        output_alignments: bool,
    ) -> list[SpeechChunk]:
        # split_text has normalised the parts
        inputs = self.processor(text=[part.text for part in batch], normalize=False).to(self.model.device)
        output = self.model.generate(
            **inputs,
            style_latents=style_latents,
            # one a part, so that how parts are batched makes no difference
            generator=[torch.Generator().manual_seed(seed + part.number) for part in batch],
            output_alignments=output_alignments,
            output_waveform=False,
        )
        spectrogram, lengths = change_speed(output.spectrogram, output.spectrogram_lengths, speed)
        waveforms = self.processor.decode(self.vocoder(spectrogram, lengths), lengths * self.vocoder.hop_length)
        chunks = []
        for row, (part, waveform) in enumerate(zip(batch, waveforms, strict=True)):
            waveform = _fade(waveform, round(FADE * self.sampling_rate))
            silence = np.zeros(round(part.pause / speed * self.sampling_rate), dtype=np.float32)
            alignments = None
            if output_alignments:
                num_groups = int(output.spectrogram_lengths[row]) // self.model.config.reduction_factor
                num_tokens = int(inputs["attention_mask"][row].sum())
                alignments = output.alignments[row, :, :num_groups, :num_tokens].float().cpu().numpy()
            chunks.append(
                SpeechChunk(
                    text=part.text,
                    waveform=np.concatenate((waveform, silence)),
                    sampling_rate=self.sampling_rate,
                    stopped=bool(output.stopped[row]),
                    progress=part.progress,
                    spectrogram=spectrogram[row, : lengths[row]].float().cpu().numpy(),
                    alignments=alignments,
                )
            )
        return chunks


@dataclass(frozen=True)
class _Part:
    """A part of the text that the model speaks in one go."""

    text: str
    number: int  # from 0
    pause: float  # seconds of silence after it
    progress: float  # share of the text up to its end


def change_speed(spectrogram: torch.Tensor, lengths: torch.Tensor, speed: float) -> tuple[torch.Tensor, torch.Tensor]:
    """
    Stretch log-mel spectrograms in time by linear interpolation between frames, which leaves the pitch alone.

    Args:
        spectrogram (`torch.Tensor` of shape `(batch, frames, n_mels)`): Right-padded spectrograms.
        lengths (`torch.Tensor` of shape `(batch,)`): Number of real frames of each row.
        speed (`float`): 2 halves the duration.

    Returns:
        The same two at the new speed: `(batch, new_frames, n_mels)` and `(batch,)`.
    """
    if speed == 1.0:
        return spectrogram, lengths
    rows = [
        torch.nn.functional.interpolate(row[:length].T[None], size=max(1, round(length / speed)), mode="linear")[0].T
        for row, length in zip(spectrogram, lengths.tolist(), strict=True)
    ]
    return pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows], device=lengths.device)


def _pause_after(chunk: str) -> float:
    mark = chunk.rstrip(CLOSING_MARKS)[-1:]
    if mark in SENTENCE_MARKS:
        return SENTENCE_PAUSE
    return CLAUSE_PAUSE if mark in CLAUSE_MARKS else WORD_PAUSE


def _fade(waveform: np.ndarray, num_samples: int) -> np.ndarray:
    num_samples = min(num_samples, len(waveform) // 2)
    ramp = np.linspace(0.0, 1.0, num_samples, dtype=np.float32)
    faded = waveform.copy()
    faded[:num_samples] *= ramp
    faded[len(faded) - num_samples :] *= ramp[::-1]
    return faded
