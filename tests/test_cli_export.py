"""``export deck`` and its sisters: files whole or not at all, exit codes, one sentence for what goes wrong."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pptx import Presentation

from ektp_analysis import office
from ektp_analysis.cli import main, output
from ektp_analysis.report import typesetting
from ektp_analysis.settings import settings
from tests.engines import kept, reading
from tests.reports import weekly

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path / "data"))
    for name in ("EKTP_DATABASE_URL", "EKTP_OFFICE_NAME", "EKTP_LOGO"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield tmp_path
    office.close_all()
    settings.cache_clear()


def test_deck_as_powerpoint_and_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Salindia Juni.pptx", "salindia.pdf"):
        assert main(["export", "deck", "--area", "75.05", "--out", str(tmp_path / name), "--lang", "id"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 2 and "7505-230620-" in out[0]
    assert len(Presentation(str(tmp_path / "Salindia Juni.pptx")).slides) == 9
    assert (tmp_path / "salindia.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["Salindia Juni.pptx", "salindia.pdf"]


def test_the_state_of_a_day(tmp_path: Path) -> None:
    out = tmp_path / "x.pptx"
    assert main(["export", "deck", "--area", "75.05", "--out", str(out), "--date", "2023-06-19"]) == 0
    assert "650" in Presentation(str(out)).slides[0].shapes.title.text_frame.text


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (["--out", "x.doc"], 2, ".pptx, .pdf"), (["--out", "x.zip"], 2, "--each"), ([], 2, "--out"),
    (["--out", "x.pdf", "--each", "kecamatan"], 2, "--each"), (["--out", "x.pdf", "--area", "35.19"], 1, "No figures"),
    (["--out", "x.pdf", "--date", "2001-01-01"], 1, "No figures"), (["--out", "nowhere/x.pdf"], 3, "cannot be written"),
    (["--out", "x.pdf", "--level", "kabupaten"], 1, "no areas of the level")])
def test_what_is_wrong_is_one_sentence(arguments: list[str], code: int, says: str, tmp_path: Path,
                                       monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "deck", *arguments, "--lang", "en"]) == code
    said = capsys.readouterr()
    assert says in said.err and len(said.err.strip().splitlines()) == 1 and said.out == ""
    assert not list(tmp_path.glob("x*"))


def test_an_earlier_report_is_made_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, rows in enumerate(weekly(["75.05.01", "75.05.02"], 2), 1):
        kept(office.own_store(), reading(*rows), f"2025-04-0{number} 03:00", name=f"{number}.csv")
    first = tmp_path / "a.pptx"
    assert main(["export", "deck", "--area", "75.05", "--out", str(first), "--known-at", "2025-04-01"]) == 0
    name = capsys.readouterr().out.strip().rpartition(" ")[2]
    for kind, out in (("deck", "b.pptx"), ("one-pager", "b.pdf"), ("workbook", "b.xlsx")):
        assert main(["export", kind, "--again", name, "--out", str(tmp_path / out)]) == 0
        assert capsys.readouterr().out.strip().endswith(name)
    titles = [[slide.shapes.title.text_frame.text for slide in Presentation(str(tmp_path / file)).slides]
              for file in ("a.pptx", "b.pptx")]
    assert titles[0] == titles[1] and "900" not in titles[0][0] and "1.795" in titles[0][0]
    assert main(["export", "deck", "--again", name, "--area", "75.05", "--out", str(first)]) == 2
    assert main(["export", "deck", "--again", "x", "--out", str(first)]) == 1


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.pptx"
    out.write_bytes(b"old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    office.current(sample=True)
    monkeypatch.setattr(output.Path, "write_bytes", full)
    assert main(["export", "deck", "--out", str(out), "--lang", "en"]) == 3
    assert capsys.readouterr().err.strip() == f"{out} cannot be written: No space left on device."
    assert out.read_bytes() == b"old"


def test_a_missing_font_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(typesetting, "find_spec", lambda name: None)
    assert main(["export", "deck", "--out", str(tmp_path / "x.pdf"), "--lang", "en"]) == 3
    assert "The font Source Sans Pro is missing" in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()


def test_a_logo_that_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logo.png").write_bytes(b"MZ\x90")
    monkeypatch.setenv("EKTP_LOGO", str(tmp_path / "logo.png"))
    settings.cache_clear()
    assert main(["export", "deck", "--out", str(tmp_path / "x.pptx"), "--lang", "en"]) == 1
    assert "The logo logo.png is not a PNG or SVG picture" in capsys.readouterr().err


def test_a_deck_for_each_kecamatan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, rows in enumerate(weekly(["75.05.01", "75.05.02"], 2), 1):
        kept(office.own_store(), reading(*rows), f"2025-04-0{number} 03:00", name=f"{number}.csv")
    out = tmp_path / "semua.zip"
    assert main(["export", "deck", "--area", "75.05", "--each", "kecamatan", "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["75.05.01_2025-03-10.pptx", "75.05.02_2025-03-10.pptx"]
        assert "Atinggola" in Presentation(io.BytesIO(archive.read(archive.namelist()[0]))).core_properties.title


def test_kill_during_an_export_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "x.pptx"
    out.write_bytes(b"old")
    office.current(sample=True)
    code = ("import sys, time\nfrom ektp_analysis.cli import main, output\nreplace = output.Path.replace\n"
            "def slow(self, target):\n    if self.name.endswith('.part') and 'x.pptx' in self.name:\n"
            "        print('written', flush=True); time.sleep(60)\n    return replace(self, target)\n"
            "output.Path.replace = slow\nmain(['export', 'deck', '--out', sys.argv[1]])\n")
    process = subprocess.Popen([sys.executable, "-c", code, str(out)], cwd=ROOT, stdout=subprocess.PIPE,
                               env={**os.environ, "EKTP_DATA_DIR": str(tmp_path / "data")})
    assert process.stdout is not None and process.stdout.readline().strip() == b"written"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert out.read_bytes() == b"old"
