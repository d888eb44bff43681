"""The workbook: snapshot, history, projection, warnings and method, with real dates and numbers to go on working with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pandas as pd
import xlsxwriter

from ektp_analysis.core import contract
from ektp_analysis.core.text import T, Text, sentence
from ektp_analysis.core.theme import palette, readable_on
from ektp_analysis.figures import tables
from ektp_analysis.figures.classes import classify_rows
from ektp_analysis.figures.planned import Plan
from ektp_analysis.maps.measures import UNRECORDED
from ektp_analysis.narrative import by_plan, chances, counts
from ektp_analysis.narrative import stamps as said
from ektp_analysis.narrative.notes import warnings_of
from ektp_analysis.projection.result import NotReached
from ektp_analysis.report import fitting
from ektp_analysis.report.deck import Deck, Told, cleaned
from ektp_analysis.report.logo import Logo
from ektp_analysis.report.state import State

HEAD = 3  # the row of the heads, counted from 0: title, stamp and an empty row stand above
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
DAY = {"id": "[$-421]d mmmm yyyy", "en": "[$-809]d mmmm yyyy"}
COUNT, SHARE = "#,##0", "0.00%"
WIDEST = 60
PRINTED = {column.name for column in contract.COLUMNS if column.kind == "percent"}
Sheet = tuple[Text, Text, pd.DataFrame]
STATUS = {contract.REPORTED: T("reported"), contract.MODELLED: T("modelled")}


def xlsx(
    deck: Deck,
    lang: str,
    *,
    office: str = "",
    logo: Logo | None = None,  # noqa: ARG001 - as the others
    told: Told | None = None,
) -> bytes:
    """The file, in the language; ``told`` hears of each sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {
            "title": sentence(deck.named, lang),
            "author": office or "e-KTP",
            "subject": deck.fingerprint,
            "keywords": deck.fingerprint,
            "comments": sentence(deck.made, lang),
            "created": deck.state.made_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    pen = Pen(book, deck, lang)
    sheets = _sheets(deck, lang)
    for number, (name, title, frame) in enumerate(sheets, 1):
        if told is not None:
            told(number, len(sheets))
        first = name is SNAPSHOT
        sheet = pen.sheet(name, title, frame, _fills(deck) if first else (), finding=deck.slides[0].title if first else None)
        if name is HISTORY and frame["unrecorded"].notna().sum() > 1:
            pen.chart(sheet, name, frame)
    book.close()
    return out.getvalue()


SNAPSHOT, HISTORY, PLAN, PROJECTION = T("Snapshot"), T("History"), T("Plan"), T("Projection")
WARNINGS, METHOD = T("Warnings"), T("Method")
HEADS = {
    "planned": T("Unrecorded by the plan"),
    "warning": T("What to know about the figures"),
    "method": T("Method and sources"),
}


class Pen:
    """Writes frames as sheets: each value as what it is."""

    def __init__(self, book: Any, deck: Deck, lang: str) -> None:
        self._book, self._deck, self._lang = book, deck, lang
        colours = palette("light")
        self._title = book.add_format({"bold": True, "font_size": 14, "font_color": colours.ink})
        self._stamp = book.add_format({"bold": True, "font_color": colours.accent})
        self._head = book.add_format({"bold": True, "bg_color": colours.grid, "text_wrap": True, "valign": "top", "bottom": 1})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._inert = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self._formats = {
            kind: book.add_format({"num_format": shape, "valign": "top"})
            for kind, shape in (("day", DAY[lang]), ("count", COUNT), ("share", SHARE))
        }

    def sheet(
        self, name: Text, title: Text, frame: pd.DataFrame, fills: Sequence[str] = (), *, finding: Text | None = None
    ) -> Any:
        """A sheet with title, finding, stamp, frozen heads and filter; ``fills`` colour the unrecorded, row by row."""
        sheet = self._book.add_worksheet(sentence(name, self._lang)[:31])
        sheet.write_string(0, 0, sentence(title, self._lang), self._title)
        stamp = self._deck.banner or self._deck.stamp
        said_above = [sentence(one, self._lang) for one in (finding, stamp) if one]
        sheet.write_string(1, 0, " · ".join([*said_above, self._deck.fingerprint]), self._stamp)
        for x, column in enumerate(frame.columns):
            sheet.write_string(HEAD, x, self._label(str(column)), self._head)
            widest = 12
            for y, value in enumerate(frame[column], HEAD + 1):
                fill = fills[y - HEAD - 1] if fills and column == "unrecorded" else ""
                widest = max(widest, min(self._cell(sheet, y, x, value, str(column), fill) + 2, WIDEST))
            sheet.set_column(x, x, widest)
        sheet.freeze_panes(HEAD + 1, 1)
        if len(frame):
            sheet.autofilter(HEAD, 0, HEAD + len(frame), max(len(frame.columns) - 1, 0))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        return sheet

    def _coloured(self, fill: str) -> Any:
        """The format of a count in the colour of its class."""
        if fill not in self._formats:
            self._formats[fill] = self._book.add_format(
                {"num_format": COUNT, "valign": "top", "bg_color": fill, "font_color": readable_on(fill)}
            )
        return self._formats[fill]

    def _label(self, column: str) -> str:
        return sentence(HEADS[column], self._lang) if column in HEADS else tables.label(column, self._lang)

    def _cell(self, sheet: Any, y: int, x: int, value: Any, column: str, fill: str = "") -> int:
        """Write one value; gives its width in letters. A missing one stays an empty cell."""
        if _missing(value):
            sheet.write_blank(y, x, None)
            return 0
        if column in PRINTED:
            sheet.write_number(y, x, float(Decimal(str(value)) / 100), self._formats["share"])
            return 8
        if isinstance(value, (date, pd.Timestamp)):
            sheet.write_datetime(y, x, pd.Timestamp(value).to_pydatetime(), self._formats["day"])
            return 18
        if isinstance(value, (int, float)) or pd.api.types.is_number(value):
            share = column in tables.PERCENT or column in ("chance", "chance_by")
            sheet.write_number(
                y,
                x,
                float(value) if share else int(value),
                self._coloured(fill) if fill else self._formats["share" if share else "count"],
            )
            return 12
        text = self._said(STATUS.get(value, value) if column == "status" else value)
        sheet.write_string(y, x, text, self._inert if text.startswith(RISKY) else self._text)
        return len(text)

    def _said(self, value: Any) -> str:
        """A value that is no number as text, without the letters that a file may not hold."""
        text = sentence(value, self._lang) if isinstance(value, Text) else str(value)
        return "".join(letter for letter in text if letter >= " " or letter == "\n")

    def chart(self, sheet: Any, name: Text, frame: pd.DataFrame) -> None:
        """The history as a native line chart beside its table."""
        day, count = (list(frame.columns).index(column) for column in ("as_of_date", "unrecorded"))
        where, last = sentence(name, self._lang)[:31], HEAD + len(frame)
        chart = self._book.add_chart({"type": "line"})
        chart.add_series(
            {
                "name": sentence(fitting.UNRECORDED, self._lang),
                "categories": [where, HEAD + 1, day, last, day],
                "values": [where, HEAD + 1, count, last, count],
                "line": {"color": palette("light").accent, "width": 2.5},
                "marker": {"type": "circle", "size": 7},
                "data_labels": {"value": len(frame) <= 12, "position": "above"},
            }
        )
        chart.set_x_axis({"date_axis": True, "num_format": DAY[self._lang]})
        chart.set_y_axis({"min": 0, "num_format": COUNT, "major_gridlines": {"visible": True, "line": {"color": "#e3e5e8"}}})
        chart.set_legend({"none": True})
        chart.set_title({"name": sentence(self._deck.slides[0].title, self._lang), "name_font": {"size": 11}})
        chart.set_size({"width": 640, "height": 320})
        sheet.insert_chart(HEAD + len(frame) + 2, 0, chart, {"description": sentence(self._deck.slides[0].title, self._lang)})


def _missing(value: Any) -> bool:
    """Whether there is nothing to write."""
    return value is None or (not isinstance(value, Text) and bool(pd.isna(value))) or value == ""


def _fills(deck: Deck) -> tuple[str, ...]:
    """The colours of the areas in the order of the ranking, as on map and slides; () where there is none."""
    rows = deck.state.rows
    if rows is None:
        return ()
    classes = classify_rows(rows, UNRECORDED)
    return tuple(classes.fill(str(code), "light") for code in rows["area_code"])


def _sheets(deck: Deck, lang: str) -> Sequence[Sheet]:
    state = deck.state
    rows = tables.pick(state.history.tail(1), tables.HISTORY) if state.rows is None else tables.pick(state.rows, tables.RANKING)
    notes = dict.fromkeys(
        [
            *([deck.banner] if deck.banner else []),
            *warnings_of(state.standing, state.today),
            *cleaned(state),
            *state.to_target.notes,
            *state.to_zero.notes,
        ]
    )
    lines = [
        *state.by_plan,
        *said.METHOD,
        T("Source: {source}", source=state.source),
        deck.named,
        deck.made,
        T("short name of this report: {name}", name=deck.fingerprint),
    ]
    if state.boundaries is not None:
        lines.append(state.boundaries.credited)
    plan = state.along.plan
    planned: Sequence[Sheet] = ()
    if plan is not None:
        planned = ((PLAN, T("{one}; {other}", one=deck.named, other=by_plan.aim(plan.aim)), _planned(state, plan)),)
    return (
        (SNAPSHOT, deck.named, rows),
        (HISTORY, deck.named, tables.pick(state.history, tables.HISTORY)),
        *planned,
        (PROJECTION, T("{one}; {other}", one=deck.named, other=chances.method()), _projection(deck, lang)),
        (WARNINGS, deck.named, pd.DataFrame({"warning": list(notes)})),
        (METHOD, deck.named, pd.DataFrame({"method": lines})),
    )


def _planned(state: State, plan: Plan) -> pd.DataFrame:
    """How many may be left by the plan on each of its days, and how many were."""
    days = pd.date_range(plan.start, plan.by)
    seen = state.history.drop_duplicates("as_of_date", keep="last").set_index("as_of_date")["unrecorded"].reindex(days)
    by_day = [plan.on(day.date()) for day in days]
    return pd.DataFrame({"as_of_date": days, "planned": by_day, "unrecorded": seen.astype("Int64").to_numpy()}, dtype="object")


def _projection(deck: Deck, lang: str) -> pd.DataFrame:
    """With which chance each target is reached by which day; a reason where none can be given."""
    rows: list[dict[str, Any]] = []
    for found in (deck.state.to_target, deck.state.to_zero):
        name = sentence(counts.target_name(found.target), lang)
        if found.reason is not None:
            rows.append({"target": name, "chance": None, "day": found.reason.on or found.reason.text})
            continue
        beyond = T("not within {horizon}", horizon=chances.horizon(found.horizon_days))
        rows += [
            {"target": name, "chance": level / 100, "day": beyond if isinstance(day, NotReached) else day}
            for level, day in sorted(found.quantiles.items())
        ]
        rows += [{"target": name, "chance": found.probability_by(day), "day": day} for day, _why in deck.state.dates]
    return pd.DataFrame(rows, columns=["target", "chance", "day"], dtype="object")
