"""One sheet -> a candidate: header, areas, figures, day and totals, each with its evidence; and what is in doubt."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ektp_analysis.core.area import NATION
from ektp_analysis.ingest import doubts
from ektp_analysis.ingest.cells import column, names, topics, words
from ektp_analysis.ingest.cells.column import Floats, Values
from ektp_analysis.ingest.cells.numerals import ERRORS
from ektp_analysis.ingest.columns import area_columns, by_hand, day, day_columns, day_groups, pick, tables_apart
from ektp_analysis.ingest.columns.table import Table, table_of
from ektp_analysis.ingest.ground import Doubt, Ground, Unread
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.places import placement, totals
from ektp_analysis.ingest.places.row_names import Placed, depths
from ektp_analysis.ingest.report import LEVELS, Choices

# What a sheet is worth beside its roles and level: each takes less than one column of figures, so that they decide only
# between sheets that are else alike.
PERCENT_WORTH, HIDDEN_COST, PIVOT_COST, DOUBT_COST = 0.5, 0.3, 0.5, 0.5
NO_AREA = 1_000  # rows out of place that a way to read the areas is charged with if it leaves no area at all
FEW_CARDS = 0.4  # of those recorded: an office that printed fewer is unheard of; one month, or one stock of blanks, has fewer
MOST_ROWS = 0.5  # of the rows: more of them are the column's way
SAMPLE = 50  # rows that show whether a column may hold figures; a header of several rows more is not met
_PIVOT = ("sum of", "row labels")


@dataclass(frozen=True)
class Candidate:
    """What one sheet can be read as. ``kinds``: of each body row; ``figures``: role -> numbers of all body rows."""

    table: Table
    area_columns: area_columns.AreaColumns
    placed: Placed
    picked: pick.Picked
    when: day.Decided
    kinds: tuple[str, ...]
    figures: Mapping[str, Floats]
    parsed: Mapping[int, Values]
    level: int
    differences: tuple[totals.Difference, ...] = ()
    totals_agree: int = 0
    without: tuple[int, ...] = ()
    unfitting: str = ""
    hints: tuple[str, ...] = ()
    total_labels: tuple[str, ...] = field(default=(), repr=False)
    file: str = ""
    named: bool = False

    @cached_property
    def rows(self) -> list[int]:
        """Positions of the rows that are areas with figures."""
        skip, rows = set(self.without), totals.positions(self.kinds, totals.AREA)
        return [number for number in rows if number not in skip] if skip else rows

    @cached_property
    def unplaced(self) -> list[int]:
        """Positions of rows with figures whose area is not known."""
        return totals.positions(self.kinds, totals.UNPLACED)

    @property
    def around(self) -> list[str]:
        """The texts around the rows: titles, the name of the sheet, and that of the file without its ending."""
        titles = [title for title in self.table.titles if isinstance(title, str)]
        return [*titles, self.table.sheet, re.sub(r"\.[A-Za-z]{2,5}$", "", self.file)]

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why its columns must be asked, each time it was found; empty where they are sure."""
        return tuple(self.picked.doubts)

    @cached_property
    def speaks(self) -> bool:
        """Whether a title, a header, the sheet's name or the file's says KTP or recording, or a person named the columns."""
        return self.named or topics.speaks_of_ktp(f"{self.spoken} {self.file}")

    @property
    def spoken(self) -> str:
        """What titles, headers and the name of the sheet say."""
        table = self.table
        return " ".join([*map(str, table.titles), table.sheet, *(" ".join(path) for path in table.headers)])

    @property
    def score(self) -> float:
        """For choosing among sheets: roles found, areas placed, sums that hold; hidden and pivot sheets a little less."""
        roles = len(self.picked.columns.keys() - set(words.BESIDE)) + PERCENT_WORTH * (self.picked.percent >= 0)
        pivot = any(word in " ".join(path).lower() for path in self.table.headers for word in _PIVOT)
        fits = len(self.rows) / max(1, len(self.rows) + len(self.unplaced))
        cost = HIDDEN_COST * self.table.hidden, PIVOT_COST * pivot, DOUBT_COST * len(self.doubts)
        return roles * fits + self.level - cost[0] - cost[1] - cost[2]

    def fingerprint(self) -> str:
        """Equal for files of the same layout: header cells without numbers, columns, level; not the figures or the day."""
        heads = "|".join(re.sub(r"\d+", "#", words.tidy(" ".join(path))) for path in self.table.headers)
        return hashlib.sha256(f"{heads}:{self.level}".encode()).hexdigest()[:16]


def read_sheet(sheet: Sheet, choices: Choices, file: str, hints: Sequence[str] = ()) -> Candidate | None:
    """What a sheet can be read as; None where it holds no table of areas and figures at all."""
    table = table_in(sheet)
    return None if table is None else read_table(table, choices, file, hints)


