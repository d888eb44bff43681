"""Whole workbooks as offices send them, with the truth beside them: what each must be read as, or that it must be asked."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date

import xlsxwriter

from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.report import Choices
from tests.layouts.personal import ods

ASKED, REFUSED = "needs_choice", "refused"


@dataclass(frozen=True)
class Whole:
    """A file and its truth: code -> (eligible, recorded, unrecorded), of several days (code, day) -> them; or the status that it
    must get."""

    data: bytes
    name: str
    day: date | tuple[date, ...] | None = None
    truth: object = None
    status: str = "accepted"
    choices: object = None


class Figures:
    """Numbers of areas: e, r, u by men, women and all."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.truth: dict[str, tuple] = {}

    def of(self, code: str, keep: str = "eru") -> dict[str, int]:
        rng = self.rng
        e = rng.randint(600, 9000)
        u = rng.randint(3, e // 15)
        men = int(e * rng.uniform(0.46, 0.54))
        lost = u // 2
        made = {
            "e": e,
            "el": men,
            "ep": e - men,
            "u": u,
            "ul": lost,
            "up": u - lost,
            "r": e - u,
            "rl": men - lost,
            "rp": e - men - u + lost,
        }
        self.truth[code] = tuple(made[role] if role in keep else None for role in "eru")
        return made


def xlsx(*sheets, merges=(), hidden=()) -> bytes:
    """A workbook of (name, rows)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            if name in hidden:
                page.hide()
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(number, place, cell)
                    elif isinstance(cell, str) and cell.startswith("#"):
                        page.write_formula(number, place, "=1/0", None, cell)
                    elif cell not in ("", None):
                        page.write(number, place, cell)
            for where in merges:
                if where[0] == name:
                    page.merge_range(where[1], rows[where[2]][where[3]])
        book.worksheets()[-1].activate()
    return out.getvalue()


def areas(regency: str, level: str = "desa"):
    """(code, kecamatan, desa) in the register's order."""
    for code, kec in names.children(regency).items():
        if level == "kecamatan":
            yield code, kec, ""
        else:
            for village, desa in names.children(code).items():
                yield village, kec, desa


def dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def export_split() -> Whole:
    """The registry's export: split codes, names, triplets, printing and TAHUN noise; day in the file's name."""
    f = Figures(1)
    rows = [
        [
            "NO_PROP",
            "NAMA_PROP",
            "NO_KAB",
            "NAMA_KAB",
            "NO_KEC",
            "NAMA_KEC",
            "NO_KEL",
            "NAMA_KEL",
            "WKTP_LK",
            "WKTP_PR",
            "WKTP",
            "REKAM_LK",
            "REKAM_PR",
            "REKAM",
            "CETAK_LK",
            "CETAK_PR",
            "CETAK",
            "BLM_REKAM_LK",
            "BLM_REKAM_PR",
            "BLM_REKAM",
        ]
    ]
    for code, kec, desa in areas("35.19"):
        n, p = f.of(code), [int(x) for x in code.split(".")]
        c = f.rng.randint(10, 400)
        rows.append(
            [
                p[0],
                "JAWA TIMUR",
                p[1],
                "MADIUN",
                p[2],
                kec.upper(),
                p[3],
                desa.upper(),
                n["el"],
                n["ep"],
                n["e"],
                n["rl"],
                n["rp"],
                n["r"],
                c,
                c + 3,
                2 * c + 3,
                n["ul"],
                n["up"],
                n["u"],
            ]
        )
    return Whole(xlsx(("Sheet1", []), ("DKB ", rows)), "DKB_SMSTR_1_2025.xlsx", date(2025, 6, 30), f.truth)


def agregat_merged() -> Whole:
    """Aggregate by kecamatan: title block, two merged header rows, column numbers, total, signature with a later date."""
    f = Figures(2)
    rows = [
        ["JUMLAH WAJIB KTP DAN PEREKAMAN"],
        ["KABUPATEN MADIUN"],
        ["KEADAAN S.D. 31 JULI 2021"],
        [],
        ["NO", "KECAMATAN", "WAJIB KTP", "", "", "JML\n(PEREKAMAN KTP-EL)", "", "", "PENCETAKAN", "%"],
        ["", "", "L", "P", "JML", "L", "P", "JML", "", ""],
        list(range(1, 11)),
    ]
    for number, (code, kec, _) in enumerate(areas("35.19", "kecamatan"), start=1):
        n = f.of(code, "er")
        rows.append(
            [number, f"KEC. {kec.upper()}", n["el"], n["ep"], n["e"], n["rl"], n["rp"], n["r"], n["r"] - 7, n["r"] / n["e"]]
        )
    total = [sum(row[place] for row in rows[7:]) for place in range(2, 9)]
    rows += [
        ["JUMLAH", "", *total, ""],
        [],
        [""] * 6 + ["Madiun, 5 Agustus 2021"],
        [""] * 6 + ["Kepala Dinas"],
        [""] * 6 + ["NIP. 197501012005011001"],
    ]
    merges = [("Lap", "A5:A6", 4, 0), ("Lap", "B5:B6", 4, 1), ("Lap", "C5:E5", 4, 2), ("Lap", "F5:H5", 4, 5)]
    return Whole(xlsx(("Lap", rows), merges=merges), "laporan.xlsx", date(2021, 7, 31), f.truth)


def blocks_without_total_columns() -> Whole:
    """Desa without codes or kabupaten, kecamatan written once per block, men and women only, day in the file's name."""
    f = Figures(3)
    rows, last = [["KECAMATAN", "DESA", "WAJIB KTP L", "WAJIB KTP P", "SUDAH REKAM", "BELUM REKAM"]], ""
    for code, kec, desa in areas("33.01"):
        n = f.of(code)
        rows.append([kec.upper() if kec != last else "", desa.upper(), n["el"], n["ep"], n["r"], n["u"]])
        last = kec
    return Whole(xlsx(("Sheet3 ", rows)), "rekap ktp (31 Juli 2021).xlsx", date(2021, 7, 31), f.truth)


def one_column_outline() -> Whole:
    """Kecamatan rows with their sums above their desa, in one column; semester in the title."""
    f = Figures(4)
    rows = [
        ["REKAP PEREKAMAN KTP-EL"],
        ["DKB SEMESTER II TAHUN 2024"],
        [],
        ["NO", "KECAMATAN / DESA", "WAJIB KTP", "SUDAH REKAM", "SISA"],
    ]
    for code, kec in names.children("35.19").items():
        ns = [(desa, f.of(village)) for village, desa in names.children(code).items()]
        rows.append(["", f"KEC. {kec.upper()}", *(sum(n[role] for _, n in ns) for role in "eru")])
        rows += [[place, desa, n["e"], n["r"], n["u"]] for place, (desa, n) in enumerate(ns, start=1)]
    rows.append(["", "JUMLAH", *(sum(row[place] for row in rows[4:] if str(row[1]).startswith("KEC.")) for place in (2, 3, 4))])
    return Whole(xlsx(("Table 1", rows)), "x.xlsx", date(2024, 12, 31), f.truth)


def pivot() -> Whole:
    """A pivot: names of kecamatan and desa in one column without a word of their kind, sums of the pivot."""
    f = Figures(5)
    rows = [["Row Labels", "Sum of WKTP", "Sum of REKAM", "Sum of BLM_REKAM"]]
    for code, kec in names.children("35.19").items():
        ns = [(desa, f.of(village)) for village, desa in names.children(code).items()]
        rows.append([kec.upper(), *(sum(n[role] for _, n in ns) for role in "eru")])
        rows += [[desa.upper(), n["e"], n["r"], n["u"]] for desa, n in ns]
    rows.append(["Grand Total", *(sum(f.truth[code][place] for code in f.truth) for place in range(3))])
    return Whole(xlsx(("Kosong", []), ("Pivot", rows)), "rekap 20-06-2023.xlsx", date(2023, 6, 20), f.truth)


def headings_per_kecamatan() -> Whole:
    """A row "KECAMATAN X" heads each block; sub-totals after it; thousands with dots, percentages with commas, as text."""
    f = Figures(6)
    rows = [["DATA PEREKAMAN KABUPATEN GORONTALO UTARA"], ["PER TANGGAL 20 JUNI 2023"], ["NO", "DESA", "WKTP", "REKAM", "%"]]
    whole = [0, 0]
    for code, kec in names.children("75.05").items():
        rows.append([f"KECAMATAN {kec.upper()}"])
        sums = [0, 0]
        for place, (village, desa) in enumerate(names.children(code).items(), start=1):
            n = f.of(village, "er")
            sums = [sums[0] + n["e"], sums[1] + n["r"]]
            rows.append([str(place), desa, dotted(n["e"]), dotted(n["r"]), f"{n['r'] / n['e'] * 100:.2f} %".replace(".", ",")])
        whole = [whole[0] + sums[0], whole[1] + sums[1]]
        rows.append(["", "JUMLAH", dotted(sums[0]), dotted(sums[1]), ""])
    rows.append(["", "TOTAL", dotted(whole[0]), dotted(whole[1]), ""])
    text = "\n".join(";".join(map(str, row)) for row in rows)
    return Whole(text.encode("cp1252"), "data.csv", date(2023, 6, 20), f.truth)


def province() -> Whole:
    """Kabupaten and kota of a province, the kabupaten without the word of their kind."""
    f = Figures(7)
    rows = [["PROVINSI JAWA TIMUR"], ["NO", "KABUPATEN/KOTA", "WAJIB KTP", "PEREKAMAN", "BELUM PEREKAMAN"]]
    for number, (code, name) in enumerate(names.children("35").items(), start=1):
        n = f.of(code)
        rows.append([number, name.upper().replace("KABUPATEN ", ""), n["e"], n["r"], n["u"]])
    rows.append(["", "JAWA TIMUR", *(sum(row[place] for row in rows[2:]) for place in (2, 3, 4))])
    return Whole(xlsx(("per 14 Juni 2023", rows)), "jatim.xlsx", date(2023, 6, 14), f.truth)


def open_data() -> Whole:
    """Open data: codes of Kemendagri beside those of BPS, year and semester as columns."""
    f = Figures(8)
    lines = [
        "id,kode_provinsi,nama_provinsi,bps_kode_kabupaten_kota,bps_nama_kabupaten_kota,kemendagri_kode_kecamatan,kemendagri_nama_kecamatan,"
        "jumlah_wajib_ktp,jumlah_sudah_rekam,satuan,tahun,semester"
    ]
    for number, (code, kec, _) in enumerate(areas("32.04", "kecamatan"), start=1):
        n = f.of(code, "er")
        lines.append(f"{number},32,JAWA BARAT,3204,KABUPATEN BANDUNG,{code},{kec.upper()},{n['e']},{n['r']},ORANG,2023,2")
    return Whole("\n".join(lines).encode(), "dataset.csv", date(2023, 12, 31), f.truth)


def long_form() -> Whole:
    """Open data in long form: one row per kecamatan, status and sex."""
    f = Figures(9)
    lines = ["kode_kecamatan,nama_kecamatan,status_perekaman,jenis_kelamin,jumlah,satuan,tanggal"]
    for code, kec, _ in areas("32.04", "kecamatan"):
        n = f.of(code, "ru")
        for status, role in (("SUDAH REKAM", "r"), ("BELUM REKAM", "u")):
            lines += [
                f"{code},{kec.upper()},{status},{sex},{n[role + key]},JIWA,2023-06-20"
                for sex, key in (("LAKI-LAKI", "l"), ("PEREMPUAN", "p"))
            ]
    return Whole("\n".join(lines).encode(), "dataset.csv", date(2023, 6, 20), f.truth)


def village_codes_named_year() -> Whole:
    """A column headed TAHUN that holds village codes; 10-digit numbers; hidden sheet; cover sheet first; padded."""
    f = Figures(10)
    rows = [["TAHUN", "KECAMATAN", "KELURAHAN", "WKTP", "REKAM", "BELUM REKAM"]]
    for code, kec, desa in areas("75.05"):
        n = f.of(code)
        rows.append([int(code.replace(".", "")), kec, desa, n["e"], n["r"], n["u"]])
    rows += [[""]] * 900
    cover = [["DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"], ["Per 30 Nop 2022"]]
    return Whole(xlsx(("data", rows), ("Sampul", cover), hidden=("data",)), "30 Nop 2022.xlsx", date(2022, 11, 30), f.truth)


def html_named_xls() -> Whole:
    """An HTML table named .xls, with spans, upper-case names in old spelling and abbreviations."""
    f = Figures(11)
    head = (
        "<tr><th rowspan=2>No</th><th rowspan=2>Kecamatan</th><th colspan=3>Wajib KTP</th><th colspan=3>Sudah Rekam</th></tr>"
        "<tr><th>Pr</th><th>Lk</th><th>Jml</th><th>Pr</th><th>Lk</th><th>Jml</th></tr>"
    )
    body = ""
    for number, (code, kec, _) in enumerate(areas("75.05", "kecamatan"), start=1):
        n = f.of(code, "er")
        name = {"Ponelo Kepulauan": "PONELO KEPULAUAN", "Sumalata Timur": "SUMALATA TMR.", "Tolinggula": "TOLINGGOELA"}.get(
            kec, kec
        )
        body += (
            f"<tr><td>{number}</td><td>{name}</td>"
            + "".join(f"<td>{dotted(n[key])}</td>" for key in ("ep", "el", "e", "rp", "rl", "r"))
            + "</tr>"
        )
    page = f"<html><body><p>Rekap</p><table><caption>x</caption>{head}{body}</table></body></html>"
    return Whole(page.encode(), "rekap 2023-06-20.xls", date(2023, 6, 20), f.truth)


def open_document() -> Whole:
    """OpenDocument, totals above the data, unlabelled last row, nihil and a dash for no figure."""
    f = Figures(12)
    rows: list[list] = [["Keadaan 20 Juni 2023"], ["Kecamatan", "Wajib KTP", "Belum Rekam"]]
    body = []
    for code, kec, _ in areas("75.05", "kecamatan"):
        n = f.of(code, "eu")
        body.append([kec, n["e"], n["u"]])
    rows += [["JUMLAH", sum(row[1] for row in body), sum(row[2] for row in body)], *body]
    return Whole(ods(rows), "x.ods", date(2023, 6, 20), f.truth)


def two_days_as_columns() -> Whole:
    """Two days side by side: each is read as its own."""
    f, days, truth = Figures(13), (date(2023, 6, 14), date(2023, 6, 20)), {}
    rows = [["KECAMATAN", "REKAM 14 Juni 2023", "BELUM REKAM 14 Juni 2023", "REKAM 20 Juni 2023", "BELUM REKAM 20 Juni 2023"]]
    for code, kec, _ in areas("75.05", "kecamatan"):
        n, m = f.of(code), f.of(code)
        truth |= {(code, day): (None, one["r"], one["u"]) for day, one in zip(days, (n, m), strict=True)}
        rows.append([kec, n["r"], n["u"], m["r"], m["u"]])
    return Whole(xlsx(("a", rows)), "x.xlsx", days, truth)


def men_only() -> Whole:
    """A column of men alone: must be asked, never taken for all."""
    f = Figures(14)
    rows = [["KECAMATAN", "WAJIB KTP LAKI-LAKI", "SUDAH REKAM LAKI-LAKI"]]
    for code, kec, _ in areas("75.05", "kecamatan"):
        n = f.of(code)
        rows.append([kec, n["el"], n["rl"]])
    return Whole(xlsx(("a", rows)), "20 Juni 2023.xlsx", status=ASKED)


def other_cards() -> Whole:
    """Children's cards and certificates only: refused."""
    rows = [["KECAMATAN", "WAJIB KIA", "MEMILIKI KIA", "BELUM MEMILIKI KIA", "AKTA LAHIR"]]
    rows += [[kec, 100 + place, 60, 40 + place, 7] for place, (_, kec, _) in enumerate(areas("75.05", "kecamatan"))]
    return Whole(xlsx(("a", rows)), "20 Juni 2023.xlsx", status=REFUSED)


def population() -> Whole:
    """Population without recording: refused."""
    rows = [["KECAMATAN", "LAKI-LAKI", "PEREMPUAN", "JUMLAH PENDUDUK"]]
    rows += [[kec, 100 + place, 60, 160 + place] for place, (_, kec, _) in enumerate(areas("75.05", "kecamatan"))]
    return Whole(xlsx(("a", rows)), "20 Juni 2023.xlsx", status=REFUSED)


def unknown_words() -> Whole:
    """No known word in the header, but one column is the sum of two: asked."""
    f = Figures(15)
    rows = [["KODE", "A1", "A2", "A3"]]
    for code, _, _ in areas("75.05", "kecamatan"):
        n = f.of(code)
        rows.append([code, n["e"], n["r"], n["u"]])
    return Whole(xlsx(("a", rows)), "KTP 20 Juni 2023.xlsx", status=ASKED)


def year_alone() -> Whole:
    """A year is no day: asked."""
    f = Figures(16)
    rows = [["REKAP TAHUN 2023"], ["KODE", "WAJIB KTP", "SUDAH REKAM"]]
    rows += [[code, n["e"], n["r"]] for code, n in ((code, f.of(code)) for code, _, _ in areas("75.05", "kecamatan"))]
    return Whole(xlsx(("a", rows)), "x.xlsx", status=ASKED)


def sheets_that_disagree() -> Whole:
    """Two sheets with other figures for the same areas: asked."""
    f = Figures(17)
    sheets = []
    for name in ("A", "B"):
        rows = [["KODE", "WAJIB KTP", "SUDAH REKAM"]]
        rows += [[code, n["e"], n["r"]] for code, n in ((code, f.of(code)) for code, _, _ in areas("75.05", "kecamatan"))]
        sheets.append((name, rows))
    return Whole(xlsx(*sheets), "20 Juni 2023.xlsx", status=ASKED)


def error_cell() -> Whole:
    """An error of the workbook in a count: the row is refused with its place."""
    f = Figures(18)
    rows = [["KODE", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    rows += [
        [code, kec, n["e"], n["r"], n["u"]]
        for code, kec, n in ((code, kec, f.of(code)) for code, kec, _ in areas("75.05", "kecamatan"))
    ]
    rows[3][3] = "#REF!"
    return Whole(xlsx(("a", rows)), "20 Juni 2023.xlsx", status=REFUSED)


def foreign_codes() -> Whole:
    """Codes of another register that exist here for other places: a person says that the names beside them decide."""
    f = Figures(19)
    rows = [["KODE", "KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    listed = list(areas("75.05", "kecamatan"))
    codes = [code for code, _, _ in listed]
    for place, (code, kec, _) in enumerate(listed):
        n = f.of(code)
        rows.append([codes[(place + 4) % len(codes)], kec, n["e"], n["r"], n["u"]])
    return Whole(xlsx(("a", rows)), "20 Juni 2023.xlsx", date(2023, 6, 20), f.truth, choices=Choices(trust="name"))


def desa_and_recap() -> Whole:
    """A recapitulation by kecamatan before the sheet of desa, and a population sheet: the desa are read."""
    f = Figures(20)
    rows, recap = [["KEC", "DESA", "WKTP", "REKAM"]], [["KECAMATAN", "WKTP", "REKAM"]]
    sums: dict[str, list[int]] = {}
    for code, kec, desa in areas("33.01"):
        n = f.of(code, "er")
        rows.append([kec, desa, n["e"], n["r"]])
        one = sums.setdefault(kec, [0, 0])
        one[0] += n["e"]
        one[1] += n["r"]
    recap += [[kec, *one] for kec, one in sums.items()]
    return Whole(
        xlsx(("REKAP", recap), ("DESA", rows), ("PENDUDUK", [["KECAMATAN", "JUMLAH PENDUDUK"], *[[kec, 5] for kec in sums]])),
        "DATA 31-12-2022.xlsx",
        date(2022, 12, 31),
        f.truth,
    )


def in_thousands() -> Whole:
    """A sheet that speaks of thousands: asked."""
    f = Figures(21)
    rows = [["Dalam ribuan jiwa"], ["KODE", "WAJIB KTP", "SUDAH REKAM"]]
    rows += [[code, n["e"], n["r"]] for code, n in ((code, f.of(code)) for code, _, _ in areas("75.05", "kecamatan"))]
    return Whole(xlsx(("a", rows)), "20 Juni 2023.xlsx", status=ASKED)


def contradicting_total() -> Whole:
    """A printed total that is a little off: read, with a warning of both numbers."""
    f = Figures(22)
    rows = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]]
    for code, kec, _ in areas("75.05", "kecamatan"):
        n = f.of(code)
        rows.append([kec, n["e"], n["r"], n["u"]])
    rows.append(["JUMLAH", *(sum(row[place] for row in rows[1:]) + 10 * (place == 2) for place in (1, 2, 3))])
    return Whole(xlsx(("a", rows)), "20 Juni 2023.xlsx", date(2023, 6, 20), f.truth)


ALL = (
    export_split,
    agregat_merged,
    blocks_without_total_columns,
    one_column_outline,
    pivot,
    headings_per_kecamatan,
    province,
    open_data,
    long_form,
    village_codes_named_year,
    html_named_xls,
    open_document,
    two_days_as_columns,
    men_only,
    other_cards,
    population,
    unknown_words,
    year_alone,
    sheets_that_disagree,
    error_cell,
    foreign_codes,
    desa_and_recap,
    in_thousands,
    contradicting_total,
)
