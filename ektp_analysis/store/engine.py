"""The connection to SQLite or PostgreSQL, and what a driver's error means, in one sentence that says what to mend.

Values and passwords are never repeated.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from glob import escape as glob_escape
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from psycopg.errors import OperationalError as ServerError

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import PROGRAM
from ektp_analysis.core.text import T, Text

OTHERS = 0o077  # what those who do not own a file may do with it
OWNER_ONLY = 0o600


class NoStoreError(StoreError):
    """Where the store should be, there is none: no file, or none of its tables."""


class UnfinishedError(StoreError):
    """What is there is a copy of a store that is not whole yet."""


class UnreadableError(Exception):
    """What stands in a row cannot be what its column is for: the file was spoilt."""


@contextmanager
def readable(place: str) -> Iterator[None]:
    """Turn errors of database and driver inside the block into a StoreError about the store at ``place``."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise StoreError(_sentence(error.orig, place)) from error
    except sqlite3.Error as error:
        raise StoreError(_sentence(error, place)) from error
    except (UnreadableError, UnicodeDecodeError) as error:
        raise StoreError(damaged(place)) from error
    except sa.exc.TimeoutError as error:
        raise StoreError(_busy(place)) from error


def _sentence(error: BaseException | None, place: str) -> Text:
    if isinstance(error, sqlite3.Error):
        return _sqlite(error, place)
    state = getattr(error, "sqlstate", None) or ""
    if state == "55P03":
        return _busy(place)
    if state in ("25006", "42501"):
        return not_writable(place)
    if state == "53100":
        return _full(place)
    if isinstance(error, ServerError) and (not state or state[:2] in ("08", "28", "3D", "57")):
        return T(
            "The PostgreSQL server of the store {place} does not answer or refuses the connection ({reason}). "
            "Check that it runs and that EKTP_DATABASE_URL names the right server, database and user.",
            place=place,
            reason=_first_line(error),
        )
    return T(
        "The store {place} failed ({kind}); run doctor, and see the server's log.",
        place=place,
        kind=state or type(error).__name__,
    )


def _sqlite(error: sqlite3.Error, place: str) -> Text:
    # Errors that Python itself raises carry no code of SQLite.
    name: str = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _busy(place)
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return not_writable(place)
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")):  # the second: no room for the side file that readers share
        return _full(place)
    if name.startswith("SQLITE_NOTADB"):
        return T("{place} is not a database; choose another file in EKTP_DATABASE_URL, or move this one away.", place=place)
    if name.startswith("SQLITE_CORRUPT") or (not name and "decode" in str(error)):  # text that is no UTF-8 any more
        return damaged(place)
    if name.startswith("SQLITE_CANTOPEN"):
        return cannot_open(place)
    return T(
        "The store {place} failed ({kind}); run doctor, and see the server's log.", place=place, kind=name or type(error).__name__
    )


def damaged(place: str) -> Text:
    """The sentence for a file whose structures are broken."""
    return T(
        "The store {place} is damaged; move it away, and restore the latest backup: {program} restore DIR",
        place=place,
        program=PROGRAM,
    )


def cannot_open(place: str) -> Text:
    """The sentence for a file that the system does not hand out."""
    return T(
        "The store {place} cannot be opened; check that its folder exists and that this user may read and write in it.",
        place=place,
    )


def not_writable(place: str) -> Text:
    """The sentence for a store into which this user may not write."""
    return T(
        "The store {place} cannot be written to; give this user the right to write to it, or choose another "
        "place in EKTP_DATABASE_URL.",
        place=place,
    )


def _busy(place: str) -> Text:
    return T("The store {place} is locked by another import; nothing was stored, try again in a minute.", place=place)


def _full(place: str) -> Text:
    return T("The disk of the store {place} is full; nothing was stored, make room and try again.", place=place)