def table_in(sheet: Sheet) -> Table | None:
    """The table of a sheet with one row an area; None where there is none of two columns and a row."""
    table = table_of(sheet)
    return (
        None
        if table is None or len(table.headers) < 2 or not len(table.rows)
        else day_groups.with_titled_total(day_groups.with_area_of_each_day(tables_apart.whole_rows(table)))
    )


def read_table(table: Table, choices: Choices, file: str, hints: Sequence[str] = ()) -> Candidate | None:
    """What a table can be read as; None where it is none of areas and figures.

    Where one column may hold desa alone or kecamatan with their desa below, both are tried; what is placed whole and
    whose totals hold is taken.
    """
    found = area_columns.find(table)
    if not found.used:
        return None
    spoken = " ".join(str(title) for title in table.titles) + " " + table.sheet
    heads = " ".join(text for path in table.headers for text in path)
    said = names.find_regencies(spoken) or tuple(hints) or names.find_regencies(heads)
    read = [one for one in (_with_areas(table, way, choices, file, said) for way in _ways(found, choices)) if one is not None]
    return min(read, key=_trouble) if read else None


def _ways(found: area_columns.AreaColumns, choices: Choices) -> list[area_columns.AreaColumns]:
    """The columns of areas as found; and with a column of desa as one in which kecamatan stand above their desa, unless the
    whole is about one kecamatan."""
    if choices.area.count(".") == 2 or 4 not in found.names or 3 in found.names or found.whole >= 0 or found.parts:
        return [found]
    others = {level: place for level, place in found.names.items() if level != 4}
    return [found, area_columns.AreaColumns(names=others, mixed=found.names[4])]


def _trouble(found: Candidate) -> tuple[int, int, int]:
    codes = [found.placed.codes[number] for number in found.rows]
    return (
        len(found.unplaced) + len(codes) - len(set(codes)) + (NO_AREA if not codes else 0),
        len(found.differences),
        -found.totals_agree,
    )


def _with_areas(
    table: Table, found: area_columns.AreaColumns, choices: Choices, file: str, hints: Sequence[str]
) -> Candidate | None:
    placed = placement.place(table, found, hints=hints, area=choices.area, aliases=choices.aliases, trust=choices.trust)
    levels = _levels(placed.codes)
    level = int(LEVELS[choices.level]) if choices.level else int(levels.max(initial=0))
    if not level:
        return _unfit(table, found, placed, hints)
    parsed = _parsed(table, found, choices.numbers)
    usable = {place: one for place, one in parsed.items() if one.usable or _may_be_chosen(table.headers[place])}
    labels = _total_labels(table, found, placed, usable, level)
    unlabelled = ~np.fromiter(map(bool, labels), dtype=bool, count=len(labels))
    area_rows = (levels == level) & unlabelled
    if not choices.level:
        area_rows |= _alone(table, found, placed, np.flatnonzero((levels >= 0) & unlabelled & ~area_rows).tolist(), area_rows)
    if not area_rows.any():
        return _unfit(table, found, placed, hints)
    picked = _picked(table, choices, {place: one.taken(area_rows) for place, one in usable.items()})
    parsed = parsed | _parsed_beside(table, choices, (_figure_columns(picked) | picked.apart) - parsed.keys() - {-1})
    figures = {role: np.sum([parsed[place].counts for place in columns], axis=0) for role, columns in picked.columns.items()}
    placed, summed = totals.without_totals(figures, area_rows, placed, level, choices.aliases)
    for number in np.flatnonzero(summed).tolist():
        labels[number] = labels[number] or _text_of(table, found, number)
    still = np.fromiter(map(bool, placed.codes), dtype=bool, count=len(labels))
    asked, area_rows = np.flatnonzero(area_rows & ~still & ~summed).tolist(), area_rows & still
    wrong, shown = _marks(picked, parsed, figures, len(table.rows))
    made = totals.settle(totals.kinds(table, placed, labels, list(shown), level, area_rows), figures, asked)
    without = tuple(int(number) for number in np.flatnonzero(area_rows & ~shown & ~wrong))
    differences, agree = totals.compare(table, placed, made, labels, figures)
    read = Candidate(
        table,
        found,
        placed,
        picked,
        _day(table, choices, file, found.used | _figure_columns(picked), totals.positions(made, totals.AREA)),
        tuple(made),
        figures,
        parsed,
        level,
        tuple(differences),
        agree,
        without,
        hints=tuple(hints),
        total_labels=tuple(labels),
        file=file,
        named=bool(choices.columns),
    )
    read = read if choices.columns else _doubted(read, area_rows, file)
    return _with_to_clean(_with_printed(read, labels), labels)


