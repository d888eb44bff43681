"""A large file of outlines, part by part, on processes of this machine or a Dask cluster: as one process makes it, to the bit.

Reading the file, mending its polygons and finding their codes is done once, by a process of its own; what is simplified and
measured together, a land mass, is a part. It is handed to a worker whole: another machine need not see the file.
"""

from __future__ import annotations

import hashlib

from ektp_analysis import __version__
from ektp_analysis.boundaries.matching import Choices, Report
from ektp_analysis.nation.each import Made, Seen
from ektp_analysis.nation.run import Crew, Run, Told
from ektp_analysis.office import boundary_files

LARGE = 20 << 20  # bytes: smaller files are read and drawn by one process before others have begun


def read(data: bytes, name: str, choices: Choices, crew: Crew | None = None, told: Told | None = None) -> Report:
    """What :func:`ektp_analysis.office.boundary_files.read` says of a file, made by a crew: a process a core where none is given.

    What is made is kept in the folder of prepared outlines until all of it is there, and not made again by the next call.

    Raises:
        RefusedError: what is wrong with the file.
        UserError: a worker has another version of the program or of what it draws with.
        StoreError: a process, the cluster or the folder failed; parts that are made are kept.
    """
    from ektp_analysis.boundaries import importing
    from ektp_analysis.boundaries.landmasses import Drawn  # slow imports that most commands do not need

    found = boundary_files.opened(data, name, choices)
    parts = {f"{number:04}": part for number, part in enumerate(found.parts)}
    folder = boundary_files.prepared() / f"{found.sha256[:16]}.parts"
    run = Run(drawn, None, tuple(parts), folder, sees=seen, of=lambda part: parts[part].packed())
    made = [Drawn.unpacked(one) for _part, one in run.made(crew or Crew.usual(len(parts)), told)]
    report = importing.reported(found, made)
    run.clear()
    return report


def drawn(_part: str, sent: bytes, kept: str) -> Made:
    """A part: outlines as they are kept, and what was measured of them."""
    from ektp_analysis.boundaries import landmasses

    key = hashlib.sha256(f"{seen(None)}\n".encode() + sent).hexdigest()
    return Made(key, None if key == kept else landmasses.drawn(landmasses.Part.unpacked(sent)).packed())


def seen(_asked: None) -> Seen:
    """What this process draws with."""
    from ektp_analysis.boundaries import geometry

    return Seen(__version__, geometry.ENGINES)
