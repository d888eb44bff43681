"""Files in which one area happens to have what all others have together, and files whose first areas have not reported yet: no
figure is lost in silence. The files are made from the register alone; what is expected follows from how each was made."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices, ImportReport
from tests.breadth import case, crossed

TODAY = date(2024, 1, 1)
PARENTS = ("75.05", "75.01", "73.08", "75")
HEADS = {"u": ["belum_rekam"], "eu": ["wajib_ktp", "belum_rekam"], "ru": ["sudah_rekam", "belum_rekam"]}


def name_of(code: str, kind: bool) -> str:
    """As the register has it; ``kind``: whether with the word Kabupaten or Kota."""
    name = register().name(code)
    return name if kind else name.removeprefix("Kabupaten ").removeprefix("Kota ")


def read(rows: Sequence[Sequence[object]], **choices: object) -> ImportReport:
    text = "\n".join(",".join(map(str, row)) for row in rows) + "\n"
    return read_file(text.encode(), "20 Juni 2023.csv", Choices(**choices), today=TODAY)  # type: ignore[arg-type]


def made(number: int) -> tuple[list[list[object]], Mapping[str, int], bool]:
    """A file in which the last area that reported has the sum of the others; its unrecorded; whether it says codes."""
    chance = random.Random(number)
    all_of_it = register().children(chance.choice(PARENTS))
    reported = chance.sample(all_of_it, chance.choice((2, 3, 4, 5)))
    beside = set(all_of_it if chance.random() < 0.6 else chance.sample(all_of_it, 5)) | set(reported)
    one = [chance.choice((chance.randint(1, 40), chance.randint(100, 3000))) for _ in reported[1:]]
    other = [chance.randint(4000, 30000) for _ in reported[1:]]
    left = dict(zip(reported, [*one, sum(one)], strict=True))
    all_in = dict(zip(reported, [*other, sum(other)], strict=True))
    coded, kind = chance.random() < 0.5, chance.random() < 0.5
    named = not coded or chance.random() < 0.5
    head = HEADS[chance.choice(list(HEADS))]
    empty = chance.choice(("", "-"))
    level = "kecamatan" if "." in min(beside) and min(beside).count(".") == 2 else "kabupaten"
    rows: list[list[object]] = [[*["kode"] * coded, *[level] * named, *head]]
    for code in sorted(beside):
        values = {"wajib_ktp": all_in, "sudah_rekam": {key: all_in[key] - left[key] for key in reported}, "belum_rekam": left}
        figures = [values[column].get(code, empty) for column in head]
        rows.append([*[code] * coded, *[name_of(code, kind)] * named, *figures])
    return rows, left, coded


EVERY_RUN = 14  # of the files that chance draws


@pytest.mark.parametrize("number", [case(number, further=number >= EVERY_RUN) for number in range(40)])
def test_an_area_that_has_what_all_others_have_is_stored_or_asked_about(number: int) -> None:
    rows, left, coded = made(number)
    report = read(rows)
    if report.status == "needs_choice":
        assert not (coded and any("Which area is" in str(one.text) for one in report.questions)), "a code is believed"
        return
    assert report.status == "accepted", str(report.reason)
    assert dict(zip(report.rows["area_code"], map(int, report.rows["unrecorded"]), strict=True)) == left


def test_the_person_says_whether_it_is_the_area_or_the_total() -> None:
    rows = [["kecamatan", "wajib_ktp", "belum_rekam"], ["Anggrek", 8000, 100], ["Atinggola", 9000, 120], ["Kwandang", 17000, 220]]
    asked = read(rows, area="75.05")
    (question,) = asked.questions
    assert "Kwandang" in str(question.text)
    (area,) = [one for one in question.readings if one.choices.get("aliases", {}).get("Kwandang") == "75.05.02"]
    taken = read(rows, area="75.05", **dict(area.choices))
    assert sorted(taken.rows["area_code"]) == ["75.05.01", "75.05.02", "75.05.03"] or len(taken.rows) == 3
    assert any(one.name == "as_all" for one in taken.checks), "said beside it"
    total = read(rows, area="75.05", aliases={"Kwandang": "75.05"})
    assert len(total.rows) == 2 and "75.05.02" not in set(total.rows["area_code"])


def test_a_code_is_believed_and_the_sum_is_said() -> None:
    rows = [["kode", "belum_rekam"], *[[f"75.05.0{place}", value] for place, value in ((1, 10), (2, 20), (3, 30), (4, 60))]]
    report = read(rows)
    assert report.status == "accepted" and len(report.rows) == 4
    (check,) = [one for one in report.checks if one.name == "as_all"]
    assert (check.level, check.rows, check.areas) == ("warning", (5,), ("75.05.04",))


@pytest.mark.parametrize(
    ("silent", "head", "empty"),
    crossed(
        [1, 5, 9, 26],
        ["kode,belum_rekam", "kecamatan,wajib_ktp,belum_rekam", "no,kode,kecamatan,sudah_rekam,belum_rekam"],
        ["", "-", "–"],
    ),
)
def test_however_many_areas_come_first_without_a_figure_the_file_is_read(silent: int, head: str, empty: str) -> None:
    codes = register().children("73.08")
    rows: list[list[object]] = [head.split(",")]
    for place, code in enumerate(codes):
        known = {"no": place + 1, "kode": code, "kecamatan": register().name(code)}
        figures = {"wajib_ktp": 9000 + 37 * place, "sudah_rekam": 8000 + 31 * place, "belum_rekam": 1000 + 6 * place}
        rows.append([known.get(one, figures[one] if one in figures and place >= silent else empty) for one in rows[0]])
    report = read(rows, area="73.08", complete="yes")
    assert report.status == "accepted", str(report.reason)
    assert list(report.rows["area_code"]) == list(codes[silent:])
    assert [code for one in report.checks if one.name == "no_figure" for code in one.areas] == list(codes[:silent])
