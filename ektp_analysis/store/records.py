"""What the store answers with, as values that can be compared, cached and pickled; and figures in the form it keeps."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.core import contract, visit
from ektp_analysis.core.area import AreaCode, Level, level_of
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.contract import BY_NAME
from ektp_analysis.core.errors import RefusedError, UserError
from ektp_analysis.core.text import T, Text


@dataclass(frozen=True)
class Retraction:
    """That a batch was taken back: when, by whom, and why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Total:
    """The figures of one day and level in a batch, added up.

    ``areas`` is the number of rows; ``*_areas`` is how many of them give the count or imply it (two of three give the
    third). A sum over no area is None, not 0.
    """

    as_of_date: date
    level: Level
    areas: int
    eligible: int | None
    recorded: int | None
    unrecorded: int | None
    eligible_areas: int
    recorded_areas: int
    unrecorded_areas: int


@dataclass(frozen=True)
class Batch:
    """One accepted reading of a file. ``received_at`` is in UTC; ``retracted`` says whether, and why, it does not count.

    ``size`` is in bytes, before packing; ``rows`` the number of figures' rows; ``totals`` one entry a day and level.
    ``approved_by``: the second person, where the file waited for one; ``uploader`` is then who handed it in, and ``received_at``
    when it was approved.
    """

    id: int
    name: str
    sha256: str
    size: int
    uploader: str
    received_at: datetime
    rows: int
    totals: tuple[Total, ...]
    choices: Mapping[str, Any] = field(hash=False)
    report: Mapping[str, Any] = field(hash=False)
    retracted: Retraction | None = None
    approved_by: str = ""

    @property
    def as_of_dates(self) -> tuple[date, ...]:
        """The days that the batch is about, in order."""
        return tuple(sorted({total.as_of_date for total in self.totals}))


@dataclass(frozen=True)
class Commit:
    """What a commit did. ``already_there``: the same reading of the same bytes was in the store, and nothing was added.

    It may have been retracted since: then ``batch.retracted`` says why, and :meth:`Store.restore` brings it back.
    ``behind`` is how far the clock was behind the last entry, by which the batch was received later than it said.
    """

    batch: Batch
    already_there: bool
    behind: timedelta = timedelta(0)


@dataclass(frozen=True)
class Alias:
    """That a name, as files of the area ``scope`` write it, means an area; who decided so, and when (UTC)."""

    scope: str
    name: str
    area_code: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Layout:
    """What a person decided about files of one layout, known by its fingerprint; who, and when (UTC)."""

    fingerprint: str
    choices: Mapping[str, Any] = field(hash=False)
    by: str
    at: datetime


@dataclass(frozen=True)
class Edit:
    """What a person made of a slide: whether it is shown, an own title, own notes ('' keeps what was there)."""

    key: str
    shown: bool = True
    title: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Arrangement:
    """Slides of an area as a person wants them, in their order, under a name; ``sample``: on the sample's figures."""

    area: str
    sample: bool
    name: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class SavedDeck(Arrangement):
    """Slides as they were saved last: who, and when (UTC). ``id`` stays for all versions of a name, ``version`` does not."""

    id: int
    version: int
    by: str
    at: datetime


@dataclass(frozen=True)
class AlertEvent:
    """What became of an alert: ``key`` is the same for all of one alert, ``event`` raised, seen, closed or reopened; who, when
    (UTC), why, and what it rests on."""

    id: int
    kind: str
    area: str
    key: str
    event: str
    at: datetime
    by: str
    reason: str
    detail: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class PlanScenario:
    """A plan as it was saved last under a name: who, and when (UTC); ``sample``: on the sample's figures. ``id`` stays for all
    versions of a name, ``version`` does not."""

    area: str
    sample: bool
    name: str
    plan: Mapping[str, Any] = field(hash=False)
    id: int = 0
    version: int = 0
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Info:
    """The store in a few words. ``last_import`` is in UTC, None where nothing was imported yet; ``size`` is in bytes."""

    schema_version: int
    last_import: datetime | None
    batches: int
    size: int


