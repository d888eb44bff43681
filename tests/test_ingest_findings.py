"""Faults of rows, findings about figures and what rows say together: each with its rows, areas and numbers, by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, register
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.errors import RefusedError
from ektp_analysis.core.text import render
from ektp_analysis.ingest import asking, evidence, finish, quality, rows, summary
from ektp_analysis.ingest.cells.column import Column
from ektp_analysis.ingest.places.row_names import Disagreement
from ektp_analysis.ingest.places.totals import Difference
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Changes, Choices, ImportReport, Revision

TODAY, DAY = date(2024, 6, 30), date(2023, 6, 20)
HEAD = "kode;tanggal;wajib ktp;sudah rekam;belum rekam;cakupan;jenis"
DISTRICTS = [str(code) for code in register().codes(3, "75.05")]  # type: ignore[arg-type]


def read(*lines: str, head: str = "kode;tanggal;wajib ktp;sudah rekam;belum rekam;cakupan", **choices: Any) -> ImportReport:
    return read_file("\n".join([head, *lines, ""]).encode(), "a.csv", Choices(**choices), today=TODAY)


# Faults of one row

GOOD = ["75.05.03", "2023-06-20", "100", "90", "10", "90,0"]


@pytest.mark.parametrize(
    ("place", "cell", "fault", "mend"),
    [
        (0, "", "the area code is missing.", "Give the Kemendagri code"),
        (0, "75.05.99", "not in the register", "Give the Kemendagri code"),
        (0, "Kwandang", "is not an area code", "Did you mean 75.05.02 Kwandang?"),
        (0, "xqz", "", "Give the Kemendagri code, as text: 75.05.03."),
        (1, "", "the date is missing.", "Write it as 2023-06-20"),
        (1, "31-04-2023", "'31-04-2023' is not a day.", "Write it as 2023-06-20"),
        (1, "2024-07-01", "is in the future.", "Figures of days to come are not accepted: is the year right"),
        (1, "2010-12-31", "before the recording began in 2011.", "Is the year right, and the order of day and month?"),
        (2, "x", "'x' is not a count.", "A count is a whole number from 0 upwards"),
        (2, "-5", "'-5' is not a count.", ""),
        (2, "12,5", "'12,5' is not a count.", ""),
        (2, "#REF!", "'#REF!' is an error of the workbook, not a number.", ""),
        (2, "=A1", "'=A1' is a formula whose value the file does not keep", ""),
        (2, str(contract.MOST_RESIDENTS + 1), "is out of bounds.", ""),
        (5, "x", "'x' is not a percentage.", "Write it as 99,40."),
        (3, "y" * 50, f"'{'y' * 40}' is not a count.", ""),
    ],
)
def test_a_cell_that_cannot_be_one_is_a_fault_with_its_place(place: int, cell: str, fault: str, mend: str) -> None:
    bad = [cell if number == place else one for number, one in enumerate(GOOD)]
    report = read(";".join(["75.05.02", *GOOD[1:]]), ";".join(bad))
    assert report.status == "refused" and report.refused_count == 1 and {one.row for one in report.refused_rows} == {3}
    first = report.refused_rows[0]
    assert fault in str(first.fault) and mend in str(first.mend)
    assert first.column == HEAD.split(";")[place] and first.value == cell[:40]
    good = read(";".join(["75.05.02", *GOOD[1:]]), ";".join(bad), take_good_rows=True)
    assert good.status == "accepted" and list(good.rows["area_code"]) == ["75.05.02"] and list(good.rows["row"]) == [2]


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        (1, "2024-06-30"),
        (1, "2011-01-01"),
        (2, ""),
        (2, "-"),
        (2, "100,0"),
        (5, ""),
        (5, "=A1"),
        (5, "90"),
        (0, "750503"),
    ],
)
def test_a_cell_just_beside_a_fault_is_read(place: int, cell: str) -> None:
    assert read(";".join(cell if number == place else one for number, one in enumerate(GOOD))).status == "accepted"


def test_the_most_residents_are_no_fault() -> None:
    assert read(f"75.05.03;2023-06-20;{contract.MOST_RESIDENTS};;10;").status == "accepted"


@pytest.mark.parametrize(
    ("cells", "style", "held"),
    [
        (["1.000", "1,000"], "", [None, None]),
        (["1.000", "1,000"], "dot", [1000, None]),
        (["1.000", "1,000"], "comma", [None, 1000]),
        (["1.000", "2.000"], "", [1000, 2000]),
        (["1.000", "900"], "comma", [None, 900]),
        (["1,000", "1000"], "", [1000, 1000]),
    ],
)
def test_thousands_marked_in_two_ways_are_a_fault_unless_a_person_says_which(
    cells: list[str], style: str, held: list[int | None]
) -> None:
    column = Column("wajib", list(cells), np.array([0, 1]))
    made = rows.build({"eligible": column}, [2, 3], "S", TODAY, style=style)
    assert [None if pd.isna(one) else int(one) for one in made.frame["eligible"]] == held
    assert made.bad.tolist() == [one is None for one in held]
    assert all("can be read in two ways" in str(fault.fault) for _, fault in made.faults)


@pytest.mark.parametrize(
    ("cells", "printed"),
    [
        (["0,90", "0,995"], ["90", "99.5"]),
        (["0,9", "0,995"], ["0.9", "0.995"]),  # one decimal is no share
        (["0,90", "1"], ["90", "100"]),
        (["0,90", "99,5"], ["0.90", "99.5"]),
        (["0,90", "-"], ["90", None]),
        (["90", "99,50"], ["90", "99.50"]),
    ],
)
def test_texts_of_shares_are_given_in_per_cent(cells: list[str], printed: list[str | None]) -> None:
    report = read(*(f"{code};2023-06-20;;;10;{cell}" for code, cell in zip(DISTRICTS, cells, strict=False)))
    assert [None if pd.isna(one) else one for one in report.rows["coverage_reported"]] == printed


@pytest.mark.parametrize(
    ("cells", "printed"),
    [
        ([95.0, "0,90"], ["95", "0.90"]),  # where numbers stand too they say whether all are shares
        ([0.95, "90"], ["95", "9000"]),
        ([0.95, "-"], ["95", None]),
    ],
)
def test_numbers_among_texts_say_whether_a_column_holds_shares(cells: list[object], printed: list[str | None]) -> None:
    made = rows.build({"coverage_reported": Column("cakupan", cells, np.array([0, 1]))}, [2, 3], "S", TODAY)
    assert [None if pd.isna(one) else one for one in made.frame["coverage_reported"]] == printed


@pytest.mark.parametrize("day", [date(2010, 12, 31), date(2024, 7, 1), date(2011, 1, 1), date(2024, 6, 30)])
def test_a_day_that_no_figure_can_be_about(day: date) -> None:
    if date(2011, 1, 1) <= day <= TODAY:
        rows.check_day(day, TODAY)
    else:
        with pytest.raises(RefusedError, match="future" if day > TODAY else "2011"):
            rows.check_day(day, TODAY)


# Rules between cells and rows


def test_rows_that_break_the_contract_are_told_with_row_and_column() -> None:
    report = read("75.05.03;2023-06-20;100;90;11;", "75.05.02;2023-06-20;100;90;10;", "75.05.02;2023-06-20;100;90;10;")
    assert [(fault.row, fault.column) for fault in report.refused_rows] == [(2, "belum rekam"), (4, "kode")]
    assert "2 rows are refused; the first: " in str(report.reason)
    one = read("75.05.03;2023-06-20;100;90;11;", "75.05.02;2023-06-20;100;90;10;")
    assert one.reason is not None and str(one.reason) == str(one.refused_rows[0].text())


def test_nothing_that_can_be_taken_is_said_with_the_first_fault() -> None:
    assert "no rows below its header" in str(read().reason)
    assert str(read("75.05.03;x;1;1;;").reason) == str(read("75.05.03;x;1;1;;").refused_rows[0].text())
    assert str(read("75.05.03;x;1;1;;", "75.05.02;x;1;1;;").reason).startswith("no row can be accepted; the first: ")


def test_rows_outside_of_the_area_that_the_file_is_about_are_refused() -> None:
    report = read("75.05.03;2023-06-20;100;90;10;", "75.01.01;2023-06-20;100;90;10;", area="75.05")
    (fault,) = report.refused_rows
    assert fault.row == 3 and "is not in 75.05 Kabupaten Gorontalo Utara" in str(fault.fault) and fault.value == "75.01.01"
    assert read("75.05.03;2023-06-20;100;90;10;", area="75.05.03").status == "accepted"
    assert read("75.05.03;2023-06-20;100;90;10;", area="75.05.02").status == "refused"
    assert read("75.05.03;2023-06-20;100;90;10;", area="75").status == "accepted"


# Findings


def solved(*given: dict[str, Any]) -> pd.DataFrame:
    return solve(
        contract.frame([{"as_of_date": DAY, "area_code": code, **row} for code, row in zip(DISTRICTS, given, strict=False)])
    )


def findings(*given: dict[str, Any]) -> list[tuple[str, tuple[int, ...], str]]:
    frame = solved(*given)
    return [(one.name, one.rows, render(one.text, "en")) for one in quality.checks(frame, np.arange(2, len(frame) + 2))]


@pytest.mark.parametrize(
    ("recorded", "printed", "off"),
    [
        (9_000, "90", False),
        (9_100, "90", False),  # a unit of the last decimal: nobody says how it was rounded
        (9_101, "90", True),
        (8_900, "90", False),
        (8_899, "90", True),
        (9_009, "90.0", False),
        (9_011, "90.0", True),
        (9_002, "90.00", True),
        (9_000, "90.00", False),
        (9_000, "90.000001", False),
        (9_001, "90.000001", True),
        (9_000, "90.0000001", False),
        (9_000, "89.9999989", True),  # six decimals are looked at
        (9_000, "89.9999991", False),
    ],
)
def test_a_printed_percentage_is_off_beyond_a_unit_of_its_last_decimal(recorded: int, printed: str, off: bool) -> None:
    found = findings({"eligible": 10_000, "recorded": recorded, "coverage_reported": printed})
    assert [one[0] for one in found] == (["percentage"] if off else [])


def test_what_is_said_of_a_percentage_that_is_off() -> None:
    ((name, numbers, text),) = findings({"eligible": 10_000, "recorded": 9_123, "coverage_reported": "90.0"})
    assert (name, numbers) == (
        "percentage",
        (2,),
    ) and "Row 2, 75.05.01: 9,123 of 10,000 is 91.23%, but the file says 90.0%" in text
    ((*_, whole),) = findings({"eligible": 10_000, "recorded": 9_123, "coverage_reported": "90.0000"})
    assert "91.2300%" in whole and "90.0000%" in whole


@pytest.mark.parametrize(("off", "said"), [(5, 5), (6, 6)])
def test_so_many_percentages_are_told_one_by_one_and_the_rest_counted(off: int, said: int) -> None:
    bad = {"eligible": 10_000, "recorded": 9_123, "coverage_reported": "90.0"}
    found = findings(*[bad] * off, {"eligible": 10_000, "recorded": 9_001, "coverage_reported": "90.0"})
    assert len(found) == min(off, 5) + (off > 5)
    if off > 5:
        assert found[-1][1] == tuple(range(2, 2 + off)) and found[-1][2].startswith(f"In {off} rows the percentage in the file")


@pytest.mark.parametrize(
    ("row", "above"),
    [
        ({"eligible": 100, "recorded": 100}, False),
        ({"eligible": 100, "recorded": 101}, True),
        ({"eligible": 100, "recorded": 101, "coverage_reported": "101"}, True),
        ({"unrecorded": 5, "coverage_reported": "100"}, False),
        ({"unrecorded": 5, "coverage_reported": "100.1"}, True),
        ({"eligible": 100, "recorded": 100, "coverage_reported": "100"}, False),
    ],
)
def test_coverage_above_all_of_the_eligible_is_told(row: dict[str, Any], above: bool) -> None:
    for others in ([], [{"eligible": 100, "recorded": 90, "coverage_reported": "90"}]):
        found = {name: (numbers, text) for name, numbers, text in findings(*others, row)}
        assert ("above_100" in found) is above
        if above:
            assert found["above_100"][0] == (2 + len(others),) and found["above_100"][1].startswith("1 row is above 100%")


def test_round_numbers_are_listed_with_their_rows() -> None:
    rows_ = [{"unrecorded": 20 + 10 * n} for n in range(7)] + [{"unrecorded": 21 + n} for n in range(4)]
    ((name, numbers, text),) = findings(*rows_)
    assert name == "round_numbers" and numbers == tuple(range(2, 9)) and text.startswith("7 areas have round numbers")
    eligible = [{"eligible": 200 + 10 * n} for n in range(11)]
    assert [one[0] for one in findings(*eligible)] == ["round_numbers"]
    assert findings(*({"unrecorded": 21 + n, "eligible": 200 + 10 * n} for n in range(11)))[0][0] == "round_numbers"


@pytest.mark.parametrize("block", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("seed", range(6))
def test_round_numbers_in_blocks_are_those_in_one(block: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(seed)
    values = np.where(draw.random(40) < 0.6, draw.integers(0, 30, 40) * 10, draw.integers(0, 300, 40))
    large = values[values >= 10]
    wanted = len(large) >= 10 and (large % 10 == 0).sum() >= 0.6 * len(large)
    monkeypatch.setattr(quality, "_BLOCK", block)
    assert quality._mostly_round(values) == wanted


def frame(day: date, **columns: Any) -> pd.DataFrame:
    codes = columns.pop("codes", None) or DISTRICTS[: len(next(iter(columns.values())))]
    made = contract.frame(pd.DataFrame({"area_code": codes, "as_of_date": pd.Timestamp(day), **columns}))
    return made.assign(row=range(2, len(made) + 2))


def against(now: pd.DataFrame, before: pd.DataFrame) -> dict[str, Any]:
    return {one.name: one for one in finish.against(now, before.drop(columns="row"))}


LATER = date(2024, 6, 19)  # 365 days


def test_findings_need_an_earlier_day() -> None:
    now = frame(LATER, eligible=[100, 200, 300])
    assert finish.against(now, None) == () == finish.against(now.iloc[:0], now) == finish.against(now, now.iloc[:0])
    assert finish.against(now, now.drop(columns="row")) == ()


def test_the_last_earlier_day_is_compared_with_the_latest() -> None:
    before = pd.concat([frame(date(2022, 6, 20), eligible=[1, 2, 3]), frame(DAY, eligible=[100, 200, 300])])
    now = pd.concat([frame(date(2024, 1, 1), eligible=[9, 9, 9]), frame(LATER, eligible=[100, 200, 300])])
    assert set(against(now, before)) == {"identical"} and "20 June 2023" in render(against(now, before)["identical"].text, "en")


def test_figures_are_the_same_only_where_all_of_them_are() -> None:
    now = frame(LATER, eligible=[100, 200, 300], recorded=[90, 190, 290])
    assert set(against(now, frame(DAY, eligible=[100, 200, 300], recorded=[90, 190, 290]))) == {"identical"}
    assert not against(now, frame(DAY, eligible=[100, 200, 300], recorded=[90, 190, 291]))
    assert not against(now, frame(DAY, eligible=[100, 200, 300]))
    assert not against(frame(LATER, coverage_reported=["90", "91", "92"]), frame(DAY, coverage_reported=["90", "91", "92"]))


@pytest.mark.parametrize(("changed", "found"), [((3, 4, 5), True), ((4, 5), False), ((2, 3, 4, 5), False)])
def test_a_part_whose_figures_are_those_of_before_is_told_where_the_others_have_new_ones(
    changed: tuple[int, ...], found: bool
) -> None:
    """Two kecamatan of three desa: the first has its old figures; told where none of the others has."""
    codes = [f"{district}.{desa}" for district in DISTRICTS[:2] for desa in (2001, 2002, 2003)]
    old = [100 + place for place in range(6)]
    new = [value + (place in changed) for place, value in enumerate(old)]
    told = against(frame(LATER, codes=codes, eligible=new), frame(DAY, codes=codes, eligible=old))
    assert ("copied" in told) is found and (not found or told["copied"].areas == (DISTRICTS[0],))


def test_a_jump_of_the_eligible_is_said_with_its_numbers() -> None:
    found = against(frame(LATER, eligible=[1_000, 2_000]), frame(DAY, eligible=[1_500, 2_500]))
    text = render(found["eligible_jump"].text, "en")
    assert "from 4,000 to 3,000" in text and "(-25.00%)" in text and "in 365 days" in text
    near = frame(date(2023, 6, 21), eligible=[10_200]), frame(date(2023, 6, 21), eligible=[10_202])
    assert not against(near[0], frame(DAY, eligible=[10_000])) and against(near[1], frame(DAY, eligible=[10_000]))
    assert not against(frame(LATER, eligible=[5, 5]), frame(DAY, eligible=[0, 0]))
    alone = frame(LATER, eligible=[1_000, None]), frame(DAY, eligible=[1_000, 9_000])
    assert "eligible_jump" not in against(*alone)  # of an area that has both


def test_areas_in_which_the_unrecorded_rose_are_named() -> None:
    now = frame(LATER, eligible=[10_000, 10_000, 10_000], unrecorded=[353, 352, 400])
    found = against(now, frame(DAY, eligible=[10_000] * 3, unrecorded=[50, 50, 50]))["unrecorded_rose"]
    assert found.rows == (2, 4) and found.areas == (DISTRICTS[0], DISTRICTS[2])
    assert render(found.text, "en").startswith("In 2 areas the unrecorded rose") and f"{DISTRICTS[0]}, {DISTRICTS[2]}" in str(
        found.text
    )
    unknown = frame(LATER, unrecorded=[9_000]), frame(DAY, unrecorded=[50])
    assert not against(*unknown)  # of how many nobody knows
    before = frame(LATER, unrecorded=[353]), frame(DAY, eligible=[10_000], unrecorded=[50])
    assert set(against(*before)) == {"unrecorded_rose"}  # the eligible of before
    month = frame(date(2023, 7, 20), eligible=[10_000], unrecorded=[85])
    assert "unrecorded_rose" in against(month, frame(DAY, eligible=[10_000], unrecorded=[50]))  # thirty days: 24 and ten
    assert not against(
        frame(date(2023, 7, 20), eligible=[10_000], unrecorded=[83]), frame(DAY, eligible=[10_000], unrecorded=[50])
    )


def test_areas_that_are_missing_and_that_are_new() -> None:
    now, before = frame(LATER, eligible=[1, 2], codes=DISTRICTS[:2]), frame(DAY, eligible=[1, 2], codes=DISTRICTS[1:3])
    found = against(now, before)
    assert found["vanished"].areas == (DISTRICTS[2],) and "1 area that reported on 20 June 2023 is missing" in render(
        found["vanished"].text, "en"
    )
    assert (
        found["appeared"].areas == (DISTRICTS[0],) and found["appeared"].level == "note" and found["vanished"].level == "warning"
    )
    elsewhere = frame(DAY, eligible=[1, 2, 3], codes=[DISTRICTS[0], DISTRICTS[1], "75.01.01"])
    assert not against(now, elsewhere)  # of another kabupaten
    above = frame(DAY, eligible=[1, 2, 3], codes=[DISTRICTS[0], DISTRICTS[1], "75.05"])
    assert not against(now, above)  # of another level
    assert not against(now, frame(DAY, eligible=[1], codes=["75.01.01"]))  # nothing in common


# What rows say together


def keys(codes: list[str], days: list[date]) -> summary.Keys:
    made = contract.frame([{"area_code": code, "as_of_date": day, "eligible": 1} for code, day in zip(codes, days, strict=True)])
    return summary.keys_of(made)


@pytest.mark.parametrize("known", [False, True])
def test_keys_of_rows_are_their_areas_and_days(known: bool) -> None:
    days = [date(2023, 6, 20), date(2022, 6, 20), date(2023, 6, 20)]
    codes = ["75.05.03", "75.05.02", "75.05.02"]
    made = contract.frame([{"area_code": code, "as_of_date": day, "eligible": 1} for code, day in zip(codes, days, strict=True)])
    given = {}
    if known:
        given = {
            "areas": (["75.05.02", "75.05.03"], np.array([1, 0, 0])),
            "days": ([date(2023, 6, 20), date(2022, 6, 20)], np.array([0, 1, 0])),
        }
    found = summary.keys_of(made, **given)
    assert [found.codes[place] for place in found.area] == codes
    assert [pd.Timestamp(found.dates[place]).date() for place in found.day] == days
    assert [pd.Timestamp(day).date() for day in found.dates] == sorted(set(days)) and found.rows_of_day.tolist() == [1, 2]
    assert found.places.tolist() == [summary.places_of([code])[0] for code in found.codes]


def test_days_at_hand_are_taken_only_where_they_are_those_of_the_rows() -> None:
    made = contract.frame([{"area_code": "75.05.03", "as_of_date": DAY, "eligible": 1}] * 2)
    for days in (([DAY, date(2020, 1, 1)], np.array([0, 0])), ([DAY, None], np.array([0, 0])), ([DAY], np.array([0]))):
        found = summary.keys_of(made, days=days)
        assert [pd.Timestamp(day).date() for day in found.dates] == [DAY] and found.day.tolist() == [0, 0]
    twice = summary.keys_of(made, days=([DAY, DAY], np.array([0, 1])))
    assert twice.day.tolist() == [0, 0] and len(twice.dates) == 1
    same = summary.keys_of(made, areas=(["75.05.03", "75.05.03"], np.array([0, 1])))
    assert list(same.codes) == ["75.05.03"] and same.area.tolist() == [0, 0]
    short = summary.keys_of(made, areas=(["75.05.03"], np.array([0])))
    assert short.area.tolist() == [0, 0]


def test_places_in_the_register_begin_with_the_nation() -> None:
    assert summary.places_of([NATION, "x", "75.05.99", "11"]).tolist() == [0, -1, -1, 1]


@pytest.mark.parametrize("sparse", [summary.SPARSE, 0])
@pytest.mark.parametrize("block", [1, 3, 1 << 14])
def test_repeated_rows_are_those_that_stood_before(sparse: int, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "SPARSE", sparse)
    monkeypatch.setattr(summary, "_BLOCK", block)
    assert summary.repeated(keys(DISTRICTS[:4], [DAY] * 4)).tolist() == [False] * 4
    assert summary.repeated(keys([DISTRICTS[0], DISTRICTS[1], DISTRICTS[0]], [DAY] * 3)).tolist() == [False, False, True]
    assert summary.repeated(keys([DISTRICTS[0]] * 2, [DAY, LATER])).tolist() == [False, False]


def test_totals_of_each_day_count_an_area_once() -> None:
    made = contract.frame(
        [
            {"area_code": "75.05", "as_of_date": DAY, "eligible": 1_000, "recorded": 900},
            {"area_code": "75.05.03", "as_of_date": DAY, "eligible": 100, "recorded": 90},
            {"area_code": "75.05.03", "as_of_date": LATER, "eligible": 110},
            {"area_code": "75.05.02", "as_of_date": LATER, "eligible": 120, "recorded": 100},
            {"area_code": "76.01", "as_of_date": DAY, "unrecorded": 7},
        ]
    )
    first, second = summary.totals(solve(made), summary.keys_of(made))
    assert (first.date, first.areas, first.eligible, first.recorded, first.unrecorded) == (DAY, 3, 1_000, 900, 107)
    assert first.missing == {"eligible": 1, "recorded": 1}
    assert (second.areas, second.eligible, second.recorded, second.missing) == (2, 230, 100, {"recorded": 1, "unrecorded": 1})
    assert summary.totals(made.iloc[:0], summary.keys_of(made.iloc[:0])) == ()


@pytest.mark.parametrize(
    ("code", "up", "above"),
    [
        ("75.05.03.2001", 1, "75.05.03"),
        ("75.05.03.2001", 3, "75"),
        ("75.05.03.2001", 4, NATION),
        ("75", 1, NATION),
        ("75", 2, ""),
        (NATION, 1, ""),
    ],
)
def test_what_lies_above_an_area(code: str, up: int, above: str) -> None:
    assert summary._ancestor(code, up) == above


@pytest.mark.parametrize("block", [1, 2, 1 << 14])
def test_the_key_of_the_content_does_not_depend_on_blocks_or_order(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = contract.frame([{"area_code": code, "as_of_date": DAY, "eligible": 100 + n} for n, code in enumerate(DISTRICTS)])
    whole = summary.content_key(solve(made), summary.keys_of(made))
    monkeypatch.setattr(summary, "_BLOCK", block)
    turned = made.iloc[::-1].reset_index(drop=True)
    assert summary.content_key(solve(turned), summary.keys_of(turned)) == whole
    # as it is kept in stores: a change here makes every file new
    assert summary.content_key(solve(made.iloc[:2]), summary.keys_of(made.iloc[:2])) == "c43d07dda814788143204e697252c369"


def test_changes_beside_what_holds_are_counted_and_named() -> None:
    held = contract.frame([{"area_code": code, "as_of_date": DAY, "eligible": 100, "recorded": 90} for code in DISTRICTS[:3]])
    now = contract.frame(
        [
            {"area_code": DISTRICTS[0], "as_of_date": DAY, "eligible": 100, "unrecorded": 10},
            {"area_code": DISTRICTS[1], "as_of_date": DAY, "eligible": 101, "recorded": 90},
            {"area_code": DISTRICTS[3], "as_of_date": DAY, "eligible": 100, "recorded": 90},
            {"area_code": DISTRICTS[2], "as_of_date": LATER, "eligible": 100, "recorded": 90},
        ]
    )
    found = summary.changes(solve(now), held)
    assert (found.new, found.same) == (2, 1)
    assert [(one.area_code, one.date, one.column, one.old, one.new) for one in found.revised] == [
        (DISTRICTS[1], DAY, "eligible", 100, 101),
        (DISTRICTS[1], DAY, "unrecorded", 10, 11),
    ]


# Lists end somewhere, for nobody reads them to the end


def found(**given: Any) -> Any:
    """A candidate of which nothing is to be said but what is given."""
    placed = SimpleNamespace(
        disagree=given.pop("disagree", ()),
        codes=given.pop("codes", []),
        told=(),
        regencies=(),
        by_code=True,
        foreign_codes=False,
    )
    return SimpleNamespace(
        **{
            "differences": (),
            "kinds": (),
            "figures": {},
            "rows": [],
            "parsed": {},
            "picked": SimpleNamespace(columns={}, totals={}, percent=-1, proofs=[], unread={}),
            "when": SimpleNamespace(other=None, day=None),
            "file": "",
            "without": (),
            "placed": placed,
            "table": SimpleNamespace(row_numbers=range(2, 500), name_of=lambda number: f"row {number} " + "x" * 50),
        }
        | given
    )


def test_so_many_totals_and_names_are_told_one_by_one() -> None:
    differ = tuple(Difference(n, "", "recorded", 1, 2) for n in range(25))
    assert len(evidence.checks(found(differences=differ))) == 20
    names_ = tuple(Disagreement(n, "X", DISTRICTS[0], "") for n in range(35))
    renamed = evidence.checks(found(disagree=names_))
    assert [one.rows for one in renamed] == [(n + 2,) for n in range(30)] and {one.areas for one in renamed} == {(DISTRICTS[0],)}


def test_so_many_areas_without_a_figure_and_rows_of_no_area_are_named() -> None:
    (silent,) = evidence.checks(found(without=tuple(range(9)), codes=DISTRICTS[:9]))
    assert len(silent.areas) == 9 and len(silent.rows) == 9 and str(silent.text).count("75.05.") == 8
    (apart,) = evidence.checks(found(kinds=("apart",) * 9, figures={"recorded": np.arange(9.0)}))
    assert str(apart.text).count("row ") == 8 and "(recorded 36)" in str(apart.text) and apart.rows == tuple(range(2, 11))
    assert f"row 0 {'x' * 34}, " in str(apart.text)


def test_a_name_that_says_another_day_is_a_warning() -> None:
    (said,) = evidence.checks(found(when=SimpleNamespace(other=LATER, day=DAY, only=None)))
    assert (
        (said.name, said.level) == ("date", "warning") and "20 June 2023" in str(said.text) and "19 June 2024" in str(said.text)
    )
    assert evidence.checks(found(when=SimpleNamespace(other=LATER, day=None, only=None))) == () == evidence.checks(found())


def test_so_many_areas_that_are_missing_or_new_are_listed_and_named() -> None:
    many = [str(code) for code in register().codes(4, "35.19")]  # type: ignore[arg-type]
    few = frame(LATER, eligible=[1, 2], codes=many[:2])
    parents = {code.rpartition(".")[0] for code in many[:2]}
    here = [code for code in many if code.rpartition(".")[0] in parents]
    gone = against(few, frame(DAY, eligible=[1] * len(here), codes=here))["vanished"]
    assert gone.areas == tuple(here[2:]) and str(gone.text).count("35.19.") == min(8, len(here) - 2)
    fresh = against(frame(LATER, eligible=[1] * 203, codes=many[:203]), frame(DAY, eligible=[1], codes=many[:1]))["appeared"]
    assert fresh.areas == tuple(many[1:201]) and str(fresh.text).count("35.19.") == 8


def test_what_is_listed_of_a_warning() -> None:
    codes = [str(code) for code in register().codes(4, "35")][:60]  # type: ignore[arg-type]
    given = frame(DAY, unrecorded=[10] * 60, codes=codes)
    (listed,) = quality.round_numbers(solve(given.drop(columns="row")), given["row"].to_numpy())
    assert len(listed.rows) == 60 and len(listed.areas) == 50


def test_so_many_questions_about_names_are_asked_with_so_many_areas() -> None:
    labels = [f"X{n}" for n in range(45)]
    given = found(
        speaks=True,
        unfitting="",
        doubts=(),
        unplaced=list(range(45)),
        when=SimpleNamespace(day=DAY, cells=()),
        placed=SimpleNamespace(
            at_odds=(), contradicted=False, rivals=(), labels=labels, unmatched=dict.fromkeys(labels, DISTRICTS[:5])
        ),
    )
    asked = asking.questions(given)
    assert [one.subject for one in asked] == labels[:40] and {len(one.readings) for one in asked} == {4}
    assert asked[0].readings[0].choices == {"aliases": {"X0": DISTRICTS[0]}} and "'X0' (row 2)" in str(asked[0].text)


def test_a_file_that_brings_nothing_new() -> None:
    revised = (Revision("75.05.01", DAY, "eligible", 1, 2),)
    assert Changes(0, 5).nothing
    assert not Changes(1, 0).nothing and not Changes(0, 5, revised).nothing and not Changes(1, 0, revised).nothing
