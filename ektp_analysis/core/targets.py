"""Targets: a coverage to reach, or zero unrecorded.

Arithmetic is exact: a share is a Decimal, and what may remain is a whole number of people.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import TARGETS
from ektp_analysis.core.text import Percent, T, Text

_SHARE = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))?\s*%?")
_ZERO_WORDS = frozenset({"zero", "nol", "tuntas", "0"})


@dataclass(frozen=True)
class Target:
    """What is to be reached. ``share`` is the coverage (0 to 1), or None for zero unrecorded.

    ``decimals`` are those of the per cent as it was given ('99.40' has 2), so that it is shown as it was set.
    """

    share: Decimal | None
    label: Text = field(compare=False)
    source: str = field(default="", compare=False)
    decimals: int = field(default=2, compare=False)

    @property
    def is_zero(self) -> bool:
        """Whether nobody may remain."""
        return self.share is None

    @property
    def key(self) -> str:
        """How a link or a command names it: 'zero', or the per cent without idle digits ('99.4')."""
        if self.share is None:
            return "zero"
        return format((self.share * 100).normalize(), "f")

    @property
    def percent(self) -> Percent | None:
        """The share as it is written on screen, None for zero."""
        return None if self.share is None else Percent(float(self.share), max(2, self.decimals))

    def remaining(self, eligible: int) -> int:
        """People who may be unrecorded when the target is reached: floor((1 - share) * eligible), 0 for zero.

        Raises:
            ValueError: eligible is negative.
        """
        if eligible < 0:
            raise ValueError(f"eligible must not be negative: {eligible}")
        if self.share is None:
            return 0
        return int(((1 - self.share) * eligible).to_integral_value(rounding=ROUND_FLOOR))

    @classmethod
    def parse(cls, text: str) -> Target:
        """'zero', or a coverage in per cent: '99.4', '99,40', '99.40 %'.

        Raises:
            UserError: neither, or a per cent that is not above 0 and at most 100. 100 is zero unrecorded.
        """
        clean = text.strip().lower()
        if clean in _ZERO_WORDS:
            return ZERO
        found = _SHARE.fullmatch(clean)
        if found is None:
            raise UserError(T("'{text}' is not a target: write zero, or a coverage in per cent such as 99.4.", text=text[:40]))
        whole, digits = found[1], found[2] or ""
        share = Decimal(f"{whole}.{digits or 0}") / 100
        if not 0 < share <= 1:
            raise UserError(T("'{text}' is not a coverage between 0 and 100 per cent.", text=text[:40]))
        return ZERO if share == 1 else cls.of(share, decimals=len(digits))

    @classmethod
    def of(cls, share: Decimal, *, source: str = "", decimals: int = 2) -> Target:
        """The target of a coverage (0 to 1)."""
        label = T("coverage of {coverage}", coverage=Percent(float(share), max(2, decimals)))
        return cls(share, label, source, decimals)

    @classmethod
    def national(cls) -> Target:
        """The national target as the data file gives it: the first that is a coverage."""
        return next(target for target in load() if not target.is_zero)


ZERO = Target(None, T("zero unrecorded"))


def load(path: Path = TARGETS) -> tuple[Target, ...]:
    """The targets of data/targets.csv, in its order, each with its source."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["target"] == "zero":
                found.append(Target(None, ZERO.label, row["source"]))
            else:
                parsed = Target.parse(row["target"])
                found.append(Target(parsed.share, parsed.label, row["source"], parsed.decimals))
    return tuple(found)