def _doubted(read: Candidate, area_rows: column.Mask, file: str) -> Candidate:
    """The candidate with what must be asked of the columns that evidence alone has picked."""
    picked, known = read.picked, read.doubts
    proven = any(kind == "sum" for kind, *_ in picked.proofs)
    ground = Ground(
        read.table,
        picked.columns,
        proven,
        frozenset(known),
        read.parsed,
        read.figures,
        area_rows,
        read.placed.codes,
        read.differences,
        read.totals_agree,
        file,
    )
    made = doubts.doubted(ground, known, picked.readings, picked.missing)
    readings = [dict(one) for one in made.readings]
    picked = replace(picked, doubts=list(made.doubts), readings=readings, missing=list(made.missing), quotes=made.quotes)
    return replace(read, picked=picked)


def _with_printed(read: Candidate, labels: Sequence[str]) -> Candidate:
    """The candidate with the cards printed beside the recorded. Where the columns are asked about and no other counts those
    recorded, that the cards are cards is one of the answers."""
    picked, places = read.picked, read.picked.beside.get(words.PRINTED, ())
    if not places:
        return read
    cards = {words.PRINTED: places}
    readings = [{**one, **(cards if words.RECORDED in one else {})} for one in picked.readings]
    if picked.doubts and words.RECORDED not in picked.columns and words.ELIGIBLE in picked.columns:
        readings.append({words.ELIGIBLE: picked.columns[words.ELIGIBLE], **cards})
    beside = words.RECORDED in picked.columns or (words.UNRECORDED in picked.columns and not picked.doubts)
    if not (beside or read.named):
        return replace(read, picked=replace(picked, readings=readings))
    if not read.named and _few(read, np.sum([read.parsed[place].counts for place in places], axis=0)):
        return replace(read, picked=replace(picked, unread={**picked.unread, Unread.FEW_PRINTED: places}))
    return _counted_beside(replace(read, picked=replace(picked, readings=readings)), words.PRINTED, labels)


def _with_to_clean(read: Candidate, labels: Sequence[str]) -> Candidate:
    """The candidate with those of the unrecorded who are to be cleaned off the list; where the columns are asked about, beside
    each of the answers."""
    picked, places = read.picked, read.picked.beside.get(words.TO_CLEAN, ())
    if not places:
        return read
    read = replace(read, picked=replace(picked, readings=[{**one, words.TO_CLEAN: places} for one in picked.readings]))
    beside = words.RECORDED in picked.columns or words.UNRECORDED in picked.columns
    return _counted_beside(read, words.TO_CLEAN, labels) if beside or read.named else read


def _counted_beside(read: Candidate, role: str, labels: Sequence[str]) -> Candidate:
    """The candidate with what it found beside the columns of recording as a column of its own."""
    picked = read.picked
    figures = {role: np.sum([read.parsed[place].counts for place in picked.beside[role]], axis=0)}
    differences, agree = totals.compare(read.table, read.placed, list(read.kinds), list(labels), figures)
    return replace(
        read,
        picked=replace(picked, columns={**picked.columns, role: picked.beside[role]}),
        figures={**read.figures, **figures},
        differences=(*read.differences, *differences),
        totals_agree=read.totals_agree + agree,
    )


def _few(read: Candidate, cards: Floats) -> bool:
    """Whether in most rows far fewer cards are printed than people recorded: those of a while, perhaps, not all so far."""
    done = read.figures.get(words.RECORDED)
    if done is None:
        done = read.figures[words.ELIGIBLE] - read.figures[words.UNRECORDED] if words.ELIGIBLE in read.figures else cards
    both = ~np.isnan(cards[read.rows]) & (done[read.rows] > 0)
    return bool(both.any() and (cards[read.rows][both] < FEW_CARDS * done[read.rows][both]).mean() > MOST_ROWS)


def _day(table: Table, choices: Choices, file: str, taken: frozenset[int], rows: Sequence[int]) -> day.Decided:
    """The day that a person gave, else the one that the evidence gives; ``taken``: columns of areas and figures."""
    decided = day.decide(table, file, taken, rows)
    return day.Decided(choices.date, basis=decided.basis) if choices.date else decided


