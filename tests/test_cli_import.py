"""Doubtful workbooks through the command line: questions with the options that answer them, what is remembered and
forgotten, the same content in another layout, revisions, refused rows, folders and patterns."""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ektp_analysis.core.area import register
from ektp_analysis.office import decisions, stores
from tests import seed, test_cli
from tests.test_cli import Run, forget

run = test_cli.run
ROOT = Path(__file__).resolve().parent.parent
TITLE = "KABUPATEN GORONTALO UTARA"
KNOWN = ("KECAMATAN", "WAJIB KTP", "REKAM", "BELUM REKAM")
UNKNOWN = ("KECAMATAN", "ANGKA A", "ANGKA B", "ANGKA C")


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """``run``, once on each engine."""
    made = request.getfixturevalue("new_sqlite_url" if request.param == "sqlite" else "new_postgres_url")
    monkeypatch.setenv("EKTP_DATABASE_URL", made())
    forget()
    return run


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "kiriman"
    place.mkdir()
    yield place


def rows(*, step: int = 0, area: str = "75.05", as_name: dict[str, str] | None = None) -> list[list[Any]]:
    """Each kecamatan with eligible, recorded, unrecorded."""
    made = []
    for place, code in enumerate(register().children(area)):
        name, unrecorded = register().name(code), 50 + 3 * place - step
        made.append([(as_name or {}).get(name, name), 1000 + 37 * place, 950 + 34 * place + step, unrecorded])
    return made


def book(
    headers: Sequence[str],
    body: Sequence[Sequence[Any]],
    *,
    sheet: str = "Data",
    title: str = TITLE,
    others: dict[str, Sequence[Sequence[Any]]] | None = None,
) -> bytes:
    made = openpyxl.Workbook()
    for name, lines in {sheet: body, **(others or {})}.items():
        page = made.create_sheet(name)
        for line in ([title], list(headers), *lines):
            page.append(list(line))
    made.remove(made.worksheets[0])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def total(body: Sequence[Sequence[Any]], place: int) -> int:
    return sum(line[place] for line in body)


JUNE, JULY = rows(), rows(step=5)
ASKED = {
    "columns": (UNKNOWN, JUNE, {}),
    "several columns": (
        ("KECAMATAN", "WAJIB KTP", "BELUM REKAM", "WAJIB KTP DKB"),
        [[n, e, u, e + 5] for n, e, _, u in JUNE],
        {},
    ),
    "sheet": (KNOWN, JUNE, {"Lama": [[n, e - 3, r - 9, u + 6] for n, e, r, u in JUNE]}),
}


@pytest.mark.parametrize("case", ASKED)
def test_a_question_comes_with_the_options_that_answer_it(run: Run, folder: Path, case: str) -> None:
    headers, body, others = ASKED[case]
    path = put(folder, "Rekap KTP 30 Juni 2024.xlsx", book(headers, body, others=others))
    asked = run("import", path, "--json")
    said = asked.json
    assert (asked.code, said["status"], said["batch"], said["rows_accepted"]) == (1, "needs_choice", None, 0)
    (question,) = said["questions"]
    assert len(question["readings"]) == 2 and question["readings"][0]["totals"]["eligible"] == total(JUNE, 1)
    assert {"sheet", "header"} <= {item["topic"] for item in said["evidence"]}
    assert stores.own_store().batches() == []
    plain = run("import", path)
    assert (plain.code, plain.out) == (1, "") and "a choice is needed, nothing was stored" in plain.err
    options = [line.strip().partition("  gives ")[0] for line in plain.err.splitlines() if line.startswith("  --")]
    assert len(options) == 2 and f"{total(JUNE, 1):,}" in plain.err
    taken = run("import", path, *shlex.split(options[0]), "--json")
    assert (taken.code, taken.json["status"], taken.json["areas"]) == (0, "accepted", 11), taken.err
    assert taken.json["totals"]["eligible"] == total(JUNE, 1) and taken.json["totals"]["unrecorded"] == total(JUNE, 3)


