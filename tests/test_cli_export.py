"""``export deck`` and its sisters: files whole or not at all, exit codes, one sentence for what goes wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from ektp_analysis.__main__ import main
from ektp_analysis.core.settings import settings
from ektp_analysis.office import decisions, stores
from ektp_analysis.report import pdf
from ektp_analysis.store.records import Arrangement, Edit
from tests import seed
from tests.engines import kept, reading
from tests.pdf_words import texts as pdf_texts
from tests.reports import weekly

pytestmark = pytest.mark.usefixtures("projected_once")
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    for name in ("EKTP_DATABASE_URL", "EKTP_OFFICE_NAME", "EKTP_LOGO"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield tmp_path
    stores.close_all()
    settings.cache_clear()


def test_deck_as_powerpoint_and_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, of_a_day in (
        ("Salindia Juni.pptx", ()),
        ("salindia.pdf", ("--date", "2023-06-19", "--area", "75", "--level", "kecamatan")),
    ):
        asked = ["--area", "75.05", "--out", str(tmp_path / name), "--lang", "id", *of_a_day]
        assert main(["export", "deck", "--sample", *asked]) == 0
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 2 and "7505-230620-" in out[0] and ": 75-230619-" in out[1]
    slides = pdf_texts((tmp_path / "salindia.pdf").read_bytes())
    assert "650" in slides[0], "the state of a day"
    assert any("Kwandang" in slide for slide in slides), "of the level that was asked for, two below"
    assert len(Presentation(str(tmp_path / "Salindia Juni.pptx")).slides) == 9
    assert (tmp_path / "salindia.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["Salindia Juni.pptx", "salindia.pdf"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--out", "x.doc"], 2, ".pptx, .pdf"),
        (["--out", "x.zip"], 2, "--each"),
        ([], 2, "--out"),
        (["--out", "x.pdf", "--each", "kecamatan"], 2, "--each"),
        (["--out", "x.pdf", "--area", "35.19"], 1, "No figures"),
        (["--out", "x.pdf", "--date", "2001-01-01"], 1, "No figures"),
        (["--out", "nowhere/x.pdf"], 3, "cannot be written"),
        (["--out", "x.pdf", "--level", "kabupaten"], 1, "no areas of the level"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    arguments: list[str],
    code: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "deck", "--sample", *arguments, "--lang", "en"]) == code
    said = capsys.readouterr()
    assert says in said.err and len(said.err.strip().splitlines()) == 1 and said.out == ""
    assert not list(tmp_path.glob("x*"))


def test_an_earlier_report_is_made_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, rows in enumerate(weekly(["75.05.01", "75.05.02"], 2), 1):
        kept(stores.own_store(), reading(*rows), f"2025-04-0{number} 03:00", name=f"{number}.csv")
    first = tmp_path / "a.pptx"
    assert main(["export", "deck", "--area", "75.05", "--out", str(first), "--known-at", "2025-04-01"]) == 0
    name = capsys.readouterr().out.strip().rpartition(" ")[2]
    for kind, out in (("deck", "b.pptx"), ("one-pager", "b.pdf"), ("workbook", "b.xlsx")):
        assert main(["export", kind, "--again", name, "--out", str(tmp_path / out)]) == 0
        assert capsys.readouterr().out.strip().endswith(name)
    slides = [list(Presentation(str(tmp_path / file)).slides) for file in ("a.pptx", "b.pptx")]
    titles = [[slide.shapes.title.text_frame.text for slide in deck] for deck in slides]
    head = stores.own_store().head(date(2025, 4, 1)).name
    assert head.startswith("1-") and all(head in "\n".join(texts(deck[-1])) for deck in slides), "the trail as it was then"
    told = stores.own_store().noted("export")
    assert [one["what"] for one in told.values()] == ["pptx", "pptx", "one-pager pdf", "xlsx"]
    assert {one["name"] for one in told.values()} == {name}
    assert titles[0] == titles[1] and "900" not in titles[0][0] and "1.795" in titles[0][0]
    assert main(["export", "deck", "--again", name, "--area", "75.05", "--out", str(first)]) == 2
    assert main(["export", "deck", "--again", "x", "--out", str(first)]) == 1


LIMITED = """
import resource, sys
from ektp_analysis.__main__ import main
from ektp_analysis.office import stores
stores.current()
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.exit(main(sys.argv[1:]))
"""
UNPRIVILEGED = """
import os, sys
from ektp_analysis.__main__ import main
main(["export", "workbook", "--sample", "--out", sys.argv[1]])  # as whoever runs the tests, so that all is loaded
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(sys.argv[2:]))
"""


def run(code: str, *arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, after some lines that change what it may do."""
    return seed.begin("code", code, *arguments, environment={**os.environ, "EKTP_DATA_DIR": str(data)})(300)


