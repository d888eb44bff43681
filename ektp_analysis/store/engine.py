"""The connection to SQLite or PostgreSQL: opened, read from, and written to by whoever's turn it is."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.giving_way import give_way, giving_way
from ektp_analysis.core.text import T
from ektp_analysis.store.one_file import OTHERS, WRITING, files_of, known_by, opened
from ektp_analysis.store.troubles import comes_back, damaged, not_writable, readable

RETURN = 5.0  # seconds in which a server that was there is expected back, as after a restart


# Locks of a server, by name, until the transaction ends. All who write share the first, so that a step of the schema waits for
# them and they for it; then come those of what is written, in the order of their names; and last, for as short as can be, the
# one of the trail's end. As nobody takes them in another order, nobody waits in a circle.
_KEY = "hashtextextended('ektp_analysis store in ' || current_schema() || :name, 0)"
_WHOLE = " whole"
_ENDS = ""  # as all writers of earlier versions took it
_IDLE = 300  # seconds after which the server ends a writer of which it hears nothing, so that nobody waits for who is gone
POOL, BEYOND = 10, 20  # connections to a server that are kept, and those that are opened besides while many ask at once

_writes = 0  # how often this process has written, into whatever store
LONGEST = 5.0  # seconds for which one transaction is read in: a server that is restarted, or cleans up, waits for no page
_Moments = dict[sa.Engine, tuple[int, float, sa.Connection]]
_moments: ContextVar[_Moments | None] = ContextVar("moments", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Within, what this thread reads of a store on a server is read in one transaction, begun at the first question and anew
    once this process has written, or after :data:`LONGEST`. A page asks some tens of times, and by itself each takes three
    messages more."""
    before = _moments.set({})
    try:
        yield
    finally:
        begin_anew()
        _moments.reset(before)


def begin_anew() -> None:
    """Within :func:`one_moment`, have the next question see all that was written by then, by whomever."""
    found = _moments.get() or {}
    while found:
        _, (_, _, connection) = found.popitem()
        with contextlib.suppress(sa.exc.SQLAlchemyError):  # what was read is read
            connection.close()