@dataclass(frozen=True)
class Head:
    """Where the trail stands: how many entries it has, the hashes of the first (which is the store's own and that of no other)
    and the last, the moment of the last (UTC); and the number of the last batch, 0 where there is none."""

    entries: int
    first: str
    last: str
    at: datetime | None
    batch: int

    @property
    def name(self) -> str:
        """Short enough to be printed and typed: '17-1f0c9e2ab33d4c5e'; '' without an entry."""
        return f"{self.entries}-{self.last[:16]}" if self.entries else ""


TRAIL = "trail"


@dataclass(frozen=True)
class Difference:
    """One thing in which the store differs from its own kept bytes, or from its trail.

    ``area_code`` is '' for the totals of a day, and ``as_of_date`` is None where the whole batch is meant; ``column`` is
    a column of the contract, 'sheet', 'row', 'totals', 'bytes', 'choices' or '' (the row itself). ``batch_id`` is 0 for a
    row of an aim or an event: ``batch_name`` is then its table, ``stored`` its id, ``read`` what is wrong with it. Where
    ``batch_name`` is :data:`TRAIL`, ``stored`` is the number of the entry, '' for a row of which no entry tells. ``visits``: the
    batch is one of visits, the column one of their contract.
    """

    batch_id: int
    batch_name: str
    area_code: str
    as_of_date: date | None
    column: str
    stored: Text
    read: Text
    visits: bool = False

    def text(self) -> Text:
        """The whole sentence."""
        if self.batch_name == TRAIL and not self.batch_id:
            if not str(self.stored):
                return T("{reason}", reason=self.read)
            return T("Entry {number} of the trail does not fit: {reason}", number=self.stored, reason=self.read)
        if not self.batch_id:
            return T(
                "Row {row} of {table} ({area}): {reason}",
                row=self.stored,
                table=self.batch_name,
                area=self.area_code,
                reason=self.read,
            )
        columns = visit.BY_NAME if self.visits else BY_NAME
        column: object = columns[self.column].label if self.column in columns else _PARTS.get(self.column, self.column)
        if self.visits:
            return T(
                "Batch of visits {batch} ({name}), {area}, {date}, {column}: stored {stored}, read {read}.",
                batch=str(self.batch_id),
                name=self.batch_name,
                area=self.area_code or T("all areas"),
                date=self.as_of_date or T("all days"),
                column=column,
                stored=self.stored,
                read=self.read,
            )
        if self.as_of_date is None:
            return T(
                "Batch {batch} ({name}), {column}: stored {stored}, read {read}.",
                batch=str(self.batch_id),
                name=self.batch_name,
                column=column,
                stored=self.stored,
                read=self.read,
            )
        return T(
            "Batch {batch} ({name}), {area} as of {date}, {column}: stored {stored}, read {read}.",
            batch=str(self.batch_id),
            name=self.batch_name,
            area=self.area_code or T("all areas"),
            date=self.as_of_date,
            column=column,
            stored=self.stored,
            read=self.read,
        )


_PARTS = {
    "": T("the whole row"),
    "sheet": T("sheet of the file"),
    "row": T("row of the file"),
    "totals": T("the totals"),
    "bytes": T("the kept bytes"),
    "choices": T("the choices made"),
}


KEY = ["area_code", "as_of_date"]
NAMES = (*(column.name for column in contract.COLUMNS), "sheet", "row")
_TEXTS = (*(column.name for column in contract.COLUMNS if contract.DTYPES[column.kind] == "str"), "sheet")


def canonical(rows: pd.DataFrame) -> pd.DataFrame:
    """Contract columns with 'sheet' (str) and 'row' (int), in the contract's dtypes, sorted by area and day."""
    made = contract.frame(rows)
    made["sheet"] = rows["sheet"].fillna("").astype(contract.texts(len(rows))).array
    made["row"] = rows["row"].astype("int64").to_numpy()
    return made.sort_values(KEY, kind="stable", ignore_index=True)


