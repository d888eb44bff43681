"""The store: every figure that was ever received, what holds of it, and as of when it was known.

SQLAlchemy Core on SQLite or PostgreSQL; the only package that knows about either.
"""

from ektp_analysis.store.migrations import latest as schema_version
from ektp_analysis.store.records import (
    Alias,
    Arrangement,
    Batch,
    Commit,
    Difference,
    Edit,
    Info,
    Layout,
    Retraction,
    SavedDeck,
    Total,
)
from ektp_analysis.store.store import Store

__all__ = ["Alias", "Arrangement", "Batch", "Commit", "Difference", "Edit", "Info", "Layout", "Retraction", "SavedDeck",
           "Store", "Total", "schema_version"]
