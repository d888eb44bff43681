"""Which rows are areas, which are totals of them, and which are neither; and whether each total is what its members give."""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ektp_analysis.ingest.cells import names, topics, words
from ektp_analysis.ingest.cells.column import Floats, Mask
from ektp_analysis.ingest.cells.rowkinds import filled, is_number
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.places.row_names import Placed

AREA, TOTAL, NOTE, BARE, UNPLACED, APART = "area", "total", "note", "bare", "unplaced", "apart"
MOST_LOOKED_AT = 200  # more rows without an area are no totals; each is held against all others
FEWEST_SUMMED, FEWEST_OF_ONE = 2, 3  # areas whose sum a total without a word is, by several figures or by a single one
SMALLEST_SUM = 50  # persons: a single figure that is the sum of the others may be so by chance below
NEAR = 0.2  # of the sum: a row of a larger area's name this near to it is that area, late or with a slip, or else its namesake
FEWEST_NEAR = 3  # areas beside it, for of two one may well be as large as the other
_BLOCK = 2  # among the sets of rows a total may stand for: the block above, which a sub-total gives


@dataclass(frozen=True)
class Difference:
    """A total row that is not what its members give: ``column`` is the role, ``row`` as the file counts."""

    row: int
    label: str
    role: str
    printed: int
    summed: int


def labels(table: Table, before: int) -> list[str]:
    """For each row the first text that says it is a total, '' where none does, from the columns before the figures."""
    found = [""] * len(table.rows)
    for place in reversed(range(before)):
        hits = {text for text in words.may_be_totals(table.columns[place].texts) if words.TOTAL_ROW.search(text.strip())}
        if hits:
            for number, cell in enumerate(table.column(place)):
                if cell in hits:
                    found[number] = " ".join(str(cell).split())
    return found


_ALL_OF = r"^\W*(?:se[- ]?)?"
_LARGER = {  # level of a larger area -> the words by which its row begins
    1: re.compile(_ALL_OF + r"(?:provinsi|propinsi|prov|prop)\b", re.IGNORECASE),
    2: re.compile(_ALL_OF + r"(?:kabupaten|kab)\b|^\W*se[- ]?kota\b", re.IGNORECASE),
    3: re.compile(_ALL_OF + r"(?:kecamatan|kec|distrik)\b", re.IGNORECASE),
}


def with_larger(table: Table, placed: Placed, own: int, level: int, total_labels: list[str]) -> list[str]:
    """The labels of totals with those of rows whose own name is a larger area's: by its word ('PROVINSI X' among kabupaten), or
    by the name of the area that the rows around lie in, where none of them bears it. ``own``: the column of the rows' names."""
    if own < 0 or placed.labels == placed.codes:  # every row speaks by its code alone
        return total_labels
    made, cells = list(total_labels), table.column(own)
    patterns = [pattern for larger, pattern in _LARGER.items() if larger < level]
    hits = {text for text in table.columns[own].texts if any(pattern.search(text) for pattern in patterns)}
    for number in np.flatnonzero([cell in hits for cell in cells]).tolist() if hits else ():
        if _may_be_larger(placed, number, level):
            made[number] = made[number] or " ".join(str(cells[number]).split())
    if "" not in placed.codes:
        return made
    around, district = _around(placed.codes, level), _district(placed.codes)
    return [label or _larger_name(placed, number, cells[number], level, around, district) for number, label in enumerate(made)]


def _may_be_larger(placed: Placed, number: int, level: int) -> bool:
    """Whether a row may be of a larger area by the words of its name; a code says more: there is a desa called Propok."""
    own = placed.levels[number]
    return placed.labels[number] != placed.codes[number] and (own == 0 or own >= level)


def _larger_name(placed: Placed, number: int, cell: object, level: int, around: set[str], district: str) -> str:
    """What an open row calls itself, where that is the name of a larger area; else ''. ``district``: of all rows together."""
    if placed.codes[number] or not isinstance(cell, str) or not filled(cell) or _is_twin(placed, number, cell, level):
        return ""
    above, _, own = placed.labels[number].partition(" / ")
    above = (above if own else district) if level > max(_LARGER) else ""  # a desa's label may be its own name alone
    return " ".join(cell.split()) if _is_larger(cell, around, above) else ""


