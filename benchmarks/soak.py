"""
Does a server hold out? Mixed requests for an hour, and what they leave behind.

    python benchmarks/soak.py --minutes 60 --clients 4

starts `gpt2tts serve` on loopback with a folder for temporary files of its own, and asks it in all three ways, OpenAI's API,
the page's endpoint and Wyoming: for short and long texts in every voice and in blends, in several formats and as events; for
streams that are cut off, read slowly or given up before they begin; for what it has to refuse; and with recordings to upload.
Prints a line a minute, and at the end: requests by kind; failures, which is whatever is not answered as expected (a wrong
status, sound that cannot be decoded, a traceback in the server's log); memory of the server's process at the start, after
the warm-up and at the end, and its slope after the warm-up by least squares; open files, threads and temporary files; and
seconds of speech made. Ctrl-C ends it early, with the figures so far. Beside other work: `--clients 2`, and `nice`. Needs
`pip install -e ".[demo,wyoming,train]"`.

Some of the memory is meant to grow: the page keeps its latest speech, up to 64 MiB. How much that was is printed, too.
"""

import argparse
import asyncio
import contextlib
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import numpy as np
import psutil
import soundfile
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.tts import Synthesize, SynthesizeVoice

from gpt2tts.audio import read_audio
from gpt2tts.evaluation.test_sets import load_texts
from gpt2tts.serving.recordings import KEPT_BYTES

ROOT = Path(__file__).parents[1]
FORMATS = ("pcm", "wav", "mp3", "opus", "flac")
PCM_RATE = 24_000
MAX_UPLOADED = 20  # voices that are kept; then their names are taken
REFUSED = (  # fields of a request, and the status that it gets
    ({"voice": "nobody"}, 400),
    ({"voice": "/etc/passwd"}, 400),
    ({"voice": "http://127.0.0.1:1/clip.wav"}, 400),
    ({"input": "..."}, 400),
    ({"input": "word " * 2000}, 400),
    ({"input": "\u0414\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c"}, 400),
    ({"input": "<speak>half"}, 400),
    ({"input": 7}, 400),
    ({"speed": 9}, 400),
    ({"response_format": "doc"}, 400),
    ({"seed": -1}, 400),
    ({"model": "gpt-9"}, 404),
)


class UnexpectedAnswerError(Exception):
    """The server did not answer as it should."""


def expect(condition: bool, message: str) -> None:
    if not condition:
        raise UnexpectedAnswerError(message)


