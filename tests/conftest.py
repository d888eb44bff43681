"""Fixtures that all tests share. Those of the two database engines are in engines.py."""

from __future__ import annotations

import contextlib
import gc
import getpass
import importlib
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from tests import memory, seed

Said = Callable[..., tuple[int, str, str]]  # the arguments of a command -> its exit code, what it printed, what it said beside
pytest_plugins = ["tests.engines", "tests.workers", "pytester"]
hypothesis.settings.register_profile("default", deadline=None)  # how busy the machine is must not decide
# What `make quick` leaves out besides browser and PostgreSQL: the files that take longest, in about this order.
LONG = (
    "test_report_files.py",
    "test_one_basis.py",
    "test_pages.py",
    "test_foreseen.py",
    "test_report.py",
    "test_ingest_silent.py",
    "test_store_rollups.py",
    "test_projection_truth.py",
    "test_office_forecasts.py",
    "test_cli_export.py",
    "test_review.py",
    "test_wheel.py",
    "test_store.py",
    "test_staleness.py",
    "test_cli_import.py",
    "test_backups.py",
    "test_nation.py",
    "test_store_kills.py",
    "test_access.py",
    "test_api.py",
    "test_ingest_faults.py",
    "test_store_migrations.py",
    "test_cli.py",
    "test_privacy_whole.py",
    "test_presentation.py",
    "test_store_moving.py",
    "test_page_uploads.py",
    "test_page_questions.py",
    "test_column_registry.py",
    "test_ingest_limits.py",
    "test_report_page.py",
    "test_exchange.py",
    "test_store_verify.py",
    "test_plan_page.py",
    "test_papers.py",
    "test_map_pictures.py",
    "test_ingest_said.py",
    "test_alerted.py",
    "test_planning.py",
    "test_boundary_commands.py",
    "test_office_making.py",
    "test_projection_imported.py",
    "test_plans_kept.py",
    "test_visits_office.py",
    "test_ingest_several.py",
    "test_boundary_changes.py",
    "test_measures.py",
    "test_map_registry.py",
    "test_store_beside.py",
    "test_ingest_layouts.py",
    "test_store_moved.py",
    "test_forecast_charts.py",
    "test_visits.py",
    "test_choropleth.py",
    "test_projection.py",
    "test_aside.py",
    "test_boundary_import.py",
    "test_method_named.py",
    "test_workers.py",
    "test_aimed.py",
    "test_projection_semesters.py",
    "test_office.py",
    "test_store_engine.py",
    "test_office_boundaries.py",
    "test_charts.py",
    "test_narrative.py",
    "test_position.py",
    "test_ingest_wordings.py",
    "test_ingest_slips.py",
    "test_ingest_losses.py",
    "test_landmasses.py",
    "test_lost.py",
    "test_private.py",
    "test_store_durable.py",
    "test_projection_coherence.py",
    "test_ingest_unseen.py",
    "test_ingest_decisions.py",
    "test_store_visits.py",
)


ROLLED, LARGE = 64, 20_000  # roll-ups that are kept, and the rows beyond which one is not
GARBAGE = 500_000  # objects made until Python looks for what can go: tests make many more than stay
gc.set_threshold(GARBAGE)  # what is imported stays
os.environ.setdefault("EKTP_TODAY", "2000-01-01")  # answers are said as of their last figure, but where a test says a day
with contextlib.suppress(OSError, KeyError):  # as wherever somebody is logged in: else each look reads who has an account
    os.environ.setdefault("LOGNAME", getpass.getuser())


