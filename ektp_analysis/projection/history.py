"""From the rows of one area to the arrays that a forecaster needs, with what is only known as an interval.

The count may be missing where a percentage is printed: then the unrecorded are an interval. Where no row has a count
at all, the unrecorded are held per eligible person (``unit`` is 'share'); time does not care about the scale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.core.area import Level
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.contract import BY_NAME, MODELLED, frame
from ektp_analysis.core.text import T, Text
from ektp_analysis.projection.paths import Floats

SEMESTER = re.compile(r"DKB \d{4}-[12]")  # as the reader of files writes them


@dataclass(frozen=True)
class History:
    """Snapshots of one area, oldest first, up to the origin. All arrays have one entry per snapshot in ``dates``.

    ``days`` end in 0. ``low`` and ``high`` bound the unrecorded (equal where counted). ``eligible`` (low, high) of
    each snapshot, NaN where unbounded. ``coverage_low`` is the printed or computed coverage's lower bound, ``printed``
    its value as printed (NaN where none). ``breaks`` are the places at which the series does not continue. ``over``:
    more are recorded than eligible at the last one. ``modelled``: no row was counted, all were split from a total. ``beside``
    names the bases of rows that are another series among these and were left out.
    """

    area_code: str
    dates: tuple[date, ...]
    days: Floats
    low: Floats
    high: Floats
    eligible_low: Floats
    eligible_high: Floats
    printed: Floats
    unit: str
    breaks: tuple[Break, ...] = ()
    over: bool = False
    modelled: bool = False
    beside: tuple[str, ...] = ()

    @property
    def middle(self) -> Floats:
        """Unrecorded, the middle of its interval."""
        return (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether every unrecorded is a count."""
        return bool((self.low == self.high).all())

    def first(self, n: int) -> History:
        """The history as it was after its first ``n`` snapshots (at least one)."""
        return replace(
            self,
            dates=self.dates[:n],
            days=self.days[:n] - self.days[n - 1],
            low=self.low[:n],
            high=self.high[:n],
            eligible_low=self.eligible_low[:n],
            eligible_high=self.eligible_high[:n],
            printed=self.printed[:n],
            breaks=tuple(found for found in self.breaks if found.position < n),
            over=False,
        )

    def eligible_now(self) -> tuple[float, float]:
        """Bounds of the eligible at the last snapshot, narrowed by earlier snapshots of the same basis; both NaN: unknown."""
        start = max((b.position for b in self.breaks), default=0)
        low, high = self.eligible_low[start:], self.eligible_high[start:]
        known = ~np.isnan(low) & ~np.isnan(high)
        if not known.any():
            return float("nan"), float("nan")
        if known[-1] and low[-1] == high[-1]:
            return float(low[-1]), float(high[-1])
        best = float(np.max(low[known])), float(np.min(high[known]))
        last = int(np.flatnonzero(known)[-1])
        return best if best[0] <= best[1] else (float(low[last]), float(high[last]))


def read(rows: pd.DataFrame, *, origin: date | None = None) -> History:
    """The history in ``rows`` (contract columns, one area, any order) up to and with ``origin``.

    Raises:
        ValueError: rows of more than one area.
    """
    table = Table.of(rows)
    if len(set(table.area)) > 1:
        raise ValueError(f"the history of one area is needed, not of {len(set(table.area))}")
    return table.history(origin=origin)


