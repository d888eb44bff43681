"""What goes to others with a plan: the values of letters, the text for a village's group, the calendar to take over, as one zip.

Pure: a plan and words in, bytes out. Nothing is sent from here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import groupby
from typing import Any

from icalendar import Calendar, Event

from ektp_analysis.core.area import register
from ektp_analysis.core.text import LANGUAGES, T, Text, number, render, sentence, weekday
from ektp_analysis.narrative import on_papers
from ektp_analysis.planning.proposal import Assignment, Plan, Work
from ektp_analysis.report import day_sheets, letters
from ektp_analysis.report.day_sheets import Frame, Part
from ektp_analysis.report.letters import ROWS, Kind

SHEETS, ALL, MESSAGE, CALENDAR, LETTERS = "lembar-kunjungan", "semua", "pesan-warga", "jadwal", "surat"
PRODUCT = "-//ektp-analysis//rencana//ID"
Template = Callable[[Kind, str], tuple[bytes, str]]  # a kind and a language -> the template and how it is called


Told = Callable[[int, int], None]  # so many steps are done, of so many


@dataclass(frozen=True)
class Letter:
    """A letter that is filled in: its file's name without ending, its heading, its bytes (DOCX)."""

    name: str
    title: Text
    data: bytes


def visited(plan: Plan) -> list[str]:
    """The areas in which a team works, in the order in which it first comes there."""
    order = sorted(plan.assignments, key=lambda one: (one.day, one.team))
    return list(dict.fromkeys(one.area for one in order if one.work is Work.VISIT))


def teams_of(plan: Plan) -> list[int]:
    """The teams that are sent somewhere."""
    return sorted({one.team for one in plan.assignments})


def values(plan: Plan, frame: Frame, rows: list[Assignment], area: str) -> dict[str, Any]:
    """What a template may name, for some assignments around an area."""
    lang = frame.lang
    days = sorted({one.day for one in rows})
    schedule = [
        {
            "hari": weekday(one.day, lang),
            "tim": _team(one.team, lang),
            "wilayah": register().full_name(one.area),
            "tempat": render(on_papers.place(one.place), lang) if one.work is Work.VISIT else "–",
            "kegiatan": render(T("Recording") if one.work is Work.VISIT else T("On the way"), lang),
            "perkiraan": day_sheets.expected(one.expected, lang) if one.work is Work.VISIT else "–",
        }
        for one in rows
    ]
    return {
        "kantor": frame.office or render(on_papers.OFFICE_NAME, lang),
        "wilayah": register().full_name(area),
        "wilayah_atas": on_papers.above(area),
        "hari_pertama": weekday(days[0], lang),
        "hari_terakhir": weekday(days[-1], lang),
        "jumlah_hari": number(len(days), lang),
        "perkiraan": render(on_papers.about(sum(one.expected for one in rows)), lang),
        "catatan_perkiraan": noted(plan, frame),
        ROWS: schedule,
    }


def noted(plan: Plan, frame: Frame) -> str:
    """What expected numbers are, and the stamp where figures are modelled."""
    return " ".join(filter(None, (sentence(on_papers.expectation(plan), frame.lang), frame.stamp and frame.stamp + ".")))


def _team(team: int, lang: str) -> str:
    return render(on_papers.team(team), lang)


def filled(plan: Plan, frame: Frame, template: Template) -> Iterator[Letter]:
    """The letters: to each area that is visited, and the task letter of each team.

    Raises:
        UserError: a template cannot be filled in.
    """
    order = sorted(plan.assignments, key=lambda one: (one.day, one.team))
    data, file = template(Kind.VILLAGE, frame.lang)
    for area in visited(plan):
        rows = [one for one in order if one.area == area and one.work is Work.VISIT]
        told = {**values(plan, frame, rows, area), "kepada": render(on_papers.addressee(area), frame.lang)}
        full = register().full_name(area)
        made = letters.fill(data, file, Kind.VILLAGE, told, frame.made_at)
        yield Letter(f"surat_{area}_{_file(full)}", T("Letter: {area}", area=full), made)
    data, file = template(Kind.TASK, frame.lang)
    for team in teams_of(plan):
        rows = [one for one in order if one.team == team]
        told = {**values(plan, frame, rows, plan.request.area), "tim": _team(team, frame.lang)}
        made = letters.fill(data, file, Kind.TASK, told, frame.made_at)
        yield Letter(f"surat-tugas_tim-{team}", T("Task letter: team {team}", team=str(team)), made)


