"""Which columns are the figures: sums first, then words. A column of men alone is never taken for the total.

Each role (eligible, recorded, unrecorded) has options, every option one column or the sum of a men's and a women's
column, or of disjoint groups. Options that add up with each other in the rows outrank those that are only named so.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ektp_analysis.ingest.cells import topics, words
from ektp_analysis.ingest.cells.column import BOTH, Floats, Values, adds_up
from ektp_analysis.ingest.columns import groups, shares
from ektp_analysis.ingest.columns.table import Table
from ektp_analysis.ingest.ground import Doubt, Quote, Unread

ROLES = groups.ROLES
HOLDS = 0.95  # of the rows: a sum that holds in so many is no chance; the others are slips of a hand
BREAKS = 0.5  # of the rows: a sum that holds in fewer is none
FEWEST_ROWS, FEWEST_UNNAMED = 2, 3  # rows that can break a sum; rows that can show one where no header says what is counted
OVER, UNDER = 1.5, 0.02  # recorded to eligible: more, or less, are figures of something else; moves and deaths stay below
ODD_ROWS = 0.5  # of the rows: if more are odd, the column is
MOST_PAIRS, MOST_SUMS, MOST_OPTIONS, MOST_UNNAMED = 36, 60, 8, 24  # so much is tried of a sheet of very many columns
MOST_READINGS, MOST_OF_A_ROLE = 4, 3  # readings to choose from; options of a role that they are made of

Columns = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Option:
    """One way to fill a role. ``columns``: one, or several that are summed; ``proven``: whether the rows prove it as a total."""

    columns: tuple[int, ...]
    values: Floats
    sure: bool
    proven: bool = False


@dataclass(frozen=True)
class Picked:
    """``columns``: role -> columns (summed where several). ``percent``: the column of coverage, -1 where none. ``doubts``: why
    it must be asked, each time it was found; ``missing``: roles of which only a column of one sex was found; ``quotes``: the
    texts that made it doubtful; ``totals``: role -> a total and the columns of which it is one; ``beside``: the columns that
    take no part in any of this, by role, and ``unread`` those of them that are left out, by the reason."""

    columns: Columns = field(default_factory=dict)
    percent: int = -1
    doubts: list[Doubt] = field(default_factory=list)
    readings: list[Columns] = field(default_factory=list)
    proofs: list[tuple[str, tuple[str, ...], int, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    quotes: Mapping[Doubt, Quote] = field(default_factory=dict)
    totals: dict[str, tuple[int, ...]] = field(default_factory=dict)
    beside: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unread: Mapping[Unread, tuple[int, ...]] = field(default_factory=dict)

    @property
    def apart(self) -> frozenset[int]:
        """The columns of ``beside``."""
        return frozenset(place for places in self.beside.values() for place in places)


def pick(table: Table, values: Mapping[int, Values]) -> Picked:
    """Choose the columns. ``values``: of the rows of areas, by column."""
    meanings = _meanings(table, values)
    filled = {role: _filled(role, table.headers, meanings, values) for role in ROLES}
    options = {role: one.options for role, one in filled.items()}
    if not options[words.ELIGIBLE]:
        options[words.ELIGIBLE] = _bare_totals(meanings, values, options)
    picked = Picked(
        doubts=[doubt for one in filled.values() for doubt in one.doubts],
        missing=[role for role, one in filled.items() if Doubt.ONE_SEX in one.doubts],
        totals={role: one.total for role, one in filled.items() if one.total},
    )
    options |= _of_parts(meanings, values, options)
    if not any(options.values()):
        return _without_options(picked, meanings, values)
    made = _combined(options, picked.doubts)
    percent = shares.column_of_coverage(meanings, values, _figures(made.best))
    doubts: list[Doubt] = [*picked.doubts, *made.doubts]
    lone = _lone_doubts(made.best, percent, doubts)
    doubts += lone
    columns = _columns(made.best.items())
    readings = made.readings if not lone else [dict(columns)]
    if doubts and not readings and Doubt.ONE_SEX not in doubts:
        readings = [dict(columns)]
    return replace(picked, columns=columns, percent=percent, doubts=doubts, readings=readings, proofs=made.proofs)


def _of_parts(
    meanings: Mapping[int, words.Meaning], values: Mapping[int, Values], options: Mapping[str, Sequence[Option]]
) -> dict[str, list[Option]]:
    """A role that stands in parts, filled with their sum where the two others prove it."""
    given = {role: [one.values for one in options[role]] for role in ROLES}
    found = {role: groups.proven_parts(role, meanings, values, given) for role in (words.RECORDED, words.UNRECORDED)}
    return {
        role: [Option(places, np.sum([values[place].counts for place in places], axis=0), words.SURE, True)]
        for role, places in found.items()
        if places
    }


def with_beside(found: Picked, table: Table, values: Mapping[int, Values], taken: Collection[int]) -> Picked:
    """What was picked, with the columns of cards printed and of those to be cleaned off the list; ``taken``: of recording."""
    heads = {place: " ".join(table.headers[place]) for place in sorted(values) if values[place].usable and place not in taken}
    cards, whole, some = (
        tuple(place for place, head in heads.items() if said(head))
        for said in (topics.counts_cards, topics.counts_to_clean, topics.counts_some_to_clean)
    )
    beside = {words.PRINTED: _only(cards, table, values), words.TO_CLEAN: _only(whole, table, values)}
    unread = {Unread.SEVERAL_TO_CLEAN: () if beside[words.TO_CLEAN] else whole, Unread.SOME_TO_CLEAN: some}
    return replace(
        found,
        beside={role: places for role, places in beside.items() if places},
        unread={why: places for why, places in unread.items() if places},
    )


def _only(places: Sequence[int], table: Table, values: Mapping[int, Values]) -> tuple[int, ...]:
    """The one column of these, or those of men and of women; () where there is none, or several that differ."""
    men, women, whole = _by_sex({place: words.meaning(table.headers[place]).sex for place in places})
    totals = _distinct([Option((place,), values[place].counts, words.SURE) for place in whole])
    if len(totals) == 1:
        return totals[0].columns
    return (men[0], women[0]) if not totals and len(men) == len(women) == 1 else ()


def _meanings(table: Table, values: Mapping[int, Values]) -> dict[int, words.Meaning]:
    """What each column says that it is; one without a header belongs to the group on its left."""
    meanings = {place: words.meaning(table.headers[place]) for place in values}
    for place in sorted(values):
        if not table.headers[place] and values[place].usable:
            left = next((meanings[one] for one in range(place - 1, -1, -1) if one in meanings), words.Meaning())
            if left.measure in ROLES:
                meanings[place] = words.Meaning(left.measure, "", left.sure)
    return meanings


@dataclass(frozen=True)
class _Filled:
    """What may fill a role, what is doubtful of it; ``total``: a total and its men and women, or its groups, () without."""

    options: list[Option]
    doubts: list[Doubt]
    total: tuple[int, ...] = ()


def _filled(role: str, headers: groups.Headers, meanings: Mapping[int, words.Meaning], values: Mapping[int, Values]) -> _Filled:
    """The surest columns of a role as options: totals proven as sums before others; men and women, or groups, together where
    no total is there, or the only one is contradicted by them."""
    mine = _named_so(role, meanings, values)
    sure = any(one.sure for one in mine.values())
    men, women, whole = _by_sex({place: one.sex for place, one in mine.items() if one.sure == sure})
    pairs = list(itertools.product(men, women))[:MOST_PAIRS]
    totals = [Option((place,), values[place].counts, sure, _is_proven(place, whole, pairs, values)) for place in whole]
    found = groups.of_role(role, headers, values)
    if found is not None and (made := _beside_groups(found, values, alone=not (men or women))):
        return made
    if len(pairs) != 1:
        return _Filled(_distinct(_proven(totals) or totals), [Doubt.ONE_SEX] if mine and not totals else [])
    left, right = pairs[0]
    return _beside_sexes(totals, (left, right), Option((left, right), values[left].counts + values[right].counts, sure))


def _named_so(role: str, meanings: Mapping[int, words.Meaning], values: Mapping[int, Values]) -> dict[int, words.Meaning]:
    """The columns that name a role: those of a part of the residents only where nothing else is, those whose cells are no numbers
    only where no other is named as surely for everyone."""
    mine = {place: one for place, one in meanings.items() if one.measure == role and values[place].usable}
    mine = {place: one for place, one in mine.items() if not one.part} or mine
    if any(one.sure == words.SURE and one.sex not in (words.MEN, words.WOMEN) for one in mine.values()):
        return mine
    return _unreadable(role, words.SURE, meanings, values) or mine or _unreadable(role, words.UNSURE, meanings, values)


def _unreadable(
    role: str, sure: bool, meanings: Mapping[int, words.Meaning], values: Mapping[int, Values]
) -> dict[int, words.Meaning]:
    """Columns that name a role for everyone as surely, most of whose cells are no number at all, or write their thousands in two
    ways: each of these is a fault, and nothing is computed in the column's place."""
    mine = {place: one for place, one in meanings.items() if (one.measure, one.sure) == (role, sure)}
    return {
        place: one
        for place, one in mine.items()
        if not (one.part or one.sex in (words.MEN, words.WOMEN) or (cells := values[place]).usable)
        and (cells.style == BOTH or bool((cells.wrong & np.isnan(cells.floats)).any()))
    }


