"""Slides as persons arranged them, saved by name for an area: each saving is a further version, forgetting a further event.

A name (case and blanks do not matter) is known by the number of its first version, which stays through all later ones, so
that an address with this number opens what was saved last. Slides that were arranged on the sample's figures are apart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ektp_analysis.area import AreaCode
from ektp_analysis.errors import UserError
from ektp_analysis.store import tables
from ektp_analysis.store.records import Arrangement, Edit, SavedDeck
from ektp_analysis.text import T

LONGEST_NAME = 80
LONGEST_TITLE = 200
LONGEST_NOTES = 5000
MOST_SLIDES = 100


def key_of(name: str) -> str:
    """A name without regard to case and blanks."""
    return " ".join(name.casefold().split())


def tidied(wanted: Arrangement) -> Arrangement:
    """The same in the form in which it is kept: one blank between words, no control characters, notes line by line.

    Raises:
        UserError: no area code; a name that is empty, a text that is too long, too many slides.
    """
    edits = tuple(replace(edit, title=_line(edit.title), notes=_lines(edit.notes)) for edit in wanted.edits)
    made = Arrangement(str(AreaCode(wanted.area)), wanted.sample, _line(wanted.name), edits)
    if len({edit.key for edit in edits} - {""}) != len(edits):
        raise ValueError("each slide is named once, by its key")
    if not 0 < len(made.name) <= LONGEST_NAME:
        raise UserError(T("The name of saved slides has 1 to {most} letters.", most=LONGEST_NAME))
    if len(edits) > MOST_SLIDES:
        raise UserError(T("At most {most} slides are saved together.", most=MOST_SLIDES))
    for number, edit in enumerate(edits, 1):
        if len(edit.title) > LONGEST_TITLE:
            raise UserError(T("The title of slide {number} is longer than {most} letters; shorten it.", number=str(number),
                              most=LONGEST_TITLE))
        if len(edit.notes) > LONGEST_NOTES:
            raise UserError(T("The notes of slide {number} are longer than {most} letters; shorten them.", number=str(number),
                              most=LONGEST_NOTES))
    return made


def save(connection: sa.Connection, wanted: Arrangement, *, over: int | None, by: str, at: datetime) -> SavedDeck:
    """Add a version, or find that it is there already. See :meth:`Store.save_deck`."""
    made = tidied(wanted)
    table, key = tables.saved_deck, key_of(made.name)
    held = _named(connection, made)
    if held is not None:
        if (held.name, held.edits) == (made.name, made.edits):
            return held
        _may_replace(held, over, at)
    last = connection.execute(sa.select(sa.func.max(table.c.at)).where(
        table.c.area == made.area, table.c.sample == made.sample, table.c.key == key)).scalar_one()
    connection.execute(table.insert().values(
        area=made.area, sample=made.sample, key=key, name=made.name, by=by, at=_after(at, last),
        slides=json.dumps([asdict(edit) for edit in made.edits])))
    added = _named(connection, made)
    assert added is not None
    return added


def saved(connection: sa.Connection, *, until: datetime | None = None) -> list[SavedDeck]:
    """What is saved, or was at the moment, by area and name. See :meth:`Store.decks`."""
    table = tables.saved_deck
    known = sa.true() if until is None else table.c.at <= until
    ends = sa.select(sa.func.min(table.c.id).label("first"), sa.func.max(table.c.id).label("last")).where(known).group_by(
        table.c.area, table.c.sample, table.c.key).subquery()
    asked = sa.select(table, ends.c.first).join(ends, ends.c.last == table.c.id).where(table.c.slides.is_not(None))
    return sorted((_deck(row) for row in connection.execute(asked)), key=lambda one: (one.area, key_of(one.name), one.id))


def forget(connection: sa.Connection, deck_id: int, *, by: str, at: datetime) -> None:
    """Record that slides are saved no more. See :meth:`Store.forget_deck`."""
    held = next((one for one in saved(connection) if one.id == deck_id), None)
    if held is None:
        raise UserError(T("There are no saved slides of the number {number}; the list shows which there are.",
                          number=str(deck_id)))
    connection.execute(tables.saved_deck.insert().values(
        area=held.area, sample=held.sample, key=key_of(held.name), name=held.name, slides=None, by=by,
        at=_after(at, held.at)))


def _named(connection: sa.Connection, wanted: Arrangement) -> SavedDeck | None:
    asked = wanted.area, wanted.sample, key_of(wanted.name)
    return next((one for one in saved(connection) if (one.area, one.sample, key_of(one.name)) == asked), None)


def _may_replace(held: SavedDeck, over: int | None, at: datetime) -> None:
    """Nobody's slides are replaced by somebody who has not seen them."""
    when = held.at.astimezone(at.tzinfo)
    if over is None:
        raise UserError(T("Slides named '{name}' are saved already, by {who} on {at}; take another name, or choose those first "
                          "and change them.", name=held.name, who=held.by or "-", at=when))
    if over != held.version:
        raise UserError(T("'{name}' was saved anew by {who} on {at} since you chose it; save yours under another name, or leave "
                          "your changes to see what was saved.", name=held.name, who=held.by or "-", at=when))


def _after(at: datetime, last: datetime | None) -> datetime:
    """The moment of an event, never before the one before it: what was known at a moment would change later."""
    if at.tzinfo is None:
        raise ValueError("at needs a time zone")
    return at if last is None else max(at, last)


def _deck(row: Any) -> SavedDeck:
    edits = tuple(Edit(**one) for one in json.loads(row.slides))
    return SavedDeck(row.area, row.sample, row.name, edits, id=row.first, version=row.id, by=row.by, at=row.at)


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _lines(text: str) -> str:
    return "\n".join(_line(line) for line in text.splitlines()).strip()
