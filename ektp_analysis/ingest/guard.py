"""The search for personal numbers over a whole file: every cell of every sheet, and every text that no cell shows."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

import numpy as np

from ektp_analysis.ingest import package, privacy
from ektp_analysis.ingest.cells import Cells
from ektp_analysis.ingest.containers import Book, Sheet
from ektp_analysis.text import T, Text

_TAGS = re.compile(r"<[^>]*>")
_ELEMENTS = re.compile(r"<(?!/?(?:r|t|rPr|b|i|sz|color|rFont|family|text:span|text:s)\b)[^>]*>")
_COMMENT = re.compile(r"<!(?:--|\[CDATA\[)(.*?)(?:--|\]\])>", re.DOTALL)
_REFERENCE = re.compile(rb"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_VALUE = re.compile(rb"<(?:x:)?v>[^<]*</(?:x:)?v>")
_SMALL = 3_000_000  # bytes of a sheet that is also searched as a text; the cells of a larger one are searched as cells alone
_DIGITS, _SIXTEEN = bytes(48 if 48 <= code < 58 else code for code in range(256)), b"0" * 16
_OTHERS = bytes(code for code in range(256) if code not in b"0123456789<>")
_NOTHING = re.compile(rb"[0-9](?:[^<>0-9]{0,3}[0-9]){15}")


def in_book(book: Book) -> Text | None:
    """The place of the first personal number in the cells, or None."""
    for sheet in book.sheets:
        found = _in_sheet(sheet)
        if found is not None:
            row, column = found
            cell = f"{package.column_letters(column + 1)}{row + 1}"
            if not sheet.name:
                return T("cell {cell}", cell=cell)
            return T("sheet {sheet}, cell {cell}", sheet=sheet.name[:60], cell=cell)
    return None


def _in_sheet(sheet: Sheet) -> tuple[int, int] | None:
    if sheet.columns is None:
        clean = privacy.first(set(itertools.chain.from_iterable(sheet.rows))) is None
    else:
        clean = all(_is_clean(part) for column in sheet.columns for part in column.parts)
    if clean:
        return None
    for number, row in enumerate(sheet.rows):
        for position, cell in enumerate(row):
            kind = type(cell)
            if kind is str:
                if len(cell) >= privacy.SHORTEST and privacy.in_text(cell):  # type: ignore[arg-type]
                    return number, position
            elif (kind is float or kind is int) and cell > 1e15 and privacy.in_number(float(cell)):  # type: ignore[operator, arg-type]
                return number, position
    return None


def _is_clean(column: Cells) -> bool:
    if column.kinds == {float}:
        return privacy.first(np.unique(privacy.long_numbers(column.numbers)).tolist()) is None
    if column.kinds == {str}:
        return privacy.first([text for text in column.texts if len(text) >= privacy.SHORTEST]) is None
    return privacy.first(column.distinct) is None


def in_parts(parts: Iterator[tuple[str, bytes]]) -> Text | None:
    """The name of the first part of a container (comments, properties, names, drawings) that holds one, or None.

    The cells of large sheets are left to :func:`in_book`; what stands after the cells is searched here.
    """
    hit = None
    for name, content in parts:  # all parts are unpacked, for each is checked on the way
        if hit is None and _in_part(name, content):
            hit = T("the part {part} of the workbook", part=name.rpartition("/")[2][:60])
    return hit


def _in_part(name: str, content: bytes) -> bool:
    low = name.lower()
    if low.endswith((".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".ttf", ".bin")) and not low.startswith("xl/printer"):
        return low.endswith(".bin") and in_binary(content)
    if low.startswith("xl/worksheets/") and len(content) > _SMALL:
        content = content[content.rfind(b"</sheetData>") :]
    elif low.startswith("xl/worksheets/"):
        content = _VALUE.sub(b"", content)  # the cells are searched as cells
    plain = _REFERENCE.sub(b" ", content) if b"&" in content else content
    if _SIXTEEN not in plain.translate(_DIGITS, _OTHERS):  # no sixteen digits between two tags: the quick answer
        return False
    return bool(_NOTHING.search(plain)) and in_markup(content.decode("utf-8", "replace"))


def in_markup(text: str) -> bool:
    """Whether the texts or attributes of a markup hold a personal number. Tags are cut out, so a number that
    formatting splits is seen whole; fractions such as 0.9940371234567890 and coordinates are none."""
    attributes = [*re.findall(r'"([^"<>]{16,})"', text), *re.findall(r"'([^'<>]{16,})'", text), *_COMMENT.findall(text)]
    pieces = (_TAGS.sub("", piece) for piece in _ELEMENTS.split(text))
    return any(privacy.in_text(html.unescape(piece)) for piece in (*pieces, *attributes) if len(piece) >= privacy.SHORTEST)


def in_binary(content: bytes) -> bool:
    """Texts of a binary part, as 8-bit and as UTF-16."""
    return (
        privacy.in_text(content.decode("latin-1"))
        if _NOTHING.search(content)
        else (
            any(privacy.in_text(content[start:].decode("utf-16-le", "replace")) for start in (0, 1))
            if re.search(rb"(?:[0-9]\0){8}", content)
            else False
        )
    )
