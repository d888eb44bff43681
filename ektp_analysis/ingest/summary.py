"""What accepted rows say together: totals per day, who did not report, what changes, and a key of the content.

All of it works on whole columns, for a file may hold a million rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.ingest.columns.area_columns import known
from ektp_analysis.ingest.report import Changes, DateTotals, Revision

MAX_REVISIONS, _BLOCK = 2_000, 1 << 14
SPARSE = 16  # pairs of area and day to a row: above it, ticking them off takes more memory than sorting them
_SEEDS, _FACTOR, _HALF = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F), np.uint64(0xFF51AFD7ED558CCD), np.uint64(32)
Array = np.ndarray[Any, Any]
Distinct = tuple[Sequence[Any], Array]


@dataclass(frozen=True)
class Keys:
    """Which area and day each row is about, as positions in ``codes`` and ``dates`` (sorted), so that they are compared as
    numbers. ``found``: where each code stands in the register, if it was looked up already."""

    codes: Sequence[str]
    area: Array
    dates: Array
    day: Array
    found: Array | None = None

    @cached_property
    def rows_of_day(self) -> Array:
        """How many rows each day has."""
        return np.bincount(self.day, minlength=len(self.dates))

    @cached_property
    def places(self) -> Array:
        """Where each code stands in the register, -1 where it does not."""
        return places_of(self.codes) if self.found is None else self.found


def places_of(values: Sequence[object]) -> Array:
    """Where each value stands in the register of areas as a dotted code, -1 where it does not; the nation is 0."""
    position = _register().position
    return np.fromiter((position.get(value, -1) for value in values), dtype=np.int64, count=len(values))


def keys_of(rows: pd.DataFrame, areas: Distinct | None = None, days: Distinct | None = None, places: Array | None = None) -> Keys:
    """The keys of a frame; ``areas`` and ``days`` give its codes and days as distinct values and positions, where they are at
    hand, ``places`` the distinct codes' places in the register."""
    if areas is None or len(areas[1]) != len(rows):
        areas = places = None
    codes, area = _coded(rows, areas, places)
    if days is not None and len(days[1]) == len(rows) and len(rows):
        keys = Keys(codes, area, *_in_order(days), places)
        if keys.rows_of_day.all():
            return keys
    given = rows["as_of_date"].to_numpy()
    if len(given) and (given == given[0]).all():
        return Keys(codes, area, given[:1], np.zeros(len(given), dtype=np.int64), places)
    day, dates = pd.factorize(rows["as_of_date"], sort=True)
    return Keys(codes, area, dates.to_numpy(), day, places)


def _coded(rows: pd.DataFrame, areas: Distinct | None, places: Array | None) -> Distinct:
    """The distinct codes of the rows, and which of them each has. Where they are at hand but not known to the register, two
    cells may mean the same code."""
    if areas is not None and (places is not None or len(set(areas[0])) == len(areas[0])):
        return [code or "" for code in areas[0]], areas[1]
    area, distinct = pd.factorize(rows["area_code"])
    return list(distinct), area


def _in_order(days: Distinct) -> tuple[Array, Array]:
    """The distinct days in order, and which of them each row has."""
    meant, first = np.unique(np.array(days[0], dtype="datetime64[s]"), return_inverse=True)
    in_order = len(meant) == len(first) and bool((np.diff(first) > 0).all())
    return meant, days[1] if in_order else first[days[1]]


def repeated(keys: Keys) -> Array:
    """Rows whose area and day stood in an earlier row."""
    length, possible = len(keys.area), len(keys.codes) * len(keys.dates)
    if length and possible <= SPARSE * length and keys.area.min() >= 0 and keys.day.min() >= 0:  # few enough to tick them off
        seen = np.zeros(possible, dtype=bool)
        for start in range(0, length, _BLOCK):
            rows = slice(start, start + _BLOCK)
            seen[keys.area[rows] * len(keys.dates) + keys.day[rows]] = True
        if np.count_nonzero(seen) == length:
            return np.zeros(length, dtype=bool)
    return np.asarray(pd.Series(keys.area * len(keys.dates) + keys.day).duplicated())


def totals(solved: pd.DataFrame, keys: Keys) -> tuple[DateTotals, ...]:
    """Sums of each day over the areas that lie in no other area of that day."""
    if solved.empty:
        return ()
    days, dates = keys.day, keys.dates
    top = ~_inside_another(keys)
    found, per_day = [], keys.rows_of_day
    all_top = bool(top.all())
    starts = np.flatnonzero(np.concatenate([[True], days[1:] != days[:-1]]))  # of the runs of rows of one day
    sums: dict[str, tuple[Array, Array]] = {}
    for name in contract.COUNTS:
        values = solved[name]
        given_here = top if not values.hasnans else ~np.asarray(values.isna()) & top
        whole = all_top and not values.hasnans
        numbers, total = values.to_numpy(dtype="int64", na_value=0), np.zeros(len(dates), dtype=np.int64)
        runs = np.add.reduceat(numbers if whole else numbers * given_here, starts)
        np.add.at(total, days[starts], runs)
        sums[name] = per_day if whole else np.bincount(days[given_here], minlength=len(dates)), total
    tops = per_day if all_top else np.bincount(days[top], minlength=len(dates))
    for position, day in enumerate(dates):
        given = {name: int(total[position]) if count[position] else None for name, (count, total) in sums.items()}
        lacking = {name: int(tops[position] - count[position]) for name, (count, _) in sums.items()}
        missing = {name: many for name, many in lacking.items() if many > 0}
        found.append(DateTotals(pd.Timestamp(day).date(), int(per_day[position]), missing=missing, **given))
    return tuple(found)


