"""A file on its way into the own store: read, decided, stored; and what is asked about files and batches later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd

from ektp_analysis.access.sight import TOTAL
from ektp_analysis.core.area import around, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text, render
from ektp_analysis.ingest.reading import compared, read_file
from ektp_analysis.ingest.report import UNDECIDED, Choices, ImportReport
from ektp_analysis.ingest.workbooks import workbook
from ektp_analysis.ingest.worker import guarded_read
from ektp_analysis.office import decisions, ledger, visiting
from ektp_analysis.office.identity import who
from ektp_analysis.office.stores import Office, own_store
from ektp_analysis.store.records import Batch, Commit, Difference
from ektp_analysis.store.submissions import Submission
from ektp_analysis.store.visits import Received

Status = Literal["accepted", "submitted", "refused", "needs_choice", "already_there", "dry_run"]


@dataclass(frozen=True)
class Imported:
    """What became of one file. ``batch`` is None where nothing is stored of it; ``same_as`` are the batches of other
    files that say the same already; ``submission`` is what waits for a second person."""

    status: Status
    report: ImportReport
    batch: Batch | None = None
    same_as: tuple[Batch, ...] = ()
    submission: Submission | None = None

    @property
    def reason(self) -> Text | None:
        """Why it was refused, or what is to be known about a file that waits or was there already."""
        if self.submission is not None:
            return T(
                "It waits as file {number} until somebody else approves it (four eyes for {area}); until then it counts nowhere.",
                number=str(self.submission.id),
                area=register().name(around(self.submission.areas)),
            )
        if self.status == "already_there" and self.batch is not None and self.batch.retracted is not None:
            return T(
                "The file was accepted before and then withdrawn ({reason}); restore batch {batch} to let it count again.",
                reason=self.batch.retracted.reason,
                batch=str(self.batch.id),
            )
        return sentence_of_same(self.report, self.same_as) or self.report.reason

    def to_json(self, lang: str) -> dict[str, Any]:
        """The report's plain values with what became of the file, and each value that it revises."""
        reason = self.reason
        return {
            **self.report.to_json(lang),
            "status": self.status,
            "batch": self.batch.id if self.batch else None,
            **({"submission": self.submission.id} if self.submission else {}),
            "reason": None if reason is None else render(reason, lang),
            "same_as": [one.id for one in self.same_as],
            "revised": [
                {"area_code": one.area_code, "date": one.date.isoformat(), "column": one.column, "old": one.old, "new": one.new}
                for one in self.report.changes.revised
            ],
        }


def read(data: bytes, name: str, choices: Choices, *, step: Callable[[], None] | None = None) -> ImportReport:
    """Read a file, in a process that can be ended, with what is remembered of names and layouts, against what the own
    store holds now. Stores nothing. ``step`` is called again and again while the file is read."""
    report = read_alone(data, name, choices, step=step)
    if report.rows.empty:
        return report
    return compared(report, own_store().figures(within=around(report.rows["area_code"])))


def read_alone(data: bytes, name: str, choices: Choices, *, step: Callable[[], None] | None = None) -> ImportReport:
    """As :func:`read`, but compared with nothing that is held."""
    return decisions.read(_reader(data, name, step), choices, own_store())


def held_token() -> str:
    """What changes whenever the figures of the own store do."""
    return own_store().token()


def _reader(data: bytes, name: str, step: Callable[[], None] | None = None) -> decisions.Again:
    today = datetime.now(settings().zone).date()
    return lambda choices: guarded_read(data, name, choices, today=today, step=step)


def same_content(report: ImportReport) -> tuple[Batch, ...]:
    """The batches in force that say all of an accepted report already, whatever their layout or file; () if it is new.
    The last of them is the file itself, where it is there.

    That another file names the basis, and this one none, is nothing new.
    """
    if report.status != "accepted" or report.changes.new:
        return ()
    store, keys = own_store(), ["area_code", "as_of_date"]
    held = store.figures(within=around(report.rows["area_code"]))
    changes = compared(report, held).changes
    if changes.new or any(one.column != "basis" or one.new for one in changes.revised):
        return ()
    ids = held.merge(report.rows[keys], on=keys)["batch_id"].unique()
    found = sorted(
        (store.batch(int(batch_id)) for batch_id in ids if batch_id != TOTAL),
        key=lambda one: (one.sha256 == report.sha256, one.id),
    )
    equal = tuple(batch for batch in found if batch.report.get("content_key") == report.content_key)
    return equal or (() if changes.revised else tuple(found))


