"""Sentences about one area's figure: how many, since when, how much of the target. None says more than its figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.contract import BY_NAME
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, Percent, T, Text
from ektp_analysis.figures.series import Change, Estimate, Gap, Reached, Required
from ektp_analysis.figures.standing import Difference, Figure, Reach, Silence, Standing

_MOST_DECIMALS = 6
SMALL_PACE = 0.05  # people a day, of whom one decimal would show nobody: they are said in words, or not at all


def people(n: int) -> Text:
    """'554 unrecorded'; nobody is said in words."""
    return T("nobody unrecorded") if n == 0 else TN("{n} resident unrecorded", "{n} residents unrecorded", n=n)


def unrecorded(at: Standing) -> Text:
    """How many, over which areas where some are in no sum, and who of them are counted as of earlier days: '554 unrecorded in
    10 of 11 kecamatan, 36 of them as of 7 April 2023 from 1 area that has not reported'."""
    figure = at.figure
    if figure is None:
        return T("no figures yet")
    if figure.unrecorded is None:
        return T("number of unrecorded not known")
    found = people(figure.unrecorded)
    if not figure.complete and at.child_level is not None:
        found = T("{people} in {part}", people=found, part=part(figure, at.child_level))
    return found if (late := older(at)) is None else T("{people}, {older}", people=found, older=late)


def older(at: Standing) -> Text | None:
    """'336 of them as of 7 April 2023 from 3 areas that have not reported'; None where all stand on the day."""
    figure = at.figure
    if figure is None or not figure.unrecorded_older or figure.older_since is None:
        return None
    n, areas, since = figure.unrecorded_older, figure.n_older, figure.older_since
    days = {one.since for one in at.silent} - {None}
    if areas != sum(one.since is not None for one in at.silent):
        return TN(
            "{people} of them from older figures in {n} area, the oldest of {date}",
            "{people} of them from older figures in {n} areas, the oldest of {date}",
            n=areas,
            people=n,
            date=since,
        )
    if len(days) == 1:
        return TN(
            "{people} of them as of {date}, from {n} area that has not reported",
            "{people} of them as of {date}, from {n} areas that have not reported",
            n=areas,
            people=n,
            date=since,
        )
    return TN(
        "{people} of them from {n} area that has not reported, the oldest figure of {date}",
        "{people} of them from {n} areas that have not reported, the oldest figure of {date}",
        n=areas,
        people=n,
        date=since,
    )


def overdue(at: Standing) -> Text | None:
    """Whose figures are to be asked for: silent for longer than three of their own usual gaps. None where nobody is."""
    late = [one for one in at.silent if one.overdue]
    if not late:
        return None
    names = [
        TN("{area} ({n} day, usually every {usual})", "{area} ({n} days, usually every {usual})", n=one.days or 0,
           area=register().name(one.area_code), usual=round(one.usual or 0))
        for one in late
    ]  # fmt: skip
    return T("Ask for the figures of {names}: silent for longer than usual", names=listed(names))


def part(figure: Figure, level: Level) -> Text:
    """'10 of 11 kecamatan', and how many of those are themselves incomplete."""
    text = T("{part} of {all}", part=figure.n_unrecorded, all=counted(figure.n_expected, level))
    if not figure.n_partial:
        return text
    return TN("{part} ({n} of them incomplete)", "{part} ({n} of them incomplete)", n=figure.n_partial, part=text)


def as_of(at: Standing, today: date) -> Text:
    """The day of the figure and how long ago that is."""
    age = at.age(today)
    if age is None or at.as_of_date is None:
        return T("no figures yet")
    if age < 0:
        return T("as of {date}", date=at.as_of_date)
    if age == 0:
        return T("as of {date}, today", date=at.as_of_date)
    return TN("as of {date}, {n} day ago", "as of {date}, {n} days ago", n=age, date=at.as_of_date)


