"""What a file leaves open, uploaded on the page Data and answered there: what is asked once, remembered, said and read together.

The same page under a real browser's hand: tests/browser/test_questions.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from ektp_analysis.core.area import register
from tests.apps import AppTest, forget, start
from tests.conftest import Said
from tests.recaps import NAMES, recap_of_two_lists, workbook

Line = list[object]
HEADS = ("NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS = ("markdown", "caption", "success", "info", "warning", "error", "title", "header", "subheader")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page Data of a new office."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "office"))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    forget()
    yield start("data.py", lang="id")
    forget()


def put(app: AppTest, file: Path) -> None:
    app.file_uploader[0].set_value([(file.name, file.read_bytes(), SHEET)]).run()
    assert not app.exception and begins(app, "leave_")


def begins(app: AppTest, name: str) -> list[str]:
    """The keys of the buttons that begin so."""
    return [one.key for one in app.button if (one.key or "").startswith(name)]


def press(app: AppTest, name: str) -> None:
    (key,) = begins(app, name)
    app.button(key=key).click().run()
    assert not app.exception


def accept(app: AppTest) -> None:
    press(app, "accept_")
    assert not begins(app, "leave_") and "diterima: semua halaman" in words(app)


def words(app: AppTest) -> str:
    """What stands on the page."""
    parts = [str(one.value) for kind in WORDS for one in getattr(app, kind)]
    parts += [str(one.proto.body) for one in app.get("html")]
    parts += [str(text) for one in app.radio for text in (one.label, *one.options)]
    return re.sub(r"\\(.)", r"\1", "\n".join(parts)).replace("\N{NO-BREAK SPACE}", " ")


def heading(**query: str) -> str:
    """What the page Posisi says first, and the words that follow."""
    return words(start("position.py", lang="id", **query))


def test_a_name_is_asked_once_and_remembered(desk: AppTest, tmp_path: Path) -> None:
    odd = (*NAMES[:2], "Pusat Layanan Barat", *NAMES[3:])
    put(desk, workbook(tmp_path / "rekap per 8 Juli 2023.xlsx", names=odd))
    assert "PUSAT LAYANAN BARAT" in words(desk) and not begins(desk, "accept_")
    next(one for one in desk.text_input if (one.key or "").startswith("code_")).set_value("75.05.03").run()
    press(desk, "answered_")
    accept(desk)
    put(desk, workbook(tmp_path / "rekap per 15 Juli 2023.xlsx", names=odd))
    assert begins(desk, "accept_") and not begins(desk, "answered_")
    press(desk, "leave_")
    assert "PUSAT LAYANAN BARAT" in words(desk)  # remembered
    forget_all(desk)


def forget_all(app: AppTest) -> None:
    """Forget what is remembered, one after the other; each click takes one away."""
    left = len(begins(app, "forget_"))
    assert left
    while left:
        app.button(key=begins(app, "forget_")[0]).click().run()
        left -= 1
        assert len(begins(app, "forget_")) == left


def test_a_layout_that_was_forgotten_is_asked_about_again(desk: AppTest, tmp_path: Path) -> None:
    unrecorded = sum(42 + 3 * place for place in range(len(NAMES)))
    put(desk, recap_of_two_lists(tmp_path / "rekap per 1 Agustus 2023.xlsx"))
    options = desk.radio[0].options
    desk.radio[0].set_value(next(place for place, one in enumerate(options) if "PEREKAMAN PUSAT" in one)).run()
    press(desk, "answered_")
    accept(desk)
    put(desk, recap_of_two_lists(tmp_path / "rekap per 1 September 2023.xlsx", add=11))
    accept(desk)
    assert str(unrecorded - 11 * len(NAMES)) in heading()  # of the column that was confirmed
    forget_all(desk)
    put(desk, recap_of_two_lists(tmp_path / "rekap per 1 Oktober 2023.xlsx", add=13))
    assert "Ada beberapa kolom yang mungkin dimaksud" in words(desk) and not begins(desk, "accept_")


def test_a_sheet_a_month_is_asked_about_once_and_each_is_shown(desk: AppTest, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for month in ("April 2023", "Mei 2023"):
        sheet = book.create_sheet(month)
        for line in openpyxl.load_workbook(workbook(tmp_path / "sebulan.xlsx")).active.iter_rows(values_only=True):  # type: ignore[union-attr]
            sheet.append(line)
    book.create_sheet("Petunjuk").append(["Isilah kolom yang kosong"])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "rekap bulanan.xlsx")
    put(desk, tmp_path / "rekap bulanan.xlsx")
    assert "2 tabel menyebut bulan tanpa tanggal" in words(desk)
    (asked,) = desk.radio
    asked.set_value(next(place for place, one in enumerate(asked.options) if "hari terakhir bulan itu" in one)).run()
    press(desk, "answered_")
    assert begins(desk, "accept_") and "2 tabel dibaca bersama-sama" in words(desk)
    assert re.search("31 Mei 2023: semua angka sama", words(desk), re.IGNORECASE)
    accept(desk)
    shown = heading(data="own", on="2023-05-31")
    assert "31 Mei 2023" in shown and "627" in shown


def desa_of(district: str) -> tuple[list[Line], tuple[int, int, int]]:
    """The sheet of a kecamatan, one row a desa, and its sums."""
    lines: list[Line] = [["REKAP PEREKAMAN KTP-EL"], ["PER 2 DESEMBER 2023"], ["NO", "DESA", *HEADS[2:]]]
    eligible = recorded = 0
    for place, code in enumerate(register().children(district)):
        lines.append([place + 1, register().name(code).upper(), 900 + 7 * place, 860 + 6 * place, 40 + place])
        eligible, recorded = eligible + 900 + 7 * place, recorded + 860 + 6 * place
    return lines, (eligible, recorded, eligible - recorded)


def kept_as(file: Path, **sheets: list[Line]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(file)
    return file


def test_a_sheet_a_kecamatan_beside_a_recap_that_is_off_by_one(desk: AppTest, tmp_path: Path, said: Said) -> None:
    put(desk, workbook(tmp_path / "rekap per 1 November 2023.xlsx"))
    accept(desk)
    districts = register().children("75.05")[:3]
    read = {register().name(code).upper(): desa_of(code) for code in districts}
    recap: list[Line] = [["REKAP PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"], ["PER 2 DESEMBER 2023"], [*HEADS]]
    for place, (name, (_, (eligible, recorded, left))) in enumerate(read.items()):
        recap.append([place + 1, name, eligible, recorded + (place == 1), left - (place == 1)])
    put(desk, kept_as(tmp_path / "rekap desa.xlsx", REKAP=recap, **{name: lines for name, (lines, _) in read.items()}))
    recorded = read["KWANDANG"][1][1]
    for text in (f"sudah rekam tercatat {recorded + 1:_}", f"jumlah lembar lain {recorded:_}"):
        assert text.replace("_", ".") in words(desk)
    accept(desk)
    told = re.search(r"([\d.]+) jiwa belum rekam(?:, ([\d.]+) di antaranya)?", heading())
    assert told is not None
    total, older = (int((one or "0").replace(".", "")) for one in told.groups())
    assert total - older == sum(sums[2] for _, sums in read.values())  # the other kecamatan count as they last did
    _, printed, _ = said("export", "csv")
    stored = [line for line in printed.splitlines() if "2023-12-02" in line]
    desa = [code for district in districts for code in register().children(district)]
    assert sorted(re.findall(r"\b\d\d(?:\.\d\d){2}\.\d{4}\b", "\n".join(stored))) == sorted(desa)
    assert len(stored) == len(desa)


def test_tables_of_men_and_of_women_below_each_other_are_summed(desk: AppTest, tmp_path: Path) -> None:
    lines: list[Line] = [["REKAP PEREKAMAN KTP-EL"], ["KABUPATEN GORONTALO UTARA"], ["PER 9 DESEMBER 2023"]]
    for number, sex in enumerate(("LAKI-LAKI", "PEREMPUAN")):
        lines += [[], [sex], [*HEADS]]
        lines += [
            [place + 1, name.upper(), 4000 + 31 * place, 3850 + 28 * place - number, 150 + 3 * place + number]
            for place, name in enumerate(NAMES)
        ]
    shown = f"{sum(2 * (150 + 3 * place) + 1 for place in range(len(NAMES))):_}".replace("_", ".")
    put(desk, kept_as(tmp_path / "rekap kelamin.xlsx", Data=lines))
    assert "2 tabel dibaca bersama-sama" in words(desk)
    told = [
        one for one in words(desk).splitlines() if "satu untuk laki-laki dan satu untuk perempuan; angkanya dijumlahkan" in one
    ]
    assert shown in told[0]
    accept(desk)
    there = heading()
    assert shown in there and "9 Desember 2023" in there
