"""The people of a shared server: taken in, given roles, taken out. Each step is an event in the trail.

Who looks after the people of an area gives roles there; whoever runs commands on the machine may do everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ektp_analysis.access import gate, passwords
from ektp_analysis.access.guard import refusal
from ektp_analysis.access.people import Known, Role, area_of, key_of, lies_in, name_of
from ektp_analysis.core.area import NATION
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import PROGRAM
from ektp_analysis.core.text import T
from ektp_analysis.store.persons import PersonEvent

LONGEST_IDENTITY = 400  # characters of a provider's address and its number for a person


@dataclass(frozen=True)
class Listed:
    """A person as whoever may give roles sees it."""

    known: Known
    may_change: bool


def people() -> list[Listed]:
    """Everyone in whose areas whoever acts may give roles, by key; who has no role yet is seen by all who may."""
    person = gate.acting()
    mine = person.areas(Role.ADMIN)
    if not mine:
        raise refusal(person, Role.ADMIN, NATION)
    found = []
    for known in gate.known_people().values():
        if not known.human:
            continue
        inside = [any(lies_in(area, own) for own in mine) for area in known.roles]
        if NATION in mine or not inside or any(inside):
            found.append(Listed(known, all(inside)))
    return sorted(found, key=lambda one: one.known.key)


def find(text: str) -> Known:
    """The person of a key. Raises UserError where there is none, or one that was withdrawn."""
    key = key_of(text)
    found = gate.known_people().get(key)
    if found is None:
        raise UserError(T("There is nobody called {key}; the list of people shows who there is.", key=key))
    if found.withdrawn:
        raise UserError(T("{key} was withdrawn; {program} people add {key} lets this person in again.", key=key, program=PROGRAM))
    return found


def add(text: str, name: str = "", *, identity: str = "") -> Known:
    """Let somebody log in; without a role this person sees nothing yet.

    Args:
        text: the name of an account, the e-mail address or user name that a provider or a proxy gives.
        identity: as whom a provider knows this person, from the start (:func:`identity_of`).

    Raises:
        UserError: there is somebody of this name; or as :func:`~people.key_of`.
        NotAllowedError: whoever acts may give no roles.
    """
    _need_somewhere()
    key = key_of(text)
    known = gate.known_people().get(key)
    if known is not None and not known.withdrawn:
        raise UserError(T("There is somebody called {key} already.", key=key))
    return _keep(key, "added", name=name_of(name, key), identity=identity or None)


def grant(text: str, role: Role | None, area: str) -> Known:
    """Give a person a role in an area in the place of the one before; None takes it. Raises UserError, NotAllowedError."""
    code, known = area_of(area), find(text)
    gate.need(Role.ADMIN, code)
    if role is None and code not in known.roles:
        raise UserError(T("{key} has no role in {area}.", key=known.key, area=code))
    if known.roles.get(code) == role:
        return known
    return _keep(known.key, "granted", role=None if role is None else role.word, area=code)


def withdraw(text: str) -> Known:
    """Let a person come in no more; open pages show nothing more either. Raises UserError, NotAllowedError."""
    known = find(text)
    _need_all(known)
    return _keep(known.key, "withdrawn")


def set_password(text: str, password: str) -> Known:
    """Give an account a password; whoever is logged in with the old one is not any more. Raises UserError, NotAllowedError."""
    known = find(text)
    _need_all(known)
    return _keep(known.key, "password", secret=passwords.secret_of(password, known.key))


def bind(known: Known, identity: str) -> Known:
    """From now on this person is whom a provider knows so, and nobody else whom it gives the same address."""
    with gate.acting_as(gate.SYSTEM):
        return _keep(known.key, "bound", identity=identity)


def identity_of(issuer: str, subject: str) -> str:
    """As whom a provider knows somebody: its address and its own number. Raises UserError where one is missing."""
    found = f"{issuer.strip()} {subject.strip()}"
    if not issuer.strip() or not subject.strip() or len(found) > LONGEST_IDENTITY:
        raise UserError(T("A provider's address and its number for the person belong together."))
    return found


def _need_somewhere() -> None:
    person = gate.acting()
    if not person.areas(Role.ADMIN):
        raise refusal(person, Role.ADMIN, NATION)


def _need_all(known: Known) -> None:
    _need_somewhere()
    for area in known.roles:
        gate.need(Role.ADMIN, area)


def _keep(
    key: str,
    event: str,
    *,
    name: str = "",
    role: str | None = None,
    area: str | None = None,
    identity: str | None = None,
    secret: str | None = None,
) -> Known:
    told = PersonEvent(key, event, datetime.now(UTC), gate.who(), name, role, area, identity, secret)
    gate.people_store().add_person_event(told)
    return gate.known_people()[key]
