"""What a person may decide about a file, so that the same bytes are read the same way again.

Every field has a meaning "not decided" (None, '' or empty); the reader then decides by evidence, or asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from ektp_analysis.area import AreaCode, Level
from ektp_analysis.errors import UserError
from ektp_analysis.text import T

ROLES = ("eligible", "recorded", "unrecorded", "coverage_reported")
LEVELS = {"provinsi": Level.PROVINSI, "kabupaten": Level.KABUPATEN, "kecamatan": Level.KECAMATAN, "desa": Level.DESA}


@dataclass(frozen=True)
class Choices:
    """The decisions that make one reading of a file.

    sheet: name of the sheet that holds the figures.
    area: code of the area that the file is about; a row outside of it is refused, and names are looked up inside it.
    date: the day of every row; overrides what the file, its sheets and its name say.
    columns: role (eligible, recorded, unrecorded, coverage_reported) -> header of the column as the file writes it
        (or its letter, such as 'F'). Where given, these columns alone are read as figures; a column 'none' leaves
        its role out.
    level: provinsi, kabupaten, kecamatan or desa: the level of the areas in the rows.
    numbers: 'dot' or 'comma': the mark between thousands in counts written as text.
    basis: the population that the eligible count stands on, where the file does not say it.
    aliases: name as the file writes it -> code of the area that is meant.
    take_good_rows: accept the rows without fault and leave the others out.
    layout: fingerprint of the confirmed layout from which these choices were taken, '' where there is none.
    """

    sheet: str = ""
    area: str = ""
    date: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    level: str = ""
    numbers: str = ""
    basis: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    take_good_rows: bool = False
    layout: str = ""

    def __post_init__(self) -> None:
        """Check what was chosen.

        Raises:
            UserError: a role, level, number style or area code that does not exist.
        """
        for role in self.columns:
            if role not in ROLES:
                raise UserError(
                    T("'{role}' is not a column that can be chosen; use one of {roles}.", role=role[:40], roles=", ".join(ROLES))
                )
        if self.level and self.level not in LEVELS:
            raise UserError(T("'{level}' is not a level; use one of {levels}.", level=self.level[:40], levels=", ".join(LEVELS)))
        if self.numbers not in ("", "dot", "comma"):
            raise UserError(T("'{style}' is not a number style; use dot or comma.", style=self.numbers[:40]))
        object.__setattr__(self, "area", str(AreaCode.parse(self.area)) if self.area else "")
        aliases = {name: str(AreaCode.parse(code)) for name, code in self.aliases.items()}
        object.__setattr__(self, "aliases", MappingProxyType(aliases))
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Choices.from_json, (self.to_json(),)

    def to_json(self) -> dict[str, Any]:
        """Only what was decided, as plain values."""
        found: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value:
                plain = dict(value) if isinstance(value, Mapping) else value
                found[item.name] = plain.isoformat() if isinstance(plain, date) else plain
        return found

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Choices:
        """The counterpart of :meth:`to_json`; unknown names are left out."""
        known = {item.name for item in fields(cls)}
        given = {name: value for name, value in values.items() if name in known}
        if isinstance(given.get("date"), str):
            given["date"] = date.fromisoformat(given["date"])
        return cls(**given)

    def but(self, values: Mapping[str, Any]) -> Choices:
        """These choices with some of them (in the form of :meth:`to_json`) decided otherwise or in addition."""
        merged = {**self.to_json(), **values}
        for name in ("columns", "aliases"):
            if name in values:
                merged[name] = {**getattr(self, name), **values[name]}
        return replace(Choices.from_json(merged))
