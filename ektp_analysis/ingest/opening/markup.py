"""Tables that programs write as markup and name .xls: HTML tables and XML spreadsheets of 2003; spans filled as merged cells.

What a page says outside of its tables (a heading, a day) stands above the table that follows it, as in a workbook. Markup
is read tag by tag: no entity of a document's own is expanded, nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ektp_analysis.core.text import T
from ektp_analysis.ingest.opening.containers import MAX_ROWS, Book, Sheet, incomplete, refuse, sound_text
from ektp_analysis.ingest.opening.package import MAX_CELLS, MAX_COLUMNS

MOST_LINES, MOST_DEPTH = 40, 20  # lines above a table; tables within tables, more of which no program writes
NAME_LETTERS, LINE_LETTERS, SHOWN_LETTERS = 60, 500, 300  # of a sheet's name, of a line as it is gathered, and as it is kept
STRAY_LETTERS = 40  # of a text that stands in no cell
MOST_SPAN = 5_000  # rows or columns of a merged cell, and places that an XML spreadsheet may pass over
_UNSEEN = ("script", "style", "xml", "comment", "documentproperties", "excelworkbook", "styles", "worksheetoptions")
_LINES = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "title", "caption", "li", "br", "center", "table", "b", "tr", "hr")
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00:00(?:\.0+)?")
_TELLING = re.compile(r"[\d<>]")  # of a text in no cell: a number, or what is left of a tag
_NOTHING = ("",)
_Attributes = list[tuple[str, str | None]]


@dataclass
class _Frame:
    """A table while it is read: ``lines`` stand above it."""

    name: str = ""
    lines: list[str] = field(default_factory=list)
    rows: list[list[object]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    pending: dict[tuple[int, int], str] = field(default_factory=dict)
    text: list[str] | None = None
    number: bool = False
    span: tuple[int, int] = field(init=False)  # of the cell whose text is read: rows and columns
    stray: tuple[int, str] | None = (
        None  # the first text with numbers or marks of tags that stands in no cell: below how many rows, and what
    )


class _Tables(HTMLParser):
    """Collects every table, also one that stands in a cell of another."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[_Frame] = []
        self.tables: list[_Frame] = []
        self.lines: list[str] = [""]
        self.cells = self.unseen = 0
        self.name = ""

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag in _BEGINS and (self.open or tag not in _WITHIN):
            _BEGINS[tag](self, attrs)
        if tag in _LINES and (not self.open or self.open[-1].text is None):
            self.lines.append("")

    def handle_startendtag(self, tag: str, attrs: _Attributes) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if self.open and tag in ("td", "th", "tr", "table", "cell", "row"):
            self._close()
        if tag == "table" and self.open:
            self.open.pop()
        if tag in _LINES:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        if self.open and self.open[-1].text is not None:
            self.open[-1].text.append(data)
            return
        if self.open and self.open[-1].rows and self.open[-1].stray is None and _TELLING.search(data):
            self.open[-1].stray = len(self.open[-1].rows), data.strip()[:STRAY_LETTERS]
        if data.strip() and len(self.lines[-1]) < LINE_LETTERS:
            self.lines[-1] += data

    def _begin_worksheet(self, attrs: _Attributes) -> None:
        self.name = next((value or "" for name, value in attrs if name in ("ss:name", "name")), "")[:NAME_LETTERS]

    def _begin_table(self, _: _Attributes) -> None:
        if len(self.open) >= MOST_DEPTH:
            raise refuse(T("The web page holds no table."))
        around = [*self.open[-1].lines, *_said(self.open[-1])] if self.open else []
        lines = [line for line in (*around, *self.lines) if line.strip()]
        self.open.append(_Frame(self.name, lines[-MOST_LINES:]))
        self.tables.append(self.open[-1])
        self.lines = [""]

    def _begin_row(self, attrs: _Attributes) -> None:
        self._close()
        rows = self.open[-1].rows
        at = _number(dict(attrs).get("ss:index"))
        while len(rows) + 1 < at <= MAX_ROWS:
            rows.append([])
        rows.append([])
        if len(rows) > MAX_ROWS:
            raise refuse(T("The file has more than {limit} rows.", limit=MAX_ROWS))

    def _begin_cell(self, attrs: _Attributes) -> None:
        """A cell of a web page."""
        self._close()
        given = dict(attrs)
        self.open[-1].span = (max(1, _number(given.get("rowspan"))), max(1, _number(given.get("colspan"))))
        self.open[-1].text, self.open[-1].number = [], False

    def _begin_xml_cell(self, attrs: _Attributes) -> None:
        """A cell of an XML spreadsheet, which says its column where others before it are left out."""
        self._close()
        frame, given = self.open[-1], dict(attrs)
        frame.span = (1 + _number(given.get("ss:mergedown")), 1 + _number(given.get("ss:mergeacross")))
        if frame.rows:
            frame.rows[-1].extend(_NOTHING * (_number(given.get("ss:index")) - 1 - len(frame.rows[-1])))
        frame.text, frame.number = [], False

    def _begin_data(self, attrs: _Attributes) -> None:
        self.open[-1].number = ("ss:type", "Number") in attrs

    def _break_line(self, _: _Attributes) -> None:
        if self.open[-1].text is not None:
            self.open[-1].text.append(" ")

    def _close(self) -> None:
        frame = self.open[-1]
        if frame.text is None:
            return
        if not frame.rows:
            frame.rows.append([])
        row, top = frame.rows[-1], len(frame.rows) - 1
        while (top, len(row)) in frame.pending:
            row.append(frame.pending.pop((top, len(row))))
        left, (down, across) = len(row), frame.span
        text = " ".join("".join(frame.text).split())
        row.append(_value(text, frame.number))
        row.extend(_NOTHING * (across - 1))
        self.cells += down * across
        if len(row) > MAX_COLUMNS or self.cells > MAX_CELLS:
            raise refuse(T("A row has {n} columns; at most {limit} are read.", n=len(row), limit=MAX_COLUMNS))
        for below in range(1, down):
            for place in range(left, left + across):
                frame.pending[top + below, place] = ""
        if down > 1 or across > 1:
            frame.merged.append((top, left, top + down - 1, left + across - 1))
        frame.text = None


