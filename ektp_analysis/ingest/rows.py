"""Columns of a file -> rows of the contract, each cell that cannot be one named as a fault.

Nothing is mended on the way: a cell that is not understood leaves its row faulty and its value missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ektp_analysis.core import contract
from ektp_analysis.core.area import register
from ektp_analysis.core.errors import Fault, RefusedError, UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest import summary
from ektp_analysis.ingest.cells import numerals, written
from ektp_analysis.ingest.cells.column import Column, constant, take_counts, take_dates, take_text
from ektp_analysis.ingest.columns.area_columns import code_of
from ektp_analysis.ingest.summary import Distinct

MAX_FAULTS = 5_000  # of one kind that are named; nobody mends more by hand, and all of them are counted
MOST_SHARE = 1.5  # a column of coverage whose numbers are all below holds shares: no office stands at 1,5 %, or at 150 %
MOST_LETTERS, MOST_NOTE = 40, 500  # of a cell that is repeated in a message, of a text that is kept
NEAREST = 3  # areas that an unknown name or code may mean
_SHARE = re.compile(r"[01][.,]\d{2,}|[01]")
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Named = Callable[[int], tuple[Text, Text, str, str]]  # of a row: fault, mend, column and value


@dataclass(frozen=True)
class Draft:
    """Rows on their way to a report. ``bad`` marks faulty rows; ``faults`` names the first of them by position, ``kinds``
    counts them all. ``style``: the mark between thousands that was chosen. ``areas`` and ``days``: what the distinct cells of
    these columns mean, and which of them each row has; ``places``: where these areas stand in the register, if all do;
    ``sheets``: the sheet of each row, where they stand in several."""

    frame: pd.DataFrame
    sheet: str
    row_numbers: np.ndarray[Any, np.dtype[np.int64]]
    bad: Mask
    faults: tuple[tuple[int, Fault], ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    style: str = ""
    areas: Distinct | None = None
    days: Distinct | None = None
    places: np.ndarray[Any, np.dtype[np.int64]] | None = None
    sheets: np.ndarray[Any, np.dtype[np.object_]] | None = None

    def marked(self, rows: Mask, kind: str, named: Named) -> Draft:
        """The draft with these rows faulty, in a way of this kind."""
        positions = np.flatnonzero(rows)
        if not len(positions):
            return self
        faults = []
        for position in map(int, positions[:MAX_FAULTS]):
            fault, mend, column, value = named(position)
            row, sheet = int(self.row_numbers[position]), self.sheet if self.sheets is None else str(self.sheets[position])
            faults.append((position, Fault(fault, mend, sheet=sheet, row=row, column=column, value=value)))
        kinds = {**self.kinds, kind: self.kinds.get(kind, 0) + len(positions)}
        return replace(self, bad=self.bad | rows, faults=(*self.faults, *faults), kinds=kinds)


def shown(value: object) -> str:
    """A cell as it may be repeated in a message: short, one line, no control characters."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(letter for letter in str(value) if letter.isprintable())[:MOST_LETTERS]


@dataclass(frozen=True)
class Unplaced:
    """Stands for the code of a row whose area is not known: what the file calls it, and what it may be."""

    label: str
    codes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.label


def check_day(day: date, today: date) -> None:
    """Refuse a day that no figure can be about.

    Raises:
        RefusedError: in the future, or before the recording began.
    """
    if day > today or day < written.FIRST:
        fault = (
            T("{day} is in the future.", day=day) if day > today else T("{day} is before the recording began in 2011.", day=day)
        )
        raise RefusedError(T("{fault} {mend}", fault=fault, mend=T("Give the day that the figures are about.")))


def build(
    columns: Mapping[str, Column],
    row_numbers: Sequence[int],
    sheet: str,
    today: date,
    *,
    day: date | None = None,
    style: str = "",
) -> Draft:
    """A draft from columns named by the contract. ``day`` is the date of all rows and overrides the date column;
    ``style`` is the chosen mark between thousands (dot, comma)."""
    length = len(row_numbers)
    made: dict[str, Any] = {}
    draft = Draft(
        pd.DataFrame(index=range(length)),
        sheet,
        np.arange(row_numbers[0], row_numbers[-1] + 1, dtype=np.int64)
        if isinstance(row_numbers, range) and row_numbers
        else np.asarray(row_numbers, dtype=np.int64),
        np.zeros(length, dtype=bool),
        headers={name: column.header for name, column in columns.items()},
        style=style,
    )
    for spec in contract.COLUMNS:
        column = columns.get(spec.name)
        if spec.kind == "date" and day is not None:
            made[spec.name] = pd.Series(np.full(length, np.datetime64(day), dtype="datetime64[s]"), copy=False)
        elif column is not None:
            made[spec.name], draft = _READERS[spec.kind](draft, spec, column, today)
        elif spec.kind == "count":
            none = pd.arrays.IntegerArray(np.zeros(length, dtype=np.int64), np.ones(length, dtype=bool))
            made[spec.name] = pd.Series(none, copy=False)
        elif spec.kind != "date":
            absent = contract.missing(spec)
            made[spec.name] = constant(absent if isinstance(absent, str) else None, length)
    return replace(draft, frame=contract.frame(pd.DataFrame(made, index=range(length), copy=False)))


