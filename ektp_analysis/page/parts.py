"""How answers are placed: heading and banner, cards, charts, tables, downloads, warnings, and errors as sentences."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import streamlit as st

from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.boundaries.layer import Boundaries, match
from ektp_analysis.core import contract, text
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import EktpError, UserError
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.core.theme import both, css
from ektp_analysis.figures import tables
from ektp_analysis.narrative import chances, counts, notes
from ektp_analysis.page import choices, scripts
from ektp_analysis.page.choices import View
from ektp_analysis.projection.result import NotReached, Projection

# A file of our own: the named icons and emoji of Streamlit are fetched from a network.
ICON = Path(__file__).resolve().parents[2] / ".streamlit" / "icon.svg"
SIDEBAR = 276  # pixels: as much as its longest name of a kabupaten takes
MOST_LOST = 8  # areas without an outline that are named
# A table that wraps and never scrolls; and where it is narrower than CARD, each row is a card: its first cell heads the others.
CARD = 480  # pixels
MOST_AT_ONCE = 12  # rows below each other; the others are unfolded
_FITTED = """container-type: inline-size;
  table { width: 100%; font-size: .875rem; line-height: 1.35; }
  :is(th, td) { padding: .3rem .4rem; }
  td:first-child { overflow-wrap: anywhere; min-width: 7rem; }"""
_CARDS = f"""
  :is(table, tbody) {{ display: block; }}
  thead {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
  tr {{ display: grid; grid-template-columns: 1fr 1fr; gap: 0 .5rem; padding: .4rem 0; border-bottom: 1px solid {both("grid")}; }}
  td {{ display: block; border: 0; padding: .1rem 0; text-align: left !important; }}
  td:first-child {{ grid-column: 1 / -1; font-weight: 600; }}
  td:not(:first-child)::before {{ display: block; color: {both("muted")}; font-size: .75rem; }}
  td:first-child::before {{ content: none !important; }}"""
_LOG = logging.getLogger("ektp_analysis")
_BROKEN = T(
    "Something went wrong in the app; your data are as they were. Load the page again. If it happens again, "
    "run the check: python -m ektp_analysis doctor"
)


@contextlib.contextmanager
def frame() -> Iterator[None]:
    """Every page runs inside it: what a person can mend is said as a sentence, what the machine must as another."""
    try:
        yield
    except UserError as error:
        _refused(error)
    except EktpError as error:
        _LOG.error("%s", error)
        st.error(text.render(error.message, _language()), icon=":material/database_off:")


def _refused(error: EktpError) -> None:
    """A sentence; for who is not logged in any more with the way to do so."""
    said = text.render(error.message, _language())
    st.error(said, icon=":material/error:")
    if isinstance(error, NotAllowedError) and not error.person.key:
        st.html(f'<a href="signin?lang={_language()}" style="color: inherit">{text.render(T("Log in"), _language())}</a>')


def unexpected(error: Exception) -> bool:
    """The server's last resort: a sentence on screen, the kind and place of the error (no values) in the log."""
    if isinstance(error, EktpError):  # of a click, or of a part that is run alone: no page stands around it
        _LOG.error("%s", error)
        _refused(error)
        return True
    trace, place = error.__traceback__, ""
    while trace is not None:
        place, trace = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}", trace.tb_next
    _LOG.error("unexpected %s at %s", type(error).__name__, place)
    st.error(text.render(_BROKEN, _language()), icon=":material/error:")
    return True


def _language() -> str:
    try:
        return choices.language()
    except EktpError:
        return "id"


def style() -> None:
    """What the theme has no setting for, and what the browser and screen readers are told."""
    run(scripts.start(_language()), beside=css())


def run(script: str, beside: str = "") -> None:
    """Run one of :mod:`~ektp_analysis.page.scripts` in the page, with HTML beside it; the browser runs no other."""
    st.html(f"{beside}<script>{script}</script>", unsafe_allow_javascript=True)


def heading(view: View, answer: Text, *, below: Text | None = None) -> None:
    """The page's answer as its heading, what it rests on below it, and the banner where figures are modelled."""
    st.title(view.sentence(answer), anchor=False)
    if below is not None:
        st.caption(view.sentence(below))
    if view.note is not None:
        st.info(view.sentence(view.note), icon=":material/science:")


def dated(view: View) -> Text:
    """The day of the figures and their age; in the sample, and of a day of the past, the age says nothing."""
    return notes.dated(view.standing, view.today)


