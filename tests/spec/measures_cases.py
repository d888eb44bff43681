"""What the measures say about small sets of figures, as tables. K is the kabupaten, A to K its 11 kecamatan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ektp_analysis.core import contract

KABUPATEN = "75.05"
KECAMATAN = tuple(f"75.05.{number:02d}" for number in range(1, 12))
DAY_1, DAY_2, DAY_3 = "2023-06-14", "2023-06-19", "2023-06-20"


def rows(area: str, day: str, *counts: int | None, printed: str | None = None, **others: Any) -> dict[str, Any]:
    """One row: ``counts`` are unrecorded, eligible, recorded, as far as given."""
    names = ("unrecorded", "eligible", "recorded")
    return {
        "area_code": area,
        "as_of_date": day,
        "coverage_reported": printed,
        **dict(zip(names, counts, strict=False)),
        **others,
    }


def figures(*given: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A frame of rows and of lists of rows."""
    flat = [row for item in given for row in ([item] if isinstance(item, Mapping) else item)]
    return contract.frame(flat)


def all_eleven(day: str, unrecorded: int = 10, eligible: int | None = 1000, **others: Any) -> list[dict[str, Any]]:
    """The 11 kecamatan, each with the same counts."""
    return [rows(code, day, unrecorded, eligible, **others) for code in KECAMATAN]


@dataclass(frozen=True)
class Case:
    """Figures, and what ``standing(figures, area)`` is to say; only the named values are compared."""

    name: str
    figures: pd.DataFrame = field(compare=False)
    expected: Mapping[str, Any] = field(compare=False)
    area: str = KABUPATEN


