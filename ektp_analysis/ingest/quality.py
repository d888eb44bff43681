"""Findings about the quality of the figures of one file that need no other: told and never mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core.text import TN, Percent, T, Text
from ektp_analysis.ingest import losses
from ektp_analysis.ingest.report import Check

ROUND = 0.6  # of the counts: one in ten is round by chance
FEWEST, SMALLEST = 10, 10  # counts that are looked at; a smaller one is not called round
MOST_NAMED = 5  # rows whose percentage is off that are told one by one
ROUNDING, MOST_DECIMALS = 1e-9, 6  # what binary fractions may be off; decimals of a printed percentage that are looked at
MOST_ROWS, MOST_AREAS = 1_000, 50  # that a finding lists
HARDLY, USUAL, FEWEST_SHARES = 0.4, 0.7, 4  # of the eligible: an area below where half of the areas, of so many, are above
USUALLY_MORE = 50  # unrecorded of half of the other areas: one with none of them beside these has not reported, perhaps
ZERO_MORE, TIMES = 100, 3.0  # a count that ends in 0, and so often the most of any sister: a zero too many, perhaps
_BLOCK = 1 << 14
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Rows = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def checks(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Findings that do not need the past: a percentage that contradicts its counts, coverage above 100 % or hardly any, far more
    people than in every sister, more cards printed than people recorded, more to be cleaned off the list than are
    unrecorded."""
    more = (*_more_printed(solved, rows), *_more_to_clean(solved, rows))
    return (
        *_low(solved),
        *_hardly_any(solved, rows),
        *_none(solved, rows),
        *_zero_too_many(solved, rows),
        *_of_shares(solved, rows),
        *more,
        *losses.odd_basis(solved, rows),
    )


def _low(solved: pd.DataFrame) -> tuple[Check, ...]:
    """Fewer recorded than unrecorded over all areas, as where two headers were exchanged."""
    both = (solved["recorded"].notna() & solved["unrecorded"].notna()).to_numpy()
    done, left = (int(solved[name].to_numpy(dtype="int64", na_value=0)[both].sum()) for name in ("recorded", "unrecorded"))
    if left <= done:
        return ()
    text = T(
        "Only {done} are recorded and {left} are not. Are the columns of recorded and unrecorded swapped?", done=done, left=left
    )
    return (Check("low", "warning", text),)


