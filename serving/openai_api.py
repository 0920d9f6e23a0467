"""OpenAI's `/v1/audio/speech`, `/v1/models` and `/v1/audio/voices` for a synthesizer."""

import asyncio
import base64
import json
import logging
import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, model_validator
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ..audio import AUDIO_FORMATS, StreamEncoder
from .catalog import MAX_UPLOAD_BYTES, UnknownVoiceError, VoiceCatalog
from .gate import ApiError, check_pauses
from .scheduler import SEND_SECONDS, BusyError, OutOfTimeError, SpeechJob, SpeechScheduler, count_seconds

logger = logging.getLogger(__name__)

MODEL_ID = "gpt2tts"
MODEL_IDS = (MODEL_ID, "tts-1", "tts-1-hd")  # clients that know OpenAI's alone ask for the latter
FIELDS = {"text": "input"}  # what arguments of the synthesizer are called here


class VoiceReference(BaseModel):
    """A voice by its id, the other form that OpenAI's API has."""

    id: str


class SpeechRequest(BaseModel):
    """
    Body of `POST /v1/audio/speech`. `seed` and `pitch_shift` are ours; fields of others are left alone, and null is as
    if left out.
    """

    model: str
    input: str
    voice: str | VoiceReference | None = None
    response_format: Literal[tuple(AUDIO_FORMATS)] = "mp3"  # type: ignore[valid-type]
    speed: float = 1.0
    stream_format: Literal["audio", "sse"] = "audio"
    seed: Annotated[int | None, Field(ge=0, lt=2**63)] = None
    pitch_shift: float = 0.0

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, body: Any) -> Any:
        return {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else body


def build_router(scheduler: SpeechScheduler, catalog: VoiceCatalog, *, max_characters: int) -> APIRouter:
    """
    The routes of OpenAI's API.

    Args:
        scheduler ([`SpeechScheduler`]): Does the work.
        catalog ([`VoiceCatalog`]): The voices, and what speaks.
        max_characters (`int`): Longest text.
    """
    router = APIRouter(prefix="/v1")
    synthesizer = catalog.synthesizer

    @router.get("/models")
    async def list_models() -> dict:
        return {"object": "list", "data": [_model(name) for name in MODEL_IDS]}

    @router.get("/models/{name}")
    async def get_model(name: str) -> dict:
        _check_model(name)
        return _model(name)

    @router.get("/audio/models")
    async def list_audio_models() -> dict:
        """What Open WebUI fills its list of models with."""
        return {"models": [{"id": MODEL_ID, "name": "GPT2TTS"}]}

    @router.get("/audio/voices")
    async def list_voices() -> dict:
        voices = [_voice(catalog, name) for name in catalog.names]
        # `voices` is where Open WebUI looks
        return {"object": "list", "data": voices, "has_more": False, "voices": voices}

    @router.post("/audio/voices")
    async def upload_voice(request: Request) -> dict:
        """A form of `name` and `audio_sample`, a recording, or several of one speaker."""
        if catalog.folder is None:
            raise ApiError(403, "This server takes no voices: start it with --voices-folder FOLDER.")
        name, recordings = await _read_form(request)
        try:
            catalog.check_new(name)
            with _submit(scheduler, lambda: catalog.listen(recordings), lambda latents: 0.0) as job:
                catalog.add(name, await _first(job, request))
        except FileExistsError as error:
            raise ApiError(409, str(error), param="name") from error
        except PermissionError as error:
            if error.filename is not None:  # the folder's, whose path is nobody's business
                raise
            raise ApiError(403, str(error)) from error
        except ValueError as error:
            raise _invalid(error, "audio_sample") from error
        return _voice(catalog, name)

    @router.post("/audio/speech")
    async def create_speech(body: SpeechRequest, request: Request) -> Response:
        _check_model(body.model)
        if len(body.input) > max_characters:
            message = (
                f"`input` has {len(body.input)} characters, at most {max_characters} are taken: send it in parts."
            )
            raise ApiError(400, message, param="input", code="string_above_max_length")
        name = body.voice.id if isinstance(body.voice, VoiceReference) else body.voice
        try:
            weights = catalog.resolve(name)
            encoder = StreamEncoder(body.response_format, synthesizer.sampling_rate)
        except UnknownVoiceError as error:
            raise ApiError(400, str(error), param="voice", code="voice_not_found") from error
        except (ValueError, ImportError) as error:
            raise _invalid(error, "response_format") from error

        def speak():
            check_pauses(body.input)
            latents, british = catalog.load(weights)
            return synthesizer.stream_waveform(
                body.input, latents, seed=body.seed, speed=body.speed, pitch_shift=body.pitch_shift, british=british
            )

        try:
            job = _submit(scheduler, speak, partial(count_seconds, rate=synthesizer.sampling_rate))
        except BaseException:
            encoder.close()
            raise
        try:
            first = await _first(job, request)
        except BaseException as error:
            job.close()
            encoder.close()
            if isinstance(error, (ValueError, TypeError)):
                raise _invalid(error, "input") from error
            raise
        return _SpeechResponse(job, encoder, first, is_events=body.stream_format == "sse")

    @router.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def refuse(path: str) -> None:
        raise ApiError(404, f"There is no /v1/{path[:80]} here, or it takes another method.")

    return router


class _SpeechResponse(StreamingResponse):
    """Speech as it is made. The slot of its job is free when the client has it all, has gone, or does not read."""

    def __init__(self, job: SpeechJob[np.ndarray], encoder: StreamEncoder, first: np.ndarray, *, is_events: bool):
        self.job, self.encoder = job, encoder
        content = self._encoded(first)
        if is_events:
            super().__init__(_events(content), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})
        else:
            super().__init__(content, media_type=encoder.media_type)

    async def _encoded(self, first: np.ndarray) -> AsyncIterator[bytes]:
        if piece := await asyncio.to_thread(self.encoder.encode, first):
            yield piece
        async for waveform in self.job:
            if piece := await asyncio.to_thread(self.encoder.encode, waveform):
                yield piece
        yield await asyncio.to_thread(self.encoder.finish)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message) -> None:
            await asyncio.wait_for(send(message), SEND_SECONDS)

        try:
            await super().__call__(scope, receive, send_in_time)
        except (OutOfTimeError, asyncio.TimeoutError, OSError) as error:
            # the status is sent: that the response has no end tells the client
            logger.warning(f"A client's speech was cut off: {error or 'it does not read'}")
            raise ConnectionAbortedError("speech was cut off") from error
        finally:
            self.job.close()
            await asyncio.to_thread(self.encoder.close)