def _levels(codes: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The level of each code, 0 for the nation, -1 where there is none."""
    levels = np.array(depths(codes), dtype=np.int64)
    levels[levels == 0] = -1
    if NATION in codes:
        levels[[number for number, code in enumerate(codes) if code == NATION]] = 0
    return levels


def _alone(
    table: Table, found: area_columns.AreaColumns, placed: Placed, coarse: Sequence[int], fine: column.Mask
) -> column.Mask:
    """Rows of a larger area none of whose parts stands for the same day: they are no totals of other rows but areas."""
    alone = np.zeros(len(table.rows), dtype=bool)
    if not coarse:
        return alone
    days = day_columns.days_of(table, found.used) or [None] * len(table.rows)
    above = set()
    for row in map(int, np.flatnonzero(fine)):
        parts = placed.codes[row].split(".")
        above |= {(".".join(parts[:up]), days[row]) for up in range(1, len(parts))} | {(NATION, days[row])}
    for number in coarse:
        alone[number] = (placed.codes[number], days[number]) not in above
    return alone


def _parsed(table: Table, found: area_columns.AreaColumns, style: str = "") -> dict[int, Values]:
    return {
        place: column.values_of(table.columns[place], style)
        for place in range(len(table.headers))
        if place not in found.used and _may_hold_figures(table, place)
    }


def _parsed_beside(table: Table, choices: Choices, places: Iterable[int]) -> dict[int, Values]:
    """Columns that a person chose although nothing says that they hold figures."""
    return {place: column.values_of(table.columns[place], choices.numbers) for place in sorted(places)}


def _picked(table: Table, choices: Choices, members: Mapping[int, Values]) -> pick.Picked:
    """The columns: those that a person chose, else by evidence."""
    if not choices.columns:
        found = pick.pick(table, members)
        return pick.with_beside(found, table, members, _figure_columns(found))
    forced = by_hand.chosen(table, choices.columns)
    columns = dict(forced or {})
    beside = {role: columns.pop(role) for role in words.BESIDE if role in columns}
    percent = columns.pop("coverage_reported", (-1,))[0]
    return pick.Picked(columns, percent, doubts=[Doubt.NO_SUCH_COLUMN] if forced is None else [], beside=beside)


def _marks(
    picked: pick.Picked, parsed: Mapping[int, Values], figures: Mapping[str, Floats], length: int
) -> tuple[column.Mask, column.Mask]:
    """Rows whose chosen cells hold something that is no number, and rows that show a figure or an error of the workbook."""
    wrong, shown = np.zeros(length, dtype=bool), np.zeros(length, dtype=bool)
    for place in (place for columns in picked.columns.values() for place in columns):
        wrong |= parsed[place].wrong
        for number in np.flatnonzero(parsed[place].wrong):
            cell = parsed[place].cells[int(number)]
            shown[number] |= isinstance(cell, str) and cell.strip() in ERRORS
    for numbers in figures.values():
        shown |= ~np.isnan(numbers)
    if picked.percent >= 0:
        shown |= ~np.isnan(parsed[picked.percent].floats)
    return wrong, shown


def _figure_columns(picked: pick.Picked) -> frozenset[int]:
    """The columns of figures; with -1 where there is none of coverage."""
    return frozenset(place for columns in picked.columns.values() for place in columns) | {picked.percent}


def _may_hold_figures(table: Table, place: int) -> bool:
    sample = [row[place] for row in table.rows[:SAMPLE]]
    return any(
        isinstance(cell, (int, float)) or (isinstance(cell, str) and any(letter.isdigit() for letter in cell)) for cell in sample
    ) or bool(words.meaning(table.headers[place]).measure)


def _total_labels(
    table: Table, found: area_columns.AreaColumns, placed: Placed, usable: Mapping[int, Values], level: int
) -> list[str]:
    """For each row what says that it is a total, '' where nothing does."""
    figures = [place for place in usable if words.meaning(table.headers[place]).measure] or [*usable]
    labels = totals.labels(table, max([max(found.used) + 1, *([min(figures)] if figures else [])]))
    return totals.with_larger(table, placed, found.names.get(level, found.mixed), level, labels)


def _text_of(table: Table, found: area_columns.AreaColumns, number: int) -> str:
    """What a row calls itself."""
    texts = [str(table.rows[number][place]) for place in sorted(found.used) if isinstance(table.rows[number][place], str)]
    return texts[-1] if texts else "-"


def _may_be_chosen(header: Sequence[str]) -> bool:
    """Whether a column may be chosen although few of its cells are counts: shares, or what a count is called."""
    return words.meaning(header).measure in (words.PERCENT, *pick.ROLES)


def without_areas(table: Table, file: str, hints: Sequence[str]) -> Candidate | None:
    """A table that says no area at all, so that it can be asked for; None where its columns are not those of recording."""
    none = [""] * len(table.rows)
    found = _unfit(table, area_columns.AreaColumns(), Placed(none, none, [0] * len(table.rows)), hints)
    return None if found is None else replace(found, file=file)


def _unfit(table: Table, found: area_columns.AreaColumns, placed: Placed, hints: Sequence[str]) -> Candidate | None:
    """A table whose areas are not known: kept where its columns are those of recording, so that it can be asked."""
    picked = pick.pick(table, _parsed(table, found))
    kept = Candidate(table, found, placed, picked, day.Decided(), (), {}, {}, 0, unfitting="areas", hints=tuple(hints))
    return None if not picked.columns or {Doubt.NOTHING, Doubt.UNKNOWN_WORDS} & set(kept.doubts) else kept
