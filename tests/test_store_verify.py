"""Verify: every change that somebody makes to the database behind the store's back is named."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from ektp_analysis.core import text
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from ektp_analysis.store.records import Difference
from ektp_analysis.store.store import Store
from tests.engines import moment, reading

CSV = b"""area_code,as_of_date,unrecorded,coverage_reported,note
75.05.01,2023-06-20,862,99.30,
75.05.02,2023-06-20,0,,belum final
75.05.01,2023-06-14,,99.20,
"""
JUNE_20 = date(2023, 6, 20)


def read(data: bytes, name: str, choices: Mapping[str, Any]) -> pd.DataFrame:
    """A small reader: the contract's own columns, and a choice that overrides the date."""
    if not data.startswith(b"area_code"):
        raise UserError(T("{file} has no header.", file=name))
    found = pd.read_csv(io.BytesIO(data), dtype="str")
    found["as_of_date"] = choices.get("date") or found["as_of_date"]
    found["unrecorded"] = found["unrecorded"].astype("Int64")
    return reading(*found.to_dict("records"), sheet="CSV")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        for number, choices in enumerate(({}, {"date": "2022-06-20"})):
            data = CSV if not choices else CSV[: CSV.rindex(b"75")]
            opened.commit(
                read(data, "a.csv", choices),
                data=data,
                name=f"{number}.csv",
                uploader="petugas",
                received_at=moment(f"2023-06-2{number} 10:00"),
                choices=choices,
                report={},
            )
        opened.retract(2, reason="salah tanggal", by="petugas", at=moment("2023-06-22 10:00"))
        yield opened


def tamper(url: str, statement: str, **values: Any) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        assert connection.execute(sa.text(statement), values).rowcount == 1
    engine.dispose()


def found_in(store: Store) -> list[tuple[Any, ...]]:
    """What a batch differs in from its file; what the trail says of it is in test_store_trail.py."""
    found = [one for one in store.verify(read) if one.batch_id]
    return [(d.batch_id, d.area_code, d.as_of_date, d.column, str(d.stored), str(d.read)) for d in found]


def test_an_untouched_store_is_whole(store: Store) -> None:
    assert store.verify(read) == []


