"""Who may ask, for what, and how many at once: keys, origins, paths, full queues, clients that go or do not read."""

import asyncio
import os
import signal
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import torch

pytest.importorskip("gradio")
httpx = pytest.importorskip("httpx")
gradio_client = pytest.importorskip("gradio_client")

from gpt2tts.speech_chunks import SpeechChunk  # noqa: E402

BODY = {"model": "gpt2tts", "input": "Good morning.", "response_format": "pcm"}


class StubSynthesizer:
    """Speaks half seconds of silence, `pieces` of them, each when `gate` is open."""

    sampling_rate = 22050
    voices = ("ann",)
    vocoder = None
    is_on_cpu = True
    config = SimpleNamespace(default_voice="ann")

    def __init__(self, pieces: int = 2):
        self.pieces = pieces
        self.gate = threading.Event()
        self.gate.set()
        self.num_made = 0
        self.asked = {}

    def load_voice(self, voice=None):
        return torch.zeros(1, 1)

    def is_british(self, voice=None):
        return False

    def speak(self, text, **kwargs):
        return np.zeros(11025, dtype=np.float32), self.sampling_rate

    def stream_waveform(self, text, voice, **kwargs):
        self.asked = kwargs
        for _ in range(self.pieces):
            assert self.gate.wait(30)
            self.num_made += 1
            yield np.zeros(11025, dtype=np.float32)

    def stream(self, text, voice, **kwargs):
        for waveform in self.stream_waveform(text, voice, **kwargs):
            yield SpeechChunk(
                text=text,
                waveform=waveform,
                sampling_rate=self.sampling_rate,
                stopped=True,
                progress=0.5,
                spectrogram=np.zeros((43, 80)),
                pitch=np.zeros(43),
                text_positions=np.arange(10.0),
                words=(),
                model_seconds=0.0,
                vocoder_seconds=0.0,
            )


@pytest.fixture(scope="module")
def url(start_shared_server):
    return start_shared_server()


@pytest.fixture
def in_folder(tmp_path, monkeypatch, make_speech):
    """A working folder with recordings that a request might reach for, and links to them."""
    monkeypatch.chdir(tmp_path)
    soundfile.write("clip.wav", make_speech(seconds=2.0).numpy(), 22050)
    os.symlink("clip.wav", "link")
    os.symlink("/etc/passwd", "passwd")
    os.symlink("clip.wav", "ann(2)")
    return tmp_path


PATHS = ["/etc/passwd", "../clip.wav", "clip.wav", "./clip.wav", "link", "passwd", "file:///etc/passwd"]


