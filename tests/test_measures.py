"""Measures: the tables of tests/spec/measures_cases.py, the arithmetic of change, pace and estimate, and the roll-up."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ektp_analysis.core import contract
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import (
    Gap,
    change_between,
    eligible_estimate,
    history_of,
    pace,
    reached_on,
    required_pace,
)
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.figures.standing import Reach, Silence, standing_of
from ektp_analysis.office import sample
from tests.breadth import examples
from tests.spec.measures_cases import (
    DAY_1,
    DAY_2,
    DAY_3,
    KABUPATEN,
    KECAMATAN,
    REACH,
    REACHED,
    STANDING,
    Case,
    all_eleven,
    figures,
    rows,
)


def value(found: Any, path: str) -> Any:
    """'figure.n_expected', 'silent' (how many), 'silent.0' (which), 'silent.0.since' of a standing, as plain values."""
    for part in path.split("."):
        found = found[int(part)] if part.isdigit() else getattr(found, part)
    if path == "differences":
        return [(one.column, one.own, one.total) for one in found]
    if isinstance(found, tuple):
        return len(found)
    if isinstance(found, Silence):
        return found.area_code
    return found.isoformat() if isinstance(found, date) else found


@pytest.mark.parametrize("case", STANDING, ids=lambda case: case.name)
def test_standing(case: Case) -> None:
    at = standing_of(case.figures, case.area)
    found = {path: value(at, path) for path in case.expected}
    assert found == {
        path: pytest.approx(wanted) if isinstance(wanted, float) else wanted for path, wanted in case.expected.items()
    }


@pytest.mark.parametrize("case", STANDING, ids=lambda case: case.name)
def test_a_rolled_up_frame_says_the_same(case: Case) -> None:
    assert standing_of(roll_up(case.figures), case.area) == standing_of(case.figures, case.area)


@pytest.mark.parametrize(("name", "row", "target", "wanted"), REACH, ids=[case[0] for case in REACH])
def test_reach(name: str, row: dict[str, Any], target: str, wanted: str) -> None:
    figure = standing_of(figures(row), KABUPATEN).figure
    assert figure is not None
    assert figure.reach(Target.parse(target)) == wanted


def test_an_incomplete_sum_reaches_nothing_but_can_miss_zero() -> None:
    figure = standing_of(figures(all_eleven(DAY_3, 1)[:10]), KABUPATEN).figure
    nobody = standing_of(figures(all_eleven(DAY_3, 0)[:10]), KABUPATEN).figure
    assert figure is not None and nobody is not None
    assert figure.reach(Target.parse("99.4")) == Reach.INCOMPLETE
    assert figure.reach(ZERO) == Reach.NOT_REACHED
    assert nobody.reach(ZERO) == Reach.INCOMPLETE


@pytest.mark.parametrize(("name", "snapshots", "target", "wanted"), REACHED, ids=[case[0] for case in REACHED])
def test_reached_on(name: str, snapshots: list[tuple[Any, ...]], target: str, wanted: tuple[str | None, ...]) -> None:
    series = figures(
        [rows(KABUPATEN, day, unrecorded, eligible, printed=printed) for day, unrecorded, eligible, printed in snapshots]
    )
    found = reached_on(history_of(series, KABUPATEN), Target.parse(target))
    assert (found.reach, found.on and found.on.isoformat(), found.on_reach, found.first and found.first.isoformat()) == wanted


def test_nothing_is_not_reached() -> None:
    found = reached_on(history_of(figures(), KABUPATEN), ZERO)
    assert (found.reach, found.on) == (Reach.UNKNOWN, None)


def test_on_an_earlier_day() -> None:
    series = figures(all_eleven(DAY_1, 20), all_eleven(DAY_3, 10))
    assert standing_of(series, KABUPATEN, date(2023, 6, 19)).unrecorded == 220
    assert standing_of(series, KABUPATEN, date(2023, 6, 20)).unrecorded == 110
    assert standing_of(series, KABUPATEN, date(2023, 6, 1)).figure is None


# --- over time ---------------------------------------------------------------------------------------------------


def test_history_has_a_row_a_day_and_says_whose() -> None:
    series = figures(rows(KABUPATEN, DAY_1, 862), rows(KABUPATEN, DAY_2, 650), all_eleven(DAY_2), all_eleven(DAY_3)[:10])
    found = history_of(series, KABUPATEN)
    assert found["as_of_date"].dt.strftime("%Y-%m-%d").tolist() == [DAY_1, DAY_2, DAY_3]
    assert found["unrecorded"].tolist() == [862, 650, 110]
    assert found["source"].tolist() == ["own", "own", "sum"]
    assert found["complete"].tolist() == [True, True, True] and found["n_older"].tolist() == [0, 0, 1]
    assert found["n_reported"].tolist() == [0, 11, 10]


@pytest.mark.parametrize(
    ("series", "wanted"),
    [
        (
            figures(rows(KABUPATEN, DAY_1, 862), rows(KABUPATEN, DAY_2, 650), rows(KABUPATEN, DAY_3, 554)),
            (Gap.NONE, DAY_2, -96, 1, 96.0),
        ),
        (figures(rows(KABUPATEN, DAY_1, 862), rows(KABUPATEN, DAY_2, 650)), (Gap.NONE, DAY_1, -212, 5, 42.4)),
        (figures(rows(KABUPATEN, DAY_2, 650), rows(KABUPATEN, DAY_3, 700)), (Gap.NONE, DAY_2, 50, 1, -50.0)),
        (figures(rows(KABUPATEN, DAY_3, 554)), (Gap.FIRST, None, None, 0, None)),
        (
            figures(rows(KABUPATEN, DAY_2, printed="99.30"), rows(KABUPATEN, DAY_3, 554)),
            (Gap.UNKNOWN_BEFORE, None, None, 0, None),
        ),
        (figures(), (Gap.NO_FIGURE, None, None, 0, None)),
        (figures(rows(KABUPATEN, DAY_2, 650), rows(KABUPATEN, DAY_3, printed="99.40")), (Gap.UNKNOWN, None, None, 0, None)),
        (figures(all_eleven(DAY_2), all_eleven(DAY_3, 9)[:10]), (Gap.NONE, DAY_2, -10, 1, 10.0)),
        (figures(all_eleven(DAY_1, 12), all_eleven(DAY_2)[:10], all_eleven(DAY_3)), (Gap.NONE, DAY_2, -2, 1, 2.0)),
        (figures(all_eleven(DAY_1, 12)[:10], all_eleven(DAY_3)[:10]), (Gap.NONE, DAY_1, -20, 6, 20 / 6)),
        (figures(all_eleven(DAY_1, 12)[1:], all_eleven(DAY_3)[:10]), (Gap.OTHER_AREAS, None, None, 0, None)),
        (figures(rows("75.05.08.2001", DAY_2, 9), rows("75.05.08.2002", DAY_3, 8)), (Gap.OTHER_AREAS, None, None, 0, None)),
    ],
    ids=[
        "falling",
        "five days",
        "rising",
        "one",
        "unknown before",
        "none",
        "unknown now",
        "10 against 11",
        "over the gap of one day",
        "the same ten",
        "another ten",
        "another desa below",
    ],
)
def test_change(series: pd.DataFrame, wanted: tuple[Any, ...]) -> None:
    found = change_between(history_of(series, KABUPATEN))
    assert (found.gap, found.start and found.start.isoformat(), found.absolute, found.days) == wanted[:4]
    assert found.per_day == (None if wanted[4] is None else pytest.approx(wanted[4]))


def test_a_change_of_basis_and_of_source_is_told() -> None:
    series = figures(rows(KABUPATEN, DAY_2, 650, basis="DKB 2022-2"), all_eleven(DAY_3, basis="DKB 2023-1"))
    found = change_between(history_of(series, KABUPATEN))
    assert (found.absolute, found.basis_changed, found.source_changed) == (-540, True, True)


def test_pace_over_a_window() -> None:
    series = figures(rows(KABUPATEN, DAY_1, 862), rows(KABUPATEN, DAY_2, 650), rows(KABUPATEN, DAY_3, 554))
    history = history_of(series, KABUPATEN)
    assert pace(history, 7).per_day == pytest.approx(308 / 6)
    assert pace(history, 1).per_day == 96
    assert pace(history, 0).gap is Gap.FIRST


@pytest.mark.parametrize(
    ("unrecorded", "allowed", "end", "wanted"),
    [
        (554, 0, date(2023, 12, 31), (Gap.NONE, 554, 194, 554 / 194)),
        (862, 555, date(2023, 6, 21), (Gap.NONE, 307, 1, 307.0)),
        (554, 555, date(2023, 12, 31), (Gap.REACHED, 0, 0, None)),
        (554, 0, date(2023, 6, 20), (Gap.PAST, 554, 0, None)),
        (None, 0, date(2023, 12, 31), (Gap.UNKNOWN, None, 0, None)),
        (554, None, date(2023, 12, 31), (Gap.UNKNOWN, None, 0, None)),
    ],
)
def test_required_pace(unrecorded: int | None, allowed: int | None, end: date, wanted: tuple[Any, ...]) -> None:
    found = required_pace(unrecorded, allowed, date(2023, 6, 20), end)
    assert (found.gap, found.people, found.days) == wanted[:3]
    assert found.per_day == (None if wanted[3] is None else pytest.approx(wanted[3]))


@pytest.mark.parametrize(
    ("snapshots", "wanted"),
    [
        ([(DAY_2, 650, "99.30", ""), (DAY_3, 554, "99.40", "")], (92_199, 93_109, 92_654)),
        ([(DAY_3, 554, "99.40", "")], (91_571, 93_109, 92_340)),
        ([(DAY_2, 650, "99.30", "DKB"), (DAY_3, 554, "99.40", "dinamis")], (91_571, 93_109, 92_340)),
        ([("2023-05-01", 650, "99.30", ""), (DAY_3, 554, "99.40", "")], (91_571, 93_109, 92_340)),
        ([("2023-05-20", 650, "99.30", ""), (DAY_3, 554, "99.40", "")], (92_199, 93_109, 92_654)),
        ([("2023-05-19", 650, "99.30", ""), (DAY_3, 554, "99.40", "")], (91_571, 93_109, 92_340)),
        ([(DAY_2, 650, "99.10", ""), (DAY_3, 554, "99.40", "")], (91_571, 93_109, 92_340)),
        ([(DAY_3, 5, "100.00", "")], (100_000, None, None)),
        ([(DAY_3, 554, None, "")], (None, None, None)),
        ([], (None, None, None)),
    ],
    ids=[
        "both intervals",
        "one",
        "other basis",
        "too old",
        "31 days",
        "32 days",
        "empty intersection",
        "unbounded",
        "count alone",
        "nothing",
    ],
)
def test_eligible_estimate(snapshots: list[tuple[Any, ...]], wanted: tuple[int | None, ...]) -> None:
    series = figures([rows(KABUPATEN, day, count, printed=printed, basis=basis) for day, count, printed, basis in snapshots])
    found = eligible_estimate(history_of(series, KABUPATEN))
    assert (found.low, found.high, found.mid) == wanted
    assert not found.exact


def test_a_counted_eligible_is_no_estimate() -> None:
    series = figures(rows(KABUPATEN, DAY_2, 650, printed="99.30"), rows(KABUPATEN, DAY_3, 554, 92_700))
    found = eligible_estimate(history_of(series, KABUPATEN))
    assert (found.low, found.high, found.exact) == (92_700, 92_700, True)


# --- side by side ------------------------------------------------------------------------------------------------


def test_ranking() -> None:
    series = figures(
        all_eleven(DAY_1, 90),
        all_eleven(DAY_2, 12),
        rows("75.05.01", DAY_3, 3, 1000),
        rows("75.05.02", DAY_3, 9, 1000),
        rows("75.05.03", DAY_3, 9, 1000),
        rows("75.05.04", DAY_3, None, 1000, 1100),
    )
    found = ranking(series, KABUPATEN)
    silent = list(KECAMATAN[4:])
    assert found["area_code"].tolist() == [*silent, "75.05.02", "75.05.03", "75.05.01", "75.05.04"]
    assert found["rank"].tolist()[:10] == [1] * 7 + [8, 8, 10]
    assert found["share"].tolist()[:10] == pytest.approx([12 / 105] * 7 + [9 / 105, 9 / 105, 3 / 105])
    assert found["change"].tolist()[7:10] == [-3, -3, -9]
    assert found.loc[10, ["unrecorded", "change", "previous_date", "rank"]].isna().all()
    assert found["previous_date"].dt.strftime("%Y-%m-%d").tolist()[7:10] == [DAY_2] * 3
    assert found["reported"].tolist() == [False] * 7 + [True] * 4
    first = found.iloc[:7]
    assert first["change"].isna().all() and first["previous_date"].isna().all() and first["unrecorded"].tolist() == [12] * 7
    assert first["last_reported"].dt.strftime("%Y-%m-%d").unique().tolist() == [DAY_2]
    assert found["as_of_date"].equals(found["last_reported"])
    found = found.set_index("area_code").loc[list(KECAMATAN[1:])].reset_index()
    assert found["name"].tolist()[0] == "Kwandang"
    assert len(found) == 10


def test_ranking_of_nothing_has_all_areas_and_no_zeros() -> None:
    found = ranking(figures(), KABUPATEN)
    assert found["area_code"].tolist() == list(KECAMATAN)
    assert found[["unrecorded", "share", "rank", "change", "last_reported"]].isna().all(axis=None)


def test_ranking_when_nobody_is_left_has_no_shares() -> None:
    found = ranking(figures(all_eleven(DAY_3, 0)), KABUPATEN)
    assert found["unrecorded"].tolist() == [0] * 11
    assert found["share"].isna().all()


def test_ranking_on_an_earlier_day_knows_nothing_later() -> None:
    found = ranking(figures(all_eleven(DAY_3)), KABUPATEN, on=date(2023, 6, 1))
    assert found["last_reported"].isna().all()


def test_ranking_of_a_deeper_level() -> None:
    series = figures([rows(f"75.05.08.{number}", DAY_3, number - 2000, 100) for number in (2001, 2002, 2003, 2004)])
    found = ranking(series, KABUPATEN, Level.DESA)
    assert len(found) == 123
    assert found["unrecorded"].tolist()[:4] == [4, 3, 2, 1]
    with pytest.raises(UserError, match="has no areas of the level province"):
        ranking(series, KABUPATEN, Level.PROVINSI)


def test_ranking_compares_only_sums_over_the_same_desa() -> None:
    def desa(day: str, *numbers: int) -> list[dict[str, Any]]:
        return [rows(f"75.05.08.{number}", day, 2, 100) for number in numbers]

    other = ranking(figures(desa(DAY_2, 2001, 2002), desa(DAY_3, 2001, 2003)), KABUPATEN)
    same = ranking(figures(desa(DAY_2, 2001, 2003), desa(DAY_3, 2001, 2003)), KABUPATEN)
    assert other["change"].isna().all()
    assert same["change"].tolist()[0] == 0


# --- the sample, and the roll-up as a whole ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def june() -> pd.DataFrame:
    """The two files of the sample as figures."""
    read = [pd.read_csv(path, dtype=str) for path in (sample.MODELLED_FILE, sample.REPORTED_FILE)]
    table = pd.concat(read)
    return contract.frame(table.assign(**{name: pd.to_numeric(table[name]) for name in contract.COUNTS}))


def test_the_sample_of_june_2023(june: pd.DataFrame) -> None:
    history = history_of(june, KABUPATEN)
    assert history["unrecorded"].tolist() == [862, 650, 554]
    assert history["coverage_reported"].fillna("").tolist() == ["", "99.30", "99.40"]
    at = standing_of(june, KABUPATEN)
    assert at.own is not None and at.total is not None
    assert (at.own.unrecorded, at.total.unrecorded, at.differences, at.silent) == (554, 554, (), ())
    assert f"{at.total.coverage:.4f}" == "0.9940"
    assert (at.own.status, at.total.status) == ("reported", "modelled")
    found = reached_on(history, Target.parse("99.4"))
    assert (found.on, found.on_reach) == (date(2023, 6, 20), Reach.PRINTED)
    assert ranking(june, KABUPATEN)["unrecorded"].sum() == 554


CODES = tuple(code for code in register().codes(Level.DESA) if code.startswith("75."))


@examples(6, 15)
@given(st.dictionaries(st.sampled_from(CODES), st.tuples(st.integers(0, 500), st.integers(0, 5000)), max_size=60))
def test_what_goes_in_comes_out_at_every_level(given_counts: dict[str, tuple[int, int]]) -> None:
    frame = figures([rows(code, DAY_3, unrecorded, unrecorded + more) for code, (unrecorded, more) in given_counts.items()])
    rolled = roll_up(frame)
    for level in (Level.KECAMATAN, Level.KABUPATEN, Level.PROVINSI, Level.NATION):
        part = rolled[(rolled["level"] == level) & rolled["headline"]]
        assert part["unrecorded"].sum() == sum(unrecorded for unrecorded, _ in given_counts.values())
        assert part["eligible"].sum() == sum(sum(pair) for pair in given_counts.values())
        assert (part["recorded"] + part["unrecorded"] == part["eligible"]).all()
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(roll_up(shuffled), rolled)


def test_a_narrowed_roll_up_is_the_roll_up_of_the_area() -> None:
    frame = figures(all_eleven(DAY_3), rows("75.01.01", DAY_3, 4, 100), rows("75", DAY_3, 900))
    pd.testing.assert_frame_equal(roll_up(roll_up(frame), KABUPATEN).reset_index(drop=True), roll_up(frame, KABUPATEN))


def test_the_nation_adds_up() -> None:
    codes = list(register().codes(Level.DESA))
    counts = np.random.default_rng(0).integers(0, 300, len(codes))
    frame = contract.frame(
        pd.DataFrame({"area_code": codes, "as_of_date": pd.Timestamp(DAY_3), "unrecorded": counts, "eligible": counts + 1000})
    )
    rolled = roll_up(frame)
    at = standing_of(rolled, "ID")
    assert at.unrecorded == counts.sum() and at.figure is not None and at.figure.complete
    assert len(rolled) == 83_762 + 7_285 + 514 + 38 + 1
