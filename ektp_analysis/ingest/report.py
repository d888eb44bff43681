"""What a person may decide about a file, and what reading it so gives: the report, its evidence, its questions.

Every field of a choice has a meaning "not decided" (None, '' or empty); the reader then decides by evidence, or asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from ektp_analysis.core.area import AreaCode, Level
from ektp_analysis.core.errors import Fault, UserError
from ektp_analysis.core.text import T, Text, render

ROLES = ("eligible", "recorded", "unrecorded", "printed", "to_clean", "coverage_reported")
LEFT_OUT = "none"  # of a part: it is not read
MONTH_END, MONTH_START = "month-end", "month-start"  # of a part whose rows are months: the day of each
WHOLE, NOT_WHOLE = "yes", "no"  # of a file that seems to have lost rows: it is complete as it is, or not
SEXES = ("men", "women", "all")  # of a part: whom its table counts
LEVELS = {"provinsi": Level.PROVINSI, "kabupaten": Level.KABUPATEN, "kecamatan": Level.KECAMATAN, "desa": Level.DESA}


Day = date  # a field of choices has that name too
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _part(value: str) -> str:
    """What a part of a file is said to be, checked.

    Raises:
        UserError: neither a day, an area, one of :data:`SEXES` nor one of the words for a part.
    """
    if value in (LEFT_OUT, MONTH_END, MONTH_START, *SEXES):
        return value
    if not _DAY.fullmatch(value):
        return str(AreaCode.parse(value))
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise UserError(T("'{value}' is not a day.", value=value)) from error


@dataclass(frozen=True)
class Choices:
    """The decisions that make one reading of a file.

    sheet: name of the sheet that holds the figures.
    area: code of the area that the file is about; a row outside of it is refused, and names are looked up inside it.
    date: the day of every row; overrides what the file, its sheets and its name say.
    columns: role (eligible, recorded, unrecorded, printed, coverage_reported) -> header of the column as the file writes it
        (or its letter, such as 'F'). Where given, these columns alone are read as figures; a column 'none' leaves
        its role out.
    level: provinsi, kabupaten, kecamatan or desa: the level of the areas in the rows.
    numbers: 'dot' or 'comma': the mark between thousands in counts written as text.
    trust: 'code' or 'name': which of them says the area, where they contradict each other.
    complete: 'yes' or 'no': whether a file is whole that seems to have lost rows or areas; one that is not is refused.
    basis: the population that the eligible count stands on, where the file does not say it.
    aliases: name as the file writes it -> code of the area that is meant.
    parts: part of the file (the name of a sheet; of one with several tables its name and the day or the range) -> its day
        (2023-06-30), the area that it is about, whom it counts (men, women, all), the day of the months that are its rows
        (month-end, month-start), or 'none' where it is not to be read.
    take_good_rows: accept the rows without fault and leave the others out.
    layout: fingerprint of the confirmed layout from which these choices were taken, '' where there is none.
    """

    sheet: str = ""
    area: str = ""
    date: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    level: str = ""
    numbers: str = ""
    trust: str = ""
    complete: str = ""
    basis: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    parts: Mapping[str, str] = field(default_factory=dict, hash=False)
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
        if self.trust not in ("", "code", "name"):
            raise UserError(T("'{trust}' says no area; use code or name.", trust=self.trust[:40]))
        if self.complete not in ("", WHOLE, NOT_WHOLE):
            raise UserError(
                T("'{complete}' does not say whether the file is complete; use yes or no.", complete=self.complete[:40])
            )
        object.__setattr__(self, "area", str(AreaCode.parse(self.area)) if self.area else "")
        aliases = {name: str(AreaCode.parse(code)) for name, code in self.aliases.items()}
        object.__setattr__(self, "aliases", MappingProxyType(aliases))
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))
        object.__setattr__(self, "parts", MappingProxyType({name.strip(): _part(value) for name, value in self.parts.items()}))

    def part(self, name: str) -> str:
        """What a person said of a part of the file, '' where nothing."""
        return self.parts.get(name.strip(), "")

    def day_of(self, part: str) -> Day | None:
        """The day that a person gave a part of the file."""
        value = self.part(part)
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None

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
        for name in ("columns", "aliases", "parts"):
            if name in values:
                merged[name] = {**getattr(self, name), **values[name]}
        return replace(Choices.from_json(merged))


Status = Literal["accepted", "refused", "needs_choice"]
ACCEPTED: Status = "accepted"
REFUSED: Status = "refused"
NEEDS_CHOICE: Status = "needs_choice"
UNDECIDED = Choices()
MOST_FAULTS = 200  # of single rows, in the plain values: the workbook of refused rows holds them all


@dataclass(frozen=True)
class DateTotals:
    """Sums over the topmost areas of one day. A sum is None where no area gives the count; ``missing`` counts the
    areas that do not give it, so that a sum over some of them is never taken for the whole."""

    date: date
    areas: int
    eligible: int | None
    recorded: int | None
    unrecorded: int | None
    missing: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Revision:
    """One value that differs from what holds now; None is 'not given'."""

    area_code: str
    date: date
    column: str
    old: int | str | None
    new: int | str | None


@dataclass(frozen=True)
class Changes:
    """Against the figures that hold now: rows that are new, the same, and the values that are revised."""

    new: int
    same: int
    revised: tuple[Revision, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the file brings nothing that is not known."""
        return self.new == 0 and not self.revised


