"""The legend of a map as data, and as an HTML list that needs no script."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import pandas as pd

from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, Percent, T, Text, number, percent, render, some
from ektp_analysis.core.theme import MOST_STEPS, Theme, cool, palette, ramp, readable_on
from ektp_analysis.figures.classes import Classes, known_coverage
from ektp_analysis.figures.measure import Kind

MARKS: dict[str, str] = {"done": "✓", "over": "▲"}
PATTERNS: Mapping[Kind, str] = {"none": "ektp-hatch", "stale": "ektp-dots"}
UNDRAWN = T("Without an outline: not on the map")
ALL_DAYS = T("classes for all days")
OLDER = T("Hatched, among these: figures of earlier days")
Row = Kind | Literal["undrawn", "older"]


@dataclass(frozen=True)
class LegendRow:
    """One class as a reader sees it. ``held`` is the share of the unrecorded people that its areas hold, written out.

    Two are no class: ``undrawn``, the areas that have no outline on the map, whatever their figures; and ``older``, which
    counts once more those in the rows above that did not report on the day.
    """

    key: str
    kind: Row
    label: str
    areas: int
    areas_text: str
    held: str
    colour: str
    mark: str

    @property
    def hatched(self) -> bool:
        """Whether its areas are hatched: no data, too old a figure, or one of an earlier day."""
        return self.kind in ("none", "stale", "older")


def legend(classes: Classes, lang: str, theme: Theme = "light", drawn: Collection[str] | None = None) -> list[LegendRow]:
    """One row per class: the worst step first, then complete, above 100 %, outdated, no data (also where empty).

    With ``drawn``, the areas that have an outline, each class counts those alone; the others stand in a last row, so that
    numbers and shares still add up to all.
    """
    steps = [item for item in classes.items if item.kind == "step"][::-1]
    others = [item for item in classes.items if item.kind != "step"]
    rows, known = [], None if drawn is None else frozenset(drawn)
    for item in [*steps, *others]:
        codes = item.codes if known is None else tuple(code for code in item.codes if code in known)
        rows.append(_row(classes, item.key, item.kind, render(item.label, lang), codes, lang, classes.colour(item, theme)))
    late = [code for code in classes.older if known is None or code in known]
    if late:
        rows.append(_row(classes, "older", "older", render(OLDER, lang), late, lang, palette(theme).context))
    left = undrawn(classes, known)
    return (
        rows
        if not left
        else [*rows, _row(classes, "undrawn", "undrawn", render(UNDRAWN, lang), left, lang, palette(theme).paper)]
    )


def heading(classes: Classes) -> Text:
    """What the classes are of; where they reach beyond the figures of the day, that they hold for all days."""
    label = classes.measure.label
    return T("{measure}; {clause}", measure=label, clause=ALL_DAYS) if classes.wider else label


def undrawn(classes: Classes, drawn: Collection[str] | None) -> tuple[str, ...]:
    """The areas with figures or of the register that have no outline; those with the most unrecorded first."""
    known = None if drawn is None else frozenset(drawn)
    left = () if known is None else (code for code in classes.of if code not in known)
    return tuple(sorted(left, key=lambda code: (-classes.people.get(code, -1), code)))


def _row(classes: Classes, key: str, kind: Row, label: str, codes: Sequence[str], lang: str, colour: str) -> LegendRow:
    people, total = [classes.people[code] for code in codes if code in classes.people], sum(classes.people.values())
    share = sum(people) / total if people and total else None
    return LegendRow(
        key,
        kind,
        label,
        len(codes),
        render(TN("{n} area", "{n} areas", n=len(codes)), lang),
        "" if share is None else percent(share, lang, 0),
        colour,
        MARKS.get(kind, ""),
    )


def legend_html(
    classes: Classes, lang: str, theme: Theme = "light", *, live: bool = False, drawn: Collection[str] | None = None
) -> str:
    """The legend as an escaped HTML list: swatch, bounds, bar of areas, number, share of the people; ``drawn`` as for
    :func:`legend`.

    ``live`` makes each class take the focus and light up its areas; the page then runs ``HOVER`` once.
    """
    rows = legend(classes, lang, theme, drawn)
    most = max((row.areas for row in rows), default=0) or 1
    colours = palette(theme)
    title = escape(render(heading(classes), lang))
    items = "".join(_item(row, most, theme, live) for row in rows)
    return (
        f'<div style="font-size:0.8125rem;line-height:1.3;color:{colours.ink};font-variant-numeric:tabular-nums">'
        f'<div style="font-weight:600;margin-bottom:.35rem">{title}</div>'
        f'<ul style="list-style:none;margin:0;padding:0">{items}</ul></div>'
    )


def _item(row: LegendRow, most: int, theme: Theme, live: bool) -> str:
    colours = palette(theme)
    ground = row.colour
    if row.kind in ("none", "older"):
        line = colours.hatch if row.kind == "none" else colours.paper
        ground = f"repeating-linear-gradient(45deg,{line} 0 1.5px,{row.colour} 1.5px 5px)"
    elif row.kind == "stale":
        ground = f"radial-gradient({colours.muted} 22%,{row.colour} 26%) 0 0/6px 6px"
    edge = "dashed" if row.kind == "undrawn" else "solid"
    ink = colours.ink if row.areas else colours.muted
    swatch = (
        f'<span aria-hidden="true" style="flex:none;width:1.5rem;height:1rem;line-height:1rem;text-align:center;'
        f'font-size:.75rem;border:1px {edge} {colours.grid};background:{ground};color:{readable_on(row.colour)}">'
        f"{row.mark}</span>"
    )
    bar = (
        f'<span aria-hidden="true" style="flex:none;width:2.5rem"><span style="display:block;height:.5rem;'
        f'width:{row.areas / most:.0%};background:{colours.context}"></span></span>'
    )
    held = f" · {escape(row.held)}" if row.held and row.areas else ""
    hook = f' tabindex="0" data-legend-class="{escape(row.key)}"' if live and row.kind not in ("undrawn", "older") else ""
    return (
        f'<li{hook} style="display:flex;align-items:center;gap:.5rem;margin:0;padding:.15rem 0;font-size:.8125rem;'
        f'color:{ink}">{swatch}'
        f'<span style="flex:1">{escape(row.label)}</span>{bar}'
        f'<span style="flex:none;min-width:6.5rem;color:{colours.muted}">{escape(row.areas_text)}{held}</span></li>'
    )


TILES = T("Equal squares in rough geographic order: not the shape of the areas.")
CODED = T("Equal squares roughly in the order of the codes: neither the shape of the areas nor where they lie.")
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
    return {
        str(row.area_code): (*_own(str(row.area_code), value, classes), *_lines(row, share))
        for row, share, value in zip(rows.itertuples(), coverage, values, strict=True)
    }


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
    first = (
        UNKNOWN if pd.isna(unrecorded) else TN("{n} person not yet recorded", "{n} people not yet recorded", n=int(unrecorded))
    )
    second = T("Coverage {coverage}", coverage=Percent(float(share))) if known else T("Coverage: unknown")  # type: ignore[arg-type]
    return (first, second) if pd.isna(day) else (first, second, T("As of {day}", day=day.date()))


def missing(boundaries: Boundaries, classes: Classes, lang: str) -> list[str]:
    """A line that names the areas without boundaries, with the people whom the map so leaves out; none where all are drawn."""
    left = undrawn(classes, boundaries.codes)
    if not left:
        return []
    people = classes.people
    names = [register().name(code) + (f" ({number(people[code], lang)})" if code in people else "") for code in left]
    listed = some(names, MOST_MISSING)
    return [
        render(
            TN(
                "{n} area without an outline, not on the map: {areas}",
                "{n} areas without an outline, not on the map: {areas}",
                n=len(left),
                areas=listed,
            ),
            lang,
        )
    ]


def footnotes(boundaries: Boundaries, rows: pd.DataFrame, source: Text | str, lang: str) -> Sequence[str]:
    """Day and source of the figures, and the credit of the boundaries (of tiles: what they are)."""
    days = sorted({day.date() for day in rows["as_of_date"].dropna()})
    when = (
        []
        if not days
        else [T("As of {day}", day=days[0])]
        if len(days) == 1
        else [T("As of {first} to {last}", first=days[0], last=days[-1])]
    )
    about = " · ".join(render(text, lang) for text in [*when, T("Source: {source}", source=source)])
    squares = TILES if boundaries.placed else CODED
    return [about, render(squares if boundaries.tiles else boundaries.credited, lang)]


def lined(fill: str) -> str:
    """The name of the pattern of a colour with lines over it: a figure of an earlier day."""
    return f"ektp-older-{fill.lstrip('#')}"


def patterns(theme: Theme) -> str:
    """The hatches and dots that areas are filled with, as an SVG that is not seen."""
    colours = palette(theme)
    steps = range(1, MOST_STEPS + 1)
    fills = {colour for count in steps for colour in (*ramp(count, theme), *cool(count, theme))}
    fills |= {colours.grid, colours.same, colours.done, colours.beyond, colours.over}
    turned = 'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
    older = "".join(
        f'<pattern id="{lined(fill)}" {turned}><rect width="6" height="6" fill="{fill}"/>'
        f'<rect width="1.5" height="6" fill="{colours.paper}"/></pattern>'
        for fill in sorted(fills)
    )
    attributes = 'width="7" height="7" patternUnits="userSpaceOnUse"'
    return (
        f'<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
        f'<pattern id="{PATTERNS["none"]}" {attributes} patternTransform="rotate(45)">'
        f'<rect width="7" height="7" fill="{colours.none}"/><rect width="2" height="7" fill="{colours.hatch}"/></pattern>'
        f'<pattern id="{PATTERNS["stale"]}" {attributes}><rect width="7" height="7" fill="{colours.stale}"/>'
        f'<circle cx="3.5" cy="3.5" r="1.4" fill="{colours.muted}"/></pattern>{older}</defs></svg>'
    )