def empty(view: View, answer: Text) -> None:
    """The page of an area without figures: what to do next, with the way there."""
    heading(view, answer)
    st.write(view.say(T("Choose another area or day on the left, or upload a file on the page Data.")))
    st.page_link("data.py", label=view.say(T("Upload a file")), icon=":material/upload_file:")


@contextlib.contextmanager
def file_box(view: View, key: str, most: Text) -> Iterator[None]:
    """Room for a box for files; its own words are English only, so ours stand in their place. ``most`` is what it takes."""
    choose = view.say(T("Choose files"))
    with st.container(key=key):
        st.html(f"""<style>
        .st-key-{key} [data-testid=stFileUploaderDropzoneInstructions] span, .st-key-{key} section > span > button p {{
            font-size: 0; }}
        .st-key-{key} section > span > button p::after {{ content: "{choose}"; font-size: 0.875rem; }}
        .st-key-{key} [data-testid=stFileUploaderDropzoneInstructions] span::after {{
            content: "{view.say(most)}"; font-size: 0.875rem; }}
        </style>""")
        yield


def cards(number: int) -> Any:
    """A row of cards that wraps on a narrow screen."""
    return st.grid(number, min_column_width=210)


def card(view: View, label: Text, value: str, note: Text) -> None:
    """One figure: what it is, the figure, and the clause that belongs to it."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(view.sentence(label), value)
        st.caption(view.sentence(note))


def chart(drawn: Any, key: str, *, alt: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """An Altair chart over the full width, or as wide as it is; ``alt`` is its message for those who do not see it."""
    whole: Any = _Whole(drawn)
    st.altair_chart(whole, width=width, theme=None, key=key, alt=alt)


class _Whole:
    """A chart as Streamlit asks for it: not held against the schema at each visit, which takes longer than drawing it."""

    def __init__(self, chart: Any) -> None:
        self._chart = chart

    def to_dict(self) -> dict[str, Any]:
        made: dict[str, Any] = self._chart.to_dict(validate=False)
        return made


def table(view: View, rows: pd.DataFrame, key: str, **arguments: Any) -> Any:
    """A frame as a table in the reader's language: numbers right-aligned, shares as per cent, missing as a dash."""
    return table_of(view, rows, written(rows, view.lang), key, **arguments)


def behind(view: View, key: str, *frames: pd.DataFrame) -> None:
    """The figures of a chart as a table, behind one click."""
    with st.expander(view.say(T("The figures as a table"))):
        for place, rows in enumerate(frames):
            table(view, rows, f"{key}_{place}")


