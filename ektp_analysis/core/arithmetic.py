"""The arithmetic of a row: the third count where two are given, its coverage, and what bounds both where something is unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core.contract import COUNTS

_Array = np.ndarray[Any, np.dtype[Any]]
_Known = tuple[_Array, _Array]  # numbers, and where they are known: what stands elsewhere means nothing


def solve(rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with the third count wherever two are given, and the derived columns.

    coverage: recorded / eligible, or <NA>; coverage_low and coverage_high: its bounds, equal where it is known,
    from the printed percentage where only that is (half a unit of its last decimal either way); eligible_low and
    eligible_high: the whole numbers of eligible that the counts allow, equal where it is known, <NA> where unbounded.
    Recorded above eligible leaves unrecorded unknown.
    """
    out = rows.copy(deep=False)
    eligible, recorded, unrecorded = (rows[name] for name in COUNTS)
    if not (eligible.hasnans or recorded.hasnans or unrecorded.hasnans) and rows["coverage_reported"].isna().all():
        people, done = (count.to_numpy(dtype="int64") for count in (eligible, recorded))
        none = people <= 0
        shares = done / (np.where(none, 1, people) if none.any() else people)
        known = pd.Series(pd.arrays.FloatingArray(shares, none), index=rows.index, copy=False)
        out["coverage"] = out["coverage_low"] = out["coverage_high"] = known
        out["eligible_low"] = out["eligible_high"] = eligible
        return out
    (people, told), (done, done_told), (left, left_told) = (_numbers(count) for count in (eligible, recorded, unrecorded))
    whole = _or(people, told, done + left, done_told & left_told)
    reached = _or(done, done_told, people - left, told & left_told & (left <= people))
    open_ = _or(left, left_told, people - done, told & done_told & (done <= people))
    out["eligible"], out["recorded"], out["unrecorded"] = (_series(*one, rows.index) for one in (whole, reached, open_))
    share = _ratio(*reached, *whole)
    if rows["coverage_reported"].isna().all():  # nothing printed: no interval either
        out["coverage"] = out["coverage_low"] = out["coverage_high"] = _series(*share, rows.index)
        out["eligible_low"] = out["eligible_high"] = out["eligible"]
        return out
    printed, scale, said = _printed(rows["coverage_reported"])
    low = _or(*share, np.maximum(2 * printed - 1, 0) / scale, said)
    high = _or(*share, (2 * printed + 1) / scale, said)
    for name, bound in (("coverage", share), ("coverage_low", low), ("coverage_high", high)):
        out[name] = _series(*bound, rows.index)
    for name, bound in _eligible_bounds(open_, reached, printed, scale, said).items():
        out[name] = _series(*_or(*whole, *bound), rows.index)
    return out


def _numbers(counts: pd.Series) -> _Known:
    return counts.to_numpy(dtype="int64", na_value=0), ~counts.isna().to_numpy()


def _series(numbers: _Array, known: _Array, index: pd.Index) -> pd.Series:
    kind = pd.arrays.FloatingArray if numbers.dtype.kind == "f" else pd.arrays.IntegerArray
    return pd.Series(kind(np.where(known, numbers, 1), ~known), index=index, copy=False)


def _or(numbers: _Array, known: _Array, others: _Array, others_known: _Array) -> _Known:
    """The numbers, and where they are not known the others."""
    return np.where(known, numbers, others), known | others_known


def _ratio(part: _Array, part_known: _Array, whole: _Array, whole_known: _Array) -> _Known:
    """A share, known where both are and the whole is above 0."""
    return part / np.where(whole > 0, whole, 1), part_known & whole_known & (whole > 0)


def _printed(text: pd.Series) -> tuple[_Array, _Array, _Array]:
    """'99.30' -> 9930, 2 * 100 * 100, whether known: the bounds of the share are (2 * 9930 -+ 1) / scale, in whole numbers."""
    places, texts = pd.factorize(text)
    parts = [one.partition(".") for one in texts]
    digits = [whole + decimals for whole, _, decimals in parts]
    values = [int(one) if one.isdecimal() else 0 for one in digits] + [0]  # the last stands for none
    scales = [2 * 10 ** (len(decimals) + 2) for _, _, decimals in parts] + [2]
    said = [one.isdecimal() for one in digits] + [False]
    return np.array(values, dtype="int64")[places], np.array(scales, dtype="int64")[places], np.array(said)[places]


def _eligible_bounds(open_: _Known, reached: _Known, printed: _Array, scale: _Array, said: _Array) -> dict[str, _Known]:
    """Whole-number bounds of eligible from unrecorded / (1 - share), or from recorded / share."""

    def least(counts: _Known, by: _Array) -> _Known:
        return -(-counts[0] * scale // np.where(by > 0, by, 1)), counts[1] & said & (by > 0)

    def most(counts: _Known, by: _Array) -> _Known:
        return counts[0] * scale // np.where(by > 0, by, 1), counts[1] & said & (by > 0)

    low = _or(*least(open_, scale - 2 * printed + 1), *least(reached, 2 * printed + 1))
    high = _or(*most(open_, scale - 2 * printed - 1), *most(reached, 2 * printed - 1))
    return {"eligible_low": low, "eligible_high": high}
