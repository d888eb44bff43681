"""Many offices and one server: who imports for one kabupaten waits for nobody of another, nothing is lost, and a connection that
breaks costs no work."""

from __future__ import annotations

import contextlib
import select
import socket
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ektp_analysis.core import text
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import StoreError
from ektp_analysis.store import engine, migrations, review_tables, schema, trail
from ektp_analysis.store.store import Store
from tests.engines import kept, moment, reading
from tests.test_store_migrations import tables_of

WRITERS, FILES = 20, 2
MOST_WAIT = 2.0  # seconds for an import of another kabupaten; what waits longer is refused
START = moment("2023-06-20 10:00")
DAY = "2023-06-20"
ONE, OTHER = "75.05", "75.01"


def rows_of(*kabupaten: str, number: int = 0) -> Any:
    """Five desa of each."""
    return reading(
        *(
            {"area_code": f"{code}.01.{desa}", "as_of_date": DAY, "eligible": 900, "unrecorded": number + desa % 10}
            for code in kabupaten
            for desa in range(2001, 2006)
        )
    )


def ids(store: Store) -> tuple[int, ...]:
    with store._database.reading() as connection:
        return tuple(connection.execute(sa.select(schema.batch.c.id).order_by(schema.batch.c.id)).scalars())


def test_twenty_offices_at_once_lose_nothing_and_no_state_goes_unseen(postgres_url: str) -> None:
    """Each with two files, read meanwhile: the same token always means the same batches, and so the same figures. Between the
    files all wait for each other, so that there are two states that every office sees, however quick it is."""
    codes = [code for code in register().codes(2) if code.startswith(("33", "35"))][:WRITERS]
    states: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    with Store.open(postgres_url) as store:
        together = threading.Barrier(WRITERS, timeout=60)

        def look() -> None:
            before, seen = store.token(), ids(store)
            if store.token() == before:
                states[before].add(seen)

        def office(code: str) -> list[Any]:
            together.wait()
            made = []
            for number in range(FILES):
                at = START + timedelta(minutes=number)
                made.append(kept(store, rows_of(code, number=number), "2023-06-20 10:00", received_at=at))
                look()
                together.wait()
                look()
                together.wait()
            return made

        with ThreadPoolExecutor(WRITERS) as pool:
            made = [one for found in pool.map(office, codes) for one in found]
        assert not any(one.already_there for one in made) and len({one.batch.id for one in made}) == WRITERS * FILES
        assert all(len(seen) == 1 for seen in states.values())
        assert {len(*seen) for seen in states.values()} >= {WRITERS * (number + 1) for number in range(FILES)}
        figures = store.figures()
        assert len(figures) == WRITERS * 5 and set(figures["unrecorded"]) == {FILES - 1 + desa for desa in range(1, 6)}
        head, _ = store.head_and_hash(0)
        assert head.entries == WRITERS * FILES == head.batch
        assert store.verify(lambda data, name, choices: _read(data)) == []
        assert store.areas("33") == sorted(code for code in figures["area_code"] if code.startswith("33"))


def _read(data: bytes) -> Any:
    names, *lines = (line.split(",") for line in data.decode().splitlines())
    numbers = {"eligible", "unrecorded"}
    rows = [{name: value for name, value in zip(names, line, strict=True) if value} for line in lines]
    return reading(*({name: int(value) if name in numbers else value for name, value in row.items()} for row in rows))


def test_an_import_that_began_first_and_ends_last_is_a_state_of_its_own(postgres_url: str) -> None:
    """Its number is less than that of the other one, which was stored before."""
    with Store.open(postgres_url) as store:
        first = kept(store, rows_of(ONE), "2023-06-20 10:00").batch
        values = {
            "sha256": first.sha256,
            "figures_sha256": "0" * 64,
            "name": "a",
            "uploader": "b",
            "choices": "{}",
            "report": "{}",
        }
        with store._database.writing_in([ONE]) as connection:
            asked = schema.batch.insert().values(values | {"received_at": START}).returning(*schema.batch.c)
            row = connection.execute(asked).mappings().one()
            later = kept(store, rows_of(OTHER), "2023-06-21 10:00").batch
            between = store.token()
            store._database.take_turn(connection)
            at = trail.tell(connection, schema.batch, row)
        number = row["id"]
        assert number < later.id and store.token() != between
        assert at == later.received_at == store.batch(number).received_at  # not the clock of its beginning
        with store._database.reading() as connection:
            assert list(trail.differences(connection)) == []


