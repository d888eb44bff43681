"""The sentences of the page Posisi: its heading with both dates, its doubts in few words, the words of its list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ektp_analysis.core.aims import Aim
from ektp_analysis.core.area import register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, Month, Percent, T, Text
from ektp_analysis.figures.cleaning import Cleaning
from ektp_analysis.figures.series import Change, Reached
from ektp_analysis.figures.standing import Figure, Reach, Standing, disagrees
from ektp_analysis.narrative import chances, counts, grounds, notes
from ektp_analysis.narrative.forecasts import SHORT
from ektp_analysis.narrative.grounds import ON_THE_LINE
from ektp_analysis.narrative.notes import ends, who_says
from ektp_analysis.projection.abreast import Line
from ektp_analysis.projection.reasons import line_days, stall
from ektp_analysis.projection.result import ARRIVED, NotReached, Projection

WIDE = 61  # days between the tenth and the ninetieth of a hundred outcomes, above which a part of a month would say too much
MOST_SILENT = 3  # areas that are named in the strip


@dataclass(frozen=True)
class Dates:
    """What the heading says of an area's future: the answers for the target and for zero, the pace of the last weeks, and how
    many may be left today by the office's plan (None: no plan)."""

    target: Projection
    zero: Projection
    reached: Reached
    recent: Change
    planned: int | None = None


def said_target(aim: Aim | None) -> Target:
    """The target whose date stands beside that of zero: what the office aims at, unless that is zero, else the national one."""
    return Target.national() if aim is None or aim.target.is_zero else aim.target


def heading(at: Standing, found: Dates) -> Text:
    """How many are left, when the target is reached, when zero is, and on which condition: 'so many. Target: … Zero: …'."""
    if at.figure is None:
        return T("No figures for {area} yet: upload a first snapshot", area=register().name(at.area))
    first, zero = _left(at, found), found.zero
    if found.target.target.is_zero:
        return T("{one}. {other}", one=first, other=_zero(zero, found.recent))
    same = found.target.reason
    if same is not None and same == zero.reason and same.code != ARRIVED and found.reached.on is None:
        both = T(
            "No date yet for {target} and for {zero}: {reason}",
            target=counts.target_name(found.target.target),
            zero=counts.target_name(zero.target),
            reason=same.text,
        )
        return T("{one}. {other}", one=first, other=both)
    return T("{one}. {two}. {three}", one=first, two=_target(at, found), three=_zero(zero, found.recent))


def _left(at: Standing, found: Dates) -> Text:
    """How many are left, and by the plan."""
    said = counts.unrecorded(at)
    return said if found.planned is None else T("{left}, {plan}", left=said, plan=T("by the plan {n} today", n=found.planned))


def _target(at: Standing, found: Dates) -> Text:
    """The target reached, about when it will be, or why nothing can be said."""
    projection, reached = found.target, found.reached
    name = _label(projection.target)
    if reached.on is not None:
        if reached.on_reach is not Reach.PRINTED:
            return T("{target}: reached on {date}", target=name, date=reached.on)
        return T("{target}: reached on {date} by the percentage as printed", target=name, date=reached.on)
    if reached.reach not in notes.OPEN:
        dated = _otherwise(at, projection) if reached.reach is Reach.INCOMPLETE else None
        return T("{target}: {finding}", target=name, finding=_why_not(at, reached) if dated is None else dated)
    if projection.reason is not None:
        return T("{target}: no date ({reason})", target=name, reason=SHORT[projection.reason.code])
    return T("{target}: {finding}", target=name, finding=_stalled(projection, about(projection)))


def _otherwise(at: Standing, found: Projection) -> Text | None:
    """Where the sum of the day cannot be judged: the date that the figures before it give, or the areas in it; None without."""
    if not found.answered:
        return None
    assert at.as_of_date is not None
    said = _stalled(found, about(found))
    if found.ends_before(at.as_of_date):
        return T("{finding}, by the figures of {date}", finding=said, date=found.inputs.dates[-1])
    return T("{finding}, over the areas counted", finding=said)


def _why_not(at: Standing, reached: Reached) -> Text:
    """Why it cannot be said whether a target holds, in few words."""
    without = notes.unjudged(at, reached)
    if without is not None:
        return T("not to be judged, {areas}", areas=without)
    return _WHY.get(reached.reach, T("not known"))


_WHY = {
    Reach.REACHED: T("reached"),
    Reach.PRINTED: T("reached by the percentage as printed"),
    Reach.OVER: T("cannot be judged, coverage is above 100%"),
    Reach.INCOMPLETE: T("cannot be judged until all areas have reported"),
    Reach.UNKNOWN: T("cannot be judged, the number of eligible is not known"),
}


