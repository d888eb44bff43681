"""Makes data/boundaries/indonesia_kecamatan.npz and the list of what could not be joined, from the outlines of BPS (2020).

    python -m tests.nation_outlines PATH/TO/indonesia_kecamatan_bps.parquet

The source has a row for each kecamatan of 2020: bps_code, name, regency_code, regency, province, geometry (WGS 84, rounded
to 4 decimals). Twice the same source gives twice the same bytes.

Codes of Kemendagri are joined by names, level by level, inside the area that was joined before: as written, then in another
spelling (the keys by which the app reads names in files), then as what the name alone resembles. Where a name of 2020 that
is left over might be meant as well, nothing is joined. Names that differ more are in :data:`RENAMED`, each looked at.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from rapidfuzz import fuzz

from ektp_analysis.boundaries.national import GRID
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.settings import NATIONAL, UNJOINED
from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.places.nearness import NEAR, How, match

MOST_TURNS = 4  # rounding may bring lines together anew
THIN = 0.0003  # degrees: a gap that is narrower comes from rounding; a wider one is a lake, a river's mouth or a strait
AGREE = 0.8  # of a kabupaten's kecamatan have the names of those of another: the same kabupaten under a new name
NO_AREA = ("danau", "waduk", "hutan", "perairan", "wilayah kosong")  # how rows begin that are no kecamatan

# Kabupaten, name of 2020, name of today: renamed, abbreviated, with or without "Kota", or with its number in words.
RENAMED = (
    ("11.03", "Indra Makmur", "Indra Makmu"),
    ("11.10", "Suro", "Suro Makmur"),
    ("12.09", "Kisaran Barat", "Kota Kisaran Barat"),
    ("12.09", "Kisaran Timur", "Kota Kisaran Timur"),
    ("13.03", "Koto Tujuh", "Koto VII"),
    ("13.04", "Sepuluh Koto", "X Koto"),
    ("13.05", "Sintuk Toboh Gadang", "Sintuak Toboh Gadang"),
    ("13.05", "VII Koto Sungai Sariak", "VII Koto"),
    ("13.05", "Patamuan", "Koto Patamuan"),
    ("13.05", "Padang Sago", "VII Koto Padang Sago"),
    ("13.05", "V Koto Kp Dalam", "V Koto"),
    ("13.08", "Dua Koto", "Duo Koto"),
    ("13.10", "IX Koto", "Sembilan Koto"),
    ("15.01", "Depati VII", "Depati Tujuh"),
    ("16.02", "Kota Kayu Agung", "Kayu Agung"),
    ("16.05", "Suku Tengah Lakitan Ulu", "STL Ulu Terawas"),
    ("16.05", "Bulang Tengah Suku Ulu", "BTS. Ulu"),
    ("17.03", "Arga Makmur", "Kota Arga Makmur"),
    ("33.16", "Kota Blora", "Blora"),
    ("33.24", "Kota Kendal", "Kendal"),
    ("35.07", "Sumbermanjing", "Sumbermanjing Wetan"),
    ("35.11", "Ijen", "Sempol"),
    ("35.71", "Kota Kediri", "Kota"),
    ("53.04", "Atambua", "Kota Atambua"),
    ("53.13", "Buyasari", "Buyasuri"),
    ("61.02", "Siantan", "Jongkat"),
    ("64.02", "Semboja", "Samboja"),
    ("71.05", "Sulta", "Suluun Tareran"),
    ("74.10", "Wakorumba", "Wakorumba Utara"),
    ("76.04", "Tubbi Taramanu", "Tutar"),
    ("81.08", "Letti", "Pulau Leti"),
    ("81.08", "Lakor", "Pulau Lakor"),
    ("81.08", "Babar Timur", "Pulau-pulau Babar Timur"),
    ("81.71", "Teluk Ambon Baguala", "Baguala"),
    ("81.72", "Pp. Kur", "Pulau-Pulau Kur"),
    ("82.71", "Ternate Selatan", "Kota Ternate Selatan"),
    ("82.71", "Ternate Tengah", "Kota Ternate Tengah"),
    ("82.71", "Ternate Utara", "Kota Ternate Utara"),
    ("91.03", "Nimboran Timur / Namblong", "Nambluong"),
    ("93.01", "Eligobel", "Elikobal"),
    ("93.04", "Ayip", "Ayib"),
    ("95.01", "Itlay Hasige", "Itlay Hisage"),
    ("95.01", "Walesi", "Welesi"),
    ("95.02", "Ok Aon", "Ok Aom"),
    ("95.02", "Okbemta", "Okbemtau"),
    ("95.02", "Yefta", "Jetfa"),
    ("95.04", "Wari / Taiyeve", "Wari/Taiyeve II"),
    ("95.04", "Wunin", "Wunim"),
    ("96.03", "Misool", "Misool (Misool Utara)"),
    ("96.04", "Mubarni / Arfu", "Mubrani"),
)


def regencies(rows: Any) -> dict[str, str]:
    """BPS code of a kabupaten -> its code; those that are lakes and forests have none."""
    known, by_key = register(), defaultdict(list)
    for code in known.codes(Level.KABUPATEN):
        kind = "kota" if names.is_city(code) else "kabupaten"
        for key in {names.regency(known.name(code))[1], names.loose_regency(known.name(code))}:
            by_key[kind, key].append(code)
    found: dict[str, str] = {}
    left = []
    for theirs, name in rows[["regency_code", "regency"]].drop_duplicates().itertuples(index=False):
        city = theirs[2:] >= "71"
        keys = (names.regency(name)[1], names.loose_regency(name)) if city else (names.compact(name, 1), names.loose(name, 1))
        codes = next((codes for key in keys if (codes := by_key["kota" if city else "kabupaten", key])), [])
        if len(codes) == 1:
            found[theirs] = codes[0]
        else:
            left.append(theirs)
    free = [code for code in known.codes(Level.KABUPATEN) if code not in found.values()]
    for theirs in left:  # renamed since: its kecamatan say which one it is
        inside = set(rows.loc[rows["regency_code"] == theirs, "name"])
        alike = [code for code in free if len(match(inside, code, {}, fuzzy=False)) >= AGREE * len(inside)]
        if len(alike) == 1:
            found[theirs] = alike[0]
    return found


def districts(given: Mapping[str, str], regency: str) -> dict[str, str]:
    """BPS code -> code, of the kecamatan (BPS code -> name) of one kabupaten; what is not surely joined is left out."""
    known = register()
    renamed = {then: now for place, then, now in RENAMED if place == regency}
    ours = {known.name(code): code for code in known.children(regency)}
    codes = {theirs: ours[renamed[name]] for theirs, name in given.items() if name in renamed}
    rest = {theirs: name for theirs, name in given.items() if theirs not in codes}
    found = match(rest.values(), regency, {})
    left = [name for name in rest.values() if name not in found]
    for theirs, name in rest.items():
        one = found.get(name)
        if one is not None and one.code not in codes.values() and not _disputed(one.code, name, one.how, left):
            codes[theirs] = one.code
    twice = {code for code, count in Counter(codes.values()).items() if count > 1}
    return {theirs: code for theirs, code in codes.items() if code not in twice}


def no_area(name: str) -> bool:
    """Whether a row that has no code is a lake, a forest or water."""
    return name.lower() == "pulau" or name.lower().startswith(NO_AREA)


def _disputed(code: str, name: str, how: How, left: Sequence[str]) -> bool:
    """Whether another name of 2020 might mean the area as well: 'Bengkunat Belimbing' beside 'Bengkunat'."""
    key = names.loose(register().name(code), 3)
    return how is not How.EXACT and any(fuzz.partial_ratio(key, names.loose(other, 3)) >= NEAR for other in left if other != name)


def as_coverage(shapes: Any) -> Any:
    """Polygons that meet without gap or overlap, on the grid; the exterior rings run clockwise."""
    for _turn in range(MOST_TURNS):
        shapes = shapely.remove_repeated_points(shapely.transform(_parted(shapes), lambda points: np.round(points, 4)))
        broken = ~shapely.is_valid(shapes)  # a piece smaller than the grid is a point now
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
        if not broken.any() and shapely.coverage_is_valid(shapes):
            return shapely.orient_polygons(shapes, exterior_cw=True)
    raise ValueError("on the grid the polygons do not meet")


def _parted(shapes: Any) -> Any:
    """All borders cut at each other, and each face between them given to one polygon."""
    lines = shapely.union_all(shapely.get_parts(shapely.boundary(shapes)))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    face, polygon = shapely.STRtree(shapes).query(shapely.point_on_surface(faces), predicate="within")
    owner = np.full(len(faces), -1)
    later = np.argsort(-polygon, kind="stable")  # of two that overlap the first one has the face
    owner[face[later]] = polygon[later]
    thin = 2 * shapely.area(faces) / shapely.length(faces) < THIN
    for gap in np.flatnonzero((owner < 0) & thin):
        near = np.flatnonzero(shapely.dwithin(shapes, faces[gap], 1e-9))
        borders = shapely.length(shapely.intersection(shapely.boundary(faces[gap]), shapely.boundary(shapes[near])))
        owner[gap] = near[int(np.argmax(borders))]
    joined = [shapely.coverage_union_all(faces[owner == place]) for place in range(len(shapes))]
    if shapely.is_empty(joined).any():
        raise ValueError("a polygon has no face of its own")
    return np.array(joined, dtype=object)


class Arcs:
    """Lines between the points at which three or more borders meet, each kept once."""

    def __init__(self, shapes: Any) -> None:
        edges = {tuple(sorted(pair)) for ring in _rings(shapes) for pair in zip(ring, ring[1:] + ring[:1], strict=True)}
        meet = Counter(point for edge in edges for point in edge)
        self.corners = {point for point, count in meet.items() if count > 2}
        self.lines: list[list[tuple[int, int]]] = []
        self.known: dict[tuple[tuple[int, int], tuple[int, int]], int] = {}

    def refs(self, ring: list[tuple[int, int]]) -> list[int]:
        """The arcs of a ring in its order, ~n where arc n is gone backwards."""
        first = next((i for i, point in enumerate(ring) if point in self.corners), ring.index(min(ring)))
        ring = ring[first:] + ring[:first]
        cuts = [i for i, point in enumerate(ring) if point in self.corners or i == 0]
        return [
            self._ref([*ring[begin : end + 1], *([ring[0]] if end == len(ring) else [])])
            for begin, end in zip(cuts, [*cuts[1:], len(ring)], strict=True)
        ]

    def _ref(self, line: list[tuple[int, int]]) -> int:
        ahead, back = (line[0], line[1]), (line[-1], line[-2])
        if ahead in self.known:
            return self.known[ahead]
        self.known[ahead], self.known[back] = len(self.lines), ~len(self.lines)
        self.lines.append(line)
        return self.known[ahead]


def _rings(shapes: Iterable[Any]) -> Iterable[list[tuple[int, int]]]:
    for shape in shapes:
        for part in shapely.get_parts(shape):
            for line in (part.exterior, *part.interiors):
                yield _whole(line)


def _whole(line: Any) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in np.round(np.asarray(line.coords)[:-1] * GRID)]


def table(arcs: Arcs, keys: Sequence[str], called: Sequence[str], shapes: Any, level: Level) -> dict[str, Any]:
    """The arrays of one level; ``called`` are the names of the source, '' where it has none."""
    refs: list[int] = []
    rings, parts, counts = [], [], []
    for shape in shapes:
        polygons = shapely.get_parts(shape)
        counts.append(len(polygons))
        for part in polygons:
            lines = (part.exterior, *part.interiors)
            parts.append(len(lines))
            for line in lines:
                found = arcs.refs(_whole(line))
                rings.append(len(found))
                refs += found
    largest = [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in shapes]
    middle = shapely.get_point(shapely.maximum_inscribed_circle(np.array(largest, dtype=object), tolerance=0.002), 0)
    made = {
        "keys": np.array(keys),
        "names": np.array(called),
        "refs": np.array(refs, dtype=np.int32),
        "rings": np.array(rings, dtype=np.uint16),
        "parts": np.array(parts, dtype=np.uint16),
        "shapes": np.array(counts, dtype=np.uint16),
        "labels": np.round(shapely.get_coordinates(middle) * GRID).astype(np.int32),
        "boxes": np.round(shapely.bounds(shapes) * GRID).astype(np.int32),
    }
    return {f"{level.name.lower()}_{name}": array for name, array in made.items()}


def write(path: Path, arrays: Mapping[str, Any]) -> None:
    """As numpy writes them, but with a date that stays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, array in arrays.items():
            out = io.BytesIO()
            np.lib.format.write_array(out, array, allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), out.getvalue(), zipfile.ZIP_DEFLATED)


