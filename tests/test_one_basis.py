"""One number and one condition wherever a figure stands: each history is told in each place, and each cell is read back.

Each history is taken in as a file; what must be said of it is added up here from its own rows. :data:`PLACES` is the table: which
facts each place has to hold. A place holds a fact also by being silent where there is nothing to say.

Every run of the tests looks at each view (:data:`VIEWS`) with as few histories as hold all that its facts are about
(:data:`ABOUT`), and at each history in some view; ``make faults`` looks at each view with each other history.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import openpyxl
import pytest

from ektp_analysis.__main__ import main
from ektp_analysis.core.settings import settings
from ektp_analysis.figures.tables import RANKING, pick
from ektp_analysis.figures.tables import csv as as_csv
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import imports, reports, stores
from ektp_analysis.page import choices, map_choices, slides_parts
from ektp_analysis.report.deck import Deck
from tests.apps import AppTest, area_list, column, forget, strip
from tests.breadth import case, on_diagonal
from tests.test_pages import start, texts
from tests.test_report_files import of_pdf, of_pptx

pytestmark = pytest.mark.usefixtures("projected_once")
CITY, LAST, BASIS = "35.74", date(2024, 6, 3), "DKB 2023-2"
KECAMATAN = {
    f"{CITY}.0{place}": name for place, name in enumerate(("Kademangan", "Wonoasih", "Mayangan", "Kanigaran", "Kedopok"), 1)
}
CODES = tuple(KECAMATAN)
ELIGIBLE, PACE_DAYS = 9000, 28
Row = tuple[str, date, int, int, str]  # area, day, eligible, recorded, basis


def weekly(weeks: int, *, silent: Mapping[str, int] | None = None, left: Callable[[int, int], int] | None = None) -> list[Row]:
    """All five for so many weeks; ``silent`` areas without the last ones; ``left`` of an area (0 to 4) so many weeks ago."""
    counted = left or (lambda place, back: 30 + 10 * place + 4 * back)
    return [
        (code, LAST - timedelta(weeks=back), ELIGIBLE, ELIGIBLE - counted(place, back), BASIS)
        for place, code in enumerate(CODES)
        for back in range(weeks)
        if back >= (silent or {}).get(code, 0)
    ]


def another_basis(rows: list[Row], since: date) -> list[Row]:
    return [(*row[:2], row[2] + 400, row[3], "dinamis") if row[1] >= since else row for row in rows]


def totals(rows: list[Row]) -> list[Row]:
    days = sorted({row[1] for row in rows})
    return [
        (CITY, day, *(sum(row[place] for row in rows if row[1] == day) for place in (2, 3)), BASIS)  # type: ignore[misc]
        for day in days
    ]


@dataclass(frozen=True)
class Story:
    """The rows of an office, and what lies in them on purpose. ``today`` is the day on which it is asked; ``aimed`` the day on
    which the office set itself zero by the end of the year."""

    rows: list[Row]
    today: date = LAST + timedelta(days=1)
    broken: date | None = None  # the day of a step that is not recording
    broken_in: str = ""  # the one area that has it
    stalled: date | None = None
    aimed: date | None = None

    @property
    def last(self) -> dict[str, Row]:
        """The last row of each area."""
        return {row[0]: row for row in sorted(self.rows, key=lambda one: one[1]) if row[0] != CITY}

    @property
    def areas(self) -> dict[str, int | None]:
        """How many are left in each area; None above 100 %."""
        return {code: None if row[3] > row[2] else row[2] - row[3] for code, row in self.last.items()}

    @property
    def total(self) -> int:
        return sum(people for people in self.areas.values() if people is not None)

    @property
    def late(self) -> dict[str, date]:
        """The areas that are counted as of an earlier day than the last."""
        return {code: row[1] for code, row in self.last.items() if row[1] < LAST}

    @property
    def older(self) -> int:
        return sum(self.areas[code] or 0 for code in self.late)

    @property
    def over(self) -> tuple[str, ...]:
        return tuple(KECAMATAN[code] for code, people in self.areas.items() if people is None)

    @property
    def age(self) -> int:
        return (self.today - LAST).days

    def on(self, day: date) -> int:
        """How many were left on a day, each area at its last figure up to then."""
        return replace(self, rows=[row for row in self.rows if row[1] <= day]).total

    @property
    def pace(self) -> float | None:
        """People a day over the last four weeks, or since the step; None where there is no day to compare with."""
        first = max(LAST - timedelta(days=PACE_DAYS), self.broken or date.min)
        day = min(row[1] for row in self.rows if row[1] >= first)
        return None if day == LAST or self.over else (self.on(day) - self.total) / (LAST - day).days

    @property
    def before_stall(self) -> float:
        """People a day from the first figure until the stall began."""
        assert self.stalled is not None
        first = min(row[1] for row in self.rows)
        return (self.on(first) - self.on(self.stalled)) / (self.stalled - first).days

    @property
    def planned(self) -> int | None:
        """How many may be left today by the plan: a straight line to nobody."""
        if self.aimed is None:
            return None
        start = self.on(self.aimed)
        return start - start * (self.today - self.aimed).days // (AIMED_BY - self.aimed).days


AIMED_BY = date(2024, 12, 31)
THREE = dict.fromkeys(CODES[:3], 5)
STEP = LAST - timedelta(weeks=2)
HISTORIES: Mapping[str, Story] = {
    "complete": Story(weekly(10)),
    "three silent": Story(weekly(14, silent=THREE), aimed=date(2024, 5, 6)),
    "one silent for a year": Story(weekly(55, silent={CODES[4]: 53})),
    "another basis": Story(another_basis(weekly(12), STEP), broken=STEP),
    "a stall": Story(weekly(14, left=lambda place, back: 40 + place + 9 * max(back - 6, 0)), stalled=LAST - timedelta(weeks=6)),
    "a revision": Story(
        weekly(12, left=lambda place, back: 30 + place + 4 * back + (60 if place == 2 and back < 3 else 0)),
        broken=STEP,
        broken_in=KECAMATAN[CODES[2]],
    ),
    "stale": Story(weekly(10), today=LAST + timedelta(days=100)),
    "above 100 %": Story(
        [(*row[:3], ELIGIBLE + 50, row[4]) if row[0] == CODES[4] and row[1] == LAST else row for row in weekly(9)], broken=LAST
    ),
    "one snapshot": Story(weekly(1)),
    "two levels": Story(weekly(8) + totals(weekly(8)), aimed=date(2024, 5, 20)),
}


@dataclass(frozen=True)
class Seen:
    """What a place says: its words; and its numbers where it gives them as such."""

    text: str
    total: int | None = None
    older: int | None = None
    areas: Mapping[str, int | None] = field(default_factory=dict)
    late: frozenset[str] = frozenset()
    pace: float | None = None
    planned: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\\", "").split())


def written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def spoken(n: float) -> str:
    """A pace as it is written."""
    return f"{round(n, 1):g}" if abs(n) < 10 else f"{round(n)}"


# ---- the facts: whether a place holds what the rows say


def clause(story: Story) -> str:
    """The condition behind the number: who is counted as of which earlier day."""
    many = "areas that have" if len(story.late) > 1 else "area that has"
    return f"{story.older:,} of them as of {written(min(story.late.values()))}, from {len(story.late)} {many} not reported"


def people(seen: Seen, story: Story) -> bool:
    """The number, over which areas, and who of them is older; nothing of that where there is nothing to say."""
    number = f"{story.total:,} residents unrecorded" + (" in 4 of 5 kecamatan" if story.over else "")
    found = f"{number}, {clause(story)}" in seen.text if story.late else number in seen.text
    return found and ("of them as of" in seen.text) is bool(story.late) and (" of 5 kecamatan," in seen.text) is False


def counted(seen: Seen, story: Story) -> bool:
    return seen.total == story.total


def taken(seen: Seen, story: Story) -> bool:
    """An upload counts those who reported, as the page says; not known where one of them is above 100 %."""
    return seen.total == (None if story.over else story.total - story.older)


def older(seen: Seen, story: Story) -> bool:
    return seen.older == story.older


def areas(seen: Seen, story: Story) -> bool:
    return seen.areas == story.areas and seen.late == frozenset(story.late)


def above(seen: Seen, story: Story) -> bool:
    """Who is above 100 % is named, and said to be in no sum."""
    named = all(f"{name} above 100%" in seen.text for name in story.over)
    return named and ("in no sum" in seen.text.lower()) is bool(story.over) and "never reported" not in seen.text


def high(seen: Seen, story: Story) -> bool:
    """A coverage that holds an area above 100 % is called too high."""
    return ("too high" in seen.text) is bool(story.over)


def beyond(seen: Seen, story: Story) -> bool:
    """That there are areas above 100 % is said of the areas."""
    return ("area is above 100%" in seen.text or "▲" in seen.text) is bool(story.over)


def step(seen: Seen, story: Story) -> bool:
    """The day of a break is told, and of what."""
    what = f"Break in {story.broken_in} on" if story.broken_in else "Break on"
    return (f"{what} {written(story.broken)}" in seen.text) if story.broken else "Break" not in seen.text


def stall(seen: Seen, story: Story) -> bool:
    """Since when, and against which pace before."""
    if story.stalled is None:
        return "stalled since" not in seen.text
    return f"stalled since {written(story.stalled)}" in seen.text and f"{spoken(story.before_stall)} a day before" in seen.text


def stall_day(seen: Seen, story: Story) -> bool:
    if story.stalled is None:
        return "stalled" not in seen.text
    return f"stalled since {written(story.stalled)}" in seen.text


def age(seen: Seen, story: Story) -> bool:
    """The day of the figures, and how long ago that is."""
    ago = f"{story.age} day{'s' * (story.age > 1)} ago"
    return f"{written(LAST)}, {ago}" in seen.text


def old(seen: Seen, story: Story) -> bool:
    """The age where it matters."""
    told = re.search(rf"{story.age} days (ago|old)", seen.text) is not None
    return told is (story.age > 45)


def basis(seen: Seen, story: Story) -> bool:
    return story.last[CODES[0]][4] in seen.text


def pace(seen: Seen, story: Story) -> bool:
    return seen.pace is None if story.pace is None else seen.pace is not None and abs(seen.pace - story.pace) < 0.051


def conditional(seen: Seen, story: Story) -> bool:
    """A pace on which the day of zero depends is that of the rows; a single snapshot has none."""
    found = re.search(r"pace of (?:the last \d+ days held \()?([\d.]+) a day", seen.text)
    if story.pace is None:
        return found is None and ("one snapshot" in seen.text.lower()) is (len(story.rows) == len(CODES))
    return found is None or found[1] == spoken(story.pace)


def plan(seen: Seen, story: Story) -> bool:
    """How many may be left today by the office's plan."""
    told = re.findall(r"by the plan ([\d,]+) today", seen.text)
    return set(told) == ({f"{story.planned:,}"} if story.planned is not None else set())


