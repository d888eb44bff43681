"""What the map shows: measure, day, level, classes and shape as they are chosen, and the rows that follow from them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from ektp_analysis import boundaries, i18n, measures, narrative
from ektp_analysis.area import Level, level_of
from ektp_analysis.boundaries import Boundaries
from ektp_analysis.breaks import METHODS
from ektp_analysis.classes import Classes, classify_rows, frozen, older_than
from ektp_analysis.map_measures import ALL, MapMeasure
from ektp_analysis.office import boundaries as outlines
from ektp_analysis.office import forecasts
from ektp_analysis.page.choosing import LATEST, choice, choose, set_choice
from ektp_analysis.page.forecasts import choose_deadline
from ektp_analysis.page.mapping import chosen_inside, many
from ektp_analysis.page.viewing import View
from ektp_analysis.projection import NotReached
from ektp_analysis.settings import settings
from ektp_analysis.targets import ZERO, Target
from ektp_analysis.text import T, Text

OUTLINES, CIRCLES, SQUARES = "outlines", "circles", "squares"
PROJECTED = ("days", "probability")
MOST_PROJECTED = 60  # areas whose projections are computed while a reader waits
MOST_DAYS = 60  # over so many days a measure that is costly to compute keeps its bounds
EVERY, SHOWN = "all", "shown"
TICK = 1.5  # seconds a day is shown while playing
SHORT: dict[str, Text] = {
    "unrecorded": T("Unrecorded"), "coverage": T("Coverage"), "share": T("Share"), "change": T("Change"), "pace": T("Pace"),
    "days": T("Days to the target"), "probability": T("Chance"), "age": T("Age of the figure"),
}
Asked = tuple[Target, date | None] | None
WORDS: dict[str, Text] = {
    OUTLINES: T("Outlines"), CIRCLES: T("Circles"), SQUARES: T("Squares"), "natural": T("Natural breaks"),
    "quantiles": T("Equally many areas"), "equal": T("Equally wide"), "round": T("Round numbers"),
    LATEST: T("The latest figures"), EVERY: T("All days together"), SHOWN: T("The day shown"),
}


@dataclass(frozen=True)
class Seen:
    """The map as it is chosen: what is drawn, and the frame behind it in the order of the table."""

    measure: MapMeasure
    day: date | None
    days: tuple[date, ...]
    level: Level
    rows: pd.DataFrame
    classes: Classes
    shapes: Boundaries
    outlines: Boundaries | None
    shape: str
    chosen: str
    largest: int | None
    since: date | None
    online: bool

    @property
    def codes(self) -> list[str]:
        """The areas in the order of the table."""
        return [str(code) for code in self.rows["area_code"]]


def levels(view: View) -> list[Level]:
    """The levels below the area for which there are figures."""
    found = sorted({Level(int(level)) for level in view.rolled["level"].unique()})
    at = level_of(view.area)
    below = [level for level in found if level > at and (at >= Level.KABUPATEN or level < Level.DESA)]
    return below or [Level(at + 1)]


def playing() -> float | None:
    """Seconds until the next day is shown; None while nothing plays. For ``run_every`` of the map's fragment."""
    return TICK if st.session_state.get("playing") else None


