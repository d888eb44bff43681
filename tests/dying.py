"""A worker that ends while it makes a part: in a module of its own, as workers read what they are handed."""

from __future__ import annotations

import os

from distributed import get_worker

from ektp_analysis.core.settings import settings
from ektp_analysis.nation.each import Asked, Made, answers, outlines


def dies_once(part: str, asked: Asked | bytes, kept_key: str) -> Made:
    """As :func:`answers`, or :func:`outlines` where that is what is handed on; the first process that is asked for the last
    part ends. Each says how many milliseconds pass between two looks of Dask at what it does."""
    if isinstance(asked, bytes):
        return outlines(part, asked, kept_key)
    mark = settings().data_dir / "died"
    mark.with_name("looked").write_text(str(get_worker().periodic_callbacks["profile"].callback_time))
    if part == "75.05" and not mark.exists():
        mark.touch()
        os._exit(9)
    return answers(part, asked, kept_key)
