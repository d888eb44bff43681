"""What an office set itself and what happens when: aims and events, withdrawn and taken up again by further rows; and alerts.

No figure rests on them. Whether a name holds a personal number is for the caller to see.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ektp_analysis.core.aims import Aim, Event, checked_aim, checked_event, first_day
from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import PROGRAM
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.store import schema, trail
from ektp_analysis.store.records import AlertEvent, Difference
from ektp_analysis.store.troubles import UnreadableError

ALERT_EVENTS = ("raised", "seen", "closed", "reopened")


def aims(connection: sa.Connection, zone: ZoneInfo, *, until: datetime | None = None) -> list[Aim]:
    """The aims that hold, or did at the moment, by area: at most one each. See :meth:`Store.aims`."""
    found = (row for row in _last(connection, schema.aim, schema.aim.c.area, until) if row.target is not None)
    return sorted((_aim(row, zone) for row in found), key=lambda one: one.area_code)


def set_aim(connection: sa.Connection, wanted: Aim, zone: ZoneInfo, *, at: datetime) -> Aim:
    """Let an aim hold in the place of the area's former one, told at a moment. See :meth:`Store.keep_aim`."""
    last = _of_area(connection, wanted.area_code)
    told = trail.moment(connection, at)
    since = (told if wanted.set_at == at else wanted.set_at).astimezone(zone)
    _ahead(wanted, min(at.astimezone(zone), since), since)
    made = checked_aim(replace(wanted, set_at=since))
    held = None if last is None or last.target is None else _aim(last, zone)
    if held is not None and (held.target, held.by) == (made.target, made.by):
        if held.name == made.name:
            return held
        made = replace(made, set_at=held.set_at, set_by=held.set_by)  # a new name is no new plan
    _add_aim(connection, made, by=wanted.set_by, at=told)
    return made


def _ahead(wanted: Aim, now: datetime, last: datetime) -> None:
    """Raise UserError where an aim is for a day that the clock still has before it, but the last entry of the store has not."""
    if checked_aim(replace(wanted, set_at=now)).by < first_day(last.date()):
        raise UserError(
            T(
                "An aim needs a day after the last entry of the store ({last}), but {date} is not, because the clock was "
                "ahead then or is behind now ({now}). Choose a later day. If the clock is behind, correct it and set the "
                "aim again. If it was ahead, put the latest backup from before that entry in its place, run: {program} store "
                "anew, and import the later files again.",
                program=PROGRAM,
                last=last,
                date=wanted.by,
                now=now,
            )
        )


def withdraw_aim(connection: sa.Connection, area: str, *, by: str, at: datetime, zone: ZoneInfo) -> Aim:
    """Let the aim of an area hold no more; gives what it was. See :meth:`Store.withdraw_aim`."""
    held = _held(connection, area, zone)
    _add_aim(connection, held, by=by, at=at, withdrawn=True)
    return held


def restore_aim(connection: sa.Connection, area: str, *, by: str, at: datetime, zone: ZoneInfo) -> Aim:
    """Let the aim that was withdrawn last hold again, its plan from when it was set. See :meth:`Store.restore_aim`."""
    table, last = schema.aim, _of_area(connection, area)
    if last is None or last.target is not None:
        raise UserError(T("No aim of {area} is withdrawn, so there is nothing to restore.", area=area))
    asked = sa.select(table).where(table.c.area == area, table.c.target.is_not(None)).order_by(table.c.id.desc()).limit(1)
    former = _aim(connection.execute(asked).one(), zone)
    _add_aim(connection, former, by=by, at=at)
    return former


def _held(connection: sa.Connection, area: str, zone: ZoneInfo) -> Aim:
    last = _of_area(connection, area)
    if last is None or last.target is None:
        raise UserError(T("No aim is set for {area}; the list of aims shows which there are.", area=area))
    return _aim(last, zone)


def _of_area(connection: sa.Connection, area: str) -> Any | None:
    """The last row about the aim of an area."""
    table = schema.aim
    code = str(AreaCode(area))
    return connection.execute(sa.select(table).where(table.c.area == code).order_by(table.c.id.desc()).limit(1)).one_or_none()


def _add_aim(connection: sa.Connection, aim: Aim, *, by: str, at: datetime, withdrawn: bool = False) -> None:
    row = {"area": aim.area_code, "target": None if withdrawn else aim.target.key, "day": aim.by, "name": aim.name}
    trail.add(connection, schema.aim, {**row, "set_at": aim.set_at, "set_by": aim.set_by, "at": at, "by": by})


def events(connection: sa.Connection, zone: ZoneInfo, *, until: datetime | None = None) -> list[Event]:
    """The events that hold, or did at the moment, by their days. See :meth:`Store.events`."""
    found = _last(connection, schema.occasion, schema.occasion.c.number, until)
    kept = [_event(row, zone) for row in found if row.name is not None]
    return sorted(kept, key=lambda one: (one.first, one.last, one.id))


def add_event(connection: sa.Connection, wanted: Event, zone: ZoneInfo) -> Event:
    """Keep an event; one of the same area, days and name is there already. See :meth:`Store.add_event`."""
    at = trail.moment(connection, wanted.set_at)
    made = checked_event(replace(wanted, set_at=at.astimezone(zone)))
    for one in events(connection, zone):
        if (one.area_code, one.first, one.last, one.name.casefold()) == (
            made.area_code,
            made.first,
            made.last,
            made.name.casefold(),
        ):
            return one
    table = schema.occasion
    number = int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0))).scalar_one()) + 1
    made = replace(made, id=number)
    _add_event(connection, made, by=made.set_by, at=made.set_at)
    return made


