"""One synthesizer for many listeners: a bounded number of requests, of which the one that would fall silent first is next."""

import asyncio
import contextlib
import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Generic, TypeVar

import numpy as np

from .memory import MemoryTrimmer

logger = logging.getLogger(__name__)

T = TypeVar("T")

SEND_SECONDS = 60.0  # that a client may leave full buffers unread


def count_seconds(waveform: np.ndarray, rate: int) -> float:
    """Length of a waveform `(samples,)` at `rate` Hz."""
    return len(waveform) / rate


class BusyError(Exception):
    """
    As many requests are being worked on as are allowed.

    Attributes:
        retry_after (`int`): Seconds after which one of them is likely to be done.
    """

    def __init__(self, retry_after: int):
        super().__init__(f"The server is busy: try again in {retry_after} s.")
        self.retry_after = retry_after


class OutOfTimeError(Exception):
    """A request takes longer than is allowed."""


class SpeechScheduler:
    """
    Works on several requests by turns, in one thread: two runs at once on a CPU are each slower than one after the other,
    and neither tokenizers nor buffers of a model are made to be shared.

    Next is the request that arrived first, counted as later by as many seconds as it has speech already. So a book does
    not keep a sentence waiting, and each listener has the next piece before the last one has been heard, for as long
    as the machine keeps up with all of them. A request whose speech is not fetched is left out until it is.

    Args:
        max_requests (`int`, *optional*, defaults to 32): Requests at once; more are refused.
        time_limit (`float`, *optional*, defaults to 600): Seconds from the arrival of a request to its last piece.
        max_ahead (`float`, *optional*, defaults to 30): Seconds of speech made before they are fetched.
    """

    def __init__(self, max_requests: int = 32, *, time_limit: float = 600.0, max_ahead: float = 30.0):
        self.max_requests = max_requests
        self.time_limit = time_limit
        self.max_ahead = max_ahead
        self._jobs: list[SpeechJob] = []
        self._closed: list[SpeechJob] = []  # of which the thread has still to end the iterator
        self._changed = threading.Condition()
        self._is_stopping = False
        self._mean_work = 1.0  # seconds that a request keeps the thread, on average
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        """Requests that are being worked on."""
        return len(self._jobs)

    def submit(self, make: Callable[[], Iterator[T]], seconds: Callable[[T], float]) -> "SpeechJob[T]":
        """
        Asks for the items of an iterator. To be called in the event loop that fetches them.

        Args:
            make (`Callable`): Makes the iterator; called, as the iterator is, in the thread of the scheduler.
            seconds (`Callable`): Seconds of speech that an item holds.

        Returns:
            [`SpeechJob`]: The items. It keeps its slot until it is closed.

        Raises:
            BusyError: If there are `max_requests` already.
        """
        with self._changed:
            if len(self._jobs) >= self.max_requests:
                raise BusyError(max(1, math.ceil(self._mean_work)))
            job = SpeechJob(self, make, seconds)
            self._jobs.append(job)
            self._changed.notify()
        return job

    def stop(self) -> None:
        """Ends the thread after the piece it is making."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        trim_memory = MemoryTrimmer()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_stopping or self._closed or self._next())
                if self._is_stopping:
                    return
                closed, self._closed = self._closed, []
                job = self._next()
            for old in closed:
                old._end()
            if closed:
                trim_memory()
            if job is not None:
                job._advance()

    def _next(self) -> "SpeechJob | None":
        ready = [job for job in self._jobs if not job._is_made and job._ahead < self.max_ahead]
        return min(ready, key=lambda job: job._arrival + job._made, default=None)


class SpeechJob(Generic[T]):
    """
    What a scheduler makes for a request: an asynchronous iterator, and a context manager that frees its slot.

    Raises:
        OutOfTimeError: While iterating, if the request takes longer than the scheduler's `time_limit`.
        Exception: While iterating, what the iterator raised.
    """

    def __init__(self, scheduler: SpeechScheduler, make: Callable[[], Iterator[T]], seconds: Callable[[T], float]):
        self._scheduler = scheduler
        self._make = make
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[tuple[T | None, Exception | None]] = asyncio.Queue()
        self._arrival = time.monotonic()
        self._iterator: Iterator[T] | None = None
        self._is_made = False
        self._made = self._ahead = 0.0  # seconds of speech: all, and what has not been fetched
        self._work = 0.0  # seconds that it took

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        left = self._arrival + self._scheduler.time_limit - time.monotonic()
        try:
            item, error = await asyncio.wait_for(self._items.get(), left)
        except asyncio.TimeoutError:  # another class before Python 3.11
            raise OutOfTimeError("The request took too long: send a shorter text, or try again later.") from None
        if error is not None:
            raise error
        with self._scheduler._changed:
            self._ahead -= self._seconds(item)  # type: ignore[arg-type]
            self._scheduler._changed.notify()
        return item  # type: ignore[return-value]

    def __enter__(self) -> "SpeechJob[T]":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees the slot; what has not been made will not be."""
        scheduler = self._scheduler
        with scheduler._changed:
            if self in scheduler._jobs:
                scheduler._jobs.remove(self)
                scheduler._closed.append(self)
                scheduler._mean_work += 0.1 * (self._work - scheduler._mean_work)
                scheduler._changed.notify()

    def _advance(self) -> None:
        """Makes the next item. In the thread of the scheduler, as `_end`."""
        began = time.monotonic()
        item: T | None = None
        error: Exception | None = None
        seconds = 0.0
        try:
            if self._iterator is None:
                self._iterator = iter(self._make())
            item = next(self._iterator)
            seconds = self._seconds(item)
        except StopIteration:
            error = StopAsyncIteration()
        except Exception as raised:
            error = raised
        with self._scheduler._changed:
            self._work += time.monotonic() - began
            self._is_made = error is not None
            self._made += seconds
            self._ahead += seconds
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._items.put_nowait, (item, error))

    def _end(self) -> None:
        close = getattr(self._iterator, "close", None)
        try:
            if close is not None:
                close()
        except Exception as error:  # of one request, which the others are not to suffer from
            logger.warning(f"A request that was given up did not end in order: {error!r}")
