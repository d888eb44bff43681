"""Visits, alerts and saved plans in the store, on both engines: kept whole, as known on a day, withdrawn, verified."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from ektp_analysis.core import visit
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.visit import LONGEST_NOTE, MOST_PEOPLE
from ektp_analysis.store import memory, schema
from ektp_analysis.store.records import PlanScenario
from ektp_analysis.store.store import Store
from tests.engines import kept_visits, moment, read_visits, visited

JUNE = {"day": "2023-06-21", "area_code": "75.05.03", "came": 70, "recorded": 60, "dead": 3, "note": "=hujan"}
LATER = {"day": "2023-06-20", "area_code": "75.05.02.2006", "place": "school", "teams": 2, "not_found": 0}


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def test_visits_come_back_as_they_were_given(store: Store) -> None:
    empty = store.visits()
    assert empty.empty and store.visit_batches() == [] and (before := store.visits_token())
    done = kept_visits(store, visited(JUNE, LATER), "2023-06-22 03:00", choices={"area": "75.05"}, report={"notes": []})
    assert not done.already_there and done.behind == timedelta(0)
    found = store.visits()
    assert [*found] == [*empty] == [*visit.BY_NAME, *visit.ORIGIN] and (found.dtypes == empty.dtypes).all()
    assert found["area_code"].tolist() == ["75.05.02.2006", "75.05.03"], "by day"
    school, hall = found.to_dict("records")
    assert (hall["came"], hall["recorded"], hall["dead"], hall["note"], hall["row"]) == (70, 60, 3, "=hujan", 2)
    assert pd.isna(school["came"]) and school["not_found"] == 0 and school["day"] == pd.Timestamp("2023-06-20")
    (batch,) = store.visit_batches()
    assert batch == done.batch == store.visit_batch(1) and pickle.loads(pickle.dumps(batch)) == batch
    assert (batch.rows, batch.first, batch.last, batch.choices) == (2, date(2023, 6, 20), date(2023, 6, 21), {"area": "75.05"})
    assert store.visits_original(1)[1] == visited(JUNE, LATER).to_csv(index=False).encode()
    assert [len(store.visits(within=area)) for area in ("75.05", "75.05.02", "75.05.02.2006", "75.06", "ID")] == [2, 1, 1, 0, 2]
    assert store.visits_token() != before and store.figures().empty and store.batches() == []
    again = kept_visits(store, visited(JUNE, LATER), "2023-06-23 03:00")
    assert again.already_there and again.batch == batch and len(store.visits()) == 2 and store.head().entries == 1


def test_visits_as_they_were_known_and_taken_back(store: Store) -> None:
    kept_visits(store, visited(JUNE), "2023-06-22 03:00")
    kept_visits(store, visited(LATER), "2023-06-24 03:00")
    tokens = {store.visits_token()}
    assert store.retract_visits(1, reason=" salah desa ", by="petugas", at=moment("2023-06-26 03:00")) == timedelta(0)
    tokens.add(store.visits_token())
    assert store.visits()["area_code"].tolist() == ["75.05.02.2006"]
    store.restore_visits(1, reason="benar", by="atasan", at=moment("2023-06-28 03:00"))
    tokens.add(store.visits_token())
    assert len(tokens) == 3
    days = {21: 0, 22: 1, 23: 1, 24: 2, 25: 2, 26: 1, 27: 1, 28: 2}
    assert {day: len(store.visits(date(2023, 6, day))) for day in days} == days
    gone = store.visit_batches(known_at=date(2023, 6, 27))[1].retracted
    assert gone is not None and (gone.reason, gone.by) == ("salah desa", "petugas")
    assert store.visit_batch(1).retracted is None
    for number, reason, message in (
        (2, "", "A reason is needed"),
        (2, "x", "is not withdrawn"),
        (9, "x", "no batch of visits 9"),
    ):
        with pytest.raises(UserError, match=message):
            store.restore_visits(number, reason=reason, by="x", at=moment("2023-06-29 03:00"))
    store.retract_visits(2, reason="x", by="x", at=moment("2023-06-29 03:00"))
    with pytest.raises(UserError, match="withdrawn already, on 29 June 2023"):
        store.retract_visits(2, reason="x", by="x", at=moment("2023-06-29 03:00"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"came": 59}, "break the rules of visits"),
        ({"came": MOST_PEOPLE + 1}, "break the rules of visits"),
        ({"recorded": -1}, "break the rules of visits"),
        ({"teams": 0}, "break the rules of visits"),
        ({"place": "pasar"}, "break the rules of visits"),
        ({"note": "x" * (LONGEST_NOTE + 1)}, "break the rules of visits"),
        ({"day": "2010-12-31"}, "break the rules of visits"),
        ({"came": None, "recorded": None, "dead": None}, "break the rules of visits"),
        ({"area_code": "75.05.3"}, "is not an area code"),
        ({"area_code": None}, "without a day or an area"),
        ({"day": None}, "without a day or an area"),
        ({"note": "a\0b"}, "NUL"),
    ],
)
def test_the_store_takes_no_visit_that_breaks_the_rules(
    new_sqlite_url: Callable[[], str], change: dict[str, Any], message: str
) -> None:
    with Store.open(new_sqlite_url()) as store:
        with pytest.raises(UserError, match=message):
            kept_visits(store, visited({**JUNE, **change}), "2023-06-22 03:00")
        assert store.visit_batches() == [] and store.head().entries == 0
        kept_visits(store, visited({**JUNE, "came": 60}), "2023-06-22 03:00")  # all who came were recorded


def test_no_rows_or_a_row_twice_are_no_visits(new_sqlite_url: Callable[[], str]) -> None:
    with Store.open(new_sqlite_url()) as store:
        for rows in (visited(JUNE).iloc[:0], visited(JUNE, LATER).assign(row=2)):
            with pytest.raises(UserError, match="nothing was stored"):
                kept_visits(store, rows, "2023-06-22 03:00")


def test_what_was_changed_behind_the_back_is_named(store: Store) -> None:
    kept_visits(store, visited(JUNE, LATER), "2023-06-22 03:00")
    no_figures = lambda *_: pd.DataFrame()  # noqa: E731
    assert store.verify(no_figures, read_visits) == []
    with pytest.raises(ValueError, match="by a reader of visits"):
        store.verify(no_figures)
    with store._database.writing() as connection:
        row = schema.visit.c
        connection.execute(sa.update(schema.visit).where(row.row == 2).values(recorded=61, note="hujan"))
        connection.execute(sa.update(schema.visit).where(row.row == 3).values(row=4))
    said = sorted(str(one.text()) for one in store.verify(no_figures, read_visits))
    assert said == [
        "Batch of visits 1 (kunjungan.csv), 75.05.02.2006, 20 June 2023, the whole row: stored a row, read nothing.",
        "Batch of visits 1 (kunjungan.csv), 75.05.02.2006, 20 June 2023, the whole row: stored nothing, read a row.",
        "Batch of visits 1 (kunjungan.csv), 75.05.03, 21 June 2023, Note: stored hujan, read =hujan.",
        "Batch of visits 1 (kunjungan.csv), 75.05.03, 21 June 2023, Recorded there: stored 61, read 60.",
    ]


def test_bytes_that_are_shared_with_figures_are_kept_once(store: Store) -> None:
    for at in ("2023-06-22 03:00", "2023-06-23 03:00"):
        kept_visits(store, visited(JUNE), at, choices={"at": at})
    with store._database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(schema.original)).scalar_one() == 1


def test_alerts_are_raised_once_and_say_what_became_of_them(store: Store) -> None:
    alert = ("stall", "75.05", "stall 75.05 2023-06-20")
    first = store.add_alert_event(alert, "raised", by="perintah", at=moment("2023-06-22 03:00"), detail={"days": 30})
    for event in ("raised", "seen", "seen", "raised"):
        store.add_alert_event(alert, event, by="x", at=moment("2023-06-23 03:00"))
    with pytest.raises(UserError, match="A reason is needed to close"):
        store.add_alert_event(alert, "closed", by="x", at=moment("2023-06-24 03:00"))
    store.add_alert_event(alert, "closed", by="x", at=moment("2023-06-24 03:00"), reason=" sudah  diperiksa ")
    store.add_alert_event(alert, "reopened", by="x", at=moment("2023-06-25 03:00"))
    events = store.alert_events()
    assert [one.event for one in events] == ["raised", "seen", "closed", "reopened"] and events[0] == first
    assert events[2].reason == "sudah diperiksa" and first.detail == {"days": 30} and store.head().entries == 4
    assert len(store.alert_events(date(2023, 6, 23))) == 2 and pickle.loads(pickle.dumps(first)) == first
    with pytest.raises(UserError, match="is not an area code"):
        store.add_alert_event(("stall", "x", "y"), "raised", by="x", at=moment("2023-06-25 03:00"))


def test_plans_are_saved_under_a_name_and_not_over_somebody_elses(store: Store) -> None:
    def keep(name: str, plan: dict[str, Any], over: int | None, day: int) -> PlanScenario:
        wanted = PlanScenario("75.05", False, name, plan)
        return store.keep_plan_scenario(wanted, over=over, by="petugas", at=moment(f"2023-06-{day} 03:00"))

    first = keep("Empat tim", {"teams": 4}, None, 22)
    assert keep("Empat tim", {"teams": 4}, None, 23) == first
    with pytest.raises(UserError, match="A plan named 'Empat tim' was saved already, by petugas"):
        keep("EMPAT  tim", {"teams": 5}, None, 23)
    second = keep("Empat tim", {"teams": 5}, first.version, 24)
    assert (second.id, second.version) == (first.id, first.version + 1) and store.plan_scenarios() == [second]
    with pytest.raises(UserError, match="was saved again by petugas"):
        keep("Empat tim", {"teams": 6}, first.version, 25)
    assert store.plan_scenarios(known_at=date(2023, 6, 23)) == [first] and pickle.loads(pickle.dumps(second)) == second
    store.forget_plan_scenario(second.id, by="petugas", at=moment("2023-06-26 03:00"))
    assert store.plan_scenarios() == [] and store.plan_scenarios(known_at=date(2023, 6, 25)) == [second]
    for wrong in (lambda: store.forget_plan_scenario(9, by="x", at=moment("2023-06-26 03:00")), lambda: keep(" ", {}, None, 26)):
        with pytest.raises(UserError):
            wrong()


def test_a_plan_that_is_too_large_is_refused(new_sqlite_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LONGEST_PLAN", 20)
    with Store.open(new_sqlite_url()) as store:
        for size, refused in ((20, False), (21, True)):
            plan = PlanScenario("75.05", False, str(size), {"a": "x" * (size - len('{"a": ""}'))})
            if refused:
                with pytest.raises(UserError, match="too large"):
                    store.keep_plan_scenario(plan, over=None, by="x", at=moment("2023-06-22 03:00"))
            else:
                store.keep_plan_scenario(plan, over=None, by="x", at=moment("2023-06-22 03:00"))
