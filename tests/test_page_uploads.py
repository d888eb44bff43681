"""Files on their way in, on the page Data: what is asked, what is chosen beforehand, what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from ektp_analysis.core.area import register
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.text import T, render
from ektp_analysis.ingest.report import UNDECIDED, ImportReport
from ektp_analysis.office import arrivals, imports, stores
from ektp_analysis.office.arrivals import Waiting
from ektp_analysis.page import many_parts
from ektp_analysis.store.records import Commit
from tests.apps import AppTest, column, forget

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("ATINGGOLA", "KWANDANG", "ANGGREK", "SUMALATA", "TOLINGGULA", "GENTUMA RAYA")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own and empty caches."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    forget()
    yield tmp_path
    forget()


def desk(files: dict[str, bytes], **query: str) -> AppTest:
    """The page Data with these files read and waiting for a decision."""
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300)
    app.switch_page(str(ROOT / "pages" / "data.py"))
    for key, value in {"lang": "id", **query}.items():
        app.query_params[key] = value
    app.session_state["upload_read"] = {
        name: Waiting.of(data, imports.read_alone(data, name, UNDECIDED), UNDECIDED) for name, data in files.items()
    }
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    return app


def lists(add: int = 0) -> bytes:
    """A table with the recorded of two lists, in no file that says its day: two questions."""
    lines = [
        f"{name};{8013 + 103 * place};{7900 + 100 * place + add};{7950 + 99 * place + add}" for place, name in enumerate(NAMES)
    ]
    return "\n".join(["KECAMATAN;WAJIB KTP;PEREKAMAN SIAK;PEREKAMAN PUSAT", *lines, ""]).encode()


def test_an_answer_is_none_to_the_question_that_comes_next_in_its_place(office: Path) -> None:
    """The kabupaten of the sheet is asked first, then whether a row is that kabupaten: the same words among the answers."""
    rows = "kecamatan,wajib_ktp,belum_rekam\nAnggrek,8000,100\nAtinggola,9000,120\nKwandang,17000,220\nDINAS,50,3\n"
    app = desk({"20 Juni 2023.csv": rows.encode()})
    (first,) = app.radio
    assert "75.05 Kabupaten Gorontalo Utara" in first.options and "75.05.02 Kwandang" not in first.options
    first.set_value(first.options.index("75.05 Kabupaten Gorontalo Utara")).run()
    app.button(key="answered_20 Juni 2023.csv").click().run()
    asked = app.radio[0]
    assert "75.05 Kabupaten Gorontalo Utara" in asked.options and "75.05.02 Kwandang" in asked.options
    assert asked.value is None and app.button(key="answered_20 Juni 2023.csv").disabled


def test_nothing_is_chosen_beforehand_and_all_must_be_answered(office: Path) -> None:
    app = desk({"gorontalo utara.csv": lists()})
    columns, answer = app.radio[0], app.button(key="answered_gorontalo utara.csv")
    assert len(columns.options) > 1 and columns.value is None and answer.disabled
    columns.set_value(1).run()
    assert app.button(key="answered_gorontalo utara.csv").disabled  # the day is open
    app.date_input[0].set_value("2023-07-01").run()
    app.button(key="answered_gorontalo utara.csv").click().run()
    assert not app.exception
    report = app.session_state["upload_read"]["gorontalo utara.csv"].report
    assert report.status == "accepted" and report.latest.recorded == sum(7950 + 99 * place for place in range(6))


def test_a_single_reading_is_not_chosen_beforehand(office: Path) -> None:
    """The eligible alone, which a hasty click took."""
    lines = [f"{name};{8013 + 103 * place};{7000 + 100 * place}" for place, name in enumerate(NAMES)]
    name = "gorontalo utara per 1 Juli 2023.csv"
    app = desk({name: "\n".join(["KECAMATAN;WAJIB KTP;REKAM BULAN INI", *lines, ""]).encode()})
    (reading,) = app.radio
    assert len(reading.options) == 1 and reading.value is None
    assert app.button(key=f"answered_{name}").disabled and f"accept_{name}" not in [one.key for one in app.button]
    reading.set_value(0).run()
    assert not app.button(key=f"answered_{name}").disabled


def test_a_file_that_may_have_lost_rows_is_asked_about_and_either_answer_ends_it(office: Path) -> None:
    lines = [
        f"{place};{name};{8013 + 103 * place};{7900 + 100 * place}" for place, name in enumerate(NAMES, 1) if place not in (3, 4)
    ]
    name, text = "gorontalo utara per 1 Juli 2023.csv", "\n".join(["NO;KECAMATAN;WAJIB KTP;SUDAH REKAM", *lines, ""])
    for answer, status in ((0, "accepted"), (1, "refused")):
        app = desk({name: text.encode()})
        asked = [one.value for one in app.markdown if "Nomor urut baris melompat" in one.value]
        assert len(asked) == 1 and "75.05.03 Anggrek" in asked[0] and not app.warning
        assert f"accept_{name}" not in [one.key for one in app.button]
        app.radio[0].set_value(answer).run()
        app.button(key=f"answered_{name}").click().run()
        assert not app.exception and app.session_state["upload_read"][name].report.status == status and not app.radio
    assert any("Tidak disertakan karena tidak lengkap" in one.value for one in app.error)


def test_an_answer_of_ones_own_is_closed_while_a_reading_is_chosen(office: Path) -> None:
    """Two readings of the day, and a day of one's own: only one of them can be meant."""
    lines = [f"{name};{8013 + 103 * place};{7900 + 100 * place}" for place, name in enumerate(NAMES)]
    text = "\n".join(["01/02/2023 03/04/2023", "KECAMATAN;WAJIB KTP;SUDAH REKAM", *lines, ""])
    app = desk({"gorontalo utara.csv": text.encode()})
    own, (reading,) = app.date_input[0], app.radio
    assert reading.value is None and not own.disabled
    reading.set_value(0).run()
    assert app.date_input[0].disabled and not app.button(key="answered_gorontalo utara.csv").disabled
    app.radio[0].set_value(-1).run()
    assert not app.date_input[0].disabled and app.button(key="answered_gorontalo utara.csv").disabled