def test_a_long_import_keeps_nobody_of_another_kabupaten_waiting(postgres_url: str) -> None:
    with Store.open(postgres_url) as store, Store.open(postgres_url, wait=0.3) as short:
        with store._database.writing_in([ONE]):  # a long import there
            with Store.open(postgres_url, wait=MOST_WAIT) as other:
                made = kept(other, rows_of(OTHER), "2023-06-20 10:00")
                other.retract(made.batch.id, reason="salah", by="petugas", at=START)
            for rows in (rows_of(ONE), rows_of(OTHER, ONE)):
                with pytest.raises(StoreError, match="locked by another import"):
                    kept(short, rows, "2023-06-20 10:00")
            assert len(short.batches()) == 1
        assert [kept(short, rows, "2023-06-20 10:00").already_there for rows in (rows_of(ONE), rows_of(OTHER, ONE))] == [
            False
        ] * 2
        with store._database.writing_in([OTHER]), pytest.raises(StoreError, match="locked by another import"):
            short.restore(made.batch.id, reason="benar", by="petugas", at=START)


def test_files_with_several_kabupaten_never_wait_in_a_circle(postgres_url: str) -> None:
    pairs = [(ONE, OTHER), (OTHER, ONE), ("71.01", ONE), (OTHER, "71.01")]
    with Store.open(postgres_url) as store:
        start = threading.Barrier(len(pairs))

        def office(place: int) -> int:
            for number in range(4):
                start.wait()
                kept(store, rows_of(*pairs[place], number=10 * place + number), "2023-06-20 10:00")
            return place

        with ThreadPoolExecutor(len(pairs)) as pool:
            assert list(pool.map(office, range(len(pairs)))) == list(range(len(pairs)))
        assert len(store.batches()) == 4 * len(pairs)


def test_a_figure_that_breaks_a_rule_of_the_table_is_refused(url: str) -> None:
    """As the last gate, behind all that is checked before; however rows are handed over."""
    with Store.open(url) as store:
        kept(store, rows_of(ONE), "2023-06-20 10:00")
        row = {
            "area_code": "75.05.01.2001",
            "as_of_date": START.date(),
            "basis": "",
            "status": "",
            "note": "",
            "sheet": "",
            "row": 2,
        }
        row |= {"batch_id": 1, "unrecorded": -1}
        with pytest.raises(StoreError), store._database.writing() as connection:
            engine.insert(connection, schema.figure, [[row.get(column.name) for column in schema.figure.c]])
        assert len(store.figures()) == 5


def _open(url: str, at_once: Any, answers: Any) -> None:
    at_once.wait()
    with Store.open(url) as store:
        answers.put((len(store.figures()), store.info().schema_version))


