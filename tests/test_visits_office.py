"""Visits from file or form to the store and out again: by command, on the page Data, asked where one may be there already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ektp_analysis.core.text import Text
from ektp_analysis.ingest.visit_report import VisitChoices
from ektp_analysis.office import imports, reports, stores, visiting
from ektp_analysis.report.blocks import Lines
from ektp_analysis.report.state import State
from tests.apps import AppTest, forget, start, strip
from tests.conftest import Said

FILE = (
    b"tanggal;wilayah;tempat;datang;terekam;meninggal\n21/06/2023;75.05.03;balai desa;70;60;3\n22/06/2023;Moluo;sekolah;40;38;\n"
)
FIGURES = b"kode;per tanggal;wajib ktp;belum rekam\n75.05;2023-06-20;90000;554\n"


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own, in English."""
    for name, value in (
        ("DATA_DIR", str(tmp_path / "data")),
        ("LANGUAGE", "en"),
        ("UPLOADER", "petugas"),
    ):
        monkeypatch.setenv(f"EKTP_{name}", value)
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    forget()
    yield tmp_path
    forget()


def test_the_way_of_a_file_by_command(said: Said, office: Path) -> None:
    path = office / "kunjungan.csv"
    path.write_bytes(FILE)
    code, out, err = said("visits", "import", str(path))
    assert (code, out) == (1, "") and "--yes  for yes, all of them" in err and "Desa Moluo, Kecamatan Kwandang" in err
    code, out, _ = said("visits", "import", str(path), "--yes", "--dry-run")
    assert code == 0 and "nothing was stored: 2 visits, 98 recorded" in out and stores.own_store().visit_batches() == []
    assert "accepted, batch of visits 1: 2 visits, 98 recorded" in said("visits", "import", str(path), "--yes")[1]
    # the same file is one batch, however it is read
    for options in (["--yes"], ["--alias", "Moluo=75.05.02.2005"], ["--alias", "Moluo=75.05.02.2005", "--again", "yes"]):
        assert "already stored" in said("visits", "import", str(path), *options)[1]
    assert len(stores.own_store().visits()) == 2
    # a longer file asks about the visits that it repeats
    path.write_bytes(FILE.replace(b"Moluo", b"75.05.02.2006") + b"23/06/2023;75.05.01;rumah;2;2;\n")
    code, _, err = said("visits", "import", str(path))
    assert code == 1 and "(rows 2, 3; batches of visits 1). Are they others?" in err
    assert "--again no  for the same visit: leave it out" in err
    assert "batch of visits 2: 1 visit, 2 recorded" in said("visits", "import", str(path), "--again", "no")[1]
    assert stores.own_store().visits()["row"].tolist() == [2, 3, 4]
    assert said("verify")[0] == 0, "also where there are no figures yet"
    # withdrawn, restored, listed, handed out
    gone = json.loads(said("visits", "retract", "1", "--reason", "salah desa", "--json")[1])
    assert gone["retracted"]["reason"] == "salah desa" and len(stores.own_store().visits()) == 1
    assert "restore batch of visits 1" in said("visits", "import", str(_file(office, FILE)), "--yes", "--again", "yes")[2]
    assert said("visits", "restore", "1", "--reason", "benar")[0] == 0
    assert [line[:2] for line in said("visits", "list")[1].splitlines()] == ["2:", "1:"]
    table = office / "semua.csv"
    assert said("export", "visits", "--out", str(table))[0] == 0
    handed = pd.read_csv(table, dtype={"area_code": "str"})
    assert handed["recorded"].tolist() == [60, 38, 2] and handed["batch"].tolist() == [1, 1, 2]
    report = visiting.read_visits(table.read_bytes(), "semua.csv")
    assert report.accepted and report.rows["recorded"].tolist() == [60, 38, 2] and report.notes == ()
    assert stores.own_store().noted("export")


