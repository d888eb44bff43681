"""The store: every figure that was ever received, what holds of it, and as of when it was known.

SQLAlchemy Core on SQLite or PostgreSQL; the only package that knows about either.
"""

from ektp_analysis.store.records import Batch, Commit, Difference, Info, Retraction, Total
from ektp_analysis.store.store import Store

__all__ = ["Batch", "Commit", "Difference", "Info", "Retraction", "Store", "Total"]
