"""Answers about areas, kept for all readers: a kabupaten and the areas in it are answered together, and so once for all pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from ektp_analysis.core.area import Level, level_of
from ektp_analysis.core.targets import Target
from ektp_analysis.projection import answers
from ektp_analysis.projection.answers import Ground
from ektp_analysis.projection.result import Inside, Meaning, Projection


@dataclass(frozen=True)
class Basis:
    """What answers rest on: a store with its token, the last day that is looked at, and the day on which they are said; ``near``
    are the figures of the area and around it, up to that day."""

    url: str
    token: str
    on: date | None
    today: date | None
    near: pd.DataFrame

    @property
    def key(self) -> tuple[str, str, date | None, date | None]:
        """Under which its answers are kept."""
        return self.url, self.token, self.on, self.today


Asked = tuple[str, str, Meaning | None]  # the area, the target, the meaning of zero


def projection(basis: Basis, area: str, target: Target, meaning: Meaning | None = None) -> Projection:
    """The answer about an area; read, never changed. ``meaning``: None for that of the figures."""
    found = inside(basis, area, target, meaning) if level_of(area) is Level.KABUPATEN else None
    return _alone(basis.key, (area, target.key, meaning), basis) if found is None else found.whole


def inside(basis: Basis, area: str, target: Target, meaning: Meaning | None = None) -> Inside | None:
    """The areas directly inside one, with joint draws; None where none has a figure."""
    return _inside(basis.key, (area, target.key, meaning), basis)


@st.cache_resource(show_spinner=False, max_entries=64)
def _alone(key: object, asked: Asked, _basis: Basis) -> Projection:
    area, target, meaning = asked
    ground = Ground.of(_basis.near, area, today=_basis.today)
    return answers.answer(ground, area, Target.parse(target), meaning=meaning)


@st.cache_resource(show_spinner=False, max_entries=32)
def _inside(key: object, asked: Asked, _basis: Basis) -> Inside | None:
    area, target, meaning = asked
    ground = Ground.of(_basis.near, area, today=_basis.today)
    return answers.inside(ground, area, Target.parse(target), meaning=meaning)
