"""A kecamatan whose name nobody knows, by the desa that stand below it: a misspelt name is proven by its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from ektp_analysis.ingest import names
from ektp_analysis.ingest.inference import has
from ektp_analysis.ingest.matching import Match

MANY, FITS, RIVAL, LIKE, LIKE_FEW, MOST = 3, 0.8, 0.34, 60.0, 75.0, 100


def by_members(pairs: Iterable[tuple[str, str]], known: Mapping[str, Match], regency: str) -> dict[str, Match]:
    """Names of kecamatan that ``known`` lacks -> the one kecamatan in which their desa lie.

    ``pairs``: names of (kecamatan, desa). Of three desa or more four of five must stand in that kecamatan and hardly one in
    any other; of fewer, all in that and none in any other. The two names must be alike, for a desa may have moved to a new
    kecamatan. Another name of the file may mean the same kecamatan (a misspelling here and there) if it has none of the desa.
    """
    below: dict[str, set[str]] = {}
    for district, village in pairs:
        if district and village:
            below.setdefault(district, set()).add(village)
    meant = {district: one.code for district, one in known.items()}
    unknown = sorted(below.keys() - known.keys())
    for district in unknown if len(unknown) <= MOST else ():
        code = _home(district, below[district], regency)
        if code:
            meant[district] = code
    return {
        district: Match(code, "members")
        for district, code in meant.items()
        if district not in known and not _claimed(district, below, meant)
    }


def _home(district: str, villages: set[str], regency: str) -> str:
    """The one kecamatan that has these desa and a like name, or ''."""
    many = len(villages) >= MANY
    fits = {code: sum(has(code, village) for village in villages) / len(villages) for code in names.children(regency)}
    best = max(fits, key=lambda code: fits[code])
    rival = max((share for code, share in fits.items() if code != best), default=0.0)
    alike = fuzz.ratio(names.loose(district, 3), names.loose(names.children(regency)[best], 3))
    sure = fits[best] >= (FITS if many else 1.0) and rival <= (RIVAL if many else 0.0)
    return best if sure and alike >= (LIKE if many else LIKE_FEW) else ""


def _claimed(district: str, below: Mapping[str, set[str]], meant: Mapping[str, str]) -> bool:
    """Whether another name for the same kecamatan has one of the desa too: then one of the two means something else."""
    mine = {names.loose(village, 4) for village in below[district]}
    others = [other for other, code in meant.items() if code == meant[district] and other != district]
    return any(mine & {names.loose(village, 4) for village in below.get(other, ())} for other in others)
