"""A server stopped under load, a full disk, bits flipped in a store's file and the file cut short: a part of :mod:`tests.kills`.

What was told is there afterwards, a refusal is the product's own sentence, and what was spoilt is found on opening or by
``verify``, unless nothing that is kept was changed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import sqlite3
import subprocess
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ektp_analysis.core.errors import EktpError, StoreError
from ektp_analysis.core.targets import ZERO
from ektp_analysis.office import ledger, stores
from ektp_analysis.store.records import PlanScenario
from tests.offices import Place, begin, command, file_of, forked, office, save_deck, take_in, take_visits, unsound

Counts = Counter[str]
Found = tuple[Counts, list[str]]  # what was counted, and a line about each that is bad
STOPS, WRITERS, READERS = 5, 2, 1  # stops of the server, and the processes that go on meanwhile
PATIENCE = 120.0  # seconds in which each of them goes on by itself; how busy the machine is must not decide
BITS, CUTS = 30, 10
DISK = 4 << 20  # bytes of a small disk
ROOM = (0, 4_096, 16_384, 65_536)  # of them left where it is full
TRIES = 40  # operations until the last page is full
SERVERS = ("does not answer or refuses the connection", "broke while")  # before anything was sent, and amid it
FULL = "is full; nothing was stored, make room and try again"
NOTED = "Everything was stored, but this data folder cannot note it"


# --- a server that is stopped


def _load(place: Place, who: int, line: Connection) -> None:
    """Write for ever, or read for ever as the last of them; tell each success and each refusal."""
    with office(place):
        number = 1000 * who
        while True:
            number += 1
            try:
                if who < WRITERS:
                    line.send(("done", take_in(number).batch.id))
                else:
                    line.send(("done", len(stores.own_store().figures()) and 0))
            except StoreError as error:
                line.send(("refused", str(error)))
            except Exception:  # noqa: BLE001 (told, and counted as a fault)
                line.send(("failed", traceback.format_exc()[-1500:]))
            time.sleep(0.02)


@contextlib.contextmanager
def _under_load(place: Place) -> Iterator[dict[Connection, BaseProcess]]:
    context = multiprocessing.get_context("fork")
    lines: dict[Connection, BaseProcess] = {}
    for who in range(WRITERS + READERS):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_load, args=(place, who, theirs), daemon=True)
        child.start()
        theirs.close()
        lines[ours] = child
    try:
        yield lines
    finally:
        for child in lines.values():
            child.kill()
            child.join()


def stopped(place: Place, stop: Callable[[], None], start: Callable[[], None], times: int = STOPS) -> Found:
    """Stop the server and start it again, so often, while processes write and read; none of these is started again."""
    with office(place):
        begin(place)
    told: set[int] = set()
    counts, lines = Counter[str](), []

    def heard(line: Connection) -> str:
        what, said = line.recv()
        told.update([said] if what == "done" and said else [])
        if what == "refused" and not any(one in said for one in SERVERS):
            what = "failed"
        if what == "failed" and said not in lines:
            lines.append(said)
        counts[what] += 1
        return str(what)

    def each(wanted: str) -> None:
        """Until each process has said so."""
        left, end = set(processes), time.monotonic() + PATIENCE
        while left:
            ready = wait(list(processes), timeout=1)
            left -= {line for line in ready if heard(line) == wanted}
            if time.monotonic() > end:
                counts["failed"] += 1
                lines.append(f"{len(left)} processes never said '{wanted}' again")
                return

    with _under_load(place) as processes:
        each("done")
        for _ in range(times):
            stop()
            each("refused")
            start()
            each("done")
        for child in processes.values():
            child.kill()
        for line in processes:
            with contextlib.suppress(EOFError):
                while True:
                    heard(line)
    with office(place):
        wrong, there = unsound(), {one.id for one in stores.own_store().batches()}
    counts.update({"stops": times, "lost": len(told - there), "torn": len(wrong)})
    return counts, lines + wrong


# --- a full disk


def _retract() -> None:
    store = stores.own_store()
    kind = "restore" if store.batch(1).retracted else "retract"
    command(kind, "1", "--reason", "salah " * 200)


FILLING: dict[str, Callable[[Place, int], object]] = {
    "import": lambda place, number: command("import", str(file_of(place, number))),
    "retract": lambda place, number: _retract(),
    "deck": lambda place, number: save_deck(number),
}


def _no_more_pages() -> None:
    """From here on no store of this process grows."""

    @sa.event.listens_for(sa.engine.Engine, "connect")
    def _limit(opened: Any, _record: Any) -> None:
        pages = opened.execute("PRAGMA page_count").fetchone()[0]
        opened.execute(f"PRAGMA max_page_count = {pages}")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Whether the folder is a small disk of its own inside the block: not where this user may mount none."""
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def _tried(what: str, place: Place, number: int, pages: bool, line: Connection) -> None:
    forked()
    if pages:
        _no_more_pages()
    with office(place):
        try:
            FILLING[what](place, number)
            line.send("done")
        except Exception as error:  # noqa: BLE001 (told)
            line.send(f"{type(error).__name__}: {error}")