CHANGES = {
    "a count": (
        "UPDATE figure SET unrecorded = 1862 WHERE batch_id = 1 AND unrecorded = 862",
        [(1, "75.05.01", JUNE_20, "unrecorded", "1,862", "862")],
    ),
    "zero made missing": (
        "UPDATE figure SET unrecorded = NULL WHERE batch_id = 1 AND unrecorded = 0",
        [(1, "75.05.02", JUNE_20, "unrecorded", "nothing", "0")],
    ),
    "missing made zero": (
        "UPDATE figure SET eligible = 0 WHERE batch_id = 1 AND unrecorded = 862",
        [(1, "75.05.01", JUNE_20, "eligible", "0", "nothing")],
    ),
    "a printed decimal": (
        "UPDATE figure SET coverage_reported = '99.3' WHERE batch_id = 1 AND unrecorded = 862",
        [(1, "75.05.01", JUNE_20, "coverage_reported", "99.3", "99.30")],
    ),
    "a note": (
        "UPDATE figure SET note = '' WHERE note <> '' AND batch_id = 1",
        [(1, "75.05.02", JUNE_20, "note", "nothing", "belum final")],
    ),
    "the row it points at": (
        'UPDATE figure SET "row" = 9 WHERE batch_id = 1 AND unrecorded = 862',
        [(1, "75.05.01", JUNE_20, "row", "9", "2")],
    ),
    "a figure of a retracted batch": (
        "UPDATE figure SET unrecorded = 1 WHERE batch_id = 2 AND unrecorded = 862",
        [(2, "75.05.01", date(2022, 6, 20), "unrecorded", "1", "862")],
    ),
    "a figure that was taken out": (
        "DELETE FROM figure WHERE batch_id = 1 AND unrecorded = 862",
        [(1, "75.05.01", JUNE_20, "", "nothing", "a row")],
    ),
    "a figure that was put in": (
        'INSERT INTO figure (area_code, as_of_date, unrecorded, basis, status, note, batch_id, sheet, "row") '
        "VALUES ('75.05.09', '2023-06-20', 7, '', 'reported', '', 1, 'CSV', 9)",
        [(1, "75.05.09", JUNE_20, "", "a row", "nothing")],
    ),
    "a figure moved to another area": (
        "UPDATE figure SET area_code = '75.05.03' WHERE batch_id = 1 AND unrecorded = 862",
        [(1, "75.05.01", JUNE_20, "", "nothing", "a row"), (1, "75.05.03", JUNE_20, "", "a row", "nothing")],
    ),
    "the choices": (
        'UPDATE batch SET choices = \'{"date": "2022-06-21"}\' WHERE id = 2',
        [
            (2, "75.05.01", date(2022, 6, 20), "", "a row", "nothing"),
            (2, "75.05.01", date(2022, 6, 21), "", "nothing", "a row"),
            (2, "75.05.02", date(2022, 6, 20), "", "a row", "nothing"),
            (2, "75.05.02", date(2022, 6, 21), "", "nothing", "a row"),
        ],
    ),
    "choices that are no choices any more": (
        "UPDATE batch SET choices = '{' WHERE id = 2",
        [(2, "", None, "choices", "text that is not JSON", "nothing")],
    ),
    "a total": (
        "UPDATE batch_total SET unrecorded = 86 WHERE batch_id = 1 AND unrecorded = 862",
        [(1, "", JUNE_20, "totals", "86", "862")],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named(store: Store, url: str, name: str) -> None:
    statement, expected = CHANGES[name]
    tamper(url, statement)
    found = found_in(store)
    if name == "the choices":  # and with them the totals of the two days
        found = [difference for difference in found if difference[3] != "totals"]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_altered_bytes_are_found_and_what_they_say_instead(store: Store, url: str) -> None:
    original = store.batch(1).sha256
    altered = CSV.replace(b"862", b"802")
    tamper(url, "UPDATE original SET packed = :packed WHERE sha256 = :sha", packed=zlib.compress(altered), sha=original)
    found = found_in(store)
    assert found[0][:4] == (1, "", None, "bytes")
    assert found[0][4] == original
    assert (1, "75.05.01", JUNE_20, "unrecorded", "862", "802") in found
    assert {difference[0] for difference in found} == {1}


@pytest.mark.parametrize(
    ("packed", "sentence"),
    [
        (b"no zlib at all", "bytes that cannot be unpacked"),
        (zlib.compress(b"PK" + b"0" * 10**6), "0.csv has no header."),
    ],
)
def test_bytes_that_are_no_file_any_more(store: Store, url: str, packed: bytes, sentence: str) -> None:
    tamper(url, "UPDATE original SET packed = :packed WHERE sha256 = :sha", packed=packed, sha=store.batch(1).sha256)
    found = store.verify(read)
    assert str(found[-1].read) == sentence
    assert {difference.batch_id for difference in found} == {1}


def test_a_difference_is_a_sentence_in_both_languages() -> None:
    one = Difference(7, "juni.csv", "75.05.01", JUNE_20, "unrecorded", T("{n} people", n=1862), T("{n} people", n=862))
    assert str(one.text()) == (
        "Batch 7 (juni.csv), 75.05.01 as of 20 June 2023, Unrecorded: stored 1,862 people, read 862 people."
    )
    assert text.render(one.text(), "id").startswith("Unggahan 7 (juni.csv), 75.05.01 per tanggal 20 Juni 2023, Belum rekam: ")
    whole = Difference(7, "juni.csv", "", None, "bytes", T("{n} people", n=1), T("{n} people", n=2))
    assert str(whole.text()).startswith("Batch 7 (juni.csv), the kept bytes: stored")
    total = Difference(7, "juni.csv", "", JUNE_20, "totals", T("{n} people", n=1), T("{n} people", n=2))
    assert str(total.text()).startswith("Batch 7 (juni.csv), all areas as of 20 June 2023, the totals: stored")


SEVERAL = b"""area_code,as_of_date,eligible,recorded,source
75.05,2023-06-20,94203,93341,a
ID,2023-06-19,191510000,186870000,b
"""


def test_a_file_of_several_levels_of_which_an_earlier_version_recorded_one_is_read_whole(store: Store) -> None:
    report = read_file(SEVERAL, "a.csv", today=date(2026, 1, 1))
    assert report.rows["area_code"].tolist() == ["75.05", "ID"]
    for number in range(2):  # the second is stored with other figures than its file has
        data = SEVERAL + b"\n" * number
        given = {"data": data, "name": "a.csv", "uploader": "petugas", "received_at": moment(f"2026-01-0{number + 2} 10:00")}
        rows = report.rows.assign(eligible=report.rows["eligible"] + number)
        store.commit(rows, **given, choices={**report.choices.to_json(), "level": "kabupaten"}, report={})

    def again(data: bytes, name: str, choices: Mapping[str, Any]) -> pd.DataFrame:
        return read_file(data, name, Choices.from_json(choices)).rows if data.startswith(SEVERAL) else read(data, name, choices)

    assert {(one.batch_id, one.area_code, one.column) for one in store.verify(again)} >= {(4, "ID", "eligible")}
    assert not [one for one in store.verify(again) if one.batch_id == 3]