def plan_number(seen: Seen, story: Story) -> bool:
    return seen.planned == story.planned


def aim(seen: Seen, story: Story) -> bool:
    return ("31 Dec" in seen.text) is (story.aimed is not None)


FACTS: Mapping[str, Callable[[Seen, Story], bool]] = {
    one.__name__: one
    for one in (
        *(people, counted, taken, older, areas, above, high, beyond, step, stall, stall_day, age, old, basis, pace, conditional),
        *(plan, plan_number, aim),
    )
}
PLACES: Mapping[str, str] = {
    "Posisi: sentence": "people plan stall_day conditional",
    "Posisi: strip": "above high age basis step",
    "Posisi: list": "counted older areas beyond stall_day",
    "Posisi: chart": "counted older stall",
    "Posisi: map": "counted older areas",
    "Posisi: aim": "aim",
    "Peta: heading": "people above age",
    "Peta: map": "counted older areas",
    "Peta: table": "counted areas beyond",
    "Proyeksi: heading": "people above age stall plan conditional",
    "Proyeksi: chart": "counted older",
    "Proyeksi: pace": "pace",
    "Presentasi: heading": "people above age",
    "Presentasi: slides": "people plan stall_day conditional",
    "Data: heading": "old",
    "Data: uploads": "taken",
    "deck": "people above old plan stall conditional",
    "one-pager": "people above plan stall_day conditional",
    "workbook: sentences": "people above old plan stall_day",
    "workbook: figures": "counted older areas plan_number",
    "table as CSV": "counted areas",
    "status": "people above high age plan",
    "status as JSON": "counted older above plan_number",
    "project": "people above age stall plan conditional",
    "project as JSON": "counted older above pace plan_number",
    "aim": "aim",
}

