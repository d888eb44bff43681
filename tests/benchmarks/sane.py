"""What a planner expects of campaigns that anyone can judge by eye, through what an office does: import, then `project`.

Each case of tests/spec/sane.py becomes a file as offices send it (:data:`FORMS`), is taken in by the command line into a
store of its own, and is asked for on the last day of its figures. ``python -m tests.benchmarks.sane [cases] [seed]`` prints the
share within the bounds, and what is not by kind; the cases are drawn by Hypothesis where a seed for it is given.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as limits

from ektp_analysis.__main__ import main as command
from ektp_analysis.core.area import register
from ektp_analysis.core.settings import settings
from ektp_analysis.office import stores
from tests.spec import sane

CASES, LEAST_WITHIN = 500, 0.95
KABUPATEN, KECAMATAN = "75.05", "75.05.03"
LAST = date(2024, 1, 1)  # a day of the last figures; each case has one of its own after it
Rows = list[tuple[str, date, int, int]]  # area, day, eligible, unrecorded


@dataclass(frozen=True)
class Form:
    """A way to send figures: the area asked for, the name of the file, its rows of a case, and its bytes."""

    area: str
    name: str
    rows: Callable[[sane.Sane, date], Rows]
    data: Callable[[Rows], bytes]


def _whole(area: str) -> Callable[[sane.Sane, date], Rows]:
    def rows(case: sane.Sane, last: date) -> Rows:
        days = [last + timedelta(days=round(day)) for day in case.days]
        return [
            (area, day, int(listed), int(left)) for day, listed, left in zip(days, case.eligible, case.remaining, strict=True)
        ]

    return rows


def _split(case: sane.Sane, last: date) -> Rows:
    """Over four kecamatan, the largest with four times as many as the smallest."""
    codes, shares = register().children(KABUPATEN)[:4], np.cumsum([0.0, 0.4, 0.3, 0.2, 0.1])
    found = []
    for _area, day, listed, left in _whole(KABUPATEN)(case, last):
        parts = (np.diff(np.round(shares * total).astype(int)) for total in (listed, left))
        found += [(code, day, int(of), int(here)) for code, of, here in zip(codes, *parts, strict=True)]
    return found


def _semicolons(rows: Rows) -> bytes:
    lines = [f"{area};{day:%d/%m/%Y};{listed};{left}" for area, day, listed, left in rows]
    return "\r\n".join(["kode;per tanggal;wajib ktp;belum rekam", *lines]).encode("cp1252")


def _named(rows: Rows) -> bytes:
    lines = [f"Gorontalo Utara,{register().name(area)},{day},{of},{of - left},{left}" for area, day, of, left in rows]
    return "\n".join(["Kabupaten,Kecamatan,Tanggal,Wajib KTP,Sudah Rekam,Belum Rekam", *lines]).encode()


def _book(rows: Rows) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("Rekap")
    sheet.append(["PEREKAMAN KTP-EL KABUPATEN GORONTALO UTARA"])
    sheet.append(["KECAMATAN", "TANGGAL", "WAJIB KTP", "SUDAH REKAM", "BELUM REKAM"])
    for area, day, listed, left in rows:
        sheet.append([register().name(area), day, listed, listed - left, left])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


FORMS: Mapping[str, Form] = {
    "totals of the kabupaten, CSV": Form(KABUPATEN, "rekap.csv", _whole(KABUPATEN), _semicolons),
    "one kecamatan, CSV with names": Form(KECAMATAN, "kecamatan.csv", _whole(KECAMATAN), _named),
    "four kecamatan, workbook": Form(KABUPATEN, "kecamatan.xlsx", _split, _book),
}


@contextlib.contextmanager
def office(today: date) -> Iterator[Path]:
    """An office of its own in an empty folder, on that day."""
    given = {"EKTP_TODAY": today.isoformat(), "EKTP_LANGUAGE": "en", "EKTP_DATABASE_URL": ""}
    before = {name: os.environ.get(name) for name in ("EKTP_DATA_DIR", *given)}
    with tempfile.TemporaryDirectory(prefix="ektp-sane-") as folder:
        os.environ.update(given, EKTP_DATA_DIR=folder)
        settings.cache_clear()
        stores.close_all()
        try:
            yield Path(folder)
        finally:
            stores.close_all()
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
            settings.cache_clear()


def said(*arguments: str) -> dict[str, Any]:
    """The one line of JSON of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command([*arguments, "--json"])
    if code:
        raise RuntimeError(f"{arguments}: {code}\n{out.getvalue()[:2000]}{err.getvalue()[:2000]}")
    return dict(json.loads(out.getvalue()))


