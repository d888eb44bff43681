"""More files with the small habits of offices: labels, blocks, units, repeated headers, layers, names of totals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ektp_analysis.ingest.cells import names
from tests.layouts.whole import ASKED, Figures, Whole, areas, dotted, xlsx


def cases() -> Iterator[tuple[str, Whole]]:
    """(what it shows, the file)."""
    # A mixed-level codes
    f = Figures(1)
    rows = [
        ["PROVINSI", ": JAWA TIMUR"],
        ["KABUPATEN", ": MADIUN"],
        ["KEADAAN", ": 30 JUNI 2024"],
        [],
        ["KODE", "WILAYAH", "WAJIB KTP LK", "WAJIB KTP PR", "WAJIB KTP", "REKAM LK", "REKAM PR", "REKAM"],
    ]
    body = []
    K = [0] * 6
    for kec, kn in names.children("35.19").items():
        S = [0] * 6
        sub = []
        for d, dn in names.children(kec).items():
            n = f.of(d, "er")
            v = [n["el"], n["ep"], n["e"], n["rl"], n["rp"], n["r"]]
            S = [a + b for a, b in zip(S, v, strict=True)]
            sub.append([d, dn.upper(), *v])
        body += [[kec, kn.upper(), *S], *sub]
        K = [a + b for a, b in zip(K, S, strict=True)]
    rows += [["35.19", "MADIUN", *K], *body]
    yield "A mixed-level codes", Whole(xlsx(("Sheet1", rows)), "x.xlsx", date(2024, 6, 30), f.truth)
    # B
    f = Figures(2)
    rows = [
        ["LAPORAN PEREKAMAN KTP-EL"],
        ["TANGGAL 15 AGUSTUS 2022"],
        ["KODE", "NAMA KECAMATAN", "WAJIB KTP-EL", "", "", "SUDAH REKAM", "", "", "BELUM REKAM", "", ""],
        ["", "", "LK", "PR", "LK+PR", "LK", "PR", "LK+PR", "LK", "PR", "LK+PR"],
    ]
    for i, (c, k, _) in enumerate(areas("35.19", "kecamatan"), 1):
        n = f.of(c)
        rows.append([f"{i:02d}", k.upper(), n["el"], n["ep"], n["e"], n["rl"], n["rp"], n["r"], n["ul"], n["up"], n["u"]])
    yield "B kode 01..", Whole(xlsx(("Sheet1", rows)), "x.xlsx", date(2022, 8, 15), f.truth)
    # C
    f = Figures(3)
    rows = [["KODE KEC", "KECAMATAN", "KODE DESA", "DESA", "WKTP", "REKAM", "BLM"]]
    for c, k, d in areas("35.19"):
        n = f.of(c)
        rows.append([int(c[:8].replace(".", "")), k.upper(), int(c[9:]), d.upper(), n["e"], n["r"], n["u"]])
    yield "C kode kec 6 + desa 4", Whole(xlsx(("Sheet1", rows)), "30 Juni 2022.xlsx", date(2022, 6, 30), f.truth)
    # D desa before kec
    f = Figures(4)
    rows = [["NO", "DESA/KEL", "KEC", "WKTP", "PEREKAMAN", "PERSEN"]]
    for i, (c, k, d) in enumerate(areas("33.01"), 1):
        n = f.of(c, "er")
        rows.append([i, d.upper(), k.upper(), n["e"], n["r"], round(n["r"] / n["e"] * 100, 2)])
    yield "D desa before kec", Whole(xlsx(("Sheet1", rows)), "30 Juni 2022.xlsx", date(2022, 6, 30), f.truth)
    # E repeated header
    f = Figures(5)
    head = ["NO", "KECAMATAN", "DESA", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"]
    rows = [["DATA PER 1 MARET 2023"], head]
    for i, (c, k, d) in enumerate(areas("33.01"), 1):
        n = f.of(c)
        rows.append([i, k, d, n["e"], n["r"], n["u"]])
        if i % 40 == 0:
            rows += [[], ["Halaman", i // 40], head]
    yield "E repeated header", Whole(xlsx(("Table 1", rows)), "x.xlsx", date(2023, 3, 1), f.truth)
    # F single kec
    f = Figures(6)
    rows = [
        ["KABUPATEN MADIUN"],
        ["KECAMATAN DOLOPO"],
        ["PER 1 MARET 2023"],
        ["NO", "NAMA DESA", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"],
    ]
    for i, (c, d) in enumerate(names.children("35.19.02").items(), 1):
        n = f.of(c)
        rows.append([i, d.upper(), n["e"], n["r"], n["u"]])
    rows.append(["", "JUMLAH", *[sum(r[j] for r in rows[4:]) for j in (2, 3, 4)]])
    yield (
        "F single kec",
        Whole(
            xlsx(("Sheet1", [rows[0], ["KECAMATAN " + names.children("35.19")["35.19.02"].upper()], *rows[2:]])),
            "x.xlsx",
            date(2023, 3, 1),
            f.truth,
        ),
    )
    # J ownership
    f = Figures(7)
    rows = [["KECAMATAN", "JUMLAH PENDUDUK", "WAJIB KTP", "SUDAH KTP-EL", "BELUM KTP-EL"]]
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c)
        rows.append([k, 9 * n["e"], n["e"], n["r"], n["u"]])
    yield "J ownership", Whole(xlsx(("Sheet1", rows)), "1 Maret 2023.xlsx", status=ASKED)
    # K total with kab name
    f = Figures(8)
    rows = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM"]]
    for c, k, _ in areas("35.15", "kecamatan"):
        n = f.of(c, "er")
        rows.append([k.upper(), n["e"], n["r"]])
    tot = ["KABUPATEN SIDOARJO", *[sum(r[j] for r in rows[1:]) for j in (1, 2)]]
    yield (
        "K kab total row, kec same name",
        Whole(xlsx(("Sheet1", [rows[0], tot, *rows[1:]])), "1 Maret 2023.xlsx", date(2023, 3, 1), f.truth),
    )
    # L all kecs in prov with kab column block
    f = Figures(9)
    rows = [["KABUPATEN/KOTA", "KECAMATAN", "WKTP", "BELUM REKAM"]]
    for kab, kn in names.children("75").items():
        first = True
        for c, k in names.children(kab).items():
            n = f.of(c, "eu")
            rows.append([kn.upper().replace("KABUPATEN", "KAB.") if first else "", k, n["e"], n["u"]])
            first = False
    yield "L province by kec", Whole(xlsx(("Sheet1", rows)), "1 Maret 2023.xlsx", date(2023, 3, 1), f.truth)
    # M time series without area column
    rows = [
        ["KABUPATEN GORONTALO UTARA"],
        ["TANGGAL", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"],
        [date(2023, 6, 14), 92000, 91138, 862],
        [date(2023, 6, 19), 92000, 91350, 650],
    ]
    truth = {("75.05", row[0]): tuple(row[1:]) for row in rows[2:]}
    yield "M series", Whole(xlsx(("Sheet1", rows)), "x.xlsx", (date(2023, 6, 14), date(2023, 6, 19)), truth)
    # N three layered header
    f = Figures(10)
    rows = [
        ["NO", "KECAMATAN", "KEPEMILIKAN KTP-EL", "", "", "", "", "", "", "", "", ""],
        ["", "", "WAJIB KTP", "", "", "SUDAH REKAM", "", "", "SUDAH CETAK", "", "", ""],
        ["", "", "L", "P", "JML", "L", "P", "JML", "L", "P", "JML", "%"],
    ]
    for i, (c, k, _) in enumerate(areas("35.19", "kecamatan"), 1):
        n = f.of(c, "er")
        rows.append(
            [
                i,
                k,
                n["el"],
                n["ep"],
                n["e"],
                n["rl"],
                n["rp"],
                n["r"],
                n["rl"] - 5,
                n["rp"] - 3,
                n["r"] - 8,
                round(n["r"] / n["e"] * 100, 2),
            ]
        )
    yield (
        "N 3 layers merged",
        Whole(
            xlsx(
                ("S", rows),
                merges=[
                    ("S", "A1:A3", 0, 0),
                    ("S", "B1:B3", 0, 1),
                    ("S", "C1:L1", 0, 2),
                    ("S", "C2:E2", 1, 2),
                    ("S", "F2:H2", 1, 5),
                    ("S", "I2:K2", 1, 8),
                ],
            ),
            "1 Maret 2023.xlsx",
            date(2023, 3, 1),
            f.truth,
        ),
    )
    yield "N2 3 layers unmerged", Whole(xlsx(("S", rows)), "1 Maret 2023.xlsx", date(2023, 3, 1), f.truth)
    # O repeated names WKTP WKTP WKTP
    f = Figures(11)
    rows = [["KECAMATAN", "WKTP", "WKTP", "WKTP", "REKAM", "REKAM", "REKAM"]]
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c, "er")
        rows.append([k, n["el"], n["ep"], n["e"], n["rl"], n["rp"], n["r"]])
    yield "O repeated names", Whole(xlsx(("S", rows)), "1 Maret 2023.xlsx", date(2023, 3, 1), f.truth)
    # P values with jiwa and NBSP, dash
    f = Figures(12)
    L = "KECAMATAN;WAJIB KTP;SUDAH REKAM\n"
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c, "er")
        L += f"Kec. {k};{dotted(n['e'])} jiwa; {dotted(n['r'])} jiwa\n"
    yield "P jiwa", Whole(L.encode(), "1 Maret 2023.csv", date(2023, 3, 1), f.truth)
    # Q village codes 10 digit text + names different spelling
    f = Figures(13)
    rows = [["KODE WILAYAH", "KELURAHAN", "JML WKTP", "JML REKAM", "% REKAM"]]
    for c, _, d in areas("35.19"):
        n = f.of(c, "er")
        rows.append(
            [c.replace(".", ""), d.upper().replace("A", "E", 1), n["e"], n["r"], f"{n['r'] / n['e'] * 100:.2f}".replace(".", ",")]
        )
    yield "Q renamed desa with codes", Whole(xlsx(("S", rows)), "DKB SEMESTER I 2024.xlsx", date(2024, 6, 30), f.truth)
    # R monthly activity report
    f = Figures(14)
    rows = [["REKAPITULASI PEREKAMAN BULAN JUNI 2023"], ["KECAMATAN", "PEREKAMAN", "PENCETAKAN"]]
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c, "er")
        rows.append([k, n["u"], n["u"] + 5])
    yield "R activity", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    # T kota with same kec names
    f = Figures(15)
    rows = [["KOTA MADIUN"], ["KECAMATAN", "KELURAHAN", "WAJIB KTP", "SUDAH REKAM"]]
    for c, k, d in areas("35.77"):
        n = f.of(c, "er")
        rows.append([k.upper(), d.upper(), n["e"], n["r"]])
    yield "T kota", Whole(xlsx(("S", rows)), "1 Maret 2023.xlsx", date(2023, 3, 1), f.truth)
    # U date in header
    f = Figures(16)
    rows = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM S.D 20 JUNI 2023", "SISA"]]
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c)
        rows.append([k, n["e"], n["r"], n["u"]])
    yield "U header date", Whole(xlsx(("S", rows)), "x.xlsx", date(2023, 6, 20), f.truth)
    # V target/realisasi under KTP title
    f = Figures(17)
    rows = [["CAPAIAN PEREKAMAN KTP-EL PER 20 JUNI 2023"], ["KECAMATAN", "TARGET", "REALISASI", "SISA", "%"]]
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c)
        rows.append([k, n["e"], n["r"], n["u"], n["r"] / n["e"]])
    yield "V target", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    rows[0][0] = "CAPAIAN PEREKAMAN PENDUDUK WAJIB KTP-EL PER 20 JUNI 2023"
    yield "V target of everyone", Whole(xlsx(("S", rows)), "x.xlsx", date(2023, 6, 20), f.truth)
    # W per-kecamatan sheets
    sh = []
    f = Figures(18)
    for kec, kn in list(names.children("35.19").items())[:4]:
        rr = [["KECAMATAN " + kn.upper()], ["DESA", "WAJIB KTP", "SUDAH REKAM"]]
        for c, d in names.children(kec).items():
            n = f.of(c, "er")
            rr.append([d, n["e"], n["r"]])
        sh.append((kn[:20], rr))
    yield "W sheet per kec", Whole(xlsx(*sh), "1 Maret 2023 kabupaten madiun.xlsx", date(2023, 3, 1), f.truth)
    # X wide: total column first "JUMLAH" group of status
    f = Figures(19)
    rows = [["KECAMATAN", "PEREKAMAN KTP-EL", "", ""], ["", "SUDAH", "BELUM", "JUMLAH"]]
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c)
        rows.append([k, n["r"], n["u"], n["e"]])
    yield "X sudah belum jumlah", Whole(xlsx(("S", rows)), "1 Maret 2023.xlsx", date(2023, 3, 1), f.truth)
    # Y numbers with comma thousands as text in xlsx + percent text
    f = Figures(20)
    rows = [["KECAMATAN", "WAJIB KTP", "SUDAH REKAM", "%"]]
    for c, k, _ in areas("35.19", "kecamatan"):
        n = f.of(c, "er")
        rows.append([k, f"{n['e']:,}", f"{n['r']:,}", f"{n['r'] / n['e'] * 100:.2f}%"])
    yield "Y comma text", Whole(xlsx(("S", rows)), "1 Maret 2023.xlsx", date(2023, 3, 1), f.truth)
