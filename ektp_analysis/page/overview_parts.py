"""The area that is chosen on the map at a glance: history, rank, projection, neighbours, and beside another one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import shapely
import streamlit as st

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.over_time import history_chart
from ektp_analysis.core.area import AreaCode, Level, level_of, register
from ektp_analysis.core.targets import ZERO
from ektp_analysis.core.text import Percent, T
from ektp_analysis.figures import tables
from ektp_analysis.figures.rollup import opens
from ektp_analysis.figures.series import change_between, history_of
from ektp_analysis.figures.standing import standing_of
from ektp_analysis.maps.seen import MapView, upto
from ektp_analysis.narrative import chances, counts, on_map
from ektp_analysis.office import identity
from ektp_analysis.page import aim_parts
from ektp_analysis.page.choices import View, choice, choose, set_choice
from ektp_analysis.page.parts import behind, chart, listing, name, plain, run
from ektp_analysis.page.scripts import INTO_SEARCH

TOUCH = 1e-4  # degrees: boundaries of neighbours may miss each other by some metres
MOST_NEIGHBOURS = 8


def glance(view: View, map_: MapView) -> None:
    """The choice by list, and what is known of the area."""
    named = names(map_.key, map_)
    choose(
        st.selectbox,
        T("Area on the map"),
        ["", *map_.codes],
        "inside",
        default="",
        show=lambda code: named[code] if code else view.say(T("choose an area")),
    )
    code = map_.chosen
    if not code:
        return
    known = upto(view.rolled, map_.choices.day)
    inside, at = history_of(known, code), standing_of(known, code)
    st.header(name(code), anchor=False)
    st.write(view.sentence(counts.unrecorded(at)) + ". " + view.sentence(counts.change(change_between(inside))) + ".")
    row = map_.rows.loc[map_.rows["area_code"] == code].iloc[0]
    if not pd.isna(row["rank"]):
        st.write(
            view.say(T("Rank {rank} of {all} by unrecorded.", rank=int(row["rank"]), all=int(map_.rows["rank"].notna().sum())))
        )
    chart(
        history_chart(inside, Look(view.lang, view.theme, note=view.note), aim_parts.along(view, code)),
        "inside_history",
        alt=view.sentence(counts.change(change_between(inside))),
    )
    behind(view, "inside_table", tables.pick(inside, tables.HISTORY))
    if at.figure is not None:
        found = view.project(aim_parts.target(view), code)
        if found.reason is not None and found.reason.code == "already_reached":
            found = view.project(ZERO, code)
        st.write(view.sentence(chances.when(found)).removesuffix(".") + ".")  # a reason ends its sentence itself
    _neighbours(view, map_, code)
    down(view, code)


@st.cache_resource(show_spinner=False, max_entries=32)
def names(key: str, _map: MapView) -> dict[str, str]:
    """How an area is called in a list: with its kind, and with its parent where others bear its name."""
    plain_names = dict(zip(_map.rows["area_code"], _map.rows["name"], strict=True))
    apart = dict(zip(_map.rows["area_code"], on_map.told_apart(_map.rows)["name"], strict=True))
    return {str(code): name(str(code)) + str(apart[code])[len(str(plain_names[code])) :] for code in plain_names}


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
    by_code = {str(row["area_code"]): row for row in on_map.told_apart(map_.rows).to_dict("records")}
    st.markdown("**" + plain(view.sentence(on_map.beside(by_code[first], by_code[second]))) + "**")
    shown = _beside(view, map_.rows, list(dict.fromkeys([first, second])))
    listing(view, shown, right=shown.columns[1:])
    histories = {code: history_of(view.rolled, code) for code in (first, second)}
    most = max((float(rows["unrecorded"].max()) for rows in histories.values() if rows["unrecorded"].notna().any()), default=0.0)
    for place, code in zip((left, right), (first, second), strict=True):
        with place:
            inside = histories[code]
            chart(
                history_chart(inside, Look(view.lang, view.theme, note=view.note, most=most), aim_parts.along(view, code)),
                f"beside_{place is right}",
                alt=name(code) + ": " + view.sentence(counts.change(change_between(inside))),
            )
    behind(view, "beside_table", tables.together({named[code]: rows for code, rows in histories.items()}))


def _beside(view: View, rows: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """The figures of the areas, a column for each, so that they fit on a phone."""
    found = rows.set_index("area_code").loc[codes]
    counts = ("unrecorded", "change", "rank", "eligible")
    said = {
        column: [_written(view, value, column in counts) for value in found[column]]
        for column in ("unrecorded", "coverage", "change", "share", "rank", "eligible")
    }
    out = pd.DataFrame({view.say(T("Figure")): [tables.label(column, view.lang) for column in said]}, dtype="str")
    for place, code in enumerate(codes):
        out[register().name(code)] = pd.Series([values[place] for values in said.values()], dtype="str")
    return out


def _written(view: View, value: Any, count: bool) -> str:
    if pd.isna(value):
        return "–"
    return view.number(int(value)) if count else view.percent(Percent(float(value)))


MOST_FOUND, MOST_LOOKED = 8, 60  # areas that are offered, and out of how many


def go(code: str) -> None:
    """Open an area; what was chosen inside the old one is let go."""
    set_choice("area", code)
    set_choice("inside", "")
    set_choice("day", "latest")


def breadcrumb(view: View) -> None:
    """The areas that contain this one, each a step up, and the search beside them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="breadcrumb"):
        for outer in AreaCode(view.area).ancestors:
            st.button(register().name(outer), key=f"up_{outer}", type="tertiary", on_click=go, args=(str(outer),))
            st.markdown(":gray[›]", width="content")
        st.markdown(f"**{register().name(view.area)}**", width="content")
        with st.popover(view.say(T("Search")), icon=":material/search:", key="search", on_change="rerun") as search:
            if search.open:
                _search(view)


def _search(view: View) -> None:
    with st.container(gap=None):
        typed = st.text_input(view.say(T("Name or code of an area")), key="searched", live=True)
        run(INTO_SEARCH)
    if not typed:
        return
    clean = typed.strip()
    exact = (
        (str(AreaCode.parse(clean)),) if clean.replace(".", "").isdigit() and len(clean.replace(".", "")) in (2, 4, 6, 10) else ()
    )
    found = [code for code in dict.fromkeys((*exact, *register().search(clean, limit=MOST_LOOKED))) if code in register()]
    found.sort(key=lambda code: not code.startswith(identity.home_area()))  # many areas bear the same name: the office's first
    if not found:
        st.caption(view.say(T("No area with this name or code.")))
    for code in found[:MOST_FOUND]:
        parent = AreaCode(code).parent
        inside = f", {register().name(parent)}" if parent is not None else ""
        st.button(
            f"{register().full_name(code)}{inside} ({code})", key=f"found_{code}", type="tertiary", on_click=_take, args=(code,)
        )


def _take(code: str) -> None:
    """Open an area; a desa has nothing inside, so it is chosen on the map of its kecamatan."""
    if level_of(code) is Level.DESA:
        go(str(AreaCode(code).parent))
        set_choice("inside", code)
    else:
        go(code)


def down(view: View, code: str) -> None:
    """A button that opens the chosen area, where there are figures inside it."""
    if opens(view.rolled, code) and st.button(
        view.say(T("Open {area}", area=register().name(code))), key="down", icon=":material/zoom_in:"
    ):
        go(code)
        st.rerun()
