"""What a person may see of the figures: all of the own areas, and of their sisters the totals that the province allows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

import pandas as pd

from ektp_analysis.access.people import Person, lies_in
from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, Level, level_of
from ektp_analysis.core.recent import Recent
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.store.revisions import Arrivals, Revisions
from ektp_analysis.store.store import Store

MOST_KEPT = 32  # totals of provinces that are remembered, each a row a kabupaten and day
MOST_ROLLED = 16  # kabupaten whose figures are remembered rolled up: about 250 bytes a row
TOTAL = 0  # the batch of a sister's total: the files that it rests on are not for this reader
Moment = date | datetime | None


@dataclass(frozen=True)
class Sight:
    """What may be read. ``areas``: seen whole; ``provinces``: of which the totals of all kabupaten are seen."""

    areas: tuple[str, ...]
    provinces: tuple[str, ...] = ()

    @property
    def all(self) -> bool:
        """Whether nothing is hidden."""
        return NATION in self.areas

    @property
    def name(self) -> str:
        """What makes the keys of caches differ where what may be seen does; '' where nothing is hidden."""
        if self.all:
            return ""
        return "~" + hashlib.sha256(repr((self.areas, self.provinces)).encode()).hexdigest()[:12]

    def whole(self, area: str) -> bool:
        """Whether all of an area is seen."""
        return any(lies_in(area, own) for own in self.areas)

    def opens(self, area: str) -> bool:
        """Whether what is seen of an area is enough to speak about it: all of it, or its total, or the totals of all in it."""
        return self.whole(area) or (level_of(area) in (Level.PROVINSI, Level.KABUPATEN) and area[:2] in self.provinces)

    def meets(self, within: str | None) -> tuple[str, ...]:
        """The own areas that lie in an area; or the area itself where it lies in one of them."""
        area = NATION if within is None else within
        return (area,) if self.whole(area) else tuple(own for own in self.areas if lies_in(own, area))

    def behind(self, area: str) -> tuple[str, ...]:
        """The areas whose figures stand behind what is seen of an area."""
        totals = (area if lies_in(area, one) else one for one in self.provinces if lies_in(area, one) or lies_in(one, area))
        return (*self.meets(area), *totals)

    def around(self, area: str) -> bool:
        """Whether an area is one of the own ones, or inside or around one: what was decided there holds here as well."""
        return self.whole(area) or any(lies_in(own, area) for own in self.areas)


ALL, NONE = Sight((NATION,)), Sight(())


def sight_of(person: Person, *, sisters: bool) -> Sight:
    """What a person may see; ``sisters``: also the totals of the kabupaten of the own provinces."""
    areas = person.areas()
    if NATION in areas:
        return ALL
    return Sight(areas, tuple(sorted({area[:2] for area in areas})) if sisters else ())


class _Kept:
    """What is made of the figures in an area, as long as nothing changes there."""

    def __init__(self, most: int, make: Callable[[Store, str, Moment], pd.DataFrame]) -> None:
        self._made, self._make, self._turn = Recent[object, pd.DataFrame](most), make, Lock()

    def of(self, store: Store, area: str, known_at: Moment = None) -> pd.DataFrame:
        """Read, never changed."""
        key = store, store.token(area), area, known_at
        found = self._made.get(key)
        if found is not None:
            return found
        with self._turn:  # after an import all of a province ask for the same
            found = self._made.get(key)
            return self._made.put(key, self._make(store, area, known_at)) if found is None else found


def _totals(store: Store, province: str, known_at: Moment) -> pd.DataFrame:
    """The figures of a province -> one row a kabupaten and day, the province's own among them, as the store gives figures.

    A sum that misses a kecamatan is no total, and is left out rather than shown as one.
    """
    rolled = store.rolled(province, down_to=Level.KABUPATEN, known_at=known_at)
    own, level = rolled["source"].eq("own"), rolled["level"]
    kabupaten = level.eq(int(Level.KABUPATEN)) & (own | rolled["complete"])
    rows = rolled[rolled["headline"] & (kabupaten | (level.eq(int(Level.PROVINSI)) & own))]
    made = contract.frame(rows[list(contract.BY_NAME)].assign(note=""))
    made["batch_id"], made["sheet"], made["row"] = TOTAL, "", TOTAL
    made["sheet"] = made["sheet"].astype("str")
    moments = pd.Series(store.received(province, known_at=known_at), dtype="datetime64[us, UTC]")
    made["received_at"] = moments.reindex(made["area_code"]).fillna(moments.max()).to_numpy()
    made["received_at"] = made["received_at"].astype("datetime64[us, UTC]")
    return made


_TOTALS = _Kept(MOST_KEPT, _totals)
_ROLLED = _Kept(MOST_ROLLED, lambda store, area, _known_at: store.rolled(area))


def rolled_whole(store: Store, within: str, down_to: Level, known_at: Moment) -> pd.DataFrame:
    """As :meth:`Store.rolled`; on a server a kabupaten with all in it is rolled up once, until something changes there."""
    if known_at is None and down_to is Level.DESA and level_of(within) is Level.KABUPATEN and store.keeps_rollups:
        return _ROLLED.of(store, within).copy(deep=False)
    return store.rolled(within, down_to=down_to, known_at=known_at)


def rolled(store: Store, sight: Sight, within: str, known_at: Moment) -> pd.DataFrame:
    """As :meth:`Store.rolled`, of what is seen; with the :func:`totals` of sisters."""
    own = sight.meets(within)
    if known_at is not None or not store.keeps_rollups or any(level_of(area) is not Level.KABUPATEN for area in own):
        return roll_up(figures(store, sight, within, None, known_at), within)
    # What came in elsewhere changes the totals alone: of the own kabupaten no figure is read again.
    around = totals(store, sight, within)
    sisters = around["area_code"].map(level_of).eq(Level.KABUPATEN).to_numpy(bool)
    beside = roll_up(around[sisters], within)
    inside = [_ROLLED.of(store, area) for area in own]
    inside.append(beside[beside["level"].eq(int(Level.KABUPATEN))])
    return roll_up(around[~sisters], within, inside=pd.concat([one for one in inside if len(one)] or inside, ignore_index=True))


def totals(store: Store, sight: Sight, within: str | None, known_at: Moment = None) -> pd.DataFrame:
    """The totals of sisters in an area, as rows without a batch (:data:`TOTAL`)."""
    area, parts = NATION if within is None else within, []
    for province in sight.provinces:
        if not (lies_in(province, area) or lies_in(area, province)):
            continue
        found = _TOTALS.of(store, province, known_at)
        codes = found["area_code"]
        hidden = ~codes.map(sight.whole).astype(bool) & codes.map(lambda code: lies_in(code, area)).astype(bool)
        parts.append(found[hidden])
    if not parts:
        return store.figures(within=within, levels=(), known_at=known_at)
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def figures(store: Store, sight: Sight, within: str | None, levels: Collection[int] | None, known_at: Moment) -> pd.DataFrame:
    """As :meth:`Store.figures`, of what is seen; with the :func:`totals` of sisters."""
    if sight.all:
        return store.figures(within=within, levels=levels, known_at=known_at)
    parts = [store.figures(within=area, levels=levels, known_at=known_at) for area in sight.meets(within)]
    hidden = totals(store, sight, within, known_at)
    if levels is not None:
        wanted = {int(one) for one in levels}
        hidden = hidden[hidden["area_code"].map(lambda code: int(level_of(code)) in wanted).astype(bool)]
    return _together(parts, hidden)


def _together(parts: list[pd.DataFrame], hidden: pd.DataFrame) -> pd.DataFrame:
    """The figures of own areas and the totals of sisters, in the order of figures."""
    parts = [*parts, hidden] if len(hidden) or not parts else parts
    if len(parts) == 1:
        return parts[0].reset_index(drop=True)
    return pd.concat(parts, ignore_index=True).sort_values(["area_code", "as_of_date"], kind="stable", ignore_index=True)


def revisions(store: Store, sight: Sight, within: str, area: str) -> Revisions:
    """As :meth:`Store.revisions`, of what is seen. Of totals the moment at which they were received is left as it is now."""
    seen = _Seen(store, sight, within)
    return Revisions(store.arrivals(area).moments if sight.opens(area) else {}, seen.as_now, seen.known_at)


class _Seen:
    """What was known when of the own figures in an area, and of the totals of sisters."""

    def __init__(self, store: Store, sight: Sight, within: str) -> None:
        self._store, self._sight, self._within = store, sight, within
        self._own = [store.revisions(one, one) for one in sight.meets(within)]
        around = (province for province in sight.provinces if lies_in(province, within) or lies_in(within, province))
        self._came = {province: store.arrivals(province) for province in around}

    def _hidden(self, code: str) -> bool:
        return not self._sight.whole(code) and lies_in(code, self._within)

    def as_now(self, day: date, moment: datetime) -> bool:
        courses = (course for came in self._came.values() for place, course in came.courses.items() if self._hidden(place))
        return all(one.as_now(day, moment) for one in self._own) and all(course.as_now(day, moment) for course in courses)

    def known_at(self, moment: datetime) -> pd.DataFrame:
        parts = [_totals_at(self._store, province, came, moment) for province, came in self._came.items()]
        found = pd.concat(parts, ignore_index=True) if parts else self._store.figures(within=self._within, levels=())
        shown = found[found["area_code"].map(self._hidden).astype(bool)]
        return _together([one.known_at(moment) for one in self._own], shown)


def _totals_at(store: Store, province: str, came: Arrivals, moment: datetime) -> pd.DataFrame:
    """What :func:`_totals` gives at a moment, from those of now where a kabupaten had, up to some day, what holds now."""
    now, parts = _TOTALS.of(store, province, None), []
    for place, course in came.courses.items():
        upto = course.cut(moment)
        if upto is not None:
            parts.append(now[(now["area_code"] == place) & (now["as_of_date"] <= pd.Timestamp(upto))])
        elif place == province:  # its own figures were other ones: all of it is asked for
            return _TOTALS.of(store, province, moment)
        else:
            parts.append(_totals(store, place, moment))
    return pd.concat(parts, ignore_index=True) if parts else now
