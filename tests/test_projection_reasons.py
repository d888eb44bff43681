"""What a date rests on, as figures: stalls and what is none, the pace that the median asks for, its tail, campaigns alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.projection import examples, networks, reasons
from ektp_analysis.projection.features import COUNT
from ektp_analysis.projection.history import read
from ektp_analysis.projection.paths import FRACTIONS, Paths
from ektp_analysis.projection.reasons import line_days, middle, stall, stalled_at
from ektp_analysis.projection.result import NOT_REACHED, seen_from
from ektp_analysis.projection.whole import carry
from tests.benchmarks.training import make_examples
from tests.breadth import case
from tests.projecting import project, project_together
from tests.spec import stalls
from tests.test_narrative import foreseen

START = date(2025, 1, 5)
WEEKS = -np.arange(51.0, -1, -1) * 7
LINE = 1000 + 20 * np.arange(51.0, -1, -1)
MOST_WRONG = 1  # of forty cases of a kind
EVERY_RUN, FURTHER = range(15), range(15, 40)


def rows(counts, step=7, eligible=60_000, code="75.05.03", basis=""):
    return pd.DataFrame(
        [
            {
                "area_code": code,
                "as_of_date": (START + timedelta(days=step * i)).isoformat(),
                "eligible": eligible,
                "unrecorded": int(count),
                "basis": basis if isinstance(basis, str) else basis[i],
            }
            for i, count in enumerate(counts)
        ]
    )


def since(remaining, days=WEEKS, **asked):
    """How many days ago the stall began, None without one."""
    at = stalled_at(days, np.asarray(remaining, float), np.asarray(remaining, float), **asked)
    return None if at is None else -float(days[at])


def then(*steps, before=LINE):
    """A year at 20 a week, and then so many in each week."""
    left = np.r_[before, before[-1] - np.cumsum(steps)]
    return left[len(steps) :]


@pytest.mark.parametrize(
    ("seeds", "kind"),
    [case(seeds, kind, further=seeds is FURTHER) for seeds in (EVERY_RUN, FURTHER) for kind in stalls.KINDS],
    ids=str,
)
def test_a_stall_is_taken_for_one_and_nothing_else_is(seeds, kind):
    wrong = []
    for seed in seeds:
        drawn = stalls.case(kind, seed)
        found = since(drawn.remaining, drawn.days)
        off = (found is None) != (drawn.quiet is None) or (
            found is not None and abs(found - drawn.quiet) > max(drawn.made["step"], 7)
        )
        if off:
            wrong.append((found, drawn.quiet, drawn.made))
    assert len(wrong) <= MOST_WRONG, wrong


def test_three_quiet_weeks_after_a_good_year_are_a_stall_and_one_is_none():
    assert since(LINE) is None
    assert since(then(0, 0, 0)) == 21 and since(then(0, 0)) == 14 and since(then(0)) is None
    assert since(then(6, 6, 6, 6)) == 28 and since(then(7, 7, 7, 7)) is None  # a third of 20 is 6.67
    assert since(then(*[0] * 6, 20)) is None and since(then(*[0] * 6, 1)) == 49  # it has resumed, or not


def test_a_stall_has_two_weeks_and_two_steps_and_a_pace_before_it():
    assert since(then(0, 0), WEEKS * 13 / 14) is None  # thirteen days
    assert since(LINE[-5:].tolist() + [LINE[-1]] * 3, WEEKS[-8:]) == 21  # four steps, four weeks before
    assert since(LINE[-4:].tolist() + [LINE[-1]] * 3, WEEKS[-7:]) is None
    monthly, years = -np.arange(12.0, -1, -1) * 30, 1000 + 90 * np.arange(12.0, -1, -1)
    assert since(np.r_[years[1:], years[-1]], monthly) is None and since(np.r_[years[2:], years[-1], years[-1]], monthly) == 60


def test_people_come_by_chance_shares_do_not():
    few = then(0, 0, before=200 + np.arange(51.0, -1, -1))  # one a week: two weeks without anybody are nothing
    assert since(few) is None and since(few, people=False) == 14
    # 6.25 are missing at least: 2.5 times the root of so many that were to be expected
    assert since(then(0, 0, before=200 + 3 * np.arange(51.0, -1, -1))) is None
    assert since(then(0, 0, before=200 + 4 * np.arange(51.0, -1, -1))) == 14


def test_an_interval_counts_against_a_stall():
    left = then(0, 0, 0)
    assert stalled_at(WEEKS, left - 5, left + 5) is not None
    assert stalled_at(WEEKS, left - 15, left + 15) is None  # thirty may have been recorded since: half of what was to be expected
    few = then(0, 0, before=200 + 4 * np.arange(51.0, -1, -1))
    assert stalled_at(WEEKS, few - 0.4, few + 0.4) is not None and stalled_at(WEEKS, few - 0.6, few + 0.6) is None


@pytest.mark.parametrize(("wide", "found"), [(99.0, 4), (100.0, None), (101.0, None)])
def test_where_nothing_may_have_been_done_before_nothing_stalls(wide, found):
    left = np.array([1000, 950, 900, 850, 800, 1010, 1020])  # 200 fewer in four weeks, or by the intervals none
    assert stalled_at(WEEKS[-7:], left - wide, left + wide) == found


def test_no_stall_without_a_history_or_without_a_fall():
    assert stalled_at(np.array([0.0]), np.array([5.0]), np.array([5.0])) is None
    assert since(np.full(52, 30.0)) is None and since(LINE[::-1]) is None


def test_the_stall_of_an_answer_names_its_day_and_both_paces():
    found = stall(project(rows(then(2, 0, 1, 0)), ZERO))
    assert found == reasons.Stall(START + timedelta(days=47 * 7), pytest.approx(3 / 28), pytest.approx(20 / 7))
    assert stall(project(rows(LINE), ZERO)) is None
    assert stall(project(rows(np.r_[LINE[:1], LINE[:1] + 5]), ZERO)) is None  # no date, no stall
    old = seen_from(project(rows(then(0, 0, 0)), ZERO), START + timedelta(days=51 * 7 + 60))
    assert old.answered and stall(old) is not None


def test_what_lies_before_a_break_is_another_count():
    left, broken = then(0, 0, 0), 49
    basis = ["DKB 2024-2"] * broken + ["dinamis"] * 3
    found = project(rows(np.r_[left[:broken], left[broken:] - [0, 1, 2]], basis=basis), ZERO)
    assert found.inputs.breaks and stall(found) is None
    same = project(rows(np.r_[left[:broken], left[broken:] - [0, 1, 2]]), ZERO)
    assert stall(same) is not None
    early = project(rows(left, basis=["DKB 2024-2"] * 20 + ["dinamis"] * 32), ZERO)
    assert early.inputs.breaks and stall(early).pace_before == pytest.approx(20 / 7)


def test_a_percentage_alone_can_stall():
    def printed(left):
        said = [f"{100 - x / 600:.3f}" for x in left]
        return project(rows(left).drop(columns=["eligible", "unrecorded"]).assign(coverage_reported=said), ZERO)

    still = printed(then(0, 0, 0))
    assert still.inputs.unit == "share" and stall(still).pace_before == pytest.approx(20 / 7 / 60_000, rel=0.05)
    steady = middle(printed(LINE))
    assert steady.per_day is None and 0 < steady.tail_days < steady.days


def test_a_whole_says_how_many_of_its_parts_stall():
    parts = {f"75.05.0{n}": rows(then(0, 0, 0) if n < 3 else LINE, code=f"75.05.0{n}") for n in range(1, 5)}
    inside = project_together(parts, ZERO, code="75.05")
    summed = pd.concat(parts.values()).groupby("as_of_date", as_index=False)[["eligible", "unrecorded"]].sum()
    own = project(summed.assign(area_code="75.05"), ZERO)
    said = [str(note) for note in carry(inside, own).whole.notes]
    assert "In 2 areas inside, recording has stalled; the date also depends on when it picks up again." in said


def test_the_median_asks_for_the_pace_that_leads_there():
    found = project(rows(LINE), ZERO)
    outcome = middle(found)
    assert outcome.days == (found.median - found.origin).days and outcome.per_day == pytest.approx(1000 / outcome.days)
    national = project(rows(LINE, eligible=60_000), Target.parse("99.4"))
    assert middle(national).per_day == pytest.approx((1000 - 360) / middle(national).days)
    assert line_days(found, 20 / 7) == pytest.approx(350) and line_days(found, 0) is None and line_days(found, None) is None
    never = project(rows(np.r_[LINE[:30], np.full(22, LINE[30])]), ZERO)
    assert never.median is NOT_REACHED and middle(never) is None
    assert middle(project(rows([50]), ZERO)) is None


def test_the_tail_is_the_time_of_the_last_tenth_in_the_median_draws():
    found = project(rows(LINE), ZERO)
    order = np.argsort(found.draws, kind="stable")[450:550]
    until = found.paths.pick(order).hitting(100.0)
    by_hand = np.mean(1 - until / found.draws[order]) * middle(found).days
    assert middle(found).tail_days == pytest.approx(by_hand, rel=1e-9) and 0.1 < by_hand / middle(found).days < 0.35
    few = project(rows(np.r_[LINE - 992]), ZERO)
    assert few.inputs.unrecorded[-1] == (8, 8) and middle(few).tail_days is None  # a tenth of eight is nobody


def test_the_tail_of_a_sum_comes_from_the_sum():
    parts = {f"75.05.0{n}": rows(LINE, code=f"75.05.0{n}") for n in range(1, 4)}
    whole = project_together(parts, ZERO, code="75.05").whole
    assert 0.1 < middle(whole).tail_days / middle(whole).days < 0.5
    assert middle(replace(whole, paths=None)) is None


def test_the_examples_are_what_their_script_makes():
    with np.load(examples.EXAMPLES) as file:
        kept = {name: file[name] for name in file.files}
    assert np.array_equal(make_examples.digest(kept), kept["digest"])
    assert len(kept["kinds"]) == make_examples.NUMBER and examples.EXAMPLES.stat().st_size <= 150_000
    assert set(kept["kinds"]) == set(range(len(examples.KINDS))) and len(examples.AHEAD) <= 30
    for kind in (0, 1, 4):  # a batch each of the fast generators
        features, courses = make_examples.batch(kind, 0)
        first = int(np.argmax(kept["kinds"] == kind))
        for made, name in ((features, "features"), (courses, "courses")):
            assert np.allclose(made, kept[name][first : first + len(made)], rtol=1e-2, atol=1e-2, equal_nan=True)


def test_the_examples_begin_at_the_origin_and_fall():
    courses = examples.load().courses
    assert (courses[:, 0] == 1).all() and (np.diff(courses) <= 1e-9)[np.isfinite(np.diff(courses))].all()
    assert not (np.isnan(courses[:, :-1]) & np.isfinite(courses[:, 1:])).any()  # what has ended does not go on


def test_a_history_is_nearest_to_campaigns_of_its_kind():
    line = examples.nearest(read(rows(LINE)))
    assert next(iter(line.counted)) == "even" and line.steady > 0.8 and line.among == make_examples.NUMBER
    fading = examples.nearest(read(rows(np.round(8000 * 0.9 ** np.arange(52)))))
    assert "even" not in fading.counted and fading.steady == 0.0
    assert sum(line.counted.values()) == examples.SHOWN == len(line.left) == len(line.kinds)
    assert examples.nearest(read(rows([50]))) is None and examples.nearest(read(rows([50, 60]))) is None


def test_a_feature_as_the_library_has_it_on_average_stands_in_the_middle():
    by = networks.load()[0]
    middle = by.mean[:COUNT]
    far = middle + 2 * examples.FARTHEST * by.scale[:COUNT]
    assert np.array_equal(examples._standard(middle), np.zeros(COUNT))
    assert np.allclose(examples._standard(far), examples.FARTHEST)


def test_the_same_campaign_with_other_people_and_days_has_the_same_neighbours():
    weekly, daily = read(rows(LINE)), read(rows(LINE * 10, step=1, eligible=600_000))
    one, other = examples.nearest(weekly), examples.nearest(daily)
    assert one.kinds == other.kinds and np.allclose(one.days, 7 * other.days)


def test_days_to_a_share_lie_on_the_course():
    found = examples.Nearest(
        ("even", "share", "waves"),
        np.array([0.0, 10.0, 20.0]),
        np.array([[1.0, 0.6, 0.2], [1.0, 0.9, np.nan], [1.0, 1.0, 0.0]]),
        0.0,
        3,
    )
    assert found.days_to(0.5) == (pytest.approx(12.5), None, pytest.approx(15.0))
    assert found.days_to(1.0) == (0.0, 0.0, 0.0) and found.days_to(0.0)[2] == 20.0


def test_a_draw_that_has_arrived_already_has_no_tail():
    days = np.repeat([0.0, 10.0], [48, 52])  # the band around the median holds three of the first
    found = replace(foreseen(days.tolist(), ZERO), paths=Paths(100.0, FRACTIONS, np.outer(days, 1 - FRACTIONS)))
    assert middle(found).days == 10 and middle(found).tail_days == pytest.approx(1.0)
