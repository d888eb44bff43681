"""Which area a row of visits means: by its code, or by names that are suggested and asked about, never joined in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from ektp_analysis.core.area import AreaCode, Level, register
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.text import T, Text
from ektp_analysis.ingest.cells import names
from ektp_analysis.ingest.places import nearness
from ektp_analysis.ingest.report import Question, Reading
from ektp_analysis.ingest.visit_report import YES, VisitChoices

VISITED = (Level.KECAMATAN, Level.DESA)  # the levels that a team goes to
MOST_SUGGESTED = 3
MOST_LISTED = 12  # names that the question about all of them lists
_KINDS: dict[str, Level] = {
    **dict.fromkeys(("kecamatan", "kec", "kec.", "distrik"), Level.KECAMATAN),
    **dict.fromkeys(("desa", "kelurahan", "kel", "kel.", "ds", "ds."), Level.DESA),
}


@dataclass(frozen=True)
class Said:
    """What a row says of its area: a code or a name, and the names of kecamatan and desa beside it; '' where none."""

    text: str
    kecamatan: str = ""
    desa: str = ""

    @property
    def key(self) -> str:
        """How choices name it."""
        return f"{self.text}, {self.kecamatan}" if self.text and self.kecamatan else self.text or self.kecamatan


@dataclass(frozen=True)
class Placed:
    """The area that a row means, or why it means none: a fault with how it is mended, or areas that it may mean. ``sure``: the
    name fits one area alone."""

    code: str = ""
    fault: tuple[Text, Text] | None = None
    suggested: tuple[str, ...] = ()
    sure: bool = False


def place(said: Said, choices: VisitChoices) -> Placed:
    """The area of a row, by what a person decided, by its code, or by a name that is asked about."""
    if said.key in choices.aliases:
        return _known(choices.aliases[said.key], choices.area)
    code = _code(said.text)
    if code:
        return _of_code(code, said, choices)
    found = candidates(said, choices.area)
    sure = len(found) == 1
    if sure and choices.names == YES:
        return Placed(found[0])
    return Placed(suggested=tuple(found) or tuple(_alike(said, choices.area)), sure=sure)


def _of_code(code: str, said: Said, choices: VisitChoices) -> Placed:
    """A code, which the names beside it must not contradict."""
    inside = ".".join(code.split(".")[:3])
    own = code if code.count(".") == 3 else ""
    for beside, area, level in ((said.kecamatan, inside, Level.KECAMATAN), (said.desa, own, Level.DESA)):
        if not (beside and area) or area not in register():
            continue
        if fuzz.ratio(names.loose(beside, level), names.loose(register().name(area), level)) >= nearness.LAST:
            continue
        fault = T("the code {code} means {area}, not {name}.", code=code, area=register().full_name(area), name=beside)
        return Placed(fault=(fault, T("Correct the code or the name.")))
    return _known(code, choices.area)


def _code(text: str) -> str:
    """The code that a cell holds, '' where it holds a name."""
    if not any(letter.isdigit() for letter in text) or any(letter.isalpha() for letter in text):
        return ""
    try:
        return str(AreaCode.parse(text))
    except UserError:
        return text


def _known(code: str, within: str) -> Placed:
    mend = T("Write the code of a desa or kecamatan, such as 75.05.03, or its name.")
    if code not in register():
        return Placed(fault=(T("there is no area {code} in the register.", code=code), mend))
    if AreaCode(code).level not in VISITED:
        return Placed(fault=(T("{area} is no desa or kecamatan.", area=register().full_name(code)), mend))
    if within and not AreaCode(within).contains(AreaCode(code)):
        fault = T("{area} does not lie in {whole}.", area=register().full_name(code), whole=register().full_name(within))
        return Placed(fault=(fault, T("Correct the area, or say in which area the visits were.")))
    return Placed(code)


def candidates(said: Said, within: str) -> list[str]:
    """The kecamatan and desa in an area whose name it is, as written, abbreviated or in old spelling."""
    level, text = _kind(said.text)
    inside = _kecamatan(within)
    if said.kecamatan:
        key = names.loose(said.kecamatan, 3)
        inside = [code for code in inside if names.loose(register().name(code), 3) == key]
        if not text:
            return inside
    found: list[str] = []
    if level in (None, Level.KECAMATAN) and not said.kecamatan:
        found += [code for code in inside if names.loose(register().name(code), 3) == names.loose(text, 3)]
    if level in (None, Level.DESA):
        found += [code for one in inside for code in names.keyed(one)[1].get(names.loose(text, 4), ())]
    return found


def _kind(text: str) -> tuple[Level | None, str]:
    """The level that a name says by the word before it, and the name without it."""
    first, _, rest = " ".join(text.split()).partition(" ")
    level = _KINDS.get(first.casefold())
    return (level, rest) if level is not None and rest else (None, text)


@lru_cache(maxsize=8)
def _kecamatan(within: str) -> list[str]:
    """The kecamatan in an area, or the one around it."""
    if within and AreaCode(within).level >= Level.KECAMATAN:
        return [".".join(within.split(".")[:3])]
    return list(register().codes(Level.KECAMATAN, within or "ID"))


def _alike(said: Said, within: str) -> list[str]:
    """The areas that a name resembles most."""
    _, text = _kind(said.text or said.kecamatan)
    parents = sorted({code.rpartition(".")[0] for code in _kecamatan(within)}) if within.count(".") < 2 else [within]
    return [code for parent in parents[:1] for code in nearness.suggestions(text, parent, MOST_SUGGESTED)] if within else []


def questions(open_: Mapping[str, Placed]) -> list[Question]:
    """What must be asked about names: of those that fit one area alone together, of each other one by itself."""
    sure = {key: one.suggested[0] for key, one in open_.items() if one.sure}
    made = []
    if sure:
        listed = "; ".join(f"{key} = {full(code)}" for key, code in list(sure.items())[:MOST_LISTED])
        text = T("Are these the areas that are meant: {listed}?", listed=listed + (" …" if len(sure) > MOST_LISTED else ""))
        made.append(Question("names", text, (Reading(T("yes, all of them"), {"aliases": sure}),)))
    for key, one in open_.items():
        if not one.sure:
            ways = tuple(Reading(T("{area}", area=full(code)), {"aliases": {key: code}}) for code in one.suggested)
            made.append(Question("alias", T("Which area does '{name}' mean?", name=key), ways, subject=key))
    return made


def full(code: str) -> str:
    """An area with what it lies in: 'Desa Moluo, Kecamatan Kwandang (75.05.03.2006)'."""
    known, parent = register(), AreaCode(code).parent
    return f"{known.full_name(code)}, {known.full_name(parent)} ({code})" if parent is not None else f"{code}"
