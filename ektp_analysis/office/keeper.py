"""What a server makes ready beside its readers: rollups of figures that changed, and the answers for maps of thousands of areas.

A thread of the server looks every few seconds whether anything changed, also by a command or another server. What takes long is
made by a process aside that gives way to all others and ends when all is there. Nothing is lost where it is broken off: what is
missing is found again at the next look, and meanwhile who asks makes it, or is told that it is awaited. Where offices are few,
what pages show of one whose figures changed is made in the server itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Collection
from typing import Any

from ektp_analysis.access import gate
from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, Level, level_of
from ektp_analysis.core.aside import Aside, Broken, Tell
from ektp_analysis.core.aside import serve as answering
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import Target
from ektp_analysis.office import foreseeing, held, stores
from ektp_analysis.office.stores import Office
from ektp_analysis.store.foreseen import MOST_TARGETS

EVERY = 5.0  # seconds between two looks: the last entry of the trail and the aims
SOON = 1.0  # where offices are few: their readers look next, and what changed is made ready in the server itself
AGAIN = 60.0  # seconds until what failed is tried again
LEAST = 20  # kabupaten with figures from which on answers are kept: for fewer a reader waits a second or two
SECONDS = 900.0  # without a word from the process aside: a provinsi's largest part takes ten
GIVING_WAY = 10  # of 19: how much the process lets all others go first


class _Keeper:
    """The thread that looks, and the process that makes."""

    def __init__(self) -> None:
        self._lock, self._wake, self._ending = threading.Lock(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._aside: Aside | None = None
        self._wanted: dict[Target, None] = {}
        self._awaited = False
        self._done: object = None
        self._few = False
        self._changed: Callable[[Collection[str]], None] = lambda _places: None
        self._states: dict[str, str] = {}

    def begin(self, changed: Callable[[Collection[str]], None] | None = None) -> None:
        with self._lock:
            if self._thread is None:
                self._changed, self._states = changed or self._changed, {}
                self._ending.clear()
                held.on_change(self._hear)
                self._thread = threading.Thread(target=self._run, daemon=True, name="keeper")
                self._thread.start()

    def end(self) -> None:
        with self._lock:
            thread, self._thread = self._thread, None
            self._ending.set()
            self._wake.set()
            if self._aside is not None:
                self._aside.stop()
        if thread is not None:
            thread.join()

    def want(self, target: Target) -> None:
        with self._lock:
            self._awaited = True
            self._wanted[target] = None
            while len(self._wanted) > MOST_TARGETS - 2:  # beside those of the nation and of a provinsi
                del self._wanted[next(iter(self._wanted))]
        self._wake.set()

    def _hear(self) -> None:
        """This process has taken in a file: whoever sent it looks at it next."""
        if self._few:
            self._wake.set()

    def _run(self) -> None:
        pause = 0.0
        while not self._ending.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            pause = EVERY
            if self._ending.is_set():
                break
            try:
                self.look()
                pause = SOON if self._few else EVERY
            except (EktpError, Broken) as error:
                pause = AGAIN
                if not self._ending.is_set():
                    logging.getLogger("ektp_analysis").warning("nothing kept ready: %s", type(error).__name__)

    def look(self) -> None:
        """Make what is missing, if anything changed since all was there."""
        with gate.acting_as(gate.SYSTEM):
            now = stores.own()
            if not now.store.keeps_rollups or now.store.read_only:
                return
            state = (now.url, now.token, tuple(now.store.aims()), settings().day)
            with self._lock:
                awaited, wanted, self._awaited = self._awaited, tuple(self._wanted), False
            if state == self._done and not awaited:
                return
            places = now.store.places()
            self._few = len(places) < LEAST
            if self._few and not awaited:
                now.store.keep_up()
                self._tell(now, places)
            else:
                self._make(now, wanted)
            self._done = state

    def _tell(self, now: Office, places: Collection[str]) -> None:
        """Say in which kabupaten figures changed since the last look."""
        offices = [place for place in places if level_of(place) is Level.KABUPATEN]
        before, self._states = self._states, {place: now.store.token(place) for place in offices}
        changed = [place for place, state in self._states.items() if before.get(place) != state]
        if before and changed:
            self._changed(changed)

    def _make(self, now: Office, wanted: tuple[Target, ...]) -> None:
        with self._lock:
            if self._ending.is_set():
                return
            process = self._aside = Aside(__name__)
        try:
            provinces = foreseeing.provinces(now)
            for provinsi in provinces:  # first, for every page asks for them
                process.ask((provinsi, None, ()), SECONDS)
            nation = foreseeing.open_target(now, NATION)
            for provinsi in provinces:
                process.ask((provinsi, nation, wanted), SECONDS)
        finally:
            with self._lock:
                self._aside = None
            process.stop()


_keeper = _Keeper()


def begin(changed: Callable[[Collection[str]], None] | None = None) -> None:
    """Look from now on, in a thread; where nothing is kept it does nothing. ``changed`` is told of kabupaten whose figures
    changed since the look before, where they are few."""
    _keeper.begin(changed)


def end() -> None:
    """Look no more; what was being made breaks off."""
    _keeper.end()


def want(target: Target) -> None:
    """Somebody waits for answers about this target, which may be none of those that are kept anyway."""
    _keeper.want(target)


def serve() -> None:
    """The other side: one process that makes what is missing in a provinsi."""
    contract.quick_texts()
    with contextlib.suppress(OSError, AttributeError):  # not on Windows
        os.nice(GIVING_WAY)
    answering(_answered)


def _answered(request: tuple[str, Target | None, tuple[Target, ...]], tell: Tell) -> Any:
    """How many parts of a provinsi were made; without a target, its rollups alone. A fault of the program ends this one alone."""
    provinsi, nation, wanted = request
    try:
        with gate.acting_as(gate.SYSTEM):
            now = stores.own()
            if nation is None:
                now.store.keep_up(provinsi)
                return 0
            made = []
            for part in foreseeing.bring_up(now, provinsi, nation, wanted):
                made.append(part)
                tell(part)
            return len(made)
    except EktpError:
        raise
    except Exception as error:
        raise RuntimeError(type(error).__name__) from error
