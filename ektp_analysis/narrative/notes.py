"""What has to be known beside a figure: modelled, incomplete, old, contradicting itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

import pandas as pd

from ektp_analysis.core.area import Level, register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, Percent, T, Text
from ektp_analysis.figures.cleaning import Cleaning
from ektp_analysis.figures.series import Reached
from ektp_analysis.figures.standing import Figure, Reach, Standing, disagrees
from ektp_analysis.narrative import chances, counts
from ektp_analysis.projection.result import Projection

OLD_AFTER_DAYS = 45
MOST_LEFT_OUT = 3  # areas in no sum that are named


def banner(status: Iterable[str], *, sample: bool = False) -> Text | None:
    """The line that stands on every screen, picture and download that shows modelled figures; None where none are.

    ``status`` is the status column of the figures shown.
    """
    found = set(status)
    if sample:
        return T(
            "Sample of June 2023: the totals of Kabupaten Gorontalo Utara are as published; their split over the "
            "kecamatan and the number of eligible are modelled"
        )
    if found == {"modelled"}:
        return T("All figures shown are modelled, not counted")
    if "modelled" in found:
        return T("Some of the figures shown are modelled, not counted")
    return None


def banners_of(at: Standing, *, sample: bool = False) -> tuple[Text, ...]:
    """The banner of an area's page as a tuple of none or one: from its own figure and from the sum beside it."""
    found = banner([figure.status for figure in (at.own, at.total) if figure is not None], sample=sample)
    return () if found is None else (found,)


def brief(at: Standing, *, sample: bool = False) -> Text | None:
    """That figures are modelled, in few words; None where none are."""
    if not banners_of(at, sample=sample):
        return None
    return T("sample of June 2023, its split modelled") if sample else T("modelled figures, not counted")


def warnings_of(at: Standing, today: date) -> tuple[Text, ...]:
    """Each thing that limits what the figure of an area says, the weightiest first."""
    figure = at.figure
    if figure is None:
        return ()
    found = list(_of_figure(figure))
    if not figure.complete and at.child_level is not None:
        found.append(_partly(at, figure, at.child_level))
    late = counts.overdue(at)
    if late is not None:
        found.append(T("{finding}.", finding=late))
    found += [T("{finding}.", finding=counts.difference(one)) for one in at.differences]
    age = at.age(today) or 0
    if age > OLD_AFTER_DAYS:
        found.append(T("The figures are {n} days old.", n=age))
    return tuple(found)


def left_out(at: Standing) -> Text | None:
    """Who has reported and yet is in no sum of the unrecorded: 'Kwandang above 100%'; None where nobody is."""
    if at.figure is None or at.figure.complete or not at.figure.is_sum:
        return None
    names = register()
    why = (("over", at.over), ("uncounted", at.uncounted))
    said = [_LEFT_OUT[key](counts.listed([names.name(code) for code in codes], MOST_LEFT_OUT)) for key, codes in why if codes]
    return counts.listed(said) if said else None


_LEFT_OUT: Mapping[str, Callable[[Text], Text]] = {
    "over": lambda names: T("{areas} above 100%", areas=names),
    "uncounted": lambda names: T("{areas} without a number of unrecorded", areas=names),
}


def never(at: Standing) -> int:
    """How many areas below have never reported."""
    return sum(one.since is None for one in at.silent)


def unjudged(at: Standing, reached: Reached) -> Text | None:
    """Who keeps a target from being judged although all areas have reported; None where that is not why."""
    return None if reached.reach is not Reach.INCOMPLETE or never(at) else left_out(at)


def dated(at: Standing, today: date | None) -> Text:
    """The day of the figure; how long ago that is where it is looked at as of today."""
    if at.as_of_date is None:
        return T("no figures yet")
    return T("as of {date}", date=at.as_of_date) if today is None else counts.as_of(at, today)


def stands(at: Standing, dated: Text) -> Text:
    """The day, which is written already, with how many are left, and who is in no sum: what each page says of its figures."""
    left, without = counts.unrecorded(at), left_out(at)
    said = T("{dated}: {left}", dated=dated, left=left)
    return said if without is None else T("{finding}; in no sum: {areas}", finding=said, areas=without)


def _partly(at: Standing, figure: Figure, level: Level) -> Text:
    """Over which areas a total is, and why the others are not in it."""
    part, without, none = counts.part(figure, level), left_out(at), never(at)
    if without is None:
        if none:
            return T("The total covers {part}; the others have never reported.", part=part)
        return T("The total covers {part}.", part=part)
    if not none:
        return T("The total covers {part}; in no sum: {areas}.", part=part, areas=without)
    return TN(
        "The total covers {part}; in no sum: {areas}; {n} has never reported.",
        "The total covers {part}; in no sum: {areas}; {n} have never reported.",
        n=none,
        part=part,
        areas=without,
    )


