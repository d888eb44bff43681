"""Every branch of every sentence, in both languages: 0, 1, many, unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pytest

from ektp_analysis.core.area import Level
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, Text, render, sentence
from ektp_analysis.figures.series import Change, Estimate, Gap, Reached, Required, history_of
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.figures.standing import Difference, Figure, Reach, Silence, Standing, standing_of
from ektp_analysis.narrative import chances, counts, notes
from ektp_analysis.narrative.notes import banner, banners_of, warnings_of
from ektp_analysis.projection.result import LEVELS, NOT_REACHED, Inputs, Projection, Reason
from tests.projecting import project
from tests.spec.measures_cases import DAY_1, DAY_2, DAY_3, KABUPATEN, all_eleven, rows
from tests.spec.measures_cases import figures as frame

NBSP = "\N{NO-BREAK SPACE}"
NATIONAL = Target.parse("99.40")
D19, D20, D21 = date(2023, 6, 19), date(2023, 6, 20), date(2023, 6, 21)


def at(*given: Any, area: str = KABUPATEN) -> Standing:
    return standing_of(frame(*given), area)


def fig(*counts: int | None, **others: Any) -> Figure:
    found = at(rows(KABUPATEN, DAY_3, *counts, **others)).figure
    assert found is not None
    return found


def ranked(*given: Any) -> Any:
    return ranking(frame(*given), KABUPATEN)


def foreseen(draws: list[float], target: Target = NATIONAL, horizon: int = 730) -> Projection:
    """A projection from 20 June 2023 with these days as its draws."""
    ordered = np.sort(np.array(draws, float))
    made = Projection(
        KABUPATEN, target, "eligible", D20, horizon, {}, Inputs((D20,), ((1, 1),), "people", None, None), "test", 0, draws=ordered
    )
    picks = np.ceil(np.asarray(LEVELS) / 100 * len(ordered)).astype(int) - 1
    return replace(made, quantiles={level: made.day(float(ordered[i])) for level, i in zip(LEVELS, picks, strict=True)})


def silent(reason: Reason | None = None, **others: Any) -> Projection:
    return Projection(
        KABUPATEN,
        NATIONAL,
        "eligible",
        D20,
        730,
        {},
        Inputs((), (), "people", None, None),
        "test",
        0,
        reason or Reason("too_few", T("One snapshot shows no pace: a second one is needed.")),
        **others,
    )


INF = float("inf")
SOON = foreseen([*range(10, 110)])
MIXED = foreseen([*range(10, 90), *[INF] * 20])
LATE = foreseen([*range(10, 50), *[INF] * 60])
NEVER = foreseen([*range(10, 15), *[INF] * 95])

CASES: list[tuple[Callable[[], Text], str, str]] = [
    # how many
    (lambda: counts.unrecorded(at()), "belum ada angka", "no figures yet"),
    (lambda: counts.unrecorded(at(rows(KABUPATEN, DAY_3, 0))), "tidak ada yang belum rekam", "nobody unrecorded"),
    (lambda: counts.unrecorded(at(rows(KABUPATEN, DAY_3, 1))), "1 jiwa belum rekam", "1 resident unrecorded"),
    (lambda: counts.unrecorded(at(rows(KABUPATEN, DAY_3, 1234))), "1.234 jiwa belum rekam", "1,234 residents unrecorded"),
    (
        lambda: counts.unrecorded(at(rows(KABUPATEN, DAY_3, printed="103.94"))),
        "jumlah belum rekam tidak diketahui",
        "number of unrecorded not known",
    ),
    (
        lambda: counts.unrecorded(at(all_eleven(DAY_3)[:10])),
        "100 jiwa belum rekam di 10 dari 11 kecamatan",
        "100 residents unrecorded in 10 of 11 kecamatan",
    ),
    (
        lambda: counts.unrecorded(at(all_eleven(DAY_3, 0)[:10])),
        "tidak ada yang belum rekam di 10 dari 11 kecamatan",
        "nobody unrecorded in 10 of 11 kecamatan",
    ),
    (
        lambda: counts.unrecorded(at(all_eleven(DAY_3)[1:], rows("75.05.01.2003", DAY_3, 3))),
        "103 jiwa belum rekam di 11 dari 11 kecamatan (1 di antaranya belum lengkap)",
        "103 residents unrecorded in 11 of 11 kecamatan (1 of them incomplete)",
    ),
    (
        lambda: counts.unrecorded(at(rows("75.05.01.2003", DAY_3, 3), area="75.05.01.2003")),
        "3 jiwa belum rekam",
        "3 residents unrecorded",
    ),
    # the day
    (lambda: counts.as_of(at(), D20), "belum ada angka", "no figures yet"),
    (lambda: counts.as_of(at(rows(KABUPATEN, DAY_3, 1)), D19), "per tanggal 20 Juni 2023", "as of 20 June 2023"),
    (lambda: counts.as_of(at(rows(KABUPATEN, DAY_3, 1)), D20), "per tanggal 20 Juni 2023, hari ini", "as of 20 June 2023, today"),
    (
        lambda: counts.as_of(at(rows(KABUPATEN, DAY_3, 1)), D21),
        "per tanggal 20 Juni 2023, 1 hari yang lalu",
        "as of 20 June 2023, 1 day ago",
    ),
    (
        lambda: counts.as_of(at(rows(KABUPATEN, DAY_3, 1)), date(2023, 6, 30)),
        "per tanggal 20 Juni 2023, 10 hari yang lalu",
        "as of 20 June 2023, 10 days ago",
    ),
    # whose figure
    (lambda: counts.source(at()), "belum ada angka", "no figures yet"),
    (
        lambda: counts.source(at(rows(KABUPATEN, DAY_3, 1))),
        "dilaporkan untuk wilayah itu sendiri",
        "reported for the area itself",
    ),
    (lambda: counts.source(at(all_eleven(DAY_3))), "jumlah dari 11 kecamatan", "sum of 11 kecamatan"),
    (lambda: counts.source(at(all_eleven(DAY_3)[:10])), "jumlah 10 dari 11 kecamatan", "total over 10 of 11 kecamatan"),
    # coverage
    (lambda: counts.coverage(None), "cakupan tidak diketahui", "coverage not known"),
    (lambda: counts.coverage(fig(862)), "cakupan tidak diketahui", "coverage not known"),
    (lambda: counts.coverage(fig(6, 1000)), f"cakupan 99,40{NBSP}%", "coverage 99.40%"),
    (lambda: counts.coverage(fig(0, 1000)), f"cakupan 100,00{NBSP}%", "coverage 100.00%"),
    (lambda: counts.coverage(fig(1, 100_000)), f"cakupan 99,999{NBSP}%", "coverage 99.999%"),
    (lambda: counts.coverage(fig(556, 92_654), NATIONAL), f"cakupan 99,3999{NBSP}%", "coverage 99.3999%"),
    (
        lambda: counts.coverage(fig(554, printed="99.40")),
        f"cakupan 99,40{NBSP}% sebagaimana dilaporkan",
        "coverage 99.40% as printed",
    ),
    (
        lambda: counts.coverage(fig(554, printed="99.4")),
        f"cakupan 99,4{NBSP}% sebagaimana dilaporkan",
        "coverage 99.4% as printed",
    ),
    (
        lambda: counts.coverage(fig(printed="103.94")),
        f"cakupan 103,94{NBSP}%, di atas 100{NBSP}%: sudah rekam melebihi wajib KTP",
        "coverage 103.94%, above 100%: more are recorded than are eligible",
    ),
    (
        lambda: counts.coverage(fig(None, 1000, 1039)),
        f"cakupan 103,90{NBSP}%, di atas 100{NBSP}%: sudah rekam melebihi wajib KTP",
        "coverage 103.90%, above 100%: more are recorded than are eligible",
    ),
    (
        lambda: counts.coverage(at(all_eleven(DAY_3)[:10]).figure),
        f"cakupan 99,00{NBSP}% di 10 wilayah yang melaporkannya",
        "coverage 99.00% in the 10 areas that give it",
    ),
    (
        lambda: counts.coverage(at(all_eleven(DAY_3)[:1]).figure),
        f"cakupan 99,00{NBSP}% di 1 wilayah yang melaporkannya",
        "coverage 99.00% in the 1 area that gives it",
    ),
    (
        lambda: counts.coverage(at(all_eleven(DAY_3, 10, None, printed="99.0")).figure),
        f"cakupan antara 98,95{NBSP}% dan 99,05{NBSP}%",
        "coverage between 98.95% and 99.05%",
    ),
    # eligible
    (lambda: counts.eligible(Estimate()), "jumlah wajib KTP tidak diketahui", "number of eligible not known"),
    (lambda: counts.eligible(Estimate(92_654, 92_654)), "92.654 wajib KTP", "92,654 eligible"),
    (lambda: counts.eligible(Estimate(92_199, 93_109)), "sekitar 92,7 ribu wajib KTP", "about 92.7 thousand eligible"),
    (lambda: counts.eligible(Estimate(90_000, 98_000)), "sekitar 94 ribu wajib KTP", "about 94 thousand eligible"),
    (lambda: counts.eligible(Estimate(334, 1000)), "sekitar 700 wajib KTP", "about 700 eligible"),
    (lambda: counts.eligible(Estimate(5_100_000, 5_300_000)), "sekitar 5,2 juta wajib KTP", "about 5.2 million eligible"),
    (
        lambda: counts.eligible(Estimate(1_003, 1_022)),
        "sekitar 1.012 wajib KTP",
        "about 1,012 eligible",
    ),  # less than 10 either way
    (lambda: counts.eligible(Estimate(1_003, 1_023)), "sekitar 1.010 wajib KTP", "about 1,010 eligible"),
    (lambda: counts.eligible(Estimate(100_000, None)), "sekurang-kurangnya 100.000 wajib KTP", "at least 100,000 eligible"),
    # change
    (lambda: counts.change(Change(Gap.NO_FIGURE)), "belum ada angka", "no figures yet"),
    (
        lambda: counts.change(Change(Gap.UNKNOWN)),
        "perubahan tidak dapat dinyatakan: jumlah belum rekam tidak diketahui",
        "no change can be given: the number of unrecorded is not known",
    ),
    (
        lambda: counts.change(Change(Gap.FIRST)),
        "potret data pertama, jadi belum ada perubahan",
        "first snapshot, so there is no change yet",
    ),
    (
        lambda: counts.change(Change(Gap.OTHER_AREAS)),
        "perubahan tidak dapat dinyatakan: wilayah yang melapor tidak sama",
        "no change can be given: the snapshots do not rest on the same areas",
    ),
    (lambda: counts.change(Change(Gap.NONE, D19, D20, 0)), "tetap sejak 19 Juni 2023", "unchanged since 19 June 2023"),
    (
        lambda: counts.change(Change(Gap.NONE, D19, D20, -96)),
        "turun 96 sejak 19 Juni 2023 (96 per hari)",
        "96 fewer than on 19 June 2023 (96 a day)",
    ),
    (
        lambda: counts.change(Change(Gap.NONE, date(2023, 6, 13), D20, -1)),
        "turun 1 sejak 13 Juni 2023 (0,1 per hari)",
        "1 fewer than on 13 June 2023 (0.1 a day)",
    ),
    (lambda: counts.change(Change(Gap.NONE, D19, D20, 1)), "naik 1 sejak 19 Juni 2023", "1 more than on 19 June 2023"),
    (lambda: counts.change(Change(Gap.NONE, D19, D20, 1500)), "naik 1.500 sejak 19 Juni 2023", "1,500 more than on 19 June 2023"),
    (
        lambda: counts.change(Change(Gap.NONE, D19, D20, -96, basis_changed=True)),
        "turun 96 sejak 19 Juni 2023 (96 per hari); dasar penyebut berganti di antaranya, jadi perekaman bukan "
        "satu-satunya sebab",
        "96 fewer than on 19 June 2023 (96 a day); the basis changed in between, so recording is not the only cause",
    ),
    # required pace
    (lambda: counts.required(Required(Gap.REACHED, 0), D20), "tidak ada lagi yang diperlukan", "nothing more is required"),
    (
        lambda: counts.required(Required(Gap.PAST, 5), D20),
        "20 Juni 2023 tidak sesudah tanggal potret data",
        "20 June 2023 is not after the snapshot",
    ),
    (
        lambda: counts.required(Required(Gap.UNKNOWN), D20),
        "laju yang diperlukan tidak diketahui",
        "the required pace is not known",
    ),
    (
        lambda: counts.required(Required(Gap.NONE, 554, 194), date(2023, 12, 31)),
        "554 jiwa harus direkam sampai 31 Desember 2023: 2,9 per hari",
        "554 residents to record by 31 December 2023: 2.9 a day",
    ),
    (
        lambda: counts.required(Required(Gap.NONE, 1, 1), D21),
        "1 jiwa harus direkam sampai 21 Juni 2023: 1 per hari",
        "1 resident to record by 21 June 2023: 1 a day",
    ),
    # against a target
    (
        lambda: counts.against(NATIONAL, Reached(Reach.REACHED, D20, Reach.REACHED, D20)),
        f"target 99,40{NBSP}% tercapai pada 20 Juni 2023",
        "the target of 99.40% reached on 20 June 2023",
    ),
    (
        lambda: counts.against(NATIONAL, Reached(Reach.PRINTED, D20, Reach.PRINTED, D20)),
        f"target 99,40{NBSP}% tercapai pada 20 Juni 2023 menurut persentase yang dilaporkan",
        "the target of 99.40% reached on 20 June 2023 by the percentage as printed",
    ),
    (
        lambda: counts.against(ZERO, Reached(Reach.REACHED, D20, Reach.REACHED, D20)),
        "tuntas tercapai pada 20 Juni 2023",
        "full recording reached on 20 June 2023",
    ),
    (
        lambda: counts.against(NATIONAL, Reached(Reach.NOT_REACHED)),
        f"target 99,40{NBSP}% belum tercapai",
        "the target of 99.40% not reached yet",
    ),
    (
        lambda: counts.against(NATIONAL, Reached(Reach.NOT_REACHED, first=D19)),
        f"target 99,40{NBSP}% kini tidak lagi tercapai (pertama kali tercapai 19 Juni 2023)",
        "the target of 99.40% no longer reached (first reached on 19 June 2023)",
    ),
    (
        lambda: counts.against(NATIONAL, Reached(Reach.UNSURE)),
        f"dari angka yang ada belum dapat dipastikan apakah target 99,40{NBSP}% tercapai",
        "the figures leave open whether the target of 99.40% is reached",
    ),
    (
        lambda: counts.against(NATIONAL, Reached(Reach.OVER)),
        f"cakupan di atas 100{NBSP}% tidak menunjukkan apakah target 99,40{NBSP}% tercapai",
        "coverage above 100% does not say whether the target of 99.40% is reached",
    ),
    (
        lambda: counts.against(NATIONAL, Reached(Reach.INCOMPLETE)),
        f"target 99,40{NBSP}% belum dapat dinilai sebelum seluruh wilayah melapor",
        "the target of 99.40% cannot be judged until all areas have reported",
    ),
    (
        lambda: counts.against(NATIONAL, Reached(Reach.UNKNOWN)),
        f"tidak diketahui apakah target 99,40{NBSP}% tercapai",
        "it is not known whether the target of 99.40% is reached",
    ),
    # silence
    (lambda: counts.silence(at(all_eleven(DAY_3))), "seluruh 11 kecamatan sudah melapor", "all 11 kecamatan have reported"),
    (
        lambda: counts.silence(at(rows(KABUPATEN, DAY_3, 1))),
        "dari 11 kecamatan, belum ada yang pernah melapor",
        "none of 11 kecamatan has ever reported",
    ),
    (
        lambda: counts.silence(at(all_eleven(DAY_2), all_eleven(DAY_3)[:10])),
        "belum melapor per 20 Juni 2023: Sumalata Timur (terakhir 19 Juni 2023)",
        "not reported for 20 June 2023: Sumalata Timur (last on 19 June 2023)",
    ),
    (
        lambda: counts.silence(at(all_eleven(DAY_3)[2:])),
        "belum melapor per 20 Juni 2023: Atinggola (belum pernah) dan Kwandang (belum pernah)",
        "not reported for 20 June 2023: Atinggola (never) and Kwandang (never)",
    ),
    (
        lambda: counts.silence(at(all_eleven(DAY_2), all_eleven(DAY_3)[10:])),
        "belum melapor per 20 Juni 2023: "
        + ", ".join(f"{name} (terakhir 19 Juni 2023)" for name in ("Atinggola", "Kwandang", "Anggrek", "Sumalata", "Tolinggula"))
        + " dan 5 lainnya",
        "not reported for 20 June 2023: "
        + ", ".join(f"{name} (last on 19 June 2023)" for name in ("Atinggola", "Kwandang", "Anggrek", "Sumalata", "Tolinggula"))
        + " and 5 others",
    ),
    (
        lambda: counts.silence(at(rows("75.05.01.2003", DAY_3, 3), area="75.05.01.2003")),
        "desa/kelurahan tidak memiliki wilayah di bawahnya",
        "a desa has no areas below it",
    ),
    (
        lambda: counts.silence(Standing(KABUPATEN, silent=(Silence("75.05.01", D19),), n_expected=11)),
        "belum melapor: Atinggola (terakhir 19 Juni 2023)",
        "not reported: Atinggola (last on 19 June 2023)",
    ),
    (
        lambda: counts.difference(Difference("unrecorded", 554, 560)),
        "Belum rekam: 554 menurut laporan wilayah itu sendiri, 560 menurut jumlah bagiannya, selisih 6",
        "Unrecorded: 554 reported for the area itself, 560 as the sum of its parts, a difference of 6",
    ),
    (lambda: counts.listed([]), "tidak ada", "none"),
    (lambda: counts.listed(["A"]), "A", "A"),
    (lambda: counts.listed(["A", "B", "C"], 2), "A, B dan 1 lainnya", "A, B and 1 other"),
    (lambda: counts.counted(1, Level.PROVINSI), "1 provinsi", "1 province"),
    (lambda: counts.counted(38, Level.PROVINSI), "38 provinsi", "38 provinces"),
    (lambda: counts.counted(1, Level.KABUPATEN), "1 kabupaten/kota", "1 regency or city"),
    (lambda: counts.counted(6, Level.KABUPATEN), "6 kabupaten/kota", "6 regencies and cities"),
    (lambda: counts.counted(14, Level.DESA), "14 desa/kelurahan", "14 desa and kelurahan"),
    # ranking
    (
        lambda: counts.ranking(ranked()),
        "tidak ada angka untuk wilayah-wilayah ini pada tanggal tersebut",
        "no figures for these areas on this day",
    ),
    (
        lambda: counts.ranking(ranked(all_eleven(DAY_3, 0))),
        "tidak ada yang belum rekam di seluruh wilayah",
        "nobody unrecorded in any of the areas",
    ),
    (
        lambda: counts.ranking(ranked(all_eleven(DAY_3, 0)[:10])),
        "tidak ada yang belum rekam di wilayah yang memiliki angka; 1 wilayah tanpa angka",
        "nobody unrecorded in the areas with a figure; 1 area is without",
    ),
    (
        lambda: counts.ranking(ranked(all_eleven(DAY_3, 2)[:10], rows("75.05.11", DAY_3, 30))),
        f"terbanyak di Sumalata Timur, 30 dari 50 jiwa belum rekam (60{NBSP}%)",
        "the largest number is in Sumalata Timur, 30 of 50 unrecorded (60%)",
    ),
    (
        lambda: counts.ranking(ranked(all_eleven(DAY_3, 0)[:10], rows("75.05.11", DAY_3, 30))),
        f"terbanyak di Sumalata Timur, 30 dari 30 jiwa belum rekam (100{NBSP}%)",
        "the largest number is in Sumalata Timur, 30 of 30 unrecorded (100%)",
    ),
    (
        lambda: counts.ranking(ranked(all_eleven(DAY_3, 0)[:9], rows("75.05.10", DAY_3, 1), rows("75.05.11", DAY_3, 999))),
        f"terbanyak di Sumalata Timur, 999 dari 1.000 jiwa belum rekam (99,9{NBSP}%)",
        "the largest number is in Sumalata Timur, 999 of 1,000 unrecorded (99.9%)",
    ),
    (
        lambda: counts.ranking(ranked(rows("75.05.01", DAY_3, 5), rows("75.05.02", DAY_3, 5), rows("75.05.03", DAY_3, 1))),
        "terbanyak di Atinggola dan Kwandang, masing-masing 5 dari 11 jiwa belum rekam; 8 wilayah tanpa angka",
        "the largest number is in Atinggola and Kwandang, 5 each of 11 unrecorded; 8 areas are without a figure",
    ),
    # chance
    *[
        (partial(chances.word, p), indonesian, english)
        for p, indonesian, english in (
            (1.0, "hampir pasti", "almost certain"),
            (0.97, "kemungkinan besar", "very likely"),
            (0.80, "kemungkinan besar", "very likely"),
            (0.65, "cukup mungkin", "likely"),
            (0.5, "peluangnya berimbang", "as likely as not"),
            (0.2, "kurang mungkin", "rather unlikely"),
            (0.05, "kecil kemungkinannya", "unlikely"),
            (0.0, "hampir mustahil", "almost impossible"),
        )
    ],
    (lambda: chances.frequency(0.0), "kurang dari 1 dari 20", "less than 1 in 20"),
    (lambda: chances.frequency(0.024), "kurang dari 1 dari 20", "less than 1 in 20"),
    (lambda: chances.frequency(0.05), "1 dari 20", "1 in 20"),
    (lambda: chances.frequency(0.35), "7 dari 20", "7 in 20"),
    (lambda: chances.frequency(0.976), "lebih dari 19 dari 20", "more than 19 in 20"),
    (lambda: chances.frequency(1.0), "lebih dari 19 dari 20", "more than 19 in 20"),
    (lambda: chances.horizon(365), "1 tahun", "1 year"),
    (lambda: chances.horizon(730), "2 tahun", "2 years"),
    (lambda: chances.horizon(1), "1 hari", "1 day"),
    (lambda: chances.horizon(100), "100 hari", "100 days"),
    (
        lambda: chances.when(SOON),
        f"target 99,40{NBSP}% kemungkinan besar tercapai antara 9 Juli 2023 dan 27 September 2023",
        "the target of 99.40% very likely reached between 9 July 2023 and 27 September 2023",
    ),
    (
        lambda: chances.when(foreseen([5.0] * 100)),
        f"target 99,40{NBSP}% kemungkinan besar tercapai pada 25 Juni 2023",
        "the target of 99.40% very likely reached on 25 June 2023",
    ),
    (
        lambda: chances.when(MIXED),
        f"target 99,40{NBSP}% kecil kemungkinannya tercapai sebelum 9 Juli 2023, dengan peluang 4 dari 20 tidak "
        "tercapai dalam 2 tahun",
        "the target of 99.40% hardly before 9 July 2023, with a chance of 4 in 20 of not being reached within 2 years",
    ),
    (
        lambda: chances.when(LATE),
        f"target 99,40{NBSP}% berpeluang 12 dari 20 tidak tercapai dalam 2 tahun, dan kecil kemungkinannya "
        "tercapai sebelum 9 Juli 2023",
        "the target of 99.40% has a chance of 12 in 20 of not being reached within 2 years, and hardly comes before 9 July 2023",
    ),
    (
        lambda: chances.when(NEVER),
        f"target 99,40{NBSP}% kemungkinan besar tidak tercapai dalam 2 tahun",
        "the target of 99.40% very likely not reached within 2 years",
    ),
    (
        lambda: chances.when(silent()),
        f"tanggal target 99,40{NBSP}% belum dapat diperkirakan: Satu potret data belum menunjukkan laju: perlu potret kedua.",
        "no date for the target of 99.40%: One snapshot shows no pace: a second one is needed.",
    ),
    (
        lambda: chances.when(silent(Reason("already_reached", T("Already reached on {date}.", date=D20), D20))),
        f"target 99,40{NBSP}% tercapai pada 20 Juni 2023",
        "the target of 99.40% reached on 20 June 2023",
    ),
    (
        lambda: chances.when(
            silent(Reason("already_reached", T("Already reached on {date}.", date=D20), D20)),
            Reached(Reach.PRINTED, D20, Reach.PRINTED, D20),
        ),
        f"target 99,40{NBSP}% tercapai pada 20 Juni 2023 menurut persentase yang dilaporkan",
        "the target of 99.40% reached on 20 June 2023 by the percentage as printed",
    ),
    (
        lambda: chances.chance_by(SOON, date(2023, 8, 3)),
        f"peluang target 99,40{NBSP}% sampai 3 Agustus 2023: 7 dari 20 (kurang mungkin)",
        "chance of the target of 99.40% by 3 August 2023: 7 in 20 (rather unlikely)",
    ),
    (
        lambda: chances.chance_by(SOON, date(2030, 1, 1)),
        f"peluang target 99,40{NBSP}% sampai 19 Juni 2025, akhir jangka proyeksi: lebih dari 19 dari 20 (hampir pasti)",
        "chance of the target of 99.40% by 19 June 2025, as far as the projection looks: more than 19 in 20 (almost certain)",
    ),
    (
        lambda: chances.chance_by(SOON, D20),
        "20 Juni 2023 tidak sesudah tanggal potret data",
        "20 June 2023 is not after the snapshot",
    ),
    (
        lambda: chances.chance_by(silent(), D21),
        f"peluang target 99,40{NBSP}% tidak dapat dinyatakan",
        "no chance can be given for the target of 99.40%",
    ),
    (
        lambda: chances.chance_by(silent(Reason("already_reached", T("Already reached on {date}.", date=D20), D20)), D21),
        "Sudah tercapai per 20 Juni 2023.",
        "Already reached on 20 June 2023.",
    ),
    (
        lambda: chances.chance_never(MIXED),
        f"peluang target 99,40{NBSP}% tidak tercapai dalam 2 tahun: 4 dari 20 (kurang mungkin)",
        "chance that the target of 99.40% is not reached within 2 years: 4 in 20 (rather unlikely)",
    ),
    (
        lambda: chances.chance_never(silent()),
        f"tanggal target 99,40{NBSP}% belum dapat diperkirakan: Satu potret data belum menunjukkan laju: perlu potret kedua.",
        "no date for the target of 99.40%: One snapshot shows no pace: a second one is needed.",
    ),
    (lambda: chances.basis(silent()), "tidak dihitung dari potret data mana pun", "computed from no snapshot"),
    (
        lambda: chances.basis(SOON),
        "dihitung dari satu potret data saja, per 20 Juni 2023; metode proyeksi: test",
        "computed from a single snapshot, of 20 June 2023; projection method: test",
    ),
    (
        lambda: chances.basis(replace(SOON, inputs=replace(SOON.inputs, dates=(D19, D20), pooled=10))),
        "dihitung dari 2 potret data, 19 Juni 2023 sampai 20 Juni 2023, dan dari 10 wilayah lain; metode proyeksi: test",
        "computed from 2 snapshots, 19 June 2023 to 20 June 2023, and from 10 other areas; projection method: test",
    ),
    # headings
    (
        lambda: notes.overview(at(), NATIONAL, Reached(Reach.UNKNOWN)),
        "Belum ada angka untuk Kabupaten Gorontalo Utara: unggah potret data pertama",
        "No figures for Kabupaten Gorontalo Utara yet: upload a first snapshot",
    ),
    (
        lambda: notes.overview(
            at(rows(KABUPATEN, DAY_3, 554, 92_654)), NATIONAL, Reached(Reach.REACHED, D20, Reach.REACHED, D20)
        ),
        f"554 jiwa belum rekam; target 99,40{NBSP}% tercapai pada 20 Juni 2023",
        "554 residents unrecorded; the target of 99.40% reached on 20 June 2023",
    ),
    (
        lambda: notes.overview(at(rows(KABUPATEN, DAY_3, 862, 92_654)), NATIONAL, Reached(Reach.NOT_REACHED), SOON),
        f"862 jiwa belum rekam; target 99,40{NBSP}% kemungkinan besar tercapai antara 9 Juli 2023 dan 27 September 2023",
        "862 residents unrecorded; the target of 99.40% very likely reached between 9 July 2023 and 27 September 2023",
    ),
    (
        lambda: notes.overview(at(rows(KABUPATEN, DAY_3, 862, 92_654)), NATIONAL, Reached(Reach.NOT_REACHED), silent()),
        f"862 jiwa belum rekam; target 99,40{NBSP}% belum tercapai",
        "862 residents unrecorded; the target of 99.40% not reached yet",
    ),
    (
        lambda: notes.area_map(ranked(all_eleven(DAY_3, 2)[:10], rows("75.05.11", DAY_3, 30)), KABUPATEN),
        f"Kabupaten Gorontalo Utara: terbanyak di Sumalata Timur, 30 dari 50 jiwa belum rekam (60{NBSP}%)",
        "Kabupaten Gorontalo Utara: the largest number is in Sumalata Timur, 30 of 50 unrecorded (60%)",
    ),
    (
        lambda: notes.projection(NEVER),
        f"Kabupaten Gorontalo Utara: target 99,40{NBSP}% kemungkinan besar tidak tercapai dalam 2 tahun",
        "Kabupaten Gorontalo Utara: the target of 99.40% very likely not reached within 2 years",
    ),
    (lambda: notes.data(0, None, D20), "Belum ada data: unggah berkas pertama", "No data yet: upload a first file"),
    (
        lambda: notes.data(1, D20, D20),
        "1 unggahan, angka terbaru per tanggal 20 Juni 2023",
        "1 upload, latest figures as of 20 June 2023",
    ),
    (
        lambda: notes.data(1, D20, date(2023, 8, 5)),
        "1 unggahan, angka terbaru per tanggal 20 Juni 2023, 46 hari yang lalu",
        "1 upload, latest figures as of 20 June 2023, 46 days ago",
    ),
    (
        lambda: notes.data(12, D20, date(2023, 8, 4)),
        "12 unggahan, angka terbaru per tanggal 20 Juni 2023",
        "12 uploads, latest figures as of 20 June 2023",
    ),
    (
        lambda: notes.data(2, D20, D20, sample=True),
        "Yang tampil adalah data contoh; data Anda menggantikannya begitu berkas pertama diterima",
        "The sample is shown; your own data replaces it with the first file that is accepted",
    ),
]


@pytest.mark.parametrize(("say", "indonesian", "english"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_sentences(say: Callable[[], Text], indonesian: str, english: str) -> None:
    text = say()
    assert render(text, "id") == indonesian
    assert render(text, "en") == english


def test_concentration() -> None:
    few = counts.concentration(ranked(all_eleven(DAY_3, 2)[:10], rows("75.05.11", DAY_3, 30)))
    even = counts.concentration(ranked(all_eleven(DAY_3, 2)))
    assert few is not None and even is not None
    assert render(few, "id") == "sekurang-kurangnya separuh yang belum rekam ada di 1 dari 11 wilayah"
    assert str(even) == "at least half of the unrecorded are in 6 of 11 areas"
    halves = [rows("75.05.01", DAY_3, 10), rows("75.05.02", DAY_3, 5), rows("75.05.03", DAY_3, 5)]
    assert str(counts.concentration(ranked(*halves))) == "at least half of the unrecorded are in 1 of 3 areas"
    halves[0] = rows("75.05.01", DAY_3, 9)
    assert str(counts.concentration(ranked(*halves))) == "at least half of the unrecorded are in 2 of 3 areas"
    assert counts.concentration(ranked(all_eleven(DAY_3, 0))) is None
    assert counts.concentration(ranked(rows("75.05.01", DAY_3, 5))) is None


@pytest.mark.parametrize(
    ("status", "sample", "wanted"),
    [
        ([], False, None),
        (["reported"], False, None),
        (["modelled"], False, "All figures shown are modelled, not counted"),
        (["reported", "modelled"], False, "Some of the figures shown are modelled, not counted"),
        (
            ["reported"],
            True,
            "Sample of June 2023: the totals of Kabupaten Gorontalo Utara are as published; their split over the "
            "kecamatan and the number of eligible are modelled",
        ),
    ],
)
def test_banner(status: list[str], sample: bool, wanted: str | None) -> None:
    found = banner(status, sample=sample)
    assert (None if found is None else str(found)) == wanted
    if found is not None:
        assert render(found, "id") != str(found)


def test_the_banner_of_an_area_looks_at_both_of_its_figures() -> None:
    both = at(rows(KABUPATEN, DAY_3, 110), all_eleven(DAY_3, status="modelled"))
    assert [str(text) for text in banners_of(both)] == ["Some of the figures shown are modelled, not counted"]
    assert banners_of(at(rows(KABUPATEN, DAY_3, 110))) == ()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([], []),
        ([rows(KABUPATEN, DAY_3, 554, 92_654)], []),
        (
            [rows(KABUPATEN, DAY_3, printed="103.94")],
            [
                "Coverage is above 100%: more are recorded than are eligible, so the number of unrecorded cannot be "
                "worked out from it."
            ],
        ),
        ([rows(KABUPATEN, DAY_3, 1569, 90_060, printed="98.18")], ["The printed percentage is 98.18%, the counts give 98.26%."]),
        ([rows(KABUPATEN, DAY_3, 554, 92_654, printed="99.40")], []),
        ([rows(KABUPATEN, DAY_3, 1569, 90_060, printed="98.25")], []),
        ([rows(KABUPATEN, DAY_3, 1569, 90_060, printed="98.2")], []),
        ([rows(KABUPATEN, DAY_3, 1569, 90_060, printed="98.1")], ["The printed percentage is 98.1%, the counts give 98.26%."]),
        (
            all_eleven(DAY_1)[:10] + all_eleven(DAY_3)[:9],
            ["The total covers 10 of 11 kecamatan; the others have never reported."],
        ),
        (
            [one for day in ("2023-06-01", "2023-06-02", DAY_3) for one in all_eleven(day)[: 11 if day != DAY_3 else 10]],
            ["Ask for the figures of Sumalata Timur (18 days, usually every 1): silent for longer than usual."],
        ),
        (
            [rows(KABUPATEN, DAY_3, 120), *all_eleven(DAY_3)],
            ["Unrecorded: 120 reported for the area itself, 110 as the sum of its parts, a difference of 10."],
        ),
        (
            [*all_eleven(DAY_3, basis="DKB 2023-1")[:10], rows("75.05.11", DAY_3, 10, 1000, basis="dinamis")],
            ["The areas rest on different bases (DKB 2023-1 + dinamis), so their sum mixes populations."],
        ),
        ([rows(KABUPATEN, "2023-05-01", 554)], ["The figures are 60 days old."]),
    ],
    ids=[
        "nothing",
        "well",
        "above 100 %",
        "contradicts itself",
        "rounds to the printed",
        "cut to the printed",
        "one decimal",
        "one decimal off",
        "incomplete",
        "overdue",
        "differs",
        "bases",
        "old",
    ],
)
def test_warnings(given: list[dict[str, Any]], wanted: list[str]) -> None:
    found = warnings_of(at(given), date(2023, 6, 30))
    assert [str(text) for text in found] == wanted
    assert all(render(text, "id") != str(text) for text in found)


def test_a_sentence_begins_with_a_capital() -> None:
    assert sentence(T("nobody unrecorded"), "id") == "Tidak ada yang belum rekam"
    assert sentence(T("nobody unrecorded"), "en") == "Nobody unrecorded"


def test_the_words_of_the_sample_follow_its_projection() -> None:
    june = frame(
        rows(KABUPATEN, DAY_1, 862), rows(KABUPATEN, DAY_2, 650, printed="99.30"), rows(KABUPATEN, DAY_3, 554, printed="99.40")
    )
    found = project(history_of(june, KABUPATEN), ZERO)
    said = str(chances.when(found))
    assert found.quantiles[90] is NOT_REACHED and "of not being reached within 2 years" in said
    assert not {"certain", "will"} & set(said.split())


@pytest.mark.parametrize(
    ("recorded", "target", "decimals"),
    [
        (900_000, None, 2),
        (999_949, None, 2),
        (999_960, None, 3),
        (999_999, None, 4),
        (1_000_000, None, 2),
        (993_949, NATIONAL, 2),
        (993_960, NATIONAL, 3),
        (999_999, NATIONAL, 4),
    ],
)
def test_a_coverage_is_not_rounded_up_to_what_it_does_not_reach(recorded: int, target: Target | None, decimals: int) -> None:
    found = counts.percent_of(fig(None, 1_000_000, recorded), target)
    assert found is not None and (found.share, found.decimals) == (recorded / 1_000_000, decimals)