def joined(rows: Any) -> Any:
    """The rows with ``kab`` (code of the kabupaten, '' for none), ``prov`` and ``code`` ('' for none)."""
    kab = regencies(rows)
    codes: dict[str, str] = {}
    for theirs, ours in kab.items():
        inside = rows[rows["regency_code"] == theirs]
        codes |= districts(dict(zip(inside["bps_code"], inside["name"], strict=True)), ours)
    provinces = {names.compact(register().name(code), 1): code for code in register().codes(Level.PROVINSI)}
    own = rows["regency_code"].map(kab).fillna("")
    theirs = rows["province"].map(lambda name: provinces.get(names.compact(name, 1), ""))
    return rows.assign(kab=own, prov=own.str[:2].where(own != "", theirs), code=rows["bps_code"].map(codes).fillna(""))


def unjoined(rows: Any) -> list[tuple[str, str, str, str]]:
    """(inside, code, bps_code, name): kecamatan of 2020 without a code, and of today without an outline."""
    known = register()
    then = [
        (row.kab or row.prov, "", row.bps_code, row.name_then)
        for row in rows.rename(columns={"name": "name_then"}).itertuples()
        if not row.code and not no_area(row.name_then)
    ]
    drawn = set(rows["code"])
    now = [(code[:5], code, "", known.name(code)) for code in known.codes(Level.KECAMATAN) if code not in drawn]
    return sorted([*then, *now])


