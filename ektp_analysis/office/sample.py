"""The sample of June 2023: three published totals of Kabupaten Gorontalo Utara, split over its kecamatan.

What is published is the kabupaten's count of unrecorded residents on three days. How many of them live in which
kecamatan is not published, so the sample allots them by registered voters, and says so on every row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from ektp_analysis.core import settings
from ektp_analysis.core.contract import BY_NAME, MODELLED, REPORTED
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.text import T

KABUPATEN = "75.05"
MODELLED_FILE = settings.SAMPLES / "gorontalo_utara_2023-06.csv"
REPORTED_FILE = settings.SAMPLES / "gorontalo_utara_2023-06_reported.csv"
# Published: ANTARA Gorontalo, news item 224646. Each day with its unrecorded count and coverage as printed.
PUBLISHED = (("2023-06-14", 862, ""), ("2023-06-19", 650, "99.30"), ("2023-06-20", 554, "99.40"))
VOTE = date(2024, 2, 14)  # the general election that the office of the sample worked towards
SOURCE = "ANTARA Gorontalo (berita 224646)"
# Assumed: the published days print no eligible count. This one lies within both intervals that the printed
# percentages allow (92,199 to 93,525 and 91,571 to 93,109) and gives 99.30 % and 99.40 % when rounded.
ELIGIBLE = 92_654


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Allot a whole number over areas in proportion to their weights, by largest remainder.

    The parts are whole numbers and add up to ``total`` to the digit; equal remainders go to the lower code. Whole
    number arithmetic throughout, so the result is the same on every machine.

    Raises:
        EktpError: a negative total or weight, or weights that add up to nothing.
    """
    whole = sum(weights.values())
    if total < 0 or whole <= 0 or min(weights.values()) < 0:
        raise EktpError(T("A total can be split only over weights that are not negative and not all zero."))
    parts = {code: total * weight // whole for code, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda code: (-(total * weights[code] % whole), code))
    for code in by_remainder[: total - sum(parts.values())]:
        parts[code] += 1
    return parts


@lru_cache(maxsize=1)
def voters() -> dict[str, int]:
    """Registered voters of December 2021 by kecamatan code, from data/areas/kecamatan.csv; they sum to 85,348."""
    with settings.KECAMATAN.open(encoding="utf-8", newline="") as file:
        return {row["code"]: int(row["voters_2021"]) for row in csv.DictReader(file)}


def modelled_csv() -> bytes:
    """The 33 modelled rows (11 kecamatan on 3 days) in the canonical layout, as they stand in the sample file."""
    rows, weights = [], voters()
    eligible = split(ELIGIBLE, weights)
    for day, total, _printed in PUBLISHED:
        note = (
            f"Model: {total} belum rekam se-kabupaten ({SOURCE}) dibagi menurut pemilih Desember 2021; "
            f"wajib KTP dari anggapan {ELIGIBLE}"
        )
        for code, unrecorded in sorted(split(total, weights).items()):
            rows.append(
                {
                    "area_code": code,
                    "as_of_date": day,
                    "eligible": eligible[code],
                    "recorded": eligible[code] - unrecorded,
                    "unrecorded": unrecorded,
                    "status": MODELLED,
                    "note": note,
                }
            )
    return _csv(rows)


def reported_csv() -> bytes:
    """The three kabupaten rows as they were published: unrecorded, and the coverage where one was printed."""
    return _csv(
        {
            "area_code": KABUPATEN,
            "as_of_date": day,
            "unrecorded": total,
            "coverage_reported": printed,
            "status": REPORTED,
            "note": SOURCE,
        }
        for day, total, printed in PUBLISHED
    )


def _csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    unpublished = ("printed", "to_clean")  # nobody published how many cards were printed, or who is to be cleaned off the list
    names = [name for name in BY_NAME if name not in unpublished]
    writer = csv.DictWriter(text, fieldnames=names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
