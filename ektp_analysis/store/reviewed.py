"""The part of the store's face that is about four eyes: files handed in, approved or sent back, and where that is asked for.

A file that was handed in counts nowhere until it is approved; then its batch is stored in the same transaction that says so.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T
from ektp_analysis.store import queries, schema, submissions, trail, writing
from ektp_analysis.store.persons import Persons
from ektp_analysis.store.records import Commit, checked, digest
from ektp_analysis.store.review_tables import review_event, review_switch, submission
from ektp_analysis.store.submissions import Actor, LaterError, Submission, Submitted
from ektp_analysis.store.visits import Received


class Reviewed(Persons):
    """Files that wait for a second person. Who may do what is for the caller to see."""

    def switch_review(self, area: str, wanted: bool, *, by: str, at: datetime) -> None:
        """From now on files of an area and of all in it wait for a second person, or no more. The same again adds nothing.

        Raises:
            UserError: no area code.
        """
        AreaCode(area)
        with self._writing() as connection:
            if (area in submissions.switched(connection)) != wanted:
                trail.add(connection, review_switch, {"area": area, "wanted": wanted, "by": by, "at": at})

    def review_areas(self) -> tuple[str, ...]:
        """The areas for which four eyes were switched on, each meant with all in it, by code."""
        with self._database.reading() as connection:
            return submissions.switched(connection)

    def submit(self, rows: pd.DataFrame, received: Received, who: Actor, remembered: Mapping[str, Any]) -> Submitted:
        """Keep a reading of a file until somebody decides: its bytes, rows, choices and report; whole or not at all.

        The same reading of the same bytes is not kept twice while it waits, nor where it is stored already. One that was sent
        back may be handed in again.

        Args:
            remembered: 'aliases' and 'layouts' as :meth:`Store.commit` takes them, once it is approved.

        Raises:
            UserError: no rows, or rows that break the contract; nothing was kept.
        """
        made = checked(rows)
        sha256, figures_sha256 = hashlib.sha256(received.data).hexdigest(), digest(made)
        values = {
            "sha256": sha256,
            "figures_sha256": figures_sha256,
            "name": writing.label(received.name),
            "areas": json.dumps(submissions.outermost(made["area_code"].unique())),
            "figures": submissions.written(made),
            "choices": json.dumps(dict(received.choices)),
            "report": json.dumps(dict(received.report)),
            "remembered": json.dumps({name: dict(remembered.get(name, {})) for name in ("aliases", "layouts")}),
            "person": who.person,
            "way": who.way,
            "by": who.told,
            "at": received.received_at,
        }
        packed = zlib.compress(received.data)
        with self._writing() as connection:
            batch = schema.batch.c
            stored = sa.select(batch.id).where(batch.sha256 == sha256, batch.figures_sha256 == figures_sha256)
            if (there := connection.execute(stored).scalar_one_or_none()) is not None:
                return Submitted(None, True, queries.batch(connection, there))
            same = sa.and_(submission.c.sha256 == sha256, submission.c.figures_sha256 == figures_sha256)
            for one in submissions.listed(connection, same):
                if one.decision is None:
                    return Submitted(one, True)
            writing.keep_bytes(connection, sha256, len(received.data), packed)
            added = trail.add(connection, submission, values)
            return Submitted(submissions.one(connection, added.id), False)

    def submissions(self, *, waiting: bool | None = None, person: str | None = None, most: int | None = None) -> list[Submission]:
        """The files that were ever handed in, the latest first.

        Args:
            waiting: those about which nobody has decided yet, or those about which somebody has; None: both.
            person: those that this person handed in.
            most: not more than so many.
        """
        decided = review_event.c.id.is_not(None)
        which: list[sa.ColumnElement[bool]] = [sa.true() if waiting is None else sa.not_(decided) if waiting else decided]
        which += [] if person is None else [submission.c.person == person]
        with self._database.reading() as connection:
            return submissions.listed(connection, sa.and_(*which), most)

    def submission(self, number: int) -> Submission:
        """One of them. Raises UserError where there is none of this number."""
        with self._database.reading() as connection:
            return submissions.one(connection, number)

    def submitted_rows(self, number: int) -> pd.DataFrame:
        """The rows of one, exactly as they were handed in: the contract's columns, sheet and row.

        Raises:
            UserError: there is none of this number.
            StoreError: they are no longer what was handed in.
        """
        with self._database.reading() as connection:
            return submissions.rows_of(connection, submissions.one(connection, number))

    def submitted_original(self, number: int) -> tuple[str, bytes]:
        """Name and bytes of its file. Raises as :meth:`submitted_rows`."""
        with self._database.reading() as connection:
            found = submissions.one(connection, number)
            return found.name, submissions.bytes_of(connection, found)

    def later(self, number: int) -> tuple[int, ...]:
        """The batches by which other figures than those of the file hold for its areas and days since it was handed in."""
        with self._database.reading() as connection:
            found = submissions.one(connection, number)
            return submissions.later(connection, found, submissions.rows_of(connection, found))

    def approve(self, number: int, who: Actor, *, seen: Collection[int], at: datetime) -> Commit:
        """Store exactly what was handed in, as an import of now, and keep who approved it; both or nothing. Again adds nothing.

        Args:
            seen: the batches of :meth:`later` of which the approver knows.

        Raises:
            UserError: there is none of this number, it was sent back, or its batch was withdrawn since.
            LaterError: there is a later batch that is not among ``seen``.
            StoreError: bytes or rows are no longer what was handed in.
        """
        with self._database.reading() as connection:
            wanted = submissions.one(connection, number)
            if wanted.decision is not None:
                return _decided_before(connection, wanted)
            rows, data = submissions.rows_of(connection, wanted), submissions.bytes_of(connection, wanted)

        def first(connection: sa.Connection) -> None:
            if submissions.one(connection, number).decision is not None:
                raise _DecidedMeanwhile
            later = submissions.later(connection, wanted, rows)
            if not {*later} <= {*seen}:
                raise LaterError(submissions.later_text(later), later)

        def then(connection: sa.Connection, batch_id: int) -> None:
            if submissions.one(connection, number).decision is not None:  # sent back before it was this one's turn
                raise _DecidedMeanwhile
            if queries.batch(connection, batch_id).retracted is not None:
                raise UserError(
                    T("Its figures were stored and withdrawn since; restore batch {batch} instead.", batch=str(batch_id))
                )
            _decide(connection, wanted, who, {"event": "approved", "batch_id": batch_id, "at": at, "reason": ""})

        try:
            made = writing.commit(
                self._database,
                rows,
                data=data,
                name=wanted.name,
                uploader=wanted.by,
                received_at=at,
                choices=wanted.choices,
                report=wanted.report,
                aliases=wanted.remembered["aliases"],
                layouts=wanted.remembered["layouts"],
                beside=writing.Beside(first, then),
            )
        except _DecidedMeanwhile:
            with self._database.reading() as connection:
                return _decided_before(connection, submissions.one(connection, number))
        self._tell()
        return made

    def send_back(self, number: int, reason: str, who: Actor, *, at: datetime) -> Submission:
        """Let a file not be stored, for a reason; it stays in the record. Again adds nothing.

        Raises:
            UserError: there is none of this number, no reason is given, or it was approved.
        """
        if not reason.strip():
            raise UserError(T("A file is sent back with a reason; write one in a few words."))
        with self._writing() as connection:
            found = submissions.one(connection, number)
            if found.decision is None:
                _decide(connection, found, who, {"event": "returned", "batch_id": None, "at": at, "reason": reason.strip()})
            elif found.decision.event == "approved":
                raise UserError(
                    T(
                        "File {number} was approved already; withdraw batch {batch} instead.",
                        number=str(number),
                        batch=str(found.decision.batch),
                    )
                )
            return submissions.one(connection, number)


class _DecidedMeanwhile(Exception):
    """Somebody else decided while this was being stored."""


def _decided_before(connection: sa.Connection, wanted: Submission) -> Commit:
    decision = wanted.decision
    assert decision is not None
    if decision.batch is None:
        raise UserError(
            T("File {number} was sent back by {who}: {reason}", number=str(wanted.id), who=decision.by, reason=decision.reason)
        )
    return Commit(queries.batch(connection, decision.batch), already_there=True)


def _decide(connection: sa.Connection, wanted: Submission, who: Actor, values: Mapping[str, Any]) -> None:
    trail.add(
        connection,
        review_event,
        {"submission_id": wanted.id, "person": who.person, "way": who.way, "by": who.told, **values},
    )
