"""Wyoming, by its own client."""

import asyncio
import socket

import numpy as np
import pytest

pytest.importorskip("gradio")
pytest.importorskip("wyoming")

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

SAMPLES = 160 * 256  # of each text of the tiny model


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def port(start_shared_server):
    port = free_port()
    start_shared_server(wyoming=f"tcp://127.0.0.1:{port}")
    return port


def converse(port, *events, last=AudioStop, or_error=True):
    """What comes back, up to the event that is the last, or to the first error."""
    ends = (last, Error) if or_error else (last,)

    async def main():
        async with AsyncTcpClient("127.0.0.1", port) as client:
            for event in events:
                await client.write_event(event.event())
            answers = []
            while not (answers and any(kind.is_type(answers[-1].type) for kind in ends)):
                answers.append(await asyncio.wait_for(client.read_event(), 60))
            return answers

    return asyncio.run(main())


def count_samples(answers):
    return sum(len(answer.payload) for answer in answers if AudioChunk.is_type(answer.type)) // 2


def test_it_says_which_voices_it_has(port):
    (answer,) = converse(port, Describe(), last=Info)
    (program,) = Info.from_event(answer).tts
    assert [voice.name for voice in program.voices] == ["ann", "bob"]
    assert program.supports_synthesize_streaming


@pytest.mark.parametrize("voice", [None, SynthesizeVoice(name="bob"), SynthesizeVoice(name="ann(2)+bob(1)")])
def test_a_text(port, voice):
    answers = converse(port, Synthesize("Good morning.", voice=voice))
    start = AudioStart.from_event(answers[0])
    assert (start.rate, start.width, start.channels) == (22050, 2, 1)
    assert count_samples(answers) == SAMPLES


def test_a_text_in_pieces_has_the_voice_that_was_asked_for(start_server, tiny_checkpoint):
    from gpt2tts.synthesis import Synthesizer

    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    heard = []

    def stream_waveform(text, voice, **kwargs):
        heard.append(voice)
        yield np.zeros(100, np.float32)

    synthesizer.stream_waveform = stream_waveform
    port = free_port()
    start_server(synthesizer, wyoming=f"tcp://127.0.0.1:{port}")
    start = SynthesizeStart(voice=SynthesizeVoice(name="bob"))
    for _ in range(2):
        converse(port, start, SynthesizeChunk("Hello."), SynthesizeStop(), last=SynthesizeStopped)
    assert len(heard) == 2
    assert all((voice == synthesizer.load_voice("bob")).all() for voice in heard)


@pytest.mark.parametrize("address", ["127.0.0.1:10200", "udp://127.0.0.1:10200", "tcp://127.0.0.1"])
def test_an_address_that_has_not_the_form_is_refused(address):
    from gpt2tts.serving.wyoming_server import WyomingServer

    with pytest.raises(ValueError, match="tcp://HOST:PORT"):
        WyomingServer(address, None, None, max_characters=100)


def test_a_text_in_pieces_is_spoken_by_sentences(port):
    pieces = [SynthesizeChunk(piece) for piece in ("Good mor", "ning. How ", "are you", "?")]
    whole = Synthesize("Good morning. How are you?")
    answers = converse(port, SynthesizeStart(), *pieces, whole, SynthesizeStop(), last=SynthesizeStopped)
    assert count_samples(answers) == 2 * SAMPLES
    assert [AudioStart.is_type(answer.type) for answer in answers].count(True) == 1
    assert [answer.type for answer in answers[-2:]] == ["audio-stop", "synthesize-stopped"]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (Synthesize("...", voice=None), "nothing to speak"),
        (Synthesize("a" * 5000), "at most 4096"),
        (Synthesize("Wait. [pause 60s] " * 3), "longer than 120 s"),
        (Synthesize("<speak>Hello</speak>", text_format="ssml"), "text_format"),
        (Synthesize("Hello.", voice=SynthesizeVoice(name="carol")), "choose one of ann, bob"),
    ],
)
def test_errors(port, event, message):
    assert message in Error.from_event(converse(port, event)[-1]).text
    assert count_samples(converse(port, Synthesize("Good morning."))) == SAMPLES


@pytest.mark.parametrize(
    "pieces",
    [("Good morning. ", "a" * 5000), ("Good morning. ", "a" * 4000, "a" * 4000), ("<speak>",)],
)
def test_a_text_in_pieces_that_failed_is_ended_and_left_alone(port, pieces):
    start = SynthesizeStart(text_format="ssml" if pieces == ("<speak>",) else None)
    chunks = [SynthesizeChunk(piece) for piece in (*pieces, "How are you? ")]
    events = (start, *chunks, Synthesize("Good morning."), SynthesizeStop())
    answers = converse(port, *events, last=SynthesizeStopped, or_error=False)
    kinds = [answer.type for answer in answers if not AudioChunk.is_type(answer.type)]
    begun = ["audio-start", "audio-stop"] if len(pieces) > 1 else []
    assert kinds == [*begun, "error", "synthesize-stopped"]
    assert count_samples(answers) == len(begun) // 2 * SAMPLES


def test_a_fault_of_the_model_is_told_without_its_inside(start_server, tiny_checkpoint, caplog):
    from gpt2tts.synthesis import Synthesizer

    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")

    def stream_waveform(*args, **kwargs):
        yield np.zeros(100, np.float32)
        raise RuntimeError("inside")

    synthesizer.stream_waveform = stream_waveform
    port = free_port()
    start_server(synthesizer, wyoming=f"tcp://127.0.0.1:{port}")
    for events in ((Synthesize("Hello."),), (SynthesizeStart(), SynthesizeChunk("Hello."), SynthesizeStop())):
        answers = converse(port, *events, last=Error)
        assert [answer.type for answer in answers] == ["audio-start", "audio-chunk", "audio-stop", "error"]
        assert "inside" not in Error.from_event(answers[-1]).text
    # a client waits for the end, whatever came before it
    assert [answer.type for answer in converse(port, *events, last=SynthesizeStopped, or_error=False)[-2:]] == [
        "error",
        "synthesize-stopped",
    ]


@pytest.mark.parametrize("line", [b"[]", b"{}", b'{"type": "ping", "data_length": "1"}', b'{"type": "synthesize"}'])
def test_what_is_no_event_is_answered(port, line, caplog):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(line + b"\n")
        assert b'"error"' in connection.recv(1000)
    assert "Traceback" not in caplog.text


def test_an_event_that_is_too_large_ends_the_connection(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b'{"type": "synthesize", "data_length": 99999999999}\n')
        assert connection.recv(1) == b""