def test_a_file_that_may_have_lost_rows_is_taken_by_the_answer_alone(run: Run, folder: Path) -> None:
    body = [[place, *line] for place, line in enumerate(JUNE, 1) if place not in (4, 5)]
    path = put(folder, "Rekap KTP 30 Juni 2024.xlsx", book(("NO", *KNOWN), body))
    asked = run("import", path)
    assert asked.code == 1 and asked.err.count("The numbering of the rows jumps before row 6") == 1
    assert "  --complete yes  for yes, it is complete" in asked.err and stores.own_store().batches() == []
    left = run("import", path, "--complete", "no", "--json")
    assert (left.code, left.json["status"], left.json["questions"]) == (1, "refused", []) and "not complete" in left.json[
        "reason"
    ]
    assert run("import", path, "--complete", "perhaps").code == 2
    taken = run("import", path, "--complete", "yes", "--json")
    assert (taken.code, taken.json["choices"]["complete"], taken.json["areas"]) == (0, "yes", 9)
    (batch,) = stores.own_store().batches()
    assert batch.report["choices"]["complete"] == "yes"
    assert "complete" in [one["topic"] for one in batch.report["evidence"]]
    again = put(folder, "Rekap KTP 31 Juli 2024.xlsx", book(("NO", *KNOWN), body))
    assert run("import", again).code == 1  # it was said of that file alone


def test_a_name_and_a_day_that_are_not_known_are_asked_for(run: Run, folder: Path) -> None:
    odd = rows(as_name={"Kwandang": 'Kec. "Pusat" Kota Lama'})
    path = put(folder, "rekap.xlsx", book(KNOWN, odd))
    undated = run("import", path)
    assert (undated.code, undated.out) == (1, "") and "answer with --date 2024-06-30" in undated.err
    asked = run("import", path, "--date", "2024-06-30")
    assert asked.code == 1
    line = next(line for line in asked.err.splitlines() if "answer with --alias" in line)
    option, answer = shlex.split(line.partition("answer with ")[2])
    taken = run("import", path, "--date", "2024-06-30", option, answer.replace("CODE", "75.05.02"), "--json")
    assert taken.code == 0 and taken.json["choices"]["aliases"] == {'Kec. "Pusat" Kota Lama': "75.05.02"}
    assert "75.05.02" in run("export", "csv").out


def test_nobody_is_asked_on_a_pipe(tmp_path: Path, folder: Path) -> None:
    path = put(folder, "Rekap KTP 30 Juni 2024.xlsx", book(UNKNOWN, JUNE))
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "EKTP_DATA_DIR": str(tmp_path / "data")}
    code = "import sys; from ektp_analysis.__main__ import main; sys.exit(main(['import', sys.argv[1], '--json']))"
    started = seed.popen([sys.executable, "-c", code, str(path)], env)
    assert started.stdin is not None and started.stdout is not None
    with started.stdin, started.stdout:
        assert started.wait(60) == 1  # its standard input stays open all the while
        assert json.loads(started.stdout.read())["status"] == "needs_choice"


ANSWER = ("--column", "eligible=ANGKA A", "--column", "recorded=ANGKA B", "--column", "unrecorded=ANGKA C")


