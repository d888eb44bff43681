"""From the figures of desa up to the nation: for each area and day its own figure, the sum of its parts, or both.

Vectorised over all areas and days; 83,762 desa take well under a second. A sum counts every area that ever reported: one
that is silent on a day at its last known figure, and the sum says how many stand on older figures, and since when. Who never
reported is in no sum.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, Level, level_of, register
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.giving_way import give_way

OWN, SUM = "own", "sum"
_BEHIND = chr(ord(".") + 1)  # behind the code of an area it comes right after those of all in it
KEY = ["area_code", "as_of_date"]
_SUMS = contract.rolled_by("sum_all", "sum_any")
_BOUNDS = ["eligible_low", "eligible_high"]
_SHARES = ["coverage", "coverage_low", "coverage_high"]
_TALLY = ["n_expected", "n_reported", "n_partial", "n_unrecorded", "n_coverage"]
_OLDER = ["n_older", "unrecorded_older"]
COLUMNS = [
    *contract.BY_NAME,
    *contract.DERIVED,
    "level",
    "source",
    "headline",
    *_TALLY,
    *_OLDER,
    "older_since",
    "complete",
    "coverage_complete",
    "members",
]
if len(set(COLUMNS)) < len(COLUMNS):
    raise ValueError("a column of the contract has a name that the roll-up gives to another")


@lru_cache(maxsize=8)
def _expected(level: Level) -> pd.Series:
    """How many areas of ``level`` the register has in each parent."""
    codes = list(register().codes(level))
    length = len(codes[0].rpartition(".")[0])  # the codes of a level are of one length
    return pd.Series(Counter([code[:length] or NATION for code in codes]), dtype="int64")


def _parents(codes: pd.Series) -> pd.Series:
    """Parent code of each code, computed once for each distinct code."""
    positions, distinct = pd.factorize(codes)
    parents = np.array([code.rpartition(".")[0] or NATION for code in distinct], dtype=object)
    return pd.Series(parents[positions] if len(distinct) else [], index=codes.index, dtype=contract.texts(len(codes)))


def _levels(codes: pd.Series) -> np.ndarray:
    positions, distinct = pd.factorize(codes)
    levels: np.ndarray = np.array([int(level_of(code)) for code in distinct], dtype="int8")[positions]
    return levels


def select(figures: pd.DataFrame, area: str) -> pd.DataFrame:
    """The rows of an area and of all areas in it."""
    if area == NATION:
        return figures
    at = lying_in(figures["area_code"], area)
    return figures.iloc[at] if isinstance(at, slice) else _only(figures, at)


def _only(rows: pd.DataFrame, these: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Of rows these; without a copy where it is all of them."""
    return rows if these.all() else rows[these]


def lying_in(codes: pd.Series, area: str) -> slice | npt.NDArray[np.bool_]:
    """Where codes are those of an area or of areas in it: in order, as codes of figures are, they stand together, and are found
    without reading them all."""
    if codes.is_monotonic_increasing:
        return slice(int(codes.searchsorted(area)), int(codes.searchsorted(area + _BEHIND)))
    positions, distinct = pd.factorize(codes)
    mine = [code == area or code.startswith(area + ".") for code in distinct] + [False]  # the last: of no code
    found: npt.NDArray[np.bool_] = np.array(mine)[positions]
    return found


def roll_up(figures: pd.DataFrame, within: str = NATION, *, inside: pd.DataFrame | None = None) -> pd.DataFrame:
    """For each area in ``within`` and each day a row of its own figure and a row of the sum of its parts.

    Args:
        figures: contract columns, as ``store.figures()`` gives them; a frame made by this function is only narrowed.
        within: code of the area to stop at.
        inside: what this function gave for each area of one level, all that lie in ``within``; the figures are then those of the
            areas above them.

    Returns:
        Contract and derived columns of :mod:`~ektp_analysis.core.contract`, and:
        ``source`` 'own' or 'sum'; ``headline`` True for the one that speaks for the area on that day: its own figure,
        but the sum where only the sum knows the unrecorded and all parts gave it;
        ``n_expected`` areas directly below by the register, ``n_reported`` those with a figure on that day,
        ``n_partial`` those whose figure is itself an incomplete sum, ``n_unrecorded`` and ``n_coverage`` those that
        the sum of unrecorded and the coverage rest on; ``n_older`` those whose unrecorded stand, wholly or in part, on
        figures of earlier days, ``unrecorded_older`` how many people these are, ``older_since`` the oldest of those days
        (missing: none); ``complete`` and ``coverage_complete`` whether no area is missing from them (an own figure is
        complete); ``members`` equal wherever two incomplete sums rest on the same areas, 0 for complete ones. Sorted by
        area and day.
    """
    if "headline" in figures:
        return select(figures, within)
    rows = solve(select(figures, within)[list(contract.BY_NAME)])
    levels = _levels(rows["area_code"])
    rows = rows.assign(level=levels, source=OWN)
    below: pd.DataFrame | None = None
    made: list[pd.DataFrame] = []
    deep = Level.DESA
    if inside is not None and len(inside):
        deep, below = (
            Level(int(inside["level"].min()) - 1),
            inside[inside["level"].eq(inside["level"].min()) & inside["headline"]],
        )
        made.append(inside)
    for level in sorted(Level, reverse=True):
        give_way()
        if level > deep:
            continue
        if level < level_of(within):
            break
        here = levels == level
        if below is None and not here.any() and level > level_of(within):
            continue  # nothing so deep
        sums = None if below is None or below.empty else _sums(below, level)
        if sums is not None and not here.any():
            both = sums.assign(headline=True)
        else:
            both = _headline(_beside(_only(rows, here), sums, level))
        made.append(both)
        below = both if both["headline"].all() else both[both["headline"]]
    return ordered(pd.concat(made, ignore_index=True))


