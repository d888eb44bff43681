"""The heading of each page: one sentence that is the answer."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ektp_analysis.area import register
from ektp_analysis.measures import Reach, Reached, Standing
from ektp_analysis.narrative import areas, chance, figures
from ektp_analysis.projection.result import Projection
from ektp_analysis.targets import Target
from ektp_analysis.text import TN, T, Text

_OPEN = (Reach.NOT_REACHED, Reach.UNSURE)


def overview(at: Standing, target: Target, reached: Reached, projection: Projection | None = None) -> Text:
    """'554 unrecorded; the target of 99.40% reached on 20 June 2023': how many, and the target reached or when."""
    if at.figure is None:
        return T("No figures for {area} yet: take in a first snapshot", area=register().name(at.area))
    if reached.on is None and reached.reach in _OPEN and projection is not None and projection.answered:
        return T("{unrecorded}; {target}", unrecorded=figures.unrecorded(at), target=chance.when(projection))
    return T("{unrecorded}; {target}", unrecorded=figures.unrecorded(at), target=figures.against(target, reached))


def area_map(rows: pd.DataFrame, area: str) -> Text:
    """Where in the area most of the unrecorded are."""
    return T("{area}: {finding}", area=register().name(area), finding=areas.ranking(rows))


def projection(found: Projection, reached: Reached | None = None) -> Text:
    """When the target is reached, and how sure that is."""
    return T("{area}: {finding}", area=register().name(found.area_code), finding=chance.when(found, reached))


def data(uploads: int, last: date | None, *, sample: bool = False) -> Text:
    """What is in the store."""
    if sample:
        return T("The sample is shown; your own data replaces it with the first file that is accepted")
    if not uploads or last is None:
        return T("No data yet: drop a first file")
    return TN("{n} upload, latest figures as of {date}", "{n} uploads, latest figures as of {date}", n=uploads, date=last)
