"""Whole and parts agree in both directions; what zero means is each area's own, and nothing flips with a week or a sister."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.projection import inflow
from ektp_analysis.projection.answers import Ground, answer, inside
from ektp_analysis.projection.history import read
from tests.breadth import crossed
from tests.projecting import project

KABUPATEN, LAST = "75.05", date(2023, 6, 19)
NATIONAL = Target.national()


def rows(code="75.05.03", *, left=200, pace=4, weeks=52, eligible=12_000, grow=0, noise=None):
    back = np.arange(weeks - 1, -1, -1)
    unrecorded = left + pace * back + (0 if noise is None else np.r_[noise.normal(0, pace / 2, weeks - 1), 0].round())
    return [
        {
            "area_code": code,
            "as_of_date": (LAST - timedelta(weeks=int(week))).isoformat(),
            "eligible": int(eligible + grow * (weeks - 1 - week)),
            "unrecorded": int(count),
        }
        for week, count in zip(back, unrecorded, strict=True)
    ]


def median(draws):
    return float(np.quantile(draws, 0.5, method="inverted_cdf"))


@pytest.mark.parametrize(
    ("told", "target"),
    crossed([(2, False), (11, False), (11, True), (99, False), (99, True)], [ZERO, NATIONAL]),
)
def test_a_whole_of_steady_parts_comes_when_its_own_series_says(told, target):
    parts, uneven = told
    noise = np.random.default_rng(4) if uneven else None
    told = [row for k in range(parts) for row in rows(f"{KABUPATEN}.{k + 1:02d}", noise=noise)]
    found = inside(Ground.of(frame(told), KABUPATEN), KABUPATEN, target)
    own = project(
        frame([{**row, **{name: parts * row[name] for name in ("eligible", "unrecorded")}} for row in rows(KABUPATEN)]), target
    )
    assert found is not None and found.whole.inputs.parts == parts
    assert median(found.whole.draws) == pytest.approx(median(own.draws), rel=0.2)
    for days in (200, 300, 365, 500, 700):
        all_of_them = (found.all_reached <= days).mean()
        assert all_of_them <= min((child.draws <= days).mean() for child in found.children.values())


def test_one_more_week_changes_little_from_the_eighth_on():
    medians = []
    for weeks in range(8, 15):
        told = [row for k in range(11) for row in rows(f"{KABUPATEN}.{k + 1:02d}", weeks=weeks)]
        found = inside(Ground.of(frame(told), KABUPATEN), KABUPATEN, ZERO)
        assert found is not None
        medians.append([median(found.whole.draws), median(found.children["75.05.03"].draws)])
    assert np.abs(np.diff(np.log(medians), axis=0)).max() <= 0.15


def test_a_sister_of_five_weeks_changes_nothing_for_its_neighbours():
    told = [row for k in range(3) for row in rows(f"{KABUPATEN}.{k + 1:02d}")]
    young = rows(f"{KABUPATEN}.04", weeks=5)
    before, after = (Ground.of(frame(given), KABUPATEN) for given in (told, [*told, *young]))
    for code in ("75.05.01", "75.05.03"):
        one, other = (answer(ground, code, ZERO) for ground in (before, after))
        assert one.meaning == other.meaning == "list"
        assert median(other.draws) == pytest.approx(median(one.draws), rel=0.02)
        assert other.probability_never == pytest.approx(one.probability_never, abs=0.02)


def test_a_growing_list_under_a_falling_count_is_a_net_pace():
    still, grows = (project(frame(rows(grow=grow)), ZERO) for grow in (0, 4))
    assert (still.meaning, grows.meaning) == ("list", "eligible")
    assert median(grows.draws) == pytest.approx(median(still.draws), rel=0.05)


def test_how_surely_the_figures_tell_of_newcomers_by_hand():
    year = read(frame(rows(weeks=53)))  # 364 days of 12,000 eligible
    joined = inflow.PER_YEAR / 365.25 * 12_000 * 364
    assert inflow.told(year) == pytest.approx(1 - np.exp(-joined / inflow.TELLING))
    assert inflow.closed(year) == inflow.told(year) and inflow.meaning_of(year) == "list"
    week = read(frame(rows(weeks=2)))
    assert inflow.closed(week) == pytest.approx(1 - np.exp(-joined / 52 / inflow.TELLING)) and inflow.meaning_of(week) == "list"
    moving = read(frame(rows(weeks=53, grow=5)))
    assert inflow.closed(moving) == 0 and inflow.told(moving) > 0.99
    share = read(frame([{"area_code": "75.05.03", "as_of_date": day, "coverage_reported": c} for day, c in SHARES]))
    assert inflow.told(share) == pytest.approx(1 - np.exp(-inflow.PER_YEAR / 365.25 * 31 / inflow.TELLING_SHARE))
    unknown = read(
        frame([{"area_code": "75.05.03", "as_of_date": day, "unrecorded": 9 - k} for k, (day, _c) in enumerate(SHARES)])
    )
    assert inflow.told(unknown) == 0.0


SHARES = [("2023-05-19", "98.10"), ("2023-06-19", "98.90")]


@pytest.mark.parametrize(
    ("grow", "meaning", "queue", "allowance"),
    [
        (0, None, "untold", "untold"),
        (0, "eligible", 1.0, 1.0),
        (0, "list", 0.0, 0.0),
        (5, None, "untold", 1.0),
        (5, "eligible", "untold", 1.0),
        (5, "list", "-told", 0.0),
    ],
)
def test_which_newcomers_queue_beside_those_of_the_figures(grow, meaning, queue, allowance):
    past = read(frame(rows(weeks=3, grow=grow)))
    words = {"untold": 1 - inflow.told(past), "-told": -inflow.told(past)}
    assert 0.5 < inflow.told(past) < 0.99
    assert inflow.beside(past, meaning) == pytest.approx(words.get(queue, queue))
    assert inflow.allowance_grows(past, meaning) == pytest.approx(words.get(allowance, allowance))


def test_an_allowance_that_grows_by_nobody_stays_as_it_is(monkeypatch):
    closed, grows = frame(rows(weeks=60, left=400)), frame(rows(weeks=60, left=400, grow=4))
    plain = project(closed, NATIONAL).draws, project(grows, NATIONAL).draws
    for nobody, same in ((0.0, (True, True)), (np.inf, (True, False))):
        monkeypatch.setattr(inflow, "NOBODY", nobody)
        found = project(closed, NATIONAL).draws, project(grows, NATIONAL).draws
        assert tuple(np.allclose(one, other, atol=0.01) for one, other in zip(plain, found, strict=True)) == same
