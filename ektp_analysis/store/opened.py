"""A store that is open: how it is opened and closed, where it is and how it stands, its trail, and how it is copied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ektp_analysis.core.area import NATION
from ektp_analysis.store import migrations, moving, queries, rollups, schema, trail
from ektp_analysis.store.engine import Database, connect
from ektp_analysis.store.records import Head, Info

Written = Callable[[Any], None]
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


class _Begun:
    """A database in the middle of a writing transaction, which all that is read or written joins."""

    def __init__(self, database: Database, connection: sa.Connection) -> None:
        self._database, self._connection = database, connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Within the transaction that has begun."""
        yield self._connection

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[sa.Connection]:  # noqa: ARG002 (nobody else writes anyway)
        """As :meth:`reading`."""
        yield self._connection

    @contextmanager
    def writing_in(self, names: Iterable[str]) -> Iterator[sa.Connection]:  # noqa: ARG002
        """As :meth:`reading`."""
        yield self._connection

    @contextmanager
    def writing_at_once(self, name: str) -> Iterator[None]:  # noqa: ARG002
        """What can wait is left to whoever comes after."""
        yield None

    def take_turn(self, connection: sa.Connection) -> None:
        """It is this one's already."""


class Opened:
    """An open store as a whole: where it is, its trail, its copies."""

    def __init__(self, database: Database, zone: ZoneInfo, written: Written | None = None) -> None:
        self._database = database
        self._zone = zone
        self._written = written

    @classmethod
    def open(
        cls,
        url: str,
        *,
        read_only: bool = False,
        zone: ZoneInfo = ZoneInfo("Asia/Makassar"),  # noqa: B008
        wait: float = 30.0,
        create: bool = True,
        written: Written | None = None,
    ) -> Self:
        """Open the store at ``url``; a missing SQLite file is made, an older schema is brought up to date after a copy.

        Args:
            url: ``sqlite:///FILE`` or ``postgresql+psycopg://USER:PASSWORD@SERVER/NAME``.
            read_only: never write anything, not even a schema; writing then raises StoreError.
            zone: where a day begins and ends, for ``known_at``.
            wait: seconds that a writer waits for another writer.
            create: make a store where there is none; without it, that is an error.
            written: called with the store after each change of it, also of one that turned out to be none.

        Raises:
            NoStoreError: there is no store, and none is to be made.
            StoreError: wrong address, not writable, not a database, damaged, of another program or a newer version,
                locked, or the server does not answer.
        """
        database = connect(url, read_only=read_only, wait=wait, create=create)
        try:
            migrations.bring_up(database, create=create)
        except BaseException:
            database.close()
            raise
        return cls(database, zone, written)

    @property
    def place(self) -> str:
        """Where the store is: the file's path, or server/database; never a password."""
        return self._database.place

    @property
    def read_only(self) -> bool:
        """Whether it was opened for reading only."""
        return self._database.read_only

    def is_there(self) -> bool:
        """Whether the file that was opened still lies there; a server says so itself."""
        return self._database.is_there()

    def open_to_others(self) -> list[Path]:
        """The files of the store that others than their owner may read; [] for a server, and where there are no such rights."""
        return self._database.open_to_others()

    def close(self) -> None:
        """Let go of the connections."""
        self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._database.writing() as connection:
            yield connection
        self._tell()

    @contextmanager
    def at_once(self) -> Iterator[Self]:
        """The store within one transaction: what is done to it in the block is stored whole at its end, or not at all; nobody
        else writes anything meanwhile."""
        with self._database.writing(alone=True) as connection:
            yield type(self)(cast(Database, _Begun(self._database, connection)), self._zone)
        self._tell()

    def tell_to(self, written: Written) -> None:
        """From now on call this with the store after each change of it."""
        self._written = written

    def _tell(self) -> None:
        if self._written is not None:
            self._written(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def note(self, kind: str, content: Mapping[str, Any], *, at: datetime) -> None:
        """Add an entry to the trail about what is kept or handed out elsewhere; ``content`` is what JSON can hold."""
        with self._writing() as connection:
            trail.note(connection, kind, content, at)

    def noted(self, kind: str) -> dict[int, Mapping[str, Any]]:
        """The entries of :meth:`note` of a kind, the first first: number -> content."""
        with self._database.reading() as connection:
            return trail.noted(connection, kind)

    def head(self, known_at: date | datetime | None = None) -> Head:
        """The end of what holds, or held at a moment; files that were handed out since do not count."""
        with self._database.reading() as connection:
            return trail.head(connection, until=queries.moment(known_at, self._zone))

    def head_and_hash(self, number: int) -> tuple[Head, str]:
        """The very end of the trail, and the hash of one of its entries; '' where there is none of this number."""
        with self._database.reading() as connection:
            return trail.head_and_hash(connection, number)

    def holds(self, name: str) -> bool | None:
        """Whether the trail has the entry that a :attr:`Head.name` means; None where it is no such name."""
        with self._database.reading() as connection:
            return trail.holds(connection, name)

    def copy_to(self, url: str, told: moving.Told | None = None) -> moving.Copied:
        """Copy everything into the store at ``url``, of either engine. Raises StoreError as :func:`moving.copy`."""
        with closing(connect(url)) as target:
            return moving.copy(self._database, target, told)

    def lay_away(self, path: Path, told: moving.Told | None = None) -> None:
        """Write everything as one SQLite file. Raises StoreError as :func:`moving.lay_away`."""
        moving.lay_away(self._database, path, told)

    def behind(self, at: datetime) -> timedelta:
        """How far a clock that says ``at`` is behind the last entry; zero where it is not."""
        with self._database.reading() as connection:
            return trail.behind(connection, at)

    def token(self, *areas: str) -> str:
        """Changes with every commit, retraction and restoring by any process: a key for caches. One tiny query.

        It is the last entry of the trail that tells of one: of imports at once, none is stored between two entries. Of some
        areas it changes, on a server, only with what lies in them, or in the kabupaten around those that are smaller.
        """
        with self._database.reading() as connection:
            if areas and NATION not in areas and self._database.path is None:
                return rollups.state(connection, areas)
            return trail.last_of_figures(connection) or "empty"

    def info(self, areas: Collection[str] | None = None) -> Info:
        """Schema version, moment of the last import, number of batches, size; of batches with a row in some areas alone."""
        batch = schema.batch
        with self._database.reading() as connection:
            asked = sa.select(sa.func.max(batch.c.received_at), sa.func.count(batch.c.id))
            if areas is not None:
                asked = asked.where(batch.c.id.in_(queries.rows_inside(schema.figure, areas)))
            last, count = connection.execute(asked).one()
            size = connection.execute(sa.text(_SIZE[connection.dialect.name])).scalar_one()
            return Info(migrations.version(connection, self.place), last, count, size)
