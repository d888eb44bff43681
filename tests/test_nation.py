"""Many areas part by part: the same answers as one by one, to the bit, whoever makes them; and a run that goes on."""

from __future__ import annotations

import json
import pickle
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from distributed import LocalCluster

from ektp_analysis.__main__ import main
from ektp_analysis.boundaries import national
from ektp_analysis.boundaries.landmasses import divided as divided_outlines
from ektp_analysis.core.area import Level
from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T
from ektp_analysis.nation import crew as working
from ektp_analysis.nation.crew import Crew
from ektp_analysis.nation.each import Asked, Made, answers, divided, files, outlines, over, table, unpacked
from ektp_analysis.nation.run import Run
from ektp_analysis.office import stores
from ektp_analysis.report.formats import FORMATS, format_of
from tests.breadth import first_of_each
from tests.dying import dies_once
from tests.engines import kept, reading
from tests.reports import weekly

KECAMATAN = ("71.01.05", "71.01.09", "75.01.01", "75.01.05", "75.05.01", "75.05.02", "75.05.03")
DESA = ("75.05.03.2001", "75.05.03.2002")
TODAY = date(2025, 4, 20)
ZIPS = 2.1  # seconds after which a moment in a zip is another
ASKED = Asked(Level.KECAMATAN, False, "en", None, TODAY)


@pytest.fixture(scope="module", autouse=True)
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of three kabupaten, in one of which two desa report too."""
    folder = tmp_path_factory.mktemp("nation")
    said = {"EKTP_DATA_DIR": str(folder), "EKTP_TODAY": TODAY.isoformat(), "EKTP_LANGUAGE": "en", "EKTP_DATABASE_URL": ""}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in said.items():
            patch.setenv(name, value)
        # Each worker begins by running what was started: pytest, or the page that an earlier test has put in its place.
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        settings.cache_clear()
        store = stores.own_store()
        for number, rows in enumerate(weekly((*KECAMATAN, *DESA), 6), 1):
            kept(store, reading(*rows), f"2025-04-{number:02d} 08:00")
        store.set_aim("75.01", Target.national(), date(2025, 8, 1), by="petugas", at=store.head().at or store.info().last_import)
        yield folder
        stores.close_all()
        settings.cache_clear()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, code: int = 0) -> str:
        assert main(list(arguments)) == code, capsys.readouterr()
        return capsys.readouterr().out

    return run


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_area_has_the_answer_that_it_has_when_asked_for_alone(tmp_path: Path, said: Any) -> None:
    """At each level; the aim of an office is asked of its own areas."""
    for level, codes in (("kecamatan", KECAMATAN), ("desa", DESA), ("kabupaten", ("71.01", "75.01", "75.05"))):
        out = tmp_path / f"{level}.jsonl"
        said("project", "--all", "--level", level, "--out", str(out), "--workers", "1")
        found = lines(out)
        assert [one["area_code"] for one in found] == list(codes)
        for one in found:
            alone = json.loads(said("project", "--area", one["area_code"], "--json"))
            assert {name: alone[name] for name in one if name != "name"} == {k: v for k, v in one.items() if k != "name"}
            assert one["target"] == (Target.national().key if one["area_code"].startswith("75.01") else ZERO.key)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [], "what was kept meanwhile is gone"


def test_a_table_says_what_the_lines_say(tmp_path: Path, said: Any) -> None:
    by = ("--by", "2025-08-01", "--by", "2025-12-01")
    asked = ("project", "--all", "--level", "kecamatan", "--area", "75", *by, "--workers", "1")
    said(*asked, "--out", str(tmp_path / "a.csv"))
    said(*asked, "--out", str(tmp_path / "a.jsonl"))
    rows = [line.split(",") for line in (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()]
    heads = "area_code,name,origin,unrecorded_low,unrecorded_high,target,q10,q50,q90,by,chance,never,reason,notes"
    assert rows[0] == heads.split(",")
    for row, one in zip(rows[1:], lines(tmp_path / "a.jsonl"), strict=True):
        low, high = one["inputs"]["unrecorded"][-1]
        chances = " | ".join(map(str, one["probability_by"].values()))
        assert row[:6] == [one["area_code"], one["name"], one["origin"], str(low), str(high), one["target"]]
        assert row[6:9] == [one["quantiles"][level] for level in ("0.10", "0.50", "0.90")]
        assert row[9:12] == ["2025-08-01 | 2025-12-01", chances, str(one["probability_never"])]
    odd = {**one, "name": '=1, "x"', "reason": {"text": "none"}, "origin": None}
    assert list(table([json.dumps(odd).encode()]))[1].startswith(b'75.05.03,"\'=1, ""x""",,')


