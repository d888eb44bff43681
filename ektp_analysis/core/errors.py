"""What can go wrong, in two kinds: what the person can mend, and what the machine must.

``UserError`` is shown as a sentence, never as a traceback: where it is, what is wrong, how to mend it.
``StoreError`` means that the store or the machine failed. Both carry :class:`~ektp_analysis.core.text.Text`, so that
the sentence comes in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass

from ektp_analysis.core.text import T, Text


class EktpError(Exception):
    """Base of every error that this library raises on purpose."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class UserError(EktpError):
    """Something a person can mend: an input, a choice, a setting."""


class StoreError(EktpError):
    """The store, or the machine below it, cannot do what was asked."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, and how to mend it.

    ``row`` counts from 1 as a spreadsheet shows it (the header is row 1 where the file starts with it); None means
    the whole file. ``column`` is the name as the file writes it. ``value`` is what stood there, shortened, and never
    given for a personal number.
    """

    fault: Text
    mend: Text
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def text(self) -> Text:
        """The whole sentence: 'file, sheet, row, column: fault, mend'."""
        return T("{place}: {fault} {mend}", place=self.place(), fault=self.fault, mend=self.mend)

    def place(self) -> Text:
        """Where it is, as far as it is known."""
        name, row = self.file or "-", "" if self.row is None else str(self.row)
        if self.row is not None and self.sheet:
            return T(
                "{file}, sheet {sheet}, row {row}, column {column}",
                file=name,
                sheet=self.sheet,
                row=row,
                column=self.column or "-",
            )
        if self.row is not None:
            return T("{file}, row {row}, column {column}", file=name, row=row, column=self.column or "-")
        if self.column:
            return T("{file}, column {column}", file=name, column=self.column)
        return T("{file}", file=name)


class RefusedError(UserError):
    """An input that was refused whole, with the faults that made it so."""

    def __init__(self, message: Text, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults
