"""The day that a table is about: in a column, in the title, in the header, in the sheet's name, in the file's name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import topics, words, written
from ektp_analysis.ingest.cells.rowkinds import filled
from ektp_analysis.ingest.columns import day_columns
from ektp_analysis.ingest.columns.day_columns import DayColumn
from ektp_analysis.ingest.columns.table import Table

OTHER_HALF = 200  # days: a day further from the end of a semester is not of that semester
BELOW = 60  # rows below the last area; what stands further down is another table
MOST_OFFERED = 4  # days to choose from
MOST_TITLED = 3  # of them from titles, beside that of the column

_PRINTED = re.compile(
    r"dicetak|tanggal cetak|tgl cetak|di ?unduh|download|diakses|printed|generated|nomor|undang|permendagri|perpres|"
    r"peraturan|perda|\buu\b|\bno\. ?\d",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"[A-Za-z][A-Za-z .']{2,40},\s*(?:tanggal\s+)?\d{1,2}\s+[A-Za-z]{3,10}\s+20\d\d")  # signed where and when
_LABELS = re.compile(r"\b(?:tanggal|tgl|bulan|bln|tahun|thn)\b\s*:?|:", re.IGNORECASE)  # of a day in pieces
_RANGE = re.compile(r"s\.?\s?/?\s?d\.?|sampai(?: dengan)?|hingga|[-–—]", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:data|keadaan|posisi|kondisi|per|s\.?\s?/?\s?d|sampai|update|pemutakhiran)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:tgl|tanggal|per\b)\.?\s*(\d{1,2})", re.IGNORECASE)
_ABOUT_DAY = re.compile(r"\b(?:tanggal|tgl|per|posisi|keadaan|date)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:tahun|thn|th|year)\b")
_NAME, NOTED, _YEAR_ALONE = T("name of the file"), T("note below the table"), T("year alone")
_BETWEEN = T("heading between the rows")
_AIMED_AT, _NUMBER, _DIGITS = (
    T("title, as a day that is aimed at"),
    T("number beside the titles"),
    T("digits in the name of the file"),
)
_OTHER_YEAR = T("title, with the year that stands elsewhere")
UNSURE = (NOTED, _AIMED_AT, _NUMBER, _DIGITS, _OTHER_YEAR)  # places whose days are only offered


Said = tuple[date, Text]  # a day, and the place that says it


@dataclass(frozen=True)
class Decided:
    """``day`` for all rows, or ``cells`` for each; ``readings``: days to choose from where it is not certain; ``where``:
    the place that says it; ``other``: what the file's name says otherwise, ``only``: than the one day of all ``cells``;
    ``either_way``: the header of a column whose days may have the month first."""

    day: date | None = None
    cells: tuple[object, ...] = ()
    basis: str = ""
    where: Text | None = None
    readings: tuple[tuple[date, Text], ...] = ()
    other: date | None = None
    column: int = -1
    only: date | None = None
    either_way: str = ""


@dataclass(frozen=True)
class _Evidence:
    """What is known of a table's day. ``inside``: what each place in the file says, ``named``: what its name says."""

    table: Table
    rows: Sequence[int]
    taken: frozenset[int]
    inside: tuple[tuple[Text, Sequence[written.Found]], ...]
    named: Sequence[written.Found]
    file: str = ""

    def inside_the_file(self, kind: str) -> list[Said]:
        """What the title, the header and the sheet's name say."""
        return [(hit.day, where) for where, hits in self.inside for hit in hits if hit.kind == kind]

    def in_its_name(self, kind: str) -> list[Said]:
        """What the file's name says."""
        return [(hit.day, _NAME) for hit in self.named if hit.kind == kind]

    @cached_property
    def notes(self) -> list[tuple[date, bool]]:
        """Days that stand below the last area, and whether their text says that the data are of that day: a signature
        names only the day on which it was signed."""
        below = self.table.rows[max(self.rows, default=-1) + 1 :][:BELOW]
        texts = [cell for row in below for cell in row if isinstance(cell, str) and not _PRINTED.search(cell)]
        return [(hit.day, bool(_ABOUT.search(text))) for text in texts for hit in written.search(text) if hit.kind == "day"]

    @property
    def unsure(self) -> list[Said]:
        """Days that may be meant: one that is aimed at, one without its year where one year is said elsewhere, a number as
        workbooks count days beside a title that speaks of a day, six digits in the file's name."""
        titles = [title for title in self.table.titles if isinstance(title, str)]
        ahead = [(hit.day, _AIMED_AT) for title in titles for hit in written.search(title) if _lies_ahead(hit, title)]
        cells = [title for title in self.table.titles if isinstance(title, float)] if any(map(_ABOUT_DAY.search, titles)) else []
        serials = [
            (written.of_serial(number), _NUMBER) for number in map(written.day_number, cells) if number >= written.SERIALS[0]
        ]
        packed = [(hit.day, _DIGITS) for hit in written.packed_in(self.file) if f"{hit.day:%d.%m.%y}" not in register()]
        return [*ahead, *self._of_another_year(titles), *serials, *packed]

    def _of_another_year(self, titles: Sequence[str]) -> list[Said]:
        """Days that titles name without their year, with the one year that is said elsewhere."""
        years = {hit.day.year for hits in (*(hits for _, hits in self.inside), self.named) for hit in hits}
        whole = [f"{title} {min(years)}" for title in titles if len(years) == 1 and not written.search(title)]
        return [(hit.day, _OTHER_YEAR) for text in whole for hit in written.search(text) if re.search("[A-Za-z]", hit.text)]

    @property
    def basis(self) -> str:
        """The semester that any place names, as a basis of figures."""
        hits = [*(hit for _, hits in self.inside for hit in hits), *self.named]
        return next((hit.basis for hit in hits if hit.kind == "semester"), "")


def _of_titles(kind: str) -> Callable[[_Evidence], list[Said]]:
    return lambda evidence: evidence.inside_the_file(kind)


def _of_name(kind: str) -> Callable[[_Evidence], list[Said]]:
    return lambda evidence: evidence.in_its_name(kind)


def _told_below(evidence: _Evidence) -> list[Said]:
    """The one day that notes below say the data are of, where no other year stands above."""
    told = list(dict.fromkeys(day for day, about in evidence.notes if about))
    years = {hit.day.year for _, hits in evidence.inside for hit in hits}
    return [(told[0], NOTED)] if len(told) == 1 and years <= {told[0].year} else []


def _below(evidence: _Evidence) -> list[Said]:
    return [(day, NOTED) for day, _ in evidence.notes]


def _of_years(evidence: _Evidence) -> list[Said]:
    """The two likely days of the year that a column of years gives."""
    for place, path in enumerate(evidence.table.headers):
        if place not in evidence.taken and _YEAR.search(words.tidy(" ".join(path))):
            found = {day_columns.year_of(evidence.table.rows[row][place]) for row in evidence.rows}
            if len(found) == 1 and 0 not in found:
                return _ends_of(found.pop())
    return []


def _months(evidence: _Evidence) -> list[Said]:
    """The last days of the months that are named, and days that may be meant; of places that name one, the last is told."""
    return list(dict([*evidence.unsure, *evidence.inside_the_file("month"), *evidence.in_its_name("month")]).items())


def _years_alone(evidence: _Evidence) -> list[Said]:
    said = [*evidence.inside_the_file("year"), *evidence.in_its_name("year")]
    return [end for day, _ in said for end in _ends_of(day.year)]


def _ends_of(year: int) -> list[Said]:
    return [(date(year, 12, 31), _YEAR_ALONE), (date(year, 6, 30), _YEAR_ALONE)]


def _day_in_name(evidence: _Evidence, _: date) -> bool:
    """A day in the name beside a semester in the file: the semester is the basis, and the day is taken from the name."""
    return bool(evidence.in_its_name("day"))


