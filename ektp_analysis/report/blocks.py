"""What can stand on a slide, as data, and the one place that asks which of these a block is.

An output is a :class:`Paper`: it says of every kind of block what it makes of it. A kind that is added to :data:`Block` is
refused by the type checker until :func:`compose` and every paper know it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar, assert_never, runtime_checkable

import pandas as pd

from ektp_analysis.boundaries.layer import Boundaries
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import Percent, Text
from ektp_analysis.figures.classes import Classes
from ektp_analysis.figures.timeline import NOTHING, Along
from ektp_analysis.planning.proposal import Plan
from ektp_analysis.projection.result import Projection

Part = TypeVar("Part", covariant=True)


@dataclass(frozen=True)
class Big:
    """One figure, large: ``value`` is a count, a share or a word; ``label`` says what it is; ``lines`` stand below."""

    value: int | Percent | Text
    label: Text
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class Lines:
    """Sentences, one below the other."""

    lines: tuple[Text, ...]


@dataclass(frozen=True)
class Trend:
    """The history of the area as a line chart, with the people whom the target allows (None: not known, or zero)."""

    history: pd.DataFrame = field(compare=False)
    target: Target
    allowed: tuple[int, int] | None
    rows: tuple[tuple[date, int | None, Percent | None], ...]
    along: Along = NOTHING


@dataclass(frozen=True)
class Fan:
    """What was seen and what may come."""

    history: pd.DataFrame = field(compare=False)
    projection: Projection
    along: Along = NOTHING


@dataclass(frozen=True)
class Dots:
    """Twenty equally likely days, and the chances by the days that matter (day, why it matters, frequency, word)."""

    projection: Projection
    by: tuple[date, Text] | None
    chances: tuple[tuple[date, Text, Text, Text], ...]


@dataclass(frozen=True)
class Map:
    """The areas inside by class."""

    boundaries: Boundaries = field(compare=False)
    classes: Classes
    rows: pd.DataFrame = field(compare=False)


@dataclass(frozen=True)
class Ranking:
    """The areas inside with the most unrecorded, and what is left out (None: nothing is)."""

    rows: pd.DataFrame = field(compare=False)
    classes: Classes
    rest: Text | None


@dataclass(frozen=True)
class Changes:
    """The areas inside that changed most since the snapshot before, and sentences beside them."""

    rows: pd.DataFrame = field(compare=False)
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class Teams:
    """The calendar of a plan of visits, sentences beside it (the last ones are left out where they find no room), and the whole
    in one sentence."""

    plan: Plan
    lines: tuple[Text, ...]
    whole: Text


Picture = Trend | Fan | Dots | Map | Teams  # what charts and maps draw
Block = Big | Lines | Picture | Ranking | Changes


@runtime_checkable
class Classed(Protocol):
    """A block whose areas are coloured by class."""

    @property
    def classes(self) -> Classes:
        """The classes of the areas."""


class Brush(Protocol[Part]):
    """What is made of each picture."""

    def trend(self, block: Trend) -> Part:
        """The history."""

    def fan(self, block: Fan) -> Part:
        """What may come."""

    def dots(self, block: Dots) -> Part:
        """Twenty days, and chances by days."""

    def map(self, block: Map) -> Part:
        """The areas inside by class."""

    def teams(self, block: Teams) -> Part:
        """Who is where when."""


class Paper(Brush[Part], Protocol[Part]):
    """What an output makes of each kind of block."""

    def big(self, block: Big) -> Part:
        """One large figure and its lines."""

    def lines(self, block: Lines) -> Part:
        """Sentences."""

    def ranking(self, block: Ranking) -> Part:
        """The areas with the most unrecorded."""

    def changes(self, block: Changes) -> Part:
        """The areas that changed most."""


def compose(block: Block, paper: Paper[Part]) -> Part:
    """What the paper makes of the block."""
    match block:
        case Big():
            return paper.big(block)
        case Lines():
            return paper.lines(block)
        case Ranking():
            return paper.ranking(block)
        case Changes():
            return paper.changes(block)
        case _:
            return draw(block, paper)


def draw(block: Picture, brush: Brush[Part]) -> Part:
    """What the brush makes of the picture."""
    match block:
        case Trend():
            return brush.trend(block)
        case Fan():
            return brush.fan(block)
        case Dots():
            return brush.dots(block)
        case Map():
            return brush.map(block)
        case Teams():
            return brush.teams(block)
        case _:
            assert_never(block)
