"""A plan wherever it shows: page, command, slide and one-pager say the same to the digit; saved, opened, held against what was
done; and where there is none, one sentence that says what is nearest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from ektp_analysis.boundaries.shelf import SHIPPED
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import LANGUAGES, number, sentence
from ektp_analysis.core.visit import frame
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.maps.seen import visits_map
from ektp_analysis.narrative import no_plan, teams
from ektp_analysis.office import boundary_files, planning, presentation, reports, scenarios, stores
from ektp_analysis.page import plan_parts
from ektp_analysis.page.plan_choices import with_areas
from ektp_analysis.page.plan_parts import numbers_of_teams
from ektp_analysis.planning import frames
from ektp_analysis.planning.proposal import Infeasible, Plan, Spread, Why, Work
from ektp_analysis.planning.request import Bounds, Deadline, Fixed, Goal, Request, Shut, Travel
from ektp_analysis.report.blocks import Teams
from ektp_analysis.report.fitting import calendar_table
from ektp_analysis.store.records import PlanScenario
from tests.apps import AppTest, forget, start
from tests.conftest import Said
from tests.pdf_words import texts

GORUT, START, BY = "75.05", date(2023, 6, 21), date(2023, 7, 31)
WEST = ["75.05.05", "75.05.10", "75.05.04", "75.05.11"]  # Tolinggula, Biau, Sumalata, Sumalata Timur: from the west eastwards
assert SHIPPED


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder of its own, without data: the sample is shown. The tests go through it in their order."""
    with pytest.MonkeyPatch.context() as patch:
        made = tmp_path_factory.mktemp("plans")
        patch.setenv("EKTP_DATA_DIR", str(made))
        patch.setenv("EKTP_LANGUAGE", "en")
        patch.setenv("EKTP_UPLOADER", "petugas")
        patch.delenv("EKTP_DATABASE_URL", raising=False)
        forget()
        yield made
    forget()


@pytest.fixture(scope="module")
def sample(folder: Path) -> stores.Office:
    return stores.current(sample=True)


@pytest.fixture(scope="module")
def planned(sample: stores.Office) -> Plan:
    found = planning.made(sample, planning.usual(sample, GORUT))
    assert isinstance(found, Plan)
    return found


def tables_of(app: AppTest) -> list[list[list[str]]]:
    """The plain tables of a page, cell by cell; what is folded away of a long one stands with it."""
    found: dict[tuple[str, ...], list[list[str]]] = {}
    for one in app.markdown:
        if one.value.startswith("| "):
            lines = [line for line in one.value.splitlines() if "---" not in line]
            head, *rows = ([re.sub(r"\\(.)", r"\1", cell) for cell in line.strip("| ").split(" | ")] for line in lines)
            found.setdefault(tuple(head), [head]).extend(rows)
    return list(found.values())


def test_four_teams_begin_in_the_west_in_blocks(planned: Plan) -> None:
    assert planned.request == replace(
        Request(GORUT, 4, START, BY, Goal.MOST, Target.parse("zero")), positions=planned.request.positions
    )
    assert len(planned.request.positions) == len(planned.areas) == 11
    first = [one.area for one in frames.blocks(planned) if one.team == 1]
    assert first == WEST
    again = [(one.team, one.area) for one in frames.blocks(planned)]
    assert len(again) == len(set(again)), "a team that leaves an area does not come back to it"
    assert planned.chance is not None and "less than 1 in 20" in sentence(teams.heading(planned), "en")


def test_more_than_were_on_the_list_are_not_said_to_be_of_it(planned: Plan) -> None:
    """Of old figures a plan also visits those who have turned 17 since."""
    full = replace(planned, recorded=Spread(500.0, 450.0, 554.0))
    beyond = replace(planned, recorded=Spread(500.0, 450.0, 555.0))
    assert "about 500 of 554 are recorded" in sentence(teams.heading(full), "en")
    assert "about 500 are recorded" in (said := sentence(teams.heading(beyond), "en"))
    assert "newcomers since 20 June 2023 included" in said
    old = [replace(planned, request=replace(planned.request, start=planned.origin + timedelta(age))) for age in (30, 31)]
    assert ["days old" in sentence(teams.basis(one), "en") for one in old] == [False, True]


