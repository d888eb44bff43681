"""Before the first visitor comes: the map of the office's area, and of all its figures, is computed and kept."""

from __future__ import annotations

from itertools import takewhile

from ektp_analysis import office
from ektp_analysis.choropleth.seen import levels_of
from ektp_analysis.page import exploring, mapping, taking, viewing
from ektp_analysis.page.glance import names
from ektp_analysis.settings import settings


def warm() -> None:
    """Fill the caches that a first visit fills; changes nothing else and needs no session.

    Raises:
        EktpError: the store cannot be read; a visitor is told the same.
    """
    now = office.current()
    for area in dict.fromkeys((settings().home_area, around(list(now.store.figures()["area_code"].unique())))):
        view = viewing.first(area)
        if view.empty or view.standing.child_level is None:
            continue
        for level in levels_of(view.rolled, view.area):
            map_ = exploring.first(view, level)
            mapping.ready(view, map_)
            taking.prepare(view, map_)
            names(map_.key, map_)


def around(codes: list[str]) -> str:
    """The smallest area that contains all of them; the nation for none."""
    parts = [code.split(".") for code in codes if code != "ID"]
    common = takewhile(lambda column: len(set(column)) == 1, zip(*parts, strict=False))
    return ".".join(column[0] for column in common) or "ID"
