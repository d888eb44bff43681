"""When is a target reached, and how sure is that: distributions of hitting times of the unrecorded.

``project`` takes the history of one area and gives a :class:`Projection`; everything a screen, a slide or a command
shows about a future date comes from that object.
"""

from ektp_analysis.projection.answer import LEVELS, NOT_REACHED, Inputs, NotReached, Projection, Reason
from ektp_analysis.projection.face import METHOD, project

__all__ = ["LEVELS", "METHOD", "NOT_REACHED", "Inputs", "NotReached", "Projection", "Reason", "project"]
