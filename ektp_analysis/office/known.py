"""What the store knows around an area, now and on the days of its past: what its answers and its reports are made from."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date, datetime

import pandas as pd

from ektp_analysis import measures
from ektp_analysis.area import Level, level_of
from ektp_analysis.office.stores import Office
from ektp_analysis.projection.answers import Ground, answer, inside, scope
from ektp_analysis.projection.result import Projection
from ektp_analysis.store import Batch
from ektp_analysis.targets import Target


def around(now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None) -> pd.DataFrame:
    """The figures of an area, of all areas in it and of its sisters, rolled up, up to a day."""
    rolled = measures.rollup(now.store.figures(within=scope(area), known_at=known_at), scope(area))
    return rolled if on is None else rolled[rolled["as_of_date"] <= pd.Timestamp(on)]


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
        self._grounds: dict[str, Ground] = {}
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

    def projection(self, area: str, target: Target) -> Projection:
        """The one answer about an area."""
        joint = self._many and scope(area) == self._scope != area and level_of(area) > Level.KABUPATEN
        with self._lock:
            key = self._scope if joint else area
            if key not in self._grounds:
                self._grounds[key] = Ground.of(self._rolled, area)
            ground = self._grounds[key]
            if joint and target not in self._answers:
                found = inside(ground, self._scope, target)
                self._answers[target] = {} if found is None else found.children
        found_alone = self._answers.get(target, {}).get(area) if joint else None
        return found_alone or answer(ground, area, target)


class Past:
    """The figures that an answer about an area rests on, as they were known when its snapshot of a day first came in."""

    def __init__(self, now: Office, rolled: pd.DataFrame, area: str) -> None:
        self._store, self._area = now.store, area
        self._present = Ground.of(rolled, area)
        self._then: dict[datetime, Ground] = {}
        self._moments: dict[date, list[datetime]] = {}
        batches = sorted(now.store.batches(), key=lambda batch: (batch.received_at, batch.id))
        for batch in batches:
            for day in batch.as_of_dates:
                self._moments.setdefault(day, []).append(batch.received_at)
        first = [self._moments[day][0] for day in sorted(self._moments)]
        # Each day in one file, the files in the order of their days, none taken back: then nothing was ever known otherwise.
        self._plain = (all(len(moments) == 1 for moments in self._moments.values()) and first == sorted(first)
                       and not any(batch.retracted for batch in batches))

    def on(self, day: date | None) -> Ground:
        """The figures as known then, to be looked at up to ``day``; none where the area never had a figure for that day.

        None gives the present ones.
        """
        if day is None or self._plain:
            return self._present
        for moment in self._moments.get(day, []):
            if moment not in self._then:
                if not self._gave(day, moment):
                    continue
                figures = self._store.figures(within=scope(self._area), known_at=moment)
                self._then[moment] = Ground.of(figures, self._area)
            if day in self._then[moment].days(self._area):
                return self._then[moment]
        return Ground.of(self._store.figures(within=self._area).iloc[:0], self._area)

    def _gave(self, day: date, moment: datetime) -> bool:
        """Whether the area, or one in it, had a figure for the day by then: looked at before all its sisters are read."""
        return bool((self._store.figures(within=self._area, known_at=moment)["as_of_date"] == pd.Timestamp(day)).any())