STANDING = (
    Case(
        "nothing",
        figures(),
        {"figure": None, "as_of_date": None, "n_reported": 0, "n_expected": 11, "unrecorded": None, "silent": 11},
    ),
    Case(
        "own figure alone",
        figures(rows(KABUPATEN, DAY_3, 554, printed="99.40")),
        {
            "unrecorded": 554,
            "figure.source": "own",
            "figure.complete": True,
            "figure.coverage_reported": "99.40",
            "figure.eligible_low": 91_571,
            "figure.eligible_high": 93_109,
            "n_reported": 0,
            "total": None,
        },
    ),
    Case(
        "sum of all eleven",
        figures(all_eleven(DAY_3)),
        {
            "unrecorded": 110,
            "figure.eligible": 11_000,
            "figure.recorded": 10_890,
            "figure.coverage": 0.99,
            "figure.source": "sum",
            "figure.complete": True,
            "n_reported": 11,
            "silent": 0,
        },
    ),
    Case(
        "one of eleven is silent and counts at its last figure",
        figures(all_eleven(DAY_1), all_eleven(DAY_3)[:10]),
        {
            "unrecorded": 110,
            "figure.complete": True,
            "figure.n_unrecorded": 11,
            "figure.n_expected": 11,
            "figure.n_older": 1,
            "figure.unrecorded_older": 10,
            "figure.older_since": DAY_1,
            "figure.coverage": 0.99,
            "n_reported": 10,
            "silent": 1,
            "silent.0": "75.05.11",
            "silent.0.since": DAY_1,
        },
    ),
    Case(
        "one never reported",
        figures(all_eleven(DAY_3)[1:]),
        {
            "unrecorded": 100,
            "figure.complete": False,
            "figure.n_older": 0,
            "silent": 1,
            "silent.0": "75.05.01",
            "silent.0.since": None,
        },
    ),
    Case(
        "own figure speaks, the equal sum stands beside it",
        figures(rows(KABUPATEN, DAY_3, 110, 11_000), all_eleven(DAY_3)),
        {"figure.source": "own", "own.unrecorded": 110, "total.unrecorded": 110, "differences": []},
    ),
    Case(
        "own figure and sum differ",
        figures(rows(KABUPATEN, DAY_3, 120, 11_000), all_eleven(DAY_3)),
        {"unrecorded": 120, "total.unrecorded": 110, "differences": [("recorded", 10_880, 10_890), ("unrecorded", 120, 110)]},
    ),
    Case(
        "no difference is told against an incomplete sum",
        figures(rows(KABUPATEN, DAY_3, 120, 11_000), all_eleven(DAY_3)[:10]),
        {"unrecorded": 120, "total.unrecorded": 100, "differences": [], "silent": 1},
    ),
    Case(
        "nor against one that rests on an older figure",
        figures(all_eleven(DAY_1), rows(KABUPATEN, DAY_3, 90, 11_000), all_eleven(DAY_3, 8)[:10]),
        {"unrecorded": 90, "total.unrecorded": 90, "total.n_older": 1, "differences": []},
    ),
    Case(
        "own figure without unrecorded gives way to the sum of all",
        figures(rows(KABUPATEN, DAY_3, printed="103.94"), all_eleven(DAY_3)),
        {"unrecorded": 110, "figure.source": "sum", "own.unrecorded": None, "own.coverage_reported": "103.94"},
    ),
    Case(
        "but not to a sum of some",
        figures(rows(KABUPATEN, DAY_3, printed="99.50"), all_eleven(DAY_3)[:10]),
        {"unrecorded": None, "figure.source": "own", "total.unrecorded": 100},
    ),
    Case(
        "one alone reports, the others count as before",
        figures(all_eleven(DAY_2), rows("75.05.03", DAY_3, 9, 1000)),
        {
            "as_of_date": DAY_3,
            "unrecorded": 109,
            "figure.n_unrecorded": 11,
            "figure.n_older": 10,
            "figure.unrecorded_older": 100,
            "n_reported": 1,
            "silent": 10,
            "silent.0.since": DAY_2,
        },
    ),
    Case(
        "the last figure of an area is the one that counts, known or not",
        figures(all_eleven(DAY_1), rows("75.05.11", DAY_2, None, 1000, 1039), all_eleven(DAY_3)[:10]),
        {
            "unrecorded": 100,
            "figure.n_unrecorded": 10,
            "figure.complete": False,
            "figure.n_older": 0,
            "figure.unrecorded_older": 0,
        },
    ),
    Case(
        "older figures inside a kecamatan are counted in the kabupaten",
        figures(
            [rows(f"75.05.08.{number}", DAY_2, 2, 100) for number in (2001, 2002, 2003, 2004)],
            rows("75.05.08.2001", DAY_3, 1, 100),
            all_eleven(DAY_3)[:7],
            all_eleven(DAY_3)[8:],
        ),
        {
            "unrecorded": 107,
            "n_reported": 11,
            "silent": 0,
            "figure.n_older": 1,
            "figure.unrecorded_older": 6,
            "figure.older_since": DAY_2,
        },
    ),
    Case(
        "above 100 % leaves unrecorded unknown, in the sum too",
        figures(all_eleven(DAY_3)[:10], rows("75.05.11", DAY_3, None, 1000, 1039)),
        {
            "unrecorded": 100,
            "figure.n_unrecorded": 10,
            "figure.complete": False,
            "n_reported": 11,
            "silent": 0,
            "figure.eligible": 11_000,
            "figure.recorded": 10_939,
            "figure.coverage_complete": True,
        },
    ),
    Case(
        "above 100 %",
        figures(rows(KABUPATEN, DAY_3, None, 1000, 1039)),
        {"unrecorded": None, "figure.coverage": 1.039, "figure.eligible": 1000, "figure.recorded": 1039},
    ),
    Case(
        "nobody unrecorded is zero",
        figures(all_eleven(DAY_3, 0)),
        {"unrecorded": 0, "figure.coverage": 1.0, "figure.complete": True},
    ),
    Case(
        "a count that one part lacks is not summed",
        figures(all_eleven(DAY_3)[:10], rows("75.05.11", DAY_3, 10)),
        {
            "unrecorded": 110,
            "figure.complete": True,
            "figure.eligible": None,
            "figure.recorded": None,
            "figure.coverage": 0.99,
            "figure.n_coverage": 10,
            "figure.coverage_complete": False,
        },
    ),
    Case(
        "percentages bound the sum",
        figures(all_eleven(DAY_3, 10, None, printed="99.0")),
        {
            "unrecorded": 110,
            "figure.coverage": None,
            "figure.eligible": None,
            "figure.eligible_low": 11 * 953,
            "figure.eligible_high": 11 * 1052,
            "figure.coverage_complete": True,
            "figure.coverage_low": 1 - 110 / (11 * 953),
            "figure.coverage_high": 1 - 110 / (11 * 1052),
        },
    ),
    Case(
        "two silent since different days",
        figures(all_eleven(DAY_1), all_eleven(DAY_2, 9)[:10], all_eleven(DAY_3, 8)[:9]),
        {"unrecorded": 72 + 9 + 10, "figure.n_older": 2, "figure.unrecorded_older": 19, "figure.older_since": DAY_1},
    ),
    Case(
        "modelled parts make a modelled sum",
        figures(all_eleven(DAY_3)[:10], rows("75.05.11", DAY_3, 10, 1000, status="modelled")),
        {"figure.status": "modelled"},
    ),
    Case(
        "different bases are named",
        figures(all_eleven(DAY_3, basis="DKB 2023-1")[:10], rows("75.05.11", DAY_3, 10, 1000, basis="dinamis")),
        {"figure.basis": "DKB 2023-1 + dinamis"},
    ),
    Case(
        "desa make kecamatan make kabupaten",
        figures(
            [rows(f"75.05.08.{number}", DAY_3, 2, 100) for number in (2001, 2002, 2003, 2004)],
            all_eleven(DAY_3)[:7],
            all_eleven(DAY_3)[8:],
        ),
        {"unrecorded": 108, "figure.complete": True, "n_reported": 11, "partial": 0},
    ),
    Case(
        "a kecamatan with some desa is counted and named incomplete",
        figures(
            [rows(f"75.05.08.{number}", DAY_3, 2, 100) for number in (2001, 2002, 2003)],
            all_eleven(DAY_3)[:7],
            all_eleven(DAY_3)[8:],
        ),
        {
            "unrecorded": 106,
            "figure.complete": False,
            "figure.n_partial": 1,
            "n_reported": 11,
            "partial": 1,
            "partial.0": "75.05.08",
        },
    ),
    Case(
        "one regency of a province",
        figures(all_eleven(DAY_3)),
        {"unrecorded": 110, "figure.complete": False, "figure.n_expected": 6, "n_reported": 1, "silent": 5},
        "75",
    ),
    Case(
        "one province of the nation",
        figures(all_eleven(DAY_3)),
        {"unrecorded": 110, "figure.n_expected": 38, "n_reported": 1, "silent": 37, "figure.n_partial": 1},
        "ID",
    ),
    Case(
        "a desa",
        figures(rows("75.05.08.2001", DAY_3, 2, 100)),
        {"unrecorded": 2, "n_expected": 0, "silent": 0, "figure.complete": True},
        "75.05.08.2001",
    ),
)

