"""The walls: who may import whom, one owner a library, sizes, and no effect on import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "ektp_analysis"
MODULES = sorted(path for path in LIBRARY.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))

# The lowest layer first; a layer imports itself and those below it. Where a pair must never meet, it is in FORBIDDEN.
LAYERS = [
    {"__init__", "text", "i18n"}, {"errors", "datafiles"}, {"aside"}, {"drawing"}, {"area"}, {"settings", "snapshot", "private"},
    {"targets", "theme", "vega", "tables", "breaks", "map_measures"},
    {"measures", "ingest", "store", "sample", "boundaries", "classes"},
    {"projection"}, {"chart_parts"}, {"charts", "planning", "narrative"}, {"choropleth"}, {"report"}, {"office"},
    {"serving", "server", "page", "page_registry", "cli", "__main__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
FORBIDDEN = {("ingest", "store"), ("store", "ingest"), ("measures", "store"), ("measures", "ingest"),
             ("projection", "store"), ("projection", "ingest"), ("charts", "store"), ("choropleth", "store")}
OWNERS = {
    "streamlit": {"page"}, "streamlit_folium": {"page"}, "sqlalchemy": {"store"}, "folium": {"choropleth"},
    "altair": {"charts", "chart_parts", "choropleth"}, "pptx": {"report"},
    "typst": {"report"}, "os": {"server", "office", "store", "ingest"},
}


def module_of(path: Path) -> str:
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "ektp_analysis"}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(LIBRARY)))
def test_layers(path: Path) -> None:
    me = module_of(path)
    assert me in RANK, f"{me} has no layer: give it one in LAYERS"
    for name in imports(path):
        if not name.startswith("ektp_analysis."):
            continue
        other = name.split(".")[1]
        assert other not in RANK or RANK[other] <= RANK[me] or (me == "text" and other == "i18n"), f"{me} imports {other}"
        assert (me, other) not in FORBIDDEN, f"{me} imports {other}"


@pytest.mark.parametrize("library", OWNERS)
def test_one_owner_a_library(library: str) -> None:
    for path in MODULES:
        if any(name.split(".")[0] == library for name in imports(path)):
            assert module_of(path) in OWNERS[library], f"{path.name} imports {library}"


def test_only_settings_reads_the_environment() -> None:
    for path in MODULES:
        if path.name != "settings.py":
            source = path.read_text(encoding="utf-8")
            assert "os.environ" not in source and "getenv" not in source, path.name


def test_pages_choose_call_and_place() -> None:
    assert PAGES
    for path in [*PAGES, ROOT / "app.py"]:
        source = path.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= 80, f"{path.name} is longer than 80 lines"
        names = imports(path)
        assert not {n for n in names if n.split(".")[0] in {"pandas", "numpy", "sqlalchemy", "geopandas", "altair", "folium"}}
        assert ".groupby(" not in source and "SELECT" not in source, path.name


def test_modules_hold_one_idea() -> None:
    long = {str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long


def test_import_has_no_effect(tmp_path: Path) -> None:
    names = ["ektp_analysis." + ".".join(p.relative_to(LIBRARY).with_suffix("").parts) for p in MODULES
             if p.name not in {"__main__.py", "__init__.py"}]
    code = (
        "import sys, builtins, importlib\n"
        f"names = {names!r}\n"
        "importlib.import_module('streamlit')\n"
        "for n in names: importlib.import_module(n)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")})
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    made = [p for p in tmp_path.rglob("*") if p.is_file() and "streamlit" not in str(p).lower()]
    assert not made, made
