"""Fixtures that all tests share. Those of the two database engines are in engines.py."""

from __future__ import annotations

pytest_plugins = ["tests.engines"]
