"""Asks the product everything that is recorded, and gives it as plain values that JSON can hold."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import json
import pkgutil
import shutil
import sqlite3
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import ektp_analysis
from ektp_analysis.__main__ import main
from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.core import contract
from ektp_analysis.core.area import NATION
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import Percent, Text, render
from ektp_analysis.figures.measure import Measure
from ektp_analysis.ingest.reading import read_file
from ektp_analysis.ingest.report import Choices
from ektp_analysis.office import decisions, imports, makers, reports, stores
from ektp_analysis.page.parts import plain as plain_text
from ektp_analysis.projection.answers import Ground, answer, inside
from ektp_analysis.projection.result import Inside, Projection
from ektp_analysis.store.store import Store
from tests.projecting import project

# ---- Adapters: all that is asked of the product by name stands here. Where a function gets another name, mend it here.

HERE, ROOT = Path(__file__).parent, Path(__file__).resolve().parents[2]
INPUTS, STORES, RECORD = HERE / "inputs.zip", HERE / "stores", HERE / "record"
NOW = datetime(2025, 11, 3, 1, 30, tzinfo=UTC)
LANGS = ("en", "id")
MEASURED = (
    "key",
    "label",
    "column",
    "unit",
    "precision",
    "worse",
    "good_for",
    "hides",
    "done",
    "least",
    "most",
    "diverging",
    "endless",
    "words",
)


def forget() -> None:
    """What is kept of settings, stores and pages."""
    settings.cache_clear()
    stores.close_all()
    st.cache_data.clear()
    st.cache_resource.clear()


def national() -> Target:
    return Target.national()


def histories_in(figures: pd.DataFrame, area: str) -> Ground:
    return Ground.of(figures, area)


def area_answer(figures: Any, area: str, target: Target, **asked: Any) -> Projection:
    return answer(figures if isinstance(figures, Ground) else Ground.of(figures, area), area, target, **asked)


def joint_answer(figures: Any, area: str, target: Target, **asked: Any) -> Inside | None:
    return inside(figures if isinstance(figures, Ground) else Ground.of(figures, area), area, target, **asked)


def own_answer(rows: pd.DataFrame, target: Target, **asked: Any) -> Projection:
    return project(rows, target, **asked)


def figures_of(text: str) -> pd.DataFrame:
    """CSV in the contract's columns -> a snapshot frame."""
    read = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    rows = [{name: value for name, value in row.items() if value} for row in read.to_dict("records")]
    for row in rows:
        row |= {name: int(row[name]) for name in ("eligible", "recorded", "unrecorded") if name in row}
        row["as_of_date"] = pd.Timestamp(row["as_of_date"])
    return contract.frame(rows)


def reading(data: bytes, name: str, choices: Choices) -> Any:
    """The report about a file, read in this process."""
    return read_file(data, name, choices, today=NOW.date())


def taken_in(data: bytes, name: str, choices: Choices) -> Any:
    """What would become of a file in the own store, with what is remembered."""
    return imports.import_file(data, name, choices, dry_run=True)


def read_here(patch: pytest.MonkeyPatch) -> None:
    """No process of its own for reading."""
    patch.setattr(
        imports, "guarded_read", lambda data, name, choices, *, today=None, step=None: read_file(data, name, choices, today=today)
    )


def make_here(patch: pytest.MonkeyPatch) -> None:
    """No process of its own for files: a page that asks for one unasked is a fault."""

    def submit(job: makers.Job) -> makers.Making:
        raise AssertionError(job)

    patch.setattr(makers, "submit", submit)


def deck_of(area: str) -> Any:
    return reports.deck(stores.current(), area)


def opened(path: Path) -> Store:
    return Store.open(f"sqlite:///{path.as_posix()}", zone=settings().zone)


