"""The log of visits: batches of it with their bytes, taken back and restored, and the visits that hold or held at a moment.

Unlike figures, visits never stand for each other: each row of each batch that counts is a visit.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core import visit
from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.errors import RefusedError, StoreError, UserError
from ektp_analysis.core.text import T
from ektp_analysis.store import queries, schema, trail, writing
from ektp_analysis.store.engine import Database
from ektp_analysis.store.records import Difference, Retraction, digest, plain
from ektp_analysis.store.troubles import UnreadableError

KEY = ["sheet", "row"]
NAMES = (*visit.BY_NAME, "sheet", "row")


@dataclass(frozen=True)
class Received:
    """A file of visits as it came in: its bytes and name, who brought it, when (aware), and how it was read (what JSON can hold;
    ``choices`` makes the reading repeatable)."""

    data: bytes
    name: str
    uploader: str
    received_at: datetime
    choices: Mapping[str, Any] = field(hash=False)
    report: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class VisitBatch:
    """One accepted reading of a file of visits. ``received_at`` is in UTC; ``retracted``: whether, and why, it does not count.

    ``size`` is in bytes, before packing; ``rows`` the number of visits, from the day ``first`` to ``last``.
    """

    id: int
    name: str
    sha256: str
    size: int
    uploader: str
    received_at: datetime
    rows: int
    first: date
    last: date
    choices: Mapping[str, Any] = field(hash=False)
    report: Mapping[str, Any] = field(hash=False)
    retracted: Retraction | None = None


@dataclass(frozen=True)
class VisitCommit:
    """What a commit of visits did; as :class:`~ektp_analysis.store.records.Commit`."""

    batch: VisitBatch
    already_there: bool
    behind: timedelta = timedelta(0)


def canonical(rows: pd.DataFrame) -> pd.DataFrame:
    """The contract's columns with 'sheet' (str) and 'row' (int), in their dtypes, sorted by sheet and row."""
    made = visit.frame(rows)
    made["sheet"] = rows["sheet"].fillna("").astype("str").to_numpy()
    made["row"] = rows["row"].astype("int64").to_numpy()
    return made.sort_values(KEY, kind="stable", ignore_index=True)


def checked(rows: pd.DataFrame) -> pd.DataFrame:
    """The canonical rows, if the store may take them: the last gate behind the reader.

    Raises:
        UserError: no rows; a row without day or area, or two of one place in the file; rows that break the contract; text that
            no database keeps.
    """
    if rows.empty:
        raise UserError(T("The file has no visits, so nothing was stored."))
    made = canonical(rows)
    if made[["day", "area_code"]].isna().to_numpy().any() or made.duplicated(KEY).any():
        raise UserError(T("A visit without a day or an area cannot be stored; nothing was stored."))
    for code in made["area_code"].unique():
        AreaCode(code)
    if faults := visit.check(made):
        raise RefusedError(T("The rows break the rules of visits, so nothing was stored."), tuple(fault for _, fault in faults))
    if any(made[name].str.contains("\0", regex=False).any() for name in ("note", "sheet")):
        raise UserError(T("A text holds a character that cannot be stored (NUL); remove it from the file."))
    return made


def commit(database: Database, rows: pd.DataFrame, received: Received) -> VisitCommit:
    """Store one reading of a file whole, or find that it is there already. See :meth:`Store.commit_visits`."""
    if received.received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone")
    made = checked(rows)
    sha256, visits_sha256 = hashlib.sha256(received.data).hexdigest(), digest(made, NAMES)
    values = {
        "sha256": sha256,
        "visits_sha256": visits_sha256,
        "name": writing.label(received.name),
        "uploader": received.uploader,
        "received_at": received.received_at,
        "choices": json.dumps(dict(received.choices)),
        "report": json.dumps(dict(received.report)),
    }
    packed = zlib.compress(received.data)
    table = schema.visit_batch
    with database.writing_in([writing.bytes_lock(sha256)]) as connection:
        database.take_turn(connection)
        known = sa.select(table.c.id).where(table.c.sha256 == sha256, table.c.visits_sha256 == visits_sha256)
        there = connection.execute(known).scalar_one_or_none()
        if there is not None:
            return VisitCommit(batch(connection, there), already_there=True)
        writing.keep_bytes(connection, sha256, len(received.data), packed)
        added = trail.add(connection, table, values)
        columns = [plain(made[name]) for name in NAMES]
        names = (*NAMES, "batch_id")
        rows_of = [dict(zip(names, (*one, int(added.id)), strict=True)) for one in zip(*columns, strict=True)]
        connection.execute(schema.visit.insert(), rows_of)
        return VisitCommit(batch(connection, int(added.id)), already_there=False, behind=added.received_at - received.received_at)


