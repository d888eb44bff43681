"""Personal numbers stay out: what a NIK is, in a text, in a number, and cut over neighbouring cells.

A NIK is 16 digits of any script, valid by lokal-id, also with marks between them, with letters for digits ('O' for 0),
its last one or two masked, or held as a float (which loses the last digit). Pieces are joined only where they are cut as people
cut one and make a likely one; a number of one digit more is one where a likely one stands in it, longer ones are none.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeGuard

import numpy as np

from ektp_analysis.core.private import nik
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Cells
from ektp_analysis.ingest.opening import package
from ektp_analysis.ingest.opening.containers import Book, Sheet

_SEP = r"[ .\-'’`\u00a0\u2000-\u200d\u202f\u2060\ufeff\u00ad\t]"
_RUN = re.compile(rf"(?<![0-9])(?<!(?<![0-9])0,)[0-9](?:{_SEP}{{0,3}}[0-9]){{15,}}+")
_WIDE_RUN = re.compile(r"[0-9](?:(?:[^\w<>]|_){0,3}[0-9]){15,}+")  # gives nothing back, which would cost memory for each digit
_SEPS, _GROUP = re.compile(_SEP), re.compile("[0-9]+")
_TOKEN = re.compile(r"(?:(?<![0-9])0[.,][0-9]+)|(?<![0-9])([0-9]{16})(?![0-9])")
_DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]{4,}")
_DATES = re.compile(r"(?:[0-9]{1,2}[-. ][0-9]{1,2}[-. ][0-9]{4}(?:[ -]+|$)){2}")
_EXPONENT = re.compile(r"([0-9])[.,]([0-9]{12,15})[eE]\+?15(?![0-9])")
_LIKE_DIGITS = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9]*[OoIl])(?=(?:[OoIl]*[0-9]){11})[0-9OoIl]{16}(?![0-9A-Za-z])"
)  # letters that look like digits
_AS_DIGITS = str.maketrans("OoIl", "0011")
_MASKED = re.compile(r"(?<![0-9])([0-9]{14,15})[xX*•#]{1,2}(?![0-9A-Za-z])")  # all but the last one or two
_ONE_MORE = re.compile(r"(?<![0-9])(?<![0-9][.,])[0-9]{17}(?![0-9]|[.,][0-9])")  # a digit typed too many, and no decimal
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_UNSEEN = re.compile(r"[\u0000-\u0008\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_EIGHT_DIGITS = 10_000_000  # a smaller number ends and begins none: it is a count
_EIGHT = 8  # digits of a code and of a day: what a number before its month ends with
SHORTEST = 16  # letters of a text that may hold a NIK
_LOW, _TOO_LONG = 1.1e15, 1e17  # the first province is 11; eighteen digits
_DISTRICTS, _CITIES, _SUBDISTRICTS = (
    range(1, 31),
    range(71, 80),
    range(1, 61),
)  # numbers of kabupaten, kota, kecamatan, old ones too
_SERIALS = "0"  # first digit of a serial: a thousand persons born on one day in one kecamatan are not to be expected
_SERIAL = 12  # where its last four digits begin
_CUTS = {2, 4, 6, 8, 10, _SERIAL, SHORTEST}  # places at which a NIK means something: codes, day, month, year, serial, its end
_PATTERNS = {(6, 10), (8, 8), (10, 6), (2, 4, 10), (2, 2, 2, 10), (6, 2, 8), (1, 3, 3, 3, 3, 3), (2,) * 8}
_BOXES, _MOST_BELOW = re.compile(r"(?<!x)x{16}(?!x)"), 6  # a form with a box for each digit; rows over which one is cut
ENDS_ALIKE = 0.4  # of the numbers in a column: all of them are ends in a list, half in one that is cut over rows
_WHOLE = {(6, 9): 10, (8, 7): 8, (12, 3): 4, (12, 2): 4, (12, 1): 4}  # digits before a piece and of it -> what it had
_MARKS, _WITHIN = " \t\u00a0'’`.,-/:", " \u00a0'’`-/"  # around the digits of a piece, and between them
_MAYBE = re.compile(
    r"^(?![0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[12])(?:[^\w\n]*\d){4,16}[^\w\n]*$", re.MULTILINE
)  # and no village's code
_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{2})+(?:\.[0-9]{4})?")


def plain(text: str) -> str:
    """The text with the digits of every script as 0 to 9, and without what is not seen."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNSEEN.sub("", text)
    return text if text.isascii() else _OTHER_DIGIT.sub(_ascii_digit, unicodedata.normalize("NFKC", text))


