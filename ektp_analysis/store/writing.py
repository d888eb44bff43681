"""Adding to the store, and checking it: a batch with its bytes and what was decided, a retraction, the same read again."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.store import memory, queries, rollups, schema, trail
from ektp_analysis.store.engine import Database, insert
from ektp_analysis.store.records import (
    KEY,
    NAMES,
    Batch,
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
from ektp_analysis.store.troubles import CutOffError

CHUNK = 20_000  # rows handed to the driver at a time, so that memory does not grow with the file


@dataclass(frozen=True)
class Beside:
    """What is done in the transaction that stores a batch: before anything of it is there, and with its id once it is."""

    first: Callable[[sa.Connection], None]
    then: Callable[[sa.Connection, int], None]


def commit(  # noqa: PLR0913 - as Store.commit, which calls it
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
    values = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "figures_sha256": digest(made),
        "name": label(name),
        "uploader": uploader,
        "received_at": received_at,
        "choices": json.dumps(dict(choices)),
        "report": json.dumps(dict(report)),
    }
    wanted = _Reading(made, values, totals(made), len(data), zlib.compress(data), aliases, layouts, beside)
    try:
        return _stored(database, wanted)
    except CutOffError:
        return _stored_after_all(database, wanted)


@dataclass(frozen=True)
class _Reading:
    """One reading of a file, ready to be stored: its canonical rows, the values of its batch, and what is kept with it."""

    rows: pd.DataFrame
    values: Mapping[str, Any]
    sums: Sequence[Total]
    size: int
    packed: bytes
    aliases: Mapping[str, Mapping[str, str]]
    layouts: Mapping[str, Mapping[str, Any]]
    beside: Beside | None = None


def _stored(database: Database, wanted: _Reading) -> Commit:
    """Store it, or find that it is there: beside imports of other places, but for the end."""
    values, sha256, batch = wanted.values, str(wanted.values["sha256"]), schema.batch.c
    uploader, received_at = values["uploader"], values["received_at"]
    places = rollups.places_of(wanted.rows["area_code"].unique())
    with database.writing_in([*places, bytes_lock(sha256)]) as connection:
        if wanted.beside is not None:
            wanted.beside.first(connection)
        known = sa.select(batch.id).where(batch.sha256 == sha256, batch.figures_sha256 == values["figures_sha256"])
        there = connection.execute(known).scalar_one_or_none()
        batch_id, row = there, {}
        if batch_id is None:
            keep_bytes(connection, sha256, wanted.size, wanted.packed)
            row = dict(connection.execute(schema.batch.insert().values(values).returning(*batch)).mappings().one())
            batch_id = int(row["id"])
            connection.execute(schema.batch_total.insert(), [{"batch_id": batch_id, **asdict(total)} for total in wanted.sums])
            names = schema.figure.c.keys()
            for start in range(0, len(wanted.rows), CHUNK):
                rows = wanted.rows.iloc[start : start + CHUNK]
                insert(connection, schema.figure, records(rows, names, batch_id=batch_id))
            rollups.spoil(database, connection, places)
        found = queries.batch(connection, batch_id)
        database.take_turn(connection)
        for scope, meant in wanted.aliases.items():
            memory.remember_aliases(connection, scope, meant, by=uploader, at=received_at)
        for fingerprint, decided in wanted.layouts.items():
            memory.remember_layout(connection, fingerprint, decided, by=uploader, at=received_at)
        if there is not None:
            return Commit(_with_beside(connection, wanted, found), already_there=True)
        when = trail.tell(connection, schema.batch, row)
        found = _with_beside(connection, wanted, found)
        return Commit(replace(found, received_at=when), already_there=False, behind=when - received_at)


def _with_beside(connection: sa.Connection, wanted: _Reading, found: Batch) -> Batch:
    """The batch, once what goes with it is done too."""
    if wanted.beside is None:
        return found
    wanted.beside.then(connection, found.id)
    return queries.batch(connection, found.id)


def _stored_after_all(database: Database, wanted: _Reading) -> Commit:
    """Find whether a reading was stored while the connection broke, by its key, and store it if not: never twice."""
    given: datetime = wanted.values["received_at"]
    try:
        found = _stored(database, wanted)
    except StoreError as error:
        raise StoreError(
            T(
                "The connection to the store {place} broke while {file} was being stored, and it does not come back. Whether the "
                "file was stored shows when the store answers again: import it once more then, it is never stored twice.",
                place=database.place,
                file=wanted.values["name"],
            )
        ) from error
    if found.already_there and found.batch.received_at >= given:  # by the first try
        return Commit(found.batch, already_there=False, behind=found.batch.received_at - given)
    return found


def bytes_lock(sha256: str) -> str:
    """The name under which bytes of this hash are kept: two files with the same ones wait for each other."""
    return f"bytes {sha256}"


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
    database: Database,
    table: sa.Table,
    wanted: Mark,
    batch: Callable[[sa.Connection, int], _Retractable],
    zone: ZoneInfo,
    places: Sequence[str] = (),
) -> timedelta:
    """Record it in a table of retractions; gives how far the clock was behind. See :meth:`Store.retract`.

    ``batch`` gives the batch of an id as it stands, or raises UserError; ``places`` are those whose figures it has.
    """
    if wanted.at.tzinfo is None:
        raise ValueError("at needs a time zone")
    if not wanted.reason.strip():
        raise UserError(T("A reason is needed to withdraw or restore a batch; write one in a few words."))
    number = str(wanted.batch_id)
    with database.writing_in(places) as connection:
        rollups.spoil(database, connection, places)
        database.take_turn(connection)
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
    parts, again = read_again(row, data, len(stored), _all_levels(read, len(stored)))
    yield from parts
    if again is not None:
        for key, name, one, other in unlike(stored, again, KEY, NAMES):
            yield key[0], key[1].date(), name, one, other
        yield from _totals(sums, totals(again))


def _all_levels(read: Read, rows: int) -> Read:
    """The reading of so many rows: earlier versions recorded one level also of a file whose rows are of several."""

    def again(data: bytes, name: str, choices: Mapping[str, Any]) -> pd.DataFrame:
        found = canonical(read(data, name, choices))
        if len(found) < rows and "level" in choices:
            whole = canonical(read(data, name, {key: value for key, value in choices.items() if key != "level"}))
            return whole if len(whole) == rows else found
        return found

    return again


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
    if len(stored) == len(again) and all(stored[name].equals(again[name]) for name in (*key, *names)):
        return  # as of nearly all batches
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
