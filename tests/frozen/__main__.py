"""``python -m tests.frozen``: whether the product still answers and says what was recorded. ``--record``: record it anew.

Names of parts ask or record only these: ``python -m tests.frozen --record projections decks-sample``. ``--inputs`` makes the
inputs anew and records. Exits with 0 where nothing differs.
"""

import gzip
import json
import sys
import time
from pathlib import Path

import pytest

from ektp_analysis.core import contract
from tests.frozen import answers


def record(asked: list[str]) -> None:
    answers.RECORD.mkdir(exist_ok=True)
    for name, ask in {"machine": answers.machine, **answers.parts()}.items():
        if asked and name not in asked:
            continue
        began = time.process_time()
        text = json.dumps(ask(), ensure_ascii=False, indent=0, sort_keys=True)
        data = gzip.compress(text.encode(), 9, mtime=0)
        (answers.RECORD / f"{name}.json.gz").write_bytes(data)
        print(f"{name}: {len(data):,} bytes, {time.process_time() - began:.1f} s")


def compare(asked: list[str]) -> int:
    file = str(Path(__file__).with_name("compared.py"))
    return int(pytest.main(["-q", "-o", "addopts=", *([f"{file}::test_as_recorded[{one}]" for one in asked] or [file])]))


def main() -> int:
    contract.quick_texts()  # as at each start of the program
    options = {one for one in sys.argv[1:] if one.startswith("--")}
    asked = [one for one in sys.argv[1:] if one not in options]
    known = {"machine", *answers.parts()} if "--record" in options else set(answers.parts())
    if options - {"--record", "--inputs"} or set(asked) - known:
        print(f"{__doc__}\nParts: {', '.join(sorted(known))}", file=sys.stderr)
        return 2
    if "--inputs" in options:
        from tests.frozen import making

        making.make()
    if options:
        record(asked)
        return 0
    return compare(asked)


if __name__ == "__main__":
    sys.exit(main())
