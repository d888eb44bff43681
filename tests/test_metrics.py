"""/metrics: numbers for whoever shows the token, nothing for anybody else, and no name of an area, a person or a file in them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ektp_analysis import server
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import LEAST_TOKEN, settings
from ektp_analysis.office import scheduled, stores
from tests.conftest import Said
from tests.test_serving import get, running

TOKEN = "T0ken-of-the-office"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder that is watched."""
    for name, value in {"DATA_DIR": str(tmp_path), "LANGUAGE": "en", "UPLOADER": "petugas", "METRICS_TOKEN": TOKEN}.items():
        monkeypatch.setenv(f"EKTP_{name}", value)
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    monkeypatch.delenv("EKTP_LOGIN", raising=False)
    settings.cache_clear()
    server.watched.cache_clear()
    yield tmp_path
    stores.close_all()
    settings.cache_clear()
    server.watched.cache_clear()


@pytest.fixture
def port(data: Path) -> Iterator[int]:
    yield from running(server.routes(), server.middleware()[:4])  # all but how answers travel


def numbers(port: int) -> dict[str, float]:
    """What the address says: name with its labels -> number."""
    status, headers, body = get(port, "/metrics", **SHOWN)
    assert status == 200 and headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    found: dict[str, float] = {}
    described: set[str] = set()
    for line in body.decode().splitlines():
        told = re.fullmatch(r"# (HELP|TYPE) (ektp_[a-z_]+) (.+)", line)
        if told:
            described.add(f"{told[1]} {told[2]}")
            assert told[1] == "HELP" or told[3] == ("counter" if told[2].endswith("_total") else "gauge")
            continue
        value = re.fullmatch(r'((ektp_[a-z_]+)(?:\{[a-z]+="[\w.]+"\})?) (\S+)', line)
        assert value and {f"HELP {value[2]}", f"TYPE {value[2]}"} <= described, line
        found[value[1]] = float(value[3])
    return found


def test_only_who_shows_the_token_sees_that_there_is_such_an_address(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for shown in ("", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"bearer {TOKEN}", "Bearer ", "Bearer é"):
        answer = get(port, "/metrics", **({"Authorization": shown} if shown else {}))
        assert (answer[0], answer[2]) == (404, b"There is nothing at this address."), shown
    assert get(port, f"/metrics?token={TOKEN}")[0] == 404, "what stands in addresses stands in logs"
    assert get(port, "/metrics", **SHOWN)[0] == 200
    monkeypatch.setenv("EKTP_METRICS_TOKEN", "")
    settings.cache_clear()
    for shown in ("Bearer ", f"Bearer {TOKEN}"):
        assert get(port, "/metrics", Authorization=shown)[0] == 404, "no token, no address"


@pytest.mark.parametrize(
    ("token", "taken"), [("", True), ("x" * (LEAST_TOKEN - 1), False), ("x" * LEAST_TOKEN, True), ("ä" * 20, False)]
)
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKTP_METRICS_TOKEN", token)
    settings.cache_clear()
    try:
        assert settings().metrics_token == token and taken
        assert not token or token not in repr(settings())
    except UserError as error:
        assert not taken and "EKTP_METRICS_TOKEN" in str(error) and token not in str(error)
    finally:
        settings.cache_clear()


def test_the_numbers_are_those_of_the_store_the_server_and_the_commands(
    data: Path, port: int, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = numbers(port)
    assert before["ektp_store_up"] == 0 and "ektp_store_bytes" not in before, "there is none yet"
    began = time.time()
    week = data / "rahasia-petugas.csv"
    week.write_text("kode;per tanggal;wajib ktp;belum rekam\n75.05.01;2023-06-20;9000;862\n")
    assert said("import", str(week))[0] == 0
    assert said("--lang", "id", "import", str(data / "nothing.csv"))[0] == 2
    assert said("backup", str(data / "copies"))[0] == 0
    assert said("status")[0] == 0, "what a person asks is not counted"
    get(port, "/slides/show/state?area=75.05")
    now = numbers(port)
    assert (now["ektp_store_up"], now["ektp_store_batches"]) == (1, 1)
    assert now["ektp_store_bytes"] == (data / "ektp.sqlite").stat().st_size
    moments = [now[f"ektp_last_{what}_timestamp_seconds"] for what in ("import", "backup")]
    assert began - 1 <= moments[0] <= moments[1] <= time.time()
    told = {
        name: [now[f'ektp_command_{name}{{command="{of}"}}'] for of in ("import", "backup")]
        for name in ("last_exit_code", "runs_total", "failures_total")
    }
    assert told == {"last_exit_code": [2, 0], "runs_total": [2, 1], "failures_total": [1, 0]}
    assert began - 1 <= now['ektp_command_last_run_timestamp_seconds{command="import"}'] <= time.time()
    assert {name for name in now if "command=" in name and "import" not in name and "backup" not in name} == set()
    assert now['ektp_requests_total{status="2xx"}'] == 2 and now["ektp_sessions_open"] == 0
    assert (now["ektp_sessions_most"], now['ektp_queue{kind="slides"}'], now['ektp_queue_most{kind="slides"}']) == (200, 0, 9)
    assert (now['ektp_queue{kind="made"}'], now['ektp_queue_most{kind="made"}']) == (0, 22)
    body = get(port, "/metrics", **SHOWN)[2].decode()
    assert not re.search(r"75|petugas|rahasia|Gorontalo", re.sub(r" [\d.e+]+$", "", body, flags=re.M)), "no area, person, file"

    monkeypatch.setenv("EKTP_LOGIN", "accounts")
    settings.cache_clear()
    assert get(port, "/metrics")[0] == 404 and get(port, "/slides/show/state?area=75.05")[0] == 401
    shared = numbers(port)
    assert [shared[f"ektp_{name}"] for name in ("store_batches", "last_import_timestamp_seconds")] == [1, moments[0]]

    (data / "ektp.sqlite").rename(data / "away.sqlite")
    stores.close_all()
    assert numbers(port)["ektp_store_up"] == 0, "a lost store is seen"


def test_what_is_full_is_seen_and_what_is_spoilt_is_left_out(data: Path, port: int) -> None:
    watched = server.watched()
    watched.sessions.take("10.0.0.1")
    watched.queues["slides"].take("10.0.0.1")
    (data / "office").mkdir()
    (data / "office" / "ended-backup.json").write_text('{"at": "yesterday", "code": 0, "runs": 1, "failures": 0}')
    now = numbers(port)
    assert (now["ektp_sessions_open"], now['ektp_queue{kind="slides"}']) == (1, 1)
    assert not [name for name in now if "command" in name]


def test_nothing_is_kept_where_nobody_watches(data: Path, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    said("verify")
    assert (data / "office" / "ended-verify.json").is_file() and scheduled.told()["verify"].code == 1
    for code, failures in ((0, 0), (4, 0), (3, 1), (130, 2)):  # 4: something new was told
        scheduled.tell(["alerts"], code, datetime(2026, 1, 5, tzinfo=UTC))
        assert scheduled.told()["alerts"].failures == failures
    monkeypatch.setenv("EKTP_METRICS_TOKEN", "")
    settings.cache_clear()
    (data / "office" / "ended-verify.json").unlink()
    said("verify")
    assert "verify" not in scheduled.told()
