"""The map of thousands of areas: what is sent, and what a real browser draws of it."""

import json
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copy

import numpy as np
import pandas as pd
import pytest
import shapely

from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.core import contract
from ektp_analysis.core.arithmetic import solve
from ektp_analysis.core.theme import palette
from ektp_analysis.figures.classes import classify_rows
from ektp_analysis.maps import canvas
from ektp_analysis.maps.measures import COVERAGE, UNRECORDED
from ektp_analysis.maps.seen import AreaMap
from tests.browser.conftest import PATIENCE, until

LAYER = find_layer("75.05")
EVIL = '<img src=x onerror="document.title=1">'
ROWS = solve(
    contract.frame(
        [
            {"area_code": code, "as_of_date": pd.Timestamp("2023-06-20"), "eligible": 20_000, "unrecorded": 1200 * i}
            for i, code in enumerate(LAYER.codes)
            if i != 2
        ]
    )
)


def given(measure=UNRECORDED, **how):
    classes = classify_rows(ROWS, measure, areas=LAYER.codes)
    shape = {name: how.pop(name) for name in ("circles", "largest") if name in how}
    return classes, canvas.arguments(AreaMap(LAYER, classes, ROWS, **shape), geometry="x.json", lang="id", **how)


def test_packed_outlines_are_the_outlines():
    packed = json.loads(canvas.pack(LAYER))
    west, south, east, north = LAYER.bounds
    scale = canvas.GRID / max(east - west, north - south)
    assert packed["codes"] == list(LAYER.codes) and len(packed["rings"]) == 11
    for shape, rings in zip(LAYER.shapes, packed["rings"], strict=True):
        parts = []
        for ring in rings:
            points = np.cumsum(np.array(ring).reshape(-1, 2), axis=0) / [scale, -scale] + [west, north]
            parts.append(shapely.Polygon(points))
        whole = shapely.union_all(parts)
        assert whole.hausdorff_distance(shape.geometry) < 0.75 / scale  # half a place of the grid, across
    assert len(canvas.pack(LAYER)) < 20_000


def test_outlines_are_stored_once_under_their_content(tmp_path):
    name = canvas.store(LAYER, tmp_path)
    before = (tmp_path / name).stat().st_mtime_ns
    assert canvas.store(LAYER, tmp_path) == name and (tmp_path / name).stat().st_mtime_ns == before
    assert canvas.store(replace(LAYER, digest="f" * 64), tmp_path) != name


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("measure", [UNRECORDED, COVERAGE], ids=lambda m: m.key)
def test_each_letter_has_the_fill_of_its_class(measure, theme):
    classes, sent = given(measure, theme=theme)
    for letter, code in zip(sent["classes"], LAYER.codes, strict=True):
        assert sent["fills"][letter]["fill"] == classes.fill(code, theme)
        assert ("hatch" in sent["fills"][letter]) == (code == "75.05.03")
    assert sent["people"][2] is None and sent["shares"][2] is None and sent["people"][0] == 0
    assert json.loads(json.dumps(sent))["percent"] == "\N{NO-BREAK SPACE}%"


PARENT = """<!doctype html><title>0</title><iframe src="index.html" style="width:800px;height:400px;border:0"></iframe><script>
window.got = []; window.send = args => document.querySelector("iframe").contentWindow.postMessage(
    {type: "streamlit:render", args}, "*");
window.addEventListener("message", event => window.got.push(event.data));</script>"""


