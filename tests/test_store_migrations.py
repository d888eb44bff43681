"""An older store is brought up to date after a copy; a step that fails leaves everything as it was."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.targets import ZERO
from ektp_analysis.office import imports
from ektp_analysis.office.stores import Office
from ektp_analysis.store import migrations
from ektp_analysis.store.migrations import MIGRATIONS, Migration
from ektp_analysis.store.records import Arrangement, Edit, PlanScenario
from ektp_analysis.store.schema import metadata, migration, trail
from ektp_analysis.store.store import Store
from tests.engines import NewUrl, kept, kept_visits, read_visits, reading, visited

OLD_STORE = Path(__file__).parent / "spec" / "store_v1.sql"
SECOND_STORE = Path(__file__).parent / "spec" / "store_v2.sql"
THIRD_STORE = Path(__file__).parent / "spec" / "store_v3.sql"
FOURTH_STORE = Path(__file__).parent / "spec" / "store_v4.sql"
FIFTH_STORE = Path(__file__).parent / "spec" / "store_v5.sql"
SIXTH_STORE = Path(__file__).parent / "spec" / "store_v6.sql"
SEVENTH_STORE = Path(__file__).parent / "spec" / "store_v7.sql"
TENTH = ("rollup",)
SEVENTH = ("visit", "visit_retraction", "visit_batch", "alert_event", "plan_scenario")  # the tables that came with it
NINTH = ("person_event", "login_event")
ELEVENTH = ("review_event", "review_switch", "submission")
TWELFTH = ("foreseen",)
LAST = ("tried",)


@pytest.fixture(scope="module")
def new_postgres_url(new_schema_url: NewUrl) -> NewUrl:
    """Here a store is made from nothing."""
    return new_schema_url


def add_alias_table(connection: sa.Connection) -> None:
    sa.Table(
        "area_alias", sa.MetaData(), sa.Column("name", sa.Text, primary_key=True), sa.Column("area_code", sa.Text, nullable=False)
    ).create(connection)


def add_fingerprint(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE batch ADD COLUMN fingerprint TEXT")


def wrong_statement(connection: sa.Connection) -> None:
    add_alias_table(connection)
    connection.exec_driver_sql("ALTER TABLE nowhere ADD COLUMN fingerprint TEXT")


def wrong_code(connection: sa.Connection) -> None:
    add_alias_table(connection)
    raise RuntimeError("half way")


Upgrade = Callable[..., None]


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    """Let the program know these further steps."""

    def steps(*runs: Callable[[sa.Connection], None]) -> None:
        more = tuple(Migration(number, run.__name__, run) for number, run in enumerate(runs, len(MIGRATIONS) + 1))
        monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, *more))

    return steps


@pytest.fixture
def old(url: str) -> str:
    """A store of today's version with one batch."""
    with Store.open(url) as store:
        kept(store, reading({"area_code": "75.05.01", "as_of_date": "2023-06-20", "unrecorded": 862}), "2023-06-20 10:00")
    return url


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def copies(url: str) -> list[Path]:
    return sorted(path for path in file_of(url).parent.iterdir() if re.search(r"\.v\d+\.", path.name))


def tables_of(url: str) -> set[str]:
    engine = sa.create_engine(url)
    names = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return names


def recorded(url: str) -> list[tuple[int, str]]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        asked = sa.select(migration.c.version, migration.c.name).order_by(migration.c.version)
        rows = connection.execute(asked).tuples().all()
    engine.dispose()
    return [(version, name) for version, name in rows]


@pytest.mark.usefixtures("on_each_engine")
def test_a_new_store_has_all_steps_recorded_and_no_copy(url: str) -> None:
    Store.open(url).close()
    assert recorded(url) == [(step.version, step.name) for step in MIGRATIONS]
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    if url.startswith("sqlite"):
        assert copies(url) == []


@pytest.mark.usefixtures("on_each_engine")
def test_an_older_store_gets_the_further_steps(old: str, upgrade: Upgrade) -> None:
    first = len(MIGRATIONS)
    upgrade(add_alias_table, add_fingerprint)
    with Store.open(old) as store:
        assert store.info().schema_version == first + 2
        assert list(store.figures()["unrecorded"]) == [862]
        assert store.original(1)[0] == "laporan.csv"
    assert "area_alias" in tables_of(old)
    assert [name for _, name in recorded(old)][-2:] == ["add_alias_table", "add_fingerprint"]
    Store.open(old).close()
    if old.startswith("sqlite"):
        assert len(copies(old)) == 1


