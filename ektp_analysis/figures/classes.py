"""Values of areas -> classes with readable bounds: the one source of a map's colours, legend and bars.

Zero left ('tuntas'), no data, more than 100 %, outdated figures, no change, 'not within the horizon' and an answer that is
still to come are classes of their own, never the ends of the ramp. Bounds can be frozen (handed back in), so that a colour
means one thing on every date and in every area.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf, isinf, nan

import pandas as pd

from ektp_analysis.core.text import T, Text
from ektp_analysis.core.theme import COOL, MOST_STEPS, Theme, cool, palette, ramp
from ektp_analysis.figures import class_bounds
from ektp_analysis.figures.measure import AWAITED, Kind, Measure

SPECIAL: Mapping[Kind, Text] = {
    "same": T("No change"),
    "done": T("Complete: no one left"),
    "beyond": T("Beyond the projection"),
    "over": T("Above 100%: unrecorded unknown"),
    "stale": T("Figure outdated"),
    "awaited": T("No answer yet"),
    "none": T("No data"),
}
HATCHED: frozenset[Kind] = frozenset({"none", "stale"})
OLD = 60  # days from which on a figure is too old to decide by


@dataclass(frozen=True)
class Cuts:
    """How many classes there are, and where they begin.

    ``steps``: at most so many steps of the ramp (1 to 7), fewer where there are fewer values; ``method``: how breaks are
    found, see :mod:`ektp_analysis.figures.class_bounds`; ``own``: breaks that a person gave, in the measure's unit (at most 6
    count), instead of both; ``bounds``: the bounds of other classes, kept: only the outermost widen where a value lies
    beyond them.
    """

    steps: int = 5
    method: class_bounds.Method = "natural"
    own: tuple[float, ...] = ()
    bounds: tuple[int, ...] = ()


CUTS = Cuts()


@dataclass(frozen=True)
class MapClass:
    """One class with its areas, and the unrecorded people whom these hold together (None: not known of any).

    ``rank`` orders the steps from best (1, lightest) to worst; 0 for the other kinds; a diverging measure ranks its good
    side -1 (nearest to zero), -2 and so on. ``low`` and ``high`` bound a
    step, both inclusive, in the measure's unit (people, share) and at its precision.
    """

    key: str
    kind: Kind
    label: Text
    codes: tuple[str, ...]
    rank: int = 0
    low: float | None = None
    high: float | None = None
    held: int | None = None
    held_share: float | None = None


@dataclass(frozen=True)
class Classes:
    """All classes of a map: steps from best to worst, then the special ones.

    Every area is in exactly one. ``bounds`` are the n + 1 rising bounds of n steps, in units of the measure's
    precision: hand them to :func:`classify` to freeze them. ``of`` maps an area to the key of its class, ``people`` to its
    unrecorded, where they are known. ``older`` are the areas that did not report on the day and are coloured by their last
    known figure; lines over the colour say so. ``wider``: the bounds hold other days too, whose figures reach beyond those of
    this one.
    """

    measure: Measure
    bounds: tuple[int, ...]
    items: tuple[MapClass, ...]
    of: Mapping[str, str]
    people: Mapping[str, int] = field(default_factory=dict)
    older: tuple[str, ...] = ()
    wider: bool = False

    def item(self, code: str) -> MapClass:
        """The class of an area; an area that was not among the values has no data."""
        key = self.of.get(code, "none")
        return next(item for item in self.items if item.key == key)

    def colour(self, item: MapClass, theme: Theme) -> str:
        """Fill of a class: its place on the ramp, or the class's own colour ('none' and 'stale' are also hatched)."""
        if item.kind == "step":
            side = [other.rank for other in self.items if other.kind == "step" and other.rank * item.rank > 0]
            return (ramp if item.rank > 0 else cool)(len(side), theme)[abs(item.rank) - 1]
        colours = palette(theme)
        return {
            "same": colours.same,
            "done": colours.done,
            "beyond": colours.beyond,
            "over": colours.over,
            "stale": colours.stale,
            "awaited": colours.none,
            "none": colours.none,
        }[item.kind]

    def hatched(self, code: str) -> bool:
        """Whether an area is hatched: no data, or too old a figure."""
        return self.item(code).kind in HATCHED

    def fill(self, code: str, theme: Theme) -> str:
        """Fill of an area."""
        return self.colour(self.item(code), theme)


