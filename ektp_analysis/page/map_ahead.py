"""What a map shows of the future: the answers of its areas, made while the reader waits, or kept where there are thousands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from ektp_analysis.core.area import Level, level_of
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.measure import AWAITED
from ektp_analysis.figures.rollup import roll_up, select
from ektp_analysis.maps.seen import MapChoices, MapView, upto
from ektp_analysis.office import foreseeing, keeper
from ektp_analysis.page.choices import View
from ektp_analysis.projection.ahead import table
from ektp_analysis.projection.answers import MOST, Ground, by_level, foreseen, histories


def few(view: View, level: Level, most: int = MOST) -> bool:
    """Whether the projections of the areas of a level rest on so few histories that a reader waits for them."""
    return _histories(repr((*_key(view), level)), view, level) <= most


def kept(view: View, level: Level) -> bool:
    """Whether they may be kept, of the latest figures."""
    return view.on is None and level_of(view.area) < level and foreseeing.keeps(view.office, view.area, level)


def offered(view: View, level: Level) -> bool:
    """Whether the projections of the areas of a level can be shown."""
    return few(view, level) or kept(view, level)


def shown(view: View, choices: MapChoices, day: date | None) -> pd.DataFrame:
    """What is shown of the areas of a map on a day (None: the latest): :func:`~ektp_analysis.projection.ahead.table`, and
    :data:`~ektp_analysis.figures.measure.AWAITED` where some answers are."""
    level, target, by = choices.level, choices.request.target, choices.request.by
    assert target is not None
    latest = day is None or day == view.standing.as_of_date
    today, key = view.today if latest else None, (*_key(view), level, day, target.key, by)
    if day is None and kept(view, level):
        found = _kept(repr((*key, today, foreseeing.state(view.office, view.area, level, target))), view, level, (target, by))
        if AWAITED in found:
            keeper.want(target)
        return found
    if few(view, level):
        return _made(repr((*key, today)), view, choices, day, today)
    return _awaiting(table((), None), _codes(view.rolled, level))


def awaited(map_: MapView) -> Text | None:
    """That answers are awaited, and of how many areas of a map; None where none is."""
    if AWAITED not in map_.rows:
        return None
    if map_.choices.day is not None:
        return T(
            "{what}: of so many areas it is shown for the latest figures alone; choose the last day",
            what=map_.measure.label,
        )
    return T(
        "{what}: of {n} of {all} areas the answer is still awaited; it is being made, load the page again in a minute",
        what=map_.measure.label,
        n=int(map_.rows[AWAITED].eq(True).sum()),
        all=int(map_.rows["last_reported"].notna().sum()),
    )


def state(view: View, choices: MapChoices) -> str:
    """Changes with the answers that are kept; '' where none of them is shown."""
    target = choices.request.target
    if not choices.measure.projected or target is None or choices.day is not None or not kept(view, choices.level):
        return ""
    return foreseeing.state(view.office, view.area, choices.level, target)


def _key(view: View) -> tuple[object, ...]:
    """For answers about areas inside the chosen one: no figure of its sisters is in them."""
    return view.named, view.area, view.on


def _codes(rolled: pd.DataFrame, level: Level) -> list[str]:
    """The areas of a level with figures, in order."""
    return sorted(map(str, rolled.loc[rolled["level"] == int(level), "area_code"].unique()))


def _awaiting(rows: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """The rows with those of areas of which nothing is known yet."""
    more = pd.DataFrame({"area_code": pd.Series(codes, dtype="str"), AWAITED: True})
    return rows.merge(more, on="area_code", how="outer")


@st.cache_data(show_spinner=False, max_entries=64)
def _made(key: str, _view: View, _choices: MapChoices, _day: date | None, _today: date | None) -> pd.DataFrame:
    request = _choices.request
    assert request.target is not None
    ground = Ground(upto(_view.around, _day), today=_today)
    return by_level(ground, _view.area, _choices.level, request.target, request.by)


@st.cache_data(show_spinner=False, max_entries=16)
def _kept(key: str, _view: View, _level: Level, _asked: tuple[Target, date | None]) -> pd.DataFrame:
    """Those that are kept; where few are not, they are made, and else awaited."""
    target, by = _asked
    known = foreseeing.known(_view.office, _view.area, _level, target)
    found, awaiting = list(known.found), {part: select(_view.rolled, part) for part in known.awaited}
    if awaiting and sum(histories(rows, part, _level) for part, rows in awaiting.items()) <= MOST:
        for part, rows in awaiting.items():
            found += foreseen(Ground(roll_up(rows, part)), part, _level, target)
        awaiting = {}
    rows = table(found, _view.today, by)
    codes = [code for part in awaiting.values() for code in _codes(part, _level)]
    return _awaiting(rows, codes) if codes else rows


@st.cache_data(show_spinner=False, max_entries=64)
def _histories(key: str, _view: View, _level: Level) -> int:
    return histories(_view.rolled, _view.area, _level)
