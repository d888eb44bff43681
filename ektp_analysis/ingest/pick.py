"""Which columns are the figures: sums first, then words. A column of men alone is never taken for the total.

Each role (eligible, recorded, unrecorded) has options, every option one column or the sum of a men's and a women's
column. Options that add up with each other in the rows outrank those that are only named so.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ektp_analysis.ingest import package, words
from ektp_analysis.ingest.canonical import folded
from ektp_analysis.ingest.table import Table
from ektp_analysis.ingest.values import Floats, Values, adds_up

ROLES = (words.ELIGIBLE, words.RECORDED, words.UNRECORDED)
HOLDS, BREAKS = 0.95, 0.5


@dataclass(frozen=True)
class Option:
    """One way to fill a role. ``columns``: one, or two that are summed; ``proof``: how many rows prove it as a total."""

    columns: tuple[int, ...]
    values: Floats
    sure: int
    proof: int = 0
    sex: str = ""


@dataclass
class Picked:
    """``columns``: role -> columns (summed where two). ``percent``: the column of coverage, -1 where none. ``doubts``: why
    it must be asked: 'several', 'no sum', 'one sex', 'eligible alone', 'recorded alone', 'unknown words', 'nothing'."""

    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    percent: int = -1
    doubts: list[str] = field(default_factory=list)
    readings: list[dict[str, tuple[int, ...]]] = field(default_factory=list)
    proofs: list[tuple[str, tuple[str, ...], int, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    triplets: dict[str, tuple[int, int, int]] = field(default_factory=dict)


def chosen(table: Table, wanted: Mapping[str, str]) -> dict[str, tuple[int, ...]] | None:
    """Columns that a person named by header or letter; None where a name fits no column or several."""
    found: dict[str, tuple[int, ...]] = {}
    for role, text in wanted.items():
        if text.lower() == "none":
            continue
        summed: list[int] = []
        for piece in text.split(" + ") if " + " in text else [text]:
            hits = named(table, piece)
            if len(hits) != 1:
                return None
            summed.append(hits[0])
        found[role] = tuple(summed)
    return found


def named(table: Table, text: str) -> list[int]:
    """Columns whose whole header, or lowest header cell, is the text; else the column with that letter."""
    wanted = folded(text)
    for whole in (True, False):
        hits = [
            place for place, path in enumerate(table.headers) if path and folded(" ".join(path) if whole else path[-1]) == wanted
        ]
        if hits:
            return hits
    if text.isascii() and text.isalpha() and text.isupper() and len(text) <= 3:
        place = package.column_number(text) - 1
        return [place] if place < len(table.headers) else []
    return []


def pick(table: Table, values: Mapping[int, Values]) -> Picked:
    """Choose the columns. ``values``: of the rows of areas, by column."""
    meanings = {place: words.meaning(table.headers[place]) for place in values}
    for place in sorted(values):  # a column without a header belongs to the group on its left
        if not table.headers[place] and values[place].usable:
            left = next((meanings[one] for one in range(place - 1, -1, -1) if one in meanings), words.Meaning())
            if left.measure in ROLES:
                meanings[place] = words.Meaning(left.measure, "", left.sure)
    picked = Picked()
    options = {role: _options(role, meanings, values, picked) for role in ROLES}
    if not options[words.ELIGIBLE]:
        options[words.ELIGIBLE] = _bare_totals(meanings, values, options)
    if not any(options.values()):
        _percent(meanings, values, dict.fromkeys(ROLES), picked)
        if picked.percent < 0 or meanings[picked.percent].of != words.RECORDED:
            picked.percent = -1
            _without_words(values, meanings, picked)
        return picked
    best = _combine(options, picked)
    for role, option in best.items():
        if option is not None:
            picked.columns[role] = option.columns
    _percent(meanings, values, best, picked)
    _doubt_single(picked, best)
    if picked.doubts and not picked.readings and "one sex" not in picked.doubts:
        picked.readings = [dict(picked.columns)]
    return picked


def _options(role: str, meanings: Mapping[int, words.Meaning], values: Mapping[int, Values], picked: Picked) -> list[Option]:
    mine = [place for place, one in meanings.items() if one.measure == role and values[place].usable]
    sure = max((meanings[place].sure for place in mine), default=0)
    mine = [place for place in mine if meanings[place].sure == sure]
    men = [place for place in mine if meanings[place].sex == words.MEN]
    women = [place for place in mine if meanings[place].sex == words.WOMEN]
    whole = [place for place in mine if meanings[place].sex not in (words.MEN, words.WOMEN)]
    found: list[Option] = []
    pairs = list(itertools.product(men, women))[:36]
    for place in whole:
        proof = 0
        others = [one for one in whole if one != place]
        for left, right in [*pairs, *itertools.combinations(others, 2)][:60]:
            hits, rows = adds_up(values[place].counts, values[left].counts, values[right].counts)
            if rows and hits >= HOLDS * rows:
                proof = max(proof, hits)
        found.append(Option((place,), values[place].counts, sure, proof, meanings[place].sex))
    if any(option.proof for option in found):
        proven = [option for option in found if option.proof]
        if len(proven) < len(found):
            found = proven
    elif found and len(men) == 1 and len(women) == 1:
        hits, rows = adds_up(values[whole[0]].counts, values[men[0]].counts, values[women[0]].counts)
        if rows >= 2 and hits < BREAKS * rows:
            picked.doubts.append("no sum")
            found.append(Option((men[0], women[0]), values[men[0]].counts + values[women[0]].counts, sure))
    if len(found) == 1 and len(men) == 1 and len(women) == 1:
        picked.triplets[role] = (found[0].columns[0], men[0], women[0])
    if not found and len(men) == 1 and len(women) == 1:
        found.append(Option((men[0], women[0]), values[men[0]].counts + values[women[0]].counts, sure, 0, words.TOTAL))
    elif not found and (men or women):
        picked.doubts.append("one sex")
        picked.missing.append(role)
    return _distinct(found)


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
            for recorded, unrecorded in itertools.product(options[words.RECORDED], options[words.UNRECORDED]):
                hits, rows = adds_up(values[place].counts, recorded.values, unrecorded.values)
                if rows >= 2 and hits >= HOLDS * rows and place not in (*recorded.columns, *unrecorded.columns):
                    found.append(Option((place,), values[place].counts, 1, hits, words.TOTAL))
                    break
    return _distinct(found)


def _combine(options: Mapping[str, list[Option]], picked: Picked) -> dict[str, Option | None]:
    eligible, recorded, unrecorded = (options[role] for role in ROLES)
    if eligible and recorded and unrecorded:
        scored = []
        for trio in itertools.product(eligible[:8], recorded[:8], unrecorded[:8]):
            hits, rows = adds_up(trio[0].values, trio[1].values, trio[2].values)
            scored.append((hits, rows, trio))
        good = [(hits, rows, trio) for hits, rows, trio in scored if rows and hits >= HOLDS * rows]
        some = good or [(hits, rows, trio) for hits, rows, trio in scored if rows and hits >= BREAKS * rows]
        if some:
            top = max(hits for hits, _, _ in some)
            some = [one for one in some if one[0] >= top]
            hits, rows, trio = some[0]
            picked.proofs.append(("sum", ROLES, hits, rows))
            if len(some) > 1:
                picked.doubts.append("several")
                picked.readings = [_columns(zip(ROLES, one[2], strict=True)) for one in some[:4]]
            return dict(zip(ROLES, trio, strict=True))
        rows = max(rows for _, rows, _ in scored)
        if rows:
            picked.doubts.append("no sum")
            e, r, u = eligible[0], recorded[0], unrecorded[0]
            picked.readings = [
                _columns(((words.ELIGIBLE, e), (words.RECORDED, r))),
                _columns(((words.ELIGIBLE, e), (words.UNRECORDED, u))),
                _columns(((words.RECORDED, r), (words.UNRECORDED, u))),
            ]
            return {words.ELIGIBLE: e, words.RECORDED: r, words.UNRECORDED: None}
    result: dict[str, Option | None] = {}
    for role in ROLES:
        few = options[role]
        result[role] = few[0] if few else None
    several = [role for role in ROLES if len(options[role]) > 1]
    if several:
        picked.doubts.append("several")
        pools: list[list[Option | None]] = [[*options[role][:3]] or [None] for role in ROLES]
        picked.readings = [
            _columns((role, one) for role, one in zip(ROLES, combo, strict=True) if one is not None)
            for combo in itertools.product(*pools)
        ][:4]
    whole, done = result[words.ELIGIBLE], result[words.RECORDED]
    if whole is not None and done is not None and "no sum" not in picked.doubts:
        both = ~np.isnan(whole.values) & ~np.isnan(done.values) & (whole.values > 0)
        if (
            both.sum()
            and ((done.values[both] > 1.5 * whole.values[both]) | (done.values[both] < 0.02 * whole.values[both])).mean() > 0.5
        ):
            picked.doubts.append("unlikely")
            picked.readings = [_columns(((words.ELIGIBLE, whole), (words.RECORDED, done)))]
    return result


def _columns(pairs: object) -> dict[str, tuple[int, ...]]:
    return {role: option.columns for role, option in pairs}  # type: ignore[attr-defined]


def _percent(
    meanings: Mapping[int, words.Meaning], values: Mapping[int, Values], best: Mapping[str, Option | None], picked: Picked
) -> None:
    """The column of coverage: named so, or near recorded / eligible in most rows. Of something else: left."""
    eligible, recorded, unrecorded = (best[role] for role in ROLES)
    share = None
    if eligible is not None and (recorded is not None or unrecorded is not None):
        with np.errstate(divide="ignore", invalid="ignore"):
            part = recorded.values if recorded is not None else eligible.values - unrecorded.values  # type: ignore[union-attr]
            share = np.where(eligible.values > 0, part / eligible.values * 100, np.nan)
    named_, near = [], []
    for place, one in meanings.items():
        if one.measure != words.PERCENT or one.of in (words.NOISE, words.UNRECORDED) or one.sex in (words.MEN, words.WOMEN):
            continue
        cells = values[place].floats
        scaled = cells * 100 if np.nanmax(cells, initial=0) <= 1.5 and not np.isnan(cells).all() else cells
        if share is not None:
            both = ~np.isnan(share) & ~np.isnan(scaled)
            if both.sum() and (np.abs(share[both] - scaled[both]) < 1.0).mean() >= 0.5:
                near.append(place)
                continue
        if (one.of in (words.RECORDED, words.ELIGIBLE) and one.sure == 2) or (
            share is None and one.of == "" and one.sure >= 1 and recorded is None
        ):
            named_.append(place)
    pool = near or named_
    if len(pool) >= 1 and (near or len(pool) == 1):
        picked.percent = pool[0]


def _doubt_single(picked: Picked, best: Mapping[str, Option | None]) -> None:
    there = [role for role in ROLES if best[role] is not None]
    if there == [words.ELIGIBLE] and picked.percent < 0:
        picked.doubts.append("eligible alone")
        picked.readings = [dict(picked.columns)]
    elif there == [words.RECORDED]:
        picked.doubts.append("recorded alone")
        picked.readings = [dict(picked.columns)]
    generic = [role for role in there if best[role].sure < 2]  # type: ignore[union-attr]
    if generic and len(generic) == len(there) and not picked.doubts:
        picked.doubts.append("generic words")
        picked.readings = [dict(picked.columns)]


def _without_words(values: Mapping[int, Values], meanings: Mapping[int, words.Meaning], picked: Picked) -> None:
    """No header says what is counted: the only three columns of which one is the sum of the two others, as a question."""
    usable = [
        place
        for place, one in values.items()
        if one.usable
        and not one.wrong.any()
        and meanings[place].measure == ""
        and not meanings[place].sex
        and np.nansum(one.counts) > 0
    ][:24]
    found = []
    for whole in usable:
        for left, right in itertools.combinations([place for place in usable if place != whole], 2):
            hits, rows = adds_up(values[whole].counts, values[left].counts, values[right].counts)
            if rows >= 3 and hits == rows and np.nansum(values[left].counts) and np.nansum(values[right].counts):
                found.append((whole, left, right))
    if len(found) == 1:
        whole, left, right = found[0]
        more, less = (left, right) if np.nansum(values[left].counts) >= np.nansum(values[right].counts) else (right, left)
        picked.readings = [
            {words.ELIGIBLE: (whole,), words.RECORDED: (more,), words.UNRECORDED: (less,)},
            {words.ELIGIBLE: (whole,), words.RECORDED: (less,), words.UNRECORDED: (more,)},
        ]
        picked.columns = picked.readings[0]
        picked.doubts.append("unknown words")
    else:
        picked.doubts.append("nothing")