def pytest_configure(config: pytest.Config) -> None:
    """Several workers share one seed."""
    if config.getoption("workers"):
        memory.take()
    importlib.import_module("ektp_analysis.core.contract").quick_texts()  # as at each start of the program
    if config.getoption("workers"):
        capture: Any = config.pluginmanager.getplugin("capturemanager")
        capture.stop_global_capturing()
        os.environ[seed.ADDRESS] = seed.split_off()
        capture.start_global_capturing()
        capture.suspend_global_capture()  # as it was: what is told of the tests is shown at once


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where a test failed its files stay, to be looked at, until the next run."""
    if not exitstatus:
        memory.give_back()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What ``make quick`` leaves out is not even imported."""
    quick = config.getoption("markexpr") == "quick"
    return True if quick and (collection_path.name in LONG or collection_path.name == "browser") else None


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported, and read once for all workers, stays: it need not be looked through again for what can go."""
    if session.config.getoption("workers"):
        seed.know()
        if "tests.apps" in sys.modules:
            sys.modules["tests.apps"].manifest_scanner.scan_component_manifests()
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is quick, put the long files first, and leave further cases of a kind to ``make faults``."""
    if "breadth" not in config.getoption("markexpr"):
        leave_further_cases(config, items)
    for item in items:
        if (
            item.path.parent.name != "browser"
            and item.path.name not in LONG
            and "postgres" not in " ".join((item.nodeid, *getattr(item, "fixturenames", ())))
        ):
            item.add_marker("quick")
    items.sort(
        key=lambda item: (
            item.path.parent.name != "browser",
            LONG.index(item.path.name) if item.path.name in LONG else len(LONG),
        )
    )


