"""Streamlit's AppTest, with what each app of a process looks up anew looked up once, and with an easy wait for its end.

What is installed does not change while the tests run; Streamlit reads it all again for each app that is tested.
"""

from __future__ import annotations

import json
import re
import time
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner

from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores
from ektp_analysis.page import position_parts

__all__ = ["PAGES", "AppTest", "area_list", "column", "forget", "start", "strip"]
ROOT = Path(__file__).resolve().parents[1]
LOOKS = 0.005  # seconds between two looks whether a script has ended; Streamlit's own are five times as many

manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
local_script_runner.time = SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(LOOKS))  # type: ignore[assignment]


PAGES = ("position.py", "area_map.py", "projection.py", "plan.py", "slides.py", "data.py", "method.py")
PATIENCE = 300  # seconds; how busy the machine is must not decide


def forget() -> None:
    """Nothing of an office that was at hand is, as in a process that has just started."""
    settings.cache_clear()
    stores.close_all()
    st.cache_data.clear()
    st.cache_resource.clear()


def start(page: str, **query: str) -> AppTest:
    """``start("position.py", lang="en", area="75.05")``: the page behind the router, as a link opens it."""
    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=PATIENCE)
    if page != PAGES[0]:
        app.switch_page(str(ROOT / "pages" / page))
    for key, value in query.items():
        app.query_params[key] = value
    app.session_state[position_parts.PAINTED] = True  # no browser is there to tell
    app.run()
    assert not app.exception, [e.value for e in app.exception]
    return app


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
