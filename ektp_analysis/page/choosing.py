"""What is chosen lives in the URL: area, day ('latest' or a date), language, own data or sample, and a page's own choices.

The URL holds codes and dates, never words of one language, so that a link says the same in both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date
from typing import Any, cast

import streamlit as st

from ektp_analysis import i18n
from ektp_analysis.area import register
from ektp_analysis.page import viewing
from ektp_analysis.settings import settings
from ektp_analysis.text import T, Text

LATEST = "latest"
OWN, SAMPLE = "own", "sample"


def choice(key: str, options: Container[str], default: str) -> str:
    """The value of a choice: from the URL, else as it last was in this session, else the default. Kept in the URL."""
    value: str = _written(key, st.session_state.get("kept_" + key, default))
    if value not in options:
        value = default
    set_choice(key, value)
    return value


def set_choice(key: str, value: str) -> None:
    """Change a choice, as a click on the map does."""
    st.session_state["kept_" + key] = value
    if _written(key, None) != value:
        st.session_state.get("gathered", st.query_params)[key] = value


def _written(key: str, otherwise: Any) -> Any:
    """What stands in the URL, or will at the end of this run."""
    return st.session_state.get("gathered", {}).get(key, st.query_params.get(key, otherwise))


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """Choices made inside are written into the URL together, at the end: the browser draws the page anew for each writing,
    and keeps each as a step back."""
    st.session_state["gathered"] = {}
    try:
        yield
    finally:
        made = st.session_state.pop("gathered")
        if changed := {key: value for key, value in made.items() if st.query_params.get(key) != value}:
            st.query_params.update(changed)


def choose(widget: Callable[..., Any], label: Text, options: Sequence[str], key: str, *, default: str,
           show: Callable[[str], str], **arguments: Any) -> str:
    """A widget for a choice that lives in the URL. ``widget`` is st.selectbox, st.segmented_control or the like."""
    value = choice(key, options, default)
    st.session_state["widget_" + key] = value
    widget(i18n.render(label, language()), options, key="widget_" + key, format_func=show, on_change=_write, args=(key,),
           **arguments)
    return value


class _Days:
    """All dates in ISO form, as options."""

    def __contains__(self, value: object) -> bool:
        try:
            date.fromisoformat(str(value))
        except ValueError:
            return False
        return True


def chosen_day(key: str, *, default: date, earliest: date) -> date:
    """The date that is chosen, before or without its widget."""
    return max(date.fromisoformat(choice(key, _Days(), default.isoformat())), earliest)


def choose_day(label: Text, key: str, *, default: date, earliest: date) -> date:
    """A date that lives in the URL."""
    value = chosen_day(key, default=default, earliest=earliest)
    widget = "widget_" + key
    st.session_state[widget] = value
    st.date_input(i18n.render(label, language()), key=widget, min_value=earliest, format="DD/MM/YYYY", on_change=_write_day,
                  args=(key,), max_value=date(earliest.year + 20, 12, 31))
    return value


def _write_day(key: str) -> None:
    value = st.session_state["widget_" + key]
    if value is not None:
        set_choice(key, value.isoformat())


def _write(key: str) -> None:
    value = st.session_state["widget_" + key]
    if value is not None:
        set_choice(key, value)


def language() -> i18n.Lang:
    """The chosen language."""
    return cast(i18n.Lang, choice("lang", i18n.LANGUAGES, settings().language))


def area() -> str:
    """The chosen area: any code that the register knows."""
    return choice("area", register(), settings().home_area)


def on(days: Sequence[str]) -> date | None:
    """The chosen day out of ``days`` (2023-06-20), None for the latest."""
    value = choice("on", [LATEST, *days], LATEST)
    return None if value == LATEST else date.fromisoformat(value)


def sample() -> bool:
    """Whether the sample is chosen although there may be own data."""
    return choice("data", (OWN, SAMPLE), OWN) == SAMPLE


@contextlib.contextmanager
def beside() -> Iterator[None]:
    """The sidebar beside a page. On a first visit it comes after it, so that the page's answer is on its way first."""
    first = "visited" not in st.session_state
    st.session_state["visited"] = True
    if not first:
        sidebar()
    try:
        yield
    finally:
        if first:
            sidebar()


def sidebar() -> None:
    """The choices that every page shares."""
    lang, names = language(), register()
    with st.sidebar:
        chosen = choose(st.selectbox, T("Area"), viewing.areas(area()), "area", default=settings().home_area,
                        show=names.full_name)
        choose(st.selectbox, T("As of"), [LATEST, *viewing.days(chosen)], "on", default=LATEST, show=lambda day: (
            i18n.render(T("latest figures"), lang) if day == LATEST else i18n.day(date.fromisoformat(day), lang)))
        choose(st.segmented_control, T("Language"), i18n.LANGUAGES, "lang", default=settings().language, required=True,
               show=lambda code: {"id": "Indonesia", "en": "English"}[code])
