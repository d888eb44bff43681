"""Where classes begin and end: whole numbers -> rising bounds that contain them all and can be read aloud.

Values come in units of the precision in which they are shown (people; hundredths of a per cent), so what reads the
same falls in the same class. A break may lie anywhere between the largest value of one class and the smallest of the
next without moving an area: the roundest number of that gap is taken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

Method = Literal["natural", "quantiles", "equal", "round"]
Bounds = tuple[int, ...]
METHODS: tuple[Method, ...] = ("natural", "quantiles", "equal", "round")


def find(
    values: Iterable[int], *, steps: int = 5, method: Method = "natural", lowest: int | None = None, highest: int | None = None
) -> Bounds:
    """The n + 1 bounds of at most ``steps`` classes; () where there is no value.

    A class holds its lower bound and what is below the next bound; the topmost holds both of its bounds.
    natural: Fisher-Jenks (1958), the least squares within classes, exact; quantiles: equally many areas; equal: equally
    wide; round: equally wide by 1, 2 or 5 times a power of ten. No bound goes beyond ``lowest`` and ``highest``.
    """
    numbers = sorted(values)
    if not numbers:
        return ()
    low, high = _outside(numbers[0], numbers[-1], lowest, highest)
    if method == "equal":
        inner = [low + -(-(high - low) * step // steps) for step in range(1, steps)]
    elif method == "round":
        width = _round_width(numbers[0], numbers[-1], steps)
        first, last = numbers[0] // width * width, -(-numbers[-1] // width) * width
        low, high = _within(first, last, numbers, lowest, highest)
        return (low, *range(first + width, last, width), high)
    else:
        starts = (_natural if method == "natural" else _quantiles)(numbers, steps)
        inner = [_roundest(numbers[start - 1], numbers[start]) for start in starts]
    return (low, *sorted({edge for edge in inner if low < edge <= numbers[-1]}), high)


def own(values: Iterable[int], inner: Iterable[int], *, lowest: int | None = None, highest: int | None = None) -> Bounds:
    """Bounds from breaks that a person gave; the outermost are found so that they contain the values."""
    given = sorted(set(inner))
    numbers = [*values, *given]
    if not numbers:
        return ()
    low, high = _outside(min(numbers), max(numbers), lowest, highest)
    return (low, *(edge for edge in given if low < edge < high), high)


def widen(bounds: Sequence[int], values: Iterable[int], *, lowest: int | None = None, highest: int | None = None) -> Bounds:
    """The same inner bounds; an outermost one moves outwards, and only where a value lies beyond it."""
    numbers = list(values)
    if not numbers:
        return tuple(bounds)
    low, high = _outside(min(numbers), max(numbers), lowest, highest)
    first = bounds[0] if bounds[0] <= min(numbers) else low
    last = bounds[-1] if bounds[-1] >= max(numbers) else high
    return (first, *bounds[1:-1], last)


def place(value: int, bounds: Sequence[int]) -> int:
    """Position (0 is the lowest) of the class that a value falls in."""
    return bisect_right(bounds[1:-1], value)


def _natural(numbers: Sequence[int], steps: int) -> list[int]:
    """Positions where classes start: dynamic programming over the distinct values, squares from running sums."""
    distinct, first, weight = np.unique(np.array(numbers, dtype=float), return_index=True, return_counts=True)
    count = len(distinct)
    centred = distinct - distinct.mean()
    w, s, q = (np.concatenate([[0.0], np.cumsum(part)]) for part in (weight, weight * centred, weight * centred**2))

    def cost(end: int) -> Any:
        """Squares within the class that goes from each start to ``end`` (exclusive)."""
        return q[end] - q[:end] - (s[end] - s[:end]) ** 2 / (w[end] - w[:end])

    groups = min(steps, count)
    best = np.array([0.0, *(cost(end)[0] for end in range(1, count + 1))])
    came = np.zeros((groups + 1, count + 1), dtype=int)
    for group in range(2, groups + 1):
        new = np.full_like(best, np.inf)
        for end in range(group, count + 1):
            total = best[group - 1 : end] + cost(end)[group - 1 :]
            at = int(np.argmin(total))
            new[end], came[group, end] = total[at], at + group - 1
        best = new
    starts, end = [], count
    for group in range(groups, 1, -1):
        end = int(came[group, end])
        starts.append(int(first[end]))
    return starts[::-1]


def _quantiles(numbers: Sequence[int], steps: int) -> list[int]:
    """Positions where classes start; equal values stay together, and the lowest are never all of one class."""
    wanted = [numbers[len(numbers) * step // steps] for step in range(1, steps)]
    starts = {bisect_left(numbers, value) or bisect_right(numbers, value) for value in wanted}
    return sorted(starts - {len(numbers)})


def _roundest(below: int, upto: int) -> int:
    """The number of (below, upto] that is a multiple of the largest 1, 2 or 5 times a power of ten."""
    for step in _nice_falling(max(abs(below), abs(upto))):
        found = upto // step * step
        if found > below:
            return found
    return upto


def _nice_falling(most: int) -> Iterable[int]:
    power = 10 ** len(str(most))
    while power:
        yield from (5 * power, 2 * power, power)
        power //= 10


def _nice_step(width: float) -> int:
    """The smallest of 1, 2, 5 times a power of ten that is at least ``width``, and at least 1."""
    return min(step for step in _nice_falling(int(width)) if step >= width)


def _outside(low: int, high: int, lowest: int | None, highest: int | None) -> tuple[int, int]:
    """Readable outermost bounds, less than an eighth of the span outside of the data."""
    if low == high:
        return low, high
    step = _nice_step((high - low) / 20)
    return _within(low // step * step, -(-high // step) * step, (low, high), lowest, highest)


def _within(first: int, last: int, numbers: Sequence[int], lowest: int | None, highest: int | None) -> tuple[int, int]:
    """Outermost bounds that do not go beyond the limits, and still contain the (sorted) numbers."""
    first = max(first, lowest) if lowest is not None and lowest <= numbers[0] else first
    last = min(last, highest) if highest is not None and highest >= numbers[-1] else last
    return first, last


def _round_width(low: int, high: int, steps: int) -> int:
    width = _nice_step((high - low) / steps)
    while -(-high // width) - low // width > steps:
        width = _nice_step(width + 1)
    return width
