"""What a server no longer needs goes back to the system."""

import os
from pathlib import Path

import pytest

from gpt2tts.serving import memory


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_free_memory_between_what_is_kept_goes_back(monkeypatch):
    if memory._libc_function("malloc_trim") is None:
        pytest.skip("only glibc keeps it")
    monkeypatch.setattr(memory, "TRIM_SECONDS", 0.0)
    trim = memory.MemoryTrimmer()
    blocks = [bytes([number % 256]) * 2000 for number in range(60_000)]  # 115 MiB, of malloc's own
    kept = blocks[::100]  # so that the heap cannot shrink
    full = resident_mib()
    del blocks
    trim()
    assert full - resident_mib() > 50
    assert len(kept) == 600


def test_it_is_not_asked_for_at_every_request(monkeypatch):
    calls = []
    monkeypatch.setattr(memory, "_libc_function", lambda name: calls.append)
    trim = memory.MemoryTrimmer()
    for _ in range(5):
        trim()
    assert not calls
    trim._latest -= memory.TRIM_SECONDS
    for _ in range(5):
        trim()
    assert len(calls) == 1


def test_elsewhere_nothing_happens(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "win32")
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: pytest.fail("there is no such library"))
    memory.limit_arenas()
    memory.MemoryTrimmer()()
