"""A cell that holds an area code -> the code in the register, whatever the cell made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lokal import wilayah

from ektp_analysis.area import NATION, AreaCode
from ektp_analysis.errors import UserError
from ektp_analysis.ingest.rowkinds import filled
from ektp_analysis.text import T

WIDTHS = (2, 2, 2, 4)  # digits of a code's parts, from the provinsi down
_LEADING = re.compile(r"^\s*(\d{2}[.\d]{3,11}\d)\s*[-–:|]?\s+[A-Za-z]")
_TWO_PARTS = re.compile(r"\d{2}\.\d{1,2}")


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """All codes of the register (91,599)."""
    return frozenset(code for code, _ in wilayah._region_names())


def code_of(value: object) -> str:
    """'75.05.03', '750503', 750503.0, '7505032001', 75.05 -> the dotted code, which exists.

    A workbook's number 75.1 is 75.10, for its last zero is not kept.

    Raises:
        UserError: no code, or none that the register knows.
    """
    if value in known():
        return str(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == int(value):
            text = str(int(value))
        elif 11 < value < 100 and round(value, 2) == value:
            text = f"{value:.2f}"
        else:
            text = repr(value)
    else:
        text = str(value).strip().strip("'`’").strip().replace("\u00a0", "")
        text = re.sub(r"(?<=\d)\.0$", "", text) if text.count(".") == 1 and not _TWO_PARTS.fullmatch(text[:5]) else text
        text = re.sub(r"\s*([.\-/])\s*", ".", text).rstrip(".") if text[:1].isdigit() else text
    code = str(AreaCode.parse(text))
    if code != NATION and code not in known():
        raise UserError(T("the code {code} is not in the register of areas.", code=code))
    return code


def part(cell: object) -> str | None:
    """The digits of a part of a code: 5.0 -> '5', "'05" -> '05'; None where it is none."""
    if isinstance(cell, bool) or not filled(cell):
        return None
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell == int(cell) and 0 <= cell < 10**10 else None
    text = str(cell).strip().strip("'`").strip()
    text = text[:-2] if text.endswith(".0") else text
    return text if text.isascii() and text.isdigit() and len(text) <= 10 else None


def joined(parts: Sequence[str | None]) -> str | None:
    """Parts from the provinsi down -> a code of the register; a part may be the whole code up to its level."""
    code = ""
    for level, text in enumerate(parts):
        if text is None or (text.strip("0") == "" and level):
            return None
        width, full = WIDTHS[level], sum(WIDTHS[: level + 1])
        if len(text) == full and level:
            digits = text
            cuts = [digits[sum(WIDTHS[:i]) : sum(WIDTHS[: i + 1])] for i in range(level + 1)]
            if code and ".".join(cuts[:-1]) != code:
                return None
            code = ".".join(cuts)
        elif len(text) <= width:
            code = f"{code}.{text.zfill(width)}" if code else text.zfill(width)
        else:
            return None
    return code if code in known() else None


def whole_code(cell: object) -> str | None:
    """A cell's whole code, if the register has it."""
    if not filled(cell) or isinstance(cell, bool):
        return None
    if isinstance(cell, str) and (leading := _LEADING.match(cell)):
        cell = leading.group(1)
    try:
        return code_of(cell)
    except UserError:
        return None
