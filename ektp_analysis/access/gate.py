"""The one gate: who acts, and the store that they are handed. Nothing else opens a store.

Who acts is known by a reference, which is asked at each step what it stands for: the operator of the machine, a session of
somebody who logged in, or a person whom a proxy vouches for. Whoever lets a call in sets it (:func:`acting_as`); where nobody
did, one of the sources is asked (:func:`ask`), and else nobody acts. In local mode everyone who reaches the app is the machine's
user.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ektp_analysis.access.guard import refusal
from ektp_analysis.access.guarded import Guarded
from ektp_analysis.access.people import NOBODY, Grant, Known, Person, Role, everything, replay
from ektp_analysis.access.sight import ALL, NONE, Sight, sight_of
from ektp_analysis.core.area import NATION
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.store.store import Store
from ektp_analysis.store.troubles import NoStoreError

MOST_SESSIONS = 10_000  # that are remembered, also such as are none: whoever tries all day fills no memory
FRESH = 5.0  # seconds that a role is believed without asking the store anew; the issue allows a minute
OPERATOR, SYSTEM = "operator", "system"  # who runs a command on the machine; what the server does for itself
SESSION, PERSON = "session:", "person:"
READERS = "readers:"  # of an area: what the server makes ready for them rests on what they may see, and on no more
_ACTING: ContextVar[str | None] = ContextVar("acting", default=None)
_sources: list[Callable[[], str | None]] = []
_open: dict[tuple[str, bool], Store] = {}
_lock = threading.RLock()


def shared() -> bool:
    """Whether people log in."""
    return bool(settings().login)


@contextlib.contextmanager
def acting_as(reference: str | None) -> Iterator[None]:
    """Whoever this stands for acts, as long as it lasts."""
    before = _ACTING.set(reference)
    try:
        yield
    finally:
        _ACTING.reset(before)


def ask(source: Callable[[], str | None]) -> None:
    """Let a source be asked who acts, where nobody said so."""
    if source not in _sources:
        _sources.append(source)


def reference() -> str | None:
    """What stands for whoever acts: may be carried into another thread or process of the server, and nowhere else."""
    found = _ACTING.get()
    return found if found is not None else next((said for source in _sources if (said := source()) is not None), None)


def acting() -> Person:
    """Who acts now, with the roles of now. Nobody where nobody said so, and where the session has ended.

    Raises:
        StoreError: the store cannot be asked.
    """
    said = reference()
    if not shared():
        return everything(_user(), "local")
    if said in (OPERATOR, SYSTEM):
        return everything(_user(), "operator")
    if said is None:
        return NOBODY
    if said.startswith(READERS):
        return Person(_user(), _user(), (Grant(Role.READER, said.removeprefix(READERS)),), "operator")
    if said.startswith(SESSION):
        return _directory().by_session(said.removeprefix(SESSION))
    return _directory().by_key(said.removeprefix(PERSON), settings().login) if said.startswith(PERSON) else NOBODY


def who() -> str:
    """Who is recorded with what is done."""
    return (settings().uploader if not shared() else "") or acting().told


def need(role: Role, area: str = NATION) -> None:
    """See that whoever acts has a role in an area.

    Raises:
        NotAllowedError: not so.
    """
    if not (person := acting()).may(role, area):
        raise refusal(person, role, area)


def session_name(token: str) -> str:
    """What is kept of a session: nobody who reads the store can use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, as in some containers
        return "-"


@dataclass
class _Session:
    person: str
    way: str
    begun: datetime
    until: datetime | None
    ended: bool


