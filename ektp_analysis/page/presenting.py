"""The page Presentasi: each slide with its picture, its order, title and notes; the files made when they are asked for."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ektp_analysis import narrative
from ektp_analysis.office import presentation as on_screen
from ektp_analysis.page import files, identity
from ektp_analysis.page.choosing import sample
from ektp_analysis.page.placing import heading, plain
from ektp_analysis.page.viewing import View
from ektp_analysis.report.deck import Deck
from ektp_analysis.report.editing import Edit
from ektp_analysis.text import TN, T


def presentation(view: View) -> None:
    """All slides, and the files to take away."""
    deck, drawn = files.slides(view)
    edits = _edits(view, deck)
    shown = sum(edit.shown for edit in edits)
    heading(view, TN("{n} slide for the evaluation of {area}", "{n} slides for the evaluation of {area}", n=shown,
                     area=narrative.sentence(deck.named, view.lang)))
    _show(view, deck, edits)
    files.downloads(view, edits)
    st.caption(view.say(T("The files are made when you ask for them. Order, titles and notes hold for this visit.")))
    identity.edit(view)
    for place, edit in enumerate(edits):
        _slide(view, deck, drawn, edits, place, edit)


def _slide(view: View, deck: Deck, drawn: dict[str, bytes], edits: list[Edit], place: int, edit: Edit) -> None:
    """One slide: its picture, and what can be changed on it."""
    slide = next(one for one in deck.slides if one.key == edit.key)
    title = narrative.sentence(slide.title, view.lang)
    key = f"slide_{view.area}_{edit.key}"
    with st.container(border=True):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.image(drawn[edit.key], width="stretch", caption=plain(f"{place + 1}. {title}"), alt=title)
        with right:
            st.toggle(view.say(T("Show slide {number}", number=str(place + 1))), value=edit.shown, key=key + "_shown",
                      on_change=_take, args=(view, edit.key, key, "shown"))
            st.text_input(view.say(T("Own title of slide {number}", number=str(place + 1))), value=edit.title, key=key + "_title",
                          max_chars=200, placeholder=title, on_change=_take, args=(view, edit.key, key, "title"))
            st.text_area(view.say(T("Notes of slide {number}", number=str(place + 1))), key=key + "_notes", height=150,
                         value=edit.notes or "\n".join(narrative.sentence(line, view.lang) for line in slide.notes),
                         on_change=_take, args=(view, edit.key, key, "notes"))
            with st.container(horizontal=True):
                for sign, step, label in (("arrow_upward", -1, T("Slide {number} earlier", number=str(place + 1))),
                                          ("arrow_downward", 1, T("Slide {number} later", number=str(place + 1)))):
                    st.button(view.say(label), icon=f":material/{sign}:", key=f"{key}_{sign}", on_click=_move,
                              args=(view, place, step), disabled=not 0 <= place + step < len(edits))


def _show(view: View, deck: Deck, edits: list[Edit]) -> None:
    """The slides on the whole screen as they stand here, in a tab of their own."""
    untouched = edits == [Edit(slide.key) for slide in deck.slides]
    st.link_button(view.say(T("Present")), on_screen.address(
        view.area, view.on, sample=sample(), lang=view.lang, theme=view.theme, edits=() if untouched else edits),
        type="primary", icon=":material/slideshow:", disabled=not any(edit.shown for edit in edits))


def _edits(view: View, deck: Deck) -> list[Edit]:
    """What was made of the slides of this area in this visit, in their order."""
    kept: list[Edit] = st.session_state.get(_name(view), [])
    known = {slide.key for slide in deck.slides}
    found = [edit for edit in kept if edit.key in known]
    found += [Edit(slide.key) for slide in deck.slides if slide.key not in {edit.key for edit in found}]
    st.session_state[_name(view)] = found
    return found


def _take(view: View, key: str, widget: str, field: str) -> None:
    value = st.session_state[f"{widget}_{field}"]
    st.session_state[_name(view)] = [replace(edit, **{field: value}) if edit.key == key else edit
                                     for edit in st.session_state[_name(view)]]


def _move(view: View, place: int, step: int) -> None:
    edits = list(st.session_state[_name(view)])
    edits.insert(place + step, edits.pop(place))
    st.session_state[_name(view)] = edits


def _name(view: View) -> str:
    return f"deck_{view.area}_{view.lang}"
