"""The part of the store's face that is about the teams' work: visits, what became of alerts, and saved plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa

from ektp_analysis.store import memory, plans, queries, schema, visits, writing
from ektp_analysis.store.records import AlertEvent, PlanScenario
from ektp_analysis.store.reviewed import Reviewed
from ektp_analysis.store.visits import Received, VisitBatch, VisitCommit

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Outreach(Reviewed):
    """Visits, alerts and saved plans; like figures, they are only ever added."""

    def commit_visits(self, rows: pd.DataFrame, received: Received) -> VisitCommit:
        """Store one reading of a file of visits: its bytes, choices and report, and its rows; whole or not at all.

        The same visits from the same bytes are there already, and nothing is added, also when they were retracted since.

        Args:
            rows: the columns of :mod:`ektp_analysis.core.visit` with 'sheet' (str) and 'row' (int, as the file counts).
            received: the file, and who brought it when.

        Raises:
            UserError: no rows, or rows that break the contract; nothing was stored.
        """
        made = visits.commit(self._database, rows, received)
        self._tell()
        return made

    def visits(self, known_at: date | datetime | None = None, *, within: str | None = None) -> pd.DataFrame:
        """The visits that hold, one row a visit, by day and area; or those that held at a past moment.

        Columns: day (datetime64[s]), area_code, place (str), teams, devices, hours, invited, came, recorded, failed, under_age,
        already, not_found, dead, moved, duplicate, unknown (Int64, <NA>: not said), note (str), batch_id, sheet, row.

        Args:
            known_at: as it was known then; a date means the end of that day in the store's zone.
            within: code of an area: itself and all in it; None or 'ID': all.

        Raises:
            UserError: ``within`` is no area code.
        """
        with self._database.reading() as connection:
            return visits.visits(connection, within=within, until=queries.moment(known_at, self._zone))

    def visit_batches(self, *, known_at: date | datetime | None = None) -> list[VisitBatch]:
        """All batches of visits, latest first, retracted ones too; or those of a past moment, in the state of then."""
        with self._database.reading() as connection:
            return visits.batches(connection, until=queries.moment(known_at, self._zone))

    def visit_batch(self, batch_id: int) -> VisitBatch:
        """One batch of visits as it stands now. Raises UserError where there is none of this id."""
        with self._database.reading() as connection:
            return visits.batch(connection, batch_id)

    def visits_original(self, batch_id: int) -> tuple[str, bytes]:
        """Name and bytes of a batch of visits, as they were received. Raises UserError where there is no such batch."""
        with self._database.reading() as connection:
            return visits.original(connection, batch_id)

    def retract_visits(self, batch_id: int, *, reason: str, by: str, at: datetime) -> timedelta:
        """Take a batch of visits back; otherwise as :meth:`Store.retract`."""
        return self._mark_visits("retract", batch_id, reason, by, at)

    def restore_visits(self, batch_id: int, *, reason: str, by: str, at: datetime) -> timedelta:
        """Let a batch of visits that was retracted count again; otherwise as :meth:`Store.restore`."""
        return self._mark_visits("restore", batch_id, reason, by, at)

    def _mark_visits(self, kind: Literal["retract", "restore"], batch_id: int, reason: str, by: str, at: datetime) -> timedelta:
        wanted = writing.Mark(kind, batch_id, reason, by, at)
        behind = writing.mark(self._database, schema.visit_retraction, wanted, visits.batch, self._zone)
        self._tell()
        return behind

    def visits_token(self) -> str:
        """Changes with every commit, retraction and restoring of visits by any process: a key for caches. One tiny query."""
        asked = [
            sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery()
            for table in (schema.visit_batch, schema.visit_retraction)
        ]
        with self._database.reading() as connection:
            return "-".join(str(one) for one in connection.execute(sa.select(*asked)).one())

    def alert_events(self, known_at: date | datetime | None = None) -> list[AlertEvent]:
        """What became of alerts, the first first; the last of a key is how that alert stands."""
        with self._database.reading() as connection:
            return plans.alert_events(connection, until=queries.moment(known_at, self._zone))

    def add_alert_event(
        self, alert: tuple[str, str, str], event: str, *, by: str, at: datetime, reason: str = "", detail: Any = _NOTHING
    ) -> AlertEvent:
        """Keep what became of an alert. The same again adds nothing, and an alert is raised once: later it is reopened.

        Args:
            alert: kind, area and key of the alert.
            event: raised, seen, closed or reopened.
            detail: a mapping that JSON can hold: what it rests on.

        Raises:
            UserError: no area code; closed without a reason.
        """
        kind, area, key = alert
        with self._writing() as connection:
            return plans.add_alert_event(connection, AlertEvent(0, kind, area, key, event, at, by, reason, detail))

    def keep_plan_scenario(self, wanted: PlanScenario, *, over: int | None, by: str, at: datetime) -> PlanScenario:
        """Save a plan under its name; a further version where there is one of that name. The same again adds nothing.

        Whether a text holds a personal number is for the caller to see. Only area, sample, name and plan of ``wanted`` count.

        Args:
            over: the version that it replaces; None where the name is to be new.

        Raises:
            UserError: the name is taken, or was saved anew since ``over``; it is empty or too long; nothing was saved.
        """
        with self._writing() as connection:
            return memory.keep_plan(connection, wanted, over=over, by=by, at=at)

    def plan_scenarios(self, *, known_at: date | datetime | None = None) -> list[PlanScenario]:
        """All saved plans by area and name; or those of a past moment, as they were then."""
        with self._database.reading() as connection:
            return memory.plans(connection, until=queries.moment(known_at, self._zone))

    def forget_plan_scenario(self, plan_id: int, *, by: str, at: datetime) -> None:
        """Let a saved plan hold no more; nothing is deleted. Raises UserError where there is none of this id."""
        with self._writing() as connection:
            memory.forget_plan(connection, plan_id, by=by, at=at)
