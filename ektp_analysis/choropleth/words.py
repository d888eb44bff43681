"""What is said of one area and of the whole map: the same lines in tooltip, screen reader and picture."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ektp_analysis.area import register
from ektp_analysis.boundaries import Boundaries
from ektp_analysis.choropleth.legend import undrawn
from ektp_analysis.classes import Classes, known_coverage
from ektp_analysis.i18n import number, render
from ektp_analysis.text import TN, Percent, T, Text

TILES = T("Equal squares in rough geographic order: not the shape of the areas.")
UNKNOWN = T("Unrecorded: unknown")
# For a frame that writes the numbers itself.
COUNT, COVERAGE = T("Unrecorded: {n}", n="{n}"), T("Coverage {coverage}", coverage="{share}")
NOTHING: tuple[Text, ...] = (T("No data"),)
MOST_MISSING = 6  # areas without boundaries that are named


def lines(rows: pd.DataFrame, classes: Classes) -> dict[str, tuple[Text, ...]]:
    """For each area of a solved frame: the measure of the map where it is another, how many are unrecorded, the
    coverage, the day. Missing is said, not left out."""
    coverage, measure = known_coverage(rows), classes.measure
    values = measure.values(rows) if measure.column in rows else [None] * len(rows)
    return {str(row.area_code): (*_own(str(row.area_code), value, classes), *_lines(row, share))
            for row, share, value in zip(rows.itertuples(), coverage, values, strict=True)}


def _own(code: str, value: object, classes: Classes) -> tuple[Text, ...]:
    """The map's own measure: the value, or the class of the area where the frame does not hold it as a number."""
    measure, item = classes.measure, classes.item(code)
    if measure.reported or item.kind == "none":
        return ()
    known = item.kind == "step" and value is not None and not pd.isna(value)
    shown = measure.shown(measure.units(float(value))) if known else item.label  # type: ignore[arg-type]
    return (T("{measure}: {value}", measure=measure.label, value=shown),)


def _lines(row: object, share: object) -> tuple[Text, ...]:
    unrecorded, day = row.unrecorded, row.as_of_date  # type: ignore[attr-defined]
    known = not pd.isna(share)
    if pd.isna(unrecorded) and not known:
        return NOTHING
    first = UNKNOWN if pd.isna(unrecorded) else TN(
        "{n} person not yet recorded", "{n} people not yet recorded", n=int(unrecorded))
    second = T("Coverage {coverage}", coverage=Percent(float(share))) if known else T("Coverage: unknown")  # type: ignore[arg-type]
    return (first, second) if pd.isna(day) else (first, second, T("As of {day}", day=day.date()))


def missing(boundaries: Boundaries, classes: Classes, lang: str) -> list[str]:
    """A line that names the areas without boundaries, with the people whom the map so leaves out; none where all are drawn."""
    left = undrawn(classes, boundaries.codes)
    if not left:
        return []
    people = classes.people
    names = [register().name(code) + (f" ({number(people[code], lang)})" if code in people else "") for code in left]
    listed = ", ".join(names[:MOST_MISSING]) + (" …" if len(names) > MOST_MISSING else "")
    return [render(TN("{n} area without an outline, not on the map: {areas}", "{n} areas without an outline, not on the map: "
                      "{areas}", n=len(left), areas=listed), lang)]


def footnotes(boundaries: Boundaries, rows: pd.DataFrame, source: Text | str, lang: str) -> Sequence[str]:
    """Day and source of the figures, and the credit of the boundaries (of tiles: what they are)."""
    days = sorted({day.date() for day in rows["as_of_date"].dropna()})
    when = [] if not days else [T("As of {day}", day=days[0])] if len(days) == 1 else [
        T("As of {first} to {last}", first=days[0], last=days[-1])]
    about = " · ".join(render(text, lang) for text in [*when, T("Source: {source}", source=source)])
    return [about, render(TILES if boundaries.tiles else boundaries.credited, lang)]
