"""What persons decided about names and layouts, and the slides and plans that they saved; forgotten again by a further event.

Nothing that is stored rests on it: a batch's own choices repeat its reading, whatever is remembered or forgotten later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T
from ektp_analysis.store import schema, trail
from ektp_analysis.store.records import Alias, Arrangement, Edit, Layout, PlanScenario, SavedDeck
from ektp_analysis.store.troubles import UnreadableError

LONGEST_NAME = 300


def key_of(name: str) -> str:
    """A name without regard to case and blanks."""
    return " ".join(name.casefold().split())


def remember_aliases(connection: sa.Connection, scope: str, mapping: Mapping[str, str], *, by: str, at: datetime) -> None:
    """Record what is not remembered so already. See :meth:`Store.remember_aliases`."""
    _aware(at)
    within = AreaCode(scope)
    wanted: dict[str, tuple[str, str]] = {}
    for name, code in mapping.items():
        shown = " ".join(name.replace("\0", "").split())
        if not shown or len(shown) > LONGEST_NAME:
            raise UserError(T("A name to be remembered has 1 to {most} characters.", most=LONGEST_NAME))
        if not within.contains(AreaCode(code)):
            raise UserError(
                T(
                    "'{name}' cannot mean {code} in files of {scope}, because that area lies elsewhere.",
                    name=shown,
                    code=code,
                    scope=scope,
                )
            )
        wanted[key_of(shown)] = (shown, code)
    known = {key_of(one.name): one.area_code for one in aliases(connection, scope)}
    for key, (name, code) in wanted.items():
        if known.get(key) != code:
            row = {"scope": scope, "key": key, "name": name, "area_code": code, "at": at, "by": by}
            trail.add(connection, schema.remembered_alias, row)


def aliases(connection: sa.Connection, scope: str | None) -> list[Alias]:
    """What is remembered, by scope and name. See :meth:`Store.aliases`."""
    alias = schema.remembered_alias
    last = sa.select(sa.func.max(alias.c.id)).group_by(alias.c.scope, alias.c.key)
    asked = sa.select(alias).where(alias.c.id.in_(last), alias.c.area_code.is_not(None))
    if scope is not None:
        asked = asked.where(alias.c.scope == scope)
    found = [Alias(row.scope, row.name, row.area_code, row.by, row.at) for row in connection.execute(asked)]
    return sorted(found, key=lambda one: (one.scope, key_of(one.name)))


def forget_alias(connection: sa.Connection, scope: str, name: str, *, by: str, at: datetime) -> None:
    """Record that a name means nothing any more. See :meth:`Store.forget_alias`."""
    _aware(at)
    found = next((one for one in aliases(connection, scope) if key_of(one.name) == key_of(name)), None)
    if found is None:
        raise UserError(
            T("No name '{name}' is remembered for {scope}; the list of aliases shows which are.", name=name[:60], scope=scope)
        )
    row = {"scope": found.scope, "key": key_of(found.name), "name": found.name, "area_code": None, "at": at, "by": by}
    trail.add(connection, schema.remembered_alias, row)


def remember_layout(connection: sa.Connection, fingerprint: str, choices: Mapping[str, Any], *, by: str, at: datetime) -> None:
    """Record what is not remembered so already. See :meth:`Store.remember_layout`."""
    _aware(at)
    if not fingerprint or not choices:
        raise ValueError("a layout needs a fingerprint and choices")
    known = layout(connection, fingerprint)
    if known is None or known.choices != dict(choices):
        row = {"fingerprint": fingerprint, "choices": json.dumps(dict(choices)), "at": at, "by": by}
        trail.add(connection, schema.remembered_layout, row)


def layouts(connection: sa.Connection, fingerprint: str | None = None) -> list[Layout]:
    """What is remembered, latest first. See :meth:`Store.layouts`."""
    kept = schema.remembered_layout
    last = sa.select(sa.func.max(kept.c.id)).group_by(kept.c.fingerprint)
    asked = sa.select(kept).where(kept.c.id.in_(last), kept.c.choices.is_not(None)).order_by(kept.c.id.desc())
    if fingerprint is not None:
        asked = asked.where(kept.c.fingerprint == fingerprint)
    return [Layout(row.fingerprint, _told(row.choices), row.by, row.at) for row in connection.execute(asked)]


def _told(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadableError from error


def layout(connection: sa.Connection, fingerprint: str) -> Layout | None:
    """What is remembered of one layout; None: nothing, or forgotten."""
    found = layouts(connection, fingerprint)
    return found[0] if found else None


def forget_layout(connection: sa.Connection, fingerprint: str, *, by: str, at: datetime) -> None:
    """Record that a layout is to be asked about again. See :meth:`Store.forget_layout`."""
    _aware(at)
    if layout(connection, fingerprint) is None:
        raise UserError(
            T("No layout {fingerprint} is remembered; the list of layouts shows which are.", fingerprint=fingerprint[:60])
        )
    row = {"fingerprint": fingerprint, "choices": None, "at": at, "by": by}
    trail.add(connection, schema.remembered_layout, row)


def _aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("at needs a time zone")


LONGEST_DECK_NAME = 80
LONGEST_TITLE = 200
LONGEST_NOTES = 5000
MOST_SLIDES = 100


def deck_key(name: str) -> str:
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
    if not 0 < len(made.name) <= LONGEST_DECK_NAME:
        raise UserError(T("The name of saved slides has 1 to {most} characters.", most=LONGEST_DECK_NAME))
    if len(edits) > MOST_SLIDES:
        raise UserError(T("At most {most} slides can be saved together.", most=MOST_SLIDES))
    for number, edit in enumerate(edits, 1):
        if len(edit.title) > LONGEST_TITLE:
            raise UserError(
                T(
                    "The title of slide {number} is longer than {most} characters; shorten it.",
                    number=str(number),
                    most=LONGEST_TITLE,
                )
            )
        if len(edit.notes) > LONGEST_NOTES:
            raise UserError(
                T(
                    "The notes of slide {number} are longer than {most} characters; shorten them.",
                    number=str(number),
                    most=LONGEST_NOTES,
                )
            )
    return made


def save(connection: sa.Connection, wanted: Arrangement, *, over: int | None, by: str, at: datetime) -> SavedDeck:
    """Add a version, or find that it is there already. See :meth:`Store.save_deck`."""
    made = tidied(wanted)
    held = _named(connection, made)
    if held is not None:
        if (held.name, held.edits) == (made.name, made.edits):
            return held
        _may_replace(held, over, at)
    _add_deck(connection, made, json.dumps([asdict(edit) for edit in made.edits]), by=by, at=at)
    added = _named(connection, made)
    assert added is not None
    return added


def saved(connection: sa.Connection, *, until: datetime | None = None) -> list[SavedDeck]:
    """What is saved, or was at the moment, by area and name. See :meth:`Store.decks`."""
    table = schema.saved_deck
    found = (_deck(row) for row in _lasting(connection, table, table.c.slides, until))
    return sorted(found, key=lambda one: (one.area, deck_key(one.name), one.id))


def _lasting(connection: sa.Connection, table: sa.Table, kept: sa.Column[Any], until: datetime | None) -> Iterator[Any]:
    """The last row of each name that is saved, as of the moment, with the id of its first."""
    known = sa.true() if until is None else table.c.at <= until
    ends = (
        sa.select(sa.func.min(table.c.id).label("first"), sa.func.max(table.c.id).label("last"))
        .where(known)
        .group_by(table.c.area, table.c.sample, table.c.key)
        .subquery()
    )
    yield from connection.execute(sa.select(table, ends.c.first).join(ends, ends.c.last == table.c.id).where(kept.is_not(None)))


def forget(connection: sa.Connection, deck_id: int, *, by: str, at: datetime) -> None:
    """Record that slides are saved no more. See :meth:`Store.forget_deck`."""
    held = next((one for one in saved(connection) if one.id == deck_id), None)
    if held is None:
        raise UserError(
            T("There are no saved slides with the number {number}; the list shows which there are.", number=str(deck_id))
        )
    _add_deck(connection, held, None, by=by, at=at)


def _add_deck(connection: sa.Connection, deck: Arrangement, slides: str | None, *, by: str, at: datetime) -> None:
    row = {"area": deck.area, "sample": deck.sample, "key": deck_key(deck.name), "name": deck.name, "slides": slides}
    trail.add(connection, schema.saved_deck, {**row, "by": by, "at": at})


def _named(connection: sa.Connection, wanted: Arrangement) -> SavedDeck | None:
    asked = wanted.area, wanted.sample, deck_key(wanted.name)
    return next((one for one in saved(connection) if (one.area, one.sample, deck_key(one.name)) == asked), None)


def _may_replace(held: SavedDeck | PlanScenario, over: int | None, at: datetime) -> None:
    """Nobody's slides or plans are replaced by somebody who has not seen them."""
    when = (held.at or at).astimezone(at.tzinfo)
    if over is None:
        text = T(
            "A plan named '{name}' was saved already, by {who} on {at}. Use another name, or choose that one first and "
            "change it.",
            name=held.name,
            who=held.by or "-",
            at=when,
        )
        raise UserError(
            text
            if isinstance(held, PlanScenario)
            else T(
                "Slides named '{name}' were saved already, by {who} on {at}. Use another name, or choose those first "
                "and change them.",
                name=held.name,
                who=held.by or "-",
                at=when,
            )
        )
    if over != held.version:
        raise UserError(
            T(
                "'{name}' was saved again by {who} on {at} after you chose it. Save yours under another name, or "
                "discard your changes to see what was saved.",
                name=held.name,
                who=held.by or "-",
                at=when,
            )
        )


