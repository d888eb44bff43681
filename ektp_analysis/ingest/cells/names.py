"""Names of areas as files write them: upper case, "Kec. X", abbreviated, in old spelling; and where they lie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from ektp_analysis.core.private import region_names

_ENUMERATION = re.compile(r"^\s*(?:\(?\d{1,4}[.)]|[ivxlc]{1,6}[.)]|[a-z][.)]|[-–•*]+)\s*[-–:]?\s+(?=\S)", re.IGNORECASE)
_CODE = re.compile(r"^\s*(?:\d{2}(?:[.\s]?\d{2}){1,2}(?:[.\s]?\d{4})?\s*[-–:.|]?\s+|\d{2,4}\s*[-–:|]\s*)(?=[a-z])", re.IGNORECASE)
_KIND = {
    2: re.compile(
        r"^(?:pemerintah\s+|pemkab\.?\s+|pemkot\.?\s+)?(kabupaten administrasi|kabupaten "
        r"adm|kab adm|kab\. ?adm|kabupaten|kab|kota administrasi|kota adm|kota)\b[.:\s]*",
        re.I,
    ),
    3: re.compile(r"^(?:kecamatan|kec|kcmtn|kecmatan|distrik|dist|kapanewon|kemantren|district)\b[.:\s]*", re.I),
    4: re.compile(
        r"^(?:desa/kelurahan|desa/kel|kelurahan|kel|desa|ds|gampong|gp|nagari|kampung adat|pekon|kalurahan|"
        r"lembang|negeri|dusun|kl|kelurahan/desa|kel/desa)\b[.:\s]*",
        re.I,
    ),
    1: re.compile(
        r"^(?:(?:provinsi|propinsi|prov|prop|daerah istimewa|daerah khusus ibu ?kota|daerah khusus|dki|d\.? ?i)\b[.:\s]*)+", re.I
    ),
}
_FOOTNOTE = re.compile(r"\s*\(\s*\d+\s*(?:desa|ds|kel)\b[^)]*\)\s*$|(?<=[a-z])\s+\(?\d\)\s*$|[\s*¹²³⁴⁵†‡]+\)?\s*$")
_NOTED = (")", "*", *"¹²³⁴⁵†‡")  # a footnote ends with one of them
_WORD = re.compile(r"[a-z0-9]+")
_NAMED = re.compile(r"\b(kabupaten administrasi|kabupaten|kab|kota administrasi|kota)\s+((?:[a-z0-9']+\s*){1,5})")
_SHORT = {
    "gn": "gunung",
    "gng": "gunung",
    "tj": "tanjung",
    "tjg": "tanjung",
    "tg": "tanjung",
    "tanj": "tanjung",
    "sei": "sungai",
    "sui": "sungai",
    "sungei": "sungai",
    "kp": "kampung",
    "kmp": "kampung",
    "bt": "batu",
    "btu": "batu",
    "ut": "utara",
    "utr": "utara",
    "sel": "selatan",
    "slt": "selatan",
    "sltn": "selatan",
    "tim": "timur",
    "tmr": "timur",
    "brt": "barat",
    "bar": "barat",
    "tgh": "tengah",
    "tng": "tengah",
    "teng": "tengah",
    "ujg": "ujung",
    "lb": "lubuk",
    "ma": "muara",
    "mr": "muara",
    "psr": "pasar",
    "kr": "karang",
    "krg": "karang",
    "kd": "kedung",
    "kdg": "kedung",
    "pd": "padang",
    "pdg": "padang",
    "sbr": "sumber",
    "smbr": "sumber",
    "sb": "sumber",
    "sk": "suka",
    "p": "pulau",
    "pul": "pulau",
    "pl": "pulau",
    "kep": "kepulauan",
    "tlk": "teluk",
    "tl": "teluk",
    "sp": "simpang",
    "spg": "simpang",
    "simp": "simpang",
    "pem": "pematang",
    "pmtg": "pematang",
    "perk": "perkebunan",
    "bdr": "bandar",
    "lbk": "lubuk",
    "lab": "labuhan",
    "kpg": "kampung",
    "rt": "rantau",
    "bkt": "bukit",
    "slk": "solok",
    "ptk": "petak",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
    "satu": "1",
    "dua": "2",
    "tiga": "3",
}
_FOLDS = (
    ("oe", "u"),
    ("tj", "c"),
    ("dj", "j"),
    ("sj", "s"),
    ("sy", "s"),
    ("nj", "ny"),
    ("dh", "d"),
    ("th", "t"),
    ("bh", "b"),
    ("kh", "k"),
    ("gh", "g"),
    ("ch", "c"),
    ("y", "i"),
    ("v", "p"),
    ("f", "p"),
    ("z", "s"),
    ("q", "k"),
)
MOST_OF_A_NAME = 5  # words
_APOSTROPHES = str.maketrans("", "", "'`’")
KEPT = 4096  # texts
_DIGIT = re.compile(r"\d")
_DOUBLE = re.compile(r"(.)\1+")


def plain(text: object, level: int | None = None) -> str:
    """A name without enumeration, code and the word of its kind, lower case, single blanks: '3. KEC. Anggrek' -> 'anggrek'."""
    written = str(text)
    return _plain(written, level) if _DIGIT.search(written) else _plain_again(written, level)


def _plain(text: str, level: int | None) -> str:
    name = " ".join(text.replace("_", " ").split()).lower()
    name = _behind(_ENUMERATION, _behind(_CODE, name))
    name = _FOOTNOTE.sub("", name) if name.endswith(_NOTED) else name
    for one in (level,) if level else (3, 4):
        shorter = _behind(_KIND[one], name).strip(" .:-")
        if shorter and one != 2:
            name = shorter
    return " ".join(_WORD.findall(name.translate(_APOSTROPHES)))


# A table's names are looked at once for each way to read it. No text with a digit is kept: it may be a personal number.
_plain_again = lru_cache(KEPT)(_plain)


def _behind(pattern: re.Pattern[str], text: str) -> str:
    """A text without what stands at its beginning; looked for there alone."""
    found = pattern.match(text)
    return text[found.end() :] if found else text


def compact(text: object, level: int) -> str:
    """The name without blanks: 'Gunung Sitoli' and 'Gunungsitoli' are the same."""
    return plain(text, level).replace(" ", "")


def loose(text: object, level: int | None = None) -> str:
    """The name with abbreviations written out and old spellings folded; equal keys are likely, not surely, the same."""
    name = plain(text, level)
    return _folded(name) if _DIGIT.search(name) else _folded_again(name)


def _folded(name: str) -> str:
    """The loose key of a plain name."""
    key = "".join(_SHORT.get(word, word) for word in name.split())
    for old, new in _FOLDS:
        key = key.replace(old, new)
    return _DOUBLE.sub(r"\1", key)


_folded_again = lru_cache(KEPT)(_folded)


def regency(text: object) -> tuple[str, str]:
    """'KAB. BOGOR' -> ('kabupaten', 'bogor'); the kind is '' where the text does not say it."""
    name = re.sub(r"\s+", " ", str(text)).strip().lower()
    match = _KIND[2].match(name)
    if not match:
        return "", compact(name, 1)
    return ("kota" if match.group(1).startswith("kota") else "kabupaten"), compact(name[match.end() :], 1)


def loose_regency(text: object) -> str:
    """The loose key of a kabupaten or kota, without the word of its kind."""
    return loose(_KIND[2].sub("", re.sub(r"\s+", " ", str(text)).strip().lower()), 1)


@lru_cache(maxsize=1)
def _below() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for code, name in region_names():
        found.setdefault(code.rpartition(".")[0], {})[code] = name
    return {parent: dict(sorted(areas.items())) for parent, areas in found.items()}


def children(code: str) -> Mapping[str, str]:
    """Code -> name of the areas directly below (the provinsi for '')."""
    return _below().get(code, {})


@lru_cache(maxsize=1)
def register() -> Mapping[str, str]:
    """Code -> name of all areas."""
    return dict(region_names())


@lru_cache(maxsize=4096)
def keyed(code: str) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Of the areas directly below: compact name -> codes, loose name -> codes."""
    level = code.count(".") + 2 if code else 1
    areas = children(code).items()
    return _by_key(areas, level, _exact_key), _by_key(areas, level, _loose_key)


