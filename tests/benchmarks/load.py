"""Fifty people of one province at once, on two processes of the app behind one address (Caddy) with one store in PostgreSQL.

Each logs in with an account, opens a page over a WebSocket as a browser does, and looks, switches to another page, drills into a
kecamatan or asks for a projection, with pauses to read; two send in a file of their kabupaten each, twice, and two have slides
made. The first crowd meets processes that were just started and hold next to nothing; the others what has run since the morning,
as what one person alone meets. Goals: of each action 95 % within five times what it takes one person alone, in the last crowd; no
error; what one process takes in, the other says at the next question; and that a second crowd, once it has left, leaves no
process larger than the first did. It speaks with this machine alone, and ends by itself. Figures are made up
(:mod:`tests.nation`).
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from ektp_analysis.access import gate, passwords, roster, tokens
from ektp_analysis.access.people import Role
from ektp_analysis.core.area import register
from ektp_analysis.core.aside import held_by
from ektp_analysis.store.persons import PersonEvent
from ektp_analysis.store.store import Store
from tests import nation
from tests.browser.conftest import ROOT, Server, free_port, serve
from tests.engines import address_of, server
from tests.shared import PASSWORD, start

PROVINCE, PEOPLE, ACTIONS, WEEKS = "75", 50, 6, 26
SENDERS, PRESENTERS = (0, 1), (2, 3)  # of the people
BEGUN = 60  # the turn at which crowds begin: behind those of one alone, so that each file is of a later day
TODAY = nation.FIRST.date() + timedelta(weeks=WEEKS + 4)  # behind the day of the last file
LOOKS = (5.0, 25.0)  # seconds between two actions of a person
ALONE = 3  # rounds of one person alone, of which the first warms everything up
SLOWER, GROWN, PATIENCE = 5.0, 1.15, 120.0
CROWDS, GONE = 2, 150.0  # crowds; seconds after which the server has let go of who does not come back
Times = dict[str, list[float]]


@dataclass
class Person:
    """Somebody with an account, in one kabupaten."""

    number: int
    area: str
    token: str = ""  # with which files are sent in
    cookie: str = ""
    times: Times = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"loket{self.number}"


@dataclass(frozen=True)
class Place:
    """The address that people know, and the two processes behind it."""

    url: str
    apps: tuple[Server, ...]

    def held(self) -> list[int]:
        """The memory of each process with what it started, in bytes."""
        return [held_by(one.process.pid) for one in self.apps]


@contextlib.contextmanager
def proxy(folder: Path, apps: Sequence[Server]) -> Iterator[str]:
    """Caddy in front of them with the balancing of deploy/Caddyfile, without TLS."""
    port, caddy = free_port(), shutil.which("caddy")
    assert caddy, "Debian's package caddy is needed"
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    inside = re.search(r"reverse_proxy[^\n]*(\{\n.*?\n\t\})", text, re.DOTALL)
    assert inside, "how requests are divided stands in deploy/Caddyfile"
    known = " ".join(urlsplit(one.url).netloc for one in apps)
    config = folder / "Caddyfile"
    config.write_text(
        f"{{\n\tadmin off\n\tauto_https off\n}}\nhttp://localhost:{port} {{\n"
        f"\tbind 127.0.0.1\n\treverse_proxy {known} {inside[1]}\n}}\n",
        encoding="utf-8",
    )
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "caddy.log").open("wb") as log:
        command = [caddy, "run", "--config", str(config), "--adapter", "caddyfile"]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=home)
    try:
        url = f"http://localhost:{port}"
        while process.poll() is None:
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"{url}/healthz", timeout=PATIENCE)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def people(url: str, folder: Path) -> list[Person]:
    """A store with half a year of a province and its accounts: readers of each kabupaten, and who may send files in."""
    offices = [code for code in nation.desa() if code.startswith(PROVINCE + ".")]
    Store.open(url).close()
    for week in range(WEEKS):
        nation.send(url, offices, week)
    found = [Person(number, offices[number % len(offices)]) for number in range(PEOPLE)]
    secret = passwords.secret_of(PASSWORD, "")  # one for all: each takes a fifth of a second
    with pytest.MonkeyPatch.context() as patch:
        start(patch, folder, EKTP_DATABASE_URL=url)
        with gate.acting_as(gate.OPERATOR):
            for one in found:
                roster.add(one.name)
                roster.grant(one.name, Role.UPLOADER if one.number in SENDERS else Role.READER, one.area)
                gate.people_store().add_person_event(
                    PersonEvent(one.name, "password", datetime.now(UTC), gate.who(), secret=secret)
                )
                if one.number in SENDERS:
                    one.token, _ = tokens.add(one.name, Role.UPLOADER, one.area)
        gate.let_go()
    return found


def log_in(url: str, one: Person) -> None:
    """By the form, as a browser does; the cookies also lead to the same process again."""
    browser, begun = requests.Session(), time.perf_counter()
    form = re.findall(r'name="form" value="([^"]+)"', browser.get(f"{url}/signin", timeout=PATIENCE).text)[0]
    fields = {"form": form, "name": one.name, "password": PASSWORD}
    done = browser.post(f"{url}/signin", data=fields, allow_redirects=False, timeout=PATIENCE)
    if done.status_code != 303:
        one.wrong.append(f"login: {done.status_code}")
    one.times["log in"].append(time.perf_counter() - begun)
    one.cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def shown(line: ClientConnection, page: str, query: str) -> list[str]:
    """Ask for a page and wait until it is done; what it showed as an error."""
    ask, wrong = BackMsg(), []
    ask.rerun_script.page_name, ask.rerun_script.query_string = page, query
    await line.send(ask.SerializeToString())
    while True:
        said = ForwardMsg()
        said.ParseFromString(await asyncio.wait_for(line.recv(decode=False), PATIENCE))
        element = said.delta.new_element
        if element.WhichOneof("type") == "exception":
            wrong.append(element.exception.message)
        elif element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
            wrong.append(element.alert.body)
        if said.WhichOneof("type") == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return wrong


def file_of(area: str, number: int) -> tuple[str, bytes, str]:
    """A file of a further week of a kabupaten: name, bytes, day."""
    rows = nation.rows_of(area, WEEKS)
    day = (nation.FIRST.date() + timedelta(weeks=WEEKS, days=number // 3)).isoformat()  # one in three turns sends a file
    lines = [f"{row.area_code},{day},{row.eligible},{row.unrecorded}" for row in rows.itertuples()]
    return f"{area}-{day}.csv", "\n".join(["area_code,as_of_date,eligible,unrecorded", *lines, ""]).encode(), day


def send_in(place: Place, one: Person, number: int) -> list[str]:
    """A file in its two steps, through the address; then each process by itself is asked for its figures."""
    name, data, day = file_of(one.area, number)
    by, what = {"Authorization": f"Bearer {one.token}"}, {"name": name}
    report = requests.post(f"{place.url}/api/v1/uploads", data, headers=by, params=what, timeout=PATIENCE).json()
    if not report.get("key"):
        return [f"report: {report}"[:200]]
    what["key"] = report["key"]
    done = requests.post(f"{place.url}/api/v1/uploads/accept", data, headers=by, params=what, timeout=PATIENCE).json()
    if done.get("status") != "accepted":
        return [f"accept: {done}"[:200]]
    for app in place.apps:
        said = requests.get(f"{app.url}/api/v1/status", headers=by, params={"area": one.area}, timeout=PATIENCE).json()
        if (said.get("as_of_date") or "") < day:
            return [f"{app.url} does not say it: {said}"[:200]]
    return []


def presented(place: Place, one: Person, number: int) -> list[str]:
    """Slides of a kecamatan that nobody has asked for yet."""
    inside = register().children(one.area)
    what = {"area": inside[number % len(inside)], "lang": ("id", "en")[number // len(inside) % 2]}
    answer = requests.get(f"{place.url}/slides/show", params=what, headers={"Cookie": one.cookie}, timeout=PATIENCE)
    busy = answer.status_code == 503 and answer.headers.get("Retry-After")
    return [] if answer.status_code == 200 or busy else [f"slides: {answer.status_code}"]


async def act(place: Place, one: Person, line: ClientConnection, turn: int) -> None:
    """The next thing that a person does, and how long it takes."""
    inside, begun = register().children(one.area), time.perf_counter()
    here, there = f"lang=id&area={one.area}", f"lang=id&area={inside[(one.number + turn) % len(inside)]}"
    if one.number in SENDERS and turn % 3 == 1:
        name, wrong = "send in", await asyncio.to_thread(send_in, place, one, turn)
    elif one.number in PRESENTERS and turn % 3 == 1:
        name, wrong = "slides", await asyncio.to_thread(presented, place, one, turn)
    else:
        asked = {
            "look": ("position", here),
            "switch": (("area_map", "data", "method")[turn % 3], here),
            "drill": ("area_map", there),
            "project": ("projection", there if turn % 2 else here),
        }
        name = list(asked)[(one.number + turn) % len(asked)]
        wrong = await shown(line, *asked[name])
    one.times[name].append(time.perf_counter() - begun)
    one.wrong += [f"{name}: {error}" for error in wrong]


async def visit(place: Place, one: Person, turns: Sequence[int], looks: tuple[float, float]) -> None:
    """All that one person does, on one open page."""
    dice = random.Random(one.number)
    async with connect(
        f"ws{place.url[4:]}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        origin=place.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": one.cookie},
    ) as line:
        for turn in turns:
            await asyncio.sleep(dice.uniform(0 if turn == turns[0] else looks[0], looks[1]))
            await act(place, one, line, turn)


async def crowd(place: Place, all_: Sequence[Person], first: int) -> list[int]:
    """Everyone at once; the memory of each process while all pages are open."""
    going = [asyncio.create_task(visit(place, one, range(first, first + ACTIONS), LOOKS)) for one in all_]
    await asyncio.sleep(ACTIONS * LOOKS[0])
    held = await asyncio.to_thread(place.held)
    for one in await asyncio.gather(*going, return_exceptions=True):
        if one is not None:
            all_[0].wrong.append(f"session: {one!r}"[:200])
    return held


def alone(place: Place, all_: Sequence[Person]) -> Times:
    """What each action takes when nobody else is there, of each kind of person in turn; the first round warms everything up."""
    found: Times = defaultdict(list)
    for one in (*(all_[number] for number in (*SENDERS, *PRESENTERS)), *all_[4:8]):
        log_in(place.url, one)
        found["log in"] += one.times.pop("log in")
        for first in range(0, 20 * ALONE, 20):
            asyncio.run(visit(place, one, range(first, first + ACTIONS), (0.0, 0.0)))
            if first:
                for name, seconds in one.times.items():
                    found[name] += seconds
            one.times.clear()
    return found


def taken(all_: Sequence[Person]) -> Times:
    """What the actions of a crowd took; its people have none behind them then."""
    found: Times = defaultdict(list)
    for person in all_:
        for name, seconds in person.times.items():
            found[name] += seconds
        person.times.clear()
    return found


def main() -> int:
    """0 where all goals are met."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = address_of(stack.enter_context(server()))
        all_ = people(url, folder)
        given = {"EKTP_LOGIN": "accounts", "EKTP_LANGUAGE": "id", "EKTP_DATABASE_URL": url, "EKTP_TODAY": TODAY.isoformat()}
        apps = tuple(stack.enter_context(serve(folder / name, anew=True, **given)) for name in ("one", "two"))
        return measured(Place(stack.enter_context(proxy(folder, apps)), apps), all_)


