"""One area over time: its history, the change between snapshots, the pace, and the pace that a target requires."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, isnan
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.core.targets import Target
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.standing import HELD, Reach, reach_of

PACE_DAYS = 28  # the pace of now is that of the last four weeks: shorter, and a holiday decides; longer, and it is history


class Gap(StrEnum):
    """Why a change or a pace cannot be said."""

    NONE = ""
    NO_FIGURE = "no_figure"
    UNKNOWN = "unknown"  # the latest unrecorded is not known
    FIRST = "first"  # no earlier snapshot
    UNKNOWN_BEFORE = "unknown_before"  # there are earlier snapshots, of which none knows the unrecorded
    OTHER_AREAS = "other_areas"  # earlier sums rest on other areas, so the difference would not be a change
    REACHED = "reached"
    PAST = "past"


@dataclass(frozen=True)
class Change:
    """Between two snapshots. ``absolute`` is unrecorded at ``end`` minus at ``start`` (negative: fewer unrecorded);
    ``per_day`` is the pace in people a day, positive where the unrecorded fall. Both None where ``gap`` says why. ``moved``
    is how many areas of a sum reported at ``end``, where others stand on older figures and cannot have moved."""

    gap: Gap
    start: date | None = None
    end: date | None = None
    absolute: int | None = None
    basis_changed: bool = False
    source_changed: bool = False
    moved: int | None = None

    @property
    def days(self) -> int:
        """Days between the two snapshots, 0 where there is only one."""
        return (self.end - self.start).days if self.start and self.end else 0

    @property
    def per_day(self) -> float | None:
        """Net people a day by which the unrecorded fall."""
        return None if self.absolute is None or not self.days else -self.absolute / self.days


@dataclass(frozen=True)
class Required:
    """The pace that is needed: ``people`` to record in ``days``. ``per_day`` is None where ``gap`` says why."""

    gap: Gap
    people: int | None = None
    days: int = 0

    @property
    def per_day(self) -> float | None:
        """People a day, net of newcomers."""
        return None if self.gap or self.people is None else self.people / self.days


@dataclass(frozen=True)
class Reached:
    """Whether a target holds at the latest snapshot (``reach``), and since which snapshot without a break (``on``).

    ``on_reach`` says whether counts or only a printed percentage tell so on that first day. ``first`` is the first
    snapshot at which it ever held, so ``first`` without ``on`` means: was reached, and no longer is.
    """

    reach: Reach
    on: date | None = None
    on_reach: Reach = Reach.UNKNOWN
    first: date | None = None


def history_of(figures: pd.DataFrame, area: str) -> pd.DataFrame:
    """One row for each day on which the area has a figure of its own or a sum of its parts, in order of the day.

    Columns as :func:`~ektp_analysis.figures.rollup.roll_up` gives them; the row is the headline of its day.
    """
    rolled = roll_up(figures, area)
    return rolled[(rolled["area_code"] == area) & rolled["headline"]].reset_index(drop=True)


def alike(members: Any, now: Any) -> Any:
    """What may be compared: figures that rest on the same areas. Two columns of ``members``, or one and a single figure's."""
    return members == now


def comparable_before(heads: pd.DataFrame, now: pd.Series) -> pd.DataFrame:
    """Of the rows of many areas those with a known unrecorded that may be compared with the area's figure of now.

    ``now`` are the members that it rests on, by area code; an area that is not in it has no row.
    """
    known = heads[heads["unrecorded"].notna()].join(now.rename("members_now"), on="area_code")
    return known[alike(known["members"], known["members_now"])]