def _by_sex(sexes: Mapping[int, str]) -> tuple[list[int], list[int], list[int]]:
    """Columns of men, of women, of all."""
    men, women = ([place for place, sex in sexes.items() if sex == wanted] for wanted in (words.MEN, words.WOMEN))
    return men, women, [place for place in sexes if place not in (*men, *women)]


def _beside_sexes(totals: list[Option], pair: tuple[int, int], both: Option) -> _Filled:
    """What fills a role of which one column of men and one of women is there, ``both`` together."""
    if not totals:
        return _Filled([both], [])
    found = _proven(totals) or totals
    hits, rows = adds_up(totals[0].values, both.values)
    if not found[0].proven and rows >= FEWEST_ROWS and hits < BREAKS * rows:
        return _Filled(_distinct([*found, both]), [Doubt.NO_SUM])
    return _Filled(_distinct(found), [], (found[0].columns[0], *pair) if len(found) == 1 else ())


def _beside_groups(found: groups.Groups, values: Mapping[int, Values], *, alone: bool) -> _Filled | None:
    """What fills a role of which groups are there: a total that is their sum, else the sum; None where they are only some of
    whom another column counts. ``alone``: no column of men or of women is there."""
    both = Option(found.places, np.sum([values[place].counts for place in found.places], axis=0), found.sure)
    totals = [Option((place,), values[place].counts, found.sure) for place in found.totals]
    if not totals:
        return _Filled([both], []) if alone else None
    sums = [(option, *adds_up(option.values, both.values)) for option in totals]
    proven = [replace(option, proven=True) for option, hits, rows in sums if rows and hits >= HOLDS * rows]
    if proven:
        return _Filled(_distinct(proven), [], (proven[0].columns[0], *found.places))
    if not found.whole:
        return None
    if all(rows >= FEWEST_ROWS and hits < BREAKS * rows for _, hits, rows in sums):
        return _Filled(_distinct([*totals, both]), [Doubt.NO_SUM])
    return _Filled(_distinct(totals), [], (totals[0].columns[0], *found.places) if len(totals) == 1 else ())


