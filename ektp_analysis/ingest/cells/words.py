"""The vocabulary of header cells, as data: what a column measures, for whom, and what only looks alike.

A header is judged from its lowest cell upwards: the lowest that says what is counted decides; cells above it only
complete words that say nothing alone ("JUMLAH", "SUDAH", "L"). Words are the last evidence, after sums and register.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ektp_analysis.ingest.cells import ages, topics
from ektp_analysis.ingest.cells.months import MONTHS

ELIGIBLE, RECORDED, UNRECORDED, PERCENT, NOISE = "eligible", "recorded", "unrecorded", "percent", "noise"
PRINTED = "printed"  # cards, read beside the recorded
TO_CLEAN = "to_clean"  # of the unrecorded, those who leave the list by being cleaned off it
BESIDE = (PRINTED, TO_CLEAN)  # no part of what is read as recording
MEN, WOMEN, TOTAL = "men", "women", "total"

SURE, UNSURE = True, False  # the words of a header can mean nothing else; they could mean something else

_KTP = r"(?:e ?ktp|ktp ?el|ktp ?elektronik|ktp|kartu tanda penduduk(?: elektronik)?|identitas)"
_REKAM = r"(?:(?:pe|me|te|di|ber)?re?kam(?:an|i)?|rkm)(?: data)?"
_NOT = r"(?:belum|blm|belom|tidak|tdk|non|bkm)"
_DONE = r"(?:sudah|sdh|telah|tlh|hasil|selesai)"
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


@dataclass(frozen=True)
class _Rule:
    """Words that say what a header cell measures, and how surely; not where the cell says no more than ``unless``."""

    measure: str
    words: re.Pattern[str]
    sure: bool = SURE
    unless: re.Pattern[str] | None = None

    def holds(self, low: str) -> bool:
        return bool(self.words.search(low)) and not (self.unless and self.unless.fullmatch(low))


# Nobody is counted: so many of a thousand, an average, a change. '(x 1000)' is another thing: persons counted in thousands
_RATE_OF = re.compile(
    r"\bper (?:\d{1,3}(?: 000)+|\d00|1000+|seribu|seratus|sepuluh ribu|(?:10+ )?(?:ribu|juta)|mil|mille)\b|‰|\bper ?mil+e?\b"
    r"|(?<!x )(?<!dalam )\b1(?: 000|0 000|00 000|000|0000|00000)\b|[δ∆]|\bdelta\b"
)

_RULES = (  # the strongest first; the first that holds says what a cell measures
    _Rule(NOISE, _RATE_OF),
    _Rule(NOISE, re.compile(r"^(?:tanggal|tgl|waktu|jam)\b")),
    _Rule(RECORDED, re.compile(rf"\b{_REKAM} (?:s ?d|sampai(?: dengan)?|hingga) (?:bulan|bln|hari|minggu) ini\b")),
    _Rule(UNRECORDED, re.compile(rf"\b(?:sisa (?:target|sasaran)|kekurangan)(?: \w+)? {_REKAM}\b")),
    _Rule(ELIGIBLE, re.compile(rf"\b(?:target|sasaran) (?:\w+ )?{_REKAM}\b")),
    _Rule(ELIGIBLE, re.compile(rf"(?<!sisa )\bwajib {_REKAM}\b")),
    _Rule(UNRECORDED, re.compile(r"\b(?:unrecorded|not (?:yet )?recorded)\b")),
    _Rule(UNRECORDED, re.compile(rf"\b(?:unenrolled|not (?:yet )?enrolled)\b|^(?:jml |jumlah )?b {_REKAM}$")),
    _Rule(RECORDED, re.compile(r"\b(?:recorded|enrolled)\b")),
    _Rule(ELIGIBLE, re.compile(rf"\beligible\b|\b(?:mandatory|obliged|required) (?:for |to have )?(?:an? )?{_KTP}\b")),
    _Rule(UNRECORDED, re.compile(rf"\b{_NOT}(?: \w+)? ?{_REKAM}\b")),
    _Rule(UNRECORDED, re.compile(rf"\bsisa(?: \w+){{0,3}} (?:{_REKAM}|wajib {_KTP}|wktp)\b")),
    _Rule(UNRECORDED, re.compile(rf"\b{_REKAM} {_NOT}\b")),
    _Rule(UNRECORDED, re.compile(rf"\bwajib {_KTP} {_NOT}$")),
    _Rule(RECORDED, re.compile(rf"\b{_DONE}(?: \w+)? ?{_REKAM}\b")),
    _Rule(RECORDED, re.compile(rf"\b{_REKAM} {_DONE}\b")),
    _Rule(RECORDED, re.compile(rf"\b{_REKAM}\b")),
    _Rule(ELIGIBLE, re.compile(rf"\b(?:wajib|wjb|wajb) ?(?:memiliki |punya |ber ?)?{_KTP}\b")),
    _Rule(ELIGIBLE, re.compile(r"\bwktp\b")),
    _Rule(ELIGIBLE, re.compile(r"\bwajibktp\b")),
    _Rule(NOISE, _NOISE),
    _Rule(NOISE, topics.OTHER),
    _Rule(
        NOISE,
        re.compile(rf"\b(?:{_NOT}|sudah|sdh|telah|punya|ada) {_KTP}\b|\b{_KTP} (?:{_NOT}|sudah|sdh|telah|ada)$|\b{_NOT} ada\b"),
    ),
    _Rule(UNRECORDED, re.compile(rf"\b(?:sisa|{_NOT}|kekurangan)\b"), UNSURE),
    _Rule(UNRECORDED, re.compile(r"^br$"), UNSURE),
    _Rule(RECORDED, re.compile(r"^sr$"), UNSURE),
    _Rule(RECORDED, re.compile(rf"\b(?:realisasi|terealisasi|capaian|pencapaian|{_DONE})\b"), UNSURE),
    _Rule(ELIGIBLE, re.compile(r"\b(?:target|sasaran|wajib)\b"), UNSURE),
    _Rule(
        NOISE,
        re.compile(r"\b(?:penduduk|jiwa|populasi|population|warga)\b"),
        UNSURE,
        unless=re.compile(r"(?:jumlah |jml |total )?(?:jiwa|\(?jiwa\)?)"),
    ),
)
_ROLE_WORDS = re.compile(
    rf"\b(?:sisa|{_NOT}|kekurangan|realisasi|terealisasi|capaian|pencapaian|{_DONE}|target|sasaran|wajib|{_REKAM}|{_KTP}|wktp)\b"
)
_INITIALS = frozenset({"sr", "br"})  # of 'sudah rekam' and 'belum rekam': what adds up beside them says whether they are
_FILLER = re.compile(
    r"jumlah|jml|jmlh|jlh|jlm|total|tot|ttl|lk|pr|laki|laki2|perempuan|pria|wanita|jiwa|orang|org|warga|penduduk|yang|yg|dan|di|ke|dari|per|"
    r"sd|s/d|sampai|dengan|hingga|tahun|thn|th|bulan|bln|semester|smt|tanggal|tgl|ini|ii|iii|iv|akhir|data|persen|persentase|prosentase|"
    r"kecamatan|kec|desa|kelurahan|kel|kabupaten|kab|kota|x|rb|nya|ada|angka|absolut|unit"
)
_PLAIN = re.compile(  # beside the fillers, what narrows no count of recording
    r"posisi|keadaan|kondisi|kumulatif|akumulasi|semua(?:nya)?|seluruh(?:nya)?|keseluruhan|update|updated|cut|off|terakhir|terkini|final|rekap\w*|laporan"
    r"|bulanan|minggu|pekan|hari|triwulan|tw|telah|atau|untuk|yg|oleh|pada|nasional|dukcapil|disdukcapil|siak|dkb|semester|capaian|jml"
    r"|melakukan|dilakukan|melaksanakan|mengikuti|memiliki|kepemilikan|not|yet|un|recorded|unrecorded|enrolled|unenrolled|eligible|people|residents|persons|number|of|the|all|so|far|as|at|by|for|without|with|have|has|an?"
    r"|id|card|cards|total|penduduknya|orangnya|wajib|obliged|jumlahnya|lakilaki|male|female|men|women|blm|capil|sub|grand|sum"
)
_NOW = re.compile(r"\b(?:s ?d |sampai |hingga )?(?:hari|minggu|pekan|bulan|bln) ini\b")  # those unrecorded by now
_NOT_OBLIGED = re.compile(rf"\b{_NOT} (?:wajib|wktp)")
_AGE = re.compile(r"\b(?:usia|umur)? ?(?:di atas|>=?|diatas)? ?17 ?(?:tahun|thn|th)? ?(?:ke ?atas|\+|lebih)?(?= |$)")
_SEX: dict[str, re.Pattern[str]] = {
    TOTAL: re.compile(
        r"\b(?:l ?[+&/]? ?p|lk ?[+&/]? ?pr|laki laki (?:dan|[+&]) perempuan|jumlah|jml|jmlh|jlh|jlm|total|tot|ttl|l dan p)\b"
    ),
    MEN: re.compile(r"\b(?:l|lk|lki|laki|laki laki|laki2|lelaki|pria|cowok|male|m)\b"),
    WOMEN: re.compile(r"\b(?:p|pr|prp|prm|perempuan|permpuan|wanita|wnt|w|female|f)\b"),
}
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
_ROW_NUMBER = re.compile(r"(?:no|nomor|nomer|num|urut)(?: urut)?")
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


_DIGIT, _BESIDE_DIGITS = re.compile(r"\d"), re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_MARKS = re.compile(r"[\s_\-–—/.,:;()\[\]\"'’*#]+")
_PARTED = re.compile(r"\b([a-z]+)-\s+([a-z]+)\b")  # a word parted at the end of a line: 'pere-' above 'kaman'
_PARTS_OF = re.compile(rf"{_REKAM}|(?:pe)?rekam\w*|wajib|belum|sudah|elektronik")
_KTP_EL, _W_KTP = re.compile(r"\b(?:e ktp|ektp|ktp el|ktpel|ktp elektronik|ktp e)\b"), re.compile(r"\bw ktp\b")
_PER_ORANGAN = re.compile(r"\bper orangan\b")


@dataclass(frozen=True)
class Meaning:
    """``measure``: eligible, recorded, unrecorded, percent, noise or ''; ``sex``: men, women, total or ''; ``sure``: whether
    the words can mean nothing else; ``of``: what a percentage is of; ``part``: of a part of the residents, of
    what is planned, or of a while only."""

    measure: str = ""
    sex: str = ""
    sure: bool = UNSURE
    of: str = ""
    part: bool = False


def tidy(text: object) -> str:
    """A header cell as it is judged: lower case, marks as blanks, one spelling of KTP-el."""
    low = str(text).lower().replace("\u00a0", " ")
    low = _BESIDE_DIGITS.sub(" ", low) if _DIGIT.search(low) and "laki2" not in low else low
    low = _PARTED.sub(_joined, low) if "- " in low or "-\n" in low else low
    low = _MARKS.sub(" ", low)
    if "ktp" in low:
        low = _W_KTP.sub("wktp", _KTP_EL.sub("ktp", low))
    return (_PER_ORANGAN.sub("perorangan", low) if "orangan" in low else low).strip()


def _joined(parted: re.Match[str]) -> str:
    """A word that is parted at the end of a line as one, where it is one that is known; 'L- P' stays as it is."""
    whole = parted[1] + parted[2]
    return whole if _PARTS_OF.fullmatch(whole) else parted[0]


@lru_cache(maxsize=4096)
def _one(text: str) -> Meaning:
    """The meaning of one header cell by itself."""
    part = topics.part_in(text)
    low = tidy(topics.without_parts(text) if part else text)
    low = _AGE.sub(" ", low) if "17" in low else low
    found = replace(_measured(low), sex=_sex_of(low))
    if part and found.sure < SURE:
        found = Meaning(NOISE, sure=SURE, of=NOISE) if found.measure else found  # 'BELUM SEKOLAH'
    return replace(found, part=True) if part or _is_partial(text, found.measure) else found


def _is_partial(text: str, measure: str) -> bool:
    """Whether a header cell says that its count is planned, or of those recorded that they were in a while."""
    if measure == RECORDED and topics.while_in(text, header=True):
        return True
    return measure in (ELIGIBLE, RECORDED, UNRECORDED) and bool(topics.planned_in(text))


def _measured(low: str) -> Meaning:
    """What a tidied header cell measures, whoever is counted."""
    percent = bool(_PERCENT.search(low))
    rule = next((rule for rule in _RULES if rule.holds(low)), None)
    if rule is None:
        return Meaning(PERCENT, sure=SURE if _RATE.search(low) else UNSURE) if percent else Meaning()
    if _is_other(rule, low):
        return Meaning(NOISE, sure=SURE, of=NOISE)
    rest = rule.words.sub(" ", low)
    rest = _NOW.sub(" ", rest) if rule.measure == UNRECORDED else rest
    beside = rule.sure == SURE and rule.measure != NOISE and _is_noise(rest)
    counted = NOISE if beside else rule.measure
    if percent:
        return Meaning(PERCENT, sure=rule.sure, of=counted)
    return Meaning(counted, sure=rule.sure)


def _is_other(rule: _Rule, low: str) -> bool:
    """Whether a header that a rule holds for is of something else: by words beside a general one, or 'not obliged'."""
    if rule.sure == UNSURE and rule.measure != NOISE:
        return low not in _INITIALS and not _is_bare(_ROLE_WORDS.sub(" ", low))
    return rule.measure == ELIGIBLE and bool(_NOT_OBLIGED.search(low))


def _is_bare(rest: str) -> bool:
    """Whether nothing but words that change no meaning stands beside 'BELUM' or 'TARGET': 'BELUM TAMAT SD' is no figure of
    recording."""
    return all(word.isdigit() or len(word) == 1 or word in MONTHS or _FILLER.fullmatch(word) for word in rest.split())


def _is_noise(low: str) -> bool:
    return bool(_NOISE.search(low) or topics.OTHER.search(low))


def _sex_of(low: str) -> str:
    """Whom a tidied header cell counts; a total of one sex ('JUMLAH L') is that sex."""
    if not _SEX[TOTAL].search(low):
        return next((sex for sex in (MEN, WOMEN) if _SEX[sex].search(low)), "")
    rest = _SEX[TOTAL].sub(" ", low)
    alone = [sex for sex in (MEN, WOMEN) if _SEX[sex].search(rest)]
    return alone[0] if len(alone) == 1 else TOTAL


@lru_cache(maxsize=4096)
def sex_alone(text: str, *, total: bool = False) -> str:
    """men or women (or ``total``, where asked for) where a cell says that and nothing else, such as a group 'LAKI-LAKI'."""
    low = tidy(text)
    return next((sex for sex in ((TOTAL, MEN, WOMEN) if total else (MEN, WOMEN)) if _SEX[sex].fullmatch(low)), "")


def meaning(path: Sequence[str]) -> Meaning:
    """What a column with these header cells (top to bottom) measures."""
    return _meaning(tuple(path))


@lru_cache(maxsize=4096)
def _meaning(path: tuple[str, ...]) -> Meaning:
    path = _with_whole_words(path)
    cells = [_one(text) for text in reversed(path)]
    found, looked = _together(cells)
    alone = (sex_alone(text) for text in reversed(path))
    beside = (one.sex for level, one in enumerate(cells[:looked]) if one.sex in (MEN, WOMEN) or level == 0)
    part = any(one.part for one in cells) or any(map(ages.bare, path))
    if part and not found.measure:
        found = Meaning(NOISE, sure=SURE)
    return replace(found, sex=next((sex for sex in (*alone, *beside) if sex), ""), part=part)


def _with_whole_words(path: tuple[str, ...]) -> tuple[str, ...]:
    """Header cells with a word that is parted between two of them in the upper one: ('BELUM PERE-', 'KAMAN')."""
    for place, (above, below) in enumerate(pairwise(path)):
        one = f"{above.rstrip()}\n{below}"
        if above.rstrip().endswith("-") and tidy(one) != tidy(f"{above} / {below}"):
            return _with_whole_words((*path[:place], one, *path[place + 2 :]))
    return path


def _together(cells: Sequence[Meaning]) -> tuple[Meaning, int]:
    """What header cells, lowest first, measure together, and how many of them it took to be sure."""
    found, percent, looked = Meaning(), False, 0
    for looked, one in enumerate(cells, start=1):
        if one.measure == PERCENT and not one.of:
            if one.sure == SURE:
                return Meaning(PERCENT, sure=SURE, of=RECORDED), looked
            percent = True
        elif one.measure:
            found, settled = _completed(found, one)
            if settled:
                break
    if percent and found.measure in ("", NOISE, PERCENT):
        return Meaning(PERCENT, sure=UNSURE, of=NOISE if found.measure == NOISE else found.of), looked
    return Meaning(PERCENT, sure=found.sure, of=found.measure) if percent else found, looked


def _completed(found: Meaning, above: Meaning) -> tuple[Meaning, bool]:
    """An unsure meaning completed by that of the cell above, and whether no cell further up can change it."""
    if not found.measure:
        return above, above.sure == SURE
    if above.measure == NOISE:
        return Meaning(PERCENT if found.measure == PERCENT else NOISE, sure=SURE, of=NOISE), True
    if above.sure == SURE and found.measure in (RECORDED, UNRECORDED):
        return replace(found, sure=SURE if above.measure in (RECORDED, UNRECORDED, ELIGIBLE) else UNSURE), True
    return found, False


def is_named(path: Sequence[str]) -> bool:
    """Whether a header surely names a count of recording: its cells are counts then, or at fault."""
    found = meaning(path)
    return found.measure in (ELIGIBLE, RECORDED, UNRECORDED) and found.sure == SURE and not found.part


def beyond(text: str) -> str:
    """The words of a header of the recorded or the unrecorded that are not known here, and so may narrow whom it counts:
    'BELUM REKAM PERLU DIBERSIHKAN' -> 'perlu dibersihkan'; '' where all are known."""
    low = _ROLE_WORDS.sub(" ", _AGE.sub(" ", tidy(text)))
    for known in (*_SEX.values(), *(pattern for _, pattern in _LEVELS), _PERCENT):
        low = known.sub(" ", low)
    return " ".join(
        word
        for word in low.split()
        if not (word.isdigit() or len(word) == 1 or word in MONTHS or _FILLER.fullmatch(word) or _PLAIN.fullmatch(word))
    )


def level_of(path: Sequence[str]) -> tuple[int, ...]:
    """Levels of area that a header names, lowest cell first: 'KECAMATAN' -> (3,), 'KECAMATAN/DESA' -> (3, 4), '' -> ()."""
    return next((levels for text in reversed(path) if (levels := _levels(text))), ())


@lru_cache(maxsize=4096)
def _levels(text: str) -> tuple[int, ...]:
    """The levels that one header cell names."""
    low = tidy(text)
    return tuple(level for level, pattern in _LEVELS if pattern.search(low))


def is_code(path: Sequence[str]) -> bool:
    """Whether a header says that its column holds codes."""
    return any(_CODE.search(tidy(text)) for text in path)


def is_row_number(path: Sequence[str]) -> bool:
    """Whether a header says no more than that its column counts the rows."""
    return bool(path) and bool(_ROW_NUMBER.fullmatch(tidy(path[-1])))


def is_bps(path: Sequence[str]) -> bool:
    """Whether a header says that its column holds BPS's codes or names."""
    return any(_BPS.search(tidy(text)) for text in path)


def may_be_totals(texts: Collection[str]) -> Collection[str]:
    """Those of many texts that hold a word of :data:`TOTAL_ROW` anywhere, found in one go; all where that is not safe."""
    whole, found = "\0".join(texts), set[str]()
    if not whole.isascii():  # other alphabets fold in ways of their own
        found = {text for text in texts if not text.isascii()}
        texts = set(texts) - found
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