def test_who_is_to_be_cleaned_off_the_list_stands_apart_wherever_figures_are(said: Said, office: Path) -> None:
    figures, weeks = office / "angka.csv", (b"2023-06-06,90000,700", b"2023-06-13,90000,620", b"2023-06-20,90000,554")
    figures.write_bytes(b"kode,per tanggal,wajib ktp,belum rekam\n" + b"".join(b"75.05," + one + b"\n" for one in weeks))
    assert said("import", str(figures))[0] == 0
    asked = (("status", "--area", "75.05", "--json"), ("project", "--area", "75.05", "--json"))
    before = [json.loads(said(*one)[1]) for one in asked]
    told = reports.state(stores.current(), "75.05")
    assert told.cleaning is None and not any("cleaned off" in str(line) for line in _lines(told))
    assert said("visits", "import", str(_file(office, FILE)), "--yes")[0] == 0
    for one, was in zip(asked, before, strict=True):
        found = json.loads(said(*one)[1])
        clean = found.pop("cleaning")
        assert (clean["to_clean"], clean["can_come"]) == ({"low": 3, "high": 3}, {"low": 551, "high": 551})
        assert clean["kinds"] == {"dead": 3} and "cleaning" not in was
        assert {**found, "trail": None} == {**was, "trail": None}, "all else stays as it is"
        if one[0] == "project":
            assert clean["recorded"]["quantiles"]["0.50"] <= found["quantiles"]["0.50"]
    assert "3 are to be cleaned off the list and 551 can come" in said("status", "--area", "75.05")[1]
    assert "Zero is about the list: 3 of 554 leave it only by being cleaned off" in said("project", "--area", "75.05")[1]
    told = reports.state(stores.current(), "75.05")
    assert sum("3 are to be cleaned off the list" in str(line) for line in _lines(told)) == 1
    shown = start("projection.py", area="75.05").markdown
    assert any(str(one.value).startswith("Zero is about the list: 3 of 554 leave it only by being cleaned off") for one in shown)
    # a list that says so itself holds what visits had found by its day; the visit of the next day may have met the same names
    figures.write_bytes(b"kode,per tanggal,wajib ktp,belum rekam,perlu dibersihkan\n75.05,2023-06-20,90000,554,12\n")
    assert said("import", str(figures))[0] == 0
    clean = json.loads(said("status", "--area", "75.05", "--json")[1])["cleaning"]
    assert (clean["to_clean"], clean["can_come"]) == ({"low": 12, "high": 15}, {"low": 539, "high": 542})
    assert clean["list"] == {"to_clean": 12, "since": "2023-06-20", "silent": [], "unsaid": 0} and clean["kinds"] == {"dead": 3}
    told = reports.state(stores.current(), "75.05")
    lines = [str(line) for line in _lines(told)]
    assert sum("the list of 20 June 2023 says 12; visits that it does not hold found 3 dead" in line for line in lines) == 1
    assert sum(line.startswith("Where a list says how many") for line in lines) == 1
    assert "539 to 542 can come, 12 to 15 to be cleaned off the list (by the list and visits)" in strip(
        start("position.py", area="75.05")
    )
    table = office / "semua.csv"
    assert said("export", "csv", "--out", str(table))[0] == 0
    assert pd.read_csv(table)["to_clean"].dropna().tolist() == [12] and said("verify")[0] == 0


def _lines(told: State) -> list[Text]:
    """The lines of the slide on the data."""
    (block,) = next(slide.blocks for slide in reports.built(told).slides if slide.key == "data")
    assert isinstance(block, Lines)
    return [*block.lines]


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "lagi.csv"
    path.write_bytes(data)
    return path


def test_what_a_command_refuses(said: Said, office: Path) -> None:
    path = _file(office, FILE + b"31/06/2023;75.05.03;pasar;x;;\n")
    code, out, err = said("visits", "import", str(path), "--json")
    found = json.loads(out)
    assert code == 1 and found["status"] == "refused" and len(found["faults"]) == 2 and "row 4, column tanggal" in err
    assert said("visits", "retract", "7", "--reason", "x")[0] == 1
    assert said("visits", "list")[2].startswith("No visit has been taken in yet")


def test_only_what_it_is_for_is_left_out_or_asked(office: Path) -> None:
    visiting.import_file(FILE, "a.csv", VisitChoices(names="yes"))
    other = FILE.replace(b"sekolah", b"rumah").replace(b"21/06", b"20/06").replace(b"Moluo", b"75.05.02.2006")
    assert visiting.import_file(other, "b.csv", VisitChoices()).status == "accepted"  # another place, another day
    assert visiting.import_file(other + b"\n", "c.csv", VisitChoices(again="no")).status == "refused"  # nothing is left of it
    assert visiting.import_file(other + b"\n", "c.csv", VisitChoices(again="yes")).status == "accepted"
    assert len(stores.own_store().visits()) == 6


