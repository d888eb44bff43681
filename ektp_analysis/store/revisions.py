"""What was known when of the figures in an area: read once, and asked for as many moments as one likes.

What came in week by week and was never changed is, at an earlier moment, what holds now up to an earlier day. Whether it is so
can be said without reading a figure (:class:`Arrivals`); where it is not, all versions of the figures are read once
(:class:`Versions`), and what held at a moment is picked out of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from ektp_analysis.core import contract
from ektp_analysis.store import queries, schema

NEVER = datetime.max.replace(tzinfo=UTC)
_TEXTS = (*(one.name for one in contract.COLUMNS if contract.DTYPES[one.kind] == "str"), "sheet")


@dataclass(frozen=True)
class Revisions:
    """What was known when of the figures that an answer about an area rests on.

    ``moments``: for each day when batches with a figure of the area itself or in it came in, in the order in which they were
    stored. ``as_now``: (day, moment) -> whether what was known then of all days up to and with this one is what holds now; False
    also where that cannot be said without reading the figures. ``known_at``: moment -> the figures as they were known then, in
    the contract's columns at least.
    """

    moments: Mapping[date, Sequence[datetime]]
    as_now: Callable[[date, datetime], bool]
    known_at: Callable[[datetime], pd.DataFrame]


@dataclass(frozen=True)
class Course:
    """How the figures of a place came in: its days in order; for each the moment from which on all up to it was as it is now
    (:data:`NEVER` where a figure was given twice or taken back); and when the first figure of it or of a later day came in."""

    days: tuple[date, ...]
    settled: tuple[datetime, ...]
    begun: tuple[datetime, ...]

    @classmethod
    def of(cls, came: Mapping[date, tuple[datetime, datetime]]) -> Course:
        """From (first, last) by day; the last is :data:`NEVER` where it is not as it came."""
        days = sorted(came)
        begun = accumulate((came[day][0] for day in reversed(days)), min)
        return cls(tuple(days), tuple(accumulate((came[day][1] for day in days), max)), tuple(begun)[::-1])

    def as_now(self, day: date, moment: datetime) -> bool:
        """Whether all up to a day was known at a moment as it is now."""
        upto = bisect_right(self.days, day)
        return not upto or self.settled[upto - 1] <= moment

    def cut(self, moment: datetime) -> date | None:
        """The day up to which what holds now is all that was known at a moment, the first day of all where it was nothing;
        None where it was something else."""
        upto = bisect_right(self.settled, moment)
        if upto < len(self.days) and self.begun[upto] <= moment:
            return None
        return self.days[upto - 1] if upto else date.min


@dataclass(frozen=True)
class Arrivals:
    """How the figures in an area came in: the course of each place (:func:`place`), and the moments by day."""

    courses: Mapping[str, Course]
    moments: Mapping[date, Sequence[datetime]]

    def as_now(self, day: date, moment: datetime) -> bool:
        """As :meth:`Course.as_now`, of all places."""
        return all(one.as_now(day, moment) for one in self.courses.values())


def arrivals(connection: sa.Connection, within: str) -> Arrivals:
    """How the figures in an area came in, without reading them.

    Raises:
        UserError: ``within`` is no area code.
    """
    figure = schema.figure.c
    place = sa.func.substr(figure.area_code, 1, 5).label("place")  # a kabupaten, or what is larger, for its own figures
    where = queries.inside(figure.area_code, within)
    counted = sa.select(place, figure.as_of_date, figure.batch_id, sa.func.count().label("rows"))
    found = connection.execute(counted.where(*where).group_by(place, figure.as_of_date, figure.batch_id)).all()
    received = queries.received(connection, {row.batch_id for row in found})
    marked = set(connection.execute(sa.select(schema.retraction.c.batch_id).distinct()).scalars())
    behind: dict[tuple[str, date], list[int]] = defaultdict(list)
    rows: dict[tuple[str, date], int] = defaultdict(int)
    days: dict[date, set[int]] = defaultdict(set)
    for row in found:
        behind[row.place, row.as_of_date].append(row.batch_id)
        rows[row.place, row.as_of_date] += row.rows
        days[row.as_of_date].add(row.batch_id)
    areas: Mapping[tuple[str, date], int] = rows
    if any(len(ids) > 1 for ids in behind.values()):
        distinct = sa.select(place, figure.as_of_date, sa.func.count(figure.area_code.distinct()).label("areas"))
        each = connection.execute(distinct.where(*where).group_by(place, figure.as_of_date))
        areas = {(row.place, row.as_of_date): row.areas for row in each}
    came: dict[str, dict[date, tuple[datetime, datetime]]] = defaultdict(dict)
    for (code, day), ids in behind.items():
        moments = [received[number] for number in ids]
        once = rows[code, day] == areas[code, day] and marked.isdisjoint(ids)
        came[code][day] = min(moments), max(moments) if once else NEVER
    return Arrivals(
        {code: Course.of(one) for code, one in sorted(came.items())},
        {day: [received[number] for number in sorted(ids)] for day, ids in sorted(days.items())},
    )


class Versions:
    """All figures ever given in an area, those that hold no more too."""

    def __init__(self, connection: sa.Connection, within: str) -> None:
        """Raises UserError where ``within`` is no area code."""
        figure, event = schema.figure.c, schema.retraction.c
        asked = sa.select(*queries.RAW).where(*queries.inside(figure.area_code, within))
        # Here as in the database's order, which is that of the answers; of an area and day the batch stored last comes last.
        self._rows = queries.as_frame(connection.execute(asked.order_by(figure.area_code, figure.as_of_date, figure.batch_id)))
        self._batch = self._rows["batch_id"].to_numpy("int64")
        self._ids = np.unique(self._batch)
        self._received = queries.received(connection, self._ids.tolist())
        self._marks: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
        for number, at, kind in connection.execute(sa.select(event.batch_id, event.at, event.kind).order_by(event.id)):
            self._marks[number].append((at, kind != "retract"))
        areas, days = self._rows["area_code"], self._rows["as_of_date"]
        self._key = ((areas != areas.shift()) | (days != days.shift())).to_numpy(bool).cumsum()

    def known_at(self, moment: datetime) -> pd.DataFrame:
        """The figures that held at a moment: as :meth:`Store.figures` gives them."""
        live = np.array([self._counted(int(number), moment) for number in self._ids], bool)
        at = np.flatnonzero(live[np.searchsorted(self._ids, self._batch)]) if len(self._ids) else np.empty(0, np.intp)
        key = self._key[at]
        last: npt.NDArray[np.bool_] = np.r_[key[1:] != key[:-1], True] if len(at) else np.empty(0, bool)
        found = self._rows.take(at[last]).reset_index(drop=True)
        found = found.astype(dict.fromkeys(_TEXTS, contract.texts(len(found))))
        found["received_at"] = found["batch_id"].map(self._received).astype("datetime64[us, UTC]")
        return found

    def _counted(self, number: int, moment: datetime) -> bool:
        """Whether a batch was there and had not been taken back."""
        last = [counts for at, counts in self._marks.get(number, ()) if at <= moment]
        return self._received[number] <= moment and (not last or last[-1])