@pytest.fixture
def listener():
    """The address of a server that no request should make ours ask, and whether one has."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/clip.wav", server


def assert_not_asked(server):
    with pytest.raises(TimeoutError):
        server.accept()


@pytest.fixture
def touched(monkeypatch):
    """What the server looks up in the file system."""
    names = []
    for name in ("stat", "lstat"):
        original = getattr(os, name)

        def record(path, *args, original=original, **kwargs):
            names.append(str(path))
            return original(path, *args, **kwargs)

        monkeypatch.setattr(os, name, record)
    return names


def test_no_voice_of_a_request_is_a_path_or_an_address(url, in_folder, listener, touched):
    address, server = listener
    for voice in [*PATHS, str(in_folder / "clip.wav"), address, "ann\x00", "ann+clip.wav"]:
        for reference in (voice, {"id": voice}):
            response = httpx.post(f"{url}/v1/audio/speech", json={**BODY, "voice": reference})
            assert response.status_code == 400, voice
            assert "There is no voice" in response.json()["error"]["message"]
    # a file of the name of a blend is no voice either
    assert httpx.post(f"{url}/v1/audio/speech", json={**BODY, "voice": "ann(2)"}).status_code == 200
    assert not {"clip.wav", "link", "passwd", "/etc/passwd", "ann(2)", str(in_folder / "clip.wav")} & set(touched)
    assert_not_asked(server)


def test_no_recording_of_the_page_is_a_path_or_an_address(url, in_folder, listener):
    address, server = listener
    client = gradio_client.Client(url, verbose=False)
    inside = str(in_folder / "clip.wav")
    for path in [*PATHS, inside, address]:
        for field in ({}, {"url": address}, {"is_stream": True}):
            recording = {"path": path, "meta": {"_type": "gradio.FileData"}, **field}
            payload = {"data": ["Good morning.", "ann", recording, 1.0, 5, 0.0]}
            started = httpx.post(f"{url}/gradio_api/call/speak", json=payload)
            if started.status_code == 200:
                address_of_result = f"{url}/gradio_api/call/speak/{started.json()['event_id']}"
                answer = httpx.get(address_of_result, timeout=60).text
                assert "event: error" in answer, path
                assert "decoded" not in answer, path
    with pytest.raises(gradio_client.exceptions.AppError, match="There is no voice"):
        client.predict("Good morning.", inside, None, 1.0, 5, 0.0, api_name="/speak")
    assert_not_asked(server)
    for path in ("/etc/passwd", inside):
        assert httpx.get(f"{url}/gradio_api/file={path}").status_code in (403, 404)


def test_no_voice_of_wyoming_is_a_path_or_an_address(start_server, in_folder, listener):
    pytest.importorskip("wyoming")
    from wyoming.client import AsyncTcpClient
    from wyoming.error import Error
    from wyoming.tts import Synthesize, SynthesizeVoice

    address, server = listener
    port = free_port()
    start_server(StubSynthesizer(), wyoming=f"tcp://127.0.0.1:{port}")

    async def main():
        async with AsyncTcpClient("127.0.0.1", port) as client:
            for voice in [*PATHS, str(in_folder / "clip.wav"), address]:
                await client.write_event(Synthesize("Hello.", voice=SynthesizeVoice(name=voice)).event())
                answer = await client.read_event()
                assert Error.is_type(answer.type), voice
                assert "There is no voice" in Error.from_event(answer).text

    asyncio.run(main())
    assert_not_asked(server)


def test_every_route_but_health_asks_for_the_key(start_server):
    url = start_server(StubSynthesizer(), api_key="secret")
    routes = ["/", "/config", "/v1/models", "/v1/audio/voices", "/gradio_api/info", "/speech/x.wav", "/openapi.json"]
    for route in routes:
        assert httpx.get(url + route).status_code == 401, route
        assert httpx.get(url + route, headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert httpx.get(url + route, headers={"Authorization": "Basic !"}).status_code == 401
        assert httpx.get(url + route, headers={"Authorization": "Bearer secret"}).status_code != 401
        assert httpx.get(url + route, auth=("anyone", "secret")).status_code != 401  # what a browser sends
    for route in ("/v1/audio/speech", "/v1/audio/voices", "/gradio_api/call/speak", "/gradio_api/upload"):
        assert httpx.post(url + route, json=BODY).status_code == 401, route
    answer = httpx.post(f"{url}/v1/audio/speech", json=BODY).json()["error"]
    assert (answer["code"], answer["type"]) == ("invalid_api_key", "authentication_error")
    assert httpx.get(f"{url}/health").json()["status"] == "ok"
    client = gradio_client.Client(url, verbose=False, headers={"Authorization": "Bearer secret"})
    assert "/speak" in client.view_api(return_format="dict")["named_endpoints"]


def test_a_key_may_hold_any_letter(start_server):
    url = start_server(api_key="schlüssel:1")
    for authorization, status in (
        ("Bearer schlüssel:1", 200),
        ("Bearer schlussel:1", 401),
        ("Bearer schl\udcfcssel:1", 401),
    ):
        headers = {"Authorization": authorization.encode("utf-8", "surrogateescape")}
        assert httpx.get(f"{url}/v1/models", headers=headers).status_code == status
    assert httpx.get(f"{url}/v1/models", auth=("anyone", "schlüssel:1")).status_code == 200


def test_pages_of_other_sites_may_not_ask_unless_named(start_server):
    closed = start_server(StubSynthesizer())
    open_to_one = start_server(StubSynthesizer(), cors_origins=["https://example.org"])
    for address, origin, status in [
        (closed, "https://example.org", 403),
        (closed, "null", 403),
        (open_to_one, "https://example.org", 200),
        (open_to_one, "https://evil.org", 403),
        (closed, closed, 200),
    ]:
        response = httpx.post(f"{address}/v1/audio/speech", json=BODY, headers={"Origin": origin})
        assert response.status_code == status, origin
        allowed = response.headers.get("access-control-allow-origin")
        assert allowed == (
            "https://example.org" if (address, origin) == (open_to_one, "https://example.org") else None
        )
    # a name of another site that has been made to lead here
    port = closed.rpartition(":")[2]
    rebound = {"Host": f"evil.org:{port}", "Origin": f"http://evil.org:{port}"}
    assert httpx.post(f"{closed}/v1/audio/speech", json=BODY, headers=rebound).status_code == 403
    # to the whole network it may have any
    public = start_server(StubSynthesizer(), host="0.0.0.0")
    assert httpx.post(f"{public}/v1/audio/speech", json=BODY, headers={"Host": "speech.lan"}).status_code == 200


def test_a_page_that_may_ask_can_read_refusals(start_server):
    url = start_server(StubSynthesizer(), api_key="secret", cors_origins=["https://Example.org/"])
    headers = {"Origin": "https://example.org"}
    too_large = httpx.post(url, content=bytes(12 * 2**20), headers={**headers, "Authorization": "Bearer secret"})
    preflight = {**headers, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    allowed = httpx.options(f"{url}/v1/audio/speech", headers=preflight)
    for answer, status in ((httpx.get(f"{url}/v1/models", headers=headers), 401), (too_large, 413), (allowed, 200)):
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "https://example.org"
    # what only looks like a browser's question is none
    assert httpx.options(f"{url}/v1/models", headers={"Access-Control-Request-Method": "GET"}).status_code == 401


@pytest.mark.parametrize("origin", ["*", "example.org", "https://", "https://example.org/page"])
def test_what_is_no_origin_is_refused(start_server, origin):
    with pytest.raises(ValueError, match=r"https://example\.org"):
        start_server(StubSynthesizer(), cors_origins=[origin])


def test_a_full_server_says_when_to_come_again(start_server):
    synthesizer = StubSynthesizer()
    synthesizer.gate.clear()
    url = start_server(synthesizer, max_requests=3)

    async def main():
        async with httpx.AsyncClient(timeout=60) as client:

            async def ask():
                return await client.post(f"{url}/v1/audio/speech", json=BODY)

            waiting = [asyncio.create_task(ask()) for _ in range(3)]
            while (await client.get(f"{url}/health")).json()["requests"] < 3:
                await asyncio.sleep(0.02)
            refused = await ask()
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) >= 1
            assert refused.json()["error"]["type"] == "rate_limit_error"
            synthesizer.gate.set()
            assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * 3
            assert (await ask()).status_code == 200

    asyncio.run(main())


def test_fifty_clients_are_all_answered_when_they_come_again(start_server):
    url = start_server(StubSynthesizer(), max_requests=8)

    async def main():
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:

            async def ask():
                while True:
                    answer = await client.post(f"{url}/v1/audio/speech", json=BODY)
                    if answer.status_code == 200:
                        return len(answer.content)
                    assert answer.status_code == 429
                    await asyncio.sleep(0.1)

            lengths = await asyncio.gather(*(ask() for _ in range(50)))
            assert set(lengths) == {2 * 24000}
            assert (await client.get(f"{url}/health")).json()["requests"] == 0

    asyncio.run(main())


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("has_begun", [False, True], ids=["waiting", "listening"])
def test_a_client_that_goes_frees_its_slot(start_server, has_begun):
    synthesizer = StubSynthesizer(pieces=10**6)
    if not has_begun:
        synthesizer.gate.clear()
    url = start_server(synthesizer, max_requests=1)
    with httpx.Client(timeout=30) as client:

        def count():
            return client.get(f"{url}/health").json()["requests"]

        def listen():
            seconds = 30 if has_begun else 1
            with httpx.stream("POST", f"{url}/v1/audio/speech", json=BODY, timeout=seconds) as answer:
                next(answer.iter_raw())

        if has_begun:
            listen()
        else:
            with pytest.raises(httpx.ReadTimeout):
                listen()
        synthesizer.gate.set()
        wait_until(lambda: count() == 0)
        synthesizer.pieces = 1
        assert client.post(f"{url}/v1/audio/speech", json=BODY).status_code == 200


def test_a_client_of_the_page_that_goes_frees_its_slot(start_server):
    synthesizer = StubSynthesizer(pieces=10**6)
    url = start_server(synthesizer, max_requests=1)
    call = f"{url}/gradio_api/call/speak"
    with httpx.Client(timeout=30) as client:
        event = client.post(call, json={"data": ["Good morning.", "ann", None, 1.0, 5, 0.0]}).json()["event_id"]
        with client.stream("GET", f"{call}/{event}") as answer:
            lines = answer.iter_lines()  # which closes the connection when it goes
            assert any(line == "event: generating" for line in lines)
            assert client.get(f"{url}/health").json()["requests"] == 1
        wait_until(lambda: client.get(f"{url}/health").json()["requests"] == 0)


def test_a_page_that_is_closed_frees_its_slot(start_server):
    synthesizer = StubSynthesizer(pieces=10**6)
    url = start_server(synthesizer, max_requests=1)
    config = httpx.get(f"{url}/config").json()
    (button,) = (
        entry["id"] for entry in config["dependencies"] if entry["types"]["generator"] and entry["api_name"] != "speak"
    )
    num_inputs = len(config["dependencies"][button]["inputs"])
    data = ["Good morning.", "ann", None, 1.0, 5, 0.0]
    asked = {"fn_index": button, "session_hash": "page", "data": data + [None] * (num_inputs - len(data))}
    with httpx.Client(timeout=30) as client:
        assert client.post(f"{url}/gradio_api/queue/join", json=asked).status_code == 200
        with client.stream("GET", f"{url}/gradio_api/queue/data", params={"session_hash": "page"}) as page:
            lines = page.iter_lines()  # which closes the connection when it goes
            assert any("process_generating" in line for line in lines)
            assert client.get(f"{url}/health").json()["requests"] == 1
        wait_until(lambda: client.get(f"{url}/health").json()["requests"] == 0)
        synthesizer.pieces = 1
        assert client.post(f"{url}/v1/audio/speech", json=BODY).status_code == 200


@pytest.mark.parametrize("has_begun", [False, True], ids=["waiting", "listening"])
def test_a_client_of_wyoming_that_goes_frees_its_slot(start_server, has_begun):
    pytest.importorskip("wyoming")
    from wyoming.client import AsyncTcpClient
    from wyoming.tts import Synthesize

    synthesizer = StubSynthesizer(pieces=10**6)
    if not has_begun:
        synthesizer.gate.clear()
    port = free_port()
    url = start_server(synthesizer, max_requests=1, wyoming=f"tcp://127.0.0.1:{port}")

    def count():
        return httpx.get(f"{url}/health").json()["requests"]

    async def main():
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Synthesize("Hello.").event())
            if has_begun:
                assert (await client.read_event()).type == "audio-start"
            await asyncio.to_thread(wait_until, lambda: count() == 1)

    asyncio.run(main())
    # before it is open, the thread is kept by a piece that nobody wants any more
    wait_until(lambda: count() == 0)
    synthesizer.gate.set()
    synthesizer.pieces = 1
    assert httpx.post(f"{url}/v1/audio/speech", json=BODY).status_code == 200


def test_the_longest_text_is_that_of_the_settings(start_server):
    pytest.importorskip("wyoming")
    from wyoming.client import AsyncTcpClient
    from wyoming.error import Error
    from wyoming.tts import Synthesize

    port = free_port()
    url = start_server(StubSynthesizer(), max_characters=13, wyoming=f"tcp://127.0.0.1:{port}")
    message = "at most 13 are taken"
    assert httpx.post(f"{url}/v1/audio/speech", json=BODY).status_code == 200
    assert message in httpx.post(f"{url}/v1/audio/speech", json={**BODY, "input": "Good morning.."}).text
    event = httpx.post(f"{url}/gradio_api/call/speak", json={"data": ["Good morning..", "ann", None, 1.0, 5, 0.0]})
    event = event.json()["event_id"]
    assert message in httpx.get(f"{url}/gradio_api/call/speak/{event}", timeout=60).text

    async def main():
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Synthesize("Good morning..").event())
            assert message in Error.from_event(await client.read_event()).text

    asyncio.run(main())


def test_a_client_that_does_not_read_holds_up_nobody(start_server, monkeypatch):
    from gpt2tts.serving import openai_api

    monkeypatch.setattr(openai_api, "SEND_SECONDS", 2.0)
    synthesizer = StubSynthesizer(pieces=10**6)
    url = start_server(synthesizer, max_requests=2)
    host, port = url.removeprefix("http://").split(":")
    with httpx.Client(timeout=30) as client, socket.create_connection((host, int(port))) as slow:
        content = b'{"model": "gpt2tts", "input": "Hello.", "response_format": "pcm"}'
        head = f"POST /v1/audio/speech HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        slow.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        wait_until(lambda: synthesizer.num_made > 0)
        synthesizer.pieces = 2
        for _ in range(3):
            assert len(client.post(f"{url}/v1/audio/speech", json=BODY).content) == 2 * 24000
        # it is given up, too, and memory has not filled
        wait_until(lambda: client.get(f"{url}/health").json()["requests"] == 0)
        made = synthesizer.num_made
        time.sleep(0.1)
        assert synthesizer.num_made == made


def test_a_request_that_takes_too_long_is_ended(start_server):
    synthesizer = StubSynthesizer()
    synthesizer.gate.clear()
    url = start_server(synthesizer, time_limit=0.5)
    response = httpx.post(f"{url}/v1/audio/speech", json=BODY)
    synthesizer.gate.set()
    assert response.status_code == 503
    assert "retry-after" in response.headers
    assert httpx.post(f"{url}/v1/audio/speech", json=BODY).status_code == 200


def test_what_is_asked_for_reaches_the_speech_in_the_accent_of_the_voice(start_server):
    synthesizer = StubSynthesizer()
    synthesizer.voices = ("ann", "emma")
    synthesizer.is_british = lambda voice="emma": voice == "emma"  # the default one
    url = start_server(synthesizer)
    settings = {"seed": 3, "speed": 1.5, "pitch_shift": -2.0}
    blends = (("emma(1)+ann(2)", False), ("emma(2)+ann(1)", True))
    for voice, british in (("ann", False), ("emma", True), (None, True), ("", True), *blends):
        response = httpx.post(f"{url}/v1/audio/speech", json={**BODY, "voice": voice, **settings})
        assert response.status_code == 200
        assert synthesizer.asked == {**settings, "british": british}
        synthesizer.asked = {}
        data = ["Good morning.", voice, None, 1.5, 3, -2.0]
        event = httpx.post(f"{url}/gradio_api/call/speak", json={"data": data}).json()["event_id"]
        assert "event: complete" in httpx.get(f"{url}/gradio_api/call/speak/{event}", timeout=60).text
        assert synthesizer.asked == {**settings, "british": british}


def test_wyoming_speaks_in_the_accent_of_the_voice(start_server):
    pytest.importorskip("wyoming")
    from wyoming.client import AsyncTcpClient
    from wyoming.info import Describe, Info
    from wyoming.tts import Synthesize, SynthesizeVoice

    synthesizer = StubSynthesizer(pieces=1)
    synthesizer.voices = ("ann", "emma")
    synthesizer.is_british = lambda voice=None: voice == "emma"
    port = free_port()
    start_server(synthesizer, wyoming=f"tcp://127.0.0.1:{port}")

    async def main():
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Describe().event())
            (program,) = Info.from_event(await client.read_event()).tts
            assert [voice.languages[0] for voice in program.voices] == ["en-US", "en-GB"]
            for name in synthesizer.voices:
                await client.write_event(Synthesize("Hello.", voice=SynthesizeVoice(name=name)).event())
                while (await client.read_event()).type != "audio-stop":
                    pass
                assert synthesizer.asked["british"] is (name == "emma")

    asyncio.run(main())


def test_a_server_listens_where_it_is_told_and_leaves_no_files(monkeypatch, caplog):
    from gpt2tts.serving import server

    seen = []

    def run(self):
        folder = Path(os.environ["GRADIO_TEMP_DIR"])
        assert folder.is_dir()
        seen.append((self.config.host, self.config.port, folder))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    monkeypatch.setattr(server.uvicorn.Server, "run", run)
    monkeypatch.setattr(server, "limit_arenas", lambda: None)
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    handler, synthesizer = signal.getsignal(signal.SIGTERM), StubSynthesizer()
    for host, api_key, warns in (("0.0.0.0", None, True), ("0.0.0.0", "secret", False), ("127.0.0.1", None, False)):
        caplog.clear()
        try:
            with pytest.raises(SystemExit, match="0"):
                server.serve(synthesizer, server.ServerSettings(host=host, port=7861, api_key=api_key))
        finally:
            signal.signal(signal.SIGTERM, handler)
        assert seen[-1][:2] == (host, 7861)
        assert not seen[-1][2].exists()
        assert ("set GPT2TTS_API_KEY to ask for a key" in caplog.text) is warns
        assert "secret" not in caplog.text + repr(server.ServerSettings(api_key="secret"))
    assert synthesizer.max_batch_size == server.CPU_BATCH_SIZE


def ask_gate(messages, *, headers=(), app=None, **settings):
    """Status that [`Gate`] gives a request whose body comes in `messages`, each an event or seconds to wait before it."""
    from gpt2tts.serving.gate import Gate

    sent = []

    async def answer(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive():
        if not messages:
            await asyncio.sleep(3600)
        message = messages.pop(0)
        if isinstance(message, float):
            await asyncio.sleep(message)
            return await receive()
        return {"type": "http.request", **message}

    async def send(message):
        sent.append(message.get("status"))

    scope = {"type": "http", "method": "POST", "path": "/v1/audio/speech", "headers": list(headers)}
    asyncio.run(Gate(app or answer, **settings)(scope, receive, send))
    return sent[0]


def test_a_body_has_to_arrive_in_time_and_an_answer_may_take_longer(monkeypatch):
    from gpt2tts.serving import gate

    monkeypatch.setattr(gate, "BODY_SECONDS", 0.2)
    host = [(b"host", b"localhost:7860")]
    assert ask_gate([{"body": b"a", "more_body": True}, 1.0, {"body": b"b"}], headers=host) == 408
    trickle = [{"body": b"a", "more_body": True}, 0.12] * 3
    assert ask_gate([*trickle, {"body": b"b"}], headers=host) == 408

    async def speak(scope, receive, send):
        await receive()
        gone = asyncio.ensure_future(receive())  # as starlette does while it sends
        await asyncio.sleep(0.4)
        await send({"type": "http.response.start", "status": 500 if gone.done() else 200, "headers": []})
        gone.cancel()

    assert ask_gate([{"body": b"a"}], headers=host, app=speak) == 200


def test_hosts_and_keys_that_are_let_in():
    def status(host, is_local=True, authorization=None, **settings):
        headers = [(b"host", host)] + [(b"authorization", authorization)] * (authorization is not None)
        return ask_gate([{"body": b""}], headers=headers, is_local=is_local, **settings)

    for host in (b"localhost:7860", b"127.0.0.1:7860", b"127.0.0.2", b"[::1]:7860"):
        assert status(host) == 200
    assert status(b"evil.org") == 403
    assert status(b"[") == 400
    # behind a proxy of that name, and on the whole network
    assert status(b"example.org", origins=["https://example.org"]) == 200
    assert status(b"evil.org", origins=["https://example.org"]) == 403
    assert status(b"speech.lan:7860", is_local=False) == 200
    for authorization, expected in ((b"bearer secret", 200), (b"Bearer other", 401), (b"secret", 401), (None, 401)):
        assert status(b"localhost", authorization=authorization, api_key="secret") == expected
