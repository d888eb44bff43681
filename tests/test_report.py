"""The deck as data, and as PowerPoint: what stands on it, read back from the file."""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pytest
from lxml import etree
from PIL import Image, ImageFont
from pptx import Presentation
from pptx.oxml.ns import qn
from pypdf._codecs.core_font_metrics import CORE_FONT_METRICS

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO
from ektp_analysis.core.text import sentence
from ektp_analysis.figures.standing import Silence
from ektp_analysis.office import reports, sample, stores
from ektp_analysis.report import fitting, logo, pdf, pictures, powerpoint, ppt_charts
from ektp_analysis.report.blocks import Dots, Lines, Map, Ranking, Trend
from ektp_analysis.report.deck import Deck, build
from ektp_analysis.report.fitting import SMALLEST, names_in, width_of
from ektp_analysis.report.ppt_parts import add_slide, new
from ektp_analysis.report.state import parse
from tests.breadth import case as further_case
from tests.breadth import crossed
from tests.engines import kept, reading
from tests.projecting import project
from tests.reports import CASES, FIRST, OFFICE, deck_of, file_of, office_of, row, weekly


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path_factory.getbasetemp() / "reports"))
    settings.cache_clear()
    yield
    stores.close_all()
    settings.cache_clear()


def keys(deck: Deck) -> list[str]:
    return [slide.key for slide in deck.slides]


SLIDES = {
    "sample": ["answer", "trend", "fan", "map", "ranking", "when", "changes", "data", "method"],
    "no projection": ["answer", "map", "ranking", "data", "method"],
    "one area": ["answer", "trend", "fan", "zero", "when", "data", "method"],
    "many areas": ["answer", "trend", "fan", "zero", "map", "ranking", "when", "changes", "data"],  # little to say of data
    "long names": ["answer", "trend", "fan", "zero", "map", "ranking", "when", "changes", "data"],  # little to say of data
    "above 100": ["answer", "map", "data", "method"],
    "totals only": ["answer", "trend", "fan", "when", "data", "method"],
    "totals with eligible": ["answer", "trend", "fan", "zero", "when", "data", "method"],
    "nobody left": ["answer", "trend", "map", "data", "method"],
}


@pytest.mark.parametrize("case", SLIDES)
def test_an_area_with_little_gets_fewer_slides_and_none_has_a_hole(case: str) -> None:
    made = deck_of(case)
    assert keys(made) == SLIDES[case] and "plan" not in keys(made)  # a plan has its slide when there is one
    for slide in made.slides:
        assert slide.blocks and all(getattr(block, "lines", (1,)) for block in slide.blocks), slide.key


def test_where_nothing_moved_but_the_total_the_data_say_that_nothing_was_corrected() -> None:
    data = next(slide for slide in deck_of("one area").slides if slide.key == "data")
    said = [sentence(line, "en") for block in data.blocks for line in block.lines]  # type: ignore[union-attr]
    assert "No earlier figure has been corrected since the figures of 31 March 2025 came in" in said
    whole = next(slide for slide in deck_of("many areas").slides if slide.key == "data")
    assert not any("corrected" in sentence(line, "en") for block in whole.blocks for line in block.lines)  # type: ignore[union-attr]


def test_a_name_that_is_cut_is_not_taken_for_another() -> None:
    known = register()
    for level in (Level.PROVINSI, Level.KABUPATEN):
        for parent in known.codes(level):
            names = sorted({known.name(code) for code in known.children(parent)})
            cut = names_in(names, 2.07, SMALLEST)
            assert len(set(cut)) == len(names), parent
            assert all(width_of(name, SMALLEST) <= 2.07 for name in cut), parent
    assert names_in(["Kepulauan Seribu Utara", "Kepulauan Seribu Selatan", "Biau"], 2.07, SMALLEST) == [
        "Kepulaua… Utara",
        "Kepula… Selatan",
        "Biau",
    ]
    assert names_in(["Kabupaten Deli Serdang", "Kota Medan"], 2.07, SMALLEST) == ["Kab. Deli Serdang", "Kota Medan"]
    assert names_in(["Kabupaten Karo", "Kota Medan"], 2.07, SMALLEST) == ["Kabupaten Karo", "Kota Medan"]
    assert names_in(["Lubuk Linggau Utara I", "Lubuk Linggau Selatan I"], 2.07, SMALLEST) == [
        "Lubuk Linggau… I",
        "Lubuk… Selatan I",
    ]


