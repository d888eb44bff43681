"""What the store knows around an area, now and on the days of its past: what its answers and its reports are made from."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import groupby

import pandas as pd

from ektp_analysis import __version__
from ektp_analysis.access import gate
from ektp_analysis.charts import drawing
from ektp_analysis.core import contract
from ektp_analysis.core.aims import Aim
from ektp_analysis.core.area import Level, level_of, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.planned import Plan
from ektp_analysis.figures.rollup import ordered, roll_up
from ektp_analysis.figures.series import Reached, change_between, history_of, pace_of_now, reached_on
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.figures.standing import Reach, Standing, standing_of
from ektp_analysis.figures.timeline import Along
from ektp_analysis.narrative import by_plan, notes, position
from ektp_analysis.office import boundary_files, identity, sample, scenarios, stores
from ektp_analysis.office.stores import Office
from ektp_analysis.projection.answers import Ground, answer, inside, plan_for, scope
from ektp_analysis.projection.result import Projection
from ektp_analysis.report.deck import Deck, Told, build
from ektp_analysis.report.formats import format_of
from ektp_analysis.report.state import State, TeamPlan, digest, parse


def around(now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None) -> pd.DataFrame:
    """The figures of an area, of all areas in it and of its sisters, rolled up, up to a day; as :func:`frame` has them."""
    return _upto(roll_up(frame(now, frame_of(now, area), known_at=known_at), scope(area)), on)


def _upto(rolled: pd.DataFrame, on: date | None) -> pd.DataFrame:
    return rolled if on is None else rolled[rolled["as_of_date"] <= pd.Timestamp(on)]


def frame_of(now: Office, area: str) -> str:
    """The area whose :func:`frame` has all that is asked about an area: what has the same one is read once."""
    return area if level_of(area) <= Level.KABUPATEN and now.store.keeps_answers(scope(area)) else scope(area)


def frame(now: Office, area: str, known_at: date | datetime | None = None) -> pd.DataFrame:
    """An area with all in it and what an answer about it rests on, rolled up. Where rollups are kept, and all around is seen,
    provinsi and nation are without the desa, which nothing asks for there, and the sisters of a kabupaten without their parts."""
    store = now.store
    if level_of(area) > Level.KABUPATEN or not store.keeps_answers(scope(area)):
        return store.rolled(area, known_at=known_at)
    if level_of(area) < Level.KABUPATEN:
        return store.rolled(area, down_to=Level.KECAMATAN, known_at=known_at)
    around = store.rolled(scope(area), down_to=Level.KABUPATEN, known_at=known_at)
    inside = store.rolled(area, known_at=known_at)
    return ordered(pd.concat([around, inside[inside["level"] > int(Level.KABUPATEN)]], ignore_index=True))


def today_of(now: Office, on: date | None = None, known_at: date | datetime | None = None) -> date | None:
    """The day on which an answer is said: today, but for the sample and for what is looked at as on a day of the past."""
    return None if now.sample or on is not None or known_at is not None else settings().day


def day_of(now: Office) -> date:
    """The day that is today for its reader: in the sample, which tells of a past week, its last day."""
    return sample_day() if now.sample else settings().day


class Known:
    """The figures of an area, of its sisters and of all areas in them, up to a day and as known at a moment.

    ``many``: several of the sisters will be asked for, so their projections are made in one run.
    """

    def __init__(
        self, now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None, many: bool = False
    ) -> None:
        self.now, self.on, self.known_at = now, on, known_at
        self._scope, self._many = scope(area), many
        self._rolled = _upto(roll_up(now.store.figures(within=self._scope, known_at=known_at), self._scope), on)
        self._lock = threading.RLock()
        self._grounds: dict[str, Ground] = {}
        self._answers: dict[Target, Mapping[str, Projection]] = {}

    def figures(self, area: str) -> pd.DataFrame:
        """The figures of an area and the areas in it, rolled up."""
        return roll_up(self._rolled, area)

    def projection(self, area: str, target: Target) -> Projection:
        """The one answer about an area."""
        joint = self._many and scope(area) == self._scope != area and level_of(area) > Level.KABUPATEN
        with self._lock:
            key = self._scope if joint else area
            if key not in self._grounds:
                self._grounds[key] = Ground.of(self._rolled, area, today=today_of(self.now, self.on, self.known_at))
            ground = self._grounds[key]
            if joint and target not in self._answers:
                found = inside(ground, self._scope, target)
                self._answers[target] = {} if found is None else found.children
        found_alone = self._answers.get(target, {}).get(area) if joint else None
        return found_alone or answer(ground, area, target)


class Past:
    """The figures that an answer about an area rests on, as they were known when its snapshot of a day first came in."""

    def __init__(self, now: Office, rolled: pd.DataFrame, area: str) -> None:
        self._area, self._present = area, Ground.of(rolled, area)
        self._known = now.store.revisions(scope(area), area)
        self._then: dict[datetime, Ground] = {}

    def on(self, day: date | None) -> Ground:
        """The figures as known then, to be looked at up to ``day``; none where the area never had a figure for that day.

        None gives the present ones.
        """
        if day is None:
            return self._present
        for moment in self._known.moments.get(day, ()):
            then = self._at(day, moment)
            if day in then.days(self._area):
                return then
        return Ground.of(contract.frame(), self._area)

    def _at(self, day: date, moment: datetime) -> Ground:
        """The figures of a moment; the present ones where, up to the day, they are the same."""
        if self._known.as_now(day, moment):
            return self._present
        if moment not in self._then:
            self._then[moment] = Ground.of(self._known.known_at(moment), self._area)
        return self._then[moment]


def state(
    now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None, level: Level | None = None
) -> State:
    """The area on the latest day not after ``on``, from the figures known at ``known_at``.

    Raises:
        UserError: there is no figure, or ``level`` does not lie below the area.
    """
    return of(Known(now, area, on=on, known_at=known_at), area, level=level)


def of(known: Known, area: str, *, level: Level | None = None, made_at: datetime | None = None) -> State:
    """The area from figures that are read already; as :func:`state`. It is said to be made at ``made_at``; None: now."""
    made_at, figures, now = made_at or datetime.now(settings().zone), known.figures(area), known.now
    aim = stores.aim_of(now, area, known.known_at)
    at, target = standing_of(figures, area), Target.national() if aim is None else aim.target
    if at.figure is None or at.as_of_date is None:
        raise UserError(notes.overview(at, target, Reached(Reach.UNKNOWN)))
    history = history_of(figures, area)
    inside = level or at.child_level
    rows = None if inside is None else ranking(figures, area, inside, on=at.as_of_date)
    before = _before(figures, area, at.as_of_date, history)
    today = today_of(now, known.on, known.known_at)
    ahead = max(at.as_of_date, today or at.as_of_date)
    first = first_deadline(aim, ahead, sampled=now.sample)
    year = ahead.year + (ahead.month == 12)
    head = stores.head_of(now, known.known_at)
    dates = {date(one, 12, 31): T("end of {year}", year=str(one)) for one in (year, year + 1)}
    if now.sample:
        dates[sample.VOTE] = T("general election")
    if aim is not None and aim.by > ahead:
        dates[aim.by] = T("{one}", one=aim.name) if aim.name else T("the office's aim")
    plan = None if aim is None else plan_for(history, aim)
    return State(
        area,
        inside,
        known.known_at,
        made_at,
        day_of(now),
        __version__,
        now.sample,
        source(now),
        figures,
        history,
        at,
        rows,
        before,
        _revised(known, area, figures, before),
        target,
        known.projection(area, target),
        known.projection(area, ZERO),
        tuple(sorted(dates.items(), key=lambda one: (one[0] != first, one[0]))),
        None if inside is None else boundary_files.find(area, inside, at.as_of_date),
        aim,
        Along(plan, stores.events_of(now, area, known.known_at)),
        _by_plan(aim, plan, at, today),
        _heading(known, at, history, plan),
        head.name,
        head.at,
        _teams(now, area, at.as_of_date, known.known_at),
        stores.cleaning_of(now, at, known.known_at),
    )


def _teams(now: Office, area: str, as_of: date, known_at: date | datetime | None) -> TeamPlan | None:
    """The plan of visits saved last for the area; none that begins from figures after the day."""
    kept = scenarios.shown(area, sample=now.sample, known_at=known_at)
    if kept is None or kept.plan.origin > as_of:
        return None
    return TeamPlan(kept.name, kept.plan, kept.id, kept.version)


def first_deadline(aim: Aim | None, ahead: date, *, sampled: bool) -> date:
    """The day whose chance is said where nobody asks for another: that of the office's aim, in the sample the election, else the
    end of the year, in December of the next one. ``ahead``: the day of the figures, or today."""
    if aim is not None and aim.by > ahead:
        return aim.by
    return sample.VOTE if sampled and ahead < sample.VOTE else date(ahead.year + (ahead.month == 12), 12, 31)


def _heading(known: Known, at: Standing, history: pd.DataFrame, plan: Plan | None) -> Text:
    """The sentence of the page Posisi: how many are left, the target's date and that of zero."""
    today, said = today_of(known.now, known.on, known.known_at), position.said_target(None if plan is None else plan.aim)
    zero = known.projection(at.area, ZERO)
    recent = pace_of_now(history, zero.inputs.even_since)
    planned = None if plan is None or today is None else plan.on(today)
    target = known.projection(at.area, said)
    return position.heading(at, position.Dates(target, zero, reached_on(history, said), recent, planned))