def week(number: int, *, counts: dict[int, str] | None = None, header: str = "SUDAH REKAM") -> bytes:
    """A weekly file: the recorded of six kecamatan, some more each week."""
    lines = [
        f"{name};{8013 + 103 * place};{(counts or {}).get(place) or 7901 + 101 * place + 3 * number}"
        for place, name in enumerate(NAMES)
    ]
    return "\n".join([f"KECAMATAN;WAJIB KTP;{header}", *lines, ""]).encode()


def weeks(*numbers: int, **others: bytes) -> dict[str, bytes]:
    """Weekly files by name, later ones first, and others."""
    days = {number: f"{number:02} Juli 2023" for number in numbers}
    found = {f"gorontalo utara per {days[number]}.csv": week(number) for number in sorted(numbers, reverse=True)}
    return found | {f"gorontalo utara per {name.replace('_', ' ')}.csv": data for name, data in others.items()}


def chosen(app: AppTest, *keys: str) -> list[str]:
    """What the address says."""
    return [value if isinstance(value := app.query_params[key], str) else value[0] for key in keys]


def test_files_stand_in_the_order_of_their_days_and_go_in_with_one_click(office: Path) -> None:
    app = desk(weeks(1, 8, 15, 22))
    assert column(app, "Tanggal") == ["1 Juli 2023", "8 Juli 2023", "15 Juli 2023", "22 Juli 2023"]
    assert column(app, "Meragukan") == ["tidak ada"] * 4 and set(column(app, "Wilayah")) == {"Kabupaten Gorontalo Utara"}
    assert column(app, "Belum rekam")[0] == f"{sum(109 + 2 * place for place in range(6))}"
    app.button(key="accept_all").click().run()
    assert not app.exception and not app.error
    assert [batch.as_of_dates for batch in stores.own_store().batches()] == [
        (date(2023, 7, number),) for number in (22, 15, 8, 1)
    ]
    (said,) = app.success
    assert "4 berkas diterima" in said.value and "Kabupaten Gorontalo Utara per 22 Juli 2023" in said.value
    assert app.session_state["upload_read"] == {}


