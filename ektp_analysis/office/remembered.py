"""What is remembered of names and layouts, to be looked at and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

from ektp_analysis.ingest.asking import ROLE_NAMES
from ektp_analysis.ingest.choices import LEVELS
from ektp_analysis.office.identity import who
from ektp_analysis.office.stores import own_store, reading_store
from ektp_analysis.settings import settings
from ektp_analysis.store import Alias, Layout
from ektp_analysis.text import T, Text


def layouts() -> list[Layout]:
    """The layouts that persons confirmed, latest first."""
    return reading_store(settings().store_url).layouts()


def forget_layout(fingerprint: str, *, by: str = "") -> None:
    """Ask about files of this layout again. Raises UserError where it is not remembered."""
    own_store().forget_layout(fingerprint, by=by or who(), at=datetime.now(UTC))


def aliases(scope: str | None = None) -> list[Alias]:
    """The names that persons gave a meaning, of one kabupaten or of all."""
    return reading_store(settings().store_url).aliases(scope)


def forget_alias(scope: str, name: str, *, by: str = "") -> None:
    """Ask about this name again. Raises UserError where it is not remembered."""
    own_store().forget_alias(scope, name, by=by or who(), at=datetime.now(UTC))


def said(layout: Layout) -> tuple[Text, ...]:
    """What was decided about a layout, one sentence each."""
    choices, found = layout.choices, []
    if choices.get("sheet"):
        found.append(T("sheet {sheet}", sheet=choices["sheet"]))
    for role, header in choices.get("columns", {}).items():
        found.append(T("{role}: {column}", role=ROLE_NAMES[role], column=T("none") if header == "none" else header))
    if choices.get("level") in LEVELS:
        found.append(T("rows are of the level {level}", level=LEVELS[choices["level"]].label))
    if choices.get("numbers"):
        found.append(T("thousands are marked with {mark}", mark=T("a dot") if choices["numbers"] == "dot" else T("a comma")))
    return tuple(found)
