"""Rows of figures asked directly of what stands behind the answers: one series, or the parts of a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from ektp_analysis.core.targets import Target
from ektp_analysis.projection import backtest, joint, single
from ektp_analysis.projection.answers import Ground, answer
from ektp_analysis.projection.history import History, read
from ektp_analysis.projection.result import Inside, Projection, Question


def project_area(figures: pd.DataFrame, area: str, target: Target, **asked: Any) -> Projection:
    """The one answer about an area, from ``store.figures()`` or a rolled-up frame."""
    return answer(Ground.of(figures, area), area, target, **asked)


def project(
    rows: pd.DataFrame,
    target: Target,
    *,
    origin: date | None = None,
    inflow_per_day: float | None = None,
    sisters: Iterable[pd.DataFrame] = (),
    **asked: Any,
) -> Projection:
    """The projection of the rows of one area by themselves."""
    return single.project(
        read(rows, origin=origin),
        Question(target, **asked),
        inflow_per_day=inflow_per_day,
        sisters=[read(one, origin=origin) for one in sisters],
    )


def project_together(
    parts: Mapping[str, pd.DataFrame], target: Target, *, code: str, whole: pd.DataFrame | None = None, **asked: Any
) -> Inside:
    """The parts of a whole with joint draws, and their total."""
    family = joint.Family(code, {part: read(rows) for part, rows in parts.items()}, None if whole is None else read(whole))
    return joint.project_inside(family, Question(target, **asked))


def look_back(
    rows: pd.DataFrame, target: Target, *, known_at: Callable[[date], pd.DataFrame] | None = None, **asked: Any
) -> backtest.Backtest:
    """What was said of the rows of one area at each snapshot, with the rows up to it as they were known then."""

    def ask(day: date) -> tuple[Projection, History]:
        then = read(rows if known_at is None else known_at(day), origin=day)
        return single.project(then, Question(target, **asked)), then

    return backtest.look_back(read(rows), ask)
