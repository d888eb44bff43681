"""Tables as offices and open-data portals lay them out, with the truth beside them; figures of areas in every habit at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from ektp_analysis.ingest.cells import names
from tests.layouts.binary import laid_out, xlsb
from tests.layouts.personal import ods
from tests.layouts.whole import ASKED, Figures, Whole, areas, dotted, xlsx

DAY = date(2023, 6, 30)


def text(rows: list[list], mark: str = ",") -> bytes:
    """Rows as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode()


def sums(f: Figures, codes, roles: str = "eru") -> list[int]:
    """Sums of the truth over some areas."""
    return [sum(f.truth[code]["eru".index(role)] for code in codes) for role in roles]


def sexes_as_rows() -> Iterator[tuple[str, Whole]]:
    """Men and women (and their sum) as rows of their own, the area written once or on each."""
    f = Figures(1)
    rows, merges = [["KABUPATEN BARITO UTARA"], ["PER TANGGAL 30 JUNI 2023"], []], []
    rows.append(["NO", "KECAMATAN", "L/P", "WAJIB KTP", "REKAM", "BELUM REKAM"])
    total = {"l": [0, 0, 0], "p": [0, 0, 0], "": [0, 0, 0]}
    for number, (code, kec, _) in enumerate(areas("62.05", "kecamatan"), start=1):
        n, first = f.of(code), len(rows) + 1
        for label, key in (("L", "l"), ("P", "p"), ("JML", "")):
            figures = [n[role + key] for role in "eru"]
            total[key] = [a + b for a, b in zip(total[key], figures, strict=True)]
            rows.append([number if key == "l" else "", kec.upper() if key == "l" else "", label, *figures])
        merges.append(("LP", f"B{first}:B{first + 2}", first - 1, 1))
    rows += [["TOTAL", "", "L", *total["l"]], ["", "", "P", *total["p"]], ["", "", "JML", *total[""]]]
    yield "rows of L, P, JML, the area merged", Whole(xlsx(("LP", rows), merges=merges), "x.xlsx", DAY, f.truth)
    f = Figures(2)
    rows = [["kode_wilayah", "kecamatan", "jenis_kelamin", "wajib_ktp", "sudah_rekam", "tanggal_data"]]
    for code, kec, _ in areas("82.71", "kecamatan"):
        n = f.of(code, "er")
        rows += [
            [code, kec, sex, n["e" + key], n["r" + key], "30/06/2023"] for sex, key in (("LAKI-LAKI", "l"), ("PEREMPUAN", "p"))
        ]
    yield "long form by sex, two counts", Whole(text(rows), "ternate.csv", DAY, f.truth)
    f = Figures(3)
    rows = [["kode_wilayah", "kecamatan", "jenis_kelamin", "wajib_ktp", "sudah_rekam", "persentase", "tanggal_data"]]
    for code, kec, _ in areas("91.71", "kecamatan"):
        n = f.of(code, "er")
        rows += [
            [code, kec, sex, n["e" + key], n["r" + key], round(n["r" + key] / n["e" + key] * 100, 1), "30/06/2023"]
            for sex, key in (("L", "l"), ("P", "p"), ("L+P", ""))
        ]
    yield "long form by sex with a row for both", Whole(text(rows, ";"), "jayapura.csv", DAY, f.truth)


