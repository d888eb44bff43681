"""``python -m tests.frozen``: record anew what the product answers and says. ``--inputs``: make the inputs anew as well.

Names of parts record only these: ``python -m tests.frozen projections decks-sample``.
"""

import gzip
import json
import sys
import time

from tests.frozen import answers

asked = [one for one in sys.argv[1:] if one != "--inputs"]
if "--inputs" in sys.argv:
    from tests.frozen import making

    making.make()
answers.RECORD.mkdir(exist_ok=True)
for name, ask in {"machine": answers.machine, **answers.parts()}.items():
    if asked and name not in asked:
        continue
    began = time.process_time()
    text = json.dumps(ask(), ensure_ascii=False, indent=0, sort_keys=True)
    data = gzip.compress(text.encode(), 9, mtime=0)
    (answers.RECORD / f"{name}.json.gz").write_bytes(data)
    print(f"{name}: {len(data):,} bytes, {time.process_time() - began:.1f} s")
