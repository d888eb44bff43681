"""Tables of visits as offices write them, each with what it means; and the same with one thing wrong, and where that is.

Nothing here is taken from the reader: words, bounds and rules are written anew from what offices were told.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import xlsxwriter

TODAY = date(2023, 7, 31)
# Column of the visits -> what offices call it, the word of the template first
WORDS = {
    "day": ("tanggal", "Tanggal Kunjungan", "TGL", "date"),
    "area_code": ("wilayah", "Kode Wilayah", "KODE", "area"),
    "place": ("tempat", "Lokasi", "JENIS TEMPAT", "place"),
    "teams": ("tim", "Jumlah Tim", "teams"),
    "invited": ("diundang", "UNDANGAN", "invited"),
    "came": ("datang", "Hadir", "came"),
    "recorded": ("terekam", "Perekaman", "recorded"),
    "failed": ("gagal", "Gagal Rekam", "failed"),
    "already": ("sudah punya", "already"),
    "not_found": ("tidak ditemukan", "Tidak Ditemui", "not found"),
    "dead": ("meninggal", "Meninggal Dunia", "dead"),
    "moved": ("pindah", "moved"),
    "note": ("catatan", "Keterangan", "note"),
}
PLACES = {
    "balai desa": "village_hall",
    "SEKOLAH": "school",
    "lapas": "prison",
    "Rumah": "home",
    "kantor": "office",
    "lainnya": "other",
}
AREAS = ("75.05.01", "75.05.02", "75.05.03", "75.05.03.2001", "75.05.02.2006", "75.05.08")
DAYS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.day} {('Juni', 'Juli')[day.month - 6]} {day.year}",
)
COUNTS = [name for name in WORDS if name not in ("day", "area_code", "place", "note")]


@dataclass
class Table:
    """Header words and rows of texts, what stands above the header, and what the rows mean: column -> value, None: not said."""

    header: list[str]
    rows: list[list[str]]
    names: list[str]
    truth: list[dict[str, Any]]
    above: list[list[str]] = field(default_factory=list)
    mark: str = ";"

    @property
    def first(self) -> int:
        """The number of the first row of visits, as a spreadsheet counts."""
        return len(self.above) + 2

    def at(self, name: str) -> int:
        """Where a column stands."""
        return self.names.index(name)

    def csv(self) -> bytes:
        """As a text."""
        out = io.StringIO()
        csv.writer(out, delimiter=self.mark).writerows([*self.above, self.header, *self.rows])
        return out.getvalue().encode()

    def xlsx(self) -> bytes:
        """As a workbook, with numbers as numbers and days as days."""
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet, day = book.add_worksheet("Kunjungan"), book.add_format({"num_format": "dd/mm/yyyy"})
            for number, row in enumerate((*self.above, self.header, *self.rows)):
                for place, cell in enumerate(row):
                    if cell.isdigit() and number > len(self.above) and place != self.at("area_code"):
                        sheet.write_number(number, place, int(cell))
                    elif len(cell) == 10 and cell[4:5] == "-" and cell.replace("-", "").isdigit():
                        sheet.write_datetime(number, place, date.fromisoformat(cell), day)
                    elif cell:
                        sheet.write_string(number, place, cell)
        return out.getvalue()


def table(chance: random.Random) -> Table:
    """A table without a fault."""
    names = [name for name in WORDS if name in ("day", "area_code", "place", "came", "recorded") or chance.random() < 0.7]
    chance.shuffle(names)
    header = [chance.choice(WORDS[name]) for name in names]
    written = chance.choice(DAYS)
    truth = [visit(chance, number, names) for number in range(chance.randint(3, 9))]
    rows = [[cell(row, name, chance, written) for name in names] for row in truth]
    for row in truth:
        row["place"] = PLACES.get(row["place"], row["place"])
    above = [["LAPORAN JEMPUT BOLA"], []] if chance.random() < 0.3 else []
    return Table(header, rows, names, truth, above, chance.choice(";,\t"))


def visit(chance: random.Random, number: int, names: list[str]) -> dict[str, Any]:
    """What one row means."""
    came = chance.randint(10, 150)
    recorded = chance.randint(0, came)
    failed = chance.randint(0, came - recorded)
    row: dict[str, Any] = {
        "day": date(2023, 6, 1) + timedelta(days=number * 3 + chance.randint(0, 2)),
        "area_code": chance.choice(AREAS),
        "place": chance.choice(tuple(PLACES)),
        "teams": chance.randint(1, 4),
        "invited": chance.randint(10, 200),
        "came": came,
        "recorded": recorded,
        "failed": failed,
        "already": chance.randint(0, came - recorded - failed),
        "not_found": chance.randint(0, 40),
        "dead": chance.randint(0, 9),
        "moved": chance.randint(0, 9),
        "note": chance.choice(("", "listrik padam", "hujan")),
    }
    row["note"] = row["note"] if "note" in names else ""
    for name in COUNTS:
        if name not in names or (name != "came" and chance.random() < 0.2):
            row[name] = None
    return row


def cell(row: dict[str, Any], name: str, chance: random.Random, written: Callable[[date], str]) -> str:
    """A value as somebody writes it."""
    value = row[name]
    if value is None:
        return chance.choice(("", "", "-"))
    return written(value) if name == "day" else str(value)


# What is wrong, and where it must be told: (row as a spreadsheet counts, column); or a topic that is asked; or a word of why the
# file is refused.
Wrong = tuple[int, str] | str
Fault = Callable[[Table, random.Random], Wrong]


def _put(name: str, *texts: str) -> Fault:
    def put(made: Table, chance: random.Random) -> Wrong:
        row = chance.randrange(len(made.rows))
        made.rows[row][made.at(name)] = chance.choice(texts)
        return made.first + row, made.header[made.at(name)]

    return put


def _more_than_came(made: Table, chance: random.Random) -> Wrong:
    row = chance.randrange(len(made.rows))
    made.rows[row][made.at("recorded")] = str(int(made.rows[row][made.at("came")]) + 1)
    return made.first + row, made.header[made.at("came")]


def _twice(made: Table, chance: random.Random) -> Wrong:
    made.rows.append(list(made.rows[0]))
    return made.first + len(made.rows) - 1, ""


def _wrong_total(made: Table, chance: random.Random) -> Wrong:
    last = [""] * len(made.names)
    last[made.at("area_code")], last[made.at("came")] = "JUMLAH", str(sum(one["came"] for one in made.truth) - 1)
    made.rows.append(last)
    return made.first + len(made.rows) - 1, made.header[made.at("came")]


def _named(made: Table, chance: random.Random) -> Wrong:
    made.rows[0][made.at("area_code")] = chance.choice(("Moluo", "Kec. Anggrek", "Desa Titidu"))
    return "names"


def _unknown_name(made: Table, chance: random.Random) -> Wrong:
    made.rows[0][made.at("area_code")] = "Entah"
    return "alias"


def _many(made: Table, chance: random.Random) -> Wrong:
    row = made.rows[0]
    row[made.at("came")] = row[made.at("recorded")] = "2300"
    for name in ("failed", "already", "teams", "under_age"):
        if name in made.names:
            row[made.at(name)] = ""
    return "unlikely"


def _nik(made: Table, chance: random.Random) -> Wrong:
    made.header.append("nomor")
    made.rows = [[*row, ""] for row in made.rows]
    made.rows[0][-1] = f"750503{chance.randint(1, 28):02d}0190{chance.randint(1, 9999):04d}"
    return "NIK"


def _persons(made: Table, chance: random.Random) -> Wrong:
    made.header += ["Nama Lengkap", "Tanggal Lahir"]
    made.rows = [[*row, "Seseorang", "01-01-2005"] for row in made.rows]
    return "persons"


def _no_day(made: Table, chance: random.Random) -> Wrong:
    made.header[made.at("day")] = "kapan"
    return "No table of visits"


def _same_header(made: Table, chance: random.Random) -> Wrong:
    made.header.append("yang datang")
    made.rows = [[*row, "1"] for row in made.rows]
    return "both mean the same"


def _empty(made: Table, chance: random.Random) -> Wrong:
    made.rows = []
    return "no visits"


FAULTS: dict[str, Fault] = {
    "a day that is none": _put("day", "31/06/2023", "besok", "06/21/2023", "45098"),
    "no day": _put("day", ""),
    "a day to come": _put("day", "2023-08-01", "31 Desember 2026"),
    "a day before recording began": _put("day", "2003-06-01"),
    "no area": _put("area_code", ""),
    "a code of nowhere": _put("area_code", "75.05.99", "99.01.01"),
    "a kabupaten": _put("area_code", "75.05"),
    "an area elsewhere": _put("area_code", "74.05.01"),
    "a BPS code": _put("area_code", "7505011"),
    "no place": _put("place", ""),
    "a place that is none": _put("place", "pasar", "12"),
    "a negative count": _put("came", "-4"),
    "a fraction": _put("recorded", "5,5", "12.5"),
    "a word": _put("recorded", "banyak", "?"),
    "an error of the workbook": _put("came", "#REF!"),
    "too many people": _put("came", "100001"),
    "more recorded than came": _more_than_came,
    "the same visit twice": _twice,
    "a total that is none": _wrong_total,
    "a name for a code": _named,
    "a name of nowhere": _unknown_name,
    "more than a team can": _many,
    "a NIK": _nik,
    "a list of persons": _persons,
    "no column of days": _no_day,
    "two columns of one meaning": _same_header,
    "no row": _empty,
}


def spoilt(name: str, seed: int) -> tuple[Table, Wrong]:
    """A table with one thing wrong, the same for the same seed."""
    chance = random.Random(f"{name} {seed}")
    made = table(chance)
    return made, FAULTS[name](made, chance)


def good(seeds: int) -> Iterator[Table]:
    """Tables without a fault."""
    for seed in range(seeds):
        yield table(random.Random(seed))
