"""Sentences about plans and those who are awaited, at the edge of each rule and one step beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Text, render
from ektp_analysis.figures.weekly import Lack, Missing, Week
from ektp_analysis.narrative import alerting, awaited, no_plan, on_papers, teams
from ektp_analysis.office import stores
from ektp_analysis.planning.proposal import (
    Against,
    AreaDone,
    Assumption,
    Basis,
    ByTeams,
    Comparison,
    Hinge,
    Infeasible,
    More,
    Plan,
    Printing,
    Rule,
    Spread,
    Verdict,
    Weaker,
    Why,
    Work,
    Worth,
)
from ektp_analysis.planning.request import Goal, Request
from ektp_analysis.projection.alerts import Alert, Kind, Silent
from tests.reports import folder
from tests.test_papers import plan

START, BY = date(2023, 6, 21), date(2023, 6, 30)
TARGET = Target.parse("99.4")
ASKED = Request("75.05", 4, START, BY)
FIVE = Spread(5.0, 1.0, 9.0)
WEEK = Week(date(2024, 1, 1))
SIX = tuple(f"75.05.0{n}" for n in range(1, 7))


def en(text: Text | None) -> str:
    """The sentence in English, with plain spaces and minus signs."""
    assert text is not None
    return render(text, "en").replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@pytest.fixture(scope="module")
def made() -> Iterator[Plan]:
    """A plan of the sample."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EKTP_DATA_DIR", str(folder()))
        settings.cache_clear()
        yield plan()
        stores.close_all()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.0, "on these assumptions no plan with the same teams and days does better"),
        (0.00049, "on these assumptions no plan with the same teams and days does better"),
        (0.0005, "on these assumptions no plan with the same teams and days does better"),
        (0.0006, "at most 0.1% from the best that is possible"),
    ],
)
def test_a_plan_is_the_best_where_what_lacks_cannot_be_written(made: Plan, gap: float, said: str) -> None:
    found = replace(made, quality=replace(made.quality, gap=gap, stopped=False))
    assert render(teams.proven(found), "en") == said


@pytest.mark.parametrize(
    ("verdict", "mean", "low", "said"),
    [
        (Verdict.BETTER, 5, 1, "better than going where most are left: 5 fewer left (8 in 10: 1 to 9)"),
        (Verdict.BETTER, 5, 0, "a better chance than going where most are left, with on average 5 fewer left (8 in 10: 0 to 9)"),
        (
            Verdict.BETTER,
            0,
            -9,
            "a better chance than going where most are left, with on average 0 fewer left (8 in 10: -9 to 9)",
        ),
        (Verdict.BETTER, -1, -9, "a better chance than going where most are left, though 1 more are left (8 in 10: -9 to 9)"),
        (
            Verdict.NOT_BETTER,
            1,
            -9,
            "no better chance than going where most are left, with on average 1 fewer left (8 in 10: -9 to 9)",
        ),
        (Verdict.NOT_BETTER, 0, -9, "not better than going where most are left: as many left (8 in 10: -9 to 9)"),
        (Verdict.NOT_BETTER, -1, -9, "not better than going where most are left: 1 more left (8 in 10: -9 to 9)"),
    ],
)
def test_a_plan_beside_a_rule_at_the_edges(made: Plan, verdict: Verdict, mean: float, low: float, said: str) -> None:
    spread = Spread(mean, low, 9)
    found = Comparison(Rule.LARGEST, spread, spread, None, spread, None, verdict)
    assert render(teams.beside(made, found), "en").replace("\u2212", "-") == said


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("75.05.03.2001", "the village head of"),
        ("75.71.01.1001", "the Lurah of "),
        ("91.03.01", "the head of Distrik "),
        ("75.05.03", "the Camat of Anggrek and all village heads and Lurah in"),
        ("75.05", "the head of the civil registry office of Kabupaten Gorontalo Utara"),
        ("75", "the head of the civil registry office of"),
    ],
)
def test_a_letter_goes_to_who_holds_the_office_of_its_area(area: str, said: str) -> None:
    assert render(on_papers.addressee(area), "en").startswith(said)