@pytest.fixture(scope="module")
def frame(tmp_path_factory, chromium):
    """A page that holds the map as Streamlit does, in a real browser; gives (page, frame, requested addresses)."""
    folder = tmp_path_factory.mktemp("canvas")
    for path in canvas.FRONTEND.iterdir():
        copy(path, folder)
    shapes = (replace(LAYER.shapes[0], name=EVIL), *LAYER.shapes[1:])
    Path(folder / "x.json").write_bytes(canvas.pack(replace(LAYER, shapes=shapes)))
    Path(folder / "parent.html").write_text(PARENT, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    asked = []
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/parent.html")
    until(page, "() => got.some(m => m.type === 'streamlit:componentReady')")
    page.evaluate("args => send(args)", given(chosen="75.05.04")[1])
    inside = page.frames[1]
    until(inside, "() => document.getElementById('map').dataset.drawn >= 1")
    yield page, inside, asked
    context.close()
    server.shutdown()
    server.server_close()


def colour_at(inside, code):
    """The colour that the canvas shows at a point inside an area, away from borders and outlines, without the names."""
    return inside.evaluate(
        """code => {
        point(-1);
        const kept = order;
        order = []; draw(); order = kept;
        const i = areas.codes.indexOf(code), [x, y] = areas.labels[i];
        const dots = window.devicePixelRatio || 1;
        const got = pen.getImageData((view.x + x * view.scale) * dots, (view.y + y * view.scale) * dots, 1, 1).data;
        return '#' + [...got.slice(0, 3)].map(v => v.toString(16).padStart(2, '0')).join('');
    }""",
        code,
    )


@pytest.mark.browser
@pytest.mark.parametrize("measure", [UNRECORDED, COVERAGE], ids=lambda m: m.key)
def test_colours_read_back_from_the_canvas(frame, measure):
    page, inside, _ = frame
    classes, sent = given(measure, chosen="75.05.04")
    drawn = int(inside.evaluate("document.getElementById('map').dataset.drawn"))
    page.evaluate("args => send(args)", sent)
    until(inside, f"() => document.getElementById('map').dataset.drawn > {drawn}")
    for code in ("75.05.01", "75.05.02", "75.05.04", "75.05.05", "75.05.10", "75.05.11"):
        assert colour_at(inside, code) == classes.fill(code, "light")


@pytest.mark.browser
def test_click_and_keyboard_choose_an_area(frame):
    page, inside, _ = frame
    place = inside.evaluate("""() => { fit(); draw(); const [x, y] = areas.labels[areas.codes.indexOf('75.05.02')];
        return [view.x + x * view.scale, view.y + y * view.scale]; }""")
    page.locator("iframe").click(position={"x": place[0], "y": place[1]})
    chosen = "got.filter(m => m.type === 'streamlit:setComponentValue').map(m => m.value.code)"
    until(page, f"() => {chosen}.at(-1) === '75.05.02'")
    page.mouse.move(5, 450)  # off the map
    until(inside, "() => at === -1")
    inside.locator("#map").focus()
    inside.evaluate("point(areas.codes.indexOf('75.05.05'), true)")  # the westernmost
    page.keyboard.press("ArrowRight")
    said = inside.locator("#said").inner_text()
    assert said == "Biau. Belum rekam: 10.800. Cakupan 46,00\N{NO-BREAK SPACE}%"
    page.keyboard.press("Enter")
    until(page, f"() => {chosen}.at(-1) === '75.05.10'")
    scale = inside.evaluate("view.scale")
    page.keyboard.press("+")
    assert inside.evaluate("view.scale") == pytest.approx(1.5 * scale)
    page.keyboard.press("0")
    assert inside.evaluate("view.scale") == pytest.approx(scale)


@pytest.mark.browser
def test_names_are_text_and_nothing_leaves_the_machine(frame):
    page, inside, asked = frame
    inside.evaluate("point(areas.codes.indexOf('75.05.01'), true)")
    assert inside.locator("#tip b").inner_text() == EVIL and inside.locator("#tip img").count() == 0
    assert page.title() == "0" and inside.title() == "Map"
    assert all(url.startswith("http://127.0.0.1:") for url in asked)
    assert sum(url.endswith("x.json") for url in asked) == 1  # the outlines are sent once


@pytest.mark.browser
def test_colours_of_the_theme(frame):
    page, inside, _ = frame
    page.evaluate("args => send(args)", given(theme="dark")[1])
    until(inside, f"() => args.colours.paper === '{palette('dark').paper}'")
    assert inside.locator("#map").get_attribute("aria-label").startswith("Peta: tombol panah")
    assert inside.locator("#in").get_attribute("aria-label") == "Perbesar"


def redraw(page, inside, sent):
    """Send anew, wait until it is drawn, and look at the whole."""
    drawn = int(inside.evaluate("document.getElementById('map').dataset.drawn"))
    page.evaluate("args => send(args)", sent)
    until(inside, f"() => document.getElementById('map').dataset.drawn > {drawn}")
    inside.evaluate("fit(); point(-1); draw();")


@pytest.mark.browser
def test_circles_have_the_surface_of_their_people_and_the_colour_of_their_class(frame):
    page, inside, _ = frame
    classes, sent = given(circles=True)
    redraw(page, inside, sent)
    radii = inside.evaluate("Object.fromEntries(bubbles.map(b => [areas.codes[b.i], radius(b.share)]))")
    assert set(radii) == set(LAYER.codes) - {"75.05.03"}  # who has no figure has no circle
    for code, count in zip(ROWS["area_code"], ROWS["unrecorded"], strict=True):
        assert radii[code] == pytest.approx(max(30 * (count / 12_000) ** 0.5, 1.5)), code
    sizes = inside.evaluate("bubbles.map(b => b.share)")
    assert sizes == sorted(sizes, reverse=True)  # the small ones above, so that none is covered whole
    grounds = {code: colour_at(inside, code) for code in ("75.05.04", "75.05.09")}
    for code, colour in grounds.items():
        mixed = mix(classes.fill(code, "light"), palette("light").grid, 0.9)
        assert np.allclose(rgb(colour), mixed, atol=2), code
    inside.evaluate("zoom(4, ...place(areas.codes.indexOf('75.05.04')))")
    assert inside.evaluate("under(...place(areas.codes.indexOf('75.05.04'))) === areas.codes.indexOf('75.05.04')")
    assert inside.evaluate("radius(1)") == 30  # no larger than that, however near one looks
    redraw(page, inside, given()[1])
    assert inside.evaluate("bubbles.length") == 0


@pytest.mark.browser
def test_the_size_of_a_circle_keeps_its_meaning_over_the_days(frame):
    page, inside, _ = frame
    redraw(page, inside, given(circles=True, largest=48_000)[1])
    assert inside.evaluate("radius(bubbles[0].share)") == pytest.approx(15)


@pytest.mark.browser
@pytest.mark.parametrize("circles", [False, True])
def test_names_stand_where_they_fit_and_never_over_another(frame, circles):
    page, inside, _ = frame
    redraw(page, inside, given(circles=circles)[1])
    inside.evaluate("zoom(0.2); draw()")
    assert inside.evaluate("named.length") == 0  # too far away to read any
    seen = 0
    for nearer in (1, 2, 4):
        inside.evaluate("nearer => { fit(); zoom(nearer); }", nearer)
        found = inside.evaluate("named.map(n => ({code: areas.codes[n.i], box: n.taken}))")
        boxes = [one["box"] for one in found]
        assert all(
            a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            for place, a in enumerate(boxes)
            for b in boxes[place + 1 :]
        )
        assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 800 and box[3] <= 480 for box in boxes)
        seen = max(seen, len(found))
        assert inside.locator("#map").get_attribute("data-names") == str(len(found))
    assert seen >= 3
    # They are painted: without them the picture is another one.
    assert inside.evaluate("""() => { zoom(2); const with_ = canvas.toDataURL(), kept = order; order = []; draw();
        const without = canvas.toDataURL(); order = kept; draw(); return with_ !== without && canvas.toDataURL() === with_; }""")


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


def mix(above, below, share):
    return share * rgb(above) + (1 - share) * rgb(below)