@pytest.mark.parametrize(
    ("days", "step"), [([0, 7, 14, 21, 28, 35], 14), ([0, 7, 14, 21], 7), ([0, 5, 6], 2), ([0, 7], 7), ([0, 30, 61, 91, 122], 61)]
)
def test_days_below_a_native_chart_stand_on_snapshots_where_they_can(days: list[int], step: int, tmp_path: Path) -> None:
    rows = [[row("75.05.01", FIRST + timedelta(days=day), eligible=900, unrecorded=400 - day)] for day in days]
    deck = reports.deck(office_of(tmp_path, rows), "75.05.01")
    trend = replace(deck, slides=tuple(slide for slide in deck.slides if slide.key == "trend"))
    (slide,) = Presentation(io.BytesIO(reports.file(trend, "pptx", "id"))).slides
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    assert chart.category_axis._element.find(qn("c:majorUnit")).get("val") == str(step)


def test_no_figures_no_deck() -> None:
    with pytest.raises(UserError, match="No figures"):
        reports.deck(stores.current(sample=True), "35.19")


def test_the_fingerprint_leads_back_to_the_state(tmp_path: Path) -> None:
    now = office_of(tmp_path, weekly(["75.05.01", "75.05.02"], 3))
    first = reports.state(now, "75.05")
    kept(now.store, reading(row("75.05.01", FIRST, eligible=9000, unrecorded=1)), "2099-01-01 00:00")
    later = now
    assert parse(first.fingerprint).area == "75.05" and parse(first.fingerprint).as_of == first.as_of
    assert reports.state(later, "75.05").fingerprint.rpartition("-")[2] != first.fingerprint.rpartition("-")[2]
    again = reports.again(later, first.fingerprint)
    assert again.fingerprint == first.fingerprint
    assert again.rolled.equals(first.rolled)


def test_another_store_is_not_taken_for_the_state(tmp_path: Path) -> None:
    name = reports.state(office_of(tmp_path, weekly(["75.05.01"], 2)), "75.05").fingerprint
    (tmp_path / "other").mkdir()
    with pytest.raises(UserError, match="not those"):
        reports.again(office_of(tmp_path / "other", weekly(["75.05.01"], 2, start=800)), name)
    with pytest.raises(UserError, match="not the short name"):
        parse("7505-239999-aaaaaa-111111")


def test_a_correction_is_named(tmp_path: Path) -> None:
    batches = [*weekly(["75.05.01", "75.05.02"], 3), [row("75.05.01", date(2025, 3, 10), eligible=8000, unrecorded=700)]]
    state = reports.state(office_of(tmp_path, batches), "75.05")
    mine = state.revised[state.revised["area_code"] == "75.05.01"]
    assert [(one.as_of_date.date(), one.old, one.new) for one in mine.itertuples()] == [(date(2025, 3, 10), 840, 700)]
    said = [sentence(text, "en") for slide in build(state).slides if slide.key == "changes" for text in slide.notes]
    assert any("Atinggola on 10 March 2025: 840 became 700" in line for line in said), said


def test_the_title_of_the_changes_counts_the_areas_that_the_chart_has_no_room_for(tmp_path: Path) -> None:
    codes = register().children("32")[:14]
    grown = [
        row(code, FIRST + timedelta(days=7), eligible=9000, unrecorded=900 + (3 if place > 5 else -100 - place))
        for place, code in enumerate(codes)
    ]
    deck = reports.deck(office_of(tmp_path, [[row(code, FIRST, eligible=9000, unrecorded=900) for code in codes], grown]), "32")
    slide = next(one for one in deck.slides if one.key == "changes")
    assert len(slide.blocks[0].rows) < 14
    assert "the number rose in 8 areas" in sentence(slide.title, "en")


