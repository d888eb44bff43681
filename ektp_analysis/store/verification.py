"""Does the store still say what its own kept bytes say? Every batch is read again and compared, figure by figure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from ektp_analysis.errors import UserError
from ektp_analysis.store import reading, tables
from ektp_analysis.store.engine import Database
from ektp_analysis.store.records import Difference, Total
from ektp_analysis.store.rows import KEY, NAMES, canonical, totals
from ektp_analysis.text import T, Text

Read = Callable[[bytes, str, Mapping[str, Any]], pd.DataFrame]


def verify(database: Database, read: Read) -> list[Difference]:
    """Each difference between the store and its kept bytes, read again. See :meth:`Store.verify`."""
    with database.reading() as connection:
        ids = connection.execute(sa.select(tables.batch.c.id).order_by(tables.batch.c.id)).scalars().all()
    found: list[Difference] = []
    for batch_id in ids:  # a transaction each: reading takes long, and a batch never changes
        with database.reading() as connection:
            row = connection.execute(sa.select(tables.batch).where(tables.batch.c.id == batch_id)).one()
            data = reading.unpack(connection, row.sha256)
            stored = reading.figures_of(connection, batch_id)
            sums = reading.totals_of(connection, batch_id).get(batch_id, ())
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
        yield "", None, "choices", T("text that is no JSON"), _text(None)
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
