"""Answers about areas, kept for all readers: a kabupaten and the areas in it are answered together, and so once for all pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import streamlit as st

from ektp_analysis.core.area import NATION, Level, level_of
from ektp_analysis.core.targets import Target
from ektp_analysis.projection import answers
from ektp_analysis.projection.answers import Ground
from ektp_analysis.projection.joint import FAMILIES
from ektp_analysis.projection.result import Inside, Meaning, Projection


@dataclass(frozen=True)
class Basis:
    """What answers rest on: a store with its token, the last day that is looked at, and the day on which they are said; ``near``
    are the figures of the area and around it, up to that day, and ``named`` is a name for those of the area and of all in it."""

    url: str
    token: str
    on: date | None
    today: date | None
    near: pd.DataFrame
    area: str
    named: str

    @property
    def key(self) -> Key:
        """Under which answers are kept that rest on any of its figures."""
        return self.url, self.token, self.on, self.today

    @property
    def key_inside(self) -> Key:
        """Under which answers are kept that rest on the figures of the area and of those in it alone: what comes in elsewhere
        changes nothing here."""
        return "", self.named, None, self.today

    def lies_inside(self, area: str) -> bool:
        """Whether an area lies in its area, and so do the sisters that an answer about it rests on."""
        return area != self.area and (self.area == NATION or area.startswith(self.area + "."))


Key = tuple[str, str, date | None, date | None]
Asked = tuple[str, str, Meaning | None]  # the area, the target, the meaning of zero


def projection(basis: Basis, area: str, target: Target, meaning: Meaning | None = None) -> Projection:
    """The answer about an area; read, never changed. ``meaning``: None for that of the figures."""
    found = inside(basis, area, target, meaning) if level_of(area) is Level.KABUPATEN else None
    if found is not None:
        return found.whole
    return _alone(basis.key_inside if basis.lies_inside(area) else basis.key, (area, target.key, meaning), basis)


def inside(basis: Basis, area: str, target: Target, meaning: Meaning | None = None) -> Inside | None:
    """The areas directly inside one, with joint draws; None where none has a figure.

    The answer about a kabupaten rests on its sisters only where its kecamatan do not carry it: where they do, it is kept under a
    name for what lies in it.
    """
    asked = (area, target.key, meaning)
    if basis.lies_inside(area):
        return _inside(basis.key_inside, asked, basis)[1]
    if level_of(area) is Level.KABUPATEN:
        made_under, found = _inside(basis.key_inside, asked, basis)
        if found is None or found.whole.inputs.parts or made_under == basis.key:
            return found
    return _inside(basis.key, asked, basis)[1]


def rests_on(basis: Basis, area: str, target: Target) -> Key:
    """Under which what is made of the answer about its area is kept."""
    found = inside(basis, area, target) if level_of(area) is Level.KABUPATEN else None
    return basis.key_inside if found is not None and found.whole.inputs.parts else basis.key


def deep(basis: Basis, area: str, level: Level, target: Target) -> dict[str, Projection]:
    """The answers of the areas of a level inside one, each as it is alone, without the paths that pictures are drawn from."""
    ground, found = _ground(basis.key, area, basis), dict[str, Projection]()
    for parent in sorted({code.rpartition(".")[0] for code in ground.inside(area, level)}):
        found |= _family((ground.digest_around(parent), basis.today), (parent, target.key), ground)
    return found


@st.cache_resource(show_spinner=False, max_entries=8)
def _ground(key: object, area: str, _basis: Basis) -> Ground:
    return Ground(_basis.near, today=_basis.today)


@st.cache_resource(show_spinner=False, max_entries=8)
def _around(key: object, area: str, _basis: Basis) -> Ground:
    return Ground.of(_basis.near, area, today=_basis.today)


# By what it rests on, not by the store's token: what comes in elsewhere changes nothing here. About 12 kB an area inside.
@st.cache_resource(show_spinner=False, max_entries=512)
def _family(key: object, asked: tuple[str, str], _ground: Ground) -> dict[str, Projection]:
    area, target = asked
    return {code: replace(child, paths=None) for code, child in answers.each(_ground, area, Target.parse(target)).items()}


@st.cache_resource(show_spinner=False, max_entries=64)
def _alone(key: object, asked: Asked, _basis: Basis) -> Projection:
    area, target, meaning = asked
    return answers.answer(_around(_basis.key, area, _basis), area, Target.parse(target), meaning=meaning)


# Up to 9 MB for a kabupaten of 20 kecamatan: two questions about each of the families whose looks are kept, in the same memory.
# Beside the answer: the key of all figures around when it was made.
@st.cache_resource(show_spinner=False, max_entries=2 * FAMILIES)
def _inside(key: Key, asked: Asked, _basis: Basis) -> tuple[Key, Inside | None]:
    area, target, meaning = asked
    return _basis.key, answers.inside(_around(_basis.key, area, _basis), area, Target.parse(target), meaning=meaning)