def test_the_copy_is_the_old_store_whole(
    new_sqlite_url: Callable[[], str], upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_sqlite_url()
    first = len(MIGRATIONS)
    with Store.open(url) as store:  # still open, so that part of it stands in the WAL file only
        kept(store, reading({"area_code": "75.05.01", "as_of_date": "2023-06-20", "unrecorded": 862}), "2023-06-20 10:00")
        assert file_of(url).with_name(file_of(url).name + "-wal").stat().st_size > 0
        upgrade(add_alias_table)
        Store.open(url).close()
    (copy,) = copies(url)
    assert re.fullmatch(rf"store 1\.v{first}\.\d{{8}}-\d{{6}}Z\.sqlite", copy.name)
    monkeypatch.undo()
    with Store.open(f"sqlite:///{copy}") as before:
        assert before.info().schema_version == first
        assert list(before.figures()["unrecorded"]) == [862]
    with pytest.raises(StoreError, match=rf"newer version of this program \(schema {first + 1}, known here: {first}\)"):
        Store.open(url)


@pytest.mark.parametrize(("step", "error"), [(wrong_statement, StoreError), (wrong_code, RuntimeError)])
def test_a_step_that_fails_half_way_changes_nothing(
    old: str, upgrade: Upgrade, step: Callable[[sa.Connection], None], error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(add_fingerprint, step)
    with pytest.raises(error):
        Store.open(old)
    assert "area_alias" not in tables_of(old)
    if old.startswith("sqlite"):
        assert len(copies(old)) == 1
    monkeypatch.undo()
    with Store.open(old) as store:
        assert store.info().schema_version == len(MIGRATIONS)
        assert list(store.figures()["unrecorded"]) == [862]
        kept(store, reading({"area_code": "75.05.01", "as_of_date": "2023-06-21", "unrecorded": 800}), "2023-06-21 10:00")


def test_without_a_copy_nothing_is_changed(
    new_sqlite_url: Callable[[], str], upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_sqlite_url()
    Store.open(url).close()
    upgrade(add_alias_table)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(StoreError, match="could not be copied before its update"):
            Store.open(url)
    assert "area_alias" not in tables_of(url)
    assert [path.name for path in file_of(url).parent.iterdir() if "part" in path.name] == []


@pytest.mark.usefixtures("on_each_engine")
def test_several_that_open_at_once_update_once(old: str, upgrade: Upgrade) -> None:
    upgrade(add_alias_table)
    failed: list[BaseException] = []

    def open_it() -> None:
        try:
            Store.open(old).close()
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(recorded(old)) == len(MIGRATIONS) + 1
    if old.startswith("sqlite"):
        assert len(copies(old)) == 1


def test_an_older_store_is_not_read_as_it_is(old: str, upgrade: Upgrade) -> None:
    upgrade(add_alias_table)
    with pytest.raises(StoreError, match="open it once for writing"):
        Store.open(old, read_only=True)
    assert "area_alias" not in tables_of(old)


def schema(url: str) -> dict[str, list[tuple[str, str, bool]]]:
    engine = sa.create_engine(url)
    seen = sa.inspect(engine)
    found = {
        name: sorted((column["name"], str(column["type"]), bool(column["nullable"])) for column in seen.get_columns(name))
        for name in seen.get_table_names()
    }
    engine.dispose()
    return found


def indexes(url: str) -> dict[str, list[tuple[str, ...]]]:
    engine = sa.create_engine(url)
    seen = sa.inspect(engine)
    found = {
        name: sorted(tuple(str(column) for column in one["column_names"]) for one in seen.get_indexes(name))
        for name in seen.get_table_names()
    }
    engine.dispose()
    return found


def without(connection: sa.Connection, *columns: str) -> None:
    """The figures as they stood before these columns were kept. SQLite lets no column go that a rule of its table names."""
    if connection.dialect.name == "postgresql":
        for column in columns:
            connection.exec_driver_sql(f"ALTER TABLE figure DROP COLUMN {column}")
        return
    asked = "SELECT sql FROM sqlite_master WHERE tbl_name = 'figure' AND sql IS NOT NULL ORDER BY type DESC"
    table, *others = [str(row[0]) for row in connection.exec_driver_sql(asked)]
    names = [column["name"] for column in sa.inspect(connection).get_columns("figure") if column["name"] not in columns]
    kept = ", ".join(f'"{name}"' for name in names)
    connection.exec_driver_sql(f"CREATE TABLE whole AS SELECT {kept} FROM figure")
    connection.exec_driver_sql("DROP TABLE figure")
    lines = [line for line in table.splitlines() if not any(column in line for column in columns)]
    for text in ("\n".join(lines), *others):
        connection.exec_driver_sql(text)
    connection.exec_driver_sql(f"INSERT INTO figure ({kept}) SELECT {kept} FROM whole")
    connection.exec_driver_sql("DROP TABLE whole")


@pytest.mark.parametrize(
    ("version", "later"),
    [
        (1, ("remembered_alias", "remembered_layout", "saved_deck")),
        (2, ("saved_deck",)),
        *((number, ()) for number in (*range(3, 8), 12)),
    ],
)
def test_an_earlier_version_becomes_like_a_new_one_on_both_engines(
    old: str, new_url: Callable[[], str], version: int, later: tuple[str, ...]
) -> None:
    engine = sa.create_engine(old)
    with engine.begin() as connection:
        since = {
            5: ("aim", "occasion"),
            6: ("trail",),
            7: SEVENTH,
            9: NINTH,
            10: TENTH,
            11: ELEVENTH,
            12: TWELFTH,
            13: LAST,
        }
        for name in (*later, *(name for number, names in since.items() for name in names if version < number)):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        if version >= 10:
            connection.exec_driver_sql("ALTER TABLE rollup DROP COLUMN state")
        if version < 8:
            without(connection, "to_clean", *(("printed",) if version < 4 else ()))
        connection.exec_driver_sql(f"DELETE FROM migration WHERE version > {version}")
    engine.dispose()
    new = new_url()
    Store.open(new).close()
    with Store.open(old) as store:
        assert store.info().schema_version == len(MIGRATIONS)
        assert list(store.figures()["unrecorded"]) == [862] and store.figures()[["printed", "to_clean"]].isna().all(axis=None)
        store.remember_aliases("75.05", {"X": "75.05.03"}, by="petugas", at=store.batches()[0].received_at)
        assert [one.area_code for one in store.aliases()] == ["75.05.03"]
        assert store.decks() == []
        made = store.save_deck(
            Arrangement("75.05", False, "Rapat", (Edit("map"),)), over=None, by="petugas", at=store.batches()[0].received_at
        )
        assert store.decks() == [made] and (store.aims(), store.events()) == ([], [])
        aim = store.set_aim("75.05", ZERO, date(2024, 12, 31), by="petugas", at=store.batches()[0].received_at)
        assert store.aims() == [aim]
    assert (schema(old), indexes(old)) == (schema(new), indexes(new))
    assert recorded(old) == recorded(new)


def kept_as_text(url: str, script: Path) -> None:
    """The store of a former version, from the text in which it is kept."""
    with sqlite3.connect(file_of(url)) as connection:
        connection.executescript(script.read_text(encoding="utf-8"))
    connection.close()


def unread(store: Store) -> list[int]:
    """The batches that are not what their files say, where what stands for a file is none; nothing else may be wrong."""
    wrong = store.verify(imports._again)
    assert not [one for one in wrong if "No sheet holds figures" not in str(one.read)]
    return [one.batch_id for one in wrong]


def rows_of(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a SQLite store by table, in order."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def copied_whole(url: str, script: Path) -> None:
    """The copy beside a store that was brought up to date is the store of the text, row by row, and no row of it went since."""
    (version,) = re.findall(r"\d+", script.name)
    (copy,) = copies(url)
    assert re.sub(r"\.\d{8}.*", "", copy.name) == f"{file_of(url).stem}.v{version}"
    with closing(sqlite3.connect(":memory:")) as text, closing(sqlite3.connect(copy)) as then:
        text.executescript(script.read_text(encoding="utf-8"))
        before = rows_of(text)
        assert rows_of(then) == before
    with closing(sqlite3.connect(file_of(url))) as connection:
        after = rows_of(connection)
    assert not [name for name, rows in before.items() if len(rows) > len(after[name])]


def test_every_earlier_version_is_kept_as_text() -> None:
    """Those that offices may have; several steps may be new at once."""
    kept = sorted(int(re.findall(r"\d+", path.name)[0]) for path in OLD_STORE.parent.glob("store_v*.sql"))
    assert kept == list(range(1, len(kept) + 1)) and 6 <= len(kept) < len(MIGRATIONS)


def test_a_store_of_the_first_version_becomes_like_a_new_one(new_sqlite_url: Callable[[], str]) -> None:
    """Fails when tables or contract change without a migration. The old store is kept as text and never changes."""
    url, new = new_sqlite_url(), new_sqlite_url()
    kept_as_text(url, OLD_STORE)
    Store.open(new).close()
    with Store.open(url) as store:
        assert list(store.figures()["unrecorded"]) == [900, 862]
        assert store.original(1) == ("juni.csv", b"75.05;862\n")
        assert store.batches()[0].retracted is not None
        assert (store.aliases(), store.layouts(), store.decks()) == ([], [], [])
        assert unread(store) == [1, 2, 3], "and all else fits"
    copied_whole(url, OLD_STORE)
    assert schema(url) == schema(new)


def test_a_store_of_the_second_version_keeps_what_it_remembers(new_sqlite_url: Callable[[], str]) -> None:
    url, new = new_sqlite_url(), new_sqlite_url()
    kept_as_text(url, SECOND_STORE)
    Store.open(new).close()
    with Store.open(url) as store:
        assert list(store.figures()["unrecorded"]) == [862] and store.original(1) == ("juni.csv", b"75.05;862\n")
        assert [one.retracted is None for one in store.batches()] == [False, True]
        assert store.aliases() == [] and [one.choices for one in store.layouts()] == [{"level": "kecamatan"}]
        assert unread(store) == [1, 2], "and all else fits"
        assert store.decks() == []
    copied_whole(url, SECOND_STORE)
    assert (schema(url), indexes(url), recorded(url)) == (schema(new), indexes(new), recorded(new))


def test_a_store_of_the_third_version_is_still_what_its_files_say(new_sqlite_url: Callable[[], str]) -> None:
    """One of its files has a column of cards, which was not read then and is not read now: its choices name the columns."""
    url, new = new_sqlite_url(), new_sqlite_url()
    kept_as_text(url, THIRD_STORE)
    Store.open(new).close()
    with Store.open(url) as store:
        assert list(store.figures()["recorded"]) == [7971, 8071] and store.figures()["printed"].isna().all()
        assert [one.retracted is None for one in store.batches()] == [False, True]
        assert [one.area_code for one in store.aliases()] == ["75.05.03"] and [one.name for one in store.decks()] == ["Rapat"]
        assert imports.verify(Office(store, url, store.token(), sample=False)) == []
        rows = reading({"area_code": "75.05.01", "as_of_date": "2023-07-01", "recorded": 7980, "printed": 7950})
        kept(store, rows, "2026-12-01 10:00")
        assert store.figures()["printed"].dropna().tolist() == [7950]
        with pytest.raises(UserError):
            kept(store, rows.assign(printed=-1), "2026-12-02 10:00")
    copied_whole(url, THIRD_STORE)
    assert (schema(url), indexes(url), recorded(url)) == (schema(new), indexes(new), recorded(new))


def test_a_store_of_the_fourth_version_gets_aims_and_events(new_sqlite_url: Callable[[], str]) -> None:
    url, new = new_sqlite_url(), new_sqlite_url()
    kept_as_text(url, FOURTH_STORE)
    Store.open(new).close()
    with Store.open(url) as store:
        assert list(store.figures()["printed"]) == [7950, 8001] and store.figures()["unrecorded"].sum() == 87
        assert [one.area_code for one in store.aliases()] == ["75.05.03"] and [one.name for one in store.decks()] == ["Rapat"]
        assert (store.aims(), store.events()) == ([], [])
        assert imports.verify(Office(store, url, store.token(), sample=False)) == []
        now, day = datetime(2024, 7, 4, 2, tzinfo=UTC), date(2024, 11, 27)
        aim = store.set_aim("75.05", ZERO, day, "sebelum Pilkada", by="petugas", at=now)
        event = store.add_event("75.05", day, day, "Pilkada", by="petugas", at=now)
        assert (store.aims(), store.events()) == ([aim], [event])
    copied_whole(url, FOURTH_STORE)
    assert (schema(url), indexes(url), recorded(url)) == (schema(new), indexes(new), recorded(new))


# By kind, what the fifth version's store had kept by the moment of each entry. The batch of a clock that went back is the first.
ENTRIES = (
    "batch 4, batch 1, remembered_alias 1, remembered_layout 1, batch 2, batch 3, retraction 1, retraction 2, retraction 3, "
    "saved_deck 1, aim 1, aim 2, aim 3, occasion 1, remembered_alias 2"
)
# The same on every machine and engine, for a copy of the store must have the same trail wherever it is brought up to date.
HEAD = "15-596c76fe749034dd"


def trail_of(store: Store) -> list[tuple[Any, ...]]:
    with store._database.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(trail).order_by(trail.c.number))]


def test_a_store_of_the_fifth_version_gets_a_trail(new_sqlite_url: Callable[[], str], postgres_url: str) -> None:
    url, new = new_sqlite_url(), new_sqlite_url()
    kept_as_text(url, FIFTH_STORE)
    Store.open(new).close()
    with Store.open(url) as store:
        told = trail_of(store)
        assert ", ".join(f"{kind} {json.loads(content)['id']}" for _, kind, _, content, _ in told) == ENTRIES
        assert store.head().name == HEAD
        assert imports.verify(Office(store, url, store.token(), sample=False)) == []
        # the correction by a clock that had gone back was hidden, and holds now
        assert store.figures(within="75.05.02")["recorded"].tolist() == [8075]
        assert store.restore(3, reason="benar", by="petugas", at=datetime(2024, 7, 20, tzinfo=UTC)) == timedelta(0)
        assert store.head().entries == len(told) + 1
    copied_whole(url, FIFTH_STORE)
    assert (schema(url), indexes(url), recorded(url)) == (schema(new), indexes(new), recorded(new))

    # The same rows on a server, as they lay there before the trail: it gets the same one, hash by hash.
    with Store.open(postgres_url):
        pass
    before, server = sa.create_engine(f"sqlite:///{copies(url)[0]}"), sa.create_engine(postgres_url)
    with before.connect() as source, server.begin() as target:
        for name in (*LAST, *TWELFTH, *ELEVENTH, *TENTH, *SEVENTH, *NINTH, "trail"):
            target.exec_driver_sql(f"DROP TABLE {name}")
        target.exec_driver_sql("DELETE FROM migration WHERE version > 5")
        without(target, "to_clean")
        for table in metadata.sorted_tables:
            if table.name not in ("migration", "trail", *SEVENTH, *NINTH, *TENTH, *ELEVENTH, *TWELFTH, *LAST):
                asked = sa.select(*(column for column in table.c if column.name != "to_clean"))
                target.execute(table.insert(), [dict(row._mapping) for row in source.execute(asked)])
    before.dispose()
    server.dispose()
    with Store.open(postgres_url) as store:
        assert trail_of(store) == told and store.head().name == HEAD
        assert imports.verify(Office(store, postgres_url, store.token(), sample=False)) == []


def test_a_store_of_the_sixth_version_gets_visits_alerts_and_plans(new_sqlite_url: Callable[[], str]) -> None:
    url, new = new_sqlite_url(), new_sqlite_url()
    kept_as_text(url, SIXTH_STORE)
    Store.open(new).close()
    with Store.open(url) as store:
        assert store.head().name == "18-6f6146261a70fd6b", "its trail is as it was"
        assert imports.verify(Office(store, url, store.token(), sample=False)) == []
        assert store.visits().empty and (store.visit_batches(), store.alert_events(), store.plan_scenarios()) == ([], [], [])
        kept_visits(store, visited({"day": "2024-07-22", "area_code": "75.05.01", "came": 70}), "2024-07-23 03:00")
        plan = PlanScenario("75.05", False, "Empat tim", {"teams": 4})
        store.keep_plan_scenario(plan, over=None, by="petugas", at=store.visit_batches()[0].received_at)
        store.add_alert_event(("stall", "75.05", "a"), "raised", by="petugas", at=store.visit_batches()[0].received_at)
        assert store.verify(imports._again, read_visits) == [] and store.head().entries == 21
    copied_whole(url, SIXTH_STORE)
    assert (schema(url), indexes(url), recorded(url)) == (schema(new), indexes(new), recorded(new))


def test_a_store_of_the_seventh_version_gets_those_to_be_cleaned_off_the_list(new_sqlite_url: Callable[[], str]) -> None:
    """Its figures say nothing of them, which is no 0; what they say from now on is kept within its bounds."""
    url, new = new_sqlite_url(), new_sqlite_url()
    kept_as_text(url, SEVENTH_STORE)
    Store.open(new).close()
    with Store.open(url) as store:
        assert store.head().name == "21-a104b62bbbe509a7", "its trail is as it was"
        assert store.verify(imports._again, read_visits) == []
        assert store.figures()["to_clean"].isna().all() and store.visits()["dead"].tolist() == [4]
        rows = reading({"area_code": "75.05.01", "as_of_date": "2024-07-24", "unrecorded": 80, "to_clean": 12})
        kept(store, rows, "2026-12-01 10:00")
        assert store.figures()["to_clean"].dropna().tolist() == [12]
        with pytest.raises(UserError):
            kept(store, rows.assign(to_clean=-1), "2026-12-02 10:00")
    assert [re.sub(r"\.\d{8}.*", "", path.name) for path in copies(url)] == [f"{file_of(url).stem}.v7"]
    assert (schema(url), indexes(url), recorded(url)) == (schema(new), indexes(new), recorded(new))
