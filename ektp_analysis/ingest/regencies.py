"""Provinsi, kabupaten and kota by the names that files give them: with the word of their kind, in short, or by an older name.

Older names: of regulations that renamed a kabupaten (PP 74/2005 Polewali Mandar, PP 59/2008 Kepulauan Selayar, PP 58/2014
Mempawah, PP 61/2017 Pasangkayu, PP 2/2019 Kepulauan Tanimbar, PP 14/2020 Toba). Short names: only those that one area has.
"""

from __future__ import annotations

from collections.abc import Mapping

from ektp_analysis.ingest import matching, names

OLDER = {
    "polewali mamasa": "polewali mandar",
    "selayar": "kepulauan selayar",
    "mamuju utara": "pasangkayu",
    "maluku tenggara barat": "kepulauan tanimbar",
    "toba samosir": "toba",
    "yapen waropen": "kepulauan yapen",
    "mahakam hulu": "mahakam ulu",
    "pangkajene kepulauan": "pangkajene dan kepulauan",
    "nanggroe aceh darussalam": "aceh",
    "yogyakarta": "daerah istimewa yogyakarta",
}
SHORT = {
    "nad": "aceh", "sumut": "sumatera utara", "sumbar": "sumatera barat", "sumsel": "sumatera selatan",
    "kepri": "kepulauan riau", "babel": "kepulauan bangka belitung", "dki": "daerah khusus ibukota jakarta",
    "jabar": "jawa barat", "jateng": "jawa tengah", "diy": "daerah istimewa yogyakarta", "jatim": "jawa timur",
    "ntb": "nusa tenggara barat", "ntt": "nusa tenggara timur", "kalbar": "kalimantan barat", "kalteng": "kalimantan tengah",
    "kalsel": "kalimantan selatan", "kaltim": "kalimantan timur", "kaltara": "kalimantan utara", "sulut": "sulawesi utara",
    "sulteng": "sulawesi tengah", "sulsel": "sulawesi selatan", "sultra": "sulawesi tenggara", "sulbar": "sulawesi barat",
    "malut": "maluku utara", "oku": "ogan komering ulu", "oki": "ogan komering ilir", "oku timur": "ogan komering ulu timur",
    "oku selatan": "ogan komering ulu selatan", "pali": "penukal abab lematang ilir", "pangkep": "pangkajene dan kepulauan",
    "sidrap": "sidenreng rappang", "hst": "hulu sungai tengah", "hss": "hulu sungai selatan", "hsu": "hulu sungai utara",
    "ppu": "penajam paser utara", "tts": "timor tengah selatan", "ttu": "timor tengah utara", "inhu": "indragiri hulu",
    "inhil": "indragiri hilir", "rohul": "rokan hulu", "rohil": "rokan hilir", "bolmong": "bolaang mongondow",
    "tanjabbar": "tanjung jabung barat", "tanjabtim": "tanjung jabung timur", "tanjab barat": "tanjung jabung barat",
    "tanjab timur": "tanjung jabung timur", "sitaro": "kepulauan siau tagulandang biaro",
}  # fmt: skip


def other(text: str) -> str:
    """The name of today for an older or a short one, with the word of its kind if the text has one; '' where none is known."""
    kind, _ = names.regency(text)
    plain = names.plain(text, 1)
    for word in ("kabupaten", "kab", "kota") if kind else ():
        plain = plain.removeprefix(f"{word} ").strip()
    found = OLDER.get(plain) or SHORT.get(plain)
    return f"{kind} {found}".strip() if found else ""


def named(regency: str, above: str, cities_marked: bool) -> list[str]:
    """Kabupaten and kota of a name below ``above`` ('' for the whole country). A file that writes 'Kota' before its cities
    means a kabupaten where it does not."""
    for text in (regency, other(regency)):
        kind, key = names.regency(text)
        found = [code for code in names.everywhere(2).get(key, ()) if code.startswith(above)] if text else []
        if not found and text:
            found = [code for code in names.everywhere(2).get(names.compact(text, 1), ()) if code.startswith(above)]
            kind = ""
        of_kind = [code for code in found if names.is_city(code) == (kind == "kota")] if kind or cities_marked else found
        if found:
            return of_kind or (found if len(found) == 1 else [])
    return []


def likely(regency: str, above: str, cities_marked: bool, aliases: Mapping[str, str]) -> list[str]:
    """The kabupaten and kota that a name may mean: as written, else as one alone in the provinsi is spelt, else anywhere."""
    codes = named(regency, above, cities_marked)
    if codes:
        return codes
    if above:
        near = matching.match([regency], above, aliases)
        return [near[regency].code] if regency in near else []
    return list(names.loosely(2).get(names.loose_regency(regency), ()))


def province(text: str) -> str:
    """The code of the provinsi that a text names, as such, in short or by an older name; '' where it is none."""
    keys = names.keyed("")[0]
    codes = keys.get(names.compact(text, 1)) or keys.get(names.compact(other(text) or "-", 1), ())
    return codes[0] if len(codes) == 1 else ""
