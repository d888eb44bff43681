"""Rows of a table -> area codes, jointly: the codes they carry, else their names within the one kabupaten that fits all.

Never name by name: a desa is looked for in its kecamatan, a kecamatan in its kabupaten, and a kabupaten that the file
does not name is taken only where the set of names fits one alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ektp_analysis.core.area import NATION
from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.columns.area_columns import AreaColumns
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.places import nearness, regencies, totals
from ektp_analysis.ingest.places.regencies import Clues, Inferred, infer, narrowed, within_regency
from ektp_analysis.ingest.places.row_names import Placed, Said, Told, depth_of, depths, names_beside, said_by

# Shares of rows or names of one table
CODES_SPEAK = 0.5  # of the rows that show a code half have one that the register knows: then codes place the rows
ALL_BY_CODE = 0.5  # and of those that show a code or a name: then the table as a whole is said to be placed by code
OTHER_REGISTER = 0.5  # most names beside codes are others: then the codes may be another register's, and it is asked
FEW_AT_ODDS = 2  # rows: so many are slips and asked one by one; more, or most of the rows, are another list of codes or of names
MOST_RIVALS, MOST_OWN_RIVALS = 4, 2  # kabupaten that a person is asked about, and of these from the codes

_Key = TypeVar("_Key")
_Cell = TypeVar("_Cell")
BY_ROW = "baris"  # in a label that two rows would share; part of what a person's choice names, so in one language
_NATIONS = ("indonesia", "nasional")


@dataclass(frozen=True)
class _Step:
    """What one look at some rows found: row -> code, row -> level, names read as others, labels that nothing was found for."""

    codes: Mapping[int, str] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    told: tuple[Told, ...] = ()
    unmatched: Mapping[str, list[str]] = field(default_factory=dict)
    regency: str = ""
    inferred: Inferred = field(default_factory=lambda: Inferred(""))


@dataclass(frozen=True)
class _Rows:
    """What rows say, under which label they are asked about, and what is known beside."""

    said: Mapping[int, Said]
    labels: Sequence[str]
    clues: Clues


def place(
    table: Table, columns: AreaColumns, *, hints: Sequence[str], area: str, aliases: Mapping[str, str], trust: str = ""
) -> Placed:
    """Place every row. ``hints``: kabupaten that titles or names say; ``area``: what a person chose; ``trust``: code or name, of
    which a person said that it holds."""
    clues = Clues(hints, area, nearness.keyed(aliases), trust)
    codes, rows = said_by(table, columns)
    said = _below_district(rows, area)
    placed = Placed(
        [""] * len(codes),
        [said[number].label if number in said else code for number, code in enumerate(codes)],
        [said[number].own if number in said else depth for number, depth in enumerate(depths(codes))],
    )
    coded = len(codes) - codes.count("")
    if coded and coded >= CODES_SPEAK * _rows_that_show(codes, said, lambda one: bool(one.bare_code)):
        whole = coded >= ALL_BY_CODE * _rows_that_show(codes, said, lambda one: bool(one.own or one.bare_code))
        placed, said = _by_code(table, columns, codes, said, replace(placed, by_code=whole), clues)
    elif coded:
        said = {**{number: Said({}, depth_of(len(code)), code, code) for number, code in enumerate(codes)}, **said}
    placed = _with(placed, _nation(placed))
    rest = _named_rows(said, placed)
    placed = _by_name(said, rest, placed, clues) if rest else placed
    placed = _told_by_row(placed, table) if placed.unmatched else placed
    return _by_alias(placed, clues.aliases, table) if clues.aliases else placed


def called(table: Table, placed: Placed, number: int) -> str:
    """What a row is called in a question and in its answer: what says its area, else its own text, else its number; a name
    without letters or digits is none, for beside its kecamatan it would answer for that."""
    said = placed.labels[number] or totals.own_text(table.rows[number])
    own = said.rpartition(" / ")[2]
    return said if any(map(str.isalnum, own)) else f"{BY_ROW} {table.row_numbers[number]}"


def is_by_number(name: str) -> bool:
    """Whether a row is called by its number alone, which says nothing about any other file."""
    return re.fullmatch(rf"{BY_ROW} \d+", name.strip()) is not None


def _told_by_row(placed: Placed, table: Table) -> Placed:
    """Rows of areas of one name, of which there are as many in the register: each is asked about under a label of its own."""
    rows: dict[str, list[int]] = {}
    for number in _open(placed):
        rows.setdefault(placed.labels[number], []).append(number)
    labels: dict[int, str] = {}
    unmatched = dict(placed.unmatched)
    for label, numbers in rows.items():
        codes = unmatched.get(label, [])
        alike = [code for code in codes if names.register()[code] == names.register()[codes[0]]]
        if 1 < len(numbers) <= len(alike):
            del unmatched[label]
            labels |= {number: f"{label}, {BY_ROW} {table.row_numbers[number]}" for number in numbers}
            unmatched |= {labels[number]: codes for number in numbers}
    return replace(placed, labels=_laid_over(placed.labels, labels), unmatched=unmatched) if labels else placed


def _below_district(said: Mapping[int, Said], area: str) -> Mapping[int, Said]:
    """The rows of desa of a sheet of one kecamatan, which a person named: each below that kecamatan."""
    if area.count(".") != 2:
        return said
    district = {3: names.register().get(area, "")}
    return {
        number: one._replace(texts={**district, **one.texts}) if one.own == 4 and not one.code else one
        for number, one in said.items()
    }


def _rows_that_show(codes: Sequence[str], said: Mapping[int, Said], shows: Callable[[Said], bool]) -> int:
    """How many rows speak by their code alone, or show something of a kind."""
    return len(codes) - len(said) + sum(map(shows, said.values()))


def _open(placed: Placed) -> list[int]:
    """The rows whose area is not known yet."""
    return [] if all(placed.codes) else [number for number, code in enumerate(placed.codes) if not code]


def _named_rows(said: Mapping[int, Said], placed: Placed) -> list[int]:
    """The open rows that speak of an area and that nobody is asked about yet."""
    rows = (row for row in _open(placed) if row in said and said[row].own)
    return [row for row in rows if placed.labels[row] not in placed.unmatched]


def _with(placed: Placed, *steps: _Step) -> Placed:
    """What is known with what steps found. The first suggestions for a label stand, and the last rivals."""
    rivals = [step.inferred.rivals for step in steps if step.inferred.rivals is not None]
    return replace(
        placed,
        codes=_laid_over(placed.codes, _first([step.codes for step in steps])),
        levels=_laid_over(placed.levels, _first([step.levels for step in steps])),
        told=_told(placed.told, (one for step in steps for one in step.told)),
        unmatched=_first([placed.unmatched, *(step.unmatched for step in steps)]),
        inferred=placed.inferred or any(step.inferred.alone for step in steps),
        rivals=rivals[-1] if rivals else placed.rivals,
    )


def _first(said: Sequence[Mapping[_Key, _Cell]]) -> dict[_Key, _Cell]:
    """What several say together; of what more than one says, the first."""
    return {key: cell for one in reversed(said) for key, cell in one.items()}


def _laid_over(cells: Sequence[_Cell], rows: Mapping[int, _Cell]) -> Sequence[_Cell]:
    """The cells of all rows with those of some rows in their place."""
    return [rows.get(number, cell) for number, cell in enumerate(cells)] if rows else cells


def _told(held: Sequence[Told], new: Iterable[Told]) -> tuple[Told, ...]:
    """Each name once, but that of a kabupaten for every block that bears it."""
    made = list(held)
    seen = set(held)
    for one in new:
        if one not in seen or one.code.count(".") == 1:
            made.append(one)
            seen.add(one)
    return tuple(made)


def _nation(placed: Placed) -> _Step:
    """Rows of the whole country."""
    rows = [number for number in _open(placed) if names.plain(placed.labels[number]) in _NATIONS]
    return _Step(dict.fromkeys(rows, NATION), dict.fromkeys(rows, 0))


def _by_alias(placed: Placed, aliases: Mapping[str, str], table: Table) -> Placed:
    """The rows left open whose label a person has decided before."""
    labels = {number: called(table, placed, number) for number in _open(placed)}
    decided = {row: aliases.get(names.plain(label)) or aliases.get(label.lower(), "") for row, label in labels.items()}
    codes = {row: code for row, code in decided.items() if code}
    return replace(
        placed,
        codes=_laid_over(placed.codes, codes),
        levels=_laid_over(placed.levels, {number: code.count(".") + 1 for number, code in codes.items()}),
        told=(*placed.told, *(Told(labels[number], code, nearness.How.ALIAS) for number, code in codes.items())),
    )


# By code


def _by_code(
    table: Table, columns: AreaColumns, codes: Sequence[str], said: Mapping[int, Said], placed: Placed, clues: Clues
) -> tuple[Placed, Mapping[int, Said]]:
    """Take the codes, unless the names beside them say that they are another register's; and what rows say in the end."""
    levels = [depth or level for depth, level in zip(depths(codes), placed.levels, strict=True)]
    both, disagree = names_beside(table, columns, codes)
    labels = _laid_over(placed.labels, {one.row: one.name for one in disagree})
    placed = replace(placed, codes=codes, levels=levels, labels=labels, disagree=disagree)
    if not both:
        placed = _contradicted(placed, clues)
    if clues.trust == "code":
        return placed, said
    if clues.trust == "name" and both:
        return _of_other_register(table, columns, said, placed, clues)
    at_odds = tuple(one for one in disagree if one.elsewhere)
    if at_odds and (len(at_odds) > FEW_AT_ODDS or len(disagree) > OTHER_REGISTER * both):
        return replace(placed, at_odds=at_odds, disagree=()), said
    return _without_sisters(placed), said


