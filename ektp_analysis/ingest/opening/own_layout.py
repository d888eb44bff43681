"""The project's own layout: one header row whose words are those of the contract, one row per area and day."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ektp_analysis.core import contract
from ektp_analysis.core.contract import COUNTED, MOST_RESIDENTS, folded
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells.column import Column, from_arrow
from ektp_analysis.ingest.opening import personal
from ektp_analysis.ingest.opening.texts import decode, delimiter_of

_LOOK = 50  # rows above which the header stands, empty ones
_FEWEST_LETTERS = 4  # letters of a piece of a personal number
_LETTERS = 40  # of a header that is told as not read
_NAMES = {word: column.name for column in contract.COLUMNS for word in column.headers}


@dataclass(frozen=True)
class Header:
    """Contract column -> position in the row; ``row`` counts from 0; ``ignored`` names the columns that are not read."""

    row: int
    columns: dict[str, int]
    ignored: tuple[str, ...]


_OURS = {"fault", "mend", "kesalahan", "perbaikan"}  # written by us beside refused rows
_FOLDED = {folded(word): name for word, name in _NAMES.items()}


def header_of(rows: Sequence[Sequence[object]], *, dated: bool = False) -> Header | None:
    """The header, if the first row that is not empty is one: an area code, a date (unless ``dated``) and a figure."""
    for number, row in enumerate(rows[:_LOOK]):
        if not any(str(cell).strip() for cell in row):
            continue
        found: dict[str, int] = {}
        ignored: list[str] = []
        for position, cell in enumerate(row):
            name = _FOLDED.get(folded(cell), "")
            if name and name in found:
                return None
            if name:
                found[name] = position
            elif str(cell).strip() and folded(cell) not in _OURS:
                ignored.append(str(cell).strip()[:_LETTERS])
        figures = [name for name in (*contract.COUNTS, "coverage_reported") if name in found]
        whole = "area_code" in found and figures and ("as_of_date" in found or dated)
        return Header(number, found, tuple(ignored)) if whole else None
    return None


def missing(row: Sequence[object]) -> Text:
    """What a first row lacks to be the header of this layout."""
    there = {_FOLDED.get(folded(cell), "") for cell in row}
    if "area_code" not in there:
        return T("No column holds the area code (header such as {headers}).", headers="kode")
    if "as_of_date" not in there:
        return T("No column holds the date (header such as {headers}), and no date was chosen.", headers="tanggal")
    return T("No column holds a figure (header such as {headers}).", headers="wajib ktp, sudah rekam, belum rekam")


LARGE, _BLOCK = 2_000_000, 2 << 20  # bytes: a smaller text is read as fast cell by cell; blocks that stay near the processor
_HEAD = 65_536  # bytes that show header and delimiter
# Few distinct values in many rows: days, percentages, choices, and texts that parts share.
_REPEATED = {one.name for one in contract.COLUMNS if one.kind in ("date", "percent", "choice") or one.roll == "shared"}
_FREE = {one.name for one in contract.COLUMNS if one.kind == "text"}  # whatever a person wrote
_FEW = pa.dictionary(pa.int32(), pa.string())


def read(data: bytes, *, dated: bool) -> tuple[dict[str, Column], Header, int, tuple[str, int] | None] | None:
    """Columns by contract name, the header, the number of rows, and where a personal number stands (header word, row).

    None where the text is not in the project's own layout or not regular enough to be read in bulk.
    """
    head = decode(data[:_HEAD])
    mark = delimiter_of(head.rpartition("\n")[0])
    first = next(csv.reader(io.StringIO(head), delimiter=mark), [])
    header = header_of([first], dated=dated)
    if header is None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    names = [f"{position}" for position in range(len(first))]
    types = dict.fromkeys(names, pa.string()) | {names[header.columns[role]]: _FEW for role in _REPEATED & header.columns.keys()}
    table = _table(data, types, mark, [names[position] for role, position in header.columns.items() if role in COUNTED])
    if (
        table is None
        or personal.joined(first) is not None
        or _in_pieces(table, {header.columns[role] for role in header.columns.keys() - _FREE})
    ):
        return None
    with ThreadPoolExecutor(2) as pool:
        read_ = {
            role: pool.submit(from_arrow, first[position], table[names[position]], count=role in COUNTED)
            for role, position in header.columns.items()
        }
        columns = {role: column.result() for role, column in read_.items()}
    distinct = {position: columns[role].values for role, position in header.columns.items() if columns[role].whole is None}
    return columns, header, table.num_rows, _personal(table, first, distinct)


def _table(data: bytes, types: dict[str, pa.DataType], mark: str, counts: list[str]) -> pa.Table | None:
    """The table; None where it is not regular enough."""
    try:
        return _with_counts(data, types, mark, counts) or _parsed(data, types, mark)
    except pa.ArrowInvalid as error:
        if "UTF" not in str(error):
            return None
    try:
        return _parsed(decode(data).encode(), types, mark)
    except pa.ArrowInvalid:
        return None


def _in_pieces(table: pa.Table, used: Set[int]) -> bool:
    """Whether a column other than those of codes, days and figures holds what may be a piece of a personal number: then all is
    looked at cell by cell, for its neighbours count."""
    for position, column in enumerate(table.columns):
        if position in used or pa.types.is_integer(column.type):
            continue
        if pa.types.is_string(column.type):
            column = column.filter(pc.greater_equal(pc.binary_length(column), _FEWEST_LETTERS))
        texts = pc.unique(column).to_pylist()
        if any(personal.may_end(text) or personal.may_begin(text) for text in texts):
            return True
    return False


def _personal(table: pa.Table, header: Sequence[str], distinct: Mapping[int, Sequence[object]]) -> tuple[str, int] | None:
    """Where a personal number stands, in the cells before the header. ``distinct``: the values of columns, where known."""
    for position, column in enumerate(table.columns):
        if pa.types.is_integer(column.type):  # counts within their bounds, far below sixteen digits
            continue
        if position in distinct and personal.first(distinct[position]) is None:
            continue
        column = column.cast(pa.string())
        long = pc.greater_equal(pc.binary_length(column), personal.SHORTEST)
        found = personal.first(column.filter(long).to_pylist())
        if found is not None:
            return header[position], pc.indices_nonzero(long)[found].as_py() + 2
    at = personal.first(header)
    return None if at is None else (header[at], 1)


def _with_counts(data: bytes, types: dict[str, pa.DataType], mark: str, counts: list[str]) -> pa.Table | None:
    """The table with its counts as whole numbers; None where a cell of theirs is none, or no count of residents."""
    if b"0x" in data or b"0X" in data:  # arrow would take 0x1F for 31
        return None
    try:
        table = _parsed(data, types | dict.fromkeys(counts, pa.int32()), mark)
    except pa.ArrowInvalid:
        return None
    bounds = [pc.min_max(table[name]).as_py() for name in counts]
    fine = all(one is None or 0 <= one <= MOST_RESIDENTS for bound in bounds for one in bound.values())
    return table if fine else None


def _parsed(data: bytes, types: dict[str, pa.DataType], mark: str) -> pa.Table:
    """The fields as these types; raises ArrowInvalid where rows differ in length, the bytes are not UTF-8, or a count is none."""
    quoted = b'"' in data
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=list(types), skip_rows=1, block_size=_BLOCK),
        parse_options=arrow_csv.ParseOptions(
            delimiter=mark, ignore_empty_lines=False, newlines_in_values=quoted, quote_char='"' if quoted else False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types, strings_can_be_null=False, null_values=[""], check_utf8=not data.isascii()
        ),
    )