def read_as_one(members: npt.NDArray[Any], complete: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which figures of an area, in order of the day, can be read as one series: complete ones, or sums over the same areas.

    The last one decides, unless it stands alone and there are complete ones: a single incomplete sum after a whole series
    does not hide it.
    """
    if not len(members):
        return np.zeros(0, dtype=bool)
    like_last = np.asarray(alike(members, members[-1]), dtype=bool)
    return complete if like_last.sum() == 1 and complete.any() else like_last


def one_series(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a history that can be read as one series, see :func:`read_as_one`."""
    return rows[read_as_one(rows["members"].to_numpy(), rows["complete"].to_numpy(dtype=bool))].reset_index(drop=True)


@dataclass(frozen=True)
class Track:
    """The history of an area as arrays, oldest first: many areas are gone through in the time that one frame takes.

    ``days`` (datetime64[D]); ``people``, the unrecorded, nan where not known; the others as :func:`history_of` gives them.
    """

    days: npt.NDArray[np.datetime64]
    people: npt.NDArray[np.float64]
    members: npt.NDArray[Any]
    complete: npt.NDArray[np.bool_]
    basis: npt.NDArray[Any]
    source: npt.NDArray[Any]
    reported: npt.NDArray[Any]
    older: npt.NDArray[Any]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Track:
        """Of the rows of a history; or of many areas, to be taken apart by :meth:`at`."""
        return cls(
            rows["as_of_date"].to_numpy("datetime64[D]"),
            rows["unrecorded"].to_numpy("float64", na_value=np.nan),
            rows["members"].to_numpy(),
            rows["complete"].to_numpy(dtype=bool),
            *(rows[name].to_numpy(object) for name in ("basis", "source", "n_reported", "n_older")),
        )

    def at(self, rows: npt.NDArray[Any]) -> Track:
        """Some of the rows, by their places or as a mask."""
        return Track(*(getattr(self, one.name)[rows] for one in fields(self)))

    def pace_of_now(self, since: date | None) -> Change:
        """As :func:`pace_of_now`."""
        one = self.at(read_as_one(self.members, self.complete))
        one = one if since is None else one.at(one.days >= np.datetime64(since, "D"))
        if not len(one.days) and len(self.days):  # the sum of the last day is over other areas than all before it
            return Change(Gap.OTHER_AREAS, end=self.days[-1].item())
        found = one.change(PACE_DAYS)
        return one.change(None) if found.absolute is None else found

    def change(self, window: int | None) -> Change:
        """To the last snapshot: from the earliest comparable one within so many days before it, or from the latest (None)."""
        if not len(self.days):
            return Change(Gap.NO_FIGURE)
        end, known = self.days[-1].item(), ~np.isnan(self.people)
        if not known[-1]:
            return Change(Gap.UNKNOWN, end=end)
        same = np.flatnonzero(known & np.asarray(alike(self.members, self.members[-1]), dtype=bool))
        earlier = same[:-1]
        if window is not None:
            earlier = earlier[self.days[earlier] >= self.days[-1] - np.timedelta64(window, "D")]
        if not len(earlier):
            if len(same) > 1 or len(self.days) == 1:
                return Change(Gap.FIRST, end=end)
            return Change(Gap.OTHER_AREAS if known.sum() > len(same) else Gap.UNKNOWN_BEFORE, end=end)
        first, last = earlier[-1 if window is None else 0], len(self.days) - 1
        return Change(
            Gap.NONE,
            self.days[first].item(),
            end,
            int(self.people[last] - self.people[first]),
            basis_changed=bool(self.basis[first] != self.basis[last]),
            source_changed=bool(self.source[first] != self.source[last]),
            moved=int(self.reported[last]) if self.older[last] else None,
        )


def change_between(rows: pd.DataFrame) -> Change:
    """From the latest earlier snapshot that rests on the same areas to the last one."""
    return Track.of(rows).change(None)


def pace(rows: pd.DataFrame, days: int) -> Change:
    """From the earliest comparable snapshot within ``days`` before the last one to the last one."""
    return Track.of(rows).change(days)


def pace_of_now(rows: pd.DataFrame, since: date | None) -> Change:
    """The pace of the last :data:`PACE_DAYS`, or of as many days as lie between the last two snapshots where these are more, as
    of monthly figures; what lies before a break of the series, on the day ``since``, is no part of it."""
    return Track.of(rows).pace_of_now(since)


def required_pace(unrecorded: int | None, allowed: int | None, start: date, end: date) -> Required:
    """People a day that must be recorded, net, to have at most ``allowed`` unrecorded on ``end``."""
    if unrecorded is None or allowed is None:
        return Required(Gap.UNKNOWN)
    people = max(unrecorded - allowed, 0)
    if not people:
        return Required(Gap.REACHED, 0)
    if end <= start:
        return Required(Gap.PAST, people)
    return Required(Gap.NONE, people, (end - start).days)


def reached_on(rows: pd.DataFrame, target: Target) -> Reached:
    """Since when the target has held. Snapshots that say nothing either way do not break a run."""
    if rows.empty:
        return Reached(Reach.UNKNOWN)
    verdicts = [(row.as_of_date.date(), reach_of(row, target)) for row in rows.itertuples(index=False)]
    first = next((day for day, verdict in verdicts if verdict in HELD), None)
    since: tuple[date, Reach] | None = None
    for day, verdict in reversed(verdicts):
        if verdict in HELD:
            since = (day, verdict)
        elif verdict not in (Reach.UNKNOWN, Reach.INCOMPLETE, Reach.OVER):
            break
    latest = verdicts[-1][1]
    if since is None:
        return Reached(latest, first=first)
    return Reached(latest, since[0], since[1], first)


class Course(StrEnum):
    """What an assumed pace leads to."""

    ARRIVES = "arrives"
    REACHED = "reached"
    TOO_SLOW = "too_slow"  # newcomers come as fast as people are recorded
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Assumed:
    """``per_day`` people recorded a day, of whom ``newcomers`` a day only keep up with those who join.

    ``day`` is the day on which the target would be met; there is one only where ``course`` is ARRIVES.
    """

    course: Course
    per_day: int
    newcomers: float
    day: date | None = None


def assume(
    per_day: int, unrecorded: float | None, allowed: float | None, start: date, *, newcomers: float = 0.0, share: float = 1.0
) -> Assumed:
    """The day on which at most ``allowed`` are left if ``per_day`` people are recorded every day after ``start``.

    ``newcomers`` people a day join the eligible, and all of them are unrecorded at first; a coverage target of ``share``
    (1 is zero unrecorded) lets (1 - share) of them stay so. All counts in people, paces in people a day.

    Raises:
        ValueError: a negative pace.
    """
    if per_day < 0 or newcomers < 0:
        raise ValueError("a pace is not negative")
    kept_up = share * newcomers
    if unrecorded is None or allowed is None or isnan(unrecorded):
        return Assumed(Course.UNKNOWN, per_day, kept_up)
    if unrecorded <= allowed:
        return Assumed(Course.REACHED, per_day, kept_up)
    net = per_day - kept_up
    days = ceil(round((unrecorded - allowed) / net, 9)) if net > 0 else 0
    if net <= 0 or days > (date.max - start).days:
        return Assumed(Course.TOO_SLOW, per_day, kept_up)
    return Assumed(Course.ARRIVES, per_day, kept_up, start + timedelta(days=days))


RECENT_DAYS = 31


@dataclass(frozen=True)
class Estimate:
    """Whole-number bounds of the eligible. ``high`` None: no upper bound; ``low`` None: nothing is known.

    ``days`` are the snapshots whose intervals were intersected; one day with ``low`` equal ``high`` is a count.
    """

    low: int | None = None
    high: int | None = None
    days: tuple[date, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether it is a count."""
        return self.low is not None and self.low == self.high

    @property
    def mid(self) -> int | None:
        """The middle of the interval (rounded down), for drawing; None where it is not bounded on both sides."""
        return None if self.low is None or self.high is None else (self.low + self.high) // 2


def eligible_estimate(rows: pd.DataFrame) -> Estimate:
    """The eligible at the last snapshot of a history.

    Its count where there is one. Otherwise the intersection of the intervals that the snapshots of the same basis in
    the 31 days up to it allow (650 at 99.30 % and 554 at 99.40 %: 92,199 to 93,109), on the ground that the eligible
    hardly move in a month. Where the intersection is empty they did move, and the latest interval stands alone.
    """
    known = rows[rows["eligible_low"].notna() & rows["complete"]]
    if known.empty:
        return Estimate()
    last = known.iloc[-1]
    since = last["as_of_date"] - timedelta(days=RECENT_DAYS)
    recent = known[(known["as_of_date"] >= since) & (known["basis"] == last["basis"])]
    latest = _estimate(known.iloc[-1:])
    if latest.exact:
        return latest
    joint = _estimate(recent)
    if joint.low is None or (joint.high is not None and joint.high < joint.low):
        return latest
    return joint


def _estimate(rows: pd.DataFrame) -> Estimate:
    high = rows["eligible_high"].min()
    return Estimate(
        int(rows["eligible_low"].max()), None if pd.isna(high) else int(high), tuple(day.date() for day in rows["as_of_date"])
    )