def _hardly_any(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Areas where few are recorded while most are in the others: they have not reported, or gave the figure of a week."""
    share = solved["coverage"].astype("float64").to_numpy()
    known = share[~np.isnan(share)]
    few = np.nan_to_num(share, nan=1.0) < HARDLY
    if len(known) < FEWEST_SHARES or not few.any() or float(np.median(known)) < USUAL:
        return ()
    text = TN(
        "In {n} row hardly anybody is recorded, unlike in the others: is it the figure of all who are recorded so far?",
        "In {n} rows hardly anybody is recorded, unlike in the others: are they the figures of all who are recorded so far?",
        n=int(few.sum()),
    )
    return (listed("hardly_any", text, solved, rows, few),)


def _none(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Areas of which the file says 0 where no area has none, or where the others have many: they have not reported, perhaps."""
    eligible, left = (solved[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("eligible", "unrecorded"))
    nobody = eligible == 0
    others = left[(left > 0) & ~nobody]
    many = len(others) >= FEWEST_SHARES and float(np.median(others)) >= USUALLY_MORE
    zero = nobody | ((left == 0) & np.isnan(eligible) & many)
    if not zero.any() or zero.all():
        return ()
    text = TN(
        "{n} area has 0, unlike the others: is 0 its figure, or has it not reported? Leave the cell empty where it has not.",
        "{n} areas have 0, unlike the others: is 0 their figure, or have they not reported? Leave the cells empty where not.",
        n=int(zero.sum()),
    )
    return (listed("none", text, solved, rows, zero),)


def _zero_too_many(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Areas whose unrecorded end in 0 and are far more than in every sister on that day (of the eligible, where these are known
    throughout), or whose eligible are, with as many fewer of them unrecorded: a cell with one zero too many, perhaps, which no
    other column and no total contradicts."""
    eligible, left = (solved[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("eligible", "unrecorded"))
    part = left / np.where(eligible > 0, eligible, np.nan)
    sisters = _sisters(solved)
    of_left = _ending_in_zero(left, left if np.isnan(eligible).any() else part, sisters)
    of_whole = _ending_in_zero(eligible, eligible, sisters)
    if len(of_whole):
        of_whole = np.intersect1d(of_whole, _far_above(1 / np.where(part > 0, part, np.nan), sisters))
    found = np.zeros(len(solved), dtype=bool)
    found[of_left] = found[of_whole] = True
    if not found.any():
        return ()
    text = TN(
        "In {n} row a number ends in 0 and is far above that of all the others: is there a zero too many?",
        "In {n} rows a number ends in 0 and is far above that of all the others: is there a zero too many?",
        n=int(found.sum()),
    )
    return (listed("zero_too_many", text, solved, rows, found),)


def _sisters(solved: pd.DataFrame) -> tuple[Rows, Rows]:
    """The rows in an order in which those of the areas within one on a day follow each other, and where each such run begins."""
    number, codes = pd.factorize(solved["area_code"])
    above = pd.factorize(np.array([code.rpartition(".")[0] for code in codes], dtype=object))[0][number]
    run = above * len(solved) + pd.factorize(solved["as_of_date"])[0]
    order = np.argsort(run, kind="stable")
    return order, np.flatnonzero(np.diff(run[order], prepend=-1))


def _far_above(size: Floats, sisters: tuple[Rows, Rows]) -> Rows:
    """The rows whose size is so many times that of every sister, where enough of these have one."""
    order, begins = sisters
    if not len(order):
        return order
    sizes = np.nan_to_num(size[order], nan=-1.0)
    lengths = np.diff(begins, append=len(order))
    first = sizes == np.repeat(np.maximum.reduceat(sizes, begins), lengths)
    second = np.maximum.reduceat(np.where(first, -1.0, sizes), begins)
    known, alone = (np.add.reduceat(one, begins, dtype=np.int64) for one in (sizes >= 0, first))
    enough = np.repeat((known > FEWEST_SHARES) & (alone == 1) & (second > 0), lengths)
    return np.asarray(order[first & enough & (sizes >= TIMES * np.repeat(second, lengths))])


def _ending_in_zero(counts: Floats, size: Floats, sisters: tuple[Rows, Rows]) -> Rows:
    """The rows whose count ends in 0 of those whose size is far above their sisters'; none where most of these end otherwise:
    where areas are that unlike, some end in 0 by chance."""
    far = _far_above(size, sisters)
    found = far[(counts[far] >= ZERO_MORE) & (counts[far] % 10 == 0)]
    return np.asarray(found if 2 * len(found) > len(far) else found[:0])


def _more_printed(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Cards are printed anew when lost or changed, so that more of them than people is told and not refused."""
    return _more(
        "more_printed",
        ("printed", "recorded"),
        lambda n: TN(
            "In {n} row more cards are printed than people are recorded; perhaps reprinted cards are counted.",
            "In {n} rows more cards are printed than people are recorded; perhaps reprinted cards are counted.",
            n=n,
        ),
        solved,
        rows,
    )


def _more_to_clean(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """Who is to be cleaned off the list is on it, and unrecorded. Nobody knows which of the two counts is wrong, so both stay."""
    return _more(
        "more_to_clean",
        ("to_clean", "unrecorded"),
        lambda n: TN(
            "In {n} row more are to be cleaned off the list than are unrecorded; perhaps some are off it already.",
            "In {n} rows more are to be cleaned off the list than are unrecorded; perhaps some are off it already.",
            n=n,
        ),
        solved,
        rows,
    )


def _more(
    name: str, columns: tuple[str, str], said: Callable[[int], Text], solved: pd.DataFrame, rows: Rows
) -> tuple[Check, ...]:
    """The rows in which the first column counts more than the second, where both are known."""
    part, whole = (solved[column] for column in columns)
    if part.isna().all():
        return ()
    more = (part > whole).to_numpy(dtype=bool, na_value=False)
    return (listed(name, said(int(more.sum())), solved, rows, more),) if more.any() else ()


def _of_shares(solved: pd.DataFrame, rows: Rows) -> tuple[Check, ...]:
    """A percentage that contradicts its counts, coverage above 100 %, round numbers."""
    if solved["coverage_reported"].isna().all():
        return (*_above(solved, (solved["coverage"] > 1), rows), *round_numbers(solved, rows))
    found: list[Check] = []
    printed = pd.to_numeric(solved["coverage_reported"], errors="coerce")
    point = solved["coverage_reported"].str.find(".")
    decimals = (solved["coverage_reported"].str.len() - point - 1).where(point >= 0, 0).fillna(0)
    share = solved["coverage"].astype("float64") * 100
    unit = 10.0 ** -decimals.clip(upper=MOST_DECIMALS).astype("float64")
    off = ((share - printed).abs() >= unit + ROUNDING).fillna(False).to_numpy(dtype=bool)
    for position in np.flatnonzero(off)[:MOST_NAMED]:
        row, places = solved.iloc[position], int(decimals.iloc[position])
        text = T(
            "Row {row}, {area}: {recorded} of {eligible} is {computed}, but the file says {printed}.",
            row=str(rows[position]),
            area=row.area_code,
            recorded=int(row.recorded),
            eligible=int(row.eligible),
            computed=Percent(float(row.coverage), max(2, places)),
            printed=Percent(float(row.coverage_reported) / 100, places),
        )
        found.append(Check("percentage", "warning", text, (int(rows[position]),), (str(row.area_code),)))
    if int(off.sum()) > MOST_NAMED:
        text = TN(
            "In {n} row the percentage in the file does not agree with the counts.",
            "In {n} rows the percentage in the file does not agree with the counts.",
            n=int(off.sum()),
        )
        found.append(Check("percentage", "warning", text, tuple(int(row) for row in rows[off][:MOST_ROWS])))
    return (*found, *_above(solved, (solved["coverage"] > 1) | (printed > 100), rows), *round_numbers(solved, rows))


def _above(solved: pd.DataFrame, mask: pd.Series, rows: Rows) -> tuple[Check, ...]:
    above = mask.to_numpy(dtype=bool, na_value=False)
    if not above.any():
        return ()
    text = TN(
        "{n} row is above 100%: people recorded there but living elsewhere are counted; the unrecorded are unknown there.",
        "{n} rows are above 100%: people recorded there but living elsewhere are counted; the unrecorded are unknown there.",
        n=int(above.sum()),
    )
    return (listed("above_100", text, solved, rows, above),)


def round_numbers(solved: pd.DataFrame, rows: Any) -> tuple[Check, ...]:
    """Tens of areas whose unrecorded are round numbers were estimated rather than counted."""
    for name in ("unrecorded", "eligible"):
        values = solved[name].to_numpy(dtype="int64", na_value=0)
        if _mostly_round(values):
            mask = (values >= SMALLEST) & (values % 10 == 0)
            text = TN(
                "{n} area has a round number; it looks estimated, not counted.",
                "{n} areas have round numbers; they look estimated, not counted.",
                n=int(solved["area_code"][mask].nunique()),
            )
            return (listed("round_numbers", text, solved, rows, mask),)
    return ()


def listed(name: str, text: Text, solved: pd.DataFrame, rows: Any, mask: Any) -> Check:
    """A warning with the first of the rows and areas that it is about."""
    areas = tuple(solved["area_code"][mask].drop_duplicates().head(MOST_AREAS))
    return Check(name, "warning", text, tuple(int(row) for row in rows[mask][:MOST_ROWS]), areas)


def _mostly_round(values: Any) -> bool:
    """Whether most of the counts that are not small are round, of ten or more; in blocks, for there may be many."""
    counted = odd = 0
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        large = block[block >= SMALLEST] if block.min() < SMALLEST else block
        counted += len(large)
        odd += int(np.count_nonzero(large // 10 * 10 != large))
        if odd > (1 - ROUND) * (counted + len(values) - start - len(block)):
            return False
    return counted >= FEWEST and counted - odd >= ROUND * counted
