"""What is made of a part of the nation: answers of its areas, their plans, reports, or outlines; each as everywhere else.

A part is an area whose own store is read by whoever makes it, so that no figures travel; outlines are handed on. The same part
gives the same bytes on every machine.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, wraps
from typing import Any

from ektp_analysis import __version__
from ektp_analysis.access import gate
from ektp_analysis.core.aims import Aim, aim_for
from ektp_analysis.core.area import NATION, Level, level_of, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, sentence
from ektp_analysis.figures import tables
from ektp_analysis.figures.rollup import name_of, roll_up
from ektp_analysis.office import foreseeing, stores
from ektp_analysis.office.stores import Office
from ektp_analysis.projection.answers import Ground, of_level, scope
from ektp_analysis.projection.result import Projection

Moment = date | datetime | None
PACKED = (1980, 1, 1, 0, 0, 0)  # the moment of every file in a packed part, so that the same part has the same bytes


@dataclass(frozen=True)
class Asked:
    """What is asked of every area: of this level, with figures as known at ``known_at``, said on the day ``today``.

    ``target``, ``by``: of answers, None and (): what the office aims at, else zero; ``horizon`` in days. ``kind``, ``on``: the
    format of reports and their last day. ``wanted``: of plans, what is said of a :class:`Request` beside its usual values.
    ``made_at``: when the run began, which each report says of itself.
    """

    level: Level
    sample: bool
    lang: str
    known_at: Moment
    today: date | None
    target: Target | None = None
    by: tuple[date, ...] = ()
    horizon: int = 730
    kind: str = ""
    on: date | None = None
    wanted: tuple[tuple[str, Any], ...] = ()
    # The last two are no part of what a part is made from, so that a run which goes on takes what is there.
    acting: str | None = field(default_factory=gate.reference, repr=False)
    made_at: datetime = field(default_factory=lambda: datetime.now(settings().zone), repr=False)


@dataclass(frozen=True)
class Made:
    """A part: the key of what it was made from, and its bytes; None where they are kept under this key already."""

    key: str
    data: bytes | None


Work = Callable[[str, Any, str], Made]  # (area of the part, what is asked, the key of what is kept of it or '')


@dataclass(frozen=True)
class Seen:
    """The program and the store that somebody sees: its version, and the end of the store's trail at a moment."""

    version: str
    trail: str


Sees = Callable[[Any], Seen]


def seen(asked: Asked) -> Seen:
    """What this process sees. Raises StoreError and UserError as :func:`stores.asked`."""
    with gate.acting_as(asked.acting):
        return Seen(__version__, stores.head_of(stores.asked(sample=asked.sample), asked.known_at).name)


def _acting(work: Callable[[str, Asked, str], Made]) -> Work:
    """The work, done by whoever asked for it."""

    @wraps(work)
    def made(part: str, asked: Asked, kept: str) -> Made:
        with gate.acting_as(asked.acting):
            return work(part, asked, kept)

    return made


def over(area: str, level: Level) -> Level:
    """The level of the parts into which an area is divided where areas of ``level`` in it are asked for: kabupaten, or the one
    above the areas where that is higher; what is asked for in one of them is made together.

    Raises:
        UserError: the level does not lie below the area.
    """
    if level <= level_of(area):
        raise _without(area, level)
    return max(min(Level.KABUPATEN, Level(int(level) - 1)), level_of(area))


def _without(area: str, level: Level) -> UserError:
    return UserError(T("No area of the level {level} in {area} has figures.", level=level.label, area=register().name(area)))


def divided(now: Office, area: str, of: Level, known_at: Moment) -> list[str]:
    """The areas of the level ``of`` in an area (it may be itself) in which there are figures (or were, at a moment),
    in order.

    Raises:
        UserError: the level does not lie in the area, or none of its areas has figures.
    """
    found: set[str] = set()
    if of >= level_of(area):
        for code in _codes(now, area, known_at):
            if level_of(code) >= of:
                found.add(".".join(code.split(".")[: int(of)]) if of is not Level.NATION else NATION)
    if not found:
        raise _without(area, of)
    return sorted(found)


def heaviness(part: str) -> int:
    """How much work a part is, beside others: the desa in it by the register."""
    return _desa_inside()[part]


@cache
def _desa_inside() -> Counter[str]:
    """Area -> the desa in it, for the nation, provinsi, kabupaten and kecamatan."""
    found: Counter[str] = Counter()
    for code in register().codes(Level.DESA):
        found.update((NATION, code[:2], code[:5], code[:8]))
    return found


def _codes(now: Office, area: str, known_at: Moment) -> Iterator[str]:
    """The areas that have a figure, a provinsi at a time: the figures of the nation are too many to be held at once."""
    if known_at is None:
        yield from now.store.areas(area)
        return
    of = sorted(register().codes(Level.PROVINSI)) if area == NATION else [area]
    for one in of:
        yield from map(str, now.store.figures(within=one, known_at=known_at)["area_code"].unique())


@_acting
def answers(part: str, asked: Asked, kept: str) -> Made:
    """When each area of the level in a part reaches its target: a line of JSON an area, in their order.

    Each answer is the one that ``project --area`` gives of the area.
    """
    now = stores.asked(sample=asked.sample)
    figures = now.store.figures(within=part, known_at=asked.known_at)
    aims: list[Aim] = [] if now.sample else now.store.aims(asked.known_at)
    key = _key(asked, name_of(figures), *(f"{one.area_code} {one.target.key} {one.by}" for one in aims))
    if key == kept:
        return Made(key, None)
    ground = Ground(roll_up(figures, part), today=asked.today)
    lines = []
    for code in ground.inside(part, asked.level):
        target, by = _of_area(asked, aim_for(aims, code))
        lines.append((code, target, by))
    found: dict[Target, dict[str, Projection]] = {}
    for target in dict.fromkeys(one[1] for one in lines):
        found[target] = of_level(ground, part, asked.level, target, horizon_days=asked.horizon)
    told = [
        {"area_code": code, "name": register().full_name(code), **found[target][code].as_dict(by=by, lang=asked.lang)}
        for code, target, by in lines
        if code in found[target]
    ]
    return Made(key, "".join(json.dumps(one, ensure_ascii=False, allow_nan=False) + "\n" for one in told).encode())