def _first_line(error: BaseException) -> str:
    """The driver's own words: host, user and database, never a password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


_WRITING = "ektp_writing"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('ektp_analysis store in ' || current_schema(), 0))"


@dataclass(frozen=True)
class Database:
    """An open database. ``place`` names it without a password; ``path`` is the SQLite file, None for a server; ``file`` is what
    the system knew the file by when it was opened."""

    engine: sa.Engine
    place: str
    path: Path | None
    read_only: bool
    wait: float
    file: tuple[int, int] | None = None

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def is_there(self) -> bool:
        """Whether its file is still the one that was opened: what is open already reads on in a file that was removed."""
        return self.path is None or _known_by(self.path) == self.file

    def open_to_others(self) -> list[Path]:
        """Its files that others than their owner may read."""
        if self.path is None or os.name == "nt":
            return []
        return [path for path in files_of(self.path) if path.stat().st_mode & OTHERS]

    def hold_file(self) -> None:
        """See that the file is whole as SQLite knows it: its pages, tables and indexes. A server looks after its own.

        Raises:
            StoreError: it is damaged.
        """
        if self.path is None:
            return
        with self.reading() as connection:
            whole = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() == "ok"
        if not whole:
            raise StoreError(damaged(self.place))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment of the store and writes nothing."""
        options: dict[str, Any] = {} if self.path else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with readable(self.place), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """The one writing transaction; stored whole at the end of the block, or not at all.

        Raises:
            StoreError: opened for reading only, not writable, locked for longer than the waiting time, disk full.
        """
        if self.read_only:
            raise StoreError(T("The store {place} is open for reading only; nothing can be stored in it.", place=self.place))
        options = {_WRITING: True}
        with readable(self.place), self.engine.connect().execution_options(**options) as connection, connection.begin():
            if self.path is None:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, int(self.wait * 1000))}")
                connection.exec_driver_sql(_LOCK)
            yield connection


