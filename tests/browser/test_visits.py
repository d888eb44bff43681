"""A visit typed in on a phone, in a real browser: in under a minute, and what stands in the store is what was typed."""

from __future__ import annotations

import csv
import io
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Opener, Server, axe, command, settle, unfold

pytestmark = pytest.mark.browser
A_MINUTE = 60.0  # seconds that a visit may take; the clock runs for the typing and the server, not for the start
A_LETTER = 150  # ms between letters, as thumbs type


def test_a_visit_is_typed_in_on_a_phone_in_under_a_minute(own_server: Server, opened: Opener) -> None:
    page, guard = opened(f"{own_server.url}/data?lang=id", size="phone")
    begun = time.monotonic()
    unfold(page, "Catat kunjungan dari lapangan")
    form = page.locator(".st-key-visit_form")
    form.get_by_role("combobox", name="Wilayah").click()
    page.keyboard.type("moluo", delay=A_LETTER)
    page.get_by_role("option", name="Moluo (Desa, Kwandang)").click()
    form.get_by_role("radio", name="Sekolah").click()
    for label, count in (("Datang", "42"), ("Terekam", "38")):
        form.get_by_label(label, exact=True).click()
        page.keyboard.type(count, delay=A_LETTER)
    form.get_by_role("button", name="Simpan kunjungan").click()
    expect(form.get_by_text("Kunjungan tersimpan: Desa Moluo, 38 terekam")).to_be_visible()
    assert time.monotonic() - begun < A_MINUTE
    settle(page)
    # nothing has to be moved sideways, everything can be used by all, and 'Lanjutan' has room for two side by side
    form.locator(".st-key-visit_more summary").click()
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= SIZES["phone"][0]
    first, second = (form.get_by_label(name, exact=True).bounding_box() for name in ("Tim", "Alat"))
    assert first and second and first["y"] == second["y"]
    assert axe(page) == [] and guard.foreign == guard.errors == []
    (row,) = csv.DictReader(io.StringIO(command(own_server.data, "export", "visits")))
    said = {name: row[name] for name in ("area_code", "place", "came", "recorded", "invited", "dead")}
    assert said == {"area_code": "75.05.02.2006", "place": "school", "came": "42", "recorded": "38", "invited": "", "dead": ""}
