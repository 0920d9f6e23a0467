"""
How a server bears many clients at once.

    gpt2tts serve --port 7860 &
    python benchmarks/serving.py --clients 50 --seconds 120

asks, from each client, for one sentence of `texts/validation.txt` after the other, as 16-bit samples that are read as they
come, and again after `Retry-After` where it is refused. Every tenth client goes away after the first samples, and every
tenth reads at the speed of a listener. Prints requests answered, refused and given up; milliseconds from the first
asking, refusals included, and from the request that was answered to the first audio, median and 95th percentile; memory of
the server at the start and at the end; and files left in the folder for temporary files. Needs
`pip install -e ".[demo,eval]"`.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from gpt2tts.evaluation.test_sets import load_texts

TEXTS = Path(__file__).parents[1] / "texts" / "validation.txt"
SAMPLING_RATE = 24_000
LEAVES, LISTENS = 3, 7  # of ten clients, the one that goes and the one that listens


class Results:
    """What the clients saw."""

    def __init__(self):
        self.counts = Counter()
        self.first_audio, self.since_asked = [], []
        self.speech_seconds = 0.0


async def run_client(number: int, client: httpx.AsyncClient, args, texts: list[str], end: float, results: Results):
    turn = number
    while time.monotonic() < end:
        body = {
            "model": "gpt2tts",
            "input": texts[turn % len(texts)],
            "voice": args.voice,
            "response_format": "pcm",
            "seed": turn,
        }
        turn += args.clients
        asked = time.monotonic()
        while not await ask(number, client, args.url, body, asked, results):
            if time.monotonic() > end:
                return


async def ask(number: int, client: httpx.AsyncClient, url: str, body: dict, asked: float, results: Results) -> bool:
    """Whether the request was answered; waits where it was refused."""
    sent, num_bytes = time.monotonic(), 0
    try:
        async with client.stream("POST", f"{url}/v1/audio/speech", json=body) as response:
            if response.status_code == 429:
                results.counts["refused"] += 1
                await asyncio.sleep(int(response.headers["retry-after"]))
                return False
            if response.status_code != 200:
                results.counts[f"failed with {response.status_code}"] += 1
                return True
            async for piece in response.aiter_raw():
                if not num_bytes:
                    results.first_audio.append(1000 * (time.monotonic() - sent))
                    results.since_asked.append(1000 * (time.monotonic() - asked))
                num_bytes += len(piece)
                if number % 10 == LEAVES:
                    results.counts["left"] += 1
                    return True
                if number % 10 == LISTENS:
                    await asyncio.sleep(len(piece) / 2 / SAMPLING_RATE)
    except httpx.HTTPError as error:
        results.counts[f"failed with {type(error).__name__}"] += 1
        return True
    results.counts["answered"] += 1
    results.speech_seconds += num_bytes / 2 / SAMPLING_RATE
    return True


def memory_mib(pid: int | None) -> float | None:
    """Memory of a process that is its own, where the system says."""
    status = Path(f"/proc/{pid}/status")
    if pid is None or not status.is_file():
        return None
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def temporary_files() -> set[Path]:
    return {path for path in Path(tempfile.gettempdir()).rglob("*") if path.is_file()}


async def run(args) -> Results:
    texts = [sentence.text for sentence in load_texts(args.texts)]
    results = Results()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(timeout=120, limits=limits, headers=args.headers) as client:
        end = time.monotonic() + args.seconds
        await asyncio.gather(
            *(run_client(number, client, args, texts, end, results) for number in range(args.clients))
        )
        await asyncio.sleep(1)
        results.counts["still worked on"] = (await client.get(f"{args.url}/health")).json()["requests"]
    return results


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:7860", help="The server.")
    parser.add_argument("--pid", type=int, help="Its process, for the memory.")
    parser.add_argument("--api-key", default="none", help="Its key.")
    parser.add_argument("--clients", type=int, default=50, help="Clients at once.")
    parser.add_argument("--seconds", type=float, default=120.0, help="For how long they ask.")
    parser.add_argument("--voice", help="Voice or blend. Default: the server's.")
    parser.add_argument("--texts", default=TEXTS, help="File of id|group|text.")
    args = parser.parse_args()
    args.headers = {"Authorization": f"Bearer {args.api_key}"}

    files, memory = temporary_files(), memory_mib(args.pid)
    started = time.monotonic()
    results = asyncio.run(run(args))
    took = time.monotonic() - started
    report = {
        **results.counts,
        "seconds": took,
        "speech_seconds": results.speech_seconds,
        "first_audio_ms": statistics.median(results.first_audio),
        "first_audio_ms_p95": percentile(results.first_audio, 95),
        "since_asked_ms": statistics.median(results.since_asked),
        "since_asked_ms_p95": percentile(results.since_asked, 95),
        "memory_mib": [memory, memory_mib(args.pid)],
        "temporary_files_left": len(temporary_files() - files),
    }
    print(f"{args.clients} clients, {took:.0f} s: {dict(results.counts)}, {results.speech_seconds:.0f} s of speech")
    for name, key in (("first audio", "first_audio_ms"), ("since first asked", "since_asked_ms")):
        print(f"{name:>18}: {report[key]:7.0f} ms, of 95% at most {report[f'{key}_p95']:.0f} ms")
    print(
        f"            memory: {' -> '.join('unknown' if m is None else f'{m:.0f} MiB' for m in report['memory_mib'])}"
    )
    print(f"   temporary files: {report['temporary_files_left']} left")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
