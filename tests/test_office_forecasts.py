"""The past answers as they were given, the areas inside together, and the public benchmark."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core.contract import frame
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import imports, reports, stores
from ektp_analysis.office.reports import Past, around
from ektp_analysis.projection import answers as answers_of
from ektp_analysis.projection import inflow
from ektp_analysis.projection import replay as past
from ektp_analysis.projection.answers import Ground, answer, by_risk, inside
from ektp_analysis.projection.result import NOT_REACHED, Inside, Meaning, Projection
from tests.projecting import project, project_area

NATIONAL = Target.parse("99.4")
AREA = "75.05.03"
FIRST = date(2024, 1, 1)
COUNTS = (900, 760, 700, 560, 490, 300, 240, 190, 120, 60, 40, 30)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()
    stores.close_all()
    yield
    stores.close_all()
    settings.cache_clear()


def take_in(day: date, rows: dict[str, int], *, at: date, eligible: int = 9000) -> None:
    text = "area_code,as_of_date,eligible,unrecorded\n" + "".join(
        f"{code},{day},{eligible},{count}\n" for code, count in rows.items()
    )
    report = imports.read(text.encode(), f"{day}-{at}.csv", Choices())
    assert report.status == "accepted", report
    stores.own_store().commit(
        report.rows,
        data=text.encode(),
        name=f"{day}-{at}.csv",
        uploader="tester",
        received_at=datetime(at.year, at.month, at.day, 12, tzinfo=UTC),
        choices=report.choices.to_json(),
        report=report.to_json("en"),
    )


def now_and_rolled(area: str = AREA) -> tuple[stores.Office, pd.DataFrame]:
    now = stores.current()
    return now, around(now, area)


def jointly(rolled: pd.DataFrame, area: str, target: Target, meaning: Meaning | None = None) -> Inside | None:
    return inside(Ground.of(rolled, area), area, target, meaning=meaning)


def days(n: int) -> list[date]:
    return [FIRST + timedelta(weeks=i) for i in range(n)]


def answers(now: stores.Office, rolled: pd.DataFrame, area: str = AREA, target: Target = NATIONAL) -> dict[date, str]:
    known = Past(now, rolled, area)
    return {day: answer(known.on(day), area, target, upto=day).to_json() for day in known.on(None).history(area).dates}


@pytest.mark.parametrize("revised", [False, True])
def test_the_replay_gives_bit_for_bit_what_was_said_then(own: None, revised: bool) -> None:
    said = {}
    for i, (day, count) in enumerate(zip(days(7), COUNTS, strict=False)):
        take_in(day, {AREA: count}, at=day + timedelta(days=1))
        if revised and i == 4:  # two days later an earlier figure is corrected
            take_in(days(7)[2], {AREA: 730}, at=day + timedelta(days=3))
        if i:
            now, rolled = now_and_rolled()
            said[day] = project_area(rolled, AREA, NATIONAL).to_json()
    if revised:  # on that day it was said before the correction came
        now, _ = now_and_rolled()
        before = now.store.figures(within=AREA, known_at=days(7)[4] + timedelta(days=1))
        said[days(7)[4]] = project_area(before, AREA, NATIONAL).to_json()
    now, rolled = now_and_rolled()
    replayed = answers(now, rolled)
    assert {day: text for day, text in replayed.items() if day in said} == said
    assert len(said) == 6


def test_a_revision_and_the_present_answer_stand_in_the_river(own: None) -> None:
    for i, (day, count) in enumerate(zip(days(6), COUNTS, strict=False)):
        if i == 4:
            take_in(days(6)[2], {AREA: 730}, at=day - timedelta(days=3))
        take_in(day, {AREA: count}, at=day + timedelta(days=1))
    now, rolled = now_and_rolled()
    found = past.replay(Past(now, rolled, AREA).on, AREA, NATIONAL)
    assert list(found.river["moved_by"]) == ["first", "data", "data", "revision", "data"]
    assert found.river["origin"].iloc[-1].date() == days(6)[-1]
    present = project_area(rolled, AREA, NATIONAL)
    assert found.river["q50"].iloc[-1] == pd.Timestamp(present.median)
    assert found.projection.cases == 4 and found.came == 0 and found.calibration.empty


def test_a_file_that_brings_the_whole_past_is_known_as_one(own: None) -> None:
    text = "area_code,as_of_date,eligible,unrecorded\n" + "".join(
        f"{AREA},{day},9000,{count}\n" for day, count in zip(days(12), COUNTS, strict=True)
    )
    report = imports.read(text.encode(), "all.csv", Choices())
    imports.commit(report, text.encode(), uploader="tester")
    now, rolled = now_and_rolled()
    found = past.replay(Past(now, rolled, AREA).on, AREA, NATIONAL)
    assert found.projection.cases == 9  # from the second snapshot to the last one above 54
    assert found.came == 9 and not found.calibration.empty
    shares = found.calibration["share"]
    assert shares.is_monotonic_increasing and shares.between(0, 1).all()


def test_a_past_answer_is_worked_out_once_until_what_it_rests_on_changes(own: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date | None] = []

    def counted(*given: Any, **more: Any) -> Projection:
        asked.append(more.get("upto"))
        return answer(*given, **more)

    monkeypatch.setattr(past, "answer", counted)
    monkeypatch.setattr(past, "_SAID", past._Said())
    for week, day in enumerate(days(4)):
        take_in(day, {AREA: COUNTS[week], "75.05.01": 400 - 9 * week}, at=day)

    def river() -> pd.DataFrame:
        asked.clear()
        now, rolled = now_and_rolled()
        return past.replay(Past(now, rolled, AREA).on, AREA, NATIONAL).river

    first = river()
    assert asked == [*days(4)[:3], None]
    assert river().equals(first) and asked == [None]
    take_in(days(5)[4], {"75.05.01": 350}, at=days(5)[4])  # a later day of a sister: what was said before stays
    assert river()[:2].equals(first[:2]) and asked == [None]
    take_in(days(5)[1], {"75.05.01": 300}, at=days(5)[4])  # nor was a correction known then that came later
    assert river()[:2].equals(first[:2]) and asked == [None]
    monkeypatch.setattr(past, "_SAID", past._Said())
    assert river()[:2].equals(first[:2]) and asked == [*days(4)[:3], None]


def test_what_answers_rest_on_is_named_by_what_is_near() -> None:
    rows = [
        {"area_code": code, "as_of_date": day, "eligible": 900, "unrecorded": 90 - week}
        for code in ("75.05.03.2001", "75.05.03.2002", "75.05.01.2001", "75.01.02.2001", "71.01.05.2001")
        for week, day in enumerate(days(3))
    ]
    whole = frame(rows)
    areas = ("75.05.03", "75.05", "75", "71", "ID")
    first = Ground(roll_up(whole))

    def same(changed: pd.DataFrame) -> list[bool]:
        return [Ground(roll_up(changed)).digest_around(area) == first.digest_around(area) for area in areas]

    def other(code: str) -> pd.DataFrame:
        return whole.assign(unrecorded=whole["unrecorded"].where(whole["area_code"] != code, 50))

    assert same(whole) == [True] * 5
    assert same(other("75.05.03.2001")) == [False, False, False, True, False]
    assert same(other("75.05.01.2001")) == [False, False, False, True, False]
    assert same(other("75.01.02.2001")) == [True, False, False, True, False]
    assert same(other("71.01.05.2001")) == [True, True, True, False, False]
    later = pd.concat([whole, other("75.05.03.2001").assign(as_of_date=pd.Timestamp(days(4)[3]))])
    now = Ground(roll_up(frame(later)))
    assert now.digest(days(3)[2]) == first.digest(days(3)[2]) != now.digest(days(4)[3])


def test_answers_are_worked_out_in_the_order_in_which_they_were_asked_for() -> None:
    turn, done, threads = answers_of._Turn(), list[int](), list[threading.Thread]()

    def work(number: int) -> None:
        with turn:
            done.append(number)

    with pytest.raises(ValueError, match="broken"), turn:
        for number in range(5):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(turn._waiting) <= number:
                pass
        assert not done
        raise ValueError("broken")  # lets the others go on
    for one in threads:
        one.join()
    assert done == [0, 1, 2, 3, 4] and not turn._taken


def test_a_snapshot_that_was_taken_back_was_known_all_the_same(own: None) -> None:
    for day, count in zip(days(4), COUNTS, strict=False):
        take_in(day, {AREA: count}, at=day + timedelta(days=1))
    store = stores.own_store()
    wrong = next(batch for batch in store.batches() if batch.as_of_dates == (days(4)[1],))
    store.retract(wrong.id, reason="wrong", by="tester", at=datetime(2024, 3, 1, tzinfo=UTC))
    now, rolled = now_and_rolled()
    known = Past(now, rolled, AREA)
    assert list(known.on(days(4)[2]).history(AREA, days(4)[2]).middle) == [900, 760, 700]
    assert list(known.on(None).history(AREA).middle) == [900, 700, 560]


def outcome(came: int | None, watched: int, draws: list[float]) -> SimpleNamespace:
    origin = date(2024, 1, 1)
    return SimpleNamespace(
        origin=origin,
        watched=watched,
        came=NOT_REACHED if came is None else origin + timedelta(days=came),
        projection=SimpleNamespace(draws=np.array(draws)),
    )


def test_calibration_by_hand() -> None:
    draws = [float(day) + 0.5 for day in range(100)]  # 1 in 100 each day

    def shares(*said: SimpleNamespace) -> dict[int, float]:
        made = past.calibration(SimpleNamespace(said=said))  # type: ignore[arg-type]
        return {int(row.level): round(float(row.share), 6) for row in made.itertuples()}

    whole = shares(*(outcome(day, 200, draws) for day in (20, 40, 60, 98)))
    assert (whole[15], whole[20], whole[45], whole[65], whole[95]) == (0.0, 0.25, 0.5, 0.75, 0.75)
    # Watched for 30 days only, not come: at 40 three are left at risk, of whom one comes.
    cut = shares(outcome(20, 200, draws), outcome(None, 30, draws), outcome(40, 200, draws), outcome(98, 200, draws))
    assert (cut[25], cut[45]) == (0.25, round(1 - 0.75 * 0.5, 6))
    assert shares(outcome(None, 30, draws)) == {} and shares() == {}


def test_the_areas_inside_are_drawn_together(own: None) -> None:
    for i, day in enumerate(days(6)):
        take_in(day, {"75.05.01": int(400 * 0.6**i), "75.05.02": int(800 * 0.85**i), "75.05.03": 200}, at=day, eligible=2_000)
    _now, rolled = now_and_rolled("75.05")
    found = jointly(rolled, "75.05", ZERO)
    assert found is not None and set(found.children) == {"75.05.01", "75.05.02", "75.05.03"}
    by = date(2025, 6, 30)
    rows = by_risk(found, by)
    assert rows["area_code"].iloc[0] == "75.05.03"  # it does not move: the first to look at
    known = rows["chance_by"].dropna()
    assert known.is_monotonic_increasing
    assert rows["chance_last"].sum() == pytest.approx(1)
    assert (found.all_of_them.probability_never or 0) > 0.7
    two = jointly(rolled[rolled["area_code"] != "75.05.03"], "75.05", ZERO)
    assert two is not None
    each = [child.probability_by(by) for child in two.children.values()]
    together = two.all_of_them.probability_by(by)
    assert np.prod(each) - 0.02 <= together <= min(each) + 1e-9
    assert jointly(rolled, "75.05.03", ZERO) is None


def test_milestones_are_round_coverages_that_were_passed() -> None:
    def passed(*coverage: float) -> list[Decimal | None]:
        return [target.share for target in past.milestones(pd.DataFrame({"coverage": list(coverage)}))]

    assert passed(0.928, 0.95, 0.9912) == [Decimal("0.94"), Decimal("0.96"), Decimal("0.98")]
    assert passed(0.9902, 0.9931) == [Decimal("0.991"), Decimal("0.992"), Decimal("0.993")]
    assert passed(0.5, 0.9) == [Decimal("0.6"), Decimal("0.7"), Decimal("0.8")] or len(passed(0.5, 0.9)) <= 3
    assert passed(0.97, 0.95) == [] and passed() == [] and passed(0.995, 1.02)[-1] < 1


def test_the_benchmark_is_read_or_missing(tmp_path: Path) -> None:
    assert past.benchmark(tmp_path / "none.csv").empty
    file = tmp_path / "benchmark.csv"
    file.write_text("family,kind,ratio,cover80,late,wrong_never,false_promise\na,countdown,0.5,0.8,0.5,0.1,0.01\n")
    rows = past.benchmark(file)
    assert list(rows.columns) == [*past.BENCHMARK_COLUMNS, "source"] and rows["ratio"].item() == 0.5


SISTERS = ("75.05.01", "75.05.02", "75.05.03")
TARGETS = (NATIONAL, ZERO)


def falls(code: str, week: int) -> int:
    """An uneven fall of its own for each area; the second is well ahead."""
    return int((300 + 100 * int(code[-1])) * (0.88 - 0.04 * (code == "75.05.02")) ** (week + (week % 3 == 1)))


def plain(found: Projection) -> str:
    return found.to_json(by=[date(2024, 12, 31)])


def test_an_area_of_few_snapshots_says_the_same_alone_and_among_its_sisters(own: None) -> None:
    for week, day in enumerate(days(3)):
        take_in(day, {code: falls(code, week) for code in SISTERS}, at=day)
    now = stores.current()
    wide = around(now, "75.05")
    for target in TARGETS:
        inside = jointly(wide, "75.05", target)
        assert inside is not None
        for code in SISTERS:
            alone = project_area(around(now, code), code, target)
            among = inside.children[code]
            assert plain(alone) == plain(among) == plain(project_area(wide, code, target))
            assert alone.answered and alone.inputs.pooled == 2 and "pooled with 2 sister areas" in str(alone.notes[0])
            deck = reports.state(now, code)
            assert plain(deck.to_target if target == NATIONAL else deck.to_zero) == plain(alone)
        # the total is the sum of the same draws, alone as well
        whole = project_area(around(now, "75.05"), "75.05", target)
        assert plain(whole) == plain(inside.whole) and whole.inputs.parts == 3 and whole.inputs.pooled == 0
        parts = sum(child.paths.remaining([0, 30, 200]) for child in inside.children.values() if child.paths)
        assert whole.paths is not None and np.allclose(whole.paths.remaining([0, 30, 200]), parts)
        assert whole.inputs.allowed is not None
        histories = [Ground.of(wide, "75.05").history(code) for code in SISTERS]
        grows = sum(inflow.per_day(one, None) * inflow.allowance_grows(one, None) for one in histories)
        assert 0 < grows < whole.inputs.inflow_per_day
        allowed = whole.inputs.allowed[0] + (0.006 * grows * np.arange(731) if target == NATIONAL else 0)
        met = whole.paths.remaining(np.arange(731)) <= allowed + 1e-9
        first = np.where(met.any(axis=1), met.argmax(axis=1), np.inf)
        assert np.array_equal(whole.draws, first)
    without = project_area(wide[wide["area_code"] == SISTERS[0]], SISTERS[0], ZERO)
    assert without.inputs.pooled == 0 and without.quantiles != project_area(wide, SISTERS[0], ZERO).quantiles


def test_one_snapshot_is_pooled_or_says_why_there_is_none_and_two_are_wider_than_three(own: None) -> None:
    def middle(found: Projection) -> float:
        return float(np.log(np.quantile(found.draws, 0.6) / np.quantile(found.draws, 0.1)))

    alone = [
        project(
            frame(
                [
                    {"area_code": AREA, "as_of_date": day.isoformat(), "eligible": 20_000, "unrecorded": count}
                    for day, count in zip(days(n), (800, 600, 450), strict=False)
                ]
            ),
            Target.parse("98.5"),
            meaning="list",
        )
        for n in (1, 2, 3)
    ]
    assert alone[0].reason is not None and alone[0].reason.code == "too_few"
    assert middle(alone[1]) > middle(alone[2]) > 0.3
    for week, day in enumerate(days(4)):
        take_in(day, {code: falls(code, week) for code in SISTERS if code != AREA or week == 3}, at=day)
    now = stores.current()
    pooled = project_area(around(now, AREA), AREA, ZERO)
    assert pooled.answered and pooled.inputs.snapshots == 1 and pooled.inputs.pooled == 2


def test_a_campaign_that_has_ended_is_learnt_from(own: None) -> None:
    for week, day in enumerate(days(6)):
        take_in(day, {"75.05.01": (400, 200, 80, 20, 0, 0)[week], AREA: 700 - 20 * week}, at=day)
    near = around(stores.current(), AREA)
    found = project_area(near, AREA, ZERO)
    assert found.inputs.pooled == 1
    slow = project_area(near[near["area_code"] == AREA], AREA, ZERO)
    assert np.median(found.draws) < np.median(slow.draws)


@pytest.mark.parametrize("area", [AREA, "75.05"])
def test_what_was_said_with_sisters_is_replayed_to_the_bit_after_they_changed(own: None, area: str) -> None:
    said = {}
    for week, day in enumerate(days(4)):
        for code in SISTERS:  # each kecamatan sends its own file, the area that is asked for last
            take_in(day, {code: falls(code, week)}, at=day + timedelta(days=1))
        if week:
            said[day] = [plain(project_area(around(stores.current(), area), area, target)) for target in TARGETS]
    # then a sister is corrected all along, and another is taken back
    for week, day in enumerate(days(3)):
        take_in(day, {"75.05.01": 3 * falls("75.05.01", week)}, at=days(4)[-1] + timedelta(days=20))
    store = stores.own_store()
    gone = [batch for batch in store.batches() if batch.name.startswith(str(days(4)[1]))][1]
    store.retract(gone.id, reason="wrong", by="tester", at=datetime(2024, 5, 1, tzinfo=UTC))
    now, rolled = now_and_rolled(area)
    present = [plain(project_area(rolled, area, target, upto=days(4)[2])) for target in TARGETS]
    assert present != said[days(4)[2]]  # today, one would say otherwise
    for place, target in enumerate(TARGETS):
        known = Past(now, rolled, area)
        for day in days(4)[1:]:
            then = known.on(day)
            replayed = plain(answer(then, area, target, upto=day))
            assert replayed == said[day][place], (day, target.key)


def test_a_total_whose_parts_do_not_carry_it_stands_by_its_own_series(own: None) -> None:
    for week, day in enumerate(days(4)):
        take_in(
            day,
            {code: falls(code, week) for code in SISTERS} | {"75.05": 40 + sum(falls(code, week) for code in SISTERS)},
            at=day,
        )
    _now, rolled = now_and_rolled("75.05")
    whole = project_area(rolled, "75.05", ZERO)
    assert whole.inputs.parts == 3 and any("spread over" in str(note) for note in whole.notes)
    totals = [40 + sum(falls(code, week) for code in SISTERS) for week in range(4)]
    assert [low for low, _high in whole.inputs.unrecorded] == totals
    alone = rolled[rolled["area_code"] == "75.05"]
    assert project_area(alone[alone["source"] == "own"], "75.05", ZERO).inputs.parts == 0
    # a part that does not fall, and has no sister that does, has no answer: the total's own series has one
    for week, day in enumerate(days(16)):
        take_in(day, {"75.05.01": 300, "75.05.02": 600 - 30 * week, "75.05.03": 250 - 7 * week}, at=date(2024, 8, 1))
    _now, rolled = now_and_rolled("75.05")
    inside = jointly(rolled, "75.05", ZERO)
    assert inside is not None and inside.without == ("75.05.01",)
    whole = project_area(rolled, "75.05", ZERO)
    assert whole.inputs.parts == 0 and whole.answered and plain(whole) == plain(inside.whole)


def test_a_provinsi_shows_its_kabupaten_as_they_are_alone(own: None) -> None:
    for week, day in enumerate(days(4)):
        kecamatan = {code: falls(code, week) for code in (*SISTERS, "75.01.01", "75.01.02")}
        take_in(day, kecamatan | {"75.02": falls("75.05.01", week)}, at=day)
    now = stores.current()
    inside = jointly(around(now, "75"), "75", ZERO, "eligible")
    assert inside is not None and set(inside.children) == {"75.01", "75.02", "75.05"}
    for code, child in inside.children.items():
        alone = project_area(around(now, code), code, ZERO, meaning="eligible")
        assert plain(child) == plain(alone) and np.array_equal(np.sort(child.draws), np.sort(alone.draws))
    assert inside.children["75.05"].inputs.parts == 3 and inside.children["75.02"].inputs.pooled == 2
    assert not inside.whole.inputs.parts
    nation = jointly(around(now, "ID"), "ID", ZERO)
    assert nation is not None
    assert plain(nation.children["75"]) == plain(project_area(around(now, "75"), "75", ZERO))
