"""Sentences about a projection: a range of days, frequencies of twenty, and fixed words of chance."""

from __future__ import annotations

from datetime import date, timedelta

from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.figures.series import Reached
from ektp_analysis.figures.standing import Reach
from ektp_analysis.narrative.counts import against, target_name
from ektp_analysis.projection.reasons import stall
from ektp_analysis.projection.result import METHOD, NOT_REACHED, NotReached, Projection

DOTS = 20
# The one table of words: from this many of twenty upwards, this word.
WORDS: tuple[tuple[int, Text], ...] = (
    (20, T("almost certain")),
    (16, T("very likely")),
    (13, T("likely")),
    (8, T("as likely as not")),
    (4, T("rather unlikely")),
    (1, T("unlikely")),
    (0, T("almost impossible")),
)


def word(chance: float) -> Text:
    """The fixed word for a probability, by the twentieths that :func:`frequency` says."""
    return next(text for least, text in WORDS if round(chance * DOTS) >= least)


def frequency(chance: float) -> Text:
    """'7 in 20'. Never 0 and never 20: the draws do not carry certainty."""
    n = round(chance * DOTS)
    if n == 0:
        return T("less than 1 in {all}", all=DOTS)
    if n >= DOTS:
        return T("more than {n} in {all}", n=DOTS - 1, all=DOTS)
    return T("{n} in {all}", n=n, all=DOTS)


def horizon(days: int) -> Text:
    """'2 years' where it is whole years, otherwise days."""
    years, rest = divmod(days, 365)
    if years and not rest:
        return TN("{n} year", "{n} years", n=years)
    return TN("{n} day", "{n} days", n=days)


def chance_by(found: Projection, day: date) -> Text:
    """'chance of the target of 99.40% by 14 February 2024: 7 in 20 (rather unlikely)', or why it cannot be said."""
    name = target_name(found.target)
    if found.reason is not None and found.reason.code == "already_reached":
        return found.reason.text
    chance = found.probability_by(day)
    if chance is None or found.origin is None:
        return T("no chance can be given for {target}", target=name)
    end = found.origin + timedelta(days=found.horizon_days)
    if day <= found.origin:
        return T("{date} is not after the snapshot", date=day)
    if found.seen is not None and day < found.seen:
        return T("{date} has passed: no report says yet whether {target} was reached by then", date=day, target=name)
    if day > end:
        return T(
            "chance of {target} by {date}, as far as the projection looks: {n} ({word})",
            target=name,
            date=end,
            n=frequency(chance),
            word=word(chance),
        )
    return T("chance of {target} by {date}: {n} ({word})", target=name, date=day, n=frequency(chance), word=word(chance))


def chance_never(found: Projection, reached: Reached | None = None) -> Text:
    """The chance that the target is not reached within the horizon."""
    chance = found.probability_never
    if found.reason is not None or chance is None:
        return when(found, reached)
    return T(
        "chance that {target} is not reached within {horizon}: {n} ({word})",
        target=target_name(found.target),
        horizon=horizon(found.horizon_days),
        n=frequency(chance),
        word=word(chance),
    )


def when(found: Projection, reached: Reached | None = None) -> Text:
    """When the target is reached: the middle 80 % of the days, as a clause, and a stall if there is one; or why there is none.

    ``reached`` (of ``measures.reached_on``) says of a target that was reached whether counts or a printed percentage
    tell so.
    """
    if found.reason is not None:
        if found.reason.code == "already_reached":
            return against(found.target, reached or Reached(Reach.REACHED, found.reason.on, Reach.REACHED))
        return T("no date for {target}: {reason}", target=target_name(found.target), reason=found.reason.text)
    seen = stall(found)
    if seen is None:
        return _between(found)
    return T("{finding}; recording has stalled since {since}", finding=_between(found), since=seen.since)


def _between(found: Projection) -> Text:
    """The middle 80 % of the days, as a clause."""
    name = target_name(found.target)
    early, late, never = found.quantiles[10], found.quantiles[90], found.probability_never or 0.0
    if isinstance(early, NotReached):
        return T("{target} very likely not reached within {horizon}", target=name, horizon=horizon(found.horizon_days))
    if isinstance(late, NotReached):
        if found.median is NOT_REACHED:
            return T(
                "{target} has a chance of {n} of not being reached within {horizon}, and hardly comes before {early}",
                target=name,
                horizon=horizon(found.horizon_days),
                n=frequency(never),
                early=early,
            )
        return T(
            "{target} hardly before {early}, with a chance of {n} of not being reached within {horizon}",
            target=name,
            early=early,
            n=frequency(never),
            horizon=horizon(found.horizon_days),
        )
    if early == late:
        return T("{target} very likely reached on {early}", target=name, early=early)
    return T("{target} very likely reached between {early} and {late}", target=name, early=early, late=late)


def method(found: Projection | None = None) -> Text:
    """By which method a projection was made (None: by the one in use), as it stands in every file and picture of it."""
    return T("projection method: {method}", method=METHOD if found is None else found.method)


def basis(found: Projection) -> Text:
    """What the projection was computed from, and by which method."""
    if not found.inputs.dates:
        return T("computed from no snapshot")
    return T("{one}; {other}", one=_computed(found), other=method(found))


def _computed(found: Projection) -> Text:
    inputs = found.inputs
    if inputs.snapshots == 1:
        text = T("computed from a single snapshot, of {date}", date=inputs.dates[0])
    else:
        text = TN(
            "computed from {n} snapshot, {first} to {last}",
            "computed from {n} snapshots, {first} to {last}",
            n=inputs.snapshots,
            first=inputs.dates[0],
            last=inputs.dates[-1],
        )
    if inputs.parts:
        return TN("{text}, as the sum of {n} area inside", "{text}, as the sum of {n} areas inside", n=inputs.parts, text=text)
    if not inputs.pooled:
        return text
    return TN("{text}, and from {n} other area", "{text}, and from {n} other areas", n=inputs.pooled, text=text)
