"""Numbers as Indonesian files write them: counts with thousands marks, percentages with a decimal comma.

A count is a whole number; a mark inside it can only stand between thousands. What cannot be read is a fault, never 0.
"""

from __future__ import annotations

import re
from decimal import Decimal

NO_FIGURE = frozenset({"", "-", "–", "—", "--", "nihil", "n/a", "na", "tidak ada", "tidak ada data", "null", "none", "nan"})
ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#N/A", "#NAME?", "#NUM!", "#NULL!"})
_BLANKS = re.compile(r"[\s\u00a0\u202f'’]+")
_PLAIN = re.compile(r"\d+")
_ZERO_DECIMALS = re.compile(r"(\d+)[.,]0{1,2}")  # as programs print whole numbers; three zeros are thousands
_DOTS = re.compile(r"\d{1,3}(\.\d{3})+(,0{1,2})?")
_COMMAS = re.compile(r"\d{1,3}(,\d{3})+(\.0{1,2})?")
_PERCENT = re.compile(r"(\d{1,4})(?:[.,](\d+))?%?")
_UNITS = re.compile(r"(?:jiwa|orang|org|penduduk)\.?$", re.IGNORECASE)
_BARE = 4  # digits from which a number could carry a mark between thousands
_SHORTEST = Decimal("0.0001")  # of a percentage; what a workbook holds beyond it was never printed
MARKED = frozenset({"dot", "comma"})  # styles that mark thousands


class NotANumber(ValueError):
    """A cell of a count column that holds something else."""


def count(value: object) -> int | None:
    """The whole number that a cell holds; None where the cell says that there is no figure.

    '8.468', '8,468', '8 468' and 8468.0 are 8468. A float with a fraction is refused.

    Raises:
        NotANumber: text, a fraction, a negative number, an error of the workbook.
    """
    if isinstance(value, bool):
        raise NotANumber
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        if value < 0:
            raise NotANumber
        return int(value)
    if value is None or (isinstance(value, float) and value != value):
        return None
    if not isinstance(value, str):
        raise NotANumber
    text = _BLANKS.sub("", _UNITS.sub("", value.strip()))
    if text.lower() in NO_FIGURE or value.strip().lower() in NO_FIGURE:
        return None
    for pattern, mark in ((_PLAIN, ""), (_DOTS, "."), (_COMMAS, ",")):
        if pattern.fullmatch(text):
            return int(re.split(r"[.,](?=0{1,2}$)", text)[0].replace(mark, "")) if mark else int(text)
    whole = _ZERO_DECIMALS.fullmatch(text)
    if whole:
        return int(whole.group(1))
    raise NotANumber


def style(value: object) -> str:
    """How a count written as text marks its thousands: 'dot', 'comma', 'bare' (1000 or more, unmarked), or ''."""
    if not isinstance(value, str):
        return ""
    text = _BLANKS.sub("", _UNITS.sub("", value.strip()))
    if _DOTS.fullmatch(text):
        return "dot"
    if _COMMAS.fullmatch(text):
        return "comma"
    return "bare" if len(text) >= _BARE and _PLAIN.fullmatch(text) else ""


def percent(value: object, *, fraction: bool = False) -> str | None:
    """A percentage as it was printed, with a decimal point: '99,40' -> '99.40'; None where there is no figure.

    A float comes from a workbook, whose display format is not known: its own digits are kept, at most four decimals.
    ``fraction`` says that the cells hold shares (0.994), as workbooks store cells formatted as per cent.

    Raises:
        NotANumber: not a percentage.
    """
    if isinstance(value, bool):
        raise NotANumber
    if isinstance(value, (int, float)):
        if value != value:
            return None
        if value < 0:
            raise NotANumber
        exact = Decimal(repr(value)) * (100 if fraction else 1)
        short = exact.quantize(_SHORTEST).normalize()
        return f"{short:f}"
    if not isinstance(value, str):
        if value is None:
            return None
        raise NotANumber
    text = _BLANKS.sub("", value)
    if text.lower() in NO_FIGURE or text == "%":
        return None
    match = _PERCENT.fullmatch(text)
    if not match:
        raise NotANumber
    whole, decimals = match.groups()
    printed = f"{int(whole)}.{decimals}" if decimals else str(int(whole))
    if fraction and not text.endswith("%"):
        return f"{Decimal(printed).scaleb(2):f}"
    return printed