def test_a_visit_is_typed_in_on_the_page_and_is_a_batch_like_any_other(office: Path) -> None:
    imports.import_file(FIGURES, "juni.csv", imports.UNDECIDED)
    app = start("data.py", lang="en", area="75.05")
    assert not [one for one in app.number_input if str(one.key).startswith("visit_")]  # nothing of it is made before it is opened
    app.session_state["visit_form"] = True
    app.run()
    app.button(key="FormSubmitter:visit_form_fields-Save the visit").click().run()
    assert any("needs its day, its area and its kind of place" in one.value for one in app.error)
    _fill(app, came=40, recorded=38)
    assert app.date_input(key="visit_day").value == visiting.today()
    app.date_input(key="visit_day").set_value(date(2023, 7, 1))
    app.number_input(key="visit_dead").set_value(3)
    app.button(key="FormSubmitter:visit_form_fields-Save the visit").click().run()
    assert not app.exception and any("38 recorded" in one.value for one in app.success)
    (row,) = stores.own_store().visits().to_dict("records")
    assert (row["day"], row["area_code"], row["place"]) == (pd.Timestamp("2023-07-01"), "75.05.02.2006", "school")
    assert (row["came"], row["recorded"], row["dead"]) == (40, 38, 3) and pd.isna(row["invited"]) and pd.isna(row["moved"])
    (batch,) = stores.own_store().visit_batches()
    assert batch.name == "formulir-2023-07-01-75.05.02.2006.csv" and batch.uploader == "petugas"
    assert imports.verify(stores.own()) == []
    assert app.number_input(key="visit_came").value is None and app.selectbox(key="visit_area").value == "75.05.02.2006"
    # what cannot be is said with its reason, and a second visit of the day is asked about
    _fill(app, came=5, recorded=6)
    app.button(key="FormSubmitter:visit_form_fields-Save the visit").click().run()
    assert any("of 5 who came, 6 were recorded" in one.value for one in app.error)
    _fill(app, came=6, recorded=6)
    app.button(key="FormSubmitter:visit_form_fields-Save the visit").click().run()
    assert len(stores.own_store().visits()) == 1 and any("is stored already" in one.value for one in app.warning)
    app.button(key="visit_again").click().run()
    assert sorted(stores.own_store().visits()["recorded"]) == [6, 38]
    # who is to be cleaned off the list stands apart
    app.session_state["visit_batches"] = True
    app.run()
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "of 554 unrecorded on 20 June 2023, 3 are to be cleaned off the list and 551 can come" in said.replace("Of", "of")
    # a file is reported before anything of it is stored
    app.session_state["visit_files"], app.session_state["visit_read"] = True, (FILE, visiting.read(FILE, "k.csv", VisitChoices()))
    app.run()
    assert app.button(key="visit_answered").disabled and len(stores.own_store().visits()) == 2
    app.radio(key="visit_question_0").set_value("yes, all of them").run()
    app.button(key="visit_answered").click().run()
    app.button(key="visit_accept").click().run()
    assert any("2 visits stored" in one.value for one in app.success) and len(stores.own_store().visits()) == 4
    app.selectbox(key="visit_batch").set_value(3).run()
    app.text_input(key="visit_reason_3").set_value("salah berkas")
    app.button(key="FormSubmitter:visit_mark_3-Withdraw these visits").click().run()
    assert not app.exception and len(stores.own_store().visits()) == 2


def _fill(app: AppTest, **counts: int) -> None:
    app.selectbox(key="visit_area").set_value("75.05.02.2006")
    app.button_group(key="visit_place").set_value("school")
    for name, value in counts.items():
        app.number_input(key=f"visit_{name}").set_value(value)


def test_a_personal_number_in_a_note_is_refused_and_not_kept(office: Path) -> None:
    values = {"day": date(2023, 7, 1), "area_code": "75.05.03", "place": "home", "recorded": 1}
    done = visiting.typed({**values, "note": "7505030101900001"})
    assert done.status == "refused" and "personal number (NIK)" in str(done.reason)
    assert stores.own_store().visit_batches() == []
    assert visiting.typed({**values, "note": "=1+1"}).status == "accepted"
    assert stores.own_store().visits()["note"].tolist() == ["=1+1"] and imports.verify(stores.own()) == []
    assert visiting.typed({**values, "note": "=1+1"}).status == "already_there"
