"""Where labels and dots go in a chart, in pixels; no figure is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil


def headroom(values: Sequence[float]) -> float:
    """Top of an axis that begins at zero: a little above the largest value, and never zero."""
    return max([float(value) for value in values], default=0.0) * 1.08 or 1.0


def apart(places: Sequence[float], *, gap: float = 15) -> list[float]:
    """The same places (pixels from the top) in the same order, moved down until neighbours are ``gap`` apart."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for one, other in pairwise(order):
        moved[other] = max(moved[other], moved[one] + gap)
    return moved


@dataclass(frozen=True)
class Dot:
    """One of the dots: the middle day of its bin, and its height in the stack, from 1."""

    day: date
    height: int


def stacked(days: Sequence[date], first: date, last: date, *, columns: int = 30) -> list[Dot]:
    """Days (in order) gathered into at most ``columns`` equal bins from ``first`` to ``last`` and stacked."""
    width = max(1, ceil(((last - first).days + 1) / columns))
    heights: dict[int, int] = {}
    dots = []
    for day in days:
        column = (day - first).days // width
        heights[column] = heights.get(column, 0) + 1
        dots.append(Dot(first + timedelta(days=column * width + width // 2), heights[column]))
    return dots


def settled(series: Sequence[Sequence[float]], top: float) -> int:
    """How many of the first rows to draw: until no line moves any more by more than a hundredth of the axis."""
    last = series[-1] if series else ()
    moving = [i for i, row in enumerate(series) if any(abs(a - b) > top / 100 for a, b in zip(row, last, strict=True))]
    return min(len(series), int((moving[-1] + 2) * 1.1) + 1) if moving else min(len(series), 2)
