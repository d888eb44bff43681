"""A store that vanished, was emptied, is older than it was or is another one: an error wherever it is asked, never the sample."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from ektp_analysis import server
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.office import decisions, held, presentation, stores
from ektp_analysis.office.held import Lost, LostError
from ektp_analysis.store import engine, schema
from ektp_analysis.store.store import Store
from tests.conftest import Said
from tests.engines import NewUrl, kept, reading

Happens = Callable[[str, NewUrl], str]
# What an office runs by hand and from cron; each answers from the store.
COMMANDS = (
    ("status",),
    ("status", "--json"),
    ("project", "--target", "zero"),
    ("batches",),
    ("verify",),
    ("aim", "list"),
    ("event", "list"),
    ("decks", "list"),
    ("layouts", "list"),
    ("aliases", "list"),
    ("export", "csv"),
    ("export", "aims"),
    ("export", "deck", "--out", "OUT.pptx"),
    ("export", "workbook", "--out", "OUT.xlsx"),
    ("retract", "1", "--reason", "salah"),
    ("aim", "set", "--target", "zero", "--by", "2099-12-31"),
    ("alerts",),
    ("doctor", "--start"),
)
FEW = tuple(one for one in COMMANDS if one[0] in ("verify", "retract", "export") and "--out" not in one)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the address of the store, with everything let go that was open."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EKTP_LANGUAGE", "en")
    monkeypatch.setenv("EKTP_UPLOADER", "petugas")

    def at(url: str) -> None:
        stores.close_all()
        monkeypatch.setenv("EKTP_DATABASE_URL", url)
        settings.cache_clear()

    yield at
    stores.close_all()
    settings.cache_clear()


def week(number: int) -> None:
    """A batch of the week comes into the office's own store."""
    rows = reading({"area_code": "75.05", "as_of_date": f"2024-01-{number:02d}", "eligible": 9000, "unrecorded": 900 - number})
    kept(stores.own_store(), rows, f"2024-02-{number:02d} 10:00")


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def unlink(url: str) -> None:
    for path in path_of(url).parent.glob(path_of(url).name + "*"):
        path.unlink()