def _file(name: str) -> str:
    """A name that every system takes for a file."""
    return "-".join("".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name).split())


def message(plan: Plan, area: str, office: str, lang: str) -> str:
    """The text for the group of an area that is visited, to be copied."""
    visits = [(one.day, one.place) for one in plan.assignments if one.area == area and one.work is Work.VISIT]
    lines = on_papers.group_text(area, sorted(dict.fromkeys(visits)), office)
    return "\n".join(one if isinstance(one, str) else sentence(one, lang) for one in lines) + "\n"


def calendar(plan: Plan, frame: Frame, team: int | None = None) -> bytes:
    """The calendar of a team, or of all: one event a team and day, the whole day long.

    An event is named by the plan's area, team and day, so that a later plan replaces what an earlier one had on that day.
    """
    lang = frame.lang
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    name = sentence(on_papers.title(plan, frame.name), lang)
    made.add("x-wr-calname", name if team is None else f"{_team(team, lang)}: {name}")
    chosen = [one for one in plan.assignments if team in (None, one.team)]
    for (day, who), stops in groupby(sorted(chosen, key=lambda one: (one.day, one.team)), key=lambda one: (one.day, one.team)):
        for n, one in enumerate(stops):
            event = Event()
            event.add("uid", f"ektp-{plan.request.area}-{day:%Y%m%d}-team{who}-{n}@rencana")
            event.add("dtstamp", frame.made_at.astimezone(UTC))
            event.add("dtstart", day)
            event.add("dtend", day + timedelta(days=1))
            event.add("summary", f"{_team(who, lang)}: {render(on_papers.work(one.work, one.area, one.place), lang)}")
            event.add("location", register().full_name(one.area))
            if one.work is Work.VISIT:
                told = T("Expected to be recorded: {people}.", people=on_papers.about(one.expected))
                event.add("description", f"{sentence(told, lang)} {noted(plan, frame)}")
            made.add_component(event)
    return bytes(made.to_ical())


def everything(plan: Plan, frame: Frame, given: list[Letter]) -> bytes:
    """One PDF of all: the calendar by team, the sheets, the letters, the texts in both languages.

    Raises:
        StoreError: it cannot be set, or the fonts are missing.
    """
    more: list[Part] = [day_sheets.letter(one.title, letters.blocks(one.data), frame.lang) for one in given]
    for lang in LANGUAGES:
        for area in visited(plan):
            title = T("Text for the group: {area}", area=register().full_name(area))
            more.append(day_sheets.words(title, message(plan, area, frame.office, lang).splitlines(), lang))
    return day_sheets.sheets_pdf(plan, frame, more, calendar=True)


def zipped(plan: Plan, frame: Frame, template: Template, told: Told | None = None) -> bytes:
    """All papers of a plan: sheets and all of it as PDF, letters as DOCX, texts, calendars; ``told`` hears how far it is.

    Raises:
        UserError: a template cannot be filled in.
        StoreError: a PDF cannot be set, or the fonts are missing.
    """
    tell = told or (lambda _done, _of: None)
    given = list(filled(plan, frame, template))
    tell(1, 3)
    sheets = day_sheets.sheets_pdf(plan, frame)
    tell(2, 3)
    files: dict[str, bytes] = {
        f"{SHEETS}.pdf": sheets,
        f"{ALL}.pdf": everything(plan, frame, given),
        **{f"{LETTERS}/{one.name}.docx": one.data for one in given},
        f"{CALENDAR}.ics": calendar(plan, frame),
        **{f"{CALENDAR}_tim-{team}.ics": calendar(plan, frame, team) for team in teams_of(plan)},
        **{f"{MESSAGE}_{lang}.txt": messages(plan, frame.office, lang).encode("utf-8-sig") for lang in LANGUAGES},
    }
    return packed(files, frame)


def messages(plan: Plan, office: str, lang: str) -> str:
    """The texts of all areas that are visited, below each other."""
    return f"\n{'-' * 40}\n\n".join(message(plan, area, office, lang) for area in visited(plan))


def packed(files: Mapping[str, bytes], frame: Frame) -> bytes:
    """A zip whose files bear the moment at which the papers were made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, frame.made_at.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