def asked(goal: Goal, target: Target | None = TARGET) -> Request:
    return replace(ASKED, goal=goal, target=target)


HEADINGS: list[tuple[dict[str, object], str]] = [
    ({}, "with 4 teams about 228 of 554 are recorded by 30 June 2023 (8 in 10: 167 to 289)"),
    ({"unrecorded": 289}, "with 4 teams about 228 of 289 are recorded by 30 June 2023 (8 in 10: 167 to 289)"),
    (
        {"unrecorded": 288},
        "with 4 teams about 228 are recorded by 30 June 2023 (8 in 10: 167 to 289), newcomers since 20 June 2023 included",
    ),
    ({"chance": 0.75}, "with 4 teams about 228 of 554 are recorded by 30 June 2023 (8 in 10: 167 to 289)"),
    ({"request": asked(Goal.MOST)}, "with 4 teams about 228 of 554 are recorded by 30 June 2023 (8 in 10: 167 to 289)"),
    (
        {"request": asked(Goal.MOST), "chance": 0.75},
        "with 4 teams about 228 of 554 are recorded by 30 June 2023 (8 in 10: 167 to 289); chance of the target of 99.40% by "
        "then: 15 in 20 (likely)",
    ),
    ({"request": asked(Goal.TARGET)}, "with 4 teams no chance of the target of 99.40% can be given"),
    ({"request": asked(Goal.EVERY)}, "with 4 teams no chance of the target of 99.40% in every area can be given"),
    (
        {"request": asked(Goal.FEWEST), "chance": 0.75, "even": BY},
        "the target of 99.40% by 30 June 2023 takes 18 team-days; chance: 15 in 20 (likely)",
    ),
    (
        {"request": asked(Goal.PROBABILITY), "chance": 0.75, "even": BY},
        "with 4 teams, chance of the target of 99.40% by 30 June 2023: 15 in 20 (likely)",
    ),
    (
        {"request": asked(Goal.TARGET, None), "chance": 0.75},
        "with 4 teams, chance of the target of 99.40% by 30 June 2023: 15 in 20 (likely)",
    ),
    (
        {"request": asked(Goal.TARGET, ZERO), "chance": 0.75, "even": date(2023, 6, 28), "early": date(2023, 6, 27)},
        "with 4 teams full recording has even chances by 28 June 2023 (8 in 10: from 27 June 2023, later than 30 June 2023); "
        "chance by 30 June 2023: 15 in 20 (likely)",
    ),
    (
        {"request": asked(Goal.TARGET), "chance": 0.75, "even": date(2023, 6, 28), "late": date(2023, 6, 29)},
        "with 4 teams the target of 99.40% has even chances by 28 June 2023 (8 in 10: 28 June 2023 to 29 June 2023); chance by "
        "30 June 2023: 15 in 20 (likely)",
    ),
]


@pytest.mark.parametrize(("changes", "said"), HEADINGS, ids=[str(n) for n in range(len(HEADINGS))])
def test_what_a_plan_reaches(made: Plan, changes: dict[str, object], said: str) -> None:
    assert en(teams.heading(replace(made, **changes))) == said


def test_what_a_plan_starts_from(made: Plan) -> None:
    assert (
        en(teams.basis(made))
        == "from 554 unrecorded on 20 June 2023; 18 team-days from 21 June 2023 to 30 June 2023, and 2 team-days on the way"
    )
    here = replace(made, travel_days=0)
    assert en(teams.basis(here)) == "from 554 unrecorded on 20 June 2023; 18 team-days from 21 June 2023 to 30 June 2023"
    assert en(teams.basis(replace(made, travel_days=1))).endswith(", and 1 team-day on the way")
    for days, told in ((30, ""), (31, "; the figures are 31 days old by then")):
        assert en(teams.basis(replace(here, origin=date.fromordinal(START.toordinal() - days)))).endswith(f"30 June 2023{told}")
    assert "can come" not in en(teams.basis(replace(here, to_clean=(0, 0))))
    assert en(teams.basis(replace(here, to_clean=(0, 9)))).endswith(
        "; 545 to 554 can come, 0 to 9 are to be cleaned off the list"
    )
    assert en(teams.basis(replace(here, to_clean=(4, 4)))).endswith("; 550 can come, 4 are to be cleaned off the list")


