"""The map of the whole nation: some 7,285 kecamatan with figures, in a real Chromium against the real server.

The outlines are made here: a Voronoi coverage of points strewn over a rough outline of the islands, one cell for each
kecamatan of the register (cells of a provinsi lie together), and taken in by `boundaries import` as any file would be.

first: a new browser context asks for the page until the map is painted, with what came over the wire (websocket
included; Streamlit's own scripts, the same for every page, are told apart). switch: a click on another measure until the
map is painted with it. pan: a key, a drag or a zoom step until the canvas is painted anew. The first visits after a start
are told apart.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from ektp_analysis.core.area import Level, register
from tests.browser.conftest import ARGS, CHROMIUM, ROOT, serve

ROUNDS = 4
DAYS = ("2024-05-01", "2024-06-01")
TODAY = DAYS[-1]  # on a later day the figures would be too old for a date
DRAWN = "() => Number(document.getElementById('map')?.dataset.drawn || 0)"
# Rough outlines: west, south, east, north of ellipses (a bent one is two).
ISLANDS = (
    (95.3, -0.5, 101.5, 5.6),
    (99.5, -6, 106, 1.5),
    (105.1, -8.3, 114.6, -6.2),
    (114.4, -8.9, 119.2, -8.1),
    (118.8, -10.4, 125, -8.2),
    (109, -3.9, 117.9, 3.9),
    (119.3, -5.6, 122.6, 1.2),
    (120, 0.2, 125.2, 1.6),
    (126.5, -3.8, 130.8, -2.8),
    (127.3, -0.9, 128.7, 2.1),
    (130.9, -4, 135.5, -0.4),
    (134.9, -9.1, 141, -1.8),
)


def outlines() -> bytes:
    """GeoJSON of one cell for each kecamatan."""
    random = np.random.default_rng(7)
    land = shapely.union_all([_island(box, random) for box in ISLANDS])
    codes = list(register().codes(Level.KECAMATAN))
    west, south, east, north = land.bounds
    points = np.empty((0, 2))
    while len(points) < len(codes):
        strewn = random.uniform((west, south), (east, north), (4 * len(codes), 2))
        points = np.r_[points, strewn[shapely.contains_xy(land, strewn[:, 0], strewn[:, 1])]]
    points = points[: len(codes)]
    points = points[np.lexsort((points[:, 1], points[:, 0].round(1)))]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=land))
    tree = shapely.STRtree(cells)
    cut = [shapely.intersection(cells[tree.query(shapely.Point(point), predicate="intersects")[0]], land) for point in points]
    rough = [_rough(shape, random) for shape in cut]
    frame = gpd.GeoDataFrame({"KODE_KEC": codes, "NAMA": [register().name(code) for code in codes]}, geometry=rough, crs=4326)
    out = io.BytesIO()
    frame.to_file(out, driver="GeoJSON", COORDINATE_PRECISION=5)
    return out.getvalue()


def _island(box: tuple[float, float, float, float], random: np.random.Generator) -> Any:
    """An ellipse with a coast."""
    west, south, east, north = box
    angle = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    coast = 1 + sum(0.12 / n * np.sin(n * 3 * angle + random.uniform(0, 6)) for n in range(1, 30))
    return shapely.make_valid(
        shapely.Polygon(
            np.c_[
                (west + east) / 2 + (east - west) / 2 * coast * np.cos(angle),
                (south + north) / 2 + (north - south) / 2 * coast * np.sin(angle),
            ]
        )
    )


def _rough(shape: Any, random: np.random.Generator) -> Any:
    """More vertices on every line, as a surveyed outline has them; neighbours keep the same line."""
    return shapely.segmentize(shape, 0.01)


def figures() -> str:
    random = np.random.default_rng(3)
    rows = ["area_code,as_of_date,eligible,unrecorded"]
    for code in register().codes(Level.KECAMATAN):
        eligible = int(random.integers(2000, 60000))
        share = random.beta(1.2, 40)
        rows += [f"{code},{day},{eligible},{int(eligible * share * more)}" for day, more in zip(DAYS, (1.3, 1), strict=True)]
    return "\n".join(rows)


def command(data: Path, *arguments: str) -> dict[str, Any]:
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("EKTP_")}, "EKTP_DATA_DIR": str(data), "EKTP_TODAY": TODAY}
    done = subprocess.run(
        [sys.executable, "-m", "ektp_analysis", *arguments, "--json"],
        cwd=ROOT,
        env=env,
        text=True,
        capture_output=True,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def map_frame(page: Page) -> Frame:
    page.wait_for_selector("iframe[title*='area_canvas']", timeout=120_000)
    while True:
        for frame in page.frames:
            if "area_canvas" in frame.url:
                return frame
        page.wait_for_timeout(10)


class Wire:
    """Bytes that came to a page: responses as they are encoded, and frames of websockets."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.parts: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        kinds: dict[str, str] = {}
        session.on("Network.requestWillBeSent", lambda e: kinds.__setitem__(e["requestId"], self.kind(e["request"]["url"])))
        session.on(
            "Network.dataReceived", lambda e: self.add(kinds.get(e["requestId"], "other"), int(e.get("encodedDataLength", 0)))
        )
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: self.add("socket", len(data))))

    @staticmethod
    def kind(url: str) -> str:
        """Streamlit's own scripts and fonts, which every page of it has; the outlines; the rest."""
        return "streamlit" if "/static/" in url else "outlines" if ".outlines/" in url else "other"

    def add(self, kind: str, more: int) -> None:
        self.bytes += more
        self.parts[kind] = self.parts.get(kind, 0) + more


