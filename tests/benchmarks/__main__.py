"""Every benchmark, one after the other: `make bench`. A name or more as arguments runs only these."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from ektp_analysis.core import contract
from tests import benchmarks


def main() -> None:
    names = sys.argv[1:] or sorted(info.name for info in pkgutil.iter_modules(benchmarks.__path__) if not info.ispkg)
    contract.quick_texts()  # as at each start of the program
    for name in names:
        if name in {"__main__", "floor"}:
            continue
        module = importlib.import_module(f"tests.benchmarks.{name}")
        if hasattr(module, "main"):
            print(f"\n== {name}", flush=True)
            module.main()


if __name__ == "__main__":
    main()
