"""The figures from which docs/cost.md is computed, beside those of many_parts, desa_outlines and nation_store.

Made figures (:mod:`tests.nation`) in SQLite: the work to read a weekly workbook of an office, and seconds, work and bytes of a
backup. Work is what processors did, in seconds.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import tempfile
import time
from pathlib import Path

import pandas as pd

from ektp_analysis.core.area import register
from ektp_analysis.ingest.reading import read_file
from tests import nation
from tests.benchmarks import many_parts


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


if __name__ == "__main__":
    main()