def _of_area(asked: Asked, aim: Aim | None) -> tuple[Target, tuple[date, ...]]:
    """What an area is asked: what was said, else what the office aims at there as long as its day is ahead."""
    if aim is None:
        return asked.target or ZERO, asked.by
    ahead = asked.today is None or aim.by > asked.today
    return asked.target or aim.target, asked.by or ((aim.by,) if ahead else ())


@_acting
def plans(part: str, asked: Asked, kept: str) -> Made:
    """The plan of the teams' visits in a part, or why there is none: one line of JSON."""
    from ektp_analysis.narrative import no_plan, teams  # solvers, as charts below, would make each worker start later
    from ektp_analysis.office import planning
    from ektp_analysis.planning import saving
    from ektp_analysis.planning.proposal import Infeasible

    now = stores.asked(sample=asked.sample)
    figures = now.store.figures(within=scope(part), known_at=asked.known_at)
    visits = planning.visits_of(now, part, asked.known_at)
    aims: list[Aim] = [] if now.sample else now.store.aims(asked.known_at)
    key = _key(asked, name_of(figures), name_of(visits), *(f"{one.area_code} {one.target.key}" for one in aims), part)
    if key == kept:
        return Made(key, None)
    request = replace(planning.usual(now, part), **dict(asked.wanted))
    found = planning.made(now, request, known_at=asked.known_at)
    told: dict[str, Any] = {"area": part, "name": register().full_name(part), "sample": now.sample}
    if isinstance(found, Infeasible):
        told |= {"plan": None, **saving.nearest(found), "sentence": sentence(no_plan.none(found), asked.lang)}
    else:
        told |= {"plan": saving.plain(found), "heading": sentence(teams.heading(found), asked.lang)}
    return Made(key, (json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n").encode())


@_acting
def files(part: str, asked: Asked, kept: str) -> Made:
    """The report of each area of the level in a part, packed: a file an area, named by its code and day."""
    from ektp_analysis.office import reports

    now = stores.asked(sample=asked.sample)
    key = _key(asked, stores.head_of(now).name, part)
    if key == kept:
        return Made(key, None)
    rolled = reports.rolled(now, part, on=asked.on, known_at=asked.known_at)
    codes = reports.areas_inside(part, asked.level, rolled)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        made = reports.files(now, codes, asked.kind, asked.lang, on=asked.on, known_at=asked.known_at, made_at=asked.made_at)
        for state, data in made:
            archive.writestr(zipfile.ZipInfo(f"{state.area}_{state.as_of.isoformat()}", PACKED), data)
    return Made(key, packed.getvalue())


def outlines(_part: str, sent: bytes, kept: str) -> Made:
    """Areas of a file of outlines that are drawn together, as they were handed on: how they are kept, and what was measured."""
    from ektp_analysis.boundaries import landmasses  # as charts above

    key = hashlib.sha256(f"{draws(None)}\n".encode() + sent).hexdigest()
    return Made(key, None if key == kept else landmasses.drawn(landmasses.Part.unpacked(sent)).packed())


def draws(_asked: None) -> Seen:
    """The program and the libraries that outlines are drawn with here: others may draw a last decimal otherwise."""
    from ektp_analysis.boundaries import geometry

    return Seen(__version__, geometry.ENGINES)


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file in a part of :func:`files`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def _key(asked: Asked, *parts: str) -> str:
    """A name for all that a part is made from."""
    return hashlib.sha256("\n".join((__version__, repr(asked), *parts)).encode()).hexdigest()


@_acting
def ready(part: str, asked: Asked, kept: str) -> Made:  # noqa: ARG001 (what is made is kept in the store itself)
    """What a server keeps ready of a provinsi: its rollups, and with ``asked.target``, that of the nation's map, the answers for
    maps. How many parts were made, as text."""
    now = stores.own()
    if asked.target is None:
        now.store.keep_up(part)
        return Made("", b"0")
    return Made("", str(len(list(foreseeing.bring_up(now, part, asked.target)))).encode())


COLUMNS = ("area_code", "name", "origin", "unrecorded_low", "unrecorded_high", "target", "q10", "q50", "q90", "by", "chance")
MORE = ("never", "reason", "notes")


def table(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of :func:`answers` as CSV in UTF-8, its head first, then a row an area; days as 2023-06-20, chances 0 to 1, what
    is not known an empty field. Several days that are asked for are told apart by ' | ', as several notes are."""
    yield _row((*COLUMNS, *MORE))
    for line in lines:
        one = json.loads(line)
        seen_last, by = one["inputs"]["unrecorded"][-1:], one["probability_by"]
        low, high = seen_last[0] if seen_last and one["inputs"]["unit"] == "people" else (None, None)
        yield _row(
            (
                *(one["area_code"], one["name"], one["origin"], low, high, one["target"]),
                *(one["quantiles"].get(level) for level in ("0.10", "0.50", "0.90")),
                " | ".join(by),
                " | ".join("" if value is None else str(value) for value in by.values()),
                one["probability_never"],
                None if one["reason"] is None else one["reason"]["text"],
                " | ".join(one["notes"]),
            )
        )


def _row(values: Iterable[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(tables.inert("" if value is None else value) for value in values)
    return out.getvalue().encode()
