"""Where an area stands on a day: its figure, who is silent, and whether a target is reached, as far as the figure carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import pandas as pd

from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.contract import COUNTS, MODELLED
from ektp_analysis.core.targets import Target
from ektp_analysis.figures.cleaning import Listed, listed
from ektp_analysis.figures.rollup import OWN, SUM, roll_up


class Reach(StrEnum):
    """What can be said about a figure and a target."""

    REACHED = "reached"  # the counts say so
    PRINTED = "printed"  # the printed percentage says so, the counts neither confirm nor deny it
    NOT_REACHED = "not_reached"
    UNSURE = "unsure"  # what the figure allows lies on both sides of the target
    OVER = "over"  # above 100 %: the unrecorded are unknown, so nothing follows
    INCOMPLETE = "incomplete"  # a sum over some of the areas only
    UNKNOWN = "unknown"


HELD = (Reach.REACHED, Reach.PRINTED)
OVERDUE = 3  # usual gaps of an area, after which its silence is a thing to do


class FigureRow(Protocol):
    """What :func:`reach_of` reads: a row of a rolled-up frame, or a Figure."""

    @property
    def unrecorded(self) -> Any: ...

    @property
    def eligible_low(self) -> Any: ...

    @property
    def eligible_high(self) -> Any: ...

    @property
    def coverage_low(self) -> Any: ...

    @property
    def coverage_high(self) -> Any: ...

    @property
    def coverage_reported(self) -> Any: ...

    @property
    def complete(self) -> Any: ...


class Printed(Protocol):
    """What :func:`disagrees` reads: a row of a rolled-up frame, or a Figure."""

    @property
    def coverage(self) -> Any: ...

    @property
    def coverage_reported(self) -> Any: ...


def reach_of(row: FigureRow, target: Target) -> Reach:
    """The verdict on one figure.

    Exact counts decide by whole people (``target.remaining``). A count beside a printed percentage decides where the
    whole interval lies on one side; where it straddles, the percentage as printed is named as what it is.
    """
    unrecorded = _int(row.unrecorded)
    if not row.complete:
        return Reach.NOT_REACHED if target.is_zero and unrecorded else Reach.INCOMPLETE
    if unrecorded is None:
        return _by_coverage(row, target)
    if target.is_zero:
        return Reach.NOT_REACHED if unrecorded else Reach.REACHED
    low, high = _int(row.eligible_low), _int(row.eligible_high)
    if low is not None and unrecorded <= target.remaining(low):
        return Reach.REACHED
    if high is not None and unrecorded > target.remaining(high):
        return Reach.NOT_REACHED
    return _by_print(row, target)


def disagrees(row: Printed) -> bool:
    """Whether the printed percentage is not the one that the counts give."""
    known = not pd.isna(row.coverage) and not pd.isna(row.coverage_reported) and bool(row.coverage_reported)
    return known and not _agrees(row.coverage, row.coverage_reported)


def _agrees(share: float, printed: str) -> bool:
    """Whether the printed per cent is the share rounded or cut at its last decimal: less than a unit of it away."""
    unit = Decimal(1).scaleb(-len(printed.partition(".")[2]))
    return abs(Decimal(share) * 100 - Decimal(printed)) < unit


def _by_coverage(row: FigureRow, target: Target) -> Reach:
    if target.share is None or pd.isna(row.coverage_low):
        over = not pd.isna(row.coverage_low) and row.coverage_low >= 1
        return Reach.OVER if over else Reach.UNKNOWN
    if row.coverage_high > 1:
        return Reach.OVER
    if row.coverage_high < float(target.share):
        return Reach.NOT_REACHED
    return _by_print(row, target)


def _by_print(row: FigureRow, target: Target) -> Reach:
    printed = row.coverage_reported
    if pd.isna(printed) or not printed or target.share is None:
        return Reach.UNKNOWN
    return Reach.PRINTED if Decimal(str(printed)) / 100 >= target.share else Reach.UNSURE


def _int(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


@dataclass(frozen=True)
class Figure:
    """The counts of an area on a day. None is unknown, never 0.

    ``coverage`` is exact or None; ``coverage_low`` and ``coverage_high`` (0 to 1, may exceed 1) bound it, None where
    nothing bounds it; ``coverage_reported`` is the per cent as printed ('99.40'), '' where none is. For a sum,
    ``n_expected``, ``n_reported``, ``n_unrecorded``, ``n_coverage`` and ``n_partial`` count the areas below it; of ``n_older``
    areas it counts ``unrecorded_older`` people as of earlier days, the oldest of them ``older_since``.
    """

    unrecorded: int | None
    eligible: int | None
    recorded: int | None
    coverage: float | None
    coverage_low: float | None
    coverage_high: float | None
    coverage_reported: str
    eligible_low: int | None
    eligible_high: int | None
    basis: str
    status: str
    note: str
    source: str
    complete: bool
    coverage_complete: bool
    n_expected: int
    n_reported: int
    n_unrecorded: int
    n_coverage: int
    n_partial: int
    n_older: int
    unrecorded_older: int
    older_since: date | None

    @property
    def is_sum(self) -> bool:
        """Whether the figure is the sum of the areas below."""
        return self.source == SUM

    @property
    def modelled(self) -> bool:
        """Whether any part of it was computed, not counted."""
        return self.status == MODELLED

    def reach(self, target: Target) -> Reach:
        """Whether this figure reaches the target."""
        return reach_of(self, target)


@dataclass(frozen=True)
class Silence:
    """An area without a figure on a day; ``since`` is the last day for which it has one, None if it never had.

    ``days`` is how long that is ago, ``usual`` its usual gap (days, the median of those before); None where unknown.
    """

    area_code: str
    since: date | None
    days: int | None = None
    usual: float | None = None

    @property
    def overdue(self) -> bool:
        """Whether it has been silent for longer than :data:`OVERDUE` of its usual gaps."""
        return self.days is not None and self.usual is not None and self.days > OVERDUE * self.usual


@dataclass(frozen=True)
class Difference:
    """An own figure that is not the sum of the areas below, all of which reported for the day."""

    column: str
    own: int
    total: int


@dataclass(frozen=True)
class Standing:
    """An area on its latest day, or on the latest day not after the one asked for.

    ``as_of_date`` and ``figure`` are None where the area has no figure at all up to then. ``own`` is what was
    reported for the area itself, ``total`` the sum of the areas below, ``figure`` the one of the two that speaks for
    the area. ``over`` are the areas below whose last figure is above 100 %, ``uncounted`` those whose last figure says no number
    of unrecorded for another reason: neither are in a sum of the unrecorded. ``listed`` is what the figures say of those to be
    cleaned off the list.
    """

    area: str
    as_of_date: date | None = None
    figure: Figure | None = None
    own: Figure | None = None
    total: Figure | None = None
    differences: tuple[Difference, ...] = ()
    silent: tuple[Silence, ...] = ()
    partial: tuple[str, ...] = ()
    n_expected: int = 0
    n_reported: int = 0
    over: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()
    listed: Listed | None = None

    @property
    def unrecorded(self) -> int | None:
        """Unrecorded of the figure that speaks for the area."""
        return self.figure.unrecorded if self.figure else None

    @property
    def child_level(self) -> Level | None:
        """Level of the areas below, None for a desa."""
        level = level_of(self.area)
        return None if level is Level.DESA else Level(level + 1)

    def age(self, today: date) -> int | None:
        """Days from the figure's day to ``today``, None without a figure."""
        return (today - self.as_of_date).days if self.as_of_date else None