_BEGINS: dict[str, Callable[[_Tables, _Attributes], None]] = {
    "worksheet": _Tables._begin_worksheet,
    "table": _Tables._begin_table,
    "tr": _Tables._begin_row,
    "row": _Tables._begin_row,
    "td": _Tables._begin_cell,
    "th": _Tables._begin_cell,
    "cell": _Tables._begin_xml_cell,
    "data": _Tables._begin_data,
    "ss:data": _Tables._begin_data,
    "br": _Tables._break_line,
}
_WITHIN = _BEGINS.keys() - {"worksheet", "table"}  # tags that mean something only in a table


def _said(frame: _Frame) -> list[str]:
    """What the table around a table says so far: a page laid out by tables keeps its title in another cell."""
    return [*(str(cell) for row in frame.rows for cell in row), "".join(frame.text or ())]


def _value(text: str, number: bool) -> object:
    """A cell of an XML spreadsheet says itself that it is a number; what stands in a web page is text."""
    if number:
        try:
            return float(text)
        except ValueError:
            return text
    stamp = _STAMP.fullmatch(text)
    return stamp.group(1) if stamp else text


def _number(text: str | None) -> int:
    return min(int(text), MOST_SPAN) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _above(frame: _Frame) -> list[list[object]]:
    """The lines above a table and an empty row, as rows."""
    above: list[list[object]] = [[line] for line in (" ".join(line.split())[:SHOWN_LETTERS] for line in frame.lines) if line]
    return [*above, [""]] if above else []


def _sheet(frame: _Frame, name: str) -> Sheet:
    """The lines above a table, an empty row, the table."""
    above = _above(frame)
    down = len(above)
    merged = tuple((top + down, left, bottom + down, right) for top, left, bottom, right in frame.merged)
    return Sheet(name, [*above, *frame.rows], merged=merged)


def read_html(data: bytes) -> Book:
    """Every table of a markup text as a sheet, the largest first; XML spreadsheets in their own order, with their names.

    Raises:
        RefusedError: no table in it.
    """
    reader = _Tables()
    reader.feed(sound_text(data))
    reader.close()
    found = [frame for frame in reader.tables if any(any(row) for row in frame.rows)]
    if reader.open and found:
        raise incomplete(T("The markup ends inside a table."), max(0, len(reader.open[-1].rows) - 1))
    if not any(frame.name for frame in found):
        found.sort(key=lambda frame: -len(frame.rows))
    sheets = tuple(_sheet(frame, frame.name or ("" if not number else f"{number + 1}")) for number, frame in enumerate(found))
    if not sheets:
        raise refuse(T("The web page holds no table."))
    stray = next(((len(_above(frame)) + frame.stray[0], frame.stray[1]) for frame in found if frame.stray is not None), None)
    return Book("html", sheets, stray=stray)
