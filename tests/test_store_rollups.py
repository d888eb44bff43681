"""What a store keeps of figures together is, to the bit, what the figures say; whatever was imported, taken back or spoilt."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from ektp_analysis.access import sight as sights
from ektp_analysis.access.sight import Sight
from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, Level, level_of
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.figures.rollup import opens, roll_up, select
from ektp_analysis.office import reports, stores, watch
from ektp_analysis.projection.answers import scope
from ektp_analysis.store import rollups, schema
from ektp_analysis.store.revisions import NEVER
from ektp_analysis.store.store import Store
from tests.breadth import case
from tests.engines import kept, moment, reading

START = moment("2023-06-20 10:00")
DESA = [f"{kecamatan}.200{n}" for kecamatan in ("75.05.01", "75.05.03", "75.01.02", "71.01.05") for n in (1, 2)]
ABOVE = ["75.05.01", "75.05.03", "75.05", "75.01", "71.01", "75", "71", NATION, "33"]
DAYS = [date(2023, 5, 1) + timedelta(weeks=week) for week in range(5)]
DEPTHS = ((NATION, Level.KECAMATAN), ("75", Level.PROVINSI), ("75.05", Level.KECAMATAN))
MORE = {"basis": ["", "wajib KTP", "DPT"], "note": ["", "sisa"], "status": ["reported", "reported", "modelled"]}


def drawn(random: np.random.Generator, codes: list[str]) -> pd.DataFrame:
    """A file of some areas on some days: two or one of the counts, or a percentage; not all areas on each day."""
    rows: list[dict[str, Any]] = []
    for code in codes:
        for day in random.choice(DAYS, 2, replace=False):
            eligible = int(random.integers(50, 5000))
            unrecorded = int(random.integers(0, eligible // 4))
            counts = {"eligible": eligible, "recorded": eligible - unrecorded, "unrecorded": unrecorded}
            given = [("eligible", "unrecorded"), ("unrecorded",), ("recorded", "eligible"), ("eligible",)][random.integers(4)]
            row = {"area_code": code, "as_of_date": day, **{name: counts[name] for name in given}}
            if given == ("unrecorded",) and random.integers(2):
                row["coverage_reported"] = f"{100 - 100 * unrecorded / eligible:.2f}"
            rows.append(row | {name: str(random.choice(values)) for name, values in MORE.items()})
    return reading(*rows)


def same(store: Store) -> None:
    """What is kept is what the figures say, of each area and depth; so are the areas, the days and the batches behind a day."""
    figures = store.figures()
    rolled = roll_up(figures)
    for within, down_to in DEPTHS:
        whole, mine = select(rolled, within), select(figures, within)
        expected = whole[whole["level"] <= int(down_to)].reset_index(drop=True)
        pd.testing.assert_frame_equal(store.rolled(within, down_to=down_to), expected)
        assert store.areas(within) == sorted(mine["area_code"].unique())
        days = sorted({stamp.date() for stamp in mine["as_of_date"]})
        assert store.days(within) == days
        for day in days[-2:]:
            assert list(store.reports(within, day)) == sorted(
                mine.loc[mine["as_of_date"] == pd.Timestamp(day), "batch_id"].unique()
            )
    pd.testing.assert_frame_equal(store.rolled("75.05"), roll_up(figures, "75.05"))


@pytest.mark.parametrize("steps", [5, case(9, further=True)])
def test_what_is_kept_is_what_the_figures_say(url: str, steps: int) -> None:
    """Files come in, one is withdrawn and comes back; further: that twice."""
    random = np.random.default_rng(20)
    with Store.open(url) as store:
        same(store)
        for step in range(steps):
            at = START + timedelta(days=step)
            match step % 5:
                case 3:
                    store.retract(step // 5 * 3 + 1, reason="salah", by="petugas", at=at)
                case 4:
                    store.restore(step // 5 * 3 + 1, reason="benar", by="petugas", at=at)
                case _:
                    codes = sorted(random.choice([*DESA, *(ABOVE if step else ())], int(random.integers(3, 9)), replace=False))
                    kept(store, drawn(random, codes), "2023-06-20 10:00", received_at=at)
            if step % 2 or step + 1 == steps:
                same(store)
        then = START + timedelta(days=3)
        expected = roll_up(store.figures(known_at=then))
        assert not expected.equals(roll_up(store.figures()))
        above = expected[expected["level"] < int(Level.DESA)].reset_index(drop=True)
        pd.testing.assert_frame_equal(store.rolled(down_to=Level.KECAMATAN, known_at=then), above)
        assert store.days("75", known_at=then) == sorted(
            {stamp.date() for stamp in store.figures(within="75", known_at=then)["as_of_date"]}
        )
        with pytest.raises(UserError):
            store.rolled("75.5")
        for sight in (Sight(("75.05",), ("75",)), Sight(("75.05.03", "75"))):
            known_before(store, sight, [timedelta(days=3)])


def known_before(store: Store, sight: Sight, moments: Iterable[timedelta]) -> None:
    """What was known then, looked for once for all moments, is what the store says of each; also for who sees little."""
    names, known = list(contract.BY_NAME), sights.revisions(store, sight, "75", "75.05")
    now = sights.figures(store, sight, "75", None, None)[names]
    for then in (START + past for past in moments):
        said = sights.figures(store, sight, "75", None, then)[names]
        assert contract.frame(known.known_at(then)[names]).equals(contract.frame(said)), (sight, then)
        for day in known.moments:
            parts = [contract.frame(one[one["as_of_date"] <= pd.Timestamp(day)]) for one in (said, now)]
            assert parts[0].equals(parts[1]) or not known.as_now(day, then)


def test_what_came_week_by_week_was_known_as_it_is_now(url: str) -> None:
    """So nothing is read again for the past of an area; where a sister was corrected since, her figures alone are."""
    with Store.open(url) as store:
        weeks = [START.date() + timedelta(weeks=week) for week in range(3)]
        for week, day in enumerate(weeks):
            for place, office in enumerate(("75.05", "75.01")):
                codes = [one for one in (*DESA, *ABOVE) if one.startswith(office)]
                rows = [{"area_code": one, "as_of_date": day, "eligible": 900, "unrecorded": 90 - week} for one in codes]
                kept(store, reading(*rows), "2023-06-20 10:00", received_at=START + timedelta(weeks=week, hours=place))
        sight, hours = Sight(("75.05",), ("75",)), (timedelta(0), timedelta(hours=1))
        for known in (store.revisions("75", "75.05"), sights.revisions(store, sight, "75", "75.05")):
            assert [known.moments[day] for day in weeks] == [[START + timedelta(weeks=week)] for week in range(3)], (
                "its own alone"
            )
            told = [known.as_now(day, known.moments[day][0] + later) for day in weeks for later in hours]
            assert told == [False, True] * 3, "the sister's file came an hour later"
        came = store.arrivals("75").courses
        assert came["75.01"].cut(START) == date.min and came["75.05"].cut(START + timedelta(weeks=1)) == weeks[1]
        corrected = reading({"area_code": "75.01", "as_of_date": weeks[0], "eligible": 900, "unrecorded": 80})
        kept(store, corrected, "2023-06-20 10:00", received_at=START + timedelta(weeks=4))
        came = store.arrivals("75").courses
        assert came["75.01"].cut(START + timedelta(weeks=1)) is None and came["75.05"].cut(START) == weeks[0]
        assert came["75.01"].settled[0] == NEVER, "what was given twice is read, to be told"
        known_before(store, sight, [timedelta(weeks=1)])


def maker(store: Store, place: str) -> str | None:
    with store._database.reading() as connection:
        return connection.execute(sa.select(schema.rollup.c.maker).where(schema.rollup.c.area_code == place)).scalar_one_or_none()


def test_a_token_of_an_area_changes_with_what_lies_there_alone(url: str) -> None:
    with Store.open(url) as store:
        kept(store, drawn(np.random.default_rng(1), [*DESA, "75"]), "2023-06-20 10:00")
        seen = []

        def tokens() -> list[str]:
            return [store.token(*areas) for areas in (("75",), ("75.05",), ("75.05.01.2001",), ("71", "75.01"), (NATION,), ())]

        for code in ("71.01", "75.01.02.2001", "75.05.03", "75", "ID"):
            before = tokens()
            number = kept(store, reading({"area_code": code, "as_of_date": "2023-06-20", "unrecorded": 7}), "2023-06-21 10:00")
            there = tokens()
            store.retract(number.batch.id, reason="salah", by="petugas", at=moment("2023-06-22 10:00"))
            seen.append([len({*all_}) for all_ in zip(before, there, tokens(), strict=True)])
        there = tokens()
        kept(store, reading({"area_code": "33", "as_of_date": "2023-06-20", "unrecorded": 7}), "2023-06-21 10:00")
        assert (there[0] == tokens()[0]) == store.keeps_rollups
    if store.keeps_rollups:
        assert seen == [[1, 1, 1, 3, 3, 3], [3, 1, 1, 3, 3, 3], [3, 3, 3, 1, 3, 3], [3, 1, 1, 1, 3, 3], [1, 1, 1, 1, 3, 3]]
    else:
        assert seen == [[3] * 6] * 5, "a file is one office's: all changes with it"


def test_rollups_made_by_programs_that_keep_texts_otherwise_are_read_together(postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        for storage, place in (("python", "75.05"), ("pyarrow", "75.01"), ("python", "71.01")):
            with pd.option_context("mode.string_storage", storage):
                codes = [code for code in (*DESA, *ABOVE) if code.startswith(place)]
                kept(store, drawn(np.random.default_rng(2), codes), "2023-06-20 10:00")
        above = roll_up(store.figures())
        above = above[above["level"] < int(Level.DESA)].reset_index(drop=True)
        pd.testing.assert_frame_equal(store.rolled(down_to=Level.KECAMATAN), above)


def test_a_rollup_of_another_version_or_one_that_nobody_made_yet_is_not_believed(postgres_url: str) -> None:
    row = {"area_code": "75.05.01.2001", "as_of_date": "2023-06-20", "eligible": 100, "unrecorded": 7}
    with Store.open(postgres_url) as store, Store.open(postgres_url, read_only=True) as reader:
        kept(store, reading(row), "2023-06-20 10:00")
        assert maker(store, "75.05") == "" and maker(store, "75") is None  # whoever imports does not wait for it
        store.keep_up()
        assert maker(store, "75.05") == rollups.maker()
        with store._database.writing() as connection:  # as an import of a moment ago leaves it, and one by another version
            other = store._database.writing_in(["75.05"])
            connection.execute(schema.rollup.update().values(maker="another", own=b"", inside=b"", areas="", batches="{}"))
        same(reader)
        assert maker(store, "75.05") == "another"
        with other as connection:  # somebody writes there just now: read all the same, and left to them
            rollups.spoil(store._database, connection, ["75.05"])
            same(store)
        assert maker(store, "75.05") == ""
        same(store)
        assert maker(store, "75.05") == rollups.maker()


def test_a_rollup_is_made_once_for_all_who_ask_after_an_import(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, real = list[str](), rollups._made
    monkeypatch.setattr(rollups, "_made", lambda connection, place: made.append(place) or real(connection, place))
    with Store.open(postgres_url) as store, Store.open(postgres_url) as other, ThreadPoolExecutor(8) as threads:
        kept(store, reading({"area_code": "75.05.01.2001", "as_of_date": "2023-06-20", "unrecorded": 7}), "2023-06-20 10:00")
        asks = [store.areas, store.days, store.names_of_figures, lambda within: store.rolled(within, down_to=Level.KECAMATAN)]
        found = list(threads.map(lambda ask: len(ask("75.05")), asks * 2))
        assert all(found) and made == ["75.05"]
        assert other.areas("75.05") == store.areas("75.05.01") == ["75.05.01.2001"] and made == ["75.05"]


def test_a_rollup_that_was_changed_behind_the_back_is_told(postgres_url: str) -> None:
    row = {"area_code": "75.05.01.2001", "as_of_date": "2023-06-20", "eligible": 100, "unrecorded": 7}

    def wrong(store: Store) -> list[str]:
        with store._database.reading() as connection:
            return [str(one.text()) for one in rollups.differences(connection)]

    with Store.open(postgres_url) as store:
        for code in ("75.05.01.2001", "75.01.01.2001", "75"):
            kept(store, reading({**row, "area_code": code}), "2023-06-20 10:00")
        store.keep_up()
        assert wrong(store) == []
        with store._database.writing() as connection:
            of = {place: schema.rollup.update().where(schema.rollup.c.area_code == place) for place in ("75.05", "75.01")}
            other = connection.execute(sa.select(schema.rollup.c.own).where(schema.rollup.c.area_code == "75.01")).scalar_one()
            connection.execute(of["75.05"].values(own=other))
            connection.execute(of["75.01"].values(inside=b"x"))
        told = wrong(store)
        assert [one.split(":")[0] for one in told] == ["Row 75.01 of rollup (75.01)", "Row 75.05 of rollup (75.05)"]
        assert all("an import for this area makes it anew" in one for one in told)
        with pytest.raises(StoreError, match="is damaged"):
            store.rolled("75.01", down_to=Level.KECAMATAN)
        kept(store, reading({**row, "unrecorded": 8}), "2023-06-21 10:00")
        assert len(wrong(store)) == 1
        store.keep_up()
        with store._database.writing() as connection:
            connection.execute(of["75.05"].values(own=b""))  # emptied, where the figures say something
        assert len(wrong(store)) == 2


def test_pages_of_a_server_rest_on_the_same_figures(url: str) -> None:
    """Frames without what nothing asks for: what is said of an area, of those in it and of its sisters stays the same."""
    random = np.random.default_rng(7)
    with Store.open(url) as store:
        kept(store, drawn(random, [*DESA, "75.01", "75"]), "2023-06-20 10:00", report={"warnings": ["a"], "checks": []})
        kept(store, drawn(random, [*DESA[2:], "71"]), "2023-06-21 10:00", report={"warnings": ["b", "c"], "checks": []})
        now = stores.Office(store, url, store.token(), sample=False)
        for area in (NATION, "75", "75.05", "75.05.01", "75.05.01.2001"):
            whole = roll_up(store.figures(within=scope(area)), scope(area))
            near = reports.around(now, area)
            deepest = Level.DESA if not store.keeps_rollups or area.count(".") else Level.KECAMATAN
            mine = whole[(whole["area_code"] == area) | whole["area_code"].str.startswith("" if area == NATION else area + ".")]
            expected = mine[mine["level"] <= int(deepest)].reset_index(drop=True)
            pd.testing.assert_frame_equal(roll_up(near, area).reset_index(drop=True), expected)
            beside = whole[whole["level"] == int(level_of(area))]
            for code in beside["area_code"].unique():
                got, wanted = (rows[rows["area_code"] == code].reset_index(drop=True) for rows in (near, whole))
                pd.testing.assert_frame_equal(got, wanted)
            assert opens(near, area) == (whole["area_code"].str.startswith(area + ".") | (area == NATION)).any()
        day = store.days("75.05")[-1]
        assert watch.warnings(now, "75.05", day) == sum(1 if number == 1 else 2 for number in store.reports("75.05", day))


def test_rollups_of_small_and_of_large_kabupaten_are_read_together(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of many rows are kept otherwise than those of few, and otherwise by a server than by a script."""
    with Store.open(postgres_url) as store:
        for many, storage, codes in ((1, "python", DESA[:4]), (10**6, "pyarrow", DESA[4:])):
            monkeypatch.setattr("ektp_analysis.core.contract.MANY", many)
            with pd.option_context("mode.string_storage", storage):
                kept(store, drawn(np.random.default_rng(3), codes), "2023-06-20 10:00")
                store.keep_up()
        same(store)
