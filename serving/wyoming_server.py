"""Wyoming, which Home Assistant speaks, for a synthesizer."""

import asyncio
import contextlib
import logging
import re
from functools import partial
from importlib.metadata import version
from urllib.parse import urlsplit

import numpy as np

from ..audio import to_pcm16
from .catalog import VoiceCatalog
from .gate import check_pauses, is_loopback
from .scheduler import SEND_SECONDS, BusyError, OutOfTimeError, SpeechJob, SpeechScheduler, count_seconds

try:
    from wyoming.audio import AudioChunk, AudioStart, AudioStop
    from wyoming.error import Error
    from wyoming.event import Event, async_read_event
    from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
    from wyoming.ping import Ping, Pong
    from wyoming.server import AsyncEventHandler
    from wyoming.tts import (
        Synthesize,
        SynthesizeChunk,
        SynthesizeStart,
        SynthesizeStop,
        SynthesizeStopped,
        SynthesizeTextFormat,
        SynthesizeVoice,
    )
except ImportError as error:
    raise ImportError(
        f"Wyoming needs the package wyoming ({error}): pip install -e '.[wyoming]' in the checkout."
    ) from error

logger = logging.getLogger(__name__)

MAX_CONNECTIONS = 64
MAX_EVENT_BYTES = 2**20
IDLE_SECONDS = 300.0
SENTENCE_END = re.compile(r"[.!?\u2026][\"')\]\u2019\u201d]*\s+|\n\s*")