def _district(codes: Sequence[str]) -> str:
    """The name of the one kecamatan in which all desa lie, '' where there are several or none."""
    above = {code.rpartition(".")[0] for code in set(codes) if code.count(".") == max(_LARGER)}
    return names.register().get(above.pop(), "") if len(above) == 1 else ""


def _is_twin(placed: Placed, number: int, cell: str, level: int) -> bool:
    """Whether several areas bear the name of an open row: it is one of them."""
    codes = placed.unmatched.get(placed.labels[number], ())
    register, own = names.register(), names.compact(cell, level)
    return any(code.count(".") == level - 1 and names.compact(register.get(code, ""), level) == own for code in codes)


def _is_larger(text: str, around: set[str], above: str) -> bool:
    """Whether a name is that of an area in which the rows lie, or of the kecamatan of its own row."""
    return _key(text) in around or bool(above and names.compact(above, 3) == names.compact(text, 3))


def _around(codes: Sequence[str], level: int) -> set[str]:
    """The names of the larger areas in which the rows lie."""
    register = names.register()
    parents = {code.rpartition(".")[0] for code in set(codes) if code.count(".") == level - 1}
    above = parents | {parent.rpartition(".")[0] for parent in parents}
    return {_key(register[parent]) for parent in above if parent and parent.count(".") < 2 and parent in register}


def _key(text: str) -> str:
    return names.regency(text)[1]


def summed_rows(figures: Mapping[str, Floats], areas: Mask, placed: Placed, level: int) -> Mask:
    """Rows placed as areas that are to the digit the sum of all others that have a figure, or of the others beside them where
    they bear the name of the area above."""
    found, held = np.zeros(len(areas), dtype=bool), list(figures.values())
    there = np.array([~np.isnan(values) for values in held])
    areas = areas & there.any(axis=0) if held else areas
    if not held or areas.sum() <= FEWEST_SUMMED:
        return found
    equal = np.array([2 * values == np.nansum(values[areas]) for values in held]) | ~there
    largest = np.fmax.reduce(held)
    several = there.sum(axis=0) > 1
    enough = np.where(several, largest > 0, (largest >= SMALLEST_SUM) & (areas.sum() > FEWEST_OF_ONE))
    if not _counted_in_a_total(held, areas):
        found |= areas & equal.all(axis=0) & enough
    looked = areas & _by_name(placed, level)
    for number in np.flatnonzero(namesakes(placed, looked, level)).tolist() if looked.any() else ():
        beside = _beside(placed.codes, areas, number)
        mine = [values for values in held if not np.isnan(values[number])]
        if (
            len(mine) > 1
            and beside.sum() >= FEWEST_SUMMED
            and all(np.nansum(values[beside]) == values[number] for values in mine)
        ):
            found[number] = True
    return found


def _counted_in_a_total(held: Sequence[Floats], areas: Mask) -> bool:
    """Whether a row that is no area gives the sum of all areas, the one that is as large as all others among them."""
    sums = [float(np.nansum(values[areas])) for values in held]
    given = np.array([values == total for values, total in zip(held, sums, strict=True) if total])
    return bool(len(given) and (given.all(axis=0) & ~areas).any())


def _by_name(placed: Placed, level: int) -> Mask:
    """The rows that say their area by a name alone, neither by a code nor with the word of its kind ('Kabupaten X')."""
    if placed.labels == placed.codes:
        return np.zeros(len(placed.codes), dtype=bool)
    found = np.fromiter(map(operator.ne, placed.labels, placed.codes), dtype=bool, count=len(placed.codes))
    kinds_said = {label: _says_its_kind(label, level) for label in set(placed.labels)}
    named: Mask = found & ~np.fromiter(map(kinds_said.__getitem__, placed.labels), dtype=bool, count=len(found))
    return named