def _ascii_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found.group(0), 0))


def in_text(text: str) -> bool:
    """Whether a text holds a NIK."""
    if len(text) < SHORTEST:
        return False
    text = plain(text)
    if any(token and nik.is_valid_nik(token) for token in _TOKEN.findall(text)):
        return True
    for match in _EXPONENT.finditer(text):
        if in_number(float((match.group(1) + match.group(2)).ljust(16, "0"))):
            return True
    for match in _RUN.finditer(text):
        run = match.group(0)
        digits = _SEPS.sub("", run)
        if len(digits) == SHORTEST and not _DECIMAL.fullmatch(run) and not _DATES.fullmatch(run) and nik.is_valid_nik(digits):
            return True
    return _disguised_in(text)


def _disguised_in(text: str) -> bool:
    """Whether a text holds a NIK in pieces, with letters for some of its digits, or with its last one or two masked."""
    spelt = (match.group(0).translate(_AS_DIGITS) for match in _LIKE_DIGITS.finditer(text))
    masked = (f"{match[1]:1<{SHORTEST}}" for match in _MASKED.finditer(text) if len(match[0]) == SHORTEST)
    cut = (_cut_in(_GROUP.findall(match.group(0)), anywhere=False) for match in _WIDE_RUN.finditer(text))
    return (
        any(map(nik.is_valid_nik, (*spelt, *masked)))
        or any(end is not None for end in cut)
        or any(likely(part) for digits in _ONE_MORE.findall(text) for part in (digits[:-1], digits[1:]))
    )


def likely(digits: str) -> bool:
    """Whether sixteen digits that did not stand together make a NIK: stricter, for counts side by side make sixteen too."""
    return _placed(digits) and digits[12] == _SERIALS and nik.is_valid_nik(digits)


def _placed(digits: str) -> bool:
    district, subdistrict = int(digits[2:4]), int(digits[4:6])
    return (district in _DISTRICTS or district in _CITIES) and subdistrict in _SUBDISTRICTS


def _natural(lengths: tuple[int, ...]) -> bool:
    return lengths in _PATTERNS or _SERIAL in set(itertools.accumulate(lengths)) <= _CUTS


def _village(digits: str, lengths: tuple[int, ...]) -> bool:
    """Whether the pieces are the codes of a kecamatan and of a village in it, or of a village and of something else."""
    if lengths == (6, 10):
        return digits[6:12] == digits[:6]
    return lengths == (10, 6) and digits[6] in "12" and digits[7] == "0"


def _cut_in(pieces: Sequence[str], *, anywhere: bool = True) -> int | None:
    """Position of the piece that ends a NIK, or None. ``pieces``: digits, as they follow each other; ``anywhere``:
    whether two may be cut at any place, as cells are; in a text they would be a decimal."""
    single = "".join("x" if len(piece) == 1 else " " for piece in pieces)
    for boxes in _BOXES.finditer(single):
        if likely("".join(pieces[boxes.start() : boxes.end()])):
            return boxes.end() - 1
    for start in range(len(pieces)):
        total, end = 0, start
        while end < len(pieces) and total < SHORTEST:
            total += len(pieces[end])
            end += 1
        lengths = tuple(map(len, pieces[start:end]))
        if total == SHORTEST and ((anywhere and len(lengths) == 2) or _natural(lengths)):
            digits = "".join(pieces[start:end])
            if likely(digits) and not _village(digits, lengths):
                return end - 1
    return None


def digits_of(cell: object) -> str:
    """The digits of a cell that holds nothing else but marks, '' of any other."""
    if isinstance(cell, str):
        if not cell or len(cell) > 40:
            return ""
        if not (cell.isascii() and cell.isdecimal()):
            cell = plain(cell).strip(_MARKS)
            if _CODE.fullmatch(cell):
                cell = cell.replace(".", "")
            if not cell.isdecimal():
                cell = "".join(letter for letter in cell if letter not in _WITHIN)
        return cell if cell.isdecimal() else ""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not 0 <= cell < 1e15 or cell != int(cell):
        return ""
    return str(int(cell))


