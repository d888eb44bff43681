"""Which signs of loss are asked about before a file is accepted, and the question: is the file complete as it is?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import reduce
from typing import Any

import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.area import register
from ektp_analysis.core.text import T, Text, some
from ektp_analysis.ingest.opening.containers import OLE, Book
from ektp_analysis.ingest.report import (
    ACCEPTED,
    NEEDS_CHOICE,
    NOT_WHOLE,
    REFUSED,
    WHOLE,
    Check,
    Evidence,
    ImportReport,
    Question,
    Reading,
)
from ektp_analysis.ingest.rows import Draft

FEWEST_AT_END = 2  # silent areas before the first row, or after the last: a single one is the first or last by chance too often
FEWEST_IN_ORDER = 10  # rows in the order of their codes before that says anything: of fewer, offices send what they have
_DIMENSIONS = re.compile(rb"\x00\x02\x0e\x00.{4}(.{4}).{4}\x00\x00", re.DOTALL)  # of a sheet of an old workbook: its rows
CONTRADICTS = frozenset(
    {"sexes", "share", "percentage"}
)  # findings of rows whose figures do not agree, as where digits are cut off
MOST_IN_WORDS = 8  # areas without a figure that the question names


class Sign(StrEnum):
    """A finding that may mean that rows are lost; the value is its name."""

    NUMBERING = "numbering"
    CUT_OUT = "cut_out"
    ODD_BASIS = "odd_basis"
    UNLIKE = "unlike"
    STRAY = "stray"
    OPEN_END = "open_end"
    ENDS = "ends"
    HEADED = "headed"
    FEWER = "fewer"
    TOTAL = "total"


Holds = Callable[[Check, ImportReport], bool]


def _always(_: Check, __: ImportReport) -> bool:
    """Signs that no sound file is known to show."""
    return True


def _more_printed(check: Check, report: ImportReport) -> bool:
    """A total that is larger than its members, where areas are missing that would make up for it."""
    printed, summed = check.text.params.get("printed"), check.text.params.get("summed")
    return bool(report.silent) and isinstance(printed, int) and isinstance(summed, int) and printed > summed


def _latest(report: ImportReport) -> pd.Series:
    """The areas of the latest day, in the order of the rows."""
    days = report.rows["as_of_date"]
    return report.rows["area_code"] if len(report.totals) == 1 else report.rows.loc[days == days.max(), "area_code"]


def _expected(codes: pd.Series, report: ImportReport) -> list[str]:
    """The areas without a figure that belong to what the file is about: of several days, those of its other days; of a list
    of one area's parts, its own. ``codes``: the areas of the latest day."""
    if len(report.totals) > 1:
        every = report.rows["area_code"]
        if codes.is_monotonic_increasing and every.nunique() == len(codes):  # those of all days, in order: looked up, not listed
            return [code for code in report.silent if _has_parts(code, codes.array)]
        named = set(every.unique())
        named |= {code.rpartition(".")[0] for code in named}
        return [code for code in report.silent if code in named]
    around = {code.rpartition(".")[0] for code in codes.unique()}
    return [code for code in report.silent if len(around) > 1 or code.rpartition(".")[0] in around]


def _has_parts(code: str, codes: Any) -> bool:
    """Whether the first of rising codes that is not before this one is a part of it."""
    place = bisect_left(codes, code)
    return place < len(codes) and str(codes[place]).rpartition(".")[0] == code


def _more_may_follow(_: Check, report: ImportReport) -> bool:
    """An end that is open, where the last row contradicts itself, or areas are missing behind it, in the order of their codes; in
    another order, any."""
    codes, last = _latest(report), int(report.rows["row"].iloc[-1])
    if any(one.name in CONTRADICTS and last in one.rows for one in report.checks):
        return True
    in_order = bool(codes.is_monotonic_increasing)
    return any(not in_order or code > codes.iloc[-1] for code in _expected(codes, report))


ASKED: Mapping[Sign, Holds] = {
    Sign.NUMBERING: _always,
    Sign.CUT_OUT: _always,
    Sign.ODD_BASIS: _always,
    Sign.UNLIKE: _always,
    Sign.STRAY: _always,
    Sign.ENDS: _always,
    Sign.HEADED: _always,
    Sign.FEWER: _always,
    Sign.OPEN_END: _more_may_follow,
    Sign.TOTAL: _more_printed,
}

BY_AREAS = frozenset({Sign.CUT_OUT, Sign.ENDS, Sign.OPEN_END, Sign.TOTAL})  # their areas may be in rows that a person left out


def of_text(draft: Draft, book: Book, *, confirmed: bool) -> tuple[Check, ...]:
    """What a text shows by itself of rows that it lost. ``confirmed``: printed totals agree with its rows."""
    stray: tuple[Check, ...] = ()
    if book.stray is not None:
        row, text = book.stray
        said = T(
            "At row {row} the text '{text}' is in no cell of the table; rows may be lost there, or joined.",
            row=str(row),
            text=text,
        )
        stray = (Check(Sign.STRAY.value, "warning", said, (row,)),)
    return (*stray, *open_end(draft, book.cut and not confirmed))


