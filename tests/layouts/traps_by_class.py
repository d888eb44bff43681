"""The ways in which a file is read wrongly without a word, each as traps on a page of :mod:`tests.layouts.trapped`.

``CLASSES``: number of a class -> its traps. A trap changes a page; what it leaves as ``truth`` is what the file says, None where
no reading of it is right and it may only be asked or refused.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta

from ektp_analysis.core.area import register
from tests.layouts import grouped
from tests.layouts.trapped import Page, Trapped

# 1: a total taken for an area


def _bare(code: str) -> str:
    name = register().name(code)
    return name.removeprefix("Kabupaten ").removeprefix("Kota ")


def _dropped(page: Page, name: str) -> None:
    """Leave out the areas of a name, so that a total of that name finds its place free."""
    keep = [n for n, code in enumerate(page.codes) if _bare(code).lower() != name.lower()]
    if len(keep) < 3:
        return
    page.codes, page.names, page.counts = ([row[n] for n in keep] for row in (page.codes, page.names, page.counts))
    page.area = [[head, list(range(1, len(keep) + 1)) if head == "NO" else [cells[n] for n in keep]] for head, cells in page.area]
    page.cols = [[head, [cells[n] for n in keep]] for head, cells in page.cols]
    page.truth = page.said()


def _place(page: Page) -> int:
    return page.rng.choice([-1, -1, 0])


def total_of_the_level_above(page: Page) -> None:
    """A row of the provinsi, kabupaten or kecamatan below or above its members."""
    name = _bare(page.parent)
    if page.rng.random() < 0.6:
        _dropped(page, name)
    words = {
        "kabupaten": [
            "PROVINSI {}",
            "PROV. {}",
            "Prov {}",
            "PROPINSI {}",
            "Propinsi {}",
            "SE-PROVINSI {}",
            "{}",
            "PROP. {}",
            "Se Provinsi {}",
        ],
        "kecamatan": [
            "KABUPATEN {}",
            "KAB. {}",
            "Kab {}",
            "KAB.{}",
            "SE-KABUPATEN {}",
            "{}",
            "Se Kabupaten {}",
            "KABUPATEN/KOTA {}",
        ],
        "desa": ["KABUPATEN {}", "KAB. {}", "{}", "Se-Kabupaten {}"],
    }[page.level]
    text = page.rng.choice(words).format(page.cased(name))
    page.extra.append((_place(page), text, page.sums()))


def total_of_a_namesake(page: Page) -> None:
    """The row of a kabupaten that bears the name of one of its kecamatan, of a provinsi that bears a kota's."""
    page.level = page.rng.choice(["kabupaten", "kecamatan"])
    reg = register()
    pool = NAMESAKES[page.level]
    page.parent = page.rng.choice(pool)
    page.codes = [str(code) for code in reg.children(page.parent)]
    page.names = [reg.name(code) for code in page.codes]
    page.counts = [page._count() for _ in page.codes]
    page.area = page._area_columns()
    page.cols = [[(page.heads[role],), page.of(role)] for role in page.roles]
    page.truth = page.said()
    total_of_the_level_above(page)


NAMESAKES = {
    "kabupaten": ["17", "15", "75", "34"],
    "kecamatan": ["75.01", "62.05", "17.02", "33.01", "32.02", "51.01", "73.01", "12.02", "61.04", "52.01"],
}


def total_without_a_word(page: Page) -> None:
    """A row of a word that no list holds, whose figures are the sum."""
    word = page.rng.choice(
        [
            "KAB/KOTA",
            "DINAS DUKCAPIL",
            "REKAPITULASI",
            "Seluruhnya",
            "SEMUA KECAMATAN",
            "TTL",
            "J U M L A H",
            "Σ",
            "JUMLAH/TOTAL",
            "AKUMULASI",
        ]
    )
    page.extra.append((_place(page), word, page.sums()))


def total_by_code(page: Page) -> None:
    """A row with the code of the level above."""
    if not page.coded:
        page.with_codes()
    above = page.parent
    code = page.rng.choice([above, above.replace(".", ""), f"{above}.00", f"{above.replace('.', '')}00"])
    head = next(head for head, _ in page.area if head.lower().startswith("kode"))
    page.extra.append((_place(page), {head: code, page.area[-1][0]: page.cased(_bare(above))}, page.sums()))


