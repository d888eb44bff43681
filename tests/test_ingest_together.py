"""Tables that are one reading: which of them are read, what is asked and what is told, at the edge of each rule.

Members are made by hand with what a rule looks at; whole tables are read where the words of a sentence are what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core import contract
from ektp_analysis.core.area import register
from ektp_analysis.core.text import render
from ektp_analysis.ingest import halves, parts_asked, parts_told, pile, together, units
from ektp_analysis.ingest.cells import written
from ektp_analysis.ingest.ground import Doubt
from ektp_analysis.ingest.opening.containers import Sheet
from ektp_analysis.ingest.pile import Member, Pile
from ektp_analysis.ingest.report import UNDECIDED, Choices
from ektp_analysis.ingest.rows import Draft, joined
from ektp_analysis.ingest.together import Together
from ektp_analysis.ingest.units import Unit
from tests.test_ingest_units import AREAS, HEAD, KTP, REGENCY, WITHIN, Rows, months, of_areas, villages

D1, D2, D3 = date(2023, 6, 14), date(2023, 6, 20), date(2023, 6, 27)
Counts = dict[str, float]


def member(
    codes: Sequence[str] = ("75.05.01",), day: date | None = D1, counts: Counts | None = None, *, level: int = 3, **given: Any
) -> Any:
    """A member with what most rules look at; ``given``: fields of its unit."""
    key = given.pop("key", "A")
    unit = Unit(key, given.pop("sheet", key), None, day, **given)
    found = SimpleNamespace(level=level, doubts=(), speaks=True, when=SimpleNamespace(readings=(), cells=()))
    found.picked = SimpleNamespace(columns={role: (place,) for place, role in enumerate(counts or {"eligible": 9.0})})
    found.table = SimpleNamespace(hidden=False, headers=(), titles=())
    found.area_columns = SimpleNamespace(used={0})
    found.fingerprint = lambda: key
    figures = {(code, day): dict({"eligible": 9.0} if counts is None else counts) for code in codes}
    return SimpleNamespace(unit=replace(unit, found=found), found=found, figures=figures, part=SimpleNamespace(totals={}))


def made(*members: Any, rest: Sequence[Unit] = (), choices: Choices = UNDECIDED, recaps: Sequence[Any] = ()) -> Pile:
    return Pile([*(one.unit for one in members), *rest], tuple(members), tuple(recaps), tuple(rest), choices)


def read(*sheets: tuple[str, Rows], **choices: Any) -> Together | None:
    given = Choices(**choices)
    return together.of(units.of([Sheet(name, rows) for name, rows in sheets], given, "x.xlsx"), given)


def one_of(*sheets: tuple[str, Rows], **choices: Any) -> Together:
    found = read(*sheets, **choices)
    assert found is not None
    return found


def table(figures: dict[str, Sequence[object]], *titles: str, head: Sequence[object] = HEAD) -> Rows:
    return [
        [*KTP],
        *([title] for title in titles),
        list(head),
        *([register().name(code), *cells] for code, cells in figures.items()),
    ]


def texts(given: Sequence[Any]) -> list[str]:
    return [render(one.text, "en") for one in given]


# What is read


def test_levels_of_tables() -> None:
    assert together._main_level([member(level=4), member(level=3), member(level=3)]) == 3
    assert together._main_level([member(level=3), member(level=4)]) == 4  # of as many the lower one


def test_a_recap_says_again_what_others_say() -> None:
    plain, recap = member(), member(key="REKAP")
    assert together._sums_up(recap, [plain, recap]) and not together._sums_up(plain, [plain, recap])
    assert not together._sums_up(recap, [recap]) and not together._sums_up(recap, [recap, member(key="TOTAL")])
    assert not together._sums_up(member(["75.05.02"], key="REKAP"), [plain])


def test_a_table_of_another_level_is_read_on_a_day_of_its_own() -> None:
    main = [member(day=D1), member(day=D2)]
    other, known, bare = (member(["75.05.01.2001"], day, level=4) for day in (D3, D1, None))
    recap = member([REGENCY], D3, level=2, key="REKAP")
    found = together._members([*main, *[member(day=D2, key=name) for name in "XY"], other, known, bare, recap])
    assert [one.found.level for one in found] == [3, 3, 3, 3, 4]
    assert found[-1].unit.day == D3
    same_day = [main[0], member(["75.05.02"]), member(["75.05.03"])]
    assert together._members([*same_day, other]) == tuple(same_day)  # the others are of one day


def test_counts_agree_where_both_give_one_and_none_otherwise() -> None:
    assert together._agree({"e": 1.0}, {"e": 1.0}) and together._agree({"e": 1.0, "r": 2.0}, {"e": 1.0})
    assert not together._agree({"e": 1.0}, {"r": 1.0}) and not together._agree({}, {})
    assert not together._agree({"e": 1.0, "r": 2.0}, {"e": 1.0, "r": 3.0})
    assert together._count(None) == "–" and together._count(5.0) == 5


def test_of_fewer_than_two_tables_nothing_is_joined() -> None:
    sheet = ("14-06-2023", of_areas(AREAS))
    assert read(sheet) is None and read() is None
    assert read(sheet, ("KIA", [["x"]])) is None
    assert read(sheet, ("20-06-2023", of_areas(AREAS))) is not None
    alike = of_areas(AREAS, "PER 14 JUNI 2023")
    assert read(("A", alike), ("B", alike)) is None  # the same twice is one


def test_a_sheet_that_is_named_alike_and_cannot_be_read_is_missing() -> None:
    day = written.Found(D1, "day", "x")
    own, said, area = member(), member(said=day), member(area="75.05.01")
    for rest, among, missing in (
        ([Unit("B", "B", None, said=day)], said, True),
        ([Unit("B", "B", None, said=day)], own, False),
        ([Unit("B", "B", None)], said, False),
        ([Unit("B", "B", None, area="75.05.02")], area, True),
        ([Unit("B", "B", None, area="75.05.02")], said, False),
        ([Unit("B", "B", None, said=day, empty=True, width=0)], said, False),
        ([], said, False),
    ):
        assert together._missing(rest, [among]) is missing


def test_beside_the_same_sheet_twice_one_that_cannot_be_read_is_asked_about() -> None:
    same, broken = of_areas(AREAS), [[*KTP], HEAD, *([register().name(code), "x", "y"] for code in AREAS)]
    for sheets in (("14-06-2023",), ("14-06-2023", "14-06-2023 (2)")):
        found = one_of(*((name, same) for name in sheets), ("20-06-2023", broken))
        assert [one.subject for one in found.questions] == ["20-06-2023"]
    twice = (("14-06-2023", same), ("14-06-2023 (2)", same))
    assert read(*twice) is None and read(*twice, ("KIA", broken)) is None


def test_a_doubtful_table_is_read_where_it_is_made_like_a_sure_one() -> None:
    sure, silent = member(key="A"), member(key="B")
    doubtful, alike = member(key="C"), member(key="A")
    silent.found.speaks = False
    doubtful.found.doubts = alike.found.doubts = (Doubt.OTHER,)
    doubtful.found.table.headers, sure.found.table.headers, alike.found.table.headers = (("x",),), (("y",),), (("z",),)
    assert together._speaking([sure, silent, doubtful, alike]) == [sure, alike]
    assert together._speaking([silent, doubtful]) == [doubtful] and together._speaking([silent]) == []


def test_what_holds() -> None:
    good: Any = SimpleNamespace(picked=SimpleNamespace(columns={"eligible": (1,)}), rows=[0], unfitting="")
    assert together._holds(good)
    for change in ({"rows": []}, {"unfitting": "areas"}, {"picked": SimpleNamespace(columns={})}):
        assert not together._holds(SimpleNamespace(**{**vars(good), **change}))  # type: ignore[arg-type]


def test_what_is_said_twice_alike_counts_once_and_who_says_more_is_held() -> None:
    more = {code: [900.0 + n, 880.0 + n, 20.0] for n, code in enumerate(AREAS)}
    less = {code: cells[:2] for code, cells in list(more.items())[:4]}
    short = table(less, "PER 14 JUNI 2023", head=HEAD[:3])
    found = one_of(("A", short), ("B", table(more, "PER 14 JUNI 2023")), ("C", table(more, "PER 20 JUNI 2023")))
    assert [one.unit.key for one in found.members] == ["B", "C"]
    assert "A repeats for 4 areas what B says; they are counted once." in texts(found.checks)
    day = ("PER 14 JUNI 2023", *WITHIN)
    new = table({AREAS[0]: more[AREAS[0]][:2]}, *day, head=HEAD[:3])
    other = {code: more[code][:2] for code in AREAS[1:]}
    both = one_of(("A", table(other, *day, head=HEAD[:3])), ("B", new))
    assert [(one.unit.key, len(one.found.rows)) for one in both.members] == [("A", 10), ("B", 1)] and not both.questions
    whole = {AREAS[0]: more[AREAS[0]], AREAS[1]: [1.0 + cell for cell in more[AREAS[1]]]}
    part = one_of(("A", table(other, *day, head=HEAD[:3])), ("B", table(whole, *day)))
    assert [(one.unit.key, len(one.found.rows)) for one in part.members] == [("A", 10), ("B", 2)] and len(part.questions) == 1


def test_where_two_say_something_else_the_count_that_differs_is_named() -> None:
    one = {code: [900.0, 880.0, 20.0] for code in AREAS}
    two = {code: [900.0, 870.0, 30.0] for code in AREAS[2:]}
    found = one_of(*((name, table(counts, "PER 14 JUNI 2023")) for name, counts in (("A", one), ("B", two))))
    (question,) = found.questions
    assert render(question.text, "en") == (
        "A and B give different figures for the same 9 areas: 75.05.03 Anggrek has 880 and 870. Which of them is right?"
    )
    assert [dict(one.choices["parts"]) for one in question.readings] == [{"B": "none"}, {"A": "none"}]
    assert [one.totals["recorded"] for one in question.readings] == [11 * 880, 9 * 870]
    assert [render(one.label, "en") for one in question.readings] == ["A; B is left out", "B; A is left out"]
    three = one_of(*((name, table(counts, "PER 14 JUNI 2023")) for name, counts in (("A", one), ("B", two), ("C", two))))
    assert len(three.questions) == 2  # B and C against A
    bare = together._which(member(counts={}), member(counts={"eligible": 5.0}), [("75.05.01", D1)])
    assert "has – and –" in render(bare.text, "en")
    shares = together._which(member(counts={"recorded": 4.0}), member(counts={"eligible": 5.0}), [("75.05.01", D1)])
    assert "has 4 and –" in render(shares.text, "en")


# What makes it repeatable, and why it is one


@pytest.mark.parametrize(
    ("members", "choices", "settled"),
    [
        ([member(day=D1), member(["75.05.02"], D1, key="B")], {}, {"parts": {}, "date": "2023-06-14", "area": REGENCY}),
        (
            [member(day=D1), member(day=D2, key="B")],
            {},
            {"parts": {"A": "2023-06-14", "B": "2023-06-20"}, "area": REGENCY},
        ),
        (
            [member(day=D1, area="75.05.01"), member(day=D2, key="B")],
            {"parts": {"B": "none"}, "area": REGENCY},
            {"parts": {"A": "75.05.01", "B": "none"}},
        ),
        ([member(day=None)], {}, {"parts": {}, "area": REGENCY}),
        ([member(day=D1)], {}, {"parts": {}, "date": "2023-06-14", "area": REGENCY}),
        ([member(["75.05"], D1, level=2)], {}, {"parts": {}, "date": "2023-06-14"}),
        ([member(["75.05"], D3, level=2), member(day=D1), member(day=D2, key="C")], {}, None),
        ([member(["75.05.01"]), member(["75.01.01"], key="B")], {}, {"parts": {}, "date": "2023-06-14"}),
        ([member(day=None), member(day=D1, key="B")], {}, {"parts": {}, "area": REGENCY}),
    ],
)
def test_the_choices_that_make_it_repeatable(members: list[Any], choices: dict[str, Any], settled: dict[str, Any] | None) -> None:
    found = together._settled(made(*members, choices=Choices(**choices)))
    assert "area" not in found if settled is None else found == settled


@pytest.mark.parametrize(
    ("members", "reasons"),
    [
        ([member(), member(["75.05.02"])], ["they are of different areas, 2 in all"]),
        ([member(), member(day=D2)], ["they are of 2 days"]),
        ([member(), member(day=D2), member(["75.05.02"])], ["they are of different areas, 2 in all", "they are of 2 days"]),
        ([member(day=None)], ["they are of different areas, 1 in all"]),
        ([member()], []),
    ],
)
def test_why_tables_are_one_reading(members: list[Any], reasons: list[str]) -> None:
    first, *areas = together._evidence(made(*members), None)
    assert [render(one, "en") for one in first.reasons] == reasons and not areas
    assert render(first.choice, "en") == f"{len(members)} tables are read together: {', '.join(one.unit.key for one in members)}"


def test_the_kecamatan_of_a_sheet_is_told() -> None:
    _, area = together._evidence(made(member(area="75.05.03", sheet="Anggrek"), member(day=D2)), None)
    assert render(area.choice, "en") == "the sheet Anggrek is 75.05.03 Anggrek"


# Piles


def test_a_member_gives_figures_by_area_and_day() -> None:
    cells = {AREAS[0]: [900.0, "", 20.0], AREAS[1]: [910.0, 880.0, 30.0]}
    (unit,) = units.of([Sheet("14-06-2023", table(cells, *WITHIN))], UNDECIDED, "x")
    assert unit.found is not None
    one = Member(unit, unit.found)
    assert one.figures == {
        (AREAS[0], D1): {"eligible": 900.0, "unrecorded": 20.0},
        (AREAS[1], D1): {"eligible": 910.0, "recorded": 880.0, "unrecorded": 30.0},
    }
    assert (one.part.key, one.part.day, one.part.rows, one.part.totals["eligible"]) == ("14-06-2023", D1, 2, 1810)
    assert Member(replace(unit, month=True), unit.found).part.day is None
    bare = Member(unit, replace(unit.found, kinds=("note",) * len(unit.found.kinds)))
    assert bare.part.totals == {} and bare.part.rows == 0
    assert made(member(day=D2), member(day=None), member(day=D1), member(day=D2)).days == [D1, D2]


@pytest.mark.parametrize(("empty", "width", "blank"), [(True, 1, True), (True, 2, False), (True, -1, True), (False, -1, False)])
def test_a_table_that_shows_nothing_beside_its_areas_is_blank(empty: bool, width: int, blank: bool) -> None:
    one, two = member(), member()
    two.found.area_columns.used = {0, 1}
    assert pile.blank(Unit("B", "B", None, empty=empty, width=width), [one, two]) is blank


def test_what_is_made_alike() -> None:
    day = written.Found(D1, "day", "x")
    plain, said, area = member(sheet="S"), member(key="B", said=day), member(key="C", area="75.05.01")
    for one in (plain, said, area):
        one.found.table.headers = (("x",),)
    other = member(key="Z").unit
    for unit, among, alike in (
        (Unit("D", "D", None, said=day), [plain, said], True),
        (Unit("D", "D", None, said=day), [plain], False),
        (Unit("D", "D", None), [plain, said, area], False),
        (Unit("D", "D", None, area="75.05.02"), [plain, area], True),
        (Unit("D", "D", None, area="75.05.02"), [plain, said], False),
        (Unit("D", "S", None, grouped=True), [said, plain], True),
        (Unit("D", "S", None), [plain], False),
        (Unit("D", "T", None, grouped=True), [plain], False),
        (other, [plain], False),
        (plain.unit, [plain], True),
        (replace(plain.unit, found=member(key="Q").found), [plain], False),
        (replace(other, found=said.found), [plain], True),  # another print, the same header
    ):
        assert pile.alike(unit, among) is alike


# What is asked


def test_which_day_of_their_month_tables_are_about() -> None:
    jan, feb = (member(day=day, key=key, month=True) for key, day in (("J", date(2023, 1, 31)), ("F", date(2023, 2, 28))))
    (question,) = parts_asked._months(made(member(), jan, feb, member(day=None, month=True)))
    assert "2 tables name a month but no day (J to F)" in render(question.text, "en")
    assert [dict(one.choices["parts"]) for one in question.readings] == [
        {"J": "2023-01-31", "F": "2023-02-28"},
        {"J": "2023-01-01", "F": "2023-02-01"},
    ]
    assert list(parts_asked._months(made(member()))) == []
    (rows,) = parts_asked.month_rows([Unit("A", "A", None, months=True), Unit("B", "B", None)])
    assert [dict(one.choices["parts"]) for one in rows.readings] == [{"A": "month-end"}, {"A": "month-start"}]
    assert list(parts_asked.month_rows([Unit("B", "B", None)])) == []
    assert [one.text for one in parts_asked._month_rows(made(member(months=True)))] == [rows.text]


def undated(key: str, *offered: date) -> Any:
    one = member(["75.05.02"], None, key=key)
    one.found.when.readings = tuple((day, "x") for day in offered)
    return one


def test_a_day_is_asked_once_where_no_table_says_one() -> None:
    (question,) = parts_asked._undated(made(undated("A", D1), undated("B", D2)))
    assert question.topic == "date" and [one.choices["date"] for one in question.readings] == ["2023-06-14", "2023-06-20"]
    (several,) = parts_asked._undated(made(member(day=D1), undated("B", D2), undated("C")))
    assert several.topic == "date" and [one.choices["date"] for one in several.readings] == ["2023-06-20", "2023-06-14"]
    assert list(parts_asked._undated(made(member()))) == []


def test_a_day_is_asked_of_each_table_beside_others_that_say_theirs() -> None:
    (one,) = parts_asked._undated(made(member(day=D1), undated("B")))
    assert (one.topic, one.subject) == ("part_day", "B")
    assert [dict(reading.choices["parts"]) for reading in one.readings] == [{"B": "2023-06-14"}, {"B": "none"}]
    (own,) = parts_asked._undated(made(member(day=D1), undated("B", D3)))
    assert [dict(reading.choices["parts"]) for reading in own.readings] == [{"B": "2023-06-27"}, {"B": "none"}]
    first, second = parts_asked._undated(made(member(day=D1), member(day=D2), undated("B"), undated("C")))
    assert [first.subject, second.subject] == ["B", "C"] and len(first.readings) == 1


@pytest.mark.parametrize(
    ("kind", "said", "day", "within"),
    [
        ("day", D1, D1, True),
        ("day", D1, D2, False),
        ("month", date(2023, 6, 30), D1, True),
        ("month", date(2023, 6, 30), date(2022, 6, 14), False),
        ("month", date(2023, 6, 30), date(2023, 7, 14), False),
        ("semester", date(2023, 6, 30), date(2023, 6, 30) - timedelta(days=200), True),
        ("semester", date(2023, 6, 30), date(2023, 6, 30) - timedelta(days=201), False),
        ("semester", date(2023, 6, 30), date(2023, 6, 30) + timedelta(days=200), True),
        ("semester", date(2023, 6, 30), date(2023, 6, 30) + timedelta(days=201), False),
    ],
)
def test_a_day_within_what_a_name_says(kind: str, said: date, day: date, within: bool) -> None:
    hit = written.Found(said, kind, "x")
    assert parts_asked._within(day, hit) is within
    asked = list(parts_asked._at_odds(made(member(day=day, said=hit), member())))
    assert len(asked) == (not within)
    for question in asked:
        parts = [dict(one.choices["parts"]) for one in question.readings]
        assert parts == [{"A": said.isoformat()}, {"A": day.isoformat()}, {"A": "none"}] and question.subject == "A"


def test_what_a_person_said_or_nothing_says_is_not_at_odds() -> None:
    hit = written.Found(D1, "day", "x")
    for choices in (Choices(date=D3), Choices(parts={"A": "2023-06-20"})):
        assert list(parts_asked._at_odds(made(member(day=D2, said=hit), choices=choices))) == []
    assert list(parts_asked._at_odds(made(member(day=None, said=hit), member(day=D2)))) == []


def areas(letters: str) -> list[str]:
    return [f"75.05.{ord(letter) - ord('a') + 1:02}" for letter in letters]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ([("abcd", D1), ("abef", D2), ("abef", D2)], 0),  # half of its areas are those of the others
        ([("abcd", D1), ("aefg", D2), ("aefg", D2)], 1),
        ([("abcde", D1), ("abfgh", D2), ("abfgh", D2)], 1),
        ([("ab", D1), ("cd", D1), ("ef", D2), ("ef", D2), ("ef", D2)], 0),  # two of a day
        ([("ab", D1), ("cd", D2)], 1),  # of as many the later day is the usual one
        ([("ab", None), ("cd", D2)], 0),
        ([("ab", None), ("cd", None)], 0),
        ([("ab", D2), ("cd", D2)], 0),
    ],
)
def test_a_table_of_another_day_and_of_other_areas_is_asked_about(given: list[tuple[str, date | None]], asked: int) -> None:
    members = [member(areas(letters), day, key=f"K{number}") for number, (letters, day) in enumerate(given)]
    questions = list(parts_asked._strangers(made(*members)))
    assert len(questions) == asked
    for question in questions:
        assert question.subject == "K0"
        assert [dict(one.choices["parts"]) for one in question.readings] == [
            {"K0": "2023-06-14"}, {"K0": "2023-06-20"}, {"K0": "none"},
        ]  # fmt: skip
        assert list(parts_asked._strangers(made(*members, choices=Choices(parts={"K0": "2023-06-14"})))) == []


def test_a_table_of_zeros_is_asked_about_beside_others() -> None:
    zero, full = {"eligible": 0.0, "recorded": 0.0}, member(key="F")
    (day,) = parts_asked._zeros(made(member(counts=zero, key="Z"), full))
    assert [dict(one.choices["parts"]) for one in day.readings] == [{"Z": "none"}, {"Z": "2023-06-14"}] and day.subject == "Z"
    (area,) = parts_asked._zeros(made(member(counts=zero, area="75.05.01", key="Z"), full))
    assert dict(area.readings[1].choices["parts"]) == {"Z": "75.05.01"}
    (neither,) = parts_asked._zeros(made(member(counts=zero, day=None, key="Z"), full))
    assert len(neither.readings) == 1
    assert list(parts_asked._zeros(made(member(counts=zero), member(counts=zero)))) == []
    assert list(parts_asked._zeros(made(member(counts={**zero, "eligible": 1.0}), full))) == []
    assert list(parts_asked._zeros(made(member(counts=zero, key="Z"), full, choices=Choices(parts={"Z": "2023-06-14"})))) == []


def unplaced(*labels: str, unfitting: str = "") -> Any:
    return SimpleNamespace(placed=SimpleNamespace(labels=labels), unplaced=[0], unfitting=unfitting)


def test_the_kecamatan_whose_desa_a_sheet_holds_are_offered() -> None:
    anggrek = member([str(code) for code in register().children("75.05.03")], level=4)
    labels = ["Kec. X / Pontolo", "Leboto", "Biau", "Omuto", "Luhuto", "Ilangata", "", "Monano", "Imana"]
    question = parts_asked._whose(Unit("B", "B", unplaced(*labels)), made(anggrek))
    parts = [one.choices["parts"]["B"] for one in question.readings]
    assert parts == ["75.05.10", "75.05.02", "75.05.01", "none"]  # by hits, then by code; that of 75.05.03 is taken
    assert (question.topic, question.subject) == ("part_area", "B")
    none = parts_asked._whose(Unit("B", "B", None), made(anggrek))
    assert [one.choices["parts"]["B"] for one in none.readings] == ["none"]
    above = member(["75.05"], level=2)
    assert len(parts_asked._whose(Unit("B", "B", unplaced("Pontolo")), made(above)).readings) == 1


def test_sheets_that_are_built_like_the_others_and_cannot_be_read() -> None:
    day = written.Found(D1, "day", "x")
    own = member(said=day)
    cases = {
        "x": Unit("x", "x", None, said=day),
        "blank": Unit("blank", "blank", None, said=day, empty=True, width=0),
        "other": Unit("other", "other", None),
        "rows": Unit("rows", "rows", replace_found(unplaced("Pontolo")), said=day),
        "unfit": Unit("unfit", "unfit", replace_found(unplaced(unfitting="areas"), []), said=day),
        "bare": Unit("bare", "bare", replace_found(unplaced(), []), said=day),
    }
    asked = {one.subject: one.topic for one in parts_asked._unread(made(own, rest=list(cases.values())))}
    assert asked == {"x": "part", "rows": "part_area", "unfit": "part_area", "bare": "part"}


def replace_found(found: Any, unplaced: list[int] | None = None) -> Any:
    found.unplaced = [0] if unplaced is None else unplaced
    found.fingerprint, found.table = lambda: "?", SimpleNamespace(headers=())
    return found


def test_what_one_answer_settles_is_asked_once() -> None:
    both = made(undated("A", D1), undated("B", D1))
    assert [one.topic for one in parts_asked._undated(both)] == ["date"]
    unknown: Rows = [*of_areas(AREAS[:3], *WITHIN), ["Sumalata Barat", 900.0, 880.0, 20.0]]
    two = one_of(("14-06-2023", unknown), ("20-06-2023", unknown))
    assert [one.subject for one in two.questions] == ["Sumalata Barat"]
    assert [dict(one.choices) for one in (two.questions[0].readings[0], two.questions[0].readings[-1])] == [
        {"aliases": {"Sumalata Barat": "75.05.04"}}, {"parts": {"14-06-2023": "none"}},
    ]  # fmt: skip


def test_a_sheet_of_which_half_of_the_names_are_unknown_is_asked_about_as_a_whole() -> None:
    odd: Rows = [["Entah Apa Satu", 900.0, 880.0, 20.0], ["Entah Apa Dua", 900.0, 880.0, 20.0]]
    fine = ("20-06-2023", of_areas(AREAS[:3], *WITHIN))
    half = one_of(("14-06-2023", [*of_areas(AREAS[:2], *WITHIN), *odd]), fine)
    assert [(one.topic, one.subject) for one in half.questions] == [("part_area", "14-06-2023")]
    less = one_of(("14-06-2023", [*of_areas(AREAS[:3], *WITHIN), *odd]), fine)
    assert [(one.topic, one.subject) for one in less.questions] == [("alias", "Entah Apa Satu"), ("alias", "Entah Apa Dua")]
    assert render(less.questions[0].text, "en").startswith("14-06-2023: Which area is 'Entah Apa Satu'")


# What is told


def test_a_hidden_sheet_is_told_and_each_check_has_the_name_of_its_sheet() -> None:
    sheets = [Sheet("14-06-2023", of_areas(AREAS, *WITHIN), True), Sheet("20-06-2023", of_areas(AREAS, *WITHIN))]
    sheets[1].rows[5][1:] = ["", "", ""]  # type: ignore[index]
    found = together.of(units.of(sheets, UNDECIDED, "x"), UNDECIDED)
    assert found is not None
    told = texts(found.checks)
    assert [text for text in told if "hidden" in text] == ["14-06-2023 is a hidden sheet; it is read as well."]
    assert any(text.startswith("20-06-2023: 1 area is listed without a figure") for text in told)


def test_figures_that_stand_once_are_told_of_each_sheet() -> None:
    shared = [member(sheet="S", shared=("WAJIB", "KTP")), member(day=D2, sheet="S", shared=("WAJIB",)), member(sheet="T")]
    (told,) = parts_told._shared(made(*shared, member(sheet="S")))
    assert render(told.text, "en") == "WAJIB, KTP appears once for 2 days and is used for each of them."
    assert told.level == "warning"


def recap(codes: Sequence[str], day: date | None, counts: Counts | None = None, level: int = 3) -> Any:
    one = member(codes, day, counts, key="REKAP", level=level)
    one.found.rows = list(range(len(codes)))
    one.found.placed = SimpleNamespace(codes=list(codes))
    one.found.table.row_numbers = [7 + place for place in range(len(codes))]
    return one


def told_of(one: Any, *members: Any) -> list[str]:
    return texts(list(parts_told.against(one, members)))


def test_a_recap_is_held_against_the_sums() -> None:
    parts = [member([f"75.05.01.200{n}"], D1, {"eligible": 10.0, "recorded": 4.0}, level=4) for n in (1, 2)]
    agree = recap(["75.05.01"], D1, {"eligible": 20.0, "recorded": 8.0})
    assert told_of(agree, *parts) == ["REKAP agrees with the sums of the other tables (2 figures)."]
    off = recap(["75.05.02", "75.05.01"], D1, {"eligible": 20.0, "recorded": 9.0})
    assert told_of(off, *parts) == [
        "REKAP, row 8 (75.05.01 Atinggola): recorded is 9, but the other sheets add up to 8, which is used.",
        "REKAP holds areas that are in no other table: 75.05.02 Kwandang.",
    ]
    (first, alone) = parts_told.against(off, parts)
    assert (first.rows, first.areas, alone.areas) == ((8,), ("75.05.01",), ("75.05.02",))
    above = recap([REGENCY], D1, {"eligible": 21.0}, level=2)
    assert (
        "row 7 (75.05 Kabupaten Gorontalo Utara): eligible is 21, but the other sheets add up to 20" in told_of(above, *parts)[0]
    )
    below = recap(["75.05.02.2001", "75.05.01.2001"], D1, {"eligible": 19.0}, level=4)
    assert told_of(below, member(["75.05.01"], D1, {"eligible": 20.0}))[0].startswith("REKAP, row 8 (75.05.01 Atinggola)")
    deeper = recap(["75.05.01.2001"], D1, {"eligible": 20.0}, level=4)
    assert told_of(deeper, member(["75.05.01"], D1, {"eligible": 20.0})) == [
        "REKAP agrees with the sums of the other tables (1 figures)."
    ]


def test_a_recap_without_a_day_is_of_the_one_day_of_the_others() -> None:
    one, two = member(day=D1, counts={"eligible": 9.0}), member(day=D2, counts={"eligible": 8.0})
    assert told_of(recap(["75.05.01"], None, {"eligible": 9.0}), one) == [
        "REKAP agrees with the sums of the other tables (1 figures)."
    ]
    assert told_of(recap(["75.05.01"], None, {"eligible": 9.0}), one, two) == []
    assert told_of(recap(["75.05.01"], D2, {"eligible": 9.0}), one, two)[0].startswith("REKAP, row 7")
    assert told_of(recap(["75.05.01"], D1, {"recorded": 9.0}), one) == []  # nothing that both give


def test_the_first_differences_are_told() -> None:
    codes = [f"75.05.{n:02}" for n in range(1, 12)]
    others = [member(codes, D1, {"eligible": 9.0, "recorded": 8.0})]
    told = told_of(recap(codes, D1, {"eligible": 7.0, "recorded": 7.0}), *others)
    assert len(told) == parts_told.MOST_TOLD == 20
    alone = told_of(recap(codes, D1, {"eligible": 9.0}), member(["75.05.01"], D1))
    assert alone[0].count("75.05.") == parts_told.MOST_NAMED == 8


def test_a_recap_that_cannot_be_compared_is_told() -> None:
    one = member(day=D1)

    def told(given: Any, *members: Any) -> list[str]:
        return texts(list(parts_told._compared(made(*(members or (one,)), recaps=[given]))))

    doubtful = recap(["75.05.01"], D1)
    doubtful.found.doubts = (Doubt.OTHER,)
    sure = "REKAP is neither read nor compared with the others: it cannot be read with certainty."
    assert told(doubtful) == [sure] == told(recap([], D1))
    assert told(recap(["75.05.01"], D2)) == ["REKAP is of 20 June 2023, and no other table is; it is neither read nor compared."]
    agrees = ["REKAP agrees with the sums of the other tables (1 figures)."]
    assert told(recap(["75.05.01"], D1)) == agrees == told(recap(["75.05.01"], None))
    assert told(recap(["75.05.01"], D2), member(day=None)) == agrees
    assert told(recap(["75.05.01"], D1), one, member(day=D2)) == agrees


def test_what_is_not_read_is_told() -> None:
    day = written.Found(D1, "day", "x")
    rest = [
        Unit("alike", "alike", None, said=day, empty=True, width=0),
        Unit("asked", "asked", None, said=day, empty=True, width=5),
        Unit("other", "other", None, empty=True, width=5),
        Unit("full", "full", None),
        Unit("named", "named", None, said=day),
    ]
    told = list(parts_told._not_read(made(member(said=day), rest=rest, choices=Choices(parts={"gone": "none", "B": "men"}))))
    assert [(render(one.text, "en").split()[0], one.level) for one in told] == [
        ("alike", "warning"), ("other", "note"), ("full", "warning"), ("gone", "warning"),
    ]  # fmt: skip
    assert "shows no figure" in render(told[0].text, "en") and "is not read" in render(told[2].text, "en")


# Men and women


def by_sex(
    sex: str, *, key: str = "", counts: Counts | None = None, titles: Sequence[str] = (), named: bool = False, **given: Any
) -> Any:
    one = member(given.pop("codes", ("75.05.01",)), counts=counts, key=key or sex or "JUMLAH", **given)
    one.found.doubts, one.found.named = (Doubt.ONE_SEX,) if sex else (), named
    one.found.table.titles = tuple(titles)
    return one


@pytest.mark.parametrize(
    ("sheet", "titles", "sex"),
    [
        ("LAKI-LAKI", [], "men"),
        ("pria", [], "men"),
        ("PEREMPUAN", [], "women"),
        ("S", ["DATA WANITA"], "women"),
        ("S", ["LAKI-LAKI DAN PEREMPUAN"], ""),
        ("PEREMPUAN", ["LAKI-LAKI DAN PEREMPUAN"], "women"),
        ("PEREMPUAN", ["LAKI-LAKI"], ""),
        ("S", [], ""),
    ],
)
def test_whom_a_table_counts(sheet: str, titles: list[str], sex: str) -> None:
    one = by_sex("x", sheet=sheet, titles=titles)
    assert halves._sex(one, UNDECIDED) == sex
    assert halves._sex(by_sex("", sheet=sheet, titles=titles), UNDECIDED) == ""
    assert halves._sex(by_sex("", sheet=sheet, titles=titles, named=True), UNDECIDED) == sex
    for said, meant in (("men", "men"), ("women", "women"), ("all", ""), ("2023-06-30", sex)):
        assert halves._sex(one, Choices(parts={"x": said})) == meant


def test_men_and_women_are_one_reading() -> None:
    men = by_sex("LAKI-LAKI", counts={"eligible": 5.0, "recorded": 3.0})
    women = by_sex("PEREMPUAN", counts={"eligible": 4.0, "recorded": 2.0})
    whole = by_sex("", counts={"eligible": 9.0, "recorded": 5.0})
    found = halves.of([women, whole, men], UNDECIDED)
    assert found is not None and found.members == (men, women) and found.whole == (whole,) and found.questions == ()
    assert "eligible 9; recorded 5" in render(found.reasons[0], "en")
    assert halves.of([men, women], UNDECIDED) is not None
    assert halves.of([men], UNDECIDED) is None and halves.of([women], UNDECIDED) is None
    assert halves.of([men, men, women], UNDECIDED) is None and halves.of([men, women, women], UNDECIDED) is None
    for other in (
        by_sex("PEREMPUAN", counts={"eligible": 4.0}),
        by_sex("PEREMPUAN", counts={"eligible": 4.0, "recorded": 2.0}, day=D2),
        by_sex("PEREMPUAN", counts={"eligible": 4.0, "recorded": 2.0}, codes=("75.05.02",)),
    ):
        assert halves.of([men, other], UNDECIDED) is None


def test_a_table_of_both_that_is_no_sum_is_asked_about() -> None:
    men, women = by_sex("LAKI-LAKI", counts={"eligible": 5.0}), by_sex("PEREMPUAN", counts={"eligible": 4.0})
    whole = by_sex("", counts={"eligible": 8.0})
    found = halves.of([men, women, whole], UNDECIDED)
    assert found is not None
    (question,) = found.questions
    assert "JUMLAH gives 8 for 75.05.01 Atinggola (eligible), but men and women together are 9." in render(question.text, "en")
    assert [dict(one.choices["parts"]) for one in question.readings] == [
        {"JUMLAH": "none"}, {"LAKI-LAKI": "none", "PEREMPUAN": "none"},
    ]  # fmt: skip
    assert question.readings[0].totals == {"eligible": 9}
    more = by_sex("", counts={"eligible": 9.0}, codes=("75.05.01", "75.05.02"))
    wider = halves.of([men, women, more], UNDECIDED)
    assert (
        wider is not None
        and "gives 9 for 75.05.02 Kwandang (eligible), but men and women together are 0" in texts(wider.questions)[0]
    )


def test_a_count_that_one_sex_does_not_give_adds_nothing() -> None:
    men, women = by_sex("LAKI-LAKI", counts={"eligible": 5.0, "recorded": 3.0}), by_sex("PEREMPUAN", counts={"eligible": 4.0})
    women.found.picked.columns = men.found.picked.columns
    whole = by_sex("", counts={"eligible": 9.0, "recorded": 3.0})
    found = halves.of([men, women, whole], UNDECIDED)
    assert found is not None and not found.questions and "eligible 9; recorded 3" in render(found.reasons[0], "en")
    (question,) = halves.of([men, women, by_sex("", counts={"eligible": 9.0, "recorded": 4.0})], UNDECIDED).questions  # type: ignore[union-attr]
    assert "(recorded), but men and women together are 3." in render(question.text, "en")


def test_men_alone_are_not_all() -> None:
    men = by_sex("LAKI-LAKI", codes=("75.05.01", "75.05.03"), counts={"eligible": 5.0})
    women = by_sex("PEREMPUAN", codes=("75.05.01", "75.05.02"), counts={"eligible": 4.0})
    found = halves.of([men, women, by_sex("", counts={"eligible": 1.0})], UNDECIDED)
    assert found is not None
    (question,) = found.questions
    assert question.refuses and "75.05.02 Kwandang is in one of them only" in render(question.text, "en")


def draft(
    codes: Sequence[str], eligible: Sequence[int | None], bad: Sequence[bool], kinds: dict[str, int], **given: Any
) -> Draft:
    frame = pd.DataFrame(
        {"area_code": list(codes), "as_of_date": pd.Timestamp("2023-06-14"), "eligible": pd.array(eligible, dtype="Int64")}
    )
    for name in contract.COUNTED[1:]:
        frame[name] = pd.array([None] * len(frame), dtype="Int64")
    frame["coverage_reported"] = "90"
    return Draft(frame, "S", np.arange(len(frame)), np.array(bad), kinds=kinds, **given)


def test_the_rows_of_men_and_women_are_added_by_area() -> None:
    faults: Any = ((1, "of women"),)
    one = draft(["a", "b", "c"], [1, 2, 3], [False, False, True], {"x": 1, "y": 2})
    two = draft(["c", "a", "b"], [10, 20, None], [False, True, False], {"y": 3, "z": 4}, faults=faults)
    both = halves.summed(replace(one, faults=((2, "of men"),)), two)  # type: ignore[arg-type]
    assert [None if pd.isna(n) else int(n) for n in both.frame["eligible"]] == [21, None, 13]
    assert both.bad.tolist() == [True, False, True] and both.kinds == {"x": 1, "y": 5, "z": 4}
    assert both.faults == ((2, "of men"), (0, "of women")) and both.frame["coverage_reported"].isna().all()


def test_drafts_below_each_other_have_the_name_of_their_sheet_where_it_is_one() -> None:
    one, two = (draft(["a", "b"], [1, 2], [False, bad], {"x": 1}) for bad in (False, True))
    same = joined([replace(one, faults=((1, "f"),)), replace(two, faults=((0, "g"),))])  # type: ignore[arg-type]
    assert same.sheet == "S" and same.faults == ((1, "f"), (2, "g")) and same.kinds == {"x": 2}
    assert same.bad.tolist() == [False, False, False, True] and same.sheets is not None and set(same.sheets) == {"S"}
    other = joined([one, replace(two, sheet="T")])
    assert other.sheet == "" and other.sheets is not None and list(other.sheets) == ["S", "S", "T", "T"]


# Whole files


def test_a_recap_on_sheets_of_kecamatan_is_compared() -> None:
    named = [(register().name(code), villages(code, "PER 14 JUNI 2023")) for code in AREAS[:3]]
    sums = {}
    for code in AREAS[:3]:
        many = len(register().children(code))
        step = many * (many - 1) / 2
        sums[code] = [900.0 * many + step, 880.0 * many + step, 20.0 * many]
    found = one_of(("REKAP", table(sums, "PER 14 JUNI 2023")), *named)
    assert "REKAP agrees with the sums of the other tables (9 figures)." in texts(found.checks) and not found.questions
    assert found.choices == {
        "parts": {register().name(code): code for code in AREAS[:3]}, "date": "2023-06-14", "area": REGENCY,
    }  # fmt: skip
    assert [len(one.found.rows) for one in found.members] == [len(register().children(code)) for code in AREAS[:3]]


def test_rows_of_months_on_sheets_of_kecamatan_are_asked_about_once() -> None:
    found = one_of(("Anggrek", months("TAHUN 2023")), ("Kwandang", months("TAHUN 2023")))
    (question,) = found.questions
    assert [dict(one.choices["parts"]) for one in question.readings] == [
        dict.fromkeys(("Anggrek", "Kwandang"), word) for word in ("month-end", "month-start")
    ]
