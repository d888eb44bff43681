"""The trail: an entry for everything that changed what holds, chained by hash; and what in the store does not fit it.

An entry's hash is SHA-256 over the hash before it and the entry's own words, in bytes in which no engine has a part: moved to
another engine, each entry keeps its hash. Whoever changes a row, an entry, or their order, would have to write all later
entries anew, and then the last hash is not the one that was kept elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from ektp_analysis.core.text import T, Text
from ektp_analysis.store import schema
from ektp_analysis.store.records import TRAIL, Difference, Head

# The tables whose rows have an entry each, with the column of their moment; of rows of one moment, earlier tables come first.
MOMENTS = {
    "batch": "received_at",
    "retraction": "at",
    "remembered_alias": "at",
    "remembered_layout": "at",
    "saved_deck": "at",
    "aim": "at",
    "occasion": "at",
    "visit_batch": "received_at",
    "visit_retraction": "at",
    "alert_event": "at",
    "plan_scenario": "at",
    "person_event": "at",
    "login_event": "at",
    "submission": "at",
    "review_event": "at",
    "review_switch": "at",
}
EXPORT = "export"
BESIDE = (EXPORT, "login_event")  # the kinds of entries that change nothing that holds
# Texts of any length, and what is nobody's business, of which an entry keeps the hash.
LONG = frozenset({"choices", "report", "slides", "detail", "plan", "secret", "areas", "figures", "remembered"})
KINDS = {
    "batch": T("batch"),
    "retraction": T("retraction"),
    "remembered_alias": T("remembered name"),
    "remembered_layout": T("remembered layout"),
    "saved_deck": T("saved slides"),
    "aim": T("aim"),
    "occasion": T("event"),
    "visit_batch": T("batch of visits"),
    "visit_retraction": T("retraction of visits"),
    "alert_event": T("alert"),
    "plan_scenario": T("saved plan"),
    "person_event": T("change of a person"),
    "login_event": T("login"),
    "submission": T("file handed in"),
    "review_event": T("decision on a file"),
    "review_switch": T("switch of four eyes"),
}
_NAME = re.compile(r"(\d{1,9})-([0-9a-f]{8,64})")


@dataclass(frozen=True)
class _Last:
    """The end of the chain so far; ``at`` is None before its first entry."""

    number: int = 0
    hash: str = ""
    at: datetime | None = None


def moment(connection: sa.Connection, at: datetime) -> datetime:
    """The moment of what is stored now: the clock's, but never before the last entry, for the order of what is known is the
    order in which it was stored."""
    return _later(at, _last(connection))


def behind(connection: sa.Connection, at: datetime) -> timedelta:
    """How far the clock is behind the last entry; zero where it is not."""
    return moment(connection, at) - at


def add(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> Any:
    """Add a row with the entry that tells of it, at :func:`moment`; gives the row as it is kept."""
    last, column = _last(connection), MOMENTS[table.name]
    when = _later(values[column], last)
    row = connection.execute(table.insert().values({**values, column: when}).returning(*table.c)).one()
    _chain(connection, last, [(table.name, when, _written(_content(dict(zip(table.c.keys(), row, strict=True)))))])
    return row


def tell(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> datetime:
    """Add the entry of a row that this transaction has added before it was its turn, given as it is kept; gives the moment that
    the row now has, which is :func:`moment`."""
    last, column = _last(connection), table.c[MOMENTS[table.name]]
    when = _later(row[column.name], last)
    if when != row[column.name]:
        connection.execute(table.update().where(table.c.id == row["id"]).values({column: when}))
    _chain(connection, last, [(table.name, when, _written(_content({**row, column.name: when})))])
    return when


def note(connection: sa.Connection, kind: str, content: Mapping[str, Any], at: datetime) -> None:
    """Add an entry about what is in no table: ``kind`` says what happened, ``content`` is what JSON can hold."""
    if kind in MOMENTS:
        raise ValueError(f"an entry about {kind} comes with its row")
    last = _last(connection)
    _chain(connection, last, [(kind, _later(at, last), _written(content))])


def noted(connection: sa.Connection, kind: str) -> dict[int, Mapping[str, Any]]:
    """The entries of a kind that has no table: number -> content; what cannot be read is for :func:`differences`."""
    trail = schema.trail
    found: dict[int, Mapping[str, Any]] = {}
    for row in connection.execute(sa.select(trail).where(trail.c.kind == kind).order_by(trail.c.number)):
        with contextlib.suppress(ValueError):
            content = json.loads(row.content)
            found |= {row.number: content} if isinstance(content, dict) else {}
    return found


_FIGURES = sa.select(schema.trail.c.number, schema.trail.c.hash).order_by(schema.trail.c.number.desc()).limit(1)
_FIGURES = _FIGURES.where(schema.trail.c.kind.in_((schema.batch.name, schema.retraction.name)))


def last_of_figures(connection: sa.Connection) -> str:
    """The last entry of a batch or of a retraction, by its number and hash; '' where there is none."""
    row = connection.execute(_FIGURES).one_or_none()
    return "" if row is None else f"{row.number}-{row.hash[:12]}"


def fill(connection: sa.Connection) -> None:
    """Give each row of a store from before the trail its entry, in the order of their moments."""
    there = set(sa.inspect(connection).get_table_names())  # a later step makes the other tables
    found = [
        (row[MOMENTS[name]], place, row["id"], name, _written(_content(row)))
        for place, name in enumerate(MOMENTS)
        if name in there
        for row in connection.execute(sa.select(*_columns(connection, name))).mappings()
    ]
    _chain(connection, _last(connection), [(name, when, text) for when, _, _, name, text in sorted(found)])


def _columns(connection: sa.Connection, name: str) -> list[sa.Column[Any]]:
    """The columns that the table has already: a later step adds the others."""
    there = {column["name"] for column in sa.inspect(connection).get_columns(name)}
    return [column for column in schema.metadata.tables[name].c if column.name in there]


def head(connection: sa.Connection, *, until: datetime | None = None) -> Head:
    """The end of what holds, or held at a moment: the last entry that tells of more than a file that was handed out or somebody
    who logged in, so that the same figures have the same head however often that happens. Without an entry its hashes are ''."""
    return _head(connection, _end(apart=True, dated=until is not None), None, until)[0]


def head_and_hash(connection: sa.Connection, number: int) -> tuple[Head, str]:
    """The very end, and the hash of one of the entries; '' where there is none of this number."""
    return _head(connection, _end(apart=False, dated=False), number, None)


_BATCHES = sa.select(sa.func.coalesce(sa.func.max(schema.batch.c.id), 0))


@cache  # each visit of a page asks for the end: to put the question together would take longer than the answer
def _end(*, apart: bool, dated: bool) -> sa.Select[Any]:
    """The first entry, the one of a ``number`` and the last, and the last batch: without those of :data:`BESIDE` (``apart``),
    and with none after the moment ``until`` (``dated``)."""
    trail = schema.trail.c
    known: list[sa.ColumnElement[bool]] = [trail.kind.not_in(BESIDE)] if apart else []
    known += [trail.at <= sa.bindparam("until", type_=trail.at.type)] if dated else []
    last = sa.select(sa.func.max(trail.number)).where(*known).scalar_subquery()
    number = sa.bindparam("number", type_=trail.number.type)
    wanted = sa.or_(trail.number == 1, trail.number == number, trail.number == last)
    asked = sa.select(trail.number, trail.hash, trail.at, _BATCHES.scalar_subquery().label("batch"))
    return asked.where(wanted, *known).order_by(trail.number)


def _head(connection: sa.Connection, asked: sa.Select[Any], number: int | None, until: datetime | None) -> tuple[Head, str]:
    rows = connection.execute(asked, {"number": number, **({} if until is None else {"until": until})}).all()
    if not rows:
        return Head(0, "", "", None, connection.execute(_BATCHES).scalar_one()), ""
    first, end = rows[0], rows[-1]
    found = Head(end.number, first.hash, end.hash, end.at, end.batch)
    return found, next((row.hash for row in rows if row.number == number), "")


def hash_at(connection: sa.Connection, number: int) -> str:
    """The hash of an entry; '' where there is none of this number."""
    asked = sa.select(schema.trail.c.hash).where(schema.trail.c.number == number)
    return connection.execute(asked).scalar_one_or_none() or ""


def holds(connection: sa.Connection, name: str) -> bool | None:
    """Whether the trail has the entry that the name of a head (:attr:`Head.name`) means; None where it is no such name."""
    found = _NAME.fullmatch(name.strip().lower())
    return None if found is None else hash_at(connection, int(found[1])).startswith(found[2])


def told_of(kind: str, content: str) -> int | None:
    """The id of the row of which an entry tells; None where it tells of none, or where its text cannot be read."""
    if kind not in MOMENTS:
        return None
    try:
        return int(json.loads(content)["id"])
    except (ValueError, KeyError, TypeError):
        return None


def differences(connection: sa.Connection) -> Iterator[Difference]:
    """Each entry that does not fit, in their order: to the entry before it, or to the row that it tells of; then the rows that
    no entry tells of."""
    rows = {name: dict(_rows(connection, name)) for name in MOMENTS}
    last = _Last()
    for entry in connection.execute(sa.select(schema.trail).order_by(schema.trail.c.number)):
        reasons = [*_unchained(entry, last)]
        if entry.number != last.number + 1:
            yield misfit(last.number + 1, T("it is missing."))
        if entry.kind in rows:
            reasons += _unlike(entry, rows[entry.kind])
        if reasons:
            yield misfit(entry.number, reasons[0])
        last = _Last(entry.number, entry.hash, entry.at)
    for name, left in rows.items():
        for number in left:
            yield misfit(0, T("{what} {number} is in the store, but no entry is about it.", what=KINDS[name], number=str(number)))


def _unchained(entry: Any, last: _Last) -> Iterator[Text]:
    """What keeps an entry from following on the one before it."""
    if entry.hash != _hash(last.hash, entry.number, entry.kind, entry.at, entry.content):
        yield T("its hash does not match its text and the entry before it.")
    elif last.at is not None and entry.at < last.at:
        yield T("its time is before that of the entry before it.")


def _unlike(entry: Any, rows: dict[int, dict[str, Any]]) -> list[Text]:
    """In what the row differs of which an entry tells; takes the row out of those that wait for theirs."""
    what = KINDS[entry.kind]
    try:
        told = dict(json.loads(entry.content))
        number = int(told["id"])
    except (ValueError, KeyError, TypeError):
        return [T("its text cannot be read.")]
    row = rows.pop(number, None)
    if row is None:
        return [T("{what} {number}, which it is about, is not there.", what=what, number=str(number))]
    # A column that came later is in no earlier entry.
    return [
        T("{what} {number}, {column} was changed.", what=what, number=str(number), column=name)
        if name in LONG
        else T(
            "{what} {number}, {column}: the store says {now}, the entry {then}.",
            what=what,
            number=str(number),
            column=name,
            now=_shown(row.get(name)),
            then=_shown(value),
        )
        for name, value in told.items()
        if row.get(name) != value
    ]


def _shown(value: Any) -> Text:
    return T("nothing") if value is None else Text("{value}", {"value": str(value)})


def misfit(number: int, reason: Text) -> Difference:
    """That an entry does not fit, and why; 0: what no entry tells of."""
    return Difference(0, TRAIL, "", None, "", Text(str(number or "")), reason)


def _rows(connection: sa.Connection, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    table = schema.metadata.tables[name]
    for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings():
        yield row["id"], _content(row)


def _content(row: Mapping[str, Any] | sa.RowMapping) -> dict[str, Any]:
    """A row as its entry tells it: moments in UTC, days, numbers and texts as JSON has them, of a long text its hash."""
    return {name: _plain(name, value) for name, value in row.items()}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if name in LONG and value is not None:
        return "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    return value


def _written(content: Mapping[str, Any]) -> str:
    """The one way in which a content is written: keys in order, no blanks, ASCII."""
    return json.dumps(dict(content), sort_keys=True, separators=(",", ":"), allow_nan=False)


def _moment_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(before: str, number: int, kind: str, at: datetime, content: str) -> str:
    return hashlib.sha256("\n".join((before, str(number), kind, _moment_text(at), content)).encode()).hexdigest()


def _later(at: datetime, last: _Last) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at if last.at is None else max(at, last.at)


def _last(connection: sa.Connection) -> _Last:
    trail = schema.trail
    asked = sa.select(trail.c.number, trail.c.hash, trail.c.at).order_by(trail.c.number.desc()).limit(1)
    row = connection.execute(asked).one_or_none()
    return _Last() if row is None else _Last(row.number, row.hash, row.at)


def _chain(connection: sa.Connection, last: _Last, entries: list[tuple[str, datetime, str]]) -> None:
    """Add entries to the end of the chain; their moments never go back."""
    rows, before = [], last.hash
    for number, (kind, at, content) in enumerate(entries, last.number + 1):
        before = _hash(before, number, kind, at, content)
        rows.append({"number": number, "kind": kind, "at": at, "content": content, "hash": before})
    if rows:
        connection.execute(schema.trail.insert(), rows)
