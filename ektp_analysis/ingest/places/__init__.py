"""Places: from what rows say to area codes, and which rows are totals."""