def test_who_is_left_by_a_plan(made: Plan) -> None:
    said = "left on 30 June 2023: about 359 (8 in 10: 297 to 419), newcomers included"
    clean = said + "; {} of those left are to be cleaned off the list, and no visit records them"
    alone = "; as long as they stay on the list, recording alone does not reach the target of 99.40%"
    assert en(teams.left(made)) == en(teams.left(replace(made, to_clean=(0, 0)))) == said
    assert en(teams.left(replace(made, to_clean=(0, 9)))) == clean.format("0 to 9")
    there = replace(made, to_clean=(4, 9), chance=0.5, allowed=4)
    assert en(teams.left(there)) == clean.format("4 to 9")
    assert en(teams.left(replace(there, allowed=3))) == clean.format("4 to 9") + alone
    assert en(teams.left(replace(there, allowed=3, chance=None))) == clean.format("4 to 9")
    assert en(teams.left(replace(there, allowed=None))) == clean.format("4 to 9")
    below = replace(made, left=Spread(-0.2, -9.0, -3.0))
    assert en(teams.left(below)) == "left on 30 June 2023: about 0 (8 in 10: 0), newcomers included"


def test_a_plan_beside_the_figures_of_a_day(made: Plan) -> None:
    assert teams.on_day(made, date(2023, 6, 20), 500, START) is None
    said = en(teams.on_day(made, START, None, START))
    assert (
        said == en(teams.on_day(made, START, 500, None)) == "by the plan about 505 are left on 21 June 2023 (8 in 10: 478 to 530)"
    )
    assert en(teams.on_day(made, START, 500, BY)) == said + "; in the figures of 30 June 2023: 500"
    assert "left on 30 June 2023" in en(teams.on_day(made, date(2023, 7, 9), None, None))


def test_chances_stand_beside_a_rule_where_both_are_known(made: Plan) -> None:
    found = Comparison(Rule.EQUAL, FIVE, FIVE, None, FIVE, None, Verdict.UNSURE)
    said = "on average 5 fewer left than by equal shares for every area, but not surely better (8 in 10: 1 to 9)"
    likely, there = replace(made, chance=0.75), replace(found, chance=0.5)
    even = Comparison(Rule.EQUAL, FIVE, FIVE, None, Spread(0.0, -4.0, 9.0), None, Verdict.NOT_BETTER)
    assert en(teams.beside(made, even)).endswith("as many left (8 in 10: -4 to 9)")
    more = Comparison(Rule.EQUAL, FIVE, FIVE, None, Spread(-1.0, -4.0, 9.0), None, Verdict.NOT_BETTER)
    assert en(teams.beside(made, more)).endswith("1 more left (8 in 10: -9 to 4)")
    assert en(teams.beside(made, found)) == en(teams.beside(likely, found)) == en(teams.beside(made, there)) == said
    assert en(teams.beside(likely, there)) == said + "; chance 10 in 20, with the plan 15 in 20"


def test_what_one_more_brings() -> None:
    for people, chance, days, said in (
        (1.0, None, None, "one team more: 1 person more recorded"),
        (1.6, 0.00496, 0, "one team more: 2 people more recorded"),
        (-1.0, 0.0051, 1, "one team more: 1 person fewer recorded, 1 day earlier; chance +1 points"),
        (0.4, -0.02, -1, "one team more: nobody more recorded; chance -2 points"),
        (-2.0, 0.6, 2, "one team more: 2 people fewer recorded, 2 days earlier; chance +60 points"),
    ):
        assert en(teams.worth(Worth(More.TEAM, people, chance, days))) == said


