"""What the wheel needs, for its builder (hatchling): every package at the version that is tested.

From ``requirements.txt``; and from ``hashes.txt``, made from it by `make pins`, what those need in turn, and on which systems.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

NAME = re.compile(r"[A-Za-z0-9._-]+")


def _lines(path: Path) -> list[str]:
    """The requirements of a file, without hashes and words about them."""
    told = (line.partition(" #")[0].rstrip("\\ \n") for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in told if line and not line.startswith(("#", " ", "-"))]


def _named(line: str) -> str:
    found = NAME.match(line)
    assert found is not None, line
    return re.sub(r"[._-]+", "-", found[0]).lower()


def needs(root: Path) -> list[str]:
    """The requirements of the wheel of the project in ``root``."""
    asked = _lines(root / "requirements.txt")
    named = {_named(line) for line in asked}
    return asked + [line for line in _lines(root / "hashes.txt") if _named(line) not in named]


class Pinned(MetadataHookInterface):
    """Puts them into the wheel's metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """As hatchling asks it."""
        metadata["dependencies"] = needs(Path(self.root))
