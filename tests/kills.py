"""Kill, collide and spoil what changes a store: ``python -m tests.kills [--size N]`` (part of `make faults`).

A real process is killed at a moment of each operation that changes a store (``OPERATIONS``), on both engines; two processes
import at once; then what :mod:`tests.spoilt` does. What a process was told before the kill must be whole ("lost": goal 0), what
it was not told is whole or not there ("torn": goal 0), the store serves on, and the data folder still knows it. Ends with a table
of counts, and with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import select
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ektp_analysis.core import aside
from ektp_analysis.core.errors import EktpError
from ektp_analysis.office import stores
from ektp_analysis.store import schema
from ektp_analysis.store.engine import connect
from ektp_analysis.store.records import Head
from tests import engines, seed, spoilt
from tests.offices import (
    Place,
    begin,
    command,
    content,
    file_of,
    forked,
    log,
    loose,
    office,
    report,
    save_deck,
    take_in,
    take_visits,
    unsound,
)

KILLS = 200  # of each operation, half of them on each engine
SERVES = 10  # kills that one data folder lives through
BEYOND = 1.25  # up to this part of what the operation takes: some come when it has said that it is done
PATIENCE = 120.0  # seconds for a process that is not killed; how busy the machine is must not decide
FILES, SAME, PROCESSES = 100, 50, 4  # files of each of two imports at once; the same one so often, from so many processes
SHORT = 0.1  # seconds that an operation takes as long as none was measured
MOST = 20  # lines about what is bad in a row of the table
BAD = ("lost", "torn", "failed", "missed")
FIFTH = Path(__file__).parent / "spec" / "store_v5.sql"
# its tables since then
LATER = {"trail", "visit", "visit_retraction", "visit_batch", "alert_event", "plan_scenario", "person_event", "login_event"}
LATER |= {"submission", "review_event", "review_switch", "rollup", "foreseen", "tried"}
LATER_COLUMNS = ("to_clean",)  # of its figures
FIFTH_HEAD = "15-596c76fe749034dd"  # of its trail, on every engine
Counts = Counter[str]
Found = tuple[Counts, list[str]]  # what was counted, and a line about each that is bad


@dataclass(frozen=True)
class Operation:
    """Something that changes a store, and how it is found out whether it did.

    ``act`` does it: in the process that is killed, and again after. ``there`` looks whether it is done, in the tables as the kill
    left them and in the place's folder; it raises ValueError where it is half done. ``prepare`` makes what the next one needs.
    With ``opened`` the store is open before the time begins, so that all kills meet the writing itself.
    """

    name: str
    act: Callable[[Place, int], object]
    there: Callable[[Place, sa.Connection, int], bool]
    prepare: Callable[[Place, int], None] = lambda place, number: None
    opened: bool = False
    older: bool = False  # the store is of an older version, and has no head before


def _laid_ready(place: Place, number: int) -> None:
    """The file is there whole before anyone is killed."""
    file_of(place, number)


def _read_already(place: Place, number: int) -> None:
    """The file is read, so that the time is that of storing it."""
    report(number)


def _imported(place: Place, connection: sa.Connection, number: int) -> bool:
    asked = sa.select(schema.batch.c.id).where(schema.batch.c.sha256 == sha256(content(number)).hexdigest())
    return connection.execute(asked).first() is not None


def _restored(place: Place, number: int) -> None:
    """The first batch counts."""
    if stores.own_store().batch(1).retracted:
        stores.own_store().restore(1, reason="benar", by="petugas", at=datetime.now(UTC))


def _retracted(place: Place, connection: sa.Connection, number: int) -> bool:
    asked = sa.select(schema.retraction.c.id).where(schema.retraction.c.reason == f"salah {number}")
    return connection.execute(asked).first() is not None


def _visited(place: Place, connection: sa.Connection, number: int) -> bool:
    asked = sa.select(schema.visit_batch.c.id).where(schema.visit_batch.c.sha256 == sha256(log(number)).hexdigest())
    return connection.execute(asked).first() is not None


def _saved(place: Place, connection: sa.Connection, number: int) -> bool:
    last = connection.execute(sa.select(schema.saved_deck.c.slides).order_by(schema.saved_deck.c.id.desc()).limit(1)).scalar()
    return last is not None and f'Rapat ke-{number}"' in last


@cache
def _fifth() -> bytes:
    """The file of a store of the fifth version."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as made:
            made.executescript(FIFTH.read_text(encoding="utf-8"))
        return path.read_bytes()