def test_each_file_is_compared_with_the_days_before_it(office: Path) -> None:
    """The last is the old file under a new name."""
    app = desk(weeks(1, 8, 15) | {"gorontalo utara per 22 Juli 2023.csv": week(15)})
    assert column(app, "Meragukan") == ["tidak ada", "tidak ada", "tidak ada", "1 peringatan"]
    assert any("1 dengan peringatan" in one.value for one in app.markdown)
    assert any("sama dengan" in one.value for one in app.warning)
    app.button(key="accept_all").click().run()
    assert len(stores.own_store().batches()) == 3 and len(app.session_state["upload_read"]) == 1
    assert app.button(key="accept_gorontalo utara per 22 Juli 2023.csv")  # alone, as a single file looks


def test_two_files_that_contradict_each_other_both_wait(office: Path) -> None:
    """Another one says the same again, which is no contradiction."""
    name = "gorontalo utara per 08 Juli 2023.csv"
    app = desk(weeks(1, 8, 15) | {"lagi per 1 Juli 2023.csv": week(1), "lain per 8 Juli 2023.csv": week(9)})
    rival = "bertentangan dengan berkas lain"
    assert column(app, "Meragukan") == ["tidak ada", "tidak ada", rival, rival, "tidak ada"]
    assert any("2 saling bertentangan" in one.value for one in app.markdown)
    app.button(key="accept_all").click().run()
    assert column(app, "Keadaan")[1] == "sudah ada" and len(stores.own_store().batches()) == 2
    assert column(app, "Meragukan", 1) == [rival, rival]
    app.button(key=f"accept_{name}").click().run()
    assert [one.report.changes.revised != () for one in app.session_state["upload_read"].values()] == [True]


def test_what_is_in_doubt_stays_below_with_its_question(office: Path) -> None:
    """A word in place of a count, printed cards in place of recording: neither goes in with the others."""
    files = weeks(1, 8, **{"15_Juli_2023": week(15, counts={2: "banyak"}), "22_Juli_2023": week(22, header="SUDAH TERBIT")})
    app = desk(files)
    assert column(app, "Meragukan") == ["tidak ada", "tidak ada", "ditolak", "1 pertanyaan"]
    assert app.button(key="answered_gorontalo utara per 22 Juli 2023.csv").disabled
    assert any("1 ditolak, 1 dengan pertanyaan" in one.value for one in app.markdown)
    app.button(key="accept_all").click().run()
    assert [batch.rows for batch in stores.own_store().batches()] == [6, 6]
    assert [one.report.as_of_dates for one in app.session_state["upload_read"].values()] != []


