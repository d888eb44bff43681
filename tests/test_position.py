"""The page Posisi: that it says what Proyeksi and Peta say, and which area opens first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ektp_analysis.core.area import register
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Text
from ektp_analysis.office import identity, stores
from tests.apps import area_list, strip
from tests.spec.measures_cases import KABUPATEN
from tests.test_narrative_position import said
from tests.test_pages import Run, enter, forget, start, take_in, texts
from tests.test_projection_abreast import LAST, ONE, THREE, TWO, weekly


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The app with a data folder of its own, on the day after the last figures."""
    forget()
    monkeypatch.setenv("EKTP_TODAY", (LAST + timedelta(days=1)).isoformat())
    enter(tmp_path, monkeypatch)
    yield start
    forget()


def office(text_rows: list[tuple[str, date, int, int]], name: str = "week.csv") -> None:
    take_in("\n".join(["area_code,as_of_date,eligible,unrecorded", *(",".join(map(str, one)) for one in text_rows), ""]), name)


def test_a_row_says_what_the_area_says_on_its_own_page_and_the_plan_stands_beside_the_number(run: Run) -> None:
    """The one whose list grew in a step, and the one that has an aim of its own."""
    store, set_at = stores.own_store(), datetime(2024, 5, 6, tzinfo=UTC)
    store.set_aim(KABUPATEN, ZERO, date(2024, 12, 31), "", by="petugas", at=set_at)
    store.set_aim(ONE, Target.parse("99"), date(2024, 9, 30), "", by="petugas", at=set_at)
    office(weekly())
    app = run("position.py", lang="en", area=KABUPATEN, inside=THREE)
    shown = area_list(app)
    by_code = {row["code"]: row for row in shown["rows"]}
    assert shown["chosen"] == THREE and "Kecamatan Anggrek: 300 residents unrecorded, by the plan" in app.header[0].value
    assert "621 residents unrecorded" in app.title[0].value and "by the plan" in app.title[0].value
    assert "silent 21 days" in str(by_code[TWO]["cells"]) and "Kwandang" in strip(app)
    assert "31 Dec 2024" in shown["columns"][4]["label"].replace("\N{NO-BREAK SPACE}", " ")
    assert shown["columns"][3]["label"].replace("\N{NO-BREAK SPACE}", " ") == "Pace a day (7–28 days)"
    assert [by_code[code]["cells"][4].get("mark") for code in (ONE, THREE)] == ["*", None]
    for code in (ONE, THREE):
        page = run("projection.py", lang="en", area=code)
        paces = [one.value.removesuffix(" a day") for one in page.metric][:2]
        assert [by_code[code]["pace"], by_code[code]["required"]] == paces, code
        if code != ONE:  # whose page is about its own aim
            assert page.title[0].value.endswith(by_code[code]["cells"][5]["title"][1:])


@pytest.mark.parametrize(
    ("area", "rows_", "heads", "chips"),
    [
        (
            "75.05.03.2001",
            [("75.05.03.2001", LAST, 900, 40)],
            "40 residents unrecorded. No date yet",
            "reported for the area itself",
        ),
        (
            KABUPATEN,
            [(KABUPATEN, LAST, 9000, 0)],
            "nobody unrecorded. Target 99.40%: reached on 3 June 2024",
            "as of 3 june 2024",
        ),
        (
            KABUPATEN,
            [(ONE, LAST, 900, 40)],
            "40 residents unrecorded in 1 of 11 kecamatan",
            "only 1 of 11 kecamatan have ever reported",
        ),
    ],
)
def test_a_desa_a_total_alone_and_a_single_snapshot(
    run: Run, area: str, rows_: list[tuple[str, date, int, int]], heads: str, chips: str
) -> None:
    office(rows_)
    app = run("position.py", lang="en", area=area)
    assert heads.lower() in said(Text(app.title[0].value)).lower() and chips in strip(app).lower()
    inside = any(code != area for code, *_ in rows_)
    assert len(app.get("bidi_component")) == inside
    assert ("none of 11 kecamatan has ever reported" in texts(app).lower()) is (area == KABUPATEN and not inside)
    assert not app.error


def test_who_comes_back_from_a_kecamatan_finds_the_kecamatan(run: Run) -> None:
    """In one there are desa alone, so that nobody chose them."""
    office([*((desa, LAST, 900, 40) for desa in register().children(ONE)), (TWO, LAST, 700, 20)])
    app, listed = run("position.py", lang="en", area=ONE), list[int]()
    for area, level in ((KABUPATEN, ""), (KABUPATEN, "DESA"), (ONE, ""), (KABUPATEN, "")):
        app.query_params["area"] = area
        if level:
            app.query_params["level"] = level
        app.run()
        (length,) = {len(row["code"]) for row in area_list(app)["rows"]}
        listed.append(length)
    assert listed == [8, 13, 13, 13], "but who chose desa on Peta finds them again"


def test_which_area_opens_first_is_asked_once_and_kept(run: Run) -> None:
    office([(ONE, LAST, 900, 40), ("71.02.01", LAST, 900, 70)])
    app = run("position.py", lang="en")
    assert app.query_params["area"] in (["75.05"], "75.05")  # the setting, as long as nobody chose
    app.selectbox(key="home_area").set_value("71.02").run()
    app.button(key="home_kept").click().run()
    assert app.query_params["area"] in (["71.02"], "71.02") and "70 residents" in app.title[0].value
    assert identity.home_area() == "71.02" and not [one for one in app.selectbox if one.key == "home_area"]
    assert stores.opening_area(stores.current()) == "71.02"


def test_a_home_that_the_setting_names_is_not_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    office([(ONE, LAST, 900, 40), ("71.02.01", LAST, 900, 70)])
    assert stores.homes(stores.current()) == ("71.02", "75.05")
    monkeypatch.setenv("EKTP_HOME_AREA", "71.02")
    settings.cache_clear()
    assert stores.homes(stores.current()) == () and identity.home_area() == "71.02"
