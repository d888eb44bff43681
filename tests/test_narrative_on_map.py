"""The finding over the map: every branch of every measure, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from babel.messages.extract import extract_from_file

from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Text, render
from ektp_analysis.figures.measure import MapRequest
from ektp_analysis.maps import measures
from ektp_analysis.narrative import on_map

NBSP = "\N{NO-BREAK SPACE}"
NATIONAL, BY, DAY = Target.parse("99.40"), date(2024, 2, 14), date(2023, 6, 20)
INF = float("inf")
TYPES = {
    "unrecorded": "Int64",
    "coverage": "Float64",
    "change": "Int64",
    "per_day": "Float64",
    "days": "float64",
    "probability": "Float64",
    "age": "Int64",
    "unprinted": "Int64",
    "rank": "Int64",
    "old": "Int64",
    "stalled": "Int64",
}


def rows(**columns: list[Any]) -> pd.DataFrame:
    """Areas A, B, C, ... with the given columns; those not given are missing."""
    count = len(next(iter(columns.values())))
    made = pd.DataFrame(
        {
            "area_code": [f"75.05.{i + 1:02}" for i in range(count)],
            "name": [chr(65 + i % 26) + (str(i // 26 + 1) if count > 26 else "") for i in range(count)],
        }
    )
    for name, kind in TYPES.items():
        made[name] = pd.Series(columns.get(name, [None] * count), dtype=kind)
    made["coverage_reported"] = pd.Series(columns.get("coverage_reported", [""] * count), dtype="str")
    made["previous_date"] = pd.to_datetime(pd.Series(columns.get("previous_date", ["2023-06-19"] * count)))
    made["rank"] = made["unrecorded"].rank(ascending=False, method="min").astype("Int64")
    return made


def finding(given: pd.DataFrame, measure: str = "unrecorded", **how: Any) -> Text:
    return measures.finding(given, measures.by_key(measure), MapRequest(**how))


CASES: list[tuple[str, pd.DataFrame, dict[str, Any], str, str]] = [
    (
        "unprinted",
        rows(unprinted=[30, 70, None]),
        {},
        "100 warga yang sudah rekam menunggu KTP-el; terbanyak di B (70); 1 wilayah tanpa angka",
        "100 recorded residents wait for a card; most are in B (70); 1 area is without a figure",
    ),
    (
        "unprinted",
        rows(unprinted=[0, 1]),
        {},
        "1 warga yang sudah rekam menunggu KTP-el; terbanyak di B (1)",
        "1 recorded resident waits for a card; most are in B (1)",
    ),
    (
        "unprinted",
        rows(unprinted=[0, 0]),
        {},
        "semua warga yang sudah rekam sudah dicetak KTP-el-nya",
        "everyone who is recorded has a printed card",
    ),
    (
        "unprinted",
        rows(unprinted=[None, None]),
        {},
        "tidak ada wilayah yang menyebut jumlah KTP-el tercetak",
        "no area says how many cards are printed",
    ),
    (
        "unrecorded",
        rows(unrecorded=[126, 72, 57, 51, 48, 45, 44, 34, 33, 25, None][:10]),
        {},
        "4 dari 10 jiwa belum rekam ada di A dan B (198 dari 535)",
        "4 in 10 of the unrecorded are in A and B (198 of 535)",
    ),
    (
        "unrecorded",
        rows(unrecorded=[90, 5, 5, None]),
        {},
        "9 dari 10 jiwa belum rekam ada di A (90 dari 100); 1 wilayah tanpa angka",
        "9 in 10 of the unrecorded are in A (90 of 100); 1 area is without a figure",
    ),
    (
        "unrecorded",
        rows(unrecorded=[5, 5, 5, 5, 5, 5, 5]),
        {},
        "terbanyak di A, B, C dan 4 lainnya, masing-masing 5 dari 35 jiwa belum rekam",
        "the largest number is in A, B, C and 4 others, 5 each of 35 unrecorded",
    ),
    (
        "unrecorded",
        rows(unrecorded=[12, 11, 10, 10, 10, 10, 10, 10, 10, 10]),
        {},
        f"terbanyak di A, 12 dari 103 jiwa belum rekam (12{NBSP}%)",
        "the largest number is in A, 12 of 103 unrecorded (12%)",
    ),
    (
        "unrecorded",
        rows(unrecorded=[100, *[10] * 62, None]),
        {},
        "separuh dari yang belum rekam ada di 27 dari 63 wilayah; terbanyak di A1: 100 dari 720; 1 wilayah tanpa angka",
        "half of the unrecorded are in 27 of 63 areas; most are in A1: 100 of 720; 1 area is without a figure",
    ),
    (
        "unrecorded",
        rows(unrecorded=[0, 0]),
        {},
        "tidak ada yang belum rekam di seluruh wilayah",
        "nobody unrecorded in any of the areas",
    ),
    (
        "unrecorded",
        rows(unrecorded=[None, None]),
        {},
        "tidak ada angka untuk wilayah-wilayah ini pada tanggal tersebut",
        "no figures for these areas on this day",
    ),
    (
        "coverage",
        rows(coverage=[0.9, 0.95, 0.999]),
        {},
        f"cakupan terendah di A, 90,00{NBSP}%; 2 dari 3 wilayah di bawah target 99,40{NBSP}%",
        "the lowest coverage is in A, 90.00%; 2 of 3 areas are below the target of 99.40%",
    ),
    (
        "coverage",
        rows(coverage=[None, 0.99399, 1.02, 0.99399], coverage_reported=["99.40", "", "", ""]),
        {},
        f"cakupan terendah di B dan D, 99,399{NBSP}%; 2 dari 4 wilayah di bawah target 99,40{NBSP}%",
        "the lowest coverage is in B and D, 99.399%; 2 of 4 areas are below the target of 99.40%",
    ),
    (
        "coverage",
        rows(coverage=[0.9, 0.999, None]),
        {},
        f"cakupan terendah di A, 90,00{NBSP}%; 1 dari 2 wilayah di bawah target 99,40{NBSP}%; 1 wilayah tanpa angka",
        "the lowest coverage is in A, 90.00%; 1 of 2 areas is below the target of 99.40%; 1 area is without a figure",
    ),
    (
        "coverage",
        rows(coverage=[0.999, 1.0]),
        {"target": ZERO},
        f"cakupan terendah di A, 99,90{NBSP}%; 1 dari 2 wilayah di bawah tuntas",
        "the lowest coverage is in A, 99.90%; 1 of 2 areas is below full recording",
    ),
    (
        "coverage",
        rows(coverage=[0.999, 1.0]),
        {},
        f"semua wilayah sudah mencapai target 99,40{NBSP}%",
        "all areas have reached the target of 99.40%",
    ),
    (
        "coverage",
        rows(coverage=[0.999, None, None]),
        {},
        f"semua wilayah yang memiliki angka sudah mencapai target 99,40{NBSP}%; 2 wilayah tanpa angka",
        "all areas with a figure have reached the target of 99.40%; 2 areas are without a figure",
    ),
    (
        "coverage",
        rows(unrecorded=[3, 4]),
        {},
        "cakupan wilayah-wilayah ini tidak diketahui pada tanggal tersebut",
        "no coverage is known for these areas on this day",
    ),
    (
        "coverage",
        rows(unrecorded=[3]).iloc[:0],
        {},
        "tidak ada angka untuk wilayah-wilayah ini pada tanggal tersebut",
        "no figures for these areas on this day",
    ),
    (
        "share",
        rows(unrecorded=[60, 30, 10]),
        {},
        f"1 dari 3 wilayah memuat 60{NBSP}% dari yang belum rekam: A",
        "1 of 3 areas holds 60% of the unrecorded: A",
    ),
    (
        "share",
        rows(unrecorded=[10, 10, 10, 10, None]),
        {},
        f"2 dari 4 wilayah memuat 50{NBSP}% dari yang belum rekam: A dan B; 1 wilayah tanpa angka",
        "2 of 4 areas hold 50% of the unrecorded: A and B; 1 area is without a figure",
    ),
    (
        "share",
        rows(unrecorded=[0, None]),
        {},
        "tidak ada yang belum rekam di wilayah yang memiliki angka; 1 wilayah tanpa angka",
        "nobody unrecorded in the areas with a figure; 1 area is without",
    ),
    (
        "change",
        rows(change=[-12, -3, 5, None]),
        {},
        "belum rekam berkurang 10 jiwa sejak 19 Juni 2023; turun terbanyak di A (12 jiwa); naik di 1 wilayah: C; "
        "1 wilayah tanpa angka",
        "10 fewer unrecorded since 19 June 2023; fell most in A (by 12); the number rose in 1 area: C; 1 area is "
        "without a figure",
    ),
    (
        "change",
        rows(change=[-5, 5]),
        {"since": date(2023, 6, 14)},
        "belum rekam sama banyaknya sejak 14 Juni 2023; turun terbanyak di A (5 jiwa); naik di 1 wilayah: B",
        "as many as there were unrecorded since 14 June 2023; fell most in A (by 5); the number rose in 1 area: B",
    ),
    (
        "change",
        rows(change=[4, 7], previous_date=["2023-06-01", "2023-06-19"]),
        {},
        "belum rekam bertambah 11 jiwa sejak potret data sebelumnya; naik di 2 wilayah: B dan A",
        "11 more unrecorded since the snapshot before; the number rose in 2 areas: B and A",
    ),
    (
        "change",
        rows(change=[0, 0]),
        {},
        "tidak ada perubahan di wilayah mana pun sejak 19 Juni 2023",
        "no change in any area since 19 June 2023",
    ),
    (
        "change",
        rows(change=[None, None]),
        {},
        "tidak ada wilayah yang dapat dibandingkan dengan tanggal sebelumnya",
        "no area can be compared with an earlier day",
    ),
    (
        "pace",
        rows(per_day=[12.34, 3.0, 0.5]),
        {},
        "turun di semua wilayah, tercepat di A: 12,3 jiwa per hari",
        "the number falls everywhere, fastest in A: 12.3 a day",
    ),
    (
        "pace",
        rows(per_day=[12.0, 0.0, -2.0, None]),
        {},
        "tercepat di A: 12 jiwa per hari; di 2 dari 3 wilayah tidak turun: C dan B; 1 wilayah tanpa angka",
        "fastest in A: 12 a day; in 2 of 3 areas the number does not fall: C and B; 1 area is without a figure",
    ),
    (
        "pace",
        rows(per_day=[0.0, -2.0]),
        {},
        "jumlah belum rekam tidak turun di wilayah mana pun",
        "in none of the areas does the number of unrecorded fall",
    ),
    (
        "pace",
        rows(per_day=[None]),
        {},
        "laju belum dapat dihitung: perlu dua potret data dari minggu-minggu terakhir atas wilayah yang sama",
        "no pace can be given: that needs two snapshots from the last weeks over the same areas",
    ),
    (
        "days",
        rows(days=[12.0, 40.0, 0.0]),
        {"target": ZERO},
        "B paling akhir mencapai tuntas, kira-kira 40 hari lagi",
        "B is the last to reach full recording, in about 40 days",
    ),
    (
        "days",
        rows(days=[INF, 40.0, None]),
        {"target": NATIONAL},
        f"1 dari 2 wilayah diperkirakan tidak mencapai target 99,40{NBSP}% dalam jangka proyeksi: A; 1 wilayah tanpa angka",
        "1 of 2 areas is not expected to reach the target of 99.40% as far as the projection looks: A; 1 area is "
        "without a figure",
    ),
    (
        "days",
        rows(days=[0.0, 0.0]),
        {"target": NATIONAL},
        f"semua wilayah sudah mencapai target 99,40{NBSP}%",
        "all areas have reached the target of 99.40%",
    ),
    (
        "days",
        rows(days=[None]),
        {"target": NATIONAL},
        f"tanggal target 99,40{NBSP}% belum dapat diperkirakan: angka wilayahnya tidak menunjukkan laju",
        "no date can be given for the target of 99.40%: the figures of the areas show no pace",
    ),
    (
        "probability",
        rows(probability=[0.2, 0.45, 0.9]),
        {"target": NATIONAL, "by": BY},
        f"di 2 dari 3 wilayah, target 99,40{NBSP}% lebih mungkin tidak tercapai sampai 14 Februari 2024, terutama di A "
        "(peluang 4 dari 20)",
        "2 of 3 areas are more likely than not to miss the target of 99.40% by 14 February 2024, most of all A (chance 4 in 20)",
    ),
    (
        "probability",
        rows(probability=[0.5, 0.9, None]),
        {"target": NATIONAL, "by": BY},
        f"peluang target 99,40{NBSP}% sampai 14 Februari 2024 di semua wilayah sedikitnya separuh; terkecil di A (10 dari 20); "
        "1 wilayah tanpa angka",
        "all areas have at least even chances of the target of 99.40% by 14 February 2024; the lowest are in A "
        "(10 in 20); 1 area is without a figure",
    ),
    (
        "stall",
        rows(stalled=[28, 40, 0, None]),
        {"target": NATIONAL},
        "perekaman tersendat di 2 dari 3 wilayah: B (40 hari) dan A (28 hari); 1 wilayah tanpa angka",
        "recording has stalled in 2 of 3 areas: B (for 40 days) and A (for 28 days); 1 area is without a figure",
    ),
    (
        "stall",
        rows(stalled=[0, 0]),
        {"target": NATIONAL},
        "perekaman tidak tersendat di satu pun dari 2 wilayah",
        "recording has stalled in none of the 2 areas",
    ),
    (
        "stall",
        rows(stalled=[None]),
        {"target": NATIONAL},
        "belum dapat dikatakan apakah perekaman tersendat: angka wilayahnya tidak menunjukkan laju; 1 wilayah tanpa angka",
        "it cannot be said whether recording has stalled: the figures of the areas show no pace; 1 area is without a figure",
    ),
    (
        "probability",
        rows(probability=[None]),
        {"target": NATIONAL, "by": BY},
        f"peluang target 99,40{NBSP}% tidak dapat dinyatakan",
        "no chance can be given for the target of 99.40%",
    ),
    ("age", rows(age=[0, 0]), {"day": DAY}, "semua angka per tanggal 20 Juni 2023", "all figures are of 20 June 2023"),
    ("age", rows(age=[0, 0]), {}, "semua angka dari tanggal yang sama", "all figures are of the same day"),
    (
        "days",
        rows(days=[12.0, 40.0, None, None], old=[None, 31, 500, None]),
        {"target": ZERO},
        "B paling akhir mencapai tuntas, kira-kira 40 hari lagi; angka 2 wilayah sudah berumur 31 hari atau lebih; "
        "1 wilayah tanpa angka",
        "B is the last to reach full recording, in about 40 days; the figures of 2 areas are 31 days old or more; "
        "1 area is without a figure",
    ),
    (
        "days",
        rows(days=[None, None], old=[400, None]),
        {"target": ZERO},
        "tanggal tuntas belum dapat diperkirakan; angka 1 wilayah sudah berumur 400 hari atau lebih",
        "no date can be given for full recording; the figure of 1 area is 400 days old or more",
    ),
    (
        "probability",
        rows(probability=[None, 0.75], old=[400, None]),
        {"target": NATIONAL, "by": BY},
        f"peluang target 99,40{NBSP}% sampai 14 Februari 2024 di semua wilayah sedikitnya separuh; terkecil di B (15 dari 20); "
        "angka 1 wilayah sudah berumur 400 hari atau lebih",
        "all areas have at least even chances of the target of 99.40% by 14 February 2024; the lowest are in B "
        "(15 in 20); the figure of 1 area is 400 days old or more",
    ),
    ("age", rows(age=[0, 60]), {}, "angka tertua dari B, berumur 60 hari", "the oldest figure is that of B, 60 days old"),
    (
        "age",
        rows(age=[0, 61, 90, None]),
        {},
        "angka 2 wilayah berumur lebih dari 60 hari: C dan B; 1 wilayah belum pernah melapor",
        "2 areas have figures older than 60 days: C and B; 1 area has never reported",
    ),
    ("age", rows(age=[None, None]), {}, "belum ada wilayah yang pernah melapor", "none of the areas has ever reported"),
]


@pytest.mark.parametrize(
    ("measure", "given", "how", "indonesian", "english"), CASES, ids=[f"{case[0]}{i}" for i, case in enumerate(CASES)]
)
def test_the_finding(measure: str, given: pd.DataFrame, how: dict[str, Any], indonesian: str, english: str) -> None:
    text = finding(given, measure, **how)
    assert (render(text, "id"), render(text, "en")) == (indonesian, english)


# At the edge of each rule, and one step beside it.
EDGES: list[tuple[str, pd.DataFrame, dict[str, Any], str]] = [
    # a few areas are the finding from three tenths on, if they are fewer than the areas and hold less than all
    (
        "unrecorded",
        rows(unrecorded=[10, 10, 10, *[7] * 10]),
        {},
        "3 in 10 of the unrecorded are in A, B and C (30 of 100)",
    ),
    (
        "unrecorded",
        rows(unrecorded=[10, 10, 9, 8, *[7] * 9]),
        {},
        "the largest number is in A and B, 10 each of 100 unrecorded",
    ),
    ("unrecorded", rows(unrecorded=[60, 40]), {}, "the largest number is in A, 60 of 100 unrecorded (60%)"),
    ("unrecorded", rows(unrecorded=[60, 30, 10]), {}, "6 in 10 of the unrecorded are in A (60 of 100)"),
    ("unrecorded", rows(unrecorded=[40, 40, 20]), {}, "8 in 10 of the unrecorded are in A and B (80 of 100)"),
    ("unrecorded", rows(unrecorded=[30, 30, 30, 10]), {}, "9 in 10 of the unrecorded are in A, B and C (90 of 100)"),
    ("unrecorded", rows(unrecorded=[97, 2, 1]), {}, "9 in 10 of the unrecorded are in A (97 of 100)"),
    ("unrecorded", rows(unrecorded=[5, 0, 0]), {}, "the largest number is in A, 5 of 5 unrecorded (100%)"),
    # half of the people, from 61 areas on
    ("unrecorded", rows(unrecorded=[100, *[10] * 59]), {}, "the largest number is in A1, 100 of 690 unrecorded (14%)"),
    (
        "unrecorded",
        rows(unrecorded=[100, *[10] * 60]),
        {},
        "half of the unrecorded are in 26 of 61 areas; most are in A1: 100 of 700",
    ),
    ("unrecorded", rows(unrecorded=[0] * 61), {}, "nobody unrecorded in any of the areas"),
    # a coverage below its target is not written as the target
    (
        "coverage",
        rows(coverage=[0.993999, 0.999]),
        {},
        "the lowest coverage is in A, 99.3999%; 1 of 2 areas is below the target of 99.40%",
    ),
    (
        "coverage",
        rows(coverage=[0.9939999, 0.999]),
        {},
        "the lowest coverage is in A, 99.39999%; 1 of 2 areas is below the target of 99.40%",
    ),
    ("coverage", rows(coverage=[0.994, 0.999]), {}, "all areas have reached the target of 99.40%"),
    ("share", rows(unrecorded=[20] * 5), {}, "3 of 5 areas hold 60% of the unrecorded: A, B and C"),
    ("share", rows(unrecorded=[10] * 7), {}, "4 of 7 areas hold 57% of the unrecorded: A, B, C and 1 other"),
    ("share", rows(unrecorded=[1, 0]), {}, "1 of 2 areas holds 100% of the unrecorded: A"),
    (
        "change",
        rows(change=[-1, 1]),
        {},
        "as many as there were unrecorded since 19 June 2023; fell most in A (by 1); the number rose in 1 area: B",
    ),
    (
        "change",
        rows(change=[0, 1, 1, 1, 1]),
        {},
        "4 more unrecorded since 19 June 2023; the number rose in 4 areas: E, D, C and 1 other",
    ),
    ("change", rows(change=[0, -1]), {}, "1 fewer unrecorded since 19 June 2023; fell most in B (by 1)"),
    (
        "pace",
        rows(per_day=[2.0, 0.5, 0.04, 0.0, 0.0, 0.0, -1.0]),
        {},
        "fastest in A: 2 a day; in 4 of 7 areas the number does not fall: G, F, E and 1 other",
    ),
    (
        "days",
        rows(days=[INF] * 4 + [1.0]),
        {"target": ZERO},
        "4 of 5 areas are not expected to reach full recording as far as the projection looks: A, B, C and 1 other",
    ),
    ("days", rows(days=[1.0, 0.0]), {"target": ZERO}, "A is the last to reach full recording, in about 1 day"),
    ("age", rows(age=[1, 0]), {}, "the oldest figure is that of A, 1 day old"),
    ("age", rows(age=[61, 62, 63, 64]), {}, "4 areas have figures older than 60 days: D, C, B and 1 other"),
    (
        "age",
        rows(age=[0, None]),
        {},
        "all figures are of the same day; 1 area has never reported",
    ),
]


@pytest.mark.parametrize(("measure", "given", "how", "english"), EDGES)
def test_at_the_edge_of_a_rule(measure: str, given: pd.DataFrame, how: dict[str, Any], english: str) -> None:
    assert render(finding(given, measure, **how), "en") == english


BESIDE = [
    (
        rows(unrecorded=[126, 72], coverage=[0.99, 0.995]),
        "belum rekam di A lebih banyak 54 jiwa daripada di B; cakupan B lebih tinggi 0,5 poin persen",
        "A has 54 more unrecorded residents than B; the coverage of B is 0.5 percentage points higher",
    ),
    (
        rows(unrecorded=[1, 2], coverage=[0.99, 0.99]),
        "belum rekam di B lebih banyak 1 jiwa daripada di A; cakupannya sama",
        "B has 1 more unrecorded resident than A; the coverage is the same",
    ),
    (
        rows(unrecorded=[2, 1], coverage=[0.9901, 0.99]),
        "belum rekam di A lebih banyak 1 jiwa daripada di B; cakupan A lebih tinggi 0,01 poin persen",
        "A has 1 more unrecorded resident than B; the coverage of A is 0.01 percentage points higher",
    ),
    (
        rows(unrecorded=[1, 3], coverage=[0.99004, 0.99]),
        "belum rekam di B lebih banyak 2 jiwa daripada di A; cakupannya sama",
        "B has 2 more unrecorded residents than A; the coverage is the same",
    ),
    (
        rows(unrecorded=[3, 1], coverage=[0.99, None]),
        "belum rekam di A lebih banyak 2 jiwa daripada di B",
        "A has 2 more unrecorded residents than B",
    ),
    (
        rows(unrecorded=[7, 7]),
        "jumlah belum rekam di A dan B sama, masing-masing 7 jiwa",
        "A and B have the same number of unrecorded, 7 each",
    ),
    (
        rows(unrecorded=[None, 7]),
        "tidak dapat dibandingkan: A tidak menyebut jumlah belum rekam",
        "cannot be compared: no count of the unrecorded from A",
    ),
    (
        rows(unrecorded=[None, None]),
        "tidak dapat dibandingkan: A dan B tidak menyebut jumlah belum rekam",
        "cannot be compared: no count of the unrecorded from A and B",
    ),
    (
        rows(unrecorded=[5]),
        "A dibandingkan dengan dirinya sendiri: pilih wilayah lain",
        "A is compared with itself: choose another one",
    ),
]


@pytest.mark.parametrize(("given", "indonesian", "english"), BESIDE)
def test_two_areas_compared(given: pd.DataFrame, indonesian: str, english: str) -> None:
    one, other = given.to_dict("records")[0], given.to_dict("records")[-1]
    text = on_map.beside(one, other)
    assert (render(text, "id"), render(text, "en")) == (indonesian, english)


def messages(text: object) -> Iterator[str]:
    if isinstance(text, Text):
        yield text.msgid
        for value in text.params.values():
            yield from messages(value)


def test_no_sentence_of_the_map_is_left_untested() -> None:
    said = {message for _measure, given, how, *_ in CASES for message in messages(finding(given, _measure, **how))}
    said |= {
        message
        for given, *_ in BESIDE
        for message in messages(on_map.beside(given.to_dict("records")[0], given.to_dict("records")[-1]))
    }
    written = {
        message if isinstance(message, str) else message[0]
        for _line, message, _comments, _context in extract_from_file(
            "python", Path(on_map.__file__), keywords={"T": None, "TN": (1, 2)}
        )
    }
    assert written - said == set()
    assert {case[0] for case in CASES} == {measure.key for measure in measures.MEASURES}


def test_the_heading_names_the_area() -> None:
    text = measures.heading(rows(unrecorded=[60, 30, 10]), "75.05", measures.SHARE, MapRequest())
    assert render(text, "en") == "Kabupaten Gorontalo Utara: 1 of 3 areas holds 60% of the unrecorded: A"


def test_areas_of_one_name_are_told_apart_by_their_parents() -> None:
    given = rows(unrecorded=[60, 30, 10]).assign(area_code=["75.05.01", "75.01.01", "75.02.01"], name=["Baru", "Baru", "C"])
    assert list(on_map.told_apart(given)["name"]) == ["Baru (Kabupaten Gorontalo Utara)", "Baru (Kabupaten Gorontalo)", "C"]
    assert "Baru (Kabupaten Gorontalo Utara)" in render(finding(given), "en")
