"""Those to be cleaned off the list, by the list itself and by visits: apart from those who can come, and nobody added twice."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from ektp_analysis.core.contract import frame
from ektp_analysis.core.text import render
from ektp_analysis.figures.cleaning import STAYS, Cleaning, Listed, Stock, listed, split
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.standing import standing_of
from ektp_analysis.narrative import notes
from tests.breadth import case
from tests.engines import visited

DAY = date(2023, 6, 20)
A, B, C = "75.05.01", "75.05.02", "75.05.03"


def rolled(*rows: tuple[str, date, int | None, int | None]) -> pd.DataFrame:
    """Figures rolled up, from area, day, unrecorded, to be cleaned."""
    given = [
        {"area_code": area, "as_of_date": pd.Timestamp(day), "eligible": 1000, "unrecorded": left, "to_clean": clean}
        for area, day, left, clean in rows
    ]
    return roll_up(frame(given))


def of(figures: pd.DataFrame, area: str = "75.05", visits: pd.DataFrame | None = None) -> Cleaning | None:
    at = standing_of(figures, area)
    return split(visits, area, at.unrecorded, at.as_of_date, at.listed)


def ends(found: Cleaning | None) -> tuple[int, int] | None:
    return None if found is None else (found.low, found.high)


def test_what_all_areas_say_is_the_sum_of_them_on_each_level() -> None:
    figures = rolled((f"{A}.2001", DAY, 60, 7), (f"{A}.2002", DAY, 40, 0), (B, DAY, 50, 20))
    heads = figures[figures["headline"]].set_index("area_code")
    assert heads.loc[["ID", "75", "75.05", A], "to_clean"].tolist() == [27, 27, 27, 7]
    for area, clean in (("ID", 27), ("75", 27), ("75.05", 27), (A, 7), (f"{A}.2002", 0), (B, 20)):
        found = of(figures, area)
        assert found is not None and ends(found) == (clean, clean)
        assert found.can_come == (found.unrecorded - clean,) * 2 and found.unrecorded == heads.loc[area, "unrecorded"]
    assert listed(figures, C, DAY) is None


def test_areas_that_do_not_say_are_told_and_are_no_zero() -> None:
    figures = rolled((A, DAY, 100, 10), (B, DAY, 50, None), (C, DAY, 0, None), ("75.05.04", DAY, None, 9))
    assert figures.loc[figures["area_code"] == "75.05", "to_clean"].isna().all()
    found = of(figures)
    assert found is not None and ends(found) == (10, 10) and found.can_come == (140, 140)
    assert found.listed == Listed((Stock(A, DAY, 10),), (B,), 50)
    said = str(notes.cleaning(found))
    assert "10 are to be cleaned off the list and 140 can come: the list of 20 June 2023 says 10. Cleaning" in said
    assert said.endswith("; the figures of 1 area with 50 unrecorded do not say how many")
    assert "angka 1 wilayah dengan 50 yang belum terekam tidak menyebutkan jumlahnya" in render(notes.cleaning(found), "id")
    assert of(rolled((A, DAY, 100, None)), A) is None, "not said is not 0"


def test_an_own_figure_speaks_for_its_area_and_an_older_one_for_who_was_silent() -> None:
    before = DAY - timedelta(days=7)
    own = rolled(("75.05", DAY, 120, 30), (A, DAY, 100, 10), (B, DAY, 20, 3))
    assert listed(own, "75.05", DAY) == Listed((Stock("75.05", DAY, 30),))
    parts = rolled(("75.05", DAY, 120, None), (A, DAY, 100, 10), (B, before, 20, 3))
    assert listed(parts, "75.05", DAY) == Listed((Stock(A, DAY, 10),)), "of another day than the figure that speaks"
    late = rolled((A, before, 100, 10), (A, DAY, 90, 9), (B, before, 20, 3))
    assert listed(late, "75.05", DAY) == Listed((Stock(A, DAY, 9), Stock(B, before, 3)))
    assert listed(late, "75.05", before) == Listed((Stock(A, before, 10), Stock(B, before, 3)))
    last = rolled((A, before, 100, 10), (A, DAY, 90, None))
    assert listed(last, A, DAY) is None, "the list may have been cleaned since"


@pytest.mark.parametrize(
    ("day", "found"), [(DAY - timedelta(days=30), (10, 10)), (DAY, (10, 10)), (DAY + timedelta(days=1), (10, 14))]
)
def test_visits_up_to_the_day_of_the_list_are_in_it_and_later_ones_add_at_most_what_they_found(
    day: date, found: tuple[int, int]
) -> None:
    figures = rolled((A, DAY, 100, 10), (B, DAY, 50, 2))
    visits = visited({"day": day, "area_code": A, "dead": 3, "moved": 1})
    assert ends(of(figures, A, visits)) == found
    assert ends(of(figures, "75.05", visits)) == (found[0] + 2, found[1] + 2)
    here = of(figures, A, visits)
    assert here is not None and here.visits == int(day > DAY)
    if day > DAY:
        said = str(notes.cleaning(here))
        assert (
            "the list of 20 June 2023 says 10; visits that it does not hold found 3 dead, 1 moved away since 21 June 2023" in said
        )
        assert notes.cleaning_rule(here) == (notes.CLEANING_RULE,) and str(notes.who_says(here)) == "by the list and visits"
    many = visited({"day": DAY + timedelta(days=1), "area_code": A, "unknown": 95})
    whole = of(figures, A, many)
    assert whole is not None and ends(whole) == (95, 100) and whole.too_many, "10 and 95 are more than 100"


@pytest.mark.parametrize(("of_list", "met", "found"), [(0, 5, False), (0, 6, True), (2, 3, False), (2, 4, True)])
def test_as_many_as_are_unrecorded_are_not_too_many(of_list: int, met: int, found: bool) -> None:
    held = Listed((Stock(A, DAY, of_list),)) if of_list else None
    assert Cleaning(5, DAY, 0, 5, 1, DAY, {"dead": met}, held).too_many is found


@pytest.mark.parametrize("times", [8, case(25, further=True)])
def test_the_rule_holds_in_any_mixture_of_list_and_visits(times: int) -> None:
    """Against the rule said once more, area by area, for a kecamatan of four desa."""
    draw, desa = random.Random(times), [f"{A}.200{n}" for n in range(1, 5)]
    for _ in range(times):
        rows: list[tuple[str, date, int | None, int | None]] = []
        for code in desa:
            left, on = draw.randrange(1, 40), DAY - timedelta(days=draw.choice((0, 0, 0, 20)))
            rows.append((code, on, left, draw.choice((None, draw.randrange(left + 1), draw.randrange(left + 1)))))
        rows[0] = (rows[0][0], DAY, *rows[0][2:])
        met = [
            {"day": DAY + timedelta(days=draw.choice((-200, -100, -20, -10, 0, 5))), "area_code": draw.choice([A, *desa]),
             "dead": draw.randrange(9)}
            for _ in range(draw.randrange(7))
        ]  # fmt: skip
        visits = visited(*met) if met else None
        found = of(rolled(*rows), A, visits)
        assert ends(found) == by_hand(rows, met), (rows, met)
        assert found is None or (
            found.low <= found.high and found.can_come == (found.unrecorded - found.high, found.unrecorded - found.low)
        )


def by_hand(rows: Iterable[tuple[str, date, int | None, int | None]], met: list[dict[str, Any]]) -> tuple[int, int] | None:
    """At least and at most, where each desa has a figure."""
    rows = list(rows)
    holds = {code: on for code, on, _left, clean in rows if clean is not None}
    if len(holds) == len(rows):
        holds[A] = min(holds.values())
    kept = [one for one in met if one["day"] > holds.get(one["area_code"], DAY - STAYS)]
    sure = [one for one in kept if one["area_code"] in holds or one["day"] >= DAY]
    stocks = {code: clean for code, _on, _left, clean in rows if clean is not None}
    if not kept and not stocks:
        return None
    largest = {
        code: max([stocks.get(code, 0), *(one["dead"] for one in sure if one["area_code"] == code)])
        for code in (A, *stocks, *(row[0] for row in rows))
    }
    least = max(largest.pop(A), sum(largest.values()))
    whole = sum(left or 0 for _code, _on, left, _clean in rows)
    return min(whole, least), min(whole, sum(stocks.values()) + sum(one["dead"] for one in kept))
