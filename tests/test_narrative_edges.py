"""Sentences at the edge of each rule, and one step beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from ektp_analysis.core.area import Level
from ektp_analysis.core.targets import ZERO
from ektp_analysis.core.text import Text, render
from ektp_analysis.figures.series import Assumed, Change, Course, Estimate, Gap, Required
from ektp_analysis.narrative import chances, counts, forecasts, grounds, stamps
from ektp_analysis.narrative.notes import warnings_of
from tests.spec.measures_cases import DAY_3, KABUPATEN, all_eleven
from tests.spec.measures_cases import rows as given
from tests.test_narrative import D19, D20, INF, at, fig, foreseen
from tests.test_narrative_forecast import BY, of_zero, river, verdict
from tests.test_narrative_on_map import rows

A, B, C, D = "75.05.01", "75.05.02", "75.05.03", "75.05.04"  # Atinggola, Kwandang, Anggrek, Sumalata
SOON = foreseen([*range(10, 110)], target=ZERO)


def revised(count: int) -> Text:
    columns = {"area_code": [A] * count, "as_of_date": pd.to_datetime([D19] * count), "old": [7] * count, "new": [8] * count}
    return stamps.revised(pd.DataFrame(columns), D20)


def between(low: float, high: float) -> Text:
    return counts.coverage(
        replace(fig(554, 92_654), coverage=None, coverage_reported="", coverage_low=low, coverage_high=high), None
    )


def needed(people: int, days: int) -> Text:
    return forecasts.required(Required(Gap.NONE, people, days), BY)


def recent(absolute: int) -> Change:
    return Change(Gap.NONE, date(2023, 6, 10), D20, absolute)


CASES: list[tuple[Callable[[], Text | None], str | None]] = [
    # what moved: an area that stands still neither fell nor rose
    (lambda: stamps.moved(rows(change=[0, 0])), "no area has changed"),
    (lambda: stamps.moved(rows(change=[0, 1])), "the number rose in 1 area: B"),
    (lambda: stamps.moved(rows(change=[0, -1, None])), "the largest fall is in B, 1 fewer"),
    (
        lambda: stamps.moved(rows(change=[-2, -3, 4, 5, 6, 7])),
        "the largest fall is in B, 3 fewer; the number rose in 4 areas: F, E, D and 1 other",
    ),
    (lambda: revised(0), "no earlier figure has been corrected since the figures of 20 June 2023 came in"),
    (lambda: revised(1), "1 earlier figure was corrected: Atinggola on 19 June 2023: 7 became 8"),
    (
        lambda: revised(4),
        f"4 earlier figures were corrected: {', '.join(['Atinggola on 19 June 2023: 7 became 8'] * 3)} and 1 other",
    ),
    (lambda: stamps.rest(0, 0, 0), None),
    (lambda: stamps.rest(1, 5, 0), "1 other area, together 5"),
    (lambda: stamps.rest(0, 0, 1), "1 area without a figure"),
    (lambda: stamps.rest(2, 5, 3), "2 other areas, together 5; 3 areas without a figure"),
    (lambda: stamps.newly(at(all_eleven(DAY_3)), at(all_eleven(DAY_3))), None),
    (
        lambda: stamps.newly(at(all_eleven(DAY_3)[1:]), at(all_eleven(DAY_3))),
        "reported last time but not this time: Atinggola",
    ),
    (
        lambda: stamps.newly(at(all_eleven(DAY_3)), at(all_eleven(DAY_3)[1:])),
        "reported this time but not last time: Atinggola",
    ),
    # coverage, and the digits of the eligible
    (lambda: between(0.0, 0.5), "coverage between 0.00% and 50.00%"),
    (lambda: between(0.0, 0.0), "coverage between 0.00% and 0.00%"),
    (lambda: counts.eligible(Estimate(5, 25)), "about 20 eligible"),
    (lambda: counts.eligible(Estimate(4, 24)), "about 10 eligible"),
    (lambda: counts.eligible(Estimate(100, 298)), "about 199 eligible".replace("199", "200")),
    (lambda: counts.eligible(Estimate(9_989, 9_999)), "about 9,994 eligible"),
    (lambda: counts.eligible(Estimate(9_990, 10_010)), "about 10 thousand eligible"),
    (lambda: counts.eligible(Estimate(999_985, 999_999)), "about 999.992 thousand eligible"),
    (lambda: counts.eligible(Estimate(999_990, 1_000_010)), "about 1 million eligible"),
    # a ranking: without decimals only where that is neither nothing nor all
    (lambda: counts.ranking(rows(unrecorded=[10, *[9] * 110])), "the largest number is in A1, 10 of 1,000 unrecorded (1%)"),
    (
        lambda: counts.ranking(rows(unrecorded=[10, *[9] * 110, 1])),
        "the largest number is in A1, 10 of 1,001 unrecorded (1.0%)",
    ),
    (lambda: counts.ranking(rows(unrecorded=[995, 5])), "the largest number is in A, 995 of 1,000 unrecorded (99.5%)"),
    (lambda: counts.ranking(rows(unrecorded=[994, 6])), "the largest number is in A, 994 of 1,000 unrecorded (99%)"),
    (
        lambda: counts.ranking(rows(unrecorded=[5, None, None], coverage=[0.9, 1.0, 1.01])),
        "the largest number is in A, 5 of 5 unrecorded (100%); 1 area is above 100%; 1 area is without a figure",
    ),
    (
        lambda: counts.ranking(rows(unrecorded=[0, None, None], coverage=[1.0, None, 1.01])),
        "nobody unrecorded where the number is known; 1 area is above 100%; 1 area is without a figure",
    ),
    (
        lambda: counts.ranking(rows(unrecorded=[5] * 5)),
        "the largest number is in A, B, C and 2 others, 5 each of 25 unrecorded",
    ),
    (lambda: counts.concentration(rows(unrecorded=[5, 5])), None),
    (
        lambda: counts.concentration(rows(unrecorded=[1, 0, 0])),
        "at least half of the unrecorded are in 1 of 3 areas",
    ),
    (
        lambda: warnings_of(at(given(KABUPATEN, DAY_3, 1000, 1000, printed="1")), D20)[0],
        "The printed percentage is 1%, the counts give 0.00%.",
    ),
    # a pace
    (lambda: counts.change(recent(-99)), "99 fewer than on 10 June 2023 (9.9 a day)"),
    (lambda: counts.change(recent(-104)), "104 fewer than on 10 June 2023 (10 a day)"),
    (lambda: counts.change(recent(1)), "1 more than on 10 June 2023"),
    (lambda: counts.change(recent(0)), "unchanged since 10 June 2023"),
    (lambda: needed(4, 100), "4 residents to record by 31 December 2023"),
    (lambda: needed(5, 100), "5 residents to record by 31 December 2023: 0.1 a day"),
    (lambda: needed(20, 100), "20 residents to record by 31 December 2023: 0.2 a day"),
    (
        lambda: forecasts.beside(Required(Gap.NONE, 5, 10), recent(0)),
        "at present the unrecorded do not fall, so all of the required pace is still missing",
    ),
    (lambda: forecasts.beside(Required(Gap.NONE, 5, 10), recent(-1)), "that is 5 times the recent pace"),
    (lambda: forecasts.newcomers(Assumed(Course.ARRIVES, 8, 0.049, BY)), None),
    (
        lambda: forecasts.newcomers(Assumed(Course.ARRIVES, 8, 0.06, BY)),
        "about 0.1 of them a day only keep up with new eligible",
    ),
    # what the median asks for, where it has a day and people are known
    (lambda: grounds.asked(of_zero(unit="share"), recent(-99)), None),
    (lambda: grounds.asked(foreseen([INF] * 100, target=ZERO), recent(-99)), None),
    (
        lambda: grounds.asked(of_zero(), Change(Gap.FIRST)),
        "Half of the outcomes come by 18 August 2023: the pace must average 9.4 a day until then.",
    ),
    (
        lambda: grounds.asked(of_zero(), recent(-100)),
        "For that the pace must average 9.4 a day until then, against 10 a day in the last 10 days.",
    ),
    (
        lambda: grounds.asked(of_zero(), recent(0)),
        "Half of the outcomes come by 18 August 2023: the pace must average 9.4 a day until then, while in the last 10 days the "
        "unrecorded did not fall.",
    ),
    # several areas
    (
        lambda: forecasts.open_areas([A, B, C, D], 11, Level.KECAMATAN),
        "no date can be given for 4 of 11 kecamatan yet (Atinggola, Kwandang, Anggrek and 1 other), so none for all of them",
    ),
    (
        lambda: forecasts.last_one({A: 0.4, B: 0.3, C: 0.2, D: 0.1}),
        "most likely the last: Atinggola (8 in 20); then Kwandang (6 in 20) and Anggrek (4 in 20)",
    ),
    (
        lambda: forecasts.last_one({A: 0.95, B: 0.025, C: 0.0249}),
        "most likely the last: Atinggola (19 in 20); then Kwandang (less than 1 in 20)",
    ),
    (lambda: forecasts.last_one({A: 0.975, B: 0.02}), "most likely the last: Atinggola (more than 19 in 20)"),
    (lambda: forecasts.last_one({A: 0.976, B: 0.02}), "the last one is almost certainly Atinggola"),
    (lambda: forecasts.last_one({A: 0.5}), "the last one is almost certainly Atinggola"),
    # answers of the past
    (
        lambda: forecasts.moved(river("2023-09-01"), 730),
        "one answer so far: with the next snapshot it shows how the date moves",
    ),
    (
        lambda: forecasts.moved(river("2023-08-01", "2023-09-01", "2023-09-02"), 730),
        "even chances on 2 September 2023, 1 day later than before the snapshot of 4 July 2023 (new figures)",
    ),
    (
        lambda: forecasts.moved(river("2023-09-02", "2023-09-01"), 730),
        "even chances on 1 September 2023, 1 day earlier than before the snapshot of 27 June 2023 (new figures)",
    ),
    (
        lambda: forecasts.moved(river("2023-09-01", "2023-09-01"), 730),
        "even chances on 1 September 2023, not moved by the snapshot of 27 June 2023",
    ),
    (lambda: forecasts.bias(verdict(bias=0.5)), "the middle of the answers was neither too early nor too late"),
    (lambda: forecasts.bias(verdict(bias=0.6)), "the middle answer was 1 day too early"),
    (lambda: forecasts.bias(verdict(bias=-0.6)), "the middle answer was 1 day too late"),
    (
        lambda: forecasts.caution(verdict(7)),
        "So few answers prove little: they tell of luck as much as of the method.",
    ),
    (lambda: forecasts.caution(verdict(8)), None),
    # chances by a day: after the snapshot, to the end of the horizon
    (lambda: chances.chance_by(SOON, D20), "20 June 2023 is not after the snapshot"),
    (
        lambda: chances.chance_by(SOON, D20 + timedelta(1)),
        "chance of full recording by 21 June 2023: less than 1 in 20 (almost impossible)",
    ),
    (
        lambda: chances.chance_by(SOON, D20 + timedelta(730)),
        "chance of full recording by 19 June 2025: more than 19 in 20 (almost certain)",
    ),
    (
        lambda: chances.chance_by(SOON, D20 + timedelta(731)),
        "chance of full recording by 19 June 2025, as far as the projection looks: more than 19 in 20 (almost certain)",
    ),
    (
        lambda: chances.chance_by(replace(SOON, seen=D20 + timedelta(9)), D20 + timedelta(8)),
        "28 June 2023 has passed: no report says yet whether full recording was reached by then",
    ),
    (lambda: chances.when(foreseen([20.0] * 100, target=ZERO)), "full recording very likely reached on 10 July 2023"),
    (
        lambda: chances.chance_never(foreseen([*range(10, 15), *[INF] * 95], target=ZERO)),
        "chance that full recording is not reached within 2 years: 19 in 20 (very likely)",
    ),
    (lambda: chances.horizon(364), "364 days"),
    (lambda: chances.horizon(366), "366 days"),
    # the counts of an area
    (lambda: counts.listed(list("ABCDE")), "A, B, C, D and E"),
    (lambda: counts.listed(list("ABCDEF")), "A, B, C, D, E and 1 other"),
]


@pytest.mark.parametrize(("say", "english"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_at_the_edge_of_a_rule(say: Callable[[], Text | None], english: str | None) -> None:
    text = say()
    assert (None if text is None else render(text, "en")) == english


@pytest.mark.parametrize(
    ("twentieths", "word"),
    [
        (20, "almost certain"),
        (19, "very likely"),
        (16, "very likely"),
        (15, "likely"),
        (13, "likely"),
        (12, "as likely as not"),
        (8, "as likely as not"),
        (7, "rather unlikely"),
        (4, "rather unlikely"),
        (3, "unlikely"),
        (1, "unlikely"),
        (0, "almost impossible"),
    ],
)
def test_the_word_of_every_twentieth(twentieths: int, word: str) -> None:
    for off in (-0.024, 0.0, 0.024):
        assert render(chances.word(twentieths / 20 + off), "en") == word
        said = render(chances.frequency(twentieths / 20 + off), "en")
        assert said == {0: "less than 1 in 20", 20: "more than 19 in 20"}.get(twentieths, f"{twentieths} in 20")


@pytest.mark.parametrize(("inflow", "written"), [(-0.1, None), (0.0, None), (0.1, 0.1), (9.94, 9.9), (10.4, 10.0)])
def test_newcomers_have_a_decimal_below_ten(inflow: float, written: float | None) -> None:
    assert forecasts.newcomers_a_day(of_zero(inflow=inflow)) == written


@pytest.mark.parametrize(("days", "old"), [(45, False), (46, True)])
def test_a_figure_is_called_old_after_its_days(days: int, old: bool) -> None:
    found = warnings_of(at(given(KABUPATEN, DAY_3, 554)), date.fromisoformat(DAY_3) + timedelta(days))
    assert [render(text, "en") for text in found] == [f"The figures are {days} days old."] * old


def test_a_small_pace_is_said_without_one() -> None:
    assert "a day" in str(forecasts.required(Required(Gap.NONE, 5, 100), date(2024, 1, 1)))  # 0.05 a day
    assert "a day" not in str(forecasts.required(Required(Gap.NONE, 49, 1000), date(2024, 1, 1)))
    assert forecasts.newcomers(Assumed(Course.ARRIVES, 9, 0.05)) is not None
    assert forecasts.newcomers(Assumed(Course.ARRIVES, 9, 0.049)) is None