# What may lie in a history, and about which of it a fact speaks; without it the fact is a number or a day that is always there.
MATTERS: Mapping[str, Callable[[Story], object]] = {
    "late": lambda story: story.late,
    "over": lambda story: story.over,
    "broken": lambda story: story.broken,
    "stalled": lambda story: story.stalled,
    "old": lambda story: story.age > 45,
    "aimed": lambda story: story.aimed,
    "alone": lambda story: story.pace is None and not story.over,
}
ABOUT: Mapping[str, str] = {
    "people": "late over",
    "taken": "late over",
    "older": "late",
    "areas": "late over",
    "above": "over",
    "high": "over",
    "beyond": "over",
    "step": "broken",
    "stall": "stalled",
    "stall_day": "stalled",
    "old": "old",
    "conditional": "alone",
    "plan": "aimed",
    "plan_number": "aimed",
    "aim": "aimed",
    "counted": "",
    "age": "",
    "basis": "",
    "pace": "",
}


# ---- the places, as their readers see them


def asked(*arguments: str) -> str:
    with redirect_stdout(io.StringIO()) as out:
        assert main([*arguments, "--lang", "en"]) == 0
    return out.getvalue()


def drawn(app: AppTest) -> Seen:
    """The last point of the line in a page's chart over time, and how many below it are older."""
    chart = app.get("vega_lite_chart")[-1].proto
    values = [row for layer in json.loads(chart.spec)["layer"] for row in layer.get("data", {}).get("values", [])]
    points = {row["day"]: row["value"] for row in values if row.get("value") is not None}
    below = {row["day"]: row["older"] for row in values if "older" in row}
    return Seen(chart.alt, int(points[max(points)]), int(below[max(below)]) if below else 0)


