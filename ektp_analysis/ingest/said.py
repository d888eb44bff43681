"""What each row of a table says of its area: names by level with blocks filled down, and codes, whole or joined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ektp_analysis.ingest import names, words
from ektp_analysis.ingest.areas import AreaColumns, joined, part, whole_code
from ektp_analysis.ingest.table import Table, filled, is_number


@dataclass
class Placed:
    """What is known of each row's area. ``codes``: code or ''; ``labels``: the texts that say the area; ``levels``: the level
    that the row speaks of (0 where it says none); ``told``: why a name was read as another (name, code, how)."""

    codes: list[str]
    labels: list[str]
    levels: list[int]
    parents: list[str]
    regencies: tuple[str, ...] = ()
    inferred: bool = False
    rivals: tuple[str, ...] = ()
    told: list[tuple[str, str, str]] = field(default_factory=list)
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    disagree: list[tuple[int, str, str, str]] = field(default_factory=list)
    by_code: bool = False
    foreign_codes: bool = False


@dataclass(frozen=True)
class Said:
    """The texts of a row by level (1 to 4), blocks filled down; ``own``: the deepest level that the row itself states."""

    texts: Mapping[int, str]
    own: int
    code: str
    bare_code: str


_DISTRICT = re.compile(r"^(?:[ivxlc\d]{1,5}[.)]?\s+)?(kecamatan|kec\.?|distrik)\s*[:.]?\s+(\S.{1,40})$", re.IGNORECASE)


def said_by(table: Table, columns: AreaColumns) -> list[Said]:
    """The texts and codes of each body row."""
    found: list[Said] = []
    running: dict[int, str] = {}
    running_parts: dict[int, str] = {}
    finest = max(columns.names, default=0)
    blocks = 3 not in columns.names and 4 in columns.names and columns.whole < 0 and not columns.parts
    if blocks:
        titled = [
            match.group(2) for title in table.titles if isinstance(title, str) and (match := _DISTRICT.match(title.strip()))
        ]
        running |= {3: titled[0]} if len(titled) == 1 else {}
    for row in table.rows:
        texts: dict[int, str] = {}
        own = 0
        for level, place_ in sorted(columns.names.items()):
            cell = row[place_]
            text = " ".join(str(cell).split()) if filled(cell) and (isinstance(cell, str) and not is_number(cell)) else ""
            if text and words.TOTAL_ROW.search(text):
                text = ""
            if text:
                if running.get(level) != text:
                    for deeper in [one for one in running if one > level]:
                        del running[deeper]
                running[level] = text
                texts[level], own = text, level
        if blocks:
            heading = next(
                (
                    match.group(2)
                    for cell in row[: columns.names[4] + 1]
                    if isinstance(cell, str) and (match := _DISTRICT.match(cell.strip()))
                ),
                "",
            )
            if heading:
                running[3], texts, own = " ".join(heading.split()), {3: " ".join(heading.split())}, 3
            elif own == 4 and 3 in running:
                texts[3] = running[3]
        for level in columns.names:
            if level not in texts and level < finest and level in running and (own > level):
                texts[level] = running[level]
        code = bare = ""
        if columns.whole >= 0:
            cell = row[columns.whole]
            code = whole_code(cell) or ""
            bare = str(cell).strip() if filled(cell) and (part(cell) or str(cell).strip()[:1].isdigit()) else ""
        elif columns.parts:
            deepest = max(columns.parts)
            cells = {level: part(row[place_]) for level, place_ in columns.parts.items()}
            own_part = max((level for level, text in cells.items() if text), default=0)
            running_parts.update({level: text for level, text in cells.items() if text})
            if own_part:
                chain = [running_parts.get(level) if level < own_part else cells.get(level) for level in range(1, own_part + 1)]
                code = joined([cells[deepest]]) or "" if len(columns.parts) == 1 else joined(chain) or ""
                if len(columns.parts) == 1:
                    code = whole_code(cells[deepest]) or ""
                bare = ".".join(text or "?" for text in chain)
        if code and own > code.count(".") + 1 >= 2:  # a coarse code beside finer names: the names are placed below it
            texts[2] = names.children(code[:2]).get(code[:5], "")
            if code.count(".") == 2:
                texts[3] = names.children(code[:5]).get(code, "")
            code = bare = ""
        if columns.mixed >= 0 and not texts:
            cell = row[columns.mixed]
            if filled(cell) and isinstance(cell, str) and not words.TOTAL_ROW.search(cell):
                texts[0] = " ".join(cell.split())
                own = own or 4
        found.append(Said(texts, max(own, code.count(".") + 1 if code else 0), code, bare))
    return found
