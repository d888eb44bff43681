"""What a file does not answer: each question with its readings and the totals they give, and the same as select boxes
beside a preview in which the chosen cells are marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from ektp_analysis.core import text
from ektp_analysis.core.contract import BY_NAME, COUNTS
from ektp_analysis.core.text import TN, T
from ektp_analysis.core.theme import palette, ramp, readable_on
from ektp_analysis.ingest.report import LEVELS, ROLES, ImportReport, Preview, Question
from ektp_analysis.page.choices import View
from ektp_analysis.page.parts import plain, table

OTHER = -1


@st.fragment
def ask(view: View, report: ImportReport, key: str, decide: Callable[[Mapping[str, Any]], None]) -> None:
    """The questions of a report. Nothing is chosen beforehand, however few readings there are; once all are answered,
    ``decide`` is called with what was decided, for :meth:`Choices.but`."""
    answers: dict[str, Any] = {}
    still_open = asked = 0
    with st.container(border=True, key=f"questions_{key}"):
        for place, question in enumerate(report.questions):
            st.markdown("**" + plain(view.say(question.text)) + "**")
            if question.readings or question.topic in _OWN:
                given = _one(view, question, f"{key}_{place}_{_name_of(question)}")
                answers, asked, still_open = _merged(answers, given), asked + 1, still_open + (not given)
        if not asked:
            st.caption(view.say(T("Answer it below, under 'Look at the sheet, or read it otherwise'")))
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.button(
                view.say(T("Read with these answers")),
                type="primary",
                icon=":material/check:",
                key=f"answered_{key}",
                disabled=still_open > 0,
            )
            if still_open:
                st.caption(view.say(TN("{n} question is open", "{n} questions are open", n=still_open)))
        if sent:
            decide(answers)


def _name_of(question: Question) -> str:
    """A name of the question, so that an answer is never taken for one to the question that is asked next in its place."""
    asked = (question.topic, question.subject, str(question.text), *(str(one.label) for one in question.readings))
    return sha256("\x1f".join(asked).encode()).hexdigest()[:16]


def _one(view: View, question: Question, key: str) -> Mapping[str, Any]:
    """The readings of one question, and room for an answer of one's own; what it means for the choices, {} while it is open."""
    own = question.topic in _OWN

    def show(place: int) -> str:
        if place == OTHER:
            return view.say(T("something else, below"))
        reading = question.readings[place]
        totals = ", ".join(
            f"{view.say(BY_NAME[name].label)} {view.number(total)}" for name, total in reading.totals.items() if name in BY_NAME
        )
        return plain(view.say(reading.label) + (f" ({totals})" if totals else ""))

    picked = None
    if question.readings:
        picked = st.radio(
            view.say(T("Reading")),
            [*range(len(question.readings)), *([OTHER] if own else [])],
            index=None,
            format_func=show,
            key=f"pick_{key}",
            label_visibility="collapsed",
        )
    given = _own(view, question, key, disabled=picked not in (None, OTHER)) if own else {}
    return given if picked in (None, OTHER) else question.readings[picked].choices


_OWN: Mapping[str, tuple[str, str]] = {  # topic -> what may be answered beside its readings, and the choice that this makes
    "date": ("day", "date"),
    "area": ("code", "area"),
    "alias": ("code", "aliases"),
    "part_day": ("day", "parts"),
    "part_area": ("code", "parts"),
}


def _own(view: View, question: Question, key: str, *, disabled: bool) -> Mapping[str, Any]:
    """A day or a code that a person gives as choices, {} while there is none; closed while a reading is chosen, so that only one
    of the two can be meant."""
    kind, choice = _OWN.get(question.topic, ("", ""))
    if kind == "day":
        day = st.date_input(view.say(T("Day")), value=None, key=f"day_{key}", format="DD/MM/YYYY", disabled=disabled)
        said = day.isoformat() if isinstance(day, date) else ""
    elif kind == "code":
        said = st.text_input(view.say(T("Area code, such as 75.05.03")), key=f"code_{key}", disabled=disabled).strip()
    else:
        said = ""
    return {} if not said else {choice: {question.subject: said}} if choice in ("aliases", "parts") else {choice: said}


def days_are_parts(report: ImportReport) -> bool:
    """Whether the table of parts tells each day by itself, so that one of days would say it again."""
    return len(report.parts) == len(report.totals) == len({one.day for one in report.parts})


def parts_table(view: View, report: ImportReport, key: str) -> None:
    """What came in with each of several sheets or tables, why they are one reading: its day, rows and totals."""
    if not report.parts:
        return
    st.markdown("**" + view.say(TN("{n} table is read", "{n} tables are read together", n=len(report.parts))) + "**")
    reasons = [view.say(why) for one in report.evidence if one.topic == "together" for why in one.reasons]
    if reasons:
        st.caption(plain("; ".join(reasons)))
    rows = [
        {
            "part": one.key,
            "as_of_date": pd.Timestamp(one.day) if one.day else pd.NaT,
            "rows": one.rows,
            **{role: one.totals.get(role) for role in COUNTS},
        }
        for one in report.parts
    ]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(("rows", *COUNTS), "Int64"))
    table(view, frame.dropna(axis="columns", how="all"), f"parts_{key}")


