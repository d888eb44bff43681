"""A store copied to another place: equal row for row, on either engine, also where the copy was broken off or goes on later."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.store import moving, schema
from ektp_analysis.store.engine import connect
from ektp_analysis.store.migrations import latest
from ektp_analysis.store.records import Head
from ektp_analysis.store.store import Store
from ektp_analysis.store.troubles import UnfinishedError
from tests.breadth import crossed
from tests.engines import NewUrl, kept, moment, read_visits, reading
from tests.offices import contents
from tests.test_store_trail import DAYS, TOLD, told

LAST = len(TOLD)


@pytest.fixture(scope="module")
def new_postgres_url(new_schema_url: NewUrl) -> NewUrl:
    """Here a store is made from nothing."""
    return new_schema_url


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A store in SQLite with each kind of entry; only read."""
    with told(f"sqlite:///{tmp_path_factory.mktemp('full')}/ektp.sqlite") as store:
        yield store


@pytest.fixture(scope="module")
def sources(full: Store, new_postgres_url: NewUrl) -> Iterator[dict[str, tuple[Store, Any, Any]]]:
    """By engine: a store with each kind of entry, its rows and what it answers; only read."""
    with told(new_postgres_url()) as on_server:
        stores = {"sqlite": full, "postgresql": on_server}
        yield {name: (store, contents(store), answers(store)) for name, store in stores.items()}


def answers(store: Store) -> list[Any]:
    """What holds, and held at twenty moments: figures, batches, aims, events, slides, visits, alerts, plans."""
    moments = [None, *(DAYS[0] + timedelta(hours=hours) for hours in range(-1, 21 * 21, 21))]
    assert len(moments) > 19
    return [
        (
            store.figures(known_at=at).to_dict("records"),
            store.batches(known_at=at),
            store.aims(at),
            store.events(at),
            store.decks(known_at=at),
            store.visits(at).to_dict("records"),
            store.visit_batches(known_at=at),
            store.alert_events(at),
            store.plan_scenarios(known_at=at),
            store.head(at),
        )
        for at in moments
    ]


def copied(source: Store, url: str, **arguments: Any) -> moving.Copied:
    return source.copy_to(url, **arguments)


@pytest.mark.parametrize(("there", "here"), crossed(["sqlite", "postgresql"], ["postgresql", "sqlite"]))
def test_a_copy_is_equal_row_for_row(
    there: str,
    here: str,
    new_sqlite_url: NewUrl,
    new_postgres_url: NewUrl,
    sources: dict[str, tuple[Store, Any, Any]],
) -> None:
    new = {"sqlite": new_sqlite_url, "postgresql": new_postgres_url}
    source, rows, answered = sources[there]
    url = new[here]()
    done = copied(source, url)
    assert (done.entries, done.untold, done.head) == (LAST, {}, source.head_and_hash(0)[0])
    with Store.open(url) as store:
        assert contents(store) == rows == contents(source) and all(rows.values())
        assert answers(store) == answered
        assert [store.original(batch) for batch in (1, 2)] == [source.original(batch) for batch in (1, 2)]
        assert store.verify(lambda data, name, choices: _read(data), read_visits) == []
        # and it goes on: the next numbers are not taken
        more = kept(store, reading({"area_code": "75.05", "as_of_date": "2024-01-08", "unrecorded": 800}), "2024-03-01 03:00")
        assert more.batch.id == 3
        store.retract(3, reason="coba", by="petugas", at=DAYS[27])
        assert store.verify(lambda data, name, choices: _read(data), read_visits) == []


def _read(data: bytes) -> Any:
    names, *lines = (line.split(",") for line in data.decode().splitlines())
    return reading(
        *(
            {name: value for name, value in zip(names, line, strict=True) if value}
            | {"unrecorded": int(line[names.index("unrecorded")])}
            for line in lines
        )
    )


class Broken(Exception):
    """What breaks a copy off."""


def breaking(after: int) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        assert of == LAST
        if done >= after:
            raise Broken

    return tell


def test_a_copy_that_was_broken_off_is_no_store_until_it_is_whole(url: str, full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "ENTRIES", 3)
    for after in (3, 9, LAST):
        with pytest.raises(Broken):
            copied(full, url, told=breaking(after))
        for read_only in (True, False):
            with pytest.raises(UnfinishedError, match="the copy is not whole yet"):
                Store.open(url, read_only=read_only)
    done = copied(full, url)
    assert done.entries == 0, "everything was there but the end"
    monkeypatch.setattr(moving.rollups, "fill", _broken)
    with pytest.raises(Broken):
        copied(full, url)
    with Store.open(url) as store:  # a whole copy stays one where nothing is to be added
        assert contents(store) == contents(full)


def _broken(_connection: Any) -> None:
    raise Broken


def test_a_copy_goes_on_where_its_source_has_grown(new_url: NewUrl) -> None:
    source, url = told(new_url()), new_url()
    copied(source, url)
    assert copied(source, url).entries == 0
    kept(source, reading({"area_code": "75.05", "as_of_date": "2024-01-08", "unrecorded": 800}), "2024-03-01 03:00")
    assert copied(source, url).entries == 1
    with Store.open(url) as store:
        assert contents(store) == contents(source)
    source.close()


