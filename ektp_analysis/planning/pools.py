"""Who is left to be visited, area by area, by the draws of the projection; and what visits and falling figures tell of yields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from ektp_analysis.core.area import AreaCode, Level, level_of, register
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.figures.cleaning import split
from ektp_analysis.planning.request import HALL, Request
from ektp_analysis.planning.workdays import working_days
from ektp_analysis.planning.yields import Seen
from ektp_analysis.projection.answers import Ground, answer, inside
from ektp_analysis.projection.history import History
from ektp_analysis.projection.paths import Floats, Paths, SummedPaths
from ektp_analysis.projection.result import ARRIVED, Projection, Question
from ektp_analysis.projection.single import allowed_of

RECENT_DAYS = 90  # figures and visits so far back tell how teams record now
FALLS = 6  # the latest steps of the figures that are learnt from
DRAWS = Question.draws  # one future is one draw of the projection
DAY_HOURS = 6  # of service that are a team-day; a shorter visit is a part of one


@dataclass(frozen=True)
class Pool:
    """One area that can be visited.

    ``unrecorded``: its latest count less those recorded since by visits. ``start`` (draws,): those left on the eve of the plan.
    ``path``: how it goes on as now, from ``lag`` days before that eve, None where the projection has no answer. ``allowed``: how
    many may remain, for the least and the most eligible, growing by ``grows`` people a day; None: not known. ``newcomers`` a day
    come to those left. ``to_clean``: of those left, how many are to be cleaned off the list, at least and at most, None where
    neither figures nor visits say so; ``never``: so many of each draw (draws,), between these ends. No team records them.
    """

    area: str
    unrecorded: int
    start: Floats
    path: Paths | SummedPaths | None
    lag: int
    allowed: tuple[int, int] | None
    grows: float
    newcomers: float
    desa: int
    origin: date
    to_clean: tuple[int, int] | None = None
    never: Floats | float = 0.0

    @property
    def can_come(self) -> Floats:
        """Those whom teams can record, of each draw on the eve of the plan."""
        return np.asarray(np.maximum(self.start - self.never, 0.0))

    def as_now(self, days: Floats) -> Floats:
        """People left of each draw on days after the eve, if nothing changes: (draws, days)."""
        if self.path is None:
            return np.asarray(self.start[:, None] + self.newcomers * days[None, :])
        if len(days) == 1:
            return self.path.left(np.full(len(self.start), days[0] + self.lag))[:, None]
        return self.path.remaining(days + self.lag)

    def may_remain(self, days: Floats) -> Floats | None:
        """People who may remain on days after the eve: (draws, days); None where that is not known."""
        if self.allowed is None:
            return None
        low, high = self.allowed
        return np.asarray(np.round(np.linspace(low, high, len(self.start)))[:, None] + self.grows * (days + self.lag)[None, :])


@dataclass(frozen=True)
class Standing:
    """The areas of a plan, and the whole that they are part of.

    ``elsewhere``: people unrecorded in the whole whom no area of the plan holds; ``allowed``: how many may remain in it for the
    least and the most eligible, ``grows`` a day. ``whole``: the projection of the whole where the plan has all its areas;
    ``lag`` days from its origin to the eve of the plan; ``since``: the day since when its target holds.
    """

    pools: tuple[Pool, ...]
    elsewhere: float
    allowed: tuple[int, int] | None
    grows: float
    whole: Projection | None
    origin: date
    lag: int
    since: date | None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the areas."""
        return tuple(pool.area for pool in self.pools)

    @property
    def to_clean(self) -> tuple[int, int] | None:
        """How many are to be cleaned off the list in all areas, at least and at most; None where nothing says so."""
        return _ends([pool.to_clean for pool in self.pools if pool.to_clean is not None])

    @cached_property
    def never(self) -> tuple[float, ...]:
        """The same for each area, as expected."""
        return tuple(float(np.mean(pool.never)) for pool in self.pools)

    def may_remain(self, days: Floats) -> Floats | None:
        """People who may remain in the whole on days after the eve: (draws, days); None where that is not known."""
        if self.allowed is None:
            return None
        draws = len(self.pools[0].start)
        return np.asarray(np.round(np.linspace(*self.allowed, draws))[:, None] + self.grows * (days + self.lag)[None, :])


