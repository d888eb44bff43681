"""When a target is reached: the one answer about an area and about the areas inside it, whoever asks.

It rests on the area's own figures, on those of its sisters, and on those of the areas inside it. A kecamatan or desa is
projected jointly with its sisters, so alone it is what it is among them. A kabupaten follows from the draws of its
kecamatan where these carry it, and else, like a provinsi, from its own series among its sisters.
"""

from __future__ import annotations

import hashlib
from collections import deque
from copy import copy
from dataclasses import replace
from datetime import date
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.aims import Aim
from ektp_analysis.core.area import NATION, AreaCode, Level, level_of
from ektp_analysis.core.giving_way import give_way
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.cleaning import Listed, listed
from ektp_analysis.figures.planned import Plan, plan_of
from ektp_analysis.figures.rollup import OWN, lying_in, roll_up, select
from ektp_analysis.figures.series import read_as_one
from ektp_analysis.projection.ahead import Foreseen, table
from ektp_analysis.projection.history import History, Table, breaks_in
from ektp_analysis.projection.joint import Family, outline, project_child, project_each, project_inside
from ektp_analysis.projection.result import (
    ARRIVED,
    NOT_REACHED,
    Inside,
    Meaning,
    NotReached,
    Projection,
    Question,
    all_seen_from,
    seen_from,
)
from ektp_analysis.projection.single import project
from ektp_analysis.projection.whole import can_carry, carries, carry, with_answers

MOST = 700  # histories for which a reader waits: the kecamatan of the largest provinsi are 666


