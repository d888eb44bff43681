"""Answers that a server keeps, so that a map of thousands of areas need not wait for each: when a target is reached, by area.

The areas of a level that lie in an area are answered together, and kept under a name for all that the answers rest on. Whoever
shows them makes that name anew from what holds then: what was kept under another one is not believed. So nothing has to be taken
away when figures change, and what holds again later is there again. What the answers are is known to
:mod:`ektp_analysis.projection.ahead`; here they are bytes. So are past answers (:mod:`ektp_analysis.projection.replay`), a row an
area and target, in which each has its own name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ektp_analysis.core.area import Level, level_of
from ektp_analysis.core.targets import Target
from ektp_analysis.store import queries, rollups, schema
from ektp_analysis.store.engine import Database

MOST_TARGETS = 4  # that are kept of the same areas: the nation's, the provinsi's, and zero where one is reached; the latest stay
_LOCK, _PAST = "foreseen", "past "


@dataclass(frozen=True)
class Figures:
    """What answers about areas in an area rest on, all of one moment: a name for the figures that hold by place, and the figures
    themselves rolled up, down to the kecamatan."""

    names: Mapping[str, str]
    rolled: pd.DataFrame


@dataclass(frozen=True)
class Kept:
    """Answers as bytes, and the name for all that they rest on."""

    made_from: str
    answers: bytes


Made = Mapping[tuple[Level, Target], Kept]


def kept(connection: sa.Connection, within: str, level: Level, target: Target, *, names_alone: bool) -> dict[str, Kept]:
    """What is kept of the areas of a level inside an area, by the area in which they are answered together; ``names_alone``:
    without the answers themselves."""
    table = schema.foreseen.c
    answers = sa.literal(b"", sa.LargeBinary).label("answers") if names_alone else table.answers
    asked = sa.select(table.area_code, table.made_from, answers).where(
        table.level == int(level), table.target == target.key, *queries.inside(table.area_code, within)
    )
    return {str(row.area_code): Kept(str(row.made_from), bytes(row.answers)) for row in connection.execute(asked)}


def keep(database: Database, area: str, make: Callable[[Figures], Made]) -> bool:
    """Let answers about areas in an area be made and kept. False where somebody else makes those of this area just now, and where
    nothing is kept: in a file of SQLite, or in a store that is open for reading only."""
    if database.path is not None or database.read_only:
        return False
    with database.writing_at_once(f"{_LOCK} {area}") as connection:
        if connection is None:
            return False
        with database.reading() as there:  # one moment for the figures and their names
            figures = Figures(rollups.names(there, area), rollups.rolled(there, area, Level.KECAMATAN, None))
        for (level, target), one in make(figures).items():
            _write(connection, area, level, target.key, one)
    return True


def _write(connection: sa.Connection, area: str, level: Level, target: str, one: Kept) -> None:
    table = schema.foreseen
    values = {"made_from": one.made_from, "made_at": datetime.now(UTC), "answers": one.answers}
    added = postgresql.insert(table).values(area_code=area, level=int(level), target=target, **values)
    connection.execute(added.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=values))
    same = (table.c.area_code == area, table.c.level == int(level))
    latest = sa.select(table.c.target).where(*same).order_by(table.c.made_at.desc(), table.c.target).limit(MOST_TARGETS)
    connection.execute(table.delete().where(*same, table.c.target.not_in(latest)))


# ---- what was said in the past of a kabupaten or of what is larger, kept beside, at the level of the area itself


def past(connection: sa.Connection, area: str, target: Target) -> Kept | None:
    """What is kept of past answers about an area and a target; None where nothing is."""
    table = schema.foreseen.c
    asked = sa.select(table.made_from, table.answers).where(*_past_of(area, target))
    found = connection.execute(asked).one_or_none()
    return None if found is None else Kept(str(found.made_from), bytes(found.answers))


def keep_past(database: Database, area: str, target: Target, join: Callable[[Kept | None], Kept]) -> bool:
    """Keep what ``join`` makes of what is kept of past answers about an area; otherwise as :func:`keep`."""
    if database.path is not None or database.read_only:
        return False
    with database.writing_at_once(f"{_LOCK} {area}") as connection:
        if connection is None:
            return False
        _write(connection, area, level_of(area), _PAST + target.key, join(past(connection, area, target)))
    return True


def _past_of(area: str, target: Target) -> tuple[sa.ColumnElement[bool], ...]:
    table = schema.foreseen.c
    return table.area_code == area, table.level == int(level_of(area)), table.target == _PAST + target.key
