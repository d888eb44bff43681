"""Count what becomes of files with a trap: ``python -m tests.silent``. Ends with 1 where one is read wrongly without a word.

exact: read as the file says; asked: with the right reading among the answers (``asked badly`` without); refused: with the cell
quoted where there is one (``refused badly`` without); wrong: taken with other figures, without a word. Class 0 has no trap: of
its files at most 8 % may be asked about.
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
from tests.layouts.trapped import Trapped
from tests.layouts.traps_by_class import make

TODAY = date(2026, 1, 1)
MOST_ASKED = 0.08  # of files without a trap
MOST_ANSWERS = 4  # questions one after the other


def figures(report: ImportReport) -> dict[str, tuple[int | None, ...]]:
    """code -> (eligible, recorded, unrecorded), None where not given."""
    return {
        row.area_code: tuple(None if pd.isna(n) else int(n) for n in (row.eligible, row.recorded, row.unrecorded))
        for row in report.rows.itertuples()
    }


def cards(report: ImportReport) -> dict[str, int]:
    """code -> cards printed, of the areas that give them."""
    rows = report.rows[report.rows["printed"].notna()]
    return {str(code): int(count) for code, count in zip(rows["area_code"], rows["printed"], strict=True)}


def right(case: Trapped, report: ImportReport) -> bool:
    """Whether a report holds what the file says."""
    said = case.truth is not None and figures(report) == case.truth and cards(report) == case.printed
    return said and report.as_of_dates == (case.day,)


def leads(case: Trapped, report: ImportReport, choices: Choices = UNDECIDED, depth: int = 0) -> bool:
    """Whether some answer to each question leads to what the file says."""
    if report.status == "accepted":
        return right(case, report)
    if depth >= MOST_ANSWERS or not report.questions:
        return False
    for reading in report.questions[0].readings:
        answered = choices.but(reading.choices)
        if leads(case, read_file(case.data, case.name, answered, today=TODAY), answered, depth + 1):
            return True
    return False


def outcome(number: int, seed: int) -> tuple[str, str, str]:
    """The trap, what became of the file, and a line about it."""
    trap, case = make(number, seed)
    report = read_file(case.data, case.name, today=TODAY)
    said = render(report.reason, "en") if report.reason else ""
    line = f"{number}:{seed} {trap} [{case.layout}] {case.name} {case.quote!r}: {said[:300]}"
    if report.status == "accepted":
        return trap, "exact" if right(case, report) else "wrong", line
    if report.status == "needs_choice":
        return trap, "asked" if case.truth is None or leads(case, report) else "asked badly", line
    told = said + " ".join(render(fault.text(), "en") for fault in report.refused_rows)
    return trap, "refused" if case.quote in told else "refused badly", line


def _task(key: tuple[int, int]) -> tuple[int, str, str, str]:
    return key[0], *outcome(*key)


def main() -> int:
    """All counts; 0 where nothing is wrong in silence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=900, help="files of each class")
    parser.add_argument("--classes", default="01234567")
    parser.add_argument("--show", default="wrong", help="outcomes whose files are listed, by commas")
    parser.add_argument("--most", type=int, default=20, help="files listed of each outcome and class")
    given = parser.parse_args()
    keys = [(int(number), seed) for number in given.classes for seed in range(given.size)]
    found: Counter[tuple[int, str]] = Counter()
    by_trap: Counter[tuple[int, str, str]] = Counter()
    start, shown = time.monotonic(), set(given.show.split(","))
    with get_context("spawn").Pool(2) as pool:
        for number, trap, what, line in pool.imap(_task, keys, chunksize=20):
            found[number, what] += 1
            by_trap[number, trap, what] += 1
            if what in shown and found[number, what] <= given.most:
                print("   ", what, line)
    outcomes = ("exact", "asked", "refused", "asked badly", "refused badly", "wrong")
    for number in sorted({number for number, _ in keys}):
        print(f"class {number}:", {what: found[number, what] for what in outcomes if found[number, what]})
        for trap in sorted({trap for one, trap, _ in by_trap if one == number}):
            print(f"    {trap}:", {what: by_trap[number, trap, what] for what in outcomes if by_trap[number, trap, what]})
    print(f"{len(keys)} in {time.monotonic() - start:.0f} s")
    clean = sum(count for (number, _), count in found.items() if number == 0)
    good = found[0, "exact"] >= (1 - MOST_ASKED) * clean
    return 0 if good and not any(what == "wrong" for _, what in found) else 1


if __name__ == "__main__":
    sys.exit(main())
