"""What the store says: the figures that hold, the batches, the bytes; now, or as it was known at a moment.

What holds for an area and a day is the figure of the latest batch (the one stored last) that is not retracted. The order in
which batches were stored decides, and no clock: of two with figures of one area the later one has the greater id, for who writes
there waits for the other (:mod:`ektp_analysis.store.rollups`).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, AreaCode, Level
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.store import schema
from ektp_analysis.store.records import NAMES, Batch, Retraction, Total
from ektp_analysis.store.review_tables import review_event
from ektp_analysis.store.troubles import UnreadableError

MOST_IDS = 500  # named in one question
CHUNK = 50_000  # rows turned into columns at a time
_LENGTHS = {Level.PROVINSI: 2, Level.KABUPATEN: 5, Level.KECAMATAN: 8, Level.DESA: 13}


def moment(known_at: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """The last moment that counts: a date means the end of that day in the zone, a datetime without zone is in it."""
    if known_at is None:
        return None
    if not isinstance(known_at, datetime):
        known_at = datetime.combine(known_at, time.max)
    return (known_at if known_at.tzinfo else known_at.replace(tzinfo=zone)).astimezone(UTC)


def figures(
    connection: sa.Connection, *, within: str | None, levels: Collection[int] | None, until: datetime | None
) -> pd.DataFrame:
    """The figures that hold, as known at ``until``. See :meth:`Store.figures`."""
    return held(connection, inside(schema.figure.c.area_code, within, levels), until)


def held(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], until: datetime | None = None) -> pd.DataFrame:
    """Of the figures for which this is so, those that hold or did at the moment; columns and order as :meth:`Store.figures`."""
    # Each area and day once, with its latest batch, and then its figure by its key: the cost grows with what is stored, not with
    # its square where the same days were revised often. The figures are walked in the order of their key.
    figure = schema.figure
    latest = (
        sa.select(figure.c.area_code, figure.c.as_of_date, sa.func.max(figure.c.batch_id).label("last"))
        .where(*where, _counts(figure.c.batch_id, until))
        .group_by(figure.c.area_code, figure.c.as_of_date)
        .subquery("latest")
    )
    same = (
        figure.c.area_code == latest.c.area_code,
        figure.c.as_of_date == latest.c.as_of_date,
        figure.c.batch_id == latest.c.last,
    )
    chosen = sa.select(*RAW).select_from(latest.join(figure, sa.and_(*same))).order_by(latest.c.area_code, latest.c.as_of_date)
    found = as_frame(connection.execute(chosen))
    moments = received(connection, [int(number) for number in found["batch_id"].unique()])
    found["received_at"] = found["batch_id"].map(moments).astype("datetime64[us, UTC]")
    return found


def received(connection: sa.Connection, ids: Collection[int]) -> dict[int, datetime]:
    """Batch -> when it was received: of these at least."""
    batch = schema.batch.c
    asked = sa.select(batch.id, batch.received_at)
    asked = asked.where(batch.id.in_(ids)) if len(ids) < MOST_IDS else asked
    return {int(number): at for number, at in connection.execute(asked)}


def areas(connection: sa.Connection, within: str | None, until: datetime | None = None) -> list[str]:
    """The codes of the areas with a figure that holds, or did at the moment, in order."""
    return list(_distinct(connection, schema.figure.c.area_code, within, until))


def days(connection: sa.Connection, within: str | None, until: datetime | None = None) -> list[date]:
    """The days of the figures that hold, or did at the moment, in order."""
    return list(_distinct(connection, schema.figure.c.as_of_date, within, until))


def _distinct(connection: sa.Connection, column: sa.Column[Any], within: str | None, until: datetime | None) -> Iterator[Any]:
    # Whether a figure is the latest of its day does not matter here: where one is, there is a latest one.
    figure = schema.figure.c
    asked = sa.select(column).where(*inside(figure.area_code, within), _counts(figure.batch_id, until))
    yield from connection.execute(asked.group_by(column).order_by(column)).scalars()


def _counts(batch_id: sa.ColumnElement[int], until: datetime | None) -> sa.ColumnElement[bool]:
    """That a batch of figures counts, or did at the moment. Now only those that do not are looked up: there are few."""
    if until is None:
        state = state_of(schema.retraction, None)
        return batch_id.not_in(sa.select(state.c.batch_id).where(state.c.kind == "retract"))
    return batch_id.in_(sa.select(live_of(schema.batch, schema.retraction, until).c.id))


def live_of(batch: sa.Table, event: sa.Table, until: datetime | None) -> sa.CTE:
    """The batches of a table that counted at the moment, by the table of their retractions."""
    state = state_of(event, until)
    known = sa.true() if until is None else batch.c.received_at <= until
    return (
        sa.select(batch.c.id)
        .outerjoin_from(batch, state, state.c.batch_id == batch.c.id)
        .where(known, sa.func.coalesce(state.c.kind, "restore") == "restore")
        .cte("live")
    )


@lru_cache(maxsize=8)  # each look at a store asks for what holds now, of one of two tables; a moment rarely comes again
def state_of(event: sa.Table, until: datetime | None) -> sa.Subquery:
    """The last event of each batch at or before the moment, from a table of retractions."""
    known = sa.true() if until is None else event.c.at <= until
    back = sa.func.row_number().over(partition_by=event.c.batch_id, order_by=event.c.id.desc())
    events = sa.select(event, back.label("back")).where(known).subquery()
    return sa.select(events).where(events.c.back == 1).subquery("state")


def inside(
    code: sa.ColumnElement[str], within: str | None, levels: Collection[int] | None = None
) -> list[sa.ColumnElement[bool]]:
    """That a code lies in an area, and is of one of the levels; None asks for no more than is there."""
    asked: list[sa.ColumnElement[bool]] = []
    if within is not None and within != NATION:
        area = str(AreaCode(within))
        asked += [code >= area, code < area + "/"]  # '/' follows '.', so: the area itself and all in it
    if levels is not None:
        lengths = [_LENGTHS[Level(level)] for level in levels if level != Level.NATION]
        smaller = sa.and_(code != NATION, sa.func.length(code).in_(lengths))
        asked.append(sa.or_(smaller, code == NATION) if Level.NATION in levels else smaller)
    return asked


def batches_inside(connection: sa.Connection, rows: sa.Table, areas: Collection[str]) -> dict[int, bool]:
    """The batches of which some row (of the table of figures or of visits) lies in one of these areas, and whether all do."""
    if not areas:
        return {}
    mine = _lie_in(rows, areas)
    some = connection.execute(sa.select(rows.c.batch_id).where(mine).distinct()).scalars().all()
    # What lies elsewhere is looked for in these batches alone: of one office there are few.
    within = rows.c.batch_id.in_(sa.select(rows.c.batch_id).where(mine))
    partly = set(connection.execute(sa.select(rows.c.batch_id).where(within, sa.not_(mine)).distinct()).scalars())
    return {number: number not in partly for number in some}


def rows_inside(rows: sa.Table, areas: Collection[str]) -> sa.Select[Any]:
    """The batches of which some row lies in one of these areas, as a question within another one."""
    return sa.select(rows.c.batch_id).where(_lie_in(rows, areas))


def _lie_in(rows: sa.Table, areas: Collection[str]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(sa.and_(sa.true(), *inside(rows.c.area_code, area)) for area in areas))


def area_of(connection: sa.Connection, table: sa.Table, number: int) -> str | None:
    """The area of which a row of this number tells; None where there is none."""
    key = table.c.number if "number" in table.c else table.c.id
    if abs(number) >= 2**31:
        return None
    return connection.execute(sa.select(table.c.area).where(key == number).limit(1)).scalar_one_or_none()


# The columns of a figure as the driver gives them: half a million dates are not worth a Python object each.
RAW = tuple(sa.type_coerce(schema.figure.c[name], sa.types.NullType()).label(name) for name in (*NAMES, "batch_id"))


def as_frame(found: sa.Result[Any]) -> pd.DataFrame:
    """The figures that were asked for as :data:`RAW`, in the contract's dtypes."""
    # In parts: columns of numbers take a tenth of the room of rows of Python objects, and a twentieth of the collector's time.
    parts = [_part(rows) for rows in found.partitions(CHUNK)] or [_part([])]
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _part(rows: Sequence[Any]) -> pd.DataFrame:
    names = (*NAMES, "batch_id")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    made = {name: pd.Series(values, dtype="object") for name, values in columns.items()}
    try:
        places, days = pd.factorize(made["as_of_date"])
        made["as_of_date"] = pd.Series(pd.to_datetime(pd.Index(days)).astype("datetime64[s]").take(places))
        kept = {column.name: contract.kept_as(column, made[column.name]) for column in contract.COLUMNS}
        for name, kind in (("batch_id", "int64"), ("sheet", contract.texts(len(rows))), ("row", "int64")):
            kept[name] = made[name].astype(kind).array
    except (ValueError, TypeError) as error:
        raise UnreadableError from error
    return pd.DataFrame(kept, index=range(len(rows)))


