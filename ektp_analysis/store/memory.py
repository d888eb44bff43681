"""What persons decided about names and layouts, remembered for the next file; forgotten again by a further event.

Nothing that is stored rests on it: a batch's own choices repeat its reading, whatever is remembered or forgotten later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ektp_analysis.area import AreaCode
from ektp_analysis.errors import UserError
from ektp_analysis.store import tables
from ektp_analysis.store.records import Alias, Layout
from ektp_analysis.text import T

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
            raise UserError(T("A name to be remembered has 1 to {most} letters.", most=LONGEST_NAME))
        if not within.contains(AreaCode(code)):
            raise UserError(T("'{name}' cannot mean {code} in files of {scope}, for it lies elsewhere.", name=shown, code=code,
                              scope=scope))
        wanted[key_of(shown)] = (shown, code)
    known = {key_of(one.name): one.area_code for one in aliases(connection, scope)}
    rows = [{"scope": scope, "key": key, "name": name, "area_code": code, "at": at, "by": by}
            for key, (name, code) in wanted.items() if known.get(key) != code]
    if rows:
        connection.execute(tables.remembered_alias.insert(), rows)


def aliases(connection: sa.Connection, scope: str | None) -> list[Alias]:
    """What is remembered, by scope and name. See :meth:`Store.aliases`."""
    alias = tables.remembered_alias
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
        raise UserError(T("No name '{name}' is remembered for {scope}; the list of aliases shows which are.",
                          name=name[:60], scope=scope))
    connection.execute(tables.remembered_alias.insert().values(
        scope=found.scope, key=key_of(found.name), name=found.name, area_code=None, at=at, by=by))


def remember_layout(connection: sa.Connection, fingerprint: str, choices: Mapping[str, Any], *, by: str, at: datetime) -> None:
    """Record what is not remembered so already. See :meth:`Store.remember_layout`."""
    _aware(at)
    if not fingerprint or not choices:
        raise ValueError("a layout needs a fingerprint and choices")
    known = layout(connection, fingerprint)
    if known is None or known.choices != dict(choices):
        connection.execute(tables.remembered_layout.insert().values(
            fingerprint=fingerprint, choices=json.dumps(dict(choices)), at=at, by=by))


def layouts(connection: sa.Connection, fingerprint: str | None = None) -> list[Layout]:
    """What is remembered, latest first. See :meth:`Store.layouts`."""
    kept = tables.remembered_layout
    last = sa.select(sa.func.max(kept.c.id)).group_by(kept.c.fingerprint)
    asked = sa.select(kept).where(kept.c.id.in_(last), kept.c.choices.is_not(None)).order_by(kept.c.id.desc())
    if fingerprint is not None:
        asked = asked.where(kept.c.fingerprint == fingerprint)
    return [Layout(row.fingerprint, json.loads(row.choices), row.by, row.at) for row in connection.execute(asked)]


def layout(connection: sa.Connection, fingerprint: str) -> Layout | None:
    """What is remembered of one layout; None: nothing, or forgotten."""
    found = layouts(connection, fingerprint)
    return found[0] if found else None


def forget_layout(connection: sa.Connection, fingerprint: str, *, by: str, at: datetime) -> None:
    """Record that a layout is to be asked about again. See :meth:`Store.forget_layout`."""
    _aware(at)
    if layout(connection, fingerprint) is None:
        raise UserError(T("No layout {fingerprint} is remembered; the list of layouts shows which are.",
                          fingerprint=fingerprint[:60]))
    connection.execute(tables.remembered_layout.insert().values(fingerprint=fingerprint, choices=None, at=at, by=by))


def _aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("at needs a time zone")
