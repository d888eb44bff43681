"""Streamlit's AppTest, with what each app of a process looks up anew looked up once, and with an easy wait for its end.

What is installed does not change while the tests run; Streamlit reads it all again for each app that is tested.
"""

from __future__ import annotations

import json
import re
import time
from functools import cache
from types import SimpleNamespace
from typing import Any

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner

__all__ = ["AppTest", "area_list", "column", "strip"]
LOOKS = 0.005  # seconds between two looks whether a script has ended; Streamlit's own are five times as many

manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
local_script_runner.time = SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(LOOKS))  # type: ignore[assignment]


def area_list(app: AppTest) -> dict[str, Any]:
    """What the list of the page Posisi is sent: ``columns``, ``rows``, ``chosen``; each row also by the keys of the columns."""
    (sent,) = app.get("bidi_component")
    data: dict[str, Any] = json.loads(sent.proto.json)
    for row in data["rows"]:
        row.update({column["key"]: one.get("text") for column, one in zip(data["columns"], row["cells"], strict=True)})
    return data


def strip(app: AppTest) -> str:
    """The words above the heading of the page Posisi."""
    (found,) = [one.proto.body for one in app.get("html") if 'class="strip"' in one.proto.body]
    return " | ".join(re.findall(r"<li[^>]*>([^<]*)</li>", found))


def column(app: AppTest, name: str, place: int = 0) -> list[str]:
    """A column of one of the page's plain tables, as it is written."""
    tables = [one.value for one in app.markdown if one.value.startswith("| ")]
    head, _, *rows = [re.sub(r"\\(.)", r"\1", line).strip("| ").split(" | ") for line in tables[place].splitlines()]
    return [row[head.index(name)] for row in rows]
