"""A store moved: into another one, on either engine, entry by entry of its trail; or into one file that can be laid away.

What is copied up to any entry is what the store was then, so a copy that was broken off goes on behind its last entry. Until
it is whole, a table of its own (:data:`~ektp_analysis.store.migrations.UNFINISHED`) keeps anybody from opening it as a store.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T
from ektp_analysis.store import migrations, rollups, schema, trail
from ektp_analysis.store.engine import Database, connect, insert
from ektp_analysis.store.one_file import for_owner
from ektp_analysis.store.records import Head
from ektp_analysis.store.troubles import readable

ENTRIES = 200  # in one transaction of the target: what a copy that is broken off has to do again at most
ROWS = 20_000  # handed to the driver at a time, so that memory does not grow with the store
Row = sa.Row[Any]
Told = Callable[[int, int], None]  # entries done, entries there are


@dataclass(frozen=True)
class Copied:
    """A copy that is whole: where it stands now, how many entries were copied this time, and the rows that were left behind as no
    entry tells of them (table -> ids)."""

    head: Head
    entries: int
    untold: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Laid:
    """A store in a file: the version of its schema, whether SQLite finds its structures whole, where its trail stands, and how
    many entries do not fit."""

    version: int
    sound: bool
    head: Head
    misfits: int


def copy(source: Database, target: Database, told: Told | None = None) -> Copied:
    """Copy everything that ``source`` holds into ``target``: bytes, figures, retractions, moments, numbers and who.

    The target is empty, or has what the source had at an earlier entry: then the rest is added. Each row is read back and
    compared before its transaction ends.

    Raises:
        UserError: there is nothing in the source.
        StoreError: the target holds something else, or more; somebody wrote into it meanwhile; a row did not arrive as it was;
            either database failed. What was copied so far stays, marked as unfinished.
    """
    with source.reading() as there:
        migrations.version(there, source.place)
        end, _ = trail.head_and_hash(there, 0)
        if not end.entries:
            raise UserError(T("There is nothing in the store {place} yet, so there is nothing to copy.", place=source.place))
        begun = _begin(there, target, end)
        at = begun
        while at < end.entries:
            entries = _entries(there, at, min(at + ENTRIES, end.entries))
            with target.writing(alone=True) as here:
                _still_at(here, at, target.place)
                for entry in entries:
                    _carry(there, here, entry, target.place)
                here.execute(schema.trail.insert(), [dict(entry) for entry in entries])
                _go_on_counting(here)
            at = int(entries[-1]["number"])
            if told is not None:
                told(at, end.entries)
        with target.writing(alone=True) as here:
            found, _ = trail.head_and_hash(here, 0)
            if (found.entries, found.last) != (end.entries, end.last):
                raise _other(target.place)
            untold = dict(_untold(there, here))
            rollups.fill(here)
            here.exec_driver_sql(f"DROP TABLE IF EXISTS {migrations.UNFINISHED}")
    return Copied(end, end.entries - begun, untold)


def lay_away(source: Database, path: Path, told: Told | None = None) -> None:
    """Write everything that a store holds at one moment, while others go on writing into it, as one SQLite file that only its
    owner may read. ``path`` must not be there yet.

    Raises:
        StoreError: the store cannot be read, or the file not be written.
    """
    place = str(path)
    try:
        for_owner(path)
        if source.path is None:
            with closing(connect(f"sqlite:///{path.as_posix()}")) as target:
                copy(source, target, told)
        else:
            there = f"{source.path.as_uri()}?mode=ro"
            with readable(place), closing(sqlite3.connect(there, uri=True)) as old, closing(sqlite3.connect(path)) as new:
                old.backup(new)
        with readable(place), closing(sqlite3.connect(path, isolation_level=None)) as new:
            new.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read where nothing may be written
    except OSError as error:
        raise StoreError(
            T("{file} cannot be written: {reason}.", file=place, reason=error.strerror or type(error).__name__)
        ) from error


def examine(path: Path) -> Laid:
    """What there is in a file of :func:`lay_away`; it is not changed, and nothing is written beside it.

    Raises:
        StoreError: it cannot be read as a store of this version or an earlier one.
    """
    with closing(connect(f"sqlite:///{path.as_posix()}", read_only=True)) as database, database.reading() as connection:
        version = migrations.version(connection, database.place)
        sound = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() == "ok"
        if version < migrations.TRAIL:
            return Laid(version, sound, Head(0, "", "", None, 0), 0)
        return Laid(version, sound, trail.head_and_hash(connection, 0)[0], len(list(trail.differences(connection))))


def _begin(there: sa.Connection, target: Database, end: Head) -> int:
    """The entry of the target behind which to go on; it is marked as unfinished."""
    with target.reading() as here:
        found = migrations.version(here, target.place, unfinished=True)
    if 0 < found < migrations.latest():
        raise StoreError(T("The store {place} is of an older version; open it once before.", place=target.place))
    with target.writing(alone=True) as here:
        migrations.make(here, migrations.version(here, target.place, unfinished=True))
        head, _ = trail.head_and_hash(here, 0)
        if head.entries and trail.hash_at(there, head.entries) != head.last:
            raise _other(target.place)
        if not head.entries and head.batch:
            raise _other(target.place)
        if head.entries < end.entries:
            here.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {migrations.UNFINISHED} (entries INTEGER)")
    return head.entries


def _other(place: str) -> StoreError:
    return StoreError(
        T(
            "The store {place} holds something that is not in the one to be copied; nothing of it was changed. Choose an empty "
            "place, or one that an earlier copy of the same store was made to.",
            place=place,
        )
    )


def _still_at(here: sa.Connection, number: int, place: str) -> None:
    if trail.head_and_hash(here, 0)[0].entries != number:
        raise StoreError(T("Somebody else wrote into the store {place} meanwhile; copy again.", place=place))


def _entries(there: sa.Connection, behind: int, until: int) -> Sequence[sa.RowMapping]:
    number = schema.trail.c.number
    asked = sa.select(schema.trail).where(number > behind, number <= until).order_by(number)
    return there.execute(asked).mappings().all()


def _carry(there: sa.Connection, here: sa.Connection, entry: sa.RowMapping, place: str) -> None:
    """Copy the row that an entry tells of, with what belongs to it. What is missing or altered stays so: ``verify`` names it."""
    number = trail.told_of(entry["kind"], entry["content"])
    if number is None:
        return
    table = schema.metadata.tables[entry["kind"]]
    rows = there.execute(sa.select(table).where(table.c.id == number)).mappings().all()
    parts = schema.PARTS.get(table.name, ())
    if rows and schema.original.c.sha256.name in table.c:
        sha256 = schema.original.c.sha256
        if here.execute(sa.select(sha256).where(sha256 == rows[0]["sha256"])).first() is None:
            _same(there, here, schema.original, sha256 == rows[0]["sha256"], place)
    _same(there, here, table, table.c.id == number, place)
    for part in parts:
        _same(there, here, part, part.c.batch_id == number, place)


def _same(there: sa.Connection, here: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], place: str) -> None:
    """Copy some rows of a table, and see that what then stands in the target is what stands in the source."""
    asked = sa.select(table).where(which).order_by(*table.primary_key.columns)
    few: list[Row] | None = []  # what came in one piece is kept for the comparison, and not asked for again
    for rows in _pieces(there, asked):
        insert(here, table, rows)
        few = rows if few == [] and len(rows) < ROWS else None
    arrived = itertools.zip_longest(_pieces(there, asked) if few is None else filter(None, [few]), _pieces(here, asked))
    if not all(sent == found for sent, found in arrived):
        raise StoreError(T("A row of {table} did not arrive in the store {place} as it was.", table=table.name, place=place))


def _pieces(connection: sa.Connection, asked: sa.Select[Any]) -> Iterator[list[Row]]:
    for rows in connection.execute(asked.execution_options(yield_per=ROWS)).partitions():
        yield list(rows)


def _go_on_counting(here: sa.Connection) -> None:
    """Let PostgreSQL give the next row a number that is not taken; SQLite does so by itself."""
    if here.dialect.name != "postgresql":
        return
    for name in trail.MOMENTS:
        here.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM {name}"
        )


def _untold(there: sa.Connection, here: sa.Connection) -> Iterator[tuple[str, list[int]]]:
    """The rows of the source that no entry tells of."""
    for name in trail.MOMENTS:
        number = schema.metadata.tables[name].c.id
        left = set(there.execute(sa.select(number)).scalars()) - set(here.execute(sa.select(number)).scalars())
        if left:
            yield name, sorted(left)
