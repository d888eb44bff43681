"""What shows that a file has lost rows, or has some twice: a numbering that leaps, rows run together there, areas missing on some
of its days, an area that has what all others have together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core.area import NATION, register
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.ingest import summary
from ektp_analysis.ingest.candidate import Candidate
from ektp_analysis.ingest.cells import words, written
from ektp_analysis.ingest.cells.column import Cells
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.evidence import joined, off_totals
from ektp_analysis.ingest.places import totals
from ektp_analysis.ingest.report import Check
from ektp_analysis.ingest.rows import Draft, shown

FEWEST_NUMBERED = 3  # rows with a number that show how a column counts
MOST_BEFORE = 2  # times the numbered rows that may be missing before the first: beyond it, the column holds codes
MOST_NUMBER = 1_500_000  # a larger one numbers no row
MOST_LEAPS = 0.1  # of the steps of a numbering, and one in any: where more of them leap, it was never one without gaps
MOST_PAIRS, MOST_IN_WORDS = 200, 8  # areas missing on a day that a finding lists, and that its sentence names

FEWEST_HEADED = 2  # columns headed by what stands in all of their rows: a single one may be the name of the kabupaten
FEWEST_ALIKE = 3  # rows of areas that show how many cells a row has, where another is only asked about
FEWEST_EVEN, MOST_EVEN = 5, 0.9  # rows that show how many cells a row has, and the share of them that has so many
MEND = T("Compare it with what the file was exported from, and export or copy it again.")


def gaps(table: Table, *, alone: bool = False) -> Mapping[int, int]:
    """Position of a body row -> how many numbers are left out before it, in a column that else counts 1, 2, 3, also anew in each
    block. Empty where there is no such column, or where it leaps too often to be one. ``alone``: the table goes on from no other,
    so that numbers are left out before the first row too, where it is not 1."""
    for place, path in enumerate(table.headers):
        if words.is_row_number([part for part in path if not part.isdigit()]):  # a number is what is left of a torn row
            return _leaps(table.columns[place], lambda row: sum(map(filled, table.rows[row])) == 1, alone=alone)
    return {}


def _leaps(column: Cells, bare: Callable[[int], bool], *, alone: bool) -> dict[int, int]:
    """As :func:`gaps`, of one column. ``bare``: whether a row shows nothing but its number, and so is none."""
    numbers = column.numbers if column.kinds == {float} else np.array([_whole(cell) for cell in column.all], dtype=float)
    rows = np.flatnonzero(numbers <= MOST_NUMBER)
    if len(rows) < FEWEST_NUMBERED:
        return {}
    breaks = np.flatnonzero(np.diff(numbers[rows]) != 1) + 1
    rows = np.delete(rows, [place for place in breaks.tolist() if bare(int(rows[place]))])
    numbered = _mended(numbers[rows])
    steps, anew = np.diff(numbered), numbered[1:] == 1
    if (odd := (steps != 1) & ~anew).sum() > max(1, MOST_LEAPS * len(steps)):
        return {}
    leaps = odd & (steps > 1)
    found = {int(row): int(step) - 1 for row, step in zip(rows[1:][leaps], steps[leaps], strict=True)}
    before = int(numbered[0]) - 1
    late = alone and steps[0] == 1 and 0 < before <= MOST_BEFORE * len(rows)
    return {int(rows[0]): before, **found} if late else found


def _mended(numbers: Any) -> Any:
    """The numbers with each that fits to neither of its neighbours, as a slip does, replaced by the one it should be; as they
    are where more of them are so than in a numbering."""
    odd = (np.diff(numbers) != 1) & (numbers[1:] != 1)
    slips = np.flatnonzero(odd[:-1] & odd[1:]) + 1
    if not len(slips) or odd.sum() > max(2, MOST_LEAPS * len(odd)):
        return numbers
    made = numbers.copy()
    for place in slips.tolist():
        made[place] = made[place - 1] + 1
    return made


def _whole(cell: object) -> float:
    """The number that a cell gives its row, as in 7 or 7.; NaN where it gives none."""
    if isinstance(cell, float):
        return cell
    text = cell.strip().removesuffix(".") if isinstance(cell, str) else ""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 8 else np.nan


def told(found: Candidate, *, alone: bool = False) -> list[Check]:
    """That rows are missing, or that one may be the total of the others. ``alone``: as for :func:`gaps`."""
    return [*_leaping(found, alone=alone), *_as_all(found)]


def _as_all(found: Candidate) -> list[Check]:
    """The areas that have what all others have together: were one their total, everybody would be counted twice."""
    return [
        Check(
            "as_all",
            "warning",
            T(
                "Row {row}: {area} has to the digit what all other areas have together. If this is their total, take it out.",
                row=str(found.table.row_numbers[number]),
                area=f"{found.placed.codes[number]} {register().name(found.placed.codes[number])}",
            ),
            (int(found.table.row_numbers[number]),),
            (found.placed.codes[number],),
        )
        for number in totals.as_large_as_all(found.figures, found.kinds, found.placed, found.level)
    ]


def _leaping(found: Candidate, *, alone: bool) -> list[Check]:
    """That the numbering of a table leaps: rows that stood there are missing."""
    leaps = gaps(found.table, alone=alone)
    if not leaps:
        return []
    first, numbers = min(leaps), found.table.row_numbers
    text = TN(
        "The numbering of the rows jumps before row {row}: {n} row is missing there, or was joined to its "
        "neighbour. Compare the file with what it was exported from.",
        "The numbering of the rows jumps before row {row}: {n} rows are missing there, or were joined to "
        "their neighbours. Compare the file with what it was exported from.",
        n=leaps[first],
        row=str(numbers[first]),
    )
    if len(leaps) > 1:
        text = T(
            "The numbering of the rows jumps in {places} places, the first before row {row}: {n} rows are "
            "missing in all, or were joined to their neighbours. Compare the file with what it was exported from.",
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
            "The numbering jumps here and the row contradicts itself: it may be the beginning of one row and the end of another."
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


def unlike(found: Candidate, rows: Sequence[Sequence[object]]) -> list[Check]:
    """Rows among those of areas that have fewer or more cells than these: an area whose row ends before its figures or goes on
    behind them, or a row with numbers that is read as nothing. ``rows``: of the sheet, as long as the file has them."""
    own = [rows[number - 1] for number in found.table.row_numbers]
    usual = _usual([len(own[number]) for number in found.rows])
    places = [place for columns in found.picked.columns.values() for place in columns]
    if not usual or not places:
        return []
    last = max(totals.positions(found.kinds, totals.AREA))
    odd = [
        number
        for number, kind in enumerate(found.kinds[: last + 1])
        if len(own[number]) != usual and _tells(own[number], usual, max(places), kind)
    ]
    if not odd:
        return []
    text = TN(
        "Row {row} has {cells} cells, the others have {usual}: rows may be lost there, or joined.",
        "{n} rows do not have {usual} cells like all others, the first row {row}: rows may be lost there, or joined.",
        n=len(odd),
        row=str(found.table.row_numbers[odd[0]]),
        cells=len(own[odd[0]]),
        usual=usual,
    )
    areas = tuple(found.placed.codes[number] for number in odd if found.placed.codes[number])
    return [Check("unlike", "warning", text, tuple(int(found.table.row_numbers[number]) for number in odd), areas)]


def headed(found: Candidate) -> list[Check]:
    """Columns that are headed by what stands in each of their rows, as where the header has run into a row."""
    table = found.table
    if len(found.rows) < FEWEST_ALIKE:
        return []
    columns = zip(table.headers, table.columns, strict=True)
    same = [path[-1] for path, column in columns if path and column.kinds == {str} and column.texts == {path[-1]}]
    if len(same) < FEWEST_HEADED:
        return []
    text = T(
        "The header is '{cells}', like the rows below it: it may be the beginning of the header and the end of a row.",
        cells=shown(", ".join(same)),
    )
    return [Check("headed", "warning", text, tuple(table.header_rows))]


def _usual(widths: Sequence[int]) -> int:
    """How many cells nearly all rows have, or all but one; 0 where they have not."""
    counted = Counter(widths).most_common(1)
    odd = len(widths) - counted[0][1] if counted else 0
    return counted[0][0] if len(widths) >= FEWEST_ALIKE and odd <= max(1, (1 - MOST_EVEN) * len(widths)) else 0


def _tells(row: Sequence[object], usual: int, last: int, kind: str) -> bool:
    """Whether a row with other cells than usual may be what is left of others: an area's that ends before the last figures or
    goes on behind the usual cells, or one with numbers that is neither an area's nor a total."""
    if kind == totals.AREA:
        return len(row) <= last < usual or any(map(filled, row[usual:]))
    return kind not in (totals.TOTAL, totals.APART) and any(letter.isdigit() for letter in _without_days(row))