def stand(ground: Ground, visits: pd.DataFrame | None, request: Request, target: Target | None) -> Standing | None:
    """Who is left in the areas of a request; None where no area has a count. ``target``: None asks for none."""
    found, whole = _projections(ground, request, target)
    recorded = _by_area(visits, list(found))
    to_clean = {code: _to_clean(ground, visits, code, one, request) for code, one in found.items()}
    made = [_pool(one, recorded.get(code, {}), to_clean[code], request, target) for code, one in sorted(found.items())]
    pools = tuple(pool for pool in made if pool is not None)
    if not pools:
        return None
    origin, grows = max(pool.origin for pool in pools), sum(pool.grows for pool in pools)
    lag = max((request.start - origin).days - 1, 0)
    if whole is None or whole.inputs.unit != "people" or not whole.inputs.unrecorded:
        return Standing(pools, 0.0, _summed([pool.allowed for pool in pools]), grows, None, origin, lag, None)
    parts = sum(float(np.mean(found[pool.area].inputs.unrecorded[-1])) for pool in pools)
    elsewhere = float(np.mean(whole.inputs.unrecorded[-1])) - parts
    if target is None:
        return Standing(pools, elsewhere, None, grows, whole, origin, lag, None)
    since = whole.reason.on if whole.reason is not None and whole.reason.code == ARRIVED else None
    return Standing(pools, elsewhere, whole.inputs.allowed, grows, whole, origin, lag, since)


def _summed(allowed: Sequence[tuple[int, int] | None]) -> tuple[int, int] | None:
    """How many may remain in several areas; None where that of one is not known."""
    known = [one for one in allowed if one is not None]
    return _ends(known) if len(known) == len(allowed) else None


