"""When is a target reached, and how sure is that: distributions of hitting times of the unrecorded.

``project`` takes the history of one area and gives a :class:`Projection`; everything a screen, a slide or a command
shows about a future date comes from that object. ``project_together`` does so for sister areas and their total,
``backtest`` for the past.
"""

from ektp_analysis.projection.backtest import Backtest, Said, Verdict, backtest
from ektp_analysis.projection.carried import carried, with_answers
from ektp_analysis.projection.history import History, Table
from ektp_analysis.projection.joint import Together, meaning_of, project_child, project_together
from ektp_analysis.projection.result import LEVELS, NOT_REACHED, Inputs, Meaning, NotReached, Projection, Reason
from ektp_analysis.projection.single import METHOD, project

__all__ = ["LEVELS", "METHOD", "NOT_REACHED", "Backtest", "History", "Inputs", "Meaning", "NotReached", "Projection", "Reason",
           "Said", "Table", "Together", "Verdict", "backtest", "carried", "meaning_of", "project", "project_child",
           "project_together", "with_answers"]