def test_how_far_it_is_is_said_of_each_file(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every time it is told to the page: a browser draws the last of several that come at once."""
    said: list[tuple[float, str]] = []
    shown = st.progress

    def telling(*given: Any) -> SimpleNamespace:
        bar = shown(*given)

        def progress(share: float, text: str) -> None:
            said.append((share, text))
            bar.progress(share, text)

        return SimpleNamespace(progress=progress, empty=bar.empty)

    monkeypatch.setattr(st, "progress", telling)
    app, files = desk({}), weeks(1, 8, 15, 22)
    app.file_uploader[0].set_value([(name, data, "text/csv") for name, data in files.items()]).run()
    begun = [text for _, text in said if ", 0 detik" in text]
    assert begun == [f"Membaca {name} ({place} dari 4), 0 detik …" for place, name in enumerate(files, start=1)]
    assert [share for share, _ in said] == sorted(share for share, _ in said) and 0 < said[0][0] < said[-1][0] < 1
    said.clear()
    app.button(key="accept_all").click().run()
    assert said == [
        (place / 4, f"Menerima gorontalo utara per {day:02} Juli 2023.csv ({place + 1} dari 4) …")
        for place, day in enumerate((1, 8, 15, 22))
    ]


def test_what_cannot_be_stored_is_told_file_by_file(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third of four fails: two are in, it and the fourth are not, and both can be tried again."""
    whole, tried = imports.commit, []

    def commit(report: ImportReport, *given: Any, **named: Any) -> Commit:
        tried.append(report.file)
        if len(tried) == 3:
            raise StoreError(T("the disk is full."))
        return whole(report, *given, **named)

    monkeypatch.setattr(imports, "commit", commit)
    app = desk(weeks(1, 8, 15, 22))
    app.button(key="accept_all").click().run()
    assert len(stores.own_store().batches()) == 2
    assert column(app, "Keadaan") == [
        "diterima, unggahan 1",
        "diterima, unggahan 2",
        "tidak disimpan: the disk is full.",
        "belum disimpan, masih menunggu",
    ]
    (failed,), (taken,) = app.error, app.success
    assert "2 dari 4 berkas sudah diterima" in failed.value and "2 berkas diterima" in taken.value and "8 Juli" in taken.value
    assert list(app.session_state["upload_read"]) == [f"gorontalo utara per {number} Juli 2023.csv" for number in (15, 22)]
    app.button(key="accept_all").click().run()
    assert len(stores.own_store().batches()) == 4 and not app.error


def test_an_answer_once_accepted_reads_the_other_files_of_its_layout(office: Path) -> None:
    names = [f"gorontalo utara per {number} Juli 2023.csv" for number in (1, 8, 15)]
    app = desk({name: lists(add=place) for place, name in enumerate(names)})
    assert column(app, "Meragukan") == ["1 pertanyaan"] * 3 and app.button(key="accept_all").disabled
    app.radio[0].set_value(1).run()
    app.button(key=f"answered_{names[0]}").click().run()
    assert column(app, "Meragukan") == ["tidak ada", "1 pertanyaan", "1 pertanyaan"]
    app.button(key="accept_all").click().run()
    assert column(app, "Meragukan") == ["tidak ada"] * 2
    app.button(key="accept_all").click().run()
    kept = stores.own_store().figures(within="75.05")
    recorded = kept.groupby("as_of_date")["recorded"].sum().tolist()
    assert recorded == [sum(7950 + 99 * place + add for place in range(6)) for add in range(3)]


def test_the_app_stands_where_the_file_belongs(office: Path) -> None:
    """Another kabupaten than the office's own, and a day that is not the latest there."""
    lines = [f"{code};2023-07-01;{8000 + place};{101 + place}" for place, code in enumerate(register().children("71.01")[:3])]
    text = "\n".join(["area_code;as_of_date;eligible;unrecorded", *lines, ""])
    app = desk({"bolmong.csv": text.encode()}, area="75.05", on="2023-06-19")
    app.button(key="accept_bolmong.csv").click().run()
    assert chosen(app, "area", "on", "data") == ["71.01", "latest", "own"]
    (said,) = app.success
    assert "Kabupaten Bolaang Mongondow per 1 Juli 2023" in said.value
    app.session_state["upload_read"] = {
        "lama.csv": Waiting.of(
            old := text.replace("2023-07", "2023-06").encode(), imports.read_alone(old, "lama.csv", UNDECIDED), UNDECIDED
        )
    }
    app.run()
    app.button(key="accept_lama.csv").click().run()
    assert chosen(app, "area", "on", "level") == ["71.01", "2023-06-01", "KECAMATAN"]
    first = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=300).run()  # an address that says nothing
    assert chosen(first, "area") == ["71.01"] and "306" in first.title[0].value


def test_a_file_that_was_taken_back_says_so(office: Path) -> None:
    ((name, data),) = weeks(1).items()
    app = desk({name: data})
    app.button(key=f"accept_{name}").click().run()
    batch = stores.own_store().batches()[0]
    stores.own_store().retract(batch.id, reason="keliru", by="tester", at=datetime.now(UTC))
    again = desk({name: data})
    again.button(key=f"accept_{name}").click().run()
    (said,) = again.success
    assert "keliru" in said.value and str(batch.id) in said.value