def remembered(lang: str) -> dict[str, Any]:
    """What is remembered of layouts and names, with what is said of it."""
    return {
        "layouts": [
            [one.fingerprint, dict(one.choices), one.by, one.at.isoformat(), [render(text, lang) for text in decisions.said(one)]]
            for one in decisions.layouts()
        ],
        "names": [[one.scope, one.name, one.area_code, one.by, one.at.isoformat()] for one in decisions.aliases()],
    }


def sample_file() -> Path:
    """Where the sample's store lies in the data folder in use."""
    return stores.sample_path()


def command(*arguments: str) -> dict[str, Any]:
    """A command in this process: its exit code and what it wrote."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return {"code": code, "out": _lines(said[0]), "err": _lines(said[1])}


# ---- The surroundings: a day, a data folder.


class _Like(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.__mro__[1])


class _Moment(datetime, metaclass=_Like):
    present = NOW

    def __new__(cls, *given: Any, **named: Any) -> datetime:  # type: ignore[misc]
        return datetime(*given, **named)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.present.astimezone(tz) if tz else cls.present.replace(tzinfo=None)


class _Day(date, metaclass=_Like):
    def __new__(cls, *given: Any, **named: Any) -> date:  # type: ignore[misc]
        return date(*given, **named)

    @classmethod
    def today(cls) -> date:
        return _Moment.present.date()


@contextlib.contextmanager
def surroundings(held: str = "") -> Iterator[tuple[pytest.MonkeyPatch, Path]]:
    """A data folder of its own with a copy of a recorded store, and 3 November 2025 as the present in every module.

    The clock is set in whatever module has taken the names ``datetime`` and ``date``, so no module is named here.
    """
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        place = Path(folder)
        for name in ("EKTP_DATABASE_URL", "EKTP_OFFICE_NAME", "EKTP_LOGO", "EKTP_HOME_AREA", "EKTP_TIMEZONE"):
            patch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": folder, "LANGUAGE": "en", "UPLOADER": "petugas", "TODAY": "2000-01-01"}.items():
            patch.setenv(f"EKTP_{name}", value)
        for found in pkgutil.walk_packages(ektp_analysis.__path__, "ektp_analysis."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] == "ektp_analysis":
                for taken, pinned in (("datetime", _Moment), ("date", _Day)):
                    if getattr(module, taken, None) is pinned.__mro__[1]:
                        patch.setattr(module, taken, pinned)
        patch.setattr(_Moment, "present", NOW)
        forget()
        if held and held != "sample":  # the sample is built anew from its files by each version of the schema
            shutil.copy(STORES / f"{held}.db", place / "ektp.sqlite")
        read_here(patch)
        make_here(patch)
        yield patch, place
        forget()


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:24]


def plain(value: Any, lang: str) -> Any:
    """Whatever stands on a slide, as JSON can hold it; sentences in the language. Drawn outlines are left out."""
    if isinstance(value, Text):
        return render(value, lang)
    if isinstance(value, Projection):
        return _digest(value.to_json(lang=lang).encode())
    if isinstance(value, Boundaries):
        return None
    if isinstance(value, pd.DataFrame):
        return _digest(value.to_csv(index=False).encode())
    if isinstance(value, Percent):
        return [value.share, value.decimals]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Measure):  # by what it was made of when this was recorded
        return [plain(getattr(value, name), lang) for name in MEASURED]
    if is_dataclass(value):
        return [plain(getattr(value, item.name), lang) for item in fields(value)]
    if isinstance(value, Mapping):
        return {str(key): plain(one, lang) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one, lang) for one in value]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def inputs() -> zipfile.ZipFile:
    """Histories (histories.json) and tables (tables/NN/name)."""
    return zipfile.ZipFile(INPUTS)


# ---- What is recorded.


def machine() -> list[str]:
    """Small products as this machine's libraries give them: where they differ, so may the last digits of a draw."""
    left = np.sin(np.arange(61 * 47, dtype=float)).reshape(61, 47)
    right = np.cos(np.arange(47 * 33, dtype=float)).reshape(47, 33)
    made = left @ right
    return [
        _digest(np.ascontiguousarray(one).tobytes())
        for one in (made, left[0] @ right, np.exp(made), np.tanh(made), np.log1p(np.abs(made)), np.quantile(made, 0.3, axis=0))
    ]


