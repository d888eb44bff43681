"""Who came in, who left, who failed to: kept in the trail. Failed tries are counted, so that whoever tries all day fills no disk.

A session is a row of its login: whoever has its token is that person until it ends by itself, is left, the password changes, or
the person is withdrawn. The token is in the browser alone; the row has its hash.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter, OrderedDict
from datetime import UTC, datetime, timedelta

from ektp_analysis.access import gate
from ektp_analysis.access.people import Known, Role
from ektp_analysis.store.persons import LoginEvent

LASTS = timedelta(hours=12)  # a working day, after which one logs in again
MOST_BEGUN = 10_000  # sessions of which this process remembers that the trail was told
TOLD_EVERY = 60.0  # seconds between two rows about failed tries


class _Failures:
    """Failed tries that no row tells of yet, by the person whose name was tried; '' for names that nobody has."""

    def __init__(self) -> None:
        self._lock, self._counted, self._told = threading.Lock(), Counter[tuple[str, str]](), float("-inf")

    def add(self, person: str, way: str) -> None:
        with self._lock:
            self._counted[person, way] += 1

    def taken(self, *, now: bool) -> Counter[tuple[str, str]]:
        with self._lock:
            if not now and time.monotonic() - self._told < TOLD_EVERY:
                return Counter()
            found, self._counted, self._told = self._counted, Counter(), time.monotonic()
            return found


_failures = _Failures()
_begun: OrderedDict[str, None] = OrderedDict()


def begin(known: Known, way: str) -> str:
    """Let a person in; gives the token of the session."""
    token = secrets.token_urlsafe(32)
    _begin(known, way, gate.session_name(token), datetime.now(UTC) + LASTS)
    return token


def begin_once(known: Known, way: str, token: str, until: datetime) -> None:
    """The same for a session whose token somebody else made; told at the first sight of it. One that was left stays so."""
    name = gate.session_name(token)
    if name not in _begun:
        _begin(known, way, name, until)
        _begun[name] = None
        while len(_begun) > MOST_BEGUN:
            _begun.popitem(last=False)


def _begin(known: Known, way: str, session: str, until: datetime | None) -> None:
    tell_failures()
    gate.people_store().add_login_event(LoginEvent(known.key, "login", way, datetime.now(UTC), session, until))
    gate.forget()


def end(token: str) -> None:
    """End the session of a token; whoever has the token is nobody from now on."""
    name = gate.session_name(token)
    begun = next((one for one in gate.people_store().session_events(name) if one.event == "login"), None)
    if begun is not None:
        gate.people_store().add_login_event(LoginEvent(begun.person, "logout", begun.way, datetime.now(UTC), name))
        gate.forget()


def failed(person: str, way: str) -> None:
    """Count a try that failed; ``person`` is '' where nobody has the name that was tried: it may be a password typed in the wrong
    place, so it is not kept."""
    _failures.add(person, way)
    tell_failures(now=False)


def tell_failures(*, now: bool = True) -> None:
    """Tell the trail of the failed tries since the last time; without ``now`` only once in :data:`TOLD_EVERY` seconds."""
    for (person, way), count in sorted(_failures.taken(now=now).items()):
        gate.people_store().add_login_event(LoginEvent(person, "failed", way, datetime.now(UTC), n=count))


def latest(most: int) -> list[LoginEvent]:
    """The latest logins, the last first; for whoever may do everything. Raises NotAllowedError."""
    gate.need(Role.ADMIN)
    return gate.people_store().login_events(most)