def _by_plan(aim: Aim | None, plan: Plan | None, at: Standing, today: date | None) -> tuple[Text, ...]:
    """The office's aim, and where its plan stands; nothing without an aim."""
    if aim is None:
        return ()
    where = None if at.as_of_date is None else by_plan.where(plan, at.unrecorded, at.as_of_date, today)
    return (by_plan.aim(aim), *(() if where is None else (where,)))


def rolled(now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None) -> pd.DataFrame:
    """The figures of an area and the areas in it, rolled up, up to a day."""
    return _upto(roll_up(now.store.figures(within=area, known_at=known_at), area), on)


def deck(
    now: Office, area: str, *, on: date | None = None, known_at: date | datetime | None = None, level: Level | None = None
) -> Deck:
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
        return T("{source}; the split over the kecamatan is modelled", source=sample.SOURCE)
    last = now.store.info().last_import
    return (
        T("uploads to this office")
        if last is None
        else T("uploads to this office, the last on {date}", date=last.astimezone(settings().zone).date())
    )


def areas_inside(area: str, level: Level, figures: pd.DataFrame) -> list[str]:
    """The areas of a level in an area that have a figure, in the register's order.

    Raises:
        UserError: the level does not lie below the area, or none of them has a figure.
    """
    found = sorted(figures.loc[(figures["level"] == int(level)) & figures["unrecorded"].notna(), "area_code"].unique())
    if level <= level_of(area) or not found:
        raise UserError(T("No area of the level {level} in {area} has figures.", level=level.label, area=register().name(area)))
    return found


