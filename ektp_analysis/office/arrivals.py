"""Several files that wait for a decision: compared in the order of their days, and what speaks against taking in each unseen.

A file is compared with what the own store holds and with those of the earlier days beside it
that nothing speaks against, so that a later one says what it would say had they been taken in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION, around
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.ingest.reading import compared
from ektp_analysis.ingest.report import Choices, ImportReport
from ektp_analysis.office.stores import own_store

_KEYS = ["area_code", "as_of_date"]
# Warnings that keep no file from being taken in with others: of what an office reports every week alike, and the pages say again.
TOLD_AGAIN = frozenset({"above_100", "no_figure", "more_printed"})


class Against(StrEnum):
    """What speaks against taking a file in unseen, the weightiest first."""

    REFUSED = "refused"
    QUESTION = "question"
    RIVAL = "rival"
    REVISED = "revised"
    WARNING = "warning"


@dataclass(frozen=True)
class Waiting:
    """A file that was read and is neither accepted nor left. ``alone``: as it was read; ``report``: compared with what is held;
    ``decided``: what a person decided about it; ``rivals``: the files beside it that say otherwise of the same areas and day;
    ``beside``: how many of its known figures are in no upload yet, but in files that wait beside it."""

    data: bytes
    alone: ImportReport
    decided: Choices
    report: ImportReport
    rivals: tuple[str, ...] = ()
    beside: int = 0

    @classmethod
    def of(cls, data: bytes, alone: ImportReport, decided: Choices) -> Waiting:
        """A file that is not compared yet."""
        return cls(data, alone, decided, alone)

    @property
    def asks(self) -> bool:
        """Whether an answer would help."""
        open_ = self.report.questions
        return self.report.status != "accepted" and bool(open_) and not any(one.refuses for one in open_)

    @property
    def accepted(self) -> bool:
        """Whether it may be stored as it is."""
        return self.report.status == "accepted"


def against(waiting: Waiting) -> Mapping[Against, int]:
    """What a person should look at before a file is taken in, each with how often; empty where nothing speaks against it."""
    report = waiting.report
    if waiting.asks:
        return {Against.QUESTION: len(report.questions)}
    if not waiting.accepted:
        return {Against.REFUSED: max(1, report.refused_count)}
    told = {check.text for check in report.checks if check.name in TOLD_AGAIN}
    spoken = {check.text for check in report.checks if check.level == "error"}
    found = {
        Against.RIVAL: len(waiting.rivals),
        Against.REVISED: len(report.changes.revised),
        Against.WARNING: len(({*report.warnings} | spoken) - told),
    }
    return {why: number for why, number in found.items() if number}


def in_order(waiting: Mapping[str, Waiting]) -> dict[str, Waiting]:
    """The files by the day that they are about, those without one last, each compared with what is held before it."""
    place = {key: number for number, key in enumerate(waiting)}
    order = sorted(waiting, key=lambda key: (_day(waiting[key]), place[key]))
    codes = [code for one in waiting.values() if not one.alone.rows.empty for code in one.alone.rows["area_code"].unique()]
    held = own_store().figures(within=around(codes)) if codes else pd.DataFrame()
    made: dict[str, Waiting] = {}
    rivals, stored = _rivals(waiting), held
    for key in order:
        one = replace(waiting[key], rivals=rivals.get(key, ()), beside=0)
        if one.alone.rows.empty:
            made[key] = replace(one, report=one.alone)
            continue
        inside = around(one.alone.rows["area_code"])
        found = replace(one, report=compared(one.alone, _within(held, inside)))
        if found.report.changes.same and held is not stored:
            found = replace(found, beside=compared(one.alone, _within(stored, inside)).changes.new - found.report.changes.new)
        made[key] = found
        if not against(found):
            held = _over(held, found.report.rows)
    return made


def _rivals(waiting: Mapping[str, Waiting]) -> dict[str, tuple[str, ...]]:
    """For each file the others that give another count for an area and a day that it gives too: which is right nobody knows."""
    given = [
        solve(contract.frame(one.alone.rows))[[*_KEYS, *contract.COUNTED]].assign(key=key)
        for key, one in waiting.items()
        if not one.alone.rows.empty
    ]
    rows = pd.concat(given, ignore_index=True) if len(given) > 1 else pd.DataFrame()
    rows = rows[rows.duplicated(_KEYS, keep=False)] if len(rows) else rows
    made: dict[str, set[str]] = {}
    for _, same in rows.groupby(_KEYS, sort=False) if len(rows) else ():
        if any(same[name].nunique() > 1 for name in contract.COUNTED):
            for key in same["key"]:
                made.setdefault(key, set()).update(set(same["key"]) - {key})
    return {key: tuple(sorted(waiting[other].alone.file for other in others)) for key, others in made.items()}


def _day(waiting: Waiting) -> date:
    return waiting.alone.as_of_dates[-1] if waiting.alone.as_of_dates else date.max


def _within(held: pd.DataFrame, area: str) -> pd.DataFrame:
    if held.empty or area == NATION:
        return held
    codes = held["area_code"]
    return held[(codes == area) | codes.str.startswith(area + ".")]


def _over(held: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The figures that hold once these rows are taken in."""
    fresh = contract.frame(rows)
    if held.empty:
        return fresh
    known = contract.frame(held)
    kept = ~pd.MultiIndex.from_frame(known[_KEYS]).isin(pd.MultiIndex.from_frame(fresh[_KEYS]))
    return pd.concat([known[kept], fresh], ignore_index=True)
