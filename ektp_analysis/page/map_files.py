"""What stands below the map: the same numbers as a table, small multiples of the days, and the map to take away."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.access import gate
from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.boundaries.national import SOURCE
from ektp_analysis.boundaries.shelf import Change
from ektp_analysis.charts import drawing
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.core import text
from ektp_analysis.core.area import NATION, Level, around, level_of
from ektp_analysis.core.giving_way import give_way, giving_way
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.figures import tables
from ektp_analysis.figures.classes import Cuts, classify_rows
from ektp_analysis.maps import measures as map_measures
from ektp_analysis.maps.leaflet import standalone_html
from ektp_analysis.maps.legend import footnotes
from ektp_analysis.maps.picture import MOST_DAYS, small_multiples, static_map
from ektp_analysis.maps.seen import SQUARES, Caption, MapView, geojson, levels_of, sheets
from ektp_analysis.narrative import chances, counts, on_map
from ektp_analysis.office import boundary_files, held, identity, stores
from ektp_analysis.page import alert_parts, choices, forecast_choices, map_ahead, map_choices, map_parts, position_parts
from ektp_analysis.page.choices import View
from ektp_analysis.page.map_choices import frame
from ektp_analysis.page.overview_parts import names
from ektp_analysis.page.parts import chart, downloads, listing, lost, mismatch, name, plain, table, table_of, written
from ektp_analysis.projection.joint import FAMILIES
from ektp_analysis.projection.result import METHOD

WIDE = 820  # pixels of all days side by side, as much as the page has beside its sidebar
LONG = 60  # areas, from which on the table scrolls
MOST_WITHOUT = 12  # areas without an outline that are named
STANDS_BACK = 2.0  # seconds, altogether, for which each part of what is made ready lets the readers go first
MOST_TOLD = 6  # changes between outline sets that are named


def title(view: View, map_: MapView) -> Text:
    """The finding of the map, for the measure that it shows; of an incomplete one that it is so, for what is said of some areas
    would be taken for all."""
    return map_ahead.awaited(map_) or _title(map_.key, view, map_)


@st.cache_resource(show_spinner=False, max_entries=64)
def _title(key: str, _view: View, _map: MapView) -> Text:
    return map_measures.heading(_map.rows, _view.area, _map.measure, _map.request)


def standing_in(view: View, map_: MapView) -> None:
    """Why squares stand on the map although nobody chose them."""
    if not map_.drawn.boundaries.tiles or map_.choices.shape == SQUARES:
        return
    if map_.boundaries is None:
        st.info(
            view.say(T("No outlines for these areas yet: equal squares stand in for them. Upload outlines on the page Data."))
        )
    else:
        st.info(
            view.say(
                T(
                    "Outlines for {n} of {all} areas only: equal squares stand in for all of them. Upload more outlines "
                    "on the page Data.",
                    n=len(set(map_.boundaries.codes) & set(map_.codes)),
                    all=len(map_.codes),
                )
            )
        )


def credit(view: View, map_: MapView) -> None:
    """Day and source of the figures, and the credit of the outlines; what has figures but no outline is named."""
    st.caption(
        "  \n".join(plain(line) for line in footnotes(map_.drawn.boundaries, map_.rows, _source(view, map_), view.lang) if line)
    )
    for found in view.standing.differences:
        st.caption(view.sentence(counts.difference(found)) + ".")
    if map_.boundaries is not None and not map_.drawn.boundaries.tiles:
        year, day = map_.boundaries.valid_from[:4], map_.request.day
        if year.isdigit() and day is not None and int(year) > day.year:
            st.caption(view.say(T("The outlines hold from {year} on; the figures are older.", year=year)))
            new = map_.rows.loc[map_.rows["last_reported"].isna() & map_.rows["area_code"].isin(map_.boundaries.codes), "name"]
            if 0 < len(new) < len(map_.boundaries.codes):
                st.caption(
                    view.say(
                        T(
                            "Without figures until then, so perhaps part of a neighbour at that time: {areas}.",
                            areas=counts.listed(list(new)),
                        )
                    )
                )
        _without(view, map_)
        told = _changed(view.area, map_.boundaries.digest, tuple(one.name for one in boundary_files.kept()), map_.boundaries)
        if told:
            st.caption("  \n".join(plain(view.sentence(boundary_files.change(one))) + "." for one in told[:MOST_TOLD]))
        if len(told) > MOST_TOLD:
            st.caption(
                view.say(
                    TN(
                        "… and {n} other change of the outlines",
                        "… and {n} other changes of the outlines",
                        n=len(told) - MOST_TOLD,
                    )
                )
            )


def _without(view: View, map_: MapView) -> None:
    """The areas without an outline: those with figures as a warning; all that the shipped file lacks, with its year."""
    shapes, lacking = map_.boundaries, _lost(map_.key, map_)
    mismatch(view, lacking)
    if shapes is None or shapes.source != SOURCE:
        return
    drawn, told = set(shapes.codes), set(lacking)
    left = [code for code in map_.codes if code not in drawn]
    if left:
        named = [name(code) for code in sorted(left, key=lambda code: (code not in told, code))]
        st.caption(
            view.say(
                TN(
                    "{n} of {all} areas ({level}) has no outline in the file of {year}: {areas}",
                    "{n} of {all} areas ({level}) have no outline in the file of {year}: {areas}",
                    n=len(left),
                    all=len(map_.codes),
                    level=map_.choices.level.label,
                    year=shapes.valid_from[:4],
                    areas=counts.listed(named, MOST_WITHOUT),
                )
            )
        )


@st.cache_resource(show_spinner=False, max_entries=64)
def _lost(key: str, _map: MapView) -> list[str]:
    return lost(_map.boundaries, _map.rows) if _map.boundaries is not None else []


@st.cache_data(show_spinner=False, max_entries=64)
def _changed(area: str, digest: str, files: tuple[str, ...], _drawn: Boundaries) -> tuple[Change, ...]:
    """What other outlines at hand have otherwise; found anew when a file comes or goes."""
    return boundary_files.changed(area, _drawn)


def prepare(view: View, map_: MapView) -> None:
    """Compute what is said below the map, for the first visitor."""
    title(view, map_)
    _lost(map_.key, map_)
    _listed(map_.key, view.lang, view, map_)


def figures(view: View, map_: MapView) -> None:
    """The numbers of the map in its order; thousands of rows in a table that scrolls."""
    rows, shown = _listed(map_.key, view.lang, view, map_)
    if shown is not None:
        table_of(view, rows, shown, "map_listing", height=320)
    else:
        listing(view, rows, right=rows.columns[3:])


@st.cache_resource(show_spinner=False, max_entries=16)
def _listed(key: str, lang: str, _view: View, _map: MapView) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The rows of the table, and where there are thousands, as they are written."""
    rows = tables.pick(on_map.told_apart(_map.rows), ("name", "unrecorded", "coverage"))
    if not _map.measure.reported:
        rows[_view.say(_map.measure.label)] = pd.Series(_values(_view, _map), dtype="str")
    return rows, written(rows, lang) if len(rows) > LONG else None


