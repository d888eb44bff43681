"""Who is trusted without logging in: programs by a token, offices by the signature on their files. Kept as people are.

Their short names have a kind and a colon before them, which no name to log in with may have: nobody can become one by logging in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from ektp_analysis.access import gate
from ektp_analysis.access.people import Known, Role, area_of, key_of, lies_in
from ektp_analysis.core.area import NATION
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T
from ektp_analysis.store.persons import PersonEvent


class Kind(StrEnum):
    """What is trusted."""

    TOKEN = "token"
    OFFICE = "office"


def key(kind: Kind, name: str) -> str:
    """The short name under which it is kept. Raises UserError as :func:`~people.key_of`."""
    return f"{kind}:{key_of(name)}"


def known(kind: Kind) -> dict[str, Known]:
    """All of a kind, withdrawn ones too: name -> what is kept."""
    return {one.removeprefix(f"{kind}:"): found for one, found in gate.known_people().items() if one.startswith(f"{kind}:")}


def may_change(found: Known) -> bool:
    """Whether whoever acts looks after all areas of it."""
    mine = gate.acting().areas(Role.ADMIN)
    return bool(mine) and all(any(lies_in(area, own) for own in mine) for area in found.roles)


def add(kind: Kind, name: str, identity: str, roles: Mapping[str, Role]) -> Known:
    """Trust it with a role in each area, in the place of one of this name that was withdrawn; known by its ``identity``.

    Raises:
        UserError: no such area; as :func:`key`.
        NotAllowedError: whoever acts does not look after these areas.
    """
    given = {area_of(area): role for area, role in roles.items()}
    for area in given:
        gate.need(Role.ADMIN, area)
    kept = key(kind, name)
    _keep(PersonEvent(kept, "added", datetime.now(UTC), gate.who(), name=kept, identity=identity))
    for area, role in sorted(given.items()):
        _keep(PersonEvent(kept, "granted", datetime.now(UTC), gate.who(), role=role.word, area=area))
    return gate.known_people()[kept]


def withdraw(kind: Kind, name: str) -> Known:
    """Trust it no more; what it brought stays. Raises UserError where there is none, NotAllowedError."""
    found = known(kind).get(key_of(name))
    if found is None or found.withdrawn:
        raise UserError(T("There is nothing called {name} to withdraw; the list shows what there is.", name=name[:40]))
    if not may_change(found):
        for area in found.roles or (NATION,):
            gate.need(Role.ADMIN, area)
    _keep(PersonEvent(found.key, "withdrawn", datetime.now(UTC), gate.who()))
    return gate.known_people()[found.key]


def _keep(event: PersonEvent) -> None:
    gate.people_store().add_person_event(event)
