"""The project's own layout: one header row whose words are those of the contract, one row per area and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ektp_analysis import snapshot
from ektp_analysis.text import T, Text

_LOOK = 50  # rows above which the header stands, empty ones
_LETTERS = 40  # of a header that is told as not read
_NAMES = {word: column.name for column in snapshot.COLUMNS for word in column.headers}


@dataclass(frozen=True)
class Header:
    """Contract column -> position in the row; ``row`` counts from 0; ``ignored`` names the columns that are not read."""

    row: int
    columns: dict[str, int]
    ignored: tuple[str, ...]


def folded(text: object) -> str:
    """A header word as it is compared: case-folded, blanks and underscores one blank."""
    return " ".join(str(text).replace("_", " ").casefold().split())


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
        figures = [name for name in (*snapshot.COUNTS, "coverage_reported") if name in found]
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