class _Turn:
    """Held by whoever works out an answer, in the order in which they came: of many threads at it at once, each would be done
    as late as the last, and whoever only draws a page would have to share the processor with all of them."""

    def __init__(self) -> None:
        self._lock, self._taken = Lock(), False
        self._waiting: deque[Lock] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()

    def __exit__(self, *raised: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


_TURN = _Turn()


def scope(area: str) -> str:
    """The area whose figures an answer about ``area`` rests on: the one above it, for a provinsi and the nation itself."""
    above = AreaCode(area).parent
    return area if above is None or str(above) == NATION else str(above)


def plan_for(history: pd.DataFrame, aim: Aim) -> Plan | None:
    """The plan of an aim for an area with this history, from the last break of the series on: before it, other people counted.

    None as :func:`~ektp_analysis.figures.planned.plan_of` says.
    """
    broken = breaks_in(history)
    return plan_of(history, aim, broken_on=broken[-1].on if broken else None)


def still_open(found: Projection, on: date | None) -> Target:
    """The target of an answer until it is reached, then zero; zero too where the figures of the day ``on`` are over too few
    areas to judge it."""
    reached = found.reason is not None and found.reason.code == ARRIVED
    return ZERO if reached or (on is not None and found.ends_before(on)) else found.target


class Ground:
    """What answers rest on: the histories in a rolled-up frame, each cut out up to a day without reading the frame again.

    A history is the series of an area's own figures and of sums over the same areas: the step between sums over
    different areas is no recording (see :func:`~ektp_analysis.figures.series.one_series`). What the frame does not hold is not
    looked at: without the sisters of an area, it is projected without them.
    """

    def __init__(self, rolled: pd.DataFrame, *, about: str | None = None, today: date | None = None) -> None:
        """``about``: only what an answer about this area rests on is read. ``today``: the day on which answers are said;
        None for figures that are looked at as of their own last day."""
        self._rolled, self._whole, self.today = rolled, about is None, today
        rows = rolled if about is None else _near(rolled, about)
        heads = (
            rows[rows["headline"]]
            .sort_values("as_of_date", kind="stable")
            .drop_duplicates(["area_code", "as_of_date"], keep="last")
        )
        self._table = Table.of(heads[list(contract.BY_NAME)])
        self._members, self._complete = heads["members"].to_numpy(), heads["complete"].to_numpy(bool)
        self._own = (heads["source"] == OWN).to_numpy(bool)
        self._at = {
            str(code): np.asarray(rows)
            for code, rows in pd.Series(np.arange(len(heads))).groupby(heads["area_code"].to_numpy(object)).groups.items()
        }

    @classmethod
    def of(cls, figures: pd.DataFrame, area: str, *, today: date | None = None) -> Ground:
        """What an answer about ``area`` rests on, from ``store.figures()`` or a rolled-up frame."""
        return cls(roll_up(figures, scope(area)), about=area, today=today)

    def unsaid(self) -> Ground:
        """The same for answers as of the last day of their figures."""
        found = copy(self)
        found.today = None
        return found

    def near(self, area: str) -> Ground:
        """What an answer about an area inside rests on: it may lie deeper than what was read."""
        return self if self._whole else Ground.of(self._rolled, area, today=self.today)

    def history(self, area: str, upto: date | None = None, *, own: bool = False) -> History:
        """The history of an area up to and with a day; without snapshots where there are none. ``own``: no sums."""
        give_way()
        at = self._upto(area, upto)
        if own:
            at = at[self._own[at]]
        elif len(at):
            at = at[read_as_one(self._members[at], self._complete[at])]
        return self._table.rows(at).history(area=area)

    def listed(self, area: str, upto: date) -> Listed | None:
        """What the figures of an area up to a day say of those to be cleaned off the list; None where none says so."""
        return listed(self._rolled, area, upto)

    def digest(self, upto: date) -> str:
        """A name for all that :func:`answer` as of a day rests on, beside what it is asked."""
        return self._named(np.flatnonzero(self._table.day <= np.datetime64(upto)))

    def digest_around(self, area: str) -> str:
        """A name for all that :func:`inside` of an area rests on, beside what it is asked and the day on which it is said."""
        level, above = level_of(area), scope(area)
        # Of a provinsi also the kecamatan: its kabupaten follow from them.
        deep = [one for one in Level if level < one <= (level + 1 if level >= Level.KABUPATEN else Level.KECAMATAN)]
        codes = {area, above, *self.inside(above, level), *(code for one in deep for code in self.inside(area, one))}
        return self._named(np.sort(np.concatenate([self._upto(code, None) for code in codes])))

    def _named(self, at: npt.NDArray[np.intp]) -> str:
        table = self._table
        texts = ("\x1f".join(column[at]) for column in (table.area, table.basis))
        sha = hashlib.sha256("\x1e".join(texts).encode())
        for column in (table.day, table.modelled, self._members, self._complete, self._own, *table.values.values()):
            sha.update(np.ascontiguousarray(column[at]).tobytes())
        return sha.hexdigest()

    def days(self, area: str) -> set[date]:
        """The days for which an area has a figure of its own or a sum."""
        return set(self._table.day[self._upto(area, None)].astype(object).tolist())

    def inside(self, area: str, level: Level) -> list[str]:
        """The areas of a level in an area, in order."""
        return sorted(code for code in self._at if level_of(code) is level and (area == NATION or code.startswith(area + ".")))

    def below(self, area: str, upto: date | None = None) -> dict[str, History]:
        """The histories of the areas directly below that have a figure by then."""
        if level_of(area) is Level.DESA:
            return {}
        return {
            code: self.history(code, upto) for code in self.inside(area, Level(level_of(area) + 1)) if len(self._upto(code, upto))
        }

    def _upto(self, area: str, upto: date | None) -> npt.NDArray[np.intp]:
        at = self._at.get(area, np.empty(0, dtype=np.intp))
        return at if upto is None else at[self._table.day[at] <= np.datetime64(upto)]


def _near(rolled: pd.DataFrame, area: str) -> pd.DataFrame:
    """The rows of an area, of its sisters, of the area above and of those directly below."""
    above = scope(area)
    around = select(rolled, above)
    level, codes, inside = around["level"], around["area_code"], np.zeros(len(around), bool)
    inside[slice(None) if area == NATION else lying_in(codes, area)] = True
    return around[(level == int(level_of(area))) | ((level == int(level_of(area)) + 1) & inside) | codes.isin([area, above])]


def answer(
    ground: Ground,
    area: str,
    target: Target,
    *,
    meaning: Meaning | None = None,
    horizon_days: int = 730,
    upto: date | None = None,
) -> Projection:
    """When ``area`` first reaches ``target``, as seen on its last snapshot up to and with a day.

    Without such a day the answer is that of the ground's today, if it has one: it has not been reached by then.

    ``meaning`` says what zero means (see :class:`~ektp_analysis.projection.result.Question`); None for what the figures
    themselves count.

    Raises:
        ValueError: a horizon below one day.
    """
    found = _answer(ground, area, Question(target, meaning, horizon_days), upto)
    return found if upto is not None else seen_from(found, ground.today)


def inside(
    ground: Ground,
    area: str,
    target: Target,
    *,
    meaning: Meaning | None = None,
    horizon_days: int = 730,
    upto: date | None = None,
) -> Inside | None:
    """The areas directly below with joint draws, and the whole; None where none of them has a figure by then.

    Each of them is what it is when asked for alone. The whole is the answer about ``area`` itself: of a kabupaten the sum
    of the same draws, where they carry it.

    Raises:
        ValueError: a horizon below one day.
    """
    found = _inside(ground, area, Question(target, meaning, horizon_days), upto)
    return found if found is None or upto is not None else all_seen_from(found, ground.today)


def each(ground: Ground, area: str, target: Target, *, horizon_days: int = 730) -> dict[str, Projection]:
    """The children of :func:`inside`, the same to the bit, without what only the whole costs; {} where none has a figure.

    Raises:
        ValueError: a horizon below one day.
    """
    question, level = Question(target, None, horizon_days), level_of(area)
    if level < Level.KABUPATEN:  # an answer about a kabupaten is that of its parts, drawn in the order of its sisters
        found = _inside(ground, area, question, None)
        made = {} if found is None else found.children
    else:
        family = _family(ground, area, None)
        with _TURN:
            made = {} if family is None else project_each(family, question, keep=level is Level.KABUPATEN)
    return {code: seen_from(child, ground.today) for code, child in made.items()}


def _answer(ground: Ground, area: str, question: Question, upto: date | None) -> Projection:
    if level_of(area) is Level.KABUPATEN:
        family = _family(ground, area, upto)
        if family is not None and can_carry(family, question, _outline(ground, area, question, upto)):
            return _of_parts(ground, family, question, upto, alone=True).whole
    return _alone(ground, area, question, upto)


def _family(ground: Ground, area: str, upto: date | None) -> Family | None:
    """An area and those directly below; None where none of them has a figure."""
    below = ground.below(area, upto)
    if not any(history.dates for history in below.values()):
        return None
    return Family(area, below, ground.history(area, upto, own=True) if area != NATION else None)


def _inside(ground: Ground, area: str, question: Question, upto: date | None) -> Inside | None:
    level, family = level_of(area), _family(ground, area, upto)
    if family is None:
        return None
    if level is Level.KABUPATEN:
        return _of_parts(ground, family, question, upto)
    own = _alone(ground, area, question, upto)
    with _TURN:
        found = project_inside(family, question, allowed=own.inputs.allowed, keep=upto is None)
    found = replace(found, whole=own)
    if level is Level.NATION:
        return with_answers(found, {code: _answer(ground, code, question, upto) for code in found.children})
    if level is Level.PROVINSI:
        return with_answers(found, {code: _answer(ground.near(code), code, question, upto) for code in found.children})
    return found


def _of_parts(ground: Ground, family: Family, question: Question, upto: date | None, *, alone: bool = False) -> Inside:
    """A kabupaten, by the draws of its parts where they carry it. ``alone``: of the parts no draws are wanted."""
    own = _outline(ground, family.code, question, upto)
    with _TURN:
        found = project_inside(family, question, allowed=own.inputs.allowed, outlines=alone, keep=upto is None)
    if carries(found, own):
        return carry(found, own)
    return replace(found, whole=_alone(ground, family.code, question, upto))


def _outline(ground: Ground, area: str, question: Question, upto: date | None) -> Projection:
    """What was seen of an area by its own series among its sisters, and why there is no answer if none is."""
    found = outline(_among(ground, area, upto), area, question) if ground.history(area, upto).dates else None
    return _alone(ground, area, question, upto) if found is None else found


def _among(ground: Ground, area: str, upto: date | None) -> Family:
    """The sisters of an area that is no nation, and itself."""
    above = scope(area)
    return Family(above, ground.below(above, upto), ground.history(above, upto, own=True))


def _alone(ground: Ground, area: str, question: Question, upto: date | None) -> Projection:
    """The area by its own series, among its sisters."""
    own = ground.history(area, upto)
    if own.dates and scope(area) != area:
        family = _among(ground, area, upto)
        with _TURN:
            found = project_child(family, area, question)
        if found is not None:
            return found
    with _TURN:
        return project(own, question)


def by_risk(found: Inside, by: date) -> pd.DataFrame:
    """The areas below, the one most at risk first: the least chance by ``by``, then the most chance of being last.

    Columns: area_code, unrecorded (today), q10, q50, q90 (dates; missing past the horizon), chance_by (0 to 1, missing
    where nothing can be said), chance_last (missing where something is unknown of any area), answered.
    """
    last, without = found.last(), found.without
    rows = []
    for code, child in found.children.items():
        dates = {f"q{level}": _stamp(child, level) for level in (10, 50, 90)}
        low, high = child.inputs.unrecorded[-1]
        rows.append(
            {
                "area_code": code,
                "unrecorded": round((low + high) / 2) if child.inputs.unit == "people" else pd.NA,
                **dates,
                "chance_by": child.probability_by(by),
                "chance_last": pd.NA if without else last[code],
                "answered": child.answered,
            }
        )
    out = pd.DataFrame(rows).astype({"unrecorded": "Int64", "chance_by": "Float64", "chance_last": "Float64"})
    return out.sort_values(
        ["chance_by", "chance_last", "unrecorded"],
        ascending=[True, False, False],
        na_position="first",
        kind="stable",
        ignore_index=True,
    )


def of_level(ground: Ground, area: str, level: Level, target: Target, *, horizon_days: int = 730) -> dict[str, Projection]:
    """The one answer of each area of ``level`` inside ``area`` that has a history, by code; about 6 ms a history behind it."""
    made: dict[str, Projection] = {}
    for parent in sorted({str(AreaCode(code).parent) for code in ground.inside(area, level)}):
        made |= each(ground, parent, target, horizon_days=horizon_days)
    return made


def by_level(ground: Ground, area: str, level: Level, target: Target, by: date | None = None) -> pd.DataFrame:
    """One row for each area of ``level`` inside ``area`` that has a history: area_code, days, probability.

    Each has the one answer that it has everywhere, so a map costs about six milliseconds for each history behind it. The columns
    are those of :func:`ektp_analysis.projection.ahead.table`, as said on the ground's today.
    """
    return table(foreseen(ground, area, level, target), ground.today, by)


def foreseen(ground: Ground, area: str, level: Level, target: Target) -> list[Foreseen]:
    """The answers of :func:`by_level` before the day on which they are said."""
    return [Foreseen.of(found) for found in of_level(ground.unsaid(), area, level, target).values()]


def histories(rolled: pd.DataFrame, area: str, level: Level) -> int:
    """How many histories :func:`by_level` rests on: those of the areas shown, and of the kecamatan where they are kabupaten."""
    wanted = {int(level), int(Level.KECAMATAN)} if level is Level.KABUPATEN else {int(level)}
    rows = rolled[rolled["level"].isin(wanted)]
    return int(select(rows, area)["area_code"].nunique())


def _stamp(child: Projection, level: int) -> pd.Timestamp:
    day = child.quantiles.get(level, NOT_REACHED)
    return pd.NaT if isinstance(day, NotReached) else pd.Timestamp(day)
