"""Sentences of slides and printed pages: the stamp, what changed since the last snapshot, chances by a day, the method."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from ektp_analysis.core.area import register
from ektp_analysis.core.text import TN, T, Text
from ektp_analysis.figures.standing import Standing
from ektp_analysis.narrative import chances, counts
from ektp_analysis.projection.result import Projection

METHOD = (
    T(
        "The day is counted from a thousand possible continuations of the area's own snapshots. What is "
        "given is the range that holds 8 in 10 of them, not one promised day."
    ),
    T("If some of them do not reach the target as far as the projection looks, that chance is given and no date is invented."),
    T("The projection knows no plans: a mobile team or a holiday ahead is not in it."),
)


def stamp(*, sample: bool, modelled: bool) -> Text | None:
    """The few words that stand on every slide that shows figures of a sample or of a model; None for counts."""
    if sample:
        return T("SAMPLE, partly modelled")
    return T("Partly modelled figures") if modelled else None


def made(known_at: date | datetime | None, at: datetime, version: str) -> Text:
    """When a file was made, by what, and as of which knowledge; and by which method its projections."""
    text = (
        T("made {at}, version {version}", at=at, version=version)
        if known_at is None
        else T("as known on {known}, made {at}, version {version}", known=known_at, at=at, version=version)
    )
    return T("{one}; {other}", one=text, other=chances.method())


def named(area: str, day: date) -> Text:
    """Which area on which day."""
    return T("{area}, as of {date}", area=register().full_name(area), date=day)


def moved(rows: pd.DataFrame) -> Text:
    """Where the unrecorded fell most and where they rose (frame of ``measures.ranking``)."""
    known = rows[rows["change"].notna()]
    falls, rises = known[known["change"] < 0].sort_values("change"), known[known["change"] > 0]
    if falls.empty and rises.empty:
        return T("no area has changed")
    parts = []
    if len(falls):
        first = falls.iloc[0]
        parts.append(T("the largest fall is in {area}, {n} fewer", area=str(first["name"]), n=-int(first["change"])))
    if len(rises):
        parts.append(
            TN(
                "the number rose in {n} area: {areas}",
                "the number rose in {n} areas: {areas}",
                n=len(rises),
                areas=counts.listed([str(name) for name in rises.sort_values("change", ascending=False)["name"]], 3),
            )
        )
    return parts[0] if len(parts) == 1 else T("{one}; {other}", one=parts[0], other=parts[1])


def revised(found: pd.DataFrame, since: date) -> Text:
    """What was corrected after the snapshot of ``since`` came in: columns area_code, as_of_date, old, new (unrecorded)."""
    if found.empty:
        return T("no earlier figure has been corrected since the figures of {date} came in", date=since)
    items = [
        T(
            "{area} on {date}: {old} became {new}",
            area=register().name(str(row.area_code)),
            date=row.as_of_date.date(),
            old=_count(row.old),
            new=_count(row.new),
        )
        for row in found.itertuples()
    ]
    return TN(
        "{n} earlier figure was corrected: {items}",
        "{n} earlier figures were corrected: {items}",
        n=len(items),
        items=counts.listed(items, 3),
    )


def _count(value: object) -> int | Text:
    return T("unknown") if pd.isna(value) else int(value)  # type: ignore[call-overload]


def newly(at: Standing, before: Standing) -> Text | None:
    """Who reported on the day before and no longer does, or the other way; None where that has not changed."""
    now, then = {one.area_code for one in at.silent}, {one.area_code for one in before.silent}
    lost, won = sorted(now - then), sorted(then - now)
    if lost:
        return T("reported last time but not this time: {names}", names=counts.listed([register().name(c) for c in lost]))
    return (
        T("reported this time but not last time: {names}", names=counts.listed([register().name(c) for c in won]))
        if won
        else None
    )


def whole(at: Standing) -> Text:
    """Who reported, as a heading."""
    if at.child_level is None:
        return T("Data and method")
    return T("Data: {n} of {all} have reported", n=at.n_reported, all=counts.counted(at.n_expected, at.child_level))


def by(found: Projection, day: date) -> tuple[Text, Text] | None:
    """The chance by a day as a frequency and as a fixed word; None where none can be given."""
    value = found.probability_by(day)
    return None if value is None else (chances.frequency(value), chances.word(value))


def rest(count: int, people: int, without: int) -> Text | None:
    """What a short table leaves out: areas with their unrecorded together, and those without a figure."""
    others = TN("{n} other area, together {people}", "{n} other areas, together {people}", n=count, people=people)
    empty = TN("{n} area without a figure", "{n} areas without a figure", n=without)
    if count and without:
        return T("{one}; {other}", one=others, other=empty)
    return others if count else empty if without else None
