"""Alerts as an office meets them: told once by the command, mailed from cron, seen and closed on Posisi."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores, watch
from tests.apps import AppTest, start, strip
from tests.spec.measures_cases import KABUPATEN, KECAMATAN
from tests.test_cli import NBSP, Run, run
from tests.test_pages import take_in

__all__ = ["run"]  # the fixture

pytestmark = pytest.mark.usefixtures("projected_once")
ONE, TWO, HERE = KECAMATAN[0], KECAMATAN[1], KECAMATAN[2]
FIRST = date(2024, 1, 1)
ROOT = Path(__file__).resolve().parent.parent
SILENT = f"silent:{TWO}:{FIRST + timedelta(weeks=7)}"


def day(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def weekly(code: str, left: Sequence[int], begin: int = 0) -> list[str]:
    return [f"{code},{day(begin + week)},9013,{people}" for week, people in enumerate(left)]


def office(patch: pytest.MonkeyPatch, rows: list[str], last: int) -> None:
    """The rows taken in, and seen on the day after the snapshot of a week."""
    patch.setenv("EKTP_TODAY", (day(last) + timedelta(days=1)).isoformat())
    settings.cache_clear()
    take_in("\n".join(["area_code,as_of_date,eligible,unrecorded", *rows, ""]), f"week{last}.csv")


@pytest.fixture
def silent(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Twelve weeks of two kecamatan, of which one is silent for four."""
    rows = [*weekly(ONE, [203 - 7 * week for week in range(12)]), *weekly(TWO, [303 - 7 * week for week in range(8)])]
    office(monkeypatch, rows, 11)
    return run


