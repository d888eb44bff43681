"""Bytes of a file -> a report of what it says: read, checked and explained before anything is stored."""

from ektp_analysis.ingest.choices import Choices
from ektp_analysis.ingest.reading import read
from ektp_analysis.ingest.report import (
    Changes,
    Check,
    DateTotals,
    Evidence,
    ImportReport,
    Preview,
    Question,
    Reading,
    Revision,
)
from ektp_analysis.ingest.worker import guarded_read

__all__ = [
    "Changes",
    "Check",
    "Choices",
    "DateTotals",
    "Evidence",
    "ImportReport",
    "Preview",
    "Question",
    "Reading",
    "Revision",
    "guarded_read",
    "read",
]