def name_of(rows: pd.DataFrame) -> str:
    """A name for all that rows say, their order too: what rests on them alone may be kept under it."""
    sha = hashlib.sha256(repr([(name, str(kind)) for name, kind in rows.dtypes.items()]).encode())
    for name in rows:
        values = rows[name]
        plain = {"Int64": "int64", "Float64": "float64"}.get(str(values.dtype))
        if plain is not None:
            sha.update(values.isna().to_numpy().tobytes() + values.to_numpy(plain, na_value=0).tobytes())
        elif isinstance(values.dtype, np.dtype) and values.dtype.kind in "biufM":
            sha.update(values.to_numpy().tobytes())
        else:
            sha.update(repr(values.tolist()).encode())
    return sha.hexdigest()


def opens(rolled: pd.DataFrame, area: str) -> bool:
    """Whether there are figures inside an area of a frame of :func:`roll_up`: then it has a sum."""
    return bool((rolled["area_code"].eq(area) & rolled["source"].eq(SUM)).any())


def ordered(out: pd.DataFrame) -> pd.DataFrame:
    """Rows of :func:`roll_up` in its order: by area and day, an own figure before the sum; and the columns in theirs."""
    out = out if list(out.columns) == COLUMNS else out[COLUMNS]
    area = pd.factorize(out["area_code"], sort=True)[0]
    order = np.lexsort((out["source"].eq(SUM).to_numpy(bool), out["as_of_date"].to_numpy(), area))
    return out.take(order).reset_index(drop=True)


def _beside(own: pd.DataFrame, sums: pd.DataFrame | None, level: Level) -> pd.DataFrame:
    """Own figures and sums of a level below each other, each own figure with the tally of its day."""
    expected: Any = (
        np.int64(0) if level is Level.DESA else own["area_code"].map(_expected(Level(level + 1))).fillna(0).astype("int64")
    )
    added: dict[str, Any] = {"headline": True, **dict.fromkeys((*_TALLY, *_OLDER), 0), "n_expected": expected}  # as COLUMNS
    added["older_since"] = np.full(len(own), np.datetime64("NaT"), dtype="datetime64[s]")
    added |= {"complete": True, "coverage_complete": True, "members": np.zeros(len(own), dtype="uint64")}
    if sums is None:
        return own.assign(**added)
    pairs = _pairs(pd.concat([own[KEY], sums[KEY]], ignore_index=True))
    place = np.full(len(pairs), -1)
    place[pairs[len(own) :]] = np.arange(len(sums))
    there = place[pairs[: len(own)]]  # the sum beside each own figure, -1 where there is none
    added |= {name: np.where(there >= 0, sums[name].to_numpy()[there], 0) for name in _TALLY[1:]}
    return pd.concat([own.assign(**added), sums], ignore_index=True)


