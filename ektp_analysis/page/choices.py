"""What is chosen lives in the URL: area, day ('latest' or a date), language, own data or sample, and a page's own choices.

The URL holds codes and dates, never words of one language, so that a link says the same in both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

import pandas as pd
import streamlit as st

from ektp_analysis.core import text
from ektp_analysis.core.aims import Aim
from ektp_analysis.core.area import NATION, AreaCode, Level, around, level_of, register
from ektp_analysis.core.giving_way import awaited
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import Percent, T, Text
from ektp_analysis.core.theme import Theme
from ektp_analysis.figures.rollup import name_of, roll_up
from ektp_analysis.figures.series import history_of
from ektp_analysis.figures.standing import Standing, standing_of
from ektp_analysis.narrative import chances
from ektp_analysis.narrative.notes import banners_of
from ektp_analysis.office import held, identity, stores
from ektp_analysis.office.reports import day_of, frame, frame_of, source, today_of
from ektp_analysis.page import joint_answers
from ektp_analysis.page.joint_answers import Basis
from ektp_analysis.projection.answers import scope
from ektp_analysis.projection.result import NotReached, Projection

LATEST = "latest"
SIDEBAR_LETTERS = 27  # of a name that its box has room for; what is longer stands below it too
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
        with held.one_run(), awaited():
            yield
    finally:
        made = st.session_state.pop("gathered")
        if changed := {key: value for key, value in made.items() if st.query_params.get(key) != value}:
            st.query_params.update(changed)


def choose(
    widget: Callable[..., Any],
    label: Text,
    options: Sequence[str],
    key: str,
    *,
    default: str,
    show: Callable[[str], str],
    **arguments: Any,
) -> str:
    """A widget for a choice that lives in the URL. ``widget`` is st.selectbox, st.segmented_control or the like."""
    value = choice(key, options, default)
    st.session_state["widget_" + key] = value
    widget(
        text.render(label, language()), options, key="widget_" + key, format_func=show, on_change=_write, args=(key,), **arguments
    )
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
    """The date that is chosen, before or without its widget; the default in place of one that is past, as in an old link."""
    chosen = date.fromisoformat(choice(key, _Days(), default.isoformat()))
    return chosen if chosen >= earliest else max(default, earliest)


def choose_day(label: Text, key: str, *, default: date, earliest: date) -> date:
    """A date that lives in the URL."""
    value = chosen_day(key, default=default, earliest=earliest)
    widget = "widget_" + key
    st.session_state[widget] = value
    st.date_input(
        text.render(label, language()),
        key=widget,
        min_value=earliest,
        format="DD/MM/YYYY",
        on_change=_write,
        args=(key,),
        max_value=date(earliest.year + 20, 12, 31),
    )
    return value


def _write(key: str) -> None:
    value = st.session_state["widget_" + key]
    if value is not None:
        _keep(key, value.isoformat() if isinstance(value, date) else value)


def _keep(key: str, value: str) -> None:
    """What a person chose stands in the URL, also where it seems to stand there already: a second click may be sent with the
    address as it was before the first, which is written meanwhile."""
    st.session_state["kept_" + key] = value
    st.query_params[key] = value


def language() -> text.Lang:
    """The chosen language."""
    return cast(text.Lang, choice("lang", text.LANGUAGES, settings().language))


def asked_area() -> str:
    """The chosen area, any code that the register knows; on a first visit that in which figures lie."""
    known = register()
    chosen = _written("area", st.session_state.get("kept_area"))
    if chosen in known:
        return choice("area", known, chosen)
    now = current()
    return choice("area", known, _opening(now.url, now.token, identity.home_area(), now))


def stand(codes: Collection[str], on: date) -> str:
    """Have every page stand where figures of these areas and of this latest day came in: in the smallest area that contains
    them, at their level on the map, on the day or on 'latest' if no later one is known there. Gives the area."""
    set_choice("data", OWN)  # first, for the days are those of the own data
    area = around(codes)
    known = days(area)
    day = LATEST if not known or known[0] <= on.isoformat() else on.isoformat()
    inside = [level_of(code) for code in codes if code != area]
    chosen = {"data": OWN, "area": area, "on": day, "inside": "", "day": LATEST}
    chosen |= {"level": min(inside).name} if inside else {}
    for key, value in chosen.items():
        set_choice(key, value)
    st.query_params.update(chosen)  # now: a rerun takes the address as it is
    return area


def asked_day(days: Sequence[str]) -> date | None:
    """The chosen day out of ``days`` (2023-06-20), None for the latest."""
    value = choice("on", [LATEST, *days], LATEST)
    return None if value == LATEST else date.fromisoformat(value)


def asks_sample() -> bool:
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
    lang, names, area = language(), register(), asked_area()
    with st.sidebar:
        chosen = choose(st.selectbox, T("Area"), areas(area), "area", default=area, show=names.full_name)
        if len(whole := names.full_name(chosen)) > SIDEBAR_LETTERS:
            st.caption(whole)
        choose(
            st.selectbox,
            T("As of"),
            [LATEST, *days(chosen)],
            "on",
            default=LATEST,
            show=lambda day: text.render(T("latest figures"), lang) if day == LATEST else text.day(date.fromisoformat(day), lang),
        )
        choose(
            st.segmented_control,
            T("Language"),
            text.LANGUAGES,
            "lang",
            default=settings().language,
            required=True,
            show=lambda code: {"id": "Indonesia", "en": "English"}[code],
        )


WIDE = 61  # days between the tenth and the ninetieth of a hundred outcomes, above which a day would say too much


@dataclass(frozen=True)
class View:
    """What is chosen, and what is known of it up to the chosen day.

    ``rolled`` holds the chosen area and all areas in it (see :func:`ektp_analysis.figures.rollup`), ``around`` its sisters
    as well, which a projection rests on; ``history`` the chosen area alone. ``named`` is a name for what ``rolled`` says.
    """

    lang: text.Lang
    theme: Theme
    office: stores.Office
    area: str
    on: date | None
    around: pd.DataFrame
    rolled: pd.DataFrame
    standing: Standing
    history: pd.DataFrame
    named: str

    @property
    def empty(self) -> bool:
        """Whether nothing is known of the area up to the day."""
        return self.standing.figure is None

    @cached_property
    def aim(self) -> Aim | None:
        """What the office aims at here: the area's own aim, else that of the nearest around it. None in the sample. Read
        once: a page asks some seven times."""
        return stores.aim_of(self.office, self.area)

    @property
    def note(self) -> Text | None:
        """What has to stand in every picture: sample or modelled figures."""
        found = banners_of(self.standing, sample=self.office.sample)
        return found[0] if found else None

    @property
    def source(self) -> Text:
        """Where the figures come from, as it stands under a picture."""
        return source(self.office)

    def say(self, said: Text | str) -> str:
        """The text in the chosen language."""
        return text.render(said, self.lang)

    def sentence(self, said: Text) -> str:
        """A clause in the chosen language, with a capital at its start."""
        return text.sentence(said, self.lang)

    def number(self, value: int | None) -> str:
        """A count, or a dash where it is unknown."""
        return "–" if value is None else text.number(value, self.lang)

    def percent(self, value: Percent | None) -> str:
        """A share, or a dash where it is unknown."""
        return "–" if value is None else text.percent(value.share, self.lang, value.decimals)

    def about_when(self, found: Projection) -> str:
        """What a card says of the day: when it was reached; else about when the chances are even, by its month where eight of
        ten days lie farther apart than :data:`WIDE`; or a dash."""
        day = found.reason.on if found.reason is not None else found.median
        if isinstance(day, NotReached):
            return self.say(T("> {horizon}", horizon=chances.horizon(found.horizon_days)))
        if day is None or found.reason is not None:
            return "–" if day is None else text.day(day, self.lang, short=True)
        early, late = found.quantiles[10], found.quantiles[90]
        near = not isinstance(early, NotReached) and not isinstance(late, NotReached) and (late - early).days <= WIDE
        return "± " + (text.day(day, self.lang, short=True) if near else text.month(day, self.lang))

    def project(self, target: Target, area: str | None = None) -> Projection:
        """When the chosen area, or one inside it, reaches the target: as seen on the chosen day."""
        return joint_answers.projection(self.basis, area or self.area, target)

    @property
    def basis(self) -> Basis:
        """What answers about the area rest on."""
        return Basis(self.office.url, self.office.token, self.on, self.today, self.around, self.area, self.named)

    @property
    def today(self) -> date | None:
        """The day on which answers are said; None in the sample and for a day of the past."""
        return today_of(self.office, self.on)


def view() -> View:
    """The chosen area on the chosen day, with its figures."""
    area = asked_area()
    now = current(area)
    stores.hold_open(now, area)
    on = asked_day(_days(now.url, now.token, area, now))
    return View(language(), theme(), now, area, on, *_known(now.url, now.token, area, on, now))


def first(area: str) -> View:
    """What a first visitor sees of an area; needs no session."""
    now = stores.near(stores.current(), scope(area))
    return View(settings().language, "light", now, area, None, *_known(now.url, now.token, area, None, now))


def theme() -> Theme:
    """The theme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def current(area: str = "") -> stores.Office:
    """The store in force: the user's own, or the sample where there is none or it is chosen; ``area`` as :func:`stores.near`."""
    return stores.current(sample=asks_sample(), area=scope(area) if area else "")