@pytest.mark.parametrize("name", ["x.pptx", "x.zip"])
def test_a_full_disk_leaves_the_old_file(name: str, tmp_path: Path) -> None:
    """The system itself refuses to write more than 20 kB into a file; the report is larger."""
    out = tmp_path / name
    out.write_bytes(b"old")
    stores.current(sample=True)
    each = ("--each", "kecamatan") if name.endswith("zip") else ()
    asked = ("export", "workbook" if each else "deck", "--sample", "--out", str(out), "--lang", "en", *each)
    done = run(LIMITED, *asked, data=tmp_path / "data")
    assert done.returncode == 3, done.stderr
    assert done.stderr.strip() == f"{out} cannot be written: File too large." and done.stdout == ""
    assert out.read_bytes() == b"old" and [path.name for path in tmp_path.iterdir() if path.is_file()] == [name]


@pytest.fixture
def open_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may enter: pytest shuts its own whenever another run of it starts."""
    with tempfile.TemporaryDirectory(prefix="ektp", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        monkeypatch.setenv("EKTP_DATA_DIR", str(Path(made) / "data"))
        settings.cache_clear()
        yield Path(made)


def test_a_folder_that_may_not_be_written_is_one_sentence(open_folder: Path) -> None:
    tmp_path = open_folder
    place = tmp_path / "locked"
    place.mkdir()
    (place / "x.xlsx").write_bytes(b"old")
    place.chmod(0o555)
    stores.current()
    stores.close_all()
    for path in ((tmp_path / "data"), *(tmp_path / "data").rglob("*")):  # the store may be written, the place may not
        path.chmod(0o777)
    done = run(
        UNPRIVILEGED,
        str(tmp_path / "data" / "first.xlsx"),
        "export",
        "workbook",
        "--sample",
        "--out",
        str(place / "x.xlsx"),
        "--lang",
        "en",
        data=tmp_path / "data",
    )
    assert done.returncode == 3, done.stderr
    assert done.stderr.strip() == f"{place / 'x.xlsx'} cannot be written: Permission denied."
    assert (place / "x.xlsx").read_bytes() == b"old"


def test_a_path_below_a_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert main(["export", "workbook", "--sample", "--out", str(tmp_path / "file" / "x.xlsx"), "--lang", "en"]) == 3
    assert capsys.readouterr().err.strip().endswith("cannot be written: Not a directory.")


def test_a_missing_font_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    assert main(["export", "deck", "--sample", "--out", str(tmp_path / "x.pdf"), "--lang", "en"]) == 3
    assert "The font Source Sans Pro is missing" in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()


def test_a_logo_that_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logo.png").write_bytes(b"MZ\x90")
    monkeypatch.setenv("EKTP_LOGO", str(tmp_path / "logo.png"))
    settings.cache_clear()
    assert main(["export", "deck", "--sample", "--out", str(tmp_path / "x.pptx"), "--lang", "en"]) == 1
    assert "The logo logo.png is not a PNG or SVG picture" in capsys.readouterr().err


def test_a_deck_for_each_kecamatan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, rows in enumerate(weekly(["75.05.01", "75.05.02"], 2), 1):
        kept(stores.own_store(), reading(*rows), f"2025-04-0{number} 03:00", name=f"{number}.csv")
    out = tmp_path / "semua.zip"
    assert main(["export", "deck", "--area", "75.05", "--each", "kecamatan", "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["75.05.01_2025-03-10.pptx", "75.05.02_2025-03-10.pptx"]
        made = Presentation(io.BytesIO(archive.read(archive.namelist()[0])))
    assert "Atinggola" in made.core_properties.title
    alone = tmp_path / "sendiri.pptx"
    assert main(["export", "deck", "--area", "75.05.01", "--out", str(alone)]) == 0
    other = Presentation(str(alone))
    assert [texts(slide) for slide in made.slides][:-1] == [texts(slide) for slide in other.slides][:-1]
    keep = [name.rpartition("-")[2] for name in (made.core_properties.subject, other.core_properties.subject)]
    assert keep[0] == keep[1]  # the same figures


def texts(slide: Any) -> list[str]:
    """All that is written on a slide."""
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_kill_during_an_export_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "x.pptx"
    out.write_bytes(b"old")
    stores.current(sample=True)
    code = (
        "import sys, time\nfrom ektp_analysis.__main__ import main\n"
        "from ektp_analysis.cli import spoken as output\nreplace = output.Path.replace\n"
        "def slow(self, target):\n    if self.name.endswith('.part') and 'x.pptx' in self.name:\n"
        "        print('written', flush=True); time.sleep(600)\n    return replace(self, target)\n"
        "output.Path.replace = slow\nmain(['export', 'deck', '--sample', '--out', sys.argv[1]])\n"
    )
    process = seed.popen([sys.executable, "-c", code, str(out)], {**os.environ, "EKTP_DATA_DIR": str(tmp_path / "data")})
    assert process.stdin is not None and process.stdout is not None
    with process.stdin, process.stdout:
        assert process.stdout.readline().strip() == b"written"
        process.kill()
        process.wait()
    assert out.read_bytes() == b"old"


def test_saved_slides_are_listed_made_into_a_file_and_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKTP_UPLOADER", "petugas")
    settings.cache_clear()
    out = tmp_path / "senin.pptx"
    asked = ["export", "deck", "--sample", "--area", "75.05", "--out", str(out), "--deck", "rapat SENIN", "--lang", "en"]
    assert main(["decks", "list", "--sample", "--area", "75.05", "--lang", "en"]) == 0
    assert capsys.readouterr() == ("", "No slides are saved.\n")
    assert main(asked) == 1 and not out.exists()
    assert "No slides named 'rapat SENIN' are saved for 75.05" in capsys.readouterr().err
    edits = (Edit("map"), Edit("answer", title="Sambutan", notes="Salam"), Edit("fan", shown=False))
    deck = decisions.save_deck(Arrangement("75.05", True, "Rapat Senin", edits), over=None)
    decisions.save_deck(Arrangement("75.05", False, "Angka sendiri", edits), over=None)
    assert main(["decks", "list", "--sample", "--area", "75.05", "--lang", "en"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Rapat Senin: saved by petugas on ")
    assert line.endswith(f", 1 slide not shown, opens at /slides/show?deck={deck.id}")
    assert main(["decks", "list", "--sample", "--area", "75.05", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["deck"], told["area"], told["name"], told["sample"]) == (deck.id, "75.05", "Rapat Senin", True)
    assert told["slides"][1] == {"key": "answer", "shown": True, "title": "Sambutan", "notes": "Salam"}
    assert main(asked) == 0
    slides = Presentation(str(out)).slides
    assert len(slides) == 8 and slides[1].shapes.title.text_frame.text == "Sambutan"
    assert main([*asked, "--known-at", "2023-06-21"]) == 1, "nothing was saved then"
    assert main([*asked[:5], "--out", str(tmp_path / "x.zip"), "--each", "kecamatan", "--deck", "x"]) == 2
    assert main(["decks", "forget", "Rapat Senin", "--area", "75.05"]) == 1, "they are of the sample"
    assert main(["decks", "forget", "Rapat Senin", "--sample", "--area", "75.05"]) == 0
    assert main(["decks", "forget", "Rapat Senin", "--sample", "--area", "75.05"]) == 1
    assert stores.own_store().decks()[0].name == "Angka sendiri"
