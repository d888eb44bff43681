"""The page Posisi: its sentence in every state, its list line by line, and that it says what Proyeksi and Peta say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Text, render
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import Change, Gap, Reached
from ektp_analysis.figures.side_by_side import mapped
from ektp_analysis.figures.standing import Reach, Silence, standing_of
from ektp_analysis.narrative import position
from ektp_analysis.narrative.position import Dates
from ektp_analysis.office import identity, stores
from ektp_analysis.projection.abreast import Goal, Line, lines
from ektp_analysis.projection.answers import Ground, of_level
from ektp_analysis.projection.result import Reason
from tests.apps import area_list, strip
from tests.spec.measures_cases import DAY_3, rows
from tests.spec.measures_cases import figures as frame
from tests.test_narrative import INF, NATIONAL, at, foreseen, silent
from tests.test_pages import Run, enter, forget, start, take_in, texts

LAST = date(2024, 6, 3)
KABUPATEN, ONE, TWO, THREE = "75.05", "75.05.01", "75.05.02", "75.05.03"


# ---- the sentence


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


# ---- the list


def weekly() -> list[tuple[str, date, int, int]]:
    """Twelve weeks of three kecamatan: seven a week; one silent for three weeks; the list of one grows in a step."""
    return [
        (code, LAST - timedelta(weeks=back), 9000 + (500 if code == THREE and back < 2 else 0), first + 7 * back)
        for code, first in ((ONE, 100), (TWO, 200), (THREE, 300))
        for back in range(12)
        if not (code == TWO and back < 3)
    ]


def listed(goal: Goal, *, answered: bool = True, **own: Goal) -> dict[str, Line]:
    figures = frame(*(rows(code, day.isoformat(), people, eligible) for code, day, eligible, people in weekly()))
    rolled = roll_up(figures, KABUPATEN)
    shown = mapped(rolled, KABUPATEN)
    found = of_level(Ground(rolled, today=LAST), KABUPATEN, standing_of(rolled, KABUPATEN).child_level, goal.target)
    goals = {str(code): own.get(str(code)[-1:], goal) for code in shown["area_code"]}
    silent_ones = {one.area_code: one for one in standing_of(rolled, KABUPATEN).silent}
    return {one.code: one for one in lines(shown, rolled, goals, found if answered else {}, silent_ones)}


def test_a_line_holds_the_pace_the_pace_required_the_day_and_who_is_silent_by_hand() -> None:
    goal = Goal(NATIONAL, date(2024, 7, 3), LAST)
    found = listed(goal)
    one, two, three = found[ONE], found[TWO], found[THREE]
    assert [found[code].unrecorded for code in (ONE, TWO, THREE)] == [100, 221, 300]
    assert one.pace.per_day == two.pace.per_day == 1.0  # 28 people in 28 days, of the silent one until it fell silent
    assert three.pace.per_day == 1.0 and three.pace.days == 7  # only since the step of its list
    assert [len(found[code].trail) for code in (ONE, TWO, THREE)] == [12, 9, 13]
    assert [day for day, people in three.trail if people is None] == [LAST - timedelta(days=8)]
    # 54 of 9,000 may remain, 57 of 9,500: 46, 167 and 243 people in 30 days
    assert [found[code].required.people for code in (ONE, TWO, THREE)] == [46, 167, 243]
    assert one.required.per_day == pytest.approx(46 / 30) and one.short and not replace(one, required=one.pace).short
    assert (one.reported, two.reported, two.last) == (True, False, LAST - timedelta(weeks=3))
    assert two.silence == Silence(TWO, LAST - timedelta(weeks=3), 21, 7.0) and one.silence is None
    assert one.found is not None and one.found.answered and one.stall is None
    assert [line.last for code, line in found.items() if code > THREE] == [None] * 8 and len(found) == 11


def test_where_nobody_waits_for_projections_the_pace_required_is_the_same() -> None:
    goal = Goal(NATIONAL, date(2024, 7, 3), LAST)
    one, other = listed(goal), listed(goal, answered=False)
    assert all(line.found is None for line in other.values())
    for code in (ONE, TWO, THREE):
        assert (one[code].required, one[code].pace) == (other[code].required, other[code].pace)
    zero = listed(Goal(ZERO, date(2024, 7, 3), LAST), answered=False)[ONE]
    assert zero.required.people == 100


def test_an_area_with_an_aim_of_its_own_is_held_against_that() -> None:
    found = listed(Goal(NATIONAL, date(2024, 7, 3), LAST), **{"1": Goal(ZERO, date(2024, 6, 13), LAST)})
    assert found[ONE].required.per_day == 4.6  # until the day of its own aim, to what its answer allows
    answer = listed(Goal(ZERO, date(2024, 7, 3), LAST))[ONE].found
    own = Goal(ZERO, date(2024, 6, 13), LAST, answer)
    found = listed(Goal(NATIONAL, date(2024, 7, 3), LAST), **{"1": own})
    assert found[ONE].required.per_day == 10.0 and found[ONE].found.target == NATIONAL


# ---- the page


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The app with a data folder of its own, on the day after the last figures."""
    forget()
    monkeypatch.setenv("EKTP_TODAY", (LAST + timedelta(days=1)).isoformat())
    enter(tmp_path, monkeypatch)
    yield start
    forget()


