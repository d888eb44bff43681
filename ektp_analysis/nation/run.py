"""Parts made one after the other here, or side by side on processes of this machine or a Dask cluster; kept part by part.

What is kept of a run that was broken off is not made again, as long as it would come out the same. Parts are handed on in their
order, whoever was faster.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from ektp_analysis.core.errors import EktpError, StoreError, UserError
from ektp_analysis.core.text import T
from ektp_analysis.nation.each import Made, Seen, Work, seen

AHEAD = 4  # parts a worker has been handed before those in front are done, at most
RETRIES = 2  # times that a part is tried on another worker where one ended
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)
LARGEST_HELD = 32 << 20  # bytes: where the GNU libc ends up by itself
MOST_SENT = "1GiB"  # of parts that are handed on, before Dask warns
PATIENCE = timedelta(seconds=30)  # for a scheduler and its first worker to answer
Told = Callable[[int, int, int], None]  # parts that are there, all, and how many of them were kept already


@dataclass(frozen=True)
class Crew:
    """Who works: so many processes of this machine (1: this one), or the cluster at an address."""

    workers: int = 1
    scheduler: str = ""

    @classmethod
    def usual(cls, parts: int) -> Crew:
        """A process a core, and no more than there are parts."""
        return cls(max(min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, parts), 1))


class Future(Protocol):
    """A part on its way."""

    def result(self) -> Made:
        """Waits for it."""


@dataclass(frozen=True)
class Run:
    """A run: how each of ``parts`` is made of what is ``asked``, and the folder in which what is made is kept meanwhile.

    ``sees``: what a worker says that it sees, which must be what this process sees. ``of``: what a worker is handed of a part in
    place of what is asked, where it cannot read the part for itself.
    """

    work: Work
    asked: Any
    parts: Sequence[str]
    folder: Path
    sees: Callable[[Any], Seen] = seen
    of: Callable[[str], Any] | None = None

    def made(self, crew: Crew, told: Told | None = None) -> Iterator[tuple[str, bytes]]:
        """Each part and its bytes, in the order of the parts.

        Raises:
            UserError: a part cannot be made; those that are there are kept.
            StoreError: the store, a process, the cluster or the folder failed; likewise.
        """
        kept = 0
        with _hands(crew, self) as hand:
            waiting: list[tuple[str, Any]] = []
            left = iter(self.parts)
            ahead = max(crew.workers, 1) * AHEAD if not crew.scheduler else hand.width * AHEAD
            for done in range(len(self.parts)):
                while len(waiting) < ahead and (part := next(left, None)) is not None:
                    asked = self.asked if self.of is None else self.of(part)
                    waiting.append((part, hand.submit(self.work, part, asked, self._key(part))))
                part, future = waiting.pop(0)
                made = self._waited(part, future, done)
                kept += made.data is None
                yield part, self._read(part) if made.data is None else self._keep(part, made.key, made.data)
                if told is not None:
                    told(done + 1, len(self.parts), kept)

    def clear(self) -> None:
        """Take away what is kept: the whole is there."""
        with contextlib.suppress(OSError):
            for one in self.folder.iterdir():
                one.unlink()
            self.folder.rmdir()

    def _waited(self, part: str, future: Future, done: int) -> Made:
        try:
            return future.result()
        except EktpError as error:
            kind = UserError if isinstance(error, UserError) else StoreError
            raise kind(
                T(
                    "{part}: {why} {n} of {all} parts are made and kept; the same command goes on there.",
                    part=part,
                    why=error.message,
                    n=done,
                    all=len(self.parts),
                )
            ) from error
        except (OSError, RuntimeError) as error:  # of Dask: a worker that ended again and again, a scheduler that went away
            raise StoreError(
                T(
                    "{part} could not be made ({kind}). {n} of {all} parts are made and kept; the same command goes on there.",
                    part=part,
                    kind=type(error).__name__,
                    n=done,
                    all=len(self.parts),
                )
            ) from error

    def _path(self, part: str) -> Path:
        return self.folder / f"{part}.part"

    def _key(self, part: str) -> str:
        """The key of what is kept of a part; '' where nothing is."""
        try:
            with self._path(part).open("rb") as file:
                return file.readline().decode("ascii", "replace").strip()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._failed(error) from error

    def _read(self, part: str) -> bytes:
        try:
            return self._path(part).read_bytes().partition(b"\n")[2]
        except OSError as error:
            raise self._failed(error) from error

    def _keep(self, part: str, key: str, data: bytes) -> bytes:
        if len(self.parts) == 1:  # nothing would go on after it
            return data
        partial = self._path(part).with_suffix(".half")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(key.encode("ascii") + b"\n" + data)
            partial.replace(self._path(part))
        except OSError as error:
            raise self._failed(error) from error
        return data

    def _failed(self, error: OSError) -> StoreError:
        return StoreError(
            T("{file} cannot be written: {reason}.", file=str(self.folder), reason=error.strerror or type(error).__name__)
        )


class _Done:
    """A part that is made when it is waited for, in this process."""

    def __init__(self, work: Work, part: str, asked: Any, key: str) -> None:
        self._of = work, part, asked, key

    def result(self) -> Made:
        work, part, asked, key = self._of
        return work(part, asked, key)


class _Here:
    """This process."""

    width = 1

    def submit(self, work: Work, part: str, asked: Any, key: str) -> Future:
        return _Done(work, part, asked, key)


class _Cluster:
    """The workers of a Dask scheduler."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.width = max(sum(client.nthreads().values()), 1)

    def submit(self, work: Work, part: str, asked: Any, key: str) -> Future:
        made: Future = self._client.submit(_by_worker, work, part, asked, key, pure=False, retries=RETRIES)
        return made


