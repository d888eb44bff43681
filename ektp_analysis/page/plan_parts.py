"""The parts of the page Rencana: the answer, calendar, map and table of a plan, what stands beside it, and its assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

import pandas as pd
import streamlit as st

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.charts.team_days import calendar_chart, left_chart, teams_chart
from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.text import T, Text
from ektp_analysis.core.text import day as written_day
from ektp_analysis.core.visit import PLACE_LABELS, Place
from ektp_analysis.figures.measure import MapRequest
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.maps.legend import legend_html
from ektp_analysis.maps.measures import VISITS
from ektp_analysis.maps.seen import MapChoices, MapView, visits_map
from ektp_analysis.narrative import no_plan, notes
from ektp_analysis.narrative import teams as said
from ektp_analysis.office import boundary_files, planning, stores
from ektp_analysis.page import map_parts
from ektp_analysis.page.choices import View
from ektp_analysis.page.parts import chart, downloads, fitted, heading
from ektp_analysis.planning import frames
from ektp_analysis.planning.proposal import Infeasible, Plan, Rule, Verdict, Work
from ektp_analysis.planning.request import Goal, Request

MAP = map_parts.Size(width=760, least=220, most=480)
MANY = 60  # areas, above which making a plan shows how far it is
MOST_BESIDE = 8  # numbers of teams that stand beside each other
TABLE = ("name", "plan_order", "unrecorded", "plan_teams", "plan_first", "plan_last", "plan_days", "expected", "plan_left")


def made(view: View, asks: Request) -> Plan | Infeasible:
    """The plan for what is asked, with a bar where it takes longer."""
    areas = len(asks.areas) or len(asks.positions)
    if areas <= MANY:
        with st.spinner(view.say(T("Making the plan …")), show_time=False):
            return planning.made(view.office, asks)
    bar = st.progress(0.0, view.say(T("Making the plan …")))

    def told(share: float) -> bool:
        bar.progress(min(share, 1.0), view.say(T("Making the plan …")))
        return True

    found = planning.made(view.office, asks, progress=told)
    bar.empty()
    return found


def answer(view: View, found: Plan | Infeasible, *, below: Text | None = None) -> None:
    """The answer as the heading; why there is none in its place, with the nearest thing that there is."""
    if isinstance(found, Infeasible):
        heading(view, T("no plan: {why}", why=no_plan.none(found)))
        return
    heading(view, said.heading(found), below=below or said.basis(found))


def today(view: View, made: Plan, day: date) -> None:
    """How many should be left today by the plan, beside how many there are."""
    at = view.standing
    text = said.on_day(made, day, at.unrecorded, at.as_of_date)
    if text is not None:
        st.markdown("**" + view.sentence(text) + "**")


def warned(view: View, made: Plan) -> None:
    """Where the plan is not better than going where most are left first, that is said before all else."""
    largest = made.comparison(Rule.LARGEST)
    if largest is not None and largest.verdict is not Verdict.BETTER:
        st.info(view.sentence(said.beside(made, largest)) + ".", icon=":material/balance:")


def beside(view: View, made: Plan) -> None:
    """How many are left, the plan beside simple rules and beside nothing changing, and how good it is proven to be."""
    st.header(view.say(T("Beside simple rules")), anchor=False)
    now = made.comparison(Rule.AS_NOW)
    lines = [said.left(made), *(said.beside(made, one) for one in made.comparisons), said.proven(made)]
    st.markdown("\n".join("- " + view.sentence(line) for line in lines))
    if now is not None and now.verdict is not Verdict.BETTER and not made.request.office:
        st.caption(
            view.say(
                T(
                    "The plan counts only whom its teams record. If service at the office goes on beside them, say under "
                    "'Advanced' which share of the present pace that is."
                )
            )
        )


def calendar(view: View, made: Plan, key: str = "plan") -> None:
    """Who is where when: each team's blocks, and the same as a table behind a click."""
    st.header(view.say(T("Calendar of the teams")), anchor=False)
    rows = frames.calendar(made)
    alt = "; ".join(f"{_block(view, row)}" for row in rows.itertuples() if row.work == Work.VISIT)
    chart(calendar_chart(rows, made.request.start, made.request.by, Look(view.lang, view.theme)), f"{key}_calendar", alt=alt)
    with st.expander(view.say(T("The calendar as a table")), key=f"{key}_calendar_rows"):
        fitted(view, _written(view, rows), f"{key}_calendar_table")


