"""What offices count beside recording, and of whom, as words: what is no recording, a part of the residents, what is planned,
what was done in a while. Each is judged by itself; whether it matters is the doubts' to say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells.months import MONTHS

WHOLE_AGE = 17  # from which a resident must have a KTP: '17 tahun ke atas' is everyone, any other age a part
MOST_AGE = 120  # two numbers with a larger one are no ages

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_MARKS = re.compile(r"[_\s]+")

# Counted of the same persons, by the same offices, in the same tables, and never those recorded
OTHER = re.compile(
    r"\b(?:(?:pen|ter|di|men|ke)?cetak(?:an)?|print(?: ready record)?|prr|personalisasi"  # cards printed
    r"|kepemilikan|(?<!wajib )(?:memiliki|dimiliki|miliki|punya|mempunyai|dipunyai)|pemilik|ber[- ]?(?:e-?)?ktp(?:-?el)?"  # held
    r"|ikd|(?:identitas|ktp|kependudukan) digital|(?:ter|di)?akti[vf]asi"  # on a phone
    r"|kia|kartu identitas anak|kk|kartu keluarga|akt[ae]|suket|surat keterangan"  # other papers
    r"|(?:pen|di)?terbit(?:an|kan)?|penerbitan|(?:peng|di|ter)?ambil(?:an)?|penyerahan|diserahkan|terima|(?:pen|di|ter)?distribusi(?:an|kan)?"
    r"|pembagian|dibagikan|blang?ko|biodata|legalisasi"  # on their way to a person
    r"|pindah|datang|kelahiran|kematian|perkawinan|perceraian|vaksin\w*|imunisasi|pengaduan)\b",
    re.IGNORECASE,
)
# All that a header of cards printed so far may say: nothing of a while, of what is left, of blanks or of other cards
_CARDS = re.compile(r"\b(?:pen|ter|di)?cetak(?:an)?\b|\bprinted\b", re.IGNORECASE)
_BESIDE_CARDS = re.compile(
    r"(?:(?:pen|ter|di)?cetak(?:an)?|printed|sudah|sdh|telah|jumlah|jml|total|realisasi|hasil|yang|yg|ktp|el|e|elektronik|kartu|keping"
    r"|cards?|laki|perempuan|lk|pr|l|p|dan)",
    re.IGNORECASE,
)
# All that a header of those to be cleaned off the list may say: nothing of a while, and nothing of those who are off it already
_TO_CLEAN = re.compile(
    r"\b(?:(?:perlu|belum|blm|harus) dibersihkan|(?:perlu|belum|menunggu) pembersihan|to (?:be cleaned|clean))\b", re.IGNORECASE
)
_BESIDE_CLEANING = re.compile(
    r"jumlah|jml|total|data|penduduk|warga|jiwa|orang|org|wajib|e|el|ktp|yang|yg|dan|atau|dari|daftar|laki|perempuan|lk|pr|l|p"
    r"|dunia|domisili",
    re.IGNORECASE,
)
# Who leaves the list so. A header that names all of the first three names them all; of one that names fewer, some are missing.
_KINDS = (
    re.compile(r"\b(?:meninggal|mati|wafat|dead)\b", re.IGNORECASE),
    re.compile(r"\b(?:pindah|moved)\b", re.IGNORECASE),
    re.compile(r"\b(?:ganda|duplikat|duplicate|double)\b", re.IGNORECASE),
    re.compile(r"\b(?:tidak|tdk) (?:dikenal|diketahui|ditemukan)\b|\bunknown\b", re.IGNORECASE),
)
_PRINTED_ON = re.compile(  # when the sheet itself was printed
    r"\b(?:tanggal|tgl|waktu|jam) (?:di)?cetak\b|\bdicetak\s*(?:pada|tanggal|tgl|oleh|dari|:|\d)|\bcetak\s*:", re.IGNORECASE
)
_OF_RECORDING = re.compile(r"\b(?:pe|me|te|di|ber)?re?kam(?:an|i)?\b|\brkm\b", re.IGNORECASE)

_PART = re.compile(
    r"\b(?:(?:pemilih )?pemula|luar negeri|wna|(?:warga|orang) (?:negara )?asing|(?:penyandang )?(?:disabilitas|difabel|cacat)"
    r"|(?:maha)?siswa(?: ?/ ?(?:maha)?siswi)?|siswi|pelajar|santri|(?:di |anak )?sekolah|sm[ap]|smk|slta|pesantren|kampus"
    r"|pemilih|dpt(?:b|hp)?|dp4|dps|pemilu|pilkada|pilpres|pileg"
    r"|lansia|lanjut usia|odgj|warga binaan|wbp|lapas|lembaga pemasyarakatan|rutan|narapidana|tahanan"
    r"|penghuni panti|panti (?:asuhan|sosial|jompo|werdha)"
    r"|asn|pns|tni|polri|karyawan|buruh|(?:kelompok |penduduk )?rentan|oap|orang asli papua|(?:non[- ])?muslim|jemput bola|jebol"
    r"|remaja|balita|bayi|lajang|kawin usia muda)\b",
    re.IGNORECASE,
)
_INCLUDED = re.compile(r"\b(?:termasuk|beserta|maupun|baik|dan|serta)\s+$", re.IGNORECASE)
_TO = r"(?:-|–|s[./ ]{0,2}d\.?|sampai(?: dengan)?|hingga)"
_AGES = re.compile(
    rf"\b(?:(?:usia|umur)\D{{0,12}}?(\d{{1,3}}) ?{_TO} ?(\d{{1,3}})\b(?: ?(?:tahun|thn|th)\b)?"
    rf"|(\d{{1,3}}) ?{_TO} ?(\d{{1,3}}) ?(?:tahun|thn|th)\b(?! ?\d{{4}}))",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?P<from>(?:di ?atas|di ?bawah|lebih dari|kurang dari|minimal|mulai|[<>]=?|[≥≤]|dari) ?)?(?:\b(?:usia|umur) ?"
    r"(?P<after>(?:di ?atas|minimal|mulai|>=?|≥) ?)?(?P<age>\d{1,3})\b ?(?:tahun|thn|th)?"
    r"|(?<![\d.,/-])(?P<years>\d{1,2}) ?(?:tahun|thn)(?! ?\d{4}))"
    r"\b\.? ?(?P<up>\(?(?:ke ?atas|keatas|\+|lebih|dan lebih|plus|dan ?/ ?atau|(?:dan |/ ?)?atau (?:sudah|pernah|telah)))?",
    re.IGNORECASE,
)

_NOWHERE = re.compile(
    r"\bluar (?:daerah|kab(?:upaten)?|kota|wilayah|negeri|kec(?:amatan)?|domisili|prov(?:insi)?)\b"
    r"|\b(?:tidak|tdk|belum|blm) (?:di ?)?(?:ketahui|jelas|terdata|teridentifikasi|terpetakan)\b"
    r"|\btanpa (?:alamat|kecamatan|desa|keterangan|wilayah)\b|^\W*(?:lain[- ]?lain(?:nya)?|lainnya|unknown|null|other)\W*$"
    r"|\bpendatang\b|\bnon[- ]?domisili\b",
    re.IGNORECASE,
)

_UNDONE = re.compile(r"\b(?:rencana|direncanakan|proyeksi|estimasi|perkiraan|prediksi|simulasi|ramalan)\b", re.IGNORECASE)
_AIM = re.compile(r"\b(?:target|sasaran)\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:ter)?(?:realisasi|capai(?:an)?|pencapaian|sudah|telah|hasil|progres+|kemajuan|evaluasi)\b", re.IGNORECASE
)

_WHILE = re.compile(
    r"\b(?:(?:hari|minggu|pekan|bulan|bln|triwulan|semester|tahun|thn|periode) (?:ini|berjalan|lalu|kemarin)|kemarin"
    r"|selama (?:\w+ )?(?:hari|minggu|bulan|tahun|triwulan|semester)|(?:pe)?nambahan|tambahan)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(rf"\b(?:harian|mingguan|bulanan|baru|(?:bulan|bln) \w+|{_MONTH}|(?:tahun|thn|th) ?20\d\d)\b", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?:s[./ ]{0,2}d|sampai|hingga|per|posisi|keadaan|kumulatif|akumulasi|total|jumlah|semua|seluruh)\b|\b\d{1,2}[ ./-]",
    re.IGNORECASE,
)


_OF_KTP = re.compile(r"rekam|\brkm\b|ktp|\b(?:un)?recorded\b|\beligible\b", re.IGNORECASE)
SUBJECTS: tuple[tuple[Text, re.Pattern[str]], ...] = (  # what a table may hold that is not of recording, by its words
    (T("age groups"), re.compile(r"\b(?:usia|umur)\b|\b\d{1,2} ?[-–] ?\d{1,2}\b", re.IGNORECASE)),
    (
        T("education"),
        re.compile(r"\b(?:tamat|sekolah|sltp|slta|diploma|strata|pendidikan|sd/sederajat|smp|sma)\b", re.IGNORECASE),
    ),
    (T("vaccination"), re.compile(r"vaksin|\bdosis\b|imunisasi|booster", re.IGNORECASE)),
    (T("religion"), re.compile(r"\b(?:islam|kristen|katolik|katholik|hindu|budh?a|khonghucu|agama)\b", re.IGNORECASE)),
    (T("marital status"), re.compile(r"\b(?:kawin|nikah|cerai|janda|duda)\b", re.IGNORECASE)),
    (T("occupations"), re.compile(r"\b(?:pekerjaan|petani|nelayan|wiraswasta|pns|pensiunan|buruh)\b", re.IGNORECASE)),
    (T("births and deaths"), re.compile(r"\b(?:akt[ae]|kelahiran|kematian|lahir|mati)\b", re.IGNORECASE)),
    (T("family cards"), re.compile(r"\b(?:kk|kartu keluarga|kepala keluarga)\b", re.IGNORECASE)),
    (T("identity cards of children"), re.compile(r"\bkia\b|kartu identitas anak", re.IGNORECASE)),
    (T("moves"), re.compile(r"\b(?:pindah|datang|migrasi)\b", re.IGNORECASE)),
    (T("voters"), re.compile(r"\b(?:pemilih|dpt|dp4|tps)\b", re.IGNORECASE)),
    (T("money"), re.compile(r"\b(?:anggaran|pagu|rupiah|rp|belanja|pendapatan|bantuan|blt|pkh)\b", re.IGNORECASE)),
    (T("blood groups"), re.compile(r"golongan darah|gol\.? darah", re.IGNORECASE)),
    (T("the population"), re.compile(r"\b(?:penduduk|jiwa|populasi|laki[- ]laki|kepadatan|luas)\b", re.IGNORECASE)),
)

# What says that figures are none to keep; a word that is also a place's ('lama', 'salah') counts only beside what it is said of
_VOID = re.compile(
    r"\b(?:contoh|dummy|template|sampel|sample|latihan|uji ?coba|percobaan|batal|dibatalkan|kad?aluw?arsa"
    r"|(?:tidak|tdk|jangan|belum|bukan untuk) (?:di ?)?(?:pakai|gunakan|digunakan|dipakai|dipergunakan|disebarluaskan)"
    r"|(?:tidak|tdk) (?:ber)?laku|data (?:lama|usang|salah|keliru|bekas)|(?:file|versi) lama|(?:do not|don't) use|obsolete)\b",
    re.IGNORECASE,
)
# What a program or a person wrote of a filter: after it, parts that each name what they filter by
_FILTERED = re.compile(
    r"\b(?:(?:applied )?filters?|filter data|difilter|disaring|saringan)\b\s*(?:[:=]|\b(?:by|dengan|berdasarkan)\b)",
    re.IGNORECASE,
)
_FILTER_PARTS = re.compile(r"[\n;,|&]|\b(?:and|dan)\b", re.IGNORECASE)
_FILTERS_NOTHING = re.compile(
    r"\b(?:prov\w*|kab\w*|kota|kec\w*|distrik|kel|kelurahan|desa|nagari|kampung|wilayah|daerah|kode|area|nama|tahun|thn|year|tanggal|tgl"
    r"|date|periode|semester|triwulan|bulan|bln|minggu|posisi|dkb|none|tidak ada|semua|all|(?:is )?not \(?blank)\b",
    re.IGNORECASE,
)


def void_in(text: str) -> str:
    """The words of a text that say that its figures are an example or hold no longer, '' where none does."""
    found = _VOID.search(spaced(text))
    return found.group(0) if found else ""


def filtered_in(text: str) -> str:
    """The part of a note on filters that names something else than an area or a day, '' where none does."""
    said = _FILTERED.search(text)
    if said is None:
        return ""
    parts = (spaced(part) for part in _FILTER_PARTS.split(text[said.end() :]))
    return next((part for part in parts if re.search(r"\w", part) and not _FILTERS_NOTHING.search(part)), "")


def speaks_of_ktp(text: str) -> bool:
    """Whether a text says KTP or recording in any form."""
    return bool(_OF_KTP.search(text))


def subjects_in(text: str) -> list[Text]:
    """What a table of these words seems to hold."""
    low = spaced(text)
    return [what for what, pattern in SUBJECTS if pattern.search(low)]


def spaced(text: object) -> str:
    """A text with single blanks for blanks and underscores, as names of files and sheets write them."""
    return _MARKS.sub(" ", str(text)).strip()


def speaks_of_recording(text: str) -> bool:
    """Whether a text says 'rekam' in any of its forms."""
    return bool(_OF_RECORDING.search(spaced(text)))


def other_in(text: str) -> str:
    """The words of a text that name something else than recording, '' where none does."""
    found = OTHER.search(_PRINTED_ON.sub(" ", spaced(text)))
    return found.group(0) if found else ""


def counts_cards(text: str) -> bool:
    """Whether a header says that it counts the cards printed so far, and says nothing else."""
    return bool(_CARDS.search(text)) and all(_BESIDE_CARDS.fullmatch(word) for word in _words_of(text))


def counts_to_clean(text: str) -> bool:
    """Whether a header says that it counts all who are to be cleaned off the list, and says nothing else."""
    kinds, beside = _cleaning_in(text)
    said = bool(_TO_CLEAN.search(" ".join(_words_of(text))))
    return said and not beside and (not any(kinds) or all(kinds[:3]))


def counts_some_to_clean(text: str) -> bool:
    """Whether a header names the dead, those who moved, the double or the unknown and nothing else, but does not say that it
    counts all who are to be cleaned off the list."""
    kinds, beside = _cleaning_in(text)
    return any(kinds) and not beside and not counts_to_clean(text)


def _cleaning_in(text: str) -> tuple[list[bool], bool]:
    """Which kinds of those to be cleaned off the list a header names, and whether it says anything that is none of it."""
    low = " ".join(_words_of(text))
    kinds = [bool(kind.search(low)) for kind in _KINDS]
    for one in (_TO_CLEAN, *_KINDS):
        low = one.sub(" ", low)
    return kinds, not all(_BESIDE_CLEANING.fullmatch(word) for word in low.split())


def _words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+|%", spaced(text))


def part_in(text: str) -> str:
    """The words of a text that name a part of the residents, '' where none does; 17 and above is everyone."""
    return next((found.group(0).strip() for found in _parts(spaced(text))), "")


def without_parts(text: str) -> str:
    """A text without the words of :func:`part_in`."""
    low = spaced(text)
    for found in sorted(_parts(low), key=lambda one: one.start(), reverse=True):
        low = f"{low[: found.start()]} {low[found.end() :]}"
    return low


def _parts(text: str) -> Iterable[re.Match[str]]:
    ranges = [found for found in _AGES.finditer(text) if _are_ages(found)]
    taken = [(found.start(), found.end()) for found in ranges]
    single = [found for found in _AGE.finditer(text) if not any(a <= found.start() < b for a, b in taken) and _is_part(found)]
    named = [found for found in _PART.finditer(text) if not _INCLUDED.search(text[: found.start()])]
    return [*ranges, *single, *named]


def _are_ages(found: re.Match[str]) -> bool:
    first, last = (int(number) for number in found.groups() if number)
    return first < last <= MOST_AGE


def _is_part(found: re.Match[str]) -> bool:
    """Whether an age is not that from which everyone counts."""
    upward = bool(found["from"] or found["after"] or found["up"])
    if found["years"]:  # '17 tahun' without a word for age is how the obliged are called
        return int(found["years"]) not in (WHOLE_AGE, WHOLE_AGE - 1) and (upward or int(found["years"]) > WHOLE_AGE)
    return not (upward and int(found["age"]) in (WHOLE_AGE, WHOLE_AGE - 1))


def nowhere_in(text: str) -> str:
    """The words by which a row says that it is no area of its table: of those who live elsewhere, whose area is not known, or
    of a part of the residents; '' where none does."""
    low = spaced(text)
    found = _NOWHERE.search(low)
    return found.group(0) if found else part_in(low)


def undone_in(text: str) -> str:
    """The words of a text that say that something is planned, '' where none does; an aim is one where nothing done is named."""
    low = spaced(text)
    found = _UNDONE.search(low) or (None if _DONE.search(low) else _AIM.search(low))
    return found.group(0) if found else ""


def planned_in(text: str) -> str:
    """As :func:`undone_in`, but an aim is none: of the eligible it may be said."""
    found = _UNDONE.search(spaced(text))
    return found.group(0) if found else ""


_AHEAD = re.compile(  # what a day is said to be that is aimed at or voted on
    r"\b(?:target|sasaran|tenggat|batas (?:waktu|akhir)|deadline|paling lambat|selambat-?lambatnya|jatuh tempo|rencana"
    r"|pemilu|pilkada|pilpres|pileg|pilkades|pemungutan suara|pencoblosan)\b",
    re.IGNORECASE,
)


_REACHED = re.compile(r"\b(?:realisasi|capaian|pencapaian|hasil|progres+|tanggal|tgl)\b", re.IGNORECASE)


def aims_in(text: str) -> bool:
    """Whether a text says that the day behind it is one that is aimed at or voted on, and not that of a result."""
    return bool(_AHEAD.search(spaced(text))) and not _REACHED.search(text)


def while_in(text: str, *, header: bool = False) -> str:
    """The words of a text that say what was done in a while, '' where it is up to a day. In a ``header`` a month or a year alone
    is such a while; in a title it is what the whole is about, and 'baru' part of a place's name."""
    low = spaced(text)
    if _UNTIL.search(low):
        return ""
    found = _WHILE.search(low) or (_SPAN.search(low) if header else None)
    return found.group(0) if found else ""