def standing_of(figures: pd.DataFrame, area: str, on: date | None = None) -> Standing:
    """Where ``area`` stands on the latest day not after ``on`` (default: the latest day it has a figure for).

    Args:
        figures: contract columns, or a frame already rolled up (which is quicker where several are asked for).
    """
    rolled = roll_up(figures, area)
    mine = rolled[rolled["area_code"] == area]
    day = latest_day(mine, on)
    expected = register().children(area)
    if day is None:
        return Standing(area, silent=tuple(Silence(code, None) for code in expected), n_expected=len(expected))
    rows = {row.source: row for row in mine[mine["as_of_date"] == day].itertuples(index=False)}
    found = {source: _figure(row) for source, row in rows.items()}
    head = next(found[source] for source, row in rows.items() if row.headline)
    below = rolled[(rolled["level"] == level_of(area) + 1) & rolled["headline"] & (rolled["as_of_date"] <= day)]
    now = below[below["as_of_date"] == day]
    present = set(now["area_code"])
    over, uncounted = _in_no_sum(below)
    return Standing(
        area,
        day.date(),
        head,
        found.get(OWN),
        found.get(SUM),
        differences=_differences(found.get(OWN), found.get(SUM)),
        silent=_silent([code for code in (*expected, *_beyond(expected, below)) if code not in present], below, day),
        partial=tuple(now.loc[~now["complete"], "area_code"]),
        n_expected=max(len(expected), len(present)),
        n_reported=len(present),
        over=over,
        uncounted=uncounted,
        listed=listed(rolled, area, day.date()),
    )