def totals_by_sum() -> Iterator[tuple[str, Whole]]:
    """Totals that only their figures show to be totals."""
    f = Figures(4)
    rows = [["PROVINSI NUSA TENGGARA BARAT"], ["SEMESTER I TAHUN 2023"]]
    rows.append(["NO", "KAB/KOTA", "WAJIB KTP", "PEREKAMAN", "BELUM REKAM"])
    for number, (code, name) in enumerate(names.children("52").items(), start=1):
        n = f.of(code)
        rows.append([number, name.upper().replace("KABUPATEN", "KAB."), n["e"], n["r"], n["u"]])
    rows.append(["", "SE-PULAU LOMBOK DAN SUMBAWA", *sums(f, f.truth)])
    yield "a last row of another name that is the sum", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)
    f = Figures(5)
    rows = [["LAPORAN KABUPATEN LOMBOK UTARA"], ["PER 30 JUNI 2023"], ["NO", "WILAYAH", "WAJIB KTP", "PEREKAMAN", "BELUM REKAM"]]
    for letter, (code, kec) in zip("ABCDE", names.children("52.08").items(), strict=True):
        ns = [(desa, f.of(village)) for village, desa in names.children(code).items()]
        rows.append([letter, f"KEC. {kec.upper()}", *(sum(n[role] for _, n in ns) for role in "eru")])
        rows += [[number, desa, n["e"], n["r"], n["u"]] for number, (desa, n) in enumerate(ns, start=1)]
    rows.append(["", "KABUPATEN LOMBOK UTARA", *sums(f, f.truth)])
    yield "the kabupaten below its desa in their column", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)