# name, row, target, verdict
REACH = (
    ("counts reach it to the person", rows("75.05", DAY_3, 6, 1000), "99.4", "reached"),
    ("one person too many", rows("75.05", DAY_3, 7, 1000), "99.4", "not_reached"),
    ("nobody left", rows("75.05", DAY_3, 0, 1000), "zero", "reached"),
    ("one left", rows("75.05", DAY_3, 1, 1000), "zero", "not_reached"),
    ("the interval of 554 at 99.40 lies on both sides", rows("75.05", DAY_3, 554, printed="99.40"), "99.4", "printed"),
    ("printed below the target, interval on both sides", rows("75.05", DAY_3, 554, printed="99.40"), "99.402", "unsure"),
    ("the whole interval is above", rows("75.05", DAY_3, 554, printed="99.40"), "99.3", "reached"),
    ("the whole interval is below", rows("75.05", DAY_3, 650, printed="99.30"), "99.4", "not_reached"),
    ("the person at the edge of the interval", rows("75.05", DAY_3, 554, printed="99.40"), "99.4049", "unsure"),
    ("a percentage alone, above", rows("75.05", DAY_3, printed="99.50"), "99.4", "printed"),
    ("a percentage alone, below", rows("75.05", DAY_3, printed="98.18"), "99.4", "not_reached"),
    ("a percentage alone, a hair below", rows("75.05", DAY_3, printed="99.40"), "99.402", "unsure"),
    ("a percentage alone says nothing about zero", rows("75.05", DAY_3, printed="99.50"), "zero", "unknown"),
    ("100.00 % printed is not zero", rows("75.05", DAY_3, printed="100.00"), "zero", "unknown"),
    ("above 100 %, printed", rows("75.05", DAY_3, printed="103.94"), "99.4", "over"),
    ("above 100 %, counted", rows("75.05", DAY_3, None, 1000, 1039), "99.4", "over"),
    ("above 100 %, and zero", rows("75.05", DAY_3, None, 1000, 1039), "zero", "over"),
    ("a count alone", rows("75.05", DAY_3, 862), "99.4", "unknown"),
    ("a count alone, and zero", rows("75.05", DAY_3, 862), "zero", "not_reached"),
    ("nothing but the eligible", rows("75.05", DAY_3, None, 1000), "99.4", "unknown"),
)

# name, [(day, unrecorded, eligible, printed)], target, (reach, on, on_reach, first)
REACHED = (
    ("never", [(DAY_1, 10, 1000, None)], "99.4", ("not_reached", None, "unknown", None)),
    (
        "since the second day",
        [(DAY_1, 10, 1000, None), (DAY_2, 6, 1000, None), (DAY_3, 5, 1000, None)],
        "99.4",
        ("reached", DAY_2, "reached", DAY_2),
    ),
    (
        "reached, lost, reached again",
        [(DAY_1, 5, 1000, None), (DAY_2, 9, 1000, None), (DAY_3, 5, 1000, None)],
        "99.4",
        ("reached", DAY_3, "reached", DAY_1),
    ),
    ("reached and lost", [(DAY_1, 5, 1000, None), (DAY_2, 9, 1000, None)], "99.4", ("not_reached", None, "unknown", DAY_1)),
    (
        "a day that says nothing breaks no run",
        [(DAY_1, 5, 1000, None), (DAY_2, 862, None, None), (DAY_3, 5, 1000, None)],
        "99.4",
        ("reached", DAY_1, "reached", DAY_1),
    ),
    (
        "first only as printed",
        [(DAY_2, 554, None, "99.40"), (DAY_3, 500, None, "99.46")],
        "99.4",
        ("reached", DAY_2, "printed", DAY_2),
    ),
    (
        "an unsure day is no hold",
        [(DAY_2, 554, None, "99.40"), (DAY_3, 554, None, "99.40")],
        "99.402",
        ("unsure", None, "unknown", None),
    ),
)
