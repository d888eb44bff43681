"""Figures of a week that are awaited, in words: what is lacking of an area, and a reminder that can be copied and sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, T, Text, some
from ektp_analysis.figures.weekly import Lack, Missing, Week

MOST_NAMED = 5  # areas that have not reported, in a line


def headline(area: str, week: Week, found: Sequence[Missing], areas: int) -> Text:
    """How many of the areas in one lack figures of a week."""
    if not found:
        return T(
            "{area}, week of {first} to {last}: figures from all {all} areas",
            area=register().full_name(area), first=week.monday, last=week.sunday, all=areas,
        )  # fmt: skip
    return TN(
        "{area}, week of {first} to {last}: {n} of {all} areas lacks figures",
        "{area}, week of {first} to {last}: {n} of {all} areas lack figures",
        n=len(found), area=register().full_name(area), first=week.monday, last=week.sunday, all=areas,
    )  # fmt: skip


def said(one: Missing) -> Text:
    """What is lacking of an area."""
    if one.lack is Lack.NEVER or one.last is None:
        return T("never reported") if one.lack is not Lack.HANDED_IN else T("a file waits for approval")
    if one.lack is Lack.HANDED_IN:
        return T("a file waits for approval; the last figures that count are of {date}", date=one.last)
    if one.lack is Lack.PARTLY:
        return TN(
            "not from {n} area that usually reports: {areas}",
            "not from {n} areas that usually report: {areas}",
            n=len(one.absent),
            areas=some([register().name(code) for code in one.absent], MOST_NAMED),
        )
    return T("no figures; the last are of {date}", date=one.last)


def reminder(week: Week, found: Sequence[Missing], until: date) -> Text | None:
    """A text to send to those who are awaited, of no person by name; None where nobody is to be reminded: whoever never reported
    may not be asked to, and a file that waits was sent."""
    asked = [one for one in found if one.lack in (Lack.NONE, Lack.PARTLY)]
    if not asked:
        return None
    names = [
        T("- {area}", area=register().full_name(one.area))
        if one.lack is Lack.NONE
        else T("- {area} ({areas})", area=register().full_name(one.area), areas=", ".join(map(register().name, one.absent)))
        for one in asked
    ]
    listed = names[0]
    for name in names[1:]:
        listed = T("{list}\n{more}", list=listed, more=name)
    return T(
        "Reminder: figures of the recording of e-KTP, week of {first} to {last}\n\nAs of {until} the figures of that week have "
        "not reached us from:\n{areas}\n\nPlease send them, or tell us if there are none. If you have sent them already, please "
        "tell us on which day. Thank you.",
        first=week.monday,
        last=week.sunday,
        until=until,
        areas=listed,
    )
