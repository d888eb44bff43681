"""What a plan is worth: beside simple rules, with one more of what it has, with weaker yields; where it hangs; its printing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from ektp_analysis.planning.judging import Judged, Table, as_now, expected_of, spread
from ektp_analysis.planning.laying import Sheet
from ektp_analysis.planning.proposal import Comparison, Hinge, More, Printing, Rule, Spread, Verdict, Weaker, Worth
from ektp_analysis.planning.ready import Ready, refused
from ektp_analysis.planning.request import CARDS_A_RIBBON, Goal, Request
from ektp_analysis.planning.solving import Case, Solved, ruled, solve
from ektp_analysis.planning.workdays import working_days
from ektp_analysis.projection.paths import Floats

WEAKER = 0.7  # of the yields that are expected: a third of the way to nothing
CLEARLY = 1  # people fewer left, whole, in nine draws of ten: from so many on a plan is called better
GAINED = 0.02  # of chance: what is gained beyond the noise of a thousand draws
NEXT_DAYS = 31  # after the end in which one more working day is looked for


def compared(made: Ready, case: Case, solved: Solved, judged: Judged) -> tuple[Comparison, ...]:
    """The plan beside the simple rules, with as many team-days, and beside nothing changing."""
    gains, means = made.table.gains, made.table.means
    starts = [float(pool.start.mean()) for pool in made.standing.pools]
    orders: dict[Rule, Callable[[int, int], float]] = {
        Rule.EQUAL: lambda _area, n: -float(n),
        Rule.LARGEST: lambda area, n: starts[area] - float(means[area][min(n, len(gains[area]))]),
    }
    found = []
    for rule, order in orders.items():
        sheet = ruled(case, order, int(solved.sheet.days.sum()))
        if sheet is not None:
            other = made.judged(case, sheet)
            found.append(_beside(case.request.goal, rule, judged, spread(other.recorded), other.left, other.chance))
    left = as_now(made.standing, judged.days[-1:])[:, 0]
    before = sum(pool.start for pool in made.standing.pools) + made.standing.elsewhere
    whole = made.standing.whole
    if judged.chance is not None and whole is not None and whole.answered and not made.every:
        chance = whole.probability_by(case.request.by)
    else:
        chance = None if judged.chance is None else _as_now_chance(made, judged)
    found.append(_beside(case.request.goal, Rule.AS_NOW, judged, spread(before - left), left, chance))
    return tuple(found)


def _as_now_chance(made: Ready, judged: Judged) -> float | None:
    """The chance of the target if nothing changes, from the paths."""
    after = judged.days
    if made.every:
        met = np.ones(len(judged.left), bool)
        for pool in made.standing.pools:
            may = pool.may_remain(after)
            if may is None:
                return None
            met &= (pool.as_now(after) <= may).any(axis=1)
        return float(met.mean())
    may = made.standing.may_remain(after)
    return None if may is None else float((as_now(made.standing, after) <= may).any(axis=1).mean())


def _beside(goal: Goal, rule: Rule, plan: Judged, recorded: Spread, left: Floats, chance: float | None) -> Comparison:
    fewer = left - plan.left
    gain = None if chance is None or plan.chance is None else plan.chance - chance
    difference = spread(fewer)
    if goal in (Goal.EVERY, Goal.PROBABILITY) and gain is not None:
        verdict = Verdict.BETTER if gain > GAINED else Verdict.NOT_BETTER
    else:
        verdict = _verdict(difference)
    return Comparison(rule, recorded, spread(left), chance, difference, gain, verdict)


def _verdict(difference: Spread) -> Verdict:
    """How many fewer are left, as a word, by the whole people that are said: an interval that holds none is not better."""
    if round(difference.low) >= CLEARLY:
        return Verdict.BETTER
    return Verdict.UNSURE if round(difference.mean) >= CLEARLY else Verdict.NOT_BETTER


def _one_more(request: Request, more: More, origin_next: bool) -> Request | None:
    """The request with one more; None where there is none more to be had, or it is not what it has too few of."""
    if more is More.TEAM:
        return replace(request, teams=request.teams + 1)
    if more is More.DEVICE:
        return None if request.devices is None else replace(request, devices=request.devices + 1)
    if more is More.OPERATOR:
        return None if request.operators is None else replace(request, operators=request.operators + 1)
    if more is More.DAY:
        after = request.by + timedelta(days=1)
        days = working_days(request, after, after + timedelta(days=NEXT_DAYS))
        return replace(request, by=days[0]) if days else None
    return replace(request, start=request.start - timedelta(days=7)) if origin_next else None


def worth(made: Ready, case: Case, judged: Judged, go_on: Callable[[], bool]) -> tuple[Worth, ...]:
    """What one more team, device, operator or working day would bring, and a start a week earlier."""
    request = case.request
    found = []
    early = request.start - timedelta(days=7) > made.standing.origin
    for more in More:
        asked = _one_more(request, more, early)
        if asked is None or refused(asked) is not None or not go_on():
            continue
        other = made.case(asked)
        if not isinstance(other, Case):
            continue
        solved = solve(other)
        if not isinstance(solved, Solved):
            continue
        then = made.judged(other, solved.sheet)
        chance = None if then.chance is None or judged.chance is None else then.chance - judged.chance
        shift = (request.start - asked.start).days
        days = None if then.means is None or judged.means is None else int(judged.means - (then.means - shift))
        found.append(Worth(more, float(then.recorded.mean() - judged.recorded.mean()), chance, days))
    return tuple(found)


def weaker(made: Ready, case: Case, sheet: Sheet) -> Weaker:
    """The same plan where yields are weaker."""
    then = made.judged(case, sheet, made.weaker(WEAKER, sheet))
    day = None if then.means is None else case.request.start + timedelta(days=int(then.means) - 1)
    return Weaker(WEAKER, spread(then.recorded), spread(then.left), then.chance, day)


def hinge(codes: tuple[str, ...], judged: Judged) -> Hinge | None:
    """The area whose outcome moves the whole's most: the share of the spread of what is left that goes with it."""
    total = judged.left
    if total.std() == 0:
        return None
    with_it = np.array([float(np.cov(one, total)[0, 1]) for one in judged.of_areas]) / float(np.var(total, ddof=1))
    most = int(np.argmax(with_it))
    return Hinge(codes[most], float(min(max(with_it[most], 0.0), 1.0)))


