"""Reports of several areas at once: the store is read and projected once for sisters, and drawing goes on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import groupby

from ektp_analysis import drawing
from ektp_analysis.office import reports
from ektp_analysis.office.known import Known
from ektp_analysis.office.stores import Office
from ektp_analysis.projection.answers import scope
from ektp_analysis.report.state import State

AT_ONCE = 3  # threads: one reckons, while of another the charts are drawn and of a third the page is set


def files(now: Office, areas: Sequence[str], kind: str, lang: str, *, on: date | None = None,
          known_at: date | datetime | None = None) -> Iterator[tuple[State, bytes]]:
    """The file of each area in their order, with the state it was made from.

    Raises:
        UserError: an area has no figures; the logo is no picture.
        StoreError: the store or the machine failed.
    """
    drawing.warm()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="report") as threads:
        for _above, sisters in groupby(areas, scope):
            codes = list(sisters)
            known = Known(now, codes[0], on=on, known_at=known_at, many=len(codes) > 1)

            def made(code: str, known: Known = known) -> tuple[State, bytes]:
                found = reports.of(known, code)
                return found, reports.file(reports.built(found), kind, lang)

            yield from threads.map(made, codes)
