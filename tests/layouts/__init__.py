"""Builders of files as offices send them, each with the truth beside it."""