@dataclass
class _Directory:
    """Who there is, as the store said at most :data:`FRESH` seconds ago."""

    store: Store
    token: str = ""
    asked: float = float("-inf")
    known: dict[str, Known] = field(default_factory=dict)
    sessions: dict[str, _Session | None] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def refresh(self) -> None:
        if time.monotonic() - self.asked < FRESH:
            return
        token = self.store.people_token()
        if token != self.token:
            self.known, self.sessions = replay(self.store.person_events()), {}
        self.token, self.asked = token, time.monotonic()

    def by_key(self, key: str, source: str) -> Person:
        with self.lock:
            self.refresh()
            found = self.known.get(key)
            return NOBODY if found is None else found.person(source)

    def by_session(self, name: str) -> Person:
        with self.lock:
            self.refresh()
            if name not in self.sessions:
                if len(self.sessions) >= MOST_SESSIONS:
                    self.sessions.clear()
                self.sessions[name] = self._session(name)
            found = self.sessions[name]
            if found is None or found.ended or (found.until is not None and found.until <= datetime.now(UTC)):
                return NOBODY
            known = self.known.get(found.person)
            if known is None or (known.since is not None and found.begun < known.since):
                return NOBODY
            return known.person(found.way)

    def _session(self, name: str) -> _Session | None:
        events = self.store.session_events(name)
        begun = next((one for one in events if one.event == "login"), None)
        if begun is None:
            return None
        return _Session(begun.person, begun.way, begun.at, begun.until, any(one.event == "logout" for one in events))


_directories: dict[int, _Directory] = {}


def _directory() -> _Directory:
    store = people_store()
    with _lock:
        found = _directories.get(id(store))
        if found is None or found.store is not store:
            _directories.clear()
            found = _directories[id(store)] = _Directory(store)
        return found


def people_store() -> Store:
    """The own store itself, for what the gate keeps in it: people and logins. For modules of this room alone.

    Raises:
        StoreError: there is none yet, or it cannot be opened.
    """
    try:
        return _raw(settings().store_url, create=False)
    except NoStoreError:
        raise
    except StoreError as unwritable:
        try:
            return _raw(settings().store_url, read_only=True, create=False)
        except StoreError:
            raise unwritable from None


def known_people(*, fresh: bool = True) -> dict[str, Known]:
    """Who there is, by key, as the store says now; without ``fresh`` as it said at most :data:`FRESH` seconds ago."""
    with (found := _directory()).lock:
        if fresh:
            forget()
        found.refresh()
        return dict(found.known)


def forget() -> None:
    """Ask the store anew at the next step, as something became of people here."""
    for one in tuple(_directories.values()):
        one.asked = float("-inf")


def _now() -> tuple[Person, Sight]:
    person = acting()
    return person, sight_of(person, sisters=settings().sisters == "totals")


def _now_sample() -> tuple[Person, Sight]:
    person = acting()
    return person, ALL if person.areas() else NONE


def sight() -> Sight:
    """What whoever acts may see."""
    return _now()[1]


def handed(store: Store, *, sample: bool = False) -> Guarded:
    """A store for whoever acts now."""
    now = _now_sample if sample else _now
    return Guarded(store, now()[1], now, recorded=shared())


def opened(
    url: str,
    *,
    read_only: bool = False,
    create: bool = True,
    written: Callable[[Guarded], None] | None = None,
    sample: bool = False,
) -> Guarded:
    """The store at an address, opened once in this process, for whoever acts now; as :meth:`Store.open`."""
    store = _raw(url, read_only=read_only, create=create)
    if written is not None:
        store.tell_to(lambda changed: written(handed(changed)))
    return handed(store, sample=sample)


def _raw(url: str, *, read_only: bool = False, create: bool = True) -> Store:
    key = (url, read_only)
    with _lock:
        if key in _open and not _open[key].is_there():
            _open.pop(key).close()
        if key not in _open:
            _open[key] = Store.open(url, read_only=read_only, zone=settings().zone, create=create)
        return _open[key]


def apart(url: str, *, read_only: bool = False, create: bool = True) -> Guarded:
    """A store that is opened for this call alone and is to be closed: one beside the office's own, or the own one anew."""
    return handed(Store.open(url, read_only=read_only, zone=settings().zone, create=create))


def stays_open(store: Guarded) -> bool:
    """Whether a store is one of those that are opened once."""
    with _lock:
        return any(store.is_the_one(one) for one in _open.values())


def let_go(url: str | None = None) -> None:
    """Close the store at an address, or all."""
    with _lock:
        for key in [key for key in _open if url in (None, key[0])]:
            _open.pop(key).close()