def _older(place: Place, number: int) -> None:
    """The store is of the fifth version."""
    stores.close_all()
    place.folder.mkdir(parents=True, exist_ok=True)
    if place.file is not None:
        for path in place.file.parent.glob(f"{place.file.stem}.*"):
            path.unlink()
        place.file.write_bytes(_fifth())
        return
    server = sa.create_engine(place.url)
    with server.begin() as target:
        fresh = not sa.inspect(target).has_table("trail")
        if fresh:
            schema.metadata.create_all(target)
        for table in reversed(schema.metadata.sorted_tables):
            if table.name in LATER:
                table.drop(target)
        for name in LATER_COLUMNS:
            target.exec_driver_sql(f"ALTER TABLE figure DROP COLUMN IF EXISTS {name}")
        if fresh:
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "s.sqlite").write_bytes(_fifth())
                source = sa.create_engine(f"sqlite:///{folder}/s.sqlite")
                with source.connect() as rows:
                    for table in schema.metadata.sorted_tables:
                        if table.name not in LATER:
                            asked = sa.select(*(column for column in table.c if column.name not in LATER_COLUMNS))
                            target.execute(table.insert(), [dict(row._mapping) for row in rows.execute(asked)])
                source.dispose()
        target.execute(schema.migration.delete().where(schema.migration.c.version > 5))
    server.dispose()


def _migrated(place: Place, connection: sa.Connection, number: int) -> bool:
    done = connection.execute(sa.select(sa.func.max(schema.migration.c.version))).scalar_one() > 5
    if LATER & {*sa.inspect(connection).get_table_names()} != (LATER if done else set()):
        raise ValueError("version and tables do not agree")
    return done


OPERATIONS = (
    Operation(
        "import (command)", lambda place, number: command("import", str(file_of(place, number))), _imported, prepare=_laid_ready
    ),
    Operation("import (store)", lambda place, number: take_in(number), _imported, prepare=_read_already, opened=True),
    Operation(
        "retract", lambda place, number: command("retract", "1", "--reason", f"salah {number}"), _retracted, prepare=_restored
    ),
    Operation("visits (store)", lambda place, number: take_visits(number), _visited, opened=True),
    Operation("deck", lambda place, number: save_deck(number), _saved, opened=True),
    Operation("migration", lambda place, number: command("batches"), _migrated, prepare=_older, older=True),
)


def run(operation: Operation, place: Place, number: int, delay: float | None) -> tuple[float | None, str]:
    """Run the operation in a process that is killed after ``delay`` seconds, or once it is done where that is None.

    Gives what it took, None where it did not say that it was done; and what it failed with, '' where it did not.
    """
    stores.close_all()
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(ours)
        _act(operation, place, number, theirs)
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as line:  # so that what came is seen by select
        said = line.readline()  # that it begins
        start = time.monotonic()
        if delay is None:
            select.select([line], [], [], PATIENCE)
        else:
            time.sleep(max(0.0, delay))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        said = line.read() if said == b"begins\n" else said
    if said.startswith(b"failed"):
        return None, said.decode()
    return (float(said.split()[1]) - start if said else None), ""


def _act(operation: Operation, place: Place, number: int, line: int) -> None:
    try:
        forked()
        if operation.opened:
            stores.own_store()
        os.write(line, b"begins\n")
        operation.act(place, number)
        os.write(line, f"done {time.monotonic()}\n".encode())
    except BaseException as error:  # noqa: BLE001 (nothing may go on as if it were the first process)
        os.write(line, f"failed {type(error).__name__}: {error}".encode()[:3000])
    time.sleep(PATIENCE)
    os._exit(1)