def _says_its_kind(text: str, level: int) -> bool:
    return bool(names.regency(text)[0]) if level == 2 else names.plain(text, level) != names.plain(text, 2)


def as_large_as_all(figures: Mapping[str, Floats], made: Sequence[str], placed: Placed, level: int) -> list[int]:
    """The areas that have the sum of all others, of which their code, their kind or a person says that they are no total."""
    areas = np.array([kind == AREA for kind in made], dtype=bool)
    return [int(number) for number in np.flatnonzero(summed_rows(figures, areas, placed, level))]


def _beside(codes: Sequence[str], areas: Mask, number: int) -> Mask:
    """The other areas of the same larger one."""
    parent = codes[number].rpartition(".")[0] + "."
    beside = (code.startswith(parent) and place != number for place, code in enumerate(codes))
    found: Mask = areas & np.fromiter(beside, dtype=bool, count=len(codes))
    return found


def namesakes(placed: Placed, areas: Mask, level: int) -> Mask:
    """Areas that bear the name of the one above, without a word of their own kind."""
    register, found = names.register(), np.zeros(len(areas), dtype=bool)
    if level < 2:
        return found
    same: dict[str, bool] = {}
    for number in np.flatnonzero(areas).tolist():
        code = placed.codes[number]
        if code not in same:
            same[code] = code.count(".") == level - 1 and _namesake(code, register)
        found[number] = same[code]
    return found


def _namesake(code: str, register: Mapping[str, str]) -> bool:
    parent = code.rpartition(".")[0]
    return _key(register.get(code, "-")) == _key(register.get(parent, ""))


def near_totals(figures: Mapping[str, Floats], areas: Mask, placed: Placed, level: int) -> list[int]:
    """The first and the last area, where it bears the name of the one above and its figures are nearly the sum of the others
    beside it: it may be either."""
    places = np.flatnonzero(areas).tolist()
    ends = np.zeros(len(areas), dtype=bool)
    ends[[*places[:1], *places[-1:]]] = True
    found = []
    for number in np.flatnonzero(namesakes(placed, ends & _by_name(placed, level), level)).tolist():
        beside = _beside(placed.codes, areas, number)
        mine = [(values[number], np.nansum(values[beside])) for values in figures.values() if not np.isnan(values[number])]
        if mine and beside.sum() >= FEWEST_NEAR and all(abs(own - summed) <= NEAR * summed for own, summed in mine):
            found.append(number)
    return found


def said_larger(placed: Placed, numbers: Sequence[int], aliases: Mapping[str, str]) -> list[int]:
    """Of rows that may be an area or the one above it those that a person said to be the latter."""
    said = {names.plain(name): code for name, code in aliases.items()}
    meant = ((number, said.get(names.plain(placed.labels[number]), "")) for number in numbers)
    return [number for number, code in meant if code and placed.codes[number].startswith(f"{code}.")]


def asked_about(placed: Placed, numbers: Sequence[int], aliases: Mapping[str, str]) -> Placed:
    """Rows that may be an area or the one above it are left open, unless a person has said which."""
    wanted = [number for number in numbers if names.plain(placed.labels[number]) not in {names.plain(name) for name in aliases}]
    if not wanted:
        return placed
    codes = list(placed.codes)
    unmatched = dict(placed.unmatched)
    for number in wanted:
        unmatched[placed.labels[number]] = [codes[number], codes[number].rpartition(".")[0]]
        codes[number] = ""
    return replace(placed, codes=codes, unmatched=unmatched)


