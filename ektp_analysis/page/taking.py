"""What stands below the map: the same numbers as a table, small multiples of the days, and the map to take away."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis import charts, choropleth, i18n, narrative, tables, vega
from ektp_analysis.boundaries import Boundaries
from ektp_analysis.boundaries.changes import Change
from ektp_analysis.classes import classify_rows
from ektp_analysis.map_measures import MEASURES
from ektp_analysis.office import boundaries as shelf
from ektp_analysis.office import outlines_said
from ektp_analysis.page.exploring import PROJECTED, SQUARES, Seen, frame, kept
from ektp_analysis.page.placing import chart, downloads, listing, lost, mismatch, plain, table, table_of, written
from ektp_analysis.page.viewing import View
from ektp_analysis.text import TN, T, Text

MOST_DAYS = 12
WIDE = 820  # pixels of all days side by side, as much as the page has beside its sidebar
LONG = 60  # areas, from which on the table scrolls
MOST_TOLD = 6  # changes between outline sets that are named


def title(view: View, map_: Seen) -> Text:
    """The finding of the map, for the measure that it shows."""
    return _title(map_.key, view, map_)


@st.cache_resource(show_spinner=False, max_entries=64)
def _title(key: str, _view: View, _map: Seen) -> Text:
    target, by = _map.ask or (None, None)
    return narrative.headings.mapped(_map.rows, _view.area, _map.measure.key, day=_map.day or _view.standing.as_of_date,
                                     since=_map.since, target=target, by=by)


def standing_in(view: View, map_: Seen) -> None:
    """Why squares stand on the map although nobody chose them."""
    if not map_.shapes.tiles or map_.shape == SQUARES:
        return
    if map_.outlines is None:
        st.info(view.say(T("No outlines for these areas yet: equal squares stand in for them. Outlines can be taken in on "
                           "the page Data.")))
    else:
        st.info(view.say(T("Outlines for {n} of {all} areas only: equal squares stand in for all of them. More outlines can be "
                           "taken in on the page Data.", n=len(set(map_.outlines.codes) & set(map_.codes)), all=len(map_.codes))))


def credit(view: View, map_: Seen) -> None:
    """Day and source of the figures, and the credit of the outlines; what has figures but no outline is named."""
    st.caption("  \n".join(plain(line) for line in choropleth.footnotes(map_.shapes, map_.rows, view.source, view.lang) if line))
    for found in view.standing.differences:
        st.caption(view.sentence(narrative.areas.difference(found)) + ".")
    if map_.outlines is not None and not map_.shapes.tiles:
        year, day = map_.outlines.valid_from[:4], map_.day or view.standing.as_of_date
        if year.isdigit() and day is not None and int(year) > day.year:
            st.caption(view.say(T("The outlines hold from {year} on; the figures are older.", year=year)))
            new = map_.rows.loc[map_.rows["last_reported"].isna() & map_.rows["area_code"].isin(map_.outlines.codes), "name"]
            if 0 < len(new) < len(map_.outlines.codes):
                st.caption(view.say(T("Without figures until then, so perhaps part of a neighbour at that time: {areas}.",
                                      areas=narrative.areas.listed(list(new)))))
        mismatch(view, _lost(map_.key, map_))
        told = _changed(view.area, map_.outlines.digest, tuple(one.name for one in shelf.kept()), map_.outlines)
        if told:
            st.caption("  \n".join(plain(view.sentence(outlines_said.change(one))) + "." for one in told[:MOST_TOLD]))
        if len(told) > MOST_TOLD:
            st.caption(view.say(TN("… and {n} other change of the outlines", "… and {n} other changes of the outlines",
                                   n=len(told) - MOST_TOLD)))


@st.cache_resource(show_spinner=False, max_entries=64)
def _lost(key: str, _map: Seen) -> list[str]:
    return lost(_map.outlines, _map.rows) if _map.outlines is not None else []


@st.cache_data(show_spinner=False, max_entries=64)
def _changed(area: str, digest: str, files: tuple[str, ...], _drawn: Boundaries) -> tuple[Change, ...]:
    """What other outlines at hand have otherwise; found anew when a file comes or goes."""
    return shelf.changed(area, _drawn)


def warm(view: View, map_: Seen) -> None:
    """Compute what is said below the map, for the first visitor."""
    title(view, map_)
    _lost(map_.key, map_)
    _listed(map_.key, view.lang, view, map_)


def figures(view: View, map_: Seen) -> None:
    """The numbers of the map in its order; thousands of rows in a table that scrolls."""
    rows, shown = _listed(map_.key, view.lang, view, map_)
    if shown is not None:
        table_of(view, rows, shown, "map_listing", height=320)
    else:
        listing(view, rows, right=rows.columns[3:])


@st.cache_resource(show_spinner=False, max_entries=16)
def _listed(key: str, lang: str, _view: View, _map: Seen) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The rows of the table, and where there are thousands, as they are written."""
    rows = tables.pick(narrative.on_map.told_apart(_map.rows), ("name", "unrecorded", "coverage"))
    if _map.measure.key not in MEASURES:
        rows[_view.say(_map.measure.label)] = pd.Series(_values(_view, _map), dtype="str")
    return rows, written(rows, lang) if len(rows) > LONG else None


