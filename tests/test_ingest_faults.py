"""Samples of the counts that ``python -m tests.faults`` makes at full size."""

from collections import Counter
from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest.opening import containers, package
from ektp_analysis.ingest.opening.personal import in_text
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from ektp_analysis.ingest.worker import guarded_read
from tests import faults
from tests.breadth import parted
from tests.layouts import binary, canonical, personal

TODAY = date(2026, 1, 1)


@pytest.mark.parametrize("seeds", parted(range(7_000, 7_060), 10), ids=len)
def test_generated_layouts_are_exact_or_asked(seeds):
    found = Counter(faults.layout(seed)[0] for seed in seeds)
    assert found["wrong"] == found["refused"] == 0 and found["asked"] <= len(seeds) / 10, found


@pytest.mark.parametrize("seeds", parted(range(50_000, 50_150), 25), ids=len)
def test_damaged_files_are_answered_by_a_whole_report(seeds):
    found = Counter(faults.damage(seed)[0] for seed in seeds)
    bad = found["half"], found["slow"], found["traceback"], found["fewer"], found["answered badly"]
    assert not any(bad) and found["refused"] > len(seeds) * 2 / 3, found


@pytest.mark.parametrize("seeds", parted(range(900, 960), 10), ids=len)
def test_planted_numbers_are_refused_and_not_repeated(seeds):
    found = [faults.plant(seed) for seed in seeds]
    assert [line for outcome, line in found if outcome == "missed"] == []


def test_numbers_that_only_look_alike_are_no_hit():
    assert [row for row in personal.clean_rows(3, 3_000) if in_text(row)] == []


def test_a_list_of_persons_is_refused_without_a_number():
    text = b"NO;NAMA;TEMPAT LAHIR;TGL LAHIR;ALAMAT\n1;Fulan;Kwandang;01-01-2000;Jalan A\n"
    report = read_file(text, "daftar.csv", Choices(take_good_rows=True))
    assert report.status == "refused" and "list of persons" in str(report.reason) and "Fulan" not in repr(report)


def _patched(change):
    import io
    import zipfile

    source, out = zipfile.ZipFile(io.BytesIO(canonical.as_xlsx())), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name in source.namelist():
            made.writestr(name, change(name, source.read(name)))
    return out.getvalue()


def far_cell(name, part):
    return (
        part.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
        if "sheet1" in name
        else part
    )


def zip_bomb(name, part):
    return part.replace(b"</sheetData>", b"</sheetData>" + b" " * 450_000_000) if "sheet1" in name else part


def entities(name, part):
    return part.replace(b"<sst", b'<!DOCTYPE a [<!ENTITY b "c">]><sst', 1) if "sharedStrings" in name else part


def many_columns(name, part):
    cells = b"".join(b'<c r="%s3"><v>1</v></c>' % package.column_letters(n).encode() for n in range(1, 16_000))
    return part.replace(b"</sheetData>", b'<row r="3000">' + cells + b"</row></sheetData>") if "sheet1" in name else part


@pytest.mark.parametrize("change", [far_cell, zip_bomb, entities, many_columns])
def test_bombs_are_refused_in_time(change):
    report = guarded_read(_patched(change), "bom.xlsx")
    assert report.status == "refused" and len(report.rows) == 0
    assert guarded_read(canonical.as_xlsx(), "a.xlsx").status == "accepted"


def test_a_reading_that_takes_too_long_is_ended(monkeypatch):
    text = ("a;" * 1_500 + "\n") * 4_000
    report = guarded_read(text.encode(), "a.csv", seconds=0.01)
    assert report.status == "refused" and "longer than is allowed" in str(report.reason)
    assert guarded_read(canonical.as_csv(), "a.csv").rows.equals(read_file(canonical.as_csv(), "a.csv").rows)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"Rar!\x1a\x07\x00" + bytes(50), "RAR"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "JPEG"),
        (containers.OLE + bytes(3000), "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (bytes(500), "empty"),
    ],
)
def test_what_is_no_table_is_named(data, says):
    report = read_file(data, "data.xlsx")
    assert report.status == "refused" and says in str(report.reason)


def test_temporary_files_of_excel_are_named():
    assert "temporary file of Excel" in str(read_file(b"\x05x", "~$rekap.xlsx").reason)


@pytest.mark.parametrize("between", [" ", "&#160;", "&#xA0;", "&nbsp;", "\u00a0", "<b> </b>", "'"])
def test_a_number_split_by_references_or_marks_is_found_in_markup(between):
    from ektp_analysis.ingest.opening.searching import in_markup

    assert in_markup(f"<p>catatan 75050301{between}01900001</p>")
    page = "<table><tr><th>KECAMATAN</th><th>WKTP</th></tr><tr><td>Anggrek</td><td>7</td></tr></table>"
    page += f"<p>75050301{between}01900001</p>"
    report = read_file(page.encode(), "a.xls")
    assert report.status == "refused" and "NIK" in str(report.reason)


def old_workbook() -> bytes:
    """The eleven kecamatan as a workbook of Excel 97."""
    codes = register().children("75.05")
    rows = [["PEREKAMAN KTP-EL PER 20 JUNI 2023"], [], ["KODE", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    rows += [[code, register().name(code), 4000.0 + 37 * n, 3900.0 + 30 * n, 100.0 + 7 * n] for n, code in enumerate(codes)]
    return binary.xls(rows)


def test_an_old_workbook_is_read_whole_or_refused_wherever_it_is_cut_off() -> None:
    whole = old_workbook()
    sound = read_file(whole, "rekap.xls", today=TODAY)
    assert sound.status == "accepted" and sound.rows["unrecorded"].tolist() == [100 + 7 * n for n in range(11)]
    for cut in (*range(8, len(whole), 97), len(whole) - 1):
        report = read_file(whole[:cut], "rekap.xls", today=TODAY)
        if report.status == "accepted":  # what is missing is the empty end of its last sector
            assert report.rows.equals(sound.rows), cut
        else:
            assert report.status == "refused" and "damaged" in render(report.reason, "en"), cut


@pytest.mark.parametrize("name", ["rekap.xlsx", "rekap.xls", "rekap.csv"])
def test_a_workbook_under_a_password_is_named_as_such(name: str) -> None:
    report = read_file(binary.encrypted(), name, today=TODAY)
    assert report.status == "refused"
    assert render(report.reason, "id") == "Buku kerja dilindungi kata sandi. Simpan tanpa kata sandi."
