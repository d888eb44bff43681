"""Count the faults of reading at full size: ``python -m tests.faults``. Ends with 1 where a goal is missed.

Layouts: random snapshots in random layouts, read silently wrong (goal 0), asked (at most 5 %), refused (goal 0).
Damaged: files broken at random, answered by a report (goal: all), accepting rows only where the report says accepted, and none
with fewer areas than the file held ("fewer", goal 0): where areas are missing a person is asked whether the file is complete
("asked of loss"; of a file that lost none, "asked in vain"), and only the answer takes it in ("answered badly": goal 0).
Planted, hidden: personal numbers in every kind of place and spelling, refused and not repeated (goal: all). Clean: rows refused
(goal 0).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import date
from functools import cache
from multiprocessing import get_context

import pandas as pd

from ektp_analysis.ingest.opening.containers import OLE, Book, Sheet
from ektp_analysis.ingest.opening.personal import in_text, numbers_in_book, plain
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import UNDECIDED, Choices, ImportReport
from ektp_analysis.ingest.worker import guarded_read
from tests.layouts import personal
from tests.layouts.damage import bases, damaged
from tests.layouts.generate import make
from tests.spec import plants

TODAY = date(2026, 1, 1)
Pair = tuple[str, date]


def layout(seed: int) -> tuple[str, str]:
    """What became of the generated layout of a seed, and a line about it."""
    made = make(seed)
    report = read_file(made.data, made.name, today=TODAY)
    line = f"seed {seed}: {report.reason} {made.notes}"
    if report.status != "accepted":
        return ("asked" if report.status == "needs_choice" else "refused"), line
    found = {
        row.area_code: tuple(None if pd.isna(n) else int(n) for n in (row.eligible, row.recorded, row.unrecorded))
        for row in report.rows.itertuples()
    }
    return ("exact" if found == made.truth and report.as_of_dates == (made.day,) else "wrong"), line


def damage(seed: int) -> tuple[str, str]:
    """What became of a damaged file: refused, asked, or accepted, with all that it held or with less."""
    (data, base, _), start = damaged(seed), time.process_time()
    held, choices = sound(base)
    try:
        name = ("a.xlsx", "b.csv", "c.xls", "d.ods")[seed % 4]
        apart = data.startswith((b"PK", OLE))  # as on a page: what reads workbooks may end its process
        report = guarded_read(data, name, choices, today=TODAY) if apart else read_file(data, name, choices, today=TODAY)
        report.to_json()
    except (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        return "traceback", f"seed {seed}: {error!r}"
    if time.process_time() - start > 10:
        return "slow", f"seed {seed}"
    kept = pairs(report)
    if report.status == "needs_choice" and [one.topic for one in report.questions] == ["complete"]:
        report = read_file(data, name, choices.but({"complete": "yes"}), today=TODAY)
        left = read_file(data, name, choices.but({"complete": "no"}), today=TODAY)
        lost = [pair for pair in held if pair not in pairs(report)]
        if kept or report.status != "accepted" or left.status != "refused" or report.choices.complete != "yes":
            return "answered badly", f"seed {seed}: base {base}"
        return ("asked of loss" if lost else "asked in vain"), ""
    if report.status != "accepted":
        return ("half", f"seed {seed}") if kept else (report.status, "")
    lost = [pair for pair in held if pair not in kept]
    return ("fewer" if lost else "accepted"), f"seed {seed}: base {base}, {len(lost)} of {len(held)} lost"


def pairs(report: ImportReport) -> set[Pair]:
    """Each area and day that a report holds."""
    return set() if report.rows.empty else set(zip(report.rows["area_code"], report.rows["as_of_date"].dt.date, strict=True))


@cache
def sound(base: int) -> tuple[tuple[Pair, ...], Choices]:
    """What a sound file holds, in its order, and the choices that it asks for."""
    choices = UNDECIDED
    report = read_file(bases()[base], "a", choices, today=TODAY)
    if report.status != "accepted":
        choices = Choices(date=date(2025, 12, 31))
        report = read_file(bases()[base], "a", choices, today=TODAY)
    assert report.status == "accepted", base
    return tuple(zip(report.rows["area_code"], report.rows["as_of_date"].dt.date, strict=True)), choices


def plant(seed: int) -> tuple[str, str]:
    """Whether a planted number was refused and is repeated nowhere."""
    kind, data, name, number = personal.planted(seed)
    report = read_file(data, name, today=TODAY)
    said = repr(report) + repr(report.to_json("id"))
    kept = report.status == "refused" and "NIK" in str(report.reason) and number not in said
    return ("refused" if kept else "missed"), f"seed {seed}: {kind}"


@cache
def family() -> tuple[plants.Plant, ...]:
    """Every kind of place with every spelling."""
    return tuple(plants.family(len(plants.SPELLINGS), seed=2))


def hidden(position: int) -> tuple[str, str]:
    """Whether a number of the family was refused, said so, and is repeated nowhere."""
    one = family()[position]
    report = read_file(one.data, one.name, today=TODAY)
    said = "".join(filter(str.isalnum, plain(repr(report) + repr(report.to_json("id")))))
    known = "NIK" in str(report.reason) or "cannot be searched" in str(report.reason)
    kept = report.status == "refused" and known and one.number not in said
    return ("refused" if kept else "missed"), f"{one.place}, {one.spelling}"


def count(name: str, task, size: int) -> Counter[str]:
    """Run a task over its seeds and print what became of them."""
    found: Counter[str] = Counter()
    start = time.monotonic()
    with get_context("spawn").Pool() as pool:
        for outcome, line in pool.imap_unordered(task, range(size), chunksize=20):
            found[outcome] += 1
            if (outcome in ("wrong", "refused", "slow", "half", "missed") and name in ("layouts",)) or outcome in (
                "half",
                "slow",
                "missed",
                "traceback",
                "fewer",
                "answered badly",
            ):
                print("   ", outcome, line)
    print(f"{name}: {size} in {time.monotonic() - start:.0f} s: {dict(sorted(found.items()))}")
    return found


def main() -> int:
    """All counts; 0 where every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, size in (("layouts", 2000), ("damaged", 10_000), ("planted", 200), ("clean", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=size)
    sizes = parser.parse_args()
    layouts = count("layouts", layout, sizes.layouts)
    broken = count("damaged", damage, sizes.damaged)
    planted = count("planted", plant, sizes.planted)
    hid = count("hidden", hidden, len(family()))
    hits: list[object] = [row for row in personal.clean_rows(1, sizes.clean) if in_text(row)]
    tables = (Book("xlsx", (Sheet("", plants.clean_table(seed)),)) for seed in range(sizes.clean // 50))
    hits += [place for table in tables if (place := numbers_in_book(table)) is not None]
    print(f"clean: {sizes.clean} rows and as many texts, {len(hits)} refused")
    good = not layouts["wrong"] and not layouts["refused"] and layouts["asked"] <= 0.05 * sizes.layouts
    return (
        0
        if good
        and not broken["half"] + broken["slow"] + broken["traceback"] + broken["fewer"] + broken["answered badly"]
        and not planted["missed"] + hid["missed"]
        and not hits
        else 1
    )


if __name__ == "__main__":
    sys.exit(main())