def mapped(app: AppTest) -> Seen:
    """What the areas of a page's map say of themselves."""
    (sent,) = app.get("component_instance")
    told = dict(re.findall(r'"code\\*": \\*"([\d.]+)\\*", \\*"label\\*": \\*"(.*?)\\*"', sent.proto.json_args))
    counts = {code: re.search(r"\. ([\d,]+) people", label) for code, label in told.items()}
    found = {code: None if one is None else int(one[1].replace(",", "")) for code, one in counts.items()}
    late = frozenset(code for code, label in told.items() if "As of" in label and written(LAST) not in label)
    return Seen(" ".join(told.values()), *summed(found, late), areas=found, late=late)


def summed(found: Mapping[str, int | None], late: frozenset[str]) -> tuple[int, int]:
    return sum(n for n in found.values() if n is not None), sum(found[code] or 0 for code in late)


def listed(app: AppTest) -> Seen:
    rows = {row["code"]: row for row in area_list(app)["rows"]}
    found = {code: row["cells"][1]["sort"] for code, row in rows.items()}
    late = frozenset(code for code, row in rows.items() if row["cells"][6].get("chip"))
    said = " ".join(f"{row['unrecorded']} {row['markTitle'] or ''}" for row in rows.values())
    return Seen(plain(said), *summed(found, late), areas=found, late=late)


def number_of(cell: str) -> int | None:
    return None if cell == "–" else int(cell.replace(",", ""))


Places = Iterator[tuple[str, Seen]]


def position(_story: Story) -> Places:
    app = start("position.py", lang="en", area=CITY)
    yield "Posisi: sentence", Seen(plain(app.title[0].value))
    yield "Posisi: strip", Seen(plain(strip(app)))
    yield "Posisi: list", listed(app)
    chart = drawn(app)
    yield "Posisi: chart", replace(chart, text=plain(f"{app.header[0].value} {app.title[0].value}"))
    yield "Posisi: map", mapped(app)
    yield "Posisi: aim", Seen(plain(app.button(key="aim").label))


def area_map(story: Story) -> Places:
    app = start("area_map.py", lang="en", area=CITY)
    yield "Peta: heading", Seen(plain(f"{app.title[0].value} | {app.caption[0].value}"))
    yield "Peta: map", mapped(app)
    table = re.findall(r"^\| (\w+) \| (\S+) \| \S+ \|$", texts(app), re.MULTILINE)
    names = {name: code for code, name in KECAMATAN.items()}
    found = {names[name]: number_of(cell) for name, cell in table if name in names}
    yield "Peta: table", Seen(plain(app.title[0].value), summed(found, frozenset())[0], areas=found, late=frozenset(story.late))


def projection(_story: Story) -> Places:
    app = start("projection.py", lang="en", area=CITY, target="zero")
    yield "Proyeksi: heading", Seen(plain(" | ".join([app.caption[0].value, texts(app)])))
    yield "Proyeksi: chart", drawn(app)
    per_day = re.fullmatch(r"([\d.]+) a day", app.metric[0].value)
    yield "Proyeksi: pace", Seen("", pace=None if per_day is None else float(per_day[1]))