def test_a_place_that_holds_something_else_is_refused(url: str, full: Store, new_sqlite_url: NewUrl) -> None:
    """Another store; the same, but further; the same, but changed at its end. Nothing of it is changed."""
    with Store.open(url) as other:
        kept(other, reading({"area_code": "75.05", "as_of_date": "2024-01-08", "unrecorded": 1}), "2024-01-09 03:00")
        before = contents(other)
        with pytest.raises(StoreError, match="holds something that is not in the one to be copied"):
            copied(full, url)
        assert contents(other) == before
    grown = new_sqlite_url()
    copied(full, grown)
    with Store.open(grown) as store:
        store.note("setting", {"name": "office_name", "value": "x"}, at=DAYS[20])
        before = contents(store)
        with pytest.raises(StoreError, match="holds something"):
            copied(full, grown)
        assert contents(store) == before
    with Store.open(grown) as store:
        assert len(contents(store)["trail"]) == LAST + 1, "it is still open to its readers"


def test_there_is_nothing_to_copy(new_sqlite_url: NewUrl) -> None:
    with Store.open(new_sqlite_url()) as empty, pytest.raises(UserError, match="nothing to copy"):
        copied(empty, new_sqlite_url())


def test_an_empty_store_at_the_target_is_filled(url: str, full: Store) -> None:
    Store.open(url).close()
    copied(full, url)
    with Store.open(url) as store:
        assert contents(store) == contents(full)


def test_what_was_changed_behind_the_back_stays_so_and_is_told(new_url: NewUrl) -> None:
    source, url = told(new_url()), new_url()
    with source._database.writing() as connection:
        connection.execute(sa.update(schema.batch).where(schema.batch.c.id == 1).values(uploader="orang lain"))
        connection.execute(sa.delete(schema.retraction).where(schema.retraction.c.id == 3))
        connection.execute(
            schema.occasion.insert().values(
                number=9,
                area="75",
                first=DAYS[1].date(),
                last=DAYS[1].date(),
                name="x",
                set_at=DAYS[1],
                set_by="",
                at=DAYS[1],
                by="",
            )
        )
    done = copied(source, url)
    assert {name: list(ids) for name, ids in done.untold.items()} == {"occasion": [2]}
    with Store.open(url) as store:
        wrong = [str(one.text()) for one in store.verify(lambda data, name, choices: _read(data), read_visits)]
        right = [str(one.text()) for one in source.verify(lambda data, name, choices: _read(data), read_visits)]
        assert len(wrong) == 2 and wrong == [one for one in right if "no entry is about it" not in one]
    source.close()


def test_a_row_that_does_not_arrive_as_it_was_is_an_error(url: str, full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the target had kept another figure: what is read back is compared."""
    insert = moving.insert

    def another(connection: sa.Connection, table: sa.Table, rows: list[Any]) -> None:
        insert(connection, table, [(*row[:-1], 7) for row in rows] if table is schema.figure else rows)

    monkeypatch.setattr(moving, "insert", another)
    with pytest.raises(StoreError, match="A row of figure did not arrive"):
        copied(full, url)
    with pytest.raises(UnfinishedError):
        Store.open(url)


def test_a_row_too_many_or_too_few_is_an_error(url: str, full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    insert = moving.insert
    for change in (lambda rows: [], lambda rows: [*rows, (*rows[0][:1], DAYS[3].date(), *rows[0][2:])]):

        def another(connection: sa.Connection, table: sa.Table, rows: list[Any], change: Any = change) -> None:
            made = change(rows) if table is schema.figure else rows
            if made:
                insert(connection, table, made)

        monkeypatch.setattr(moving, "insert", another)
        with pytest.raises(StoreError, match="A row of figure did not arrive"):
            copied(full, url)


def test_who_writes_into_the_copy_meanwhile_is_noticed(url: str, full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "ENTRIES", 3)

    def meddle(done: int, of: int) -> None:
        with closing(connect(url)) as database, database.writing() as connection:
            connection.execute(sa.delete(schema.trail).where(schema.trail.c.number == 3))

    with pytest.raises(StoreError, match="Somebody else wrote into the store"):
        copied(full, url, told=meddle)


def test_many_rows_pass_in_pieces(new_sqlite_url: NewUrl, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "ROWS", 7)
    rows = reading(*({"area_code": f"75.05.01.{2001 + n}", "as_of_date": "2024-01-08", "unrecorded": n} for n in range(50)))
    with Store.open(new_sqlite_url()) as source:
        kept(source, rows, "2024-01-09 03:00")
        copied(source, postgres_url)
        with Store.open(postgres_url) as store:
            assert contents(store) == contents(source) and len(contents(store)["figure"]) == 50


def test_laid_away_it_is_one_sound_file_while_others_write(new_url: NewUrl, tmp_path: Path) -> None:
    with told(new_url()) as source:
        path = tmp_path / "laid" / "store.sqlite"
        path.parent.mkdir()
        source.lay_away(path)
        laid = moving.examine(path)
        assert (laid.version, laid.sound, laid.head, laid.misfits) == (latest(), True, source.head_and_hash(0)[0], 0)
        assert [one.name for one in path.parent.iterdir()] == ["store.sqlite"] and path.stat().st_mode & 0o077 == 0
        with Store.open(f"sqlite:///{path}") as store:
            assert contents(store) == contents(source)
            with store._database.writing() as connection:
                connection.execute(sa.update(schema.aim).where(schema.aim.c.id == 1).values(name="x"))
        assert moving.examine(path).misfits == 1


def test_a_file_from_before_the_trail_is_examined_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript((Path(__file__).parent / "spec" / "store_v5.sql").read_text(encoding="utf-8"))
    assert moving.examine(path) == moving.Laid(5, True, Head(0, "", "", None, 0), 0)


def test_the_moments_of_a_copy_are_those_of_its_source(full: Store, postgres_url: str) -> None:
    copied(full, postgres_url)
    with Store.open(postgres_url) as store:
        assert [batch.received_at for batch in store.batches()] == [moment("2024-02-04 03:00"), moment("2024-02-01 03:00")]
        assert store.batch(1).retracted and store.batch(1).retracted.reason == "diganti"
