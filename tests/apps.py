"""Streamlit's AppTest, with what each app of a process looks up anew looked up once, and with an easy wait for its end.

What is installed does not change while the tests run; Streamlit reads it all again for each app that is tested.
"""

from __future__ import annotations

import time
from functools import cache
from types import SimpleNamespace

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner

__all__ = ["AppTest"]
LOOKS = 0.005  # seconds between two looks whether a script has ended; Streamlit's own are five times as many

manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
local_script_runner.time = SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(LOOKS))  # type: ignore[assignment]
