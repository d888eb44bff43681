"""Tables that are handed out: the empty one to fill in, derived from the contract, and refused rows with their faults."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

import xlsxwriter

from ektp_analysis.core import contract
from ektp_analysis.core.contract import Column
from ektp_analysis.core.errors import Fault
from ektp_analysis.core.text import T, render
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.columns.table import table_of
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.reading import book_of
from ektp_analysis.ingest.report import ImportReport

NO_WORDS: Mapping[str, Sequence[str]] = MappingProxyType({})
LAST_CHOSEN = 2000  # row down to which a cell offers its words


def header(lang: str = "id", columns: Sequence[Column] = contract.COLUMNS) -> list[str]:
    """The header words of the template: in Indonesian as offices write them, in English the contract's own names."""
    return [column.name if lang == "en" or len(column.headers) < 2 else column.headers[1] for column in columns]


def csv_bytes(columns: Sequence[Column] = contract.COLUMNS) -> bytes:
    """One header row; UTF-8 with BOM and semicolons, so that Excel with Indonesian settings opens it in columns."""
    return ("\ufeff" + ";".join(header(columns=columns)) + "\r\n").encode()


def xlsx_bytes(columns: Sequence[Column] = contract.COLUMNS, words: Mapping[str, Sequence[str]] = NO_WORDS) -> bytes:
    """A sheet to fill in, with codes and percentages as text, and a sheet that explains each column in both languages.

    ``words``: name of a column -> what may be chosen in its cells.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        day, whole = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0"})
        sheet = book.add_worksheet("Data")
        formats = {"date": day, "count": whole}
        heads = header(columns=columns)
        for position, (word, column) in enumerate(zip(heads, columns, strict=True)):
            sheet.set_column(position, position, 18, formats.get(column.kind, text))
            sheet.write_string(0, position, word, bold)
            if column.name in words:
                chosen = {"validate": "list", "source": list(words[column.name]), "error_type": "warning"}
                sheet.data_validation(1, position, LAST_CHOSEN, position, chosen)
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet("Keterangan")
        about.set_column(0, 3, 60)
        for position, word in enumerate(("Kolom", "Keterangan", "Column", "About")):
            about.write_string(0, position, word, bold)
        for number, (word, column) in enumerate(zip(heads, columns, strict=True), start=1):
            for position, cell in enumerate((word, render(column.about, "id"), column.name, render(column.about, "en"))):
                about.write_string(number, position, cell)
    return out.getvalue()


ByRow = Mapping[int, Sequence[Fault]]
FAULT, MEND = T("Fault"), T("Mend")
MOST_LETTERS, MOST_IN_CELL = 31, 32_000  # that Excel takes: of a sheet's name, and somewhat fewer than of a cell


def workbook(data: bytes, report: ImportReport, lang: str = "id") -> bytes:
    """XLSX with what stands above the first data row, and the refused rows. Texts are written as text, whatever they begin with.

    ``data`` are the bytes that the report is about.

    Raises:
        RefusedError: the bytes cannot be opened.
    """
    faults = _by_row(report)
    sheets = {one.name: one for one in book_of(data).sheets}
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        for name in faults or {report.sheet: {}}:
            _page(book, name, sheets.get(name), faults.get(name, {}), _header_of(report, sheets.get(name)), lang)
    return out.getvalue()


def _page(book: xlsxwriter.Workbook, name: str, sheet: Sheet | None, faults: ByRow, last: int, lang: str) -> None:
    """A sheet with what stands above its first data row, to the row ``last``, and its refused rows."""
    rows = sheet.rows if sheet is not None else []
    shown = [*rows[:last], *(rows[number - 1] for number in faults if number <= len(rows))]
    width = max(map(len, shown), default=0)
    page = book.add_worksheet((name or "Data")[:MOST_LETTERS].translate(_UNSAFE) or "Data")
    bold = book.add_format({"bold": True})
    for number, row in enumerate(rows[:last]):
        _write(page, number, row)
    for top, left, bottom, right in _merged_above(sheet, last):
        page.merge_range(top, left, bottom, right, str(rows[top][left]) if left < len(rows[top]) else "")
    page.write_string(last - 1, width, render(FAULT, lang), bold)
    page.write_string(last - 1, width + 1, render(MEND, lang), bold)
    for place, (number, said) in enumerate(sorted(faults.items()), start=last):
        _write(page, place, rows[number - 1] if number <= len(rows) else [])
        page.write_string(place, width, " ".join(render(one.fault, lang) for one in said))
        page.write_string(place, width + 1, " ".join(dict.fromkeys(render(one.mend, lang) for one in said)))


def _header_of(report: ImportReport, sheet: Sheet | None) -> int:
    """The last row of a sheet's header, counted from 1."""
    if report.parts and sheet is not None and (table := table_of(sheet)) is not None:
        return max(table.header_rows)
    return max(report.preview.header_rows if report.preview else (1,), default=1)


def _by_row(report: ImportReport) -> dict[str, dict[int, list[Fault]]]:
    """The faults of each refused row, by sheet."""
    made: dict[str, dict[int, list[Fault]]] = {}
    for fault in report.refused_rows:
        if fault.row is not None:
            made.setdefault(fault.sheet or report.sheet, {}).setdefault(fault.row, []).append(fault)
    return made


def _merged_above(sheet: Sheet | None, last: int) -> list[tuple[int, int, int, int]]:
    """The merged cells of the rows that stand above the data, as top, left, bottom, right."""
    merged = sheet.merged if sheet is not None else ()
    return [one for one in merged if one[2] < last and (one[2] > one[0] or one[3] > one[1])]


_UNSAFE: Mapping[int, str] = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _write(page: xlsxwriter.worksheet.Worksheet, number: int, row: object) -> None:
    for place, cell in enumerate(row if isinstance(row, (list, tuple)) else []):
        if not filled(cell):
            continue
        if isinstance(cell, datetime):
            page.write_datetime(number, place, cell)
        elif isinstance(cell, date):
            page.write_datetime(number, place, datetime(cell.year, cell.month, cell.day))
        elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
            page.write_number(number, place, cell)
        else:
            page.write_string(number, place, str(cell)[:MOST_IN_CELL])