def joined(drafts: Sequence[Draft]) -> Draft:
    """Several drafts one below the other, each row with its own sheet."""
    starts = np.cumsum([0, *(len(one.bad) for one in drafts)])
    kinds: dict[str, int] = {}
    for one in drafts:
        kinds |= {kind: kinds.get(kind, 0) + many for kind, many in one.kinds.items()}
    names = list(dict.fromkeys(one.sheet for one in drafts))
    return Draft(
        contract.frame(pd.concat([one.frame for one in drafts], ignore_index=True)),
        names[0] if len(names) == 1 else "",
        np.concatenate([one.row_numbers for one in drafts]),
        np.concatenate([one.bad for one in drafts]),
        tuple(
            (int(start) + position, fault) for start, one in zip(starts, drafts, strict=False) for position, fault in one.faults
        ),
        kinds,
        drafts[0].headers,
        drafts[0].style,
        sheets=np.concatenate([np.full(len(one.bad), one.sheet, dtype=object) for one in drafts]),
    )


def _bad(column: Column, outcomes: Sequence[object]) -> Mask:
    wrong = np.array([isinstance(outcome, Text) for outcome in outcomes] or [False], dtype=bool)
    if not wrong.any():
        return np.zeros(len(column.where), dtype=bool)
    return np.asarray(wrong[column.where] if len(column.where) else np.zeros(0, dtype=bool), dtype=bool)


def _marked(draft: Draft, column: Column, outcomes: Sequence[object], kind: str, mend: Callable[[object], Text]) -> Draft:
    """The draft with the rows faulty whose cells were not understood: their outcome is the fault, a Text."""

    def named(position: int) -> tuple[Text, Text, str, str]:
        value, fault = column.cell(position), outcomes[column.where[position]]
        return (fault if isinstance(fault, Text) else T("cannot be read.")), mend(value), column.header, shown(value)

    return draft.marked(_bad(column, outcomes), kind, named)


Read = tuple[pd.Series, Draft]  # a column of the frame, and the draft with what was found on the way


def _area(draft: Draft, _spec: contract.Column, column: Column, _today: date) -> Read:
    def read(value: object) -> str | Text:
        if isinstance(value, Unplaced):
            return T("the area '{name}' is not known.", name=shown(value))
        if isinstance(value, str) and not value.strip():
            return T("the area code is missing.")
        try:
            return code_of(value)
        except UserError as error:
            return error.message

    def mend(value: object) -> Text:
        codes = value.codes if isinstance(value, Unplaced) else register().search(shown(value), limit=NEAREST)
        near = [f"{code} {register().name(code)}" for code in codes[:NEAREST]]
        if near:
            return T("Did you mean {areas}?", areas=", ".join(near))
        return T("Give the Kemendagri code, as text: 75.05.03.")

    places = summary.places_of(column.values)
    if not len(places) or places.min() >= 0:  # the usual case: dotted codes as the register writes them
        texts: Sequence[Any] = column.values
        return take_text(column, texts), replace(draft, places=places, areas=(texts, column.where))
    outcomes = column.understood(read)
    draft = _marked(draft, column, outcomes, "area", mend)
    codes = [outcome if isinstance(outcome, str) else None for outcome in outcomes]
    return take_text(column, codes), replace(draft, areas=(codes, column.where))


