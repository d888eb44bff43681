"""What the figures say: where an area stands, how it moved, who is silent, what a target requires.

All functions take the frame of ``store.figures()``, or one already rolled up by :func:`rollup` (do that once where
several measures of the same figures are asked for).
"""

from ektp_analysis.measures.assumed import Assumed, Course, assume
from ektp_analysis.measures.estimate import Estimate, eligible_estimate
from ektp_analysis.measures.mapped import PACE_DAYS, mapped
from ektp_analysis.measures.ranking import ranking
from ektp_analysis.measures.reach import HELD, Reach, reach_of
from ektp_analysis.measures.rollup import OWN, SUM, rollup
from ektp_analysis.measures.series import (
    Change,
    Gap,
    Reached,
    Required,
    change,
    comparable,
    history,
    one_series,
    pace,
    reached_on,
    required_pace,
)
from ektp_analysis.measures.standing import Difference, Figure, Silence, Standing, standing

__all__ = [
    "HELD", "OWN", "PACE_DAYS", "SUM", "Assumed", "Change", "Course", "Difference", "Estimate", "Figure", "Gap", "Reach",
    "Reached", "Required", "Silence", "Standing", "assume", "change", "comparable", "eligible_estimate", "history", "mapped",
    "one_series", "pace", "ranking", "reach_of", "reached_on", "required_pace", "rollup", "standing",
]
