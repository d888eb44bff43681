"""Who makes the parts: this process, processes of this machine, or the workers of a Dask cluster.

A worker of Dask has a thread for messages beside the one that works, and both share one interpreter: whatever the first does by
the clock (a look at the stack each 10 ms, a tick each 20 ms) stops the second: a fifth of the work again. While a part is made it
is done seldom.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from multiprocessing import forkserver
from typing import Any, Protocol

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T
from ektp_analysis.nation.each import Made, Seen, Sees, Work

RETRIES = 2  # times that a part is tried on another worker where one ended
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)
LARGEST_HELD = 32 << 20  # bytes: where the GNU libc ends up by itself
SWITCH = timedelta(milliseconds=100)  # for which the thread that works is left alone by the one for messages
PATIENCE = timedelta(seconds=30)  # for a scheduler and its first worker to answer
SELDOM = timedelta(seconds=1)  # between two of what a worker does by the clock while it makes a part
CLOCKS = ("profile", "profile-cycle", "tick", "ticks", "monitor", "memory_monitor")  # of a worker of Dask
CALM = {  # of a cluster on this machine
    "distributed.admin.large-graph-warning-threshold": "1GiB",  # of parts that are handed on
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.worker.profile.enabled": False,
}


@dataclass(frozen=True)
class Crew:
    """Who works: so many processes of this machine (1: this one), or the cluster at an address."""

    workers: int = 1
    scheduler: str = ""

    @classmethod
    def usual(cls, parts: int) -> Crew:
        """A process a core, and no more than there are parts."""
        return cls(max(min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, parts), 1))


class Gone(Exception):
    """Nobody makes the part any more; why, in a technical word."""


class Future(Protocol):
    """A part on its way."""

    def result(self) -> Made:
        """Waits for it.

        Raises:
            Gone: who made it went away.
        """


class Hands(Protocol):
    """Those who make parts."""

    @property
    def width(self) -> int:
        """Parts that are made at the same time."""

    def submit(self, work: Work, part: str, asked: Any, key: str) -> None:
        """Hand them a part. Raises Gone where they went away."""

    def finished(self) -> tuple[str, Future]:
        """The next part that is made, of those that were handed; waits for it."""


@dataclass(frozen=True)
class _Done:
    """A part that is made when it is asked for, in this process."""

    of: tuple[Work, str, Any, str]

    def result(self) -> Made:
        work, part, asked, key = self.of
        return work(part, asked, key)


class _Here:
    """This process."""

    width = 1

    def __init__(self) -> None:
        self._waiting: deque[_Done] = deque()

    def submit(self, work: Work, part: str, asked: Any, key: str) -> None:
        self._waiting.append(_Done((work, part, asked, key)))

    def finished(self) -> tuple[str, Future]:
        done = self._waiting.popleft()
        return done.of[1], done


class _Cluster:
    """The workers of a Dask scheduler."""

    def __init__(self, client: Any, completed: Any) -> None:
        self._client, self._completed = client, completed
        self._parts: dict[str, str] = {}
        self._width = 1

    @property
    def width(self) -> int:
        with contextlib.suppress(OSError, RuntimeError):  # of a scheduler that went away: what it was handed says so
            self._width = max(sum(self._client.nthreads().values()), 1)
        return self._width

    def submit(self, work: Work, part: str, asked: Any, key: str) -> None:
        with _reached():
            future = self._client.submit(_by_worker, work, part, asked, key, pure=False, retries=RETRIES)
        self._parts[future.key] = part
        self._completed.add(future)

    def finished(self) -> tuple[str, Future]:
        future: Any = next(self._completed)
        return self._parts.pop(future.key), _Far(future)


@dataclass(frozen=True)
class _Far:
    """A part that a worker of Dask made, or that was given up there."""

    of: Any

    def result(self) -> Made:
        with _reached():
            made: Made = self.of.result()
        return made


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """What Dask raises where the scheduler went away, or each worker that tried a part ended, is :class:`Gone`."""
    from distributed import KilledWorker
    from distributed.client import ClosedClientError

    try:
        yield
    except (CancelledError, ClosedClientError, KilledWorker) as error:
        raise Gone(type(error).__name__) from error


def _by_worker(work: Work, part: str, asked: Any, key: str) -> Made:
    """A part, made by a process that Dask started."""
    _settle()
    with _left_alone():
        return work(part, asked, key)


@contextlib.contextmanager
def _left_alone() -> Iterator[None]:
    """Let the worker do seldom what it does by the clock, for as long as a part is made."""
    clocks = _clocks()
    for clock, usual in clocks:
        clock.callback_time = max(usual, SELDOM / timedelta(milliseconds=1))
    try:
        yield
    finally:
        for clock, usual in clocks:
            clock.callback_time = usual


@lru_cache(maxsize=1)
def _clocks() -> list[tuple[Any, float]]:
    """What the worker of this process does by the clock, each with its usual milliseconds."""
    from distributed import get_worker

    known = get_worker().periodic_callbacks
    return [(known[name], known[name].callback_time) for name in CLOCKS if name in known]


@lru_cache(maxsize=1)
def _settle() -> None:
    """Let the thread that works in this process be interrupted seldom, and keep the memory that it frees, as it does where Dask
    has not started it.

    Dask's workers give back every 64 kB at once, and from then on the system hands out each larger array anew, page by page:
    answers took half as long again, and two processes were no faster than one.
    """
    sys.setswitchinterval(SWITCH.total_seconds())
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):  # another libc than GNU's has no such thing, and does not need it
        change = ctypes.CDLL(None).mallopt
        change(M_MMAP_THRESHOLD, LARGEST_HELD)
        change(M_TRIM_THRESHOLD, 2 * LARGEST_HELD)


@contextlib.contextmanager
def hands(crew: Crew, parts: int, work: Work, sees: Sees, asked: Any) -> Iterator[Hands]:
    """Those who make so many ``parts`` by this ``work``, once each of them ``sees`` what this process does.

    Raises:
        StoreError: no scheduler or worker answers, or a worker cannot read the store.
        UserError: a worker has another version of the program, or sees another store.
    """
    if not crew.scheduler and min(crew.workers, parts) == 1:
        yield _Here()
        return
    if not crew.scheduler:
        _begin_reading(work)
    import dask
    import distributed  # a second that only many parts are worth
    from distributed.security import Security

    for name in ("distributed", "distributed.client"):  # what it writes below that are lines of its code
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set({**CALM, "distributed.worker.multiprocessing-method": _method()}))
        try:
            if crew.scheduler:
                client = stack.enter_context(distributed.Client(crew.scheduler, timeout=PATIENCE.total_seconds()))
            else:
                cluster = stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=min(crew.workers, parts),
                        threads_per_worker=1,
                        host="127.0.0.1",
                        dashboard_address=None,
                        security=Security.temporary(),  # others on this machine could hand it work
                        silence_logs=logging.CRITICAL,
                    )
                )
                client = stack.enter_context(distributed.Client(cluster))
            client.wait_for_workers(1, timeout=PATIENCE.total_seconds())
        except (OSError, RuntimeError, ValueError, TimeoutError) as error:  # RuntimeError: a process does not start
            raise StoreError(
                T(
                    "No Dask scheduler with a worker answers at {address} ({kind}). Start both, or leave --scheduler out.",
                    address=crew.scheduler or "127.0.0.1",
                    kind=type(error).__name__,
                )
            ) from error
        _agree(client, sees, asked, crew)
        yield _Cluster(client, distributed.as_completed(loop=client.loop))


def _method() -> str:
    """How workers start: forked from one process that has read what they need, where the machine can do that."""
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def _begin_reading(work: Work) -> None:
    """Let the process from which workers are forked read what they need while this one reads Dask."""
    if _method() == "forkserver":
        forkserver.set_forkserver_preload(["distributed.nanny", work.__module__])
        forkserver.ensure_running()


def _agree(client: Any, sees: Sees, asked: Any, crew: Crew) -> None:
    """See that every worker has this program and sees the same."""
    here = sees(asked)
    try:
        there: dict[str, Seen] = client.run(sees, asked)
    except Exception as error:  # whatever a worker of another program or machine answers
        raise StoreError(
            T(
                "A worker cannot read the store ({kind}). Each worker needs this program and its settings, EKTP_DATABASE_URL "
                "above all.",
                kind=type(error).__name__,
            )
        ) from error
    for address, one in sorted(there.items()):
        if one != here:
            raise UserError(
                T(
                    "The worker {address} sees another store or version of the program ({there}; here {here}). Give all workers "
                    "the same.",
                    address=address if crew.scheduler else "",
                    there=f"{one.version} {one.trail}",
                    here=f"{here.version} {here.trail}",
                )
            )
