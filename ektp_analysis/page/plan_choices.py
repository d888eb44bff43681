"""What is asked of a plan on the page Rencana: by when, how many teams, which goal; behind 'Advanced' all that it must keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from ektp_analysis.core import text
from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, Text
from ektp_analysis.core.visit import PLACE_LABELS, Place
from ektp_analysis.figures import tables
from ektp_analysis.ingest.cells.written import parse as parse_day
from ektp_analysis.narrative import teams as said
from ektp_analysis.office import planning
from ektp_analysis.page import forecast_choices
from ektp_analysis.page.choices import View, choice, choose, choose_day, language, set_choice
from ektp_analysis.page.parts import plain
from ektp_analysis.planning.request import (
    HALL,
    WEEKDAYS,
    At,
    Bounds,
    Deadline,
    Goal,
    Key,
    Request,
    Shut,
    Travel,
    Typed,
)

MOST_TEAMS = 200  # that can be asked for here
DAYS = (T("Mon"), T("Tue"), T("Wed"), T("Thu"), T("Fri"), T("Sat"), T("Sun"))
EQUIPMENT: dict[str, tuple[Text, int]] = {  # field of a request -> its label, the most
    "devices": (T("Recording sets"), 2000),
    "operators": (T("Operators"), 4000),
    "prints": (T("Cards printed a day"), 100_000),
    "blanks": (T("Blank cards in stock"), 10_000_000),
    "ribbons": (T("Ribbons in stock"), 20_000),
    "teams_now": (T("Teams that work now"), MOST_TEAMS),
}
TYPED: dict[Key, tuple[Text, float, float]] = {  # label, the most, by how much it is divided to be a share
    Key.CAPACITY: (T("People that a team records in a day where many come"), 1000.0, 1.0),
    Key.ABSENT: (T("Share of the unrecorded who never come (%)"), 99.0, 100.0),
}
NARROW = 190  # pixels of a field of which several stand side by side


class _Numbers:
    """Whole numbers up to :data:`MOST_TEAMS`, as options."""

    def __contains__(self, value: object) -> bool:
        return str(value).isdecimal() and int(str(value)) <= MOST_TEAMS


def asked(view: View) -> Request:
    """The request as it is chosen: the few questions in a row, the others folded away."""
    usual = planning.usual(view.office, view.area)
    first = max(planning.ground_of(view.office, view.area).days(view.area), default=usual.start)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="plan_asked"):
        goal = choose(
            st.selectbox,
            T("Goal"),
            [one.value for one in Goal],
            "plan_goal",
            default=usual.goal.value,
            show=lambda key: view.say(said.GOALS[Goal(key)]),
            width=400,
        )
        teams = _teams(usual.teams)
        start = choose_day(T("From"), "plan_from", default=usual.start, earliest=first)
        by = choose_day(T("Until"), "plan_by", default=usual.by, earliest=first)
    asks = replace(_carried(view, usual, start), goal=Goal(goal), teams=teams, start=start, by=by)
    with st.expander(view.say(T("Advanced")), key="plan_more", icon=":material/tune:"):
        target = forecast_choices.choose_target(view)
        asks = _assumed(view, _days(view, _equipped(view, replace(asks, target=target))))
        return _areas(view, asks)


def go(**chosen: str) -> NoReturn:
    """Run the page again with other choices, which stand in its address already: a rerun takes the address as it is."""
    for key, value in chosen.items():
        set_choice(key, value)
    st.query_params.update(chosen)
    st.rerun()


def few(asked: Request) -> dict[str, str]:
    """The few questions of the page as a plan was asked them, as they stand in an address."""
    chosen = {
        "plan_goal": asked.goal.value,
        "plan_teams": str(asked.teams),
        "plan_from": asked.start.isoformat(),
        "plan_by": asked.by.isoformat(),
    }
    return chosen if asked.target is None else {**chosen, "target": asked.target.key}


def take_over(asked: Request) -> None:
    """Have the fields behind 'Advanced', and what has no field, stand as a plan was asked."""
    _kept().update({name: getattr(asked, name) for name in EQUIPMENT})
    typed = {one.key: one.value for one in asked.assumed}
    _kept().update({key.value: None if key not in typed else typed[key] * divide for key, (_, _, divide) in TYPED.items()})
    _kept().update(weekdays=list(asked.weekdays), holidays=asked.holidays, office=round(100 * asked.office), carried=asked)
    _kept().update({name: "; ".join(day.isoformat() for day in getattr(asked, name)) for name in ("closed", "opened")})
    for name in [name for name in st.session_state if str(name).startswith("plan_field_")]:
        del st.session_state[name]


def _carried(view: View, usual: Request, start: date) -> Request:
    """What else the plan asked for that is planned anew from: conditions of single areas, journeys, what is fixed."""
    before: Request | None = _kept().get("carried")
    if before is None or before.area != view.area:
        return usual
    st.caption(view.say(T("Conditions of single areas and fixed days are those of the plan that this one begins from.")))
    return replace(before, fixed=tuple(one for one in before.fixed if one.day >= start))


def _teams(usual: int) -> int:
    value = int(choice("plan_teams", _Numbers(), str(usual)))
    st.session_state["widget_plan_teams"] = value
    st.number_input(
        text.render(T("Teams"), language()), 0, MOST_TEAMS, step=1, key="widget_plan_teams", on_change=_take_teams, width=130
    )
    return value


def _take_teams() -> None:
    set_choice("plan_teams", str(st.session_state["widget_plan_teams"] or 0))


def _kept() -> dict[str, Any]:
    """What was filled in behind 'Advanced', also while another page is open."""
    found: dict[str, Any] = st.session_state.setdefault("kept_plan", {})
    return found


def _field(widget: Callable[..., Any], label: str, name: str, default: Any = None, **arguments: Any) -> Any:
    """A field whose value outlives the page."""
    key = f"plan_field_{name}"
    if key not in st.session_state:
        st.session_state[key] = _kept().get(name, default)
    value = widget(label, key=key, **arguments)
    _kept()[name] = value
    return value


def _equipped(view: View, asks: Request) -> Request:
    none = view.say(T("not said: enough"))
    with st.container(horizontal=True):
        given = {
            name: _field(
                st.number_input, view.say(label), name, min_value=0, max_value=most, step=1, placeholder=none, width=NARROW
            )
            for name, (label, most) in EQUIPMENT.items()
        }
    numbers: dict[str, Any] = {name: None if value is None else int(value) for name, value in given.items()}
    return replace(asks, **numbers)


def _days(view: View, asks: Request) -> Request:
    chosen = _field(
        st.pills,
        view.say(T("Working days")),
        "weekdays",
        list(WEEKDAYS),
        options=[*range(len(DAYS))],
        format_func=lambda one: view.say(DAYS[one]),
        selection_mode="multi",
    )
    holidays = _field(st.checkbox, view.say(T("No work on public holidays and joint leave")), "holidays", True)
    closed = _listed(view, T("Days on which nobody works (2023-06-29; 2023-06-30)"), "closed")
    opened = _listed(view, T("Days on which work goes on whatever they are"), "opened")
    return replace(asks, weekdays=tuple(sorted(chosen or ())), holidays=bool(holidays), closed=closed, opened=opened)


def _listed(view: View, label: Text, name: str) -> tuple[date, ...]:
    """Days that are typed in, with semicolons between; what is none is named."""
    typed = str(_field(st.text_input, view.say(label), name, "") or "")
    parts = [part.strip() for part in typed.split(";") if part.strip()]
    found = {part: parse_day(part) for part in parts}
    wrong = [part for part, day in found.items() if day is None]
    if wrong:
        st.error(plain(view.say(T("'{text}' is not a day such as 2023-06-20.", text=wrong[0][:40]))), icon=":material/block:")
    return tuple(sorted(day for day in found.values() if day is not None))


def _assumed(view: View, asks: Request) -> Request:
    """Numbers that the office types in instead of what is learnt or comes from elsewhere."""
    st.caption(view.say(T("Assumptions that are typed in stand in place of what is learnt; the plan says so.")))
    with st.container(horizontal=True):
        found = []
        for key, (label, most, divide) in TYPED.items():
            value = _field(
                st.number_input,
                view.say(label),
                key.value,
                min_value=0.0,
                max_value=most,
                step=1.0,
                placeholder=view.say(T("not said: learnt")),
                width=400,
            )
            if value is not None:
                found.append(Typed(key, float(value) / divide))
        office = _field(
            st.number_input,
            view.say(T("Share of the present pace that goes on without the teams (%)")),
            "office",
            0,
            min_value=0,
            max_value=100,
            step=5,
            width=400,
        )
    return replace(asks, assumed=tuple(found), office=float(office or 0) / 100)


_PER_AREA = ("least_days", "most_days", "shut_from", "shut_to", "deadline", "place", "group", "lost_days")


def _areas(view: View, asks: Request) -> Request:
    """What holds for single areas, in a table; empty cells say nothing."""
    if not st.toggle(view.say(T("Conditions of single areas")), key="plan_field_single"):
        return asks
    codes = sorted(one.area for one in asks.positions) or sorted(planning.ground_of(view.office, view.area).below(view.area))
    base = pd.DataFrame({"name": [register().name(code) for code in codes]}, index=codes)
    base = base.assign(
        **{name: pd.array([pd.NA] * len(codes), dtype="Int64") for name in ("least_days", "most_days", "lost_days")}
    )
    base = base.assign(**{name: pd.Series(pd.NaT, index=codes) for name in ("shut_from", "shut_to", "deadline")})
    base = base.assign(place=None, group=None)[["name", *_PER_AREA]]
    places = {view.say(PLACE_LABELS[one]): one.value for one in Place}
    labels = {name: tables.label(name, view.lang) for name in base}
    config: dict[str, Any] = {
        **{
            name: st.column_config.NumberColumn(labels[name], min_value=0, max_value=400, step=1)
            for name in ("least_days", "most_days", "lost_days")
        },
        **{name: st.column_config.DateColumn(labels[name], format="DD/MM/YYYY") for name in ("shut_from", "shut_to", "deadline")},
        "place": st.column_config.SelectboxColumn(labels["place"], options=list(places)),
        "group": st.column_config.TextColumn(labels["group"], max_chars=40),
        "name": st.column_config.TextColumn(labels["name"], disabled=True, pinned=True),
    }
    edited = st.data_editor(
        base, key=f"plan_areas_{view.area}", hide_index=True, column_config=config, width="stretch", placeholder="–"
    )
    st.caption(
        view.say(T("Areas with the same word under 'Reached together' are one journey; 'Days lost' are those of each way."))
    )
    return with_areas(asks, edited, places)


def with_areas(asks: Request, rows: pd.DataFrame, places: dict[str, str]) -> Request:
    """The request with what a table says of single areas (index: area code): least_days, most_days, shut_from, shut_to, deadline,
    place (a key of ``places``), group and lost_days; missing says nothing."""
    said = {str(code): _said(row) for code, row in rows.to_dict("index").items()}
    bounds = [
        Bounds(code, int(row.get("least_days", 0)), None if "most_days" not in row else int(row["most_days"]))
        for code, row in said.items()
        if {"least_days", "most_days"} & set(row)
    ]
    shut = [
        Shut(code, _day(row.get("shut_from", asks.start)), _day(row.get("shut_to", asks.by)))
        for code, row in said.items()
        if {"shut_from", "shut_to"} & set(row)
    ]
    return replace(
        asks,
        bounds=tuple(bounds),
        shut=tuple(shut),
        deadlines=tuple(Deadline(code, _day(row["deadline"])) for code, row in said.items() if "deadline" in row),
        places=tuple(
            At(code, places[row["place"]]) for code, row in said.items() if places.get(str(row.get("place")), HALL) != HALL
        ),
        travel=_journeys(said),
    )


def _said(row: dict[Any, Any]) -> dict[str, Any]:
    """What a row says: without its empty cells."""
    return {str(name): value for name, value in row.items() if not pd.isna(value) and value != ""}


def _day(value: Any) -> date:
    made: date = pd.Timestamp(value).date()
    return made


def _journeys(said: dict[str, dict[str, Any]]) -> tuple[Travel, ...]:
    """Areas with the same word are one journey, as is each with days lost and no word; of several numbers the largest counts."""
    groups: dict[str, list[str]] = {}
    for code, row in said.items():
        if {"group", "lost_days"} & set(row):
            groups.setdefault(str(row.get("group", code)).strip().casefold(), []).append(code)
    return tuple(
        Travel(name, tuple(members), max(int(said[code].get("lost_days", 0)) for code in members))
        for name, members in groups.items()
    )