def test_less_than_is_expected_and_how_printing_follows(made: Plan) -> None:
    hinge = "it hangs most on Kecamatan Atinggola: 32% of what is uncertain lies there"
    assert en(teams.hinge(Hinge("75.05.01", 0.3187))) == hinge
    weaker = Weaker(0.7, FIVE, Spread(7.0, 1.0, 9.0), None, None)
    said = "if teams record 30% less than expected: about 5 recorded, 7 left"
    assert en(teams.weaker(weaker)) == said
    assert en(teams.weaker(replace(weaker, chance=0.5))) == said + "; chance: 10 in 20 (as likely as not)"
    printing = "cards printed by 30 June 2023: about 5; recorded and waiting for one: 7"
    assert en(teams.printing(made, Printing(5.0, 7.0, None, None))) == printing + "; when all have their card cannot be foreseen"
    ended = printing + "; the stock ends on 21 June 2023; all have their card on 30 June 2023"
    assert en(teams.printing(made, Printing(5.0, 7.0, START, BY))) == ended


def test_how_good_a_plan_is_proven_to_be(made: Plan) -> None:
    quality = replace(made.quality, gap=0.0123)
    assert en(teams.proven(replace(made, quality=quality))) == "at most 1.2% from the best that is possible"
    likely = replace(made, quality=quality, request=asked(Goal.PROBABILITY))
    assert en(teams.proven(likely)) == "at most 1.2 points of chance below the best that is possible"
    half = replace(likely, quality=replace(quality, gap=0.5))
    assert en(teams.proven(half)) == "at most 50 points of chance below the best that is possible"
    stopped = replace(made, quality=replace(quality, gap=0.0, stopped=True))
    assert en(teams.proven(stopped)) == "stopped early: a better plan may exist"


@pytest.mark.parametrize(
    ("found", "value", "said"),
    [
        (Assumption("capacity:school", 86.27, 52.3, 150.4, Basis.PRIOR, "A 1: 40; B: 7"), "86 (9 in 10: 52 to 150)",
         "A 1; B"),
        (Assumption("reach", 19.96, 19.96, 19.96, Basis.LEARNT, "", 1), "20", "learnt from 1 visit"),
        (Assumption("reach", 20.4, 20.4, 20.4, Basis.LEARNT, "", 0), "20", "learnt from visits"),
        (Assumption("spread", 5.29, 3.0, 5.29, Basis.FALLS, "", 2),
         "5.3 (9 in 10: 3 to 5.3)", "learnt from 2 falls of the figures"),
        (Assumption("spread", 5.0, 5.0, 5.0, Basis.FALLS, "", 0), "5", "learnt from falling figures"),
        (Assumption("absent", 0.125, 0.125, 0.125, Basis.TYPED, "A: 7", 3), "12%", "assumed: typed in by the office"),
        (Assumption("teams_now", 4, 4, 4, Basis.PRIOR, "assumed", 3), "4", "assumed: nobody said otherwise"),
    ],
)  # fmt: skip
def test_an_assumption_says_how_much_and_where_from(found: Assumption, value: str, said: str) -> None:
    _, amount, source = map(en, teams.assumption(found))
    assert amount == value and source.removeprefix("assumed: as other offices report; begun from: ") == said


def test_planned_against_done_and_visits_that_do_not_say() -> None:
    def done(*unsaid: int) -> str:
        areas = tuple(AreaDone("75.05.01", 1, 2, 7.6, 5, one) for one in unsaid)
        return en(teams.against(Against(BY, areas, FIVE, 7, BY)))

    said = "planned up to 30 June 2023: 1 team-day, about 8 recorded; done: 2 team-days, 5 recorded"
    assert done(0) == said and done(1) == said + "; 1 visit does not say how many"
    assert done(2, 1).endswith("done: 4 team-days, 10 recorded; 3 visits do not say how many")


def test_what_a_number_of_teams_reaches() -> None:
    found = ByTeams(1, FIVE, None, None, None, None)
    assert en(teams.by_teams(found, BY, dated=False)) == "1 team: about 5 left on 30 June 2023 (8 in 10: 1 to 9)"
    assert en(teams.by_teams(replace(found, chance=0.5), BY, dated=True)) == (
        "1 team: more likely not by 30 June 2023; chance: 10 in 20 (as likely as not)"
    )
    even = replace(found, teams=2, even=START, late=BY)
    assert en(teams.by_teams(even, BY, dated=True)) == (
        "2 teams: even chances of the target by 21 June 2023 (8 in 10: 21 June 2023 to 30 June 2023)"
    )
    early = replace(even, early=date(2023, 6, 20), late=None)
    assert en(teams.by_teams(early, BY, dated=True)).endswith("(8 in 10: from 20 June 2023, later than 30 June 2023)")


