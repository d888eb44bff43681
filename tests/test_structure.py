"""The walls: who may import whom, how large a room may be, one owner a library, and no effect on import."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.sources import nodes, nodes_of, tree_of

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "ektp_analysis"
MODULES = sorted(LIBRARY.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))

# The lowest floor first; a room imports itself and those below it. Where a pair must never meet, it is in FORBIDDEN.
LAYERS = [
    {"core"},
    {"figures", "store", "boundaries", "ingest"},
    {"access"},
    {"projection"},
    {"planning"},
    {"charts", "narrative"},
    {"maps"},
    {"report"},
    {"office"},
    {"nation"},
    {"api", "door", "entry", "login", "turns", "serving", "metrics", "server", "page", "cli", "__main__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
FORBIDDEN = {
    ("ingest", "store"),
    ("store", "ingest"),
    ("figures", "store"),
    ("figures", "ingest"),
    ("figures", "boundaries"),
    ("boundaries", "store"),
    ("boundaries", "ingest"),
    ("projection", "store"),
    ("projection", "ingest"),
    ("planning", "store"),
    ("planning", "ingest"),
    ("planning", "boundaries"),
    ("charts", "store"),
    ("maps", "store"),
}
OWNERS = {
    "streamlit": {"page"},
    "streamlit_folium": {"page"},
    "sqlalchemy": {"store"},
    "folium": {"maps"},
    "altair": {"charts", "maps"},
    "pptx": {"report"},
    "typst": {"report"},
    "docx": {"report"},
    "docxtpl": {"report"},
    "jinja2": {"report"},
    "icalendar": {"report"},
    "click": {"cli", "__main__"},
    "holidays": {"core"},
    "dask": {"nation"},
    "distributed": {"nation"},
    "argon2": {"access"},
    "cryptography": {"office"},
    "highspy": {"planning"},
    "pyvrp": {"planning"},
    "os": {"core", "server", "office", "store", "ingest", "nation"},
}
MOST_LINES, MOST_PAGE_LINES = 400, 80
LEAST_ALONE = 120  # lines of a module that only one other imports
MOST_BRANCHES, MOST_PARAMETERS, MOST_EXCEPTIONS = 15, 7, 10
# Modules that stay small although one other imports them, each with its reason.
SMALL: dict[str, str] = {}
# Functions that are above the bounds, each with its reason. The list only shrinks.
EXCEPTIONS: dict[str, str] = {
    "store.store.commit": "a batch is its rows, its bytes and what was known and decided of them; each is asked for by name",
    "store.writing.commit": "as Store.commit, which calls it",
}


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(path: Path) -> str:
    parts = path.relative_to(LIBRARY).parts
    return parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> frozenset[str]:
    """Everything that a file imports, wherever in it: modules, and names of modules as if they were modules."""
    found: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def importers() -> dict[str, set[str]]:
    """For each module of the library, the modules and pages that import it."""
    known = {dotted(path) for path in MODULES if path.name != "__init__.py"}
    found: dict[str, set[str]] = defaultdict(set)
    for path in [*MODULES, *PAGES, ROOT / "app.py"]:
        for name in imports(path) & known:
            found[name].add(dotted(path))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(LIBRARY)))
def test_layers(path: Path) -> None:
    me = room_of(path)
    if me == "__init__":
        assert not {name for name in imports(path) if name.startswith("ektp_analysis")}
        return
    assert me in RANK, f"{me} has no layer: give it one in LAYERS"
    for name in imports(path):
        other = name.split(".")[1] if name.startswith("ektp_analysis.") else None
        if other in RANK:
            assert RANK[other] <= RANK[me], f"{me} imports {other}"
            assert (me, other) not in FORBIDDEN, f"{me} imports {other}"


def test_only_what_exists_has_a_rank() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__"}
    assert set(RANK) == rooms
    assert {room for pair in FORBIDDEN for room in pair} <= rooms
    assert set().union(*OWNERS.values()) <= rooms


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """One name from each circle of imports: a depth-first walk that meets a name it is still inside of."""
    met: list[str] = []
    done: set[str] = set()
    inside: list[str] = []

    def walk(name: str) -> None:
        if name in inside:
            met.append(" -> ".join([*inside[inside.index(name) :], name]))
        elif name not in done:
            inside.append(name)
            for other in sorted(arrows.get(name, ())):
                walk(other)
            inside.pop()
            done.add(name)

    for name in sorted(arrows):
        walk(name)
    return met


def test_no_circle_of_modules_or_rooms() -> None:
    known = {dotted(path) for path in MODULES}
    modules = {dotted(path): {name for name in imports(path) & known if name != dotted(path)} for path in MODULES}
    plain = {name: {other for other in others if not name.startswith(other + ".")} for name, others in modules.items()}
    assert not circles(plain)
    rooms: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for name in imports(path) & known:
            if name.count(".") and name.split(".")[1] != room_of(path):
                rooms[room_of(path)].add(name.split(".")[1])
    assert not circles(rooms)


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a -> b -> c -> a"]
    assert not circles({"a": {"b", "c"}, "b": {"c"}, "c": set()})


@pytest.mark.parametrize("library", OWNERS)
def test_one_owner_a_library(library: str) -> None:
    for path in MODULES:
        if any(name.split(".")[0] == library for name in imports(path)):
            assert room_of(path) in OWNERS[library], f"{path.name} imports {library}"


def test_only_settings_reads_the_environment() -> None:
    for path in MODULES:
        if path.name != "settings.py":
            source = path.read_text(encoding="utf-8")
            assert "os.environ" not in source and "getenv" not in source, path.name


def test_pages_choose_call_and_place() -> None:
    assert PAGES
    for path in [*PAGES, ROOT / "app.py"]:
        source = path.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= MOST_PAGE_LINES, f"{path.name} is longer than {MOST_PAGE_LINES} lines"
        outside = {name.split(".")[0] for name in imports(path)}
        assert not outside & {"pandas", "numpy", "sqlalchemy", "geopandas", "altair", "folium"}, path.name
        assert ".groupby(" not in source and "SELECT" not in source, path.name


def test_modules_hold_one_idea() -> None:
    lines = {dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not {name: n for name, n in lines.items() if n > MOST_LINES}


def test_a_module_earns_its_room() -> None:
    """By two that import it, or by its size: else it is a paragraph of the one that does."""
    lines = {dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    used = importers()
    alone = {name for name, others in used.items() if len(others) == 1 and lines[name] < LEAST_ALONE}
    assert alone == set(SMALL)
    inner = {dotted(path) for path in MODULES if path.name not in {"__init__.py", "__main__.py"}}
    assert inner <= set(used), "nobody imports these"


def test_a_file_name_stands_once() -> None:
    names = Counter(path.name for path in MODULES if path.name != "__init__.py")
    assert not [name for name, count in names.items() if count > 1]


def test_packages_hand_on_no_names() -> None:
    for path in MODULES:
        if path.name == "__init__.py":
            first, *rest = tree_of(path).body
            assert isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant), f"{path} says what it is"
            assert [ast.unparse(node).split(" ")[0] for node in rest] in ([], ["__version__"]), path


COUNTED = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.Assert, ast.comprehension, ast.IfExp)


def branches(function: ast.AST) -> int:
    """Every place at which a function's way may part, those of functions inside it included."""
    return sum(
        isinstance(node, COUNTED)
        + (len(node.values) - 1 if isinstance(node, ast.BoolOp) else 0)
        + (len(node.ifs) if isinstance(node, ast.comprehension) else 0)
        for node in nodes(function)
    )


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in MODULES:
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{dotted(path)}.{node.name}", node


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A command's parameters are its options, each declared above it."""
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_functions_stay_small() -> None:
    large = set()
    for name, node in functions():
        arguments = node.args
        parameters = len([*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs])
        if branches(node) > MOST_BRANCHES or (parameters > MOST_PARAMETERS and not is_command(node)):
            large.add(name.removeprefix("ektp_analysis."))
    assert large == set(EXCEPTIONS)
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS


def test_branches_are_counted() -> None:
    source = "def f(x):\n    for y in [z for z in x if z and z > 1]:\n        if y or not x:\n            return 1 if y else 2\n"
    assert branches(ast.parse(source)) == 1 + 2 + 1 + 2 + 1


def test_import_has_no_effect(tmp_path: Path) -> None:
    names = [dotted(path) for path in MODULES if path.name not in {"__main__.py", "__init__.py"}]
    code = (
        "import sys, builtins, importlib\n"
        f"names = {names!r}\n"
        "importlib.import_module('streamlit')\n"
        "for n in names: importlib.import_module(n)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    made = [p for p in tmp_path.rglob("*") if p.is_file() and "streamlit" not in str(p).lower()]
    assert not made, made
