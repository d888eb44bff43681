"""Aims and events: kept as rows that are only added, on both engines; and the plan that follows from an aim, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from ektp_analysis.core import contract
from ektp_analysis.core.aims import FARTHEST_YEARS, LONGEST_NAME, Aim, aim_for, events_for, first_day, set_now
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.planned import plan_of, planned
from ektp_analysis.figures.series import history_of
from ektp_analysis.store.store import Store
from tests.engines import moment

AT, LATER, LAST = moment("2024-07-01 02:00"), moment("2024-07-02 02:00"), moment("2024-07-03 02:00")
END, TARGET = date(2024, 12, 31), Target.parse("99.4")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def aimed(store: Store, area: str = "75.05", target: Target = TARGET, until: date = END, name: str = "", at: Any = AT) -> Aim:
    return store.set_aim(area, target, until, name, by="petugas", at=at)


def areas(store: Store, **others: Any) -> list[tuple[str, str]]:
    return [(one.area_code, one.target.key) for one in store.aims(**others)]


def test_an_aim_is_there_after_opening_again_with_who_and_when(url: str) -> None:
    with Store.open(url) as store:
        made = aimed(store, name=" sebelum\n Pemilu ")
    with Store.open(url, read_only=True) as again:
        assert again.aims() == [made]
        with pytest.raises(StoreError, match="reading only"):
            aimed(again, target=ZERO)
    assert (made.target, made.by, made.name, made.set_at, made.set_by) == (TARGET, END, "sebelum Pemilu", AT, "petugas")
    assert made.set_on == date(2024, 7, 1)


def test_the_day_of_an_aim_is_the_offices(store: Store) -> None:
    late = moment("2024-07-01 17:30")  # half past one of the next day in Makassar
    assert aimed(store, at=late).set_on == date(2024, 7, 2) == store.aims()[0].set_on


def test_an_area_has_its_own_aim_else_that_of_the_nearest_around_it(store: Store) -> None:
    for area, target in (("ID", "98"), ("75.05", "99.4"), ("75.05.03", "zero")):
        aimed(store, area, Target.parse(target))
    found = store.aims()
    asked = ("75.05.03.2001", "75.05.03", "75.05.01", "75.05", "75.01", "75", "ID")
    got = [aim_for(found, area) for area in asked]
    assert [one and one.target.key for one in got] == ["zero", "zero", "99.4", "99.4", "98", "98", "98"]
    store.withdraw_aim("ID", by="petugas", at=LATER)
    assert aim_for(store.aims(), "75.01") is None


def test_the_later_aim_holds_and_what_was_known_stays_known(store: Store) -> None:
    first = aimed(store)
    second = aimed(store, target=ZERO, at=LATER)
    assert store.aims() == [second] and second.set_at == LATER
    store.withdraw_aim("75.05", by="kepala", at=LAST)
    assert store.aims(date(2024, 6, 30)) == store.aims() == []
    assert store.aims(AT) == store.aims(date(2024, 7, 1)) == [first] and store.aims(LATER) == [second]


def test_withdrawing_is_undone_with_the_day_on_which_it_was_set(store: Store) -> None:
    first = aimed(store)
    for wrong in (lambda: store.restore_aim("75.05", by="x", at=AT), lambda: store.withdraw_aim("75.01", by="x", at=AT)):
        with pytest.raises(UserError, match=r"nothing to restore|No aim is set for 75\.01"):
            wrong()
    assert store.withdraw_aim("75.05", by="kepala", at=LATER) == first
    assert store.restore_aim("75.05", by="kepala", at=LAST) == first
    assert store.aims() == [first]
    second = aimed(store, target=ZERO, at=LAST)
    store.withdraw_aim("75.05", by="kepala", at=LAST)
    assert store.restore_aim("75.05", by="kepala", at=LAST) == second != first


def test_a_new_name_is_no_new_plan_and_the_same_again_no_row(store: Store) -> None:
    first = aimed(store)
    assert aimed(store, at=LATER) == first and store.aims(AT) == [first]
    named = aimed(store, name="sebelum Pemilu", at=LATER)
    assert (named.set_at, named.set_by, named.name) == (first.set_at, first.set_by, "sebelum Pemilu")
    assert store.aims(AT) == [first] and store.aims() == [named]
    assert aimed(store, until=date(2024, 11, 30), name="sebelum Pemilu", at=LAST).set_at == LAST


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": date(2024, 7, 1)}, "01 July 2024 is not after 01 July 2024|1 July 2024 is not after 1 July 2024"),
        ({"until": date(2024 + FARTHEST_YEARS + 1, 1, 1)}, "more than 20 years ahead"),
        ({"name": "x" * (LONGEST_NAME + 1)}, "at most 60 characters; this one has 61"),
        ({"name": "nomor 1234 5678 9012 3456"}, "personal number"),
        ({"area": "7505"}, "not an area code"),
    ],
)
def test_what_cannot_be_aimed_at_is_a_sentence(store: Store, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        aimed(store, **wrong)
    assert store.aims() == []
    edges = {"until": date(2024, 7, 2), "name": "1234 5678 9012 345 ".ljust(LONGEST_NAME, "x")}
    assert aimed(store, **edges) == aimed(store, **edges)
    assert aimed(store, until=date(2024 + FARTHEST_YEARS, 12, 31)).by.year == 2044


def test_a_clock_that_runs_back_changes_nothing_of_what_was_known(store: Store) -> None:
    first = aimed(store, at=LATER)
    second = aimed(store, target=ZERO, at=AT)
    assert second.set_at == LATER and store.aims(AT) == [] and store.aims() == [second] != [first]
    with pytest.raises(ValueError, match="time zone"):
        aimed(store, until=date(2025, 1, 1), at=AT.replace(tzinfo=None))


def test_an_aim_counts_from_the_day_that_is_today_and_is_known_from_when_it_was_told(store: Store) -> None:
    since = set_now(AT, date(2024, 2, 29))
    assert (since.date(), since.timetz(), first_day(since.date())) == (date(2024, 2, 29), AT.timetz(), date(2024, 3, 1))
    made = store.keep_aim(Aim("75.05", TARGET, first_day(since.date()), "", since, "petugas"), at=AT)
    assert made.set_at == since and store.aims(since) == [] and store.aims(AT) == [made]
    with pytest.raises(UserError, match="not after"):
        store.keep_aim(Aim("75.05", ZERO, since.date(), "", since, "petugas"), at=AT)


def test_where_a_clock_was_once_far_ahead_the_refusal_says_what_mends_it(store: Store) -> None:
    store.note("export", {}, at=moment("2031-05-01 02:00"))
    with pytest.raises(UserError, match=r"after the last entry of the store \(1 May 2031 .*Choose a later day.*store anew"):
        store.set_aim("75.05", ZERO, date(2031, 5, 1), by="x", at=AT)
    with pytest.raises(UserError, match=f"is not after {AT.day} "):  # nor would it be by the clock
        store.set_aim("75.05", ZERO, AT.date(), by="x", at=AT)
    assert store.aims() == [] and store.set_aim("75.05", ZERO, date(2031, 5, 2), by="x", at=AT).set_on == date(2031, 5, 1)


def test_events_are_kept_withdrawn_and_taken_up_again(store: Store) -> None:
    drive = store.add_event("75.05", date(2024, 8, 5), date(2024, 8, 9), "jemput bola", by="petugas", at=AT)
    vote = store.add_event("ID", date(2024, 2, 14), date(2024, 2, 14), "Pemilu", by="petugas", at=AT)
    assert store.add_event("75.05", date(2024, 8, 5), date(2024, 8, 9), "Jemput  Bola", by="lain", at=LATER) == drive
    assert store.events() == [vote, drive] and (drive.id, vote.id) == (1, 2)
    assert store.withdraw_event(drive.id, by="kepala", at=LATER) == drive and store.events() == [vote]
    assert store.events(AT) == [vote, drive] and store.events(date(2024, 6, 30)) == []
    assert store.restore_event(drive.id, by="kepala", at=LAST) == drive and store.events() == [vote, drive]
    for one in (drive, vote):
        store.withdraw_event(one.id, by="kepala", at=LAST)
    assert store.restore_event(vote.id, by="kepala", at=LAST) == vote and store.events() == [vote]
    assert store.restore_event(drive.id, by="kepala", at=LAST) == drive and store.events() == [vote, drive]
    for number in (drive.id, 4711):
        with pytest.raises(UserError, match="nothing to restore"):
            store.restore_event(number, by="x", at=LAST)
    with pytest.raises(UserError, match="no event with the number 4711"):
        store.withdraw_event(4711, by="x", at=LAST)
    assert events_for(store.events(), "75.05.03") == [vote, drive] and events_for(store.events(), "75") == [vote]


@pytest.mark.parametrize(
    ("last", "name", "sentence"),
    [(date(2024, 8, 4), "jemput bola", "cannot end"), (date(2024, 8, 5), " \n", "needs a name"), (END, "x" * 61, "at most 60")],
)
def test_what_is_no_event_is_a_sentence(store: Store, last: date, name: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        store.add_event("75.05", date(2024, 8, 5), last, name, by="x", at=AT)
    assert store.events() == []


def test_rows_are_only_added_and_no_figure_rests_on_them(store: Store) -> None:
    seen: list[str] = []
    sa.event.listen(
        store._database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: seen.append(statement.split()[0].upper()),
    )
    aimed(store)
    store.withdraw_aim("75.05", by="x", at=LATER)
    store.restore_aim("75.05", by="x", at=LAST)
    number = store.add_event("75.05", END, END, "Pilkada", by="x", at=AT).id
    store.withdraw_event(number, by="x", at=LATER)
    store.restore_event(number, by="x", at=LAST)
    assert seen.count("INSERT") == 6 * 2 and set(seen) <= {"INSERT", "SELECT", "BEGIN", "SET"}
    assert store.token() == "empty"


def test_verify_names_what_nobody_can_have_set(store: Store) -> None:
    aimed(store)
    store.add_event("75.05", END, END, "Pilkada", by="x", at=AT)
    assert store.verify(lambda *_: pd.DataFrame()) == []
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE aim SET target = '120'")
        connection.exec_driver_sql("UPDATE occasion SET last = '2024-01-01'")
    found = [str(one.text()) for one in store.verify(lambda *_: pd.DataFrame())]
    assert len(found) == 4 and "Row 1 of aim (75.05)" in found[0] and "cannot end" in found[1]
    assert "Entry 1 of the trail" in found[2] and "aim 1, target: the store says 120, the entry " in found[2]
    with pytest.raises(StoreError, match=r"aim of 75\.05 in the store is damaged"):
        store.aims()


def history(*figures: tuple[str, int | None], eligible: int = 100_000) -> pd.DataFrame:
    rows = [{"area_code": "75.05", "as_of_date": day, "eligible": eligible, "unrecorded": left} for day, left in figures]
    return history_of(contract.frame(rows), "75.05")


def aim(target: Target = ZERO, by: date = date(2024, 7, 31), at: str = "2024-07-01 02:00") -> Aim:
    return Aim("75.05", target, by, "", moment(at), "petugas")


FALLING = history(("2024-06-20", 950), ("2024-06-27", 900), ("2024-07-11", 650))


def test_the_plan_runs_straight_from_the_figure_of_the_day_it_was_set() -> None:
    plan = plan_of(FALLING, aim())
    assert plan is not None and plan.points == ((date(2024, 7, 1), 900), (date(2024, 7, 31), 0)) and plan.per_day == 30
    days = [date(2024, 6, 30), date(2024, 7, 1), date(2024, 7, 11), date(2024, 7, 30), date(2024, 7, 31), date(2024, 9, 1)]
    assert [planned(FALLING, aim(), day) for day in days] == [None, 900, 600, 30, 0, 0]
    assert plan.behind(650, date(2024, 7, 11)) == 50 and plan.days_behind(650, date(2024, 7, 11)) == 2
    assert plan.behind(540, date(2024, 7, 11)) == -60 and plan.days_behind(540, date(2024, 7, 11)) == -2
    assert plan.days_behind(990, date(2024, 7, 11)) == 10 and plan.days_behind(650, date(2024, 8, 1)) is None
    assert plan.behind(650, date(2024, 6, 30)) is None and plan.days_behind(650, date(2024, 6, 30)) is None
    assert plan.days_behind(870, date(2024, 7, 1)) == -1 and plan.days_behind(0, date(2024, 7, 31)) == 0
    slow = plan_of(history(("2024-07-01", 10)), aim())  # one in three days
    assert slow is not None and [slow.days_behind(left, date(2024, 7, 11)) for left in (11, 10, 9, 0)] == [10, 10, 7, -20]


def test_what_may_remain_of_a_coverage_ends_the_plan() -> None:
    plan = plan_of(FALLING, aim(TARGET))  # 0.6 % of 100,000
    assert plan is not None and plan.points[1] == (date(2024, 7, 31), 600) and plan.per_day == 10
    assert [plan.days_behind(left, date(2024, 7, 11)) for left in (601, 600, 500)] == [-20] * 3, "its end is not gone beyond"
    assert planned(FALLING, aim(TARGET), date(2024, 7, 11)) == 800
    assert planned(FALLING, aim(TARGET), date(2024, 7, 2)) == 890
    assert plan_of(FALLING, aim(Target.parse("99.1"))) is None, "900 of 100,000 was that coverage already"


def test_people_are_whole_and_none_is_recorded_in_part() -> None:
    short = history(("2024-07-01", 10))
    assert [planned(short, aim(by=date(2024, 7, 4)), date(2024, 7, day)) for day in (1, 2, 3, 4)] == [10, 7, 4, 0]


def test_a_figure_of_the_day_on_which_an_aim_is_set_begins_its_plan() -> None:
    for day, left in (("2024-07-01", 870), ("2024-07-02", 900)):
        found = plan_of(history(("2024-06-27", 900), (day, 870), ("2024-07-11", 650)), aim())
        assert found is not None and (found.start, found.unrecorded) == (date(2024, 7, 1), left)


def test_a_plan_begins_with_the_first_figure_that_can_be_compared() -> None:
    assert (later := plan_of(FALLING, aim(at="2024-06-01 02:00"))) is not None
    assert (later.start, later.unrecorded) == (date(2024, 6, 20), 950)
    assert (after := plan_of(FALLING, aim(), broken_on=date(2024, 7, 11))) is not None
    assert (after.start, after.unrecorded) == (date(2024, 7, 11), 650)
    unknown = history(("2024-06-20", 950), ("2024-07-11", 650))
    unknown.loc[0, "unrecorded"] = pd.NA
    assert (known := plan_of(unknown, aim())) is not None and known.start == date(2024, 7, 11)


def test_where_there_is_no_plan() -> None:
    assert plan_of(FALLING.iloc[:0], aim()) is None
    assert plan_of(history(("2024-08-20", 950)), aim()) is None, "the figures begin after its day"
    assert plan_of(history(("2024-07-31", 950)), aim()) is None and plan_of(history(("2024-07-30", 950)), aim()) is not None
    assert plan_of(history(("2024-06-20", 0)), aim()) is None
    alone = history_of(contract.frame([{"area_code": "75.05", "as_of_date": "2024-06-20", "unrecorded": 950}]), "75.05")
    assert plan_of(alone, aim()) is not None and plan_of(alone, aim(TARGET)) is None, "of how many, nobody says"
