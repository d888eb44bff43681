"""Answers that a server keeps for its maps are, to the bit, those that would be made then and there; else they are awaited."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ektp_analysis.access import gate, roster
from ektp_analysis.access.guard import NotAllowedError
from ektp_analysis.access.people import Role
from ektp_analysis.core.area import NATION, Level
from ektp_analysis.core.aside import Aside, Broken
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Text
from ektp_analysis.figures.rollup import name_of, roll_up, select
from ektp_analysis.office import foreseeing, held, keeper, stores, watch
from ektp_analysis.office.reports import around, frame, frame_of
from ektp_analysis.page import (
    aim_parts,
    alert_parts,
    choices,
    forecast_choices,
    joint_answers,
    map_ahead,
    map_choices,
    map_files,
    position_parts,
)
from ektp_analysis.projection import abreast, ahead, answers
from ektp_analysis.projection import replay as past
from ektp_analysis.projection.answers import Ground, answer, by_level, foreseen, inside
from ektp_analysis.projection.reasons import stall
from ektp_analysis.projection.replay import Replay
from ektp_analysis.projection.result import Inside, NotReached, Projection, seen_from
from ektp_analysis.store import schema
from ektp_analysis.store.foreseen import MOST_TARGETS, Figures, Kept
from ektp_analysis.store.store import Store
from tests.apps import forget, start
from tests.breadth import crossed, examples
from tests.conftest import Said
from tests.engines import NewUrl, kept, moment, reading
from tests.reports import FIRST, weekly

KECAMATAN = ("71.01.05", "71.01.09", "75.01.01", "75.05.01", "75.05.03")
ABOVE = ("71.01", "71")  # own figures, of later days than those inside
WEEKS = 8
MAPS = ((NATION, Level.KECAMATAN), (NATION, Level.KABUPATEN), ("75", Level.KECAMATAN), ("75", Level.KABUPATEN))
TARGET = Target.national()
AT = moment("2025-06-01 08:00")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, new_postgres_url: NewUrl) -> Iterator[str]:
    """A server's store of three kabupaten, some of which count for themselves too; its address."""
    url = new_postgres_url()
    said = {"EKTP_DATA_DIR": str(tmp_path_factory.mktemp("foreseen")), "EKTP_DATABASE_URL": url, "EKTP_LANGUAGE": "en"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (said | {"EKTP_TODAY": "2025-05-20"}).items():
            patch.setenv(name, value)
        patch.setattr(keeper, "LEAST", 1)
        patch.setattr(map_ahead, "MOST", 1)
        settings.cache_clear()
        store = stores.own_store()
        for number, rows in enumerate(weekly((*KECAMATAN, *ABOVE), WEEKS), 1):
            kept(store, reading(*rows), f"2025-05-{number:02d} 08:00")
        yield url
        forget()
        settings.cache_clear()


def kept_now() -> None:
    """What a look of a server lets its process make, in this one."""
    nation = foreseeing.open_target(stores.own(), NATION)
    for provinsi in foreseeing.provinces(stores.own()):
        list(foreseeing.bring_up(stores.own(), provinsi, nation))


def waiting(area: str, level: Level, target: Target = TARGET) -> tuple[str, ...]:
    return foreseeing.known(stores.own(), area, level, target).awaited


def same(area: str, level: Level, today: date | None, by: date, target: Target = TARGET) -> None:
    """What is kept says, on a day, what is made on that day."""
    found = foreseeing.known(stores.own(), area, level, target)
    assert found.found and not found.awaited
    made = by_level(Ground(stores.own().store.rolled(area), today=today), area, level, target, by)
    pd.testing.assert_frame_equal(ahead.table(found.found, today, by), made, check_exact=True)


def test_what_is_kept_is_what_would_be_made_on_that_day(server: str) -> None:
    assert waiting(NATION, Level.KECAMATAN) == ("71.01", "75.01", "75.05") and waiting("75", Level.KABUPATEN) == ("75",)
    keeper._Keeper().look()
    last = max(stores.own().store.days())
    days = [ahead.table(foreseeing.known(stores.own(), *MAPS[0], TARGET).found, last + timedelta(days=n)) for n in (1, 2)]
    assert (days[0]["days"] > days[1]["days"]).any(), "a day nearer"
    with Store.open(server) as other:  # another server shows the same
        assert other.foreseen(NATION, Level.KECAMATAN, TARGET).keys() == {"71.01", "75.01", "75.05"}
    assert not list(foreseeing.bring_up(stores.own(), "75", foreseeing.open_target(stores.own(), NATION))), "all is there"


@pytest.mark.parametrize(("shown", "later"), crossed(MAPS, [None, 1, 150]))
def test_each_map_is_that_of_its_day(server: str, shown: tuple[str, Level], later: int | None) -> None:
    kept_now()
    last = max(stores.own().store.days())
    today = None if later is None else last + timedelta(days=later)
    same(*shown, today, last + timedelta(days=100))


def test_answers_whose_fraction_of_a_day_decides_are_kept_as_they_are(server: str) -> None:
    (one, *_) = foreseen(Ground(stores.own().store.rolled("75.05")), "75.05", Level.KECAMATAN, ZERO)
    for fraction in (0.0, 5e-10, 0.5):  # less than a billionth past a day is that day, of a median
        draws = one.draws.copy()
        draws[:600] = 40.0 + fraction
        given = ahead.Foreseen(one.area_code, one.origin, one.horizon, "", None, one.gap, None, draws)
        data = ahead.packed([given])
        (again,) = ahead.unpacked(data)
        assert one.origin is not None
        for n in (39, 40, 41):
            day = one.origin + timedelta(days=n)
            assert given.said(day, day) == again.said(day, day)
        assert (len(data) > 2.5 * len(draws)) is (fraction == 5e-10), "of four hundred the whole days are not enough"
    with pytest.raises(ValueError, match="not as they were kept"):
        ahead.unpacked(data[:-1] + b"x")


def test_what_a_map_shows_is_what_the_answer_says_on_that_day() -> None:
    """Of a campaign that stalls, with figures that are not old, old, and too old."""
    left = [900 - 40 * min(week, 12) for week in range(19)]
    rows = [
        {"area_code": "75.05.01", "as_of_date": FIRST + timedelta(weeks=week), "eligible": 9000, "unrecorded": people}
        for week, people in enumerate(left)
    ]
    found = answer(Ground(roll_up(reading(*rows), "75.05")), "75.05.01", TARGET)
    since, one = stall(found), ahead.Foreseen.of(found)
    assert since is not None and found.origin is not None
    reasons = []
    for age in (0, 1, 40, 300, 400):
        day = found.origin + timedelta(days=age)
        seen, said = seen_from(found, day), one.said(day, found.origin + timedelta(days=90))
        reasons.append(None if seen.reason is None else seen.reason.code)
        middle = seen.median
        expected = None if middle is None else float("inf") if isinstance(middle, NotReached) else float((middle - day).days)
        assert (said["days"], said["old"]) == (expected, seen.old)
        assert said["probability"] == seen.probability_by(found.origin + timedelta(days=90))
        assert said["stalled"] == (None if seen.reason else (day - since.since).days)
    assert reasons[0] is None and reasons[-1] == "too_old"


def test_what_is_out_of_date_is_awaited_until_it_is_made_anew(server: str) -> None:
    kept_now()
    row = {"area_code": "75.05.01", "as_of_date": "2025-05-18", "eligible": 5000, "unrecorded": 3}
    batch = kept(stores.own_store(), reading(row), "2025-05-20 08:00").batch.id
    assert waiting(NATION, Level.KECAMATAN) == ("75.05",) and waiting(NATION, Level.KABUPATEN) == ("75",)
    stores.own_store().retract(batch, reason="salah", by="petugas", at=AT)
    assert not waiting(NATION, Level.KECAMATAN), "the figures from before hold again, and so do their answers"
    stores.own_store().restore(batch, reason="benar", by="petugas", at=AT)
    kept_now()
    same("75", Level.KECAMATAN, date(2025, 5, 20), date(2025, 12, 31))
    same(NATION, Level.KABUPATEN, date(2025, 5, 21), date(2025, 12, 31))
    stores.own_store().retract(batch, reason="salah", by="petugas", at=AT)
    assert waiting("75", Level.KECAMATAN) == ("75.05",)
    kept_now()
    same("75", Level.KECAMATAN, date(2025, 5, 20), date(2025, 12, 31))


def test_answers_are_kept_about_what_is_aimed_at(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_now()
    mine, of_provinsi = Target.parse("97"), Target.parse("98.5")
    stores.own_store().set_aim(NATION, mine, date(2026, 8, 1), by="petugas", at=AT)
    stores.own_store().set_aim("75", of_provinsi, date(2026, 8, 1), by="petugas", at=AT)
    assert len(waiting(NATION, Level.KECAMATAN, mine)) == 3
    kept_now()
    same(NATION, Level.KECAMATAN, date(2025, 5, 20), date(2025, 12, 31), mine)
    same("75", Level.KABUPATEN, date(2025, 5, 20), date(2025, 12, 31), of_provinsi)
    assert waiting(NATION, Level.KECAMATAN, of_provinsi) == ("71.01",), "no map shows it"
    monkeypatch.setattr(foreseeing, "program", lambda: "another")
    assert len(waiting(NATION, Level.KECAMATAN, mine)) == 3
    monkeypatch.undo()
    for percent in range(90, 90 + MOST_TARGETS):
        list(foreseeing.bring_up(stores.own(), "71", Target.parse(str(percent))))
    with Store.open(server) as store:
        assert [percent for percent in range(90, 99) if store.foreseen("71", Level.KABUPATEN, Target.parse(str(percent)))]
        with store._database.reading() as connection:
            counted = sa.select(sa.func.count()).where(schema.foreseen.c.area_code == "71")
            assert connection.execute(counted).scalar_one() == MOST_TARGETS
    for area in (NATION, "75"):
        stores.own_store().withdraw_aim(area, by="petugas", at=AT)


def test_what_is_spoilt_or_being_made_elsewhere_is_not_shown(server: str) -> None:
    kept_now()
    with Store.open(server) as other:
        seen: list[bool] = []

        def make(figures: Figures) -> dict[tuple[Level, Target], Kept]:
            seen.append(stores.own().store.foresee("75.05", lambda _: {}))  # the other is at it
            assert set(figures.names) == {"75.05"} and len(figures.rolled)
            name = other.foreseen("75.05", Level.KECAMATAN, TARGET)["75.05"].made_from
            return {(Level.KECAMATAN, TARGET): Kept(name, b"spoilt")}

        assert other.foresee("75.05", make) and seen == [False]
    assert waiting("75", Level.KECAMATAN) == ("75.05",)
    kept_now()
    same("75", Level.KECAMATAN, date(2025, 5, 20), date(2025, 12, 31))


def test_a_process_that_ends_leaves_the_rest_to_the_next_look(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looking, asked = keeper._Keeper(), Aside.ask
    stores.own_store().retract(1, reason="salah", by="petugas", at=AT)

    def dies(self: Aside, request: tuple[str, Target | None, object], seconds: float) -> object:
        if request[1] is not None and request[0] == "75":
            raise Broken("it ended")
        return asked(self, request, seconds)

    with monkeypatch.context() as patch:
        patch.setattr(Aside, "ask", dies)
        with pytest.raises(Broken):
            looking.look()
    assert waiting(NATION, Level.KECAMATAN) == ("75.01", "75.05")
    looking.look()
    assert not waiting(NATION, Level.KECAMATAN)
    stores.own_store().restore(1, reason="benar", by="petugas", at=AT)


def test_the_map_shows_what_is_kept_and_says_what_is_awaited(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_ahead, "few", lambda *_: False)
    forget()
    kept_now()
    given = {"area": "75", "level": "KECAMATAN", "show": "days", "lang": "en"}
    app = start("area_map.py", **given)
    assert not any("awaited" in one.value for one in app.title) and "last" in app.title[0].value
    row = {"area_code": "75.05.01", "as_of_date": "2025-05-18", "eligible": 5000, "unrecorded": 5}
    batch = kept(stores.own_store(), reading(row), "2025-05-20 09:00").batch.id
    app = start("area_map.py", **given)
    assert "of 2 of 3 areas the answer is still awaited" in app.title[0].value
    said = app.dataframe[0].value.iloc[:, -1]
    assert said.eq("No answer yet").sum() == 2 and said.eq("No data").sum() == len(said) - 3  # the others have no figures
    assert any('data-legend-class="awaited"' in one.value for one in app.get("html"))
    app = start("area_map.py", **given, day=min(stores.own().store.days()).isoformat())
    assert "for the latest figures alone" in app.title[0].value
    stores.own_store().retract(batch, reason="salah", by="petugas", at=AT)
    forget()


def test_who_sees_less_gets_no_answers_about_the_rest(server: str, made: list[date], monkeypatch: pytest.MonkeyPatch) -> None:
    kept_now()
    monkeypatch.setenv("EKTP_LOGIN", "accounts")
    settings.cache_clear()
    with gate.acting_as(gate.OPERATOR):
        for key, area in (("loket", "75.05"), ("prov", "75")):
            roster.add(key, key.title())
            roster.grant(key, Role.READER, area)
        whole, said = frame(stores.own(), "75.05"), replayed()
    with gate.acting_as(gate.PERSON + "prov"):
        now = stores.own()
        assert frame_of(now, "75.05") == "75.05"
        pd.testing.assert_frame_equal(frame(now, "75.05"), whole)
        made.clear()
        alike(replayed(), said)
        assert not made, "who sees all around asks for the same past answers"
        assert foreseeing.keeps(now, "75", Level.KECAMATAN) and not foreseeing.keeps(now, NATION, Level.KECAMATAN)
        assert {one.area_code[:2] for one in foreseeing.known(now, "75", Level.KECAMATAN, TARGET).found} == {"75"}
    with gate.acting_as(gate.PERSON + "loket"):
        now = stores.own()
        assert frame_of(now, "75.05") == "75"
        mine = replayed()
        assert made, "of the sisters only totals are seen"
        made.clear()
        alike(replayed(), mine)
        assert not made
        assert not foreseeing.keeps(now, "75", Level.KECAMATAN) and not foreseeing.keeps(now, NATION, Level.KABUPATEN)
        for refused in (
            lambda: now.store.foreseen("75", Level.KECAMATAN, TARGET),
            lambda: now.store.names_of_figures(NATION),
            now.store.places,
            now.store.keep_up,
            lambda: now.store.foresee("75.05", lambda _: {}),
            lambda: now.store.past_answers("71.01", TARGET),
            lambda: now.store.keep_past_answers("71.01", TARGET, lambda _: Kept("", b"")),
        ):
            with pytest.raises(NotAllowedError):
                refused()
    with gate.acting_as(gate.PERSON + "prov"):
        alike(replayed(), said)
        assert not made, "both are kept"
    monkeypatch.undo()
    settings.cache_clear()


def replayed(area: str = "75.05", target: Target = TARGET) -> Replay:
    """What a page says of the past of an area, in a process that has said nothing yet."""
    past._SAID._made.clear()
    return foreseeing.replayed(now := stores.own(), around(now, area), area, target, None)


def alike(one: Replay, other: Replay) -> None:
    pd.testing.assert_frame_equal(one.river, other.river, check_exact=True)
    pd.testing.assert_frame_equal(one.calibration, other.calibration, check_exact=True)
    assert (one.projection, one.line, one.last_pace, one.came) == (other.projection, other.line, other.last_pace, other.came)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days of past answers that are worked out."""
    days, real = list[date](), past.answer

    def answered(ground: Ground, area: str, target: Target, *, upto: date | None = None) -> Projection:
        if upto is not None:
            days.append(upto)
        return real(ground, area, target, upto=upto)

    monkeypatch.setattr(past, "answer", answered)
    return days


def test_past_answers_are_worked_out_once_for_all_processes(
    server: str, made: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each as it would be made: also after a figure of the area, of a sister or of the province is another one."""
    target = Target.parse("94")  # passed, so that what was said is held against what came
    first, days, named = replayed(target=target), sorted({*made}), choices.first("75.05").named
    assert len(days) > 5 and first.projection.cases > 3 and len(first.calibration)
    with Store.open(server) as other:
        there = other.past_answers("75.05", target)
        assert there and not other.foreseen("75.05", Level.KABUPATEN, target)
    made.clear()
    alike(replayed(target=target), first)
    assert not made
    for code in ("75.05.03", "75.01.01", "71.01.05", "75"):
        row = {"area_code": code, "as_of_date": days[4].isoformat(), "eligible": 5000, "unrecorded": 77}
        batch = kept(stores.own_store(), reading(row), "2025-05-21 08:00").batch.id
        made.clear()
        changed, changes = replayed(target=target), [*made]
        assert not changes, "a later figure was not known then"
        assert (choices.first("75.05").named == named) is (code != "75.05.03"), "maps are drawn anew for their own figures alone"
        with monkeypatch.context() as patch:
            patch.setattr(Store, "past_answers", lambda *_: None)
            alike(replayed(target=target), changed)
        stores.own_store().retract(batch, reason="salah", by="petugas", at=AT)
    assert choices.first("75.05").named == named
    made.clear()
    for number, doubt in enumerate(({"target": Target.parse("99.3")}, {"area": "75"}), 1):
        replayed(**{"target": target, **doubt})
        assert len(made) >= number * len(days) - 1, "of another target or area none is taken"
    made.clear()
    with monkeypatch.context() as patch:
        patch.setattr(foreseeing, "program", lambda: "another")
        alike(replayed(target=target), first)
        assert made == days, "nor of another program"


def test_answers_are_made_anew_where_what_they_rest_on_is_another_alone(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    days, real = list[str](), answers.inside

    def inside(ground: Ground, area: str, target: Target, **given: Any) -> Inside | None:
        days.append(area)
        return real(ground, area, target, **given)

    monkeypatch.setattr(joint_answers.answers, "inside", inside)
    monkeypatch.setattr(map_files, "_warm_map", lambda *_: None)  # no answer rests on what is drawn
    map_files.warm()
    assert {"71.01", "75.01", "75.05"} <= {*days}, "at the start of a server for each office"
    days.clear()
    first = choices.first("75.05").project(TARGET)
    assert first.inputs.parts == 2 and not days, "its kecamatan carry it"
    on = (FIRST + timedelta(weeks=WEEKS - 1)).isoformat()
    for code in ("75.05.03", "75.01.01", "71.01.05", "75"):
        row = {"area_code": code, "as_of_date": on, "eligible": 5000, "unrecorded": 77}
        batch = kept(stores.own_store(), reading(row), "2025-05-21 08:00").batch.id
        days.clear()
        view = choices.first("75.05")
        said, key = view.project(TARGET), joint_answers.rests_on(view.basis, "75.05", TARGET)
        assert bool(days) is (code == "75.05.03") and key == view.basis.key_inside
        as_it_is(said, answer(Ground.of(around(view.office, "75.05"), "75.05", today=view.today), "75.05", TARGET))
        stores.own_store().retract(batch, reason="salah", by="petugas", at=AT)
    days.clear()
    view = choices.first("75.05")
    as_it_is(view.project(TARGET), first)
    assert not days, "what holds again is there again"
    alone = view.project(TARGET, "75.05.01")
    as_it_is(alone, answer(Ground.of(view.around, "75.05.01", today=view.today), "75.05.01", TARGET))


def test_where_figures_came_in_a_server_of_few_offices_makes_their_page_ready(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget()
    monkeypatch.setattr(keeper, "LEAST", 20)
    told, looking = list[list[str]](), keeper._Keeper()
    looking._changed = lambda places: told.append([*places])
    looking.look()
    assert not told, "at the start all is made"
    monkeypatch.setattr(held, "_heard", list[Any]())
    for _ in range(2):
        held.on_change(looking._hear)
    assert held._heard == [looking._hear] and not looking._wake.is_set()
    on = (FIRST + timedelta(weeks=WEEKS - 1)).isoformat()
    row = {"area_code": "75.05.03", "as_of_date": on, "eligible": 5000, "unrecorded": 78}
    batch = kept(stores.own_store(), reading(row), "2025-05-21 08:00").batch.id
    assert looking._wake.is_set(), "what this process takes in is looked at without a pause"
    for _ in range(2):
        looking.look()
    assert told == [["75.05"]]
    map_files.warm_offices(told[0])
    made = list[str]()
    for name in ("inside", "each"):
        monkeypatch.setattr(joint_answers.answers, name, lambda _ground, area, *_, **__: made.append(area))
    view = choices.first("75.05")
    assert view.project(TARGET).inputs.parts == 2
    assert "_usual_fan" in vars(view.project(aim_parts.open_target(view))), "what the chart draws"
    assert position_parts.answers(view, Level.KECAMATAN, aim_parts.open_target(view)).keys() == {"75.05.01", "75.05.03"}
    assert not made
    stores.own_store().retract(batch, reason="salah", by="petugas", at=AT)
    looking._few = False
    looking._wake.clear()
    looking._hear()
    assert not looking._wake.is_set(), "of many offices answers are made together"
    monkeypatch.setattr(map_files, "FAMILIES", 0)
    map_files.warm_offices(["75.05", "75.01"])
    assert not made, "of many offices none is made ready"


def test_what_is_made_ready_for_an_office_is_what_its_readers_find_there_and_they_alone(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server with logins, where an office sees of its sisters their totals: its first page rests on these."""
    forget()
    monkeypatch.setenv("EKTP_LOGIN", "accounts")
    settings.cache_clear()
    with gate.acting_as(gate.OPERATOR):
        roster.add("camat", "Camat")
        roster.grant("camat", Role.READER, "75.05")
    made = list[str]()

    def tell(module: Any, name: str) -> None:
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, **more: (made.append(name), real(*given, **more))[1])

    monkeypatch.setattr(map_files, "_warm_map", lambda *_: None)  # what is drawn is looked at elsewhere
    asked = {"frame": choices, "inside": answers, "found": watch, "lines": abreast, "opens": stores, "replayed": foreseeing}
    for name, module in asked.items():
        tell(module, name)

    def seen() -> tuple[Any, ...]:
        with gate.acting_as(gate.PERSON + "camat"), held.one_run():
            view = choices.first("75.05")
            choices.areas("75.05", stores.current())
            state = alert_parts._State.of(view)
            return (
                view.around,
                view.project(ZERO),
                position_parts._shown(
                    view, map_choices.first(view, Level.KECAMATAN), {}, forecast_choices.usual_deadline(view, date(2025, 5, 18))
                ).lines,
                alert_parts._found(view, state),
                forecast_choices.replayed(view, forecast_choices.usual_tested(view)[0]),
            )

    with gate.acting_as(gate.SYSTEM):
        map_files.warm_offices(["75.05"])
    assert {*made} == asked.keys()
    made.clear()
    ready = seen()
    assert not made, "nothing is made again for them"
    forget()
    cold = seen()
    assert made
    pd.testing.assert_frame_equal(ready[0], cold[0], check_exact=True)
    as_it_is(ready[1], cold[1])
    assert ready[2] == cold[2] and ready[3] == cold[3]
    alike(ready[4], cold[4])
    for looked_at in (False, True):  # what a sister sent in stands on the first page here, which somebody looks at, or nobody
        forget()
        monkeypatch.setattr(position_parts, "_looked_at", {"75.05": time.monotonic()} if looked_at else {})
        with gate.acting_as(gate.SYSTEM):
            map_files.warm_offices(["75.01"])
        made.clear()
        seen()
        assert {*made} == ({"replayed"} if looked_at else asked.keys())
    with gate.acting_as(gate.READERS + "75.05"):
        store = stores.own_store()
        seen_of_sisters = store.figures(within="75")["area_code"].unique()
        assert all(code.startswith("75.05") or len(code) <= 5 for code in seen_of_sisters) and store.figures(within="71").empty
        for refused in (lambda: store.retract(1, reason="salah", by="x", at=AT), store.places, store.keep_up):
            with pytest.raises(NotAllowedError):
                refused()
    monkeypatch.undo()
    settings.cache_clear()
    forget()


def test_an_answer_that_rests_on_sisters_is_made_anew_with_them() -> None:
    """Of a kabupaten whose kecamatan says too little: its own few snapshots are pooled with those of its sisters."""
    forget()
    own = [*weekly(("75.05",), 4), *weekly(("75.05.01",), 1)]
    names = set()
    for sisters in ((), ("75.01",), ("75.01", "75.02")):
        rows = [*own, *weekly(sisters, 4, start=2500)]
        near = roll_up(reading(*(row for week in rows for row in week)), "75")
        names.add(named := name_of(select(near, "75.05")))
        basis = joint_answers.Basis("store", name_of(near), None, None, near, "75.05", named)
        for _ in range(2):
            said = joint_answers.projection(basis, "75.05", ZERO)
            as_it_is(said, answer(Ground.of(near, "75.05"), "75.05", ZERO))
        assert (said.inputs.pooled, said.inputs.parts) == (len(sisters), 0)
        assert joint_answers.rests_on(basis, "75.05", ZERO) == basis.key
    assert len(names) == 1


def as_it_is(one: Projection, other: Projection) -> None:
    """The same to the bit."""
    assert one == other and one.seen == other.seen and (one.draws == other.draws).all()
    pd.testing.assert_frame_equal(one.fan(), other.fan(), check_exact=True)


@examples(3, 9, database=None)
@given(place=st.integers(0, 400), count=st.integers(0, 9000), column=st.sampled_from(["eligible", "unrecorded"]))
def test_what_kecamatan_carry_rests_on_no_figure_of_a_sister(place: int, count: int, column: str) -> None:
    rows = five_weeks().copy()
    sisters = rows.index[~rows["area_code"].str.startswith("75.05")]
    rows.loc[sisters[place % len(sisters)], column] = count
    found, without = (inside(Ground.of(one, "75.05"), "75.05", ZERO) for one in (rows, select(rows, "75.05")))
    assert found and without and found.whole.inputs.parts
    as_it_is(found.whole, without.whole)
    assert found.children.keys() == without.children.keys()
    for code, child in found.children.items():
        as_it_is(child, without.children[code])


@examples(9, 25, database=None)
@given(code=st.sampled_from(["75", "75.05", "75.05.0", "75.05.01", "75.06", "76", NATION]), mixed=st.booleans())
def test_areas_are_found_in_frames_in_any_order(code: str, mixed: bool) -> None:
    rows = five_weeks()
    rows = rows.sample(frac=1, random_state=len(code)) if mixed else rows
    mine = rows["area_code"].map(lambda one: code == NATION or one == code or one.startswith(code + "."))
    pd.testing.assert_frame_equal(select(rows, code), rows[mine.astype(bool)])


@pytest.mark.parametrize("spoilt", [b"", b"spoilt", None])
def test_past_answers_that_are_spoilt_are_made_anew(server: str, made: list[date], spoilt: bytes | None) -> None:
    first = replayed()
    with Store.open(server) as other:
        there = other.past_answers("75.05", TARGET)
        assert there is not None
        data = there.answers[:-1] if spoilt is None else spoilt
        assert other.keep_past_answers("75.05", TARGET, lambda _: Kept(there.made_from, data))
    made.clear()
    alike(replayed(), first)
    assert made
    made.clear()
    alike(replayed(), first)
    assert not made


@cache
def five_weeks() -> pd.DataFrame:
    rolled = roll_up(reading(*(row for rows in weekly(KECAMATAN, 5) for row in rows)), "75")
    return rolled[rolled["headline"]].reset_index(drop=True)


@examples(9, 25, database=None)
@given(
    place=st.integers(0, 400), column=st.sampled_from(["unrecorded", "eligible", "as_of_date", "area_code", "basis", "complete"])
)
def test_a_past_answer_has_another_name_where_any_figure_behind_it_is_another(place: int, column: str) -> None:
    rows = five_weeks()
    at = place % len(rows)
    other, day = rows.copy(), rows["as_of_date"].max().date()
    was = other.loc[at, column]
    other.loc[at, column] = {
        "as_of_date": lambda: was - pd.Timedelta(days=1),
        "area_code": lambda: "75.02",
        "basis": lambda: "list",
        "complete": lambda: not was,
    }.get(column, lambda: was + 1)()
    assert Ground(rows).digest(day) != Ground(other).digest(day) and name_of(rows) != name_of(other)
    assert Ground(rows).digest(day) == Ground(rows.copy()).digest(day) and name_of(rows) == name_of(rows.copy())


def test_a_command_makes_all_that_is_missing_and_nothing_twice(server: str, said: Said) -> None:
    kept_now()
    with Store.open(server) as store, store._database.writing() as connection:
        connection.execute(schema.foreseen.delete().where(schema.foreseen.c.area_code.in_(["71.01", "75"])))
    assert waiting(NATION, Level.KABUPATEN) == ("75",)
    assert said("store", "keep", "--workers", "1")[:2] == (0, "2 parts were made; all is ready.\n")
    assert not waiting(NATION, Level.KABUPATEN) and not waiting(NATION, Level.KECAMATAN)
    assert said("store", "keep", "--workers", "1")[:2] == (0, "0 parts were made; all is ready.\n")


def test_a_store_in_a_file_keeps_no_answers(
    sqlite_url: str, said: Said, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKTP_DATABASE_URL", "")
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    assert "keeps nothing ready" in said("store", "keep")[1]
    monkeypatch.undo()
    settings.cache_clear()
    with Store.open(sqlite_url) as store:
        kept(store, reading(*weekly(KECAMATAN, 1)[0]), "2025-05-01 08:00")
        store.keep_up()
        assert store.places() == [] and not store.foresee("75.05", lambda _: {}) and not store.keeps_rollups
        assert store.foreseen(NATION, Level.KECAMATAN, TARGET) == {} and store.past_answers("75.05", TARGET) is None
        assert not store.keep_past_answers("75.05", TARGET, lambda _: Kept("", b""))


def test_the_thread_of_a_server_looks_by_itself_and_ends(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(keeper, "EVERY", 0.01)
    monkeypatch.setattr(keeper, "AGAIN", 0.01)

    def look(_: object) -> None:
        looked.append(1)
        if len(looked) == 2:
            raise StoreError(Text("The server is away."))

    monkeypatch.setattr(keeper._Keeper, "look", look)
    keeper.begin()
    keeper.begin()
    while len(looked) < 4:
        keeper.want(ZERO)
    keeper.end()
    ended = len(looked)
    keeper.end()
    assert len(looked) == ended >= 4, "also after one that failed"
