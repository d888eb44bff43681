"""Two processes of the app over one PostgreSQL: what one takes in the other shows at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from ektp_analysis.access import gate, roster, tokens
from ektp_analysis.access.people import Role
from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores
from tests.browser.conftest import serve
from tests.browser.test_shared import HTML, PATIENCE, Visitor, see
from tests.engines import NewUrl
from tests.shared import OWN, PASSWORD, commit, inside, rows, start

pytestmark = pytest.mark.browser


def test_what_one_takes_in_the_other_shows_at_once(tmp_path: Path, new_postgres_url: NewUrl) -> None:
    url = new_postgres_url()
    with pytest.MonkeyPatch.context() as patch:
        start(patch, tmp_path, EKTP_DATABASE_URL=url)
        with gate.acting_as(gate.OPERATOR):
            commit(stores.own_store(), *(rows(code, unrecorded=311) for code in inside(OWN)), name="awal.csv")
            roster.add("loket")
            roster.grant("loket", Role.READER, OWN)
            roster.set_password("loket", PASSWORD)
            token, _ = tokens.add("sistem", Role.UPLOADER, OWN)
        stores.close_all()
    settings.cache_clear()
    given = {"EKTP_LOGIN": "accounts", "EKTP_LANGUAGE": "en", "EKTP_DATABASE_URL": url}
    with serve(tmp_path / "one", **given) as one, serve(tmp_path / "two", **given) as two:

        def sign_in(server: str, password: str) -> requests.Response:
            form = re.findall(r'name="form" value="([^"]+)"', browser.get(f"{server}/signin", timeout=PATIENCE).text)[0]
            fields = {"form": form, "name": "loket", "password": password}
            return browser.post(f"{server}/signin", data=fields, allow_redirects=False, timeout=PATIENCE)

        browser = requests.Session()
        assert sign_in(one.url, PASSWORD).status_code == 303
        loket = Visitor(two.url, {"Cookie": f"ektp_session={browser.cookies['ektp_session']}"})
        assert loket.get("/", **HTML).status_code == 200, "who came in at one is known to the other"
        with loket.line() as line:
            before = see(line, "position", f"area={OWN}").text
            assert f"{311 * len(inside(OWN)):,}" in before
            lines = [f"{code},2024-01-08,7000,197" for code in inside(OWN)]
            data = "\n".join(["area_code,as_of_date,eligible,unrecorded", *lines, ""])
            by, what = {"Authorization": f"Bearer {token}"}, {"name": "mingguan.csv"}
            base = f"{one.url}/api/v1/uploads"
            what["key"] = requests.post(base, data, headers=by, params=what, timeout=PATIENCE).json()["key"]
            done = requests.post(f"{base}/accept", data, headers=by, params=what, timeout=PATIENCE).json()
            assert done["status"] == "accepted", done
            said = requests.get(f"{two.url}/api/v1/status", headers=by, params={"area": OWN}, timeout=PATIENCE).json()
            assert (said["as_of_date"], said["totals"]["unrecorded"]) == ("2024-01-08", 197 * len(inside(OWN)))
            after = see(line, "position", f"area={OWN}").text
            assert f"{197 * len(inside(OWN)):,}" in after, "a page that was open shows it at its next step"
        found = [sign_in((one, two)[number % 2].url, f"falsch {number}").status_code for number in range(6)]
        assert found == [401] * 5 + [429] and sign_in(two.url, PASSWORD).status_code == 429, "tries are counted together"
