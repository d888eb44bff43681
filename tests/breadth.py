"""Which of many combinations every run of the tests has; the others are marked ``breadth`` and run by ``make faults``.

The rule looks at places in a list, never at names, so a kind that is added is in every run at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import product
from typing import Any

import hypothesis
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


def crossed_with_further(values: Iterable[Any]) -> list[Any]:
    """For a test that takes the first few of many itself: ``False`` and then, further, ``True`` (the rest) with each value."""
    each = [*values]
    return [case(further, one, further=further) for further in (False, True) for one in each]


def parted(values: Sequence[Any], many: int) -> list[Any]:
    """Seeds or cases through which one test loops: the first so many, and, further, the others."""
    return [case(values[:many], further=False), case(values[many:], further=True)]


def first_of_each(cases: Iterable[Any], kind: Callable[[Any], Hashable] = lambda _: None) -> list[Any]:
    """The cases, each a value or the values of one test; beside the first of each kind they are further ones.

    Without ``kind`` they are all of one."""
    seen: set[Hashable] = set()
    made = []
    for one in cases:
        made.append(case(*(one if isinstance(one, tuple) else (one,)), further=kind(one) in seen))
        seen.add(kind(one))
    return made


def case(*values: Any, further: bool) -> Any:
    return pytest.param(*values, marks=pytest.mark.breadth if further else ())


def in_turn(items: Iterable[pytest.Item], name: str) -> None:
    """Of the tests of a file, and their cases beside the parameter of this name: each with one of its values, in turn.

    The cases of a test take them in turn among themselves; so do a file's tests, by their first case. A file's only case has all.
    """
    files: dict[str, dict[str, dict[str, dict[str, pytest.Item]]]] = {}
    for item in items:
        params = dict(item.callspec.params) if hasattr(item, "callspec") else {}
        if name in params and not item.get_closest_marker("breadth"):
            file, test = item.nodeid.partition("[")[0].rsplit("::", 1)
            others = item.callspec.id.replace(str(params[name]), "", 1)  # type: ignore[attr-defined]
            files.setdefault(file, {}).setdefault(test, {}).setdefault(others, {})[str(params[name])] = item
    for tests in files.values():
        if sum(map(len, tests.values())) == 1:
            continue
        for first, cases in enumerate(tests.values()):
            for number, by_value in enumerate(cases.values(), first):
                for place, item in enumerate(by_value.values()):
                    if place != number % len(by_value):
                        item.add_marker("breadth")


def examples(few: int, many: int, **settings: Any) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """Runs a test of Hypothesis on so few examples; further, on many. ``settings`` are further ones of Hypothesis."""

    def made(test: Callable[..., None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("examples", [few, case(many, further=True)])
        def run(examples: int) -> None:
            hypothesis.settings(max_examples=examples, **settings)(test)()

        run.__name__, run.__qualname__, run.__module__, run.__doc__ = test.__name__, test.__name__, test.__module__, test.__doc__
        return run

    return made
