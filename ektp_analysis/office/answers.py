"""What is handed out by pages and commands alike: the whole store as a file, a template to fill in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ektp_analysis import snapshot, tables
from ektp_analysis.errors import UserError
from ektp_analysis.ingest import template as templates
from ektp_analysis.office.stores import Office
from ektp_analysis.text import T


def export_csv(office: Office, *, within: str | None = None, known_at: date | datetime | None = None) -> bytes:
    """The figures that hold, as CSV in UTF-8: the contract's columns, then batch, sheet and row of their origin.

    Decimal points, dates as 2023-06-20, a missing figure is an empty field; text that a spreadsheet would take for a
    formula begins with an apostrophe. The import reads it.
    """
    found = office.store.figures(within=within, known_at=known_at).rename(columns={"batch_id": "batch"})
    out = found[[*snapshot.BY_NAME, "batch", "sheet", "row"]].copy()
    out["as_of_date"] = out["as_of_date"].dt.strftime("%Y-%m-%d")
    for name in (*(column.name for column in snapshot.COLUMNS if column.kind in ("text", "choice")), "sheet"):
        out[name] = out[name].map(tables.inert)
    text: str = out.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8")


def template(kind: Literal["csv", "xlsx"] | str) -> bytes:
    """The empty table to fill in, as CSV or XLSX.

    Raises:
        UserError: another kind.
    """
    makers = {"csv": templates.csv_bytes, "xlsx": templates.xlsx_bytes}
    if kind not in makers:
        raise UserError(T("There is a template as csv and as xlsx, not as {kind}.", kind=str(kind)[:20]))
    return makers[kind]()
