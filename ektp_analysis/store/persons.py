"""The part of the store's face that is about people: what became of them and of what they may do, and who came in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ektp_analysis.store import queries, schema, trail
from ektp_analysis.store.opened import Opened

_OWNED = {"event": schema.occasion, "deck": schema.saved_deck, "plan": schema.plan_scenario}
_LATEST = sa.select(
    *(
        sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
        for table in (schema.person_event, schema.login_event)
    )
)


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


@dataclass
class Counts:
    """Numbers by their names: ``before`` a step, each with the seconds since it was changed; and ``after`` it, as far as they
    change (None: forgotten)."""

    before: Mapping[str, tuple[float, float]]
    after: dict[str, float | None] = field(default_factory=dict)


class Persons(Opened):
    """People and logins; like figures, they are only ever added. Whether it may be done is for the caller to see. All threads
    share what was read of them last, so it is always read as of now."""

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
        with self._database.reading(now=True) as connection:
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
        with self._database.reading(now=True) as connection:
            return _of_session(connection, session)

    def login_events(self, most: int) -> list[LoginEvent]:
        """The latest logins, the last first."""
        table = schema.login_event
        with self._database.reading(now=True) as connection:
            found = connection.execute(sa.select(table).order_by(table.c.id.desc()).limit(most))
            return [LoginEvent(**row) for row in found.mappings()]

    def people_token(self) -> str:
        """Changes with everything that becomes of people and their sessions, in any process. One tiny query."""
        with self._database.reading(now=True) as connection:
            return "-".join(str(one) for one in connection.execute(_LATEST).one())

    @property
    def counts_together(self) -> bool:
        """Whether several servers may use it, so that what each counts is to be counted here."""
        return self._database.path is None and not self._database.read_only

    @contextmanager
    def counting(self, names: Sequence[str], *, memory: float, most: int) -> Iterator[Counts]:
        """Numbers of these names, and what becomes of them; nobody else changes them meanwhile, on whichever server.

        What was not changed for ``memory`` seconds is forgotten, and the oldest of more than ``most``. No entry of the trail.
        """
        table, now = schema.tried, sa.select(sa.func.clock_timestamp())  # the one clock that all servers have in common
        with self._database.counting(names) as connection:
            began = connection.execute(now).scalar_one()
            asked = sa.select(table).where(table.c.name.in_(names), table.c.at > began - timedelta(seconds=memory))
            counts = Counts({row.name: (row.value, (began - row.at).total_seconds()) for row in connection.execute(asked)})
            yield counts
            at = connection.execute(now).scalar_one()
            kept = [{"name": name, "value": value, "at": at} for name, value in counts.after.items() if value is not None]
            gone = [name for name, value in counts.after.items() if value is None]
            if kept:
                added = postgresql.insert(table)
                same = {"value": added.excluded.value, "at": added.excluded.at}
                connection.execute(added.on_conflict_do_update(index_elements=[table.c.name], set_=same), kept)
            if gone:
                connection.execute(table.delete().where(table.c.name.in_(gone)))
            if any(one["name"] not in counts.before for one in kept):
                old = sa.select(table.c.name).where(table.c.at < at - timedelta(seconds=memory))
                for many in (old, sa.select(table.c.name).order_by(table.c.at.desc()).offset(most)):
                    found = connection.execute(many.with_for_update(skip_locked=True)).scalars().all()
                    connection.execute(table.delete().where(table.c.name.in_(found)))

    def batches_inside(self, areas: Collection[str]) -> Mapping[int, bool]:
        """The batches of figures of which some row lies in one of these areas, and whether all do; retracted ones too."""
        with self._database.reading(now=True) as connection:
            return queries.batches_inside(connection, schema.figure, areas)

    def visit_batches_inside(self, areas: Collection[str]) -> Mapping[int, bool]:
        """The same of batches of visits."""
        with self._database.reading(now=True) as connection:
            return queries.batches_inside(connection, schema.visit, areas)

    def area_of(self, kind: Literal["event", "deck", "plan"], number: int) -> str | None:
        """The area of an event, of saved slides or of a saved plan, also of one that is withdrawn; None where there is none."""
        with self._database.reading(now=True) as connection:
            return queries.area_of(connection, _OWNED[kind], number)


def _values(wanted: PersonEvent | LoginEvent) -> dict[str, Any]:
    values = dict(vars(wanted))
    del values["id"]
    return values


def _of_session(connection: sa.Connection, session: str) -> list[LoginEvent]:
    table = schema.login_event
    asked = sa.select(table).where(table.c.session == session, table.c.session != "").order_by(table.c.id)
    return [LoginEvent(**row) for row in connection.execute(asked).mappings()]
