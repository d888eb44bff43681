"""A new column of the contract is one entry: read, kept, added up, shown and handed out; a wrong entry is refused at the start.

The entry is written into a copy of the package, where everything is asked through the command line and a page.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ektp_analysis.core.contract import BY_NAME, COLUMNS, Column, check_columns
from ektp_analysis.core.text import T

ROOT = Path(__file__).resolve().parent.parent
OLD = ROOT / "tests" / "frozen" / "stores" / "sample.db"
ENTRY = """    Column(
        "handed",
        T("Cards handed out"),
        "count",
        T("Cards that were handed to their owners"),
        ("handed", "kartu diserahkan"),
        "cards",
        minimum=0,
        maximum=50_000,
        roll="sum_all",
    ),
"""
AFTER = '    Column("note", '  # the entry stands before this one
FILES = {
    "first.csv": "kode;per tanggal;wajib ktp;sudah rekam;belum rekam;Kartu_Diserahkan\n"
    "75.05.01;2024-01-01;10000;9000;1000;8000\n"
    "75.05.02;2024-01-01;20000;19000;1000;17500\n"
    "75.05.01;2024-01-08;10000;9100;900;8100\n"
    "75.05.02;2024-01-08;20000;19100;900;\n",
    "mended.csv": "kode;per tanggal;wajib ktp;sudah rekam;belum rekam;kartu diserahkan\n"
    "75.05.01;2024-01-01;10000;9000;1000;8000\n"
    "75.05.02;2024-01-01;20000;19000;1000;17600\n",
    "wrong.csv": "kode;per tanggal;wajib ktp;sudah rekam;belum rekam;kartu diserahkan\n"
    "75.05.01;2024-01-15;10000;9200;800;50001\n"
    "75.05.02;2024-01-15;20000;19200;800;many\n",
}
ASKED = {
    "template": ["template", "template.csv"],
    "import": ["import", "first.csv", "--json", "--lang", "en"],
    "again": ["import", "mended.csv", "--json", "--lang", "en"],
    "wrong": ["import", "wrong.csv", "--json", "--lang", "en"],
    "csv": ["export", "csv", "--out", "all.csv"],
    "verify": ["verify", "--json"],
    "workbook": ["export", "workbook", "--area", "75.05", "--out", "book.xlsx", "--lang", "en"],
}
RUN = """
import contextlib, io, json, os, sys
from ektp_analysis.__main__ import main
from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores

def ask(arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}

asked = json.loads(sys.argv[1])
said = {name: ask(arguments) for name, arguments in asked.items()}

