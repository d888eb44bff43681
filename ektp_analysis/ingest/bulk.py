"""Large delimited texts in the project's own layout, read column by column; everything else is left to the slow path."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ektp_analysis.ingest import canonical, privacy
from ektp_analysis.ingest.column import Column, from_arrow
from ektp_analysis.ingest.containers import decode, delimiter_of
from ektp_analysis.snapshot import COUNTS, MOST_RESIDENTS

LARGE, _BLOCK = 2_000_000, 2 << 20  # bytes: a smaller text is read as fast cell by cell; blocks that stay near the processor
_HEAD = 1 << 16  # bytes that show header and delimiter
_REPEATED, _FEW = {"as_of_date", "coverage_reported", "basis", "status"}, pa.dictionary(pa.int32(), pa.string())


def read(data: bytes, *, dated: bool) -> tuple[dict[str, Column], canonical.Header, int, tuple[str, int] | None] | None:
    """Columns by contract name, the header, the number of rows, and where a personal number stands (header word, row).

    None where the text is not in the project's own layout or not regular enough to be read in bulk.
    """
    head = decode(data[:_HEAD])
    mark = delimiter_of(head.rpartition("\n")[0])
    first = next(csv.reader(io.StringIO(head), delimiter=mark), [])
    header = canonical.header_of([first], dated=dated)
    if header is None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    names = [f"{position}" for position in range(len(first))]
    types = dict.fromkeys(names, pa.string()) | {names[header.columns[role]]: _FEW for role in _REPEATED & header.columns.keys()}
    table = _table(data, types, mark, [names[position] for role, position in header.columns.items() if role in COUNTS])
    if table is None:
        return None
    with ThreadPoolExecutor(2) as pool:
        read_ = {
            role: pool.submit(from_arrow, first[position], table[names[position]], count=role in COUNTS)
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


def _personal(table: pa.Table, header: Sequence[str], distinct: Mapping[int, Sequence[object]]) -> tuple[str, int] | None:
    """Where a personal number stands, in the cells before the header. ``distinct``: the values of columns, where known."""
    for position, column in enumerate(table.columns):
        if pa.types.is_integer(column.type):  # counts within their bounds, far below sixteen digits
            continue
        if position in distinct and privacy.first(distinct[position]) is None:
            continue
        column = column.cast(pa.string())
        long = pc.greater_equal(pc.binary_length(column), privacy.SHORTEST)
        found = privacy.first(column.filter(long).to_pylist())
        if found is not None:
            return header[position], pc.indices_nonzero(long)[found].as_py() + 2
    at = privacy.first(header)
    return None if at is None else (header[at], 1)


def _with_counts(data: bytes, types: dict[str, pa.DataType], mark: str, counts: list[str]) -> pa.Table | None:
    """The table with its counts as whole numbers; None where a cell of theirs is none, or no count of residents."""
    if any(letter in data and b"0" + letter in data for letter in (b"x", b"X")):  # arrow would take 0x1F for 31
        return None
    try:
        table = _parsed(data, types | dict.fromkeys(counts, pa.int32()), mark)
    except pa.ArrowInvalid:
        return None
    bounds = [pc.min_max(table[name]).as_py() for name in counts]
    fine = all((bound["min"] or 0) >= 0 and (bound["max"] or 0) <= MOST_RESIDENTS for bound in bounds)
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
