"""Numbers as Indonesian files write them: counts with thousands marks, percentages with a decimal comma.

A count is a whole number; a mark inside it can only stand between thousands. What cannot be read is a fault, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

NO_FIGURE = frozenset({"", "-", "–", "—", "--", "nihil", "n/a", "na", "tidak ada", "tidak ada data", "null", "none", "nan"})
ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#N/A", "#NAME?", "#NUM!", "#NULL!"})
_BLANKS = re.compile(r"[\s\u00a0\u202f'’]+")
_APART = re.compile(r"[0-9][\s\u00a0\u202f]+[0-9]")
_IN_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[\s\u00a0\u202f]+[0-9]{3})+(?:[.,][0-9]{1,2})?")  # '8 468'; '12 45' may be two numbers
_ZERO_MARKS = re.compile(r"^[\s'’`]+")  # by which a workbook keeps a number as text
_PLAIN, _PLAINLY = re.compile(r"\d+"), re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_FROM_DIGIT_TO_DIGIT = re.compile(r"\d(?:.*[0-9])?", re.DOTALL)  # a small raised digit at the end is a note's number
_ZERO_DECIMALS = re.compile(r"(\d+)[.,]0{1,2}")  # as programs print whole numbers; three zeros are thousands
_DOTS = re.compile(r"\d{1,3}(\.\d{3})+(,0{1,2})?")
_COMMAS = re.compile(r"\d{1,3}(,\d{3})+(\.0{1,2})?")
_PERCENT = re.compile(r"(\d{1,4})(?:[.,](\d+))?%?")
_UNITS = re.compile(r"(?:jiwa|jw|orang|org|penduduk|pddk|pdd|jiwa/orang)\.?$", re.IGNORECASE)
# Marks that leave a number what it is: a reference to a note, 'about', the end of a sum of money; brackets are none, for they
# may mean a negative number
_BEFORE = re.compile(r"^(?:±|\+\s?/\s?-|[~≈+]|\*+|lk\.?(?=\s?\d)|kl\.?(?=\s?\d))\s*(?=\d)", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:\s*(?:\*+\)?|[¹²³⁴⁵⁶⁷⁸⁹⁰]+[)⁾]?|[†‡]|\[[1-9a-e]\])|(?<=\d)\s*\(\s?\d{1,3}(?:[.,]\d{1,2})?\s?%\s?\)|\s+(?:\(?[1-9]\)|\(?[a-e]\))|,-)$",
    re.IGNORECASE,
)
_WITH_TOTAL = 2  # times all other counts of its column: a total is as much as they are
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
    text = _bare(value)
    if text.lower() in NO_FIGURE or value.strip().lower() in NO_FIGURE:
        return None
    for pattern, mark in ((_PLAIN, ""), (_DOTS, "."), (_COMMAS, ",")):
        if pattern.fullmatch(text):
            return int(re.split(r"[.,](?=0{1,2}$)", text)[0].replace(mark, "")) if mark else int(text)
    whole = _ZERO_DECIMALS.fullmatch(text)
    if whole:
        return int(whole.group(1))
    raise NotANumber


def _bare(value: str) -> str:
    """A text without blanks and without what a person would strip from a number."""
    if _PLAINLY.fullmatch(value):  # most are
        return value
    text = _UNITS.sub("", _AFTER.sub("", _BEFORE.sub("", _UNITS.sub("", value.strip()).strip())).strip()).strip()
    return text if _APART.search(text) and not _IN_THOUSANDS.fullmatch(text) else _BLANKS.sub("", text)


def marked(value: object) -> bool:
    """Whether a cell is a count with a mark or a unit that is left out when it is read."""
    if not isinstance(value, str) or _FROM_DIGIT_TO_DIGIT.fullmatch(value.strip()):
        return False
    try:
        return count(value) is not None and bool(re.search(r"[^\d.,\s]", _ZERO_MARKS.sub("", value)))
    except NotANumber:
        return False


def style(value: object) -> str:
    """How a count written as text marks its thousands: 'dot', 'comma', 'blank', 'bare' (1000 or more, unmarked), or ''."""
    if not isinstance(value, str):
        return ""
    text = _bare(value)
    if _APART.search(value) and _PLAIN.fullmatch(text):
        return "blank"
    if _DOTS.fullmatch(text):
        return "dot"
    if _COMMAS.fullmatch(text):
        return "comma"
    return "bare" if len(text) >= _BARE and _PLAIN.fullmatch(text) else ""


def odd_blanks(values: Iterable[object]) -> set[object]:
    """The counts of a column with a blank between their thousands ('203 183') that may be two numbers: where others of it write
    their thousands otherwise, or where it is more than all others, and their total, together. The latter only of a plain blank:
    programs write others between thousands, and nobody types them between two numbers."""
    blank = {value for value in values if isinstance(value, str) and style(value) == "blank"}
    if not blank:
        return set()
    counts = {value: _count_or_none(value) or 0 for value in values if not isinstance(value, bool)}
    if any(number >= 10 ** (_BARE - 1) for value, number in counts.items() if value not in blank):
        return {*blank}
    return {
        value for value in blank if " " in value.strip() and counts[value] > _WITH_TOTAL * (sum(counts.values()) - counts[value])
    }


def _count_or_none(value: object) -> int | None:
    try:
        return count(value)
    except NotANumber:
        return None


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
