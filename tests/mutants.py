"""Small wrong changes, one at a time, that the tests must find: `make mutants`.

A sample of the places where five rooms of the library compare, join, add, limit or name a number is drawn by a seed. Each
place is changed in a process of its own (the file on disk stays as it is), and the tests of its room run until one fails, those
that hold its module first.
What no test finds is printed as a survivor, with its line; at most one change in ten may survive.

Without any change the tests of each room must pass, else nothing is tried. Pages and processes aside are left out: the
latter would not see the change. PostgreSQL is asked only about a change of the store that the other tests did not find.

Left out by rule, as such a change alters no answer or only words: annotations; what is raised with an error; sizes of
caches; how well a file is packed; one more on a named limit of thousands of bytes, rows or cells; how much is worked on at
once (a name that ends in ``BLOCK`` or ``PIECE``); numbers below a millionth and roundings to six digits and more, which only
absorb the noise of floats; comparisons of ``__name__``; and the changes in
:data:`SAME`, each with its reason.

``python -m tests.mutants MINUTES [all | ROOM,ROOM] [SEED]``: the minutes are counted after the tests without a change, which
take a few more. Exits with 1 where more than one in ten survive, with 2 where the tests fail without a change.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
# The tests of each room, those that find most in the least time first; in brackets the part of the record of answers.
TESTS = {
    "figures": (
        "figures_bounds",
        "figures_classes",
        "mapped",
        "classes",
        "breaks",
        "tables",
        "measures",
        "narrative_edges",
        "narrative_forecast",
        "narrative_on_map",
        "frozen[store-several]",
        "aims",
        "map_registry",
        "charts",
    ),
    "projection": (
        "projection_edges",
        "projection_parts",
        "projection_pace",
        "projection_core",
        "projection_whole",
        "projection_today",
        "projection_steady",
        "projection_coherence",
        "projection_semesters",
        "projection_reasons",
        "projection",
        "narrative_forecast",
        "frozen[projections]",
        "projection_abreast",
        "office_forecasts",
    ),
    "store": (
        "store_edges",
        "aims",
        "store_memory",
        "store_engine",
        "store_moving",
        "store_rollups",
        "store_trail",
        "store_verify",
        "store_migrations",
        "store_decks",
        "store_visits",
        "store",
        "review",
        "frozen[store-several]",
    ),
    "ingest": (
        "ingest_edges",
        "ingest_bounds",
        "ingest_shares",
        "ingest_apart",
        "ingest_as_all",
        "ingest_parts",
        "ingest_written",
        "ingest_personal",
        "ingest_columns",
        "ingest_picking",
        "ingest_containers",
        "ingest_thresholds",
        "ingest_headings",
        "ingest_hidden",
        "ingest_units",
        "ingest_together",
        "ingest_groups",
        "ingest_lapsed",
        "ingest_findings",
        "ingest_settling",
        "ingest_places",
        "ingest_values",
        "ingest",
        "ingest_doubts",
        "ingest_members",
        "ingest_percent",
        "ingest_several",
        "ingest_said",
        "ingest_printed",
        "ingest_to_clean",
        "ingest_decisions",
        "ingest_silent",
        "ingest_slips",
        "ingest_unseen",
        "ingest_wordings",
        "ingest_layouts",
        "ingest_bulk",
        "ingest_offices",
        "ingest_wide_heads",
        "ingest_previews",
        "frozen[tables]",
        "ingest_limits",
        "ingest_faults",
        "ingest_months",
        "ingest_nameless",
        "ingest_losses",
        "visits",
    ),
    "narrative": (
        "narrative_edges",
        "narrative_teams",
        "narrative_on_map",
        "narrative_forecast",
        "narrative_position",
        "narrative",
        "frozen[store-several]",
    ),
}
# Asked first about a change of one module, which is held by tests of another part of the program.
HELD = {
    "figures/cleaning.py": ("narrative_position", "cleaning"),
    "figures/timeline.py": ("aimed",),
    "figures/weekly.py": ("narrative_teams", "review"),
    "projection/ahead.py": ("foreseen",),
    "projection/alerts.py": ("alerts",),
    "projection/can_come.py": ("planning",),
    "projection/draws.py": ("alerts",),
    "projection/rules.py": ("alerts",),
    "store/foreseen.py": ("foreseen",),
    "store/plans.py": ("plans_kept",),
    "narrative/alerting.py": ("narrative_teams", "alerts"),
    "narrative/awaited.py": ("narrative_teams",),
    "narrative/by_plan.py": ("narrative_position", "aimed"),
    "narrative/no_plan.py": ("narrative_teams",),
    "narrative/on_papers.py": ("narrative_teams", "papers"),
    "narrative/teams.py": ("narrative_teams", "planning"),
}
# Asked with PostgreSQL about what the tests of the room did not find.
SERVED = {"store": ("store_rollups", "store_engine", "store_moving", "foreseen", "store", "store_migrations", "store_beside")}
# Tests named after a room that are not asked: of processes aside, power and time, and of long simulations.
NOT_ASKED = {
    "store_concurrency",
    "store_beside",
    "store_kills",
    "store_moved",
    "store_durable",
    "projection_imported",
    "projection_truth",
}
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
LIMITS = ("where", "clip")  # methods whose receiver takes their place
FIRST = ("max", "min", "maximum", "minimum")  # functions of several values whose first one takes their place
LIBRARIES = [
    "altair",
    "babel.dates",
    "hypothesis",
    "numpy",
    "pandas",
    "python_calamine",
    "rapidfuzz",
    "scipy.stats",
    "sqlalchemy",
]
NOISE, DIGITS, THOUSANDS = 1e-6, 6, 1000
AT_ONCE = ("BLOCK", "PIECE")
MOST_SURVIVORS = 0.1
# Changes that alter no answer, by file, each with the reason; "in" names the expression around what is changed.
SAME: dict[tuple[str, str], str] = {
    **{("store/one_file.py", f"0.05 -> {other}"): "how often a lock is asked for again" for other in (0.0625, 0.05 * 0.8)},
    **{
        (f"store/{file}.py", f"30.0 -> {other}"): "how long is waited for another writer"
        for file in ("engine", "store")
        for other in (37.5, 24.0)
    },
    ("figures/classes.py", "item.rank > 0 -> item.rank >= 0"): "no step has the rank 0",
    ("figures/classes.py", "other.rank * item.rank > 0 -> other.rank * item.rank >= 0"): "no step has the rank 0",
    ("figures/classes.py", "n < 0 -> n <= 0"): "what did not change is no number of a step",
    ("figures/classes.py", "n > 0 -> n >= 0"): "what did not change is no number of a step",
    ("store/engine.py", "5 -> 6"): "how long is waited for a silent server",
    ("store/queries.py", "31 -> 32"): "keeps from PostgreSQL what it has no column for; SQLite finds no such batch either",
    ("store/queries.py", "asked.where(total.c.batch_id == only) -> asked"): "each takes its own out of all; fewer are quicker",
    ("store/queries.py", "1 -> 2 in row.size + 1"): "any byte more than were put in tells of a swollen file",
    ("ingest/quality.py", "1 - ROUND -> 1 + ROUND"): "only how soon it is left off",
    ("store/records.py", "0 -> 1"): "what stands where there is no number is not added",
    **{("store/schema.py", f"{n} -> {n + 1}"): "only PostgreSQL counts the letters of a column" for n in (8, 13, 64)},
    ("store/store.py", "12 -> 13"): "how much of a digest a token holds",
    (
        "narrative/forecasts.py",
        "found.course is Course.TOO_SLOW or found.day is None -> found.course is Course.TOO_SLOW and found.day is None",
    ): "a pace that is too slow has no day, and of the courses left here only it has none",
    (
        "narrative/chances.py",
        "found.reason is not None or chance is None -> found.reason is not None and chance is None",
    ): "a projection has either a reason or chances",
    ("narrative/grounds.py", "per_day < 10 -> per_day <= 10"): "10.0 is written as 10",
    **{("narrative/counts.py", f"0 -> 1 in one.{name} or 0"): "who is overdue has both" for name in ("days", "usual")},
    (
        "narrative/counts.py",
        "pace is None or found.people is None -> pace is None and found.people is None",
    ): "there is a pace only where there are people",
    (
        "narrative/counts.py",
        "max((found.high - found.low) // 2, 1) -> (found.high - found.low) // 2",
    ): "of 0 and 1 only the number of digits is asked",
    **{("projection/networks.py", f"40.0 -> {n}"): "both are past every horizon that a float still holds" for n in (50.0, 32.0)},
    **{
        (f"projection/{file}.py", f"60.0 -> {n}"): "e to both is beside one what nothing is"
        for file in ("networks", "reasons")
        for n in (75.0, 48.0)
    },
    ("narrative/counts.py", "abs(value) < 10 -> abs(value) <= 10"): "ten is the same number with a decimal and without",
    ("narrative/forecasts.py", "per_day < 10 -> per_day <= 10"): "ten is the same number with a decimal and without",
    ("narrative/teams.py", "found.chance > 0 -> found.chance >= 0"): "what is no point of chance is not said",
    (
        "narrative/forecasts.py",
        "0.0 -> 0.01 in come.probability_never or 0.0",
    ): "who is not reached within the horizon has a chance of it, and one in a hundred is said as none",
    ("narrative/teams.py", "value < 20 -> value <= 20"): "twenty is whole, and has no decimal either way",
    ("narrative/position.py", "31 -> 32"): "no day is later than the last of its month",
    ("narrative/by_plan.py", "people > 0 -> people >= 0"): "nobody too many or too few has its words already",
    ("narrative/by_plan.py", "today > on -> today >= on"): "of the day of the figures it is said already",
    **{
        ("ingest/opening/personal.py", change): "a number that ends in fourteen zeros is none"
        for change in (
            "abs(value) > _LOW -> abs(value) >= _LOW",
            "abs(cell) > _LOW -> abs(cell) >= _LOW",
            "_LOW <= value < _TOO_LONG -> _LOW < value < _TOO_LONG",
            "np.abs(numbers) > _LOW -> np.abs(numbers) >= _LOW",
        )
    },
    **{
        (
            "ingest/opening/personal.py",
            f"len(cell) < 3 and cell.isdecimal() -> {other}",
        ): "which rows are looked at, not what is one"
        for other in ("len(cell) <= 3 and cell.isdecimal()", "len(cell) < 3 or cell.isdecimal()")
    },
    (
        "ingest/summary.py",
        "places is not None or len(set(areas[0])) == len(areas[0]) -> places is not None and len(set(areas[0])) == len(areas[0])",
    ): "which codes are distinct is found once more",
    **{
        (
            "ingest/places/row_names.py",
            f"10000000000.0 -> {n}",
        ): "a number of eleven digits is no code; one of ten is read both ways alike"
        for n in (12500000000.0, 8000000000.0)
    },
    ("ingest/quality.py", "point >= 0 -> point > 0"): "a printed percentage begins with a digit",
    ("ingest/summary.py", "keys.places >= 0 -> keys.places > 0"): "the digests of codes are found once more",
    ("ingest/summary.py", "16 -> 17"): "both ways of telling pairs apart give the same",
    ("ingest/reading.py", "len(data) >= own_layout.LARGE -> len(data) > own_layout.LARGE"): "both ways of reading give the same",
    ("ingest/columns/day_columns.py", "one < place -> one <= place"): "a column of days is none of areas or figures",
    (
        "ingest/columns/tables_apart.py",
        "start - 1 > last -> start - 1 >= last",
    ): "where all between lead, nothing is counted between, and no table begins",
    ("ingest/columns/table.py", "line < number -> line <= number"): "in the row itself the place is empty",
    (
        "figures/rollup.py",
        "len(areas) * len(days) -> len(areas) / len(days)",
    ): "where each area is there on each day, that is found later too",
    ("figures/rollup.py", "2 -> 3 in 2 * below['members'].to_numpy('uint64')"): "any factor tells areas apart",
    ("figures/rollup.py", "3 -> 4"): "only the order counts, and it is the last",
    (
        "projection/steady.py",
        "x[:, None, :] < at[:, :, None] -> x[:, None, :] <= at[:, :, None]",
    ): "where two pieces of a line meet both give the same",
    **{
        ("projection/history.py", f"{change} > jump -> {change} >= jump"): "where a step may be; it is asked again"
        for change in ("number['eligible_low'] - was['eligible_high']", "was['eligible_low'] - number['eligible_high']")
    },
    ("projection/features.py", "len(days) - 1 -> len(days) + 1"): "no day that is looked at lies behind the last",
    ("projection/steady.py", "passed > 0 -> passed >= 0"): "at the first snapshot nothing has passed, and no quiet end begins",
    ("projection/networks.py", "times > horizon -> times >= horizon"): "no time is the very horizon",
    (
        "projection/reasons.py",
        "tenth <= 0 -> tenth < 0",
    ): "where nobody is left to record no draw takes a day, and there is no tail",
    ("narrative/chances.py", "0.0 -> 0.01"): "where there are quantiles there is a chance of never",
}


@dataclass(frozen=True)
class Change:
    """One change of a module: the number of its node in the order of a walk, and which of the node's changes it is."""

    path: Path
    line: int
    number: int
    variant: int
    what: str

    @property
    def module(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.what}"


