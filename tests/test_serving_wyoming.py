"""Wyoming, by its own client."""

import asyncio
import socket

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


@pytest.fixture(scope="module")
def port(start_server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start_server(wyoming=f"tcp://127.0.0.1:{port}")
    return port


def converse(port, *events, last=AudioStop):
    """What comes back, up to the event that is the last."""

    async def main():
        async with AsyncTcpClient("127.0.0.1", port) as client:
            for event in events:
                await client.write_event(event.event())
            answers = []
            while not answers or not (last.is_type(answers[-1].type) or Error.is_type(answers[-1].type)):
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
        (Synthesize("<speak>Hello</speak>", text_format="ssml"), "text_format"),
        (Synthesize("Hello.", voice=SynthesizeVoice(name="carol")), "choose one of ann, bob"),
    ],
)
def test_errors(port, event, message):
    assert message in Error.from_event(converse(port, event)[-1]).text
    assert count_samples(converse(port, Synthesize("Good morning."))) == SAMPLES


def test_an_event_that_is_too_large_ends_the_connection(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b'{"type": "synthesize", "data_length": 99999999999}\n')
        assert connection.recv(1) == b""