def _of_figure(figure: Figure) -> Iterable[Text]:
    if figure.coverage_low is not None and figure.coverage_low > 1:
        yield T(
            "Coverage is above 100%: more are recorded than are eligible, so the number of unrecorded cannot be "
            "worked out from it."
        )
    if disagrees(figure):
        yield T(
            "The printed percentage is {printed}, the counts give {computed}.",
            printed=counts.printed(figure.coverage_reported),
            computed=Percent(figure.coverage or 0.0),
        )
    if " + " in figure.basis:
        yield T("The areas rest on different bases ({basis}), so their sum mixes populations.", basis=figure.basis)


OPEN = (Reach.NOT_REACHED, Reach.UNSURE)  # of a target: still ahead


def overview(at: Standing, target: Target, reached: Reached, projection: Projection | None = None) -> Text:
    """'554 unrecorded; the target of 99.40% reached on 20 June 2023': how many, and the target reached or when."""
    if at.figure is None:
        return T("No figures for {area} yet: upload a first snapshot", area=register().name(at.area))
    if reached.on is None and reached.reach in OPEN and projection is not None and projection.answered:
        return T("{unrecorded}; {target}", unrecorded=counts.unrecorded(at), target=chances.when(projection))
    without = unjudged(at, reached)
    said = counts.against(target, reached)
    if without is not None:
        said = T("{target} cannot be judged: {areas}", target=counts.target_name(target), areas=without)
    return T("{unrecorded}; {target}", unrecorded=counts.unrecorded(at), target=said)


def area_map(rows: pd.DataFrame, area: str) -> Text:
    """Where in the area most of the unrecorded are."""
    return T("{area}: {finding}", area=register().name(area), finding=counts.ranking(rows))


def projection(found: Projection, reached: Reached | None = None) -> Text:
    """When the target is reached, and how sure that is."""
    return T("{area}: {finding}", area=register().name(found.area_code), finding=chances.when(found, reached))


def data(uploads: int, last: date | None, today: date, *, sample: bool = False) -> Text:
    """What is in the store, and how old the latest figures are as soon as that matters."""
    if sample:
        return T("The sample is shown; your own data replaces it with the first file that is accepted")
    if not uploads or last is None:
        return T("No data yet: upload a first file")
    said = TN("{n} upload, latest figures as of {date}", "{n} uploads, latest figures as of {date}", n=uploads, date=last)
    age = (today - last).days
    return said if age <= OLD_AFTER_DAYS else TN("{finding}, {n} day ago", "{finding}, {n} days ago", n=age, finding=said)


@dataclass(frozen=True)
class Section:
    """A heading and its short paragraphs."""

    title: Text
    paragraphs: tuple[Text, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        T("What it looks at"),
        (
            T(
                "The snapshots of the area: how many were unrecorded on which day, and out of how many eligible. "
                "From them it sees how fast the number has fallen and whether it falls more slowly or faster now, "
                "how even the steps are, and how many are left."
            ),
            T("Where only a percentage is known, the count is a range and is used as a range: nothing is made up in between."),
        ),
    ),
    Section(
        T("What it works out"),
        (
            T(
                "The app has practised on a great many campaigns made up by a computer. Some run steadily; some "
                "spurt, stall and resume; some end in a sudden last sweep; in some a few people never come. From "
                "them it knows how such campaigns went on after a beginning like yours."
            ),
            T(
                "It then works out a thousand possible continuations. Each one is a path of the unrecorded, and each "
                "path gives one day on which the target is first reached. The dots are twenty of these days, equally "
                "likely; the fan shows the paths. Every date and every chance is counted from the same continuations."
            ),
        ),
    ),
    Section(
        T("Why the range is wide"),
        (
            T(
                "In about three cases out of four it takes longer than a straight line through the last weeks says: "
                "the last ones are the hardest to reach, teams move on, holidays come. A narrow range would be a "
                "promise that nobody can keep."
            ),
            T(
                "Few snapshots give a wide range, and that is right. With every further snapshot it narrows, if the campaign "
                "runs evenly."
            ),
        ),
    ),
    Section(
        T("What 'not within 2 years' means"),
        (
            T(
                "In some continuations the target is not reached in that time: the campaign stalls, or a few never "
                "come because of deaths that were not reported, people who moved away, or records held twice. Such "
                "continuations are counted and shown as crosses; they never get an invented date."
            ),
        ),
    ),
    Section(
        T("Two meanings of zero"),
        (
            T(
                "Every day residents turn 17 and join the eligible. 'All eligible' is a race with them: when the pace is lower "
                "than their number, zero is never reached. 'The list of a day' counts only those who were on it then, and is "
                "reached earlier."
            ),
            T(
                "A coverage target moves too: more eligible allow a few more unrecorded. Unless a file says "
                "otherwise, about 1.46% of the population are assumed to turn 17 each year."
            ),
        ),
    ),
    Section(
        T("Breaks"),
        (
            T(
                "A new basis, a cleansing of the register or a correction upwards changes the count although nobody "
                "was recorded. Such a jump is found, named on the page and not counted as recording; the pace before "
                "and after it still counts."
            ),
        ),
    ),
    Section(
        T("Learning from neighbours"),
        (
            T(
                "An area with few snapshots of its own is pooled with its sister areas in the same kabupaten, "
                "including those that have reached the target. The page says so. Good and bad months are shared "
                "among them, so that the day by which all have reached it comes out neither too early nor too "
                "certain. Where every kecamatan can be projected, the kabupaten is the sum of their possible "
                "continuations."
            ),
        ),
    ),
    Section(
        T("Limits"),
        (
            T(
                "It does not know your plans. A mobile team next week, a holiday, a budget that ends: none of this "
                "is in the figures. Use the assumption on the page Projection for a plan, and keep it apart from the "
                "projection."
            ),
            T("It believes the figures. A count that is wrong, late or on another basis without saying so gives a wrong date."),
            T(
                "It has not seen every kind of campaign. How often it was right is shown below: on your own history, "
                "and on public data."
            ),
        ),
    ),
)

