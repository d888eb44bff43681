"""One number and one condition wherever a figure stands: the sum counts each area at its last figure, and says so.

Each history is taken in as a file, what must be said of it is added up here from its own rows, and each place is read back.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import openpyxl
import pytest

from ektp_analysis.__main__ import main
from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.over_time import trend
from ektp_analysis.core.area import Level
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO
from ektp_analysis.figures.classes import classify_rows
from ektp_analysis.figures.side_by_side import mapped
from ektp_analysis.figures.tables import RANKING, pick
from ektp_analysis.figures.tables import csv as as_csv
from ektp_analysis.ingest.report import Choices
from ektp_analysis.maps.measures import UNRECORDED
from ektp_analysis.office import imports, reports, stores
from ektp_analysis.page import choices, map_choices
from ektp_analysis.projection.answers import Ground, answer
from tests.apps import area_list
from tests.test_pages import forget, start, texts
from tests.test_report_files import of_pdf, of_pptx

KABUPATEN, LAST = "75.05", date(2024, 6, 3)
KECAMATAN = tuple(f"75.05.{number:02d}" for number in range(1, 12))
ELIGIBLE = 9000
Row = tuple[str, date, int, int, str]  # area, day, eligible, recorded, basis


@dataclass(frozen=True)
class Known:
    """What must be said: people in the sum, those of earlier days, from how many areas, the oldest day; the areas counted."""

    total: int
    older: int = 0
    areas: int = 0
    oldest: date | None = None
    counted: int = 11

    @property
    def clause(self) -> str:
        """The condition as it stands behind the number."""
        if not self.older or self.oldest is None:
            return ""
        many = "areas that have" if self.areas > 1 else "area that has"
        return f"{self.older:,} of them as of {self.oldest.day} {self.oldest:%B %Y} from {self.areas} {many} not reported"


def weekly(weeks: int, *, silent: Mapping[str, int] | None = None, left: Callable[[int, int], int] | None = None) -> list[Row]:
    """All eleven for so many weeks; ``silent`` areas without the last ones; ``left`` of an area (0 to 10) so many weeks ago."""
    counted = left or (lambda place, back: 30 + 10 * place + 4 * back)
    return [
        (code, LAST - timedelta(weeks=back), ELIGIBLE, ELIGIBLE - counted(place, back), "DKB 2023-2")
        for place, code in enumerate(KECAMATAN)
        for back in range(weeks)
        if back >= (silent or {}).get(code, 0)
    ]


def known(rows: list[Row]) -> Known:
    """Added up from the rows alone: the last row of each area, and which of them are not of the last day."""
    last: dict[str, Row] = {}
    for row in sorted(rows, key=lambda one: one[1]):
        if row[0] != KABUPATEN:
            last[row[0]] = row
    people = {code: row[2] - row[3] for code, row in last.items() if row[2] >= row[3]}
    late = {code for code in people if last[code][1] < LAST}
    oldest = min((last[code][1] for code in late), default=None)
    return Known(sum(people.values()), sum(people[code] for code in late), len(late), oldest, len(people))


def another_basis(rows: list[Row]) -> list[Row]:
    return [(*row[:2], row[2] + 400, row[3], "dinamis") if row[1] > LAST - timedelta(weeks=3) else row for row in rows]


def totals(rows: list[Row]) -> list[Row]:
    days = sorted({row[1] for row in rows})
    return [
        (KABUPATEN, day, *(sum(row[place] for row in rows if row[1] == day) for place in (2, 3)), "DKB 2023-2")  # type: ignore[misc]
        for day in days
    ]


THREE = dict.fromkeys(KECAMATAN[:3], 5)
HISTORIES: Mapping[str, list[Row]] = {
    "complete": weekly(10),
    "three silent": weekly(14, silent=THREE),
    "one silent for a year": weekly(60, silent={KECAMATAN[4]: 53}),
    "another basis": another_basis(weekly(12)),
    "a stall": weekly(14, left=lambda place, back: 40 + place + 9 * max(back - 6, 0)),
    "a revision": weekly(12, left=lambda place, back: 30 + place + 4 * back + (60 if place == 2 and back < 3 else 0)),
    "above 100 %": [(*row[:3], ELIGIBLE + 50, row[4]) if row[0] == KECAMATAN[7] and row[1] == LAST else row for row in weekly(9)],
    "one snapshot": weekly(1),
    "two levels": weekly(8) + totals(weekly(8)),
}
OLDER = ("three silent", "one silent for a year")


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """``offices(name)`` stands in the office that has taken in this history; each is taken in once."""
    made: dict[str, str] = {}

    def enter(name: str) -> None:
        fresh = name not in made
        folder = made.setdefault(name, str(tmp_path_factory.mktemp("basis")))
        PATCH.setenv("EKTP_DATA_DIR", folder)
        forget()
        if not fresh:
            return
        lines = ["kode;per tanggal;wajib ktp;sudah rekam;basis"]
        lines += [f"{code};{day};{eligible};{recorded};{basis}" for code, day, eligible, recorded, basis in HISTORIES[name]]
        data = "\n".join([*lines, ""]).encode()
        report = imports.read(data, "mingguan.csv", Choices())
        assert report.status == "accepted" and len(report.rows) == len(HISTORIES[name]), report
        imports.commit(report, data, uploader="petugas")
        stores.close_all()

    return enter


PATCH = pytest.MonkeyPatch()


@pytest.fixture(scope="module", autouse=True)
def day() -> Iterator[None]:
    PATCH.setenv("EKTP_TODAY", (LAST + timedelta(days=1)).isoformat())
    PATCH.setenv("EKTP_LANGUAGE", "en")
    PATCH.delenv("EKTP_DATABASE_URL", raising=False)
    yield
    PATCH.undo()
    settings.cache_clear()
    forget()


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\\", "").split())


def said(text: str, wanted: Known) -> bool:
    """Whether a text holds the number with its condition, and no condition where there is none."""
    flat = plain(text)
    number = f"{wanted.total:,} residents unrecorded"
    if wanted.counted < len(KECAMATAN):
        number += f" in {wanted.counted} of 11 kecamatan"
    found = f"{number}, {wanted.clause}" in flat if wanted.clause else number in flat
    return found and (bool(wanted.clause) or "of them as of" not in flat)


@pytest.mark.parametrize("name", HISTORIES)
def test_the_figures_behind_every_place(offices: Callable[[str], None], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    offices(name)
    wanted, now = known(HISTORIES[name]), stores.current()
    figures = now.store.figures()
    status = json.loads(asked(capsys, "status", "--area", KABUPATEN, "--json"))
    assert status["totals"]["unrecorded"] == wanted.total and status["as_of_date"] == LAST.isoformat()
    older = status["older"]
    assert (older["areas"], older["unrecorded"]) == (wanted.areas, wanted.older)
    assert older["since"] == (wanted.oldest.isoformat() if wanted.oldest else None)
    assert said(asked(capsys, "status", "--area", KABUPATEN), wanted)
    rows = mapped(figures, KABUPATEN)
    assert int(rows["unrecorded"].sum()) == wanted.total
    assert int(rows.loc[~rows["reported"], "unrecorded"].sum()) == wanted.older
    classes = classify_rows(rows, UNRECORDED)
    assert sum(classes.people.values()) == wanted.total and len(classes.older) <= wanted.areas
    listed = list(csv.reader(io.StringIO(as_csv(pick(rows, RANKING), "en").decode("utf-8-sig"))))
    column = listed[0].index("Unrecorded")
    assert sum(int(line[column]) for line in listed[1:] if line[column]) == wanted.total
    found = answer(Ground.of(figures, KABUPATEN), KABUPATEN, ZERO)
    told = json.loads(asked(capsys, "project", "--area", KABUPATEN, "--json"))
    if found.answered and found.paths is not None:
        assert found.inputs.unrecorded[-1] == (wanted.total, wanted.total)
        assert float(found.paths.left(np.zeros(found.paths.count)).mean()) == pytest.approx(wanted.total)
        assert told["inputs"]["unrecorded"][-1] == [wanted.total, wanted.total]
    else:
        assert found.reason is not None and told["reason"]["code"] == found.reason.code


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments, "--lang", "en"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", HISTORIES)
def test_map_and_slide_have_the_same_classes(offices: Callable[[str], None], name: str) -> None:
    """The map widens its outer bounds for all days; the slide did not, so that one colour meant two things."""
    offices(name)
    view = choices.first(KABUPATEN)
    page = map_choices.first(view, Level.KECAMATAN).drawn.classes
    slides = {slide.key: slide.blocks[0] for slide in reports.deck(stores.current(), KABUPATEN).slides}
    for key in ("map", "ranking"):
        drawn = slides[key].classes  # type: ignore[union-attr]
        assert drawn.bounds == page.bounds and drawn.of == page.of, key


@pytest.mark.parametrize("name", HISTORIES)
def test_pages_and_their_charts(offices: Callable[[str], None], name: str) -> None:
    offices(name)
    wanted = known(HISTORIES[name])
    app = start("position.py", lang="en", area=KABUPATEN)
    assert said(str(app.title[0].value), wanted)
    assert f"{wanted.total:,}" in plain(texts(app))
    listed = {row["code"]: row["cells"][1]["sort"] for row in area_list(app)["rows"]}
    assert sum(people for people in listed.values() if people is not None) == wanted.total
    assert [people is None for people in listed.values()].count(False) == wanted.counted
    late = {row["code"] for row in area_list(app)["rows"] if row["cells"][6].get("chip")}
    assert sum(listed[code] for code in late) == wanted.older and len(late) == wanted.areas
    state = reports.state(stores.current(), KABUPATEN)
    drawn = trend(state.history, Look("en")).to_dict()
    behind = [row for layer in drawn["layer"] for row in layer["data"]["values"]]
    points = [row for row in behind if row.get("value") is not None]
    assert max(points, key=lambda one: one["day"])["value"] == wanted.total
    below = [row for row in behind if "older" in row]
    assert (max(below, key=lambda one: one["day"])["older"] if below else 0) == wanted.older


@pytest.mark.parametrize("name", OLDER)
def test_projection_and_map_say_the_same_condition(offices: Callable[[str], None], name: str) -> None:
    offices(name)
    wanted = known(HISTORIES[name])
    text = plain(texts(start("projection.py", lang="en", area=KABUPATEN, target="zero")))
    assert f"{wanted.total:,} residents to record by" in text
    page = start("area_map.py", lang="en", area=KABUPATEN)
    assert f"of {wanted.total:,})" in plain(str(page.title[0].value))
    grown_old = name == "one silent for a year"  # a class of its own, without a colour
    assert ("Figure outdated" if grown_old else "figures of earlier days") in plain(
        json.dumps([str(one.value) for one in page.html] + [texts(page)])
    )


@pytest.mark.parametrize("name", ["complete", *OLDER, "above 100 %"])
def test_slides_page_and_workbook(offices: Callable[[str], None], name: str) -> None:
    offices(name)
    wanted = known(HISTORIES[name])
    deck = reports.deck(stores.current(), KABUPATEN)
    for kind, read in (("pptx", of_pptx), ("one-pager pdf", of_pdf)):
        assert said(read(reports.file(deck, kind, "en")), wanted), kind
    book = openpyxl.load_workbook(io.BytesIO(reports.file(deck, "xlsx", "en")))
    cells: list[Any] = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert wanted.total in cells
    assert said(" ".join(str(one) for one in cells), wanted)
