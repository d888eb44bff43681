"""Sentences about a plan of the teams' visits: what it reaches and how surely, what stands beside it, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ektp_analysis.core.area import register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, Percent, T, Text
from ektp_analysis.core.visit import PLACE_LABELS, Place
from ektp_analysis.narrative.chances import frequency, word
from ektp_analysis.narrative.counts import target_name
from ektp_analysis.narrative.notes import ends
from ektp_analysis.planning.against import planned_left
from ektp_analysis.planning.frames import people
from ektp_analysis.planning.proposal import (
    Against,
    Assumption,
    Basis,
    ByTeams,
    Comparison,
    Hinge,
    More,
    Plan,
    Printing,
    Rule,
    Spread,
    Verdict,
    Weaker,
    Worth,
)
from ektp_analysis.planning.request import Goal, Request
from ektp_analysis.projection.draws import OLD_DAYS

GOALS: Mapping[Goal, Text] = {
    Goal.MOST: T("As many recorded as possible by the day"),
    Goal.TARGET: T("The target as early as possible"),
    Goal.EVERY: T("Every area at the target, the last as early as possible"),
    Goal.PROBABILITY: T("The best chance of the target by the day"),
    Goal.FEWEST: T("The target with the fewest team-days"),
}
BASES: Mapping[Basis, Text] = {
    Basis.PRIOR: T("assumed: as other offices report"),
    Basis.TYPED: T("assumed: typed in by the office"),
    Basis.LEARNT: T("learnt from visits"),
    Basis.FALLS: T("learnt from falling figures"),
    Basis.DEFAULT: T("assumed: nobody said otherwise"),
}
WRITTEN_AS_NONE = 0.0005  # a gap, as 0.0 %: half a tenth is rounded to the even
OWN_SOURCE = "assumed"  # begins the source of a number that nobody has published
ASSUMED = T("Assumptions, not figures: the plan rests on them")


def teams(n: int) -> Text:
    """'4 teams'."""
    return TN("{n} team", "{n} teams", n=n)


def team_days(n: int) -> Text:
    """'100 team-days'."""
    return TN("{n} team-day", "{n} team-days", n=n)


def between(found: Spread) -> Text:
    """'383 to 506': eight outcomes of ten."""
    low, high = people(max(found.low, 0.0)), people(max(found.high, 0.0))
    return T("{one}", one=low) if low == high else T("{low} to {high}", low=low, high=high)


def days_between(early: date, late: date | None, by: date) -> Text:
    """'8 in 10: 5 July to 24 July': the days; ``late`` None lies after ``by``."""
    if late is None:
        return T("8 in 10: from {first}, later than {last}", first=early, last=by)
    return T("8 in 10: {first} to {last}", first=early, last=late)


def chance(found: float) -> Text:
    """'15 in 20 (likely)'."""
    return T("{n} ({word})", n=frequency(found), word=word(found))


def aimed(request: Request) -> Text:
    """The target that is asked for, else the national one."""
    return target_name(request.target or Target.national())


def _recorded(made: Plan) -> Text:
    """How many are recorded: of those on the list, or where these may be fewer than that, of those and of who came since."""
    who = {"teams": teams(made.request.able), "n": people(made.recorded.mean), "date": made.request.by}
    if people(made.recorded.high) <= made.unrecorded:
        return T(
            "with {teams} about {n} of {all} are recorded by {date} (8 in 10: {between})",
            **who,
            all=made.unrecorded,
            between=between(made.recorded),
        )
    return T(
        "with {teams} about {n} are recorded by {date} (8 in 10: {between}), newcomers since {origin} included",
        **who,
        between=between(made.recorded),
        origin=made.origin,
    )


def heading(made: Plan) -> Text:
    """What the plan reaches by its day and with which chance."""
    request = made.request
    who, until = teams(request.able), request.by
    if made.goal is Goal.MOST:
        said = _recorded(made)
        if made.chance is None or request.target is None:
            return said
        return T("{said}; chance of {target} by then: {chance}", said=said, target=aimed(request), chance=chance(made.chance))
    goal = aimed(request)
    if made.goal is Goal.EVERY:
        goal = T("{target} in every area", target=goal)
    if made.chance is None:
        return T("with {teams} no chance of {target} can be given", teams=who, target=goal)
    likely = chance(made.chance)
    if made.goal is Goal.FEWEST:
        return T(
            "{target} by {date} takes {days}; chance: {chance}",
            target=goal,
            date=until,
            days=team_days(made.team_days),
            chance=likely,
        )
    if made.goal is Goal.PROBABILITY or made.even is None:
        return T("with {teams}, chance of {target} by {date}: {chance}", teams=who, target=goal, date=until, chance=likely)
    return T(
        "with {teams} {target} has even chances by {day} ({span}); chance by {date}: {chance}",
        teams=who,
        target=goal,
        day=made.even,
        span=days_between(made.early or made.even, made.late, until),
        date=until,
        chance=likely,
    )


def basis(made: Plan) -> Text:
    """What it starts from, how many of these are to be cleaned off the list, and what it takes."""
    said = T(
        "from {n} unrecorded on {origin}; {days} from {start} to {by}",
        n=made.unrecorded,
        origin=made.origin,
        days=team_days(made.team_days),
        start=made.request.start,
        by=made.request.by,
    )
    if made.travel_days:
        said = T("{said}, and {way} on the way", said=said, way=team_days(made.travel_days))
    if (age := (made.request.start - made.origin).days) > OLD_DAYS:
        said = T("{said}; the figures are {n} days old by then", said=said, n=age)
    if made.to_clean is None or not made.to_clean[1]:
        return said
    least, most = made.to_clean
    come = ends(made.unrecorded - most, made.unrecorded - least)
    return T("{said}; {come} can come, {clean} are to be cleaned off the list", said=said, come=come, clean=ends(least, most))


def to_clean(found: tuple[int, int]) -> Text:
    """How many of those left no visit records, as they are to be cleaned off the list."""
    return T("{clean} of those left are to be cleaned off the list, and no visit records them", clean=ends(*found))


def left(made: Plan) -> Text:
    """How many are left on its day, newcomers included; how many of them leave the list only by cleaning, and whether they alone
    are more than may remain."""
    said = T(
        "left on {date}: about {n} (8 in 10: {between}), newcomers included",
        date=made.request.by,
        n=people(made.left.mean),
        between=between(made.left),
    )
    if made.to_clean is None or not made.to_clean[1]:
        return said
    said = T("{said}; {more}", said=said, more=to_clean(made.to_clean))
    if made.chance is None or made.allowed is None or made.to_clean[0] <= made.allowed:
        return said
    return T(
        "{said}; as long as they stay on the list, recording alone does not reach {target}", said=said, target=aimed(made.request)
    )


def on_day(made: Plan, day: date, unrecorded: int | None, as_of: date | None) -> Text | None:
    """How many should be left on a day by the plan, beside how many there are; None before its first day."""
    if day < made.request.start:
        return None
    planned = planned_left(made, day)
    said = T(
        "by the plan about {n} are left on {date} (8 in 10: {between})",
        n=people(planned.mean),
        date=min(day, made.request.by),
        between=between(planned),
    )
    if unrecorded is None or as_of is None:
        return said
    return T("{said}; in the figures of {as_of}: {n}", said=said, as_of=as_of, n=unrecorded)


_RULES: Mapping[Rule, Text] = {
    Rule.EQUAL: T("equal shares for every area"),
    Rule.LARGEST: T("going where most are left"),
    Rule.AS_NOW: T("going on as now, which the projection describes"),
}


def beside(made: Plan, found: Comparison) -> Text:
    """The plan beside a rule: better or not, by how many people and how surely."""
    rule, fewer = _RULES[found.rule], people(found.difference.mean)
    ends = sorted(people(one) if fewer >= 0 else -people(one) for one in (found.difference.low, found.difference.high))
    span = T("8 in 10: {low} to {high}", low=ends[0], high=ends[1])
    if found.verdict is Verdict.BETTER and people(found.difference.low) > 0:
        said = T("better than {rule}: {n} fewer left ({span})", rule=rule, n=fewer, span=span)
    elif found.verdict is Verdict.BETTER and fewer >= 0:
        said = T("a better chance than {rule}, with on average {n} fewer left ({span})", rule=rule, n=fewer, span=span)
    elif found.verdict is Verdict.BETTER:
        said = T("a better chance than {rule}, though {n} more are left ({span})", rule=rule, n=-fewer, span=span)
    elif found.verdict is Verdict.UNSURE:
        said = T("on average {n} fewer left than by {rule}, but not surely better ({span})", rule=rule, n=fewer, span=span)
    elif fewer > 0:
        said = T("no better chance than {rule}, with on average {n} fewer left ({span})", rule=rule, n=fewer, span=span)
    elif fewer < 0:
        said = T("not better than {rule}: {n} more left ({span})", rule=rule, n=-fewer, span=span)
    else:
        said = T("not better than {rule}: as many left ({span})", rule=rule, span=span)
    if found.chance is None or made.chance is None:
        return said
    return T(
        "{said}; chance {chance}, with the plan {own}", said=said, chance=frequency(found.chance), own=frequency(made.chance)
    )


_MORE: Mapping[More, Text] = {
    More.TEAM: T("one team more"),
    More.DEVICE: T("one device more"),
    More.OPERATOR: T("one operator more"),
    More.DAY: T("one working day more"),
    More.WEEK: T("a start a week earlier"),
}


def worth(found: Worth) -> Text:
    """What one more would bring."""
    n, what = people(found.people), _MORE[found.more]
    if n > 0:
        said = TN("{more}: {n} person more recorded", "{more}: {n} people more recorded", n=n, more=what)
    elif n < 0:
        said = TN("{more}: {n} person fewer recorded", "{more}: {n} people fewer recorded", n=-n, more=what)
    else:
        said = T("{more}: nobody more recorded", more=what)
    if found.days is not None and found.days > 0:
        said = T("{said}, {days} earlier", said=said, days=TN("{n} day", "{n} days", n=found.days))
    if found.chance is not None and round(100 * found.chance):
        said = T(
            "{said}; chance {sign}{points} points",
            said=said,
            sign="+" if found.chance > 0 else "−",
            points=abs(round(100 * found.chance)),
        )
    return said


def weaker(found: Weaker) -> Text:
    """What happens if teams record less than is expected."""
    said = T(
        "if teams record {share} less than expected: about {n} recorded, {left} left",
        share=Percent(1 - found.share, 0),
        n=people(found.recorded.mean),
        left=people(found.left.mean),
    )
    return said if found.chance is None else T("{said}; chance: {chance}", said=said, chance=chance(found.chance))


def hinge(found: Hinge) -> Text:
    """The area on which it hangs."""
    return T(
        "it hangs most on {area}: {share} of what is uncertain lies there",
        area=register().full_name(found.area),
        share=Percent(found.share, 0),
    )


def printing(made: Plan, found: Printing) -> Text:
    """Printing behind recording."""
    said = T(
        "cards printed by {date}: about {n}; recorded and waiting for one: {waiting}",
        date=made.request.by,
        n=people(found.printed),
        waiting=people(found.waiting),
    )
    if found.stock_ends is not None:
        said = T("{said}; the stock ends on {date}", said=said, date=found.stock_ends)
    if found.done is None:
        return T("{said}; when all have their card cannot be foreseen", said=said)
    return T("{said}; all have their card on {date}", said=said, date=found.done)


def proven(made: Plan) -> Text:
    """How good it is proven to be."""
    found = made.quality
    if found.stopped:
        return T("stopped early: a better plan may exist")
    if found.gap <= WRITTEN_AS_NONE:
        return T("on these assumptions no plan with the same teams and days does better")
    if made.goal is Goal.PROBABILITY:
        return T("at most {gap} points of chance below the best that is possible", gap=round(100 * found.gap, 1))
    return T("at most {gap} from the best that is possible", gap=Percent(found.gap, 1))


def assumption(found: Assumption) -> tuple[Text, Text, Text]:
    """What is taken for granted, how much, and where from: the publications by name, whose words data/outreach.csv has."""
    key, _, place = found.key.partition(":")
    name = _KEYS[key]
    if place:
        name = T("{what}, at {place}", what=name, place=PLACE_LABELS[Place(place)])
    value = _amount(key, found.value)
    if found.low != found.high:
        value = T("{value} (9 in 10: {low} to {high})", value=value, low=_amount(key, found.low), high=_amount(key, found.high))
    said = BASES[found.basis]
    if found.basis is Basis.LEARNT and found.used:
        said = TN("learnt from {n} visit", "learnt from {n} visits", n=found.used)
    elif found.basis is Basis.FALLS and found.used:
        said = TN("learnt from {n} fall of the figures", "learnt from {n} falls of the figures", n=found.used)
    if found.source.startswith(OWN_SOURCE):
        said = BASES[Basis.DEFAULT]
    elif found.source and found.basis is not Basis.TYPED:
        told = (part.partition(":")[0].strip() for part in found.source.split(";"))
        said = T("{said}; begun from: {source}", said=said, source="; ".join(told))
    return name, value, said


_KEYS: Mapping[str, Text] = {
    "capacity": T("people that a team records in a day where many come"),
    "reach": T("desa that a team serves in a day, times the share that comes"),
    "absent": T("share of the unrecorded who never come"),
    "spread": T("how even the days are (the smaller, the more they differ)"),
    "busy": T("share of the time that these teams were out while the figures fell"),
    "between": T("how much areas differ"),
    "teams_now": T("teams that worked while the figures fell until now"),
    "office": T("share of the present pace that goes on without the teams"),
    "newcomers": T("newcomers a day in all areas together"),
    "elsewhere": T("unrecorded whom no area of the plan holds"),
    "visits_unused": T("visits that tell nothing: without a number recorded or of teams"),
}
_SHARES = ("absent", "busy", "office", "between")


def _amount(key: str, value: float) -> Text:
    if key in _SHARES:
        return T("{share}", share=Percent(value, 0))
    return T("{one}", one=round(value, 1) if value < 20 and value != round(value) else round(value))


def against(found: Against) -> Text:
    """Planned against done up to a day."""
    said = T(
        "planned up to {date}: {planned}, about {expected} recorded; done: {done}, {recorded} recorded",
        date=found.on,
        planned=team_days(found.planned_days),
        expected=people(found.expected),
        done=team_days(found.done_days),
        recorded=found.recorded,
    )
    unsaid = sum(one.unsaid for one in found.areas)
    if not unsaid:
        return said
    more = TN("{n} visit does not say how many", "{n} visits do not say how many", n=unsaid)
    return T("{said}; {unsaid}", said=said, unsaid=more)


def by_teams(found: ByTeams, by: date, *, dated: bool) -> Text:
    """What a number of teams reaches; ``dated``: of days, not of people."""
    if not dated:
        said = T(
            "{teams}: about {n} left on {date} (8 in 10: {between})",
            teams=teams(found.teams),
            n=people(found.left.mean),
            date=by,
            between=between(found.left),
        )
    elif found.even is None:
        said = T("{teams}: more likely not by {date}", teams=teams(found.teams), date=by)
    else:
        span = days_between(found.early or found.even, found.late, by)
        said = T("{teams}: even chances of the target by {day} ({span})", teams=teams(found.teams), day=found.even, span=span)
    return said if found.chance is None else T("{said}; chance: {chance}", said=said, chance=chance(found.chance))