def _deck(row: Any) -> SavedDeck:
    try:
        edits = tuple(Edit(**one) for one in _told(row.slides))
    except TypeError as error:
        raise UnreadableError from error
    return SavedDeck(row.area, row.sample, row.name, edits, id=row.first, version=row.id, by=row.by, at=row.at)


LONGEST_PLAN = 5_000_000  # letters of a plan as JSON: a province's is a tenth


def keep_plan(connection: sa.Connection, wanted: PlanScenario, *, over: int | None, by: str, at: datetime) -> PlanScenario:
    """Add a version of a plan, or find that it is there already. See :meth:`Store.keep_plan_scenario`."""
    made = replace(wanted, area=str(AreaCode(wanted.area)), name=_line(wanted.name))
    if not 0 < len(made.name) <= LONGEST_DECK_NAME:
        raise UserError(T("The name of a saved plan has 1 to {most} characters.", most=LONGEST_DECK_NAME))
    written = json.dumps(dict(made.plan), allow_nan=False)
    if len(written) > LONGEST_PLAN:
        raise UserError(T("The plan is too large to be saved; choose fewer areas or days."))
    held = _plan_named(connection, made)
    if held is not None:
        if (held.name, held.plan) == (made.name, json.loads(written)):
            return held
        _may_replace(held, over, at)
    _add_plan(connection, made, written, by=by, at=at)
    added = _plan_named(connection, made)
    assert added is not None
    return added