def presentation(_story: Story) -> Places:
    app = start("slides.py", lang="en", area=CITY)
    yield "Presentasi: heading", Seen(plain(f"{app.title[0].value} | {app.caption[0].value}"))
    slides = next(one.proto.json for one in app.get("bidi_component") if "slides" in one.proto.json)
    shown = " ".join(re.sub(r"<[^>]+>", " ", one["html"]) for one in json.loads(slides)["slides"])
    yield "Presentasi: slides", Seen(plain(shown))


def uploads(_story: Story) -> Places:
    app = start("data.py", lang="en", area=CITY)
    yield "Data: heading", Seen(plain(app.title[0].value))
    taken = column(app, "Unrecorded in the file")[0].replace(",", "")
    yield "Data: uploads", Seen("", int(taken) if taken.isdigit() else None)


def deck() -> Deck:
    """The one that the page Presentasi makes, or has made."""
    view = choices.first(CITY)
    planned_for = repr((view.aim, stores.events_of(view.office, CITY)))
    made: Deck = slides_parts._deck(view.office.url, view.office.token, CITY, (None, view.today, planned_for), view.office)
    return made


def slides_file(_story: Story) -> Places:
    yield "deck", Seen(plain(of_pptx(reports.file(deck(), "pptx", "en"))))


def one_pager(_story: Story) -> Places:
    yield "one-pager", Seen(plain(of_pdf(reports.file(deck(), "one-pager pdf", "en"))))


def workbook(_story: Story) -> Places:
    book = openpyxl.load_workbook(io.BytesIO(reports.file(deck(), "xlsx", "en")))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    yield "workbook: sentences", Seen(plain(" | ".join(cells)))
    rows, history = sheet_of(book["Snapshot"]), sheet_of(book["History"])[-1]
    found = {row["Area code"]: row["Unrecorded"] for row in rows}
    late = frozenset(row["Area code"] for row in rows if row["As of"].date() < LAST)
    planned = {row["As of"].date(): row["Unrecorded by the plan"] for row in sheet_of(book["Plan"])} if "Plan" in book else {}
    below = history.get("Unrecorded in older figures", 0)  # a column only where it has something to say
    yield "workbook: figures", Seen("", history["Unrecorded"], below, found, late, planned=planned.get(settings().day))


def table(_story: Story) -> Places:
    view = choices.first(CITY)
    sent = as_csv(pick(map_choices.first(view, view.standing.child_level).rows, RANKING), "en").decode("utf-8-sig")  # type: ignore[arg-type]
    lines = list(csv.DictReader(io.StringIO(sent)))
    found = {row["Area code"]: int(row["Unrecorded"]) if row["Unrecorded"] else None for row in lines}
    late = frozenset(row["Area code"] for row in lines if date.fromisoformat(row["As of"]) < LAST)
    yield "table as CSV", Seen("", summed(found, late)[0], areas=found, late=late)


