"""A store as one person may use it: who may, and the store as a whole. What it gives and takes is in
:mod:`~ektp_analysis.access.guarded`.

Whose store it is was settled when it was handed out; whether that still holds is asked at each call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ektp_analysis.access.people import Person, Role
from ektp_analysis.access.sight import Moment, Sight
from ektp_analysis.core.area import NATION, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.store import moving, writing
from ektp_analysis.store.records import Difference, Head, Info
from ektp_analysis.store.store import Store
from ektp_analysis.store.trail import EXPORT

# What may be told the trail beside rows, and by whom; anything else only by who may do everything.
NOTES = {EXPORT: Role.READER}
LOG_IN = T("You are not logged in, or no longer. Log in first.")


class NotAllowedError(UserError):
    """Who acts may not do this. ``person`` is that person."""

    def __init__(self, message: Text, person: Person) -> None:
        super().__init__(message)
        self.person = person


def refusal(person: Person, role: Role, area: str) -> NotAllowedError:
    """The error that says which role is lacking where."""
    if not person.key:
        return NotAllowedError(LOG_IN, person)
    return NotAllowedError(
        T(
            "{person} may not do this: it takes the role {role} for {area}. Whoever looks after the people of this server can "
            "give it.",
            person=person.told,
            role=role.label,
            area=area_named(area),
        ),
        person,
    )


def area_named(area: str) -> Text | str:
    """An area as it stands in a sentence about roles."""
    return T("the whole of Indonesia") if area == NATION else register().name(area)


class Held:
    """The store, as far as the person who acts may use it. Two that show the same are equal, so caches may hold them as keys.

    ``now`` gives who acts at this moment, with the roles of this moment. ``recorded``: that person stands for whoever a caller
    names as the one who did something.
    """

    def __init__(self, store: Store, sight: Sight, now: Callable[[], tuple[Person, Sight]], *, recorded: bool) -> None:
        self._store, self._sight, self._now, self._recorded = store, sight, now, recorded

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and self._store is other._store and self._sight == other._sight

    def __hash__(self) -> int:
        return hash((id(self._store), self._sight))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _seen(self) -> Store:
        """The store, for reading; whoever may see less than when this was handed out gets nothing more from it."""
        person, sight = self._now()
        if not person.key or not (self._sight.all or self._sight.areas):
            raise refusal(person, Role.READER, NATION)
        if sight != self._sight and not sight.all:
            raise NotAllowedError(T("What you may see has changed. Load the page again."), person)
        return self._store

    def _may(self, role: Role, areas: Iterable[str]) -> Store:
        """The store, for changing something in these areas."""
        person, _ = self._now()
        for area in areas:
            if not person.may(role, area):
                raise refusal(person, role, area)
        return self._store

    def _whole(self) -> Store:
        return self._may(Role.ADMIN, (NATION,))

    def _somewhere(self, role: Role) -> Store:
        """The store, for what belongs to no area."""
        person, _ = self._now()
        if not person.areas(role):
            raise refusal(person, role, NATION)
        return self._store

    def _by(self, by: str) -> str:
        return self._now()[0].told if self._recorded else by

    def _may_batch(
        self, inside: Callable[[Collection[str]], Mapping[int, bool]], batch_id: int, role: Role = Role.UPLOADER
    ) -> Store:
        """The store, for changing whether a batch counts: all its rows lie where one may."""
        person, _ = self._now()
        areas = person.areas(role)
        if NATION not in areas and not inside(areas).get(batch_id, False):
            if role > Role.UPLOADER and person.key:
                raise NotAllowedError(
                    T(
                        "Batch {batch} holds figures of areas with four eyes: an approver of all its areas withdraws or "
                        "restores it.",
                        batch=str(batch_id),
                    ),
                    person,
                )
            if not person.key:
                raise refusal(person, role, NATION)
            raise NotAllowedError(
                T("Batch {batch} holds figures of areas in which you may change nothing.", batch=str(batch_id)), person
            )
        return self._store

    def _may_numbered(self, kind: Literal["event", "deck", "plan"], number: int) -> Store:
        """The store, for changing what has a number and an area; where there is none, the store says so."""
        area = self._store.area_of(kind, number)
        return self._may(Role.UPLOADER, () if area is None else (area,))

    @property
    def sight(self) -> Sight:
        """What may be seen."""
        return self._sight

    @property
    def place(self) -> str:
        """As :attr:`Store.place`."""
        return self._store.place

    @property
    def read_only(self) -> bool:
        """As :attr:`Store.read_only`."""
        return self._store.read_only

    def is_there(self) -> bool:
        """As :meth:`Store.is_there`."""
        return self._store.is_there()

    def open_to_others(self) -> list[Path]:
        """As :meth:`Store.open_to_others`."""
        return self._whole().open_to_others()

    def close(self) -> None:
        """As :meth:`Store.close`."""
        self._store.close()

    def is_the_one(self, store: Store) -> bool:
        """Whether this is what may be used of that store."""
        return self._store is store

    def token(self, *areas: str) -> str:
        """As :meth:`Store.token`, of what is seen; another one for whoever may see something else."""
        if self._sight.all:
            return self._store.token(*areas)
        seen = {one for area in areas or (NATION,) for one in self._sight.behind(area)}
        return self._store.token(*sorted(seen)) + self._sight.name

    def visits_token(self) -> str:
        """As :meth:`Store.visits_token`; another one for whoever may see something else."""
        return self._store.visits_token() + self._sight.name

    def people_token(self) -> str:
        """As :meth:`Store.people_token`."""
        return self._store.people_token()

    def info(self) -> Info:
        """As :meth:`Store.info`, of the batches that are seen."""
        return self._store.info(None if self._sight.all else self._sight.areas)

    def head(self, known_at: Moment = None) -> Head:
        """As :meth:`Store.head`."""
        return self._store.head(known_at)

    def head_and_hash(self, number: int) -> tuple[Head, str]:
        """As :meth:`Store.head_and_hash`."""
        return self._store.head_and_hash(number)

    def holds(self, name: str) -> bool | None:
        """As :meth:`Store.holds`."""
        return self._store.holds(name)

    def behind(self, at: datetime) -> timedelta:
        """As :meth:`Store.behind`."""
        return self._store.behind(at)

    def note(self, kind: str, content: Mapping[str, Any], *, at: datetime) -> None:
        """As :meth:`Store.note`."""
        store = self._somewhere(NOTES[kind]) if kind in NOTES else self._whole()
        store.note(kind, {**content, "by": self._by(content["by"])} if "by" in content else content, at=at)

    def noted(self, kind: str) -> dict[int, Mapping[str, Any]]:
        """As :meth:`Store.noted`."""
        return self._whole().noted(kind)

    def copy_to(self, url: str, told: moving.Told | None = None) -> moving.Copied:
        """As :meth:`Store.copy_to`."""
        return self._whole().copy_to(url, told)

    def lay_away(self, path: Path, told: moving.Told | None = None) -> None:
        """As :meth:`Store.lay_away`."""
        self._whole().lay_away(path, told)

    def verify(self, read: writing.Read, read_visits: writing.Read | None = None) -> list[Difference]:
        """As :meth:`Store.verify`."""
        return self._whole().verify(read, read_visits)
