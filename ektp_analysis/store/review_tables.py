"""The tables of four eyes: files that were handed in, what became of each, and where a second person is asked for.

``submission`` is a reading of a file as somebody handed it in, with its rows; it counts nowhere. ``review_event`` says that it
was approved, and then a ``batch`` was made of it in the same transaction, or that it was sent back with a reason; once each.
``review_switch`` says that from then on files of an area wait for a second person, or no more.
"""

from __future__ import annotations

import sqlalchemy as sa

from ektp_analysis.store.schema import Moment, metadata, saved_deck

submission = sa.Table(
    "submission",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.ForeignKey("original.sha256"), nullable=False),
    sa.Column("figures_sha256", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("areas", sa.Text, nullable=False),  # JSON: the areas of its rows, without those that lie in another of them
    sa.Column("figures", sa.Text, nullable=False),  # JSON: its rows, column by column
    sa.Column("choices", sa.Text, nullable=False),  # JSON
    sa.Column("report", sa.Text, nullable=False),  # JSON
    sa.Column("remembered", sa.Text, nullable=False),  # JSON: names and layouts that are remembered once it is approved
    sa.Column("person", sa.Text, nullable=False),  # the short name that stays of who handed it in
    sa.Column("way", sa.Text, nullable=False),  # in which this person came
    sa.Column("by", sa.Text, nullable=False),  # as it is shown
    sa.Column("at", Moment, nullable=False),
    sa.Index("submission_of_reading", "sha256", "figures_sha256"),
    sqlite_autoincrement=True,
)

review_event = sa.Table(
    "review_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("submission_id", sa.ForeignKey("submission.id"), nullable=False, unique=True),
    sa.Column(
        "event",
        sa.String(8),
        sa.CheckConstraint("event IN ('approved', 'returned')", name="review_event_is_known"),
        nullable=False,
    ),
    sa.Column("batch_id", sa.ForeignKey("batch.id"), index=True),  # what was made of it; NULL where it was sent back
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

review_switch = sa.Table(
    "review_switch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("area", saved_deck.c.area.type, nullable=False),
    sa.Column("wanted", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
