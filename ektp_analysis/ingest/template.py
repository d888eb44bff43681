"""The empty table to fill in, derived from the contract: data/template.csv and data/template.xlsx."""

from __future__ import annotations

import io

import xlsxwriter

from ektp_analysis import snapshot
from ektp_analysis.i18n import render


def header(lang: str = "id") -> list[str]:
    """The header words of the template: in Indonesian as offices write them, in English the contract's own names."""
    return [column.name if lang == "en" or len(column.headers) < 2 else column.headers[1] for column in snapshot.COLUMNS]


def csv_bytes() -> bytes:
    """One header row; UTF-8 with BOM and semicolons, so that Excel with Indonesian settings opens it in columns."""
    return ("\ufeff" + ";".join(header()) + "\r\n").encode()


def xlsx_bytes() -> bytes:
    """A sheet to fill in, with codes and percentages as text, and a sheet that explains each column in both languages."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        day, whole = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0"})
        sheet = book.add_worksheet("Data")
        formats = {"date": day, "count": whole}
        for position, (word, column) in enumerate(zip(header(), snapshot.COLUMNS, strict=True)):
            sheet.set_column(position, position, 18, formats.get(column.kind, text))
            sheet.write_string(0, position, word, bold)
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet("Keterangan")
        about.set_column(0, 3, 60)
        for position, word in enumerate(("Kolom", "Keterangan", "Column", "About")):
            about.write_string(0, position, word, bold)
        for number, (word, column) in enumerate(zip(header(), snapshot.COLUMNS, strict=True), start=1):
            for position, cell in enumerate((word, render(column.about, "id"), column.name, render(column.about, "en"))):
                about.write_string(number, position, cell)
    return out.getvalue()
