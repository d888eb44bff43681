"""Alerts in words: what holds where and since when, what is asked of the figures, what became of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ektp_analysis.core.area import register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, Percent, T, Text
from ektp_analysis.narrative import chances, counts, grounds
from ektp_analysis.projection import rules
from ektp_analysis.projection.alerts import Alert, Doubt, Kind


def said(alert: Alert) -> Text:
    """What holds, where and since when."""
    return T("{area}: {finding}", area=register().name(alert.area), finding=_SAID[alert.kind](alert, alert.facts))


def _silent(alert: Alert, facts: Any) -> Text:
    days = TN("{n} day", "{n} days", n=facts.days)
    if facts.usual is None:
        return T("no figures since {date}, for {days}", date=alert.since, days=days)
    usual = TN("{n} day", "{n} days", n=round(facts.usual))
    return T("no figures since {date}, for {days}; usual are {usual}", date=alert.since, days=days, usual=usual)


def _behind(alert: Alert, facts: Any) -> Text:
    return T(
        "behind the plan at {n} snapshots in a row, since {date}; at the last one by {people} people",
        n=facts.snapshots,
        date=alert.since,
        people=facts.people,
    )


def _slipped(alert: Alert, facts: Any) -> Text:
    target = counts.target_name(Target.parse(facts.target))
    if facts.now is None:
        return T(
            "even chances for {target} were {was} as seen on {date}, and are now not within {horizon}",
            target=target,
            was=facts.was,
            date=alert.since,
            horizon=chances.horizon(facts.horizon_days),
        )
    return T(
        "even chances for {target} have moved by {days} since {date}, from {was} to {now}",
        target=target,
        days=TN("{n} day", "{n} days", n=facts.days),
        date=alert.since,
        was=facts.was,
        now=facts.now,
    )


def _below(alert: Alert, facts: Any) -> Text:
    target = Target.parse(facts.target)
    if target.is_zero:
        return T("unrecorded again since {date}; nobody was on {held}", date=alert.since, held=facts.held)
    return T(
        "below {share} again since {date}; it was reached on {held}", share=target.percent, date=alert.since, held=facts.held
    )


def _doubtful(alert: Alert, facts: Any) -> Text:
    doubts = [_DOUBTS[one](facts.warnings) for one in facts.doubts]
    return T("doubtful figures since {date}: {doubts}", date=alert.since, doubts=counts.listed(doubts))


_SAID: Mapping[Kind, Callable[[Alert, Any], Text]] = {
    Kind.BELOW: _below,
    Kind.SLIPPED: _slipped,
    Kind.BEHIND: _behind,
    Kind.STALL: lambda _alert, facts: T(
        "stalled since {date}: {paces}",
        date=facts.since,
        paces=grounds.paces(facts.pace_since, facts.pace_before, people=facts.people),
    ),
    Kind.RISEN: lambda alert, facts: T(
        "unrecorded have risen since {date}, from {was} to {now}", date=alert.since, was=facts.was, now=facts.now
    ),
    Kind.SILENT: _silent,
    Kind.DOUBTFUL: _doubtful,
}
_DOUBTS: Mapping[Doubt, Callable[[int], Text]] = {
    Doubt.ABOVE: lambda _: T("coverage above 100%"),
    Doubt.PRINTED: lambda _: T("the printed percentage is not that of the counts"),
    Doubt.MIXED: lambda _: T("the areas rest on different bases"),
    Doubt.PARTS: lambda _: T("the area's own figures are not the sum of its parts"),
    Doubt.BREAK: lambda _: T("the series does not continue"),
    Doubt.FILE: lambda n: TN("its file was accepted with {n} warning", "its files were accepted with {n} warnings", n=n),
}


def asked(kind: Kind) -> Text:
    """When an alert of a kind is given, with the bound of its rule."""
    return _ASKED[kind](rules.RULES[kind].threshold)


_ASKED: Mapping[Kind, Callable[[float], Text]] = {
    Kind.BELOW: lambda _: T("given when a target was reached and no longer is"),
    Kind.SLIPPED: lambda n: TN(
        "given when the date is later by more than {n} day than what was said {weeks} weeks before or earlier",
        "given when the date is later by more than {n} days than what was said {weeks} weeks before or earlier",
        n=int(n),
        weeks=rules.SLIPPED_OVER // 7,
    ),
    Kind.BEHIND: lambda n: T("given when more are left than by the plan at {n} snapshots in a row", n=int(n)),
    Kind.STALL: lambda n: T("given when less than {share} of the pace before is left for two weeks or more", share=Percent(n, 0)),
    Kind.RISEN: lambda n: T(
        "given when more are unrecorded than at the fewest, by more than {share} and more than {n} people",
        share=Percent(n, 0),
        n=rules.RISEN_PEOPLE,
    ),
    Kind.SILENT: lambda n: T("given when an area is silent for longer than {n} of its usual gaps", n=int(n)),
    Kind.DOUBTFUL: lambda _: T("given when figures contradict themselves, break, or come from a file with warnings"),
}


UNASKED = T("Stalls were not looked for: too many areas lie inside. Choose a smaller area.")


def waiting(number: int) -> Text:
    """How many alerts nobody has seen yet."""
    return TN("{n} alert not seen yet", "{n} alerts not seen yet", n=number)


def heading(number: int, unseen: int) -> Text:
    """How many alerts are open, and how many of them nobody has seen."""
    if not number:
        return T("no alert is open")
    found = TN("{n} alert", "{n} alerts", n=number)
    return T("{alerts}, {unseen} not seen yet", alerts=found, unseen=unseen) if unseen else found


def nothing(area: str, *, every: bool = False) -> Text:
    """That there is nothing to tell, so that silence is never taken for it."""
    name = register().full_name(area)
    return T("{area}: {finding}", area=name, finding=T("no alert is open") if every else T("no new alert"))


def seen(who: str, on: date) -> Text:
    """Who has seen an alert."""
    return T("seen by {who} on {date}", who=who or "-", date=on)


def closed(who: str, on: date, reason: str) -> Text:
    """Who closed an alert, and why."""
    return T("closed by {who} on {date}: {reason}", who=who or "-", date=on, reason=reason)


def before(who: str, on: date, reason: str) -> Text:
    """That an alert of the kind and area was closed before, so that this is a further one."""
    return T(
        "it has happened anew; an earlier one was closed by {who} on {date}: {reason}", who=who or "-", date=on, reason=reason
    )
