"""A file with a personal number leaves no trace: not in the data folder, the temporary folder, the logs or the output."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ektp_analysis.ingest.opening import own_layout, personal, searching
from ektp_analysis.ingest.opening.containers import Book, Sheet
from ektp_analysis.ingest.reading import read_file
from tests import faults, seed
from tests.breadth import case, parted
from tests.layouts import personal as layouts
from tests.spec import plants

TODAY = date(2026, 1, 1)
FAMILY = tuple(plants.family())
OF_EACH = {one.place: one for one in FAMILY}  # the last one of each place
FIRST = {one.place: one for one in reversed(FAMILY)}  # the first one: of each place and of each spelling one
LARGE = {place: make for place, make in plants.CUT.items() if place.startswith("large csv")}
THIRDS = 3


def traces(report_or_text: str, number: str) -> bool:
    """Whether the number stands in a text, in whatever marks."""
    return number in "".join(letter for letter in personal.plain(report_or_text) if letter.isalnum())


def test_the_family_is_large() -> None:
    assert len(FAMILY) >= 200 and len({one.place for one in FAMILY}) >= 40 and len({one.data for one in FAMILY}) >= 200
    assert {one.spelling for one in FIRST.values()} == {*plants.SPELLINGS, ""}


@pytest.mark.parametrize("further", [False, case(True, further=True)])
def test_every_plant_is_refused_and_not_repeated(further: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of each place, of large texts in a program to which a tenth is large; all the others, and these as they are."""
    others = [one for one in FAMILY if one is not FIRST[one.place] or one.place in LARGE]
    family, missed = others if further else list(FIRST.values()), []
    if not further:
        monkeypatch.setattr(own_layout, "LARGE", own_layout.LARGE // 10)
        monkeypatch.setattr(plants, "YEARS", 1)
        family = [replace(one, data=LARGE[one.place](one.number, "")[0]) if one.place in LARGE else one for one in family]
        assert all(len(one.data) > own_layout.LARGE for one in family if one.place in LARGE)
    for one in family:
        report = read_file(one.data, one.name, today=TODAY)
        said = repr(report) + repr(report.to_json("id")) + repr(report.to_json("en"))
        known = "NIK" in str(report.reason) or "cannot be searched" in str(report.reason)
        if report.status != "refused" or not known or len(report.rows) or report.preview or traces(said, one.number):
            missed.append((one.place, one.spelling, report.status, str(report.reason)))
    assert missed == []


@pytest.mark.parametrize(
    ("command", "third"),
    [
        case(command, third, further=third > 0)
        for command in ([], ["--json"], ["--take-good-rows", "--json"])
        for third in range(THIRDS)
    ],
)
def test_no_trace_of_a_personal_number(tmp_path: Path, command: list[str], third: int) -> None:
    """Through the command line: one of each place, a third of them by each command; every run takes a third of these."""
    family = list(OF_EACH.values())[len(command) :: 3][third::THIRDS]
    files, data, temporary = tmp_path / "files", tmp_path / "data", tmp_path / "tmp"
    for folder in (files, data, temporary):
        folder.mkdir()
    names = []
    for number, one in enumerate(family):
        place = files / str(number)
        place.mkdir()
        (place / one.name.replace("/", "_")).write_bytes(one.data)
        names.append(str(place / one.name.replace("/", "_")))
    env = {**os.environ, "EKTP_DATA_DIR": str(data), "TMPDIR": str(temporary), "EKTP_DATABASE_URL": ""}
    done = seed.begin("command", "import", *command, *names, environment=env)(300)
    assert done.returncode == 1, done.stderr[-2000:]
    if "--json" in command:
        assert done.stdout.count('"status": "refused"') == len(family)
    kept = [path for folder in (data, temporary) for path in folder.rglob("*") if path.is_file()]
    stores = [path for path in kept if path.suffix == ".sqlite"]
    assert stores
    for path in stores:  # originals are kept packed, where no search would see a number
        with sqlite3.connect(path) as store:
            assert store.execute("select (select count(*) from original) + (select count(*) from batch)").fetchone() == (0,)
    where = {"stdout": done.stdout, "stderr": done.stderr, **{str(path): path.read_bytes().decode("latin-1") for path in kept}}
    for place, content in where.items():
        plain = "".join(letter for letter in content if letter.isalnum() and letter.isascii())
        assert [one.place for one in family if one.number in plain or traces(content[:100_000], one.number)] == [], place


@pytest.mark.parametrize("tables_of", parted(range(200), 20), ids=len)
def test_clean_rows_raise_no_alarm(tables_of: range) -> None:
    tables = [plants.clean_table(number) for number in tables_of]
    assert sum(map(len, tables)) == (rows := 50 * len(tables_of))
    books = [Book("xlsx", (Sheet("", table),)) for table in tables]
    assert [number for number, book in enumerate(books) if personal.numbers_in_book(book) is not None] == []
    assert [row for row in layouts.clean_rows(tables_of.start + 1, rows) if personal.in_text(row)] == []


def test_parts_full_of_digits_raise_no_alarm() -> None:
    reports = [(name, read_file(data, name, today=TODAY)) for name, data in plants.harmless()]
    assert [(number, name, str(one.reason)) for number, (name, one) in enumerate(reports) if "NIK" in str(one.reason)] == []
    assert [(number, str(one.reason)) for number, (_, one) in enumerate(reports) if "searched" in str(one.reason)] == []
    assert len(reports) > 15 and all(one.status == "accepted" for _, one in reports[:-1])


@pytest.mark.parametrize(
    ("digits", "holds"),
    [
        ("7505030101900999", True),
        ("7505030101901000", False),  # no thousand persons of a day and a kecamatan
        ("7530600101900001", True),  # the highest numbers of a kabupaten and a kecamatan
        ("7531600101900001", False),
        ("7530610101900001", False),
        ("7571010101900001", True),
        ("7580010101900001", False),
        ("7505033101900001", True),
        ("7505033201900001", False),
        ("7505037101900001", True),
        ("7505037201900001", False),
    ],
)
def test_pieces_are_joined_to_what_is_likely(digits: str, holds: bool) -> None:
    assert (personal.joined([digits[:6], digits[6:]]) is not None) is holds


def test_the_codes_of_a_kecamatan_and_its_village_are_no_number() -> None:
    assert personal.joined(["110101", "1101010001"]) is None
    assert personal.joined(["110101", "1101020001"]) == 1  # ten digits that belong to no village of it
    assert personal.joined(["1101012001", "110102"]) is None


@pytest.mark.parametrize("alike", [1, 2])
def test_a_count_among_counts_ends_no_number(alike: int) -> None:
    """Of five numbers two that may end one are enough (0.4), one is not."""
    pair = ["75050301", "10900001"]
    others = ["10900123", "22345678", "22345679", "22345670"][2 - alike : 6 - alike]
    sheet = Sheet("", [pair, *(["", one] for one in others), *([["", "22345671"]] if alike == 1 else [])])
    assert (personal.numbers_in_book(Book("csv", (sheet,))) is not None) is (alike == 2)


@pytest.mark.parametrize("closed", [b"7z\xbc\xaf\x27\x1c" + bytes(80), b"Rar!\x1a\x07" + bytes(80), b"%PDF-1.7 " + bytes(80)])
def test_a_part_that_cannot_be_searched_refuses_the_file(closed: bytes) -> None:
    for content in (closed, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + closed):
        report = read_file(plants.book(add={"xl/embeddings/oleObject1.bin": content}), "a.xlsx", today=TODAY)
        assert report.status == "refused" and "oleObject1.bin cannot be searched" in str(report.reason)


@pytest.mark.parametrize("depth", [searching.MOST_DEPTH, searching.MOST_DEPTH + 1])
def test_files_within_files_are_opened_to_a_depth(depth: int) -> None:
    content = b"<a/>"
    for _ in range(depth):
        content = plants.packed({"a": content})
    report = read_file(plants.book(add={"xl/embeddings/a.zip": content}), "a.xlsx", today=TODAY)
    assert (report.status == "accepted") is (depth == searching.MOST_DEPTH)


def test_bytes_beside_the_parts_are_text_or_refused() -> None:
    whole = plants.book()
    assert read_file(whole + b"\r\n<!-- saved -->\r\n" * 3, "a.xlsx", today=TODAY).status == "accepted"
    report = read_file(whole + bytes(range(256)), "a.xlsx", today=TODAY)
    assert report.status == "refused" and "outside the parts" in str(report.reason)


def test_the_sample_of_planted_layouts_is_refused() -> None:
    assert [line for outcome, line in map(faults.plant, range(40)) if outcome == "missed"] == []