KABUPATEN = len("75.05")  # whose answer is the whole of its joint one: asked in both ways in one case alone
FULLY = "11 kecamatan with their kabupaten"


def projections() -> dict[str, Any]:
    """All that is answered about the recorded histories."""
    made = {}
    for case in json.loads(inputs().read("histories.json")):
        figures, area, asked = figures_of(case["rows"]), case["area"], _asked(case["asked"])
        codes, found = figures["area_code"], {}
        own, inside = figures[codes == area], area == NATION or codes.str.startswith(area + ".").any()
        known = histories_in(figures, area) if inside or codes.nunique() > 1 else None
        for target in (national(), ZERO):
            said: dict[str, Any] = {}
            both = not inside or len(area) != KABUPATEN or case["name"] == FULLY
            if known is not None and (both or target is ZERO):
                said["area"] = _answer(area_answer(known, area, target, **asked))
            if inside and (both or target is not ZERO):
                whole = figures if target is ZERO and area != NATION else known
                joint = joint_answer(whole, area, target, **asked)
                said["together"] = None if joint is None else _joint(joint)
            if len(own):
                said["own"] = _answer(own_answer(own, target, **{key: asked[key] for key in asked if key != "upto"}))
            found[target.key] = said
        made[case["name"]] = found
    return made


def _asked(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name == "upto" else value for name, value in values.items()}


def _answer(found: Projection, *, whole: bool = True) -> dict[str, Any]:
    origin = found.origin or date(2024, 1, 1)
    by = [origin + timedelta(days=days) for days in (0, 30, 200, 900)]
    said = {
        **found.as_dict(by=by),
        "never": found.probability_never,
        "by": [found.probability_by(day) for day in by],
        "draws": {"digest": _digest(found.draws.tobytes()), "ranks": np.sort(found.draws)[::100].tolist()},
    }
    if not whole:
        return {name: said[name] for name in ("quantiles", "never", "draws", "reason", "notes", "origin", "meaning")}
    other = found.as_dict(lang="id")
    fan = found.fan().drop(columns="as_of_date").astype(float)
    return {
        **said,
        "dalam bahasa": [other["reason"], other["notes"], other["inputs"]["breaks"]],
        "dots": [str(day) for day in found.dots()],
        "median": str(found.median),
        "fan": {"digest": _digest(fan.to_numpy().tobytes()), "rows": fan.iloc[::60].to_numpy().tolist()},
        "inputs": {
            **said["inputs"],
            "rate": found.inputs.inflow_per_day,
            "bounds": [list(pair) for pair in found.inputs.unrecorded],
        },
    }


def _joint(found: Inside) -> dict[str, Any]:
    days = found.all_reached
    return {
        "whole": _answer(found.whole),
        "children": {code: _answer(one, whole=False) for code, one in found.children.items()},
        "silent": list(found.silent),
        "difference": found.difference,
        "draws": found.draws,
        "origin": str(found.origin),
        "last": found.last(),
        "all by": [float((days <= n).mean()) for n in (30, 200, 700)],
        "all": {"digest": _digest(days.tobytes()), "ranks": np.sort(days)[::100].tolist()},
    }


AREAS = {"kinds": ("75.05",), "several": ("75", "75.71"), "sample": ("75.05",)}  # of which a store is asked
TAKEN_IN = {"kinds": (1, 8, 9, 12), "several": (1, 6)}  # batches whose file is taken in again: plain, by columns, by name
EARLIER = {"kinds": ("2025-09-03",), "several": ("2025-09-02",), "sample": ()}


def store(name: str) -> dict[str, Any]:
    """What commands, slides and pages say of a store, and what its batches hold; opened once for all of them."""
    with surroundings(name) as (patch, place):
        asked = {
            "commands": _commands(name),
            "batches": _batches(name, place),
            "slides": _slides(name),
            "pages": _pages(name, patch),
            "reports": _reports(name, place),
        }
        return dict(_scrubbed(asked, place))


