"""Every package below the requirements, pinned: `make pins`, in a virtual environment of the product.

From ``requirements.txt``, which stays short and by hand, pip finds what it needs; written are ``constraints.txt`` (the versions,
for `make run`), ``hashes.txt`` (the same with the hashes of the files, for ``pip install --require-hashes``) and
``tests/constraints.txt`` (what the tests need besides). Packages that only another system needs are found by their markers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
RUN, TESTS, AUDIT = ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt", ROOT / "tests" / "audit.txt"
PINS, HASHES, TEST_PINS = ROOT / "constraints.txt", ROOT / "hashes.txt", ROOT / "tests" / "constraints.txt"
PYTHON = "3.11"


@dataclass(frozen=True)
class System:
    """A system on which the product runs: what markers ask of it, and the wheels that it takes."""

    marks: Mapping[str, str]
    wheels: tuple[str, ...]


def _linux(machine: str) -> tuple[str, ...]:
    named = ("manylinux1", "manylinux2010", "manylinux2014", *(f"manylinux_2_{n}" for n in range(5, 36)), "linux")
    return tuple(f"{name}_{machine}" for name in named)


def _marks(system: str, platform: str, machine: str) -> dict[str, str]:
    return {
        "sys_platform": system,
        "platform_system": platform,
        "platform_machine": machine,
        "os_name": "nt" if system == "win32" else "posix",
        "python_version": PYTHON,
        "python_full_version": f"{PYTHON}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


SYSTEMS = {
    "Linux x86_64": System(_marks("linux", "Linux", "x86_64"), _linux("x86_64")),
    "Linux aarch64": System(_marks("linux", "Linux", "aarch64"), _linux("aarch64")),
    "Windows amd64": System(_marks("win32", "Windows", "AMD64"), ("win_amd64",)),
    "macOS arm64": System(
        _marks("darwin", "Darwin", "arm64"),
        tuple(f"macosx_{n}_0_{kind}" for n in range(11, 16) for kind in ("arm64", "universal2")),
    ),
}


@dataclass(frozen=True)
class Package:
    """A package as pip found it."""

    name: str
    version: str
    needs: tuple[Requirement, ...]


def pip(*arguments: str) -> list[dict[str, Any]]:
    """What pip would install, from its report. Ends the program with pip's words where it finds nothing that fits."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", str(report)]
        done = subprocess.run(
            [*command, "--only-binary", ":all:", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"pip finds no packages that fit:\n{done.stderr[-2000:]}")
        found: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return found


def asked(path: Path) -> list[Requirement]:
    """The requirements of a file, those of the files that it names included."""
    found: list[Requirement] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition(" #")[0].strip()
        if text.startswith("-r "):
            found += asked(path.parent / text[3:].strip())
        elif text and not text.startswith(("#", "-")):
            found.append(Requirement(text))
    return found


def walk(roots: Iterable[Requirement], packages: Mapping[str, Package], marks: Mapping[str, str]) -> dict[str, Requirement]:
    """Name -> what asks for it, of everything that a system with these marks needs."""
    found: dict[str, Requirement] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(one, "") for one in roots]
    while waiting:
        one, extra = waiting.pop()
        if one.marker and not one.marker.evaluate({**marks, "extra": extra}):
            continue
        name = canonicalize_name(one.name)
        found.setdefault(name, one)
        for wanted in ("", *one.extras):
            if (name, wanted) not in seen and name in packages:
                seen.add((name, wanted))
                waiting += [(need, wanted) for need in packages[name].needs]
    return found


def resolve(roots: list[Requirement], *arguments: str) -> tuple[dict[str, Package], dict[str, frozenset[str]]]:
    """Name -> package, and name -> the systems that need it: what pip finds here, and what only the other systems ask for."""
    others: dict[str, Requirement] = {}
    while True:
        wanted = [str(Requirement(f"{one.name}{one.specifier}")) for one in others.values()]
        packages = {}
        for item in pip(*arguments, *wanted):
            told = item["metadata"]
            needs = tuple(Requirement(line) for line in told.get("requires_dist", ()))
            packages[canonicalize_name(told["name"])] = Package(told["name"], told["version"], needs)
        systems: dict[str, set[str]] = defaultdict(set)
        missing: dict[str, Requirement] = {}
        for system, kind in SYSTEMS.items():
            for name, one in walk(roots, packages, kind.marks).items():
                systems[name].add(system)
                if name not in packages:
                    missing[name] = one
        if not missing:
            return packages, {name: frozenset(named) for name, named in systems.items()}
        others |= missing


def hashes(packages: Mapping[str, Package], systems: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    """Name -> the hashes of its file for each system that needs it."""
    found: dict[str, set[str]] = defaultdict(set)
    for system, kind in SYSTEMS.items():
        wanted = [f"{one.name}=={one.version}" for name, one in packages.items() if system in systems[name]]
        wheels = [part for tag in kind.wheels for part in ("--platform", tag)]
        python = ("--python-version", PYTHON, "--implementation", "cp", "--abi", "cp311", "--abi", "abi3", "--abi", "none")
        for item in pip("--no-deps", "--target", "nowhere", *python, *wheels, *wanted):
            found[canonicalize_name(item["metadata"]["name"])].add(item["download_info"]["archive_info"]["hashes"]["sha256"])
    return found


def marker(systems: frozenset[str]) -> str:
    """What is written behind a package that not every system needs."""
    if systems == frozenset(SYSTEMS):
        return ""
    named = sorted({SYSTEMS[name].marks["sys_platform"] for name in systems})
    return " ; " + " or ".join(f'sys_platform == "{name}"' for name in named)


def main() -> None:
    """Write the three files."""
    packages, systems = resolve(asked(RUN), "-r", str(RUN))
    ordered = sorted(packages)
    PINS.write_text(
        "# Made by `make pins` from requirements.txt: every package at run time, and its version.\n"
        + "".join(f"{name}=={packages[name].version}\n" for name in ordered),
        encoding="utf-8",
    )
    found = hashes(packages, systems)
    lines = [f"# Made by `make pins`, for pip install --require-hashes -r hashes.txt, Python {PYTHON}: {', '.join(SYSTEMS)}.\n"]
    for name in ordered:
        lines.append(f"{name}=={packages[name].version}{marker(systems[name])}")
        lines += [f" \\\n    --hash=sha256:{one}" for one in sorted(found[name])]
        lines.append("\n")
    HASHES.write_text("".join(lines), encoding="utf-8")
    beside, _ = resolve(
        [*asked(TESTS), *asked(AUDIT)], "-r", str(TESTS), "-r", str(AUDIT), "-c", str(PINS)
    )  # what both need has one version
    TEST_PINS.write_text(
        "# Made by `make pins` from requirements.txt and audit.txt in this folder: what only tests need, and its version.\n"
        "-c ../constraints.txt\n"
        + "".join(f"{name}=={beside[name].version}\n" for name in sorted(beside) if name not in packages),
        encoding="utf-8",
    )
    print(f"{len(packages)} packages at run time, {len(beside.keys() - packages.keys())} for the tests besides.")


if __name__ == "__main__":
    main()