def _without_days(row: Sequence[object]) -> str:
    """The text of a row without the days that it names."""
    text = " ".join(map(str, row))
    for hit in written.search(text):
        text = text.replace(hit.text, " ")
    return text


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
    lost = [(day, int(partly[at])) for at, day in np.argwhere(~there).tolist() if around.missing(codes[partly[at]], day)]
    name = "cut_out" if _in_one_piece(keys, lost) else "absent"
    named = [
        T("{area} on {day}", area=f"{code} {register().name(code)}", day=_day(keys, day)) for day, code in pairs[:MOST_IN_WORDS]
    ]
    text = TN(
        "{n} area is missing on a day on which its neighbours are there: {areas}.",
        "{n} times an area is missing on a day on which its neighbours are there, the first: {areas}.",
        n=len(pairs),
        areas=joined(named),
    )
    return (Check(name, "warning", text, (), tuple(dict.fromkeys(code for _, code in pairs[:MOST_PAIRS]))),)


def _in_one_piece(keys: summary.Keys, lost: Collection[tuple[int, int]]) -> bool:
    """Whether the rows that are missing would follow each other in the file, whose days, or areas, stand together; but not where
    a single area began late or stopped. ``lost``: the day and the area of each, as places in the keys."""
    day, area = _in_order_of_rows(keys.day, len(keys.dates)), _in_order_of_rows(keys.area, len(keys.codes))
    if (np.diff(day[keys.day]) >= 0).all():
        places = [int(day[one]) * len(area) + int(area[other]) for one, other in lost]
    elif (np.diff(area[keys.area]) >= 0).all():
        places = [int(area[other]) * len(day) + int(day[one]) for one, other in lost]
        days = {one for one, _ in lost}
        if len({other for _, other in lost}) == 1 and days & {0, len(day) - 1}:
            return False
    else:
        return False
    return max(places) - min(places) == len(places) - 1


def _in_order_of_rows(column: Any, size: int) -> Any:
    """The rank of each value among those that begin earlier in the file; of one in no row, the last."""
    found, first = np.unique(column, return_index=True)
    ranks = np.full(size, size - 1)
    ranks[found[np.argsort(first)]] = np.arange(len(found))
    return ranks


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