def source(at: Standing) -> Text:
    """Whether the figure was reported for the area itself or is the sum of the areas below, and of how many."""
    if at.figure is None:
        return T("no figures yet")
    if not at.figure.is_sum or at.child_level is None:
        return T("reported for the area itself")
    if at.figure.complete:
        return T("sum of {all}", all=counted(at.figure.n_expected, at.child_level))
    return T("total over {part}", part=part(at.figure, at.child_level))


def percent_of(figure: Figure, target: Target | None = None) -> Percent | None:
    """The coverage as it may be written: as printed where only that is known, otherwise with as many decimals as it
    takes not to be rounded up to 100 % or to a target that it does not reach. None where it is not one number."""
    if figure.coverage is None:
        return printed(figure.coverage_reported)
    share = figure.coverage
    limits = [Decimal(1)] if target is None or target.share is None else [Decimal(1), target.share]
    for decimals in range(2, _MOST_DECIMALS):
        shown = round(Decimal(share) * 100, decimals) / 100
        if all((Decimal(share) < limit) == (shown < limit) for limit in limits):
            return Percent(share, decimals)
    return Percent(share, _MOST_DECIMALS)


def printed(text: str) -> Percent | None:
    """'99.40' as a per cent with its own decimals; None for ''."""
    return Percent(float(Decimal(text) / 100), len(text.partition(".")[2])) if text else None


def coverage(figure: Figure | None, target: Target | None = None) -> Text:
    """'coverage 99.40%', with what is to be known about it."""
    if figure is None or (figure.coverage_low is None and not figure.coverage_reported):
        return T("coverage not known")
    shown = percent_of(figure, target)
    if shown is None:
        low, high = figure.coverage_low or 0.0, figure.coverage_high or 0.0
        return T("coverage between {low} and {high}", low=Percent(low), high=Percent(high))
    if shown.share > 1:
        return T("coverage {share}, above 100%: more are recorded than are eligible", share=shown)
    if figure.coverage is None:
        return T("coverage {share} as printed", share=shown)
    beyond = figure.n_coverage - figure.n_unrecorded  # with both counts and no unrecorded: above 100 %
    if figure.coverage_complete and beyond > 0:
        return TN(
            "coverage {share}, too high: {n} area in it is above 100%",
            "coverage {share}, too high: {n} areas in it are above 100%",
            n=beyond,
            share=shown,
        )
    if not figure.coverage_complete:
        return TN(
            "coverage {share} in the {n} area that gives it",
            "coverage {share} in the {n} areas that give it",
            n=figure.n_coverage,
            share=shown,
        )
    return T("coverage {share}", share=shown)


