"""Sentences about what a date rests on: the line's day, what the median asks for, its tail, a stall, campaigns alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, Percent, T, Text
from ektp_analysis.figures.series import Change
from ektp_analysis.narrative import chances, counts
from ektp_analysis.projection.examples import Nearest
from ektp_analysis.projection.reasons import Stall, line_days, median_pace, middle, stall
from ektp_analysis.projection.result import NotReached, Projection

ON_THE_LINE = 1.1  # times the line's days: a median up to there does not differ from it
WEEKS_FROM = 14.0  # days: a tail from there on is counted in weeks


def reasons(found: Projection, recent: Change) -> tuple[Text, ...]:
    """All that can be said about what the date rests on, a sentence each."""
    return tuple(text for text in (reasoned(found, recent), asked(found, recent), tail(found)) if text is not None)


def reasoned(found: Projection, recent: Change) -> Text | None:
    """What a date rests on: the day of the straight line at the recent pace, and how half of the outcomes differ from it.

    None where there is no date, no recent pace in people, or nobody left to record.
    """
    per_day = recent.per_day
    days = line_days(found, per_day)
    if days is None or per_day is None:
        return None
    line, even, horizon = found.day(days), found.median, chances.horizon(found.horizon_days)
    words = {"n": _pace(per_day), "days": recent.days, "horizon": horizon}
    if isinstance(line, NotReached):
        held = T("If the pace of the last {days} days held ({n} a day): later than {horizon}", **words)
    else:
        held = T("If the pace of the last {days} days held ({n} a day): {line}", **words, line=line)
    if even is None or isinstance(even, NotReached):
        return T(
            "{held}. Campaigns slow down at the end or stall: half of the outcomes come later than {horizon}, or never.",
            held=held,
            horizon=horizon,
        )
    if isinstance(line, NotReached) or found.origin is None or (even - found.origin).days <= ON_THE_LINE * days:
        return T("{held}. Half of the outcomes come by {median}.", held=held, median=even)
    return T("{held}. Most campaigns slow down at the end: half of the outcomes come by {median}.", held=held, median=even)


def asked(found: Projection, recent: Change) -> Text | None:
    """What would have to be true for the median, beside the recent pace; None where no median or no people are known.

    Where :func:`reasoned` says the median's day, this goes on from it.
    """
    per_day = median_pace(found)
    if per_day is None or found.median is None:
        return None
    need = _pace(per_day)
    if recent.per_day is not None and line_days(found, recent.per_day) is not None:
        return T(
            "For that the pace must average {need} a day until then, against {now} a day in the last {days} days.",
            need=need,
            now=_pace(recent.per_day),
            days=recent.days,
        )
    held = T(
        "Half of the outcomes come by {median}: the pace must average {need} a day until then", median=found.median, need=need
    )
    if recent.per_day is None:
        return T("{held}.", held=held)
    if recent.per_day > 0:
        now = _pace(recent.per_day)
        return T("{held}, against {now} a day in the last {days} days.", held=held, now=now, days=recent.days)
    return T("{held}, while in the last {days} days the unrecorded did not fall.", held=held, days=recent.days)


def tail(found: Projection) -> Text | None:
    """What the last tenth of those left costs in the median outcome; None where that cannot be told."""
    outcome = middle(found)
    if outcome is None or outcome.tail_days is None:
        return None
    if outcome.tail_days >= WEEKS_FROM:
        spent, every = round(outcome.tail_days / 7), round(outcome.days / 7)
        return T("In the median outcome the last tenth alone takes {tail} of the {all} weeks.", tail=spent, all=every)
    spent = max(round(outcome.tail_days), 1)
    return T("In the median outcome the last tenth alone takes {tail} of the {all} days.", tail=spent, all=outcome.days)


def stalled(found: Projection) -> Text | None:
    """That the campaign stalls: since when, at which pace against which before, and that the date depends on it; else None."""
    seen = stall(found)
    if seen is None:
        return None
    return T(
        "Recording has stalled since {since}: {paces}. The date depends on when it picks up again.",
        since=seen.since,
        paces=halted(found, seen),
    )


def halted(found: Projection, seen: Stall) -> Text:
    """The pace since a stall began, against that before."""
    return paces(seen.pace_since, seen.pace_before, people=found.inputs.unit == "people")


def paces(since: float, before: float, *, people: bool) -> Text:
    """A pace since some day against that before, in people a day or else as a share of it."""
    if not people:
        return T("at {share} of its pace before", share=Percent(max(since / before, 0.0), 0))
    if since < counts.SMALL_PACE:
        return T("on balance nobody since then, against {before} a day before", before=_pace(before))
    return T("{now} a day since then, against {before} a day before", now=_pace(since), before=_pace(before))


def stalled_inside(children: Mapping[str, Projection]) -> Text | None:
    """Which of the areas inside stall, each with the day; None where none does."""
    seen = {code: found for code, child in children.items() if (found := stall(child)) is not None}
    if not seen:
        return None
    named = [T("{area} (since {since})", area=register().name(code), since=found.since) for code, found in seen.items()]
    return TN(
        "In {n} area recording has stalled, and its date depends on when it picks up again: {areas}.",
        "In {n} areas recording has stalled, and their dates depend on when it picks up again: {areas}.",
        n=len(seen),
        areas=counts.listed(named),
    )


def _pace(per_day: float) -> float | int:
    """People a day as they are written."""
    return round(per_day, 1) if per_day < 10 else round(per_day)


KINDS: Mapping[str, Text] = {
    "drifting": T("a pace that rises and falls, stalls and resumes"),
    "places": T("people or places that finish one by one"),
    "even": T("about as many every day"),
    "share": T("the same share of those left, so fewer and fewer"),
    "waves": T("one wave after the other"),
    "batches": T("places that finish at one go, with silence between"),
    "deadline": T("a rush before a last day"),
    "trickle": T("a few a day for long, then mostly a sweep"),
}


def simulated(found: Nearest) -> Text:
    """What the thin lines are, and what they are not."""
    return T(
        "Each thin line is a campaign that a computer made up, not a real one. Shown are the {n} that looked "
        "most like the figures of this area, and how they went on. They are taken from {all} that stand for "
        "the very many on which the projection has practised. No date is computed from these lines; they "
        "show what kind of campaign the answer takes this to be. A line ends where its simulation did.",
        n=len(found.kinds),
        all=found.among,
    )


def nearest(found: Nearest) -> Text:
    """Of which kinds the nearest simulated campaigns are, counted, the most frequent kind first."""
    (first, most), *rest = found.counted.items()
    words = {"n": most, "all": len(found.kinds), "kind": KINDS[first]}
    if not rest:
        return T("{n} of the {all} nearest simulated campaigns: {kind}", **words)
    others = _listed(T("{kind} ({n})", kind=KINDS[kind], n=count) for kind, count in rest)
    return T("{n} of the {all} nearest simulated campaigns: {kind}; the others: {others}", **words, others=others)


def _listed(items: Iterable[Text]) -> Text:
    """Items that may hold commas, apart by semicolons."""
    first, *rest = items
    for one in rest:
        first = T("{first}; {one}", first=first, one=one)
    return first


def steadily(found: Nearest) -> Text | None:
    """How much the answer counts on a steady pace beside what the library taught; None where it does not."""
    if found.steady <= 0:
        return None
    return T(
        "Besides what such campaigns taught, the answer counts, with a weight of {n}, on this area going on at its steady pace.",
        n=chances.frequency(found.steady),
    )