def read(data: bytes) -> Any:
    return Presentation(io.BytesIO(data))


LANGUAGES = ("id", "en")
DRAWN = crossed(CASES, LANGUAGES)  # in every run each case in one language, in turn


@pytest.fixture(scope="module", params=[False, further_case(True, further=True)], ids=["in turn", "further"])
def files(request: pytest.FixtureRequest) -> dict[tuple[str, str], bytes]:
    """The cases in their languages, drawn once; further, in the other ones."""
    return {one.values: file_of(one.values[0], "pptx", one.values[1]) for one in DRAWN if bool(one.marks) is request.param}


def test_a_stall_stands_on_the_slides_beside_the_date() -> None:
    state = deck_of("sample").state
    left = [900 - 20 * min(week, 24) for week in range(30)]
    figures = [
        {"area_code": "75.05", "as_of_date": f"{date(2022, 11, 29) + timedelta(weeks=week)}", "eligible": 9000, "unrecorded": n}
        for week, n in enumerate(left)
    ]
    made = build(replace(state, to_zero=project(pd.DataFrame(figures), ZERO)))
    stalled = "Recording has stalled since 16 May 2023: on balance nobody since then, against 2.9 a day before. The date"
    slides = {slide.key: slide for slide in made.slides}
    assert str(slides["trend"].title).startswith(stalled), "where the line shows it, with both paces"
    assert str(slides["fan"].title).endswith("; recording has stalled since 16 May 2023")
    assert all(any(str(note).startswith(stalled) for note in slides[key].notes) for key in ("trend", "fan", "when"))
    assert not any("stalled" in str(line) for slide in deck_of("sample").slides for line in (slide.title, *slide.notes))


def test_the_sentence_with_both_dates_stands_once_and_zero_has_its_own_slide() -> None:
    made = deck_of("many areas")
    slides = {slide.key: slide for slide in made.slides}
    first = str(slides["answer"].title)
    assert first == str(made.state.heading) and first.count("Target 99.40%: ") == first.count("Full recording: ") == 1
    assert [slide.key for slide in made.slides if first in str(slide.title)] == ["answer"]
    assert [block.projection.target.is_zero for key in ("fan", "zero") for block in slides[key].blocks] == [False, True]  # type: ignore[union-attr]
    said = [str(line) for line in slides["answer"].blocks[0].lines]  # type: ignore[union-attr]
    assert not any("reached" in line for line in said), "the range stands on its slide"


def test_slides_ask_for_the_chance_by_the_day_that_the_pages_begin_with() -> None:
    for case, day in (("sample", sample.VOTE), ("many areas", date(2025, 12, 31))):
        (dots,) = next(slide for slide in deck_of(case).slides if slide.key == "when").blocks
        assert isinstance(dots, Dots) and dots.by is not None and dots.by[0] == dots.chances[0][0] == day, case
    assert reports.first_deadline(None, date(2025, 12, 1), sampled=False) == date(2026, 12, 31)
    assert reports.first_deadline(None, sample.VOTE, sampled=True) == date(2024, 12, 31), "after its day there is another"


def test_a_slide_of_two_lines_joins_the_next_and_three_stand_alone() -> None:
    one = deck_of("one area").state
    for state, lines in ((one, 3), (replace(one, before=None), 2)):
        last = [slide for slide in build(state).slides if slide.key in ("data", "method")]
        (block,) = last[0].blocks
        assert (
            isinstance(block, Lines)
            and len(last) == lines - 1
            and len(block.lines) == (3 if lines == 3 else 2 + len(last_lines(one)))
        )
    many = deck_of("many areas").state
    assert many.before is not None
    back = replace(many.before, silent=(Silence("33.01.01", None),))
    made = build(replace(many, rows=None, before=back))
    said = [str(line) for line in next(slide for slide in made.slides if slide.key == "data").blocks[0].lines]  # type: ignore[union-attr]
    assert "changes" not in keys(made) and any("this time but not last time" in line for line in said)


def last_lines(state: Any) -> tuple[Any, ...]:
    """What the slide of the method says."""
    (block,) = next(slide for slide in build(state).slides if slide.key == "method").blocks
    assert isinstance(block, Lines)
    return block.lines