def test_page_command_map_slide_and_one_pager_agree_to_the_digit(sample: stores.Office, planned: Plan, said: Said) -> None:
    """Each is read back as it is shown, and counted against the assignments of the plan itself."""
    work = [one for one in planned.assignments if one.work is Work.VISIT]
    days = {area.area: sum(one.area == area.area for one in work) for area in planned.areas}
    expected = {area.area: round(area.recorded.mean) for area in planned.areas}
    total = round(planned.recorded.mean)
    runs = [(one.team, one.area, one.first, one.last, one.days, round(one.expected)) for one in frames.blocks(planned)]
    assert sum(days.values()) == planned.team_days == 100 and all(run[4] == _between(planned, *run[:4]) for run in runs)

    code, out, err = said("plan", "--sample", "--area", GORUT, "--teams", "4", "--scenario", "Sapuan Juni", "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert {one["area_code"]: one["plan_days"] for one in told["areas"]} == days
    assert {one["area_code"]: one["expected"] for one in told["areas"]} == expected
    shown = [
        (one["plan_team"], one["area_code"], *(date.fromisoformat(one[name]) for name in ("plan_first", "plan_last")))
        for one in told["calendar"]
    ]
    assert shown == [run[:4] for run in runs]
    assert Plan.from_json(json.dumps(told["plan"])) == planned
    heading = told["heading"]
    assert f" {total} of 554 " in heading and heading == sentence(teams.heading(planned), "en")

    number_of = str(told["scenario"]["scenario"])
    app = start("plan.py", lang="en", scenario=number_of)  # a link: it names no area
    assert app.title[0].value == heading and app.query_params["area"] == GORUT
    calendar, areas, *_rest = tables_of(app)
    names = {register().name(code): code for code in days}
    cells = {names[row[0]]: dict(zip(areas[0], row, strict=True)) for row in areas[1:]}
    assert {code: int(row["Team-days"]) for code, row in cells.items()} == days
    assert {code: int(row["Expected recorded"]) for code, row in cells.items()} == expected
    assert [(int(row[1]), names[row[0]], int(row[5]), int(row[6])) for row in calendar[1:]] == [
        (run[0], run[1], run[4], run[5]) for run in runs
    ]

    shapes = boundary_files.find(GORUT, Level.KECAMATAN, planned.origin)
    assert shapes is not None
    drawn = visits_map(frames.areas(planned), ranking(reports.rolled(sample, GORUT), GORUT), shapes)
    on_map = dict(zip(drawn.rows["area_code"], drawn.rows["plan_days"], strict=True))
    assert on_map == days and {code: drawn.classes.item(code).kind for code in days} == dict.fromkeys(days, "step")
    assert sorted(int(shape.name.split(" ")[0]) for shape in drawn.boundaries.shapes) == list(range(1, 12))

    deck = reports.deck(sample, GORUT)
    assert [slide.key for slide in deck.slides][6] == "plan"
    assert len(texts(reports.file(deck, "pdf", "id"))) == len(deck.slides) == 10  # nothing runs over onto another page
    page = reports.file(deck, "one-pager pdf", "id")
    assert len(texts(page)) == 1 and "Rencana 'Sapuan Juni', berdasarkan asumsi: dengan 4 tim" in " ".join(texts(page)[0].split())
    (block,) = deck.slides[6].blocks
    assert isinstance(block, Teams) and block.plan == planned and sentence(deck.slides[6].title, "en") == heading
    assert [(int(row[0]), names[row[1]], int(row[4]), int(row[5])) for row in calendar_table(block, "en")[1]] == [
        (run[0], run[1], run[4], run[5]) for run in runs
    ]
    assert f"'Sapuan Juni', on assumptions: {heading[:1].lower()}{heading[1:]}" in sentence(block.whole, "en")


def _between(planned: Plan, team: int, area: str, first: date, last: date) -> int:
    return sum((one.team, one.area) == (team, area) and first <= one.day <= last for one in planned.assignments)


def test_a_plan_is_saved_opened_listed_and_forgotten_by_its_name(sample: stores.Office, said: Said) -> None:
    base = ("plan", "--sample", "--area", GORUT)
    code, out, _ = said(*base, "--scenario", " sapuan  JUNI")
    assert code == 0 and "Team 1: Tolinggula, 21 June 2023 to 5 July 2023 (8 team-days, about 39 recorded)" in out
    assert "assumed: nobody said otherwise" in out and "learnt from 2 falls of the figures" in out
    code, out, err = said(*base, "--teams", "2", "--scenario", "Sapuan Juni", "--json")
    version = json.loads(out)["plan"]["request"]["teams"]
    assert (code, version) == (0, 2) and len(planning.scenarios(GORUT, sample=True)) == 1  # a further version of the same
    (kept,) = planning.scenarios(GORUT, sample=True)
    deck = reports.deck(sample, GORUT)
    assert deck.state.teams is not None and deck.state.teams.version == kept.version  # the one saved last
    before = reports.deck(sample, GORUT, on=date(2023, 6, 14))
    assert before.state.teams is None  # a plan from later figures is none of that day's
    named = presentation._name(sample, GORUT, "check")
    found = planning.made(sample, planning.usual(sample, GORUT))
    assert isinstance(found, Plan)
    with pytest.raises(UserError, match="saved already, by petugas"):
        planning.save(sample, "Sapuan Juni", found)
    with pytest.raises(UserError, match="personal number"):
        planning.save(sample, "untuk 7505014101900001", found)
    code, out, _ = said(*base, "--list", "--json")
    assert [json.loads(line)["name"] for line in out.splitlines()] == ["Sapuan Juni"]
    assert said(*base, "--forget", "Sapuan Juni")[0] == 0
    assert presentation._name(sample, GORUT, "check") == "sample-check" != named  # open slides are told that the plan is another
    code, _, err = said(*base, "--scenario", "Sapuan Juni")
    assert code == 1 and "No plan named 'Sapuan Juni'" in err
    assert "plan" not in [slide.key for slide in reports.deck(sample, GORUT).slides]


def test_visits_of_a_file_are_learnt_from_and_not_stored(sample: stores.Office, said: Said, tmp_path: Path) -> None:
    file = tmp_path / "kunjungan.csv"
    lines = [f"2023-06-{day},75.05.{n:02d},balai desa,1,60,52" for day in (19, 20) for n in (1, 2, 3)]
    file.write_text("\n".join(["tanggal,wilayah,tempat,tim,datang,terekam", *lines, ""]))
    asked = ("plan", "--sample", "--area", GORUT, "--json")
    code, out, err = said(*asked, "--visits", str(file))
    assert (code, err) == (0, "")
    learnt = {one["key"]: (one["basis"], one["used"]) for one in json.loads(out)["plan"]["assumptions"]}
    assert learnt["capacity:village_hall"] == ("learnt", 6)
    assert stores.own_store().visits().empty and "Learnt from 6 visits" in out
    file.write_text("tanggal,wilayah,tempat,tim,datang,terekam\n2023-06-19,75.05.01,balai desa,1,60,-5\n")
    code, out, err = said(*asked, "--visits", str(file))
    assert (code, out) == (1, "") and "kunjungan.csv" in err and "row 2" in err


def test_a_saved_plan_that_cannot_be_read_is_named(sample: stores.Office) -> None:
    store = stores.own_store()
    store.keep_plan_scenario(PlanScenario(GORUT, True, "aneh", {"format": 99}), over=None, by="x", at=stores.SAMPLE_RECEIVED)
    with pytest.raises(StoreError, match="'aneh' cannot be read"):
        planning.scenarios(GORUT, sample=True)
    assert scenarios.shown(GORUT, sample=True) is None  # slides of the sample do without
    (held,) = store.plan_scenarios()
    planning.forget(held.id)


BAD = [
    (("--teams", "0"), "give at least 1 team"),
    (("--by", "2023-06-01"), "choose an end on or after the start"),
    (("--from", "2023-07-01", "--by", "2023-07-02"), "choose a later end, or work on more weekdays"),
    (("--from", "2023-06-01", "--by", "2023-07-02"), "the earliest start is 20 June 2023"),
    (("--by", "2030-01-01"), "the latest end is 20 June 2024"),
    (("--goal", "target", "--target", "90"), "is reached already (since 19 June 2023)"),
    (("--goal", "target", "--target", "zero"), "too many never come"),
]


@pytest.mark.parametrize(("asked", "why"), BAD)
def test_where_there_is_no_plan_one_sentence_says_what_is_nearest(
    folder: Path, said: Said, asked: tuple[str, ...], why: str
) -> None:
    code, out, err = said("plan", "--sample", "--area", GORUT, *asked, "--json")
    told = json.loads(out)
    assert (code, told["plan"], err.count("\n")) == (1, None, 1)
    assert why in told["sentence"] and why in err


def test_too_late_a_target_names_the_day_and_the_teams(folder: Path, said: Said) -> None:
    asked = ("--goal", "every", "--target", "99.5", "--teams", "1", "--by", "2023-06-23")
    code, out, err = said("plan", "--sample", "--area", GORUT, *asked, "--json")
    told = json.loads(out)
    assert code == 1 and told["day"] > "2023-06-23" and told["teams"] > 1
    assert "with 1 team the target of 99.50% in every area is expected on" in err
    assert f"by 23 June 2023 it takes {told['teams']} teams" in err
    code, out, _ = said("plan", "--sample", "--area", GORUT, *asked[:4], "--teams", str(told["teams"]), *asked[6:], "--json")
    assert code == 0 and json.loads(out)["plan"] is not None  # and so many do
    code, _, err = said("plan", "--sample", "--area", GORUT, *asked[:6], "--by", told["day"], "--json")
    assert code == 0, err


@pytest.mark.parametrize("why", Why)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_its_sentence(why: Why, lang: str) -> None:
    asked = Request(GORUT, 2, START, BY, Goal.EVERY)
    for area, day in ((None, None), (WEST[0], BY)):
        text = sentence(no_plan.none(Infeasible(asked, why, area, day, 5, 40, 30, START)), lang)
        assert len(text) > 20 and "{" not in text and "None" not in text


def test_the_page_says_in_its_heading_why_there_is_no_plan(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_parts, "MANY", 5)  # so that the plan comes with its bar
    app = start("plan.py", lang="id", plan_teams="0")
    assert app.title[0].value == "Tidak ada rencana: tanpa tim tidak ada yang dikunjungi; isi sedikitnya 1 tim"
    app.number_input(key="widget_plan_teams").set_value(2).run()
    assert not app.exception and app.title[0].value.startswith("Dengan 2 tim sekitar ")
    assert "tidak lebih baik" in "\n".join(one.value for one in app.markdown).lower()  # than going on as now: that is said
    for one in planning.scenarios(GORUT, sample=True):
        planning.forget(one.id)
    app.text_input(key="plan_name").set_value("Dua *tim*")
    next(one for one in app.button if one.label == "Simpan rencana ini").click().run()
    assert not app.exception and app.success[0].value == r"Rencana tersimpan: Dua \*tim\*"  # a name is text
    kept = planning.named("Dua *tim*", GORUT, sample=True)
    assert app.query_params["scenario"] == str(kept.id) and kept.plan.request.teams == 2
    app.button(key="plan_from_this").click().run()  # its next version
    assert not app.exception and app.query_params["scenario"] == "" and app.text_input(key="plan_name").value == "Dua *tim*"
    app.number_input(key="plan_field_operators").set_value(1).run()
    assert app.title[0].value.endswith("sediakan sedikitnya 1 perangkat dan 2 operator")
    app.number_input(key="plan_field_operators").set_value(2).run()
    assert app.title[0].value.startswith("Dengan 1 tim sekitar ")
    next(one for one in app.button if one.label == "Simpan rencana ini").click().run()
    (again,) = planning.scenarios(GORUT, sample=True)
    assert again.id == kept.id and again.version > kept.version and again.plan.request.able == 1


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (START, BY),
        (date(2023, 1, 31), date(2023, 2, 28)),
        (date(2023, 11, 1), date(2023, 12, 31)),
        (date(2023, 12, 5), date(2024, 1, 31)),
    ],
)
def test_a_plan_usually_ends_with_the_month_after(day: date, last: date) -> None:
    assert planning.month_after(day) == last


