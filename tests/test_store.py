"""The store's face on both engines: what holds and as of when, batches, bytes, retraction, tokens."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ektp_analysis.core import contract
from ektp_analysis.core.area import Level
from ektp_analysis.core.errors import RefusedError, UserError
from ektp_analysis.store.migrations import latest
from ektp_analysis.store.records import Batch, Info, Retraction, Total
from ektp_analysis.store.store import Store
from tests.breadth import case
from tests.engines import NewUrl, kept, moment, reading
from tests.spec.store_cases import AREAS, CASES, INSIDE, Case, Event, Inside

NAMES = {code: letter for letter, code in AREAS.items()}
LATER = moment("2023-07-01 00:00")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def in_june(text: str) -> datetime:
    day, _, clock = text.partition(" ")
    return moment(f"2023-06-{int(day):02d} {clock}")


def play(store: Store, events: tuple[Event, ...]) -> None:
    ids: dict[str, int] = {}
    for number, event in enumerate(events):
        if event.kind == "receive":
            rows = reading(
                *(
                    {"area_code": AREAS[key[0]], "as_of_date": date(2023, 6, int(key[2:] or 20)), "unrecorded": count}
                    for key, count in event.figures.items()
                )
            )
            done = store.commit(
                rows,
                data=f"{number} {event.file}".encode(),
                name=event.file,
                uploader="petugas",
                received_at=in_june(event.at),
                choices={},
                report={},
            )
            ids[event.file] = done.batch.id
        else:
            getattr(store, event.kind)(ids[event.file], reason="salah berkas", by="petugas", at=in_june(event.at))


def names_of(store: Store) -> dict[int, str]:
    return {batch.id: batch.name for batch in store.batches()}


def view(store: Store, known_at: date | datetime | None, names: dict[int, str] | None = None) -> dict[str, tuple[int, str]]:
    """What holds, with the file that it came from; ``names`` of :func:`names_of`, where they are asked for once."""
    names = names_of(store) if names is None else names
    found = {}
    for row in store.figures(known_at=known_at).itertuples():
        day = "" if row.as_of_date.day == 20 else f"_{row.as_of_date.day}"
        found[NAMES[row.area_code] + day] = (int(row.unrecorded), names[row.batch_id])
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_holds(store: Store, case: Case) -> None:
    play(store, case.given)
    for known_at, expected in case.expect.items():
        when = None if known_at == "now" else in_june(known_at) if " " in known_at else date(2023, 6, int(known_at))
        assert view(store, when) == expected, known_at


@pytest.fixture
def one_of_each(store: Store) -> Store:
    kept(
        store,
        reading(*({"area_code": code, "as_of_date": "2023-06-20", "unrecorded": 1} for code in AREAS.values())),
        "2023-06-20 10:00",
    )
    return store


def test_area_and_levels_choose(one_of_each: Store) -> None:
    def chosen(case: Inside) -> str:
        return "".join(sorted(NAMES[code] for code in one_of_each.figures(within=case.within, levels=case.levels)["area_code"]))

    assert {case: chosen(case) for case in INSIDE} == {case: case.expect for case in INSIDE}


def test_the_nation_is_a_level_of_its_own(store: Store) -> None:
    kept(
        store,
        reading(
            {"area_code": "ID", "as_of_date": "2023-06-20", "unrecorded": 1},
            {"area_code": "75", "as_of_date": "2023-06-20", "unrecorded": 1},
        ),
        "2023-06-20 10:00",
    )
    assert list(store.figures(levels=[Level.NATION])["area_code"]) == ["ID"]
    assert list(store.figures(levels=[Level.PROVINSI])["area_code"]) == ["75"]
    assert list(store.figures(levels=[0, 1])["area_code"]) == ["75", "ID"]
    assert list(store.figures(within="75")["area_code"]) == ["75"]


def test_each_level_has_its_own_figures(store: Store) -> None:
    codes = {Level.PROVINSI: "75", Level.KABUPATEN: "75.05", Level.KECAMATAN: "75.05.01", Level.DESA: "75.05.01.2001"}
    kept(
        store,
        reading(*({"area_code": code, "as_of_date": "2023-06-20", "unrecorded": 1} for code in codes.values())),
        "2023-06-20 10:00",
    )
    for level, code in codes.items():
        assert list(store.figures(levels=[level])["area_code"]) == [code]


def test_an_area_that_is_no_code_is_the_persons_to_mend(store: Store) -> None:
    with pytest.raises(UserError, match="not an area code"):
        store.figures(within="75.05.0'; --")


ROWS = (
    {
        "area_code": "75.05.03",
        "as_of_date": "2023-06-20",
        "eligible": 9000,
        "recorded": 8946,
        "unrecorded": 54,
        "coverage_reported": "99.40",
        "basis": "DKB 2023-1",
        "status": "modelled",
        "note": "dibagi menurut pemilih – 6",
    },
    {"area_code": "75.05.01", "as_of_date": "2023-06-20", "unrecorded": 0},
    {"area_code": "75.05.01", "as_of_date": "2023-06-14", "coverage_reported": "103.94", "recorded": 8000},
)


def test_figures_come_back_as_they_were_given(store: Store) -> None:
    given_rows = reading(*ROWS, sheet="Lembar 1")
    batch = kept(store, given_rows, "2023-06-20 10:00").batch
    found = store.figures()
    assert list(found.columns) == [*contract.BY_NAME, "batch_id", "sheet", "row", "received_at"]
    expected = given_rows.sort_values(["area_code", "as_of_date"], ignore_index=True)
    pd.testing.assert_frame_equal(found[list(expected.columns)], expected)
    assert set(found["batch_id"]) == {batch.id}
    assert set(found["received_at"]) == {pd.Timestamp("2023-06-20 10:00", tz="UTC")}


def test_figures_are_sorted_by_area_then_day(store: Store) -> None:
    codes, days = ("75.05.02", "75.05", "75.05.10"), ("2023-06-20", "2023-06-14")
    kept(
        store,
        reading(*({"area_code": code, "as_of_date": day, "unrecorded": 1} for day in days for code in codes)),
        "2023-06-20 10:00",
    )
    found = store.figures()
    assert list(zip(found["area_code"], found["as_of_date"].dt.day, strict=True)) == [
        ("75.05", 14),
        ("75.05", 20),
        ("75.05.02", 14),
        ("75.05.02", 20),
        ("75.05.10", 14),
        ("75.05.10", 20),
    ]


def test_an_empty_store_has_the_same_columns(store: Store) -> None:
    empty = store.figures()
    assert len(empty) == 0
    assert store.batches() == []
    assert replace(store.info(), size=0) == Info(schema_version=latest(), last_import=None, batches=0, size=0)
    kept(store, reading(*ROWS), "2023-06-20 10:00")
    assert dict(empty.dtypes) == dict(store.figures().dtypes)


def test_a_batch_says_what_came(store: Store) -> None:
    data = b"kode;tanggal\n" * 1000
    at = datetime(2023, 6, 20, 18, 30, 0, 123456, tzinfo=ZoneInfo("Asia/Makassar"))
    done = store.commit(
        reading(*ROWS),
        data=data,
        name="laporan – juni.csv",
        uploader="petugas",
        received_at=at,
        choices={"sheet": None, "columns": {"eligible": 2}},
        report={"warnings": ["Sumalata tidak melapor"]},
    )
    expected = Batch(
        id=done.batch.id,
        name="laporan – juni.csv",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        uploader="petugas",
        received_at=at.astimezone(UTC),
        rows=3,
        totals=(
            Total(date(2023, 6, 14), Level.KECAMATAN, 1, None, 8000, None, 0, 1, 0),
            Total(date(2023, 6, 20), Level.KECAMATAN, 2, 9000, 8946, 54, 1, 1, 2),
        ),
        choices={"sheet": None, "columns": {"eligible": 2}},
        report={"warnings": ["Sumalata tidak melapor"]},
        retracted=None,
    )
    assert done.batch == expected
    assert not done.already_there
    assert store.batches() == [expected]
    assert store.batch(done.batch.id) == expected
    assert expected.as_of_dates == (date(2023, 6, 14), date(2023, 6, 20))
    assert pickle.loads(pickle.dumps(expected)) == expected
    assert replace(store.info(), size=0) == Info(latest(), at.astimezone(UTC), 1, 0)


def test_totals_take_the_third_count_from_the_other_two_and_keep_levels_apart(store: Store) -> None:
    done = kept(
        store,
        reading(
            {"area_code": "75.05", "as_of_date": "2023-06-20", "eligible": 92_000, "recorded": 91_446},
            {"area_code": "75.05.01", "as_of_date": "2023-06-20", "eligible": 1000, "unrecorded": 10},
            {"area_code": "75.05.02", "as_of_date": "2023-06-20", "eligible": 1000, "recorded": 1020},
            {"area_code": "75.05.03", "as_of_date": "2023-06-20", "coverage_reported": "99.30"},
        ),
        "2023-06-20 10:00",
    )
    assert done.batch.totals == (
        Total(date(2023, 6, 20), Level.KABUPATEN, 1, 92_000, 91_446, 554, 1, 1, 1),
        Total(date(2023, 6, 20), Level.KECAMATAN, 3, 2000, 2010, 10, 2, 2, 1),
    )


def test_the_bytes_come_back_whole_and_are_kept_packed(store: Store, url: str) -> None:
    data = bytes(range(256)) * 400
    done = kept(store, reading(*ROWS), "2023-06-20 10:00", data=data, name="a.xlsx")
    assert store.original(done.batch.id) == ("a.xlsx", data)
    with sa.create_engine(url).connect() as connection:
        packed = connection.exec_driver_sql("SELECT packed FROM original").scalar_one()
    assert len(packed) < len(data) / 10


def test_the_same_file_again_is_already_there(store: Store, url: str) -> None:
    first = kept(store, reading(*ROWS), "2023-06-20 10:00")
    again = kept(store, reading(*ROWS), "2023-06-21 10:00", name="kiriman ulang.csv")
    assert again.already_there
    assert again.batch == first.batch
    assert len(store.batches()) == 1


def test_the_same_file_again_after_a_retraction_says_so(store: Store) -> None:
    first = kept(store, reading(*ROWS), "2023-06-20 10:00")
    store.retract(first.batch.id, reason="salah berkas", by="kepala seksi", at=LATER)
    again = kept(store, reading(*ROWS), "2023-07-02 10:00")
    assert again.already_there
    assert again.batch.retracted == Retraction(LATER, "kepala seksi", "salah berkas")
    assert len(store.figures()) == 0
    store.restore(again.batch.id, reason="ternyata benar", by="petugas", at=moment("2023-07-02 11:00"))
    assert len(store.figures()) == 3


def test_the_same_bytes_read_with_another_date_are_another_batch_and_kept_once(store: Store, url: str) -> None:
    wrong = kept(store, reading({**ROWS[0], "as_of_date": "2022-06-20"}), "2023-06-20 10:00", data=b"the same")
    store.retract(wrong.batch.id, reason="tanggal salah", by="petugas", at=moment("2023-06-20 10:05"))
    right = kept(store, reading(ROWS[0]), "2023-06-20 10:06", data=b"the same")
    assert not right.already_there
    assert right.batch.id != wrong.batch.id
    assert [day.date() for day in store.figures()["as_of_date"]] == [date(2023, 6, 20)]
    with sa.create_engine(url).connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM original").scalar_one() == 1


def test_the_same_number_read_from_another_column_is_another_batch(store: Store) -> None:
    for name in ("eligible", "recorded"):
        row = {"area_code": "75.05.01", "as_of_date": "2023-06-20", name: 862}
        assert not kept(store, reading(row), "2023-06-20 10:00", data=b"the same").already_there
    assert store.figures()["eligible"].isna().all()


def test_a_retraction_shows_in_the_batch_as_of_then(store: Store) -> None:
    batch = kept(store, reading(*ROWS), "2023-06-20 10:00").batch
    store.retract(batch.id, reason="  salah berkas ", by="petugas", at=moment("2023-06-21 10:00"))
    assert store.batch(batch.id).retracted == Retraction(moment("2023-06-21 10:00"), "petugas", "salah berkas")
    assert store.batches(known_at=date(2023, 6, 20)) == [batch]
    assert store.batches(known_at=date(2023, 6, 19)) == []
    assert [found.retracted is not None for found in store.batches(known_at=date(2023, 6, 21))] == [True]
    assert store.original(batch.id)[1]


def test_batches_come_latest_first(store: Store) -> None:
    for at in ("2023-06-20 10:00", "2023-06-22 10:00", "2023-06-21 10:00"):
        kept(store, reading({**ROWS[0], "note": at}), at)
    found = store.batches()
    assert [batch.id for batch in found] == [3, 2, 1]
    assert [batch.received_at.day for batch in found] == [22, 22, 20], "the last came in by a clock that went back a day"


@pytest.mark.parametrize("kind", ["retract", "restore"])
@pytest.mark.parametrize(
    ("batch_id", "reason", "sentence"),
    [
        (1, " ", "A reason is needed"),
        (99, "salah", "There is no batch 99"),
        (-1, "salah", "There is no batch -1"),
        (10**12, "salah", "There is no batch 1000000000000"),
    ],
)
def test_a_retraction_needs_a_batch_and_a_reason(store: Store, kind: str, batch_id: int, reason: str, sentence: str) -> None:
    kept(store, reading(*ROWS), "2023-06-20 10:00")
    before = store.token()
    with pytest.raises(UserError, match=sentence):
        getattr(store, kind)(batch_id, reason=reason, by="petugas", at=LATER)
    assert store.token() == before


def test_a_retraction_goes_forward_only(store: Store) -> None:
    batch = kept(store, reading(*ROWS), "2023-06-20 10:00").batch
    none = timedelta(0)
    act: dict[str, Any] = {"reason": "salah", "by": "petugas"}
    with pytest.raises(UserError, match="is not withdrawn"):
        store.restore(batch.id, at=LATER, **act)
    assert store.retract(batch.id, at=moment("2023-06-20 09:59"), **act) == timedelta(minutes=1)
    assert store.batch(batch.id).retracted == Retraction(batch.received_at, "petugas", "salah")
    assert store.restore(batch.id, at=moment("2023-06-20 10:00"), **act) == none
    assert store.retract(batch.id, at=moment("2023-06-21 20:00"), **act) == none
    with pytest.raises(UserError, match="withdrawn already, on 22 June 2023"):  # 04:00 in the store's zone
        store.retract(batch.id, at=LATER, **act)
    assert len(store.figures()) == 0
    with pytest.raises(ValueError, match="time zone"):
        store.restore(batch.id, at=LATER.replace(tzinfo=None), **act)


def test_how_far_the_clock_is_behind_is_said(store: Store) -> None:
    rows, last = reading(*ROWS), moment("2023-06-20 10:00")
    assert store.behind(last) == timedelta(0), "nothing was stored yet"
    assert kept(store, rows, "2023-06-20 10:00").behind == timedelta(0)
    assert (store.behind(last), store.behind(last - timedelta(days=3))) == (timedelta(0), timedelta(days=3))
    corrected = kept(store, rows.assign(note="koreksi"), "2020-01-01 10:00")
    assert corrected.behind == last - moment("2020-01-01 10:00") and corrected.batch.received_at == last
    assert set(store.figures()["batch_id"]) == {corrected.batch.id}
    assert store.add_event("75.05", last.date(), last.date(), "Pameran", by="petugas", at=LATER).set_at == LATER
    assert kept(store, rows.assign(note="lagi"), "2023-06-21 10:00").batch.received_at == LATER, (
        "whatever the last entry is about"
    )


def test_the_token_changes_with_every_change_by_anyone(store: Store, url: str) -> None:
    tokens = [store.token()]
    with Store.open(url) as other:
        batch = kept(other, reading(*ROWS), "2023-06-20 10:00").batch
        tokens.append(store.token())
        other.retract(batch.id, reason="salah", by="petugas", at=LATER)
        tokens.append(store.token())
        other.restore(batch.id, reason="benar", by="petugas", at=LATER)
        tokens.append(store.token())
        kept(other, reading(ROWS[0]), "2023-06-19 10:00")
        tokens.append(store.token())
        kept(other, reading(ROWS[0]), "2023-06-19 10:00")
    assert len(set(tokens)) == len(tokens)
    assert store.token() == tokens[-1]


def test_rows_that_break_the_contract_are_not_stored(store: Store) -> None:
    with pytest.raises(RefusedError) as refused:
        kept(store, reading(ROWS[1], {**ROWS[0], "eligible": 9001}), "2023-06-20 10:00")
    assert "not eligible 9,001" in str(refused.value.faults[0].fault)
    for rows, sentence in [
        (reading(ROWS[0]).iloc[:0], "no figures"),
        (reading({**ROWS[0], "area_code": None}), "without area or date"),
        (reading({**ROWS[0], "as_of_date": None}), "without area or date"),
        (reading({**ROWS[0], "area_code": "750503"}), "not an area code"),
        (reading({**ROWS[0], "note": "a\0b"}), "note holds a character"),
        (reading(ROWS[0], ROWS[0]), "break the rules"),
    ]:
        with pytest.raises(UserError, match=sentence):
            kept(store, rows, "2023-06-20 10:00")
    assert store.batches() == []
    assert store.token() == "empty"


def test_moments_need_a_zone(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        kept(store, reading(*ROWS), "2023-06-20 10:00", received_at=datetime(2023, 6, 20))
    batch = kept(store, reading(*ROWS), "2023-06-20 10:00").batch
    with pytest.raises(ValueError, match="time zone"):
        store.retract(batch.id, reason="salah", by="petugas", at=datetime(2023, 6, 21))


def test_a_moment_without_zone_is_asked_in_the_stores_zone(store: Store) -> None:
    kept(store, reading(*ROWS), "2023-06-20 10:00")
    assert len(store.figures(known_at=datetime(2023, 6, 20, 17, 59))) == 0
    assert len(store.figures(known_at=datetime(2023, 6, 20, 18, 0))) == 3


def test_a_name_that_is_no_text_is_kept_as_far_as_it_is(store: Store) -> None:
    assert kept(store, reading(*ROWS), "2023-06-20 10:00", name="rekap\udce9\0.csv").batch.name == "rekap?.csv"


def test_nothing_is_ever_updated_or_deleted(store: Store) -> None:
    seen: list[str] = []
    sa.event.listen(
        store._database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: seen.append(" ".join(statement.split()[:3]).upper()),
    )
    play(store, next(case for case in CASES if case.name.startswith("a restored batch")).given)
    store.figures()
    kept_up = {"UPDATE ROLLUP SET", "INSERT INTO ROLLUP"}  # on a server: what the figures say together, of which no one is told
    assert {one.split()[0] for one in set(seen) - kept_up} <= {"INSERT", "SELECT", "WITH", "BEGIN"}


@pytest.mark.parametrize("read", [11, 50, 60, 100, 101])  # in ten parts, in two, in one
def test_many_areas_arrive_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch, read: int) -> None:
    monkeypatch.setattr("ektp_analysis.store.writing.CHUNK", 7)
    monkeypatch.setattr("ektp_analysis.store.queries.CHUNK", read)
    rows = reading(*({"area_code": f"75.05.01.{2001 + n}", "as_of_date": "2023-06-20", "unrecorded": n} for n in range(100)))
    kept(store, rows, "2023-06-20 10:00")
    assert list(store.figures()["unrecorded"]) == list(range(100))


# What holds, replayed over plain dicts. A step is (kind, which batch, day of the moment, figures).
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "receive", "retract", "restore"]),
        st.integers(0, 5),
        st.integers(1, 9),
        st.dictionaries(st.sampled_from(["A", "B", "A_14"]), st.integers(0, 99), min_size=1),
    ),
    max_size=14,
)


def replay(steps: list[Any], until: int) -> dict[str, tuple[int, str]]:
    """The steps count in their order; none is known before one that came before it."""
    days, clock = [], 0
    for _, _, day, _ in steps:
        days.append(clock := max(clock, day))
    known = [(number, step) for number, (day, step) in enumerate(zip(days, steps, strict=True)) if day <= until]
    gone = {which: kind == "retract" for _, (kind, which, _, _) in known if kind != "receive"}
    held: dict[str, tuple[int, str]] = {}
    for number, (kind, _, _, figures) in known:
        if kind == "receive" and not gone.get(number):
            held.update({key: (count, str(number)) for key, count in figures.items()})
    return held


def possible(steps: list[Any]) -> list[Any]:
    """The steps that the store takes, with the number of the step that received a batch in the place of 'which'."""
    taken: list[Any] = []
    state: dict[int, str] = {}
    for kind, which, day, figures in steps:
        if kind == "receive":
            state[len(taken)] = "restore"
            taken.append((kind, None, day, figures))
        elif state:
            number = sorted(state)[which % len(state)]
            if state[number] != kind:
                state[number] = kind
                taken.append((kind, number, day, figures))
    return taken


@pytest.mark.parametrize("examples", [4, case(12, further=True)])
def test_what_holds_is_what_a_replay_says(new_url: NewUrl, examples: int) -> None:
    @settings(max_examples=examples)
    @given(steps=STEPS)
    def holds(steps: list[Any]) -> None:
        holds_as_replayed(new_url, possible(steps))

    holds()


def holds_as_replayed(new_url: NewUrl, taken: list[Any]) -> None:
    with Store.open(new_url()) as store:
        events = tuple(
            Event(kind, str(number if which is None else which), f"{day} 10:00", figures)
            for number, (kind, which, day, figures) in enumerate(taken)
        )
        play(store, events)
        names, known = names_of(store), store.revisions("ID", "ID")
        now = store.figures()
        for until in (0, 3, 6, 9, 30):
            known_at = moment("2023-06-01 11:00") + timedelta(days=until - 1)
            assert view(store, known_at, names) == replay(taken, until)
            if until not in (3, 9):
                continue
            then = store.figures(known_at=known_at)
            pd.testing.assert_frame_equal(known.known_at(known_at), then)
            for day in (day for day in known.moments if known.as_now(day, known_at)):
                before, after = (frame[frame["as_of_date"] <= pd.Timestamp(day)] for frame in (then, now))
                assert before.equals(after)
        assert view(store, None, names) == replay(taken, 30)