def _zero(found: Projection, recent: Change) -> Text:
    """When nobody is left: the line's day with its chance and where half of the outcomes lie, or why there is no date."""
    name = _label(found.target)
    if found.reason is not None:
        if found.reason.code == ARRIVED:
            return T("{target}: reached on {date}", target=name, date=found.reason.on) if found.reason.on else _done(name)
        return T("{target}: no date ({reason})", target=name, reason=SHORT[found.reason.code])
    return T("{target}: {finding}", target=name, finding=_stalled(found, _on_the_line(found, recent)))


def _done(name: Text) -> Text:
    return T("{target}: {finding}", target=name, finding=_WHY[Reach.REACHED])


def _on_the_line(found: Projection, recent: Change) -> Text:
    """About when, and on which condition: that the pace of the last weeks holds."""
    days = line_days(found, recent.per_day)
    line, median = None if days is None else found.day(days), found.median
    if days is None or line is None or isinstance(line, NotReached):
        return about(found)
    held = T(
        "{when} if the pace of {n} a day holds ({chance})",
        when=Month(line),
        n=counts.pace_of(recent),
        chance=T("a chance of {n}", n=chances.frequency(found.probability_by(line) or 0)),
    )
    if median is None or isinstance(median, NotReached):
        return T("{held}; half of the outcomes come later than {horizon}, or never", held=held, horizon=_horizon(found))
    if found.origin is None or (median - found.origin).days <= ON_THE_LINE * days:
        return held
    return T("{held}; half of the outcomes come after {when}", held=held, when=Month(median))


def about(found: Projection) -> Text:
    """About when: a part of the median's month, the month alone where the days lie far apart; or that it is not likely."""
    day, early, late = found.median, found.quantiles.get(10), found.quantiles.get(90)
    if day is None:
        return T("no date")
    if isinstance(day, NotReached):
        never = found.probability_never
        assert never is not None
        return T("with a chance of {n} not within {horizon}", n=chances.frequency(never), horizon=_horizon(found))
    if early is None or late is None or isinstance(early, NotReached) or isinstance(late, NotReached):
        return T("about {month}", month=Month(day))
    if (late - early).days > WIDE:
        return T("about {month}", month=Month(day))
    return next(said for last, said in _PARTS if day.day <= last)(day)


_PARTS: tuple[tuple[int, Callable[[date], Text]], ...] = (
    (10, lambda day: T("about the beginning of {month}", month=Month(day))),
    (20, lambda day: T("about the middle of {month}", month=Month(day))),
    (31, lambda day: T("about the end of {month}", month=Month(day))),
)


def _horizon(found: Projection) -> Text:
    return chances.horizon(found.horizon_days)


def _stalled(found: Projection, said: Text) -> Text:
    """The clause, with the stall that it depends on."""
    seen = stall(found)
    return said if seen is None else T("{finding}; recording has stalled since {since}", finding=said, since=seen.since)


def _label(target: Target) -> Text:
    """A target at the start of its sentence."""
    return T("Full recording") if target.percent is None else T("Target {share}", share=target.percent)


@dataclass(frozen=True)
class Chip:
    """A few words of the strip above the heading; ``doubtful`` ones limit what the figures say."""

    text: Text
    doubtful: bool = False


def strip(
    at: Standing, dated: Text, *, old: bool, banner: Text | None, broken: Text | None, cleaning: Cleaning | None = None
) -> tuple[Chip, ...]:
    """What the figures are: their day, the areas in them, their basis, the coverage; then what makes them doubtful.

    ``dated``: the day and its age, ``old`` whether that is a doubt; ``banner``: that they are modelled, in few words;
    ``broken``: where their series breaks; ``cleaning``: how many of the unrecorded are to be cleaned off the list.
    """
    figure = at.figure
    if figure is None:
        return ()
    plain = [Chip(dated, old), _areas(at, figure)]
    if figure.basis:
        mixed = " + " in figure.basis
        plain.append(
            Chip(T("mixed bases {basis}", basis=figure.basis) if mixed else T("basis {basis}", basis=figure.basis), mixed)
        )
    high = figure.coverage_low is not None and figure.coverage_low > 1
    plain.append(Chip(counts.coverage(figure), high or (bool(at.over) and figure.coverage_complete)))
    without = notes.left_out(at)
    apart = None if without is None else T("in no sum: {areas}", areas=without)
    doubts = [
        Chip(text, True) for text in (banner, broken, apart, _cleaned(cleaning), _silent(at), _overdue(at)) if text is not None
    ]
    doubts += [
        Chip(T("own total differs from the sum of its parts by {n}", n=abs(one.own - one.total)), True)
        for one in at.differences[:1]
    ]
    if disagrees(figure):
        said = {"printed": counts.printed(figure.coverage_reported), "computed": Percent(figure.coverage or 0.0)}
        doubts.append(Chip(T("reported {printed}, by the counts {computed}", **said), True))
    return (*plain, *doubts)


def broken_inside(steps: Sequence[tuple[str, date]]) -> Text:
    """Which areas inside have a step in their figures that is not recording, and the day of the last one."""
    names, days = _named([code for code, _on in steps]), {on for _code, on in steps}
    if len(days) == 1:
        return T("break in {names} on {date}", names=names, date=days.pop())
    return T("break in {names}, the last on {date}", names=names, date=max(days))


