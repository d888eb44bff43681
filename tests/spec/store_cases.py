"""What the store says after some events, as tables. Areas are A to D, days are '20 Jun'; all happens in June 2023.

``receive("first", "1 10:00", A=862)`` is a file that came on 1 June at 10 o'clock and says that A has 862 unrecorded
(as of 20 June; ``A_14=`` is as of 14 June). What is expected: ``{"A": (862, "first")}``, the figure and its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

AREAS = {"A": "75.05.01", "B": "75.05.02", "C": "75.05.02.2001", "D": "75"}


@dataclass(frozen=True)
class Event:
    kind: Literal["receive", "retract", "restore"]
    file: str
    at: str
    figures: Mapping[str, int] = field(default_factory=dict)


def receive(file: str, at: str, **figures: int) -> Event:
    return Event("receive", file, at, figures)


def retract(file: str, at: str) -> Event:
    return Event("retract", file, at)


def restore(file: str, at: str) -> Event:
    return Event("restore", file, at)


View = Mapping[str, tuple[int, str]]


@dataclass(frozen=True)
class Case:
    """``expect`` maps a known_at ('1 10:00', '1' for the end of that day, 'now') to the figures that hold then."""

    name: str
    given: tuple[Event, ...]
    expect: Mapping[str, View]


CASES = (
    Case("nothing was received", (), {"now": {}, "1": {}}),
    Case(
        "each area and day stands for itself",
        (receive("first", "1 10:00", A=862, B=12, A_14=900),),
        {"now": {"A": (862, "first"), "B": (12, "first"), "A_14": (900, "first")}},
    ),
    Case(
        "the later batch holds, the earlier one did until then",
        (receive("first", "1 10:00", A=862, B=12), receive("second", "2 10:00", A=650)),
        {
            "now": {"A": (650, "second"), "B": (12, "first")},
            "1 09:59": {},
            "1 10:00": {"A": (862, "first"), "B": (12, "first")},
            "2 09:59": {"A": (862, "first"), "B": (12, "first")},
            "2 10:00": {"A": (650, "second"), "B": (12, "first")},
        },
    ),
    Case(
        "a clock that went back hides no correction: it counts from the last entry's moment",
        (receive("wrong", "3 10:00", A=3), receive("correction", "1 10:00", A=1)),
        {"now": {"A": (1, "correction")}, "2": {}, "3 09:59": {}, "3 10:00": {"A": (1, "correction")}},
    ),
    Case(
        "nor does it undo what was taken back, or leave in force what is taken back now",
        (
            receive("first", "1 10:00", A=1),
            receive("second", "4 10:00", A=2),
            retract("first", "2 10:00"),
            restore("first", "3 10:00"),
            retract("second", "3 10:00"),
        ),
        {"now": {"A": (1, "first")}, "3": {"A": (1, "first")}, "4 09:59": {"A": (1, "first")}},
    ),
    Case(
        "of two received at the same moment the one stored last holds",
        (receive("one", "1 10:00", A=1), receive("two", "1 10:00", A=2)),
        {"now": {"A": (2, "two")}, "1 10:00": {"A": (2, "two")}},
    ),
    Case(
        "zero is a figure", (receive("first", "1 10:00", A=5), receive("second", "2 10:00", A=0)), {"now": {"A": (0, "second")}}
    ),
    Case(
        "a retracted batch uncovers the one before it, and what nobody else says is gone",
        (receive("first", "1 10:00", A=862), receive("second", "2 10:00", A=650, B=12), retract("second", "3 10:00")),
        {"now": {"A": (862, "first")}, "3 09:59": {"A": (650, "second"), "B": (12, "second")}, "3 10:00": {"A": (862, "first")}},
    ),
    Case(
        "a restored batch holds again, and was gone in between",
        (
            receive("first", "1 10:00", A=862),
            receive("second", "2 10:00", A=650),
            retract("second", "3 10:00"),
            restore("second", "4 10:00"),
        ),
        {
            "now": {"A": (650, "second")},
            "2": {"A": (650, "second")},
            "3": {"A": (862, "first")},
            "4 09:59": {"A": (862, "first")},
            "4 10:00": {"A": (650, "second")},
        },
    ),
    Case(
        "retracted, restored, retracted again",
        (receive("first", "1 10:00", A=1), retract("first", "2 10:00"), restore("first", "3 10:00"), retract("first", "4 10:00")),
        {"now": {}, "1": {"A": (1, "first")}, "2": {}, "3": {"A": (1, "first")}, "4": {}},
    ),
    Case(
        "a batch that is retracted and restored does not overtake a later one",
        (
            receive("first", "1 10:00", A=1),
            receive("second", "2 10:00", A=2),
            retract("first", "3 10:00"),
            restore("first", "4 10:00"),
        ),
        {"now": {"A": (2, "second")}},
    ),
    Case(
        "events at the same moment count in their order",
        (receive("first", "1 10:00", A=1), retract("first", "1 10:00"), restore("first", "1 10:00")),
        {"now": {"A": (1, "first")}, "1 10:00": {"A": (1, "first")}},
    ),
    Case(
        "the middle one of three is retracted",
        (
            receive("one", "1 10:00", A=1),
            receive("two", "2 10:00", A=2),
            receive("three", "3 10:00", A=3),
            retract("two", "4 10:00"),
            retract("three", "5 10:00"),
        ),
        {"now": {"A": (1, "one")}, "4": {"A": (3, "three")}, "3": {"A": (3, "three")}, "2": {"A": (2, "two")}},
    ),
    Case(
        "all is retracted",
        (receive("one", "1 10:00", A=1), receive("two", "2 10:00", A=2), retract("one", "3 10:00"), retract("two", "3 11:00")),
        {"now": {}, "3 10:30": {"A": (2, "two")}},
    ),
    Case(
        "a day ends at midnight in Gorontalo, eight hours before it does in Greenwich",
        (receive("evening", "1 15:59", A=1), receive("night", "1 16:00", A=2)),
        {"1": {"A": (1, "evening")}, "2": {"A": (2, "night")}},
    ),
)


@dataclass(frozen=True)
class Inside:
    """Which of A to D an area and levels choose."""

    within: str | None
    levels: tuple[int, ...] | None
    expect: str


INSIDE = (
    Inside(None, None, "ABCD"),
    Inside("ID", None, "ABCD"),
    Inside("75", None, "ABCD"),
    Inside("75.05", None, "ABC"),
    Inside("75.05.02", None, "BC"),
    Inside("75.05.02.2001", None, "C"),
    Inside("75.05.03", None, ""),
    Inside("71", None, ""),
    Inside(None, (1,), "D"),
    Inside(None, (3,), "AB"),
    Inside(None, (4, 1), "CD"),
    Inside(None, (2,), ""),
    Inside(None, (), ""),
    Inside("75.05", (3, 4), "ABC"),
    Inside("75.05.02", (3,), "B"),
)
