"""Figures that grow old: no place that says a date says one before today, and each says how old its figures are.

One office, whose last figures are all of one day, is asked so many days later; each place is read back as its reader sees it.
"""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from ektp_analysis.__main__ import main
from ektp_analysis.core.settings import settings
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import imports, reports, stores
from tests.apps import AppTest, area_list, forget, strip
from tests.breadth import crossed
from tests.test_pages import start, texts
from tests.test_report_files import of_pdf, of_pptx

pytestmark = pytest.mark.usefixtures("projected_once")
KABUPATEN, QUICK, LAST = "75.05", "75.05.03", date(2024, 6, 3)
AGES = (0, 10, 40, 90, 190, 550)
SAID_FROM = 40  # of the ages, from which on the age is said: three weekly gaps and a month
GONE = {KABUPATEN: 550, QUICK: 190}  # from which on no date is said; of QUICK the last 60 people go at five a week
IDLE, UNSEEN = "any date would be a guess", "the target has been reached since then, unreported"
TOO_OLD = re.compile(rf"{IDLE}|\(figures too old\)")
DAY = re.compile(rf"\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])}) 20\d\d")
AHEAD = ("reached between", "hardly before", "likely reached on", "outcomes come by", "Chance of", "Filled: by")


@pytest.fixture(scope="module", autouse=True)
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Thirty weeks of three kecamatan, taken in as a file; two of them go on for long."""
    lines = ["kode;per tanggal;wajib ktp;belum rekam"]
    for week in range(30):
        for code, left, pace in (("75.05.01", 500, 10), ("75.05.02", 560, 10), (QUICK, 60, 5)):
            lines.append(f"{code};{LAST - timedelta(weeks=week)};6000;{left + pace * week}")
    data = "\n".join(lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EKTP_DATA_DIR", str(tmp_path_factory.mktemp("old")))
        patch.setenv("EKTP_LANGUAGE", "en")
        patch.delenv("EKTP_DATABASE_URL", raising=False)
        forget()
        report = imports.read(data, "mingguan.csv", Choices())
        imports.commit(report, data, uploader="petugas")
        yield
        forget()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], date]:
    """``later(age)``: the office so many days after its last figures; what was kept of other days is still kept."""

    def later(age: int) -> date:
        today = LAST + timedelta(days=age)
        monkeypatch.setenv("EKTP_TODAY", today.isoformat())
        settings.cache_clear()
        return today

    return later


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def days_of(text: str) -> list[date]:
    return [datetime.strptime(found, "%d %B %Y").date() for found in DAY.findall(plain(text))]


def promised(lines: list[str]) -> list[date]:
    """The days of those sentences that are about what lies ahead."""
    return [one for line in lines if any(word in plain(line) for word in AHEAD) for one in days_of(line)]


def lines_of(app: AppTest) -> list[str]:
    return [str(one.value) for kind in ("title", "caption", "markdown") for one in getattr(app, kind) if "|" not in one.value]


def deadline(app: AppTest) -> date:
    """The day whose chance a page asks for."""
    (chosen,) = [app.query_params["by"]] if isinstance(app.query_params["by"], str) else app.query_params["by"]
    return date.fromisoformat(chosen)


def aged(age: int, area: str) -> tuple[str, bool, bool]:
    """How the sentence on the age begins, whether it is said at all, and whether it stands in place of any date."""
    return f"The latest figure is of 3 June 2024, {age} days ago", age >= SAID_FROM, age >= GONE[area]


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments, "--lang", "en"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("age", "area"), crossed(AGES, GONE))
def test_the_page_proyeksi(later: Callable[[int], date], age: int, area: str) -> None:
    target = {KABUPATEN: "99.4", QUICK: "zero"}[area]
    today, (said, old, gone) = later(age), aged(age, area)
    app = start("projection.py", lang="en", area=area, target=target)
    text, found = plain(texts(app)), promised(lines_of(app))
    assert (said in text) is old and (IDLE in text) is gone and (UNSEEN in text) is (old and not gone)
    assert bool(found) is not gone and all(day >= today for day in found)
    if not gone:  # the table, which is the file to take away, too
        told = days_of(" ".join(map(str, app.dataframe[0].value.to_numpy().ravel())))
        assert len(told) > 10 and all(day >= today for day in told)
        assert deadline(app) >= today


def test_what_is_opened_on_the_page_counts_from_today(later: Callable[[int], date]) -> None:
    today = later(90)
    app = start("projection.py", lang="en", area=QUICK, target="zero", rate="10")
    app.session_state["what_if"] = app.session_state["river_of_dates"] = True
    app.run()
    lines = [str(one.value) for one in app.markdown]
    (assumed,) = (line for line in lines if "Assuming" in line and "recorded every day" in line)
    assert days_of(assumed) == [today, today + timedelta(days=6)]  # 60 people, ten a day
    (moved,) = (line for line in lines if "ven chances" in line)
    assert plain(moved).endswith(", as seen on 3 June 2024**")
    later(190)
    app = start("projection.py", lang="en", area=KABUPATEN, target="99.4")
    app.session_state["inside_areas"] = True
    app.run()
    assert not app.exception and "figures too old" in plain(texts(app))


@pytest.mark.parametrize("age", [0, 190, 550])
def test_the_page_posisi(later: Callable[[int], date], age: int) -> None:
    today, (said, old, gone) = later(age), aged(age, KABUPATEN)
    app = start("position.py", lang="en", area=KABUPATEN)
    app.session_state["details"] = True
    app.run()
    text, found = plain(texts(app)), promised(lines_of(app))
    assert bool(found) is not gone and all(day >= today for day in found)
    listed = " ".join(str(row["expected"]) for row in area_list(app)["rows"])
    assert ("±" in listed) is not gone and (said in text and IDLE in text) is gone
    assert old or said not in text
    assert f"{age} days ago" in strip(app) or age == 0


@pytest.mark.parametrize("age", AGES)
def test_the_map_counts_days_from_today(later: Callable[[int], date], age: int, capsys: pytest.CaptureFixture[str]) -> None:
    today, (_said, old, gone) = later(age), aged(age, KABUPATEN)
    text = texts(start("area_map.py", lang="en", area=KABUPATEN, show="days"))
    assert (f"the figures of 3 areas are {age} days old or more" in plain(text)) is old
    assert ("no date can be given" in plain(text)) is gone and ("no pace" not in plain(text))
    row = next(line for line in text.splitlines() if line.startswith("| Kwandang"))
    said = json.loads(asked(capsys, "project", "--area", "75.05.02", "--target", "99.4", "--json"))["quantiles"].get("0.50")
    expected = "Figure outdated" if said is None else str((date.fromisoformat(said) - today).days)
    assert row.split("|")[4].strip() == expected
    assert ("| Figure outdated |" in text) is (age >= 90)  # Anggrek has mostly reached 99.40 % by then
    if age in (0, 190, 550):
        app = start("area_map.py", lang="en", area=KABUPATEN, show="probability")
        assert (f"the figures of 3 areas are {age} days old or more" in plain(texts(app))) is old
        assert deadline(app) >= today


@pytest.mark.parametrize(("age", "kind"), crossed([10, 40, 90, 550], ["pptx", "one-pager pdf", "xlsx"]))
def test_slides_one_pager_and_workbook(later: Callable[[int], date], age: int, kind: str) -> None:
    today, (said, old, gone) = later(age), aged(age, QUICK)
    deck = reports.deck(stores.current(), QUICK)
    assert all(day >= today for day, _label in deck.state.dates)
    if kind != "xlsx":
        text = {"pptx": of_pptx, "one-pager pdf": of_pdf}[kind](reports.file(deck, kind, "en"))
        assert (said in plain(text)) is old and bool(TOO_OLD.search(plain(text))) is (age >= 90)  # from 90 days on of the 99.40 %
        assert (UNSEEN in plain(text)) is (old and not gone)
        found = promised(re.split(r"\n(?=[A-Z0-9])", text))
        assert bool(found) is not gone and all(day >= today for day in found)
        return
    book = openpyxl.load_workbook(io.BytesIO(reports.file(deck, "xlsx", "en")))
    cells = [cell.value for row in book["Projection"].iter_rows() for cell in row]
    days = [one.date() for one in cells if isinstance(one, datetime)]
    assert bool(days) is not gone and all(day >= today for day in days)
    told = plain(" ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row))
    assert (said in told) is old and (IDLE in told) is (age >= 90)


@pytest.mark.parametrize(("age", "area"), crossed(AGES, GONE))
def test_the_command_line(later: Callable[[int], date], age: int, area: str, capsys: pytest.CaptureFixture[str]) -> None:
    today, (said, old, gone) = later(age), aged(age, area)
    call = ("project", "--area", area, "--by", (today + timedelta(days=30)).isoformat(), "--by", "2024-06-05")
    found: dict[str, Any] = json.loads(asked(capsys, *call, "--json"))
    days = [date.fromisoformat(day) for day in found["quantiles"].values() if day != "not_reached"]
    assert bool(days) is not gone and all(day >= today for day in days)
    assert (found["reason"] or {}).get("code") == ("too_old" if gone else None)
    told = asked(capsys, *call)
    text = plain(told)
    assert (said in text) is old and (IDLE in text) is gone and (UNSEEN in text) is (old and not gone)
    assert all(day >= today for day in promised(told.splitlines()) if day != date(2024, 6, 5))
    assert ("5 June 2024 has passed" in text) is (age > 2 and not gone)
    assert all(day <= LAST for day in days_of(asked(capsys, "status", "--area", area)))  # it says what was, not what comes


def test_in_indonesian(later: Callable[[int], date]) -> None:
    later(40)
    text = plain(texts(start("projection.py", lang="id", area=QUICK, target="zero")))
    assert "Angka terakhir per 3 Juni 2024, 40 hari yang lalu; peluang target sudah tercapai sejak itu" in text
    assert "angka 3 wilayah sudah berumur 40 hari atau lebih" in plain(
        texts(start("area_map.py", lang="id", area=KABUPATEN, show="days"))
    )
    later(550)
    text = plain(texts(start("projection.py", lang="id", area=QUICK, target="zero")))
    assert "Angka terakhir per 3 Juni 2024, 550 hari yang lalu: tanggal apa pun hanya akan menjadi tebakan" in text


def test_the_sample_and_a_day_of_the_past_say_what_they_said_then(
    later: Callable[[int], date], capsys: pytest.CaptureFixture[str]
) -> None:
    later(0)
    fresh = reports.deck(stores.current(), KABUPATEN, on=LAST)
    before, now = fresh.state.to_zero, datetime.now(settings().zone).date().isoformat()
    then = asked(capsys, "project", "--area", KABUPATEN, "--known-at", now, "--json")
    later(550)
    assert reports.deck(stores.current(), KABUPATEN, on=LAST).state.to_zero.quantiles == before.quantiles
    assert asked(capsys, "project", "--area", KABUPATEN, "--known-at", now, "--json") == then
    sample = plain(texts(start("projection.py", lang="en", area=KABUPATEN, data="sample", target="zero")))
    assert "days ago" not in sample and "Kabupaten Gorontalo Utara: full recording" in sample
    on = plain(texts(start("projection.py", lang="en", area=KABUPATEN, on=LAST.isoformat(), target="zero")))
    assert "days ago" not in on and IDLE not in on