def first(browser: Browser, url: str) -> tuple[float, Page, Wire]:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce").new_page()
    wire = Wire(page)
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    map_frame(page).wait_for_function(DRAWN, polling=20, timeout=120_000)
    return time.perf_counter() - start, page, wire


def switch(page: Page, label: str, wire: Wire) -> tuple[float, int]:
    """Seconds and bytes from a click on another measure until the map is painted with it."""
    page.wait_for_timeout(2500)
    frame, before = map_frame(page), wire.bytes
    frame.evaluate("() => { document.getElementById('map').dataset.drawn = 0; }")
    start = time.perf_counter()
    page.get_by_text(label, exact=True).first.click()
    page.mouse.move(5, 5)
    frame.wait_for_function(DRAWN, polling=20)
    taken = time.perf_counter() - start
    page.wait_for_timeout(1500)
    return taken, wire.bytes - before


def steps(page: Page) -> dict[str, float]:
    """Milliseconds of a zoom step, an arrow key and a pan, each until it is painted; the longest of five."""
    frame = map_frame(page)
    measure = """async action => {
        const box = document.getElementById('map'), canvas = box.querySelector('canvas');
        const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        const send = (name, x, y, more) => canvas.dispatchEvent(new PointerEvent(name, {clientX: x, clientY: y, offsetX: x,
            movementX: more || 0, movementY: more || 0, pointerId: 1, bubbles: true}));
        const took = [];
        for (let turn = 0; turn < 5; turn += 1) {
            const start = performance.now();
            if (action === 'zoom') { document.getElementById(turn % 2 ? 'out' : 'in').click(); }
            else if (action === 'key') { box.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true})); }
            else { canvas.setPointerCapture = () => {}; send('pointerdown', 300, 200); send('pointermove', 330, 220, 30);
                   send('pointerup', 330, 220); }
            canvas.getContext('2d').getImageData(0, 0, 1, 1);
            await painted();
            took.push(performance.now() - start);
        }
        return Math.max(...took);
    }"""
    return {action: float(frame.evaluate(measure, action)) for action in ("zoom", "key", "pan")}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        file, table = Path(folder) / "nation.geojson", Path(folder) / "nation.csv"
        file.write_bytes(outlines())
        table.write_text(figures(), encoding="utf-8")
        start = time.perf_counter()
        said = command(data, "boundaries", "import", str(file))
        print(
            f"import of {said['matched']} kecamatan ({file.stat().st_size / 1e6:.1f} MB): "
            f"{time.perf_counter() - start:.1f} s, vertices {said['vertices']}, {said['bytes']['after'] / 1e6:.1f} MB kept"
        )
        command(data, "import", str(table))
        for wait in (0, 10):  # the server prepares the map at its start: a visitor comes meanwhile, or after it
            with serve(data, anew=True, EKTP_TODAY=TODAY) as server:
                time.sleep(wait)
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
                url = server.url + "/area_map?lang=en&area=ID&level=KECAMATAN"
                taken, page, _ = first(browser, url)
                page.context.close()
                print(f"first visit {wait} s after the start: {taken:.2f} s")
                if wait:
                    measured(browser, url)
                browser.close()


def measured(browser: Browser, url: str) -> None:
    times, sizes, switches, switched, moved = [], [], [], [], []
    for _ in range(ROUNDS):
        taken, page, wire = first(browser, url)
        page.wait_for_timeout(1500)
        times.append(taken)
        sizes.append(dict(wire.parts))
        for label in ("Coverage", "Unrecorded"):
            seconds, size = switch(page, label, wire)
            switches.append(seconds)
            switched.append(size)
        moved.append(steps(page))
        page.context.close()
    whole = [sum(size for kind, size in parts.items() if kind != "streamlit") for parts in sizes]
    print(
        f"first paint {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f}), over the wire "
        f"{statistics.median(whole) / 1e6:.2f} MB beside Streamlit's own scripts; bytes by kind: {sizes[-1]}"
    )
    print(
        f"switch of the measure {statistics.median(switches):.2f} s ({min(switches):.2f} to {max(switches):.2f}), "
        f"{statistics.median(switched) / 1e3:.0f} kB"
    )
    for action in moved[0]:
        print(f"{action}: at most {max(one[action] for one in moved):.0f} ms")


if __name__ == "__main__":
    main()
