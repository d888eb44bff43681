"""What the page Posisi says: heading, plan, strip and list in every state, and how closely a date is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ektp_analysis.core.aims import Aim
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, Text, render
from ektp_analysis.figures.cleaning import Cleaning
from ektp_analysis.figures.planned import Plan
from ektp_analysis.figures.series import Change, Gap, Reached, Required
from ektp_analysis.figures.standing import Reach, Silence
from ektp_analysis.narrative import by_plan, position
from ektp_analysis.narrative.position import Dates
from ektp_analysis.projection.abreast import Line
from ektp_analysis.projection.reasons import Stall
from ektp_analysis.projection.result import Reason
from tests.engines import moment
from tests.spec.measures_cases import DAY_2, DAY_3, KABUPATEN, KECAMATAN, all_eleven, rows
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
        (950, date(2024, 5, 20), date(2024, 5, 31), None, None),
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


def test_the_target_beside_zero_is_what_the_office_aims_at_else_the_national_one() -> None:
    asked = (AIM, replace(AIM, target=ZERO), None)
    assert [position.said_target(aim).key for aim in asked] == ["99.6", "99.4", "99.4"]


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


# ---- the strip above the heading

ELEVEN, EARLIER = all_eleven(DAY_3), all_eleven(DAY_2)
FIRST, SECOND, DESA = KECAMATAN[0], KECAMATAN[1], "75.05.01.2003"
WEEKLY = [rows(FIRST, day, 10, 1000) for day in ("2023-06-01", "2023-06-02", "2023-06-03")]


@pytest.mark.parametrize(
    ("given", "area", "chips"),  # doubtful ones with a question mark
    [
        ((), KABUPATEN, []),
        (
            (rows(KABUPATEN, DAY_3, 10, 1000, basis="DKB 2023-1"),),
            KABUPATEN,
            ["reported for the area itself", "basis DKB 2023-1", "coverage 99.00%"],
        ),
        ((rows(DESA, DAY_3, 3),), DESA, ["reported for the area itself", "coverage not known"]),
        ((ELEVEN,), KABUPATEN, ["11 kecamatan", "coverage 99.00%"]),
        (
            (all_eleven(DAY_3, basis="A")[1:], rows(FIRST, DAY_3, 10, 1000, basis="B")),
            KABUPATEN,
            ["11 kecamatan", "? mixed bases A + B", "coverage 99.00%"],
        ),
        (
            (ELEVEN[1:],),
            KABUPATEN,
            ["? only 10 of 11 kecamatan have ever reported", "coverage 99.00% in the 10 areas that give it"],
        ),
        (
            (ELEVEN[1:], rows(DESA, DAY_3, 3)),
            KABUPATEN,
            ["? 11 kecamatan (1 of them incomplete)", "coverage 99.00% in the 10 areas that give it"],
        ),
        # who counts as of an earlier day, or has been silent for too long; beside an own figure nobody does
        (
            (EARLIER[:2], ELEVEN[2:]),
            KABUPATEN,
            ["9 of 11 kecamatan reported", "coverage 99.00%", "? earlier figures of Atinggola and Kwandang"],
        ),
        (
            (WEEKLY, rows(SECOND, DAY_2, 10, 1000), ELEVEN[2:]),
            KABUPATEN,
            [
                "9 of 11 kecamatan reported",
                "coverage 99.00%",
                "? earlier figures of Kwandang",
                "? Atinggola: silent for longer than usual",
            ],
        ),
        ((EARLIER[:2], rows(KABUPATEN, DAY_3, 10, 1000)), KABUPATEN, ["reported for the area itself", "coverage 99.00%"]),
        (
            (rows(KABUPATEN, DAY_3, 100, 11_000), ELEVEN),
            KABUPATEN,
            ["reported for the area itself", "coverage 99.09%", "? own total differs from the sum of its parts by 10"],
        ),
        (
            (rows(KABUPATEN, DAY_3, 111, 11_100), ELEVEN),  # of several the first
            KABUPATEN,
            ["reported for the area itself", "coverage 99.00%", "? own total differs from the sum of its parts by 100"],
        ),
        # above 100 %
        (
            (rows(KABUPATEN, DAY_3, None, 1000, 1000),),
            KABUPATEN,
            ["reported for the area itself", "coverage 100.00%"],
        ),
        (
            (rows(KABUPATEN, DAY_3, None, 1000, 1001),),
            KABUPATEN,
            ["reported for the area itself", "? coverage 100.10%, above 100%: more are recorded than are eligible"],
        ),
        (
            (ELEVEN[1:], rows(FIRST, DAY_3, None, 1000, 1001)),
            KABUPATEN,
            ["11 kecamatan", "? coverage 99.10%, too high: 1 area in it is above 100%", "? in no sum: Atinggola above 100%"],
        ),
        (
            (ELEVEN[1:], rows(FIRST, DAY_3, None, 1000)),
            KABUPATEN,
            [
                "11 kecamatan",
                "coverage 99.00% in the 10 areas that give it",
                "? in no sum: Atinggola without a number of unrecorded",
            ],
        ),
        (
            (rows(KABUPATEN, DAY_3, 554, 92_654, printed="99.3"),),
            KABUPATEN,
            ["reported for the area itself", "coverage 99.40%", "? reported 99.3%, by the counts 99.40%"],
        ),
        (
            (rows(KABUPATEN, DAY_3, 1000, 1000, printed="1"),),
            KABUPATEN,
            ["reported for the area itself", "coverage 0.00%", "? reported 1%, by the counts 0.00%"],
        ),
    ],
)
def test_the_strip_says_what_the_figures_are_and_what_makes_them_doubtful(given: Any, area: str, chips: list[str]) -> None:
    found, seen = at(*given, area=area), []
    for old in (False, True):
        strip = position.strip(found, T("as of a day"), old=old, banner=None, broken=None)
        seen.append(["? " * chip.doubtful + said(chip.text) for chip in strip])
    assert seen == [[first, *chips] if given else [] for first in ("as of a day", "? as of a day")]


def test_what_is_modelled_or_broken_stands_first_among_the_doubts() -> None:
    found = position.strip(at(EARLIER[:1], ELEVEN[1:]), T("as of"), old=False, banner=T("modelled"), broken=T("broken"))
    assert [str(chip.text) for chip in found if chip.doubtful] == ["modelled", "broken", "earlier figures of Atinggola"]


@pytest.mark.parametrize(
    ("low", "high", "chips"),
    [
        (0, 0, []),
        (0, 5, ["? 549 to 554 can come, 0 to 5 to be cleaned off the list (by visits)"]),
        (5, 5, ["? 549 can come, 5 to be cleaned off the list (by visits)"]),
    ],
)
def test_who_is_to_be_cleaned_off_the_list_stands_apart(low: int, high: int, chips: list[str]) -> None:
    def strip(cleaning: Cleaning | None) -> list[str]:
        made = position.strip(at(ELEVEN), T("as of"), old=False, banner=None, broken=None, cleaning=cleaning)
        return ["? " * chip.doubtful + said(chip.text) for chip in made]

    assert strip(Cleaning(554, DAY_3, low, high, 1, DAY_3)) == [*strip(None), *chips]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([(FIRST, 1)], "break in Atinggola on 1 June 2023"),
        ([(FIRST, 1), (SECOND, 1)], "break in Atinggola and Kwandang on 1 June 2023"),
        ([(FIRST, 3), (SECOND, 1)], "break in Atinggola and Kwandang, the last on 3 June 2023"),
        ([(code, 1) for code in KECAMATAN[:4]], "break in Atinggola, Kwandang, Anggrek and 1 other on 1 June 2023"),
    ],
)
def test_breaks_inside_are_named_with_their_day(steps: list[tuple[str, int]], sentence: str) -> None:
    assert said(position.broken_inside([(code, date(2023, 6, day)) for code, day in steps])) == sentence


# ---- beside the list and above the chart

D20 = date(2023, 6, 20)
LEFT = left(100, [*range(20, 220, 2)])
BEFORE = replace(NARROW, inputs=replace(NARROW.inputs, dates=(date(2023, 6, 18), date(2023, 6, 19))))
STALL = Stall(date(2023, 6, 6), 1.0, 5.0)


def line(**others: Any) -> Line:
    given = {"pace": Change(Gap.FIRST), "found": None, "last": D20, "reported": True, "silence": None, "stall": None}
    return Line(FIRST, "Atinggola", 5, required=Required(Gap.NONE), trail=(), **{**given, **others})


def paced(*days: int) -> list[Line]:
    return [line(), *(line(pace=Change(Gap.NONE, D20 - timedelta(n), D20, -3)) for n in days)]


def silent_line(days: int | None) -> Line:
    return line(reported=False, silence=Silence(FIRST, D20, days))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (lambda: position.silent_for(line()), None),
        (lambda: position.silent_for(line(reported=False, last=None)), "never reported"),
        (lambda: position.silent_for(line(reported=False)), None),
        (lambda: position.silent_for(silent_line(None)), None),
        (lambda: position.silent_for(silent_line(1)), "silent 1 day"),
        (lambda: position.silent_for(silent_line(2)), "silent 2 days"),
        (lambda: position.pace_over(paced()), "Pace a day"),
        (lambda: position.pace_over(paced(1)), "Pace a day (1 day)"),
        (lambda: position.pace_over(paced(7, 7)), "Pace a day (7 days)"),
        (lambda: position.pace_over(paced(14, 7)), "Pace a day (7–14 days)"),
        (lambda: position.pace_over(paced(14, 7, 28)), "Pace a day (7–28 days)"),
        (lambda: position.stalled_since(line(found=LEFT)), None),
        (lambda: position.stalled_since(line()), None),
        (
            lambda: position.stalled_since(line(found=LEFT, stall=STALL)),
            "stalled since 6 June 2023: 1 a day since then, against 5 a day before",
        ),
        (lambda: position.last_report(None, D20), "never"),
        (lambda: position.last_report(D20, date(2023, 6, 19)), "today"),
        (lambda: position.last_report(D20, D20), "today"),
        (lambda: position.last_report(D20, date(2023, 6, 21)), "1 day ago"),
        (lambda: position.last_report(D20, date(2023, 6, 22)), "2 days ago"),
        (lambda: position.moved(moved(3), LEFT), "30 fewer than on 10 June 2023 (3 a day)"),
        # an area inside: its target, unless that is zero or has no date for the same reason
        (
            lambda: position.chosen(FIRST, HERE, dates(NARROW, LEFT, planned=5)),
            "Kecamatan Atinggola: 862 residents unrecorded, by the plan 5 today. Target 99.40%: about the end of August 2023. "
            "Full recording: about October 2023",
        ),
        (
            lambda: position.chosen(FIRST, HERE, dates(LEFT, LEFT)),
            "Kecamatan Atinggola: 862 residents unrecorded. Full recording: about October 2023",
        ),
        (
            lambda: position.chosen(FIRST, HERE, dates(TOO_FEW, replace(TOO_FEW, target=ZERO))),
            "Kecamatan Atinggola: 862 residents unrecorded. Full recording: no date (one snapshot only)",
        ),
        (
            lambda: position.chosen(FIRST, HERE, dates(NARROW, replace(TOO_FEW, target=ZERO))),
            "Kecamatan Atinggola: 862 residents unrecorded. Target 99.40%: about the end of August 2023. "
            "Full recording: no date (one snapshot only)",
        ),
        (
            lambda: position.chosen(FIRST, HERE, dates(ARRIVED, replace(ARRIVED, target=ZERO))),
            "Kecamatan Atinggola: 862 residents unrecorded. Full recording: reached on 19 June 2023",
        ),
    ],
)
def test_a_few_words_of_a_line_and_of_the_area_that_is_chosen(words: Callable[[], Text | None], sentence: str | None) -> None:
    found = words()
    assert (found and said(found)) == sentence


@pytest.mark.parametrize(
    ("target", "zero", "reach", "sentence"),
    [
        (NARROW, LEFT, Reach.INCOMPLETE, "Target 99.40%: about the end of August 2023, over the areas counted"),
        (BEFORE, LEFT, Reach.INCOMPLETE, "Target 99.40%: about the end of August 2023, by the figures of 19 June 2023"),
        (TOO_FEW, LEFT, Reach.INCOMPLETE, "Target 99.40%: cannot be judged until all areas have reported"),
        (NARROW, LEFT, Reach.UNKNOWN, "Target 99.40%: cannot be judged, the number of eligible is not known"),
        # a median up to a tenth beyond the line's 20 days is as good as on it
        (NARROW, left(100, [22] * 20), Reach.NOT_REACHED, "if the pace of 5 a day holds (a chance of less than 1 in 20)"),
        (NARROW, left(100, [23] * 20), Reach.NOT_REACHED, "less than 1 in 20); half of the outcomes come after July 2023"),
    ],
)
def test_a_target_that_cannot_be_judged_and_a_median_beside_the_line(target: Any, zero: Any, reach: Reach, sentence: str) -> None:
    heading = said(position.heading(HERE, dates(target, zero, reached=Reached(reach))))
    assert sentence in heading and heading.endswith(sentence) is (reach is Reach.NOT_REACHED)
