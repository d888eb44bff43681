"""Why there is no plan, each reason as one sentence with the nearest thing that there is."""

from __future__ import annotations

from collections.abc import Mapping

from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, Text
from ektp_analysis.narrative.teams import aimed, teams, to_clean
from ektp_analysis.planning.proposal import Infeasible, Why
from ektp_analysis.planning.request import Goal


def none(found: Infeasible) -> Text:
    """Why there is no plan, the nearest thing that there is, and how many leave the list only by cleaning: one sentence."""
    why = _why(found)
    if found.to_clean is None or not found.to_clean[1] or found.why is Why.ONLY_CLEANING:
        return why
    return T("{said}; {more}", said=why, more=to_clean(found.to_clean))


def _why(found: Infeasible) -> Text:
    request = found.request
    if found.why in (Why.TARGET_TOO_FAR, Why.NOT_FOUND):
        return _too_far(found)
    if found.why is Why.REACHED:
        return T(
            "nothing to plan: {target} is reached already (since {since}); choose a higher target, or as many as possible",
            target=aimed(request),
            since=found.since,
        )
    if found.area is not None and found.why in _OF_AREA:
        return T("{area}: {why}", area=_area(found.area), why=_OF_AREA[found.why])
    if found.day is not None and found.why in _BY_DAY:
        return T("{why} {date}", why=_BY_DAY[found.why], date=found.day)
    return _PLAIN[found.why]


def _area(code: str) -> Text:
    return T("{one}", one=register().full_name(code) if code in register() else code)


def _too_far(found: Infeasible) -> Text:
    request = found.request
    goal = aimed(request) if request.goal is not Goal.EVERY else T("{target} in every area", target=aimed(request))
    parts = []
    if found.day is not None:
        parts.append(T("with {teams} {target} is expected on {day}", teams=teams(request.able), target=goal, day=found.day))
    if found.teams is not None:
        parts.append(T("by {date} it takes {teams}", date=request.by, teams=teams(found.teams)))
    said = T("{target} is not reached by {date} with {teams}", target=goal, date=request.by, teams=teams(request.able))
    if found.why is Why.NOT_FOUND:
        said = T(
            "no calendar was found that reaches {target} by {date} with {teams}; with days lost on the way not all are "
            "looked through",
            target=goal,
            date=request.by,
            teams=teams(request.able),
        )
    if found.left is not None:
        said = T("{said} (about {n} left)", said=said, n=found.left)
    for part in parts:
        said = T("{said}; {more}", said=said, more=part)
    return said


_OF_AREA: Mapping[Why, Text] = {
    Why.UNKNOWN_ELIGIBLE: T("how many may remain is not known, so no target can be planned; choose as many as possible"),
    Why.UNKNOWN_AREA: T("it is none of the areas of this plan; choose one of them, or leave the condition out"),
    Why.FIXED_CLASH: T("what is fixed there contradicts another condition; take one of the two back"),
    Why.LEAST_TOO_MUCH: T("the least days asked for do not fit; ask for fewer, or for a later end"),
    Why.TARGET_TOO_FAR: T("its target is not reached in time"),
    Why.NEVER: T("its target is not reached with any number of teams, as too many never come"),
}
_BY_DAY: Mapping[Why, Text] = {
    Why.STARTS_BEFORE_FIGURES: T("the start lies before the figures; the earliest start is"),
    Why.TOO_LONG: T("plans go no further than a year; the latest end is"),
}
_PLAIN: Mapping[Why, Text] = {
    Why.NO_TEAMS: T("without a team nobody is visited; give at least 1 team"),
    Why.NO_EQUIPMENT: T("no team has a device and its operators; give at least 1 device and 2 operators"),
    Why.END_BEFORE_START: T("the end lies before the start; choose an end on or after the start"),
    Why.TOO_LONG: T("plans go no further than a year; choose an earlier end"),
    Why.NO_WORKING_DAY: T("there is no working day between the start and the end; choose a later end, or work on more weekdays"),
    Why.NO_FIGURES: T("no area here has a figure of the unrecorded yet; import one, or choose another area"),
    Why.STARTS_BEFORE_FIGURES: T("the start lies before the figures; choose a later start"),
    Why.UNKNOWN_ELIGIBLE: T("how many may remain is not known, so no target can be planned; choose as many as possible"),
    Why.UNKNOWN_AREA: T("a condition names an area that is none of this plan; choose one of them, or leave it out"),
    Why.NOBODY_LEFT: T("nobody is left to be visited"),
    Why.ONLY_CLEANING: T("all who are left are to be cleaned off the list, and no visit records them; clean the list first"),
    Why.NOWHERE_TO_GO: T("no area may be visited on any working day; open one, or choose a later end"),
    Why.FIXED_CLASH: T("what is fixed contradicts another condition; take one of the two back"),
    Why.LEAST_TOO_MUCH: T("the least days asked for do not fit; ask for fewer, or for a later end"),
    Why.NEVER: T("not with any number of teams, as too many never come; choose a lower target, or as many as possible"),
}
