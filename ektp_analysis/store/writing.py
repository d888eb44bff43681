"""Adding to the store, and checking it: a batch with its bytes and what was decided, a retraction, the same read again."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.store import memory, queries, schema, trail
from ektp_analysis.store.engine import Database
from ektp_analysis.store.records import (
    KEY,
    NAMES,
    Commit,
    Difference,
    Total,
    canonical,
    checked,
    digest,
    records,
    totals,
)

CHUNK = 20_000  # rows handed to the driver at a time, so that memory does not grow with the file


def commit(
    database: Database,
    rows: pd.DataFrame,
    *,
    data: bytes,
    name: str,
    uploader: str,
    received_at: datetime,
    choices: Mapping[str, Any],
    report: Mapping[str, Any],
    aliases: Mapping[str, Mapping[str, str]],
    layouts: Mapping[str, Mapping[str, Any]],
) -> Commit:
    """Store one reading of a file whole, or find that it is there already. See :meth:`Store.commit`."""
    if received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone")
    made = checked(rows)
    sums = totals(made)
    sha256, figures_sha256 = hashlib.sha256(data).hexdigest(), digest(made)
    values = {
        "sha256": sha256,
        "figures_sha256": figures_sha256,
        "name": _label(name),
        "uploader": uploader,
        "received_at": received_at,
        "choices": json.dumps(dict(choices)),
        "report": json.dumps(dict(report)),
    }
    packed = zlib.compress(data)  # before the lock: other writers wait only for what must be theirs alone
    with database.writing() as connection:
        for scope, names in aliases.items():
            memory.remember_aliases(connection, scope, names, by=uploader, at=received_at)
        for fingerprint, decided in layouts.items():
            memory.remember_layout(connection, fingerprint, decided, by=uploader, at=received_at)
        known = sa.select(schema.batch.c.id).where(
            schema.batch.c.sha256 == sha256, schema.batch.c.figures_sha256 == figures_sha256
        )
        there = connection.execute(known).scalar_one_or_none()
        if there is not None:
            return Commit(queries.batch(connection, there), already_there=True)
        kept = sa.select(schema.original.c.sha256).where(schema.original.c.sha256 == sha256)
        if connection.execute(kept).first() is None:
            connection.execute(schema.original.insert().values(sha256=sha256, size=len(data), packed=packed))
        added = trail.add(connection, schema.batch, values)
        batch_id = int(added.id)
        connection.execute(schema.batch_total.insert(), [{"batch_id": batch_id, **asdict(total)} for total in sums])
        for start in range(0, len(made), CHUNK):
            connection.execute(schema.figure.insert(), records(made.iloc[start : start + CHUNK], batch_id))
        return Commit(queries.batch(connection, batch_id), already_there=False, behind=added.received_at - received_at)


def _label(name: str) -> str:
    """A file name as text that every database keeps: undecodable bytes of a foreign file system become '?'."""
    return name.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def mark(
    database: Database, kind: Literal["retract", "restore"], batch_id: int, *, reason: str, by: str, at: datetime, zone: ZoneInfo
) -> datetime:
    """Record that a batch is taken back, or counts again; gives the moment from which. See :meth:`Store.retract`."""
    if at.tzinfo is None:
        raise ValueError("at needs a time zone")
    if not reason.strip():
        raise UserError(T("A reason is needed to withdraw or restore a batch; write one in a few words."))
    with database.writing() as connection:
        found = queries.batch(connection, batch_id)
        if kind == "retract" and found.retracted:
            raise UserError(
                T(
                    "Batch {batch} was withdrawn already, on {date}.",
                    batch=str(batch_id),
                    date=found.retracted.at.astimezone(zone).date(),
                )
            )
        if kind == "restore" and not found.retracted:
            raise UserError(T("Batch {batch} is not withdrawn, so there is nothing to restore.", batch=str(batch_id)))
        values = {"batch_id": batch_id, "kind": kind, "at": at, "by": by, "reason": reason.strip()}
        marked: datetime = trail.add(connection, schema.retraction, values).at
        return marked


Read = Callable[[bytes, str, Mapping[str, Any]], pd.DataFrame]


def verify(database: Database, read: Read) -> list[Difference]:
    """Each difference between the store and its kept bytes, read again. See :meth:`Store.verify`."""
    with database.reading() as connection:
        ids = connection.execute(sa.select(schema.batch.c.id).order_by(schema.batch.c.id)).scalars().all()
    found: list[Difference] = []
    kept = schema.original.c
    for batch_id in ids:  # a transaction each: reading takes long, and a batch never changes
        with database.reading() as connection:
            row = connection.execute(sa.select(schema.batch).where(schema.batch.c.id == batch_id)).one()
            size = connection.execute(sa.select(kept.size).where(kept.sha256 == row.sha256)).scalar_one()
            data = queries.unpack(connection, row.sha256)
            stored = queries.figures_of(connection, batch_id)
            sums = queries.totals_of(connection, batch_id).get(batch_id, ())
        if data is not None and size != len(data):
            found.append(Difference(batch_id, row.name, "", None, "bytes", _text(size), _text(len(data))))
        found.extend(Difference(batch_id, row.name, *parts) for parts in _batch(row, data, stored, sums, read))
    return found


Parts = tuple[str, "date | None", str, Text, Text]


def _batch(row: Any, data: bytes | None, stored: pd.DataFrame, sums: tuple[Total, ...], read: Read) -> Iterator[Parts]:
    if data is None:
        yield "", None, "bytes", _text(row.sha256), T("bytes that cannot be unpacked")
        return
    if (sha256 := hashlib.sha256(data).hexdigest()) != row.sha256:
        yield "", None, "bytes", _text(row.sha256), _text(sha256)
    try:
        choices = json.loads(row.choices)
    except ValueError:
        yield "", None, "choices", T("text that is not JSON"), _text(None)
        return
    try:
        again = canonical(read(data, row.name, choices))
    except UserError as error:
        yield "", None, "", T("{count} rows", count=len(stored)), error.message
        return
    yield from _figures(stored, again)
    yield from _totals(sums, totals(again))


def _figures(stored: pd.DataFrame, again: pd.DataFrame) -> Iterator[Parts]:
    both = stored.merge(again, on=KEY, how="outer", suffixes=("", " again"), indicator="side")
    for side, texts in (("left_only", (T("a row"), _text(None))), ("right_only", (_text(None), T("a row")))):
        for code, day in both.loc[both["side"] == side, KEY].itertuples(index=False):
            yield code, day.date(), "", *texts
    both = both[both["side"] == "both"]
    for name in NAMES:
        if name in KEY:
            continue
        ours, theirs = both[name], both[f"{name} again"]
        same = (ours == theirs).fillna(False) | (ours.isna() & theirs.isna())
        for code, day, one, other in zip(*(both.loc[~same, column] for column in (*KEY, name, f"{name} again")), strict=True):
            yield code, day.date(), name, _text(one), _text(other)


def _totals(stored: tuple[Total, ...], again: tuple[Total, ...]) -> Iterator[Parts]:
    ours, theirs = ({(total.as_of_date, total.level): total for total in sums} for sums in (stored, again))
    for key in sorted(ours.keys() | theirs.keys()):
        for field in fields(Total):
            one, other = (getattr(side.get(key), field.name, None) for side in (ours, theirs))
            if one != other:
                yield "", key[0], "totals", _text(one), _text(other)


def _text(value: object) -> Text:
    if value is None or pd.isna(value) or value == "":
        return T("nothing")
    return Text("{value}", {"value": int(value) if isinstance(value, np.integer) else value})