def has(district: str, village: str) -> bool:
    """Whether a kecamatan has a desa of that name, as written or in another spelling."""
    exact, spelled = keyed(district)
    return compact(village, 4) in exact or loose(village, 4) in spelled


@lru_cache(maxsize=64)
def villages(regency: str) -> Mapping[str, tuple[str, ...]]:
    """Of the desa of a kabupaten: loose name -> codes."""
    found: dict[str, tuple[str, ...]] = {}
    for district in children(regency):
        for key, codes in keyed(district)[1].items():
            found[key] = found.get(key, ()) + codes
    return found


def _exact_key(name: str, level: int) -> str:
    return regency(name)[1] if level == 2 else compact(name, level)


def _loose_key(name: str, level: int) -> str:
    return loose_regency(name) if level == 2 else loose(name, level)


def _by_key(areas: Iterable[tuple[str, str]], level: int, key_of: Callable[[str, int], str]) -> Mapping[str, tuple[str, ...]]:
    """Key -> codes. A name that begins with a word of a kind ('Dusun Besar') is found without and with that word, for a
    file may write 'Desa Dusun Besar'; with it only where no other area is called so."""
    return _gathered(
        (code, key_of(name, level), key_of(longer, level) if (longer := _with_kind(name, level)) else "") for code, name in areas
    )