def every_slide(files: dict[tuple[str, str], bytes]) -> Iterator[tuple[str, Any, Any]]:
    for (case, lang), data in files.items():
        deck = read(data)
        for number, slide in enumerate(deck.slides, 1):
            yield f"{case} {lang} {number}", deck, slide


def test_every_slide_has_title_notes_number_and_alternative_texts(files: dict[tuple[str, str], bytes]) -> None:
    for where, _deck, slide in every_slide(files):
        assert slide.shapes.title.text_frame.text.strip(), where
        assert len(slide.notes_slide.notes_text_frame.text.splitlines()) >= 3, where
        assert [s for s in slide.placeholders if s.placeholder_format.type.name == "SLIDE_NUMBER"], where
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type.name == "PICTURE" if shape.shape_type else False:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), (where, shape.name)


def test_nothing_is_smaller_than_18_points_or_lies_outside(files: dict[tuple[str, str], bytes]) -> None:
    for where, deck, slide in every_slide(files):
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width, (where, shape.name)
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height, (where, shape.name)
            for element in shape._element.iter(qn("a:rPr"), qn("a:defRPr")):
                assert int(element.get("sz", "1800")) >= 1800, (where, shape.name)


def measured(text: str, size: float, *, bold: bool) -> float:
    """Inches of a line in Helvetica, whose widths Arial and Liberation Sans share, by the metrics that pypdf carries."""
    widths = CORE_FONT_METRICS["Helvetica-Bold" if bold else "Helvetica"].character_widths
    return sum(widths.get(letter, widths["M"]) for letter in text.replace("\N{NO-BREAK SPACE}", " ")) * size / 72_000


def wrapped(text: str, width: float, size: float, *, bold: bool) -> int:
    """Lines that a text takes, words kept whole."""
    lines, line = 1, ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and measured(longer, size, bold=bold) > width:
            lines, line = lines + 1, word
        else:
            line = longer
    return lines


def test_texts_fit_into_their_boxes(files: dict[tuple[str, str], bytes]) -> None:
    """Every text, wrapped by the widths of its letters, is no higher than its box; the lowest line ends above the footer."""
    for where, _deck, slide in every_slide(files):
        for shape in slide.shapes:
            if not shape.has_text_frame or (shape.is_placeholder and shape != slide.shapes.title):
                continue
            runs = [p.runs[0] for p in shape.text_frame.paragraphs if p.runs]
            high = sum(
                1.2 * run.font.size.pt / 72 * wrapped(run.text, shape.width.inches, run.font.size.pt, bold=bool(run.font.bold))
                for run in runs
            )
            gaps = sum(p.space_after.inches for p in shape.text_frame.paragraphs[:-1] if p.space_after is not None)
            assert high + gaps <= shape.height.inches + 0.05, (where, shape.name, shape.text_frame.text, high + gaps)


def test_cells_of_tables_fit_on_one_line_and_the_rows_above_the_footer(files: dict[tuple[str, str], bytes]) -> None:
    for where, _deck, slide in every_slide(files):
        for shape in (shape for shape in slide.shapes if shape.has_table):
            columns = [column.width.inches - 0.1 for column in shape.table.columns]
            for line in shape.table.rows:
                for place, cell in enumerate(line.cells):
                    width = sum(columns) if cell.is_merge_origin else columns[place]
                    for run in (run for p in cell.text_frame.paragraphs for run in p.runs):
                        assert measured(run.text, run.font.size.pt, bold=bool(run.font.bold)) <= width, (where, run.text)
                        assert "…" not in run.text or place == 0, (where, run.text)
            assert shape.top.inches + sum(line.height.inches for line in shape.table.rows) <= 6.95, where


