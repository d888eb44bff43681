"""Files that hold more than one day or more than one table, with what they say; made apart from the code that reads them.

``RULES``: a rule writes a book of sheets (name -> rows) from a truth that is drawn first. ``Several.truth`` is None where no
reading is right: a file with a sheet that cannot be read, which may only be asked about or refused with that sheet's name.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import xlsxwriter

from ektp_analysis.core.area import NATION, register
from tests.layouts.generate import MONTHS, SHORT
from tests.layouts.trapped import ELIGIBLE, RECORDED, TITLES, UNRECORDED

Counts = tuple[int | None, int | None, int | None]
Truth = dict[tuple[str, date], Counts]
Row = list[object]


@dataclass(frozen=True)
class Several:
    """A file. ``open``: it leaves something open, so that it may be asked about; ``quote``: what a refusal names."""

    data: bytes
    name: str
    truth: Truth | None
    rule: str
    layout: str
    open: bool = False
    quote: str = ""


@dataclass
class Book:
    """A file in the making: figures of areas on days, and the sheets that say them."""

    rng: random.Random
    sheets: list[tuple[str, list[Row], list[tuple[int, int, int, int]]]] = field(default_factory=list)
    truth: Truth | None = field(default_factory=dict)
    open: bool = False
    quote: str = ""
    text: bool = False  # may also be written as CSV
    name: str = "rekap"

    def __post_init__(self) -> None:
        rng = self.rng
        while True:
            province = rng.choice(register().children(NATION))
            regency = rng.choice(register().children(province))
            self.districts = [str(one) for one in register().children(regency)]
            if 4 <= len(self.districts) <= 14:
                break
        self.regency = str(regency)
        self.roles = rng.choice(["eru", "eru", "er", "eu"])
        self.heads = {"e": rng.choice(ELIGIBLE), "r": rng.choice(RECORDED), "u": rng.choice(UNRECORDED)}
        self.upper, self.coded, self.total = rng.random() < 0.6, rng.random() < 0.3, rng.random() < 0.6
        self.numbered = rng.random() < 0.6
        self.last: dict[str, tuple[int, int]] = {}

    def cased(self, text: str) -> str:
        return text.upper() if self.upper else text

    def days(self, many: int) -> list[date]:
        """Days in order, some weeks apart."""
        first = date(self.rng.randint(2019, 2024), self.rng.randint(1, 12), self.rng.randint(1, 28))
        return (
            [first + timedelta(days=sum(self.rng.randint(3, 40) for _ in range(n))) for n in range(many)]
            if many < 2
            else [first + timedelta(days=step) for step in sorted(self.rng.sample(range(200), many))]
        )

    def months(self, many: int) -> list[date]:
        """The last days of months in a row."""
        year, first = self.rng.randint(2019, 2024), self.rng.randint(1, 13 - many)
        return [date(year + (month == 12), month % 12 + 1, 1) - timedelta(days=1) for month in range(first, first + many)]

    def draw(self, code: str, day: date, *, keep: bool = True) -> tuple[int, int, int]:
        """The figures of an area on a day, with fewer unrecorded than before; they are the truth as far as roles say them."""
        rng = self.rng
        if code not in self.last:
            eligible = rng.randint(900, 9000)
            self.last[code] = eligible, rng.randint(9, eligible // 9)
        eligible, unrecorded = self.last[code]
        made = eligible, eligible - unrecorded, unrecorded
        self.last[code] = eligible + rng.randint(0, 3), max(1, unrecorded - rng.randint(0, max(1, unrecorded // 9)))
        if keep and self.truth is not None:
            self.truth[code, day] = tuple(made["eru".index(one)] if one in self.roles else None for one in "eru")  # type: ignore[assignment]
        return made

    def cells(self, counts: tuple[int, int, int]) -> list[int]:
        return [counts["eru".index(one)] for one in self.roles]

    def area_heads(self, word: str) -> list[str]:
        return [*(["NO"] if self.numbered else []), *(["KODE"] if self.coded else []), word]

    def area_cells(self, number: int, code: str) -> Row:
        named = self.cased(register().name(code))
        return [*([number] if self.numbered else []), *([code] if self.coded else []), named]

    def titles(self, *more: str) -> list[Row]:
        made: list[Row] = [
            [self.rng.choice(TITLES)],
            [self.cased(register().name(self.regency))],
            *([one] for one in more if one),
        ]
        return [*made, []] if self.rng.random() < 0.5 else made

    def table(self, codes: list[str], counts: list[list[int]], heads: list[str], word: str) -> list[Row]:
        """Header, rows of areas, and the total where the file has one."""
        rows: list[Row] = [[*self.area_heads(word), *heads]]
        rows += [[*self.area_cells(n, code), *cells] for n, (code, cells) in enumerate(zip(codes, counts, strict=True), 1)]
        if self.total:
            blank: Row = [""] * (len(self.area_heads(word)) - 1)
            rows.append(
                [*blank, self.rng.choice(["JUMLAH", "TOTAL", "Jumlah"]), *(sum(one) for one in zip(*counts, strict=True))]
            )
        return rows

    def role_heads(self) -> list[str]:
        return [self.heads[one] for one in self.roles]

    def says(self, day: date) -> str:
        """A day as a title says it."""
        month = MONTHS[day.month - 1]
        ways = [f"PER {day.day} {month.upper()} {day.year}", f"Keadaan {day.day} {month} {day.year}"]
        return self.rng.choice([*ways, f"Per tanggal {day.day:02d}-{day.month:02d}-{day.year}"])

    def tab(self, day: date, way: int) -> str:
        """A day as the name of a sheet."""
        d, m, year = f"{day.day:02d}", f"{day.month:02d}", day.year
        ways = [f"{d}-{m}-{year}", f"{day.day} {MONTHS[day.month - 1]} {year}", f"{day.day} {SHORT[day.month - 1]} {year}"]
        return [*ways, f"{d}.{m}.{year}", f"{year}-{m}-{d}"][way % (len(ways) + 2)]

    def put(self, name: str, rows: list[Row], merges: list[tuple[int, int, int, int]] | None = None) -> None:
        self.sheets.append((name, rows, merges or []))

    def beside(self) -> None:
        """A sheet that is none of recording, among the others."""
        rng = self.rng
        codes = self.districts
        some = [[rng.randint(100, 900), rng.randint(10, 90)] for _ in codes]
        made = rng.choice(["KIA", "petunjuk", "AKTA", "empty"])
        rows: list[Row] = [["PETUNJUK PENGISIAN"], ["Isilah kolom yang kosong"], ["Kirim paling lambat tanggal 5"]]
        if made in ("KIA", "AKTA"):
            head = {"KIA": ["JUMLAH ANAK", "MEMILIKI KIA"], "AKTA": ["LAHIR", "AKTA KELAHIRAN"]}[made]
            rows = [[f"DATA {made}"], [], *self.table(codes, some, head, "KECAMATAN")]
        self.sheets.insert(
            rng.choice([0, len(self.sheets)]), ({"empty": "Lembar9"}.get(made, made), [] if made == "empty" else rows, [])
        )

    def file(self, rule: str) -> Several:
        kind = self.rng.choice(["xlsx", "csv"]) if self.text and len(self.sheets) == 1 else "xlsx"
        data = self._csv() if kind == "csv" else self._xlsx()
        layout = f"{kind} {self.roles} {len(self.sheets)} {'coded' if self.coded else 'named'} {'total' if self.total else ''}"
        return Several(data, f"{self.name}.{kind}", self.truth, rule, layout, self.open, self.quote)

    def _csv(self) -> bytes:
        rows = self.sheets[0][1]
        width = max(map(len, rows))
        return ("\n".join(";".join(str(cell) for cell in [*row, *[""] * (width - len(row))]) for row in rows) + "\n").encode()

    def _xlsx(self) -> bytes:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
            for name, rows, merges in self.sheets:
                page = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for place, cell in enumerate(row):
                        if isinstance(cell, date):
                            page.write_datetime(number, place, cell)  # type: ignore[arg-type]
                        elif cell not in ("", None):
                            page.write(number, place, cell)
                for top, left, bottom, right in merges:
                    cell = rows[top][left]
                    page.merge_range(top, left, bottom, right, "")
                    page.write_datetime(top, left, cell) if isinstance(cell, date) else page.write(top, left, cell)  # type: ignore[arg-type]
        return out.getvalue()


# A sheet a day, a sheet a month


def sheets_of_days(book: Book) -> None:
    """A sheet a day, said by its name or by its title."""
    rng, way, titled = book.rng, book.rng.randint(0, 4), book.rng.random() < 0.4
    for number, day in enumerate(book.days(rng.randint(2, 5)), 1):
        counts = [book.cells(book.draw(code, day)) for code in book.districts]
        rows = [
            *book.titles(book.says(day) if titled else ""),
            *book.table(book.districts, counts, book.role_heads(), "KECAMATAN"),
        ]
        book.put(f"Sheet{number}" if titled and way % 2 else book.tab(day, way), rows)
    if rng.random() < 0.4:
        book.beside()


def sheets_of_months(book: Book) -> None:
    """A sheet a month, which says no day."""
    rng, bare = book.rng, book.rng.random() < 0.4
    book.open = True
    for day in book.months(rng.randint(2, 6)):
        counts = [book.cells(book.draw(code, day)) for code in book.districts]
        rows = [
            *book.titles(f"TAHUN {day.year}" if bare else ""),
            *book.table(book.districts, counts, book.role_heads(), "KECAMATAN"),
        ]
        month = MONTHS[day.month - 1]
        book.put(book.cased(month) if bare else f"{month} {day.year}", rows)
    if rng.random() < 0.4:
        book.beside()


def sheets_of_months_that_say_their_day(book: Book) -> None:
    """A sheet a month, whose title says the day."""
    for day in book.months(book.rng.randint(2, 6)):
        counts = [book.cells(book.draw(code, day)) for code in book.districts]
        rows = [*book.titles(book.says(day)), *book.table(book.districts, counts, book.role_heads(), "KECAMATAN")]
        book.put(f"{MONTHS[day.month - 1]} {day.year}", rows)


def a_title_that_was_not_altered(book: Book) -> None:
    """A sheet a month, one of which still says the day of the month before."""
    days = book.months(book.rng.randint(3, 5))
    wrong = book.rng.randint(1, len(days) - 1)
    book.open = True
    for number, day in enumerate(days):
        counts = [book.cells(book.draw(code, day)) for code in book.districts]
        said = days[number - 1] if number == wrong else day
        rows = [*book.titles(book.says(said)), *book.table(book.districts, counts, book.role_heads(), "KECAMATAN")]
        book.put(f"{MONTHS[day.month - 1]} {day.year}", rows)


def one_day_twice(book: Book) -> None:
    """A sheet a day, and one of them once more with a figure that is another."""
    book.open = True
    days = book.days(book.rng.randint(2, 4))
    way, again = book.rng.randint(0, 4), book.rng.choice(days)
    for day in days:
        counts = [book.cells(book.draw(code, day)) for code in book.districts]
        rows = [*book.titles(book.says(day)), *book.table(book.districts, counts, book.role_heads(), "KECAMATAN")]
        book.put(book.tab(day, way), rows)
        if day == again:
            other = [list(one) for one in counts]
            changed = book.rng.randrange(len(other))
            other[changed] = [one + 1 if place == 0 else one for place, one in enumerate(other[changed])]
            if "r" in book.roles and "e" in book.roles:
                other[changed][book.roles.index("r")] += 1
            book.put(
                f"{book.tab(day, way)} (2)",
                [*book.titles(book.says(day)), *book.table(book.districts, other, book.role_heads(), "KECAMATAN")],
            )


def a_broken_day(book: Book) -> None:
    """A sheet a day, one of which cannot be read: a cell is no number, or its header is gone."""
    days = book.days(book.rng.randint(3, 5))
    way, broken, how = book.rng.randint(0, 4), book.rng.randrange(len(days)), book.rng.choice(["cell", "header", "error"])
    for number, day in enumerate(days):
        counts: list[list] = [book.cells(book.draw(code, day)) for code in book.districts]
        total, book.total = book.total, False if number == broken else book.total
        if number == broken and how != "header":
            counts[book.rng.randrange(len(counts))][0] = "12x9" if how == "cell" else "#REF!"
        rows = [*book.titles(), *book.table(book.districts, counts, book.role_heads(), "KECAMATAN")]
        book.total = total
        if number == broken and how == "header":
            rows = [row for row in rows if "KECAMATAN" not in row]
        book.put(book.tab(day, way), rows)
    book.truth, book.quote = None, book.tab(days[broken], way)


# A sheet a kecamatan


def _kecamatan(book: Book, recap: str = "", broken: str = "") -> None:
    rng, day = book.rng, book.days(1)[0]
    desa = rng.choice(["DESA", "DESA/KELURAHAN", "NAMA DESA/KELURAHAN"])
    sums, before = [], rng.random() < 0.5
    gone = rng.randrange(len(book.districts))
    for number, district in enumerate(book.districts):
        villages = _distinct([str(one) for one in register().children(district)])
        counts: list[list] = [book.cells(book.draw(code, day)) for code in villages]
        sums.append([sum(one) for one in zip(*counts, strict=True)])
        if broken == "cell" and number == gone:
            counts[rng.randrange(len(counts))][0] = "seribu"
            total, book.total = book.total, False
        own = register().name(district)
        rows = [*book.titles(f"KECAMATAN {own.upper()}" if rng.random() < 0.5 else "", book.says(day)),
                *book.table(villages, counts, book.role_heads(), desa)]  # fmt: skip
        if broken == "cell" and number == gone:
            book.total = total
            book.truth, book.quote = None, book.cased(own)[:31]
        name = book.cased(own)
        if broken == "name" and number == gone:
            name = rng.choice(["Lembar baru", "REVISI", "xxx"])
            book.open = True
        book.put(rng.choice([name, name, f"Kec. {own}"] if not broken else [name])[:31], rows)
    if recap:
        if recap == "off":
            sums[rng.randrange(len(sums))][0] += 1
        rows = [*book.titles(book.says(day)), *book.table(book.districts, sums, book.role_heads(), "KECAMATAN")]
        place = 0 if before else len(book.sheets)
        book.sheets.insert(place, (rng.choice(["REKAP", "Rekapitulasi", "REKAP KABUPATEN", "TOTAL"]), rows, []))
    if rng.random() < 0.4:
        book.beside()


def _distinct(codes: list[str]) -> list[str]:
    """Those whose names are not those of others beside them, as letters alone tell them apart."""
    bare = ["".join(filter(str.isalpha, register().name(code).lower())) for code in codes]
    return [code for code, name in zip(codes, bare, strict=True) if bare.count(name) == 1]


def sheets_of_kecamatan(book: Book) -> None:
    """A sheet a kecamatan."""
    _kecamatan(book)


def sheets_of_kecamatan_with_a_recap(book: Book) -> None:
    """A sheet a kecamatan and a recapitulation."""
    _kecamatan(book, "right")


def a_recap_that_is_off(book: Book) -> None:
    """A sheet a kecamatan and a recapitulation that is one off."""
    _kecamatan(book, "off")


def a_broken_kecamatan(book: Book) -> None:
    """A sheet a kecamatan, one of which holds a cell that is no number."""
    _kecamatan(book, book.rng.choice(["", "right"]), "cell")


def a_kecamatan_of_another_name(book: Book) -> None:
    """A sheet a kecamatan, one of which is not named by it."""
    book.coded = False
    _kecamatan(book, "", "name")


# Days side by side


def days_beside(book: Book) -> None:
    """Groups of columns, a day each; merged, or written once over its columns."""
    rng = book.rng
    book.text = True
    days = book.days(rng.randint(2, 5))
    if rng.random() < 0.3:
        book.roles = "u"
    heads = book.area_heads("KECAMATAN")
    per = {day: [book.cells(book.draw(code, day)) for code in book.districts] for day in days}
    width, titles = len(book.roles), book.titles()
    counts = [[cell for day in days for cell in per[day][n]] for n in range(len(book.districts))]
    table = book.table(book.districts, counts, [book.heads[one] for _ in days for one in book.roles], "KECAMATAN")
    way = rng.randint(0, 5)
    said: list[object] = [day if way == 5 else book.says(day) if way == 4 else book.tab(day, way) for day in days]
    top = len(titles)
    if width == 1 and rng.random() < 0.5:  # what is counted stands above the days
        over: Row = [*heads, book.heads[book.roles], *[""] * (len(days) - 1)]
        under: Row = [*[""] * len(heads), *said]
        merges = [(top, len(heads), top, len(heads) + len(days) - 1)]
        rows = [*titles, over, under, *table[1:]]
    elif width == 1 and rng.random() < 0.5:
        rows, merges = [*titles, [*heads, *(f"{book.heads[book.roles]} {book.tab(day, way)}" for day in days)], *table[1:]], []
    else:
        over = [*heads, *(cell for one in said for cell in [one, *[""] * (width - 1)])]
        under = [*[""] * len(heads), *table[0][len(heads) :]]
        rows = [*titles, over, under, *table[1:]]
        starts = range(len(heads), len(heads) + width * len(days), width)
        merges = [(top, place, top, place + width - 1) for place in starts] if width > 1 else []
        merges += [(top, place, top + 1, place) for place in range(len(heads))]
    book.put("Sheet1", rows, merges if rng.random() < 0.7 or isinstance(said[0], date) else [])


def months_beside(book: Book) -> None:
    """A column a month, and the year and what is counted in the title."""
    rng = book.rng
    book.text, book.open, book.roles = True, True, "u"
    days = book.months(rng.randint(3, 12))
    short = rng.choice([MONTHS, SHORT])
    counts = [[book.draw(code, day)[2] for day in days] for code in book.districts]
    named = [book.cased(short[day.month - 1]) for day in days]
    title = rng.choice(["JUMLAH PENDUDUK BELUM REKAM KTP-EL", "BELUM REKAM KTP-EL PER BULAN", "SISA BELUM PEREKAMAN KTP-EL"])
    if rng.random() < 0.5:
        titles: list[Row] = [[title], [book.cased(register().name(book.regency))], [f"TAHUN {days[0].year}"]]
    else:
        titles = [[f"{title} TAHUN {days[0].year}"], [book.cased(register().name(book.regency))]]
    book.put("Sheet1", [*titles, *book.table(book.districts, counts, named, "KECAMATAN")])


# Tables of men and of women


def _halves(book: Book, day: date) -> dict[str, list[list[int]]]:
    """The figures of men, of women and of all, in the order of the kecamatan."""
    rng, made = book.rng, {"L": [], "P": [], "all": []}
    for code in book.districts:
        whole = book.draw(code, day)
        unrecorded = rng.randint(0, whole[2])
        eligible = rng.randint(whole[0] * 45 // 100, whole[0] * 55 // 100)
        men = (eligible, eligible - unrecorded, unrecorded)
        made["L"].append(book.cells(men))
        made["P"].append(book.cells(tuple(w - m for w, m in zip(whole, men, strict=True))))  # type: ignore[arg-type]
        made["all"].append(book.cells(whole))
    return made


_SEXES = ({"L": "LAKI-LAKI", "P": "PEREMPUAN"}, {"L": "Laki-laki", "P": "Perempuan"}, {"L": "A. LAKI-LAKI", "P": "B. PEREMPUAN"},
          {"L": "PENDUDUK LAKI-LAKI", "P": "PENDUDUK PEREMPUAN"})  # fmt: skip


def _with_all(book: Book, day: date) -> tuple[dict[str, list[list[int]]], list[tuple[str, str]]]:
    """The figures, and which tables stand in what order: men, women, and that of all where there is one, which may be one off."""
    figures, said = _halves(book, day), book.rng.choice(_SEXES)
    order = [("L", said["L"]), ("P", said["P"])]
    if book.rng.random() < 0.3:
        order.insert(book.rng.choice([0, 2]), ("all", book.rng.choice(["JUMLAH", "L + P", "LAKI-LAKI DAN PEREMPUAN"])))
        if book.rng.random() < 0.4:
            book.open = True
            figures["all"][0] = [
                one + (place < 1 + ("e" in book.roles and "r" in book.roles)) for place, one in enumerate(figures["all"][0])
            ]
    return figures, order


def sheets_of_men_and_women(book: Book) -> None:
    """A sheet of men and one of women."""
    day = book.days(1)[0]
    figures, order = _with_all(book, day)
    for kind, said in order:
        table = book.table(book.districts, figures[kind], book.role_heads(), "KECAMATAN")
        titled = book.rng.random() < 0.5
        book.put(said.removeprefix("A. ").removeprefix("B. "), [*book.titles(said if titled else "", book.says(day)), *table])


def men_above_women(book: Book) -> None:
    """A table of men above one of women."""
    book.text = True
    day = book.days(1)[0]
    figures, order = _with_all(book, day)
    rows = [*book.titles(book.says(day))]
    gap = book.rng.randint(0, 2)
    for kind, said in order:
        rows += [[said], *book.table(book.districts, figures[kind], book.role_heads(), "KECAMATAN"), *([[]] * gap)]
    if book.rng.random() < 0.3:
        rows += [[], ["", "Kepala Dinas"], [], ["", "Drs. H. SULAIMAN"]]
    book.put("Sheet1", rows)


def _side_by_side(left: list[Row], right: list[Row], gap: int) -> list[Row]:
    width = max(map(len, left))
    longest = max(len(left), len(right))
    pad = lambda rows: [*rows, *([[]] * (longest - len(rows)))]  # noqa: E731
    return [
        [*one, *[""] * (width + gap - len(one)), *other] if other else [*one]
        for one, other in zip(pad(left), pad(right), strict=True)
    ]


def men_beside_women(book: Book) -> None:
    """A table of men beside one of women."""
    book.text = True
    day = book.days(1)[0]
    figures, said = _halves(book, day), book.rng.choice(_SEXES)
    left, right = (
        [[said[kind]], *book.table(book.districts, figures[kind], book.role_heads(), "KECAMATAN")] for kind in ("L", "P")
    )
    book.put("Sheet1", [*book.titles(book.says(day)), *_side_by_side(left, right, book.rng.randint(1, 2))])


def one_list_in_two_columns(book: Book) -> None:
    """A list that goes on beside itself."""
    book.text, book.total = True, False
    day = book.days(1)[0]
    counts = [book.cells(book.draw(code, day)) for code in book.districts]
    half = (len(counts) + 1) // 2
    left = book.table(book.districts[:half], counts[:half], book.role_heads(), "KECAMATAN")
    right = book.table(book.districts[half:], counts[half:], book.role_heads(), "KECAMATAN")
    book.put("Sheet1", [*book.titles(book.says(day)), *_side_by_side(left, right, 1)])


def another_table_on_the_sheet(book: Book) -> None:
    """A table of something else above, below or beside the one of recording."""
    rng = book.rng
    book.text, day = True, book.days(1)[0]
    counts = [book.cells(book.draw(code, day)) for code in book.districts]
    mine = book.table(book.districts, counts, book.role_heads(), "KECAMATAN")
    some = [[rng.randint(100, 900), rng.randint(10, 90)] for _ in book.districts]
    heads = rng.choice([["JUMLAH ANAK", "MEMILIKI KIA"], ["LAHIR", "AKTA KELAHIRAN"], ["STOK BLANGKO", "KTP-EL TERCETAK"]])
    other = book.table(book.districts, some, heads, "KECAMATAN")
    if rng.random() < 0.5:
        rows = [[rng.choice(["B. ", ""]) + "DATA KIA DAN AKTA"], *other]
        rows = [["PEREKAMAN KTP-EL"], *mine, [], *rows] if rng.random() < 0.6 else [*rows, [], ["PEREKAMAN KTP-EL"], *mine]
    else:
        rows = _side_by_side(mine, other, 1)
    book.put("Sheet1", [*book.titles(book.says(day)), *rows])


# Rows that are days


def rows_of_days(book: Book) -> None:
    """One area, and a row a day."""
    rng, days = book.rng, book.days(book.rng.randint(3, 9))
    book.text = True
    code = rng.choice([book.regency, rng.choice(book.districts)])
    title = register().name(book.regency)
    more = f"KECAMATAN {register().name(code).upper()}" if code != book.regency else ""
    way = rng.randint(0, 4)
    rows: list[Row] = [[*(["NO"] if book.numbered else []), rng.choice(["TANGGAL", "TGL", "Tanggal"]), *book.role_heads()]]
    rows += [
        [*([n] if book.numbered else []), book.tab(day, way), *book.cells(book.draw(code, day))] for n, day in enumerate(days, 1)
    ]
    book.put(
        "Sheet1",
        [[rng.choice(TITLES)], [title.upper()], *([[more]] if more else []), *([[]] if rng.random() < 0.5 else []), *rows],
    )


def rows_of_months(book: Book) -> None:
    """One area, and a row a month of the year that the title says."""
    rng, days = book.rng, book.months(book.rng.randint(3, 12))
    book.text, book.open = True, True
    short = rng.choice([MONTHS, SHORT])
    rows: list[Row] = [[*(["NO"] if book.numbered else []), rng.choice(["BULAN", "Bulan"]), *book.role_heads()]]
    rows += [
        [*([n] if book.numbered else []), book.cased(short[day.month - 1]), *book.cells(book.draw(book.regency, day))]
        for n, day in enumerate(days, 1)
    ]
    book.put("Sheet1", [[rng.choice(TITLES)], [register().name(book.regency).upper()], [f"TAHUN {days[0].year}"], *rows])


# Harder ones


def a_recap_of_days(book: Book) -> None:
    """A sheet a day, and a recapitulation with the rest of each day side by side, right or one off."""
    rng = book.rng
    book.roles = rng.choice(["eru", "eu"])
    days, way = book.days(rng.randint(2, 4)), rng.randint(0, 4)
    rest = {code: [] for code in book.districts}
    for day in days:
        drawn = [book.draw(code, day) for code in book.districts]
        for code, one in zip(book.districts, drawn, strict=True):
            rest[code].append(one[2])
        book.put(
            book.tab(day, way),
            [*book.titles(), *book.table(book.districts, [book.cells(one) for one in drawn], book.role_heads(), "KECAMATAN")],
        )
    if rng.random() < 0.5:
        rest[rng.choice(book.districts)][0] += 1
    heads = [f"BELUM REKAM {book.tab(day, way)}" for day in days]
    rows = [*book.titles(), *book.table(book.districts, [rest[code] for code in book.districts], heads, "KECAMATAN")]
    book.sheets.insert(rng.choice([0, len(book.sheets)]), (rng.choice(["REKAP", "Rekapitulasi"]), rows, []))


def sheets_of_regencies(book: Book) -> None:
    """A sheet a kabupaten of a provinsi, with its kecamatan."""
    rng, day = book.rng, book.days(1)[0]
    regencies = [str(one) for one in register().children(book.regency[:2])]
    for regency in rng.sample(regencies, min(len(regencies), rng.randint(2, 5))):
        districts = [str(one) for one in register().children(regency)]
        counts = [book.cells(book.draw(code, day)) for code in districts]
        name = register().name(regency)
        titles: list[Row] = [[rng.choice(TITLES)], [name.upper()], [book.says(day)]]
        book.put(
            rng.choice([name, name.replace("Kabupaten", "Kab."), name.upper()])[:31],
            [*titles, *book.table(districts, counts, book.role_heads(), "KECAMATAN")],
        )


def kecamatan_and_days(book: Book) -> None:
    """A sheet a kecamatan, with several days side by side."""
    rng, days = book.rng, book.days(book.rng.randint(2, 3))
    book.roles = rng.choice(["eu", "u", "er"])
    way = rng.randint(0, 4)
    for district in book.districts:
        villages = _distinct([str(one) for one in register().children(district)])
        counts = [[cell for day in days for cell in book.cells(book.draw(code, day))] for code in villages]
        table = book.table(villages, counts, [book.heads[one] for _ in days for one in book.roles], "DESA/KELURAHAN")
        lead = book.area_heads("DESA/KELURAHAN")
        width = len(book.roles)
        over: Row = [*lead, *(cell for day in days for cell in [book.tab(day, way), *[""] * (width - 1)])]
        under: Row = [*[""] * len(lead), *table[0][len(lead) :]]
        titles = book.titles(f"KECAMATAN {register().name(district).upper()}")
        top = len(titles)
        merges = (
            [(top, place, top, place + width - 1) for place in range(len(lead), len(lead) + width * len(days), width)]
            if width > 1
            else []
        )
        book.put(book.cased(register().name(district))[:31], [*titles, over, under, *table[1:]], merges)


def sheets_of_semesters(book: Book) -> None:
    """A sheet a semester, which names its last day."""
    rng, year = book.rng, book.rng.randint(2019, 2024)
    days = [date(year, 6, 30), date(year, 12, 31), date(year + 1, 6, 30)][: rng.randint(2, 3)]
    for day in days:
        half = 1 if day.month == 6 else 2
        name = [f"SEMESTER {half} {day.year}", f"DKB SMT {'I' * half} {day.year}", f"Semester {'I' * half} Tahun {day.year}"][
            book.rng.randint(0, 2)
        ]
        counts = [book.cells(book.draw(code, day)) for code in book.districts]
        book.put(name, [*book.titles(), *book.table(book.districts, counts, book.role_heads(), "KECAMATAN")])


def days_beside_of_desa(book: Book) -> None:
    """Days side by side for desa below their kecamatan, with a share of each day and what became less at the end."""
    rng, days = book.rng, book.days(book.rng.randint(2, 4))
    book.text, book.coded = True, False
    book.roles = rng.choice(["er", "eu", "eru"])
    share, less, totals = rng.random() < 0.5, rng.random() < 0.5, rng.random() < 0.5
    heads = [*(["NO"] if book.numbered else []), "KECAMATAN", "DESA/KELURAHAN"]
    width = len(book.roles) + share
    rows: list[Row] = [
        [*heads, *(cell for day in days for cell in [book.tab(day, 1), *[""] * (width - 1)]), *(["SELISIH"] if less else [])]
    ]
    rows.append(
        [
            *[""] * len(heads),
            *(cell for _ in days for cell in [*book.role_heads(), *(["%"] if share else [])]),
            *([""] if less else []),
        ]
    )
    every = [0] * (len(days) * len(book.roles))
    number = 0
    for district in rng.sample(book.districts, 3):
        sums = [0] * (len(days) * len(book.roles))
        for village in _distinct([str(one) for one in register().children(district)]):
            number += 1
            row: Row = [
                *([number] if book.numbered else []),
                book.cased(register().name(district)),
                book.cased(register().name(village)),
            ]
            plain: list[int] = []
            drawn = [book.draw(village, day) for day in days]
            for one in drawn:
                row += [*book.cells(one), *([f"{100 * one[1] / one[0]:.2f}".replace(".", ",")] if share else [])]
                plain += book.cells(one)
            rows.append([*row, *([drawn[0][2] - drawn[-1][2]] if less else [])])
            sums = [a + b for a, b in zip(sums, plain, strict=True)]
        every = [a + b for a, b in zip(every, sums, strict=True)]
        if totals:
            rows.append(_total_row(book, heads, sums, share, f"JUMLAH {register().name(district).upper()}"))
    rows.append(_total_row(book, heads, every, share, "TOTAL"))
    titles = book.titles()
    top, first = len(titles), len(heads)
    merges = [(top, place, top, place + width - 1) for place in range(first, first + width * len(days), width)]
    merges += [(top, place, top + 1, place) for place in range(first)]
    book.put("Sheet1", [*titles, *rows], merges if rng.random() < 0.7 else [])


def _total_row(book: Book, heads: list[str], sums: list[int], share: bool, label: str) -> Row:
    wide = len(book.roles)
    groups = [sums[start : start + wide] for start in range(0, len(sums), wide)]
    return [*[""] * (len(heads) - 1), label, *(cell for group in groups for cell in [*group, *([""] if share else [])])]


def recorded_of_months(book: Book) -> None:
    """Columns of months that say who was recorded in each: never those recorded so far."""
    rng, days = book.rng, book.months(book.rng.randint(3, 12))
    book.text, book.truth = True, None
    counts = [[rng.randint(5, 90) for _ in days] for _ in book.districts]
    short = rng.choice([MONTHS, SHORT])
    title = rng.choice(["PEREKAMAN KTP-EL", "HASIL PEREKAMAN KTP-EL PER BULAN", "REKAP PEREKAMAN KTP ELEKTRONIK"])
    named = [book.cased(short[day.month - 1]) for day in days]
    titles: list[Row] = [[f"{title} TAHUN {days[0].year}"], [book.cased(register().name(book.regency))]]
    book.put("Sheet1", [*titles, *book.table(book.districts, counts, named, "KECAMATAN")])


def eligible_of_another_day(book: Book) -> None:
    """The eligible of one day beside the recorded and the rest of another: figures of one table."""
    rng, days = book.rng, book.days(2)
    book.roles, book.open, book.text = "eru", True, True
    counts = [book.cells(book.draw(code, days[1])) for code in book.districts]
    said = [f"{days[place].day} {MONTHS[days[place].month - 1]} {days[place].year}" for place in (0, 1, 1)]
    heads = [f"{head} {day}" for head, day in zip(book.role_heads(), said, strict=True)]
    if rng.random() < 0.5:
        heads[2] = book.heads["u"]
    book.put("Sheet1", [*book.titles(), *book.table(book.districts, counts, heads, "KECAMATAN")])


def sheets_that_are_not_filled_yet(book: Book) -> None:
    """A sheet a day, of which the last are not filled yet: without figures, or all of them 0."""
    rng, days, way = book.rng, book.days(book.rng.randint(3, 5)), book.rng.randint(0, 4)
    filled, zero = rng.randint(2, len(days) - 1), rng.random() < 0.5
    book.open = zero
    for number, day in enumerate(days):
        if number < filled:
            counts: list[list] = [book.cells(book.draw(code, day)) for code in book.districts]
            table = book.table(book.districts, counts, book.role_heads(), "KECAMATAN")
        else:
            total, book.total = book.total, book.total and zero
            table = book.table(
                book.districts, [[0 if zero else ""] * len(book.roles) for _ in book.districts], book.role_heads(), "KECAMATAN"
            )
            book.total = total
        book.put(book.tab(day, way), [*book.titles(), *table])


def days_beside_that_are_not_filled_yet(book: Book) -> None:
    """Days side by side, the last of them without a figure yet."""
    rng, days, way = book.rng, book.days(book.rng.randint(3, 5)), book.rng.randint(0, 4)
    book.text, book.roles, book.total = True, rng.choice(["u", "eu", "er"]), False
    filled = rng.randint(2, len(days) - 1)
    counts: list[list] = []
    for code in book.districts:
        drawn = [book.cells(book.draw(code, day)) if n < filled else [""] * len(book.roles) for n, day in enumerate(days)]
        counts.append([cell for one in drawn for cell in one])
    heads = [f"{book.heads[one]} {book.tab(day, way)}" for day in days for one in book.roles]
    book.put("Sheet1", [*book.titles(), *book.table(book.districts, counts, heads, "KECAMATAN")])


def an_area_that_is_not_on_every_day(book: Book) -> None:
    """A sheet a day, one of which lacks areas."""
    days, way = book.days(book.rng.randint(2, 4)), book.rng.randint(0, 4)
    lacking = book.rng.randrange(len(days))
    for number, day in enumerate(days):
        codes = book.districts if number != lacking else book.rng.sample(book.districts, len(book.districts) - 1)
        counts = [book.cells(book.draw(code, day)) for code in codes]
        book.put(book.tab(day, way), [*book.titles(), *book.table(codes, counts, book.role_heads(), "KECAMATAN")])


Rule = Callable[[Book], None]
RULES: tuple[Rule, ...] = (
    sheets_of_days,
    sheets_of_months,
    sheets_of_months_that_say_their_day,
    a_title_that_was_not_altered,
    one_day_twice,
    a_broken_day,
    sheets_of_kecamatan,
    sheets_of_kecamatan_with_a_recap,
    a_recap_that_is_off,
    a_broken_kecamatan,
    a_kecamatan_of_another_name,
    days_beside,
    months_beside,
    sheets_of_men_and_women,
    men_above_women,
    men_beside_women,
    one_list_in_two_columns,
    another_table_on_the_sheet,
    rows_of_days,
    rows_of_months,
    a_recap_of_days,
    sheets_of_regencies,
    kecamatan_and_days,
    sheets_of_semesters,
    days_beside_of_desa,
    recorded_of_months,
    eligible_of_another_day,
    sheets_that_are_not_filled_yet,
    days_beside_that_are_not_filled_yet,
    an_area_that_is_not_on_every_day,
)


def make(seed: int, rules: tuple[Rule, ...] = RULES) -> Several:
    """The file of a seed, the rules in turn."""
    rng = random.Random(seed)
    rule = rules[seed % len(rules)]
    book = Book(rng)
    rule(book)
    return book.file(rule.__name__)
