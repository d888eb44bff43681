"""The bytes of a workbook or a text -> sheets of cells, cells with an error (#REF!, #DIV/0!) among them, within limits."""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import python_calamine as calamine

from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import rowkinds
from ektp_analysis.ingest.cells.column import Cells, columns_of
from ektp_analysis.ingest.opening import package
from ektp_analysis.ingest.opening.package import MAX_CELLS, MAX_COLUMNS
from ektp_analysis.ingest.opening.texts import as_list, decode, delimiter_of, ends_in_line, looks_like_text, odd_letter, wide

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
            if (cut := package.cut_off(content)) is not None:
                last, stated = cut
                raise incomplete(
                    T("A sheet says that it has {rows} rows but ends earlier.", rows=stated)
                    if stated
                    else T("A sheet breaks off."),
                    last,
                )
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


_DAMAGED = (calamine.CalamineError, ValueError, OSError, OverflowError, MemoryError)
_PANIC = (
    "PanicException"  # what the reader of workbooks gives up with on bytes that it did not expect; no Exception, and in no module
)
MAX_CSV, MAX_WORKBOOK = 200_000_000, 20_000_000  # bytes; those of a workbook are packed, about ten to one
MAX_ROWS, _ROWS_BESIDE = 1_500_000, 1_000  # every desa of the country on 18 days; titles and notes above and below them
_FIELD = 1_000_000  # letters of a field: a quote that is never closed swallows the rest of the text
_NAME = 60  # letters of a sheet's name that are repeated
_JSON = re.compile(rb'[\[{]\s*(?:[\[{]|"[^"]{0,200}"\s*[:,\]]|[\]}])')
_BLANK = b"\0 \r\n\t\xef\xbb\xbf"
_HEAD, _TELLING = 4_096, 3  # bytes that show what a text is; bytes of a signature that no text begins with
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: tuple[tuple[bytes, Text], ...] = (
    (b"\x89PNG", T("a picture (PNG)")),
    (b"\xff\xd8\xff", T("a picture (JPEG)")),
    (b"GIF8", T("a picture (GIF)")),
    (b"BM", T("a picture (BMP)")),
    (b"RIFF", T("a picture or sound (RIFF)")),
    (b"II*\0", T("a picture (TIFF)")),
    (b"MM\0*", T("a picture (TIFF)")),
    (b"%PDF", T("a PDF document")),
    (b"Rar!", T("an archive (RAR)")),
    (b"7z\xbc\xaf", T("an archive (7z)")),
    (b"\x1f\x8b", T("an archive (gzip)")),
    (b"BZh", T("an archive (bzip2)")),
    (b"\xfd7zXZ", T("an archive (xz)")),
    (b"{\\rtf", T("a text document (RTF)")),
    (b"MZ", T("a program")),
    (b"\x7fELF", T("a program")),
    (b"SQLite format 3", T("a database (SQLite)")),
    (b"PAR1", T("a Parquet file")),
    *((mark, T("a workbook of Excel before 1997")) for mark in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")),
)
NEEDED = T("Give the figures as XLSX, XLSM, XLSB, XLS, ODS, CSV or TSV.")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells from A1 on, '' where empty. ``merged``: (top, left, bottom, right), counted from 0."""

    name: str
    rows: Sequence[Sequence[object]]
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @cached_property
    def columns(self) -> Sequence[Cells] | None:
        """The cells column by column; None where rows differ in length."""
        return columns_of(self.rows)


_PAGES = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<style", b"<div")
_MARKUP = (b"<table", b"urn:schemas-microsoft-com:office:spreadsheet")  # the latter: an XML spreadsheet of 2003


@dataclass(frozen=True)
class Book:
    """What a file holds. ``kind``: csv, xlsx, xlsb, xls, ods or html; ``ends``: whether its last row is whole, as far
    as its end and its cells say it; ``cut``: whether a text has no end of line at its end, so that more may have followed;
    ``stray``: the row of a web page's table beside which text with numbers stands in no cell, and the text."""

    kind: str
    sheets: tuple[Sheet, ...]
    delimiter: str = ""
    ends: bool = True
    cut: bool = False
    stray: tuple[int, str] | None = None


def refuse(fault: Text, mend: Text = NEEDED) -> RefusedError:
    """The refusal of a whole file, as one sentence of fault and mend."""
    return RefusedError(T("{fault} {mend}", fault=fault, mend=mend))


def kind_of(data: bytes) -> str:
    """csv, xlsx, xlsb, ods, xls, or html.

    Raises:
        RefusedError: nothing in it, too large, or something that is no table, said by name.
    """
    if not data[:_HEAD].strip(_BLANK) and not data.strip(_BLANK):
        raise refuse(T("The file is empty."))
    _refuse_other(data)
    if data.startswith(b"PK"):
        found = package.kind_of(data)
    elif data.startswith(OLE):
        found = "xls"
    else:
        found = _kind_of_text(data)
    limit = MAX_CSV if found == "csv" else MAX_WORKBOOK
    if len(data) > limit:
        raise refuse(
            T("The file has {size} MB; at most {limit} MB are read.", size=len(data) // 1_000_000, limit=limit // 1_000_000),
            T("Split the file, for instance by date."),
        )
    return found


def _refuse_other(data: bytes) -> None:
    """Refuse what its first bytes show to be no table; a signature of two letters may also begin a text."""
    for signature, what in _SIGNATURES:
        if data.startswith(signature) and not (len(signature) < _TELLING and looks_like_text(data)):
            raise refuse(T("The file is {what}, not a table.", what=what))


def _kind_of_text(data: bytes) -> str:
    """csv or html.

    Raises:
        RefusedError: no text, or XML without a table.
    """
    if not looks_like_text(data):
        raise refuse(T("The file is neither text nor a workbook."))
    encoding = wide(data)
    start = data[: 2 * _HEAD].decode(encoding, "ignore").encode() if encoding else data[:_HEAD]
    head = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(_PAGES) or any(mark in head for mark in _MARKUP):
        return "html"
    if head[:1] in b"[{" and _JSON.match(head):
        raise refuse(T("The file is {what}, not a table.", what=T("a JSON document")))
    if head.startswith(b"<?xml"):
        raise refuse(T("The file is {what}, not a table.", what=T("an XML document")))
    return "csv"


def read_text(data: bytes) -> Book:
    """A delimited text as a book of one sheet without a name. Rows are counted as a spreadsheet would show them."""
    text = sound_text(data)
    listed = as_list(text)
    if listed is not None:
        return Book("csv", (Sheet("", listed),), ":", ends=ends_in_line(text), cut=not ends_in_line(text))
    mark = delimiter_of(text)
    csv.field_size_limit(_FIELD)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            if len(row) > MAX_COLUMNS:
                raise refuse(T("A row has {n} columns; at most {limit} are read.", n=len(row), limit=MAX_COLUMNS))
            rows.append(row)
            if len(rows) > MAX_ROWS + _ROWS_BESIDE:
                raise refuse(T("The file has more than {limit} rows.", limit=MAX_ROWS))
    except csv.Error as error:
        raise refuse(T("The text cannot be split into rows and columns.")) from error
    if rows and rows[0] and rows[0][0].lower().startswith("sep=") and len(rows[0]) <= 2:
        rows[0] = []
    if mark == "," and (torn := rowkinds.torn(rows)):
        raise refuse(
            T(
                "Row {row} has more cells than the header: '{cells}'. Its thousands are marked with commas, which "
                "also separate the cells.",
                row=str(torn),
                cells=",".join(rows[torn - 1])[:_NAME],
            ),
            T("Separate the cells with ; or write the numbers without thousands marks."),
        )
    ends = ends_in_line(text)
    if not ends and rowkinds.ends_inside(rows, open_quote=text.count('"') % 2 == 1):
        raise incomplete(
            T("The text ends inside row {row}: '{cells}'.", row=str(len(rows)), cells=_shown(rows[-1])), len(rows) - 1
        )
    return Book("csv", (Sheet("", rows),), mark, ends=ends or len(rows) < 2 or len(rows[-1]) >= len(rows[-2]), cut=not ends)


def sound_text(data: bytes) -> str:
    """The text of bytes.

    Raises:
        RefusedError: it holds what no text holds, so that bytes of it were overwritten or lost.
    """
    text = decode(data)
    line = odd_letter(data, text)
    if line:
        raise refuse(
            T("Line {line} of the text holds characters that do not belong in a text; the file is damaged.", line=str(line)),
            T("Export or copy it again."),
        )
    return text


def incomplete(fault: Text, last: int) -> RefusedError:
    """The refusal of a file that is not whole; ``last``: its last whole row."""
    return refuse(
        T("{fault} The file is incomplete; the last whole row is {last}.", fault=fault, last=str(last)),
        T("Export or copy it again, completely."),
    )


def under_password() -> RefusedError:
    """The refusal of what only its password opens."""
    return refuse(T("The workbook is protected by a password."), T("Save it without a password."))


def _shown(row: Sequence[str]) -> str:
    return " | ".join(cell for cell in row if cell.strip())[:_NAME]


def read_workbook(data: bytes, kind: str) -> Book:
    """Every sheet of a workbook with its cells, hidden sheets included.

    Raises:
        RefusedError: encrypted, damaged, or larger than is read.
    """
    try:
        try:
            sheets = _sheets(package.binary(data) if kind == "xlsb" else data)
        except calamine.CalamineError:
            if kind != "ods":
                raise
            sheets = _sheets(package.open_document(data))
    except calamine.PasswordError as error:
        raise under_password() from error
    except BaseException as error:
        if not isinstance(error, _DAMAGED) and type(error).__name__ != _PANIC:
            raise
        raise refuse(T("The workbook is damaged and cannot be read."), T("Open and save it anew, or export it again.")) from error
    return Book(kind, tuple(sheets))


def _sheets(data: bytes) -> list[Sheet]:
    with calamine.load_workbook(io.BytesIO(data)) as book:
        return [_sheet(book, meta) for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]


def _sheet(book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata) -> Sheet:
    found = book.get_sheet_by_name(meta.name)
    if found.total_height * found.total_width > MAX_CELLS:
        raise refuse(
            T(
                "The sheet {sheet} is {rows} rows by {columns} columns, more than can be read.",
                sheet=meta.name[:_NAME],
                rows=found.total_height,
                columns=found.total_width,
            ),
            T("Delete what lies beyond the table."),
        )
    merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in found.merged_cell_ranges or ())
    return Sheet(meta.name, found.to_python(skip_empty_area=False), meta.visible != calamine.SheetVisibleEnum.Visible, merged)
