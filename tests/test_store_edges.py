"""The store at the edge of each rule, on SQLite alone; what a server's driver says is made up here, so none is needed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from psycopg import errors
from sqlalchemy.dialects import postgresql, sqlite

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.store import schema
from ektp_analysis.store.engine import Database
from ektp_analysis.store.records import Arrangement, Edit
from ektp_analysis.store.store import Store
from ektp_analysis.store.troubles import readable
from tests.engines import kept, moment, reading

AT, LATER, LAST = moment("2024-07-01 02:00"), moment("2024-07-02 02:00"), moment("2024-07-03 02:00")
LOCKED, KEPT_SHUT, FULL, SILENT = "is locked", "cannot be written", "is full", "does not answer or refuses"


def said(error: BaseException | None) -> str:
    """The sentence for an error of the driver."""
    with pytest.raises(StoreError) as found, readable("server/ektp"):
        raise sa.exc.DBAPIError("SELECT 1", {}, error)  # type: ignore[arg-type]
    assert "server/ektp" in str(found.value)
    return str(found.value)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("55P03", LOCKED),
        ("25006", KEPT_SHUT),
        ("42501", KEPT_SHUT),
        ("53100", FULL),
        ("08006", SILENT),
        ("28P01", SILENT),
        ("57P01", SILENT),
        ("40001", "failed (40001)"),
        ("53200", "failed (53200)"),
        ("23505", "failed (23505)"),
        ("42P01", "failed (42P01)"),
    ],
)
def test_what_a_server_says_by_its_code(state: str, sentence: str) -> None:
    assert sentence in said(errors.lookup(state)("kata driver"))


def test_what_a_driver_says_without_a_code() -> None:
    assert "(connection failed)" in said(errors.OperationalError("\n connection failed\npassword: rahasia"))
    assert "rahasia" not in said(errors.OperationalError("connection failed\npassword: rahasia"))
    assert f"({'x' * 200})" in said(errors.OperationalError("x" * 300)) and f"({'x' * 199})" in said(
        errors.OperationalError("x" * 199)
    )
    assert "(OperationalError)" in said(errors.OperationalError(" \n "))
    refused = errors.OperationalError('database "ekpt" does not exist')
    refused.sqlstate = "3D000"  # type: ignore[misc]  # as a server gives it to who connects
    assert SILENT in said(refused)
    assert "failed (DataError)" in said(errors.DataError("x")) and "failed (NoneType)" in said(None)
    assert "failed (ValueError)" in said(ValueError("rahasia"))
    with pytest.raises(StoreError, match=LOCKED), readable("x"):
        raise sa.exc.TimeoutError


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SQLITE_BUSY_SNAPSHOT", LOCKED),
        ("SQLITE_LOCKED", LOCKED),
        ("SQLITE_READONLY_DIRECTORY", KEPT_SHUT),
        ("SQLITE_PERM", KEPT_SHUT),
        ("SQLITE_AUTH", KEPT_SHUT),
        ("SQLITE_FULL", FULL),
        ("SQLITE_IOERR_SHMSIZE", FULL),
        ("SQLITE_NOTADB", "is not a database"),
        ("SQLITE_CORRUPT_INDEX", "is damaged"),
        ("SQLITE_CANTOPEN", "cannot be opened"),
        ("SQLITE_IOERR", "failed (SQLITE_IOERR)"),
        ("", "failed (OperationalError)"),
    ],
)
def test_what_sqlite_says(name: str, sentence: str) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorname = name
    assert sentence in said(error)
    with pytest.raises(StoreError) as found, readable("server/ektp"):
        raise error
    assert sentence in str(found.value)


@pytest.mark.parametrize(("wait", "milliseconds"), [(0.0, 1), (0.0004, 1), (0.001, 1), (0.002, 2), (30.0, 30_000)])
def test_a_writer_waits_on_a_server_as_long_as_was_asked(wait: float, milliseconds: int) -> None:
    engine, connection = MagicMock(), MagicMock()
    engine.connect().execution_options.return_value = nullcontext(connection)
    with Database(engine, "server/ektp", None, False, wait).writing():
        pass
    (asked,) = (call.args[0] for call in connection.exec_driver_sql.call_args_list)
    assert f"set_config('lock_timeout', '{milliseconds}', true)" in asked
    locks = [(str(call.args[0]).split("(")[0], call.args[1]["name"]) for call in connection.execute.call_args_list]
    assert locks == [("SELECT pg_advisory_xact_lock_shared", " whole"), ("SELECT pg_advisory_xact_lock", "")]


@pytest.mark.parametrize(
    ("whole", "place"), [("127.0.0.1:9/ektp?connect_timeout=2", "127.0.0.1/ektp"), ("/ektp?host=/nowhere", "/nowhere/ektp")]
)
def test_a_silent_server_is_named_without_its_password(whole: str, place: str) -> None:
    with pytest.raises(StoreError) as found:
        Store.open(f"postgresql+psycopg://petugas:rahasia@{whole}")
    assert SILENT in str(found.value) and place in str(found.value) and "rahasia" not in str(found.value)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('store')}/ektp.sqlite") as opened:
        rows = ({"area_code": f"75.05.0{n}", "as_of_date": "2023-06-20", "unrecorded": n} for n in (1, 2))
        kept(opened, reading(*rows), "2023-06-20 10:00")
        yield opened


@pytest.mark.parametrize("number", [-1, 0, 2, 2**31 - 1, 2**31, 2**64])
def test_a_number_that_no_batch_has(shared: Store, number: int) -> None:
    assert shared.batch(1).id == 1
    for ask in (shared.batch, shared.original):
        with pytest.raises(UserError, match="There is no batch"):
            ask(number)


def deck(area: str = "75.05", sample: bool = False, name: str = "Rapat", slides: int = 1, **edit: Any) -> Arrangement:
    return Arrangement(area, sample, name, tuple(Edit(f"s{n}", **edit) for n in range(slides)))


@pytest.mark.parametrize(
    ("area", "sample", "name"), [("75.01", False, "Rapat"), ("75.05", True, "Rapat"), ("75.05", False, "Bupati")]
)
def test_nothing_is_kept_before_what_was_kept_last(tmp_path: Path, area: str, sample: bool, name: str) -> None:
    with Store.open(f"sqlite:///{tmp_path}/ektp.sqlite") as store:
        store.save_deck(deck(area, sample, name), over=None, by="petugas", at=LAST)
        made = store.save_deck(deck(), over=None, by="petugas", at=LATER)  # by a clock that runs back
        assert made.at == LAST
        assert store.save_deck(deck(slides=2), over=made.version, by="petugas", at=AT).at == LAST
        store.forget_deck(made.id, by="petugas", at=AT)
        assert store.save_deck(deck(), over=None, by="petugas", at=AT).at == LAST


def test_what_may_be_saved_at_most(shared: Store) -> None:
    for number, wanted in enumerate(
        (deck(name="x" * 80), deck(name="x"), deck(slides=100), deck(title="x" * 200), deck(notes="x" * 5000))
    ):
        made = shared.save_deck(replace(wanted, area=f"75.0{number + 1}"), over=None, by="petugas", at=AT)
        assert made.edits == wanted.edits


def test_names_that_are_repeated_are_cut(shared: Store) -> None:
    for ask in (
        lambda name: shared.forget_alias("75.05", name, by="petugas", at=AT),
        lambda name: shared.forget_layout(name, by="petugas", at=AT),
    ):
        with pytest.raises(UserError) as found:
            ask("x" * 70)
        assert "x" * 60 in str(found.value) and "x" * 61 not in str(found.value)
    shared.remember_aliases("75.05", {"x" * 300: "75.05.03"}, by="petugas", at=AT)
    assert [len(one.name) for one in shared.aliases()] == [300]


def test_a_store_whose_list_of_migrations_is_empty_is_made_from_the_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ektp.sqlite"
    engine = sa.create_engine(url)
    schema.migration.create(engine)
    engine.dispose()
    with Store.open(url) as store:
        assert len(store.figures()) == 0 and store.batches() == [] and store.decks() == []


def test_a_moment_is_kept_in_utc_by_either_engine() -> None:
    kind, lite, server = schema.Moment(), sqlite.dialect(), postgresql.dialect()
    here = datetime(2024, 7, 1, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
    plain, aware = datetime(2024, 7, 1, 2, 30), datetime(2024, 7, 1, 2, 30, tzinfo=UTC)
    assert kind.process_bind_param(here, lite) == plain and kind.process_bind_param(here, server) == aware
    assert kind.process_bind_param(here, server).tzinfo is UTC  # type: ignore[union-attr]
    assert kind.process_result_value(plain, lite) == kind.process_result_value(here, server) == aware
    assert kind.process_bind_param(None, lite) is kind.process_result_value(None, server) is None
    with pytest.raises(ValueError, match="time zone"):
        kind.process_bind_param(plain, server)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights otherwise")
def test_a_store_knows_its_file_again_and_lets_nobody_else_read_what_lies_beside_it(tmp_path: Path) -> None:
    file, copy, other = (tmp_path / name for name in ("ektp.sqlite", "ektp.v3.20240701.sqlite", "ektp.v3.txt"))
    with Store.open(f"sqlite:///{file}") as store:
        assert store.is_there() and store.open_to_others() == []
        for one in (copy, other):
            one.write_bytes(b"")
            one.chmod(0o644)
        assert store.open_to_others() == [copy]
        file.chmod(0o640)
        assert store.open_to_others() == [file, copy]
    with Store.open(f"sqlite:///{file}") as store:
        assert store.open_to_others() == [] and [one.stat().st_mode & 0o777 for one in (file, copy, other)] == [
            0o600,
            0o600,
            0o644,
        ]
        moved = file.rename(tmp_path / "moved.sqlite")
        assert not store.is_there()
        file.write_bytes(moved.read_bytes())
        assert not store.is_there(), "a copy is another file"
        moved.replace(file)
        assert store.is_there()
