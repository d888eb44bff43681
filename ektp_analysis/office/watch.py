"""Alerts of an office: what its rules find in an area and those inside, what became of each, and that each is told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from ektp_analysis.access.sight import TOTAL
from ektp_analysis.core.aims import Aim, aim_for
from ektp_analysis.core.area import Level, level_of
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import T
from ektp_analysis.figures.rollup import roll_up
from ektp_analysis.figures.series import history_of
from ektp_analysis.figures.standing import Standing, standing_of
from ektp_analysis.ingest.opening.personal import in_text
from ektp_analysis.office import stores
from ektp_analysis.office.arrivals import TOLD_AGAIN
from ektp_analysis.office.identity import who
from ektp_analysis.office.reports import Past, today_of
from ektp_analysis.projection.alerts import Alert, Kind, lasting, parse
from ektp_analysis.projection.answers import MOST, Ground, answer, histories, inside, plan_for, scope, still_open
from ektp_analysis.projection.result import NotReached, Projection
from ektp_analysis.projection.rules import SLIPPED_OVER, Earlier, Sight, alerts, apart_since, slipped
from ektp_analysis.store.records import AlertEvent

LONGEST_REASON = 300  # characters: of a sentence or two
# Findings of a file that other rules or pages tell: figures above 100 % or missing, and areas that are silent.
TOLD_OTHERWISE = TOLD_AGAIN | {"absent", "vanished", "ends", "fewer"}
RAISED, SEEN, CLOSED, REOPENED = "raised", "seen", "closed", "reopened"  # what becomes of an alert


@dataclass(frozen=True)
class Watched:
    """An alert with what became of it, the first first; ``before``: how an earlier one of its kind and area was closed."""

    alert: Alert
    events: tuple[AlertEvent, ...] = ()
    before: AlertEvent | None = None

    @property
    def new(self) -> bool:
        """Whether nobody was told of it yet, and nobody has seen it."""
        return not self.events

    @property
    def closed(self) -> AlertEvent | None:
        """By whom it was closed, and why; None while it is open."""
        return _closed(self.events)

    @property
    def seen(self) -> AlertEvent | None:
        """By whom it was seen last; None where nobody has."""
        return next((one for one in reversed(self.events) if one.event == SEEN), None)


def _closed(events: Sequence[AlertEvent]) -> AlertEvent | None:
    """How an alert with these events is closed; None where it is open."""
    last = next((one for one in reversed(events) if one.event in (CLOSED, REOPENED)), None)
    return last if last is not None and last.event == CLOSED else None


@dataclass(frozen=True)
class Look:
    """The alerts of an area and those inside, the weightiest first. ``on``: the day of the figures (None: there are none);
    ``asked``: whether the areas inside were looked at for stalls, which takes their projections."""

    area: str
    on: date | None
    watched: tuple[Watched, ...] = ()
    asked: bool = True

    @property
    def open(self) -> tuple[Watched, ...]:
        """Those that nobody has closed."""
        return tuple(one for one in self.watched if one.closed is None)

    @property
    def new(self) -> tuple[Watched, ...]:
        """Those of which nobody was told yet."""
        return tuple(one for one in self.watched if one.new)


def states(found: Iterable[Alert], events: Sequence[AlertEvent]) -> tuple[Watched, ...]:
    """The alerts with what became of each: one that goes on keeps the name under which it was told."""
    made = []
    for alert in found:
        told = [one for one in events if (one.kind, one.area) == (alert.kind, alert.area)]
        if told and all(one.key != alert.key for one in told) and (begun := _begun(told[-1])) is not None:
            alert = lasting(alert, *begun)
        mine = tuple(one for one in told if one.key == alert.key)
        closed = [one for one in told if one.key != alert.key and one.event == CLOSED]
        made.append(Watched(alert, mine, closed[-1] if closed else None))
    return tuple(made)


def _begun(event: AlertEvent) -> tuple[date, date] | None:
    """Since when an alert was told, and of the figures of which day; None where its row says neither."""
    try:
        return parse(event.key)[2], date.fromisoformat(str(event.detail["on"]))
    except (UserError, KeyError, ValueError):
        return None


def kept_before(events: Sequence[AlertEvent], area: str) -> Earlier | None:
    """What was said of the area's date before it slipped, as the last alert of it keeps it; None without one."""
    last = next((one for one in reversed(events) if (one.kind, one.area) == (Kind.SLIPPED, area)), None)
    begun = None if last is None else _begun(last)
    if last is None or begun is None:
        return None
    target, was = last.detail.get("target"), last.detail.get("was")
    return None if target is None or was is None else Earlier(begun[0], str(target), date.fromisoformat(str(was)))


