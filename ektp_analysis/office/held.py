"""What the data folder remembers of the store that it held, and the store that is there held against it.

A store that vanished, was emptied, is older than it was or is another one would else look like a healthy one without imports.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from ektp_analysis.access.guarded import Guarded
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import PROGRAM, settings
from ektp_analysis.core.text import T, Text
from ektp_analysis.office import kept
from ektp_analysis.store.engine import begin_anew, one_moment
from ektp_analysis.store.records import Head

FILE = "store.json"


@dataclass(frozen=True)
class Seen:
    """The store as it was seen last: the hash of its first entry, how many entries, the hash of the last one, its moment as ISO
    text, and the number of the last batch."""

    first: str
    entries: int
    last: str
    at: str
    batch: int


class Lost(StrEnum):
    """What became of the store that the data folder held."""

    MISSING = "missing"
    EMPTIED = "emptied"
    OLDER = "older"
    OTHER = "other"
    ALTERED = "altered"
    UNKNOWN = "unknown"  # the memory itself cannot be read


_SAID = {
    Lost.MISSING: T("There is no store at {place}, but this data folder had one"),
    Lost.EMPTIED: T("The store {place} is empty, but the one that this data folder last used was not"),
    Lost.OLDER: T("The store {place} is older than the one that this data folder last used"),
    Lost.OTHER: T("The store {place} is not the one that this data folder last used"),
    Lost.ALTERED: T("The store {place} no longer holds what it held when this data folder last used it"),
    Lost.UNKNOWN: T("The note of this data folder about its store ({file}) cannot be read"),
}
_MEND = T(
    "Nothing is shown instead. Put the latest backup back ({program} restore DIR), or correct EKTP_DATABASE_URL. "
    "Only to go on with what is there now, or to start from nothing: {program} store anew",
    program=PROGRAM,
)


class LostError(StoreError):
    """The store that the data folder held is not there. ``why`` says what was found in its place."""

    def __init__(self, message: Text, why: Lost = Lost.MISSING) -> None:
        super().__init__(message)
        self.why = why


def lost(why: Lost, place: str, remembered: Seen | None) -> LostError:
    """The error that says so, with what was remembered and what mends it."""
    said = Text(_SAID[why].msgid, {"place": place, "file": str(kept.folder() / FILE)})
    if remembered is None:
        return LostError(T("{said}. {mend}", said=said, mend=_MEND), why)
    whole = T(
        "{said} (last entry {entry} of {at}, last batch {batch}). {mend}",
        said=said,
        entry=str(remembered.entries),
        at=datetime.fromisoformat(remembered.at).astimezone(settings().zone),
        batch=str(remembered.batch) if remembered.batch else "-",
        mend=_MEND,
    )
    return LostError(whole, why)


def seen() -> Seen | None:
    """What is remembered; None where this data folder never held a store in which anything was kept.

    Raises:
        LostError: it cannot be read.
    """
    data = kept.read(FILE)
    if data is None:
        return None
    try:
        found = Seen(**json.loads(data))
        datetime.fromisoformat(found.at)
        if not (found.first and found.last and found.entries > 0):
            raise ValueError
    except (ValueError, TypeError) as error:
        raise lost(Lost.UNKNOWN, "", None) from error
    return found


def hold(store: Guarded, remembered: Seen | None) -> Head:
    """See that the store is the one that is remembered, and no older; gives where it stands.

    Raises:
        LostError: it is not.
    """
    begin_anew()  # what is remembered may be of a moment ago, noted by another page: what was read before is no measure
    head, hash_then = store.head_and_hash(remembered.entries if remembered else 0)
    if remembered is None:
        return head
    why = None
    if not head.entries:
        why = Lost.EMPTIED
    elif head.first != remembered.first:
        why = Lost.OTHER
    elif not hash_then or head.batch < remembered.batch:
        why = Lost.OLDER if head.batch or not remembered.batch else Lost.EMPTIED
    elif hash_then != remembered.last:
        why = Lost.ALTERED
    if why is not None:
        raise lost(why, store.place, remembered)
    return head


def remember(store: Guarded) -> None:
    """Keep what the store holds now, for the next time that it is opened; called after each change of it by this process.

    Raises:
        StoreError: the data folder cannot be written; what is in the store is whole all the same.
    """
    ask_again()
    (head, _), before = store.head_and_hash(1), seen()
    if head.at is None or (before is not None and before.first == head.first and before.entries >= head.entries):
        return
    try:
        keep(seen_of(head))
    except StoreError as error:
        raise StoreError(
            T(
                "Everything was stored, but this data folder cannot note it, so a lost store would not be noticed: {reason}",
                reason=error.message,
            )
        ) from error


def seen_of(head: Head) -> Seen:
    """What is to be remembered of a store that stands there; it has an entry at least."""
    assert head.at is not None
    return Seen(head.first, head.entries, head.last, head.at.isoformat(), head.batch)


def keep(now: Seen) -> None:
    """Remember this. Raises StoreError where the data folder cannot be written."""
    kept.write(FILE, json.dumps(asdict(now)).encode())


def lay_aside() -> str:
    """Let the data folder remember no store any more; what it remembered stays beside it under the name that is given."""
    name = f"store.before-{datetime.now(UTC):%Y%m%d-%H%M%SZ}.json"
    kept.write(name, kept.read(FILE) or b"")
    kept.remove(FILE)
    return name


# ---- what one run of a page asks several times over

_Asked = TypeVar("_Asked")
_run: ContextVar[tuple[int, dict[Hashable, Any]] | None] = ContextVar("run", default=None)
_changes = 0  # of stores by this process
_heard: list[Callable[[], object]] = []


@contextmanager
def one_run() -> Iterator[None]:
    """Within, what is asked :func:`once` is asked of the store once: a page says what held when it began. It sees what this
    process changes meanwhile."""
    before = _run.set((_changes, {}))
    try:
        with one_moment():
            yield
    finally:
        _run.reset(before)


def ask_again() -> None:
    """Something was changed by this process: nothing that was asked :func:`once` before is believed."""
    global _changes
    _changes += 1
    for hear in _heard:
        hear()


def on_change(hear: Callable[[], object]) -> None:
    """Have this called when this process has changed a store."""
    if hear not in _heard:
        _heard.append(hear)


def once(key: Hashable, ask: Callable[[], _Asked]) -> _Asked:
    """What ``ask`` gives, asked once within :func:`one_run` as long as nothing is changed; anywhere else each time."""
    found = _run.get()
    if found is None:
        return ask()
    if found[0] != _changes:
        _run.set(found := (_changes, {}))
    if key not in found[1]:
        found[1][key] = ask()
    answer: _Asked = found[1][key]
    return answer
