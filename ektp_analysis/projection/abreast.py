"""The areas inside an area, a line each: how many are left, how fast they fall, how fast they should, when, and who is silent.

Each number is the one that the area's own page gives: the figure of the ranking, the pace of the last weeks without the step
over a break, the pace that its target requires by a day, and the day of its own projection. Where so many areas lie inside that
nobody waits for their projections, a line has no day, and what may remain follows from the eligible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan

import numpy as np
import pandas as pd

from ektp_analysis.core.targets import Target
from ektp_analysis.figures.series import Change, Gap, Required, Track, required_pace
from ektp_analysis.figures.standing import Silence
from ektp_analysis.projection.history import breaks_in_each
from ektp_analysis.projection.reasons import Stall, stall
from ektp_analysis.projection.result import ARRIVED, Projection

TRAIL_DAYS = 366  # of a small trend: a year and the day before it


@dataclass(frozen=True)
class Line:
    """One area among those inside.

    ``unrecorded`` is its last known figure (None: not known); ``pace`` its pace of the last weeks, ``required`` the pace that the
    target asks for (both net, in people a day); ``found`` its projection (None: not asked of so many areas, or no figures);
    ``last`` the day of its last figure (None: never), ``silence`` since when it has been silent (None: it reported on the day, or
    nobody knows what is usual for it), ``stall`` the stall that its history ends in. ``trail`` are its figures of the last year,
    (day, people), with None where the line is parted by a break or a missing figure.
    """

    code: str
    name: str
    unrecorded: int | None
    pace: Change
    required: Required
    found: Projection | None
    last: date | None
    reported: bool
    silence: Silence | None
    stall: Stall | None
    trail: tuple[tuple[date, int | None], ...]

    @property
    def short(self) -> bool:
        """Whether the pace of now is less than the target requires."""
        need, now = self.required.per_day, self.pace.per_day
        return need is not None and now is not None and now < need


@dataclass(frozen=True)
class Goal:
    """What an area is held against: a target, the day by which it is wanted, and the day from which on that is counted;
    ``answer``: what is said of the area about this target, where it is another one than its line's."""

    target: Target
    by: date
    since: date
    answer: Projection | None = None


def required(unrecorded: int | None, found: Projection, by: date) -> Required:
    """The pace that the target of an answer requires of an area by a day."""
    if found.reason is not None and found.reason.code == ARRIVED:
        return Required(Gap.REACHED, 0)
    inputs = found.inputs
    left = unrecorded
    if left is not None and inputs.unit == "people" and inputs.unrecorded:
        left = round(inputs.unrecorded[-1][1])  # over the areas that what may remain is counted over
    return required_pace(left, None if inputs.allowed is None else inputs.allowed[0], found.since or by, by)


def lines(
    rows: pd.DataFrame,
    rolled: pd.DataFrame,
    goals: Mapping[str, Goal],
    found: Mapping[str, Projection],
    silent: Mapping[str, Silence],
) -> tuple[Line, ...]:
    """A line for each row, in the order of the rows.

    Args:
        rows: as :func:`ektp_analysis.figures.side_by_side.mapped` gives them.
        rolled: the rolled-up figures that they come from, up to their day.
        goals: what each area is held against, by code.
        found: the answers about these areas; {} where they are not asked for.
        silent: what is known of those who did not report on the day.
    """
    codes = rows["area_code"].to_numpy()
    heads = rolled[rolled["headline"] & rolled["area_code"].isin(codes)].sort_values("as_of_date", kind="stable")
    places, all_ = {str(code): at for code, at in heads.groupby("area_code", sort=False).indices.items()}, Track.of(heads)
    broken = breaks_in_each(heads[~heads["area_code"].isin(list(found))])
    nowhere, made = np.empty(0, dtype=np.intp), []
    for row in rows.itertuples():
        code = str(row.area_code)
        goal = goals[code]
        at, answer = places.get(code, nowhere), found.get(code)
        track = all_.at(at)
        people = None if pd.isna(row.unrecorded) else int(row.unrecorded)
        days = [one.on for one in broken.get(code, ())] if answer is None else [one.on for one in answer.inputs.breaks]
        made.append(
            Line(
                code,
                str(row.name),
                people,
                track.pace_of_now(answer.inputs.even_since if answer is not None else days[-1] if days else None),
                _required(row, people, goal, goal.answer or answer),
                answer,
                None if pd.isna(row.last_reported) else row.last_reported.date(),
                bool(row.reported),
                silent.get(code),
                None if answer is None else stall(answer),
                _trail(track, days),
            )
        )
    return tuple(made)


def _required(row: object, people: int | None, goal: Goal, answer: Projection | None) -> Required:
    """The pace required of an area; without an answer what may remain follows from the fewest that are eligible."""
    if answer is not None:
        return required(people, answer, goal.by)
    eligible = getattr(row, "eligible_low", pd.NA)
    if not goal.target.is_zero and pd.isna(eligible):
        return Required(Gap.UNKNOWN)
    allowed = 0 if goal.target.is_zero else goal.target.remaining(int(eligible))
    return required_pace(people, allowed, goal.since, goal.by)


def _trail(track: Track, breaks: list[date]) -> tuple[tuple[date, int | None], ...]:
    """The figures of the last year, parted before each break."""
    if not len(track.days):
        return ()
    recent = track.at(track.days > track.days[-1] - np.timedelta64(TRAIL_DAYS, "D"))
    trail: list[tuple[date, int | None]] = []
    for day, people in zip(recent.days.tolist(), recent.people.tolist(), strict=True):
        if day in breaks and trail:
            trail.append((day - timedelta(days=1), None))
        trail.append((day, None if isnan(people) else int(people)))
    return tuple(trail)