def open_end(draft: Draft, cut: bool) -> tuple[Check, ...]:
    """What a text without an end of line at its end may lack: rows, and digits of its last figure where no sum confirms it."""
    if not cut or not len(draft.row_numbers):
        return ()
    row = str(draft.row_numbers[-1])
    if draft.frame[list(contract.COUNTS)].iloc[-1].notna().all():
        said = T(
            "The text ends in row {row} without an end of line; if it was cut off there, the rows after it are missing.", row=row
        )
        return (Check(Sign.OPEN_END.value, "note", said),)
    said = T(
        "The text ends in row {row} without an end of line; if it was cut off there, the rows after it are "
        "missing, and so are digits of its last figure.",
        row=row,
    )
    return (Check(Sign.OPEN_END.value, "warning", said),)


def _at_its_ends(report: ImportReport, data: bytes) -> tuple[Check, ...]:
    """Areas that are missing before the first row of the latest day, or after the last, where the rows are in the order of their
    codes and no area between them is missing. Of texts alone: they may be cut between two rows without harm to their form."""
    if len(report.silent) < FEWEST_AT_END or data.startswith(b"PK"):
        return ()
    codes = _latest(report)
    silent = _expected(codes, report)
    by_day = bool(report.rows["as_of_date"].is_monotonic_increasing)  # the rows of earlier days show the order too
    rows = len(report.rows) if by_day else len(codes)
    if len(silent) < FEWEST_AT_END or rows < FEWEST_IN_ORDER or not codes.is_monotonic_increasing:
        return ()
    if all(code < codes.iloc[0] for code in silent):
        text = T("All areas that are missing come before the first row, {area}.", area=_named(codes.iloc[0]))
    elif all(code > codes.iloc[-1] for code in silent):
        text = T("All areas that are missing come after the last row, {area}.", area=_named(codes.iloc[-1]))
    else:
        return ()
    return (Check(Sign.ENDS.value, "warning", text, (), tuple(silent)),)


def _fewer(report: ImportReport, data: bytes) -> tuple[Check, ...]:
    """That an old workbook says it has as many rows more than were read as areas are missing. Without totals, below which rows
    may stand, and with one sheet, for else its numbers are those of others."""
    said = [int.from_bytes(rows, "little") for rows in _DIMENSIONS.findall(data)]
    last = int(report.rows["row"].max())
    if len(said) != 1 or not report.silent or said[0] - last != len(report.silent):
        return ()
    if any(one.topic == "totals" for one in report.evidence):
        return ()
    text = T("The workbook says that it has {said} rows, and ends with row {last}.", said=str(said[0]), last=str(last))
    return (Check(Sign.FEWER.value, "warning", text, (), report.silent),)


def answered(report: ImportReport, data: bytes) -> ImportReport:
    """The report of an accepted file, asked about where it shows signs of loss; once answered it is refused, or accepted with the
    answer among its evidence. ``data``: the bytes of the file."""
    if report.status != ACCEPTED:
        return report
    report = _with(report, _fewer(report, data) if data.startswith(OLE) else _at_its_ends(report, data))
    by_choice = BY_AREAS if report.refused_count else ()
    found = [
        one for one in report.checks if one.name in ASKED and one.name not in by_choice and ASKED[Sign(one.name)](one, report)
    ]
    if not found:
        return report
    if report.choices.complete == WHOLE:
        said = Evidence("complete", T("complete as it is, as decided"), tuple(one.text for one in found))
        return replace(report, evidence=(*report.evidence, said))
    what = _together([*(one.text for one in found), *_missing(report)])
    report = _without(report, found)
    if report.choices.complete == NOT_WHOLE:
        left = T("Left out because it is not complete, as decided. {what}", what=what)
        return replace(report, status=REFUSED, reason=left)
    question = _question(what)
    return replace(report, status=NEEDS_CHOICE, reason=question.text, questions=(question,))


def _with(report: ImportReport, more: Sequence[Check]) -> ImportReport:
    """The report with more findings, all of them warnings."""
    texts = [one.text for one in more]
    return replace(report, checks=(*report.checks, *more), warnings=(*report.warnings, *texts))


def _without(report: ImportReport, found: Sequence[Check]) -> ImportReport:
    """The report without its rows, and without the findings that the question says."""
    told = {one.text for one in found}
    checks = tuple(one for one in report.checks if one not in found)
    warnings = tuple(one for one in report.warnings if one not in told)
    return replace(report, rows=report.rows.iloc[:0], content_key="", checks=checks, warnings=warnings)


def _question(what: Text) -> Question:
    """Whether the file is complete; ``what`` speaks against it."""
    readings = (
        Reading(T("yes, it is complete: accept it as it is"), {"complete": WHOLE}),
        Reading(T("no, leave it out"), {"complete": NOT_WHOLE}),
    )
    return Question("complete", T("The file may have lost rows. {what} Is it complete as it is?", what=what), readings)


def _missing(report: ImportReport) -> list[Text]:
    """The areas without a figure on the latest day, as a sentence."""
    if not report.silent:
        return []
    return [
        T(
            "Without a figure on {day}: {areas}.",
            day=report.as_of_dates[-1],
            areas=some((_named(code) for code in report.silent), MOST_IN_WORDS),
        )
    ]


def _named(code: str) -> str:
    return f"{code} {register().name(code)}"


def _together(texts: Sequence[Text]) -> Text:
    """Sentences one after the other."""
    return reduce(lambda one, two: T("{first} {second}", first=one, second=two), texts)
