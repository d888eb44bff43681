"""Offices for the faults of :mod:`tests.kills`: a data folder with its store, what comes into it, and whether it is sound."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.__main__ import main as command_line
from ektp_analysis.core import aside
from ektp_analysis.core.settings import settings
from ektp_analysis.ingest import worker
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import UNDECIDED, ImportReport
from ektp_analysis.ingest.visit_reading import read_visits
from ektp_analysis.office import decisions, imports, ledger, stores, visiting
from ektp_analysis.office.visiting import Taken
from ektp_analysis.store import schema
from ektp_analysis.store.records import Arrangement, Commit, Edit, SavedDeck
from ektp_analysis.store.store import Store

WEEKS = 200  # after so many files the same days come again, with other figures
FIRST = date(2022, 1, 3)
BEFORE = 900  # the number of the file with which each begins


@dataclass(frozen=True)
class Place:
    """A data folder and the address of its store."""

    folder: Path
    url: str

    @property
    def file(self) -> Path | None:
        """The store's file; None on a server."""
        return Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else None

    @property
    def environment(self) -> dict[str, str]:
        """What tells a process of this office."""
        said = {"EKTP_LANGUAGE": "en", "EKTP_UPLOADER": "petugas"}
        return {"EKTP_DATA_DIR": str(self.folder), "EKTP_DATABASE_URL": self.url, **said}


@contextlib.contextmanager
def office(place: Place) -> Iterator[None]:
    """Inside the block the settings of this process are those of the place; nothing of another store is open."""
    before = {name: os.environ.get(name) for name in place.environment}
    stores.close_all()
    os.environ.update(place.environment)
    settings.cache_clear()
    try:
        yield
    finally:
        stores.close_all()
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({} if value is None else {name: value})
        settings.cache_clear()


def forked() -> None:
    """In a process that was forked: what reads files for the first process answers only to that."""
    aside.of(worker.__name__)._other = None


@cache
def content(number: int) -> bytes:
    """A file as an office makes it: each kecamatan on some days."""
    days = [FIRST + timedelta(days=7 * (number % WEEKS) + day) for day in range(4)]
    rows = [f"75.05.{area:02d};{day:%Y-%m-%d};{9000 + area};{900 + number + area}" for day in days for area in range(1, 12)]
    return "\n".join(("kode;per tanggal;wajib ktp;belum rekam", *rows, "")).encode()


def file_of(place: Place, number: int) -> Path:
    """The file of this number, in the place's folder."""
    path = place.folder / "files" / f"minggu {number}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        path.write_bytes(content(number))
    return path


@cache
def _read(data: bytes, name: str, choices: str) -> pd.DataFrame:
    return imports._again(data, name, json.loads(choices))


def again(data: bytes, name: str, choices: Mapping[str, Any]) -> pd.DataFrame:
    """The reading of kept bytes that ``verify`` does; what was read once is not read again."""
    return _read(data, name, json.dumps(dict(choices), sort_keys=True))


def take_in(number: int) -> Commit:
    """Store a file, read already, in this process."""
    return imports.commit(report(number), content(number), uploader="petugas", decided=UNDECIDED)


@cache
def report(number: int) -> ImportReport:
    """What was read in a file."""
    return read_file(content(number), f"minggu {number}.csv")


def save_deck(number: int) -> SavedDeck:
    """Save a further version of the same slides."""
    held = stores.own_store().decks()
    edits = tuple(Edit(key, title=f"Rapat ke-{number}", notes="Catatan. " * 40) for key in ("map", "position", "trend"))
    return decisions.save_deck(Arrangement("75.05", False, "Rapat", edits), over=held[0].version if held else None)


def command(*arguments: str) -> str:
    """The command line, in this process; gives what it printed. Raises RuntimeError where it does not end with 0."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command_line(list(arguments))
    if code:
        raise RuntimeError(f"exit {code}: {err.getvalue()}")
    return out.getvalue()


def log(number: int) -> bytes:
    """A file of visits as an office makes it."""
    days = [FIRST + timedelta(days=7 * number + day) for day in range(4)]
    rows = [
        f"{day:%d/%m/%Y};75.05.{area:02d};balai desa;{60 + area};{50 + area};{number % 7}"
        for day in days
        for area in range(1, 12)
    ]
    return "\n".join(("tanggal;wilayah;tempat;datang;terekam;meninggal", *rows, "")).encode()


def take_visits(number: int) -> Taken:
    """Store a file of visits."""
    return visiting.take_in(read_visits(log(number), f"kunjungan {number}.csv"), log(number), uploader="petugas")


def begin(place: Place) -> None:
    """An office with a batch."""
    place.folder.mkdir(parents=True, exist_ok=True)
    take_in(BEFORE)


def loose(connection: sa.Connection) -> list[str]:
    """What no batch holds together, and what SQLite itself finds wrong."""
    found = []
    named = {table.name for table in schema.metadata.sorted_tables} & {*sa.inspect(connection).get_table_names()}
    batches = [schema.metadata.tables[name] for name in schema.PARTS if name in named]
    kept = sa.union(*(sa.select(batch.c.sha256) for batch in batches))
    wholes = [(schema.original, "sha256", kept)]
    wholes += [(part, "batch_id", sa.select(batch.c.id)) for batch in batches for part in schema.PARTS[batch.name]]
    for table, own, theirs in wholes:
        if connection.execute(sa.select(table.c[own]).where(table.c[own].not_in(theirs)).limit(1)).first():
            found.append(f"{table.name} without batch")
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        found += [] if said == "ok" else [said]
    return found


def unsound() -> list[str]:
    """What ``verify`` finds in the office's store, opened as a command or page opens it."""
    store = stores.own_store()
    return [str(one.text()) for one in (*store.verify(again, visiting.read_again), *ledger.differences(store))]


def contents(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, but when its schema was made, and but for what is no record."""
    with getattr(store, "_store", store)._database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in schema.metadata.sorted_tables
            if table not in (schema.migration, schema.rollup, schema.foreseen, schema.tried)
        }
