"""Papers of a plan: every figure on them is the plan's, they come back as visits, templates are the office's."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from icalendar import Calendar
from pypdf import PdfReader

from ektp_analysis.__main__ import main
from ektp_analysis.core import visit
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import render, weekday
from ektp_analysis.ingest import workbooks
from ektp_analysis.ingest.opening.personal import in_text
from ektp_analysis.ingest.visit_reading import read_visits
from ektp_analysis.ingest.visit_report import VisitChoices
from ektp_analysis.narrative import on_papers
from ektp_analysis.office import identity, kept, ledger, papers, planning, stores
from ektp_analysis.page import visit_parts
from ektp_analysis.planning.frames import blocks, people
from ektp_analysis.planning.proposal import Plan, Work
from ektp_analysis.planning.request import Bounds, Request, Travel
from ektp_analysis.report import day_sheets, handouts, letters
from ektp_analysis.report.day_sheets import Frame
from ektp_analysis.report.letters import FIELDS, ROW, ROWS, Kind
from tests.apps import AppTest
from tests.breadth import first_of_each
from tests.engines import kept as committed
from tests.engines import reading
from tests.letter_templates import WORDS
from tests.pdf_words import texts
from tests.reports import row

MADE_AT = datetime(2023, 6, 20, 3, tzinfo=UTC)
NIK = "7505032001900001"
LANGS = ("id", "en")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    for name in ("EKTP_DATABASE_URL", "EKTP_OFFICE_NAME", "EKTP_LOGO"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield
    stores.close_all()
    settings.cache_clear()


@cache
def plan() -> Plan:
    """Four teams from 21 June 2023 in the sample; to the islands there is a boat on three days of the week."""
    isles = Travel("kepulauan", ("75.05.08",), 1, boats=(0, 2, 4))
    least = Bounds("75.05.08", 1)
    asked = Request("75.05", 4, date(2023, 6, 21), date(2023, 6, 30), travel=(isles,), bounds=(least,))
    made = planning.made(stores.current(sample=True), asked)
    assert isinstance(made, Plan) and made.travel_days and made.team_days > 15
    return made


def frame(lang: str = "id") -> Frame:
    return Frame(lang, "Dinas <Dukcapil> & Kawan", None, "Barat dulu", MADE_AT, "CONTOH")


def standard(kind: Kind, lang: str) -> tuple[bytes, str]:
    return letters.standard(kind, lang), f"{kind}.docx"


@cache
def packed(lang: str) -> dict[str, bytes]:
    """The files of the zip."""
    with zipfile.ZipFile(io.BytesIO(handouts.zipped(plan(), frame(lang), standard))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words(data: bytes) -> str:
    """All text of a DOCX, tables included."""
    made = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in made.tables for row_ in table.rows for cell in row_.cells]
    return "\n".join([one.text for one in made.paragraphs] + cells)


def about(number: float, lang: str) -> str:
    return {"id": f"sekitar {people(number)}", "en": f"about {people(number)}"}[lang]


@pytest.mark.parametrize("lang", first_of_each(LANGS))
def test_every_figure_on_a_sheet_is_the_plans(lang: str) -> None:
    at_work = sorted((one.day, one.team) for one in plan().assignments if one.work is Work.VISIT)
    pages = texts(packed(lang)["lembar-kunjungan.pdf"])
    assert len(pages) == len(at_work) == papers.sheets(plan())
    by_day = {(one.day, one.team): one for one in plan().assignments}
    for page, (day, team) in zip(pages, at_work, strict=True):
        one = by_day[day, team]
        name = {"id": "Tim", "en": "Team"}[lang]
        assert f"{name} {team}: {weekday(day, lang)}" in page and about(one.expected, lang) in page
        assert register_name(one.area) in page and "CONTOH" in page
        assert re.findall(r"(?:sekitar|about) (\d+)", page) == [str(people(one.expected))], "no other figure is expected there"


def register_name(code: str) -> str:
    return day_sheets.register().full_name(code)


def test_the_papers_are_tagged_and_all_of_them_stand_in_one_pdf() -> None:
    whole = PdfReader(io.BytesIO(packed("id")["semua.pdf"]))
    assert whole.trailer["/Root"]["/MarkInfo"]["/Marked"] and whole.trailer["/Root"]["/Lang"] == "id"
    pages = texts(packed("id")["semua.pdf"])
    said = "\n".join(pages).replace("\r", "")
    first = pages[0]
    for block in blocks(plan()):
        if block.work is Work.VISIT:
            assert about(block.expected, "id") in first and register_name(block.area) in first
    assert f"sekitar {people(plan().recorded.mean)} dari {plan().unrecorded}" in first, "as the page Rencana says it"
    for heading in ("SURAT TUGAS", "Yth. Camat Anggrek", "PEREKAMAN KTP ELEKTRONIK", "RECORDING OF THE ELECTRONIC ID CARD"):
        assert heading in said
    assert said.count("SURAT TUGAS") == 4 and said.count("Yth. ") == len(handouts.visited(plan()))


def test_a_sheet_comes_back_as_visits() -> None:
    """Its columns are those of the file in their order, and a row that was filled in by hand is read as it stands."""
    names = [column.name for column in day_sheets.columns()]
    assert ["day", *names] == [column.name for column in visit.COLUMNS]
    sheet = day_sheets.days_of(plan())[0]
    made = day_sheets.sheet(sheet, plan(), "id")
    assert [one["name"] for one in made["columns"] if one["shaded"]] == list(visit_parts.FIRST), "what the form asks first"
    written = dict(zip(names, made["rows"][0], strict=True))
    assert written["place"] == "Balai desa" and written["teams"] == "1" and made["rows"][1] == [""] * len(names)
    written |= {"area_code": sheet.stops[0].area, "came": "30", "recorded": "21", "failed": "2", "dead": "1", "note": "hujan"}
    line = [sheet.day.isoformat(), *(written[name] for name in names)]
    data = ";".join(workbooks.header(columns=visit.COLUMNS)) + "\r\n" + ";".join(line) + "\r\n"
    report = read_visits(data.encode(), "lembar.csv", VisitChoices(), today=date(2023, 7, 30))
    assert report.accepted and report.sums()["recorded"] == 21 and report.rows.iloc[0]["area_code"] == sheet.stops[0].area


@pytest.mark.parametrize("lang", LANGS)
def test_letters_hold_all_fields_with_the_plans_figures(lang: str) -> None:
    order = sorted(plan().assignments, key=lambda one: (one.day, one.team))
    found = {Path(name).stem: words(data) for name, data in packed(lang).items() if name.endswith(".docx")}
    assert len(found) == len(handouts.visited(plan())) + 4
    for area in handouts.visited(plan()):
        rows = [one for one in order if one.area == area and one.work is Work.VISIT]
        (said,) = [text for name, text in found.items() if name.startswith(f"surat_{area}_")]
        told = handouts.values(plan(), frame(lang), rows, area)
        assert render(on_papers.addressee(area), lang) in said and told["catatan_perkiraan"] in said and "CONTOH" in said
        assert f"{len({one.day for one in rows})} {'hari' if lang == 'id' else 'days'}" in said
        for one, line in zip(rows, told[ROWS], strict=True):
            assert line["perkiraan"] == about(one.expected, lang) and line["hari"] == weekday(one.day, lang)
            assert all(line[name] in said for name in ("hari", "tim", "tempat", "perkiraan"))
    for team in (1, 2, 3, 4):
        said = found[f"surat-tugas_tim-{team}"]
        rows = [one for one in order if one.team == team]
        told = handouts.values(plan(), frame(lang), rows, "75.05")
        assert told["perkiraan"] in said and about(sum(one.expected for one in rows), lang) in told["perkiraan"]
        assert all(line[name] in said for line in told[ROWS] for name in ROW if name != "tim")
    whole = "\n".join(found.values())
    assert "{" not in whole and "%}" not in whole and "Dinas <Dukcapil> & Kawan" in whole


@pytest.mark.parametrize(("area", "who"), [
    ("75.05.03", "Camat Anggrek serta para kepala desa dan lurah di Kecamatan Anggrek"),
    ("75.05.03.2001", "Kepala Desa Ilangata"),
    ("12.01.01.1001", "Lurah Pasar Batu Gerigis"),
    ("75.05", "Kepala Dinas Kependudukan dan Pencatatan Sipil Kabupaten Gorontalo Utara"),
])  # fmt: skip
def test_a_letter_goes_to_whoever_holds_the_office(area: str, who: str) -> None:
    assert render(on_papers.addressee(area), "id") == who


def test_templates_name_what_they_may_and_no_person() -> None:
    for name, told in WORDS.items():
        kind, lang = name.split(".")
        said = words(letters.standard(Kind(kind), lang))
        asked = set(re.findall(r"\{\{ (\w+) \}\}", said))
        assert asked <= set(FIELDS[Kind(kind)]) and {"kantor", "wilayah", "hari_pertama", "catatan_perkiraan"} <= asked
        assert set(re.findall(r"\{\{ baris\.(\w+) \}\}", said)) <= set(ROW) and "{%tr for baris in jadwal %}" in said
        assert all(text in said for how, text in told["lines"] if how != "table"), "python -m tests.letter_templates"
        assert "[nama penanda tangan]" in said or "[name of the signatory]" in said


def test_the_calendar_has_every_day_of_every_team() -> None:
    for name, teams in (("jadwal.ics", {1, 2, 3, 4}), ("jadwal_tim-2.ics", {2})):
        found = Calendar.from_ical(packed("id")[name])
        events = [(one.decoded("dtstart"), str(one["summary"]).partition(":")[0]) for one in found.walk("VEVENT")]
        wanted = [(one.day, f"Tim {one.team}") for one in plan().assignments if one.team in teams]
        assert sorted(events) == sorted(wanted)
        for one in found.walk("VEVENT"):
            assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(days=1)
            assert ("description" in one) is ("perekaman" in one["summary"])
        assert len({str(one["uid"]) for one in found.walk("VEVENT")}) == len(events)


def test_texts_for_groups_have_the_days_and_no_expectation() -> None:
    for lang in LANGS:
        for area in handouts.visited(plan()):
            said = handouts.message(plan(), area, "", lang)
            days = [one.day for one in plan().assignments if one.area == area and one.work is Work.VISIT]
            assert all(f"- {weekday(day, lang)}, " in said for day in days) and said.count("\n- ") == len(set(days))
            assert "[nama kantor]" in said or "[name of the office]" in said
            assert about(1, lang)[:-1] not in said and "NIK" in said
        whole = packed(lang)[f"pesan-warga_{lang}.txt"].decode("utf-8-sig")
        assert all(register_name(area) in whole for area in handouts.visited(plan()))


def test_no_paper_holds_a_number_that_could_be_a_nik() -> None:
    for name, data in packed("id").items():
        said = words(data) if name.endswith(".docx") else "\n".join(texts(data)) if name.endswith(".pdf") else data.decode()
        assert not [line for line in said.splitlines() if in_text(line)], name


def changed(kind: str, old: str, new: str) -> bytes:
    """The template with other words."""
    made = docx.Document(io.BytesIO(letters.standard(Kind(kind), "id")))
    (one,) = [line for line in made.paragraphs if old in line.text]
    one.runs[0].text = one.text.replace(old, new)
    for run in one.runs[1:]:
        run.text = ""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_offices_template_is_used_told_to_the_trail_and_taken_back() -> None:
    data = changed("task", "[jabatan penanda tangan], menugaskan", "Kepala Dinas, menugaskan dengan ini")
    ledger.keep_letter("task", "id", data, "surat kita.docx")
    assert papers.is_own("task", "id") and not papers.is_own("task", "en")
    day = plan().assignments[0].day
    made = list(handouts.filled(papers.between(plan(), day, day), frame(), lambda kind, lang: papers.template(str(kind), lang)))
    assert "menugaskan dengan ini" in words(made[-1].data) and kept.read("letter-task-id.docx") == data
    assert not ledger.differences(stores.own_store())
    kept.write("letter-task-id.docx", data + b" ")
    assert len(ledger.differences(stores.own_store())) == 1, "changed beside the app"
    ledger.remove_letter("task", "id")
    assert not papers.is_own("task", "id") and not ledger.differences(stores.own_store())
    assert set(identity.LETTERS.values()) <= set(identity.FILES), "they are in backups"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (letters.UNPACKED + 1))
    return out.getvalue()


@pytest.mark.parametrize(("make", "says"), [
    (lambda: b"PK no", "no DOCX file"),
    (lambda: b"", "no DOCX file"),
    (lambda: workbooks.xlsx_bytes(), "no DOCX file"),
    (bomb, "is too large"),
    (lambda: changed("task", "SURAT TUGAS", "{{ nik }}"), "asks for 'nik', which is not known. Known are: kantor"),
    (lambda: changed("task", "SURAT TUGAS", "{{ baris.tim }}"), "asks for 'baris.tim'"),
    (lambda: changed("task", "SURAT TUGAS", "{{ kantor.__class__ }}"), "asks for 'kantor.__class__'"),
    (lambda: changed("task", "SURAT TUGAS", "{{ 'a' * 999999999 }}"), "asks for 'mul'"),
    (lambda: changed("task", "SURAT TUGAS", "{{ cycler(1) }}"), "asks for 'call'"),
    (lambda: changed("task", "SURAT TUGAS", "{% for a in jadwal %}{% for b in jadwal %}x{% endfor %}{% endfor %}"), "for 'for'"),
    (lambda: changed("task", "SURAT TUGAS", "{% include 'x' %}"), "asks for 'include'"),
    (lambda: changed("task", "SURAT TUGAS", "{{ kantor"), "cannot be filled in"),
    (lambda: changed("task", "SURAT TUGAS", "{{r " * letters.MOST_BRACES), "is too large"),
    (lambda: changed("task", "SURAT TUGAS", "{{ " * (letters.MOST_BRACES // 3)), "is too large"),
    (lambda: changed("task", "SURAT TUGAS", "x" * letters.MOST_XML), "is too large"),
    (lambda: changed("task", "SURAT TUGAS", f"Petugas {NIK}"), "holds a personal number"),
])  # fmt: skip
def test_what_is_no_template_is_one_sentence(make: Callable[[], bytes], says: str) -> None:
    data = make()
    with pytest.raises(UserError) as refused:
        papers.keep_template("task", "id", data, "surat.docx")
    said = str(refused.value.message)
    assert says in said and "surat.docx" in said and "\n" not in said and said.endswith(".")
    assert not papers.is_own("task", "id")


def test_a_letter_says_what_its_numbers_are_whatever_its_template_leaves_out() -> None:
    note, part = "CONTOH. Perkiraan menurut rencana.", "{{ catatan_perkiraan }}"
    for kind in Kind:
        values = {**letters.example(kind), letters.NOTE: note}
        assert words(letters.fill(letters.standard(kind, "id"), "x", kind, values)).count(note) == 1, "said already"
        for instead in ("", "{% if wilayah == 'x' %}{{ catatan_perkiraan }}{% endif %}"):
            own = changed(str(kind), part, instead)
            assert words(letters.fill(own, "x", kind, values)).count(note) == 1
            assert letters.blocks(letters.fill(own, "x", kind, values))[-1]["text"] == note


def test_a_template_may_ask_and_count() -> None:
    wanted = "{% if jumlah_hari and not tim == 'x' %}{% for a in jadwal %}{{ loop.index }} {{ a.hari }}{% endfor %}{% endif %}"
    data = changed("task", "SURAT TUGAS", wanted)
    assert "1 hari" in words(letters.fill(data, "x", Kind.TASK, letters.example(Kind.TASK)))


def test_days_are_chosen_and_too_many_sheets_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2023, 6, 22)
    some = papers.between(plan(), day, day)
    assert {one.day for one in some.assignments} == {day} and some.recorded == plan().recorded
    assert papers.file_name(papers.PAPERS[0], some) == "berkas-rencana_75.05_2023-06-22_2023-06-22.zip"
    with pytest.raises(UserError, match="from 21 June 2023 to"):
        papers.between(plan(), date(2024, 1, 1), None)
    with pytest.raises(UserError, match="sends nobody"):
        papers.between(replace(plan(), assignments=()), None, None)
    n = papers.sheets(plan())
    monkeypatch.setattr(papers, "MOST_SHEETS", n)
    papers.few_enough(plan())
    monkeypatch.setattr(papers, "MOST_SHEETS", n - 1)
    with pytest.raises(UserError, match=f"These are {n} day sheets; at most {n - 1}"):
        papers.made(stores.current(sample=True), "papers sheets", plan(), "", "en")
    assert b"VCALENDAR" in papers.made(stores.current(sample=True), "papers calendar", plan(), "", "en")


def test_the_command_makes_them_and_tells_the_trail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: Any) -> tuple[int, str]:
        code = main([*map(str, arguments), "--lang", "en"])
        found = capsys.readouterr()
        return code, found.out + found.err

    asked = ("export", "papers", "--area", "75.05")
    assert said(*asked, "--out", tmp_path / "x.zip") == (
        1,
        "Nothing has been imported yet. Import a file, or ask for the sample of June 2023 with --sample.\n",
    )
    committed(stores.own_store(), reading(row("75.05", date(2023, 6, 20), eligible=90_000, unrecorded=554)), "2023-06-20 03:00")
    code, out = said(*asked, "--out", tmp_path / "x.zip")
    assert code == 1 and "No plan is saved for 75.05" in out
    planning.save(stores.current(sample=False), "Barat", plan())
    one_day = ("--from", "2023-06-22", "--to", "2023-06-22")
    for name, code, told in (
        ("x.zip", 0, "plan 'Barat', 3 day sheets" if sum_of(date(2023, 6, 22)) == 3 else "plan 'Barat', 4 day sheets"),
        ("x.ics", 0, "plan 'Barat'"),
        ("x.doc", 2, ".zip, .pdf, .ics"),
    ):
        found = said(*asked, *one_day, "--scenario", " BARAT ", "--out", tmp_path / name)
        assert found[0] == code and told in found[1], found
    assert said(*asked, "--sheets", "--out", tmp_path / "x.zip")[0] == 2
    assert said(*asked, *one_day, "--sheets", "--out", tmp_path / "x.pdf")[0] == 0
    assert len(texts((tmp_path / "x.pdf").read_bytes())) == sum_of(date(2023, 6, 22))
    assert said(*asked, "--from", "2024-01-01", "--out", tmp_path / "y.zip")[0] == 1 and not (tmp_path / "y.zip").exists()
    assert said(*asked, "--scenario", "Timur", "--out", tmp_path / "y.zip")[0] == 1
    told = [str(one["what"]) for one in stores.own_store().noted("export").values()]
    assert told == ["papers zip", "papers calendar", "papers sheets"]

    template = tmp_path / "surat.docx"
    code, out = said("letters", "template", "village", template, "--of", "id")
    assert code == 0 and "{{ kepada }}" in out and template.read_bytes() == letters.standard(Kind.VILLAGE, "id")
    assert said("letters", "keep", "village", template, "--of", "id")[0] == 0
    code, out = said("letters", "list", "--json")
    own = {(one["kind"], one["language"]): one["own"] for one in map(json.loads, out.splitlines())}
    assert own == {("village", "id"): True, ("village", "en"): False, ("task", "id"): False, ("task", "en"): False}
    assert said("letters", "remove", "village", "--of", "id")[0] == 0 and "the office's own" not in said("letters", "list")[1]
    template.write_bytes(b"no")
    code, out = said("letters", "keep", "task", template)
    assert code == 1 and out == "No DOCX file that can be read: surat.docx; save it in Word or LibreOffice as .docx.\n"


def sum_of(day: date) -> int:
    """Sheets of a day."""
    return sum(one.day == day and one.work is Work.VISIT for one in plan().assignments)


def app() -> None:
    """The papers of the plan on a page of their own."""
    from ektp_analysis.page import choices, paper_parts
    from tests.test_papers import plan

    paper_parts.papers(choices.view(), plan(), "Barat")


def test_the_page_offers_them(monkeypatch: pytest.MonkeyPatch) -> None:
    made = AppTest.from_function(app, default_timeout=300)
    made.query_params["lang"], made.query_params["area"], made.query_params["data"] = "id", "75.05", "sample"
    made.session_state["papers"] = made.session_state["letters"] = True
    made.run()
    assert not made.exception, [one.value for one in made.exception]
    offered = [one.proto.label for one in made.get("download_button")]
    assert [one for one in offered if "Templat" not in one] == [render(one.label, "id") for one in papers.PAPERS]
    area = handouts.visited(plan())[0]
    assert made.code[0].value == handouts.message(plan(), area, "", "id").rstrip("\n")
    made.selectbox(key="papers_area").select(handouts.visited(plan())[1])
    made.segmented_control(key="papers_tongue").select("en") if hasattr(made, "segmented_control") else None
    made.run()
    assert register_name(handouts.visited(plan())[1]) in made.code[0].value and not made.exception