def test_a_confirmed_layout_is_applied_next_month_until_it_is_forgotten(on_both: Run, folder: Path) -> None:
    june = put(folder, "Rekap KTP 30 Juni 2024.xlsx", book(UNKNOWN, JUNE))
    july = put(folder, "Rekap KTP 31 Juli 2024.xlsx", book(UNKNOWN, JULY))
    assert on_both("import", june, *ANSWER, "--dry-run").code == 0
    assert on_both("import", july).code == 1, "a dry run remembers nothing"
    assert on_both("import", june, *ANSWER).code == 0
    taken = on_both("import", july, "--json")
    assert (taken.code, taken.json["totals"]["unrecorded"]) == (0, total(JULY, 3)), taken.err
    told = next(item["choice"] for item in taken.json["evidence"] if item["topic"] == "layout")
    assert "petugas confirmed" in told and told in taken.err
    assert any(check["name"] == "layout" and check["level"] == "note" for check in taken.json["checks"])
    kept = on_both("layouts", "list", "--json").json
    assert kept["choices"]["columns"] == {"eligible": "ANGKA A", "recorded": "ANGKA B", "unrecorded": "ANGKA C"}
    assert not {"date", "take_good_rows", "area"} & set(kept["choices"]) and kept["by"] == "petugas"
    assert taken.json["choices"]["layout"] == kept["fingerprint"]
    assert "ANGKA C; confirmed by petugas on" in on_both("layouts", "list").out
    assert on_both("layouts", "forget", kept["fingerprint"][:8]).code == 0
    assert "No layout is remembered" in on_both("layouts", "list").err
    august = put(folder, "Rekap KTP 31 Agustus 2024.xlsx", book(UNKNOWN, rows(step=9)))
    assert on_both("import", august, "--json").json["status"] == "needs_choice"
    assert on_both("layouts", "forget", "nothing").code == 1
    assert on_both("verify").code == 0


def test_what_is_said_now_comes_before_what_is_remembered(run: Run, folder: Path) -> None:
    june = put(folder, "Rekap KTP 30 Juni 2024.xlsx", book(UNKNOWN, JUNE))
    july = put(folder, "Rekap KTP 31 Juli 2024.xlsx", book(UNKNOWN, JULY))
    assert run("import", june, *ANSWER).code == 0
    turned = run("import", july, "--column", "eligible=ANGKA A", "--column", "unrecorded=ANGKA B", "--json").json
    assert turned["totals"]["unrecorded"] == total(JULY, 2) and "layout" not in turned["choices"]
    assert run("layouts", "list", "--json").json["choices"]["columns"] == {"eligible": "ANGKA A", "unrecorded": "ANGKA B"}


def test_a_correction_of_what_was_read_without_a_question_is_remembered(run: Run, folder: Path) -> None:
    headers = (*KNOWN, "REKAM BULAN INI", "SASARAN")
    june, july = ([[*line, line[2] // 10, line[1] + 100] for line in body] for body in (JUNE, JULY))
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(headers, june))
    first = run("import", path, "--json").json
    assert (first["status"], first["totals"]["eligible"]) == ("accepted", total(JUNE, 1))
    assert run("layouts", "list").out == ""
    answer = ("--column", "eligible=SASARAN", "--column", "recorded=none", "--column", "unrecorded=BELUM REKAM")
    assert run("import", path, *answer, "--json").json["totals"]["eligible"] == total(JUNE, 1) + 1100
    taken = run("import", put(folder, "Rekap 31 Juli 2024.xlsx", book(headers, july)), "--json").json
    assert taken["totals"] == {
        "eligible": total(JULY, 1) + 1100,
        "recorded": total(JULY, 1) + 1100 - total(JULY, 3),
        "unrecorded": total(JULY, 3),
    }
    assert "layout" in taken["choices"]


def test_choosing_what_the_file_says_by_itself_is_nothing_to_remember(run: Run, folder: Path) -> None:
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, JUNE))
    assert run("import", path, "--sheet", "Data", "--level", "kecamatan", "--column", "unrecorded=BELUM REKAM").code == 0
    assert run("layouts", "list").out == ""


def test_columns_whose_headers_hold_the_month_are_found_by_their_place(run: Run, folder: Path) -> None:
    def headers(month: str) -> tuple[str, ...]:
        return ("KECAMATAN", f"A 1-{month}-2024", f"B 1-{month}-2024", f"C 1-{month}-2024")

    june = put(folder, "Rekap 30 Juni 2024.xlsx", book(headers("6"), JUNE))
    day = ("--date", "2024-06-30")
    assert run("import", june, *day).code == 1
    answer = [
        part
        for role, header in zip(("eligible", "recorded", "unrecorded"), headers("6")[1:], strict=True)
        for part in ("--column", f"{role}={header}")
    ]
    assert run("import", june, *day, *answer).code == 0
    july = put(folder, "Rekap 31 Juli 2024.xlsx", book(headers("7"), JULY))
    taken = run("import", july, "--date", "2024-07-31", "--json")
    assert (taken.code, taken.json["totals"]["unrecorded"]) == (0, total(JULY, 3)), taken.err
    assert run("verify").code == 0


