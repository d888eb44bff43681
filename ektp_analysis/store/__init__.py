"""The store: every figure that was ever received, what holds of it, and as of when it was known.

SQLAlchemy Core on SQLite or PostgreSQL; the only package that knows about either.
"""
