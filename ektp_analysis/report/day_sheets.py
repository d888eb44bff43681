"""The papers of a plan as PDF: its calendar by team, a sheet per team and day to fill in by hand, and what else goes with them.

A sheet has the columns of a visit in the order of its file, so that it can be typed in as visits. Numbers are those of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from ektp_analysis.core import visit
from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.text import T, Text, number, render, sentence, weekday
from ektp_analysis.narrative import on_papers
from ektp_analysis.planning.frames import blocks, people
from ektp_analysis.planning.proposal import Assignment, Plan, Work
from ektp_analysis.report.logo import Logo
from ektp_analysis.report.pdf import set_pdf

TEMPLATE = "papers.typ"
ROWS = 8  # to fill in on a sheet, at least: as many as stand on A4 across below the places of a day
BESIDE = 3  # of them at least beside one for each place: more visits than were planned
Part = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """What stands on every page: in which language, whose, the plan's name ('': none), when made, a stamp ('': none)."""

    lang: str
    office: str
    logo: Logo | None
    name: str
    made_at: datetime
    stamp: str = ""


@dataclass(frozen=True)
class Day:
    """A team on a day: where it works, in order."""

    team: int
    day: date
    stops: tuple[Assignment, ...]


def days_of(plan: Plan) -> list[Day]:
    """The days on which a team works, day by day and on each by team; days on the way have no sheet."""
    order = sorted(plan.assignments, key=lambda one: (one.day, one.team))
    found = []
    for (day, team), stops in groupby(order, key=lambda one: (one.day, one.team)):
        at_work = tuple(one for one in stops if one.work is Work.VISIT)
        if at_work:
            found.append(Day(team, day, at_work))
    return found


def sheets_pdf(plan: Plan, frame: Frame, more: Iterable[Part] = (), *, calendar: bool = False) -> bytes:
    """A sheet for each team and day in one PDF, before them the calendar by team where it is asked for, behind them ``more``.

    Args:
        more: :func:`letter` and :func:`words`.

    Raises:
        StoreError: it cannot be set, or the fonts are missing.
    """
    sections = [*([overview(plan, frame)] if calendar else []), *(sheet(one, plan, frame.lang) for one in days_of(plan)), *more]
    said = sentence(on_papers.title(plan, frame.name), frame.lang)
    made = sentence(T("Made on {moment}", moment=frame.made_at), frame.lang)
    data = {
        "lang": frame.lang,
        "office": frame.office,
        "author": frame.office or "e-KTP",
        "title": said,
        "made": made,
        "foot": f"{said} · {made}",
        "stamp": frame.stamp,
        "sections": sections,
    }
    return set_pdf(TEMPLATE, data, {}, frame.made_at, frame.logo)


def overview(plan: Plan, frame: Frame) -> Part:
    """The calendar: what each team does from when to when."""
    lang = frame.lang
    heads = (T("From"), T("To"), T("Team-days"), T("Where and what"), T("Expected"))
    parts = []
    for team, run in groupby(blocks(plan), key=lambda one: one.team):
        rows = [
            [
                weekday(one.first, lang),
                weekday(one.last, lang),
                number(one.days, lang),
                sentence(on_papers.work(one.work, one.area, plan.request.place(one.area)), lang),
                "–" if one.work is Work.TRAVEL else expected(one.expected, lang),
            ]
            for one in run
        ]
        title = sentence(on_papers.team(team), lang)
        parts.append({"title": title, "heads": [sentence(one, lang) for one in heads], "rows": rows, "wide": 3, "right": [2, 4]})
    return {
        "kind": "calendar",
        "title": sentence(on_papers.title(plan, frame.name), lang),
        "lines": [sentence(one, lang) + "." * (not str(one).endswith(".")) for one in on_papers.summary(plan)],
        "parts": parts,
    }


def expected(count: float, lang: str) -> str:
    """A number of people that is expected, as it stands in a table: whole, and marked as not sure."""
    return render(T("about {n}", n=people(count)), lang)


def sheet(one: Day, plan: Plan, lang: str) -> Part:
    """The sheet of a team and day."""
    heads = (T("No."), T("Where"), T("Place"), T("Expected"))
    stops = [
        [str(n), register().full_name(stop.area), render(on_papers.place(stop.place), lang), expected(stop.expected, lang)]
        for n, stop in enumerate(one.stops, 1)
    ]
    return {
        "kind": "sheet",
        "title": sentence(on_papers.sheet_title(one.team, one.day), lang),
        "stops": {"heads": [sentence(head, lang) for head in heads], "rows": stops, "wide": 1, "right": [0, 3]},
        "expectation": sentence(on_papers.expectation(plan), lang),
        "done": sentence(T("What was done"), lang),
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "head": render(column.label, lang),
                "shaded": column.name in on_papers.SHADED,
            }
            for column in columns()
        ],
        "rows": filling_rows(one, lang),
        "filling": " ".join(sentence(text, lang) for text in (on_papers.FILLING, on_papers.RETURN)),
        "inside": [
            {"head": sentence(on_papers.inside_words(area), lang), "list": _inside(area)}
            for area in dict.fromkeys(stop.area for stop in one.stops)
            if AreaCode(area).level is not Level.DESA
        ],
    }


def columns() -> Sequence[Any]:
    """The columns of a visit that are filled in by hand, in their order: all but the day, which stands above."""
    return [column for column in visit.COLUMNS if column.name != "day"]


def filling_rows(one: Day, lang: str) -> list[list[str]]:
    """The rows to fill in: one begun for each place, the others empty."""
    begun = []
    for stop in one.stops:
        area = register().full_name(stop.area)
        if AreaCode(stop.area).level is Level.KECAMATAN:
            area = render(T("{area}, village: ........", area=area), lang)
        known = {"area_code": area, "place": render(on_papers.place(stop.place), lang), "teams": "1"}
        begun.append([known.get(column.name, "") for column in columns()])
    empty = ["" for _ in columns()]
    return begun + [empty] * max(ROWS - len(begun), BESIDE)


def _inside(area: str) -> str:
    """The areas directly inside with their codes, of which the last part is enough."""
    known = register()
    return " · ".join(f"{code.rpartition('.')[2]} {known.name(code)}" for code in known.children(area))


def letter(title: Text, blocks: list[Part], lang: str) -> Part:
    """A letter, as :func:`ektp_analysis.report.letters.blocks` gives it."""
    return {"kind": "letter", "title": sentence(title, lang), "blocks": [one for one in blocks if one.get("text", "-")]}


def words(title: Text, lines: Sequence[str], lang: str) -> Part:
    """A text to copy."""
    return {"kind": "text", "title": sentence(title, lang), "lines": list(lines), "lang": lang}
