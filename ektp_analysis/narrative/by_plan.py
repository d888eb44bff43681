"""Sentences about an office's aim: what it is, where its plan is today, and how far an area is ahead of it or behind."""

from __future__ import annotations

from datetime import date

from ektp_analysis.core.aims import Aim
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.figures.planned import Plan


def aim(found: Aim) -> Text:
    """The aim as a clause: its target, its day, its name."""
    share = found.target.percent
    said = (
        T("the office aims at full recording by {date}", date=found.by)
        if share is None
        else T("the office aims at {share} by {date}", share=share, date=found.by)
    )
    return T("{aim} ({name})", aim=said, name=found.name) if found.name else said


def short(target: Target, day: str) -> Text:
    """The few words of a label: the target and its day, which is written already."""
    if target.percent is None:
        return T("complete by {date}", date=day)
    return T("{share} by {date}", share=target.percent, date=day)


def where(plan: Plan | None, unrecorded: int | None, on: date, today: date | None) -> Text | None:
    """How many may be left by the plan on the day of the figures, how far the area is from that; and how many today.

    None where there is no plan, it has not begun, or the unrecorded are unknown.
    """
    if plan is None or unrecorded is None:
        return None
    allowed, now = plan.on(on), plan.on(today) if today is not None and today > on else None
    if allowed is None:
        return None if now is None or today is None else T("by the plan {n} today", n=now)
    if on >= plan.by:
        return _ended(plan, unrecorded)
    gap = _gap(plan, unrecorded, on)
    if on == today:
        return T("by the plan {n} today: {gap}", n=allowed, gap=gap)
    said = T("by the plan {n} on {date}: {gap}", n=allowed, date=on, gap=gap)
    return said if now is None else T("{said}; by the plan {n} today", said=said, n=now)


def _ended(plan: Plan, unrecorded: int) -> Text:
    more = unrecorded - plan.allowed
    if more <= 0:
        return T("by the plan at most {n} since {date}: kept", n=plan.allowed, date=plan.by)
    return T("by the plan at most {n} since {date}: {more} too many", n=plan.allowed, date=plan.by, more=more)


def _gap(plan: Plan, unrecorded: int, on: date) -> Text:
    """People and days by which the area is behind or ahead."""
    people, days = plan.behind(unrecorded, on), plan.days_behind(unrecorded, on)
    assert people is not None
    assert days is not None
    if people == 0:
        return T("as planned")
    words = TN("{n} day", "{n} days", n=abs(days))
    if days == 0:
        return T("{n} behind", n=people) if people > 0 else T("{n} ahead", n=-people)
    if people > 0:
        return T("{n} behind, about {days}", n=people, days=words)
    return T("{n} ahead, about {days}", n=-people, days=words)
