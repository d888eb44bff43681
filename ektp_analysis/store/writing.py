"""Adding to the store, and checking it: a batch with its bytes and what was decided, a retraction, the same read again."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol
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
    Retraction,
    Total,
    canonical,
    checked,
    digest,
    records,
    totals,
)

CHUNK = 20_000  # rows handed to the driver at a time, so that memory does not grow with the file


@dataclass(frozen=True)
class Beside:
    """What is done in the transaction that stores a batch: before anything of it is there, and with its id once it is."""

    first: Callable[[sa.Connection], None]
    then: Callable[[sa.Connection, int], None]


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
    beside: Beside | None = None,
) -> Commit:
    """Store one reading of a file whole, or find that it is there already. See :meth:`Store.commit`.

    ``beside`` is done in the same transaction; what it raises takes everything back.
    """
    if received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone")
    made = checked(rows)
    sums = totals(made)
    sha256, figures_sha256 = hashlib.sha256(data).hexdigest(), digest(made)
    values = {
        "sha256": sha256,
        "figures_sha256": figures_sha256,
        "name": label(name),
        "uploader": uploader,
        "received_at": received_at,
        "choices": json.dumps(dict(choices)),
        "report": json.dumps(dict(report)),
    }
    packed = zlib.compress(data)  # before the lock: other writers wait only for what must be theirs alone
    with database.writing() as connection:
        if beside is not None:
            beside.first(connection)
        for scope, names in aliases.items():
            memory.remember_aliases(connection, scope, names, by=uploader, at=received_at)
        for fingerprint, decided in layouts.items():
            memory.remember_layout(connection, fingerprint, decided, by=uploader, at=received_at)
        known = sa.select(schema.batch.c.id).where(
            schema.batch.c.sha256 == sha256, schema.batch.c.figures_sha256 == figures_sha256
        )
        there = connection.execute(known).scalar_one_or_none()
        if there is not None:
            if beside is not None:
                beside.then(connection, there)
            return Commit(queries.batch(connection, there), already_there=True)
        keep_bytes(connection, sha256, len(data), packed)
        added = trail.add(connection, schema.batch, values)
        batch_id = int(added.id)
        connection.execute(schema.batch_total.insert(), [{"batch_id": batch_id, **asdict(total)} for total in sums])
        for start in range(0, len(made), CHUNK):
            connection.execute(schema.figure.insert(), records(made.iloc[start : start + CHUNK], batch_id))
        if beside is not None:
            beside.then(connection, batch_id)
        return Commit(queries.batch(connection, batch_id), already_there=False, behind=added.received_at - received_at)


def keep_bytes(connection: sa.Connection, sha256: str, size: int, packed: bytes) -> None:
    """Keep the bytes of a file under their hash, once; ``size`` is theirs before packing."""
    kept = sa.select(schema.original.c.sha256).where(schema.original.c.sha256 == sha256)
    if connection.execute(kept).first() is None:
        connection.execute(schema.original.insert().values(sha256=sha256, size=size, packed=packed))


def label(name: str) -> str:
    """A file name as text that every database keeps: undecodable bytes of a foreign file system become '?'."""
    return name.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class Mark:
    """That a batch is taken back, or counts again: why, who, and when (aware)."""

    kind: Literal["retract", "restore"]
    batch_id: int
    reason: str
    by: str
    at: datetime


class _Retractable(Protocol):
    @property
    def retracted(self) -> Retraction | None: ...


def mark(
    database: Database, table: sa.Table, wanted: Mark, batch: Callable[[sa.Connection, int], _Retractable], zone: ZoneInfo
) -> timedelta:
    """Record it in a table of retractions; gives how far the clock was behind. See :meth:`Store.retract`.

    ``batch`` gives the batch of an id as it stands, or raises UserError.
    """
    if wanted.at.tzinfo is None:
        raise ValueError("at needs a time zone")
    if not wanted.reason.strip():
        raise UserError(T("A reason is needed to withdraw or restore a batch; write one in a few words."))
    number = str(wanted.batch_id)
    with database.writing() as connection:
        found = batch(connection, wanted.batch_id)
        if wanted.kind == "retract" and found.retracted:
            raise UserError(
                T(
                    "Batch {batch} was withdrawn already, on {date}.",
                    batch=number,
                    date=found.retracted.at.astimezone(zone).date(),
                )
            )
        if wanted.kind == "restore" and not found.retracted:
            raise UserError(T("Batch {batch} is not withdrawn, so there is nothing to restore.", batch=number))
        marked: datetime = trail.add(connection, table, {**asdict(wanted), "reason": wanted.reason.strip()}).at
        return marked - wanted.at


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
            found.append(Difference(batch_id, row.name, "", None, "bytes", text(size), text(len(data))))
        found.extend(Difference(batch_id, row.name, *parts) for parts in _batch(row, data, stored, sums, read))
    return found


Parts = tuple[str, "date | None", str, Text, Text]


def _batch(row: Any, data: bytes | None, stored: pd.DataFrame, sums: tuple[Total, ...], read: Read) -> Iterator[Parts]:
    parts, again = read_again(row, data, len(stored), lambda *given: canonical(read(*given)))
    yield from parts
    if again is not None:
        for key, name, one, other in unlike(stored, again, KEY, NAMES):
            yield key[0], key[1].date(), name, one, other
        yield from _totals(sums, totals(again))


def read_again(row: Any, data: bytes | None, rows: int, read: Read) -> tuple[list[Parts], pd.DataFrame | None]:
    """The kept bytes of a batch read again, None where they cannot be; and what is wrong with bytes, choices or the whole."""
    if data is None:
        return [("", None, "bytes", text(row.sha256), T("bytes that cannot be unpacked"))], None
    found: list[Parts] = []
    if (sha256 := hashlib.sha256(data).hexdigest()) != row.sha256:
        found.append(("", None, "bytes", text(row.sha256), text(sha256)))
    try:
        choices = json.loads(row.choices)
    except ValueError:
        return [*found, ("", None, "choices", T("text that is not JSON"), text(None))], None
    try:
        return found, read(data, row.name, choices)
    except UserError as error:
        return [*found, ("", None, "", T("{count} rows", count=rows), error.message)], None


def unlike(
    stored: pd.DataFrame, again: pd.DataFrame, key: list[str], names: Sequence[str]
) -> Iterator[tuple[tuple[Any, ...], str, Text, Text]]:
    """Where two frames of rows differ: (key of the row, column or '' for the row itself, stored, read)."""
    both = stored.merge(again, on=key, how="outer", suffixes=("", " again"), indicator="side")
    for side, texts in (("left_only", (T("a row"), text(None))), ("right_only", (text(None), T("a row")))):
        for found in both.loc[both["side"] == side, key].itertuples(index=False, name=None):
            yield found, "", *texts
    both = both[both["side"] == "both"]
    for name in names:
        if name in key:
            continue
        ours, theirs = both[name], both[f"{name} again"]
        same = (ours == theirs).fillna(False) | (ours.isna() & theirs.isna())
        for *found, one, other in both.loc[~same, [*key, name, f"{name} again"]].itertuples(index=False, name=None):
            yield tuple(found), name, text(one), text(other)


def _totals(stored: tuple[Total, ...], again: tuple[Total, ...]) -> Iterator[Parts]:
    ours, theirs = ({(total.as_of_date, total.level): total for total in sums} for sums in (stored, again))
    for key in sorted(ours.keys() | theirs.keys()):
        for field in fields(Total):
            one, other = (getattr(side.get(key), field.name, None) for side in (ours, theirs))
            if one != other:
                yield "", key[0], "totals", text(one), text(other)


def text(value: object) -> Text:
    """A value of either side of a difference, in words."""
    if value is None or pd.isna(value) or value == "":
        return T("nothing")
    return Text("{value}", {"value": int(value) if isinstance(value, np.integer) else value})
