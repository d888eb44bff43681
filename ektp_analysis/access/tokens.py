"""Tokens: what a program shows instead of logging in. Whoever has one may do what was granted to it, and nothing else.

A token is shown once, when it is made; kept is its hash, as that of a session which ends on a day or when it is withdrawn.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ektp_analysis.access import audit, gate, outsiders
from ektp_analysis.access.counted import Counted, name_of
from ektp_analysis.access.guard import refusal
from ektp_analysis.access.outsiders import Kind
from ektp_analysis.access.people import Known, Person, Role, key_of
from ektp_analysis.core.area import NATION
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import T
from ektp_analysis.store.persons import LoginEvent, Persons

WAY = "token"
BASE = "/api/v1"  # of the addresses that take one
START = "ektp_"  # so that one that stands where it should not is found
BYTES = 32  # of chance in a token: nobody guesses one
MOST_YEARS = 3  # that one made today may last; without a day it ends after LASTS
LASTS = timedelta(days=366)
_FORM = re.compile(rf"{START}[\w-]{{43}}")
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


@dataclass(frozen=True)
class Rate:
    """How many requests a minute one token may make; those of one minute may come at once."""

    a_minute: int

    @property
    def a_second(self) -> float:
        """The same in a second."""
        return self.a_minute / 60.0


# An office's own system asks for a few hundred areas a night, and looks again every some seconds where it shows something live.
RATES = {"read": Rate(300), "costly": Rate(30), "upload": Rate(30)}


@dataclass(frozen=True)
class Token:
    """What is kept of a token. ``until``: when it ends by itself (UTC); None where it never came to be."""

    known: Known
    made: datetime | None
    until: datetime | None

    @property
    def name(self) -> str:
        """As it was called when it was made."""
        return self.known.key.removeprefix(f"{Kind.TOKEN}:")

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return not self.known.withdrawn and self.until is not None and now < self.until


def add(name: str, role: Role, area: str, until: date | None = None) -> tuple[str, Token]:
    """Make a token; gives it, which nothing can do again, and what is kept of it.

    Args:
        until: its last day, in the zone of the installation; without it a year.

    Raises:
        UserError: one of this name holds; a day that is past or too far off; as :func:`outsiders.add`.
        NotAllowedError: whoever acts does not look after the area.
    """
    now, zone = datetime.now(UTC), settings().zone
    last = until or (now + LASTS).astimezone(zone).date()
    if not now.astimezone(zone).date() <= last <= (now + MOST_YEARS * LASTS).astimezone(zone).date():
        raise UserError(
            T("A token ends on a day from today on, at most {n} years ahead; {day} is not one.", n=MOST_YEARS, day=last)
        )
    found = _all().get(key_of(name))
    if found is not None and found.holds(now):
        raise UserError(T("There is a token called {name} already; withdraw it, or choose another name.", name=found.name))
    made = START + secrets.token_urlsafe(BYTES)
    session = gate.session_name(made)
    known = outsiders.add(Kind.TOKEN, name, session, {area: role})
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    gate.people_store().add_login_event(LoginEvent(known.key, "login", WAY, now, session, end))
    gate.forget()
    return made, _all()[key_of(name)]


def listed() -> list[Token]:
    """The tokens in areas that whoever acts looks after, by name; also those that hold no more. Raises NotAllowedError."""
    if not (person := gate.acting()).areas(Role.ADMIN):
        raise refusal(person, Role.ADMIN, NATION)
    return [one for _, one in sorted(_all().items()) if outsiders.may_change(one.known)]


def withdraw(name: str) -> Token:
    """Let a token open nothing more, within :data:`gate.FRESH` seconds. Raises UserError, NotAllowedError."""
    outsiders.withdraw(Kind.TOKEN, name)
    gate.forget()
    return _all()[key_of(name)]


def _all() -> dict[str, Token]:
    found = {}
    for name, known in outsiders.known(Kind.TOKEN).items():
        begun = next((one for one in gate.people_store().session_events(known.identity) if one.event == "login"), None)
        found[name] = Token(known, None, None) if begun is None else Token(known, begun.at, begun.until)
    return found


def bearer(authorization: str) -> str | None:
    """The token in a header ``Authorization: Bearer ...``; '' where another thing stands there, None where nothing does."""
    if not authorization.strip():
        return None
    said = _BEARER.fullmatch(authorization.strip())
    return said[1] if said is not None and _FORM.fullmatch(said[1]) else ""


def reference(token: str) -> str:
    """What stands for a token in :func:`gate.acting_as`; '' where it holds not, or is none. Failed tries are counted.

    Raises:
        StoreError: the store cannot be asked.
    """
    if _FORM.fullmatch(token):
        said = gate.SESSION + gate.session_name(token)
        with gate.acting_as(said):
            if is_one(gate.acting()):
                return said
    audit.failed("", WAY)
    return ""


def is_one(person: Person) -> bool:
    """Whether who acts came in by a token."""
    return person.source == WAY


def of_command() -> str:
    """Who acts where a command is run: the token of the setting EKTP_TOKEN, else the operator of the machine.

    Raises:
        UserError: the token opens nothing, or people do not log in here.
    """
    token = settings().token
    if not token:
        return gate.OPERATOR
    if not gate.shared():
        raise UserError(T("EKTP_TOKEN counts where people log in; set EKTP_LOGIN, or leave the token out."))
    if not (said := reference(token)):
        raise UserError(T("The token in EKTP_TOKEN opens nothing: it is not one of this server, has ended, or was withdrawn."))
    return said


class Pace:
    """How often each visitor asked in the last minute, by kind of request. ``clock`` and ``store``: as of :class:`Counted`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, store: Callable[[], Persons] | None = None) -> None:
        self._counted = Counted(clock, store)

    def wait(self, visitor: str, kind: str) -> float:
        """Count a request; seconds until there may be one where this is too many, and it does not count; else 0.

        Raises:
            StoreError: it cannot be counted.
        """
        name, rate = name_of(kind, visitor), RATES[kind]
        with self._counted.step(name) as counts:
            left, since = counts.before.get(name, (float(rate.a_minute), 0.0))
            left = min(float(rate.a_minute), left + since * rate.a_second)
            may = left >= 1.0
            counts.after[name] = left - 1.0 if may else left
        return 0.0 if may else (1.0 - left) / rate.a_second
