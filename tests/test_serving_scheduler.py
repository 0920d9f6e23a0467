"""Turns, limits and cancelled requests, with iterators that need no model."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from gpt2tts.serving import scheduler as scheduler_module
from gpt2tts.serving.scheduler import BusyError, OutOfTimeError, SpeechScheduler


@pytest.fixture
def start():
    schedulers = []

    def start(*args, **kwargs):
        schedulers.append(SpeechScheduler(*args, **kwargs))
        return schedulers[-1]

    yield start
    for scheduler in schedulers:
        scheduler.stop()


def seconds(item):
    return 1.0


async def read(job):
    with job:
        return [item async for item in job]


def test_a_book_does_not_keep_a_sentence_waiting(start):
    made = []
    gate = threading.Event()

    def speak(name, count):
        gate.wait(10)
        for number in range(count):
            made.append(name)
            yield number

    async def main():
        scheduler = start(max_ahead=1000)
        book = asyncio.create_task(read(scheduler.submit(lambda: speak("book", 50), seconds)))
        sentences = [
            asyncio.create_task(read(scheduler.submit(lambda: speak("sentence", 2), seconds))) for _ in range(3)
        ]
        await asyncio.sleep(0.05)
        gate.set()
        assert await asyncio.gather(*sentences) == [[0, 1]] * 3
        assert await book == list(range(50))

    asyncio.run(main())
    assert "sentence" not in made[10:]


def test_more_requests_than_allowed_are_refused_until_one_is_done(start):
    async def main():
        scheduler = start(2)
        jobs = [scheduler.submit(lambda: iter("ab"), seconds) for _ in range(2)]
        with pytest.raises(BusyError) as error:
            scheduler.submit(lambda: iter("ab"), seconds)
        assert error.value.retry_after >= 1
        jobs[0].close()
        jobs[0].close()
        assert len(scheduler) == 1
        assert await read(scheduler.submit(lambda: iter("ab"), seconds)) == ["a", "b"]

    asyncio.run(main())


def endless(made):
    """Pieces without end, each counted in `made`."""
    while True:
        made.append(1)
        yield 0


def test_a_listener_who_does_not_fetch_holds_up_nobody_and_fills_no_memory(start):
    made = []

    async def main():
        scheduler = start(max_ahead=5)
        slow = scheduler.submit(lambda: endless(made), seconds)
        for _ in range(3):
            assert len(await read(scheduler.submit(lambda: iter(range(20)), seconds))) == 20
        await asyncio.sleep(0.05)
        assert len(made) == 5
        await anext(slow)
        await asyncio.sleep(0.05)
        assert len(made) == 6
        slow.close()

    asyncio.run(main())


def test_what_is_made_ahead_is_counted_in_seconds_of_speech(start):
    made = []

    async def main():
        scheduler = start(max_ahead=5)
        with scheduler.submit(lambda: endless(made), lambda item: 3.0) as job:
            for count in (2, 3, 4):
                for _ in range(100):
                    await asyncio.sleep(0.05)
                    if len(made) >= count:
                        break
                assert len(made) == count
                await anext(job)

    asyncio.run(main())


def test_a_request_that_ends_in_disorder_harms_no_other(start):
    began, gate = threading.Event(), threading.Event()

    def slow():
        began.set()
        gate.wait(10)
        yield 0

    def fails():
        try:
            while True:
                yield 0
        finally:
            raise RuntimeError("at the end")

    scheduler = start(time_limit=10)

    async def leave():
        scheduler.submit(slow, seconds)
        await asyncio.to_thread(began.wait, 10)

    async def main():
        with scheduler.submit(fails, seconds) as job:
            await anext(job)
        assert await read(scheduler.submit(lambda: iter("ab"), seconds)) == ["a", "b"]

    asyncio.run(leave())  # whose loop is closed before its piece is made
    gate.set()
    asyncio.run(main())


def test_a_closed_request_is_not_worked_on(start):
    ended = threading.Event()

    def endless():
        try:
            while True:
                yield 0
        finally:
            ended.set()

    async def main():
        scheduler = start()
        with scheduler.submit(endless, seconds) as job:
            await anext(job)
        assert len(scheduler) == 0
        assert await asyncio.to_thread(ended.wait, 5)

    asyncio.run(main())


def test_errors_and_the_time_limit_reach_the_one_who_asked(start):
    def fails():
        yield 1
        raise ValueError("wrong")

    async def main():
        scheduler = start(time_limit=0.1)
        with pytest.raises(ValueError, match="wrong"):
            await read(scheduler.submit(fails, seconds))
        gate = threading.Event()
        with pytest.raises(OutOfTimeError, match="too long"):
            await read(scheduler.submit(lambda: iter([gate.wait(1)]), seconds))
        gate.set()
        assert len(scheduler) == 0

    asyncio.run(main())


@pytest.fixture
def clock(monkeypatch):
    """`clock[0]`: the time of the scheduler, in seconds."""
    time = [0.0]
    monkeypatch.setattr(scheduler_module, "time", SimpleNamespace(monotonic=lambda: time[0]))
    return time


def test_who_came_long_before_is_next_also_with_speech_already(start, clock):
    made = []
    began, gate = threading.Event(), threading.Event()

    def speak(name, count):
        for number in range(count):
            made.append(name)
            began.set()
            gate.wait(10)
            yield number

    async def main():
        scheduler = start()
        old = asyncio.create_task(read(scheduler.submit(lambda: speak("old", 3), seconds)))
        await asyncio.to_thread(began.wait, 10)
        clock[0] = 50.0
        new = asyncio.create_task(read(scheduler.submit(lambda: speak("new", 1), seconds)))
        gate.set()
        await asyncio.gather(old, new)

    asyncio.run(main())
    assert made == ["old", "old", "old", "new"]


def test_a_refusal_says_how_long_requests_take(start, clock):
    def slow():
        clock[0] += 100.0
        yield 0

    async def main():
        scheduler = start(1)
        assert await read(scheduler.submit(slow, seconds)) == [0]
        with scheduler.submit(lambda: iter("a"), seconds), pytest.raises(BusyError, match="again in 11 s") as error:
            scheduler.submit(lambda: iter("a"), seconds)
        assert error.value.retry_after == 11  # a tenth of the way from a second to the 100 of the one before

    asyncio.run(main())