def connect(url: str, *, read_only: bool = False, wait: float = 30.0, create: bool = True) -> Database:
    """Open the database at ``url`` (sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME) without looking at its tables.

    A missing SQLite file is made, with its folders, if ``create`` and not ``read_only``; nobody but its owner may read it.
    ``wait`` is how long, in seconds, a writer waits for another one.

    Raises:
        NoStoreError: a SQLite file that is not there and is not to be made.
        StoreError: not such an address; cannot be opened; not writable; not a database; the server does not answer.
    """
    if (path := file_of(url)) is not None:
        return _open_file(path, read_only=read_only, wait=wait, create=create)
    address = _address(url)
    place = f"{address.host or address.query.get('host') or 'localhost'}/{address.database or ''}"
    engine = sa.create_engine(
        address,
        pool_pre_ping=True,
        hide_parameters=True,
        client_encoding="utf8",  # else the driver gives bytes where a database has no letters (SQL_ASCII)
        connect_args={} if "connect_timeout" in address.query else {"connect_timeout": 5},
    )
    database = Database(engine, place, None, read_only, wait)
    with database.reading() as connection:
        frozen, letters = connection.exec_driver_sql(
            "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool, "
            "current_setting('server_encoding')"
        ).one()
    if letters != "UTF8":
        raise StoreError(
            T("The database {place} has the letters {name}; make one with --encoding UTF8.", place=place, name=letters)
        )
    if frozen and not read_only:
        raise StoreError(not_writable(place))
    return database


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows, each with a value for every column in the order of the table, as fast as the engine takes them."""
    names = ", ".join(f'"{column.name}"' for column in table.c)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
        return
    written = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in table.c]
    values = [
        [row[place] for row in rows] if write is None else [write(row[place]) for row in rows]
        for place, write in enumerate(written)
    ]
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(table.c))})", list(zip(*values, strict=True))
    )


def file_of(url: str) -> Path | None:
    """The file of a store in SQLite; None for one on a server. Raises StoreError where it is no address."""
    address = _address(url)
    sqlite = address.get_backend_name() == "sqlite"
    return Path(str(address.database)).expanduser().absolute() if sqlite else None


def _address(url: str) -> sa.URL:
    wrong = T(
        "The address of the store is not one of sqlite:///FILE and postgresql+psycopg://USER:PASSWORD@SERVER/NAME; "
        "correct EKTP_DATABASE_URL."
    )
    if not url.startswith("sqlite") and url.count("@") > 1:  # else the rest of a password is taken for server or name
        raise StoreError(
            T(
                "The password in the address of the store holds a sign that must be written otherwise: %40 for @, %2F for /, "
                "%3A for :; correct EKTP_DATABASE_URL."
            )
        )
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(wrong) from None  # the driver's error repeats the address, and with it a password
    if address.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"):
        raise StoreError(wrong)
    if not address.database or address.database == ":memory:":
        raise StoreError(wrong)
    return address


def _open_file(path: Path, *, read_only: bool, wait: float, create: bool) -> Database:
    place = str(path)
    mode = "mode=rw"  # never "rwc": a file that vanished is not made anew in silence
    try:
        if (read_only or not create) and not path.is_file():
            raise NoStoreError(T("There is no store at {place}.", place=place))
        if not read_only:
            path.parent.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(cannot_open(place) if read_only else not_writable(place)) from error
    try:
        if not read_only:
            for_owner(path)
    except OSError as error:
        raise StoreError(cannot_open(place)) from error
    with readable(place):
        if read_only:
            mode = _reading_mode(path)
        else:
            _see_writable(path)

    def open_connection() -> sqlite3.Connection:
        opened = sqlite3.connect(
            f"{path.as_uri()}?{mode}", uri=True, timeout=wait, check_same_thread=False, isolation_level=None
        )  # BEGIN is ours, below
        opened.execute("PRAGMA foreign_keys = ON")
        opened.execute("PRAGMA synchronous = FULL")  # what is acknowledged survives a power cut; NORMAL may lose the last commits
        opened.execute("PRAGMA fullfsync = ON")  # macOS alone: without it the disk may still hold the log in its own memory
        return opened

    engine = sa.create_engine("sqlite://", creator=open_connection, poolclass=sa.QueuePool, hide_parameters=True)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return Database(engine, place, path, read_only, wait, _known_by(path))


def _known_by(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def for_owner(path: Path) -> None:
    """Let only its owner read the file of a store, and the copies and side files beside it; an empty one is made if there is
    none. What belongs to another user stays as it is: ``doctor`` names it."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    for one in files_of(path):
        with contextlib.suppress(OSError):
            if one.stat().st_mode & OTHERS:
                one.chmod(OWNER_ONLY)


def files_of(path: Path) -> list[Path]:
    """The file of a store, its side files, and the copies that were laid beside it before an update; those that are there."""
    beside = (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"))
    return [*(one for one in beside if one.is_file()), *path.parent.glob(f"{glob_escape(path.stem)}.v*{path.suffix}")]


def _see_writable(path: Path) -> None:
    """See that the file can be written, without changing or waiting for anything."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)) as opened:
        try:
            opened.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            return  # somebody is writing, so it can be written
        opened.execute("ROLLBACK")


def _reading_mode(path: Path) -> str:
    """Read-only; where the folder cannot be written and nothing waits in a WAL file, SQLite does without side files."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        try:
            opened.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.DatabaseError as error:
            waiting = path.with_name(path.name + "-wal")
            no_side_files = error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
            if no_side_files and not (waiting.exists() and waiting.stat().st_size):
                return "mode=ro&immutable=1"
    return "mode=ro"


def _is_busy(error: sqlite3.Error) -> bool:
    return error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def switch_to_wal(database: Database) -> None:
    """Let readers of a SQLite file go on while somebody writes; does nothing where it is so already, or on a server."""
    if database.path is None:
        return
    deadline = time.monotonic() + database.wait
    with readable(database.place), closing(sqlite3.connect(database.path, timeout=0, isolation_level=None)) as opened:
        while True:
            try:
                opened.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:  # SQLite does not wait by itself for this switch
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
