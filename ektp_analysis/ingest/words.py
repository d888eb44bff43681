"""The vocabulary of header cells, as data: what a column measures, for whom, and what only looks alike.

A header is judged from its lowest cell upwards: the lowest that says what is counted decides; cells above it only
complete words that say nothing alone ("JUMLAH", "SUDAH", "L"). Words are the last evidence, after sums and register.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

ELIGIBLE, RECORDED, UNRECORDED, PERCENT, NOISE = "eligible", "recorded", "unrecorded", "percent", "noise"
MEN, WOMEN, TOTAL = "men", "women", "total"

_KTP = r"(?:e ?ktp|ktp ?el|ktp ?elektronik|ktp|kartu tanda penduduk(?: elektronik)?|identitas)"
_REKAM = r"(?:pe|me|te|di|ber)?re?kam(?:an|i)?(?: data)?"
_NOT = r"(?:belum|blm|belom|tidak|tdk|non|bkm)"
_DONE = r"(?:sudah|sdh|telah|tlh|hasil|selesai)"
_SPECIFIC: tuple[tuple[str, str], ...] = (
    (RECORDED, rf"\b{_REKAM} (?:s ?d|sampai(?: dengan)?|hingga) (?:bulan|bln|hari|minggu) ini\b"),
    (ELIGIBLE, rf"\b(?:target|sasaran) (?:\w+ )?{_REKAM}\b"),
    (UNRECORDED, r"\b(?:unrecorded|not (?:yet )?recorded)\b"),
    (RECORDED, r"\brecorded\b"),
    (ELIGIBLE, r"\beligible\b"),
    (UNRECORDED, rf"\b{_NOT}(?: \w+)? ?{_REKAM}\b"),
    (UNRECORDED, rf"\bsisa(?: \w+){{0,3}} (?:{_REKAM}|wajib {_KTP}|wktp)\b"),
    (UNRECORDED, rf"\b{_REKAM} {_NOT}\b"),
    (UNRECORDED, rf"\bwajib {_KTP} {_NOT}$"),
    (RECORDED, rf"\b{_DONE}(?: \w+)? ?{_REKAM}\b"),
    (RECORDED, rf"\b{_REKAM} {_DONE}\b"),
    (RECORDED, rf"\b{_REKAM}\b"),
    (ELIGIBLE, rf"\b(?:wajib|wjb|wajb) ?(?:memiliki |punya |ber ?)?{_KTP}\b"),
    (ELIGIBLE, r"\bwktp\b"),
    (ELIGIBLE, r"\bwajibktp\b"),
)
_GENERIC: tuple[tuple[str, str], ...] = (
    (UNRECORDED, rf"\b(?:sisa|{_NOT}|kekurangan)\b"),
    (RECORDED, rf"\b(?:realisasi|terealisasi|capaian|pencapaian|{_DONE})\b"),
    (ELIGIBLE, r"\b(?:target|sasaran|wajib)\b"),
)
_NOISE = re.compile(
    r"\b(?:(?:pen|ter|di|men|siap )?cetak(?:an)?|print|prr|kia|akta|akte|"
    r"lahir|kelahiran|kematian|mati|meninggal|memiliki|kepemilikan|"
    r"pemilik|miliki|punya|dimiliki|mempunyai|kk|kartu keluarga|kepala|suket|surat keterangan|blan[gk]ko|blanko|datang|pindah|"
    r"nikah|kawin|cerai|janda|duda|ikd|digital|aktivasi|aktifasi|anak|umur|usia|duplicate|duplikat|ganda|gagal|failed|sent|enroll\w*|"
    r"biometri[ck]|luas|rt|rw|tps|pemilih|dpt|dp4|vaksin\w*|disabilitas|agama|islam|kristen|hindu|budh?a|hari|harian|minggu|mingguan|"
    r"bulan|bulanan|bln|kemarin|lalu|kenaikan|penambahan|tambahan|bertambah|selisih|deviasi|rank|ranking|peringkat|urut|rasio|kepadatan|"
    r"distribusi|penerbitan|diterbitkan|terbit|permohonan|pelayanan|stok|stock|rusak|hilang|pemula|sekolah|siswa|smp|sma|smk|pns|tni|polri|"
    r"wna|oap|jumlah desa|jumlah kelurahan|jemput bola|alat|aktif|verifikasi|konsolidasi|status|keterangan|ket)\b"
)
_AGE = re.compile(r"\b(?:usia|umur)? ?(?:di atas|>=?|diatas)? ?17 ?(?:tahun|thn|th)? ?(?:ke ?atas|\+|lebih)?(?= |$)")
_OWNED = re.compile(rf"\b(?:{_NOT}|sudah|sdh|telah|punya|ada) {_KTP}\b")
_RESIDENTS = re.compile(r"\b(?:penduduk|jiwa|populasi|population|warga)\b")
_SEX: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        TOTAL,
        re.compile(
            r"\b(?:l ?[+&/]? ?p|lk ?[+&/]? ?pr|laki laki (?:dan|[+&]) perempuan|jumlah|jml|jmlh|jlh|jlm|total|tot|ttl|l dan p)\b"
        ),
    ),
    (MEN, re.compile(r"\b(?:l|lk|lki|laki|laki laki|laki2|lelaki|pria|cowok|male|m)\b")),
    (WOMEN, re.compile(r"\b(?:p|pr|prp|prm|perempuan|permpuan|wanita|wnt|w|female|f)\b")),
)
_PERCENT = re.compile(
    r"%|\b(?:persen|persentase|prosentase|presentase|persentasi|prosentasi|percent|percentage|pct|prosen|cakupan|rasio)\b"
)
_RATE = re.compile(r"\bcakupan\b")
_LEVELS = (
    (1, re.compile(r"\b(?:prov|provinsi|propinsi|prop|province)\b")),
    (2, re.compile(r"\b(?:kab|kabupaten|kota|kabkota|regency|city|kabupatenkota)\b")),
    (3, re.compile(r"\b(?:kec|kecamatan|distrik|district|kcmtn|subdistrict)\b")),
    (
        4,
        re.compile(
            r"\b(?:kel|kelurahan|desa|deskel|ds|desakelurahan|nagari|gampong|pekon|kampung|village|keldesa|desakel|kalurahan)\b"
        ),
    ),
)
_CODE = re.compile(r"\b(?:kode|kd|code|id|no|nomor)\b")
_BPS = re.compile(r"\bbps\b")
TOTAL_ROW = re.compile(
    r"^\W*(?:grand |sub |sub-|keseluruhan )?(?:total|jumlah|jml|jlh|jmlh|"
    r"jumah|subtotal|sub total|sum(?= of))\b(?! (?:desa|kelurahan)\b)"
    r"|\btotal\W*$|^\W*(?:rata[- ]?rata|rerata|average|mean|persentase|prosentase|keseluruhan)\b|^\W*(?:selisih|deviasi)\W*$",
    re.IGNORECASE,
)
_IN_TOTALS = (
    *("total", "jumlah", "jml", "jlh", "jumah", "sum", "rata", "rerata", "average", "mean"),
    *("persentase", "prosentase", "keseluruhan", "selisih", "deviasi"),
)
NOT_A_SUM = re.compile(r"rata[- ]?rata|rerata|average|mean|persen|prosen|selisih|deviasi", re.IGNORECASE)
PERSON = re.compile(r"\b(?:nama|nama lengkap|nama penduduk|nama siswa|nama wajib ktp|nama pemilih)\b")
PERSON_BESIDE = re.compile(
    r"\b(?:tanggal lahir|tgl lahir|tempat lahir|tgl lhr|tmpt lhr|ttl|alamat|"
    r"alamat rumah|alamat lengkap|nik|no kk|nomor kk|no ktp|ibu kandung)\b"
)


@dataclass(frozen=True)
class Meaning:
    """``measure``: eligible, recorded, unrecorded, percent, noise or ''; ``sex``: men, women, total or ''; ``sure``: 2 where
    the words can mean nothing else, 1 where they could; ``of``: what a percentage is of."""

    measure: str = ""
    sex: str = ""
    sure: int = 0
    of: str = ""


def tidy(text: object) -> str:
    """A header cell as it is judged: lower case, marks as blanks, one spelling of KTP-el."""
    low = str(text).lower().replace("\u00a0", " ")
    low = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", low) if re.search(r"laki2|\d", low) and "laki2" not in low else low
    low = re.sub(r"[\s_\-–—/.,:;()\[\]\"'’*#]+", " ", low)
    low = re.sub(r"\b(?:e ktp|ektp|ktp el|ktpel|ktp elektronik|ktp e)\b", "ktp", low)
    low = re.sub(r"\bw ktp\b", "wktp", low)
    return re.sub(r"\bper orangan\b", "perorangan", low).strip()


@lru_cache(maxsize=4096)
def _one(text: str) -> Meaning:
    """The meaning of one header cell by itself."""
    low = tidy(text)
    low = _AGE.sub(" ", low) if "17" in low else low
    percent = bool(_PERCENT.search(low))
    sex = ""
    rest = low
    for name, pattern in _SEX:
        if pattern.search(low):
            sex = name
            rest = pattern.sub(" ", low)
            break
    if sex == TOTAL and (_SEX[1][1].search(rest) is not None) != (_SEX[2][1].search(rest) is not None):
        sex = MEN if _SEX[1][1].search(rest) else WOMEN
    negated = re.search(rf"\b{_NOT} (?:wajib|wktp)", low)
    for name, pattern_text in _SPECIFIC:
        if re.search(pattern_text, low):
            if negated and name == ELIGIBLE:
                return Meaning(NOISE, sex, 2)
            noisy = bool(_NOISE.search(re.sub(pattern_text, " ", low)))
            if percent:
                return Meaning(PERCENT, sex, 2, NOISE if noisy else name)
            return Meaning(NOISE if noisy else name, sex, 2)
    if _NOISE.search(low) or _OWNED.search(low):
        return Meaning(PERCENT if percent else NOISE, sex, 2, NOISE)
    for name, pattern_text in _GENERIC:
        if re.search(pattern_text, low):
            return Meaning(PERCENT, sex, 1, name) if percent else Meaning(name, sex, 1)
    if _RESIDENTS.search(low) and not re.fullmatch(r"(?:jumlah |jml |total )?(?:jiwa|\(?jiwa\)?)", low):
        return Meaning(PERCENT if percent else NOISE, sex, 1, NOISE)
    if percent:
        return Meaning(PERCENT, sex, 2 if _RATE.search(low) else 1, "")
    return Meaning("", sex, 0)


@lru_cache(maxsize=4096)
def sex_alone(text: str, *, total: bool = False) -> str:
    """men or women (or ``total``, where asked for) where a cell says that and nothing else, such as a group 'LAKI-LAKI'."""
    low = tidy(text)
    return next((name for name, pattern in _SEX[0 if total else 1 :] if pattern.fullmatch(low)), "")


def meaning(path: Sequence[str]) -> Meaning:
    """What a column with these header cells (top to bottom) measures."""
    sex, percent, found = next((one for one in map(sex_alone, reversed(path)) if one), ""), False, Meaning()
    for level, text in enumerate(reversed(path)):
        one = _one(text)
        if not sex and (one.sex in (MEN, WOMEN) or (one.sex and level == 0)):
            sex = one.sex
        if one.measure == PERCENT and not one.of:
            percent = True
            if one.sure == 2:
                return Meaning(PERCENT, sex, 2, RECORDED)
            continue
        if one.measure:
            if found.measure and one.measure == NOISE and found.sure == 1:
                found = Meaning(NOISE if found.measure != PERCENT else PERCENT, sex, 2, NOISE)
                break
            if found.measure and found.sure == 1 and one.sure == 2 and found.measure in (RECORDED, UNRECORDED):
                found = Meaning(found.measure, sex, 2 if one.measure in (RECORDED, UNRECORDED, ELIGIBLE) else 1, found.of)
                break
            if not found.measure:
                found = one
            if found.sure == 2:
                break
    if percent:
        if found.measure in ("", NOISE, PERCENT):
            return Meaning(PERCENT, sex, 1, NOISE if found.measure == NOISE else found.of)
        return Meaning(PERCENT, sex, found.sure, found.measure)
    return Meaning(found.measure, sex, found.sure, found.of)


def level_of(path: Sequence[str]) -> tuple[int, ...]:
    """Levels of area that a header names, lowest cell first: 'KECAMATAN' -> (3,), 'KECAMATAN/DESA' -> (3, 4), '' -> ()."""
    for text in reversed(path):
        low = tidy(text)
        levels = tuple(level for level, pattern in _LEVELS if pattern.search(low))
        if levels:
            return levels
    return ()


def is_code(path: Sequence[str]) -> bool:
    """Whether a header says that its column holds codes."""
    return any(_CODE.search(tidy(text)) for text in path)


def is_bps(path: Sequence[str]) -> bool:
    """Whether a header says that its column holds BPS's codes or names."""
    return any(_BPS.search(tidy(text)) for text in path)


def may_be_totals(texts: Collection[str]) -> Collection[str]:
    """Those of many texts that hold a word of :data:`TOTAL_ROW` anywhere, found in one go; all where that is not safe."""
    whole, found = "\0".join(texts), set[str]()
    if not whole.isascii():  # other alphabets fold in ways of their own
        found = {text for text in texts if not text.isascii()}
        texts = [text for text in texts if text.isascii()]
        whole = "\0".join(texts)
    if whole.count("\0") >= max(1, len(texts)):
        return found.union(texts)
    low = whole.lower()
    for word in _IN_TOTALS:
        place = low.find(word)
        while place >= 0:
            start, end = whole.rfind("\0", 0, place) + 1, whole.find("\0", place)
            end = end if end >= 0 else len(whole)
            found.add(whole[start:end])
            place = low.find(word, end)
    return found
