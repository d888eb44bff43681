"""Four eyes: where a file waits for a second person, who that may be, and what of it is seen.

The switch holds for an area and all in it. A file with a row there is handed in as a whole; somebody with the role of an approver
in all its areas decides, who is not the one that handed it in, by whatever way either came in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd

from ektp_analysis.access.guard import Held, NotAllowedError
from ektp_analysis.access.people import Known, Person, Role, lies_in, replay
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.store.records import Commit
from ektp_analysis.store.submissions import Actor, Submission, Submitted
from ektp_analysis.store.visits import Received

OPERATOR = "operator"
LOOKED_AT = 10
# The ways in which one person is who came: behind a command of the machine, or a token of a program, may be anybody.
OF_PERSONS = frozenset({"accounts", "oidc", "proxy"})


class ReviewedError(UserError):
    """Figures of an area with four eyes are stored once somebody else has approved them, and not before."""


class Reviewing(Held):
    """The store, as far as files wait in it for a second person; each method as the store's own of its name."""

    def switch_review(self, area: str, wanted: bool, *, by: str, at: datetime) -> None:
        """As :meth:`Store.switch_review`, by who looks after the people of the area.

        Raises:
            NotAllowedError: whoever acts does not, or nobody logs in here.
            UserError: off, where it is on for an area around.
        """
        store, person = self._may(Role.ADMIN, (area,)), self._now()[0]
        if wanted and person.source == "local":
            raise NotAllowedError(
                T("Four eyes take two people, and here nobody logs in: everything is done by one. Set EKTP_LOGIN first."), person
            )
        around = [one for one in store.review_areas() if lies_in(area, one) and one != area]
        if not wanted and around:
            raise UserError(
                T("Four eyes are switched on for {area}, and so for all in it; switch them off there.", area=_named(around[0]))
            )
        store.switch_review(area, wanted, by=self._by(by), at=at)

    def review_areas(self) -> tuple[str, ...]:
        """As :meth:`Store.review_areas`, of one's own areas and those around them."""
        return tuple(one for one in self._seen().review_areas() if self._sight.around(one))

    def waits(self, areas: Iterable[str]) -> tuple[str, ...]:
        """The areas with four eyes for which figures of these areas wait; () where none does."""
        given = tuple(areas)
        return tuple(one for one in self._store.review_areas() if any(lies_in(area, one) for area in given))

    def _need_no_review(self, areas: Iterable[str]) -> None:
        if found := self.waits(areas):
            raise ReviewedError(
                T(
                    "In {area} figures are stored once somebody else has approved them (four eyes); nothing was stored.",
                    area=_named(found[0]),
                )
            )

    def _role_for_batch(self, batch_id: int) -> Role:
        """What it takes to let a batch count no more, or again."""
        found = self._store.review_areas()
        return Role.APPROVER if found and batch_id in self._store.batches_inside(found) else Role.UPLOADER

    def submit(self, rows: pd.DataFrame, received: Received, remembered: Mapping[str, Any]) -> Submitted:
        """As :meth:`Store.submit`, by whoever acts."""
        areas = {*map(str, rows["area_code"].unique() if len(rows) else ()), *remembered.get("aliases", {})}
        store = self._may(Role.UPLOADER, sorted(areas)) if areas else self._somewhere(Role.UPLOADER)
        told = self._by(received.uploader)
        return store.submit(rows, replace(received, uploader=told), self._actor(told), remembered)

    def submissions(self, *, waiting: bool | None = None, most: int | None = None) -> list[Submission]:
        """As :meth:`Store.submissions`: what one handed in, and files all of whose areas are seen. With ``most`` these are looked
        for among the latest :data:`LOOKED_AT` times as many, so that a long history costs a page nothing."""
        store = self._seen()
        if most is None or self._sight.all:
            return [one for one in store.submissions(waiting=waiting, most=most) if self._shown(one)]
        mine = store.submissions(waiting=waiting, person=self._now()[0].key, most=most)
        found = {one.id: one for one in (*mine, *store.submissions(waiting=waiting, most=LOOKED_AT * most)) if self._shown(one)}
        return [found[number] for number in sorted(found, reverse=True)][:most]

    def submission(self, number: int) -> Submission:
        """As :meth:`Store.submission`, of those in :meth:`submissions`."""
        found = self._seen().submission(number)
        if not self._shown(found):
            person = self._now()[0]
            raise NotAllowedError(T("File {number} holds figures of areas that you may not see.", number=str(number)), person)
        return found

    def submitted_rows(self, number: int) -> pd.DataFrame:
        """As :meth:`Store.submitted_rows`, of those in :meth:`submissions`."""
        return self._store.submitted_rows(self.submission(number).id)

    def submitted_original(self, number: int) -> tuple[str, bytes]:
        """As :meth:`Store.submitted_original`, of those in :meth:`submissions`."""
        return self._store.submitted_original(self.submission(number).id)

    def later(self, number: int) -> tuple[int, ...]:
        """As :meth:`Store.later`, of those in :meth:`submissions`."""
        return self._store.later(self.submission(number).id)

    def hindrance(self, wanted: Submission) -> Text | None:
        """Why whoever acts may not decide about a file; None where this person may."""
        person = self._now()[0]
        if (lacking := next((one for one in wanted.areas if not person.may(Role.APPROVER, one)), None)) is not None:
            return T("It takes the role {role} for {area}.", role=Role.APPROVER.label, area=_named(lacking))
        return hindrance(wanted, person, replay(self._store.person_events()))

    def approve(self, number: int, *, seen: Collection[int], by: str, at: datetime) -> Commit:
        """As :meth:`Store.approve`, by somebody else than who handed it in."""
        found = self._need_other(number)
        return self._store.approve(found.id, self._actor(self._by(by)), seen=seen, at=at)

    def send_back(self, number: int, reason: str, *, by: str, at: datetime) -> Submission:
        """As :meth:`Store.send_back`, by somebody else than who handed it in."""
        found = self._need_other(number)
        return self._store.send_back(found.id, reason, self._actor(self._by(by)), at=at)

    def _need_other(self, number: int) -> Submission:
        found = self.submission(number)
        why = self.hindrance(found)
        if why is not None:
            raise NotAllowedError(
                T("You cannot decide about file {number}: {reason}", number=str(number), reason=why), self._now()[0]
            )
        return found

    def _shown(self, wanted: Submission) -> bool:
        person = self._now()[0]
        ways = {wanted.way, person.source}
        mine = wanted.person == person.key and (len(ways) == 1 or ways <= OF_PERSONS)
        return mine or all(self._sight.whole(area) for area in wanted.areas)

    def _actor(self, told: str) -> Actor:
        person = self._now()[0]
        return Actor(person.key, person.source, told)


def hindrance(wanted: Submission, person: Person, known: Mapping[str, Known]) -> Text | None:
    """Why a person is not the second one for a file, whatever may be done in its areas; None where it is one."""
    if person.source not in OF_PERSONS | {OPERATOR}:
        return T("Only somebody who has logged in can be the second person.")
    if person.source == OPERATOR and wanted.way not in OF_PERSONS:
        return T("It was handed in by a command or a program. Somebody who logs in is to decide about it.")
    if wanted.person == person.key:
        return T("You have handed it in yourself. Somebody else is to decide about it.")
    one, other = (known.get(key) or Known(key, key) for key in (wanted.person, person.key))
    if one.identity and one.identity == other.identity:
        return T("You have handed it in yourself, under the name {person}. Somebody else is to decide about it.", person=one.key)
    if _plain(one.name) == _plain(other.name):
        return T(
            "Whoever handed it in has the same name as you ({person}). Where you are two people, let the list of people tell you "
            "apart by your names.",
            person=one.key,
        )
    return None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _named(area: str) -> str:
    return register().name(area)
