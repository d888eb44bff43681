"""The one answer about an area, whoever asks: pages, slides and commands. It rests on the area's own figures, on those of
its sisters, and on those of the areas inside it.

A kecamatan or desa is projected jointly with its sisters, so alone it is what it is among them. A kabupaten follows from
the draws of its kecamatan where these carry it, and else, like a provinsi, from its own series among its sisters.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis import measures, snapshot
from ektp_analysis.area import NATION, AreaCode, Level, level_of
from ektp_analysis.office.stores import Office
from ektp_analysis.projection import (
    History,
    Meaning,
    Projection,
    Table,
    Together,
    carried,
    meaning_of,
    project,
    project_child,
    project_together,
    with_answers,
)
from ektp_analysis.targets import Target


def scope(area: str) -> str:
    """The area whose figures an answer about ``area`` rests on: the one above it, for a provinsi and the nation itself."""
    above = AreaCode(area).parent
    return area if above is None or str(above) == NATION else str(above)


def around(now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None) -> pd.DataFrame:
    """The figures of an area, of all areas in it and of its sisters, rolled up, up to a day."""
    rolled = measures.rollup(now.store.figures(within=scope(area), known_at=known_at), scope(area))
    return rolled if on is None else rolled[rolled["as_of_date"] <= pd.Timestamp(on)]


class Figures:
    """The histories in a rolled-up frame, each cut out up to a day without reading the frame again.

    A history is the series of an area's own figures and of sums over the same areas: the step between sums over
    different areas is no recording (see :func:`~ektp_analysis.measures.one_series`).
    """

    def __init__(self, rolled: pd.DataFrame) -> None:
        heads = rolled[rolled["headline"]].sort_values("as_of_date", kind="stable").drop_duplicates(
            ["area_code", "as_of_date"], keep="last")
        self._table = Table.of(heads[list(snapshot.BY_NAME)])
        self._members, self._complete = heads["members"].to_numpy(), heads["complete"].to_numpy(bool)
        self._own = (heads["source"] == measures.OWN).to_numpy(bool)
        self._at = {str(code): np.asarray(rows) for code, rows in
                    pd.Series(np.arange(len(heads))).groupby(heads["area_code"].to_numpy(object)).groups.items()}

    @classmethod
    def of(cls, figures: pd.DataFrame, area: str) -> Figures:
        """The histories that an answer about ``area`` rests on, from ``store.figures()`` or a rolled-up frame."""
        rolled, above = measures.rollup(figures, scope(area)), scope(area)
        level, codes = rolled["level"], rolled["area_code"]
        sister = (level == int(level_of(area))) & codes.str.startswith(above + ".")
        inside = (level == int(level_of(area)) + 1) & (codes.str.startswith(area + ".") | (area == NATION))
        return cls(rolled[sister | inside | codes.isin([area, above])])

    def history(self, area: str, upto: date | None = None, *, own: bool = False) -> History:
        """The history of an area up to and with a day; without snapshots where there are none. ``own``: no sums."""
        at = self._upto(area, upto)
        if own:
            at = at[self._own[at]]
        elif len(at):
            like_last = at[self._members[at] == self._members[at[-1]]]
            whole = at[self._complete[at]]
            at = whole if len(like_last) == 1 and len(whole) else like_last
        return self._table.rows(at).history(area=area)

    def days(self, area: str) -> set[date]:
        """The days for which an area has a figure of its own or a sum."""
        return set(self._table.day[self._upto(area, None)].astype(object).tolist())

    def below(self, area: str, upto: date | None = None) -> dict[str, History]:
        """The histories of the areas directly below that have a figure by then."""
        wanted = int(level_of(area)) + 1
        codes = sorted(code for code in self._at if int(level_of(code)) == wanted and (
            area == NATION or code.startswith(area + ".")))
        return {code: self.history(code, upto) for code in codes if len(self._upto(code, upto))}

    def _upto(self, area: str, upto: date | None) -> npt.NDArray[np.intp]:
        at = self._at.get(area, np.empty(0, dtype=np.intp))
        return at if upto is None else at[self._table.day[at] <= np.datetime64(upto)]


def project_area(figures: pd.DataFrame | Figures, area: str, target: Target, *, meaning: Meaning | None = None,
                 horizon_days: int = 730, upto: date | None = None) -> Projection:
    """The projection of an area from what :func:`around` gives, from ``store.figures()`` or from a rolled-up frame.

    What the frame does not hold is not looked at: without the sisters of the area, it is projected without them.
    """
    asked: dict[str, Any] = {"meaning": meaning, "horizon_days": horizon_days}
    known = figures if isinstance(figures, Figures) else Figures.of(figures, area)
    if level_of(area) is Level.KABUPATEN:
        found = together(known, area, target, upto=upto, **asked)
        if found is not None:
            return found.whole
    return _alone(known, area, target, upto, **asked)


def together(figures: pd.DataFrame | Figures, area: str, target: Target, *, meaning: Meaning | None = None,
             horizon_days: int = 730, upto: date | None = None) -> Together | None:
    """The areas directly below with joint draws, and the whole; None where none of them has a figure by then.

    Each of them is what it is when asked for alone. The whole is the answer about ``area`` itself: of a kabupaten the sum
    of the same draws, where they carry it.
    """
    asked: dict[str, Any] = {"meaning": meaning, "horizon_days": horizon_days}
    known = figures if isinstance(figures, Figures) else Figures.of(figures, area)
    level, below = level_of(area), known.below(area, upto)
    if not any(history.dates for history in below.values()):
        return None
    asked["meaning"] = meaning or meaning_of(below)
    own = _alone(known, area, target, upto, **asked)
    reported = known.history(area, upto, own=True) if level is not Level.NATION else None
    found = project_together(below, target, code=area, whole=reported, allowed=own.inputs.allowed, **asked)
    if level is Level.KABUPATEN:
        return carried(found, own)
    found = replace(found, whole=own)
    if level is Level.NATION:
        return with_answers(found, {code: project(below[code], target, **asked) for code in found.children})
    if level is Level.PROVINSI and isinstance(figures, pd.DataFrame):
        return with_answers(found, {code: project_area(figures, code, target, upto=upto, **asked) for code in found.children})
    return found


def _alone(known: Figures, area: str, target: Target, upto: date | None, **asked: Any) -> Projection:
    """The area by its own series, among its sisters."""
    own, above = known.history(area, upto), scope(area)
    if own.dates and above != area:
        found = project_child(known.below(above, upto), area, target, code=above,
                              whole=known.history(above, upto, own=True), **asked)
        if found is not None:
            return found
    return project(own, target, **asked)