def today() -> date:
    """Today in the office's time zone; in the sample, which tells of a past week, its last day."""
    return day_of(current())


def days(area: str, office: stores.Office | None = None) -> list[str]:
    """The days for which the area has a figure, latest first, as 2023-06-20; without a session ``office`` is needed."""
    now = office or current(area)
    return _days(now.url, now.token, area, now)


def areas(area: str, office: stores.Office | None = None) -> list[str]:
    """Areas to choose from: those with figures down to the kabupaten, those above them, and the kecamatan around."""
    now = office or current()
    return _areas(now.url, now.token, area, identity.home_area(), now)


# Kept as they are, not copied for each run: what these two give is read, never changed.
@st.cache_resource(show_spinner=False, max_entries=16)
def _frame(url: str, token: str, area: str, _office: stores.Office) -> pd.DataFrame:
    return frame(_office, area)


@st.cache_resource(show_spinner=False, max_entries=64)
def _known(
    url: str, token: str, area: str, on: date | None, _office: stores.Office
) -> tuple[pd.DataFrame, pd.DataFrame, Standing, pd.DataFrame, str]:
    around = roll_up(_frame(url, token, frame_of(_office, area), _office), scope(area))
    near = around if on is None else around[around["as_of_date"] <= pd.Timestamp(on)]
    upto = roll_up(near, area)
    return near, upto, standing_of(upto, area), history_of(upto, area), name_of(upto)


