"""What is remembered from earlier uploads, names and layouts: to look at, and to forget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ektp_analysis import office
from ektp_analysis.area import register
from ektp_analysis.page.placing import plain
from ektp_analysis.page.viewing import View
from ektp_analysis.settings import settings
from ektp_analysis.text import T, Text


def remembered(view: View) -> None:
    """Layouts and names that a person confirmed, each with a way to forget it; nothing where nothing is remembered."""
    layouts, aliases = office.layouts(), office.aliases()
    if view.office.sample or not (layouts or aliases):
        return
    with st.expander(view.say(T("What is remembered from earlier uploads")), icon=":material/bookmark:"):
        for alias in aliases:
            text = T("'{name}' means {area} in files of {scope}", name=alias.name, area=register().full_name(alias.area_code),
                     scope=register().name(alias.scope))
            _line(view, text, alias.by, f"alias_{alias.scope}_{alias.name}",
                  partial(office.forget_alias, alias.scope, alias.name))
        for layout in layouts:
            said = "; ".join(view.say(text) for text in office.said(layout))
            _line(view, T("layout {fingerprint}: {said}", fingerprint=layout.fingerprint[:8], said=said),
                  f"{layout.by}, {view.say(T('{at}', at=layout.at.astimezone(settings().zone)))}",
                  f"layout_{layout.fingerprint}", partial(office.forget_layout, layout.fingerprint))


def _line(view: View, text: Text, who: str, key: str, forget: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(view.sentence(text)) + f" :gray[({plain(who)})]")
        st.button(view.say(T("Forget")), key=f"forget_{key}", on_click=forget, icon=":material/delete:")