def measured(place: Place, all_: Sequence[Person]) -> int:
    """One alone, then all, twice; and what becomes of memory."""
    one = alone(place, all_)
    held, crowds = [place.held()], []
    for number in range(CROWDS):
        for person in all_:
            log_in(place.url, person)
        during = asyncio.run(crowd(place, all_, BEGUN + number * ACTIONS))
        time.sleep(GONE)
        held += [during, place.held()]
        crowds.append(taken(all_))
    wrong = [error for person in all_ for error in person.wrong]
    print(f"\n{PEOPLE} people, {len(place.apps)} processes, {CROWDS} crowds; errors: {len(wrong)} {wrong[:3]}")
    print("  crowd action      alone   among: median    95 %   times     n")
    for number, among in enumerate(crowds, 1):
        worst = 0.0
        for name, seconds in sorted(among.items()):
            median, late = statistics.median(one[name]), sorted(seconds)[int(0.95 * (len(seconds) - 1))]
            worst = max(worst, late / median)
            said = f"{median:6.2f} s {statistics.median(seconds):14.2f} {late:7.2f} {late / median:7.1f} {len(seconds):5}"
            print(f"  {number:5} {name:10} {said}")
    for app, sizes in enumerate(zip(*held, strict=True), 1):
        told = ", ".join(f"{size >> 20}" for size in sizes)
        print(f"  memory of process {app} before, with each crowd and after it: {told} MB")
    grown, session = sum(held[-1]) / sum(held[2]), (sum(held[1]) - sum(held[0])) / PEOPLE / 2**20
    print(f"  a session {session:.1f} MB; after the last crowd {grown:.2f} times what it was after the first", flush=True)
    return 0 if not wrong and worst <= SLOWER and grown < GROWN else 1


if __name__ == "__main__":
    sys.exit(main())