def figures_of(connection: sa.Connection, batch_id: int) -> pd.DataFrame:
    """The figures of one batch as they are stored, whether or not they hold: contract columns, sheet, row, batch_id."""
    figure = schema.figure
    return as_frame(
        connection.execute(sa.select(*RAW).where(figure.c.batch_id == batch_id).order_by(figure.c.area_code, figure.c.as_of_date))
    )


def totals_of(connection: sa.Connection, only: int | None = None) -> dict[int, tuple[Total, ...]]:
    """Batch id -> its totals by day and level."""
    total = schema.batch_total
    asked = sa.select(total).order_by(total.c.batch_id, total.c.as_of_date, total.c.level)
    if only is not None:
        asked = asked.where(total.c.batch_id == only)
    found: dict[int, list[Total]] = {}
    for row in connection.execute(asked).mappings():
        values = {name: value for name, value in row.items() if name != "batch_id"}
        if row["level"] not in tuple(Level):
            raise UnreadableError
        found.setdefault(row["batch_id"], []).append(Total(**{**values, "level": Level(row["level"])}))
    return {batch_id: tuple(totals) for batch_id, totals in found.items()}


def batches(connection: sa.Connection, *, until: datetime | None = None, only: int | None = None) -> list[Batch]:
    """Batches received by the moment, latest first, with the state that they had then."""
    batch, original, state = schema.batch, schema.original, state_of(schema.retraction, until)
    asked = (
        sa.select(batch, original.c.size, state.c.kind, state.c.at, state.c.by, state.c.reason, _approver().label("approved_by"))
        .join_from(batch, original, original.c.sha256 == batch.c.sha256)
        .outerjoin(state, state.c.batch_id == batch.c.id)
        .order_by(batch.c.id.desc())
    )
    if until is not None:
        asked = asked.where(batch.c.received_at <= until)
    if only is not None:
        asked = asked.where(batch.c.id == only)
    totals = totals_of(connection, only)
    return [_batch(row, totals.get(row.id, ())) for row in connection.execute(asked)]


