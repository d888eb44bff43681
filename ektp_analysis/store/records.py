"""What the store answers with: values that can be compared, cached and pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ektp_analysis.area import Level
from ektp_analysis.snapshot import BY_NAME
from ektp_analysis.text import T, Text


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

    @property
    def as_of_dates(self) -> tuple[date, ...]:
        """The days that the batch is about, in order."""
        return tuple(sorted({total.as_of_date for total in self.totals}))


@dataclass(frozen=True)
class Commit:
    """What a commit did. ``already_there``: the same reading of the same bytes was in the store, and nothing was added.

    It may have been retracted since: then ``batch.retracted`` says why, and :meth:`Store.restore` brings it back.
    """

    batch: Batch
    already_there: bool


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
class Info:
    """The store in a few words. ``last_import`` is in UTC, None where nothing was imported yet."""

    schema_version: int
    last_import: datetime | None
    batches: int


@dataclass(frozen=True)
class Difference:
    """One thing in which the store differs from its own kept bytes.

    ``area_code`` is '' for the totals of a day, and ``as_of_date`` is None where the whole batch is meant; ``column`` is
    a column of the contract, 'sheet', 'row', 'totals', 'bytes', 'choices' or '' (the row itself).
    """

    batch_id: int
    batch_name: str
    area_code: str
    as_of_date: date | None
    column: str
    stored: Text
    read: Text

    def text(self) -> Text:
        """The whole sentence."""
        column: object = BY_NAME[self.column].label if self.column in BY_NAME else _PARTS.get(self.column, self.column)
        if self.as_of_date is None:
            return T("Batch {batch} ({name}), {column}: stored {stored}, read {read}.", batch=str(self.batch_id),
                     name=self.batch_name, column=column, stored=self.stored, read=self.read)
        return T("Batch {batch} ({name}), {area} as of {date}, {column}: stored {stored}, read {read}.",
                 batch=str(self.batch_id), name=self.batch_name, area=self.area_code or T("all areas"),
                 date=self.as_of_date, column=column, stored=self.stored, read=self.read)


_PARTS = {
    "": T("the whole row"), "sheet": T("sheet of the file"), "row": T("row of the file"), "totals": T("the totals"),
    "bytes": T("the kept bytes"), "choices": T("the choices made"),
}