def _proven(totals: Sequence[Option]) -> list[Option]:
    return [option for option in totals if option.proven]


def _is_proven(place: int, whole: Sequence[int], pairs: Sequence[tuple[int, int]], values: Mapping[int, Values]) -> bool:
    """Whether a column is the sum of men and women, or of two other totals."""
    others = itertools.combinations([one for one in whole if one != place], 2)
    tried = itertools.islice(itertools.chain(pairs, others), MOST_SUMS)
    sums = (adds_up(values[place].counts, values[left].counts, values[right].counts) for left, right in tried)
    return any(rows and hits >= HOLDS * rows for hits, rows in sums)


def _distinct(options: Sequence[Option]) -> list[Option]:
    """Options without those whose figures are the same as an earlier one's."""
    kept: list[Option] = []
    for option in options:
        if not any(np.array_equal(option.values, other.values, equal_nan=True) for other in kept):
            kept.append(option)
    return kept


def _bare_totals(
    meanings: Mapping[int, words.Meaning], values: Mapping[int, Values], options: Mapping[str, list[Option]]
) -> list[Option]:
    """A column headed only 'JUMLAH' that is recorded + unrecorded in the rows is the eligible."""
    found = []
    for place, one in meanings.items():
        if one.measure in ("", words.RECORDED) and one.sex == words.TOTAL and values[place].usable:
            pairs = itertools.product(options[words.RECORDED], options[words.UNRECORDED])
            others = [(left, right) for left, right in pairs if place not in (*left.columns, *right.columns)]
            sums = (adds_up(values[place].counts, left.values, right.values) for left, right in others)
            if any(rows >= FEWEST_ROWS and hits >= HOLDS * rows for hits, rows in sums):
                found.append(Option((place,), values[place].counts, words.UNSURE, True))
    return _distinct(found)


