"""What is said about a file of each layout, as lines that a person can read: ``python -m tests.spec.said`` writes them anew.

The layouts are made apart from the code that reads them, each with its truth. A block begins with the layout; then what became of
it, and every sentence with which it was said: evidence (-), questions (?) with their readings (>), findings (!), faults (x). What
the figures are is not recorded: they are the truth of the layout or they are not ("exact", "other"), which the tests hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests import several
from tests.layouts import generate, habits, traps_by_class, whole

TODAY = date(2026, 1, 1)
RECORD = Path(__file__).with_name("said.txt")
GENERATED = range(31_000, 31_036)
TRAPPED = [(number, seed) for number in range(8) for seed in range(42_000, 42_012)]
LARGE = ("desa_and_recap", "export_split", "blocks_without_total_columns", "contradicting_total")  # tests/test_ingest_layouts.py


class Case(NamedTuple):
    """A file, the day or days and the figures that it says; ``truth`` is None where no reading is right."""

    label: str
    data: bytes
    name: str
    day: date | tuple[date, ...] | None
    truth: Any
    choices: Choices = Choices()


def cases() -> Iterator[Case]:
    """Every layout that is looked at."""
    for seed in GENERATED:
        made = generate.make(seed)
        yield Case(f"generated {seed}", made.data, made.name, made.day, made.truth)
    for number, seed in TRAPPED:
        trap, case = traps_by_class.make(number, seed)
        yield Case(f"class {number} {seed}: {trap} [{case.layout}]", case.data, case.name, case.day, case.truth)
    for make in whole.ALL:
        if make.__name__ not in LARGE:
            file = make()
            yield Case(make.__name__, file.data, file.name, file.day, file.truth, file.choices or Choices())  # type: ignore[arg-type]
    for label, file in habits.cases():
        yield Case(label, file.data, file.name, file.day, file.truth, file.choices or Choices())


def figures(report: ImportReport) -> dict[str, tuple[int | None, ...]]:
    """code -> (eligible, recorded, unrecorded), None where not given."""
    return {
        row.area_code: tuple(None if pd.isna(n) else int(n) for n in (row.eligible, row.recorded, row.unrecorded))
        for row in report.rows.itertuples()
    }


def exact(case: Case, report: ImportReport) -> bool:
    """Whether a report holds the figures of the file, of its day or days."""
    if isinstance(case.day, tuple):
        return several.figures(report) == case.truth and report.as_of_dates == case.day
    return figures(report) == case.truth and report.as_of_dates == (case.day,)


def lines(case: Case, report: ImportReport) -> list[str]:
    """What is said about a file."""
    said = report.to_json("en")
    became = [report.status, "exact" if exact(case, report) else "other"][: 1 + (report.status == "accepted")]
    made = [f"{case.label}: {' '.join(became)}"]
    if report.status == "accepted":
        made.append(f"  {said['areas']} areas, silent: {len(said['silent'])}, choices: {_plain(said['choices'])}")
    if report.preview is not None:
        made.append(f"  header {report.preview.header_rows}, data from {report.preview.first_data_row}: {report.preview.roles}")
    made += [f"  - {one['choice']} {'; '.join(one['reasons'])}".rstrip() for one in said["evidence"]]
    for question in said["questions"]:
        made.append(f"  ? {question['question']}")
        made += [f"    > {one['label']} {_plain(one['totals'])}".rstrip() for one in question["readings"]]
    made += [f"  ! {one['name']} {one['text']} {one['rows']} {one['areas']}" for one in said["checks"]]
    made += [f"  x {fault}" for fault in said["faults"]]
    if said["reason"] and not said["questions"]:
        made.append(f"  x {said['reason']}")
    return [" ".join(line.split("\n")) for line in made]


def _plain(given: dict[str, Any] | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in (given or {}).items() if value is not None)


def blocks() -> Iterator[tuple[Case, ImportReport, list[str]]]:
    for case in cases():
        report = read_file(case.data, case.name, case.choices, today=TODAY)
        yield case, report, lines(case, report)


if __name__ == "__main__":
    RECORD.write_text("\n".join(line for *_, block in blocks() for line in block) + "\n", encoding="utf-8")
