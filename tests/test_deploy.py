"""What administrators are given: each command of docs/ and deploy/ is one that there is, and what the files name lies there."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from ektp_analysis import __version__
from ektp_analysis.__main__ import cli
from ektp_analysis.core.settings import Settings
from tests.test_promises import CODE

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
PAGES = sorted((ROOT / "docs").rglob("*.md"))
UNITS = sorted((DEPLOY / "systemd").glob("ektp*"))
PLACED = re.compile(r"/opt/ektp/bin/ektp ([^;|&)'`\n]+)")  # the program by its place on a server, and the words behind it
# What a line of the documents may begin with, beside the program: those of the system that a server has.
KNOWN = {
    "apt-get", "caddy", "cd", "chown", "cp", "curl", "docker", "echo", "head", "install", "journalctl", "make", "mv", "pipx",
    "podman", "powershell", "python3", "python3.11", "runuser", "sed", "sleep", "systemctl", "timedatectl", "useradd", "uv",
    "uvx",
}  # fmt: skip


def code(page: Path) -> tuple[list[str], list[str]]:
    """What a page gives to be typed: the lines of its blocks, and what its text quotes."""
    text = page.read_text(encoding="utf-8")
    blocks = [block for kind, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S) if kind in ("sh", "powershell")]
    return [line for block in blocks for line in block.splitlines()], re.findall(
        r"`([^`]+)`", " ".join(CODE.sub("", text).split())
    )


def calls(line: str) -> Iterator[list[str]]:
    """The words behind each call of the program in a line: by its place, by its name alone, or in a container or a wheel."""
    yield from (shlex.split(words.partition(" 2>")[0]) for words in PLACED.findall(line))
    for one in re.split(r"&&|[|;]", line):
        words = one.split()
        for at, word in enumerate(words):
            if word == "ektp" and (at == 0 or words[at - 1] == "app" or words[at - 1].endswith(".whl")) and words[at + 1 :]:
                yield shlex.split(" ".join(words[at + 1 :]))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that are called from here on; none of them does anything."""
    found: list[str] = []

    def only_told(group: click.Group) -> None:
        for command in group.commands.values():
            if isinstance(command, click.Group):
                only_told(command)
            else:

                def told(_name: str | None = command.name, **_: Any) -> None:
                    found.append(str(_name))

                monkeypatch.setattr(command, "callback", told)

    only_told(cli)
    return found


def parsed(words: list[str], where: str) -> None:
    try:
        cli.main(words, standalone_mode=False)
    except click.ClickException as error:
        pytest.fail(f"{where}: ektp {shlex.join(words)}: {error.format_message()}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_line_of_the_pages_can_be_typed(page: Path, asked: list[str]) -> None:
    typed, quoted = code(page)
    for line in (*typed, *quoted):
        for words in calls(line):
            parsed(words, page.name)
    for line in typed:
        first = line.split()[0]
        assert first in KNOWN or first == "ektp" or first.startswith("/opt/ektp/bin/"), f"{page.name}: {line}"
        for name in re.findall(r"(?<![\w/.])((?:deploy|dist)[/\\][\w./\\-]+|[a-z]+\.txt)", line):
            path = name.replace("\\", "/")
            if path.startswith("dist/"):
                assert path == f"dist/ektp_analysis-{__version__}-py3-none-any.whl", f"{page.name}: {line}"
            elif not path.endswith("/.env"):
                there = [ROOT / path, *ROOT.glob(path + "*")]
                assert any(one.exists() for one in there), f"{page.name}: {line}"
    for name in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert "://" in name or (page.parent / name).is_file(), f"{page.name} links {name}"


def test_what_the_pages_tell_to_call_is_found(asked: list[str]) -> None:
    """The two functions above see calls, and a wrong one fails."""
    line = "runuser -u ektp -- env EKTP_DATABASE_URL= /opt/ektp/bin/ektp backup verify /x && ektp status; echo"
    assert list(calls(line)) == [["backup", "verify", "/x"], ["status"]]
    assert list(calls("uvx --from dist/e.whl ektp run --port 8502")) == [["run", "--port", "8502"]]
    assert not list(calls("useradd --system ektp --x")) and not list(calls("systemctl enable ektp.service"))
    with pytest.raises(pytest.fail.Exception, match=r"[Nn]o such option"):
        parsed(["run", "--ports", "1"], "here")
    said = [words[0] for page in PAGES for line in code(page)[0] for words in calls(line)]
    assert {"run", "backup", "restore", "verify", "doctor", "store"} <= set(said)


def test_units_call_what_there_is_and_forbid_the_rest(asked: list[str]) -> None:
    assert [one.name for one in UNITS] == [
        "ektp-alerts.service", "ektp-alerts.timer", "ektp-backup.service", "ektp-backup.timer", "ektp.service",
    ]  # fmt: skip
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        if unit.suffix == ".timer":
            assert re.search(r"^OnCalendar=(Mon\.\.Fri )?\*-\*-\* \d\d:\d\d$", text, re.M) and "Persistent=yes" in text
            assert unit.with_suffix(".service").is_file()
            continue
        assert "User=ektp\n" in text and "UMask=0077\n" in text and "EKTP_DATA_DIR=/var/lib/ektp" in text
        for line in re.findall(r"^ExecStart=(.*)", text, re.M):
            assert re.search(r"/opt/ektp/bin/ektp ", line)
            for words in calls(line):
                parsed(words, unit.name)
    assert asked == ["tell", "make", "verify", "run"]
    by_mail = UNITS[0].read_text(encoding="utf-8")  # what is told without a way out would count as told
    assert by_mail.index("\nExecStartPre=/bin/sh -c 'command -v mail ") < by_mail.index("\nExecStart=")
    assert "\nKillMode=process\n" in by_mail
    boxes = [unit.read_text().partition("NoNewPrivileges")[2].partition("\n[Install]")[0] for unit in (UNITS[2], UNITS[4])]
    assert boxes[0] == boxes[1] and "ProtectSystem=strict" in boxes[0] and "CapabilityBoundingSet=\n" in boxes[0]


def test_the_container_is_made_from_what_it_needs_and_runs_without_rights(asked: list[str]) -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    parts = [*needed["build"]["targets"]["wheel"]["force-include"], needed["metadata"]["hooks"]["custom"]["path"]]
    sent = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.M)
    assert set(sent) == {*parts, "ektp_analysis", "pyproject.toml", "README.md", "NOTICE", "hashes.txt"}
    assert all((ROOT / one).exists() for one in sent)
    assert text.index("\nUSER ektp\n") < text.index("\nENTRYPOINT ") and "--require-hashes" in text
    entry, arguments = re.findall(r"^(?:ENTRYPOINT|CMD) (\[.*\])$", text, re.M)
    assert entry == '["ektp"]'
    parsed(re.findall(r'"([^"]+)"', arguments), "Containerfile")
    assert "http://127.0.0.1:8501/healthz" in text and "EXPOSE 8501\n" in text

    compose = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    app = compose.partition("\n  app:\n")[2].partition("\n  proxy:\n")[0]
    assert "read_only: true" in app and "cap_drop: [ALL]" in app and "no-new-privileges:true" in app and "ports:" not in app
    address = re.search(r"ipv4_address: (\S+)", compose)
    assert address and f"FORWARDED_ALLOW_IPS: {address[1]} " in app, "the proxy alone says for whom it asks"
    assert "EKTP_UPSTREAM: app:8501" in compose and "{$EKTP_UPSTREAM:localhost:8501}" in (DEPLOY / "Caddyfile").read_text()


