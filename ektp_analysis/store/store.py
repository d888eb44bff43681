"""The store's face: open it, put readings in, ask what holds, take back, verify."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core.aims import Aim, Event
from ektp_analysis.core.area import NATION, AreaCode, Level
from ektp_analysis.core.targets import Target
from ektp_analysis.store import foreseen as answers
from ektp_analysis.store import memory, migrations, plans, queries, rollups, schema, submissions, trail, visits, writing
from ektp_analysis.store.foreseen import Figures, Kept, Made
from ektp_analysis.store.outreach import Outreach
from ektp_analysis.store.records import Alias, Arrangement, Batch, Commit, Difference, Layout, SavedDeck
from ektp_analysis.store.revisions import Arrivals, Revisions, Versions, arrivals

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Store(Outreach):
    """Figures that are only ever added, each pointing at its file; what holds can be asked as of any past day.

    For any number of threads and processes at once: readers never wait, writers one after the other. Every method
    raises StoreError, with one sentence, when the database fails.
    """

    def commit(  # noqa: PLR0913 - all that a batch is, each asked for by name
        self,
        rows: pd.DataFrame,
        *,
        data: bytes,
        name: str,
        uploader: str,
        received_at: datetime,
        choices: Mapping[str, Any],
        report: Mapping[str, Any],
        aliases: Mapping[str, Mapping[str, str]] = _NOTHING,
        layouts: Mapping[str, Mapping[str, Any]] = _NOTHING,
    ) -> Commit:
        """Store one reading of a file: its bytes, choices and report, and its figures; whole or not at all.

        The bytes are kept once. The same figures from the same bytes are already there, and nothing is added, also when
        they were retracted since (``commit.batch.retracted``). The same bytes read otherwise (another date chosen,
        another sheet) are a batch of their own.

        Args:
            rows: the contract's columns with 'sheet' (str) and 'row' (int, as the file counts), one row an area and day.
            received_at: aware; the clock's. Where the last entry is later, that moment is kept instead (``commit.behind``).
            choices, report: what JSON can hold. ``choices`` makes the reading repeatable, for :meth:`verify`.
            aliases, layouts: what is remembered with it, in the same transaction: scope -> names, fingerprint -> choices.

        Raises:
            UserError: no rows, or rows that break the contract; nothing was stored.
        """
        made = writing.commit(
            self._database,
            rows,
            data=data,
            name=name,
            uploader=uploader,
            received_at=received_at,
            choices=choices,
            report=report,
            aliases=aliases,
            layouts=layouts,
        )
        self._tell()
        return made

    def figures(
        self, *, within: str | None = None, levels: Collection[int] | None = None, known_at: date | datetime | None = None
    ) -> pd.DataFrame:
        """The figures that hold, one row an area and day, sorted by area_code and as_of_date; not solved.

        Columns: the contract's, then batch_id, sheet, row, received_at (UTC). What holds is the figure of the latest batch
        (the one stored last) that is not retracted.

        Args:
            within: code of an area: itself and all in it; None or 'ID': all.
            levels: only areas of these levels (:class:`~ektp_analysis.core.area.Level`).
            known_at: as it was known then; a date means the end of that day in the store's zone.

        Raises:
            UserError: ``within`` is no area code.
        """
        with self._database.reading() as connection:
            return queries.figures(connection, within=within, levels=levels, until=queries.moment(known_at, self._zone))

    def arrivals(self, within: str) -> Arrivals:
        """How the figures in an area came in, without reading them. Raises UserError where ``within`` is no area code."""
        with self._database.reading() as connection:
            return arrivals(connection, within)

    def revisions(self, within: str, area: str) -> Revisions:
        """What was known when of the figures in an area; the moments are those of ``area``, which lies in it.

        Raises:
            UserError: one of them is no area code.
        """
        came = self.arrivals(within)

        @cache
        def versions() -> Versions:
            with self._database.reading() as connection:
                return Versions(connection, within)

        moments = came.moments if area == within else self.arrivals(area).moments
        return Revisions(moments, came.as_now, lambda moment: versions().known_at(moment))

    def rolled(
        self, within: str = NATION, *, down_to: Level = Level.DESA, known_at: date | datetime | None = None
    ) -> pd.DataFrame:
        """What :func:`~ektp_analysis.figures.rollup.roll_up` gives for the figures in an area, of the levels down to one.

        On a server, where the level lies above the desa and nothing of the past is asked for, it comes from what is kept for
        it, and no figure is read. Raises UserError where ``within`` is no area code.
        """
        until = queries.moment(known_at, self._zone)
        if until is None and down_to is not Level.DESA:
            rollups.keep_all_up(self._database, within)
        with self._database.reading() as connection:
            return rollups.rolled(connection, within, down_to, until)

    def received(self, within: str, *, known_at: date | datetime | None = None) -> dict[str, datetime]:
        """When the latest of the figures that hold was received, for each place in an area: a kabupaten, or a provinsi or the
        nation for their own figures."""
        with self._of_rollups(within) as connection:
            return rollups.received(connection, within, queries.moment(known_at, self._zone))

    def areas(self, within: str | None = None) -> list[str]:
        """The codes of the areas in an area that have a figure that holds, in order; None or 'ID': of all."""
        with self._of_rollups(within) as connection:
            return rollups.areas(connection, within)

    def days(self, within: str | None = None, *, known_at: date | datetime | None = None) -> list[date]:
        """The days of the figures in an area that hold, in order; or did at a moment."""
        with self._of_rollups(within) as connection:
            return rollups.days(connection, within, queries.moment(known_at, self._zone))

    def reports(self, within: str, day: date) -> dict[int, Mapping[str, Any]]:
        """The reports of the batches that the figures of a day in an area are of, by their ids."""
        with self._of_rollups(within) as connection:
            return queries.reports(connection, rollups.behind(connection, within, day))

    @contextmanager
    def _of_rollups(self, within: str | None) -> Iterator[sa.Connection]:
        """To read what is kept of the figures in an area; where they changed it is made anew first, once for all who ask."""
        if within is None or AreaCode(within).level <= Level.KABUPATEN:
            rollups.keep_all_up(self._database, within)
        with self._database.reading() as connection:
            yield connection

    def keep_up(self, within: str | None = None) -> None:
        """Make what a server keeps of the figures in an area anew where they changed since; else who asks for it does."""
        rollups.keep_all_up(self._database, within)

    def places(self) -> list[str]:
        """The kabupaten with figures, and what is larger and has figures of its own; of a server alone."""
        with self._database.reading() as connection:
            return rollups.places(connection)

    def names_of_figures(self, within: str) -> dict[str, str]:
        """A name for the figures that hold, by the kabupaten (or what is larger, for figures of its own) that they are of."""
        with self._of_rollups(within) as connection:
            return rollups.names(connection, within)

    def foreseen(self, within: str, level: Level, target: Target, *, names_alone: bool = False) -> dict[str, Kept]:
        """The answers that are kept of the areas of a level, by the area in which they lie."""
        with self._database.reading() as connection:
            return answers.kept(connection, within, level, target, names_alone=names_alone)

    def foresee(self, area: str, make: Callable[[Figures], Made]) -> bool:
        """Keep the answers that ``make`` makes of the figures in an area. False where somebody else is at it, or nothing kept."""
        return answers.keep(self._database, area, make)

    def past_answers(self, area: str, target: Target) -> Kept | None:
        """What is kept of past answers about an area and a target."""
        with self._database.reading() as connection:
            return answers.past(connection, area, target)

    def keep_past_answers(self, area: str, target: Target, join: Callable[[Kept | None], Kept]) -> bool:
        """Keep what ``join`` makes of what is kept; False where somebody else is at it, or nothing kept."""
        return answers.keep_past(self._database, area, target, join)

    @property
    def keeps_rollups(self) -> bool:
        """Whether questions about a provinsi or the nation need not read its figures (:mod:`ektp_analysis.store.rollups`)."""
        return self._database.path is None

    def keeps_answers(self, area: str) -> bool:  # noqa: ARG002 (a store that is guarded looks at it)
        """Whether answers about an area may be kept."""
        return self.keeps_rollups

    def batches(self, *, known_at: date | datetime | None = None) -> list[Batch]:
        """All batches, latest first, retracted ones too; or those of a past moment, in the state that they had then."""
        with self._database.reading() as connection:
            return queries.batches(connection, until=queries.moment(known_at, self._zone))

    def batch(self, batch_id: int) -> Batch:
        """One batch as it stands now. Raises UserError where there is none of this id."""
        with self._database.reading() as connection:
            return queries.batch(connection, batch_id)

    def original(self, batch_id: int) -> tuple[str, bytes]:
        """Name and bytes of a batch's file, as they were received. Raises UserError where there is no such batch."""
        with self._database.reading() as connection:
            return queries.original(connection, batch_id)

    def retract(self, batch_id: int, *, reason: str, by: str, at: datetime) -> timedelta:
        """Take a batch back from the moment ``at``, or from the last entry's where that is later: its figures no longer hold,
        nothing is deleted. Gives how far the clock was behind.

        Raises:
            UserError: no reason, no such batch, or retracted already.
        """
        return self._mark("retract", batch_id, reason, by, at)

    def restore(self, batch_id: int, *, reason: str, by: str, at: datetime) -> timedelta:
        """Undo a retraction; otherwise as :meth:`retract`. Raises UserError as it does, or if the batch is not retracted."""
        return self._mark("restore", batch_id, reason, by, at)

    def _mark(self, kind: Literal["retract", "restore"], batch_id: int, reason: str, by: str, at: datetime) -> timedelta:
        wanted = writing.Mark(kind, batch_id, reason, by, at)
        with self._database.reading() as connection:
            places = rollups.places_of_batch(connection, batch_id)
        behind = writing.mark(self._database, schema.retraction, wanted, queries.batch, self._zone, places)
        self._tell()
        return behind

    def remember_aliases(self, scope: str, mapping: Mapping[str, str], *, by: str, at: datetime) -> None:
        """Remember which areas names mean in files of the area ``scope``; what is remembered so already stays as it is.

        Raises:
            UserError: a code that does not lie in ``scope``, or a name that is empty or too long; nothing was remembered.
        """
        with self._writing() as connection:
            memory.remember_aliases(connection, scope, mapping, by=by, at=at)

    def aliases(self, scope: str | None = None) -> list[Alias]:
        """The names that are remembered, of one scope or of all, by scope and name."""
        with self._database.reading() as connection:
            return memory.aliases(connection, scope)

    def forget_alias(self, scope: str, name: str, *, by: str, at: datetime) -> None:
        """Forget a name (case and blanks do not matter). Raises UserError where it is not remembered."""
        with self._writing() as connection:
            memory.forget_alias(connection, scope, name, by=by, at=at)

    def remember_layout(self, fingerprint: str, choices: Mapping[str, Any], *, by: str, at: datetime) -> None:
        """Remember what was decided about files of this layout (what JSON can hold), in the place of what was before."""
        with self._writing() as connection:
            memory.remember_layout(connection, fingerprint, choices, by=by, at=at)

    def layouts(self) -> list[Layout]:
        """The layouts that are remembered, latest first."""
        with self._database.reading() as connection:
            return memory.layouts(connection)

    def layout(self, fingerprint: str) -> Layout | None:
        """One layout; None where nothing is remembered of it, or no more."""
        with self._database.reading() as connection:
            return memory.layout(connection, fingerprint)

    def forget_layout(self, fingerprint: str, *, by: str, at: datetime) -> None:
        """Ask about files of this layout again. Raises UserError where it is not remembered."""
        with self._writing() as connection:
            memory.forget_layout(connection, fingerprint, by=by, at=at)

    def save_deck(self, wanted: Arrangement, *, over: int | None, by: str, at: datetime) -> SavedDeck:
        """Save slides under their name; a further version where there are some of that name. The same again adds nothing.

        Whether a text holds a personal number is for the caller to see.

        Args:
            over: the version that it replaces; None where the name is to be new.

        Raises:
            UserError: the name is taken, or was saved anew since ``over``; a text is too long; nothing was saved.
        """
        with self._writing() as connection:
            return memory.save(connection, wanted, over=over, by=by, at=at)

    def decks(self, *, known_at: date | datetime | None = None) -> list[SavedDeck]:
        """All saved slides by area and name; or those of a past moment, as they were then."""
        with self._database.reading() as connection:
            return memory.saved(connection, until=queries.moment(known_at, self._zone))

    def forget_deck(self, deck_id: int, *, by: str, at: datetime) -> None:
        """Let saved slides hold no more; nothing is deleted. Raises UserError where there are none of this id."""
        with self._writing() as connection:
            memory.forget(connection, deck_id, by=by, at=at)

    def set_aim(self, area: str, target: Target, until: date, name: str = "", *, by: str, at: datetime) -> Aim:
        """Let an area aim at a target by the day ``until``, with a plan that counts from ``at``; as :meth:`keep_aim`."""
        return self.keep_aim(Aim(area, target, until, name, at, by), at=at)

    def keep_aim(self, wanted: Aim, *, at: datetime) -> Aim:
        """Let an aim hold in the place of its area's former aim, told at a moment. The same again adds nothing.

        Whether the name holds a personal number is for the caller to see.

        Raises:
            UserError: no area code; its day is not after that of its ``set_at`` in the store's zone, or too far off; a name that
                is too long. Nothing was set.
        """
        with self._writing() as connection:
            return plans.set_aim(connection, wanted, self._zone, at=at)

    def withdraw_aim(self, area: str, *, by: str, at: datetime) -> Aim:
        """Let the area's own aim hold no more; nothing is deleted. Gives what it was; UserError where it has none."""
        with self._writing() as connection:
            return plans.withdraw_aim(connection, area, by=by, at=at, zone=self._zone)

    def restore_aim(self, area: str, *, by: str, at: datetime) -> Aim:
        """Let the area's aim that was withdrawn hold again, from the day on which it was set.

        Raises:
            UserError: none is withdrawn.
        """
        with self._writing() as connection:
            return plans.restore_aim(connection, area, by=by, at=at, zone=self._zone)

    def aims(self, known_at: date | datetime | None = None) -> list[Aim]:
        """The aims that hold, one an area, by area; or those of a past moment. An area without one has that of the nearest
        around it (:func:`ektp_analysis.core.aims.aim_for`)."""
        with self._database.reading() as connection:
            return plans.aims(connection, self._zone, until=queries.moment(known_at, self._zone))

    def add_event(self, area: str, first: date, last: date, name: str, *, by: str, at: datetime) -> Event:
        """Keep an event of an area, both days included. The same again adds nothing.

        Whether the name holds a personal number is for the caller to see.

        Raises:
            UserError: no area code; an end before the beginning, or too far off; a name that is empty or too long.
        """
        with self._writing() as connection:
            return plans.add_event(connection, Event(0, area, first, last, name, at, by), self._zone)

    def withdraw_event(self, event_id: int, *, by: str, at: datetime) -> Event:
        """Let an event hold no more; nothing is deleted. Gives what it was; UserError where there is none of this id."""
        with self._writing() as connection:
            return plans.withdraw_event(connection, event_id, by=by, at=at, zone=self._zone)

    def restore_event(self, event_id: int, *, by: str, at: datetime) -> Event:
        """Let an event that was withdrawn hold again. Raises UserError where none of this id is withdrawn."""
        with self._writing() as connection:
            return plans.restore_event(connection, event_id, by=by, at=at, zone=self._zone)

    def events(self, known_at: date | datetime | None = None) -> list[Event]:
        """The events that hold, by their days; or those of a past moment."""
        with self._database.reading() as connection:
            return plans.events(connection, self._zone, until=queries.moment(known_at, self._zone))

    def verify(self, read: writing.Read, read_visits: writing.Read | None = None) -> list[Difference]:
        """Read every batch's kept bytes again and name each difference from what is stored; [] if there is none.

        Aims and events have no file: of these, what could not have been set is named. Then comes what is kept of figures together
        and is not what they say, last what does not fit the trail,
        entry by entry.

        Args:
            read: (bytes, name, choices) -> rows as for :meth:`commit`. A UserError of it is a difference.
            read_visits: the same for :meth:`commit_visits`; needed as soon as there are visits.

        Raises:
            StoreError: the file of a SQLite store is damaged, also where no figure is read from: its indexes, its definitions.
        """
        migrations.hold(self._database)
        found = [*writing.verify(self._database, read), *visits.verify(self._database, read_visits)]
        found += submissions.verify(self._database, read)
        with self._database.reading() as connection:
            found += [*plans.differences(connection, self._zone), *rollups.differences(connection)]
            return [*found, *trail.differences(connection)]