def _padded(pieces: list[str]) -> list[str]:
    """Pieces with the zeros that numbers lose at their beginning: of a day below 10 behind a code of six digits, of a month
    behind a day, of a serial behind a day of birth."""
    after = zip(pieces, ["", *pieces], strict=False)
    return [piece.zfill(_WHOLE.get((len(before), len(piece)), 0)) if piece else "" for piece, before in after]


def joined(cells: Iterable[object]) -> int | None:
    """Position of the cell that ends a NIK which is cut over neighbours, or None; cells that show nothing are passed over."""
    places, pieces = [], []
    for place, cell in enumerate(cells):
        if cell is None or (isinstance(cell, str) and not cell.strip(_MARKS)):
            continue
        places.append(place)
        pieces.append(digits_of(cell))
    start = 0
    for key, group in itertools.groupby(_padded(pieces), bool):
        found = list(group)
        if key and (end := _cut_in(found)) is not None:
            return places[start + end]
        start += len(found)
    return None


def may_end(cell: object) -> bool:
    """Whether a cell may be the last piece of a cut NIK: the part from which to look at its neighbours."""
    digits = digits_of(cell)
    size = len(digits)
    if size == 4:
        return digits[0] == _SERIALS
    return 8 <= size < SHORTEST and digits[-4] == _SERIALS and "01" <= digits[-8:-6] <= "12"


def no_count(last: object, beside: Iterable[object]) -> bool:
    """Whether the last piece of a NIK is none of many counts: it has a zero before it, or is one digit in a box, or
    enough of the cells ``beside`` it that are about as long may end one as well."""
    size = len(digits_of(last))
    if size == 1 or (isinstance(last, str) and digits_of(last).startswith("0")):
        return True
    found = [digits for cell in beside if len(digits := digits_of(cell)) >= size - 1]
    return sum(may_end(one) or (len(one) == size < 8 and one[-4:-3] in ("", _SERIALS)) for one in found) >= ENDS_ALIKE * len(
        found
    )


def may_begin(cell: object) -> bool:
    """Whether a cell may be the first eight digits or more of one, behind which so few stand that they look like any others."""
    digits = digits_of(cell)
    if not _EIGHT <= len(digits) < SHORTEST or (len(digits) == 10 and _village(digits, (10, 6))):
        return False
    month = digits[8:10].ljust(2, "1")
    return _placed(digits) and "01" <= digits[6:8] <= "71" and "00" < month <= "12"


def in_number(value: float) -> bool:
    """Whether a number of a workbook is a NIK, or one with a digit too many; Excel keeps 15 digits, so the last ones may have
    become 0."""
    value = abs(value)
    if not _LOW <= value < _TOO_LONG or value != int(value):
        return False
    digits = str(int(value))
    if len(digits) > SHORTEST:
        return likely(digits[:15] + "1") or likely(digits[1:15] + "11")
    return bool(nik.is_valid_nik(digits) or nik.is_valid_nik(digits[:15] + "1"))