def test_conditions_of_single_areas_are_read_from_their_table() -> None:
    asked = Request(GORUT, 2, START, BY)
    empty = dict.fromkeys(("least_days", "most_days", "shut_from", "shut_to", "deadline", "place", "group", "lost_days"), pd.NA)
    rows = pd.DataFrame.from_dict(
        {
            WEST[0]: {**empty, "least_days": 2, "place": "Sekolah"},
            WEST[1]: {**empty, "most_days": 3, "group": "Pulau", "lost_days": 1},
            WEST[2]: {**empty, "shut_to": pd.Timestamp(2023, 6, 30), "group": " pulau ", "lost_days": 2},
            WEST[3]: {**empty, "deadline": pd.Timestamp(2023, 7, 7), "lost_days": 1},
        },
        orient="index",
    )
    made = with_areas(asked, rows, {"Sekolah": "school"})
    assert made.bounds == (Bounds(WEST[0], 2, None), Bounds(WEST[1], 0, 3)) and made.place(WEST[0]) == "school"
    assert made.shut == (Shut(WEST[2], START, date(2023, 6, 30)),) and made.deadlines == (Deadline(WEST[3], date(2023, 7, 7)),)
    assert made.travel == (Travel("pulau", (WEST[1], WEST[2]), 2), Travel(WEST[3], (WEST[3],), 1))
    nothing = with_areas(asked, rows.iloc[:0], {})
    assert nothing == asked


