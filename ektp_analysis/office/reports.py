"""The report of an area: what the store knows of it on a day, as known at a moment, made into a deck."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from ektp_analysis import __version__, measures, sample
from ektp_analysis.area import Level, level_of, register
from ektp_analysis.errors import UserError
from ektp_analysis.narrative import headings
from ektp_analysis.office import boundaries, identity
from ektp_analysis.office.known import Known
from ektp_analysis.office.stores import Office
from ektp_analysis.report.deck import Deck, Told, build
from ektp_analysis.report.formats import format_of
from ektp_analysis.report.state import State, digest, parse
from ektp_analysis.settings import settings
from ektp_analysis.targets import ZERO, Target
from ektp_analysis.text import T, Text

VOTE = date(2024, 2, 14)  # the election that the offices of the sample worked towards


def state(now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None,
          level: Level | None = None) -> State:
    """The area on the latest day not after ``on``, from the figures known at ``known_at``.

    Raises:
        UserError: there is no figure, or ``level`` does not lie below the area.
    """
    return of(Known(now, area, on=on, known_at=known_at), area, level=level)


def of(known: Known, area: str, *, level: Level | None = None) -> State:
    """The area from figures that are read already; as :func:`state`."""
    made_at, figures, now = datetime.now(settings().zone), known.figures(area), known.now
    at, target = measures.standing(figures, area), Target.national()
    if at.figure is None or at.as_of_date is None:
        raise UserError(headings.overview(at, target, measures.Reached(measures.Reach.UNKNOWN)))
    history = measures.history(figures, area)
    inside = level or at.child_level
    rows = None if inside is None else measures.ranking(figures, area, inside, on=at.as_of_date)
    before = _before(figures, area, at.as_of_date, history)
    year = at.as_of_date.year + (at.as_of_date.month == 12)
    dates = {date(one, 12, 31): T("end of {year}", year=str(one)) for one in (year, year + 1)}
    if now.sample:
        dates[VOTE] = T("general election")
    return State(
        area, inside, known.known_at, made_at, sample_day() if now.sample else made_at.date(), __version__, now.sample,
        source(now), figures, history, at, rows, before, _revised(known, area, figures, before), target,
        known.projection(area, target), known.projection(area, ZERO), tuple(sorted(dates.items())),
        None if inside is None else boundaries.find(area, inside, at.as_of_date))


def rolled(now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None) -> pd.DataFrame:
    """The figures of an area and the areas in it, rolled up, up to a day."""
    found = measures.rollup(now.store.figures(within=area, known_at=known_at), area)
    return found if on is None else found[found["as_of_date"] <= pd.Timestamp(on)]


def deck(now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None,
         level: Level | None = None) -> Deck:
    """The deck of :func:`state`."""
    return built(state(now, area, on=on, known_at=known_at, level=level))


def built(found: State) -> Deck:
    """The deck of a state."""
    return build(found)


def file(made: Deck, kind: str, lang: str, *, told: Told | None = None) -> bytes:
    """The deck as a file of the format with the key ``kind``, with the office's name and logo.

    Raises:
        UserError: the logo is no picture.
        StoreError: a font is missing.
    """
    brand = identity.current()
    return format_of(kind).make(made, lang, office=brand.name, logo=brand.logo, told=told)


def previews(made: Deck, lang: str, *, told: Told | None = None) -> dict[str, bytes]:
    """A picture (PNG) of each slide by its key.

    Raises:
        UserError: the logo is no picture.
        StoreError: a font is missing.
    """
    from ektp_analysis.report import pdf

    brand = identity.current()
    return pdf.previews(made, lang, office=brand.name, logo=brand.logo, told=told)


def again(now: Office, fingerprint: str, *, level: Level | None = None) -> State:
    """The state that the short name of a report names.

    Raises:
        UserError: it is no such name, or the figures of that moment are not those it was made from.
    """
    named = parse(fingerprint)
    found = state(now, named.area, on=named.as_of, known_at=named.known_at, level=level)
    if digest(found.rolled) != named.check:
        raise UserError(T("The figures in this store are not those that the report {name} was made from.", name=fingerprint))
    return found


def sample_day() -> date:
    """The last day of the sample, which stands for today in it."""
    return date.fromisoformat(sample.PUBLISHED[-1][0])


def source(now: Office) -> Text:
    """Where the figures come from, as it stands under a picture."""
    if now.sample:
        return T("{source}; split over the kecamatan modelled", source=sample.SOURCE)
    last = now.store.info().last_import
    return T("uploads to this office") if last is None else T(
        "uploads to this office, the last on {date}", date=last.astimezone(settings().zone).date())


def inside(area: str, level: Level, figures: pd.DataFrame) -> list[str]:
    """The areas of a level in an area that have a figure, in the register's order.

    Raises:
        UserError: the level does not lie below the area, or none of them has a figure.
    """
    found = sorted(figures.loc[(figures["level"] == int(level)) & figures["unrecorded"].notna(), "area_code"].unique())
    if level <= level_of(area) or not found:
        raise UserError(T("No area of the level {level} in {area} has figures.", level=level.label, area=register().name(area)))
    return found


def _before(figures: pd.DataFrame, area: str, day: date, history: pd.DataFrame) -> measures.Standing | None:
    """The area on its snapshot before, the one that the change is counted from; None where there is none."""
    start = measures.change(history).start
    earlier = history.loc[history["as_of_date"] < pd.Timestamp(day), "as_of_date"]
    last = start or (None if earlier.empty else earlier.max().date())
    return None if last is None else measures.standing(figures, area, last)


def _revised(known: Known, area: str, figures: pd.DataFrame, before: measures.Standing | None) -> pd.DataFrame:
    """The unrecorded that differ, up to the snapshot before, from what was known when that snapshot first came in."""
    empty = pd.DataFrame({"area_code": [], "as_of_date": [], "old": [], "new": []})
    if before is None or before.as_of_date is None:
        return empty
    moments = sorted(batch.received_at for batch in known.batches() if before.as_of_date in batch.as_of_dates)
    if not moments:
        return empty
    keys, stamp = ["area_code", "as_of_date"], pd.Timestamp(before.as_of_date)
    then = known.then(area, moments[0])
    old, new = (frame[frame["headline"] & (frame["as_of_date"] <= stamp)].set_index(keys)["unrecorded"]
                for frame in (then, figures))
    both = pd.concat([old.rename("old"), new.rename("new")], axis=1, join="inner").reset_index()
    differ = both[(both["old"] != both["new"]).fillna(False) | (both["old"].isna() != both["new"].isna())]
    return differ.sort_values(keys, ignore_index=True)
