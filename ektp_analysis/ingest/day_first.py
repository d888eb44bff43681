"""Days that are written so that the month may come first: read with the day first, as Indonesia writes, and told; asked where
what is held speaks for the other way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd

from ektp_analysis.core.text import T
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import written
from ektp_analysis.ingest.columns.day_columns import turned
from ektp_analysis.ingest.report import ACCEPTED, NEEDS_CHOICE, Check, ImportReport, Question, Reading

NAME = "day_first"
NEXT = 45  # days after the latest that is held within which the next figures come


def told(found: Candidate) -> list[Check]:
    """How a day was read that has another meaning with the month first; nothing where the file also writes it in words."""
    texts = set(_texts(found)) if found.when.where is not None else set()  # else a person said the day
    ways = {text: (day, other) for text in texts if (day := written.parse(text)) and (other := turned(text)) and other != day}
    if not ways or len(ways) < len(texts):
        return []
    cell = min(ways, key=lambda text: ways[text])
    day, other = ways[cell]
    said = T("'{cell}' is read as {day}, the day before the month; the other way round it would be {other}.", cell=cell, day=day,
             other=other)  # fmt: skip
    return [Check(NAME, "note", said)]


def _texts(found: Candidate) -> Iterable[str]:
    """The texts that say the day of the rows."""
    when, table = found.when, found.table
    if when.cells:
        return (str(when.cells[row]).strip() for row in found.rows if when.cells[row])
    around = [*found.around, *(text for path in table.headers for text in path)]
    hits = ((hit, text) for text in around for hit in written.search(text))
    return (written.with_weekday(hit, text) for hit, text in hits if hit.kind == "day" and hit.day == when.day)


def asked(report: ImportReport, current: pd.DataFrame | None, today: date) -> ImportReport:
    """The report of an accepted file with one day, asked about where that is before the latest day that is held of its areas, and
    the other way round it would be the next."""
    check = next((one for one in report.checks if one.name == NAME), None)
    if report.status != ACCEPTED or check is None or len(report.as_of_dates) != 1 or current is None or report.changes.nothing:
        return report
    held = current.loc[current["area_code"].isin(report.rows["area_code"]), "as_of_date"]
    day, other = check.text.params["day"], check.text.params["other"]
    if held.empty or not isinstance(day, date) or not isinstance(other, date) or report.as_of_dates != (day,):
        return report
    latest = held.max().date()
    if not (day < latest < other <= today and (other - latest).days <= NEXT):
        return report
    readings = (
        Reading(T("{day}, the month before the day", day=other), {"date": other.isoformat()}),
        Reading(T("{day}, the day before the month", day=day), {"date": day.isoformat()}),
    )
    text = T("'{cell}' is {day} or {other}, and figures of {latest} are stored already. Which day are the figures about?",
             cell=check.text.params["cell"], day=day, other=other, latest=latest)  # fmt: skip
    question = Question("date", text, readings)
    return replace(report, status=NEEDS_CHOICE, reason=text, questions=(question,), rows=report.rows.iloc[:0], content_key="")
