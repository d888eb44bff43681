"""The figures from which docs/cost.md is computed, beside those of many_parts, desa_outlines and nation_store.

Made figures (:mod:`tests.nation`) in SQLite. file: work to read a weekly workbook of an office. sessions: what a server holds
before and with so many open pages, each of another office, and its work for a click, all its processes together. backup: seconds
and bytes. Work is what processors did, in seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import statistics
import tempfile
import time
from pathlib import Path

import pandas as pd
import psutil
from websockets.asyncio.client import connect

from ektp_analysis.core.area import register
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.page import registry
from tests import nation
from tests.benchmarks import many_parts
from tests.benchmarks.visitors import click
from tests.browser.conftest import serve

SESSIONS, CLICKS = 20, 4


def tree(pid: int) -> list[psutil.Process]:
    """A process and all that it started."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def worked(pid: int) -> float:
    """Seconds for which a server and its helpers worked."""
    return sum(sum(one.cpu_times()[:4]) for one in tree(pid))


def held(pid: int) -> float:
    """Megabytes that they hold; what they share counts once."""
    return sum(one.memory_full_info().pss for one in tree(pid)) / 1e6


def reading(codes: list[str]) -> float:
    """Median work for the workbook of a week."""
    taken = []
    for code in codes[:9]:
        rows = nation.rows_of(code, 3)
        names = [register().name(one) for one in rows["area_code"]]
        day = f"per {rows['as_of_date'].iloc[0]:%d-%m-%Y}"
        table = pd.DataFrame(
            {"KODE": rows["area_code"], "DESA": names, "WAJIB KTP": rows["eligible"], "BELUM REKAM": rows["unrecorded"]}
        )
        out = io.BytesIO()
        table.to_excel(out, index=False, sheet_name=day)
        start = time.process_time()
        read_file(out.getvalue(), f"{code} {day}.xlsx")
        taken.append(time.process_time() - start)
    return statistics.median(taken[1:])


async def visits(url: str, pid: int, codes: list[str]) -> dict[str, float]:
    """Open pages, each clicked through; what each costs."""
    lines = []
    pages = [page.file for page in registry.PAGES]
    async with connect(f"ws{url[4:]}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
        for page in pages:  # what is loaded once
            await click(line, page, f"lang=id&area={codes[-1]}")
    alone, before, count = held(pid), worked(pid), 0
    for number in range(SESSIONS):
        line = await connect(f"ws{url[4:]}/_stcore/stream", subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        lines.append(line)
        for turn in range(CLICKS):
            _, wrong = await click(line, pages[(number + turn) % len(pages)], f"lang=id&area={codes[number % len(codes)]}")
            assert not wrong, wrong
            count += 1
    full, after = held(pid), worked(pid)
    for line in lines:
        await line.close()
    return {"server_mb": alone, "session_mb": (full - alone) / SESSIONS, "work_a_click": (after - before) / count}


def backup(data: Path, place: Path) -> dict[str, float]:
    """Work and bytes of a backup."""
    seconds, work = many_parts.timed("backup", "make", str(place))
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    store = sum(path.stat().st_size for path in data.glob("*.sqlite*"))
    return {"seconds": seconds, "work": work, "mb": size / 1e6, "store_mb": store / 1e6}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.12)
    parser.add_argument("--folder", type=Path, help="the folder of many_parts")
    asked = parser.parse_args() if __name__ == "__main__" else parser.parse_args([])
    with tempfile.TemporaryDirectory() as folder:
        data = asked.folder or Path(folder) / "data"
        codes, count = many_parts.made(data, asked.share)
        figures = count * nation.WEEKS
        print(f"{len(codes)} offices, {count} desa, {figures} figures", flush=True)
        print("work to read a file:", round(reading(codes), 3), flush=True)
        print("backup:", json.dumps({k: round(v, 1) for k, v in backup(data, Path(folder) / "backups").items()}), flush=True)
        with serve(data, anew=True, EKTP_TODAY=many_parts.LAST.date().isoformat()) as server:
            time.sleep(10)
            found = asyncio.run(visits(server.url, server.process.pid, codes))
            print("server:", json.dumps({k: round(v, 2) for k, v in found.items()}), flush=True)


if __name__ == "__main__":
    main()
