"""Figures at the very edge of a rule: one step further, and the answer is another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, get_args

import pandas as pd
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Percent, T
from ektp_analysis.figures.classes import older_than
from ektp_analysis.figures.measure import Asks, Kind, Measure, checked
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import (
    RECENT_DAYS,
    Course,
    Gap,
    assume,
    change_between,
    eligible_estimate,
    history_of,
    one_series,
    pace,
    pace_of_now,
    reached_on,
    required_pace,
)
from ektp_analysis.figures.side_by_side import mapped, ranking
from ektp_analysis.figures.standing import Reach, reach_of, standing_of

DAY = "2023-06-20"
KECAMATAN = list(register().codes(Level.KECAMATAN, "75.05"))
TARGET = Target.parse("99.4%")


def measured(precision: float, **others: Any) -> Measure:
    text = T("Coverage")
    return Measure("of", text, text, "of", "share", precision, "high", text, text, lambda *_: text, **others)


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return contract.frame([{"as_of_date": DAY, **row} for row in rows])


def head(figures: pd.DataFrame, area: str) -> Any:
    rolled = roll_up(figures)
    return next(rolled[(rolled["area_code"] == area) & rolled["headline"]].itertuples())


def whole(code: str) -> dict[str, Any]:
    return {"area_code": code, "eligible": 100, "recorded": 90, "unrecorded": 10}


def test_a_coverage_rests_on_all_only_if_each_part_does() -> None:
    first, *others = KECAMATAN
    desa = list(register().codes(Level.DESA, first))
    full = head(frame(*(whole(code) for code in KECAMATAN)), "75.05")
    assert full.coverage_complete and full.n_coverage == full.n_expected == len(KECAMATAN)
    some = head(frame(whole(desa[0]), *(whole(code) for code in others)), "75.05")
    assert some.n_coverage == some.n_expected and not some.coverage_complete
    every = head(frame(*(whole(code) for code in desa), *(whole(code) for code in others)), "75.05")
    assert every.coverage_complete


def test_areas_that_the_register_does_not_know_are_expected_once_they_report() -> None:
    desa = list(register().codes(Level.DESA, KECAMATAN[0]))
    found = head(frame(*(whole(code) for code in desa), whole(KECAMATAN[0] + ".2999")), KECAMATAN[0])
    assert found.n_expected == found.n_reported == len(desa) + 1 and found.complete


@pytest.mark.parametrize(
    ("days", "usual", "overdue"),
    [
        (("06-01", "06-08", "06-15"), 7.0, False),  # silent for 21 days: three of its weeks
        (("06-01", "06-08", "06-14"), 6.5, True),
        (("06-01", "06-02", "06-03"), 1.0, True),
        (("05-01", "06-01"), 31.0, False),
        (("06-01",), None, False),  # what is usual is not known
    ],
)
def test_a_silence_is_a_thing_to_do_after_three_usual_gaps(days: tuple[str, ...], usual: float | None, overdue: bool) -> None:
    rows = [{**whole(KECAMATAN[0]), "as_of_date": f"2023-{day}"} for day in days]
    rows += [{**whole(KECAMATAN[1]), "as_of_date": "2023-07-06"}]
    found = next(one for one in standing_of(frame(*rows), "75.05").silent if one.area_code == KECAMATAN[0])
    assert (found.usual, found.overdue) == (usual, overdue)


@pytest.mark.parametrize(
    ("members", "kept"), [([0, 0, 7], [0, 0]), ([0, 7, 7], [7, 7]), ([5, 6, 7], [7]), ([0, 0, 0], [0, 0, 0])]
)
def test_a_single_incomplete_sum_hides_no_series_but_two_do(members: list[int], kept: list[int]) -> None:
    rows = pd.DataFrame({"members": members, "complete": [member == 0 for member in members]})
    assert one_series(rows)["members"].tolist() == kept


def test_a_figure_above_hundred_does_not_break_the_run_of_a_target() -> None:
    def row(day: int, **values: Any) -> dict[str, Any]:
        return {"area_code": "75.05", "as_of_date": f"2023-06-{day}", **values}

    rows = roll_up(
        frame(row(13, eligible=1000, recorded=999), row(14, eligible=1000, recorded=1010), row(15, eligible=1000, recorded=999)),
        "75.05",
    )
    assert reach_of(next(rows.iloc[[1]].itertuples()), TARGET) is Reach.OVER
    assert reached_on(rows, TARGET).on == date(2023, 6, 13)
    broken = roll_up(
        frame(row(13, eligible=1000, recorded=999), row(14, eligible=1000, recorded=900), row(15, eligible=1000, recorded=999)),
        "75.05",
    )
    assert reached_on(broken, TARGET).on == date(2023, 6, 15)


def test_an_area_that_comes_back_is_carried_up_to_that_day_in_each_of_several_parents() -> None:
    days = [date(2024, 1, day) for day in (1, 8, 15, 22)]
    silent = {"75.01.02": {1}, "75.03.02": {1, 2}, "75.05.02": {2}}  # the place of the days on which an area is silent
    left: dict[str, list[int]] = {}  # as each area counts on each day
    for number, code in enumerate(f"75.{parent}.{part}" for parent in ("01", "03", "05") for part in ("01", "02")):
        left[code] = [100 * number + 40 - 10 * place for place in range(len(days))]
    reported = [
        {"area_code": code, "as_of_date": day, "eligible": 9000, "unrecorded": left[code][place]}
        for code in left
        for place, day in enumerate(days)
        if place not in silent.get(code, ())
    ]
    for code, places in silent.items():
        for place in sorted(places):
            left[code][place] = left[code][place - 1]
    rolled = roll_up(contract.frame(reported))
    for parent in ("75.01", "75.03", "75.05"):
        found = rolled[(rolled["area_code"] == parent) & rolled["headline"]].sort_values("as_of_date")["unrecorded"].tolist()
        assert found == [sum(left[f"{parent}.{part}"][place] for part in ("01", "02")) for place in range(len(days))], parent


def only_coverage(low: float, high: float, printed: str = "") -> Any:
    return SimpleNamespace(
        unrecorded=None,
        eligible_low=None,
        eligible_high=None,
        coverage_low=low,
        coverage_high=high,
        coverage_reported=printed,
        complete=True,
    )


@pytest.mark.parametrize(
    ("row", "target", "verdict"),
    [
        (only_coverage(1.0, 1.2), ZERO, Reach.OVER),
        (only_coverage(0.9999, 1.2), ZERO, Reach.UNKNOWN),
        (only_coverage(0.99995, 1.0, "100"), TARGET, Reach.PRINTED),
        (only_coverage(0.99995, 1.00001, "100"), TARGET, Reach.OVER),
        (only_coverage(0.98, 0.99399999), TARGET, Reach.NOT_REACHED),
        (only_coverage(0.98, 0.994, "99.4"), TARGET, Reach.PRINTED),
        (only_coverage(0.98, 0.995, "99.3"), TARGET, Reach.UNSURE),
    ],
)
def test_a_coverage_alone_says_no_more_than_it_can(row: Any, target: Target, verdict: Reach) -> None:
    assert reach_of(row, target) is verdict


@pytest.mark.parametrize(("days", "two"), [(RECENT_DAYS, True), (RECENT_DAYS + 1, False)])
def test_an_estimate_rests_on_percentages_of_the_last_month(days: int, two: bool) -> None:
    last = date(2023, 6, 20)
    rows = roll_up(
        contract.frame(
            [
                {"area_code": "75.05", "as_of_date": last - timedelta(days=days), "unrecorded": 650, "coverage_reported": "99.3"},
                {"area_code": "75.05", "as_of_date": last, "unrecorded": 554, "coverage_reported": "99.40"},
            ]
        ),
        "75.05",
    )
    alone = eligible_estimate(rows.iloc[1:])
    assert (eligible_estimate(rows) != alone) is two and RECENT_DAYS == 31
    for low, found in ((110, (110, 110)), (111, (111, 120))):  # intervals that touch agree on one number, else the latest holds
        touching = rows.assign(eligible_low=[100, low], eligible_high=[110, 120])
        estimate = eligible_estimate(touching)
        assert (estimate.low, estimate.high) == (found if two else (low, 120))


@pytest.mark.parametrize(("value", "units"), [(0.0001, 1), (0.0, 1), (0.9999, 999), (1.0, 999), (0.4996, 500), (0.4994, 499)])
def test_a_value_is_kept_off_the_ends_that_mean_something_else(value: float, units: int) -> None:
    assert measured(0.001, least=1, most=999).units(value) == units


@pytest.mark.parametrize(("value", "units"), [(0.4, 1), (-0.4, -1), (0.0, 0), (0.6, 1), (-1.6, -2)])
def test_a_small_change_is_not_shown_as_none(value: float, units: int) -> None:
    assert measured(1, diverging=True).units(value) == units
    assert measured(1).units(value) == round(value)


@pytest.mark.parametrize(("precision", "decimals"), [(0.1, 0), (0.01, 0), (0.001, 1), (0.0001, 2)])
def test_a_share_is_shown_as_finely_as_it_is_measured(precision: float, decimals: int) -> None:
    assert measured(precision).shown(5) == Percent(5 * precision, decimals)
    assert replace(measured(precision), unit="days").shown(5) == pytest.approx(5 * precision)
    assert replace(measured(1), unit="days").shown(5) == 5


@pytest.mark.parametrize(
    ("key", "fit"), [("of", True), ("of_2", True), ("Of", False), ("of-all", False), ("2", False), ("", False)]
)
def test_the_key_of_a_measure_is_small_letters_digits_and_underscores(key: str, fit: bool) -> None:
    given = [replace(measured(1), key=key)]
    if fit:
        assert checked(given, ["of"]) == tuple(given)
    else:
        with pytest.raises(ValueError, match="has no key of small letters"):
            checked(given, ["of"])


def test_a_measure_may_have_words_for_every_class_and_ask_for_all_that_can_be_asked() -> None:
    worded = replace(measured(1), words=dict.fromkeys(get_args(Kind), T("x")))
    asking = replace(measured(1), key="ahead", column="days", cost="projection", asks=get_args(Asks))
    assert checked([worded, asking], ["of"]) == (worded, asking)
    for wrong, said in (
        (replace(worded, words={"all": T("x")}), "names classes that there are not: all"),  # type: ignore[dict-item]
        (replace(asking, asks=("target", "all")), "of which not all can be asked"),  # type: ignore[arg-type]
        (replace(asking, asks=("by",)), "asks for no target"),
        (replace(measured(1), key="x", column="y", asks=("by",)), "asks for a target or a day"),
        (replace(measured(1), key="x", column="none"), "no frame has its column"),
        (replace(asking, column="of", compute=lambda _: pd.Series()), "which the frame has already"),
        (replace(measured(0), key="x", column="y"), "is not above zero"),
        (replace(measured(1), key="x"), "Two measures have the column 'of'"),
        (replace(measured(1), column="y"), "Two measures have the key 'of'"),
    ):
        with pytest.raises(ValueError, match=said):
            checked([measured(1), wrong], ["of", "y"])
    for first in (asking, replace(measured(1), asks=("since",))):
        with pytest.raises(ValueError, match="may ask for nothing and project nothing"):
            checked([first], ["of"])


def test_an_area_that_the_register_does_not_know_is_counted_among_those_expected() -> None:
    every = [whole(code) for code in KECAMATAN]
    for rows, expected, reported in ((every, 11, 11), ([*every, whole("75.05.99")], 12, 12), (every[1:], 11, 10), ([], 11, 0)):
        found = standing_of(frame({"area_code": "75.05", "unrecorded": 5}, *rows), "75.05")
        assert (found.n_expected, found.n_reported, len(found.silent)) == (expected, reported, max(expected - reported, 0))


def test_a_desa_has_no_parts_to_count() -> None:
    desa = next(iter(register().codes(Level.DESA, KECAMATAN[0])))
    found = head(frame(whole(desa)), desa)
    assert (found.n_expected, found.n_reported, found.n_unrecorded, found.n_coverage, found.n_partial) == (0, 0, 0, 0, 0)
    above = head(frame(whole(desa)), KECAMATAN[0])
    assert (above.n_reported, above.n_unrecorded, above.n_coverage, above.n_partial) == (1, 1, 1, 0)
    top = head(frame(whole(desa), whole(KECAMATAN[1])), "75.05")
    assert (top.n_reported, top.n_unrecorded, top.n_coverage, top.n_partial) == (2, 2, 2, 1)
    only = next(iter(register().codes(Level.DESA, "13.12.01")))  # the one desa of its kecamatan, without the unrecorded
    assert head(frame({"area_code": only, "eligible": 100}), "13.12").n_partial == 1
    assert head(frame(whole("75.05.99")), "75.05.99").n_expected == 0  # the register knows nothing of it
    own = head(frame(whole("75.05"), whole(KECAMATAN[1])), "75.05")
    assert (own.source, own.n_expected, own.n_reported, own.n_partial) == ("own", 11, 1, 0)


@pytest.mark.parametrize(("eligible", "recorded", "coverage"), [(0, 0, None), (1, 1, 1.0), (1, 0, 0.0), (2, 1, 0.5)])
def test_where_nobody_is_eligible_there_is_no_coverage(eligible: int, recorded: int, coverage: float | None) -> None:
    others = [{"area_code": code, "eligible": 0, "recorded": 0} for code in KECAMATAN[1:]]
    found = head(frame({"area_code": KECAMATAN[0], "eligible": eligible, "recorded": recorded}, *others), "75.05")
    assert (None if pd.isna(found.coverage) else found.coverage) == coverage and found.unrecorded == eligible - recorded
    assert pd.isna(head(frame({"area_code": KECAMATAN[0], "eligible": 0, "recorded": 5}), "75.05").coverage)


@pytest.mark.parametrize(
    ("unrecorded", "allowed", "newcomers", "course", "days"),
    [
        (None, 0, 0.0, Course.UNKNOWN, None),
        (5, None, 0.0, Course.UNKNOWN, None),
        (float("nan"), 0, 0.0, Course.UNKNOWN, None),
        (5, 5, 0.0, Course.REACHED, None),
        (6, 5, 0.0, Course.ARRIVES, 1),
        (10, 0, 0.0, Course.ARRIVES, 5),
        (11, 0, 0.0, Course.ARRIVES, 6),
        (10, 0, 1.0, Course.ARRIVES, 10),
        (10, 0, 2.0, Course.TOO_SLOW, None),
        (10, 0, 2.1, Course.TOO_SLOW, None),
        (2 * (date.max - date(2023, 6, 20)).days, 0, 0.0, Course.ARRIVES, (date.max - date(2023, 6, 20)).days),
        (2 * (date.max - date(2023, 6, 20)).days + 1, 0, 0.0, Course.TOO_SLOW, None),
    ],
)
def test_what_two_a_day_lead_to(unrecorded: Any, allowed: Any, newcomers: float, course: Course, days: int | None) -> None:
    start = date(2023, 6, 20)
    found = assume(2, unrecorded, allowed, start, newcomers=newcomers)
    assert (found.course, found.newcomers) == (course, newcomers)
    assert found.day == (None if days is None else start + timedelta(days))
    for wrong in ({"per_day": -1}, {"per_day": 1, "newcomers": -0.1}):
        with pytest.raises(ValueError, match="not negative"):
            assume(unrecorded=5, allowed=0, start=start, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unrecorded", "allowed", "days", "gap", "people"),
    [
        (None, 0, 1, Gap.UNKNOWN, None),
        (5, None, 1, Gap.UNKNOWN, None),
        (5, 5, 1, Gap.REACHED, 0),
        (5, 4, 1, Gap.NONE, 1),
        (5, 4, 0, Gap.PAST, 1),
        (5, 4, -1, Gap.PAST, 1),
    ],
)
def test_the_required_pace_begins_and_ends(unrecorded: Any, allowed: Any, days: int, gap: Gap, people: int | None) -> None:
    found = required_pace(unrecorded, allowed, date(2023, 6, 20), date(2023, 6, 20) + timedelta(days))
    assert (found.gap, found.people) == (gap, people) and found.per_day == (people if gap is Gap.NONE else None)


def told(*counts: tuple[int, int | None], area: str = "75.05") -> pd.DataFrame:
    """Figures of so many days ago each."""
    return contract.frame(
        [
            {"area_code": area, "as_of_date": date(2023, 6, 20) - timedelta(days), "unrecorded": count, "eligible": 1000}
            for days, count in counts
        ]
    )


def test_a_pace_is_of_the_days_asked_for() -> None:
    rows = history_of(told((29, 90), (28, 80), (7, 20), (0, 10)), "75.05")
    assert (pace(rows, 28).absolute, pace(rows, 27).absolute, pace(rows, 29).absolute) == (-70, -10, -80)
    assert pace(rows, 6).gap is Gap.FIRST and change_between(rows).per_day == 10 / 7
    two = history_of(told((7, 20), (0, 10)), "75.05")
    assert (pace(two, 6).gap, pace(two, 7).absolute) == (Gap.FIRST, -10)
    for days, per_day in ((28, 70 / 28), (29, 70 / 29)):  # on a map the last four weeks, or what lies before them
        found = mapped(told((days, 80), (0, 10), area=KECAMATAN[0]), "75.05").set_index("area_code")["per_day"].iloc[0]
        assert found == pytest.approx(per_day)


@pytest.mark.parametrize(
    ("days", "since", "per_day", "over"),
    [
        ((28, 7), None, 90 / 28, 28),
        ((29, 28), None, 80 / 28, 28),
        ((61, 30), None, 80 / 30, 30),  # monthly: none within 28 days, so since the last before
        ((61, 30), 30, 80 / 30, 30),
        ((61, 30), 29, None, 0),  # a break at the last day: nothing to compare with
    ],
)
def test_the_pace_of_now_reaches_as_far_back_as_the_figures_need(
    days: tuple[int, int], since: int | None, per_day: float | None, over: int
) -> None:
    rows = history_of(told((days[0], 100), (days[1], 90), (0, 10)), "75.05")
    found = pace_of_now(rows, None if since is None else date(2023, 6, 20) - timedelta(since))
    assert found.days == over and found.per_day == (None if per_day is None else pytest.approx(per_day))


def test_a_sum_over_other_areas_than_before_has_no_pace() -> None:
    rows = [(code, days, 50) for code in KECAMATAN for days in (14, 7, 0) if days or code != KECAMATAN[0]]
    above = (KECAMATAN[0], 0, -5)  # more recorded than eligible: in no sum
    figures = contract.frame(
        [
            {"area_code": code, "as_of_date": date(2023, 6, 20) - timedelta(days), "eligible": 1000, "recorded": 1000 - left}
            for code, days, left in [*rows, above]
        ]
    )
    found = pace_of_now(history_of(figures, "75.05"), date(2023, 6, 20))
    assert (found.gap, found.end, found.per_day) == (Gap.OTHER_AREAS, date(2023, 6, 20), None)


@pytest.mark.parametrize(("days", "old"), [(60, False), (61, True)])
def test_a_figure_is_too_old_after_its_days(days: int, old: bool) -> None:
    assert bool(older_than(told((days, 5)), date(2023, 6, 20))) is old


def test_a_ranking_shares_ranks_and_puts_the_silent_last() -> None:
    rows = [{**whole(code), "unrecorded": n, "recorded": 100 - n} for code, n in zip(KECAMATAN, (5, 10, 10, 0), strict=False)]
    found = ranking(frame(*rows), "75.05")
    assert found["area_code"].tolist() == [KECAMATAN[i] for i in (1, 2, 0, 3, *range(4, 11))]
    assert found["rank"].fillna(0).tolist() == [1, 1, 3, 4, *[0] * 7]
    assert found["share"].fillna(-1).tolist() == [0.4, 0.4, 0.2, 0, *[-1] * 7]
    assert ranking(frame(*rows[3:]), "75.05")["share"].isna().all()
    for level in (Level.PROVINSI, Level.KABUPATEN):
        with pytest.raises(UserError, match="has no areas of the level"):
            ranking(frame(*rows), "75.05", level)
    assert len(ranking(frame(*rows), "75.05", Level.DESA)) > len(ranking(frame(*rows), "75.05", Level.KECAMATAN)) == 11


def test_an_area_without_the_unrecorded_does_not_make_a_sum_another_one() -> None:
    one, other = KECAMATAN[:2]
    before = {**whole(one), "unrecorded": 15, "recorded": 85, "as_of_date": "2023-06-13"}
    rows = history_of(frame(before, whole(one), {"area_code": other, "recorded": 50}), "75.05")
    assert change_between(rows).absolute == -5
    more = history_of(frame(before, whole(one), whole(other)), "75.05")
    assert change_between(more).gap is Gap.OTHER_AREAS


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("parts", [True, False])
def test_one_row_speaks_for_an_area_and_a_day(own: bool, parts: bool) -> None:
    """Its own figures before the sum of its parts, unless only the sum knows the unrecorded."""
    given = [{"area_code": "75.05", "eligible": 1_000, "unrecorded": 77 if own else None}]
    given += [{"area_code": str(code), "eligible": 100, "unrecorded": 5 if parts else None} for code in KECAMATAN]
    rolled = roll_up(frame(*given))
    (one,) = rolled[(rolled["area_code"] == "75.05") & rolled["headline"]].itertuples()
    assert one.source == ("sum" if parts and not own else "own")


@pytest.mark.parametrize("parts", [0, 1, 11])
def test_an_own_figure_is_complete_and_has_no_members_however_many_parts_report(parts: int) -> None:
    rolled = roll_up(frame(*map(whole, KECAMATAN[:parts]), whole("75.05")))
    own = rolled[rolled["source"] == "own"]
    assert len(own) == parts + 1 and own[["complete", "coverage_complete"]].all(axis=None) and (own["members"] == 0).all()
    beside = rolled[(rolled["area_code"] == "75.05") & (rolled["source"] == "sum")]
    assert beside["complete"].tolist() == [parts == 11] * bool(parts)  # a sum is only where each part reports


def test_an_earlier_figure_without_the_unrecorded_is_none_that_a_sum_counts() -> None:
    def older(*silent: dict[str, Any]) -> tuple[int, int, date | None]:
        found = standing_of(frame(*silent, *(whole(code) for code in KECAMATAN[2:])), "75.05").figure
        assert found is not None
        return found.n_older, found.unrecorded_older, found.older_since

    unknown = {"area_code": KECAMATAN[0], "as_of_date": "2023-06-01", "eligible": 100}
    known = {**whole(KECAMATAN[1]), "as_of_date": "2023-06-13", "unrecorded": 7, "recorded": 93}
    assert older() == older(unknown) == (0, 0, None) and older(known) == older(unknown, known) == (1, 7, date(2023, 6, 13))


@pytest.mark.parametrize(
    ("part", "over", "uncounted"),
    [
        ({"eligible": 100, "recorded": 101}, 1, 0),
        ({"eligible": 100, "recorded": 100}, 0, 0),
        ({"coverage_reported": "100.1"}, 1, 0),
        ({"coverage_reported": "100"}, 0, 1),
        ({"eligible": 100}, 0, 1),
    ],
)
def test_who_is_in_no_sum_is_above_hundred_or_uncounted(part: dict[str, Any], over: int, uncounted: int) -> None:
    found = standing_of(frame({"area_code": KECAMATAN[0], **part}, *map(whole, KECAMATAN[1:])), "75.05")
    assert (found.over, found.uncounted) == ((KECAMATAN[0],) * over, (KECAMATAN[0],) * uncounted)