def _by_worker(work: Work, part: str, asked: Any, key: str) -> Made:
    """A part, made by a process that Dask started."""
    _hold_memory()
    return work(part, asked, key)


@lru_cache(maxsize=1)
def _hold_memory() -> None:
    """Let this process keep memory that it frees, as it does where Dask has not started it.

    Dask's workers give back every 64 kB at once, and from then on the system hands out each larger array anew, page by page:
    answers took half as long again, and two processes were no faster than one.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):  # another libc than GNU's has no such thing, and does not need it
        change = ctypes.CDLL(None).mallopt
        change(M_MMAP_THRESHOLD, LARGEST_HELD)
        change(M_TRIM_THRESHOLD, 2 * LARGEST_HELD)


@contextlib.contextmanager
def _hands(crew: Crew, run: Run) -> Iterator[Any]:
    """Who makes the parts."""
    count = len(run.parts)
    if not crew.scheduler and min(crew.workers, count) == 1:
        yield _Here()
        return
    import dask
    import distributed  # a second that only many parts are worth
    from distributed.security import Security

    logging.getLogger("distributed").setLevel(logging.ERROR)
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": MOST_SENT}))
        try:
            if crew.scheduler:
                client = stack.enter_context(distributed.Client(crew.scheduler, timeout=PATIENCE.total_seconds()))
            else:
                stack.enter_context(dask.config.set({"distributed.worker.multiprocessing-method": _method()}))
                context = distributed.utils.get_mp_context()  # with Dask's own list of what is read ahead
                if context.get_start_method() == "forkserver":
                    context.set_forkserver_preload(["distributed.nanny", run.work.__module__])
                cluster = stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=min(crew.workers, count),
                        threads_per_worker=1,
                        host="127.0.0.1",
                        dashboard_address=None,
                        security=Security.temporary(),  # others on this machine could hand it work
                        silence_logs=logging.CRITICAL,
                    )
                )
                client = stack.enter_context(distributed.Client(cluster))
            client.wait_for_workers(1, timeout=PATIENCE.total_seconds())
        except (OSError, ValueError, TimeoutError) as error:
            raise StoreError(
                T(
                    "No Dask scheduler with a worker answers at {address} ({kind}). Start both, or leave --scheduler out.",
                    address=crew.scheduler or "127.0.0.1",
                    kind=type(error).__name__,
                )
            ) from error
        _agree(client, run, crew)
        yield _Cluster(client)


def _method() -> str:
    """How workers start: forked from one process that has read what they need, where the machine can do that."""
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def _agree(client: Any, run: Run, crew: Crew) -> None:
    """See that every worker has this program and sees the same."""
    here = run.sees(run.asked)
    try:
        there: dict[str, Seen] = client.run(run.sees, run.asked)
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
