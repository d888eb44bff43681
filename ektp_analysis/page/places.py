"""Ways from area to area on the map: up by the line of names above it, across by search, down from the chosen one."""

from __future__ import annotations

import streamlit as st

from ektp_analysis.area import AreaCode, Level, level_of, register
from ektp_analysis.page.choosing import set_choice
from ektp_analysis.page.viewing import View
from ektp_analysis.text import T

MOST_FOUND = 8
# The popover stands at the end of the document: without this, Tab would first go through the whole page. It comes in after
# its button, and is placed a moment later.
_INTO = """<script>(function into(left) {
    const box = document.querySelector(".st-key-searched input");
    if (box && box.getBoundingClientRect().top > 0) { box.focus({preventScroll: true}); }
    if (document.activeElement !== box && left) { setTimeout(into, 50, left - 1); }
})(40)</script>"""


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
        typed = st.text_input(view.say(T("Name or code of an area")), key="searched")
        st.html(_INTO, unsafe_allow_javascript=True)
    if not typed:
        return
    clean = typed.strip()
    exact = (str(AreaCode.parse(clean)),) if clean.replace(".", "").isdigit() and len(clean.replace(".", "")) in (
        2, 4, 6, 10) else ()
    found = [code for code in dict.fromkeys((*exact, *register().search(clean, limit=MOST_FOUND))) if code in register()]
    if not found:
        st.caption(view.say(T("No area with this name or code.")))
    for code in found[:MOST_FOUND]:
        parent = AreaCode(code).parent
        inside = f", {register().name(parent)}" if parent is not None else ""
        st.button(f"{register().full_name(code)}{inside} ({code})", key=f"found_{code}", type="tertiary", on_click=_take,
                  args=(code,))


def _take(code: str) -> None:
    """Open an area; a desa has nothing inside, so it is chosen on the map of its kecamatan."""
    if level_of(code) is Level.DESA:
        go(str(AreaCode(code).parent))
        set_choice("inside", code)
    else:
        go(code)


def down(view: View, code: str) -> None:
    """A button that opens the chosen area, where there are figures inside it."""
    if (view.rolled["area_code"].str.startswith(code + ".")).any() and st.button(
            view.say(T("Open {area}", area=register().name(code))), key="down", icon=":material/zoom_in:"):
        go(code)
        st.rerun()
