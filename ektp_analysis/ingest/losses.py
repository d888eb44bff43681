"""What shows that a file has lost rows: a numbering that leaps, rows run together there, areas missing on some of its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core.area import NATION, register
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest import summary
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Cells
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.evidence import joined, off_totals
from ektp_analysis.ingest.report import Check
from ektp_analysis.ingest.rows import Draft, shown

FEWEST_NUMBERED = 4  # rows with a number that show how a column counts
MOST_LEAPS = 0.1  # of the steps of a numbering, and one in any: where more of them leap, it was never one without gaps
MOST_PAIRS, MOST_IN_WORDS = 200, 8  # areas missing on a day that a finding lists, and that its sentence names

FEWEST_EVEN, MOST_EVEN = 5, 0.9  # rows that show how many cells a row has, and the share of them that has so many
MEND = T("Compare it with what the file was exported from, and export or copy it again.")


def gaps(table: Table) -> Mapping[int, int]:
    """Position of a body row -> how many numbers are left out before it, in a column that else counts 1, 2, 3, also anew in each
    block. Empty where there is no such column, or where it leaps too often to be one."""
    for place, path in enumerate(table.headers):
        if words.is_row_number(path):
            return _leaps(table.columns[place])
    return {}


def _leaps(column: Cells) -> dict[int, int]:
    numbers = column.numbers if column.kinds == {float} else np.array([_whole(cell) for cell in column.all], dtype=float)
    rows = np.flatnonzero(~np.isnan(numbers))
    if len(rows) < FEWEST_NUMBERED:
        return {}
    numbered = numbers[rows]
    steps, anew = np.diff(numbered), numbered[1:] == 1
    if (odd := (steps != 1) & ~anew).sum() > max(1, MOST_LEAPS * len(steps)):
        return {}
    goes_on = np.append((steps[1:] == 1) | anew[1:], True)  # else the number itself is a slip
    leaps = odd & (steps > 1) & goes_on
    return {int(row): int(step) - 1 for row, step in zip(rows[1:][leaps], steps[leaps], strict=True)}


def _whole(cell: object) -> float:
    """The number that a cell gives its row, as in 7 or 7.; NaN where it gives none."""
    if isinstance(cell, float):
        return cell
    text = cell.strip().removesuffix(".") if isinstance(cell, str) else ""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 8 else np.nan


def told(found: Candidate) -> list[Check]:
    """That the numbering of a table leaps: rows that stood there are missing."""
    leaps = gaps(found.table)
    if not leaps:
        return []
    first, numbers = min(leaps), found.table.row_numbers
    text = TN(
        "The numbering of the rows leaps before row {row}: {n} row is missing there, or was run together with its neighbour. "
        "Compare the file with what it was exported from.",
        "The numbering of the rows leaps before row {row}: {n} rows are missing there, or were run together with their "
        "neighbours. Compare the file with what it was exported from.",
        n=leaps[first],
        row=str(numbers[first]),
    )
    if len(leaps) > 1:
        text = T(
            "The numbering of the rows leaps in {places} places, the first before row {row}: {n} rows are missing in all, or "
            "were run together with their neighbours. Compare the file with what it was exported from.",
            places=len(leaps),
            row=str(numbers[first]),
            n=sum(leaps.values()),
        )
    return [Check("numbering", "warning", text, tuple(int(numbers[row]) for row in sorted(leaps)))]


def run_together(found: Candidate, rows: Sequence[int], draft: Draft) -> Draft:
    """The draft with those rows faulty that stand where the numbering leaps and contradict themselves, by a name that is not
    their code's or by parts that are not their total. ``rows``: the body row of each row of the draft."""
    leaps = gaps(found.table)
    if not leaps:
        return draft
    odd = {one.row for one in found.placed.disagree}.union(*(off for _, off in off_totals(found).values()))
    beside = odd & {row for leap in leaps for row in (leap, leap - 1)}
    bad = np.fromiter((row in beside for row in rows), dtype=bool, count=len(rows))

    def fault(position: int) -> tuple[Text, Text, str, str]:
        said = T(
            "The numbering leaps here and the row contradicts itself: it may be the beginning of one row and the end of another."
        )
        return said, MEND, "", shown(found.table.name_of(rows[position]))

    return draft.marked(bad & ~draft.bad, "torn", fault)