def leave_further_cases(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is marked ``breadth``; of each test a case must be left."""
    further = [item for item in items if item.get_closest_marker("breadth")]
    config.hook.pytest_deselected(items=further)
    items[:] = [item for item in items if not item.get_closest_marker("breadth")]
    kept = {item.nodeid.partition("[")[0] for item in items}
    lone = {item.nodeid.partition("[")[0] for item in further} - kept
    if lone and not any("::" in one for one in config.args):
        raise pytest.UsageError(f"all cases are marked breadth: {sorted(lone)}")


ALWAYS = (
    *("forked", "statements_compiled_once", "tables_written_out_once", "outlines_drawn_once", "pictures_of_few_dots"),
    *("rolled_up_once", "passwords_at_little_cost", "sample_made_once"),
)


@pytest.fixture(autouse=True, scope="session")
def for_all(request: pytest.FixtureRequest) -> None:
    """What holds in each test, asked for once: pytest looks at each fixture that it knows to be used again for each test."""
    for name in ALWAYS:
        request.getfixturevalue(name)


@pytest.fixture(scope="session")
def forked() -> Iterator[None]:
    """What the product does aside starts at once: tests/seed.py."""
    with pytest.MonkeyPatch.context() as patch:
        for name in seed.ASIDE:
            patch.setattr(importlib.import_module(name), "subprocess", seed.forked_aside())
        yield


class _Statements(dict[Any, Any]):
    """Compiled statements by what they say and for which kind of database; SQLAlchemy keeps them for each engine apart."""

    @staticmethod
    def _kind(key: Any) -> Any:
        dialect, *others = key
        return (type(dialect), dialect.server_version_info, *others)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(self._kind(key), compiled)


@pytest.fixture(scope="session")
def statements_compiled_once() -> Iterator[None]:
    """Tests open hundreds of stores, each by an engine of its own: a statement is written out once for all of them."""
    compiled, create = _Statements(), sa.create_engine

    def created(*arguments: Any, **options: Any) -> sa.Engine:
        engine = create(*arguments, **options)
        engine._compiled_cache = compiled
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa, "create_engine", created)
        yield


@pytest.fixture(scope="session")
def tables_written_out_once() -> Iterator[None]:
    """As for the statements: what makes the tables of a new store is written out once for each kind of database."""
    written: dict[str, list[str]] = {}

    def created(connection: sa.Connection, checkfirst: bool = True) -> None:
        if checkfirst:  # some may be there
            create(connection)
            return
        kind = connection.dialect.name
        if kind not in written:
            texts = written[kind] = []
            dialect = connection.dialect
            told = sa.create_mock_engine(f"{kind}://", lambda one, *_, **__: texts.append(str(one.compile(dialect=dialect))))
            create(told, checkfirst=False)
        for text in written[kind]:
            connection.exec_driver_sql(text)

    metadata = importlib.import_module("ektp_analysis.store.schema").metadata
    create = metadata.create_all
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metadata, "create_all", created)
        yield


@pytest.fixture(scope="session")
def outlines_drawn_once() -> Iterator[None]:
    """Pages in this process take the shipped outlines, as detailed as a map needs them, from where the seed's children do."""
    with pytest.MonkeyPatch.context() as patch:
        if listening := os.environ.get(seed.ADDRESS):
            outlines = importlib.import_module("ektp_analysis.boundaries.national").Outlines
            patch.setattr(outlines, "geometry", seed.outlined(outlines.geometry, seed.drawn(listening)))
        yield


@pytest.fixture(scope="session")
def pictures_of_few_dots() -> Iterator[float]:
    """What is told of slides is told by their words and shapes: their pictures are drawn, but coarse. Gives how fine they are."""
    pictures = importlib.import_module("ektp_analysis.report.pictures")
    with pytest.MonkeyPatch.context() as patch:
        fine = pictures.SHARP
        patch.setattr(pictures, "SHARP", seed.COARSE)
        yield fine


@pytest.fixture(scope="session")
def rolled_up_once() -> Iterator[None]:
    """Commands and pages ask again and again about the same figures, each as a process of its own would: those that are rolled
    up alike share it. Tests of the roll-up have it from where it is, and so anew."""
    rollup = importlib.import_module("ektp_analysis.figures.rollup")
    real = rollup.roll_up
    made = lru_cache(ROLLED)(lambda asked: real(*asked.given, **asked.named))

    def once(figures: Any, *within: str, **inside: Any) -> Any:
        if "headline" in figures or len(figures) > LARGE:  # narrowed at once; too much to be kept
            return real(figures, *within, **inside)
        return made(_Asked((figures, *within), inside)).copy(deep=False)

    with pytest.MonkeyPatch.context() as patch:
        for name, module in [*sys.modules.items()]:
            if name.startswith("ektp_analysis.") and getattr(module, "roll_up", None) is real:
                patch.setattr(module, "roll_up", once)
        yield


@pytest.fixture(scope="session")
def passwords_at_little_cost() -> Iterator[Callable[[], PasswordHasher]]:
    """A password takes a fifth of a second each time it is checked, on purpose; gives what makes it so."""
    passwords = importlib.import_module("ektp_analysis.access.passwords")
    little = PasswordHasher(**seed.LITTLE)
    with pytest.MonkeyPatch.context() as patch:
        dear = passwords._hasher
        patch.setattr(passwords, "_hasher", lambda: little)
        yield dear


class _Asked:
    """Arguments, which are the same where their bytes are."""

    def __init__(self, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.given, self.named, self._bytes = given, named, pickle.dumps((given, named))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)


@pytest.fixture(scope="module")
def projected_once() -> Iterator[None]:
    """For tests about what is said of a projection: pages, slides and commands of a file that ask the same of the same histories
    share the draws. Whoever is about the draws themselves, and whether they come out alike again, has them made each time."""
    answers = importlib.import_module("ektp_analysis.projection.answers")

    def once(make: Callable[..., Any]) -> Callable[..., Any]:
        made = lru_cache(32)(lambda asked: make(*asked.given, **asked.named))
        return lambda *given, **named: made(_Asked(given, named))

    with pytest.MonkeyPatch.context() as patch:
        for name in ("project", "project_inside", "project_each", "project_child"):
            patch.setattr(answers, name, once(getattr(answers, name)))
        yield


@pytest.fixture(scope="module")
def started_anew() -> Iterator[None]:
    """For tests about the processes aside themselves: they start Python, as they do outside of tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in seed.ASIDE:
            patch.setattr(importlib.import_module(name), "subprocess", importlib.import_module("subprocess"))
        yield


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The command line, in this process."""
    main = importlib.import_module("ektp_analysis.__main__").main

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        found = capsys.readouterr()
        return code, found.out, found.err

    return call