def names_of_areas() -> Iterator[tuple[str, Whole]]:
    """Names with footnote marks, short and older names, names that begin with a word of a kind."""
    f = Figures(6)
    rows = [["KABUPATEN LOMBOK UTARA"], ["PER 30 JUNI 2023"], ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    marks = (" *)", " 1)", "²", "*", " (2)")
    for number, ((code, kec, _), mark) in enumerate(zip(areas("52.08", "kecamatan"), marks, strict=True)):
        n = f.of(code)
        rows.append([number + 1, kec.upper() + mark, n["e"], n["r"], n["u"]])
    rows += [["", "JUMLAH", *sums(f, f.truth)], ["*) angka sementara"], ["1) hasil verifikasi"]]
    yield "footnote marks behind names", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)
    f = Figures(7)
    short = {
        "11": "NANGGROE ACEH DARUSSALAM",
        "19": "KEP. BANGKA BELITUNG",
        "31": "DKI JAKARTA",
        "34": "D.I. YOGYAKARTA",
        "52": "NTB",
        "53": "N T T",
    }
    rows = [["CAPAIAN NASIONAL PER 30 JUNI 2023"], ["NO", "PROVINSI", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    for number, (code, name) in enumerate(names.children("").items(), start=1):
        n = f.of(code)
        rows.append([number, short.get(code, name.upper()) if code != "53" else "NTT", n["e"], n["r"], n["u"]])
    rows.append(["", "NASIONAL", *sums(f, f.truth)])
    yield "provinsi in short and by older names", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)
    f = Figures(8)
    rows = [["PROVINSI SULAWESI BARAT PER 30 JUNI 2023"], ["NO", "KABUPATEN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    for number, (code, name) in enumerate(names.children("76").items(), start=1):
        n = f.of(code)
        older = name.upper().replace("PASANGKAYU", "MAMUJU UTARA").replace("POLEWALI MANDAR", "POLEWALI MAMASA")
        rows.append([number, older, n["e"], n["r"], n["u"]])
    yield "kabupaten by older names", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)
    f = Figures(9)
    rows = [["KAB. KAYONG UTARA PER 30 JUNI 2023"], ["NO", "KECAMATAN / DESA", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    for code, kec in names.children("61.11").items():
        rows.append(["", f"Kecamatan {kec}"])
        listed = names.children(code)
        for number, (village, desa) in enumerate(listed.items(), start=1):
            n = f.of(village)
            rows.append([number, f"Desa {desa}", n["e"], n["r"], n["u"]])
        rows.append(["", "Sub Jumlah", *sums(f, listed)])
    yield "Desa Dusun Besar, which is called Dusun Besar", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)
    f = Figures(10)
    short = {"Simpang Hilir": "SP. HILIR", "Teluk Batang": "TLK. BATANG", "Pulau Maya": "P. MAYA"}
    rows = [["Kabupaten : KAYONG UTARA"], ["Sumber : DKB Sem. I 2023"], []]
    rows.append(["No", "Kecamatan", "Wajib KTP\n(jiwa)", "Perekaman\n(jiwa)", "Belum Perekaman (jiwa)", "Persentase (%)"])
    rows.append(["1", "2", "3", "4", "5 = 3 - 4", "6=4/3*100"])
    for number, (code, kec, _) in enumerate(areas("61.11", "kecamatan"), start=1):
        n = f.of(code)
        share = f"{n['r'] / n['e'] * 100:.4f}".replace(".", ",")
        rows.append([number, short.get(kec, kec.upper()), dotted(n["e"]), dotted(n["r"]), dotted(n["u"]), share])
    yield "abbreviations; column numbers with their sums", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)


def markup() -> Iterator[tuple[str, Whole]]:
    """Web pages and XML spreadsheets named .xls, the day outside of the table."""
    f = Figures(11)
    head = "<tr><th>No</th><th>Distrik</th><th>Wajib KTP</th><th>Sudah Rekam</th></tr>"
    body = "".join(
        f"<tr><td>{number}</td><td>{kec}</td><td>{dotted(n['e'])}</td><td>{dotted(n['r'])}</td></tr>"
        for number, (kec, n) in enumerate(((kec, f.of(code, "er")) for code, kec, _ in areas("91.71", "kecamatan")), start=1)
    )
    page = f"<html><body><h3>KOTA JAYAPURA</h3><p>Tanggal : 30/06/2023</p><table>{head}{body}</table></body></html>"
    yield "a web page with its day in a paragraph", Whole(page.encode(), "rekap.xls", DAY, f.truth)
    inner = f"<tr><td>Keadaan 30 Juni 2023</td></tr><tr><td><table border=1>{head}{body}</table></td></tr>"
    page = f"<!DOCTYPE html><html><title>Rekap</title><body><table width=100%>{inner}</table></body></html>"
    yield "a table inside a table for layout", Whole(page.encode("utf-16"), "rekap.xls", DAY, f.truth)
    f = Figures(12)

    def cell(value: object, attributes: str = "") -> str:
        kind = "Number" if isinstance(value, int) else "DateTime" if str(value).endswith("T00:00:00.000") else "String"
        return f'<Cell{attributes}><Data ss:Type="{kind}">{value}</Data></Cell>'

    down, two = ' ss:MergeDown="1"', ' ss:MergeAcross="2"'
    sexes = cell("L", ' ss:Index="2"') + "".join(map(cell, ("P", "JML", "L", "P", "JML")))
    rows = [
        "<Row>" + cell("KOTA JAYAPURA", ' ss:MergeAcross="5"') + "</Row>",
        '<Row ss:Index="3">' + cell("Tanggal") + cell("2023-06-30T00:00:00.000") + "</Row>",
        '<Row ss:Index="5">' + cell("DISTRIK", down) + cell("WAJIB KTP", two) + cell("REKAM", two) + "</Row>",
        f"<Row>{sexes}</Row>",
    ]
    for code, kec, _ in areas("91.71", "kecamatan"):
        n = f.of(code, "er")
        rows.append(f"<Row>{cell(kec)}{''.join(cell(n[key]) for key in ('el', 'ep', 'e', 'rl', 'rp', 'r'))}</Row>")
    names_ = "urn:schemas-microsoft-com:office:spreadsheet"
    styles = '<Style ss:ID="a"><Font ss:Bold="1"/></Style>' * 200
    book = (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{names_}" xmlns:ss="{names_}">'
        f'<Styles>{styles}</Styles><Worksheet ss:Name="Kosong"><Table/></Worksheet>'
        f'<Worksheet ss:Name="Rekap"><Table>{"".join(rows)}</Table></Worksheet></Workbook>'
    )
    yield "an XML spreadsheet of 2003", Whole(book.encode(), "rekap.xls", DAY, f.truth)


def formats() -> Iterator[tuple[str, Whole]]:
    """The same recap as xlsb and ods of different programs."""
    f = Figures(13)
    rows = [["KABUPATEN SIAK"], ["PER 30 JUNI 2023"], [], ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    for number, (code, kec, _) in enumerate(areas("14.08", "kecamatan"), start=1):
        n = f.of(code)
        rows.append([number, kec.upper(), n["e"], n["r"], n["u"]])
    rows.append(["", "JUMLAH", *sums(f, f.truth)])
    yield "xlsb", Whole(xlsb(rows), "x.xlsb", DAY, f.truth)
    yield "xlsb whose cells leave out their column", Whole(xlsb(rows, short=True), "x.xlsb", DAY, f.truth)
    yield "ods", Whole(ods(rows), "x.ods", DAY, f.truth)
    yield "ods with line breaks between its tags", Whole(laid_out(ods(rows)), "x.ods", DAY, f.truth)


def days() -> Iterator[tuple[str, Whole]]:
    """The day below the table, as a bare number of a workbook, and as months side by side."""
    f = Figures(14)
    head = ["NO", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
    rows = [["KABUPATEN SIAK"], [], head]
    for number, (code, kec, _) in enumerate(areas("14.08", "kecamatan"), start=1):
        n = f.of(code)
        rows.append([number, kec.upper(), n["e"], n["r"], n["u"]])
    rows.append(["", "JUMLAH", *sums(f, f.truth)])
    signed = ["", "", "", "Siak Sri Indrapura, 3 Juli 2023"]
    noted = [*rows, [], ["Keterangan : Data per 30 Juni 2023"], signed]
    yield "a note below says the day, the signature another", Whole(xlsx(("a", noted)), "x.xlsx", DAY, f.truth)
    yield "only the signature has a day", Whole(xlsx(("a", [*rows, [], signed])), "x.xlsx", status=ASKED)
    beside = [[*row, *([""] * (6 - len(row))), f"{10 + place}/06/2023", 7] for place, row in enumerate(rows[3:-1])]
    beside = [["KABUPATEN SIAK"], [], [*head, "", "TANGGAL", "PELAYANAN"], *beside]
    yield "days of another table beside", Whole(xlsx(("a", beside)), "rekap 30 Juni 2023.xlsx", DAY, f.truth)
    f = Figures(15)
    rows = [["TGL DATA", "KODE WILAYAH", "KECAMATAN", "WAJIB KTP", "REKAM"]]
    for code, kec, _ in areas("14.08", "kecamatan"):
        n = f.of(code, "er")
        rows.append([45107, code, kec, n["e"], n["r"]])
    yield "days as bare numbers", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)


def across() -> Iterator[tuple[str, Whole]]:
    """Areas side by side, one a column, their total last."""
    f = Figures(16)
    listed = [(kec, f.of(code)) for code, kec, _ in areas("33.75", "kecamatan")]
    rows = [["CAPAIAN KOTA PEKALONGAN"], ["Per 30 Juni 2023"], [], ["URAIAN", *(kec.upper() for kec, _ in listed), "JUMLAH"]]
    for label, role in (("Wajib KTP", "e"), ("Sudah Rekam", "r"), ("Belum Rekam", "u")):
        rows.append([label, *(n[role] for _, n in listed), *sums(f, f.truth, role)])
    rows.append(["Persentase", *(round(n["r"] / n["e"] * 100, 2) for _, n in listed)])
    yield "areas side by side", Whole(xlsx(("a", rows)), "x.xlsx", DAY, f.truth)


def cases() -> Iterator[tuple[str, Whole]]:
    """(what it shows, the file)."""
    yield from sexes_as_rows()
    yield from totals_by_sum()
    yield from names_of_areas()
    yield from markup()
    yield from formats()
    yield from days()
    yield from across()
