"""The parts of the page Proyeksi: what is missing, the pace, the areas together, the river of dates, the assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.charts.axes import Look, Mark
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.charts.over_time import fan, trend
from ektp_analysis.charts.projected import dot_chart, panel, panels, river_chart, span
from ektp_analysis.core import text
from ektp_analysis.core.area import AreaCode, register
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures import tables
from ektp_analysis.figures.series import (
    PACE_DAYS,
    Change,
    Reached,
    Required,
    assume,
    change_between,
    history_of,
    pace_of_now,
)
from ektp_analysis.figures.timeline import Along
from ektp_analysis.narrative import chances, counts, grounds, notes
from ektp_analysis.narrative import forecasts as said
from ektp_analysis.office import stores
from ektp_analysis.page import aim_parts
from ektp_analysis.page.choices import View
from ektp_analysis.page.forecast_choices import choose_pace, jointly, replay
from ektp_analysis.page.parts import behind, card, cards, chart, downloads, fitted, quantiles, table
from ektp_analysis.projection import abreast
from ektp_analysis.projection.answers import by_risk
from ektp_analysis.projection.can_come import can_come
from ektp_analysis.projection.result import METHOD, Meaning, Projection

MOST_PANELS = 16


def cleaned(view: View) -> None:
    """How many leave the list only by being cleaned off, and when those who can come are recorded; nothing where nobody does."""
    found = stores.cleaning_of(view.office, view.standing)
    if found is not None and found.high:
        st.markdown(view.sentence(said.cleaned(found, can_come(view.project(ZERO), found))) + ".")
        for rule in notes.cleaning_rule(found):
            st.caption(view.sentence(rule))


def missing(view: View, found: Projection) -> None:
    """Where there is no distribution: what is missing, what to do, and what was seen so far."""
    if found.reason is None:
        return
    st.info(view.sentence(said.remedy(found.reason)), icon=":material/lightbulb:")
    if found.reason.code != "already_reached":
        st.page_link("data.py", label=view.say(T("Upload a file")), icon=":material/upload_file:")
    if view.history["unrecorded"].notna().any():
        st.header(view.say(T("What was seen")), anchor=False)
        chart(
            trend(view.history, Look(view.lang, view.theme, note=view.note), target=found.target, along=aim_parts.along(view)),
            "seen",
            alt=view.sentence(counts.change(change_between(view.history))),
        )
        behind(view, "seen_table", tables.pick(view.history, tables.HISTORY))


def reason(view: View, found: Projection) -> None:
    """What the date rests on, in a few sentences."""
    why = grounds.reasons(found, _recent(view, found))
    if why:
        st.caption(" ".join(view.sentence(one) for one in why))


def pictures(view: View, found: Projection, reached: Reached, by: Mark) -> None:
    """The outcomes as dots beside what was seen and what may come; ``by`` is the day asked about."""
    look = Look(view.lang, view.theme, note=view.note)
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.header(view.say(T("Twenty equally likely outcomes")), anchor=False)
        chart(dot_chart(found, look, by=by), "dots", alt=view.sentence(chances.chance_by(found, by.day)))
        horizon = chances.horizon(found.horizon_days)
        st.caption(
            view.say(
                T(
                    "Each dot is 1 in 20. Filled: by {date}; hollow: later; a cross: not within {horizon}.",
                    date=by.day,
                    horizon=horizon,
                )
            )
        )
    with right:
        st.header(view.say(T("What was seen, and what may come")), anchor=False)
        drawn = fan(view.history, found.fan(), look, target=found, along=_along(view, found))
        chart(drawn, "fan", alt=view.sentence(chances.when(found, reached)))


def _along(view: View, found: Projection) -> Along:
    """What stands beside the projection; the plan only where it is about the same target."""
    beside = aim_parts.along(view)
    same = beside.plan is not None and beside.plan.aim.target == found.target
    return beside if same else replace(beside, plan=None)


def take_away(view: View, found: Projection, by: Mark) -> None:
    """The projection as a table, the fan and the dots as pictures with their findings."""
    seen = Look(view.lang, title=notes.projection(found), note=view.note, method=chances.method(found))
    asked = replace(seen, title=chances.chance_by(found, by.day))
    downloads(
        view,
        "projection",
        frames={view.say(T("Projection")): quantiles(view, found).assign(method=found.method)},
        pictures={
            view.say(T("Fan")): lambda: as_png(fan(view.history, found.fan(), seen, target=found, along=_along(view, found))),
            view.say(T("Dots")): lambda: as_png(dot_chart(found, asked, by=by)),
        },
    )


def paces(view: View, found: Projection, by: date) -> None:
    """The required pace beside the pace of the last weeks, and those who join."""
    required, recent = _required(view, found, by), _recent(view, found)
    beside = said.beside(required, recent)
    joining = None if found.meaning == "list" else said.newcomers_a_day(found)
    with cards(3 if joining is not None else 2):
        card(view, T("Pace of the last {n} days", n=recent.days or PACE_DAYS), _a_day(view, recent), said.pace(recent))
        card(
            view,
            T("Pace required"),
            _a_day(view, required),
            said.required(required, by)
            if beside is None
            else T("{required}; {beside}", required=said.required(required, by), beside=beside),
        )
        if joining is not None:
            card(
                view,
                T("New eligible"),
                view.say(T("{n} a day", n=joining)),
                T("residents who turn 17, on top of the pace required; estimated"),
            )


def _recent(view: View, found: Projection) -> Change:
    """The pace of the last weeks; the step over a break of the series is no part of it."""
    return pace_of_now(view.history, found.inputs.even_since)


def _required(view: View, found: Projection, by: date) -> Required:
    return abreast.required(view.standing.unrecorded, found, by)


def _a_day(view: View, found: Change | Required) -> str:
    pace = counts.pace_of(found)
    if pace == 0 and found.per_day:
        return view.say(T("less than {n} a day", n=0.1))
    return "–" if pace is None else view.say(T("{n} a day", n=pace))


def assumption(view: View, found: Projection, by: date) -> None:
    """What a fixed pace would lead to: an assumption, kept apart from the projection in word and colour."""
    inputs = found.inputs
    st.markdown(
        ":gray-badge["
        + view.say(T("Assumption, not a projection"))
        + "] "
        + view.say(T("A plan can be tried here. It changes none of the dates and chances above."))
    )
    if found.origin is None or not inputs.unrecorded or inputs.unit != "people" or inputs.allowed is None:
        st.write(view.say(T("How many people are left is not known, so no pace can be tried.")))
        return
    required = _required(view, found, by)
    joining = 0.0 if found.meaning == "list" else inputs.inflow_per_day
    need = max(1, ceil((required.per_day or 0) + joining))
    recent = _recent(view, found).per_day or 0
    most = max(10, 3 * need, round(2 * recent))
    per_day = choose_pace(T("People recorded a day"), most=most, default=need)
    share = 1.0 if found.target.share is None else float(found.target.share)
    start = found.since or found.origin
    made = assume(per_day, sum(inputs.unrecorded[-1]) / 2, inputs.allowed[0], start, newcomers=joining, share=share)
    st.markdown("**" + view.sentence(said.assumed(made, found.target, start)) + "**")
    more = said.newcomers(made)
    if more is not None:
        st.caption(view.sentence(more))


def together(view: View, target: Target, meaning: Meaning, by: date) -> None:
    """The areas inside in order of risk: which is last, when all have arrived, one panel each, and the table."""
    found = jointly(view, target, meaning)
    if found is None:
        st.write(view.say(T("No area inside has a figure of the unrecorded yet.")))
        return
    children = found.children
    level = AreaCode(next(iter(children))).level
    if found.without:
        st.markdown("**" + view.sentence(said.open_areas(found.without, len(children), level)) + "**")
    else:
        st.markdown("**" + view.sentence(said.all_reached(found.all_of_them, len(children), level, by)) + "**")
        st.write(view.sentence(said.last_one(found.last())) + ".")
    stalls = grounds.stalled_inside(children)
    if stalls is not None:
        st.warning(view.sentence(stalls), icon=":material/pause_circle:")
    st.caption(view.say(said.above(found.whole)))
    st.header(view.say(said.at_risk(target, by)), anchor=False)
    rows = by_risk(found, by)
    shown = list(rows["area_code"])[:MOST_PANELS]
    first, until = span([children[code] for code in shown], by)
    mark, look = Mark(by, T("{date}", date=by)), Look(view.lang, view.theme)
    histories = {code: history_of(view.rolled, code) for code in shown}
    with st.grid(4, min_column_width=200):
        for code in shown:
            with st.container(gap="xxsmall"):
                under = view.sentence(said.under(children[code], by))
                st.markdown(f"**{register().name(code)}**  \n:small[{under}]")
                drawn = panel(histories[code], children[code], look, first=first, until=until, by=mark)
                chart(drawn, f"panel_{code}", alt=f"{register().name(code)}: {under}")
    st.caption(view.say(T("Dark: the middle half of the outcomes; light: 8 in 10; the dotted line: {date}.", date=by)))
    behind(view, "panels_table", tables.together({register().name(code): rows for code, rows in histories.items()}))
    listed = _written(view, rows, children, by)
    fitted(view, listed.drop(columns="area_code"), "together_table")
    names = {
        view.say(T("Areas by risk")): lambda: as_png(
            panels(
                [(code, histories[code], children[code], said.under(children[code], by)) for code in shown],
                Look(view.lang, title=said.at_risk(target, by), note=view.note, method=chances.method()),
                first=first,
                until=until,
                by=mark,
            )
        )
    }
    downloads(view, "together", frames={view.say(T("Areas by risk")): listed.assign(method=METHOD)}, pictures=names)


def _written(view: View, rows: pd.DataFrame, children: Mapping[str, Projection], by: date) -> pd.DataFrame:
    """The table of the areas in words; where an area has no distribution, the reason stands in place of its chance."""
    beyond = view.say(T("not within {horizon}", horizon=chances.horizon(next(iter(children.values())).horizon_days)))
    out = rows[["area_code", "unrecorded"]].copy()
    out.insert(0, "name", [register().name(code) for code in rows["area_code"]])
    for name in ("q10", "q50", "q90"):
        out[name] = [
            ("–" if not answered else beyond if pd.isna(day) else text.day(day.date(), view.lang, short=True))
            for day, answered in zip(rows[name], rows["answered"], strict=True)
        ]
    out["chance_by"] = [view.say(said.chance_or_reason(children[code], by)) for code in rows["area_code"]]
    out["chance_last"] = ["–" if pd.isna(value) else view.say(chances.frequency(float(value))) for value in rows["chance_last"]]
    return out


def show_river(view: View, target: Target) -> None:
    """How the projected day moved from snapshot to snapshot, and what moved it."""
    found, horizon = replay(view, target), chances.horizon(view.project(target).horizon_days)
    rows = found.river
    if len(rows) < 2:
        st.write(view.sentence(said.moved(rows, view.project(target).horizon_days)) + ".")
        return
    finding, last = said.moved(rows, view.project(target).horizon_days), rows["origin"].iloc[-1].date()
    if view.today is not None and view.today > last:  # a day that was said then may have passed
        finding = T("{finding}, as seen on {date}", finding=finding, date=last)

    def draw(**look: Any) -> Any:
        return river_chart(rows, Look(view.lang, note=view.note, **look), horizon=horizon, words=said.BECAUSE)

    st.markdown("**" + view.sentence(finding) + "**")
    chart(draw(theme=view.theme), "river", alt=view.sentence(finding))
    st.caption(
        view.say(
            T(
                "Each point: the day with even chances as seen at that snapshot, with the figures known then; "
                "the band holds 8 chances in 10."
            )
        )
    )
    listed = rows.assign(moved_by=[view.sentence(said.BECAUSE[kind]) for kind in rows["moved_by"]])[::-1]
    for name in ("q10", "q50", "q90"):
        listed[name] = [_date_or(view, day, T("not within {horizon}", horizon=horizon)) for day in listed[name]]
    table(view, listed.drop(columns="came"), "river_table")
    downloads(
        view,
        "river",
        frames={view.say(T("Shift of the date")): listed.drop(columns="came").assign(method=METHOD)},
        pictures={view.say(T("Shift of the date")): lambda: as_png(draw(title=view.sentence(finding), method=chances.method()))},
    )


def _date_or(view: View, day: Any, otherwise: Text) -> str:
    return view.say(otherwise) if pd.isna(day) else text.day(day.date(), view.lang, short=True)
