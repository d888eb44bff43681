"""What a map shows of the future: the answers of its areas, made while the reader waits, or kept where there are thousands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from ektp_analysis.core.area import Level, level_of
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.rollup import roll_up, select
from ektp_analysis.maps.seen import MapChoices, MapView, upto
from ektp_analysis.office import foreseeing, keeper
from ektp_analysis.page.choices import View
from ektp_analysis.projection.ahead import table
from ektp_analysis.projection.answers import MOST, Ground, by_level, foreseen, histories


@dataclass(frozen=True)
class Ahead:
    """What is shown: a row an area (:func:`~ektp_analysis.projection.ahead.table`), and how many areas' answers are awaited."""

    rows: pd.DataFrame
    awaited: int = 0


def few(view: View, level: Level, most: int = MOST) -> bool:
    """Whether the projections of the areas of a level rest on so few histories that a reader waits for them."""
    return _histories(repr((*_key(view), level)), view, level) <= most


def kept(view: View, level: Level) -> bool:
    """Whether they may be kept, of the latest figures."""
    return view.on is None and level_of(view.area) < level and foreseeing.keeps(view.office, view.area, level)


def offered(view: View, level: Level) -> bool:
    """Whether the projections of the areas of a level can be shown."""
    return few(view, level) or kept(view, level)


def shown(view: View, choices: MapChoices, day: date | None) -> Ahead:
    """What is shown of the areas of a map on a day (None: the latest)."""
    level, target, by = choices.level, choices.request.target, choices.request.by
    assert target is not None
    latest = day is None or day == view.standing.as_of_date
    today, key = view.today if latest else None, (*_key(view), level, day, target.key, by)
    if day is None and kept(view, level):
        state = foreseeing.state(view.office, view.area, level, target)
        found = _kept(repr((*key, today, state)), view, level, (target, by))
        if found.awaited:
            keeper.want(target)
        return found
    if few(view, level):
        return _made(repr((*key, today)), view, choices, day, today)
    return Ahead(table((), None), _areas(view, level))


def awaited(view: View, choices: MapChoices) -> Text | None:
    """That answers are awaited, and of how many areas; None where none is."""
    missing = shown(view, choices, choices.day).awaited if choices.measure.projected else 0
    if not missing:
        return None
    if choices.day is not None:
        return T(
            "{what}: of so many areas it is shown for the latest figures alone; choose the last day",
            what=choices.measure.label,
        )
    return T(
        "{what}: of {n} of {all} areas the answer is still awaited; it is being made, load the page again in a minute",
        what=choices.measure.label,
        n=missing,
        all=_areas(view, choices.level),
    )


def state(view: View, choices: MapChoices) -> str:
    """Changes with the answers that are kept; '' where none of them is shown."""
    target = choices.request.target
    if not choices.measure.projected or target is None or choices.day is not None or not kept(view, choices.level):
        return ""
    return foreseeing.state(view.office, view.area, choices.level, target)


def title(view: View, map_: MapView, finding: Text) -> Text:
    """The finding of a map, but of an incomplete one that it is so: what is said of some areas would be taken for all."""
    return awaited(view, map_.choices) or finding


def _key(view: View) -> tuple[object, ...]:
    return view.office.url, view.office.token, view.area, view.on


def _areas(view: View, level: Level) -> int:
    """The areas of a level with figures."""
    rows = view.rolled
    return int(rows.loc[rows["level"] == int(level), "area_code"].nunique())


@st.cache_data(show_spinner=False, max_entries=64)
def _made(key: str, _view: View, _choices: MapChoices, _day: date | None, _today: date | None) -> Ahead:
    request = _choices.request
    assert request.target is not None
    ground = Ground(upto(_view.around, _day), today=_today)
    return Ahead(by_level(ground, _view.area, _choices.level, request.target, request.by))


@st.cache_data(show_spinner=False, max_entries=16)
def _kept(key: str, _view: View, _level: Level, _asked: tuple[Target, date | None]) -> Ahead:
    """Those that are kept; where few are not, they are made, and else awaited."""
    target, by = _asked
    known = foreseeing.known(_view.office, _view.area, _level, target)
    found, awaiting = list(known.found), {part: select(_view.rolled, part) for part in known.awaited}
    if awaiting and sum(histories(rows, part, _level) for part, rows in awaiting.items()) <= MOST:
        for part, rows in awaiting.items():
            found += foreseen(Ground(roll_up(rows, part)), part, _level, target)
        awaiting = {}
    missing = sum(int(rows.loc[rows["level"] == int(_level), "area_code"].nunique()) for rows in awaiting.values())
    return Ahead(table(found, _view.today, by), missing)


@st.cache_data(show_spinner=False, max_entries=64)
def _histories(key: str, _view: View, _level: Level) -> int:
    return histories(_view.rolled, _view.area, _level)
