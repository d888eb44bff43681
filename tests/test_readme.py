"""The documents against the code: commands, module map, and no claim without its test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ektp_analysis.__main__ import cli
from ektp_analysis.page.registry import PAGES
from tests.conftest import LONG
from tests.module_map import README as MAP
from tests.module_map import with_map

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, set[str]]:
    """Every command of the command line with its options."""
    found: dict[str, set[str]] = {}

    def walk(prefix: str, group: object) -> None:
        for name, command in group.commands.items():  # type: ignore[attr-defined]
            if hasattr(command, "commands"):
                walk(f"{prefix}{name} ", command)
            else:
                found[prefix + name] = {option for item in command.params for option in item.opts}

    walk("", cli)
    return found


def test_the_readme_lists_every_command() -> None:
    listed = set(re.findall(r"^\| `([a-z -]+)` \|", README, re.M))
    assert listed == set(commands())


def test_the_readme_names_no_option_that_is_not_there() -> None:
    known = commands()
    for line in README.splitlines():
        row = re.match(r"^\| `([a-z -]+)` \|(.*)", line)
        if row:
            assert set(re.findall(r"`(--[a-z-]+)", row[2])) <= known[row[1]] | {"--lang"}, line


def test_both_commands_stand_on_the_first_screen() -> None:
    first = "\n".join(README.splitlines()[:20])
    assert "make run" in first and "make test" in first


def test_the_make_targets_that_the_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"make ([a-z]+)\b", README)) - {"run"} <= targets


def test_what_quick_and_lint_run_is_as_the_readme_says() -> None:
    told = re.split(r"^([a-z]+):.*\n", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M)
    recipes = dict(zip(told[1::2], told[2::2], strict=True))
    runs = {
        name: re.findall(r"ruff check|ruff format --check|mypy --strict|pytest.*", recipes[name])
        for name in ("quick", "lint", "test")
    }
    assert [one.split()[-1] for one in runs["quick"]] == ["check", "--check", "quick"]
    assert runs["lint"] == ["ruff check", "ruff format --check", "mypy --strict"]
    assert set(runs["lint"]) < set(runs["test"]) and not any("-m quick" in one for one in runs["test"]), "every test"
    left_out = {
        "whole pages": ["pages"],
        "reports": ["report", "report_files"],
        "slides": ["presentation", "report_page"],
        "commands": ["cli", "cli_export", "cli_import", "boundary_commands"],
        "damaged and generated files": ["ingest_faults", "ingest_layouts", "ingest_limits"],
        "boundaries": ["boundary_import", "boundary_changes", "office_boundaries"],
        "the store's replay": ["store", "office_forecasts"],
        "simulated campaigns": ["projection_truth", "projection_imported"],
    }
    named = re.search(r"whose tests take longest \(([^;]+);", " ".join(README.split()))
    assert named is not None and named[1].split(", ") == list(left_out)
    assert {f"test_{name}.py" for names in left_out.values() for name in names} <= set(LONG)
    assert all((ROOT / "tests" / name).is_file() for name in LONG)


def test_each_test_has_a_case_in_every_run_and_its_further_cases_are_run_by_faults(pytester: pytest.Pytester) -> None:
    assert "pytest --workers 4 -m breadth" in (ROOT / "Makefile").read_text(encoding="utf-8")
    pytester.makeini("[pytest]\nmarkers = breadth: further cases")
    pytester.makeconftest(
        "from tests.conftest import leave_further_cases\n"
        "def pytest_collection_modifyitems(config, items):\n    leave_further_cases(config, items)"
    )
    of_three = 'import pytest\n@pytest.mark.parametrize("n", [{}])\ndef test_three(n):\n    assert n < 3'
    marked = "pytest.param({}, marks=pytest.mark.breadth)".format
    pytester.makepyfile(test_kinds=of_three.format(f"0, {marked(1)}, {marked(3)}"))
    pytester.runpytest_inprocess().assert_outcomes(passed=1, deselected=2)
    pytester.makepyfile(test_kinds=of_three.format(f"{marked(0)}, {marked(1)}, {marked(3)}"))
    assert pytester.runpytest_inprocess().ret == pytest.ExitCode.USAGE_ERROR


def test_the_readme_shows_every_page() -> None:
    shown = re.findall(r"\(tests/browser/pictures/(\w+)\.png\)", README)
    assert sorted(shown) == sorted(one.file for one in PAGES)
    assert all((ROOT / "tests" / "browser" / "pictures" / f"{name}.png").is_file() for name in shown)


def test_the_module_map_is_what_the_modules_say() -> None:
    text = MAP.read_text(encoding="utf-8")
    assert with_map(text) == text, "run python -m tests.module_map"


def test_nothing_committed_names_a_place_of_one_machine() -> None:
    import subprocess

    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    texts = [ROOT / name for name in files if name and (ROOT / name).suffix in {".py", ".md", ".toml", ".txt", ".yml", ""}]
    place = re.compile(r"/(?:home|root|work|tmp)/[a-z]+/")
    wrong = [path.name for path in texts if path.is_file() and place.search(path.read_text("utf-8", "ignore"))]
    assert wrong == []