def uneven(draft: Draft, rows: Sequence[Sequence[object]], last: int) -> Draft:
    """The draft with those rows faulty that have fewer or more cells than nearly all others: too few for the figures, or some
    beyond the last column. ``rows``: of the sheet, as long as the file has them; ``last``: the last column of figures, from 0."""
    own = [rows[number - 1] for number in draft.row_numbers]
    if len(own) < FEWEST_EVEN:
        return draft
    widths = np.array([len(row) for row in own])
    usual = int(np.bincount(widths).argmax())
    if (widths == usual).mean() < MOST_EVEN:
        return draft
    bad = np.zeros(len(own), dtype=bool)
    for position in np.flatnonzero(widths != usual).tolist():
        row = own[position]
        bad[position] = len(row) <= last < usual or any(map(filled, row[usual:]))

    def fault(position: int) -> tuple[Text, Text, str, str]:
        said = T("The row has {n} cells, the others have {usual}.", n=len(own[position]), usual=usual)
        return said, MEND, "", shown(" ".join(str(cell) for cell in own[position] if filled(cell)))

    return draft.marked(bad & ~draft.bad, "torn", fault)


def odd_basis(rows: pd.DataFrame, numbers: Any) -> tuple[Check, ...]:
    """That a single row names another basis than all others, which agree. ``numbers``: of the rows in the file."""
    basis = rows["basis"]
    if len(basis) < FEWEST_EVEN or summary.all_equal(basis):
        return ()
    counted = basis.value_counts(dropna=False)
    if len(counted) != 2 or counted.iloc[1] != 1:
        return ()
    at = int(np.flatnonzero((basis == counted.index[1]).to_numpy(dtype=bool))[0])
    text = T(
        "Row {row} alone names the basis '{own}', all others '{others}'. Compare it with what the file was exported from.",
        row=str(numbers[at]),
        own=shown(counted.index[1]),
        others=shown(counted.index[0]),
    )
    return (Check("odd_basis", "warning", text, (int(numbers[at]),), (str(rows["area_code"].iloc[at]),)),)


def absent(keys: summary.Keys, silent: Sequence[str] = ()) -> tuple[Check, ...]:
    """Areas that stand on some days of a file and not on others on which their sisters do. Of desa of which none of a kecamatan
    is there, the kecamatan is named. ``silent``: those that are told of the latest day already."""
    days, codes = len(keys.dates), keys.codes
    if days < 2 or days * len(codes) == len(keys.area):
        return ()
    partly = np.flatnonzero(np.bincount(keys.area, minlength=len(codes)) < days)
    if days * len(partly) > summary.SPARSE * len(keys.area):
        return ()  # areas that report once in a while are missing on most days
    place = np.full(len(codes), -1)
    place[partly] = np.arange(len(partly))
    there = np.zeros((len(partly), days), dtype=bool)
    rows = place[keys.area] >= 0
    there[place[keys.area[rows]], keys.day[rows]] = True
    around, told = _Around(keys), frozenset(silent)
    missing = ((day, around.missing(codes[partly[at]], day)) for at, day in np.argwhere(~there).tolist())
    pairs = sorted({(day, code) for day, code in missing if code and not (day == days - 1 and code in told)})
    if not pairs:
        return ()
    named = [
        T("{area} on {day}", area=f"{code} {register().name(code)}", day=_day(keys, day)) for day, code in pairs[:MOST_IN_WORDS]
    ]
    text = TN(
        "{n} area is missing on a day on which its neighbours are there: {areas}.",
        "{n} times an area is missing on a day on which its neighbours are there, the first: {areas}.",
        n=len(pairs),
        areas=joined(named),
    )
    return (Check("absent", "warning", text, (), tuple(dict.fromkeys(code for _, code in pairs[:MOST_PAIRS]))),)


def _day(keys: summary.Keys, day: int) -> date:
    found: date = pd.Timestamp(keys.dates[day]).date()
    return found


class _Around:
    """Which larger areas have a part on a day, and which of them report themselves."""

    def __init__(self, keys: summary.Keys) -> None:
        """Look at each row once."""
        self.held: set[tuple[int, str]] = set()
        codes = [_above(code) for code in keys.codes]
        numbers, larger = pd.factorize(np.array(codes, dtype=object))
        pairs = np.unique(keys.day * len(larger) + numbers[keys.area])
        for day, at in zip((pairs // len(larger)).tolist(), (pairs % len(larger)).tolist(), strict=True):
            code = str(larger[at])
            while code and (day, code) not in self.held:
                self.held.add((day, code))
                code = _above(code)
        themselves = [number for number, code in enumerate(keys.codes) if code in set(larger)]
        rows = np.isin(keys.area, themselves)
        self.reporting = {
            (day, keys.codes[area]) for day, area in zip(keys.day[rows].tolist(), keys.area[rows].tolist(), strict=True)
        }

    def missing(self, code: str, day: int) -> str:
        """The area that is missing on a day where this one is, itself or the largest around it of which nothing is there;
        '' where its parts are there, or an area around it
        reports itself."""
        if (day, code) in self.held:
            return ""  # its parts are there
        while (above := _above(code)) and (day, above) not in self.held:
            if (day, above) in self.reporting:
                return ""
            code = above
        return code if above else ""


def _above(code: str) -> str:
    """The area around an area; '' around the nation."""
    return code.rpartition(".")[0] or ("" if code == NATION else NATION)
