"""Tables that programs write as HTML and name .xls: the largest table becomes the sheet, spans filled as merged cells."""

from __future__ import annotations

from html.parser import HTMLParser

from ektp_analysis.ingest.containers import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Book, Sheet, decode, refuse
from ektp_analysis.text import T


class _Tables(HTMLParser):
    """Collects each table that stands outside of others, cell by cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.merged: list[list[tuple[int, int, int, int]]] = []
        self.depth = self.cells = 0
        self.text: list[str] | None = None
        self.span = (1, 1)
        self.pending: dict[tuple[int, int], str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append([])
                self.merged.append([])
                self.pending = {}
        elif tag == "tr" and self.depth == 1:
            self._close()
            self.tables[-1].append([])
            if len(self.tables[-1]) > MAX_ROWS:
                raise refuse(T("The file has more than {limit} rows.", limit=MAX_ROWS))
        elif tag in ("td", "th") and self.depth == 1:
            self._close()
            given = dict(attrs)
            self.span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self.text = []
        elif tag == "br" and self.text is not None:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table") and self.depth == 1:
            self._close()
        if tag == "table" and self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _close(self) -> None:
        if self.text is None:
            return
        if not self.tables[-1]:
            self.tables[-1].append([])
        rows = self.tables[-1]
        row, top = rows[-1], len(rows) - 1
        while (top, len(row)) in self.pending:
            row.append(self.pending.pop((top, len(row))))
        left, (down, across) = len(row), self.span
        row.append(" ".join("".join(self.text).split()))
        row.extend([""] * (across - 1))
        for below in range(1, down):
            for place in range(left, left + across):
                self.pending[top + below, place] = ""
        if down > 1 or across > 1:
            self.merged[-1].append((top, left, top + down - 1, left + across - 1))
        self.cells += down * across
        if len(row) > MAX_COLUMNS or self.cells > MAX_CELLS:
            raise refuse(T("A row has {n} columns; at most {limit} are read.", n=len(row), limit=MAX_COLUMNS))
        self.text = None


def _span(text: str | None) -> int:
    return max(1, min(int(text), 5000)) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1


def read_html(data: bytes) -> Book:
    """Every table of an HTML text as a sheet, the largest first.

    Raises:
        RefusedError: no table in it.
    """
    reader = _Tables()
    reader.feed(decode(data))
    reader.close()
    found = sorted(zip(reader.tables, reader.merged, strict=True), key=lambda one: -len(one[0]))
    sheets = tuple(
        Sheet("" if number == 0 else f"{number + 1}", rows, merged=tuple(merged))
        for number, (rows, merged) in enumerate(found)
        if rows
    )
    if not sheets:
        raise refuse(T("The web page holds no table."))
    return Book("html", sheets)
