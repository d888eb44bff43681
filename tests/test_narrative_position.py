"""What the page Posisi says: its heading in every state, how closely a date is said, where an area is by the office's plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ektp_analysis.core.aims import Aim
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Text, render
from ektp_analysis.figures.planned import Plan
from ektp_analysis.figures.series import Change, Gap, Reached
from ektp_analysis.figures.standing import Reach
from ektp_analysis.narrative import by_plan, position
from ektp_analysis.narrative.position import Dates
from ektp_analysis.projection.result import Reason
from tests.engines import moment
from tests.spec.measures_cases import DAY_3, KABUPATEN, rows
from tests.test_narrative import INF, at, foreseen, silent


def moved(per_day: float) -> Change:
    """A pace over ten days."""
    return Change(Gap.NONE, date(2023, 6, 10), date(2023, 6, 20), -round(10 * per_day))


def said(text: Text, lang: str = "en") -> str:
    return render(text, lang).replace("\N{NO-BREAK SPACE}", " ")


def dates(target: Any, zero: Any, *, pace: float = 5, reached: Reached | None = None, planned: int | None = None) -> Dates:
    return Dates(target, zero, reached or Reached(Reach.NOT_REACHED), moved(pace), planned)


def left(n: int, draws: list[float], target: Target = ZERO) -> Any:
    """A projection of so many people on 20 June 2023."""
    made = foreseen(draws, target)
    return replace(made, inputs=replace(made.inputs, unrecorded=((n, n),), allowed=(0, 0)))


HERE = at(rows(KABUPATEN, DAY_3, 862, 92_654))
WIDE = foreseen([*range(60, 260, 2)])
NARROW = foreseen([*range(60, 80)])
ARRIVED = silent(Reason("already_reached", "reached", date(2023, 6, 19)))
TOO_FEW = silent()


@pytest.mark.parametrize(
    ("found", "indonesian", "english"),
    [
        (
            dates(WIDE, left(100, [*range(20, 220, 2)])),
            "862 jiwa belum rekam. Target 99,40 %: sekitar November 2023. "
            "Tuntas: Juli 2023 bila laju 5 per hari bertahan (peluang kurang dari 1 dari 20); "
            "separuh kemungkinan baru setelah Oktober 2023",
            "862 residents unrecorded. Target 99.40%: about November 2023. Full recording: July 2023 if the pace of 5 a day "
            "holds (a chance of less than 1 in 20); half of the outcomes come after October 2023",
        ),
        (
            dates(NARROW, left(100, [*range(10, 25), INF, INF, INF, INF, INF]), planned=620),
            "862 jiwa belum rekam, menurut rencana hari ini 620. Target 99,40 %: sekitar akhir Agustus 2023. "
            "Tuntas: Juli 2023 bila laju 5 per hari bertahan (peluang 11 dari 20)",
            "862 residents unrecorded, by the plan 620 today. Target 99.40%: about the end of August 2023. "
            "Full recording: July 2023 if the pace of 5 a day holds (a chance of 11 in 20)",
        ),
        (
            dates(foreseen([*[5] * 8, *[INF] * 12]), left(100, [*range(10, 18), *[INF] * 12])),
            "862 jiwa belum rekam. Target 99,40 %: dengan peluang 12 dari 20 tidak tercapai dalam 2 tahun. Tuntas: "
            "Juli 2023 bila laju 5 per hari bertahan (peluang 8 dari 20); separuh kemungkinan lebih dari 2 tahun "
            "lagi, atau tidak pernah",
            "862 residents unrecorded. Target 99.40%: with a chance of 12 in 20 not within 2 years. Full recording: July 2023 if "
            "the pace of 5 a day holds (a chance of 8 in 20); half of the outcomes come later than 2 years, or never",
        ),
        (
            dates(TOO_FEW, replace(TOO_FEW, target=ZERO)),
            "862 jiwa belum rekam. Belum ada perkiraan tanggal untuk target 99,40 % dan untuk tuntas: "
            "Satu potret data belum menunjukkan laju: perlu potret kedua.",
            "862 residents unrecorded. No date yet for the target of 99.40% and for full recording: "
            "One snapshot shows no pace: a second one is needed.",
        ),
        (
            dates(ARRIVED, left(100, [*range(20, 220, 2)]), pace=-3, reached=Reached(Reach.REACHED, date(2023, 6, 19))),
            "862 jiwa belum rekam. Target 99,40 %: tercapai pada 19 Juni 2023. Tuntas: sekitar Oktober 2023",
            "862 residents unrecorded. Target 99.40%: reached on 19 June 2023. Full recording: about October 2023",
        ),
        (
            dates(ARRIVED, WIDE, reached=Reached(Reach.PRINTED, date(2023, 6, 19), Reach.PRINTED)),
            "862 jiwa belum rekam. Target 99,40 %: tercapai pada 19 Juni 2023 menurut persentase yang dilaporkan. "
            "Target 99,40 %: sekitar November 2023",
            "862 residents unrecorded. Target 99.40%: reached on 19 June 2023 by the percentage as printed. "
            "Target 99.40%: about November 2023",
        ),
        (
            dates(foreseen([1]), replace(TOO_FEW, target=ZERO, reason=Reason("not_falling", "rises"))),
            "862 jiwa belum rekam. Target 99,40 %: sekitar akhir Juni 2023. Tuntas: belum ada perkiraan tanggal (tidak turun)",
            "862 residents unrecorded. Target 99.40%: about the end of June 2023. Full recording: no date (not falling)",
        ),
        (
            dates(WIDE, replace(ARRIVED, target=ZERO), reached=Reached(Reach.OVER)),
            "862 jiwa belum rekam. Target 99,40 %: tidak dapat dinilai, cakupan di atas 100 %. "
            "Tuntas: tercapai pada 19 Juni 2023",
            "862 residents unrecorded. Target 99.40%: cannot be judged, coverage is above 100%. Full recording: "
            "reached on 19 June 2023",
        ),
    ],
)
def test_the_sentence_always_holds_a_date_or_why_there_is_none(found: Dates, indonesian: str, english: str) -> None:
    heading = position.heading(HERE, found)
    assert said(heading, "id") == indonesian
    assert said(heading) == english


@pytest.mark.parametrize(
    ("days", "when"),
    [
        (range(60, 80), "about the end of August 2023"),  # the median is 28 August
        (range(34, 54), "about the beginning of August 2023"),
        (range(42, 62), "about the beginning of August 2023"),  # the tenth
        (range(43, 63), "about the middle of August 2023"),  # the eleventh
        ([50, 50, *[60] * 15, 111, 111, 111], "about the middle of August 2023"),  # 61 days from the tenth to the ninetieth
        ([50, 50, *[60] * 15, 112, 112, 112], "about August 2023"),
        ([*[60] * 17, INF, INF, INF], "about August 2023"),
    ],
)
def test_a_date_is_said_no_closer_than_its_range(days: Any, when: str) -> None:
    assert said(position.about(foreseen([*days]))) == when


AIM = Aim("75.05", Target.parse("99.6"), date(2024, 7, 31), "sebelum Pilkada", moment("2024-06-01 02:00"), "petugas")
PLAN = Plan(AIM, date(2024, 6, 1), 1000, 400)  # ten people a day
TODAY = date(2024, 6, 30)


def by_the_plan(unrecorded: int | None, on: date, today: date | None, plan: Plan | None = PLAN) -> tuple[str | None, str | None]:
    found = by_plan.where(plan, unrecorded, on, today)
    return (None, None) if found is None else (render(found, "id"), render(found, "en"))


@pytest.mark.parametrize(
    ("unrecorded", "on", "today", "indonesian", "english"),
    [
        (
            784,
            TODAY,
            TODAY,
            "menurut rencana hari ini 710: tertinggal 74 jiwa, sekitar 7 hari",
            "by the plan 710 today: 74 behind, about 7 days",
        ),
        (
            784,
            date(2024, 6, 20),
            TODAY,
            "menurut rencana 810 pada 20 Juni 2024: lebih maju 26 jiwa, sekitar 3 hari; menurut rencana hari ini 710",
            "by the plan 810 on 20 June 2024: 26 ahead, about 3 days; by the plan 710 today",
        ),
        (
            810,
            date(2024, 6, 20),
            None,
            "menurut rencana 810 pada 20 Juni 2024: sesuai rencana",
            "by the plan 810 on 20 June 2024: as planned",
        ),
        (711, TODAY, TODAY, "menurut rencana hari ini 710: tertinggal 1 jiwa", "by the plan 710 today: 1 behind"),
        (709, TODAY, TODAY, "menurut rencana hari ini 710: lebih maju 1 jiwa", "by the plan 710 today: 1 ahead"),
        (714, TODAY, TODAY, "menurut rencana hari ini 710: tertinggal 4 jiwa", "by the plan 710 today: 4 behind"),
        (706, TODAY, TODAY, "menurut rencana hari ini 710: lebih maju 4 jiwa", "by the plan 710 today: 4 ahead"),
        (950, date(2024, 5, 20), TODAY, "menurut rencana hari ini 710", "by the plan 710 today"),
        (950, date(2024, 5, 20), None, None, None),
        (
            410,
            date(2024, 8, 4),
            date(2024, 8, 4),
            "menurut rencana paling banyak 400 sejak 31 Juli 2024: kelebihan 10",
            "by the plan at most 400 since 31 July 2024: 10 too many",
        ),
        (
            401,
            date(2024, 7, 31),
            date(2024, 7, 31),
            "menurut rencana paling banyak 400 sejak 31 Juli 2024: kelebihan 1",
            "by the plan at most 400 since 31 July 2024: 1 too many",
        ),
        (
            400,
            date(2024, 7, 31),
            date(2024, 8, 4),
            "menurut rencana paling banyak 400 sejak 31 Juli 2024: terpenuhi",
            "by the plan at most 400 since 31 July 2024: kept",
        ),
        (None, TODAY, TODAY, None, None),
    ],
)
def test_where_the_plan_is_and_how_far_the_area_is_from_it(
    unrecorded: int | None, on: date, today: date | None, indonesian: str | None, english: str | None
) -> None:
    assert by_the_plan(unrecorded, on, today) == (indonesian, english)
    assert by_the_plan(unrecorded, on, today, plan=None) == (None, None)


def test_an_aim_is_said_with_its_name_and_zero_as_full_recording() -> None:
    assert render(by_plan.aim(AIM), "id") == "kantor menargetkan 99,60 % paling lambat 31 Juli 2024 (sebelum Pilkada)"
    assert render(by_plan.aim(replace(AIM, target=ZERO, name="")), "en") == "the office aims at full recording by 31 July 2024"
    assert render(by_plan.short(ZERO, "31 Des 2027"), "id") == "tuntas sampai 31 Des 2027"


@pytest.mark.parametrize(
    ("unrecorded", "gap"),
    [(17, "2 behind, about 8 days"), (16, "1 behind, about 4 days"), (15, "as planned"), (14, "1 ahead, about 4 days")],
)
def test_one_person_is_days_of_a_slow_plan(unrecorded: int, gap: str) -> None:
    slow = Plan(AIM, date(2024, 6, 1), 20, 5)  # one in four days
    assert by_the_plan(unrecorded, date(2024, 6, 21), None, slow)[1] == f"by the plan 15 on 21 June 2024: {gap}"
