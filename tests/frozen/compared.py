"""Nothing that the product answers or says has changed against the record in tests/frozen, to the bit.

Floats are compared by their shortest form, which tells every two of them apart, and draws by a digest of their bytes. Only
where this machine's libraries give other last digits in small products than the machine of the record did (recorded beside
it), floats may differ by 1e-9 of their size and digests are not compared, for then they cannot be equal.

Asked by ``python -m tests.frozen``; the tests of every day hold only that it compares rightly (tests/test_frozen.py).
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest

from tests.frozen import answers

MOST_SAID = 12


def recorded(name: str) -> Any:
    return json.loads(gzip.decompress((answers.RECORD / f"{name}.json.gz").read_bytes()))


def differences(before: Any, now: Any, *, exact: bool, at: str = "") -> Iterator[str]:
    """Where two plain values differ, and how."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted(before.keys() | now.keys()):
            if key not in before or key not in now:
                yield f"{at}/{key}: {'is new' if key in now else 'is gone'}"
            elif exact or key != "digest":
                yield from differences(before[key], now[key], exact=exact, at=f"{at}/{key}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (one, other) in enumerate(zip(before, now, strict=True)):
            yield from differences(one, other, exact=exact, at=f"{at}/{number}")
    elif not same(before, now, exact=exact):
        yield f"{at}: {str(before)[:300]!r} became {str(now)[:300]!r}"


def same(before: Any, now: Any, *, exact: bool) -> bool:
    if isinstance(before, float) and isinstance(now, float):
        return repr(before) == repr(now) or (not exact and math.isclose(before, now, rel_tol=1e-9, abs_tol=1e-12))
    return type(before) is type(now) and bool(before == now)


@pytest.mark.parametrize("part", answers.parts())
def test_as_recorded(part: str) -> None:
    now = json.loads(json.dumps(answers.parts()[part](), ensure_ascii=False))
    found = list(differences(recorded(part), now, exact=recorded("machine") == answers.machine()))
    assert not found, "\n".join([f"{len(found)} differences from tests/frozen/record/{part}.json.gz", *found[:MOST_SAID]])
