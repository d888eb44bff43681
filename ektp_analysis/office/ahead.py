"""What is ahead of each area on a map: the median of the days to a target, and the chance of it by a day.

Each area has the one answer that it has everywhere (see :mod:`ektp_analysis.office.families`), so a map costs about six
milliseconds for each history behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ektp_analysis.area import NATION, AreaCode, Level, level_of
from ektp_analysis.map_measures import AHEAD
from ektp_analysis.office import forecasts
from ektp_analysis.office.families import Figures, together
from ektp_analysis.projection import NotReached, Projection
from ektp_analysis.targets import Target

MOST = 700  # histories for which a reader waits: the kecamatan of the largest provinsi are 666
COLUMNS = ("area_code", *AHEAD)


def histories(rolled: pd.DataFrame, area: str, level: Level) -> int:
    """How many histories the answers rest on: those of the areas shown, and of the kecamatan where kabupaten are shown."""
    wanted = {int(level), int(Level.KECAMATAN)} if level is Level.KABUPATEN else {int(level)}
    inside = rolled[rolled["level"].isin(wanted)]
    if area != NATION:
        inside = inside[inside["area_code"].str.startswith(area + ".")]
    return int(inside["area_code"].nunique())


def ahead(rolled: pd.DataFrame, area: str, level: Level, target: Target, by: date | None = None) -> pd.DataFrame:
    """One row for each area of ``level`` inside ``area`` that has a history: area_code, days, probability.

    ``rolled`` is what :func:`~ektp_analysis.office.families.around` gives, up to the day that is looked at. ``days`` is
    the median from the area's last figure on: 0 where the target is reached, infinite where it is not within the horizon,
    missing where nothing can be said; ``probability`` (0 to 1) is that of the target by the day ``by``, missing without.
    """
    rows = [{"area_code": code, "days": _days(found), "probability": None if by is None else found.probability_by(by)}
            for code, found in sorted(_answers(rolled, area, level, target).items())]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"area_code": "str", "days": "float64", "probability": "Float64"})


def _answers(rolled: pd.DataFrame, area: str, level: Level, target: Target) -> Mapping[str, Projection]:
    if level == level_of(area) + 1:
        found = forecasts.jointly(rolled, area, target)
        return {} if found is None else found.together.children
    known = Figures(rolled)
    answers: dict[str, Projection] = {}
    codes = rolled.loc[rolled["level"] == int(level), "area_code"].unique()
    outer = AreaCode(area)
    for parent in sorted({str(AreaCode(str(code)).parent) for code in codes if outer.contains(AreaCode(str(code)))}):
        family = together(known, parent, target)
        if family is not None:
            answers.update(family.children)
    return answers


def _days(found: Projection) -> float | None:
    if found.reason is not None:
        return 0.0 if found.reason.code == "already_reached" else None
    middle = found.median
    if isinstance(middle, NotReached):
        return float("inf")
    return None if middle is None or found.origin is None else float((middle - found.origin).days)