def _variants(node: ast.AST) -> list[ast.expr]:
    """What a node is replaced with, each a change of its own."""
    match node:
        case ast.Compare(left, [first, *others], values) if type(first) in SWAPS and "__name__" not in ast.dump(left):
            return [ast.Compare(left, [SWAPS[type(first)](), *others], values)]  # type: ignore[list-item]
        case ast.BoolOp(op, values) if type(op) in SWAPS:
            return [ast.BoolOp(SWAPS[type(op)](), values)]  # type: ignore[arg-type]
        case ast.BinOp(left, op, right) if type(op) in SWAPS:
            return [ast.BinOp(left, SWAPS[type(op)](), right)]  # type: ignore[arg-type]
        case ast.UnaryOp(ast.Not(), operand):
            return [ast.Call(ast.Name("bool", ast.Load()), [operand], [])]
        case ast.Constant(bool()):
            return []
        case ast.Constant(int() as value):
            return [ast.Constant(value + 1)]
        case ast.Constant(float() as value) if value == 0 or abs(value) >= NOISE:
            return [ast.Constant(value * 1.25), ast.Constant(value * 0.8)] if value else [ast.Constant(0.01)]
        case ast.Call(ast.Attribute(receiver, name), [*_], [*_]) if name in LIMITS and ast.unparse(receiver) not in ("np", "sa"):
            return [receiver]
        case ast.Call(ast.Name(name) | ast.Attribute(_, name), [first, second, *_], _) if name in FIRST:
            return [] if ast.Starred in (type(first), type(second)) else [first, second]
    return []