def _with_kind(name: str, level: int) -> str:
    """A name of the register with the word of its kind before it where it begins with one, as some desa do; else ''."""
    return f"desa {name}" if level == 4 and _KIND[4].match(name) else ""


def _gathered(keys: Iterable[tuple[str, str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Key -> codes, from (code, key, key with the word of its kind or '')."""
    found: dict[str, list[str]] = {}
    kept: dict[str, list[str]] = {}
    for code, key, longer in keys:
        found.setdefault(key, []).append(code)
        if longer:
            kept.setdefault(longer, []).append(code)
    return {key: tuple(codes) for key, codes in {**kept, **found}.items()}


@lru_cache(maxsize=4)
def everywhere(level: int) -> Mapping[str, tuple[str, ...]]:
    """Compact name -> codes over the whole country, of one level (desa: 83,762 names, about a second)."""
    return _by_key(_of_level(level), level, _exact_key) if level == 2 else _grouped(level, lambda name: name.replace(" ", ""))


@lru_cache(maxsize=4)
def loosely(level: int) -> Mapping[str, tuple[str, ...]]:
    """Loose name -> codes over the whole country, of one level."""
    return _by_key(_of_level(level), level, _loose_key) if level == 2 else _grouped(level, _folded)


@lru_cache(maxsize=4)
def _plainly(level: int) -> Sequence[tuple[str, str, str]]:
    """Code and plain name of the areas of one level, and the plain name with the word of its kind where it begins with one."""
    return [
        (code, plain(name, level), plain(longer, level) if (longer := _with_kind(name, level)) else "")
        for code, name in _of_level(level)
    ]


def _grouped(level: int, key_of: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
    """As :func:`_by_key`, of a whole level, whose names are made plain once for both keys."""
    return _gathered((code, key_of(name), key_of(longer) if longer else "") for code, name, longer in _plainly(level))


def _of_level(level: int) -> list[tuple[str, str]]:
    return [(code, name) for code, name in region_names() if code.count(".") == level - 1]


def find_regencies(text: str) -> tuple[str, ...]:
    """Codes of the kabupaten or kota that a free text names with the word of its kind: 'KABUPATEN BOGOR, 2023'."""
    found: list[str] = []
    lowered, at = re.sub(r"[\s_:.,\-()]+", " ", text.lower()), 0
    while match := _NAMED.search(lowered, at):
        at = match.start(2)
        words = match.group(2).split()
        for length in range(len(words), 0, -1):
            key = "".join(words[:length]).replace("'", "")
            codes = [code for code in everywhere(2).get(key, ()) if is_city(code) == match.group(1).startswith("kota")]
            if codes:
                found += [code for code in codes if code not in found]
                at += len(" ".join(words[:length]))  # another may be named behind it
                break
    return tuple(found)


def without_areas(text: str) -> str:
    """A free text without the provinsi, kabupaten and kecamatan that it names with the words of their kinds."""
    words = text.split()
    for place, level in reversed([(place, _kind_of(one)) for place, one in enumerate(words)]):
        for length in range(min(MOST_OF_A_NAME, len(words) - place - 1), 0, -1) if level else ():
            key = "".join(_WORD.findall("".join(words[place + 1 : place + 1 + length]).lower().translate(_APOSTROPHES)))
            if key in everywhere(level):
                words[place : place + 1 + length] = []
                break
    return " ".join(words)


def _kind_of(word: str) -> int:
    """The level that a word such as 'KAB.' names; 0 where it names none above the desa."""
    plainly = word.lower().strip(".,:()-")
    return next((level for level in (1, 2, 3) if _KIND[level].fullmatch(plainly)), 0)


def is_city(code: str) -> bool:
    """Whether a kabupaten/kota code is a kota's."""
    return code[3:4] >= "7"