def eligible(found: Estimate) -> Text:
    """'about 92.7 thousand eligible': no more digits than the interval carries; a count is given as such."""
    if found.low is None:
        return T("number of eligible not known")
    if found.exact:
        return T("{n} eligible", n=found.low)
    if found.mid is None or found.high is None:
        return T("at least {n} eligible", n=found.low)
    half = max((found.high - found.low) // 2, 1)
    unit = 10 ** (len(str(half)) - 1)
    rounded = (found.mid + unit // 2) // unit * unit
    if rounded >= 1_000_000:
        return T("about {n} million eligible", n=rounded / 1_000_000)
    if rounded >= 10_000:
        return T("about {n} thousand eligible", n=rounded / 1_000)
    return T("about {n} eligible", n=rounded)


def pace_of(found: Change | Required) -> float | None:
    """People a day, with a decimal only below ten."""
    value = found.per_day
    return None if value is None else round(value, 1) if abs(value) < 10 else float(round(value))


def change(found: Change) -> Text:
    """'96 fewer than on 19 June 2023 (96 a day)', or why there is no change to give."""
    if found.gap is Gap.NO_FIGURE:
        return T("no figures yet")
    if found.gap is Gap.UNKNOWN:
        return T("no change can be given: the number of unrecorded is not known")
    if found.gap is Gap.FIRST:
        return T("first snapshot, so there is no change yet")
    if found.gap is Gap.UNKNOWN_BEFORE:
        return T("no change can be given: the number of unrecorded was not known before")
    if found.gap is Gap.OTHER_AREAS or found.absolute is None or found.start is None:
        return T("no change can be given: the snapshots do not rest on the same areas")
    size, pace = abs(found.absolute), pace_of(found)
    if found.absolute == 0:
        text = T("unchanged since {date}", date=found.start)
    elif found.absolute < 0:
        text = TN(
            "{n} fewer than on {date} ({pace} a day)",
            "{n} fewer than on {date} ({pace} a day)",
            n=size,
            date=found.start,
            pace=pace,
        )
    else:
        text = TN("{n} more than on {date}", "{n} more than on {date}", n=size, date=found.start)
    if found.moved is not None:
        text = TN(
            "{change}, in the {n} area that has reported",
            "{change}, in the {n} areas that have reported",
            n=found.moved,
            change=text,
        )
    if found.basis_changed:
        return T("{change}; the basis changed in between, so recording is not the only cause", change=text)
    return text


def required(found: Required, end: date) -> Text:
    """The pace that a target by ``end`` requires."""
    if found.gap is Gap.REACHED:
        return T("nothing more is required")
    if found.gap is Gap.PAST:
        return T("{date} is not after the snapshot", date=end)
    pace = pace_of(found)
    if pace is None or found.people is None:
        return T("the required pace is not known")
    return TN(
        "{n} resident to record by {date}: {pace} a day",
        "{n} residents to record by {date}: {pace} a day",
        n=found.people,
        date=end,
        pace=pace,
    )


def target_name(target: Target) -> Text:
    """'the target of 99.40%' or 'zero unrecorded', inside a sentence."""
    return T("full recording") if target.percent is None else T("the target of {share}", share=target.percent)


def against(target: Target, reached: Reached) -> Text:
    """What can be said about the target, as a clause: reached when and by what, not, no longer, or not to be said."""
    name = target_name(target)
    if reached.on is not None:
        if reached.on_reach is Reach.PRINTED:
            return T("{target} reached on {date} by the percentage as printed", target=name, date=reached.on)
        return T("{target} reached on {date}", target=name, date=reached.on)
    if reached.first is not None and reached.reach is Reach.NOT_REACHED:
        return T("{target} no longer reached (first reached on {date})", target=name, date=reached.first)
    return _WORDS[reached.reach](name)


_WORDS = {
    Reach.REACHED: lambda name: T("{target} reached", target=name),
    Reach.PRINTED: lambda name: T("{target} reached by the percentage as printed", target=name),
    Reach.NOT_REACHED: lambda name: T("{target} not reached yet", target=name),
    Reach.UNSURE: lambda name: T("the figures leave open whether {target} is reached", target=name),
    Reach.OVER: lambda name: T("coverage above 100% does not say whether {target} is reached", target=name),
    Reach.INCOMPLETE: lambda name: T("{target} cannot be judged until all areas have reported", target=name),
    Reach.UNKNOWN: lambda name: T("it is not known whether {target} is reached", target=name),
}


MOST_NAMED = 5


def counted(n: int, level: Level) -> Text:
    """'11 kecamatan', '1 province'."""
    if level is Level.PROVINSI:
        return TN("{n} province", "{n} provinces", n=n)
    if level is Level.KABUPATEN:
        return TN("{n} regency or city", "{n} regencies and cities", n=n)
    if level is Level.KECAMATAN:
        return TN("{n} kecamatan", "{n} kecamatan", n=n)
    return TN("{n} desa or kelurahan", "{n} desa and kelurahan", n=n)


def listed(items: Sequence[Text | str], most: int = MOST_NAMED) -> Text:
    """'A, B and C'; more than ``most`` are cut: 'A, B, C and 8 others'."""
    if not items:
        return T("none")
    shown, rest = list(items[:most]), len(items) - most
    if rest > 0:
        return TN("{list} and {n} other", "{list} and {n} others", n=rest, list=_commas(shown))
    if len(shown) == 1:
        return T("{one}", one=shown[0])
    return T("{list} and {last}", list=_commas(shown[:-1]), last=shown[-1])


def _commas(items: Sequence[Text | str]) -> Text:
    text = T("{one}", one=items[0])
    for item in items[1:]:
        text = T("{list}, {one}", list=text, one=item)
    return text


def silence(at: Standing) -> Text:
    """Who has not reported for the day, and since when; or that all have; or that nobody below ever did."""
    if at.child_level is None:
        return T("a desa has no areas below it")
    if not at.silent:
        return T("all {all} have reported", all=counted(at.n_expected, at.child_level))
    if not at.n_reported and all(one.since is None for one in at.silent):
        return T("none of {all} has ever reported", all=counted(at.n_expected, at.child_level))
    names = [silent(one) for one in at.silent]
    if at.as_of_date is None:
        return T("not reported: {names}", names=listed(names))
    return T("not reported for {date}: {names}", date=at.as_of_date, names=listed(names))


def silent(one: Silence) -> Text:
    """'Biau (last on 19 June 2023)'."""
    name = register().name(one.area_code)
    if one.since is None:
        return T("{area} (never)", area=name)
    return T("{area} (last on {date})", area=name, date=one.since)


def difference(found: Difference) -> Text:
    """The own figure beside the sum, and by how much they differ."""
    return T(
        "{column}: {own} reported for the area itself, {total} as the sum of its parts, a difference of {gap}",
        column=BY_NAME[found.column].label,
        own=found.own,
        total=found.total,
        gap=abs(found.own - found.total),
    )


def ranking(rows: pd.DataFrame) -> Text:
    """The heading of a ranking or a map (frame of ``measures.ranking``): where most of the unrecorded are."""
    known = rows[rows["unrecorded"].notna()]
    if known.empty:
        return T("no figures for these areas on this day")
    total = int(known["unrecorded"].sum())
    over, silent_count = missing(rows)
    if total == 0 and over:
        return without(T("nobody unrecorded where the number is known"), over, silent_count)
    if total == 0:
        if silent_count:
            return TN(
                "nobody unrecorded in the areas with a figure; {n} area is without",
                "nobody unrecorded in the areas with a figure; {n} areas are without",
                n=silent_count,
            )
        return T("nobody unrecorded in any of the areas")
    first = known[known["rank"] == 1]
    most = int(first["unrecorded"].iloc[0])
    names = listed([str(name) for name in first["name"]], 3)
    if len(first) > 1:
        text = T("the largest number is in {names}, {most} each of {total} unrecorded", names=names, most=most, total=total)
    else:
        share = most / total
        text = T(
            "the largest number is in {names}, {most} of {total} unrecorded ({share})",
            names=names,
            most=most,
            total=total,
            share=Percent(share, 0 if 0.01 <= share < 0.995 or most == total else 1),
        )
    return without(text, over, silent_count)


def missing(rows: pd.DataFrame) -> tuple[int, int]:
    """How many areas of a ranking have no number of unrecorded: those above 100 %, and the others."""
    over = rows.loc[rows["unrecorded"].isna(), "coverage"].gt(1).fillna(False)
    return int(over.sum()), int((~over).sum())


def without(text: Text, over: int, silent: int) -> Text:
    """The clause, with how many areas are above 100 % and how many without a figure."""
    if over:
        text = TN("{text}; {n} area is above 100%", "{text}; {n} areas are above 100%", n=over, text=text)
    if not silent:
        return text
    return TN("{text}; {n} area is without a figure", "{text}; {n} areas are without a figure", n=silent, text=text)


def concentration(rows: pd.DataFrame) -> Text | None:
    """In how few of the areas at least half of the known unrecorded are; None where there is nothing to say."""
    counts = rows["unrecorded"].dropna().sort_values(ascending=False)
    total = int(counts.sum()) if len(counts) else 0
    if total == 0 or len(counts) < 3:
        return None
    n = int((counts.cumsum() * 2 < total).sum()) + 1
    return TN(
        "at least half of the unrecorded are in {n} of {all} areas",
        "at least half of the unrecorded are in {n} of {all} areas",
        n=n,
        all=len(counts),
    )
