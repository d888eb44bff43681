"""Passwords of accounts that are made here, and how often one may be tried: Argon2, and pauses that grow.

What is asked of a name that nobody has takes as long, and is answered as, what is asked of one that somebody has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ektp_analysis.access.counted import Counted, name_of
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T
from ektp_analysis.store.persons import Counts, Persons

MOST_DOUBLED = 30  # times that a pause is doubled: by then it is the longest
LEAST, MOST = 10, 200  # letters of a password; a longer one only costs time


@dataclass(frozen=True)
class Limit:
    """How often something may be tried: ``free`` failures cost no pause, the next one ``first`` seconds, each further one twice
    as many, up to ``longest``. Failures are forgotten after an hour without one."""

    free: int
    first: float
    longest: float


# Of a name: who mistypes four times waits for nothing, who guesses gets some 100 tries a day. Of an address: an office may be
# behind it.
LIMITS = {"name": Limit(4, 15.0, 900.0), "address": Limit(20, 15.0, 900.0)}


class Turn:
    """One try, while nobody else tries under the same name or from the same address."""

    def __init__(self, counts: Counts, name: str, address: str) -> None:
        self._counts, self._names = counts, {"name": name_of("name", name), "address": name_of("address", address)}

    @property
    def wait(self) -> float:
        """Seconds until this may be tried; 0: now."""
        return max(self._wait(kind) for kind in self._names)

    def _wait(self, kind: str) -> float:
        limit, (failed, since) = LIMITS[kind], self._counts.before.get(self._names[kind], (0.0, 0.0))
        if failed <= limit.free:
            return 0.0
        pause: float = min(limit.longest, limit.first * 2.0 ** min(failed - limit.free - 1, MOST_DOUBLED))
        return max(0.0, pause - since)

    def failed(self) -> None:
        """It failed."""
        for name in self._names.values():
            self._counts.after[name] = self._counts.before.get(name, (0.0, 0.0))[0] + 1

    def succeeded(self) -> None:
        """It succeeded; the failures of its address still count, for they may be of other names."""
        self._counts.after[self._names["name"]] = None


class Tries:
    """The failed tries of each name and of each address. ``clock`` and ``store`` as :class:`Counted` has them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, store: Callable[[], Persons] | None = None) -> None:
        self._counted = Counted(clock, store)

    @contextmanager
    def turn(self, name: str, address: str) -> Iterator[Turn]:
        """A try, on its own on all servers: many at once get no further than as many in a row."""
        with self._counted.step(name_of("name", name), name_of("address", address)) as counts:
            yield Turn(counts, name, address)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher().hash("nobody has this one")


def secret_of(password: str, key: str) -> str:
    """What a password is checked against.

    Raises:
        UserError: it is too short, too long, or the name.
    """
    if not LEAST <= len(password) <= MOST:
        raise UserError(T("A password has {least} to {most} characters; several words are best.", least=LEAST, most=MOST))
    if password.casefold() == key or len(set(password)) == 1:
        raise UserError(T("This password is too easy to guess; several words are best."))
    return _hasher().hash(password)


def fits(secret: str, password: str) -> bool:
    """Whether a password is the one. For '' (nobody, or no password) it takes as long, and is never so."""
    try:
        _hasher().verify(secret or _nobodys(), password[:MOST])
    except (Argon2Error, InvalidHashError):
        return False
    return bool(secret)
