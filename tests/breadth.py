"""Which of many combinations every run of the tests has; the others are marked ``breadth`` and run by ``make faults``.

The rule looks at places in a list, never at names, so a kind that is added is in every run at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import product
from typing import Any

import pytest


def on_diagonal(places: Sequence[int], sizes: Sequence[int]) -> bool:
    """Whether a combination, by the place of each of its values among as many, lies on the diagonal through all of them.

    The diagonal goes on at the beginning of what is shorter, so each value of each list lies on it at least once.
    """
    step = places[sizes.index(max(sizes))]
    return all(place == step % size for place, size in zip(places, sizes, strict=True))


def crossed(*lists: Iterable[Any]) -> list[Any]:
    """Every combination of the values of some lists, as cases of a test; those beside the diagonal are further ones."""
    values = [[*one] for one in lists]
    sizes = [len(one) for one in values]
    return [
        case(*(one[place] for one, place in zip(values, places, strict=True)), further=not on_diagonal(places, sizes))
        for places in product(*map(range, sizes))
    ]


def first_of_each(cases: Iterable[Any], kind: Callable[[Any], Hashable]) -> list[Any]:
    """The cases, each a value or the values of one test; beside the first of each kind they are further ones."""
    seen: set[Hashable] = set()
    made = []
    for one in cases:
        made.append(case(*(one if isinstance(one, tuple) else (one,)), further=kind(one) in seen))
        seen.add(kind(one))
    return made


def only(cases: Iterable[Any], kept: Collection[Any]) -> list[Any]:
    """The cases, of which those that are not among ``kept`` are further ones."""
    return [case(*(one if isinstance(one, tuple) else (one,)), further=one not in kept) for one in cases]


def case(*values: Any, further: bool) -> Any:
    return pytest.param(*values, marks=pytest.mark.breadth if further else ())