def written(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The frame as it is read in the language."""
    shown = pd.DataFrame({name: _shown(rows[name], str(name), lang) for name in rows.columns})
    shown.columns = pd.Index([tables.label(str(name), lang) for name in shown.columns])
    return shown


def table_of(view: View, rows: pd.DataFrame, shown: pd.DataFrame, key: str, **arguments: Any) -> Any:
    """A table of rows that are :func:`written` already. What a row is about stays in sight where the rest has to be moved."""
    about = "name" if "name" in rows else next(iter(rows.columns), "")
    config = {
        tables.label(str(name), view.lang): st.column_config.Column(
            alignment="right" if pd.api.types.is_numeric_dtype(rows[name]) else "left", pinned=bool(name == about)
        )
        for name in rows.columns
    }
    return st.dataframe(shown, key=key, hide_index=True, width="stretch", column_config=config, placeholder="–", **arguments)


def listing(view: View, rows: pd.DataFrame, right: Collection[str] = ()) -> None:
    """A frame as a plain table: at once on screen, read line by line by a screen reader, numbers right-aligned.

    ``right`` are columns of numbers that are written already.
    """
    names = [tables.label(str(name), view.lang) for name in rows.columns]
    aligned = [pd.api.types.is_numeric_dtype(rows[name]) or name in right for name in rows.columns]
    columns = [_shown(rows[name], str(name), view.lang).astype("object") for name in rows.columns]
    lines = [
        names,
        ["---:" if at else ":---" for at in aligned],
        *([plain("–" if pd.isna(cell) else str(cell)) for cell in line] for line in zip(*columns, strict=True)),
    ]
    st.markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))


def fitted(view: View, rows: pd.DataFrame, key: str) -> None:
    """A plain table none of whose columns is ever out of sight: narrow, its words wrap; on a phone each row is a card. Of many
    rows it shows the first ones; the others are folded away."""
    said = (json.dumps(tables.label(str(name), view.lang), ensure_ascii=False) for name in rows.columns)
    named = " ".join(f"td:nth-child({place})::before {{ content: {name}; }}" for place, name in enumerate(said, 1))
    more = len(rows) - MOST_AT_ONCE
    with st.container(key=key):
        st.html(f"<style>.st-key-{key} {{ {_FITTED} @container (max-width: {CARD}px) {{ {_CARDS} {named} }} }}</style>")
        listing(view, rows.head(MOST_AT_ONCE))
        if more > 0:
            with st.expander(view.say(TN("{n} more row", "{n} more rows", n=more))):
                listing(view, rows.tail(more))


def plain(text: str) -> str:
    """Text of a file as text: no markup in it is carried out."""
    return "".join("\\" + letter if letter in "\\`*_{}[]()<>#+-!|$:~" else letter for letter in text)


def _shown(values: pd.Series, name: str, lang: str) -> pd.Series:
    if name in tables.PERCENT:
        return values.map(lambda share: text.percent(float(share), lang), na_action="ignore")
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.map(lambda moment: text.day(moment.date(), lang), na_action="ignore").astype("object")
    if pd.api.types.is_integer_dtype(values):
        return values.map(lambda count: text.number(int(count), lang), na_action="ignore")
    if name == "status":
        words = {contract.REPORTED: T("reported"), contract.MODELLED: T("modelled")}
        return values.map(lambda word: text.render(words[word], lang) if word in words else word)
    return values.map(lambda value: text.day(value, lang) if isinstance(value, date) else value)


def downloads(
    view: View,
    key: str,
    *,
    frames: Mapping[str, pd.DataFrame] | None = None,
    pictures: Mapping[str, Callable[[], bytes]] | None = None,
) -> None:
    """What the page shows, to take away: tables as CSV, pictures as PNG (drawn when asked for)."""
    day = view.standing.as_of_date
    tail = f"_{view.area}" + (f"_{day.isoformat()}" if day else "")
    with st.container(horizontal=True):
        for name, rows in (frames or {}).items():
            st.download_button(
                f"{name} (CSV)",
                tables.csv(_noted(rows, view), view.lang),
                f"{_slug(name)}{tail}.csv",
                "text/csv",
                key=f"{key}_csv_{_slug(name)}",
                icon=":material/table:",
                on_click="ignore",
            )
        for name, make in (pictures or {}).items():
            st.download_button(
                f"{name} (PNG)",
                make,
                f"{_slug(name)}{tail}.png",
                "image/png",
                key=f"{key}_png_{_slug(name)}",
                icon=":material/image:",
                on_click="ignore",
            )


def _noted(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """The rows with the banner beside each of them, so that it cannot be cut off."""
    return rows if view.note is None or "note" in rows else rows.assign(note=view.sentence(view.note))


def _slug(name: str) -> str:
    return "-".join(name.lower().split())


def quantiles(view: View, found: Projection) -> pd.DataFrame:
    """The distribution as a table: with which chance the target is reached by which day."""
    beyond = view.say(T("not within {horizon}", horizon=chances.horizon(found.horizon_days)))
    return pd.DataFrame(
        [
            {"chance": f"{level} %", "day": beyond if isinstance(day, NotReached) else text.day(day, view.lang)}
            for level, day in sorted(found.quantiles.items())
        ]
    )


def lost(shapes: Boundaries, rows: pd.DataFrame) -> list[str]:
    """Codes of the areas that have figures but no polygon."""
    return list(match(rows.loc[rows["reported"], "area_code"], shapes).unmatched_figures)


def mismatch(view: View, lost: Sequence[str]) -> None:
    """Areas that have figures but no polygon are named: nothing is left off the map in silence."""
    if lost:
        named = counts.listed([name(code) for code in lost], MOST_LOST)
        st.warning(
            view.say(
                TN(
                    "{n} area with figures has no outline on this map: {areas}",
                    "{n} areas with figures have no outline on this map: {areas}",
                    n=len(lost),
                    areas=named,
                )
            ),
            icon=":material/warning:",
        )


def name(code: str) -> str:
    """The full name of an area: 'Kecamatan Anggrek'."""
    return register().full_name(code)


def warnings(view: View) -> None:
    """Each thing that limits what the figures say."""
    for clause in notes.warnings_of(view.standing, choices.today()):
        st.warning(view.sentence(clause), icon=":material/warning:")