@st.cache_data(show_spinner=False, max_entries=64)
def _days(url: str, token: str, area: str, _office: stores.Office) -> list[str]:
    rolled = _frame(url, token, frame_of(_office, area), _office)
    found = rolled.loc[rolled["area_code"] == area, "as_of_date"].unique()
    return [day.date().isoformat() for day in sorted(pd.to_datetime(found), reverse=True)]


@st.cache_data(show_spinner=False, max_entries=64)
def _opening(url: str, token: str, home: str, _office: stores.Office) -> str:
    return stores.opening_area(_office)


@st.cache_data(show_spinner=False, max_entries=64)
def _areas(url: str, token: str, area: str, home: str, _office: stores.Office) -> list[str]:
    chosen = AreaCode(area)
    near = next(str(code) for code in (chosen, *reversed(chosen.ancestors)) if code.level <= Level.KABUPATEN)
    found = {area, home, *_around_figures(url, token, _office)}

    def offered(code: str) -> bool:
        near_by = level_of(code) <= Level.KABUPATEN or (level_of(code) is Level.KECAMATAN and code.startswith(near + "."))
        return code == area or (near_by and stores.opens(_office, code))

    return sorted(filter(offered, found), key=lambda code: (level_of(code) is not Level.NATION, code))


# One for all areas that are chosen: of the nation it goes through the codes of all desa.
@st.cache_resource(show_spinner=False, max_entries=16)
def _around_figures(url: str, token: str, _office: stores.Office) -> frozenset[str]:
    parts = [code.split(".") for code in _office.store.areas()]
    return frozenset({NATION} if parts else ()).union(".".join(one[:most]) for one in parts for most in (1, 2, 3))
