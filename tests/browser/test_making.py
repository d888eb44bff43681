"""Files made aside: while one is made, everybody else is answered; a process that dies is one sentence on the page."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Opener, Server, settle


def makers(server: Server) -> list[int]:
    """The processes of the server that make files: they read what it writes into a pipe."""
    mine = {held(one) for one in Path(f"/proc/{server.process.pid}/fd").iterdir()} - {None}
    return [
        int(one.name)
        for one in Path("/proc").iterdir()
        if one.name.isdigit() and int(one.name) != server.process.pid and held(one / "fd/0") in mine
    ]


def held(place: Path) -> str | None:
    """The pipe that stands at a place of a process, if there is one."""
    with contextlib.suppress(OSError):
        name = str(place.readlink())
        return name if name.startswith("pipe:") else None
    return None


@contextlib.contextmanager
def halted(pids: list[int]) -> Iterator[None]:
    """The processes stand still."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_a_click_elsewhere_is_answered_while_a_deck_is_made(own_server: Server, opened: Opener, tmp_path: Path) -> None:
    page, guard = opened(own_server.url + "/slides?lang=id")
    button = page.get_by_role("button", name="PowerPoint")
    expect(button).to_be_visible()
    expect(page.locator(".tab .picture svg")).to_have_count(4)  # drawn by a maker
    pids = makers(own_server)
    assert pids
    other, _guard = opened(own_server.url + "/?lang=id")
    expect(other.get_by_role("heading", level=1)).to_contain_text("554")
    with page.expect_download() as download:
        with halted(pids):  # the deck is under way and cannot be finished
            button.click()
            expect(page.get_by_text("PowerPoint sedang dibuat")).to_be_visible()
            other.get_by_role("link", name="Peta").click()
            expect(other.get_by_role("heading", level=1)).to_contain_text("Kwandang")
            assert page.get_by_text("PowerPoint sedang dibuat").is_visible()
        download.value.save_as(tmp_path / "salindia.pptx")
    assert (tmp_path / "salindia.pptx").read_bytes().startswith(b"PK")
    expect(page.get_by_text("PowerPoint sedang dibuat")).to_have_count(0)

    with halted(makers(own_server)):
        page.get_by_role("button", name="PDF").click()
        expect(page.get_by_text("PDF sedang dibuat")).to_be_visible()
        for pid in makers(own_server):
            os.kill(pid, signal.SIGKILL)
        expect(page.get_by_text("proses pembuatnya terhenti")).to_be_visible()
    assert not guard.foreign
    settle(page)
    with page.expect_download() as again:
        page.get_by_role("button", name="Excel").click()
    again.value.save_as(tmp_path / "buku.xlsx")
    assert (tmp_path / "buku.xlsx").read_bytes().startswith(b"PK")