@dataclass(frozen=True)
class _Combined:
    """The options that are taken together, what is doubtful of them, and what else they may be."""

    best: Mapping[str, Option | None]
    doubts: list[Doubt] = field(default_factory=list)
    readings: list[Columns] = field(default_factory=list)
    proofs: list[tuple[str, tuple[str, ...], int, int]] = field(default_factory=list)


def _combined(options: Mapping[str, list[Option]], doubts: Sequence[Doubt]) -> _Combined:
    """The options that add up; where none can be tried, the first of each role. ``doubts``: those of single roles."""
    trios = list(itertools.product(*(options[role][:MOST_OPTIONS] for role in ROLES)))
    sums = [(*adds_up(*(option.values for option in trio)), trio) for trio in trios]
    for least in (HOLDS, BREAKS):
        holding = [(hits, rows, trio) for hits, rows, trio in sums if rows and hits >= least * rows]
        if holding:
            return _adding_up(holding)
    if any(rows for _, rows, _ in sums):
        return _contradicting({role: options[role][0] for role in ROLES})
    return _unproven(options, doubts)


def _adding_up(sums: Sequence[tuple[int, int, tuple[Option, ...]]]) -> _Combined:
    """Of options that add up, those that do so in most rows; a doubt where they are several."""
    top = max(hits for hits, _, _ in sums)
    best = [one for one in sums if one[0] >= top]
    hits, rows, trio = best[0]
    several = len(best) > 1
    return _Combined(
        dict(zip(ROLES, trio, strict=True)),
        [Doubt.SEVERAL] if several else [],
        [_columns(zip(ROLES, one[2], strict=True)) for one in best[:MOST_READINGS]] if several else [],
        [("sum", ROLES, hits, rows)],
    )


def _contradicting(first: Mapping[str, Option]) -> _Combined:
    """Three roles that do not add up: two of them are right at most."""
    pairs = itertools.combinations(first.items(), 2)
    return _Combined({**first, words.UNRECORDED: None}, [Doubt.NO_SUM], [_columns(pair) for pair in pairs])


