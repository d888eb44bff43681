"""Adding to the store: a batch with its bytes and figures and what was decided about it, a retraction, its undoing."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.errors import UserError
from ektp_analysis.store import memory, reading, tables
from ektp_analysis.store.engine import Database
from ektp_analysis.store.records import Commit
from ektp_analysis.store.rows import checked, digest, records, totals
from ektp_analysis.text import T

CHUNK = 20_000  # rows handed to the driver at a time, so that memory does not grow with the file


def commit(database: Database, rows: pd.DataFrame, *, data: bytes, name: str, uploader: str, received_at: datetime,
           choices: Mapping[str, Any], report: Mapping[str, Any], aliases: Mapping[str, Mapping[str, str]],
           layouts: Mapping[str, Mapping[str, Any]]) -> Commit:
    """Store one reading of a file whole, or find that it is there already. See :meth:`Store.commit`."""
    if received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone")
    made = checked(rows)
    sums = totals(made)
    sha256, figures_sha256 = hashlib.sha256(data).hexdigest(), digest(made)
    values = {"sha256": sha256, "figures_sha256": figures_sha256, "name": _label(name), "uploader": uploader,
              "received_at": received_at, "choices": json.dumps(dict(choices)), "report": json.dumps(dict(report))}
    packed = zlib.compress(data)  # before the lock: other writers wait only for what must be theirs alone
    with database.writing() as connection:
        for scope, names in aliases.items():
            memory.remember_aliases(connection, scope, names, by=uploader, at=received_at)
        for fingerprint, decided in layouts.items():
            memory.remember_layout(connection, fingerprint, decided, by=uploader, at=received_at)
        known = sa.select(tables.batch.c.id).where(tables.batch.c.sha256 == sha256,
                                                   tables.batch.c.figures_sha256 == figures_sha256)
        there = connection.execute(known).scalar_one_or_none()
        if there is not None:
            return Commit(reading.batch(connection, there), already_there=True)
        kept = sa.select(tables.original.c.sha256).where(tables.original.c.sha256 == sha256)
        if connection.execute(kept).first() is None:
            connection.execute(tables.original.insert().values(sha256=sha256, size=len(data), packed=packed))
        added = tables.batch.insert().values(values).returning(tables.batch.c.id)
        batch_id = int(connection.execute(added).scalar_one())
        connection.execute(tables.batch_total.insert(), [{"batch_id": batch_id, **asdict(total)} for total in sums])
        for start in range(0, len(made), CHUNK):
            connection.execute(tables.figure.insert(), records(made.iloc[start:start + CHUNK], batch_id))
        return Commit(reading.batch(connection, batch_id), already_there=False)


def _label(name: str) -> str:
    """A file name as text that every database keeps: undecodable bytes of a foreign file system become '?'."""
    return name.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def mark(database: Database, kind: Literal["retract", "restore"], batch_id: int, *, reason: str, by: str,
         at: datetime, zone: ZoneInfo) -> None:
    """Record that a batch is taken back, or counts again. See :meth:`Store.retract` and :meth:`Store.restore`."""
    if at.tzinfo is None:
        raise ValueError("at needs a time zone")
    if not reason.strip():
        raise UserError(T("A reason is needed to retract or restore a batch; write one in a few words."))
    with database.writing() as connection:
        found = reading.batch(connection, batch_id)
        if kind == "retract" and found.retracted:
            raise UserError(T("Batch {batch} is retracted already, on {date}.", batch=str(batch_id),
                              date=found.retracted.at.astimezone(zone).date()))
        if kind == "restore" and not found.retracted:
            raise UserError(T("Batch {batch} is not retracted, so there is nothing to restore.", batch=str(batch_id)))
        events = sa.select(sa.func.max(tables.retraction.c.at)).where(tables.retraction.c.batch_id == batch_id)
        last = connection.execute(events).scalar_one() or found.received_at
        if at < last:  # what was known on a past day would change
            raise UserError(T("The moment {at} lies before the last change of batch {batch} ({last}); check the clock.",
                              at=at.astimezone(zone), batch=str(batch_id), last=last.astimezone(zone)))
        connection.execute(tables.retraction.insert().values(batch_id=batch_id, kind=kind, at=at, by=by,
                                                             reason=reason.strip()))
