"""
Memory of a server that runs for weeks. What glibc's allocator has been given back it keeps, in holes between what is still in
use, and of these it has more the more threads there are: it grows for hours, to no use. Elsewhere this does nothing.
"""

import ctypes
import sys
import time

MAX_ARENAS = 2  # the thread that speaks, and all others
TRIM_SECONDS = 30.0
M_ARENA_MAX = -8


def limit_arenas() -> None:
    """Has threads that begin from now on share two arenas of memory: each keeps what its busiest moment took."""
    mallopt = _libc_function("mallopt")
    if mallopt is not None:
        mallopt(M_ARENA_MAX, MAX_ARENAS)


class MemoryTrimmer:
    """Gives free memory back to the system, at most twice a minute: it takes milliseconds, and the pages have to come again."""

    def __init__(self) -> None:
        self._trim = _libc_function("malloc_trim")
        self._latest = time.monotonic()

    def __call__(self) -> None:
        """Call this now and then."""
        if self._trim is not None and time.monotonic() - self._latest >= TRIM_SECONDS:
            self._trim(ctypes.c_size_t(0))
            self._latest = time.monotonic()


def _libc_function(name: str):
    """A function of glibc; `None` where there is another library, or none."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
