"""Sentences around a projection: what zero means, what is missing, the pace, the areas together, how the date moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.figures.cleaning import Cleaning
from ektp_analysis.figures.series import Assumed, Change, Course, Gap, Required
from ektp_analysis.figures.standing import Standing
from ektp_analysis.narrative import chances, counts, notes
from ektp_analysis.projection.backtest import Verdict
from ektp_analysis.projection.result import Meaning, NotReached, Projection, Reason

FEW_ANSWERS = 8  # fewer known outcomes say little about a forecaster


def whom(meaning: Meaning, origin: date) -> Text:
    """Whom zero is about, in a few words."""
    if meaning == "list":
        return T("the list of {date}", date=origin)
    return T("all eligible")


def zero_means(found: Projection) -> Text | None:
    """Which of the two zeros is meant, and what that does to newcomers; None for another target or without figures."""
    if not found.target.is_zero or found.origin is None:
        return None
    if found.meaning == "list":
        return T(
            "Zero here: everyone who was on the list of {date} is recorded; residents who turn 17 later are not counted.",
            date=found.origin,
        )
    if newcomers_a_day(found) is None:
        return T("Zero here: no eligible resident is left unrecorded on that day, those who have just turned 17 included.")
    return T(
        "Zero here: no eligible resident is left unrecorded on that day, those who have just turned 17 "
        "included (about {n} a day).",
        n=newcomers_a_day(found),
    )


def cleaned(found: Cleaning, come: Projection | None) -> Text:
    """How many of the list leave it only by being cleaned off, and when those who can come are recorded.

    ``come`` as :func:`~ektp_analysis.projection.can_come.can_come` gives it; None where it says nothing.
    """
    said = T(
        "zero is about the list: {clean} of {all} leave it only by being cleaned off ({source})",
        clean=notes.ends(found.low, found.high),
        all=found.unrecorded,
        source=notes.who_says(found),
    )
    if come is None or not come.answered:
        return T("{said}; no date for those who can come", said=said)
    early, middle, late = (come.quantiles[level] for level in (10, 50, 90))
    if isinstance(early, NotReached) or isinstance(middle, NotReached):
        n, horizon = chances.frequency(come.probability_never or 0.0), chances.horizon(come.horizon_days)
        return T(
            "{said}; those who can come have a chance of {n} of not all being recorded within {horizon}",
            said=said,
            n=n,
            horizon=horizon,
        )
    last = (
        T("later than {horizon}, or never", horizon=chances.horizon(come.horizon_days)) if isinstance(late, NotReached) else late
    )
    return T(
        "{said}; those who can come are recorded about {day} (8 in 10: {early} to {late})",
        said=said,
        day=middle,
        early=early,
        late=last,
    )


def stands(at: Standing, dated: Text, found: Projection) -> Text:
    """What a projection stands on: the day, how many are left and of which days they are, and what it was computed from."""
    return T("{one}; {other}", one=notes.stands(at, dated), other=chances.basis(found))


def newcomers_a_day(found: Projection) -> float | None:
    """New eligible a day as they may be written; None where they are not known in people."""
    per_day = found.inputs.inflow_per_day
    if found.inputs.unit != "people" or per_day <= 0:
        return None
    return round(per_day, 1) if per_day < 10 else float(round(per_day))


def remedy(reason: Reason) -> Text:
    """What is missing where nothing can be said, and what to do."""
    return _REMEDIES[reason.code]


_REMEDIES: Mapping[str, Text] = {
    "no_figures": T(
        "What is missing: a count of the unrecorded, or of the eligible and the recorded. Upload a file that "
        "gives them for this area."
    ),
    "too_few": T(
        "What is missing: a second snapshot. Two days with figures give a first, wide range; every further one narrows it."
    ),
    "not_falling": T(
        "What is missing: a fall in the number. See whether the latest file is complete; the required pace "
        "below says what it takes."
    ),
    "basis_break": T(
        "What is missing: a second snapshot after the change. The jump itself is not recording, so no pace "
        "can be worked out from it."
    ),
    "above_hundred": T(
        "What is missing: the count of the unrecorded itself. A coverage above 100% hides it, because the "
        "recorded include residents from elsewhere."
    ),
    "unknown_eligible": T(
        "What is missing: the number of eligible, or a reported percentage. Upload a file that gives one of "
        "them, or choose zero, which needs neither."
    ),
    "too_old": T("What is missing: a newer snapshot. Upload the latest file, and the date comes back."),
    "already_reached": T("This target has been passed already: choose zero, or a higher coverage under 'Advanced'."),
}


def pace(found: Change) -> Text:
    """What the pace of the last weeks was measured on, or why there is none."""
    if found.gap is not Gap.NONE or found.start is None or found.end is None:
        return counts.change(found)
    return T("on balance, from {start} to {end}", start=found.start, end=found.end)


def required(found: Required, end: date) -> Text:
    """The pace that a target by ``end`` requires; a very small one is not rounded to nothing."""
    per_day = found.per_day
    if per_day is not None and 0 < per_day < counts.SMALL_PACE:
        return TN("{n} resident to record by {date}", "{n} residents to record by {date}", n=found.people or 0, date=end)
    return counts.required(found, end)


def beside(required: Required, recent: Change) -> Text | None:
    """The required pace beside the recent one; None where one of them is missing."""
    need, now = required.per_day, recent.per_day
    if required.gap is Gap.REACHED or need is None or now is None:
        return None
    if now <= 0:
        return T("at present the unrecorded do not fall, so all of the required pace is still missing")
    times = need / now
    if times <= 0.95:
        return T("the recent pace is enough if it holds to the end; it rarely does, as the last ones are the hardest")
    if times < 1.05:
        return T("the recent pace is just enough, without any reserve")
    return T("that is {times} times the recent pace", times=round(times, 1) if times < 10 else round(times))


def assumed(found: Assumed, target: Target, origin: date) -> Text:
    """What would follow from a fixed pace; says that it is an assumption."""
    name = counts.target_name(target)
    if found.course is Course.UNKNOWN:
        return T("nothing can be worked out for {target}: how many may remain is not known", target=name)
    if found.course is Course.REACHED:
        return T("{target} is reached already", target=name)
    if found.course is Course.TOO_SLOW or found.day is None:
        return T(
            "assuming {n} people are recorded every day: {target} is never reached, because as many new eligible join",
            n=found.per_day,
            target=name,
        )
    return TN(
        "assuming {n} person is recorded every day from {start}: {target} on {day}",
        "assuming {n} people are recorded every day from {start}: {target} on {day}",
        n=found.per_day,
        start=origin,
        target=name,
        day=found.day,
    )


def newcomers(found: Assumed) -> Text | None:
    """How many of the assumed people only keep up with newcomers; None where nobody joins."""
    if found.newcomers < counts.SMALL_PACE:
        return None
    return T("about {n} of them a day only keep up with new eligible", n=round(found.newcomers, 1))


def all_reached(found: Projection, n: int, level: Level, by: date) -> Text:
    """When the last of the areas has reached the target, and the chance of that by a day."""
    return T(
        "all {all}: {finding}; {chance}",
        all=counts.counted(n, level),
        finding=chances.when(found),
        chance=chances.chance_by(found, by),
    )


def above(whole: Projection) -> Text:
    """How the areas inside go with the answer about the whole that stands above them."""
    if whole.inputs.parts:
        return T("The possible outcomes of these areas, with good and bad times in common, add up to the projection above.")
    return T(
        "The projection above looks at the total alone; here each area has to reach the target by itself, "
        "with good and bad times in common."
    )


def open_areas(codes: Sequence[str], n: int, level: Level) -> Text:
    """Why nothing is said of all areas: some of them have no date yet, which are named."""
    names = [register().name(code) for code in codes]
    return TN(
        "no date can be given for {n} of {all} yet ({names}), so none for all of them",
        "no date can be given for {n} of {all} yet ({names}), so none for all of them",
        n=len(codes),
        all=counts.counted(n, level),
        names=counts.listed(names, 3),
    )


def last_one(shares: Mapping[str, float]) -> Text:
    """Which area is most likely the last, with its chance and the two behind it."""
    order = sorted(shares, key=lambda code: (-shares[code], code))
    first, rest = order[0], [code for code in order[1:3] if shares[code] >= 0.025]
    if len(order) == 1 or shares[first] > 0.975:
        return T("the last one is almost certainly {area}", area=register().name(first))
    named = T("most likely the last: {area} ({n})", area=register().name(first), n=chances.frequency(shares[first]))
    if not rest:
        return named
    others = [T("{area} ({n})", area=register().name(code), n=chances.frequency(shares[code])) for code in rest]
    return T("{first}; then {others}", first=named, others=counts.listed(others))


def chance_or_reason(found: Projection, by: date) -> Text:
    """The chance of an area among many by a day, or in few words why there is none."""
    if found.reason is not None:
        return SHORT[found.reason.code]
    return chances.frequency(found.probability_by(by) or 0)


def under(found: Projection, by: date) -> Text:
    """What stands under the name of an area among many."""
    words = chance_or_reason(found, by)
    return words if found.reason is not None else T("chance {n}", n=words)


def at_risk(target: Target, by: date) -> Text:
    """What the panels of many areas show."""
    return T("Chance of {target} by {date}, the most at risk first", target=counts.target_name(target), date=by)


SHORT: Mapping[str, Text] = {
    "already_reached": T("reached"),
    "no_figures": T("no figures yet"),
    "too_few": T("one snapshot only"),
    "not_falling": T("not falling"),
    "basis_break": T("a break in the series"),
    "above_hundred": T("coverage above 100%"),
    "unknown_eligible": T("eligible not known"),
    "too_old": T("figures too old"),
}


def moved(river: pd.DataFrame, horizon_days: int) -> Text:
    """How the day with even chances moved with the latest snapshot, and what moved it."""
    if len(river) < 2:
        return T("one answer so far: with the next snapshot it shows how the date moves")
    before, now = river.iloc[-2], river.iloc[-1]
    old, new = _day(before["q50"], horizon_days), _day(now["q50"], horizon_days)
    why = BECAUSE[now["moved_by"]]
    if pd.isna(before["q50"]) or pd.isna(now["q50"]):
        if pd.isna(before["q50"]) and pd.isna(now["q50"]):
            return T("even chances: {new}, as before the snapshot of {date}", new=new, date=now["origin"].date())
        return T(
            "even chances: {new}, after {old} before the snapshot of {date} ({why})",
            new=new,
            old=old,
            date=now["origin"].date(),
            why=why,
        )
    days = (now["q50"] - before["q50"]).days
    if not days:
        return T("even chances on {new}, not moved by the snapshot of {date}", new=new, date=now["origin"].date())
    if days > 0:
        return TN(
            "even chances on {new}, {n} day later than before the snapshot of {date} ({why})",
            "even chances on {new}, {n} days later than before the snapshot of {date} ({why})",
            n=days,
            new=new,
            date=now["origin"].date(),
            why=why,
        )
    return TN(
        "even chances on {new}, {n} day earlier than before the snapshot of {date} ({why})",
        "even chances on {new}, {n} days earlier than before the snapshot of {date} ({why})",
        n=-days,
        new=new,
        date=now["origin"].date(),
        why=why,
    )


BECAUSE: Mapping[str, Text] = {
    "first": T("first answer"),
    "data": T("new figures"),
    "revision": T("earlier figures revised"),
    "break": T("a break in the series"),
}


def _day(value: Any, horizon_days: int) -> Text:
    if pd.isna(value):
        return T("not within {horizon}", horizon=chances.horizon(horizon_days))
    return T("{date}", date=value.date())


def record(found: Verdict, came: int) -> Text:
    """The heading of the backtest: of how many past answers the outcome is known, and how many were right."""
    if not found.cases:
        return T("too little history to look back: two snapshots are needed before a first answer, and one after it")
    if not came:
        return TN(
            "{n} past answer, and its day has not come yet: nothing to judge so far",
            "{n} past answers, and their day has not come yet: nothing to judge so far",
            n=found.cases,
        )
    inside = round(found.cases * (found.cover80 or 0))
    return TN(
        "{n} past answer: in {inside} of them what happened was inside the 80% range (it should be 8 in 10)",
        "{n} past answers: in {inside} of them what happened was inside the 80% range (it should be 8 in 10)",
        n=found.cases,
        inside=inside,
    )


def bias(found: Verdict) -> Text | None:
    """Whether the answers were too early or too late, in the middle; None where that cannot be told."""
    if found.bias_days is None:
        return None
    days = round(found.bias_days)
    if days > 0:
        return TN("the middle answer was {n} day too early", "the middle answer was {n} days too early", n=days)
    if days < 0:
        return TN("the middle answer was {n} day too late", "the middle answer was {n} days too late", n=-days)
    return T("the middle of the answers was neither too early nor too late")


def caution(found: Verdict) -> Text | None:
    """That few answers prove little; None where there are enough."""
    if not found.cases or found.cases >= FEW_ANSWERS:
        return None
    return T("So few answers prove little: they tell of luck as much as of the method.")
