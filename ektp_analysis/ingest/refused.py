"""The refused rows as a workbook: the file's own columns, fault and mend beside each row; correct it and upload it as it is."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime

import xlsxwriter

from ektp_analysis.i18n import render
from ektp_analysis.ingest.reading import book_of
from ektp_analysis.ingest.report import ImportReport
from ektp_analysis.ingest.rowkinds import filled
from ektp_analysis.text import T, Text

FAULT, MEND = T("Fault"), T("Mend")


def workbook(data: bytes, report: ImportReport, lang: str = "id") -> bytes:
    """XLSX with what stands above the first data row, and the refused rows. Texts are written as text, whatever they begin with.

    ``data`` are the bytes that the report is about.

    Raises:
        RefusedError: the bytes cannot be opened.
    """
    sheet = next((one for one in book_of(data).sheets if one.name == report.sheet), None)
    rows = sheet.rows if sheet is not None else []
    merged = sheet.merged if sheet is not None else ()
    header_rows = report.preview.header_rows if report.preview else (1,)
    wanted: dict[int, list[tuple[Text, Text]]] = {}
    for fault in report.refused_rows:
        if fault.row is not None:
            wanted.setdefault(fault.row, []).append((fault.fault, fault.mend))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        page, bold = (
            book.add_worksheet((report.sheet or "Data")[:31].translate(_UNSAFE) or "Data"),
            book.add_format({"bold": True}),
        )
        last = max(header_rows, default=1)
        width = max((len(row) for row in rows[:last]), default=0)
        width = max([width, *(len(rows[number - 1]) for number in wanted if number <= len(rows))], default=width)
        for number, row in enumerate(rows[:last]):
            _write(page, number, row)
        for top, left, bottom, right in merged:
            if bottom < last and (bottom > top or right > left):
                page.merge_range(top, left, bottom, right, str(rows[top][left]) if left < len(rows[top]) else "")
        page.write_string(last - 1, width, render(FAULT, lang), bold)
        page.write_string(last - 1, width + 1, render(MEND, lang), bold)
        for place, (number, faults) in enumerate(sorted(wanted.items()), start=last):
            _write(page, place, rows[number - 1] if number <= len(rows) else [])
            page.write_string(place, width, " ".join(render(fault, lang) for fault, _ in faults))
            page.write_string(place, width + 1, " ".join(dict.fromkeys(render(mend, lang) for _, mend in faults)))
    return out.getvalue()


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
            page.write_string(number, place, str(cell)[:32_000])
