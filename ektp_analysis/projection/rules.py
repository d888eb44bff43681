"""What a planner should hear of without looking: a table of rules, each asking the figures and answers of an area.

A rule finds since when something holds and the figures that say so; it asks what pages show, so that no number is another here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from ektp_analysis.core.contract import COUNTS
from ektp_analysis.core.targets import Target
from ektp_analysis.figures.planned import Plan
from ektp_analysis.figures.rollup import OWN, SUM
from ektp_analysis.figures.series import read_as_one
from ektp_analysis.figures.standing import HELD, OVERDUE, Reach, Silence, disagrees, reach_of
from ektp_analysis.projection.alerts import (
    Alert,
    Behind,
    Below,
    Doubt,
    Doubtful,
    Facts,
    Kind,
    Risen,
    Severity,
    Silent,
    Slipped,
    Stalled,
)
from ektp_analysis.projection.history import breaks_in
from ektp_analysis.projection.reasons import SLOW, stall
from ektp_analysis.projection.result import NotReached, Projection

RISEN_SHARE, RISEN_PEOPLE = 0.02, 10  # of the fewest unrecorded, and people: a rise beyond both is no week of newcomers
SLIPPED_DAYS = 30  # by which a date may move before it is said: a month, as plans are made by months
SLIPPED_OVER = 28  # days between the two answers that are compared, at least: week by week no step would be large
MISSED = 2  # snapshots in a row behind the plan's line: a single one may be a late report
BREAK_DAYS = 31  # for which a break of the series is news


@dataclass(frozen=True)
class Earlier:
    """What was said of a target (its key) on the snapshot of a day: the day with even chances."""

    day: date
    target: str
    median: date


@dataclass(frozen=True)
class Sight:
    """What rules look at of one area, as its page has it.

    ``history``: its headline rows by day (:func:`~ektp_analysis.figures.series.history_of`); ``target``: what it is held
    against; ``found``: the answer that its page shows (None: not asked for); ``silence``: since when it has been silent beside
    its sisters (None: it reported); ``plan``: the line of its aim (None: no plan); ``earlier``: what was said before;
    ``apart_since``: since when its own figures are not the sum of its parts; ``warnings``: of the files behind its last
    figures; ``whole``: it is the area that was asked for, not one inside it.
    """

    area: str
    history: pd.DataFrame
    target: Target
    found: Projection | None = None
    silence: Silence | None = None
    plan: Plan | None = None
    earlier: Earlier | None = None
    apart_since: date | None = None
    warnings: int = 0
    whole: bool = False

    @cached_property
    def last(self) -> Any:
        """Its last row."""
        return self.history.iloc[-1]

    @property
    def on(self) -> date:
        """The day of its last figure."""
        day: date = self.last["as_of_date"].date()
        return day

    @cached_property
    def left(self) -> tuple[tuple[date, int], ...]:
        """Day and people unrecorded, of the snapshots that are one series and say it."""
        rows = self.history
        known = read_as_one(rows["members"].to_numpy(), rows["complete"].to_numpy(bool)) & rows["unrecorded"].notna().to_numpy()
        days, people = rows["as_of_date"].dt.date.to_numpy()[known], rows["unrecorded"].to_numpy()[known]
        return tuple((day, int(one)) for day, one in zip(days, people, strict=True))


Found = Iterable[tuple[date, Facts]]


@dataclass(frozen=True)
class Rule:
    """What is asked of the figures of an area. ``threshold`` is the named bound that it decides by, in the unit of its words
    in :mod:`ektp_analysis.narrative.alerting`."""

    severity: Severity
    threshold: float
    asks: Callable[[Sight], Found]


def alerts(sights: Sequence[Sight], on: date) -> tuple[Alert, ...]:
    """What the rules find, by the weight of the rules and then in the order of the sights. ``on``: the day of the figures."""
    return tuple(
        Alert(kind, sight.area, since, on, facts)
        for kind, rule in RULES.items()
        for sight in sights
        if not sight.history.empty
        for since, facts in rule.asks(sight)
    )


def _below(sight: Sight) -> Iterator[tuple[date, Facts]]:
    """Whether the target was reached, and no longer is."""
    if reach_of(sight.last, sight.target) is not Reach.NOT_REACHED:
        return  # what is not known of the latest figure is no finding
    since: date | None = None
    names = ["as_of_date", "unrecorded", "eligible_low", "eligible_high", "coverage_low", "coverage_high"]
    for row in sight.history[[*names, "coverage_reported", "complete"]][::-1].itertuples(index=False):
        verdict = reach_of(row, sight.target)
        if verdict in HELD:
            if since is not None:
                yield since, Below(sight.target.key, row.as_of_date.date())
            return
        if verdict is Reach.NOT_REACHED:
            since = row.as_of_date.date()


def slipped(found: Projection, before: Earlier) -> Slipped | None:
    """By how much the day with even chances is later than what was said before; None by :data:`SLIPPED_DAYS` or less."""
    if found.origin is None or found.median is None or found.target.key != before.target:
        return None
    now = None if isinstance(found.median, NotReached) else found.median
    days = ((now or found.origin + timedelta(days=found.horizon_days)) - before.median).days
    return Slipped(before.target, before.median, now, days, found.horizon_days) if days > SLIPPED_DAYS else None


def _slipped(sight: Sight) -> Iterator[tuple[date, Facts]]:
    """Whether the date has slipped since what was said before."""
    if sight.found is not None and sight.earlier is not None and (facts := slipped(sight.found, sight.earlier)) is not None:
        yield sight.earlier.day, facts


def _behind(sight: Sight) -> Iterator[tuple[date, Facts]]:
    """Whether the area lies behind the plan's line at the last snapshots."""
    if sight.plan is None:
        return
    gaps: list[tuple[date, int]] = []
    for day, people in reversed(sight.left):
        gap = sight.plan.behind(people, day)
        if gap is None or gap <= 0:
            break
        gaps.append((day, gap))
    if len(gaps) >= MISSED:
        yield gaps[-1][0], Behind(len(gaps), gaps[0][1])