@dataclass(frozen=True)
class Table:
    """The rows of one area or many, solved once, in the order of their days; one row an area and a day, the last given.

    A history is cut from it in about a millisecond, so the same rows can be read up to many origins.
    """

    area: npt.NDArray[np.object_]
    day: npt.NDArray[np.datetime64]
    basis: npt.NDArray[np.object_]
    modelled: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Table:
        """The table of rows in the contract's columns."""
        solved = (
            solve(frame(rows)).sort_values("as_of_date", kind="stable").drop_duplicates(["area_code", "as_of_date"], keep="last")
        )
        values = {name: _floats(solved[name]) for name in _NUMBERS}
        values["printed"] = pd.to_numeric(solved["coverage_reported"], errors="coerce").to_numpy(float, na_value=np.nan) / 100
        return cls(
            solved["area_code"].to_numpy(object),
            solved["as_of_date"].to_numpy("datetime64[D]"),
            solved["basis"].to_numpy(object),
            solved["status"].eq(MODELLED).to_numpy(bool),
            values,
        )

    def upto(self, origin: date | None) -> Table:
        """The rows up to and with a day."""
        return self if origin is None else self.rows(np.flatnonzero(self.day <= np.datetime64(origin)))

    def history(self, *, area: str = "", origin: date | None = None) -> History:
        """The history of the one area in it, up to and with ``origin``; ``area`` names it where there are no rows."""
        rows = self.upto(origin)
        at, beside = one_basis(rows.basis.tolist())
        found = _history(rows.rows(at) if beside else rows, str(self.area[0]) if len(self.area) else area)
        return replace(found, beside=beside) if beside else found

    def rows(self, at: npt.NDArray[np.intp]) -> Table:
        """The rows at some positions, in the order of their days."""
        return Table(
            self.area[at],
            self.day[at],
            self.basis[at],
            self.modelled[at],
            {name: column[at] for name, column in self.values.items()},
        )


_NUMBERS = ("eligible", "recorded", "unrecorded", "coverage_low", "coverage_high", "eligible_low", "eligible_high")


def _history(rows: Table, area: str) -> History:
    eligible, recorded, unrecorded, coverage_low, coverage_high, eligible_low, eligible_high, printed = (
        rows.values[name] for name in (*_NUMBERS, "printed")
    )
    more = (recorded > eligible) | (np.isnan(unrecorded) & (coverage_low > 1))
    low, high = unrecorded.copy(), unrecorded.copy()
    above, below = 1 - coverage_high, 1 - coverage_low
    only_share = np.isnan(low) & (below > 0)
    unit = "people"
    if only_share.any():
        if np.isnan(low).all() and np.isnan(eligible_low).all():
            unit, scale_low, scale_high = "share", np.ones_like(low), np.ones_like(low)
        else:
            scale_low, scale_high = _filled(eligible_low), _filled(eligible_high)
        low = np.where(only_share, np.maximum(above, 0) * scale_low, low)
        high = np.where(only_share, below * scale_high, high)
    keep = ~np.isnan(low) & ~np.isnan(high)
    kept = rows.day[keep]
    dates = tuple(kept.astype(object).tolist())
    days = (kept - kept[-1]).astype(float) if len(kept) else np.empty(0)
    found = find(
        Snapshots(
            dates,
            low[keep],
            high[keep],
            eligible_low[keep],
            eligible_high[keep],
            recorded[keep],
            tuple(rows.basis[keep]),
            share=unit == "share",
        )
    )
    return History(
        area,
        dates,
        days,
        low[keep],
        high[keep],
        eligible_low[keep],
        eligible_high[keep],
        printed[keep],
        unit,
        found,
        bool(more[-1:].any()),
        bool(len(rows.modelled) and rows.modelled.all()),
    )


def breaks_in(rows: pd.DataFrame) -> tuple[Break, ...]:
    """Where the history of an area does not continue: the breaks of its figures, and the days from which on its sum counts other
    areas than before. ``rows`` are headline rows of a rolled-up frame by day; of other frames nothing is known.
    """
    known = rows[rows["unrecorded"].notna()]
    if len(known) < 2 or "members" not in known:
        return ()
    members, days = known["members"].to_numpy(), [stamp.date() for stamp in known["as_of_date"]]
    other = {days[i]: other_areas(i, days[i]) for i in range(1, len(days)) if members[i] != members[i - 1]}
    found = {one.on: one for one in read(known[list(BY_NAME)]).breaks} | other
    return tuple(found[day] for day in sorted(found))