def total_a_little_off(page: Page) -> None:
    """A total that says its level and is not quite the sum."""
    total_of_the_level_above(page)
    place, text, sums = page.extra[-1]
    if " " not in str(text) and not str(text).lower().startswith("se"):
        text = f"{'PROVINSI' if page.level == 'kabupaten' else 'KABUPATEN'} {text}"
    page.extra[-1] = (place, text, [one if one == "" else one + page.rng.randint(1, 40) for one in sums])


def kecamatan_among_desa(page: Page) -> None:
    """Each block of desa ends with its kecamatan, under the column of desa."""
    page.__init__(page.rng, level="desa", roles=page.roles)  # type: ignore[misc]
    blocks: dict[str, list[int]] = {}
    for number, code in enumerate(page.codes):
        blocks.setdefault(code[:8], []).append(number)
    word = page.rng.choice(["{}", "KECAMATAN {}", "KEC. {}", "Kec {}", "JUMLAH {}"])
    for code, numbers in sorted(blocks.items(), key=lambda one: -one[1][-1]):
        figures = [sum(cells[n] for n in numbers) for _, cells in page.cols]
        page.extra.append((numbers[-1] + 1, word.format(page.cased(register().name(code))), figures))


def total_of_a_namesake_off(page: Page) -> None:
    """A bare name that is a kota's and the provinsi's, with figures that are nearly the sum."""
    total_of_a_namesake(page)
    place, _, sums = page.extra[-1]
    page.extra[-1] = (
        place,
        page.cased(_bare(page.parent)),
        [one if one == "" else one + page.rng.randint(1, 40) for one in sums],
    )


def total_of_a_single_figure(page: Page) -> None:
    """Only the unrecorded are given, and their total bears the name of an area."""
    page.roles = "u"
    total_of_a_namesake(page)


# 2: code against name


def codes_of_others(page: Page) -> None:
    """The codes are turned against the names: an old list, another's order."""
    if page.level == "desa":
        page.__init__(page.rng, level="kecamatan", roles=page.roles)  # type: ignore[misc]
    page.with_codes()
    code = next(column for column in page.area if column[0].lower().startswith("kode"))
    shift = page.rng.randint(1, len(page.codes) - 1)
    way = page.rng.choice(["turned", "turned", "another"])
    codes = [*page.codes[shift:], *page.codes[:shift]]
    if way == "another":
        reg = register()
        near = [one for one in reg.children(page.parent.rpartition(".")[0] or "0") if one != page.parent] or [page.parent]
        others = [str(one) for one in reg.children(page.rng.choice(near))]
        if len(others) >= len(page.codes):
            codes = others[: len(page.codes)]
    half = page.rng.random() < 0.3
    codes = [own if half and n % 2 else other for n, (own, other) in enumerate(zip(page.codes, codes, strict=True))]
    write = page.rng.choice([str, lambda one: one.replace(".", ""), lambda one: int(one.replace(".", ""))])
    code[1] = [write(one) for one in codes]
    page.truth = page.said()
    page.total = False


PAPUA_OLD = {  # code before 2022 -> name: Kepmendagri 050-145/2022, BPS alike
    "91.01": "MERAUKE",
    "91.02": "JAYAWIJAYA",
    "91.03": "JAYAPURA",
    "91.04": "NABIRE",
    "91.08": "PANIAI",
    "91.09": "MIMIKA",
    "91.11": "PUNCAK JAYA",
    "91.16": "BOVEN DIGOEL",
    "91.17": "MAPPI",
    "91.18": "ASMAT",
}
PAPUA_BPS = {"9401": "MERAUKE", "9402": "JAYAWIJAYA", "9403": "JAYAPURA", "9404": "NABIRE", "9410": "PANIAI", "9412": "MIMIKA"}
PAPUA_NOW = {
    "MERAUKE": "93.01",
    "JAYAWIJAYA": "95.01",
    "JAYAPURA": "91.03",
    "NABIRE": "94.01",
    "PANIAI": "94.03",
    "MIMIKA": "94.04",
    "PUNCAK JAYA": "94.02",
    "BOVEN DIGOEL": "93.02",
    "MAPPI": "93.03",
    "ASMAT": "93.04",
}