def _areas(at: Standing, figure: Figure) -> Chip:
    """Which areas are in the figure: all, some, or the area's own figure."""
    if not figure.is_sum or at.child_level is None:
        return Chip(T("reported for the area itself"))
    never = notes.never(at)
    if never:
        ever = T("{part} of {all}", part=at.n_expected - never, all=counts.counted(at.n_expected, at.child_level))
        return Chip(T("only {part} have ever reported", part=ever), True)
    every = counts.counted(figure.n_expected, at.child_level)
    whole = every if not figure.n_older else T("{n} of {all} reported", n=figure.n_reported, all=every)
    if not figure.n_partial:
        return Chip(whole)
    return Chip(TN("{part} ({n} of them incomplete)", "{part} ({n} of them incomplete)", n=figure.n_partial, part=whole), True)


def _cleaned(found: Cleaning | None) -> Text | None:
    """Of the unrecorded, who can come and who is to be cleaned off the list; None where nobody is."""
    if found is None or not found.high:
        return None
    return T(
        "{come} can come, {clean} to be cleaned off the list ({source})",
        come=ends(*found.can_come),
        clean=ends(found.low, found.high),
        source=who_says(found),
    )


def _silent(at: Standing) -> Text | None:
    """Who counts as of an earlier day, by name; those of whom :func:`_overdue` tells are not named twice."""
    figure = at.figure
    late = [one for one in at.silent if one.since is not None and not one.overdue]
    if figure is None or not figure.n_older or not late:
        return None
    return T("earlier figures of {names}", names=_named([one.area_code for one in late]))


def _overdue(at: Standing) -> Text | None:
    """Whose figures are to be asked for."""
    late = [one.area_code for one in at.silent if one.overdue]
    return None if not late else T("{names}: silent for longer than usual", names=_named(late))


def _named(codes: list[str]) -> Text:
    return counts.listed([register().name(code) for code in codes], MOST_SILENT)


def chosen(area: str, at: Standing, found: Dates) -> Text:
    """The heading of the chart of an area inside: how many are left in it, and about when; its row says the rest."""
    first = T("{area}: {finding}", area=register().full_name(area), finding=_left(at, found))
    zero = T("{target}: {finding}", target=_label(found.zero.target), finding=about(found.zero))
    if found.zero.reason is not None:
        zero = _zero(found.zero, found.recent)
    if found.target.target.is_zero or found.target.reason == found.zero.reason is not None:
        return T("{one}. {other}", one=first, other=zero)
    return T("{one}. {two}. {three}", one=first, two=_target(at, found), three=zero)


def whole(area: str, finding: Text) -> Text:
    """The heading of the chart while no area inside is chosen: how the whole moved, or where it stands by its plan."""
    return T("{area} as a whole: {finding}", area=register().full_name(area), finding=finding)


def moved(change: Change, zero: Projection) -> Text:
    """How the whole moved: since the snapshot before, or since when it stalls, and against which pace."""
    seen = stall(zero)
    if seen is None:
        return counts.change(change)
    return T("stalled since {date}: {paces}", date=seen.since, paces=grounds.halted(zero, seen))


def silent_for(line: Line) -> Text | None:
    """How long an area has been silent; None for one that reported."""
    if line.reported:
        return None
    if line.last is None:
        return T("never reported")
    if line.silence is None or line.silence.days is None:
        return None
    return TN("silent {n} day", "silent {n} days", n=line.silence.days)


def pace_over(lines: Sequence[Line]) -> Text:
    """The heading of the paces of a list: over how many days they are, which may differ from area to area."""
    days = sorted({line.pace.days for line in lines if line.pace.per_day is not None})
    if not days:
        return T("Pace a day")
    if len(days) == 1:
        return TN("Pace a day ({n} day)", "Pace a day ({n} days)", n=days[0])
    return T("Pace a day ({first}–{last} days)", first=days[0], last=days[-1])


def stalled_since(line: Line) -> Text | None:
    """Since when an area stalls, and against which pace before."""
    if line.stall is None or line.found is None:
        return None
    return T("stalled since {date}: {paces}", date=line.stall.since, paces=grounds.halted(line.found, line.stall))


def last_report(day: date | None, today: date) -> Text:
    """How long ago an area reported."""
    if day is None:
        return T("never")
    days = (today - day).days
    if days <= 0:
        return T("today")
    return TN("{n} day ago", "{n} days ago", n=days)


def too_many(most: int, on_demand: bool) -> Text:
    """Why the list has no dates; ``on_demand``: they come with the measure that shows them on the map."""
    if on_demand:
        return T(
            "Dates are listed for at most {n} areas at a time, the kecamatan inside them included. They take a "
            "while here: choose Days to the target, or open a smaller area.",
            n=most,
        )
    return T("Dates are listed for at most {n} areas at a time, the kecamatan inside them included: open a smaller area.", n=most)
