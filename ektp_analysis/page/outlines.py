"""Outlines for the map on the page Data: take a file in, see what fits, list what is in use, remove it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ektp_analysis.area import Level
from ektp_analysis.boundaries.formats import MOST_BYTES
from ektp_analysis.boundaries.report import Choices, Named, Report
from ektp_analysis.errors import EktpError, RefusedError
from ektp_analysis.office import boundaries as shelf
from ektp_analysis.office import outlines_said
from ektp_analysis.page.placing import file_box, plain
from ektp_analysis.page.viewing import View
from ektp_analysis.text import T

KINDS = ["geojson", "json", "topojson", "gpkg", "zip", "fgb", "parquet", "kml"]
MOST_NAMED = 30


def outlines(view: View) -> None:
    """The section, folded; read and placed only when it is opened."""
    with st.expander(view.say(T("Outlines for the map")), key="outlines", icon=":material/map:", on_change="rerun") as opened:
        if opened.open:
            _section(view)


@st.fragment
def _section(view: View) -> None:
    for one in shelf.kept():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(view.say(outlines_said.line(one))))
            if one.own:
                st.button(view.say(T("Remove")), key=f"remove_{one.name}", icon=":material/delete:", on_click=_remove,
                          args=(one.name,))
    said = st.session_state.pop("outlines_said", None)
    if said:
        st.success(plain(said), icon=":material/check:")
    with file_box(view, "outlines_uploader", T("at most {n} MB", n=MOST_BYTES >> 20)):
        file = st.file_uploader(view.say(T("File with outlines (GeoJSON, TopoJSON, GeoPackage, zipped shapefile, FlatGeobuf, "
                                           "GeoParquet, KML)")), KINDS,
                                key=f"outlines_{st.session_state.get('outlines_turn', 0)}")
    if file is None:
        return
    choices = _choices(view)
    try:
        with st.spinner(view.say(T("Reading {file} …", file=file.name))):
            report = _read(file, choices)
    except RefusedError as error:
        st.error(plain(view.say(error.message)), icon=":material/block:")
        return
    _report(view, report)
    st.button(view.say(T("Accept")), type="primary", key="outlines_accept", icon=":material/check:", on_click=_accept,
              args=(view, report))


def _remove(name: str) -> None:
    shelf.remove(name)


def _choices(view: View) -> Choices:
    """What the file does not say of itself; the rest it settles by itself, or it is asked here."""
    with st.expander(view.say(T("What the file does not say")), key="outlines_unsaid"):
        levels = ["", *(level.name for level in Level if level > Level.NATION)]
        level = st.selectbox(view.say(T("Level of the areas")), levels, key="outlines_level", format_func=lambda name: (
            view.sentence(Level[name].label) if name else view.say(T("as the file says"))))
        fields = {"code_column": T("Column with the codes"), "name_column": T("Column with the names"), "layer": T("Layer"),
                  "crs": T("Coordinate system, such as EPSG:32651"), "source": T("Source"), "licence": T("Licence"),
                  "credit": T("Credit line under each map"), "valid_from": T("Valid from (year or day)")}
        typed: dict[str, Any] = {name: st.text_input(view.say(label), key=f"outlines_{name}").strip()
                                 for name, label in fields.items()}
        gather = st.toggle(view.say(T("Gather several polygons of one code")), key="outlines_gather")
        by_name = st.toggle(view.say(T("Also take areas matched by name only")), key="outlines_by_name")
    return Choices(level=Level[level] if level else None, duplicates="gather" if gather else "", by_name=by_name, **typed)


def _read(file: Any, choices: Choices) -> Report:
    """Read once for the same file and choices."""
    kept: dict[tuple[str, Choices], Report] = st.session_state.setdefault("outlines_read", {})
    key = (file.file_id, choices)
    if key not in kept:
        kept.clear()
        kept[key] = shelf.read(file.getvalue(), file.name, choices)
    return kept[key]


def _report(view: View, report: Report) -> None:
    for text in outlines_said.summary(report):
        st.markdown("- " + plain(view.sentence(text)))
    for title, found in outlines_said.lists(report):
        if found:
            with st.expander(f"{view.say(title)} ({len(found)})"):
                st.markdown("\n".join("- " + plain(_name(one)) for one in found[:MOST_NAMED]))


def _name(one: Named) -> str:
    return " ".join(part for part in (one.code, one.name, f"({one.register})" if one.register else "") if part)


def _accept(view: View, report: Report) -> None:
    try:
        shelf.save(report)
    except EktpError as error:
        st.session_state["outlines_said"] = view.say(error.message)
        return
    st.session_state["outlines_turn"] = st.session_state.get("outlines_turn", 0) + 1
    st.session_state["outlines_said"] = view.say(T("The map uses the outlines of {file} now.", file=report.file))