def _stall(sight: Sight) -> Iterator[tuple[date, Facts]]:
    """Whether recording stalls, as every page names it."""
    found = sight.found
    seen = None if found is None else stall(found)
    if found is not None and seen is not None:
        yield seen.since, Stalled(seen.since, seen.pace_since, seen.pace_before, found.inputs.unit == "people")


def _risen(sight: Sight) -> Iterator[tuple[date, Facts]]:
    """Whether more are unrecorded than at the fewest since the series last broke."""
    even = sight.found.inputs.even_since if sight.found is not None else _last_break(sight)
    left = [one for one in sight.left if even is None or one[0] >= even]
    if len(left) < 2:
        return
    now, least = left[-1][1], min(people for _day, people in left[:-1])
    if now - least > max(RISEN_PEOPLE, RISEN_SHARE * least):
        yield max(day for day, people in left[:-1] if people == least), Risen(least, now)


def _silent(sight: Sight) -> Iterator[tuple[date, Facts]]:
    """Whether an area has been silent for long beside its sisters, or the figures of the whole are old."""
    one, found = sight.silence, sight.found
    if one is not None and one.overdue and one.since is not None and one.days is not None:
        yield one.since, Silent(one.days, one.usual)
    elif sight.whole and found is not None and found.old is not None and found.origin == sight.on:
        yield sight.on, Silent(found.old)


def _doubtful(sight: Sight) -> Iterator[tuple[date, Facts]]:
    """What is in doubt, those that began on a day together: what is added later is told by itself."""
    by_day: dict[date, list[Doubt]] = {}
    for doubt, since in _doubts(sight):
        by_day.setdefault(since, []).append(doubt)
    for since in sorted(by_day):
        yield since, Doubtful(tuple(by_day[since]), sight.warnings if Doubt.FILE in by_day[since] else 0)


def _doubts(sight: Sight) -> Iterator[tuple[Doubt, date]]:
    for doubt, holds in _ROWS.items():
        if holds(sight.last) and (since := _run(sight.history, holds)) is not None:
            yield doubt, since
    if sight.apart_since is not None:
        yield Doubt.PARTS, sight.apart_since
    broken = _last_break(sight)
    if broken is not None and (sight.on - broken).days < BREAK_DAYS:
        yield Doubt.BREAK, broken
    if sight.warnings:
        yield Doubt.FILE, sight.on


def _last_break(sight: Sight) -> date | None:
    """The day of the last break of the area's own series."""
    if sight.found is not None:
        return sight.found.inputs.broken_on
    broken = breaks_in(sight.history)
    return broken[-1].on if broken else None


_ROWS: dict[Doubt, Callable[[Any], bool]] = {
    Doubt.ABOVE: lambda row: not pd.isna(row.coverage_low) and row.coverage_low > 1,
    Doubt.PRINTED: disagrees,
    Doubt.MIXED: lambda row: " + " in str(row.basis),
}


def _run(history: pd.DataFrame, holds: Callable[[Any], bool]) -> date | None:
    """The first of the last snapshots in a row of which something holds; None where it does not of the last."""
    since = None
    names = ["as_of_date", "coverage", "coverage_low", "coverage_reported", "basis"]
    for row in history[names][::-1].itertuples(index=False):
        if not holds(row):
            break
        since = row.as_of_date.date()
    return since


def apart_since(rolled: pd.DataFrame, area: str) -> date | None:
    """Since which of the last snapshots in a row an area's own figures are not the sum of its parts, as a standing says it
    (:attr:`~ektp_analysis.figures.standing.Standing.differences`); None where they are at the last one."""
    mine = rolled[rolled["area_code"] == area]
    own, total = (mine[mine["source"] == source].set_index("as_of_date") for source in (OWN, SUM))
    days = mine["as_of_date"].drop_duplicates().sort_values()
    judged = total["complete"].astype(bool) & total["n_older"].eq(0)
    apart = pd.Series(False, index=days)
    for name in COUNTS:
        pair = own[[name]].join(total.loc[judged, [name]], how="inner", rsuffix="_sum")
        differ = pair[name].ne(pair[name + "_sum"]).fillna(False)
        apart.loc[pair.index[differ.to_numpy(bool)]] = True
    found = None
    for day, is_apart in apart[::-1].items():
        if not is_apart:
            break
        found = pd.Timestamp(str(day)).date()
    return found


# The weightiest first: so they stand on the page.
RULES: dict[Kind, Rule] = {
    Kind.BELOW: Rule(Severity.AIM, 0, _below),  # people more than may remain
    Kind.SLIPPED: Rule(Severity.AIM, SLIPPED_DAYS, _slipped),
    Kind.BEHIND: Rule(Severity.AIM, MISSED, _behind),
    Kind.STALL: Rule(Severity.PACE, SLOW, _stall),
    Kind.RISEN: Rule(Severity.PACE, RISEN_SHARE, _risen),
    Kind.SILENT: Rule(Severity.FIGURES, OVERDUE, _silent),
    Kind.DOUBTFUL: Rule(Severity.FIGURES, 1, _doubtful),  # doubts
}