def _apart(what: str, place: Place, number: int, *, pages: bool) -> str:
    """Do it in a process of its own; 'done', or why not."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_tried, args=(what, place, number, pages, theirs))
    child.start()
    theirs.close()
    said: str = ours.recv()
    child.join()
    return said


def full(place: Place, what: str, room: int | None, first: int = 1) -> Found:
    """Do it again and again until it is refused: no page more, or so many bytes left on the disk; then make room and go on."""
    counts, wrong = Counter[str](), []
    fill = place.folder / "fill"
    with office(place):
        before = stores.own_store().head_and_hash(0)[0]
    for number in range(first, first + TRIES):
        file_of(place, number)
        if room is not None:
            _fill(fill, room)
        said = _apart(what, place, number, pages=room is None)
        fill.unlink(missing_ok=True)
        with office(place):
            wrong += unsound()
            head, hash_then = stores.own_store().head_and_hash(before.entries)
        stored = head.entries > before.entries
        if hash_then != before.last or (said == "done" or NOTED in said) != stored:
            wrong.append(f"{what} {number}: '{said}', but {head.entries - before.entries} entries more")
        before = head
        if said != "done":
            counts["refused"] += 1
            if FULL not in said and NOTED not in said:
                counts["failed"] += 1
                wrong.append(f"{what} {number}, {room}: {said}")
            break
        counts["stored"] += 1
    with office(place):
        FILLING[what](place, first + TRIES)
        wrong += unsound()
    return counts + Counter({"torn": len(wrong)}), wrong


def _fill(path: Path, room: int) -> None:
    """Leave so much room on the disk."""
    with path.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(bytes(4_096))
    os.truncate(path, max(0, path.stat().st_size - room))


# --- a file that is spoilt


def furnish(place: Place, weeks: int = 8) -> None:
    """Everything that a store keeps, some of it several times."""
    with office(place):
        begin(place)
        for number in range(weeks):
            take_in(number)
        store, now = stores.own_store(), datetime.now(UTC)
        store.retract(2, reason="salah", by="petugas", at=now)
        store.restore(2, reason="benar", by="petugas", at=now)
        store.retract(3, reason="salah tanggal", by="petugas", at=now)
        store.remember_aliases("75.05", {"Kec. Utara": "75.05.03"}, by="petugas", at=now)
        store.remember_layout("susunan", {"level": "kecamatan"}, by="petugas", at=now)
        for number in range(3):
            save_deck(number)
        store.set_aim("75.05", ZERO, date(2035, 1, 1), "sebelum Pilkada", by="petugas", at=now)
        store.add_event("75.05", date(2024, 11, 27), date(2024, 11, 27), "Pilkada", by="petugas", at=now)
        for number in range(2):
            take_visits(number)
        store.retract_visits(2, reason="salah desa", by="petugas", at=now)
        alert = ("stall", "75.05", "stall 75.05 2023-06-20")
        store.add_alert_event(alert, "raised", by="petugas", at=now, detail={"since": "2023-06-20"})
        store.keep_plan_scenario(PlanScenario("75.05", False, "Empat tim", {"teams": 4}), over=None, by="petugas", at=now)
        ledger.keep_name("Dinas Dukcapil")


def contents(file: Path) -> dict[str, list[Any]]:
    """All that a SQLite file keeps: each table with its rows, files unpacked, and how the tables are defined.

    But not when a step of the schema ran and what SQLite counts for itself: nothing that is shown or decided rests on them. Case
    and blanks of a definition mean nothing to SQLite.
    """
    with closing(sqlite3.connect(file)) as opened:
        opened.text_factory = bytes
        made = opened.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        found: dict[str, list[Any]] = {"tables": sorted([repr(row).lower() for row in made])}
        found["pages and indexes"] = opened.execute("PRAGMA integrity_check").fetchall()
        for name in sorted(row[1].decode() for row in made if row[0] == b"table" and row[1] != b"sqlite_sequence"):
            rows = opened.execute(f'SELECT {"version" if name == "migration" else "*"} FROM "{name}"').fetchall()
            if name == "original":
                rows = [(sha, size, zlib.decompress(packed)) for sha, size, packed in rows]
            found[name] = sorted(rows, key=repr)
        return found


def spoil(place: Place, data: bytes, kept: dict[str, list[Any]]) -> tuple[str, str]:
    """What becomes of a store whose file holds these bytes instead: found, without effect on what is ``kept``, or missed."""
    assert place.file is not None
    stores.close_all()
    for path in place.file.parent.glob(f"{place.file.name}*"):
        path.unlink()
    place.file.write_bytes(data)
    try:
        if found := unsound():
            return "found", found[0]
    except EktpError as error:
        return "found", str(error)
    except Exception:  # noqa: BLE001 (no planner is shown a traceback)
        return "failed", traceback.format_exc()[-1500:]
    stores.close_all()
    now = contents(place.file)
    if now == kept:
        return "without effect", ""
    return "missed", "; ".join(f"{name}: {[row for row in now.get(name, ()) if row not in kept[name]][:2]}" for name in kept)


def damaged(place: Place, data: bytes, kept: dict[str, list[Any]], spoilt: Iterator[tuple[str, bytes]]) -> Found:
    """What becomes of the store for each of the spoilt files."""
    counts, lines = Counter[str](), []
    with office(place):
        for name, changed in spoilt:
            what, said = spoil(place, changed, kept)
            counts[what] += 1
            if what in ("failed", "missed"):
                lines.append(f"{name}: {what} {said}"[:1500])
        assert spoil(place, data, kept)[0] == "without effect", "as it was, it is sound"
    return counts, lines


def flipped(data: bytes, bits: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """The file with one bit another way, at so many places."""
    for _ in range(bits):
        place, bit = chance.randrange(len(data)), chance.randrange(8)
        yield f"bit {bit} of byte {place}", data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


def shortened(data: bytes, cuts: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """The file cut short, at so many places."""
    for length in (0, *(chance.randrange(len(data)) for _ in range(cuts - 1))):
        yield f"{length} bytes", data[:length]


def disks(what: str, places: Iterator[Place]) -> Found:
    """All full disks for one kind."""
    counts, lines = Counter[str](), []
    for room in (None, *ROOM):
        place = next(places)
        with small_disk(place.folder) if room is not None else contextlib.nullcontext(True) as there:
            if not there:
                counts["no small disk"] += 1
                continue
            with office(place):
                begin(place)
            more, wrong = full(place, what, room)
            counts, lines = counts + more, lines + wrong
    return counts, lines


def _furnished(place: Place, spoil_it: Callable[[bytes, random.Random], Iterator[tuple[str, bytes]]]) -> Found:
    furnish(place)
    assert place.file is not None
    data = place.file.read_bytes()
    return damaged(place, data, contents(place.file), spoil_it(data, random.Random(1)))


def bits(place: Place, many: int) -> Found:
    """So many bits flipped, one at a time."""
    return _furnished(place, lambda data, chance: flipped(data, many, chance))


def cuts(place: Place, many: int) -> Found:
    """The file cut short so often."""
    return _furnished(place, lambda data, chance: shortened(data, many, chance))