def _values(view: View, map_: Seen) -> list[str]:
    """The measure of the map in words; where it is no number, the words of its class."""
    said = []
    for code, value in zip(map_.rows["area_code"], map_.rows[map_.measure.column], strict=True):
        item = map_.classes.item(str(code))
        known = item.kind == "step" and not pd.isna(value)
        shown: Any = map_.measure.shown(map_.measure.units(float(value))) if known else item.label
        said.append(i18n.render(T("{value}", value=shown), view.lang))
    return said


def multiples(view: View, map_: Seen) -> None:
    """Up to 12 days side by side, with the classes of the map."""
    if map_.measure.key in PROJECTED:
        st.caption(view.say(T("A projection is shown as seen on one day only.")))
        return
    shown = map_.days[-MOST_DAYS:]
    columns = 4 if len(shown) > 6 else 3
    pairs = {}
    for day in shown:
        since = map_.since if map_.since is None or map_.since < day else None
        rows = frame(view, map_.level, day, since, kept("carry", False), None)
        pairs[day] = classify_rows(rows, measure=map_.measure, areas=map_.shapes.codes, bounds=map_.classes.bounds), rows

    def draw(theme: Any = "light") -> Any:
        return choropleth.small_multiples(map_.shapes, pairs, title=title(view, map_), source=view.source, lang=view.lang,
                                          theme=theme, note=view.note, columns=columns, width=WIDE // columns - 20)

    st.html("<style>.st-key-multiples [data-testid=stExpanderDetails] { overflow-x: auto; }</style>")  # on a phone
    chart(draw(view.theme), "multiples", alt=view.sentence(title(view, map_)), width="content")
    downloads(view, "multiples", pictures={view.say(T("All days")): lambda: charts.png(draw())})


def take_away(view: View, map_: Seen) -> None:
    """The sortable table, and the map as PNG, SVG, GeoJSON, CSV and as a page that works offline."""
    shown = tables.pick(map_.rows, (*tables.RANKING, "per_day", "age", "days", "probability"))
    if "days" in shown:  # infinity is a sentence, never a number
        shown["days"] = pd.Series([view.say(T("Not within the horizon")) if days == float("inf") else
                                   "" if pd.isna(days) else str(int(days)) for days in shown["days"]], dtype="str")
    table(view, shown, "map_table")
    said: dict[str, Any] = {"title": title(view, map_), "source": view.source, "lang": view.lang, "note": view.note,
            "circles": map_.shape == "circles"}

    def picture() -> Any:
        return choropleth.static_map(map_.shapes, map_.classes, map_.rows, largest=map_.largest, **said)

    downloads(view, "map", frames={view.say(T("Areas")): shown}, pictures={view.say(T("Map")): lambda: charts.png(picture())})
    made: dict[str, tuple[Callable[[], bytes], str]] = {
        "svg": (lambda: vega.svg(picture()).encode("utf-8"), "image/svg+xml"),
        "geojson": (lambda: choropleth.geojson(map_.shapes, map_.classes, map_.rows), "application/geo+json"),
        "html": (lambda: choropleth.standalone_html(map_.shapes, map_.classes, map_.rows, **said).encode("utf-8"), "text/html"),
    }
    day = map_.day or view.standing.as_of_date
    stem = re.sub(r"[^\w.-]", "", f"{view.say(T('Map'))}_{view.area}_{day or ''}".lower())
    with st.container(horizontal=True):
        for kind, (make, mime) in made.items():
            st.download_button(f"{view.say(T('Map'))} ({'GeoJSON' if kind == 'geojson' else kind.upper()})", make,
                               f"{stem}.{kind}", mime, key=f"map_{kind}", icon=":material/download:", on_click="ignore")
