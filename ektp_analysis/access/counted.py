"""What is counted of visitors: failed tries, requests. In the store where several servers share one, so that nobody gets more by
asking each of them; else in the memory of this process.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ektp_analysis.store.persons import Counts, Persons

MOST_KNOWN = 10_000  # names that are remembered, the latest: at most a megabyte
MEMORY = 3600.0  # seconds
DIGITS = 8  # of a hash: so few that many words have the same; beside 10,000 others a name meets one by chance in 400,000 times


def name_of(kind: str, value: str) -> str:
    """Under what something is counted. Nobody who reads it can tell of whom: it may be a password typed in the wrong place."""
    return f"{kind[:7]}:{hashlib.sha256(f'{kind} {value}'.encode()).hexdigest()[:DIGITS]}"


class Counted:
    """Numbers by name. ``clock`` gives seconds; ``store`` gives the store that the servers may share."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, store: Callable[[], Persons] | None = None) -> None:
        self._clock, self._store, self._lock = clock, store, threading.Lock()
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @contextmanager
    def step(self, *names: str) -> Iterator[Counts]:
        """These numbers, and what becomes of them; nobody else changes them meanwhile. Raises StoreError where it fails."""
        store = None if self._store is None else self._store()
        if store is not None and store.counts_together:
            with store.counting(names, memory=MEMORY, most=MOST_KNOWN) as counts:
                yield counts
            return
        with self._lock:
            now = self._clock()
            known = ((name, self._known[name]) for name in names if name in self._known)
            counts = Counts({name: (value, now - at) for name, (value, at) in known if now - at < MEMORY})
            yield counts
            for name, value in counts.after.items():
                self._known.pop(name, None)
                if value is not None:
                    self._known[name] = value, self._clock()
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
