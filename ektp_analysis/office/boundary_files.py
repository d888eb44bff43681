"""The office's own boundary files: taken in by a process of their own, kept beside the shipped ones, found by area and day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ektp_analysis.boundaries import national
from ektp_analysis.boundaries.layer import Boundaries, read_layer
from ektp_analysis.boundaries.matching import Choices, Named, Report
from ektp_analysis.boundaries.shelf import SHIPPED, Change, available, between, find_layer, remove_layer
from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.aside import Aside, Broken, Tell, Why, limit_memory
from ektp_analysis.core.aside import serve as answering
from ektp_analysis.core.errors import Fault, RefusedError, StoreError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text

if TYPE_CHECKING:
    from ektp_analysis.boundaries.importing import Opened

MEMORY, SECONDS = 4 << 30, 300.0
PIXELS = 1400  # the detail that a map of a whole screen can show
MANY = 300  # from so many areas on, a layer is large: it is prepared for the screen, and drawn on a canvas


@dataclass(frozen=True)
class Kept:
    """One boundary file that is in use. ``own`` ones were imported here and can be removed."""

    name: str
    own: bool
    layer: Boundaries


def folder() -> Path:
    """Where imported boundaries lie."""
    return settings().data_dir / "boundaries"


def prepared() -> Path:
    """Where layers made ready for the screen lie, under the hash of their content; may be deleted at any time."""
    place = _prepared()
    place.mkdir(parents=True, exist_ok=True)
    return place


def _prepared() -> Path:
    return settings().data_dir / "outlines"


def find(area: str, level: Level | None = None, on: date | None = None) -> Boundaries | None:
    """The outlines for an area with the land around them: the imported ones before the shipped ones, those of the day's year
    where there are some."""
    found = find_layer(area, level, folders=(folder(), *SHIPPED), on=on, cache=_prepared())
    return None if found is None else national.around(found, _prepared())


def changed(area: str, drawn: Boundaries) -> tuple[Change, ...]:
    """What the outlines of an area in other files at hand have otherwise: split off, merged, given another code.

    Only sets of another year and of a like number of areas are compared; what holds from an earlier year is the older one.
    """
    found: dict[tuple[str, str], Change] = {}
    for other in sorted((one.layer for one in kept()), key=lambda layer: layer.valid_from):
        outer, inner = AreaCode(area), AreaCode(other.area)
        if other.level is not drawn.level or other.digest == drawn.digest or not (outer.contains(inner) or inner.contains(outer)):
            continue
        inside = other.within(area)
        if other.valid_from == drawn.valid_from or 2 * len(inside.shapes) < len(drawn.shapes):
            continue
        old, new = sorted((inside, drawn), key=lambda layer: layer.valid_from)
        for change in between(old, new):
            found.setdefault((change.kind, change.code), change)
    return tuple(found[key] for key in sorted(found, key=lambda key: key[::-1]))


def for_screen(layer: Boundaries) -> Boundaries:
    """A large layer at the detail of a screen; made once for its content."""
    if layer.source == national.SOURCE and (coarser := national.layer(layer.area, layer.level, PIXELS, _prepared())) is not None:
        return replace(coarser, behind=layer.behind)
    from ektp_analysis.boundaries.importing import at_detail

    return at_detail(layer, PIXELS, cache=prepared())


def outlines_file(layer: Boundaries) -> str:
    """The name of the file, in :func:`prepared`, with the outlines of a large layer for a screen; made once for its content."""
    from ektp_analysis.maps import canvas

    name = canvas.file_name(layer)
    return name if (prepared() / name).exists() else canvas.store(for_screen(layer), prepared())


def kept() -> list[Kept]:
    """All boundary files in use, the imported ones first."""
    return [
        Kept(path.name, own, read_layer(path))
        for own, places in ((True, (folder(),)), (False, SHIPPED))
        for path in available(places)
    ]


def remove(name: str) -> bool:
    """Delete an imported file by its name; False where there is no such one."""
    return remove_layer(name, folder())


def read(data: bytes, name: str, choices: Choices | None = None) -> Report:
    """What a file holds, found by a process of its own that may take 4 GB of memory and five minutes.

    Raises:
        RefusedError: what is wrong with the file, or that it is too much for this machine.
    """
    return cast(Report, _asked("read", data, name, choices))


def opened(data: bytes, name: str, choices: Choices | None = None) -> Opened:
    """What stands in a file, before its outlines are simplified and measured. Found and raises as :func:`read`."""
    return cast("Opened", _asked("opened", data, name, choices))


def _asked(what: str, data: bytes, name: str, choices: Choices | None) -> object:
    reader = Aside(__name__)  # one for each file: of what a file of 200 MB took, much is never given back
    try:
        return reader.ask((what, data, name, choices or Choices()), SECONDS)
    except Broken as error:
        if error.why is Why.TIME:
            raise _too_much(name, T("reading it takes longer than {n} minutes.", n=int(SECONDS // 60))) from None
        raise _too_much(name, T("reading it takes more memory than is allowed ({n} GB).", n=MEMORY >> 30)) from None
    finally:
        reader.stop()


def save(report: Report) -> Path:
    """Keep the boundaries of a report; a large layer is prepared for the screen at once, so that no visitor waits for it.

    Raises:
        StoreError: the data folder cannot be written.
    """
    from ektp_analysis.boundaries import importing  # a slow import that most calls do not need

    try:
        path = importing.save(report, folder())
        if len((layer := read_layer(path)).shapes) > MANY:
            outlines_file(layer)
        return path
    except OSError as error:
        raise StoreError(
            T("{file} cannot be written: {reason}.", file=str(folder()), reason=error.strerror or type(error).__name__)
        ) from error


def serve() -> None:
    """The other side of :func:`read`."""
    limit_memory(MEMORY, beyond=False)
    answering(_read)


def _read(request: tuple[str, bytes, str, Choices], _tell: Tell) -> Report | Opened:
    from ektp_analysis.boundaries import importing

    what, data, name, choices = request
    try:
        return importing.opened(data, name, choices) if what == "opened" else importing.read(data, name, choices)
    except MemoryError:
        raise SystemExit(1) from None


def _too_much(name: str, why: Text) -> RefusedError:
    fault = Fault(why, T("Simplify the boundaries, or cut out the areas that are needed."), file=name)
    return RefusedError(fault.text(), (fault,))


def summary(report: Report) -> list[Text]:
    """Matched, where the codes stand, repaired, overlaps and gaps, detail before and after, and each warning."""
    said = [
        T(
            "{file}: {n} areas of {area} at the level {level}, matched by the codes in the column {column}",
            file=report.file,
            n=len(report.matched),
            area=register().name(report.area),
            level=report.level.label,
            column=report.code_column,
        )
    ]
    if report.system == "bps":
        said.append(T("The codes are those of BPS; they were translated by the table of pairs"))
    if report.named:
        said.append(
            TN(
                "{n} area without a pair was joined by its name, the only such one inside its kabupaten or kecamatan",
                "{n} areas without a pair were joined by their names, the only such ones inside their kabupaten or kecamatan",
                n=len(report.named),
            )
        )
    if report.repaired:
        said.append(TN("{n} invalid ring was repaired", "{n} invalid rings were repaired", n=report.repaired))
    if report.gathered:
        said.append(T("Parts of one area were merged: {codes}", codes=", ".join(report.gathered[:12])))
    if report.overlaps:
        said.append(
            T(
                "overlaps: {n}, together {km2} km²; not repaired",
                n=len(report.overlaps),
                km2=_km2(sum(km2 for _a, _b, km2 in report.overlaps)),
            )
        )
    if report.gaps:
        said.append(
            T("gaps between neighbours: {n}, together {km2} km²; not repaired", n=len(report.gaps), km2=_km2(sum(report.gaps)))
        )
    said.append(
        T(
            "Simplified from {before} to {after} vertices, {kb_before} to {kb_after} kB",
            before=report.vertices_before,
            after=report.vertices_after,
            kb_before=report.size // 1000,
            kb_after=report.size_after // 1000,
        )
    )
    if report.others:
        said.append(T("Drawn without figures: {names}", names=", ".join(report.others[:12])))
    return [*said, *report.warnings]


def lists(report: Report, reported: Collection[str] = ()) -> tuple[tuple[Text, tuple[Named, ...]], ...]:
    """What does not fit, by name; what concerns areas that have figures, the ``reported``, comes first."""

    def first(found: tuple[Named, ...], *, suggested: bool = False) -> tuple[Named, ...]:
        return tuple(sorted(found, key=lambda one: (one.register if suggested else one.code) not in reported))

    return (
        (T("Suggested by name, not taken"), first(report.suggestions, suggested=True)),
        (T("Areas without an outline"), first(report.unmatched_areas)),
        (T("Outlines that are not in the register"), report.unmatched_polygons),
        (T("Code and name disagree"), first(report.disagreements)),
    )


def line(one: Kept) -> Text:
    """One file in use."""
    layer = one.layer
    text = T(
        "{file}: {n} areas of {area} ({level}); {source}",
        file=one.name,
        n=len(layer.shapes),
        area=register().name(layer.area),
        level=layer.level.label,
        source=layer.source or layer.credit or "-",
    )
    if layer.valid_from:
        text = T("{text}; valid from {year}", text=text, year=layer.valid_from)
    return text if one.own else T("{text}; comes with the app", text=text)


def change(one: Change) -> Text:
    """What became of one area between two sets of outlines."""
    if one.kind == "recoded":
        return T(
            "{area} has the code {new} in the outlines of {later} and {old} in those of {earlier}: figures are joined by "
            "code alone",
            area=one.name,
            new=one.code,
            old=one.other,
            later=_from(one.new),
            earlier=_from(one.old),
        )
    if one.kind == "split":
        return T(
            "{area} was split off from {other} between the outlines of {earlier} and {later}",
            area=one.name,
            other=one.other_name,
            earlier=_from(one.old),
            later=_from(one.new),
        )
    return T(
        "{area} was merged into {other} between the outlines of {earlier} and {later}",
        area=one.name,
        other=one.other_name,
        earlier=_from(one.old),
        later=_from(one.new),
    )


def _from(valid_from: str) -> Text | str:
    return valid_from[:4] if valid_from else T("an unknown year")


def _km2(area: float) -> str:
    return f"{area:.2f}" if area >= 0.005 else "0"
