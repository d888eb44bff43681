"""What the store says: the figures that hold, the batches, the bytes; now, or as it was known at a moment.

What holds for an area and a day is the figure of the latest batch (the one stored last) that is not retracted. The order in
which batches were stored decides, and no clock: since the trail was kept, received_at never goes back either.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, AreaCode, Level
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.store import schema
from ektp_analysis.store.engine import UnreadableError
from ektp_analysis.store.records import NAMES, Batch, Retraction, Total

CHUNK = 50_000  # rows turned into columns at a time
_PLACE = 2**32  # above every id of a batch: place and id of a batch as one number, of which the greatest is that of the latest
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
    figure, live = schema.figure, live_of(schema.batch, schema.retraction, until)
    # Each area and day once, with its latest batch, and then its figure by its key: the cost grows with what is stored, not with
    # its square where the same days were revised often. An outer join, so that the figures are walked in the order of their key
    # and the few batches are looked up beside it.
    latest = (
        sa.select(figure.c.area_code, figure.c.as_of_date, sa.func.max(live.c.place * _PLACE + live.c.id).label("last"))
        .select_from(figure.outerjoin(live, live.c.id == figure.c.batch_id))
        .where(*inside(figure.c.area_code, within, levels))
        .group_by(figure.c.area_code, figure.c.as_of_date)
        .subquery("latest")
    )
    same = (
        figure.c.area_code == latest.c.area_code,
        figure.c.as_of_date == latest.c.as_of_date,
        figure.c.batch_id == latest.c.last % _PLACE,
    )
    chosen = sa.select(*_raw()).select_from(latest.join(figure, sa.and_(*same))).order_by(latest.c.area_code, latest.c.as_of_date)
    found = _frame(connection.execute(chosen))
    received = dict(connection.execute(sa.select(schema.batch.c.id, schema.batch.c.received_at)).tuples().all())
    found["received_at"] = found["batch_id"].map(received).astype("datetime64[us, UTC]")
    return found


def live_of(batch: sa.Table, event: sa.Table, until: datetime | None) -> sa.CTE:
    """The batches of a table that counted at the moment, by the table of their retractions, with their place in the order in
    which later ones win (from 1)."""
    state = state_of(event, until)
    known = sa.true() if until is None else batch.c.received_at <= until
    place = sa.func.row_number().over(order_by=batch.c.id)
    return (
        sa.select(batch.c.id, place.label("place"))
        .outerjoin_from(batch, state, state.c.batch_id == batch.c.id)
        .where(known, sa.func.coalesce(state.c.kind, "restore") == "restore")
        .cte("live")
    )


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


def _raw() -> list[sa.ColumnElement[Any]]:
    """The columns of a figure as the driver gives them: half a million dates are not worth a Python object each."""
    return [sa.type_coerce(schema.figure.c[name], sa.types.NullType()).label(name) for name in (*NAMES, "batch_id")]


def _frame(found: sa.Result[Any]) -> pd.DataFrame:
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
        part = contract.frame(pd.DataFrame(made))
        for name, kind in (("batch_id", "int64"), ("sheet", contract.texts(len(rows))), ("row", "int64")):
            part[name] = made[name].astype(kind)
    except (ValueError, TypeError) as error:
        raise UnreadableError from error
    return part


def figures_of(connection: sa.Connection, batch_id: int) -> pd.DataFrame:
    """The figures of one batch as they are stored, whether or not they hold: contract columns, sheet, row, batch_id."""
    figure = schema.figure
    return _frame(
        connection.execute(
            sa.select(*_raw()).where(figure.c.batch_id == batch_id).order_by(figure.c.area_code, figure.c.as_of_date)
        )
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
        sa.select(batch, original.c.size, state.c.kind, state.c.at, state.c.by, state.c.reason)
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
    )


def batch(connection: sa.Connection, batch_id: int) -> Batch:
    """One batch as it stands now.

    Raises:
        UserError: there is no such batch.
    """
    found = batches(connection, only=batch_id) if abs(batch_id) < 2**31 else []
    if not found:
        raise UserError(T("There is no batch {batch}; the list of batches shows which there are.", batch=str(batch_id)))
    return found[0]


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