FAR = "the target of 99.40% is not reached by 30 June 2023 with 4 teams"
NO_PLAN: list[tuple[Infeasible, str]] = [
    (Infeasible(ASKED, Why.TARGET_TOO_FAR), FAR),
    (Infeasible(ASKED, Why.TARGET_TOO_FAR, left=9), FAR + " (about 9 left)"),
    (
        Infeasible(ASKED, Why.TARGET_TOO_FAR, day=date(2023, 7, 9), teams=9, left=0),
        FAR + " (about 0 left); with 4 teams the target of 99.40% is expected on 9 July 2023; by 30 June 2023 it takes 9 teams",
    ),
    (Infeasible(asked(Goal.EVERY), Why.TARGET_TOO_FAR), FAR.replace(" is", " in every area is")),
    (
        Infeasible(ASKED, Why.NOT_FOUND),
        "no calendar was found that reaches the target of 99.40% by 30 June 2023 with 4 teams; with days lost on the way not "
        "all are looked through",
    ),
    (
        Infeasible(ASKED, Why.REACHED, since=START),
        "nothing to plan: the target of 99.40% is reached already (since 21 June 2023); choose a higher target, or as "
        "many as possible",
    ),
    (Infeasible(ASKED, Why.NEVER, area="75.05.01"), "Kecamatan Atinggola: its target is not reached with any number of teams, as "
     "too many never come"),
    (Infeasible(ASKED, Why.NEVER), "not with any number of teams, as too many never come; choose a lower target, or as many as "
     "possible"),
    (Infeasible(ASKED, Why.UNKNOWN_AREA, area="99.99"), "99.99: it is none of the areas of this plan; choose one of them, or "
     "leave the condition out"),
    (Infeasible(ASKED, Why.NOBODY_LEFT, area="75.05.01", day=BY), "nobody is left to be visited"),
    (Infeasible(ASKED, Why.NOBODY_LEFT, to_clean=(0, 0)), "nobody is left to be visited"),
    (Infeasible(ASKED, Why.NOBODY_LEFT, to_clean=(0, 2)), "nobody is left to be visited; 0 to 2 of those left are to be cleaned "
     "off the list, and no visit records them"),
    (Infeasible(ASKED, Why.ONLY_CLEANING, to_clean=(2, 2)), "all who are left are to be cleaned off the list, and no visit "
     "records them; clean the list first"),
    (Infeasible(ASKED, Why.TOO_LONG, day=BY), "plans go no further than a year; the latest end is 30 June 2023"),
    (Infeasible(ASKED, Why.TOO_LONG), "plans go no further than a year; choose an earlier end"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "said"), NO_PLAN, ids=[str(n) for n in range(len(NO_PLAN))])
def test_why_there_is_no_plan_at_the_edges(found: Infeasible, said: str) -> None:
    assert en(no_plan.none(found)) == said