def sheet_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet of the workbook under their heads."""
    heads, *rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return [dict(zip(heads, row, strict=True)) for row in rows]


HERE = ("--area", CITY)


def status(_story: Story) -> Places:
    yield "status", Seen(plain(asked("status", *HERE)))
    data = json.loads(asked("status", *HERE, "--json"))
    yield "status as JSON", of_json(data, data["totals"]["unrecorded"], data)


def project(_story: Story) -> Places:
    yield "project", Seen(plain(asked("project", *HERE, "--target", "zero")))
    data = json.loads(asked("project", *HERE, "--target", "zero", "--json"))
    at = data["standing"]
    yield "project as JSON", replace(of_json(data, at["unrecorded"], at), pace=data["rests_on"]["pace_recent"])


def aims(_story: Story) -> Places:
    yield "aim", Seen(plain(asked("aim", "list")))


def of_json(data: Mapping[str, Any], total: int, at: Mapping[str, Any]) -> Seen:
    planned = (data.get("aim") or {}).get("plan", {}).get("today", {}).get("unrecorded")
    over = " ".join(f"in no sum: {KECAMATAN[code]} above 100%" for code in at["above_hundred"])
    assert at["uncounted"] == []
    return Seen(over, total, at["older"]["unrecorded"], planned=planned)


VIEWS: Mapping[str, Callable[[Story], Places]] = {
    "Posisi": position,
    "Peta": area_map,
    "Proyeksi": projection,
    "Presentasi": presentation,
    "Data": uploads,
    "deck": slides_file,
    "one-pager": one_pager,
    "workbook": workbook,
    "table": table,
    "status": status,
    "project": project,
    "aim": aims,
}


def view_of(place: str) -> str:
    return re.split(r": | as ", place)[0]


def in_every_run(name: str, view: str) -> bool:
    """Whether every run looks at a history in a view: see the head of this file."""
    places = ([*HISTORIES].index(name), [*VIEWS].index(view))
    return name in holding_all(view) or on_diagonal(places, (len(HISTORIES), len(VIEWS)))


@cache
def holding_all(view: str) -> frozenset[str]:
    """Histories in which all occurs that the facts of a view are about: of those that hold most of what is left, the first."""
    facts = {fact for place, held in PLACES.items() if view_of(place) == view for fact in held.split()}
    left, chosen = {matter for fact in facts for matter in ABOUT[fact].split()}, set[str]()
    held_by = {name: {matter for matter, occurs in MATTERS.items() if occurs(story)} for name, story in HISTORIES.items()}
    while left:
        best = max(held_by, key=lambda name: len(held_by[name] & left))
        chosen.add(best)
        left -= held_by[best]
    return frozenset(chosen)


Look = Callable[[str, str], Mapping[str, Seen]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    """``seen(history, view)``: what an office with this history says there, by place. Each is taken in and read once."""
    made: dict[str, dict[str, Mapping[str, Seen]]] = {}

    def of(name: str, view: str) -> Mapping[str, Seen]:
        if name not in made:
            patch.setenv("EKTP_DATA_DIR", str(tmp_path_factory.mktemp("basis")))
            take_in(HISTORIES[name])
            made.clear()  # the office that was is gone
            made[name] = {}
        if view not in made[name]:
            made[name][view] = dict(VIEWS[view](HISTORIES[name]))
        return made[name][view]

    def take_in(story: Story) -> None:
        forget()
        lines = ["kode;per tanggal;wajib ktp;sudah rekam;basis"]
        lines += [f"{code};{day};{eligible};{recorded};{kept}" for code, day, eligible, recorded, kept in story.rows]
        data = "\n".join([*lines, ""]).encode()
        report = imports.read(data, "mingguan.csv", Choices())
        assert report.status == "accepted" and len(report.rows) == len(story.rows), report
        imports.commit(report, data, uploader="petugas")
        if story.aimed is not None:
            patch.setenv("EKTP_TODAY", story.aimed.isoformat())  # an aim begins on the day that is today for the product
            settings.cache_clear()
            asked("aim", "set", "--area", CITY, "--target", "zero", "--by", AIMED_BY.isoformat())
        patch.setenv("EKTP_TODAY", story.today.isoformat())
        settings.cache_clear()

    with pytest.MonkeyPatch.context() as patch:
        for key, value in (("EKTP_LANGUAGE", "en"), ("EKTP_HOME_AREA", CITY)):
            patch.setenv(key, value)
        patch.delenv("EKTP_DATABASE_URL", raising=False)
        yield of
    settings.cache_clear()
    forget()


@pytest.mark.parametrize(
    ("name", "place"),
    [case(name, place, further=not in_every_run(name, view_of(place))) for name in HISTORIES for place in PLACES],
)
def test_each_place_tells_each_history_alike(seen: Look, name: str, place: str) -> None:
    found, story = seen(name, view_of(place))[place], HISTORIES[name]
    wrong = [fact for fact in PLACES[place].split() if not FACTS[fact](found, story)]
    assert not wrong, (wrong, found)


def test_the_table_is_whole() -> None:
    held = {fact for facts in PLACES.values() for fact in facts.split()}
    assert held == set(FACTS) == set(ABOUT) and len(HISTORIES) == 10
    assert {view_of(place) for place in PLACES} == set(VIEWS)
    kept = {(name, view) for name in HISTORIES for view in VIEWS if in_every_run(name, view)}
    assert {name for name, _ in kept} == set(HISTORIES) and {view for _, view in kept} == set(VIEWS)
    for place, facts in PLACES.items():
        seen = [story for name, story in HISTORIES.items() if (name, view_of(place)) in kept]
        assert all(any(map(MATTERS[matter], seen)) for fact in facts.split() for matter in ABOUT[fact].split()), place