def _contradicted(placed: Placed, clues: Clues) -> Placed:
    """Codes without names that lie in other kabupaten than the titles say: which is meant is asked."""
    own = {code[:5] for code in placed.codes if "." in code}
    if clues.area or not own or not clues.hints or own & set(clues.hints):
        return placed
    rivals = tuple(dict.fromkeys([*sorted(own)[:MOST_OWN_RIVALS], *clues.hints]))[:MOST_RIVALS]
    return replace(placed, contradicted=True, rivals=rivals)


def _of_other_register(
    table: Table, columns: AreaColumns, said: Mapping[int, Said], placed: Placed, clues: Clues
) -> tuple[Placed, Mapping[int, Said]]:
    """The names alone, where a person said that the codes are some other register's (BPS)."""
    rows = [number for number, code in enumerate(placed.codes) if code]
    _, bare = said_by(table, AreaColumns(names=columns.names))
    bare = {number: bare[number] for number in rows}
    tried = replace(
        placed,
        codes=[""] * len(placed.codes),
        levels=_laid_over(placed.levels, {number: one.own for number, one in bare.items()}),
        labels=_laid_over(placed.labels, {number: one.label for number, one in bare.items()}),
        disagree=(),
        by_code=False,
    )
    said = {**said, **bare}
    tried = _by_name(said, [number for number in rows if said[number].own], tried, clues)
    return replace(tried, foreign_codes=True), said


