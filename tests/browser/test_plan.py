"""A plan opened by its link after two further snapshots: planned against done to the digit, the rest by keyboard, for all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Opener, axe, command, look_as, serve, settle
from tests.browser.test_keyboard import go_to

pytestmark = pytest.mark.browser
SPLIT = {"01": 57, "02": 126, "03": 72, "04": 51, "05": 48, "06": 45, "07": 44, "08": 19, "09": 33, "10": 25, "11": 34}
VISITS = (  # day, area, teams, came, recorded
    ("2023-06-21", "75.05.05", 2, 30, 27),
    ("2023-06-22", "75.05.05", 1, 9, 9),
    ("2023-06-26", "75.05.02", 2, 50, 41),
    ("2023-06-27", "75.05.10", 1, 15, ""),
)


def test_a_plan_is_held_against_what_was_done_and_its_rest_planned_anew(tmp_path: Path, opened: Opener) -> None:
    data = tmp_path / "own"
    earlier = (("2023-06-13", 1.2), ("2023-06-20", 1.0))
    command(data, "import", *(str(snapshot(tmp_path, day, share)) for day, share in earlier))
    plan = ("plan", "--area", "75.05", "--teams", "4", "--from", "2023-06-21", "--by", "2023-07-31")
    made = json.loads(command(data, *plan, "--scenario", "Sapuan Juni", "--json"))
    later = (("2023-06-27", 0.86), ("2023-07-04", 0.7))
    command(data, "import", *(str(snapshot(tmp_path, day, share)) for day, share in later))
    log = tmp_path / "kunjungan.csv"
    rows = [f"{day},{area},balai desa,{teams},{came},{recorded}" for day, area, teams, came, recorded in VISITS]
    log.write_text("\n".join(["tanggal,wilayah,tempat,tim,datang,terekam", *rows, ""]))
    command(data, "visits", "import", str(log))
    due = [one for one in made["plan"]["assignments"] if one["day"] <= "2023-07-04" and one["work"] == "visit"]
    left = sum(round(n * 0.7) for n in SPLIT.values())
    said = (
        f"Direncanakan sampai 4 Juli 2023: {len(due)} hari tim, sekitar {round(sum(one['expected'] for one in due))} terekam; "
        "terlaksana: 6 hari tim, 77 terekam; 1 kunjungan tidak menyebutkan jumlah"
    )
    with serve(data, EKTP_TODAY="2023-07-05") as running:
        page, guard = opened(f"{running.url}/plan?lang=id&scenario={made['scenario']['scenario']}")
        expect(page.locator("h1")).to_have_text(made_heading(page))
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_text(f"dalam data per 4 Juli 2023: {left}").first).to_be_visible()  # today, by the plan of today
        done = page.locator(".st-key-plan_done")
        for area, planned in (("Tolinggula", "75.05.05"), ("Kwandang", "75.05.02")):
            cells = done.get_by_role("row", name=area).get_by_role("cell").all_inner_texts()
            mine = [visit for visit in VISITS if visit[1] == planned]
            due_here = [one for one in due if one["area"] == planned]
            assert cells[1:3] == [str(len(due_here)), str(sum(visit[2] for visit in mine))]
            assert cells[3:5] == [str(round(sum(one["expected"] for one in due_here))), str(sum(int(visit[4]) for visit in mine))]
        assert done.get_by_role("row", name="Biau").get_by_role("cell").all_inner_texts()[4] == "–"  # not said is not 0

        go_to(page, "Susun ulang sisanya")
        page.keyboard.press("Enter")
        rest = page.locator(".st-key-plan_rest_shown")
        expect(rest.get_by_role("heading", name="Sisanya, disusun ulang")).to_be_visible()
        settle(page)
        assert "hari tim dari 5 Juli 2023 sampai 31 Juli 2023" in rest.inner_text()
        rest.get_by_label("Nama rencana").fill("Sisa Juli")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Rencana tersimpan: Sisa Juli")).to_be_visible()
        settle(page)
        assert axe(page, within="[data-testid=stMain]") == []
        look_as(page, "phone", dark=True)
        settle(page)
        assert axe(page) == []
        page.locator("iframe[title*=st_folium]").scroll_into_view_if_needed()
        settle(page)
        numbers = labels(page)
        assert sorted(numbers) == sorted(str(n) for n in range(1, len(numbers) + 1)) and len(numbers) >= 6
        assert page.evaluate("() => document.documentElement.scrollWidth") <= SIZES["phone"][0]
        assert guard.foreign == guard.errors == []
    kept = [json.loads(line)["name"] for line in command(data, "plan", "--area", "75.05", "--list", "--json").splitlines()]
    assert kept == ["Sisa Juli", "Sapuan Juni"]  # the plan that was made stays as it was
    again = json.loads(command(data, "plan", "--area", "75.05", "--scenario", "Sapuan Juni", "--json"))
    assert again["plan"] == made["plan"] and date.fromisoformat(again["done"]["on"]) == date(2023, 7, 4)


def made_heading(page: Page) -> str:
    """The heading of the page, once it is there."""
    heading = page.locator("h1")
    expect(heading).to_contain_text("Dengan 4 tim sekitar")
    return heading.inner_text()


def labels(page: Page) -> list[str]:
    """The number of each area on the map of the order; each stands there, and none of what is written lies over another."""
    frame = next(one for one in page.frames if one.locator(".ektp-name").count())
    seen = frame.evaluate(
        """() => [...document.querySelectorAll(".ektp-name")].filter(one => one.style.visibility === "visible").map(one => {
            const box = one.firstElementChild.getBoundingClientRect();
            return [one.firstElementChild.firstChild.textContent, box.left, box.right, box.top + 2, box.bottom];
        })"""
    )
    boxes = [one[1:] for one in seen]
    assert not any(
        a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3] for n, a in enumerate(boxes) for b in boxes[n + 1 :]
    )
    return [str(one[0]) for one in seen]


def snapshot(folder: Path, day: str, share: float) -> Path:
    """A snapshot of the eleven kecamatan in which so large a share of those of 20 June is left."""
    rows = [f"75.05.{code};{day};9000;{round(n * share)}" for code, n in SPLIT.items()]
    file = folder / f"{day}.csv"
    file.write_text("\n".join(["kode;per tanggal;wajib ktp;belum rekam", *rows]))
    return file
