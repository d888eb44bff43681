"""The rules behind alerts: each at its threshold and one beside it, on made histories; names that last; what became of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from ektp_analysis.core.aims import Aim
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import render
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import history_of
from ektp_analysis.figures.standing import OVERDUE, Silence, standing_of
from ektp_analysis.narrative import alerting
from ektp_analysis.office import watch
from ektp_analysis.projection import rules
from ektp_analysis.projection.alerts import Alert, Doubt, Doubtful, Kind, Risen, Silent, lasting, parse
from ektp_analysis.projection.answers import Ground, inside, plan_for
from ektp_analysis.projection.draws import OLD_DAYS
from ektp_analysis.projection.reasons import SLOW, stall
from ektp_analysis.projection.result import Projection, seen_from
from ektp_analysis.projection.rules import RULES, Earlier, Sight, alerts
from ektp_analysis.store.records import AlertEvent
from tests.projecting import project_area
from tests.spec.measures_cases import KABUPATEN, KECAMATAN, figures, rows
from tests.test_narrative import D20, INF, foreseen

HERE, FIRST = KECAMATAN[2], date(2024, 1, 1)
NATIONAL = Target.parse("99.40")
LINE = [600 - 20 * week for week in range(20)]


def day(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def weekly(left: Sequence[int | None], area: str = HERE, eligible: int | None = 20_000, **others: Any) -> list[dict[str, Any]]:
    """A snapshot a week, those that are None left out."""
    return [
        rows(area, day(week).isoformat(), people, eligible, **others) for week, people in enumerate(left) if people is not None
    ]


def sight(left: Sequence[int | None], **others: Any) -> Sight:
    return Sight(HERE, history_of(figures(weekly(left)), HERE), NATIONAL, **others)


def said(found: Sight, kind: Kind) -> list[tuple[date, Any]]:
    return list(RULES[kind].asks(found))


@pytest.mark.parametrize(
    ("least", "now", "risen"),
    [
        (100, 110, False),  # ten people are no rise
        (100, 111, True),
        (1000, 1020, False),  # two in a hundred are none
        (1000, 1021, True),
        (3, 14, True),
        (3, 13, False),
    ],
)
def test_the_unrecorded_have_risen_beyond_two_in_a_hundred_and_ten_people(least: int, now: int, risen: bool) -> None:
    found = said(sight([least + 60, least, least, least + 1, now]), Kind.RISEN)
    assert found == ([(day(2), Risen(least, now))] if risen else [])  # since the last snapshot with the fewest
    if risen:
        assert said(sight([least + 60, least, least, least + 1, now, least + 5]), Kind.RISEN) == []


def test_a_rise_over_a_break_is_a_doubt_for_a_month_and_no_rise() -> None:
    """Three in ten more at once are a revised count."""
    for weeks, told in ((4, True), (5, False)):  # 28 and 35 days before the last snapshot
        found = sight([500, 480, 640, *[640 - one for one in range(1, weeks + 1)]])
        assert said(found, Kind.RISEN) == []
        assert said(found, Kind.DOUBTFUL) == ([(day(2), Doubtful((Doubt.BREAK,)))] if told else [])
    for back, told in ((30, True), (31, False)):
        last = rows(HERE, (day(1) + timedelta(days=back)).isoformat(), 630, 20_000)
        history = history_of(figures(weekly([480, 640]), last), HERE)
        assert bool(said(Sight(HERE, history, NATIONAL), Kind.DOUBTFUL)) is told


def test_coverage_is_below_a_target_that_was_reached_again_and_since_when() -> None:
    """Of 20,000 eligible 120 may remain."""
    assert said(sight([140, 120, 120]), Kind.BELOW) == []
    assert [one for one, _ in said(sight([140, 120, 121, 130]), Kind.BELOW)] == [day(2)]
    ((since, facts),) = said(sight([140, 120, 118, 121]), Kind.BELOW)
    assert (since, facts.held, facts.target) == (day(3), day(2), "99.4")
    assert said(sight([140, 130, 121]), Kind.BELOW) == []  # it never was reached
    zero = replace(sight([4, 0, 1]), target=ZERO)
    assert [(since, facts.held) for since, facts in said(zero, Kind.BELOW)] == [(day(2), day(1))]
    assert said(replace(sight([4, 1, 0]), target=ZERO), Kind.BELOW) == []
    # A snapshot that says nothing of it, in between, keeps the day; as the last one, it tells nothing.
    unsure = [*weekly([140, 120, 121]), rows(HERE, day(3).isoformat(), None, None, 19_900), *weekly([None] * 4 + [130])]
    assert [since for since, _ in said(Sight(HERE, history_of(figures(unsure), HERE), NATIONAL), Kind.BELOW)] == [day(2)]
    assert said(Sight(HERE, history_of(figures(unsure[:-1]), HERE), NATIONAL), Kind.BELOW) == []


def aimed(left: Sequence[int | None], by: int = 20, weeks: int = 0) -> Sight:
    """An aim of zero set with the first snapshot, 600 to nobody by week 20: 30 a week."""
    aim = Aim(HERE, ZERO, day(by), "", datetime.combine(day(weeks), datetime.min.time(), UTC), "petugas")
    found = sight(left)
    return replace(found, plan=plan_for(found.history, aim))


def test_the_plan_is_missed_at_two_snapshots_in_a_row() -> None:
    assert said(aimed([600, 570, 540, 511]), Kind.BEHIND) == []  # once
    ((since, facts),) = said(aimed([600, 570, 541, 511]), Kind.BEHIND)
    assert (since, facts.snapshots, facts.people) == (day(2), rules.MISSED, 1)
    assert said(aimed([600, 570, 541, 510]), Kind.BEHIND) == []  # kept again, to the person
    assert said(aimed([600, 571, 540, 511]), Kind.BEHIND) == []  # not in a row
    assert said(aimed([600, 571, 541, 511]), Kind.BEHIND)[0][0] == day(1)
    assert said(sight([600, 590, 580]), Kind.BEHIND) == []  # no plan
    assert said(aimed([700, 690, 680, 679], weeks=2), Kind.BEHIND) == []  # one snapshot since it was set


def test_an_area_is_silent_beyond_three_of_its_gaps() -> None:
    silence = Silence(HERE, day(4), 21, 7.0)
    assert said(sight(LINE[:5], silence=silence), Kind.SILENT) == []
    assert said(sight(LINE[:5], silence=replace(silence, days=22)), Kind.SILENT) == [(day(4), Silent(22, 7.0))]
    assert RULES[Kind.SILENT].threshold == OVERDUE == 3
    assert said(sight(LINE[:5], silence=Silence(HERE, None)), Kind.SILENT) == []  # never reported: no silence of now


@pytest.fixture(scope="module")
def falling() -> Projection:
    return project_area(figures(weekly(LINE)), HERE, ZERO)


def test_the_whole_is_silent_where_its_figures_are_old_and_no_part_of_it_by_that(falling: Projection) -> None:
    last = day(len(LINE) - 1)
    for age, told in ((OLD_DAYS, False), (OLD_DAYS + 1, True)):
        found = seen_from(falling, last + timedelta(days=age))
        assert said(sight(LINE, found=found, whole=True), Kind.SILENT) == ([(last, Silent(age))] if told else [])
        assert said(sight(LINE, found=found), Kind.SILENT) == []


@pytest.mark.parametrize(("left", "stalls"), [([220] * 2, True), ([220], False), ([214, 208], True), ([213, 206], False)])
def test_a_stall_is_that_of_every_page(left: list[int], stalls: bool) -> None:
    """After 20 a week, a third of which are 6.67; two steps."""
    whole = LINE + left
    found = project_area(figures(weekly(whole)), HERE, ZERO)
    seen = stall(found)
    assert (seen is not None) is stalls
    told = said(sight(whole, found=found), Kind.STALL)
    assert [(since, facts.since, facts.pace_since) for since, facts in told] == (
        [] if seen is None else [(seen.since, seen.since, seen.pace_since)]
    )
    assert said(sight(whole), Kind.STALL) == []  # where no date is asked for
    assert RULES[Kind.STALL].threshold == SLOW


def test_the_date_has_slipped_by_more_than_a_month() -> None:
    now = foreseen([100.0])
    day_ = D20 + timedelta(days=100)
    for by, told in ((30, False), (31, True)):
        before = Earlier(day(3), "99.4", day_ - timedelta(days=by))
        found = said(sight(LINE, found=now, earlier=before), Kind.SLIPPED)
        assert [(since, facts.days, facts.was, facts.now) for since, facts in found] == (
            [(day(3), by, before.median, day_)] if told else []
        )
    before = Earlier(day(3), "99.4", day_)
    ((since, facts),) = said(sight(LINE, found=foreseen([INF]), earlier=before), Kind.SLIPPED)
    assert (since, facts.now, facts.days) == (day(3), None, 630)  # to the end of the two years, at least
    assert said(sight(LINE, found=foreseen([INF], ZERO), earlier=before), Kind.SLIPPED) == []  # another target
    assert said(sight(LINE, found=now), Kind.SLIPPED) == []


def doubts(*given: Any) -> list[tuple[date, tuple[Doubt, ...]]]:
    history = history_of(figures(*given), HERE)
    return [(since, facts.doubts) for since, facts in said(Sight(HERE, history, NATIONAL), Kind.DOUBTFUL)]


def test_doubtful_figures_since_the_first_of_the_snapshots_in_a_row() -> None:
    good = rows(HERE, day(0).isoformat(), 100, 1000, printed="90.00")
    almost = rows(HERE, day(1).isoformat(), 100, 1000, printed="90.00")
    printed = [rows(HERE, day(week).isoformat(), 100, 1000, printed="91.00") for week in (2, 3)]
    assert doubts(good, almost) == []
    assert doubts(good, almost, printed) == [(day(2), (Doubt.PRINTED,))]
    assert doubts(printed, rows(HERE, day(4).isoformat(), 100, 1000)) == []
    assert doubts(good, rows(HERE, day(1).isoformat(), None, 1000, 1001)) == [(day(1), (Doubt.ABOVE,))]
    assert doubts(good, rows(HERE, day(1).isoformat(), None, 1000, 1000)) == []
    history = history_of(figures(good, almost), HERE)
    ((since, facts),) = said(Sight(HERE, history, NATIONAL, warnings=2, apart_since=day(1)), Kind.DOUBTFUL)
    assert (since, facts) == (day(1), Doubtful((Doubt.PARTS, Doubt.FILE), 2))
    earlier = said(Sight(HERE, history, NATIONAL, warnings=2, apart_since=day(0)), Kind.DOUBTFUL)
    assert [(one, facts.doubts) for one, facts in earlier] == [(day(0), (Doubt.PARTS,)), (day(1), (Doubt.FILE,))]
    mixed = [rows(code, day(1).isoformat(), 10, 1000, basis=basis) for code, basis in ((HERE, "DKB"), (KECAMATAN[0], "DP4"))]
    whole = roll_up(figures(mixed), KABUPATEN)
    found = said(Sight(KABUPATEN, history_of(whole, KABUPATEN), NATIONAL), Kind.DOUBTFUL)
    assert [facts.doubts for _, facts in found] == [(Doubt.MIXED,)]


def test_own_figures_are_not_the_sum_of_the_parts_since_when_as_the_standing_says_it() -> None:
    given = [rows(code, day(week).isoformat(), 10, 1000) for code in KECAMATAN for week in range(4)]
    own = [rows(KABUPATEN, day(week).isoformat(), people, 11_000) for week, people in enumerate((111, 110, 111, 112))]
    whole = roll_up(figures(given, own), KABUPATEN)
    assert rules.apart_since(whole, KABUPATEN) == day(2)
    assert standing_of(whole, KABUPATEN).differences and not standing_of(whole, KABUPATEN, day(1)).differences
    late = [one for one in given if (one["area_code"], one["as_of_date"]) != (HERE, day(2).isoformat())]
    part = roll_up(figures(late, own), KABUPATEN)  # where one counts as of an earlier day, the sum is not held against it
    assert rules.apart_since(part, KABUPATEN) == day(3) and not standing_of(part, KABUPATEN, day(2)).differences
    alike = roll_up(figures(given, own[:2]), KABUPATEN)
    alike = alike[alike["as_of_date"] <= pd.Timestamp(day(1))]
    assert rules.apart_since(alike, KABUPATEN) is None and not standing_of(alike, KABUPATEN).differences


# ---- of an area and those inside, names, what became of one


def known(**others: Any) -> watch.Known:
    """Two kecamatan: one stalls, one goes on."""
    given = [*weekly([*LINE, *[220] * 4]), *weekly([700 - 20 * week for week in range(24)], KECAMATAN[0])]
    rolled = roll_up(figures(given), KABUPATEN)
    parts = inside(Ground.of(rolled, KABUPATEN), KABUPATEN, ZERO)
    assert parts is not None
    return watch.Known(rolled, standing_of(rolled, KABUPATEN), parts.whole, parts.children, **others)


def test_an_area_and_those_inside_are_looked_at_and_a_plan_is_that_of_its_own_area() -> None:
    assert [(one.kind, one.area) for one in watch.found(known())] == [(Kind.STALL, HERE)]
    aim = Aim(KABUPATEN, ZERO, day(26), "", datetime(2024, 1, 1, tzinfo=UTC), "petugas")
    found = watch.found(known(aims=[aim]))
    assert [(one.kind, one.area) for one in found] == [(Kind.BEHIND, KABUPATEN), (Kind.STALL, HERE)]
    own = watch.found(known(aims=[replace(aim, area_code=HERE)]))
    assert [(one.kind, one.area) for one in own] == [(Kind.BEHIND, HERE), (Kind.STALL, HERE)]
    assert all(one.on == day(23) for one in found)
    empty = roll_up(figures(), KABUPATEN)
    assert watch.found(replace(known(), at=standing_of(empty, KABUPATEN))) == ()


def stalled(since: int = 4, kind: Kind = Kind.STALL) -> Alert:
    return Alert(kind, HERE, day(since), day(since + 3), Silent(9))


def event(key: str, what: str, on: date, reason: str = "") -> AlertEvent:
    kind, area, _ = parse(key)
    return AlertEvent(0, kind, area, key, what, datetime(2024, 6, 1, tzinfo=UTC), "petugas", reason, {"on": on.isoformat()})


def test_an_alert_keeps_its_name_as_long_as_it_lasts_and_is_another_when_it_happens_anew() -> None:
    first = stalled()
    told = event(first.key, watch.RAISED, first.on)
    (fresh,) = watch.states([first], [])
    assert fresh.new and fresh.closed is None and fresh.seen is None
    for since, new in ((4, False), (3, False), (5, False), (7, False), (8, True)):  # day 7 is that of the figures it was told of
        (now,) = watch.states([stalled(since)], [told])
        assert (now.new, now.alert.since) == (new, day(since if new else 4))
    closed = event(first.key, watch.CLOSED, first.on, "kantor pindah")
    (still,) = watch.states([stalled(5)], [told, closed])
    assert not still.new and still.closed == closed
    (again,) = watch.states([stalled(8)], [told, closed])
    assert again.new and again.closed is None and again.before == closed
    (opened,) = watch.states([first], [told, closed, event(first.key, watch.REOPENED, first.on)])
    assert opened.closed is None and not opened.new
    seen = event(first.key, watch.SEEN, first.on)
    assert watch.states([first], [told, seen])[0].seen == seen
    doubtful = stalled(5, Kind.DOUBTFUL)  # a further doubt is told by itself
    assert watch.states([doubtful], [event(stalled(4, Kind.DOUBTFUL).key, watch.RAISED, day(9))])[0].new
    assert lasting(doubtful, day(4), day(9)) == doubtful
    assert parse(first.key) == (Kind.STALL, HERE, day(4))
    odd = [
        replace(told, key="stall", detail={}),
        replace(told, detail={}),
        replace(told, detail={"on": "x"}),
    ]  # not of this program
    assert all(watch.states([stalled(5)], [one])[0].new for one in odd)


@pytest.mark.parametrize(
    "key", ["", "stall", "stall:75.05.03", "stall:75.05.03:2024-13-01", "other:75.05.03:2024-01-01", "stall:99.99:2024-01-01"]
)
def test_what_names_no_alert_is_said(key: str) -> None:
    with pytest.raises(UserError, match="names no alert"):
        parse(key)


def test_what_was_said_before_a_slip_is_kept_with_it() -> None:
    key = f"slipped:{HERE}:{day(3)}"
    kept = replace(
        event(key, watch.RAISED, day(9)), detail={"on": day(9).isoformat(), "target": "zero", "was": day(30).isoformat()}
    )
    assert watch.kept_before([kept], HERE) == Earlier(day(3), "zero", day(30))
    assert watch.kept_before([kept], KABUPATEN) is None and watch.kept_before([], HERE) is None
    assert watch.kept_before([event(key, watch.RAISED, day(9))], HERE) is None


def test_every_kind_and_doubt_has_a_rule_and_words_in_both_languages() -> None:
    assert set(RULES) == set(Kind)
    everything = sight(
        [150, 120, 100, 160, 161],
        silence=Silence(HERE, day(4), 30, 7.0),
        found=foreseen([500.0]),
        earlier=Earlier(day(1), "99.4", D20),
        warnings=2,
        apart_since=day(3),
    )
    found = [*alerts([replace(everything, plan=aimed([600, 599, 598]).plan)], day(4))]
    made = [replace(stalled(), facts=Doubtful(tuple(Doubt), 1), kind=Kind.DOUBTFUL), *found]
    assert {one.kind for one in found} >= {Kind.BELOW, Kind.SLIPPED, Kind.RISEN, Kind.SILENT, Kind.DOUBTFUL}
    for lang in ("id", "en"):
        sentences = [render(alerting.said(one), lang) for one in made]
        assert all("{" not in one and str(HERE) not in one and "Anggrek" in one for one in sentences)
        assert len({render(alerting.asked(kind), lang) for kind in Kind}) == len(Kind)
    english = {one.kind: render(alerting.said(one), "en").replace("\N{NO-BREAK SPACE}", " ") for one in found}
    assert english[Kind.BELOW] == "Anggrek: below 99.40% again since 22 January 2024; it was reached on 15 January 2024"
    assert english[Kind.RISEN] == "Anggrek: unrecorded have risen since 15 January 2024, from 100 to 161"
    assert english[Kind.SILENT] == "Anggrek: no figures since 29 January 2024, for 30 days; usual are 7 days"
