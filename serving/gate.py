"""What a request has to pass before anything reads it: host, origin, API key, size and time of its body."""

import asyncio
import hmac
import ipaddress
import os
from base64 import b64decode
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..markup import parse_markup

HEALTH_PATH = "/health"
MAX_PAUSES = 120.0  # seconds of silence that one text may ask for
MAX_BODY_BYTES = 11 * 2**20  # a recording and what a form has around it
BODY_SECONDS = 60.0
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


class ApiError(HTTPException):
    """
    A refusal, in the form that OpenAI's API gives it.

    Args:
        status (`int`): HTTP status.
        message (`str`): Reason and remedy.
        param (`str`, *optional*): The field of the request that is at fault.
        code (`str`, *optional*): A name of the error for programs.
        headers (`dict[str, str]`, *optional*): Headers of the response.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ):
        super().__init__(status, message, headers)
        self.param, self.code = param, code

    def body(self) -> dict:
        """The JSON of it."""
        kind = {429: "rate_limit_error", 401: "authentication_error"}.get(self.status_code)
        kind = kind or ("server_error" if self.status_code >= 500 else "invalid_request_error")
        return {"error": {"message": self.detail, "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        """The response of it."""
        return JSONResponse(self.body(), self.status_code, self.headers)


class Gate:
    """
    ASGI middleware that turns away who has no business here.

    - Where the server listens on this machine alone, the `Host` has to be a name of it: no page of another site whose name
      has been made to lead here.
    - A browser's `Origin` has to be this server or one of `origins`.
    - With an API key, `Authorization` holds it on every path but `/health`: as a bearer token, or, for browsers, as the
      password of HTTP Basic, with any user name.
    - A body is at most 11 MiB, and has arrived after a minute.

    Args:
        app: The ASGI application behind it.
        api_key (`str`, *optional*): The key. Without one nobody is asked.
        origins (`Sequence[str]`, *optional*): Origins of other sites whose pages may ask, see [`normalize_origin`].
        is_local (`bool`, *optional*, defaults to `True`): Whether the server listens on this machine alone.
    """

    def __init__(
        self, app: ASGIApp, *, api_key: str | None = None, origins: Sequence[str] = (), is_local: bool = True
    ):
        self.app = app
        self.api_key = api_key
        self.origins = set(origins)
        self.is_local = is_local
        self.hosts = LOCAL_NAMES | {str(urlsplit(origin).hostname) for origin in self.origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI call."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return  # no path has a web socket
        try:
            headers = Headers(scope=scope)
            self._check(scope, headers)
            if int(headers.get("content-length") or 0) > MAX_BODY_BYTES:
                raise _too_large()
        except (ApiError, ValueError) as error:
            refusal = error if isinstance(error, ApiError) else ApiError(400, "A header cannot be read.")
            await refusal.response()(scope, receive, send)
            return
        is_started = False

        async def watch(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            await self.app(scope, _LimitedBody(receive), watch)
        except ApiError as error:
            if is_started:
                raise
            await error.response()(scope, receive, send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        host = headers.get("host", "")
        name = urlsplit(f"//{host}").hostname or ""
        if self.is_local and name not in self.hosts and not is_loopback(name):
            raise ApiError(
                403, f"This server answers to localhost, not to {host!r}: start it with --cors-origin of that name."
            )
        origin = headers.get("origin", "").lower()
        if origin and urlsplit(origin).netloc != host.lower() and origin not in self.origins:
            raise ApiError(403, f"Pages of {origin} may not use this server: start it with --cors-origin {origin}.")
        if scope["path"] == HEALTH_PATH or self.api_key is None:
            return
        if not hmac.compare_digest(_given_key(headers.get("authorization", "")), os.fsencode(self.api_key)):
            raise ApiError(
                401,
                "The API key is missing or wrong: send it as `Authorization: Bearer KEY`.",
                code="invalid_api_key",
                headers={"WWW-Authenticate": 'Basic realm="GPT2TTS: the API key is the password"'},
            )


class _LimitedBody:
    """`receive` of a request whose body may not be too large or too slow."""

    def __init__(self, receive: Receive):
        self.receive = receive
        self.num_bytes = 0
        self.is_complete = False
        self.deadline = asyncio.get_running_loop().time() + BODY_SECONDS

    async def __call__(self) -> Message:
        if self.is_complete:  # what comes now says that the client has gone
            return await self.receive()
        left = self.deadline - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self.receive(), left)
        except asyncio.TimeoutError:
            raise ApiError(408, "The request took too long to arrive.") from None
        self.num_bytes += len(message.get("body", b""))
        self.is_complete = not message.get("more_body", False)
        if self.num_bytes > MAX_BODY_BYTES:
            raise _too_large()
        return message


def _too_large() -> ApiError:
    return ApiError(413, f"The request is larger than {MAX_BODY_BYTES // 2**20} MiB: send less at once.")


def _given_key(authorization: str) -> bytes:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode("latin-1")  # the bytes as they were sent
    if scheme.lower() == "basic":
        try:
            return b64decode(value, validate=True).partition(b":")[2]
        except ValueError:
            return b""
    return b""


def check_pauses(text: str) -> None:
    """
    Bounds the silence that a text asks for, which takes few characters of it: see [`parse_markup`].

    Raises:
        ValueError: If it is longer than two minutes in all, or a mark cannot be read.
    """
    if sum(span.pause or 0.0 for span in parse_markup(text)) > MAX_PAUSES:
        raise ValueError(f"The pauses of the text are longer than {MAX_PAUSES:.0f} s together: send it in parts.")


def normalize_origin(origin: str) -> str:
    """
    An origin as browsers send it, `"https://example.org"`.

    Raises:
        ValueError: If it has no scheme or no host, as `"*"`.
    """
    parts = urlsplit(origin.lower())
    if not parts.scheme or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"An origin has the form https://example.org, got {origin!r}.")
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