def _ends(found: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The sums of both ends; None of none."""
    return (sum(low for low, _high in found), sum(high for _low, high in found)) if found else None


def _to_clean(
    ground: Ground, visits: pd.DataFrame | None, code: str, found: Projection, request: Request
) -> tuple[int, int] | None:
    """How many of those left in an area are to be cleaned off the list, as its figures say and visits before the plan."""
    if found.origin is None or found.inputs.unit != "people" or not found.inputs.unrecorded:
        return None
    before = None if visits is None or visits.empty else visits[visits["day"] < pd.Timestamp(request.start)]
    unrecorded = round(float(np.mean(found.inputs.unrecorded[-1])))
    said = split(before, code, unrecorded, found.origin, ground.listed(code, found.origin))
    return None if said is None else (said.low, said.high)


def _projections(ground: Ground, request: Request, target: Target | None) -> tuple[Mapping[str, Projection], Projection | None]:
    """The areas on their way to zero, which goes on beyond any other target, and the whole on its way to its target."""
    found: dict[str, Projection] = {}
    if request.areas:
        for parent in sorted({str(AreaCode(code).parent) for code in request.areas}):
            within = inside(ground.near(parent), parent, ZERO)
            found |= {} if within is None else {code: one for code, one in within.children.items() if code in request.areas}
        return found, None
    within = inside(ground, request.area, ZERO) if level_of(request.area) is not Level.DESA else None
    found = {request.area: answer(ground, request.area, ZERO)} if within is None else dict(within.children)
    return found, answer(ground, request.area, target or ZERO)


def _pool(
    found: Projection,
    recorded: Mapping[date, int],
    to_clean: tuple[int, int] | None,
    request: Request,
    target: Target | None,
) -> Pool | None:
    inputs, code = found.inputs, found.area_code
    if found.origin is None or inputs.unit != "people" or not inputs.unrecorded:
        return None
    if found.reason is not None and found.reason.code == "above_hundred":
        return None
    done = sum(n for day, n in recorded.items() if found.origin < day < request.start)
    now = max(float(np.mean(inputs.unrecorded[-1])) - done, 0.0)
    lag = max((request.start - found.origin).days - 1, 0)
    path = found.paths
    comes = inputs.inflow_per_day if found.meaning == "eligible" else 0.0
    known = path is None or not lag or done  # what was recorded since is known, or nothing is
    start = np.full(DRAWS, now + comes * lag) if path is None or known else path.remaining([lag])[:, 0]
    grows = 0.0 if target is None or target.share is None else float(1 - target.share) * comes
    allowed = None if target is None else allowed_of(target, inputs.eligible)
    made = Pool(code, round(now), start, path, lag, allowed, grows, comes, desa_in(code), found.origin)
    return _with_never(made, to_clean, request.seed)


def _with_never(pool: Pool, to_clean: tuple[int, int] | None, seed: int) -> Pool:
    """The pool with those who are to be cleaned off the list: of each draw as many as between the ends, the same share of the
    way in all areas, for whether visits met the same names is alike in all."""
    if to_clean is None:
        return pool
    least, most = (min(one, pool.unrecorded) for one in to_clean)
    way = np.random.default_rng([seed, 19]).permutation(np.linspace(0.0, 1.0, len(pool.start)))
    never = np.minimum(np.round(least + way * (most - least)), pool.start)
    return replace(pool, to_clean=(least, most), never=never)


def desa_in(code: str) -> int:
    """How many desa a team's days are divided among in an area, by the register: at least one."""
    return 1 if level_of(code) is Level.DESA else max(1, sum(1 for _ in register().codes(Level.DESA, code)))


def owner_of(code: str, codes: set[str]) -> str | None:
    """The area of the plan in which an area lies."""
    parts = code.split(".")
    return next((one for n in range(len(parts), 0, -1) if (one := ".".join(parts[:n])) in codes), None)


def _by_area(visits: pd.DataFrame | None, codes: Sequence[str]) -> Mapping[str, Mapping[date, int]]:
    """People recorded at visits by area of the plan and day; visits that do not say how many are in none."""
    out: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    known = set(codes)
    for row in rows_of(visits):
        owner = owner_of(row.area_code, known)
        if owner is not None and not pd.isna(row.recorded):
            out[owner][row.day.date()] += int(row.recorded)
    return out


def rows_of(visits: pd.DataFrame | None) -> list[pd.Series]:
    return [] if visits is None or visits.empty else list(visits.sort_values("day", kind="stable").itertuples(index=False))


def seen_in(
    ground: Ground, visits: pd.DataFrame | None, codes: Sequence[str], before: date, never: Sequence[float] | None = None
) -> tuple[list[Seen], int]:
    """What visits before a day tell of yields, oldest first, and how many of them tell nothing: without a number recorded, of
    teams, or of those left then. ``never``: those of each area who are to be cleaned off the list; they could not come then."""
    hidden = dict(zip(codes, never or [0.0] * len(codes), strict=True))
    at, known = {code: n for n, code in enumerate(codes)}, set(codes)
    histories = {code: ground.history(code) for code in codes}
    done: dict[str, list[tuple[date, int]]] = defaultdict(list)
    seen, silent = [], 0
    for row in rows_of(visits):
        day = row.day.date()
        owner = owner_of(row.area_code, known)
        if owner is None or day >= before or (before - day).days > 4 * RECENT_DAYS:
            continue
        left = _left(histories[owner], day, done[owner], hidden[owner])
        if not pd.isna(row.recorded):
            done[owner].append((day, int(row.recorded)))
        if left is None or pd.isna(row.recorded) or pd.isna(row.teams):
            silent += 1
            continue
        first = _left(histories[owner], done[owner][0][0], [], hidden[owner])
        desa = desa_in(owner)
        part = 1.0 if row.area_code == owner else 1.0 / desa
        hours = 1.0 if pd.isna(row.hours) else min(float(row.hours) / DAY_HOURS, 1.0)
        effort = float(row.teams) * max(hours, 0.1)
        share = (max(left * part, float(row.recorded)), (left if first is None else first) * part)
        divided = desa if part == 1.0 else 1
        seen.append(Seen((at[owner],), (effort,), (share[0],), (share[1],), (divided,), float(row.recorded), str(row.place)))
    return seen, silent


def _left(past: History, day: date, done: Sequence[tuple[date, int]], never: float) -> float | None:
    """Those left who could come in an area before the visits of a day: the last figure before it, less those recorded since and
    those who are to be cleaned off the list."""
    before = [n for n, on in enumerate(past.dates) if on < day]
    if not before or past.unit != "people":
        return None
    on = past.dates[before[-1]]
    return max(float(past.middle[before[-1]]) - sum(n for when, n in done if on < when) - never, 0.0)


def falls_in(ground: Ground, standing: Standing, request: Request) -> list[Seen]:
    """What the latest steps of the figures tell of yields, oldest first: the fall of all areas together, newcomers added, by
    teams that were where most were left. A step over a break tells nothing."""
    histories = [ground.history(code) for code in standing.codes]
    days = sorted({on for past in histories for on in past.dates if on > standing.origin - timedelta(days=RECENT_DAYS)})
    falls = [_fall(histories, standing, request, step) for step in pairwise(days)]
    return [one for one in falls if one is not None][-FALLS:]


def _may_come(standing: Standing, areas: Iterable[int]) -> float:
    """Those left in some areas who may come."""
    return sum(standing.pools[n].unrecorded - standing.never[n] for n in areas)


def _fall(histories: Sequence[History], standing: Standing, request: Request, step: tuple[date, date]) -> Seen | None:
    """What one step of the figures tells; None where no area has a figure on both days, nobody was left or at
    work, or more are left than before."""
    start, end = step
    teams = request.able if request.teams_now is None else request.teams_now
    parts = [n for n, past in enumerate(histories) if _steps(past, start, end)]
    before, after = ([max(_count(histories[n], day) - standing.never[n], 0.0) for n in parts] for day in step)
    if sum(before) <= 0 or teams < 1:
        return None
    pools = [standing.pools[n] for n in parts]
    others = _may_come(standing, range(len(standing.pools))) - _may_come(standing, parts)
    days = teams * (len(working_days(request, start + timedelta(days=1), end)) or 1)
    came = sum(pool.newcomers for pool in pools) * (end - start).days
    recorded = (sum(before) - sum(after) + came) * (1 - request.office)
    if recorded < 0:  # a correction of the list, which tells nothing of who came
        return None
    firsts = [_first(histories[n], standing.origin, left, standing.never[n]) for n, left in zip(parts, before, strict=True)]
    return Seen(
        tuple(parts),
        tuple(days * left / (sum(before) + others) for left in before),
        tuple(before),
        tuple(firsts),
        tuple(pool.desa for pool in pools),
        round(recorded),
        HALL,
        fall=True,
    )


def _first(past: History, origin: date, left: float, never: float) -> float:
    """Those left at the first figure of an area that has none before the days that are learnt from; else on the step's first."""
    return max(float(past.middle[0]) - never, 0.0) if past.dates[0] > origin - timedelta(days=RECENT_DAYS) else left


def _count(past: History, day: date) -> float:
    return float(past.middle[past.dates.index(day)])


def _steps(past: History, start: date, end: date) -> bool:
    """Whether an area has a count on both days, and no break between."""
    if past.unit != "people" or start not in past.dates or end not in past.dates:
        return False
    i, j = past.dates.index(start), past.dates.index(end)
    return not any(i < one.position <= j for one in past.breaks)
