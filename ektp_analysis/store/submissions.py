"""Files that wait for a second person: what the store keeps of one, what it holds against it, and whether it is still that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core import contract
from ektp_analysis.core.area import around
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.store import queries, writing
from ektp_analysis.store.engine import Database
from ektp_analysis.store.records import KEY, NAMES, Batch, Difference, canonical, digest, plain
from ektp_analysis.store.review_tables import review_event, review_switch, submission
from ektp_analysis.store.troubles import UnreadableError

_COMPARED = [column.name for column in contract.COLUMNS if column.roll != "key" and not column.is_free_text]
_KEPT = [column for column in submission.c if column.name != "figures"]


@dataclass(frozen=True)
class Actor:
    """Who hands in, approves or sends back: the short name that stays, the way in which this person came, and the name as it is
    shown."""

    person: str
    way: str
    told: str


@dataclass(frozen=True)
class Decision:
    """What became of a file: 'approved' (``batch`` was made of it) or 'returned' for a ``reason``; by whom, and when (UTC)."""

    event: str
    by: str
    at: datetime
    reason: str = ""
    batch: int | None = None


@dataclass(frozen=True)
class Submission:
    """A reading of a file as it was handed in. ``areas``: those of its rows, without those that lie in another of them; ``at`` in
    UTC; ``decision``: None while it waits."""

    id: int
    name: str
    sha256: str
    figures_sha256: str
    areas: tuple[str, ...]
    person: str
    way: str
    by: str
    at: datetime
    choices: Mapping[str, Any] = field(hash=False)
    report: Mapping[str, Any] = field(hash=False)
    remembered: Mapping[str, Any] = field(hash=False)
    decision: Decision | None = None


@dataclass(frozen=True)
class Submitted:
    """What handing in did: ``submission`` waits now (``already_there``: it did before), or ``batch`` is this reading, stored
    before."""

    submission: Submission | None
    already_there: bool
    batch: Batch | None = None


class LaterError(UserError):
    """What holds for the same areas and days was changed since a file was handed in, by these ``batches``."""

    def __init__(self, message: Text, batches: tuple[int, ...]) -> None:
        super().__init__(message)
        self.batches = batches


def switched(connection: sa.Connection) -> tuple[str, ...]:
    """The areas for which four eyes are on, by code."""
    last = sa.select(sa.func.max(review_switch.c.id)).group_by(review_switch.c.area)
    asked = sa.select(review_switch.c.area).where(review_switch.c.id.in_(last), review_switch.c.wanted)
    return tuple(sorted(connection.execute(asked).scalars()))


def outermost(codes: Collection[str]) -> list[str]:
    """The codes without those that lie in another one of them."""
    kept: list[str] = []
    for code in sorted(codes):
        if not (kept and code.startswith(kept[-1] + ".")):
            kept.append(str(code))
    return kept


def listed(connection: sa.Connection, which: sa.ColumnElement[bool], most: int | None = None) -> list[Submission]:
    """The files for which a condition on them and their decisions holds, the latest first; not more than ``most``."""
    event = review_event.c
    asked = (
        sa.select(*_KEPT, event.event, event.batch_id, event.by.label("decided_by"), event.at.label("decided_at"), event.reason)
        .select_from(submission.outerjoin(review_event, event.submission_id == submission.c.id))
        .where(which)
        .order_by(submission.c.id.desc())
        .limit(most)
    )
    return [_submission(row) for row in connection.execute(asked)]


def _submission(row: Any) -> Submission:
    try:
        areas, choices, report, remembered = (json.loads(text) for text in (row.areas, row.choices, row.report, row.remembered))
        decision = None
        if row.event is not None:
            decision = Decision(row.event, row.decided_by, row.decided_at, row.reason, row.batch_id)
        return Submission(
            row.id, row.name, row.sha256, row.figures_sha256, tuple(areas), row.person, row.way, row.by, row.at,
            choices, report, {"aliases": remembered["aliases"], "layouts": remembered["layouts"]}, decision,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError from error


def one(connection: sa.Connection, number: int) -> Submission:
    """The file of a number. Raises UserError where there is none."""
    found = listed(connection, submission.c.id == number) if abs(number) < 2**31 else []
    if not found:
        raise UserError(
            T("There is no file {number} that was handed in; the list of files that wait shows which.", number=str(number))
        )
    return found[0]


def written(made: pd.DataFrame) -> str:
    """Canonical rows as JSON, column by column; a column without any value is left out, as in their digest."""
    columns = {name: plain(made[name]) for name in NAMES}
    columns["as_of_date"] = [day.isoformat() for day in columns["as_of_date"]]
    return json.dumps({name: values for name, values in columns.items() if any(one not in (None, "") for one in values)})


def rows_of(connection: sa.Connection, wanted: Submission) -> pd.DataFrame:
    """Its rows as they were handed in, canonical. Raises StoreError where they are no longer that."""
    text = connection.execute(sa.select(submission.c.figures).where(submission.c.id == wanted.id)).scalar_one()
    try:
        columns = json.loads(text)
        given = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in columns.items()})
        given["as_of_date"] = pd.to_datetime(given["as_of_date"]).astype("datetime64[s]")
        made = canonical(given if "sheet" in given else given.assign(sheet=""))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableError from error
    if digest(made) != wanted.figures_sha256:
        raise StoreError(_altered(wanted))
    return made


def bytes_of(connection: sa.Connection, wanted: Submission) -> bytes:
    """The bytes of its file. Raises StoreError where they are no longer those that were handed in."""
    data = queries.unpack(connection, wanted.sha256)
    if data is None or hashlib.sha256(data).hexdigest() != wanted.sha256:
        raise StoreError(_altered(wanted))
    return data


def _altered(wanted: Submission) -> Text:
    return T(
        "File {number} is no longer what was handed in; verify shows more, and the latest copy of the store has it whole.",
        number=str(wanted.id),
    )


def later_text(batches: Collection[int]) -> Text:
    """That other figures hold since a file was handed in, and by which batches."""
    return TN(
        "Since this file was handed in, batch {batches} has given other figures for the same areas and days; approving the file "
        "would replace them.",
        "Since this file was handed in, the batches {batches} have given other figures for the same areas and days; approving "
        "the file would replace them.",
        n=len(batches),
        batches=", ".join(str(one) for one in batches),
    )


def later(connection: sa.Connection, wanted: Submission, rows: pd.DataFrame) -> tuple[int, ...]:
    """The batches whose figures hold now, held not when the file was handed in, and are others than those of the file."""
    now, then = (
        queries.figures(connection, within=around(wanted.areas), levels=None, until=until) for until in (None, wanted.at)
    )
    held = solve(contract.frame(now)).assign(batch_id=now["batch_id"].to_numpy())
    both = solve(rows)[[*KEY, *_COMPARED]].merge(held[[*KEY, *_COMPARED, "batch_id"]], on=KEY, suffixes=("", " now"))
    both = both.merge(then[[*KEY, "batch_id"]].rename(columns={"batch_id": "batch then"}), on=KEY, how="left")
    other = pd.Series(False, index=both.index)
    for name in _COMPARED:
        ours, theirs = both[name], both[f"{name} now"]
        other |= ~((ours == theirs).fillna(False) | (ours.isna() & theirs.isna())).astype(bool)
    fresh = both["batch_id"] != both["batch then"].fillna(0)
    return tuple(sorted(int(one) for one in both.loc[other & fresh, "batch_id"].unique()))


def verify(database: Database, read: writing.Read) -> Iterator[Difference]:
    """Each file that waits, or that was sent back, of which the kept bytes, read again, are not what was handed in."""
    with database.reading() as connection:
        found = listed(connection, sa.true())
    for one in reversed(found):
        if one.decision is not None and one.decision.batch is not None:
            continue  # its batch is read again as any other
        with database.reading() as connection:
            try:
                rows, data = rows_of(connection, one), bytes_of(connection, one)
            except (StoreError, UnreadableError):
                yield _misfit(one, T("bytes or rows are no longer what was handed in."))
                continue
        try:
            again = canonical(read(data, one.name, one.choices))
        except UserError as error:
            yield _misfit(one, error.message)
            continue
        if next(writing.unlike(rows, again, KEY, NAMES), None) is not None:
            yield _misfit(one, T("its file, read again, gives other figures."))


def _misfit(wanted: Submission, reason: Text) -> Difference:
    return Difference(0, submission.name, around(wanted.areas), None, "", Text(str(wanted.id)), reason)