def run_sql(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def missing(url: str, _new: NewUrl) -> str:
    if url.startswith("sqlite"):
        unlink(url)
    else:
        engine = sa.create_engine(url)
        schema.metadata.drop_all(engine)
        engine.dispose()
    return url


def emptied(url: str, _new: NewUrl) -> str:
    run_sql(url, *(f"DELETE FROM {name}" for name in ("figure", "batch_total", "batch", "original", "trail")))
    return url


def without_batches(url: str, _new: NewUrl) -> str:
    """The trail is there still, but nothing that it tells of."""
    run_sql(url, *(f"DELETE FROM {name}" for name in ("figure", "batch_total", "batch", "original")))
    return url


def older(url: str, _new: NewUrl) -> str:
    """As a copy of the week before."""
    run_sql(url, *(f"DELETE FROM {name} WHERE batch_id = 2" for name in ("figure", "batch_total")))
    run_sql(url, "DELETE FROM batch WHERE id = 2", "DELETE FROM trail WHERE number = 2")
    return url


def other(_url: str, new: NewUrl) -> str:
    elsewhere = new()
    with Store.open(elsewhere) as store:
        for number in (1, 2, 3):
            rows = reading({"area_code": "71.02", "as_of_date": f"2024-01-{number:02d}", "unrecorded": 5})
            kept(store, rows, f"2024-02-{number:02d} 10:00")
    return elsewhere


def altered(url: str, new: NewUrl) -> str:
    """The copy of the week before, and another week after it."""
    older(url, new)
    with Store.open(url) as store:
        rows = reading({"area_code": "75.05", "as_of_date": "2024-01-02", "unrecorded": 7})
        kept(store, rows, "2024-02-02 10:00")
    return url


FOUND = {
    missing: (Lost.MISSING, "There is no store at"),
    emptied: (Lost.EMPTIED, "is empty, but"),
    without_batches: (Lost.EMPTIED, "is empty, but"),
    older: (Lost.OLDER, "is older than"),
    other: (Lost.OTHER, "is not the one that"),
    altered: (Lost.ALTERED, "no longer holds what it held"),
}


@pytest.mark.parametrize("happens", FOUND, ids=lambda one: one.__name__)
def test_a_lost_store_is_an_error_everywhere(
    office: Callable[[str], None], said: Said, new_sqlite_url: NewUrl, tmp_path: Path, happens: Happens
) -> None:
    lose(office, said, new_sqlite_url, tmp_path, happens)


@pytest.mark.parametrize("happens", [missing, older], ids=lambda one: one.__name__)
def test_a_lost_store_on_a_server_is_an_error_too(
    office: Callable[[str], None], said: Said, new_postgres_url: NewUrl, tmp_path: Path, happens: Happens
) -> None:
    lose(office, said, new_postgres_url, tmp_path, happens)


def lose(office: Callable[[str], None], said: Said, new_url: NewUrl, tmp_path: Path, happens: Happens) -> None:
    """Promise of the README: a store that is lost is never shown as an empty one, nor by the sample."""
    why, sentence = FOUND[happens]
    url = new_url()
    office(url)
    week(1)
    week(2)
    stores.close_all()
    place = happens(url, new_url)
    if place != url:
        office(place)
    out = tmp_path / "OUT"
    for asked in COMMANDS if why is Lost.MISSING else FEW:  # they all come through the same door
        code, printed, told = said(*(one.replace("OUT", str(out)) for one in asked))
        assert (code, printed) == (3, ""), asked
        assert sentence in told and "last batch 2" in told and "store anew" in told, told
    for ask in (stores.current, stores.health, stores.check_store, stores.has_own, lambda: presentation.asked({})):
        with pytest.raises(LostError) as error:
            ask()
        assert error.value.why is why
    with pytest.raises(SystemExit) as ended:
        server.check_or_exit("localhost")
    assert ended.value.code == 3, "a server does not start on it"
    assert not list(tmp_path.glob("OUT*")), "nothing was handed out"
    if why is Lost.MISSING:
        assert not url.startswith("sqlite") or not path_of(url).exists(), "and nothing was made in its place"
        code, printed, _ = said("doctor", "--json")
        assert code == 3 and [one["well"] for one in json.loads(printed) if one["name"] == "store"] == [False]
        code, printed, _ = said("status", "--sample", "--json")
        assert code == 0 and json.loads(printed)["sample"] is True, "asked for, the sample is shown"

    if place != url:
        office(url)
        assert stores.health()["last_import"], "with the right address all is as it was"
        office(place)
    assert said("store", "anew")[0] == 0
    if why is Lost.MISSING:
        week(3)
        assert said("status")[0] == 0 and stores.health()["last_import"]
    assert stores.own().store.noted("anew") and len(list((tmp_path / "data" / "office").glob("store.before-*.json"))) == 1
    assert said("store", "anew")[:2] == (1, "")


def test_a_file_that_is_taken_away_from_a_running_program(office: Callable[[str], None], sqlite_url: str, tmp_path: Path) -> None:
    """What is open reads on in a file that was removed, and would go on to write into it."""
    office(sqlite_url)
    week(1)
    spare = tmp_path / "spare.sqlite"
    with closing(sqlite3.connect(path_of(sqlite_url))) as now, closing(sqlite3.connect(spare)) as copy:
        now.backup(copy)
    week(2)
    unlink(sqlite_url)
    for ask in (stores.current, stores.health, lambda: week(3)):
        with pytest.raises(LostError, match="There is no store at"):
            ask()
    shutil.copy(spare, path_of(sqlite_url))
    with pytest.raises(LostError, match="older than"):
        stores.current()
    assert not (tmp_path / "data" / "ektp.sqlite").exists()


@pytest.mark.usefixtures("on_each_engine")
def test_nothing_is_lost_where_nothing_was_held(office: Callable[[str], None], said: Said, new_url: NewUrl) -> None:
    """The sample welcomes only who never had a store, and no command answers from it unasked."""
    url = new_url()
    office(url)
    if url.startswith("sqlite"):
        with pytest.raises(StoreError, match="There is no store at"):
            stores.health()
        assert not path_of(url).exists(), "who asks for its health makes none"
    assert stores.current().sample and held.seen() is None
    for asked in (("status",), ("project",), ("verify",), ("export", "csv"), ("export", "deck", "--out", "no.pptx")):
        code, printed, told = said(*asked)
        assert (code, printed) == (1, "") and "--sample" in told, asked
    assert said("batches")[:2] == (0, "") and said("store", "anew")[:2] == (1, "")
    assert "2023" in said("batches", "--sample")[1]
    missing(url, new_url)
    stores.close_all()
    assert stores.current().sample, "an empty one that vanished took nothing with it"


def test_what_is_remembered_follows_every_change(office: Callable[[str], None], sqlite_url: str) -> None:
    office(sqlite_url)
    seen = [held.seen()]
    for change in (
        lambda: week(1),
        lambda: stores.own_store().retract(1, reason="salah", by="petugas", at=stores.SAMPLE_RECEIVED),
        lambda: decisions.add_event("75.05", stores.SAMPLE_RECEIVED.date(), stores.SAMPLE_RECEIVED.date(), "Pameran"),
    ):
        change()
        seen.append(held.seen())
    entries = [0 if one is None else one.entries for one in seen]
    assert entries == [0, 1, 2, 3] and seen[-1] is not None and seen[-1].batch == 1
    assert seen[-1].last == stores.own_store().head().last


def test_a_run_of_a_page_asks_once_where_the_store_stands_and_sees_its_own_change(
    office: Callable[[str], None], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(url)
    week(1)
    asked, real = list[str](), Store.head_and_hash
    monkeypatch.setattr(Store, "head_and_hash", lambda self, number: asked.append("") or real(self, number))
    first = stores.current(area="75")
    stores.current(area="75")
    assert len(asked) == 2, "outside of a run nothing is taken for granted"
    with held.one_run():
        assert stores.current(area="75") == stores.current(area="75") == first and stores.current() == stores.current()
        assert len(asked) == 3
        week(2)
        second = stores.current(area="75")
        assert second.token != first.token and second == stores.current(area="75")
        with Store.open(url) as other:
            kept(other, reading({"area_code": "75.05", "as_of_date": "2024-03-01", "unrecorded": 3}), "2024-03-02 08:00")
        assert stores.current(area="75") == second, "what another process changes is seen by the next run"
    assert stores.current(area="75").token != second.token
    with held.one_run():
        assert stores.current(area="75").token != second.token


def test_a_page_takes_no_store_for_older_because_another_page_has_seen_it_since(
    office: Callable[[str], None], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(postgres_url)
    week(1)

    def another_page() -> None:
        week(2)
        with held.one_run():
            stores.current()

    with held.one_run():
        first = stores.current()
        assert len(first.store.days("75.05")) == 1
        written, thread = engine._writes, threading.Thread(target=another_page)
        thread.start()
        thread.join()
        monkeypatch.setattr(engine, "_writes", written)  # as if the file had come in by another server
        assert len(first.store.days("75.05")) == 1
        seen = held.seen()
        assert seen is not None and seen.batch == 2
        assert stores.current().token != first.token
        assert len(first.store.days("75.05")) == 2


def test_a_memory_that_cannot_be_read_or_written(
    office: Callable[[str], None], sqlite_url: str, tmp_path: Path, said: Said
) -> None:
    office(sqlite_url)
    week(1)
    file = tmp_path / "data" / "office" / held.FILE
    for text in ("", "{}", "[1]", file.read_text().replace('"entries": 1', '"entries": 0')):
        file.write_text(text)
        assert said("status")[:2] == (3, "") and str(file) in said("status")[2]
    assert said("store", "anew")[0] == 0 and said("status")[0] == 0
    file.unlink()
    file.mkdir()
    with pytest.raises(StoreError):
        week(2)


def test_a_store_from_before_is_remembered_when_it_is_opened(office: Callable[[str], None], new_url: NewUrl) -> None:
    url = new_url()
    with Store.open(url) as store:
        kept(store, reading({"area_code": "75.05", "as_of_date": "2024-01-01", "unrecorded": 7}), "2024-02-01 10:00")
    office(url)
    assert held.seen() is None and not stores.current().sample
    assert held.seen() is not None


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights otherwise")
def test_only_its_owner_reads_the_files_of_a_store(office: Callable[[str], None], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/ektp.sqlite"
    office(url)
    week(1)
    folder = path_of(url).parent
    copy = folder / "ektp.v5.20240101-000000Z.sqlite"
    copy.write_bytes(b"")
    for path in folder.iterdir():
        path.chmod(0o640)
    stores.close_all()
    week(2)
    files = list(folder.iterdir())
    assert len(files) == 4 and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_written_is_said_and_what_was_stored_is_whole(
    office: Callable[[str], None], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKTP_DATA_DIR", "/proc/no")
    office(sqlite_url)
    with pytest.raises(StoreError, match=r"Everything was stored, but this data folder cannot note it.*cannot be written"):
        week(1)
    assert [batch.id for batch in stores.current(reading=True).store.batches()] == [1]