def without_totals(
    figures: Mapping[str, Floats], areas: Mask, placed: Placed, level: int, aliases: Mapping[str, str]
) -> tuple[Placed, Mask]:
    """The rows without an area where they were placed as one but are the sum of others, or a person says so, or must be asked;
    and which of them are totals. A sum is a total of itself only where it bears the name of the area above: any other name is
    asked about, and a code is believed."""
    equal = summed_rows(figures, areas, placed, level)
    by_name = equal & _by_name(placed, level)
    summed = namesakes(placed, by_name, level)
    near = near_totals(figures, areas & ~equal, placed, level) + np.flatnonzero(by_name & ~summed).tolist()
    summed[said_larger(placed, near, aliases)] = True
    if summed.any():
        placed = replace(placed, codes=["" if total else code for code, total in zip(placed.codes, summed.tolist(), strict=True)])
    return asked_about(placed, near, aliases), summed


def kinds(
    table: Table, placed: Placed, total_labels: Sequence[str], has_figure: Sequence[bool], level: int, area_rows: Mask
) -> list[str]:
    """What each row is. Rows of a larger area than those of ``area_rows`` are totals; what stands below the grand total and is no
    area is a note."""
    if area_rows.all() and all(placed.codes) and not any(total_labels):
        return [AREA] * len(table.rows)
    made = []
    for number, (label, code, shows) in enumerate(zip(total_labels, placed.codes, has_figure, strict=True)):
        if code and area_rows[number] and not label:
            made.append(AREA)
        elif not shows:
            made.append(NOTE)
        elif label or code or 0 < placed.levels[number] < min(level, 3):
            made.append(TOTAL)
        elif topics.nowhere_in(own_text(table.rows[number])):
            made.append(APART)
        else:
            made.append(UNPLACED if placed.labels[number] or _has_text(table.rows[number]) else BARE)
    return _noted_below(made)


def _noted_below(made: Sequence[str]) -> list[str]:
    """The kinds of rows with those below the grand total that are nothing else as notes."""
    last_area = max((number for number, kind in enumerate(made) if kind == AREA), default=-1)
    grand = next((number for number in range(last_area + 1, len(made)) if made[number] == TOTAL), len(made))
    return [NOTE if number > grand and kind in (UNPLACED, BARE) else kind for number, kind in enumerate(made)]


def own_text(row: Sequence[object]) -> str:
    """The last text of a row before its figures, which is what it calls itself."""
    texts = itertools.takewhile(lambda cell: not filled(cell) or (isinstance(cell, str) and not is_number(cell)), row[1:])
    found = [cell for cell in (row[0], *texts) if isinstance(cell, str) and filled(cell) and not is_number(cell)]
    return found[-1] if found else ""


def _has_text(row: Sequence[object]) -> bool:
    return any(isinstance(cell, str) and filled(cell) and not is_number(cell) and len(cell.strip()) > 1 for cell in row)


def positions(made: Sequence[str], kind: str) -> list[int]:
    """The rows of a kind."""
    if made.count(kind) in (0, len(made)):
        return list(range(made.count(kind)))
    return [number for number, one in enumerate(made) if one == kind]


def settle(made: Sequence[str], figures: Mapping[str, Floats], asked: Sequence[int] = ()) -> list[str]:
    """The kinds of rows, in which rows that no register knows and no word calls a total, but that are to the digit what other
    rows give, are totals. A row without a label is one also if it is the last; otherwise it is not placed. ``asked``: rows of
    which a person must say what they are."""
    settled = list(made)
    unplaced, bare = sorted(set(positions(made, UNPLACED)) - set(asked)), positions(made, BARE)
    if not unplaced and not bare:
        return settled
    areas = np.array([kind == AREA for kind in made], dtype=bool)
    for number in unplaced if len(unplaced) <= MOST_LOOKED_AT else ():
        if _gives_all(number, settled, areas, figures):
            settled[number] = TOTAL
    last = max((number for number, kind in enumerate(settled) if kind != NOTE), default=None)
    for number in bare:
        if not any(values[number] > 0 for values in figures.values()):
            settled[number] = NOTE  # formulas copied below the table
            continue
        ends = number == last and _not_below_any(number, areas, figures)
        gives = len(bare) <= MOST_LOOKED_AT and _gives_one(number, settled, areas, figures)
        settled[number] = TOTAL if gives or ends else UNPLACED
    return settled