def checked(rows: pd.DataFrame) -> pd.DataFrame:
    """The canonical rows, if the store may take them: the last gate behind the reader.

    Raises:
        UserError: no rows; a row without area or day; rows that break the contract; text that no database keeps.
    """
    if rows.empty:
        raise UserError(T("The file has no figures, so nothing was stored."))
    made = canonical(rows)
    if made[KEY].isna().to_numpy().any():
        raise UserError(T("A row without area or date cannot be stored; nothing was stored."))
    for code in made["area_code"].unique():
        AreaCode(code)
    if faults := contract.check(made):
        raise RefusedError(
            T("The rows break the rules of a snapshot, so nothing was stored."), tuple(fault for _, fault in faults)
        )
    for name in _TEXTS:
        if any("\0" in text for text in made[name].dropna().unique()):
            raise UserError(
                T("Column {column} holds a character that cannot be stored (NUL); remove it from the file.", column=name)
            )
    return made


def digest(rows: pd.DataFrame, names: tuple[str, ...] = NAMES) -> str:
    """SHA-256 over these columns of canonical rows. Columns without any value do not count, so that a
    column added later changes nothing."""
    sha = hashlib.sha256()
    for name in names:
        values = plain(rows[name])
        if any(value not in (None, "") for value in values):
            joined = "\x1f".join("" if value is None else str(value) for value in values)
            sha.update(f"{name}\x1e{joined}\x1e".encode())
    return sha.hexdigest()


def records(rows: pd.DataFrame, names: Sequence[str], **same: Any) -> list[tuple[Any, ...]]:
    """Canonical rows as a table takes them, whose columns have these names; those of ``same`` have one value in all rows."""
    columns = [itertools.repeat(same[name], len(rows)) if name in same else plain(rows[name]) for name in names]
    return list(zip(*columns, strict=True))


def totals(rows: pd.DataFrame) -> tuple[Total, ...]:
    """Canonical rows added up by day and level, after the third count was derived from the other two."""
    solved = solve(rows)
    codes, places = np.unique(solved["area_code"].to_numpy(dtype=object), return_inverse=True)
    levels = np.array([int(level_of(code)) for code in codes], dtype="int64")[places]
    days, on = np.unique(solved["as_of_date"].to_numpy(dtype="datetime64[D]"), return_inverse=True)
    groups, places = np.unique(on * len(Level) + levels, return_inverse=True)
    counts = [_counted(solved[name], places, len(groups)) for name in contract.COUNTS]
    made = []
    for place, (group, areas) in enumerate(zip(groups, np.bincount(places), strict=True)):
        eligible, recorded, unrecorded = (int(sums[place]) if given[place] else None for sums, given in counts)
        made.append(
            Total(
                days[group // len(Level)].item(),
                Level(group % len(Level)),
                int(areas),
                eligible,
                recorded,
                unrecorded,
                *(int(given[place]) for _sums, given in counts),
            )
        )
    return tuple(made)


def _counted(values: pd.Series, places: npt.NDArray[np.intp], groups: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
    """The sum of each group and how many values it is of."""
    there = values.notna().to_numpy()
    sums = np.zeros(groups, dtype="int64")
    np.add.at(sums, places[there], values.to_numpy(dtype="int64", na_value=0)[there])
    return sums, np.bincount(places[there], minlength=groups)


def plain(values: pd.Series) -> list[Any]:
    """A column as Python values with None for a missing one; dates as date."""
    if pd.api.types.is_datetime64_any_dtype(values):
        places, days = pd.factorize(values)
        plain = [day.date() for day in days]
        return [plain[place] for place in places.tolist()]
    return [None if value is pd.NA or value != value else value for value in values.tolist()]
