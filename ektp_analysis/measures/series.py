"""One area over time: its history, the change between snapshots, the pace, and the pace that a target requires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from ektp_analysis.measures.reach import HELD, Reach, reach_of
from ektp_analysis.measures.rollup import rollup
from ektp_analysis.targets import Target


class Gap(StrEnum):
    """Why a change or a pace cannot be said."""

    NONE = ""
    NO_FIGURE = "no_figure"
    UNKNOWN = "unknown"  # the latest unrecorded is not known
    FIRST = "first"  # no earlier snapshot
    OTHER_AREAS = "other_areas"  # earlier sums rest on other areas, so the difference would not be a change
    REACHED = "reached"
    PAST = "past"


@dataclass(frozen=True)
class Change:
    """Between two snapshots. ``absolute`` is unrecorded at ``end`` minus at ``start`` (negative: fewer unrecorded);
    ``per_day`` is the pace in people a day, positive where the unrecorded fall. Both None where ``gap`` says why."""

    gap: Gap
    start: date | None = None
    end: date | None = None
    absolute: int | None = None
    basis_changed: bool = False
    source_changed: bool = False

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


def history(figures: pd.DataFrame, area: str) -> pd.DataFrame:
    """One row for each day on which the area has a figure of its own or a sum of its parts, in order of the day.

    Columns as :func:`~ektp_analysis.measures.rollup.rollup` gives them; the row is the headline of its day.
    """
    rolled = rollup(figures, area)
    return rolled[(rolled["area_code"] == area) & rolled["headline"]].reset_index(drop=True)


def comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a history that rest on the same areas as its last row with a known unrecorded."""
    known = rows[rows["unrecorded"].notna()]
    return known if known.empty else known[known["members"] == known["members"].iloc[-1]].reset_index(drop=True)


def one_series(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a history that can be read as one series: complete ones, or sums that all rest on the same areas.

    The last row decides, unless it stands alone and there are complete rows: a single incomplete sum after a whole
    series does not hide it.
    """
    if rows.empty:
        return rows
    like_last = rows[rows["members"] == rows["members"].iloc[-1]]
    whole = rows[rows["complete"]]
    return (whole if len(like_last) == 1 and len(whole) else like_last).reset_index(drop=True)


def change(rows: pd.DataFrame) -> Change:
    """From the latest earlier snapshot that rests on the same areas to the last one."""
    return _change(rows, None)


def pace(rows: pd.DataFrame, days: int) -> Change:
    """From the earliest comparable snapshot within ``days`` before the last one to the last one."""
    return _change(rows, days)


def _change(rows: pd.DataFrame, window: int | None) -> Change:
    if rows.empty:
        return Change(Gap.NO_FIGURE)
    end = rows["as_of_date"].iloc[-1].date()
    if pd.isna(rows["unrecorded"].iloc[-1]):
        return Change(Gap.UNKNOWN, end=end)
    same = comparable(rows)
    earlier = same.iloc[:-1]
    if window is not None:
        earlier = earlier[earlier["as_of_date"] >= pd.Timestamp(end - timedelta(days=window))]
    if earlier.empty:
        others = rows["unrecorded"].notna().sum() > len(same)
        return Change(Gap.OTHER_AREAS if others and len(same) == 1 else Gap.FIRST, end=end)
    first, last = earlier.iloc[-1 if window is None else 0], same.iloc[-1]
    return Change(Gap.NONE, first["as_of_date"].date(), end, int(last["unrecorded"] - first["unrecorded"]),
                  basis_changed=bool(first["basis"] != last["basis"]),
                  source_changed=bool(first["source"] != last["source"]))


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