@dataclass(frozen=True)
class Known:
    """What is known of an area when its alerts are looked for: all that its page has.

    ``whole`` and ``inside`` are the answers that the page shows, of the area and of those inside that it has dates of.
    """

    rolled: pd.DataFrame
    at: Standing
    whole: Projection
    inside: Mapping[str, Projection]
    aims: Sequence[Aim] = ()
    earlier: Earlier | None = None
    warnings: int = 0


def found(known: Known) -> tuple[Alert, ...]:
    """What the rules find in the area and in those directly inside; () where it has no figures."""
    at = known.at
    if at.as_of_date is None:
        return ()
    area, silent = at.area, {one.area_code: one for one in at.silent}
    history, aim = history_of(known.rolled, area), aim_for(known.aims, area)
    first = Sight(
        area,
        history,
        Target.national() if aim is None else aim.target,
        known.whole,
        plan=None if aim is None else plan_for(history, aim),
        earlier=known.earlier,
        apart_since=apart_since(known.rolled, area) if at.differences else None,
        warnings=known.warnings,
        whole=True,
    )
    sights = [first]
    for code, rows in _histories(known.rolled, area):
        own = aim_for(known.aims, code)
        # The line of the whole is no line of its parts: some may wait while others go first.
        plan = plan_for(rows, own) if own is not None and own != aim else None
        target = Target.national() if own is None else own.target
        sights.append(Sight(code, rows, target, known.inside.get(code), silent.get(code), plan))
    return alerts(sights, at.as_of_date)


def _histories(rolled: pd.DataFrame, area: str) -> list[tuple[str, pd.DataFrame]]:
    """The histories of the areas directly inside that have reported, by code."""
    below = rolled[(rolled["level"] == int(level_of(area)) + 1) & rolled["headline"]]
    below = below.sort_values("as_of_date", kind="stable")
    return [(str(code), rows.reset_index(drop=True)) for code, rows in below.groupby("area_code")]


def look(now: stores.Office, area: str) -> Look:
    """The alerts of an area and of those directly inside, from the figures that hold; answers as on their pages."""
    figures = now.store.figures(within=scope(area))
    near = roll_up(figures, scope(area))
    rolled = roll_up(near, area)
    at, aims = standing_of(rolled, area), () if now.sample else now.store.aims()
    if at.as_of_date is None:
        return Look(area, None)
    ground, aim = Ground.of(near, area, today=today_of(now)), aim_for(aims, area)
    target = still_open(answer(ground, area, Target.national() if aim is None else aim.target), at.as_of_date)
    asks = at.child_level is not None and histories(rolled, area, at.child_level) <= MOST
    parts = inside(ground, area, target) if asks else None
    whole = answer(ground, area, target) if parts is None else parts.whole
    events = [] if now.sample else now.store.alert_events()
    known = Known(
        rolled,
        at,
        whole,
        {} if parts is None else parts.children,
        aims,
        said_before(now, near, whole, events),
        warnings(now, figures, area, at.as_of_date),
    )
    return Look(area, at.as_of_date, states(found(known), events), asks or at.child_level is None)


def said_before(now: stores.Office, near: pd.DataFrame, whole: Projection, events: Sequence[AlertEvent]) -> Earlier | None:
    """What the date is compared with, from the figures that were known then: what was said at least
    :data:`~ektp_analysis.projection.rules.SLIPPED_OVER` days before. As long as an alert of it lasts, that is what the alert
    compares it with; once it is closed, what was said on the day of the closing, so that the same slip is not told again."""
    area, dates = whole.area_code, whole.inputs.dates
    kept = kept_before(events, area)
    if kept is None or slipped(whole, kept) is None:
        day = max((one for one in dates if (dates[-1] - one).days >= SLIPPED_OVER), default=None)
        return _said_on(now, near, whole, day) or kept
    mine = [one for one in events if (one.kind, one.area) == (Kind.SLIPPED, area)]
    closed = _closed([one for one in mine if one.key == mine[-1].key])
    begun = None if closed is None else _begun(closed)
    if begun is None:
        return kept
    fresh = _said_on(now, near, whole, max((one for one in dates if one <= begun[1]), default=None))
    return kept if fresh is None or slipped(whole, fresh) is None else fresh


