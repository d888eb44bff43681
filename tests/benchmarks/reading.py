"""Reading against the bare readers, in turn, in one run: the ratios of medians and of each pair, by the clock and by the
processor's time.

csv: 1,000,000 rows in the project's own layout against ``pandas.read_csv``, goal 3. own and wide: workbooks of 60,000 rows,
in the project's own layout and as a registry exports them (codes, names, men, women, total), against python-calamine, goal 2.
The search for personal numbers is part of every reading.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import python_calamine as calamine
import xlsxwriter

from ektp_analysis.core.area import Level, register
from ektp_analysis.ingest.reading import read_file

ROUNDS, TODAY = 7, date(2026, 1, 1)
AREAS, DAYS, ROWS = 50_000, 20, 60_000


def figures(size: int) -> pd.DataFrame:
    random = np.random.default_rng(0)
    eligible = random.integers(100, 9_000, size)
    recorded = (eligible * random.uniform(0.7, 1.0, size)).astype(int)
    return pd.DataFrame({"eligible": eligible, "recorded": recorded, "unrecorded": eligible - recorded})


def canonical(areas: int, days: int) -> pd.DataFrame:
    """One row per area and day, in the project's own layout."""
    codes = list(register().codes(Level.DESA))[:areas]
    dates = pd.date_range("2023-01-31", periods=days, freq="MS").strftime("%Y-%m-%d")
    keys = pd.DataFrame({"area_code": np.tile(codes, days), "as_of_date": np.repeat(dates, areas)})
    return pd.concat([keys, figures(len(keys))], axis=1)


def own() -> bytes:
    made = io.BytesIO()
    canonical(ROWS // 2, 2).to_excel(made, index=False, engine="xlsxwriter")
    return made.getvalue()


def wide() -> bytes:
    """An export: codes and names of four levels, then men, women and total of the eligible and of the recorded."""
    areas, made = register(), io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("Sheet1")
    levels = [head for level in ("PROP", "KAB", "KEC", "KEL") for head in (f"NO_{level}", f"NAMA_{level}")]
    sheet.write_row(0, 0, [*levels, "WKTP_LK", "WKTP_PR", "WKTP", "REKAM_LK", "REKAM_PR", "REKAM"])
    men, women = (figures(2 * ROWS)[start::2].itertuples(index=False) for start in (0, 1))
    for row, (code, man, woman) in enumerate(zip(areas.codes(Level.DESA), men, women, strict=False), start=1):
        parts = code.split(".")
        above = [".".join(parts[: depth + 1]) for depth in range(4)]
        named = [cell for part, one in zip(parts, above, strict=True) for cell in (int(part), areas.name(one).upper())]
        counts = [man.eligible, woman.eligible, man.eligible + woman.eligible]
        counts += [man.recorded, woman.recorded, man.recorded + woman.recorded]
        sheet.write_row(row, 0, [*named, *map(int, counts)])
        if row == ROWS:
            break
    book.close()
    return made.getvalue()


def bare(data: bytes) -> object:
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def taken(task: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    task()
    return time.perf_counter() - clock, time.process_time() - processor


def compare(name: str, data: bytes, file: str, floor: Callable[[bytes], object], goal: float) -> None:
    def ours() -> None:
        report = read_file(data, file, today=TODAY)
        if report.status != "accepted":
            raise RuntimeError(f"{name}: {report.status}")

    pairs = [(taken(ours), taken(lambda: floor(data))) for _ in range(ROUNDS + 1)][1:]  # the first round warms both
    for place, what in enumerate(("clock", "processor")):
        mine, theirs = ([side[place] for side in sides] for sides in zip(*pairs, strict=True))
        each = sorted(one / other for one, other in zip(mine, theirs, strict=True))
        ours_, floor_ = statistics.median(mine), statistics.median(theirs)
        print(
            f"  {name:5} {what:10} ours {ours_:.3f} s   floor {floor_:.3f} s   ratio {ours_ / floor_:.2f}"
            f" (pairs {each[0]:.2f} to {each[-1]:.2f}; goal {goal:.0f})",
            flush=True,
        )


def main() -> None:
    text = canonical(AREAS, DAYS).to_csv(index=False).encode()
    print(f"Reading against the bare readers, {ROUNDS} rounds, medians")
    compare("csv", text, "figures.csv", lambda data: pd.read_csv(io.BytesIO(data)), 3)
    compare("own", own(), "figures.xlsx", bare, 2)
    compare("wide", wide(), "DKB 30 Juni 2023.xlsx", bare, 2)


if __name__ == "__main__":
    main()
