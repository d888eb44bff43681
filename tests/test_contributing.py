"""CONTRIBUTING.md against the code: every file, name, command, number and floor that it names is there."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from tests import mutants, test_structure
from tests.test_structure import LAYERS, LIBRARY, ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TOOLS = {"ruff", "mypy --strict"}


def quoted(text: str) -> list[str]:
    """What stands in backticks; a name may be broken off at the end of a line."""
    return [" ".join(one.split()) for one in re.findall(r"`([^`]+)`", text)]


def is_there(name: str) -> bool:
    """Whether a file, a folder, a command or a name (`core.text.T`, `tests.test_structure.LAYERS`) exists."""
    if name in TOOLS:
        return True
    if name.startswith("make "):
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        return name.removeprefix("make ") in targets
    if name.startswith("python -m "):
        return importlib.util.find_spec(name.split()[2]) is not None and all(is_there(one) for one in name.split()[4:])
    if "/" in name or Path(name).suffix in (".py", ".md", ".txt") or name.isupper():
        return any((folder / name).exists() and (folder / name).is_dir() == name.endswith("/") for folder in (ROOT, LIBRARY))
    return is_name(name if name.startswith("tests.") else f"ektp_analysis.{name}")


def is_name(dotted: str) -> bool:
    """Whether a name, or a field of a dataclass, is in the module that the dots before it name."""
    parts = dotted.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            fields = getattr(found, "__dataclass_fields__", {})
            if not hasattr(found, part) and part not in fields:
                return False
            found = getattr(found, part, None)
        return True
    return False


def recipes() -> dict[str, str]:
    """The text of each recipe by its heading."""
    _, *parts = re.split(r"^### (.+)$", TEXT.split("## Recipes")[1], flags=re.M)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_all_that_is_named_exists() -> None:
    assert [name for name in quoted(TEXT) if not is_there(name)] == []


@pytest.mark.parametrize(
    "gone",
    [
        "core/colours.py",
        "core/theme",
        "maps/measures.py/",
        "core.contract.ALL",
        "core.contract.Column.rolled",
        "core.colours.RAMP",
        "tests.test_structure.MOST",
        "make nothing",
        "python -m tests.nothing",
        "python -m ektp_analysis template data/nothing.csv",
        "COLUMNS",
    ],
)
def test_what_was_renamed_is_found(gone: str) -> None:
    assert not is_there(gone)


def test_the_numbers_are_those_of_the_bounds() -> None:
    told = re.findall(r"`tests\.test_structure\.([A-Z_]+)` = (\d+)", TEXT)
    assert len(told) == 6
    assert {name: int(number) for name, number in told} == {name: getattr(test_structure, name) for name, _ in told}


def test_the_floors_are_those_that_are_held() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", TEXT, re.M)
    assert [int(number) for number, _ in rows] == list(range(1, len(LAYERS) + 1))
    assert [{name.removesuffix(".py").strip("/") for name in quoted(rooms)} for _, rooms in rows] == LAYERS


def test_each_recipe_names_its_entry_its_words_and_its_test() -> None:
    assert len(recipes()) == 6
    for heading, text in recipes().items():
        names = quoted(text)
        assert any(name.endswith(".po") for name in names), heading
        assert any(re.search(r"\.[A-Z]+$", name) or name.endswith(".RULES") for name in names), heading
        assert any(name.startswith("tests/test_") for name in names), heading
        assert len(re.findall(r"^\d\. ", text, re.M)) == (3 if heading == "A page" else 2), heading


def test_the_commands_are_those_of_the_makefile() -> None:
    helped = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    listed = re.findall(r"^\| `make ([a-z]+)` \|", TEXT, re.M)
    assert set(helped) - {"help", "clean"} == set(listed)


def test_each_test_that_is_named_after_a_room_is_asked_about_changes_of_it() -> None:
    for room, names in mutants.TESTS.items():
        there = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob(f"test_{room}*.py")}
        asked = {name.partition("[")[0] for name in names}
        assert there - asked <= mutants.NOT_ASKED and not asked & mutants.NOT_ASKED, room
        assert all((ROOT / "tests" / f"test_{name}.py").exists() for name in asked - {"frozen"}), room
    for module, held in mutants.HELD.items():
        assert module.partition("/")[0] in mutants.TESTS and (ROOT / "ektp_analysis" / module).exists(), module
        assert all((ROOT / "tests" / f"test_{name}.py").exists() for name in held), module


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "data/README.md", "ektp_analysis/README.md"])
def test_the_other_documents_name_modules_that_exist(name: str) -> None:
    named = [one for text in quoted((ROOT / name).read_text(encoding="utf-8")) for one in re.findall(r"[\w/]+\.py\b", text)]
    assert [one for one in named if not is_there(one)] == []
