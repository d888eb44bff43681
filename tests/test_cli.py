"""The command line: what it prints and where, its exit codes, and the whole way of a file through it on both engines."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from ektp_analysis import __version__
from ektp_analysis.__main__ import cli as commands
from ektp_analysis.__main__ import main
from ektp_analysis.cli.spoken import SpokenCommand, SpokenOption
from ektp_analysis.core.settings import settings
from ektp_analysis.office import sample, stores
from tests import seed

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300  # seconds; how busy the machine is must not decide
NBSP = "\N{NO-BREAK SPACE}"
HEADER = "kode;per tanggal;wajib ktp;belum rekam;catatan"


@dataclass(frozen=True)
class Done:
    """What a call gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """``run("status", "--json")`` with a data folder of its own, in English."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("EKTP_LANGUAGE", "en")
    monkeypatch.setenv("EKTP_UPLOADER", "petugas")
    monkeypatch.delenv("EKTP_DATABASE_URL", raising=False)
    forget()

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Done(code, said.out, said.err)

    yield call
    forget()


def forget() -> None:
    settings.cache_clear()
    stores.close_all()


def june(*, change: int = 0) -> bytes:
    """33 rows, three dates, semicolons, Windows-1252."""
    lines = [HEADER]
    for day, base in (("14/06/2023", 70), ("19 Juni 2023", 60), ("2023-06-20", 50)):
        lines += [f"75.05.{n:02d};{day};{5000 + n};{base + n + change};Désa – {n}" for n in range(1, 12)]
    return "\r\n".join(lines).encode("cp1252")


@pytest.fixture
def week(tmp_path: Path) -> Path:
    path = tmp_path / "minggu ini.csv"
    path.write_bytes(june())
    return path


def test_the_way_of_a_file(run: Run, week: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKTP_DATABASE_URL", url)
    forget()
    eligible, unrecorded = sum(5000 + n for n in range(1, 12)), sum(50 + n for n in range(1, 12))
    assert run("status", "--sample", "--json").json["sample"] is True
    dry = run("import", week, "--dry-run", "--json")
    assert (dry.code, dry.json["status"], dry.json["batch"]) == (0, "dry_run", None)
    assert run("status", "--json").code == 1, "a dry run stores nothing"

    taken = run("import", week, "--json").json
    assert (taken["status"], taken["file"]) == ("accepted", "minggu ini.csv")
    assert (taken["rows_accepted"], taken["rows_refused"]) == (33, 0)
    assert taken["totals"] == {"eligible": eligible, "recorded": eligible - unrecorded, "unrecorded": unrecorded}
    assert taken["as_of_dates"] == ["2023-06-14", "2023-06-19", "2023-06-20"]
    assert (taken["as_of_date"], taken["areas"], taken["reason"]) == ("2023-06-20", 11, None)
    assert len(taken["sha256"]) == 64 and isinstance(taken["warnings"], list) and isinstance(taken["sheet"], str)
    after_import = datetime.now(UTC)
    again = run("import", week, "--json")
    assert (again.code, again.json["status"], again.json["batch"]) == (0, "already_there", taken["batch"])

    at = run("status", "--json").json
    assert (at["sample"], at["totals"]["unrecorded"], at["source"], at["complete"]) == (False, unrecorded, "sum", True)
    assert [row["unrecorded"] for row in at["history"]] == [836, 726, 616]
    assert run("verify").code == 0

    gone = run("retract", taken["batch"], "--reason", "wrong week", "--json")
    assert (gone.code, gone.json["retracted"]["reason"], gone.json["retracted"]["by"]) == (0, "wrong week", "petugas")
    assert run("status", "--json").json["totals"]["unrecorded"] is None
    assert run("status", "--json", "--known-at", after_import.isoformat()).json["totals"]["unrecorded"] == unrecorded
    refused = run("retract", taken["batch"], "--reason", "again")
    assert (refused.code, refused.out) == (1, "") and "withdrawn already" in refused.err
    once_more = run("import", week, "--json")
    assert once_more.json["status"] == "already_there" and "restore batch" in once_more.json["reason"]

    assert run("restore", taken["batch"], "--reason", "was right").code == 0
    assert run("status", "--json").json["totals"]["unrecorded"] == unrecorded
    trail = run("status", "--json").json["trail"]
    assert trail.startswith("3-"), "import, retraction, restoring"
    assert run("verify", "--json").json == {"batches": 1, "sample": False, "trail": trail, "differences": []}
    assert run("batches", "--json").json["retracted"] is None
    rows = run("export", "csv").out.splitlines()
    assert rows[0] == (
        "area_code,as_of_date,eligible,recorded,unrecorded,printed,to_clean,coverage_reported,basis,status,note,batch,sheet,row"
    )
    assert len(rows) == 34 and rows[1] == f"75.05.01,2023-06-14,5001,,71,,,,,reported,Désa – 1,{taken['batch']},,2"


REFUSED: list[tuple[str, bytes, tuple[str, ...]]] = [
    ("text in a count.csv", f"{HEADER}\n75.05.01;2023-06-20;1000;lima;\n".encode(), ("row 2", "belum rekam")),
    ("unknown code.csv", f"{HEADER}\n75.05.01;2023-06-20;1000;5;\n75.05.99;2023-06-20;1000;5;\n".encode(), ("row 3", "kode")),
    ("missing date.csv", f"{HEADER}\n75.05.01;;1000;5;\n".encode(), ("row 2", "per tanggal")),
    (
        "does not add up.csv",
        b"kode;per tanggal;wajib ktp;sudah rekam;belum rekam\n75.05.01;2023-06-20;1000;990;11\n75.05.02;2023-06-20;1000;990;10\n",
        ("row 2", "belum rekam", "1,001"),
    ),
    ("empty.csv", b"", ()),
    ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ()),
    ("random.csv", bytes((i * 7919) % 251 for i in range(4000)), ()),
    ("random.xlsx", bytes((i * 7919) % 251 for i in range(4000)), ()),
]


@pytest.mark.parametrize(("name", "data", "named"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(run: Run, tmp_path: Path, name: str, data: bytes, named: tuple[str, ...]) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    done = run("import", path, "--json")
    assert (done.code, done.json["status"], done.json["rows_accepted"]) == (1, "refused", 0)
    assert done.json["reason"] and all(word in done.err for word in (name, *named)), done.err
    assert run("batches").out == ""
    plain = run("import", path)
    assert (plain.code, plain.out) == (1, "") and name in plain.err


def test_good_rows_only_if_asked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "two bad.csv"
    path.write_bytes(june().replace(b";5001;71;", b";5001;x;").replace(b";5002;52;", b";5002;y;"))
    refused = run("import", path, "--json")
    assert (refused.code, refused.json["rows_refused"], refused.json["rows_accepted"]) == (1, 2, 0)
    assert "--take-good-rows" in refused.err
    taken = run("import", path, "--take-good-rows", "--json")
    assert (taken.code, taken.json["status"], taken.json["rows_accepted"], taken.json["rows_refused"]) == (0, "accepted", 31, 2)
    at = run("status", "--json").json
    assert (at["complete"], at["n_reported"], at["n_expected"]) == (True, 10, 11)
    assert at["silent"] == [{"area": "75.05.02", "name": "Kwandang", "since": "2023-06-19", "overdue": False}]
    assert at["totals"]["unrecorded"] == 616 - 52 + 62  # Kwandang counts at its last figure
    assert at["older"] == {"areas": 1, "unrecorded": 62, "since": "2023-06-19"}
    said = run("status").out
    assert "626 residents unrecorded, 62 of them as of 19 June 2023, from 1 area that has not reported" in said
    assert "in the 10 areas that have reported" in said
    assert run("verify").code == 0


def test_several_files_one_line_each(run: Run, week: Path, tmp_path: Path) -> None:
    bad, other = tmp_path / "bad.csv", tmp_path / "other.csv"
    bad.write_bytes(b"")
    other.write_bytes(june(change=1))
    done = run("import", week, bad, other, "--json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 1
    assert [line["status"] for line in lines] == ["accepted", "refused", "accepted"]
    assert run("status", "--json").json["totals"]["unrecorded"] == 616 + 11


def test_date_and_area_are_choices_that_verify_repeats(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "no date.csv"
    path.write_bytes(b"kode;wajib ktp;belum rekam\n75.05.01;1000;5\n")
    assert run("import", path).code == 1
    taken = run("import", path, "--date", "20 Juni 2023", "--json").json
    assert (taken["as_of_date"], taken["choices"]) == ("2023-06-20", {"date": "2023-06-20"})
    assert run("verify").code == 0
    elsewhere = run("import", path, "--date", "2023-06-21", "--area", "75.01")
    assert elsewhere.code == 1 and "75.01" in elsewhere.err


def test_columns_and_names_as_choices(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "other words.csv"
    path.write_text("kecamatan;per tanggal;sasaran = target;sisa\nKec. A=B;2023-06-20;1000;5\nKwandang;2023-06-20;900;4\n")
    done = run(
        "import",
        path,
        "--dry-run",
        "--json",
        "--area",
        "75.05",
        "--level",
        "kecamatan",
        "--alias",
        "Kec. A=B=75.05.03",
        "--column",
        "eligible=sasaran = target",
        "--column",
        "unrecorded=sisa",
    )
    assert done.json["choices"]["aliases"] == {"Kec. A=B": "75.05.03"}
    assert done.json["choices"]["columns"] == {"eligible": "sasaran = target", "unrecorded": "sisa"}
    assert done.json["status"] == "dry_run", done.err
    assert done.json["totals"] == {"eligible": 1900, "recorded": 1891, "unrecorded": 9}


def test_the_sample_by_status(run: Run) -> None:
    done = run("status", "--sample")
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "14 June 2023 862 –" in lines and "19 June 2023 650 99.30%" in lines and "20 June 2023 554 99.40%" in lines
    assert "About 92.7 thousand eligible" in lines and "Sample of June 2023" in done.err
    said = run("status", "--sample", "--json").json
    assert [(row["as_of_date"], row["unrecorded"], row["coverage_reported"]) for row in said["history"]] == [
        ("2023-06-14", 862, None),
        ("2023-06-19", 650, "99.30"),
        ("2023-06-20", 554, "99.40"),
    ]
    assert said["eligible_estimate"] == {"low": 92_199, "high": 93_109, "text": "about 92.7 thousand eligible"}
    assert (said["own"]["totals"]["unrecorded"], said["sum"]["totals"]["unrecorded"]) == (554, 554)
    assert said["sum"]["status"] == "modelled" and round(said["sum"]["coverage"], 4) == 0.994
    assert said["target"] == {"target": "99.4", "verdict": "printed", "reached_on": "2023-06-20"}


@pytest.mark.parametrize(("count", "printed", "low", "high"), [(650, "99.30", 92_199, 93_525), (554, "99.40", 91_571, 93_109)])
def test_the_two_intervals(run: Run, tmp_path: Path, count: int, printed: str, low: int, high: int) -> None:
    path = tmp_path / "one.csv"
    path.write_text(f"kode;per tanggal;belum rekam;cakupan\n75.05;2023-06-20;{count};{printed.replace('.', ',')}\n")
    assert run("import", path).code == 0
    estimate = run("status", "--json").json["eligible_estimate"]
    assert (estimate["low"], estimate["high"]) == (low, high)


def test_above_100_per_cent_leaves_unrecorded_unknown(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "over.csv"
    path.write_text("kode,per tanggal,cakupan\n75.05,2017-12-31,103.94\n")
    assert run("import", path).code == 0
    said = run("status", "--json").json
    assert (said["totals"]["unrecorded"], said["coverage_reported"], said["target"]["verdict"]) == (None, "103.94", "over")
    text = run("status").out
    assert "Number of unrecorded not known" in text and "103.94%" in text and " 0" not in text.replace("2017", "")


def test_project_with_the_areas_inside_agrees_with_the_total(run: Run) -> None:
    asked = ("project", "--sample", "--target", "zero", "--by", "2023-12-31", "--by", "2024-02-14", "--level", "kecamatan")
    answer = run(*asked, "--json").json
    inside, alone = answer["inside"], run(*asked[:-2], "--json").json
    assert len(inside) == 11 and answer["inputs"]["parts"] == 11
    for name in ("quantiles", "probability_by", "probability_never"):
        # nobody is left in the total when nobody is left in the last kecamatan: the same draws say both
        assert answer[name] == alone[name] == answer["all_inside"][name]
    days = list(answer["probability_by"])
    assert all(child["probability_by"][day] >= answer["probability_by"][day] for child in inside.values() for day in days)
    assert abs(sum(child["probability_last"] for child in inside.values()) - 1) < 0.01
    days_asked = ("--by", "2023-12-31", "--by", "2024-02-14")
    each = run("project", "--sample", "--area", "75.05.08", "--target", "zero", *days_asked, "--json").json
    assert each["quantiles"] == inside["75.05.08"]["quantiles"]
    text = run(*asked).out
    assert "Semua 11 kecamatan" in text or "All 11" in text
    wrong = run("project", "--sample", "--level", "desa")
    assert wrong.code != 0 and "75.05" not in wrong.out


def test_project(run: Run) -> None:
    done = run("project", "--sample", "--area", "7505", "--target", "zero", "--by", "2023-12-31", "--by", "14/02/2024", "--json")
    said = done.json
    assert done.code == 0 and said["area_code"] == "75.05" and said["reason"] is None
    assert list(said["probability_by"]) == ["2023-12-31", "2024-02-14"]
    assert 0 < said["probability_by"]["2023-12-31"] <= said["probability_by"]["2024-02-14"] < 1
    assert 0 < said["probability_never"] < 1 and len(said["quantiles"]) == 19
    assert run("project", "--sample", "--by", "2023-12-31", "--by", "14/02/2024", "--json").out == done.out
    text = run("project", "--sample", "--by", "2024-02-14").out
    assert "Chance of full recording by 14 February 2024: " in text and " in 20 (" in text
    reached = run("project", "--sample", "--target", "99.4", "--json").json
    assert (reached["reason"]["code"], reached["reason"]["on"]) == ("already_reached", "2023-06-20")
    assert "by the percentage as printed" in run("project", "--sample", "--target", "99,4").out
    nothing = run("project", "--sample", "--area", "35.19")
    assert nothing.code == 0 and "No date for full recording" in nothing.out.replace("Kabupaten Madiun: no", "No")


def test_project_says_what_a_date_rests_on_and_that_recording_stalls(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "angka.csv"
    rows = [
        f"{area};{date(2024, 1, 1) + timedelta(weeks=week)};9000;{900 - 20 * moved}"
        for week in range(30)
        for area, moved in (("75.05.01", week), ("75.05.03", min(week, 24)))
    ]
    path.write_text("\n".join(["kode;per tanggal;wajib ktp;belum rekam", *rows, ""]))
    assert run("import", path).code == 0
    at = ("--known-at", datetime.now(UTC).isoformat())  # as seen from the figures' own last day
    steady = run("project", "--area", "75.05.01", "--json", *at).json
    assert steady["stall"] is None
    rests = steady["rests_on"]
    assert (rests["pace_recent"], rests["pace_recent_days"], rests["line"]) == (2.857, 28, "2024-11-11")
    assert abs(rests["median_pace"] * rests["median_days"] - 320) < 0.5 and 0 < rests["last_tenth_days"] < rests["median_days"]
    text = run("project", "--area", "75.05.01", *at).out
    assert "For that the pace must average " in text and "In the median outcome the last tenth alone takes " in text
    assert "stalled" not in text
    still = run("project", "--area", "75.05.03", "--json", *at).json
    assert still["stall"] == {"since": "2024-06-17", "pace_since": 0.0, "pace_before": 2.857}
    assert still["rests_on"]["line"] is None and still["rests_on"]["pace_recent"] == 0
    text = run("project", "--area", "75.05.03", *at).out
    assert "Recording has stalled since 17 June 2024: on balance nobody since then, against 2.9 a day before." in text
    inside = run("project", "--level", "kecamatan", "--json", *at).json["inside"]
    assert [code for code, child in inside.items() if child["stall"]] == ["75.05.03"]
    text = run("project", "--level", "kecamatan", *at).out
    assert "and its date depends on when it picks up again: Anggrek (since 17 June 2024)." in text


def test_project_as_it_was_known(run: Run, tmp_path: Path) -> None:
    for number, (day, count) in enumerate((("2023-06-14", 862), ("2023-06-19", 650), ("2023-06-20", 554))):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"kode;per tanggal;wajib ktp;belum rekam\n75.05;{day};92654;{count}\n")
        assert run("import", path).code == 0
        if number == 1:
            before, then = run("project", "--json").out, datetime.now(UTC).isoformat()
    assert run("project", "--json").out != before
    replayed = json.loads(run("project", "--json", "--known-at", then).out)
    assert {**replayed, "known_at": None} == json.loads(before)


def test_status_of_an_area_without_figures_says_where_there_are_some(run: Run) -> None:
    done = run("status", "--sample", "--area", "35.19")
    assert done.code == 0 and "No figures for Kabupaten Madiun yet" in done.out
    assert "Kabupaten Gorontalo Utara (75.05)" in done.err
    said = run("status", "--sample", "--area", "35.19", "--json").json
    assert said["as_of_date"] is None and said["totals"] == {"eligible": None, "recorded": None, "unrecorded": None}
    assert len(said["silent"]) == 15


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["import"],
        ["import", "not-there.csv"],
        ["status", "--area", "99"],
        ["status", "--area", "75.05.99"],
        ["status", "--area", "x; DROP"],
        ["status", "--known-at", "tomorrow"],
        ["project", "--target", "many"],
        ["project", "--target", "140"],
        ["project", "--horizon", "0"],
        ["project", "--by", "31/31/2023"],
        ["retract", "1"],
        ["retract", "one", "--reason", "x"],
        ["export"],
        ["export", "deck"],
        ["doctor", "--port", "0"],
        ["--lang", "fr", "status"],
        ["import", "--date", "soon", "README.md"],
        ["import", "--column", "unrecorded", "README.md"],
        ["import", "--column", "wealth=SISA", "README.md"],
        ["import", "--alias", "X=Y", "README.md"],
        ["import", "--level", "street", "README.md"],
    ],
    ids=" ".join,
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "") and done.err


def test_retracting_what_is_not_there(run: Run) -> None:
    done = run("retract", "99", "--reason", "x")
    assert (done.code, done.out) == (1, "") and "no batch 99" in done.err


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("EKTP_DATABASE_URL", "sqlite:////proc/no/store.sqlite", 3),
        ("EKTP_DATABASE_URL", "mysql://root:secret@x/y", 3),
        ("EKTP_DATABASE_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:1/none", 3),
        ("EKTP_TIMEZONE", "Mars/Olympus", 2),
        ("EKTP_HOME_AREA", "x", 2),
    ],
)
def test_a_store_or_setting_that_does_not_work(
    run: Run, week: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: int
) -> None:
    monkeypatch.setenv(variable, value)
    forget()
    for command in (["import", week], ["status"], ["verify"]):
        done = run(*command)
        assert (done.code, done.out) == (code, ""), command
        assert done.err.count("\n") == 1 and "secret" not in done.err


def test_a_file_that_is_no_store(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_bytes(b"Dear office, " * 100)
    monkeypatch.setenv("EKTP_DATABASE_URL", f"sqlite:///{path}")
    forget()
    done = run("status")
    assert (done.code, done.out) == (3, "") and "not a database" in done.err
    doctor = run("doctor")
    assert doctor.code == 3 and "MEND" in doctor.out and "not a database" in doctor.out


def test_damage_is_found_by_verify(run: Run, week: Path) -> None:
    import sqlite3

    assert run("import", week).code == 0
    stores.close_all()
    with sqlite3.connect(settings().data_dir / "ektp.sqlite") as damaged:
        damaged.execute("UPDATE figure SET unrecorded = 72 WHERE area_code = '75.05.01' AND unrecorded = 71")
    damaged.close()
    done = run("verify")
    assert done.code == 3 and "75.05.01" in done.out and "72" in done.out and "71" in done.out
    assert [one["column"] for one in run("verify", "--json").json["differences"]] == ["unrecorded"]


def test_template_and_export_into_files(run: Run, tmp_path: Path) -> None:
    assert run("template").out.startswith("\ufeffkode;per tanggal;")
    for name, start in (("t.csv", b"\xef\xbb\xbfkode;"), ("t.xlsx", b"PK")):
        assert run("template", tmp_path / name).code == 0
        assert (tmp_path / name).read_bytes().startswith(start)
    wrong = run("template", tmp_path / "t.docx")
    assert wrong.code == 1 and not (tmp_path / "t.docx").exists()
    out = tmp_path / "all.csv"
    out.write_text("old")
    assert run("export", "csv", "--sample", "--out", out).out == ""
    assert out.read_text().startswith("area_code,") and len(out.read_text().splitlines()) == 37
    assert len(run("export", "csv", "--sample", "--area", "75.05.03").out.splitlines()) == 4
    lost = run("export", "csv", "--sample", "--out", tmp_path / "no" / "all.csv")
    assert lost.code == 3 and "cannot be written" in lost.err
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_formulas_leave_as_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "formula.csv"
    path.write_text("kode,per tanggal,belum rekam,dasar,catatan\n75.05.01,2023-06-20,5,@SUM(A1),\"=cmd|' /C calc'!A0\"\n")
    assert run("import", path).code == 0
    row = run("export", "csv").out.splitlines()[1]
    assert ",'@SUM(A1)," in row and ",'=cmd|" in row


def test_doctor(run: Run) -> None:
    done = run("doctor")
    assert done.code == 0 and "MEND" not in done.out and "11 polygons" in done.out
    assert {one["name"]: one["well"] for one in run("doctor", "--json").json} == dict.fromkeys(
        (
            "python",
            "packages",
            "store",
            "rights",
            "clock",
            "backup",
            "room",
            "sample",
            "files",
            "register",
            "boundaries",
            "languages",
            "fonts",
        ),
        True,
    )


def test_a_start_needs_a_store_and_a_port(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("doctor", "--start", "--port", port)
        assert done.code == 3 and f"Port {port} is taken" in done.err
    assert run("doctor", "--start", "--port", port) == Done(0, "", "")


def test_indonesian_by_option_before_and_after(run: Run) -> None:
    for arguments in (["--lang", "id", "status", "--sample"], ["status", "--sample", "--lang", "id"]):
        assert "554 jiwa belum rekam" in run(*arguments).out
    assert "Menampilkan bantuan ini" in run("--lang", "id", "import", "--help").out
    assert "Tidak ada wilayah 99" in run("status", "--lang", "id", "--area", "99").err


def test_every_command_and_option_explains_itself(run: Run) -> None:
    def walk(command: click.Command, path: list[str]) -> Iterator[tuple[list[str], click.Command]]:
        yield path, command
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, [*path, name])

    for path, command in walk(commands, []):
        assert isinstance(command, SpokenCommand), path
        english, indonesian = run(*path, "--help"), run("--lang", "id", *path, "--help")
        assert english.code == 0 and english.out != indonesian.out
        for param in command.params:
            if isinstance(param, click.Option) and not isinstance(param, SpokenOption):
                assert param.help, (path, param.name)
            if isinstance(param, SpokenOption):
                assert param.opts[0] in english.out


def test_an_unexpected_failure_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(stores, "asked", broken)
    done = run("status")
    assert (done.code, done.out) == (3, "") and "ZeroDivisionError" in done.err and "secret" not in done.err
    assert done.err.count("\n") == 1


def test_the_version_is_said(run: Run) -> None:
    assert run("--version") == Done(0, f"{__version__}\n", "")


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stores, "asked", interrupted)
    assert run("status").code == 130


# --- as a process of its own -------------------------------------------------------------------------------------


def test_a_process_speaks_indonesian_and_json(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "EKTP_DATA_DIR": str(tmp_path / "data")}
    env |= {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = seed.begin("command", "status", "--sample", "--json", environment=env)(PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["heading"].startswith("554 jiwa belum rekam")
    plain = subprocess.run(
        [sys.executable, "-m", "ektp_analysis", "status", "--sample"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert plain.returncode == 0 and "–" in plain.stdout and f"99,40{NBSP}%" in plain.stdout
    assert "Contoh Juni 2023" in plain.stderr


def test_a_process_whose_reader_goes_away(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "EKTP_DATA_DIR": str(tmp_path / "data")}
    path = tmp_path / "many.csv"
    path.write_text(
        "kode;per tanggal;belum rekam\n"
        + "".join(
            f"75.05.{n:02d};{year}-01-{day:02d};5\n" for year in range(2012, 2024) for day in range(1, 29) for n in range(1, 12)
        )
    )
    command = [sys.executable, "-m", "ektp_analysis"]
    taken = seed.begin("command", "import", str(path), environment=env)(PATIENCE)
    assert taken.returncode == 0
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, "export", "csv"], cwd=ROOT, env=env, stdout=pipe, stderr=pipe) as started:
        assert started.stdout is not None and started.stderr is not None
        started.stdout.read(10)
        started.stdout.close()
        assert started.stderr.read() == b""
        assert started.wait(PATIENCE) == 141


def test_a_process_that_is_interrupted(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "EKTP_DATA_DIR": str(tmp_path / "data")}
    script = (
        "import sys, signal, time\nfrom ektp_analysis import __main__ as commands\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # what runs in the background has it ignored
        "from ektp_analysis.office import stores\n"
        "stores.asked = lambda **_: (signal.raise_signal(signal.SIGINT), time.sleep(300))\n"
        "sys.exit(commands.main(['status']))"
    )
    done = seed.begin("code", script, environment=env)(PATIENCE)
    assert done.returncode == 130 and done.stdout == "" and done.stderr.strip() == ""


def test_the_sample_is_never_written(run: Run, week: Path) -> None:
    run("status", "--sample")
    before = stores.sample_path().read_bytes()
    assert run("import", week).code == 0
    assert run("batches", "--json").json["file"] == week.name
    assert stores.sample_path().read_bytes() == before
    assert sample.MODELLED_FILE.name not in run("export", "csv").out