def _in_no_sum(below: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The areas whose last figure has no number of unrecorded: those above 100 %, and the others."""
    unknown = below["unrecorded"].isna()
    if not unknown.any():
        return (), ()
    last = below[~below["area_code"].duplicated(keep="last")]
    last = last[last["unrecorded"].isna()]
    above = last["coverage_low"].gt(1).fillna(False).to_numpy(bool)
    return tuple(last.loc[above, "area_code"]), tuple(last.loc[~above, "area_code"])


def _beyond(expected: Sequence[str], below: pd.DataFrame) -> list[str]:
    """The areas that reported once and that the register does not have, in order."""
    return sorted(set(below["area_code"]) - set(expected))


def _silent(codes: Sequence[str], below: pd.DataFrame, day: pd.Timestamp) -> tuple[Silence, ...]:
    """Since when each of the areas has been silent, and what is usual for it."""
    found = []
    days = {str(code): rows for code, rows in below[below["area_code"].isin(codes)].groupby("area_code")["as_of_date"]}
    for code in codes:
        rows = days.get(code)
        if rows is None:
            found.append(Silence(code, None))
            continue
        gaps = rows.drop_duplicates().diff().dropna()
        usual = None if gaps.empty else float(gaps.median() / pd.Timedelta(days=1))
        found.append(Silence(code, rows.iloc[-1].date(), int((day - rows.iloc[-1]).days), usual))
    return tuple(found)


def latest_day(rows: pd.DataFrame, on: date | None) -> pd.Timestamp | None:
    """The latest day of the rows that is not after ``on``."""
    days = rows["as_of_date"] if on is None else rows.loc[rows["as_of_date"] <= pd.Timestamp(on), "as_of_date"]
    return None if days.empty else days.max()


def _differences(own: Figure | None, total: Figure | None) -> tuple[Difference, ...]:
    if own is None or total is None or not total.complete or total.n_older:
        return ()
    pairs = ((name, getattr(own, name), getattr(total, name)) for name in COUNTS)
    return tuple(
        Difference(name, mine, theirs)
        for name, mine, theirs in pairs
        if mine is not None and theirs is not None and mine != theirs
    )


def _figure(row: Any) -> Figure:
    def number(name: str) -> int | None:
        value = getattr(row, name)
        return None if pd.isna(value) else int(value)

    def share(name: str) -> float | None:
        value = getattr(row, name)
        return None if pd.isna(value) else float(value)

    def text(name: str) -> str:
        value = getattr(row, name)
        return "" if pd.isna(value) else str(value)

    return Figure(
        number("unrecorded"),
        number("eligible"),
        number("recorded"),
        share("coverage"),
        share("coverage_low"),
        share("coverage_high"),
        text("coverage_reported"),
        number("eligible_low"),
        number("eligible_high"),
        text("basis"),
        text("status"),
        text("note"),
        text("source"),
        bool(row.complete),
        bool(row.coverage_complete),
        int(row.n_expected),
        int(row.n_reported),
        int(row.n_unrecorded),
        int(row.n_coverage),
        int(row.n_partial),
        int(row.n_older),
        int(row.unrecorded_older),
        None if pd.isna(row.older_since) else row.older_since.date(),
    )