def test_the_rest_keeps_what_is_announced(sample: stores.Office, planned: Plan) -> None:
    on, keep = date(2023, 6, 23), date(2023, 7, 5)
    rest = planning.anew(sample, planned, on, keep=keep)
    assert isinstance(rest, Plan) and rest.request.start == date(2023, 6, 24)

    def until(made: Plan) -> set[tuple[int, date, str]]:
        return {(one.team, one.day, one.area) for one in made.assignments if on < one.day <= keep and one.work is Work.VISIT}

    assert until(rest) == until(planned) and Fixed(*min(until(planned))) in rest.request.fixed
    assert {one.fixed for one in rest.assignments if one.day <= keep} == {True}


def test_visits_count_once_and_only_where_they_say_a_number(planned: Plan, sample: stores.Office) -> None:
    """Planned against done is right to the digit, by visits given here; what is not said is not 0."""
    from ektp_analysis.planning.against import against

    row = {"day": pd.Timestamp(START), "area_code": WEST[0], "place": "village_hall", "teams": 2, "recorded": 11}
    visits = frame(
        [row, {**row, "recorded": None, "area_code": WEST[1]}, {**row, "day": pd.Timestamp(2023, 6, 22), "teams": None}]
    )
    found = against(planned, planning.ground_of(sample, GORUT), visits, date(2023, 6, 22))
    shown = frames.done(found).set_index("area_code")
    assert list(shown.loc[WEST[0], ["done_days", "done_recorded", "unsaid"]]) == [3, 22, 0]
    assert shown.loc[WEST[1], "done_days"] == 2 and pd.isna(shown.loc[WEST[1], "done_recorded"])
    due = [one for one in planned.assignments if one.day <= date(2023, 6, 22) and one.work is Work.VISIT]
    assert shown["planned_days"].sum() == len(due) == 8
    text = sentence(teams.against(found), "en")
    assert f"8 team-days, about {number(round(sum(one.expected for one in due)), 'en')} recorded" in text
    assert "done: 5 team-days, 22 recorded; 1 visit does not say how many" in text