def _without_sisters(placed: Placed) -> Placed:
    """A few rows in which the name is that of another area are left open."""
    sisters = [one for one in placed.disagree if one.elsewhere]
    return replace(
        placed,
        codes=_laid_over(placed.codes, {one.row: "" for one in sisters}),
        unmatched={**placed.unmatched, **{placed.labels[one.row]: [one.code, *one.elsewhere] for one in sisters}},
        disagree=tuple(one for one in placed.disagree if not one.elsewhere),
    )


# By name


def _by_name(said: Mapping[int, Said], rest: Sequence[int], placed: Placed, clues: Clues) -> Placed:
    """Place rows by their names, within the kabupaten that they name, that a person or codes say, or that fits as a set."""
    rows, texts = _Rows(said, placed.labels, clues), [said[number].texts for number in rest]
    if any(1 in one or 2 in one for one in texts) and not any(0 in one for one in texts):
        return _by_given_regency(rows, rest, placed)
    known = {code[:5] for code in placed.codes if "." in code}
    chosen = clues.area[:5] if "." in clues.area else "".join(known) if len(known) == 1 else ""
    step = _within_inferred(rows, rest, Inferred(chosen) if chosen else infer(said, rest, clues))
    return replace(_with(placed, step), regencies=(step.regency,) if step.regency else placed.regencies)