def _date(draft: Draft, _spec: contract.Column, column: Column, today: date) -> Read:
    def read(value: object) -> date | Text:
        if isinstance(value, str) and not value.strip():
            return T("the date is missing.")
        day = written.parse(value)
        if day is None:
            return T("'{value}' is not a day.", value=shown(value))
        if day > today:
            return T("{day} is in the future.", day=day)
        if day < written.FIRST:
            return T("{day} is before the recording began in 2011.", day=day)
        return day

    def mend(value: object) -> Text:
        day = written.parse(value)
        if day is None:
            return T("Write it as 2023-06-20, 20/06/2023 or 20 Juni 2023.")
        if day > today:
            return T("Figures of days to come are not accepted: is the year right, and the order of day and month?")
        return T("Is the year right, and the order of day and month?")

    outcomes = column.understood(read)
    draft = _marked(draft, column, outcomes, "date", mend)
    days = [outcome if isinstance(outcome, date) else None for outcome in outcomes]
    return take_dates(column, days), replace(draft, days=(days, column.where))


def _odd(value: object) -> Text | None:
    """What is wrong with a cell that a workbook made something else of than a count."""
    if isinstance(value, str) and value.strip() in numerals.ERRORS:
        return T("'{value}' is an error of the workbook, not a number.", value=value.strip())
    if isinstance(value, str) and value.startswith("="):
        return T("'{value}' is a formula whose value the file does not keep: open it in Excel and save it.", value=shown(value))
    if isinstance(value, date):
        return T("'{value}' is a date, or a count that the sheet shows as a date.", value=shown(value))
    return None


def _count(draft: Draft, _spec: contract.Column, column: Column, _today: date) -> Read:
    if column.whole is not None:
        return column.whole, draft
    styles, apart = {style for style in map(numerals.style, column.values) if style}, numerals.odd_blanks(column.values)

    def read(value: object) -> int | Text | None:
        if (odd := _odd(value)) is not None:
            return odd
        if value in apart:
            return T("'{value}' may be two numbers: no other count of its column is written so.", value=shown(value))
        own = numerals.style(value)
        if own in ("dot", "comma") and own != draft.style and (draft.style or ("dot" in styles and "comma" in styles)):
            return T(
                "'{value}' can be read in two ways, because the column writes thousands in different ways.", value=shown(value)
            )
        try:
            number = numerals.count(value)
        except numerals.NotANumber:
            return T("'{value}' is not a count.", value=shown(value))
        return number if number is None or number <= contract.MOST_RESIDENTS else T("{value} is out of bounds.", value=number)

    outcomes = column.understood(read)
    mend = T("A count is a whole number from 0 upwards; leave it empty where there is none.")
    counts = take_counts(column, [outcome if isinstance(outcome, int) else None for outcome in outcomes])
    return counts, _marked(draft, column, outcomes, "count", lambda _: mend)


def _percent(draft: Draft, _spec: contract.Column, column: Column, _today: date) -> Read:
    floats = [value for value in column.values if isinstance(value, float)]
    fraction = bool(floats) and max(floats) <= MOST_SHARE
    texts = [value for value in column.values if isinstance(value, str) and value.strip()]
    if not floats and texts:
        fraction = all(_SHARE.fullmatch(text.strip()) or text.strip().lower() in numerals.NO_FIGURE for text in texts)

    def read(value: object) -> str | Text | None:
        if isinstance(value, str) and value.startswith("="):
            return None  # a formula without a value; what it computes is computed from the counts
        try:
            return numerals.percent(value, fraction=fraction)
        except numerals.NotANumber:
            return T("'{value}' is not a percentage.", value=shown(value))

    outcomes = column.understood(read)
    shares = take_text(column, [outcome if isinstance(outcome, str) else None for outcome in outcomes])
    return shares, _marked(draft, column, outcomes, "percent", lambda _: T("Write it as 99,40."))


def _choice(draft: Draft, spec: contract.Column, column: Column, _today: date) -> Read:
    def read(value: object) -> str | Text:
        text = shown(value).strip().lower() or spec.choices[0]
        return (
            text
            if text in spec.choices
            else T("'{value}' is not one of {choices}.", value=shown(value), choices=", ".join(spec.choices))
        )

    outcomes = column.understood(read)
    mend = T("Write one of {choices}.", choices=", ".join(spec.choices))
    words = take_text(column, [outcome if isinstance(outcome, str) else None for outcome in outcomes])
    return words, _marked(draft, column, outcomes, "choice", lambda _: mend)


def _text(draft: Draft, _spec: contract.Column, column: Column, _today: date) -> Read:
    def read(value: object) -> str:
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        return "".join(letter for letter in str(whole).strip() if letter.isprintable())[:MOST_NOTE]

    return take_text(column, column.understood(read)), draft


_READERS: Mapping[str, Callable[[Draft, contract.Column, Column, date], Read]] = {
    "area": _area,
    "date": _date,
    "count": _count,
    "percent": _percent,
    "choice": _choice,
    "text": _text,
}
