"""In which order areas are visited, so that the next one is near: a round through their positions, by PyVRP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ektp_analysis.projection.paths import Floats

STEPS = 300  # of the search: the same round every time, a second for five hundred areas
METRES_A_DEGREE = 111_195.0  # along a meridian, and along the equator


def order(areas: Sequence[str], positions: Mapping[str, tuple[float, float]]) -> tuple[int, ...]:
    """The positions in ``areas`` in the order of a short way through them, begun in the west; those without a place come last.

    ``positions``: (longitude, latitude) in degrees.
    """
    placed = [n for n, area in enumerate(areas) if area in positions]
    others = sorted((n for n in range(len(areas)) if areas[n] not in positions), key=lambda n: areas[n])
    if len(placed) < 3:
        return (*sorted(placed, key=lambda n: positions[areas[n]]), *others)
    points = np.array([positions[areas[n]] for n in placed], float)
    metres = METRES_A_DEGREE * points * [np.cos(np.radians(points[:, 1].mean())), 1.0]
    return (*(placed[n] for n in _round(metres)), *others)


def _round(metres: Floats) -> list[int]:
    """A short way through points (x, y) that begins in the west and need not come back: the first point of a closed round is
    that after its longest leg."""
    import pyvrp  # loaded when an order is asked for
    from pyvrp.stop import MaxIterations

    model = pyvrp.Model()
    places = [model.add_location(float(x), float(y)) for x, y in metres]
    depot = model.add_depot(places[0])
    for one in places[1:]:
        model.add_client(one)
    model.add_vehicle_type(1, start_depot=depot, end_depot=depot)
    apart = np.hypot(*(metres[:, None, :] - metres[None, :, :]).transpose(2, 0, 1))
    for n, one in enumerate(places):
        for m, other in enumerate(places):
            if n != m:
                model.add_edge(one, other, distance=int(apart[n, m]))
    found = model.solve(MaxIterations(STEPS), seed=1, collect_stats=False, display=False)
    stops = list(found.best.routes()[0])[1:-1]  # without the depot at both ends; the depot's place is no client
    visits = [0, *(one.idx + 1 for one in stops)]
    legs = [apart[one, visits[(n + 1) % len(visits)]] for n, one in enumerate(visits)]
    cut = int(np.argmax(legs)) + 1
    way = [*visits[cut:], *visits[:cut]]
    return way if metres[way[0], 0] <= metres[way[-1], 0] else way[::-1]