def _other_half_year(evidence: _Evidence, day: date) -> list[Said]:
    """The semester in the file, where the day in its name is of another."""
    semesters = evidence.inside_the_file("semester")
    return [(semesters[0][0], T("title"))] if semesters and abs((semesters[0][0] - day).days) > OTHER_HALF else []


@dataclass(frozen=True)
class Rule:
    """A kind of evidence. One day alone is taken where it is ``certain``, else it is asked, and so are several.

    ``yields``: leaves a single day to weaker rules; ``doubt``: days that stand against a single one, which is then asked;
    ``compared``: what the file's name says otherwise is told. ``most``: so many days are offered."""

    says: Callable[[_Evidence], list[Said]]
    certain: bool = True
    yields: Callable[[_Evidence, date], bool] | None = None
    doubt: Callable[[_Evidence, date], list[Said]] | None = None
    compared: bool = False
    most: int | None = None


RULES = (  # the strongest first; the first that says anything decides
    Rule(_of_titles("day"), compared=True),
    Rule(_of_titles("semester"), yields=_day_in_name, compared=True),
    Rule(_of_name("day"), doubt=_other_half_year),
    Rule(_of_name("semester")),
    Rule(_told_below),
    Rule(_below, certain=False, most=MOST_OFFERED),
    Rule(_of_years, certain=False),
    Rule(_months, certain=False, most=MOST_OFFERED),
    Rule(_years_alone, certain=False, most=MOST_OFFERED),
)


def decide(table: Table, file: str, area_columns: frozenset[int], rows: Sequence[int]) -> Decided:
    """The day, by the order of evidence: column, title, header, sheet's name, file's name. Exact days and semesters are
    certain; a month or a year alone is a question, and so are places inside the file that disagree."""
    named = written.search(re.sub(r"\.[A-Za-z]{2,5}$", "", file))
    inside = ((T("title"), _titles(table)), (T("header"), _header(table)), (T("name of the sheet"), _of_sheet(table, named)))
    evidence = _Evidence(table, rows, area_columns, inside, named, file)
    turned = day_columns.month_first(table, area_columns, rows)
    if turned is not None:
        return _with_month_first(turned[0], evidence)
    swapped = day_columns.partly_turned(table, area_columns, rows)
    if swapped >= 0:
        return Decided(basis=evidence.basis, either_way=table.name(swapped))
    column = day_columns.column(table, area_columns, rows)
    if column is not None:
        return _either_way(column, evidence) or _by_column(column, evidence)
    said = ((rule, rule.says(evidence)) for rule in RULES)
    decided = (_by_rule(rule, days, evidence) for rule, days in said if days)
    return _between(next((one for one in decided if one is not None), Decided(basis=evidence.basis)), evidence)


def _with_month_first(place: int, evidence: _Evidence) -> Decided:
    """The days of a column that can only have the month before the day: asked where all rows have one, else those of the rows."""
    where = T("column {column}, the month before the day", column=evidence.table.name(place))
    cells: list[object] = [day_columns.turned(row[place]) or row[place] for row in evidence.table.rows]
    days = sorted({day for row in evidence.rows if isinstance(day := cells[row], date)})
    if len(days) > 1:
        return Decided(cells=tuple(cells), basis=evidence.basis, where=where, column=place)
    return Decided(basis=evidence.basis, readings=tuple((day, where) for day in days))


def _either_way(column: DayColumn, evidence: _Evidence) -> Decided | None:
    """What is asked of a column of days any of which may have the month first, where the file writes other days so, or where they
    are weeks apart only then; None where nothing speaks for it."""
    table, cells = evidence.table, set(filter(filled, (column.cells[row] for row in evidence.rows)))
    if not all(isinstance(cell, str) and day_columns.turned(cell) for cell in cells):
        return None
    beside = filter(lambda cell: isinstance(cell, str), itertools.chain(table.titles, *table.rows))
    if not (day_columns.shows_month_first(map(str, beside)) or day_columns.weeks_if_turned(cells)):
        return None
    if len(cells) > 1:
        return Decided(basis=evidence.basis, either_way=table.name(column.place))
    where = T("column {column}", column=table.name(column.place))
    before = T("column {column}, the month before the day", column=table.name(column.place))
    cell = cells.pop()
    ways = ((written.parse(cell), where), (day_columns.turned(cell), before))
    return Decided(basis=evidence.basis, readings=_offered([(day, said) for day, said in ways if day is not None]))