def left(operation: Operation, place: Place, number: int, before: Head | None) -> tuple[bool, int, list[str]]:
    """After a kill: whether the operation is done, how many entries the trail got, and what is wrong."""
    database = connect(place.url, create=False)
    try:
        with database.writing():
            pass  # what a server still had in hand of the process that is gone is over after that
        with database.reading() as connection:
            there, wrong = operation.there(place, connection, number), loose(connection)
    finally:
        database.engine.dispose()
    wrong += unsound()
    store = stores.own_store()
    if before is None:
        return there, 0, wrong + ([] if store.head().name == FIFTH_HEAD else ["another trail"]) + spoilt_copies(place)
    head, hash_then = store.head_and_hash(before.entries)
    return there, head.entries - before.entries, wrong + ([] if hash_then == before.last else ["the trail was rewritten"])


def done(operation: Operation, place: Place, number: int) -> bool:
    """Whether the operation is done."""
    with stores.own_store()._store._database.reading() as connection:
        return operation.there(place, connection, number)


def spoilt_copies(place: Place) -> list[str]:
    """The copies that were laid beside before an update and are not whole."""
    found = []
    for path in place.file.parent.glob("*.v5.*.sqlite") if place.file else ():
        with contextlib.closing(sqlite3.connect(path)) as copy, contextlib.closing(sqlite3.connect(":memory:")) as whole:
            whole.deserialize(_fifth())
            found += [] if [*copy.iterdump()] == [*whole.iterdump()] else [f"{path.name} is not the store as it was"]
    return found


def became(told: bool, there: bool, added: int, whole: int, wrong: list[str]) -> str:
    """The name of what a kill left, where the operation adds ``whole`` entries."""
    if wrong or added != (whole if there else 0):
        return "torn"
    if told:
        return "kept" if there else "lost"
    return "done, untold" if there else "not there"


def count(operation: Operation, places: Iterator[Place], kills: int, seed: int = 1) -> Found:
    """What so many kills left, and a line about each that is bad."""
    chance, counts, lines = random.Random(f"{operation.name} {seed}"), Counter[str](), []
    parts = [(number + chance.random()) / kills * BEYOND for number in range(kills)]
    chance.shuffle(parts)
    took: deque[float] = deque(maxlen=5)
    for start in range(0, kills, SERVES):
        place = next(places)
        with office(place):
            if not operation.older:
                begin(place)
            whole = 0
            for number, part in enumerate((None, *parts[start : start + SERVES])):  # the first is not killed, and measured
                operation.prepare(place, number)
                before = None if operation.older else stores.own_store().head_and_hash(0)[0]
                lasted, failed = run(
                    operation, place, number, None if part is None else part * statistics.median(took or (SHORT,))
                )
                took.extend([] if lasted is None else [lasted])
                what = f"failed: {failed}" if failed else ""
                try:
                    there, added, wrong = left(operation, place, number, before)
                    whole = added if part is None else whole
                    what = what or became(lasted is not None, there, added, whole, wrong)
                    if not there:  # it works now
                        operation.act(place, number)
                        if what == "not there" and not done(operation, place, number):
                            what = "failed: done again, it is not there"
                except (EktpError, ValueError, RuntimeError) as error:
                    what, wrong = "torn", [f"{type(error).__name__}: {error}"]
                kind = what.split(":")[0]
                counts[kind] += part is not None or kind in BAD
                if kind in BAD:
                    lines.append(f"{operation.name}, {place.url}, {number} at {part}: {what} {wrong}"[:1000])
    return counts, lines


def at_once(place: Place, lists: list[list[Path]]) -> tuple[list[str], list[str]]:
    """The command ``import`` in so many processes at once, each with its files: what they printed, and what is wrong after."""
    environment = {**os.environ, **place.environment}
    started = [seed.begin("command", "import", *map(str, files), environment=environment) for files in lists]
    ended = [finish(PATIENCE * 10) for finish in started]
    wrong = [f"exit {one.returncode}: {one.stderr[-500:]}" for one in ended if one.returncode]
    with office(place):
        return [line for one in ended for line in one.stdout.splitlines()], [*wrong, *unsound()]


def two_imports(place: Place, files: int = FILES) -> Found:
    """Two processes import so many files each into one store."""
    with office(place):
        begin(place)
    lists = [[file_of(place, number) for number in range(first, first + files)] for first in (0, 1000)]
    told, wrong = at_once(place, lists)
    with office(place):
        names = Counter(one.name for one in stores.own_store().batches())
    lost = [path.name for files in lists for path in files if names[path.name] != 1]
    return Counter({"kept": sum("accepted" in line for line in told), "lost": len(lost), "torn": len(wrong)}), wrong + lost