def test_names_of_bars_have_their_room(files: dict[tuple[str, str], bytes]) -> None:
    """The plot begins where the longest name ends, on one line, whatever program draws the chart."""
    seen = 0
    for where, _deck, slide in every_slide(files):
        for shape in (shape for shape in slide.shapes if shape.has_chart and shape.name in ("Ranking", "Changes")):
            layout_of = shape.chart._chartSpace.chart.plotArea.find(qn("c:layout")).find(qn("c:manualLayout"))
            room = float(layout_of.find(qn("c:x")).get("val")) * shape.width.inches
            names = list(shape.chart.plots[0].categories)
            assert max(measured(name, 18, bold=False) for name in names) <= room, where
            assert shape.chart.category_axis._element.find(qn("c:tickLblSkip")).get("val") == "1"
            seen += 1
    assert seen >= 8


def test_thousands_are_written_in_the_language_of_the_deck() -> None:
    for lang, mark in (("id", "."), ("en", ",")):
        charts = [
            shape.chart
            for slide in read(file_of("long names", "pptx", lang)).slides
            for shape in slide.shapes
            if shape.has_chart and shape.name == "Trend"
        ]
        assert charts[0].value_axis.tick_labels.number_format == (f"[>=1000000]0\\{mark}000\\{mark}000;[>=1000]0\\{mark}000;0")


@pytest.mark.parametrize(
    "lang, shown",
    [
        ("id", ["+1.234.567", "−12.345", "+1.000", "−1.000", "+999", "−22", "0"]),
        ("en", ["+1,234,567", "−12,345", "+1,000", "−1,000", "+999", "−22", "0"]),
    ],
)
def test_a_change_in_a_chart_has_its_sign_and_its_thousands(lang: str, shown: list[str]) -> None:
    changes = [1234567, -12345, 1000, -1000, 999, -22, 0]
    rows = pd.DataFrame({"area_code": register().children("75.05")[:7], "change": pd.array(changes, dtype="Int64")})
    slide = add_slide(new("", None))
    ppt_charts.bars(slide, (0.5, 1, 6.8, 5), fitting.Bars(rows, "change"), lang, alt="", name="Changes")
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    series = chart.plots[0].series[0]
    own = {int(one.find(qn("c:idx")).get("val")): one for one in series._element.iter(qn("c:dLbl"))}
    formats = [
        own[place].find(qn("c:numFmt")).get("formatCode") if place in own else series.data_labels.number_format
        for place in range(len(changes))
    ]
    assert [written(value, code) for value, code in zip(changes, formats, strict=True)] == shown
    for label in own.values():
        assert label.find(qn("c:showVal")).get("val") == "1"
        places = [LABEL.index(etree.QName(one).localname) for one in label]
        assert places == sorted(places)
    room = 0.99 * 6.8 - float(chart._chartSpace.find(".//" + qn("c:x")).get("val")) * 6.8
    axis = chart.value_axis
    inch = room / (axis.maximum_scale - axis.minimum_scale)
    for value, text in zip(changes, shown, strict=True):  # beyond each bar there is room for its number
        beyond = axis.maximum_scale - value if value >= 0 else value - axis.minimum_scale
        assert measured(text, 18, bold=False) <= beyond * inch, text


def written(value: int, code: str) -> str:
    """A whole number as a spreadsheet writes it by a format of three sections (positive; negative; zero) of 0 and marks."""
    section = code.split(";")[0 if value > 0 else 1 if value < 0 else 2]
    digits, out = list(str(abs(value))), ""
    marks = section.replace("\\", "")
    for place in range(len(marks) - 1, -1, -1):
        out = (digits.pop() if digits else "0") + out if marks[place] == "0" else marks[place] + out
        if "0" not in marks[:place]:
            out, digits = "".join(digits) + out, []
    return out


# The order that ECMA-376 part 1, 21.2.2.47 gives the children of a label.
LABEL = [
    "idx",
    "delete",
    "layout",
    "tx",
    "numFmt",
    "spPr",
    "txPr",
    "dLblPos",
    "showLegendKey",
    "showVal",
    "showCatName",
    "showSerName",
    "showPercent",
    "showBubbleSize",
    "separator",
    "extLst",
]


