"""The map in a real browser: colours that keep their meaning, ways from area to area, and reach: keyboard, axe, no network."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import shapely
from playwright.sync_api import Page, expect

from ektp_analysis.core.area import Level, register
from ektp_analysis.maps.measures import MEASURES
from ektp_analysis.office import boundary_files
from tests.breadth import crossed, first_of_each
from tests.browser.conftest import (
    COLOURS,
    ROOT,
    SIZES,
    Guard,
    Opener,
    Server,
    axe,
    command,
    go,
    idle,
    look_as,
    map_frame,
    serve,
    settle,
    unfold,
    until,
)
from tests.browser.test_keyboard import go_to
from tests.browser.test_position import rows, take

pytestmark = pytest.mark.browser
DAYS = [f"2024-{month:02d}-01" for month in range(1, 13)]
CHOSEN_THERE = ("inside", "beside", "breaks")
TILES = "https://tile.openstreetmap.org"
FRAME = "/component/streamlit_folium.st_folium/index.html"
EVIL = '<img src=x onerror="window.top.document.title=1">{{ 7 * 191 }}{% end %}'


def figures(days: list[str]) -> str:
    lines = ["area_code,as_of_date,eligible,unrecorded"]
    lines += [
        f"75.05.{n:02d},{day},9000,{max(0, (13 - turn) * n * 4 - 30)}" for turn, day in enumerate(days) for n in range(1, 12)
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A kabupaten over 12 months, from much to little; and a kota elsewhere on the last day."""
    folder = tmp_path_factory.mktemp("year")
    elsewhere = [f"35.77.{n:02d},{DAYS[-1]},9000,{n * 40}" for n in range(1, 4)] + [f"31.74.01,{DAYS[-1]},9000,40"]
    (folder / "year.csv").write_text("\n".join([figures(DAYS), *elsewhere]), encoding="utf-8")
    command(folder / "data", "import", str(folder / "year.csv"))
    with serve(folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def over_a_year(year: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """The map of 12 months, opened once."""
    return opened_once(f"{year.url}/area_map?lang=id&area=75")


@pytest.fixture(scope="module")
def sample(server: Server, opened_once: Opener) -> tuple[Page, Guard]:
    """The map of the sample, opened once, where the first test on it begins."""
    return opened_once(f"{server.url}/area_map?{urlencode(address('75'))}")


def address(area: str, **chosen: str) -> dict[str, str]:
    """What the map of an area has in its address, with what is chosen, else as a new reader finds it."""
    level = "KABUPATEN" if area == "75" else "KECAMATAN"
    usual = {"level": level, "show": "unrecorded", "shape": "outlines", "day": "latest", "bounds": "latest"}
    return {"lang": "id", "area": area, **usual, **chosen}


def at(page: Page, area: str = "75.05", **chosen: str) -> None:
    """The map with what is chosen, else as a new reader finds it; where it stands so, it stays."""
    chosen = address(area, **chosen)
    now = dict(parse_qsl(urlsplit(page.url).query))
    if any(now.get(key, "") != chosen.get(key, "") for key in (*chosen, *CHOSEN_THERE)):
        go(page, f"/area_map?{urlencode(chosen)}")


def query(page: Page, key: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(key, [""])[0]


def painted(page: Page, count: int = 11) -> dict[str, tuple[str, str]]:
    """Class and fill of each area, as the browser has them."""
    found = map_frame(page, count).evaluate("""() => Object.fromEntries([...document.querySelectorAll('path[data-code]')].map(
        path => [path.dataset.code, [path.dataset.class, path.getAttribute('fill')]]))""")
    return {code: tuple(pair) for code, pair in found.items()}


def legend(page: Page) -> list[str]:
    return [re.split(r"\n", text)[0] for text in page.locator("[data-legend-class]").all_inner_texts()]


def tab_to(page: Page, wanted: str, most: int = 80) -> None:
    """Press Tab until the focus is on what carries this text or label, as a reader without a mouse gets there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted in page.evaluate("""() => { let at = document.activeElement;
                while (at && at.tagName === 'IFRAME' && at.contentDocument) { at = at.contentDocument.activeElement; }
                return (at && (at.getAttribute('aria-label') || at.innerText)) || ''; }"""):
            return
    raise AssertionError(f"no way to {wanted} by Tab")


FILES = (
    ("Wilayah (CSV)", b"\xef\xbb\xbf"),
    ("Peta (PNG)", b"\x89PNG"),
    ("Peta (SVG)", b"<svg"),
    ("Peta (GeoJSON)", b"{"),
    ("Peta (HTML)", b"<!DOCTYPE html>"),
)


# Each is taken by mouse below.
@pytest.mark.parametrize("files", first_of_each([(FILES[:1],), (FILES[1:],)]), ids=["one", "others"])
def test_drill_time_and_downloads_by_keyboard(
    over_a_year: tuple[Page, Guard], tmp_path: Path, files: tuple[tuple[str, bytes], ...]
) -> None:
    page, guard = over_a_year
    map_frame(page, 6)
    tab_to(page, "Kabupaten Gorontalo Utara. ")  # the area on the map, which says its figures
    page.keyboard.press("Enter")
    until(page, "() => new URL(location).searchParams.get('inside') === '75.05'")
    expect(page.get_by_role("button", name="Buka Kabupaten Gorontalo Utara")).to_be_visible()
    settle(page)
    tab_to(page, "Buka Kabupaten Gorontalo Utara")
    page.keyboard.press("Enter")
    until(page, "() => new URL(location).searchParams.get('area') === '75.05'")
    settle(page)
    map_frame(page)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    until(page, "day => new URL(location).searchParams.get('day') === day", arg=DAYS[10])
    settle(page)
    tab_to(page, "Tabel yang dapat diurutkan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Peta (HTML)")).to_be_visible()
    settle(page)
    for label, begin in files:
        tab_to(page, label)
        with page.expect_download() as started:
            page.keyboard.press("Enter")
        started.value.save_as(tmp_path / "taken")
        assert (tmp_path / "taken").read_bytes().startswith(begin), label
    assert guard.foreign == [] and guard.errors == []


@pytest.mark.parametrize("step", first_of_each((3, 1)))  # of the days every third, or all
def test_a_colour_means_one_thing_on_all_days(over_a_year: tuple[Page, Guard], step: int) -> None:
    seen: dict[str, set[str]] = {}
    bounds = set()
    of_value: dict[int, set[str]] = {}
    page, guard = over_a_year
    at(page, day=DAYS[4])
    for turn in range(4, len(DAYS), step):
        if turn > 4:
            for _ in range(step):
                page.get_by_role("slider").press("ArrowRight")
            until(page, "day => new URL(location).searchParams.get('day') === day", arg=DAYS[turn] if turn < 11 else "latest")
            settle(page)
        until(
            map_frame(page),
            "said => document.querySelector(\"path[data-code='75.05.11']\").getAttribute('aria-label').includes(said)",
            arg=f". {(13 - turn) * 44 - 30} ",
        )
        bounds.add(tuple(legend(page)))
        for code, (key, fill) in painted(page).items():
            seen.setdefault(key, set()).add(fill)
            of_value.setdefault(max(0, (13 - turn) * int(code[-2:]) * 4 - 30), set()).add(fill)
    assert len(bounds) == 1, bounds
    expect(page.get_by_text("Belum rekam; kelas untuk semua tanggal")).to_be_visible()  # their worst one is of an earlier day
    assert all(len(fills) == 1 for fills in seen.values()), seen
    assert all(len(fills) == 1 for fills in of_value.values())
    assert len(seen) >= 5 and "done" in seen
    assert guard.foreign == [] and guard.errors == []


def test_play_walks_over_the_days_and_ends(over_a_year: tuple[Page, Guard]) -> None:
    page, _ = over_a_year
    at(page, day=DAYS[9])
    map_frame(page)
    page.get_by_role("button", name="Putar").click()
    until(page, "() => new URL(location).searchParams.get('day') === 'latest'")
    expect(page.get_by_role("button", name="Putar")).to_be_visible()
    assert "1 Desember 2024" in page.inner_text("body")


def test_a_kota_of_another_provinsi_has_its_map_with_the_land_around(over_a_year: tuple[Page, Guard]) -> None:
    page, guard = over_a_year
    at(page, "35", level="KABUPATEN")
    frame = map_frame(page, 38)
    land = frame.locator("path:not(.leaflet-interactive)")
    expect(land).to_have_count(1)
    assert land.evaluate("path => getComputedStyle(path).pointerEvents") == "none" and land.get_attribute("role") is None
    frame.locator("path[data-code='35.77']").press("Enter")
    opener = page.get_by_role("button", name="Buka Kota Madiun")
    expect(opener).to_be_visible()
    settle(page)
    opener.click()
    until(page, "() => new URL(location).searchParams.get('area') === '35.77'")
    settle(page)
    assert set(painted(page, 3)) == {"35.77.01", "35.77.02", "35.77.03"}
    expect(page.get_by_text("BPS melalui OCHA/HDX COD-AB (2020)")).to_be_visible()
    at(page, "31", level="KABUPATEN")
    frame = map_frame(page, 6)  # one of them islands far away
    large = frame.locator("path[data-code='31.74']").bounding_box()
    frame.get_by_role("button", name="Seluruh wilayah").press("Enter")
    until(
        frame,
        "width => document.querySelector(\"path[data-code='31.74']\").getBoundingClientRect().width < width / 2",
        arg=large and large["width"],
    )
    assert guard.foreign == [] and guard.errors == []


def test_search_compare_and_time_by_mouse(over_a_year: tuple[Page, Guard]) -> None:
    page, guard = over_a_year
    at(page, "75")
    map_frame(page, 6)
    page.get_by_role("button", name="Cari").click()
    settle(page)
    box = page.get_by_label("Nama atau kode wilayah")
    box.click()
    box.press_sequentially("biau")  # so is one of Buol called too: the office's own comes first, as soon as it is typed
    answers = page.locator("[class*=st-key-found_] button")
    expect(answers).to_have_count(2)
    expect(answers.first).to_contain_text("Kabupaten Gorontalo Utara")
    expect(box).to_be_focused()
    box.fill("gorontalo utara")
    box.press("Enter")  # else the answer to its last letters may come amid the click, which is then lost
    found = page.get_by_role("button", name=re.compile("Kabupaten Gorontalo Utara.*75.05"))
    expect(found).to_be_visible()
    settle(page)
    found.click()
    until(page, "() => new URL(location).searchParams.get('area') === '75.05'")
    settle(page)
    map_frame(page).locator("path[data-code='75.05.04']").click()
    until(page, "() => new URL(location).searchParams.get('inside') === '75.05.04'")
    settle(page)
    expander = unfold(page, "Bandingkan dua wilayah")
    page.get_by_label("Dibanding").click()
    page.get_by_role("option", name="Kecamatan Kwandang").click()
    until(page, "() => new URL(location).searchParams.get('beside') === '75.05.02'")
    settle(page)
    expect(expander.get_by_role("table")).to_contain_text("Kwandang")
    expect(expander).to_contain_text("lebih banyak 2 jiwa daripada")
    scales = expander.locator("[aria-label^=Y-axis]").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert len(scales) == 2 and len(set(scales)) == 1, scales
    page.get_by_role("slider").scroll_into_view_if_needed()
    track = page.get_by_test_id("stSlider").bounding_box()
    thumb = page.get_by_role("slider").bounding_box()
    assert track and thumb
    page.mouse.move(track["x"] + track["width"] - 6, thumb["y"] + thumb["height"] / 2)  # the last day, at the right end
    page.mouse.down()
    page.mouse.move(track["x"] + 20, thumb["y"] + thumb["height"] / 2)  # at once: a slow hand has each day on the way shown
    page.mouse.up()
    until(page, "days => days.includes(new URL(location).searchParams.get('day'))", arg=DAYS[:4])
    settle(page)
    assert guard.foreign == [] and guard.errors == []


def test_down_and_up_by_mouse(sample: tuple[Page, Guard]) -> None:
    page, guard = sample
    at(page, "75")
    map_frame(page, 6).locator("path[data-code='75.05']").click()
    inside = page.get_by_role("button", name="Buka Kabupaten Gorontalo Utara")
    expect(inside).to_be_visible()
    settle(page)
    inside.click()
    until(page, "() => new URL(location).searchParams.get('area') === '75.05'")
    settle(page)
    map_frame(page).locator("path[data-code='75.05.02']").click()
    expect(page.get_by_role("heading", name="Kwandang").first).to_be_visible()
    expect(page.get_by_text("Peringkat 1 dari 11")).to_be_visible()
    settle(page)
    page.get_by_role("button", name=re.compile("^Anggrek · 72")).click()
    expect(page.get_by_role("heading", name="Anggrek").first).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Gorontalo", exact=True).click()
    until(page, "() => new URL(location).searchParams.get('area') === '75'")
    assert guard.foreign == [] and guard.errors == []


def test_search_compare_and_breadcrumb_by_keyboard(sample: tuple[Page, Guard]) -> None:
    page, _ = sample
    at(page)
    map_frame(page)
    page.get_by_role("button", name="Cari").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Nama atau kode wilayah")).to_be_focused()  # at once, not behind the whole page
    settle(page)
    page.keyboard.type("7505032001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("75.05.03.2001"))).to_be_visible()
    settle(page)
    go_to(page, "75.05.03.2001")
    page.keyboard.press("Enter")
    until(page, "() => new URL(location).searchParams.get('area') === '75.05.03'")
    settle(page)
    assert query(page, "inside") == "75.05.03.2001"
    up = page.get_by_role("button", name="Kabupaten Gorontalo Utara", exact=True)
    up.focus()
    page.keyboard.press("Enter")
    until(page, "() => new URL(location).searchParams.get('area') === '75.05'")
    settle(page)
    opener = page.get_by_test_id("stExpander").filter(has_text="Bandingkan dua wilayah").locator("summary")
    opener.focus()
    page.keyboard.press("Enter")
    settle(page)
    other = page.get_by_label("Dibanding")
    expect(other).to_be_visible()
    settle(page)
    other.focus()
    page.keyboard.type("Atinggola")
    expect(page.get_by_role("option", name="Atinggola")).to_be_visible()
    page.keyboard.press("Enter")
    until(page, "() => new URL(location).searchParams.get('beside') === '75.05.01'")
    settle(page)
    table = page.get_by_test_id("stExpander").filter(has_text="Bandingkan dua wilayah").get_by_role("table")
    expect(table).to_contain_text("Atinggola")
    expect(table).to_contain_text("Kwandang")
    expect(page.get_by_role("listbox")).to_have_count(0)
    moving = "() => [...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionProperty !== 'none').length"
    assert page.evaluate(moving) == 0  # a list that waits for a broken transition stays open


KWANDANG_SAYS = "() => document.querySelector(\"path[data-code='75.05.02']\").getAttribute('aria-label')"


@pytest.fixture(scope="module")
def unrecorded_says(sample: tuple[Page, Guard]) -> str:
    """What Kwandang says on the map of the unrecorded, which then stands on the page."""
    at(sample[0], show="unrecorded")
    return str(map_frame(sample[0]).evaluate(KWANDANG_SAYS))


SHOWN = {one.key: one for one in MEASURES}
KINDS = ("share", "change", "pace", "days", "probability", "age")


@pytest.mark.parametrize("measure", first_of_each(KINDS, lambda key: (SHOWN[key].cost, SHOWN[key].diverging)))
def test_each_measure_is_shown_and_said(sample: tuple[Page, Guard], unrecorded_says: str, measure: str) -> None:
    """It says something else than the map of the unrecorded, and than the one that stood there before."""
    page, guard = sample
    before = map_frame(page).evaluate(KWANDANG_SAYS)
    at(page, show=measure)
    until(map_frame(page), f"others => !others.includes(({KWANDANG_SAYS})())", arg=[unrecorded_says, before])
    keys = {key for key, _fill in painted(page).values()}
    shown = page.get_by_role("table").first.locator("tbody tr").all_inner_texts()
    assert len(shown) == 11 and all(line.split("\t")[-1] not in {"", "–"} for line in shown)
    assert "none" not in keys
    assert page.get_by_test_id("stException").count() == 0 and guard.errors == []


def test_the_legend_lights_up_its_areas(sample: tuple[Page, Guard]) -> None:
    page, _ = sample
    at(page)
    frame = map_frame(page)
    row = page.locator("[data-legend-class=step1]")
    for act in (row.hover, row.focus):
        page.mouse.move(2, 2)
        act()
        faded = frame.locator("path[data-class]:not([data-class=step1])").first
        expect(faded).to_have_css("opacity", "0.2")
        expect(frame.locator("path[data-class=step1]").first).to_have_css("opacity", "1")
    page.mouse.move(2, 2)
    row.blur()
    expect(frame.locator("path[data-class=step5]").first).to_have_css("opacity", "1")


def test_everything_can_be_taken_away(sample: tuple[Page, Guard], tmp_path: Path) -> None:
    page, _ = sample
    at(page, shape="circles")
    unfold(page, "Tabel yang dapat diurutkan dan unduhan")
    assert len(rows(take(page, "Wilayah (CSV)", tmp_path))) == 11
    assert take(page, "Peta (PNG)", tmp_path).startswith(b"\x89PNG")
    svg = take(page, "Peta (SVG)", tmp_path).decode()
    assert svg.startswith("<svg") and "Kwandang 126" in svg and "20 Juni 2023" in svg
    areas = json.loads(take(page, "Peta (GeoJSON)", tmp_path))["features"]
    assert sum(area["properties"]["unrecorded"] for area in areas) == 554
    document = tmp_path / "offline.html"
    document.write_bytes(take(page, "Peta (HTML)", tmp_path))
    again, guard = page.context.new_page(), []
    again.on("request", lambda request: guard.append(request.url))
    again.goto(document.as_uri())
    again.wait_for_selector("path.leaflet-interactive")
    assert [url for url in guard if not url.startswith(("file:", "data:"))] == []
    again.close()


@pytest.mark.parametrize(("size", "dark"), crossed(SIZES, (False, True)))
def test_axe_finds_nothing(sample: tuple[Page, Guard], size: str, dark: bool) -> None:
    page, _ = sample
    look_as(page, size, dark)
    go(page, f"/area_map?{urlencode(address('75.05', inside='75.05.03'))}")  # even where it stands so: in these colours
    frame = map_frame(page)
    unfold(page, "Lanjutan")
    # Main landmark, first heading and viewport are the page's: the frame inside it has none of its own.
    inner = dict.fromkeys(("landmark_one_main", "page_has_heading_one", "region", "meta_viewport"), False)
    only = COLOURS if dark and size == "desktop" else ()  # the light page has the same marks
    assert [*axe(page, only=only), *axe(page, frame, only, **inner)] == []


def test_the_map_comes_first_on_a_phone(sample: tuple[Page, Guard]) -> None:
    page, _ = sample
    at(page, inside="75.05.03")  # as axe has seen it
    unfold(page, "Lanjutan", away=True)
    look_as(page, "phone")
    settle(page)
    map_frame(page)
    drawn = page.locator("iframe[title*='st_folium']").bounding_box()
    controls = page.get_by_text("Tampilkan", exact=True).first.bounding_box()
    assert drawn and controls and drawn["y"] + drawn["height"] < controls["y"]
    assert page.get_by_label("Batas kelas sendiri").is_hidden()
    wide = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth - document.querySelector("
        "'[data-testid=stMain]').clientWidth"
    )
    assert wide <= 1


def test_one_click_is_one_run_and_keeps_zoom(sample: tuple[Page, Guard]) -> None:
    page, _ = sample
    look_as(page)
    at(page, inside="75.05.02")
    frame = map_frame(page)
    small = frame.locator("path[data-code='75.05.04']").bounding_box()
    assert small
    frame.locator("a.leaflet-control-zoom-in").click()
    until(
        frame,
        "width => !document.querySelector('.leaflet-zoom-anim') && document.querySelector("
        "\"path[data-code='75.05.04']\").getBoundingClientRect().width > 1.2 * width",
        arg=small["width"],
    )
    idle(frame)
    before = frame.locator("path[data-code='75.05.04']").bounding_box()
    sent = page.evaluate("ektpWatch.sent")
    frame.locator("path[data-code='75.05.03']").click()
    until(page, "() => new URL(location).searchParams.get('inside') === '75.05.03'")
    for part in ("h2", "[data-testid=stVegaLiteChart]"):  # what is known of it stands beside the map, in view
        expect(page.locator(f".st-key-glance {part}").first).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-glance h2")).to_contain_text("Anggrek")
    expect(page.locator("iframe[title*='st_folium']")).to_be_in_viewport(ratio=1)
    settle(page)
    idle(frame)
    page.wait_for_timeout(800)  # a second message would be held back that long by the frame; no hurry can make one of it
    after = frame.locator("path[data-code='75.05.04']").bounding_box()
    assert before and after and abs(before["width"] - after["width"]) < 1
    assert page.evaluate("ektpWatch.sent") == sent + 1


def test_the_online_base_map_is_a_switch(sample: tuple[Page, Guard], server: Server) -> None:
    """The last on the page of the sample: the guard remembers what it asked for."""
    for path, allowed in (("/area_map", False), (FRAME, True)):
        with urllib.request.urlopen(server.url + path) as answer:
            assert (TILES in answer.headers["Content-Security-Policy"]) == allowed
    page, guard = sample
    look_as(page)
    at(page, inside="75.05.03")  # where the test before ends
    map_frame(page)
    assert guard.foreign == []
    page.route(f"{TILES}/**", lambda route: route.abort())
    unfold(page, "Lanjutan")
    with page.expect_request(f"{TILES}/**"):
        page.get_by_text("Peta dasar daring", exact=True).click()
    settle(page)
    assert guard.foreign and all(url.startswith(TILES) for url in guard.foreign)
    guard.foreign.clear()
    page.close()


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, opened_once: Opener) -> Iterator[tuple[Page, Guard, Server]]:
    """An app without the online base map, whose outlines have evil names, or are many; its page, opened once on the sample."""
    folder = tmp_path_factory.mktemp("odd")
    shapes = json.loads((ROOT / "data/boundaries/gorontalo_utara_kecamatan.geojson").read_text(encoding="utf-8"))
    shapes["features"][1]["properties"]["name"] = EVIL
    shapes["credit"] = EVIL
    file = folder / "jahat.geojson"
    file.write_text(json.dumps(shapes), encoding="utf-8")
    command(folder / "data", "boundaries", "import", str(file))
    # An older set in which the area with the evil name held another one, so that the page tells of the change.
    kept = {f["properties"]["code"]: f for f in shapes["features"]}
    whole = shapely.union_all([shapely.from_geojson(json.dumps(kept[code]["geometry"])) for code in ("75.05.02", "75.05.08")])
    kept["75.05.02"]["geometry"] = json.loads(shapely.to_geojson(whole))
    del kept["75.05.08"]
    file.write_text(json.dumps({**shapes, "valid_from": "2005", "features": list(kept.values())}), encoding="utf-8")
    command(folder / "data", "boundaries", "import", str(file))
    codes = [code for code in register().codes(Level.KECAMATAN) if code.startswith("35.")][: boundary_files.MANY + 1]
    boxes = [
        {
            "type": "Feature",
            "properties": {"kode": code, "nama": register().name(code)},
            "geometry": {"type": "Polygon", "coordinates": [[[x, y], [x + 0.1, y], [x + 0.1, y - 0.1], [x, y - 0.1], [x, y]]]},
        }
        for code, x, y in ((code, 111 + place % 25 / 10, -7 - place // 25 / 10) for place, code in enumerate(codes))
    ]
    (folder / "jatim.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": boxes}), encoding="utf-8")
    (folder / "jatim.csv").write_text(
        "area_code,as_of_date,eligible,unrecorded\n"
        + "".join(f"{code},2024-05-01,9000,{place}\n" for place, code in enumerate(codes)),
        encoding="utf-8",
    )
    command(folder / "data", "boundaries", "import", str(folder / "jatim.geojson"))
    command(folder / "data", "import", "--complete", "yes", str(folder / "jatim.csv"))  # the last areas send nothing
    with serve(folder / "data", EKTP_BASE_MAP="off") as running:
        yield *opened_once(f"{running.url}/area_map?lang=id&data=sample&area=75.05&shape=circles"), running


def test_a_name_is_text_everywhere_and_the_base_map_can_be_forbidden(odd: tuple[Page, Guard, Server], tmp_path: Path) -> None:
    page, guard, running = odd
    frame = map_frame(page, 22)  # the outlines, and the circles on them
    title = page.title()
    for drawn in frame.locator("path[data-code='75.05.02']").all():
        drawn.hover(force=True)
        assert frame.locator("img").count() == 0 and page.locator("img[src=x]").count() == 0
    assert EVIL in (frame.locator("path[data-code='75.05.02']").last.get_attribute("aria-label") or "")
    assert page.title() == title and guard.errors == []
    expect(page.get_by_text(f"dimekarkan dari {EVIL}")).to_have_count(1)  # said, as text
    unfold(page, "Tabel yang dapat diurutkan dan unduhan")
    for label, suffix in (("Peta (SVG)", "svg"), ("Peta (HTML)", "html")):
        document = tmp_path / f"x.{suffix}"
        document.write_bytes(take(page, label, tmp_path))
        other = page.context.new_page()
        other.goto(document.as_uri())
        if suffix == "html":
            other.wait_for_selector("path.leaflet-interactive")
        idle(other.main_frame)
        assert other.locator("img").count() == 0 and other.title() != "1"
        assert "{{ 7 * 191 }}{% end %}" in document.read_text(encoding="utf-8")
        other.close()
    with urllib.request.urlopen(running.url + FRAME) as answer:
        assert "http" not in answer.headers["Content-Security-Policy"]
    unfold(page, "Lanjutan")
    expect(page.get_by_label("Batas kelas sendiri")).to_be_visible()
    assert page.get_by_text("Peta dasar daring").count() == 0
    assert guard.foreign == []


def test_hundreds_of_areas_are_drawn_on_a_canvas(odd: tuple[Page, Guard, Server]) -> None:
    """The kecamatan of a provinsi: outlines come once as a file, a choice by keyboard and by mouse, and no second file."""
    page, guard, _ = odd
    go(page, "/area_map?lang=id&data=own&area=35&level=KECAMATAN&shape=outlines")
    page.wait_for_selector("iframe[title*='area_canvas']")
    frame = next(f for f in page.frames if "area_canvas" in f.url)
    drawn = "least => Number(document.getElementById('map').dataset.drawn || 0) > least"
    until(frame, drawn, arg=0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    frame.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    until(page, "() => (new URL(location).searchParams.get('inside') || '').startsWith('35.')")
    chosen = query(page, "inside")
    settle(page)
    frame.locator("canvas").click(position={"x": 150, "y": 120})
    until(page, "old => new URL(location).searchParams.get('inside') !== old", arg=chosen)
    settle(page)
    before = frame.evaluate("() => Number(document.getElementById('map').dataset.drawn)")
    page.get_by_text("Cakupan", exact=True).first.click()
    settle(page)
    until(frame, drawn, arg=before)
    page.locator("[data-legend-class=step1]").hover()
    expect(page.get_by_test_id("stDataFrame").last).to_be_visible()
    assert not any(".outlines/" in url for url in asked)
    assert axe(page) == [] and guard.foreign == [] and guard.errors == []
    assert page.get_by_test_id("stException").count() == 0
