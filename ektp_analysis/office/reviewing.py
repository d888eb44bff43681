"""Four eyes in the office: what waits, what it would change, and what a second person decides about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from ektp_analysis.core.area import around, register
from ektp_analysis.core.text import TN, T, Text, render
from ektp_analysis.ingest.reading import compared
from ektp_analysis.ingest.report import Changes, Choices, ImportReport
from ektp_analysis.office import imports
from ektp_analysis.office.identity import who
from ektp_analysis.office.stores import own_store, reading_store
from ektp_analysis.store.records import Commit
from ektp_analysis.store.submissions import Submission, later_text


@dataclass(frozen=True)
class Handed:
    """A file that was handed in, as the store holds it. ``day``: the latest of its rows; ``unrecorded``: of that day, None where
    it does not say it for all."""

    submission: Submission
    day: date | None
    rows: int
    unrecorded: int | None

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return self.submission.decision is None

    @property
    def state(self) -> Text:
        """What became of it, in words."""
        decision = self.submission.decision
        if decision is None:
            return T("waits for approval")
        if decision.batch is None:
            return T("sent back by {who}: {reason}", who=decision.by, reason=decision.reason)
        return T("approved by {who}, upload {batch}", who=decision.by, batch=str(decision.batch))

    def to_json(self) -> dict[str, Any]:
        """Plain values for the command line."""
        one, decision = self.submission, self.submission.decision
        return {
            "submission": one.id,
            "file": one.name,
            "sha256": one.sha256,
            "area": around(one.areas),
            "by": one.by,
            "at": one.at.isoformat(),
            "as_of_date": self.day.isoformat() if self.day else None,
            "rows": self.rows,
            "unrecorded": self.unrecorded,
            "state": "waits" if decision is None else decision.event,
            "decided_by": decision.by if decision else None,
            "decided_at": decision.at.isoformat() if decision else None,
            "reason": decision.reason if decision else None,
            "batch": decision.batch if decision else None,
        }


@dataclass(frozen=True)
class Looked:
    """A file that waits, as whoever decides looks at it: ``report`` is its reading compared with what holds now, ``later`` the
    batches that have given other figures since, ``hindrance`` why whoever acts may not decide."""

    handed: Handed
    report: ImportReport
    later: tuple[int, ...]
    hindrance: Text | None

    @property
    def warning(self) -> Text | None:
        """What is to be said of the later batches."""
        return later_text(self.later) if self.later else None

    def to_json(self, lang: str) -> dict[str, Any]:
        """As :meth:`Handed.to_json`, with what it would change."""
        changes = self.report.changes
        return {
            **self.handed.to_json(),
            "changes": {"new": changes.new, "same": changes.same, "revised": len(changes.revised)},
            "later": list(self.later),
            "may_decide": self.hindrance is None,
            "hindrance": None if self.hindrance is None else render(self.hindrance, lang),
        }


def handed_in() -> list[Handed]:
    """The files that were handed in, as far as whoever acts may see them, the latest first."""
    return [_handed(one) for one in reading_store().submissions()]


def waiting() -> list[Handed]:
    """Those of :func:`handed_in` about which nobody has decided yet."""
    return [_handed(one) for one in reading_store().submissions(waiting=True)]


def decided(most: int) -> list[Handed]:
    """Those of :func:`handed_in` about which somebody has decided; of a long history the latest."""
    return [_handed(one) for one in reading_store().submissions(waiting=False, most=most)]


def _handed(one: Submission) -> Handed:
    days, totals = one.report.get("totals_by_date") or [{}], one.report
    last = days[-1]
    whole = not (last.get("missing") or {}).get("unrecorded")
    day = date.fromisoformat(last["date"]) if last.get("date") else None
    return Handed(one, day, int(totals.get("rows_accepted") or 0), last.get("unrecorded") if whole else None)


def look(number: int, *, read: bool = True) -> Looked:
    """A file as it waits, against what holds now; ``read``: its bytes are read again, so that all that was found in it can be
    said. What is compared, and what would be stored, are the rows that were handed in.

    Raises:
        UserError: there is none of this number, or it may not be seen.
        StoreError: its bytes or rows are no longer what was handed in.
    """
    store = reading_store()
    one, rows = store.submission(number), store.submitted_rows(number)
    choices = Choices.from_json(one.choices)
    alone = ImportReport(one.name, one.sha256, 0, "accepted", rows, choices=choices, changes=Changes(len(rows), 0))
    if read:
        name, data = store.submitted_original(number)
        again = imports.read_alone(data, name, choices)
        alone = replace(again, rows=rows) if again.status == "accepted" else alone
    report = compared(alone, store.figures(within=around(rows["area_code"])))
    return Looked(_handed(one), report, store.later(number), store.hindrance(one))


def approve(number: int, *, seen: Collection[int] = ()) -> Commit:
    """Store what was handed in; ``seen``: the later batches that it may go over. Raises as :meth:`Store.approve`, and
    NotAllowedError where whoever acts is not the second person."""
    return own_store().approve(number, seen=seen, by=who(), at=datetime.now(UTC))


def send_back(number: int, reason: str) -> Submission:
    """Let a file not be stored, for a reason. Raises as :meth:`Store.send_back`, and NotAllowedError as :func:`approve`."""
    return own_store().send_back(number, reason, by=who(), at=datetime.now(UTC))


def switch(area: str, *, wanted: bool) -> None:
    """Ask for a second person in an area and all in it from now on, or no more. Raises UserError where that cannot be."""
    own_store().switch_review(area, wanted, by=who(), at=datetime.now(UTC))


def areas() -> tuple[str, ...]:
    """Where a second person is asked for, as far as it concerns whoever acts."""
    return reading_store().review_areas()


def named(codes: Collection[str]) -> str:
    """The full names of areas, with commas between."""
    return ", ".join(register().full_name(code) for code in codes)


def told_waiting() -> Text | None:
    """That files wait and count nowhere, beside a list of what was stored; None where none does."""
    n = len(waiting())
    if not n:
        return None
    return TN("{n} file waits for approval and counts nowhere yet.", "{n} files wait for approval and count nowhere yet.", n=n)