async def _events(content: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Encoded speech as OpenAI's server-sent events."""
    async for piece in content:
        yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(piece).decode()})
    usage = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    yield _event({"type": "speech.audio.done", "usage": usage})


def _event(data: dict) -> str:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n"


def _submit(scheduler: SpeechScheduler, make, seconds) -> SpeechJob:
    try:
        return scheduler.submit(make, seconds)
    except BusyError as error:
        headers = {"Retry-After": str(error.retry_after)}
        raise ApiError(429, str(error), code="rate_limit_exceeded", headers=headers) from error


async def _first(job: SpeechJob, request: Request):
    """The first item of a job, unless the client goes away before it is made."""
    waiting = asyncio.ensure_future(anext(job))
    try:
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=0.25)
            if not waiting.done() and await request.is_disconnected():
                raise ApiError(499, "The client has gone.")
        return waiting.result()
    except OutOfTimeError as error:
        raise ApiError(503, str(error), headers={"Retry-After": "30"}) from error
    except StopAsyncIteration as error:
        raise ApiError(400, "`input` holds nothing that can be spoken.", param="input") from error
    finally:
        waiting.cancel()


async def _read_form(request: Request) -> tuple[str, list[bytes]]:
    """Name and recordings of an uploaded voice, never on disk: `Gate` bounds them all."""
    parser = MultiPartParser(request.headers, request.stream(), max_files=20, max_fields=20)
    parser.spool_max_size = 0  # the temporary file stays in memory
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise ApiError(400, "The body is no form: send `name` and `audio_sample` as multipart/form-data.") from error
    try:
        name = form.get("name")
        recordings = [
            await value.read(MAX_UPLOAD_BYTES + 1)
            for key, value in form.multi_items()
            if key.removesuffix("[]") in ("audio_sample", "file") and isinstance(value, UploadFile)
        ]
    finally:
        await form.close()
    if not isinstance(name, str):
        raise ApiError(400, "`name` is missing: send the name of the voice.", param="name")
    if not recordings:
        raise ApiError(400, "`audio_sample` is missing: send a recording of the speaker.", param="audio_sample")
    return name, recordings


def _check_model(name: str) -> None:
    if name not in MODEL_IDS:
        message = f"There is no model {name[:80]!r}: choose {MODEL_ID!r}."
        raise ApiError(404, message, param="model", code="model_not_found")


def _model(name: str) -> dict:
    return {"id": name, "object": "model", "created": 0, "owned_by": MODEL_ID}


def _voice(catalog: VoiceCatalog, name: str) -> dict:
    return {"id": name, "object": "audio.voice", "name": name, "created_at": catalog.uploaded.get(name, 0)}


def _invalid(error: Exception, param: str) -> ApiError:
    """A complaint of the library; its message begins with the argument at fault."""
    match = re.match(r"`(\w+)`", str(error))
    name = match[1] if match else param
    return ApiError(400, str(error), param=FIELDS.get(name, name), code="invalid_value")