def test_the_sheet_is_remembered_unless_it_is_that_of_a_month(run: Run, folder: Path) -> None:
    old = {"Lama": [[n, e - 3, r - 9, u + 6] for n, e, r, u in JUNE]}
    path = put(folder, "a 30 Juni 2024.xlsx", book(KNOWN, JUNE, sheet="Rekap", others=old))
    assert run("import", path, "--sheet", "Rekap").code == 0
    taken = run("import", put(folder, "a 31 Juli 2024.xlsx", book(KNOWN, JULY, sheet="Rekap", others=old)), "--json")
    assert (taken.code, taken.json["totals"]["unrecorded"]) == (0, total(JULY, 3))
    renamed = put(folder, "a 31 Agustus 2024.xlsx", book(KNOWN, JULY, sheet="Baru", others=old))
    assert run("import", renamed, "--json").json["status"] == "needs_choice", "the sheet is gone, so it is asked again"
    run("layouts", "forget", run("layouts", "list", "--json").json["fingerprint"])
    monthly = {"Mei 2024": [[n, e - 3, r - 9, u + 6] for n, e, r, u in JUNE]}
    path = put(folder, "b.xlsx", book(KNOWN, JUNE, sheet="30 Juni 2024", others=monthly))
    assert run("import", path, "--sheet", "30 Juni 2024", "--date", "2024-06-29").code == 0
    assert run("layouts", "list").out == ""


ODD = {"Kwandang": "Kec. Pusat Kota Lama"}


def test_a_name_is_remembered_for_its_kabupaten_until_it_is_forgotten(on_both: Run, folder: Path) -> None:
    june = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, rows(as_name=ODD)))
    july = put(folder, "Rekap 31 Juli 2024.xlsx", book(KNOWN, rows(step=5, as_name={"Kwandang": "PUSAT KOTA LAMA"})))
    assert on_both("import", june).code == 1
    assert on_both("import", june, "--alias", "Kec. Pusat Kota Lama=75.05.02").code == 0
    taken = on_both("import", july, "--json")
    assert (taken.code, taken.json["areas"], taken.json["totals"]["unrecorded"]) == (0, 11, total(JULY, 3)), taken.err
    assert taken.json["choices"]["aliases"] == {"Kec. Pusat Kota Lama": "75.05.02"}
    assert any("as decided before" in item["reasons"] for item in taken.json["evidence"])
    elsewhere = rows(area="75.01")
    elsewhere[3][0] = "Kec. Pusat Kota Lama"
    other = put(folder, "lain 31 Juli 2024.xlsx", book(KNOWN, elsewhere, title="KABUPATEN GORONTALO"))
    assert [one["topic"] for one in on_both("import", other, "--json").json["questions"]] == ["alias"]
    assert on_both("aliases", "list", "--json").json["name"] == "Kec. Pusat Kota Lama"
    assert "75.05: 'Kec. Pusat Kota Lama' is 75.05.02 Kwandang; decided by petugas" in on_both("aliases", "list").out
    assert on_both("aliases", "list", "--area", "75.01").out == ""
    assert on_both("aliases", "forget", "kec. pusat kota lama").code == 0
    assert on_both("aliases", "forget", "kec. pusat kota lama").code == 1
    august = put(folder, "Rekap 31 Agustus 2024.xlsx", book(KNOWN, rows(step=9, as_name=ODD)))
    assert on_both("import", august).code == 1
    assert on_both("verify").code == 0


