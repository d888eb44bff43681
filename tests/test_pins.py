"""The papers of what the product stands on: every package is pinned, with hashes, licence and credit; none is under the GPL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests import audit, notice
from tests.pins import AUDIT, HASHES, PINS, RUN, SYSTEMS, TEST_PINS, TESTS, Package, Requirement, asked, walk

ROOT = Path(__file__).resolve().parent.parent


def versions(path: Path) -> dict[str, str]:
    """Name -> version in a file of pins."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", path.read_text(encoding="utf-8"), re.M))


def installed(names: set[str]) -> dict[str, Package]:
    """The packages that are installed, with what they need."""
    found = {name: notice.found(name) for name in names}
    return {
        name: Package(name, one.version, tuple(Requirement(need) for need in one.requires or ()))
        for name, one in found.items()
        if one is not None
    }


def test_every_package_that_is_needed_is_pinned_at_the_version_that_is_tested() -> None:
    run, beside = versions(PINS), versions(TEST_PINS)
    assert not run.keys() & beside.keys()
    packages = installed(run.keys() | beside.keys())
    for roots, pins in ((asked(RUN), run), ([*asked(TESTS), *asked(AUDIT)], run | beside)):
        for system in SYSTEMS.values():
            needed = walk(roots, packages, system.marks)
            assert not needed.keys() - pins.keys(), "run make pins"
            wrong = [str(one) for name, one in needed.items() if not one.specifier.contains(pins[name], prereleases=True)]
            assert not wrong, "run make pins"
    audited = {canonicalize_name(one.name) for one in asked(AUDIT)}
    tested = {name: one.version for name, one in packages.items() if name not in {*audited, "pip"}}
    assert tested == {name: version for name, version in (run | beside).items() if name in tested}


def test_every_package_at_run_time_has_its_hashes() -> None:
    text = HASHES.read_text(encoding="utf-8")
    assert versions(HASHES) == versions(PINS), "run make pins"
    parts = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.M)[1:]
    assert all(re.fullmatch(r"\S+( ; [^\\\n]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n", part) for part in parts)
    for path in (RUN, PINS, HASHES, TESTS, TEST_PINS, AUDIT):
        assert "://" not in path.read_text(encoding="utf-8"), "no place to load from is written down"


def test_starting_and_testing_install_what_is_pinned(tmp_path: Path) -> None:
    told = subprocess.run(
        ["make", "--dry-run", f"VENV={tmp_path}/new", "PORT=8502", "ADDRESS=0.0.0.0", "run", "lint"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    installs = [line.split(" install ")[1].split()[-4:] for line in told.splitlines() if " pip install " in line]
    assert installs == [
        ["-r", "requirements.txt", "-c", "constraints.txt"],
        ["-r", "tests/requirements.txt", "-c", "tests/constraints.txt"],
    ]
    assert " run app.py --server.port 8502 --server.address 0.0.0.0\n" in told
    usual = re.findall(r"^(?:PORT|ADDRESS) \?= (\w+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    alone = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]
    assert usual == ["8501", "localhost"] == [str(alone["port"]), alone["address"]]


def test_the_notice_is_what_packages_and_data_log_say() -> None:
    text = notice.NOTICE.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^- (\S+) (\S+): \S.*\. \S.*\.$", text, re.M))
    assert listed == versions(PINS), "run make notice"
    assert text == notice.made(), "run make notice"
    assert "@" not in text and "- data/boundaries/indonesia_kecamatan.npz\n" in text and "CC BY 3.0 IGO" in text


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ("License-Expression: GPL-3.0-only", True),
        ("License-Expression: AGPL-3.0-or-later", True),
        ("License: GNU Affero General Public License v3", True),
        ("Classifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True),
        ("License: see LICENSE\nClassifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True),
        ("Summary: names none", True),
        ("License-Expression: GPL-2.0-only OR MIT", False),
        ("License-Expression: LGPL-3.0-only", False),
        ("Classifier: License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
    ],
)
def test_a_package_under_the_gpl_is_refused_with_a_sentence(told: str, refused: bool, tmp_path: Path) -> None:
    folder = tmp_path / "thing-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n{told}\n")
    package = notice.found("thing", [str(tmp_path)])
    if not refused:
        assert notice.licence("thing", package) in told
        return
    with pytest.raises(SystemExit, match=r"^thing (is under .*: no package at run time may be under the GPL|names no licence)"):
        notice.licence("thing", package)


def test_an_audit_that_reaches_nobody_says_so_in_a_sentence() -> None:
    nowhere = "http://127.0.0.1:9"
    closed = {
        "HTTPS_PROXY": nowhere, "https_proxy": nowhere, "PIP_INDEX_URL": nowhere, "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit"], cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **closed}
    )
    assert done.returncode == audit.UNASKED
    assert re.fullmatch(r"Not audited: [^\n]+ cannot be reached from here \([^\n]+\)\.\n", done.stderr)