def test_each_is_told_once_and_then_that_there_is_nothing_new(silent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = silent("alerts", "--all", "--json", "--area", KABUPATEN)
    assert (listed.code, listed.json["new"], [one["new"] for one in listed.json["alerts"]]) == (4, 1, [True])
    for most, asked in ((2, True), (1, False)):  # two kecamatan have a history
        with monkeypatch.context() as few_answers:
            few_answers.setattr(watch, "MOST", most)
            few = silent("alerts", "--all")
        assert ("Stalls were not looked for" in few.err) is not asked and SILENT in few.out
    nowhere = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - it cannot be closed without an error
    with monkeypatch.context() as full:
        full.setattr(sys, "stdout", nowhere)
        assert silent("alerts").code == 3  # what could not be written was not told
    with contextlib.suppress(OSError):
        nowhere.close()
    first = silent("alerts")
    assert (
        first.code == 4
        and SILENT in first.out
        and "no figures since 19 February 2024, for 28 days" in first.out.replace(NBSP, " ")
    )
    again = silent("alerts")
    assert (again.code, again.out) == (0, "Kabupaten Gorontalo Utara: no new alert\n")
    assert silent("alerts", "--json").json["alerts"] == []
    every = silent("alerts", "--all", "--json")
    (one,) = every.json["alerts"]
    assert every.code == 0 and (one["key"], one["kind"], one["since"], one["new"]) == (
        SILENT,
        "silent",
        day(7).isoformat(),
        False,
    )
    assert one["figures"] == {"days": 28, "usual": 7.0} and one["severity"] == "figures" and one["threshold"] == 3
    assert silent("verify").code == 0
    # A week later it is the same; once it has reported it is none; silent again it is another.
    office(monkeypatch, weekly(ONE, [123], 12), 12)
    assert silent("alerts").code == 0 and SILENT in silent("alerts", "--all").out
    office(monkeypatch, [*weekly(ONE, [113], 13), *weekly(TWO, [223], 13)], 13)
    assert "no alert is open" in silent("alerts", "--all").out
    office(monkeypatch, weekly(ONE, [106, 99, 92, 85, 78, 71], 14), 19)
    assert f"silent:{TWO}:{day(13)}" in silent("alerts").out
    nothing = silent("alerts", "--area", "75.01")
    assert nothing.code == 0 and "no figures, so nothing was looked for" in nothing.out


def test_seen_closed_and_opened_again_by_the_command(silent: Run) -> None:
    assert silent("alerts", "see", SILENT).code == 0  # by whom it was seen, it need not be told
    assert silent("alerts").code == 0
    shown = silent("alerts", "--all").out
    assert "Seen by petugas on" in shown and SILENT in shown
    assert silent("alerts", "close", SILENT, "--reason", "  ").code == 1
    told = silent("alerts", "close", SILENT, "--reason", "NIK 7505034101900001")
    assert told.code == 1 and "personal number" in told.err
    assert "at most 300" in silent("alerts", "close", SILENT, "--reason", "x" * 301).err
    assert silent("alerts", "close", SILENT).code == 2
    closed = silent("alerts", "close", SILENT, "--reason", "kantor  pindah", "--json").json
    assert (closed["event"], closed["by"], closed["reason"]) == ("closed", "petugas", "kantor pindah")
    assert "no alert is open" in silent("alerts", "--all").out and silent("alerts").code == 0
    assert silent("alerts", "reopen", SILENT).code == 0 and SILENT in silent("alerts", "--all").out
    other = silent("alerts", "see", SILENT.replace(TWO, ONE))
    assert other.code == 1 and "alerts --all" in other.err
    assert "names no alert" in silent("alerts", "see", "silent").err
    assert silent("alerts", "see", f" {SILENT} ").code == 0


def test_a_date_that_slipped_is_told_once_and_again_when_it_slips_further(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty-five a week, then twelve, then two; the date is compared with what was said four weeks before, or at the closing."""
    left = [903 - 25 * week for week in range(20)]
    left += [left[-1] - 12 * week for week in range(1, 7)]
    office(monkeypatch, weekly(HERE, left[:23]), 22)
    slipped = f"slipped:{HERE}:"
    assert slipped not in run("alerts", "--area", HERE).out
    office(monkeypatch, weekly(HERE, left[23:24], 23), 23)
    app = opened(HERE)  # whoever opens the list has it looked for, without any command
    assert any("even chances for the target of 99.40% have moved" in one.value.replace(NBSP, " ") for one in app.markdown)
    assert "1 alert not seen yet" in strip(app)
    told = run("alerts", "--area", HERE, "--json")
    (one,) = [one for one in told.json["alerts"] if one["kind"] == "slipped"]
    assert told.code == 4 and one["key"] == slipped + day(19).isoformat() and one["figures"]["days"] > 30
    office(monkeypatch, weekly(HERE, left[24:], 24), 25)  # later still, and measured from the same week
    assert run("alerts", "--area", HERE).code == 0
    (still,) = [one for one in run("alerts", "--area", HERE, "--all", "--json").json["alerts"] if one["kind"] == "slipped"]
    assert still["key"] == one["key"] and still["figures"]["was"] == one["figures"]["was"]
    assert still["figures"]["days"] > one["figures"]["days"]
    assert run("alerts", "close", one["key"], "--reason", "tim pindah ke barat").code == 0
    office(monkeypatch, weekly(HERE, [left[-1] - 14], 26), 26)
    assert slipped not in run("alerts", "--area", HERE, "--all").out  # the weeks before the closing are told
    closed = [one.closed.reason for one in watch.look(stores.current(), HERE).watched if one.closed is not None]
    assert closed == ["tim pindah ke barat"]
    office(monkeypatch, weekly(HERE, [left[-1] - 14 - one for one in range(1, 7)], 27), 32)
    told = run("alerts", "--area", HERE)
    assert told.code == 4 and slipped + day(25).isoformat() in told.out and "tim pindah ke barat" in told.out


def test_a_file_with_warnings_is_doubtful(silent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A printed percentage that is not that of the counts: told at the import, and as an alert with the figures' own doubt."""
    assert silent("alerts").code == 4
    monkeypatch.setenv("EKTP_TODAY", day(13).isoformat())
    settings.cache_clear()
    head = "area_code,as_of_date,eligible,unrecorded,coverage_reported"
    take_in(f"{head}\n{ONE},{day(12)},9013,123,\n", "good.csv")
    take_in(f"{head}\n{TWO},{day(12)},9013,223,90.00\n", "warned.csv")
    batch = stores.own_store().batches()[0]
    found = silent("alerts", "--json").json["alerts"]
    assert bool(batch.report["warnings"]) and [one["key"] for one in found] == [
        f"doubtful:{area}:{day(12)}" for area in (KABUPATEN, TWO)
    ]
    assert found[0]["figures"] == {"doubts": ["file"], "warnings": len(batch.report["warnings"])}
    assert found[1]["figures"]["doubts"] == ["printed"]
    assert silent("alerts", "--area", ONE, "--json").json["alerts"] == []


def test_posisi_lists_what_the_command_tells_and_it_is_seen_closed_and_opened_again_there(silent: Run) -> None:
    app = opened(KABUPATEN)
    assert "1 alert not seen yet" in strip(app)
    ((told,), first) = watch.look(stores.current(), KABUPATEN).open, app
    (line,) = [one.value for one in first.markdown if "no figures since" in one.value]
    assert line.startswith("Kwandang\\: no figures since") and "for longer than 3 of its usual gaps" in line
    assert told.alert.key == SILENT and "**1 alert, 1 not seen yet**" in [one.value for one in app.markdown]
    press(app, app.button(key=f"alert_seen_{SILENT}"))
    (line,) = [one.value for one in app.markdown if "no figures since" in one.value]
    assert "seen by petugas on" in line and "not seen yet" not in strip(app)
    assert silent("alerts").code == 0
    close = next(one for one in app.button if one.label == "Close this alert")
    press(app, close)
    assert "A reason is needed" in app.error[0].value
    app.text_input(key=f"alert_reason_{SILENT}").set_value("kantor *pindah*")
    press(app, next(one for one in app.button if one.label == "Close this alert"))
    (line,) = [one.value for one in app.markdown if "no figures since" in one.value]
    assert r"kantor \*pindah\*" in line and "closed by petugas on" in line and not app.error
    assert silent("alerts", "--all").out.endswith("no alert is open\n")
    press(app, app.button(key=f"alert_reopened_{SILENT}"))
    assert [one.closed for one in watch.look(stores.current(), KABUPATEN).watched] == [None]
    app.query_params["on"] = day(9).isoformat()
    app.run()
    assert "Alerts" not in [one.label for one in app.expander]  # of a day of the past nothing is told


def opened(area: str) -> AppTest:
    """Posisi with its list of alerts open, as of a server that was just started."""
    st.cache_data.clear()
    st.cache_resource.clear()
    app = start("position.py", lang="en", area=area)
    app.session_state["alerts"] = True
    app.run()
    return app


def press(app: AppTest, button: Any) -> None:
    """Click, with the list open as it stays in a browser."""
    app.session_state["alerts"] = True
    button.click().run()


@pytest.mark.parametrize(("code", "about"), [(0, "nothing new"), (4, "something new"), (3, "FAILED"), (None, "FAILED")])
def test_the_line_in_cron_mails_what_is_new_that_nothing_is_and_that_it_failed(
    tmp_path: Path, code: int | None, about: str
) -> None:
    """The README's own line, with a program that ends so, or with none at all; the mail programme writes what it is given."""
    (line,) = re.findall(r"^30 6 \* \* 1-5 +(cd .* alerts .*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    made = [(tmp_path / "mail", 'printf "%s|" "$@" > mailed; cat >> mailed')]
    if code is not None:
        made.append((tmp_path / ".venv" / "bin" / "python", f'echo "$3: a line"; echo "and one to stderr" >&2; exit {code}'))
    for path, text in made:
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
    subprocess.run(
        ["/bin/sh", "-c", line.replace("/srv/ektp", str(tmp_path))], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True
    )
    mailed = (tmp_path / "mailed").read_text(encoding="utf-8")
    assert mailed.startswith(f"-s|e-KTP: {about}|capil@kantor.lan|")
    assert "not found" in mailed if code is None else mailed.endswith("alerts: a line\nand one to stderr\n")
