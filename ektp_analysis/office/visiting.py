"""Visits on their way into the own store: read, compared with those that are there, stored; typed in, taken out, read again."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

import pandas as pd

from ektp_analysis.core import visit
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text, render
from ektp_analysis.figures import tables
from ektp_analysis.ingest.report import NEEDS_CHOICE, Question, Reading
from ektp_analysis.ingest.visit_reading import read_visits
from ektp_analysis.ingest.visit_report import NO, YES, VisitChoices, VisitReport
from ektp_analysis.ingest.worker import guarded_visits
from ektp_analysis.office import identity
from ektp_analysis.office.stores import Office, own_store
from ektp_analysis.store.visits import Received, VisitBatch

FORM = "formulir"  # the first word of the name of a visit that was typed in
MOST_NAMED = 12  # rows in a question
_SAME = ["day", "area_code", "place"]  # two visits with these alike may be one
Status = Literal["accepted", "refused", "needs_choice", "already_there", "dry_run"]


@dataclass(frozen=True)
class Taken:
    """What became of a file of visits. ``batch`` is None where nothing is stored of it."""

    status: Status
    report: VisitReport
    batch: VisitBatch | None = None

    @property
    def reason(self) -> Text | None:
        """Why it was refused, or what is to be known about a file that was there already."""
        if self.status == "already_there" and self.batch is not None and self.batch.retracted is not None:
            return T(
                "These visits were accepted before and then withdrawn ({reason}); restore batch of visits {batch} to let them "
                "count again.",
                reason=self.batch.retracted.reason,
                batch=str(self.batch.id),
            )
        return self.report.reason

    def to_json(self, lang: str) -> dict[str, Any]:
        """The report's plain values with what became of the file."""
        reason = self.reason
        return {
            **self.report.to_json(lang),
            "status": self.status,
            "batch": self.batch.id if self.batch else None,
            "reason": None if reason is None else render(reason, lang),
        }


def read(data: bytes, name: str, choices: VisitChoices, *, step: Callable[[], None] | None = None) -> VisitReport:
    """Read a file of visits in a process that can be ended, names looked up in the office's area, and ask about visits like
    those that the own store holds. Stores nothing."""
    wanted = choices if choices.area else choices.but({"area": identity.home_area()})
    return against(guarded_visits(data, name, wanted, today=today(), step=step))


def today() -> date:
    """The day of the clock, in the office's time zone: visits are written down when they have been made."""
    return datetime.now(settings().zone).date()


def against(report: VisitReport) -> VisitReport:
    """The report with what must be asked as visits of the same day, area and kind of place are stored already by another file."""
    known = own_store().visits()
    mine = [one.id for one in own_store().visit_batches() if one.sha256 == report.sha256]
    known = known[~known["batch_id"].isin(mine)]
    if not report.accepted or known.empty or report.choices.again == YES or report.choices.without:
        return report
    alike = report.rows.merge(known[[*_SAME, "batch_id"]].drop_duplicates(_SAME), on=_SAME)
    if alike.empty:
        return report
    places = [f"{one.sheet}!{one.row}" for one in alike.itertuples()]
    if report.choices.again == NO:
        left = report.choices.but({"without": places})
        rows = report.rows[[f"{one.sheet}!{one.row}" not in places for one in report.rows.itertuples()]]
        return replace(report, rows=rows.reset_index(drop=True), choices=left)
    text = TN(
        "A visit of the same day, area and kind of place is stored already (row {rows}; batch of visits {batches}). Is it "
        "another one?",
        "{n} visits of the same day, area and kind of place are stored already (rows {rows}; batches of visits {batches}). Are "
        "they others?",
        n=len(alike),
        rows=", ".join(str(one.row) for one in alike.head(MOST_NAMED).itertuples()) + (" …" if len(alike) > MOST_NAMED else ""),
        batches=", ".join(str(one) for one in sorted(set(alike["batch_id"]))),
    )
    ways = (
        Reading(T("another visit: count it too"), {"again": YES}),
        Reading(T("the same visit: leave it out"), {"again": NO}),
    )
    return replace(report, status=NEEDS_CHOICE, questions=(*report.questions, Question("again", text, ways)))


def take_in(report: VisitReport, data: bytes, *, uploader: str = "") -> Taken:
    """Store an accepted report. Raises StoreError where it cannot be."""
    held = [one for one in own_store().visit_batches() if one.sha256 == report.sha256 and one.retracted is None]
    if held:  # also where it was read otherwise: each of its visits would count twice
        return Taken("already_there", report, held[0])
    if report.rows.empty:
        said = T("All visits of the file are stored already; nothing was added.")
        return Taken("refused", replace(report, status="refused", reason=said))
    received = Received(
        data,
        report.file,
        uploader or identity.who(),
        datetime.now(UTC),
        report.choices.to_json(),
        report.to_json(settings().language),
    )
    done = own_store().commit_visits(report.rows, received)
    return Taken("already_there" if done.already_there else "accepted", report, done.batch)


def import_file(data: bytes, name: str, choices: VisitChoices, *, uploader: str = "", dry_run: bool = False) -> Taken:
    """Read a file of visits and, if it is accepted and no dry run, store it."""
    report = read(data, name, choices)
    if not report.accepted:
        return Taken(report.status, report)
    return Taken("dry_run", report) if dry_run else take_in(report, data, uploader=uploader)


def typed(values: Mapping[str, Any], *, again: bool = False) -> Taken:
    """Store one visit that was typed in: column of the contract -> value, None where it is not said.

    Its bytes are the row as :func:`to_csv` writes it, read as any file is. ``again``: one like it is stored, and this is another.
    """
    row = visit.frame([{**values, "day": pd.Timestamp(values["day"])}])
    data, name = to_csv(row), f"{FORM}-{values['day']:%Y-%m-%d}-{values['area_code']}.csv"
    report = against(read_visits(data, name, VisitChoices(again=YES if again else ""), today=today()))
    return take_in(report, data) if report.accepted else Taken(report.status, report)


def mark(kind: Literal["retract", "restore"], batch_id: int, reason: str) -> VisitBatch:
    """Take a batch of visits back, or let it count again. Raises UserError as :meth:`Store.retract_visits`."""
    store = own_store()
    change = store.retract_visits if kind == "retract" else store.restore_visits
    change(batch_id, reason=reason, by=identity.who(), at=datetime.now(UTC))
    return store.visit_batch(batch_id)


def read_again(data: bytes, name: str, choices: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of kept bytes with the choices of their batch. Raises UserError where they are not accepted any more."""
    report = read_visits(data, name, VisitChoices.from_json(choices))
    if not report.accepted:
        raise UserError(report.reason or T("The file was not accepted, so nothing was stored."))
    return report.rows


def to_csv(rows: pd.DataFrame) -> bytes:
    """Visits as CSV in UTF-8: the columns of the contract, then batch, sheet and row where these are known; the import reads it.

    Days as 2023-06-20, what is not said is empty; a note that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = rows.rename(columns={"batch_id": "batch"}).copy()
    out["day"] = out["day"].dt.strftime("%Y-%m-%d")
    for name in {"note", "sheet"} & set(out):
        out[name] = out[name].map(tables.inert)
    buffer = io.StringIO()
    out.to_csv(buffer, index=False, lineterminator="\r\n")
    return buffer.getvalue().encode("utf-8")


def export_csv(office: Office, *, known_at: date | datetime | None = None) -> bytes:
    """The visits that hold, as :func:`to_csv` writes them; none in the sample."""
    return to_csv(office.store.visits(known_at))