def classify(
    values: pd.Series,
    measure: Measure,
    *,
    over: Collection[str] = (),
    stale: Collection[str] = (),
    awaited: Collection[str] = (),
    held: pd.Series | None = None,
    cuts: Cuts = CUTS,
) -> Classes:
    """Put every area into exactly one class.

    Args:
        values: one number for each area code (the index); missing is no data.
        over: areas that stand above 100 %, where the measure itself does not show it.
        stale: areas whose figure is too old to be coloured by its value.
        awaited: areas with figures, whose answer is not made yet.
        held: unrecorded people for each area code, to say how many a class holds.
        cuts: how many classes, and where they begin.
    """
    kinds = {str(code): _kind(value, str(code), measure, over, stale) for code, value in values.items()}
    if measure.projected:  # what lies ahead is missing because the figure is old
        kinds |= {code: "stale" for code in stale if kinds.get(code) == "none"}
    kinds |= {code: "awaited" for code in awaited if kinds.get(code) in ("none", "stale")}
    numbers = {code: measure.units(float(values[code])) for code, kind in kinds.items() if kind == "step"}
    edges = _edges(tuple(numbers.values()), measure, cuts)
    ranks = _ranks(edges, measure)
    of = {
        code: f"step{ranks[class_bounds.place(numbers[code], edges)]}" if kind == "step" else str(kind)
        for code, kind in kinds.items()
    }
    people = {} if held is None else {str(code): int(count) for code, count in held.items() if code in of and not pd.isna(count)}
    items = tuple(_filled(item, of, held) for item in _classes(edges, ranks, measure, frozenset(of.values())))
    return Classes(measure, edges, items, of, people)


def _classes(edges: Sequence[int], ranks: Sequence[int], measure: Measure, used: Collection[str]) -> Iterator[MapClass]:
    """The classes without their areas: the steps by rank, then the special ones that the legend explains or that are used."""
    for rank, position in sorted((rank, position) for position, rank in enumerate(ranks) if rank):
        yield _step(edges, position, rank, measure)
    for kind, text in SPECIAL.items():
        if _shown(kind, measure) or kind in used:
            yield MapClass(kind, kind, measure.words.get(kind, text), ())


def classify_rows(
    rows: pd.DataFrame, measure: Measure, *, areas: Iterable[str] = (), stale: Collection[str] = (), cuts: Cuts = CUTS
) -> Classes:
    """Classes of a solved frame with one row per area; ``areas`` are those to be shown, figures or not.

    Where only a printed percentage is known, it stands for the coverage (the middle of its interval). The other
    arguments are those of :func:`classify`.
    """
    indexed = rows.set_index("area_code")
    codes = list(dict.fromkeys([*(str(code) for code in areas), *indexed.index]))
    indexed = indexed.reindex(codes)
    coverage = known_coverage(indexed)
    over = coverage.index[(coverage > 1).fillna(False).astype(bool)]
    awaited = indexed.index[indexed[AWAITED].eq(True)] if measure.projected and AWAITED in indexed else ()
    given = {"over": set(over), "stale": stale, "awaited": awaited}
    found = classify(measure.values(indexed), measure, **given, held=indexed["unrecorded"], cuts=cuts)
    if "reported" not in indexed:
        return found
    late = indexed.index[indexed["reported"].eq(False).fillna(False).astype(bool)]
    return replace(found, older=tuple(sorted(str(code) for code in late if not found.hatched(str(code)))))


def frozen(rows: pd.DataFrame, every: pd.DataFrame, measure: Measure, cuts: Cuts = CUTS) -> tuple[int, ...]:
    """Bounds for all days, to be handed to :func:`classify_rows`: found on ``rows``, wide enough for ``every``.

    ``every`` are the rows of all days that are looked at; ``rows`` may be those of several days too. Where ``rows`` has
    nothing to class, they speak for it.
    """
    found = classify_rows(_told_apart(rows), measure, cuts=cuts).bounds
    told = _told_apart(every)
    if found:  # only the outermost values can move a bound
        values = _in_steps(told, measure)
        told = told[(values == values.min()) | (values == values.max())].drop_duplicates(measure.column)
    return classify_rows(told, measure, cuts=replace(cuts, bounds=found)).bounds


def reach_beyond(every: pd.DataFrame, rows: pd.DataFrame, measure: Measure) -> bool:
    """Whether what is put into steps reaches beyond that of ``rows``, at either end."""
    far, near = _in_steps(every, measure), _in_steps(rows, measure)
    return bool(far.notna().any() and (near.isna().all() or far.min() < near.min() or far.max() > near.max()))


def _in_steps(rows: pd.DataFrame, measure: Measure) -> pd.Series:
    """The values that steps hold; missing where an area is in a class of its own kind."""
    values = measure.values(rows).astype("Float64")
    inside = values.notna() & (values.abs() < inf) & (values != (nan if measure.done is None else measure.done))
    return values.where(inside if measure.over is None else inside & (values <= measure.over))


