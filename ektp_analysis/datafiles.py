"""Where the project's own data files lie. Each is described in data/README.md with source, date, licence, quality."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
BOUNDARIES = DATA / "boundaries"
SAMPLES = DATA / "samples"
TARGETS = DATA / "targets.csv"
REPORTED = DATA / "reported.csv"
KECAMATAN = DATA / "areas" / "kecamatan.csv"