def plans(connection: sa.Connection, *, until: datetime | None = None) -> list[PlanScenario]:
    """The plans that are saved, or were at the moment, by area and name. See :meth:`Store.plan_scenarios`."""
    table = schema.plan_scenario
    found = (_plan(row) for row in _lasting(connection, table, table.c.plan, until))
    return sorted(found, key=lambda one: (one.area, deck_key(one.name), one.id))


def forget_plan(connection: sa.Connection, plan_id: int, *, by: str, at: datetime) -> None:
    """Record that a plan is saved no more. See :meth:`Store.forget_plan_scenario`."""
    held = next((one for one in plans(connection) if one.id == plan_id), None)
    if held is None:
        raise UserError(
            T("There is no saved plan with the number {number}; the list shows which there are.", number=str(plan_id))
        )
    _add_plan(connection, held, None, by=by, at=at)


def _add_plan(connection: sa.Connection, one: PlanScenario, plan: str | None, *, by: str, at: datetime) -> None:
    row = {"area": one.area, "sample": one.sample, "key": deck_key(one.name), "name": one.name, "plan": plan}
    trail.add(connection, schema.plan_scenario, {**row, "by": by, "at": at})


def _plan_named(connection: sa.Connection, wanted: PlanScenario) -> PlanScenario | None:
    asked = wanted.area, wanted.sample, deck_key(wanted.name)
    return next((one for one in plans(connection) if (one.area, one.sample, deck_key(one.name)) == asked), None)


def _plan(row: Any) -> PlanScenario:
    return PlanScenario(row.area, row.sample, row.name, _told(row.plan), id=row.first, version=row.id, by=row.by, at=row.at)


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _lines(text: str) -> str:
    return "\n".join(_line(line) for line in text.splitlines()).strip()
