"""Large texts, read in bulk, are no less strict than small ones.

Every run reads a tenth of each in a program to which it is large, in blocks of a tenth; ``make faults`` reads them as they are.
"""

from __future__ import annotations

from datetime import date

import pytest

from ektp_analysis.core.area import Level, register
from ektp_analysis.ingest.opening import own_layout
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from tests.breadth import case


@pytest.fixture(autouse=True, params=[10, case(1, further=True)], ids=lambda share: f"1/{share}")
def share(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """One in so many rows is there."""
    made: int = request.param
    for name in ("LARGE", "_BLOCK"):
        monkeypatch.setattr(own_layout, name, getattr(own_layout, name) // made)
    return made


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("{code},2023-12-31,0x1F,30,1", "is not a count"),
        ("{bare},2023-06-30,100,90,10", "appears twice"),
        ("{code},30/06/2023,100,90,10", "appears twice"),
        ("{code},2023-12-31,100,90,9", "not eligible"),
    ],
)
def test_one_bad_row_at_the_end_is_refused(share: int, row: str, fault: str) -> None:
    codes = list(register().codes(Level.DESA))[: 60_000 // share]
    lines = [f"{code},2023-06-30,100,90,10" for code in codes]
    lines.append(row.format(code=codes[0], bare=codes[0].replace(".", "")))
    data = "\n".join(["area_code,as_of_date,eligible,recorded,unrecorded", *lines]).encode()
    assert len(data) > own_layout.LARGE
    report = read_file(data, "a.csv", today=date(2026, 1, 1))
    assert (report.status, report.refused_count) == ("refused", 1)
    assert fault in report.refused_rows[0].fault.msgid


def large(rows: list[str], header: str = "area_code,as_of_date,eligible,recorded,unrecorded") -> bytes:
    data = "\n".join([header, *rows]).encode()
    assert len(data) > own_layout.LARGE
    return data


PART = Choices(complete="yes")  # the last kecamatan of a panel is there in part


AREAS, MONTHS = 4_000, 16


def panel(share: int) -> list[str]:
    """The same areas in the same order on the last days of many months; no two counts alike."""
    codes, months = list(register().codes(Level.DESA))[: AREAS // share], MONTHS
    return [
        f"{code},{2020 + month // 12}-{month % 12 + 1:02d}-28,{number * months + month + 900},{number * months + month},900"
        for month in range(months)
        for number, code in enumerate(codes)
    ]


@pytest.mark.parametrize("change", ["none", "last", "swapped", "shorter", "sorted"])
def test_every_row_keeps_its_area_and_day(share: int, change: str) -> None:
    rows = panel(share)
    if change == "last":  # the block of areas repeats up to the last row but one
        rows[-1] = rows[-1].replace(rows[-1].split(",")[0], list(register().codes(Level.DESA))[AREAS + 1_000])
    elif change == "swapped":
        rows[-1], rows[-2] = rows[-2], rows[-1]
    elif change == "shorter":
        del rows[-100:]
    elif change == "sorted":
        rows.sort()
    report = read_file(large(rows), "a.csv", PART, today=date(2026, 1, 1))
    assert report.status == "accepted"
    found = zip(
        report.rows.area_code, report.rows.as_of_date.dt.strftime("%Y-%m-%d"), report.rows.eligible, report.rows.row, strict=True
    )
    assert list(found) == [
        (code, day, int(eligible), place)
        for place, (code, day, eligible, *_) in enumerate((row.split(",") for row in rows), start=2)
    ]


def test_large_and_small_are_the_same_content(share: int) -> None:
    """Pieces of one file, read one by one, are together what the whole file is: totals of each day and the content key."""
    rows, header = panel(share), "area_code,as_of_date,eligible,recorded,unrecorded"
    whole = read_file(large(rows), "a.csv", PART, today=date(2026, 1, 1))
    shuffled = read_file(large(sorted(rows, key=lambda row: row[::-1])), "b.csv", PART, today=date(2026, 1, 1))
    assert whole.content_key == shuffled.content_key != ""
    slow = read_file("\n".join([header, *rows[: AREAS // share]]).encode(), "c.csv", PART, today=date(2026, 1, 1))
    assert slow.totals == whole.totals[:1] == shuffled.totals[:1]


def test_a_changed_count_changes_the_content(share: int) -> None:
    rows, place = panel(share), 30_000 // share
    before = read_file(large(rows), "a.csv", PART, today=date(2026, 1, 1)).content_key
    code, day, eligible, recorded, _ = rows[place].split(",")
    rows[place] = f"{code},{day},{int(eligible) + 1},{recorded},901"
    assert read_file(large(rows), "a.csv", PART, today=date(2026, 1, 1)).content_key != before


PLACES = [(0, "area_code"), (1, "as_of_date"), (2, "eligible"), (5, "status"), (6, "catatan"), (7, "kolom lain")]


@pytest.mark.parametrize(
    ("field", "place", "number"),
    [
        *((field, place, "75 0503 650301 0001") for field, place in PLACES),
        *((6, "catatan", number) for number in ("7505036503010001", "'7505036503010001", "7505036503010001.0")),
    ],
)
def test_a_personal_number_in_any_column_refuses_a_large_text(share: int, field: int, place: str, number: str) -> None:
    rows, at = [f"{row},reported,,lain" for row in panel(share)], 40_001 // share
    cells = rows[at].split(",")
    cells[field] = number
    rows[at] = ",".join(cells)
    data = large(rows, "area_code,as_of_date,eligible,recorded,unrecorded,status,catatan,kolom lain")
    report = read_file(data, "a.csv", today=date(2026, 1, 1))
    assert report.status == "refused" and "NIK" in str(report.reason)
    assert place in str(report.reason) and f"{at + 2}" in str(report.reason)
    assert number not in repr(report) and not len(report.rows)


@pytest.mark.parametrize(("old", "new"), [(",reported", ',"reported"'), (",reported", ',"mod\u00e9lled"'), ("2020-01-28", "")])
def test_quotes_letters_and_gaps_are_read_as_in_small_texts(share: int, old: str, new: str) -> None:
    header = "area_code,as_of_date,eligible,recorded,unrecorded,status"
    rows = [f"{row},reported" for row in panel(share)]
    rows[3] = rows[3].replace(old, new)
    small = read_file("\n".join([header, *rows[:50]]).encode(), "a.csv", PART, today=date(2026, 1, 1))
    report = read_file(large(rows, header), "a.csv", PART, today=date(2026, 1, 1))
    assert (report.status, report.refused_rows) == (small.status, small.refused_rows)
    assert report.status == ("accepted" if new == ',"reported"' else "refused")
