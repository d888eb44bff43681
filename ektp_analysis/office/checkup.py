"""What this installation needs to work, looked at one by one; each finding says what to mend."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ektp_analysis import __version__
from ektp_analysis.boundaries.layer import match
from ektp_analysis.boundaries.shelf import find_layer
from ektp_analysis.core import targets, text, theme
from ektp_analysis.core.area import Level, register
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import IN_WHEEL, KECAMATAN, PROGRAM, PROJECT, REPORTED, TARGETS, settings
from ektp_analysis.core.text import T, Text
from ektp_analysis.office import backups, identity, ledger, sample
from ektp_analysis.office.stores import own_store, sample_store

PYTHON = (3, 11)
ROOM = 200_000_000  # bytes: below this an import of the largest file may not find room
REQUIREMENTS = PROJECT / "requirements.txt"
_AGAIN = T("Install the program again.") if IN_WHEEL else T("Run: python -m pip install -r requirements.txt -c constraints.txt")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is, and what to mend where it is not well."""

    name: str
    well: bool
    text: Text
    mend: Text | None = None


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which they matter. Raises nothing that a check can meet."""
    for name, check in _CHECKS.items():
        try:
            yield check(name)
        except EktpError as error:
            yield Finding(name, False, error.message, T("Mend this first, then run doctor again."))


def port_is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) != 0


def _python(name: str) -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        name,
        sys.version_info[:2] >= PYTHON,
        T("Python {version}, program {program}", version=found, program=__version__),
        T("Install Python 3.11 and set the program up again."),
    )


def _packages(name: str) -> Finding:
    wrong = []
    for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if REQUIREMENTS.is_file() else ():
        pinned = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?==(\S+)", line.strip())
        if pinned is None:
            continue
        try:
            found = importlib.metadata.version(pinned[1])
        except importlib.metadata.PackageNotFoundError:
            found = "-"
        if found != pinned[2]:
            wrong.append(f"{pinned[1]} {found} (= {pinned[2]})")
    if wrong:
        return Finding(
            name,
            False,
            T("Packages with a version other than the pinned one: {list}", list=", ".join(wrong)),
            _AGAIN,
        )
    return Finding(name, True, T("All packages have the pinned version"))


def _store(name: str) -> Finding:
    store = own_store()
    info = store.info()
    return Finding(
        name,
        True,
        T("Store {place}: schema {version}, {n} batches", place=store.place, version=str(info.schema_version), n=info.batches),
    )


def _rights(name: str) -> Finding:
    open_ = own_store().open_to_others()
    return Finding(
        name,
        not open_,
        T("Files of the store that others may read: {list}", list=", ".join(str(path) for path in open_))
        if open_
        else T("Nobody else may read the files of the store"),
        T("Remove that right (chmod 600), as the user who owns them."),
    )


def _clock(name: str) -> Finding:
    behind = ledger.clock()
    return Finding(
        name, behind is None, behind or T("The clock is not behind the store"), T("Correct the clock of this computer.")
    )


def _backup(name: str) -> Finding:
    made, due = backups.last(), backups.reminder(datetime.now(UTC))
    well = T("Nothing to back up yet") if made is None else backups.line(made, datetime.now(UTC))
    return Finding(name, due is None, due or well, T("Make one: {program} backup DIR, best on another disk.", program=PROGRAM))


def _sample(name: str) -> Finding:
    return Finding(name, True, T("Sample {place}", place=sample_store().place))


def _room(name: str) -> Finding:
    folder = settings().data_dir.absolute()
    free = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists())).free
    return Finding(
        name, free >= ROOM, T("{n} MB free in {folder}", n=free // 1_000_000, folder=str(folder)), T("Make room on this disk.")
    )


def _files(name: str) -> Finding:
    paths = (sample.MODELLED_FILE, sample.REPORTED_FILE, TARGETS, REPORTED, KECAMATAN)
    lost = [path.name for path in paths if not path.is_file()]
    if lost:
        return Finding(
            name, False, T("Missing in the folder data: {list}", list=", ".join(lost)), T("Install the program again.")
        )
    return Finding(name, True, T("Data files complete, {n} targets", n=len(targets.load())))


def _register(name: str) -> Finding:
    found = len(list(register().codes(Level.DESA)))
    return Finding(
        name,
        found > 80_000,
        T("Register of areas with {n} desa and kelurahan", n=found),
        _AGAIN,
    )


def _boundaries(name: str) -> Finding:
    area = identity.home_area()
    shapes = find_layer(area)
    if shapes is None:
        return Finding(name, True, T("No outlines for {area}: equal squares stand in for them", area=register().name(area)))
    matched = match(register().children(area), shapes)
    return Finding(
        name,
        not matched.unmatched_figures,
        T("Boundaries of {area}: {n} polygons", area=register().name(area), n=len(shapes.codes)),
        T("Areas without a polygon are listed under the map."),
    )


def _languages(name: str) -> Finding:
    entries = len(text.catalogue("id"))
    return Finding(name, entries > 0, T("Indonesian wording: {n} entries", n=entries), T("Install the program again."))


def _fonts(name: str) -> Finding:
    found = importlib.util.find_spec("streamlit")
    folders = [Path(place) for place in (found.submodule_search_locations or ())] if found else []
    files = [path for folder in folders for path in (folder / "static").rglob("SourceSans*")]
    return Finding(
        name,
        bool(files),
        T("Font {font} comes with the pages", font=theme.FONT.partition(",")[0]),
        _AGAIN,
    )


_CHECKS: dict[str, Callable[[str], Finding]] = {
    "python": _python,
    "packages": _packages,
    "store": _store,
    "rights": _rights,
    "clock": _clock,
    "backup": _backup,
    "room": _room,
    "sample": _sample,
    "files": _files,
    "register": _register,
    "boundaries": _boundaries,
    "languages": _languages,
    "fonts": _fonts,
}
