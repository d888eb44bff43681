"""Bytes of a file -> a report of what it says: read, checked and explained before anything is stored."""