def _inside_another(keys: Keys) -> Array:
    """Whether an area that contains the row's area stands for the same day."""
    areas, codes, days, n_days = keys.area, keys.codes, keys.day, len(keys.dates)
    inside = np.zeros(len(areas), dtype=bool)
    places, levels = keys.places, _register().level
    if (places > 0).all() and len(places) and (levels[places] == levels[places[0]]).all():
        return inside
    if len({code.count(".") for code in codes}) < 2 and NATION not in codes:
        return inside
    position = {code: number for number, code in enumerate(codes)}
    present = np.zeros(len(codes) * n_days, dtype=bool)
    present[areas * n_days + days] = True
    for up in (1, 2, 3, 4):
        above = np.array([position.get(_ancestor(code, up), -1) for code in codes], dtype=np.int64)[areas]
        inside |= (above >= 0) & present[above * n_days + days]  # -1 looks at the last code, and counts for nothing
    return inside


def _ancestor(code: str, up: int) -> str:
    parts = code.split(".")
    if code == NATION or up > len(parts):
        return ""
    return ".".join(parts[:-up]) or NATION


def silent(keys: Keys, area: str = "") -> tuple[str, ...]:
    """Sisters of the areas of the latest day that did not report, in order.

    A parent counts where at least two of its areas report, where most parents beside it have as many, or where it is the area
    that the file is about. In a file of desa, a kecamatan of which no desa reports is named as a whole.
    """
    if not len(keys.area):
        return ()
    latest = np.bincount(keys.area[keys.day == len(keys.dates) - 1], minlength=len(keys.codes))
    known_areas = _register()
    codes, position, parent = known_areas.codes, known_areas.position, known_areas.parent
    here = keys.places[np.flatnonzero(latest)]
    here = here[here > 0]
    chosen = position.get(area, -1) if area else -1
    parents, reporting = np.unique(parent[here], return_counts=True)
    asked = parents[(reporting > 1) | _single_among_others(parents, reporting, parent) | (parents == chosen)]
    missing = np.setdiff1d(known_areas.below(asked), here)
    districts = parents[known_areas.level[parents] == 3]
    regencies, reporting = np.unique(parent[districts], return_counts=True)
    wholes = known_areas.below(regencies[(reporting > 1) | (regencies == chosen)])
    missing = np.union1d(missing, np.setdiff1d(wholes, np.union1d(here, districts)))
    return tuple(codes[int(place)] for place in missing if place)


def _single_among_others(parents: Array, reporting: Array, parent: Array) -> Array:
    """Which of the parents have one area that reports, where most parents beside them have several."""
    above, beside = np.unique(parent[parents], return_inverse=True)
    several, single = (np.bincount(beside[which], minlength=len(above)) for which in (reporting > 1, reporting == 1))
    return np.asarray((reporting == 1) & (several > single)[beside])


@dataclass(frozen=True)
class _Register:
    """``position`` of each code in ``codes``; ``parent``: the position of each one's parent; their levels and hashes.
    ``by_parent``: all positions, those with one parent beside each other, from ``begins`` of the parent on."""

    codes: tuple[str, ...]
    position: Mapping[object, int]
    parent: Array
    level: Array
    hashes: Array
    by_parent: Array
    begins: Array

    def below(self, parents: Array) -> Array:
        """The positions of the areas whose parent is one of these."""
        none = np.zeros(0, dtype=np.int64)
        return np.concatenate([none, *(self.by_parent[self.begins[one] : self.begins[one + 1]] for one in parents)])


@lru_cache(maxsize=1)
def _register() -> _Register:
    """All areas in order, the nation first."""
    codes = (NATION, *sorted(known()))
    position: dict[object, int] = {code: number for number, code in enumerate(codes)}
    parent = np.array([0, *(position.get(code.rpartition(".")[0], 0) for code in codes[1:])], dtype=np.int64)
    level = np.array([0, *(code.count(".") + 1 for code in codes[1:])], dtype=np.int64)
    begins = np.concatenate([[0], np.cumsum(np.bincount(parent, minlength=len(codes)))])
    return _Register(codes, position, parent, level, _hashes(codes), np.argsort(parent, kind="stable"), begins)