def breaks_in_each(rows: pd.DataFrame) -> dict[str, tuple[Break, ...]]:
    """As :func:`breaks_in`, of each area among the headline rows of many, by day; a row an area and a day."""
    known = rows[rows["unrecorded"].notna()]
    if known.empty or "members" not in known:
        return {}
    table, found = Table.of(known[list(BY_NAME)]), dict[str, tuple[Break, ...]]()
    members = known["members"].to_numpy()
    read_at = pd.Series(table.area).groupby(table.area).indices
    for code, at in known.groupby("area_code", sort=False).indices.items():
        days = table.day[read_at[code]].tolist()
        other = {days[i]: other_areas(i, days[i]) for i in range(1, len(days)) if members[at[i]] != members[at[i - 1]]}
        own = table.rows(read_at[code]).history().breaks if len(days) > 1 else ()
        both = {one.on: one for one in own} | other
        found[str(code)] = tuple(both[day] for day in sorted(both))
    return found


def last_breaks(figures: pd.DataFrame, level: Level, day: date, days: int) -> dict[str, date]:
    """The day of the last break within so many days before ``day``, or at the last snapshot, of each area of a level that has
    one: as :func:`breaks_in` finds them, which is asked only about areas in which a step may be one.
    """
    heads = figures[(figures["level"] == int(level)) & figures["headline"] & figures["unrecorded"].notna()]
    heads = heads[heads["as_of_date"] <= pd.Timestamp(day)]
    area, on = heads["area_code"], heads["as_of_date"]
    number = {name: _floats(heads[name]) for name in ("unrecorded", "recorded", "eligible_low", "eligible_high")}
    was = {name: np.r_[np.nan, values[:-1]] for name, values in number.items()}
    with np.errstate(invalid="ignore"):
        jump = ELIGIBLE_JUMP * was["eligible_high"]
        odd = number["unrecorded"] > (1 + RISE) * was["unrecorded"]
        odd |= was["recorded"] - number["recorded"] > ELIGIBLE_JUMP * was["recorded"]
        odd |= number["eligible_low"] - was["eligible_high"] > jump
        odd |= was["eligible_low"] - number["eligible_high"] > jump
    odd |= (heads["basis"].ne(heads["basis"].shift()) | heads["members"].ne(heads["members"].shift())).to_numpy(bool)
    odd &= (area == area.shift()).to_numpy(bool)
    late = (on > pd.Timestamp(day) - pd.Timedelta(days=days)) | (area != area.shift(-1))
    found = {}
    for code in area[odd & late.to_numpy(bool)].unique():
        broken = breaks_in(heads[area == code])
        if broken:
            found[str(code)] = broken[-1].on
    return found


def series_of(basis: str) -> str:
    """The series that a basis belongs to: the semesters of the cleansed register (DKB) are one, any other stands for itself."""
    return "DKB" if SEMESTER.fullmatch(basis) else basis.casefold()


def one_basis(basis: Sequence[str]) -> tuple[npt.NDArray[np.intp], tuple[str, ...]]:
    """(positions, bases left out) of the rows, oldest first, that are one series with the last.

    A basis that gives way to another is a step in one series, which is looked at as a break. One that comes and goes among the
    rows of the last, as a running count between two semesters, is another series. Rows that name none belong to any.
    """
    named = [series_of(one) if one else "" for one in basis]
    last = next((one for one in reversed(named) if one), "")
    first = named.index(last) if last else len(named)
    other = np.array([bool(one) and one != last for one in named], bool)
    among = other & (np.arange(len(named)) > first)
    if not among.any():
        return np.arange(len(named)), ()
    out = np.isin(np.array(named, object), [one for one, is_among in zip(named, among, strict=True) if is_among])
    return np.flatnonzero(~out), tuple(dict.fromkeys(one for one, left in zip(basis, out, strict=True) if left))


def _floats(values: Any) -> Floats:
    return np.asarray(values.astype("Float64").to_numpy(float, na_value=np.nan), dtype=float)


def _filled(values: Floats) -> Floats:
    """The nearest known value for each missing one, earlier first."""
    return np.asarray(pd.Series(values).ffill().bfill().to_numpy(float))


Kind = Literal["basis", "eligible", "recorded", "revision", "areas"]
ELIGIBLE_JUMP = 0.004  # of the eligible, beyond what residents turning 17 explain
JUMP_OF_UNRECORDED = 0.15  # and at least this share of the unrecorded, or it does not matter
GROWTH_PER_YEAR = 0.04  # of the eligible: twice the usual inflow, still no break
RISE = 0.25  # of the unrecorded between two snapshots, beyond the inflow: a revision, not people
UNKNOWN_SIZE = 100.0  # times the unrecorded: how many are taken to be eligible where that is not known


