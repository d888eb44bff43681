"""Fifty visitors over all pages while fifty costly requests come in: what each is answered, and how long /healthz takes.

A visitor is a WebSocket as a browser opens it: it asks for a page, waits until the server says that the page is done, looks at
it for a while, and clicks on. The costly requests are slides of other areas, each from another address. Goals: no error but the
queue's 503 with a sentence, /healthz within a second, 95 % of the clicks within five times a single visitor's median, and that a
third crowd leaves the server no larger than the first did: memory is used again.
"""

from __future__ import annotations

import asyncio
import http.client
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from ektp_analysis.core.area import register
from ektp_analysis.core.aside import held_by
from ektp_analysis.page import registry
from tests.browser.conftest import serve

VISITORS, COSTLY, CLICKS = 50, 50, 6
LOOKS = (5.0, 25.0)  # seconds between two clicks of a visitor
HEALTHY, SLOWER, PATIENCE = 1.0, 5.0, 120.0
CROWDS, GONE, GROWN = 3, 30.0, 1.15  # crowds one after the other; seconds between; what the last may hold beside the first
DAYS = ("2023-06-14", "2023-06-19")


async def click(line: ClientConnection, page: str) -> tuple[float, list[str]]:
    """Seconds until the page is done, and what it showed as an error of the program."""
    ask = BackMsg()
    ask.rerun_script.page_name, ask.rerun_script.query_string = page, "lang=id&data=sample"
    start, wrong = time.perf_counter(), []
    await line.send(ask.SerializeToString())
    while True:
        said = ForwardMsg()
        said.ParseFromString(await asyncio.wait_for(line.recv(decode=False), PATIENCE))
        if said.delta.new_element.WhichOneof("type") == "exception":
            wrong.append(said.delta.new_element.exception.message)
        if said.WhichOneof("type") == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return time.perf_counter() - start, wrong


async def visitor(url: str, number: int, clicks: int, looks: tuple[float, float]) -> tuple[list[float], list[str]]:
    """All clicks of one visitor."""
    dice, taken, wrong = random.Random(number), [], []
    headers = {"X-Forwarded-For": f"10.1.{number}.1"}
    async with connect(
        f"ws{url[4:]}/_stcore/stream", subprotocols=["streamlit"], max_size=None, additional_headers=headers
    ) as line:  # type: ignore[list-item]
        for turn in range(clicks):
            await asyncio.sleep(dice.uniform(0 if not turn else looks[0], looks[1]))
            page = registry.PAGES[(number + turn) % len(registry.PAGES)].file
            seconds, errors = await click(line, page)
            taken.append(seconds)
            wrong += [f"{page}: {error}" for error in errors]
    return taken, wrong


def answered(url: str, path: str, visitor: str) -> tuple[str, float]:
    """The status of an address, ``queue`` for a refusal with a sentence and when to come again, and the seconds that it took."""
    place, start = urlsplit(url), time.perf_counter()
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"X-Forwarded-For": visitor})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    queue = answer.status == 503 and answer.getheader("Retry-After") and len(body.split()) > 5
    return "queue" if queue else str(answer.status), time.perf_counter() - start


async def health(url: str, until: asyncio.Event) -> list[float]:
    """Seconds of each look at /healthz."""
    taken = []
    while not until.is_set():
        status, seconds = await asyncio.to_thread(answered, url, "/healthz", "10.2.0.1")
        taken.append(seconds if status == "200" else PATIENCE)
        await asyncio.sleep(0.5)
    return taken


async def crowd(url: str) -> tuple[bool, list[float], list[float]]:
    """Everyone at once; whether the goals are met but that of the clicks, the clicks of one alone, and those of all."""
    for _ in range(2):  # the first round warms everything up
        alone, wrong = await visitor(url, 0, 2 * len(registry.PAGES), (0.0, 0.0))
    median, ended = statistics.median(alone), asyncio.Event()
    watching = asyncio.create_task(health(url, ended))
    visiting = [asyncio.create_task(visitor(url, number, CLICKS, LOOKS)) for number in range(VISITORS)]
    areas = register().children("75.05")
    paths = [
        f"/slides/show?data=sample&area={areas[n % len(areas)]}&on={DAYS[n % 2]}&lang={('id', 'en')[n % 3 % 2]}&n={n}"
        for n in range(COSTLY)
    ]
    loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor(COSTLY)
    costly = [loop.run_in_executor(threads, answered, url, path, f"10.3.{n}.1") for n, path in enumerate(paths)]
    statuses = Counter([(await one)[0] for one in costly])
    visits = await asyncio.gather(*visiting)
    ended.set()
    looked, taken = await watching, sorted(seconds for times, _ in visits for seconds in times)
    wrong += [error for _, errors in visits for error in errors]
    late = taken[int(0.95 * len(taken))]
    print(f"  costly requests: {dict(statuses)}; errors on pages: {len(wrong)} {wrong[:3]}")
    print(f"  /healthz: longest {max(looked):.2f} s of {len(looked)} (goal {HEALTHY:.0f} s)")
    print(
        f"  clicks: alone {median:.2f} s, of {len(taken)} among {VISITORS} the median {statistics.median(taken):.2f} s, "
        f"95 % within {late:.2f} s, {late / median:.1f} times (goal {SLOWER:.0f})",
        flush=True,
    )
    return not wrong and set(statuses) <= {"200", "queue"} and max(looked) < HEALTHY, alone, taken


def main() -> int:
    """0 where nobody met an error and /healthz answered in time."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), anew=True) as server:
        held, good = [held_by(server.process.pid)], True
        alone: list[float] = []
        among: list[float] = []
        for _ in range(CROWDS):
            well, one, all_ = asyncio.run(crowd(server.url))
            good, alone, among = good and well, alone + one, among + all_
            time.sleep(GONE)  # until the server has let go of visitors who do not come back
            held.append(held_by(server.process.pid))
    late = sorted(among)[int(0.95 * len(among))] / statistics.median(alone)
    print(f"  all crowds together: 95 % of {len(among)} clicks within {late:.1f} times a median alone (goal {SLOWER:.0f})")
    grown = held[-1] / held[1]
    said = ", ".join(f"{one >> 20} MB" for one in held)
    print(f"  memory: {said} before and after each crowd; after the last {grown:.2f} times what it was after the first")
    return 0 if good and late <= SLOWER and grown < GROWN else 1


if __name__ == "__main__":
    sys.exit(main())
