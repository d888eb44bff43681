"""What is said of one area: the same lines in tooltip, screen reader and picture."""

from __future__ import annotations

import pandas as pd

from ektp_analysis.classes import known_coverage
from ektp_analysis.text import TN, Percent, T, Text


def lines(rows: pd.DataFrame) -> dict[str, tuple[Text, ...]]:
    """For each area of a solved frame: how many are unrecorded, the coverage, the day. Missing is said, not left out."""
    coverage = known_coverage(rows)
    return {str(row.area_code): _lines(row, share) for row, share in zip(rows.itertuples(), coverage, strict=True)}


NOTHING: tuple[Text, ...] = (T("No data"),)


def _lines(row: object, share: object) -> tuple[Text, ...]:
    unrecorded, day = row.unrecorded, row.as_of_date  # type: ignore[attr-defined]
    known = not pd.isna(share)
    if pd.isna(unrecorded) and not known:
        return NOTHING
    first = T("Unrecorded: unknown") if pd.isna(unrecorded) else TN(
        "{n} person not yet recorded", "{n} people not yet recorded", n=int(unrecorded))
    second = T("Coverage {coverage}", coverage=Percent(float(share))) if known else T("Coverage: unknown")  # type: ignore[arg-type]
    return (first, second) if pd.isna(day) else (first, second, T("As of {day}", day=day.date()))
