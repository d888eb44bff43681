"""The way in: a plan for a request, from what answers rest on and the visits there were."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ektp_analysis.planning.proposal import Infeasible, Plan, Why
from ektp_analysis.planning.request import Request
from ektp_analysis.projection.answers import Ground

# Told of what is being done (0 to 1); says whether to go on: False stops with the best plan so far.
Progress = Callable[[float], bool]


def plan(ground: Ground, visits: pd.DataFrame | None, request: Request, *, progress: Progress | None = None) -> Plan | Infeasible:
    """A plan for the request, or why there is none.

    Args:
        ground: what answers rest on: ``Ground(rolled)`` or ``Ground.of(figures, area)``.
        visits: as ``Store.visits`` gives them, None: none are known.
        request: what is asked for.
        progress: called now and then with the share that is done; returns False to stop with what there is.
    """
    return Infeasible(request, Why.NO_TEAMS)
