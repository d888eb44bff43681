"""The past answers as they were given, the areas inside together, and the public benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ektp_analysis import office
from ektp_analysis.ingest import Choices
from ektp_analysis.office import forecasts
from ektp_analysis.projection import NOT_REACHED
from ektp_analysis.settings import settings
from ektp_analysis.targets import ZERO, Target

NATIONAL = Target.parse("99.4")
AREA = "75.05.03"
FIRST = date(2024, 1, 1)
COUNTS = (900, 760, 700, 560, 490, 300, 240, 190, 120, 60, 40, 30)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()
    office.close_all()
    yield
    office.close_all()
    settings.cache_clear()


def take_in(day: date, rows: dict[str, int], *, at: date, eligible: int = 9000) -> None:
    text = "area_code,as_of_date,eligible,unrecorded\n" + "".join(
        f"{code},{day},{eligible},{count}\n" for code, count in rows.items())
    report = office.read(text.encode(), f"{day}-{at}.csv", Choices())
    assert report.status == "accepted", report
    office.own_store().commit(report.rows, data=text.encode(), name=f"{day}-{at}.csv", uploader="tester",
                              received_at=datetime(at.year, at.month, at.day, 12, tzinfo=UTC),
                              choices=report.choices.to_json(), report=report.to_json("en"))


def now_and_rolled(area: str = AREA) -> tuple[office.Office, pd.DataFrame]:
    now = office.current()
    return now, office.around(now, area)


def days(n: int) -> list[date]:
    return [FIRST + timedelta(weeks=i) for i in range(n)]


def answers(now: office.Office, rolled: pd.DataFrame, area: str = AREA, target: Target = NATIONAL) -> dict[date, str]:
    known = forecasts.Known(now, rolled, area)
    return {day: office.project_area(known.on(day), area, target, upto=day).to_json()
            for day in known.present.history(area).dates}


@pytest.mark.parametrize("revised", [False, True])
def test_the_replay_gives_bit_for_bit_what_was_said_then(own: None, revised: bool) -> None:
    said = {}
    for i, (day, count) in enumerate(zip(days(7), COUNTS, strict=False)):
        take_in(day, {AREA: count}, at=day + timedelta(days=1))
        if revised and i == 4:  # two days later an earlier figure is corrected
            take_in(days(7)[2], {AREA: 730}, at=day + timedelta(days=3))
        if i:
            now, rolled = now_and_rolled()
            said[day] = office.project_area(rolled, AREA, NATIONAL).to_json()
    if revised:  # on that day it was said before the correction came
        now, _ = now_and_rolled()
        before = now.store.figures(within=AREA, known_at=days(7)[4] + timedelta(days=1))
        said[days(7)[4]] = office.project_area(before, AREA, NATIONAL).to_json()
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
    found = forecasts.replay(now, rolled, AREA, NATIONAL)
    assert list(found.river["moved_by"]) == ["first", "data", "data", "revision", "data"]
    assert found.river["origin"].iloc[-1].date() == days(6)[-1]
    present = office.project_area(rolled, AREA, NATIONAL)
    assert found.river["q50"].iloc[-1] == pd.Timestamp(present.median)
    assert found.projection.cases == 4 and found.came == 0 and found.calibration.empty


def test_a_file_that_brings_the_whole_past_is_known_as_one(own: None) -> None:
    text = "area_code,as_of_date,eligible,unrecorded\n" + "".join(
        f"{AREA},{day},9000,{count}\n" for day, count in zip(days(12), COUNTS, strict=True))
    report = office.read(text.encode(), "all.csv", Choices())
    office.commit(report, text.encode(), uploader="tester")
    now, rolled = now_and_rolled()
    found = forecasts.replay(now, rolled, AREA, NATIONAL)
    assert found.projection.cases == 9  # from the second snapshot to the last one above 54
    assert found.came == 9 and not found.calibration.empty
    shares = found.calibration["share"]
    assert shares.is_monotonic_increasing and shares.between(0, 1).all()


def test_a_snapshot_that_was_taken_back_was_known_all_the_same(own: None) -> None:
    for day, count in zip(days(4), COUNTS, strict=False):
        take_in(day, {AREA: count}, at=day + timedelta(days=1))
    store = office.own_store()
    wrong = next(batch for batch in store.batches() if batch.as_of_dates == (days(4)[1],))
    store.retract(wrong.id, reason="wrong", by="tester", at=datetime(2024, 3, 1, tzinfo=UTC))
    now, rolled = now_and_rolled()
    known = forecasts.Known(now, rolled, AREA)
    assert list(known.on(days(4)[2]).history(AREA, days(4)[2]).middle) == [900, 760, 700]
    assert list(known.present.history(AREA).middle) == [900, 700, 560]


def outcome(came: int | None, watched: int, draws: list[float]) -> SimpleNamespace:
    origin = date(2024, 1, 1)
    return SimpleNamespace(origin=origin, watched=watched, came=NOT_REACHED if came is None else origin + timedelta(days=came),
                           projection=SimpleNamespace(draws=np.array(draws)))


def test_calibration_by_hand() -> None:
    draws = [float(day) + 0.5 for day in range(100)]  # 1 in 100 each day

    def shares(*said: SimpleNamespace) -> dict[int, float]:
        made = forecasts.calibration(SimpleNamespace(said=said))  # type: ignore[arg-type]
        return {int(row.level): round(float(row.share), 6) for row in made.itertuples()}

    whole = shares(*(outcome(day, 200, draws) for day in (20, 40, 60, 98)))
    assert (whole[15], whole[20], whole[45], whole[65], whole[95]) == (0.0, 0.25, 0.5, 0.75, 0.75)
    # Watched for 30 days only, not come: at 40 three are left at risk, of whom one comes.
    cut = shares(outcome(20, 200, draws), outcome(None, 30, draws), outcome(40, 200, draws), outcome(98, 200, draws))
    assert (cut[25], cut[45]) == (0.25, round(1 - 0.75 * 0.5, 6))
    assert shares(outcome(None, 30, draws)) == {} and shares() == {}


def test_the_areas_inside_are_drawn_together(own: None) -> None:
    for i, day in enumerate(days(6)):
        take_in(day, {"75.05.01": int(400 * 0.6**i), "75.05.02": int(800 * 0.85**i), "75.05.03": 200}, at=day, eligible=20_000)
    _now, rolled = now_and_rolled("75.05")
    found = forecasts.jointly(rolled, "75.05", ZERO)
    assert found is not None and set(found.together.children) == {"75.05.01", "75.05.02", "75.05.03"}
    by = date(2025, 6, 30)
    rows = forecasts.by_risk(found, by)
    assert rows["area_code"].iloc[0] == "75.05.03"  # it does not move: the first to look at
    known = rows["chance_by"].dropna()
    assert known.is_monotonic_increasing
    assert rows["chance_last"].sum() == pytest.approx(1)
    assert (found.all_of_them.probability_never or 0) > 0.7
    two = forecasts.jointly(rolled[rolled["area_code"] != "75.05.03"], "75.05", ZERO)
    assert two is not None
    each = [child.probability_by(by) for child in two.together.children.values()]
    together = two.all_of_them.probability_by(by)
    assert np.prod(each) - 0.02 <= together <= min(each) + 1e-9
    assert forecasts.jointly(rolled, "75.05.03", ZERO) is None


def test_milestones_are_round_coverages_that_were_passed() -> None:
    def passed(*coverage: float) -> list[Decimal | None]:
        return [target.share for target in forecasts.milestones(pd.DataFrame({"coverage": list(coverage)}))]

    assert passed(0.928, 0.95, 0.9912) == [Decimal("0.94"), Decimal("0.96"), Decimal("0.98")]
    assert passed(0.9902, 0.9931) == [Decimal("0.991"), Decimal("0.992"), Decimal("0.993")]
    assert passed(0.5, 0.9) == [Decimal("0.6"), Decimal("0.7"), Decimal("0.8")] or len(passed(0.5, 0.9)) <= 3
    assert passed(0.97, 0.95) == [] and passed() == [] and passed(0.995, 1.02)[-1] < 1


def test_the_benchmark_is_read_or_missing(tmp_path: Path) -> None:
    assert forecasts.benchmark(tmp_path / "none.csv").empty
    file = tmp_path / "benchmark.csv"
    file.write_text("family,kind,ratio,cover80,late,wrong_never,false_promise\na,countdown,0.5,0.8,0.5,0.1,0.01\n")
    rows = forecasts.benchmark(file)
    assert list(rows.columns) == [*forecasts.BENCHMARK_COLUMNS, "source"] and rows["ratio"].item() == 0.5