def _before(figures: pd.DataFrame, area: str, day: date, history: pd.DataFrame) -> Standing | None:
    """The area on its snapshot before, the one that the change is counted from; None where there is none."""
    start = change_between(history).start
    earlier = history.loc[history["as_of_date"] < pd.Timestamp(day), "as_of_date"]
    last = start or (None if earlier.empty else earlier.max().date())
    return None if last is None else standing_of(figures, area, last)


def _revised(known: Known, area: str, figures: pd.DataFrame, before: Standing | None) -> pd.DataFrame:
    """The unrecorded that differ, up to the snapshot before, from what was known when that snapshot of the area first came in."""
    empty = pd.DataFrame({"area_code": [], "as_of_date": [], "old": [], "new": []})
    if before is None or before.as_of_date is None:
        return empty
    came = known.now.store.revisions(area, area)
    moments = came.moments.get(before.as_of_date, ())
    if not moments or (known.known_at is None and came.as_now(before.as_of_date, min(moments))):
        return empty
    keys, stamp = ["area_code", "as_of_date"], pd.Timestamp(before.as_of_date)
    then = roll_up(came.known_at(min(moments)), area)
    old, new = (
        frame[frame["headline"] & (frame["as_of_date"] <= stamp)].set_index(keys)["unrecorded"] for frame in (then, figures)
    )
    both = pd.concat([old.rename("old"), new.rename("new")], axis=1, join="inner").reset_index()
    differ = both[(both["old"] != both["new"]).fillna(False) | (both["old"].isna() != both["new"].isna())]
    return differ.sort_values(keys, ignore_index=True)


AT_ONCE = 3  # threads: one reckons, while of another the charts are drawn and of a third the page is set


def files(
    now: Office,
    areas: Sequence[str],
    kind: str,
    lang: str,
    *,
    on: date | None = None,
    known_at: date | datetime | None = None,
    made_at: datetime | None = None,
) -> Iterator[tuple[State, bytes]]:
    """The file of each area in their order, with the state it was made from; all as made at ``made_at``, None: each when it is.

    Raises:
        UserError: an area has no figures; the logo is no picture.
        StoreError: the store or the machine failed.
    """
    drawing.warm()
    acting = gate.reference()  # the threads are told
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="report") as threads:
        for _above, sisters in groupby(areas, scope):
            codes = list(sisters)
            known = Known(now, codes[0], on=on, known_at=known_at, many=len(codes) > 1)

            def made(code: str, known: Known = known) -> tuple[State, bytes]:
                with gate.acting_as(acting):
                    found = of(known, code, made_at=made_at)
                    return found, file(built(found), kind, lang)

            yield from threads.map(made, codes)
