"""Count what becomes of files with several days or tables: ``python -m tests.several``. Ends with 1 where one is read wrongly in
silence, where more than 8 % of those that say enough are asked about, or where a question has no answer that leads to the truth.

The outcomes are those of :mod:`tests.silent`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import date
from multiprocessing import get_context

import pandas as pd

from ektp_analysis.core.text import render
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import UNDECIDED, Choices, ImportReport
from tests.layouts.several import RULES, Several, Truth, make

TODAY = date(2026, 1, 1)
MOST_ASKED = 0.08  # of files that say enough
MOST_ANSWERS = 5  # questions one after the other
GOOD = ("exact", "asked", "refused")


def figures(report: ImportReport) -> Truth:
    """(code, day) -> (eligible, recorded, unrecorded), None where not given."""
    return {
        (row.area_code, row.as_of_date.date()): tuple(
            None if pd.isna(n) else int(n) for n in (row.eligible, row.recorded, row.unrecorded)
        )
        for row in report.rows.itertuples()
    }


def right(case: Several, report: ImportReport) -> bool:
    """Whether a report holds what the file says, and its parts tell all of its rows."""
    rows = [one.rows for one in report.parts]
    told = not rows or sum(rows) == len(report.rows) or set(rows) == {len(report.rows)}  # the latter: men and women, added
    return case.truth is not None and figures(report) == case.truth and told


def leads(case: Several, report: ImportReport, choices: Choices = UNDECIDED, depth: int = 0) -> bool:
    """Whether some answer to each question leads to what the file says, and no question comes twice."""
    if report.status == "accepted":
        return right(case, report)
    if depth >= MOST_ANSWERS or not report.questions:
        return False
    first = report.questions[0]
    for reading in first.readings:
        answered = choices.but(reading.choices)
        again = read_file(case.data, case.name, answered, today=TODAY)
        if any((one.topic, one.subject, one.text) == (first.topic, first.subject, first.text) for one in again.questions):
            return False
        if leads(case, again, answered, depth + 1):
            return True
    return False


def outcome(seed: int) -> tuple[str, str, str, bool]:
    """The rule, what became of the file, a line about it, and whether the file says enough."""
    case = make(seed)
    report = read_file(case.data, case.name, today=TODAY)
    said = render(report.reason, "en") if report.reason else ""
    line = f"{seed} {case.rule} [{case.layout}] {case.quote!r}: {said[:300]}"
    clear = case.truth is not None and not case.open
    if report.status == "accepted":
        repeated = read_file(case.data, "renamed.bin", report.choices, today=TODAY)
        same = repeated.status == "accepted" and repeated.rows.equals(report.rows)
        return case.rule, ("exact" if same else "not repeated") if right(case, report) else "wrong", line, clear
    told = said + " ".join(render(one.text, "en") for one in report.questions)
    told += " ".join(render(fault.text(), "en") for fault in report.refused_rows)
    named = case.quote in told
    if report.status == "needs_choice":
        good = named if case.truth is None else leads(case, report)
        return case.rule, "asked" if good else "asked badly", line, clear
    return case.rule, "refused" if named and case.truth is None else "refused badly", line, clear


def main() -> int:
    """All counts; 0 where all is good."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000)
    parser.add_argument("--rules", default="", help="of them only those in whose name this stands")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--show", default="wrong,asked badly,refused badly,not repeated", help="outcomes whose files are listed")
    parser.add_argument("--most", type=int, default=3, help="files listed of each rule and outcome")
    given = parser.parse_args()
    found: Counter[tuple[str, str]] = Counter()
    asked = clear = 0
    start, shown = time.monotonic(), set(given.show.split(","))
    with get_context("spawn").Pool(2) as pool:
        seeds = [
            seed for seed in range(given.first, given.first + given.size) if given.rules in RULES[seed % len(RULES)].__name__
        ]
        for rule, what, line, enough in pool.imap(outcome, seeds, chunksize=5):
            found[rule, what] += 1
            clear += enough
            asked += enough and what != "exact"
            if what in shown and found[rule, what] <= given.most:
                print("   ", what, line)
    for rule in (one.__name__ for one in RULES):
        print(f"{rule}:", {what: many for (one, what), many in sorted(found.items()) if one == rule})
    print(f"{given.size} in {time.monotonic() - start:.0f} s; of {clear} that say enough {asked} are asked about")
    return 0 if asked <= MOST_ASKED * clear and all(what in GOOD for _, what in found) else 1


if __name__ == "__main__":
    sys.exit(main())