def _unproven(options: Mapping[str, list[Option]], doubts: Sequence[Doubt]) -> _Combined:
    """The first option of each role, where sums say nothing."""
    best = {role: options[role][0] if options[role] else None for role in ROLES}
    made = _Combined(best)
    if any(len(options[role]) > 1 for role in ROLES):
        pools: list[Sequence[Option | None]] = [options[role][:MOST_OF_A_ROLE] or [None] for role in ROLES]
        ways = itertools.islice(itertools.product(*pools), MOST_READINGS)
        made = _Combined(best, [Doubt.SEVERAL], [_columns(zip(ROLES, way, strict=True)) for way in ways])
    whole, done = best[words.ELIGIBLE], best[words.RECORDED]
    if whole is not None and done is not None and Doubt.NO_SUM not in doubts and _far_apart(whole.values, done.values):
        readings = [_columns(((words.ELIGIBLE, whole), (words.RECORDED, done)))]
        return _Combined(best, [*made.doubts, Doubt.UNLIKELY], readings)
    return made


def _far_apart(whole: Floats, done: Floats) -> bool:
    """Whether in most rows the recorded are far more, or far fewer, than the eligible."""
    both = ~np.isnan(whole) & ~np.isnan(done) & (whole > 0)
    odd = (done[both] > OVER * whole[both]) | (done[both] < UNDER * whole[both])
    return bool(len(odd) and odd.mean() > ODD_ROWS)


def _columns(options: Iterable[tuple[str, Option | None]]) -> Columns:
    return {role: option.columns for role, option in options if option is not None}


def _figures(best: Mapping[str, Option | None]) -> dict[str, Floats | None]:
    return {role: None if option is None else option.values for role, option in best.items()}


def _lone_doubts(best: Mapping[str, Option | None], percent: int, doubts: Sequence[Doubt]) -> list[Doubt]:
    """The doubt of a role that stands alone, or of roles that only general words name."""
    there = {role: option for role, option in best.items() if option is not None}
    if [*there] == [words.ELIGIBLE] and percent < 0:
        return [Doubt.ELIGIBLE_ALONE]
    if [*there] == [words.RECORDED]:
        return [Doubt.RECORDED_ALONE]
    return [Doubt.GENERIC_WORDS] if not doubts and all(option.sure < words.SURE for option in there.values()) else []


def _without_options(picked: Picked, meanings: Mapping[int, words.Meaning], values: Mapping[int, Values]) -> Picked:
    """Coverage alone, where its header says that it is of recording; else what columns without words may be, as a question."""
    percent = shares.column_of_coverage(meanings, values, {})
    if percent >= 0 and meanings[percent].of == words.RECORDED:
        return replace(picked, percent=percent)
    readings = _without_words(meanings, values)
    if not readings:
        return replace(picked, doubts=[*picked.doubts, Doubt.NOTHING])
    return replace(picked, columns=dict(readings[0]), readings=readings, doubts=[*picked.doubts, Doubt.UNKNOWN_WORDS])


def _without_words(meanings: Mapping[int, words.Meaning], values: Mapping[int, Values]) -> list[Columns]:
    """No header says what is counted: both ways to read the only three columns of which one is the sum of the two others."""
    sums = {place: np.nansum(one.counts) for place, one in values.items() if _is_unnamed(meanings[place], one)}
    usable = [place for place, total in sums.items() if total > 0][:MOST_UNNAMED]
    found = []
    for whole in usable:
        for left, right in itertools.combinations([place for place in usable if place != whole], 2):
            hits, rows = adds_up(values[whole].counts, values[left].counts, values[right].counts)
            if rows >= FEWEST_UNNAMED and hits == rows:
                found.append((whole, left, right))
    if len(found) != 1:
        return []
    whole, left, right = found[0]
    more, less = (left, right) if sums[left] >= sums[right] else (right, left)
    return [
        {words.ELIGIBLE: (whole,), words.RECORDED: (one,), words.UNRECORDED: (other,)}
        for one, other in ((more, less), (less, more))
    ]


def _is_unnamed(said: words.Meaning, one: Values) -> bool:
    return one.usable and not one.wrong.any() and said.measure == "" and not said.sex
