"""What was made lately, at hand for whoever asks for the same again, on whatever thread."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Up to ``most`` values by key; of more, what was longest not asked for goes. Nothing is locked while a value is made."""

    def __init__(self, most: int) -> None:
        self._lock, self._most, self._made = Lock(), most, OrderedDict[K, V]()

    def get(self, key: K) -> V | None:
        """The value of a key, None where there is none."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def put(self, key: K, value: V) -> V:
        """Keep a value, and give it."""
        with self._lock:
            self._made[key] = value
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return value

    def clear(self) -> None:
        """Let all go."""
        with self._lock:
            self._made.clear()