def test_who_is_awaited() -> None:
    def lacks(*areas: str) -> list[Missing]:
        return [Missing(area, Lack.NONE, START) for area in areas]

    week = "Kabupaten Gorontalo Utara, week of 1 January 2024 to 7 January 2024: "
    assert en(awaited.headline("75.05", WEEK, [], 11)) == week + "figures from all 11 areas"
    assert en(awaited.headline("75.05", WEEK, lacks(*SIX[:1]), 11)) == week + "1 of 11 areas lacks figures"
    assert en(awaited.headline("75.05", WEEK, lacks(*SIX[:2]), 11)) == week + "2 of 11 areas lack figures"
    for lack, last, absent, said in (
        (Lack.NEVER, None, (), "never reported"),
        (Lack.NEVER, START, (), "never reported"),
        (Lack.HANDED_IN, None, (), "a file waits for approval"),
        (Lack.HANDED_IN, START, (), "a file waits for approval; the last figures that count are of 21 June 2023"),
        (Lack.NONE, START, (), "no figures; the last are of 21 June 2023"),
        (Lack.PARTLY, START, SIX[:1], "not from 1 area that usually reports: Atinggola"),
    ):
        assert en(awaited.said(Missing("75.05", lack, last, absent))) == said
    named = en(awaited.said(Missing("75.05", Lack.PARTLY, START, SIX)))
    assert named.count(",") == 4 and named.startswith("not from 6 areas that usually report: ") and named.endswith("Tolinggula …")
    assert not en(awaited.said(Missing("75.05", Lack.PARTLY, START, SIX[:5]))).endswith("…")
    assert awaited.reminder(WEEK, [Missing("75", Lack.NEVER, None), Missing("75.05", Lack.HANDED_IN, START)], BY) is None
    text = en(awaited.reminder(WEEK, [*lacks(SIX[0]), Missing("75.05", Lack.PARTLY, START, SIX[:2]), *lacks(SIX[1])], BY))
    assert text.splitlines()[3:6] == [
        "- Kecamatan Atinggola",
        "- Kabupaten Gorontalo Utara (Atinggola, Kwandang)",
        "- Kecamatan Kwandang",
    ]
    assert text.startswith(
        "Reminder: figures of the recording of e-KTP, week of 1 January 2024 to 7 January 2024\n\nAs of 30 June"
    )


def test_how_alerts_are_counted_and_asked_for() -> None:
    assert [en(alerting.heading(*one)) for one in ((0, 0), (1, 0), (1, 1), (2, 1))] == [
        "no alert is open",
        "1 alert",
        "1 alert, 1 not seen yet",
        "2 alerts, 1 not seen yet",
    ]
    asked_for = [en(alerting.asked(kind)) for kind in (Kind.SLIPPED, Kind.STALL, Kind.RISEN)]
    assert asked_for == [
        "given when the date is later by more than 30 days than what was said 4 weeks before or earlier",
        "given when less than 33% of the pace before is left for two weeks or more",
        "given when more are unrecorded than at the fewest, by more than 2% and more than 10 people",
    ]
    silent = Alert(Kind.SILENT, "75.05.01", START, START, Silent(1))
    assert en(alerting.said(silent)) == "Atinggola: no figures since 21 June 2023, for 1 day"


@pytest.mark.parametrize(("who", "name"), [("camat", "camat"), ("", "-")])
def test_an_alert_says_who_has_seen_or_closed_it(who: str, name: str) -> None:
    assert en(alerting.seen(who, START)) == f"seen by {name} on 21 June 2023"
    assert en(alerting.closed(who, START, "sudah")) == f"closed by {name} on 21 June 2023: sudah"
    again = "it has happened anew; an earlier one was closed by"
    assert en(alerting.before(who, START, "sudah")) == f"{again} {name} on 21 June 2023: sudah"


def test_whose_name_a_plan_and_a_text_for_a_group_bear(made: Plan) -> None:
    assert en(on_papers.title(made, "")) == "Plan for Kabupaten Gorontalo Utara, 21 June 2023 to 27 June 2023"
    assert en(on_papers.title(made, "A")).startswith("Plan 'A' for Kabupaten Gorontalo Utara, ")
    nobody = replace(made, assignments=())
    assert on_papers.days(nobody) == (START, BY) and on_papers.days(replace(made, assignments=made.assignments[:1])) == (
        START,
        START,
    )
    assert en(on_papers.work(Work.TRAVEL, "75.05.01", "school")) == "on the way (Kecamatan Atinggola)"
    assert en(on_papers.work(Work.VISIT, "75.05.01", "school")) == "recording in Kecamatan Atinggola, School"
    inside = "in {}, with what follows {}. in their codes"
    assert en(on_papers.inside_words("75.05.01")) == "Villages " + inside.format("Kecamatan Atinggola", "75.05.01")
    assert en(on_papers.inside_words("75.05")) == "Areas " + inside.format("Kabupaten Gorontalo Utara", "75.05")
    assert on_papers.above("75.05.01") == "Kabupaten Gorontalo Utara"
    texts = on_papers.group_text("75.05.01.2001", [], "")
    assert isinstance(texts[2], Text) and en(texts[2]) == "A team of [name of the office] comes to you:"