KINDS = {"countdown": T("counts down to zero"), "plateau": T("stalls far from zero")}
BENCHMARK = T(
    "Real counts from elsewhere that went down to zero or stalled. The method was fitted to simulated "
    "campaigns; only two of its numbers were chosen on these data, each group of them left out in turn. "
    "An error of 50 is half of the error of a straight line. The 80% range should hold 80 times in 100, "
    "and the outcome should come late in 50 of 100. 'Wrongly said never' is how often it said that a "
    "target would not be reached and it was. 'Wrongly promised' is how often it was sure and the target "
    "was not reached."
)
NO_BENCHMARK = T("The table of public data is not part of this installation: the file data/benchmark.csv is missing.")


CLEANING_WORDS = {
    "dead": T("dead"),
    "moved": T("moved away"),
    "duplicate": T("double"),
    "unknown": T("unknown to all"),
}


def cleaning(found: Cleaning) -> Text:
    """The unrecorded as two stocks: who can come, and who is to be cleaned off the list, of whom nobody is ever recorded."""
    said = T(
        "of {unrecorded} unrecorded on {day}, {clean} are to be cleaned off the list and {come} can come: {source}. Cleaning "
        "records nobody",
        unrecorded=found.unrecorded,
        day=found.day,
        clean=ends(found.low, found.high),
        come=ends(*found.can_come),
        source=_found_by(found),
    )
    if found.listed is not None and found.listed.silent:
        said = TN(
            "{text}; the figures of {n} area with {people} unrecorded do not say how many",
            "{text}; the figures of {n} areas with {people} unrecorded do not say how many",
            n=len(found.listed.silent),
            text=said,
            people=found.listed.unsaid,
        )
    if not found.too_many:
        return said
    return T("{text}; that is more than are unrecorded, so some were met twice or are off the list already", text=said)


# As figures.cleaning adds the two up.
CLEANING_RULE = T(
    "Where a list says how many are to be cleaned off it, that holds all whom visits had found by its day. Later visits add "
    "those whom they found: at most all of them, at least none, for they may be on the list already."
)


def cleaning_rule(found: Cleaning | None) -> tuple[Text, ...]:
    """How list and visits are added up; nothing where no list says how many."""
    return () if found is None or found.listed is None else (CLEANING_RULE,)


def who_says(found: Cleaning) -> Text:
    """Who says how many are to be cleaned off the list, in the fewest words."""
    if found.listed is None:
        return T("by visits")
    return T("by the list and visits") if found.visits else T("by the list")


def _found_by(found: Cleaning) -> Text:
    """Who says so: the list itself, visits, or both."""
    if found.listed is None:
        return T("visits since {since} found {kinds}", since=found.since, kinds=_kinds(found))
    of_list = T("the list of {day} says {n}", day=found.listed.since, n=found.listed.people)
    if not found.visits:
        return of_list
    return T(
        "{list}; visits that it does not hold found {kinds} since {since}", list=of_list, since=found.since, kinds=_kinds(found)
    )


def _kinds(found: Cleaning) -> Text:
    parts = [T("{n} {kind}", n=number, kind=CLEANING_WORDS[name]) for name, number in found.kinds.items()]
    return reduce(lambda one, more: T("{list}, {more}", list=one, more=more), parts)


def ends(low: int, high: int) -> Text:
    """'12 to 18': at least, at most."""
    return T("{count}", count=low) if low == high else T("{low} to {high}", low=low, high=high)