def _batch(row: Any, totals: tuple[Total, ...]) -> Batch:
    try:
        choices, report = json.loads(row.choices), json.loads(row.report)
    except ValueError as error:
        raise StoreError(damaged(row.id)) from error
    retracted = Retraction(row.at, row.by, row.reason) if row.kind == "retract" else None
    return Batch(
        row.id,
        row.name,
        row.sha256,
        row.size,
        row.uploader,
        row.received_at,
        sum(t.areas for t in totals),
        totals,
        choices,
        report,
        retracted,
        row.approved_by or "",
    )


def _approver() -> sa.ScalarSelect[Any]:
    """Who approved the file of a batch first, NULL where nobody had to."""
    event = review_event.c
    asked = sa.select(event.by).where(event.batch_id == schema.batch.c.id).order_by(event.id).limit(1)
    return asked.correlate(schema.batch).scalar_subquery()


def batch(connection: sa.Connection, batch_id: int) -> Batch:
    """One batch as it stands now.

    Raises:
        UserError: there is no such batch.
    """
    found = batches(connection, only=batch_id) if abs(batch_id) < 2**31 else []
    if not found:
        raise UserError(T("There is no batch {batch}; the list of batches shows which there are.", batch=str(batch_id)))
    return found[0]


def reports(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Any]:
    """The reports of batches by their ids, as they were kept."""
    table = schema.batch.c
    found: dict[int, Any] = {}
    for start in range(0, len(ids), MOST_IDS):
        asked = sa.select(table.id, table.report).where(table.id.in_(ids[start : start + MOST_IDS])).order_by(table.id)
        for row in connection.execute(asked):
            try:
                found[row.id] = json.loads(row.report)
            except ValueError as error:
                raise StoreError(damaged(row.id)) from error
    return found


def original(connection: sa.Connection, batch_id: int) -> tuple[str, bytes]:
    """Name and kept bytes of a batch's file. See :meth:`Store.original`."""
    found = batch(connection, batch_id)
    data = unpack(connection, found.sha256)
    if data is None:
        raise StoreError(damaged(batch_id))
    return found.name, data


def unpack(connection: sa.Connection, sha256: str) -> bytes | None:
    """The kept bytes under this hash, whether or not they still have it; None where they cannot be unpacked."""
    asked = sa.select(schema.original.c.packed, schema.original.c.size).where(schema.original.c.sha256 == sha256)
    row = connection.execute(asked).one()
    try:
        return zlib.decompressobj().decompress(row.packed, row.size + 1)  # no more than was put in: an altered one may swell
    except zlib.error:
        return None


def damaged(batch_id: int) -> Text:
    """The sentence for a batch whose row or bytes cannot be read."""
    return T("Batch {batch} of the store is damaged; verify shows where, and the latest copy has it whole.", batch=str(batch_id))