def test_a_name_that_several_kabupaten_remember_is_forgotten_in_one(run: Run) -> None:
    for scope, code in (("75.05", "75.05.02"), ("75.01", "75.01.02")):
        stores.own_store().remember_aliases(scope, {"X": code}, by="petugas", at=datetime.now(UTC))
    asked = run("aliases", "forget", "x")
    assert asked.code == 1 and "say which with --area" in asked.err
    assert run("aliases", "forget", "x", "--area", "75.01").code == 0
    assert run("aliases", "list", "--json").json["area"] == "75.05"


def test_a_remembered_name_counts_when_good_rows_are_taken(run: Run, folder: Path) -> None:
    body = rows(as_name=ODD)
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, body))
    assert run("import", path, "--alias", "Kec. Pusat Kota Lama=75.05.02").code == 0
    body = rows(step=5, as_name=ODD)
    body[5][3] = "banyak"
    taken = run("import", put(folder, "Rekap 31 Juli 2024.xlsx", book(KNOWN, body)), "--take-good-rows", "--json")
    assert (taken.code, taken.json["rows_accepted"], taken.json["rows_refused"]) == (0, 10, 1), taken.err


def test_a_personal_number_is_not_remembered_as_a_name(run: Run, folder: Path) -> None:
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, JUNE))
    done = run("import", path, "--alias", "7505010101900001=75.05.02")
    assert done.code == 1 and "7505010101900001" not in done.out + done.err
    assert stores.own_store().batches() == [] and decisions.aliases() == []


def csv_of(body: Sequence[Sequence[Any]], day: str) -> bytes:
    codes = {register().name(code): code for code in register().children("75.05")}
    lines = [f"{codes[name]};{day};{eligible};{unrecorded}" for name, eligible, _, unrecorded in reversed(body)]
    return "\n".join(["kode;per tanggal;wajib ktp;belum rekam", *lines, ""]).encode()


def test_the_same_content_in_another_layout_is_nothing_new(on_both: Run, folder: Path) -> None:
    first = on_both("import", put(folder, "templat.csv", csv_of(JUNE, "2024-06-30")), "--json").json
    other = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, JUNE))
    for arguments in ((), ("--dry-run",)):
        again = on_both("import", other, *arguments, "--json")
        assert (again.code, again.json["status"], again.json["batch"]) == (0, "already_there", first["batch"])
        assert again.json["same_as"] == [first["batch"]] and again.json["revised"] == []
        assert f"batch {first['batch']} (templat.csv)" in again.json["reason"]
    assert again.json["content_key"] == first["content_key"] and again.json["sha256"] != first["sha256"]
    assert len(stores.own_store().batches()) == 1 and len(stores.own_store().figures()) == 11
    said = on_both("import", other)
    assert "nothing was added" in said.out and "templat.csv" in said.err
    on_both("retract", first["batch"], "--reason", "salah")
    assert on_both("import", other, "--json").json["status"] == "accepted", "what was taken back is no longer there"


def test_a_file_with_part_of_two_batches_is_nothing_new(run: Run, folder: Path) -> None:
    for number, part in enumerate((JUNE[:6], JUNE[6:])):
        assert run("import", put(folder, f"{number}.csv", csv_of(part, "2024-06-30"))).code == 0
    both = run("import", put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, JUNE)), "--json").json
    assert (both["status"], both["same_as"]) == ("already_there", [1, 2]) and "batches 1, 2" in both["reason"]
    assert run("import", put(folder, "1.csv", csv_of(JUNE[6:], "2024-06-30")), "--json").json["reason"] is None


def test_a_file_that_names_no_basis_says_nothing_new(run: Run, folder: Path) -> None:
    semester = book(KNOWN, JUNE, title=f"{TITLE} DKB SEMESTER I TAHUN 2024")
    assert run("import", put(folder, "dkb.xlsx", semester)).code == 0
    assert run("import", put(folder, "templat.csv", csv_of(JUNE, "2024-06-30")), "--json").json["status"] == "already_there"
    changed = csv_of([[*JUNE[0][:3], JUNE[0][3] + 1], *JUNE[1:]], "2024-06-30")
    assert run("import", put(folder, "templat2.csv", changed), "--json").json["status"] == "accepted"