def test_two_processes_give_the_same_bytes_also_where_one_ends(
    tmp_path: Path, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "CALM", {})  # then they are workers as an office's own cluster has them
    parts = divided(stores.own(), "ID", over("ID", Level.KECAMATAN), None)
    assert parts == ["71.01", "75.01", "75.05"]
    one = dict(Run(answers, ASKED, parts, tmp_path / "one").made(Crew(1)))
    layer = national.layer("75", Level.KECAMATAN)
    assert layer is not None
    (part,) = divided_outlines(np.array([shape.geometry for shape in layer.shapes], dtype=object))
    sent = {"outlines": part.packed()}  # of these, two processes are handed all; of the others they read what they need
    here = outlines("outlines", sent["outlines"], "")
    run = Run(dies_once, ASKED, [*parts, *sent], tmp_path / "two", of=lambda name: sent.get(name, ASKED))
    two = dict(run.made(Crew(2)))
    assert {**one, "outlines": here.data} == two and list(two) == [*parts, "outlines"] and (office / "died").exists()
    assert (office / "looked").read_text() == "1000.0", "a worker looks at its own stack each 10 ms else"


def test_a_run_that_was_broken_off_goes_on_and_what_changed_is_made_anew(tmp_path: Path) -> None:
    parts = divided(stores.own(), "75", over("75", Level.KECAMATAN), None)
    told: list[tuple[int, int, int]] = []

    def stopped(*state: int) -> None:
        raise KeyboardInterrupt

    run = Run(answers, ASKED, parts, tmp_path / "parts")
    with pytest.raises(KeyboardInterrupt):
        list(run.made(Crew(1), stopped))
    assert [path.name for path in run.folder.iterdir()] == ["75.01.part"]
    first = dict(run.made(Crew(1), lambda *state: told.append(state)))
    assert told == [(1, 2, 1), (2, 2, 1)], "one was kept"
    kept(stores.own_store(), reading(*weekly(["75.05.01"], 7, start=800)[-1]), "2025-04-18 08:00")
    told.clear()
    second = dict(run.made(Crew(1), lambda *state: told.append(state)))
    assert told[-1] == (2, 2, 1) and second["75.01"] == first["75.01"] and second["75.05"] != first["75.05"]
    told.clear()
    list(
        Run(answers, Asked(Level.KECAMATAN, False, "id", None, TODAY), parts, run.folder).made(Crew(1), lambda *s: told.append(s))
    )
    assert told[-1] == (2, 2, 0), "asked otherwise"
    run.clear()
    assert not run.folder.exists()


def test_reports_and_plans_of_many_areas(tmp_path: Path, said: Any) -> None:
    assert said(
        "export", "workbook", "--area", "75.01", "--each", "kecamatan", "--out", str(tmp_path / "a.zip"), "--workers", "1"
    )
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert [name.partition("_")[0] for name in packed.namelist()] == [code for code in KECAMATAN if code.startswith("75.01")]
        assert all(name.endswith(".xlsx") and packed.read(name)[:2] == b"PK" for name in packed.namelist())
    asked = ("--teams", "2", "--from", "2025-04-21", "--by", "2025-04-23")
    each = ("plan", "--each", "kabupaten", "--area", "75.01", "--out", str(tmp_path / "p.jsonl"), "--workers", "1")
    said(*each, *asked)
    (found,) = lines(tmp_path / "p.jsonl")
    alone = json.loads(said("plan", "--area", "75.01", "--json", *asked))
    assert found["area"] == "75.01" and alone["plan"] == found["plan"] and alone["heading"] == found["heading"]
    each = (*each[:4], "75", *each[5:])
    said(*each, "--teams", "0")
    assert [(one["area"], one["plan"]) for one in lines(tmp_path / "p.jsonl")] == [("75.01", None), ("75.05", None)]
    assert all("without a team" in one["sentence"].lower() for one in lines(tmp_path / "p.jsonl"))


