"""Cells of a workbook that hold an error (#REF!, #DIV/0!): the reader of cells gives them as empty, which they are not."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ektp_analysis.ingest import package
from ektp_analysis.ingest.containers import Book, Sheet

MOST_KEPT = 60_000_000  # bytes of a sheet that are kept until its cells are read; a larger one is searched at once
MOST_ADDED = 100_000  # rows down to which an error is written below the last cell
Places = Mapping[tuple[int, int], str]
_SHEET = re.compile(rb'<(?:x:)?sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship [^>]*>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_CODES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BOOLERR = re.compile(rb"\x05\x02\x08\x00(.{6})([\x00\x07\x0f\x17\x1d\x24\x2a])\x01", re.DOTALL)
_FORMULA = re.compile(rb"\x06\x00.\x00(.{6})\x02.([\x00\x07\x0f\x17\x1d\x24\x2a])...\xff\xff", re.DOTALL)


@dataclass
class Collected:
    """What the parts of an xlsx say of errors: part -> places, and which part is which sheet."""

    by_part: dict[str, Places] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    workbook: bytes = b""
    relations: bytes = b""

    def note(self, name: str, content: bytes) -> None:
        """Look at one part."""
        low = name.lower().lstrip("/")
        if low == "xl/workbook.xml":
            self.workbook = content
        elif low == "xl/_rels/workbook.xml.rels":
            self.relations = content
        elif low.startswith("xl/worksheets/") and low.endswith(".xml"):
            if len(content) <= MOST_KEPT:
                self.kept[low] = content
            elif places := package.errors(content):
                self.by_part[low] = places

    def by_sheet(self, sheets: Sequence[Sheet]) -> dict[int, Places]:
        """Position of a sheet among all sheets -> its errors. They are looked for only where a cell was given as empty."""
        targets: dict[bytes, str] = {}
        for tag in _RELATION.findall(self.relations):
            given = dict(_ATTRIBUTE.findall(tag))
            target = given.get(b"Target", b"").decode("utf-8", "replace").lower().lstrip("/")
            targets[given.get(b"Id", b"")] = target if target.startswith("xl/") else f"xl/{target}"
        found: dict[int, Places] = {}
        identities = [identity for _, identity in _SHEET.findall(self.workbook)]
        for number, identity in enumerate(identities):
            part = targets.get(identity, "")
            columns = sheets[number].columns if len(sheets) == len(identities) else None
            full = columns is not None and not any(column.gaps for column in columns)
            places = self.by_part.get(part) or ({} if full else package.errors(self.kept.get(part, b"")))
            if places:
                found[number] = places
        return found


def with_errors(book: Book, errors: Mapping[int, Places]) -> Book:
    """The book with its errors written into the cells that hold them."""
    if not errors:
        return book
    return replace(
        book,
        sheets=tuple(_written(sheet, errors[number]) if number in errors else sheet for number, sheet in enumerate(book.sheets)),
    )


def _written(sheet: Sheet, places: Places) -> Sheet:
    rows: list[Sequence[object]] = list(sheet.rows)
    for (row, column), error in places.items():
        while len(rows) <= row and len(rows) < MOST_ADDED:
            rows.append([])
        if row < len(rows) and column < package.MAX_COLUMNS:
            cells = list(rows[row])
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = error
            rows[row] = cells
    return replace(sheet, rows=rows)


def in_xls(data: bytes, sheets: Iterable[Sheet]) -> dict[int, Places]:
    """Errors of an old workbook. Its records do not say their sheet where they are found, so a place counts for every
    sheet whose cell there is empty."""
    places: dict[tuple[int, int], str] = {}
    for pattern in (_BOOLERR, _FORMULA):
        for match in pattern.finditer(data):
            row, column, _ = struct.unpack("<HHH", match.group(1))
            places[row, column] = _CODES[match.group(2)[0]]
    found: dict[int, Places] = {}
    for number, sheet in enumerate(sheets):
        mine = {
            (row, column): error
            for (row, column), error in places.items()
            if row < len(sheet.rows) and column < len(sheet.rows[row]) and sheet.rows[row][column] == ""
        }
        if mine:
            found[number] = mine
    return found