def _block(view: View, row: pd.Series) -> str:
    team = view.say(T("Team {n}", n=int(row.plan_team)))
    first, last = (written_day(day.date(), view.lang, short=True) for day in (row.plan_first, row.plan_last))
    return f"{team}: {row.name}, {first}" + ("" if first == last else f" – {last}")


def _written(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """The calendar in words."""
    way = rows["work"].eq(Work.TRAVEL.value)
    names = [view.say(T("on the way: {area}", area=name)) if on else name for name, on in zip(rows["name"], way, strict=True)]
    places = [view.say(PLACE_LABELS[Place(one)]) for one in rows["place"]]
    shown = rows.assign(name=[register_name(name) for name in names], place=places)
    return shown[["name", "plan_team", "place", "plan_first", "plan_last", "plan_days", "expected"]]


def register_name(name: str) -> str:
    """A name as it stands first in a row."""
    return name[:1].upper() + name[1:]


def area_map(view: View, made: Plan) -> None:
    """The areas in the order of the visits, by their days; nothing where there are no outlines of them."""
    planned = frames.areas(made)
    level = AreaCode(str(planned["area_code"].iloc[0])).level
    shapes = None if len(planned) < 2 else boundary_files.find(made.request.area, level, made.origin)
    if shapes is None or not planned["area_code"].isin(shapes.codes).any():
        return
    rows = ranking(view.rolled, view.area, level)
    drawn = visits_map(planned, rows, shapes)
    st.header(view.say(T("Order of the visits")), anchor=False)
    st.caption(view.say(T("The number before a name says when a team comes there: team by team, each in its order.")))
    state = f"{view.office.url} {view.office.token} {made.to_json()}"
    shown = MapView(
        MapChoices(VISITS, level, (made.origin,), None, MapRequest(day=made.origin)),
        drawn,
        shapes,
        "",
        online=False,
        key=f"plan-{sha256(state.encode()).hexdigest()}",
    )
    map_parts.area_map(view, shown, MAP)
    with st.expander(view.say(T("Legend")), key="plan_legend"):
        st.html(legend_html(drawn.classes, view.lang, view.theme, drawn=frozenset(drawn.boundaries.codes)))


def areas(view: View, made: Plan, key: str = "plan") -> None:
    """The table of the areas, in the order of the visits."""
    st.header(view.say(T("Areas of the plan")), anchor=False)
    rows = frames.areas(made)
    shown = rows[list(TABLE)]
    if made.goal is Goal.EVERY:
        shown = shown.assign(chance=["–" if pd.isna(one) else view.say(said.chance(one)) for one in rows["probability"]])
    fitted(view, shown, f"{key}_areas")


def more(view: View, made: Plan) -> None:
    """What one more would bring, what happens with weaker yields, where it hangs, and its printing."""
    lines = [said.worth(one) for one in made.worth]
    if made.weaker is not None:
        lines.append(said.weaker(made.weaker))
    if made.hinge is not None:
        lines.append(said.hinge(made.hinge))
    if made.printing is not None:
        lines.append(said.printing(made, made.printing))
    if not lines:
        return
    st.header(view.say(T("What would change it")), anchor=False)
    st.markdown("\n".join("- " + view.sentence(line) for line in lines))


def numbers_of_teams(teams: int) -> tuple[int, ...]:
    """The numbers of teams that stand beside the one that is asked for."""
    around = {1, 2, 3, teams - 2, teams - 1, teams, teams + 1, teams + 2, 2 * teams}
    near = sorted((one for one in around if one >= 1), key=lambda one: (abs(one - teams), one))
    return tuple(sorted(near[:MOST_BESIDE]))


@st.fragment
def teams_against(view: View, asks: Request) -> None:
    """Teams against the day of the target, or against who is left; computed when it is opened."""
    with st.expander(view.say(T("How many teams by when")), key="plan_teams_against", on_change="rerun") as opened:
        if not opened.open:
            return
        rows = planning.teams_against(view.office, asks, numbers_of_teams(asks.able))
        if not rows:
            st.write(view.say(T("No number of teams can be planned for this.")))
            return
        dated = any(one.even is not None for one in rows)
        alt = "; ".join(view.say(said.by_teams(one, asks.by, dated=dated)) for one in rows)
        chart(teams_chart(rows, asks.able, asks.by, Look(view.lang, view.theme)), "plan_teams", alt=alt)
        st.caption(view.say(T("The bar holds 8 outcomes in 10; the filled dot is the number of teams that is asked for.")))
        st.markdown("\n".join("- " + view.sentence(said.by_teams(one, asks.by, dated=dated)) for one in rows))


def assumptions(view: View, made: Plan, key: str = "plan") -> None:
    """What the plan takes for granted: how much, from where, learnt from how many visits."""
    with st.expander(view.say(said.ASSUMED), key=f"{key}_assumed", icon=":material/science:"):
        found = [tuple(view.sentence(part) for part in said.assumption(one)) for one in made.assumptions]
        fitted(view, pd.DataFrame(found, columns=["assumption", "value", "source"]), f"{key}_assumptions")


def stocks(view: View) -> None:
    """Those who can come and those who are to be cleaned off the list, where figures or visits say so."""
    found = stores.cleaning_of(view.office, view.standing)
    if found is not None:
        st.markdown(view.sentence(notes.cleaning(found)) + ".")
    for rule in notes.cleaning_rule(found):
        st.caption(view.sentence(rule))


def against(view: View, made: Plan, on: date) -> None:
    """The plan against what was done up to a day: the sentence, the chart of what is left, the table of areas."""
    found = planning.done(view.office, made, on)
    st.header(view.say(T("Planned against done")), anchor=False)
    st.markdown("**" + view.sentence(said.against(found)) + "**")
    alt = said.on_day(made, on, found.unrecorded, found.as_of)
    if alt is not None:
        st.markdown(view.sentence(alt))
        drawn = left_chart(made, view.history, Look(view.lang, view.theme))
        chart(drawn, "plan_left", alt=view.sentence(alt))
    rows = frames.done(found)
    if len(rows):
        names = ["name", "planned_days", "done_days", "expected", "done_recorded"]
        fitted(view, rows[[*names, *(["unsaid"] if rows["unsaid"].sum() else [])]], "plan_done")


def compared(view: View, scenarios: Sequence[planning.Scenario]) -> None:
    """Up to four saved plans side by side."""
    rows = [
        {
            "name": one.name,
            "plan_goal": view.say(said.GOALS[one.plan.goal]),
            "teams": one.plan.request.able,
            "plan_first": pd.Timestamp(one.plan.request.start),
            "plan_last": pd.Timestamp(one.plan.request.by),
            "plan_days": one.plan.team_days,
            "expected": frames.people(one.plan.recorded.mean),
            "plan_left": frames.people(one.plan.left.mean),
            "chance": "–" if one.plan.chance is None else view.say(said.chance(one.plan.chance)),
            "target_day": "–" if one.plan.even is None else written_day(one.plan.even, view.lang, short=True),
        }
        for one in scenarios
    ]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(("teams", "plan_days", "expected", "plan_left"), "Int64"))
    fitted(view, frame, "plan_compared")


def take_away(view: View, made: Plan, key: str = "plan") -> None:
    """The plan's table and calendar, to take away."""
    look = Look(view.lang, title=view.sentence(said.heading(made)), note=said.ASSUMED)
    rows = frames.calendar(made)
    note = view.say(said.ASSUMED)
    downloads(
        view,
        key,
        frames={
            view.say(T("Plan by area")): frames.areas(made).assign(note=note),
            view.say(T("Plan by team")): _written(view, rows).assign(note=note),
        },
        pictures={
            view.say(T("Calendar")): lambda: as_png(calendar_chart(rows, made.request.start, made.request.by, look)),
        },
    )