@pytest.mark.parametrize("kind", first_of_each([one.key for one in FORMATS], lambda key: format_of(key).ending))
def test_reports_are_to_the_bit_those_of_the_run_whenever_they_are_made(kind: str) -> None:
    """A process that makes its part later than another says the same: nothing in a file is the clock's."""
    asked, begun = Asked(Level.DESA, False, "en", None, TODAY, kind=kind), time.monotonic()
    first = files("75.05.03", asked, "")
    time.sleep(max(0.0, begun + ZIPS - time.monotonic()))
    again = files("75.05.03", pickle.loads(pickle.dumps(asked)), "")
    assert again == first and [name for name, _ in unpacked(first.data or b"")] == [f"{code}_2025-04-07" for code in DESA]


@pytest.mark.parametrize(("arguments", "says"), [
    (("project", "--all", "--out", "x.csv"), "--all needs --level"),
    (("project", "--all", "--level", "desa"), "--all needs --out"),
    (("project", "--out", "x.csv"), "--out goes with --all"),
    (("project", "--workers", "2"), "--workers goes with --all"),
    (("project", "--all", "--level", "desa", "--out", "x.txt"), "x.txt must end in .csv, .jsonl"),
    (("plan", "--each", "kabupaten", "--out", "x.csv"), "x.csv must end in .jsonl"),
    (("plan", "--each", "kabupaten", "--out", "x.jsonl", "--scenario", "a"), "--scenario is of one area; leave out --each"),
])  # fmt: skip
def test_what_does_not_go_together_is_said(arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(list(arguments)) == 2
    assert says in capsys.readouterr().err


def test_what_there_is_not_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out = ("--out", str(tmp_path / "x.csv"))
    assert main(["project", "--all", "--level", "kecamatan", "--area", "73", *out]) == 1
    assert main(["project", "--all", "--level", "kabupaten", "--area", "75.05", *out]) == 1
    assert capsys.readouterr().err.count("No area of the level") == 2
    monkeypatch.setattr(working, "PATIENCE", timedelta(seconds=1))
    assert main(["project", "--all", "--level", "kecamatan", *out, "--scheduler", "tcp://127.0.0.1:9"]) == 3
    assert "No Dask scheduler with a worker answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

    def refuses(part: str, _asked: Asked, _kept: str) -> Made:
        raise UserError(T("no logo."))

    with pytest.raises(UserError, match=r"75.05: no logo. 0 of 1 parts are made and kept"):
        list(Run(refuses, ASKED, ["75.05"], tmp_path / "parts").made(Crew(1)))
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        list(Run(answers, ASKED, ["75.05", "75.01"], tmp_path / "file").made(Crew(1)))


def test_a_scheduler_that_went_away_is_said_and_what_is_made_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PATIENCE", timedelta(seconds=1))
    monkeypatch.setattr(working, "_settle", lambda: None)  # the worker is this process, which others use after this
    run = Run(
        answers, ASKED, divided(stores.own(), "ID", Level.KABUPATEN, None), tmp_path / "parts", heavy=lambda part: part == "75.05"
    )
    one = {"n_workers": 1, "threads_per_worker": 1, "processes": False}
    with LocalCluster(**one, protocol="tcp://", host="127.0.0.1", dashboard_address=None) as cluster:
        first = run.made(Crew(scheduler=cluster.scheduler_address), lambda *_: cluster.close())
        with pytest.raises(
            StoreError, match=r"could not be made \((FutureCancelledError|ClosedClientError)\)\. 1 of 3 parts are made and kept"
        ):
            list(first)
    assert [path.name for path in run.folder.iterdir()] == ["75.05.part"], "the heaviest is begun first"


def test_who_may_not_see_an_area_is_given_none_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever makes a part acts as who asked for it: a worker that nobody says anything to is nobody."""
    monkeypatch.setenv("EKTP_LOGIN", "accounts")
    settings.cache_clear()
    asked = Asked(Level.KECAMATAN, False, "en", None, TODAY, acting="person:nobody")
    with pytest.raises(UserError, match=r"75\.01: .*Log in first"):
        list(Run(answers, asked, ["75.01"], tmp_path / "parts").made(Crew(1)))
    settings.cache_clear()