def test_a_reader_finds_nothing_to_repair(files: dict[tuple[str, str], bytes]) -> None:
    """What makes PowerPoint offer a repair: ids twice on a slide, parts without a type, targets that are not there, XML that
    does not parse, elements of a chart out of their order."""
    for (case, lang), data in files.items():
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            assert len(names) == len(set(names)) and package.testzip() is None
            types = etree.fromstring(package.read("[Content_Types].xml"))
            known = {one.get("PartName", "").lstrip("/") for one in types} | {one.get("Extension", "") for one in types}
            for name in names:
                assert name == "[Content_Types].xml" or name in known or name.rpartition(".")[2] in known, (case, name)
                if name.endswith((".xml", ".rels")):
                    root = etree.fromstring(package.read(name))
                    ids = [one.get("id") for one in root.iter("{*}cNvPr")]
                    assert len(ids) == len(set(ids)), (case, lang, name)
                if name.endswith(".rels"):
                    base = PurePosixPath(name).parent.parent
                    for one in root:
                        assert one.get("TargetMode") != "External", (case, name, one.get("Target"))
                        target = one.get("Target") or ""
                        whole = target.lstrip("/") if target.startswith("/") else os.path.normpath(str(base / target))
                        assert whole in names, (case, name, target)
                if re.fullmatch(r"ppt/charts/chart\d+\.xml", name):
                    for axis in root.iter("{*}catAx", "{*}valAx", "{*}dateAx"):
                        order = AXIS[etree.QName(axis).localname]
                        places = [order.index(etree.QName(one).localname) for one in axis]
                        assert places == sorted(places), (case, name, [etree.QName(one).localname for one in axis])
                    area = next(root.iter("{*}plotArea"))
                    assert [etree.QName(one).localname for one in area][:1] in (["layout"], ["barChart"], ["lineChart"])


# The order that ECMA-376 part 1, 21.2.2 gives the children of an axis.
_BOTH = [
    "axId",
    "scaling",
    "delete",
    "axPos",
    "majorGridlines",
    "minorGridlines",
    "title",
    "numFmt",
    "majorTickMark",
    "minorTickMark",
    "tickLblPos",
    "spPr",
    "txPr",
    "crossAx",
    "crosses",
    "crossesAt",
]
AXIS = {
    "catAx": [*_BOTH, "auto", "lblAlgn", "lblOffset", "tickLblSkip", "tickMarkSkip", "noMultiLvlLbl", "extLst"],
    "valAx": [*_BOTH, "crossBetween", "majorUnit", "minorUnit", "dispUnits", "extLst"],
    "dateAx": [*_BOTH, "auto", "lblOffset", "baseTimeUnit", "majorUnit", "majorTimeUnit", "minorUnit", "minorTimeUnit", "extLst"],
}


def test_no_box_is_empty(files: dict[tuple[str, str], bytes]) -> None:
    for where, _deck, slide in every_slide(files):
        for shape in slide.shapes:
            if shape.has_text_frame and not shape.name.startswith("Legend"):
                assert shape.text_frame.text.strip(), (where, shape.name)


def test_native_charts_hold_the_numbers_of_the_store() -> None:
    charts = {
        shape.name: shape.chart
        for slide in read(file_of("sample", "pptx", "id")).slides
        for shape in slide.shapes
        if shape.has_chart
    }
    assert set(charts) == {"Trend", "Ranking", "Changes"}
    assert list(charts["Trend"].plots[0].series[0].values) == [862, 650, 554]
    assert (
        list(charts["Trend"].plots[0].categories) == ["45091", "45096", "45097"]
        or len(list(charts["Trend"].plots[0].categories)) == 3
    )
    assert sum(charts["Ranking"].plots[0].series[0].values) == 554
    assert sum(charts["Changes"].plots[0].series[0].values) == -96
    assert charts["Trend"].part.chart_workbook.xlsx_part is not None


def test_forty_areas_are_all_accounted_for() -> None:
    tables = [
        shape.table
        for slide in read(file_of("many areas", "pptx", "en")).slides
        for shape in slide.shapes
        if shape.has_table and shape.name == "Areas"
    ]
    last = tables[0].cell(len(tables[0].rows) - 1, 0).text
    shown = sum(int(tables[0].cell(y, 1).text.replace(",", "")) for y in range(1, len(tables[0].rows) - 1))
    rest = int(last.rpartition(" ")[2].replace(",", ""))
    whole = next(s.text_frame.text for s in read(file_of("many areas", "pptx", "en")).slides[0].shapes if s.name == "Figure")
    assert shown + rest == int(whole.split()[0].replace(",", "")), last