def one_file(place: Place, times: int = SAME, processes: int = PROCESSES) -> Found:
    """The same file so often, from several processes."""
    with office(place):
        begin(place)
    lists: list[list[Path]] = [[] for _ in range(processes)]
    for number in range(times):
        path = place.folder / "files" / f"salinan {number}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content(0))
        lists[number % processes].append(path)
    told, wrong = at_once(place, [files for files in lists if files])
    with office(place):
        same = [one for one in stores.own_store().batches() if one.sha256 == sha256(content(0)).hexdigest()]
    accepted, there = (sum(word in line for line in told) for word in ("accepted", "already stored"))
    if (len(same), accepted, there) != (1, 1, times - 1):
        wrong.append(f"{len(same)} batches of one file, {accepted} times accepted, {there} times there already")
    return Counter({"kept": len(same), "there already": there, "torn": len(wrong)}), wrong


def places(folder: Path, urls: Iterator[str] | None = None) -> Iterator[Place]:
    """Data folders one after the other, each with a store of its own: a SQLite file, or a schema where addresses are given."""
    for number in itertools.count(1):
        inside = folder / str(number)
        yield Place(inside, next(urls) if urls else f"sqlite:///{inside.as_posix()}/ektp.sqlite")


def rows(folder: Path, server: Any, size: int) -> Iterator[tuple[str, Callable[[], Found]]]:
    """Every row of the table: its name, and what counts it."""

    def part(full: int) -> int:
        return max(2, full * size // KILLS)

    with contextlib.closing(engines.schemas(server)) as urls:
        both = {"SQLite": places(folder / "sqlite"), "PostgreSQL": places(folder / "postgresql", urls)}
        for operation in OPERATIONS:
            for engine, several in both.items():
                yield f"kills: {operation.name}, {engine}", partial(count, operation, several, max(1, size // 2))
        for engine, several in both.items():
            yield f"two imports at once, {engine}", lambda several=several: two_imports(next(several), part(FILES))
            yield f"one file from {PROCESSES} processes, {engine}", lambda several=several: one_file(next(several), part(SAME))
        restart = partial(engines.stop_server, server), partial(engines.start_server, server)
        stops = part(spoilt.STOPS)
        yield "server stopped under load", lambda: spoilt.stopped(next(both["PostgreSQL"]), *restart, stops)
    for what in spoilt.FILLING:
        yield f"full disk: {what}, SQLite", partial(spoilt.disks, what, both["SQLite"])
    yield "bits flipped, SQLite", lambda: spoilt.bits(next(both["SQLite"]), part(spoilt.BITS))
    yield "file cut short, SQLite", lambda: spoilt.cuts(next(both["SQLite"]), part(spoilt.CUTS))


@contextlib.contextmanager
def forks() -> Iterator[None]:
    """Inside the block what the product does aside is forked, as in the tests."""
    started = aside.subprocess
    aside.subprocess = seed.forked_aside()  # type: ignore[assignment]
    try:
        yield
    finally:
        aside.subprocess = started


def main() -> int:
    """The whole table; 0 where every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=KILLS, help="kills of each operation, on both engines together")
    parser.add_argument("--only", default="", help="of the rows only those in whose name this stands")
    given = parser.parse_args()
    begun, all_ = time.monotonic(), Counter[str]()
    seed.know()
    with forks(), tempfile.TemporaryDirectory() as folder, engines.server() as server:
        for name, counted in rows(Path(folder), server, given.size):
            if given.only not in name:
                continue
            counts, lines = counted()
            print(f"{name}:", {what: many for what, many in sorted(counts.items()) if many}, flush=True)
            print(*(f"    {line}" for line in lines[:MOST]), sep="\n", end="\n" if lines else "", flush=True)
            all_ += counts
    print(f"faults in {time.monotonic() - begun:.0f} s:", ", ".join(f"{all_[what]} {what}" for what in BAD))
    return 1 if any(all_[what] for what in BAD) else 0


if __name__ == "__main__":
    sys.exit(main())