@dataclass(frozen=True)
class Break:
    """Between snapshot ``position - 1`` and ``position`` the figures do not measure the same thing."""

    position: int
    on: date
    kind: Kind
    text: Text


@dataclass(frozen=True)
class Snapshots:
    """The snapshots in which breaks are sought, oldest first; arrays as in :class:`~ektp_analysis.projection.history.History`.

    ``recorded`` and ``basis`` have one entry a snapshot, NaN and '' where unknown; ``share``: figures are per eligible.
    """

    dates: tuple[date, ...]
    low: Floats
    high: Floats
    eligible_low: Floats
    eligible_high: Floats
    recorded: Floats
    basis: tuple[str, ...]
    share: bool = False

    def years(self, i: int) -> float:
        """Years from the snapshot before to snapshot ``i``."""
        return (self.dates[i] - self.dates[i - 1]).days / 365.25


def other_areas(position: int, on: date) -> Break:
    """The break at which a sum begins to count other areas."""
    return Break(position, on, "areas", T("on {date} other areas are counted than before", date=on))


def find(seen: Snapshots) -> tuple[Break, ...]:
    """The breaks of one series, in order; of each step the first kind of :data:`RULES` that it shows."""
    found = []
    for i in range(1, len(seen.dates)):
        shown = ((kind, rule(seen, i)) for kind, rule in RULES)
        first = next(((kind, text) for kind, text in shown if text is not None), None)
        if first is not None:
            found.append(Break(i, seen.dates[i], *first))
    return tuple(found)


def _basis(seen: Snapshots, i: int) -> Text | None:
    old, new = seen.basis[i - 1], seen.basis[i]
    if not old or not new or series_of(old) == series_of(new):
        return None
    return T("on {date} the basis changes from {old} to {new}", date=seen.dates[i], old=old, new=new)


def _eligible(seen: Snapshots, i: int) -> Text | None:
    low, high = seen.eligible_low, seen.eligible_high
    grown = low[i] - high[i - 1] - GROWTH_PER_YEAR * seen.years(i) * high[i - 1]
    if not max(grown, low[i - 1] - high[i]) > max(ELIGIBLE_JUMP * high[i - 1], JUMP_OF_UNRECORDED * seen.low[i - 1]):
        return None
    return T(
        "on {date} the eligible jump from {old} to {new}",
        date=seen.dates[i],
        old=round(float(np.mean([low[i - 1], high[i - 1]]))),
        new=round(float(np.mean([low[i], high[i]]))),
    )


def _recorded(seen: Snapshots, i: int) -> Text | None:
    old, new = seen.recorded[i - 1], seen.recorded[i]
    if not old - new > max(ELIGIBLE_JUMP * old, JUMP_OF_UNRECORDED * seen.low[i - 1]):
        return None
    return T("on {date} the recorded fall from {old} to {new}", date=seen.dates[i], old=round(float(old)), new=round(float(new)))


def _revision(seen: Snapshots, i: int) -> Text | None:
    old, new = seen.high[i - 1], seen.low[i]
    known = seen.eligible_high[i - 1]
    size = known if np.isfinite(known) else (1.0 if seen.share else UNKNOWN_SIZE * old)
    if not new - old > RISE * old + GROWTH_PER_YEAR * seen.years(i) * size:
        return None
    if seen.share:
        return T("on {date} the unrecorded rise against the trend", date=seen.dates[i])
    return T(
        "on {date} the unrecorded rise from {old} to {new}", date=seen.dates[i], old=round(float(old)), new=round(float(new))
    )


# The strongest sign first; comparisons with what is unknown (NaN) are never met.
RULES: tuple[tuple[Kind, Callable[[Snapshots, int], Text | None]], ...] = (
    ("basis", _basis),
    ("eligible", _eligible),
    ("recorded", _recorded),
    ("revision", _revision),
)