class WyomingServer:
    """
    Answers `describe`, `synthesize`, and text that comes in pieces (`synthesize-start`, `-chunk`, `-stop`).

    Args:
        address (`str`): Where to listen, `"tcp://127.0.0.1:10200"`. The protocol has no keys: whoever reaches it may ask.
        scheduler ([`SpeechScheduler`]): Does the work.
        catalog ([`VoiceCatalog`]): The voices, and what speaks.
        max_characters (`int`): Longest text.

    Raises:
        ValueError: If the address has not that form.
    """

    def __init__(self, address: str, scheduler: SpeechScheduler, catalog: VoiceCatalog, *, max_characters: int):
        parts = urlsplit(address)
        if parts.scheme != "tcp" or parts.hostname is None or parts.port is None:
            raise ValueError(f"The address for Wyoming must have the form tcp://HOST:PORT, got {address!r}.")
        self.host, self.port = parts.hostname, parts.port
        self.scheduler, self.catalog, self.max_characters = scheduler, catalog, max_characters
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task] = set()

    async def start(self) -> None:
        """Listens. `port` is then the one that was found where 0 was asked for."""
        if not is_loopback(self.host):
            logger.warning(f"Whoever reaches {self.host}:{self.port} can use Wyoming, which has no keys.")
        self._server = await asyncio.start_server(self._connect, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Ends all connections."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MAX_CONNECTIONS:
            writer.close()
            return
        self._connections.add(task)
        try:
            # gone, or it sends or reads nothing for too long
            with contextlib.suppress(OSError, EOFError, asyncio.TimeoutError):
                await _Handler(self, _BoundedReader(reader), writer).run()  # type: ignore[arg-type]
        finally:
            self._connections.discard(task)
            writer.close()

    def info(self) -> Info:
        """What this server offers."""
        attribution = Attribution(name="GPT2TTS", url="")
        british = self.catalog.synthesizer.is_british
        voices = [
            TtsVoice(
                name=name,
                attribution=attribution,
                installed=True,
                description=name,
                version=None,
                languages=["en-GB" if british(name) else "en-US", "en"],
            )
            for name in self.catalog.names
        ]
        program = TtsProgram(
            name="gpt2tts",
            attribution=attribution,
            installed=True,
            description="Text to speech with a GPT-2 backbone",
            version=version("gpt2tts"),
            voices=voices,
            supports_synthesize_streaming=True,
        )
        return Info(tts=[program])


class _Handler(AsyncEventHandler):
    """One connection."""

    def __init__(self, server: WyomingServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        super().__init__(reader, writer)
        self.server = server
        self._stream: _TextStream | None = None  # between `synthesize-start` and `synthesize-stop`
        self._has_begun = False  # between `audio-start` and `audio-stop`

    async def write_event(self, event: Event) -> None:
        await asyncio.wait_for(super().write_event(event), SEND_SECONDS)

    async def run(self) -> None:
        try:
            while (event := await async_read_event(self.reader)) is not None:
                await self.handle_event(event)
        except (
            KeyError,
            TypeError,
            AttributeError,
        ) as error:  # JSON, and no event; where the next begins is not known
            logger.warning(f"A client of Wyoming sent what is no event: {error!r}")
            await self.write_event(Error("The event cannot be read.", "invalid").event())

    async def handle_event(self, event: Event) -> bool:
        try:
            await self._answer(event)
        except (OSError, EOFError, asyncio.TimeoutError):  # the client has gone
            raise
        except (ValueError, BusyError, OutOfTimeError) as error:
            await self._fail(event, str(error), type(error).__name__)
        except Exception as error:
            logger.warning(f"An event {event.type!r} of Wyoming failed: {error!r}")
            await self._fail(event, "The event cannot be read, or the server has failed at it.", "failed")
        return True

    async def _fail(self, event: Event, text: str, code: str) -> None:
        """Says so, and ends what has begun; the rest of a text in pieces is left alone."""
        await self._end_audio()
        await self.write_event(Error(text, code).event())
        if self._stream is not None:
            self._stream.has_failed = True
            if SynthesizeStop.is_type(event.type):
                await self._answer(event)

    async def _answer(self, event: Event) -> None:
        if Describe.is_type(event.type):
            await self.write_event(self.server.info().event())
        elif Ping.is_type(event.type):
            await self.write_event(Pong(text=Ping.from_event(event).text).event())
        elif SynthesizeStart.is_type(event.type):
            start = SynthesizeStart.from_event(event)
            await self._end_audio()
            self._stream = _TextStream(start.voice)
            _check_format(start.text_format)
        elif (stream := self._stream) is None:
            if Synthesize.is_type(event.type):
                request = Synthesize.from_event(event)
                _check_format(request.text_format)
                await self._speak(request.text, request.voice)
                if not self._has_begun:
                    raise ValueError("The text holds nothing to speak (no letter or digit).")
                await self._end_audio()
        # after the pieces of a text the whole comes once more, for servers that know no pieces
        elif SynthesizeChunk.is_type(event.type) and not stream.has_failed:
            stream.text += SynthesizeChunk.from_event(event).text
            self._check_length(stream.text)
            if sentences := stream.take_sentences():
                await self._speak(sentences, stream.voice)
        elif SynthesizeStop.is_type(event.type):
            if not stream.has_failed:
                await self._speak(stream.text, stream.voice)
            self._stream = None
            await self._end_audio()
            await self.write_event(SynthesizeStopped().event())

    async def _end_audio(self) -> None:
        if self._has_begun:
            self._has_begun = False
            await self.write_event(AudioStop().event())

    async def _speak(self, text: str, voice: SynthesizeVoice | None) -> None:
        self._check_length(text)
        if not any(map(str.isalnum, text)):
            return
        synthesizer, catalog = self.server.catalog.synthesizer, self.server.catalog
        weights = catalog.resolve(voice.name if voice else None)
        rate = synthesizer.sampling_rate

        def speak():
            check_pauses(text)
            latents, british = catalog.load(weights)
            return synthesizer.stream_waveform(text, latents, british=british)

        format = {"rate": rate, "width": 2, "channels": 1}
        with self.server.scheduler.submit(speak, partial(count_seconds, rate=rate)) as job:
            while (waveform := await self._next(job)) is not None:
                if not self._has_begun:
                    self._has_begun = True
                    await self.write_event(AudioStart(**format).event())
                await self.write_event(AudioChunk(audio=to_pcm16(waveform), **format).event())

    async def _next(self, job: "SpeechJob[np.ndarray]") -> np.ndarray | None:
        """The next piece, unless the client goes away before it is made."""
        waiting = asyncio.ensure_future(anext(job, None))
        try:
            while not waiting.done():
                await asyncio.wait({waiting}, timeout=0.25)
                if self.reader.at_eof():
                    raise EOFError
            return waiting.result()
        finally:
            waiting.cancel()

    def _check_length(self, text: str) -> None:
        if len(text) > (limit := self.server.max_characters):
            raise ValueError(f"The text has {len(text)} characters, at most {limit} are taken: send it in parts.")


class _TextStream:
    """A text that comes in pieces: what of it has not been spoken, and whether the rest is to be left alone."""

    def __init__(self, voice: SynthesizeVoice | None):
        self.voice = voice
        self.text = ""
        self.has_failed = False

    def take_sentences(self) -> str:
        """The whole sentences that there are."""
        end = max((match.end() for match in SENTENCE_END.finditer(self.text)), default=0)
        sentences, self.text = self.text[:end], self.text[end:]
        return sentences


class _BoundedReader:
    """A reader that takes no event of more than a mebibyte, and waits five minutes for one."""

    def __init__(self, reader: asyncio.StreamReader):
        self._reader = reader
        self.at_eof, self.feed_eof = reader.at_eof, reader.feed_eof

    async def readline(self) -> bytes:
        return await asyncio.wait_for(self._reader.readline(), IDLE_SECONDS)

    async def readexactly(self, size: int) -> bytes:
        if size > MAX_EVENT_BYTES:
            raise ValueError("The event is too large.")
        return await asyncio.wait_for(self._reader.readexactly(size), IDLE_SECONDS)


def _check_format(text_format: object) -> None:
    if text_format not in (None, SynthesizeTextFormat.TEXT):
        raise ValueError(f"`text_format` must be text, got {text_format!r}.")
