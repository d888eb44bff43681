"""`boundaries import` of the nation's desa by one process, by two, and by a Dask cluster of two workers: seconds, and the bytes.

    python -m tests.benchmarks.desa_outlines [--share 1.0] [--step 0.004] [--file FILE.gpkg]

The outlines are made here: a cell for each desa of the register, strewn over a rough outline of the islands, with a point on its
lines every so many degrees (``--step``), in a GeoPackage. ``--stages`` tells apart what is done once and what part by part.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from ektp_analysis.boundaries import importing, landmasses
from ektp_analysis.core.area import Level, register
from tests.benchmarks.many_parts import HOW, WANTED, cluster
from tests.benchmarks.nation import ISLANDS, _island


def made(share: float, step: float, place: Path) -> None:
    """A cell for each of the first desa, neighbours with the same line."""
    random = np.random.default_rng(7)
    land = shapely.get_parts(shapely.union_all([_island(box, random) for box in ISLANDS]))
    codes = list(register().codes(Level.DESA))
    codes = codes[: round(share * len(codes))]
    for one in land:
        shapely.prepare(one)
    west, south, east, north = shapely.total_bounds(land)
    points = np.empty((0, 2))
    while len(points) < len(codes):
        strewn = random.uniform((west, south), (east, north), (4 * len(codes), 2))
        inside = np.any([shapely.contains_xy(one, strewn[:, 0], strewn[:, 1]) for one in land], axis=0)
        points = np.r_[points, strewn[inside]]
    points = points[: len(codes)]
    points = points[np.lexsort((points[:, 1], points[:, 0].round(1)))]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points)))
    at, which = shapely.STRtree(cells).query(shapely.points(points), predicate="intersects")
    cells = cells[which[np.unique(at, return_index=True)[1]]]
    whole = np.any([shapely.contains_properly(one, cells) for one in land], axis=0)
    cells[~whole] = shapely.intersection(cells[~whole], shapely.union_all(land))
    cells = shapely.transform(shapely.segmentize(cells, step), lambda xy: np.round(xy, 6))
    frame = gpd.GeoDataFrame({"KDEPUM": codes, "WADMKD": [register().name(code) for code in codes]}, geometry=cells, crs=4326)
    frame.to_file(place, driver="GPKG", layer="desa")


def imported(file: Path, data: Path, *crew: str) -> tuple[float, str]:
    """Seconds of the command, and the digest of what it kept and said."""
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("EKTP_")}, "EKTP_DATA_DIR": str(data)}
    start = time.perf_counter()
    call = [sys.executable, "-m", "ektp_analysis", "boundaries", "import", str(file), "--json", *crew]
    said = subprocess.run(call, env=env, check=True, capture_output=True).stdout
    seconds = time.perf_counter() - start
    (kept,) = (data / "boundaries").iterdir()
    return seconds, hashlib.sha256(said + kept.read_bytes()).hexdigest()


def stages(file: Path) -> dict[str, Any]:
    """Seconds of each step in this process."""
    start = time.perf_counter()
    found = importing.opened(file.read_bytes(), file.name)
    opened = time.perf_counter()
    parts = found.parts
    divided = time.perf_counter()
    drawn, each = [], []
    for part in parts:
        begun = time.perf_counter()
        drawn.append(landmasses.drawn(part))
        each.append(round(time.perf_counter() - begun, 1))
    worked = time.perf_counter()
    importing.reported(found, drawn)
    seconds = {"opened": opened - start, "divided": divided - opened, "reported": time.perf_counter() - worked}
    return {**{name: round(one, 1) for name, one in seconds.items()}, "parts": each}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--step", type=float, default=0.004)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--stages", action="store_true", help="only these, in this process")
    asked = parser.parse_args() if __name__ == "__main__" else parser.parse_args([])
    with tempfile.TemporaryDirectory() as folder:
        file = asked.file or Path(folder) / "desa.gpkg"
        if not file.is_file():
            made(asked.share, asked.step, file)
        print(f"{file.stat().st_size / 1e6:.0f} MB", flush=True)
        if asked.stages:
            print(stages(file))
            return
        taken, digests = {}, set()
        for how in HOW:
            data = Path(folder) / how
            if how == "cluster":
                with cluster() as address:
                    taken[how], digest = imported(file, data, "--scheduler", address)
            else:
                taken[how], digest = imported(file, data, "--workers", str(HOW.index(how) + 1))
            digests.add(digest)
            print(f"  {how}: {taken[how]:.1f} s", flush=True)
        print(
            f"one process {taken['one']:.1f} s; two {taken['two']:.1f} s, {taken['one'] / taken['two']:.2f} times; a cluster "
            f"of two workers {taken['cluster']:.1f} s, {taken['one'] / taken['cluster']:.2f} times (wanted {WANTED}); same: "
            f"{len(digests) == 1}"
        )


if __name__ == "__main__":
    main()
