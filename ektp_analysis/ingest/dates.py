"""Days as Indonesian files write them: 2023-06-20, 20/06/2023, 20-6-23, 20 Juni 2023, real dates of a workbook."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

FIRST = date(2011, 1, 1)  # the national e-KTP recording began in 2011
MONTHS = {
    "januari": 1,
    "jan": 1,
    "january": 1,
    "februari": 2,
    "pebruari": 2,
    "peb": 2,
    "feb": 2,
    "february": 2,
    "maret": 3,
    "mar": 3,
    "mrt": 3,
    "march": 3,
    "april": 4,
    "apr": 4,
    "mei": 5,
    "may": 5,
    "juni": 6,
    "jun": 6,
    "june": 6,
    "juli": 7,
    "jul": 7,
    "july": 7,
    "agustus": 8,
    "agt": 8,
    "ags": 8,
    "agu": 8,
    "agst": 8,
    "agus": 8,
    "aug": 8,
    "august": 8,
    "september": 9,
    "sept": 9,
    "sep": 9,
    "oktober": 10,
    "okt": 10,
    "oct": 10,
    "october": 10,
    "november": 11,
    "nopember": 11,
    "nop": 11,
    "nov": 11,
    "desember": 12,
    "des": 12,
    "dec": 12,
    "december": 12,
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(20\d\d)[-/._](\d{1,2})[-/._](\d{1,2})(?!\d)")
_DMY = re.compile(r"(?<!\d)(\d{1,2})[-/._ ](\d{1,2})[-/._ ](20\d\d|\d\d)(?!\d|\.\d)")
_PACKED = re.compile(r"(?<!\d)(\d{8})(?!\d)")
_WORDS = re.compile(rf"(?<!\d)(\d{{1,2}})[-/._,\s]*({_MONTH})\.?[-/._,\s]*(20\d\d|'?\d\d)(?!\d)", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"(?<![a-z])({_MONTH})\.?[-/._,\s]*(20\d\d)(?!\d)", re.IGNORECASE)
_SEMESTER = re.compile(
    r"(?<![a-z])(?:semester|smstr|smtr|smt|sms|sem|dkb|s)[-_.\s]*(?:ke[-_.\s]*)?(i{1,2}|[12]|satu|dua)(?![a-z0-9])"
    r"[-_.\s,/:()]*(?:satu|dua|pertama|kedua)?[-_.\s,/:()]*(?:tahun|thn|th|t\.?a\.?)?[-_.\s:]*(20\d\d)(?!\d)"
    r"|(?<!\d)(20\d\d)[-_.\s]*(?:semester|smstr|smt|sms|sem|s)[-_.\s]*(i{1,2}|[12])(?![\da-z])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,/-])(20[12]\d)(?![\d.,/-])")


@dataclass(frozen=True)
class Found:
    """A day that a text names. ``kind``: day, semester, month or year; only day and semester name one day for sure."""

    day: date
    kind: str
    text: str
    basis: str = ""


def parse(value: object) -> date | None:
    """The day that a cell holds and nothing else, or None.

    A text may have 'per', 'tanggal' or a weekday before the day. Day first, as Indonesia writes; a month above 12
    gives None, never a swap.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    text = re.sub(
        r"^(?:per|pada|tanggal|tgl\.?|posisi|keadaan|senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|[,:\s])+",
        "",
        value.strip(),
        flags=re.IGNORECASE,
    )
    text = re.sub(r"[T ]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?$", "", text).strip()
    for found in _days(text):
        if found.text == text:
            return found.day
    return None


def search(text: str) -> list[Found]:
    """Every day, semester, month or year that a free text (title, sheet name, file name) names, surest kinds first.

    Days hide the months and years inside of them; a semester hides its year.
    """
    found, rest = [], text
    for hit in _days(text):
        found.append(hit)
        rest = rest.replace(hit.text, " ")
    for match in list(_SEMESTER.finditer(rest)):
        half, year = match.group(1) or match.group(4), int(match.group(2) or match.group(3))
        second = half.lower() in ("ii", "2", "dua")
        found.append(
            Found(
                date(year, 12, 31) if second else date(year, 6, 30),
                "semester",
                match.group(0),
                f"DKB {year}-{2 if second else 1}",
            )
        )
        rest = rest.replace(match.group(0), " ")
    for match in list(_MONTH_YEAR.finditer(rest)):
        month, year = MONTHS[match.group(1).lower()], int(match.group(2))
        found.append(Found(date(year, month, calendar.monthrange(year, month)[1]), "month", match.group(0)))
        rest = rest.replace(match.group(0), " ")
    found.extend(Found(date(int(match.group(1)), 12, 31), "year", match.group(0)) for match in _YEAR.finditer(rest))
    return found


def _days(text: str) -> Iterator[Found]:
    for match in _WORDS.finditer(text):
        yield from _day(match.group(3).strip("'"), MONTHS[match.group(2).lower()], match.group(1), match.group(0))
    for match in _ISO.finditer(text):
        yield from _day(match.group(1), int(match.group(2)), match.group(3), match.group(0))
    for match in _DMY.finditer(text):
        yield from _day(match.group(3), int(match.group(2)), match.group(1), match.group(0))
    for match in _PACKED.finditer(text):
        digits = match.group(1)
        if digits.startswith("20"):
            yield from _day(digits[:4], int(digits[4:6]), digits[6:], digits)
        if digits[4:6] == "20":
            yield from _day(digits[4:], int(digits[2:4]), digits[:2], digits)


def _day(year: str, month: int, day: str, text: str) -> Iterator[Found]:
    full = int(year) if len(year) == 4 else 2000 + int(year)
    if 1 <= month <= 12 and 1 <= int(day) <= calendar.monthrange(full, month)[1]:
        yield Found(date(full, month, int(day)), "day", text)