def sentence_of_same(report: ImportReport, batches: Sequence[Batch]) -> Text | None:
    """That the batches hold the same figures already; None where there are none, or where it is the file itself."""
    if not batches or any(batch.sha256 == report.sha256 for batch in batches):
        return None
    return TN(
        "The same figures were accepted already with batch {batches} ({files}); nothing was added.",
        "The same figures were accepted already with the batches {batches} ({files}); nothing was added.",
        n=len(batches),
        batches=", ".join(str(batch.id) for batch in batches),
        files=", ".join(dict.fromkeys(batch.name for batch in batches)),
    )


def commit(report: ImportReport, data: bytes, *, uploader: str = "", decided: Choices = UNDECIDED) -> Commit:
    """Store exactly the rows of an accepted report in the own store, unless the same figures are there already.

    ``decided`` is what a person decided about this file: its names and its layout are remembered for the next one.

    Raises:
        UserError: the report is not accepted.
        StoreError: the store failed; nothing was stored.
    """
    if report.status != "accepted":
        raise UserError(report.reason or T("The file was not accepted, so nothing was stored."))
    store, by, at = own_store(), uploader or who(), datetime.now(UTC)
    kept = decisions.decisions(decided, report, _reader(data, report.file))
    if same := same_content(report):
        for scope, meant in kept.aliases.items():
            store.remember_aliases(scope, meant, by=by, at=at)
        for fingerprint, layout in kept.layouts.items():
            store.remember_layout(fingerprint, layout, by=by, at=at)
        return Commit(same[-1], already_there=True)
    return store.commit(
        report.rows,
        data=data,
        name=report.file,
        uploader=by,
        received_at=at,
        choices=report.choices.to_json(),
        report=report.to_json(settings().language),
        aliases=kept.aliases,
        layouts=kept.layouts,
    )


def import_file(data: bytes, name: str, choices: Choices, *, uploader: str = "", dry_run: bool = False) -> Imported:
    """Read a file and, if it is accepted, new and no dry run, store it."""
    report = read(data, name, choices)
    if report.status != "accepted":
        return Imported(report.status, report)
    if dry_run:
        same = same_content(report)
        return Imported("already_there" if same else "dry_run", report, same[-1] if same else None, same)
    return take_in(report, data, uploader=uploader, decided=choices)


def waits(report: ImportReport) -> bool:
    """Whether an accepted report would wait for a second person."""
    return bool(own_store().waits(report.rows["area_code"].unique()))


def take_in(report: ImportReport, data: bytes, *, uploader: str = "", decided: Choices = UNDECIDED) -> Imported:
    """Store an accepted report as :func:`commit` does, or keep it until a second person has approved it where one is asked for;
    and say what became of the file. Raises as :func:`commit`."""
    same = same_content(report)
    if not same and report.status == "accepted" and waits(report):
        return _handed_in(report, data, uploader or who(), decided)
    done = commit(report, data, uploader=uploader, decided=decided)
    return Imported("already_there" if done.already_there else "accepted", report, done.batch, same)


def _handed_in(report: ImportReport, data: bytes, by: str, decided: Choices) -> Imported:
    kept = decisions.decisions(decided, report, _reader(data, report.file))
    done = own_store().submit(
        report.rows,
        Received(data, report.file, by, datetime.now(UTC), report.choices.to_json(), report.to_json(settings().language)),
        {"aliases": kept.aliases, "layouts": kept.layouts},
    )
    return Imported("submitted" if done.batch is None else "already_there", report, done.batch, submission=done.submission)


def some_good(report: ImportReport) -> bool:
    """Whether the rest of a refused file could be taken without its refused rows."""
    return report.status == "refused" and bool(report.totals)


def refused_rows(data: bytes, report: ImportReport, lang: str) -> bytes:
    """The refused rows of a file as a workbook (XLSX): its own columns with fault and mend; to correct and take in."""
    return workbook(data, report, lang)


def verify(office: Office) -> list[Difference]:
    """Read the kept bytes of every batch again with its recorded choices, and name each difference; last, what does not fit the
    trail, settings and outlines of the data folder included."""
    return [*office.store.verify(_again, visiting.read_again), *(() if office.sample else ledger.differences(office.store))]


def _again(data: bytes, name: str, choices: Mapping[str, Any]) -> pd.DataFrame:
    report = read_file(data, name, Choices.from_json(choices))
    if report.status != "accepted":
        raise UserError(report.reason or T("The file was not accepted, so nothing was stored."))
    return report.rows


def latest_unrecorded(batch: Batch) -> tuple[int | None, int]:
    """Unrecorded of a batch on its latest day, over its topmost areas, and how many these are; None where one of them does not
    say it."""
    latest = [total for total in batch.totals if total.as_of_date == batch.as_of_dates[-1]]
    top = min(latest, key=lambda total: total.level)
    return top.unrecorded if top.unrecorded_areas == top.areas else None, top.areas


def names(codes: Iterable[str]) -> list[str]:
    """Names of areas in the register."""
    known = register()
    return [known.name(code) for code in codes]