def test_of_many_files_with_questions_the_first_are_drawn_and_the_others_can_be(office: Path) -> None:
    """52 drawn at once took ten seconds at each click."""
    app = desk({f"gorontalo utara {number}.csv": lists(number) for number in range(many_parts.MOST_DRAWN + 2)})
    drawn = [f"answered_gorontalo utara {number}.csv" for number in range(many_parts.MOST_DRAWN + 2)]
    assert [one.key for one in app.button if one.key in drawn] == drawn[:-2]
    assert "2 berkas lain yang meragukan masih menunggu" in " ".join(one.value for one in app.caption)
    app.selectbox(key="looked_at").set_value("gorontalo utara 5.csv").run()
    assert sorted(one.key for one in app.button if one.key in drawn) == [*drawn[:-2], drawn[-1]]
    app.button(key="more").click().run()
    assert not app.exception and [one.key for one in app.button if one.key in drawn] == drawn
    assert "more" not in [one.key for one in app.button]


def test_warnings_that_are_not_drawn_are_not_accepted_with_the_others(office: Path) -> None:
    def off(week: int) -> bytes:
        rows = [f"{name};{8010 + number};{7000 + week}" for number, name in enumerate(NAMES)]
        return "\n".join(["KECAMATAN;WAJIB KTP;SUDAH REKAM", *rows, "JUMLAH;48000;", ""]).encode()

    app = desk({f"gorontalo utara per {week} Juli 2023.csv": off(week) for week in range(1, 8)})
    assert app.button(key="accept_warned").label.startswith(f"Terima {many_parts.MOST_DRAWN}")


def test_each_of_several_tables_is_marked_in_the_preview(office: Path) -> None:
    lines = ["PEREKAMAN KTP-EL;;", "KECAMATAN;BELUM REKAM 31/05/2023;BELUM REKAM 30/06/2023"]
    lines += [f"{name};{407 + place};{300 + place}" for place, name in enumerate(NAMES)]
    app = desk({"gorontalo utara.csv": "\n".join([*lines, ""]).encode()})
    how = next(one for one in app.expander if one.label == "Bagaimana berkas ini dibaca")
    assert any("31 Mei 2023" in one.value for one in how.markdown)
    chosen = app.selectbox(key="previewed_gorontalo utara.csv")
    assert [chosen.value] == chosen.options[:1] and len(chosen.options) == 2
    first = _previewed(app)
    assert "background" in first[1] and "background" not in first[2]
    chosen.set_value(chosen.options[1]).run()
    second = _previewed(app)
    assert "background" not in second[1] and "background" in second[2] and "300" in second[2]


def _previewed(app: AppTest) -> list[str]:
    """The cells of the first row of the body, as markup."""
    (shown,) = [one.proto.body for one in app.get("html") if "<table" in one.proto.body]
    return shown.split(">3</th>")[1].partition("</tr>")[0].split("<td ")[1:]


def test_what_stands_only_in_a_file_that_waits_is_not_said_to_be_there(office: Path) -> None:
    """Two files that say the same: neither is stored, so nothing is known already."""
    first, second = "rekap per 1 Juli 2023.csv", "salinan rekap per 1 Juli 2023.csv"
    waiting = arrivals.in_order(
        {
            name: Waiting.of(data, imports.read_alone(data, name, UNDECIDED), UNDECIDED)
            for name, data in ((first, week(0)), (second, week(0)))
        }
    )
    assert [render(many_parts.changed(one), "id") for one in waiting.values()] == [
        "6 angka baru",
        "6 juga ada di berkas lain yang menunggu",
    ]
    imports.take_in(waiting[first].report, waiting[first].data, uploader="petugas", decided=UNDECIDED)
    (held,) = arrivals.in_order({second: waiting[second]}).values()
    assert render(many_parts.changed(held), "id") == "6 sudah ada"
