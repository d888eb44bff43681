"""Cells: what a column holds, and how numbers, days, words and names are written in files."""
