"""Passwords of accounts that are made here, and how often one may be tried: Argon2, and pauses that grow.

What is asked of a name that nobody has takes as long, and is answered as, what is asked of one that somebody has.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T

LEAST, MOST = 10, 200  # letters of a password; a longer one only costs time
MOST_KNOWN = 10_000  # names and addresses whose tries are remembered: at most a megabyte


@dataclass(frozen=True)
class Limit:
    """How often something may be tried: ``free`` failures cost no pause, the next one ``first`` seconds, each further one twice
    as many, up to ``longest``. Failures are forgotten after ``memory`` seconds without one."""

    free: int
    first: float
    longest: float
    memory: float


# Of a name: who mistypes four times waits for nothing, who guesses gets some 100 tries a day. Of an address: an office may be
# behind it.
LIMITS = {"name": Limit(4, 15.0, 900.0, 3600.0), "address": Limit(20, 15.0, 900.0, 3600.0)}


class Tries:
    """The failed tries of each name and of each address. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failed: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def wait(self, name: str, address: str) -> float:
        """Seconds until this may be tried; 0: now."""
        now = self._clock()
        with self._lock:
            return max(self._wait("name", name, now), self._wait("address", address, now))

    def _wait(self, kind: str, value: str, now: float) -> float:
        limit, (failed, last) = LIMITS[kind], self._failed.get((kind, value), (0, now))
        if failed <= limit.free or now - last >= limit.memory:
            return 0.0
        pause: float = min(limit.longest, limit.first * 2.0 ** (failed - limit.free - 1))
        return max(0.0, last + pause - now)

    def failed(self, name: str, address: str) -> None:
        """A try failed."""
        now = self._clock()
        with self._lock:
            for kind, value in (("name", name), ("address", address)):
                count, last = self._failed.pop((kind, value), (0, now))
                self._failed[kind, value] = (1 if now - last >= LIMITS[kind].memory else count + 1), now
            while len(self._failed) > MOST_KNOWN:
                self._failed.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """A try of this name succeeded; those of its address still count, for they may be of other names."""
        with self._lock:
            self._failed.pop(("name", name), None)


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