def changes(solved: pd.DataFrame, current: pd.DataFrame) -> Changes:
    """What the rows would change in the figures that hold now. Counts are compared as solved, so that a third count
    that only follows from two others is no difference."""
    if current.empty:
        return Changes(len(solved), 0, ())
    names = [one.name for one in contract.COLUMNS if one.roll != "key" and not one.is_free_text]
    keys = ["area_code", "as_of_date"]
    held = solve(contract.frame(current))
    given_at = solved[keys].assign(given=np.arange(len(solved)))  # the keys alone are joined: rows are wide
    pairs = given_at.merge(held[keys].assign(held=np.arange(len(held))), on=keys)[["given", "held"]].to_numpy()
    given, before = pairs[np.argsort(pairs[:, 0], kind="stable")].T
    day, area = solved["as_of_date"].array.take(given), solved["area_code"].array.take(given)
    both_counts = ~np.asarray(solved["eligible"].isna() | solved["recorded"].isna())[given]
    differs = np.zeros(len(given), dtype=bool)
    revised: list[Revision] = []
    for name in names:
        new, old = solved[name].array.take(given), held[name].array.take(before)
        none, was_none = new.isna(), old.isna()
        other = ~(np.asarray(pd.Series(new == old).fillna(False), dtype=bool) | (none & was_none))
        if name == "coverage_reported":  # a percentage beside the same two counts says nothing of its own
            other &= ~both_counts | (~none & ~was_none)
        differs |= other
        revised.extend(
            Revision(str(area[row]), day[row].date(), name, _plain(old[row]), _plain(new[row]))
            for row in np.flatnonzero(other)[:MAX_REVISIONS]
        )
    revised.sort(key=lambda item: (item.date, item.area_code))
    return Changes(len(solved) - len(np.unique(given)), int((~differs).sum()), tuple(revised[:MAX_REVISIONS]))


def _plain(value: Any) -> int | str | None:
    if pd.isna(value):
        return None
    return str(value) if isinstance(value, str) else int(value)


def content_key(solved: pd.DataFrame, keys: Keys) -> str:
    """Equal for the same figures of the same areas and days, in any order, layout and file."""
    if solved.empty:
        return ""
    of_codes = _register().hashes[keys.places] if (keys.places >= 0).all() else _hashes(keys.codes)
    of_days = keys.dates.astype("datetime64[D]").astype(np.uint64)
    counts = [solved[name].to_numpy(dtype="int64", na_value=-1).view(np.uint64) for name in contract.COUNTS]
    derived = ~np.asarray(solved["eligible"].isna() | solved["recorded"].isna())
    printed = solved["coverage_reported"]
    texts = [_hashed(printed if printed.isna().all() else printed.where(~derived)), _hashed(solved["status"])]
    texts += [_hashed(f"{name}: " + solved[name].astype("str")) for name in contract.further(solved)]
    sums = [0, 0]
    with np.errstate(over="ignore"):
        begun = [_mixed(np.full(len(of_codes), seed, dtype=np.uint64), of_codes) for seed in _SEEDS]  # once for each code
        for start in range(0, len(solved), _BLOCK):  # blocks that stay in the processor's cache
            rows = slice(start, start + _BLOCK)
            parts = [of_days[keys.day[rows]], *(part[rows] for part in counts)]
            parts += [part[rows] if len(part) > 1 else part for part in texts]
            for number, of_area in enumerate(begun):
                mixed = of_area[keys.area[rows]]
                for part in parts:
                    mixed = _mixed(mixed, part)
                sums[number] = (sums[number] + int(mixed.sum(dtype=np.uint64))) % 2**64
    return hashlib.sha256(f"{len(solved)}:{sums}".encode()).hexdigest()[:32]


def _mixed(mixed: Array, part: Array) -> Array:
    """Hashes with one more part mixed in."""
    mixed = np.multiply(mixed ^ part, _FACTOR)
    return np.asarray(mixed ^ (mixed >> _HALF))


def _hashed(texts: pd.Series) -> Array:
    """The hash of each text; of one that stands in all rows only once."""
    if texts.isna().all():
        return np.zeros(1, dtype=np.uint64)
    if all_equal(texts):
        return np.asarray(_hashes([f"={texts.iloc[0]}"]))
    where, values = pd.factorize(texts, use_na_sentinel=False)
    return np.asarray(_hashes(["" if pd.isna(value) else f"={value}" for value in values])[where])


def all_equal(texts: pd.Series) -> bool:
    """Whether all rows have the same text; pieces of memory that stand in it over and over are looked at once."""
    if not len(texts) or pd.isna(texts.iloc[0]):
        return False
    if len(texts) < contract.MANY:
        return set(texts) == {texts.iloc[0]}
    pieces = pa.array(texts.array)
    chunks = pieces.chunks if isinstance(pieces, pa.ChunkedArray) else [pieces]
    longest: dict[tuple[int, ...], pa.Array] = {}
    for chunk in sorted(chunks, key=len):
        longest[(chunk.offset, *(buffer.address if buffer else 0 for buffer in chunk.buffers()))] = chunk
    return all(pc.all(pc.equal(chunk, texts.iloc[0]), skip_nulls=False).as_py() for chunk in longest.values())


def _hashes(values: Sequence[str]) -> Array:
    return np.asarray(pd.util.hash_array(np.array(values, dtype=object), categorize=False))
