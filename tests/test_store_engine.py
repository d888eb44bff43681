"""Opening: each thing that can be wrong is one sentence. Reading only writes nothing."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ektp_analysis.core import text
from ektp_analysis.core.errors import StoreError
from ektp_analysis.store import engine, one_file, schema
from ektp_analysis.store.persons import PersonEvent
from ektp_analysis.store.store import Store
from tests.engines import NewUrl, kept, reading

ROW = {"area_code": "75.05.01", "as_of_date": "2023-06-20", "unrecorded": 862}


@pytest.fixture(scope="module")
def new_postgres_url(new_schema_url: NewUrl) -> NewUrl:
    """Here a store is made from nothing."""
    return new_schema_url


def refused(url: str, **how: object) -> str:
    with pytest.raises(StoreError) as error:
        Store.open(url, **how)  # type: ignore[arg-type]
    sentence = str(error.value)
    assert text.render(error.value.message, "id") != sentence, "not translated"
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ektp.sqlite",
        "/data/ektp.sqlite",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://root:rahasia@server/ektp",
        "postgresql+psycopg2://root:rahasia@server/ektp",
        "postgresql://root:rahasia@server:port/ektp",
        "oracle:rahasia",
        "postgresql+psycopg://root:rahasia@server",
    ],
)
def test_a_wrong_address(url: str) -> None:
    sentence = refused(url)
    assert "sqlite:///FILE" in sentence
    assert "rahasia" not in sentence


@pytest.mark.parametrize("password", ["kata@rahasia", "kata@rahasia:5", "@rahasia", "a@b/rahasia", "kata@rahasia?x=1"])
def test_a_password_with_a_sign_of_addresses_is_not_taken_for_a_server(password: str) -> None:
    sentence = refused(f"postgresql+psycopg://petugas:{password}@127.0.0.1:9/ektp?connect_timeout=2")
    assert "rahasia" not in sentence and "%40 for @" in sentence


def test_a_file_is_made_with_its_folders(tmp_path: Path) -> None:
    file = tmp_path / "data" / "dinas kota" / "ektp.sqlite"
    with Store.open(f"sqlite:///{file.as_posix()}") as store:
        kept(store, reading(ROW), "2023-06-20 10:00")
        assert store.place == str(file)
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_figure_needs_its_batch(url: str) -> None:
    with Store.open(url) as store:
        row = {
            "area_code": "75",
            "as_of_date": reading(ROW)["as_of_date"][0].date(),
            "unrecorded": 1,
            "basis": "",
            "status": "reported",
            "note": "",
            "batch_id": 99,
            "sheet": "",
            "row": 2,
        }
        with pytest.raises(StoreError, match="failed"), store._database.writing() as connection:
            connection.execute(schema.figure.insert().values(row))
        assert len(store.figures()) == 0


def test_not_a_database(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG" + bytes(range(256)) * 40)
    before = file.read_bytes()
    for read_only in (False, True):
        assert "is not a database" in refused(f"sqlite:///{file}", read_only=read_only)
    assert file.read_bytes() == before


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert "cannot be opened" in refused(f"sqlite:///{tmp_path}")


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "cannot be written" in refused(f"sqlite:///{tmp_path}/data/ektp.sqlite")


def test_the_database_of_another_program(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE moz_places (url)")
    connection.close()
    before = file.read_bytes()
    assert "tables of another program" in refused(sqlite_url)
    assert file.read_bytes() == before


def test_other_tables_on_a_server_are_left_alone(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE pegawai (nama TEXT)")
    Store.open(postgres_url).close()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE migration")
    engine.dispose()
    assert "tables of another program" in refused(postgres_url)


def test_a_damaged_file(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        kept(store, reading(*({**ROW, "area_code": f"75.05.01.{n}"} for n in range(2001, 2999))), "2023-06-20 10:00")
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    assert "is damaged" in refused(sqlite_url)


def test_a_locked_store_says_so_and_is_not_harmed(url: str) -> None:
    with Store.open(url) as first, Store.open(url, wait=0.2) as second:
        with first._database.writing():
            with pytest.raises(StoreError, match="locked by another import"):
                kept(second, reading(ROW), "2023-06-20 10:00")
            assert len(second.figures()) == 0  # readers go on
            Store.open(url, wait=0.2).close()  # and a start does not wait for a writer
        assert not kept(second, reading(ROW), "2023-06-20 10:00").already_there


def test_the_switch_to_a_log_waits_for_who_writes(tmp_path: Path) -> None:
    place = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("CREATE TABLE t (n)")
        database = engine.connect(f"sqlite:///{place}", wait=60.0)
        writer.execute("BEGIN EXCLUSIVE")
        end = threading.Timer(0.2, writer.execute, ("COMMIT",))
        end.start()
        one_file.switch_to_wal(place, database.wait)
        end.join()
    with closing(sqlite3.connect(place)) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_full_disk_stores_nothing(sqlite_url: str) -> None:
    with Store.open(sqlite_url) as store:
        sa.event.listen(store._database.engine, "connect", lambda opened, record: opened.execute("PRAGMA max_page_count = 30"))
        store.close()  # so that the next connection has the limit
        with pytest.raises(StoreError, match=r"disk of the store .* is full"):
            kept(store, reading(*({**ROW, "area_code": f"75.05.01.{n}"} for n in range(2001, 9999))), "2023-06-20 10:00")
        assert store.batches() == []
        assert not kept(store, reading(ROW), "2023-06-20 10:00").already_there


def test_a_commit_that_breaks_off_stores_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ektp_analysis.store.writing.CHUNK", 10)
    rows = reading(*({**ROW, "area_code": f"75.05.01.{n}"} for n in range(2001, 2031)))
    with Store.open(url) as store:
        with monkeypatch.context() as patch:
            from ektp_analysis.store import writing

            real, calls = writing.records, iter([True, True, False])

            def failing(*given: Any, **same: Any) -> object:
                if not next(calls):
                    raise KeyboardInterrupt
                return real(*given, **same)

            patch.setattr(writing, "records", failing)
            with pytest.raises(KeyboardInterrupt):
                kept(store, rows, "2023-06-20 10:00")
        assert (store.batches(), len(store.figures()), store.token()) == ([], 0, "empty")
        assert not kept(store, rows, "2023-06-20 10:00").already_there
        assert len(store.figures()) == 30


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql+psycopg://petugas:rahasia@127.0.0.1:9/ektp?connect_timeout=2", "127.0.0.1/ektp"),
        ("postgresql+psycopg://petugas:rahasia@/ektp?host=/nowhere", "/nowhere/ektp"),
    ],
)
def test_a_server_that_does_not_answer(url: str, place: str) -> None:
    sentence = refused(url)
    assert "does not answer" in sentence and place in sentence
    assert "rahasia" not in sentence


def test_a_database_that_the_server_does_not_have(postgres_server: Any) -> None:
    sentence = refused(postgres_server.get_uri(database="ekpt", driver="psycopg"))
    assert "does not answer or refuses" in sentence
    assert "ekpt" in sentence


def test_a_database_without_letters_is_refused_with_what_mends_it(postgres_server: Any) -> None:
    engine = sa.create_engine(postgres_server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
        assert "SQL_ASCII; make one with --encoding UTF8" in refused(postgres_server.get_uri(database="ascii", driver="psycopg"))
        connection.exec_driver_sql("DROP DATABASE ascii WITH (FORCE)")
    engine.dispose()


def test_a_server_that_went_away_and_came_back(postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        with store._database.reading() as connection:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        engine = sa.create_engine(postgres_url)
        with engine.begin() as connection:
            assert connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)").scalar_one()
        engine.dispose()
        assert store.batches() == []


def test_a_server_that_takes_no_writing(postgres_url: str) -> None:
    Store.open(postgres_url).close()
    frozen = postgres_url + "%20-cdefault_transaction_read_only%3Don"
    assert "cannot be written" in refused(frozen)
    with Store.open(frozen, read_only=True) as store:
        assert store.batches() == []


def test_a_user_who_may_only_read(postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        kept(store, reading(ROW), "2023-06-20 10:00")
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql(f"CREATE ROLE {schema}_reader LOGIN")
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {schema}_reader")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {schema}_reader")
    engine.dispose()
    with Store.open(postgres_url.replace("//postgres:", f"//{schema}_reader:")) as store:
        assert len(store.figures()) == 1
        with pytest.raises(StoreError, match="cannot be written"):
            kept(store, reading({**ROW, "unrecorded": 1}), "2023-06-21 10:00")


@pytest.mark.usefixtures("on_each_engine")
def test_reading_only_writes_nothing(url: str) -> None:
    with Store.open(url) as store:
        batch = kept(store, reading(ROW), "2023-06-20 10:00").batch
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
    before = file.read_bytes() if file else b""
    with Store.open(url, read_only=True) as store:
        assert store.read_only
        assert list(store.figures()["unrecorded"]) == [862]
        assert store.batches() == [batch]
        assert store.original(batch.id)[0] == "laporan.csv"
        assert store.token() != "empty"
        assert store.info().batches == 1
        assert store.verify(lambda data, name, choices: reading(ROW)) == []
        with pytest.raises(StoreError, match="open for reading only"):
            kept(store, reading({**ROW, "unrecorded": 1}), "2023-06-21 10:00")
        with pytest.raises(StoreError, match="open for reading only"):
            store.retract(batch.id, reason="salah", by="petugas", at=batch.received_at)
        with pytest.raises(StoreError, match="cannot be written"), store._database.reading() as connection:
            connection.exec_driver_sql("DELETE FROM figure")
    assert file is None or file.read_bytes() == before


def test_reading_only_makes_nothing(url: str, tmp_path: Path) -> None:
    sentence = refused(url, read_only=True)
    assert "There is no store" in sentence or "is empty or of an older version" in sentence
    assert list(tmp_path.iterdir()) == []


def test_reading_only_sees_what_others_write(url: str) -> None:
    with Store.open(url) as store, Store.open(url, read_only=True) as reader:
        assert reader.token() == "empty"
        kept(store, reading(ROW), "2023-06-20 10:00")
        assert len(reader.figures()) == 1


# What a user without rights sees. As root, who may write everywhere, a child process becomes nobody.


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ektp"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


PATIENCE = 300  # seconds; how busy the machine is must not decide


def _without_rights(act: Callable[[str], str], url: str, answer: Connection) -> None:
    if os.geteuid() == 0:
        os.setuid(65534)
    try:
        answer.send(act(url))
    except StoreError as error:
        answer.send(str(error))


def without_rights(act: Callable[[str], str], url: str) -> str:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_without_rights, args=(act, url, theirs))
    child.start()
    theirs.close()
    assert ours.poll(PATIENCE), "no answer came"
    answer: str = ours.recv()
    child.join()
    return answer


def _open(url: str) -> str:
    Store.open(url).close()
    return "opened"


def _read(url: str) -> str:
    with Store.open(url, read_only=True) as store:
        return str(store.figures()["unrecorded"].tolist())


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_place_without_rights(open_folder: Path) -> None:
    url = f"sqlite:///{open_folder}/ektp.sqlite"
    open_folder.chmod(0o555)
    assert "cannot be opened; check that its folder exists" in without_rights(_open, url)
    assert "cannot be written" in without_rights(_open, f"sqlite:///{open_folder}/data/ektp.sqlite")
    open_folder.chmod(0o755)
    with Store.open(url) as store:
        kept(store, reading(ROW), "2023-06-20 10:00")
    file = open_folder / "ektp.sqlite"
    file.chmod(0o444)
    open_folder.chmod(0o555)
    assert "cannot be written" in without_rights(_open, url)
    assert without_rights(_read, url) == "[862]"
    file.chmod(0o000)
    assert "cannot be opened" in without_rights(_read, url)
    open_folder.chmod(0o000)
    assert "cannot be opened" in without_rights(_read, url)
    assert "cannot be" in without_rights(_open, url)


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_folder_without_rights_never_hides_what_waits_in_the_log(open_folder: Path) -> None:
    url = f"sqlite:///{open_folder}/ektp.sqlite"
    Store.open(url).close()
    writer = sqlite3.connect(open_folder / "ektp.sqlite")  # as if it had crashed before the log was merged
    writer.execute("INSERT INTO migration VALUES (99, 'newer', '2023-06-20 00:00:00.000000')")
    writer.commit()
    copy = open_folder / "copy"
    copy.mkdir()
    for name in ("ektp.sqlite", "ektp.sqlite-wal"):
        shutil.copy(open_folder / name, copy / name)
    writer.close()
    copy.chmod(0o555)
    for path in copy.iterdir():
        path.chmod(0o444)
    assert "cannot be opened" in without_rights(_read, f"sqlite:///{copy}/ektp.sqlite")
    copy.chmod(0o755)


def test_what_is_counted_is_counted_together_where_several_servers_may_be(url: str) -> None:
    with Store.open(url) as store, Store.open(url, read_only=True) as read:
        assert store.counts_together == url.startswith("postgresql") and not read.counts_together


def test_what_was_known_of_people_at_a_moment_holds_what_became_of_them_then(url: str) -> None:
    at = datetime(2023, 6, 20, 8, tzinfo=UTC)
    with Store.open(url) as store:
        told = store.add_person_event(PersonEvent("loket", "added", at, "petugas"))
        assert store.person_events(at) == [told] and store.person_events(at - timedelta(microseconds=1)) == []


# ---- one transaction for all that is read within a block, on a server


def latest(store: Store) -> list[str]:
    with store._database.reading() as connection:
        return sorted(str(day)[:10] for day in connection.exec_driver_sql("SELECT DISTINCT as_of_date FROM figure").scalars())


def test_what_is_read_within_a_moment_is_of_one_and_what_this_process_writes_is_seen(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(postgres_url) as store, Store.open(postgres_url) as other:
        kept(store, reading(ROW), "2023-06-20 10:00")
        pool = store._database.engine.pool
        with engine.one_moment():
            assert latest(store) == ["2023-06-20"] and pool.checkedout() == 1  # type: ignore[attr-defined]
            with sa.create_engine(engine._address(postgres_url)).begin() as away:  # somebody on another machine
                away.exec_driver_sql("UPDATE figure SET as_of_date = '2023-06-21'")
            assert latest(store) == ["2023-06-20"]
            monkeypatch.setattr(engine, "LONGEST", -1.0)  # as if it had been long ago
            assert latest(store) == ["2023-06-21"]
            monkeypatch.undo()
            later = threading.Thread(
                target=kept, args=(other, reading({**ROW, "as_of_date": "2023-06-27"}), "2023-06-27 10:00")
            )  # another thread of this process
            later.start()
            later.join()
            assert latest(store) == ["2023-06-21", "2023-06-27"]
        assert pool.checkedout() == 0  # type: ignore[attr-defined]
        assert latest(store) == ["2023-06-21", "2023-06-27"]


def test_who_there_is_is_read_as_of_now_within_a_moment_too(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(postgres_url) as store, Store.open(postgres_url) as other, engine.one_moment():
        kept(store, reading(ROW), "2023-06-20 10:00")
        assert latest(store) == ["2023-06-20"]
        before, written = store.people_token(), engine._writes
        other.add_person_event(PersonEvent("camat", "added", datetime.now(UTC), "petugas", name="Camat"))
        monkeypatch.setattr(engine, "_writes", written)  # as if another server had taken it in
        assert store.people_token() != before and len(store.person_events()) == 1


def test_a_moment_keeps_no_step_of_the_schema_waiting_and_ends_with_a_question_that_fails(postgres_url: str) -> None:
    with Store.open(postgres_url, wait=0.2) as store, engine.one_moment():
        database = store._database
        kept(store, reading(ROW), "2023-06-20 10:00")
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM figure").scalar_one() == 1
        with database.writing(alone=True) as connection:
            connection.exec_driver_sql("ALTER TABLE figure ADD COLUMN passing integer")
        with pytest.raises(StoreError), database.reading() as connection:
            connection.exec_driver_sql("SELECT 1 FROM nowhere")
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        assert latest(store) == ["2023-06-20"]


def test_many_moments_leave_connections_to_others(postgres_url: str) -> None:
    with Store.open(postgres_url) as store, ExitStack() as held:
        kept(store, reading(ROW), "2023-06-20 10:00")
        for _ in range(engine.POOL):
            held.enter_context(store._database.reading())
        with engine.one_moment():
            assert latest(store) == ["2023-06-20"]
            assert store._database.engine.pool.checkedout() == engine.POOL, "none is kept till the end"  # type: ignore[attr-defined]
