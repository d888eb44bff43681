"""Work that can wait gives way, within a process, to what somebody is waiting for.

Of the threads of a process one reckons at a time, so what is made ready beforehand takes its time from the pages that are being
made, unless it stands back for them. Where one of these does not get on, as it may be waiting for that very work, nobody does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

LOOK = 0.01  # seconds between two looks at whether pages get on
SPELL = 0.02  # seconds for which a thread reckons before it looks again

_lock = threading.Lock()
_awaited: dict[int, int] = {}  # the threads that make what somebody waits for, and how often each says so


@dataclass
class _Patience:
    """The seconds for which a thread stands back yet, and the processor time at which it looks again."""

    left: float
    looks_at: float = 0.0


_patience: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@contextmanager
def awaited() -> Iterator[None]:
    """Within, somebody is waiting for what this thread makes."""
    mine = threading.get_ident()
    with _lock:
        _awaited[mine] = _awaited.get(mine, 0) + 1
    try:
        yield
    finally:
        with _lock:
            _awaited[mine] -= 1
            if not _awaited[mine]:
                del _awaited[mine]


@contextmanager
def giving_way(seconds: float) -> Iterator[None]:
    """Within, this thread stands back at each :func:`give_way` while pages get on; altogether for so many seconds, so that it
    comes to its end on the busiest day as well."""
    before = _patience.set(_Patience(seconds) if seconds else None)
    try:
        yield
    finally:
        _patience.reset(before)


def give_way() -> None:
    """A point at which this thread may stand back."""
    mine = _patience.get()
    if mine is None or time.thread_time() < mine.looks_at:
        return
    while mine.left > 0 and _get_on():
        mine.left -= LOOK
    mine.looks_at = time.thread_time() + SPELL


def wait_for_quiet(seconds: float) -> None:
    """Wait until nobody waits for anything; so many seconds at most."""
    end = time.monotonic() + seconds
    while _awaited and time.monotonic() < end:
        time.sleep(LOOK)


def _get_on() -> bool:
    """Whether there are threads that somebody waits for, and all of them have reckoned while this one looked."""
    before = _spent()
    if not before:
        return False
    time.sleep(LOOK)
    after = _spent()
    return all(after[thread] > seconds for thread, seconds in before.items() if thread in after)


def _spent() -> dict[int, float]:
    """The processor time of each thread that somebody waits for, in seconds; of none where the system does not tell."""
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    if clock_of is None:  # not on Windows
        return {}
    with _lock:  # a thread that has ended must not be asked for
        return {thread: time.clock_gettime(clock_of(thread)) for thread in _awaited}
