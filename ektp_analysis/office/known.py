"""What the store knows around an area, read once: the reports of the area and of all its sisters are made from it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date, datetime

import pandas as pd

from ektp_analysis import measures
from ektp_analysis.area import Level, level_of
from ektp_analysis.office.families import Figures, around, project_area, scope, together
from ektp_analysis.office.stores import Office
from ektp_analysis.projection import Projection
from ektp_analysis.store import Batch
from ektp_analysis.targets import Target


class Known:
    """The figures of an area, of its sisters and of all areas in them, up to a day and as known at a moment.

    ``many``: several of the sisters will be asked for, so their projections are made in one run.
    """

    def __init__(self, now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None,
                 many: bool = False) -> None:
        self.now, self.on, self.known_at = now, on, known_at
        self._scope, self._many = scope(area), many
        self._rolled = around(now, area, on=on, known_at=known_at)
        self._lock = threading.RLock()
        self._batches: list[Batch] | None = None
        self._then: dict[datetime, pd.DataFrame] = {}
        self._histories: dict[str, Figures] = {}
        self._answers: dict[Target, Mapping[str, Projection]] = {}

    def figures(self, area: str) -> pd.DataFrame:
        """The figures of an area and the areas in it, rolled up."""
        return measures.rollup(self._rolled, area)

    def batches(self) -> list[Batch]:
        """The store's batches."""
        with self._lock:
            if self._batches is None:
                self._batches = self.now.store.batches()
            return self._batches

    def then(self, area: str, moment: datetime) -> pd.DataFrame:
        """As :meth:`figures`, but without a last day, and as known at an earlier moment."""
        with self._lock:
            within = self._scope if self._many else area
            if moment not in self._then:
                self._then[moment] = measures.rollup(self.now.store.figures(within=within, known_at=moment), within)
            return measures.rollup(self._then[moment], area)

    def answer(self, area: str, target: Target) -> Projection:
        """The projection of an area."""
        joint = self._many and scope(area) == self._scope != area and level_of(area) > Level.KABUPATEN
        with self._lock:
            key = self._scope if joint else area
            if key not in self._histories:
                self._histories[key] = Figures.of(self._rolled, area)
            histories = self._histories[key]
            if joint and target not in self._answers:
                found = together(histories, self._scope, target)
                self._answers[target] = {} if found is None else found.children
        found_alone = self._answers.get(target, {}).get(area) if joint else None
        return found_alone or project_area(histories, area, target)
