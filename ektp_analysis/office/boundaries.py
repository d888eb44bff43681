"""The office's own boundary files: taken in by a process of their own, kept beside the shipped ones, found by area and day."""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ektp_analysis import boundaries
from ektp_analysis.area import AreaCode, Level
from ektp_analysis.boundaries import Boundaries
from ektp_analysis.boundaries.changes import Change, between
from ektp_analysis.boundaries.report import Choices, Report
from ektp_analysis.boundaries.shelf import SHIPPED
from ektp_analysis.errors import Fault, RefusedError, StoreError
from ektp_analysis.settings import settings
from ektp_analysis.text import T, Text

MEMORY, SECONDS = 4 << 30, 300.0
PIXELS = 1400  # the detail that a map of a whole screen can show
MANY = 300  # from so many areas on, a layer is large: it is prepared for the screen, and drawn on a canvas
_CODE = "import sys; sys.path[:0] = {path!r}; from ektp_analysis.office.boundaries import serve; serve()"


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
    place = settings().data_dir / "outlines"
    place.mkdir(parents=True, exist_ok=True)
    return place


def find(area: str, level: Level | None = None, on: date | None = None) -> Boundaries | None:
    """The outlines for an area: the imported ones before the shipped ones, those of the day's year where there are some."""
    return boundaries.find(area, level, folders=(folder(), *SHIPPED), on=on)


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
    from ektp_analysis.boundaries.detail import at_detail

    return at_detail(layer, PIXELS, cache=prepared())


def outlines_file(layer: Boundaries) -> str:
    """The name of the file, in :func:`prepared`, with the outlines of a large layer for a screen; made once for its content."""
    from ektp_analysis.choropleth import canvas

    name = canvas.file_name(layer)
    return name if (prepared() / name).exists() else canvas.store(for_screen(layer), prepared())


def kept() -> list[Kept]:
    """All boundary files in use, the imported ones first."""
    return [Kept(path.name, own, boundaries.read(path)) for own, places in ((True, (folder(),)), (False, SHIPPED))
            for path in boundaries.available(places)]


def remove(name: str) -> bool:
    """Delete an imported file by its name; False where there is no such one."""
    return boundaries.remove(name, folder())


def read(data: bytes, name: str, choices: Choices | None = None) -> Report:
    """What a file holds, found by a process of its own that may take 4 GB of memory and five minutes.

    Raises:
        RefusedError: what is wrong with the file, or that it is too much for this machine.
    """
    request = pickle.dumps((data, name, choices or Choices()))
    try:
        done = subprocess.run([sys.executable, "-c", _CODE.format(path=sys.path)], input=request, capture_output=True,
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise _too_much(name, T("reading it takes longer than {n} minutes.", n=int(SECONDS // 60))) from None
    if done.returncode or not done.stdout:
        raise _too_much(name, T("reading it takes more memory than is allowed ({n} GB).", n=MEMORY >> 30))
    answer: Report | tuple[Text, Sequence[Fault]] = pickle.loads(done.stdout)
    if isinstance(answer, Report):
        return answer
    raise RefusedError(answer[0], tuple(answer[1]))


def save(report: Report) -> Path:
    """Keep the boundaries of a report; a large layer is prepared for the screen at once, so that no visitor waits for it.

    Raises:
        StoreError: the data folder cannot be written.
    """
    from ektp_analysis.boundaries import importing  # a slow import that most calls do not need

    try:
        path = importing.save(report, folder())
        if len((layer := boundaries.read(path)).shapes) > MANY:
            outlines_file(layer)
        return path
    except OSError as error:
        raise StoreError(T("{file} cannot be written: {reason}.", file=str(folder()),
                           reason=error.strerror or type(error).__name__)) from error


def serve() -> None:
    """The other side of :func:`read`: one request from standard input, one answer on standard output."""
    from ektp_analysis.boundaries import importing

    out, sys.stdout = sys.stdout.buffer, sys.stderr
    _limit()
    data, name, choices = pickle.loads(sys.stdin.buffer.read())
    answer: Report | tuple[Text, Sequence[Fault]]
    try:
        answer = importing.read(data, name, choices)
    except RefusedError as error:
        answer = (error.message, error.faults)
    except MemoryError:
        raise SystemExit(1) from None
    packed = pickle.dumps(answer)
    out.write(packed)
    out.flush()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; there only the time is limited
        return
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, hard))


def _too_much(name: str, why: Text) -> RefusedError:
    fault = Fault(why, T("Simplify the boundaries, or cut out the areas that are needed."), file=name)
    return RefusedError(fault.text(), (fault,))