def test_a_basis_that_was_not_known_is_a_revision(run: Run, folder: Path) -> None:
    assert run("import", put(folder, "templat.csv", csv_of(JUNE, "2024-06-30"))).code == 0
    semester = book(KNOWN, JUNE, title=f"{TITLE} DKB SEMESTER I TAHUN 2024")
    taken = run("import", put(folder, "dkb.xlsx", semester), "--json").json
    assert taken["status"] == "accepted" and {one["column"] for one in taken["revised"]} == {"basis"}


def test_a_revision_is_shown_area_by_area_before_it_is_stored(on_both: Run, folder: Path) -> None:
    assert on_both("import", put(folder, "awal.csv", csv_of(JUNE, "2024-06-30"))).code == 0
    body = [list(line) for line in JUNE]
    body[1][2:] = [body[1][2] + 7, body[1][3] - 7]
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, body))
    code = list(register().children("75.05"))[1]
    dry = on_both("import", path, "--dry-run", "--json").json
    revised = {(one["area_code"], one["date"], one["column"], one["old"], one["new"]) for one in dry["revised"]}
    assert (code, "2024-06-30", "unrecorded", JUNE[1][3], JUNE[1][3] - 7) in revised and dry["changes"]["same"] == 10
    assert {one["area_code"] for one in dry["revised"]} == {code}
    said = on_both("import", path, "--dry-run").err
    assert f"{code} {register().name(code)} as of 30 June 2024" in said and f"{JUNE[1][3]} becomes {JUNE[1][3] - 7}" in said
    assert len(stores.own_store().batches()) == 1
    assert on_both("import", path, "--json").json["status"] == "accepted"
    found = stores.own_store().figures()
    assert found.loc[found["area_code"] == code, "unrecorded"].tolist() == [JUNE[1][3] - 7]


def test_refused_rows_come_back_as_a_workbook_to_correct(run: Run, folder: Path) -> None:
    body = [list(line) for line in JUNE]
    body[4][3] = "lima"
    path, handed = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, body)), folder / "Ditolak 30 Juni 2024.xlsx"
    done = run("import", path, "--take-good-rows", "--refused-rows", handed)
    assert done.code == 0 and handed.name in done.err
    page = openpyxl.load_workbook(handed).worksheets[0]
    shown = [[cell.value for cell in line] for line in page.iter_rows()]
    assert shown[-1][:4] == [*body[4][:3], "lima"] and shown[1][4:] == ["Fault", "Mend"] and "lima" in shown[-1][4]
    page.cell(page.max_row, 4).value = JUNE[4][3]
    openpyxl.Workbook.save(page.parent, handed)
    taken = run("import", handed, "--json")
    assert (taken.code, taken.json["rows_accepted"]) == (0, 1), taken.err
    assert int(stores.own_store().figures()["unrecorded"].sum()) == total(JUNE, 3)
    handed.unlink()
    assert (
        "is not written"
        in run("import", path.rename(folder / "b 30 Juni 2024.xlsx"), "--refused-rows", handed, "--column", "unrecorded=none").err
    )
    assert not handed.exists()
    put(folder, "lain.csv", csv_of(JUNE, "2024-06-30"))
    assert run("import", folder, "--refused-rows", handed).code == 2 and not handed.exists()


