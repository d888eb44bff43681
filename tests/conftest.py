"""Fixtures that all tests share. Those of the two database engines are in engines.py."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator

import pytest

from tests import seed

pytest_plugins = ["tests.engines"]


def pytest_configure(config: pytest.Config) -> None:
    """Several workers share one seed, which imports while they collect."""
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        os.environ[seed.ADDRESS] = seed.plant()


@pytest.fixture(autouse=True, scope="session")
def forked() -> Iterator[None]:
    """What the product does aside starts at once: tests/seed.py."""
    with pytest.MonkeyPatch.context() as patch:
        for name in seed.ASIDE:
            patch.setattr(importlib.import_module(name), "subprocess", seed.forked_aside())
        yield


@pytest.fixture(scope="module")
def started_anew() -> Iterator[None]:
    """For tests about the processes aside themselves: they start Python, as they do outside of tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in seed.ASIDE:
            patch.setattr(importlib.import_module(name), "subprocess", importlib.import_module("subprocess"))
        yield
