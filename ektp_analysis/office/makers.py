"""Files made aside: in a process of its own, so that whoever clicks elsewhere meanwhile is answered at once.

``submit`` gives a :class:`Making` to watch and to wait for; ``make`` waits. The processes are kept for the next file; one
that dies or takes too long is replaced, and who asked is told so in one sentence.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ektp_analysis.access import gate
from ektp_analysis.charts import drawing
from ektp_analysis.core import contract
from ektp_analysis.core.aside import Aside, Broken, Tell
from ektp_analysis.core.aside import serve as answering
from ektp_analysis.core.errors import EktpError, StoreError
from ektp_analysis.core.settings import Settings, settings
from ektp_analysis.core.text import T, Text
from ektp_analysis.office import papers, reports, stores
from ektp_analysis.planning.proposal import Plan
from ektp_analysis.report.deck import edited
from ektp_analysis.report.formats import format_of
from ektp_analysis.store.records import Edit

SECONDS = 120.0  # without a word from the process; a file takes two
MOST = 2  # processes at once; who comes later waits
MOST_WAITING = 20  # files that wait; two at once are twenty seconds
FULL = T("Too many files are being made at the moment. Nothing is lost; ask for yours again in half a minute.")
SCREEN = "screen"  # the deck itself with its pictures for the browser, in place of a file


@dataclass(frozen=True)
class Job:
    """What is to be made: the key of a format, of papers, or :data:`SCREEN`, of which area, day, language, with what a person
    made of the slides where the format has that, and as known when (None: now). ``plan``: of papers, the plan as JSON and the
    name of its scenario; ``acting``: what stands for whoever asks for it."""

    kind: str
    area: str
    on: date | None
    sample: bool
    lang: str
    edits: tuple[Edit, ...] = ()
    known_at: date | datetime | None = None
    plan: tuple[str, str] | None = None
    acting: str | None = field(default_factory=gate.reference)


@dataclass
class Making:
    """A file on its way. ``progress`` is the share that is done."""

    progress: float = 0.0
    _future: Future[Any] = field(default_factory=Future)

    @property
    def done(self) -> bool:
        """Whether it is there, or will never be."""
        return self._future.done()

    @property
    def error(self) -> Text | None:
        """Why it will never be; None while it is made and when it is there."""
        failed = self._future.exception() if self.done else None
        if failed is None:
            return None
        return (
            failed.message
            if isinstance(failed, EktpError)
            else T("The file could not be made ({kind}).", kind=type(failed).__name__)
        )

    def result(self) -> Any:
        """The bytes of the file; of :data:`SCREEN` the deck and its pictures (SVG) by key. Waits for it.

        Raises:
            UserError: there are no figures, or the logo is no picture.
            StoreError: the store or the machine failed, or the process ended.
        """
        return self._future.result()


class _Makers:
    """The processes at rest, and the threads that wait for those at work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resting: list[Aside] = []
        self._working: set[Aside] = set()
        self._settings: Settings | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._asked = 0  # files on their way

    def submit(self, job: Job) -> Making:
        making = Making()
        with self._lock:
            if self._asked >= MOST + MOST_WAITING:
                making._future.set_exception(StoreError(FULL))
                return making
            self._asked += 1
            self._threads = self._threads or ThreadPoolExecutor(MOST, thread_name_prefix="making")
            making._future = self._threads.submit(self._run, job, making)
        making._future.add_done_callback(self._ended)
        return making

    def _ended(self, _future: Future[Any]) -> None:
        with self._lock:
            self._asked -= 1

    def _run(self, job: Job, making: Making) -> Any:
        def told(share: float) -> None:
            making.progress = share

        maker = self._taken()
        try:
            return maker.ask(job, SECONDS, told)
        except Broken as error:
            raise StoreError(
                T(
                    "The file could not be made: the process that makes it stopped ({reason}). Nothing else is harmed; "
                    "ask for it again.",
                    reason=str(error),
                )
            ) from error
        except ValueError as error:  # a fault of the program over there; it stands ready for the next
            raise StoreError(T("The file could not be made ({kind}).", kind=str(error))) from error
        finally:
            with self._lock:
                self._working.discard(maker)
                self._resting.append(maker)

    def _taken(self) -> Aside:
        """A process at rest, or a new one. Those that were started under other settings are ended."""
        with self._lock:
            if self._settings != settings():
                self._settings = settings()
                for one in self._resting:
                    one.stop()
                self._resting.clear()
            maker = self._resting.pop() if self._resting else Aside(__name__)
            self._working.add(maker)
            return maker

    def stop(self) -> None:
        with self._lock:
            for one in (*self._resting, *self._working):
                one.stop()
            self._resting.clear()


_makers = _Makers()


def on_their_way() -> int:
    """How many files are being made or wait for it."""
    return _makers._asked


def submit(job: Job) -> Making:
    """Begin to make a file; returns at once. Where too many wait already, it will never be, and :attr:`Making.error` says so."""
    return _makers.submit(job)


def make(job: Job) -> Any:
    """Make a file and wait for it; as :meth:`Making.result`."""
    return submit(job).result()


def stop() -> None:
    """End all processes; what was being made breaks off. The next file starts a new one."""
    _makers.stop()


def serve() -> None:
    """The other side: one process that makes files."""
    contract.quick_texts()
    drawing.warm()
    answering(_answered)


def _answered(job: Job, tell: Tell) -> Any:
    """As :func:`_made`; a fault of the program ends the one file and not the process, which the next is waiting for."""
    try:
        return _made(job, tell)
    except (EktpError, MemoryError):
        raise
    except Exception as error:
        raise RuntimeError(type(error).__name__) from error


def _made(job: Job, tell: Tell) -> Any:
    tell(0.05)

    def told(done: int, of: int) -> None:
        tell(0.2 + 0.75 * done / max(of, 1))

    with gate.acting_as(job.acting):
        return _made_for(job, tell, told)


def _made_for(job: Job, tell: Tell, told: Callable[[int, int], None]) -> Any:
    if job.plan is not None:
        plan, name = job.plan
        now = stores.asked(sample=job.sample)
        return papers.made(now, job.kind, Plan.from_json(plan), name, job.lang, told=told)
    deck = reports.deck(stores.asked(sample=job.sample), job.area, on=job.on, known_at=job.known_at)
    tell(0.2)
    if job.kind == SCREEN:
        from ektp_analysis.report import pictures

        return deck, pictures.drawn(deck, job.lang)
    return reports.file(
        edited(deck, job.edits) if format_of(job.kind).edited and job.edits else deck, job.kind, job.lang, told=told
    )