def test_the_settings_that_are_given_are_settings() -> None:
    known = {f"EKTP_{name.upper()}" for name in Settings.model_fields}
    example = (DEPLOY / "settings.example").read_text(encoding="utf-8")
    compose = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for_compose = set(re.findall(r"\$\{(\w+):", compose)) | {"COMPOSE_PROJECT_NAME"}
    assert for_compose == {"EKTP_HOST", "EKTP_DB_PASSWORD", "COMPOSE_PROJECT_NAME"}
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.M)) - known == for_compose
    assert set(re.findall(r"^ +(EKTP_\w+):", compose, re.M)) - known == {"EKTP_HOST", "EKTP_UPSTREAM"}
    for page in PAGES:
        named = set(re.findall(r"\bEKTP_[A-Z_]+", page.read_text(encoding="utf-8")))
        assert named <= known | for_compose | {"EKTP_UPSTREAM"}, page.name


def test_the_script_for_windows_calls_what_there_is(asked: list[str]) -> None:
    text = (DEPLOY / "windows.ps1").read_text(encoding="utf-8")
    assert text.isascii(), "PowerShell 5 reads other letters wrongly"
    arguments = re.findall(r'-Argument "((?:[^"`]|`")*)"', text)
    assert len(arguments) == 2
    for one in arguments:
        parsed(shlex.split(one.replace('`"', '"').replace("$Port", "8501")), "windows.ps1")
    assert asked == ["run", "make"]
    assert set(re.findall(r"ektp_analysis-[\w.]+-py3-none-any\.whl", text)) == {f"ektp_analysis-{__version__}-py3-none-any.whl"}


def test_what_is_reckoned_on_the_page_of_costs_follows_from_what_was_measured() -> None:
    text = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")

    def measured(line: str) -> float:
        found = re.search(rf"^\| {re.escape(line)}[^|]*\| ([\d.,]+)", text, re.M)
        assert found, line
        return float(found[1].replace(",", ""))

    figure, file, rollup = map(measured, ("a figure (one desa, one day) in", "a file that came in", "what is kept ready of"))
    read, stored, answer = (measured(one) for one in ("work to read", "work to store", "work for the answer"))
    rows = {}
    for line in text.partition("| your price for one |")[2].splitlines():
        cells = [one.strip() for one in line.split("|")[1:4]]
        if len(cells) == 3 and cells[1][:1].isdigit():
            rows[cells[0]] = cells[1:]
    for place, (offices, desa) in enumerate(((35, 8563), (514, 83762))):
        assert f"({offices} offices, {desa:,} desa)" in text
        figures = desa * 52
        store = [(years * (figures * figure + offices * 52 * file) + offices * rollup * 1e3) / 1e6 for years in (1, 5)]
        assert [one[place] for one in rows.values()] == [
            f"{figures:,}",
            f"{store[0]:,.0f}",
            f"{store[1]:,.0f}",
            f"{store[1] * (1 + 12 + 1) / 1e3:,.0f}",
            f"{offices * 52 / 12 * (read + stored) / 3600:.2f}",
            f"{desa * answer / 1e3 * 30 / 3600:.1f}",
            f"{desa * answer / 1e3 / 60:.1f}",
        ]