def _commands(name: str) -> dict[str, Any]:
    """What the commands write: for programs, and for readers in one language or both."""
    first = AREAS[name][0]
    asked: list[tuple[str, ...]] = [("verify", "--json"), ("batches", "--json"), ("export", "csv")]
    asked += [("verify",)] if name == "sample" else []
    asked += [(*one, "--lang", lang) for lang in LANGS for one in (("batches",), ("layouts", "list"), ("aliases", "list"))]
    for area in AREAS[name]:
        asked += [
            ("status", "--json", "--area", area),
            ("status", "--area", area, "--lang", "id"),
            ("project", "--json", "--area", area, "--target", "99.4", "--by", "2025-12-31"),
        ]
    asked += [("status", "--json", "--area", first, "--known-at", day) for day in EARLIER[name]]
    asked += [("project", "--lang", "id", "--level", "kabupaten" if len(first) == 2 else "kecamatan", "--area", first)]
    sampled = {"verify", "batches", "export", "status", "project"} if name == "sample" else set()
    return {" ".join(one): command(*one, *(("--sample",) if one[0] in sampled else ())) for one in asked}


def _reports(name: str, place: Path) -> dict[str, Any]:
    """Names of reports in a zip of several."""
    if name != "several":
        return {}
    out = place / "laporan.zip"
    done = command("export", "workbook", "--each", "kabupaten", "--area", "71", "--out", str(out))
    with zipfile.ZipFile(out) as packed:
        return {"said": done, "names": packed.namelist()}


def _batches(name: str, place: Path) -> dict[str, Any]:
    """Choices and reports of the batches: as they are kept, and as the files are read again and would be taken in again."""
    made: dict[str, Any] = {}
    path = sample_file() if name == "sample" else place / "ektp.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as raw:
        kept = {row[0]: row[1:] for row in raw.execute("SELECT id, sha256, figures_sha256, choices, report FROM batch")}
    with opened(path) as now:
        for number, (sha256, figures_sha256, choices, report) in kept.items():
            batch, (file, data), decided = now.batch(number), now.original(number), Choices.from_json(json.loads(choices))
            done = taken_in(data, file, decided) if number in TAKEN_IN.get(name, ()) else None
            again = reading(data, file, decided) if done is None else done.report
            made[str(number)] = {
                "file": file,
                "sha256": sha256,
                "figures": figures_sha256,
                "choices": choices,
                "report": json.loads(report),
                "the same again": [
                    decided.to_json() == json.loads(choices) == dict(batch.choices),
                    dict(batch.report) == json.loads(report),
                ],
                "read": {lang: again.to_json(lang) for lang in LANGS},
                "rows": _rows(again),
                "taken in": None if done is None else [done.status, done.batch and done.batch.id, plain(done.reason, "id")],
            }
    if name == "kinds":
        made["remembered"] = {lang: remembered(lang) for lang in LANGS}
        for path_in_zip in inputs().namelist():
            if path_in_zip.startswith("next/"):
                done = taken_in(inputs().read(path_in_zip), path_in_zip.rpartition("/")[2], Choices())
                made[path_in_zip] = done.to_json("en")
    return made


def _rows(report: Any) -> str:
    return _digest(report.rows.to_csv(index=False).encode())


def _slides(name: str) -> dict[str, Any]:
    """The slides of an area: titles, lines, notes and figures in both languages, and the report's short name."""
    made = {}
    for area in AREAS[name]:
        deck = deck_of(area)
        made[area] = {lang: plain([deck.slides, deck.stamp, deck.banner, deck.named, deck.made], lang) for lang in LANGS}
        made[area]["short name"] = deck.fingerprint
    return made


