"""The part of the store's face that is about people: what became of them and of what they may do, and who came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from ektp_analysis.store import queries, schema, trail
from ektp_analysis.store.opened import Opened

_OWNED = {"event": schema.occasion, "deck": schema.saved_deck, "plan": schema.plan_scenario}


@dataclass(frozen=True)
class PersonEvent:
    """What became of a person: 'added', 'granted' (a role in an area; ``role`` None: no more), 'bound' to the ``identity`` that a
    provider gives, a new 'password' (``secret`` is what it is checked against), 'withdrawn'; by whom, and when (UTC)."""

    person: str
    event: str
    at: datetime
    by: str
    name: str = ""
    role: str | None = None
    area: str | None = None
    identity: str | None = None
    secret: str | None = field(default=None, repr=False)
    id: int = 0


@dataclass(frozen=True)
class LoginEvent:
    """That a person came in by a ``way`` ('login', ends by itself at ``until``), left ('logout'), or that ``n`` tries 'failed'.
    ``session`` is a hash of what the browser keeps. ``at`` in UTC."""

    person: str
    event: str
    way: str
    at: datetime
    session: str = ""
    until: datetime | None = None
    n: int = 1
    id: int = 0


class Persons(Opened):
    """People and logins; like figures, they are only ever added. Whether it may be done is for the caller to see."""

    def add_person_event(self, wanted: PersonEvent) -> PersonEvent:
        """Keep what became of a person."""
        with self._writing() as connection:
            row = trail.add(connection, schema.person_event, _values(wanted))
        return PersonEvent(**dict(zip(schema.person_event.c.keys(), row, strict=True)))

    def person_events(self, known_at: date | datetime | None = None) -> list[PersonEvent]:
        """What became of people, the first first; or what was known of them at a past moment."""
        table = schema.person_event
        until = queries.moment(known_at, self._zone)
        asked = sa.select(table).where(sa.true() if until is None else table.c.at <= until).order_by(table.c.id)
        with self._database.reading() as connection:
            return [PersonEvent(**row) for row in connection.execute(asked).mappings()]

    def add_login_event(self, wanted: LoginEvent) -> LoginEvent:
        """Keep that somebody came in, left, or failed to come in. The same event of the same session again adds nothing."""
        with self._writing() as connection:
            if wanted.session:
                for known in _of_session(connection, wanted.session):
                    if known.event == wanted.event:
                        return known
            row = trail.add(connection, schema.login_event, _values(wanted))
        return LoginEvent(**dict(zip(schema.login_event.c.keys(), row, strict=True)))

    def session_events(self, session: str) -> list[LoginEvent]:
        """What is known of one session, the first first."""
        with self._database.reading() as connection:
            return _of_session(connection, session)

    def login_events(self, most: int) -> list[LoginEvent]:
        """The latest logins, the last first."""
        table = schema.login_event
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table).order_by(table.c.id.desc()).limit(most))
            return [LoginEvent(**row) for row in found.mappings()]

    def people_token(self) -> str:
        """Changes with everything that becomes of people and their sessions, in any process. One tiny query."""
        asked = [
            sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
            for table in (schema.person_event, schema.login_event)
        ]
        with self._database.reading() as connection:
            return "-".join(str(one) for one in connection.execute(sa.select(*asked)).one())

    def batches_inside(self, areas: Collection[str]) -> Mapping[int, bool]:
        """The batches of figures of which some row lies in one of these areas, and whether all do; retracted ones too."""
        with self._database.reading() as connection:
            return queries.batches_inside(connection, schema.figure, areas)

    def visit_batches_inside(self, areas: Collection[str]) -> Mapping[int, bool]:
        """The same of batches of visits."""
        with self._database.reading() as connection:
            return queries.batches_inside(connection, schema.visit, areas)

    def area_of(self, kind: Literal["event", "deck", "plan"], number: int) -> str | None:
        """The area of an event, of saved slides or of a saved plan, also of one that is withdrawn; None where there is none."""
        with self._database.reading() as connection:
            return queries.area_of(connection, _OWNED[kind], number)


def _values(wanted: PersonEvent | LoginEvent) -> dict[str, Any]:
    values = dict(vars(wanted))
    del values["id"]
    return values


def _of_session(connection: sa.Connection, session: str) -> list[LoginEvent]:
    table = schema.login_event
    asked = sa.select(table).where(table.c.session == session, table.c.session != "").order_by(table.c.id)
    return [LoginEvent(**row) for row in connection.execute(asked).mappings()]
