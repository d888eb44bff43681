"""A random snapshot written in a random layout, with the truth beside it."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

from ektp_analysis.ingest.cells import names

MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SHORT = ["Jan", "Peb", "Mar", "Apr", "MEI", "Jun", "Jul", "Agt", "Sept", "Okt", "Nop", "Des"]
ELIGIBLE = [
    "WAJIB KTP",
    "WKTP",
    "WAJIB KTP-EL",
    "Wajib KTP",
    "JUMLAH WAJIB KTP",
    "PENDUDUK WAJIB KTP",
    "WAJIB E-KTP",
    "wajib_ktp",
    "TARGET PEREKAMAN",
]
RECORDED = [
    "PEREKAMAN",
    "SUDAH REKAM",
    "REKAM",
    "PEREKAMAN KTP-EL",
    "SDH REKAM",
    "SDH RKM",
    "Sudah Perekaman",
    "TELAH REKAM",
    "JML (PEREKAMAN KTP-EL)",
    "SUDAH MELAKUKAN PEREKAMAN",
    "sudah_rekam",
]
UNRECORDED = [
    "BELUM REKAM",
    "BLM REKAM",
    "BLM RKM",
    "BELUM PEREKAMAN",
    "SISA BELUM REKAM",
    "Belum Rekam",
    "BELUM MELAKUKAN PEREKAMAN",
    "BLM_REKAM",
    "SISA",
    "BELUM",
]
NOISE = [
    "PENCETAKAN KTP-EL",
    "SUDAH CETAK",
    "MEMILIKI KIA",
    "BELUM MEMILIKI KIA",
    "AKTA KELAHIRAN",
    "JUMLAH PENDUDUK",
    "JUMLAH KK",
    "IKD",
    "MEMILIKI KTP-EL",
    "BELUM MEMILIKI KTP-EL",
    "PRR",
    "SUKET",
    "LAHIR",
    "PINDAH",
]
MEN, WOMEN, ALL = (
    ["L", "LK", "LAKI-LAKI", "Laki-laki", "PRIA"],
    ["P", "PR", "PEREMPUAN", "Perempuan", "WANITA"],
    ["JUMLAH", "JML", "TOTAL", "L+P", "Jumlah"],
)


@dataclass
class Made:
    """A file and what it says."""

    data: bytes
    name: str
    day: date
    truth: dict[str, tuple[int | None, int | None, int | None]]
    notes: list[str] = field(default_factory=list)


def split(rng: random.Random, whole: int) -> tuple[int, int]:
    men = int(whole * rng.uniform(0.45, 0.55))
    return men, whole - men


def make(seed: int) -> Made:
    """The file of a seed."""
    rng = random.Random(seed)
    return _Maker(rng).file()


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng, self.notes = rng, []
        self.hurried, self.spelt = rng.random() < 0.25, {}

    def file(self) -> Made:
        rng = self.rng
        self.regency = self._regency()
        self.desa = rng.random() < 0.6
        self.areas = self._areas()
        self.truth = {}
        self.day = date(rng.randint(2015, 2025), rng.randint(1, 12), rng.randint(1, 28))
        self.kind = rng.choice(["xlsx", "xlsx", "xlsx", "csv", "csv", "html"])
        self.style = (
            rng.choice(["number", "number", "dot", "comma", "bare", "blank"])
            if self.kind != "xlsx"
            else rng.choice(["number", "number", "number", "dot", "comma", "blank"])
        )
        self.place = rng.choice(["title", "sheet", "file", "column", "semester-title", "semester-file"])
        if self.place == "sheet" and self.kind != "xlsx":
            self.place = "file"
        if self.place.startswith("semester"):
            half = rng.choice([1, 2])
            self.half, self.day = half, date(self.day.year, 6, 30) if half == 1 else date(self.day.year, 12, 31)
        self._columns()
        rows = self._rows()
        return self._write(rows)

    def _regency(self) -> str:
        provinces = list(names.children(""))
        while True:
            province = self.rng.choice(provinces)
            regency = self.rng.choice(list(names.children(province)))
            if 3 <= len(names.children(regency)) <= 30:
                return regency

    def _areas(self) -> list[tuple[str, str, str]]:
        districts = names.children(self.regency)
        if not self.desa:
            return [(code, name, "") for code, name in districts.items()]
        found = []
        for code, name in districts.items():
            villages = list(names.children(code).items())
            found += [(village, name, text) for village, text in villages]
        if len(found) > 400:
            keep = self.rng.sample(sorted(districts), max(3, len(districts) // 4))
            found = [one for one in found if one[0][:8] in keep]
        return found

    def _columns(self) -> None:
        rng = self.rng
        self.roles = rng.choice(["eru", "eru", "er", "eu", "u"])
        self.triplet = {role: rng.choice(["total", "triplet", "triplet", "pair"]) for role in "eru"}
        self.order = rng.sample(["m", "w", "t"], 3)
        self.layers = rng.choice([1, 2, 2, 3]) if any(self.triplet[role] != "total" for role in self.roles) else 1
        self.head = {
            "e": rng.choice(ELIGIBLE),
            "r": rng.choice(RECORDED),
            "u": rng.choice(UNRECORDED if len(self.roles) > 1 else UNRECORDED[:7]),
        }
        self.sexes = (rng.choice(MEN), rng.choice(WOMEN), rng.choice(ALL))
        self.percent = rng.choice(["", "", "comma", "float", "share"]) if "e" in self.roles else ""
        self.noise = rng.sample(NOISE, rng.choice([0, 0, 1, 3]))
        self.area_style = rng.choice(["split", "dotted", "undotted", "number", "names", "names", "names-regency", "code-name"])
        self.block = self.desa and rng.random() < 0.5
        self.totals = rng.choice(["none", "bottom", "bottom", "top", "unlabelled", "sub-after", "sub-before"])
        if not self.desa and self.totals.startswith("sub"):
            self.totals = "bottom"

    def _measures(self):
        """Columns of figures: (role, sex, header path)."""
        made = []
        for role in self.roles:
            if self.triplet[role] == "total":
                made.append((role, "t", (self.head[role],)))
            else:
                for sex in self.order:
                    if self.triplet[role] == "pair" and sex == "t":
                        continue
                    word = self.sexes["mwt".index(sex)]
                    path = (self.head[role], word) if self.layers > 1 else (f"{self.head[role]} {word}",)
                    made.append((role, sex, path))
        for text in self.noise:
            made.insert(self.rng.randint(0, len(made)), ("noise", "t", (text,)))
        if self.percent:
            made.append(("percent", "t", (self.rng.choice(["%", "PERSENTASE", "PROSENTASE", "CAKUPAN (%)"]),)))
        return made

    def _figures(self):
        rng = self.rng
        eligible = rng.randint(400, 9000) if self.desa else rng.randint(4000, 90000)
        unrecorded = rng.randint(0, eligible // 12)
        made = {"e": eligible, "u": unrecorded, "r": eligible - unrecorded, "noise": rng.randint(0, 9000)}
        men, women = split(rng, eligible)
        lost = min(unrecorded // 2, men)
        by_sex = {
            ("e", "m"): men,
            ("e", "w"): women,
            ("u", "m"): lost,
            ("u", "w"): unrecorded - lost,
            ("r", "m"): men - lost,
            ("r", "w"): women - unrecorded + lost,
        }
        return made, by_sex

    def _count(self, number):
        if self.style == "number":
            return number if self.kind == "xlsx" else str(number)
        if self.style == "bare":
            return str(number)
        mark = {"dot": ".", "comma": ",", "blank": "\u00a0"}[self.style]
        return f"{number:,}".replace(",", mark)

    def _label(self, district: str, village: str, code: str) -> list:
        rng, desa = self.rng, self.desa
        parts = code.split(".")
        case = (str.upper, str.title, str)[self.case]
        kec, kel = case(self._misspelt(district)), case(self._misspelt(village) if village else "")
        if self.prefix and not desa:
            kec = f"{self.prefix}{kec}"
        named = [kec, kel] if desa else [kec]
        if self.area_style == "split":
            return [int(part) for part in parts] + named[-1:]
        if self.area_style == "dotted":
            return [code, named[-1]]
        if self.area_style == "undotted":
            return ["".join(parts), *named]
        if self.area_style == "number":
            return [int("".join(parts)), *named]
        if self.area_style == "code-name":
            return [f"{code} {named[-1]}"] if False else [code, *named]
        if self.area_style == "names-regency":
            return [names.children(self.regency[:2])[self.regency].upper(), *named]
        del rng
        return named

    def _misspelt(self, name: str) -> str:
        """A name as a hurried hand writes it; the same one the same way throughout the file."""
        if not self.hurried or self.rng.random() > 0.15:
            return name
        if name not in self.spelt:
            turns = [
                lambda text: text.replace(" ", ""),
                lambda text: text.replace("Timur", "Tmr.").replace("Utara", "Ut."),
                lambda text: text.replace("u", "oe", 1),
                lambda text: text.replace("c", "tj", 1),
                lambda text: text.replace("j", "dj", 1),
                lambda text: text[:3] + text[4:] if len(text) > 6 else text,
                lambda text: text.replace("a", "e", 1),
                lambda text: f" {text} ",
                lambda text: text.replace(" ", "  "),
            ]
            self.spelt[name] = self.rng.choice(turns)(name)
        return self.spelt[name]

    def _area_header(self) -> list[str]:
        desa = self.desa
        named = ["KECAMATAN", "DESA/KELURAHAN"] if desa else ["KECAMATAN"]
        if self.area_style == "split":
            return ["NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL", "NAMA_KEL"] if desa else ["NO_PROP", "NO_KAB", "NO_KEC", "NAMA_KEC"]
        return {
            "dotted": ["KODE WILAYAH", named[-1]],
            "undotted": ["KODE", *named],
            "number": ["KODE", *named],
            "code-name": ["KODE", *named],
            "names-regency": ["KABUPATEN/KOTA", *named],
            "names": named,
        }[self.area_style]

    def _rows(self):
        rng = self.rng
        self.case, self.prefix = rng.randint(0, 2), rng.choice(["", "", "Kec. ", "KEC ", "Kecamatan "])
        measures = self._measures()
        numbered = rng.random() < 0.6
        header = [("NO",)] * numbered + [(text,) for text in self._area_header()] + [path for _, _, path in measures]
        dated = self.place == "column"
        if dated:
            header.append(("TANGGAL",))
        self.headers, self.n_area = header, len(header) - len(measures) - dated
        body, sums, block = [], {}, {}
        last = ""

        def total_row(label, figures):
            cells = [""] * self.n_area
            if label:
                cells[-1 if not numbered else rng.choice([0, -1])] = label
            return (
                cells
                + [self._count(figures.get(place, 0)) if role != "percent" else "" for place, (role, _, _) in enumerate(measures)]
                + [""] * dated
            )

        def flush(district):
            if self.totals == "sub-after" and block:
                body.append(total_row(rng.choice(["JUMLAH", f"JUMLAH {district.upper()}", "Sub Total"]), block))
            block.clear()

        start_of_block = 0
        for number, (code, district, village) in enumerate(self.areas, start=1):
            if self.desa and district != last:
                if last:
                    if self.totals == "sub-before":
                        body.insert(start_of_block, total_row(f"JUMLAH KEC. {last.upper()}", dict(block)))
                    flush(last)
                start_of_block = len(body)
            figures, by_sex = self._figures()
            self.truth[code] = tuple(figures[role] if role in self.roles else None for role in "eru")
            label = self._label(district, village, code)
            if self.block and self.desa and self.area_style == "names" and district == last:
                label[0] = ""
            row = [number] * numbered + label
            for place, (role, sex, _) in enumerate(measures):
                if role == "percent":
                    share = figures["r"] / figures["e"] * 100
                    row.append(
                        {
                            "comma": f"{share:.2f}%".replace(".", ","),
                            "float": round(share, 2),
                            "share": figures["r"] / figures["e"],
                        }[self.percent]
                        if self.kind == "xlsx" or self.percent == "comma"
                        else f"{share:.2f}"
                    )
                    continue
                value = figures[role] if sex == "t" else by_sex[role, sex]
                sums[place] = sums.get(place, 0) + value
                block[place] = block.get(place, 0) + value
                row.append(self._count(value))
            if dated:
                row.append(self.day if self.kind == "xlsx" else rng.choice([self.day.isoformat(), self.day.strftime("%d/%m/%Y")]))
            body.append(row)
            last = district
        if self.desa and self.totals == "sub-before":
            body.insert(start_of_block, total_row(f"JUMLAH KEC. {last.upper()}", dict(block)))
        flush(last)
        if self.totals in ("bottom", "sub-after", "sub-before"):
            body.append(total_row(rng.choice(["JUMLAH", "TOTAL", "Grand Total", "Jumlah Total"]), sums))
        elif self.totals == "top":
            body.insert(0, total_row(rng.choice(["JUMLAH", "TOTAL"]), sums))
        elif self.totals == "unlabelled":
            body.append(total_row("", sums))
        return body

    def _says_day(self) -> str:
        rng, day = self.rng, self.day
        return rng.choice(
            [
                f"{day.day} {MONTHS[day.month - 1]} {day.year}",
                f"per {day.day}-{day.month}-{day.year}",
                f"PER {day.day} {SHORT[day.month - 1]} {day.year}",
                f"({day.day} {MONTHS[day.month - 1]} {day.year})",
            ]
        )

    def _semester(self, file: bool) -> str:
        roman = ["I", "II"][self.half - 1]
        if file:
            return self.rng.choice(
                [
                    f"DKB_SMSTR_{self.half}_{self.day.year}",
                    f"STAT_SMT_{roman}_{self.day.year}",
                    f"SEMESTER {roman} TAHUN {self.day.year}",
                ]
            )
        return self.rng.choice(
            [
                f"DKB SEMESTER {roman} TAHUN {self.day.year}",
                f"SEMESTER {roman} TAHUN {self.day.year}",
                f"Semester {self.half} Tahun {self.day.year}",
            ]
        )

    def _write(self, body) -> Made:
        rng = self.rng
        titles = []
        where = names.children(self.regency[:2])[self.regency]
        if rng.random() < 0.6 or self.place.endswith("title"):
            titles.append("REKAPITULASI PEREKAMAN KTP-EL")
            if self.area_style not in ("names",) or rng.random() < 0.5:
                titles.append(where.upper())
        if self.place == "title":
            titles.append(self._says_day())
        if self.place == "semester-title":
            titles.append(self._semester(False))
        name, sheet = "rekap", rng.choice(["Sheet1", "Data ", "Sheet3", "REKAP", "Table 1"])
        if self.place == "file":
            name = f"rekap {self._says_day()}"
        if self.place == "semester-file":
            name = self._semester(True)
        if self.place == "sheet":
            sheet = f"{self.day.day} {SHORT[self.day.month - 1]} {self.day.year}"
        top = [[title] for title in titles]
        if titles and rng.random() < 0.6:
            top.append([])
        depth = max(len(path) for path in self.headers)
        lines = []
        for layer in range(depth):
            line, previous = [], None
            for path in self.headers:
                text = path[layer] if layer < len(path) else ""
                group = layer < len(path) - 1
                line.append("" if group and previous == path[: layer + 1] else text)
                previous = path[: layer + 1] if group else None
            lines.append(line)
        head = top + lines
        first_header = len(top)
        if rng.random() < 0.3:
            head.append([n + 1 for n in range(len(self.headers))])
        tail = []
        if rng.random() < 0.3:
            tail = [
                [],
                [""] * 2 + [f"{where}, 5 Januari 2026"],
                [""] * 2 + ["Kepala Dinas"],
                [""] * 2 + ["NIP. 197501012005011001"],
            ]
        rows = head + body + tail
        if self.kind == "xlsx":
            data = self._xlsx(rows, sheet, first_header, depth)
        elif self.kind == "csv":
            mark = ";" if self.style in ("comma",) or self.percent == "comma" else rng.choice([";", ",", "\t"])
            text = "\r\n".join(mark.join(_field(cell, mark) for cell in row) for row in rows)
            data, name = text.encode(rng.choice(["utf-8", "utf-8-sig"])), name + ".csv"
        else:
            cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
            data, name = f"<html><body><table>{cells}</table></body></html>".encode(), name + ".xls"
        if self.kind == "xlsx":
            name += ".xlsx"
        info = f"{self.kind} {self.area_style} {self.totals} {self.place} {self.roles} {self.triplet} "
        info += f"{self.style} desa={self.desa} {self.regency} noise={self.noise}"
        return Made(data, name, self.day, self.truth, [info])

    def _xlsx(self, rows, sheet, first_header, depth) -> bytes:
        rng = self.rng
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
            if rng.random() < 0.3:
                book.add_worksheet("Kosong")
            if rng.random() < 0.2:
                other = book.add_worksheet("KIA")
                other.write_row(0, 0, ["KECAMATAN", "MEMILIKI KIA", "BELUM MEMILIKI"])
                for number, name in enumerate(names.children(self.regency).values(), start=1):
                    other.write_row(number, 0, [name, rng.randint(1, 500), rng.randint(1, 500)])
            page = book.add_worksheet(sheet)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(number, place, cell)
                    elif cell != "":
                        page.write(number, place, cell) if not isinstance(cell, str) else page.write_string(number, place, cell)
            if depth > 1 and rng.random() < 0.7:
                self._merge(page, rows, first_header, depth)
        return out.getvalue()

    def _merge(self, page, rows, first, depth) -> None:
        place = 0
        while place < len(self.headers):
            path = self.headers[place]
            end = place
            while (
                end + 1 < len(self.headers)
                and len(path) > 1
                and self.headers[end + 1][:1] == path[:1]
                and len(self.headers[end + 1]) > 1
            ):
                end += 1
            if len(path) == 1:
                page.merge_range(first, place, first + depth - 1, place, path[0])
            elif end > place:
                page.merge_range(first, place, first, end, path[0])
            place = end + 1


def _field(cell, mark) -> str:
    text = str(cell)
    return f'"{text}"' if mark in text or '"' in text else text
