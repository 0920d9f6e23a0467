"""Speech that the page has made, kept in memory for a while and fetched by address: no file to leave behind."""

import asyncio
import io
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator

import numpy as np
import soundfile
from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from ..audio import AUDIO_FORMATS, StreamEncoder, to_pcm16
from .gate import ApiError

KEPT_BYTES = 64 * 2**20
KEPT_RECORDINGS = 1000


class Recording:
    """
    Speech that may still be growing.

    Attributes:
        name (`str`): What it is fetched by; not to be guessed.
        sampling_rate (`int`): Its rate in Hz.
    """

    def __init__(self, sampling_rate: int):
        self.name = secrets.token_urlsafe(16)
        self.sampling_rate = sampling_rate
        self._pieces: list[np.ndarray] = []  # int16
        self._is_complete = False
        self._changed = asyncio.Event()

    @property
    def num_bytes(self) -> int:
        """Memory that it takes."""
        return sum(piece.nbytes for piece in self._pieces)

    def add(self, waveform: np.ndarray) -> None:
        """Goes on with a float32 waveform `(samples,)`."""
        self._pieces.append(np.frombuffer(to_pcm16(waveform), "<i2"))
        self._tell()

    def complete(self) -> None:
        """Nothing will follow."""
        self._is_complete = True
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def response(self, name: str) -> Response:
        """All of it, or, as long as it grows, what there is and what comes, in one of `AUDIO_FORMATS`."""
        if self._is_complete and name == "wav":
            file = io.BytesIO()
            soundfile.write(file, np.concatenate(self._pieces), self.sampling_rate, format="WAV", subtype="PCM_16")
            return Response(file.getvalue(), media_type=AUDIO_FORMATS[name].media_type)
        encoder = StreamEncoder(name, self.sampling_rate)
        return StreamingResponse(self._encoded(encoder), media_type=encoder.media_type)

    async def _encoded(self, encoder: StreamEncoder) -> AsyncIterator[bytes]:
        index = 0
        try:
            while index < len(self._pieces) or not self._is_complete:
                if index == len(self._pieces):
                    await self._changed.wait()
                    continue
                waveform = self._pieces[index].astype(np.float32) / 32767
                index += 1
                if piece := await asyncio.to_thread(encoder.encode, waveform):
                    yield piece
            yield await asyncio.to_thread(encoder.finish)
        finally:
            encoder.close()


class RecordingShelf:
    """The latest recordings, at most 64 MiB and 1000 of them."""

    def __init__(self) -> None:
        self._recordings: OrderedDict[str, Recording] = OrderedDict()

    def new(self, sampling_rate: int) -> Recording:
        """An empty recording. Older ones make room for it."""
        recording = Recording(sampling_rate)
        self._recordings[recording.name] = recording
        self._make_room()
        return recording

    def finish(self, recording: Recording) -> None:
        """Nothing will follow; one of nothing goes."""
        recording.complete()
        if not recording.num_bytes:
            self._recordings.pop(recording.name, None)
        self._make_room()

    def _make_room(self) -> None:
        """The oldest go, but never the last."""
        kept = self._recordings
        while len(kept) > KEPT_RECORDINGS or (
            len(kept) > 1 and sum(old.num_bytes for old in kept.values()) > KEPT_BYTES
        ):
            kept.popitem(last=False)

    def router(self) -> APIRouter:
        """The route `/speech/NAME.FORMAT`."""
        router = APIRouter()

        @router.get("/speech/{name}.{extension}")
        async def get_recording(name: str, extension: str) -> Response:
            recording = self._recordings.get(name)
            if recording is None or extension not in AUDIO_FORMATS:
                raise ApiError(
                    404, "There is no such recording, or it has made room for others: speak the text again."
                )
            try:
                return await asyncio.to_thread(recording.response, extension)
            except ValueError as error:  # a format that needs a package
                raise ApiError(400, str(error)) from error

        return router
