"""What a person may decide about a file of visits, and what reading it so gives: its rows, faults, questions, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

import pandas as pd

from ektp_analysis.core import visit
from ektp_analysis.core.area import AreaCode
from ektp_analysis.core.errors import Fault, UserError
from ektp_analysis.core.text import T, Text, render
from ektp_analysis.ingest.report import ACCEPTED, MOST_FAULTS, REFUSED, Question, Status

YES, NO = "yes", "no"
NO_VISITS = visit.frame().assign(sheet=pd.Series([], dtype="str"), row=pd.Series([], dtype="int64"))


@dataclass(frozen=True)
class VisitChoices:
    """The decisions that make one reading of a file of visits; '' and empty: not decided.

    area: code of the area in which names are looked up; a row outside of it is refused.
    aliases: name as the file writes it -> code of the area that is meant.
    names: 'yes': a name that fits one area alone means that area.
    unlikely: 'yes': more recorded than a team is likely to record in a day is right all the same.
    again: 'yes': visits like those that are stored already count too; 'no': they are left out (``without``).
    without: 'SHEET!ROW' of the rows that are left out.
    """

    area: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    names: str = ""
    unlikely: str = ""
    again: str = ""
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check what was chosen.

        Raises:
            UserError: an answer that is neither yes nor no, or no area code.
        """
        for name in ("names", "unlikely", "again"):
            if getattr(self, name) not in ("", YES, NO):
                raise UserError(T("'{value}' is no answer to {name}; use yes or no.", value=getattr(self, name)[:40], name=name))
        object.__setattr__(self, "area", str(AreaCode.parse(self.area)) if self.area else "")
        aliases = {name: str(AreaCode.parse(code)) for name, code in self.aliases.items()}
        object.__setattr__(self, "aliases", MappingProxyType(aliases))
        object.__setattr__(self, "without", tuple(self.without))

    def __reduce__(self) -> tuple[Any, ...]:
        return VisitChoices.from_json, (self.to_json(),)

    def to_json(self) -> dict[str, Any]:
        """Only what was decided, as plain values."""
        found = {item.name: getattr(self, item.name) for item in fields(self) if getattr(self, item.name)}
        found |= {name: kind(found[name]) for name, kind in (("aliases", dict), ("without", list)) if name in found}
        return found

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> VisitChoices:
        """The counterpart of :meth:`to_json`; unknown names are left out."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def but(self, values: Mapping[str, Any]) -> VisitChoices:
        """These choices with some of them decided otherwise; aliases are added."""
        aliases = {**self.aliases, **values.get("aliases", {})}
        return VisitChoices.from_json({**self.to_json(), **values, "aliases": aliases})


@dataclass(frozen=True)
class VisitReport:
    """The result of one reading of a file of visits.

    status: accepted (``rows`` may be stored as they are), refused (``reason`` and ``faults`` say why) or needs_choice.
    rows: the columns of :mod:`ektp_analysis.core.visit` with sheet (str) and row (int, as the file counts); also where a choice
        is needed, those that could be read.
    """

    file: str
    sha256: str
    size: int
    status: Status
    rows: pd.DataFrame = field(compare=False)
    reason: Text | None = None
    faults: tuple[Fault, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Text, ...] = ()
    choices: VisitChoices = VisitChoices()

    @property
    def accepted(self) -> bool:
        """Whether the rows may be stored."""
        return self.status == ACCEPTED

    def sums(self) -> dict[str, int | None]:
        """Over all rows what each count adds up to; None where no row says it."""
        names = [name for name in visit.COUNTED if name not in ("teams", "devices", "hours")]
        return {name: None if self.rows[name].isna().all() else int(self.rows[name].sum()) for name in names}

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """Plain values for the command line and the store; sentences in the language."""
        days = self.rows["day"].dropna()
        return {
            "status": self.status,
            "file": self.file,
            "sha256": self.sha256,
            "size": self.size,
            "visits": len(self.rows),
            "first": None if days.empty else days.min().date().isoformat(),
            "last": None if days.empty else days.max().date().isoformat(),
            "sums": self.sums(),
            "reason": render(self.reason, lang) if self.reason else None,
            "faults": [render(fault.text(), lang) for fault in self.faults[:MOST_FAULTS]],
            "questions": [
                {
                    "topic": one.topic,
                    "question": render(one.text, lang),
                    "readings": [{"label": render(way.label, lang), "choices": dict(way.choices)} for way in one.readings],
                }
                for one in self.questions
            ],
            "notes": [render(text, lang) for text in self.notes],
            "choices": self.choices.to_json(),
        }


def refused(
    file: str, sha256: str, size: int, choices: VisitChoices, reason: Text, faults: tuple[Fault, ...] = ()
) -> VisitReport:
    """The report of a file of which nothing is taken."""
    return VisitReport(file, sha256, size, REFUSED, NO_VISITS, reason=reason, faults=faults, choices=choices)
