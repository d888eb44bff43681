"""The documents against the code: commands, module map, and no claim without its test."""

from __future__ import annotations

import re
from pathlib import Path

from ektp_analysis.__main__ import cli
from ektp_analysis.page.registry import PAGES
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
    for name, options in re.findall(r"-m ektp_analysis ([a-z]+)([^\n]*)", README):
        used = set(re.findall(r"--[a-z-]+", options))
        assert any(key == name or key.startswith(name + " ") for key in known)
        assert used <= set().union(*(opts for key, opts in known.items() if key.split()[0] == name)) | {"--lang"}, options


def test_both_commands_stand_on_the_first_screen() -> None:
    first = "\n".join(README.splitlines()[:20])
    assert "make run" in first and "make test" in first


def test_the_make_targets_that_the_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"make ([a-z]+)\b", README)) - {"run"} <= targets


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