def _values(view: View, map_: MapView) -> list[str]:
    """The measure of the map in words; where it is no number, the words of its class."""
    said = []
    for code, value in zip(map_.rows["area_code"], map_.measure.values(map_.rows), strict=True):
        item = map_.drawn.classes.item(str(code))
        known = item.kind == "step" and not pd.isna(value)
        shown: Any = map_.measure.shown(map_.measure.units(float(value))) if known else item.label
        said.append(text.render(T("{value}", value=shown), view.lang))
    return said


def multiples(view: View, map_: MapView) -> None:
    """So many days side by side, with the classes of the map; the last ones first, the others on further sheets."""
    measure, drawn, said = map_.measure, map_.drawn, _caption(view, map_)
    if measure.projected:
        st.caption(view.say(T("A projection is shown as seen on one day only.")))
        return
    shown = _sheet(view, map_.choices.days)
    columns = 4 if len(shown) > 6 else 3
    pairs = {}
    for day in shown:
        rows = frame(view, map_.choices, day)
        pairs[day] = classify_rows(rows, measure, areas=drawn.boundaries.codes, cuts=Cuts(bounds=drawn.classes.bounds)), rows

    def draw(theme: Any = "light") -> Any:
        return small_multiples(
            drawn.boundaries, pairs, said, lang=view.lang, theme=theme, columns=columns, width=WIDE // columns - 20
        )

    st.html("<style>.st-key-multiples [data-testid=stExpanderDetails] { overflow-x: auto; }</style>")  # on a phone
    chart(draw(view.theme), "multiples", alt=view.sentence(title(view, map_)), width="content")
    downloads(view, "multiples", pictures={view.say(T("All days")): lambda: as_png(draw())})


def _sheet(view: View, days: Sequence[date]) -> Sequence[date]:
    """The days of the chosen sheet, the last one where none is chosen."""
    found = sheets(days, MOST_DAYS)
    if len(found) < 2:
        return days
    options = [str(number) for number in range(1, len(found) + 1)]

    def span(one: str) -> str:
        first, last = found[int(one) - 1][0], found[int(one) - 1][-1]
        return f"{text.day(first, view.lang, short=True)} – {text.day(last, view.lang, short=True)}"

    label = T("Days, {n} in all", n=len(days))
    chosen = choices.choose(
        st.segmented_control, label, options, "sheet", default=options[-1], show=span, required=True, wrap=True
    )
    return found[int(chosen) - 1]


def _caption(view: View, map_: MapView) -> Caption:
    return Caption(title(view, map_), _source(view, map_), view.note)


def _source(view: View, map_: MapView) -> Text:
    """Where the figures come from, and by which method what is projected was made."""
    return T("{one}; {other}", one=view.source, other=chances.method()) if map_.measure.projected else view.source