def batches(connection: sa.Connection, *, until: datetime | None = None, only: int | None = None) -> list[VisitBatch]:
    """Batches received by the moment, latest first, with the state that they had then. See :meth:`Store.visit_batches`."""
    table, original, state = schema.visit_batch, schema.original, queries.state_of(schema.visit_retraction, until)
    row = schema.visit.c
    asked = sa.select(row.batch_id, sa.func.count().label("rows"), sa.func.min(row.day).label("first"))
    sums = asked.add_columns(sa.func.max(row.day).label("last")).group_by(row.batch_id).subquery()
    more = [sums.c[name] for name in ("rows", "first", "last")]
    found = (
        sa.select(table, original.c.size, state.c.kind, state.c.at, state.c.by, state.c.reason, *more)
        .join_from(table, original, original.c.sha256 == table.c.sha256)
        .outerjoin(sums, sums.c.batch_id == table.c.id)
        .outerjoin(state, state.c.batch_id == table.c.id)
        .order_by(table.c.id.desc())
    )
    if until is not None:
        found = found.where(table.c.received_at <= until)
    if only is not None:
        found = found.where(table.c.id == only)
    return [_batch(one) for one in connection.execute(found)]


def _batch(row: Any) -> VisitBatch:
    try:
        choices, report = json.loads(row.choices), json.loads(row.report)
    except ValueError as error:
        raise StoreError(queries.damaged(row.id)) from error
    if row.rows is None:
        raise StoreError(queries.damaged(row.id))
    return VisitBatch(
        row.id,
        row.name,
        row.sha256,
        row.size,
        row.uploader,
        row.received_at,
        row.rows,
        row.first,
        row.last,
        choices,
        report,
        Retraction(row.at, row.by, row.reason) if row.kind == "retract" else None,
    )


def batch(connection: sa.Connection, batch_id: int) -> VisitBatch:
    """One batch of visits as it stands now. Raises UserError where there is none of this id."""
    found = batches(connection, only=batch_id) if abs(batch_id) < 2**31 else []
    if not found:
        raise UserError(T("There is no batch of visits {batch}; the list of visits shows which there are.", batch=str(batch_id)))
    return found[0]


def original(connection: sa.Connection, batch_id: int) -> tuple[str, bytes]:
    """Name and kept bytes of a batch of visits. See :meth:`Store.visits_original`."""
    found = batch(connection, batch_id)
    data = queries.unpack(connection, found.sha256)
    if data is None:
        raise StoreError(queries.damaged(batch_id))
    return found.name, data


def visits(connection: sa.Connection, *, within: str | None, until: datetime | None) -> pd.DataFrame:
    """The visits that hold, or did at the moment. See :meth:`Store.visits`."""
    live, row = queries.live_of(schema.visit_batch, schema.visit_retraction, until), schema.visit.c
    order = (row.day, row.area_code, row.batch_id, row.sheet, row.row)
    asked = sa.select(schema.visit).join(live, live.c.id == row.batch_id).where(*queries.inside(row.area_code, within))
    return _frame(connection, asked.order_by(*order))


def _frame(connection: sa.Connection, asked: sa.Select[Any]) -> pd.DataFrame:
    rows = connection.execute(asked).mappings().all()
    return _made(rows) if rows else _none().copy()


@cache
def _none() -> pd.DataFrame:
    """No visits: most areas have none, and each page asks for them."""
    return _made([])


def _made(rows: Sequence[Mapping[Any, Any]]) -> pd.DataFrame:
    given = {name: pd.Series([row[name] for row in rows], dtype="object") for name in (*NAMES, "batch_id")}
    try:
        given["day"] = pd.to_datetime(given["day"]).astype("datetime64[s]")
        made = visit.frame(pd.DataFrame(given))
        for name, kind in (("batch_id", "int64"), ("sheet", "str"), ("row", "int64")):
            made[name] = given[name].astype(kind)
    except (ValueError, TypeError) as error:
        raise UnreadableError from error
    return made


def verify(database: Database, read: writing.Read | None) -> Iterator[Difference]:
    """Each difference between the stored visits and their kept bytes, read again. See :meth:`Store.verify`."""
    table, kept = schema.visit_batch, schema.original.c
    with database.reading() as connection:
        ids = connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars().all()
    if ids and read is None:
        raise ValueError("a store with visits is verified by a reader of visits")
    for batch_id in ids:
        with database.reading() as connection:
            row = connection.execute(sa.select(table).where(table.c.id == batch_id)).one()
            size = connection.execute(sa.select(kept.size).where(kept.sha256 == row.sha256)).scalar_one()
            data = queries.unpack(connection, row.sha256)
            order = (schema.visit.c.sheet, schema.visit.c.row)
            asked = sa.select(schema.visit).where(schema.visit.c.batch_id == batch_id).order_by(*order)
            stored = _frame(connection, asked)
        if data is not None and size != len(data):
            yield Difference(batch_id, row.name, "", None, "bytes", writing.text(size), writing.text(len(data)), visits=True)
        for parts in _unlike(row, data, stored, read):
            yield Difference(batch_id, row.name, *parts, visits=True)


def _unlike(row: Any, data: bytes | None, stored: pd.DataFrame, read: writing.Read | None) -> Iterator[writing.Parts]:
    assert read is not None
    parts, again = writing.read_again(row, data, len(stored), lambda *given: canonical(read(*given)))
    yield from parts
    if again is None:
        return
    days = {(one.sheet, one.row): (one.area_code, one.day) for one in (*again.itertuples(), *stored.itertuples())}
    for key, name, ours, theirs in writing.unlike(stored, again, KEY, NAMES):
        code, day = days[key]
        yield code, day.date(), name, ours, theirs
