"""Pages of figures with one trap each, in the habits of offices; made apart from the code that reads them.

A page is a table of truth (areas with eligible, recorded, unrecorded) and how it is written. No list of words of the reader is
used here: what offices write stands here once more, from their files.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

from ektp_analysis.core.area import NATION, register
from tests.layouts.generate import MONTHS

ELIGIBLE = ("WAJIB KTP", "WKTP", "Wajib KTP-el", "JML WAJIB KTP", "PENDUDUK WAJIB KTP", "WAJIB E-KTP")
RECORDED = ("SUDAH REKAM", "PEREKAMAN", "SDH REKAM", "Telah Rekam", "SUDAH PEREKAMAN", "REKAM KTP-EL")
UNRECORDED = ("BELUM REKAM", "BLM REKAM", "Belum Perekaman", "SISA BELUM REKAM", "BELUM MELAKUKAN PEREKAMAN")
BESIDE = ("KET", "AKTA KELAHIRAN", "MEMILIKI KIA", "JUMLAH KK", "PRR", "JUMLAH PENDUDUK")
TITLES = ("REKAPITULASI PEREKAMAN KTP-EL", "DATA PEREKAMAN KTP ELEKTRONIK", "LAPORAN PEREKAMAN e-KTP", "PROGRES REKAM KTP-EL")
Truth = dict[str, tuple[int | None, int | None, int | None]]


@dataclass(frozen=True)
class Trapped:
    """A file with a trap. ``truth``: what it says, None where no reading is right; ``quote``: a cell that a refusal repeats;
    ``printed``: the cards printed of each area, as far as the file says them."""

    data: bytes
    name: str
    truth: Truth | None
    day: date
    layout: str
    quote: str = ""
    printed: Mapping[str, int] = field(default_factory=dict)


class Page:
    """A table in the making. ``area``: (header, cells) of the columns of areas, ``cols`` of those of figures; ``extra``: rows
    beside the areas, as (place, text of the area, figures), place -1 being below them all."""

    def __init__(self, rng: random.Random, *, level: str = "", roles: str = "", neutral: bool = False) -> None:
        self.rng = rng
        self.level = level or rng.choice(["kecamatan", "kecamatan", "kabupaten", "desa"])
        self.parent, self.codes = self._codes()
        self.names = [register().name(code) for code in self.codes]
        self.counts = [self._count() for _ in self.codes]
        self.day = date(rng.randint(2019, 2025), rng.randint(1, 12), rng.randint(1, 28))
        self.roles = roles or rng.choice(["eru", "eru", "eru", "er", "eu"])
        self.coded = rng.random() < 0.3
        self.upper = rng.random() < 0.6
        self.area = self._area_columns()
        self.heads = {"e": rng.choice(ELIGIBLE), "r": rng.choice(RECORDED), "u": rng.choice(UNRECORDED)}
        self.cols = [[(self.heads[role],), self.of(role)] for role in self.roles]
        self.titles = [] if neutral else [rng.choice(TITLES)]
        self.where = rng.random() < 0.8 or (not self.coded and self.level == "desa")
        self.extra: list[tuple[int, object, list]] = []
        self.notes: list[list] = []
        self.sheet, self.file, self.quote, self.total = "Sheet1", "rekap", "", rng.random() < 0.4
        self.kind = rng.choice(["xlsx", "xlsx", "csv", "csv", "html"])
        self.style = rng.choice(["number", "number", "dot", "comma"])
        self.truth: Truth | None = self.said()
        self.printed: dict[str, int] = {}

    def _codes(self) -> tuple[str, list[str]]:
        rng, reg = self.rng, register()
        while True:
            province = rng.choice(reg.children(NATION))
            if self.level == "kabupaten":
                found = reg.children(province)
                if 4 <= len(found) <= 30:
                    return str(province), [str(one) for one in found]
                continue
            regency = rng.choice(reg.children(province))
            districts = reg.children(regency)
            if not 4 <= len(districts) <= 25:
                continue
            if self.level == "kecamatan":
                return str(regency), [str(one) for one in districts]
            some = rng.sample(list(districts), 3)
            return str(regency), [str(one) for kec in sorted(some, key=str) for one in reg.children(kec)][:60]

    def _count(self) -> tuple[int, int, int]:
        rng = self.rng
        eligible = rng.randint(900, 9000) if self.level == "desa" else rng.randint(5000, 90000)
        unrecorded = rng.randint(1, eligible // 9)
        return eligible, eligible - unrecorded, unrecorded

    def cased(self, text: str) -> str:
        return text.upper() if self.upper else text

    def _area_columns(self) -> list[list]:
        own = {"kabupaten": "KABUPATEN/KOTA", "kecamatan": "KECAMATAN", "desa": "DESA/KELURAHAN"}[self.level]
        made = [[own, [self.cased(name) for name in self.names]]]
        if self.level == "desa":
            made.insert(0, ["KECAMATAN", [self.cased(register().name(code[:8])) for code in self.codes]])
        if self.coded:
            made.insert(0, [self.rng.choice(["KODE", "KODE WILAYAH", "Kode"]), list(self.codes)])
        if self.rng.random() < 0.5:
            made.insert(0, ["NO", list(range(1, len(self.codes) + 1))])
        return made

    def with_codes(self) -> None:
        """Write the codes of the areas in a column of their own."""
        self.coded = True
        self.area = self._area_columns()

    def of(self, role: str) -> list[int]:
        """The truth of a role, in the order of the areas."""
        return [count["eru".index(role)] for count in self.counts]

    def said(self) -> Truth:
        """The truth as far as the roles on the page give it."""
        return {
            code: tuple(count["eru".index(role)] if role in self.roles else None for role in "eru")  # type: ignore[misc]
            for code, count in zip(self.codes, self.counts, strict=True)
        }

    def with_cards(self, place: int, head: tuple[str, ...], cards: list[int], *, all_so_far: bool = True) -> None:
        """A column of cards among those of figures; of a while only, it says nothing of all that were printed."""
        self.cols.insert(place, [head, cards])
        self.printed = dict(zip(self.codes, cards, strict=True)) if all_so_far else {}

    def sums(self) -> list:
        """The sums of the columns of figures, '' where a cell is none."""
        return [sum(cells) if all(isinstance(cell, int) for cell in cells) else "" for _, cells in self.cols]

    def text(self, number: int) -> str:
        """A number as a text of the page's style."""
        return (
            f"{number:,}".replace(",", {"dot": ".", "comma": ","}.get(self.style, ".")) if self.style != "number" else str(number)
        )

    # Writing

    def _grid(self) -> tuple[list[list], int, int]:
        """The rows of the page, the number of the first header row, and the depth of the header."""
        rng, depth = self.rng, max(len(head) for head, _ in self.cols)
        titles = list(self.titles)
        if self.where:
            titles.append(
                self.cased(register().name(self.parent))
                if "." in self.parent
                else f"PROVINSI {register().name(self.parent).upper()}"
            )
        day = f"{self.day.day} {MONTHS[self.day.month - 1]} {self.day.year}"
        if rng.random() < 0.3:
            self.file += f" {day}"
        else:
            titles.append(
                rng.choice(
                    [
                        f"PER {day.upper()}",
                        f"Keadaan {day}",
                        f"Per tanggal {self.day.day:02d}-{self.day.month:02d}-{self.day.year}",
                    ]
                )
            )
        top: list[list] = [[text] for text in titles] + ([[]] if titles and rng.random() < 0.5 else [])
        lines = []
        for layer in range(depth):
            line, before = [head if layer == 0 else "" for head, _ in self.area], None
            for head, _ in self.cols:
                path = (*head,) if len(head) == depth else (*head, *[""] * (depth - len(head)))
                line.append("" if layer < depth - 1 and before == path[: layer + 1] and path[layer] else path[layer])
                before = path[: layer + 1]
            lines.append(line)
        columns = [cells for _, cells in self.area] + [cells for _, cells in self.cols]
        body = [list(row) for row in zip(*columns, strict=True)]
        named = next(place for place in range(len(self.area) - 1, -1, -1))
        extra = sorted(self.extra, key=lambda one: one[0] if one[0] >= 0 else 10**6, reverse=True)
        below = [self._extra(text, figures, named) for place, text, figures in self.extra if place < 0]
        for place, text, figures in extra:
            if place >= 0:
                body.insert(place, self._extra(text, figures, named))
        if self.total and not self.extra:
            below.append(self._extra(rng.choice(["JUMLAH", "TOTAL", "Jumlah"]), self.sums(), named))
        return [*top, *lines, *body, *below, *([[], *self.notes] if self.notes else [])], len(top), depth

    def _extra(self, text: object, figures: list, named: int) -> list:
        cells: list = [""] * len(self.area)
        if isinstance(text, dict):
            for header, cell in text.items():
                cells[[head for head, _ in self.area].index(header)] = cell
        else:
            cells[named] = text
        return [*cells, *figures]

    def _shown(self, cell: object) -> object:
        whole = isinstance(cell, int) and not isinstance(cell, bool)
        if whole and self.style != "number" and int(cell) >= 1000:  # type: ignore[call-overload]
            return self.text(int(cell))  # type: ignore[call-overload]
        return cell

    def file_of(self) -> Trapped:
        """The page as a file."""
        rows, first, depth = self._grid()
        plain = len(self.area)
        rows = [[cell if place < plain else self._shown(cell) for place, cell in enumerate(row)] for row in rows]
        data, suffix = {"xlsx": self._xlsx, "csv": self._csv, "html": self._html}[self.kind](rows, first, depth)
        layout = f"{self.kind} {self.level} {self.roles} {self.style} {'coded' if self.coded else 'named'} {len(rows)}x{plain}"
        return Trapped(data, f"{self.file}.{suffix}", self.truth, self.day, layout, self.quote, self.printed)

    def _csv(self, rows: list[list], _: int, __: int) -> tuple[bytes, str]:
        mark = ";" if self.style == "comma" else self.rng.choice([";", ",", "\t"])
        end = self.rng.choice(["\r\n", "\n"])
        width = max(map(len, rows))
        width = width if self.rng.random() < 0.5 else 0  # a spreadsheet pads its rows, a script does not
        lines = [mark.join(_field(cell, mark) for cell in [*row, *[""] * (width - len(row))]) for row in rows]
        return (end.join(lines) + end).encode("utf-8"), "csv"

    def _html(self, rows: list[list], _: int, __: int) -> tuple[bytes, str]:
        cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
        return f"<html><body><table>{cells}</table></body></html>".encode(), "xls"

    def _xlsx(self, rows: list[list], first: int, depth: int) -> tuple[bytes, str]:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
            page = book.add_worksheet(self.sheet[:31])
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(number, place, cell)  # type: ignore[arg-type]
                    elif isinstance(cell, str) and cell:
                        page.write_string(number, place, cell)
                    elif cell != "":
                        page.write(number, place, cell)
            for place in range(len(self.area)) if depth > 1 else ():
                page.merge_range(first, place, first + depth - 1, place, self.area[place][0])
        return out.getvalue(), "xlsx"


def _field(cell: object, mark: str) -> str:
    text = str(cell)
    return f'"{text}"' if mark in text or '"' in text else text


Trap = Callable[[Page], None]