def _told_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, each as if it were an area of its own."""
    return rows.assign(area_code=[str(place) for place in range(len(rows))])


def older_than(rows: pd.DataFrame, day: date, *, days: int = OLD) -> frozenset[str]:
    """Areas whose figure (as_of_date) is more than so many days older than ``day``."""
    old = rows["as_of_date"] < pd.Timestamp(day) - pd.Timedelta(days=days)
    return frozenset(rows.loc[old.fillna(False), "area_code"])


def known_coverage(rows: pd.DataFrame) -> pd.Series:
    """Coverage by counts, else the printed percentage, else missing."""
    printed = pd.to_numeric(rows["coverage_reported"], errors="coerce").astype("Float64") / 100
    return rows["coverage"].astype("Float64").fillna(printed)


def _kind(value: object, code: str, measure: Measure, over: Collection[str], stale: Collection[str]) -> Kind:
    missing = bool(pd.isna(value))
    number = 0.0 if missing else float(value)  # type: ignore[arg-type]
    if code in stale and not missing:
        return "stale"
    if code in over and (missing or measure.over is not None):
        return "over"
    if missing:
        return "none"
    if measure.over is not None and number > measure.over:
        return "over"
    if isinf(number):
        return "beyond" if measure.endless else "none"
    if measure.diverging and number == 0:
        return "same"
    return "done" if measure.done is not None and number == measure.done else "step"


def _shown(kind: Kind, measure: Measure) -> bool:
    """Whether the legend explains a special class even where no area is in it."""
    if kind == "none":
        return True
    return {"done": measure.done is not None, "over": measure.reported, "same": measure.diverging, "beyond": measure.endless}.get(
        kind, False
    )


def _edges(numbers: Sequence[int], measure: Measure, cuts: Cuts) -> tuple[int, ...]:
    """Rising bounds; of a diverging measure those of both sides, with zero alone in between."""
    limits = {"lowest": measure.least, "highest": measure.most}
    if cuts.bounds:
        return class_bounds.widen(_both_sides(cuts.bounds, numbers) if measure.diverging else cuts.bounds, numbers, **limits)
    if cuts.own and numbers:
        given = sorted({measure.units(value) for value in cuts.own})[: MOST_STEPS - 1]
        return class_bounds.own(numbers, {*given, 0, 1} if measure.diverging else given, **limits)
    if not measure.diverging:
        return class_bounds.find(numbers, steps=cuts.steps, method=cuts.method, **limits)
    sides = [-n for n in numbers if n < 0], [n for n in numbers if n > 0]
    each = max(1, cuts.steps // 2) if all(sides) else min(cuts.steps, len(COOL))  # one side alone takes all the steps
    below, above = (class_bounds.find(side, steps=each, method=cuts.method, lowest=1) for side in sides)
    falling = tuple(-edge + (position + 1 < len(below)) for position, edge in reversed(list(enumerate(below))))
    return (*falling[:-1], 0, 1, *above[1:]) if numbers else ()


def _both_sides(bounds: Sequence[int], numbers: Sequence[int]) -> tuple[int, ...]:
    """Frozen bounds of a diverging measure, with a class added on a side that had none and now has values."""
    low = (min(numbers),) if bounds[0] == 0 and min(numbers, default=0) < 0 else ()
    high = (max(numbers),) if bounds[-1] == 1 and max(numbers, default=0) > 0 else ()
    return (*low, *bounds, *high)


def _ranks(edges: Sequence[int], measure: Measure) -> list[int]:
    """The rank of the class at each position; 0 for the class of zero between the sides of a diverging measure."""
    count = len(edges) - 1
    if not measure.diverging:
        return [i + 1 if measure.worse == "high" else count - i for i in range(count)]
    zero = edges.index(0) if 0 in edges else count
    sign = 1 if measure.worse == "high" else -1
    return [sign * (i - zero) for i in range(count)]


def _step(edges: Sequence[int], position: int, rank: int, measure: Measure) -> MapClass:
    """A step with its bounds as they are read: neighbouring steps do not touch."""
    low, high = edges[position], edges[position + 1] - (position + 2 < len(edges))
    words = {"low": measure.shown(low), "high": measure.shown(high)}
    label = (
        T("{low}", low=words["low"])
        if low == high
        else (T("{low} to {high}", **words) if low < 0 else T("{low} – {high}", **words))
    )
    return MapClass(f"step{rank}", "step", label, (), rank, low * measure.precision, high * measure.precision)


def _filled(item: MapClass, of: Mapping[str, str], held: pd.Series | None) -> MapClass:
    codes = tuple(sorted(code for code, key in of.items() if key == item.key))
    people = share = None
    if held is not None and held.reindex(codes).notna().any():
        people = int(held.reindex(codes).sum())
        share = people / int(held.sum()) if held.sum() > 0 else None
    return MapClass(item.key, item.kind, item.label, codes, item.rank, item.low, item.high, people, share)
