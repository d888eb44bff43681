"""The tables, once for SQLite and PostgreSQL. Rows are only ever added: nothing here is updated or deleted.

``original`` keeps the bytes of each file once; a ``batch`` is one reading of them; a ``figure`` points at its batch,
sheet and row; a ``retraction`` is an event that takes a batch back or restores it. ``remembered_alias`` and
``remembered_layout`` are events too: what a person decided about a name or a layout, or that it is forgotten (NULL);
``saved_deck`` is a version of slides that a person arranged, or that they are forgotten (NULL); ``aim`` and ``occasion`` are
what an office set itself by a day and what happened when, or that it is withdrawn (NULL). ``visit_batch``, ``visit`` and
``visit_retraction`` are for the log of visits what the three are for figures. ``alert_event`` is what became of an alert;
``plan_scenario`` a version of a plan under a name, or that it is forgotten (NULL). ``person_event`` is what became of a person
and of what this person may do, ``login_event`` who came in, left, or failed to; files that wait for a second person are in
:mod:`ektp_analysis.store.review_tables`. Three are no record: ``rollup`` and ``foreseen``, what figures say together, and the
answers that rest on them, kept on a server and made anew at any time (:mod:`ektp_analysis.store.rollups`,
:mod:`ektp_analysis.store.foreseen`), and ``tried``, what several servers count together, for an hour. ``trail`` has an entry for
each of the others in the order in which they were stored (:mod:`ektp_analysis.store.trail`). The columns of a figure and of a
visit come from their contracts in :mod:`ektp_analysis.core.contract` and :mod:`ektp_analysis.core.visit`; a change there needs a
migration (:mod:`ektp_analysis.store.migrations`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from ektp_analysis.core import visit as visits
from ektp_analysis.core.contract import COLUMNS, Column, Kind
from ektp_analysis.store.troubles import UnreadableError


class _Checked(TypeDecorator[Any]):
    """A type that SQLite keeps as text: one that was spoilt is said to be so."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Text
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """As the type's own, but for a text that it cannot read: that is an UnreadableError."""
        process = super().result_processor(dialect, coltype)
        if process is None:
            return None

        def read(value: Any) -> Any:
            try:
                return process(value)
            except (ValueError, TypeError) as error:
                raise UnreadableError from error

        return read


class Day(_Checked):
    """A day."""

    impl = sa.Date
    cache_ok = True