def main() -> None:
    rows = joined(gpd.read_parquet(sys.argv[1]))
    rows = rows.assign(geometry=as_coverage(np.asarray(rows.geometry)))
    rows["key"] = rows["code"].where(
        rows["code"] != "", rows["kab"].where(rows["kab"] != "", rows["prov"]) + "~" + rows["bps_code"]
    )
    rows = rows.sort_values("key")
    shapes = np.asarray(rows.geometry)
    arcs = Arcs(shapes)
    arrays = table(arcs, rows["key"].tolist(), rows["name"].tolist(), shapes, Level.KECAMATAN) | {
        "bps": np.array(rows["bps_code"].tolist())
    }
    for level, column in ((Level.KABUPATEN, "kab"), (Level.PROVINSI, "prov")):
        groups = [(key, part) for key, part in rows.groupby(column) if key]
        whole = np.array([shapely.coverage_union_all(np.asarray(part.geometry)) for _key, part in groups], dtype=object)
        whole = shapely.orient_polygons(whole, exterior_cw=True)
        arrays |= table(arcs, [key for key, _part in groups], [""] * len(groups), whole, level)
    lines = [np.array(line) for line in arcs.lines]
    steps = np.concatenate([np.diff(line, axis=0, prepend=line[:1]) for line in lines])
    if np.abs(steps).max() > np.iinfo(np.int16).max:
        raise ValueError("a step is too long")
    arrays |= {
        "starts": np.array([line[0] for line in lines], dtype=np.int32),
        "lengths": np.array([len(line) for line in lines], dtype=np.uint16),
        "steps": steps.astype(np.int16),
    }
    write(NATIONAL, arrays)
    left = unjoined(rows)
    with UNJOINED.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["inside", "code", "bps_code", "name"])
        out.writerows(left)
    print(
        f"{NATIONAL.stat().st_size} bytes, {(rows['code'] != '').sum()} of {len(rows)} joined, {rows['kab'].nunique()} kabupaten"
    )
    then, now = sum(not one[1] for one in left), sum(bool(one[1]) for one in left)
    print(f"{then} of 2020 without a code, {now} of today without an outline")


if __name__ == "__main__":
    main()