def take_away(view: View, map_: MapView) -> None:
    """The sortable table, and the map as PNG, SVG, GeoJSON, CSV and as a page that works offline."""
    shown = _to_take(view, map_)
    table(view, shown, "map_table")
    drawn, said = map_.drawn, _caption(view, map_)

    def picture() -> Any:
        return static_map(drawn, said, lang=view.lang)

    downloads(
        view, "map", frames={view.say(T("Areas")): _named(map_, shown)}, pictures={view.say(T("Map")): lambda: as_png(picture())}
    )
    made: dict[str, tuple[Callable[[], bytes], str]] = {
        "svg": (lambda: drawing.as_svg(picture()).encode("utf-8"), "image/svg+xml"),
        "geojson": (
            lambda: geojson(drawn.boundaries, drawn.classes, drawn.rows, METHOD if map_.measure.projected else ""),
            "application/geo+json",
        ),
        "html": (lambda: standalone_html(drawn, said, lang=view.lang).encode("utf-8"), "text/html"),
    }
    stem = re.sub(r"[^\w.-]", "", f"{view.say(T('Map'))}_{view.area}_{map_.request.day or ''}".lower())
    with st.container(horizontal=True):
        for kind, (make, mime) in made.items():
            st.download_button(
                f"{view.say(T('Map'))} ({'GeoJSON' if kind == 'geojson' else kind.upper()})",
                make,
                f"{stem}.{kind}",
                mime,
                key=f"map_{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def _to_take(view: View, map_: MapView) -> pd.DataFrame:
    """The figures of the ranking, and every other measure that the rows hold; a column that has no name yet bears its words."""
    more = tuple(name for name in map_measures.columns() if name not in tables.RANKING)
    shown = tables.pick(map_.rows, (*tables.RANKING, *more))
    for measure in map_measures.available(shown.columns):
        name = measure.column
        if measure.endless:  # infinity is a sentence, never a number
            shown[name] = pd.Series([_ended(view, value) for value in shown[name]], dtype="str")
        if name not in tables.LABELS:
            if measure.unit == "share":
                shown[name] = (100 * shown[name]).round(2)
            label = view.say(measure.short)
            shown = shown.rename(columns={name: f"{label} (%)" if measure.unit == "share" else label})
    return shown


def _named(map_: MapView, shown: pd.DataFrame) -> pd.DataFrame:
    """The table with the method of what is projected in it."""
    return shown.assign(method=METHOD) if map_.measure.projected else shown


def _ended(view: View, value: Any) -> str:
    if pd.isna(value):
        return ""
    if value == float("inf"):
        return view.say(T("Beyond the projection"))
    return str(int(value)) if value == int(value) else str(value)


def warm() -> None:
    """Fill the caches that a first visit fills, on a server of few offices one to each; changes nothing else, needs no session.

    Raises:
        EktpError: the store cannot be read; a visitor is told the same.
    """
    now = stores.current()
    codes = [code for code in now.store.areas() if code != NATION]
    for area in dict.fromkeys((identity.home_area(), around(codes))):
        view = choices.first(area)
        if view.empty or view.standing.child_level is None:
            continue
        levels = levels_of(view.rolled, view.area)
        position_parts.warm(view, levels[0])
        if level_of(view.area) >= Level.KABUPATEN:  # of more, the projections wait until somebody asks
            alert_parts.warm(view)
        for level in levels:
            _warm_map(view, level)
    _warm_each({".".join(code.split(".")[:2]) for code in codes if "." in code}, _warm_first)


def _warm_map(view: View, level: Level) -> None:
    map_ = map_choices.first(view, level)
    map_parts.ready(view, map_)
    prepare(view, map_)
    names(map_.key, map_)


def warm_offices(offices: Collection[str]) -> None:
    """What is shown of kabupaten whose figures changed, on a server of a few: of each the first page; then that of its sisters,
    in which its totals stand, as far as somebody looks at them; then what is beside the own one.

    Raises:
        EktpError: the store cannot be read; a visitor is told the same.
    """
    provinces = {area[:2] for area in offices}
    beside = {area for area in position_parts.looked_at() if level_of(area) is Level.KABUPATEN and area[:2] in provinces}
    for areas, page in ((offices, _warm_first), (beside - set(offices), _warm_first), (offices, _warm_others)):
        with giving_way(STANDS_BACK):
            _warm_each(areas, page)


def _warm_each(offices: Collection[str], page: Callable[[View], object]) -> None:
    """Make a page of each ready as its own readers see it: all of the kabupaten, and the totals of its sisters."""
    if not stores.current().store.keeps_rollups or len(offices) > FAMILIES:
        return
    for area in sorted(offices):
        with gate.acting_as(gate.READERS + area), held.one_run():
            if not (view := choices.first(area)).empty and view.standing.child_level is not None:
                page(view)


def _warm_first(view: View) -> None:
    position_parts.warm(view, levels_of(view.rolled, view.area)[0])
    alert_parts.warm(view)
    choices.days(view.area, view.office)
    choices.areas(view.area, stores.current())


def _warm_others(view: View) -> None:
    _warm_map(view, levels_of(view.rolled, view.area)[0])
    target, _ = forecast_choices.usual_tested(view)
    forecast_choices.replayed(view, target, lambda _share: give_way())
