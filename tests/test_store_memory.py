"""Remembered names and layouts on both engines: what holds, what is forgotten, and that no figure rests on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.store.records import Alias, Layout
from ektp_analysis.store.store import Store
from tests.engines import kept, moment, reading
from tests.spec.store_memory import CASES, Memory

AT = moment("2024-07-01 02:00")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def play(store: Store, case: Memory) -> None:
    for kind, *rest in case.given:
        if kind == "alias":
            scope, name, code = rest
            store.remember_aliases(scope, {name: code}, by="petugas", at=AT)
        elif kind == "forget_alias":
            store.forget_alias(rest[0], rest[1], by="petugas", at=AT)
        elif kind == "layout":
            store.remember_layout(rest[0], {"level": rest[1]}, by="petugas", at=AT)
        else:
            store.forget_layout(rest[0], by="petugas", at=AT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_remembered(store: Store, case: Memory) -> None:
    play(store, case)
    found: dict[str, dict[str, str]] = {}
    for one in store.aliases():
        found.setdefault(one.scope, {})[one.name] = one.area_code
    assert found == case.aliases
    for scope in ("75.05", "75.01"):
        assert {one.name: one.area_code for one in store.aliases(scope)} == case.aliases.get(scope, {})
    assert {one.fingerprint: one.choices["level"] for one in store.layouts()} == case.layouts
    for fingerprint in ("a1", "b2"):
        one = store.layout(fingerprint)
        assert (one.choices["level"] if one else None) == case.layouts.get(fingerprint)


def test_who_and_when(store: Store) -> None:
    store.remember_aliases("75.05", {"X": "75.05.03"}, by="petugas", at=AT)
    store.remember_layout("a1", {"columns": {"eligible": "SASARAN"}}, by="kepala", at=AT)
    assert store.aliases() == [Alias("75.05", "X", "75.05.03", "petugas", AT)]
    assert store.layouts() == [Layout("a1", {"columns": {"eligible": "SASARAN"}}, "kepala", AT)]
    later = moment("2024-08-01 02:00")
    store.remember_aliases("75.05", {"x": "75.05.03"}, by="lain", at=later)
    store.remember_layout("a1", {"columns": {"eligible": "SASARAN"}}, by="lain", at=later)
    assert (store.aliases()[0].by, store.layouts()[0].by) == ("petugas", "kepala"), "the same decision again is no new one"


def test_the_latest_layout_comes_first(store: Store) -> None:
    for fingerprint in ("a1", "b2", "a1"):
        store.remember_layout(fingerprint, {"level": f"{len(store.layouts())}"}, by="petugas", at=AT)
    assert [one.fingerprint for one in store.layouts()] == ["a1", "b2"]


@pytest.mark.parametrize(
    ("scope", "mapping", "sentence"),
    [
        ("75.05", {"X": "75.01.02"}, "lies elsewhere"),
        ("75.05", {"X": "75.05.03", "Y": "75.0"}, "not an area code"),
        ("75.05", {"A": "75.05.03", " ": "75.05.03"}, "1 to 300 characters"),
        ("75.05", {"x" * 301: "75.05.03"}, "1 to 300 characters"),
        ("7505", {"X": "75.05.03"}, "not an area code"),
    ],
)
def test_what_cannot_be_remembered(store: Store, scope: str, mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        store.remember_aliases(scope, mapping, by="petugas", at=AT)
    assert store.aliases() == []


def test_a_layout_has_a_fingerprint_and_choices(store: Store) -> None:
    for fingerprint, choices in (("", {"level": "desa"}), ("a1", {})):
        with pytest.raises(ValueError, match="needs a fingerprint and choices"):
            store.remember_layout(fingerprint, choices, by="petugas", at=AT)
    assert store.layouts() == []


def test_what_is_not_there_cannot_be_forgotten(store: Store) -> None:
    store.remember_aliases("75.05", {"X": "75.05.03"}, by="petugas", at=AT)
    for scope, name in (("75.05", "Y"), ("75.01", "X")):
        with pytest.raises(UserError, match="is remembered for"):
            store.forget_alias(scope, name, by="petugas", at=AT)
    with pytest.raises(UserError, match="No layout a1"):
        store.forget_layout("a1", by="petugas", at=AT)
    store.forget_alias("75.05", "X", by="petugas", at=AT)
    with pytest.raises(UserError, match="is remembered for"):
        store.forget_alias("75.05", "X", by="petugas", at=AT)


def test_a_commit_remembers_with_it_or_not_at_all(store: Store) -> None:
    rows = reading({"area_code": "75.05.01", "as_of_date": "2023-06-20", "unrecorded": 1})
    with pytest.raises(UserError, match="lies elsewhere"):
        kept(store, rows, "2023-06-20 10:00", layouts={"a1": {"level": "desa"}}, aliases={"75.05": {"X": "75.01.02"}})
    assert (store.batches(), store.layouts(), store.aliases()) == ([], [], [])
    done = kept(store, rows, "2023-06-20 10:00", layouts={"a1": {"level": "desa"}}, aliases={"75.05": {"X": "75.05.02"}})
    assert store.aliases() == [Alias("75.05", "X", "75.05.02", "petugas", done.batch.received_at)]
    assert [one.fingerprint for one in store.layouts()] == ["a1"]
    again = kept(store, rows, "2023-06-21 10:00", aliases={"75.05": {"X": "75.05.03"}})
    assert again.already_there and store.aliases()[0].area_code == "75.05.03"


def test_no_figure_and_no_token_rests_on_it(store: Store) -> None:
    kept(store, reading({"area_code": "75.05.01", "as_of_date": "2023-06-20", "unrecorded": 1}), "2023-06-20 10:00")
    token, figures = store.token(), store.figures()
    store.remember_aliases("75.05", {"X": "75.05.03"}, by="petugas", at=AT)
    store.forget_alias("75.05", "X", by="petugas", at=AT)
    assert store.token() == token and store.figures().equals(figures)


def test_events_are_only_added(store: Store) -> None:
    seen: list[str] = []
    sa.event.listen(
        store._database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: seen.append(statement.split()[0].upper()),
    )
    play(store, CASES[-1])
    play(store, CASES[3])
    assert "INSERT" in seen and set(seen) <= {"INSERT", "SELECT", "BEGIN", "SET"}


def test_moments_need_a_zone_and_a_reader_remembers_nothing(store: Store, url: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        store.remember_layout("a1", {"level": "desa"}, by="petugas", at=AT.replace(tzinfo=None))
    with Store.open(url, read_only=True) as reader:
        assert reader.aliases() == [] and reader.layouts() == []
        with pytest.raises(StoreError, match="reading only"):
            reader.remember_aliases("75.05", {"X": "75.05.03"}, by="petugas", at=AT)
