"""Codes in a file that are not those of its areas, or of none: which column holds them, and in which rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.columns.area_columns import CODE_LIKE, PAPUA, SAMPLE, WIDTHS, holds_parts, known, part, under_one_header
from ektp_analysis.ingest.columns.table import Table

APART = 0.5  # of the cells of a column of codes: so many are different, or it holds what the whole table is about
_CALLED = re.compile(r"\b(?:kode|kd|code)\b")
_DOTTED = re.compile(r"(?:'\s*)?(\d{2}\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)(?![.\d])")
_DIGITS = re.compile(r"(?:'\s*)?(\d{2})(\d{2})(?:(\d{2})(\d{4})?)?")


class Codes(NamedTuple):
    """The column or columns that hold codes, as a person sees them, and the dotted codes that their cells write, by body row; the
    register may not have them."""

    column: str
    by_row: Mapping[int, str]


def written(table: Table) -> Codes | None:
    """The column that is called one of codes, or whose cells can be nothing else, and its codes; else those of columns that hold
    a part of them each; None where there are none."""
    for place, path in enumerate(table.headers):
        if words.is_bps(path) or words.meaning(path).measure:
            continue
        called, several = bool(_CALLED.search(words.tidy(" ".join(path)))), bool(words.level_of(path))
        cells = [cell for cell in table.columns[place].all[:SAMPLE] if filled(cell)]
        codes = [code for cell in cells if (code := _code(cell, called=called, beside=several))]
        if codes and len(codes) >= CODE_LIKE * len(cells) and len(set(codes)) >= APART * len(codes):
            found = ((row, _code(cell, called=called, beside=several)) for row, cell in enumerate(table.columns[place].all))
            return Codes(table.name(place), {row: code for row, code in found if code})
    return _in_parts(table)


def _in_parts(table: Table) -> Codes | None:
    """The codes of columns that are called those of a provinsi, a kabupaten and so on, or that one header of codes is above."""
    named: dict[int, int] = {}
    for place, path in enumerate(table.headers):
        levels = words.level_of(path)
        if (
            len(levels) == 1
            and not words.is_bps(path)
            and not words.meaning(path).measure
            and holds_parts(table.columns[place].all)
        ):
            named.setdefault(levels[0], place)
    chain = [named[level] for level in itertools.takewhile(named.__contains__, range(1, len(WIDTHS) + 1))]
    chain = chain if len(chain) > 1 else under_one_header(table)
    codes = {row: code for row in range(len(table.rows)) if (code := _of_parts(table, row, chain))}
    return (
        Codes(" + ".join(dict.fromkeys(table.name(place) for place in chain if table.headers[place])), codes) if codes else None
    )


def _of_parts(table: Table, row: int, chain: Sequence[int]) -> str:
    """The dotted code of a row's parts, '' where one is missing or too long."""
    parts = [part(table.rows[row][place]) for place in chain]
    fits = [text is not None and len(text) <= width for text, width in zip(parts, WIDTHS, strict=False)]
    return ".".join((text or "").zfill(width) for text, width in zip(parts, WIDTHS, strict=False)) if fits and all(fits) else ""


def _code(cell: object, *, called: bool, beside: bool) -> str:
    """The dotted code that a cell writes, '' where it writes none. ``called``: its header says code; ``beside``: it may stand
    before a name. Two parts alone may be any number, so they need a header or a name."""
    text = _text(cell, called=called)
    dotted = _DOTTED.match(text)
    if dotted is not None:
        return dotted[1] if _is_sure(dotted[1], text[dotted.end() :].strip(" -–:|"), called=called, beside=beside) else ""
    digits = _DIGITS.fullmatch(text) if called else None
    return ".".join(filter(None, digits.groups())) if digits else ""


def _is_sure(code: str, rest: str, *, called: bool, beside: bool) -> bool:
    """Whether digits with dots are a code, by what follows them."""
    named = rest[:1].isalpha()
    return (not rest or named) and (called or code.count(".") > 1 or (beside and named))


def _text(cell: object, *, called: bool) -> str:
    """What a cell shows; '' for a number that is called no code."""
    if isinstance(cell, float) and called:
        return f"{cell:.0f}" if cell.is_integer() else f"{cell:.2f}"
    return str(cell).strip() if isinstance(cell, (str, int)) else ""


def others(table: Table, placed: Sequence[str]) -> tuple[str, dict[int, str]]:
    """The column of codes and those of its codes, by body row, that are neither the area's where the row was placed nor of an
    area around it; ('', {}) where there is none."""
    codes = written(table)
    if codes is None:
        return "", {}
    there = ((row, code, placed[row]) for row, code in codes.by_row.items() if placed[row])
    return codes.column, {row: code for row, code, area in there if not f"{area}.".startswith(f"{code}.")}


def unknown(table: Table) -> Text | None:
    """How many codes of a table the register does not have, as a sentence that quotes the first; None where it has all."""
    codes = written(table)
    missing = {row: code for row, code in codes.by_row.items() if code not in known()} if codes is not None else {}
    if codes is None or not missing:
        return None
    first = min(missing)
    said = T(
        "{n} of {all} codes in the column '{column}' are not in the register of areas, the first in row {row}: {code}.",
        n=len(missing),
        all=len(codes.by_row),
        column=codes.column,
        row=str(table.row_numbers[first]),
        code=missing[first],
    )
    return with_reason(said, missing.values())


def with_reason(said: Text, codes: Iterable[str]) -> Text:
    """What is said of codes, with why they may have lapsed where one is of Papua."""
    if any(code.startswith(PAPUA) for code in codes):
        return T("{sentence} Codes of Papua changed in 2022.", sentence=said)
    return said
