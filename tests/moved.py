"""Kill what keeps a store or moves it: ``python -m tests.moved [--size N]`` (part of `make faults`).

A real process is killed at a moment of a backup, of a restoring, and of a copy, to both engines. What it said to be done must be
there whole ("lost": goal 0); what it did not is whole, or is not taken for a store or a backup ("torn": goal 0); the same call
again then ends it. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from ektp_analysis.core.errors import StoreError
from ektp_analysis.office import backups, held, identity, ledger, restoring, stores
from ektp_analysis.store import moving
from ektp_analysis.store.engine import connect
from ektp_analysis.store.store import Store
from ektp_analysis.store.troubles import NoStoreError, UnfinishedError
from tests import engines, kills, offices, seed
from tests.kills import BAD, BEYOND, KILLS, SHORT, Counts, Operation, run
from tests.offices import Place, begin, office, save_deck, take_in, take_visits, unsound

NAME = "Dinas Dukcapil"
BATCHES, STEP = 12, 2  # of the store that is moved; entries in one transaction of a copy
STAY = 10  # backups after which the folder is emptied
Found = tuple[bool, list[str]]  # whether it is done, and what is wrong
Case = tuple[Operation, Place, Callable[[], Found]]  # what is done, where, and what became of it


def furnished(place: Place) -> None:
    """An office with batches, a retraction, slides, and a name."""
    with office(place):
        begin(place)
        for number in range(BATCHES - 1):
            take_in(number)
        save_deck(1)
        take_visits(1)
        ledger.keep_name(NAME)


def contents(store: Store) -> dict[str, list[Any]]:
    """Every row, but that it was restored."""
    found = offices.contents(store)
    return {**found, "trail": [row for row in found["trail"] if "restored" not in row]}


def settled(url: str) -> None:
    """What a server still had in hand of a process that is gone is over after that."""
    if url.startswith("postgresql"):
        with contextlib.closing(connect(url)) as database, database.writing():
            pass


def backed_up(place: Place, folder: Path) -> Iterator[Case]:
    """Backups of one office, one after the other: each that has a name is whole."""
    act = Operation("backup", lambda place, number: backups.make(folder), lambda place, connection, number: True, opened=True)
    while True:
        if folder.exists() and len(list(folder.iterdir())) > STAY:
            shutil.rmtree(folder)
        before = names(folder)

        def look(before: set[str] = before) -> Found:
            new = names(folder) - before
            wrong = [str(fault) for name in new for fault in backups.check(folder / name).faults]
            with office(place):
                return bool(new), wrong + unsound()

        yield act, place, look


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("ektp-*")}


def restored(there: Iterator[Place], folder: Path, rows: dict[str, list[Any]]) -> Iterator[Case]:
    """One backup into one empty place after the other."""

    def act(place: Place, number: int) -> None:
        moving.ENTRIES = STEP  # in the process that is killed alone
        restoring.restore(folder)

    for place in there:

        def look(place: Place = place) -> Found:
            settled(place.url)
            with office(place):
                try:
                    store = stores.own().store
                except (held.LostError, UnfinishedError, NoStoreError):
                    return False, []
                if not store.head_and_hash(0)[0].entries and held.seen() is None:
                    return False, []
                return True, ([] if contents(store) == rows else ["it holds something else"]) + unsound()

        yield Operation("restore", act, lambda place, connection, number: True), place, look


def copied(there: Iterator[Place], source: Place, rows: dict[str, list[Any]]) -> Iterator[Case]:
    """One store into one empty place after the other."""

    def act(place: Place, number: int) -> None:
        moving.ENTRIES = STEP
        with Store.open(source.url, create=False) as store:
            store.copy_to(place.url)

    for place in there:

        def look(place: Place = place) -> Found:
            settled(place.url)
            try:
                with Store.open(place.url, create=False, read_only=True) as store:
                    return True, [] if contents(store) == rows else ["it holds something else"]
            except (NoStoreError, UnfinishedError):
                return False, []

        place.folder.mkdir(parents=True, exist_ok=True)
        yield Operation("copy", act, lambda place, connection, number: True), place, look


def count(several: Iterator[Case], number: int, seed: int = 1) -> tuple[Counts, list[str]]:
    """What so many kills left, and a line about each that is bad. The first two are not killed, and measured."""
    chance, counts, lines = random.Random(seed), Counter[str](), []
    parts: list[float | None] = [(place + chance.random()) / number * BEYOND for place in range(number)]
    chance.shuffle(parts)
    took: deque[float] = deque(maxlen=5)
    for part, (operation, place, look) in zip(chain([None, None], parts), several, strict=False):
        with office(place):
            lasted, failed = run(operation, place, 0, None if part is None else part * statistics.median(took or (SHORT,)))
        took.extend([] if lasted is None else [lasted])
        there, wrong = look()
        if failed or wrong:
            what = "failed" if failed else "torn"
        elif lasted is not None:
            what = "kept" if there else "lost"
        else:
            what = "done, untold" if there else "not there"
        if not there and not wrong:  # the same call ends it
            with office(place), contextlib.suppress(StoreError):
                operation.act(place, 0)
            there, wrong = look()
            if what != "lost" and not (there and not wrong):
                what = "torn"
        counts[what] += part is not None or what in BAD
        if what in BAD:
            lines.append(f"{operation.name}, {place.url}, at {part}: {what} {failed} {wrong}"[:1000])
    return counts, lines


def faults(folder: Path, urls: Iterator[str], size: int) -> Iterator[tuple[str, Counts, list[str]]]:
    """Every row of the table."""
    first = next(kills.places(folder / "first"))
    furnished(first)
    other = next(kills.places(folder / "server", urls))
    with office(first):
        whole = backups.make(folder / "kept").backup.folder
        rows = contents(stores.own_store())
        stores.own_store().copy_to(other.url)
    with office(other):
        identity.keep_name(NAME)
    half = max(1, size // 2)
    for name, place in (("SQLite", first), ("PostgreSQL", other)):
        yield f"kills: backup of {name}", *count(backed_up(place, folder / f"backups of {name}"), half)
    with office(first):
        rows = contents(stores.own_store())
    with Store.open(f"sqlite:///{whole}/{backups.STORE}", read_only=True) as store:
        old = contents(store)
    for name, given in (("SQLite", None), ("PostgreSQL", urls)):
        yield f"kills: restore to {name}", *count(restored(kills.places(folder / f"to {name}", given), whole, old), half)
        yield f"kills: copy to {name}", *count(copied(kills.places(folder / f"copy to {name}", given), first, rows), half)


def main() -> int:
    """The whole table; 0 where every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=KILLS, help="kills of each operation, on both engines together")
    size = parser.parse_args().size
    begun, all_ = time.monotonic(), Counter[str]()
    seed.know()
    with (
        kills.forks(),
        tempfile.TemporaryDirectory() as folder,
        engines.server() as server,
        contextlib.closing(engines.schemas(server)) as urls,
    ):
        for name, counts, lines in faults(Path(folder), urls, size):
            print(f"{name}:", {what: many for what, many in sorted(counts.items()) if many}, flush=True)
            print(*(f"    {line}" for line in lines[: kills.MOST]), sep="\n", end="\n" if lines else "", flush=True)
            all_ += counts
    print(f"faults in {time.monotonic() - begun:.0f} s:", ", ".join(f"{all_[what]} {what}" for what in BAD))
    return 1 if any(all_[what] for what in BAD) else 0


if __name__ == "__main__":
    sys.exit(main())