def _not_below_any(number: int, areas: Mask, figures: Mapping[str, Floats]) -> bool:
    """Whether a row has no figure below that of one of several areas: a total, however late, is as large as each member."""
    return bool(areas.sum() > 1) and not any((values[areas] > values[number]).any() for values in figures.values())


def _gives_one(number: int, made: Sequence[str], areas: Mask, figures: Mapping[str, Floats]) -> bool:
    """Whether a figure of a row is the sum over several others, and so large that this is not by chance."""
    return any(
        one[number] >= SMALLEST_SUM and (one[scope] > 0).sum() >= FEWEST_SUMMED and np.nansum(one[scope]) == one[number]
        for scope in _scopes(number, made, areas)
        for one in figures.values()
    )


def _gives_all(number: int, made: Sequence[str], areas: Mask, figures: Mapping[str, Floats]) -> bool:
    """Whether all figures of a row are sums over the same rows, of two areas with a figure at least, of three for a single
    figure; and one of them so large that this is not by chance."""
    there = [values for values in figures.values() if not np.isnan(values[number])]
    fewest = FEWEST_SUMMED if len(there) > 1 else FEWEST_OF_ONE
    shown = ~np.isnan(there).all(axis=0) if there else areas
    return (
        bool(there)
        and max(values[number] for values in there) >= SMALLEST_SUM
        and any(
            (scope & shown).sum() >= fewest
            and all(values[number] > 0 and np.nansum(values[scope]) == values[number] for values in there)
            for scope in _scopes(number, made, areas)
        )
    )


def _scopes(number: int, made: Sequence[str], areas: Mask) -> list[Mask]:
    """The sets of rows that a total row may stand for: all, all above, the block above, the block below."""
    everything = areas.copy()
    above = areas.copy()
    above[number:] = False
    start = max((other for other in range(number) if made[other] == TOTAL), default=-1)
    block = above.copy()
    block[: start + 1] = False
    end = next((other for other in range(number + 1, len(made)) if made[other] == TOTAL), len(made))
    below = areas.copy()
    below[: number + 1] = False
    below[end:] = False
    return [scope for scope in (everything, above, block, below) if scope.any()]


def compare(
    table: Table, placed: Placed, made: Sequence[str], total_labels: Sequence[str], figures: Mapping[str, Floats]
) -> tuple[list[Difference], int]:
    """The totals that differ from the sum of their members, and how many figures of totals agree."""
    total_rows = positions(made, TOTAL)
    areas = np.array([kind == AREA for kind in made], dtype=bool)
    apart = positions(made, APART)
    differences, agree = list[Difference](), 0
    for number in total_rows:
        label = total_labels[number]
        scopes = [] if words.NOT_A_SUM.search(label) else _summed(number, placed.codes, made, areas)
        for role, values in figures.items() if scopes else ():
            if np.isnan(values[number]):
                continue
            beside = np.nansum(values[apart]) if apart else 0  # rows of no area may be counted in a total, or not
            if any(np.nansum(values[scope]) in (values[number], values[number] - beside) for scope in scopes):
                agree += 1
                continue
            meant = values[scopes[0] if number == total_rows[-1] or len(scopes) <= _BLOCK else scopes[_BLOCK]]
            if not np.isnan(meant).all():
                row, printed, summed = int(table.row_numbers[number]), int(values[number]), int(np.nansum(meant))
                differences.append(Difference(row, label or placed.labels[number], role, printed, summed))
    return differences, agree


def _summed(number: int, codes: Sequence[str], made: Sequence[str], areas: Mask) -> list[Mask]:
    """The sets of rows that a total row may be the sum of: the members of its area where it says a larger one than they are."""
    deepest = max((code.count(".") for code in itertools.compress(codes, areas)), default=0)
    if not codes[number] or codes[number].count(".") == deepest:
        return _scopes(number, made, areas)
    members = areas & np.array([one.startswith(codes[number] + ".") for one in codes], dtype=bool)
    return [members] if members.any() else []
