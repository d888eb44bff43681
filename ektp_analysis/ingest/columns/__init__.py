"""Columns of a table: where its header is, which say the area, which the day, which the figures."""
