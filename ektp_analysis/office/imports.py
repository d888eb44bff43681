"""A file on its way into the own store: read, decided, stored; and what is asked about files and batches later."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd

from ektp_analysis import ingest
from ektp_analysis.area import NATION, AreaCode, register
from ektp_analysis.errors import UserError
from ektp_analysis.i18n import render
from ektp_analysis.ingest import Choices, ImportReport
from ektp_analysis.ingest.reading import compared
from ektp_analysis.ingest.refused import workbook
from ektp_analysis.office.stores import Office, own_store
from ektp_analysis.settings import settings
from ektp_analysis.store import Batch, Commit, Difference
from ektp_analysis.text import T, Text

Status = Literal["accepted", "refused", "needs_choice", "already_there", "dry_run"]


@dataclass(frozen=True)
class Imported:
    """What became of one file. ``batch`` is None where nothing is stored of it."""

    status: Status
    report: ImportReport
    batch: Batch | None = None

    @property
    def reason(self) -> Text | None:
        """Why it was refused, or what is to be known about a file that was there already."""
        if self.status == "already_there" and self.batch is not None and self.batch.retracted is not None:
            return T("The file was taken in before and taken back ({reason}); restore batch {batch} to let it count again.",
                     reason=self.batch.retracted.reason, batch=str(self.batch.id))
        return self.report.reason

    def to_json(self, lang: str) -> dict[str, Any]:
        """The report's plain values with what became of the file."""
        plain = self.report.to_json(lang)
        reason = self.reason
        return {**plain, "status": self.status, "batch": self.batch.id if self.batch else None,
                "reason": None if reason is None else render(reason, lang)}


def read(data: bytes, name: str, choices: Choices) -> ImportReport:
    """Read a file, in a process that can be ended, against what the own store holds now. Stores nothing."""
    store = own_store()
    report = ingest.guarded_read(data, name, choices, today=datetime.now(settings().zone).date())
    if report.rows.empty:
        return report
    return compared(report, store.figures(within=_around(report.rows["area_code"])))


def _around(codes: pd.Series) -> str:
    """The smallest area that contains all of these."""
    first, last = AreaCode(codes.min()), AreaCode(codes.max())
    inside = (area for area in (first, *reversed(first.ancestors)) if area.contains(last))
    return str(next(inside)) if NATION not in codes.array else NATION


def commit(report: ImportReport, data: bytes, *, uploader: str = "") -> Commit:
    """Store exactly the rows of an accepted report in the own store.

    Raises:
        UserError: the report is not accepted.
        StoreError: the store failed; nothing was stored.
    """
    if report.status != "accepted":
        raise UserError(report.reason or T("The file was not accepted, so nothing was stored."))
    return own_store().commit(
        report.rows, data=data, name=report.file, uploader=uploader or who(), received_at=datetime.now(UTC),
        choices=report.choices.to_json(), report=report.to_json(settings().language))


def import_file(data: bytes, name: str, choices: Choices, *, uploader: str = "", dry_run: bool = False) -> Imported:
    """Read a file and, if it is accepted and no dry run, store it."""
    report = read(data, name, choices)
    if report.status != "accepted":
        return Imported(report.status, report)
    if dry_run:
        return Imported("dry_run", report)
    done = commit(report, data, uploader=uploader)
    return Imported("already_there" if done.already_there else "accepted", report, done.batch)


def some_good(report: ImportReport) -> bool:
    """Whether the rest of a refused file could be taken without its refused rows."""
    return report.status == "refused" and bool(report.totals)


def refused_rows(data: bytes, report: ImportReport, lang: str) -> bytes:
    """The refused rows of a file as a workbook (XLSX): its own columns with fault and mend; to correct and take in."""
    return workbook(data, report, lang)


def verify(office: Office) -> list[Difference]:
    """Read the kept bytes of every batch again with its recorded choices, and name each difference."""
    return office.store.verify(_again)


def _again(data: bytes, name: str, choices: Mapping[str, Any]) -> pd.DataFrame:
    report = ingest.read(data, name, Choices.from_json(choices))
    if report.status != "accepted":
        raise UserError(report.reason or T("The file was not accepted, so nothing was stored."))
    return report.rows


def latest_unrecorded(batch: Batch) -> int | None:
    """Unrecorded of a batch on its latest day, over its topmost areas; None where one of them does not say it."""
    latest = [total for total in batch.totals if total.as_of_date == batch.as_of_dates[-1]]
    top = min(latest, key=lambda total: total.level)
    return top.unrecorded if top.unrecorded_areas == top.areas else None


def names(codes: Iterable[str]) -> list[str]:
    """Names of areas in the register."""
    known = register()
    return [known.name(code) for code in codes]


def who() -> str:
    """Who is recorded with an import: the setting, else the name of the operating system's user."""
    if settings().uploader:
        return settings().uploader
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, as in some containers
        return "-"