def test_two_servers_that_start_at_once_update_the_store_once(postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        kept(store, rows_of(ONE), "2023-06-20 10:00")
        with store._database.writing(alone=True) as connection:
            for table in (review_tables.review_event, review_tables.review_switch, review_tables.submission):
                table.drop(connection)
            for table in (schema.rollup, schema.foreseen, schema.tried):
                table.drop(connection)
            (rollups,) = (step.version for step in migrations.MIGRATIONS if step.name == "rollups")
            connection.execute(schema.migration.delete().where(schema.migration.c.version >= rollups))
    context = get_context("fork")
    at_once, answers = context.Barrier(2), context.Queue()
    servers = [context.Process(target=_open, args=(postgres_url, at_once, answers)) for _ in range(2)]
    for one in servers:
        one.start()
    assert [answers.get(timeout=120) for _ in servers] == [(5, migrations.latest())] * 2
    for one in servers:
        one.join(timeout=120)
        assert one.exitcode == 0
    assert "rollup" in tables_of(postgres_url)
    with Store.open(postgres_url) as store, store._database.reading() as connection:
        assert store.is_there() and store.open_to_others() == []  # a server looks after its files itself
        steps = connection.execute(sa.select(schema.migration.c.version).order_by(schema.migration.c.version)).scalars().all()
        assert steps == [step.version for step in migrations.MIGRATIONS]
        assert connection.execute(sa.select(schema.rollup.c.area_code)).scalars().all() == [ONE]


class Wire:
    """What lies between the program and the server: it can be cut amid what is said on it."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder, self.server, self.place = folder, server, folder / server.name
        self.cut_at: bytes | None = None
        self.dead = False
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.place))
        self._listening.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def address(self, url: str) -> str:
        """That of a store on the server, this way."""
        return url.replace(str(self.server.parent), str(self.folder))

    def _serve(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                client, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()
                continue
            return

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, contextlib.suppress(OSError):
            if self.dead:
                return
            server.connect(str(self.server))
            while True:
                for one in select.select([client, server], [], [])[0]:
                    said = one.recv(65536)
                    if not said:
                        return
                    (server if one is client else client).sendall(said)
                    if one is client and self.cut_at is not None and self.cut_at in said:
                        self.cut_at = None
                        server.recv(1)  # it has been done by then
                        return

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def wire(postgres_server: Any) -> Iterator[Wire]:
    found = next(path for path in Path(postgres_server.pgdata).iterdir() if path.name.startswith(".s.PGSQL") and path.is_socket())
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        made = Wire(Path(folder), found)
        yield made
        made.close()


@pytest.mark.parametrize("cut_at", [b"COMMIT\0", b"COPY figure"])
def test_an_import_whose_connection_breaks_is_stored_once(wire: Wire, postgres_url: str, cut_at: bytes) -> None:
    """Cut when it is stored, before it was said; and before anything is."""
    through = wire.address(postgres_url)
    with Store.open(postgres_url) as direct, Store.open(through) as store:
        wire.cut_at = cut_at
        made = kept(store, rows_of(ONE), "2023-06-20 10:00")
        assert wire.cut_at is None and not made.already_there
        assert [batch.id for batch in direct.batches()] == [made.batch.id] and len(direct.figures()) == 5
        assert kept(store, rows_of(ONE), "2023-06-20 10:00").already_there
        assert len(direct.batches()) == 1


def test_an_import_whose_server_does_not_come_back_says_what_is_known(
    wire: Wire, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    through = wire.address(postgres_url)
    with Store.open(postgres_url) as direct, Store.open(through) as store:
        monkeypatch.setattr(engine, "RETURN", 0.2)
        wire.cut_at, wire.dead = b"COMMIT\0", True
        with pytest.raises(StoreError) as error:
            kept(store, rows_of(ONE), "2023-06-20 10:00")
        said = str(error.value)
        assert "laporan.csv" in said and "never stored twice" in said and text.render(error.value.message, "id") != said
        with pytest.raises(StoreError, match="does not answer"):
            store.figures()
        wire.dead = False
        assert len(store.figures()) == 5  # it came back, and nothing was sent before
        assert kept(store, rows_of(ONE), "2023-06-20 10:00").already_there and len(direct.batches()) == 1


def test_who_comes_while_the_server_is_away_for_a_moment_is_served(wire: Wire, postgres_url: str) -> None:
    through = wire.address(postgres_url)
    with Store.open(through) as store, sa.create_engine(postgres_url).connect() as admin:
        wire.dead = True
        admin.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        back = threading.Timer(0.4, lambda: setattr(wire, "dead", False))
        back.start()
        assert kept(store, rows_of(ONE), "2023-06-20 10:00").batch.id == 1
        back.join()
