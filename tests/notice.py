"""NOTICE: what the product stands on, with licences and credits: `make notice`, from what is installed and data/README.md.

Ends with a sentence where a package at run time is under the GPL or the AGPL: whoever hands the program on would have to hand
everything on under it. The LGPL is none of them: such a package is used as it is and can be exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from tests.pins import PINS, ROOT

NOTICE = ROOT / "NOTICE"
DATA = ROOT / "data" / "README.md"
# What the metadata of a package leave out, or of a package that only another system needs: licence and credit.
KNOWN = {
    "click": ("BSD-3-Clause", "Copyright 2014 Pallets"),
    "colorama": ("BSD-3-Clause", "Jonathan Hartley"),
    "kiwisolver": ("BSD-3-Clause", "Copyright (c) 2013-2026, Nucleic Development Team"),
    "matplotlib": ("Matplotlib licence, as the PSF's", "John D. Hunter, Michael Droettboom"),
    "pyarrow": ("Apache-2.0", "The Apache Software Foundation"),
    "streamlit-folium": ("MIT", "Randy Zwitch"),
    "typing-extensions": ("PSF-2.0", "Guido van Rossum, Jukka Lehtosalo, Łukasz Langa, Michael Lee"),
    "typst": ("Apache-2.0", "the authors of typst and typst-py"),
    "tzdata": ("Apache-2.0", "Python Software Foundation; the data are in the public domain"),
    "xstatic-leaflet": ("BSD-2-Clause, as Leaflet", "Copyright (c) 2010-2025, Volodymyr Agafonkin; (c) 2010-2011, CloudMade"),
}
LONGEST = 100  # characters of a licence or a credit; what is longer is a text, not a name
HEAD = 1500  # characters of a licence: further down stand those of what it contains
_TEXT = re.compile(r"licen[cs]e|copying", re.I)
_STRONG = re.compile(r"(?<![a-z])a?gpl|gnu (affero )?general public licen[cs]e", re.I)
_HEAD = """Recording of electronic identity cards: what it stands on
==========================================================

Made by `make notice`. Nothing of this is part of the program's own folder but the data; the packages are installed beside it,
each with the whole text of its licence and those of the libraries that its files contain.

Packages at run time
--------------------

"""


def pinned() -> dict[str, str]:
    """Name -> version of everything at run time."""
    lines = PINS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("==", 1) for line in lines if "==" in line and not line.startswith("#"))


def found(name: str, path: Iterable[str] | None = None) -> Distribution | None:
    """The installed package; ``path`` are the folders to look in. None where it is not there."""
    if path is not None:
        return next(iter(Distribution.discover(name=name, path=list(path))), None)
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def licence(name: str, package: Distribution | None) -> str:
    """The licence as the package names it. Ends with a sentence where none is named, or where it is the GPL or the AGPL."""
    told = package.metadata if package else None
    classes = told.get_all("Classifier") or [] if told else []
    named = " or ".join(one.rpartition(" :: ")[2] for one in classes if one.startswith("License :: "))
    short = " ".join(((told.get("License") if told else "") or "").partition("\n")[0].split())
    if len(short) > LONGEST or re.match(r"copyright|dual", short, re.I):  # the text itself, or a hint at it
        short = ""
    said = KNOWN[name][0] if name in KNOWN else (told.get("License-Expression") if told else "") or short or named
    if not said:
        raise SystemExit(f"{name} names no licence: look at it, and add a line to KNOWN in tests/notice.py.")
    for text in filter(None, (said, named)):
        if all(_STRONG.search(way) for way in re.split(r"\s+or\s+", text, flags=re.I)):
            raise SystemExit(f"{name} is under {text}: no package at run time may be under the GPL or the AGPL; use another one.")
    return said


def credit(name: str, package: Distribution | None) -> str:
    """Whom the package names: the first line of copyright at the head of its licence, else its authors."""
    if package is None or name in KNOWN:
        return KNOWN[name][1]
    texts = [file for file in package.files or () if ".dist-info" in str(file) and _TEXT.search(file.name)]
    for file in sorted(texts, key=lambda file: (len(file.parts), str(file))):
        head = Path(str(package.locate_file(file))).read_text(encoding="utf-8", errors="replace")[:HEAD]
        for line in re.findall(r"^[\s*]*((?:copyright|\(c\)) .*\d{4}.*)$", head, re.I | re.M):
            if len(line) <= LONGEST and "Free Software Foundation" not in line:  # that is whose text it is, not whose work
                return _plain(line)
    return _plain(package.metadata.get("Author") or package.metadata.get("Author-email") or "its authors")


def _plain(line: str) -> str:
    return " ".join(re.sub(r"\s*<[^>]*>|\s*\(?https?://\S+|[\"\[\]]", "", line).split()).rstrip(".,")


def packages() -> str:
    """A line for each package at run time."""
    lines = []
    for name, version in pinned().items():
        package = found(name)
        if package is None and name not in KNOWN:
            raise SystemExit(f"{name} is not installed here, so its licence cannot be read: run make notice after make run.")
        lines.append(f"- {name} {version}: {licence(name, package)}. {credit(name, package)}.\n")
    return "".join(lines)


def data() -> str:
    """A paragraph for each file that others made or published, as the data log has it."""
    parts = []
    for section in DATA.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, rest = section.partition("\n")
        told = dict(re.findall(r"\*\*([^*]+)\*\*: (.*?)(?=\s*\*\*[^*]+\*\*:|\n- |\Z)", rest, re.S))
        if "Licence" in told:
            lines = [
                f"  {key}: {' '.join(value.rstrip(' -').split())}\n"
                for key, value in told.items()
                if key in ("Source", "Date", "Licence") or key.startswith("Credit line")
            ]
            parts.append(f"- data/{title}\n" + "".join(lines))
    return "\n".join(parts)


def made() -> str:
    """The whole file."""
    head = "Data\n----\n\nWhat else lies in the folder data was made by the program itself; data/README.md has all of it.\n\n"
    return _HEAD + packages() + "\n" + head + data()


if __name__ == "__main__":
    NOTICE.write_text(made(), encoding="utf-8")
