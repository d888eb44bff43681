"""Values of areas -> classes with readable bounds: the one source of a map's colours, legend and bars.

Zero left ('tuntas'), no data, more than 100 % and outdated figures are classes of their own, never the ends of the
ramp. Bounds can be frozen (handed back in), so that a colour means one thing on every date and in every area.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ektp_analysis import breaks
from ektp_analysis.map_measures import UNRECORDED, MapMeasure
from ektp_analysis.text import T, Text
from ektp_analysis.theme import Theme, palette, ramp

Kind = Literal["step", "done", "over", "stale", "none"]
SPECIAL: Mapping[Kind, Text] = {
    "done": T("Complete: no one left"), "over": T("Above 100 %: unrecorded unknown"),
    "stale": T("Figure outdated"), "none": T("No data"),
}


@dataclass(frozen=True)
class MapClass:
    """One class with its areas, and the unrecorded people whom these hold together (None: not known of any).

    ``rank`` orders the steps from best (1, lightest) to worst; 0 for the other kinds. ``low`` and ``high`` bound a
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
    """All classes of a map: steps from best to worst, then done, over, stale (if any) and none.

    Every area is in exactly one. ``bounds`` are the n + 1 rising bounds of n steps, in units of the measure's
    precision: hand them to :func:`classify` to freeze them. ``of`` maps an area to the key of its class.
    """

    measure: MapMeasure
    bounds: tuple[int, ...]
    items: tuple[MapClass, ...]
    of: Mapping[str, str]

    def item(self, code: str) -> MapClass:
        """The class of an area; an area that was not among the values has no data."""
        key = self.of.get(code, "none")
        return next(item for item in self.items if item.key == key)

    def colour(self, item: MapClass, theme: Theme) -> str:
        """Fill of a class: its place on the ramp, or the class's own colour ('none' and 'stale' are also hatched)."""
        if item.kind == "step":
            return ramp(len(self.bounds) - 1, theme)[item.rank - 1]
        colours = palette(theme)
        return {"done": colours.done, "over": colours.over, "stale": colours.none, "none": colours.none}[item.kind]

    def fill(self, code: str, theme: Theme) -> str:
        """Fill of an area."""
        return self.colour(self.item(code), theme)


def classify(values: pd.Series, *, measure: MapMeasure = UNRECORDED, over: Collection[str] = (),
             stale: Collection[str] = (), held: pd.Series | None = None, steps: int = 5,
             method: breaks.Method = "natural", bounds: Sequence[int] | None = None) -> Classes:
    """Put every area into exactly one class.

    Args:
        values: one number for each area code (the index); missing is no data.
        over: areas that stand above 100 %, where the measure itself does not show it.
        stale: areas whose figure is too old to be coloured by its value.
        held: unrecorded people for each area code, to say how many a class holds.
        steps: at most so many steps of the ramp (1 to 7); fewer where there are fewer values.
        method: how breaks are found, see :mod:`ektp_analysis.breaks`.
        bounds: the bounds of other classes, kept; only the outermost widen where a value lies beyond them.
    """
    kinds = {str(code): _kind(value, str(code), measure, over, stale) for code, value in values.items()}
    numbers = {code: measure.units(float(values[code])) for code, kind in kinds.items() if kind == "step"}
    limits = {"lowest": measure.least, "highest": measure.most}
    if bounds:
        edges = breaks.widen(bounds, numbers.values(), **limits)
    else:
        edges = breaks.find(numbers.values(), steps=steps, method=method, **limits)
    count = max(len(edges) - 1, 0)

    def rank(position: int) -> int:
        return position + 1 if measure.worse == "high" else count - position

    of = {code: f"step{rank(breaks.place(numbers[code], edges))}" if kind == "step" else kind
          for code, kind in kinds.items()}
    empty = [_step(edges, position, rank(position), measure) for position in sorted(range(count), key=rank)]
    empty += [MapClass(kind, kind, text, ()) for kind, text in SPECIAL.items()
              if (kind != "done" or measure.done is not None) and (kind != "stale" or "stale" in of.values())]
    return Classes(measure, edges, tuple(_filled(item, of, held) for item in empty), of)


def classify_rows(rows: pd.DataFrame, *, measure: MapMeasure = UNRECORDED, areas: Iterable[str] = (),
                  steps: int = 5, method: breaks.Method = "natural",
                  bounds: Sequence[int] | None = None) -> Classes:
    """Classes of a solved frame with one row per area; ``areas`` are those to be shown, figures or not.

    Where only a printed percentage is known, it stands for the coverage (the middle of its interval).
    """
    indexed = rows.set_index("area_code")
    codes = list(dict.fromkeys([*(str(code) for code in areas), *indexed.index]))
    indexed = indexed.reindex(codes)
    coverage = known_coverage(indexed)
    values = coverage if measure.column == "coverage" else indexed[measure.column]
    over = coverage.index[(coverage > 1).fillna(False).astype(bool)]
    return classify(values, measure=measure, over=set(over), held=indexed["unrecorded"], steps=steps, method=method,
                    bounds=bounds)


def known_coverage(rows: pd.DataFrame) -> pd.Series:
    """Coverage by counts, else the printed percentage, else missing."""
    printed = pd.to_numeric(rows["coverage_reported"], errors="coerce").astype("Float64") / 100
    return rows["coverage"].astype("Float64").fillna(printed)


def _kind(value: object, code: str, measure: MapMeasure, over: Collection[str], stale: Collection[str]) -> Kind:
    missing = bool(pd.isna(value))
    number = 0.0 if missing else float(value)  # type: ignore[arg-type]
    if code in stale and not missing:
        return "stale"
    if code in over and (missing or measure.unit == "share"):
        return "over"
    if missing:
        return "none"
    if measure.unit == "share" and number > 1:
        return "over"
    return "done" if measure.done is not None and number == measure.done else "step"


def _step(edges: Sequence[int], position: int, rank: int, measure: MapMeasure) -> MapClass:
    """A step with its bounds as they are read: neighbouring steps do not touch."""
    low, high = edges[position], edges[position + 1] - (position + 2 < len(edges))
    label = T("{low}", low=measure.shown(low)) if low == high else T(
        "{low} – {high}", low=measure.shown(low), high=measure.shown(high))
    return MapClass(f"step{rank}", "step", label, (), rank, low * measure.precision, high * measure.precision)


def _filled(item: MapClass, of: Mapping[str, str], held: pd.Series | None) -> MapClass:
    codes = tuple(sorted(code for code, key in of.items() if key == item.key))
    people = share = None
    if held is not None and held.reindex(codes).notna().any():
        people = int(held.reindex(codes).sum())
        share = people / int(held.sum()) if held.sum() > 0 else None
    return MapClass(item.key, item.kind, item.label, codes, item.rank, item.low, item.high, people, share)
