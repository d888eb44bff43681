"""Large delimited texts in the project's own layout, read column by column; everything else is left to the slow path."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ektp_analysis.ingest import canonical, privacy
from ektp_analysis.ingest.column import Column, from_arrow
from ektp_analysis.ingest.containers import decode, delimiter_of
from ektp_analysis.snapshot import COUNTS

LARGE = 2_000_000


def read(data: bytes, *, dated: bool) -> tuple[dict[str, Column], canonical.Header, int, tuple[str, int] | None] | None:
    """Columns by contract name, the header, the number of rows, and where a personal number stands (header word, row).

    None where the text is not in the project's own layout or not regular enough to be read in bulk.
    """
    head = decode(data[:65536])
    mark = delimiter_of(head.rpartition("\n")[0])
    first = next(csv.reader(io.StringIO(head), delimiter=mark), [])
    header = canonical.header_of([first], dated=dated)
    if header is None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    names = [f"{position}" for position in range(len(first))]
    try:
        table = _parsed(data, names, mark)
    except pa.ArrowInvalid as error:
        if "UTF" not in str(error):
            return None
        try:
            table = _parsed(decode(data).encode(), names, mark)
        except pa.ArrowInvalid:
            return None
    hit = (first[at], 1) if (at := privacy.first(first)) is not None else None
    for name in names:
        column = table[name]
        long = pc.greater_equal(pc.binary_length(column), 16)
        if pc.any(long).as_py():
            positions = pc.indices_nonzero(long).to_pylist()
            found = privacy.first(column.filter(long).to_pylist())
            if found is not None:
                hit = (first[int(name)], positions[found] + 2)
                break
    columns = {
        role: from_arrow(first[position], table[names[position]], count=role in COUNTS)
        for role, position in header.columns.items()
    }
    return columns, header, table.num_rows, hit


def _parsed(data: bytes, names: list[str], mark: str) -> pa.Table:
    """The fields as text; raises ArrowInvalid where rows differ in length or the bytes are not UTF-8."""
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=1, block_size=8 << 20),
        parse_options=arrow_csv.ParseOptions(delimiter=mark, ignore_empty_lines=False, newlines_in_values=b'"' in data),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
