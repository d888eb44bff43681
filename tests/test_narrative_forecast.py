"""Every branch of the sentences around a projection, in both languages; the pace that is assumed; the page of the method."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ektp_analysis.core.area import Level
from ektp_analysis.core.targets import ZERO
from ektp_analysis.core.text import T, Text, render
from ektp_analysis.figures.series import Assumed, Change, Course, Gap, Required, assume
from ektp_analysis.narrative import chances, forecasts, grounds, notes
from ektp_analysis.projection.backtest import Verdict
from ektp_analysis.projection.examples import KINDS, Nearest
from ektp_analysis.projection.paths import Paths
from ektp_analysis.projection.result import Code, Inputs, Reason
from tests.test_narrative import D19, D20, INF, NATIONAL, NBSP, foreseen, silent

BY = date(2023, 12, 31)
RECENT = Change(Gap.NONE, date(2023, 6, 14), D20, -308)  # 51.3 a day
CODES: tuple[Code, ...] = Code.__args__


def of_zero(meaning="eligible", inflow=5.0, unit="people"):
    made = foreseen([*range(10, 110)], target=ZERO)
    return replace(made, meaning=meaning, inputs=Inputs((D20,), ((554, 554),), unit, None, (0, 0), inflow_per_day=inflow))


def river(*q50, moved="data"):
    days = pd.date_range("2023-06-20", periods=len(q50), freq="7D")
    return pd.DataFrame({"origin": days, "q50": pd.to_datetime(list(q50)), "moved_by": ["first", *[moved] * (len(q50) - 1)]})


def verdict(cases=20, cover80=0.8, bias=3.0):
    return Verdict(cases, cover80, 0.5, 0.9, bias, 5.0)


def why(draws, per_week, left=700, allowed=(0, 0), **changed):
    """What a date rests on: so many left, so many a week in four weeks, these draws."""
    made = replace(foreseen(draws, target=ZERO), **changed)
    inputs = Inputs((D20,), ((left, left),), made.inputs.unit, None, allowed)
    return grounds.reasoned(replace(made, inputs=inputs), Change(Gap.NONE, date(2023, 5, 23), D20, -4 * per_week))


WHY: list[tuple[Text | None, str, str]] = [
    (
        why([*range(110, 210)], 70),
        "Bila laju 28 hari terakhir bertahan (10 per hari): 29 Agustus 2023. Kebanyakan perekaman melambat menjelang akhir: "
        "separuh kemungkinan tercapai paling lambat 26 November 2023.",
        "If the pace of the last 28 days held (10 a day): 29 August 2023. Most campaigns slow down at the end: half of the "
        "outcomes come by 26 November 2023.",
    ),
    (
        why([*range(10, 110)], 35, allowed=(300, 400)),
        "Bila laju 28 hari terakhir bertahan (5 per hari): 29 Agustus 2023. Separuh kemungkinan tercapai paling lambat "
        "18 Agustus 2023.",
        "If the pace of the last 28 days held (5 a day): 29 August 2023. Half of the outcomes come by 18 August 2023.",
    ),
    (
        why([*range(27, 127)], 70),
        "Bila laju 28 hari terakhir bertahan (10 per hari): 29 Agustus 2023. Separuh kemungkinan tercapai paling lambat "
        "4 September 2023.",
        "If the pace of the last 28 days held (10 a day): 29 August 2023. Half of the outcomes come by 4 September 2023.",
    ),
    (
        why([*range(10, 110)], 3),
        "Bila laju 28 hari terakhir bertahan (0,4 per hari): lebih dari 2 tahun lagi. Separuh kemungkinan tercapai paling lambat "
        "18 Agustus 2023.",
        "If the pace of the last 28 days held (0.4 a day): later than 2 years. Half of the outcomes come by 18 August 2023.",
    ),
    (
        why([*range(10, 40), *[INF] * 70], 70),
        "Bila laju 28 hari terakhir bertahan (10 per hari): 29 Agustus 2023. Perekaman melambat menjelang akhir atau terhenti: "
        "separuh kemungkinan lebih dari 2 tahun lagi, atau tidak pernah.",
        "If the pace of the last 28 days held (10 a day): 29 August 2023. Campaigns slow down at the end or stall: half of the "
        "outcomes come later than 2 years, or never.",
    ),
]


@pytest.mark.parametrize(("text", "indonesian", "english"), WHY)
def test_what_a_date_rests_on_can_be_read(text, indonesian, english):
    for lang, expected in (("id", indonesian), ("en", english)):
        assert render(text, lang).replace(NBSP, " ") == expected


def test_where_nothing_is_known_of_the_pace_there_is_no_reason():
    draws = [*range(10, 110)]
    assert (
        why(draws, 70, left=0) is None
        and why(draws, 0) is None
        and why(draws, -7) is None
        and why(draws, 70, allowed=None) is None
    )
    assert grounds.reasoned(silent(), RECENT) is None and grounds.reasoned(foreseen(draws), Change(Gap.FIRST)) is None
    share = replace(foreseen(draws).inputs, unit="share")
    assert grounds.reasoned(replace(foreseen(draws), inputs=share), RECENT) is None


def weeks(*falls: int, unit="people", left=700, draws=None, **others):
    """An answer on so many weeks, the last on 20 June 2023, in which so many were recorded each."""
    counts = [left + sum(falls[i:]) for i in range(len(falls) + 1)]
    scale = 1.0 if unit == "people" else 1e-5
    days = tuple(D20 - timedelta(weeks=len(falls) - i) for i in range(len(falls) + 1))
    made = foreseen([*range(110, 210)] if draws is None else draws, target=ZERO)
    seen = tuple((n * scale, n * scale) for n in counts)
    return replace(made, inputs=Inputs(days, seen, unit, None, (0, 0)), **others)


STILL = weeks(*[70] * 20, 0, 0, 0)
EACH_TEN = Paths(700, np.linspace(1, 0, 11), np.outer(np.arange(110.0, 210.0), np.r_[np.arange(10), 15] / 15))
STALLED: list[tuple[Text | None, str, str]] = [
    (
        grounds.stalled(STILL),
        "Perekaman tersendat sejak 30 Mei 2023: sejak itu jumlah yang belum rekam tidak berkurang, sebelumnya 10 per hari. "
        "Tanggalnya bergantung pada kapan perekaman lancar kembali.",
        "Recording has stalled since 30 May 2023: on balance nobody since then, against 10 "
        "a day before. The date depends on when it picks up again.",
    ),
    (
        grounds.stalled(weeks(*[70] * 20, 3, 2, 3)),
        "Perekaman tersendat sejak 30 Mei 2023: sejak itu 0,4 per hari, sebelumnya 10 per hari. Tanggalnya bergantung pada "
        "kapan perekaman lancar kembali.",
        "Recording has stalled since 30 May 2023: 0.4 a day since then, against 10 a day before. The date depends "
        "on when it picks up again.",
    ),
    (
        grounds.stalled(weeks(*[700] * 20, 70, 70, 70, unit="share")),
        "Perekaman tersendat sejak 30 Mei 2023: lajunya tinggal 10 % dari sebelumnya. Tanggalnya bergantung pada kapan "
        "perekaman lancar kembali.",
        "Recording has stalled since 30 May 2023: at 10% of its pace before. The date depends on when it picks up again.",
    ),
    (
        chances.when(STILL),
        "tuntas kemungkinan besar tercapai antara 17 Oktober 2023 dan 5 Januari 2024; perekaman tersendat sejak 30 Mei 2023",
        "full recording very likely reached between 17 October 2023 and 5 January 2024; recording has stalled since 30 May 2023",
    ),
    (
        grounds.stalled_inside({"75.05.01": STILL, "75.05.02": weeks(*[70] * 23), "75.05.03": silent()}),
        "Di 1 wilayah perekaman tersendat, dan tanggalnya bergantung pada kapan perekaman di situ lancar kembali: Atinggola "
        "(sejak 30 Mei 2023).",
        "In 1 area recording has stalled, and its date depends on when it picks up again: Atinggola (since 30 May 2023).",
    ),
    (
        grounds.stalled_inside({"75.05.01": STILL, "75.05.02": STILL}),
        "Di 2 wilayah perekaman tersendat, dan tanggalnya bergantung pada kapan perekaman di situ lancar kembali: Atinggola "
        "(sejak 30 Mei 2023) dan Kwandang (sejak 30 Mei 2023).",
        "In 2 areas recording has stalled, and their dates depend on when it picks up again: Atinggola (since 30 "
        "May 2023) and Kwandang (since 30 May 2023).",
    ),
    # what would have to be true for the median
    (
        grounds.asked(replace(STILL, paths=EACH_TEN), Change(Gap.NONE, date(2023, 5, 23), D20, -70)),
        "Untuk itu laju rata-rata sampai saat itu harus 4,4 per hari, dibanding 2,5 per hari dalam 28 hari terakhir.",
        "For that the pace must average 4.4 a day until then, against 2.5 a day in the last 28 days.",
    ),
    (
        grounds.asked(replace(STILL, paths=EACH_TEN), Change(Gap.NONE, date(2023, 5, 23), D20, 0)),
        "Separuh kemungkinan tercapai paling lambat 26 November 2023: laju rata-rata sampai saat itu harus 4,4 per hari, padahal "
        "dalam 28 hari terakhir belum rekam tidak turun.",
        "Half of the outcomes come by 26 November 2023: the pace must average 4.4 a day until then, while in the last 28 days "
        "the unrecorded did not fall.",
    ),
    (
        grounds.asked(replace(STILL, paths=EACH_TEN), Change(Gap.FIRST)),
        "Separuh kemungkinan tercapai paling lambat 26 November 2023: laju rata-rata sampai saat itu harus 4,4 per hari.",
        "Half of the outcomes come by 26 November 2023: the pace must average 4.4 a day until then.",
    ),
    (
        grounds.asked(replace(STILL, paths=EACH_TEN, seen=date(2023, 6, 30)), Change(Gap.NONE, date(2023, 5, 23), D20, -7000)),
        "Separuh kemungkinan tercapai paling lambat 26 November 2023: laju rata-rata sampai saat itu harus 4,4 per hari, "
        "dibanding 250 per hari dalam 28 hari terakhir.",
        "Half of the outcomes come by 26 November 2023: the pace must average 4.4 a day until then, against 250 a day in the "
        "last 28 days.",
    ),
    # what the tail costs: six of fifteen parts of the time
    (
        grounds.tail(replace(STILL, paths=EACH_TEN)),
        "Pada kemungkinan tengah, sepersepuluh terakhir saja memakan 9 dari 23 minggu.",
        "In the median outcome the last tenth alone takes 9 of the 23 weeks.",
    ),
    (
        grounds.tail(weeks(70, 70, draws=[*range(11, 31)], paths=replace(EACH_TEN, times=EACH_TEN.times[::5] / 10))),
        "Pada kemungkinan tengah, sepersepuluh terakhir saja memakan 8 dari 20 hari.",
        "In the median outcome the last tenth alone takes 8 of the 20 days.",
    ),
    (
        grounds.tail(weeks(70, 70, draws=[1] * 20, paths=replace(EACH_TEN, times=EACH_TEN.times[::5] / 10))),
        "Pada kemungkinan tengah, sepersepuluh terakhir saja memakan 1 dari 1 hari.",
        "In the median outcome the last tenth alone takes 1 of the 1 days.",
    ),
    # campaigns alike
    (
        grounds.nearest(Nearest(("even", "share", "even"), np.zeros(1), np.zeros((3, 1)), 0.0, 800)),
        "2 dari 3 perekaman simulasi terdekat: kira-kira sama banyak setiap hari; selebihnya: bagian yang sama dari sisanya, "
        "jadi makin sedikit (1)",
        "2 of the 3 nearest simulated campaigns: about as many every day; the others: the same share of those left, so fewer and "
        "fewer (1)",
    ),
    (
        grounds.nearest(Nearest(("waves",) * 3, np.zeros(1), np.zeros((3, 1)), 0.0, 800)),
        "3 dari 3 perekaman simulasi terdekat: gelombang demi gelombang",
        "3 of the 3 nearest simulated campaigns: one wave after the other",
    ),
    (
        grounds.steadily(Nearest(("even",), np.zeros(1), np.zeros((1, 1)), 0.9, 800)),
        "Selain pelajaran dari perekaman seperti itu, jawaban ini memperhitungkan, dengan bobot 18 dari 20, bahwa wilayah ini "
        "terus berjalan dengan laju yang tetap.",
        "Besides what such campaigns taught, the answer counts, with a weight of 18 in 20, on this area going on "
        "at its steady pace.",
    ),
]


@pytest.mark.parametrize(("text", "indonesian", "english"), STALLED)
def test_stalls_the_median_its_tail_and_campaigns_alike_are_said(text, indonesian, english):
    for lang, expected in (("id", indonesian), ("en", english)):
        assert render(text, lang).replace(NBSP, " ") == expected


def test_where_there_is_none_nothing_is_said_of_a_stall_or_of_the_median():
    assert grounds.stalled(weeks(*[70] * 23)) is None and grounds.stalled(silent()) is None
    assert grounds.stalled_inside({"75.05.01": weeks(*[70] * 23), "75.05.03": silent()}) is None
    assert grounds.asked(silent(), RECENT) is None and grounds.tail(silent()) is None and grounds.tail(STILL) is None
    assert grounds.reasons(silent(), RECENT) == () and len(grounds.reasons(replace(STILL, paths=EACH_TEN), RECENT)) == 3
    assert grounds.steadily(Nearest(("even",), np.zeros(1), np.zeros((1, 1)), 0.0, 800)) is None
    assert set(grounds.KINDS) == set(KINDS)


CASES: list[tuple[Text, str, str]] = [
    # whom zero is about
    (forecasts.whom("eligible", D20), "semua wajib KTP", "all eligible"),
    (forecasts.whom("list", D20), "daftar 20 Juni 2023", "the list of 20 June 2023"),
    (
        forecasts.zero_means(of_zero("list")),
        "Tuntas di sini: semua yang tercantum dalam daftar 20 Juni 2023 sudah rekam; warga yang genap 17 tahun sesudahnya "
        "tidak dihitung.",
        "Zero here: everyone who was on the list of 20 June 2023 is recorded; residents who turn 17 later are not counted.",
    ),
    (
        forecasts.zero_means(of_zero()),
        "Tuntas di sini: pada hari itu tidak ada lagi wajib KTP yang belum rekam, termasuk yang baru genap 17 "
        "tahun (bertambah sekitar 5 per hari).",
        "Zero here: no eligible resident is left unrecorded on that day, those who have just turned 17 included (about 5 a day).",
    ),
    (
        forecasts.zero_means(of_zero(inflow=0.0)),
        "Tuntas di sini: pada hari itu tidak ada lagi wajib KTP yang belum rekam, termasuk yang baru genap 17 tahun.",
        "Zero here: no eligible resident is left unrecorded on that day, those who have just turned 17 included.",
    ),
    # how the areas inside go with the whole
    (
        forecasts.above(replace(of_zero(), inputs=replace(of_zero().inputs, parts=11))),
        "Kemungkinan wilayah-wilayah ini, dengan masa baik dan buruk yang dialami bersama, berjumlah persis sama "
        "dengan proyeksi di atas.",
        "The possible outcomes of these areas, with good and bad times in common, add up to the projection above.",
    ),
    (
        forecasts.above(of_zero()),
        "Proyeksi di atas melihat jumlah totalnya saja; di sini setiap wilayah harus mencapainya sendiri, dengan masa baik dan "
        "buruk yang dialami bersama.",
        "The projection above looks at the total alone; here each area has to reach the target by itself, "
        "with good and bad times in common.",
    ),
    (
        chances.basis(replace(of_zero(), inputs=replace(of_zero().inputs, parts=11))),
        "dihitung dari satu potret data saja, per 20 Juni 2023, sebagai jumlah dari 11 wilayah di dalamnya; "
        "metode proyeksi: test",
        "computed from a single snapshot, of 20 June 2023, as the sum of 11 areas inside; projection method: test",
    ),
    # the pace
    (
        forecasts.pace(RECENT),
        "selisih bersih dari 14 Juni 2023 sampai 20 Juni 2023",
        "on balance, from 14 June 2023 to 20 June 2023",
    ),
    (
        forecasts.pace(Change(Gap.FIRST)),
        "potret data pertama, jadi belum ada perubahan",
        "first snapshot, so there is no change yet",
    ),
    (
        forecasts.required(Required(Gap.NONE, 1, 239), BY),
        "1 jiwa harus direkam sampai 31 Desember 2023",
        "1 resident to record by 31 December 2023",
    ),
    (
        forecasts.required(Required(Gap.NONE, 554, 194), BY),
        "554 jiwa harus direkam sampai 31 Desember 2023: 2,9 per hari",
        "554 residents to record by 31 December 2023: 2.9 a day",
    ),
    (
        forecasts.open_areas(["75.05.01", "75.05.03"], 11, Level.KECAMATAN),
        "untuk 2 dari 11 kecamatan belum ada tanggal yang dapat diperkirakan (Atinggola dan Anggrek), jadi untuk seluruhnya juga "
        "belum",
        "no date can be given for 2 of 11 kecamatan yet (Atinggola and Anggrek), so none for all of them",
    ),
    (
        forecasts.beside(Required(Gap.NONE, 554, 6), Change(Gap.NONE, D19, D20, 3)),
        "saat ini belum rekam tidak turun, sehingga laju yang diperlukan masih kurang seluruhnya",
        "at present the unrecorded do not fall, so all of the required pace is still missing",
    ),
    (
        forecasts.beside(Required(Gap.NONE, 554, 194), RECENT),
        "laju belakangan ini cukup bila bertahan sampai akhir; itu jarang terjadi, karena sisa terakhir paling sulit",
        "the recent pace is enough if it holds to the end; it rarely does, as the last ones are the hardest",
    ),
    (
        forecasts.beside(Required(Gap.NONE, 308, 6), RECENT),
        "laju belakangan ini pas-pasan, tanpa cadangan",
        "the recent pace is just enough, without any reserve",
    ),
    (
        forecasts.beside(Required(Gap.NONE, 770, 6), RECENT),
        "itu 2,5 kali laju belakangan ini",
        "that is 2.5 times the recent pace",
    ),
    (
        forecasts.beside(Required(Gap.NONE, 7700, 6), RECENT),
        "itu 25 kali laju belakangan ini",
        "that is 25 times the recent pace",
    ),
    # the assumption
    (
        forecasts.assumed(Assumed(Course.ARRIVES, 8, 5.0, BY), ZERO, D20),
        "andai 8 jiwa direkam setiap hari sejak 20 Juni 2023: tuntas pada 31 Desember 2023",
        "assuming 8 people are recorded every day from 20 June 2023: full recording on 31 December 2023",
    ),
    (
        forecasts.assumed(Assumed(Course.ARRIVES, 1, 0.0, BY), ZERO, D20),
        "andai 1 jiwa direkam setiap hari sejak 20 Juni 2023: tuntas pada 31 Desember 2023",
        "assuming 1 person is recorded every day from 20 June 2023: full recording on 31 December 2023",
    ),
    (
        forecasts.assumed(Assumed(Course.TOO_SLOW, 4, 5.0), ZERO, D20),
        "andai 4 jiwa direkam setiap hari: tuntas tidak pernah tercapai, karena wajib KTP baru bertambah sama banyaknya",
        "assuming 4 people are recorded every day: full recording is never reached, because as many new eligible join",
    ),
    (
        forecasts.assumed(Assumed(Course.REACHED, 4, 5.0), NATIONAL, D20),
        f"target 99,40{NBSP}% sudah tercapai",
        "the target of 99.40% is reached already",
    ),
    (
        forecasts.assumed(Assumed(Course.UNKNOWN, 4, 5.0), NATIONAL, D20),
        f"tidak dapat dihitung untuk target 99,40{NBSP}%: jumlah yang boleh tersisa tidak diketahui",
        "nothing can be worked out for the target of 99.40%: how many may remain is not known",
    ),
    (
        forecasts.newcomers(Assumed(Course.ARRIVES, 8, 4.96, BY)),
        "sekitar 5 di antaranya per hari hanya mengimbangi wajib KTP baru",
        "about 5 of them a day only keep up with new eligible",
    ),
    # the areas together
    (
        forecasts.all_reached(foreseen([*range(10, 110)]), 11, Level.KECAMATAN, BY),
        f"seluruh 11 kecamatan: target 99,40{NBSP}% kemungkinan besar tercapai antara 9 Juli 2023 dan 27 September 2023; "
        f"peluang target 99,40{NBSP}% sampai 31 Desember 2023: lebih dari 19 dari 20 (hampir pasti)",
        "all 11 kecamatan: the target of 99.40% very likely reached between 9 July 2023 and 27 September 2023; chance of the "
        "target of 99.40% by 31 December 2023: more than 19 in 20 (almost certain)",
    ),
    (
        forecasts.last_one({"75.05.01": 0.1, "75.05.02": 0.6, "75.05.03": 0.3}),
        "kemungkinan terbesar menjadi yang terakhir: Kwandang (12 dari 20); berikutnya Anggrek (6 dari 20) dan Atinggola "
        "(2 dari 20)",
        "most likely the last: Kwandang (12 in 20); then Anggrek (6 in 20) and Atinggola (2 in 20)",
    ),
    (
        forecasts.last_one({"75.05.01": 0.01, "75.05.02": 0.97, "75.05.03": 0.02}),
        "kemungkinan terbesar menjadi yang terakhir: Kwandang (19 dari 20)",
        "most likely the last: Kwandang (19 in 20)",
    ),
    (
        forecasts.last_one({"75.05.01": 0.01, "75.05.02": 0.99}),
        "yang terakhir hampir pasti Kwandang",
        "the last one is almost certainly Kwandang",
    ),
    (forecasts.last_one({"75.05.02": 1.0}), "yang terakhir hampir pasti Kwandang", "the last one is almost certainly Kwandang"),
    (forecasts.under(foreseen([*range(10, 110)]), date(2023, 8, 9)), "peluang 8 dari 20", "chance 8 in 20"),
    (forecasts.under(silent(), BY), "baru satu potret data", "one snapshot only"),
    (forecasts.chance_or_reason(silent(Reason("already_reached", T("x"), D20)), BY), "tercapai", "reached"),
    (
        forecasts.at_risk(ZERO, BY),
        "Peluang tuntas sampai 31 Desember 2023, diurutkan dari yang paling berisiko",
        "Chance of full recording by 31 December 2023, the most at risk first",
    ),
    # how the day moved
    (
        forecasts.moved(river("2023-08-01"), 730),
        "baru satu jawaban: dengan potret data berikutnya terlihat bagaimana tanggalnya bergeser",
        "one answer so far: with the next snapshot it shows how the date moves",
    ),
    (
        forecasts.moved(river("2023-08-01", "2023-08-13"), 730),
        f"peluang 50{NBSP}% pada 13 Agustus 2023, mundur 12 hari dibanding sebelum potret data 27 Juni 2023 (angka baru)",
        "even chances on 13 August 2023, 12 days later than before the snapshot of 27 June 2023 (new figures)",
    ),
    (
        forecasts.moved(river("2023-08-02", "2023-08-01", moved="revision"), 730),
        f"peluang 50{NBSP}% pada 1 Agustus 2023, maju 1 hari dibanding sebelum potret data 27 Juni 2023 (angka lama direvisi)",
        "even chances on 1 August 2023, 1 day earlier than before the snapshot of 27 June 2023 (earlier figures revised)",
    ),
    (
        forecasts.moved(river("2023-08-01", "2023-08-01"), 730),
        f"peluang 50{NBSP}% pada 1 Agustus 2023, tidak bergeser oleh potret data 27 Juni 2023",
        "even chances on 1 August 2023, not moved by the snapshot of 27 June 2023",
    ),
    (
        forecasts.moved(river("2023-08-01", None, moved="break"), 730),
        f"peluang 50{NBSP}%: tidak dalam 2 tahun; sebelum potret data 27 Juni 2023: 1 Agustus 2023 (deret terputus)",
        "even chances: not within 2 years, after 1 August 2023 before the snapshot of 27 June 2023 (a break in the series)",
    ),
    (
        forecasts.moved(river(None, None), 730),
        f"peluang 50{NBSP}%: tidak dalam 2 tahun, sama seperti sebelum potret data 27 Juni 2023",
        "even chances: not within 2 years, as before the snapshot of 27 June 2023",
    ),
    # the past answers
    (
        forecasts.record(verdict(0), 0),
        "riwayat masih terlalu pendek untuk ditinjau: perlu dua potret data sebelum jawaban pertama, dan satu sesudahnya",
        "too little history to look back: two snapshots are needed before a first answer, and one after it",
    ),
    (
        forecasts.record(verdict(3), 0),
        "3 jawaban terdahulu, dan harinya belum tiba: belum ada yang dapat dinilai",
        "3 past answers, and their day has not come yet: nothing to judge so far",
    ),
    (
        forecasts.record(verdict(20, 0.75), 20),
        f"20 jawaban terdahulu: pada 15 di antaranya, yang terjadi ada di dalam rentang 80{NBSP}% (seharusnya 8 dari 10)",
        "20 past answers: in 15 of them what happened was inside the 80% range (it should be 8 in 10)",
    ),
    (
        forecasts.bias(verdict(bias=3.4)),
        "nilai tengahnya 3 hari terlalu awal",
        "the middle answer was 3 days too early",
    ),
    (
        forecasts.bias(verdict(bias=-1.0)),
        "nilai tengahnya 1 hari terlalu lambat",
        "the middle answer was 1 day too late",
    ),
    (
        forecasts.bias(verdict(bias=0.2)),
        "nilai tengah jawaban tidak terlalu awal dan tidak terlalu lambat",
        "the middle of the answers was neither too early nor too late",
    ),
    (
        forecasts.caution(verdict(7)),
        "Jawaban yang sesedikit ini belum membuktikan banyak: kebetulan sama berperannya dengan metode.",
        "So few answers prove little: they tell of luck as much as of the method.",
    ),
]


@pytest.mark.parametrize(("text", "indonesian", "english"), CASES, ids=[str(i) for i in range(len(CASES))])
def test_sentences(text, indonesian, english):
    assert render(text, "id") == indonesian
    assert render(text, "en") == english


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (190, "is enough if"),
        (191, "just enough"),
        (209, "just enough"),
        (210, "1.1 times"),
        (1980, "9.9 times"),
        (2000, " 10 times"),
    ],
)
def test_where_just_enough_begins_and_ends(people, said):
    """Against 20 a day: .95 and 1.05 of it, and ten times, from which on no decimal is said."""
    assert said in render(forecasts.beside(Required(Gap.NONE, people, 10), Change(Gap.NONE, date(2023, 6, 10), D20, -200)), "en")


def test_what_need_not_be_said_is_not():
    assert forecasts.zero_means(foreseen([10.0, INF])) is None  # another target
    assert forecasts.newcomers_a_day(of_zero(unit="share")) is None
    assert forecasts.newcomers_a_day(of_zero(inflow=12.4)) == 12
    assert forecasts.beside(Required(Gap.REACHED, 0), RECENT) is None
    assert forecasts.beside(Required(Gap.NONE, 5, 5), Change(Gap.FIRST)) is None
    assert forecasts.newcomers(Assumed(Course.ARRIVES, 8, 0.01, BY)) is None
    assert forecasts.bias(verdict(bias=None)) is None
    assert forecasts.caution(verdict(8)) is None and forecasts.caution(verdict(0)) is None


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_a_way_out_and_a_short_word(code):
    for lang in ("id", "en"):
        assert len(render(forecasts.remedy(Reason(code, T("x"))), lang)) > 40
        assert render(forecasts.SHORT[code], lang)
    assert render(forecasts.remedy(Reason(code, T("x"))), "id") != render(forecasts.remedy(Reason(code, T("x"))), "en")


def test_a_pace_that_is_assumed():
    zero = assume(8, 554, 0, D20, newcomers=5.0)
    assert (zero.course, zero.day, zero.newcomers) == (Course.ARRIVES, date(2023, 12, 22), 5.0)  # 554 / 3 = 184.7
    assert assume(5, 554, 0, D20, newcomers=5.0).course is Course.TOO_SLOW
    assert assume(0, 554, 0, D20).course is Course.TOO_SLOW
    # 0.6 % of the newcomers may stay unrecorded: 54 people at 10 - 9.94 = 0.06 a day
    coverage = assume(10, 608, 554, D20, newcomers=10.0, share=0.994)
    assert coverage.day == D20 + pd.Timedelta(days=900).to_pytimedelta()
    assert assume(3, 554, 554, D20).course is Course.REACHED
    assert assume(3, None, 0, D20).course is Course.UNKNOWN
    assert assume(10, 100, 0, D20).day == date(2023, 6, 30)
    assert assume(1, 1e12, 0, D20).course is Course.TOO_SLOW  # past the end of the calendar
    with pytest.raises(ValueError, match="negative"):
        assume(-1, 5, 0, D20)


def test_the_method_is_a_page_of_short_paragraphs():
    for lang in ("id", "en"):
        texts = [render(text, lang) for section in notes.SECTIONS for text in section.paragraphs]
        assert 300 < sum(len(text.split()) for text in texts) < 750
        assert max(len(text.split()) for text in texts) < 90
    jargon = ("kuantil", "quantile", "posterior", "CRPS", "bayes", "neural", "hazard", "distribusi", "network")
    for section in notes.SECTIONS:
        for text in (section.title, *section.paragraphs):
            assert not any(word.lower() in (render(text, "id") + render(text, "en")).lower() for word in jargon)