def seen(view: View, controls: tuple[st.delta_generator.DeltaGenerator, ...]) -> Seen:
    """Place the choices (into the containers for measure, time and 'Advanced') and gather what follows from them."""
    main, below, more = controls
    offered = levels(view)
    with main:
        key = choose(st.pills, T("Show"), _measures(view, offered[0]), "show", default="unrecorded", required=True,
                     show=lambda one: view.sentence(SHORT[one]))
        measure = ALL[key]
        level = Level[choose(st.segmented_control, T("Level"), [one.name for one in offered], "level",
                             default=offered[0].name, required=True, show=lambda name: view.sentence(Level[name].label))
                      ] if len(offered) > 1 else offered[0]
        ask = _asked(view, measure)
    with below:
        days = known_days(view, level)
        day = _day(view, days)
        since = _since(view, [one for one in days if day is None or one < day]) if measure.key == "change" else None
    with more:
        shape = choose(st.segmented_control, T("Drawn as"), [OUTLINES, CIRCLES, SQUARES], "shape", default=OUTLINES,
                       required=True, show=lambda one: view.say(WORDS[one]))
        method = choose(st.selectbox, T("Classes"), METHODS, "method", default="natural", show=lambda one: view.say(WORDS[one]))
        steps = int(choose(st.segmented_control, T("At most so many classes"), [str(n) for n in range(2, 8)], "steps",
                           default="5", required=True, show=str))
        own = _own_breaks(view, measure)
        basis = choose(st.selectbox, T("Class bounds found on"), [LATEST, EVERY, SHOWN], "bounds", default=LATEST,
                       show=lambda one: view.say(WORDS[one]))
        carry = st.toggle(view.say(T("Fill the silent with their last figure")), key="carry")
        online = settings().base_map and st.toggle(
            view.say(T("Online base map")), key="online",
            help=view.say(T("Sends this computer's network address, the address of this app and the part of the map that is "
                            "looked at to openstreetmap.org. Figures are not sent.")))
    drawn = outlines.find(view.area, level, day)
    rows = frame(view, level, day, since, carry, ask)
    codes = [str(code) for code in rows["area_code"]]
    known = sorted(drawn.codes if drawn else codes)
    pooled = rows if measure.key in PROJECTED or basis == SHOWN else _every(view, level, days, since, carry, measure, day, rows)
    first = {LATEST: lambda: rows if day is None or measure.key in PROJECTED else frame(view, level, None, since, carry, ask),
             EVERY: lambda: pooled, SHOWN: lambda: rows}[basis]()
    bounds = frozen(first, pooled, measure=measure, steps=steps, method=method, own=own)  # type: ignore[arg-type]
    at = day or view.standing.as_of_date
    stale = older_than(rows, at) if at is not None else frozenset()
    classes = classify_rows(rows, measure=measure, areas=known, stale=stale if measure.key != "age" else (), bounds=bounds)
    shapes = drawn if drawn is not None and shape != SQUARES else squares(view.area, tuple(codes), drawn)
    if many(shapes) and shape == CIRCLES:
        shape = OUTLINES
    most = pd.concat([rows["unrecorded"], pooled["unrecorded"]]).max()
    return Seen(measure, day, tuple(days), level, rows, classes, shapes, drawn, shape, chosen_inside(codes),
                None if pd.isna(most) else int(most), since, bool(online))


def _measures(view: View, level: Level) -> list[str]:
    """The measures that can be shown: projections only where there are few enough areas."""
    count = view.rolled.loc[view.rolled["level"] == int(level), "area_code"].nunique()
    return [key for key in ALL if key not in PROJECTED or count <= MOST_PROJECTED]


def known_days(view: View, level: Level) -> list[date]:
    """The real days of the area's figures up to the chosen one, in order; nothing is invented between them."""
    heads = view.rolled.loc[view.rolled["area_code"] == view.area, "as_of_date"]
    return [stamp.date() for stamp in sorted(heads.unique())]