def test_sample_figures_are_stamped_on_each_slide() -> None:
    for slide in read(file_of("sample", "pptx", "id")).slides:
        assert [s.text_frame.text for s in slide.shapes if s.name == "Stamp"] == ["CONTOH, sebagian hasil pemodelan"]
    assert not [s for slide in read(file_of("one area", "pptx", "id")).slides for s in slide.shapes if s.name == "Stamp"]


def test_office_and_fingerprint() -> None:
    deck = read(file_of("sample", "pptx", "id"))
    assert OFFICE in [s.text_frame.text for s in deck.slide_master.shapes if s.has_text_frame]
    assert parse(deck.core_properties.subject).area == "75.05"
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    grey = zlib.compress((b"\0" + b"\x80" * width) * height)
    return logo.PNG + chunk(b"IHDR", head) + chunk(b"IDAT", grey) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#123456"/></svg>'


@pytest.mark.parametrize(("data", "name"), [(png(40, 20), "logo.png"), (SVG, "logo.svg")])
def test_a_logo_stands_on_the_master(data: bytes, name: str) -> None:
    found = logo.read(data, name)
    assert found.width == 2 * found.height
    deck = powerpoint.pptx(deck_of("sample"), "id", office="Dinas Dukcapil", logo=found)
    pictures = [s for s in read(deck).slide_master.shapes if s.shape_type is not None and s.shape_type.name == "PICTURE"]
    assert len(pictures) == 1 and pictures[0].image.blob == found.png


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"MZ\x90",
        png(40, 20)[:-20],
        png(40, 20).replace(b"IDAT", b"IDAX"),
        logo.PNG + b"x" * 50,
        png(5000, 1),
        SVG.replace(b"<rect", b"<script>alert(1)</script><rect"),
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG,
        b"<svg",
        b"\x00" * 3_000_000,
        SVG.replace(b"<rect", b'<a-b:image xmlns:a-b="http://www.w3.org/2000/svg"/><rect'),
        SVG.replace(b"<rect", b"<use href='&#102;ile:///etc/passwd'/><rect"),
        SVG.replace(b"<rect", b"<g>" * logo.MOST_DEPTH + b"<rect").replace(b"</svg>", b"</g>" * logo.MOST_DEPTH + b"</svg>"),
        SVG.replace(b"<rect", b"<g/>" * logo.MOST_PARTS + b"<rect"),
        SVG.replace(b"<rect", b"<use href='#a'/>" * (logo.MOST_USES + 1) + b"<rect"),
        SVG.replace(b'width="40" height', b'width="1e999" height'),
        SVG.replace(b'width="40" height', b'width="wide" height'),
    ],
)
def test_a_logo_that_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match=r"logo\.png"):
        logo.read(data, "logo.png")


@pytest.mark.parametrize(
    ("size", "width", "height"),
    [
        (b'width="90000" height="45000"', 1600, 800),  # as it says itself it would take 290 GB
        (b'viewBox="0 0 9e6 9e6"', 1600, 1600),
        (b'width="1in" height="50%" viewBox="0 0 4 48"', 288, 72),
        (b'width="90000%" height="90000%" viewBox="0 0 40 20"', 1600, 800),
    ],
)
def test_a_huge_logo_is_drawn_small(size: bytes, width: int, height: int) -> None:
    deepest = logo.MOST_DEPTH - 2
    data = SVG.replace(b'width="40" height="20">', size + b">" + b"<g>" * deepest, 1).replace(
        b"</svg>", b"</g>" * deepest + b"</svg>"
    )
    found = logo.read(data, "lambang.svg")
    assert (found.width, found.height) == (width, height) and found.png.startswith(logo.PNG)


