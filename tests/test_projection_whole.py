"""Above the single projection: breaks, newcomers, sister areas, joint draws, the backtest."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core import settings
from ektp_analysis.core.contract import frame
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import render
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.projection import inflow
from ektp_analysis.projection.answers import Ground, answer
from ektp_analysis.projection.history import read
from ektp_analysis.projection.outlook import futures, learnable, look_ahead, mixture
from ektp_analysis.projection.paths import FRACTIONS, Paths
from ektp_analysis.projection.result import NOT_REACHED
from ektp_analysis.projection.whole import carry
from tests.projecting import look_back, project, project_together

START = date(2022, 6, 6)


def weekly(counts, *, area="75.05.03", eligible=20_000, step=7, basis=""):
    listed = np.broadcast_to(eligible, len(counts))
    return frame(
        [
            {
                "area_code": area,
                "as_of_date": (START + timedelta(days=step * i)).isoformat(),
                "unrecorded": int(count),
                "eligible": None if size is None else int(size),
                "basis": basis,
            }
            for i, (count, size) in enumerate(zip(counts, listed, strict=True))
        ]
    )


def sample(name):
    return frame(pd.read_csv(settings.SAMPLES / name, dtype={"coverage_reported": "str", "area_code": "str"}))


FALLING = np.round(3000 * 0.85 ** np.arange(12))
TWICE = np.r_[FALLING[:8], np.round(FALLING[8:] * 2.2)]  # a cleansed register brings people back


def position(day):
    return np.inf if day is NOT_REACHED else day.toordinal()


def median_day(found):
    return float(np.median(found.draws))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"basis": ["DKB 2022-1"] * 8 + ["dinamis"] * 4}, "basis"),
        ({"eligible": np.r_[np.full(8, 20_000), np.full(4, 22_000)].tolist()}, "eligible"),
        ({}, "recorded"),
    ],
)
def test_a_break_is_found_shown_and_not_learnt_from(change, kind):
    rows = weekly(TWICE).assign(**change)
    found, plain = project(rows, Target.parse("99")), project(weekly(FALLING), Target.parse("99"))
    assert [b.kind for b in found.inputs.breaks] == [kind] and found.inputs.breaks[0].on == START + timedelta(days=56)
    assert any("Not counted as recording" in str(note) for note in found.notes)
    # the way from 1128 to 200 at 15 % a week is 11 weeks; a step of +120 % learnt as recording would say much more
    assert found.answered and median_day(found) == pytest.approx(75, rel=0.5)
    assert plain.inputs.breaks == ()


def test_what_lies_before_a_break_is_joined_to_what_lies_behind_it():
    rows = weekly([100, 80, 160, 140], eligible=[None] * 4, step=10)
    past = read(rows)
    days, counts, eligible = learnable(past, past.middle)
    assert days.tolist() == [-20, -10, 0] and counts.tolist() == [200, 160, 140] and eligible is None


def test_a_rise_of_the_unrecorded_alone_is_a_revision():
    found = project(weekly(TWICE, eligible=[None] * 12), ZERO)
    assert [b.kind for b in found.inputs.breaks] == ["revision"] and "1797" in str(found.notes[0]).replace(",", "")


def test_growth_of_the_eligible_by_newcomers_is_no_break():
    sizes = np.round(20_000 * (1 + 0.02 / 52) ** np.arange(12))
    assert project(weekly(FALLING, eligible=sizes), ZERO).inputs.breaks == ()


def test_newcomers_delay_zero_and_the_list_is_sooner():
    rows = weekly(FALLING[:5])  # a month: newcomers do not show yet
    listed, everyone = (project(rows, ZERO, meaning=meaning) for meaning in ("list", "eligible"))
    assert (listed.draws <= everyone.draws).all() and listed.probability_never < everyone.probability_never
    crowded = project(rows, ZERO, meaning="eligible", inflow_per_day=50)
    assert (everyone.draws <= crowded.draws).all() and crowded.probability_never > everyone.probability_never
    none = project(rows, ZERO, meaning="eligible", inflow_per_day=0)
    assert np.array_equal(none.draws, listed.draws)


def test_a_series_with_newcomers_gives_the_list_by_leaving_them_out():
    rows = weekly(FALLING, eligible=np.linspace(20_000, 20_090, 12).round())
    everyone, listed = project(rows, ZERO), project(rows, ZERO, meaning="list")
    assert (listed.draws < everyone.draws).all()
    # of those served until zero, the inflow of these days is not of the list
    at = np.argsort(everyone.draws)[len(everyone.draws) // 2]
    days, inflow = everyone.draws[at], everyone.inputs.inflow_per_day
    assert listed.draws[at] == pytest.approx(days / (1 + inflow * days / FALLING[-1]))


@pytest.mark.parametrize(("eligible", "meaning"), [(20_000, "list"), (np.linspace(20_000, 20_090, 12).round(), "eligible")])
def test_the_meaning_is_what_the_figures_count(eligible, meaning):
    assert project(weekly(FALLING, eligible=eligible), ZERO).meaning == meaning


def daily(weekend, n=70):
    """A decline of 2 % a working day, of ``weekend`` times that on Saturday and Sunday; ends on a Sunday."""
    rng = np.random.default_rng(8)
    days = [START + timedelta(days=i) for i in range(n)]
    rates = np.array([0.03 * (weekend if day.weekday() >= 5 else 1) for day in days]) * rng.uniform(0.6, 1.4, n)
    return weekly(np.round(9000 * np.exp(-np.cumsum(rates))), step=1)


def test_a_rhythm_of_the_week_shows_only_in_dense_figures():
    pace = inflow.week(read(daily(0.0)))
    assert pace[:5].min() > 1.1 and pace[5:].max() < 0.25 and pace.sum() == pytest.approx(7)
    assert inflow.week(read(daily(1.0))) is None
    assert inflow.week(read(daily(0.0).iloc[-20:])) is None and inflow.week(read(weekly(FALLING))) is None


def test_nobody_is_promised_a_sunday():
    found = project(daily(0.0), Target.parse("99"))
    soon = found.draws[found.draws <= np.median(found.draws)]
    weekdays = np.array([found.day(float(days)).weekday() for days in soon])
    assert (weekdays >= 5).mean() < 0.12 and len(soon) > 100  # of an even week it would be 0.29
    assert any("rhythm" in str(note) for note in found.notes)


def test_average_days_are_laid_on_the_week_by_hand():
    last = np.array([[1.4], [7.0], [9.8], [np.inf]])
    paths = Paths(100.0, FRACTIONS, np.where(FRACTIONS > 0, 0.0, last))
    pace = np.array([1.4] * 5 + [0.0] * 2)
    laid = inflow.on_calendar(paths, pace, 4)  # after a Friday
    assert laid.hitting(0).tolist() == pytest.approx([3, 7, 11, np.inf])
    line = inflow.on_calendar(Paths(70.0, FRACTIONS, (1 - FRACTIONS)[None, :] * 7), pace, 4)  # 10 an average day
    assert line.remaining([0, 1, 2, 3, 6.5, 7])[0] == pytest.approx([70, 70, 70, 56, 7, 0])
    assert line.hitting(56)[0] == pytest.approx(3) and line.hitting(70)[0] == 0


def test_one_snapshot_answers_only_with_sisters_and_says_so():
    one = weekly(FALLING[:1])
    sisters = [weekly(FALLING * (1 + 0.1 * k), area=f"75.05.0{k}") for k in (4, 5, 6)]
    found = project(one, ZERO, sisters=sisters)
    assert project(one, ZERO).reason.code == "too_few"
    assert found.answered and found.inputs.pooled == 3 and any("sister" in str(note) for note in found.notes)
    assert project(one, ZERO, sisters=[weekly(FALLING)]).reason.code == "too_few"  # not pooled with itself


def test_sisters_move_an_area_of_few_snapshots_and_leave_one_of_many_alone():
    slow = [weekly(np.round(3000 * 0.98 ** np.arange(12)), area=f"75.05.0{k}") for k in (4, 5, 6)]
    target = Target.parse("95")
    assert median_day(project(weekly(FALLING[:3]), target, sisters=slow)) > median_day(project(weekly(FALLING[:3]), target))
    many = np.round(3000 * 0.93 ** np.arange(20))
    assert project(weekly(many), target, sisters=slow).to_json() == project(weekly(many), target).to_json()


@pytest.mark.parametrize(("snapshots", "own_share"), [(3, 1 / 2), (9, 3 / 4)])
def test_sisters_weigh_as_much_as_three_snapshots_of_the_area(snapshots, own_share):
    past, rng = read(weekly(FALLING[:snapshots])), np.random.default_rng(0)
    pool = [futures(read(weekly(np.round(3000 * fall ** np.arange(12)), area="75.05.04"))) for fall in (0.98, 0.95)]
    own, both = look_ahead(past, rng).log_times, look_ahead(past, rng, mixture(pool)).log_times
    sisters = look_ahead(read(weekly(FALLING[:1])), rng, mixture(pool)).log_times  # of a single snapshot nothing is learnt
    assert not np.allclose(own, sisters)
    assert both == pytest.approx(own_share * own + (1 - own_share) * sisters)


def test_the_sample_adds_up_draw_by_draw():
    rows = sample("gorontalo_utara_2023-06.csv")
    parts = dict(list(rows.groupby("area_code")))
    found = project_together(parts, ZERO, code="75.05", whole=sample("gorontalo_utara_2023-06_reported.csv"), draws=300)
    at = [0, 10, 60, 400]
    total = sum(child.paths.remaining(at) for child in found.children.values())
    assert np.allclose(found.whole.paths.remaining(at), total) and np.allclose(total[:, 0], 554)
    assert found.difference == 0 and len(found.children) == 11 and found.silent == ()
    # all have arrived when the whole has, and not before the last one
    assert np.array_equal(np.ceil(np.where(found.all_reached > 730, np.inf, found.all_reached)), found.whole.draws)
    by = date(2023, 12, 31)
    # a split that was modelled says nothing of its own, so the total is not far from the least likely part
    each = [child.probability_by(by) for child in found.children.values()]
    assert min(each) - 0.02 <= found.whole.probability_by(by) <= min(each)
    # the same parts as reported counts move alike, not as one
    counted = project_together(
        {code: part.assign(status="reported") for code, part in parts.items()}, ZERO, code="75.05", draws=300
    )
    each = [child.probability_by(by) for child in counted.children.values()]
    assert 3 * np.prod(each) < counted.whole.probability_by(by) < min(each) - 0.05
    assert 0 < found.whole.probability_by(by) <= found.whole.probability_by(date(2024, 2, 14)) < 1
    assert 0 < found.whole.probability_never < 1
    assert sum(found.last().values()) == pytest.approx(1)


def test_a_later_total_conditions_its_parts_and_a_difference_is_said():
    parts = {f"75.05.0{k}": weekly(FALLING[:6] + k, area=f"75.05.0{k}") for k in (1, 2, 3)}
    free = project_together(parts, ZERO, code="75.05", draws=400)
    day = (START + timedelta(days=42)).isoformat()
    slow = frame([{"area_code": "75.05", "as_of_date": day, "unrecorded": 3700}])
    told = project_together(parts, ZERO, code="75.05", whole=slow, draws=400)
    assert told.whole.origin.isoformat() == day
    assert np.median(told.whole.paths.remaining([0])) == pytest.approx(3700, rel=0.02)
    free_sum, told_sum = (
        np.median(sum(child.paths.remaining([7]) for child in found.children.values())) for found in (free, told)
    )
    assert free_sum + 30 < told_sum < 3700
    same = frame([{"area_code": "75.05", "as_of_date": "2022-07-11", "unrecorded": 4200}])
    unlike = project_together(parts, ZERO, code="75.05", whole=same, draws=100)
    assert unlike.difference == 4200 - round(sum(FALLING[5] + k for k in (1, 2, 3)))
    assert np.allclose(unlike.whole.paths.remaining([0]), 4200) and "add up to" in str(unlike.whole.notes[0])


def test_parts_seen_on_different_days_are_counted_from_the_day_of_the_whole():
    parts = {"75.05.01": weekly(FALLING[:6], area="75.05.01"), "75.05.02": weekly(FALLING[:4], area="75.05.02")}
    found = project_together(parts, ZERO, code="75.05", draws=50, meaning="list")
    first, late = (found.children[code].draws for code in parts)
    assert found.whole.origin == START + timedelta(days=35)
    assert np.array_equal(found.all_reached, np.maximum(first, np.maximum(late - 14, 0)))


def test_a_total_that_may_keep_as_many_as_it_has_has_reached_its_target():
    parts = dict(list(sample("gorontalo_utara_2023-06.csv").groupby("area_code")))
    found = project_together(parts, Target.parse("99.4"), code="75.05", draws=50)
    assert found.whole.reason.code == "already_reached" and found.whole.reason.on == date(2023, 6, 20)
    assert found.children["75.05.08"].reason is None  # its own 99.4 % is still ahead


def test_silent_and_unmoving_parts_are_named_not_guessed():
    parts = {
        "75.05.01": weekly(FALLING[:6], area="75.05.01"),
        "75.05.02": weekly([500] * 3, area="75.05.02", step=3),
        "75.05.03": frame([{"area_code": "75.05.03", "as_of_date": "2022-06-06", "eligible": 100}]),
    }
    found = project_together(parts, ZERO, code="75.05", draws=100)
    assert found.silent == ("75.05.03",)
    with pytest.raises(ValueError, match="at least one"):
        project_together({"75.05.03": parts["75.05.03"]}, ZERO, code="75.05")


def test_the_backtest_judges_what_was_said():
    rng = np.random.default_rng(3)
    counts = np.round(5000 * np.exp(-np.cumsum(rng.gamma(1, 0.08, 40))))
    rows = weekly(counts, eligible=90_000)
    target = Target.parse("99.4")
    found = look_back(rows, target, draws=200)
    reached = int(np.flatnonzero(counts <= 540)[0])
    assert [item.origin for item in found.said] == [START + timedelta(days=7 * i) for i in range(1, reached)]
    assert {item.came for item in found.said} == {START + timedelta(days=7 * reached)}
    assert found.projection.cases == reached - 1 and found.projection.crps_days < found.line.crps_days
    assert 0.6 <= found.projection.cover80 <= 1 and found.line.cover80 < 0.2
    river = found.river()
    assert list(river["moved_by"][:2]) == ["first", "data"] and len(river) == reached - 1
    # what was said is what is said for that day, to the bit
    once = found.said[3]
    assert once.projection.to_json() == project(rows[rows.as_of_date <= pd.Timestamp(once.origin)], target, draws=200).to_json()


def test_the_backtest_sees_only_what_was_known_then():
    rows = weekly(FALLING, eligible=90_000)
    revised = rows.copy()
    revised.loc[3, "unrecorded"] += 40

    def known_at(day):
        return rows if day < START + timedelta(days=35) else revised

    found = look_back(revised, ZERO, known_at=known_at, draws=100)
    by_origin = {item.origin: item for item in found.said}
    before = by_origin[START + timedelta(days=28)].projection
    assert before.inputs.unrecorded[3] == (float(FALLING[3]),) * 2
    river = found.river().set_index("origin")["moved_by"]
    assert river[pd.Timestamp(START + timedelta(days=35))] == "revision"
    assert all(item.came is NOT_REACHED for item in found.said)


def test_the_backtest_by_hand_on_a_straight_line_to_zero():
    found = look_back(weekly(np.arange(1000, -1, -100)), ZERO, draws=100)
    end = START + timedelta(days=70)
    assert all({item.came, item.line, item.last_pace} == {end} for item in found.said)
    assert found.line.crps_days == pytest.approx(0, abs=1e-9) and found.line.bias_days == 0 and found.line.hit_rate == 1
    assert found.line.cover80 == found.line.cover50 == 1

    def share(low, high):
        return np.mean(
            [
                position(item.projection.quantiles[low]) <= end.toordinal() <= position(item.projection.quantiles[high])
                for item in found.said
            ]
        )

    assert found.projection.cover80 == share(10, 90) and found.projection.cover50 == share(25, 75)
    assert found.projection.cover80 != found.projection.cover50


def test_nothing_to_judge_is_no_number():
    verdict = look_back(weekly(FALLING[:2]), ZERO).projection
    assert verdict.cases == 0 and verdict.cover80 is None and verdict.crps_days is None


def test_a_total_tells_of_its_parts_what_a_reader_must_know():
    def joined(parts):
        found = project_together(parts, ZERO, code="75.05", draws=50)
        total = weekly(np.sum([rows["unrecorded"].astype(float) for rows in parts.values()], axis=0), area="75.05")
        return carry(found, project(total, ZERO)).whole

    slow = {f"75.05.0{k}": weekly(FALLING + 100 * k, area=f"75.05.0{k}") for k in (1, 2, 3)}
    broken = weekly(np.r_[FALLING[:8], np.round(FALLING[8:] * 1.6)], area="75.05.04")
    whole = joined({**slow, "75.05.04": broken})
    assert whole.inputs.parts == 4 and whole.inputs.breaks == ()
    said = [(render(note, "id"), render(note, "en")) for note in whole.notes]
    assert said[0] == (
        "Di 1 wilayah di dalamnya ada lompatan angka yang tidak dihitung sebagai perekaman.",
        "In 1 area inside, a jump in the figures is not counted as recording.",
    )
    assert said[1][1] == "Few snapshots: each area inside was pooled with up to 3 sister areas."
    modelled = {code: rows.iloc[:3].assign(status="modelled") for code, rows in slow.items()}
    assert [render(note, "en") for note in joined(modelled).notes] == ["Few snapshots: the range is wide."]
    printed = {
        "75.05.01": weekly(FALLING, area="75.05.01"),
        "75.05.02": frame(
            [
                {
                    "area_code": "75.05.02",
                    "as_of_date": (START + timedelta(days=7 * i)).isoformat(),
                    "coverage_reported": f"{90 + i}.00",
                }
                for i in range(4)
            ]
        ),
    }
    found = project_together(printed, ZERO, code="75.05", draws=50)
    assert found.whole.reason.code == "no_figures" and "do not add up" in str(found.whole.reason.text)
    own = project(weekly(FALLING, area="75.05"), ZERO)
    assert carry(found, own).whole is own


@pytest.mark.parametrize("eligible", [20_000, None])
def test_newcomers_of_whom_nothing_is_said_follow_from_the_middle_of_the_eligible(eligible):
    rows = weekly([1000, 900, 800], eligible=eligible)
    if eligible is None:
        rows["coverage_reported"] = ["90.00", "91.00", "92.00"]
    past = read(rows)
    low, high = past.eligible_now()
    assert (low == high) is (eligible is not None)
    assert inflow.per_day(past, None) == pytest.approx(inflow.PER_YEAR / 365.25 * (low + high) / 2)
    assert inflow.per_day(past, 7.0) == 7.0


def test_a_part_of_which_nobody_is_left_does_not_hold_up_the_whole():
    """Once it was a part that never ends: the whole then had no day at all."""
    assert (Paths(0.0, FRACTIONS, np.zeros((5, len(FRACTIONS)))).hitting([0, 1, 0, 2, 0]) == 0).all()
    others = [weekly(FALLING, area=area) for area in ("75.05.01", "75.05.02")]
    found = {}
    for last in (0, 1):
        rows = pd.concat([*others, weekly([*FALLING[4:], 5, 3, 2, last], area="75.05.03")], ignore_index=True)
        found[last] = answer(Ground(roll_up(rows, "75.05")), "75.05", ZERO)
    assert found[0].probability_never == pytest.approx(found[1].probability_never, abs=0.1) and found[0].answered
    assert abs(position(found[0].quantiles[50]) - position(found[1].quantiles[50])) < 31
