"""Files damaged at random: bytes flipped, cut, swapped between containers, parts of a container broken."""

from __future__ import annotations

import io
import random
import zipfile
from functools import lru_cache

from tests.layouts import binary, canonical, whole
from tests.layouts.generate import make
from tests.layouts.personal import ods

CUT = 1  # of the ways to damage a file


@lru_cache(maxsize=1)
def bases() -> tuple[bytes, ...]:
    """Sound files of every kind."""
    sheet = ods([["kode", "tanggal", "wajib ktp"], ["75.05.03", "2023-06-20", 100.0]])
    codes = [f"75.05.{number:02d}" for number in range(1, 12)]
    rows = [["KODE", "TANGGAL", "WAJIB KTP", "BELUM REKAM"], *([code, "20/06/2023", 4000.0 + len(code), 40.0] for code in codes)]
    return (
        binary.xls(rows),
        binary.xlsb(rows),
        canonical.as_xlsx(),
        canonical.as_csv(),
        sheet,
        whole.html_named_xls().data,
        whole.agregat_merged().data,
        whole.one_column_outline().data,
        *(make(seed).data for seed in range(8)),
    )


def damaged(seed: int) -> tuple[bytes, int, bool]:
    """A sound file made unsound: its bytes, which of :func:`bases` it was, and whether it was cut off."""
    rng = random.Random(seed)
    number = rng.randrange(len(bases()))
    how = rng.randrange(6)
    return _damaged(bytearray(bases()[number]), how, rng), number, how == CUT


def _damaged(data: bytearray, how: int, rng: random.Random) -> bytes:
    if how == 0:
        for _ in range(rng.choice([1, 3, 20, 200])):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif how == CUT:
        del data[rng.randrange(len(data)) :]
    elif how == 2:
        start, end = sorted(rng.randrange(len(data)) for _ in range(2))
        data[start:end] = rng.choice(bases())[start:end]
    elif how == 3:
        place = rng.randrange(len(data))
        data[place:place] = rng.randbytes(rng.randint(1, 500))
    elif how == 4:
        place = rng.randrange(len(data))
        del data[place : place + rng.randint(1, 2000)]
    elif bytes(data[:2]) == b"PK":
        return _broken_part(bytes(data), rng)
    return bytes(data)


def _broken_part(data: bytes, rng: random.Random) -> bytes:
    package, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    chosen, how = rng.choice(package.namelist()), rng.randrange(4)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in package.namelist():
            part = bytearray(package.read(name))
            if name == chosen:
                if how == 0:
                    continue
                if how == 1 and part:
                    for _ in range(5):
                        part[rng.randrange(len(part))] = rng.randrange(256)
                elif how == 2:
                    del part[rng.randrange(len(part) + 1) :]
                elif part:
                    place = rng.randrange(len(part))
                    part[place:place] = part[:place]
            made.writestr(name, bytes(part))
    return out.getvalue()