def withdraw_event(connection: sa.Connection, number: int, *, by: str, at: datetime, zone: ZoneInfo) -> Event:
    """Let an event hold no more; gives what it was. See :meth:`Store.withdraw_event`."""
    held = next((one for one in events(connection, zone) if one.id == number), None)
    if held is None:
        raise UserError(
            T("There is no event with the number {number}; the list of events shows which there are.", number=str(number))
        )
    _add_event(connection, held, by=by, at=at, withdrawn=True)
    return held


def restore_event(connection: sa.Connection, number: int, *, by: str, at: datetime, zone: ZoneInfo) -> Event:
    """Let an event that was withdrawn hold again. See :meth:`Store.restore_event`."""
    table, last = schema.occasion, _of_number(connection, number)
    if last is None or last.name is not None:
        raise UserError(T("No event with the number {number} is withdrawn, so there is nothing to restore.", number=str(number)))
    asked = sa.select(table).where(table.c.number == number, table.c.name.is_not(None)).order_by(table.c.id.desc()).limit(1)
    former = _event(connection.execute(asked).one(), zone)
    _add_event(connection, former, by=by, at=at)
    return former


def _of_number(connection: sa.Connection, number: int) -> Any | None:
    """The last row about an event."""
    table = schema.occasion
    return connection.execute(sa.select(table).where(table.c.number == number).order_by(table.c.id.desc()).limit(1)).one_or_none()


def _add_event(connection: sa.Connection, event: Event, *, by: str, at: datetime, withdrawn: bool = False) -> None:
    row = {"number": event.id, "area": event.area_code, "first": event.first, "last": event.last}
    row |= {"name": None if withdrawn else event.name, "set_at": event.set_at, "set_by": event.set_by, "at": at, "by": by}
    trail.add(connection, schema.occasion, row)


def alert_events(connection: sa.Connection, *, until: datetime | None = None) -> list[AlertEvent]:
    """What became of alerts, the first first. See :meth:`Store.alert_events`."""
    table = schema.alert_event
    known = sa.true() if until is None else table.c.at <= until
    return [_alert(row) for row in connection.execute(sa.select(table).where(known).order_by(table.c.id))]


def add_alert_event(connection: sa.Connection, wanted: AlertEvent) -> AlertEvent:
    """Add what became of an alert, or find that it is so already. See :meth:`Store.add_alert_event`."""
    table, reason = schema.alert_event, " ".join(wanted.reason.split())
    if wanted.event not in ALERT_EVENTS or not wanted.key:
        raise ValueError("an alert has a key, and an event is one of those that are known")
    if wanted.event == "closed" and not reason:
        raise UserError(T("A reason is needed to close an alert; write one in a few words."))
    asked = sa.select(table).where(table.c.key == wanted.key).order_by(table.c.id.desc()).limit(1)
    last = connection.execute(asked).one_or_none()
    if last is not None and wanted.event in (last.event, "raised"):  # raised once; what is new again is reopened
        return _alert(last)
    values = {**vars(wanted), "area": str(AreaCode(wanted.area)), "reason": reason, "detail": json.dumps(dict(wanted.detail))}
    return _alert(trail.add(connection, table, {name: value for name, value in values.items() if name != "id"}))


def _alert(row: Any) -> AlertEvent:
    try:
        detail = json.loads(row.detail)
    except ValueError as error:
        raise UnreadableError from error
    return AlertEvent(row.id, row.kind, row.area, row.key, row.event, row.at, row.by, row.reason, detail)


def differences(connection: sa.Connection, zone: ZoneInfo) -> list[Difference]:
    """Rows of aims and events that no one can have written through this program. See :meth:`Store.verify`."""
    found: list[Difference] = []
    for table, kept in ((schema.aim, schema.aim.c.target), (schema.occasion, schema.occasion.c.name)):
        for row in connection.execute(sa.select(table).where(kept.is_not(None)).order_by(table.c.id)):
            try:
                _hold(row, zone, is_aim=table is schema.aim)
            except (UserError, StoreError) as error:
                found.append(Difference(0, table.name, row.area, None, "", Text(str(row.id)), error.message))
    return found


def _hold(row: Any, zone: ZoneInfo, *, is_aim: bool) -> None:
    """Raise what speaks against a row."""
    if is_aim:
        checked_aim(_aim(row, zone))
    else:
        checked_event(_event(row, zone))


def _last(connection: sa.Connection, table: sa.Table, key: sa.Column[Any], until: datetime | None) -> Iterator[Any]:
    """The last row of each key, as of the moment."""
    known = sa.true() if until is None else table.c.at <= until
    last = sa.select(sa.func.max(table.c.id)).where(known).group_by(key)
    yield from connection.execute(sa.select(table).where(table.c.id.in_(last)))


def _aim(row: Any, zone: ZoneInfo) -> Aim:
    try:
        target = Target.parse(row.target)
    except UserError as error:
        raise StoreError(
            T("The aim of {area} in the store is damaged; verify shows where, and the latest copy has it whole.", area=row.area)
        ) from error
    return Aim(row.area, target, row.day, row.name, row.set_at.astimezone(zone), row.set_by)


def _event(row: Any, zone: ZoneInfo) -> Event:
    return Event(row.number, row.area, row.first, row.last, row.name, row.set_at.astimezone(zone), row.set_by)