def test_a_folder_or_pattern_means_its_tables(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "b.csv", csv_of(JUNE, "2024-06-30"))
    put(folder, "a.csv", csv_of(JUNE, "2024-05-31"))
    put(folder, "~$b.xlsx", b"\x07petugas")
    put(folder, ".rahasia.csv", b"x")
    put(folder, "surat.pdf", b"%PDF-1.7")
    (folder / "lama.csv").mkdir()
    done = run("import", folder, folder / "b.csv", "--json")
    assert [json.loads(line)["file"] for line in done.out.splitlines()] == ["a.csv", "b.csv"]
    assert done.code == 0 and "~$b.xlsx: left out" in done.err and "1 file is not a table" in done.err
    monkeypatch.chdir(folder)
    for given in (["*.csv"], ["[ab].csv", "b.csv"]):
        lines = run("import", *given, "--json").out.splitlines()
        assert [json.loads(line)["file"] for line in lines] == ["a.csv", "b.csv"]
    put(folder, "x[1].csv", csv_of(JUNE, "2024-04-30"))
    assert run("import", "x[1].csv", "--json").json["status"] == "accepted", "a name that looks like a pattern is a name first"
    alone = run("import", "~$b.xlsx", "--json")
    assert (alone.code, alone.json["status"]) == (1, "refused") and "temporary file of Excel" in alone.err
    for nothing in ("*.ods", "tidak ada.xlsx", "lama.csv"):
        missing = run("import", nothing)
        assert (missing.code, missing.out) == (2, "") and missing.err


def test_names_on_screen_are_harmless(run: Run, folder: Path) -> None:
    put(folder, "a\x1b[31m.csv", csv_of(JUNE, "2024-06-30"))
    put(folder, "~$a\x1b[31m.csv", b"x")
    done = run("import", folder)
    assert done.code == 0 and "\x1b" not in done.out + done.err
    assert "\x1b" not in run("import", folder / "b\x1b[31m.csv").err


def test_numbers_and_basis_are_choices(run: Run, folder: Path) -> None:
    body = [[name, f"{eligible:,}".replace(",", "."), unrecorded] for name, eligible, _, unrecorded in JUNE]
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(("KECAMATAN", "WAJIB KTP", "BELUM REKAM"), body))
    taken = run("import", path, "--numbers", "dot", "--basis", "DKB 2024-1", "--json").json
    assert (taken["choices"]["numbers"], taken["choices"]["basis"]) == ("dot", "DKB 2024-1")
    assert taken["totals"]["eligible"] == total(JUNE, 1)
    assert set(stores.own_store().figures()["basis"]) == {"DKB 2024-1"}
    assert run("import", path, "--numbers", "space").code == 2


def outline(step: int) -> list[list[Any]]:
    """Each kecamatan with its figures, above its desa with theirs."""
    made: list[list[Any]] = []
    for code in list(register().children("75.05"))[:3]:
        desa = [[f"DESA {register().name(one)}", 300, 280 + step, 20 - step] for one in register().children(code)]
        made += [[f"KEC. {register().name(code)}", *(total(desa, place) + 1 for place in (1, 2)), total(desa, 3)], *desa]
    return made


def test_a_level_that_was_chosen_is_remembered_for_what_the_file_looks_like_before(run: Run, folder: Path) -> None:
    headers = ("KECAMATAN / DESA", *KNOWN[1:])
    june = put(folder, "a 30 Juni 2024.xlsx", book(headers, outline(0)))
    july = put(folder, "a 31 Juli 2024.xlsx", book(headers, outline(3)))
    assert run("import", june, "--dry-run", "--json").json["areas"] > 3
    assert run("import", june, "--level", "kecamatan", "--json").json["areas"] == 3
    taken = run("import", july, "--json").json
    assert (taken["status"], taken["areas"], taken["choices"]["level"]) == ("accepted", 3, "kecamatan")