@dataclass(frozen=True)
class Evidence:
    """One thing that was decided (topic: sheet, header, columns, numbers, date, areas, totals, layout), and why."""

    topic: str
    choice: Text
    reasons: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One possible answer to a question. ``choices`` goes into :meth:`Choices.but`; ``totals`` is what it would give."""

    label: Text
    choices: Mapping[str, Any] = field(hash=False)
    totals: Mapping[str, int | None] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Question:
    """What the file does not answer. ``topic``: sheet, columns, numbers, date, area, level, trust, alias, complete;
    of a part (``subject``) of the file: part, or part_day and part_area, which a person may answer with another day or area.
    ``refuses``: the file is none of recording, unless a person answers otherwise."""

    topic: str
    text: Text
    readings: tuple[Reading, ...] = ()
    subject: str = ""
    refuses: bool = False


@dataclass(frozen=True)
class Check:
    """A finding about the quality of the figures. ``level``: error, warning or note; ``rows`` as the file counts."""

    name: str
    level: str
    text: Text
    rows: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One of the tables that were taken together. ``key``: how choices name it; ``sheet``: where it stands; ``day``: None where
    its rows say it each; ``totals``: eligible, recorded and unrecorded over its rows, None where not given."""

    key: str
    sheet: str
    day: date | None
    rows: int
    totals: Mapping[str, int | None] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ImportReport:
    """The result of one reading.

    status: accepted (``rows`` may be stored as they are), refused (``reason`` says why) or needs_choice (``questions``).
    rows: contract columns + sheet (str) + row (int, as the file counts); empty unless accepted.
    refused_rows: the first faults of single rows; refused_count: how many rows are refused.
    faults: what is wrong with the file as a whole.
    choices: makes this reading repeatable: ``read(data, name, report.choices)`` gives the same rows.
    content_key: equal for the same figures in any layout; '' where nothing is accepted.
    layout: fingerprint of the layout, for remembering a confirmed one.
    parts: the tables that were taken together; () where one table is the whole.
    previews: of each of these tables by its key; ``preview`` is that of the first.
    """

    file: str
    sha256: str
    size: int
    status: Status
    rows: pd.DataFrame = field(compare=False)
    sheet: str = ""
    reason: Text | None = None
    faults: tuple[Fault, ...] = ()
    refused_rows: tuple[Fault, ...] = ()
    refused_count: int = 0
    warnings: tuple[Text, ...] = ()
    totals: tuple[DateTotals, ...] = ()
    areas: int = 0
    silent: tuple[str, ...] = ()
    changes: Changes = Changes(0, 0)
    choices: Choices = UNDECIDED
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()
    checks: tuple[Check, ...] = ()
    content_key: str = ""
    layout: str = ""
    preview: Preview | None = None
    previews: Mapping[str, Preview] = field(default_factory=dict, hash=False)
    parts: tuple[Part, ...] = ()

    @property
    def as_of_dates(self) -> tuple[date, ...]:
        """The days that the rows are about, in order."""
        return tuple(total.date for total in self.totals)

    @property
    def latest(self) -> DateTotals | None:
        """The totals of the latest day."""
        return self.totals[-1] if self.totals else None

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """Plain values for the command line and the store; sentences in the language. Holds no cell of a refused file
        beyond the shortened values of its faulty cells."""
        latest = self.latest
        return {
            "status": self.status,
            "file": self.file,
            "sha256": self.sha256,
            "size": self.size,
            "sheet": self.sheet,
            "as_of_date": latest.date.isoformat() if latest else None,
            "as_of_dates": [day.isoformat() for day in self.as_of_dates],
            "rows_accepted": len(self.rows),
            "rows_refused": self.refused_count,
            "totals": {"eligible": latest.eligible, "recorded": latest.recorded, "unrecorded": latest.unrecorded}
            if latest
            else {"eligible": None, "recorded": None, "unrecorded": None},
            "totals_by_date": [
                {
                    "date": total.date.isoformat(),
                    "areas": total.areas,
                    "eligible": total.eligible,
                    "recorded": total.recorded,
                    "unrecorded": total.unrecorded,
                    "missing": dict(total.missing),
                }
                for total in self.totals
            ],
            "parts": [
                {
                    "part": one.key,
                    "sheet": one.sheet,
                    "date": one.day.isoformat() if one.day else None,
                    "rows": one.rows,
                    "totals": dict(one.totals),
                }
                for one in self.parts
            ],
            "areas": self.areas,
            "silent": list(self.silent),
            "warnings": [render(text, lang) for text in self.warnings],
            "reason": render(self.reason, lang) if self.reason else None,
            "faults": [render(fault.text(), lang) for fault in (*self.faults, *self.refused_rows[:MOST_FAULTS])],
            "changes": {"new": self.changes.new, "same": self.changes.same, "revised": len(self.changes.revised)},
            "evidence": [
                {
                    "topic": item.topic,
                    "choice": render(item.choice, lang),
                    "reasons": [render(reason, lang) for reason in item.reasons],
                }
                for item in self.evidence
            ],
            "questions": [
                {
                    "topic": question.topic,
                    "question": render(question.text, lang),
                    "readings": [
                        {"label": render(reading.label, lang), "choices": dict(reading.choices), "totals": dict(reading.totals)}
                        for reading in question.readings
                    ],
                }
                for question in self.questions
            ],
            "checks": [
                {
                    "name": check.name,
                    "level": check.level,
                    "text": render(check.text, lang),
                    "rows": list(check.rows),
                    "areas": list(check.areas),
                }
                for check in self.checks
            ],
            "choices": self.choices.to_json(),
            "content_key": self.content_key,
            "layout": self.layout,
        }


@dataclass(frozen=True)
class Preview:
    """The first rows of the chosen sheet as text, and what was made of them.

    ``cells``: rows of text from column A on, the first of them row ``start`` of the file; ``header_rows`` and
    ``first_data_row`` count from 1 as the file does; ``roles``: column number (from 0) -> role (area, date, eligible,
    recorded, unrecorded, printed, coverage_reported, part, other).
    """

    cells: tuple[tuple[str, ...], ...]
    header_rows: tuple[int, ...]
    first_data_row: int
    roles: Mapping[int, str] = field(default_factory=dict, hash=False)
    headers: tuple[str, ...] = ()
    start: int = 1
