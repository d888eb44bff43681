"""Whether a pinned package has a known weakness: `make audit`. Where the sources of pip-audit cannot be reached, it says so.

Ends with 0 where nothing is known, with 1 where something is, with 3 where it could not be asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.pins import AUDIT, HASHES, ROOT, TEST_PINS

HOME = Path(sys.prefix) / "audit"  # beside the packages of product and tests, of which none is changed
SOURCES = ("pypi", "osv")  # the second where the first knows no package
UNASKED = 3


def _unasked(words: str) -> int:
    last = (words.strip().splitlines() or ["no answer"])[-1][:200]
    print(f"Not audited: pip-audit or its source of known weaknesses cannot be reached from here ({last}).", file=sys.stderr)
    return UNASKED


def main() -> int:
    """Ask, and print what is known."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(HOME)]
    if not (HOME / "pip_audit").is_dir():
        print("Installing pip-audit in a folder of its own (once) ...", flush=True)
        done = subprocess.run(
            [*pip, "-r", str(AUDIT), "-c", str(TEST_PINS)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return _unasked(done.stderr)
    found: list[dict[str, Any]] = []
    said = ""
    for source in SOURCES:
        found, said = _ask(source)
        if found:
            break
    else:
        return _unasked(said)
    weak = [(one, weakness) for one in found for weakness in one["vulns"]]
    for one, weakness in weak:
        mended = ", ".join(weakness["fix_versions"]) or "none yet"
        print(f"{one['name']} {one['version']}: {weakness['id']}, mended in {mended}")
    print(f"{len(found)} packages of hashes.txt are known to {source}, with {len(weak)} known weaknesses.")
    return 1 if weak else 0


def _ask(source: str) -> tuple[list[dict[str, Any]], str]:
    """The packages that the source knows, with their weaknesses; none, and why, where it does not answer."""
    asked = ["-r", str(HASHES), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--vulnerability-service", source, *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(HOME)},
    )
    try:
        told: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], done.stderr
    return [one for one in told if "vulns" in one], "; ".join(one.get("skip_reason", "") for one in told[:1])


if __name__ == "__main__":
    sys.exit(main())
