"""The figures behind a page: read once, kept until the store changes (its token is part of every key)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import streamlit as st

from ektp_analysis import i18n, measures, narrative, office, sample
from ektp_analysis.area import AreaCode, Level, level_of
from ektp_analysis.page import choosing
from ektp_analysis.projection.answers import Ground, answer, scope
from ektp_analysis.projection.result import NotReached, Projection
from ektp_analysis.settings import settings
from ektp_analysis.targets import Target
from ektp_analysis.text import Percent, T, Text
from ektp_analysis.theme import Theme

WIDE = 61  # days between the tenth and the ninetieth of a hundred outcomes, above which a day would say too much


@dataclass(frozen=True)
class View:
    """What is chosen, and what is known of it up to the chosen day.

    ``rolled`` holds the chosen area and all areas in it (see :func:`ektp_analysis.measures.rollup`), ``around`` its sisters
    as well, which a projection rests on; ``history`` the chosen area alone.
    """

    lang: i18n.Lang
    theme: Theme
    office: office.Office
    area: str
    on: date | None
    around: pd.DataFrame
    rolled: pd.DataFrame
    standing: measures.Standing
    history: pd.DataFrame

    @property
    def empty(self) -> bool:
        """Whether nothing is known of the area up to the day."""
        return self.standing.figure is None

    @property
    def note(self) -> Text | None:
        """What has to stand in every picture: sample or modelled figures."""
        found = narrative.banners(self.standing, sample=self.office.sample)
        return found[0] if found else None

    @property
    def source(self) -> Text:
        """Where the figures come from, as it stands under a picture."""
        if self.office.sample:
            return T("{source}; split over the kecamatan modelled", source=sample.SOURCE)
        last = self.office.store.info().last_import
        return T("uploads to this office") if last is None else T(
            "uploads to this office, the last on {date}", date=last.astimezone(settings().zone).date())

    def say(self, said: Text | str) -> str:
        """The text in the chosen language."""
        return i18n.render(said, self.lang)

    def sentence(self, said: Text) -> str:
        """A clause in the chosen language, with a capital at its start."""
        return i18n.sentence(said, self.lang)

    def number(self, value: int | None) -> str:
        """A count, or a dash where it is unknown."""
        return "–" if value is None else i18n.number(value, self.lang)

    def percent(self, value: Percent | None) -> str:
        """A share, or a dash where it is unknown."""
        return "–" if value is None else i18n.percent(value.share, self.lang, value.decimals)

    def about_when(self, found: Projection) -> str:
        """What a card says of the day: when it was reached; else about when the chances are even, by its month where eight of
        ten days lie farther apart than :data:`WIDE`; or a dash."""
        day = found.reason.on if found.reason is not None else found.median
        if isinstance(day, NotReached):
            return self.say(T("beyond {horizon}", horizon=narrative.chance.horizon(found.horizon_days)))
        if day is None or found.reason is not None:
            return "–" if day is None else i18n.day(day, self.lang, short=True)
        early, late = found.quantiles[10], found.quantiles[90]
        near = not isinstance(early, NotReached) and not isinstance(late, NotReached) and (late - early).days <= WIDE
        return "± " + (i18n.day(day, self.lang, short=True) if near else i18n.month(day, self.lang))

    def project(self, target: Target, area: str | None = None) -> Projection:
        """When the chosen area, or one inside it, reaches the target: as seen on the chosen day."""
        return _project(self.office.url, self.office.token, area or self.area, self.on, target.key, self.around)


def view() -> View:
    """The chosen area on the chosen day, with its figures."""
    now, area = current(), choosing.area()
    on = choosing.on(_days(now.url, now.token, area, now))
    return View(choosing.language(), theme(), now, area, on, *_known(now.url, now.token, area, on, now))


def first(area: str) -> View:
    """What a first visitor sees of an area; needs no session."""
    now = office.current()
    return View(settings().language, "light", now, area, None, *_known(now.url, now.token, area, None, now))


def theme() -> Theme:
    """The theme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def current() -> office.Office:
    """The store in force: the user's own, or the sample where there is none or it is chosen."""
    return office.current(sample=choosing.sample())


def today() -> date:
    """Today in the office's time zone; in the sample, which tells of a past week, its last day."""
    now = current()
    if now.sample:
        return date.fromisoformat(sample.PUBLISHED[-1][0])
    return datetime.now(settings().zone).date()


def days(area: str) -> list[str]:
    """The days for which the area has a figure, latest first, as 2023-06-20."""
    now = current()
    return _days(now.url, now.token, area, now)


def areas(area: str) -> list[str]:
    """Areas to choose from: those with figures down to the kabupaten, those above them, and the kecamatan around."""
    now = current()
    return _areas(now.url, now.token, area, now)


# Kept as they are, not copied for each run: what these two give is read, never changed.
@st.cache_resource(show_spinner=False, max_entries=16)
def _around(url: str, token: str, within: str, _office: office.Office) -> pd.DataFrame:
    return measures.rollup(_office.store.figures(within=within), within)


@st.cache_resource(show_spinner=False, max_entries=64)
def _known(url: str, token: str, area: str, on: date | None, _office: office.Office) -> tuple[
        pd.DataFrame, pd.DataFrame, measures.Standing, pd.DataFrame]:
    around = _around(url, token, scope(area), _office)
    near = around if on is None else around[around["as_of_date"] <= pd.Timestamp(on)]
    upto = measures.rollup(near, area)
    return near, upto, measures.standing(upto, area), measures.history(upto, area)


@st.cache_data(show_spinner=False, max_entries=64)
def _days(url: str, token: str, area: str, _office: office.Office) -> list[str]:
    rolled = _around(url, token, scope(area), _office)
    found = rolled.loc[rolled["area_code"] == area, "as_of_date"].unique()
    return [day.date().isoformat() for day in sorted(pd.to_datetime(found), reverse=True)]


@st.cache_data(show_spinner=False, max_entries=64)
def _areas(url: str, token: str, area: str, _office: office.Office) -> list[str]:
    chosen = AreaCode(area)
    near = next(str(code) for code in (chosen, *reversed(chosen.ancestors)) if code.level <= Level.KABUPATEN)
    found = {area, settings().home_area}
    for code in _office.store.figures()["area_code"].unique():
        found |= {code, *map(str, AreaCode(code).ancestors)}

    def offered(code: str) -> bool:
        level = level_of(code)
        return level <= Level.KABUPATEN or code == area or (level is Level.KECAMATAN and code.startswith(near + "."))

    return sorted(filter(offered, found), key=lambda code: (level_of(code) is not Level.NATION, code))


@st.cache_resource(show_spinner=False, max_entries=64)
def _project(url: str, token: str, area: str, on: date | None, target: str, _near: pd.DataFrame) -> Projection:
    return answer(Ground.of(_near, area), area, Target.parse(target))
