"""Columns of percentages: which one is the coverage, and what share another one gives beside the counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ektp_analysis.ingest.cells import words
from ektp_analysis.ingest.cells.column import Floats, Values

SHARES = 1.5  # a column with no larger number holds shares of 1, for coverage may pass 1 a little, and no office is at 1.5 %
NEAR, NEAR_ROWS = 1.0, 0.5  # points between a printed coverage and the one that is computed, in so many of the rows
MOST_PER_CENT = 150.0  # in a column of percentages; coverage may pass 100 a little


def column_of_coverage(
    meanings: Mapping[int, words.Meaning], values: Mapping[int, Values], figures: Mapping[str, Floats | None]
) -> int:
    """The column of coverage: near what the counts give in most rows, or the only one named so; -1 where there is none, or
    it is that of something else. ``figures``: role -> its counts."""
    share = coverage(figures)
    named = {place: one for place, one in meanings.items() if _may_be_coverage(one)}
    near = [place for place in named if share is not None and _lies_near(share, values[place].floats)]
    if near:
        return near[0]
    alone = share is None and figures.get(words.RECORDED) is None
    left = [place for place, one in named.items() if _named_coverage(one) or (alone and one.of == "")]
    return left[0] if len(left) == 1 else -1


def _may_be_coverage(one: words.Meaning) -> bool:
    """Whether a column holds percentages that may be those of everyone recorded."""
    of_others = one.of in (words.NOISE, words.UNRECORDED) or one.sex in (words.MEN, words.WOMEN) or one.part
    return one.measure == words.PERCENT and not of_others


def _named_coverage(one: words.Meaning) -> bool:
    return one.of in (words.RECORDED, words.ELIGIBLE) and one.sure == words.SURE


def coverage(figures: Mapping[str, Floats | None]) -> Floats | None:
    """Recorded of eligible in each row in per cent, NaN where unknown; None where the columns do not give it."""
    whole, done, left = (figures.get(role) for role in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED))
    if done is None and whole is not None and left is not None:
        done = whole - left
    if whole is None and done is not None and left is not None:
        whole = done + left
    if whole is None or done is None:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, done / whole * 100, np.nan)


def _lies_near(share: Floats, cells: Floats) -> bool:
    """Whether a column holds these shares in most rows, in per cent or of 1."""
    scaled = in_per_cent(cells)
    both = ~np.isnan(share) & ~np.isnan(scaled)
    return bool(both.any() and (np.abs(share[both] - scaled[both]) < NEAR).mean() >= NEAR_ROWS)


def in_per_cent(cells: Floats) -> Floats:
    """The shares of a column in per cent: of 1 where none is larger than coverage can be."""
    return cells if (cells > SHARES).any() else cells * 100


def share_of(said: words.Meaning, one: Values) -> str:
    """The role, recorded or unrecorded, of which a column gives percentages by its words and numbers; '' for any other column."""
    role = said.of if said.measure == words.PERCENT else said.measure
    if role not in (words.RECORDED, words.UNRECORDED) or said.part or said.sex in (words.MEN, words.WOMEN):
        return ""
    broken = ~np.isnan(one.floats) & np.isnan(one.counts)  # numbers with a fraction
    return role if broken.any() and float(np.nanmax(one.floats)) <= MOST_PER_CENT else ""
