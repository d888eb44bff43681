"""Plans of the teams' visits from the office's figures and visits: made, kept under a name, and held against what was done.

What was made is remembered as long as neither figures nor visits change. A saved plan stays as it was known when it was saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd

from ektp_analysis.core.area import AreaCode, Level
from ektp_analysis.core.recent import Recent
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.office import boundary_files
from ektp_analysis.office.reports import today_of
from ektp_analysis.office.scenarios import Moment, Scenario, forget, named, save, scenario, scenarios, shown
from ektp_analysis.office.stores import Office, aim_of
from ektp_analysis.planning.against import against, rest_of
from ektp_analysis.planning.making import by_teams, plan
from ektp_analysis.planning.proposal import Against, ByTeams, Infeasible, Plan, Work
from ektp_analysis.planning.ready import Progress
from ektp_analysis.planning.request import Fixed, Goal, Position, Request
from ektp_analysis.projection.answers import Ground, answer, scope
from ektp_analysis.projection.result import ARRIVED

TEAMS = 4  # that a plan begins with: what a district sent out at once
__all__ = ["Scenario", "forget", "named", "save", "scenario", "scenarios", "shown"]  # with what is made here, for whoever plans
_MOST_KEPT = 48  # plans that are remembered: a page asks for a few at once


def usual(office: Office, area: str) -> Request:
    """What is asked for where nobody says otherwise: :data:`TEAMS` teams from the day after the figures (or from today) to the
    end of the month after, as many as possible; beside it the target of the office's aim, else the national one, and zero where
    that is reached."""
    days = ground_of(office, area).days(area)
    last = max(days, default=settings().day)
    start = last + timedelta(days=1)
    if not office.sample:
        start = max(start, settings().day)
    return placed(office, Request(area, TEAMS, start, month_after(start), Goal.MOST, _target(office, area)))


def _target(office: Office, area: str) -> Target:
    aim = aim_of(office, area)
    target = Target.national() if aim is None else aim.target
    found = answer(ground_of(office, area), area, target)
    return ZERO if found.reason is not None and found.reason.code == ARRIVED else target


def month_after(day: date) -> date:
    """The last day of the month after that of a day."""
    return (date(day.year + (day.month > 10), (day.month + 1) % 12 + 1, 1)) - timedelta(days=1)


def placed(office: Office, request: Request) -> Request:
    """The request with the places of its areas where outlines say them, so that a team's areas follow on a short way; those that
    it says itself stay."""
    at = max(ground_of(office, request.area).days(request.area), default=None)
    said = {one.area for one in request.positions}
    found = [*request.positions]
    for above, level in sorted({(str(AreaCode(code).parent), AreaCode(code).level) for code in request.areas}) or _below(request):
        outlines = boundary_files.find(above, level, at)
        found += [
            Position(shape.code, *(round(float(one), 4) for one in shape.label))
            for shape in (() if outlines is None or not outlines.placed else outlines.shapes)
            if shape.code not in said and (not request.areas or shape.code in request.areas)
        ]
    return replace(request, positions=tuple(found))


def _below(request: Request) -> list[tuple[str, Level]]:
    level = AreaCode(request.area).level
    return [] if level is Level.DESA else [(request.area, Level(level + 1))]


@lru_cache(maxsize=8)
def _ground(office: Office, area: str, known_at: Moment, today: date | None) -> Ground:
    return Ground.of(office.store.figures(within=scope(area), known_at=known_at), area, today=today)


def ground_of(office: Office, area: str, known_at: Moment = None) -> Ground:
    """What a plan for an area rests on, as known at a moment (None: now)."""
    return _ground(office, area, known_at, today_of(office, known_at=known_at))


def visits_of(office: Office, area: str, known_at: Moment = None) -> pd.DataFrame:
    """The visits to an area and those in it, as :meth:`Store.visits` gives them; none in the sample."""
    return office.store.visits(known_at, within=area)


_KEPT = Recent[Any, Any](_MOST_KEPT)


def _key(office: Office, known_at: Moment, *what: Any) -> Any:
    """All that an answer depends on: figures, visits, the day on which it is said."""
    return office, office.store.visits_token(), known_at, today_of(office, known_at=known_at), *what


def made(
    office: Office,
    request: Request,
    *,
    more: pd.DataFrame | None = None,
    known_at: Moment = None,
    progress: Progress | None = None,
) -> Plan | Infeasible:
    """The plan for a request, or why there is none.

    Args:
        more: visits beside those that are stored, as :attr:`VisitReport.rows` has them.
        known_at: from figures and visits as known then; None: now.
        progress: as for :func:`ektp_analysis.planning.making.plan`; what was stopped is not remembered.
    """
    key = None if more is not None else _key(office, known_at, request)
    found: Plan | Infeasible | None = None if key is None else _KEPT.get(key)
    if found is None:
        visits = _with(visits_of(office, request.area, known_at), more)
        found = plan(ground_of(office, request.area, known_at), visits, request, progress=progress)
        if key is not None and not (isinstance(found, Plan) and found.quality.stopped):
            _KEPT.put(key, found)
    return found


def _with(visits: pd.DataFrame, more: pd.DataFrame | None) -> pd.DataFrame:
    if more is None or more.empty:
        return visits
    return more if visits.empty else pd.concat([visits, more], ignore_index=True)


def teams_against(office: Office, request: Request, teams: Sequence[int], *, known_at: Moment = None) -> tuple[ByTeams, ...]:
    """What other numbers of teams reach by the request's day."""
    key = _key(office, known_at, request, tuple(teams))
    found: tuple[ByTeams, ...] | None = _KEPT.get(key)
    if found is None:
        visits = visits_of(office, request.area, known_at)
        found = by_teams(ground_of(office, request.area, known_at), visits, request, teams)
        _KEPT.put(key, found)
    return found


def done(office: Office, planned: Plan, on: date, *, known_at: Moment = None) -> Against:
    """A plan against what was done up to and with a day, by figures and visits as known at a moment (None: now)."""
    area = planned.request.area
    return against(planned, ground_of(office, area, known_at), visits_of(office, area, known_at), on)


def anew(
    office: Office, planned: Plan, on: date, *, keep: date | None = None, progress: Progress | None = None
) -> Plan | Infeasible:
    """The rest of a plan from the day after ``on``, with what is known now. The plan itself stays.

    ``keep``: what is planned up to and with this day stays as it was, as what is fixed does.
    """
    rest = rest_of(planned, visits_of(office, planned.request.area), on)
    settled = {(one.team, one.day) for one in rest.fixed}
    kept = [
        Fixed(one.team, one.day, one.area)
        for one in planned.assignments
        if keep is not None and on < one.day <= keep and one.work is Work.VISIT and (one.team, one.day) not in settled
    ]
    return made(office, replace(rest, fixed=(*rest.fixed, *kept)), progress=progress)


def latest_day(office: Office, planned: Plan, *, known_at: Moment = None) -> date:
    """The last day on which something is known of how a plan went: of a figure or a visit, within the plan's days."""
    area = planned.request.area
    visited = visits_of(office, area, known_at)
    days: list[date] = [planned.origin, *ground_of(office, area, known_at).days(area)]
    if not visited.empty:
        days.append(visited["day"].max().date())
    return min(max(days), planned.request.by)