def _between(decided: Decided, evidence: _Evidence) -> Decided:
    """What was decided, unless rows between those of areas name another day: each heads the areas below it. Where one of them
    names a month only, or may be a remark, the day is asked."""
    found = _headings(evidence)
    if all(hit.day == decided.day for hit, _ in found.values()):
        return decided
    if not all(heads for _, heads in found.values()):
        above = [] if decided.day is None or decided.where is None else [(decided.day, decided.where)]
        between = [(hit.day, _BETWEEN) for hit, _ in found.values()]
        return Decided(basis=decided.basis, readings=_offered([*above, *decided.readings, *between])[:MOST_OFFERED])
    cells: list[object] = []
    day: object = "" if decided.day is None or decided.where is _NAME else decided.day
    for number in range(len(evidence.table.rows)):
        day = found[number][0].day if number in found else day
        cells.append(day)
    return Decided(cells=tuple(cells), basis=decided.basis, where=_BETWEEN)


def _headings(evidence: _Evidence) -> dict[int, tuple[written.Found, bool]]:
    """The rows above the last area that show no figure and name one day or month, with it, and whether they head with it what
    stands below: they say nothing else, or that data are of that day."""
    areas, found = set(evidence.rows), {}
    for number in range(max(areas, default=0)):
        row = evidence.table.rows[number]
        text = "" if number in areas else day_columns.heading(row)
        if not text or _PRINTED.search(text) or _SIGNED.fullmatch(text):
            continue
        hits = [hit for hit in written.search(text) if hit.kind != "year"]
        if len(hits) == 1:
            sure = _is_certain(hits[0]) and (bool(_ABOUT.search(text)) or written.parse(text) is not None)
            found[number] = hits[0], sure or bool(_LABELS.match(text) and _is_certain(hits[0]))
    return found


def _by_rule(rule: Rule, said: Sequence[Said], evidence: _Evidence) -> Decided | None:
    """What a rule makes of the days that it found; None where it leaves them to weaker ones."""
    day, where = said[0]
    if not rule.certain or any(other != day for other, _ in said):
        return Decided(basis=evidence.basis, readings=_offered(said)[: rule.most])
    if rule.yields is not None and rule.yields(evidence, day):
        return None
    against = rule.doubt(evidence, day) if rule.doubt is not None else []
    if against:
        return Decided(basis=evidence.basis, readings=_offered([*against, (day, where)]))
    named = [hit.day for hit in evidence.named if hit.kind in ("day", "semester") and hit.day != day]
    return Decided(day, basis=evidence.basis, where=where, other=named[0] if rule.compared and named else None)


def _by_column(column: DayColumn, evidence: _Evidence) -> Decided:
    """The days of a column; a question where a title names another day than the one of all rows."""
    titled, where = evidence.inside_the_file("day"), T("column {column}", column=evidence.table.name(column.place))
    listed = {day for row in evidence.rows if (day := written.parse(column.cells[row])) is not None} if titled else set()
    if listed and listed != {titled[0][0]}:
        distinct = list(dict.fromkeys(titled))[:MOST_TITLED]
        return Decided(basis=evidence.basis, readings=_offered([*distinct, (max(listed), where)]))
    made = Decided(cells=column.cells, basis=evidence.basis or column.basis, where=where, column=column.place)
    cells = {column.cells[row] for row in evidence.rows} if evidence.in_its_name("day") else set()
    days = {day for cell in cells if (day := written.parse(cell)) is not None}
    others = [day for day, _ in evidence.in_its_name("day") if {day} != days]
    return replace(made, only=days.pop(), other=others[0]) if len(days) == 1 and others else made


def _offered(said: Sequence[Said]) -> tuple[Said, ...]:
    """Each day once, with the first place that says it."""
    first: dict[date, Text] = {}
    for day, where in said:
        first.setdefault(day, where)
    return tuple(first.items())


