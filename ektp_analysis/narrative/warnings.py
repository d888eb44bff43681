"""What has to be known beside a figure: modelled, incomplete, old, contradicting itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ektp_analysis.measures import Figure, Standing
from ektp_analysis.narrative import areas, figures
from ektp_analysis.text import Percent, T, Text

OLD_AFTER_DAYS = 45


def banner(status: Iterable[str], *, sample: bool = False) -> Text | None:
    """The line that stands on every screen, picture and download that shows modelled figures; None where none are.

    ``status`` is the status column of the figures shown.
    """
    found = set(status)
    if sample:
        return T("Sample of June 2023: the totals of Kabupaten Gorontalo Utara are as published, their split over the "
                 "kecamatan and the number of eligible are modelled")
    if found == {"modelled"}:
        return T("All figures shown are modelled, not counted")
    if "modelled" in found:
        return T("Some of the figures shown are modelled, not counted")
    return None


def banners(at: Standing, *, sample: bool = False) -> tuple[Text, ...]:
    """The banner of an area's page as a tuple of none or one: from its own figure and from the sum beside it."""
    found = banner([figure.status for figure in (at.own, at.total) if figure is not None], sample=sample)
    return () if found is None else (found,)


def warnings(at: Standing, today: date) -> tuple[Text, ...]:
    """Each thing that limits what the figure of an area says, the weightiest first."""
    figure = at.figure
    if figure is None:
        return ()
    found = list(_of_figure(figure))
    if not figure.complete and at.child_level is not None:
        found.append(T("The total is over {part}; the others have not reported.",
                       part=figures.part(figure, at.child_level)))
        if at.fuller is not None:
            found.append(T("More areas reported for {date}.", date=at.fuller))
    found += [T("{finding}.", finding=areas.difference(one)) for one in at.differences]
    age = at.age(today) or 0
    if age > OLD_AFTER_DAYS:
        found.append(T("The figures are {n} days old.", n=age))
    return tuple(found)


def _of_figure(figure: Figure) -> Iterable[Text]:
    if figure.coverage_low is not None and figure.coverage_low > 1:
        yield T("Coverage is above 100%: more are recorded than are eligible, so the unrecorded do not follow from it.")
    if figure.coverage is not None and figure.coverage_reported and not _agrees(figure.coverage, figure.coverage_reported):
        yield T("The printed percentage is {printed}, the counts give {computed}.",
                printed=figures.printed(figure.coverage_reported), computed=Percent(figure.coverage))
    if " + " in figure.basis:
        yield T("The areas stand on different bases ({basis}), so their sum mixes populations.", basis=figure.basis)


def _agrees(share: float, printed: str) -> bool:
    """Whether the printed per cent is the share rounded or cut at its last decimal: less than a unit of it away."""
    unit = Decimal(1).scaleb(-len(printed.partition(".")[2]))
    return abs(Decimal(share) * 100 - Decimal(printed)) < unit