_READS: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


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

    @property
    def _patience(self) -> int:
        """Milliseconds that a server has a writer wait for others; none at all would be for ever."""
        return max(1, int(self.wait * 1000))

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def is_there(self) -> bool:
        """Whether its file is still the one that was opened: what is open already reads on in a file that was removed."""
        return self.path is None or known_by(self.path) == self.file

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
    def reading(self, *, now: bool = False) -> Iterator[sa.Connection]:
        """A transaction that sees one moment of the store and writes nothing: that of :func:`one_moment` within it, if not
        ``now``, for what threads share that are at different moments."""
        give_way()
        moments = _moments.get() if self.path is None and not now else None
        if moments is not None and (self.engine in moments or self._kept() < POOL):
            with readable(self.place):
                try:
                    yield self._of_moment(moments)
                except BaseException:  # of a transaction that failed nothing more can be asked
                    begin_anew()
                    raise
            return
        options: dict[str, Any] = {} if self.path else _READS
        with readable(self.place), self._connection(options) as connection, connection.begin():
            yield connection

    def _kept(self) -> int:
        """How many connections to the server are in use."""
        pool = self.engine.pool
        assert isinstance(pool, sa.QueuePool)
        return pool.checkedout()

    def _of_moment(self, moments: _Moments) -> sa.Connection:
        if self.engine in moments:
            written, begun, _ = moments[self.engine]
            if written != _writes or time.monotonic() - begun > LONGEST:
                begin_anew()
        if self.engine not in moments:
            connection = self._connection(_READS)
            moments[self.engine] = _writes, time.monotonic(), connection
            connection.begin()
        return moments[self.engine][-1]

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[sa.Connection]:
        """The one writing transaction that may add to the trail; stored whole at the end of the block, or not at all.

        ``alone``: nobody else writes anything meanwhile, not even behind another lock.

        Raises:
            StoreError: opened for reading only, not writable, locked for longer than the waiting time, disk full.
        """
        with self._written(alone) as connection:
            self.take_turn(connection)
            yield connection

    @contextmanager
    def writing_in(self, names: Iterable[str]) -> Iterator[sa.Connection]:
        """A writing transaction beside others: who writes under none of the same names does not wait, nor is waited for, until
        :meth:`take_turn`. A file of SQLite has one writer at a time all the same.

        Raises:
            StoreError: as :meth:`writing`.
        """
        with self._written(alone=False) as connection:
            for name in sorted(set(names)):
                self._lock(connection, f" {name}")
            yield connection

    @contextmanager
    def writing_at_once(self, name: str) -> Iterator[sa.Connection | None]:
        """As :meth:`writing_in` under one name; None where somebody else writes under it just now. For a server alone."""
        with self._written(alone=False) as connection:
            asked = sa.text(f"SELECT pg_try_advisory_xact_lock({_KEY})")
            yield connection if connection.execute(asked, {"name": f" {name}"}).scalar_one() else None

    @contextmanager
    def counting(self, names: Iterable[str]) -> Iterator[sa.Connection]:
        """A transaction for what is counted under these names, and is no record: who writes records does not wait for it, nor it
        for them, and a power cut may take the last of it. For a server alone."""
        with readable(self.place), self._connection({WRITING: True}) as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {self._patience}")
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            for name in sorted(set(names)):
                self._lock(connection, f" tried {name}")
            yield connection

    def take_turn(self, connection: sa.Connection) -> None:
        """Wait until the end of the trail is this transaction's alone: what is to be done quickly, and last."""
        self._lock(connection, _ENDS)

    @contextmanager
    def _written(self, alone: bool) -> Iterator[sa.Connection]:
        if self.read_only:
            raise StoreError(T("The store {place} is open for reading only; nothing can be stored in it.", place=self.place))
        begin_anew()  # a step of the schema would wait for it
        with giving_way(0.0), readable(self.place), self._connection({WRITING: True}) as connection, connection.begin():
            if self.path is None:
                connection.exec_driver_sql(
                    f"SELECT set_config('lock_timeout', '{self._patience}', true), "
                    f"set_config('idle_in_transaction_session_timeout', '{_IDLE * 1000}', true)"
                )
                self._lock(connection, _WHOLE, "" if alone else "_shared")
            yield connection
        global _writes
        _writes += 1

    def _lock(self, connection: sa.Connection, name: str, kind: str = "") -> None:
        if self.path is None:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock{kind}({_KEY})"), {"name": name})

    def _connection(self, options: dict[str, Any]) -> sa.Connection:
        """A connection on which nothing was sent yet: where the server is away for a moment, it is asked for again."""
        deadline = time.monotonic() + RETURN
        while True:
            try:
                return self.engine.connect().execution_options(**options)
            except sa.exc.OperationalError as error:
                if self.path is not None or not comes_back(error) or time.monotonic() > deadline:
                    raise
                time.sleep(RETURN / 20)


# Seconds: who asks a server that does not answer, or whose network is cut, learns so.
_PATIENCE = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


def connect(url: str, *, read_only: bool = False, wait: float = 30.0, create: bool = True) -> Database:
    """Open the database at ``url`` (sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME) without looking at its tables.

    A missing SQLite file is made, with its folders, if ``create`` and not ``read_only``; nobody but its owner may read it.
    ``wait`` is how long, in seconds, a writer waits for another one.

    Raises:
        NoStoreError: a SQLite file that is not there and is not to be made.
        StoreError: not such an address; cannot be opened; not writable; not a database; the server does not answer.
    """
    if (path := file_of(url)) is not None:
        engine = opened(path, read_only=read_only, wait=wait, create=create)
        return Database(engine, str(path), path, read_only, wait, known_by(path))
    address = _address(url)
    place = f"{address.host or address.query.get('host') or 'localhost'}/{address.database or ''}"
    engine = sa.create_engine(
        address,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=BEYOND,
        hide_parameters=True,
        client_encoding="utf8",  # else the driver gives bytes where a database has no letters (SQL_ASCII)
        connect_args={name: value for name, value in _PATIENCE.items() if name not in address.query},
    )
    database = Database(engine, place, None, read_only, wait)
    with readable(place), engine.connect() as connection:  # the first time nobody waits for it to come back
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