def _said_on(now: stores.Office, near: pd.DataFrame, whole: Projection, day: date | None) -> Earlier | None:
    """What was said of the area's date at its snapshot of a day, with the figures known then; None where that was no date."""
    if day is None:
        return None
    then = answer(Past(now, near, whole.area_code).on(day), whole.area_code, whole.target, upto=day)
    if then.origin != day or then.median is None or isinstance(then.median, NotReached):
        return None
    return Earlier(day, whole.target.key, then.median)


def warnings(now: stores.Office, figures: pd.DataFrame, area: str, day: date) -> int:
    """How many warnings the files behind the area's figures of a day were accepted with, but for :data:`TOLD_OTHERWISE`.

    ``figures``: as :meth:`~ektp_analysis.store.store.Store.figures` gives them.
    """
    codes = figures["area_code"]
    mine = figures[((codes == area) | codes.str.startswith(area + ".")) & figures["as_of_date"].eq(pd.Timestamp(day))]
    return sum(_warned(now.store.batch(int(number)).report) for number in mine["batch_id"].unique() if number != TOTAL)


def _warned(report: Mapping[str, Any]) -> int:
    """The warnings of a kept report that speak against its figures, as :func:`~ektp_analysis.office.arrivals.against` counts."""
    checks = report.get("checks", ())
    told = {one["text"] for one in checks if one["name"] in TOLD_OTHERWISE}
    spoken = {one["text"] for one in checks if one["level"] == "error"}
    return len(({*report.get("warnings", ())} | spoken) - told)


def tell(found: Iterable[Watched], *, by: str = "") -> None:
    """Keep that alerts were told. Raises StoreError where the store cannot be written: they are told again then."""
    for one in found:
        mark(one.alert, RAISED, by=by)


def mark(alert: Alert, event: str, *, reason: str = "", by: str = "") -> AlertEvent:
    """Keep what becomes of an alert: that it was told, seen, closed or opened again, by whom and why.

    Raises:
        UserError: no reason to close it, or one that holds a personal number.
    """
    detail = {"on": alert.on.isoformat(), **alert.as_dict()}
    return _keep((alert.kind, alert.area, alert.key), event, detail, reason=reason, by=by)


def mark_named(now: stores.Office, key: str, event: str, *, reason: str = "", by: str = "") -> AlertEvent:
    """The same of an alert by its name, also of one that was told and holds no more.

    Raises:
        UserError: there is no such alert; or as :func:`mark`.
    """
    kind, area, day = parse(key)
    name = f"{kind}:{area}:{day.isoformat()}"
    beside = scope(area)  # the area above: of a kecamatan it says most, and of a kabupaten it takes long
    for near in dict.fromkeys((beside, area) if level_of(area) > Level.KABUPATEN else (area, beside)):
        for one in look(now, near).watched:
            if one.alert.key == name:
                return mark(one.alert, event, reason=reason, by=by)
    told = [one for one in now.store.alert_events() if one.key == name]
    if not told:
        raise UserError(T("There is no alert {key}; alerts --all lists those that are open.", key=name))
    return _keep((kind, area, name), event, told[-1].detail, reason=reason, by=by)


def _keep(alert: tuple[str, str, str], event: str, detail: Mapping[str, Any], *, reason: str, by: str) -> AlertEvent:
    """Add an event of an alert: its kind, its area, its name."""
    line = " ".join(reason.split())
    if in_text(line) or in_text(reason):
        raise UserError(T("The reason holds a personal number (NIK); it is not kept."))
    if len(line) > LONGEST_REASON:
        raise UserError(T("A reason has at most {most} characters; this one has {n}.", most=LONGEST_REASON, n=len(line)))
    at = datetime.now(settings().zone)
    return stores.own_store().add_alert_event(alert, event, by=by or who(), at=at, reason=line, detail=detail)