def printing(request: Request, table: Table, sheet: Sheet) -> Printing | None:
    """Printing after recording: so many cards a day while there is stock; None where nothing limits it."""
    stocks = [s for s in (request.blanks, None if request.ribbons is None else request.ribbons * CARDS_A_RIBBON) if s is not None]
    if request.prints is None and not stocks:
        return None
    a_day = float("inf") if request.prints is None else float(request.prints)
    stock = float(min(stocks)) if stocks else float("inf")
    by_day: dict[int, float] = defaultdict(float)
    for (_team, day), people in expected_of(table, sheet).items():
        by_day[day] += people
    waiting, printed = 0.0, 0.0
    ends: date | None = None
    for d, on in enumerate(sheet.grid.days):
        waiting += by_day[d]
        now = min(waiting, a_day, stock - printed)
        waiting, printed = waiting - now, printed + now
        if ends is None and stock - printed < 1 and waiting >= 1:
            ends = on
    return Printing(printed, waiting, ends, _printed_on(request, sheet, waiting, a_day, stock - printed))


def _printed_on(request: Request, sheet: Sheet, waiting: float, a_day: float, stock: float) -> date | None:
    """The day on which nobody waits for a card any more; None where stock or days do not suffice for it."""
    if waiting < 1:
        return sheet.grid.days[-1]
    if a_day <= 0 or stock < waiting:
        return None
    more = int(np.ceil(waiting / a_day))
    days = working_days(request, request.by + timedelta(days=1), request.by + timedelta(days=3 * more + NEXT_DAYS))
    return days[more - 1] if len(days) >= more else None
