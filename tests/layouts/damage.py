"""Files damaged at random: bytes flipped, cut, swapped between containers, parts of a container broken."""

from __future__ import annotations

import io
import random
import zipfile
from functools import lru_cache

from tests.layouts import canonical, whole
from tests.layouts.generate import make
from tests.layouts.personal import ods


@lru_cache(maxsize=1)
def bases() -> tuple[bytes, ...]:
    """Sound files of every kind."""
    sheet = ods([["kode", "tanggal", "wajib ktp"], ["75.05.03", "2023-06-20", 100.0]])
    return (
        canonical.as_xlsx(),
        canonical.as_csv(),
        sheet,
        whole.html_named_xls().data,
        whole.agregat_merged().data,
        whole.one_column_outline().data,
        *(make(seed).data for seed in range(8)),
    )


def damaged(seed: int) -> bytes:
    """A sound file made unsound."""
    rng = random.Random(seed)
    data = bytearray(rng.choice(bases()))
    how = rng.randrange(6)
    if how == 0:
        for _ in range(rng.choice([1, 3, 20, 200])):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif how == 1:
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
