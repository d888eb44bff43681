"""The area that is chosen on the map at a glance: history, rank, projection, neighbours, and beside another one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import shapely
import streamlit as st

from ektp_analysis import charts, measures, narrative, tables
from ektp_analysis.area import register
from ektp_analysis.choropleth.seen import MapView, upto
from ektp_analysis.narrative import figures
from ektp_analysis.page import places
from ektp_analysis.page.choosing import choice, choose, set_choice
from ektp_analysis.page.placing import behind, chart, listing, name, plain
from ektp_analysis.page.viewing import View
from ektp_analysis.targets import ZERO, Target
from ektp_analysis.text import Percent, T

TOUCH = 1e-4  # degrees: boundaries of neighbours may miss each other by some metres
MOST_NEIGHBOURS = 8


def glance(view: View, map_: MapView) -> None:
    """The choice by list, and what is known of the area."""
    named = names(map_.key, map_)
    choose(st.selectbox, T("Area on the map"), ["", *map_.codes], "inside", default="",
           show=lambda code: named[code] if code else view.say(T("choose an area")))
    code = map_.chosen
    if not code:
        return
    known = upto(view.rolled, map_.choices.day)
    inside, at = measures.history(known, code), measures.standing(known, code)
    st.header(name(code), anchor=False)
    st.write(view.sentence(figures.unrecorded(at)) + ". " + view.sentence(figures.change(measures.change(inside))) + ".")
    row = map_.rows.loc[map_.rows["area_code"] == code].iloc[0]
    if not pd.isna(row["rank"]):
        st.write(view.say(T("Rank {rank} of {all} by unrecorded.", rank=int(row["rank"]),
                            all=int(map_.rows["rank"].notna().sum()))))
    chart(charts.history(inside, charts.Look(view.lang, view.theme, note=view.note)), "inside_history",
          alt=view.sentence(figures.change(measures.change(inside))))
    behind(view, "inside_table", tables.pick(inside, tables.HISTORY))
    if at.figure is not None:
        found = view.project(Target.national(), code)
        if found.reason is not None and found.reason.code == "already_reached":
            found = view.project(ZERO, code)
        st.write(view.sentence(narrative.chance.when(found)) + ".")
    _neighbours(view, map_, code)
    places.down(view, code)


@st.cache_resource(show_spinner=False, max_entries=32)
def names(key: str, _map: MapView) -> dict[str, str]:
    """How an area is called in a list: with its kind, and with its parent where others bear its name."""
    plain_names = dict(zip(_map.rows["area_code"], _map.rows["name"], strict=True))
    apart = dict(zip(_map.rows["area_code"], narrative.on_map.told_apart(_map.rows)["name"], strict=True))
    return {str(code): name(str(code)) + str(apart[code])[len(str(plain_names[code])):] for code in plain_names}


def _neighbours(view: View, map_: MapView, code: str) -> None:
    """The areas around with their figures, each a step to it."""
    found = neighbours(map_, code)
    if not found:
        return
    people = dict(zip(map_.rows["area_code"], map_.rows["unrecorded"], strict=True))
    st.caption(view.say(T("Neighbours")))
    with st.container(horizontal=True, gap="xsmall"):
        for other in found[:MOST_NEIGHBOURS]:
            count = people.get(other)
            known = None if count is None or pd.isna(count) else int(count)
            if st.button(f"{register().name(other)} · {view.number(known)}", key=f"near_{other}", type="tertiary"):
                set_choice("inside", other)
                st.rerun(scope="fragment")


def neighbours(map_: MapView, code: str) -> list[str]:
    """Codes of the areas whose boundaries touch, in order; none where there are no boundaries."""
    shapes = {shape.code: shape.geometry for shape in map_.boundaries.shapes} if map_.boundaries else {}
    if code not in shapes:
        return []
    codes = list(shapes)
    near = shapely.dwithin(shapes[code], list(shapes.values()), TOUCH)
    return [other for other, touches in zip(codes, near, strict=True) if touches and other != code]


def compare(view: View, map_: MapView) -> None:
    """Two areas side by side: the same figures in one table, and their histories."""
    codes, named = map_.codes, names(map_.key, map_)
    first = map_.chosen or codes[0]
    second = choice("beside", codes, next((code for code in codes if code != first), first))
    left, right = st.columns(2)
    with left:
        st.markdown("**" + name(first) + "**")
        st.caption(view.say(T("The area that is chosen on the map")))
    with right:
        choose(st.selectbox, T("Compared with"), codes, "beside", default=second, show=named.__getitem__)
    by_code = {str(row["area_code"]): row for row in narrative.on_map.told_apart(map_.rows).to_dict("records")}
    st.markdown("**" + plain(view.sentence(narrative.on_map.beside(by_code[first], by_code[second]))) + "**")
    shown = _beside(view, map_.rows, list(dict.fromkeys([first, second])))
    listing(view, shown, right=shown.columns[1:])
    histories = {code: measures.history(view.rolled, code) for code in (first, second)}
    for place, code in zip((left, right), (first, second), strict=True):
        with place:
            inside = histories[code]
            chart(charts.history(inside, charts.Look(view.lang, view.theme, note=view.note)), f"beside_{place is right}",
                  alt=name(code) + ": " + view.sentence(figures.change(measures.change(inside))))
    behind(view, "beside_table", tables.together({named[code]: rows for code, rows in histories.items()}))


def _beside(view: View, rows: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """The figures of the areas, a column for each, so that they fit on a phone."""
    found = rows.set_index("area_code").loc[codes]
    counts = ("unrecorded", "change", "rank", "eligible")
    said = {column: [_written(view, value, column in counts) for value in found[column]]
            for column in ("unrecorded", "coverage", "change", "share", "rank", "eligible")}
    out = pd.DataFrame({view.say(T("Figure")): [tables.label(column, view.lang) for column in said]}, dtype="str")
    for place, code in enumerate(codes):
        out[register().name(code)] = pd.Series([values[place] for values in said.values()], dtype="str")
    return out


def _written(view: View, value: Any, count: bool) -> str:
    if pd.isna(value):
        return "–"
    return view.number(int(value)) if count else view.percent(Percent(float(value)))