def wrong(case: sane.Sane, form: Form, last: date) -> list[str]:
    """What does not hold of a case that was sent in this form."""
    found, rows = [], form.rows(case, last)
    with office(last) as folder:
        file = folder / form.name
        file.write_bytes(form.data(rows))
        taken = said("import", str(file))
        if taken["rows_accepted"] != len(rows):
            raise RuntimeError(f"{taken['rows_accepted']} of {len(rows)} rows were accepted")
        for expected in case.expected:
            left = np.floor(case.remaining[-1] * expected.fraction)
            target = f"{100 * (1 - (left + 0.5) / case.eligible[-1]):.6f}" if left else "zero"
            answer = said("project", "--area", form.area, "--target", target)
            if answer["reason"] is not None:
                found.append(f"{expected.fraction}: no answer ({answer['reason']['code']})")
                continue
            day, never = answer["quantiles"]["0.50"], answer["probability_never"]
            middle = np.inf if day == "not_reached" else (date.fromisoformat(day) - last).days
            low, high = expected.median or (0.0, np.inf)
            if not low <= middle <= high:
                found.append(f"{expected.fraction}: median {middle}, not {low:.0f} to {high:.0f}")
            if not expected.never[0] <= never <= expected.never[1]:
                found.append(f"{expected.fraction}: never {never}, not {expected.never}")
    return found


def judged(cases: Iterable[sane.Sane]) -> Iterator[tuple[sane.Sane, str, list[str]]]:
    """Each case with its form and what does not hold of it; the forms take turns."""
    for number, case in enumerate(cases):
        form = list(FORMS)[number % len(FORMS)]
        yield case, form, wrong(case, FORMS[form], LAST + timedelta(days=number % 366))


def drawn(count: int, number: int) -> list[sane.Sane]:
    """Cases as Hypothesis draws them from a seed; none of them twice."""
    found: dict[bytes, sane.Sane] = {}

    @seed(number)
    @limits(
        max_examples=2 * count, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(sane.cases())
    def collect(case: sane.Sane) -> None:
        found.setdefault(case.remaining.tobytes(), case)

    collect()
    return list(found.values())[:count]


def main() -> None:
    given_numbers = [int(one) for one in sys.argv[1:3] if one.isdigit()]
    asked = given_numbers[0] if given_numbers else CASES
    cases = drawn(asked, given_numbers[1]) if len(given_numbers) > 1 else [sane.case(number) for number in range(asked)]
    made, held, by_form, started = Counter[str](), Counter[str](), Counter[str](), time.process_time()
    for case, form, found in judged(cases):
        made[case.kind] += 1
        made[form] += 1
        held[case.kind] += not found
        by_form[form] += not found
        if found:
            print(f"  {case.kind} ({form}), {dict(case.made)}: {'; '.join(found)}", flush=True)
    within = sum(held.values())
    print(f"{within} of {len(cases)} within ({within / len(cases):.1%}; at least {LEAST_WITHIN:.0%} are asked for)")
    for name in (*sane.KINDS, *FORMS):
        print(f"  {name:32s} {held[name] + by_form[name]:3d} of {made[name]}")
    print(f"{time.process_time() - started:.0f} s of the processor")


if __name__ == "__main__":
    main()
