"""Files that once were read wrongly without a word: every one must be asked or refused, or read as its truth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ektp_analysis.ingest.cells import names
from tests.layouts.whole import ASKED, REFUSED, Figures, Whole, areas, xlsx

DAY = date(2023, 6, 30)
TITLES = [["KABUPATEN BARITO UTARA"], ["PER 30 JUNI 2023"], []]


def _listed(f: Figures, head: list[str], row, regency: str = "62.05", level: str = "kecamatan") -> list[list]:
    """A title block, a header and one row an area; ``row`` gives the cells after the names."""
    rows = [*TITLES, ["NO", "KECAMATAN", *(["DESA"] if level == "desa" else []), *head]]
    rows[0] = [f"{names.children(regency[:2])[regency].upper()}"]
    for number, (code, kec, desa) in enumerate(areas(regency, level), start=1):
        rows.append([number, kec.upper(), *([desa] if level == "desa" else []), *row(number, f.of(code))])
    return rows


def asked() -> Iterator[tuple[str, Whole]]:
    """(what it shows, the file): each must be asked, or refused where it says so."""
    f = Figures(1)
    rows = _listed(f, ["TARGET PEREKAMAN", "REALISASI", "SISA"], lambda _, n: [n["u"], n["u"] // 3, n["u"] - n["u"] // 3])
    yield "a campaign's target is not the eligible", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    rows = _listed(
        f,
        ["WAJIB KTP", "TARGET PEREKAMAN 2023", "REALISASI PEREKAMAN", "SISA TARGET"],
        lambda _, n: [n["e"], n["e"] - 5, n["e"] - 90, 85],
    )
    yield "a target of 99,4 per cent beside wajib KTP", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    rows = _listed(f, ["WAJIB KTP", "PEREKAMAN"], lambda i, n: [n["e"], n["e"] // 12 + i], level="desa")
    yield "the recorded of one month beside the eligible", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    rows = _listed(f, ["WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"], lambda _, n: [n["e"] / 1000, n["r"] / 1000, n["u"]])
    yield "12.345 that became 12,345 thousandths", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    f, rows, merges = Figures(2), [*TITLES, ["NO", "KECAMATAN", "DESA", "WAJIB KTP", "REKAM"]], []
    rows[0] = ["KABUPATEN KAYONG UTARA"]
    for code, kec in names.children("61.11").items():
        n, first = f.of(code), len(rows) + 1
        for number, desa in enumerate(names.children(code).values()):
            rows.append([number + 1, kec if not number else "", desa, *([n["e"], n["r"]] if not number else ["", ""])])
        merges += [("S", f"{letter}{first}:{letter}{len(rows)}", first - 1, place) for letter, place in (("D", 3), ("E", 4))]
    yield "figures of a kecamatan merged over its desa", Whole(xlsx(("S", rows), merges=merges), "x.xlsx", status=ASKED)
    lost = "\n".join(";".join(map(str, row)) for row in rows).encode()
    yield "the same as text, in which nothing is merged", Whole(lost, "x.csv", status=ASKED)
    f = Figures(3)
    rows = [*TITLES, ["NO", "KECAMATAN", "PEREKAMAN", "PENCETAKAN", "SISA BLANKO"]]
    rows += [[i, kec, 4 + i, 3 + i, 90 - i] for i, (_, kec, _) in enumerate(areas("62.05", "kecamatan"), start=1)]
    yield "the counter's day", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    rows = _listed(f, ["WAJIB KTP", "REKAM", "TANGGAL", "PELAYANAN"], lambda i, n: [n["e"], n["r"], f"{i + 10}/06/2023", 7 + i])
    yield "days of a column that the title contradicts", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    rows = _listed(f, ["WAJIB KTP", "CAPAIAN"], lambda i, n: [n["e"], 90 + i % 9])
    yield "coverage in whole numbers under CAPAIAN", Whole(xlsx(("S", rows)), "x.xlsx", status=ASKED)
    rows = [*TITLES, ["NO", "KECAMATAN", "ANAK 0-18", "AKTA KELAHIRAN", ""], ["", "", "", "SUDAH", "BELUM"]]
    rows += [[i, kec, 90 + i, 80 + i, 10] for i, (_, kec, _) in enumerate(areas("62.05", "kecamatan"), start=1)]
    yield "certificates done and not done", Whole(xlsx(("S", rows)), "x.xlsx", status=REFUSED)