def _day(view: View, days: list[date]) -> date | None:
    """The day on the map, None for the latest; the slider and the play button under it."""
    if len(days) < 2:
        return None
    options = [*(day.isoformat() for day in days[:-1]), LATEST]
    _advance(options)
    short = {**{day.isoformat(): i18n.day(day, view.lang, short=True) for day in days},
             LATEST: i18n.day(days[-1], view.lang, short=True)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        value = choose(st.select_slider, T("As of"), options, "day", default=LATEST, show=short.__getitem__)
        running = bool(st.session_state.get("playing"))
        if st.button(view.say(T("Stop") if running else T("Play")), key="play",
                     icon=":material/stop:" if running else ":material/play_arrow:"):
            st.session_state["playing"] = not running
            st.session_state["played_at"] = time.monotonic()
            if not running and value == LATEST:
                set_choice("day", options[0])
            st.rerun()
    return None if value == LATEST else date.fromisoformat(value)


def _advance(options: list[str]) -> None:
    """While playing: the next day, once its time has come; at the last one the play ends."""
    state = st.session_state
    if not state.get("playing") or time.monotonic() - state.get("played_at", 0.0) < 0.8 * TICK:
        return
    state["played_at"] = time.monotonic()
    place = options.index(choice("day", options, LATEST))
    if place + 1 < len(options):
        set_choice("day", options[place + 1])
    else:
        state["playing"] = False
        st.rerun()


def _since(view: View, days: list[date]) -> date | None:
    """The earlier day of a difference; None is each area's snapshot before."""
    options = ["previous", *(day.isoformat() for day in reversed(days))]
    value = choose(st.selectbox, T("Change since"), options, "since", default="previous", show=lambda one: (
        view.say(T("the snapshot before")) if one == "previous" else i18n.day(date.fromisoformat(one), view.lang)))
    return None if value == "previous" else date.fromisoformat(value)


def _own_breaks(view: View, measure: MapMeasure) -> tuple[float, ...]:
    """Breaks that a reader types, in people or per cent; what is no number is said."""
    typed = st.text_input(view.say(T("Own class breaks")), key=f"own_{measure.key}", placeholder=view.say(
        T("for example 50; 100; 250")))
    parts = [part.strip().rstrip("%").strip() for part in (typed or "").replace("/", ";").split(";")]
    found = []
    for part in filter(None, parts):
        try:
            number = float(part.replace(",", ".")) / (100 if measure.unit == "share" else 1)
        except ValueError:
            st.warning(view.say(T("'{text}' is not a number; breaks are written like 50; 100; 250.", text=part[:20])))
            return ()
        found.append(number)
    return tuple(sorted(set(found)))


def frame(view: View, level: Level, day: date | None, since: date | None, carry: bool, ask: Asked) -> pd.DataFrame:
    """One row an area on one day, with the column of the measure."""
    rows = _mapped(view.office.url, view.office.token, view.area, view.on, level, day, since, carry, view.rolled)
    if ask is None:
        return rows
    target, by = ask
    ahead = _ahead(view.office.url, view.office.token, view.area, view.on, day, target.key, by, view.rolled)
    return rows.merge(ahead, on="area_code", how="left")


def _asked(view: View, measure: MapMeasure) -> Asked:
    """The target and the day that a projected measure is about: the national target until it is reached, then zero."""
    if measure.key not in PROJECTED:
        return None
    national = Target.national()
    reached = view.project(national).reason
    target = ZERO if reached is not None and reached.code == "already_reached" else national
    st.caption(view.say(T("Target: {target}", target=narrative.figures.target_name(target))))
    by = choose_deadline(view, view.standing.as_of_date or date.today()) if measure.key == "probability" else None
    return target, by


@st.cache_data(show_spinner=False, max_entries=256)
def _mapped(url: str, token: str, area: str, on: date | None, level: Level, day: date | None, since: date | None, carry: bool,
            _rolled: pd.DataFrame) -> pd.DataFrame:
    return measures.mapped(_rolled, area, level=level, on=day, since=since, carry=carry)


@st.cache_data(show_spinner=False, max_entries=64)
def _ahead(url: str, token: str, area: str, on: date | None, day: date | None, target: str, by: date | None,
           _rolled: pd.DataFrame) -> pd.DataFrame:
    """Median days to the target (inf: not within the horizon) and its chance by a day, for each area inside."""
    upto = _rolled if day is None else _rolled[_rolled["as_of_date"] <= pd.Timestamp(day)]
    found = forecasts.jointly(upto, area, Target.parse(target))
    rows = []
    for code, child in ({} if found is None else found.together.children).items():
        middle = child.median
        days = 0.0 if child.reason is not None and child.reason.code == "already_reached" else None
        if isinstance(middle, NotReached):
            days = float("inf")
        elif middle is not None and child.origin is not None:
            days = float((middle - child.origin).days)
        chance = child.probability_by(by) if by is not None else None
        rows.append({"area_code": code, "days": days, "probability": chance})
    return pd.DataFrame(rows, columns=["area_code", "days", "probability"]).astype(
        {"area_code": "str", "days": "float64", "probability": "Float64"})


def _every(view: View, level: Level, days: list[date], since: date | None, carry: bool, measure: MapMeasure, day: date | None,
           rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of all days, which the bounds of the classes have to hold; cheap where the figures themselves are shown."""
    if measure.column in ("unrecorded", "coverage"):
        return view.rolled[(view.rolled["level"] == int(level)) & view.rolled["headline"]]
    return pd.concat([rows if one == day else frame(view, level, one, since if since is None or since < one else None, carry,
                                                    None) for one in days[-MOST_DAYS:]])


@st.cache_data(show_spinner=False, max_entries=32)
def _squares(area: str, codes: tuple[str, ...], digest: str, _drawn: Boundaries | None) -> Boundaries:
    points = {shape.code: shape.label for shape in _drawn.shapes} if _drawn else None
    return boundaries.tile_map(area, codes, points=points)


def squares(area: str, codes: tuple[str, ...], drawn: Boundaries | None) -> Boundaries:
    """Equal squares for the areas, placed by their outlines where there are some."""
    return _squares(area, codes, drawn.digest if drawn else "", drawn)
