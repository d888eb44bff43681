"""People and what they may do: a role each in an area and all in it. What is kept of them is replayed from its events.

Whoever is in no area may see nothing. A role holds all lower ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from ektp_analysis.core.area import NATION, AreaCode, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.opening.personal import in_text
from ektp_analysis.store.persons import PersonEvent

LONGEST_KEY, LONGEST_NAME = 120, 90  # characters: an address for e-mail; a name as it is shown
_KEY = re.compile(r"[\w.@+-]+")


class Role(IntEnum):
    """What a person may do in an area; a greater one holds the smaller ones."""

    READER = 1
    UPLOADER = 2
    APPROVER = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        """As it is typed and kept."""
        return self.name.lower()

    @property
    def label(self) -> Text:
        """As it stands in a sentence."""
        return _LABELS[self]

    @classmethod
    def parse(cls, word: str) -> Role:
        """Raises UserError where it is none."""
        try:
            return cls[word.strip().upper()]
        except KeyError as error:
            known = ", ".join(one.word for one in cls)
            raise UserError(T("'{text}' is no role; there are {roles}.", text=word[:20], roles=known)) from error


_LABELS = {
    Role.READER: T("reader"),
    Role.UPLOADER: T("uploader"),
    Role.APPROVER: T("approver"),
    Role.ADMIN: T("administrator"),
}


@dataclass(frozen=True, order=True)
class Grant:
    """A role in an area and all in it."""

    role: Role
    area: str


def lies_in(area: str, other: str) -> bool:
    """Whether an area is another one or lies in it."""
    return other in (NATION, area) or area.startswith(other + ".")


def told(key: str, name: str) -> str:
    """A person as it is recorded: by name and key, where these differ."""
    return key if name in ("", key) else f"{name} ({key})"


@dataclass(frozen=True)
class Person:
    """Somebody who acts. ``key`` is the short name that stays, ``name`` the one that is shown, ``source`` the way in which this
    person came: 'local', 'operator', 'accounts', 'oidc', 'proxy', '' for nobody."""

    key: str
    name: str
    grants: tuple[Grant, ...] = ()
    source: str = ""

    @property
    def told(self) -> str:
        """As it is recorded with what this person does."""
        return told(self.key, self.name)

    def areas(self, role: Role = Role.READER) -> tuple[str, ...]:
        """The areas in which this person has a role or a greater one, none of them inside another."""
        given = {one.area for one in self.grants if one.role >= role}
        return tuple(sorted(one for one in given if not any(one != other and lies_in(one, other) for other in given)))

    def may(self, role: Role, area: str) -> bool:
        """Whether this person has the role, or a greater one, in all of an area."""
        return any(lies_in(area, one) for one in self.areas(role))

    @property
    def whole(self) -> bool:
        """Whether this person may do everything everywhere."""
        return self.may(Role.ADMIN, NATION)


NOBODY = Person("", "")


def everything(name: str, source: str) -> Person:
    """A person who may do everything: who sits at the machine itself."""
    return Person(name, name, (Grant(Role.ADMIN, NATION),), source)


@dataclass(frozen=True)
class Known:
    """What is kept of a person. ``identity`` is that of a provider ('' before the first login), ``secret`` what a password is
    checked against; no session that began before ``since`` counts. ``withdrawn``: this person may not come in."""

    key: str
    name: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    identity: str = ""
    secret: str = field(default="", repr=False)
    since: datetime | None = None
    withdrawn: bool = False

    def person(self, source: str) -> Person:
        """The person with what it may do now."""
        if self.withdrawn:
            return NOBODY
        return Person(self.key, self.name, tuple(sorted(Grant(role, area) for area, role in self.roles.items())), source)


def replay(events: Iterable[PersonEvent]) -> dict[str, Known]:
    """What the events make of each person, by key."""
    found: dict[str, Known] = {}
    for one in events:
        before = found.get(one.person, Known(one.person, one.name))
        found[one.person] = _after(before, one)
    return found


def _after(before: Known, event: PersonEvent) -> Known:
    now = dict(vars(before))
    if event.event == "added":
        return Known(event.person, event.name, identity=event.identity or "", since=event.at)
    if event.event == "granted" and event.area is not None:
        roles = {area: role for area, role in before.roles.items() if area != event.area}
        now["roles"] = roles if event.role is None else {**roles, event.area: Role.parse(event.role)}
    elif event.event == "bound":
        now["identity"] = event.identity or ""
    elif event.event == "password":
        now |= {"secret": event.secret or "", "since": event.at}
    elif event.event == "withdrawn":
        now |= {"withdrawn": True, "secret": "", "roles": {}, "since": event.at}
    return Known(**now)


def key_of(text: str) -> str:
    """The short name of a person as it is compared: small letters, no blanks at its ends.

    Raises:
        UserError: it is empty, too long, has other signs than an address for e-mail may have, or holds a personal number.
    """
    key = text.strip().casefold()
    if not _KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        raise UserError(
            T(
                "'{text}' is no name to log in with: letters, digits and . @ + - _ only, at most {most}.",
                text=text[:40],
                most=LONGEST_KEY,
            )
        )
    if in_text(key):
        raise UserError(T("The name holds a personal number (NIK); it is not kept."))
    return key


def name_of(text: str, key: str) -> str:
    """The name as it is shown; the key where none is given. Raises UserError as :func:`key_of`."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_NAME]
    if in_text(name):
        raise UserError(T("The name holds a personal number (NIK); it is not kept."))
    return name or key


def area_of(text: str) -> str:
    """The code of an area of the register. Raises UserError where it is none."""
    code = str(AreaCode.parse(text))
    if code not in register():
        raise UserError(T("'{text}' is not an area in the register.", text=text[:20]))
    return code