def test_a_sheet_a_month_is_asked_once_and_each_is_told_and_verified(run: Run, folder: Path) -> None:
    path = put(folder, "rekap 2023.xlsx", book(KNOWN, JUNE, sheet="Juni 2023", others={"Juli 2023": JULY}))
    asked = run("import", path)
    assert asked.code == 1 and "2 tables name a month but no day (Juni 2023 to Juli 2023)" in asked.err
    options = [line.strip().partition("  for ")[0] for line in asked.err.splitlines() if line.startswith("  --part")]
    assert options[0] == '--part "Juni 2023=2023-06-30" --part "Juli 2023=2023-07-31"' and len(options) == 2
    plain = run("import", path, *shlex.split(options[0]), "--dry-run")
    assert plain.code == 0, plain.err
    assert [line for line in plain.out.splitlines() if line.startswith("  ")] == [
        f"  {name} ({day}): 11 rows, eligible {total(body, 1):,}; recorded {total(body, 2):,}; unrecorded {total(body, 3):,}"
        for name, day, body in (("Juni 2023", "30 June 2023", JUNE), ("Juli 2023", "31 July 2023", JULY))
    ]
    taken = run("import", path, *shlex.split(options[0]), "--json")
    assert (taken.code, taken.json["status"], taken.json["as_of_dates"]) == (0, "accepted", ["2023-06-30", "2023-07-31"])
    assert [(one["part"], one["date"], one["rows"]) for one in taken.json["parts"]] == [
        ("Juni 2023", "2023-06-30", 11),
        ("Juli 2023", "2023-07-31", 11),
    ]
    assert taken.json["parts"][1]["totals"]["unrecorded"] == total(JULY, 3)
    assert run("verify").code == 0
    assert run("import", path, *shlex.split(options[0]), "--json").json["status"] == "already_there"


def test_a_part_is_left_out_by_a_word_and_one_that_means_nothing_is_refused(run: Run, folder: Path) -> None:
    path = put(folder, "rekap.xlsx", book(KNOWN, JUNE, sheet="30-06-2023", others={"31-07-2023": JULY}))
    left = run("import", path, "--part", "31-07-2023=none", "--json")
    assert (left.code, left.json["as_of_dates"]) == (0, ["2023-06-30"])
    assert "31-07-2023 is left out, as decided." in left.json["warnings"]
    assert run("verify").code == 0
    assert run("import", path, "--part", "31-07-2023=besok").code == 2


def test_a_recap_that_is_off_by_one_is_told_and_each_desa_is_stored_once(run: Run, folder: Path) -> None:
    districts = register().children("75.05")[:3]
    desa = {register().name(code): rows(area=code) for code in districts}
    recap = [[name, *(total(body, place) for place in (1, 2, 3))] for name, body in desa.items()]
    recap[1][2] += 1
    recap[1][3] -= 1
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(KNOWN, recap, sheet="REKAP", others=desa))
    taken = run("import", path, "--json")
    assert (taken.code, taken.json["status"], taken.json["areas"]) == (0, "accepted", sum(map(len, desa.values()))), taken.err
    recorded = total(desa["Kwandang"], 2)
    row = "REKAP, row 4 (75.05.02 Kwandang)"
    told = f"{row}: recorded is {recorded + 1:,}, but the other sheets add up to {recorded:,}, which is used."
    assert told in taken.json["warnings"]
    stored = [code for line in run("export", "csv").out.splitlines() for code in [line.split(",")[0]] if code.count(".") == 3]
    assert sorted(stored) == sorted(code for district in districts for code in register().children(district))
    assert run("verify").code == 0


def test_men_above_women_on_a_sheet_are_summed(run: Run, folder: Path) -> None:
    women = [[name, eligible + 3, recorded + 1, left + 2] for name, eligible, recorded, left in JUNE]
    lines = [["LAKI-LAKI"], list(KNOWN), *JUNE, [], ["PEREMPUAN"], list(KNOWN), *women]
    path = put(folder, "Rekap 30 Juni 2024.xlsx", book(("",), lines))
    taken = run("import", path, "--json")
    assert (taken.code, taken.json["status"], taken.json["areas"]) == (0, "accepted", 11), taken.err
    assert taken.json["totals"]["unrecorded"] == total(JUNE, 3) + total(women, 3)
    said = [reason for one in taken.json["evidence"] for reason in one["reasons"]]
    assert any(reason.startswith("one is of men and one of women; their figures are added: ") for reason in said)
    assert run("status").out.count(f"{total(JUNE, 3) + total(women, 3):,}") >= 1
    assert run("verify").code == 0