def office(text_rows: list[tuple[str, date, int, int]], name: str = "week.csv") -> None:
    take_in("\n".join(["area_code,as_of_date,eligible,unrecorded", *(",".join(map(str, one)) for one in text_rows), ""]), name)


def test_a_row_says_what_the_area_says_on_its_own_page_and_the_plan_stands_beside_the_number(run: Run) -> None:
    """The one whose list grew in a step, and the one that has an aim of its own."""
    store, set_at = stores.own_store(), datetime(2024, 5, 6, tzinfo=UTC)
    store.set_aim(KABUPATEN, ZERO, date(2024, 12, 31), "", by="petugas", at=set_at)
    store.set_aim(ONE, Target.parse("99"), date(2024, 9, 30), "", by="petugas", at=set_at)
    office(weekly())
    app = run("position.py", lang="en", area=KABUPATEN, inside=THREE)
    shown = area_list(app)
    by_code = {row["code"]: row for row in shown["rows"]}
    assert shown["chosen"] == THREE and "Kecamatan Anggrek: 300 residents unrecorded, by the plan" in app.header[0].value
    assert "621 residents unrecorded" in app.title[0].value and "by the plan" in app.title[0].value
    assert "silent 21 days" in str(by_code[TWO]["cells"]) and "Kwandang" in strip(app)
    assert "31 Dec 2024" in shown["columns"][4]["label"].replace("\N{NO-BREAK SPACE}", " ")
    assert shown["columns"][3]["label"].replace("\N{NO-BREAK SPACE}", " ") == "Pace a day (7–28 days)"
    assert [by_code[code]["cells"][4].get("mark") for code in (ONE, THREE)] == ["*", None]
    for code in (ONE, THREE):
        page = run("projection.py", lang="en", area=code)
        paces = [one.value.removesuffix(" a day") for one in page.metric][:2]
        assert [by_code[code]["pace"], by_code[code]["required"]] == paces, code
        if code != ONE:  # whose page is about its own aim
            assert page.title[0].value.endswith(by_code[code]["cells"][5]["title"][1:])


@pytest.mark.parametrize(
    ("area", "rows_", "heads", "chips"),
    [
        (
            "75.05.03.2001",
            [("75.05.03.2001", LAST, 900, 40)],
            "40 residents unrecorded. No date yet",
            "reported for the area itself",
        ),
        (
            KABUPATEN,
            [(KABUPATEN, LAST, 9000, 0)],
            "nobody unrecorded. Target 99.40%: reached on 3 June 2024",
            "as of 3 june 2024",
        ),
        (
            KABUPATEN,
            [(ONE, LAST, 900, 40)],
            "40 residents unrecorded in 1 of 11 kecamatan",
            "only 1 of 11 kecamatan have ever reported",
        ),
    ],
)
def test_a_desa_a_total_alone_and_a_single_snapshot(
    run: Run, area: str, rows_: list[tuple[str, date, int, int]], heads: str, chips: str
) -> None:
    office(rows_)
    app = run("position.py", lang="en", area=area)
    assert heads.lower() in said(Text(app.title[0].value)).lower() and chips in strip(app).lower()
    inside = any(code != area for code, *_ in rows_)
    assert len(app.get("bidi_component")) == inside
    assert ("none of 11 kecamatan has ever reported" in texts(app).lower()) is (area == KABUPATEN and not inside)
    assert not app.error


def test_which_area_opens_first_is_asked_once_and_kept(run: Run) -> None:
    office([(ONE, LAST, 900, 40), ("71.02.01", LAST, 900, 70)])
    app = run("position.py", lang="en")
    assert app.query_params["area"] in (["75.05"], "75.05")  # the setting, as long as nobody chose
    app.selectbox(key="home_area").set_value("71.02").run()
    app.button(key="home_kept").click().run()
    assert app.query_params["area"] in (["71.02"], "71.02") and "70 residents" in app.title[0].value
    assert identity.home_area() == "71.02" and not [one for one in app.selectbox if one.key == "home_area"]
    assert stores.opening_area(stores.current()) == "71.02"


def test_a_home_that_the_setting_names_is_not_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    office([(ONE, LAST, 900, 40), ("71.02.01", LAST, 900, 70)])
    assert stores.homes(stores.current()) == ("71.02", "75.05")
    monkeypatch.setenv("EKTP_HOME_AREA", "71.02")
    settings.cache_clear()
    assert stores.homes(stores.current()) == () and identity.home_area() == "71.02"
