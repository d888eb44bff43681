"""Settings come from the environment and from .env; the README's table lists each."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from platformdirs import user_data_path

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import Settings, settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv("EKTP_" + name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_defaults() -> None:
    assert (settings().home_area, settings().language, settings().timezone) == ("75.05", "id", "Asia/Makassar")
    assert settings().data_dir == user_data_path("ektp-analysis", appauthor=False) and settings().base_map
    assert (settings().hosts, settings().office_name, settings().logo) == ("", "", None)
    assert settings().store_url.startswith("sqlite:///") and settings().store_url.endswith("ektp.sqlite")


def test_environment_outranks_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EKTP_HOME_AREA=3519\nEKTP_LANGUAGE=en\nEKTP_HOSTS=ektp.kantor.lan, 192.168.1.5\n")
    monkeypatch.setenv("EKTP_LANGUAGE", "id")
    assert (settings().home_area, settings().language) == ("35.19", "id")
    assert settings().host_names == ("ektp.kantor.lan", "192.168.1.5")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EKTP_HOME_AREA", "Gorontalo"),
        ("EKTP_LANGUAGE", "fr"),
        ("EKTP_TIMEZONE", "Mars/Base"),
        ("EKTP_TIMEZONE", "../x"),
        ("EKTP_HOSTS", "ektp.kantor.lan 192.168.1.5"),
    ],
)
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=name):
        settings()


def test_a_day_begins_and_ends_in_the_zone_of_the_settings_unless_a_day_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EKTP_TODAY", raising=False)
    found = []
    for zone in ("Etc/GMT+12", "Pacific/Kiritimati"):  # 26 hours from each other
        monkeypatch.setenv("EKTP_TIMEZONE", zone)
        settings.cache_clear()
        found.append(settings().day)
    assert found[0] < found[1]
    monkeypatch.setenv("EKTP_TODAY", "2023-06-20")
    settings.cache_clear()
    assert settings().day == date(2023, 6, 20)


def test_the_readme_lists_every_setting() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(EKTP_[A-Z_]+)` \|", readme, re.M))
    assert listed == {"EKTP_" + name.upper() for name in Settings.model_fields}