class Soak:
    """The requests, and what became of them."""

    def __init__(self, url: str, wyoming_port: int, client: httpx.AsyncClient, voices: list[str], seed: int):
        self.url, self.wyoming_port, self.client, self.voices = url, wyoming_port, client, voices
        self.random = random.Random(seed)
        self.texts = [sentence.text for sentence in load_texts(ROOT / "texts" / "validation.txt")]
        self.clips = [path.read_bytes() for path in sorted((ROOT / "tests" / "fixtures" / "speech").rglob("*.opus"))]
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.num_busy = self.num_uploaded = 0
        self.speech_seconds = self.page_seconds = 0.0
        # of a hundred requests, how many are of a kind
        self.kinds: dict[Callable[[], Awaitable[None]], int] = {
            self.speak_short: 30,
            self.speak_long: 8,
            self.speak_events: 8,
            self.read_slowly: 4,
            self.leave_early: 10,
            self.give_up: 8,
            self.ask_badly: 12,
            self.upload_voice: 5,
            self.use_page: 5,
            self.use_wyoming: 6,
            self.leave_wyoming: 4,
        }

    async def run_client(self, until: asyncio.Event) -> None:
        """One request after the other, of random kinds."""
        while not until.is_set():
            (kind,) = self.random.choices(list(self.kinds), self.kinds.values())
            try:
                await kind()
            except Exception as error:
                self.failures.append(f"{kind.__name__}: {type(error).__name__}: {error}")
                print(f"FAILED {self.failures[-1]}", flush=True)
                await asyncio.sleep(1)  # of a server that is gone not thousands
            self.counts[kind.__name__] += 1

    def body(self, **fields) -> dict:
        """Of a request for speech: random, but for `fields`."""
        first, second = self.random.sample(self.voices, 2)
        return {
            "model": "gpt2tts",
            "input": self.random.choice(self.texts),
            "voice": self.random.choice([first, f"{first}(2)+{second}(1)"]),
            "response_format": self.random.choice(FORMATS),
            "seed": self.random.randrange(2**32),
            "speed": self.random.choice([1.0, 1.0, 0.8, 1.3]),
            **fields,
        }

    @contextlib.asynccontextmanager
    async def ask(self, body: dict):
        """The answer, of which the status is 200; comes again where the server is busy."""
        while True:
            async with self.client.stream("POST", f"{self.url}/v1/audio/speech", json=body) as answer:
                if answer.status_code != 429:
                    if answer.status_code != 200:
                        await answer.aread()
                        raise UnexpectedAnswerError(f"{answer.status_code} {answer.text[:200]}")
                    yield answer
                    return
                self.num_busy += 1
                seconds = int(answer.headers["retry-after"])
            await asyncio.sleep(seconds)

    def count_speech(self, content: bytes, name: str) -> None:
        """Decodes speech and counts its seconds."""
        if name == "pcm":
            seconds = len(content) / 2 / PCM_RATE
        else:
            waveform, rate = read_audio(content)
            seconds = len(waveform) / rate
        expect(seconds > 0.2, f"{seconds} s of {name}")
        self.speech_seconds += seconds

    async def speak_short(self) -> None:
        """A sentence, read whole."""
        body = self.body()
        async with self.ask(body) as answer:
            self.count_speech(await answer.aread(), body["response_format"])

    async def speak_long(self) -> None:
        """Up to 4000 characters, read whole."""
        body = self.body(input="\n\n".join(self.random.choices(self.texts, k=12))[:4000])
        async with self.ask(body) as answer:
            self.count_speech(await answer.aread(), body["response_format"])

    async def speak_events(self) -> None:
        """A sentence as events."""
        async with self.ask(self.body(stream_format="sse", response_format="pcm")) as answer:
            content = (await answer.aread()).decode()
        expect('"speech.audio.done"' in content, "events without an end")
        events = [json.loads(line[6:]) for line in content.splitlines() if line.startswith("data: ")]
        samples = sum(len(event["audio"]) * 3 // 4 for event in events if "audio" in event) // 2
        self.speech_seconds += samples / PCM_RATE

    async def read_slowly(self) -> None:
        """A sentence, read no faster than it is heard."""
        async with self.ask(self.body(response_format="pcm")) as answer:
            async for piece in answer.aiter_raw():
                self.speech_seconds += len(piece) / 2 / PCM_RATE
                await asyncio.sleep(len(piece) / 2 / PCM_RATE)  # as fast as one listens

    async def leave_early(self) -> None:
        """A paragraph, of which the first bytes are read."""
        async with self.ask(self.body(input=" ".join(self.random.choices(self.texts, k=8)))) as answer:
            await anext(answer.aiter_raw())

    async def give_up(self) -> None:
        """A paragraph, given up before or soon after it begins."""
        body = self.body(input=" ".join(self.random.choices(self.texts, k=8)))
        request = asyncio.create_task(self.client.post(f"{self.url}/v1/audio/speech", json=body))
        await asyncio.sleep(self.random.uniform(0.001, 0.3))
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)

    async def ask_badly(self) -> None:
        """What is to be refused."""
        fields, status = self.random.choice(REFUSED)
        answer = await self.client.post(f"{self.url}/v1/audio/speech", json=self.body(**fields))
        if answer.status_code == 429:
            self.num_busy += 1
            return
        expect(answer.status_code == status, f"{answer.status_code} for {str(fields)[:80]}: {answer.text[:200]}")
        expect(bool(answer.json()["error"]["message"]), "no reason")

    async def upload_voice(self) -> None:
        """A voice, a broken recording or one that is too long."""
        clip, status = self.random.choice(self.clips), 400
        name = f"voice-{self.random.randrange(MAX_UPLOADED)}"
        which = self.random.randrange(3)
        if which == 0:
            name, clip = "half", clip[: len(clip) // 50]
        elif which == 1:
            silence = io.BytesIO()
            soundfile.write(silence, np.zeros(200 * 8000), 8000, format="FLAC")
            name, clip = "long", silence.getvalue()
        else:
            status = None
        answer = await self.client.post(
            f"{self.url}/v1/audio/voices", data={"name": name}, files={"audio_sample": clip}
        )
        if answer.status_code == 429:
            self.num_busy += 1
            return
        expect(
            answer.status_code == status if status else answer.status_code in (200, 409),
            f"{answer.status_code} for {name}: {answer.text[:200]}",
        )
        if answer.status_code == 200:
            self.num_uploaded += 1
            self.voices.append(name)

    async def use_page(self) -> None:
        """A recording sent to the page, and a sentence in its voice."""
        clip = {"files": ("clip.ogg", self.random.choice(self.clips))}
        uploaded = await self.client.post(f"{self.url}/gradio_api/upload", files=clip)
        expect(uploaded.status_code == 200, f"upload: {uploaded.status_code} {uploaded.text[:200]}")
        recording = {"path": uploaded.json()[0], "meta": {"_type": "gradio.FileData"}}
        data = {"data": ["It is half past seven.", None, recording, 1.0, self.random.randrange(1000), 0.0]}
        call = f"{self.url}/gradio_api/call/speak"
        event = (await self.client.post(call, json=data)).json()["event_id"]
        answer = (await self.client.get(f"{call}/{event}")).text
        if "server is busy" in answer:
            self.num_busy += 1
            return
        expect("event: complete" in answer, f"page: {answer[:200]}")
        address = answer.partition('"url": "')[2].partition('"')[0]
        before = self.speech_seconds
        self.count_speech((await self.client.get(address)).content, "wav")
        self.page_seconds += self.speech_seconds - before

    async def use_wyoming(self) -> None:
        """A sentence by Wyoming."""
        async with AsyncTcpClient("127.0.0.1", self.wyoming_port) as client:
            voice = SynthesizeVoice(name=self.random.choice(self.voices))
            await client.write_event(Synthesize(self.random.choice(self.texts), voice=voice).event())
            while (event := await asyncio.wait_for(client.read_event(), 600)) is not None:
                if AudioChunk.is_type(event.type):
                    chunk = AudioChunk.from_event(event)
                    self.speech_seconds += len(chunk.audio) / 2 / chunk.rate
                elif AudioStop.is_type(event.type):
                    return
                elif Error.is_type(event.type):
                    text = Error.from_event(event).text
                    expect("server is busy" in text, f"wyoming: {text}")
                    self.num_busy += 1
                    return
        raise UnexpectedAnswerError("wyoming: closed")

    async def leave_wyoming(self) -> None:
        """A paragraph by Wyoming, given up at its first event."""
        async with AsyncTcpClient("127.0.0.1", self.wyoming_port) as client:
            await client.write_event(Synthesize(" ".join(self.random.choices(self.texts, k=8))).event())
            await asyncio.wait_for(client.read_event(), 600)


class Watch:
    """What the server's process takes, over time."""

    def __init__(self, process: psutil.Process, temporary: Path):
        self.process, self.temporary = process, temporary
        self.began = time.monotonic()
        self.samples: list[dict[str, float]] = []

    def look(self) -> dict[str, float]:
        """What it takes now."""
        with self.process.oneshot():
            sample = {
                "seconds": time.monotonic() - self.began,
                "memory_mib": self.process.memory_info().rss / 2**20,
                "open_files": self.process.num_fds(),
                "threads": self.process.num_threads(),
                "temporary_files": len(list_files(self.temporary)),
            }
        self.samples.append(sample)
        return sample

    def after(self, warm_up: float) -> list[dict[str, float]]:
        """The samples after the warm-up, or the last one."""
        return [sample for sample in self.samples if sample["seconds"] >= warm_up] or self.samples[-1:]

    def slope(self, warm_up: float) -> float:
        """Growth of the memory after the warm-up in MiB an hour, by least squares."""
        kept = self.after(warm_up)
        if len(kept) < 3:
            return float("nan")
        hours = [sample["seconds"] / 3600 for sample in kept]
        return float(np.polyfit(hours, [sample["memory_mib"] for sample in kept], 1)[0])


def list_files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


async def hold_out(args, url: str, wyoming_port: int, watch: Watch) -> tuple[Soak, int]:
    """Asks for as long as is asked for; the requests, and how many of them the server still holds a minute later."""
    until = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, until.set)
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=600, limits=limits, trust_env=False) as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"{url}/health")).status_code == 200:
                    break
            expect(watch.process.is_running() and watch.process.status() != "zombie", "the server did not start")
            await asyncio.sleep(0.5)
        listed = (await client.get(f"{url}/v1/audio/voices")).json()["voices"]
        soak = Soak(url, wyoming_port, client, [voice["id"] for voice in listed], args.seed)
        watch.began = time.monotonic()
        clients = [asyncio.create_task(soak.run_client(until)) for _ in range(args.clients)]
        told = 0.0
        with contextlib.suppress(psutil.Error):  # it has died: the clients say so
            while not until.is_set():
                sample = watch.look()
                if sample["seconds"] - told >= args.report_seconds or not told:
                    told = sample["seconds"] or 1e-9
                    print(
                        f"{told / 60:5.1f} min: {sum(soak.counts.values())} requests, {len(soak.failures)} failures, "
                        f"{soak.speech_seconds:.0f} s of speech, {sample['memory_mib']:.0f} MiB, "
                        f"{sample['open_files']} files, {sample['threads']} threads",
                        flush=True,
                    )
                if sample["seconds"] >= 60 * args.minutes:
                    until.set()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(until.wait(), 5)
        until.set()
        await asyncio.gather(*clients)
        held = -1
        for _ in range(60):
            with contextlib.suppress(httpx.HTTPError):
                held = (await client.get(f"{url}/health")).json()["requests"]
            if held == 0:
                break
            await asyncio.sleep(1)
        with contextlib.suppress(psutil.Error):
            watch.look()
    return soak, held


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0, help="For how long it is asked.")
    parser.add_argument("--clients", type=int, default=4, help="Clients at once.")
    parser.add_argument("--warm-up", type=float, help="Seconds of it. Default: a tenth of the time.")
    parser.add_argument("--report-seconds", type=float, default=60.0, help="Seconds from one line to the next.")
    parser.add_argument("--seed", type=int, default=0, help="Of the order of the requests.")
    parser.add_argument("--model", help="Checkpoint folder or Hub id. Default: the embedded one.")
    args = parser.parse_args()
    warm_up = 6 * args.minutes if args.warm_up is None else args.warm_up

    with tempfile.TemporaryDirectory(prefix="gpt2tts-soak-") as name:
        folder = Path(name)
        temporary, log = folder / "tmp", folder / "server.log"
        temporary.mkdir()
        port, wyoming_port = free_port(), free_port()
        command = [sys.executable, "-c", "from gpt2tts.cli.main import main; main()", "serve", "--port", str(port)]
        command += ["--wyoming", f"tcp://127.0.0.1:{wyoming_port}", "--voices-folder", str(folder / "voices")]
        command += ["--model", args.model] if args.model else []
        environment = {**os.environ, "TMPDIR": str(temporary)}
        environment.pop("GPT2TTS_API_KEY", None)
        with open(log, "w") as errors:
            # out of reach of this terminal's ctrl-C
            server = subprocess.Popen(command, env=environment, stdout=errors, stderr=errors, start_new_session=True)
        watch = Watch(psutil.Process(server.pid), temporary)
        try:
            soak, held = asyncio.run(hold_out(args, f"http://127.0.0.1:{port}", wyoming_port, watch))
        except UnexpectedAnswerError:
            print(log.read_text()[-3000:], file=sys.stderr)
            raise
        finally:
            server.terminate()
            code = server.wait(60)
        num_tracebacks = log.read_text().count("Traceback")
        if num_tracebacks:
            print(log.read_text()[-3000:], file=sys.stderr)
        left = list_files(temporary)

    first, warm, last = watch.samples[0], watch.after(warm_up)[0], watch.samples[-1]
    report = {
        "seconds": last["seconds"],
        "clients": args.clients,
        "requests": sum(soak.counts.values()),
        "kinds": dict(soak.counts),
        "busy_answers": soak.num_busy,
        "voices_uploaded": soak.num_uploaded,
        "failures": len(soak.failures),
        "tracebacks": num_tracebacks,
        "still_held": held,
        "exit_code": code,
        "speech_seconds": soak.speech_seconds,
        "memory_mib": [first["memory_mib"], warm["memory_mib"], last["memory_mib"]],
        "memory_mib_an_hour": watch.slope(warm_up),
        "page_mib": min(soak.page_seconds * 22_050 * 2, KEPT_BYTES) / 2**20,
        "open_files": [first["open_files"], warm["open_files"], last["open_files"]],
        "threads": [first["threads"], warm["threads"], last["threads"]],
        "temporary_files": [first["temporary_files"], warm["temporary_files"], last["temporary_files"], len(left)],
    }
    print(f"{report['seconds'] / 60:.1f} minutes, {args.clients} clients: {report['requests']} requests", end=" ")
    print(f"({', '.join(f'{name} {count}' for name, count in soak.counts.most_common())})")
    print(f"failures: {report['failures']}; tracebacks in the log: {num_tracebacks}; requests still held: {held}")
    print(f"told to come again: {soak.num_busy}; voices uploaded: {soak.num_uploaded}; exit code: {code}")
    print(f"speech: {soak.speech_seconds:.0f} s")
    print("memory: {:.0f} MiB at the start, {:.0f} warm, {:.0f} at the end".format(*report["memory_mib"]), end="; ")
    print(
        f"{report['memory_mib_an_hour']:+.1f} MiB an hour; {report['page_mib']:.0f} MiB of it is speech that the page keeps"
    )
    print("open files: {} {} {}; threads: {} {} {}".format(*report["open_files"], *report["threads"]))
    print("temporary files: {} {} {}, and when it had ended {}".format(*report["temporary_files"]), *left)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