def test_pictures_of_slides_are_as_fine_as_a_large_screen(pictures_of_few_dots: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,920 dots on the 40 / 3 inches of a slide."""
    monkeypatch.setattr(pictures, "SHARP", pictures_of_few_dots)
    (block,) = next(slide for slide in deck_of("one area").slides if slide.key == "trend").blocks
    assert isinstance(block, Trend)
    drawn = pictures.png(pictures.spec(block, "id", 3, 2))
    assert Image.open(io.BytesIO(drawn)).width == 3 * 1920 * 3 / 40


def test_long_lines_go_on_to_another_slide() -> None:
    deck = deck_of("sample")
    method = deck.slides[-1]
    longer = replace(method, blocks=(replace(method.blocks[0], lines=method.blocks[0].lines * 5),))  # type: ignore[type-var]
    parts = list(fitting.pages(longer, "id"))
    assert len(parts) > 1 and sum(len(part.blocks[0].lines) for part in parts) == 5 * len(method.blocks[0].lines)  # type: ignore[union-attr]


def test_a_class_has_one_colour_on_map_bars_slides_and_paper() -> None:
    deck = deck_of("sample")
    ranking = next(block for slide in deck.slides for block in slide.blocks if isinstance(block, Ranking))
    shapes = next(block for slide in deck.slides for block in slide.blocks if isinstance(block, Map))
    worst = shapes.classes.fill("75.05.03", "light")
    assert worst == ranking.classes.fill("75.05.03", "light")
    assert worst in pictures.svg(pictures.spec(shapes, "id", 8, 4))
    drawer = pdf.Drawer("id", pictures.SLIDE)
    first = ranking.rows["area_code"].iloc[0]
    assert (
        drawer.ranking(ranking, 5)["rows"][0]["fill"]
        == ranking.classes.fill(first, "light")
        in {row["fill"] for row in drawer.legend(shapes.classes)["rows"]}
    )
    slides = read(powerpoint.pptx(deck, "id")).slides
    chart = next(shape.chart for slide in slides for shape in slide.shapes if shape.name == "Ranking")
    fill = chart.plots[0].series[0].points[0].format.fill.fore_color.rgb
    legend = {
        shape.fill.fore_color.rgb
        for slide in slides
        for shape in slide.shapes
        if shape.name.startswith("Legend ") and not shape.name.startswith("Legend text")
    }
    assert f"#{str(fill).lower()}" == ranking.classes.fill(first, "light") and fill in legend


@pytest.mark.parametrize(
    ("text", "width", "size", "lines"),
    [("satu", 5, 18, 1), ("satu dua", 0.7, 18, 2), ("x" * 40, 1, 18, 6), ("satu dua tiga empat", 1.4, 18, 2)],
)
def test_lines_keep_words_whole(text: str, width: float, size: float, lines: int) -> None:
    assert fitting.lines_of(text, width, size) == lines
    assert fitting.height_of([text, text], width, size, gap=0) == pytest.approx(2 * lines * size * 1.22 / 72)


def test_letters_are_as_wide_as_is_reckoned() -> None:
    """Against the published metrics of Helvetica, and the PDF's own font, which is narrower."""
    own = ImageFont.truetype(str(pdf.fonts() / "SourceSansPro-Bold.ttf"), 100)
    for lang in ("id", "en"):
        for slide in deck_of("long names").slides:
            said = sentence(slide.title, lang)
            assert fitting.width_of(said, 18) == pytest.approx(measured(said, 18, bold=False), rel=0.005), said
            assert measured(said, 18, bold=True) <= fitting.width_of(said, 18, bold=True) <= 1.06 * measured(said, 18, bold=True)
            assert own.getlength(said) / 7200 * 18 <= fitting.width_of(said, 18, bold=True), said


def test_a_text_is_cut_where_its_line_ends() -> None:
    kept = fitting.shortened("Ponelo Kepulauan", 1.2, 18)
    assert kept.endswith("…") and fitting.width_of(kept, 18) <= 1.2 < fitting.width_of(kept[:-1] + "mm…", 18)
    assert fitting.shortened("Ponelo", 1.2, 18) == "Ponelo"
