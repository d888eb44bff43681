"""Days as Indonesian files write them: in words, in numbers, by weeks, quarters and semesters; day first, as Indonesia writes."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ektp_analysis.ingest.cells.months import MONTHS

FIRST = date(2011, 1, 1)  # the national e-KTP recording began in 2011
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(20\d\d)[-/._](\d{1,2})[-/._](\d{1,2})(?!\d)")
_DMY = re.compile(r"(?<!\d)(\d{1,2})[-/._ ](\d{1,2})[-/._ ](20\d\d|\d\d(?!:\d|[-/]\d))(?!\d|\.\d)")  # 12:30 is no year
_ROMAN = {
    name: month for month, name in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), start=1)
}
_ROMANS = re.compile(  # '16-XII-2019'; with slashes it is the number of a letter
    rf"(?<![\d/.-])(\d{{1,2}})(\s?[-.]\s?|\s)({'|'.join(sorted(_ROMAN, key=len, reverse=True))})\2(20\d\d)(?![\d/])"
)
_PACKED = re.compile(r"(?<!\d)(\d{8})(?!\d)")
_SHORT_PACKED = re.compile(r"([0-3]\d)([01]\d)(\d\d)")
_WORDS = re.compile(rf"(?<!\d)(\d{{1,2}})[-/._,\s]*({_MONTH})\.?[-/._,\s]*(20\d\d|'?\d\d(?![:.]\d))(?!\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    rf"(?<![a-z])({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,\s*(20\d\d)(?!\d)", re.IGNORECASE
)  # June 12, 2023
_MONTH_YEAR = re.compile(rf"(?<![a-z])({_MONTH})\.?[-/._,\s]*(20\d\d)(?!\d)", re.IGNORECASE)
_END = re.compile(rf"(?<![a-z])akhir(?:\s+bulan)?\s+({_MONTH})\.?[-/._,\s]*(?:(?:tahun|thn)\s+)?(20\d\d)(?!\d)", re.IGNORECASE)
_NTH = ("i satu pertama kesatu", "ii dua kedua", "iii tiga ketiga", "iv empat keempat", "v lima kelima")
_ORDINALS = {word: number for number, words_ in enumerate(_NTH, start=1) for word in words_.split()}
_COUNTED = re.compile(  # 'minggu ke-3 Juni 2023' is no 3 June: (what is counted, mark, ordinal, month, year)
    r"(?<![a-z])(minggu|pekan|week|mgg|m|w|dasarian|tahap|thp|gelombang|gel|termin|putaran|edisi)([-_.,\s]*(?:ke[-_.\s]*)?)"
    rf"(\d{{1,2}}|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?![a-z0-9])[-_.,\s]*(?:bulan\s+|bln\.?\s+)?"
    rf"({_MONTH})\.?[-/._,\s]*(?:(?:tahun|thn)\s+)?(20\d\d)(?!\d)",
    re.IGNORECASE,
)
_WEEKS, _SUNDAY, _MOST_WEEKS = ("minggu", "pekan", "week", "mgg", "m", "w"), 6, 5
_QUARTER = re.compile(
    r"(?<![a-z])(?:triwulan|trwln|triw|tw|kuartal|quarter|q)[-_.\s]*(?:ke[-_.\s]*)?(i{1,3}|iv|[1-4]|satu|dua|tiga|empat)(?![a-z0-9])"
    r"[-_.\s,/:()]*(?:tahun|thn|th|t\.?a\.?)?[-_.\s:]*(20\d\d)(?!\d)",
    re.IGNORECASE,
)
_QUARTERS = {"i": 3, "ii": 6, "iii": 9, "iv": 12, "1": 3, "2": 6, "3": 9, "4": 12, "satu": 3, "dua": 6, "tiga": 9, "empat": 12}
_SEMESTER = re.compile(
    r"(?<![a-z])(?:semester|smstr|smtr|smt|sms|sem|dkb|s)[-_.\s]*(?:ke[-_.\s]*)?(i{1,2}|[12]|satu|dua)(?![a-z0-9])"
    r"[-_.\s,/:()]*(?:satu|dua|pertama|kedua)?[-_.\s,/:()]*(?:tahun|thn|th|t\.?a\.?)?[-_.\s:]*(20\d\d)(?!\d)"
    r"|(?<!\d)(20\d\d)[-_.\s]*(?:semester|smstr|smt|sms|sem|s)[-_.\s]*(i{1,2}|[12])(?![\da-z])",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_WEEKDAYS = {"senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "jum'at": 4, "sabtu": 5, "ahad": 6}
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})[\s,/.:]*(?:(?:tanggal|tgl)\b[\s.:]*)?$", re.IGNORECASE)
_BEFORE_DAY = re.compile(
    r"^(?:per|pada|tanggal|tgl\.?|posisi|keadaan|senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|[,:\s])+", re.IGNORECASE
)
_CLOCK = re.compile(r"[T ]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?$")
_YEAR = re.compile(r"(?<![\d.,/-])20[12]\d(?![\d.,/-])")


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
    if not isinstance(value, str) or not _DIGIT.search(value):
        return None
    text = _CLOCK.sub("", _BEFORE_DAY.sub("", value.strip())).strip()
    if any(not _is_weekday(match) for match in _COUNTED.finditer(value)):
        return None
    for found in _days(text):
        if found.text == text:
            return found.day if fits_weekday(found, value) else None
    return None


def fits_weekday(found: Found, text: str) -> bool:
    """Whether a day that stands in a text is the weekday that stands before it, where one does."""
    named = _weekday_before(found, text)
    return named is None or _WEEKDAYS[named[1].lower()] == found.day.weekday()


def _weekday_before(found: Found, text: str) -> re.Match[str] | None:
    """The weekday that stands right before a day in a text."""
    return _WEEKDAY.search(text[: max(text.find(found.text), 0)])


def search(text: str) -> list[Found]:
    """Every day, semester, quarter (as its last month), month or year that a free text (title, sheet name, file name) names,
    surest kinds first. A week of a month is a month with the last day of that week.

    Days hide the months and years inside of them; a semester hides its year.
    """
    if not _DIGIT.search(text):  # each of them has its year or its day in digits
        return []
    found, rest = [], text
    weeks: list[Found] = []
    for match in list(_COUNTED.finditer(text)):
        if not _is_weekday(match):
            weeks.extend(_of_ordinal(match))
            rest = rest.replace(match.group(0), " ")
    for hit in _days(rest):
        sure, others = _by_weekday(hit, rest)
        found.extend(sure)
        weeks.extend(others)
        rest = rest.replace(hit.text, " ")
    found.extend(weeks)
    for match in list(_END.finditer(rest)):  # 'akhir Juni' is a day, 'Juni' is a month
        found.append(Found(last_day(int(match.group(2)), MONTHS[match.group(1).lower()]), "day", match.group(0)))
        rest = rest.replace(match.group(0), " ")
    for match in list(_QUARTER.finditer(rest)):
        found.append(Found(last_day(int(match.group(2)), _QUARTERS[match.group(1).lower()]), "month", match.group(0)))
        rest = rest.replace(match.group(0), " ")
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
        found.append(Found(last_day(year, month), "month", match.group(0)))
        rest = rest.replace(match.group(0), " ")
    found.extend(Found(date(int(match.group()), 12, 31), "year", match.group()) for match in _YEAR.finditer(rest))
    return found


def search_packed(name: str) -> list[Found]:
    """The day that a sheet is named by with two digits each for day, month and year: '250623'."""
    text = name.strip()
    packed = _SHORT_PACKED.fullmatch(text)
    found = list(_day(packed[3], int(packed[2]), packed[1], text)) if packed else []
    return [hit for hit in found if hit.day >= FIRST]


def packed_in(name: str) -> list[Found]:
    """As :func:`search_packed`, of six digits that stand in the name of a file."""
    return [hit for text in re.findall(r"(?<!\d)\d{6}(?!\d)", name) for hit in search_packed(text)]


def of_month(number: int, hits: Iterable[Found], text: str) -> list[Found]:
    """The day of this number in the one month that was found; none where several were, or the month has no such day."""
    months = {(hit.day.year, hit.day.month) for hit in hits if hit.kind == "month"}
    return [] if len(months) != 1 else [hit for year, month in months for hit in _day(str(year), month, str(number), text)]


SERIALS = (40544, 55153)  # days as workbooks count them, 2011 to 2050, where a program lost that they are days
DAYS_OF_A_MONTH = 31


def day_number(cell: object) -> int:
    """The number of a day that a cell holds and nothing else: of its month, or as workbooks count days; 0 where it holds none."""
    text = str(cell).strip().removesuffix(".0")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(SERIALS[1])) else 0
    return number if 1 <= number <= DAYS_OF_A_MONTH or SERIALS[0] <= number <= SERIALS[1] else 0


def of_serial(number: int) -> date:
    """The day that a workbook counts so, from the end of 1899."""
    return date(1899, 12, 30) + timedelta(days=number)


def week_of(text: str, months: Collection[date]) -> list[Found]:
    """The week that a text counts ('Minggu 2', 'M3') in the one month of these days, by its last day; none where they are
    several."""
    if len(months) != 1:
        return []
    (month,) = months
    called = next(word for word, number in MONTHS.items() if number == month.month)
    hits = search(f"{text.strip()} {called} {month.year}")
    return [replace(hit, text=text) for hit in hits if hit.kind == "month" and hit.text.startswith(text.strip())][:1]


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _by_weekday(hit: Found, text: str) -> tuple[list[Found], list[Found]]:
    """A day where it is sure, and the days that may be meant where the weekday before it is another: one of the two is a slip, or
    the month comes first."""
    if fits_weekday(hit, text):
        return [hit], []
    turned = (other for other in _turned(hit) if fits_weekday(other, text))
    return [], [replace(one, kind="month") for one in (hit, *turned)]


def with_weekday(found: Found, text: str) -> str:
    """A day as a text writes it, with the weekday that stands before it."""
    named = _weekday_before(found, text)
    return found.text if named is None else text[named.start() : text.find(found.text) + len(found.text)]


def slip_of_weekday(text: str) -> str | None:
    """A day that stands in a text behind another weekday than its own, with that weekday; None where there is none."""
    return next((with_weekday(hit, text) for hit in _days(text) if not fits_weekday(hit, text)), None)


def _turned(hit: Found) -> Iterator[Found]:
    """The day with the month first, where it is written in numbers."""
    if match := _DMY.fullmatch(hit.text):
        yield from _day(match[3], int(match[1]), match[2], hit.text)


def _is_weekday(match: re.Match[str]) -> bool:
    """Whether 'Minggu' before a day is the Sunday that it is: with a comma, or before a number that counts no week."""
    what, mark, number, month, year = match.groups()
    if what.lower() != "minggu" or "ke" in mark.lower() or not number.isdigit():
        return False
    sunday = [hit for hit in _day(year, MONTHS[month.lower()], number, "") if hit.day.weekday() == _SUNDAY]
    return int(number) > _MOST_WEEKS or ("," in mark and bool(sunday))


def _of_ordinal(match: re.Match[str]) -> Iterator[Found]:
    """The last day of a week that is counted in its month, or of the month; also the weekday that may be meant."""
    what, mark, number, month, year = match.groups()
    text, which = match.group(0), _ORDINALS.get(number.lower()) or int(number)
    last = last_day(int(year), MONTHS[month.lower()])
    if what.lower() not in _WEEKS or not 1 <= which <= _MOST_WEEKS:
        yield Found(last, "month", text)
        return
    yield Found(last.replace(day=min(7 * which, last.day)), "month", text)
    if what.lower() == "minggu" and number.isdigit() and "ke" not in mark.lower():
        days = _day(year, MONTHS[month.lower()], number, text)
        yield from (Found(hit.day, "month", text) for hit in days if "," in mark or hit.day.weekday() == _SUNDAY)


def _days(text: str) -> Iterator[Found]:
    for match in _WORDS.finditer(text):
        yield from _day(match.group(3).strip("'"), MONTHS[match.group(2).lower()], match.group(1), match.group(0))
    for match in _MONTH_FIRST.finditer(text):
        yield from _day(match.group(3), MONTHS[match.group(1).lower()], match.group(2), match.group(0))
    for match in _ROMANS.finditer(text):
        yield from _day(match.group(4), _ROMAN[match.group(3)], match.group(1), match.group(0))
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