def _pairs(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """A number from 0 on for the area and day of each row, the same for the same."""
    day, days = pd.factorize(rows["as_of_date"])
    numbers: npt.NDArray[np.int64] = pd.factorize(pd.factorize(rows["area_code"])[0] * np.int64(len(days)) + day)[0]
    return numbers


def _headline(rows: pd.DataFrame) -> pd.DataFrame:
    """Mark the row that speaks for its area and day."""
    own = rows["source"].eq(OWN).to_numpy(bool)
    known = rows["unrecorded"].notna().to_numpy() & rows["complete"].to_numpy(bool)
    # own before sum; but a sum of all parts that knows the unrecorded before an own figure that does not
    order = np.where(own, np.where(known, 0, 2), np.where(known, 1, 3))
    pairs = _pairs(rows)
    first = np.full(len(rows), order.max(initial=0))
    np.minimum.at(first, pairs, order)
    return rows.assign(headline=order == first[pairs])


def _still(heads: pd.DataFrame) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """The headline rows of a level with, for each day on which a sister reported, the last known one of those who did not; and
    which these are."""
    nobody = np.zeros(len(heads), dtype=bool)
    days, day = np.unique(heads["as_of_date"].to_numpy(), return_inverse=True)
    code, areas = pd.factorize(heads["area_code"])
    if len(heads) == len(areas) * len(days):  # each area on each day: found below too, but later
        return heads, nobody
    parent = np.asarray(pd.factorize(_parents(heads["area_code"]))[0], dtype="int64")
    asked = np.unique(parent * np.int64(len(days)) + day)  # a parent and a day of it, in order
    order = np.lexsort((day, code))
    last = np.append(np.flatnonzero(np.diff(code[order])), len(order) - 1)
    ends = np.empty(len(order), dtype="int64")  # up to which day of its parent a row holds: the next row of its area
    ends[order[:-1]] = parent[order[:-1]] * np.int64(len(days)) + day[order[1:]]
    ends[order[last]] = (parent[order[last]] + 1) * np.int64(len(days))
    start = np.searchsorted(asked, parent * np.int64(len(days)) + day)
    holds = np.searchsorted(asked, ends) - start
    rows = np.repeat(np.arange(len(heads)), holds)
    offset = np.arange(len(rows)) - np.repeat(np.cumsum(holds) - holds, holds)
    older: npt.NDArray[np.bool_] = offset > 0
    if not older.any():
        return heads, nobody
    out = heads.iloc[rows].reset_index(drop=True)
    on = days[asked[start[rows] + offset] % len(days)]
    day, since = (out[name].to_numpy(dtype="datetime64[s]") for name in ("as_of_date", "older_since"))
    since = np.where(np.isnat(since) & older, day, since)
    whole = np.where(older, out["unrecorded"].to_numpy("int64", na_value=0), out["unrecorded_older"].to_numpy("int64"))
    return out.assign(as_of_date=pd.Series(on, dtype=out["as_of_date"].dtype), older_since=since, unrecorded_older=whole), older


def _sums(heads: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Sums over the headline rows of the level below: one row for each parent and day."""
    below, older = _still(heads)
    parts = _Parts(below)
    everyone = parts.count(np.ones(len(below), dtype=bool))
    numbers = {name: _floats(below[name]) for name in (*_SUMS, *_BOUNDS)}
    known = {name: parts.count(~np.isnan(values)) for name, values in numbers.items()}
    sums = {name: parts.total(values) for name, values in numbers.items()}
    enough = {
        name: known[name] > 0 if name in _SUMS and contract.BY_NAME[name].roll == "sum_any" else known[name] == everyone
        for name in numbers
    }
    out = {name: pd.arrays.IntegerArray(sums[name].astype("int64"), ~enough[name]) for name in numbers}
    both = ~np.isnan(numbers["recorded"]) & ~np.isnan(numbers["eligible"])
    n_both = parts.count(both)
    recorded, eligible = (parts.total(np.where(both, numbers[name], np.nan)) for name in ("recorded", "eligible"))
    every = {name: np.where(enough[name] & (known[name] == everyone), sums[name], np.nan) for name in ("unrecorded", *_BOUNDS)}
    unrecorded, low, high = every.values()
    bounded = ~np.isnan(unrecorded) & (low > 0) & ~np.isnan(high) & (n_both < everyone)
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = np.where(eligible > 0, recorded / eligible, np.nan)
        shares = [np.where(bounded, otherwise, exact) for otherwise in (np.nan, 1 - unrecorded / low, 1 - unrecorded / high)]
    out |= dict(
        zip(("coverage", "coverage_low", "coverage_high"), (pd.array(one, dtype="Float64") for one in shares), strict=True)
    )
    partial = (below["n_expected"].to_numpy() > 0) & below["source"].eq(SUM).to_numpy(bool) & ~below["complete"].to_numpy(bool)
    n_partial = parts.count(partial)
    n_coverage = np.where(bounded, everyone, n_both)
    registered = parts.area.map(_expected(Level(level + 1))).to_numpy("float64")  # missing of an area that it does not know
    expected = np.fmax(registered, everyone).astype("int64")
    complete = (known["unrecorded"] == expected) & (n_partial == 0)
    partly = parts.count(both & ~below["coverage_complete"].to_numpy(bool))
    members, told = np.zeros(len(everyone), dtype="uint64"), below["unrecorded"].notna().to_numpy(bool)
    with np.errstate(over="ignore"):
        np.add.at(members, parts.of, np.where(told, _member(below), np.uint64(0)))
    since = below["older_since"].notna().to_numpy(bool)
    made = {
        **out,
        **_words(below, parts),
        "area_code": parts.area,
        "as_of_date": parts.date,
        "level": np.int8(level),
        "source": SUM,
        "n_expected": expected,
        "n_reported": everyone - parts.count(older),
        "n_partial": n_partial,
        "n_unrecorded": known["unrecorded"],
        "n_coverage": n_coverage,
        "n_older": parts.count(since & told),
        "unrecorded_older": parts.total(below["unrecorded_older"].to_numpy("float64")).astype("int64"),
        "older_since": parts.first_day(below["older_since"], since & told),
        "complete": complete,
        "coverage_complete": (n_coverage == expected) & (partly == 0),
        # as they become where own figures, which have none, stand with them: the same areas give the same in both cases
        "members": np.where(complete, np.uint64(0), members).astype("float64").astype("uint64"),
        "headline": True,  # until it is known
    }
    return pd.DataFrame({name: made[name] for name in COLUMNS}, index=parts.area.index)


def _words(below: pd.DataFrame, parts: _Parts) -> dict[str, Any]:
    """The columns that are not summed: the worst of the parts, what all share, or nothing."""
    found: dict[str, Any] = {}
    many = len(parts.area)
    texts = contract.texts(many)
    for name in contract.rolled_by("worst"):
        worst = np.full(len(parts.area), contract.BY_NAME[name].choices[0], dtype=object)
        for choice in contract.BY_NAME[name].choices[1:]:
            worst[parts.count(below[name].eq(choice).to_numpy(bool)) > 0] = choice
        found[name] = pd.array(worst, dtype=texts)
    for name in contract.rolled_by("shared"):
        found[name] = pd.array(parts.shared(below[name]), dtype=texts)
    for name in contract.rolled_by("none"):
        column = contract.BY_NAME[name]
        found[name] = pd.Series(contract.missing(column), index=parts.area.index, dtype=contract.dtype_of(column, many))
    return found


class _Parts:
    """Rows by parent and day: ``of`` the group of each row, ``area`` and ``date`` of each group, as they come."""

    def __init__(self, below: pd.DataFrame) -> None:
        parent = _parents(below["area_code"])
        areas, dates = pd.factorize(parent)[0], pd.factorize(below["as_of_date"])
        self.of, groups = pd.factorize(areas * np.int64(len(dates[1])) + dates[0])
        self._size = len(groups)
        first = np.zeros(self._size, dtype="int64")
        first[self.of[::-1]] = np.arange(len(below))[::-1]
        self.area = parent.iloc[first].reset_index(drop=True)
        self.date = below["as_of_date"].iloc[first].reset_index(drop=True)

    def count(self, rows: np.ndarray) -> np.ndarray:
        """How many of these rows are in each group."""
        return np.bincount(self.of[rows], minlength=self._size).astype("int64")

    def total(self, values: np.ndarray) -> np.ndarray:
        """Sums of whole numbers; a missing one counts nothing."""
        totals: np.ndarray = np.bincount(self.of, weights=np.nan_to_num(values), minlength=self._size)
        return totals

    def first_day(self, days: pd.Series, known: np.ndarray) -> pd.Series:
        """The earliest of the known days of each group, missing where there is none."""
        first = np.full(self._size, np.datetime64("NaT"), dtype="datetime64[s]")
        if known.any():
            np.fmin.at(first, self.of[known], days.to_numpy(dtype="datetime64[s]")[known])
        return pd.Series(first)

    def shared(self, texts: pd.Series) -> np.ndarray:
        """What all parts share, such as the basis; where they differ, all of them joined by ' + ' (not stated: '?')."""
        codes, names = pd.factorize(texts)
        low = np.full(self._size, len(names), dtype="int64")
        high = np.full(self._size, -1, dtype="int64")
        np.minimum.at(low, self.of, codes)
        np.maximum.at(high, self.of, codes)
        out: np.ndarray = np.asarray(names, dtype=object)[low] if len(names) else np.empty(0, dtype=object)
        for group in np.flatnonzero(low != high):
            out[group] = " + ".join(sorted({str(names[code]) or "?" for code in codes[self.of == group]}))
        return out


def _floats(counts: pd.Series) -> np.ndarray:
    """Counts as plain numbers, a missing one as nan."""
    numbers: np.ndarray = counts.to_numpy("float64", na_value=np.nan)
    return numbers


def _member(below: pd.DataFrame) -> np.ndarray:
    """A number that stands for an area and, where its figure is an incomplete sum, for what that rests on."""
    positions, distinct = pd.factorize(below["area_code"])
    hashed = pd.util.hash_array(np.asarray(distinct, dtype=object))[positions]
    with np.errstate(over="ignore"):
        mixed: np.ndarray = hashed * (2 * below["members"].to_numpy("uint64") + np.uint64(1))
    return mixed
