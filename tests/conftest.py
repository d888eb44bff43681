"""Fixtures that all tests share. Those of the two database engines are in engines.py."""

from __future__ import annotations

import gc
import importlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests import seed

pytest_plugins = ["tests.engines"]
hypothesis.settings.register_profile("default", deadline=None)  # how busy the machine is must not decide
# What `make quick` leaves out besides browser and PostgreSQL: the files that take longest, in about this order.
LONG = (
    "test_pages.py",
    "test_report_files.py",
    "test_report.py",
    "test_office_forecasts.py",
    "test_cli_export.py",
    "test_cli_import.py",
    "test_office_boundaries.py",
    "test_boundary_commands.py",
    "test_report_page.py",
    "test_office_making.py",
    "test_presentation.py",
    "test_office.py",
    "test_measures.py",
    "test_cli.py",
    "test_privacy_whole.py",
    "test_forecast_charts.py",
    "test_ingest_limits.py",
    "test_ingest_faults.py",
    "test_ingest_offices.py",
    "test_ingest_layouts.py",
    "test_column_registry.py",
    "test_ingest_bulk.py",
    "test_boundary_changes.py",
    "test_store.py",
    "test_ingest_decisions.py",
    "test_choropleth.py",
    "test_narrative_forecast.py",
    "test_boundary_import.py",
    "test_theme.py",
    "test_store_verify.py",
    "test_charts.py",
    "test_map_pictures.py",
    "test_projection.py",
    "test_narrative.py",
    "test_store_engine.py",
    "test_store_migrations.py",
    "test_projection_truth.py",
)
BROWSER = {
    "test_app.py": 1,
    "test_canvas.py": 1,
    "test_forecast_cases.py": 0,
    "test_forecasts.py": 1,
    "test_keyboard.py": 0,
    "test_making.py": 0,
    "test_map.py": 0,
    "test_pictures.py": 0,
    "test_presentation.py": 1,
    "test_questions.py": 0,
    "test_reach.py": 1,
    "test_slides.py": 0,
    "test_taking_away.py": 1,
}  # which of the two workers that start a browser
TOGETHER = {"test_report.py": "test_report_files.py"}  # both read the decks and files of tests/reports.py


def pytest_configure(config: pytest.Config) -> None:
    """Several workers share one seed, which imports while they collect."""
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        os.environ[seed.ADDRESS] = seed.plant()


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """A file is run whole by one worker, so that what it shares is made once; the browser's files by two workers.

    The groups of xdist's own (``--dist loadgroup``) are lost on a pytest whose nodes keep their names to themselves.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = PurePosixPath(nodeid.split("::")[0])
        if path.parent.name != "browser":
            return TOGETHER.get(path.name, path.name)
        return f"browser {BROWSER.get(path.name, 0)}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What ``make quick`` leaves out is not even imported."""
    quick = config.getoption("markexpr") == "quick"
    return True if quick and (collection_path.name in LONG or collection_path.name == "browser") else None


def pytest_collection_finish() -> None:
    """What was imported stays: it need not be looked through again and again for what can go."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is quick, and put the long files first."""
    for item in items:
        if (
            item.path.parent.name != "browser"
            and item.path.name not in LONG
            and "postgres" not in " ".join((item.nodeid, *getattr(item, "fixturenames", ())))
        ):
            item.add_marker("quick")
    first = [*LONG, "test_frozen.py"]
    items.sort(
        key=lambda item: (
            item.path.parent.name != "browser",
            first.index(item.path.name) if item.path.name in first else len(first),
        )
    )


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
