"""Lists of persons are refused as such, even without a personal number: a column of names beside birth dates or addresses."""

from __future__ import annotations

from collections.abc import Sequence

from ektp_analysis.ingest import words
from ektp_analysis.ingest.containers import Book, Sheet
from ektp_analysis.text import T, Text

LOOK = 60  # rows among which the header of a list stands
_HEADER = range(3, 60)  # letters of a header cell; a longer one is a sentence


def in_book(book: Book) -> Text | None:
    """The sheet and row whose header is that of a list of persons, or None."""
    for sheet in book.sheets:
        row = _in_sheet(sheet)
        if row is not None:
            if not sheet.name:
                return T("row {row}", row=str(row + 1))
            return T("sheet {sheet}, row {row}", sheet=sheet.name[:60], row=str(row + 1))
    return None


def _in_sheet(sheet: Sheet) -> int | None:
    for number, row in enumerate(sheet.rows[:LOOK]):
        if _is_header_of_persons(row) or (
            number + 1 < len(sheet.rows) and _is_header_of_persons([*row, *sheet.rows[number + 1]])
        ):
            return number
    return None


def _is_header_of_persons(row: Sequence[object]) -> bool:
    texts = [words.tidy(cell) for cell in row if isinstance(cell, str) and len(cell) in _HEADER]
    return any(words.PERSON.fullmatch(text) for text in texts) and any(words.PERSON_BESIDE.fullmatch(text) for text in texts)