def _titles(table: Table) -> list[written.Found]:
    """What the titles say one by one; all of them as one text, where none names a day or a semester."""
    signed = [title for title in table.titles if isinstance(title, str) and _SIGNED.fullmatch(title.strip())]
    found = [hit for title in table.titles if title not in signed for hit in _in_title(title)]
    if any(map(_is_certain, found)):
        return found
    found += [hit for title in signed for hit in _in_title(title)]  # the day of a signature only where nothing else is said
    if any(map(_is_certain, found)):
        return found
    spoken = " ".join(text for title in table.titles for text in _spoken(title))
    return found + (_sure_in(spoken) or _sure_in(_LABELS.sub(" ", spoken)))


def _sure_in(text: str) -> list[written.Found]:
    """The days and semesters that a text names, but those that are aimed at."""
    return [hit for hit in written.search(text) if _is_certain(hit) and not _lies_ahead(hit, text)]


def _is_certain(hit: written.Found) -> bool:
    return hit.kind in ("day", "semester")


def _in_title(title: object) -> list[written.Found]:
    """What a title says: of a range its end, of the day of printing nothing."""
    if isinstance(title, date):
        day = title.date() if isinstance(title, datetime) else title
        return [written.Found(day, "day", day.isoformat())]
    if not isinstance(title, str):
        return []
    hits = _of_figures(title)
    if printed := _PRINTED.search(title):
        return [hit for hit in hits if hit.kind == "semester"] + _told_in(title[: printed.start()])
    days = sorted((hit for hit in hits if hit.kind == "day"), key=lambda hit: title.find(hit.text))
    if len(days) != 2:
        return hits
    between = title[title.find(days[0].text) + len(days[0].text) : title.find(days[1].text)]
    ranged = _RANGE.fullmatch(between.strip()) and days[0].day < days[1].day
    return [hit for hit in hits if hit is not days[0]] if ranged else hits


def _of_figures(title: str) -> list[written.Found]:
    """What a title says, without the days that it aims at."""
    return [hit for hit in written.search(title) if hit.kind != "day" or not _lies_ahead(hit, title)]


def _lies_ahead(hit: written.Found, title: str) -> bool:
    """Whether a title aims at a day or votes on it, and says nowhere before it that the data are of it: it is only offered."""
    before = title[: max(title.find(hit.text), 0)]
    return topics.aims_in(before) and not _ABOUT.search(before)


def _told_in(text: str) -> list[written.Found]:
    """The days of which a text says that the data are."""
    return [hit for hit in written.search(text) if hit.kind == "day"] if _ABOUT.search(text) else []


def _spoken(title: object) -> list[str]:
    """The words of a title, a year in a cell of its own among them."""
    if isinstance(title, float):
        return [str(int(title))] if title.is_integer() else []
    return [title] if isinstance(title, str) and not _PRINTED.search(title) else []


def _of_sheet(table: Table, named: Sequence[written.Found]) -> list[written.Found]:
    """What the sheet's name says; '24 Jan' with the one year that titles, or else the file's name, say."""
    code = ".".join(re.findall("..", table.sheet.strip()))
    found = written.search(table.sheet) or ([] if code in register() else written.search_packed(table.sheet))
    if found:
        return found
    hits = [hit for title in table.titles if isinstance(title, str) for hit in written.search(title)] or named
    if number := _NUMBERED.fullmatch(table.sheet.strip()):  # 'Tgl 14' of the one month that is named
        return written.of_month(int(number[1]), hits, table.sheet)
    years = {hit.day.year for hit in hits}
    completed = written.search(f"{table.sheet} {years.pop()}") if len(years) == 1 else []
    return [hit for hit in completed if hit.kind == "day" and any(map(str.isalpha, hit.text))]


def _header(table: Table) -> list[written.Found]:
    texts = dict.fromkeys(text for path in table.headers for text in path)
    return [hit for text in texts for hit in written.search(text) if hit.kind != "year"]
