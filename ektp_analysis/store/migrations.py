"""The schema's versions: ordered functions, each recorded in the store when it has run.

A new store is made in one go from :mod:`ektp_analysis.store.schema` and has every migration recorded. An older one gets
what it lacks, in one transaction, after a copy of its SQLite file was laid beside it: ``ektp.v1.20230620-101500Z.sqlite``.
To change the schema: change the tables, and append a :class:`Migration` that makes the same change to an older store
(``tables.new_table.create(connection)``, or ``ALTER TABLE ... ADD COLUMN`` by ``exec_driver_sql``); a test compares both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from ektp_analysis.core.contract import COLUMNS
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T
from ektp_analysis.store import rollups
from ektp_analysis.store.engine import Database
from ektp_analysis.store.one_file import for_owner, switch_to_wal
from ektp_analysis.store.review_tables import review_event, review_switch, submission
from ektp_analysis.store.schema import (
    aim,
    alert_event,
    figure,
    foreseen,
    login_event,
    metadata,
    migration,
    occasion,
    person_event,
    plan_scenario,
    remembered_alias,
    remembered_layout,
    rollup,
    saved_deck,
    trail,
    tried,
    visit,
    visit_batch,
    visit_retraction,
)
from ektp_analysis.store.trail import fill
from ektp_analysis.store.troubles import NoStoreError, UnfinishedError, damaged

TRAIL = 6  # the version from which on a store has a trail
UNFINISHED = "copy_unfinished"  # a table that is there while a store is being copied to this place


@dataclass(frozen=True)
class Migration:
    """One step of the schema: the version that it leads to, what it does in words, and the function that does it."""

    version: int
    name: str
    run: Callable[[sa.Connection], None]


def _memory(connection: sa.Connection) -> None:
    for table in (remembered_alias, remembered_layout):
        table.create(connection)


def _decks(connection: sa.Connection) -> None:
    saved_deck.create(connection)


def _printed(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "ALTER TABLE figure ADD COLUMN printed INTEGER "
        "CONSTRAINT printed_within_bounds CHECK (printed BETWEEN 0 AND 400000000)"  # as they stood in this version
    )


def _to_clean(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "ALTER TABLE figure ADD COLUMN to_clean INTEGER "
        "CONSTRAINT to_clean_within_bounds CHECK (to_clean BETWEEN 0 AND 400000000)"  # as they stood in this version
    )


def _aims(connection: sa.Connection) -> None:
    for table in (aim, occasion):
        table.create(connection)


def _trail(connection: sa.Connection) -> None:
    trail.create(connection)
    fill(connection)


def _outreach(connection: sa.Connection) -> None:
    for table in (visit_batch, visit, visit_retraction, alert_event, plan_scenario):
        table.create(connection)


def _people(connection: sa.Connection) -> None:
    for table in (person_event, login_event):
        table.create(connection)


def _rollups(connection: sa.Connection) -> None:
    rollup.create(connection)
    rollups.fill(connection)


def _review(connection: sa.Connection) -> None:
    for table in (submission, review_event, review_switch):
        table.create(connection)


def _foreseen(connection: sa.Connection) -> None:
    foreseen.create(connection)


def _tried(connection: sa.Connection) -> None:
    tried.create(connection)
    if "state" not in {column["name"] for column in sa.inspect(connection).get_columns(rollup.name)}:  # else made just now
        connection.exec_driver_sql("ALTER TABLE rollup ADD COLUMN state VARCHAR(16)")


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "originals, batches, figures, retractions", metadata.create_all),
    Migration(2, "remembered aliases and layouts", _memory),
    Migration(3, "saved slides", _decks),
    Migration(4, "cards printed", _printed),
    Migration(5, "aims and events", _aims),
    Migration(TRAIL, "trail", _trail),
    Migration(7, "visits, alerts and saved plans", _outreach),
    Migration(8, "those to be cleaned off the list", _to_clean),
    Migration(9, "people and logins", _people),
    Migration(10, "rollups", _rollups),
    Migration(11, "four eyes", _review),
    Migration(12, "answers of many areas", _foreseen),
    Migration(13, "tries, and the state of each place", _tried),
)


def latest() -> int:
    """The version of the schema that this program writes."""
    return MIGRATIONS[-1].version


def version(connection: sa.Connection, place: str, *, unfinished: bool = False) -> int:
    """The schema version of the store; 0 where there is none yet.

    Raises:
        StoreError: the database belongs to another program, or to a newer version of this one, or is a copy that is not whole
            (unless ``unfinished``).
    """
    names = set(sa.inspect(connection).get_table_names())
    if UNFINISHED in names and not unfinished:
        raise UnfinishedError(
            T(
                "A store is being copied to {place}, and the copy is not whole yet. If nobody is copying any more, start "
                "the same copy again: it goes on where it was broken off.",
                place=place,
            )
        )
    if migration.name not in names:
        if names and (connection.dialect.name == "sqlite" or names & set(metadata.tables)):
            raise StoreError(
                T("{place} holds tables of another program; choose another place in EKTP_DATABASE_URL.", place=place)
            )
        return 0
    found = int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(migration.c.version), 0))).scalar_one())
    if found > latest():
        raise StoreError(
            T(
                "The store {place} was written by a newer version of this program (schema {found}, known here: "
                "{known}); update the program.",
                place=place,
                found=str(found),
                known=str(latest()),
            )
        )
    return found


def bring_up(database: Database, *, create: bool = True) -> None:
    """Make the schema of a new store, or bring that of an older one up to date.

    Raises:
        NoStoreError: there is none, and ``create`` is not wanted.
        StoreError: of a newer version or another program; older or empty and open for reading only; the copy or a
            migration failed (then nothing was changed).
    """
    with database.reading() as connection:
        found = version(connection, database.place)
    if not found and not create:
        raise NoStoreError(T("There is no store at {place}.", place=database.place))
    if found < latest() and database.read_only:
        raise StoreError(T("The store {place} is empty or of an older version; open it once for writing.", place=database.place))
    if found < latest():
        with database.writing(alone=True) as connection:
            found = version(connection, database.place)  # again: another process may have been faster
            _run(database, connection, found)
    with database.reading() as connection:
        _hold_contract(connection, database.place)
    if database.path is not None and not database.read_only:
        switch_to_wal(database.path, database.wait)


def _hold_contract(connection: sa.Connection, place: str) -> None:
    """Refuse a store whose figures lack a column of the contract: it was declared without the migration that adds it."""
    there = {*connection.execute(sa.select(sa.literal_column("*")).select_from(figure).where(sa.false())).keys()}
    if lacking := [column.name for column in COLUMNS if column.name not in there]:
        raise StoreError(
            T(
                "The store {place} has no column {column}; a migration that adds it is needed.",
                place=place,
                column=", ".join(lacking),
            )
        )


def hold(database: Database) -> None:
    """See that the file of a SQLite store is whole, and that its tables are defined as this program defines them.

    Raises:
        StoreError: it is damaged.
    """
    database.hold_file()
    if database.path is None:
        return
    new = sa.create_engine("sqlite://")
    with new.begin() as fresh, database.reading() as connection:
        metadata.create_all(fresh, checkfirst=False)
        if _definitions(connection) != _definitions(fresh):
            raise StoreError(damaged(database.place))
    new.dispose()


def _definitions(connection: sa.Connection) -> dict[str, list[str]]:
    """Each table that this program knows: its columns, keys, indexes and rules, in words that can be compared."""
    seen = sa.inspect(connection)
    found = {}
    for name in set(seen.get_table_names()) & set(metadata.tables):
        columns = [tuple(one)[1:] for one in connection.exec_driver_sql(f"PRAGMA table_info({name})")]  # the types as written
        rules = [(one["name"], one["sqltext"]) for one in seen.get_check_constraints(name)]
        keys = [(one["constrained_columns"], one["referred_table"]) for one in seen.get_foreign_keys(name)]
        indexes = [(one["name"], one["column_names"]) for one in seen.get_indexes(name)]
        found[name] = sorted(map(str, (*columns, *rules, *keys, *indexes)))
    return found


def _run(database: Database, connection: sa.Connection, found: int) -> None:
    if 0 < found < latest() and database.path is not None:
        copy_file(database.path, found)
    make(connection, found)


def make(connection: sa.Connection, found: int) -> None:
    """Make the schema where there is none (0), or bring that of the version ``found`` up to date, in the caller's transaction."""
    if found == 0:
        begun = sa.inspect(connection).has_table(
            migration.name
        )  # else none of the tables is there, and each need not be asked for
        metadata.create_all(connection, checkfirst=begun)
    steps = [step for step in MIGRATIONS if step.version > found]
    for step in steps if found else ():
        step.run(connection)
    if steps:
        at = datetime.now(UTC)
        connection.execute(migration.insert(), [{"version": one.version, "name": one.name, "applied_at": at} for one in steps])


def copy_file(path: Path, found: int) -> Path:
    """Copy a SQLite store as it stands, WAL included, beside itself, named with version and time; whole or not at all.

    Raises:
        StoreError: the copy could not be made.
    """
    target = path.with_name(f"{path.stem}.v{found}.{datetime.now(UTC):%Y%m%d-%H%M%SZ}{path.suffix}")
    partial = target.with_name(target.name + ".part")
    try:
        for_owner(partial)
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            T(
                "The store {place} could not be copied before its update ({kind}); nothing was changed.",
                place=str(path),
                kind=type(error).__name__,
            )
        ) from error
    return target