def test_the_number_of_teams_that_is_asked_for_reaches_beside_others_what_its_plan_does(sample: stores.Office) -> None:
    asked = replace(planning.usual(sample, GORUT), goal=Goal.EVERY, target=Target.parse("99.5"))
    made = planning.made(sample, asked)
    rows = {one.teams: one for one in planning.teams_against(sample, asked, (1, 2, 4, 8))}
    assert isinstance(made, Plan) and made.early and made.even and made.late
    assert rows[4].left == made.left and rows[4].chance == made.chance
    assert (rows[4].early, rows[4].even, rows[4].late) == (made.early, made.even, made.late)
    assert made.early <= made.even <= made.late <= BY, "the day that is said lies between those that hold 8 in 10"
    assert rows[1].even is None and "1 team: more likely not by 31 July 2023" in sentence(
        teams.by_teams(rows[1], BY, dated=True), "en"
    )


@pytest.mark.parametrize(("asked", "beside"), [(1, (1, 2, 3)), (4, (1, 2, 3, 4, 5, 6, 8)), (20, (1, 2, 3, 18, 19, 20, 21, 22))])
def test_numbers_of_teams_stand_around_the_one_that_is_asked_for(asked: int, beside: tuple[int, ...]) -> None:
    assert numbers_of_teams(asked) == beside
