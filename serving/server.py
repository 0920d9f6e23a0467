"""The server: the page, OpenAI's API and Wyoming around one synthesizer."""

import logging
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import gradio
import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from .catalog import MAX_UPLOAD_BYTES, VoiceCatalog
from .gate import HEALTH_PATH, ApiError, Gate, is_loopback, normalize_origin
from .memory import limit_arenas
from .openai_api import build_router
from .page import PAGE_HEAD, build_page
from .recordings import RecordingShelf
from .scheduler import SpeechScheduler

if TYPE_CHECKING:
    from ..base_synthesizer import BaseSynthesizer

logger = logging.getLogger(__name__)

API_KEY_VARIABLE = "GPT2TTS_API_KEY"
CPU_BATCH_SIZE = 2  # parts of a long text at once: more take so long on a CPU that others would fall silent


@dataclass(frozen=True)
class ServerSettings:
    """
    How a synthesizer is served.

    Args:
        host (`str`, *optional*, defaults to `"127.0.0.1"`): Address to listen on.
        port (`int`, *optional*, defaults to 7860): Port to listen on, 0 for any.
        api_key (`str`, *optional*): What requests have to name; without one, nothing.
        cors_origins (`Sequence[str]`, *optional*): Origins of other sites whose pages may ask.
        voices_folder (`str` or `os.PathLike`, *optional*): Where uploaded voices are kept; without one there are none.
        wyoming (`str`, *optional*): Address for Wyoming, `"tcp://127.0.0.1:10200"`.
        max_requests (`int`, *optional*, defaults to 32): Requests at once; more are refused.
        max_characters (`int`, *optional*, defaults to 4096): Longest text of a request.
        time_limit (`float`, *optional*, defaults to 600): Seconds that a request may take.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    api_key: str | None = field(default=None, repr=False)
    cors_origins: Sequence[str] = ()
    voices_folder: str | os.PathLike | None = None
    wyoming: str | None = None
    max_requests: int = 32
    max_characters: int = 4096
    time_limit: float = 600.0


def build_server(synthesizer: "BaseSynthesizer", settings: ServerSettings) -> FastAPI:
    """
    The application of a synthesizer: the page at `/`, its audio below `/speech`, OpenAI's API below `/v1`, `/health`, and
    Wyoming beside it from start to end.

    Args:
        synthesizer ([`Synthesizer`] or [`OnnxSynthesizer`]): What speaks.
        settings ([`ServerSettings`]): How.

    Raises:
        ImportError: If Wyoming is asked for and not installed.
        ValueError, OSError: If a setting cannot be used.
    """
    if synthesizer.is_on_cpu:
        synthesizer.max_batch_size = CPU_BATCH_SIZE
    scheduler = SpeechScheduler(settings.max_requests, time_limit=settings.time_limit)
    catalog = VoiceCatalog(synthesizer, settings.voices_folder)
    shelf = RecordingShelf()
    wyoming = None
    if settings.wyoming is not None:
        from .wyoming_server import WyomingServer

        wyoming = WyomingServer(settings.wyoming, scheduler, catalog, max_characters=settings.max_characters)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if wyoming is not None:
            await wyoming.start()
        yield
        if wyoming is not None:
            await wyoming.stop()
        scheduler.stop()

    app = FastAPI(title="GPT2TTS", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.scheduler = scheduler

    @app.get(HEALTH_PATH)
    async def health() -> dict:
        return {"status": "ok", "requests": len(scheduler)}

    @app.exception_handler(ApiError)
    async def refuse(request: Request, error: ApiError) -> Response:
        return error.response()

    @app.exception_handler(HTTPException)
    async def unreadable(request: Request, error: HTTPException) -> Response:
        # fastapi's own, of a body that cannot be decoded
        return ApiError(error.status_code, f"{error.detail}.", headers=dict(error.headers or {})).response()

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        if len(first["loc"]) == 1 and "json" not in request.headers.get("content-type", ""):
            return ApiError(400, "The body has to be JSON: send it with `Content-Type: application/json`.").response()
        name = next((part for part in first["loc"][1:] if isinstance(part, str)), None)
        return ApiError(400, f"`{name or 'body'}`: {first['msg']}.", param=name, code=first["type"]).response()

    @app.exception_handler(Exception)
    async def fail(request: Request, error: Exception) -> Response:
        # the traceback goes to the log alone
        return ApiError(500, "The server has failed at this request: its log says why.").response()

    app.include_router(build_router(scheduler, catalog, max_characters=settings.max_characters))
    app.include_router(shelf.router())
    origins = [normalize_origin(origin) for origin in settings.cors_origins]
    # the inner one first: pages of those sites may read refusals, too
    app.add_middleware(Gate, api_key=settings.api_key, origins=origins, is_local=is_loopback(settings.host))
    # with it there, gradio adds no policy of its own
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["*"], allow_headers=["*"])
    page = build_page(scheduler, catalog, shelf, max_characters=settings.max_characters)
    return gradio.mount_gradio_app(
        app,
        page,
        path="/",
        max_file_size=MAX_UPLOAD_BYTES,
        footer_links=["api"],
        run_history=False,
        head=PAGE_HEAD,
        ssr_mode=False,
        mcp_server=False,
    )


def serve(synthesizer: "BaseSynthesizer", settings: ServerSettings) -> None:
    """
    Serves until interrupted; see [`build_server`].
    """
    if settings.api_key is None and not is_loopback(settings.host):
        logger.warning(
            f"Whoever reaches {settings.host} can use this server: set {API_KEY_VARIABLE} to ask for a key."
        )
    limit_arenas()
    for british in (False, True):  # the first of each loads its lexicon, for which nobody is to wait
        synthesizer.speak("Hello.", seed=0, british=british)
    # what the page is sent lies in a folder that goes with the server
    with tempfile.TemporaryDirectory(prefix="gpt2tts-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        app = build_server(synthesizer, settings)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            limit_concurrency=1000,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=5,
        )
        # uvicorn ends in order and then lets the signal through: as an exception it lets the folder go, too
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run()