def _limits(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names in capitals that a statement gives values to, each with its value."""
    match node:
        case ast.Assign([ast.Name(name)], value) if name.isupper():
            yield name, value
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
            for target, value in zip(targets, values, strict=True):
                yield from _limits(ast.Assign([target], value))


def _is_limit(name: str, value: ast.expr) -> bool:
    """Whether a name stands for a limit of thousands, or for how much is worked on at once."""
    return _is_large(value) or name.endswith(AT_ONCE)


def _is_large(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, int) and value.value >= THOUSANDS


def _left_out(node: ast.AST, name: str) -> bool:
    """Whether a field of a node is left out by rule."""
    match node:
        case ast.Raise() | ast.keyword("maxsize" | "compresslevel"):
            return True
        case ast.Call(ast.Name("round"), [_, ast.Constant(int() as digits)]) if name == "args" and digits >= DIGITS:
            return True
    return name in {"annotation", "returns"}


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, str, int, ast.AST]]:
    """The nodes of a module but for what is left out, each behind its parent, the field and the place in it (-1: no list)."""
    waiting: list[ast.AST] = [tree]
    limits = {id(value) for node in ast.walk(tree) for name, value in _limits(node) if _is_limit(name, value)}
    while waiting:
        parent = waiting.pop()
        for name, value in ast.iter_fields(parent):
            if _left_out(parent, name):
                continue
            for place, node in enumerate(value) if isinstance(value, list) else [(-1, value)]:
                if isinstance(node, ast.AST) and id(node) not in limits:
                    yield parent, name, place, node
                    waiting.append(node)


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _is_one_more(node: ast.AST, limits: Collection[str]) -> bool:
    """Whether a node compares with a limit of thousands, where 'more' in place of 'as many' is one more."""
    match node:
        case ast.Compare(_, [ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()], [ast.Name(name)]):
            return name in limits
    return False


def changes(room: str) -> list[Change]:
    """Every change that can be made in a room."""
    found = []
    for path in sorted((ROOT / "ektp_analysis" / room).rglob("*.py")):
        file, tree = path.relative_to(ROOT / "ektp_analysis").as_posix(), ast.parse(_source(path))
        limits = {name for node in ast.walk(tree) for name, value in _limits(node) if _is_large(value)}
        for number, (parent, *_, node) in enumerate(_nodes(tree)):
            for variant, other in enumerate([] if _is_one_more(node, limits) else _variants(node)):
                what = f"{ast.unparse(node)} -> {ast.unparse(other)}"
                if (file, what) not in SAME and (file, f"{what} in {ast.unparse(parent)}") not in SAME:
                    found.append(Change(path, getattr(node, "lineno", 0), number, variant, what))
    return found


def changed(change: Change) -> ast.Module:
    """The module's syntax tree with the change in it."""
    tree = ast.parse(_source(change.path))
    parent, name, place, node = next(one for number, one in enumerate(_nodes(tree)) if number == change.number)
    other = ast.copy_location(_variants(node)[change.variant], node)
    if place < 0:
        setattr(parent, name, other)
    else:
        getattr(parent, name)[place] = other
    return ast.fix_missing_locations(tree)


class _Loader(importlib.machinery.SourceFileLoader):
    """Gives one module with its change, and nothing from a cache of byte code."""

    tree: ast.Module

    def get_code(self, fullname: str) -> Any:
        return compile(self.tree, str(self.path), "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, change: Change) -> None:
        self.change = change

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.change.module:
            return None
        loader = _Loader(fullname, str(self.change.path))
        loader.tree = changed(self.change)
        return importlib.util.spec_from_file_location(fullname, self.change.path, loader=loader)


@dataclass
class _OfServers:
    """Keeps the tests that need PostgreSQL, or leaves them out."""

    wanted: bool

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self._needs_one(item) == self.wanted]

    @staticmethod
    def _needs_one(item: pytest.Item) -> bool:
        return "postgres" in " ".join((item.nodeid, *getattr(item, "fixturenames", ())))


def _run(names: Collection[str], change: Change | None, with_server: bool) -> int:
    """In the child: tests, file by file, up to the first that fails; gives pytest's exit code."""
    import hypothesis

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # what fails is not made smaller, and not kept
    hypothesis.settings.register_profile("mutants", database=None, derandomize=True, deadline=None, phases=phases)
    hypothesis.settings.load_profile("mutants")
    if change is not None:
        sys.meta_path.insert(0, _Finder(change))
    for name in names:
        part = name.removeprefix("frozen")
        asked = f"test_{name}.py" if part == name else f"frozen/compared.py::test_as_recorded{part}"
        how = ["-x", "-q", "-p", "no:cacheprovider", "-o", "addopts="]
        code = pytest.main([*how, str(ROOT / "tests" / asked)], [_OfServers(with_server)])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            return int(code)
    return 0


def passes(room: str, change: Change | None, seconds: float, log: Path | None = None) -> bool:
    """Whether no test of a room fails; without a change also none of those that hold a module of it."""
    held = [name for file, names in HELD.items() if file.startswith(f"{room}/") for name in names]
    if change is not None:
        held = [*HELD.get(change.path.relative_to(ROOT / "ektp_analysis").as_posix(), ())]
    names = [*dict.fromkeys((*held, *TESTS[room]))]
    return _pass(names, change, seconds, log) and _pass(SERVED.get(room, ()), change, seconds, log, with_server=True)


def _pass(names: Collection[str], change: Change | None, seconds: float, log: Path | None, *, with_server: bool = False) -> bool:
    """Whether no test fails, each time in a process that has loaded the libraries already; what hangs does not pass."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o755)  # for the user that PostgreSQL runs as
        try:
            return _in_a_child(lambda: _run(names, change, with_server), seconds, Path(place), log)
        finally:
            for running in Path(place).rglob("postmaster.pid"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(running.read_text().split()[0]), signal.SIGQUIT)


def _in_a_child(run: Callable[[], int], seconds: float, place: Path, log: Path | None) -> bool:
    """Whether a run gives 0 within some seconds; its files lie in one folder, and what it starts is ended with it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with Path(log or os.devnull).open("w") as quiet:
            os.dup2(quiet.fileno(), 1)
            os.dup2(quiet.fileno(), 2)
        tempfile.tempdir, code = str(place), 1
        with contextlib.suppress(BaseException):
            code = run()
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(0 if code == 0 else 1)
    end, ended = time.monotonic() + seconds, None
    try:
        while ended is None and time.monotonic() < end:
            time.sleep(0.02)
            ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    finally:
        # What the tests started is in the child's group; the group's number is taken until the child is waited for.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    return ended is not None and os.waitstatus_to_exitcode(status) == 0


def _load() -> None:
    """Load what no change touches."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for path in sorted((ROOT / "ektp_analysis" / "core").glob("*.py")):
        importlib.import_module(f"ektp_analysis.core.{path.stem}")
    importlib.import_module("ektp_analysis.core.area").register()


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    rooms = sys.argv[2].split(",") if sys.argv[2:] and sys.argv[2] != "all" else list(TESTS)
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))  # so that what runs is ended too
    _load()
    draw, longest = random.Random(seed), {}
    for room in rooms:
        begun = time.monotonic()
        with tempfile.NamedTemporaryFile("r", suffix=".txt") as log:
            if not passes(room, None, 600, Path(log.name)):
                print(f"The tests of {room} fail without any change, so nothing is tried.\n{log.read()}")
                return 2
        longest[room] = 20 + 3 * (time.monotonic() - begun)
    end = time.monotonic() + minutes * 60
    orders = {room: draw.sample(all_, len(all_)) for room in rooms if (all_ := changes(room))}
    tried, lived = dict.fromkeys(rooms, 0), dict.fromkeys(rooms, 0)
    while time.monotonic() < end and any(orders.values()):
        for room in rooms:
            if orders[room] and time.monotonic() < end:
                change = orders[room].pop()
                tried[room] += 1
                if passes(room, change, longest[room]):
                    lived[room] += 1
                    print(f"survived: {change}", flush=True)
    for room in rooms:
        print(f"{room:12} {tried[room]:4} changes, {lived[room]} survived")
    most = MOST_SURVIVORS * sum(tried.values())
    print(f"{sum(tried.values())} changes, {sum(lived.values())} survived (at most {most:.0f} may)")
    return 0 if sum(lived.values()) <= most else 1


if __name__ == "__main__":
    sys.exit(main())