def _within_inferred(rows: _Rows, numbers: Sequence[int], inferred: Inferred) -> _Step:
    """Rows within the kabupaten that was inferred; where none was, all are left open."""
    if not inferred.regency:
        return _Step(unmatched={rows.labels[number]: [] for number in numbers}, inferred=inferred)
    return replace(_within(rows, numbers, inferred.regency), inferred=inferred)


def _by_given_regency(rows: _Rows, rest: Sequence[int], placed: Placed) -> Placed:
    """Rows that name their kabupaten (or provinsi): matched from the top down, block by block."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for number in rest:
        texts = rows.said[number].texts
        blocks.setdefault((texts.get(1, ""), texts.get(2, "")), []).append(number)
    provinces = nearness.match([province for province, _ in blocks if province], "", rows.clues.aliases)
    cities_marked = any(names.regency(regency)[0] == "kota" for _, regency in blocks)
    steps: list[_Step] = []
    for (province, regency), numbers in blocks.items():
        above = provinces[province].code if province in provinces else regencies.province(province)
        codes = regencies.likely(regency, above, cities_marked, rows.clues.aliases) if regency else []
        steps.append(_in_named(rows, numbers, regency, codes) if regency else _in_unnamed(rows, numbers, above))
    within = {step.regency for step in steps if step.regency}.union(placed.regencies)
    return replace(_with(placed, *steps), regencies=tuple(sorted(within)))


def _in_unnamed(rows: _Rows, numbers: Sequence[int], above: str) -> _Step:
    """The rows of a block that names a provinsi (``above``, '' where it is not known) and no kabupaten."""
    if above and all(rows.said[number].own == 1 for number in numbers):
        return _Step(dict.fromkeys(numbers, above))
    return _within_inferred(rows, numbers, infer(rows.said, numbers, rows.clues, within=above))


def _in_named(rows: _Rows, numbers: Sequence[int], regency: str, codes: list[str]) -> _Step:
    """The rows of a block that names its kabupaten, which may mean any of ``codes``."""
    nowhere = not codes and all(rows.said[number].own == 2 for number in numbers)
    if nowhere and (province := regencies.province(regency)):  # as the label of a total among its kabupaten
        return _Step(dict.fromkeys(numbers, province), dict.fromkeys(numbers, 1))
    codes = narrowed(rows.said, numbers, codes, rows.clues) if len(codes) > 1 else codes
    if len(codes) != 1:
        return _Step(unmatched={rows.labels[number] or regency: codes for number in numbers})
    step = _within(rows, numbers, codes[0])
    if regencies.other(regency) and names.compact(regency, 1) not in names.everywhere(2):
        step = replace(step, told=(Told(regency, codes[0], nearness.How.SPELLING), *step.told))
    return step


def _within(rows: _Rows, numbers: Sequence[int], regency: str) -> _Step:
    """Rows within a kabupaten."""
    outcomes = within_regency(rows.said, rows.labels, numbers, regency, rows.clues.aliases)
    asked = [(one.label, list(one.suggestions)) for one in outcomes.values() if one.label is not None]
    return _Step(
        {number: one.code for number, one in outcomes.items() if one.code},
        {number: one.level for number, one in outcomes.items() if one.level is not None},
        tuple(told for one in outcomes.values() for told in one.told),
        dict(reversed(asked)),
        regency,
    )
