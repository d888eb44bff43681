"""Sentences of the papers that teams take along: sheets, letters, the text for a village's group, the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.text import TN, T, Text, Weekday
from ektp_analysis.core.visit import PLACE_LABELS, Place
from ektp_analysis.narrative import teams
from ektp_analysis.planning.frames import people as whole
from ektp_analysis.planning.proposal import Plan, Work

# What the office writes in: no hour, no hall and no person is known to the plan.
HOUR, HALL_NAME, OFFICE_NAME = T("[hour]"), T("[name of the hall or school]"), T("[name of the office]")
SHADED = ("came", "recorded")  # what the form asks first


def place(key: str) -> Text:
    """The kind of place."""
    return PLACE_LABELS[Place(key)]


def about(people: float) -> Text:
    """So many people, of whom nobody knows for sure."""
    return TN("about {n} person", "about {n} people", n=whole(people))


def expectation(plan: Plan) -> Text:
    """What the expected numbers are, beside each of them."""
    return T(
        "'Expected' is what the model expects from the figures of {day}; it is no target and no result. Numbers are rounded, so "
        "that sums may differ by a few.",
        day=plan.origin,
    )


def title(plan: Plan, name: str) -> Text:
    """Whose plan it is and for which days; with its name where it has one."""
    area = register().full_name(plan.request.area)
    first, last = days(plan)
    if name:
        return T("Plan '{name}' for {area}, {first} to {last}", name=name, area=area, first=first, last=last)
    return T("Plan for {area}, {first} to {last}", area=area, first=first, last=last)


def days(plan: Plan) -> tuple[date, date]:
    """The first and the last day on which somebody is out; those of the request where nobody is."""
    out = [one.day for one in plan.assignments] or [plan.request.start, plan.request.by]
    return min(out), max(out)


def summary(plan: Plan) -> tuple[Text, ...]:
    """What the plan reaches and starts from, as its page says it, and what expected numbers are."""
    return teams.heading(plan), teams.basis(plan), teams.ASSUMED, expectation(plan)


def team(number: int) -> Text:
    """How a team is called."""
    return T("Team {n}", n=number)


def sheet_title(number: int, day: date) -> Text:
    """The heading of the sheet of a team on a day."""
    return T("{team}: {day}", team=team(number), day=Weekday(day))


def work(what: Work, code: str, kind: str) -> Text:
    """What a team does in an area at a kind of place, in a calendar or a table."""
    area = register().full_name(code)
    if what is Work.TRAVEL:
        return T("on the way ({area})", area=area)
    return T("recording in {area}, {place}", area=area, place=place(kind))


FILLING = T(
    "Fill in one row per visit. What is empty was not said; write 0 where there was none. The columns stand in the order of the "
    "file of visits; the form asks the shaded ones first. No names of persons and no NIK on this sheet."
)
RETURN = T(
    "Afterwards type each row in as a visit: in the app under 'Enter a visit from the field', or into the template of visits."
)


def inside_words(area: str) -> Text:
    """How the areas in an area are called above their list."""
    level = AreaCode(area).level
    if level is Level.KECAMATAN:
        return T("Villages in {area}, with what follows {code} in their codes", area=register().full_name(area), code=area + ".")
    return T("Areas in {area}, with what follows {code} in their codes", area=register().full_name(area), code=area + ".")


def addressee(area: str) -> Text:
    """To whom the letter about an area goes, by the office that they hold."""
    full, name = register().full_name(area), register().name(area)
    kind = full.split()[0]
    if AreaCode(area).level is Level.DESA:
        return T("the Lurah of {name}", name=name) if kind == "Kelurahan" else T("the village head of {name}", name=name)
    if AreaCode(area).level is Level.KECAMATAN:
        head = T("the head of Distrik {name}", name=name) if kind == "Distrik" else T("the Camat of {name}", name=name)
        return T("{head} and all village heads and Lurah in {area}", head=head, area=full)
    return T("the head of the civil registry office of {area}", area=full)


def above(area: str) -> str:
    """The full name of the area in which an area lies."""
    parent = AreaCode(area).parent
    return "" if parent is None else register().full_name(parent)


def group_text(area: str, visits: Sequence[tuple[date, str]], office: str) -> tuple[Text | str, ...]:
    """The text for the group of a village, line by line ('' is an empty line). ``visits``: day and kind of place, in order."""
    return (
        T("RECORDING OF THE ELECTRONIC ID CARD (KTP-el): {area}", area=register().full_name(area)),
        "",
        T("A team of {office} comes to you:", office=office or OFFICE_NAME),
        *(T("- {day}, {place}", day=Weekday(day), place=place(kind)) for day, kind in visits),
        T("Time: {hour}. Where: {hall}.", hour=HOUR, hall=HALL_NAME),
        "",
        T("For whom: everyone of 17 years or more, or married, who has not been recorded yet. Recording costs nothing."),
        T("Please bring: your family card (Kartu Keluarga)."),
        T("Who cannot come because of age, illness or disability: tell the village office, so that the team can come to them."),
        T("If somebody on the list has died, moved away or is recorded already: tell the village office."),
        T("Do not post NIK numbers or photos of cards in this group."),
    )