PAGES = ("position.py", "area_map.py", "projection.py", "slides.py", "data.py", "method.py")
SECTIONS = ("inside_areas", "river_of_dates", "what_if", "compare", "multiples", "more")
QUERIES = {"sample": {"area": "75.05", "target": "zero"}, "kinds": {"area": "75.05", "target": "99.4", "on": "2025-03-31"}}


def _pages(name: str, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Everything that stands on every page, in its order, in both languages; in one of them with all parts opened."""
    made: dict[str, Any] = {}
    offered = _file_names(patch)
    for lang in LANGS if name in QUERIES else ():
        app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=120)
        for page in PAGES:
            for key, value in {**QUERIES[name], "lang": lang}.items():
                app.query_params[key] = value
            for key in SECTIONS if (name, lang) == ("kinds", "en") else ():
                app.session_state[key] = True
            if page != PAGES[0]:
                app.switch_page(str(ROOT / "pages" / page))
            app.run()
            assert not app.exception, [one.value for one in app.exception]
            made[f"{page} {lang}"] = {"main": list(_read(app.main)), "beside": list(_read(app.sidebar)), "files": sorted(offered)}
            offered.clear()
    return made


def _file_names(patch: pytest.MonkeyPatch) -> set[str]:
    """The names of the files that a page offers, as they are offered."""
    names: set[str] = set()
    given = st.download_button

    def noting(label: str, data: Any, file_name: str | None = None, *rest: Any, **named: Any) -> Any:
        names.add(f"{label}: {file_name or named.get('file_name')}")
        return given(label, data, file_name, *rest, **named)

    patch.setattr(st, "download_button", noting)
    return names


def _read(block: Any) -> Iterator[list[Any]]:
    for one in block.children.values():
        said = _said(one)
        if said is not None:
            yield said
        if hasattr(one, "children"):
            yield from _read(one)


def _said(one: Any) -> list[Any] | None:
    """Kind, label, value and what else is read of one element; None for what holds others and says nothing itself."""
    kind = one.type
    if kind in ("popover", "expander", "tab"):
        return [kind, getattr(one, "label", "") or one.proto.popover.label]
    if hasattr(one, "children"):
        return None
    if kind in ("dataframe", "table"):
        return [kind, _lines(one.value.to_csv(index=False))]
    if kind == "html":
        body = one.proto.body
        return [kind, _digest(body.encode()) if len(body) > 4000 or "<style" in body else body]
    if kind in ("image", "imgs", "component_instance", "empty") or "chart" in kind:
        return [kind]
    said = [getattr(one, name, None) for name in ("label", "value", "delta", "options", "help", "placeholder")]
    return [kind, *(plain(value, "en") for value in said if value not in (None, "", [], ()))]


def _scrubbed(value: Any, place: Path) -> Any:
    """Without the folder of this run and the number of the program's version."""
    text = json.dumps(value, ensure_ascii=False)
    for written in (place.as_posix(), plain_text(place.as_posix())):  # the second as Markdown has it
        text = text.replace(json.dumps(written)[1:-1], "FOLDER")
    for said in ("version {}", "versi {}"):
        text = text.replace(said.format(ektp_analysis.__version__), said.format("N"))
    return json.loads(text)


def tables() -> dict[str, Any]:
    """What is read from the recorded tables: status, layout, content, rows, questions, evidence, in both languages."""
    made, packed = {}, inputs()
    with surroundings():
        for path in packed.namelist():
            if path.startswith("tables/"):
                found = reading(packed.read(path), path.rpartition("/")[2], Choices())
                english, other = (found.to_json(lang) for lang in LANGS)
                preview = None if found.preview is None else sorted(found.preview.roles.items())
                made[path] = {
                    **english,
                    "rows": _rows(found),
                    "roles": preview,
                    "dalam bahasa": {name: other[name] for name in other if other[name] != english[name]},
                }
    return made


def parts() -> dict[str, Callable[[], Any]]:
    """Name of each part of the record -> the call that asks for it."""
    return {"projections": projections, "tables": tables, **{f"store-{name}": partial(store, name) for name in AREAS}}