def adjust(view: View, report: ImportReport, key: str) -> Mapping[str, Any] | None:
    """Sheet, columns, area, day and number style as boxes beside the preview; what was decided, once it is sent."""
    _previews(view, report, key)
    with st.form(f"adjust_{key}", border=False):
        left, right = st.columns(2)
        with left:
            columns = _column_boxes(view, report, key)
        with right:
            given = _other_boxes(view, report, key)
        sent = st.form_submit_button(view.say(T("Read again")), icon=":material/refresh:")
    if not sent:
        return None
    chosen = report.choices
    as_found = {"sheet": report.sheet, "area": chosen.area, "date": chosen.date.isoformat() if chosen.date else ""}
    decided = {name: value for name, value in given.items() if value and value != as_found.get(name)}
    return {"columns": columns, **decided} if columns else decided


@st.fragment
def _previews(view: View, report: ImportReport, key: str) -> None:
    """The sheet with what was taken marked; of several tables the one that is chosen, the first to begin with."""
    preview = report.preview
    if report.previews:
        chosen = st.selectbox(view.say(T("Table")), list(report.previews), key=f"previewed_{key}")
        preview = report.previews.get(chosen, preview)
    if preview is not None:
        st.html(preview_html(preview, view))


def _column_boxes(view: View, report: ImportReport, key: str) -> dict[str, str]:
    """A box for each role; role -> header, of those that were chosen."""
    headers = dict.fromkeys(report.preview.headers) if report.preview else {}
    said = {"": view.say(T("as found")), "none": view.say(T("none"))}
    options = ["", "none", *(header for header in headers if header)]
    made = {
        role: st.selectbox(
            view.say(BY_NAME[role].label), options, key=f"role_{role}_{key}", format_func=lambda name: said.get(name, name)
        )
        for role in ROLES
    }
    return {role: name for role, name in made.items() if name}


def _other_boxes(view: View, report: ImportReport, key: str) -> dict[str, str]:
    """The other boxes, as they stand."""
    chosen, as_found = report.choices, view.say(T("as found"))
    sheet = st.text_input(view.say(T("Sheet")), chosen.sheet or report.sheet, key=f"sheet_{key}")
    area = st.text_input(view.say(T("Area code, such as 75.05")), chosen.area, key=f"area_{key}")
    day = st.date_input(view.say(T("Day")), value=chosen.date, key=f"date_{key}", format="DD/MM/YYYY")
    level = st.selectbox(view.say(T("Level")), ["", *LEVELS], key=f"level_{key}", format_func=lambda name: name or as_found)
    written = {"dot": "8.468", "comma": "8,468"}
    numbers = st.selectbox(
        view.say(T("Thousands")), ["", *written], key=f"numbers_{key}", format_func=lambda name: written.get(name, as_found)
    )
    return {
        "sheet": sheet.strip(),
        "area": area.strip(),
        "level": level,
        "numbers": numbers,
        "date": day.isoformat() if isinstance(day, date) else "",
    }


def _merged(answers: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with more of them; those about columns and names add up."""
    return {
        **answers,
        **{name: {**answers.get(name, {}), **value} if isinstance(value, Mapping) else value for name, value in more.items()},
    }


def preview_html(preview: Preview, view: View) -> str:
    """The first rows of the sheet, escaped, with header rows and chosen columns marked by colour and by a word."""
    colours, steps = palette(view.theme), ramp(4, view.theme)
    roles = [role for role in dict.fromkeys(preview.roles.values()) if role != "other"]
    fill = {role: steps[place % len(steps)] for place, role in enumerate(roles)}
    columns = range(max((len(line) for line in preview.cells), default=0))

    def words(column: int) -> str:
        role = preview.roles.get(column, "")
        return text.render(BY_NAME[role].label, view.lang) if role in BY_NAME else ""

    def cell(text: str, column: int, row: int) -> str:
        role = preview.roles.get(column)
        marked = role in fill and row >= preview.first_data_row
        style = f"background:{fill[role]};color:{readable_on(fill[role])}" if marked and role else ""
        style += ";font-weight:600" if row in preview.header_rows else ""
        return f'<td style="padding:.15rem .5rem;white-space:nowrap;border:1px solid {colours.grid};{style}">{escape(text)}</td>'

    head = "".join(f'<th style="padding:.15rem .5rem;text-align:left">{escape(words(column))}</th>' for column in columns)
    body = "".join(
        f'<tr><th style="padding:.15rem .5rem;color:{colours.muted}">{number}</th>'
        + "".join(cell(text, column, number) for column, text in enumerate(line))
        + "</tr>"
        for number, line in enumerate(preview.cells, preview.start)
    )
    label = view.say(T("Preview of the sheet"))
    return (
        f'<div tabindex="0" role="region" aria-label="{escape(label)}" '
        f'style="overflow:auto;max-height:22rem;font-size:.8rem;color:{colours.ink}">'
        f'<table style="border-collapse:collapse"><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