from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/area_map.py", default_timeout=120)
app.session_state["more"] = True
app.query_params.update({"lang": "en", "area": "75.05", "day": "2024-01-01"})
app.run()
said["page"] = {
    "errors": [one.value for one in app.exception],
    "tables": [{"columns": list(one.value.columns), "rows": one.value.astype(str).values.tolist()} for one in app.dataframe],
}
stores.close_all()
settings.cache_clear()
os.environ["EKTP_DATABASE_URL"] = sys.argv[2]
said["old"] = ask(["status", "--area", "75.05", "--lang", "en"])
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The package with one column more."""
    place = tmp_path_factory.mktemp("copy")
    for folder in ("ektp_analysis", "data", "pages"):
        shutil.copytree(ROOT / folder, place / folder)  # what is compiled stays so; the module that is changed is compiled anew
    contract = place / "ektp_analysis" / "core" / "contract.py"
    before, found, after = contract.read_text(encoding="utf-8").partition(AFTER)
    assert found
    contract.write_text(before + ENTRY + found + after, encoding="utf-8")
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    shutil.copy(OLD, place / "old.db")
    yield place


@pytest.fixture(scope="module")
def said(copy: Path) -> dict[str, Any]:
    hidden = {key: value for key, value in os.environ.items() if not key.startswith("EKTP_") or key == "EKTP_TODAY"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(ASKED), f"sqlite:///{copy / 'old.db'}"],
        cwd=copy,
        env={**hidden, "EKTP_DATA_DIR": str(copy / "store"), "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_it_is_read_from_the_own_layout(said: dict[str, Any], copy: Path) -> None:
    assert [said[name]["code"] for name in ASKED] == [0, 0, 0, 1, 0, 0, 0], said
    assert "kartu diserahkan" in (copy / "template.csv").read_text(encoding="utf-8-sig").split(";")
    first = json.loads(said["import"]["out"])
    assert (first["rows_accepted"], first["warnings"], first["changes"]["new"]) == (4, [], 4)


def test_a_file_in_which_it_alone_differs_is_a_revision(said: dict[str, Any]) -> None:
    again = json.loads(said["again"]["out"])
    assert again["changes"] == {"new": 0, "same": 1, "revised": 1} and again["same_as"] == []
    assert again["revised"] == [{"area_code": "75.05.02", "date": "2024-01-01", "column": "handed", "old": 17500, "new": 17600}]
    assert "Cards handed out: 17,500 becomes 17,600" in said["again"]["err"]


def test_its_bounds_are_held(said: dict[str, Any]) -> None:
    faults = json.loads(said["wrong"]["out"])["faults"]
    assert len(faults) == 2 and all("column kartu diserahkan" in fault for fault in faults)
    assert "50,001 is out of bounds" in faults[0] and "'many' is not a count" in faults[1]


def test_it_is_kept_and_handed_out(said: dict[str, Any], copy: Path) -> None:
    head, *lines = [line.split(",") for line in (copy / "all.csv").read_text(encoding="utf-8").splitlines()]
    place = head.index("handed")
    assert [(line[0], line[1], line[place]) for line in lines] == [
        ("75.05.01", "2024-01-01", "8000"),
        ("75.05.01", "2024-01-08", "8100"),
        ("75.05.02", "2024-01-01", "17600"),
        ("75.05.02", "2024-01-08", ""),
    ]
    verified = json.loads(said["verify"]["out"])
    assert (verified["batches"], verified["differences"], verified["trail"][:2]) == (2, [], "2-")


def columns_of(copy: Path, sheet: str) -> dict[str, list[Any]]:
    """The table of a sheet of the workbook, by its heads; it begins in the fourth row."""
    head, *rows = openpyxl.load_workbook(copy / "book.xlsx")[sheet].iter_rows(min_row=4, values_only=True)
    return {str(name): [row[place] for row in rows] for place, name in enumerate(head)}


@pytest.mark.usefixtures("said")
def test_the_whole_has_its_sum_only_where_all_gave_it(copy: Path) -> None:
    history = columns_of(copy, "History")
    sums = dict(zip(history["As of"], history["Cards handed out"], strict=True))
    assert sums == {datetime(2024, 1, 1): 25600, datetime(2024, 1, 8): None}
    assert set(history["Eligible"]) == {30000}
    snapshot = columns_of(copy, "Snapshot")
    assert dict(zip(snapshot["Name"], snapshot["Cards handed out"], strict=True))["Atinggola"] == 8100


def test_it_stands_in_the_table_of_the_map(said: dict[str, Any]) -> None:
    assert said["page"]["errors"] == []
    (table,) = said["page"]["tables"]
    names, cards = (table["columns"].index(name) for name in ("Name", "Cards handed out"))
    found = {row[names]: row[cards] for row in table["rows"]}
    assert (found["Atinggola"], found["Kwandang"]) == ("8,000", "17,600")


def test_a_store_that_lacks_it_is_refused(said: dict[str, Any], copy: Path) -> None:
    assert said["old"] == {
        "code": 3,
        "out": "",
        "err": f"The store {copy / 'old.db'} has no column handed; a migration that adds it is needed.\n",
    }


HANDED = Column("handed", T("Handed"), "count", T("Cards"), ("handed",), "cards", minimum=0, maximum=50_000, roll="sum_all")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"maximum": None}, "column handed: a count needs a minimum and a maximum, between 0 and 2147483647"),
        ({"maximum": 2**31}, "column handed: a count needs a minimum and a maximum, between 0 and 2147483647"),
        ({"minimum": -1}, "column handed: a count needs a minimum and a maximum, between 0 and 2147483647"),
        ({"roll": "shared"}, "column handed: a count cannot be rolled up by 'shared'"),
        ({"roll": "sum"}, "column handed: a count cannot be rolled up by 'sum'"),
        ({"kind": "number"}, "column handed: a number cannot be rolled up by 'sum_all'"),
        ({"kind": "choice", "roll": "worst"}, "column handed: a choice needs its choices"),
        ({"headers": ()}, "column handed: a plain name and at least one header word are needed"),
        ({"headers": (" _",)}, "column handed: a plain name and at least one header word are needed"),
        ({"name": "cards handed"}, "column cards handed: a plain name and at least one header word are needed"),
        ({"label": T("")}, "column handed: a label and a sentence about it are needed"),
        ({"about": T(" ")}, "column handed: a label and a sentence about it are needed"),
        ({"name": "coverage"}, "column coverage: what is derived or says where a row came from has this name already"),
        ({"name": "sheet"}, "column sheet: what is derived or says where a row came from has this name already"),
        ({"headers": ("Sudah_ REKAM",)}, "columns recorded and handed of the contract both have the header word sudah rekam"),
        ({"name": "status"}, "columns status and status of the contract both have the name status"),
    ],
)
def test_a_wrong_entry_is_refused_with_a_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        check_columns((*COLUMNS, replace(HANDED, **change)))
    assert str(refused.value) == sentence


def test_what_is_there_is_whole() -> None:
    check_columns((*COLUMNS, HANDED))
    assert list(BY_NAME) == [column.name for column in COLUMNS]