def long_numbers(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Those that are long enough to be one."""
    return np.asarray(numbers[np.abs(numbers) > _LOW])


def first(values: Iterable[object]) -> int | None:
    """Position of the first value that holds a NIK, or None."""
    for position, value in enumerate(values):
        if type(value) is str:
            if in_text(value):
                return position
        elif isinstance(value, (int, float)) and abs(value) > _LOW and in_number(float(value)):
            return position
    return None


def numbers_in_book(book: Book) -> Text | None:
    """The place of the first personal number in the cells, or None."""
    for sheet in book.sheets:
        found = _numbers_in_sheet(sheet) or _pieces_in_sheet(sheet)
        if found is not None:
            row, column = found
            cell = f"{package.column_letters(column + 1)}{row + 1}"
            if not sheet.name:
                return T("cell {cell}", cell=cell)
            return T("sheet {sheet}, cell {cell}", sheet=shown(sheet.name), cell=cell)
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
                if in_text(cell):  # type: ignore[arg-type]
                    return number, position
            elif (kind is float or kind is int) and abs(cell) > _LOW and in_number(float(cell)):  # type: ignore[arg-type]
                return number, position
    return None


def shown(name: str) -> str:
    """A name as a message may repeat it: without its digits where these may be a number of somebody."""
    spelt = plain(name)
    return (re.sub("[0-9]", "x", spelt) if sum(map(len, _GROUP.findall(spelt))) >= SHORTEST else name)[:60]


def _pieces_in_sheet(sheet: Sheet) -> tuple[int, int] | None:
    """Row and column of the last piece of a NIK that is cut over neighbouring cells or rows."""
    if (found := _short_pieces(sheet)) is not None:
        return found
    ends = {value for value in _distinct(sheet) if value is not True and (may_end(value) or may_begin(value))}
    if not ends:
        return None
    for number, row in enumerate(sheet.rows):
        if ends.isdisjoint(row):
            continue
        if (position := joined(row)) is not None and _ends(sheet, row[position], position):
            return number, position
        for position in [position for position, cell in enumerate(row) if cell in ends]:
            if (below := _below(sheet, number, position)) is not None:
                return below, position
    return None


def _below(sheet: Sheet, number: int, position: int) -> int | None:
    """The row of the last piece, where one is cut over rows around this one."""
    top = max(0, number - _MOST_BELOW)
    beside = [one[position] if position < len(one) else "" for one in sheet.rows[top : number + _MOST_BELOW + 1]]
    last = joined(beside)
    return top + last if last is not None and _ends(sheet, beside[last], position) else None


def _ends(sheet: Sheet, last: object, position: int) -> bool:
    return no_count(last, (row[position] for row in sheet.rows if position < len(row)))


def _distinct(sheet: Sheet) -> Iterator[object]:
    """Every value of the cells that may be a piece, some more than once."""
    if sheet.columns is None:
        yield from set(itertools.chain.from_iterable(sheet.rows))
        return
    for column in sheet.columns:
        for part in column.parts:
            if part.kinds == {float}:
                yield from np.unique(part.numbers[part.numbers >= _EIGHT_DIGITS]).tolist()
            else:
                yield from _MAYBE.findall("\n".join(part.with_digits))
                yield from (cell for cell in part.distinct if isinstance(cell, float) and cell >= _EIGHT_DIGITS)


def _short_pieces(sheet: Sheet) -> tuple[int, int] | None:
    """As above, of pieces of one digit or two in a row: a form with boxes."""
    for number, row in enumerate(sheet.rows):
        if len(row) < SHORTEST:
            continue
        short = sum(
            len(cell) < 3 and cell.isdecimal() if type(cell) is str else type(cell) is float and cell < 10 for cell in row
        )
        if short >= SHORTEST and (position := joined(row)) is not None and _ends(sheet, row[position], position):
            return number, position
    return None


def _is_clean(column: Cells) -> bool:
    if column.kinds == {float}:
        return first(np.unique(long_numbers(column.numbers)).tolist()) is None
    if column.kinds == {str}:
        return first(column.with_digits) is None
    return first(column.distinct) is None


LOOK = 60  # rows among which the header of a list stands
_HEADER = range(3, 60)  # letters of a header cell; a longer one is a sentence


def persons_in_book(book: Book) -> Text | None:
    """The sheet and row whose header is that of a list of persons, or None."""
    for sheet in book.sheets:
        row = _persons_in_sheet(sheet)
        if row is not None:
            if not sheet.name:
                return T("row {row}", row=str(row + 1))
            return T("sheet {sheet}, row {row}", sheet=shown(sheet.name), row=str(row + 1))
    return None


def _persons_in_sheet(sheet: Sheet) -> int | None:
    """The first row that names persons and what is known of them, by itself or with the row below."""
    rows = sheet.rows[: LOOK + 1]
    named = {number for number, row in enumerate(rows) if any(map(_names_persons, row))}
    if not named:  # most sheets
        return None
    beside = {number for number, row in enumerate(rows) if any(map(_tells_of_persons, row))}
    heads = (number for number in range(min(LOOK, len(rows))) if {number, number + 1} & named and {number, number + 1} & beside)
    return next(heads, None)


def _names_persons(cell: object) -> bool:
    return _may_be_header(cell) and "nama" in cell.lower() and words.PERSON.fullmatch(words.tidy(cell)) is not None


def _tells_of_persons(cell: object) -> bool:
    return _may_be_header(cell) and words.PERSON_BESIDE.fullmatch(words.tidy(cell)) is not None


def _may_be_header(cell: object) -> TypeGuard[str]:
    return isinstance(cell, str) and len(cell) in _HEADER
