"""``aim`` and ``event``: what the office wants to reach by when, and what happens when: set, listed, withdrawn, restored."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
import pandas as pd

from ektp_analysis.cli.spoken import (
    AreaType,
    DayType,
    SpokenCommand,
    SpokenGroup,
    TargetType,
    emit,
    json_option,
    known_at_option,
    lang_option,
    option,
    say,
)
from ektp_analysis.cli.telling import tell_clock
from ektp_analysis.core.aims import Aim, Event
from ektp_analysis.core.area import register
from ektp_analysis.core.occasions import Occasion, between
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.standing import Standing
from ektp_analysis.narrative import by_plan
from ektp_analysis.office import decisions
from ektp_analysis.office.answered import aim_json
from ektp_analysis.office.reports import today_of
from ektp_analysis.office.stores import Office
from ektp_analysis.projection.answers import plan_for

area_option = option("--area", type=AreaType(), text=T("Code of the area; the home area otherwise."))


@click.group(
    "aim", cls=SpokenGroup, text=T("What the office wants to reach by when: every page, slide and command starts from it.")
)
@lang_option
def aim() -> None:
    """Set, list, withdraw, take up again."""


@aim.command("set", cls=SpokenCommand, text=T("Set a target to reach by a day, in place of the area's former aim."))
@option("--target", type=TargetType(), required=True, text=T("zero, or a coverage such as 99.4."))
@option("--by", type=DayType(), required=True, text=T("The day by which it is to be reached."))
@area_option
@option("--name", default="", text=T("A name of a few words, such as: before the election."))
@json_option
@lang_option
def set_aim(target: Target, by: date, area: str | None, name: str, as_json: bool) -> None:
    """For an area and those in it that have none of their own."""
    tell_clock()
    _tell_aim(decisions.set_aim(area or settings().home_area, target, by, name), as_json)


@aim.command("list", cls=SpokenCommand, text=T("List the aims that hold, by area."))
@known_at_option
@json_option
@lang_option
def list_aims(known_at: date | None, as_json: bool) -> None:
    """One line an area."""
    found = decisions.aims(known_at)
    for one in found:
        _tell_aim(one, as_json)
    if not found and not as_json:
        say(T("No aim is set."), err=True)


@aim.command("withdraw", cls=SpokenCommand, text=T("Withdraw the area's own aim; nothing is deleted."))
@area_option
@json_option
@lang_option
def withdraw_aim(area: str | None, as_json: bool) -> None:
    """By its area."""
    found = decisions.withdraw_aim(area or settings().home_area)
    if as_json:
        emit(aim_json(found))
    else:
        say(T("withdrawn for {area}: {aim}", area=register().full_name(found.area_code), aim=by_plan.aim(found)))


@aim.command("restore", cls=SpokenCommand, text=T("Restore the aim that was withdrawn, from the day on which it was set."))
@area_option
@json_option
@lang_option
def restore_aim(area: str | None, as_json: bool) -> None:
    """By its area."""
    _tell_aim(decisions.restore_aim(area or settings().home_area), as_json)


def _tell_aim(one: Aim, as_json: bool) -> None:
    if as_json:
        emit(aim_json(one))
        return
    say(
        T(
            "{area}: {aim}; set by {who} on {date}",
            area=register().full_name(one.area_code),
            aim=by_plan.aim(one),
            who=one.set_by or "-",
            date=one.set_on,
        )
    )


@click.group("event", cls=SpokenGroup, text=T("Campaigns, elections and the like, drawn beside the figures over time."))
@lang_option
def event() -> None:
    """Add, list, withdraw, take up again."""


@event.command("add", cls=SpokenCommand, text=T("Add an event of an area."))
@click.argument("name")
@option("--from", "first", type=DayType(), required=True, text=T("Its first day."))
@option("--to", "last", type=DayType(), text=T("Its last day; the first otherwise."))
@area_option
@json_option
@lang_option
def add_event(name: str, first: date, last: date | None, area: str | None, as_json: bool) -> None:
    """For an area and those in it."""
    tell_clock()
    _tell_event(decisions.add_event(area or settings().home_area, first, last or first, name), as_json)


@event.command("list", cls=SpokenCommand, text=T("List the office's events by their days."))
@option("--holidays", type=int, metavar="YEAR", text=T("Also the long holidays and elections of this year."))
@known_at_option
@json_option
@lang_option
def list_events(holidays: int | None, known_at: date | None, as_json: bool) -> None:
    """One line an event."""
    found = decisions.events(known_at)
    for one in found:
        _tell_event(one, as_json)
    others = () if holidays is None else between((), date(holidays, 1, 1), date(holidays, 12, 31))
    for other in others:
        _tell_holiday(other, as_json)
    if not found and not others and not as_json:
        say(T("No event has been added."), err=True)


@event.command("withdraw", cls=SpokenCommand, text=T("Withdraw an event; nothing is deleted."))
@click.argument("number", type=int, metavar="ID")
@json_option
@lang_option
def withdraw_event(number: int, as_json: bool) -> None:
    """By its number, which the list says."""
    found = decisions.withdraw_event(number)
    if as_json:
        emit(_event_json(found))
    else:
        say(T("withdrawn: {event}", event=found.name))


@event.command("restore", cls=SpokenCommand, text=T("Restore an event that was withdrawn."))
@click.argument("number", type=int, metavar="ID")
@json_option
@lang_option
def restore_event(number: int, as_json: bool) -> None:
    """By its number."""
    _tell_event(decisions.restore_event(number), as_json)


def _tell_event(one: Event, as_json: bool) -> None:
    if as_json:
        emit(_event_json(one))
        return
    say(
        T(
            "{number}: {event}, {days}, {area}; set by {who} on {date}",
            number=str(one.id),
            event=one.name,
            days=_days(one.first, one.last),
            area=register().full_name(one.area_code),
            who=one.set_by or "-",
            date=one.set_at.date(),
        )
    )


def _tell_holiday(one: Occasion, as_json: bool) -> None:
    if as_json:
        emit({"event": None, "name": str(one.name), "from": one.first.isoformat(), "to": one.last.isoformat()})
    else:
        say(T("{event}, {days}", event=one.name, days=_days(one.first, one.last)))


def _days(first: date, last: date) -> Text:
    return T("{one}", one=first) if first == last else T("{first} to {last}", first=first, last=last)


def _event_json(one: Event) -> dict[str, Any]:
    return {
        "event": one.id,
        "area": one.area_code,
        "name": one.name,
        "from": one.first.isoformat(),
        "to": one.last.isoformat(),
        "by": one.set_by,
        "at": one.set_at.isoformat(),
    }


def plan_said(now: Office, at: Standing, history: pd.DataFrame, aim: Aim | None, known_at: date | None) -> tuple[Text, ...]:
    """The office's aim, and where its plan stands; nothing without an aim."""
    if aim is None:
        return ()
    plan, today = plan_for(history, aim), today_of(now, known_at=known_at)
    where = None if at.as_of_date is None else by_plan.where(plan, at.unrecorded, at.as_of_date, today)
    return (by_plan.aim(aim),) if where is None else (by_plan.aim(aim), where)
