"""A cell that holds an area code -> the code in the register, whatever the cell made of it."""

from __future__ import annotations

import re
from functools import lru_cache

from lokal import wilayah

from ektp_analysis.area import NATION, AreaCode
from ektp_analysis.errors import UserError
from ektp_analysis.text import T

_TWO_PARTS = re.compile(r"\d{2}\.\d{1,2}")


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """All codes of the register (91,599)."""
    return frozenset(code for code, _ in wilayah._region_names())


def code_of(value: object) -> str:
    """'75.05.03', '750503', 750503.0, '7505032001', 75.05 -> the dotted code, which exists.

    A workbook's number 75.1 is 75.10, for its last zero is not kept.

    Raises:
        UserError: no code, or none that the register knows.
    """
    if value in known():
        return str(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == int(value):
            text = str(int(value))
        elif 11 < value < 100 and round(value, 2) == value:
            text = f"{value:.2f}"
        else:
            text = repr(value)
    else:
        text = str(value).strip().strip("'`’").strip().replace("\u00a0", "")
        text = re.sub(r"(?<=\d)\.0$", "", text) if text.count(".") == 1 and not _TWO_PARTS.fullmatch(text[:5]) else text
        text = re.sub(r"\s*([.\-/])\s*", ".", text).rstrip(".") if text[:1].isdigit() else text
    code = str(AreaCode.parse(text))
    if code != NATION and code not in known():
        raise UserError(T("the code {code} is not in the register of areas.", code=code))
    return code
