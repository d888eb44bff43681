"""The project's own layout, written in each of its variants."""

import io
from datetime import date

import xlsxwriter

CODES = [f"75.05.{n:02d}" for n in range(1, 12)]
DAYS = (date(2023, 6, 14), date(2023, 6, 19), date(2023, 6, 20))
HEADER = ["kode", "tanggal", "wajib ktp", "sudah rekam", "belum rekam", "cakupan", "dasar", "status", "catatan"]


def rows():
    """33 rows with the three counts; each day's sums are known."""
    for number, day in enumerate(DAYS):
        for place, code in enumerate(CODES):
            eligible, unrecorded = 8_000 + 37 * place, 60 + place - 10 * number
            yield code, day, eligible, eligible - unrecorded, unrecorded, None, "DKB 2023-1", "reported", "Dinas é"


def totals(day):
    """eligible, recorded, unrecorded of a day."""
    return tuple(sum(row[i] for row in rows() if row[1] == day) for i in (2, 3, 4))


def as_csv(*, mark=";", encoding="cp1252", write_date=date.isoformat, write_count=str, end="\r\n"):
    """The rows as delimited text."""
    lines = [mark.join(HEADER)]
    lines += [mark.join([row[0], write_date(row[1]), *(write_count(n) for n in row[2:5]), "", *row[6:]]) for row in rows()]
    return (end.join(lines) + end).encode(encoding)


def as_xlsx(*, real_dates=True):
    """The rows as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(rows(), start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell) if real_dates else sheet.write_string(number, place, str(cell))
                elif cell is not None:
                    sheet.write(number, place, cell)
    return out.getvalue()


def one(**cells):
    """A file of one row, of the cells given by header."""
    base = {"kode": "75.05.03", "tanggal": "2023-06-20", "wajib ktp": "100", "sudah rekam": "90", "belum rekam": "10"}
    base.update({name.replace("_", " "): value for name, value in cells.items()})
    return (";".join(base) + "\n" + ";".join(base.values()) + "\n").encode()