def papua(page: Page) -> None:
    """Kabupaten of Papua under codes of before 2022, or under those of BPS, also a single one."""
    table = page.rng.choice([PAPUA_OLD, PAPUA_BPS])
    size = page.rng.choice([1, 2, 3, len(table)])
    picked = page.rng.sample(sorted(table), min(size, len(table)))
    page.level, page.parent, page.where, page.total = "kabupaten", "91", False, False
    page.codes = [PAPUA_NOW[table[code]] for code in picked]
    page.names = [table[code] for code in picked]
    page.counts = [page._count() for _ in picked]
    name = page.rng.choice(["{}", "KAB. {}", "Kabupaten {}"])
    page.area = [["KODE", list(picked)], ["KABUPATEN/KOTA", [name.format(one) for one in page.names]]]
    page.cols = [[(page.heads[role],), page.of(role)] for role in page.roles]
    page.truth = page.said()


def codes_moved_by_a_row(page: Page) -> None:
    """A column of codes pasted one row too low, for most rows or for the last few."""
    if page.level == "desa":
        page.__init__(page.rng, level="kecamatan", roles=page.roles)  # type: ignore[misc]
    page.with_codes()
    page.total = False
    code = next(column for column in page.area if column[0].lower().startswith("kode"))
    start = page.rng.choice([0, 0, len(page.codes) // 2, max(0, len(page.codes) - 4)])
    code[1] = [*page.codes[:start], page.codes[-1], *page.codes[start:-1]]


# 3: not recording

OTHERS = (
    "CETAK KTP-EL",
    "PENCETAKAN KTP-EL",
    "E-KTP TERCETAK",
    "KEPEMILIKAN KTP-EL",
    "MEMILIKI KTP-EL",
    "AKTIVASI IKD",
    "IDENTITAS KEPENDUDUKAN DIGITAL",
    "KIA",
    "KARTU IDENTITAS ANAK",
    "KARTU KELUARGA",
    "KEPEMILIKAN KK",
    "AKTA KELAHIRAN",
    "AKTE KELAHIRAN",
    "AKTA KEMATIAN",
    "PENERBITAN KTP-EL",
    "PENGAMBILAN KTP-EL",
    "DISTRIBUSI KTP",
    "PENYERAHAN KTP-EL",
    "PKTP CETAK",
    "SURAT KETERANGAN (SUKET)",
    "KTP-EL DICETAK",
    "PERSONALISASI KTP-EL",
    "PEMUTAKHIRAN BIODATA",
    "LAYANAN PINDAH DATANG",
)
PLAIN = {
    "e": ("WAJIB KTP", "WKTP", "WAJIB", "TARGET", "SASARAN"),
    "r": ("SUDAH", "REALISASI", "CAPAIAN", "SDH"),
    "u": ("BELUM", "SISA", "BLM"),
}


def _plain(page: Page) -> None:
    page.cols = [[(page.rng.choice(PLAIN[role]),), page.of(role)] for role in page.roles]


def said_in_the_title(page: Page) -> None:
    """Plain words below a title of something else."""
    _plain(page)
    page.titles, page.truth = (
        [
            page.rng.choice(["DATA {}", "REKAPITULASI {}", "LAPORAN {}", "CAPAIAN {}", "PROGRES {}", "{}"]).format(
                page.rng.choice(OTHERS)
            )
        ],
        None,
    )


def said_in_the_sheet(page: Page) -> None:
    """Plain words on a sheet named by something else."""
    _plain(page)
    page.kind, page.titles, page.sheet, page.truth = "xlsx", [], page.rng.choice(OTHERS).replace("/", " ")[:31], None


def said_in_the_file(page: Page) -> None:
    """Plain words in a file named by something else."""
    _plain(page)
    other = page.rng.choice(OTHERS)
    page.titles, page.truth = [], None
    page.file = page.rng.choice([f"rekap {other.lower()}", other.replace(" ", "_"), f"{other} 2023"])


def said_in_headers(page: Page) -> None:
    """WKTP beside what is printed or held, and the rest."""
    rng = page.rng
    done, rest = rng.choice(
        [
            ("E-KTP CETAK", "E-KTP BELUM"),
            ("CETAK", "BELUM"),
            ("SUDAH CETAK", "BELUM CETAK"),
            ("MEMILIKI", "BELUM MEMILIKI"),
            ("MEMILIKI KTP-EL", "BELUM"),
            ("KTP TERCETAK", "SISA"),
            ("SUDAH KTP", "BELUM KTP"),
            ("PUNYA KTP", "TIDAK PUNYA KTP"),
            ("AKTIVASI IKD", "BELUM"),
            ("SUDAH IKD", "BELUM IKD"),
            ("KEPEMILIKAN KTP", "SISA"),
            ("SUDAH AKTIVASI", "BELUM AKTIVASI"),
            ("TERBIT", "BELUM TERBIT"),
            ("DICETAK", "BLM DICETAK"),
            ("SUDAH AMBIL", "BELUM AMBIL"),
            ("SUDAH TERIMA", "BELUM TERIMA"),
            ("BER-KTP", "BELUM BER-KTP"),
            ("ADA KTP", "BELUM ADA"),
            ("PEREKAMAN TERCETAK", "BELUM"),
            ("SUDAH PUNYA E-KTP", "BELUM"),
            ("KTP-EL", "BELUM KTP-EL"),
            ("SUDAH DICETAK", "SISA BELUM"),
            ("PRR CETAK", "BELUM"),
            ("KTP DIDISTRIBUSI", "BELUM"),
        ]
    )
    page.roles = rng.choice(
        ["eru", "eru", "er", "eu"] if len(rest.split()) > 1 and rest not in ("SISA BELUM", "BELUM ADA") else ["eru", "er"]
    )  # a bare BELUM says nothing
    if page.roles == "er":
        rest = ""
    heads = {"e": (rng.choice(["WKTP", "WAJIB KTP", "WAJIB E-KTP"]),), "r": (done,), "u": (rest,)}
    page.cols = [[heads[role], page.of(role)] for role in page.roles]
    page.titles, page.truth = rng.choice([[], ["REKAPITULASI KTP-EL"], [rng.choice(TITLES_PLAIN)]]), None


TITLES_PLAIN = ("DATA KEPENDUDUKAN", "LAPORAN BULANAN", "REKAP KECAMATAN", "PROGRES KTP-EL")


def said_in_groups(page: Page) -> None:
    """A group of something else above SUDAH and BELUM."""
    group = page.rng.choice(OTHERS)
    page.roles = page.rng.choice(["eru", "er", "eu"])
    page.cols = [[("WAJIB KTP",), page.of("e")]] + [
        [(group, {"r": "SUDAH", "u": "BELUM"}[role]), page.of(role)] for role in page.roles[1:]
    ]
    page.truth = None
    page.titles = page.rng.choice([[], ["REKAPITULASI"], ["DATA KTP-EL"]])


def printed_beside(page: Page) -> None:
    """Recording and printing side by side, each by its words: both are read, and kept apart."""
    if "r" not in page.roles:
        page.roles = "eru"
        page.cols = [[(page.heads[role],), page.of(role)] for role in page.roles]
        page.truth = page.said()
    cards = [max(0, one - page.rng.randint(0, 300)) for one in page.of("r")]
    head = page.rng.choice(["CETAK", "SUDAH CETAK", "PENCETAKAN KTP-EL", "KTP-EL TERCETAK", "MEMILIKI KTP-EL"])
    page.with_cards(page.rng.randint(1, len(page.cols)), (head,), cards, all_so_far=head != "MEMILIKI KTP-EL")
    if page.rng.random() < 0.5:
        page.cols.append([("BELUM CETAK",), [r - c for r, c in zip(page.of("r"), cards, strict=True)]])
    page.titles = [page.rng.choice(["REKAPITULASI PEREKAMAN DAN PENCETAKAN KTP-EL", "PEREKAMAN KTP-EL", "DATA WKTP"])]


def rest_of_the_printed(page: Page) -> None:
    """What is left belongs to the cards, not to the recording: the eligible and the recorded are right."""
    cards = [max(0, one - page.rng.randint(1, 300)) for one in page.of("r")]
    page.roles = "er"
    page.cols = [[(page.heads[role],), page.of(role)] for role in page.roles]
    page.truth = page.said()
    whole = page.of(page.rng.choice("er"))
    page.with_cards(len(page.cols), (page.rng.choice(["CETAK", "SUDAH CETAK", "KTP-EL TERCETAK"]),), cards)
    page.cols.append([(page.rng.choice(["BELUM", "SISA", "BELUM CETAK"]),), [a - b for a, b in zip(whole, cards, strict=True)]])


def printed_by_sex(page: Page) -> None:
    """Cards of men, of women and of both in a group beside the recording."""
    cards = [max(0, one - page.rng.randint(0, 300)) for one in page.of("r")]
    men = [one * page.rng.randint(45, 55) // 100 for one in cards]
    page.roles = "eru"
    page.cols = [[("", page.heads[role]), page.of(role)] for role in page.roles]
    page.truth, group = page.said(), page.rng.choice(["SUDAH CETAK", "PENCETAKAN KTP-EL", "KTP-EL TERCETAK"])
    page.cols += [[(group, "L"), men], [(group, "P"), [a - b for a, b in zip(cards, men, strict=True)]]]
    if page.rng.random() < 0.5:
        page.with_cards(len(page.cols), (group, "JML"), cards)
    page.printed = dict(zip(page.codes, cards, strict=True))


def printed_alone(page: Page) -> None:
    """The eligible and the cards: who is recorded is not said, and must be asked; that cards are cards is an answer."""
    page.roles = "e"
    page.cols, page.truth = [[(page.heads["e"],), page.of("e")]], page.said()
    cards = [max(0, one - page.rng.randint(0, 300)) for one in page.of("r")]
    page.with_cards(page.rng.randint(0, 1), (page.rng.choice(["CETAK", "SUDAH CETAK", "KTP-EL TERCETAK", "TERCETAK"]),), cards)
    page.titles = [page.rng.choice(["PENCETAKAN KTP-EL", "DATA WKTP", "REKAPITULASI KTP-EL"])]


def printed_in_a_while(page: Page) -> None:
    """The cards of a month beside all who are recorded so far: no figure of all cards."""
    if "r" not in page.roles:
        page.roles = "eru"
        page.cols = [[(page.heads[role],), page.of(role)] for role in page.roles]
        page.truth = page.said()
    cards = [one // page.rng.randint(12, 60) for one in page.of("r")]
    head = page.rng.choice(["CETAK", "PENCETAKAN", "CETAK BULAN INI", "PENCETAKAN JUNI", "TERCETAK HARI INI", "JUMLAH CETAK"])
    page.with_cards(len(page.cols), (head,), cards, all_so_far=False)


# 4: a part taken for the whole

PARTS = (
    "PEMULA",
    "PEMILIH PEMULA",
    "USIA 17-20 TAHUN",
    "USIA 17 S/D 21 TAHUN",
    "UMUR 17 TAHUN",
    "LUAR NEGERI",
    "WNA",
    "WARGA NEGARA ASING",
    "PENYANDANG DISABILITAS",
    "DISABILITAS",
    "DIFABEL",
    "SISWA",
    "PELAJAR SMA/SMK",
    "SEKOLAH",
    "PEMILIH",
    "DPT PEMILU 2024",
    "DP4",
    "LAKI-LAKI",
    "PEREMPUAN",
    "LANSIA",
    "ODGJ",
    "WARGA BINAAN LAPAS",
    "SANTRI",
    "ASN",
    "WNI LUAR NEGERI",
    "OAP",
    "USIA 16 TAHUN",
    "17-20 THN",
    "MAHASISWA",
    "PENDUDUK RENTAN",
    "KELOMPOK RENTAN",
    "NON MUSLIM",
    "PENGHUNI PANTI",
    "UMUR 60 TAHUN KE ATAS",
    "WANITA",
    "PRIA",
)
UNDONE = ("RENCANA", "TARGET", "PROYEKSI", "ESTIMASI", "PERKIRAAN", "SIMULASI")


def _share(page: Page) -> None:
    """Figures of a part: a tenth or half of the whole."""
    share = page.rng.choice([0.05, 0.1, 0.5])
    counts = []
    for eligible, _, _ in page.counts:
        whole = max(20, int(eligible * share))
        rest = page.rng.randint(1, max(2, whole // 8))
        counts.append((whole, whole - rest, rest))
    page.counts, page.truth = counts, None
    page.cols = [[head, page.of(role)] for (head, _), role in zip(page.cols, page.roles, strict=True)]


def part_in_the_title(page: Page) -> None:
    part = page.rng.choice(PARTS)
    page.titles = page.rng.choice(
        [
            [f"PEREKAMAN KTP-EL {part}"],
            ["REKAPITULASI PEREKAMAN KTP-EL", f"({part})"],
            [f"DATA {part} YANG SUDAH DAN BELUM REKAM KTP-EL"],
        ]
    )
    _share(page)


def part_in_the_sheet(page: Page) -> None:
    page.kind, page.sheet = "xlsx", page.rng.choice(PARTS).replace("/", " ")
    _share(page)


def part_in_the_file(page: Page) -> None:
    part = page.rng.choice(PARTS).lower().replace("/", " ")
    page.file = page.rng.choice([f"perekaman {part}", part.replace(" ", "_"), f"data {part} rekam"])
    _share(page)


def part_in_headers(page: Page) -> None:
    part = page.rng.choice(PARTS)
    _share(page)
    way = page.rng.choice(["all", "one", "group", "above"])
    if way == "group":
        page.cols = [[(part, *head), cells] for head, cells in page.cols]
    elif way == "above":
        page.cols = [[(*head, part), cells] for head, cells in page.cols]
    elif way == "all":
        page.cols = [[(f"{head[-1]} {part}",), cells] for head, cells in page.cols]
    else:
        page.cols[0][0] = (f"{page.cols[0][0][-1]} {part}",)


def part_in_every_row(page: Page) -> None:
    """A column that says the same part in every row, as where a list was filtered."""
    header = page.rng.choice(["KATEGORI", "STATUS", "KET", "JENIS", "KELOMPOK"])
    page.area.append([header, [page.rng.choice(("PEMULA", "WNA", "DISABILITAS", "LUAR NEGERI", "SISWA"))] * len(page.codes)])
    own = page.area.pop(-2)
    page.area.append(own)
    page.total = False
    _share(page)


def part_as_a_row(page: Page) -> None:
    """Those who live elsewhere, or a part, as a row among the areas: in no area."""
    word = page.rng.choice(
        ("LUAR DAERAH", "LUAR NEGERI", "TIDAK DIKETAHUI", "WNA", "LAIN-LAIN", "Luar Kabupaten", "TANPA ALAMAT")
    )
    page.extra.append((-1, word, [page.rng.randint(1, 90)] * len(page.cols)))
    rest = page.extra[-1][2]
    if page.rng.random() < 0.5:
        sums = [one + more for one, more in zip(page.sums(), rest, strict=True)]
        page.extra.append((-1, page.rng.choice(["JUMLAH", "TOTAL"]), sums))


def undone(page: Page) -> None:
    """What is planned, in place of what is done."""
    word = page.rng.choice(UNDONE)
    page.truth = None
    if page.rng.random() < 0.5:
        page.titles = [f"{word} PEREKAMAN KTP-EL TAHUN {page.day.year}"]
        return
    page.roles = page.rng.choice(["er", "eru"])
    page.cols = [[("WAJIB KTP",), page.of("e")], [(f"{word} PEREKAMAN",), page.of("r")]]
    if page.roles == "eru":
        page.cols.append([(page.rng.choice(["SISA", "BELUM", "BELUM REKAM"]),), page.of("u")])


def this_month(page: Page) -> None:
    """The recordings of a month where the recorded are looked for."""
    page.truth = None
    rng = page.rng
    head = rng.choice(
        [
            "PEREKAMAN BULAN INI",
            "REKAM BULAN INI",
            "PEREKAMAN BULAN JUNI",
            "PEREKAMAN HARI INI",
            "REKAM MINGGU INI",
            "REKAM HARIAN",
            "PEREKAMAN JUNI",
            "PEREKAMAN PERIODE INI",
            "TAMBAHAN PEREKAMAN",
            "PEREKAMAN TAHUN INI",
            "REKAM TAHUN 2023",
            "PEREKAMAN BARU",
        ]
    )
    near = rng.random() < 0.5
    done = [max(1, one // rng.randint(20, 60)) if not near else int(one * 0.8) for one in page.of("e")]
    page.roles = "er"
    page.cols = [[("WAJIB KTP",), page.of("e")], [(head,), done]]
    if rng.random() < 0.4:
        page.cols.append([("SISA",), [e - d for e, d in zip(page.of("e"), done, strict=True)]])


def month_beside(page: Page) -> None:
    """The recordings of a month beside what holds: the month is left alone."""
    page.roles = page.rng.choice(["eru", "eu"])
    page.cols = [[(page.heads[role],), page.of(role)] for role in page.roles]
    page.truth = page.said()
    page.cols.append(
        [
            (page.rng.choice(["PEREKAMAN BULAN INI", "REKAM HARI INI", "PENAMBAHAN PEREKAMAN"]),),
            [page.rng.randint(1, 90) for _ in page.codes],
        ]
    )


def part_beside(page: Page) -> None:
    """A part in columns beside the whole: the whole is read, and nothing is summed."""
    part = page.rng.choice(("PEMULA", "DISABILITAS", "USIA 17-20 TAHUN", "WNA", "LANSIA", "SISWA"))
    page.cols += [[(f"{page.heads[role]} {part}",), [one // 10 for one in page.of(role)]] for role in page.roles]


def whole_by_age(page: Page) -> None:
    """The whole said by its age: 17 and above is everyone."""
    page.titles = [
        page.rng.choice(
            [
                "PEREKAMAN KTP-EL PENDUDUK 17 TAHUN KE ATAS",
                "WAJIB KTP USIA 17+ DAN PEREKAMANNYA",
                "PEREKAMAN KTP-EL PENDUDUK USIA 17 TAHUN KE ATAS ATAU SUDAH KAWIN",
                "PEREKAMAN KTP-EL (LAKI-LAKI DAN PEREMPUAN)",
            ]
        )
    ]


# 5: cells that are no numbers

MARKED = (
    "{}*)",
    "{} *",
    "{} jw",
    "{} Jiwa",
    "±{}",
    "± {}",
    "{} org",
    "~{}",
    "{}¹⁾",
    "{},-",
    "≈{}",
    "+/- {}",
    "{} 1)",
    "*{}",
    "{}**",
    "'{}",
    "{} orang",
    "{}.",
    "+{}",
    "{} pddk",
    "{} a)",
)
WORDS = (
    "Rp 1.250",
    "(1.250)",
    "1.250 KTP",
    "-125",
    "1.250 KK",
    "12,5%",
    "1.250 + 30",
    "=B5",
    "ada",
    "menyusul",
    "belum masuk",
    "sda",
    "?",
    "idem",
    "ok",
    "12 ribu",
    "1,2 jt",
    "lengkap",
    "x",
    "1O3",
    "12.34.5",
    "l23",
    "100-200",
    ">500",
    "<10",
    "326/400",
    "3 ratus",
    "12e",
    "belum lapor",
    "a.n. camat",
)


def _cell(page: Page) -> tuple[int, int]:
    return page.rng.randrange(len(page.cols)), page.rng.randrange(len(page.codes))


def marked_cell(page: Page) -> None:
    """One or some counts with a mark or a unit that a person would strip."""
    page.total = False
    whole = page.rng.random() < 0.4
    place, row = _cell(page)
    mark = page.rng.choice(MARKED)
    cells = page.cols[place][1]
    made = [mark.format(page.text(one)) if whole or n == row else one for n, one in enumerate(cells)]
    page.cols[place][1] = made
    page.quote = str(made[row])


def word_cell(page: Page) -> None:
    """One or some counts that are words: the cell is at fault, and nothing is computed in its place."""
    page.total, page.truth = False, None
    word = page.rng.choice(WORDS)
    many = page.rng.choice([1, 1, 2, len(page.codes) // 2 + 1, len(page.codes)])
    place, _ = _cell(page)
    rows = set(page.rng.sample(range(len(page.codes)), min(many, len(page.codes))))
    page.cols[place][1] = [word if n in rows else one for n, one in enumerate(page.cols[place][1])]
    page.quote = word


def word_under_a_plain_header(page: Page) -> None:
    """A word in a column that is only called BELUM or SISA."""
    page.roles = "eru"
    page.cols = [[(page.heads["e"],), page.of("e")], [(page.heads["r"],), page.of("r")]]
    page.cols.append([(page.rng.choice(["BELUM", "SISA", "BLM"]),), page.of("u")])
    page.total, page.truth = False, None
    word = page.rng.choice([word for word in WORDS if not word.endswith("%")])  # a whole column of these says another thing
    many = page.rng.choice([1, len(page.codes) // 2 + 1, len(page.codes)])
    rows = set(page.rng.sample(range(len(page.codes)), many))
    page.cols[2][1] = [word if n in rows else one for n, one in enumerate(page.cols[2][1])]
    page.quote = word


def odd_number(page: Page) -> None:
    """A number that counts nobody: below zero, or with a fraction."""
    page.kind, page.total, page.truth, page.style = "xlsx", False, None, "number"
    place, row = _cell(page)
    odd = page.rng.choice([-125, -1, 12.5, 1234.567, 0.25])
    page.cols[place][1] = [odd if n == row else one for n, one in enumerate(page.cols[place][1])]
    page.quote = str(odd)


def single_row(page: Page) -> None:
    """One area alone, one of whose counts is marked or a word."""
    number = page.rng.randrange(len(page.codes))
    page.codes, page.names, page.counts = [page.codes[number]], [page.names[number]], [page.counts[number]]
    page.area = [[head, [cells[number]]] for head, cells in page.area]
    page.cols = [[head, [cells[number]]] for head, cells in page.cols]
    page.truth, page.where = page.said(), True
    (marked_cell if page.rng.random() < 0.5 else word_cell)(page)


def dated_cell(page: Page) -> None:
    """Counts that the sheet shows as dates."""
    page.kind, page.total = "xlsx", False
    place, row = _cell(page)
    whole = page.rng.random() < 0.4
    page.cols[place][1] = [
        date(1899, 12, 30) + timedelta(days=one) if whole or n == row else one for n, one in enumerate(page.cols[place][1])
    ]


CLASSES = {
    1: (
        total_of_the_level_above,
        total_of_a_namesake,
        total_of_a_namesake,
        total_without_a_word,
        total_by_code,
        total_a_little_off,
        kecamatan_among_desa,
        total_of_a_namesake_off,
        total_of_a_single_figure,
    ),
    2: (codes_of_others, papua, papua, codes_moved_by_a_row),
    3: (
        said_in_the_title,
        said_in_the_sheet,
        said_in_the_file,
        said_in_headers,
        said_in_headers,
        said_in_groups,
        printed_beside,
        rest_of_the_printed,
        printed_by_sex,
        printed_alone,
        printed_in_a_while,
    ),
    4: (
        part_in_the_title,
        part_in_the_sheet,
        part_in_the_file,
        part_in_headers,
        part_in_headers,
        undone,
        this_month,
        month_beside,
        part_beside,
        whole_by_age,
        part_in_every_row,
        part_as_a_row,
    ),
    5: (marked_cell, marked_cell, word_cell, word_cell, single_row, dated_cell, word_under_a_plain_header, odd_number),
    7: grouped.TRAPS,
}


# 6: cut files


def cut_text(page: Page) -> Trapped:
    """A text that ends inside a row."""
    page.kind, page.notes = "csv", []
    whole = page.file_of()
    lines = whole.data.split(b"\n")
    last = page.rng.randrange(max(6, len(lines) // 2), len(lines) - 1)
    line = lines[last].rstrip(b"\r")
    mark = max(b";,\t", key=lambda one: line.count(bytes([one])))
    ends = [n for n, letter in enumerate(line) if letter == mark]
    end = max(1, page.rng.randint(ends[0], ends[-1]))
    harmless = any(word in line.lower() for word in (b"jumlah", b"total"))  # all areas stand above it
    return replace(whole, data=b"\n".join([*lines[:last], line[:end]]), truth=whole.truth if harmless else None)


def cut_markup(page: Page) -> Trapped:
    """A page without its end."""
    page.kind = "html"
    whole = page.file_of()
    text = whole.data
    at = page.rng.choice([text.rfind(b"</table>"), *(m.start() + 4 for m in re.finditer(b"<tr>|</td>", text[len(text) // 2 :]))])
    at = at if at > len(text) // 2 else at + len(text) // 2
    return replace(whole, data=text[:at], truth=None)


def cut_sheet(page: Page) -> Trapped:
    """A workbook with fewer rows than its own dimension says."""
    page.kind = "xlsx"
    whole = page.file_of()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole.data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info.filename)
            if info.filename.startswith("xl/worksheets/sheet"):
                rows = [m.start() for m in re.finditer(b"<row ", content)]
                at = page.rng.choice(rows[len(rows) // 2 + 1 :])
                tail = content[content.find(b"</sheetData>") :] if page.rng.random() < 0.7 else b"</sheetData></worksheet>"
                content = content[:at] + tail
            new.writestr(info.filename, content)
    return replace(whole, data=out.getvalue(), truth=None)


CUT = (cut_text, cut_text, cut_markup, cut_sheet)


def make(number: int, seed: int) -> tuple[str, Trapped]:
    """The trap's name and the file of a class (1 to 7; 0 for a page without a trap) and a seed."""
    rng = random.Random(f"{number}:{seed}")
    page = Page(rng)
    if number == 6:
        cut = rng.choice(CUT)
        return cut.__name__, cut(page)
    if number == 0:
        return "none", page.file_of()
    trap = rng.choice(CLASSES[number])
    trap(page)
    return trap.__name__, page.file_of()