class Moment(_Checked):
    """A moment in UTC to the microsecond, aware in Python; SQLite keeps it as text that sorts by time."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in any zone -> UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment in the store needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


# Byte order, as SQLite has it, so that codes sort and range alike on both engines.
_CODE = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
_TYPES: dict[Kind, TypeEngine[Any]] = {
    "area": _CODE,
    "date": Day(),
    "count": sa.Integer(),
    "percent": sa.Text(),
    "choice": sa.Text(),
    "text": sa.Text(),
}
_KEY = ("area_code", "as_of_date")
_OPTIONAL_KINDS: tuple[Kind, ...] = ("count", "percent")  # the others are '' or a default where a file has none


def _figure_column(column: Column) -> sa.Column[Any]:
    return sa.Column(column.name, _TYPES[column.kind], primary_key=column.name in _KEY, nullable=column.kind in _OPTIONAL_KINDS)


def _bounds(column: Column) -> sa.CheckConstraint:
    """A count has both bounds: the contract refuses one without."""
    limits = f"{column.name} BETWEEN {column.minimum:.0f} AND {column.maximum:.0f}"
    return sa.CheckConstraint(limits, name=f"{column.name}_within_bounds")


def _batch_columns(content: str) -> tuple[sa.Column[Any] | sa.UniqueConstraint, ...]:
    """The columns of a reading of a file; ``content`` names the hash of what was read."""
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.ForeignKey("original.sha256"), nullable=False),
        sa.Column(content, sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("uploader", sa.Text, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),  # JSON
        sa.Column("report", sa.Text, nullable=False),  # JSON
    )


def _retraction_columns(of: str) -> tuple[sa.Column[Any], ...]:
    """The columns of an event that takes a batch of the table ``of`` back, or lets it count again."""
    known = sa.CheckConstraint("kind IN ('retract', 'restore')", name="kind_is_known")
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch_id", sa.ForeignKey(f"{of}.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(8), known, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


metadata = sa.MetaData()

migration = sa.Table(
    "migration",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("applied_at", Moment, nullable=False),
)

original = sa.Table(
    "original",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),  # zlib
)

batch = sa.Table(
    "batch",
    metadata,
    *_batch_columns("figures_sha256"),
    sa.UniqueConstraint("sha256", "figures_sha256", name="one_batch_per_reading"),
    sqlite_autoincrement=True,  # an id is never given twice
)

batch_total = sa.Table(
    "batch_total",
    metadata,
    sa.Column("batch_id", sa.ForeignKey("batch.id"), primary_key=True),
    sa.Column("as_of_date", Day, primary_key=True),
    sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("areas", sa.Integer, nullable=False),
    *(sa.Column(name, sa.BigInteger) for name in ("eligible", "recorded", "unrecorded")),
    *(sa.Column(f"{name}_areas", sa.Integer, nullable=False) for name in ("eligible", "recorded", "unrecorded")),
    sqlite_with_rowid=False,
)

figure = sa.Table(
    "figure",
    metadata,
    *(_figure_column(column) for column in COLUMNS),
    sa.Column("batch_id", sa.ForeignKey("batch.id"), primary_key=True, index=True),
    sa.Column("sheet", sa.Text, nullable=False),
    sa.Column("row", sa.Integer, nullable=False),
    *(_bounds(column) for column in COLUMNS if column.kind == "count"),
    sqlite_with_rowid=False,  # clustered by area, date, batch: the order in which it is asked for
)

retraction = sa.Table("retraction", metadata, *_retraction_columns("batch"), sqlite_autoincrement=True)

remembered_alias = sa.Table(
    "remembered_alias",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("scope", _CODE, nullable=False),  # the area in which the name means this
    sa.Column("key", sa.Text, nullable=False),  # the name without regard to case and blanks
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("area_code", _CODE),  # NULL: forgotten
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Index("remembered_alias_last", "scope", "key", "id"),
    sqlite_autoincrement=True,
)

remembered_layout = sa.Table(
    "remembered_layout",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False, index=True),
    sa.Column("choices", sa.Text),  # JSON; NULL: forgotten
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

saved_deck = sa.Table(
    "saved_deck",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("area", _CODE, nullable=False),
    sa.Column("sample", sa.Boolean, nullable=False),  # arranged on the sample's figures
    sa.Column("key", sa.Text, nullable=False),  # the name without regard to case and blanks
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("slides", sa.Text),  # JSON; NULL: forgotten
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Index("saved_deck_last", "area", "sample", "key", "id"),
    sqlite_autoincrement=True,
)

aim = sa.Table(
    "aim",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("area", _CODE, nullable=False),
    sa.Column("target", sa.Text),  # as Target.parse reads it; NULL: withdrawn
    sa.Column("day", Day, nullable=False),  # by which it is to be reached
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("set_at", Moment, nullable=False),  # from when its plan counts: kept by a new name, and by taking it up again
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Index("aim_last", "area", "id"),
    sqlite_autoincrement=True,
)

occasion = sa.Table(
    "occasion",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, index=True),  # the same for all that was said of one event
    sa.Column("area", _CODE, nullable=False),
    sa.Column("first", Day, nullable=False),
    sa.Column("last", Day, nullable=False),
    sa.Column("name", sa.Text),  # NULL: withdrawn
    sa.Column("set_at", Moment, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

visit_batch = sa.Table(
    "visit_batch",
    metadata,
    *_batch_columns("visits_sha256"),
    sa.UniqueConstraint("sha256", "visits_sha256", name="one_visit_batch_per_reading"),
    sqlite_autoincrement=True,
)

visit = sa.Table(
    "visit",
    metadata,
    sa.Column("batch_id", sa.ForeignKey("visit_batch.id"), primary_key=True),
    sa.Column("sheet", sa.Text, primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(one.name, _TYPES[one.kind], nullable=one.kind in _OPTIONAL_KINDS) for one in visits.COLUMNS),
    *(_bounds(one) for one in visits.COLUMNS if one.kind == "count"),
    sa.Index("visit_of_area", "area_code", "day"),
    sqlite_with_rowid=False,
)

visit_retraction = sa.Table("visit_retraction", metadata, *_retraction_columns("visit_batch"), sqlite_autoincrement=True)

# The parts of a batch: what no entry of the trail tells of by itself comes with the row of its batch.
PARTS: dict[str, tuple[sa.Table, ...]] = {"batch": (batch_total, figure), "visit_batch": (visit,)}

alert_event = sa.Table(
    "alert_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # the key of the rule
    sa.Column("area", _CODE, nullable=False),
    sa.Column("key", sa.Text, nullable=False, index=True),  # the same for all that became of one alert
    sa.Column(
        "event",
        sa.String(8),
        sa.CheckConstraint("event IN ('raised', 'seen', 'closed', 'reopened')", name="event_is_known"),
        nullable=False,
    ),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),  # JSON
    sqlite_autoincrement=True,
)

plan_scenario = sa.Table(
    "plan_scenario",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("area", _CODE, nullable=False),
    sa.Column("sample", sa.Boolean, nullable=False),  # planned on the sample's figures
    sa.Column("key", sa.Text, nullable=False),  # the name without regard to case and blanks
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("plan", sa.Text),  # JSON; NULL: forgotten
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Index("plan_scenario_last", "area", "sample", "key", "id"),
    sqlite_autoincrement=True,
)

person_event = sa.Table(
    "person_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.Text, nullable=False, index=True),  # the short name that stays
    sa.Column(
        "event",
        sa.String(9),
        sa.CheckConstraint("event IN ('added', 'granted', 'bound', 'password', 'withdrawn')", name="person_event_is_known"),
        nullable=False,
    ),
    sa.Column("name", sa.Text, nullable=False),  # as it is shown
    sa.Column("role", sa.String(8)),  # NULL: no more in this area
    sa.Column("area", _CODE),
    sa.Column("identity", sa.Text),  # as whom a provider knows this person: its address and its number
    sa.Column("secret", sa.Text),  # what a password is checked against; never the password
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

login_event = sa.Table(
    "login_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),  # '' where nobody is called so
    sa.Column(
        "event",
        sa.String(6),
        sa.CheckConstraint("event IN ('login', 'logout', 'failed')", name="login_event_is_known"),
        nullable=False,
    ),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("session", sa.String(64), nullable=False, index=True),  # the hash of what the browser keeps; '' where it failed
    sa.Column("until", Moment),  # when it ends by itself
    sa.Column("n", sa.Integer, nullable=False),  # how many tries that failed
    sa.Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

rollup = sa.Table(
    "rollup",
    metadata,
    sa.Column("area_code", _CODE, primary_key=True),
    sa.Column("maker", sa.String(64), nullable=False),  # what made it; '': figures changed since
    sa.Column("own", sa.LargeBinary),
    sa.Column("inside", sa.LargeBinary),
    sa.Column("areas", sa.Text),
    sa.Column("batches", sa.Text),
    sa.Column("state", sa.String(16)),  # another one with everything that changes what holds in the place
)

tried = sa.Table(
    "tried",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),  # what is counted, and a hash of whom: too short to tell who it was
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("tried_at", "at"),
)

foreseen = sa.Table(
    "foreseen",
    metadata,
    sa.Column("area_code", _CODE, primary_key=True),  # in which the areas lie
    sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),  # theirs
    sa.Column("target", sa.Text, primary_key=True),  # as Target.parse reads it; of past answers "past " and that
    sa.Column("made_from", sa.String(64), nullable=False),  # a name for all that the answers rest on
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("answers", sa.LargeBinary, nullable=False),
)

trail = sa.Table(
    "trail",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    sa.Column("kind", sa.Text, nullable=False),  # the table of the row that it tells of, or what else happened
    sa.Column("at", Moment, nullable=False),  # never before that of the entry before it
    sa.Column("content", sa.Text, nullable=False),  # JSON, written in one way only
    sa.Column("hash", sa.String(64), nullable=False),  # over the hash before it and the four columns above
)
